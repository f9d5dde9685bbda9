#include "optimizer.h"

#include <math.h>
#include <stdlib.h>

#include "buffers.h"
#include "clones.h"
#include "constrain.h"
#include "real.h"

/* What an update has worked out in double before it goes through the elements of a parameter. */
typedef struct Scalars {
    double first, correction, root_correction; /* of all parameters */
    double lr, weight_decay, shrink, step_size; /* of this one */
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
    static const char *const name[] = { "sgd", "adam", "adamw", "rmsprop" };
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
    }
}

tl_optimizer tl_optimizer_over(const tl_model *m, const tl_optimizer_spec *spec, void *moments)
{
    tl_optimizer o = { .model = m, .spec = *spec };
    name_moments(&o);
    for (int32_t i = 0; moments && i < o.nmoments; i++)
        o.moment[i] = tl_real_at(m->real, moments, (size_t)i * m->param_size);
    return o;
}

int tl_optimizer_new(tl_optimizer *o, const tl_model *m, const tl_optimizer_spec *spec,
                     tl_error *e)
{
    *o = tl_optimizer_over(m, spec, NULL);
    size_t count, bytes;
    if (!o->nmoments)
        return 0;
    char *p = NULL;
    if (!__builtin_mul_overflow(m->param_size, (size_t)o->nmoments, &count) &&
        !__builtin_mul_overflow(count, tl_real_size(m->real), &bytes))
        p = tl_aligned(bytes);
    if (!p)
        return tl_fail(e, "%s: no memory for the %d moments of %zu parameters", m->name,
                       (int)o->nmoments, m->param_size);
    *o = tl_optimizer_over(m, spec, p);
    return 0;
}

void tl_optimizer_free(tl_optimizer *o)
{
    free(o->moment[0]); /* the block of all of them */
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

/* By the parameter's factors. */
static void fit(Scalars *k, const tl_optimizer_spec *s, double lr, const tl_rule *r)
{
    k->lr = r ? lr * r->lr : lr;
    k->weight_decay = r ? s->weight_decay * r->weight_decay : s->weight_decay;
    k->step_size = k->lr / k->correction;
    k->shrink = 1 - k->lr * k->weight_decay;
}

static void update_run(tl_optimizer *o, const Scalars *k, size_t at, size_t n, void *params, const void *grads)
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

void tl_optimizer_step(tl_optimizer *o, void *params, const void *grads, double lr,
                       uint64_t update)
{
    const tl_model *m = o->model;
    Scalars k = scalars(&o->spec, update);
    for (int32_t i = 0, to; i < m->nparams; i = to) {
        const tl_tensor *t = &m->params[i];
        to = tl_run_of_params(m, i);
        if (!tl_is_trained(t))
            continue;
        fit(&k, &o->spec, lr, t->rule);
        const tl_tensor *last = &m->params[to - 1];
        update_run(o, &k, t->offset, last->offset + tl_size(last) - t->offset, params, grads);
        tl_constrain(t, m->real, tl_real_at(m->real, params, t->offset));
    }
}
