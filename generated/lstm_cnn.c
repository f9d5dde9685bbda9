/* lstm_cnn.c
 *
 * Written by tapeless 0.1.0 from lstm_cnn.lua (b7327d6f5999aecc), float, avx2; channels=8 hidden=16 input=16 output=4.
 * Do not edit: change the spec and compile it again. This code is yours.
 *
 * First the kernels, one function for each distinct loop nest or product; then the window's
 * steps, one call an operation; then the tables. */
#include "lstm_cnn.h"

#include <math.h>
#include <string.h>

#include <tapeless/elementary.h>

#define TL_REAL_BYTES 4
#define TL_VECTOR_BYTES 32
#include <tapeless/product.h>
#include <tapeless/rows.h>

#if TL_ABI != 7
#error "written for runtime ABI 7; compile the spec again"
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

/* add */
KERNEL void loop_20(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    for (int i = 0; i < 64; i++) {
        const real v1 = x1[i];
        const real v2 = x2[i];
        y0[i] = v1 + v2;
    }
}

/* matmul {slots, 64} = {slots, 16} {16, 64} */
KERNEL void matmul_20(int slots, real *restrict y0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3)
{
    tl_product_in_place_any(slots, 64, 16, x1, 16, x2, 64,
        x3, 0, y0, 64, 3, 3, 1);
}

/* matmul {1, 64} = {1, 16} {16, 64} */
KERNEL void matmul_20_b(real *restrict y0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3)
{
    tl_product_in_place(1, 64, 16, x1, 0, x2, 64,
        x3, 0, y0, 0, 1, 8, 1);
}

/* sigmoid mul sigmoid tanh mul add sigmoid tanh mul copy */
KERNEL void loop_20_b(real *restrict y0, const real *restrict x1, const real *restrict x2,
        real *restrict y3, const real *restrict x4, real *restrict y5, const real *restrict x6,
        real *restrict y7, real *restrict y8, const real *restrict x9, real *restrict y10,
        real *restrict y11)
{
    for (int i = 0; i < 16; i++) {
        const real v1 = x1[i];
        const real t0 = tl_sigmoid_f32(v1);
        y0[i] = t0;
        const real v2 = x2[i];
        const real t1 = v2 * t0;
        const real v4 = x4[i];
        const real t2 = tl_sigmoid_f32(v4);
        y3[i] = t2;
        const real v6 = x6[i];
        const real t3 = tl_tanh_f32(v6);
        y5[i] = t3;
        const real t4 = t2 * t3;
        const real t5 = t1 + t4;
        y7[i] = t5;
        const real v9 = x9[i];
        const real t6 = tl_sigmoid_f32(v9);
        y8[i] = t6;
        const real t7 = tl_tanh_f32(t5);
        y10[i] = t7;
        const real t8 = t6 * t7;
        y11[i] = t8;
    }
}

/* probe */
KERNEL void loop_20_c(int slots, real *restrict y0, const real *restrict x1)
{
    for (int i = 0; i < slots * 16; i++) {
        const real v1 = x1[i];
        y0[i] = v1;
    }
}

/* copy copy copy copy copy copy copy copy copy copy copy copy copy copy copy copy copy and 1 more */
KERNEL void loop_26(real *restrict y0, const real *restrict x1, real *restrict y2,
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
KERNEL void patches_26(real *restrict y0, const real *restrict x1)
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
KERNEL void matmul_26(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    tl_product_in_place(8, 98, 18, x1, 18, x2, 98,
        NULL, 0, y0, 98, 4, 3, 1);
}

/* add */
KERNEL void loop_26_b(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 98; j++) {
            const real v1 = x1[i];
            const real v2 = x2[i * 98 + j];
            y0[i * 98 + j] = v1 + v2;
        }
}

/* relu */
KERNEL void loop_26_c(real *restrict y0, const real *restrict x1)
{
    for (int i = 0; i < 784; i++) {
        const real v1 = x1[i];
        y0[i] = v1 <= 0 ? 0 : v1;
    }
}

/* matmul {1, 4} = {1, 784} {784, 4} */
KERNEL void matmul_26_b(real *restrict y0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3)
{
    tl_product_dots(1, 4, 784, x1, 0, x2, 784,
        x3, 0, y0, 0, 1, 4);
}

/* sub square */
KERNEL void loop_11(real *restrict y0, const real *restrict x1, const real *restrict x2,
        real *restrict y3)
{
    for (int i = 0; i < 4; i++) {
        const real v1 = x1[i];
        const real v2 = x2[i];
        const real t0 = v1 - v2;
        y0[i] = t0;
        y3[i] = t0 * t0;
    }
}

