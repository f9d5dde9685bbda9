/* elementary_f64.h - the functions of elementary.h in double precision; elementary_f32.h, where they are the
 * same, says more. */
#ifndef TAPELESS_ELEMENTARY_F64_H
#define TAPELESS_ELEMENTARY_F64_H

#include "elementary_bits.h"

#define TL_ROUND_F64 0x1.8p52

#define TL_LOG2E_F64 0x1.71547652b82fep+0
#define TL_LN2_HIGH_F64 0x1.62e42fefa3p-1 /* times an exponent: exact */
#define TL_LN2_LOW_F64 0x1.3de6af278ece6p-42
#define TL_1_PI_F64 0x1.45f306dc9c883p-2

static inline double tl_expm1_f64(double r, double k)
{
    const double rr = r * r, r4 = rr * rr;
    const double q0 = tl_fma_f64(r, 0x1.555555555550cp-3, 0x1.000000000000ap-1 * k);
    const double q2 = tl_fma_f64(r, 0x1.111111112483p-7, 0x1.55555555507aap-5 * k);
    const double q4 = tl_fma_f64(r, 0x1.a01a01378ce73p-13, 0x1.6c16c18436715p-10 * k);
    const double q6 = tl_fma_f64(r, 0x1.71df0e16a262bp-19, 0x1.a0199a12eab0ap-16 * k);
    const double q8 = tl_fma_f64(r, 0x1.ad9d4948428dap-26, 0x1.28ad5abb7452cp-22 * k);
    const double q = tl_fma_f64(r4, tl_fma_f64(r4, q8, tl_fma_f64(rr, q6, q4)), tl_fma_f64(rr, q2, q0));
    return tl_fma_f64(rr, q, r);
}

static inline double tl_less_ln2_f64(double x, double n)
{
    return tl_fma_f64(-n, TL_LN2_LOW_F64, tl_fma_f64(-n, TL_LN2_HIGH_F64, x));
}

static inline double tl_exp_f64(double x)
{
    const double bias = TL_ROUND_F64 + 2046, t = tl_fma_f64(x, TL_LOG2E_F64, bias);
    const double p = 1 + tl_expm1_f64(tl_less_ln2_f64(x, t - bias), 1);
    const uint64_t biased = tl_bits_f64(t), half = biased >> 1;
    const double y = p * tl_of_bits_f64(half << 52) * tl_of_bits_f64((biased - half) << 52);
    return tl_beyond_f64(x, -746, 0, 0x1.62e42fefa39efp+9, (double)INFINITY, y);
}

static inline double tl_tanh_f64(double x)
{
    const uint64_t sign = UINT64_C(1) << 63;
    const double bias = TL_ROUND_F64 + 1023, t = tl_fma_f64(x, -2 * TL_LOG2E_F64, bias), n = t - bias;
    const double r = tl_fma_f64(n, TL_LN2_LOW_F64 / 2, tl_fma_f64(n, TL_LN2_HIGH_F64 / 2, x));
    const double rr = r * r, r4 = rr * rr;
    const double c0 = tl_fma_f64(rr, 0x1.11111110c6b08p-3, -0x1.5555555555432p-2);
    const double c2 = tl_fma_f64(rr, 0x1.664eb0101cc35p-6, -0x1.ba1ba0e0802p-5);
    const double c4 = tl_fma_f64(rr, 0x1.c290b75f6a32p-9, -0x1.2236c2f48b07ap-7);
    const double h = tl_fma_f64(r * rr, tl_fma_f64(r4, tl_fma_f64(r4, c4, c2), c0), r);
    const double e = tl_of_bits_f64(tl_bits_f64(t) << 52);
    const double y = tl_fma_f64(1 + e, h, 1 - e) / tl_fma_f64(1 - e, h, 1 + e);
    const double z = tl_of_bits_f64(tl_bits_f64(x) & ~sign) > 20 ? 1 : y;
    return tl_of_bits_f64(tl_bits_f64(z) | (tl_bits_f64(x) & sign));
}

static inline double tl_sigmoid_f64(double x)
{
    const double bias = TL_ROUND_F64 + (1023 - 53), t = tl_fma_f64(x, -TL_LOG2E_F64, bias), n = t - bias;
    const double s = tl_of_bits_f64(tl_bits_f64(t) << 52);
    const double y = 0x1p-53 / (tl_fma_f64(-s, tl_expm1_f64(tl_less_ln2_f64(x, -n), -1), 0x1p-53) + s);
    return tl_beyond_f64(x, -746, 0, 100, 1, y);
}

/* max(x, 0) + log(1 + f), f = e^-|x|; the logarithm is 2 atanh(y), y = f / (2 + f). */
static inline double tl_softplus_f64(double x)
{
    double a = tl_of_bits_f64(tl_bits_f64(x) | UINT64_C(1) << 63);
    a = a < -709 ? -709 : a;
    const double bias = TL_ROUND_F64 + 1023, t = tl_fma_f64(a, TL_LOG2E_F64, bias);
    const double s = tl_of_bits_f64(tl_bits_f64(t) << 52);
    const double f = tl_fma_f64(s, tl_expm1_f64(tl_less_ln2_f64(a, t - bias), 1), s);
    const double y = f / (2 + f), z = y * y;
    double c = tl_fma_f64(z, 0x1.5c6581a65c4b3p-4, 0x1.55c500ca8e30bp-5);
    c = tl_fma_f64(z, c, 0x1.efd3fe813c2a7p-5);
    c = tl_fma_f64(z, c, 0x1.1068059f04b06p-4);
    c = tl_fma_f64(z, c, 0x1.3b1dd6fea5e65p-4);
    c = tl_fma_f64(z, c, 0x1.745cb42ecef8fp-4);
    c = tl_fma_f64(z, c, 0x1.c71c741b5c554p-4);
    c = tl_fma_f64(z, c, 0x1.249249208dfc3p-3);
    c = tl_fma_f64(z, c, 0x1.99999999a0734p-3);
    c = tl_fma_f64(z, c, 0x1.5555555555535p-2);
    return (x > 0 ? x : 0) + tl_fma_f64(2 * y * z, c, 2 * y);
}

