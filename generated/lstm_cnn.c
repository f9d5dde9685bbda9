/* lstm_cnn.c
 *
 * Written by tapeless 0.1.0 from lstm_cnn.lua (b7327d6f5999aecc), float; channels=8 hidden=16 input=16 output=4.
 * Do not edit: change the spec and compile it again. This code is yours.
 *
 * First the kernels, one function for each distinct loop nest or product; then the window's
 * steps, one call an operation; then the tables. */
#include "lstm_cnn.h"

#ifdef __cplusplus /* OpenBLAS's header has C99's complex numbers otherwise */
#define FORCE_OPENBLAS_COMPLEX_STRUCT
#endif
#include <cblas.h>
#include <math.h>
#include <string.h>

#if TL_ABI != 3
#error "written for runtime ABI 3; compile the spec again"
#endif

typedef lstm_cnn_real real;

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

/* matmul {1, 64} = {1, 16} {16, 64} */
KERNEL void matmul1(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, 1, 64, 16,
                1, x1, 16, x2, 16, 0, y0, 64);
}

/* add add add */
KERNEL void loop2(const real *restrict x0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3, real *restrict y4)
{
    for (int i = 0; i < 64; i++) {
        const real v0 = x0[i];
        const real v1 = x1[i];
        const real t0 = v0 + v1;
        const real v2 = x2[i];
        const real v3 = x3[i];
        const real t1 = v2 + v3;
        y4[i] = t0 + t1;
    }
}

/* sigmoid mul sigmoid tanh mul add sigmoid tanh mul copy probe */
KERNEL void loop3(real *restrict y0, const real *restrict x1, const real *restrict x2,
        real *restrict y3, const real *restrict x4, real *restrict y5, const real *restrict x6,
        real *restrict y7, real *restrict y8, const real *restrict x9, real *restrict y10,
        real *restrict y11, real *restrict y12)
{
    for (int i = 0; i < 16; i++) {
        const real v1 = x1[i];
        const real t0 = 1 / (1 + expf(-v1));
        y0[i] = t0;
        const real v2 = x2[i];
        const real t1 = v2 * t0;
        const real v4 = x4[i];
        const real t2 = 1 / (1 + expf(-v4));
        y3[i] = t2;
        const real v6 = x6[i];
        const real t3 = tanhf(v6);
        y5[i] = t3;
        const real t4 = t2 * t3;
        const real t5 = t1 + t4;
        y7[i] = t5;
        const real v9 = x9[i];
        const real t6 = 1 / (1 + expf(-v9));
        y8[i] = t6;
        const real t7 = tanhf(t5);
        y10[i] = t7;
        const real t8 = t6 * t7;
        const real t9 = t8;
        y11[i] = t9;
        y12[i] = t9;
    }
}

/* copy copy copy copy copy copy copy copy copy copy copy copy copy copy copy copy copy and 1 more */
KERNEL void loop4(real *restrict y0, const real *restrict x1, real *restrict y2,
        const real *restrict x3, real *restrict y4, const real *restrict x5, real *restrict y6,
        const real *restrict x7, real *restrict y8, const real *restrict x9, real *restrict y10,
        const real *restrict x11, real *restrict y12, const real *restrict x13, real *restrict y14,
        const real *restrict x15, real *restrict y16, const real *restrict x17, real *restrict y18,
        const real *restrict x19, real *restrict y20, const real *restrict x21, real *restrict y22,
        const real *restrict x23, real *restrict y24, const real *restrict x25, real *restrict y26,
        const real *restrict x27, real *restrict y28, const real *restrict x29, real *restrict y30,
        const real *restrict x31, real *restrict y32, const real *restrict x33, real *restrict y34,
        const real *restrict x35)
{
    for (int i = 0; i < 16; i++) {
        const real v1 = x1[i];
        y0[i] = v1;
        const real v3 = x3[i];
        y2[i] = v3;
        const real v5 = x5[i];
        y4[i] = v5;
        const real v7 = x7[i];
        y6[i] = v7;
        const real v9 = x9[i];
        y8[i] = v9;
        const real v11 = x11[i];
        y10[i] = v11;
        const real v13 = x13[i];
        y12[i] = v13;
        const real v15 = x15[i];
        y14[i] = v15;
        const real v17 = x17[i];
        y16[i] = v17;
        const real v19 = x19[i];
        y18[i] = v19;
        const real v21 = x21[i];
        y20[i] = v21;
        const real v23 = x23[i];
        y22[i] = v23;
        const real v25 = x25[i];
        y24[i] = v25;
        const real v27 = x27[i];
        y26[i] = v27;
        const real v29 = x29[i];
        y28[i] = v29;
        const real v31 = x31[i];
        y30[i] = v31;
        const real v33 = x33[i];
        y32[i] = v33;
        const real v35 = x35[i];
        y34[i] = v35;
    }
}

/* patches {2, 9, 16}: 3 x 3, step 1 x 1, padding 0 x 0 */
KERNEL void patches5(real *restrict y0, const real *restrict x1)
{
    for (int c = 0; c < 2; c++) {
        real *y = y0 + c * 882;
        const real *x = x1 + c * 144;
        for (int u = 0; u < 3; u++)
            for (int v = 0; v < 3; v++)
                for (int i = 0; i < 7; i++)
                    for (int j = 0; j < 14; j++) {
                        const int row = i + u;
                        const int col = j + v;
                        y[u * 294 + v * 98 + i * 14 + j] = x[row * 16 + col];
                    }
    }
}

