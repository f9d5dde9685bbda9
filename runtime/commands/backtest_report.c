/* What is said of a backtest. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "backtest.h"
#include "csv_file.h"
#include "file.h"
#include "grid.h"
#include "memory_stream.h"
#include "plot.h"
#include "report.h"
#include "table.h"
#include "table_axis.h"

enum { MOST_ROWS = 48, MOST_TARGETS = 4 };

void tl_backtest_describe(const tl_backtest *b, const tl_backtest_task *k, char *text, size_t size)
{
    char every[64] = "", first[64] = "", members[64] = "";
    if (k->every > 1)
        snprintf(every, sizeof every, ", every %lld rows", (long long)k->every);
    if (!k->first)
        snprintf(first, sizeof first, ", the first from row %zu", b->first_origin);
    if (k->of->n > 1)
        snprintf(members, sizeof members, ", each the mean of %zu members", k->of->n);
    snprintf(text, size, "%zu forecast%s of %lld row%s%s%s%s", b->origins, b->origins == 1 ? "" : "s", (long long)k->horizon,
             k->horizon == 1 ? "" : "s", every, first, members);
}

/* ---- for people ---- */

static void add_row(tl_grid *g, const tl_measure *model, const tl_measure *persistence, const tl_measure *season)
{
    tl_grid_number(g, (double)model->steps);
    tl_grid_number(g, tl_measure_rms(model));
    tl_grid_number(g, tl_measure_mae(model));
    tl_grid_number(g, tl_measure_r2(model));
    tl_grid_number(g, tl_measure_rms(persistence));
    tl_grid_number(g, tl_measure_mae(model) / tl_measure_mae(persistence));
    if (!season)
        return;
    tl_grid_number(g, tl_measure_rms(season));
    tl_grid_number(g, tl_measure_mae(model) / tl_measure_mae(season));
}

static void print_target(const tl_backtest *b, const tl_backtest_task *k, size_t i)
{
    const char *const head[] = { "forecasts", "RMS", "mean absolute", "R2", "persistence's RMS", "the model over it", "the season's RMS",
                                 "the model over it" };
    const size_t h = (size_t)k->horizon, at = i * h, columns = k->season ? 8 : 6, stride = (h + MOST_ROWS - 1) / MOST_ROWS;
    tl_grid g = { .columns = columns + 1 };
    tl_grid_add(&g, "%s, rows ahead", b->target[i].name);
    for (size_t c = 0; c < columns; c++)
        tl_grid_add(&g, "%s", head[c]);
    for (size_t n = stride - 1; n < h; n += stride) {
        tl_grid_add(&g, "%zu", n + 1);
        add_row(&g, &b->model[at + n], &b->persistence[at + n], k->season ? &b->season[at + n] : NULL);
    }
    tl_measure model = tl_measure_sum(b->model + at, h), persistence = tl_measure_sum(b->persistence + at, h),
               season = tl_measure_sum(b->season + at, h);
    tl_grid_add(&g, "all");
    add_row(&g, &model, &persistence, k->season ? &season : NULL);
    putchar('\n');
    tl_grid_print(&g);
    if (stride > 1)
        printf("  each %zu rows; --json, --scores and --plot have them all\n", stride);
}

void tl_backtest_print(const tl_backtest *b, const tl_backtest_task *k)
{
    for (size_t i = 0; i < b->ntargets; i++)
        print_target(b, k, i);
}

/* ---- for programs ---- */

static void measure_json(json_t *j, const char *before, const tl_measure *m)
{
    char key[64];
    snprintf(key, sizeof key, "%sroot_mean_square_error", before);
    tl_report_number(j, key, tl_measure_rms(m));
    snprintf(key, sizeof key, "%smean_absolute_error", before);
    tl_report_number(j, key, tl_measure_mae(m));
}

static json_t *target_json(const tl_backtest *b, const tl_backtest_task *k, size_t i)
{
    json_t *list = json_array();
    for (size_t n = 0, at = i * (size_t)k->horizon; n < (size_t)k->horizon; n++, at++) {
        json_t *j = json_pack("{s:I}", "ahead", (json_int_t)(n + 1));
        tl_report_count(j, "forecasts", b->model[at].steps);
        measure_json(j, "", &b->model[at]);
        tl_report_number(j, "r2", tl_measure_r2(&b->model[at]));
        measure_json(j, "persistence_", &b->persistence[at]);
        if (k->season)
            measure_json(j, "season_", &b->season[at]);
        json_array_append_new(list, j);
    }
    return json_pack("{s:s, s:o}", "name", b->target[i].name, "by_ahead", list);
}

