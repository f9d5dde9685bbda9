/* elementary_f32.h - the functions of elementary.h in single precision. */
#ifndef TAPELESS_ELEMENTARY_F32_H
#define TAPELESS_ELEMENTARY_F32_H

#include "elementary_bits.h"
#include "elementary_f64.h"

/* Added to a number of ordinary size, it leaves the nearest integer in the low bits of the sum: with an
 * exponent's bias, ready to be shifted to where an exponent stands. */
#define TL_ROUND_F32 0x1.8p23f

#define TL_LOG2E_F32 0x1.715476p+0f
#define TL_LN2_F32 0x1.62e43p-1f /* its error is 2^-29 */
#define TL_LN2_HIGH_F32 0x1.62e4p-1f
#define TL_LN2_LOW_F32 0x1.7f7d1cp-20f

/* (e^(k r) - 1) / k, |r| <= ln 2 / 2; k is 1 or -1. By Estrin's scheme, four operations one after the other
 * where Horner's has five: a recurrent net of one lane waits for each. */
static inline float tl_expm1_f32(float r, float k)
{
    const float rr = r * r;
    const float low = tl_fma_f32(r, 0x1.555492p-3f, 0x1.fffffcp-2f * k);
    const float high = tl_fma_f32(r, 0x1.123982p-7f, 0x1.5558acp-5f * k);
    const float q = tl_fma_f32(rr, tl_fma_f32(rr, 0x1.6a51bcp-10f * k, high), low);
    return tl_fma_f32(rr, q, r);
}

static inline float tl_less_ln2_f32(float x, float n)
{
    return tl_fma_f32(-n, TL_LN2_LOW_F32, tl_fma_f32(-n, TL_LN2_HIGH_F32, x));
}

/* e^x = 2^n e^(x - n ln 2). 2^n is two factors, so that neither overflows or is denormal, and only the last
 * product is rounded. What is too large is infinite also where a compiler makes one instruction of that product and of
 * a difference behind it (-ffp-contract=fast): infinity less infinity is NaN. Here as below, arguments of which the
 * arithmetic makes nonsense are told apart beside it and replaced at the end: nothing waits for that. */
static inline float tl_exp_f32(float x)
{
    const float bias = TL_ROUND_F32 + 254, t = tl_fma_f32(x, TL_LOG2E_F32, bias);
    const float p = 1 + tl_expm1_f32(tl_less_ln2_f32(x, t - bias), 1);
    const uint32_t biased = tl_bits_f32(t), half = biased >> 1;
    const float y = p * tl_of_bits_f32(half << 23) * tl_of_bits_f32((biased - half) << 23);
    return tl_beyond_f32(x, -105, 0, 0x1.62e42ep+6f, INFINITY, y);
}

/* With x = r - n ln 2 / 2, h = tanh r and e = 2^n = e^-2(x - r), tanh x = (1 - e + (1 + e) h) / (1 + e + (1 - e) h).
 * r is small, so the polynomial is short, and the sums with e are there before it. Nothing cancels; the numerator
 * is at most the denominator, however they are rounded; without n the quotient is 2 h / 2, h itself. Nothing waits
 * for |x|: the arithmetic is as odd as the function, but for the sign of 0. Beyond 43, 2^n is no number.
 * What was tried besides, here and in sigmoid, is in docs/performance.md. */
static inline float tl_tanh_f32(float x)
{
    const uint32_t sign = UINT32_C(0x80000000);
    const float bias = TL_ROUND_F32 + 127, t = tl_fma_f32(x, -2 * TL_LOG2E_F32, bias), n = t - bias;
    const float r = tl_fma_f32(n, TL_LN2_F32 / 2, x), rr = r * r;
    const float h = tl_fma_f32(r * rr, tl_fma_f32(rr, 0x1.0c3214p-3f, -0x1.554ee4p-2f), r);
    const float e = tl_of_bits_f32(tl_bits_f32(t) << 23);
    const float y = tl_fma_f32(1 + e, h, 1 - e) / tl_fma_f32(1 - e, h, 1 + e);
    const float z = tl_of_bits_f32(tl_bits_f32(x) & ~sign) > 10 ? 1 : y;
    return tl_of_bits_f32(tl_bits_f32(z) | (tl_bits_f32(x) & sign));
}

/* 1 / (1 + e^-x), both sides of the fraction times 2^-24: so it reaches to the last denormal number. To
 * have r in place first, so that but one operation waits for the polynomial, costs 0.8 ulp. */
static inline float tl_sigmoid_f32(float x)
{
    const float bias = TL_ROUND_F32 + (127 - 24), t = tl_fma_f32(x, -TL_LOG2E_F32, bias), n = t - bias;
    const float s = tl_of_bits_f32(tl_bits_f32(t) << 23);
    const float y = 0x1p-24f / (tl_fma_f32(-s, tl_expm1_f32(tl_less_ln2_f32(x, -n), -1), 0x1p-24f) + s);
    return tl_beyond_f32(x, -104.5f, 0, 60, 1, y);
}

