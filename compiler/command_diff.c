/* command_diff.c - the generated window against the interpreter's, on random parameters and data.
 *
 * The measure is ||generated - interpreter|| / ||interpreter||, one row a parameter, over windows
 * of full length, half of it and one step, and where steps are kept over the window that comes after
 * it; with a head, whose windows have full length, the shorter
 * ones run forward only. A parameter whose gradient is a thousandth of the whole
 * gradient or less is measured against that thousandth: what is left of it then is rounding. So it is
 * with the adjoints of probes and states. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <tapeless/real.h>
#include "commands.h"
#include "engine.h"
#include "instrument.h"
#include "trial.h"
#include "user_error.h"

typedef struct Arguments {
    Common common;
    double tolerance;
    int64_t seed;
    int worst, resets, masks, lags;
} Arguments;

typedef struct Row {
    const char *name;
    double difference, norm; /* squares, then their roots */
} Row;

typedef struct Table {
    Row *row;
    int32_t n, ngrads; /* gradients first, then loss, states and probes */
    double total;      /* norm of the whole gradient */
} Table;

typedef struct Pair {
    Trial a, b; /* generated, interpreter */
} Pair;

static Row *new_row(Table *t, const char *name)
{
    t->row = reallocarray(t->row, (size_t)t->n + 1, sizeof *t->row);
    if (!t->row)
        abort();
    t->row[t->n] = (Row){ .name = name };
    return &t->row[t->n++];
}

static void compare_at(Row *row, const tl_model *m, const void *a, const void *b, size_t at, size_t n)
{
    trial_compare(m->real, tl_real_at_const(m->real, a, at), tl_real_at_const(m->real, b, at), n, &row->difference,
                  &row->norm);
}

/* Rows from `from` on: `whole` is the square of what they are all small beside. */
static void set_floor(Table *t, int32_t from, double whole)
{
    for (int32_t i = from; i < t->n; i++)
        t->row[i].norm = fmax(t->row[i].norm, 1e-6 * whole);
}

static double sum_of_norms(const Table *t, int32_t from)
{
    double sum = 0;
    for (int32_t i = from; i < t->n; i++)
        sum += t->row[i].norm;
    return sum;
}

static void add_grads(Table *t, Arena *arena, const tl_model *m, const Pair *p, int32_t steps)
{
    double before = t->total;
    for (int32_t i = 0; i < m->nparams; i++) {
        Row *row = new_row(t, arena_printf(arena, "%s (%d steps)", m->params[i].name, steps));
        compare_at(row, m, p->a.b.grads, p->b.b.grads, m->params[i].offset, tl_size(&m->params[i]));
        t->total += row->norm;
    }
    double whole = t->total - before;
    set_floor(t, t->n - m->nparams, whole);
}

/* With a head the newest step alone has a loss. */
static void add_losses(Table *t, Arena *arena, const tl_model *m, const Pair *p, int32_t steps)
{
    size_t batch = (size_t)m->tbptt.batch, count = m->has_head ? 1 : (size_t)steps;
    compare_at(new_row(t, arena_printf(arena, "the losses (%d steps)", steps)), m, p->a.b.losses, p->b.b.losses,
               ((size_t)m->tbptt.k2 - count) * batch, count * batch);
}

static void add_states(Table *t, Arena *arena, const tl_model *m, const Pair *p, int32_t steps)
{
    size_t batch = (size_t)m->tbptt.batch, first = (size_t)p->a.w.first;
    for (int32_t i = 0; i < m->nstates; i++) {
        size_t size = batch * tl_size(&m->states[i]), at = m->states[i].offset + (first + 1) * size;
        Row *row = new_row(t, arena_printf(arena, "state %s (%d steps)", m->states[i].name, steps));
        compare_at(row, m, p->a.b.states, p->b.b.states, at, (size_t)steps * size);
    }
}

static void add_state_grads(Table *t, Arena *arena, const tl_model *m, const Pair *p, int32_t steps)
{
    size_t batch = (size_t)m->tbptt.batch, first = (size_t)p->a.w.first;
    int32_t from = t->n;
    for (int32_t i = 0; i < m->nstates && m->has_state_grads; i++) {
        size_t size = batch * tl_size(&m->states[i]), at = m->states[i].offset + first * size;
        Row *row = new_row(t, arena_printf(arena, "adjoint of state %s (%d steps)", m->states[i].name, steps));
        compare_at(row, m, p->a.b.state_grads, p->b.b.state_grads, at, (size_t)(steps + 1) * size);
    }
    set_floor(t, from, sum_of_norms(t, from));
}

