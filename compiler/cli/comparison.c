#include "cli/comparison.h"

#include <math.h>
#include <stdlib.h>

#include <tapeless/real.h>

#include "graph/checked.h"
#include "graph/user_error.h"

/* `terms`: of the longest sum that it is made of. */
static Row *new_row(Comparison *t, const tl_model *m, const char *name, int64_t terms, bool gradient)
{
    t->row = checked(reallocarray(t->row, (size_t)t->n + 1, sizeof *t->row));
    t->row[t->n] = (Row){ .name = name, .gradient = gradient,
                          .allowed = t->exact ? t->least : terms_tolerance(terms, m->real, t->least) };
    return &t->row[t->n++];
}

void row_compare(Row *row, const Pair *p, const void *a, const void *b, size_t at, size_t n)
{
    trial_compare(p->a.engine->model->real, a, p->b.engine->model->real, b, at, n, &row->c);
}

/* Rows from `from` on: `whole` is the square of what they are all small beside. */
static void set_floor(Comparison *t, int32_t from, double whole)
{
    for (int32_t i = from; i < t->n; i++)
        t->row[i].c.norm = fmax(t->row[i].c.norm, 1e-6 * whole);
}

static double sum_of_norms(const Comparison *t, int32_t from)
{
    double sum = 0;
    for (int32_t i = from; i < t->n; i++)
        sum += t->row[i].c.norm;
    return sum;
}

static void add_grads(Comparison *t, Arena *arena, const tl_model *m, const Pair *p, int32_t steps)
{
    double before = t->total;
    for (int32_t i = 0; i < m->nparams; i++) {
        int64_t sum = t->terms.grad[i] * steps, within = t->terms.within[i];
        Row *row = new_row(t, m, arena_printf(arena, "%s (%d steps)", m->params[i].name, steps),
                           sum > within ? sum : within, true);
        trial_compare_grads(&p->a, &p->b, i, &row->c);
        t->total += row->c.norm;
    }
    double whole = t->total - before;
    set_floor(t, t->n - m->nparams, whole);
}

/* Of the steps that may count. */
static void add_losses(Comparison *t, Arena *arena, const tl_model *m, const Pair *p, int32_t steps)
{
    size_t lanes = (size_t)tl_lanes(&m->tbptt), counted = (size_t)p->a.counted;
    size_t k2 = (size_t)m->tbptt.k2, n = (k2 - counted) * lanes;
    row_compare(new_row(t, m, arena_printf(arena, "the losses (%d steps)", steps), t->terms.forward, false), p,
               p->a.b.losses, p->b.b.losses, counted * lanes, n);
    for (int32_t i = 0; i < m->nnamed; i++)
        row_compare(new_row(t, m, arena_printf(arena, "the losses %s (%d steps)", m->named[i].name, steps), t->terms.forward, false),
                    p, p->a.b.named, p->b.b.named, ((size_t)i * k2 + counted) * lanes, n);
}

static void add_states(Comparison *t, Arena *arena, const tl_model *m, const Pair *p, int32_t steps)
{
    size_t lanes = (size_t)tl_lanes(&m->tbptt), first = (size_t)p->a.w.first;
    for (int32_t i = 0; i < m->nstates; i++) {
        size_t size = lanes * tl_size(&m->states[i]), at = m->states[i].offset + (first + 1) * size;
        Row *row = new_row(t, m, arena_printf(arena, "state %s (%d steps)", m->states[i].name, steps),
                           t->terms.forward, false);
        row_compare(row, p, p->a.b.states, p->b.b.states, at, (size_t)steps * size);
    }
}

static void add_state_grads(Comparison *t, Arena *arena, const tl_model *m, const Pair *p, int32_t steps)
{
    size_t lanes = (size_t)tl_lanes(&m->tbptt), first = (size_t)p->a.w.first;
    int32_t from = t->n;
    for (int32_t i = 0; i < m->nstates && m->has_state_grads; i++) {
        size_t size = lanes * tl_size(&m->states[i]), at = m->states[i].offset + first * size;
        Row *row = new_row(t, m, arena_printf(arena, "adjoint of state %s (%d steps)", m->states[i].name, steps),
                           t->terms.backward, true);
        row_compare(row, p, p->a.b.state_grads, p->b.b.state_grads, at, (size_t)(steps + 1) * size);
    }
    set_floor(t, from, sum_of_norms(t, from));
}

static void add_probes(Comparison *t, Arena *arena, const tl_model *m, const Pair *p, int32_t steps, bool adjoints)
{
    size_t lanes = (size_t)tl_lanes(&m->tbptt), first = (size_t)p->a.w.first;
    int32_t from = t->n;
    for (int32_t i = 0; i < m->nprobes; i++) {
        size_t size = lanes * tl_size(&m->probes[i]), at = m->probes[i].offset + first * size;
        Row *row = new_row(t, m, arena_printf(arena, "%s %s (%d steps)", adjoints ? "gradient of probe" : "probe",
                                              m->probes[i].name, steps),
                           adjoints ? t->terms.backward : t->terms.forward, adjoints);
        row_compare(row, p, adjoints ? p->a.b.probe_grads : p->a.b.probes,
                   adjoints ? p->b.b.probe_grads : p->b.b.probes, at, (size_t)steps * size);
    }
    if (adjoints)
        set_floor(t, from, sum_of_norms(t, from));
}

/* Steps that were kept may be one more than were asked for. */
static void add_rows(Comparison *t, Arena *arena, const tl_model *m, const Pair *p)
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

