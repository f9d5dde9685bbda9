#include "optimizer.h"

#include <math.h>
#include <stdlib.h>

#include "buffers.h"
#include "clones.h"
#include "constrain.h"
#include "gauss_newton.h"
#include "real.h"

/* What an update has worked out in double before it goes through the elements of a parameter. */
typedef struct Scalars {
    double first, correction, root_correction; /* of all parameters */
    double lr, weight_decay;                   /* of this one */
} Scalars;

#define REAL float
#define RULE(name) name##_f32
#define SQRT sqrtf
#include "optimizer_rules.inc.h"
#undef REAL
#undef RULE
#undef SQRT

#define REAL double
#define RULE(name) name##_f64
#define SQRT sqrt
#include "optimizer_rules.inc.h"

const char *tl_optimizer_name(tl_optimizer_kind kind)
{
    static const char *const name[] = { TL_EACH_OPTIMIZER(TL_WORD) };
    return name[kind];
}

/* Which moments a rule keeps, in the order in which the rules take them. */
static void name_moments(tl_optimizer *o)
{
    const tl_optimizer_spec *s = &o->spec;
    switch (s->kind) {
    case TL_SGD:
        if (s->momentum != 0)
            o->moment_name[o->nmoments++] = "momentum";
        break;
    case TL_ADAM:
    case TL_ADAMW:
        o->moment_name[o->nmoments++] = "m";
        o->moment_name[o->nmoments++] = "v";
        break;
    case TL_RMSPROP:
        o->moment_name[o->nmoments++] = "v";
        if (s->momentum > 0)
            o->moment_name[o->nmoments++] = "momentum";
        if (s->centered)
            o->moment_name[o->nmoments++] = "mean";
        break;
    case TL_LM:
    case TL_LBFGS:
    case TL_EKF:
    case TL_RIDGE: break; /* what they keep is their own */
    }
}

static double larger(double a, double b) { return a > b ? a : b; }

static double reach_of(double bound) { return isfinite(bound) ? fabs(bound) : 0; }

static tl_strongest find_strongest(const tl_model *m)
{
    tl_strongest most = { .lr = 1, .weight_decay = 1 };
    for (int32_t i = 0; i < m->nparams; i++) {
        const tl_rule *r = m->params[i].rule;
        if (!r || r->trained != TL_TRAINED)
            continue;
        most.lr = larger(most.lr, r->lr);
        most.weight_decay = larger(most.weight_decay, r->weight_decay);
        most.bound = larger(most.bound, larger(reach_of(r->min), reach_of(r->max)));
    }
    return most;
}

tl_optimizer tl_optimizer_over(const tl_model *m, const tl_optimizer_spec *spec, tl_span *spans, void *moments)
{
    tl_optimizer o = { .model = m, .spec = *spec, .strongest = find_strongest(m) };
    name_moments(&o);
    for (int32_t i = 0; moments && i < o.nmoments; i++)
        o.moment[i] = tl_real_at(m->real, moments, (size_t)i * m->param_size);
    if (spans)
        o.spans = tl_spans_over(m, spans);
    return o;
}

/* 0, or the size of all moments; SIZE_MAX: more than there can be. */
static size_t bytes_of_moments(const tl_optimizer *o)
{
    size_t count, bytes;
    if (__builtin_mul_overflow(o->model->param_size, (size_t)o->nmoments, &count) ||
        __builtin_mul_overflow(count, tl_real_size(o->model->real), &bytes))
        return SIZE_MAX;
    return bytes;
}

/* A filter keeps more than moments. */
static int new_filter(tl_optimizer *o, tl_error *e)
{
    size_t n = tl_ekf_size(o->model, &o->spec), bytes;
    double *block = NULL;
    if (tl_ekf_check(o->model, e))
        return -1;
    if (n && !__builtin_mul_overflow(n, sizeof *block, &bytes))
        block = tl_aligned(bytes);
    if (!block)
        return tl_fail(e, "no memory for the covariance of %zu parameters; decoupled = true keeps a block for each node",
                       tl_gauss_newton_columns(o->model));
    o->ekf = tl_ekf_over(o->model, &o->spec, block);
    return 0;
}

int tl_optimizer_new(tl_optimizer *o, const tl_model *m, const tl_optimizer_spec *spec,
                     tl_error *e)
{
    *o = tl_optimizer_over(m, spec, NULL, NULL);
    size_t bytes = bytes_of_moments(o);
    void *moments = bytes ? tl_aligned(bytes) : NULL;
    tl_span *spans = calloc((size_t)m->nparams + 1, sizeof *spans);
    if (spans && (moments || !bytes)) {
        *o = tl_optimizer_over(m, spec, spans, moments);
        return spec->kind == TL_EKF ? new_filter(o, e) : 0;
    }
    free(moments);
    free(spans);
    return tl_fail(e, "%s: no memory for the %d moments of %zu parameters", m->name, (int)o->nmoments, m->param_size);
}

void tl_optimizer_free(tl_optimizer *o)
{
    free(o->moment[0]); /* the block of all of them */
    free((void *)(uintptr_t)o->spans.span);
    free(o->ekf.p); /* the block of all that it keeps */
    *o = (tl_optimizer){ 0 };
}

static Scalars scalars(const tl_optimizer_spec *s, uint64_t update)
{
    double t = (double)update + 1;
    Scalars k = { .first = update == 0, .correction = 1 };
    if (s->kind == TL_ADAM || s->kind == TL_ADAMW) {
        k.correction = 1 - pow(s->beta1, t);
        k.root_correction = sqrt(1 - pow(s->beta2, t));
    }
    return k;
}

static void update_span(tl_optimizer *o, const Scalars *k, size_t at, size_t n, void *params, const void *grads)
{
    tl_type real = o->model->real;
    void *moment[TL_MAX_MOMENTS] = { 0 };
    for (int32_t j = 0; j < o->nmoments; j++)
        moment[j] = tl_real_at(real, o->moment[j], at);
    if (real == TL_F64)
        update_f64(&o->spec, k, n, (double *)params + at, (const double *)grads + at, moment);
    else
        update_f32(&o->spec, k, n, (float *)params + at, (const float *)grads + at, moment);
}

/* SGD with nothing but a rate. The bits are those of its rule: what is finite, times 0, added, changes no parameter. */
static void descend(tl_type real, double lr, size_t at, size_t n, void *params, const void *grads)
{
    if (real == TL_F64)
        descend_f64(lr, n, (double *)params + at, (const double *)grads + at);
    else
        descend_f32((float)lr, n, (float *)params + at, (const float *)grads + at);
}

void tl_optimizer_step(tl_optimizer *o, void *params, const void *grads, double lr,
                       uint64_t update)
{
    const tl_model *m = o->model;
    Scalars k = scalars(&o->spec, update);
    int plain = o->spec.kind == TL_SGD && !o->nmoments;
    for (int32_t i = 0; i < o->spans.count; i++) {
        const tl_span *s = &o->spans.span[i];
        const tl_rule *r = s->of->rule;
        k.lr = r ? lr * r->lr : lr;
        k.weight_decay = r ? o->spec.weight_decay * r->weight_decay : o->spec.weight_decay;
        if (plain && k.weight_decay == 0)
            descend(m->real, k.lr, s->at, s->n, params, grads);
        else
            update_span(o, &k, s->at, s->n, params, grads);
        if (r)
            tl_constrain(s->of, m->real, tl_real_at(m->real, params, s->at));
    }
}
