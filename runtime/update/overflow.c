#include "overflow.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "finite.h"
#include "param.h"
#include "real.h"

enum { PIECE = 256 }; /* elements tried at a time */

/* ---- what numbers can become ---- */

/* Far enough below the largest number for the rounding of every operation on the way. */
static double limit(tl_type real) { return real == TL_F64 ? DBL_MAX / 1e6 : FLT_MAX / 1e6; }

/* As the rules see it. */
static double rounded(tl_type real, double x) { return real == TL_F64 ? x : (double)(float)x; }

static double larger(double a, double b) { return a > b ? a : b; }

/* A bound of the parameters and one of the moments after an update, given those before it and one of the
 * gradients. Coarse: they are compared with 1e32. One for both would grow by 1 / eps at each update of Adam. The
 * rules are those of optimizer_rules.inc.h. */
static inline tl_bounds reach(const tl_optimizer *o, tl_bounds before, double grad, double base_lr)
{
    const tl_optimizer_spec *s = &o->spec;
    const tl_strongest *most = &o->strongest;
    double lr = base_lr * most->lr, decay = s->weight_decay * most->weight_decay;
    double w = before.params * (1 + lr * decay);
    double d = s->kind == TL_ADAMW ? grad : grad + decay * w, size = lr, step;
    double moments = larger(before.moments, larger(d, d * d)) * (1 + 1e-6); /* means of d and d^2; rounding */
    double eps = s->eps < 1 ? rounded(o->model->real, s->eps) : 1;
    switch (s->kind) {
    case TL_SGD:
        moments = before.moments + d * (1 + s->dampening);
        step = d + moments;
        break;
    case TL_RMSPROP:
        step = moments + d / eps;
        moments = s->momentum > 0 ? step : moments;
        break;
    default:
        step = moments / eps;
        size = lr / (1 - s->beta1);
    }
    return (tl_bounds){ .known = 1, .params = larger(larger(w + size * step, size), most->bound),
                        .moments = moments };
}

/* Whether no result of the update can be anything but finite. The root of a centred RMSProp can be of less
 * than 0, by rounding, whatever the size of the numbers. */
static int is_safe(const tl_optimizer *o, tl_bounds b)
{
    return b.known && b.params < limit(o->model->real) && b.moments < limit(o->model->real) &&
           !(o->spec.kind == TL_RMSPROP && o->spec.centered);
}

#define LARGEST(NAME, REAL)                                                                       \
    static double NAME(const REAL *p, size_t n)                                                   \
    {                                                                                             \
        REAL m[8] = { 0 };                                                                        \
        size_t i = 0;                                                                             \
        for (; i + 8 <= n; i += 8)                                                                \
            for (size_t j = 0; j < 8; j++)                                                        \
                m[j] = p[i + j] > m[j] ? p[i + j] : -p[i + j] > m[j] ? -p[i + j] : m[j];          \
        for (; i < n; i++)                                                                        \
            m[0] = p[i] > m[0] ? p[i] : -p[i] > m[0] ? -p[i] : m[0];                              \
        for (size_t j = 1; j < 8; j++)                                                            \
            m[0] = m[j] > m[0] ? m[j] : m[0];                                                     \
        return m[0];                                                                              \
    }

LARGEST(largest_f32, float)
LARGEST(largest_f64, double)

static double largest(const tl_model *m, const void *block)
{
    double most = 0;
    for (int32_t i = 0; i < m->nparams; i++) {
        const void *p = tl_real_at_const(m->real, block, m->params[i].offset);
        size_t n = tl_param_extent(&m->params[i]);
        most = fmax(most, m->real == TL_F64 ? largest_f64(p, n) : largest_f32(p, n));
    }
    return most;
}

static tl_bounds measure(const tl_optimizer *o, const void *params)
{
    tl_bounds b = { .known = 1, .params = largest(o->model, params) };
    for (int32_t j = 0; j < o->nmoments; j++)
        b.moments = fmax(b.moments, largest(o->model, o->moment[j]));
    return b;
}

