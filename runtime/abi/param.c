#include "param.h"

#include <math.h>
#include <string.h>

#include "finite.h"
#include "real.h"

/* A matrix that stands by columns, `from` its first element; a column's elements are read one after the other, so that rows
 * are in the nearest cache while they are written. */
#define ROWS_OF(SUFFIX, REAL)                                                                     \
    static void rows_of_##SUFFIX(const tl_tensor *t, const REAL *from, REAL *to)                  \
    {                                                                                             \
        const size_t rows = (size_t)t->dim[0], cols = (size_t)t->dim[1], column = (size_t)t->column; \
        for (size_t j = 0; j < cols; j++)                                                         \
            for (size_t i = 0; i < rows; i++)                                                     \
                to[i * cols + j] = from[j * column + i];                                          \
    }

ROWS_OF(f32, float)
ROWS_OF(f64, double)

void tl_param_get(const tl_tensor *t, tl_type real, const void *block, void *rows)
{
    const void *from = tl_real_at_const(real, block, t->offset);
    if (!t->column)
        memcpy(rows, from, tl_size(t) * tl_real_size(real));
    else if (real == TL_F32)
        rows_of_f32(t, from, rows);
    else
        rows_of_f64(t, from, rows);
}

void tl_param_put(const tl_tensor *t, tl_type real, void *block, const void *rows)
{
    size_t n = tl_size(t);
    if (!t->column)
        memcpy(tl_real_at(real, block, t->offset), rows, n * tl_real_size(real));
    for (size_t i = 0; t->column && i < n; i++)
        tl_real_set(real, block, tl_param_at(t, i), tl_real_get(real, rows, i));
}

/* Matrices that share columns would stand one after the other. */
static size_t offset_by_rows(const tl_tensor *t)
{
    return t->column ? t->offset - (size_t)t->first_row + (size_t)t->first_row * (size_t)t->dim[1] : t->offset;
}

void tl_params_get(const tl_model *m, const void *block, void *rows)
{
    memset(rows, 0, m->param_size * tl_real_size(m->real));
    for (int32_t i = 0; i < m->nparams; i++)
        tl_param_get(&m->params[i], m->real, block, tl_real_at(m->real, rows, offset_by_rows(&m->params[i])));
}

void tl_params_put(const tl_model *m, void *block, const void *rows)
{
    for (int32_t i = 0; i < m->nparams; i++)
        tl_param_put(&m->params[i], m->real, block, tl_real_at_const(m->real, rows, offset_by_rows(&m->params[i])));
}

size_t tl_param_not_finite(const tl_tensor *t, tl_type real, const void *block)
{
    size_t n = tl_size(t), i = 0;
    if (!t->column)
        return tl_not_finite(real, block, t->offset, n);
    while (i < n && isfinite(tl_real_get(real, block, tl_param_at(t, i))))
        i++;
    return i;
}

/* Element `behind` its offset. */
static int holds(const tl_tensor *t, size_t behind, size_t *i)
{
    if (!t->column) {
        *i = behind;
        return behind < tl_size(t);
    }
    size_t row = behind % (size_t)t->column, col = behind / (size_t)t->column, cols = (size_t)t->dim[1];
    *i = row * cols + col;
    return row < (size_t)t->dim[0] && col < cols;
}

const tl_tensor *tl_param_there(const tl_model *m, size_t at, size_t *i)
{
    for (int32_t k = 0; k < m->nparams; k++)
        if (at >= m->params[k].offset && holds(&m->params[k], at - m->params[k].offset, i))
            return &m->params[k];
    return NULL;
}
