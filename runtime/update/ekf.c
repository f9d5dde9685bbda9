#include "ekf.h"

#include <math.h>
#include <string.h>

#include "clones.h"
#include "constrain.h"
#include "gauss_newton.h"
#include "real.h"

/* ---- nodes ---- */

static size_t leading(const tl_tensor *t) { return t->rank ? (size_t)t->dim[0] : 1; }

static size_t prefix(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot ? (size_t)(dot - name) : 0;
}

/* Their rows lead to the same units. */
static int same_nodes(const tl_tensor *a, const tl_tensor *b)
{
    return leading(a) == leading(b) && prefix(a->name) == prefix(b->name) && !strncmp(a->name, b->name, prefix(a->name));
}

/* The first parameter of i's nodes. */
static int32_t first_alike(const tl_model *m, int32_t i)
{
    int32_t k = 0;
    while (!tl_is_trained(&m->params[k]) || !same_nodes(&m->params[k], &m->params[i]))
        k++;
    return k;
}

/* Elements of one of the nodes to which parameter i's rows lead. */
static size_t node_size(const tl_model *m, int32_t i)
{
    size_t n = 0;
    for (int32_t k = 0; k < m->nparams; k++)
        if (tl_is_trained(&m->params[k]) && same_nodes(&m->params[k], &m->params[i]))
            n += tl_size(&m->params[k]) / leading(&m->params[k]);
    return n;
}

static int begins_nodes(const tl_model *m, int32_t i) { return tl_is_trained(&m->params[i]) && first_alike(m, i) == i; }

/* ---- memory ---- */

static int add_triangles(size_t count, size_t n, size_t *size)
{
    size_t all;
    return n >= (size_t)1 << 26 || __builtin_mul_overflow(count, n * (n + 1) / 2, &all) ||
           __builtin_add_overflow(*size, all, size);
}

static int measure(const tl_model *m, const tl_optimizer_spec *s, size_t *blocks, size_t *size)
{
    *size = 0;
    *blocks = 1;
    if (!s->decoupled)
        return add_triangles(1, tl_gauss_newton_columns(m), size);
    *blocks = 0;
    for (int32_t i = 0; i < m->nparams; i++)
        if (begins_nodes(m, i)) {
            *blocks += leading(&m->params[i]);
            if (add_triangles(leading(&m->params[i]), node_size(m, i), size))
                return 1;
        }
    return 0;
}

enum { VECTORS = 5 };

size_t tl_ekf_size(const tl_model *m, const tl_optimizer_spec *s)
{
    size_t blocks, size, n = tl_gauss_newton_columns(m);
    if (measure(m, s, &blocks, &size) || size > SIZE_MAX / 32)
        return 0;
    return size + blocks + 1 + (VECTORS + 1) * n;
}

/* Packed elements of a parameter begin here. */
static size_t packed_before(const tl_model *m, int32_t param)
{
    size_t n = 0;
    for (int32_t i = 0; i < param; i++)
        n += tl_is_trained(&m->params[i]) ? tl_size(&m->params[i]) : 0;
    return n;
}

/* The elements of one node, from `at` on. */
static size_t order_node(tl_ekf *f, const tl_model *m, int32_t of, size_t row, size_t at)
{
    for (int32_t i = of; i < m->nparams; i++) {
        const tl_tensor *t = &m->params[i];
        if (!tl_is_trained(t) || !same_nodes(t, &m->params[of]))
            continue;
        size_t n = tl_size(t) / leading(t), from = packed_before(m, i) + row * n;
        for (size_t k = 0; k < n; k++)
            f->order[at++] = (double)(from + k);
    }
    return at;
}

static void order_nodes(tl_ekf *f, const tl_model *m)
{
    size_t block = 0, at = 0;
    for (int32_t i = 0; i < m->nparams; i++)
        for (size_t row = 0; begins_nodes(m, i) && row < leading(&m->params[i]); row++) {
            f->first[block++] = (double)at;
            at = order_node(f, m, i, row, at);
        }
}

static double *carve(double **block, size_t n)
{
    double *at = *block;
    *block += n;
    return at;
}

static size_t begin_of(const tl_ekf *f, size_t block) { return (size_t)f->first[block]; }
static size_t size_of(const tl_ekf *f, size_t block) { return begin_of(f, block + 1) - begin_of(f, block); }

