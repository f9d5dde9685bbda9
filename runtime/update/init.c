#include "init.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "blas.h"
#include "constrain.h"
#include "random.h"
#include "real.h"

static double glorot_bound(const tl_tensor *t)
{
    double field = 1; /* of a convolution */
    for (int32_t i = 2; i < t->rank; i++)
        field *= t->dim[i];
    double out = t->rank > 1 ? t->dim[0] : 1;
    double in = t->rank > 1 ? t->dim[1] : t->rank ? t->dim[0] : 1;
    return sqrt(6 / ((in + out) * field));
}

/* a (rows x cols, column-major, rows >= cols) becomes the Q of its QR factorisation, each column
 * with the sign of R's diagonal: without it Q would not be uniform over the orthogonal matrices
 * (Mezzadri, 2007). */
static int orthonormalise(int rows, int cols, double *a)
{
    int info, lwork = 64 * cols;
    double *tau = calloc((size_t)cols * 66, sizeof *tau);
    if (!tau)
        return -1;
    double *work = tau + cols, *sign = work + lwork;
    tl_dgeqrf(&rows, &cols, a, &rows, tau, work, &lwork, &info);
    for (int j = 0; j < cols; j++)
        sign[j] = a[(size_t)j * (size_t)rows + (size_t)j] < 0 ? -1 : 1;
    if (!info)
        tl_dorgqr(&rows, &cols, &cols, a, &rows, tau, work, &lwork, &info);
    for (int j = 0; j < cols; j++)
        for (int i = 0; i < rows; i++)
            a[(size_t)j * (size_t)rows + (size_t)i] *= sign[j];
    free(tau);
    return info ? -1 : 0;
}

/* t as {dim 0, the rest}: orthonormal columns, or rows where there are fewer of these. */
static int orthogonal(const tl_tensor *t, void *params, tl_type real, tl_random *r, tl_error *e)
{
    size_t n = tl_size(t), out = (size_t)(t->rank ? t->dim[0] : 1), in = out ? n / out : 0;
    if (t->rank < 2)
        return tl_fail(e, "%s: orthogonal needs a matrix; this parameter has %d dimension%s",
                       t->name, (int)t->rank, t->rank == 1 ? "" : "s");
    if (tl_blas_load(e))
        return -1;
    size_t rows = out > in ? out : in, cols = n / rows;
    double *a = calloc(n, sizeof *a);
    if (!a)
        return tl_fail(e, "%s: no memory to start %zu numbers", t->name, n);
    for (size_t i = 0; i < n; i++)
        a[i] = tl_normal(r);
    int bad = orthonormalise((int)rows, (int)cols, a);
    for (size_t i = 0; i < out && !bad; i++)
        for (size_t j = 0; j < in; j++)
            tl_real_set(real, params, tl_param_at(t, i * in + j), out > in ? a[j * rows + i] : a[i * rows + j]);
    free(a);
    return bad ? tl_fail(e, "%s: its QR factorisation failed", t->name) : 0;
}

/* The largest modulus of the eigenvalues of a (n x n), which is lost; -1: there is none, for no memory or by LAPACK. */
static double spectral_radius(int n, double *a)
{
    const int one = 1, lwork = 8 * n;
    int info;
    double *re = calloc((size_t)n * 10, sizeof *re), most = 0;
    if (!re)
        return -1;
    double *im = re + n, *work = im + n;
    tl_dgeev("N", "N", &n, a, &n, re, im, NULL, &one, NULL, &one, work, &lwork, &info);
    for (int i = 0; i < n; i++)
        most = fmax(most, hypot(re[i], im[i]));
    free(re);
    return info ? -1 : most;
}

