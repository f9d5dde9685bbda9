#include "constrain.h"

#include <math.h>

#define CONSTRAIN(SUFFIX, REAL)                                                                   \
    static void clamp_##SUFFIX(REAL *p, size_t n, REAL min, REAL max)                             \
    {                                                                                             \
        for (size_t i = 0; i < n; i++)                                                            \
            p[i] = p[i] < min ? min : p[i] > max ? max : p[i];                                    \
    }                                                                                             \
                                                                                                  \
    static void shorten_##SUFFIX(REAL *row, size_t n, double most)                                \
    {                                                                                             \
        double sum = 0;                                                                           \
        for (size_t i = 0; i < n; i++)                                                            \
            sum += (double)row[i] * (double)row[i];                                               \
        double by = most / sqrt(sum);                                                             \
        for (size_t i = 0; by < 1 && i < n; i++)                                                  \
            row[i] = (REAL)((double)row[i] * by);                                                 \
    }                                                                                             \
                                                                                                  \
    static void constrain_##SUFFIX(const tl_tensor *t, const tl_rule *r, REAL *p)                 \
    {                                                                                             \
        size_t n = tl_size(t), rows = t->rank > 1 ? (size_t)t->dim[0] : 1;                        \
        if (r->min > -INFINITY || r->max < INFINITY)                                              \
            clamp_##SUFFIX(p, n, (REAL)r->min, (REAL)r->max);                                     \
        for (size_t i = 0; r->max_norm > 0 && i < rows; i++)                                      \
            shorten_##SUFFIX(p + i * (n / rows), n / rows, r->max_norm);                          \
    }

CONSTRAIN(f32, float)
CONSTRAIN(f64, double)

void tl_constrain(const tl_tensor *t, tl_type real, void *p)
{
    if (t->rule && real == TL_F64)
        constrain_f64(t, t->rule, p);
    else if (t->rule)
        constrain_f32(t, t->rule, p);
}
