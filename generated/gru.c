/* gru.c
 *
 * Written by tapeless 0.1.0 from gru.lua (71aadf02c469f4e1), float; hidden=32 input=4 output=1.
 * Do not edit: change the spec and compile it again. This code is yours.
 *
 * First the kernels, one function for each distinct loop nest or product; then the window's
 * steps, one call an operation; then the tables. */
#include "gru.h"

#ifdef __cplusplus /* OpenBLAS's header has C99's complex numbers otherwise */
#define FORCE_OPENBLAS_COMPLEX_STRUCT
#endif
#include <cblas.h>
#include <math.h>
#include <string.h>

#if TL_ABI != 3
#error "written for runtime ABI 3; compile the spec again"
#endif

typedef gru_real real;

/* Kernels stay functions: copied into k2 steps they cost a compiler minutes. */
#ifdef __GNUC__
#define KERNEL static __attribute__((noinline))
#else
#define KERNEL static
#endif

/* C++ has no restrict, and fields by name since 2020; the tables keep to their order. */
#ifdef __cplusplus
#define restrict __restrict
#endif
#if !defined __cplusplus || __cplusplus >= 202002L
#define AT(field) .field =
#else
#define AT(field)
#endif

/* a where c is not 0, else b; by bits, so that it is never a branch. */
static inline real choose(real c, real a, real b)
{
    uint32_t mask = c != 0, x, y;
    mask = 0 - mask;
    memcpy(&x, &a, sizeof x);
    memcpy(&y, &b, sizeof y);
    x = (x & mask) | (y & ~mask);
    memcpy(&a, &x, sizeof a);
    return a;
}

/* where */
KERNEL void loop1(real *restrict y0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3)
{
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 32; j++) {
            const real v1 = x1[i];
            const real v2 = x2[j];
            const real v3 = x3[i * 32 + j];
            y0[i * 32 + j] = choose(v1, v2, v3);
        }
}

/* matmul {8, 32} = {8, 4} {4, 32} */
KERNEL void matmul2(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, 8, 32, 4,
                1, x1, 4, x2, 4, 0, y0, 32);
}

/* matmul {8, 32} = {8, 32} {32, 32} */
KERNEL void matmul3(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, 8, 32, 32,
                1, x1, 32, x2, 32, 0, y0, 32);
}

/* add add sigmoid */
KERNEL void loop4(const real *restrict x0, const real *restrict x1, const real *restrict x2,
        real *restrict y3)
{
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 32; j++) {
            const real v0 = x0[i * 32 + j];
            const real v1 = x1[i * 32 + j];
            const real t0 = v0 + v1;
            const real v2 = x2[j];
            const real t1 = v2 + t0;
            y3[i * 32 + j] = 1 / (1 + expf(-t1));
        }
}

/* add add sigmoid mul */
KERNEL void loop5(const real *restrict x0, const real *restrict x1, const real *restrict x2,
        real *restrict y3, real *restrict y4, const real *restrict x5, const real *restrict x6)
{
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 32; j++) {
            const real v0 = x0[i * 32 + j];
            const real v1 = x1[i * 32 + j];
            const real t0 = v0 + v1;
            const real v2 = x2[j];
            const real t1 = v2 + t0;
            y3[i * 32 + j] = 1 / (1 + expf(-t1));
            const real v5 = x5[i * 32 + j];
            const real v6 = x6[i * 32 + j];
            y4[i * 32 + j] = v5 * v6;
        }
}

/* add add tanh sub mul mul add */
KERNEL void loop6(const real *restrict x0, const real *restrict x1, const real *restrict x2,
        real *restrict y3, real *restrict y4, const real *restrict x5, const real *restrict x6,
        real *restrict y7)
{
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 32; j++) {
            const real v0 = x0[i * 32 + j];
            const real v1 = x1[i * 32 + j];
            const real t0 = v0 + v1;
            const real v2 = x2[j];
            const real t1 = v2 + t0;
            const real t2 = tanhf(t1);
            y3[i * 32 + j] = t2;
            const real v5 = x5[i * 32 + j];
            const real t3 = 1.0f - v5;
            y4[i * 32 + j] = t3;
            const real t4 = t2 * t3;
            const real v6 = x6[i * 32 + j];
            const real t5 = v6 * v5;
            y7[i * 32 + j] = t4 + t5;
        }
}

/* matmul {8, 1} = {8, 32} {32, 1} */
KERNEL void matmul7(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, 8, 1, 32,
                1, x1, 32, x2, 1, 0, y0, 1);
}

/* add sub square */
KERNEL void loop8(const real *restrict x0, const real *restrict x1, real *restrict y2,
        const real *restrict x3, real *restrict y4)
{
    for (int i = 0; i < 8; i++) {
        const real v0 = x0[0];
        const real v1 = x1[i];
        const real t0 = v0 + v1;
        const real v3 = x3[i];
        const real t1 = t0 - v3;
        y2[i] = t1;
        y4[i] = t1 * t1;
    }
}

/* mul mul */
KERNEL void loop9(const real *restrict x0, real *restrict y1, const real *restrict x2)
{
    for (int i = 0; i < 8; i++) {
        const real v0 = x0[i];
        const real t0 = v0 * 2.0f;
        const real v2 = x2[i];
        y1[i] = v2 * t0;
    }
}

/* sum */
KERNEL void sum10(real *restrict y0, const real *restrict x1)
{
    real sum = 0;
    for (int i = 0; i < 8; i++) {
        sum += x1[i];
    }
    y0[0] = sum;
}

/* matmul {8, 32} = {8, 1} {1, 32} */
KERNEL void matmul11(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, 8, 32, 1,
                1, x1, 1, x2, 32, 0, y0, 32);
}

/* matmul {1, 32} = {1, 8} {8, 32} */
KERNEL void matmul12(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, 1, 32, 8,
                1, x1, 8, x2, 32, 0, y0, 32);
}

/* mul mul mul mul neg add square sub mul */
KERNEL void loop13(real *restrict y0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3, const real *restrict x4, const real *restrict x5,
        real *restrict y6, real *restrict y7)
{
    for (int i = 0; i < 256; i++) {
        const real v1 = x1[i];
        const real v2 = x2[i];
        y0[i] = v1 * v2;
        const real v3 = x3[i];
        const real t1 = v3 * v2;
        const real v4 = x4[i];
        const real t2 = v4 * v2;
        const real v5 = x5[i];
        const real t3 = v5 * v2;
        const real t4 = -t3;
        y6[i] = t1 + t4;
        const real t6 = v5 * v5;
        const real t7 = 1.0f - t6;
        y7[i] = t2 * t7;
    }
}

/* sum */
KERNEL void sum14(real *restrict y0, const real *restrict x1)
{
    for (int j = 0; j < 32; j++) {
        y0[j] = x1[j];
    }
    for (int i = 1; i < 8; i++)
        for (int j = 0; j < 32; j++) {
            y0[j] += x1[i * 32 + j];
        }
}

/* matmul {8, 32} = {8, 32} {32, 32} */
KERNEL void matmul15(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, 8, 32, 32,
                1, x1, 32, x2, 32, 0, y0, 32);
}

/* matmul {32, 32} = {32, 8} {8, 32} */
KERNEL void matmul16(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, 32, 32, 8,
                1, x1, 32, x2, 32, 0, y0, 32);
}

/* mul add mul mul mul sub mul mul */
KERNEL void loop17(const real *restrict x0, const real *restrict x1, real *restrict y2,
        const real *restrict x3, const real *restrict x4, const real *restrict x5,
        const real *restrict x6, real *restrict y7, const real *restrict x8, real *restrict y9)
{
    for (int i = 0; i < 256; i++) {
        const real v0 = x0[i];
        const real v1 = x1[i];
        const real t0 = v0 * v1;
        const real v3 = x3[i];
        y2[i] = v3 + t0;
        const real v4 = x4[i];
        const real t2 = v4 * v1;
        const real v5 = x5[i];
        const real v6 = x6[i];
        const real t3 = v5 * v6;
        const real v8 = x8[i];
        y7[i] = v8 * t3;
        const real t5 = 1.0f - v0;
        const real t6 = v0 * t5;
        y9[i] = t2 * t6;
    }
}

/* matmul {32, 4} = {32, 8} {8, 4} */
KERNEL void matmul18(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, 32, 4, 8,
                1, x1, 32, x2, 4, 0, y0, 4);
}

/* add */
KERNEL void loop19(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    for (int i = 0; i < 256; i++) {
        const real v1 = x1[i];
        const real v2 = x2[i];
        y0[i] = v1 + v2;
    }
}

/* add where where */
KERNEL void loop20(const real *restrict x0, const real *restrict x1, real *restrict y2,
        const real *restrict x3, real *restrict y4)
{
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 32; j++) {
            const real v0 = x0[i * 32 + j];
            const real v1 = x1[i * 32 + j];
            const real t0 = v0 + v1;
            const real v3 = x3[i];
            y2[i * 32 + j] = choose(v3, t0, 0.0f);
            y4[i * 32 + j] = choose(v3, 0.0f, t0);
        }
}

/* sum */
KERNEL void sum21(real *restrict y0, const real *restrict x1)
{
    real sum = 0;
    for (int i = 0; i < 8; i++) {
        sum += x1[i];
    }
    y0[0] += sum;
}

/* matmul {1, 32} = {1, 8} {8, 32} */
KERNEL void matmul22(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, 1, 32, 8,
                1, x1, 8, x2, 32, 1, y0, 32);
}

/* add mul mul mul mul neg add square sub mul */
KERNEL void loop23(const real *restrict x0, const real *restrict x1, real *restrict y2,
        const real *restrict x3, const real *restrict x4, const real *restrict x5,
        const real *restrict x6, real *restrict y7, real *restrict y8)
{
    for (int i = 0; i < 256; i++) {
        const real v0 = x0[i];
        const real v1 = x1[i];
        const real t0 = v0 + v1;
        const real v3 = x3[i];
        y2[i] = v3 * t0;
        const real v4 = x4[i];
        const real t2 = v4 * t0;
        const real v5 = x5[i];
        const real t3 = v5 * t0;
        const real v6 = x6[i];
        const real t4 = v6 * t0;
        const real t5 = -t4;
        y7[i] = t2 + t5;
        const real t7 = v6 * v6;
        const real t8 = 1.0f - t7;
        y8[i] = t3 * t8;
    }
}

/* sum */
KERNEL void sum24(real *restrict y0, const real *restrict x1)
{
    for (int j = 0; j < 32; j++) {
        y0[j] += x1[j];
    }
    for (int i = 1; i < 8; i++)
        for (int j = 0; j < 32; j++) {
            y0[j] += x1[i * 32 + j];
        }
}

/* matmul {32, 32} = {32, 8} {8, 32} */
KERNEL void matmul25(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, 32, 32, 8,
                1, x1, 32, x2, 32, 1, y0, 32);
}

/* matmul {32, 4} = {32, 8} {8, 4} */
KERNEL void matmul26(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, 32, 4, 8,
                1, x1, 32, x2, 4, 1, y0, 4);
}

/* add where */
KERNEL void loop27(const real *restrict x0, const real *restrict x1, real *restrict y2,
        const real *restrict x3)
{
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 32; j++) {
            const real v0 = x0[i * 32 + j];
            const real v1 = x1[i * 32 + j];
            const real t0 = v0 + v1;
            const real v3 = x3[i];
            y2[i * 32 + j] = choose(v3, t0, 0.0f);
        }
}

/* add add tanh sub mul mul add */
KERNEL void loop28(const real *restrict x0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3, const real *restrict x4, real *restrict y5)
{
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 32; j++) {
            const real v0 = x0[i * 32 + j];
            const real v1 = x1[i * 32 + j];
            const real t0 = v0 + v1;
            const real v2 = x2[j];
            const real t1 = v2 + t0;
            const real t2 = tanhf(t1);
            const real v3 = x3[i * 32 + j];
            const real t3 = 1.0f - v3;
            const real t4 = t2 * t3;
            const real v4 = x4[i * 32 + j];
            const real t5 = v4 * v3;
            y5[i * 32 + j] = t4 + t5;
        }
}

/* add */
KERNEL void loop29(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    for (int i = 0; i < 8; i++) {
        const real v1 = x1[0];
        const real v2 = x2[i];
        y0[i] = v1 + v2;
    }
}

/* sub square */
KERNEL void loop30(const real *restrict x0, const real *restrict x1, real *restrict y2)
{
    for (int i = 0; i < 8; i++) {
        const real v0 = x0[i];
        const real v1 = x1[i];
        const real t0 = v0 - v1;
        y2[i] = t0 * t0;
    }
}

/* copy */
KERNEL void loop31(real *restrict y0, const real *restrict x1)
{
    for (int i = 0; i < 256; i++) {
        const real v1 = x1[i];
        y0[i] = v1;
    }
}

/* matmul {1, 32} = {1, 4} {4, 32} */
KERNEL void matmul32(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, 1, 32, 4,
                1, x1, 4, x2, 4, 0, y0, 32);
}

/* matmul {1, 32} = {1, 32} {32, 32} */
KERNEL void matmul33(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, 1, 32, 32,
                1, x1, 32, x2, 32, 0, y0, 32);
}

/* add add sigmoid */
KERNEL void loop34(const real *restrict x0, const real *restrict x1, const real *restrict x2,
        real *restrict y3)
{
    for (int i = 0; i < 32; i++) {
        const real v0 = x0[i];
        const real v1 = x1[i];
        const real t0 = v0 + v1;
        const real v2 = x2[i];
        const real t1 = v2 + t0;
        y3[i] = 1 / (1 + expf(-t1));
    }
}

/* add add sigmoid mul */
KERNEL void loop35(const real *restrict x0, const real *restrict x1, const real *restrict x2,
        real *restrict y3, real *restrict y4, const real *restrict x5, const real *restrict x6)
{
    for (int i = 0; i < 32; i++) {
        const real v0 = x0[i];
        const real v1 = x1[i];
        const real t0 = v0 + v1;
        const real v2 = x2[i];
        const real t1 = v2 + t0;
        y3[i] = 1 / (1 + expf(-t1));
        const real v5 = x5[i];
        const real v6 = x6[i];
        y4[i] = v5 * v6;
    }
}

/* add add tanh sub mul mul add */
KERNEL void loop36(const real *restrict x0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3, const real *restrict x4, real *restrict y5)
{
    for (int i = 0; i < 32; i++) {
        const real v0 = x0[i];
        const real v1 = x1[i];
        const real t0 = v0 + v1;
        const real v2 = x2[i];
        const real t1 = v2 + t0;
        const real t2 = tanhf(t1);
        const real v3 = x3[i];
        const real t3 = 1.0f - v3;
        const real t4 = t2 * t3;
        const real v4 = x4[i];
        const real t5 = v4 * v3;
        y5[i] = t4 + t5;
    }
}

/* matmul {1, 1} = {1, 32} {32, 1} */
KERNEL void matmul37(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, 1, 1, 32,
                1, x1, 32, x2, 1, 0, y0, 1);
}

/* add */
KERNEL void loop38(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    const real v1 = x1[0];
    const real v2 = x2[0];
    y0[0] = v1 + v2;
}

/* sub square */
KERNEL void loop39(const real *restrict x0, const real *restrict x1, real *restrict y2)
{
    const real v0 = x0[0];
    const real v1 = x1[0];
    const real t0 = v0 - v1;
    y2[0] = t0 * t0;
}