/* matmul {8, 98} = {8, 18} {18, 98} */
KERNEL void matmul6(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, 8, 98, 18,
                1, x1, 18, x2, 98, 0, y0, 98);
}

/* add */
KERNEL void loop7(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 98; j++) {
            const real v1 = x1[i];
            const real v2 = x2[i * 98 + j];
            y0[i * 98 + j] = v1 + v2;
        }
}

/* relu */
KERNEL void loop8(real *restrict y0, const real *restrict x1)
{
    for (int i = 0; i < 784; i++) {
        const real v1 = x1[i];
        y0[i] = v1 <= 0 ? 0 : v1;
    }
}

/* matmul {1, 4} = {1, 784} {784, 4} */
KERNEL void matmul9(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, 1, 4, 784,
                1, x1, 784, x2, 784, 0, y0, 4);
}

/* add sub square */
KERNEL void loop10(const real *restrict x0, const real *restrict x1, real *restrict y2,
        const real *restrict x3, real *restrict y4)
{
    for (int i = 0; i < 4; i++) {
        const real v0 = x0[i];
        const real v1 = x1[i];
        const real t0 = v0 + v1;
        const real v3 = x3[i];
        const real t1 = t0 - v3;
        y2[i] = t1;
        y4[i] = t1 * t1;
    }
}

/* sum */
KERNEL void sum11(real *restrict y0, const real *restrict x1)
{
    real sum = 0;
    for (int i = 0; i < 4; i++) {
        sum += x1[i];
    }
    y0[0] = sum;
}

/* div */
KERNEL void loop12(real *restrict y0, const real *restrict x1)
{
    const real v1 = x1[0];
    y0[0] = v1 / 4.0f;
}

/* mul mul */
KERNEL void loop13(const real *restrict x0, real *restrict y1, const real *restrict x2)
{
    for (int i = 0; i < 4; i++) {
        const real v0 = x0[i];
        const real t0 = v0 * 2.0f;
        const real v2 = x2[0];
        y1[i] = v2 * t0;
    }
}

/* sum */
KERNEL void sum14(real *restrict y0, const real *restrict x1)
{
    for (int i = 0; i < 4; i++) {
        real sum = 0;
        sum += x1[i];
        y0[i] = sum;
    }
}

/* matmul {1, 784} = {1, 4} {4, 784} */
KERNEL void matmul15(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, 1, 784, 4,
                1, x1, 4, x2, 784, 0, y0, 784);
}

/* matmul {4, 784} = {4, 1} {1, 784} */
KERNEL void matmul16(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, 4, 784, 1,
                1, x1, 1, x2, 784, 0, y0, 784);
}

/* le where */
KERNEL void loop17(const real *restrict x0, real *restrict y1, const real *restrict x2)
{
    for (int i = 0; i < 784; i++) {
        const real v0 = x0[i];
        const real t0 = v0 <= 0.0f;
        const real v2 = x2[i];
        y1[i] = choose(t0, 0.0f, v2);
    }
}

/* sum */
KERNEL void sum18(real *restrict y0, const real *restrict x1)
{
    for (int i = 0; i < 8; i++) {
        real sum = 0;
        for (int j = 0; j < 98; j++) {
            sum += x1[i * 98 + j];
        }
        y0[i] = sum;
    }
}

/* matmul {8, 18} = {8, 98} {98, 18} */
KERNEL void matmul19(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, 8, 18, 98,
                1, x1, 98, x2, 98, 0, y0, 18);
}

/* matmul {18, 98} = {18, 8} {8, 98} */
KERNEL void matmul20(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, 18, 98, 8,
                1, x1, 18, x2, 98, 0, y0, 98);
}

/* copy */
KERNEL void loop21(real *restrict y0, const real *restrict x1)
{
    for (int i = 0; i < 144; i++) {
        const real v1 = x1[i];
        y0[i] = v1;
    }
}

/* unpatches {2, 9, 16}: 3 x 3, step 1 x 1, padding 0 x 0 */
KERNEL void unpatches22(real *restrict y0, const real *restrict x1)
{
    for (int c = 0; c < 2; c++) {
        real *y = y0 + c * 144;
        const real *x = x1 + c * 882;
        for (int row = 0; row < 9; row++)
            for (int col = 0; col < 16; col++)
                y[row * 16 + col] = 0;
        for (int u = 0; u < 3; u++)
            for (int v = 0; v < 3; v++)
                for (int i = 0; i < 7; i++)
                    for (int j = 0; j < 14; j++) {
                        const int row = i + u;
                        const int col = j + v;
                        y[row * 16 + col] += x[u * 294 + v * 98 + i * 14 + j];
                    }
    }
}

/* copy */
KERNEL void loop23(real *restrict y0, const real *restrict x1)
{
    for (int i = 0; i < 8; i++) {
        const real v1 = x1[i];
        y0[i] = v1;
    }
}