static void add_probes(Table *t, Arena *arena, const tl_model *m, const Pair *p, int32_t steps, bool adjoints)
{
    size_t batch = (size_t)m->tbptt.batch, first = (size_t)p->a.w.first;
    int32_t from = t->n;
    for (int32_t i = 0; i < m->nprobes; i++) {
        size_t size = batch * tl_size(&m->probes[i]), at = m->probes[i].offset + first * size;
        Row *row = new_row(t, arena_printf(arena, "%s %s (%d steps)", adjoints ? "gradient of probe" : "probe",
                                           m->probes[i].name, steps));
        compare_at(row, m, adjoints ? p->a.b.probe_grads : p->a.b.probes,
                   adjoints ? p->b.b.probe_grads : p->b.b.probes, at, (size_t)steps * size);
    }
    if (adjoints)
        set_floor(t, from, sum_of_norms(t, from));
}

/* Steps that were kept may be one more than were asked for. */
static void add_rows(Table *t, Arena *arena, const tl_model *m, const Pair *p)
{
    int32_t steps = m->tbptt.k2 - p->a.w.first;
    if (p->a.w.grads) {
        add_grads(t, arena, m, p, steps);
        add_losses(t, arena, m, p, steps);
        add_probes(t, arena, m, p, steps, false);
        add_probes(t, arena, m, p, steps, true);
        add_state_grads(t, arena, m, p, steps);
    }
    add_states(t, arena, m, p, steps);
}

static double ratio(const Row *r)
{
    return r->difference == 0 ? 0 : sqrt(r->difference) / fmax(sqrt(r->norm), 1e-300);
}

static int run_pair(Pair *p, const Engine *a, const Engine *b, uint64_t seed, int32_t steps, tl_error *e)
{
    int32_t fresh = steps < a->model->tbptt.k1 ? steps : a->model->tbptt.k1;
    if (trial_new(&p->a, &a->run, e))
        return -1;
    if (trial_new(&p->b, &b->run, e)) {
        trial_free(&p->a);
        return -1;
    }
    if (trial_fill(&p->a, seed, steps, fresh, e)) {
        trial_free(&p->a);
        trial_free(&p->b);
        return -1;
    }
    trial_copy(&p->b, &p->a);
    trial_run(&p->a);
    trial_run(&p->b);
    if (tl_keeps_steps(&a->model->tbptt)) {
        trial_advance(&p->a, seed);
        trial_advance(&p->b, seed);
        trial_run(&p->a);
        trial_run(&p->b);
    }
    return 0;
}

static void free_pair(Pair *p)
{
    trial_free(&p->a);
    trial_free(&p->b);
}

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
            size_t size = (size_t)m->tbptt.batch * tl_size(&m->probes[i]);
            compare_at(&row, m, adjoints ? p->a.b.probe_grads : p->a.b.probes,
                       adjoints ? p->b.b.probe_grads : p->b.b.probes, m->probes[i].offset + (size_t)slot * size, size);
            if (ratio(&row) > worst.ratio)
                worst = (Worst){ ratio(&row), slot, i };
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
    Engine *y = x ? engine_interpreter(probed, o.real, &error) : NULL;
    int status = EXIT_DONE;
    if (y && !run_pair(&p, x, y, (uint64_t)a->seed, m->tbptt.k2, &e)) {
        print_worst(x->model, find_worst(x->model, &p, false), "value");
        print_worst(x->model, find_worst(x->model, &p, true), "adjoint");
        free_pair(&p);
    } else {
        status = complain(y ? user_sentence("%s", e.text) : error);
    }
    engine_free(x);
    engine_free(y);
    instrument_free(probed);
    return status;
}

/* ---- the report ---- */

