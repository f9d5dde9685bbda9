/* lstm.c
 *
 * Written by tapeless 0.1.0 from lstm.lua (efd5f481a81dedab), float; hidden=32 input=4 output=1.
 * Do not edit: change the spec and compile it again. This code is yours.
 *
 * First the kernels, one function for each distinct loop nest or product; then the window's
 * steps, one call an operation; then the tables. */
#include "lstm.h"

#ifdef __cplusplus /* OpenBLAS's header has C99's complex numbers otherwise */
#define FORCE_OPENBLAS_COMPLEX_STRUCT
#endif
#include <cblas.h>
#include <math.h>

#if TL_ABI != 3
#error "written for runtime ABI 3; compile the spec again"
#endif

typedef lstm_real real;

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

/* matmul {8, 128} = {8, 4} {4, 128} */
KERNEL void matmul1(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, 8, 128, 4,
                1, x1, 4, x2, 4, 0, y0, 128);
}

/* matmul {8, 128} = {8, 32} {32, 128} */
KERNEL void matmul2(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, 8, 128, 32,
                1, x1, 32, x2, 32, 0, y0, 128);
}

/* add */
KERNEL void loop3(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    for (int i = 0; i < 1024; i++) {
        const real v1 = x1[i];
        const real v2 = x2[i];
        y0[i] = v1 + v2;
    }
}

/* add sigmoid mul add sigmoid add tanh mul add add sigmoid tanh mul */
KERNEL void loop4(const real *restrict x0, const real *restrict x1, real *restrict y2,
        const real *restrict x3, const real *restrict x4, const real *restrict x5,
        real *restrict y6, const real *restrict x7, const real *restrict x8, real *restrict y9,
        real *restrict y10, const real *restrict x11, const real *restrict x12, real *restrict y13,
        real *restrict y14, real *restrict y15)
{
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 32; j++) {
            const real v0 = x0[j];
            const real v1 = x1[i * 128 + j];
            const real t0 = v0 + v1;
            const real t1 = 1 / (1 + expf(-t0));
            y2[i * 32 + j] = t1;
            const real v3 = x3[i * 32 + j];
            const real t2 = v3 * t1;
            const real v4 = x4[j];
            const real v5 = x5[i * 128 + j];
            const real t3 = v4 + v5;
            const real t4 = 1 / (1 + expf(-t3));
            y6[i * 32 + j] = t4;
            const real v7 = x7[j];
            const real v8 = x8[i * 128 + j];
            const real t5 = v7 + v8;
            const real t6 = tanhf(t5);
            y9[i * 32 + j] = t6;
            const real t7 = t4 * t6;
            const real t8 = t2 + t7;
            y10[i * 32 + j] = t8;
            const real v11 = x11[j];
            const real v12 = x12[i * 128 + j];
            const real t9 = v11 + v12;
            const real t10 = 1 / (1 + expf(-t9));
            y13[i * 32 + j] = t10;
            const real t11 = tanhf(t8);
            y14[i * 32 + j] = t11;
            y15[i * 32 + j] = t10 * t11;
        }
}

/* matmul {8, 1} = {8, 32} {32, 1} */
KERNEL void matmul5(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, 8, 1, 32,
                1, x1, 32, x2, 1, 0, y0, 1);
}

/* add sub square */
KERNEL void loop6(const real *restrict x0, const real *restrict x1, real *restrict y2,
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
KERNEL void loop7(const real *restrict x0, real *restrict y1, const real *restrict x2)
{
    for (int i = 0; i < 8; i++) {
        const real v0 = x0[i];
        const real t0 = v0 * 2.0f;
        const real v2 = x2[i];
        y1[i] = v2 * t0;
    }
}

/* sum */
KERNEL void sum8(real *restrict y0, const real *restrict x1)
{
    real sum = 0;
    for (int i = 0; i < 8; i++) {
        sum += x1[i];
    }
    y0[0] = sum;
}

/* matmul {8, 32} = {8, 1} {1, 32} */
KERNEL void matmul9(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, 8, 32, 1,
                1, x1, 1, x2, 32, 0, y0, 32);
}

/* matmul {1, 32} = {1, 8} {8, 32} */
KERNEL void matmul10(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, 1, 32, 8,
                1, x1, 8, x2, 32, 0, y0, 32);
}

/* mul mul square sub mul sub mul mul mul mul square sub mul sub mul mul mul mul sub mul and 1 more */
KERNEL void loop11(const real *restrict x0, const real *restrict x1, const real *restrict x2,
        real *restrict y3, const real *restrict x4, const real *restrict x5, real *restrict y6,
        real *restrict y7, real *restrict y8, const real *restrict x9, const real *restrict x10,
        real *restrict y11)
{
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 32; j++) {
            const real v0 = x0[i * 32 + j];
            const real v1 = x1[i * 32 + j];
            const real t0 = v0 * v1;
            const real v2 = x2[i * 32 + j];
            const real t1 = v2 * v1;
            const real t2 = v0 * v0;
            const real t3 = 1.0f - t2;
            const real t4 = t1 * t3;
            const real t5 = 1.0f - v2;
            const real t6 = v2 * t5;
            y3[i * 128 + j] = t0 * t6;
            const real v4 = x4[i * 32 + j];
            const real t8 = v4 * t4;
            const real v5 = x5[i * 32 + j];
            const real t9 = v5 * t4;
            const real t10 = v4 * v4;
            const real t11 = 1.0f - t10;
            y6[i * 128 + j] = t9 * t11;
            const real t13 = 1.0f - v5;
            const real t14 = v5 * t13;
            y7[i * 128 + j] = t8 * t14;
            const real v9 = x9[i * 32 + j];
            y8[i * 32 + j] = v9 * t4;
            const real v10 = x10[i * 32 + j];
            const real t17 = v10 * t4;
            const real t18 = 1.0f - v9;
            const real t19 = v9 * t18;
            y11[i * 128 + j] = t17 * t19;
        }
}

/* sum */
KERNEL void sum12(real *restrict y0, const real *restrict x1)
{
    for (int j = 0; j < 32; j++) {
        y0[j] = x1[j];
    }
    for (int i = 1; i < 8; i++)
        for (int j = 0; j < 32; j++) {
            y0[j] += x1[i * 128 + j];
        }
}

/* matmul {8, 32} = {8, 128} {128, 32} */
KERNEL void matmul13(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, 8, 32, 128,
                1, x1, 128, x2, 32, 0, y0, 32);
}

/* matmul {128, 32} = {128, 8} {8, 32} */
KERNEL void matmul14(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, 128, 32, 8,
                1, x1, 128, x2, 32, 0, y0, 32);
}

/* matmul {128, 4} = {128, 8} {8, 4} */
KERNEL void matmul15(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, 128, 4, 8,
                1, x1, 128, x2, 4, 0, y0, 4);
}

/* sum */
KERNEL void sum16(real *restrict y0, const real *restrict x1)
{
    real sum = 0;
    for (int i = 0; i < 8; i++) {
        sum += x1[i];
    }
    y0[0] += sum;
}

/* matmul {1, 32} = {1, 8} {8, 32} */
KERNEL void matmul17(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, 1, 32, 8,
                1, x1, 8, x2, 32, 1, y0, 32);
}

/* add mul mul square sub mul add sub mul mul mul mul square sub mul sub mul mul mul mul and 3 more */
KERNEL void loop18(const real *restrict x0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3, const real *restrict x4, real *restrict y5,
        const real *restrict x6, const real *restrict x7, real *restrict y8, real *restrict y9,
        real *restrict y10, const real *restrict x11, const real *restrict x12, real *restrict y13)
{
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 32; j++) {
            const real v0 = x0[i * 32 + j];
            const real v1 = x1[i * 32 + j];
            const real t0 = v0 + v1;
            const real v2 = x2[i * 32 + j];
            const real t1 = v2 * t0;
            const real v3 = x3[i * 32 + j];
            const real t2 = v3 * t0;
            const real t3 = v2 * v2;
            const real t4 = 1.0f - t3;
            const real t5 = t2 * t4;
            const real v4 = x4[i * 32 + j];
            const real t6 = v4 + t5;
            const real t7 = 1.0f - v3;
            const real t8 = v3 * t7;
            y5[i * 128 + j] = t1 * t8;
            const real v6 = x6[i * 32 + j];
            const real t10 = v6 * t6;
            const real v7 = x7[i * 32 + j];
            const real t11 = v7 * t6;
            const real t12 = v6 * v6;
            const real t13 = 1.0f - t12;
            y8[i * 128 + j] = t11 * t13;
            const real t15 = 1.0f - v7;
            const real t16 = v7 * t15;
            y9[i * 128 + j] = t10 * t16;
            const real v11 = x11[i * 32 + j];
            y10[i * 32 + j] = v11 * t6;
            const real v12 = x12[i * 32 + j];
            const real t19 = v12 * t6;
            const real t20 = 1.0f - v11;
            const real t21 = v11 * t20;
            y13[i * 128 + j] = t19 * t21;
        }
}

/* sum */
KERNEL void sum19(real *restrict y0, const real *restrict x1)
{
    for (int j = 0; j < 32; j++) {
        y0[j] += x1[j];
    }
    for (int i = 1; i < 8; i++)
        for (int j = 0; j < 32; j++) {
            y0[j] += x1[i * 128 + j];
        }
}

/* matmul {128, 32} = {128, 8} {8, 32} */
KERNEL void matmul20(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, 128, 32, 8,
                1, x1, 128, x2, 32, 1, y0, 32);
}

/* matmul {128, 4} = {128, 8} {8, 4} */
KERNEL void matmul21(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, 128, 4, 8,
                1, x1, 128, x2, 4, 1, y0, 4);
}