/* sum */
KERNEL void sum_11(real *restrict y0, const real *restrict x1)
{
    real sum = 0;
    for (int i = 0; i < 4; i++) {
        sum += x1[i];
    }
    y0[0] = sum;
}

/* div */
KERNEL void loop_11_b(real *restrict y0, const real *restrict x1)
{
    const real v1 = x1[0];
    y0[0] = v1 / 4.0f;
}

/* mul mul */
KERNEL void loop_11_c(const real *restrict x0, real *restrict y1, const real *restrict x2)
{
    for (int i = 0; i < 4; i++) {
        const real v0 = x0[i];
        const real t0 = v0 * 2.0f;
        const real v2 = x2[0];
        y1[i] = v2 * t0;
    }
}

/* copy */
KERNEL void loop_26_d(real *restrict y0, const real *restrict x1)
{
    for (int i = 0; i < 4; i++) {
        const real v1 = x1[i];
        y0[i] = v1;
    }
}

/* matmul {1, 784} = {1, 4} {4, 784} */
KERNEL void matmul_26_c(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    tl_product_in_place(1, 784, 4, x1, 0, x2, 784,
        NULL, 0, y0, 0, 1, 7, 2);
}

/* matmul {4, 784} = {4, 1} {1, 784} */
KERNEL void matmul_26_d(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 784; j++) {
            real sum = 0;
            for (int k = 0; k < 1; k++)
                sum += x1[i * 1 + k * 0] * x2[k * 0 + j * 1];
            y0[i * 784 + j * 1] = sum;
        }
}

/* le where */
KERNEL void loop_26_e(const real *restrict x0, real *restrict y1, const real *restrict x2)
{
    for (int i = 0; i < 784; i++) {
        const real v0 = x0[i];
        const real t0 = v0 <= 0.0f;
        const real v2 = x2[i];
        y1[i] = choose(t0, 0.0f, v2);
    }
}

/* sum */
KERNEL void sum_26(real *restrict y0, const real *restrict x1)
{
    for (int i = 0; i < 8; i++) {
        y0[i] = tl_row_sum(98, &x1[i * 98]);
    }
}

/* matmul {8, 18} = {8, 98} {98, 18} */
KERNEL void matmul_26_e(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    tl_product_dots(8, 18, 98, x1, 98, x2, 98,
        NULL, 0, y0, 18, 1, 8);
}

/* matmul {18, 98} = {18, 8} {8, 98} */
KERNEL void matmul_26_f(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    tl_product_gradient(8, 18, 98, x1, 18, x2, 98,
        0, y0, 98, 6, 2, 1);
}

/* copy */
KERNEL void loop_26_f(real *restrict y0, const real *restrict x1)
{
    for (int i = 0; i < 144; i++) {
        const real v1 = x1[i];
        y0[i] = v1;
    }
}

/* unpatches {2, 9, 16}: 3 x 3, step 1 x 1, padding 0 x 0 */
KERNEL void unpatches_26(real *restrict y0, const real *restrict x1)
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
KERNEL void loop_26_g(real *restrict y0, const real *restrict x1)
{
    for (int i = 0; i < 8; i++) {
        const real v1 = x1[i];
        y0[i] = v1;
    }
}

/* copy */
KERNEL void loop_26_h(real *restrict y0, const real *restrict x1)
{
    for (int i = 0; i < 16; i++) {
        const real v1 = x1[i];
        y0[i] = v1;
    }
}

/* mul mul square sub mul add sub mul mul mul mul square sub mul sub mul mul mul mul sub and 3 more */
KERNEL void loop_20_d(const real *restrict x0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3, real *restrict y4, const real *restrict x5,
        const real *restrict x6, real *restrict y7, real *restrict y8, const real *restrict x9,
        const real *restrict x10, real *restrict y11, real *restrict y12, const real *restrict x13)
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
        const real t18 = v10 * t5;
        const real t19 = 1.0f - v9;
        const real t20 = v9 * t19;
        y11[i] = t18 * t20;
        const real v13 = x13[i];
        y12[i] = v13 + t17;
    }
}

/* matmul {1, 16} = {1, 64} {64, 16} */
KERNEL void matmul_20_c(real *restrict y0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3)
{
    tl_product_dots(1, 16, 64, x1, 0, x2, 64,
        x3, 0, y0, 0, 1, 8);
}

/* mul mul square sub mul add sub mul mul mul mul square sub mul sub mul mul mul sub mul and 1 more */
KERNEL void loop_20_e(const real *restrict x0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3, real *restrict y4, const real *restrict x5,
        const real *restrict x6, real *restrict y7, real *restrict y8, const real *restrict x9,
        const real *restrict x10, real *restrict y11)
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
    }
}

