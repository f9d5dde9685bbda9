#include "lm.h"

#include <math.h>
#include <string.h>

#include "blas.h"
#include "clones.h"
#include "real.h"
#include "training.h"
#include "window.h"

static const double most_lambda = 1e16; /* beyond which a step is shorter than any rounding */
static const double second = 0.1;       /* h of the difference for r'' */
static const double most_bend = 0.75;   /* 2 |a| / |delta| */

/* ---- what it keeps ---- */

enum { MATRICES = 3, VECTORS = 4, BLOCKS = 4 };

static size_t rows_of(const tl_training *t)
{
    return t->spec.optimizer.geodesic ? t->data->steps * t->data->lanes * tl_residual_count(t->engine->model) : 0;
}

/* Of less than 2^26 columns, whose square no multiplication below can exceed. */
size_t tl_lm_size(const tl_training *t)
{
    const tl_model *m = t->engine->model;
    size_t n = tl_gauss_newton_columns(m), rows = tl_gauss_newton_size(n);
    if (n >= (size_t)1 << 26 || rows == SIZE_MAX)
        return SIZE_MAX;
    return MATRICES * n * n + VECTORS * n + rows + BLOCKS * m->param_size + rows_of(t);
}

static double *carve(double **block, size_t n)
{
    double *at = *block;
    *block += n;
    return at;
}

void tl_lm_begin(tl_training *t, double *block)
{
    const tl_model *m = t->engine->model;
    size_t n = tl_gauss_newton_columns(m), p = m->param_size;
    tl_lm *s = &t->whole.lm;
    *s = (tl_lm){ .normal = tl_gauss_newton_over(n, carve(&block, tl_gauss_newton_size(n))) };
    s->normal.matrix = carve(&block, n * n);
    s->held = carve(&block, n * n);
    s->factor = carve(&block, n * n);
    s->normal.gradient = carve(&block, n);
    s->delta = carve(&block, n);
    s->acceleration = carve(&block, n);
    s->moved = carve(&block, n);
    s->diagonal = carve(&block, p);
    s->start = carve(&block, p);
    s->begun = carve(&block, p);
    s->step = carve(&block, p);
    s->rows = rows_of(t);
    s->further = carve(&block, s->rows);
}

int tl_lm_look_new(tl_training *t, tl_error *e)
{
    enum { MOST_THREADS = 16 }; /* of the pool, which the training is given later */
    return tl_evaluation_new(&t->whole.lm.look, t->engine, t->buffers.params, t->data, MOST_THREADS, 0, e);
}

void tl_lm_free(tl_lm *s) { tl_evaluation_free(&s->look); }

/* D, once there was an iteration. */
int tl_lm_remembered(const tl_training *t, int32_t i, double **vector)
{
    *vector = t->whole.lm.diagonal;
    return !i && t->whole.number[TL_LM_LAMBDA] > 0;
}

int tl_lm_fits(tl_training *t)
{
    const double *n = t->whole.number;
    return n[TL_LM_LAMBDA] >= 0 && n[TL_LM_LAMBDA] <= most_lambda && n[TL_LM_UP] >= 0 && isfinite(n[TL_LM_UP]);
}

/* ---- a sweep ---- */

TL_CLONES static void add(double *restrict to, const double *restrict x, double by, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] += by * x[i];
}

/* A row of the second derivative along delta: 2/h ((r(theta + h delta) - r) / h - J delta). */
static void take_second(tl_lm *s, double r, const double *row)
{
    double bend = 2 / second * ((s->further[s->row++] - r) / second - tl_dot(row, s->along, s->normal.n));
    add(s->normal.gradient, row, bend, s->normal.n);
}

/* One row of a sweep that is made for r'' alone. */
static void take_row(tl_lm *s, const tl_model *m, const tl_buffers *b, size_t t, size_t lane, size_t i, double root)
{
    double r = root * tl_residual_at(m, b, t, lane, i);
    if (s->record) {
        s->further[s->row++] = r;
        return;
    }
    tl_residual_row(m, b, t, lane, i, root, s->normal.rows);
    take_second(s, r, s->normal.rows);
}

static void take_rows(tl_lm *s, const tl_model *m, const tl_buffers *b, int32_t first, double by)
{
    const size_t lanes = (size_t)tl_lanes(&m->tbptt), n = tl_residual_count(m);
    for (size_t t = (size_t)first; t < (size_t)m->tbptt.k2; t++)
        for (size_t lane = 0; lane < lanes; lane++) {
            double w = by * tl_real_get(m->real, b->weight, t * lanes + lane);
            for (size_t i = 0; w != 0 && i < n; i++)
                take_row(s, m, b, t, lane, i, sqrt(w));
        }
}