/* max(x, 0) + log(1 + e^-|x|) */
static inline float tl_softplus_f32(float x)
{
    float a = tl_of_bits_f32(tl_bits_f32(x) | UINT32_C(0x80000000));
    a = a < -88.25f ? -88.25f : a;
    const float bias = TL_ROUND_F32 + 127, t = tl_fma_f32(a, TL_LOG2E_F32, bias);
    const float s = tl_of_bits_f32(tl_bits_f32(t) << 23);
    const float f = tl_fma_f32(s, tl_expm1_f32(tl_less_ln2_f32(a, t - bias), 1), s);
    float q = tl_fma_f32(f, -0x1.af547ep-9f, 0x1.491dp-6f);
    q = tl_fma_f32(f, q, -0x1.d6b4a6p-5f);
    q = tl_fma_f32(f, q, 0x1.b4afb6p-4f);
    q = tl_fma_f32(f, q, -0x1.3a43bep-3f);
    q = tl_fma_f32(f, q, 0x1.934b6ap-3f);
    q = tl_fma_f32(f, q, -0x1.ff23e8p-3f);
    q = tl_fma_f32(f, q, 0x1.554ddp-2f);
    q = tl_fma_f32(f, q, -0x1.ffffd2p-2f);
    return (x > 0 ? x : 0) + tl_fma_f32(f * f, q, f);
}

/* x = 2^e (1 + f), 2/3 <= 1 + f < 4/3. */
static inline float tl_log_f32(float x)
{
    const uint32_t low = UINT32_C(0x3f2aaaab), one = UINT32_C(0x3f800000);
    const float up = x < FLT_MIN ? 0x1p23f : 1, bias = x < FLT_MIN ? 127 + 23 : 127;
    const uint32_t i = tl_bits_f32(x * up) + (one - low);
    const float e = (float)(int32_t)(i >> 23) - bias;
    const float f = tl_of_bits_f32((i & UINT32_C(0x7fffff)) + low) - 1;
    float q = tl_fma_f32(f, 0x1.1f2452p-3f, -0x1.3b0e88p-3f);
    q = tl_fma_f32(f, q, 0x1.1ea948p-3f);
    q = tl_fma_f32(f, q, -0x1.50388p-3f);
    q = tl_fma_f32(f, q, 0x1.99d3a8p-3f);
    q = tl_fma_f32(f, q, -0x1.00145p-2f);
    q = tl_fma_f32(f, q, 0x1.5554fcp-2f);
    q = tl_fma_f32(f, q, -0x1.ffffd6p-2f);
    const float y = tl_fma_f32(e, TL_LN2_F32, tl_fma_f32(f * f, q, f));
    const float finite = x <= FLT_MAX ? y : x;
    return x > 0 ? finite : x == 0 ? -INFINITY : NAN;
}

/* r (1 + z c(z)) is sin r to 2^-27, |r| <= pi / 2; it changes its sign with each multiple of pi. */
static inline float tl_sin_of_rest_f32(double r, uint64_t n)
{
    const double z = r * r;
    double c = tl_fma_f64(z, 0x1.5dbcd88b2b633p-19, -0x1.9f6fec31745e8p-13);
    c = tl_fma_f64(z, c, 0x1.110ed320be69p-7);
    c = tl_fma_f64(z, c, -0x1.55554bc612af9p-3);
    return (float)tl_of_bits_f64(tl_bits_f64(r * tl_fma_f64(z, c, 1)) ^ n << 63);
}

/* x - n pi, by parts of pi so short that products with n, or n and a half, are exact where there is no FMA. */
static inline double tl_less_pi_f32(double x, double n)
{
#if TL_HAS_FMA
    return tl_fma_f64(-n, 0x1.1a62633145c07p-53, tl_fma_f64(-n, 0x1.921fb54442d18p+1, x));
#else
    return x - n * 0x1.921fbp+1 - n * 0x1.5110bp-21 - n * 0x1.18469898cc517p-43;
#endif
}

/* sin x = sin(x - n pi) (-1)^n, in double precision. */
static inline float tl_sin_f32(float x)
{
    const double a = (double)(x + (fabsf(x) <= (float)TL_SIN_MOST ? -0.0f : NAN));
    const double t = tl_fma_f64(a, TL_1_PI_F64, TL_ROUND_F64);
    return tl_sin_of_rest_f32(tl_less_pi_f32(a, t - TL_ROUND_F64), tl_bits_f64(t));
}

/* cos x = sin((n + 1/2) pi - x) (-1)^n */
static inline float tl_cos_f32(float x)
{
    const double a = (double)(x + (fabsf(x) <= (float)TL_SIN_MOST ? -0.0f : NAN));
    const double t = tl_fma_f64(a, TL_1_PI_F64, -0.5) + TL_ROUND_F64, n = t - TL_ROUND_F64 + 0.5;
    return tl_sin_of_rest_f32(tl_less_pi_f32(-a, -n), tl_bits_f64(t));
}

#endif
