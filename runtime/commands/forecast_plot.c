#include "forecast_plot.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv_file.h"
#include "ensemble.h"
#include "plot.h"
#include "prediction.h"
#include "table.h"
#include "table_axis.h"

enum { MOST_TARGETS = 4, MOST_PANELS = 24 };

typedef struct Drawn {
    size_t rows;
    double *x, *given, *predicted, *beyond, *low, *high; /* [rows] by row; NaN where there is none */
    tl_plot_curve curve[4];
    int band;
    char title[300], interval[40], table[80];
} Drawn;

typedef struct Picture {
    const tl_forecast *f;
    tl_csv csv;
    tl_table_axis axis;
    Drawn drawn[MOST_PANELS];
    tl_plot_panel panel[MOST_PANELS];
    size_t panels;
} Picture;

static size_t panels_of(const tl_forecast *f)
{
    return f->lines * (f->lines == 1 && f->targets > MOST_TARGETS ? MOST_TARGETS : f->targets);
}

size_t tl_forecast_left_out(const tl_forecast *f)
{
    size_t n = panels_of(f);
    return n > MOST_PANELS ? n - MOST_PANELS : 0;
}

/* In time, where the line's table has times. */
static double axis_at(const Picture *p, const tl_forecast_line *line, size_t row)
{
    return line->origin->time ? tl_origin_time(line->origin, row + 1) : tl_table_axis_at(&p->axis, (double)row);
}

/* ---- one panel ---- */

static int allocate(Drawn *d, const Picture *p, const tl_forecast_line *line, tl_error *e)
{
    const int64_t ahead = p->f->coding->ahead;
    size_t rows = line->count + (ahead > 0 ? (size_t)ahead : 0);
    d->rows = rows > line->origin->all ? rows : line->origin->all;
    d->x = calloc(d->rows, sizeof *d->x);
    d->given = calloc(d->rows, sizeof *d->given);
    d->predicted = calloc(d->rows, sizeof *d->predicted);
    d->beyond = calloc(d->rows, sizeof *d->beyond);
    d->low = calloc(d->rows, sizeof *d->low);
    d->high = calloc(d->rows, sizeof *d->high);
    if (!d->x || !d->given || !d->predicted || !d->beyond || !d->low || !d->high)
        return tl_fail(e, "no memory for a picture of %zu rows", d->rows);
    for (size_t i = 0; i < d->rows; i++) {
        d->x[i] = axis_at(p, line, i);
        d->given[i] = d->predicted[i] = d->beyond[i] = d->low[i] = d->high[i] = NAN;
    }
    return 0;
}

/* The forecast begins at the last row that is given, to be joined to it. */
static void fill(Drawn *d, const Picture *p, const tl_forecast_line *line, size_t k)
{
    const size_t n = p->f->targets, last = line->origin->known - 1;
    for (size_t i = 0; i < line->origin->all; i++)
        d->given[i] = line->origin->actual[i * n + k];
    for (size_t i = 0; i < line->count; i++) {
        const int64_t at = (int64_t)i + p->f->coding->ahead;
        const size_t row = (size_t)at;
        const double *value = line->value + (i * n + k) * TL_FORECAST_NUMBERS;
        if (at < 0)
            continue;
        (row <= last ? d->predicted : d->beyond)[row] = value[0];
        d->low[row] = value[1];
        d->high[row] = value[2];
        d->band |= isfinite(value[1]) && isfinite(value[2]);
    }
    d->beyond[last] = d->given[last];
}

static const char *known_title(const tl_coding *c)
{
    return c->ahead <= 0 ? "predicted" : c->ahead == 1 ? "one step ahead" : "predicted ahead";
}

static const char *interval_title(const Picture *p, size_t k, Drawn *d)
{
    const tl_model *m = p->f->model;
    const int32_t output = tl_predictor_of(m, p->f->coding->column[tl_table_target(p->f->coding, k)].field);
    if (p->f->members < 2 || (output >= 0 && tl_quantiles(&m->outputs[output])))
        return "quantiles";
    snprintf(d->interval, sizeof d->interval, "%g sd of %zu members", TL_SPREAD, p->f->members);
    return d->interval;
}

static const char *title_of(const Picture *p, const tl_forecast_line *line, size_t k, Drawn *d)
{
    const char *label = line->origin->label ? line->origin->label : line->origin->path;
    if (p->f->lines > 1)
        snprintf(d->title, sizeof d->title, "%.250s", label);
    else
        snprintf(d->title, sizeof d->title, "%.250s", k ? "" : p->f->model->name);
    return d->title;
}

/* Rows that are known and left out, so that what follows them can be seen. */
static size_t left_out(const Picture *p, const tl_forecast_line *line)
{
    return p->f->last && line->origin->known > p->f->last ? line->origin->known - p->f->last : 0;
}