static void set_diagonal(tl_ekf *f, double to)
{
    double *p = f->p;
    for (size_t b = 0; b < f->blocks; b++)
        for (size_t i = 0; i < size_of(f, b); i++) {
            p[i] = to;
            p += i + 1;
        }
}

tl_ekf tl_ekf_over(const tl_model *m, const tl_optimizer_spec *s, double *block)
{
    size_t n = tl_gauss_newton_columns(m);
    tl_ekf f = { .n = n };
    measure(m, s, &f.blocks, &f.size);
    f.p = carve(&block, f.size);
    f.first = carve(&block, f.blocks + 1);
    f.order = carve(&block, n);
    f.row = carve(&block, n);
    f.h = carve(&block, n);
    f.a = carve(&block, n);
    f.k = carve(&block, n);
    f.moved = carve(&block, n);
    f.first[f.blocks] = (double)n;
    if (s->decoupled)
        order_nodes(&f, m);
    else
        f.order = NULL;
    set_diagonal(&f, s->p);
    return f;
}

int tl_ekf_check(const tl_model *m, tl_error *e)
{
    for (int32_t i = 0; i < m->nparams; i++)
        if (tl_is_trained(&m->params[i]) && m->params[i].rule && m->params[i].rule->lr != 1)
            return tl_fail(e, "the parameter %s has lr = %g, a factor of the optimizer's learning rate, and ekf has none: leave it "
                           "out, or freeze the parameter with trainable = false", m->params[i].name, m->params[i].rule->lr);
    return 0;
}

int tl_ekf_positive(const tl_ekf *f)
{
    const double *p = f->p;
    for (size_t b = 0; b < f->blocks; b++)
        for (size_t i = 0; i < size_of(f, b); p += ++i)
            if (!(p[i] > 0))
                return 0;
    return 1;
}

/* ---- a measurement ---- */

/* a = P h of a block of n, whose half is read once. */
TL_CLONES static void multiply(const double *restrict p, const double *restrict h, double *restrict a, size_t n)
{
    for (size_t i = 0; i < n; i++, p += i) {
        double s[8] = { 0 }, hi = h[i];
        size_t j = 0;
        for (; j + 8 <= i; j += 8)
            for (size_t l = 0; l < 8; l++) {
                s[l] += p[j + l] * h[j + l];
                a[j + l] += hi * p[j + l];
            }
        for (; j < i; j++) {
            s[0] += p[j] * h[j];
            a[j] += hi * p[j];
        }
        a[i] = p[i] * hi + (((s[0] + s[4]) + (s[1] + s[5])) + ((s[2] + s[6]) + (s[3] + s[7])));
    }
}

/* P - k a' - a k' + s k k'. */
TL_CLONES static void join(double *restrict p, const double *restrict a, const double *restrict k, double s, size_t n)
{
    for (size_t i = 0; i < n; i++, p += i) {
        double by_a = -k[i], by_k = s * k[i] - a[i];
        for (size_t j = 0; j <= i; j++)
            p[j] += by_a * a[j] + by_k * k[j];
    }
}

TL_CLONES static double dot(const double *a, const double *b, size_t n)
{
    double s[8] = { 0 };
    size_t i = 0;
    for (; i + 8 <= n; i += 8)
        for (size_t l = 0; l < 8; l++)
            s[l] += a[i + l] * b[i + l];
    for (; i < n; i++)
        s[0] += a[i] * b[i];
    return ((s[0] + s[4]) + (s[1] + s[5])) + ((s[2] + s[6]) + (s[3] + s[7]));
}

static void gain(tl_ekf *f, double s)
{
    for (size_t i = 0; i < f->n; i++)
        f->k[i] = f->a[i] / s;
}

static int not_positive(double along, tl_error *e)
{
    return tl_fail(e, "ekf: the variance of a prediction is %g, so P is not positive any more: a larger q, or a forgetting factor "
                   "nearer to 1, keeps it so", along);
}

/* One residual, h being in place. */
static int measure_one(tl_ekf *f, double residual, double variance, tl_error *e)
{
    const double *p = f->p;
    for (size_t b = 0; b < f->blocks; b++) {
        size_t at = begin_of(f, b), n = size_of(f, b);
        multiply(p, f->h + at, f->a + at, n);
        p += n * (n + 1) / 2;
    }
    double along = dot(f->h, f->a, f->n), s = along + variance, r = residual + dot(f->h, f->moved, f->n);
    if (!(along >= 0) || !isfinite(s))
        return not_positive(along, e);
    gain(f, s);
    double *q = f->p;
    for (size_t b = 0; b < f->blocks; b++) {
        size_t at = begin_of(f, b), n = size_of(f, b);
        join(q, f->a + at, f->k + at, s, n);
        q += n * (n + 1) / 2;
    }
    for (size_t i = 0; i < f->n; i++)
        f->moved[i] -= f->k[i] * r;
    return 0;
}

