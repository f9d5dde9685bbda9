/* elementary.h against libm in a wider type: errors are within what the header states, and special values are
 * libm's. Compiled twice, for processors without FMA and with it. Floats are taken on a stride;
 * TAPELESS_EVERY_FLOAT=1 takes all of them, and more doubles: half an hour. */
#include "unit.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include <tapeless/elementary.h>
#include <tapeless/random.h>

enum { BLOCK = 4096 };

/* As generated code has them: loops that a compiler makes vectors of. */
#define LOOPS(NAME)                                                                               \
    static void NAME##_f32(float *restrict y, const float *restrict x)                            \
    {                                                                                             \
        for (int i = 0; i < BLOCK; i++)                                                           \
            y[i] = tl_##NAME##_f32(x[i]);                                                         \
    }                                                                                             \
    static void NAME##_f64(double *restrict y, const double *restrict x)                          \
    {                                                                                             \
        for (int i = 0; i < BLOCK; i++)                                                           \
            y[i] = tl_##NAME##_f64(x[i]);                                                         \
    }
LOOPS(exp)
LOOPS(log)
LOOPS(tanh)
LOOPS(sigmoid)
LOOPS(softplus)
LOOPS(sin)
LOOPS(cos)

static double sigmoid(double x) { return 1 / (1 + exp(-x)); }
static long double sigmoidl(long double x) { return 1 / (1 + expl(-x)); }
static double softplus(double x) { return (x > 0 ? x : 0) + log1p(exp(-fabs(x))); }
static long double softplusl(long double x) { return (x > 0 ? x : 0) + log1pl(expl(-fabsl(x))); }

typedef struct Function {
    const char *name;
    void (*f32)(float *restrict, const float *restrict);
    void (*f64)(double *restrict, const double *restrict);
    double (*wider)(double);
    long double (*widest)(long double);
    double stated[2][2]; /* the largest error in ulp: f32 and f64, without FMA and with it */
    int flushes;         /* results below the least normal number may be anything from 0 to it */
    double most;         /* NaN beyond it */
} Function;

static const Function functions[] = {
    { "exp", exp_f32, exp_f64, exp, expl, { { 1.04, 1.04 }, { 1.1, 1.1 } }, 0, INFINITY },
    { "log", log_f32, log_f64, log, logl, { { 1.18, 1.07 }, { 0.9, 0.9 } }, 0, INFINITY },
    { "tanh", tanh_f32, tanh_f64, tanh, tanhl, { { 2.5, 2.5 }, { 2.5, 2.5 } }, 0, INFINITY },
    { "sigmoid", sigmoid_f32, sigmoid_f64, sigmoid, sigmoidl, { { 2, 2 }, { 2.1, 2.1 } }, 0, INFINITY },
    { "softplus", softplus_f32, softplus_f64, softplus, softplusl, { { 2.3, 1.88 }, { 2.9, 2.9 } }, 1, INFINITY },
    { "sin", sin_f32, sin_f64, sin, sinl, { { 0.61, 0.61 }, { 2.5, 2.3 } }, 0, TL_SIN_MOST },
    { "cos", cos_f32, cos_f64, cos, cosl, { { 0.61, 0.61 }, { 2.5, 2.3 } }, 0, TL_SIN_MOST },
};
enum { FUNCTIONS = sizeof functions / sizeof *functions };

/* The largest error that was found of a function, and where. */
typedef struct Worst {
    double ulp, x;
} Worst;

/* In units in the last place of the true value, in a type with so many bits whose least normal number is
 * 2^least; an infinity counts as 1 ulp above the largest number. Infinite if y is what no rounding excuses. */
