#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tapeless/csv_file.h>
#include <tapeless/file.h>
#include <tapeless/memory_stream.h>
#include <tapeless/report.h>
#include "cli/sweep.h"
#include "graph/checked.h"
#include "graph/user_error.h"

const char *trial_text(const Sweep *s, const Trial *t)
{
    const char *text = "";
    for (int i = 0; i < s->space.axes; i++)
        text = arena_printf(s->arena, "%s%s%s=%s", text, i ? " " : "", s->space.axis[i].name, t->value[i]);
    return *text ? text : "as the spec says";
}

/* Of seeds the sum, or the mean. */
static double over_seeds(const Sweep *s, const Trial *t, double (*of)(const Result *), bool mean)
{
    double sum = 0;
    for (int i = 0; i < s->seeds; i++)
        sum += of(&t->seed[i]);
    return mean ? sum / s->seeds : sum;
}

static double updates(const Result *r) { return r->updates; }
static double best_update(const Result *r) { return r->best_update; }
static double seconds(const Result *r) { return r->seconds; }

static const char *message_of(const Sweep *s, const Trial *t)
{
    for (int i = 0; i < s->seeds; i++)
        if (t->seed[i].failed)
            return t->seed[i].message;
    return NULL;
}

/* ---- a file ---- */

static void write_number(FILE *f, double x)
{
    fputc(',', f);
    if (isfinite(x))
        fprintf(f, "%.9g", x);
}

static void write_row(const Sweep *s, FILE *f, const Trial *t, int rank)
{
    const char *message = message_of(s, t);
    if (isfinite(t->score))
        fprintf(f, "%d", rank);
    fprintf(f, ",%d", t->number);
    for (int i = 0; i < s->space.axes; i++) {
        fputc(',', f);
        tl_csv_write(f, t->value[i]);
    }
    write_number(f, t->score);
    if (s->seeds > 1)
        write_number(f, t->spread);
    write_number(f, over_seeds(s, t, best_update, true));
    write_number(f, over_seeds(s, t, updates, true));
    write_number(f, over_seeds(s, t, seconds, false));
    if (s->eta)
        fprintf(f, ",%d", t->round);
    fputc(',', f);
    tl_csv_write(f, message ? message : "");
    fputc('\n', f);
}

static void write_rows(const Sweep *s, Trial *const *ranked, FILE *f)
{
    fputs("rank,trial", f);
    for (int i = 0; i < s->space.axes; i++) {
        fputc(',', f);
        tl_csv_write(f, s->space.axis[i].name);
    }
    fprintf(f, ",%s%s,best_update,updates,seconds%s,failed\n", s->by, s->seeds > 1 ? ",deviation" : "", s->eta ? ",round" : "");
    for (int i = 0; i < s->trials; i++)
        if (ranked[i]->seed[s->seeds - 1].there)
            write_row(s, f, ranked[i], i + 1);
}

bool sweep_write_table(const Sweep *s, Trial *const *ranked, char **error)
{
    tl_error e;
    char *text = NULL;
    size_t size = 0;
    FILE *f = checked(tl_memory_open(&text, &size));
    write_rows(s, ranked, f);
    if (tl_memory_close(f))
        out_of_memory();
    const tl_chunk chunk = { text, size };
    const int bad = tl_file_replace(sweep_path(s, "sweep.csv"), &chunk, 1, &e);
    free(text);
    if (bad)
        *error = user_sentence("%s", e.text);
    return !bad;
}

/* ---- for people and programs ---- */

static void print_json(const Sweep *s, Trial *const *ranked)
{
    json_t *list = json_array();
    for (int i = 0; i < s->trials; i++) {
        const Trial *t = ranked[i];
        json_t *one = json_pack("{s:i}", "trial", t->number), *values = json_object(), *seeds = json_array();
        for (int k = 0; k < s->space.axes; k++)
            json_object_set_new(values, s->space.axis[k].name, json_string(t->value[k]));
        for (int k = 0; k < s->seeds; k++)
            json_array_append_new(seeds, isfinite(t->seed[k].score) && t->seed[k].there ? json_real(t->seed[k].score) : json_null());
        json_object_set_new(one, "values", values);
        tl_report_number(one, "score", t->score);
        json_object_set_new(one, "seeds", seeds);
        if (message_of(s, t))
            json_object_set_new(one, "failed", json_string(message_of(s, t)));
        json_array_append_new(list, one);
    }
    json_t *all = json_pack("{s:s, s:s, s:s, s:o}", "spec", s->spec, "by", s->by, "directory", s->directory, "trials", list);
    if (isfinite(ranked[0]->score))
        json_object_set_new(all, "best", json_string(sweep_path(s, "best.safetensors")));
    tl_report_json(all, JSON_REAL_PRECISION(9));
    json_decref(all);
}

enum { SHOWN = 10 };

static void print_row(const Sweep *s, const Trial *t, int rank)
{
    printf("%4d %6d", rank, t->number);
    for (int i = 0; i < s->space.axes; i++)
        printf("  %10.24s", t->value[i]);
    if (isfinite(t->score))
        printf("  %12.6g", t->score);
    else
        printf("  %12s", "failed");
    if (s->seeds > 1)
        printf("  %10.3g", t->spread);
    printf("  %8.0f  %7.1f\n", over_seeds(s, t, best_update, true), over_seeds(s, t, seconds, false));
}

void sweep_print(const Sweep *s, Trial *const *ranked, bool json)
{
    if (json) {
        print_json(s, ranked);
        return;
    }
    printf("%4s %6s", "rank", "trial");
    for (int i = 0; i < s->space.axes; i++)
        printf("  %10.24s", s->space.axis[i].name);
    printf("  %12.24s", s->by);
    if (s->seeds > 1)
        printf("  %10s", "deviation");
    printf("  %8s  %7s\n", "update", "seconds");
    for (int i = 0; i < s->trials && i < SHOWN; i++)
        print_row(s, ranked[i], i + 1);
    if (s->trials > SHOWN)
        printf("and %d more in %s\n", s->trials - SHOWN, sweep_path(s, "sweep.csv"));
}
