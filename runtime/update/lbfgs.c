#include "lbfgs.h"

#include <math.h>
#include <string.h>

#include "clones.h"
#include "real.h"
#include "training.h"

/* ---- what it keeps ---- */

enum { WORK = 3 }; /* vectors beside the pairs: start, begun, direction */

size_t tl_lbfgs_size(const tl_training *t)
{
    size_t n, history = (size_t)t->spec.optimizer.history;
    if (__builtin_mul_overflow(2 * history + WORK, t->engine->model->param_size, &n) || __builtin_add_overflow(n, 2 * history, &n))
        return SIZE_MAX;
    return n;
}

static int is_bounded(const tl_model *m)
{
    for (int32_t i = 0; i < m->nparams; i++) {
        const tl_rule *r = m->params[i].rule;
        if (r && r->trained == TL_TRAINED && (r->min > -INFINITY || r->max < INFINITY || r->max_norm > 0))
            return 1;
    }
    return 0;
}

void tl_lbfgs_begin(tl_training *t, double *block)
{
    const tl_model *m = t->engine->model;
    size_t n = m->param_size, history = (size_t)t->spec.optimizer.history;
    double *work = block + 2 * history * n, *rest = work + WORK * n;
    t->whole.lbfgs = (tl_lbfgs){ .pair = block, .start = work, .begun = work + n, .direction = work + 2 * n,
                                 .rho = rest, .alpha = rest + history, .bounded = is_bounded(m) };
}

static int32_t pairs(const tl_training *t) { return (int32_t)t->whole.number[TL_LBFGS_PAIRS]; }

/* y of a pair stands behind its s. */
static double *step_of(const tl_training *t, int32_t slot)
{
    return t->whole.lbfgs.pair + 2 * (size_t)slot * t->engine->model->param_size;
}

static double *change_of(const tl_training *t, int32_t slot)
{
    return step_of(t, slot) + t->engine->model->param_size;
}

/* Slot of the i-th newest pair. */
static int32_t newest(const tl_training *t, int32_t i)
{
    int32_t history = (int32_t)t->spec.optimizer.history, next = (int32_t)t->whole.number[TL_LBFGS_NEXT];
    return (next - 1 - i + 2 * history) % history;
}

/* The ring is filled from its first slot on, so the vectors in use are the first ones. */
int tl_lbfgs_remembered(const tl_training *t, int32_t i, double **vector)
{
    if (i < 2 * pairs(t))
        *vector = t->whole.lbfgs.pair + (size_t)i * t->engine->model->param_size;
    return i < 2 * pairs(t);
}

static int is_whole(double x, int64_t most) { return x >= 0 && x <= (double)most && x == floor(x); }

int tl_lbfgs_fits(tl_training *t)
{
    const double *n = t->whole.number;
    int64_t history = t->spec.optimizer.history;
    if (n[TL_LBFGS_PAIRS] > 0 && n[TL_LBFGS_HISTORY] != (double)history && is_whole(n[TL_LBFGS_HISTORY], 1000))
        tl_whole_record_forget(t);
    return is_whole(n[TL_LBFGS_PAIRS], history) && is_whole(n[TL_LBFGS_NEXT], history - 1);
}

/* ---- the direction ---- */

TL_CLONES static void add(double *restrict to, const double *restrict x, double by, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] += by * x[i];
}

TL_CLONES static void scale(double *x, double by, size_t n)
{
    for (size_t i = 0; i < n; i++)
        x[i] *= by;
}

/* 0 where a bound is in the way. */
static void free_elements(const tl_training *t, double *v)
{
    const tl_spans *s = &t->optimizer.spans;
    const tl_lbfgs *l = &t->whole.lbfgs;
    for (int32_t i = 0; l->bounded && i < s->count; i++)
        for (size_t at = s->span[i].at; at < s->span[i].at + s->span[i].n; at++)
            if (tl_whole_record_held(s->real, s->span[i].of->rule, l->start[at], l->begun[at]))
                v[at] = 0;
}

