/* Residuals as a picture. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv_file.h"
#include "plot.h"
#include "residuals.h"
#include "table.h"
#include "table_axis.h"

enum { MOST_TARGETS = 4, BINS = 60, NORMAL = 121, PANELS = 3 };

typedef struct Drawn {
    const tl_residual *r;
    double centre[BINS], count[BINS], x[NORMAL], normal[NORMAL];
    double lag[TL_RESIDUAL_LAGS], r_of[TL_RESIDUAL_LAGS], ends[2], above[2], below[2];
    double *e; /* [points] */
    size_t bins;
    tl_plot_curve time[1], histogram[2], correlation[3];
} Drawn;

typedef struct Picture {
    const tl_residuals *of;
    tl_csv csv;
    tl_table_axis axis;
    double *x;    /* [points]: a step each, and between sequences one where nothing is */
    size_t points;
    Drawn drawn[MOST_TARGETS];
    tl_plot_panel panel[PANELS * MOST_TARGETS];
} Picture;

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Bins of a width of 2 (upper - lower quartile) / n^(1/3) (D. Freedman & P. Diaconis, 1981), 5 to BINS of them. */
static size_t choose_bins(const double *sorted, size_t n)
{
    double width = 2 * (sorted[n - 1 - n / 4] - sorted[n / 4]) / cbrt((double)n), range = sorted[n - 1] - sorted[0];
    double bins = width > 0 ? ceil(range / width) : 5;
    return bins < 5 ? 5 : bins > BINS ? BINS : (size_t)bins;
}

static void fill_histogram(Drawn *d, const double *sorted)
{
    const tl_residual *r = d->r;
    const double low = sorted[0], range = sorted[r->n - 1] - low, width = (range > 0 ? range : 1) / (double)d->bins;
    for (size_t i = 0; i < d->bins; i++)
        d->centre[i] = low + width * ((double)i + 0.5);
    for (size_t i = 0; i < r->n; i++) {
        size_t bin = (size_t)((sorted[i] - low) / width);
        d->count[bin < d->bins ? bin : d->bins - 1]++;
    }
    for (size_t i = 0; i < NORMAL; i++) {
        double z = -4 + 8 * (double)i / (NORMAL - 1);
        d->x[i] = r->mean + z * r->sd;
        d->normal[i] = r->sd > 0 ? (double)r->n * width * exp(-z * z / 2) / (r->sd * sqrt(2 * M_PI)) : (double)NAN;
    }
}

static int sort_and_fill(Drawn *d, size_t steps, tl_error *e)
{
    double *sorted = calloc(d->r->n, sizeof *sorted);
    if (!sorted)
        return tl_fail(e, "no memory for a picture of %zu steps", steps);
    for (size_t t = 0, n = 0; t < steps; t++)
        if (!isnan(d->r->e[t]))
            sorted[n++] = d->r->e[t];
    qsort(sorted, d->r->n, sizeof *sorted, ascending);
    d->bins = choose_bins(sorted, d->r->n);
    fill_histogram(d, sorted);
    free(sorted);
    return 0;
}

static void fill_correlation(Drawn *d)
{
    for (size_t k = 1; k <= d->r->lags; k++) {
        d->lag[k - 1] = (double)k;
        d->r_of[k - 1] = d->r->r[k];
    }
    d->ends[0] = 0;
    d->ends[1] = (double)d->r->lags + 1;
    d->above[0] = d->above[1] = d->r->band;
    d->below[0] = d->below[1] = -d->r->band;
}

/* A sequence ends here, and another begins. */
static int parts(const tl_residuals *r, size_t *sequence, size_t t)
{
    while (*sequence < r->sequences && r->begin[*sequence] < t)
        ++*sequence;
    return t > 0 && *sequence < r->sequences && r->begin[*sequence] == t;
}

