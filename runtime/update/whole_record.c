#include "whole_record.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "buffers.h"
#include "clones.h"
#include "constrain.h"
#include "real.h"
#include "training.h"

/* ---- the methods ---- */

typedef struct Method {
    /* Doubles that it needs; SIZE_MAX: more than there can be. */
    size_t (*size)(const tl_training *);
    /* Places them: zeros. */
    void (*begin)(tl_training *, double *block);
    /* From whole.at to a lower cost, of which whole.at is then, and whole.step, and the training's lr: 1; 0: it found
     * none, and the parameters are as they were; -1. */
    int (*iterate)(tl_training *, tl_error *);
    /* tl_whole_record_remembered and _fits. */
    int (*remembered)(const tl_training *, int32_t i, double **vector);
    int (*fits)(tl_training *);
} Method;

static const Method methods[] = {
    [TL_LBFGS] = { tl_lbfgs_size, tl_lbfgs_begin, tl_lbfgs_iterate, tl_lbfgs_remembered,
                   tl_lbfgs_fits },
    [TL_LM] = { tl_lm_size, tl_lm_begin, tl_lm_iterate, tl_lm_remembered, tl_lm_fits },
    [TL_EKF] = { 0 },
    [TL_RIDGE] = { tl_lm_size, tl_lm_begin, tl_ridge_iterate, tl_ridge_remembered, tl_lm_fits },
};

static const Method *method_of(const tl_training *t) { return &methods[t->spec.optimizer.kind]; }

/* ---- what it is for ---- */

static int check_rules(const tl_model *m, const char *kind, tl_error *e)
{
    for (int32_t i = 0; i < m->nparams; i++)
        if (tl_is_trained(&m->params[i]) && m->params[i].rule && m->params[i].rule->lr != 1)
            return tl_fail(e, "the parameter %s has lr = %g, a factor of the optimizer's learning rate, and %s has "
                           "none: leave it out, or freeze the parameter with trainable = false", m->params[i].name,
                           m->params[i].rule->lr, kind);
    return 0;
}

/* A solution may lie beyond them, and then the best within is another. */
static int check_bounds(const tl_model *m, tl_error *e)
{
    for (int32_t i = 0; i < m->nparams; i++) {
        const tl_rule *r = m->params[i].rule;
        if (r && r->trained == TL_TRAINED && (isfinite(r->min) || isfinite(r->max) || r->max_norm > 0))
            return tl_fail(e, "the parameter %s is constrained, and ridge solves without bounds: lm holds them",
                           m->params[i].name);
    }
    return 0;
}

static int check(const tl_training *t, tl_error *e)
{
    const tl_model *m = t->engine->model;
    const char *kind = tl_optimizer_name(t->spec.optimizer.kind);
    if (t->buffers.exchange)
        return tl_fail(e, "%s runs in one process, whose threads share the shards (--threads): adam and the like can "
                       "run in several", kind);
    if (m->tbptt.carry)
        return tl_fail(e, "every iteration of %s begins at the initial state: leave out tbptt.carry", kind);
    if (check_rules(m, kind, e) || (t->spec.optimizer.kind == TL_RIDGE && check_bounds(m, e)))
        return -1;
    return tl_has_equations(t->spec.optimizer.kind) ? tl_lm_check(t, e) : 0;
}

int tl_whole_record_new(tl_training *t, tl_error *e)
{
    const tl_model *m = t->engine->model;
    const tl_optimizer_spec *s = &t->spec.optimizer;
    tl_whole_record *w = &t->whole;
    size_t real = tl_real_size(m->real), n, bytes;
    if (!tl_is_whole_record(s->kind))
        return 0;
    if (check(t, e))
        return -1;
    n = method_of(t)->size(t);
    if (!__builtin_add_overflow(n, m->param_size, &n) && !__builtin_mul_overflow(n, sizeof(double), &bytes)) {
        w->block = tl_aligned(bytes);
        w->best = s->patience ? tl_aligned(m->param_size * real) : NULL;
    }
    if (!w->block || (s->patience && !w->best))
        return tl_fail(e, "%s: no memory for what %s remembers of %zu parameters", m->name, tl_optimizer_name(s->kind),
                       m->param_size);
    w->at.grad = w->block;
    method_of(t)->begin(t, w->block + m->param_size);
    return tl_has_equations(s->kind) ? tl_lm_look_new(t, e) : 0;
}