/* -H g, by the two loops; returns its product with g, below 0. */
static double find_direction(tl_training *t)
{
    tl_lbfgs *l = &t->whole.lbfgs;
    size_t n = t->engine->model->param_size;
    double *d = l->direction;
    for (size_t i = 0; i < n; i++)
        d[i] = -l->begun[i];
    free_elements(t, d);
    for (int32_t i = 0; i < pairs(t); i++) {
        int32_t slot = newest(t, i);
        double sy = tl_dot(step_of(t, slot), change_of(t, slot), n);
        l->rho[slot] = 1 / sy;
        l->alpha[slot] = tl_dot(step_of(t, slot), d, n) / sy;
        add(d, change_of(t, slot), -l->alpha[slot], n);
        if (i == pairs(t) - 1) {
            const double *y = change_of(t, newest(t, 0));
            scale(d, 1 / (l->rho[newest(t, 0)] * tl_dot(y, y, n)), n);
        }
    }
    for (int32_t i = pairs(t) - 1; i >= 0; i--) {
        int32_t slot = newest(t, i);
        double beta = l->rho[slot] * tl_dot(change_of(t, slot), d, n);
        add(d, step_of(t, slot), l->alpha[slot] - beta, n);
    }
    free_elements(t, d);
    return tl_dot(d, l->begun, n);
}

/* ---- the line search ---- */

static const double c1 = 1e-4, c2 = 0.9;
enum { MOST_TRIALS = 30 };

/* A point of the line: its cost, and the derivative along it. */
typedef struct Point {
    double a, cost, slope;
} Point;

typedef struct Search {
    tl_training *t;
    double cost, slope; /* where it begins */
    Point low, high;    /* the lowest that satisfies the first condition; the other end of where the second may hold */
    int closed;         /* `high` is there */
    tl_error *e;
} Search;

/* Of how much the cost would fall to first order by the step that was made, which bounds may have shortened. */
static double promised(const Search *s, double a)
{
    const tl_training *t = s->t;
    const tl_spans *spans = &t->optimizer.spans;
    const tl_lbfgs *l = &t->whole.lbfgs;
    double sum = 0;
    if (!l->bounded)
        return a * s->slope;
    for (int32_t i = 0; i < spans->count; i++)
        for (size_t at = spans->span[i].at; at < spans->span[i].at + spans->span[i].n; at++)
            sum += l->begun[at] * (tl_real_get(spans->real, t->buffers.params, at) - l->start[at]);
    return sum;
}

/* A cost that is not finite is too high. */
static int try(Search *s, double a, Point *p)
{
    tl_training *t = s->t;
    tl_whole_record *w = &t->whole;
    *p = (Point){ a, INFINITY, NAN };
    if (!tl_whole_record_move(t, w->lbfgs.start, w->lbfgs.direction, a))
        return 0;
    if (tl_whole_record_try(t, s->e))
        return -1;
    if (w->at.finite)
        *p = (Point){ a, w->at.cost, tl_dot(w->at.grad, w->lbfgs.direction, t->engine->model->param_size) };
    return 0;
}

/* Where the cubic through both points with their slopes is lowest; NaN: nowhere. (3.59) */
static double cubic(const Point *x, const Point *y)
{
    double d1 = x->slope + y->slope - 3 * (x->cost - y->cost) / (x->a - y->a), root = d1 * d1 - x->slope * y->slope;
    double d2 = copysign(sqrt(root), y->a - x->a);
    return y->a - (y->a - x->a) * (y->slope + d2 - d1) / (y->slope - x->slope + 2 * d2);
}

static double clamp(double x, double from, double to, double otherwise)
{
    return isnan(x) ? otherwise : fmin(fmax(x, from), to);
}

/* Between the two ends, not too near to either; where there is one end alone, beyond it. */
static double next_length(const Search *s, const Point *before)
{
    double from = s->low.a, to = s->high.a;
    if (!s->closed)
        return clamp(cubic(before, &s->low), 2 * from, 10 * from, 4 * from);
    if (!isfinite(s->high.cost))
        return from + 0.2 * (to - from);
    double near = from + 0.1 * (to - from), far = from + 0.9 * (to - from);
    return clamp(cubic(&s->low, &s->high), fmin(near, far), fmax(near, far), 0.5 * (from + to));
}