/* add mul mul square sub mul add sub mul mul mul mul square sub mul sub mul mul mul sub and 2 more */
KERNEL void loop22(const real *restrict x0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3, const real *restrict x4, real *restrict y5,
        const real *restrict x6, const real *restrict x7, real *restrict y8, real *restrict y9,
        const real *restrict x10, const real *restrict x11, real *restrict y12)
{
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 32; j++) {
            const real v0 = x0[i * 32 + j];
            const real v1 = x1[i * 32 + j];
            const real t0 = v0 + v1;
            const real v2 = x2[i * 32 + j];
            const real t1 = v2 * t0;
            const real v3 = x3[i * 32 + j];
            const real t2 = v3 * t0;
            const real t3 = v2 * v2;
            const real t4 = 1.0f - t3;
            const real t5 = t2 * t4;
            const real v4 = x4[i * 32 + j];
            const real t6 = v4 + t5;
            const real t7 = 1.0f - v3;
            const real t8 = v3 * t7;
            y5[i * 128 + j] = t1 * t8;
            const real v6 = x6[i * 32 + j];
            const real t10 = v6 * t6;
            const real v7 = x7[i * 32 + j];
            const real t11 = v7 * t6;
            const real t12 = v6 * v6;
            const real t13 = 1.0f - t12;
            y8[i * 128 + j] = t11 * t13;
            const real t15 = 1.0f - v7;
            const real t16 = v7 * t15;
            y9[i * 128 + j] = t10 * t16;
            const real v10 = x10[i * 32 + j];
            const real t18 = v10 * t6;
            const real v11 = x11[i * 32 + j];
            const real t19 = 1.0f - v11;
            const real t20 = v11 * t19;
            y12[i * 128 + j] = t18 * t20;
        }
}

/* add sigmoid mul add sigmoid add tanh mul add add sigmoid tanh mul */
KERNEL void loop23(const real *restrict x0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3, const real *restrict x4, const real *restrict x5,
        const real *restrict x6, real *restrict y7, const real *restrict x8,
        const real *restrict x9, real *restrict y10)
{
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 32; j++) {
            const real v0 = x0[j];
            const real v1 = x1[i * 128 + j];
            const real t0 = v0 + v1;
            const real t1 = 1 / (1 + expf(-t0));
            const real v2 = x2[i * 32 + j];
            const real t2 = v2 * t1;
            const real v3 = x3[j];
            const real v4 = x4[i * 128 + j];
            const real t3 = v3 + v4;
            const real t4 = 1 / (1 + expf(-t3));
            const real v5 = x5[j];
            const real v6 = x6[i * 128 + j];
            const real t5 = v5 + v6;
            const real t6 = tanhf(t5);
            const real t7 = t4 * t6;
            const real t8 = t2 + t7;
            y7[i * 32 + j] = t8;
            const real v8 = x8[j];
            const real v9 = x9[i * 128 + j];
            const real t9 = v8 + v9;
            const real t10 = 1 / (1 + expf(-t9));
            const real t11 = tanhf(t8);
            y10[i * 32 + j] = t10 * t11;
        }
}

/* add */
KERNEL void loop24(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    for (int i = 0; i < 8; i++) {
        const real v1 = x1[0];
        const real v2 = x2[i];
        y0[i] = v1 + v2;
    }
}

/* sub square */
KERNEL void loop25(const real *restrict x0, const real *restrict x1, real *restrict y2)
{
    for (int i = 0; i < 8; i++) {
        const real v0 = x0[i];
        const real v1 = x1[i];
        const real t0 = v0 - v1;
        y2[i] = t0 * t0;
    }
}

/* copy copy */
KERNEL void loop26(real *restrict y0, const real *restrict x1, real *restrict y2,
        const real *restrict x3)
{
    for (int i = 0; i < 256; i++) {
        const real v1 = x1[i];
        y0[i] = v1;
        const real v3 = x3[i];
        y2[i] = v3;
    }
}

/* matmul {1, 128} = {1, 4} {4, 128} */
KERNEL void matmul27(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, 1, 128, 4,
                1, x1, 4, x2, 4, 0, y0, 128);
}

/* matmul {1, 128} = {1, 32} {32, 128} */
KERNEL void matmul28(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, 1, 128, 32,
                1, x1, 32, x2, 32, 0, y0, 128);
}

/* add */
KERNEL void loop29(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    for (int i = 0; i < 128; i++) {
        const real v1 = x1[i];
        const real v2 = x2[i];
        y0[i] = v1 + v2;
    }
}

/* add sigmoid mul add sigmoid add tanh mul add add sigmoid tanh mul */
KERNEL void loop30(const real *restrict x0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3, const real *restrict x4, const real *restrict x5,
        const real *restrict x6, real *restrict y7, const real *restrict x8,
        const real *restrict x9, real *restrict y10)
{
    for (int i = 0; i < 32; i++) {
        const real v0 = x0[i];
        const real v1 = x1[i];
        const real t0 = v0 + v1;
        const real t1 = 1 / (1 + expf(-t0));
        const real v2 = x2[i];
        const real t2 = v2 * t1;
        const real v3 = x3[i];
        const real v4 = x4[i];
        const real t3 = v3 + v4;
        const real t4 = 1 / (1 + expf(-t3));
        const real v5 = x5[i];
        const real v6 = x6[i];
        const real t5 = v5 + v6;
        const real t6 = tanhf(t5);
        const real t7 = t4 * t6;
        const real t8 = t2 + t7;
        y7[i] = t8;
        const real v8 = x8[i];
        const real v9 = x9[i];
        const real t9 = v8 + v9;
        const real t10 = 1 / (1 + expf(-t9));
        const real t11 = tanhf(t8);
        y10[i] = t10 * t11;
    }
}

/* matmul {1, 1} = {1, 32} {32, 1} */
KERNEL void matmul31(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, 1, 1, 32,
                1, x1, 32, x2, 1, 0, y0, 1);
}

/* add */
KERNEL void loop32(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    const real v1 = x1[0];
    const real v2 = x2[0];
    y0[0] = v1 + v2;
}

/* sub square */
KERNEL void loop33(const real *restrict x0, const real *restrict x1, real *restrict y2)
{
    const real v0 = x0[0];
    const real v1 = x1[0];
    const real t0 = v0 - v1;
    y2[0] = t0 * t0;
}

/* copy copy */
KERNEL void loop34(real *restrict y0, const real *restrict x1, real *restrict y2,
        const real *restrict x3)
{
    for (int i = 0; i < 32; i++) {
        const real v1 = x1[i];
        y0[i] = v1;
        const real v3 = x3[i];
        y2[i] = v3;
    }
}