/* sum */
KERNEL void sum_20(int slots, real *restrict y0, const real *restrict x1)
{
    for (int j = 0; j < 64; j++) {
        y0[j] = x1[j];
    }
    for (int i = 1; i < slots; i++)
        for (int j = 0; j < 64; j++) {
            y0[j] += x1[i * 64 + j];
        }
}

/* matmul {16, 64} = {16, slots} {slots, 64} */
KERNEL void matmul_20_d(int slots, real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    tl_product_gradient(slots, 16, 64, x1, 16, x2, 64,
        0, y0, 64, 4, 2, 1);
}

/* copy */
KERNEL void loop_20_f(real *restrict y0, const real *restrict x1)
{
    for (int i = 0; i < 64; i++) {
        const real v1 = x1[i];
        y0[i] = v1;
    }
}

/* sigmoid mul sigmoid tanh mul add sigmoid tanh mul copy copy copy copy copy copy copy and 7 more */
KERNEL void loop_20_g(const real *restrict x0, const real *restrict x1, const real *restrict x2,
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
        const real t0 = tl_sigmoid_f32(v0);
        const real v1 = x1[i];
        const real t1 = v1 * t0;
        const real v2 = x2[i];
        const real t2 = tl_sigmoid_f32(v2);
        const real v3 = x3[i];
        const real t3 = tl_tanh_f32(v3);
        const real t4 = t2 * t3;
        const real t5 = t1 + t4;
        y4[i] = t5;
        const real v5 = x5[i];
        const real t6 = tl_sigmoid_f32(v5);
        const real t7 = tl_tanh_f32(t5);
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
KERNEL void loop_26_i(real *restrict y0, const real *restrict x1, real *restrict y2,
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

/* sub square */
KERNEL void loop_11_d(const real *restrict x0, const real *restrict x1, real *restrict y2)
{
    for (int i = 0; i < 4; i++) {
        const real v0 = x0[i];
        const real v1 = x1[i];
        const real t0 = v0 - v1;
        y2[i] = t0 * t0;
    }
}

/* copy copy copy copy copy copy copy copy copy copy copy copy copy copy copy copy copy and 1 more */
KERNEL void loop_20_h(real *restrict y0, const real *restrict x1, real *restrict y2,
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

static void prologue(const tl_window *win)
{
    const real *const p_rnn_bias_hh_l0 = (const real *)win->params + 3312;
    const real *const p_rnn_bias_ih_l0 = (const real *)win->params + 3376;
    real *const w = (real *)win->work;
    /* lstm_cnn.lua:20 */
    loop_20(w, p_rnn_bias_hh_l0, p_rnn_bias_ih_l0);
}

static void forward_all(const tl_window *win)
{
    const int first = win->first;
    const real *const p_rnn_weight_ih_l0 = (const real *)win->params + 4464;
    real *const w = (real *)win->work;
    const real *const in0 = (const real *)win->input[0];
    /* lstm_cnn.lua:20 */
    matmul_20(9 - first, w + first * 64 + 64, in0 + first * 16, p_rnn_weight_ih_l0, w);
}

static void forward_1_to_9(const tl_window *win)
{
    const real *const p_rnn_weight_hh_l0 = (const real *)win->params + 3440;
    real *const s_rnn_c = (real *)win->states;
    real *const s_rnn_h = (real *)win->states + 160;
    real *const w = (real *)win->work;
    switch (win->first) {
    case 0:
    /* ---- step 1 of 9, forward ---- */
    /* lstm_cnn.lua:20 */
    matmul_20_b(w, s_rnn_h, p_rnn_weight_hh_l0, w + 64);
    loop_20_b(w + 640, w + 16, s_rnn_c, w + 784, w, w + 928, w + 32, s_rnn_c + 16, w + 1072,
        w + 48, w + 1216, s_rnn_h + 16);
    /* fall through */
    case 1:
    /* ---- step 2 of 9, forward ---- */
    /* lstm_cnn.lua:20 */
    matmul_20_b(w, s_rnn_h + 16, p_rnn_weight_hh_l0, w + 128);
    loop_20_b(w + 656, w + 16, s_rnn_c + 16, w + 800, w, w + 944, w + 32, s_rnn_c + 32, w + 1088,
        w + 48, w + 1232, s_rnn_h + 32);
    /* fall through */
    case 2:
    /* ---- step 3 of 9, forward ---- */
    /* lstm_cnn.lua:20 */
    matmul_20_b(w, s_rnn_h + 32, p_rnn_weight_hh_l0, w + 192);
    loop_20_b(w + 672, w + 16, s_rnn_c + 32, w + 816, w, w + 960, w + 32, s_rnn_c + 48, w + 1104,
        w + 48, w + 1248, s_rnn_h + 48);
    /* fall through */
    case 3:
    /* ---- step 4 of 9, forward ---- */
    /* lstm_cnn.lua:20 */
    matmul_20_b(w, s_rnn_h + 48, p_rnn_weight_hh_l0, w + 256);
    loop_20_b(w + 688, w + 16, s_rnn_c + 48, w + 832, w, w + 976, w + 32, s_rnn_c + 64, w + 1120,
        w + 48, w + 1264, s_rnn_h + 64);
    /* fall through */
    case 4:
    /* ---- step 5 of 9, forward ---- */
    /* lstm_cnn.lua:20 */
    matmul_20_b(w, s_rnn_h + 64, p_rnn_weight_hh_l0, w + 320);
    loop_20_b(w + 704, w + 16, s_rnn_c + 64, w + 848, w, w + 992, w + 32, s_rnn_c + 80, w + 1136,
        w + 48, w + 1280, s_rnn_h + 80);
    /* fall through */
    case 5:
    /* ---- step 6 of 9, forward ---- */
    /* lstm_cnn.lua:20 */
    matmul_20_b(w, s_rnn_h + 80, p_rnn_weight_hh_l0, w + 384);
    loop_20_b(w + 720, w + 16, s_rnn_c + 80, w + 864, w, w + 1008, w + 32, s_rnn_c + 96, w + 1152,
        w + 48, w + 1296, s_rnn_h + 96);
    /* fall through */
    case 6:
    /* ---- step 7 of 9, forward ---- */
    /* lstm_cnn.lua:20 */
    matmul_20_b(w, s_rnn_h + 96, p_rnn_weight_hh_l0, w + 448);
    loop_20_b(w + 736, w + 16, s_rnn_c + 96, w + 880, w, w + 1024, w + 32, s_rnn_c + 112, w + 1168,
        w + 48, w + 1312, s_rnn_h + 112);
    /* fall through */
    case 7:
    /* ---- step 8 of 9, forward ---- */
    /* lstm_cnn.lua:20 */
    matmul_20_b(w, s_rnn_h + 112, p_rnn_weight_hh_l0, w + 512);
    loop_20_b(w + 752, w + 16, s_rnn_c + 112, w + 896, w, w + 1040, w + 32, s_rnn_c + 128,
        w + 1184, w + 48, w + 1328, s_rnn_h + 128);
    /* fall through */
    case 8:
    /* ---- step 9 of 9, forward ---- */
    /* lstm_cnn.lua:20 */
    matmul_20_b(w, s_rnn_h + 128, p_rnn_weight_hh_l0, w + 576);
    loop_20_b(w + 768, w + 16, s_rnn_c + 128, w + 912, w, w + 1056, w + 32, s_rnn_c + 144,
        w + 1200, w + 48, w + 1344, s_rnn_h + 144);
    }
}

static void forward_all_2(const tl_window *win)
{
    const int first = win->first;
    real *const s_rnn_h = (real *)win->states + 160;
    real *const probe = (real *)win->probes;
    /* lstm_cnn.lua:20 */
    loop_20_c(9 - first, probe + first * 16, s_rnn_h + first * 16 + 16);
}

static void head(const tl_window *win)
{
    const real *const p_conv_bias = (const real *)win->params;
    const real *const p_conv_weight = (const real *)win->params + 16;
    const real *const p_head_bias = (const real *)win->params + 160;
    const real *const p_head_weight = (const real *)win->params + 176;
    real *const s_rnn_c = (real *)win->states;
    real *const s_rnn_h = (real *)win->states + 160;
    real *const loss = (real *)win->losses;
    real *const w = (real *)win->work;
    const real *const target0 = (const real *)win->target[0];
    /* lstm_cnn.lua:26 */
    loop_26(w, s_rnn_h + 16, w + 16, s_rnn_h + 32, w + 32, s_rnn_h + 48, w + 48, s_rnn_h + 64,
        w + 64, s_rnn_h + 80, w + 80, s_rnn_h + 96, w + 96, s_rnn_h + 112, w + 112, s_rnn_h + 128,
        w + 128, s_rnn_h + 144, w + 144, s_rnn_c + 16, w + 160, s_rnn_c + 32, w + 176,
        s_rnn_c + 48, w + 192, s_rnn_c + 64, w + 208, s_rnn_c + 80, w + 224, s_rnn_c + 96, w + 240,
        s_rnn_c + 112, w + 256, s_rnn_c + 128, w + 272, s_rnn_c + 144);
    patches_26(w + 1360, w);
    matmul_26(w + 3136, p_conv_weight, w + 1360);
    loop_26_b(w + 3920, p_conv_bias, w + 3136);
    loop_26_c(w + 3136, w + 3920);
    matmul_26_b(w, w + 3136, p_head_weight, p_head_bias);
    /* lstm_cnn.lua:11 */
    loop_11(w + 16, w, target0 + 32, w + 32);
    sum_11(w, w + 32);
    loop_11_b(loss + 8, w);
}

static void head_backward(const tl_window *win)
{
    const real *const p_conv_weight = (const real *)win->params + 16;
    const real *const p_head_weight = (const real *)win->params + 176;
    real *const g_conv_bias = (real *)win->grads;
    real *const g_conv_weight = (real *)win->grads + 16;
    real *const g_head_bias = (real *)win->grads + 160;
    real *const g_head_weight = (real *)win->grads + 176;
    const real *const weight = (const real *)win->weight;
    real *const w = (real *)win->work;
    /* lstm_cnn.lua:11 */
    loop_11_b(w, weight + 8);
    loop_11_c(w + 16, w + 32, w);
    /* lstm_cnn.lua:26 */
    loop_26_d(g_head_bias, w + 32);
    matmul_26_c(w + 4704, w + 32, p_head_weight);
    matmul_26_d(g_head_weight, w + 32, w + 3136);
    loop_26_e(w + 3920, w + 3136, w + 4704);
    sum_26(w, w + 3136);
    matmul_26_e(w + 16, w + 3136, w + 1360);
    matmul_26_f(w + 1360, p_conv_weight, w + 3136);
    loop_26_f(g_conv_weight, w + 16);
    unpatches_26(w + 16, w + 1360);
    loop_26_g(g_conv_bias, w);
}

static void backward_all(const tl_window *win)
{
    real *const probe_grad = (real *)win->probe_grads;
    real *const w = (real *)win->work;
    /* lstm_cnn.lua:26 */
    loop_26_h(probe_grad + 128, w + 144);
}

static void backward_9_to_1(const tl_window *win)
{
    const real *const p_rnn_weight_hh_l0 = (const real *)win->params + 3440;
    real *const s_rnn_c = (real *)win->states;
    real *const w = (real *)win->work;
    /* ---- step 9 of 9, backward ---- */
    /* lstm_cnn.lua:11-20 */
    loop_20_d(w + 1344, w + 144, w + 1200, w + 288, w + 1920, w + 1056, w + 912, w + 1904,
        w + 1872, w + 768, s_rnn_c + 128, w + 1888, w + 416, w + 272);
    /* lstm_cnn.lua:20 */
    matmul_20_c(w + 544, w + 1872, p_rnn_weight_hh_l0, w + 128);
    /* ---- step 8 of 9, backward ---- */
    /* lstm_cnn.lua:11-20 */
    loop_20_d(w + 1328, w + 544, w + 1184, w + 416, w + 1856, w + 1040, w + 896, w + 1840,
        w + 1808, w + 752, s_rnn_c + 112, w + 1824, w + 400, w + 256);
    /* lstm_cnn.lua:20 */
    matmul_20_c(w + 528, w + 1808, p_rnn_weight_hh_l0, w + 112);
    /* ---- step 7 of 9, backward ---- */
    /* lstm_cnn.lua:11-20 */
    loop_20_d(w + 1312, w + 528, w + 1168, w + 400, w + 1792, w + 1024, w + 880, w + 1776,
        w + 1744, w + 736, s_rnn_c + 96, w + 1760, w + 384, w + 240);
    /* lstm_cnn.lua:20 */
    matmul_20_c(w + 512, w + 1744, p_rnn_weight_hh_l0, w + 96);
    /* ---- step 6 of 9, backward ---- */
    /* lstm_cnn.lua:11-20 */
    loop_20_d(w + 1296, w + 512, w + 1152, w + 384, w + 1728, w + 1008, w + 864, w + 1712,
        w + 1680, w + 720, s_rnn_c + 80, w + 1696, w + 368, w + 224);
    /* lstm_cnn.lua:20 */
    matmul_20_c(w + 496, w + 1680, p_rnn_weight_hh_l0, w + 80);
    /* ---- step 5 of 9, backward ---- */
    /* lstm_cnn.lua:11-20 */
    loop_20_d(w + 1280, w + 496, w + 1136, w + 368, w + 1664, w + 992, w + 848, w + 1648, w + 1616,
        w + 704, s_rnn_c + 64, w + 1632, w + 352, w + 208);
    /* lstm_cnn.lua:20 */
    matmul_20_c(w + 480, w + 1616, p_rnn_weight_hh_l0, w + 64);
    /* ---- step 4 of 9, backward ---- */
    /* lstm_cnn.lua:11-20 */
    loop_20_d(w + 1264, w + 480, w + 1120, w + 352, w + 1600, w + 976, w + 832, w + 1584, w + 1552,
        w + 688, s_rnn_c + 48, w + 1568, w + 336, w + 192);
    /* lstm_cnn.lua:20 */
    matmul_20_c(w + 464, w + 1552, p_rnn_weight_hh_l0, w + 48);
    /* ---- step 3 of 9, backward ---- */
    /* lstm_cnn.lua:11-20 */
    loop_20_d(w + 1248, w + 464, w + 1104, w + 336, w + 1536, w + 960, w + 816, w + 1520, w + 1488,
        w + 672, s_rnn_c + 32, w + 1504, w + 320, w + 176);
    /* lstm_cnn.lua:20 */
    matmul_20_c(w + 448, w + 1488, p_rnn_weight_hh_l0, w + 32);
    /* ---- step 2 of 9, backward ---- */
    /* lstm_cnn.lua:11-20 */
    loop_20_d(w + 1232, w + 448, w + 1088, w + 320, w + 1472, w + 944, w + 800, w + 1456, w + 1424,
        w + 656, s_rnn_c + 16, w + 1440, w + 304, w + 160);
    /* lstm_cnn.lua:20 */
    matmul_20_c(w + 432, w + 1424, p_rnn_weight_hh_l0, w + 16);
    /* ---- step 1 of 9, backward ---- */
    /* lstm_cnn.lua:20 */
    loop_20_e(w + 1216, w + 432, w + 1072, w + 304, w + 1408, w + 928, w + 784, w + 1392, w + 1360,
        s_rnn_c, w + 640, w + 1376);
}

static void backward_all_2(const tl_window *win)
{
    const int first = win->first;
    real *const g_rnn_bias_hh_l0 = (real *)win->grads + 3312;
    real *const g_rnn_weight_hh_l0 = (real *)win->grads + 3440;
    real *const g_rnn_weight_ih_l0 = (real *)win->grads + 4464;
    real *const s_rnn_h = (real *)win->states + 160;
    real *const probe_grad = (real *)win->probe_grads;
    real *const w = (real *)win->work;
    const real *const in0 = (const real *)win->input[0];
    /* lstm_cnn.lua:20 */
    sum_20(9 - first, g_rnn_bias_hh_l0, w + first * 64 + 1360);
    matmul_20_d(9 - first, g_rnn_weight_hh_l0, s_rnn_h + first * 16, w + first * 64 + 1360);
    matmul_20_d(9 - first, g_rnn_weight_ih_l0, in0 + first * 16, w + first * 64 + 1360);
    if (win->first <= 0)
        loop_26_h(probe_grad, w + 432);
    if (win->first <= 1)
        loop_26_h(probe_grad + 16, w + 448);
    if (win->first <= 2)
        loop_26_h(probe_grad + 32, w + 464);
    if (win->first <= 3)
        loop_26_h(probe_grad + 48, w + 480);
    if (win->first <= 4)
        loop_26_h(probe_grad + 64, w + 496);
    if (win->first <= 5)
        loop_26_h(probe_grad + 80, w + 512);
    if (win->first <= 6)
        loop_26_h(probe_grad + 96, w + 528);
    if (win->first <= 7)
        loop_26_h(probe_grad + 112, w + 544);
}

static void epilogue(const tl_window *win)
{
    real *const g_rnn_bias_hh_l0 = (real *)win->grads + 3312;
    real *const g_rnn_bias_ih_l0 = (real *)win->grads + 3376;
    /* lstm_cnn.lua:20 */
    loop_20_f(g_rnn_bias_ih_l0, g_rnn_bias_hh_l0);
}

void lstm_cnn_window(const tl_window *win)
{
    prologue(win);
    forward_all(win);
    forward_1_to_9(win);
    forward_all_2(win);
    if (win->first == 0)
        head(win);
    if (!win->grads)
        return;
    head_backward(win);
    backward_all(win);
    backward_9_to_1(win);
    backward_all_2(win);
    epilogue(win);
}

static void prepare_1(const tl_step *st)
{
    const real *const p_rnn_bias_hh_l0 = (const real *)st->params + 3312;
    const real *const p_rnn_bias_ih_l0 = (const real *)st->params + 3376;
    real *const w = (real *)st->work;
    /* lstm_cnn.lua:20 */
    loop_20(w, p_rnn_bias_hh_l0, p_rnn_bias_ih_l0);
}

static void step_1(const tl_step *st)
{
    const real *const p_conv_bias = (const real *)st->params;
    const real *const p_conv_weight = (const real *)st->params + 16;
    const real *const p_head_bias = (const real *)st->params + 160;
    const real *const p_head_weight = (const real *)st->params + 176;
    const real *const p_rnn_weight_hh_l0 = (const real *)st->params + 3440;
    const real *const p_rnn_weight_ih_l0 = (const real *)st->params + 4464;
    const real *const s_rnn_c = (const real *)st->state;
    const real *const s_rnn_h = (const real *)st->state + 16;
    real *const w = (real *)st->work;
    const real *const in0 = (const real *)st->input[0];
    real *const out0 = (real *)st->output[0];
    /* lstm_cnn.lua:20 */
    matmul_20_b(w + 64, in0, p_rnn_weight_ih_l0, w);
    matmul_20_b(w, s_rnn_h, p_rnn_weight_hh_l0, w + 64);
    /* lstm_cnn.lua:11-20 */
    loop_20_g(w + 16, s_rnn_c, w, w + 32, w + 336, w + 48, w + 192, w + 352, s_rnn_h + 32, w + 368,
        s_rnn_h + 48, w + 384, s_rnn_h + 64, w + 400, s_rnn_h + 80, w + 416, s_rnn_h + 96, w + 432,
        s_rnn_h + 112, w + 448, s_rnn_h + 128, w + 464, s_rnn_h + 160, w + 480, s_rnn_h + 176,
        w + 496, s_rnn_h + 192, w + 512, s_rnn_h + 208, w + 528, s_rnn_h + 224, w + 544,
        s_rnn_h + 240, w + 560, s_rnn_h + 256);
    /* lstm_cnn.lua:26 */
    loop_26_i(w + 64, s_rnn_h + 144, w + 80, s_rnn_h + 160, w + 96, s_rnn_h + 176, w + 112,
        s_rnn_h + 192, w + 128, s_rnn_h + 208, w + 144, s_rnn_h + 224, w + 160, s_rnn_h + 240,
        w + 176, s_rnn_h + 256, w + 208, s_rnn_h + 16, w + 224, s_rnn_h + 32, w + 240,
        s_rnn_h + 48, w + 256, s_rnn_h + 64, w + 272, s_rnn_h + 80, w + 288, s_rnn_h + 96, w + 304,
        s_rnn_h + 112, w + 320, s_rnn_h + 128);
    patches_26(w + 576, w + 64);
    matmul_26(w + 2352, p_conv_weight, w + 576);
    loop_26_b(w + 576, p_conv_bias, w + 2352);
    loop_26_c(w + 1360, w + 576);
    matmul_26_b(out0, w + 1360, p_head_weight, p_head_bias);
}

static void loss_1(const tl_step *st)
{
    real *const loss = (real *)st->losses;
    real *const w = (real *)st->work;
    const real *const target0 = (const real *)st->target[0];
    real *const out0 = (real *)st->output[0];
    /* lstm_cnn.lua:11 */
    loop_11_d(out0, target0, w);
    sum_11(w + 16, w);
    loop_11_b(loss, w + 16);
}

static void store_1(const tl_step *st)
{
    real *const next_rnn_c = (real *)st->next_state;
    real *const next_rnn_h = (real *)st->next_state + 16;
    real *const w = (real *)st->work;
    /* lstm_cnn.lua:11-20 */
    loop_20_h(next_rnn_c, w + 336, next_rnn_h, w + 192, next_rnn_h + 16, w + 352, next_rnn_h + 32,
        w + 368, next_rnn_h + 48, w + 384, next_rnn_h + 64, w + 400, next_rnn_h + 80, w + 416,
        next_rnn_h + 96, w + 432, next_rnn_h + 112, w + 448, next_rnn_h + 128, next_rnn_h + 144,
        w + 464, next_rnn_h + 160, w + 480, next_rnn_h + 176, w + 496, next_rnn_h + 192, w + 512,
        next_rnn_h + 208, w + 528, next_rnn_h + 224, w + 544, next_rnn_h + 240, w + 560,
        next_rnn_h + 256);
}

static void evaluate_1(const tl_step *st)
{
    prepare_1(st);
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
      AT(vocab) 0, AT(init) { TL_INIT_UNIFORM, 0.23570226039551587 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
    { AT(name) "conv.weight", AT(rank) 4, AT(dim) { 8, 2, 3, 3 }, AT(offset) 16, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_UNIFORM, 0.23570226039551587 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
    { AT(name) "head.bias", AT(rank) 1, AT(dim) { 4 }, AT(offset) 160, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_UNIFORM, 0.03571428571428571 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
    { AT(name) "head.weight", AT(rank) 2, AT(dim) { 4, 784 }, AT(offset) 176, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_UNIFORM, 0.03571428571428571 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
    { AT(name) "rnn.bias_hh_l0", AT(rank) 1, AT(dim) { 64 }, AT(offset) 3312, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_UNIFORM, 0.25 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
    { AT(name) "rnn.bias_ih_l0", AT(rank) 1, AT(dim) { 64 }, AT(offset) 3376, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_UNIFORM, 0.25 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
    { AT(name) "rnn.weight_hh_l0", AT(rank) 2, AT(dim) { 64, 16 }, AT(offset) 3440, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_UNIFORM, 0.25 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 64, AT(first_row) 0 },
    { AT(name) "rnn.weight_ih_l0", AT(rank) 2, AT(dim) { 64, 16 }, AT(offset) 4464, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_UNIFORM, 0.25 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 64, AT(first_row) 0 },
};

static const tl_tensor inputs[] = {
    { AT(name) "", AT(rank) 1, AT(dim) { 16 }, AT(offset) 0, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
};

static const tl_tensor targets[] = {
    { AT(name) "", AT(rank) 1, AT(dim) { 4 }, AT(offset) 0, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
};

static const tl_tensor states[] = {
    { AT(name) "rnn.c", AT(rank) 1, AT(dim) { 16 }, AT(offset) 0, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
    { AT(name) "rnn.h", AT(rank) 1, AT(dim) { 16 }, AT(offset) 160, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
};

static const tl_tensor outputs[] = {
    { AT(name) "", AT(rank) 1, AT(dim) { 4 }, AT(offset) 0, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
};

static const tl_tensor probes[] = {
    { AT(name) "h", AT(rank) 1, AT(dim) { 16 }, AT(offset) 0, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
};

static const tl_tensor past[] = {
    { AT(name) "ss.rnn.c", AT(rank) 1, AT(dim) { 16 }, AT(offset) 0, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
    { AT(name) "ss.rnn.h", AT(rank) 1, AT(dim) { 16 }, AT(offset) 144, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
};

const tl_model lstm_cnn_model = {
    AT(abi) TL_ABI,
    AT(name) "lstm_cnn",
    AT(spec) "lstm_cnn.lua",
    AT(hash) "b7327d6f5999aecc",
    AT(version) "0.1.0",
    AT(options) "channels=8 hidden=16 input=16 output=4",
    AT(real) TL_F32,
    AT(tbptt) { AT(k1) 1, AT(k2) 9, AT(batch) 1, AT(shards) 1, AT(counted) TL_COUNT_LAST, AT(reduce) TL_REDUCE_MEAN,
                AT(overlap) TL_RECOMPUTE, AT(carry) 0, AT(learn) TL_LEARN_TBPTT },
    AT(train) {
        AT(optimizer) { AT(kind) TL_ADAM, AT(lr) 0.001, AT(momentum) 0.0, AT(dampening) 0.0, AT(weight_decay) 0.0,
                        AT(beta1) 0.9, AT(beta2) 0.999, AT(eps) 1e-08, AT(alpha) 0.0, AT(l2) 0.0,
                        AT(lambda) 0.0, AT(tol_gradient) 0.0, AT(tol_step) 0.0, AT(tol_cost) 0.0, AT(p) 0.0,
                        AT(q) 0.0, AT(r) 0.0, AT(forgetting) 0.0, AT(history) 0, AT(patience) 0,
                        AT(nesterov) 0, AT(centered) 0, AT(geodesic) 0, AT(decoupled) 0, AT(keep_scale) 0 },
        AT(schedule) { AT(kind) TL_SCHEDULE_CONSTANT, AT(warmup) 0, AT(every) 0, AT(total) 0,
                       AT(patience) 0, AT(gamma) 0.0, AT(floor) 0.0, AT(peak) 0.0,
                       AT(start) 0.0, AT(final) 0.0, AT(factor) 0.0, AT(min_delta) 0.0 },
        AT(clip_norm) 0.0, AT(clip_value) 0.0, AT(accumulate) 1, AT(average) 0.0 },
    AT(loss) "mse",
    AT(has_reset) 0, AT(has_mask) 0, AT(has_state_grads) 0, AT(has_head) 1,
    AT(nparams) 8, AT(ninputs) 1, AT(ntargets) 1, AT(nstates) 2,
    AT(noutputs) 1, AT(nprobes) 1, AT(nnamed) 0, AT(npast) 2,
    AT(params) params, AT(inputs) inputs, AT(targets) targets, AT(states) states,
    AT(outputs) outputs, AT(probes) probes, AT(named) NULL, AT(past) past,
    AT(nextra) 0, AT(nrows) 0, AT(jacobian) TL_JACOBIAN_NONE, AT(rows_of) TL_SGD,
    AT(param_size) 5488, AT(state_size) 320, AT(probe_size) 144, AT(step_state_size) 288,
    AT(frame_size) 0, AT(work_size) 21952, AT(step_work_size) 12544, AT(pack_size) 0,
    AT(window_flops) 193600, AT(calls_blas) 0,
    AT(pack) NULL, AT(window) lstm_cnn_window, AT(step) lstm_cnn_step,
};
