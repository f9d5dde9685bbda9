/* gru.c
 *
 * Written by tapeless 0.1.0 from gru.lua (71aadf02c469f4e1), float, avx2; hidden=32 input=4 output=1.
 * Do not edit: change the spec and compile it again. This code is yours.
 *
 * First the kernels, one function for each distinct loop nest or product; then the window's
 * steps, one call an operation; then the tables. */
#include "gru.h"

#include <math.h>
#include <string.h>

#include <tapeless/elementary.h>

#define TL_REAL_BYTES 4
#define TL_VECTOR_BYTES 32
#include <tapeless/product.h>

#if TL_ABI != 7
#error "written for runtime ABI 7; compile the spec again"
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

/* matmul {slots * 8, 96} = {slots * 8, 4} {4, 96} */
KERNEL void matmul_24(int slots, real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    tl_product_packed_any(slots * 8, 96, 4, x1, 4, x2,
        NULL, 0, y0, 96, 4, 3, 1);
}

/* where */
KERNEL void loop_13(real *restrict y0, const real *restrict x1, const real *restrict x2,
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

/* add */
KERNEL void loop_24(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 64; j++) {
            const real v1 = x1[i * 96 + j];
            const real v2 = x2[j];
            y0[i * 64 + j] = v1 + v2;
        }
}

/* matmul {8, 64} = {8, 32} {32, 64} */
KERNEL void matmul_24_b(real *restrict y0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3)
{
    tl_product_packed(8, 64, 32, x1, 32, x2,
        x3, 64, y0, 64, 4, 3, 1);
}

/* sigmoid sigmoid mul add */
KERNEL void loop_24_b(real *restrict y0, const real *restrict x1, real *restrict y2,
        const real *restrict x3, real *restrict y4, const real *restrict x5, real *restrict y6,
        const real *restrict x7, const real *restrict x8)
{
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 32; j++) {
            const real v1 = x1[i * 64 + j];
            const real t0 = tl_sigmoid_f32(v1);
            y0[i * 32 + j] = t0;
            const real v3 = x3[i * 64 + j];
            y2[i * 32 + j] = tl_sigmoid_f32(v3);
            const real v5 = x5[i * 32 + j];
            y4[i * 32 + j] = v5 * t0;
            const real v7 = x7[j];
            const real v8 = x8[i * 96 + j];
            y6[i * 32 + j] = v7 + v8;
        }
}

/* matmul {8, 32} = {8, 32} {32, 32} */
KERNEL void matmul_26(real *restrict y0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3)
{
    tl_product_packed(8, 32, 32, x1, 32, x2,
        x3, 32, y0, 32, 4, 2, 1);
}

/* tanh sub mul mul add */
KERNEL void loop_26(real *restrict y0, const real *restrict x1, real *restrict y2,
        const real *restrict x3, const real *restrict x4, real *restrict y5)
{
    for (int i = 0; i < 256; i++) {
        const real v1 = x1[i];
        const real t0 = tl_tanh_f32(v1);
        y0[i] = t0;
        const real v3 = x3[i];
        const real t1 = 1.0f - v3;
        y2[i] = t1;
        const real t2 = t0 * t1;
        const real v4 = x4[i];
        const real t3 = v4 * v3;
        y5[i] = t2 + t3;
    }
}

/* add */
KERNEL void loop_24_c(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 64; j++) {
            const real v1 = x1[j];
            const real v2 = x2[i * 96 + j];
            y0[i * 64 + j] = v1 + v2;
        }
}

/* matmul {slots * 8, 1} = {slots * 8, 32} {32, 1} */
KERNEL void matmul_28(int slots, real *restrict y0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3)
{
    tl_product_in_place_any(slots * 8, 1, 32, x1, 32, x2, 1,
        x3, 0, y0, 1, 8, 1, 1);
}

/* sub square */
KERNEL void loop_13_b(int slots, real *restrict y0, const real *restrict x1, const real *restrict x2,
        real *restrict y3)
{
    for (int i = 0; i < slots * 8; i++) {
        const real v1 = x1[i];
        const real v2 = x2[i];
        const real t0 = v1 - v2;
        y0[i] = t0;
        y3[i] = t0 * t0;
    }
}

/* mul mul */
KERNEL void loop_13_c(int slots, const real *restrict x0, real *restrict y1, const real *restrict x2)
{
    for (int i = 0; i < slots * 8; i++) {
        const real v0 = x0[i];
        const real t0 = v0 * 2.0f;
        const real v2 = x2[i];
        y1[i] = v2 * t0;
    }
}

/* sum */
KERNEL void sum_28(int slots, real *restrict y0, const real *restrict x1)
{
    real sum = 0;
    for (int i = 0; i < slots * 8; i++) {
        sum += x1[i];
    }
    y0[0] = sum;
}

/* matmul {slots * 8, 32} = {slots * 8, 1} {1, 32} */
KERNEL void matmul_28_b(int slots, real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    for (int i = 0; i < slots * 8; i++)
        for (int j = 0; j < 32; j++) {
            real sum = 0;
            for (int k = 0; k < 1; k++)
                sum += x1[i * 1 + k * 0] * x2[k * 0 + j * 1];
            y0[i * 32 + j * 1] = sum;
        }
}

/* matmul {1, 32} = {1, slots * 8} {slots * 8, 32} */
KERNEL void matmul_28_c(int slots, real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    tl_product_in_place(1, 32, slots * 8, x1, 0, x2, 32,
        NULL, 0, y0, 0, 1, 4, 2);
}

/* mul mul mul mul neg add square sub mul */
KERNEL void loop_27(real *restrict y0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3, const real *restrict x4, const real *restrict x5,
        real *restrict y6, real *restrict y7)
{
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 32; j++) {
            const real v1 = x1[i * 32 + j];
            const real v2 = x2[i * 32 + j];
            y0[i * 32 + j] = v1 * v2;
            const real v3 = x3[i * 32 + j];
            const real t1 = v3 * v2;
            const real v4 = x4[i * 32 + j];
            const real t2 = v4 * v2;
            const real v5 = x5[i * 32 + j];
            const real t3 = v5 * v2;
            const real t4 = -t3;
            y6[i * 32 + j] = t1 + t4;
            const real t6 = v5 * v5;
            const real t7 = 1.0f - t6;
            y7[i * 96 + j] = t2 * t7;
        }
}

/* matmul {8, 32} = {8, 32} {32, 32} */
KERNEL void matmul_26_b(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    tl_product_in_place(8, 32, 32, x1, 96, x2, 32,
        NULL, 0, y0, 32, 4, 2, 1);
}

/* mul add mul mul mul sub mul mul */
KERNEL void loop_26_b(const real *restrict x0, const real *restrict x1, real *restrict y2,
        const real *restrict x3, const real *restrict x4, const real *restrict x5,
        const real *restrict x6, real *restrict y7, const real *restrict x8, real *restrict y9)
{
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 32; j++) {
            const real v0 = x0[i * 32 + j];
            const real v1 = x1[i * 32 + j];
            const real t0 = v0 * v1;
            const real v3 = x3[i * 32 + j];
            y2[i * 32 + j] = v3 + t0;
            const real v4 = x4[i * 32 + j];
            const real t2 = v4 * v1;
            const real v5 = x5[i * 32 + j];
            const real v6 = x6[i * 32 + j];
            const real t3 = v5 * v6;
            const real v8 = x8[i * 32 + j];
            y7[i * 96 + j] = v8 * t3;
            const real t5 = 1.0f - v0;
            const real t6 = v0 * t5;
            y9[i * 96 + j] = t2 * t6;
        }
}

/* matmul {8, 32} = {8, 64} {64, 32} */
KERNEL void matmul_24_c(real *restrict y0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3)
{
    tl_product_in_place(8, 32, 64, x1, 96, x2, 32,
        x3, 32, y0, 32, 4, 2, 1);
}

/* where */
KERNEL void loop_13_d(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 32; j++) {
            const real v1 = x1[i];
            const real v2 = x2[i * 32 + j];
            y0[i * 32 + j] = choose(v1, 0.0f, v2);
        }
}

/* add mul mul mul mul neg add square sub mul */
KERNEL void loop_28(const real *restrict x0, const real *restrict x1, real *restrict y2,
        const real *restrict x3, const real *restrict x4, const real *restrict x5,
        const real *restrict x6, real *restrict y7, real *restrict y8)
{
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 32; j++) {
            const real v0 = x0[i * 32 + j];
            const real v1 = x1[i * 32 + j];
            const real t0 = v0 + v1;
            const real v3 = x3[i * 32 + j];
            y2[i * 32 + j] = v3 * t0;
            const real v4 = x4[i * 32 + j];
            const real t2 = v4 * t0;
            const real v5 = x5[i * 32 + j];
            const real t3 = v5 * t0;
            const real v6 = x6[i * 32 + j];
            const real t4 = v6 * t0;
            const real t5 = -t4;
            y7[i * 32 + j] = t2 + t5;
            const real t7 = v6 * v6;
            const real t8 = 1.0f - t7;
            y8[i * 96 + j] = t3 * t8;
        }
}

/* sum */
KERNEL void sum_26(int slots, real *restrict y0, const real *restrict x1)
{
    for (int j = 0; j < 32; j++) {
        y0[j] = x1[j];
    }
    for (int i = 1; i < slots * 8; i++)
        for (int j = 0; j < 32; j++) {
            y0[j] += x1[i * 96 + j];
        }
}

/* matmul {32, 32} = {32, slots * 8} {slots * 8, 32} */
KERNEL void matmul_26_c(int slots, real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    tl_product_gradient(slots * 8, 32, 32, x1, 96, x2, 32,
        0, y0, 32, 6, 2, 1);
}

/* sum */
KERNEL void sum_24(int slots, real *restrict y0, const real *restrict x1)
{
    for (int j = 0; j < 64; j++) {
        y0[j] = x1[j];
    }
    for (int i = 1; i < slots * 8; i++)
        for (int j = 0; j < 64; j++) {
            y0[j] += x1[i * 96 + j];
        }
}

/* matmul {64, 32} = {64, slots * 8} {slots * 8, 32} */
KERNEL void matmul_24_d(int slots, real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    tl_product_gradient(slots * 8, 64, 32, x1, 96, x2, 32,
        0, y0, 32, 6, 2, 1);
}