/* copy */
KERNEL void loop40(real *restrict y0, const real *restrict x1)
{
    for (int i = 0; i < 32; i++) {
        const real v1 = x1[i];
        y0[i] = v1;
    }
}

static void forward_1_to_32(const tl_window *win)
{
    const real *const p = (const real *)win->params;
    real *const s = (real *)win->states;
    const real *const reset = (const real *)win->reset;
    real *const loss = (real *)win->losses;
    real *const w = (real *)win->work;
    const real *const in0 = (const real *)win->input[0];
    const real *const target0 = (const real *)win->target[0];
    switch (win->first) {
    case 0:
    /* ---- step 1 of 32, forward ---- */
    /* gru.lua:13 */
    loop1(w, reset, p + 3600, s);
    /* gru.lua:24 */
    matmul2(w + 256, in0, p + 3232);
    matmul3(w + 512, w, p + 1024);
    loop4(w + 256, w + 512, p + 3520, w + 768);
    /* gru.lua:25 */
    matmul2(w + 256, in0, p + 3360);
    matmul3(w + 512, w, p + 2048);
    /* gru.lua:25-26 */
    loop5(w + 256, w + 512, p + 3552, w + 1024, w + 1280, w, w + 768);
    /* gru.lua:26 */
    matmul2(w + 256, in0, p + 3104);
    matmul3(w + 512, w + 1280, p);
    /* gru.lua:26-27 */
    loop6(w + 256, w + 512, p + 3488, w + 1536, w + 1792, w + 1024, w, s + 256);
    /* gru.lua:28 */
    matmul7(w + 256, s + 256, p + 3072);
    /* gru.lua:13-28 */
    loop8(p + 3584, w + 256, w + 272, target0, loss);
    /* fall through */
    case 1:
    /* ---- step 2 of 32, forward ---- */
    /* gru.lua:13 */
    loop1(w + 288, reset + 8, p + 3600, s + 256);
    /* gru.lua:24 */
    matmul2(w + 2048, in0 + 32, p + 3232);
    matmul3(w + 2304, w + 288, p + 1024);
    loop4(w + 2048, w + 2304, p + 3520, w + 2560);
    /* gru.lua:25 */
    matmul2(w + 2048, in0 + 32, p + 3360);
    matmul3(w + 2304, w + 288, p + 2048);
    /* gru.lua:25-26 */
    loop5(w + 2048, w + 2304, p + 3552, w + 2816, w + 3072, w + 288, w + 2560);
    /* gru.lua:26 */
    matmul2(w + 2048, in0 + 32, p + 3104);
    matmul3(w + 2304, w + 3072, p);
    /* gru.lua:26-27 */
    loop6(w + 2048, w + 2304, p + 3488, w + 3328, w + 3584, w + 2816, w + 288, s + 512);
    /* gru.lua:28 */
    matmul7(w + 256, s + 512, p + 3072);
    /* gru.lua:13-28 */
    loop8(p + 3584, w + 256, w + 544, target0 + 8, loss + 8);
    /* fall through */
    case 2:
    /* ---- step 3 of 32, forward ---- */
    /* gru.lua:13 */
    loop1(w + 2048, reset + 16, p + 3600, s + 512);
    /* gru.lua:24 */
    matmul2(w + 2304, in0 + 64, p + 3232);
    matmul3(w + 3840, w + 2048, p + 1024);
    loop4(w + 2304, w + 3840, p + 3520, w + 4096);
    /* gru.lua:25 */
    matmul2(w + 2304, in0 + 64, p + 3360);
    matmul3(w + 3840, w + 2048, p + 2048);
    /* gru.lua:25-26 */
    loop5(w + 2304, w + 3840, p + 3552, w + 4352, w + 4608, w + 2048, w + 4096);
    /* gru.lua:26 */
    matmul2(w + 2304, in0 + 64, p + 3104);
    matmul3(w + 3840, w + 4608, p);
    /* gru.lua:26-27 */
    loop6(w + 2304, w + 3840, p + 3488, w + 4864, w + 5120, w + 4352, w + 2048, s + 768);
    /* gru.lua:28 */
    matmul7(w + 256, s + 768, p + 3072);
    /* gru.lua:13-28 */
    loop8(p + 3584, w + 256, w + 560, target0 + 16, loss + 16);
    /* fall through */
    case 3:
    /* ---- step 4 of 32, forward ---- */
    /* gru.lua:13 */
    loop1(w + 2304, reset + 24, p + 3600, s + 768);
    /* gru.lua:24 */
    matmul2(w + 3840, in0 + 96, p + 3232);
    matmul3(w + 5376, w + 2304, p + 1024);
    loop4(w + 3840, w + 5376, p + 3520, w + 5632);
    /* gru.lua:25 */
    matmul2(w + 3840, in0 + 96, p + 3360);
    matmul3(w + 5376, w + 2304, p + 2048);
    /* gru.lua:25-26 */
    loop5(w + 3840, w + 5376, p + 3552, w + 5888, w + 6144, w + 2304, w + 5632);
    /* gru.lua:26 */
    matmul2(w + 3840, in0 + 96, p + 3104);
    matmul3(w + 5376, w + 6144, p);
    /* gru.lua:26-27 */
    loop6(w + 3840, w + 5376, p + 3488, w + 6400, w + 6656, w + 5888, w + 2304, s + 1024);
    /* gru.lua:28 */
    matmul7(w + 256, s + 1024, p + 3072);
    /* gru.lua:13-28 */
    loop8(p + 3584, w + 256, w + 576, target0 + 24, loss + 24);
    /* fall through */
    case 4:
    /* ---- step 5 of 32, forward ---- */
    /* gru.lua:13 */
    loop1(w + 3840, reset + 32, p + 3600, s + 1024);
    /* gru.lua:24 */
    matmul2(w + 5376, in0 + 128, p + 3232);
    matmul3(w + 6912, w + 3840, p + 1024);
    loop4(w + 5376, w + 6912, p + 3520, w + 7168);
    /* gru.lua:25 */
    matmul2(w + 5376, in0 + 128, p + 3360);
    matmul3(w + 6912, w + 3840, p + 2048);
    /* gru.lua:25-26 */
    loop5(w + 5376, w + 6912, p + 3552, w + 7424, w + 7680, w + 3840, w + 7168);
    /* gru.lua:26 */
    matmul2(w + 5376, in0 + 128, p + 3104);
    matmul3(w + 6912, w + 7680, p);
    /* gru.lua:26-27 */
    loop6(w + 5376, w + 6912, p + 3488, w + 7936, w + 8192, w + 7424, w + 3840, s + 1280);
    /* gru.lua:28 */
    matmul7(w + 256, s + 1280, p + 3072);
    /* gru.lua:13-28 */
    loop8(p + 3584, w + 256, w + 592, target0 + 32, loss + 32);
    /* fall through */
    case 5:
    /* ---- step 6 of 32, forward ---- */
    /* gru.lua:13 */
    loop1(w + 5376, reset + 40, p + 3600, s + 1280);
    /* gru.lua:24 */
    matmul2(w + 6912, in0 + 160, p + 3232);
    matmul3(w + 8448, w + 5376, p + 1024);
    loop4(w + 6912, w + 8448, p + 3520, w + 8704);
    /* gru.lua:25 */
    matmul2(w + 6912, in0 + 160, p + 3360);
    matmul3(w + 8448, w + 5376, p + 2048);
    /* gru.lua:25-26 */
    loop5(w + 6912, w + 8448, p + 3552, w + 8960, w + 9216, w + 5376, w + 8704);
    /* gru.lua:26 */
    matmul2(w + 6912, in0 + 160, p + 3104);
    matmul3(w + 8448, w + 9216, p);
    /* gru.lua:26-27 */
    loop6(w + 6912, w + 8448, p + 3488, w + 9472, w + 9728, w + 8960, w + 5376, s + 1536);
    /* gru.lua:28 */
    matmul7(w + 256, s + 1536, p + 3072);
    /* gru.lua:13-28 */
    loop8(p + 3584, w + 256, w + 608, target0 + 40, loss + 40);
    /* fall through */
    case 6:
    /* ---- step 7 of 32, forward ---- */
    /* gru.lua:13 */
    loop1(w + 6912, reset + 48, p + 3600, s + 1536);
    /* gru.lua:24 */
    matmul2(w + 8448, in0 + 192, p + 3232);
    matmul3(w + 9984, w + 6912, p + 1024);
    loop4(w + 8448, w + 9984, p + 3520, w + 10240);
    /* gru.lua:25 */
    matmul2(w + 8448, in0 + 192, p + 3360);
    matmul3(w + 9984, w + 6912, p + 2048);
    /* gru.lua:25-26 */
    loop5(w + 8448, w + 9984, p + 3552, w + 10496, w + 10752, w + 6912, w + 10240);
    /* gru.lua:26 */
    matmul2(w + 8448, in0 + 192, p + 3104);
    matmul3(w + 9984, w + 10752, p);
    /* gru.lua:26-27 */
    loop6(w + 8448, w + 9984, p + 3488, w + 11008, w + 11264, w + 10496, w + 6912, s + 1792);
    /* gru.lua:28 */
    matmul7(w + 256, s + 1792, p + 3072);
    /* gru.lua:13-28 */
    loop8(p + 3584, w + 256, w + 624, target0 + 48, loss + 48);
    /* fall through */
    case 7:
    /* ---- step 8 of 32, forward ---- */
    /* gru.lua:13 */
    loop1(w + 8448, reset + 56, p + 3600, s + 1792);
    /* gru.lua:24 */
    matmul2(w + 9984, in0 + 224, p + 3232);
    matmul3(w + 11520, w + 8448, p + 1024);
    loop4(w + 9984, w + 11520, p + 3520, w + 11776);
    /* gru.lua:25 */
    matmul2(w + 9984, in0 + 224, p + 3360);
    matmul3(w + 11520, w + 8448, p + 2048);
    /* gru.lua:25-26 */
    loop5(w + 9984, w + 11520, p + 3552, w + 12032, w + 12288, w + 8448, w + 11776);
    /* gru.lua:26 */
    matmul2(w + 9984, in0 + 224, p + 3104);
    matmul3(w + 11520, w + 12288, p);
    /* gru.lua:26-27 */
    loop6(w + 9984, w + 11520, p + 3488, w + 12544, w + 12800, w + 12032, w + 8448, s + 2048);
    /* gru.lua:28 */
    matmul7(w + 256, s + 2048, p + 3072);
    /* gru.lua:13-28 */
    loop8(p + 3584, w + 256, w + 640, target0 + 56, loss + 56);
    /* fall through */
    case 8:
    /* ---- step 9 of 32, forward ---- */
    /* gru.lua:13 */
    loop1(w + 9984, reset + 64, p + 3600, s + 2048);
    /* gru.lua:24 */
    matmul2(w + 11520, in0 + 256, p + 3232);
    matmul3(w + 13056, w + 9984, p + 1024);
    loop4(w + 11520, w + 13056, p + 3520, w + 13312);
    /* gru.lua:25 */
    matmul2(w + 11520, in0 + 256, p + 3360);
    matmul3(w + 13056, w + 9984, p + 2048);
    /* gru.lua:25-26 */
    loop5(w + 11520, w + 13056, p + 3552, w + 13568, w + 13824, w + 9984, w + 13312);
    /* gru.lua:26 */
    matmul2(w + 11520, in0 + 256, p + 3104);
    matmul3(w + 13056, w + 13824, p);
    /* gru.lua:26-27 */
    loop6(w + 11520, w + 13056, p + 3488, w + 14080, w + 14336, w + 13568, w + 9984, s + 2304);
    /* gru.lua:28 */
    matmul7(w + 256, s + 2304, p + 3072);
    /* gru.lua:13-28 */
    loop8(p + 3584, w + 256, w + 656, target0 + 64, loss + 64);
    /* fall through */
    case 9:
    /* ---- step 10 of 32, forward ---- */
    /* gru.lua:13 */
    loop1(w + 11520, reset + 72, p + 3600, s + 2304);
    /* gru.lua:24 */
    matmul2(w + 13056, in0 + 288, p + 3232);
    matmul3(w + 14592, w + 11520, p + 1024);
    loop4(w + 13056, w + 14592, p + 3520, w + 14848);
    /* gru.lua:25 */
    matmul2(w + 13056, in0 + 288, p + 3360);
    matmul3(w + 14592, w + 11520, p + 2048);
    /* gru.lua:25-26 */
    loop5(w + 13056, w + 14592, p + 3552, w + 15104, w + 15360, w + 11520, w + 14848);
    /* gru.lua:26 */
    matmul2(w + 13056, in0 + 288, p + 3104);
    matmul3(w + 14592, w + 15360, p);
    /* gru.lua:26-27 */
    loop6(w + 13056, w + 14592, p + 3488, w + 15616, w + 15872, w + 15104, w + 11520, s + 2560);
    /* gru.lua:28 */
    matmul7(w + 256, s + 2560, p + 3072);
    /* gru.lua:13-28 */
    loop8(p + 3584, w + 256, w + 672, target0 + 72, loss + 72);
    /* fall through */
    case 10:
    /* ---- step 11 of 32, forward ---- */
    /* gru.lua:13 */
    loop1(w + 13056, reset + 80, p + 3600, s + 2560);
    /* gru.lua:24 */
    matmul2(w + 14592, in0 + 320, p + 3232);
    matmul3(w + 16128, w + 13056, p + 1024);
    loop4(w + 14592, w + 16128, p + 3520, w + 16384);
    /* gru.lua:25 */
    matmul2(w + 14592, in0 + 320, p + 3360);
    matmul3(w + 16128, w + 13056, p + 2048);
    /* gru.lua:25-26 */
    loop5(w + 14592, w + 16128, p + 3552, w + 16640, w + 16896, w + 13056, w + 16384);
    /* gru.lua:26 */
    matmul2(w + 14592, in0 + 320, p + 3104);
    matmul3(w + 16128, w + 16896, p);
    /* gru.lua:26-27 */
    loop6(w + 14592, w + 16128, p + 3488, w + 17152, w + 17408, w + 16640, w + 13056, s + 2816);
    /* gru.lua:28 */
    matmul7(w + 256, s + 2816, p + 3072);
    /* gru.lua:13-28 */
    loop8(p + 3584, w + 256, w + 688, target0 + 80, loss + 80);
    /* fall through */
    case 11:
    /* ---- step 12 of 32, forward ---- */
    /* gru.lua:13 */
    loop1(w + 14592, reset + 88, p + 3600, s + 2816);
    /* gru.lua:24 */
    matmul2(w + 16128, in0 + 352, p + 3232);
    matmul3(w + 17664, w + 14592, p + 1024);
    loop4(w + 16128, w + 17664, p + 3520, w + 17920);
    /* gru.lua:25 */
    matmul2(w + 16128, in0 + 352, p + 3360);
    matmul3(w + 17664, w + 14592, p + 2048);
    /* gru.lua:25-26 */
    loop5(w + 16128, w + 17664, p + 3552, w + 18176, w + 18432, w + 14592, w + 17920);
    /* gru.lua:26 */
    matmul2(w + 16128, in0 + 352, p + 3104);
    matmul3(w + 17664, w + 18432, p);
    /* gru.lua:26-27 */
    loop6(w + 16128, w + 17664, p + 3488, w + 18688, w + 18944, w + 18176, w + 14592, s + 3072);
    /* gru.lua:28 */
    matmul7(w + 256, s + 3072, p + 3072);
    /* gru.lua:13-28 */
    loop8(p + 3584, w + 256, w + 704, target0 + 88, loss + 88);
    /* fall through */
    case 12:
    /* ---- step 13 of 32, forward ---- */
    /* gru.lua:13 */
    loop1(w + 16128, reset + 96, p + 3600, s + 3072);
    /* gru.lua:24 */
    matmul2(w + 17664, in0 + 384, p + 3232);
    matmul3(w + 19200, w + 16128, p + 1024);
    loop4(w + 17664, w + 19200, p + 3520, w + 19456);
    /* gru.lua:25 */
    matmul2(w + 17664, in0 + 384, p + 3360);
    matmul3(w + 19200, w + 16128, p + 2048);
    /* gru.lua:25-26 */
    loop5(w + 17664, w + 19200, p + 3552, w + 19712, w + 19968, w + 16128, w + 19456);
    /* gru.lua:26 */
    matmul2(w + 17664, in0 + 384, p + 3104);
    matmul3(w + 19200, w + 19968, p);
    /* gru.lua:26-27 */
    loop6(w + 17664, w + 19200, p + 3488, w + 20224, w + 20480, w + 19712, w + 16128, s + 3328);
    /* gru.lua:28 */
    matmul7(w + 256, s + 3328, p + 3072);
    /* gru.lua:13-28 */
    loop8(p + 3584, w + 256, w + 720, target0 + 96, loss + 96);
    /* fall through */
    case 13:
    /* ---- step 14 of 32, forward ---- */
    /* gru.lua:13 */
    loop1(w + 17664, reset + 104, p + 3600, s + 3328);
    /* gru.lua:24 */
    matmul2(w + 19200, in0 + 416, p + 3232);
    matmul3(w + 20736, w + 17664, p + 1024);
    loop4(w + 19200, w + 20736, p + 3520, w + 20992);
    /* gru.lua:25 */
    matmul2(w + 19200, in0 + 416, p + 3360);
    matmul3(w + 20736, w + 17664, p + 2048);
    /* gru.lua:25-26 */
    loop5(w + 19200, w + 20736, p + 3552, w + 21248, w + 21504, w + 17664, w + 20992);
    /* gru.lua:26 */
    matmul2(w + 19200, in0 + 416, p + 3104);
    matmul3(w + 20736, w + 21504, p);
    /* gru.lua:26-27 */
    loop6(w + 19200, w + 20736, p + 3488, w + 21760, w + 22016, w + 21248, w + 17664, s + 3584);
    /* gru.lua:28 */
    matmul7(w + 256, s + 3584, p + 3072);
    /* gru.lua:13-28 */
    loop8(p + 3584, w + 256, w + 736, target0 + 104, loss + 104);
    /* fall through */
    case 14:
    /* ---- step 15 of 32, forward ---- */
    /* gru.lua:13 */
    loop1(w + 19200, reset + 112, p + 3600, s + 3584);
    /* gru.lua:24 */
    matmul2(w + 20736, in0 + 448, p + 3232);
    matmul3(w + 22272, w + 19200, p + 1024);
    loop4(w + 20736, w + 22272, p + 3520, w + 22528);
    /* gru.lua:25 */
    matmul2(w + 20736, in0 + 448, p + 3360);
    matmul3(w + 22272, w + 19200, p + 2048);
    /* gru.lua:25-26 */
    loop5(w + 20736, w + 22272, p + 3552, w + 22784, w + 23040, w + 19200, w + 22528);
    /* gru.lua:26 */
    matmul2(w + 20736, in0 + 448, p + 3104);
    matmul3(w + 22272, w + 23040, p);
    /* gru.lua:26-27 */
    loop6(w + 20736, w + 22272, p + 3488, w + 23296, w + 23552, w + 22784, w + 19200, s + 3840);
    /* gru.lua:28 */
    matmul7(w + 256, s + 3840, p + 3072);
    /* gru.lua:13-28 */
    loop8(p + 3584, w + 256, w + 752, target0 + 112, loss + 112);
    /* fall through */
    case 15:
    /* ---- step 16 of 32, forward ---- */
    /* gru.lua:13 */
    loop1(w + 20736, reset + 120, p + 3600, s + 3840);
    /* gru.lua:24 */
    matmul2(w + 22272, in0 + 480, p + 3232);
    matmul3(w + 23808, w + 20736, p + 1024);
    loop4(w + 22272, w + 23808, p + 3520, w + 24064);
    /* gru.lua:25 */
    matmul2(w + 22272, in0 + 480, p + 3360);
    matmul3(w + 23808, w + 20736, p + 2048);
    /* gru.lua:25-26 */
    loop5(w + 22272, w + 23808, p + 3552, w + 24320, w + 24576, w + 20736, w + 24064);
    /* gru.lua:26 */
    matmul2(w + 22272, in0 + 480, p + 3104);
    matmul3(w + 23808, w + 24576, p);
    /* gru.lua:26-27 */
    loop6(w + 22272, w + 23808, p + 3488, w + 24832, w + 25088, w + 24320, w + 20736, s + 4096);
    /* gru.lua:28 */
    matmul7(w + 256, s + 4096, p + 3072);
    /* gru.lua:13-28 */
    loop8(p + 3584, w + 256, w + 22272, target0 + 120, loss + 120);
    /* fall through */
    case 16:
    /* ---- step 17 of 32, forward ---- */
    /* gru.lua:13 */
    loop1(w + 23808, reset + 128, p + 3600, s + 4096);
    /* gru.lua:24 */
    matmul2(w + 25344, in0 + 512, p + 3232);
    matmul3(w + 25600, w + 23808, p + 1024);
    loop4(w + 25344, w + 25600, p + 3520, w + 25856);
    /* gru.lua:25 */
    matmul2(w + 25344, in0 + 512, p + 3360);
    matmul3(w + 25600, w + 23808, p + 2048);
    /* gru.lua:25-26 */
    loop5(w + 25344, w + 25600, p + 3552, w + 26112, w + 26368, w + 23808, w + 25856);
    /* gru.lua:26 */
    matmul2(w + 25344, in0 + 512, p + 3104);
    matmul3(w + 25600, w + 26368, p);
    /* gru.lua:26-27 */
    loop6(w + 25344, w + 25600, p + 3488, w + 26624, w + 26880, w + 26112, w + 23808, s + 4352);
    /* gru.lua:28 */
    matmul7(w + 256, s + 4352, p + 3072);
    /* gru.lua:13-28 */
    loop8(p + 3584, w + 256, w + 22288, target0 + 128, loss + 128);
    /* fall through */
    case 17:
    /* ---- step 18 of 32, forward ---- */
    /* gru.lua:13 */
    loop1(w + 25344, reset + 136, p + 3600, s + 4352);
    /* gru.lua:24 */
    matmul2(w + 25600, in0 + 544, p + 3232);
    matmul3(w + 27136, w + 25344, p + 1024);
    loop4(w + 25600, w + 27136, p + 3520, w + 27392);
    /* gru.lua:25 */
    matmul2(w + 25600, in0 + 544, p + 3360);
    matmul3(w + 27136, w + 25344, p + 2048);
    /* gru.lua:25-26 */
    loop5(w + 25600, w + 27136, p + 3552, w + 27648, w + 27904, w + 25344, w + 27392);
    /* gru.lua:26 */
    matmul2(w + 25600, in0 + 544, p + 3104);
    matmul3(w + 27136, w + 27904, p);
    /* gru.lua:26-27 */
    loop6(w + 25600, w + 27136, p + 3488, w + 28160, w + 28416, w + 27648, w + 25344, s + 4608);
    /* gru.lua:28 */
    matmul7(w + 256, s + 4608, p + 3072);
    /* gru.lua:13-28 */
    loop8(p + 3584, w + 256, w + 22304, target0 + 136, loss + 136);
    /* fall through */
    case 18:
    /* ---- step 19 of 32, forward ---- */
    /* gru.lua:13 */
    loop1(w + 25600, reset + 144, p + 3600, s + 4608);
    /* gru.lua:24 */
    matmul2(w + 27136, in0 + 576, p + 3232);
    matmul3(w + 28672, w + 25600, p + 1024);
    loop4(w + 27136, w + 28672, p + 3520, w + 28928);
    /* gru.lua:25 */
    matmul2(w + 27136, in0 + 576, p + 3360);
    matmul3(w + 28672, w + 25600, p + 2048);
    /* gru.lua:25-26 */
    loop5(w + 27136, w + 28672, p + 3552, w + 29184, w + 29440, w + 25600, w + 28928);
    /* gru.lua:26 */
    matmul2(w + 27136, in0 + 576, p + 3104);
    matmul3(w + 28672, w + 29440, p);
    /* gru.lua:26-27 */
    loop6(w + 27136, w + 28672, p + 3488, w + 29696, w + 29952, w + 29184, w + 25600, s + 4864);
    /* gru.lua:28 */
    matmul7(w + 256, s + 4864, p + 3072);
    /* gru.lua:13-28 */
    loop8(p + 3584, w + 256, w + 22320, target0 + 144, loss + 144);
    /* fall through */
    case 19:
    /* ---- step 20 of 32, forward ---- */
    /* gru.lua:13 */
    loop1(w + 27136, reset + 152, p + 3600, s + 4864);
    /* gru.lua:24 */
    matmul2(w + 28672, in0 + 608, p + 3232);
    matmul3(w + 30208, w + 27136, p + 1024);
    loop4(w + 28672, w + 30208, p + 3520, w + 30464);
    /* gru.lua:25 */
    matmul2(w + 28672, in0 + 608, p + 3360);
    matmul3(w + 30208, w + 27136, p + 2048);
    /* gru.lua:25-26 */
    loop5(w + 28672, w + 30208, p + 3552, w + 30720, w + 30976, w + 27136, w + 30464);
    /* gru.lua:26 */
    matmul2(w + 28672, in0 + 608, p + 3104);
    matmul3(w + 30208, w + 30976, p);
    /* gru.lua:26-27 */
    loop6(w + 28672, w + 30208, p + 3488, w + 31232, w + 31488, w + 30720, w + 27136, s + 5120);
    /* gru.lua:28 */
    matmul7(w + 256, s + 5120, p + 3072);
    /* gru.lua:13-28 */
    loop8(p + 3584, w + 256, w + 22336, target0 + 152, loss + 152);
    /* fall through */
    case 20:
    /* ---- step 21 of 32, forward ---- */
    /* gru.lua:13 */
    loop1(w + 28672, reset + 160, p + 3600, s + 5120);
    /* gru.lua:24 */
    matmul2(w + 30208, in0 + 640, p + 3232);
    matmul3(w + 31744, w + 28672, p + 1024);
    loop4(w + 30208, w + 31744, p + 3520, w + 32000);
    /* gru.lua:25 */
    matmul2(w + 30208, in0 + 640, p + 3360);
    matmul3(w + 31744, w + 28672, p + 2048);
    /* gru.lua:25-26 */
    loop5(w + 30208, w + 31744, p + 3552, w + 32256, w + 32512, w + 28672, w + 32000);
    /* gru.lua:26 */
    matmul2(w + 30208, in0 + 640, p + 3104);
    matmul3(w + 31744, w + 32512, p);
    /* gru.lua:26-27 */
    loop6(w + 30208, w + 31744, p + 3488, w + 32768, w + 33024, w + 32256, w + 28672, s + 5376);
    /* gru.lua:28 */
    matmul7(w + 256, s + 5376, p + 3072);
    /* gru.lua:13-28 */
    loop8(p + 3584, w + 256, w + 22352, target0 + 160, loss + 160);
    /* fall through */
    case 21:
    /* ---- step 22 of 32, forward ---- */
    /* gru.lua:13 */
    loop1(w + 30208, reset + 168, p + 3600, s + 5376);
    /* gru.lua:24 */
    matmul2(w + 31744, in0 + 672, p + 3232);
    matmul3(w + 33280, w + 30208, p + 1024);
    loop4(w + 31744, w + 33280, p + 3520, w + 33536);
    /* gru.lua:25 */
    matmul2(w + 31744, in0 + 672, p + 3360);
    matmul3(w + 33280, w + 30208, p + 2048);
    /* gru.lua:25-26 */
    loop5(w + 31744, w + 33280, p + 3552, w + 33792, w + 34048, w + 30208, w + 33536);
    /* gru.lua:26 */
    matmul2(w + 31744, in0 + 672, p + 3104);
    matmul3(w + 33280, w + 34048, p);
    /* gru.lua:26-27 */
    loop6(w + 31744, w + 33280, p + 3488, w + 34304, w + 34560, w + 33792, w + 30208, s + 5632);
    /* gru.lua:28 */
    matmul7(w + 256, s + 5632, p + 3072);
    /* gru.lua:13-28 */
    loop8(p + 3584, w + 256, w + 22368, target0 + 168, loss + 168);
    /* fall through */
    case 22:
    /* ---- step 23 of 32, forward ---- */
    /* gru.lua:13 */
    loop1(w + 31744, reset + 176, p + 3600, s + 5632);
    /* gru.lua:24 */
    matmul2(w + 33280, in0 + 704, p + 3232);
    matmul3(w + 34816, w + 31744, p + 1024);
    loop4(w + 33280, w + 34816, p + 3520, w + 35072);
    /* gru.lua:25 */
    matmul2(w + 33280, in0 + 704, p + 3360);
    matmul3(w + 34816, w + 31744, p + 2048);
    /* gru.lua:25-26 */
    loop5(w + 33280, w + 34816, p + 3552, w + 35328, w + 35584, w + 31744, w + 35072);
    /* gru.lua:26 */
    matmul2(w + 33280, in0 + 704, p + 3104);
    matmul3(w + 34816, w + 35584, p);
    /* gru.lua:26-27 */
    loop6(w + 33280, w + 34816, p + 3488, w + 35840, w + 36096, w + 35328, w + 31744, s + 5888);
    /* gru.lua:28 */
    matmul7(w + 256, s + 5888, p + 3072);
    /* gru.lua:13-28 */
    loop8(p + 3584, w + 256, w + 22384, target0 + 176, loss + 176);
    /* fall through */
    case 23:
    /* ---- step 24 of 32, forward ---- */
    /* gru.lua:13 */
    loop1(w + 33280, reset + 184, p + 3600, s + 5888);
    /* gru.lua:24 */
    matmul2(w + 34816, in0 + 736, p + 3232);
    matmul3(w + 36352, w + 33280, p + 1024);
    loop4(w + 34816, w + 36352, p + 3520, w + 36608);
    /* gru.lua:25 */
    matmul2(w + 34816, in0 + 736, p + 3360);
    matmul3(w + 36352, w + 33280, p + 2048);
    /* gru.lua:25-26 */
    loop5(w + 34816, w + 36352, p + 3552, w + 36864, w + 37120, w + 33280, w + 36608);
    /* gru.lua:26 */
    matmul2(w + 34816, in0 + 736, p + 3104);
    matmul3(w + 36352, w + 37120, p);
    /* gru.lua:26-27 */
    loop6(w + 34816, w + 36352, p + 3488, w + 37376, w + 37632, w + 36864, w + 33280, s + 6144);
    /* gru.lua:28 */
    matmul7(w + 256, s + 6144, p + 3072);
    /* gru.lua:13-28 */
    loop8(p + 3584, w + 256, w + 22400, target0 + 184, loss + 184);
    /* fall through */
    case 24:
    /* ---- step 25 of 32, forward ---- */
    /* gru.lua:13 */
    loop1(w + 34816, reset + 192, p + 3600, s + 6144);
    /* gru.lua:24 */
    matmul2(w + 36352, in0 + 768, p + 3232);
    matmul3(w + 37888, w + 34816, p + 1024);
    loop4(w + 36352, w + 37888, p + 3520, w + 38144);
    /* gru.lua:25 */
    matmul2(w + 36352, in0 + 768, p + 3360);
    matmul3(w + 37888, w + 34816, p + 2048);
    /* gru.lua:25-26 */
    loop5(w + 36352, w + 37888, p + 3552, w + 38400, w + 38656, w + 34816, w + 38144);
    /* gru.lua:26 */
    matmul2(w + 36352, in0 + 768, p + 3104);
    matmul3(w + 37888, w + 38656, p);
    /* gru.lua:26-27 */
    loop6(w + 36352, w + 37888, p + 3488, w + 38912, w + 39168, w + 38400, w + 34816, s + 6400);
    /* gru.lua:28 */
    matmul7(w + 256, s + 6400, p + 3072);
    /* gru.lua:13-28 */
    loop8(p + 3584, w + 256, w + 22416, target0 + 192, loss + 192);
    /* fall through */
    case 25:
    /* ---- step 26 of 32, forward ---- */
    /* gru.lua:13 */
    loop1(w + 36352, reset + 200, p + 3600, s + 6400);
    /* gru.lua:24 */
    matmul2(w + 37888, in0 + 800, p + 3232);
    matmul3(w + 39424, w + 36352, p + 1024);
    loop4(w + 37888, w + 39424, p + 3520, w + 39680);
    /* gru.lua:25 */
    matmul2(w + 37888, in0 + 800, p + 3360);
    matmul3(w + 39424, w + 36352, p + 2048);
    /* gru.lua:25-26 */
    loop5(w + 37888, w + 39424, p + 3552, w + 39936, w + 40192, w + 36352, w + 39680);
    /* gru.lua:26 */
    matmul2(w + 37888, in0 + 800, p + 3104);
    matmul3(w + 39424, w + 40192, p);
    /* gru.lua:26-27 */
    loop6(w + 37888, w + 39424, p + 3488, w + 40448, w + 40704, w + 39936, w + 36352, s + 6656);
    /* gru.lua:28 */
    matmul7(w + 256, s + 6656, p + 3072);
    /* gru.lua:13-28 */
    loop8(p + 3584, w + 256, w + 22432, target0 + 200, loss + 200);
    /* fall through */
    case 26:
    /* ---- step 27 of 32, forward ---- */
    /* gru.lua:13 */
    loop1(w + 37888, reset + 208, p + 3600, s + 6656);
    /* gru.lua:24 */
    matmul2(w + 39424, in0 + 832, p + 3232);
    matmul3(w + 40960, w + 37888, p + 1024);
    loop4(w + 39424, w + 40960, p + 3520, w + 41216);
    /* gru.lua:25 */
    matmul2(w + 39424, in0 + 832, p + 3360);
    matmul3(w + 40960, w + 37888, p + 2048);
    /* gru.lua:25-26 */
    loop5(w + 39424, w + 40960, p + 3552, w + 41472, w + 41728, w + 37888, w + 41216);
    /* gru.lua:26 */
    matmul2(w + 39424, in0 + 832, p + 3104);
    matmul3(w + 40960, w + 41728, p);
    /* gru.lua:26-27 */
    loop6(w + 39424, w + 40960, p + 3488, w + 41984, w + 42240, w + 41472, w + 37888, s + 6912);
    /* gru.lua:28 */
    matmul7(w + 256, s + 6912, p + 3072);
    /* gru.lua:13-28 */
    loop8(p + 3584, w + 256, w + 22448, target0 + 208, loss + 208);
    /* fall through */
    case 27:
    /* ---- step 28 of 32, forward ---- */
    /* gru.lua:13 */
    loop1(w + 39424, reset + 216, p + 3600, s + 6912);
    /* gru.lua:24 */
    matmul2(w + 40960, in0 + 864, p + 3232);
    matmul3(w + 42496, w + 39424, p + 1024);
    loop4(w + 40960, w + 42496, p + 3520, w + 42752);
    /* gru.lua:25 */
    matmul2(w + 40960, in0 + 864, p + 3360);
    matmul3(w + 42496, w + 39424, p + 2048);
    /* gru.lua:25-26 */
    loop5(w + 40960, w + 42496, p + 3552, w + 43008, w + 43264, w + 39424, w + 42752);
    /* gru.lua:26 */
    matmul2(w + 40960, in0 + 864, p + 3104);
    matmul3(w + 42496, w + 43264, p);
    /* gru.lua:26-27 */
    loop6(w + 40960, w + 42496, p + 3488, w + 43520, w + 43776, w + 43008, w + 39424, s + 7168);
    /* gru.lua:28 */
    matmul7(w + 256, s + 7168, p + 3072);
    /* gru.lua:13-28 */
    loop8(p + 3584, w + 256, w + 22464, target0 + 216, loss + 216);
    /* fall through */
    case 28:
    /* ---- step 29 of 32, forward ---- */
    /* gru.lua:13 */
    loop1(w + 40960, reset + 224, p + 3600, s + 7168);
    /* gru.lua:24 */
    matmul2(w + 42496, in0 + 896, p + 3232);
    matmul3(w + 44032, w + 40960, p + 1024);
    loop4(w + 42496, w + 44032, p + 3520, w + 44288);
    /* gru.lua:25 */
    matmul2(w + 42496, in0 + 896, p + 3360);
    matmul3(w + 44032, w + 40960, p + 2048);
    /* gru.lua:25-26 */
    loop5(w + 42496, w + 44032, p + 3552, w + 44544, w + 44800, w + 40960, w + 44288);
    /* gru.lua:26 */
    matmul2(w + 42496, in0 + 896, p + 3104);
    matmul3(w + 44032, w + 44800, p);
    /* gru.lua:26-27 */
    loop6(w + 42496, w + 44032, p + 3488, w + 45056, w + 45312, w + 44544, w + 40960, s + 7424);
    /* gru.lua:28 */
    matmul7(w + 256, s + 7424, p + 3072);
    /* gru.lua:13-28 */
    loop8(p + 3584, w + 256, w + 22480, target0 + 224, loss + 224);
    /* fall through */
    case 29:
    /* ---- step 30 of 32, forward ---- */
    /* gru.lua:13 */
    loop1(w + 42496, reset + 232, p + 3600, s + 7424);
    /* gru.lua:24 */
    matmul2(w + 44032, in0 + 928, p + 3232);
    matmul3(w + 45568, w + 42496, p + 1024);
    loop4(w + 44032, w + 45568, p + 3520, w + 45824);
    /* gru.lua:25 */
    matmul2(w + 44032, in0 + 928, p + 3360);
    matmul3(w + 45568, w + 42496, p + 2048);
    /* gru.lua:25-26 */
    loop5(w + 44032, w + 45568, p + 3552, w + 46080, w + 46336, w + 42496, w + 45824);
    /* gru.lua:26 */
    matmul2(w + 44032, in0 + 928, p + 3104);
    matmul3(w + 45568, w + 46336, p);
    /* gru.lua:26-27 */
    loop6(w + 44032, w + 45568, p + 3488, w + 46592, w + 46848, w + 46080, w + 42496, s + 7680);
    /* gru.lua:28 */
    matmul7(w + 256, s + 7680, p + 3072);
    /* gru.lua:13-28 */
    loop8(p + 3584, w + 256, w + 22496, target0 + 232, loss + 232);
    /* fall through */
    case 30:
    /* ---- step 31 of 32, forward ---- */
    /* gru.lua:13 */
    loop1(w + 44032, reset + 240, p + 3600, s + 7680);
    /* gru.lua:24 */
    matmul2(w + 45568, in0 + 960, p + 3232);
    matmul3(w + 47104, w + 44032, p + 1024);
    loop4(w + 45568, w + 47104, p + 3520, w + 47360);
    /* gru.lua:25 */
    matmul2(w + 45568, in0 + 960, p + 3360);
    matmul3(w + 47104, w + 44032, p + 2048);
    /* gru.lua:25-26 */
    loop5(w + 45568, w + 47104, p + 3552, w + 47616, w + 47872, w + 44032, w + 47360);
    /* gru.lua:26 */
    matmul2(w + 45568, in0 + 960, p + 3104);
    matmul3(w + 47104, w + 47872, p);
    /* gru.lua:26-27 */
    loop6(w + 45568, w + 47104, p + 3488, w + 48128, w + 48384, w + 47616, w + 44032, s + 7936);
    /* gru.lua:28 */
    matmul7(w + 256, s + 7936, p + 3072);
    /* gru.lua:13-28 */
    loop8(p + 3584, w + 256, w + 22512, target0 + 240, loss + 240);
    /* fall through */
    case 31:
    /* ---- step 32 of 32, forward ---- */
    /* gru.lua:13 */
    loop1(w + 45568, reset + 248, p + 3600, s + 7936);
    /* gru.lua:24 */
    matmul2(w + 47104, in0 + 992, p + 3232);
    matmul3(w + 48640, w + 45568, p + 1024);
    loop4(w + 47104, w + 48640, p + 3520, w + 48896);
    /* gru.lua:25 */
    matmul2(w + 47104, in0 + 992, p + 3360);
    matmul3(w + 48640, w + 45568, p + 2048);
    /* gru.lua:25-26 */
    loop5(w + 47104, w + 48640, p + 3552, w + 49152, w + 49408, w + 45568, w + 48896);
    /* gru.lua:26 */
    matmul2(w + 47104, in0 + 992, p + 3104);
    matmul3(w + 48640, w + 49408, p);
    /* gru.lua:26-27 */
    loop6(w + 47104, w + 48640, p + 3488, w + 49664, w + 49920, w + 49152, w + 45568, s + 8192);
    /* gru.lua:28 */
    matmul7(w + 256, s + 8192, p + 3072);
    /* gru.lua:13-28 */
    loop8(p + 3584, w + 256, w + 47104, target0 + 248, loss + 248);
    }
}