/* mul mul square sub mul add sub mul mul mul mul square sub mul sub mul mul mul mul sub and 2 more */
KERNEL void loop24(const real *restrict x0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3, real *restrict y4, const real *restrict x5,
        const real *restrict x6, real *restrict y7, real *restrict y8, real *restrict y9,
        const real *restrict x10, const real *restrict x11, real *restrict y12)
{
    for (int i = 0; i < 16; i++) {
        const real v0 = x0[i];
        const real v1 = x1[i];
        const real t0 = v0 * v1;
        const real v2 = x2[i];
        const real t1 = v2 * v1;
        const real t2 = v0 * v0;
        const real t3 = 1.0f - t2;
        const real t4 = t1 * t3;
        const real v3 = x3[i];
        const real t5 = v3 + t4;
        const real t6 = 1.0f - v2;
        const real t7 = v2 * t6;
        y4[i] = t0 * t7;
        const real v5 = x5[i];
        const real t9 = v5 * t5;
        const real v6 = x6[i];
        const real t10 = v6 * t5;
        const real t11 = v5 * v5;
        const real t12 = 1.0f - t11;
        y7[i] = t10 * t12;
        const real t14 = 1.0f - v6;
        const real t15 = v6 * t14;
        y8[i] = t9 * t15;
        const real v10 = x10[i];
        y9[i] = v10 * t5;
        const real v11 = x11[i];
        const real t18 = v11 * t5;
        const real t19 = 1.0f - v10;
        const real t20 = v10 * t19;
        y12[i] = t18 * t20;
    }
}

/* sum */
KERNEL void sum25(real *restrict y0, const real *restrict x1)
{
    for (int i = 0; i < 64; i++) {
        real sum = 0;
        sum += x1[i];
        y0[i] = sum;
    }
}

/* copy copy */
KERNEL void loop26(real *restrict y0, const real *restrict x1, real *restrict y2)
{
    for (int i = 0; i < 64; i++) {
        const real v1 = x1[i];
        y0[i] = v1;
        y2[i] = v1;
    }
}

/* matmul {1, 16} = {1, 64} {64, 16} */
KERNEL void matmul27(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, 1, 16, 64,
                1, x1, 64, x2, 16, 0, y0, 16);
}

/* matmul {64, 16} = {64, 1} {1, 16} */
KERNEL void matmul28(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, 64, 16, 1,
                1, x1, 1, x2, 16, 0, y0, 16);
}

/* add add copy */
KERNEL void loop29(real *restrict y0, const real *restrict x1, const real *restrict x2,
        real *restrict y3, const real *restrict x4, const real *restrict x5, real *restrict y6,
        const real *restrict x7)
{
    for (int i = 0; i < 16; i++) {
        const real v1 = x1[i];
        const real v2 = x2[i];
        y0[i] = v1 + v2;
        const real v4 = x4[i];
        const real v5 = x5[i];
        y3[i] = v4 + v5;
        const real v7 = x7[i];
        y6[i] = v7;
    }
}

/* copy copy */
KERNEL void loop30(real *restrict y0, const real *restrict x1, real *restrict y2)
{
    for (int i = 0; i < 64; i++) {
        const real v1 = x1[i];
        y0[i] += v1;
        y2[i] += v1;
    }
}

/* matmul {64, 16} = {64, 1} {1, 16} */
KERNEL void matmul31(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, 64, 16, 1,
                1, x1, 1, x2, 16, 1, y0, 16);
}

/* mul mul square sub mul add sub mul mul mul mul square sub mul sub mul mul mul sub mul and 2 more */
KERNEL void loop32(const real *restrict x0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3, real *restrict y4, const real *restrict x5,
        const real *restrict x6, real *restrict y7, real *restrict y8, const real *restrict x9,
        const real *restrict x10, real *restrict y11, real *restrict y12)
{
    for (int i = 0; i < 16; i++) {
        const real v0 = x0[i];
        const real v1 = x1[i];
        const real t0 = v0 * v1;
        const real v2 = x2[i];
        const real t1 = v2 * v1;
        const real t2 = v0 * v0;
        const real t3 = 1.0f - t2;
        const real t4 = t1 * t3;
        const real v3 = x3[i];
        const real t5 = v3 + t4;
        const real t6 = 1.0f - v2;
        const real t7 = v2 * t6;
        y4[i] = t0 * t7;
        const real v5 = x5[i];
        const real t9 = v5 * t5;
        const real v6 = x6[i];
        const real t10 = v6 * t5;
        const real t11 = v5 * v5;
        const real t12 = 1.0f - t11;
        y7[i] = t10 * t12;
        const real t14 = 1.0f - v6;
        const real t15 = v6 * t14;
        y8[i] = t9 * t15;
        const real v9 = x9[i];
        const real t17 = v9 * t5;
        const real v10 = x10[i];
        const real t18 = 1.0f - v10;
        const real t19 = v10 * t18;
        y11[i] = t17 * t19;
        y12[i] = v1;
    }
}