static double error_of(const Function *f, double x, long double y, long double truth, int bits, int least)
{
    const long double over = ldexpl(1, 2 - least), normal = ldexpl(1, least);
    if (isnan(truth) || fabs(x) > f->most)
        return isnan(y) ? 0 : INFINITY;
    if (isnan(y) || signbit(y) != signbit(truth) || (isinf(x) && y != truth))
        return INFINITY;
    y = fminl(fabsl(y), over);
    truth = fminl(fabsl(truth), over);
    if (f->flushes && truth < normal)
        return y <= normal ? 0 : INFINITY;
    int exponent;
    frexpl(fmaxl(truth, normal), &exponent);
    return (double)(fabsl(y - truth) / ldexpl(1, exponent - bits));
}

/* Most values are normal: their errors are taken without frexp. */
static double error_f32(const Function *f, float x, float y)
{
    const double truth = f->wider((double)x), size = fabs(truth);
    if (!(size >= (double)FLT_MIN && size <= (double)FLT_MAX && fabs((double)x) <= f->most))
        return error_of(f, (double)x, (double)y, truth, FLT_MANT_DIG, -126);
    const double power = tl_of_bits_f64(tl_bits_f64(size) >> 52 << 52);
    return fabs((double)y - truth) / (power * 0x1p-23);
}

static void keep(Worst *w, double x, double ulp)
{
    if (!(ulp <= w->ulp))
        *w = (Worst){ isnan(ulp) ? INFINITY : ulp, x };
}

static void report(const Function *f, const char *type, const Worst *w, double stated)
{
    print_message("%s_%s: at most %.3f ulp, at %a\n", f->name, type, w->ulp, w->x);
    if (!(w->ulp <= stated))
        fail_msg("%s_%s(%a) is %g ulp wrong, stated are %g", f->name, type, w->x, w->ulp, stated);
}

/* Those next to a multiple of pi / 2 for their size, from 2^-60 apart (by continued fractions). */
static const double beside_multiples[] = { 0x1.6c6cbc45dc8dep+5, 0x1.6c6cbc45dc8dep+6, 0x1.b951f1572eba5p+23,
                                           0x1.b951f1572eba5p+24, 0x1.b951f1572eba5p+26 };

/* What is tried first: edges of types and of the functions' own ranges. */
static double edge(int i)
{
    static const double edges[] = {
        0, DBL_MIN, DBL_TRUE_MIN, DBL_MAX, FLT_MIN, FLT_TRUE_MIN, FLT_MAX, INFINITY, NAN, 1, 0.5, 2, 0x1p-30,
        10, 20, 60, 88.25, 100, 104.5, 709, 709.782712893384, 709.7827128933841, 710, 744,
        745.1332191019411, 745.1332191019412, 746, TL_SIN_MOST, 0x1.0000000000001p32, 0x1.000002p32, 1e300,
    };
    enum {
        EDGES = sizeof edges / sizeof *edges,
        BESIDE = sizeof beside_multiples / sizeof *beside_multiples
    };
    const int k = i / 2 % (EDGES + BESIDE);
    const double x = k < EDGES ? edges[k] : beside_multiples[k - EDGES];
    return i % 2 ? -x : x;
}

/* Their errors at these floats: from `first`, on a stride of bits; edges if it is 0. */
static void errors_f32(const Function *f, uint32_t first, uint32_t stride, Worst *worst)
{
    static float x[BLOCK], y[BLOCK];
    for (uint32_t i = 0; i < BLOCK; i++)
        x[i] = stride ? tl_of_bits_f32(first + i * stride) : (float)edge((int)i);
    f->f32(y, x);
    for (int i = 0; i < BLOCK; i++)
        keep(worst, (double)x[i], error_f32(f, x[i], y[i]));
}

static void floats_are_as_exact_as_stated(void **state)
{
    (void)state;
    const uint32_t stride = getenv("TAPELESS_EVERY_FLOAT") ? 1 : 1009;
    for (int i = 0; i < FUNCTIONS; i++) {
        Worst worst = { 0, 0 };
        errors_f32(&functions[i], 0, 0, &worst);
        for (uint64_t first = 0; first <= UINT32_MAX; first += (uint64_t)BLOCK * stride)
            errors_f32(&functions[i], (uint32_t)first, stride, &worst);
        report(&functions[i], "f32", &worst, functions[i].stated[0][TL_HAS_FMA]);
    }
}