/* t {n, n}: normal numbers, divided so that the spectral radius is t's `a`. They are drawn twice. */
static int spectral(const tl_tensor *t, void *params, tl_type real, tl_random *r, tl_error *e)
{
    const size_t n = tl_size(t);
    tl_random again = *r;
    if (t->rank != 2 || t->dim[0] != t->dim[1])
        return tl_fail(e, "%s: spectral needs a square matrix", t->name);
    if (tl_blas_load(e))
        return -1;
    double *a = calloc(n, sizeof *a);
    if (!a)
        return tl_fail(e, "%s: no memory to start %zu numbers", t->name, n);
    for (size_t i = 0; i < n; i++)
        a[i] = tl_normal(r);
    const double most = spectral_radius(t->dim[0], a);
    free(a);
    if (!(most > 0))
        return tl_fail(e, "%s: its eigenvalues were not found", t->name);
    for (size_t i = 0; i < n; i++)
        tl_real_set(real, params, tl_param_at(t, i), t->init.a / most * tl_normal(&again));
    return 0;
}

static int start_matrix(const tl_tensor *t, void *params, tl_type real, tl_random *r, tl_error *e)
{
    return t->init.kind == TL_INIT_SPECTRAL ? spectral(t, params, real, r, e) : orthogonal(t, params, real, r, e);
}

static double draw(const tl_tensor *t, size_t j, double glorot, tl_random *r)
{
    switch (t->init.kind) {
    case TL_INIT_UNIFORM: return t->init.a * (2 * tl_uniform(r) - 1);
    case TL_INIT_NORMAL: return t->init.a * tl_normal(r);
    case TL_INIT_GLOROT: return glorot * (2 * tl_uniform(r) - 1);
    default: return tl_first_value(t, j);
    }
}

int tl_init_params(const tl_model *m, void *params, uint64_t seed, tl_error *e)
{
    memset(params, 0, m->param_size * tl_real_size(m->real));
    for (int32_t i = 0; i < m->nparams; i++) {
        const tl_tensor *t = &m->params[i];
        tl_random r = { tl_random_seed_of(seed, t->name), 0 };
        if (t->init.kind == TL_INIT_ORTHOGONAL || t->init.kind == TL_INIT_SPECTRAL) {
            if (start_matrix(t, params, m->real, &r, e))
                return -1;
        } else {
            double glorot = glorot_bound(t);
            for (size_t j = 0, n = tl_size(t); j < n; j++)
                tl_real_set(m->real, params, tl_param_at(t, j), draw(t, j, glorot, &r));
        }
        tl_constrain(t, m->real, tl_real_at(m->real, params, t->offset));
    }
    return 0;
}

static void start(const tl_model *m, const tl_tensor *t, const void *params, void *state)
{
    size_t n = tl_size(t);
    if (t->learned >= 0)
        memcpy(state, tl_real_at_const(m->real, params, m->params[t->learned].offset),
               n * tl_real_size(m->real));
    else
        for (size_t j = 0; j < n; j++)
            tl_real_set(m->real, state, j, tl_first_value(t, j));
}

void tl_init_states(const tl_model *m, const void *params, void *states, int32_t index)
{
    size_t lanes = (size_t)tl_lanes(&m->tbptt);
    for (int32_t i = 0; i < m->nstates; i++) {
        const tl_tensor *t = &m->states[i];
        size_t at = t->offset + (size_t)index * lanes * tl_size(t);
        for (size_t lane = 0; lane < lanes; lane++)
            start(m, t, params, tl_real_at(m->real, states, at + lane * tl_size(t)));
    }
}

void tl_init_step_state(const tl_model *m, const void *params, void *state, int32_t lanes,
                        int32_t lane)
{
    size_t before = 0;
    for (int32_t i = 0; i < tl_step_tensors(m); i++) {
        const tl_tensor *t = tl_step_tensor(m, i);
        size_t n = tl_size(t), at = before * (size_t)lanes + (size_t)lane * n;
        if (i < m->nstates)
            start(m, t, params, tl_real_at(m->real, state, at));
        else
            memset(tl_real_at(m->real, state, at), 0, n * tl_real_size(m->real));
        before += n;
    }
}