static int fill_time(Drawn *d, const Picture *p, tl_error *e)
{
    size_t n = 0;
    if (!(d->e = calloc(p->points + 1, sizeof *d->e)))
        return tl_fail(e, "no memory for a picture of %zu steps", p->points);
    for (size_t t = 0, sequence = 0; t < p->of->steps; t++) {
        if (parts(p->of, &sequence, t))
            d->e[n++] = NAN;
        d->e[n++] = d->r->e[t];
    }
    return 0;
}

static int add_target(Picture *p, size_t i, const char *title, tl_error *e)
{
    Drawn *d = &p->drawn[i];
    tl_plot_panel *panel = &p->panel[PANELS * i];
    const char *name = p->of->target[i].target.name;
    d->r = &p->of->target[i];
    if (sort_and_fill(d, p->of->steps, e) || fill_time(d, p, e))
        return -1;
    fill_correlation(d);
    d->time[0] = (tl_plot_curve){ "", "#d1495b", TL_PLOT_THIN, p->x, d->e, .n = p->points };
    d->histogram[0] = (tl_plot_curve){ "steps", "#1f5fa8", TL_PLOT_BARS, d->centre, d->count, .n = d->bins };
    d->histogram[1] = (tl_plot_curve){ "normal distribution", "#e0a030", TL_PLOT_LINE, d->x, d->normal, .n = NORMAL };
    d->correlation[0] = (tl_plot_curve){ "", "#1f5fa8", TL_PLOT_IMPULSES, d->lag, d->r_of, .n = d->r->lags };
    d->correlation[1] = (tl_plot_curve){ "of noise, 19 of 20 are inside", "#808080", TL_PLOT_DASHED, d->ends, d->above, .n = 2 };
    d->correlation[2] = (tl_plot_curve){ "", "#808080", TL_PLOT_DASHED, d->ends, d->below, .n = 2 };
    panel[0] = (tl_plot_panel){ i ? name : title, p->axis.name, "residual", d->time, .ncurves = 1, .time_x = p->axis.times != NULL,
                                           .gap = tl_table_axis_gap_of(&p->axis) };
    panel[1] = (tl_plot_panel){ "", "residual", "steps", d->histogram, .ncurves = 2 };
    panel[2] = (tl_plot_panel){ "", "lag", "autocorrelation", d->correlation, .ncurves = 3 };
    return 0;
}

static int choose_axis(Picture *p, tl_error *e)
{
    const tl_residuals *r = p->of;
    p->axis = (tl_table_axis){ .name = "step", .start = 1, .step = 1 };
    if (!(p->x = calloc(r->steps + r->sequences + 1, sizeof *p->x)))
        return tl_fail(e, "no memory for a picture of %zu steps", r->steps);
    if (r->table) {
        tl_csv_options whole = tl_csv_options_with(r->csv, r->coding);
        whole.sequence = NULL;
        if (tl_csv_read(&p->csv, r->table, &whole, e))
            return -1;
        p->axis = tl_table_axis_of(&p->csv, r->coding);
    }
    for (size_t t = 0, sequence = 0; t < r->steps; t++) {
        const double at = tl_table_axis_at(&p->axis, (double)t + (r->table ? (double)r->coding->ahead : 0));
        if (parts(r, &sequence, t))
            p->x[p->points++] = at;
        p->x[p->points++] = at;
    }
    return 0;
}

int tl_residuals_draw(const char *path, const tl_residuals *r, const char *title, tl_error *e)
{
    size_t n = r->targets < MOST_TARGETS ? r->targets : MOST_TARGETS;
    Picture *p = calloc(1, sizeof *p);
    if (!p)
        return tl_fail(e, "%s: no memory for a picture", path);
    p->of = r;
    int bad = choose_axis(p, e);
    for (size_t i = 0; i < n && !bad; i++)
        bad = add_target(p, i, n > 1 ? r->target[0].target.name : title, e);
    bad = bad || tl_plot_write(path, p->panel, PANELS * n, e);
    for (size_t i = 0; i < n; i++)
        free(p->drawn[i].e);
    tl_csv_free(&p->csv);
    free(p->x);
    free(p);
    return bad ? -1 : 0;
}