/* sigmoid mul sigmoid tanh mul add sigmoid tanh mul copy copy copy copy copy copy copy and 7 more */
KERNEL void loop33(const real *restrict x0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3, real *restrict y4, const real *restrict x5, real *restrict y6,
        real *restrict y7, const real *restrict x8, real *restrict y9, const real *restrict x10,
        real *restrict y11, const real *restrict x12, real *restrict y13, const real *restrict x14,
        real *restrict y15, const real *restrict x16, real *restrict y17, const real *restrict x18,
        real *restrict y19, const real *restrict x20, real *restrict y21, const real *restrict x22,
        real *restrict y23, const real *restrict x24, real *restrict y25, const real *restrict x26,
        real *restrict y27, const real *restrict x28, real *restrict y29, const real *restrict x30,
        real *restrict y31, const real *restrict x32, real *restrict y33, const real *restrict x34)
{
    for (int i = 0; i < 16; i++) {
        const real v0 = x0[i];
        const real t0 = 1 / (1 + expf(-v0));
        const real v1 = x1[i];
        const real t1 = v1 * t0;
        const real v2 = x2[i];
        const real t2 = 1 / (1 + expf(-v2));
        const real v3 = x3[i];
        const real t3 = tanhf(v3);
        const real t4 = t2 * t3;
        const real t5 = t1 + t4;
        y4[i] = t5;
        const real v5 = x5[i];
        const real t6 = 1 / (1 + expf(-v5));
        const real t7 = tanhf(t5);
        y6[i] = t6 * t7;
        const real v8 = x8[i];
        y7[i] = v8;
        const real v10 = x10[i];
        y9[i] = v10;
        const real v12 = x12[i];
        y11[i] = v12;
        const real v14 = x14[i];
        y13[i] = v14;
        const real v16 = x16[i];
        y15[i] = v16;
        const real v18 = x18[i];
        y17[i] = v18;
        const real v20 = x20[i];
        y19[i] = v20;
        const real v22 = x22[i];
        y21[i] = v22;
        const real v24 = x24[i];
        y23[i] = v24;
        const real v26 = x26[i];
        y25[i] = v26;
        const real v28 = x28[i];
        y27[i] = v28;
        const real v30 = x30[i];
        y29[i] = v30;
        const real v32 = x32[i];
        y31[i] = v32;
        const real v34 = x34[i];
        y33[i] = v34;
    }
}

/* copy copy copy copy copy copy copy copy copy copy copy copy copy copy copy copy */
KERNEL void loop34(real *restrict y0, const real *restrict x1, real *restrict y2,
        const real *restrict x3, real *restrict y4, const real *restrict x5, real *restrict y6,
        const real *restrict x7, real *restrict y8, const real *restrict x9, real *restrict y10,
        const real *restrict x11, real *restrict y12, const real *restrict x13, real *restrict y14,
        const real *restrict x15, real *restrict y16, const real *restrict x17, real *restrict y18,
        const real *restrict x19, real *restrict y20, const real *restrict x21, real *restrict y22,
        const real *restrict x23, real *restrict y24, const real *restrict x25, real *restrict y26,
        const real *restrict x27, real *restrict y28, const real *restrict x29, real *restrict y30,
        const real *restrict x31)
{
    for (int i = 0; i < 16; i++) {
        const real v1 = x1[i];
        y0[i] = v1;
        const real v3 = x3[i];
        y2[i] = v3;
        const real v5 = x5[i];
        y4[i] = v5;
        const real v7 = x7[i];
        y6[i] = v7;
        const real v9 = x9[i];
        y8[i] = v9;
        const real v11 = x11[i];
        y10[i] = v11;
        const real v13 = x13[i];
        y12[i] = v13;
        const real v15 = x15[i];
        y14[i] = v15;
        const real v17 = x17[i];
        y16[i] = v17;
        const real v19 = x19[i];
        y18[i] = v19;
        const real v21 = x21[i];
        y20[i] = v21;
        const real v23 = x23[i];
        y22[i] = v23;
        const real v25 = x25[i];
        y24[i] = v25;
        const real v27 = x27[i];
        y26[i] = v27;
        const real v29 = x29[i];
        y28[i] = v29;
        const real v31 = x31[i];
        y30[i] = v31;
    }
}

/* add */
KERNEL void loop35(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    for (int i = 0; i < 4; i++) {
        const real v1 = x1[i];
        const real v2 = x2[i];
        y0[i] = v1 + v2;
    }
}

/* sub square */
KERNEL void loop36(const real *restrict x0, const real *restrict x1, real *restrict y2)
{
    for (int i = 0; i < 4; i++) {
        const real v0 = x0[i];
        const real v1 = x1[i];
        const real t0 = v0 - v1;
        y2[i] = t0 * t0;
    }
}

/* copy copy copy copy copy copy copy copy copy copy copy copy copy copy copy copy copy and 1 more */
KERNEL void loop37(real *restrict y0, const real *restrict x1, real *restrict y2,
        const real *restrict x3, real *restrict y4, const real *restrict x5, real *restrict y6,
        const real *restrict x7, real *restrict y8, const real *restrict x9, real *restrict y10,
        const real *restrict x11, real *restrict y12, const real *restrict x13, real *restrict y14,
        const real *restrict x15, real *restrict y16, const real *restrict x17, real *restrict y18,
        real *restrict y19, const real *restrict x20, real *restrict y21, const real *restrict x22,
        real *restrict y23, const real *restrict x24, real *restrict y25, const real *restrict x26,
        real *restrict y27, const real *restrict x28, real *restrict y29, const real *restrict x30,
        real *restrict y31, const real *restrict x32, real *restrict y33)
{
    for (int i = 0; i < 16; i++) {
        const real v1 = x1[i];
        y0[i] = v1;
        const real v3 = x3[i];
        y2[i] = v3;
        const real v5 = x5[i];
        y4[i] = v5;
        const real v7 = x7[i];
        y6[i] = v7;
        const real v9 = x9[i];
        y8[i] = v9;
        const real v11 = x11[i];
        y10[i] = v11;
        const real v13 = x13[i];
        y12[i] = v13;
        const real v15 = x15[i];
        y14[i] = v15;
        const real v17 = x17[i];
        y16[i] = v17;
        y18[i] = v1;
        const real v20 = x20[i];
        y19[i] = v20;
        const real v22 = x22[i];
        y21[i] = v22;
        const real v24 = x24[i];
        y23[i] = v24;
        const real v26 = x26[i];
        y25[i] = v26;
        const real v28 = x28[i];
        y27[i] = v28;
        const real v30 = x30[i];
        y29[i] = v30;
        const real v32 = x32[i];
        y31[i] = v32;
        y33[i] = v3;
    }
}

