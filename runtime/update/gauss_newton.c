#include "gauss_newton.h"

#include <math.h>
#include <string.h>

#include "blas.h"
#include "clones.h"
#include "param.h"
#include "real.h"

enum { BLOCK = 128 }; /* rows: a rank-k update of fewer is slower, of more no faster */

size_t tl_gauss_newton_columns(const tl_model *m)
{
    size_t n = 0;
    for (int32_t i = 0; i < m->nparams; i++)
        n += tl_is_trained(&m->params[i]) ? tl_size(&m->params[i]) : 0;
    return n;
}

size_t tl_gauss_newton_size(size_t n)
{
    size_t size;
    return __builtin_add_overflow(n, 1, &size) || __builtin_mul_overflow(size, (size_t)BLOCK, &size) ? SIZE_MAX : size;
}

tl_gauss_newton tl_gauss_newton_over(size_t n, double *block)
{
    return (tl_gauss_newton){ .n = n, .block = BLOCK, .rows = block, .residual = block + BLOCK * n };
}

void tl_gauss_newton_clear(tl_gauss_newton *s)
{
    s->filled = 0;
    s->squares = 0;
    s->count = 0;
    memset(s->matrix, 0, s->n * s->n * sizeof *s->matrix);
    memset(s->gradient, 0, s->n * sizeof *s->gradient);
}

TL_CLONES static void add_row_to(double *restrict to, const double *restrict row, double by, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] += row[i] * by;
}

void tl_gauss_newton_finish(tl_gauss_newton *s)
{
    const blasint n = (blasint)s->n, rows = (blasint)s->filled;
    if (!s->filled || !s->n)
        return;
    tl_dsyrk(CblasRowMajor, CblasLower, CblasTrans, n, rows, 1, s->rows, n, 1, s->matrix, n);
    for (size_t k = 0; k < s->filled; k++)
        add_row_to(s->gradient, s->rows + k * s->n, s->residual[k], s->n);
    s->filled = 0;
}

/* ---- rows ---- */

static int32_t rows_begin(const tl_model *m) { return m->nstates - m->nrows; }

size_t tl_residual_count(const tl_model *m) { return m->nrows ? tl_size(&m->states[rows_begin(m)]) : 0; }

/* Where slot t left state `index` of a lane. */
static const void *left_by(const tl_model *m, const tl_buffers *b, int32_t index, size_t t, size_t lane)
{
    const tl_tensor *s = &m->states[index];
    size_t lanes = (size_t)tl_lanes(&m->tbptt), n = tl_size(s);
    return tl_real_at(m->real, b->states, s->offset + ((t + 1) * lanes + lane) * n);
}

double tl_residual_at(const tl_model *m, const tl_buffers *b, size_t t, size_t lane, size_t i)
{
    return tl_real_get(m->real, left_by(m, b, rows_begin(m), t, lane), i);
}

/* to {n} = by * the first of every `stride` numbers; with one residual they are neighbours. */
#define COPY(SUFFIX, REAL)                                                                        \
    TL_CLONES static void copy_##SUFFIX(const REAL *restrict from, size_t n, size_t stride, double by, double *restrict to) \
    {                                                                                             \
        for (size_t k = 0; k < n && stride == 1; k++)                                             \
            to[k] = by * (double)from[k];                                                         \
        for (size_t k = 0; k < n && stride != 1; k++)                                             \
            to[k] = by * (double)from[k * stride];                                                \
    }

COPY(f32, float)
COPY(f64, double)

static void copy_strided(tl_type real, const void *from, size_t n, size_t stride, double by, double *to)
{
    if (real == TL_F64)
        copy_f64(from, n, stride, by, to);
    else
        copy_f32(from, n, stride, by, to);
}

void tl_residual_row(const tl_model *m, const tl_buffers *b, size_t t, size_t lane, size_t i, double by, double *row)
{
    const size_t residuals = tl_residual_count(m);
    int32_t index = rows_begin(m) + 1;
    for (int32_t p = 0; p < m->nparams; p++)
        if (tl_is_trained(&m->params[p])) {
            size_t n = tl_size(&m->params[p]);
            const void *jacobian = left_by(m, b, index++, t, lane);
            copy_strided(m->real, tl_real_at_const(m->real, jacobian, i), n, residuals, by, row);
            row += n;
        }
}

static void add_row(tl_gauss_newton *s, const tl_model *m, const tl_buffers *b, size_t t, size_t lane, size_t i, double root)
{
    double r = root * tl_residual_at(m, b, t, lane, i);
    tl_residual_row(m, b, t, lane, i, root, s->rows + s->filled * s->n);
    s->residual[s->filled] = r;
    s->squares += r * r;
    s->count++;
    if (++s->filled == s->block)
        tl_gauss_newton_finish(s);
}

void tl_gauss_newton_add(tl_gauss_newton *s, const tl_model *m, const tl_buffers *b, int32_t first, double by)
{
    const size_t lanes = (size_t)tl_lanes(&m->tbptt), residuals = tl_residual_count(m);
    for (size_t t = (size_t)first; t < (size_t)m->tbptt.k2; t++)
        for (size_t lane = 0; lane < lanes; lane++) {
            double w = by * tl_real_get(m->real, b->weight, t * lanes + lane);
            for (size_t i = 0; w != 0 && i < residuals; i++)
                add_row(s, m, b, t, lane, i, sqrt(w));
        }
}

void tl_residual_forget(const tl_model *m, const tl_buffers *b, int32_t first)
{
    for (int32_t i = tl_own_states(m); i < m->nstates; i++) {
        size_t n = tl_size(&m->states[i]) * (size_t)tl_lanes(&m->tbptt);
        memset(tl_real_at(m->real, b->states, m->states[i].offset + (size_t)first * n), 0, n * tl_real_size(m->real));
    }
}

/* ---- packed vectors ---- */

void tl_gauss_newton_pack(const tl_model *m, const double *block, double *packed)
{
    for (int32_t p = 0; p < m->nparams; p++)
        for (size_t k = 0; tl_is_trained(&m->params[p]) && k < tl_size(&m->params[p]); k++)
            *packed++ = block[tl_param_at(&m->params[p], k)];
}

void tl_gauss_newton_unpack(const tl_model *m, const double *packed, double *block)
{
    for (int32_t p = 0; p < m->nparams; p++)
        for (size_t k = 0; tl_is_trained(&m->params[p]) && k < tl_size(&m->params[p]); k++)
            block[tl_param_at(&m->params[p], k)] = *packed++;
}