void tl_backtest_json(json_t *j, const tl_backtest *b, const tl_backtest_task *k)
{
    json_t *all = json_object(), *list = json_array();
    tl_report_count(all, "horizon", (uint64_t)k->horizon);
    tl_report_count(all, "every", (uint64_t)k->every);
    tl_report_count(all, "forecasts", b->origins);
    if (k->of->n > 1)
        tl_report_count(all, "members", k->of->n);
    if (!k->first)
        tl_report_count(all, "first_row", b->first_origin);
    for (size_t i = 0; i < b->ntargets; i++)
        json_array_append_new(list, target_json(b, k, i));
    json_object_set_new(all, "targets", list);
    json_object_set_new(j, "backtest", all);
}

static void put(FILE *f, double x)
{
    fputc(',', f);
    if (isfinite(x))
        fprintf(f, "%.9g", x);
}

static void write_rows(FILE *f, const tl_backtest *b, const tl_backtest_task *k)
{
    fprintf(f, "target,ahead,forecasts,rms,mae,r2,persistence_rms,persistence_mae%s\n", k->season ? ",season_rms,season_mae" : "");
    for (size_t i = 0, at = 0; i < b->ntargets; i++)
        for (int64_t n = 1; n <= k->horizon; n++, at++) {
            tl_csv_write(f, b->target[i].name);
            fprintf(f, ",%lld,%zu", (long long)n, b->model[at].steps);
            put(f, tl_measure_rms(&b->model[at]));
            put(f, tl_measure_mae(&b->model[at]));
            put(f, tl_measure_r2(&b->model[at]));
            put(f, tl_measure_rms(&b->persistence[at]));
            put(f, tl_measure_mae(&b->persistence[at]));
            if (k->season) {
                put(f, tl_measure_rms(&b->season[at]));
                put(f, tl_measure_mae(&b->season[at]));
            }
            fputc('\n', f);
        }
}

int tl_backtest_write(const tl_backtest *b, const tl_backtest_task *k, const char *path, tl_error *e)
{
    char *text = NULL;
    size_t size = 0;
    FILE *f = tl_memory_open(&text, &size);
    if (!f)
        return tl_fail(e, "%s: out of memory", path);
    write_rows(f, b, k);
    int bad = tl_memory_close(f) ? tl_fail(e, "%s: out of memory", path) : 0;
    tl_chunk chunk = { text, size };
    bad = bad || tl_file_replace(path, &chunk, 1, e);
    free(text);
    return bad ? -1 : 0;
}

/* ---- the picture ---- */

typedef struct Drawn {
    double *ahead, *rms, *row; /* [horizon], [3][horizon], [rows] */
    double *at, *fan;          /* [2 * rows] forecasts, one behind the other, with a gap between them */
    size_t nfan;
    tl_plot_curve error[3], data[2];
} Drawn;

typedef struct Picture {
    const tl_backtest *b;
    const tl_backtest_task *k;
    tl_csv csv;
    tl_table_axis axis;
    Drawn drawn[MOST_TARGETS];
    tl_plot_panel panel[2 * MOST_TARGETS];
    size_t panels;
} Picture;

static int choose_axis(Picture *p, tl_error *e)
{
    tl_csv_options whole = tl_csv_options_with(p->k->csv, p->k->coding);
    whole.sequence = NULL; /* there is only one */
    p->axis = (tl_table_axis){ .name = "row", .start = 1, .step = 1 };
    if (!p->k->table || !p->b->rows)
        return 0;
    if (tl_csv_read(&p->csv, p->k->table, &whole, e))
        return -1;
    p->axis = tl_table_axis_of(&p->csv, p->k->coding);
    return 0;
}

static int allocate(Drawn *d, size_t h, size_t rows, tl_error *e)
{
    d->ahead = calloc(h, sizeof *d->ahead);
    d->rms = calloc(3 * h, sizeof *d->rms);
    d->row = calloc(rows + 1, sizeof *d->row);
    d->at = calloc(2 * rows + 1, sizeof *d->at);
    d->fan = calloc(2 * rows + 1, sizeof *d->fan);
    return d->ahead && d->rms && d->row && d->at && d->fan ? 0 : tl_fail(e, "no memory for a picture of %zu steps", h);
}