static void backward_32_to_14(const tl_window *win)
{
    const real *const p = (const real *)win->params;
    real *const g = (real *)win->grads;
    real *const s = (real *)win->states;
    const real *const weight = (const real *)win->weight;
    const real *const reset = (const real *)win->reset;
    real *const w = (real *)win->work;
    const real *const in0 = (const real *)win->input[0];
    /* ---- step 32 of 32, backward ---- */
    /* gru.lua:13 */
    loop9(w + 47104, w + 256, weight + 248);
    /* gru.lua:28 */
    sum10(g + 3584, w + 256);
    matmul11(w + 47104, w + 256, p + 3072);
    matmul12(g + 3072, w + 256, s + 8192);
    /* gru.lua:26-27 */
    loop13(w + 48640, w + 49152, w + 47104, w + 45568, w + 49920, w + 49664, w + 50176, w + 50432);
    /* gru.lua:26 */
    sum14(g + 3488, w + 50432);
    matmul15(w + 47104, w + 50432, p);
    matmul16(g, w + 50432, w + 49408);
    /* gru.lua:24-26 */
    loop17(w + 48896, w + 47104, w + 49408, w + 48640, w + 45568, w + 49152, w + 49920, w + 49664,
        w + 50176, w + 50688);
    /* gru.lua:26 */
    matmul18(g + 3104, w + 50432, in0 + 992);
    /* gru.lua:25 */
    sum14(g + 3552, w + 49664);
    matmul15(w + 47104, w + 49664, p + 2048);
    matmul16(g + 2048, w + 49664, w + 45568);
    matmul18(g + 3360, w + 49664, in0 + 992);
    /* gru.lua:24 */
    sum14(g + 3520, w + 50688);
    matmul15(w + 48640, w + 50688, p + 1024);
    loop19(w + 48896, w + 47104, w + 48640);
    matmul16(g + 1024, w + 50688, w + 45568);
    /* gru.lua:13-24 */
    loop20(w + 49408, w + 48896, w + 45568, reset + 248, w + 47104);
    /* gru.lua:24 */
    matmul18(g + 3232, w + 50688, in0 + 992);
    /* gru.lua:13 */
    sum14(g + 3600, w + 45568);
    if (win->first > 30)
        return;
    /* ---- step 31 of 32, backward ---- */
    /* gru.lua:13 */
    loop9(w + 22512, w + 256, weight + 240);
    /* gru.lua:28 */
    sum21(g + 3584, w + 256);
    matmul11(w + 45568, w + 256, p + 3072);
    matmul22(g + 3072, w + 256, s + 7936);
    /* gru.lua:26-28 */
    loop23(w + 47104, w + 45568, w + 48640, w + 47616, w + 44032, w + 48384, w + 48128, w + 48896,
        w + 49152);
    /* gru.lua:26 */
    sum24(g + 3488, w + 49152);
    matmul15(w + 45568, w + 49152, p);
    matmul25(g, w + 49152, w + 47872);
    /* gru.lua:24-26 */
    loop17(w + 47360, w + 45568, w + 47104, w + 48640, w + 44032, w + 47616, w + 48384, w + 47872,
        w + 48896, w + 48128);
    /* gru.lua:26 */
    matmul26(g + 3104, w + 49152, in0 + 960);
    /* gru.lua:25 */
    sum24(g + 3552, w + 47872);
    matmul15(w + 45568, w + 47872, p + 2048);
    matmul25(g + 2048, w + 47872, w + 44032);
    matmul26(g + 3360, w + 47872, in0 + 960);
    /* gru.lua:24 */
    sum24(g + 3520, w + 48128);
    matmul15(w + 47360, w + 48128, p + 1024);
    loop19(w + 47616, w + 45568, w + 47360);
    matmul25(g + 1024, w + 48128, w + 44032);
    /* gru.lua:13-24 */
    loop20(w + 47104, w + 47616, w + 44032, reset + 240, w + 45568);
    /* gru.lua:24 */
    matmul26(g + 3232, w + 48128, in0 + 960);
    /* gru.lua:13 */
    sum24(g + 3600, w + 44032);
    if (win->first > 29)
        return;
    /* ---- step 30 of 32, backward ---- */
    /* gru.lua:13 */
    loop9(w + 22496, w + 256, weight + 232);
    /* gru.lua:28 */
    sum21(g + 3584, w + 256);
    matmul11(w + 44032, w + 256, p + 3072);
    matmul22(g + 3072, w + 256, s + 7680);
    /* gru.lua:26-28 */
    loop23(w + 45568, w + 44032, w + 47104, w + 46080, w + 42496, w + 46848, w + 46592, w + 47360,
        w + 47616);
    /* gru.lua:26 */
    sum24(g + 3488, w + 47616);
    matmul15(w + 44032, w + 47616, p);
    matmul25(g, w + 47616, w + 46336);
    /* gru.lua:24-26 */
    loop17(w + 45824, w + 44032, w + 45568, w + 47104, w + 42496, w + 46080, w + 46848, w + 46336,
        w + 47360, w + 46592);
    /* gru.lua:26 */
    matmul26(g + 3104, w + 47616, in0 + 928);
    /* gru.lua:25 */
    sum24(g + 3552, w + 46336);
    matmul15(w + 44032, w + 46336, p + 2048);
    matmul25(g + 2048, w + 46336, w + 42496);
    matmul26(g + 3360, w + 46336, in0 + 928);
    /* gru.lua:24 */
    sum24(g + 3520, w + 46592);
    matmul15(w + 45824, w + 46592, p + 1024);
    loop19(w + 46080, w + 44032, w + 45824);
    matmul25(g + 1024, w + 46592, w + 42496);
    /* gru.lua:13-24 */
    loop20(w + 45568, w + 46080, w + 42496, reset + 232, w + 44032);
    /* gru.lua:24 */
    matmul26(g + 3232, w + 46592, in0 + 928);
    /* gru.lua:13 */
    sum24(g + 3600, w + 42496);
    if (win->first > 28)
        return;
    /* ---- step 29 of 32, backward ---- */
    /* gru.lua:13 */
    loop9(w + 22480, w + 256, weight + 224);
    /* gru.lua:28 */
    sum21(g + 3584, w + 256);
    matmul11(w + 42496, w + 256, p + 3072);
    matmul22(g + 3072, w + 256, s + 7424);
    /* gru.lua:26-28 */
    loop23(w + 44032, w + 42496, w + 45568, w + 44544, w + 40960, w + 45312, w + 45056, w + 45824,
        w + 46080);
    /* gru.lua:26 */
    sum24(g + 3488, w + 46080);
    matmul15(w + 42496, w + 46080, p);
    matmul25(g, w + 46080, w + 44800);
    /* gru.lua:24-26 */
    loop17(w + 44288, w + 42496, w + 44032, w + 45568, w + 40960, w + 44544, w + 45312, w + 44800,
        w + 45824, w + 45056);
    /* gru.lua:26 */
    matmul26(g + 3104, w + 46080, in0 + 896);
    /* gru.lua:25 */
    sum24(g + 3552, w + 44800);
    matmul15(w + 42496, w + 44800, p + 2048);
    matmul25(g + 2048, w + 44800, w + 40960);
    matmul26(g + 3360, w + 44800, in0 + 896);
    /* gru.lua:24 */
    sum24(g + 3520, w + 45056);
    matmul15(w + 44288, w + 45056, p + 1024);
    loop19(w + 44544, w + 42496, w + 44288);
    matmul25(g + 1024, w + 45056, w + 40960);
    /* gru.lua:13-24 */
    loop20(w + 44032, w + 44544, w + 40960, reset + 224, w + 42496);
    /* gru.lua:24 */
    matmul26(g + 3232, w + 45056, in0 + 896);
    /* gru.lua:13 */
    sum24(g + 3600, w + 40960);
    if (win->first > 27)
        return;
    /* ---- step 28 of 32, backward ---- */
    /* gru.lua:13 */
    loop9(w + 22464, w + 256, weight + 216);
    /* gru.lua:28 */
    sum21(g + 3584, w + 256);
    matmul11(w + 40960, w + 256, p + 3072);
    matmul22(g + 3072, w + 256, s + 7168);
    /* gru.lua:26-28 */
    loop23(w + 42496, w + 40960, w + 44032, w + 43008, w + 39424, w + 43776, w + 43520, w + 44288,
        w + 44544);
    /* gru.lua:26 */
    sum24(g + 3488, w + 44544);
    matmul15(w + 40960, w + 44544, p);
    matmul25(g, w + 44544, w + 43264);
    /* gru.lua:24-26 */
    loop17(w + 42752, w + 40960, w + 42496, w + 44032, w + 39424, w + 43008, w + 43776, w + 43264,
        w + 44288, w + 43520);
    /* gru.lua:26 */
    matmul26(g + 3104, w + 44544, in0 + 864);
    /* gru.lua:25 */
    sum24(g + 3552, w + 43264);
    matmul15(w + 40960, w + 43264, p + 2048);
    matmul25(g + 2048, w + 43264, w + 39424);
    matmul26(g + 3360, w + 43264, in0 + 864);
    /* gru.lua:24 */
    sum24(g + 3520, w + 43520);
    matmul15(w + 42752, w + 43520, p + 1024);
    loop19(w + 43008, w + 40960, w + 42752);
    matmul25(g + 1024, w + 43520, w + 39424);
    /* gru.lua:13-24 */
    loop20(w + 42496, w + 43008, w + 39424, reset + 216, w + 40960);
    /* gru.lua:24 */
    matmul26(g + 3232, w + 43520, in0 + 864);
    /* gru.lua:13 */
    sum24(g + 3600, w + 39424);
    if (win->first > 26)
        return;
    /* ---- step 27 of 32, backward ---- */
    /* gru.lua:13 */
    loop9(w + 22448, w + 256, weight + 208);
    /* gru.lua:28 */
    sum21(g + 3584, w + 256);
    matmul11(w + 39424, w + 256, p + 3072);
    matmul22(g + 3072, w + 256, s + 6912);
    /* gru.lua:26-28 */
    loop23(w + 40960, w + 39424, w + 42496, w + 41472, w + 37888, w + 42240, w + 41984, w + 42752,
        w + 43008);
    /* gru.lua:26 */
    sum24(g + 3488, w + 43008);
    matmul15(w + 39424, w + 43008, p);
    matmul25(g, w + 43008, w + 41728);
    /* gru.lua:24-26 */
    loop17(w + 41216, w + 39424, w + 40960, w + 42496, w + 37888, w + 41472, w + 42240, w + 41728,
        w + 42752, w + 41984);
    /* gru.lua:26 */
    matmul26(g + 3104, w + 43008, in0 + 832);
    /* gru.lua:25 */
    sum24(g + 3552, w + 41728);
    matmul15(w + 39424, w + 41728, p + 2048);
    matmul25(g + 2048, w + 41728, w + 37888);
    matmul26(g + 3360, w + 41728, in0 + 832);
    /* gru.lua:24 */
    sum24(g + 3520, w + 41984);
    matmul15(w + 41216, w + 41984, p + 1024);
    loop19(w + 41472, w + 39424, w + 41216);
    matmul25(g + 1024, w + 41984, w + 37888);
    /* gru.lua:13-24 */
    loop20(w + 40960, w + 41472, w + 37888, reset + 208, w + 39424);
    /* gru.lua:24 */
    matmul26(g + 3232, w + 41984, in0 + 832);
    /* gru.lua:13 */
    sum24(g + 3600, w + 37888);
    if (win->first > 25)
        return;
    /* ---- step 26 of 32, backward ---- */
    /* gru.lua:13 */
    loop9(w + 22432, w + 256, weight + 200);
    /* gru.lua:28 */
    sum21(g + 3584, w + 256);
    matmul11(w + 37888, w + 256, p + 3072);
    matmul22(g + 3072, w + 256, s + 6656);
    /* gru.lua:26-28 */
    loop23(w + 39424, w + 37888, w + 40960, w + 39936, w + 36352, w + 40704, w + 40448, w + 41216,
        w + 41472);
    /* gru.lua:26 */
    sum24(g + 3488, w + 41472);
    matmul15(w + 37888, w + 41472, p);
    matmul25(g, w + 41472, w + 40192);
    /* gru.lua:24-26 */
    loop17(w + 39680, w + 37888, w + 39424, w + 40960, w + 36352, w + 39936, w + 40704, w + 40192,
        w + 41216, w + 40448);
    /* gru.lua:26 */
    matmul26(g + 3104, w + 41472, in0 + 800);
    /* gru.lua:25 */
    sum24(g + 3552, w + 40192);
    matmul15(w + 37888, w + 40192, p + 2048);
    matmul25(g + 2048, w + 40192, w + 36352);
    matmul26(g + 3360, w + 40192, in0 + 800);
    /* gru.lua:24 */
    sum24(g + 3520, w + 40448);
    matmul15(w + 39680, w + 40448, p + 1024);
    loop19(w + 39936, w + 37888, w + 39680);
    matmul25(g + 1024, w + 40448, w + 36352);
    /* gru.lua:13-24 */
    loop20(w + 39424, w + 39936, w + 36352, reset + 200, w + 37888);
    /* gru.lua:24 */
    matmul26(g + 3232, w + 40448, in0 + 800);
    /* gru.lua:13 */
    sum24(g + 3600, w + 36352);
    if (win->first > 24)
        return;
    /* ---- step 25 of 32, backward ---- */
    /* gru.lua:13 */
    loop9(w + 22416, w + 256, weight + 192);
    /* gru.lua:28 */
    sum21(g + 3584, w + 256);
    matmul11(w + 36352, w + 256, p + 3072);
    matmul22(g + 3072, w + 256, s + 6400);
    /* gru.lua:26-28 */
    loop23(w + 37888, w + 36352, w + 39424, w + 38400, w + 34816, w + 39168, w + 38912, w + 39680,
        w + 39936);
    /* gru.lua:26 */
    sum24(g + 3488, w + 39936);
    matmul15(w + 36352, w + 39936, p);
    matmul25(g, w + 39936, w + 38656);
    /* gru.lua:24-26 */
    loop17(w + 38144, w + 36352, w + 37888, w + 39424, w + 34816, w + 38400, w + 39168, w + 38656,
        w + 39680, w + 38912);
    /* gru.lua:26 */
    matmul26(g + 3104, w + 39936, in0 + 768);
    /* gru.lua:25 */
    sum24(g + 3552, w + 38656);
    matmul15(w + 36352, w + 38656, p + 2048);
    matmul25(g + 2048, w + 38656, w + 34816);
    matmul26(g + 3360, w + 38656, in0 + 768);
    /* gru.lua:24 */
    sum24(g + 3520, w + 38912);
    matmul15(w + 38144, w + 38912, p + 1024);
    loop19(w + 38400, w + 36352, w + 38144);
    matmul25(g + 1024, w + 38912, w + 34816);
    /* gru.lua:13-24 */
    loop20(w + 37888, w + 38400, w + 34816, reset + 192, w + 36352);
    /* gru.lua:24 */
    matmul26(g + 3232, w + 38912, in0 + 768);
    /* gru.lua:13 */
    sum24(g + 3600, w + 34816);
    if (win->first > 23)
        return;
    /* ---- step 24 of 32, backward ---- */
    /* gru.lua:13 */
    loop9(w + 22400, w + 256, weight + 184);
    /* gru.lua:28 */
    sum21(g + 3584, w + 256);
    matmul11(w + 34816, w + 256, p + 3072);
    matmul22(g + 3072, w + 256, s + 6144);
    /* gru.lua:26-28 */
    loop23(w + 36352, w + 34816, w + 37888, w + 36864, w + 33280, w + 37632, w + 37376, w + 38144,
        w + 38400);
    /* gru.lua:26 */
    sum24(g + 3488, w + 38400);
    matmul15(w + 34816, w + 38400, p);
    matmul25(g, w + 38400, w + 37120);
    /* gru.lua:24-26 */
    loop17(w + 36608, w + 34816, w + 36352, w + 37888, w + 33280, w + 36864, w + 37632, w + 37120,
        w + 38144, w + 37376);
    /* gru.lua:26 */
    matmul26(g + 3104, w + 38400, in0 + 736);
    /* gru.lua:25 */
    sum24(g + 3552, w + 37120);
    matmul15(w + 34816, w + 37120, p + 2048);
    matmul25(g + 2048, w + 37120, w + 33280);
    matmul26(g + 3360, w + 37120, in0 + 736);
    /* gru.lua:24 */
    sum24(g + 3520, w + 37376);
    matmul15(w + 36608, w + 37376, p + 1024);
    loop19(w + 36864, w + 34816, w + 36608);
    matmul25(g + 1024, w + 37376, w + 33280);
    /* gru.lua:13-24 */
    loop20(w + 36352, w + 36864, w + 33280, reset + 184, w + 34816);
    /* gru.lua:24 */
    matmul26(g + 3232, w + 37376, in0 + 736);
    /* gru.lua:13 */
    sum24(g + 3600, w + 33280);
    if (win->first > 22)
        return;
    /* ---- step 23 of 32, backward ---- */
    /* gru.lua:13 */
    loop9(w + 22384, w + 256, weight + 176);
    /* gru.lua:28 */
    sum21(g + 3584, w + 256);
    matmul11(w + 33280, w + 256, p + 3072);
    matmul22(g + 3072, w + 256, s + 5888);
    /* gru.lua:26-28 */
    loop23(w + 34816, w + 33280, w + 36352, w + 35328, w + 31744, w + 36096, w + 35840, w + 36608,
        w + 36864);
    /* gru.lua:26 */
    sum24(g + 3488, w + 36864);
    matmul15(w + 33280, w + 36864, p);
    matmul25(g, w + 36864, w + 35584);
    /* gru.lua:24-26 */
    loop17(w + 35072, w + 33280, w + 34816, w + 36352, w + 31744, w + 35328, w + 36096, w + 35584,
        w + 36608, w + 35840);
    /* gru.lua:26 */
    matmul26(g + 3104, w + 36864, in0 + 704);
    /* gru.lua:25 */
    sum24(g + 3552, w + 35584);
    matmul15(w + 33280, w + 35584, p + 2048);
    matmul25(g + 2048, w + 35584, w + 31744);
    matmul26(g + 3360, w + 35584, in0 + 704);
    /* gru.lua:24 */
    sum24(g + 3520, w + 35840);
    matmul15(w + 35072, w + 35840, p + 1024);
    loop19(w + 35328, w + 33280, w + 35072);
    matmul25(g + 1024, w + 35840, w + 31744);
    /* gru.lua:13-24 */
    loop20(w + 34816, w + 35328, w + 31744, reset + 176, w + 33280);
    /* gru.lua:24 */
    matmul26(g + 3232, w + 35840, in0 + 704);
    /* gru.lua:13 */
    sum24(g + 3600, w + 31744);
    if (win->first > 21)
        return;
    /* ---- step 22 of 32, backward ---- */
    /* gru.lua:13 */
    loop9(w + 22368, w + 256, weight + 168);
    /* gru.lua:28 */
    sum21(g + 3584, w + 256);
    matmul11(w + 31744, w + 256, p + 3072);
    matmul22(g + 3072, w + 256, s + 5632);
    /* gru.lua:26-28 */
    loop23(w + 33280, w + 31744, w + 34816, w + 33792, w + 30208, w + 34560, w + 34304, w + 35072,
        w + 35328);
    /* gru.lua:26 */
    sum24(g + 3488, w + 35328);
    matmul15(w + 31744, w + 35328, p);
    matmul25(g, w + 35328, w + 34048);
    /* gru.lua:24-26 */
    loop17(w + 33536, w + 31744, w + 33280, w + 34816, w + 30208, w + 33792, w + 34560, w + 34048,
        w + 35072, w + 34304);
    /* gru.lua:26 */
    matmul26(g + 3104, w + 35328, in0 + 672);
    /* gru.lua:25 */
    sum24(g + 3552, w + 34048);
    matmul15(w + 31744, w + 34048, p + 2048);
    matmul25(g + 2048, w + 34048, w + 30208);
    matmul26(g + 3360, w + 34048, in0 + 672);
    /* gru.lua:24 */
    sum24(g + 3520, w + 34304);
    matmul15(w + 33536, w + 34304, p + 1024);
    loop19(w + 33792, w + 31744, w + 33536);
    matmul25(g + 1024, w + 34304, w + 30208);
    /* gru.lua:13-24 */
    loop20(w + 33280, w + 33792, w + 30208, reset + 168, w + 31744);
    /* gru.lua:24 */
    matmul26(g + 3232, w + 34304, in0 + 672);
    /* gru.lua:13 */
    sum24(g + 3600, w + 30208);
    if (win->first > 20)
        return;
    /* ---- step 21 of 32, backward ---- */
    /* gru.lua:13 */
    loop9(w + 22352, w + 256, weight + 160);
    /* gru.lua:28 */
    sum21(g + 3584, w + 256);
    matmul11(w + 30208, w + 256, p + 3072);
    matmul22(g + 3072, w + 256, s + 5376);
    /* gru.lua:26-28 */
    loop23(w + 31744, w + 30208, w + 33280, w + 32256, w + 28672, w + 33024, w + 32768, w + 33536,
        w + 33792);
    /* gru.lua:26 */
    sum24(g + 3488, w + 33792);
    matmul15(w + 30208, w + 33792, p);
    matmul25(g, w + 33792, w + 32512);
    /* gru.lua:24-26 */
    loop17(w + 32000, w + 30208, w + 31744, w + 33280, w + 28672, w + 32256, w + 33024, w + 32512,
        w + 33536, w + 32768);
    /* gru.lua:26 */
    matmul26(g + 3104, w + 33792, in0 + 640);
    /* gru.lua:25 */
    sum24(g + 3552, w + 32512);
    matmul15(w + 30208, w + 32512, p + 2048);
    matmul25(g + 2048, w + 32512, w + 28672);
    matmul26(g + 3360, w + 32512, in0 + 640);
    /* gru.lua:24 */
    sum24(g + 3520, w + 32768);
    matmul15(w + 32000, w + 32768, p + 1024);
    loop19(w + 32256, w + 30208, w + 32000);
    matmul25(g + 1024, w + 32768, w + 28672);
    /* gru.lua:13-24 */
    loop20(w + 31744, w + 32256, w + 28672, reset + 160, w + 30208);
    /* gru.lua:24 */
    matmul26(g + 3232, w + 32768, in0 + 640);
    /* gru.lua:13 */
    sum24(g + 3600, w + 28672);
    if (win->first > 19)
        return;
    /* ---- step 20 of 32, backward ---- */
    /* gru.lua:13 */
    loop9(w + 22336, w + 256, weight + 152);
    /* gru.lua:28 */
    sum21(g + 3584, w + 256);
    matmul11(w + 28672, w + 256, p + 3072);
    matmul22(g + 3072, w + 256, s + 5120);
    /* gru.lua:26-28 */
    loop23(w + 30208, w + 28672, w + 31744, w + 30720, w + 27136, w + 31488, w + 31232, w + 32000,
        w + 32256);
    /* gru.lua:26 */
    sum24(g + 3488, w + 32256);
    matmul15(w + 28672, w + 32256, p);
    matmul25(g, w + 32256, w + 30976);
    /* gru.lua:24-26 */
    loop17(w + 30464, w + 28672, w + 30208, w + 31744, w + 27136, w + 30720, w + 31488, w + 30976,
        w + 32000, w + 31232);
    /* gru.lua:26 */
    matmul26(g + 3104, w + 32256, in0 + 608);
    /* gru.lua:25 */
    sum24(g + 3552, w + 30976);
    matmul15(w + 28672, w + 30976, p + 2048);
    matmul25(g + 2048, w + 30976, w + 27136);
    matmul26(g + 3360, w + 30976, in0 + 608);
    /* gru.lua:24 */
    sum24(g + 3520, w + 31232);
    matmul15(w + 30464, w + 31232, p + 1024);
    loop19(w + 30720, w + 28672, w + 30464);
    matmul25(g + 1024, w + 31232, w + 27136);
    /* gru.lua:13-24 */
    loop20(w + 30208, w + 30720, w + 27136, reset + 152, w + 28672);
    /* gru.lua:24 */
    matmul26(g + 3232, w + 31232, in0 + 608);
    /* gru.lua:13 */
    sum24(g + 3600, w + 27136);
    if (win->first > 18)
        return;
    /* ---- step 19 of 32, backward ---- */
    /* gru.lua:13 */
    loop9(w + 22320, w + 256, weight + 144);
    /* gru.lua:28 */
    sum21(g + 3584, w + 256);
    matmul11(w + 27136, w + 256, p + 3072);
    matmul22(g + 3072, w + 256, s + 4864);
    /* gru.lua:26-28 */
    loop23(w + 28672, w + 27136, w + 30208, w + 29184, w + 25600, w + 29952, w + 29696, w + 30464,
        w + 30720);
    /* gru.lua:26 */
    sum24(g + 3488, w + 30720);
    matmul15(w + 27136, w + 30720, p);
    matmul25(g, w + 30720, w + 29440);
    /* gru.lua:24-26 */
    loop17(w + 28928, w + 27136, w + 28672, w + 30208, w + 25600, w + 29184, w + 29952, w + 29440,
        w + 30464, w + 29696);
    /* gru.lua:26 */
    matmul26(g + 3104, w + 30720, in0 + 576);
    /* gru.lua:25 */
    sum24(g + 3552, w + 29440);
    matmul15(w + 27136, w + 29440, p + 2048);
    matmul25(g + 2048, w + 29440, w + 25600);
    matmul26(g + 3360, w + 29440, in0 + 576);
    /* gru.lua:24 */
    sum24(g + 3520, w + 29696);
    matmul15(w + 28928, w + 29696, p + 1024);
    loop19(w + 29184, w + 27136, w + 28928);
    matmul25(g + 1024, w + 29696, w + 25600);
    /* gru.lua:13-24 */
    loop20(w + 28672, w + 29184, w + 25600, reset + 144, w + 27136);
    /* gru.lua:24 */
    matmul26(g + 3232, w + 29696, in0 + 576);
    /* gru.lua:13 */
    sum24(g + 3600, w + 25600);
    if (win->first > 17)
        return;
    /* ---- step 18 of 32, backward ---- */
    /* gru.lua:13 */
    loop9(w + 22304, w + 256, weight + 136);
    /* gru.lua:28 */
    sum21(g + 3584, w + 256);
    matmul11(w + 25600, w + 256, p + 3072);
    matmul22(g + 3072, w + 256, s + 4608);
    /* gru.lua:26-28 */
    loop23(w + 27136, w + 25600, w + 28672, w + 27648, w + 25344, w + 28416, w + 28160, w + 28928,
        w + 29184);
    /* gru.lua:26 */
    sum24(g + 3488, w + 29184);
    matmul15(w + 25600, w + 29184, p);
    matmul25(g, w + 29184, w + 27904);
    /* gru.lua:24-26 */
    loop17(w + 27392, w + 25600, w + 27136, w + 28672, w + 25344, w + 27648, w + 28416, w + 27904,
        w + 28928, w + 28160);
    /* gru.lua:26 */
    matmul26(g + 3104, w + 29184, in0 + 544);
    /* gru.lua:25 */
    sum24(g + 3552, w + 27904);
    matmul15(w + 25600, w + 27904, p + 2048);
    matmul25(g + 2048, w + 27904, w + 25344);
    matmul26(g + 3360, w + 27904, in0 + 544);
    /* gru.lua:24 */
    sum24(g + 3520, w + 28160);
    matmul15(w + 27392, w + 28160, p + 1024);
    loop19(w + 27648, w + 25600, w + 27392);
    matmul25(g + 1024, w + 28160, w + 25344);
    /* gru.lua:13-24 */
    loop20(w + 27136, w + 27648, w + 27392, reset + 136, w + 27904);
    /* gru.lua:24 */
    matmul26(g + 3232, w + 28160, in0 + 544);
    /* gru.lua:13 */
    sum24(g + 3600, w + 27392);
    if (win->first > 16)
        return;
    /* ---- step 17 of 32, backward ---- */
    /* gru.lua:13 */
    loop9(w + 22288, w + 256, weight + 128);
    /* gru.lua:28 */
    sum21(g + 3584, w + 256);
    matmul11(w + 25344, w + 256, p + 3072);
    matmul22(g + 3072, w + 256, s + 4352);
    /* gru.lua:26-28 */
    loop23(w + 27904, w + 25344, w + 25600, w + 26112, w + 23808, w + 26880, w + 26624, w + 27136,
        w + 27392);
    /* gru.lua:26 */
    sum24(g + 3488, w + 27392);
    matmul15(w + 25344, w + 27392, p);
    matmul25(g, w + 27392, w + 26368);
    /* gru.lua:24-26 */
    loop17(w + 25856, w + 25344, w + 26368, w + 25600, w + 23808, w + 26112, w + 26880, w + 26624,
        w + 27136, w + 27648);
    /* gru.lua:26 */
    matmul26(g + 3104, w + 27392, in0 + 512);
    /* gru.lua:25 */
    sum24(g + 3552, w + 26624);
    matmul15(w + 26880, w + 26624, p + 2048);
    matmul25(g + 2048, w + 26624, w + 23808);
    matmul26(g + 3360, w + 26624, in0 + 512);
    /* gru.lua:24 */
    sum24(g + 3520, w + 27648);
    matmul15(w + 26624, w + 27648, p + 1024);
    loop19(w + 27136, w + 26880, w + 26624);
    matmul25(g + 1024, w + 27648, w + 23808);
    /* gru.lua:13-24 */
    loop20(w + 26368, w + 27136, w + 23808, reset + 128, w + 27392);
    /* gru.lua:24 */
    matmul26(g + 3232, w + 27648, in0 + 512);
    /* gru.lua:13 */
    sum24(g + 3600, w + 23808);
    if (win->first > 15)
        return;
    /* ---- step 16 of 32, backward ---- */
    /* gru.lua:13 */
    loop9(w + 22272, w + 256, weight + 120);
    /* gru.lua:28 */
    sum21(g + 3584, w + 256);
    matmul11(w + 22272, w + 256, p + 3072);
    matmul22(g + 3072, w + 256, s + 4096);
    /* gru.lua:26-28 */
    loop23(w + 27392, w + 22272, w + 23808, w + 24320, w + 20736, w + 25088, w + 24832, w + 25344,
        w + 25600);
    /* gru.lua:26 */
    sum24(g + 3488, w + 25600);
    matmul15(w + 22272, w + 25600, p);
    matmul25(g, w + 25600, w + 24576);
    /* gru.lua:24-26 */
    loop17(w + 24064, w + 22272, w + 24576, w + 23808, w + 20736, w + 24320, w + 25088, w + 24832,
        w + 25344, w + 25856);
    /* gru.lua:26 */
    matmul26(g + 3104, w + 25600, in0 + 480);
    /* gru.lua:25 */
    sum24(g + 3552, w + 24832);
    matmul15(w + 22272, w + 24832, p + 2048);
    matmul25(g + 2048, w + 24832, w + 20736);
    matmul26(g + 3360, w + 24832, in0 + 480);
    /* gru.lua:24 */
    sum24(g + 3520, w + 25856);
    matmul15(w + 23808, w + 25856, p + 1024);
    loop19(w + 24064, w + 22272, w + 23808);
    matmul25(g + 1024, w + 25856, w + 20736);
    /* gru.lua:13-24 */
    loop20(w + 24576, w + 24064, w + 20736, reset + 120, w + 22272);
    /* gru.lua:24 */
    matmul26(g + 3232, w + 25856, in0 + 480);
    /* gru.lua:13 */
    sum24(g + 3600, w + 20736);
    if (win->first > 14)
        return;
    /* ---- step 15 of 32, backward ---- */
    /* gru.lua:13 */
    loop9(w + 752, w + 256, weight + 112);
    /* gru.lua:28 */
    sum21(g + 3584, w + 256);
    matmul11(w + 20736, w + 256, p + 3072);
    matmul22(g + 3072, w + 256, s + 3840);
    /* gru.lua:26-28 */
    loop23(w + 22272, w + 20736, w + 23808, w + 22784, w + 19200, w + 23552, w + 23296, w + 24064,
        w + 24320);
    /* gru.lua:26 */
    sum24(g + 3488, w + 24320);
    matmul15(w + 20736, w + 24320, p);
    matmul25(g, w + 24320, w + 23040);
    /* gru.lua:24-26 */
    loop17(w + 22528, w + 20736, w + 22272, w + 23808, w + 19200, w + 22784, w + 23552, w + 23040,
        w + 24064, w + 23296);
    /* gru.lua:26 */
    matmul26(g + 3104, w + 24320, in0 + 448);
    /* gru.lua:25 */
    sum24(g + 3552, w + 23040);
    matmul15(w + 20736, w + 23040, p + 2048);
    matmul25(g + 2048, w + 23040, w + 19200);
    matmul26(g + 3360, w + 23040, in0 + 448);
    /* gru.lua:24 */
    sum24(g + 3520, w + 23296);
    matmul15(w + 22528, w + 23296, p + 1024);
    loop19(w + 22784, w + 20736, w + 22528);
    matmul25(g + 1024, w + 23296, w + 19200);
    /* gru.lua:13-24 */
    loop20(w + 22272, w + 22784, w + 19200, reset + 112, w + 20736);
    /* gru.lua:24 */
    matmul26(g + 3232, w + 23296, in0 + 448);
    /* gru.lua:13 */
    sum24(g + 3600, w + 19200);
    if (win->first > 13)
        return;
    /* ---- step 14 of 32, backward ---- */
    /* gru.lua:13 */
    loop9(w + 736, w + 256, weight + 104);
    /* gru.lua:28 */
    sum21(g + 3584, w + 256);
    matmul11(w + 19200, w + 256, p + 3072);
    matmul22(g + 3072, w + 256, s + 3584);
    /* gru.lua:26-28 */
    loop23(w + 20736, w + 19200, w + 22272, w + 21248, w + 17664, w + 22016, w + 21760, w + 22528,
        w + 22784);
    /* gru.lua:26 */
    sum24(g + 3488, w + 22784);
    matmul15(w + 19200, w + 22784, p);
    matmul25(g, w + 22784, w + 21504);
    /* gru.lua:24-26 */
    loop17(w + 20992, w + 19200, w + 20736, w + 22272, w + 17664, w + 21248, w + 22016, w + 21504,
        w + 22528, w + 21760);
    /* gru.lua:26 */
    matmul26(g + 3104, w + 22784, in0 + 416);
    /* gru.lua:25 */
    sum24(g + 3552, w + 21504);
    matmul15(w + 19200, w + 21504, p + 2048);
    matmul25(g + 2048, w + 21504, w + 17664);
    matmul26(g + 3360, w + 21504, in0 + 416);
    /* gru.lua:24 */
    sum24(g + 3520, w + 21760);
    matmul15(w + 20992, w + 21760, p + 1024);
    loop19(w + 21248, w + 19200, w + 20992);
    matmul25(g + 1024, w + 21760, w + 17664);
    /* gru.lua:13-24 */
    loop20(w + 20736, w + 21248, w + 17664, reset + 104, w + 19200);
    /* gru.lua:24 */
    matmul26(g + 3232, w + 21760, in0 + 416);
    /* gru.lua:13 */
    sum24(g + 3600, w + 17664);
}