static void forward_1_to_9(const tl_window *win)
{
    const real *const p = (const real *)win->params;
    real *const s = (real *)win->states;
    real *const probe = (real *)win->probes;
    real *const w = (real *)win->work;
    const real *const in0 = (const real *)win->input[0];
    switch (win->first) {
    case 0:
    /* ---- step 1 of 9, forward ---- */
    /* lstm_cnn.lua:20 */
    matmul1(w, in0, p + 4464);
    matmul1(w + 64, s + 160, p + 3440);
    loop2(p + 3376, w, p + 3312, w + 64, w + 128);
    loop3(w, w + 144, s, w + 16, w + 128, w + 32, w + 160, s + 16, w + 48, w + 176, w + 64,
        s + 176, probe);
    /* fall through */
    case 1:
    /* ---- step 2 of 9, forward ---- */
    /* lstm_cnn.lua:20 */
    matmul1(w + 80, in0 + 16, p + 4464);
    matmul1(w + 144, s + 176, p + 3440);
    loop2(p + 3376, w + 80, p + 3312, w + 144, w + 208);
    loop3(w + 80, w + 224, s + 16, w + 96, w + 208, w + 112, w + 240, s + 32, w + 128, w + 256,
        w + 144, s + 192, probe + 16);
    /* fall through */
    case 2:
    /* ---- step 3 of 9, forward ---- */
    /* lstm_cnn.lua:20 */
    matmul1(w + 160, in0 + 32, p + 4464);
    matmul1(w + 224, s + 192, p + 3440);
    loop2(p + 3376, w + 160, p + 3312, w + 224, w + 288);
    loop3(w + 160, w + 304, s + 32, w + 176, w + 288, w + 192, w + 320, s + 48, w + 208, w + 336,
        w + 224, s + 208, probe + 32);
    /* fall through */
    case 3:
    /* ---- step 4 of 9, forward ---- */
    /* lstm_cnn.lua:20 */
    matmul1(w + 240, in0 + 48, p + 4464);
    matmul1(w + 304, s + 208, p + 3440);
    loop2(p + 3376, w + 240, p + 3312, w + 304, w + 368);
    loop3(w + 240, w + 384, s + 48, w + 256, w + 368, w + 272, w + 400, s + 64, w + 288, w + 416,
        w + 304, s + 224, probe + 48);
    /* fall through */
    case 4:
    /* ---- step 5 of 9, forward ---- */
    /* lstm_cnn.lua:20 */
    matmul1(w + 320, in0 + 64, p + 4464);
    matmul1(w + 384, s + 224, p + 3440);
    loop2(p + 3376, w + 320, p + 3312, w + 384, w + 448);
    loop3(w + 320, w + 464, s + 64, w + 336, w + 448, w + 352, w + 480, s + 80, w + 368, w + 496,
        w + 384, s + 240, probe + 64);
    /* fall through */
    case 5:
    /* ---- step 6 of 9, forward ---- */
    /* lstm_cnn.lua:20 */
    matmul1(w + 400, in0 + 80, p + 4464);
    matmul1(w + 464, s + 240, p + 3440);
    loop2(p + 3376, w + 400, p + 3312, w + 464, w + 528);
    loop3(w + 400, w + 544, s + 80, w + 416, w + 528, w + 432, w + 560, s + 96, w + 448, w + 576,
        w + 464, s + 256, probe + 80);
    /* fall through */
    case 6:
    /* ---- step 7 of 9, forward ---- */
    /* lstm_cnn.lua:20 */
    matmul1(w + 480, in0 + 96, p + 4464);
    matmul1(w + 544, s + 256, p + 3440);
    loop2(p + 3376, w + 480, p + 3312, w + 544, w + 608);
    loop3(w + 480, w + 624, s + 96, w + 496, w + 608, w + 512, w + 640, s + 112, w + 528, w + 656,
        w + 544, s + 272, probe + 96);
    /* fall through */
    case 7:
    /* ---- step 8 of 9, forward ---- */
    /* lstm_cnn.lua:20 */
    matmul1(w + 560, in0 + 112, p + 4464);
    matmul1(w + 624, s + 272, p + 3440);
    loop2(p + 3376, w + 560, p + 3312, w + 624, w + 688);
    loop3(w + 560, w + 704, s + 112, w + 576, w + 688, w + 592, w + 720, s + 128, w + 608, w + 736,
        w + 624, s + 288, probe + 112);
    /* fall through */
    case 8:
    /* ---- step 9 of 9, forward ---- */
    /* lstm_cnn.lua:20 */
    matmul1(w + 640, in0 + 128, p + 4464);
    matmul1(w + 704, s + 288, p + 3440);
    loop2(p + 3376, w + 640, p + 3312, w + 704, w + 768);
    loop3(w + 640, w + 784, s + 128, w + 656, w + 768, w + 672, w + 800, s + 144, w + 688, w + 816,
        w + 704, s + 304, probe + 128);
    }
}

