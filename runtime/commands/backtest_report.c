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
    tl_plot_curve error[3], data[2];
} Drawn;

static int fill(Drawn *d, const tl_backtest *b, const tl_backtest_task *k, size_t i, tl_error *e)
{
    const size_t h = (size_t)k->horizon;
    const tl_measure *of[] = { b->persistence + i * h, b->season + i * h, b->model + i * h };
    d->ahead = calloc(h, sizeof *d->ahead);
    d->rms = calloc(3 * h, sizeof *d->rms);
    d->row = calloc(b->rows + 1, sizeof *d->row);
    if (!d->ahead || !d->rms || !d->row)
        return tl_fail(e, "no memory for a picture of %zu steps", h);
    for (size_t n = 0; n < h; n++) {
        d->ahead[n] = (double)n + 1;
        for (size_t c = 0; c < 3; c++)
            d->rms[c * h + n] = tl_measure_rms(&of[c][n]);
    }
    for (size_t t = 0; t < b->rows; t++)
        d->row[t] = (double)t + 2; /* the target of row t + 1, from 1, stands one below */
    return 0;
}

static size_t add_panels(tl_plot_panel *panel, Drawn *d, const tl_backtest *b, const tl_backtest_task *k, size_t i, const char *title)
{
    const size_t h = (size_t)k->horizon;
    tl_plot_curve *c = d->error;
    tl_plot_style style = h > 60 ? TL_PLOT_LINE : TL_PLOT_POINTS;
    size_t n = 0;
    c[n++] = (tl_plot_curve){ "persistence", "#a0a0a0", style, d->ahead, d->rms, .n = h };
    if (k->season)
        c[n++] = (tl_plot_curve){ "the season", "#e0a030", style, d->ahead, d->rms + h, .n = h };
    c[n++] = (tl_plot_curve){ "model", "#1f5fa8", style, d->ahead, d->rms + 2 * h, .n = h };
    panel[0] = (tl_plot_panel){ i ? "" : title, "rows ahead", "RMS error", c, .ncurves = n };
    panel[0].title = b->ntargets > 1 ? b->target[i].name : title;
    if (!b->rows)
        return 1;
    const size_t from = b->first_origin > 2 * h ? b->first_origin - 2 * h : 0; /* some of what is before */
    const double *truth = b->truth + i * b->rows + from, *fan = b->fan + i * b->rows + from;
    d->data[0] = (tl_plot_curve){ "table", "#a0a0a0", TL_PLOT_LINE, d->row + from, truth, .n = b->rows - from };
    d->data[1] = (tl_plot_curve){ "forecasts, some of them", "#d1495b", TL_PLOT_LINE, d->row + from, fan, .n = b->rows - from };
    panel[1] = (tl_plot_panel){ "", "row", b->target[i].name, d->data, .ncurves = 2 };
    return 2;
}

int tl_backtest_draw(const tl_backtest *b, const tl_backtest_task *k, const char *title, const char *path, tl_error *e)
{
    Drawn drawn[MOST_TARGETS] = { 0 };
    tl_plot_panel panel[2 * MOST_TARGETS];
    size_t n = 0, targets = b->ntargets < MOST_TARGETS ? b->ntargets : MOST_TARGETS;
    int bad = 0;
    for (size_t i = 0; i < targets && !bad; i++)
        if (!(bad = fill(&drawn[i], b, k, i, e)))
            n += add_panels(panel + n, &drawn[i], b, k, i, title);
    bad = bad || tl_plot_write(path, panel, n, e);
    for (size_t i = 0; i < targets; i++) {
        free(drawn[i].ahead);
        free(drawn[i].rms);
        free(drawn[i].row);
    }
    return bad ? -1 : 0;
}