/* A number to try: of any exponent, of an ordinary one, between -40 and 40, near 1, next to a multiple of pi / 2. */
static double number(tl_random *r)
{
    const uint64_t bits = tl_random_u64(r);
    const double sign = bits & 1 ? 1 : -1, u = tl_uniform(r);
    switch (bits >> 1 & 7) {
    case 0: return tl_of_bits_f64(tl_random_u64(r));
    case 1: return sign * ldexp(1 + u, (int)(bits >> 8 & 63) - 55);
    case 2: return sign * 40 * u;
    case 3: return sign * (1 + (u - 0.5) / 4);
    case 4: return sign * 750 * u;
    case 5: return (double)(sign * floor(ldexp(u, (int)(bits >> 8 & 31))) * 1.57079632679489661923L);
    default: return sign * 4 * u;
    }
}

static void doubles_are_as_exact_as_stated(void **state)
{
    (void)state;
    static double x[BLOCK], y[BLOCK];
    const int blocks = getenv("TAPELESS_EVERY_FLOAT") ? 25000 : 50;
    if (LDBL_MANT_DIG < 64)
        skip(); /* nothing to compare with */
    for (int i = 0; i < FUNCTIONS; i++) {
        const Function *f = &functions[i];
        tl_random r = { .key = 7 };
        Worst worst = { 0, 0 };
        for (int block = 0; block < blocks; block++) {
            for (int k = 0; k < BLOCK; k++)
                x[k] = block ? number(&r) : edge(k);
            f->f64(y, x);
            for (int k = 0; k < BLOCK; k++)
                keep(&worst, x[k], error_of(f, x[k], y[k], f->widest(x[k]), DBL_MANT_DIG, -1022));
        }
        report(f, "f64", &worst, f->stated[1][TL_HAS_FMA]);
    }
}

/* Beyond errors: 1 - tanh^2 and 1 - sigmoid are not negative, tanh, sin and cos keep their symmetry, and tanh of
 * what is so small that it is no other number is that number. */
static void bounds_and_symmetries_hold_in_all_bits(void **state)
{
    (void)state;
    for (uint64_t bits = 0; bits < UINT64_C(0x7f800000); bits += 997) {
        const float x = tl_of_bits_f32((uint32_t)bits);
        const double wide = (double)x * 1.2345;
        assert_true(tl_tanh_f32(x) <= 1 && tl_tanh_f32(x) == -tl_tanh_f32(-x));
        assert_true(tl_tanh_f64(wide) <= 1 && tl_tanh_f64(wide) == -tl_tanh_f64(-wide));
        assert_true(!(x < 0x1p-12f) || tl_tanh_f32(x) == x);
        assert_true(!(wide < 0x1p-27) || tl_tanh_f64(wide) == wide);
        assert_true(tl_sigmoid_f32(x) <= 1 && tl_sigmoid_f32(-x) >= 0);
        assert_true(tl_sigmoid_f64(wide) <= 1 && tl_sigmoid_f64(-wide) >= 0);
        if ((double)x > TL_SIN_MOST)
            continue;
        assert_true(tl_sin_f32(x) == -tl_sin_f32(-x) && fabsf(tl_sin_f32(x)) <= 1);
        if (wide <= TL_SIN_MOST)
            assert_true(tl_sin_f64(wide) == -tl_sin_f64(-wide) && fabs(tl_sin_f64(wide)) <= 1);
    }
}

int main(void)
{
#if defined __x86_64__ && TL_HAS_FMA
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma"))
        return 77; /* ctest's word for skipped */
#endif
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(floats_are_as_exact_as_stated),
        cmocka_unit_test(doubles_are_as_exact_as_stated),
        cmocka_unit_test(bounds_and_symmetries_hold_in_all_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
