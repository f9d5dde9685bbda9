#include "objective.h"

#include <math.h>
#include <string.h>

#include "clones.h"
#include "real.h"
#include "training.h"
#include "window.h"

typedef struct Sum {
    tl_training *t;
    tl_objective *to;
    double weight; /* of all windows so far */
} Sum;

/* ---- is it truncated? ---- */

/* Whether in this lane the first step that counts is of a sequence that began before the window. */
static int reaches_back(const tl_model *m, const tl_buffers *b, int32_t first, int32_t fresh, size_t lane)
{
    size_t lanes = (size_t)tl_lanes(&m->tbptt), k2 = (size_t)m->tbptt.k2;
    size_t t = (size_t)tl_window_counted(m, first, fresh);
    while (t < k2 && tl_real_get(m->real, b->weight, t * lanes + lane) == 0)
        t++;
    for (size_t at = (size_t)first; at <= t && t < k2 && b->reset; at++)
        if (tl_real_get(m->real, b->reset, at * lanes + lane) != 0)
            return 0;
    return t < k2;
}

/* A window over the first of all steps, or from where all lanes start, is exact whatever the flags say. So is what RTRL
 * carries, and what SNAP1 and IMMEDIATE leave out is missing in any window of more than one step. */
static int is_truncated(const tl_training *t, const tl_update *u)
{
    const tl_model *m = t->engine->model;
    if (m->tbptt.learn != TL_LEARN_TBPTT)
        return m->tbptt.learn == TL_LEARN_SNAP1 || m->tbptt.learn == TL_LEARN_IMMEDIATE;
    int32_t first = m->tbptt.k2 - u->kept - u->fresh;
    uint64_t oldest = u->tick - (uint64_t)(u->kept + u->fresh); /* steps before it; the sweep counts ticks from 0 */
    if (!m->nstates || oldest == 0 || tl_series_starts(t->data, oldest))
        return 0;
    for (int32_t i = 0; i < tl_shards(&m->tbptt); i++)
        for (size_t lane = 0; lane < (size_t)tl_lanes(&m->tbptt); lane++)
            if (reaches_back(m, tl_shard(&t->buffers, i), first, u->fresh, lane))
                return 1;
    return 0;
}

/* ---- the sum over windows ---- */

#define ADD(SUFFIX, REAL)                                                                         \
    TL_CLONES static void add_##SUFFIX(double *restrict to, const REAL *restrict from, size_t n, double by) \
    {                                                                                             \
        for (size_t i = 0; i < n; i++)                                                            \
            to[i] += by * (double)from[i];                                                        \
    }

ADD(f32, float)
ADD(f64, double)

static void add_gradient(const tl_spans *s, double *to, const void *grads, double by)
{
    for (int32_t i = 0; i < s->count; i++) {
        size_t at = s->span[i].at, n = s->span[i].n;
        if (s->real == TL_F64)
            add_f64(to + at, (const double *)grads + at, n, by);
        else
            add_f32(to + at, (const float *)grads + at, n, by);
    }
}

/* The gradient is then made of these. */
static int has_rows(const tl_training *t) { return tl_has_equations(t->spec.optimizer.kind); }

/* Loss and gradient of a window are divided by its own weights with reduce "mean". */
static int add_window(tl_update *u, void *context, tl_error *e)
{
    Sum *s = context;
    double weight, by;
    if (tl_update_measure(u, &weight, e))
        return -1;
    by = s->t->engine->model->tbptt.reduce == TL_REDUCE_MEAN ? weight : 1;
    s->to->finite = s->to->finite && u->sound;
    if (weight == 0)
        return 0;
    s->weight += weight;
    s->to->loss += by * u->loss;
    if (has_rows(s->t))
        tl_lm_take(s->t, u, by);
    else
        add_gradient(&s->t->optimizer.spans, s->to->grad, u->buffers->grads, by);
    s->to->truncated = s->to->truncated || is_truncated(s->t, u);
    return 1;
}

/* ---- the rest ---- */

static void divide(const tl_model *m, tl_objective *o, double by)
{
    o->loss /= by;
    for (size_t i = 0; i < m->param_size; i++)
        o->grad[i] /= by;
}

static void add_l2(const tl_training *t, tl_objective *o, double l2)
{
    const tl_spans *s = &t->optimizer.spans;
    double sum = 0;
    for (int32_t i = 0; i < s->count; i++) {
        double by = s->span[i].of->rule ? l2 * s->span[i].of->rule->weight_decay : l2;
        for (size_t at = s->span[i].at; at < s->span[i].at + s->span[i].n; at++) {
            double x = tl_real_get(s->real, t->buffers.params, at);
            sum += 0.5 * by * x * x;
            o->grad[at] += by * x;
        }
    }
    o->cost += sum;
}

int tl_objective_at(struct tl_training *t, tl_objective *o, tl_error *e)
{
    const tl_model *m = t->engine->model;
    Sum s = { t, o, 0 };
    *o = (tl_objective){ .grad = o->grad, .finite = 1 };
    memset(o->grad, 0, m->param_size * sizeof *o->grad);
    if (has_rows(t))
        tl_lm_clear(t);
    if (tl_training_sweep(t, add_window, &s, e))
        return -1;
    if (s.weight == 0)
        return tl_training_nothing_counts(t, e);
    if (m->tbptt.reduce == TL_REDUCE_MEAN)
        divide(m, o, s.weight);
    if (has_rows(t))
        tl_lm_finish(t, m->tbptt.reduce == TL_REDUCE_MEAN ? s.weight : 1, o->grad);
    o->cost = o->loss;
    add_l2(t, o, t->spec.optimizer.l2);
    o->finite = o->finite && isfinite(o->cost);
    return 0;
}
