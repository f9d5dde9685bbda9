#include "clip.h"

#include <math.h>

#include "clones.h"
#include "real.h"

enum { SUMS = 32 }; /* partial sums, so that additions need not wait for each other, in vectors of any width */

/* Added in pairs, and these in pairs. */
static double total(double *s)
{
    for (int half = SUMS / 2; half; half /= 2)
        for (int j = 0; j < half; j++)
            s[j] += s[j + half];
    return s[0];
}

#define SQUARES(NAME, REAL)                                                                       \
    TL_CLONES static double NAME(const REAL *g, size_t n)                                         \
    {                                                                                             \
        double s[SUMS] = { 0 };                                                                   \
        size_t i = 0;                                                                             \
        for (; i + SUMS <= n; i += SUMS)                                                          \
            for (size_t j = 0; j < SUMS; j++)                                                     \
                s[j] += (double)g[i + j] * (double)g[i + j];                                      \
        for (size_t j = 0; i + j < n; j++)                                                        \
            s[j] += (double)g[i + j] * (double)g[i + j];                                          \
        return total(s);                                                                          \
    }

SQUARES(squares_in_f64, float)
SQUARES(squares_f64, double)

enum { PIECE = 1024, LANES = 64 }; /* elements that are summed in single precision, in so many partial sums */

/* n up to PIECE */
TL_CLONES static float squares_of_piece(const float *g, size_t n)
{
    float s[LANES] = { 0 };
    size_t i = 0;
    for (; i + LANES <= n; i += LANES)
        for (size_t j = 0; j < LANES; j++)
            s[j] += g[i + j] * g[i + j];
    for (size_t j = 0; i + j < n; j++)
        s[j] += g[i + j] * g[i + j];
    for (int half = LANES / 2; half; half /= 2)
        for (int j = 0; j < half; j++)
            s[j] += s[j + half];
    return s[0];
}

/* Each partial sum of a piece has 16 terms, so it errs by 2^-22 at most; where squares leave the range of single
 * precision, the piece is summed in double. Double throughout took twice as long as SGD itself. */
static double squares_f32(const float *g, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i += PIECE) {
        size_t some = n - i < PIECE ? n - i : PIECE;
        float piece = squares_of_piece(g + i, some);
        sum += piece > 1e-25f && piece < 1e30f ? (double)piece : squares_in_f64(g + i, some);
    }
    return sum;
}

double tl_grad_norm(const tl_model *m, const void *grads)
{
    double sum = 0;
    for (int32_t i = 0, to; i < m->nparams; i = to) {
        to = tl_run_of_params(m, i);
        if (!tl_is_trained(&m->params[i]))
            continue;
        size_t at = m->params[i].offset, n = m->params[to - 1].offset + tl_size(&m->params[to - 1]) - at;
        sum += m->real == TL_F64 ? squares_f64((const double *)grads + at, n)
                                 : squares_f32((const float *)grads + at, n);
    }
    return sqrt(sum);
}

#define SCALE(NAME, REAL)                                                                         \
    TL_CLONES static void NAME(REAL *g, size_t n, REAL by)                                        \
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
    TL_CLONES static void NAME(REAL *g, size_t n, REAL bound)                                     \
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