static void forward_1_to_32(const tl_window *win)
{
    const real *const p = (const real *)win->params;
    real *const s = (real *)win->states;
    real *const loss = (real *)win->losses;
    real *const w = (real *)win->work;
    const real *const in0 = (const real *)win->input[0];
    const real *const target0 = (const real *)win->target[0];
    switch (win->first) {
    case 0:
    /* ---- step 1 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul1(w, in0, p + 4128);
    matmul2(w + 1024, s + 8448, p);
    loop3(w + 2048, w, w + 1024);
    /* lstm.lua:26-27 */
    loop4(p + 4640, w + 2080, w, s, p + 4704, w + 2048, w + 256, p + 4672, w + 2112, w + 512,
        s + 256, p + 4736, w + 2144, w + 768, w + 1024, s + 8704);
    /* lstm.lua:28 */
    matmul5(w + 1280, s + 8704, p + 4096);
    /* lstm.lua:15-28 */
    loop6(p + 4768, w + 1280, w + 1296, target0, loss);
    /* fall through */
    case 1:
    /* ---- step 2 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul1(w + 1312, in0 + 32, p + 4128);
    matmul2(w + 2336, s + 8704, p);
    loop3(w + 3360, w + 1312, w + 2336);
    /* lstm.lua:26-27 */
    loop4(p + 4640, w + 3392, w + 1312, s + 256, p + 4704, w + 3360, w + 1568, p + 4672, w + 3424,
        w + 1824, s + 512, p + 4736, w + 3456, w + 2080, w + 2336, s + 8960);
    /* lstm.lua:28 */
    matmul5(w + 1280, s + 8960, p + 4096);
    /* lstm.lua:15-28 */
    loop6(p + 4768, w + 1280, w + 2592, target0 + 8, loss + 8);
    /* fall through */
    case 2:
    /* ---- step 3 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul1(w + 2608, in0 + 64, p + 4128);
    matmul2(w + 3632, s + 8960, p);
    loop3(w + 4656, w + 2608, w + 3632);
    /* lstm.lua:26-27 */
    loop4(p + 4640, w + 4688, w + 2608, s + 512, p + 4704, w + 4656, w + 2864, p + 4672, w + 4720,
        w + 3120, s + 768, p + 4736, w + 4752, w + 3376, w + 3632, s + 9216);
    /* lstm.lua:28 */
    matmul5(w + 1280, s + 9216, p + 4096);
    /* lstm.lua:15-28 */
    loop6(p + 4768, w + 1280, w + 3888, target0 + 16, loss + 16);
    /* fall through */
    case 3:
    /* ---- step 4 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul1(w + 3904, in0 + 96, p + 4128);
    matmul2(w + 4928, s + 9216, p);
    loop3(w + 5952, w + 3904, w + 4928);
    /* lstm.lua:26-27 */
    loop4(p + 4640, w + 5984, w + 3904, s + 768, p + 4704, w + 5952, w + 4160, p + 4672, w + 6016,
        w + 4416, s + 1024, p + 4736, w + 6048, w + 4672, w + 4928, s + 9472);
    /* lstm.lua:28 */
    matmul5(w + 1280, s + 9472, p + 4096);
    /* lstm.lua:15-28 */
    loop6(p + 4768, w + 1280, w + 5184, target0 + 24, loss + 24);
    /* fall through */
    case 4:
    /* ---- step 5 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul1(w + 5200, in0 + 128, p + 4128);
    matmul2(w + 6224, s + 9472, p);
    loop3(w + 7248, w + 5200, w + 6224);
    /* lstm.lua:26-27 */
    loop4(p + 4640, w + 7280, w + 5200, s + 1024, p + 4704, w + 7248, w + 5456, p + 4672, w + 7312,
        w + 5712, s + 1280, p + 4736, w + 7344, w + 5968, w + 6224, s + 9728);
    /* lstm.lua:28 */
    matmul5(w + 1280, s + 9728, p + 4096);
    /* lstm.lua:15-28 */
    loop6(p + 4768, w + 1280, w + 6480, target0 + 32, loss + 32);
    /* fall through */
    case 5:
    /* ---- step 6 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul1(w + 6496, in0 + 160, p + 4128);
    matmul2(w + 7520, s + 9728, p);
    loop3(w + 8544, w + 6496, w + 7520);
    /* lstm.lua:26-27 */
    loop4(p + 4640, w + 8576, w + 6496, s + 1280, p + 4704, w + 8544, w + 6752, p + 4672, w + 8608,
        w + 7008, s + 1536, p + 4736, w + 8640, w + 7264, w + 7520, s + 9984);
    /* lstm.lua:28 */
    matmul5(w + 1280, s + 9984, p + 4096);
    /* lstm.lua:15-28 */
    loop6(p + 4768, w + 1280, w + 7776, target0 + 40, loss + 40);
    /* fall through */
    case 6:
    /* ---- step 7 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul1(w + 7792, in0 + 192, p + 4128);
    matmul2(w + 8816, s + 9984, p);
    loop3(w + 9840, w + 7792, w + 8816);
    /* lstm.lua:26-27 */
    loop4(p + 4640, w + 9872, w + 7792, s + 1536, p + 4704, w + 9840, w + 8048, p + 4672, w + 9904,
        w + 8304, s + 1792, p + 4736, w + 9936, w + 8560, w + 8816, s + 10240);
    /* lstm.lua:28 */
    matmul5(w + 1280, s + 10240, p + 4096);
    /* lstm.lua:15-28 */
    loop6(p + 4768, w + 1280, w + 9072, target0 + 48, loss + 48);
    /* fall through */
    case 7:
    /* ---- step 8 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul1(w + 9088, in0 + 224, p + 4128);
    matmul2(w + 10112, s + 10240, p);
    loop3(w + 11136, w + 9088, w + 10112);
    /* lstm.lua:26-27 */
    loop4(p + 4640, w + 11168, w + 9088, s + 1792, p + 4704, w + 11136, w + 9344, p + 4672,
        w + 11200, w + 9600, s + 2048, p + 4736, w + 11232, w + 9856, w + 10112, s + 10496);
    /* lstm.lua:28 */
    matmul5(w + 1280, s + 10496, p + 4096);
    /* lstm.lua:15-28 */
    loop6(p + 4768, w + 1280, w + 10368, target0 + 56, loss + 56);
    /* fall through */
    case 8:
    /* ---- step 9 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul1(w + 10384, in0 + 256, p + 4128);
    matmul2(w + 11408, s + 10496, p);
    loop3(w + 12432, w + 10384, w + 11408);
    /* lstm.lua:26-27 */
    loop4(p + 4640, w + 12464, w + 10384, s + 2048, p + 4704, w + 12432, w + 10640, p + 4672,
        w + 12496, w + 10896, s + 2304, p + 4736, w + 12528, w + 11152, w + 11408, s + 10752);
    /* lstm.lua:28 */
    matmul5(w + 1280, s + 10752, p + 4096);
    /* lstm.lua:15-28 */
    loop6(p + 4768, w + 1280, w + 11664, target0 + 64, loss + 64);
    /* fall through */
    case 9:
    /* ---- step 10 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul1(w + 11680, in0 + 288, p + 4128);
    matmul2(w + 12704, s + 10752, p);
    loop3(w + 13728, w + 11680, w + 12704);
    /* lstm.lua:26-27 */
    loop4(p + 4640, w + 13760, w + 11680, s + 2304, p + 4704, w + 13728, w + 11936, p + 4672,
        w + 13792, w + 12192, s + 2560, p + 4736, w + 13824, w + 12448, w + 12704, s + 11008);
    /* lstm.lua:28 */
    matmul5(w + 1280, s + 11008, p + 4096);
    /* lstm.lua:15-28 */
    loop6(p + 4768, w + 1280, w + 12960, target0 + 72, loss + 72);
    /* fall through */
    case 10:
    /* ---- step 11 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul1(w + 12976, in0 + 320, p + 4128);
    matmul2(w + 14000, s + 11008, p);
    loop3(w + 15024, w + 12976, w + 14000);
    /* lstm.lua:26-27 */
    loop4(p + 4640, w + 15056, w + 12976, s + 2560, p + 4704, w + 15024, w + 13232, p + 4672,
        w + 15088, w + 13488, s + 2816, p + 4736, w + 15120, w + 13744, w + 14000, s + 11264);
    /* lstm.lua:28 */
    matmul5(w + 1280, s + 11264, p + 4096);
    /* lstm.lua:15-28 */
    loop6(p + 4768, w + 1280, w + 14256, target0 + 80, loss + 80);
    /* fall through */
    case 11:
    /* ---- step 12 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul1(w + 14272, in0 + 352, p + 4128);
    matmul2(w + 15296, s + 11264, p);
    loop3(w + 16320, w + 14272, w + 15296);
    /* lstm.lua:26-27 */
    loop4(p + 4640, w + 16352, w + 14272, s + 2816, p + 4704, w + 16320, w + 14528, p + 4672,
        w + 16384, w + 14784, s + 3072, p + 4736, w + 16416, w + 15040, w + 15296, s + 11520);
    /* lstm.lua:28 */
    matmul5(w + 1280, s + 11520, p + 4096);
    /* lstm.lua:15-28 */
    loop6(p + 4768, w + 1280, w + 15552, target0 + 88, loss + 88);
    /* fall through */
    case 12:
    /* ---- step 13 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul1(w + 15568, in0 + 384, p + 4128);
    matmul2(w + 16592, s + 11520, p);
    loop3(w + 17616, w + 15568, w + 16592);
    /* lstm.lua:26-27 */
    loop4(p + 4640, w + 17648, w + 15568, s + 3072, p + 4704, w + 17616, w + 15824, p + 4672,
        w + 17680, w + 16080, s + 3328, p + 4736, w + 17712, w + 16336, w + 16592, s + 11776);
    /* lstm.lua:28 */
    matmul5(w + 1280, s + 11776, p + 4096);
    /* lstm.lua:15-28 */
    loop6(p + 4768, w + 1280, w + 16848, target0 + 96, loss + 96);
    /* fall through */
    case 13:
    /* ---- step 14 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul1(w + 16864, in0 + 416, p + 4128);
    matmul2(w + 17888, s + 11776, p);
    loop3(w + 18912, w + 16864, w + 17888);
    /* lstm.lua:26-27 */
    loop4(p + 4640, w + 18944, w + 16864, s + 3328, p + 4704, w + 18912, w + 17120, p + 4672,
        w + 18976, w + 17376, s + 3584, p + 4736, w + 19008, w + 17632, w + 17888, s + 12032);
    /* lstm.lua:28 */
    matmul5(w + 1280, s + 12032, p + 4096);
    /* lstm.lua:15-28 */
    loop6(p + 4768, w + 1280, w + 18144, target0 + 104, loss + 104);
    /* fall through */
    case 14:
    /* ---- step 15 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul1(w + 18160, in0 + 448, p + 4128);
    matmul2(w + 19184, s + 12032, p);
    loop3(w + 20208, w + 18160, w + 19184);
    /* lstm.lua:26-27 */
    loop4(p + 4640, w + 20240, w + 18160, s + 3584, p + 4704, w + 20208, w + 18416, p + 4672,
        w + 20272, w + 18672, s + 3840, p + 4736, w + 20304, w + 18928, w + 19184, s + 12288);
    /* lstm.lua:28 */
    matmul5(w + 1280, s + 12288, p + 4096);
    /* lstm.lua:15-28 */
    loop6(p + 4768, w + 1280, w + 19440, target0 + 112, loss + 112);
    /* fall through */
    case 15:
    /* ---- step 16 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul1(w + 19456, in0 + 480, p + 4128);
    matmul2(w + 20480, s + 12288, p);
    loop3(w + 21504, w + 19456, w + 20480);
    /* lstm.lua:26-27 */
    loop4(p + 4640, w + 21536, w + 19456, s + 3840, p + 4704, w + 21504, w + 19712, p + 4672,
        w + 21568, w + 19968, s + 4096, p + 4736, w + 21600, w + 20224, w + 20480, s + 12544);
    /* lstm.lua:28 */
    matmul5(w + 1280, s + 12544, p + 4096);
    /* lstm.lua:15-28 */
    loop6(p + 4768, w + 1280, w + 20736, target0 + 120, loss + 120);
    /* fall through */
    case 16:
    /* ---- step 17 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul1(w + 20752, in0 + 512, p + 4128);
    matmul2(w + 21776, s + 12544, p);
    loop3(w + 22800, w + 20752, w + 21776);
    /* lstm.lua:26-27 */
    loop4(p + 4640, w + 22832, w + 20752, s + 4096, p + 4704, w + 22800, w + 21008, p + 4672,
        w + 22864, w + 21264, s + 4352, p + 4736, w + 22896, w + 21520, w + 21776, s + 12800);
    /* lstm.lua:28 */
    matmul5(w + 1280, s + 12800, p + 4096);
    /* lstm.lua:15-28 */
    loop6(p + 4768, w + 1280, w + 22032, target0 + 128, loss + 128);
    /* fall through */
    case 17:
    /* ---- step 18 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul1(w + 22048, in0 + 544, p + 4128);
    matmul2(w + 23072, s + 12800, p);
    loop3(w + 24096, w + 22048, w + 23072);
    /* lstm.lua:26-27 */
    loop4(p + 4640, w + 24128, w + 22048, s + 4352, p + 4704, w + 24096, w + 22304, p + 4672,
        w + 24160, w + 22560, s + 4608, p + 4736, w + 24192, w + 22816, w + 23072, s + 13056);
    /* lstm.lua:28 */
    matmul5(w + 1280, s + 13056, p + 4096);
    /* lstm.lua:15-28 */
    loop6(p + 4768, w + 1280, w + 23328, target0 + 136, loss + 136);
    /* fall through */
    case 18:
    /* ---- step 19 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul1(w + 23344, in0 + 576, p + 4128);
    matmul2(w + 24368, s + 13056, p);
    loop3(w + 25392, w + 23344, w + 24368);
    /* lstm.lua:26-27 */
    loop4(p + 4640, w + 25424, w + 23344, s + 4608, p + 4704, w + 25392, w + 23600, p + 4672,
        w + 25456, w + 23856, s + 4864, p + 4736, w + 25488, w + 24112, w + 24368, s + 13312);
    /* lstm.lua:28 */
    matmul5(w + 1280, s + 13312, p + 4096);
    /* lstm.lua:15-28 */
    loop6(p + 4768, w + 1280, w + 24624, target0 + 144, loss + 144);
    /* fall through */
    case 19:
    /* ---- step 20 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul1(w + 24640, in0 + 608, p + 4128);
    matmul2(w + 25664, s + 13312, p);
    loop3(w + 26688, w + 24640, w + 25664);
    /* lstm.lua:26-27 */
    loop4(p + 4640, w + 26720, w + 24640, s + 4864, p + 4704, w + 26688, w + 24896, p + 4672,
        w + 26752, w + 25152, s + 5120, p + 4736, w + 26784, w + 25408, w + 25664, s + 13568);
    /* lstm.lua:28 */
    matmul5(w + 1280, s + 13568, p + 4096);
    /* lstm.lua:15-28 */
    loop6(p + 4768, w + 1280, w + 25920, target0 + 152, loss + 152);
    /* fall through */
    case 20:
    /* ---- step 21 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul1(w + 25936, in0 + 640, p + 4128);
    matmul2(w + 26960, s + 13568, p);
    loop3(w + 27984, w + 25936, w + 26960);
    /* lstm.lua:26-27 */
    loop4(p + 4640, w + 28016, w + 25936, s + 5120, p + 4704, w + 27984, w + 26192, p + 4672,
        w + 28048, w + 26448, s + 5376, p + 4736, w + 28080, w + 26704, w + 26960, s + 13824);
    /* lstm.lua:28 */
    matmul5(w + 1280, s + 13824, p + 4096);
    /* lstm.lua:15-28 */
    loop6(p + 4768, w + 1280, w + 27216, target0 + 160, loss + 160);
    /* fall through */
    case 21:
    /* ---- step 22 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul1(w + 27232, in0 + 672, p + 4128);
    matmul2(w + 28256, s + 13824, p);
    loop3(w + 29280, w + 27232, w + 28256);
    /* lstm.lua:26-27 */
    loop4(p + 4640, w + 29312, w + 27232, s + 5376, p + 4704, w + 29280, w + 27488, p + 4672,
        w + 29344, w + 27744, s + 5632, p + 4736, w + 29376, w + 28000, w + 28256, s + 14080);
    /* lstm.lua:28 */
    matmul5(w + 1280, s + 14080, p + 4096);
    /* lstm.lua:15-28 */
    loop6(p + 4768, w + 1280, w + 28512, target0 + 168, loss + 168);
    /* fall through */
    case 22:
    /* ---- step 23 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul1(w + 28528, in0 + 704, p + 4128);
    matmul2(w + 29552, s + 14080, p);
    loop3(w + 30576, w + 28528, w + 29552);
    /* lstm.lua:26-27 */
    loop4(p + 4640, w + 30608, w + 28528, s + 5632, p + 4704, w + 30576, w + 28784, p + 4672,
        w + 30640, w + 29040, s + 5888, p + 4736, w + 30672, w + 29296, w + 29552, s + 14336);
    /* lstm.lua:28 */
    matmul5(w + 1280, s + 14336, p + 4096);
    /* lstm.lua:15-28 */
    loop6(p + 4768, w + 1280, w + 29808, target0 + 176, loss + 176);
    /* fall through */
    case 23:
    /* ---- step 24 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul1(w + 29824, in0 + 736, p + 4128);
    matmul2(w + 30848, s + 14336, p);
    loop3(w + 31872, w + 29824, w + 30848);
    /* lstm.lua:26-27 */
    loop4(p + 4640, w + 31904, w + 29824, s + 5888, p + 4704, w + 31872, w + 30080, p + 4672,
        w + 31936, w + 30336, s + 6144, p + 4736, w + 31968, w + 30592, w + 30848, s + 14592);
    /* lstm.lua:28 */
    matmul5(w + 1280, s + 14592, p + 4096);
    /* lstm.lua:15-28 */
    loop6(p + 4768, w + 1280, w + 31104, target0 + 184, loss + 184);
    /* fall through */
    case 24:
    /* ---- step 25 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul1(w + 31120, in0 + 768, p + 4128);
    matmul2(w + 32144, s + 14592, p);
    loop3(w + 33168, w + 31120, w + 32144);
    /* lstm.lua:26-27 */
    loop4(p + 4640, w + 33200, w + 31120, s + 6144, p + 4704, w + 33168, w + 31376, p + 4672,
        w + 33232, w + 31632, s + 6400, p + 4736, w + 33264, w + 31888, w + 32144, s + 14848);
    /* lstm.lua:28 */
    matmul5(w + 1280, s + 14848, p + 4096);
    /* lstm.lua:15-28 */
    loop6(p + 4768, w + 1280, w + 32400, target0 + 192, loss + 192);
    /* fall through */
    case 25:
    /* ---- step 26 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul1(w + 32416, in0 + 800, p + 4128);
    matmul2(w + 33440, s + 14848, p);
    loop3(w + 34464, w + 32416, w + 33440);
    /* lstm.lua:26-27 */
    loop4(p + 4640, w + 34496, w + 32416, s + 6400, p + 4704, w + 34464, w + 32672, p + 4672,
        w + 34528, w + 32928, s + 6656, p + 4736, w + 34560, w + 33184, w + 33440, s + 15104);
    /* lstm.lua:28 */
    matmul5(w + 1280, s + 15104, p + 4096);
    /* lstm.lua:15-28 */
    loop6(p + 4768, w + 1280, w + 33696, target0 + 200, loss + 200);
    /* fall through */
    case 26:
    /* ---- step 27 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul1(w + 33712, in0 + 832, p + 4128);
    matmul2(w + 34736, s + 15104, p);
    loop3(w + 35760, w + 33712, w + 34736);
    /* lstm.lua:26-27 */
    loop4(p + 4640, w + 35792, w + 33712, s + 6656, p + 4704, w + 35760, w + 33968, p + 4672,
        w + 35824, w + 34224, s + 6912, p + 4736, w + 35856, w + 34480, w + 34736, s + 15360);
    /* lstm.lua:28 */
    matmul5(w + 1280, s + 15360, p + 4096);
    /* lstm.lua:15-28 */
    loop6(p + 4768, w + 1280, w + 34992, target0 + 208, loss + 208);
    /* fall through */
    case 27:
    /* ---- step 28 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul1(w + 35008, in0 + 864, p + 4128);
    matmul2(w + 36032, s + 15360, p);
    loop3(w + 37056, w + 35008, w + 36032);
    /* lstm.lua:26-27 */
    loop4(p + 4640, w + 37088, w + 35008, s + 6912, p + 4704, w + 37056, w + 35264, p + 4672,
        w + 37120, w + 35520, s + 7168, p + 4736, w + 37152, w + 35776, w + 36032, s + 15616);
    /* lstm.lua:28 */
    matmul5(w + 1280, s + 15616, p + 4096);
    /* lstm.lua:15-28 */
    loop6(p + 4768, w + 1280, w + 36288, target0 + 216, loss + 216);
    /* fall through */
    case 28:
    /* ---- step 29 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul1(w + 36304, in0 + 896, p + 4128);
    matmul2(w + 37328, s + 15616, p);
    loop3(w + 38352, w + 36304, w + 37328);
    /* lstm.lua:26-27 */
    loop4(p + 4640, w + 38384, w + 36304, s + 7168, p + 4704, w + 38352, w + 36560, p + 4672,
        w + 38416, w + 36816, s + 7424, p + 4736, w + 38448, w + 37072, w + 37328, s + 15872);
    /* lstm.lua:28 */
    matmul5(w + 1280, s + 15872, p + 4096);
    /* lstm.lua:15-28 */
    loop6(p + 4768, w + 1280, w + 37584, target0 + 224, loss + 224);
    /* fall through */
    case 29:
    /* ---- step 30 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul1(w + 37600, in0 + 928, p + 4128);
    matmul2(w + 38624, s + 15872, p);
    loop3(w + 39648, w + 37600, w + 38624);
    /* lstm.lua:26-27 */
    loop4(p + 4640, w + 39680, w + 37600, s + 7424, p + 4704, w + 39648, w + 37856, p + 4672,
        w + 39712, w + 38112, s + 7680, p + 4736, w + 39744, w + 38368, w + 38624, s + 16128);
    /* lstm.lua:28 */
    matmul5(w + 1280, s + 16128, p + 4096);
    /* lstm.lua:15-28 */
    loop6(p + 4768, w + 1280, w + 38880, target0 + 232, loss + 232);
    /* fall through */
    case 30:
    /* ---- step 31 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul1(w + 38896, in0 + 960, p + 4128);
    matmul2(w + 39920, s + 16128, p);
    loop3(w + 40944, w + 38896, w + 39920);
    /* lstm.lua:26-27 */
    loop4(p + 4640, w + 40976, w + 38896, s + 7680, p + 4704, w + 40944, w + 39152, p + 4672,
        w + 41008, w + 39408, s + 7936, p + 4736, w + 41040, w + 39664, w + 39920, s + 16384);
    /* lstm.lua:28 */
    matmul5(w + 1280, s + 16384, p + 4096);
    /* lstm.lua:15-28 */
    loop6(p + 4768, w + 1280, w + 40176, target0 + 240, loss + 240);
    /* fall through */
    case 31:
    /* ---- step 32 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul1(w + 40192, in0 + 992, p + 4128);
    matmul2(w + 41216, s + 16384, p);
    loop3(w + 42240, w + 40192, w + 41216);
    /* lstm.lua:26-27 */
    loop4(p + 4640, w + 42272, w + 40192, s + 7936, p + 4704, w + 42240, w + 40448, p + 4672,
        w + 42304, w + 40704, s + 8192, p + 4736, w + 42336, w + 40960, w + 41216, s + 16640);
    /* lstm.lua:28 */
    matmul5(w + 1280, s + 16640, p + 4096);
    /* lstm.lua:15-28 */
    loop6(p + 4768, w + 1280, w + 41472, target0 + 248, loss + 248);
    }
}

