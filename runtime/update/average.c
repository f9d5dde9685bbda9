#include "average.h"

#include <math.h>

#include "clones.h"

#define NOTE(NAME, REAL)                                                                          \
    TL_CLONES static void note_##NAME(double *mean, const REAL *p, size_t n, double by)           \
    {                                                                                             \
        for (size_t i = 0; i < n; i++)                                                            \
            mean[i] += by * ((double)p[i] - mean[i]);                                             \
    }                                                                                             \
    static void begin_##NAME(double *mean, const REAL *p, size_t n)                               \
    {                                                                                             \
        for (size_t i = 0; i < n; i++)                                                            \
            mean[i] = (double)p[i];                                                               \
    }                                                                                             \
    static void round_##NAME(const double *mean, REAL *p, size_t n)                               \
    {                                                                                             \
        for (size_t i = 0; i < n; i++)                                                            \
            p[i] = (REAL)mean[i];                                                                 \
    }

NOTE(f32, float)
NOTE(f64, double)

void tl_average_begin(tl_average *a, const tl_model *m, const void *params)
{
    if (m->real == TL_F64)
        begin_f64(a->mean, params, m->param_size);
    else
        begin_f32(a->mean, params, m->param_size);
}

void tl_average_note(tl_average *a, const tl_model *m, const void *params, double decay, uint64_t n)
{
    double by = 1 - fmin(decay, (1 + (double)n) / (10 + (double)n));
    if (m->real == TL_F64)
        note_f64(a->mean, params, m->param_size, by);
    else
        note_f32(a->mean, params, m->param_size, by);
}

void tl_average_round(const tl_average *a, const tl_model *m, void *params)
{
    if (m->real == TL_F64)
        round_f64(a->mean, params, m->param_size);
    else
        round_f32(a->mean, params, m->param_size);
}
