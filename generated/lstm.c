/* lstm.c
 *
 * Written by tapeless 0.1.0 from lstm.lua (efd5f481a81dedab), float, avx2; hidden=32 input=4 output=1.
 * Do not edit: change the spec and compile it again. This code is yours.
 *
 * First the kernels, one function for each distinct loop nest or product; then the window's
 * steps, one call an operation; then the tables. */
#include "lstm.h"

#include <math.h>

#include <tapeless/elementary.h>

#define TL_REAL_BYTES 4
#define TL_VECTOR_BYTES 32
#include <tapeless/product.h>

#if TL_ABI != 7
#error "written for runtime ABI 7; compile the spec again"
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

/* matmul {slots * 8, 128} = {slots * 8, 4} {4, 128} */
KERNEL void matmul_25(int slots, real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    tl_product_packed_any(slots * 8, 128, 4, x1, 4, x2,
        NULL, 0, y0, 128, 4, 2, 1);
}

/* matmul {8, 128} = {8, 32} {32, 128} */
KERNEL void matmul_25_b(real *restrict y0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3)
{
    tl_product_packed(8, 128, 32, x1, 32, x2,
        x3, 128, y0, 128, 4, 3, 1);
}

/* add sigmoid mul add sigmoid add tanh mul add add sigmoid tanh mul */
KERNEL void loop_26(const real *restrict x0, const real *restrict x1, real *restrict y2,
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
            const real t1 = tl_sigmoid_f32(t0);
            y2[i * 32 + j] = t1;
            const real v3 = x3[i * 32 + j];
            const real t2 = v3 * t1;
            const real v4 = x4[j];
            const real v5 = x5[i * 128 + j];
            const real t3 = v4 + v5;
            const real t4 = tl_sigmoid_f32(t3);
            y6[i * 32 + j] = t4;
            const real v7 = x7[j];
            const real v8 = x8[i * 128 + j];
            const real t5 = v7 + v8;
            const real t6 = tl_tanh_f32(t5);
            y9[i * 32 + j] = t6;
            const real t7 = t4 * t6;
            const real t8 = t2 + t7;
            y10[i * 32 + j] = t8;
            const real v11 = x11[j];
            const real v12 = x12[i * 128 + j];
            const real t9 = v11 + v12;
            const real t10 = tl_sigmoid_f32(t9);
            y13[i * 32 + j] = t10;
            const real t11 = tl_tanh_f32(t8);
            y14[i * 32 + j] = t11;
            y15[i * 32 + j] = t10 * t11;
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
KERNEL void loop_15(int slots, real *restrict y0, const real *restrict x1, const real *restrict x2,
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
KERNEL void loop_15_b(int slots, const real *restrict x0, real *restrict y1, const real *restrict x2)
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

/* mul mul square sub mul sub mul mul mul mul square sub mul sub mul mul mul mul sub mul and 1 more */
KERNEL void loop_27(const real *restrict x0, const real *restrict x1, const real *restrict x2,
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

/* matmul {8, 32} = {8, 128} {128, 32} */
KERNEL void matmul_25_c(real *restrict y0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3)
{
    tl_product_in_place(8, 32, 128, x1, 128, x2, 32,
        x3, 32, y0, 32, 4, 2, 1);
}

/* mul mul square sub mul add sub mul mul mul mul square sub mul sub mul mul mul mul sub and 2 more */
KERNEL void loop_27_b(const real *restrict x0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3, real *restrict y4, const real *restrict x5,
        const real *restrict x6, real *restrict y7, real *restrict y8, real *restrict y9,
        const real *restrict x10, const real *restrict x11, real *restrict y12)
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
            const real v3 = x3[i * 32 + j];
            const real t5 = v3 + t4;
            const real t6 = 1.0f - v2;
            const real t7 = v2 * t6;
            y4[i * 128 + j] = t0 * t7;
            const real v5 = x5[i * 32 + j];
            const real t9 = v5 * t5;
            const real v6 = x6[i * 32 + j];
            const real t10 = v6 * t5;
            const real t11 = v5 * v5;
            const real t12 = 1.0f - t11;
            y7[i * 128 + j] = t10 * t12;
            const real t14 = 1.0f - v6;
            const real t15 = v6 * t14;
            y8[i * 128 + j] = t9 * t15;
            const real v10 = x10[i * 32 + j];
            y9[i * 32 + j] = v10 * t5;
            const real v11 = x11[i * 32 + j];
            const real t18 = v11 * t5;
            const real t19 = 1.0f - v10;
            const real t20 = v10 * t19;
            y12[i * 128 + j] = t18 * t20;
        }
}

/* matmul {8, 32} = {8, 128} {128, 32} */
KERNEL void matmul_25_d(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    tl_product_in_place(8, 32, 128, x1, 128, x2, 32,
        NULL, 0, y0, 32, 4, 2, 1);
}

/* mul mul square sub mul add sub mul mul mul mul square sub mul sub mul mul mul sub mul and 1 more */
KERNEL void loop_27_c(const real *restrict x0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3, real *restrict y4, const real *restrict x5,
        const real *restrict x6, real *restrict y7, real *restrict y8, const real *restrict x9,
        const real *restrict x10, real *restrict y11)
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
            const real v3 = x3[i * 32 + j];
            const real t5 = v3 + t4;
            const real t6 = 1.0f - v2;
            const real t7 = v2 * t6;
            y4[i * 128 + j] = t0 * t7;
            const real v5 = x5[i * 32 + j];
            const real t9 = v5 * t5;
            const real v6 = x6[i * 32 + j];
            const real t10 = v6 * t5;
            const real t11 = v5 * v5;
            const real t12 = 1.0f - t11;
            y7[i * 128 + j] = t10 * t12;
            const real t14 = 1.0f - v6;
            const real t15 = v6 * t14;
            y8[i * 128 + j] = t9 * t15;
            const real v9 = x9[i * 32 + j];
            const real t17 = v9 * t5;
            const real v10 = x10[i * 32 + j];
            const real t18 = 1.0f - v10;
            const real t19 = v10 * t18;
            y11[i * 128 + j] = t17 * t19;
        }
}

/* sum */
KERNEL void sum_27(int slots, real *restrict y0, const real *restrict x1)
{
    for (int j = 0; j < 32; j++) {
        y0[j] = x1[j];
    }
    for (int i = 1; i < slots * 8; i++)
        for (int j = 0; j < 32; j++) {
            y0[j] += x1[i * 128 + j];
        }
}