static void head(const tl_window *win)
{
    const real *const p = (const real *)win->params;
    real *const s = (real *)win->states;
    real *const loss = (real *)win->losses;
    real *const w = (real *)win->work;
    const real *const target0 = (const real *)win->target[0];
    /* lstm_cnn.lua:26 */
    loop4(w + 720, s + 176, w + 736, s + 192, w + 752, s + 208, w + 768, s + 224, w + 784, s + 240,
        w + 800, s + 256, w + 816, s + 272, w + 832, s + 288, w + 848, s + 304, w + 864, s + 16,
        w + 880, s + 32, w + 896, s + 48, w + 912, s + 64, w + 928, s + 80, w + 944, s + 96,
        w + 960, s + 112, w + 976, s + 128, w + 992, s + 144);
    patches5(w + 1008, w + 720);
    matmul6(w + 2784, p + 16, w + 1008);
    loop7(w + 3568, p, w + 2784);
    loop8(w + 2784, w + 3568);
    matmul9(w + 720, w + 2784, p + 176);
    /* lstm_cnn.lua:11-26 */
    loop10(p + 160, w + 720, w + 736, target0 + 32, w + 752);
    /* lstm_cnn.lua:11 */
    sum11(w + 720, w + 752);
    loop12(loss + 8, w + 720);
}

static void head_backward(const tl_window *win)
{
    const real *const p = (const real *)win->params;
    real *const g = (real *)win->grads;
    const real *const weight = (const real *)win->weight;
    real *const w = (real *)win->work;
    /* lstm_cnn.lua:11 */
    loop12(w + 720, weight + 8);
    loop13(w + 736, w + 752, w + 720);
    /* lstm_cnn.lua:26 */
    sum14(g + 160, w + 752);
    matmul15(w + 4352, w + 752, p + 176);
    matmul16(g + 176, w + 752, w + 2784);
    loop17(w + 3568, w + 2784, w + 4352);
    sum18(w + 720, w + 2784);
    matmul19(w + 736, w + 2784, w + 1008);
    matmul20(w + 880, p + 16, w + 2784);
    loop21(g + 16, w + 736);
    unpatches22(w + 2656, w + 880);
    loop23(g, w + 720);
}

static void backward_9_to_1(const tl_window *win)
{
    const real *const p = (const real *)win->params;
    real *const g = (real *)win->grads;
    real *const s = (real *)win->states;
    real *const probe_grad = (real *)win->probe_grads;
    real *const w = (real *)win->work;
    const real *const in0 = (const real *)win->input[0];
    /* ---- step 9 of 9, backward ---- */
    /* lstm_cnn.lua:20 */
    loop24(w + 704, w + 2784, w + 688, w + 2928, w + 784, w + 672, w + 656, w + 768, w + 736,
        w + 720, w + 640, s + 128, w + 752);
    sum25(w + 640, w + 736);
    loop26(g + 3312, w + 640, g + 3376);
    matmul27(w + 640, w + 736, p + 3440);
    matmul28(g + 3440, w + 736, s + 288);
    matmul28(g + 4464, w + 736, in0 + 128);
    /* lstm_cnn.lua:11-26 */
    loop29(w + 656, w + 2768, w + 640, w + 672, w + 2912, w + 720, probe_grad + 128, w + 2784);
    /* ---- step 8 of 9, backward ---- */
    /* lstm_cnn.lua:20 */
    loop24(w + 624, w + 656, w + 608, w + 672, w + 736, w + 592, w + 576, w + 720, w + 688,
        w + 640, w + 560, s + 112, w + 704);
    sum25(w + 560, w + 688);
    loop30(g + 3312, w + 560, g + 3376);
    matmul27(w + 672, w + 688, p + 3440);
    matmul31(g + 3440, w + 688, s + 272);
    matmul31(g + 4464, w + 688, in0 + 112);
    /* lstm_cnn.lua:11 */
    loop29(w + 560, w + 2752, w + 672, w + 576, w + 2896, w + 640, probe_grad + 112, w + 656);
    /* ---- step 7 of 9, backward ---- */
    /* lstm_cnn.lua:20 */
    loop24(w + 544, w + 560, w + 528, w + 576, w + 656, w + 512, w + 496, w + 640, w + 608,
        w + 592, w + 480, s + 96, w + 624);
    sum25(w + 480, w + 608);
    loop30(g + 3312, w + 480, g + 3376);
    matmul27(w + 576, w + 608, p + 3440);
    matmul31(g + 3440, w + 608, s + 256);
    matmul31(g + 4464, w + 608, in0 + 96);
    /* lstm_cnn.lua:11 */
    loop29(w + 480, w + 2736, w + 576, w + 496, w + 2880, w + 592, probe_grad + 96, w + 560);
    /* ---- step 6 of 9, backward ---- */
    /* lstm_cnn.lua:20 */
    loop24(w + 464, w + 480, w + 448, w + 496, w + 576, w + 432, w + 416, w + 560, w + 528,
        w + 512, w + 400, s + 80, w + 544);
    sum25(w + 400, w + 528);
    loop30(g + 3312, w + 400, g + 3376);
    matmul27(w + 496, w + 528, p + 3440);
    matmul31(g + 3440, w + 528, s + 240);
    matmul31(g + 4464, w + 528, in0 + 80);
    /* lstm_cnn.lua:11 */
    loop29(w + 400, w + 2720, w + 496, w + 416, w + 2864, w + 512, probe_grad + 80, w + 480);
    /* ---- step 5 of 9, backward ---- */
    /* lstm_cnn.lua:20 */
    loop24(w + 384, w + 400, w + 368, w + 416, w + 3008, w + 352, w + 336, w + 2992, w + 2960,
        w + 2944, w + 320, s + 64, w + 2976);
    sum25(w + 320, w + 2960);
    loop30(g + 3312, w + 320, g + 3376);
    matmul27(w + 320, w + 2960, p + 3440);
    matmul31(g + 3440, w + 2960, s + 224);
    matmul31(g + 4464, w + 2960, in0 + 64);
    /* lstm_cnn.lua:11 */
    loop29(w + 336, w + 2704, w + 320, w + 352, w + 2848, w + 2944, probe_grad + 64, w + 400);
    /* ---- step 4 of 9, backward ---- */
    /* lstm_cnn.lua:20 */
    loop24(w + 304, w + 336, w + 288, w + 352, w + 2992, w + 272, w + 256, w + 2976, w + 2944,
        w + 320, w + 240, s + 48, w + 2960);
    sum25(w + 240, w + 2944);
    loop30(g + 3312, w + 240, g + 3376);
    matmul27(w + 240, w + 2944, p + 3440);
    matmul31(g + 3440, w + 2944, s + 208);
    matmul31(g + 4464, w + 2944, in0 + 48);
    /* lstm_cnn.lua:11 */
    loop29(w + 256, w + 2688, w + 240, w + 272, w + 2832, w + 320, probe_grad + 48, w + 336);
    /* ---- step 3 of 9, backward ---- */
    /* lstm_cnn.lua:20 */
    loop24(w + 224, w + 256, w + 208, w + 272, w + 2992, w + 192, w + 176, w + 2976, w + 2944,
        w + 240, w + 160, s + 32, w + 2960);
    sum25(w + 160, w + 2944);
    loop30(g + 3312, w + 160, g + 3376);
    matmul27(w + 160, w + 2944, p + 3440);
    matmul31(g + 3440, w + 2944, s + 192);
    matmul31(g + 4464, w + 2944, in0 + 32);
    /* lstm_cnn.lua:11 */
    loop29(w + 176, w + 2672, w + 160, w + 192, w + 2816, w + 240, probe_grad + 32, w + 256);
    /* ---- step 2 of 9, backward ---- */
    /* lstm_cnn.lua:20 */
    loop24(w + 144, w + 176, w + 128, w + 192, w + 2992, w + 112, w + 96, w + 2976, w + 2944,
        w + 160, w + 80, s + 16, w + 2960);
    sum25(w + 80, w + 2944);
    loop30(g + 3312, w + 80, g + 3376);
    matmul27(w + 80, w + 2944, p + 3440);
    matmul31(g + 3440, w + 2944, s + 176);
    matmul31(g + 4464, w + 2944, in0 + 16);
    /* lstm_cnn.lua:11 */
    loop29(w + 96, w + 2656, w + 80, w + 112, w + 2800, w + 160, probe_grad + 16, w + 176);
    /* ---- step 1 of 9, backward ---- */
    /* lstm_cnn.lua:11-20 */
    loop32(w + 64, w + 96, w + 48, w + 112, w + 176, w + 32, w + 16, w + 160, w + 128, s, w,
        w + 144, probe_grad);
    /* lstm_cnn.lua:20 */
    sum25(w, w + 128);
    loop30(g + 3312, w, g + 3376);
    matmul31(g + 3440, w + 128, s + 160);
    matmul31(g + 4464, w + 128, in0);
}