void tl_whole_record_free(tl_whole_record *w)
{
    tl_lm_free(&w->lm);
    free(w->block);
    free(w->best);
}

int tl_whole_record_remembered(const tl_training *t, int32_t i, double **vector)
{
    return tl_is_whole_record(t->spec.optimizer.kind) && method_of(t)->remembered(t, i, vector);
}

int tl_whole_record_fits(tl_training *t) { return method_of(t)->fits(t); }

void tl_whole_record_forget(tl_training *t)
{
    t->whole.known = 0;
    memset(t->whole.number, 0, sizeof t->whole.number);
}

static size_t bytes_of_params(const tl_model *m) { return m->param_size * tl_real_size(m->real); }

void tl_whole_record_keep(tl_training *t)
{
    if (t->whole.best)
        memcpy(t->whole.best, t->buffers.params, bytes_of_params(t->engine->model));
}

void tl_whole_record_best(tl_training *t)
{
    if (!t->whole.best)
        return;
    memcpy(t->buffers.params, t->whole.best, bytes_of_params(t->engine->model));
    tl_whole_record_forget(t);
    tl_training_start(t);
}

/* ---- an end ---- */

static const char *const words[] = { TL_EACH_STOP(TL_WORD) };

const char *tl_stop_word(tl_stop stop) { return words[stop]; }

tl_stop tl_stop_of_word(const char *word)
{
    for (size_t i = 0; word && i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], word) == 0)
            return (tl_stop)i;
    return TL_STOP_NOT;
}

const char *tl_stop_sentence(tl_stop stop)
{
    static const char *const sentences[] = {
        [TL_STOP_NOT] = "it has not ended",
        [TL_STOP_GRADIENT] = "no element of the gradient is larger than tol_gradient",
        [TL_STOP_STEP] = "the last step was shorter than tol_step times the parameters",
        [TL_STOP_COST] = "the last step lowered the cost by no more than tol_cost times the cost",
        [TL_STOP_NO_DECREASE] = "no step lowers the cost, as far as rounding lets one see",
        [TL_STOP_SOLVED] = "the equations are solved",
        [TL_STOP_PATIENCE] = "patience is at its end, and the parameters are those of the lowest held-out loss",
    };
    return sentences[stop];
}

/* The largest that could still lower the cost. */
static double largest_element(const tl_training *t)
{
    const tl_spans *s = &t->optimizer.spans;
    double most = 0;
    for (int32_t i = 0; i < s->count; i++)
        for (size_t at = s->span[i].at; at < s->span[i].at + s->span[i].n; at++) {
            double g = t->whole.at.grad[at];
            if (fabs(g) > most &&
                !tl_whole_record_held(s->real, s->span[i].of->rule, tl_real_get(s->real, t->buffers.params, at), g))
                most = fabs(g);
        }
    return most;
}

static double norm_of_params(const tl_training *t)
{
    const tl_spans *s = &t->optimizer.spans;
    double sum = 0;
    for (int32_t i = 0; i < s->count; i++)
        for (size_t at = s->span[i].at; at < s->span[i].at + s->span[i].n; at++) {
            double x = tl_real_get(s->real, t->buffers.params, at);
            sum += x * x;
        }
    return sqrt(sum);
}

static tl_stop why_end(const tl_training *t, double before)
{
    const tl_optimizer_spec *s = &t->spec.optimizer;
    const tl_whole_record *w = &t->whole;
    if (s->kind == TL_RIDGE)
        return TL_STOP_SOLVED;
    if (largest_element(t) <= s->tol_gradient)
        return TL_STOP_GRADIENT;
    if (w->step <= s->tol_step * (norm_of_params(t) + s->tol_step))
        return TL_STOP_STEP;
    return before - w->at.cost <= s->tol_cost * fabs(before) ? TL_STOP_COST : TL_STOP_NOT;
}