/* matmul {96, 4} = {96, slots * 8} {slots * 8, 4} */
KERNEL void matmul_24_e(int slots, real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    tl_product_gradient_narrow(slots * 8, 96, 4, x1, 96, x2, 4,
        0, y0, 4, 3, 1);
}

/* where */
KERNEL void loop_13_e(int slots, real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    for (int i = 0; i < slots * 8; i++)
        for (int j = 0; j < 32; j++) {
            const real v1 = x1[i];
            const real v2 = x2[i * 32 + j];
            y0[i * 32 + j] = choose(v1, v2, 0.0f);
        }
}

/* sum */
KERNEL void sum_13(int slots, real *restrict y0, const real *restrict x1)
{
    for (int j = 0; j < 32; j++) {
        y0[j] = x1[j];
    }
    for (int i = 1; i < slots * 8; i++)
        for (int j = 0; j < 32; j++) {
            y0[j] += x1[i * 32 + j];
        }
}

/* sum */
KERNEL void sum_24_b(real *restrict y0, const real *restrict x1)
{
    for (int j = 0; j < 64; j++) {
        y0[j] += x1[j];
    }
    for (int i = 1; i < 8; i++)
        for (int j = 0; j < 64; j++) {
            y0[j] += x1[i * 96 + j];
        }
}

/* matmul {8, 96} = {8, 4} {4, 96} */
KERNEL void matmul_24_f(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    tl_product_dots(8, 96, 4, x1, 4, x2, 4,
        NULL, 0, y0, 96, 1, 8);
}

/* matmul {8, 64} = {8, 32} {32, 64} */
KERNEL void matmul_24_g(real *restrict y0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3)
{
    tl_product_dots(8, 64, 32, x1, 32, x2, 32,
        x3, 64, y0, 64, 1, 8);
}

/* sigmoid sigmoid mul add */
KERNEL void loop_24_d(const real *restrict x0, real *restrict y1, const real *restrict x2,
        real *restrict y3, const real *restrict x4, real *restrict y5, const real *restrict x6,
        const real *restrict x7)
{
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 32; j++) {
            const real v0 = x0[i * 64 + j];
            const real t0 = tl_sigmoid_f32(v0);
            const real v2 = x2[i * 64 + j];
            y1[i * 32 + j] = tl_sigmoid_f32(v2);
            const real v4 = x4[i * 32 + j];
            y3[i * 32 + j] = v4 * t0;
            const real v6 = x6[j];
            const real v7 = x7[i * 96 + j];
            y5[i * 32 + j] = v6 + v7;
        }
}

/* matmul {8, 32} = {8, 32} {32, 32} */
KERNEL void matmul_26_d(real *restrict y0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3)
{
    tl_product_dots(8, 32, 32, x1, 32, x2, 32,
        x3, 32, y0, 32, 1, 8);
}

/* tanh sub mul mul add */
KERNEL void loop_26_c(const real *restrict x0, const real *restrict x1, const real *restrict x2,
        real *restrict y3)
{
    for (int i = 0; i < 256; i++) {
        const real v0 = x0[i];
        const real t0 = tl_tanh_f32(v0);
        const real v1 = x1[i];
        const real t1 = 1.0f - v1;
        const real t2 = t0 * t1;
        const real v2 = x2[i];
        const real t3 = v2 * v1;
        y3[i] = t2 + t3;
    }
}

/* matmul {8, 1} = {8, 32} {32, 1} */
KERNEL void matmul_28_d(real *restrict y0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3)
{
    tl_product_in_place(8, 1, 32, x1, 32, x2, 1,
        x3, 0, y0, 1, 8, 1, 1);
}

/* sub square */
KERNEL void loop_13_f(const real *restrict x0, const real *restrict x1, real *restrict y2)
{
    for (int i = 0; i < 8; i++) {
        const real v0 = x0[i];
        const real v1 = x1[i];
        const real t0 = v0 - v1;
        y2[i] = t0 * t0;
    }
}

/* copy */
KERNEL void loop_27_b(real *restrict y0, const real *restrict x1)
{
    for (int i = 0; i < 256; i++) {
        const real v1 = x1[i];
        y0[i] = v1;
    }
}

/* matmul {1, 96} = {1, 4} {4, 96} */
KERNEL void matmul_24_h(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    tl_product_dots(1, 96, 4, x1, 0, x2, 4,
        NULL, 0, y0, 0, 1, 8);
}

/* add */
KERNEL void loop_24_e(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    for (int i = 0; i < 64; i++) {
        const real v1 = x1[i];
        const real v2 = x2[i];
        y0[i] = v1 + v2;
    }
}

/* matmul {1, 64} = {1, 32} {32, 64} */
KERNEL void matmul_24_i(real *restrict y0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3)
{
    tl_product_dots(1, 64, 32, x1, 0, x2, 32,
        x3, 0, y0, 0, 1, 8);
}

/* sigmoid sigmoid mul add */
KERNEL void loop_24_f(const real *restrict x0, real *restrict y1, const real *restrict x2,
        real *restrict y3, const real *restrict x4, real *restrict y5, const real *restrict x6,
        const real *restrict x7)
{
    for (int i = 0; i < 32; i++) {
        const real v0 = x0[i];
        const real t0 = tl_sigmoid_f32(v0);
        const real v2 = x2[i];
        y1[i] = tl_sigmoid_f32(v2);
        const real v4 = x4[i];
        y3[i] = v4 * t0;
        const real v6 = x6[i];
        const real v7 = x7[i];
        y5[i] = v6 + v7;
    }
}

/* matmul {1, 32} = {1, 32} {32, 32} */
KERNEL void matmul_26_e(real *restrict y0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3)
{
    tl_product_dots(1, 32, 32, x1, 0, x2, 32,
        x3, 0, y0, 0, 1, 8);
}

/* tanh sub mul mul add */
KERNEL void loop_26_d(const real *restrict x0, const real *restrict x1, const real *restrict x2,
        real *restrict y3)
{
    for (int i = 0; i < 32; i++) {
        const real v0 = x0[i];
        const real t0 = tl_tanh_f32(v0);
        const real v1 = x1[i];
        const real t1 = 1.0f - v1;
        const real t2 = t0 * t1;
        const real v2 = x2[i];
        const real t3 = v2 * v1;
        y3[i] = t2 + t3;
    }
}

/* matmul {1, 1} = {1, 32} {32, 1} */
KERNEL void matmul_28_e(real *restrict y0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3)
{
    tl_product_in_place(1, 1, 32, x1, 0, x2, 1,
        x3, 0, y0, 0, 1, 1, 8);
}

/* sub square */
KERNEL void loop_13_g(const real *restrict x0, const real *restrict x1, real *restrict y2)
{
    const real v0 = x0[0];
    const real v1 = x1[0];
    const real t0 = v0 - v1;
    y2[0] = t0 * t0;
}

/* copy */
KERNEL void loop_27_c(real *restrict y0, const real *restrict x1)
{
    for (int i = 0; i < 32; i++) {
        const real v1 = x1[i];
        y0[i] = v1;
    }
}

static void pack_weights(const tl_window *win)
{
    const real *const p_Un = (const real *)win->params;
    const real *const p_Ur = (const real *)win->params + 1024;
    const real *const p_Wr = (const real *)win->params + 3104;
    real *const packs = win->packs ? (real *)win->packs : (real *)win->work + 99328;
    tl_pack_transposed(96, 4, 3, p_Wr, 4, packs);
    tl_pack_transposed(64, 32, 3, p_Ur, 32, packs + 384);
    tl_pack_transposed(32, 32, 2, p_Un, 32, packs + 2432);
}

static void forward_all(const tl_window *win)
{
    const int first = win->first;
    real *const w = (real *)win->work;
    const real *const in0 = (const real *)win->input[0];
    real *const packs = win->packs ? (real *)win->packs : (real *)win->work + 99328;
    /* gru.lua:24 */
    matmul_24(32 - first, w + first * 768, in0 + first * 32, packs);
}

