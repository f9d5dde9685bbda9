#include "sensitivity.h"

#include <stdlib.h>
#include <string.h>

#include "blas.h"
#include "buffers.h"
#include "clones.h"
#include "real.h"

int tl_sensitivity_new(tl_sensitivity *s, const tl_model *m, tl_error *e)
{
    const size_t real = tl_real_size(m->real);
    size_t n = 0, rows, adjoints;
    for (int32_t i = 0; i < m->nstates; i++)
        n += tl_size(&m->states[i]);
    *s = (tl_sensitivity){ .real = m->real, .states = n, .columns = m->param_size };
    if (!__builtin_mul_overflow(n * real, m->param_size, &rows) && !__builtin_mul_overflow(n * real, n + 1, &adjoints)) {
        s->now = tl_aligned(rows);
        s->next = tl_aligned(rows);
        s->adjoint = tl_aligned(adjoints);
    }
    if (s->now && s->next && s->adjoint)
        return tl_blas_load(e);
    tl_sensitivity_free(s);
    return tl_fail(e, "%s: no memory for how %zu numbers of state have moved with %zu parameters", m->name, n, m->param_size);
}

void tl_sensitivity_free(tl_sensitivity *s)
{
    free(s->now);
    free(s->next);
    free(s->adjoint);
    *s = (tl_sensitivity){ 0 };
}

/* The adjoint of the state as it enters slot `first`, one state after the other. */
static void gather(const tl_model *m, const tl_window *w, char *to)
{
    const size_t real = tl_real_size(m->real);
    for (int32_t i = 0; i < m->nstates; i++) {
        size_t n = tl_size(&m->states[i]);
        memcpy(to, (const char *)w->state_grads + (m->states[i].offset + (size_t)w->first * n) * real, n * real);
        to += n * real;
    }
}

/* to {n} += by {rows} S {rows, n}; four rows at a time, in the order that stands here. Nothing comes of what nothing is asked of:
 * behind a reset all is 0, and S may be infinite of a sequence that went astray. */
#define ADD_ROWS(SUFFIX, REAL)                                                                          \
    TL_CLONES static void add_rows_##SUFFIX(REAL *restrict to, const REAL *by, const REAL *s, size_t rows, size_t n) \
    {                                                                                                   \
        size_t r = 0;                                                                                   \
        for (; r + 4 <= rows; r += 4) {                                                                 \
            if (by[r] == 0 && by[r + 1] == 0 && by[r + 2] == 0 && by[r + 3] == 0)                       \
                continue;                                                                               \
            const REAL *a = s + r * n, *b = a + n, *c = b + n, *d = c + n;                              \
            for (size_t k = 0; k < n; k++)                                                              \
                to[k] += (by[r] * a[k] + by[r + 1] * b[k]) + (by[r + 2] * c[k] + by[r + 3] * d[k]);     \
        }                                                                                               \
        for (; r < rows; r++)                                                                           \
            for (size_t k = 0; by[r] != 0 && k < n; k++)                                                              \
                to[k] += by[r] * s[r * n + k];                                                          \
    }

ADD_ROWS(f32, float)
ADD_ROWS(f64, double)

void tl_sensitivity_credit(tl_sensitivity *s, const tl_model *m, const tl_window *w, void *grads)
{
    if (!s->moved)
        return;
    gather(m, w, s->adjoint);
    if (s->real == TL_F32)
        add_rows_f32(grads, s->adjoint, s->now, s->states, s->columns);
    else
        add_rows_f64(grads, s->adjoint, s->now, s->states, s->columns);
}

void tl_sensitivity_row(tl_sensitivity *s, const tl_model *m, const tl_window *w, const void *grads, size_t row)
{
    const size_t real = tl_real_size(s->real);
    memcpy((char *)s->next + row * s->columns * real, grads, s->columns * real);
    gather(m, w, (char *)s->adjoint + (row + 1) * s->states * real);
}

/* Rows of S that no row of the next one asks for. */
static void forget_unasked(tl_sensitivity *s)
{
    const size_t n = s->states, real = tl_real_size(s->real);
    for (size_t k = 0; k < n; k++) {
        int asked = 0;
        for (size_t row = 0; row < n && !asked; row++)
            asked = tl_real_get(s->real, s->adjoint, (row + 1) * n + k) != 0;
        if (!asked)
            memset((char *)s->now + k * s->columns * real, 0, s->columns * real);
    }
}

void tl_sensitivity_move(tl_sensitivity *s)
{
    if (s->moved)
        forget_unasked(s);
    const blasint n = (blasint)s->states, columns = (blasint)s->columns;
    void *moved = s->next;
    if (s->moved && s->real == TL_F32)
        tl_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, columns, n, 1, (const float *)s->adjoint + n, n, s->now, columns, 1,
                 s->next, columns);
    else if (s->moved)
        tl_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, columns, n, 1, (const double *)s->adjoint + n, n, s->now, columns, 1,
                 s->next, columns);
    s->next = s->now;
    s->now = moved;
    s->moved = 1;
}