double row_ratio(const Row *r)
{
    return r->c.difference == 0 ? 0 : sqrt(r->c.difference) / fmax(sqrt(r->c.norm), 1e-300);
}

bool row_not_finite(const Row *r) { return r->c.nans + r->c.infinities > 0; }

/* On numbers that are moved a little where `moved` is not 0. */
static int run_pair(Pair *p, const Engine *a, const Engine *b, const Tried *tried, int32_t steps, uint64_t more, uint64_t moved,
                    tl_error *e)
{
    uint64_t seed = (uint64_t)tried->seed + more;
    if (trial_new(&p->a, &a->run, e))
        return -1;
    if (trial_new(&p->b, &b->run, e)) {
        trial_free(&p->a);
        return -1;
    }
    if (tried_fill(tried, &p->a, steps, more, e)) {
        trial_free(&p->a);
        trial_free(&p->b);
        return -1;
    }
    if (moved)
        trial_move(&p->a, seed + moved);
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

int pair_run(Pair *p, const Engine *a, const Engine *b, const Tried *tried, int32_t steps, uint64_t more, tl_error *e)
{
    return run_pair(p, a, b, tried, steps, more, 0, e);
}

void pair_free(Pair *p)
{
    trial_free(&p->a);
    trial_free(&p->b);
}

static char *run_lengths(Comparison *t, Arena *arena, const Engine *a, const Engine *b, const Tried *tried, uint64_t moved)
{
    tl_error e;
    uint64_t more = 0;
    for (int32_t n = tried_first_length(tried, a->model); n; n = tried_next_length(tried, a->model, n, false), more++) {
        Pair p;
        if (run_pair(&p, a, b, tried, n, more, moved, &e))
            return user_sentence("%s: %s", a->model->spec, e.text);
        add_rows(t, arena, a->model, &p);
        pair_free(&p);
    }
    return NULL;
}

/* ---- how far rounding alone moves a result ---- */

/* Windows that are tried; how often the farthest is allowed: generated code's functions are wrong by up to two and a
 * half units in the last place, where libm's are by little more than half of one. */
enum { ROUNDS = 16, TIMES = 15 };

static bool all_within(const Comparison *t)
{
    for (int32_t i = 0; i < t->n; i++)
        if (isfinite(row_ratio(&t->row[i])) && row_ratio(&t->row[i]) > t->row[i].allowed)
            return false;
    return true;
}

/* `rounded`: of the interpreter in single precision with that in double, the same rows. */
static void allow_rounding(Comparison *t, const Comparison *rounded, tl_type real)
{
    for (int32_t i = 0; i < t->n && i < rounded->n; i++) {
        Row *row = &t->row[i];
        double ratio = row_ratio(&rounded->row[i]) * (real == TL_F64 ? 0x1p-29 : 1);
        if (isfinite(ratio))
            row->rounding = fmax(row->rounding, ratio);
        row->allowed = fmax(row->allowed, TIMES * row->rounding);
    }
}

/* Until it explains all rows, or is at its end. */
static char *run_rounded(Comparison *t, Arena *arena, const Engine *single, const Engine *exact, const Tried *tried, tl_type real)
{
    char *error = NULL;
    for (uint64_t moved = 0; !error && moved < ROUNDS && !all_within(t); moved++) {
        Comparison rounded = { .terms = t->terms, .least = t->least };
        error = run_lengths(&rounded, arena, single, exact, tried, moved);
        if (!error)
            allow_rounding(t, &rounded, real);
        comparison_free(&rounded);
    }
    return error;
}

/* Of a model that the other precision does not hold nothing is found. */
static char *find_rounding(Comparison *t, Arena *arena, const Model *m, const Engine *interpreter, const Tried *tried)
{
    char *ignored = NULL, *error = NULL;
    tl_type real = interpreter->model->real;
    Engine *other = all_within(t) ? NULL : engine_beside(m, real == TL_F64 ? TL_F32 : TL_F64, &ignored);
    if (other)
        error = run_rounded(t, arena, real == TL_F64 ? other : interpreter, real == TL_F64 ? interpreter : other, tried, real);
    engine_free(other);
    free(ignored);
    return error;
}

char *comparison_run(Comparison *t, Arena *arena, const Model *m, const Engine *a, const Engine *b, const Tried *tried,
                     double tolerance)
{
    char *error = NULL;
    double least = a->model->real == TL_F64 ? 1e-12 : 2e-6;
    *t = (Comparison){ .exact = tolerance >= 0, .least = tolerance >= 0 ? tolerance : least };
    if (!count_terms(&t->terms, arena, m, &error) || (error = run_lengths(t, arena, a, b, tried, 0)))
        return error;
    return t->exact ? NULL : find_rounding(t, arena, m, b, tried);
}

void comparison_free(Comparison *t) { free(t->row); }

/* ---- what it comes to ---- */

Verdict comparison_judge(const Comparison *t)
{
    Verdict v = { .allowed = t->least, .agree = true, .finite = true };
    for (int32_t i = 0; i < t->n; i++) {
        const Row *r = &t->row[i];
        v.agree &= row_ratio(r) <= r->allowed;
        v.finite &= !row_not_finite(r);
        if (t->exact ? row_ratio(r) > v.worst : row_ratio(r) / r->allowed > v.worst / v.allowed) {
            v.worst = row_ratio(r);
            v.allowed = r->allowed;
        }
    }
    return v;
}