void lstm_cnn_window(const tl_window *win)
{
    forward_1_to_9(win);
    if (win->first == 0)
        head(win);
    if (!win->grads)
        return;
    head_backward(win);
    backward_9_to_1(win);
}

static void step_1(const tl_step *st)
{
    const real *const p = (const real *)st->params;
    const real *const s = (const real *)st->state;
    real *const w = (real *)st->work;
    const real *const in0 = (const real *)st->input[0];
    real *const out0 = (real *)st->output[0];
    /* lstm_cnn.lua:20 */
    matmul1(w, in0, p + 4464);
    matmul1(w + 64, s + 16, p + 3440);
    loop2(p + 3376, w, p + 3312, w + 64, w + 128);
    /* lstm_cnn.lua:11-20 */
    loop33(w + 144, s, w + 128, w + 160, w + 464, w + 176, w + 320, w, s + 48, w + 16, s + 64,
        w + 32, s + 80, w + 48, s + 96, w + 64, s + 112, w + 80, s + 128, w + 96, s + 144, w + 112,
        s + 176, w + 480, s + 192, w + 496, s + 208, w + 512, s + 224, w + 528, s + 240, w + 544,
        s + 256, w + 560, s + 272);
    /* lstm_cnn.lua:26 */
    loop34(w + 192, s + 160, w + 208, s + 176, w + 224, s + 192, w + 240, s + 208, w + 256,
        s + 224, w + 272, s + 240, w + 288, s + 256, w + 304, s + 272, w + 336, s + 32, w + 352,
        s + 48, w + 368, s + 64, w + 384, s + 80, w + 400, s + 96, w + 416, s + 112, w + 432,
        s + 128, w + 448, s + 144);
    patches5(w + 576, w + 192);
    matmul6(w + 2352, p + 16, w + 576);
    loop7(w + 576, p, w + 2352);
    loop8(w + 1360, w + 576);
    matmul9(w + 128, w + 1360, p + 176);
    loop35(out0, p + 160, w + 128);
}

static void loss_1(const tl_step *st)
{
    real *const loss = (real *)st->losses;
    real *const w = (real *)st->work;
    const real *const target0 = (const real *)st->target[0];
    real *const out0 = (real *)st->output[0];
    /* lstm_cnn.lua:11 */
    loop36(out0, target0, w + 128);
    sum11(w + 144, w + 128);
    loop12(loss, w + 144);
}

