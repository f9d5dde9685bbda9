/* command_diff.c - the generated window against the interpreter's, on random parameters and data or given ones.
 *
 * Where they differ a copy of the model with a probe on every operation says at which. Where both find what is not
 * finite, the operation that made it is named. Exit status 1 in either case. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <tapeless/json_memory.h>
#include <tapeless/real.h>
#include <tapeless/report.h>
#include "cli/commands.h"
#include "cli/comparison.h"
#include "cli/engine.h"
#include "cli/instrument.h"
#include "cli/not_finite.h"
#include "graph/checked.h"
#include "graph/user_error.h"
#include "passes/learn.h"

typedef struct Arguments {
    Common common;
    double tolerance; /* -1: as the terms say */
    Tried tried;
    int worst, resets, masks, lags;
} Arguments;

/* ---- where they part ---- */

typedef struct Worst {
    double ratio;
    int32_t slot, probe;
} Worst;

static Worst find_worst(const tl_model *m, const Pair *p, bool adjoints)
{
    Worst worst = { 0, 0, -1 };
    for (int32_t slot = p->a.w.first; slot < m->tbptt.k2; slot++)
        for (int32_t i = 0; i < m->nprobes; i++) {
            Row row = { 0 };
            size_t size = (size_t)tl_lanes(&m->tbptt) * tl_size(&m->probes[i]);
            row_compare(&row, p, adjoints ? p->a.b.probe_grads : p->a.b.probes,
                       adjoints ? p->b.b.probe_grads : p->b.b.probes, m->probes[i].offset + (size_t)slot * size, size);
            if (row_ratio(&row) > worst.ratio)
                worst = (Worst){ row_ratio(&row), slot, i };
        }
    return worst;
}

static void print_worst(const tl_model *m, Worst w, const char *what)
{
    if (w.probe >= 0)
        printf("worst %s: step %d of %d, %s, %.2e\n", what, w.slot + 1, m->tbptt.k2, m->probes[w.probe].name, w.ratio);
}

/* Runs a copy of the model with every operation probed. */
static int locate(const Arguments *a, Model *m)
{
    char *error = NULL;
    tl_error e;
    Pair p;
    CompileOptions o = compile_options(&a->common);
    Model *probed = instrument(m);
    Engine *x = engine_generated(probed, &o, &error);
    Engine *y = x ? engine_interpreter(probed, o.schedule.real, &error) : NULL;
    int status = EXIT_DONE;
    if (y && !pair_run(&p, x, y, &a->tried, tried_first_length(&a->tried, y->model), 0, &e)) {
        print_worst(x->model, find_worst(x->model, &p, false), "value");
        print_worst(x->model, find_worst(x->model, &p, true), "adjoint");
        pair_free(&p);
    } else {
        status = complain(y ? user_sentence("%s", e.text) : error);
    }
    engine_free(x);
    engine_free(y);
    instrument_free(probed);
    return status;
}

/* ---- a model's own NaN ---- */

static bool any_value_not_finite(const Comparison *t)
{
    for (int32_t i = 0; i < t->n; i++)
        if (row_not_finite(&t->row[i]) && !t->row[i].gradient)
            return true;
    return false;
}

/* Runs the windows again by the interpreter, watched, until one shows it. NULL if none does. */
static char *explain(const Arguments *a, const Comparison *t, const Model *m, Engine *y, char **advice)
{
    tl_error ignored;
    char *sentence = NULL;
    bool values = any_value_not_finite(t);
    NotFinite *watch = not_finite_watch(m, y);
    uint64_t more = 0;
    for (int32_t n = tried_first_length(&a->tried, y->model); n && !sentence;
         n = tried_next_length(&a->tried, y->model, n, false), more++) {
        Pair p;
        not_finite_forget(watch);
        if (pair_run(&p, y, y, &a->tried, n, more, &ignored))
            break;
        pair_free(&p);
        sentence = not_finite_sentence(watch, values);
    }
    *advice = not_finite_advice(watch, values);
    not_finite_free(watch);
    return sentence;
}

static void print_own(const Arguments *a, const Comparison *t, const Model *m, Engine *y)
{
    char *advice, *sentence = explain(a, t, m, y, &advice);
    if (sentence)
        printf("%s: both engines alike: %s. It is the model's own, not a disagreement; %s choose what else it is tried "
               "on\n", m->spec, sentence, advice);
    else
        printf("%s: both engines alike end with what is not finite, and no operation makes it: a gradient's sum over the "
               "steps is too large for %s\n", m->spec, real_of(&a->common) == TL_F64 ? "f64" : "f32");
    free(sentence);
    free(advice);
}

/* ---- the report ---- */

static const char *word_of(const Verdict *v)
{
    return !v->agree ? "DIFFER" : v->finite ? "agree" : "agree, but not all is finite";
}

static json_t *number_or_null(double x) { return isfinite(x) ? json_real(x) : json_null(); }