static void print_json(const Table *t, double tolerance, bool passed)
{
    json_t *rows = json_array();
    for (int32_t i = 0; i < t->n; i++)
        json_array_append_new(rows, json_pack("{s:s, s:f, s:b}", "name", t->row[i].name, "ratio", ratio(&t->row[i]),
                                              "passed", ratio(&t->row[i]) <= tolerance));
    json_t *all = json_pack("{s:o, s:f, s:b}", "rows", rows, "tolerance", tolerance, "passed", passed);
    json_dumpf(all, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(all);
}

static void print_table(const Table *t, double tolerance)
{
    for (int32_t i = 0; i < t->n; i++)
        printf("%-44s %9.2e%s\n", t->row[i].name, ratio(&t->row[i]), ratio(&t->row[i]) <= tolerance ? "" : "  <-- over");
}

static int report(const Arguments *a, const Table *t, Model *m)
{
    double worst = 0;
    bool passed = true;
    for (int32_t i = 0; i < t->n; i++) {
        passed &= ratio(&t->row[i]) <= a->tolerance; /* false for NaN */
        worst = ratio(&t->row[i]) > worst || isnan(ratio(&t->row[i])) ? ratio(&t->row[i]) : worst;
    }
    if (a->common.json)
        print_json(t, a->tolerance, passed);
    else
        print_table(t, a->tolerance);
    if (!a->common.json)
        printf("%s: %s, %s: worst %.2e, allowed %.0e\n", m->spec, real_of(&a->common) == TL_F64 ? "f64" : "f32", passed ? "agree" : "DIFFER", worst,
               a->tolerance);
    if ((!passed || a->worst) && !a->common.json && locate(a, m) != EXIT_DONE)
        return EXIT_WRONG;
    return passed ? EXIT_DONE : EXIT_FAILED;
}

static int compare(const Arguments *a, Model *m, const Engine *x, const Engine *y)
{
    int32_t k2 = m->tbptt.k2, lengths[] = { k2, (k2 + 1) / 2, 1 };
    Table t = { 0 };
    Arena *arena = arena_new();
    tl_error e;
    int status = EXIT_DONE;
    for (int i = 0; i < 3 && status == EXIT_DONE; i++) {
        Pair p;
        if (i && lengths[i] == lengths[i - 1])
            continue;
        if (run_pair(&p, x, y, (uint64_t)a->seed + (uint64_t)i, lengths[i], &e)) {
            status = complain(user_sentence("%s: %s", m->spec, e.text));
            break;
        }
        add_rows(&t, arena, x->model, &p);
        free_pair(&p);
    }
    if (status == EXIT_DONE)
        status = report(a, &t, m);
    free(t.row);
    arena_free(arena);
    return status;
}

static int run(const Arguments *a)
{
    char *error = NULL;
    Model *m = load_model(&a->common);
    if (!m)
        return EXIT_WRONG;
    CompileOptions o = compile_options(&a->common);
    m->resets |= a->resets;
    m->masks |= a->masks;
    m->lags |= a->lags;
    Engine *x = engine_generated(m, &o, &error);
    Engine *y = x ? engine_interpreter(m, o.real, &error) : NULL;
    int status = y ? compare(a, m, x, y) : complain(error);
    engine_free(x);
    engine_free(y);
    model_free(m);
    return status;
}

#define DIFF_TABLE(a)                                                                                       \
    {                                                                                                       \
        COMMON_OPTIONS((a).common),                                                                         \
        TL_DOUBLE("tolerance", 0, &(a).tolerance, "X", 0, 1, "allowed ratio (2e-6 for f32, 1e-12 for f64)"), \
        TL_INT("seed", 's', &(a).seed, "N", 0, TL_INT_MAX, "of the random parameters and data"),            \
        TL_FLAG("resets", 0, &(a).resets, "sequences start inside the windows, here and there"),            \
        TL_FLAG("masks", 0, &(a).masks, "steps are padding, here and there"),                               \
        TL_FLAG("lags", 0, &(a).lags, "compare the adjoint of the state between steps, too"),               \
        TL_FLAG("worst", 'w', &(a).worst, "name the worst step and operation even if all agree"),           \
        JSON_OPTION((a).common),                                                                            \
        TL_END,                                                                                             \
    }

static const Arguments defaults = { .common = COMMON_DEFAULTS, .seed = 1, .tolerance = -1 };

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
                               "data, and compares loss, gradients, states and probes. Exit status 1 if they differ.",
                               argc, argv);
    if (status < 0) {
        if (a.tolerance < 0)
            a.tolerance = real_of(&a.common) == TL_F32 ? 2e-6 : 1e-12;
        status = run(&a);
    }
    tl_cli_free(table);
    return status;
}
