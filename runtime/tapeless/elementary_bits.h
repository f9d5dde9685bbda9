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

/* y, but what it is below `low` and above `high`, which x is compared with; NaN stays. */
static inline float tl_beyond_f32(float x, float low, float below, float high, float above, float y)
{
    const int is_below = x < low, is_above = x > high;
    const float z = is_below ? below : y;
    return is_above ? above : z;
}

static inline double tl_beyond_f64(double x, double low, double below, double high, double above, double y)
{
    const int is_below = x < low, is_above = x > high;
    const double z = is_below ? below : y;
    return is_above ? above : z;
}

/* Rounded once where the processor has such an instruction, whatever -ffp-contract says, unless TL_NO_FMA asks for the same bits
 * everywhere; else twice. */
#if defined TL_NO_FMA
#define TL_HAS_FMA 0
#elif (defined __FP_FAST_FMAF && defined __FP_FAST_FMA) || defined __FMA__ || defined __aarch64__
#define TL_HAS_FMA 1
static inline float tl_fma_f32(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
static inline double tl_fma_f64(double a, double b, double c) { return __builtin_fma(a, b, c); }
#else
#define TL_HAS_FMA 0
#endif
#if !TL_HAS_FMA
static inline float tl_fma_f32(float a, float b, float c) { return a * b + c; }
static inline double tl_fma_f64(double a, double b, double c) { return a * b + c; }
#endif

#endif
