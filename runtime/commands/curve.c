#include "curve.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "plot.h"

static void halve(tl_curve *c)
{
    for (size_t i = 0; i < TL_CURVE_POINTS / 2; i++) {
        c->x[i] = (c->x[2 * i] + c->x[2 * i + 1]) / 2;
        c->y[i] = (c->y[2 * i] + c->y[2 * i + 1]) / 2;
    }
    c->n = TL_CURVE_POINTS / 2;
    c->each *= 2;
}

void tl_curve_add(tl_curve *c, double x, double y)
{
    if (!c->each)
        c->each = 1;
    c->sum_x += x;
    c->sum_y += y;
    if (++c->pending < c->each)
        return;
    c->x[c->n] = c->sum_x / (double)c->pending;
    c->y[c->n] = c->sum_y / (double)c->pending;
    c->n++;
    c->pending = 0;
    c->sum_x = c->sum_y = 0;
    if (c->n == TL_CURVE_POINTS)
        halve(c);
}

/* The value at `at` of the line through y[0 .. n - 1] (least squares), but nothing beyond the least and
 * the largest of them: a line through a steep beginning would fall below 0. */
static double on_line(const double *y, size_t n, size_t at)
{
    double mean = 0, slope = 0, squares = 0, middle = (double)(n - 1) / 2, least = INFINITY, most = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        double d = (double)i - middle;
        mean += y[i] / (double)n;
        slope += d * y[i];
        squares += d * d;
        least = fmin(least, y[i]);
        most = fmax(most, y[i]);
    }
    if (squares > 0)
        mean += slope / squares * ((double)at - middle);
    return fmin(fmax(mean, least), most);
}

void tl_curve_smooth(const tl_curve *c, double *y) { tl_curve_smooth_over(c, c->n / 40, y); }

void tl_curve_smooth_over(const tl_curve *c, size_t wide, double *y)
{
    wide = 2 * wide < c->n ? wide : c->n ? (c->n - 1) / 2 : 0;
    const size_t width = 2 * wide + 1;
    for (size_t i = 0; i < c->n; i++) {
        size_t from = i < wide ? 0 : i - wide;
        from = from + width > c->n ? c->n - width : from;
        y[i] = on_line(c->y + from, width, i - from);
    }
}

static void scale(tl_curve *c, double factor)
{
    for (size_t i = 0; i < c->n; i++)
        c->y[i] *= factor;
}

int tl_spans_decades(const double *y, size_t n)
{
    double least = INFINITY, most = 0;
    for (size_t i = 0; i < n; i++) {
        least = y[i] < least ? y[i] : least;
        most = y[i] > most ? y[i] : most;
    }
    return least > 0 && most >= 20 * least;
}

int tl_curve_draw(const char *path, const tl_model *m, const tl_curve *train, const tl_curve *valid,
                  const char *unit, tl_error *e)
{
    char label[64] = "loss";
    double smoothed[TL_CURVE_POINTS];
    tl_curve t = *train, v = *valid;
    if (t.n < 2)
        return 0;
    if (strcmp(m->loss, "cross_entropy") == 0) {
        snprintf(label, sizeof label, "bits per %s", unit);
        scale(&t, 1 / log(2));
        scale(&v, 1 / log(2));
    }
    tl_curve_smooth(&t, smoothed);
    const tl_plot_curve curve[] = {
        { "training, each update", "#b9cfe8", TL_PLOT_THIN, t.x, t.y, .n = t.n },
        { "training, smoothed", "#1f5fa8", TL_PLOT_LINE, t.x, smoothed, .n = t.n },
        { "validation", "#d1495b", TL_PLOT_POINTS, v.x, v.y, .n = v.n },
    };
    tl_plot_panel panel = { m->name, "update", label, curve, v.n ? 3 : 2,
                            .log_y = tl_spans_decades(smoothed, t.n) };
    return tl_plot_write(path, &panel, 1, e);
}