static void forward_1_to_32(const tl_window *win)
{
    const real *const p_bn = (const real *)win->params + 3488;
    const real *const p_br = (const real *)win->params + 3520;
    const real *const p_init_h = (const real *)win->params + 3600;
    real *const s_h = (real *)win->states;
    const real *const reset = (const real *)win->reset;
    real *const w = (real *)win->work;
    real *const packs = win->packs ? (real *)win->packs : (real *)win->work + 99328;
    switch (win->first) {
    case 0:
    /* ---- step 1 of 32, forward ---- */
    /* gru.lua:13 */
    loop_13(w + 24576, reset, p_init_h, s_h);
    /* gru.lua:24 */
    loop_24(w + 32768, w, p_br);
    matmul_24_b(w + 33280, w + 24576, packs + 384, w + 32768);
    /* gru.lua:24-26 */
    loop_24_b(w + 33792, w + 33280, w + 41984, w + 33312, w + 50176, w + 24576, w + 32768, p_bn,
        w + 64);
    /* gru.lua:26 */
    matmul_26(w + 33024, w + 50176, packs + 2432, w + 32768);
    /* gru.lua:26-27 */
    loop_26(w + 58368, w + 33024, w + 66560, w + 41984, w + 24576, s_h + 256);
    /* fall through */
    case 1:
    /* ---- step 2 of 32, forward ---- */
    /* gru.lua:13 */
    loop_13(w + 24832, reset + 8, p_init_h, s_h + 256);
    /* gru.lua:24 */
    loop_24_c(w + 32768, p_br, w + 768);
    matmul_24_b(w + 33280, w + 24832, packs + 384, w + 32768);
    /* gru.lua:24-26 */
    loop_24_b(w + 34048, w + 33280, w + 42240, w + 33312, w + 50432, w + 24832, w + 32768, p_bn,
        w + 832);
    /* gru.lua:26 */
    matmul_26(w + 33024, w + 50432, packs + 2432, w + 32768);
    /* gru.lua:26-27 */
    loop_26(w + 58624, w + 33024, w + 66816, w + 42240, w + 24832, s_h + 512);
    /* fall through */
    case 2:
    /* ---- step 3 of 32, forward ---- */
    /* gru.lua:13 */
    loop_13(w + 25088, reset + 16, p_init_h, s_h + 512);
    /* gru.lua:24 */
    loop_24_c(w + 32768, p_br, w + 1536);
    matmul_24_b(w + 33280, w + 25088, packs + 384, w + 32768);
    /* gru.lua:24-26 */
    loop_24_b(w + 34304, w + 33280, w + 42496, w + 33312, w + 50688, w + 25088, w + 32768, p_bn,
        w + 1600);
    /* gru.lua:26 */
    matmul_26(w + 33024, w + 50688, packs + 2432, w + 32768);
    /* gru.lua:26-27 */
    loop_26(w + 58880, w + 33024, w + 67072, w + 42496, w + 25088, s_h + 768);
    /* fall through */
    case 3:
    /* ---- step 4 of 32, forward ---- */
    /* gru.lua:13 */
    loop_13(w + 25344, reset + 24, p_init_h, s_h + 768);
    /* gru.lua:24 */
    loop_24_c(w + 32768, p_br, w + 2304);
    matmul_24_b(w + 33280, w + 25344, packs + 384, w + 32768);
    /* gru.lua:24-26 */
    loop_24_b(w + 34560, w + 33280, w + 42752, w + 33312, w + 50944, w + 25344, w + 32768, p_bn,
        w + 2368);
    /* gru.lua:26 */
    matmul_26(w + 33024, w + 50944, packs + 2432, w + 32768);
    /* gru.lua:26-27 */
    loop_26(w + 59136, w + 33024, w + 67328, w + 42752, w + 25344, s_h + 1024);
    /* fall through */
    case 4:
    /* ---- step 5 of 32, forward ---- */
    /* gru.lua:13 */
    loop_13(w + 25600, reset + 32, p_init_h, s_h + 1024);
    /* gru.lua:24 */
    loop_24_c(w + 32768, p_br, w + 3072);
    matmul_24_b(w + 33280, w + 25600, packs + 384, w + 32768);
    /* gru.lua:24-26 */
    loop_24_b(w + 34816, w + 33280, w + 43008, w + 33312, w + 51200, w + 25600, w + 32768, p_bn,
        w + 3136);
    /* gru.lua:26 */
    matmul_26(w + 33024, w + 51200, packs + 2432, w + 32768);
    /* gru.lua:26-27 */
    loop_26(w + 59392, w + 33024, w + 67584, w + 43008, w + 25600, s_h + 1280);
    /* fall through */
    case 5:
    /* ---- step 6 of 32, forward ---- */
    /* gru.lua:13 */
    loop_13(w + 25856, reset + 40, p_init_h, s_h + 1280);
    /* gru.lua:24 */
    loop_24_c(w + 32768, p_br, w + 3840);
    matmul_24_b(w + 33280, w + 25856, packs + 384, w + 32768);
    /* gru.lua:24-26 */
    loop_24_b(w + 35072, w + 33280, w + 43264, w + 33312, w + 51456, w + 25856, w + 32768, p_bn,
        w + 3904);
    /* gru.lua:26 */
    matmul_26(w + 33024, w + 51456, packs + 2432, w + 32768);
    /* gru.lua:26-27 */
    loop_26(w + 59648, w + 33024, w + 67840, w + 43264, w + 25856, s_h + 1536);
    /* fall through */
    case 6:
    /* ---- step 7 of 32, forward ---- */
    /* gru.lua:13 */
    loop_13(w + 26112, reset + 48, p_init_h, s_h + 1536);
    /* gru.lua:24 */
    loop_24_c(w + 32768, p_br, w + 4608);
    matmul_24_b(w + 33280, w + 26112, packs + 384, w + 32768);
    /* gru.lua:24-26 */
    loop_24_b(w + 35328, w + 33280, w + 43520, w + 33312, w + 51712, w + 26112, w + 32768, p_bn,
        w + 4672);
    /* gru.lua:26 */
    matmul_26(w + 33024, w + 51712, packs + 2432, w + 32768);
    /* gru.lua:26-27 */
    loop_26(w + 59904, w + 33024, w + 68096, w + 43520, w + 26112, s_h + 1792);
    /* fall through */
    case 7:
    /* ---- step 8 of 32, forward ---- */
    /* gru.lua:13 */
    loop_13(w + 26368, reset + 56, p_init_h, s_h + 1792);
    /* gru.lua:24 */
    loop_24_c(w + 32768, p_br, w + 5376);
    matmul_24_b(w + 33280, w + 26368, packs + 384, w + 32768);
    /* gru.lua:24-26 */
    loop_24_b(w + 35584, w + 33280, w + 43776, w + 33312, w + 51968, w + 26368, w + 32768, p_bn,
        w + 5440);
    /* gru.lua:26 */
    matmul_26(w + 33024, w + 51968, packs + 2432, w + 32768);
    /* gru.lua:26-27 */
    loop_26(w + 60160, w + 33024, w + 68352, w + 43776, w + 26368, s_h + 2048);
    /* fall through */
    case 8:
    /* ---- step 9 of 32, forward ---- */
    /* gru.lua:13 */
    loop_13(w + 26624, reset + 64, p_init_h, s_h + 2048);
    /* gru.lua:24 */
    loop_24_c(w + 32768, p_br, w + 6144);
    matmul_24_b(w + 33280, w + 26624, packs + 384, w + 32768);
    /* gru.lua:24-26 */
    loop_24_b(w + 35840, w + 33280, w + 44032, w + 33312, w + 52224, w + 26624, w + 32768, p_bn,
        w + 6208);
    /* gru.lua:26 */
    matmul_26(w + 33024, w + 52224, packs + 2432, w + 32768);
    /* gru.lua:26-27 */
    loop_26(w + 60416, w + 33024, w + 68608, w + 44032, w + 26624, s_h + 2304);
    /* fall through */
    case 9:
    /* ---- step 10 of 32, forward ---- */
    /* gru.lua:13 */
    loop_13(w + 26880, reset + 72, p_init_h, s_h + 2304);
    /* gru.lua:24 */
    loop_24_c(w + 32768, p_br, w + 6912);
    matmul_24_b(w + 33280, w + 26880, packs + 384, w + 32768);
    /* gru.lua:24-26 */
    loop_24_b(w + 36096, w + 33280, w + 44288, w + 33312, w + 52480, w + 26880, w + 32768, p_bn,
        w + 6976);
    /* gru.lua:26 */
    matmul_26(w + 33024, w + 52480, packs + 2432, w + 32768);
    /* gru.lua:26-27 */
    loop_26(w + 60672, w + 33024, w + 68864, w + 44288, w + 26880, s_h + 2560);
    /* fall through */
    case 10:
    /* ---- step 11 of 32, forward ---- */
    /* gru.lua:13 */
    loop_13(w + 27136, reset + 80, p_init_h, s_h + 2560);
    /* gru.lua:24 */
    loop_24_c(w + 32768, p_br, w + 7680);
    matmul_24_b(w + 33280, w + 27136, packs + 384, w + 32768);
    /* gru.lua:24-26 */
    loop_24_b(w + 36352, w + 33280, w + 44544, w + 33312, w + 52736, w + 27136, w + 32768, p_bn,
        w + 7744);
    /* gru.lua:26 */
    matmul_26(w + 33024, w + 52736, packs + 2432, w + 32768);
    /* gru.lua:26-27 */
    loop_26(w + 60928, w + 33024, w + 69120, w + 44544, w + 27136, s_h + 2816);
    /* fall through */
    case 11:
    /* ---- step 12 of 32, forward ---- */
    /* gru.lua:13 */
    loop_13(w + 27392, reset + 88, p_init_h, s_h + 2816);
    /* gru.lua:24 */
    loop_24_c(w + 32768, p_br, w + 8448);
    matmul_24_b(w + 33280, w + 27392, packs + 384, w + 32768);
    /* gru.lua:24-26 */
    loop_24_b(w + 36608, w + 33280, w + 44800, w + 33312, w + 52992, w + 27392, w + 32768, p_bn,
        w + 8512);
    /* gru.lua:26 */
    matmul_26(w + 33024, w + 52992, packs + 2432, w + 32768);
    /* gru.lua:26-27 */
    loop_26(w + 61184, w + 33024, w + 69376, w + 44800, w + 27392, s_h + 3072);
    /* fall through */
    case 12:
    /* ---- step 13 of 32, forward ---- */
    /* gru.lua:13 */
    loop_13(w + 27648, reset + 96, p_init_h, s_h + 3072);
    /* gru.lua:24 */
    loop_24_c(w + 32768, p_br, w + 9216);
    matmul_24_b(w + 33280, w + 27648, packs + 384, w + 32768);
    /* gru.lua:24-26 */
    loop_24_b(w + 36864, w + 33280, w + 45056, w + 33312, w + 53248, w + 27648, w + 32768, p_bn,
        w + 9280);
    /* gru.lua:26 */
    matmul_26(w + 33024, w + 53248, packs + 2432, w + 32768);
    /* gru.lua:26-27 */
    loop_26(w + 61440, w + 33024, w + 69632, w + 45056, w + 27648, s_h + 3328);
    /* fall through */
    case 13:
    /* ---- step 14 of 32, forward ---- */
    /* gru.lua:13 */
    loop_13(w + 27904, reset + 104, p_init_h, s_h + 3328);
    /* gru.lua:24 */
    loop_24_c(w + 32768, p_br, w + 9984);
    matmul_24_b(w + 33280, w + 27904, packs + 384, w + 32768);
    /* gru.lua:24-26 */
    loop_24_b(w + 37120, w + 33280, w + 45312, w + 33312, w + 53504, w + 27904, w + 32768, p_bn,
        w + 10048);
    /* gru.lua:26 */
    matmul_26(w + 33024, w + 53504, packs + 2432, w + 32768);
    /* gru.lua:26-27 */
    loop_26(w + 61696, w + 33024, w + 69888, w + 45312, w + 27904, s_h + 3584);
    /* fall through */
    case 14:
    /* ---- step 15 of 32, forward ---- */
    /* gru.lua:13 */
    loop_13(w + 28160, reset + 112, p_init_h, s_h + 3584);
    /* gru.lua:24 */
    loop_24_c(w + 32768, p_br, w + 10752);
    matmul_24_b(w + 33280, w + 28160, packs + 384, w + 32768);
    /* gru.lua:24-26 */
    loop_24_b(w + 37376, w + 33280, w + 45568, w + 33312, w + 53760, w + 28160, w + 32768, p_bn,
        w + 10816);
    /* gru.lua:26 */
    matmul_26(w + 33024, w + 53760, packs + 2432, w + 32768);
    /* gru.lua:26-27 */
    loop_26(w + 61952, w + 33024, w + 70144, w + 45568, w + 28160, s_h + 3840);
    /* fall through */
    case 15:
    /* ---- step 16 of 32, forward ---- */
    /* gru.lua:13 */
    loop_13(w + 28416, reset + 120, p_init_h, s_h + 3840);
    /* gru.lua:24 */
    loop_24_c(w + 32768, p_br, w + 11520);
    matmul_24_b(w + 33280, w + 28416, packs + 384, w + 32768);
    /* gru.lua:24-26 */
    loop_24_b(w + 37632, w + 33280, w + 45824, w + 33312, w + 54016, w + 28416, w + 32768, p_bn,
        w + 11584);
    /* gru.lua:26 */
    matmul_26(w + 33024, w + 54016, packs + 2432, w + 32768);
    /* gru.lua:26-27 */
    loop_26(w + 62208, w + 33024, w + 70400, w + 45824, w + 28416, s_h + 4096);
    /* fall through */
    case 16:
    /* ---- step 17 of 32, forward ---- */
    /* gru.lua:13 */
    loop_13(w + 28672, reset + 128, p_init_h, s_h + 4096);
    /* gru.lua:24 */
    loop_24_c(w + 32768, p_br, w + 12288);
    matmul_24_b(w + 33280, w + 28672, packs + 384, w + 32768);
    /* gru.lua:24-26 */
    loop_24_b(w + 37888, w + 33280, w + 46080, w + 33312, w + 54272, w + 28672, w + 32768, p_bn,
        w + 12352);
    /* gru.lua:26 */
    matmul_26(w + 33024, w + 54272, packs + 2432, w + 32768);
    /* gru.lua:26-27 */
    loop_26(w + 62464, w + 33024, w + 70656, w + 46080, w + 28672, s_h + 4352);
    /* fall through */
    case 17:
    /* ---- step 18 of 32, forward ---- */
    /* gru.lua:13 */
    loop_13(w + 28928, reset + 136, p_init_h, s_h + 4352);
    /* gru.lua:24 */
    loop_24_c(w + 32768, p_br, w + 13056);
    matmul_24_b(w + 33280, w + 28928, packs + 384, w + 32768);
    /* gru.lua:24-26 */
    loop_24_b(w + 38144, w + 33280, w + 46336, w + 33312, w + 54528, w + 28928, w + 32768, p_bn,
        w + 13120);
    /* gru.lua:26 */
    matmul_26(w + 33024, w + 54528, packs + 2432, w + 32768);
    /* gru.lua:26-27 */
    loop_26(w + 62720, w + 33024, w + 70912, w + 46336, w + 28928, s_h + 4608);
    /* fall through */
    case 18:
    /* ---- step 19 of 32, forward ---- */
    /* gru.lua:13 */
    loop_13(w + 29184, reset + 144, p_init_h, s_h + 4608);
    /* gru.lua:24 */
    loop_24_c(w + 32768, p_br, w + 13824);
    matmul_24_b(w + 33280, w + 29184, packs + 384, w + 32768);
    /* gru.lua:24-26 */
    loop_24_b(w + 38400, w + 33280, w + 46592, w + 33312, w + 54784, w + 29184, w + 32768, p_bn,
        w + 13888);
    /* gru.lua:26 */
    matmul_26(w + 33024, w + 54784, packs + 2432, w + 32768);
    /* gru.lua:26-27 */
    loop_26(w + 62976, w + 33024, w + 71168, w + 46592, w + 29184, s_h + 4864);
    /* fall through */
    case 19:
    /* ---- step 20 of 32, forward ---- */
    /* gru.lua:13 */
    loop_13(w + 29440, reset + 152, p_init_h, s_h + 4864);
    /* gru.lua:24 */
    loop_24_c(w + 32768, p_br, w + 14592);
    matmul_24_b(w + 33280, w + 29440, packs + 384, w + 32768);
    /* gru.lua:24-26 */
    loop_24_b(w + 38656, w + 33280, w + 46848, w + 33312, w + 55040, w + 29440, w + 32768, p_bn,
        w + 14656);
    /* gru.lua:26 */
    matmul_26(w + 33024, w + 55040, packs + 2432, w + 32768);
    /* gru.lua:26-27 */
    loop_26(w + 63232, w + 33024, w + 71424, w + 46848, w + 29440, s_h + 5120);
    /* fall through */
    case 20:
    /* ---- step 21 of 32, forward ---- */
    /* gru.lua:13 */
    loop_13(w + 29696, reset + 160, p_init_h, s_h + 5120);
    /* gru.lua:24 */
    loop_24_c(w + 32768, p_br, w + 15360);
    matmul_24_b(w + 33280, w + 29696, packs + 384, w + 32768);
    /* gru.lua:24-26 */
    loop_24_b(w + 38912, w + 33280, w + 47104, w + 33312, w + 55296, w + 29696, w + 32768, p_bn,
        w + 15424);
    /* gru.lua:26 */
    matmul_26(w + 33024, w + 55296, packs + 2432, w + 32768);
    /* gru.lua:26-27 */
    loop_26(w + 63488, w + 33024, w + 71680, w + 47104, w + 29696, s_h + 5376);
    /* fall through */
    case 21:
    /* ---- step 22 of 32, forward ---- */
    /* gru.lua:13 */
    loop_13(w + 29952, reset + 168, p_init_h, s_h + 5376);
    /* gru.lua:24 */
    loop_24_c(w + 32768, p_br, w + 16128);
    matmul_24_b(w + 33280, w + 29952, packs + 384, w + 32768);
    /* gru.lua:24-26 */
    loop_24_b(w + 39168, w + 33280, w + 47360, w + 33312, w + 55552, w + 29952, w + 32768, p_bn,
        w + 16192);
    /* gru.lua:26 */
    matmul_26(w + 33024, w + 55552, packs + 2432, w + 32768);
    /* gru.lua:26-27 */
    loop_26(w + 63744, w + 33024, w + 71936, w + 47360, w + 29952, s_h + 5632);
    /* fall through */
    case 22:
    /* ---- step 23 of 32, forward ---- */
    /* gru.lua:13 */
    loop_13(w + 30208, reset + 176, p_init_h, s_h + 5632);
    /* gru.lua:24 */
    loop_24_c(w + 32768, p_br, w + 16896);
    matmul_24_b(w + 33280, w + 30208, packs + 384, w + 32768);
    /* gru.lua:24-26 */
    loop_24_b(w + 39424, w + 33280, w + 47616, w + 33312, w + 55808, w + 30208, w + 32768, p_bn,
        w + 16960);
    /* gru.lua:26 */
    matmul_26(w + 33024, w + 55808, packs + 2432, w + 32768);
    /* gru.lua:26-27 */
    loop_26(w + 64000, w + 33024, w + 72192, w + 47616, w + 30208, s_h + 5888);
    /* fall through */
    case 23:
    /* ---- step 24 of 32, forward ---- */
    /* gru.lua:13 */
    loop_13(w + 30464, reset + 184, p_init_h, s_h + 5888);
    /* gru.lua:24 */
    loop_24_c(w + 32768, p_br, w + 17664);
    matmul_24_b(w + 33280, w + 30464, packs + 384, w + 32768);
    /* gru.lua:24-26 */
    loop_24_b(w + 39680, w + 33280, w + 47872, w + 33312, w + 56064, w + 30464, w + 32768, p_bn,
        w + 17728);
    /* gru.lua:26 */
    matmul_26(w + 33024, w + 56064, packs + 2432, w + 32768);
    /* gru.lua:26-27 */
    loop_26(w + 64256, w + 33024, w + 72448, w + 47872, w + 30464, s_h + 6144);
    /* fall through */
    case 24:
    /* ---- step 25 of 32, forward ---- */
    /* gru.lua:13 */
    loop_13(w + 30720, reset + 192, p_init_h, s_h + 6144);
    /* gru.lua:24 */
    loop_24_c(w + 32768, p_br, w + 18432);
    matmul_24_b(w + 33280, w + 30720, packs + 384, w + 32768);
    /* gru.lua:24-26 */
    loop_24_b(w + 39936, w + 33280, w + 48128, w + 33312, w + 56320, w + 30720, w + 32768, p_bn,
        w + 18496);
    /* gru.lua:26 */
    matmul_26(w + 33024, w + 56320, packs + 2432, w + 32768);
    /* gru.lua:26-27 */
    loop_26(w + 64512, w + 33024, w + 72704, w + 48128, w + 30720, s_h + 6400);
    /* fall through */
    case 25:
    /* ---- step 26 of 32, forward ---- */
    /* gru.lua:13 */
    loop_13(w + 30976, reset + 200, p_init_h, s_h + 6400);
    /* gru.lua:24 */
    loop_24_c(w + 32768, p_br, w + 19200);
    matmul_24_b(w + 33280, w + 30976, packs + 384, w + 32768);
    /* gru.lua:24-26 */
    loop_24_b(w + 40192, w + 33280, w + 48384, w + 33312, w + 56576, w + 30976, w + 32768, p_bn,
        w + 19264);
    /* gru.lua:26 */
    matmul_26(w + 33024, w + 56576, packs + 2432, w + 32768);
    /* gru.lua:26-27 */
    loop_26(w + 64768, w + 33024, w + 72960, w + 48384, w + 30976, s_h + 6656);
    /* fall through */
    case 26:
    /* ---- step 27 of 32, forward ---- */
    /* gru.lua:13 */
    loop_13(w + 31232, reset + 208, p_init_h, s_h + 6656);
    /* gru.lua:24 */
    loop_24_c(w + 32768, p_br, w + 19968);
    matmul_24_b(w + 33280, w + 31232, packs + 384, w + 32768);
    /* gru.lua:24-26 */
    loop_24_b(w + 40448, w + 33280, w + 48640, w + 33312, w + 56832, w + 31232, w + 32768, p_bn,
        w + 20032);
    /* gru.lua:26 */
    matmul_26(w + 33024, w + 56832, packs + 2432, w + 32768);
    /* gru.lua:26-27 */
    loop_26(w + 65024, w + 33024, w + 73216, w + 48640, w + 31232, s_h + 6912);
    /* fall through */
    case 27:
    /* ---- step 28 of 32, forward ---- */
    /* gru.lua:13 */
    loop_13(w + 31488, reset + 216, p_init_h, s_h + 6912);
    /* gru.lua:24 */
    loop_24_c(w + 32768, p_br, w + 20736);
    matmul_24_b(w + 33280, w + 31488, packs + 384, w + 32768);
    /* gru.lua:24-26 */
    loop_24_b(w + 40704, w + 33280, w + 48896, w + 33312, w + 57088, w + 31488, w + 32768, p_bn,
        w + 20800);
    /* gru.lua:26 */
    matmul_26(w + 33024, w + 57088, packs + 2432, w + 32768);
    /* gru.lua:26-27 */
    loop_26(w + 65280, w + 33024, w + 73472, w + 48896, w + 31488, s_h + 7168);
    /* fall through */
    case 28:
    /* ---- step 29 of 32, forward ---- */
    /* gru.lua:13 */
    loop_13(w + 31744, reset + 224, p_init_h, s_h + 7168);
    /* gru.lua:24 */
    loop_24_c(w + 32768, p_br, w + 21504);
    matmul_24_b(w + 33280, w + 31744, packs + 384, w + 32768);
    /* gru.lua:24-26 */
    loop_24_b(w + 40960, w + 33280, w + 49152, w + 33312, w + 57344, w + 31744, w + 32768, p_bn,
        w + 21568);
    /* gru.lua:26 */
    matmul_26(w + 33024, w + 57344, packs + 2432, w + 32768);
    /* gru.lua:26-27 */
    loop_26(w + 65536, w + 33024, w + 73728, w + 49152, w + 31744, s_h + 7424);
    /* fall through */
    case 29:
    /* ---- step 30 of 32, forward ---- */
    /* gru.lua:13 */
    loop_13(w + 32000, reset + 232, p_init_h, s_h + 7424);
    /* gru.lua:24 */
    loop_24_c(w + 32768, p_br, w + 22272);
    matmul_24_b(w + 33280, w + 32000, packs + 384, w + 32768);
    /* gru.lua:24-26 */
    loop_24_b(w + 41216, w + 33280, w + 49408, w + 33312, w + 57600, w + 32000, w + 32768, p_bn,
        w + 22336);
    /* gru.lua:26 */
    matmul_26(w + 33024, w + 57600, packs + 2432, w + 32768);
    /* gru.lua:26-27 */
    loop_26(w + 65792, w + 33024, w + 73984, w + 49408, w + 32000, s_h + 7680);
    /* fall through */
    case 30:
    /* ---- step 31 of 32, forward ---- */
    /* gru.lua:13 */
    loop_13(w + 32256, reset + 240, p_init_h, s_h + 7680);
    /* gru.lua:24 */
    loop_24_c(w + 32768, p_br, w + 23040);
    matmul_24_b(w + 33280, w + 32256, packs + 384, w + 32768);
    /* gru.lua:24-26 */
    loop_24_b(w + 41472, w + 33280, w + 49664, w + 33312, w + 57856, w + 32256, w + 32768, p_bn,
        w + 23104);
    /* gru.lua:26 */
    matmul_26(w + 33024, w + 57856, packs + 2432, w + 32768);
    /* gru.lua:26-27 */
    loop_26(w + 66048, w + 33024, w + 74240, w + 49664, w + 32256, s_h + 7936);
    /* fall through */
    case 31:
    /* ---- step 32 of 32, forward ---- */
    /* gru.lua:13 */
    loop_13(w + 32512, reset + 248, p_init_h, s_h + 7936);
    /* gru.lua:24 */
    loop_24_c(w + 32768, p_br, w + 23808);
    matmul_24_b(w + 33280, w + 32512, packs + 384, w + 32768);
    /* gru.lua:24-26 */
    loop_24_b(w + 41728, w + 33280, w + 49920, w + 33312, w + 58112, w + 32512, w + 32768, p_bn,
        w + 23872);
    /* gru.lua:26 */
    matmul_26(w + 33024, w + 58112, packs + 2432, w + 32768);
    /* gru.lua:26-27 */
    loop_26(w + 66304, w + 33024, w + 74496, w + 49920, w + 32512, s_h + 8192);
    }
}