static void backward_13_to_1(const tl_window *win)
{
    const real *const p = (const real *)win->params;
    real *const g = (real *)win->grads;
    real *const s = (real *)win->states;
    const real *const weight = (const real *)win->weight;
    const real *const reset = (const real *)win->reset;
    real *const w = (real *)win->work;
    const real *const in0 = (const real *)win->input[0];
    /* ---- step 13 of 32, backward ---- */
    /* gru.lua:13 */
    loop9(w + 720, w + 256, weight + 96);
    /* gru.lua:28 */
    sum21(g + 3584, w + 256);
    matmul11(w + 17664, w + 256, p + 3072);
    matmul22(g + 3072, w + 256, s + 3328);
    /* gru.lua:26-28 */
    loop23(w + 19200, w + 17664, w + 20736, w + 19712, w + 16128, w + 20480, w + 20224, w + 20992,
        w + 21248);
    /* gru.lua:26 */
    sum24(g + 3488, w + 21248);
    matmul15(w + 17664, w + 21248, p);
    matmul25(g, w + 21248, w + 19968);
    /* gru.lua:24-26 */
    loop17(w + 19456, w + 17664, w + 19200, w + 20736, w + 16128, w + 19712, w + 20480, w + 19968,
        w + 20992, w + 20224);
    /* gru.lua:26 */
    matmul26(g + 3104, w + 21248, in0 + 384);
    /* gru.lua:25 */
    sum24(g + 3552, w + 19968);
    matmul15(w + 17664, w + 19968, p + 2048);
    matmul25(g + 2048, w + 19968, w + 16128);
    matmul26(g + 3360, w + 19968, in0 + 384);
    /* gru.lua:24 */
    sum24(g + 3520, w + 20224);
    matmul15(w + 19456, w + 20224, p + 1024);
    loop19(w + 19712, w + 17664, w + 19456);
    matmul25(g + 1024, w + 20224, w + 16128);
    /* gru.lua:13-24 */
    loop20(w + 19200, w + 19712, w + 16128, reset + 96, w + 17664);
    /* gru.lua:24 */
    matmul26(g + 3232, w + 20224, in0 + 384);
    /* gru.lua:13 */
    sum24(g + 3600, w + 16128);
    if (win->first > 11)
        return;
    /* ---- step 12 of 32, backward ---- */
    /* gru.lua:13 */
    loop9(w + 704, w + 256, weight + 88);
    /* gru.lua:28 */
    sum21(g + 3584, w + 256);
    matmul11(w + 16128, w + 256, p + 3072);
    matmul22(g + 3072, w + 256, s + 3072);
    /* gru.lua:26-28 */
    loop23(w + 17664, w + 16128, w + 19200, w + 18176, w + 14592, w + 18944, w + 18688, w + 19456,
        w + 19712);
    /* gru.lua:26 */
    sum24(g + 3488, w + 19712);
    matmul15(w + 16128, w + 19712, p);
    matmul25(g, w + 19712, w + 18432);
    /* gru.lua:24-26 */
    loop17(w + 17920, w + 16128, w + 17664, w + 19200, w + 14592, w + 18176, w + 18944, w + 18432,
        w + 19456, w + 18688);
    /* gru.lua:26 */
    matmul26(g + 3104, w + 19712, in0 + 352);
    /* gru.lua:25 */
    sum24(g + 3552, w + 18432);
    matmul15(w + 16128, w + 18432, p + 2048);
    matmul25(g + 2048, w + 18432, w + 14592);
    matmul26(g + 3360, w + 18432, in0 + 352);
    /* gru.lua:24 */
    sum24(g + 3520, w + 18688);
    matmul15(w + 17920, w + 18688, p + 1024);
    loop19(w + 18176, w + 16128, w + 17920);
    matmul25(g + 1024, w + 18688, w + 14592);
    /* gru.lua:13-24 */
    loop20(w + 17664, w + 18176, w + 14592, reset + 88, w + 16128);
    /* gru.lua:24 */
    matmul26(g + 3232, w + 18688, in0 + 352);
    /* gru.lua:13 */
    sum24(g + 3600, w + 14592);
    if (win->first > 10)
        return;
    /* ---- step 11 of 32, backward ---- */
    /* gru.lua:13 */
    loop9(w + 688, w + 256, weight + 80);
    /* gru.lua:28 */
    sum21(g + 3584, w + 256);
    matmul11(w + 14592, w + 256, p + 3072);
    matmul22(g + 3072, w + 256, s + 2816);
    /* gru.lua:26-28 */
    loop23(w + 16128, w + 14592, w + 17664, w + 16640, w + 13056, w + 17408, w + 17152, w + 17920,
        w + 18176);
    /* gru.lua:26 */
    sum24(g + 3488, w + 18176);
    matmul15(w + 14592, w + 18176, p);
    matmul25(g, w + 18176, w + 16896);
    /* gru.lua:24-26 */
    loop17(w + 16384, w + 14592, w + 16128, w + 17664, w + 13056, w + 16640, w + 17408, w + 16896,
        w + 17920, w + 17152);
    /* gru.lua:26 */
    matmul26(g + 3104, w + 18176, in0 + 320);
    /* gru.lua:25 */
    sum24(g + 3552, w + 16896);
    matmul15(w + 14592, w + 16896, p + 2048);
    matmul25(g + 2048, w + 16896, w + 13056);
    matmul26(g + 3360, w + 16896, in0 + 320);
    /* gru.lua:24 */
    sum24(g + 3520, w + 17152);
    matmul15(w + 16384, w + 17152, p + 1024);
    loop19(w + 16640, w + 14592, w + 16384);
    matmul25(g + 1024, w + 17152, w + 13056);
    /* gru.lua:13-24 */
    loop20(w + 16128, w + 16640, w + 13056, reset + 80, w + 14592);
    /* gru.lua:24 */
    matmul26(g + 3232, w + 17152, in0 + 320);
    /* gru.lua:13 */
    sum24(g + 3600, w + 13056);
    if (win->first > 9)
        return;
    /* ---- step 10 of 32, backward ---- */
    /* gru.lua:13 */
    loop9(w + 672, w + 256, weight + 72);
    /* gru.lua:28 */
    sum21(g + 3584, w + 256);
    matmul11(w + 13056, w + 256, p + 3072);
    matmul22(g + 3072, w + 256, s + 2560);
    /* gru.lua:26-28 */
    loop23(w + 14592, w + 13056, w + 16128, w + 15104, w + 11520, w + 15872, w + 15616, w + 16384,
        w + 16640);
    /* gru.lua:26 */
    sum24(g + 3488, w + 16640);
    matmul15(w + 13056, w + 16640, p);
    matmul25(g, w + 16640, w + 15360);
    /* gru.lua:24-26 */
    loop17(w + 14848, w + 13056, w + 14592, w + 16128, w + 11520, w + 15104, w + 15872, w + 15360,
        w + 16384, w + 15616);
    /* gru.lua:26 */
    matmul26(g + 3104, w + 16640, in0 + 288);
    /* gru.lua:25 */
    sum24(g + 3552, w + 15360);
    matmul15(w + 13056, w + 15360, p + 2048);
    matmul25(g + 2048, w + 15360, w + 11520);
    matmul26(g + 3360, w + 15360, in0 + 288);
    /* gru.lua:24 */
    sum24(g + 3520, w + 15616);
    matmul15(w + 14848, w + 15616, p + 1024);
    loop19(w + 15104, w + 13056, w + 14848);
    matmul25(g + 1024, w + 15616, w + 11520);
    /* gru.lua:13-24 */
    loop20(w + 14592, w + 15104, w + 11520, reset + 72, w + 13056);
    /* gru.lua:24 */
    matmul26(g + 3232, w + 15616, in0 + 288);
    /* gru.lua:13 */
    sum24(g + 3600, w + 11520);
    if (win->first > 8)
        return;
    /* ---- step 9 of 32, backward ---- */
    /* gru.lua:13 */
    loop9(w + 656, w + 256, weight + 64);
    /* gru.lua:28 */
    sum21(g + 3584, w + 256);
    matmul11(w + 11520, w + 256, p + 3072);
    matmul22(g + 3072, w + 256, s + 2304);
    /* gru.lua:26-28 */
    loop23(w + 13056, w + 11520, w + 14592, w + 13568, w + 9984, w + 14336, w + 14080, w + 14848,
        w + 15104);
    /* gru.lua:26 */
    sum24(g + 3488, w + 15104);
    matmul15(w + 11520, w + 15104, p);
    matmul25(g, w + 15104, w + 13824);
    /* gru.lua:24-26 */
    loop17(w + 13312, w + 11520, w + 13056, w + 14592, w + 9984, w + 13568, w + 14336, w + 13824,
        w + 14848, w + 14080);
    /* gru.lua:26 */
    matmul26(g + 3104, w + 15104, in0 + 256);
    /* gru.lua:25 */
    sum24(g + 3552, w + 13824);
    matmul15(w + 11520, w + 13824, p + 2048);
    matmul25(g + 2048, w + 13824, w + 9984);
    matmul26(g + 3360, w + 13824, in0 + 256);
    /* gru.lua:24 */
    sum24(g + 3520, w + 14080);
    matmul15(w + 13312, w + 14080, p + 1024);
    loop19(w + 13568, w + 11520, w + 13312);
    matmul25(g + 1024, w + 14080, w + 9984);
    /* gru.lua:13-24 */
    loop20(w + 13056, w + 13568, w + 9984, reset + 64, w + 11520);
    /* gru.lua:24 */
    matmul26(g + 3232, w + 14080, in0 + 256);
    /* gru.lua:13 */
    sum24(g + 3600, w + 9984);
    if (win->first > 7)
        return;
    /* ---- step 8 of 32, backward ---- */
    /* gru.lua:13 */
    loop9(w + 640, w + 256, weight + 56);
    /* gru.lua:28 */
    sum21(g + 3584, w + 256);
    matmul11(w + 9984, w + 256, p + 3072);
    matmul22(g + 3072, w + 256, s + 2048);
    /* gru.lua:26-28 */
    loop23(w + 11520, w + 9984, w + 13056, w + 12032, w + 8448, w + 12800, w + 12544, w + 13312,
        w + 13568);
    /* gru.lua:26 */
    sum24(g + 3488, w + 13568);
    matmul15(w + 9984, w + 13568, p);
    matmul25(g, w + 13568, w + 12288);
    /* gru.lua:24-26 */
    loop17(w + 11776, w + 9984, w + 11520, w + 13056, w + 8448, w + 12032, w + 12800, w + 12288,
        w + 13312, w + 12544);
    /* gru.lua:26 */
    matmul26(g + 3104, w + 13568, in0 + 224);
    /* gru.lua:25 */
    sum24(g + 3552, w + 12288);
    matmul15(w + 9984, w + 12288, p + 2048);
    matmul25(g + 2048, w + 12288, w + 8448);
    matmul26(g + 3360, w + 12288, in0 + 224);
    /* gru.lua:24 */
    sum24(g + 3520, w + 12544);
    matmul15(w + 11776, w + 12544, p + 1024);
    loop19(w + 12032, w + 9984, w + 11776);
    matmul25(g + 1024, w + 12544, w + 8448);
    /* gru.lua:13-24 */
    loop20(w + 11520, w + 12032, w + 8448, reset + 56, w + 9984);
    /* gru.lua:24 */
    matmul26(g + 3232, w + 12544, in0 + 224);
    /* gru.lua:13 */
    sum24(g + 3600, w + 8448);
    if (win->first > 6)
        return;
    /* ---- step 7 of 32, backward ---- */
    /* gru.lua:13 */
    loop9(w + 624, w + 256, weight + 48);
    /* gru.lua:28 */
    sum21(g + 3584, w + 256);
    matmul11(w + 8448, w + 256, p + 3072);
    matmul22(g + 3072, w + 256, s + 1792);
    /* gru.lua:26-28 */
    loop23(w + 9984, w + 8448, w + 11520, w + 10496, w + 6912, w + 11264, w + 11008, w + 11776,
        w + 12032);
    /* gru.lua:26 */
    sum24(g + 3488, w + 12032);
    matmul15(w + 8448, w + 12032, p);
    matmul25(g, w + 12032, w + 10752);
    /* gru.lua:24-26 */
    loop17(w + 10240, w + 8448, w + 9984, w + 11520, w + 6912, w + 10496, w + 11264, w + 10752,
        w + 11776, w + 11008);
    /* gru.lua:26 */
    matmul26(g + 3104, w + 12032, in0 + 192);
    /* gru.lua:25 */
    sum24(g + 3552, w + 10752);
    matmul15(w + 8448, w + 10752, p + 2048);
    matmul25(g + 2048, w + 10752, w + 6912);
    matmul26(g + 3360, w + 10752, in0 + 192);
    /* gru.lua:24 */
    sum24(g + 3520, w + 11008);
    matmul15(w + 10240, w + 11008, p + 1024);
    loop19(w + 10496, w + 8448, w + 10240);
    matmul25(g + 1024, w + 11008, w + 6912);
    /* gru.lua:13-24 */
    loop20(w + 9984, w + 10496, w + 6912, reset + 48, w + 8448);
    /* gru.lua:24 */
    matmul26(g + 3232, w + 11008, in0 + 192);
    /* gru.lua:13 */
    sum24(g + 3600, w + 6912);
    if (win->first > 5)
        return;
    /* ---- step 6 of 32, backward ---- */
    /* gru.lua:13 */
    loop9(w + 608, w + 256, weight + 40);
    /* gru.lua:28 */
    sum21(g + 3584, w + 256);
    matmul11(w + 6912, w + 256, p + 3072);
    matmul22(g + 3072, w + 256, s + 1536);
    /* gru.lua:26-28 */
    loop23(w + 8448, w + 6912, w + 9984, w + 8960, w + 5376, w + 9728, w + 9472, w + 10240,
        w + 10496);
    /* gru.lua:26 */
    sum24(g + 3488, w + 10496);
    matmul15(w + 6912, w + 10496, p);
    matmul25(g, w + 10496, w + 9216);
    /* gru.lua:24-26 */
    loop17(w + 8704, w + 6912, w + 8448, w + 9984, w + 5376, w + 8960, w + 9728, w + 9216,
        w + 10240, w + 9472);
    /* gru.lua:26 */
    matmul26(g + 3104, w + 10496, in0 + 160);
    /* gru.lua:25 */
    sum24(g + 3552, w + 9216);
    matmul15(w + 6912, w + 9216, p + 2048);
    matmul25(g + 2048, w + 9216, w + 5376);
    matmul26(g + 3360, w + 9216, in0 + 160);
    /* gru.lua:24 */
    sum24(g + 3520, w + 9472);
    matmul15(w + 8704, w + 9472, p + 1024);
    loop19(w + 8960, w + 6912, w + 8704);
    matmul25(g + 1024, w + 9472, w + 5376);
    /* gru.lua:13-24 */
    loop20(w + 8448, w + 8960, w + 5376, reset + 40, w + 6912);
    /* gru.lua:24 */
    matmul26(g + 3232, w + 9472, in0 + 160);
    /* gru.lua:13 */
    sum24(g + 3600, w + 5376);
    if (win->first > 4)
        return;
    /* ---- step 5 of 32, backward ---- */
    /* gru.lua:13 */
    loop9(w + 592, w + 256, weight + 32);
    /* gru.lua:28 */
    sum21(g + 3584, w + 256);
    matmul11(w + 5376, w + 256, p + 3072);
    matmul22(g + 3072, w + 256, s + 1280);
    /* gru.lua:26-28 */
    loop23(w + 6912, w + 5376, w + 8448, w + 7424, w + 3840, w + 8192, w + 7936, w + 8704,
        w + 8960);
    /* gru.lua:26 */
    sum24(g + 3488, w + 8960);
    matmul15(w + 5376, w + 8960, p);
    matmul25(g, w + 8960, w + 7680);
    /* gru.lua:24-26 */
    loop17(w + 7168, w + 5376, w + 6912, w + 8448, w + 3840, w + 7424, w + 8192, w + 7680,
        w + 8704, w + 7936);
    /* gru.lua:26 */
    matmul26(g + 3104, w + 8960, in0 + 128);
    /* gru.lua:25 */
    sum24(g + 3552, w + 7680);
    matmul15(w + 5376, w + 7680, p + 2048);
    matmul25(g + 2048, w + 7680, w + 3840);
    matmul26(g + 3360, w + 7680, in0 + 128);
    /* gru.lua:24 */
    sum24(g + 3520, w + 7936);
    matmul15(w + 7168, w + 7936, p + 1024);
    loop19(w + 7424, w + 5376, w + 7168);
    matmul25(g + 1024, w + 7936, w + 3840);
    /* gru.lua:13-24 */
    loop20(w + 6912, w + 7424, w + 3840, reset + 32, w + 5376);
    /* gru.lua:24 */
    matmul26(g + 3232, w + 7936, in0 + 128);
    /* gru.lua:13 */
    sum24(g + 3600, w + 3840);
    if (win->first > 3)
        return;
    /* ---- step 4 of 32, backward ---- */
    /* gru.lua:13 */
    loop9(w + 576, w + 256, weight + 24);
    /* gru.lua:28 */
    sum21(g + 3584, w + 256);
    matmul11(w + 3840, w + 256, p + 3072);
    matmul22(g + 3072, w + 256, s + 1024);
    /* gru.lua:26-28 */
    loop23(w + 5376, w + 3840, w + 6912, w + 5888, w + 2304, w + 6656, w + 6400, w + 7168,
        w + 7424);
    /* gru.lua:26 */
    sum24(g + 3488, w + 7424);
    matmul15(w + 3840, w + 7424, p);
    matmul25(g, w + 7424, w + 6144);
    /* gru.lua:24-26 */
    loop17(w + 5632, w + 3840, w + 5376, w + 6912, w + 2304, w + 5888, w + 6656, w + 6144,
        w + 7168, w + 6400);
    /* gru.lua:26 */
    matmul26(g + 3104, w + 7424, in0 + 96);
    /* gru.lua:25 */
    sum24(g + 3552, w + 6144);
    matmul15(w + 3840, w + 6144, p + 2048);
    matmul25(g + 2048, w + 6144, w + 2304);
    matmul26(g + 3360, w + 6144, in0 + 96);
    /* gru.lua:24 */
    sum24(g + 3520, w + 6400);
    matmul15(w + 5632, w + 6400, p + 1024);
    loop19(w + 5888, w + 3840, w + 5632);
    matmul25(g + 1024, w + 6400, w + 2304);
    /* gru.lua:13-24 */
    loop20(w + 5376, w + 5888, w + 2304, reset + 24, w + 3840);
    /* gru.lua:24 */
    matmul26(g + 3232, w + 6400, in0 + 96);
    /* gru.lua:13 */
    sum24(g + 3600, w + 2304);
    if (win->first > 2)
        return;
    /* ---- step 3 of 32, backward ---- */
    /* gru.lua:13 */
    loop9(w + 560, w + 256, weight + 16);
    /* gru.lua:28 */
    sum21(g + 3584, w + 256);
    matmul11(w + 2304, w + 256, p + 3072);
    matmul22(g + 3072, w + 256, s + 768);
    /* gru.lua:26-28 */
    loop23(w + 3840, w + 2304, w + 5376, w + 4352, w + 2048, w + 5120, w + 4864, w + 5632,
        w + 5888);
    /* gru.lua:26 */
    sum24(g + 3488, w + 5888);
    matmul15(w + 2304, w + 5888, p);
    matmul25(g, w + 5888, w + 4608);
    /* gru.lua:24-26 */
    loop17(w + 4096, w + 2304, w + 3840, w + 5376, w + 2048, w + 4352, w + 5120, w + 4608,
        w + 5632, w + 4864);
    /* gru.lua:26 */
    matmul26(g + 3104, w + 5888, in0 + 64);
    /* gru.lua:25 */
    sum24(g + 3552, w + 4608);
    matmul15(w + 2304, w + 4608, p + 2048);
    matmul25(g + 2048, w + 4608, w + 2048);
    matmul26(g + 3360, w + 4608, in0 + 64);
    /* gru.lua:24 */
    sum24(g + 3520, w + 4864);
    matmul15(w + 4096, w + 4864, p + 1024);
    loop19(w + 4352, w + 2304, w + 4096);
    matmul25(g + 1024, w + 4864, w + 2048);
    /* gru.lua:13-24 */
    loop20(w + 3840, w + 4352, w + 4096, reset + 16, w + 4608);
    /* gru.lua:24 */
    matmul26(g + 3232, w + 4864, in0 + 64);
    /* gru.lua:13 */
    sum24(g + 3600, w + 4096);
    if (win->first > 1)
        return;
    /* ---- step 2 of 32, backward ---- */
    /* gru.lua:13 */
    loop9(w + 544, w + 256, weight + 8);
    /* gru.lua:28 */
    sum21(g + 3584, w + 256);
    matmul11(w + 2048, w + 256, p + 3072);
    matmul22(g + 3072, w + 256, s + 512);
    /* gru.lua:26-28 */
    loop23(w + 4608, w + 2048, w + 2304, w + 2816, w + 288, w + 3584, w + 3328, w + 3840, w + 4096);
    /* gru.lua:26 */
    sum24(g + 3488, w + 4096);
    matmul15(w + 2048, w + 4096, p);
    matmul25(g, w + 4096, w + 3072);
    /* gru.lua:24-26 */
    loop17(w + 2560, w + 2048, w + 3072, w + 2304, w + 288, w + 2816, w + 3584, w + 3328, w + 3840,
        w + 4352);
    /* gru.lua:26 */
    matmul26(g + 3104, w + 4096, in0 + 32);
    /* gru.lua:25 */
    sum24(g + 3552, w + 3328);
    matmul15(w + 3584, w + 3328, p + 2048);
    matmul25(g + 2048, w + 3328, w + 288);
    matmul26(g + 3360, w + 3328, in0 + 32);
    /* gru.lua:24 */
    sum24(g + 3520, w + 4352);
    matmul15(w + 3328, w + 4352, p + 1024);
    loop19(w + 3840, w + 3584, w + 3328);
    matmul25(g + 1024, w + 4352, w + 288);
    /* gru.lua:13-24 */
    loop20(w + 3072, w + 3840, w + 4096, reset + 8, w + 288);
    /* gru.lua:24 */
    matmul26(g + 3232, w + 4352, in0 + 32);
    /* gru.lua:13 */
    sum24(g + 3600, w + 4096);
    if (win->first > 0)
        return;
    /* ---- step 1 of 32, backward ---- */
    /* gru.lua:13 */
    loop9(w + 272, w + 256, weight);
    /* gru.lua:28 */
    sum21(g + 3584, w + 256);
    matmul11(w + 2048, w + 256, p + 3072);
    matmul22(g + 3072, w + 256, s + 256);
    /* gru.lua:26-28 */
    loop23(w + 288, w + 2048, w + 2304, w + 1024, w, w + 1792, w + 1536, w + 2560, w + 2816);
    /* gru.lua:26 */
    sum24(g + 3488, w + 2816);
    matmul15(w + 1536, w + 2816, p);
    matmul25(g, w + 2816, w + 1280);
    /* gru.lua:24-26 */
    loop17(w + 768, w + 1536, w + 1280, w + 2304, w, w + 1024, w + 1792, w + 2048, w + 2560,
        w + 256);
    /* gru.lua:26 */
    matmul26(g + 3104, w + 2816, in0);
    /* gru.lua:25 */
    sum24(g + 3552, w + 2048);
    matmul15(w + 1536, w + 2048, p + 2048);
    matmul25(g + 2048, w + 2048, w);
    matmul26(g + 3360, w + 2048, in0);
    /* gru.lua:24 */
    sum24(g + 3520, w + 256);
    matmul15(w + 512, w + 256, p + 1024);
    loop19(w + 768, w + 1536, w + 512);
    matmul25(g + 1024, w + 256, w);
    /* gru.lua:13-24 */
    loop27(w + 1280, w + 768, w, reset);
    /* gru.lua:24 */
    matmul26(g + 3232, w + 256, in0);
    /* gru.lua:13 */
    sum24(g + 3600, w);
}

