#include "clip.h"

#include <math.h>

#include "real.h"

/* Eight partial sums, so that the additions need not wait for each other. */
#define SQUARES(NAME, REAL)                                                                       \
    static double NAME(const REAL *g, size_t n)                                                   \
    {                                                                                             \
        double s[8] = { 0 };                                                                      \
        size_t i = 0;                                                                             \
        for (; i + 8 <= n; i += 8)                                                                \
            for (size_t j = 0; j < 8; j++)                                                        \
                s[j] += (double)g[i + j] * (double)g[i + j];                                      \
        for (; i < n; i++)                                                                        \
            s[0] += (double)g[i] * (double)g[i];                                                  \
        return ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));                 \
    }

SQUARES(squares_f32, float)
SQUARES(squares_f64, double)

double tl_grad_norm(const tl_model *m, const void *grads)
{
    double sum = 0;
    for (int32_t i = 0; i < m->nparams; i++) {
        size_t n = tl_is_trained(&m->params[i]) ? tl_size(&m->params[i]) : 0, at = m->params[i].offset;
        sum += m->real == TL_F64 ? squares_f64((const double *)grads + at, n)
                                 : squares_f32((const float *)grads + at, n);
    }
    return sqrt(sum);
}

#define SCALE(NAME, REAL)                                                                         \
    static void NAME(REAL *g, size_t n, REAL by)                                                  \
    {                                                                                             \
        for (size_t i = 0; i < n; i++)                                                            \
            g[i] *= by;                                                                           \
    }

SCALE(scale_f32, float)
SCALE(scale_f64, double)

void tl_clip_norm(const tl_model *m, void *grads, double norm, double max_norm)
{
    double by = max_norm / (norm + 1e-6);
    if (!(by < 1))
        return;
    for (int32_t i = 0; i < m->nparams; i++) {
        size_t n = tl_is_trained(&m->params[i]) ? tl_size(&m->params[i]) : 0, at = m->params[i].offset;
        if (m->real == TL_F64)
            scale_f64((double *)grads + at, n, by);
        else
            scale_f32((float *)grads + at, n, (float)by);
    }
}

#define CLAMP(NAME, REAL)                                                                         \
    static void NAME(REAL *g, size_t n, REAL bound)                                               \
    {                                                                                             \
        for (size_t i = 0; i < n; i++)                                                            \
            g[i] = g[i] > bound ? bound : g[i] < -bound ? -bound : g[i];                          \
    }

CLAMP(clamp_f32, float)
CLAMP(clamp_f64, double)

void tl_clip_value(const tl_model *m, void *grads, double bound)
{
    for (int32_t i = 0; i < m->nparams; i++) {
        size_t n = tl_is_trained(&m->params[i]) ? tl_size(&m->params[i]) : 0, at = m->params[i].offset;
        if (m->real == TL_F64)
            clamp_f64((double *)grads + at, n, bound);
        else
            clamp_f32((float *)grads + at, n, (float)bound);
    }
}