static void forward_all_2(const tl_window *win)
{
    const int first = win->first;
    const real *const p_V = (const real *)win->params + 3072;
    const real *const p_d = (const real *)win->params + 3584;
    real *const s_h = (real *)win->states;
    real *const loss = (real *)win->losses;
    real *const w = (real *)win->work;
    const real *const target0 = (const real *)win->target[0];
    /* gru.lua:28 */
    {
        const int from = first > 16 ? first : 16;
        matmul_28(32 - from, w + from * 8 + 32640, s_h + from * 256 + 256, p_V, p_d);
    }
    /* gru.lua:13 */
    {
        const int from = first > 16 ? first : 16;
        loop_13_b(32 - from, w + from * 8 + 32768, w + from * 8 + 32640, target0 + from * 8,
        loss + from * 8);
    }
}

static void backward_all(const tl_window *win)
{
    const int first = win->first;
    const real *const p_V = (const real *)win->params + 3072;
    real *const g_V = (real *)win->grads + 3072;
    real *const g_d = (real *)win->grads + 3584;
    real *const s_h = (real *)win->states;
    const real *const weight = (const real *)win->weight;
    real *const w = (real *)win->work;
    /* gru.lua:13 */
    {
        const int from = first > 16 ? first : 16;
        loop_13_c(32 - from, w + from * 8 + 32768, w + from * 8 + 32640, weight + from * 8);
    }
    /* gru.lua:28 */
    {
        const int from = first > 16 ? first : 16;
        sum_28(32 - from, g_d, w + from * 8 + 32640);
    }
    {
        const int from = first > 16 ? first : 16;
        matmul_28_b(32 - from, w + from * 256 - 4096, w + from * 8 + 32640, p_V);
    }
    {
        const int from = first > 16 ? first : 16;
        matmul_28_c(32 - from, g_V, w + from * 8 + 32640, s_h + from * 256 + 256);
    }
}