static void backward_32_to_1(const tl_window *win)
{
    const real *const p = (const real *)win->params;
    real *const g = (real *)win->grads;
    real *const s = (real *)win->states;
    const real *const weight = (const real *)win->weight;
    real *const w = (real *)win->work;
    const real *const in0 = (const real *)win->input[0];
    /* ---- step 32 of 32, backward ---- */
    /* lstm.lua:15 */
    loop7(w + 41472, w + 1280, weight + 248);
    /* lstm.lua:28 */
    sum8(g + 4768, w + 1280);
    matmul9(w + 41472, w + 1280, p + 4096);
    matmul10(g + 4096, w + 1280, s + 16640);
    /* lstm.lua:26-27 */
    loop11(w + 41216, w + 41472, w + 40960, w + 42080, w + 40704, w + 40448, w + 42048, w + 41984,
        w + 41728, w + 40192, s + 7936, w + 42016);
    /* lstm.lua:27 */
    sum12(g + 4736, w + 42080);
    /* lstm.lua:26 */
    sum12(g + 4672, w + 42048);
    sum12(g + 4704, w + 41984);
    sum12(g + 4640, w + 42016);
    /* lstm.lua:25 */
    matmul13(w + 43008, w + 41984, p);
    matmul14(g, w + 41984, s + 16384);
    matmul15(g + 4128, w + 41984, in0 + 992);
    if (win->first > 30)
        return;
    /* ---- step 31 of 32, backward ---- */
    /* lstm.lua:15 */
    loop7(w + 40176, w + 1280, weight + 240);
    /* lstm.lua:28 */
    sum16(g + 4768, w + 1280);
    matmul9(w + 41984, w + 1280, p + 4096);
    matmul17(g + 4096, w + 1280, s + 16384);
    /* lstm.lua:26-28 */
    loop18(w + 43008, w + 41984, w + 39920, w + 39664, w + 41728, w + 40272, w + 39408, w + 39152,
        w + 40240, w + 40176, w + 42240, w + 38896, s + 7680, w + 40208);
    /* lstm.lua:27 */
    sum19(g + 4736, w + 40272);
    /* lstm.lua:26 */
    sum19(g + 4672, w + 40240);
    sum19(g + 4704, w + 40176);
    sum19(g + 4640, w + 40208);
    /* lstm.lua:25 */
    matmul13(w + 42496, w + 40176, p);
    matmul20(g, w + 40176, s + 16128);
    matmul21(g + 4128, w + 40176, in0 + 960);
    if (win->first > 29)
        return;
    /* ---- step 30 of 32, backward ---- */
    /* lstm.lua:15 */
    loop7(w + 38880, w + 1280, weight + 232);
    /* lstm.lua:28 */
    sum16(g + 4768, w + 1280);
    matmul9(w + 42752, w + 1280, p + 4096);
    matmul17(g + 4096, w + 1280, s + 16128);
    /* lstm.lua:26-28 */
    loop18(w + 42496, w + 42752, w + 38624, w + 38368, w + 42240, w + 38976, w + 38112, w + 37856,
        w + 38944, w + 38880, w + 43008, w + 37600, s + 7424, w + 38912);
    /* lstm.lua:27 */
    sum19(g + 4736, w + 38976);
    /* lstm.lua:26 */
    sum19(g + 4672, w + 38944);
    sum19(g + 4704, w + 38880);
    sum19(g + 4640, w + 38912);
    /* lstm.lua:25 */
    matmul13(w + 37600, w + 38880, p);
    matmul20(g, w + 38880, s + 15872);
    matmul21(g + 4128, w + 38880, in0 + 928);
    if (win->first > 28)
        return;
    /* ---- step 29 of 32, backward ---- */
    /* lstm.lua:15 */
    loop7(w + 37584, w + 1280, weight + 224);
    /* lstm.lua:28 */
    sum16(g + 4768, w + 1280);
    matmul9(w + 37856, w + 1280, p + 4096);
    matmul17(g + 4096, w + 1280, s + 15872);
    /* lstm.lua:26-28 */
    loop18(w + 37600, w + 37856, w + 37328, w + 37072, w + 43008, w + 38464, w + 36816, w + 36560,
        w + 38432, w + 38368, w + 38112, w + 36304, s + 7168, w + 38400);
    /* lstm.lua:27 */
    sum19(g + 4736, w + 38464);
    /* lstm.lua:26 */
    sum19(g + 4672, w + 38432);
    sum19(g + 4704, w + 38368);
    sum19(g + 4640, w + 38400);
    /* lstm.lua:25 */
    matmul13(w + 36304, w + 38368, p);
    matmul20(g, w + 38368, s + 15616);
    matmul21(g + 4128, w + 38368, in0 + 896);
    if (win->first > 27)
        return;
    /* ---- step 28 of 32, backward ---- */
    /* lstm.lua:15 */
    loop7(w + 36288, w + 1280, weight + 216);
    /* lstm.lua:28 */
    sum16(g + 4768, w + 1280);
    matmul9(w + 36560, w + 1280, p + 4096);
    matmul17(g + 4096, w + 1280, s + 15616);
    /* lstm.lua:26-28 */
    loop18(w + 36304, w + 36560, w + 36032, w + 35776, w + 38112, w + 37168, w + 35520, w + 35264,
        w + 37136, w + 37072, w + 36816, w + 35008, s + 6912, w + 37104);
    /* lstm.lua:27 */
    sum19(g + 4736, w + 37168);
    /* lstm.lua:26 */
    sum19(g + 4672, w + 37136);
    sum19(g + 4704, w + 37072);
    sum19(g + 4640, w + 37104);
    /* lstm.lua:25 */
    matmul13(w + 35008, w + 37072, p);
    matmul20(g, w + 37072, s + 15360);
    matmul21(g + 4128, w + 37072, in0 + 864);
    if (win->first > 26)
        return;
    /* ---- step 27 of 32, backward ---- */
    /* lstm.lua:15 */
    loop7(w + 34992, w + 1280, weight + 208);
    /* lstm.lua:28 */
    sum16(g + 4768, w + 1280);
    matmul9(w + 35264, w + 1280, p + 4096);
    matmul17(g + 4096, w + 1280, s + 15360);
    /* lstm.lua:26-28 */
    loop18(w + 35008, w + 35264, w + 34736, w + 34480, w + 36816, w + 35872, w + 34224, w + 33968,
        w + 35840, w + 35776, w + 35520, w + 33712, s + 6656, w + 35808);
    /* lstm.lua:27 */
    sum19(g + 4736, w + 35872);
    /* lstm.lua:26 */
    sum19(g + 4672, w + 35840);
    sum19(g + 4704, w + 35776);
    sum19(g + 4640, w + 35808);
    /* lstm.lua:25 */
    matmul13(w + 33712, w + 35776, p);
    matmul20(g, w + 35776, s + 15104);
    matmul21(g + 4128, w + 35776, in0 + 832);
    if (win->first > 25)
        return;
    /* ---- step 26 of 32, backward ---- */
    /* lstm.lua:15 */
    loop7(w + 33696, w + 1280, weight + 200);
    /* lstm.lua:28 */
    sum16(g + 4768, w + 1280);
    matmul9(w + 33968, w + 1280, p + 4096);
    matmul17(g + 4096, w + 1280, s + 15104);
    /* lstm.lua:26-28 */
    loop18(w + 33712, w + 33968, w + 33440, w + 33184, w + 35520, w + 34576, w + 32928, w + 32672,
        w + 34544, w + 34480, w + 34224, w + 32416, s + 6400, w + 34512);
    /* lstm.lua:27 */
    sum19(g + 4736, w + 34576);
    /* lstm.lua:26 */
    sum19(g + 4672, w + 34544);
    sum19(g + 4704, w + 34480);
    sum19(g + 4640, w + 34512);
    /* lstm.lua:25 */
    matmul13(w + 32416, w + 34480, p);
    matmul20(g, w + 34480, s + 14848);
    matmul21(g + 4128, w + 34480, in0 + 800);
    if (win->first > 24)
        return;
    /* ---- step 25 of 32, backward ---- */
    /* lstm.lua:15 */
    loop7(w + 32400, w + 1280, weight + 192);
    /* lstm.lua:28 */
    sum16(g + 4768, w + 1280);
    matmul9(w + 32672, w + 1280, p + 4096);
    matmul17(g + 4096, w + 1280, s + 14848);
    /* lstm.lua:26-28 */
    loop18(w + 32416, w + 32672, w + 32144, w + 31888, w + 34224, w + 33280, w + 31632, w + 31376,
        w + 33248, w + 33184, w + 32928, w + 31120, s + 6144, w + 33216);
    /* lstm.lua:27 */
    sum19(g + 4736, w + 33280);
    /* lstm.lua:26 */
    sum19(g + 4672, w + 33248);
    sum19(g + 4704, w + 33184);
    sum19(g + 4640, w + 33216);
    /* lstm.lua:25 */
    matmul13(w + 31120, w + 33184, p);
    matmul20(g, w + 33184, s + 14592);
    matmul21(g + 4128, w + 33184, in0 + 768);
    if (win->first > 23)
        return;
    /* ---- step 24 of 32, backward ---- */
    /* lstm.lua:15 */
    loop7(w + 31104, w + 1280, weight + 184);
    /* lstm.lua:28 */
    sum16(g + 4768, w + 1280);
    matmul9(w + 31376, w + 1280, p + 4096);
    matmul17(g + 4096, w + 1280, s + 14592);
    /* lstm.lua:26-28 */
    loop18(w + 31120, w + 31376, w + 30848, w + 30592, w + 32928, w + 31984, w + 30336, w + 30080,
        w + 31952, w + 31888, w + 31632, w + 29824, s + 5888, w + 31920);
    /* lstm.lua:27 */
    sum19(g + 4736, w + 31984);
    /* lstm.lua:26 */
    sum19(g + 4672, w + 31952);
    sum19(g + 4704, w + 31888);
    sum19(g + 4640, w + 31920);
    /* lstm.lua:25 */
    matmul13(w + 29824, w + 31888, p);
    matmul20(g, w + 31888, s + 14336);
    matmul21(g + 4128, w + 31888, in0 + 736);
    if (win->first > 22)
        return;
    /* ---- step 23 of 32, backward ---- */
    /* lstm.lua:15 */
    loop7(w + 29808, w + 1280, weight + 176);
    /* lstm.lua:28 */
    sum16(g + 4768, w + 1280);
    matmul9(w + 30080, w + 1280, p + 4096);
    matmul17(g + 4096, w + 1280, s + 14336);
    /* lstm.lua:26-28 */
    loop18(w + 29824, w + 30080, w + 29552, w + 29296, w + 31632, w + 30688, w + 29040, w + 28784,
        w + 30656, w + 30592, w + 30336, w + 28528, s + 5632, w + 30624);
    /* lstm.lua:27 */
    sum19(g + 4736, w + 30688);
    /* lstm.lua:26 */
    sum19(g + 4672, w + 30656);
    sum19(g + 4704, w + 30592);
    sum19(g + 4640, w + 30624);
    /* lstm.lua:25 */
    matmul13(w + 28528, w + 30592, p);
    matmul20(g, w + 30592, s + 14080);
    matmul21(g + 4128, w + 30592, in0 + 704);
    if (win->first > 21)
        return;
    /* ---- step 22 of 32, backward ---- */
    /* lstm.lua:15 */
    loop7(w + 28512, w + 1280, weight + 168);
    /* lstm.lua:28 */
    sum16(g + 4768, w + 1280);
    matmul9(w + 28784, w + 1280, p + 4096);
    matmul17(g + 4096, w + 1280, s + 14080);
    /* lstm.lua:26-28 */
    loop18(w + 28528, w + 28784, w + 28256, w + 28000, w + 30336, w + 29392, w + 27744, w + 27488,
        w + 29360, w + 29296, w + 29040, w + 27232, s + 5376, w + 29328);
    /* lstm.lua:27 */
    sum19(g + 4736, w + 29392);
    /* lstm.lua:26 */
    sum19(g + 4672, w + 29360);
    sum19(g + 4704, w + 29296);
    sum19(g + 4640, w + 29328);
    /* lstm.lua:25 */
    matmul13(w + 27232, w + 29296, p);
    matmul20(g, w + 29296, s + 13824);
    matmul21(g + 4128, w + 29296, in0 + 672);
    if (win->first > 20)
        return;
    /* ---- step 21 of 32, backward ---- */
    /* lstm.lua:15 */
    loop7(w + 27216, w + 1280, weight + 160);
    /* lstm.lua:28 */
    sum16(g + 4768, w + 1280);
    matmul9(w + 27488, w + 1280, p + 4096);
    matmul17(g + 4096, w + 1280, s + 13824);
    /* lstm.lua:26-28 */
    loop18(w + 27232, w + 27488, w + 26960, w + 26704, w + 29040, w + 28096, w + 26448, w + 26192,
        w + 28064, w + 28000, w + 27744, w + 25936, s + 5120, w + 28032);
    /* lstm.lua:27 */
    sum19(g + 4736, w + 28096);
    /* lstm.lua:26 */
    sum19(g + 4672, w + 28064);
    sum19(g + 4704, w + 28000);
    sum19(g + 4640, w + 28032);
    /* lstm.lua:25 */
    matmul13(w + 25936, w + 28000, p);
    matmul20(g, w + 28000, s + 13568);
    matmul21(g + 4128, w + 28000, in0 + 640);
    if (win->first > 19)
        return;
    /* ---- step 20 of 32, backward ---- */
    /* lstm.lua:15 */
    loop7(w + 25920, w + 1280, weight + 152);
    /* lstm.lua:28 */
    sum16(g + 4768, w + 1280);
    matmul9(w + 26192, w + 1280, p + 4096);
    matmul17(g + 4096, w + 1280, s + 13568);
    /* lstm.lua:26-28 */
    loop18(w + 25936, w + 26192, w + 25664, w + 25408, w + 27744, w + 26800, w + 25152, w + 24896,
        w + 26768, w + 26704, w + 26448, w + 24640, s + 4864, w + 26736);
    /* lstm.lua:27 */
    sum19(g + 4736, w + 26800);
    /* lstm.lua:26 */
    sum19(g + 4672, w + 26768);
    sum19(g + 4704, w + 26704);
    sum19(g + 4640, w + 26736);
    /* lstm.lua:25 */
    matmul13(w + 24640, w + 26704, p);
    matmul20(g, w + 26704, s + 13312);
    matmul21(g + 4128, w + 26704, in0 + 608);
    if (win->first > 18)
        return;
    /* ---- step 19 of 32, backward ---- */
    /* lstm.lua:15 */
    loop7(w + 24624, w + 1280, weight + 144);
    /* lstm.lua:28 */
    sum16(g + 4768, w + 1280);
    matmul9(w + 24896, w + 1280, p + 4096);
    matmul17(g + 4096, w + 1280, s + 13312);
    /* lstm.lua:26-28 */
    loop18(w + 24640, w + 24896, w + 24368, w + 24112, w + 26448, w + 25504, w + 23856, w + 23600,
        w + 25472, w + 25408, w + 25152, w + 23344, s + 4608, w + 25440);
    /* lstm.lua:27 */
    sum19(g + 4736, w + 25504);
    /* lstm.lua:26 */
    sum19(g + 4672, w + 25472);
    sum19(g + 4704, w + 25408);
    sum19(g + 4640, w + 25440);
    /* lstm.lua:25 */
    matmul13(w + 23344, w + 25408, p);
    matmul20(g, w + 25408, s + 13056);
    matmul21(g + 4128, w + 25408, in0 + 576);
    if (win->first > 17)
        return;
    /* ---- step 18 of 32, backward ---- */
    /* lstm.lua:15 */
    loop7(w + 23328, w + 1280, weight + 136);
    /* lstm.lua:28 */
    sum16(g + 4768, w + 1280);
    matmul9(w + 23600, w + 1280, p + 4096);
    matmul17(g + 4096, w + 1280, s + 13056);
    /* lstm.lua:26-28 */
    loop18(w + 23344, w + 23600, w + 23072, w + 22816, w + 25152, w + 24208, w + 22560, w + 22304,
        w + 24176, w + 24112, w + 23856, w + 22048, s + 4352, w + 24144);
    /* lstm.lua:27 */
    sum19(g + 4736, w + 24208);
    /* lstm.lua:26 */
    sum19(g + 4672, w + 24176);
    sum19(g + 4704, w + 24112);
    sum19(g + 4640, w + 24144);
    /* lstm.lua:25 */
    matmul13(w + 22048, w + 24112, p);
    matmul20(g, w + 24112, s + 12800);
    matmul21(g + 4128, w + 24112, in0 + 544);
    if (win->first > 16)
        return;
    /* ---- step 17 of 32, backward ---- */
    /* lstm.lua:15 */
    loop7(w + 22032, w + 1280, weight + 128);
    /* lstm.lua:28 */
    sum16(g + 4768, w + 1280);
    matmul9(w + 22304, w + 1280, p + 4096);
    matmul17(g + 4096, w + 1280, s + 12800);
    /* lstm.lua:26-28 */
    loop18(w + 22048, w + 22304, w + 21776, w + 21520, w + 23856, w + 22912, w + 21264, w + 21008,
        w + 22880, w + 22816, w + 22560, w + 20752, s + 4096, w + 22848);
    /* lstm.lua:27 */
    sum19(g + 4736, w + 22912);
    /* lstm.lua:26 */
    sum19(g + 4672, w + 22880);
    sum19(g + 4704, w + 22816);
    sum19(g + 4640, w + 22848);
    /* lstm.lua:25 */
    matmul13(w + 20752, w + 22816, p);
    matmul20(g, w + 22816, s + 12544);
    matmul21(g + 4128, w + 22816, in0 + 512);
    if (win->first > 15)
        return;
    /* ---- step 16 of 32, backward ---- */
    /* lstm.lua:15 */
    loop7(w + 20736, w + 1280, weight + 120);
    /* lstm.lua:28 */
    sum16(g + 4768, w + 1280);
    matmul9(w + 21008, w + 1280, p + 4096);
    matmul17(g + 4096, w + 1280, s + 12544);
    /* lstm.lua:26-28 */
    loop18(w + 20752, w + 21008, w + 20480, w + 20224, w + 22560, w + 21616, w + 19968, w + 19712,
        w + 21584, w + 21520, w + 21264, w + 19456, s + 3840, w + 21552);
    /* lstm.lua:27 */
    sum19(g + 4736, w + 21616);
    /* lstm.lua:26 */
    sum19(g + 4672, w + 21584);
    sum19(g + 4704, w + 21520);
    sum19(g + 4640, w + 21552);
    /* lstm.lua:25 */
    matmul13(w + 19456, w + 21520, p);
    matmul20(g, w + 21520, s + 12288);
    matmul21(g + 4128, w + 21520, in0 + 480);
    if (win->first > 14)
        return;
    /* ---- step 15 of 32, backward ---- */
    /* lstm.lua:15 */
    loop7(w + 19440, w + 1280, weight + 112);
    /* lstm.lua:28 */
    sum16(g + 4768, w + 1280);
    matmul9(w + 19712, w + 1280, p + 4096);
    matmul17(g + 4096, w + 1280, s + 12288);
    /* lstm.lua:26-28 */
    loop18(w + 19456, w + 19712, w + 19184, w + 18928, w + 21264, w + 20320, w + 18672, w + 18416,
        w + 20288, w + 20224, w + 19968, w + 18160, s + 3584, w + 20256);
    /* lstm.lua:27 */
    sum19(g + 4736, w + 20320);
    /* lstm.lua:26 */
    sum19(g + 4672, w + 20288);
    sum19(g + 4704, w + 20224);
    sum19(g + 4640, w + 20256);
    /* lstm.lua:25 */
    matmul13(w + 18160, w + 20224, p);
    matmul20(g, w + 20224, s + 12032);
    matmul21(g + 4128, w + 20224, in0 + 448);
    if (win->first > 13)
        return;
    /* ---- step 14 of 32, backward ---- */
    /* lstm.lua:15 */
    loop7(w + 18144, w + 1280, weight + 104);
    /* lstm.lua:28 */
    sum16(g + 4768, w + 1280);
    matmul9(w + 18416, w + 1280, p + 4096);
    matmul17(g + 4096, w + 1280, s + 12032);
    /* lstm.lua:26-28 */
    loop18(w + 18160, w + 18416, w + 17888, w + 17632, w + 19968, w + 19024, w + 17376, w + 17120,
        w + 18992, w + 18928, w + 18672, w + 16864, s + 3328, w + 18960);
    /* lstm.lua:27 */
    sum19(g + 4736, w + 19024);
    /* lstm.lua:26 */
    sum19(g + 4672, w + 18992);
    sum19(g + 4704, w + 18928);
    sum19(g + 4640, w + 18960);
    /* lstm.lua:25 */
    matmul13(w + 16864, w + 18928, p);
    matmul20(g, w + 18928, s + 11776);
    matmul21(g + 4128, w + 18928, in0 + 416);
    if (win->first > 12)
        return;
    /* ---- step 13 of 32, backward ---- */
    /* lstm.lua:15 */
    loop7(w + 16848, w + 1280, weight + 96);
    /* lstm.lua:28 */
    sum16(g + 4768, w + 1280);
    matmul9(w + 17120, w + 1280, p + 4096);
    matmul17(g + 4096, w + 1280, s + 11776);
    /* lstm.lua:26-28 */
    loop18(w + 16864, w + 17120, w + 16592, w + 16336, w + 18672, w + 17728, w + 16080, w + 15824,
        w + 17696, w + 17632, w + 17376, w + 15568, s + 3072, w + 17664);
    /* lstm.lua:27 */
    sum19(g + 4736, w + 17728);
    /* lstm.lua:26 */
    sum19(g + 4672, w + 17696);
    sum19(g + 4704, w + 17632);
    sum19(g + 4640, w + 17664);
    /* lstm.lua:25 */
    matmul13(w + 15568, w + 17632, p);
    matmul20(g, w + 17632, s + 11520);
    matmul21(g + 4128, w + 17632, in0 + 384);
    if (win->first > 11)
        return;
    /* ---- step 12 of 32, backward ---- */
    /* lstm.lua:15 */
    loop7(w + 15552, w + 1280, weight + 88);
    /* lstm.lua:28 */
    sum16(g + 4768, w + 1280);
    matmul9(w + 15824, w + 1280, p + 4096);
    matmul17(g + 4096, w + 1280, s + 11520);
    /* lstm.lua:26-28 */
    loop18(w + 15568, w + 15824, w + 15296, w + 15040, w + 17376, w + 16432, w + 14784, w + 14528,
        w + 16400, w + 16336, w + 16080, w + 14272, s + 2816, w + 16368);
    /* lstm.lua:27 */
    sum19(g + 4736, w + 16432);
    /* lstm.lua:26 */
    sum19(g + 4672, w + 16400);
    sum19(g + 4704, w + 16336);
    sum19(g + 4640, w + 16368);
    /* lstm.lua:25 */
    matmul13(w + 14272, w + 16336, p);
    matmul20(g, w + 16336, s + 11264);
    matmul21(g + 4128, w + 16336, in0 + 352);
    if (win->first > 10)
        return;
    /* ---- step 11 of 32, backward ---- */
    /* lstm.lua:15 */
    loop7(w + 14256, w + 1280, weight + 80);
    /* lstm.lua:28 */
    sum16(g + 4768, w + 1280);
    matmul9(w + 14528, w + 1280, p + 4096);
    matmul17(g + 4096, w + 1280, s + 11264);
    /* lstm.lua:26-28 */
    loop18(w + 14272, w + 14528, w + 14000, w + 13744, w + 16080, w + 15136, w + 13488, w + 13232,
        w + 15104, w + 15040, w + 14784, w + 12976, s + 2560, w + 15072);
    /* lstm.lua:27 */
    sum19(g + 4736, w + 15136);
    /* lstm.lua:26 */
    sum19(g + 4672, w + 15104);
    sum19(g + 4704, w + 15040);
    sum19(g + 4640, w + 15072);
    /* lstm.lua:25 */
    matmul13(w + 12976, w + 15040, p);
    matmul20(g, w + 15040, s + 11008);
    matmul21(g + 4128, w + 15040, in0 + 320);
    if (win->first > 9)
        return;
    /* ---- step 10 of 32, backward ---- */
    /* lstm.lua:15 */
    loop7(w + 12960, w + 1280, weight + 72);
    /* lstm.lua:28 */
    sum16(g + 4768, w + 1280);
    matmul9(w + 13232, w + 1280, p + 4096);
    matmul17(g + 4096, w + 1280, s + 11008);
    /* lstm.lua:26-28 */
    loop18(w + 12976, w + 13232, w + 12704, w + 12448, w + 14784, w + 13840, w + 12192, w + 11936,
        w + 13808, w + 13744, w + 13488, w + 11680, s + 2304, w + 13776);
    /* lstm.lua:27 */
    sum19(g + 4736, w + 13840);
    /* lstm.lua:26 */
    sum19(g + 4672, w + 13808);
    sum19(g + 4704, w + 13744);
    sum19(g + 4640, w + 13776);
    /* lstm.lua:25 */
    matmul13(w + 11680, w + 13744, p);
    matmul20(g, w + 13744, s + 10752);
    matmul21(g + 4128, w + 13744, in0 + 288);
    if (win->first > 8)
        return;
    /* ---- step 9 of 32, backward ---- */
    /* lstm.lua:15 */
    loop7(w + 11664, w + 1280, weight + 64);
    /* lstm.lua:28 */
    sum16(g + 4768, w + 1280);
    matmul9(w + 11936, w + 1280, p + 4096);
    matmul17(g + 4096, w + 1280, s + 10752);
    /* lstm.lua:26-28 */
    loop18(w + 11680, w + 11936, w + 11408, w + 11152, w + 13488, w + 12544, w + 10896, w + 10640,
        w + 12512, w + 12448, w + 12192, w + 10384, s + 2048, w + 12480);
    /* lstm.lua:27 */
    sum19(g + 4736, w + 12544);
    /* lstm.lua:26 */
    sum19(g + 4672, w + 12512);
    sum19(g + 4704, w + 12448);
    sum19(g + 4640, w + 12480);
    /* lstm.lua:25 */
    matmul13(w + 10384, w + 12448, p);
    matmul20(g, w + 12448, s + 10496);
    matmul21(g + 4128, w + 12448, in0 + 256);
    if (win->first > 7)
        return;
    /* ---- step 8 of 32, backward ---- */
    /* lstm.lua:15 */
    loop7(w + 10368, w + 1280, weight + 56);
    /* lstm.lua:28 */
    sum16(g + 4768, w + 1280);
    matmul9(w + 10640, w + 1280, p + 4096);
    matmul17(g + 4096, w + 1280, s + 10496);
    /* lstm.lua:26-28 */
    loop18(w + 10384, w + 10640, w + 10112, w + 9856, w + 12192, w + 11248, w + 9600, w + 9344,
        w + 11216, w + 11152, w + 10896, w + 9088, s + 1792, w + 11184);
    /* lstm.lua:27 */
    sum19(g + 4736, w + 11248);
    /* lstm.lua:26 */
    sum19(g + 4672, w + 11216);
    sum19(g + 4704, w + 11152);
    sum19(g + 4640, w + 11184);
    /* lstm.lua:25 */
    matmul13(w + 9088, w + 11152, p);
    matmul20(g, w + 11152, s + 10240);
    matmul21(g + 4128, w + 11152, in0 + 224);
    if (win->first > 6)
        return;
    /* ---- step 7 of 32, backward ---- */
    /* lstm.lua:15 */
    loop7(w + 9072, w + 1280, weight + 48);
    /* lstm.lua:28 */
    sum16(g + 4768, w + 1280);
    matmul9(w + 9344, w + 1280, p + 4096);
    matmul17(g + 4096, w + 1280, s + 10240);
    /* lstm.lua:26-28 */
    loop18(w + 9088, w + 9344, w + 8816, w + 8560, w + 10896, w + 9952, w + 8304, w + 8048,
        w + 9920, w + 9856, w + 9600, w + 7792, s + 1536, w + 9888);
    /* lstm.lua:27 */
    sum19(g + 4736, w + 9952);
    /* lstm.lua:26 */
    sum19(g + 4672, w + 9920);
    sum19(g + 4704, w + 9856);
    sum19(g + 4640, w + 9888);
    /* lstm.lua:25 */
    matmul13(w + 7792, w + 9856, p);
    matmul20(g, w + 9856, s + 9984);
    matmul21(g + 4128, w + 9856, in0 + 192);
    if (win->first > 5)
        return;
    /* ---- step 6 of 32, backward ---- */
    /* lstm.lua:15 */
    loop7(w + 7776, w + 1280, weight + 40);
    /* lstm.lua:28 */
    sum16(g + 4768, w + 1280);
    matmul9(w + 8048, w + 1280, p + 4096);
    matmul17(g + 4096, w + 1280, s + 9984);
    /* lstm.lua:26-28 */
    loop18(w + 7792, w + 8048, w + 7520, w + 7264, w + 9600, w + 8656, w + 7008, w + 6752,
        w + 8624, w + 8560, w + 8304, w + 6496, s + 1280, w + 8592);
    /* lstm.lua:27 */
    sum19(g + 4736, w + 8656);
    /* lstm.lua:26 */
    sum19(g + 4672, w + 8624);
    sum19(g + 4704, w + 8560);
    sum19(g + 4640, w + 8592);
    /* lstm.lua:25 */
    matmul13(w + 6496, w + 8560, p);
    matmul20(g, w + 8560, s + 9728);
    matmul21(g + 4128, w + 8560, in0 + 160);
    if (win->first > 4)
        return;
    /* ---- step 5 of 32, backward ---- */
    /* lstm.lua:15 */
    loop7(w + 6480, w + 1280, weight + 32);
    /* lstm.lua:28 */
    sum16(g + 4768, w + 1280);
    matmul9(w + 6752, w + 1280, p + 4096);
    matmul17(g + 4096, w + 1280, s + 9728);
    /* lstm.lua:26-28 */
    loop18(w + 6496, w + 6752, w + 6224, w + 5968, w + 8304, w + 7360, w + 5712, w + 5456,
        w + 7328, w + 7264, w + 7008, w + 5200, s + 1024, w + 7296);
    /* lstm.lua:27 */
    sum19(g + 4736, w + 7360);
    /* lstm.lua:26 */
    sum19(g + 4672, w + 7328);
    sum19(g + 4704, w + 7264);
    sum19(g + 4640, w + 7296);
    /* lstm.lua:25 */
    matmul13(w + 5200, w + 7264, p);
    matmul20(g, w + 7264, s + 9472);
    matmul21(g + 4128, w + 7264, in0 + 128);
    if (win->first > 3)
        return;
    /* ---- step 4 of 32, backward ---- */
    /* lstm.lua:15 */
    loop7(w + 5184, w + 1280, weight + 24);
    /* lstm.lua:28 */
    sum16(g + 4768, w + 1280);
    matmul9(w + 5456, w + 1280, p + 4096);
    matmul17(g + 4096, w + 1280, s + 9472);
    /* lstm.lua:26-28 */
    loop18(w + 5200, w + 5456, w + 4928, w + 4672, w + 7008, w + 6064, w + 4416, w + 4160,
        w + 6032, w + 5968, w + 5712, w + 3904, s + 768, w + 6000);
    /* lstm.lua:27 */
    sum19(g + 4736, w + 6064);
    /* lstm.lua:26 */
    sum19(g + 4672, w + 6032);
    sum19(g + 4704, w + 5968);
    sum19(g + 4640, w + 6000);
    /* lstm.lua:25 */
    matmul13(w + 3904, w + 5968, p);
    matmul20(g, w + 5968, s + 9216);
    matmul21(g + 4128, w + 5968, in0 + 96);
    if (win->first > 2)
        return;
    /* ---- step 3 of 32, backward ---- */
    /* lstm.lua:15 */
    loop7(w + 3888, w + 1280, weight + 16);
    /* lstm.lua:28 */
    sum16(g + 4768, w + 1280);
    matmul9(w + 4160, w + 1280, p + 4096);
    matmul17(g + 4096, w + 1280, s + 9216);
    /* lstm.lua:26-28 */
    loop18(w + 3904, w + 4160, w + 3632, w + 3376, w + 5712, w + 4768, w + 3120, w + 2864,
        w + 4736, w + 4672, w + 4416, w + 2608, s + 512, w + 4704);
    /* lstm.lua:27 */
    sum19(g + 4736, w + 4768);
    /* lstm.lua:26 */
    sum19(g + 4672, w + 4736);
    sum19(g + 4704, w + 4672);
    sum19(g + 4640, w + 4704);
    /* lstm.lua:25 */
    matmul13(w + 2608, w + 4672, p);
    matmul20(g, w + 4672, s + 8960);
    matmul21(g + 4128, w + 4672, in0 + 64);
    if (win->first > 1)
        return;
    /* ---- step 2 of 32, backward ---- */
    /* lstm.lua:15 */
    loop7(w + 2592, w + 1280, weight + 8);
    /* lstm.lua:28 */
    sum16(g + 4768, w + 1280);
    matmul9(w + 2864, w + 1280, p + 4096);
    matmul17(g + 4096, w + 1280, s + 8960);
    /* lstm.lua:26-28 */
    loop18(w + 2608, w + 2864, w + 2336, w + 2080, w + 4416, w + 3472, w + 1824, w + 1568,
        w + 3440, w + 3376, w + 3120, w + 1312, s + 256, w + 3408);
    /* lstm.lua:27 */
    sum19(g + 4736, w + 3472);
    /* lstm.lua:26 */
    sum19(g + 4672, w + 3440);
    sum19(g + 4704, w + 3376);
    sum19(g + 4640, w + 3408);
    /* lstm.lua:25 */
    matmul13(w + 1312, w + 3376, p);
    matmul20(g, w + 3376, s + 8704);
    matmul21(g + 4128, w + 3376, in0 + 32);
    if (win->first > 0)
        return;
    /* ---- step 1 of 32, backward ---- */
    /* lstm.lua:15 */
    loop7(w + 1296, w + 1280, weight);
    /* lstm.lua:28 */
    sum16(g + 4768, w + 1280);
    matmul9(w + 1568, w + 1280, p + 4096);
    matmul17(g + 4096, w + 1280, s + 8704);
    /* lstm.lua:26-28 */
    loop22(w + 1312, w + 1568, w + 1024, w + 768, w + 3120, w + 1920, w + 512, w + 256, w + 1888,
        w + 1824, s, w, w + 1856);
    /* lstm.lua:27 */
    sum19(g + 4736, w + 1920);
    /* lstm.lua:26 */
    sum19(g + 4672, w + 1888);
    sum19(g + 4704, w + 1824);
    sum19(g + 4640, w + 1856);
    /* lstm.lua:25 */
    matmul20(g, w + 1824, s + 8448);
    matmul21(g + 4128, w + 1824, in0);
}