/* ---- an update ---- */

static void predict(tl_ekf *f, const tl_optimizer_spec *s)
{
    double *p = f->p;
    for (size_t i = 0; i < f->size && s->forgetting != 1; i++)
        p[i] /= s->forgetting;
    for (size_t b = 0; b < f->blocks && s->q != 0; b++)
        for (size_t i = 0; i < size_of(f, b); i++) {
            p[i] += s->q;
            p += i + 1;
        }
}

static void take_row(tl_ekf *f, const tl_model *m, const tl_buffers *b, size_t t, size_t lane, size_t i)
{
    tl_residual_row(m, b, t, lane, i, 1, f->order ? f->row : f->h);
    for (size_t k = 0; f->order && k < f->n; k++)
        f->h[k] = f->row[(size_t)f->order[k]];
}

static int take_step(tl_ekf *f, const tl_model *m, const tl_buffers *b, size_t t, size_t lane, double variance, tl_error *e)
{
    for (size_t i = 0; i < tl_residual_count(m); i++) {
        take_row(f, m, b, t, lane, i);
        if (measure_one(f, tl_residual_at(m, b, t, lane, i), variance, e))
            return -1;
    }
    return 0;
}

static int take_all(tl_ekf *f, const tl_model *m, const tl_optimizer_spec *s, const tl_buffers *b, int32_t first, double by,
                    tl_error *e)
{
    const size_t lanes = (size_t)tl_lanes(&m->tbptt);
    for (size_t t = (size_t)first; t < (size_t)m->tbptt.k2; t++)
        for (int32_t i = 0; i < tl_shards(&m->tbptt); i++)
            for (size_t lane = 0; lane < lanes; lane++) {
                const tl_buffers *shard = tl_shard(b, i);
                double w = by * tl_real_get(m->real, shard->weight, t * lanes + lane);
                if (w != 0 && take_step(f, m, shard, t, lane, s->r / w, e))
                    return -1;
            }
    return 0;
}

/* In packed order. */
static void unorder(tl_ekf *f)
{
    for (size_t k = 0; k < f->n; k++)
        f->row[f->order ? (size_t)f->order[k] : k] = f->moved[k];
}

static int are_finite(const tl_ekf *f, const tl_model *m, const void *params)
{
    const double *by = f->row;
    for (int32_t i = 0; i < m->nparams; i++)
        for (size_t k = 0; tl_is_trained(&m->params[i]) && k < tl_size(&m->params[i]); k++) {
            double x = tl_real_get(m->real, params, tl_param_at(&m->params[i], k)) + *by++;
            if (!isfinite(m->real == TL_F64 ? x : (double)(float)x))
                return 0;
        }
    return 1;
}

static void move_params(const tl_ekf *f, const tl_model *m, void *params)
{
    const double *by = f->row;
    for (int32_t i = 0; i < m->nparams; i++) {
        const tl_tensor *t = &m->params[i];
        if (!tl_is_trained(t))
            continue;
        for (size_t k = 0; k < tl_size(t); k++) {
            size_t at = tl_param_at(t, k);
            tl_real_set(m->real, params, at, tl_real_get(m->real, params, at) + *by++);
        }
        if (t->rule)
            tl_constrain(t, m->real, tl_real_at(m->real, params, t->offset));
    }
}

int tl_ekf_update(tl_ekf *f, const tl_model *m, const tl_optimizer_spec *s, tl_buffers *b, int32_t first, double by,
                  double *step, tl_error *e)
{
    memset(f->moved, 0, f->n * sizeof *f->moved);
    predict(f, s);
    if (take_all(f, m, s, b, first, by, e))
        return -1;
    unorder(f);
    *step = sqrt(dot(f->moved, f->moved, f->n));
    if (!are_finite(f, m, b->params))
        return tl_fail(e, "ekf: an update would make a parameter infinite: a smaller p, or a larger r, may help");
    move_params(f, m, b->params);
    return 0;
}