static void backward_32_to_1(const tl_window *win)
{
    const real *const p_Un = (const real *)win->params;
    const real *const p_Ur = (const real *)win->params + 1024;
    const real *const reset = (const real *)win->reset;
    real *const w = (real *)win->work;
    /* ---- step 32 of 32, backward ---- */
    /* gru.lua:26-27 */
    loop_27(w + 32768, w + 49920, w + 3840, w + 32512, w + 74496, w + 66304, w + 33024, w + 98624);
    /* gru.lua:26 */
    matmul_26_b(w + 33280, w + 98624, p_Un);
    /* gru.lua:24-26 */
    loop_26_b(w + 41728, w + 33280, w + 33536, w + 32768, w + 32512, w + 49920, w + 74496,
        w + 98592, w + 33024, w + 98560);
    /* gru.lua:24 */
    matmul_24_c(w + 12032, w + 98560, p_Ur, w + 33536);
    /* gru.lua:13 */
    loop_13_d(w + 19968, reset + 248, w + 12032);
    if (win->first > 30)
        return;
    /* ---- step 31 of 32, backward ---- */
    /* gru.lua:26-28 */
    loop_28(w + 19968, w + 3584, w + 32768, w + 49664, w + 32256, w + 74240, w + 66048, w + 33024,
        w + 97856);
    /* gru.lua:26 */
    matmul_26_b(w + 33280, w + 97856, p_Un);
    /* gru.lua:24-26 */
    loop_26_b(w + 41472, w + 33280, w + 33536, w + 32768, w + 32256, w + 49664, w + 74240,
        w + 97824, w + 33024, w + 97792);
    /* gru.lua:24 */
    matmul_24_c(w + 11776, w + 97792, p_Ur, w + 33536);
    /* gru.lua:13 */
    loop_13_d(w + 19712, reset + 240, w + 11776);
    if (win->first > 29)
        return;
    /* ---- step 30 of 32, backward ---- */
    /* gru.lua:26-28 */
    loop_28(w + 19712, w + 3328, w + 32768, w + 49408, w + 32000, w + 73984, w + 65792, w + 33024,
        w + 97088);
    /* gru.lua:26 */
    matmul_26_b(w + 33280, w + 97088, p_Un);
    /* gru.lua:24-26 */
    loop_26_b(w + 41216, w + 33280, w + 33536, w + 32768, w + 32000, w + 49408, w + 73984,
        w + 97056, w + 33024, w + 97024);
    /* gru.lua:24 */
    matmul_24_c(w + 11520, w + 97024, p_Ur, w + 33536);
    /* gru.lua:13 */
    loop_13_d(w + 19456, reset + 232, w + 11520);
    if (win->first > 28)
        return;
    /* ---- step 29 of 32, backward ---- */
    /* gru.lua:26-28 */
    loop_28(w + 19456, w + 3072, w + 32768, w + 49152, w + 31744, w + 73728, w + 65536, w + 33024,
        w + 96320);
    /* gru.lua:26 */
    matmul_26_b(w + 33280, w + 96320, p_Un);
    /* gru.lua:24-26 */
    loop_26_b(w + 40960, w + 33280, w + 33536, w + 32768, w + 31744, w + 49152, w + 73728,
        w + 96288, w + 33024, w + 96256);
    /* gru.lua:24 */
    matmul_24_c(w + 11264, w + 96256, p_Ur, w + 33536);
    /* gru.lua:13 */
    loop_13_d(w + 19200, reset + 224, w + 11264);
    if (win->first > 27)
        return;
    /* ---- step 28 of 32, backward ---- */
    /* gru.lua:26-28 */
    loop_28(w + 19200, w + 2816, w + 32768, w + 48896, w + 31488, w + 73472, w + 65280, w + 33024,
        w + 95552);
    /* gru.lua:26 */
    matmul_26_b(w + 33280, w + 95552, p_Un);
    /* gru.lua:24-26 */
    loop_26_b(w + 40704, w + 33280, w + 33536, w + 32768, w + 31488, w + 48896, w + 73472,
        w + 95520, w + 33024, w + 95488);
    /* gru.lua:24 */
    matmul_24_c(w + 11008, w + 95488, p_Ur, w + 33536);
    /* gru.lua:13 */
    loop_13_d(w + 18944, reset + 216, w + 11008);
    if (win->first > 26)
        return;
    /* ---- step 27 of 32, backward ---- */
    /* gru.lua:26-28 */
    loop_28(w + 18944, w + 2560, w + 32768, w + 48640, w + 31232, w + 73216, w + 65024, w + 33024,
        w + 94784);
    /* gru.lua:26 */
    matmul_26_b(w + 33280, w + 94784, p_Un);
    /* gru.lua:24-26 */
    loop_26_b(w + 40448, w + 33280, w + 33536, w + 32768, w + 31232, w + 48640, w + 73216,
        w + 94752, w + 33024, w + 94720);
    /* gru.lua:24 */
    matmul_24_c(w + 10752, w + 94720, p_Ur, w + 33536);
    /* gru.lua:13 */
    loop_13_d(w + 18688, reset + 208, w + 10752);
    if (win->first > 25)
        return;
    /* ---- step 26 of 32, backward ---- */
    /* gru.lua:26-28 */
    loop_28(w + 18688, w + 2304, w + 32768, w + 48384, w + 30976, w + 72960, w + 64768, w + 33024,
        w + 94016);
    /* gru.lua:26 */
    matmul_26_b(w + 33280, w + 94016, p_Un);
    /* gru.lua:24-26 */
    loop_26_b(w + 40192, w + 33280, w + 33536, w + 32768, w + 30976, w + 48384, w + 72960,
        w + 93984, w + 33024, w + 93952);
    /* gru.lua:24 */
    matmul_24_c(w + 10496, w + 93952, p_Ur, w + 33536);
    /* gru.lua:13 */
    loop_13_d(w + 18432, reset + 200, w + 10496);
    if (win->first > 24)
        return;
    /* ---- step 25 of 32, backward ---- */
    /* gru.lua:26-28 */
    loop_28(w + 18432, w + 2048, w + 32768, w + 48128, w + 30720, w + 72704, w + 64512, w + 33024,
        w + 93248);
    /* gru.lua:26 */
    matmul_26_b(w + 33280, w + 93248, p_Un);
    /* gru.lua:24-26 */
    loop_26_b(w + 39936, w + 33280, w + 33536, w + 32768, w + 30720, w + 48128, w + 72704,
        w + 93216, w + 33024, w + 93184);
    /* gru.lua:24 */
    matmul_24_c(w + 10240, w + 93184, p_Ur, w + 33536);
    /* gru.lua:13 */
    loop_13_d(w + 18176, reset + 192, w + 10240);
    if (win->first > 23)
        return;
    /* ---- step 24 of 32, backward ---- */
    /* gru.lua:26-28 */
    loop_28(w + 18176, w + 1792, w + 32768, w + 47872, w + 30464, w + 72448, w + 64256, w + 33024,
        w + 92480);
    /* gru.lua:26 */
    matmul_26_b(w + 33280, w + 92480, p_Un);
    /* gru.lua:24-26 */
    loop_26_b(w + 39680, w + 33280, w + 33536, w + 32768, w + 30464, w + 47872, w + 72448,
        w + 92448, w + 33024, w + 92416);
    /* gru.lua:24 */
    matmul_24_c(w + 9984, w + 92416, p_Ur, w + 33536);
    /* gru.lua:13 */
    loop_13_d(w + 17920, reset + 184, w + 9984);
    if (win->first > 22)
        return;
    /* ---- step 23 of 32, backward ---- */
    /* gru.lua:26-28 */
    loop_28(w + 17920, w + 1536, w + 32768, w + 47616, w + 30208, w + 72192, w + 64000, w + 33024,
        w + 91712);
    /* gru.lua:26 */
    matmul_26_b(w + 33280, w + 91712, p_Un);
    /* gru.lua:24-26 */
    loop_26_b(w + 39424, w + 33280, w + 33536, w + 32768, w + 30208, w + 47616, w + 72192,
        w + 91680, w + 33024, w + 91648);
    /* gru.lua:24 */
    matmul_24_c(w + 9728, w + 91648, p_Ur, w + 33536);
    /* gru.lua:13 */
    loop_13_d(w + 17664, reset + 176, w + 9728);
    if (win->first > 21)
        return;
    /* ---- step 22 of 32, backward ---- */
    /* gru.lua:26-28 */
    loop_28(w + 17664, w + 1280, w + 32768, w + 47360, w + 29952, w + 71936, w + 63744, w + 33024,
        w + 90944);
    /* gru.lua:26 */
    matmul_26_b(w + 33280, w + 90944, p_Un);
    /* gru.lua:24-26 */
    loop_26_b(w + 39168, w + 33280, w + 33536, w + 32768, w + 29952, w + 47360, w + 71936,
        w + 90912, w + 33024, w + 90880);
    /* gru.lua:24 */
    matmul_24_c(w + 9472, w + 90880, p_Ur, w + 33536);
    /* gru.lua:13 */
    loop_13_d(w + 17408, reset + 168, w + 9472);
    if (win->first > 20)
        return;
    /* ---- step 21 of 32, backward ---- */
    /* gru.lua:26-28 */
    loop_28(w + 17408, w + 1024, w + 32768, w + 47104, w + 29696, w + 71680, w + 63488, w + 33024,
        w + 90176);
    /* gru.lua:26 */
    matmul_26_b(w + 33280, w + 90176, p_Un);
    /* gru.lua:24-26 */
    loop_26_b(w + 38912, w + 33280, w + 33536, w + 32768, w + 29696, w + 47104, w + 71680,
        w + 90144, w + 33024, w + 90112);
    /* gru.lua:24 */
    matmul_24_c(w + 9216, w + 90112, p_Ur, w + 33536);
    /* gru.lua:13 */
    loop_13_d(w + 17152, reset + 160, w + 9216);
    if (win->first > 19)
        return;
    /* ---- step 20 of 32, backward ---- */
    /* gru.lua:26-28 */
    loop_28(w + 17152, w + 768, w + 32768, w + 46848, w + 29440, w + 71424, w + 63232, w + 33024,
        w + 89408);
    /* gru.lua:26 */
    matmul_26_b(w + 33280, w + 89408, p_Un);
    /* gru.lua:24-26 */
    loop_26_b(w + 38656, w + 33280, w + 33536, w + 32768, w + 29440, w + 46848, w + 71424,
        w + 89376, w + 33024, w + 89344);
    /* gru.lua:24 */
    matmul_24_c(w + 8960, w + 89344, p_Ur, w + 33536);
    /* gru.lua:13 */
    loop_13_d(w + 16896, reset + 152, w + 8960);
    if (win->first > 18)
        return;
    /* ---- step 19 of 32, backward ---- */
    /* gru.lua:26-28 */
    loop_28(w + 16896, w + 512, w + 32768, w + 46592, w + 29184, w + 71168, w + 62976, w + 33024,
        w + 88640);
    /* gru.lua:26 */
    matmul_26_b(w + 33280, w + 88640, p_Un);
    /* gru.lua:24-26 */
    loop_26_b(w + 38400, w + 33280, w + 33536, w + 32768, w + 29184, w + 46592, w + 71168,
        w + 88608, w + 33024, w + 88576);
    /* gru.lua:24 */
    matmul_24_c(w + 8704, w + 88576, p_Ur, w + 33536);
    /* gru.lua:13 */
    loop_13_d(w + 16640, reset + 144, w + 8704);
    if (win->first > 17)
        return;
    /* ---- step 18 of 32, backward ---- */
    /* gru.lua:26-28 */
    loop_28(w + 16640, w + 256, w + 32768, w + 46336, w + 28928, w + 70912, w + 62720, w + 33024,
        w + 87872);
    /* gru.lua:26 */
    matmul_26_b(w + 33280, w + 87872, p_Un);
    /* gru.lua:24-26 */
    loop_26_b(w + 38144, w + 33280, w + 33536, w + 32768, w + 28928, w + 46336, w + 70912,
        w + 87840, w + 33024, w + 87808);
    /* gru.lua:24 */
    matmul_24_c(w + 8448, w + 87808, p_Ur, w + 33536);
    /* gru.lua:13 */
    loop_13_d(w + 16384, reset + 136, w + 8448);
    if (win->first > 16)
        return;
    /* ---- step 17 of 32, backward ---- */
    /* gru.lua:26-28 */
    loop_28(w + 16384, w, w + 32768, w + 46080, w + 28672, w + 70656, w + 62464, w + 33024,
        w + 87104);
    /* gru.lua:26 */
    matmul_26_b(w + 33280, w + 87104, p_Un);
    /* gru.lua:24-26 */
    loop_26_b(w + 37888, w + 33280, w + 33536, w + 32768, w + 28672, w + 46080, w + 70656,
        w + 87072, w + 33024, w + 87040);
    /* gru.lua:24 */
    matmul_24_c(w + 8192, w + 87040, p_Ur, w + 33536);
    /* gru.lua:13 */
    loop_13_d(w + 16128, reset + 128, w + 8192);
    if (win->first > 15)
        return;
    /* ---- step 16 of 32, backward ---- */
    /* gru.lua:26-27 */
    loop_27(w + 32768, w + 45824, w + 16128, w + 28416, w + 70400, w + 62208, w + 33024, w + 86336);
    /* gru.lua:26 */
    matmul_26_b(w + 33280, w + 86336, p_Un);
    /* gru.lua:24-26 */
    loop_26_b(w + 37632, w + 33280, w + 33536, w + 32768, w + 28416, w + 45824, w + 70400,
        w + 86304, w + 33024, w + 86272);
    /* gru.lua:24 */
    matmul_24_c(w + 7936, w + 86272, p_Ur, w + 33536);
    /* gru.lua:13 */
    loop_13_d(w + 15872, reset + 120, w + 7936);
    if (win->first > 14)
        return;
    /* ---- step 15 of 32, backward ---- */
    /* gru.lua:26-27 */
    loop_27(w + 32768, w + 45568, w + 15872, w + 28160, w + 70144, w + 61952, w + 33024, w + 85568);
    /* gru.lua:26 */
    matmul_26_b(w + 33280, w + 85568, p_Un);
    /* gru.lua:24-26 */
    loop_26_b(w + 37376, w + 33280, w + 33536, w + 32768, w + 28160, w + 45568, w + 70144,
        w + 85536, w + 33024, w + 85504);
    /* gru.lua:24 */
    matmul_24_c(w + 7680, w + 85504, p_Ur, w + 33536);
    /* gru.lua:13 */
    loop_13_d(w + 15616, reset + 112, w + 7680);
    if (win->first > 13)
        return;
    /* ---- step 14 of 32, backward ---- */
    /* gru.lua:26-27 */
    loop_27(w + 32768, w + 45312, w + 15616, w + 27904, w + 69888, w + 61696, w + 33024, w + 84800);
    /* gru.lua:26 */
    matmul_26_b(w + 33280, w + 84800, p_Un);
    /* gru.lua:24-26 */
    loop_26_b(w + 37120, w + 33280, w + 33536, w + 32768, w + 27904, w + 45312, w + 69888,
        w + 84768, w + 33024, w + 84736);
    /* gru.lua:24 */
    matmul_24_c(w + 7424, w + 84736, p_Ur, w + 33536);
    /* gru.lua:13 */
    loop_13_d(w + 15360, reset + 104, w + 7424);
    if (win->first > 12)
        return;
    /* ---- step 13 of 32, backward ---- */
    /* gru.lua:26-27 */
    loop_27(w + 32768, w + 45056, w + 15360, w + 27648, w + 69632, w + 61440, w + 33024, w + 84032);
    /* gru.lua:26 */
    matmul_26_b(w + 33280, w + 84032, p_Un);
    /* gru.lua:24-26 */
    loop_26_b(w + 36864, w + 33280, w + 33536, w + 32768, w + 27648, w + 45056, w + 69632,
        w + 84000, w + 33024, w + 83968);
    /* gru.lua:24 */
    matmul_24_c(w + 7168, w + 83968, p_Ur, w + 33536);
    /* gru.lua:13 */
    loop_13_d(w + 15104, reset + 96, w + 7168);
    if (win->first > 11)
        return;
    /* ---- step 12 of 32, backward ---- */
    /* gru.lua:26-27 */
    loop_27(w + 32768, w + 44800, w + 15104, w + 27392, w + 69376, w + 61184, w + 33024, w + 83264);
    /* gru.lua:26 */
    matmul_26_b(w + 33280, w + 83264, p_Un);
    /* gru.lua:24-26 */
    loop_26_b(w + 36608, w + 33280, w + 33536, w + 32768, w + 27392, w + 44800, w + 69376,
        w + 83232, w + 33024, w + 83200);
    /* gru.lua:24 */
    matmul_24_c(w + 6912, w + 83200, p_Ur, w + 33536);
    /* gru.lua:13 */
    loop_13_d(w + 14848, reset + 88, w + 6912);
    if (win->first > 10)
        return;
    /* ---- step 11 of 32, backward ---- */
    /* gru.lua:26-27 */
    loop_27(w + 32768, w + 44544, w + 14848, w + 27136, w + 69120, w + 60928, w + 33024, w + 82496);
    /* gru.lua:26 */
    matmul_26_b(w + 33280, w + 82496, p_Un);
    /* gru.lua:24-26 */
    loop_26_b(w + 36352, w + 33280, w + 33536, w + 32768, w + 27136, w + 44544, w + 69120,
        w + 82464, w + 33024, w + 82432);
    /* gru.lua:24 */
    matmul_24_c(w + 6656, w + 82432, p_Ur, w + 33536);
    /* gru.lua:13 */
    loop_13_d(w + 14592, reset + 80, w + 6656);
    if (win->first > 9)
        return;
    /* ---- step 10 of 32, backward ---- */
    /* gru.lua:26-27 */
    loop_27(w + 32768, w + 44288, w + 14592, w + 26880, w + 68864, w + 60672, w + 33024, w + 81728);
    /* gru.lua:26 */
    matmul_26_b(w + 33280, w + 81728, p_Un);
    /* gru.lua:24-26 */
    loop_26_b(w + 36096, w + 33280, w + 33536, w + 32768, w + 26880, w + 44288, w + 68864,
        w + 81696, w + 33024, w + 81664);
    /* gru.lua:24 */
    matmul_24_c(w + 6400, w + 81664, p_Ur, w + 33536);
    /* gru.lua:13 */
    loop_13_d(w + 14336, reset + 72, w + 6400);
    if (win->first > 8)
        return;
    /* ---- step 9 of 32, backward ---- */
    /* gru.lua:26-27 */
    loop_27(w + 32768, w + 44032, w + 14336, w + 26624, w + 68608, w + 60416, w + 33024, w + 80960);
    /* gru.lua:26 */
    matmul_26_b(w + 33280, w + 80960, p_Un);
    /* gru.lua:24-26 */
    loop_26_b(w + 35840, w + 33280, w + 33536, w + 32768, w + 26624, w + 44032, w + 68608,
        w + 80928, w + 33024, w + 80896);
    /* gru.lua:24 */
    matmul_24_c(w + 6144, w + 80896, p_Ur, w + 33536);
    /* gru.lua:13 */
    loop_13_d(w + 14080, reset + 64, w + 6144);
    if (win->first > 7)
        return;
    /* ---- step 8 of 32, backward ---- */
    /* gru.lua:26-27 */
    loop_27(w + 32768, w + 43776, w + 14080, w + 26368, w + 68352, w + 60160, w + 33024, w + 80192);
    /* gru.lua:26 */
    matmul_26_b(w + 33280, w + 80192, p_Un);
    /* gru.lua:24-26 */
    loop_26_b(w + 35584, w + 33280, w + 33536, w + 32768, w + 26368, w + 43776, w + 68352,
        w + 80160, w + 33024, w + 80128);
    /* gru.lua:24 */
    matmul_24_c(w + 5888, w + 80128, p_Ur, w + 33536);
    /* gru.lua:13 */
    loop_13_d(w + 13824, reset + 56, w + 5888);
    if (win->first > 6)
        return;
    /* ---- step 7 of 32, backward ---- */
    /* gru.lua:26-27 */
    loop_27(w + 32768, w + 43520, w + 13824, w + 26112, w + 68096, w + 59904, w + 33024, w + 79424);
    /* gru.lua:26 */
    matmul_26_b(w + 33280, w + 79424, p_Un);
    /* gru.lua:24-26 */
    loop_26_b(w + 35328, w + 33280, w + 33536, w + 32768, w + 26112, w + 43520, w + 68096,
        w + 79392, w + 33024, w + 79360);
    /* gru.lua:24 */
    matmul_24_c(w + 5632, w + 79360, p_Ur, w + 33536);
    /* gru.lua:13 */
    loop_13_d(w + 13568, reset + 48, w + 5632);
    if (win->first > 5)
        return;
    /* ---- step 6 of 32, backward ---- */
    /* gru.lua:26-27 */
    loop_27(w + 32768, w + 43264, w + 13568, w + 25856, w + 67840, w + 59648, w + 33024, w + 78656);
    /* gru.lua:26 */
    matmul_26_b(w + 33280, w + 78656, p_Un);
    /* gru.lua:24-26 */
    loop_26_b(w + 35072, w + 33280, w + 33536, w + 32768, w + 25856, w + 43264, w + 67840,
        w + 78624, w + 33024, w + 78592);
    /* gru.lua:24 */
    matmul_24_c(w + 5376, w + 78592, p_Ur, w + 33536);
    /* gru.lua:13 */
    loop_13_d(w + 13312, reset + 40, w + 5376);
    if (win->first > 4)
        return;
    /* ---- step 5 of 32, backward ---- */
    /* gru.lua:26-27 */
    loop_27(w + 32768, w + 43008, w + 13312, w + 25600, w + 67584, w + 59392, w + 33024, w + 77888);
    /* gru.lua:26 */
    matmul_26_b(w + 33280, w + 77888, p_Un);
    /* gru.lua:24-26 */
    loop_26_b(w + 34816, w + 33280, w + 33536, w + 32768, w + 25600, w + 43008, w + 67584,
        w + 77856, w + 33024, w + 77824);
    /* gru.lua:24 */
    matmul_24_c(w + 5120, w + 77824, p_Ur, w + 33536);
    /* gru.lua:13 */
    loop_13_d(w + 13056, reset + 32, w + 5120);
    if (win->first > 3)
        return;
    /* ---- step 4 of 32, backward ---- */
    /* gru.lua:26-27 */
    loop_27(w + 32768, w + 42752, w + 13056, w + 25344, w + 67328, w + 59136, w + 33024, w + 77120);
    /* gru.lua:26 */
    matmul_26_b(w + 33280, w + 77120, p_Un);
    /* gru.lua:24-26 */
    loop_26_b(w + 34560, w + 33280, w + 33536, w + 32768, w + 25344, w + 42752, w + 67328,
        w + 77088, w + 33024, w + 77056);
    /* gru.lua:24 */
    matmul_24_c(w + 4864, w + 77056, p_Ur, w + 33536);
    /* gru.lua:13 */
    loop_13_d(w + 12800, reset + 24, w + 4864);
    if (win->first > 2)
        return;
    /* ---- step 3 of 32, backward ---- */
    /* gru.lua:26-27 */
    loop_27(w + 32768, w + 42496, w + 12800, w + 25088, w + 67072, w + 58880, w + 33024, w + 76352);
    /* gru.lua:26 */
    matmul_26_b(w + 33280, w + 76352, p_Un);
    /* gru.lua:24-26 */
    loop_26_b(w + 34304, w + 33280, w + 33536, w + 32768, w + 25088, w + 42496, w + 67072,
        w + 76320, w + 33024, w + 76288);
    /* gru.lua:24 */
    matmul_24_c(w + 4608, w + 76288, p_Ur, w + 33536);
    /* gru.lua:13 */
    loop_13_d(w + 12544, reset + 16, w + 4608);
    if (win->first > 1)
        return;
    /* ---- step 2 of 32, backward ---- */
    /* gru.lua:26-27 */
    loop_27(w + 32768, w + 42240, w + 12544, w + 24832, w + 66816, w + 58624, w + 33024, w + 75584);
    /* gru.lua:26 */
    matmul_26_b(w + 33280, w + 75584, p_Un);
    /* gru.lua:24-26 */
    loop_26_b(w + 34048, w + 33280, w + 33536, w + 32768, w + 24832, w + 42240, w + 66816,
        w + 75552, w + 33024, w + 75520);
    /* gru.lua:24 */
    matmul_24_c(w + 4352, w + 75520, p_Ur, w + 33536);
    /* gru.lua:13 */
    loop_13_d(w + 12288, reset + 8, w + 4352);
    if (win->first > 0)
        return;
    /* ---- step 1 of 32, backward ---- */
    /* gru.lua:26-27 */
    loop_27(w + 32768, w + 41984, w + 12288, w + 24576, w + 66560, w + 58368, w + 33024, w + 74816);
    /* gru.lua:26 */
    matmul_26_b(w + 33280, w + 74816, p_Un);
    /* gru.lua:24-26 */
    loop_26_b(w + 33792, w + 33280, w + 33536, w + 32768, w + 24576, w + 41984, w + 66560,
        w + 74784, w + 33024, w + 74752);
    /* gru.lua:24 */
    matmul_24_c(w + 4096, w + 74752, p_Ur, w + 33536);
}

