/* The kernels are chains of x = x * m + a, as many as hide the latency of a multiply-add: 4 cycles,
 * two issued in each, need 8, and a few more to keep both units busy; 12 still fit the 16 registers
 * of AVX2 beside m and a. On a Xeon that does 64 FLOP a cycle at 3.8 GHz 1 chain gave 30 GFLOP/s,
 * 4 gave 122, 8 gave 220 and 12 gave 243.3, which is all there is. They are written with
 * intrinsics: a loop over an array, vectorised for target_clones, depends on the compiler keeping
 * the array in registers and on contraction, which -std=c11 turns off. */
#include "peak.h"

#include "progress.h"

enum { CHAINS = 12 };

/* x * M + A stays between 1 and 2. */
#define M 0.5
#define A 1.0

/* One function: `rounds` times CHAINS multiply-adds of `lanes` elements; returns an element. */
#define KERNEL(name, attribute, real, vector, broadcast, fma)                                     \
    attribute static double name(size_t rounds)                                                   \
    {                                                                                             \
        union {                                                                                   \
            vector v;                                                                             \
            real e;                                                                               \
        } sum;                                                                                    \
        vector x[CHAINS], m = broadcast((real)M), a = broadcast((real)A);                         \
        for (int i = 0; i < CHAINS; i++)                                                          \
            x[i] = broadcast((real)(1 + i / 16.0));                                               \
        for (size_t n = 0; n < rounds; n++)                                                       \
            for (int i = 0; i < CHAINS; i++)                                                      \
                x[i] = fma(x[i], m, a);                                                           \
        sum.v = x[0];                                                                             \
        for (int i = 1; i < CHAINS; i++)                                                          \
            sum.v = fma(sum.v, m, x[i]);                                                          \
        return (double)sum.e;                                                                     \
    }

typedef struct Kernel {
    const char *instructions;
    double (*run[2])(size_t rounds); /* f32, f64 */
    size_t bytes;                    /* of a vector */
} Kernel;

/* Two vectors of 16 bytes: every 64-bit processor that GNU C knows has them, with a multiply-add of
 * its own or without. */
typedef float Floats __attribute__((vector_size(16)));
typedef double Doubles __attribute__((vector_size(16)));
#define SPREAD_F32(x) (Floats){ x, x, x, x }
#define SPREAD_F64(x) (Doubles){ x, x }
#ifdef __FP_FAST_FMA
#define EACH_F32(x, m, a)                                                                         \
    (Floats){ __builtin_fmaf(x[0], m[0], a[0]), __builtin_fmaf(x[1], m[1], a[1]),                 \
              __builtin_fmaf(x[2], m[2], a[2]), __builtin_fmaf(x[3], m[3], a[3]) }
#define EACH_F64(x, m, a)                                                                         \
    (Doubles){ __builtin_fma(x[0], m[0], a[0]), __builtin_fma(x[1], m[1], a[1]) }
#else
#define EACH_F32(x, m, a) ((x) * (m) + (a))
#define EACH_F64(x, m, a) ((x) * (m) + (a))
#endif
KERNEL(baseline_f32, , float, Floats, SPREAD_F32, EACH_F32)
KERNEL(baseline_f64, , double, Doubles, SPREAD_F64, EACH_F64)
static const Kernel baseline = { "baseline", { baseline_f32, baseline_f64 }, 16 };

#ifdef __x86_64__
#include <immintrin.h>
#define AVX2 __attribute__((target("avx2,fma")))
#define AVX512 __attribute__((target("avx512f")))
KERNEL(avx2_f32, AVX2, float, __m256, _mm256_set1_ps, _mm256_fmadd_ps)
KERNEL(avx2_f64, AVX2, double, __m256d, _mm256_set1_pd, _mm256_fmadd_pd)
KERNEL(avx512_f32, AVX512, float, __m512, _mm512_set1_ps, _mm512_fmadd_ps)
KERNEL(avx512_f64, AVX512, double, __m512d, _mm512_set1_pd, _mm512_fmadd_pd)
static const Kernel avx2 = { "avx2 fma", { avx2_f32, avx2_f64 }, 32 };
static const Kernel avx512 = { "avx512f", { avx512_f32, avx512_f64 }, 64 };

static const Kernel *widest(void)
{
    if (__builtin_cpu_supports("avx512f"))
        return &avx512;
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &avx2 : &baseline;
}
#else
static const Kernel *widest(void)
{
    return &baseline;
}
#endif

const char *tl_peak_instructions(void)
{
    return widest()->instructions;
}

double tl_peak_flops(tl_type real, double seconds)
{
    const Kernel *k = widest();
    int wide = real == TL_F64;
    double flops = 2.0 * CHAINS * (double)(k->bytes / (wide ? sizeof(double) : sizeof(float)));
    double best = 0, begun = tl_seconds();
    volatile double result = 0; /* so that the chains are not dropped */
    size_t rounds = 1024;
    do {
        double start = tl_seconds();
        result = result + k->run[wide](rounds);
        double spent = tl_seconds() - start;
        if (spent < 0.5e-3)
            rounds *= 2;
        else if (flops * (double)rounds / spent > best)
            best = flops * (double)rounds / spent;
    } while (best == 0 || tl_seconds() - begun < seconds);
    return best;
}