void lstm_window(const tl_window *win)
{
    forward_1_to_32(win);
    if (!win->grads)
        return;
    backward_32_to_1(win);
}

static void step_8(const tl_step *st)
{
    const real *const p = (const real *)st->params;
    const real *const s = (const real *)st->state;
    real *const w = (real *)st->work;
    const real *const in0 = (const real *)st->input[0];
    real *const out0 = (real *)st->output[0];
    /* lstm.lua:25 */
    matmul1(w, in0, p + 4128);
    matmul2(w + 1024, s + 256, p);
    loop3(w + 2048, w, w + 1024);
    /* lstm.lua:26-27 */
    loop23(p + 4640, w + 2080, s, p + 4704, w + 2048, p + 4672, w + 2112, w, p + 4736, w + 2144,
        w + 256);
    /* lstm.lua:28 */
    matmul5(w + 512, w + 256, p + 4096);
    loop24(out0, p + 4768, w + 512);
}

static void loss_8(const tl_step *st)
{
    real *const loss = (real *)st->losses;
    const real *const target0 = (const real *)st->target[0];
    real *const out0 = (real *)st->output[0];
    /* lstm.lua:15 */
    loop25(out0, target0, loss);
}

static void store_8(const tl_step *st)
{
    real *const next = (real *)st->next_state;
    real *const w = (real *)st->work;
    /* lstm.lua:26-27 */
    loop26(next, w, next + 256, w + 256);
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
    /* lstm.lua:25 */
    matmul27(w, in0, p + 4128);
    matmul28(w + 128, s + 32, p);
    loop29(w + 256, w, w + 128);
    /* lstm.lua:26-27 */
    loop30(p + 4640, w + 288, s, p + 4704, w + 256, p + 4672, w + 320, w, p + 4736, w + 352,
        w + 32);
    /* lstm.lua:28 */
    matmul31(w + 64, w + 32, p + 4096);
    loop32(out0, p + 4768, w + 64);
}