static void backward_all_2(const tl_window *win)
{
    const int first = win->first;
    real *const g_Un = (real *)win->grads;
    real *const g_Ur = (real *)win->grads + 1024;
    real *const g_Wr = (real *)win->grads + 3104;
    real *const g_bn = (real *)win->grads + 3488;
    real *const g_br = (real *)win->grads + 3520;
    real *const g_init_h = (real *)win->grads + 3600;
    const real *const reset = (const real *)win->reset;
    real *const w = (real *)win->work;
    const real *const in0 = (const real *)win->input[0];
    /* gru.lua:26 */
    sum_26(32 - first, g_bn, w + first * 768 + 74816);
    matmul_26_c(32 - first, g_Un, w + first * 768 + 74816, w + first * 256 + 50176);
    /* gru.lua:24 */
    {
        const int from = first > 1 ? first : 1;
        sum_24(32 - from, g_br, w + from * 768 + 74752);
    }
    matmul_24_d(32 - first, g_Ur, w + first * 768 + 74752, w + first * 256 + 24576);
    matmul_24_e(32 - first, g_Wr, w + first * 768 + 74752, in0 + first * 32);
    /* gru.lua:13 */
    loop_13_e(32 - first, w + first * 256 + 12288, reset + first * 8, w + first * 256 + 4096);
    sum_13(32 - first, g_init_h, w + first * 256 + 12288);
    /* gru.lua:24 */
    if (win->first <= 0)
        sum_24_b(g_br, w + 74752);
}