/* ---- the trial ---- */

typedef struct Trial {
    tl_optimizer *o;
    const void *params, *grads;
    double lr;
    uint64_t update;
    tl_error *e;
} Trial;

/* At `place` of the blocks. */
static int found(const Trial *t, size_t place, const char *what, double becomes)
{
    const tl_model *m = t->o->model;
    char at[160];
    size_t i;
    const tl_tensor *p = tl_param_there(m, place, &i);
    tl_place_text(at, sizeof at, p, i);
    return tl_fail(t->e, "update %" PRIu64 ": %s%s%s would become %g (%s%s is %g, its gradient %g); a smaller "
                   "learning rate or clip_norm may help", t->update + 1, what, p->name, at, becomes,
                   p->name, at, tl_real_get(m->real, t->params, place), tl_real_get(m->real, t->grads, place));
}

/* Elements from .. from + n - 1 of what stands at p's offset, as a model of these alone. */
static int try_piece(const Trial *t, const tl_tensor *p, size_t from, size_t n)
{
    _Alignas(TL_ALIGN) double copy[1 + TL_MAX_MOMENTS][PIECE];
    tl_model piece = *t->o->model;
    tl_tensor elements = { .name = p->name, .rank = 1, .dim = { (int32_t)n }, .type = p->type };
    tl_rule rule; /* without its constraints, which are of whole rows, and could hide what they mend */
    if (p->rule) {
        rule = (tl_rule){ p->rule->trained, p->rule->lr, p->rule->weight_decay, -INFINITY, INFINITY, 0 };
        elements.rule = &rule;
    }
    size_t at = p->offset + from, bytes = n * tl_real_size(piece.real);
    piece.params = &elements;
    piece.nparams = 1;
    piece.param_size = n;
    tl_optimizer o = *t->o;
    const tl_span whole = { &elements, 0, n };
    o.spans = (tl_spans){ piece.real, tl_is_trained(p), &whole };
    o.model = &piece;
    memcpy(copy[0], tl_real_at_const(piece.real, t->params, at), bytes);
    for (int32_t j = 0; j < o.nmoments; j++)
        o.moment[j] = memcpy(copy[1 + j], tl_real_at(piece.real, t->o->moment[j], at), bytes);
    tl_optimizer_step(&o, copy[0], tl_real_at_const(piece.real, t->grads, at), t->lr, t->update);
    for (int32_t j = -1; j < o.nmoments; j++) {
        const void *result = copy[1 + j];
        size_t i = tl_not_finite(piece.real, result, 0, n);
        if (i < n)
            return found(t, at + i, j < 0 ? "the parameter " : "a moment of ",
                         tl_real_get(piece.real, result, i));
    }
    return 0;
}

static int try_all(const Trial *t)
{
    const tl_model *m = t->o->model;
    for (int32_t i = 0; i < m->nparams; i++)
        for (size_t from = 0, n = tl_param_extent(&m->params[i]); from < n; from += PIECE)
            if (try_piece(t, &m->params[i], from, n - from < PIECE ? n - from : PIECE))
                return -1;
    return 0;
}

/* Where a bound carried from before does not tell. */
__attribute__((noinline)) static int look_closer(const Trial *t, double norm)
{
    tl_bounds after = reach(t->o, measure(t->o, t->params), norm, t->lr);
    after.known = is_safe(t->o, after);
    t->o->bounds = after;
    return after.known ? 0 : try_all(t);
}

int tl_overflow_check(tl_optimizer *o, const void *params, const void *grads, double norm, double lr,
                      uint64_t update, tl_error *e)
{
    if (o->bounds.known) {
        const tl_bounds after = reach(o, o->bounds, norm, lr);
        if (is_safe(o, after)) {
            o->bounds = after;
            return 0;
        }
    }
    const Trial t = { o, params, grads, lr, update, e };
    return look_closer(&t, norm);
}