static void print_json(const Comparison *t, const Verdict *v, const char *sentence)
{
    tl_json_watch();
    json_t *rows = json_array();
    for (int32_t i = 0; i < t->n; i++) {
        const Row *r = &t->row[i];
        json_array_append_new(rows, json_pack("{s:s, s:o, s:f, s:f, s:b, s:I, s:I}", "name", r->name, "ratio",
                                              number_or_null(row_ratio(r)), "tolerance", r->allowed, "rounding", r->rounding, "passed",
                                              row_ratio(r) <= r->allowed && !row_not_finite(r), "nan_in_both",
                                              (json_int_t)r->c.nans, "infinite_in_both", (json_int_t)r->c.infinities));
    }
    json_t *all = json_pack("{s:o, s:f, s:b, s:b, s:b}", "rows", rows, "tolerance", t->least, "passed",
                            v->agree && v->finite, "agree", v->agree, "finite", v->finite);
    if (sentence)
        json_object_set_new(all, "not_finite", json_string(sentence));
    tl_report_json(all, 0);
    json_decref(all);
}

static void print_table(const Comparison *t)
{
    for (int32_t i = 0; i < t->n; i++) {
        const Row *r = &t->row[i];
        printf("%-44s %9.2e", r->name, row_ratio(r));
        if (r->allowed > t->least)
            printf("  of %.1e", r->allowed);
        if (row_ratio(r) > t->least && r->rounding > 0)
            printf("; rounding alone moves this by %.1e", r->rounding);
        if (row_not_finite(r))
            printf("  %zu not finite, in both", r->c.nans + r->c.infinities);
        puts(row_ratio(r) <= r->allowed ? "" : "  <-- over");
    }
}

static int report(const Arguments *a, const Comparison *t, Model *m, Engine *y)
{
    Verdict v = comparison_judge(t);
    bool passed = v.agree && v.finite;
    char *advice = NULL;
    if (a->common.json) {
        char *sentence = v.finite ? NULL : explain(a, t, m, y, &advice);
        print_json(t, &v, sentence);
        free(sentence);
        free(advice);
        return passed ? EXIT_DONE : EXIT_FAILED;
    }
    print_table(t);
    printf("%s: %s, %s: worst %.2e, allowed %.0e\n", m->spec, real_of(&a->common) == TL_F64 ? "f64" : "f32", word_of(&v),
           v.worst, v.allowed);
    if (!v.finite)
        print_own(a, t, m, y);
    if ((!v.agree || a->worst) && locate(a, m) != EXIT_DONE)
        return EXIT_WRONG;
    return passed ? EXIT_DONE : EXIT_FAILED;
}

static int compare(const Arguments *a, Model *m, const Engine *x, Engine *y)
{
    Comparison t;
    Arena *arena = arena_new();
    char *error = comparison_run(&t, arena, m, x, y, &a->tried, a->tolerance);
    int status = error ? complain(error) : report(a, &t, m, y);
    comparison_free(&t);
    arena_free(arena);
    return status;
}

static int run(Arguments *a)
{
    tl_error e;
    char *error = NULL;
    Model *m = load_model(&a->common);
    if (!m)
        return EXIT_WRONG;
    CompileOptions o = compile_options(&a->common);
    if (tried_open(&a->tried, m, &e)) {
        model_free(m);
        tried_close(&a->tried);
        return complain(user_sentence("%s", e.text));
    }
    m->resets |= a->resets;
    m->masks |= a->masks;
    error = a->lags ? prepare_lags(m) : NULL;
    Engine *x = error ? NULL : engine_generated(m, &o, &error);
    Engine *y = x ? engine_interpreter(m, o.schedule.real, &error) : NULL;
    int status = y ? compare(a, m, x, y) : complain(error);
    engine_free(x);
    engine_free(y);
    model_free(m);
    tried_close(&a->tried);
    return status;
}

#define DIFF_TABLE(a)                                                                                       \
    {                                                                                                       \
        COMMON_OPTIONS((a).common),                                                                         \
        TL_DOUBLE("tolerance", 0, &(a).tolerance, "X", 0, 1,                                                \
                  "allowed ratio, of all (2e-6 for f32, 1e-12 for f64, more for long sums and what rounding moves)"), \
        TRIED_OPTIONS((a).tried),                                                                           \
        TL_FLAG("resets", 0, &(a).resets, "sequences start inside the windows, here and there"),            \
        TL_FLAG("masks", 0, &(a).masks, "steps are padding, here and there"),                               \
        TL_FLAG("lags", 0, &(a).lags, "compare the adjoint of the state between steps, too"),               \
        TL_FLAG("worst", 'w', &(a).worst, "name the worst step and operation even if all agree"),           \
        JSON_OPTION((a).common),                                                                            \
        TL_END,                                                                                             \
    }

static const Arguments defaults = { .common = COMMON_DEFAULTS, .tried = { .seed = 1 }, .tolerance = -1 };

int diff_table(tl_see_table *see, void *context)
{
    Arguments a = defaults;
    const tl_option table[] = DIFF_TABLE(a);
    int result = see(table, context);
    tl_cli_free(table);
    return result;
}

int command_diff(int argc, char **argv)
{
    Arguments a = defaults;
    const tl_option table[] = DIFF_TABLE(a);
    int status = parse_command(table, &a.common, "diff",
                               "Runs one window by generated code and by the interpreter, on random parameters and\n"
                               "data, and compares loss, gradients, states and probes. Exit status 1 if they differ, or\n"
                               "if both find what is not finite.",
                               argc, argv);
    if (status < 0)
        status = run(&a);
    tl_cli_free(table);
    return status;
}