/* ---- an iteration ---- */

int tl_whole_record_try(tl_training *t, tl_error *e)
{
    int anomaly = t->anomaly;
    t->anomaly = 0;
    t->whole.evaluations++;
    int bad = tl_objective_at(t, &t->whole.at, e);
    t->anomaly = anomaly;
    return bad;
}

/* Cost and gradient where it begins. */
static int look(tl_training *t, tl_error *e)
{
    tl_whole_record *w = &t->whole;
    if (w->known)
        return 0;
    w->evaluations++;
    if (tl_objective_at(t, &w->at, e))
        return -1;
    w->known = 1;
    if (w->at.finite)
        return 0;
    w->known = 0;
    return tl_fail(e, "update %" PRIu64 ": the cost of the data is %g, and it or its gradient is not finite, before "
                   "any step is taken: begin with smaller parameters; tapeless train SPEC --anomaly finds the operation",
                   t->cursor.update + 1, w->at.cost);
}

static void tell(tl_training *t)
{
    t->loss = t->whole.at.loss;
    t->norm = sqrt(tl_dot(t->whole.at.grad, t->whole.at.grad, t->engine->model->param_size));
}

int tl_whole_record_update(tl_training *t, tl_error *e)
{
    tl_whole_record *w = &t->whole;
    t->updated = 0;
    if (look(t, e))
        return -1;
    tell(t);
    if (largest_element(t) <= t->spec.optimizer.tol_gradient) {
        w->stop = TL_STOP_GRADIENT;
        return 0;
    }
    double before = w->at.cost;
    t->updated = method_of(t)->iterate(t, e);
    tl_training_start(t); /* of the parameters that there are now: learned states */
    if (t->updated < 0)
        return -1;
    w->stop = t->updated ? why_end(t, before) : TL_STOP_NO_DECREASE;
    tell(t);
    return 0;
}

/* ---- for methods ---- */

int tl_whole_record_held(tl_type real, const tl_rule *r, double x, double gradient)
{
    if (!r)
        return 0;
    double min = real == TL_F64 ? r->min : (double)(float)r->min, max = real == TL_F64 ? r->max : (double)(float)r->max;
    return (x <= min && gradient > 0) || (x >= max && gradient < 0);
}

int tl_whole_record_move(tl_training *t, const double *from, const double *direction, double by)
{
    const tl_spans *s = &t->optimizer.spans;
    void *params = t->buffers.params;
    int finite = 1;
    for (int32_t i = 0; i < s->count; i++) {
        size_t at = s->span[i].at;
        for (size_t end = at + s->span[i].n; at < end; at++) {
            tl_real_set(s->real, params, at, from[at] + by * direction[at]);
            finite = finite && isfinite(tl_real_get(s->real, params, at));
        }
        if (s->span[i].of->rule)
            tl_constrain(s->span[i].of, s->real, tl_real_at(s->real, params, s->span[i].at));
    }
    return finite;
}

void tl_whole_record_get(const tl_training *t, double *to)
{
    const tl_spans *s = &t->optimizer.spans;
    for (int32_t i = 0; i < s->count; i++)
        for (size_t at = s->span[i].at; at < s->span[i].at + s->span[i].n; at++)
            to[at] = tl_real_get(s->real, t->buffers.params, at);
}

enum { SUMS = 16 }; /* partial sums, so that additions need not wait for each other */

TL_CLONES double tl_dot(const double *a, const double *b, size_t n)
{
    double s[SUMS] = { 0 }, sum = 0;
    size_t i = 0;
    for (; i + SUMS <= n; i += SUMS)
        for (size_t j = 0; j < SUMS; j++)
            s[j] += a[i + j] * b[i + j];
    for (; i < n; i++)
        sum += a[i] * b[i];
    for (size_t j = 0; j < SUMS; j++)
        sum += s[j];
    return sum;
}