/* log(1 + f) = f - (f f / 2 - s (f f / 2 + R)), s = f / (2 + f), R = 2 atanh(s) / s - 2, as fdlibm has it:
 * what is rounded is small beside f. */
static inline double tl_log_near_1_f64(double f, double add)
{
    const double half = 0.5 * f * f, s = f / (2 + f), z = s * s;
    double c = tl_fma_f64(z, 2 * 0x1.2f0389ba5be92p-4, 2 * 0x1.39a1efb5092fcp-4);
    c = tl_fma_f64(z, c, 2 * 0x1.74663c9696ba5p-4);
    c = tl_fma_f64(z, c, 2 * 0x1.c71c5216365cp-4);
    c = tl_fma_f64(z, c, 2 * 0x1.24924941def4ap-3);
    c = tl_fma_f64(z, c, 2 * 0x1.999999997ff3bp-3);
    c = tl_fma_f64(z, c, 2 * 0x1.5555555555592p-2);
    return f - (half - tl_fma_f64(s, tl_fma_f64(z, c, half), add));
}

/* x = 2^e (1 + f), sqrt(1/2) <= 1 + f < sqrt(2). The exponent becomes a number in the mantissa of 2^52. */
static inline double tl_log_f64(double x)
{
    const uint64_t low = UINT64_C(0x3fe6a09e667f3bcd), one = UINT64_C(0x3ff0000000000000);
    const double up = x < DBL_MIN ? 0x1p52 : 1, bias = x < DBL_MIN ? 0x1p52 + 1023 + 52 : 0x1p52 + 1023;
    const uint64_t i = tl_bits_f64(x * up) + (one - low);
    const double e = tl_of_bits_f64(i >> 52 | tl_bits_f64(0x1p52)) - bias;
    const double f = tl_of_bits_f64((i & UINT64_C(0xfffffffffffff)) + low) - 1;
    const double y = tl_fma_f64(e, TL_LN2_HIGH_F64, tl_log_near_1_f64(f, e * TL_LN2_LOW_F64));
    const double finite = x <= DBL_MAX ? y : x;
    return x > 0 ? finite : x == 0 ? -(double)INFINITY : (double)NAN;
}

/* x - n pi, by parts of pi so short that products with n, or n and a half, are exact where there is no FMA;
 * with it the first difference is exact too. */
static inline double tl_less_pi_f64(double x, double n)
{
#if TL_HAS_FMA
    x = tl_fma_f64(-n, 0x1.921fb54442d18p+1, x);
    x = tl_fma_f64(-n, 0x1.1a62633145c06p-53, x);
    return tl_fma_f64(-n, 0x1.c1cd129024e09p-106, x);
#else
    x = x - n * 0x1.921fbp+1 - n * 0x1.5110bp-21 - n * 0x1.18469p-43;
    return x - n * 0x1.13198p-64 - n * 0x1.45c06e0e68948p-85;
#endif
}

static inline double tl_sin_of_rest_f64(double r, uint64_t n)
{
    const double z = r * r;
    double c = tl_fma_f64(z, 0x1.883294611dcep-49, -0x1.ae4383edad1aep-41);
    c = tl_fma_f64(z, c, 0x1.6123cd060200cp-33);
    c = tl_fma_f64(z, c, -0x1.ae6454d471c0fp-26);
    c = tl_fma_f64(z, c, 0x1.71de3a52a0af6p-19);
    c = tl_fma_f64(z, c, -0x1.a01a01a014d6fp-13);
    c = tl_fma_f64(z, c, 0x1.11111111110c8p-7);
    c = tl_fma_f64(z, c, -0x1.5555555555555p-3);
    return tl_of_bits_f64(tl_bits_f64(tl_fma_f64(r * z, c, r)) ^ n << 63);
}

static inline double tl_sin_f64(double x)
{
    const uint64_t sign = tl_bits_f64(x) & UINT64_C(1) << 63;
    const double x1 = tl_of_bits_f64(tl_bits_f64(x) ^ sign), a = x1 <= TL_SIN_MOST ? x1 : (double)NAN;
    const double t = tl_fma_f64(a, TL_1_PI_F64, TL_ROUND_F64);
    const double y = tl_sin_of_rest_f64(tl_less_pi_f64(a, t - TL_ROUND_F64), tl_bits_f64(t));
    return tl_of_bits_f64(tl_bits_f64(y) ^ sign);
}

static inline double tl_cos_f64(double x)
{
    const double a = fabs(x) <= TL_SIN_MOST ? x : (double)NAN;
    const double t = tl_fma_f64(a, TL_1_PI_F64, -0.5) + TL_ROUND_F64, n = t - TL_ROUND_F64 + 0.5;
    return tl_sin_of_rest_f64(tl_less_pi_f64(-a, -n), tl_bits_f64(t));
}

#endif
