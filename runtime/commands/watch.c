#include "watch.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { LABEL = 10, WIDEST = 150, TALLEST = 14, LOWEST = 4 }; /* columns of numbers at the left; characters of the picture */

enum { TRAIN = 1, VALID = 2 };

typedef struct Canvas {
    int wide, tall;        /* characters */
    double left, right, low, high; /* what the axes reach from and to; y as it is drawn, perhaps its logarithm */
    int logs;
    unsigned char dots[2][TALLEST][WIDEST]; /* of either curve, as braille numbers them */
} Canvas;

/* ---- the terminal ---- */

static int says_utf8(void)
{
    static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
    const char *value = NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names && (!value || !*value); i++)
        value = getenv(names[i]);
    size_t n = value ? strlen(value) : 0;
    return (n >= 5 && !strcasecmp(value + n - 5, "UTF-8")) || (n >= 4 && !strcasecmp(value + n - 4, "UTF8"));
}

void tl_watch_begin(tl_watch *w, const tl_curve *train, const tl_curve *valid)
{
    const char *plain = getenv("NO_COLOR");
    w->train = train;
    w->valid = valid;
    w->utf8 = says_utf8();
    w->colours = !plain || !*plain;
}

void tl_watch_size(FILE *out, int *columns, int *rows)
{
    struct winsize s = { 0 };
    *columns = 80;
    *rows = 24;
    if (ioctl(fileno(out), TIOCGWINSZ, &s) || !s.ws_col || !s.ws_row)
        return;
    *columns = s.ws_col;
    *rows = s.ws_row;
}

/* ---- dots ---- */

static double clamp(double x, double low, double high) { return x < low ? low : x > high ? high : x; }

static double place(double v, double from, double to, int dots)
{
    return to > from ? clamp((v - from) / (to - from), 0, 1) * (dots - 1) : (dots - 1) / 2.0;
}

static void set_dot(Canvas *c, int which, int x, int y)
{
    static const unsigned char bit[2][4] = { { 0x01, 0x02, 0x04, 0x40 }, { 0x08, 0x10, 0x20, 0x80 } };
    c->dots[which - 1][y / 4][x / 2] |= bit[x % 2][y % 4];
}

static int row_of(const Canvas *c, double v)
{
    double y = c->logs ? log(v) : v;
    return 4 * c->tall - 1 - (int)(place(y, c->low, c->high, 4 * c->tall) + 0.5);
}

static int column_of(const Canvas *c, double x) { return (int)(place(x, c->left, c->right, 2 * c->wide) + 0.5); }

/* Each column of dots is joined to the one before. */
static void draw_line(Canvas *c, const double *x, const double *y, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        int from = column_of(c, x[i - 1]), to = column_of(c, x[i]), a = row_of(c, y[i - 1]), b = row_of(c, y[i]);
        for (int k = 0, steps = abs(to - from) > abs(b - a) ? abs(to - from) : abs(b - a); k <= steps; k++) {
            double v = steps ? (double)k / steps : 0;
            set_dot(c, TRAIN, from + (int)lround(v * (to - from)), a + (int)lround(v * (b - a)));
        }
    }
}

/* Four dots, or as many as there is room for. */
static void draw_points(Canvas *c, const tl_curve *curve)
{
    for (size_t i = 0; i < curve->n; i++) {
        if (!isfinite(curve->y[i]) || (c->logs && curve->y[i] <= 0))
            continue;
        int x = column_of(c, curve->x[i]), y = row_of(c, curve->y[i]);
        for (int k = 0; k < 4; k++)
            if (x + k / 2 < 2 * c->wide && y + k % 2 < 4 * c->tall)
                set_dot(c, VALID, x + k / 2, y + k % 2);
    }
}

/* ---- axes ---- */

static void reach(Canvas *c, const double *y, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(y[i]) || (c->logs && y[i] <= 0))
            continue;
        double v = c->logs ? log(y[i]) : y[i];
        c->low = fmin(c->low, v);
        c->high = fmax(c->high, v);
    }
}

static double at_row(const Canvas *c, int row)
{
    double v = c->high - (c->high - c->low) * row / (c->tall - 1);
    return c->logs ? exp(v) : v;
}