static void store_1(const tl_step *st)
{
    real *const next = (real *)st->next_state;
    real *const w = (real *)st->work;
    /* lstm_cnn.lua:11-20 */
    loop37(next, w + 464, next + 16, w + 320, next + 32, w, next + 48, w + 16, next + 64, w + 32,
        next + 80, w + 48, next + 96, w + 64, next + 112, w + 80, next + 128, w + 96, next + 144,
        next + 160, w + 112, next + 176, w + 480, next + 192, w + 496, next + 208, w + 512,
        next + 224, w + 528, next + 240, w + 544, next + 256, w + 560, next + 272);
}

static void evaluate_1(const tl_step *st)
{
    step_1(st);
    if (st->target)
        loss_1(st);
    store_1(st);
}

void lstm_cnn_step(const tl_step *st)
{
    evaluate_1(st);
}

static const tl_tensor params[] = {
    { AT(name) "conv.bias", AT(rank) 1, AT(dim) { 8 }, AT(offset) 0, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_UNIFORM, 0.23570226039551587 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
    { AT(name) "conv.weight", AT(rank) 4, AT(dim) { 8, 2, 3, 3 }, AT(offset) 16, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_UNIFORM, 0.23570226039551587 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
    { AT(name) "head.bias", AT(rank) 1, AT(dim) { 4 }, AT(offset) 160, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_UNIFORM, 0.03571428571428571 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
    { AT(name) "head.weight", AT(rank) 2, AT(dim) { 4, 784 }, AT(offset) 176, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_UNIFORM, 0.03571428571428571 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
    { AT(name) "rnn.bias_hh_l0", AT(rank) 1, AT(dim) { 64 }, AT(offset) 3312, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_UNIFORM, 0.25 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
    { AT(name) "rnn.bias_ih_l0", AT(rank) 1, AT(dim) { 64 }, AT(offset) 3376, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_UNIFORM, 0.25 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
    { AT(name) "rnn.weight_hh_l0", AT(rank) 2, AT(dim) { 64, 16 }, AT(offset) 3440, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_UNIFORM, 0.25 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
    { AT(name) "rnn.weight_ih_l0", AT(rank) 2, AT(dim) { 64, 16 }, AT(offset) 4464, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_UNIFORM, 0.25 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
};

static const tl_tensor inputs[] = {
    { AT(name) "", AT(rank) 1, AT(dim) { 16 }, AT(offset) 0, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
};

static const tl_tensor targets[] = {
    { AT(name) "", AT(rank) 1, AT(dim) { 4 }, AT(offset) 0, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
};

static const tl_tensor states[] = {
    { AT(name) "rnn.c", AT(rank) 1, AT(dim) { 16 }, AT(offset) 0, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
    { AT(name) "rnn.h", AT(rank) 1, AT(dim) { 16 }, AT(offset) 160, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
};

static const tl_tensor outputs[] = {
    { AT(name) "", AT(rank) 1, AT(dim) { 4 }, AT(offset) 0, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
};

static const tl_tensor probes[] = {
    { AT(name) "h", AT(rank) 1, AT(dim) { 16 }, AT(offset) 0, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
};

static const tl_tensor past[] = {
    { AT(name) "ss.rnn.c", AT(rank) 1, AT(dim) { 16 }, AT(offset) 0, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
    { AT(name) "ss.rnn.h", AT(rank) 1, AT(dim) { 16 }, AT(offset) 144, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
};

const tl_model lstm_cnn_model = {
    AT(abi) TL_ABI,
    AT(name) "lstm_cnn",
    AT(spec) "lstm_cnn.lua",
    AT(hash) "b7327d6f5999aecc",
    AT(version) "0.1.0",
    AT(options) "channels=8 hidden=16 input=16 output=4",
    AT(real) TL_F32,
    AT(tbptt) { AT(k1) 1, AT(k2) 9, AT(batch) 1, AT(counted) TL_COUNT_LAST, AT(reduce) TL_REDUCE_MEAN,
                AT(overlap) TL_RECOMPUTE, AT(carry) 0 },
    AT(train) {
        AT(optimizer) { AT(kind) TL_ADAM, AT(lr) 0.001, AT(momentum) 0.0, AT(dampening) 0.0, AT(weight_decay) 0.0,
                        AT(beta1) 0.9, AT(beta2) 0.999, AT(eps) 1e-08, AT(alpha) 0.0,
                        AT(nesterov) 0, AT(centered) 0 },
        AT(schedule) { AT(kind) TL_SCHEDULE_CONSTANT, AT(warmup) 0, AT(every) 0, AT(total) 0,
                       AT(gamma) 0.1, AT(floor) 0.0 },
        AT(clip_norm) 0.0, AT(clip_value) 0.0 },
    AT(loss) "mse",
    AT(has_reset) 0, AT(has_mask) 0, AT(has_state_grads) 0, AT(has_head) 1,
    AT(nparams) 8, AT(ninputs) 1, AT(ntargets) 1, AT(nstates) 2,
    AT(noutputs) 1, AT(nprobes) 1, AT(npast) 2,
    AT(params) params, AT(inputs) inputs, AT(targets) targets, AT(states) states,
    AT(outputs) outputs, AT(probes) probes, AT(past) past,
    AT(param_size) 5488, AT(state_size) 320, AT(probe_size) 144, AT(step_state_size) 288,
    AT(frame_size) 0, AT(work_size) 20544, AT(step_work_size) 12544,
    AT(window_flops) 193600,
    AT(window) lstm_cnn_window, AT(step) lstm_cnn_step,
};
