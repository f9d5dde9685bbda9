#include "by_sequence.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv_file.h"
#include "file.h"
#include "fit.h"
#include "grid.h"
#include "memory_stream.h"
#include "real.h"
#include "report.h"
#include "standard_output.h"

enum { MOST_FOR_PEOPLE = 30 };

/* ---- where they begin ---- */

static int is_start(const tl_recorded *r, size_t i)
{
    return i == 0 || (r->of->reset && tl_real_get(r->m->real, r->of->reset, i) != 0);
}

static int find_starts(tl_by_sequence *b)
{
    for (size_t i = 0; i < b->r->examples; i++)
        b->n += (size_t)is_start(b->r, i);
    if (!(b->begin = calloc(b->n + 1, sizeof *b->begin)))
        return 0;
    for (size_t i = 0, k = 0; i < b->r->examples; i++)
        if (is_start(b->r, i))
            b->begin[k++] = i;
    b->begin[b->n] = b->r->examples;
    return 1;
}

static int copy_starts(tl_by_sequence *b, const size_t *first)
{
    if ((b->begin = calloc(b->n + 1, sizeof *b->begin)))
        memcpy(b->begin, first, (b->n + 1) * sizeof *first);
    return b->begin != NULL;
}

int tl_by_sequence_new(tl_by_sequence *b, const tl_recorded *r, const size_t *first, size_t sequences, tl_error *e)
{
    *b = (tl_by_sequence){ .r = r, .n = sequences };
    return (first ? copy_starts(b, first) : find_starts(b)) ? 0 : tl_fail(e, "%s: out of memory", r->m->name);
}

void tl_by_sequence_free(tl_by_sequence *b)
{
    free(b->begin);
    *b = (tl_by_sequence){ 0 };
}

/* ---- the figures ---- */

typedef struct Row {
    size_t sequence;
    tl_measure m;
    double accuracy, by[TL_BASELINES]; /* the model's mean absolute error by that of each forecast; NaN: there is none */
} Row;

static void score_token(Row *row, const tl_recorded *r, int32_t field, size_t from, size_t to)
{
    double hits = 0;
    for (size_t i = from; i < to; i++) {
        row->m.steps += r->weight[i] > 0;
        row->m.weight += r->weight[i];
        hits += tl_recorded_said(r, i, field)[TL_SAID_TOKEN] == tl_recorded_truth(r, i, field, 0) ? r->weight[i] : 0;
    }
    row->accuracy = hits / row->m.weight;
}

static void score_real(Row *row, const tl_by_sequence *b, const tl_fit_target *t, size_t from, size_t to)
{
    row->m = tl_measure_of(b->r, t, NULL, 0, from, to);
    for (int kind = 0; kind < TL_BASELINES; kind++) {
        tl_measure other = { 0 };
        if (b->baselines && b->baselines->forecast[kind])
            other = tl_measure_of(b->r, t, b->baselines->forecast[kind], b->baselines->count, from, to);
        row->by[kind] = tl_measure_mae(&row->m) / tl_measure_mae(&other);
    }
}

/* A row for each sequence with a step that is scored; their number, or -1 where memory is short. */
static int64_t score_all(Row **rows, const tl_by_sequence *b, const tl_scored_target *t)
{
    int64_t n = 0;
    if (!(*rows = calloc(b->n + 1, sizeof **rows)))
        return -1;
    for (size_t k = 0; k < b->n; k++) {
        Row row = { .sequence = k, .accuracy = NAN, .by = { NAN, NAN, NAN } };
        if (t->token)
            score_token(&row, b->r, t->t.field, b->begin[k], b->begin[k + 1]);
        else
            score_real(&row, b, &t->t, b->begin[k], b->begin[k + 1]);
        if (row.m.weight > 0)
            (*rows)[n++] = row;
    }
    return n;
}

/* What shows how bad it is: one that does not vary is not compared. */
static double worth(const Row *r)
{
    double w = isnan(r->accuracy) ? tl_measure_r2(&r->m) : r->accuracy;
    return isnan(w) ? INFINITY : w;
}

static int worst_first(const void *a, const void *b)
{
    const Row *x = a, *y = b;
    if (worth(x) != worth(y))
        return worth(x) < worth(y) ? -1 : 1;
    return x->sequence < y->sequence ? -1 : x->sequence > y->sequence;
}

static const char *name_of(const tl_by_sequence *b, size_t k, char *text, size_t size)
{
    const tl_origin *o = b->origin ? &b->origin[k] : NULL;
    if (o && o->label && b->files)
        snprintf(text, size, "%.200s: %.200s", o->path, o->label);
    else if (o && (o->label || b->files))
        snprintf(text, size, "%.400s", o->label ? o->label : o->path);
    else
        snprintf(text, size, "%zu", k + 1);
    return text;
}

/* ---- for people ---- */

static void add_head(tl_grid *g, const tl_scored_target *t, const tl_baselines *b)
{
    static const char *const by[] = { "by persistence's", "by the season's", "by the linear one's" };
    tl_grid_add(g, "%s", t->t.name);
    tl_grid_add(g, "steps");
    if (t->token) {
        tl_grid_add(g, "accuracy");
        return;
    }
    tl_grid_add(g, "RMS");
    tl_grid_add(g, "mean absolute");
    tl_grid_add(g, "R2");
    for (int kind = 0; kind < TL_BASELINES && b; kind++)
        if (b->forecast[kind])
            tl_grid_add(g, "%s", by[kind]);
}