void gru_window(const tl_window *win)
{
    if (!win->packs)
        pack_weights(win);
    forward_all(win);
    forward_1_to_32(win);
    forward_all_2(win);
    if (!win->grads)
        return;
    backward_all(win);
    backward_32_to_1(win);
    backward_all_2(win);
}

static void step_8(const tl_step *st)
{
    const real *const p_Un = (const real *)st->params;
    const real *const p_Ur = (const real *)st->params + 1024;
    const real *const p_V = (const real *)st->params + 3072;
    const real *const p_Wr = (const real *)st->params + 3104;
    const real *const p_bn = (const real *)st->params + 3488;
    const real *const p_br = (const real *)st->params + 3520;
    const real *const p_d = (const real *)st->params + 3584;
    const real *const s_h = (const real *)st->state;
    real *const w = (real *)st->work;
    const real *const in0 = (const real *)st->input[0];
    real *const out0 = (real *)st->output[0];
    /* gru.lua:24 */
    matmul_24_f(w, in0, p_Wr);
    loop_24(w + 768, w, p_br);
    matmul_24_g(w + 1280, s_h, p_Ur, w + 768);
    /* gru.lua:24-26 */
    loop_24_d(w + 1280, w + 768, w + 1312, w + 1024, s_h, w + 1792, p_bn, w + 64);
    /* gru.lua:26 */
    matmul_26_d(w + 1280, w + 1024, p_Un, w + 1792);
    /* gru.lua:26-27 */
    loop_26_c(w + 1280, w + 768, s_h, w + 1024);
    /* gru.lua:28 */
    matmul_28_d(out0, w + 1024, p_V, p_d);
}