void tl_lm_clear(tl_training *t)
{
    tl_lm *s = &t->whole.lm;
    s->row = 0;
    if (s->along)
        memset(s->normal.gradient, 0, s->normal.n * sizeof(double));
    else if (!s->record)
        tl_gauss_newton_clear(&s->normal);
}

void tl_lm_take(tl_training *t, const tl_update *u, double by)
{
    tl_lm *s = &t->whole.lm;
    const tl_model *m = t->engine->model;
    const int32_t first = tl_window_counted(m, m->tbptt.k2 - u->kept - u->fresh, u->fresh);
    for (int32_t i = 0; i < tl_shards(&m->tbptt); i++)
        if (s->record || s->along)
            take_rows(s, m, tl_shard(u->buffers, i), first, by);
        else
            tl_gauss_newton_add(&s->normal, m, tl_shard(u->buffers, i), first, by);
}

void tl_lm_finish(tl_training *t, double weight, double *grad)
{
    tl_lm *s = &t->whole.lm;
    const tl_model *m = t->engine->model;
    s->scale = 2 / weight;
    tl_gauss_newton_finish(&s->normal);
    tl_gauss_newton_unpack(m, s->normal.gradient, grad);
    for (size_t i = 0; i < m->param_size; i++)
        grad[i] *= s->scale;
}

/* ---- the equations ---- */

/* Calls of each trained element, in packed order. */
typedef struct Element {
    const tl_tensor *of;
    size_t packed, at;
} Element;

static int next_element(const tl_model *m, Element *e, int32_t *p, size_t *k)
{
    while (*p < m->nparams && (!tl_is_trained(&m->params[*p]) || *k == tl_size(&m->params[*p]))) {
        ++*p;
        *k = 0;
    }
    if (*p == m->nparams)
        return 0;
    e->of = &m->params[*p];
    e->at = tl_param_at(e->of, (*k)++);
    e->packed++;
    return 1;
}

#define EACH_ELEMENT(m, e)                                                                        \
    Element e = { .packed = SIZE_MAX };                                                           \
    int32_t param = 0;                                                                            \
    for (size_t k = 0; next_element(m, &e, &param, &k);)

static double l2_of(const tl_training *t, const tl_tensor *p)
{
    return p->rule ? t->spec.optimizer.l2 * p->rule->weight_decay : t->spec.optimizer.l2;
}

static int is_held(const tl_training *t, const Element *e)
{
    const tl_lm *s = &t->whole.lm;
    return tl_whole_record_held(t->engine->model->real, e->of->rule, s->start[e->at], s->begun[e->at]);
}

/* D. Where no residual depends on an element, or the rest hides that it does, `least` keeps the matrix regular. */
static void find_diagonal(tl_training *t)
{
    tl_lm *s = &t->whole.lm;
    size_t n = s->normal.n;
    double most = 0;
    EACH_ELEMENT(t->engine->model, e)
    {
        double *d = &s->diagonal[e.at], now = s->scale * s->held[e.packed * n + e.packed] + l2_of(t, e.of);
        *d = t->spec.optimizer.keep_scale ? fmax(*d, now) : now;
        most = fmax(most, *d);
    }
    s->least = most > 0 ? 1e-12 * most : 1;
}

/* H + lambda D, factored; an element at a bound stands alone. 0: it is not positive definite, as far as rounding goes. */
static int factor(tl_training *t, double lambda)
{
    tl_lm *s = &t->whole.lm;
    const int n = (int)s->normal.n;
    int info = 0;
    for (size_t i = 0; i < (size_t)n; i++)
        for (size_t j = 0; j <= i; j++)
            s->factor[i * (size_t)n + j] = s->scale * s->held[i * (size_t)n + j];
    EACH_ELEMENT(t->engine->model, e)
    {
        double *row = s->factor + e.packed * (size_t)n;
        row[e.packed] += l2_of(t, e.of) + lambda * fmax(s->diagonal[e.at], s->least);
        if (!is_held(t, &e))
            continue;
        memset(row, 0, e.packed * sizeof *row);
        for (size_t below = e.packed + 1; below < (size_t)n; below++)
            s->factor[below * (size_t)n + e.packed] = 0;
        row[e.packed] = 1;
    }
    if (n)
        tl_dpotrf("U", &n, s->factor, &n, &info);
    return info == 0;
}

static void solve(tl_lm *s, double *v)
{
    const int n = (int)s->normal.n, one = 1;
    int info;
    if (n)
        tl_dpotrs("U", &n, &one, s->factor, &n, v, &n, &info);
}