/* ---- text ---- */

typedef struct Text {
    char *at;
    size_t left;
} Text;

__attribute__((format(printf, 2, 3))) static void put(Text *t, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    int n = vsnprintf(t->at, t->left, format, ap);
    va_end(ap);
    size_t used = n < 0 ? 0 : (size_t)n < t->left ? (size_t)n : t->left - 1;
    t->at += used;
    t->left -= used;
}

static void colour(Text *t, const tl_watch *w, int *now, int wanted)
{
    static const char *const code[] = { "\033[0m", "\033[34m", "\033[31m" };
    if (w->colours && *now != wanted)
        put(t, "%s", code[wanted]);
    *now = wanted;
}

static void put_cell(Text *t, const tl_watch *w, int train, int valid)
{
    int dots = train | valid;
    if (!dots)
        put(t, " ");
    else if (w->utf8)
        put(t, "\xe2%c%c", 0xa0 | dots >> 6, 0x80 | (dots & 63)); /* U+2800 + dots */
    else
        put(t, valid ? "o" : "*");
}

static void put_row(Text *t, const tl_watch *w, const Canvas *c, int row)
{
    int now = 0;
    if (row % (c->tall / 2) == 0 || row == c->tall - 1)
        put(t, "%*.3g ", LABEL - 1, at_row(c, row));
    else
        put(t, "%*s", LABEL, "");
    for (int x = 0; x < c->wide; x++) {
        int train = c->dots[0][row][x], valid = c->dots[1][row][x];
        colour(t, w, &now, valid ? VALID : train ? TRAIN : now);
        put_cell(t, w, train, valid);
    }
    colour(t, w, &now, 0);
    put(t, "\033[K\n");
}

/* The first and the last update, and between them what is what. */
static void put_foot(Text *t, const tl_watch *w, const Canvas *c)
{
    char first[32], last[32];
    int now = 0, between = w->valid->n ? 25 : 10;
    int n = snprintf(first, sizeof first, "%.0f", ceil(c->left)) + snprintf(last, sizeof last, "%.0f", c->right);
    int space = c->wide - n - between;
    put(t, "%*s%s%*s", LABEL, "", first, space > 1 ? space / 2 : 1, "");
    colour(t, w, &now, TRAIN);
    put(t, "%s training", w->utf8 ? "\xe2\xa0\xa4" : "*");
    if (w->valid->n) {
        colour(t, w, &now, 0);
        put(t, "   ");
        colour(t, w, &now, VALID);
        put(t, "%s validation", w->utf8 ? "\xe2\xa0\x9b" : "o");
    }
    colour(t, w, &now, 0);
    put(t, "%*s%s\033[K\n", space > 1 ? space - space / 2 : 1, "", last);
}

/* ---- all of it ---- */

static void scale(Canvas *c, tl_watch *w)
{
    const tl_curve *train = w->train, *valid = w->valid;
    tl_curve_smooth(train, w->y);
    memcpy(w->x, train->x, train->n * sizeof *w->x);
    c->logs = tl_spans_decades(w->y, train->n);
    c->left = train->x[0];
    c->right = valid->n ? fmax(train->x[train->n - 1], valid->x[valid->n - 1]) : train->x[train->n - 1];
    c->low = INFINITY;
    c->high = -INFINITY;
    reach(c, w->y, train->n);
    reach(c, valid->y, valid->n);
}

int tl_watch_draw(tl_watch *w, int columns, int rows)
{
    Canvas c = { .wide = columns - LABEL - 1 < WIDEST ? columns - LABEL - 1 : WIDEST, .tall = rows - 5 < TALLEST ? rows - 5 : TALLEST };
    Text t = { w->text, sizeof w->text };
    if (!w->train || w->train->n < 2 || c.wide < 36 || c.tall < LOWEST)
        return 0;
    scale(&c, w);
    draw_line(&c, w->x, w->y, w->train->n);
    draw_points(&c, w->valid);
    for (int row = 0; row < c.tall; row++)
        put_row(&t, w, &c, row);
    put_foot(&t, w, &c);
    return c.tall + 1;
}