/* Forecasts of one row are a line as long as they follow each other. */
static void fill_fan(Drawn *d, const tl_backtest *b, const double *fan, int apart)
{
    for (size_t t = 0; t < b->rows; t++) {
        if (t && apart && b->begins[t]) {
            d->at[d->nfan] = d->row[t];
            d->fan[d->nfan++] = NAN;
        }
        d->at[d->nfan] = d->row[t];
        d->fan[d->nfan++] = fan[t];
    }
}

static int fill(Picture *p, size_t i, tl_error *e)
{
    const tl_backtest *b = p->b;
    const tl_coding *c = p->k->coding;
    const size_t h = (size_t)p->k->horizon;
    const tl_measure *of[] = { b->persistence + i * h, b->season + i * h, b->model + i * h };
    Drawn *d = &p->drawn[i];
    if (allocate(d, h, b->rows, e))
        return -1;
    for (size_t n = 0; n < h; n++) {
        d->ahead[n] = (double)n + 1;
        for (size_t k = 0; k < 3; k++)
            d->rms[k * h + n] = tl_measure_rms(&of[k][n]);
    }
    const size_t column = tl_table_first(c, 1, b->target[i].field) + b->target[i].at;
    const int64_t ahead = c->ahead + (column < c->ncolumns && !c->beyond ? c->column[column].shift : 0);
    for (size_t t = 0; t < b->rows; t++)
        d->row[t] = tl_table_axis_at(&p->axis, (double)t + (double)ahead);
    if (b->rows)
        fill_fan(d, b, b->fan + i * b->rows, h > 1);
    return 0;
}

static void add_panels(Picture *p, size_t i, const char *title)
{
    const tl_backtest *b = p->b;
    const size_t h = (size_t)p->k->horizon;
    Drawn *d = &p->drawn[i];
    tl_plot_curve *c = d->error;
    tl_plot_style style = h > 60 ? TL_PLOT_LINE : TL_PLOT_POINTS;
    size_t n = 0;
    c[n++] = (tl_plot_curve){ "persistence", "#a0a0a0", style, d->ahead, d->rms, .n = h };
    if (p->k->season)
        c[n++] = (tl_plot_curve){ "the season", "#e0a030", style, d->ahead, d->rms + h, .n = h };
    c[n++] = (tl_plot_curve){ "model", "#1f5fa8", style, d->ahead, d->rms + 2 * h, .n = h };
    p->panel[p->panels++] = (tl_plot_panel){ b->ntargets > 1 ? b->target[i].name : title, "rows ahead", "RMS error", c, .ncurves = n };
    if (!b->rows)
        return;
    const size_t from = b->first_origin > 2 * h ? b->first_origin - 2 * h : 0; /* some of what is before, where no forecast is */
    d->data[0] = (tl_plot_curve){ "table", "#a0a0a0", TL_PLOT_LINE, d->row + from, b->truth + i * b->rows + from, .n = b->rows - from };
    d->data[1] = (tl_plot_curve){ p->k->every < p->k->horizon ? "forecasts, some of them" : "forecasts", "#d1495b",
                                  h > 1 ? TL_PLOT_LINE : TL_PLOT_POINTS, d->at + from, d->fan + from, .n = d->nfan - from };
    p->panel[p->panels++] = (tl_plot_panel){ "", p->axis.name, b->target[i].name, d->data, .ncurves = 2, .time_x = p->axis.times != NULL,
                                           .gap = tl_table_axis_gap_of(&p->axis) };
}

int tl_backtest_draw(const tl_backtest *b, const tl_backtest_task *k, const char *title, const char *path, tl_error *e)
{
    const size_t targets = b->ntargets < MOST_TARGETS ? b->ntargets : MOST_TARGETS;
    Picture *p = calloc(1, sizeof *p);
    if (!p)
        return tl_fail(e, "%s: no memory for a picture", path);
    p->b = b;
    p->k = k;
    int bad = choose_axis(p, e);
    for (size_t i = 0; i < targets && !bad; i++)
        if (!(bad = fill(p, i, e)))
            add_panels(p, i, title);
    bad = bad || tl_plot_write(path, p->panel, p->panels, e);
    for (size_t i = 0; i < targets; i++) {
        void *owned[] = { p->drawn[i].ahead, p->drawn[i].rms, p->drawn[i].row, p->drawn[i].at, p->drawn[i].fan };
        for (size_t n = 0; n < sizeof owned / sizeof *owned; n++)
            free(owned[n]);
    }
    tl_csv_free(&p->csv);
    free(p);
    return bad ? -1 : 0;
}