/* v' H v, of the half that is there. */
static double curvature(const tl_training *t, const double *v)
{
    const tl_lm *s = &t->whole.lm;
    size_t n = s->normal.n;
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += v[i] * (2 * tl_dot(s->held + i * n, v, i) + s->held[i * n + i] * v[i]);
    sum *= s->scale;
    EACH_ELEMENT(t->engine->model, e)
        sum += l2_of(t, e.of) * v[e.packed] * v[e.packed];
    return sum;
}

/* delta, packed. */
static void find_step(tl_training *t)
{
    tl_lm *s = &t->whole.lm;
    EACH_ELEMENT(t->engine->model, e)
        s->delta[e.packed] = is_held(t, &e) ? 0 : -s->begun[e.at];
    solve(s, s->delta);
}

/* ---- geodesic acceleration ---- */

static int sweep_at(tl_training *t, const double *direction, double by, tl_error *e)
{
    if (!tl_whole_record_move(t, t->whole.lm.start, direction, by))
        return 0;
    return tl_whole_record_try(t, e) ? -1 : t->whole.at.finite;
}

/* Adds a / 2 to delta where that bends it little. */
static void bend(tl_training *t)
{
    tl_lm *s = &t->whole.lm;
    size_t n = s->normal.n;
    double *a = s->acceleration;
    EACH_ELEMENT(t->engine->model, e)
        a[e.packed] = is_held(t, &e) ? 0 : -s->scale * s->normal.gradient[e.packed];
    solve(s, a);
    if (4 * tl_dot(a, a, n) <= most_bend * most_bend * tl_dot(s->delta, s->delta, n))
        add(s->delta, a, 0.5, n);
}

/* Of residuals that are not finite a little way along there is no acceleration. -1: a sweep failed. */
static int accelerate(tl_training *t, tl_error *e)
{
    tl_lm *s = &t->whole.lm;
    if (!s->rows)
        return 0;
    tl_gauss_newton_unpack(t->engine->model, s->delta, s->step);
    s->record = 1;
    int finite = sweep_at(t, s->step, second, e);
    s->record = 0;
    if (finite <= 0)
        return finite;
    s->along = s->delta;
    finite = sweep_at(t, s->step, 0, e);
    s->along = NULL;
    if (finite > 0)
        bend(t);
    return finite < 0 ? -1 : 0;
}

/* ---- an iteration ---- */

static void swap_matrices(tl_lm *s)
{
    double *was = s->held;
    s->held = s->normal.matrix;
    s->normal.matrix = was;
}

/* What H says that the cost falls by the step that was made, which bounds may have changed. */
static double promised(tl_training *t)
{
    tl_lm *s = &t->whole.lm;
    const tl_model *m = t->engine->model;
    double along = 0;
    EACH_ELEMENT(m, e)
    {
        s->moved[e.packed] = tl_real_get(m->real, t->buffers.params, e.at) - s->start[e.at];
        along += s->begun[e.at] * s->moved[e.packed];
    }
    return -along - 0.5 * curvature(t, s->moved);
}

static void widen(tl_training *t, double *lambda)
{
    double *up = &t->whole.number[TL_LM_UP];
    *lambda *= *up;
    *up = fmin(2 * *up, 1e6);
}

static void relax(tl_training *t, double *lambda, double gain)
{
    *lambda = fmax(*lambda * fmax(1.0 / 3, 1 - pow(2 * gain - 1, 3)), 1e-15);
    t->whole.number[TL_LM_UP] = 2;
}

/* The loss at the parameters, by evaluation. */
static double look(tl_training *t)
{
    const tl_model *m = t->engine->model;
    tl_score score = { 0 };
    tl_evaluation_run(&t->whole.lm.look, t->pool, &score);
    return m->tbptt.reduce == TL_REDUCE_MEAN ? score.loss / score.weight : score.loss;
}

enum { LOOKS = 2 };

/* Rounding apart. */
static double allowance(const tl_training *t) { return t->engine->model->real == TL_F64 ? 1e-9 : 1e-4; }

/* What a look said is what a sweep says: at two points, for at one both may be the same by accident, as where the model puts out
 * nothing yet. */
static void compare_look(tl_training *t, double seen, double loss)
{
    tl_lm *s = &t->whole.lm;
    if (s->looked < 0 || s->looked >= LOOKS || !isfinite(loss))
        return;
    s->looked = fabs(seen - loss) <= allowance(t) * loss ? s->looked + 1 : -1;
}

/* 1: there is a cost at the step, and it is lower than that; 0; -1: a sweep failed. That the cost cannot be lower a look shows, where it
 * is trusted: l2 only adds to the loss. */