void gru_window(const tl_window *win)
{
    forward_1_to_32(win);
    if (!win->grads)
        return;
    backward_32_to_14(win);
    if (win->first <= 12)
        backward_13_to_1(win);
}

static void step_8(const tl_step *st)
{
    const real *const p = (const real *)st->params;
    const real *const s = (const real *)st->state;
    real *const w = (real *)st->work;
    const real *const in0 = (const real *)st->input[0];
    real *const out0 = (real *)st->output[0];
    /* gru.lua:24 */
    matmul2(w, in0, p + 3232);
    matmul3(w + 256, s, p + 1024);
    loop4(w, w + 256, p + 3520, w + 512);
    /* gru.lua:25 */
    matmul2(w, in0, p + 3360);
    matmul3(w + 256, s, p + 2048);
    /* gru.lua:25-26 */
    loop5(w, w + 256, p + 3552, w + 768, w + 1024, s, w + 512);
    /* gru.lua:26 */
    matmul2(w, in0, p + 3104);
    matmul3(w + 256, w + 1024, p);
    /* gru.lua:26-27 */
    loop28(w, w + 256, p + 3488, w + 768, s, w + 512);
    /* gru.lua:28 */
    matmul7(w, w + 512, p + 3072);
    loop29(out0, p + 3584, w);
}