static void add_row(tl_grid *g, const tl_by_sequence *b, const tl_scored_target *t, const Row *r)
{
    char text[512];
    tl_grid_add(g, "%s", name_of(b, r->sequence, text, sizeof text));
    tl_grid_number(g, (double)r->m.steps);
    if (t->token) {
        tl_grid_number(g, r->accuracy);
        return;
    }
    tl_grid_number(g, tl_measure_rms(&r->m));
    tl_grid_number(g, tl_measure_mae(&r->m));
    tl_grid_number(g, tl_measure_r2(&r->m));
    for (int kind = 0; kind < TL_BASELINES && b->baselines; kind++)
        if (b->baselines->forecast[kind])
            tl_grid_number(g, r->by[kind]);
}

static void print_target(const tl_by_sequence *b, const tl_scored_target *t)
{
    Row *rows;
    int64_t n = score_all(&rows, b, t), shown = n < MOST_FOR_PEOPLE ? n : MOST_FOR_PEOPLE;
    tl_grid g = { .columns = t->token ? 3 : 5 };
    for (int kind = 0; kind < TL_BASELINES && b->baselines; kind++)
        g.columns += !t->token && b->baselines->forecast[kind];
    if (n < 0) {
        tl_output_unmade();
        return;
    }
    qsort(rows, (size_t)n, sizeof *rows, worst_first);
    add_head(&g, t, b->baselines);
    for (int64_t i = 0; i < shown; i++)
        add_row(&g, b, t, &rows[i]);
    putchar('\n');
    tl_grid_print(&g);
    if (shown < n)
        printf("  and %lld more, which are better: --scores FILE has all\n", (long long)(n - shown));
    free(rows);
}

void tl_by_sequence_print(const tl_by_sequence *b)
{
    tl_scored_target t;
    for (size_t k = 0; tl_scored_target_at(&t, b->r->m, b->c, k); k++)
        print_target(b, &t);
}

/* ---- for programs ---- */

static const char *const baseline_names[] = { "persistence", "seasonal", "linear" };

static json_t *row_json(const tl_by_sequence *b, const tl_scored_target *t, const Row *r)
{
    char text[512];
    json_t *j = json_pack("{s:s, s:s}", "sequence", name_of(b, r->sequence, text, sizeof text), "target", t->t.name);
    tl_report_count(j, "steps", r->m.steps);
    if (t->token) {
        tl_report_number(j, "accuracy", r->accuracy);
        return j;
    }
    tl_report_number(j, "root_mean_square_error", tl_measure_rms(&r->m));
    tl_report_number(j, "mean_absolute_error", tl_measure_mae(&r->m));
    tl_report_number(j, "r2", tl_measure_r2(&r->m));
    for (int kind = 0; kind < TL_BASELINES; kind++) {
        snprintf(text, sizeof text, "mean_absolute_error_by_%s", baseline_names[kind]);
        if (b->baselines && b->baselines->forecast[kind])
            tl_report_number(j, text, r->by[kind]);
    }
    return j;
}

void tl_by_sequence_json(json_t *j, const tl_by_sequence *b)
{
    tl_scored_target t;
    json_t *list = json_array();
    for (size_t k = 0; tl_scored_target_at(&t, b->r->m, b->c, k); k++) {
        Row *rows;
        int64_t n = score_all(&rows, b, &t);
        if (n < 0)
            tl_output_unmade();
        for (int64_t i = 0; i < n; i++)
            json_array_append_new(list, row_json(b, &t, &rows[i]));
        free(rows);
    }
    json_object_set_new(j, "by_sequence", list);
}

/* A cell, empty where there is no number. */
static void put(FILE *f, double x)
{
    fputc(',', f);
    if (isfinite(x))
        fprintf(f, "%.9g", x);
}

static void write_row(FILE *f, const tl_by_sequence *b, const tl_scored_target *t, const Row *r)
{
    char text[512];
    tl_csv_write(f, name_of(b, r->sequence, text, sizeof text));
    fputc(',', f);
    tl_csv_write(f, t->t.name);
    fprintf(f, ",%zu", r->m.steps);
    put(f, t->token ? NAN : tl_measure_rms(&r->m));
    put(f, t->token ? NAN : tl_measure_mae(&r->m));
    put(f, t->token ? NAN : tl_measure_r2(&r->m));
    put(f, r->accuracy);
    for (int kind = 0; kind < TL_BASELINES && b->baselines; kind++)
        if (b->baselines->forecast[kind])
            put(f, r->by[kind]);
    fputc('\n', f);
}

static int write_rows(FILE *f, const tl_by_sequence *b)
{
    tl_scored_target t;
    fputs("sequence,target,steps,rms,mae,r2,accuracy", f);
    for (int kind = 0; kind < TL_BASELINES && b->baselines; kind++)
        if (b->baselines->forecast[kind])
            fprintf(f, ",mae_by_%s", baseline_names[kind]);
    fputc('\n', f);
    for (size_t k = 0; tl_scored_target_at(&t, b->r->m, b->c, k); k++) {
        Row *rows;
        int64_t n = score_all(&rows, b, &t);
        for (int64_t i = 0; i < n; i++)
            write_row(f, b, &t, &rows[i]);
        free(rows);
        if (n < 0)
            return -1;
    }
    return 0;
}

int tl_by_sequence_write(const tl_by_sequence *b, const char *path, tl_error *e)
{
    char *text = NULL;
    size_t size = 0;
    FILE *f = tl_memory_open(&text, &size);
    if (!f)
        return tl_fail(e, "%s: out of memory", path);
    int bad = write_rows(f, b);
    bad = tl_memory_close(f) || bad ? tl_fail(e, "%s: out of memory", path) : 0;
    tl_chunk chunk = { text, size };
    bad = bad || tl_file_replace(path, &chunk, 1, e);
    free(text);
    return bad ? -1 : 0;
}