/* Small panels, of sequences of any length, share it. */
static const char *table_title(const Picture *p, const tl_forecast_line *line, Drawn *d)
{
    int any = 0;
    for (size_t i = 0; i < p->f->lines; i++)
        any |= left_out(p, &p->f->line[i]) > 0;
    if (!any)
        return "table";
    if (p->f->lines > 1)
        snprintf(d->table, sizeof d->table, "table, no more than its last %zu rows", p->f->last);
    else
        snprintf(d->table, sizeof d->table, "table, the last %zu of %zu rows", p->f->last, line->origin->known);
    return d->table;
}

/* From the first row that no update has seen the target of to the last that is given. */
static void shade(const Picture *p, const tl_forecast_line *line, tl_plot_panel *panel)
{
    const tl_held_out *h = &p->f->held_out;
    size_t number = (size_t)(line - p->f->line), last = line->origin->known - 1, from = 0;
    if (!h->known || (h->sequences && number < h->sequences))
        return;
    if (!h->sequences)
        from = h->rows + (p->f->coding->ahead > 0 ? (size_t)(p->f->coding->ahead + p->f->coding->beyond) : 0);
    const size_t begin = left_out(p, line);
    from = from > begin ? from : begin;
    if (from >= last)
        return;
    panel->shade[0] = axis_at(p, line, from);
    panel->shade[1] = axis_at(p, line, last);
    panel->shade_title = "held out";
}

static int add_panel(Picture *p, const tl_forecast_line *line, size_t k, tl_error *e)
{
    Drawn *d = &p->drawn[p->panels];
    if (allocate(d, p, line, e))
        return -1;
    fill(d, p, line, k);
    const int timed = line->origin->time != NULL;
    const size_t from = left_out(p, line), n = d->rows - from;
    const double *x = d->x + from;
    tl_plot_curve *c = d->curve;
    if (d->band)
        *c++ = (tl_plot_curve){ interval_title(p, k, d), "#1f5fa8", TL_PLOT_BAND, x, d->low + from, .n = n, .upper = d->high + from };
    *c++ = (tl_plot_curve){ table_title(p, line, d), "#a0a0a0", TL_PLOT_LINE, x, d->given + from, .n = n };
    *c++ = (tl_plot_curve){ known_title(p->f->coding), "#1f5fa8", TL_PLOT_THIN, x, d->predicted + from, .n = n };
    *c++ = (tl_plot_curve){ "forecast", "#d1495b", TL_PLOT_LINE, x, d->beyond + from, .n = n };
    p->panel[p->panels] = (tl_plot_panel){ title_of(p, line, k, d), timed ? p->f->time : p->axis.name, p->f->coding->column[tl_table_target(p->f->coding, k)].name,
                                           d->curve, .ncurves = (size_t)(c - d->curve) - (d->rows <= line->origin->known), .time_x = timed,
                                           .gap = timed ? tl_table_axis_gap(line->origin->step) : 0 };
    shade(p, line, &p->panel[p->panels++]);
    return 0;
}

/* ---- the picture ---- */

static int choose_axis(Picture *p, tl_error *e)
{
    tl_csv_options whole = tl_csv_options_with(p->f->csv, p->f->coding);
    whole.sequence = NULL;
    p->axis = (tl_table_axis){ .name = "row", .start = 1, .step = 1 };
    if (p->f->lines > 1 || p->f->line->origin->time)
        return 0;
    if (tl_csv_read(&p->csv, p->f->data, &whole, e))
        return -1;
    p->axis = tl_table_axis_of(&p->csv, p->f->coding);
    return 0;
}

static int add_panels(Picture *p, tl_error *e)
{
    size_t n = panels_of(p->f), each = n / p->f->lines;
    for (size_t i = 0; i < n && i < MOST_PANELS; i++)
        if (add_panel(p, &p->f->line[i / each], i % each, e))
            return -1;
    return 0;
}

int tl_forecast_draw(const char *path, const tl_forecast *f, tl_error *e)
{
    Picture *p = calloc(1, sizeof *p);
    if (!p)
        return tl_fail(e, "no memory for a picture");
    p->f = f;
    int bad = choose_axis(p, e) || add_panels(p, e) ||
              tl_plot_write_columns(path, p->panel, p->panels, f->lines == 1 ? 1 : p->panels <= 4 ? 2 : 3, e);
    for (size_t i = 0; i < MOST_PANELS; i++) {
        free(p->drawn[i].x);
        free(p->drawn[i].given);
        free(p->drawn[i].predicted);
        free(p->drawn[i].beyond);
        free(p->drawn[i].low);
        free(p->drawn[i].high);
    }
    tl_csv_free(&p->csv);
    free(p);
    return bad ? -1 : 0;
}