static void loss_8(const tl_step *st)
{
    real *const loss = (real *)st->losses;
    const real *const target0 = (const real *)st->target[0];
    real *const out0 = (real *)st->output[0];
    /* gru.lua:13 */
    loop30(out0, target0, loss);
}

static void store_8(const tl_step *st)
{
    real *const next = (real *)st->next_state;
    real *const w = (real *)st->work;
    /* gru.lua:27 */
    loop31(next, w + 512);
}

static void evaluate_8(const tl_step *st)
{
    step_8(st);
    if (st->target)
        loss_8(st);
    store_8(st);
}

static void step_1(const tl_step *st)
{
    const real *const p = (const real *)st->params;
    const real *const s = (const real *)st->state;
    real *const w = (real *)st->work;
    const real *const in0 = (const real *)st->input[0];
    real *const out0 = (real *)st->output[0];
    /* gru.lua:24 */
    matmul32(w, in0, p + 3232);
    matmul33(w + 32, s, p + 1024);
    loop34(w, w + 32, p + 3520, w + 64);
    /* gru.lua:25 */
    matmul32(w, in0, p + 3360);
    matmul33(w + 32, s, p + 2048);
    /* gru.lua:25-26 */
    loop35(w, w + 32, p + 3552, w + 96, w + 128, s, w + 64);
    /* gru.lua:26 */
    matmul32(w, in0, p + 3104);
    matmul33(w + 32, w + 128, p);
    /* gru.lua:26-27 */
    loop36(w, w + 32, p + 3488, w + 96, s, w + 64);
    /* gru.lua:28 */
    matmul37(w, w + 64, p + 3072);
    loop38(out0, p + 3584, w);
}

