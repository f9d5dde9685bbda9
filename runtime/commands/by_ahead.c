#include "by_ahead.h"

#include <stdio.h>
#include <stdlib.h>

#include "grid.h"
#include "report.h"
#include "standard_output.h"
#include "table.h"

/* One column: [each] of the model, [TL_BASELINES][each] of those forecasts that there are. */
typedef struct Column {
    const char *name;
    size_t each;
    tl_measure *model, *other[TL_BASELINES];
    tl_measure *all; /* that these are parts of */
} Column;

static const char *const names[] = { "persistence", "seasonal", "linear" };

static int column_new(Column *k, size_t each)
{
    *k = (Column){ .each = each, .all = calloc(each, (TL_BASELINES + 1) * sizeof *k->all) };
    k->model = k->all;
    for (size_t i = 0; i < TL_BASELINES && k->all; i++)
        k->other[i] = k->all + (i + 1) * each;
    if (!k->all)
        tl_output_unmade();
    return k->all != NULL;
}

/* The targets from `t` on, as many as are of its column; t is then the last of them. */
static void measure(Column *k, tl_fit_target *t, const tl_recorded *r, const tl_coding *c, const tl_baselines *b)
{
    k->name = c->column[tl_table_first(c, 1, t->field) + t->at].name;
    for (size_t n = 0; n < k->each; n++) {
        k->model[n] = tl_measure_of(r, t, NULL, 0, 0, r->examples);
        for (int i = 0; i < TL_BASELINES; i++)
            if (b && b->forecast[i])
                k->other[i][n] = tl_measure_of(r, t, b->forecast[i], b->count, 0, r->examples);
        if (n + 1 < k->each)
            tl_fit_next(t, r->m, c);
    }
}

/* ---- for people ---- */

static void add_row(tl_grid *g, const tl_measure *model, const tl_measure *const *other)
{
    tl_grid_number(g, tl_measure_rms(model));
    tl_grid_number(g, tl_measure_mae(model));
    tl_grid_number(g, tl_measure_r2(model));
    for (int i = 0; i < TL_BASELINES; i++)
        if (other[i]) {
            tl_grid_number(g, tl_measure_rms(other[i]));
            tl_grid_number(g, tl_measure_mae(model) / tl_measure_mae(other[i]));
        }
}

static void print_column(const Column *k, const tl_coding *c, const tl_baselines *b)
{
    static const char *const head[] = { "persistence's RMS", "the season's RMS", "the linear one's RMS" };
    tl_grid g = { .columns = 4 };
    tl_grid_add(&g, "%s, rows ahead", k->name);
    tl_grid_add(&g, "RMS");
    tl_grid_add(&g, "mean absolute");
    tl_grid_add(&g, "R2");
    for (int i = 0; i < TL_BASELINES && b; i++)
        if (b->forecast[i]) {
            g.columns += 2;
            tl_grid_add(&g, "%s", head[i]);
            tl_grid_add(&g, "the model over it");
        }
    for (size_t n = 0; n <= k->each; n++) {
        tl_measure sum[TL_BASELINES];
        const tl_measure *of[TL_BASELINES] = { NULL }, model = n < k->each ? k->model[n] : tl_measure_sum(k->model, k->each);
        for (int i = 0; i < TL_BASELINES && b; i++) {
            sum[i] = n < k->each ? k->other[i][n] : tl_measure_sum(k->other[i], k->each);
            of[i] = b->forecast[i] ? &sum[i] : NULL;
        }
        if (n < k->each)
            tl_grid_add(&g, "%lld", (long long)c->ahead + (long long)n);
        else
            tl_grid_add(&g, "all");
        add_row(&g, &model, of);
    }
    putchar('\n');
    tl_grid_print(&g);
}

void tl_by_ahead_print(const tl_recorded *r, const tl_coding *c, const tl_baselines *b)
{
    Column k;
    if (!c->beyond || !column_new(&k, (size_t)c->beyond + 1))
        return;
    for (tl_fit_target t = { .field = -1 }; tl_fit_next(&t, r->m, c);) {
        measure(&k, &t, r, c, b);
        print_column(&k, c, b);
    }
    if (b)
        printf("  persistence is the last value known; the linear forecast is fitted on %s\n", b->fitted_on);
    free(k.all);
}

/* ---- for programs ---- */

static void report(json_t *j, const char *before, const tl_measure *m)
{
    char key[64];
    snprintf(key, sizeof key, "%sroot_mean_square_error", before);
    tl_report_number(j, key, tl_measure_rms(m));
    snprintf(key, sizeof key, "%smean_absolute_error", before);
    tl_report_number(j, key, tl_measure_mae(m));
}

static json_t *column_json(const Column *k, const tl_coding *c, const tl_baselines *b)
{
    char before[32];
    json_t *list = json_array();
    for (size_t n = 0; n < k->each; n++) {
        json_t *j = json_pack("{s:I}", "ahead", (json_int_t)c->ahead + (json_int_t)n);
        report(j, "", &k->model[n]);
        tl_report_number(j, "r2", tl_measure_r2(&k->model[n]));
        for (int i = 0; i < TL_BASELINES && b; i++) {
            snprintf(before, sizeof before, "%s_", names[i]);
            if (b->forecast[i])
                report(j, before, &k->other[i][n]);
        }
        json_array_append_new(list, j);
    }
    return json_pack("{s:s, s:o}", "name", k->name, "by_ahead", list);
}

void tl_by_ahead_json(json_t *j, const tl_recorded *r, const tl_coding *c, const tl_baselines *b)
{
    Column k;
    if (!c->beyond || !column_new(&k, (size_t)c->beyond + 1))
        return;
    json_t *list = json_array();
    for (tl_fit_target t = { .field = -1 }; tl_fit_next(&t, r->m, c);) {
        measure(&k, &t, r, c, b);
        json_array_append_new(list, column_json(&k, c, b));
    }
    json_object_set_new(j, "by_ahead", list);
    free(k.all);
}