/* matmul {128, 32} = {128, slots * 8} {slots * 8, 32} */
KERNEL void matmul_25_e(int slots, real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    tl_product_gradient(slots * 8, 128, 32, x1, 128, x2, 32,
        0, y0, 32, 6, 2, 1);
}

/* matmul {128, 4} = {128, slots * 8} {slots * 8, 4} */
KERNEL void matmul_25_f(int slots, real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    tl_product_gradient_narrow(slots * 8, 128, 4, x1, 128, x2, 4,
        0, y0, 4, 3, 1);
}

/* matmul {8, 128} = {8, 4} {4, 128} */
KERNEL void matmul_25_g(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    tl_product_dots(8, 128, 4, x1, 4, x2, 4,
        NULL, 0, y0, 128, 1, 8);
}

/* matmul {8, 128} = {8, 32} {32, 128} */
KERNEL void matmul_25_h(real *restrict y0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3)
{
    tl_product_dots(8, 128, 32, x1, 32, x2, 32,
        x3, 128, y0, 128, 1, 8);
}

/* add sigmoid mul add sigmoid add tanh mul add add sigmoid tanh mul */
KERNEL void loop_26_b(const real *restrict x0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3, const real *restrict x4, const real *restrict x5,
        const real *restrict x6, real *restrict y7, const real *restrict x8,
        const real *restrict x9, real *restrict y10)
{
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 32; j++) {
            const real v0 = x0[j];
            const real v1 = x1[i * 128 + j];
            const real t0 = v0 + v1;
            const real t1 = tl_sigmoid_f32(t0);
            const real v2 = x2[i * 32 + j];
            const real t2 = v2 * t1;
            const real v3 = x3[j];
            const real v4 = x4[i * 128 + j];
            const real t3 = v3 + v4;
            const real t4 = tl_sigmoid_f32(t3);
            const real v5 = x5[j];
            const real v6 = x6[i * 128 + j];
            const real t5 = v5 + v6;
            const real t6 = tl_tanh_f32(t5);
            const real t7 = t4 * t6;
            const real t8 = t2 + t7;
            y7[i * 32 + j] = t8;
            const real v8 = x8[j];
            const real v9 = x9[i * 128 + j];
            const real t9 = v8 + v9;
            const real t10 = tl_sigmoid_f32(t9);
            const real t11 = tl_tanh_f32(t8);
            y10[i * 32 + j] = t10 * t11;
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
KERNEL void loop_15_c(const real *restrict x0, const real *restrict x1, real *restrict y2)
{
    for (int i = 0; i < 8; i++) {
        const real v0 = x0[i];
        const real v1 = x1[i];
        const real t0 = v0 - v1;
        y2[i] = t0 * t0;
    }
}

/* copy copy */
KERNEL void loop_26_c(real *restrict y0, const real *restrict x1, real *restrict y2,
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
KERNEL void matmul_25_i(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    tl_product_dots(1, 128, 4, x1, 0, x2, 4,
        NULL, 0, y0, 0, 1, 8);
}

/* matmul {1, 128} = {1, 32} {32, 128} */
KERNEL void matmul_25_j(real *restrict y0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3)
{
    tl_product_dots(1, 128, 32, x1, 0, x2, 32,
        x3, 0, y0, 0, 1, 8);
}

/* add sigmoid mul add sigmoid add tanh mul add add sigmoid tanh mul */
KERNEL void loop_26_d(const real *restrict x0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3, const real *restrict x4, const real *restrict x5,
        const real *restrict x6, real *restrict y7, const real *restrict x8,
        const real *restrict x9, real *restrict y10)
{
    for (int i = 0; i < 32; i++) {
        const real v0 = x0[i];
        const real v1 = x1[i];
        const real t0 = v0 + v1;
        const real t1 = tl_sigmoid_f32(t0);
        const real v2 = x2[i];
        const real t2 = v2 * t1;
        const real v3 = x3[i];
        const real v4 = x4[i];
        const real t3 = v3 + v4;
        const real t4 = tl_sigmoid_f32(t3);
        const real v5 = x5[i];
        const real v6 = x6[i];
        const real t5 = v5 + v6;
        const real t6 = tl_tanh_f32(t5);
        const real t7 = t4 * t6;
        const real t8 = t2 + t7;
        y7[i] = t8;
        const real v8 = x8[i];
        const real v9 = x9[i];
        const real t9 = v8 + v9;
        const real t10 = tl_sigmoid_f32(t9);
        const real t11 = tl_tanh_f32(t8);
        y10[i] = t10 * t11;
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
KERNEL void loop_15_d(const real *restrict x0, const real *restrict x1, real *restrict y2)
{
    const real v0 = x0[0];
    const real v1 = x1[0];
    const real t0 = v0 - v1;
    y2[0] = t0 * t0;
}

/* copy copy */
KERNEL void loop_26_e(real *restrict y0, const real *restrict x1, real *restrict y2,
        const real *restrict x3)
{
    for (int i = 0; i < 32; i++) {
        const real v1 = x1[i];
        y0[i] = v1;
        const real v3 = x3[i];
        y2[i] = v3;
    }
}

static void pack_weights(const tl_window *win)
{
    const real *const p_U = (const real *)win->params;
    const real *const p_W = (const real *)win->params + 4128;
    real *const packs = win->packs ? (real *)win->packs : (real *)win->work + 107520;
    tl_pack_transposed(128, 4, 2, p_W, 4, packs);
    tl_pack_transposed(128, 32, 3, p_U, 32, packs + 512);
}

static void forward_all(const tl_window *win)
{
    const int first = win->first;
    real *const w = (real *)win->work;
    const real *const in0 = (const real *)win->input[0];
    real *const packs = win->packs ? (real *)win->packs : (real *)win->work + 107520;
    /* lstm.lua:25 */
    matmul_25(32 - first, w + first * 1024, in0 + first * 32, packs);
}

static void forward_1_to_32(const tl_window *win)
{
    const real *const p_bf = (const real *)win->params + 4640;
    const real *const p_bg = (const real *)win->params + 4672;
    const real *const p_bi = (const real *)win->params + 4704;
    const real *const p_bo = (const real *)win->params + 4736;
    real *const s_c = (real *)win->states;
    real *const s_h = (real *)win->states + 8448;
    real *const w = (real *)win->work;
    real *const packs = win->packs ? (real *)win->packs : (real *)win->work + 107520;
    switch (win->first) {
    case 0:
    /* ---- step 1 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul_25_b(w + 32768, s_h, packs + 512, w);
    /* lstm.lua:26-27 */
    loop_26(p_bf, w + 32800, w + 33792, s_c, p_bi, w + 32768, w + 41984, p_bg, w + 32832,
        w + 50176, s_c + 256, p_bo, w + 32864, w + 58368, w + 66560, s_h + 256);
    /* fall through */
    case 1:
    /* ---- step 2 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul_25_b(w + 32768, s_h + 256, packs + 512, w + 1024);
    /* lstm.lua:26-27 */
    loop_26(p_bf, w + 32800, w + 34048, s_c + 256, p_bi, w + 32768, w + 42240, p_bg, w + 32832,
        w + 50432, s_c + 512, p_bo, w + 32864, w + 58624, w + 66816, s_h + 512);
    /* fall through */
    case 2:
    /* ---- step 3 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul_25_b(w + 32768, s_h + 512, packs + 512, w + 2048);
    /* lstm.lua:26-27 */
    loop_26(p_bf, w + 32800, w + 34304, s_c + 512, p_bi, w + 32768, w + 42496, p_bg, w + 32832,
        w + 50688, s_c + 768, p_bo, w + 32864, w + 58880, w + 67072, s_h + 768);
    /* fall through */
    case 3:
    /* ---- step 4 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul_25_b(w + 32768, s_h + 768, packs + 512, w + 3072);
    /* lstm.lua:26-27 */
    loop_26(p_bf, w + 32800, w + 34560, s_c + 768, p_bi, w + 32768, w + 42752, p_bg, w + 32832,
        w + 50944, s_c + 1024, p_bo, w + 32864, w + 59136, w + 67328, s_h + 1024);
    /* fall through */
    case 4:
    /* ---- step 5 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul_25_b(w + 32768, s_h + 1024, packs + 512, w + 4096);
    /* lstm.lua:26-27 */
    loop_26(p_bf, w + 32800, w + 34816, s_c + 1024, p_bi, w + 32768, w + 43008, p_bg, w + 32832,
        w + 51200, s_c + 1280, p_bo, w + 32864, w + 59392, w + 67584, s_h + 1280);
    /* fall through */
    case 5:
    /* ---- step 6 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul_25_b(w + 32768, s_h + 1280, packs + 512, w + 5120);
    /* lstm.lua:26-27 */
    loop_26(p_bf, w + 32800, w + 35072, s_c + 1280, p_bi, w + 32768, w + 43264, p_bg, w + 32832,
        w + 51456, s_c + 1536, p_bo, w + 32864, w + 59648, w + 67840, s_h + 1536);
    /* fall through */
    case 6:
    /* ---- step 7 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul_25_b(w + 32768, s_h + 1536, packs + 512, w + 6144);
    /* lstm.lua:26-27 */
    loop_26(p_bf, w + 32800, w + 35328, s_c + 1536, p_bi, w + 32768, w + 43520, p_bg, w + 32832,
        w + 51712, s_c + 1792, p_bo, w + 32864, w + 59904, w + 68096, s_h + 1792);
    /* fall through */
    case 7:
    /* ---- step 8 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul_25_b(w + 32768, s_h + 1792, packs + 512, w + 7168);
    /* lstm.lua:26-27 */
    loop_26(p_bf, w + 32800, w + 35584, s_c + 1792, p_bi, w + 32768, w + 43776, p_bg, w + 32832,
        w + 51968, s_c + 2048, p_bo, w + 32864, w + 60160, w + 68352, s_h + 2048);
    /* fall through */
    case 8:
    /* ---- step 9 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul_25_b(w + 32768, s_h + 2048, packs + 512, w + 8192);
    /* lstm.lua:26-27 */
    loop_26(p_bf, w + 32800, w + 35840, s_c + 2048, p_bi, w + 32768, w + 44032, p_bg, w + 32832,
        w + 52224, s_c + 2304, p_bo, w + 32864, w + 60416, w + 68608, s_h + 2304);
    /* fall through */
    case 9:
    /* ---- step 10 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul_25_b(w + 32768, s_h + 2304, packs + 512, w + 9216);
    /* lstm.lua:26-27 */
    loop_26(p_bf, w + 32800, w + 36096, s_c + 2304, p_bi, w + 32768, w + 44288, p_bg, w + 32832,
        w + 52480, s_c + 2560, p_bo, w + 32864, w + 60672, w + 68864, s_h + 2560);
    /* fall through */
    case 10:
    /* ---- step 11 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul_25_b(w + 32768, s_h + 2560, packs + 512, w + 10240);
    /* lstm.lua:26-27 */
    loop_26(p_bf, w + 32800, w + 36352, s_c + 2560, p_bi, w + 32768, w + 44544, p_bg, w + 32832,
        w + 52736, s_c + 2816, p_bo, w + 32864, w + 60928, w + 69120, s_h + 2816);
    /* fall through */
    case 11:
    /* ---- step 12 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul_25_b(w + 32768, s_h + 2816, packs + 512, w + 11264);
    /* lstm.lua:26-27 */
    loop_26(p_bf, w + 32800, w + 36608, s_c + 2816, p_bi, w + 32768, w + 44800, p_bg, w + 32832,
        w + 52992, s_c + 3072, p_bo, w + 32864, w + 61184, w + 69376, s_h + 3072);
    /* fall through */
    case 12:
    /* ---- step 13 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul_25_b(w + 32768, s_h + 3072, packs + 512, w + 12288);
    /* lstm.lua:26-27 */
    loop_26(p_bf, w + 32800, w + 36864, s_c + 3072, p_bi, w + 32768, w + 45056, p_bg, w + 32832,
        w + 53248, s_c + 3328, p_bo, w + 32864, w + 61440, w + 69632, s_h + 3328);
    /* fall through */
    case 13:
    /* ---- step 14 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul_25_b(w + 32768, s_h + 3328, packs + 512, w + 13312);
    /* lstm.lua:26-27 */
    loop_26(p_bf, w + 32800, w + 37120, s_c + 3328, p_bi, w + 32768, w + 45312, p_bg, w + 32832,
        w + 53504, s_c + 3584, p_bo, w + 32864, w + 61696, w + 69888, s_h + 3584);
    /* fall through */
    case 14:
    /* ---- step 15 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul_25_b(w + 32768, s_h + 3584, packs + 512, w + 14336);
    /* lstm.lua:26-27 */
    loop_26(p_bf, w + 32800, w + 37376, s_c + 3584, p_bi, w + 32768, w + 45568, p_bg, w + 32832,
        w + 53760, s_c + 3840, p_bo, w + 32864, w + 61952, w + 70144, s_h + 3840);
    /* fall through */
    case 15:
    /* ---- step 16 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul_25_b(w + 32768, s_h + 3840, packs + 512, w + 15360);
    /* lstm.lua:26-27 */
    loop_26(p_bf, w + 32800, w + 37632, s_c + 3840, p_bi, w + 32768, w + 45824, p_bg, w + 32832,
        w + 54016, s_c + 4096, p_bo, w + 32864, w + 62208, w + 70400, s_h + 4096);
    /* fall through */
    case 16:
    /* ---- step 17 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul_25_b(w + 32768, s_h + 4096, packs + 512, w + 16384);
    /* lstm.lua:26-27 */
    loop_26(p_bf, w + 32800, w + 37888, s_c + 4096, p_bi, w + 32768, w + 46080, p_bg, w + 32832,
        w + 54272, s_c + 4352, p_bo, w + 32864, w + 62464, w + 70656, s_h + 4352);
    /* fall through */
    case 17:
    /* ---- step 18 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul_25_b(w + 32768, s_h + 4352, packs + 512, w + 17408);
    /* lstm.lua:26-27 */
    loop_26(p_bf, w + 32800, w + 38144, s_c + 4352, p_bi, w + 32768, w + 46336, p_bg, w + 32832,
        w + 54528, s_c + 4608, p_bo, w + 32864, w + 62720, w + 70912, s_h + 4608);
    /* fall through */
    case 18:
    /* ---- step 19 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul_25_b(w + 32768, s_h + 4608, packs + 512, w + 18432);
    /* lstm.lua:26-27 */
    loop_26(p_bf, w + 32800, w + 38400, s_c + 4608, p_bi, w + 32768, w + 46592, p_bg, w + 32832,
        w + 54784, s_c + 4864, p_bo, w + 32864, w + 62976, w + 71168, s_h + 4864);
    /* fall through */
    case 19:
    /* ---- step 20 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul_25_b(w + 32768, s_h + 4864, packs + 512, w + 19456);
    /* lstm.lua:26-27 */
    loop_26(p_bf, w + 32800, w + 38656, s_c + 4864, p_bi, w + 32768, w + 46848, p_bg, w + 32832,
        w + 55040, s_c + 5120, p_bo, w + 32864, w + 63232, w + 71424, s_h + 5120);
    /* fall through */
    case 20:
    /* ---- step 21 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul_25_b(w + 32768, s_h + 5120, packs + 512, w + 20480);
    /* lstm.lua:26-27 */
    loop_26(p_bf, w + 32800, w + 38912, s_c + 5120, p_bi, w + 32768, w + 47104, p_bg, w + 32832,
        w + 55296, s_c + 5376, p_bo, w + 32864, w + 63488, w + 71680, s_h + 5376);
    /* fall through */
    case 21:
    /* ---- step 22 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul_25_b(w + 32768, s_h + 5376, packs + 512, w + 21504);
    /* lstm.lua:26-27 */
    loop_26(p_bf, w + 32800, w + 39168, s_c + 5376, p_bi, w + 32768, w + 47360, p_bg, w + 32832,
        w + 55552, s_c + 5632, p_bo, w + 32864, w + 63744, w + 71936, s_h + 5632);
    /* fall through */
    case 22:
    /* ---- step 23 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul_25_b(w + 32768, s_h + 5632, packs + 512, w + 22528);
    /* lstm.lua:26-27 */
    loop_26(p_bf, w + 32800, w + 39424, s_c + 5632, p_bi, w + 32768, w + 47616, p_bg, w + 32832,
        w + 55808, s_c + 5888, p_bo, w + 32864, w + 64000, w + 72192, s_h + 5888);
    /* fall through */
    case 23:
    /* ---- step 24 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul_25_b(w + 32768, s_h + 5888, packs + 512, w + 23552);
    /* lstm.lua:26-27 */
    loop_26(p_bf, w + 32800, w + 39680, s_c + 5888, p_bi, w + 32768, w + 47872, p_bg, w + 32832,
        w + 56064, s_c + 6144, p_bo, w + 32864, w + 64256, w + 72448, s_h + 6144);
    /* fall through */
    case 24:
    /* ---- step 25 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul_25_b(w + 32768, s_h + 6144, packs + 512, w + 24576);
    /* lstm.lua:26-27 */
    loop_26(p_bf, w + 32800, w + 39936, s_c + 6144, p_bi, w + 32768, w + 48128, p_bg, w + 32832,
        w + 56320, s_c + 6400, p_bo, w + 32864, w + 64512, w + 72704, s_h + 6400);
    /* fall through */
    case 25:
    /* ---- step 26 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul_25_b(w + 32768, s_h + 6400, packs + 512, w + 25600);
    /* lstm.lua:26-27 */
    loop_26(p_bf, w + 32800, w + 40192, s_c + 6400, p_bi, w + 32768, w + 48384, p_bg, w + 32832,
        w + 56576, s_c + 6656, p_bo, w + 32864, w + 64768, w + 72960, s_h + 6656);
    /* fall through */
    case 26:
    /* ---- step 27 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul_25_b(w + 32768, s_h + 6656, packs + 512, w + 26624);
    /* lstm.lua:26-27 */
    loop_26(p_bf, w + 32800, w + 40448, s_c + 6656, p_bi, w + 32768, w + 48640, p_bg, w + 32832,
        w + 56832, s_c + 6912, p_bo, w + 32864, w + 65024, w + 73216, s_h + 6912);
    /* fall through */
    case 27:
    /* ---- step 28 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul_25_b(w + 32768, s_h + 6912, packs + 512, w + 27648);
    /* lstm.lua:26-27 */
    loop_26(p_bf, w + 32800, w + 40704, s_c + 6912, p_bi, w + 32768, w + 48896, p_bg, w + 32832,
        w + 57088, s_c + 7168, p_bo, w + 32864, w + 65280, w + 73472, s_h + 7168);
    /* fall through */
    case 28:
    /* ---- step 29 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul_25_b(w + 32768, s_h + 7168, packs + 512, w + 28672);
    /* lstm.lua:26-27 */
    loop_26(p_bf, w + 32800, w + 40960, s_c + 7168, p_bi, w + 32768, w + 49152, p_bg, w + 32832,
        w + 57344, s_c + 7424, p_bo, w + 32864, w + 65536, w + 73728, s_h + 7424);
    /* fall through */
    case 29:
    /* ---- step 30 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul_25_b(w + 32768, s_h + 7424, packs + 512, w + 29696);
    /* lstm.lua:26-27 */
    loop_26(p_bf, w + 32800, w + 41216, s_c + 7424, p_bi, w + 32768, w + 49408, p_bg, w + 32832,
        w + 57600, s_c + 7680, p_bo, w + 32864, w + 65792, w + 73984, s_h + 7680);
    /* fall through */
    case 30:
    /* ---- step 31 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul_25_b(w + 32768, s_h + 7680, packs + 512, w + 30720);
    /* lstm.lua:26-27 */
    loop_26(p_bf, w + 32800, w + 41472, s_c + 7680, p_bi, w + 32768, w + 49664, p_bg, w + 32832,
        w + 57856, s_c + 7936, p_bo, w + 32864, w + 66048, w + 74240, s_h + 7936);
    /* fall through */
    case 31:
    /* ---- step 32 of 32, forward ---- */
    /* lstm.lua:25 */
    matmul_25_b(w + 32768, s_h + 7936, packs + 512, w + 31744);
    /* lstm.lua:26-27 */
    loop_26(p_bf, w + 32800, w + 41728, s_c + 7936, p_bi, w + 32768, w + 49920, p_bg, w + 32832,
        w + 58112, s_c + 8192, p_bo, w + 32864, w + 66304, w + 74496, s_h + 8192);
    }
}

static void forward_all_2(const tl_window *win)
{
    const int first = win->first;
    const real *const p_V = (const real *)win->params + 4096;
    const real *const p_d = (const real *)win->params + 4768;
    real *const s_h = (real *)win->states + 8448;
    real *const loss = (real *)win->losses;
    real *const w = (real *)win->work;
    const real *const target0 = (const real *)win->target[0];
    /* lstm.lua:28 */
    {
        const int from = first > 16 ? first : 16;
        matmul_28(32 - from, w + from * 8 - 128, s_h + from * 256 + 256, p_V, p_d);
    }
    /* lstm.lua:15 */
    {
        const int from = first > 16 ? first : 16;
        loop_15(32 - from, w + from * 8, w + from * 8 - 128, target0 + from * 8, loss + from * 8);
    }
}

static void backward_all(const tl_window *win)
{
    const int first = win->first;
    const real *const p_V = (const real *)win->params + 4096;
    real *const g_V = (real *)win->grads + 4096;
    real *const g_d = (real *)win->grads + 4768;
    real *const s_h = (real *)win->states + 8448;
    const real *const weight = (const real *)win->weight;
    real *const w = (real *)win->work;
    /* lstm.lua:15 */
    {
        const int from = first > 16 ? first : 16;
        loop_15_b(32 - from, w + from * 8, w + from * 8 - 128, weight + from * 8);
    }
    /* lstm.lua:28 */
    {
        const int from = first > 16 ? first : 16;
        sum_28(32 - from, g_d, w + from * 8 - 128);
    }
    {
        const int from = first > 16 ? first : 16;
        matmul_28_b(32 - from, w + from * 256 - 3968, w + from * 8 - 128, p_V);
    }
    {
        const int from = first > 16 ? first : 16;
        matmul_28_c(32 - from, g_V, w + from * 8 - 128, s_h + from * 256 + 256);
    }
}

static void backward_32_to_1(const tl_window *win)
{
    const real *const p_U = (const real *)win->params;
    real *const s_c = (real *)win->states;
    real *const w = (real *)win->work;
    /* ---- step 32 of 32, backward ---- */
    /* lstm.lua:26-27 */
    loop_27(w + 74496, w + 3968, w + 66304, w + 106592, w + 58112, w + 49920, w + 106560,
        w + 106496, w + 11904, w + 41728, s_c + 7936, w + 106528);
    if (win->first > 30)
        return;
    /* ---- step 31 of 32, backward ---- */
    /* lstm.lua:25 */
    matmul_25_c(w + 15744, w + 106496, p_U, w + 3712);
    /* lstm.lua:26-27 */
    loop_27_b(w + 74240, w + 15744, w + 66048, w + 11904, w + 105568, w + 57856, w + 49664,
        w + 105536, w + 105472, w + 11648, w + 41472, s_c + 7680, w + 105504);
    if (win->first > 29)
        return;
    /* ---- step 30 of 32, backward ---- */
    /* lstm.lua:25 */
    matmul_25_c(w + 15488, w + 105472, p_U, w + 3456);
    /* lstm.lua:26-27 */
    loop_27_b(w + 73984, w + 15488, w + 65792, w + 11648, w + 104544, w + 57600, w + 49408,
        w + 104512, w + 104448, w + 11392, w + 41216, s_c + 7424, w + 104480);
    if (win->first > 28)
        return;
    /* ---- step 29 of 32, backward ---- */
    /* lstm.lua:25 */
    matmul_25_c(w + 15232, w + 104448, p_U, w + 3200);
    /* lstm.lua:26-27 */
    loop_27_b(w + 73728, w + 15232, w + 65536, w + 11392, w + 103520, w + 57344, w + 49152,
        w + 103488, w + 103424, w + 11136, w + 40960, s_c + 7168, w + 103456);
    if (win->first > 27)
        return;
    /* ---- step 28 of 32, backward ---- */
    /* lstm.lua:25 */
    matmul_25_c(w + 14976, w + 103424, p_U, w + 2944);
    /* lstm.lua:26-27 */
    loop_27_b(w + 73472, w + 14976, w + 65280, w + 11136, w + 102496, w + 57088, w + 48896,
        w + 102464, w + 102400, w + 10880, w + 40704, s_c + 6912, w + 102432);
    if (win->first > 26)
        return;
    /* ---- step 27 of 32, backward ---- */
    /* lstm.lua:25 */
    matmul_25_c(w + 14720, w + 102400, p_U, w + 2688);
    /* lstm.lua:26-27 */
    loop_27_b(w + 73216, w + 14720, w + 65024, w + 10880, w + 101472, w + 56832, w + 48640,
        w + 101440, w + 101376, w + 10624, w + 40448, s_c + 6656, w + 101408);
    if (win->first > 25)
        return;
    /* ---- step 26 of 32, backward ---- */
    /* lstm.lua:25 */
    matmul_25_c(w + 14464, w + 101376, p_U, w + 2432);
    /* lstm.lua:26-27 */
    loop_27_b(w + 72960, w + 14464, w + 64768, w + 10624, w + 100448, w + 56576, w + 48384,
        w + 100416, w + 100352, w + 10368, w + 40192, s_c + 6400, w + 100384);
    if (win->first > 24)
        return;
    /* ---- step 25 of 32, backward ---- */
    /* lstm.lua:25 */
    matmul_25_c(w + 14208, w + 100352, p_U, w + 2176);
    /* lstm.lua:26-27 */
    loop_27_b(w + 72704, w + 14208, w + 64512, w + 10368, w + 99424, w + 56320, w + 48128,
        w + 99392, w + 99328, w + 10112, w + 39936, s_c + 6144, w + 99360);
    if (win->first > 23)
        return;
    /* ---- step 24 of 32, backward ---- */
    /* lstm.lua:25 */
    matmul_25_c(w + 13952, w + 99328, p_U, w + 1920);
    /* lstm.lua:26-27 */
    loop_27_b(w + 72448, w + 13952, w + 64256, w + 10112, w + 98400, w + 56064, w + 47872,
        w + 98368, w + 98304, w + 9856, w + 39680, s_c + 5888, w + 98336);
    if (win->first > 22)
        return;
    /* ---- step 23 of 32, backward ---- */
    /* lstm.lua:25 */
    matmul_25_c(w + 13696, w + 98304, p_U, w + 1664);
    /* lstm.lua:26-27 */
    loop_27_b(w + 72192, w + 13696, w + 64000, w + 9856, w + 97376, w + 55808, w + 47616,
        w + 97344, w + 97280, w + 9600, w + 39424, s_c + 5632, w + 97312);
    if (win->first > 21)
        return;
    /* ---- step 22 of 32, backward ---- */
    /* lstm.lua:25 */
    matmul_25_c(w + 13440, w + 97280, p_U, w + 1408);
    /* lstm.lua:26-27 */
    loop_27_b(w + 71936, w + 13440, w + 63744, w + 9600, w + 96352, w + 55552, w + 47360,
        w + 96320, w + 96256, w + 9344, w + 39168, s_c + 5376, w + 96288);
    if (win->first > 20)
        return;
    /* ---- step 21 of 32, backward ---- */
    /* lstm.lua:25 */
    matmul_25_c(w + 13184, w + 96256, p_U, w + 1152);
    /* lstm.lua:26-27 */
    loop_27_b(w + 71680, w + 13184, w + 63488, w + 9344, w + 95328, w + 55296, w + 47104,
        w + 95296, w + 95232, w + 9088, w + 38912, s_c + 5120, w + 95264);
    if (win->first > 19)
        return;
    /* ---- step 20 of 32, backward ---- */
    /* lstm.lua:25 */
    matmul_25_c(w + 12928, w + 95232, p_U, w + 896);
    /* lstm.lua:26-27 */
    loop_27_b(w + 71424, w + 12928, w + 63232, w + 9088, w + 94304, w + 55040, w + 46848,
        w + 94272, w + 94208, w + 8832, w + 38656, s_c + 4864, w + 94240);
    if (win->first > 18)
        return;
    /* ---- step 19 of 32, backward ---- */
    /* lstm.lua:25 */
    matmul_25_c(w + 12672, w + 94208, p_U, w + 640);
    /* lstm.lua:26-27 */
    loop_27_b(w + 71168, w + 12672, w + 62976, w + 8832, w + 93280, w + 54784, w + 46592,
        w + 93248, w + 93184, w + 8576, w + 38400, s_c + 4608, w + 93216);
    if (win->first > 17)
        return;
    /* ---- step 18 of 32, backward ---- */
    /* lstm.lua:25 */
    matmul_25_c(w + 12416, w + 93184, p_U, w + 384);
    /* lstm.lua:26-27 */
    loop_27_b(w + 70912, w + 12416, w + 62720, w + 8576, w + 92256, w + 54528, w + 46336,
        w + 92224, w + 92160, w + 8320, w + 38144, s_c + 4352, w + 92192);
    if (win->first > 16)
        return;
    /* ---- step 17 of 32, backward ---- */
    /* lstm.lua:25 */
    matmul_25_c(w + 19840, w + 92160, p_U, w + 128);
    /* lstm.lua:26-27 */
    loop_27_b(w + 70656, w + 19840, w + 62464, w + 8320, w + 91232, w + 54272, w + 46080,
        w + 91200, w + 91136, w + 8064, w + 37888, s_c + 4096, w + 91168);
    /* lstm.lua:25 */
    matmul_25_d(w + 12160, w + 91136, p_U);
    if (win->first > 15)
        return;
    /* ---- step 16 of 32, backward ---- */
    /* lstm.lua:26-27 */
    loop_27_b(w + 70400, w + 12160, w + 62208, w + 8064, w + 90208, w + 54016, w + 45824,
        w + 90176, w + 90112, w + 7808, w + 37632, s_c + 3840, w + 90144);
    /* lstm.lua:25 */
    matmul_25_d(w + 19584, w + 90112, p_U);
    if (win->first > 14)
        return;
    /* ---- step 15 of 32, backward ---- */
    /* lstm.lua:26-27 */
    loop_27_b(w + 70144, w + 19584, w + 61952, w + 7808, w + 89184, w + 53760, w + 45568,
        w + 89152, w + 89088, w + 7552, w + 37376, s_c + 3584, w + 89120);
    /* lstm.lua:25 */
    matmul_25_d(w + 19328, w + 89088, p_U);
    if (win->first > 13)
        return;
    /* ---- step 14 of 32, backward ---- */
    /* lstm.lua:26-27 */
    loop_27_b(w + 69888, w + 19328, w + 61696, w + 7552, w + 88160, w + 53504, w + 45312,
        w + 88128, w + 88064, w + 7296, w + 37120, s_c + 3328, w + 88096);
    /* lstm.lua:25 */
    matmul_25_d(w + 19072, w + 88064, p_U);
    if (win->first > 12)
        return;
    /* ---- step 13 of 32, backward ---- */
    /* lstm.lua:26-27 */
    loop_27_b(w + 69632, w + 19072, w + 61440, w + 7296, w + 87136, w + 53248, w + 45056,
        w + 87104, w + 87040, w + 7040, w + 36864, s_c + 3072, w + 87072);
    /* lstm.lua:25 */
    matmul_25_d(w + 18816, w + 87040, p_U);
    if (win->first > 11)
        return;
    /* ---- step 12 of 32, backward ---- */
    /* lstm.lua:26-27 */
    loop_27_b(w + 69376, w + 18816, w + 61184, w + 7040, w + 86112, w + 52992, w + 44800,
        w + 86080, w + 86016, w + 6784, w + 36608, s_c + 2816, w + 86048);
    /* lstm.lua:25 */
    matmul_25_d(w + 18560, w + 86016, p_U);
    if (win->first > 10)
        return;
    /* ---- step 11 of 32, backward ---- */
    /* lstm.lua:26-27 */
    loop_27_b(w + 69120, w + 18560, w + 60928, w + 6784, w + 85088, w + 52736, w + 44544,
        w + 85056, w + 84992, w + 6528, w + 36352, s_c + 2560, w + 85024);
    /* lstm.lua:25 */
    matmul_25_d(w + 18304, w + 84992, p_U);
    if (win->first > 9)
        return;
    /* ---- step 10 of 32, backward ---- */
    /* lstm.lua:26-27 */
    loop_27_b(w + 68864, w + 18304, w + 60672, w + 6528, w + 84064, w + 52480, w + 44288,
        w + 84032, w + 83968, w + 6272, w + 36096, s_c + 2304, w + 84000);
    /* lstm.lua:25 */
    matmul_25_d(w + 18048, w + 83968, p_U);
    if (win->first > 8)
        return;
    /* ---- step 9 of 32, backward ---- */
    /* lstm.lua:26-27 */
    loop_27_b(w + 68608, w + 18048, w + 60416, w + 6272, w + 83040, w + 52224, w + 44032,
        w + 83008, w + 82944, w + 6016, w + 35840, s_c + 2048, w + 82976);
    /* lstm.lua:25 */
    matmul_25_d(w + 17792, w + 82944, p_U);
    if (win->first > 7)
        return;
    /* ---- step 8 of 32, backward ---- */
    /* lstm.lua:26-27 */
    loop_27_b(w + 68352, w + 17792, w + 60160, w + 6016, w + 82016, w + 51968, w + 43776,
        w + 81984, w + 81920, w + 5760, w + 35584, s_c + 1792, w + 81952);
    /* lstm.lua:25 */
    matmul_25_d(w + 17536, w + 81920, p_U);
    if (win->first > 6)
        return;
    /* ---- step 7 of 32, backward ---- */
    /* lstm.lua:26-27 */
    loop_27_b(w + 68096, w + 17536, w + 59904, w + 5760, w + 80992, w + 51712, w + 43520,
        w + 80960, w + 80896, w + 5504, w + 35328, s_c + 1536, w + 80928);
    /* lstm.lua:25 */
    matmul_25_d(w + 17280, w + 80896, p_U);
    if (win->first > 5)
        return;
    /* ---- step 6 of 32, backward ---- */
    /* lstm.lua:26-27 */
    loop_27_b(w + 67840, w + 17280, w + 59648, w + 5504, w + 79968, w + 51456, w + 43264,
        w + 79936, w + 79872, w + 5248, w + 35072, s_c + 1280, w + 79904);
    /* lstm.lua:25 */
    matmul_25_d(w + 17024, w + 79872, p_U);
    if (win->first > 4)
        return;
    /* ---- step 5 of 32, backward ---- */
    /* lstm.lua:26-27 */
    loop_27_b(w + 67584, w + 17024, w + 59392, w + 5248, w + 78944, w + 51200, w + 43008,
        w + 78912, w + 78848, w + 4992, w + 34816, s_c + 1024, w + 78880);
    /* lstm.lua:25 */
    matmul_25_d(w + 16768, w + 78848, p_U);
    if (win->first > 3)
        return;
    /* ---- step 4 of 32, backward ---- */
    /* lstm.lua:26-27 */
    loop_27_b(w + 67328, w + 16768, w + 59136, w + 4992, w + 77920, w + 50944, w + 42752,
        w + 77888, w + 77824, w + 4736, w + 34560, s_c + 768, w + 77856);
    /* lstm.lua:25 */
    matmul_25_d(w + 16512, w + 77824, p_U);
    if (win->first > 2)
        return;
    /* ---- step 3 of 32, backward ---- */
    /* lstm.lua:26-27 */
    loop_27_b(w + 67072, w + 16512, w + 58880, w + 4736, w + 76896, w + 50688, w + 42496,
        w + 76864, w + 76800, w + 4480, w + 34304, s_c + 512, w + 76832);
    /* lstm.lua:25 */
    matmul_25_d(w + 16256, w + 76800, p_U);
    if (win->first > 1)
        return;
    /* ---- step 2 of 32, backward ---- */
    /* lstm.lua:26-27 */
    loop_27_b(w + 66816, w + 16256, w + 58624, w + 4480, w + 75872, w + 50432, w + 42240,
        w + 75840, w + 75776, w + 4224, w + 34048, s_c + 256, w + 75808);
    /* lstm.lua:25 */
    matmul_25_d(w + 16000, w + 75776, p_U);
    if (win->first > 0)
        return;
    /* ---- step 1 of 32, backward ---- */
    /* lstm.lua:26-27 */
    loop_27_c(w + 66560, w + 16000, w + 58368, w + 4224, w + 74848, w + 50176, w + 41984,
        w + 74816, w + 74752, s_c, w + 33792, w + 74784);
}

static void backward_all_2(const tl_window *win)
{
    const int first = win->first;
    real *const g_U = (real *)win->grads;
    real *const g_W = (real *)win->grads + 4128;
    real *const g_bf = (real *)win->grads + 4640;
    real *const g_bg = (real *)win->grads + 4672;
    real *const g_bi = (real *)win->grads + 4704;
    real *const g_bo = (real *)win->grads + 4736;
    real *const s_h = (real *)win->states + 8448;
    real *const w = (real *)win->work;
    const real *const in0 = (const real *)win->input[0];
    /* lstm.lua:27 */
    sum_27(32 - first, g_bo, w + first * 1024 + 74848);
    /* lstm.lua:26 */
    sum_27(32 - first, g_bg, w + first * 1024 + 74816);
    sum_27(32 - first, g_bi, w + first * 1024 + 74752);
    sum_27(32 - first, g_bf, w + first * 1024 + 74784);
    /* lstm.lua:25 */
    matmul_25_e(32 - first, g_U, w + first * 1024 + 74752, s_h + first * 256);
    matmul_25_f(32 - first, g_W, w + first * 1024 + 74752, in0 + first * 32);
}

void lstm_window(const tl_window *win)
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
    const real *const p_U = (const real *)st->params;
    const real *const p_V = (const real *)st->params + 4096;
    const real *const p_W = (const real *)st->params + 4128;
    const real *const p_bf = (const real *)st->params + 4640;
    const real *const p_bg = (const real *)st->params + 4672;
    const real *const p_bi = (const real *)st->params + 4704;
    const real *const p_bo = (const real *)st->params + 4736;
    const real *const p_d = (const real *)st->params + 4768;
    const real *const s_c = (const real *)st->state;
    const real *const s_h = (const real *)st->state + 256;
    real *const w = (real *)st->work;
    const real *const in0 = (const real *)st->input[0];
    real *const out0 = (real *)st->output[0];
    /* lstm.lua:25 */
    matmul_25_g(w, in0, p_W);
    matmul_25_h(w + 1024, s_h, p_U, w);
    /* lstm.lua:26-27 */
    loop_26_b(p_bf, w + 1056, s_c, p_bi, w + 1024, p_bg, w + 1088, w, p_bo, w + 1120, w + 256);
    /* lstm.lua:28 */
    matmul_28_d(out0, w + 256, p_V, p_d);
}

static void loss_8(const tl_step *st)
{
    real *const loss = (real *)st->losses;
    const real *const target0 = (const real *)st->target[0];
    real *const out0 = (real *)st->output[0];
    /* lstm.lua:15 */
    loop_15_c(out0, target0, loss);
}

static void store_8(const tl_step *st)
{
    real *const next_c = (real *)st->next_state;
    real *const next_h = (real *)st->next_state + 256;
    real *const w = (real *)st->work;
    /* lstm.lua:26-27 */
    loop_26_c(next_c, w, next_h, w + 256);
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
    const real *const p_U = (const real *)st->params;
    const real *const p_V = (const real *)st->params + 4096;
    const real *const p_W = (const real *)st->params + 4128;
    const real *const p_bf = (const real *)st->params + 4640;
    const real *const p_bg = (const real *)st->params + 4672;
    const real *const p_bi = (const real *)st->params + 4704;
    const real *const p_bo = (const real *)st->params + 4736;
    const real *const p_d = (const real *)st->params + 4768;
    const real *const s_c = (const real *)st->state;
    const real *const s_h = (const real *)st->state + 32;
    real *const w = (real *)st->work;
    const real *const in0 = (const real *)st->input[0];
    real *const out0 = (real *)st->output[0];
    /* lstm.lua:25 */
    matmul_25_i(w, in0, p_W);
    matmul_25_j(w + 128, s_h, p_U, w);
    /* lstm.lua:26-27 */
    loop_26_d(p_bf, w + 160, s_c, p_bi, w + 128, p_bg, w + 192, w, p_bo, w + 224, w + 32);
    /* lstm.lua:28 */
    matmul_28_e(out0, w + 32, p_V, p_d);
}

static void loss_1(const tl_step *st)
{
    real *const loss = (real *)st->losses;
    const real *const target0 = (const real *)st->target[0];
    real *const out0 = (real *)st->output[0];
    /* lstm.lua:15 */
    loop_15_d(out0, target0, loss);
}

static void store_1(const tl_step *st)
{
    real *const next_c = (real *)st->next_state;
    real *const next_h = (real *)st->next_state + 32;
    real *const w = (real *)st->work;
    /* lstm.lua:26-27 */
    loop_26_e(next_c, w, next_h, w + 32);
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
      AT(vocab) 0, AT(init) { TL_INIT_GLOROT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
    { AT(name) "V", AT(rank) 2, AT(dim) { 1, 32 }, AT(offset) 4096, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_GLOROT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
    { AT(name) "W", AT(rank) 2, AT(dim) { 128, 4 }, AT(offset) 4128, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_GLOROT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
    { AT(name) "bf", AT(rank) 1, AT(dim) { 32 }, AT(offset) 4640, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 1.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
    { AT(name) "bg", AT(rank) 1, AT(dim) { 32 }, AT(offset) 4672, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
    { AT(name) "bi", AT(rank) 1, AT(dim) { 32 }, AT(offset) 4704, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
    { AT(name) "bo", AT(rank) 1, AT(dim) { 32 }, AT(offset) 4736, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
    { AT(name) "d", AT(rank) 1, AT(dim) { 1 }, AT(offset) 4768, AT(type) TL_F32,
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
    { AT(name) "c", AT(rank) 1, AT(dim) { 32 }, AT(offset) 0, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
    { AT(name) "h", AT(rank) 1, AT(dim) { 32 }, AT(offset) 8448, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
};

static const tl_tensor outputs[] = {
    { AT(name) "", AT(rank) 1, AT(dim) { 1 }, AT(offset) 0, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
};

const tl_model lstm_model = {
    AT(abi) TL_ABI,
    AT(name) "lstm",
    AT(spec) "lstm.lua",
    AT(hash) "efd5f481a81dedab",
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
    AT(has_reset) 0, AT(has_mask) 0, AT(has_state_grads) 0, AT(has_head) 0,
    AT(nparams) 8, AT(ninputs) 1, AT(ntargets) 1, AT(nstates) 2,
    AT(noutputs) 1, AT(nprobes) 0, AT(nnamed) 0, AT(npast) 0,
    AT(params) params, AT(inputs) inputs, AT(targets) targets, AT(states) states,
    AT(outputs) outputs, AT(probes) NULL, AT(named) NULL, AT(past) NULL,
    AT(nextra) 0, AT(nrows) 0, AT(jacobian) TL_JACOBIAN_NONE, AT(rows_of) TL_SGD,
    AT(param_size) 4784, AT(state_size) 16896, AT(probe_size) 0, AT(step_state_size) 64,
    AT(frame_size) 0, AT(work_size) 448512, AT(step_work_size) 8192, AT(pack_size) 18432,
    AT(window_flops) 6774784, AT(calls_blas) 0,
    AT(pack) pack_weights, AT(window) lstm_window, AT(step) lstm_step,
};