static void loss_1(const tl_step *st)
{
    real *const loss = (real *)st->losses;
    const real *const target0 = (const real *)st->target[0];
    real *const out0 = (real *)st->output[0];
    /* lstm.lua:15 */
    loop33(out0, target0, loss);
}

static void store_1(const tl_step *st)
{
    real *const next = (real *)st->next_state;
    real *const w = (real *)st->work;
    /* lstm.lua:26-27 */
    loop34(next, w, next + 32, w + 32);
}

static void evaluate_1(const tl_step *st)
{
    step_1(st);
    if (st->target)
        loss_1(st);
    store_1(st);
}

void lstm_step(const tl_step *st)
{
    if (st->lanes == 1)
        evaluate_1(st);
    else
        evaluate_8(st);
}

static const tl_tensor params[] = {
    { AT(name) "U", AT(rank) 2, AT(dim) { 128, 32 }, AT(offset) 0, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_GLOROT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
    { AT(name) "V", AT(rank) 2, AT(dim) { 1, 32 }, AT(offset) 4096, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_GLOROT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
    { AT(name) "W", AT(rank) 2, AT(dim) { 128, 4 }, AT(offset) 4128, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_GLOROT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
    { AT(name) "bf", AT(rank) 1, AT(dim) { 32 }, AT(offset) 4640, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 1.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
    { AT(name) "bg", AT(rank) 1, AT(dim) { 32 }, AT(offset) 4672, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
    { AT(name) "bi", AT(rank) 1, AT(dim) { 32 }, AT(offset) 4704, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
    { AT(name) "bo", AT(rank) 1, AT(dim) { 32 }, AT(offset) 4736, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
    { AT(name) "d", AT(rank) 1, AT(dim) { 1 }, AT(offset) 4768, AT(type) TL_F32,
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
    { AT(name) "c", AT(rank) 1, AT(dim) { 32 }, AT(offset) 0, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
    { AT(name) "h", AT(rank) 1, AT(dim) { 32 }, AT(offset) 8448, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
};

static const tl_tensor outputs[] = {
    { AT(name) "", AT(rank) 1, AT(dim) { 1 }, AT(offset) 0, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
};

const tl_model lstm_model = {
    AT(abi) TL_ABI,
    AT(name) "lstm",
    AT(spec) "lstm.lua",
    AT(hash) "efd5f481a81dedab",
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
    AT(has_reset) 0, AT(has_mask) 0, AT(has_state_grads) 0, AT(has_head) 0,
    AT(nparams) 8, AT(ninputs) 1, AT(ntargets) 1, AT(nstates) 2,
    AT(noutputs) 1, AT(nprobes) 0, AT(npast) 0,
    AT(params) params, AT(inputs) inputs, AT(targets) targets, AT(states) states,
    AT(outputs) outputs, AT(probes) NULL, AT(past) NULL,
    AT(param_size) 4784, AT(state_size) 16896, AT(probe_size) 0, AT(step_state_size) 64,
    AT(frame_size) 0, AT(work_size) 173056, AT(step_work_size) 12288,
    AT(window_flops) 6799360,
    AT(window) lstm_window, AT(step) lstm_step,
};
