#include "clip.h"

#include <math.h>
#include <string.h>

#include "clones.h"

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

typedef float Eight __attribute__((vector_size(32)));
typedef float Four __attribute__((vector_size(16)));
typedef float EightOf __attribute__((vector_size(32), aligned(4), may_alias)); /* an array */

#define ALL(DO) DO(a, 0) DO(b, 1) DO(c, 2) DO(d, 3) DO(e, 4) DO(f, 5) DO(g, 6) DO(h, 7)
#define ZERO(sum, i) Eight sum = { 0 };
#define ADD_SQUARE(sum, i) sum += x[i] * x[i];
#define ADD_REST(sum, i)                                                                          \
    if (i < rest / 8)                                                                             \
        sum += x[i] * x[i];                                                                       \
    else if (i == rest / 8)                                                                       \
        sum += last * last;

/* Fewer than 8, and zeros. */
static inline void take_last(Eight *last, const float *p, size_t n)
{
    float x[8] = { 0 };
    for (size_t j = 0; j < n; j++)
        x[j] = p[j];
    memcpy(last, x, sizeof x);
}

/* n up to PIECE. Written in vectors: an array of sums gcc adds up in memory, which takes twice as long. */
TL_CLONES static float squares_of_piece(const float *p, size_t n)
{
    if (n == 1) /* a bias, say */
        return *p * *p;
    ALL(ZERO)
    const EightOf *x = (const EightOf *)p;
    for (const EightOf *end = x + n / LANES * (LANES / 8); x < end; x += LANES / 8) {
        ALL(ADD_SQUARE)
    }
    size_t rest = n % LANES;
    if (rest) {
        Eight last;
        take_last(&last, p + n - rest % 8, rest % 8);
        ALL(ADD_REST)
    }
    a = ((a + e) + (c + g)) + ((b + f) + (d + h)); /* by halves, until one is left */
    Four half[2], s;
    memcpy(half, &a, sizeof half);
    s = half[0] + half[1];
    return (s[0] + s[2]) + (s[1] + s[3]);
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

double tl_grad_norm(const tl_spans *s, const void *grads)
{
    double sum = 0;
    if (s->real == TL_F64)
        for (int32_t i = 0; i < s->count; i++)
            sum += squares_f64((const double *)grads + s->span[i].at, s->span[i].n);
    else
        for (int32_t i = 0; i < s->count; i++)
            sum += squares_f32((const float *)grads + s->span[i].at, s->span[i].n);
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

void tl_clip_norm(const tl_spans *s, void *grads, double norm, double max_norm)
{
    double by = max_norm / (norm + 1e-6);
    if (!(by < 1))
        return;
    for (int32_t i = 0; i < s->count; i++) {
        size_t at = s->span[i].at, n = s->span[i].n;
        if (s->real == TL_F64)
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

void tl_clip_value(const tl_spans *s, void *grads, double bound)
{
    for (int32_t i = 0; i < s->count; i++) {
        size_t at = s->span[i].at, n = s->span[i].n;
        if (s->real == TL_F64)
            clamp_f64((double *)grads + at, n, bound);
        else
            clamp_f32((float *)grads + at, n, (float)bound);
    }
}