static void loss_1(const tl_step *st)
{
    real *const loss = (real *)st->losses;
    const real *const target0 = (const real *)st->target[0];
    real *const out0 = (real *)st->output[0];
    /* gru.lua:13 */
    loop39(out0, target0, loss);
}

static void store_1(const tl_step *st)
{
    real *const next = (real *)st->next_state;
    real *const w = (real *)st->work;
    /* gru.lua:27 */
    loop40(next, w + 64);
}

static void evaluate_1(const tl_step *st)
{
    step_1(st);
    if (st->target)
        loss_1(st);
    store_1(st);
}

void gru_step(const tl_step *st)
{
    if (st->lanes == 1)
        evaluate_1(st);
    else
        evaluate_8(st);
}

static const tl_tensor params[] = {
    { AT(name) "Un", AT(rank) 2, AT(dim) { 32, 32 }, AT(offset) 0, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_ORTHOGONAL, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
    { AT(name) "Ur", AT(rank) 2, AT(dim) { 32, 32 }, AT(offset) 1024, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_ORTHOGONAL, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
    { AT(name) "Uz", AT(rank) 2, AT(dim) { 32, 32 }, AT(offset) 2048, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_ORTHOGONAL, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
    { AT(name) "V", AT(rank) 2, AT(dim) { 1, 32 }, AT(offset) 3072, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_GLOROT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
    { AT(name) "Wn", AT(rank) 2, AT(dim) { 32, 4 }, AT(offset) 3104, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_GLOROT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
    { AT(name) "Wr", AT(rank) 2, AT(dim) { 32, 4 }, AT(offset) 3232, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_GLOROT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
    { AT(name) "Wz", AT(rank) 2, AT(dim) { 32, 4 }, AT(offset) 3360, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_GLOROT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
    { AT(name) "bn", AT(rank) 1, AT(dim) { 32 }, AT(offset) 3488, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
    { AT(name) "br", AT(rank) 1, AT(dim) { 32 }, AT(offset) 3520, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
    { AT(name) "bz", AT(rank) 1, AT(dim) { 32 }, AT(offset) 3552, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
    { AT(name) "d", AT(rank) 1, AT(dim) { 1 }, AT(offset) 3584, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
    { AT(name) "init.h", AT(rank) 1, AT(dim) { 32 }, AT(offset) 3600, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
};

static const tl_tensor inputs[] = {
    { AT(name) "", AT(rank) 1, AT(dim) { 4 }, AT(offset) 0, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
};

static const tl_tensor targets[] = {
    { AT(name) "", AT(rank) 1, AT(dim) { 1 }, AT(offset) 0, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
};

static const tl_tensor states[] = {
    { AT(name) "h", AT(rank) 1, AT(dim) { 32 }, AT(offset) 0, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) 11, AT(scale) TL_SCALE_FREE },
};

static const tl_tensor outputs[] = {
    { AT(name) "", AT(rank) 1, AT(dim) { 1 }, AT(offset) 0, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
};

const tl_model gru_model = {
    AT(abi) TL_ABI,
    AT(name) "gru",
    AT(spec) "gru.lua",
    AT(hash) "71aadf02c469f4e1",
    AT(version) "0.1.0",
    AT(options) "hidden=32 input=4 output=1",
    AT(real) TL_F32,
    AT(tbptt) { AT(k1) 16, AT(k2) 32, AT(batch) 8, AT(counted) TL_COUNT_NEW, AT(reduce) TL_REDUCE_MEAN,
                AT(overlap) TL_RECOMPUTE, AT(carry) 0 },
    AT(train) {
        AT(optimizer) { AT(kind) TL_ADAM, AT(lr) 0.001, AT(momentum) 0.0, AT(dampening) 0.0, AT(weight_decay) 0.0,
                        AT(beta1) 0.9, AT(beta2) 0.999, AT(eps) 1e-08, AT(alpha) 0.0,
                        AT(nesterov) 0, AT(centered) 0 },
        AT(schedule) { AT(kind) TL_SCHEDULE_CONSTANT, AT(warmup) 0, AT(every) 0, AT(total) 0,
                       AT(gamma) 0.1, AT(floor) 0.0 },
        AT(clip_norm) 1.0, AT(clip_value) 0.0 },
    AT(loss) "mse",
    AT(has_reset) 1, AT(has_mask) 0, AT(has_state_grads) 0, AT(has_head) 0,
    AT(nparams) 12, AT(ninputs) 1, AT(ntargets) 1, AT(nstates) 1,
    AT(noutputs) 1, AT(nprobes) 0, AT(npast) 0,
    AT(params) params, AT(inputs) inputs, AT(targets) targets, AT(states) states,
    AT(outputs) outputs, AT(probes) NULL, AT(past) NULL,
    AT(param_size) 3632, AT(state_size) 8448, AT(probe_size) 0, AT(step_state_size) 32,
    AT(frame_size) 0, AT(work_size) 203776, AT(step_work_size) 5120,
    AT(window_flops) 5160960,
    AT(window) gru_window, AT(step) gru_step,
};