static int sweep_step(tl_training *t, double cost, tl_error *e)
{
    tl_whole_record *w = &t->whole;
    const int trusted = w->lm.looked >= LOOKS;
    if (!tl_whole_record_move(t, w->lm.start, w->lm.step, 1))
        return 0;
    double seen = w->lm.looked < 0 ? 0 : look(t);
    if (trusted && !(seen <= (1 + allowance(t)) * cost))
        return 0;
    if (tl_whole_record_try(t, e))
        return -1;
    compare_look(t, seen, w->at.loss);
    return w->at.finite && w->at.cost < cost;
}

/* Tries the step for a lambda: 1: the cost is lower; 0: it is not; -1. `scale` is of the matrix that is held. */
static int try(tl_training *t, double lambda, double cost, double *gain, tl_error *e)
{
    tl_lm *s = &t->whole.lm;
    double scale = s->scale;
    if (!factor(t, lambda))
        return 0;
    find_step(t);
    if (accelerate(t, e))
        return -1;
    tl_gauss_newton_unpack(t->engine->model, s->delta, s->step);
    int lower = sweep_step(t, cost, e);
    double scale_there = s->scale;
    s->scale = scale;
    if (lower > 0) {
        double fall = promised(t);
        *gain = fall > 0 ? (cost - t->whole.at.cost) / fall : 0;
        t->whole.step = sqrt(tl_dot(s->moved, s->moved, s->normal.n));
        s->scale = scale_there;
    }
    return lower;
}

static void go_back(tl_training *t, const tl_objective *was)
{
    tl_whole_record *w = &t->whole;
    double *grad = w->at.grad;
    tl_whole_record_move(t, w->lm.start, w->lm.start, 0);
    w->at = *was;
    w->at.grad = grad;
    memcpy(grad, w->lm.begun, t->engine->model->param_size * sizeof *grad);
    swap_matrices(&w->lm);
}

/* Keeps where it begins, and takes the equations there. */
static void begin(tl_training *t)
{
    tl_lm *s = &t->whole.lm;
    tl_whole_record_get(t, s->start);
    memcpy(s->begun, t->whole.at.grad, t->engine->model->param_size * sizeof *s->begun);
    swap_matrices(s);
    find_diagonal(t);
}

int tl_lm_iterate(tl_training *t, tl_error *e)
{
    tl_whole_record *w = &t->whole;
    tl_lm *s = &w->lm;
    const tl_objective was = w->at;
    double gain = 0, lambda = w->number[TL_LM_LAMBDA] > 0 ? w->number[TL_LM_LAMBDA] : t->spec.optimizer.lambda;
    int found = 0;
    w->number[TL_LM_UP] = w->number[TL_LM_UP] > 0 ? w->number[TL_LM_UP] : 2;
    if (!(w->number[TL_LM_LAMBDA] > 0))
        memset(s->diagonal, 0, t->engine->model->param_size * sizeof *s->diagonal);
    begin(t);
    if (!s->looked)
        compare_look(t, look(t), was.loss);
    for (; lambda <= most_lambda && !(found = try(t, lambda, was.cost, &gain, e));)
        widen(t, &lambda);
    if (found > 0)
        relax(t, &lambda, gain);
    else
        go_back(t, &was);
    t->lr = w->number[TL_LM_LAMBDA] = fmin(lambda, most_lambda);
    return found;
}

/* ---- ridge regression ---- */

int tl_ridge_remembered(const tl_training *t, int32_t i, double **vector)
{
    (void)t;
    (void)i;
    (void)vector;
    return 0;
}

static int singular(tl_training *t, tl_error *e)
{
    const tl_tensor *of = NULL;
    const char *idle = tl_lm_find_rank(t, &of) == TL_LM_IDLE ? "no residual depends on some element of it"
                                                             : "what some element of it does to the residuals others do as well";
    return tl_fail(e, "the equations have no one solution%s%s: %s; an l2 above 0 decides", of ? ", for " : "",
                   of ? of->name : "", idle);
}

int tl_ridge_iterate(tl_training *t, tl_error *e)
{
    tl_whole_record *w = &t->whole;
    tl_lm *s = &w->lm;
    const tl_objective was = w->at;
    s->looked = -1;
    begin(t);
    if (!factor(t, 0)) {
        swap_matrices(s);
        return singular(t, e);
    }
    find_step(t);
    tl_gauss_newton_unpack(t->engine->model, s->delta, s->step);
    const int lower = sweep_step(t, was.cost, e);
    if (lower <= 0)
        go_back(t, &was);
    w->step = sqrt(tl_dot(s->delta, s->delta, s->normal.n));
    t->lr = 1;
    return lower;
}
