/* elementary_bits.h - what elementary_f32.h and elementary_f64.h share: numbers as bits, bounds, a * b + c. */
#ifndef TAPELESS_ELEMENTARY_BITS_H
#define TAPELESS_ELEMENTARY_BITS_H

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#define TL_SIN_MOST 0x1p32

static inline uint32_t tl_bits_f32(float x)
{
    uint32_t u;
    memcpy(&u, &x, sizeof u);
    return u;
}

static inline float tl_of_bits_f32(uint32_t u)
{
    float x;
    memcpy(&x, &u, sizeof x);
    return x;
}

static inline uint64_t tl_bits_f64(double x)
{
    uint64_t u;
    memcpy(&u, &x, sizeof u);
    return u;
}

static inline double tl_of_bits_f64(uint64_t u)
{
    double x;
    memcpy(&x, &u, sizeof x);
    return x;
}

/* x, but within these bounds; NaN stays. Both comparisons are of x itself: of what the first leaves, gcc 12
 * makes branches, and of them five operations on masks. (minps it makes of none.) */
static inline float tl_clamp_f32(float x, float low, float high)
{
    const int below = x < low, above = x > high;
    const float y = below ? low : x;
    return above ? high : y;
}

static inline double tl_clamp_f64(double x, double low, double high)
{
    const int below = x < low, above = x > high;
    const double y = below ? low : x;
    return above ? high : y;
}

/* Rounded once where the processor has such an instruction, whatever -ffp-contract says; else twice. */
#if (defined __FP_FAST_FMAF && defined __FP_FAST_FMA) || defined __FMA__ || defined __aarch64__
#define TL_HAS_FMA 1
static inline float tl_fma_f32(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
static inline double tl_fma_f64(double a, double b, double c) { return __builtin_fma(a, b, c); }
#else
#define TL_HAS_FMA 0
static inline float tl_fma_f32(float a, float b, float c) { return a * b + c; }
static inline double tl_fma_f64(double a, double b, double c) { return a * b + c; }
#endif

#endif