static void loss_8(const tl_step *st)
{
    real *const loss = (real *)st->losses;
    const real *const target0 = (const real *)st->target[0];
    real *const out0 = (real *)st->output[0];
    /* gru.lua:13 */
    loop_13_f(out0, target0, loss);
}

static void store_8(const tl_step *st)
{
    real *const next_h = (real *)st->next_state;
    real *const w = (real *)st->work;
    /* gru.lua:27 */
    loop_27_b(next_h, w + 1024);
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
    const real *const p_Un = (const real *)st->params;
    const real *const p_Ur = (const real *)st->params + 1024;
    const real *const p_V = (const real *)st->params + 3072;
    const real *const p_Wr = (const real *)st->params + 3104;
    const real *const p_bn = (const real *)st->params + 3488;
    const real *const p_br = (const real *)st->params + 3520;
    const real *const p_d = (const real *)st->params + 3584;
    const real *const s_h = (const real *)st->state;
    real *const w = (real *)st->work;
    const real *const in0 = (const real *)st->input[0];
    real *const out0 = (real *)st->output[0];
    /* gru.lua:24 */
    matmul_24_h(w, in0, p_Wr);
    loop_24_e(w + 96, w, p_br);
    matmul_24_i(w + 160, s_h, p_Ur, w + 96);
    /* gru.lua:24-26 */
    loop_24_f(w + 160, w + 96, w + 192, w + 128, s_h, w + 224, p_bn, w + 64);
    /* gru.lua:26 */
    matmul_26_e(w + 160, w + 128, p_Un, w + 224);
    /* gru.lua:26-27 */
    loop_26_d(w + 160, w + 96, s_h, w + 128);
    /* gru.lua:28 */
    matmul_28_e(out0, w + 128, p_V, p_d);
}

static void loss_1(const tl_step *st)
{
    real *const loss = (real *)st->losses;
    const real *const target0 = (const real *)st->target[0];
    real *const out0 = (real *)st->output[0];
    /* gru.lua:13 */
    loop_13_g(out0, target0, loss);
}

static void store_1(const tl_step *st)
{
    real *const next_h = (real *)st->next_state;
    real *const w = (real *)st->work;
    /* gru.lua:27 */
    loop_27_c(next_h, w + 128);
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
      AT(vocab) 0, AT(init) { TL_INIT_ORTHOGONAL, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
    { AT(name) "Ur", AT(rank) 2, AT(dim) { 32, 32 }, AT(offset) 1024, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_ORTHOGONAL, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
    { AT(name) "Uz", AT(rank) 2, AT(dim) { 32, 32 }, AT(offset) 2048, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_ORTHOGONAL, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
    { AT(name) "V", AT(rank) 2, AT(dim) { 1, 32 }, AT(offset) 3072, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_GLOROT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
    { AT(name) "Wn", AT(rank) 2, AT(dim) { 32, 4 }, AT(offset) 3360, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_GLOROT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
    { AT(name) "Wr", AT(rank) 2, AT(dim) { 32, 4 }, AT(offset) 3104, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_GLOROT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
    { AT(name) "Wz", AT(rank) 2, AT(dim) { 32, 4 }, AT(offset) 3232, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_GLOROT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
    { AT(name) "bn", AT(rank) 1, AT(dim) { 32 }, AT(offset) 3488, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
    { AT(name) "br", AT(rank) 1, AT(dim) { 32 }, AT(offset) 3520, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
    { AT(name) "bz", AT(rank) 1, AT(dim) { 32 }, AT(offset) 3552, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
    { AT(name) "d", AT(rank) 1, AT(dim) { 1 }, AT(offset) 3584, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
    { AT(name) "init.h", AT(rank) 1, AT(dim) { 32 }, AT(offset) 3600, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
};

static const tl_tensor inputs[] = {
    { AT(name) "", AT(rank) 1, AT(dim) { 4 }, AT(offset) 0, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
};

static const tl_tensor targets[] = {
    { AT(name) "", AT(rank) 1, AT(dim) { 1 }, AT(offset) 0, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
};

static const tl_tensor states[] = {
    { AT(name) "h", AT(rank) 1, AT(dim) { 32 }, AT(offset) 0, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) 11, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
};

static const tl_tensor outputs[] = {
    { AT(name) "", AT(rank) 1, AT(dim) { 1 }, AT(offset) 0, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
};

const tl_model gru_model = {
    AT(abi) TL_ABI,
    AT(name) "gru",
    AT(spec) "gru.lua",
    AT(hash) "71aadf02c469f4e1",
    AT(version) "0.1.0",
    AT(options) "hidden=32 input=4 output=1",
    AT(real) TL_F32,
    AT(tbptt) { AT(k1) 16, AT(k2) 32, AT(batch) 8, AT(shards) 1, AT(counted) TL_COUNT_NEW, AT(reduce) TL_REDUCE_MEAN,
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
        AT(clip_norm) 1.0, AT(clip_value) 0.0, AT(accumulate) 1, AT(average) 0.0 },
    AT(loss) "mse",
    AT(has_reset) 1, AT(has_mask) 0, AT(has_state_grads) 0, AT(has_head) 0,
    AT(nparams) 12, AT(ninputs) 1, AT(ntargets) 1, AT(nstates) 1,
    AT(noutputs) 1, AT(nprobes) 0, AT(nnamed) 0, AT(npast) 0,
    AT(params) params, AT(inputs) inputs, AT(targets) targets, AT(states) states,
    AT(outputs) outputs, AT(probes) NULL, AT(named) NULL, AT(past) NULL,
    AT(nextra) 0, AT(nrows) 0, AT(jacobian) TL_JACOBIAN_NONE, AT(rows_of) TL_SGD,
    AT(param_size) 3632, AT(state_size) 8448, AT(probe_size) 0, AT(step_state_size) 32,
    AT(frame_size) 0, AT(work_size) 411136, AT(step_work_size) 8192, AT(pack_size) 13824,
    AT(window_flops) 5136384, AT(calls_blas) 0,
    AT(pack) pack_weights, AT(window) gru_window, AT(step) gru_step,
};
