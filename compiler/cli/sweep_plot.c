#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <tapeless/number.h>
#include <tapeless/plot.h>
#include "cli/sweep.h"
#include "graph/user_error.h"

enum { MOST_AXES = 8, MOST_LINES = 400 };

/* From good to bad, blue to grey to red: as parts of the way. */
static const char *colour_of(Arena *arena, double place)
{
    static const double stop[3][3] = { { 31, 95, 168 }, { 200, 200, 200 }, { 209, 73, 91 } };
    const double x = 2 * fmin(fmax(place, 0), 1);
    const int i = x < 1 ? 0 : 1;
    int c[3];
    for (int k = 0; k < 3; k++)
        c[k] = (int)(stop[i][k] + (x - i) * (stop[i + 1][k] - stop[i][k]));
    return arena_printf(arena, "#%02x%02x%02x", c[0], c[1], c[2]);
}

/* Those that ended well, the worst first, so that the best are drawn over them. */
static int drawable(const Sweep *s, Trial *const *ranked, const Trial **list)
{
    int n = 0;
    for (int i = s->trials - 1; i >= 0; i--)
        if (isfinite(ranked[i]->score) && n < MOST_LINES)
            list[n++] = ranked[i];
    return n;
}

static int by_score(const void *a, const void *b)
{
    const double x = (*(const Trial *const *)a)->score, y = (*(const Trial *const *)b)->score;
    return (x > y) - (x < y);
}

/* "lr\n1e-4 .. 0.1": an axis and what it goes from and to. */
static const char *axis_name(Arena *arena, const Axis *a)
{
    return a->kind == AXIS_CHOICES ? arena_printf(arena, "%s\n%s .. %s", a->name, a->choice[0], a->choice[a->choices - 1])
                                   : arena_printf(arena, "%s\n%.4g .. %.4g", a->name, a->low, a->high);
}

/* A line a trial, from axis to axis and to the score, the best at its top. */
static void parallel(const Sweep *s, const Trial **list, int n, tl_plot_panel *panel)
{
    Arena *arena = s->arena;
    const int axes = s->space.axes < MOST_AXES ? s->space.axes : MOST_AXES;
    tl_plot_curve *curve = arena_array(arena, tl_plot_curve, n);
    double *x = arena_array(arena, double, axes + 1);
    const char **names = arena_array(arena, const char *, axes + 1);
    const Trial **order = arena_array(arena, const Trial *, n);
    memcpy(order, list, (size_t)n * sizeof *order);
    qsort(order, (size_t)n, sizeof *order, by_score);
    for (int k = 0; k <= axes; k++)
        x[k] = k;
    for (int k = 0; k < axes; k++)
        names[k] = axis_name(arena, &s->space.axis[k]);
    names[axes] = arena_printf(arena, "%s\nby rank", s->by);
    for (int i = 0; i < n; i++) { /* the worst first */
        const int place = n - 1 - i;
        double *y = arena_array(arena, double, axes + 1);
        for (int k = 0; k < axes; k++)
            y[k] = axis_place(&s->space.axis[k], order[place]->value[k]);
        y[axes] = n > 1 ? 1 - (double)place / (n - 1) : 1;
        curve[i] = (tl_plot_curve){ "", colour_of(arena, 1 - y[axes]), place ? TL_PLOT_THIN : TL_PLOT_LINE, x, y, .n = (size_t)axes + 1 };
    }
    *panel = (tl_plot_panel){ .title = arena_printf(arena, "%s: %d trials, %s %.4g at best", s->spec, n, s->by, order[0]->score),
                              .x_label = "", .y_label = "", .curve = curve, .ncurves = (size_t)n, .x_names = names, .nx_names = (size_t)axes + 1,
                              .no_y = 1 };
}

/* Score against the values of one axis: choices by their number. */
static void marginal(const Sweep *s, const Axis *a, const Trial **list, int n, int k, tl_plot_panel *panel)
{
    Arena *arena = s->arena;
    double *x = arena_array(arena, double, n), *y = arena_array(arena, double, n);
    tl_plot_curve *curve = arena_array(arena, tl_plot_curve, 1);
    for (int i = 0; i < n; i++) {
        y[i] = list[i]->score;
        if (a->kind == AXIS_CHOICES)
            x[i] = axis_place(a, list[i]->value[k]) * (a->choices > 1 ? a->choices - 1 : 0);
        else
            tl_parse_number(list[i]->value[k], &x[i]);
    }
    *curve = (tl_plot_curve){ "", "#1f5fa8", TL_PLOT_DOTS, x, y, .n = (size_t)n };
    *panel = (tl_plot_panel){ .title = "", .x_label = a->name, .y_label = s->by, .curve = curve, .ncurves = 1, .log_x = a->kind == AXIS_LOGARITHMIC,
                              .x_names = a->kind == AXIS_CHOICES ? a->choice : NULL, .nx_names = a->kind == AXIS_CHOICES ? (size_t)a->choices : 0 };
}

bool sweep_draw(const Sweep *s, Trial *const *ranked, const char *path, char **error)
{
    tl_error e;
    tl_plot_panel panel[MOST_AXES + 1];
    const Trial **list = arena_array(s->arena, const Trial *, s->trials);
    const int n = drawable(s, ranked, list), axes = s->space.axes < MOST_AXES ? s->space.axes : MOST_AXES;
    if (!axes || !n)
        return true; /* seeds alone are no picture */
    parallel(s, list, n, &panel[0]);
    for (int k = 0; k < axes; k++)
        marginal(s, &s->space.axis[k], list, n, k, &panel[k + 1]);
    if (!tl_plot_write(path, panel, (size_t)axes + 1, &e))
        return true;
    *error = user_sentence("%s", e.text);
    return false;
}