/* Takes a point in: 1 if it is good enough. */
static int take(Search *s, const Point *p)
{
    int lower = p->cost <= s->cost + c1 * promised(s, p->a) && p->cost < s->cost;
    if (!lower || p->cost >= s->low.cost) {
        s->high = *p;
        s->closed = 1;
        return 0;
    }
    if (s->t->whole.lbfgs.bounded || fabs(p->slope) <= -c2 * s->slope) {
        s->low = *p;
        return 1;
    }
    if (p->slope * (s->closed ? s->high.a - s->low.a : 1) >= 0) {
        s->high = s->low;
        s->closed = 1;
    }
    s->low = *p;
    return 0;
}

/* From a length on. 1: the parameters and whole.at are of a lower cost, at low.a; 0: it found none. */
static int search(Search *s, double a)
{
    Point p, before;
    s->low = (Point){ 0, s->cost, s->slope };
    for (int i = 0; i < MOST_TRIALS; i++) {
        before = s->low;
        if (try(s, a, &p))
            return -1;
        if (take(s, &p))
            return 1;
        if (s->closed && fabs(s->high.a - s->low.a) <= 1e-15 * fabs(s->high.a))
            break;
        a = next_length(s, &before);
    }
    if (s->low.a == 0)
        return 0;
    return try(s, s->low.a, &p) ? -1 : 1; /* not the last one that was tried */
}

/* ---- an iteration ---- */

/* The first step has no curvature to go by. */
static double first_length(const tl_training *t)
{
    const tl_lbfgs *l = &t->whole.lbfgs;
    double norm = sqrt(tl_dot(l->direction, l->direction, t->engine->model->param_size));
    return pairs(t) ? 1 : fmin(1, 1 / norm);
}

static int descend(tl_training *t, double cost, tl_error *e)
{
    Search s = { .t = t, .cost = cost, .slope = find_direction(t), .e = e };
    if (!(s.slope < 0)) /* also where rounding has made a NaN of it */
        return 0;
    int found = search(&s, first_length(t));
    t->lr = s.low.a;
    return found;
}

/* A pair whose product is 0 but for rounding would make the next direction senseless. */
static void remember(tl_training *t)
{
    tl_whole_record *w = &t->whole;
    const tl_lbfgs *l = &w->lbfgs;
    size_t n = t->engine->model->param_size;
    int32_t history = (int32_t)t->spec.optimizer.history, slot = (int32_t)w->number[TL_LBFGS_NEXT];
    double *s = step_of(t, slot), *y = change_of(t, slot);
    tl_whole_record_get(t, s);
    add(s, l->start, -1, n);
    for (size_t i = 0; i < n; i++)
        y[i] = w->at.grad[i] - l->begun[i];
    double sy = tl_dot(s, y, n);
    w->step = sqrt(tl_dot(s, s, n));
    if (sy > 2.2e-16 * tl_dot(y, y, n)) {
        w->number[TL_LBFGS_NEXT] = (slot + 1) % history;
        w->number[TL_LBFGS_PAIRS] = pairs(t) < history ? pairs(t) + 1 : history;
        w->number[TL_LBFGS_HISTORY] = history;
    } else if (pairs(t) == history) { /* the oldest stood there */
        w->number[TL_LBFGS_PAIRS] = w->number[TL_LBFGS_NEXT] = 0;
    }
}

/* Back to where it began. */
static void go_back(tl_training *t, const tl_objective *was)
{
    tl_whole_record *w = &t->whole;
    double *grad = w->at.grad;
    tl_whole_record_move(t, w->lbfgs.start, w->lbfgs.start, 0); /* the direction may have been NaN */
    w->at = *was;
    w->at.grad = grad;
    memcpy(grad, w->lbfgs.begun, t->engine->model->param_size * sizeof *grad);
}

/* Where the direction leads nowhere, once more along the gradient, with nothing remembered. */
int tl_lbfgs_iterate(tl_training *t, tl_error *e)
{
    tl_whole_record *w = &t->whole;
    const tl_objective was = w->at;
    tl_whole_record_get(t, w->lbfgs.start);
    memcpy(w->lbfgs.begun, w->at.grad, t->engine->model->param_size * sizeof *w->at.grad);
    int found = descend(t, was.cost, e);
    if (found == 0 && pairs(t)) {
        w->number[TL_LBFGS_PAIRS] = w->number[TL_LBFGS_NEXT] = 0;
        found = descend(t, was.cost, e);
    }
    if (found == 1)
        remember(t);
    else
        go_back(t, &was);
    return found;
}
