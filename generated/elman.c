/* elman.c
 *
 * Written by tapeless 0.1.0 from elman.lua (c6d11d4878649276), float, avx2; hidden=32 input=1 output=1.
 * Do not edit: change the spec and compile it again. This code is yours.
 *
 * First the kernels, one function for each distinct loop nest or product; then the window's
 * steps, one call an operation; then the tables. */
#include "elman.h"

#include <math.h>

#include <tapeless/elementary.h>

#define TL_REAL_BYTES 4
#define TL_VECTOR_BYTES 32
#include <tapeless/product.h>

#if TL_ABI != 7
#error "written for runtime ABI 7; compile the spec again"
#endif

typedef elman_real real;

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

/* matmul {slots * 16, 32} = {slots * 16, 1} {1, 32} */
KERNEL void matmul_14(int slots, real *restrict y0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3)
{
    for (int i = 0; i < slots * 16; i++)
        for (int j = 0; j < 32; j++) {
            real sum = x3[i * 0 + j * 1];
            for (int k = 0; k < 1; k++)
                sum += x1[i * 1 + k * 0] * x2[k * 0 + j * 1];
            y0[i * 32 + j * 1] = sum;
        }
}

/* matmul {16, 32} = {16, 32} {32, 32} */
KERNEL void matmul_14_b(real *restrict y0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3)
{
    tl_product_packed(16, 32, 32, x1, 32, x2,
        x3, 32, y0, 32, 6, 2, 1);
}

/* tanh */
KERNEL void loop_14(real *restrict y0, const real *restrict x1)
{
    for (int i = 0; i < 512; i++) {
        const real v1 = x1[i];
        y0[i] = tl_tanh_f32(v1);
    }
}

/* matmul {slots * 16, 1} = {slots * 16, 32} {32, 1} */
KERNEL void matmul_15(int slots, real *restrict y0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3)
{
    tl_product_in_place_any(slots * 16, 1, 32, x1, 32, x2, 1,
        x3, 0, y0, 1, 8, 1, 1);
}

/* sub square */
KERNEL void loop_5(int slots, real *restrict y0, const real *restrict x1, const real *restrict x2,
        real *restrict y3)
{
    for (int i = 0; i < slots * 16; i++) {
        const real v1 = x1[i];
        const real v2 = x2[i];
        const real t0 = v1 - v2;
        y0[i] = t0;
        y3[i] = t0 * t0;
    }
}

/* mul mul */
KERNEL void loop_5_b(int slots, const real *restrict x0, real *restrict y1, const real *restrict x2)
{
    for (int i = 0; i < slots * 16; i++) {
        const real v0 = x0[i];
        const real t0 = v0 * 2.0f;
        const real v2 = x2[i];
        y1[i] = v2 * t0;
    }
}

/* sum */
KERNEL void sum_15(int slots, real *restrict y0, const real *restrict x1)
{
    real sum = 0;
    for (int i = 0; i < slots * 16; i++) {
        sum += x1[i];
    }
    y0[0] = sum;
}

/* matmul {slots * 16, 32} = {slots * 16, 1} {1, 32} */
KERNEL void matmul_15_b(int slots, real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    for (int i = 0; i < slots * 16; i++)
        for (int j = 0; j < 32; j++) {
            real sum = 0;
            for (int k = 0; k < 1; k++)
                sum += x1[i * 1 + k * 0] * x2[k * 0 + j * 1];
            y0[i * 32 + j * 1] = sum;
        }
}

/* matmul {1, 32} = {1, slots * 16} {slots * 16, 32} */
KERNEL void matmul_15_c(int slots, real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    tl_product_in_place(1, 32, slots * 16, x1, 0, x2, 32,
        NULL, 0, y0, 0, 1, 4, 2);
}

/* square sub mul */
KERNEL void loop_14_b(const real *restrict x0, real *restrict y1, const real *restrict x2)
{
    for (int i = 0; i < 512; i++) {
        const real v0 = x0[i];
        const real t0 = v0 * v0;
        const real t1 = 1.0f - t0;
        const real v2 = x2[i];
        y1[i] = v2 * t1;
    }
}

/* matmul {16, 32} = {16, 32} {32, 32} */
KERNEL void matmul_14_c(real *restrict y0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3)
{
    tl_product_in_place(16, 32, 32, x1, 32, x2, 32,
        x3, 32, y0, 32, 6, 2, 1);
}

/* matmul {16, 32} = {16, 32} {32, 32} */
KERNEL void matmul_14_d(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    tl_product_in_place(16, 32, 32, x1, 32, x2, 32,
        NULL, 0, y0, 32, 6, 2, 1);
}

/* sum */
KERNEL void sum_14(int slots, real *restrict y0, const real *restrict x1)
{
    for (int j = 0; j < 32; j++) {
        y0[j] = x1[j];
    }
    for (int i = 1; i < slots * 16; i++)
        for (int j = 0; j < 32; j++) {
            y0[j] += x1[i * 32 + j];
        }
}

/* matmul {32, 32} = {32, slots * 16} {slots * 16, 32} */
KERNEL void matmul_14_e(int slots, real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    tl_product_gradient(slots * 16, 32, 32, x1, 32, x2, 32,
        0, y0, 32, 6, 2, 1);
}

/* matmul {32, 1} = {32, slots * 16} {slots * 16, 1} */
KERNEL void matmul_14_f(int slots, real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    tl_product_gradient_narrow(slots * 16, 32, 1, x1, 32, x2, 1,
        0, y0, 1, 4, 2);
}

/* matmul {16, 32} = {16, 1} {1, 32} */
KERNEL void matmul_14_g(real *restrict y0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3)
{
    for (int i = 0; i < 16; i++)
        for (int j = 0; j < 32; j++) {
            real sum = x3[i * 0 + j * 1];
            for (int k = 0; k < 1; k++)
                sum += x1[i * 1 + k * 0] * x2[k * 0 + j * 1];
            y0[i * 32 + j * 1] = sum;
        }
}

/* matmul {16, 32} = {16, 32} {32, 32} */
KERNEL void matmul_14_h(real *restrict y0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3)
{
    tl_product_dots(16, 32, 32, x1, 32, x2, 32,
        x3, 32, y0, 32, 1, 8);
}

/* matmul {16, 1} = {16, 32} {32, 1} */
KERNEL void matmul_15_d(real *restrict y0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3)
{
    tl_product_in_place(16, 1, 32, x1, 32, x2, 1,
        x3, 0, y0, 1, 8, 1, 1);
}

/* sub square */
KERNEL void loop_5_c(const real *restrict x0, const real *restrict x1, real *restrict y2)
{
    for (int i = 0; i < 16; i++) {
        const real v0 = x0[i];
        const real v1 = x1[i];
        const real t0 = v0 - v1;
        y2[i] = t0 * t0;
    }
}

/* copy */
KERNEL void loop_14_c(real *restrict y0, const real *restrict x1)
{
    for (int i = 0; i < 512; i++) {
        const real v1 = x1[i];
        y0[i] = v1;
    }
}

/* matmul {1, 32} = {1, 1} {1, 32} */
KERNEL void matmul_14_i(real *restrict y0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3)
{
    for (int i = 0; i < 1; i++)
        for (int j = 0; j < 32; j++) {
            real sum = x3[i * 0 + j * 1];
            for (int k = 0; k < 1; k++)
                sum += x1[i * 0 + k * 0] * x2[k * 0 + j * 1];
            y0[i * 0 + j * 1] = sum;
        }
}

/* matmul {1, 32} = {1, 32} {32, 32} */
KERNEL void matmul_14_j(real *restrict y0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3)
{
    tl_product_dots(1, 32, 32, x1, 0, x2, 32,
        x3, 0, y0, 0, 1, 8);
}

/* tanh */
KERNEL void loop_14_d(real *restrict y0, const real *restrict x1)
{
    for (int i = 0; i < 32; i++) {
        const real v1 = x1[i];
        y0[i] = tl_tanh_f32(v1);
    }
}

/* matmul {1, 1} = {1, 32} {32, 1} */
KERNEL void matmul_15_e(real *restrict y0, const real *restrict x1, const real *restrict x2,
        const real *restrict x3)
{
    tl_product_in_place(1, 1, 32, x1, 0, x2, 1,
        x3, 0, y0, 0, 1, 1, 8);
}

/* sub square */
KERNEL void loop_5_d(const real *restrict x0, const real *restrict x1, real *restrict y2)
{
    const real v0 = x0[0];
    const real v1 = x1[0];
    const real t0 = v0 - v1;
    y2[0] = t0 * t0;
}

/* copy */
KERNEL void loop_14_e(real *restrict y0, const real *restrict x1)
{
    for (int i = 0; i < 32; i++) {
        const real v1 = x1[i];
        y0[i] = v1;
    }
}

static void pack_weights(const tl_window *win)
{
    const real *const p_U = (const real *)win->params;
    real *const packs = win->packs ? (real *)win->packs : (real *)win->work + 36480;
    tl_pack_transposed(32, 32, 2, p_U, 32, packs);
}

static void forward_all(const tl_window *win)
{
    const int first = win->first;
    const real *const p_W = (const real *)win->params + 1056;
    const real *const p_b = (const real *)win->params + 1088;
    real *const w = (real *)win->work;
    const real *const in0 = (const real *)win->input[0];
    /* elman.lua:14 */
    matmul_14(32 - first, w + first * 512, in0 + first * 16, p_W, p_b);
}

static void forward_1_to_32(const tl_window *win)
{
    real *const s_h = (real *)win->states;
    real *const w = (real *)win->work;
    real *const packs = win->packs ? (real *)win->packs : (real *)win->work + 36480;
    switch (win->first) {
    case 0:
    /* ---- step 1 of 32, forward ---- */
    /* elman.lua:14 */
    matmul_14_b(w + 16384, s_h, packs, w);
    loop_14(s_h + 512, w + 16384);
    /* fall through */
    case 1:
    /* ---- step 2 of 32, forward ---- */
    /* elman.lua:14 */
    matmul_14_b(w + 16384, s_h + 512, packs, w + 512);
    loop_14(s_h + 1024, w + 16384);
    /* fall through */
    case 2:
    /* ---- step 3 of 32, forward ---- */
    /* elman.lua:14 */
    matmul_14_b(w + 16384, s_h + 1024, packs, w + 1024);
    loop_14(s_h + 1536, w + 16384);
    /* fall through */
    case 3:
    /* ---- step 4 of 32, forward ---- */
    /* elman.lua:14 */
    matmul_14_b(w + 16384, s_h + 1536, packs, w + 1536);
    loop_14(s_h + 2048, w + 16384);
    /* fall through */
    case 4:
    /* ---- step 5 of 32, forward ---- */
    /* elman.lua:14 */
    matmul_14_b(w + 16384, s_h + 2048, packs, w + 2048);
    loop_14(s_h + 2560, w + 16384);
    /* fall through */
    case 5:
    /* ---- step 6 of 32, forward ---- */
    /* elman.lua:14 */
    matmul_14_b(w + 16384, s_h + 2560, packs, w + 2560);
    loop_14(s_h + 3072, w + 16384);
    /* fall through */
    case 6:
    /* ---- step 7 of 32, forward ---- */
    /* elman.lua:14 */
    matmul_14_b(w + 16384, s_h + 3072, packs, w + 3072);
    loop_14(s_h + 3584, w + 16384);
    /* fall through */
    case 7:
    /* ---- step 8 of 32, forward ---- */
    /* elman.lua:14 */
    matmul_14_b(w + 16384, s_h + 3584, packs, w + 3584);
    loop_14(s_h + 4096, w + 16384);
    /* fall through */
    case 8:
    /* ---- step 9 of 32, forward ---- */
    /* elman.lua:14 */
    matmul_14_b(w + 16384, s_h + 4096, packs, w + 4096);
    loop_14(s_h + 4608, w + 16384);
    /* fall through */
    case 9:
    /* ---- step 10 of 32, forward ---- */
    /* elman.lua:14 */
    matmul_14_b(w + 16384, s_h + 4608, packs, w + 4608);
    loop_14(s_h + 5120, w + 16384);
    /* fall through */
    case 10:
    /* ---- step 11 of 32, forward ---- */
    /* elman.lua:14 */
    matmul_14_b(w + 16384, s_h + 5120, packs, w + 5120);
    loop_14(s_h + 5632, w + 16384);
    /* fall through */
    case 11:
    /* ---- step 12 of 32, forward ---- */
    /* elman.lua:14 */
    matmul_14_b(w + 16384, s_h + 5632, packs, w + 5632);
    loop_14(s_h + 6144, w + 16384);
    /* fall through */
    case 12:
    /* ---- step 13 of 32, forward ---- */
    /* elman.lua:14 */
    matmul_14_b(w + 16384, s_h + 6144, packs, w + 6144);
    loop_14(s_h + 6656, w + 16384);
    /* fall through */
    case 13:
    /* ---- step 14 of 32, forward ---- */
    /* elman.lua:14 */
    matmul_14_b(w + 16384, s_h + 6656, packs, w + 6656);
    loop_14(s_h + 7168, w + 16384);
    /* fall through */
    case 14:
    /* ---- step 15 of 32, forward ---- */
    /* elman.lua:14 */
    matmul_14_b(w + 16384, s_h + 7168, packs, w + 7168);
    loop_14(s_h + 7680, w + 16384);
    /* fall through */
    case 15:
    /* ---- step 16 of 32, forward ---- */
    /* elman.lua:14 */
    matmul_14_b(w + 16384, s_h + 7680, packs, w + 7680);
    loop_14(s_h + 8192, w + 16384);
    /* fall through */
    case 16:
    /* ---- step 17 of 32, forward ---- */
    /* elman.lua:14 */
    matmul_14_b(w + 16384, s_h + 8192, packs, w + 8192);
    loop_14(s_h + 8704, w + 16384);
    /* fall through */
    case 17:
    /* ---- step 18 of 32, forward ---- */
    /* elman.lua:14 */
    matmul_14_b(w + 16384, s_h + 8704, packs, w + 8704);
    loop_14(s_h + 9216, w + 16384);
    /* fall through */
    case 18:
    /* ---- step 19 of 32, forward ---- */
    /* elman.lua:14 */
    matmul_14_b(w + 16384, s_h + 9216, packs, w + 9216);
    loop_14(s_h + 9728, w + 16384);
    /* fall through */
    case 19:
    /* ---- step 20 of 32, forward ---- */
    /* elman.lua:14 */
    matmul_14_b(w + 16384, s_h + 9728, packs, w + 9728);
    loop_14(s_h + 10240, w + 16384);
    /* fall through */
    case 20:
    /* ---- step 21 of 32, forward ---- */
    /* elman.lua:14 */
    matmul_14_b(w + 16384, s_h + 10240, packs, w + 10240);
    loop_14(s_h + 10752, w + 16384);
    /* fall through */
    case 21:
    /* ---- step 22 of 32, forward ---- */
    /* elman.lua:14 */
    matmul_14_b(w + 16384, s_h + 10752, packs, w + 10752);
    loop_14(s_h + 11264, w + 16384);
    /* fall through */
    case 22:
    /* ---- step 23 of 32, forward ---- */
    /* elman.lua:14 */
    matmul_14_b(w + 16384, s_h + 11264, packs, w + 11264);
    loop_14(s_h + 11776, w + 16384);
    /* fall through */
    case 23:
    /* ---- step 24 of 32, forward ---- */
    /* elman.lua:14 */
    matmul_14_b(w + 16384, s_h + 11776, packs, w + 11776);
    loop_14(s_h + 12288, w + 16384);
    /* fall through */
    case 24:
    /* ---- step 25 of 32, forward ---- */
    /* elman.lua:14 */
    matmul_14_b(w + 16384, s_h + 12288, packs, w + 12288);
    loop_14(s_h + 12800, w + 16384);
    /* fall through */
    case 25:
    /* ---- step 26 of 32, forward ---- */
    /* elman.lua:14 */
    matmul_14_b(w + 16384, s_h + 12800, packs, w + 12800);
    loop_14(s_h + 13312, w + 16384);
    /* fall through */
    case 26:
    /* ---- step 27 of 32, forward ---- */
    /* elman.lua:14 */
    matmul_14_b(w + 16384, s_h + 13312, packs, w + 13312);
    loop_14(s_h + 13824, w + 16384);
    /* fall through */
    case 27:
    /* ---- step 28 of 32, forward ---- */
    /* elman.lua:14 */
    matmul_14_b(w + 16384, s_h + 13824, packs, w + 13824);
    loop_14(s_h + 14336, w + 16384);
    /* fall through */
    case 28:
    /* ---- step 29 of 32, forward ---- */
    /* elman.lua:14 */
    matmul_14_b(w + 16384, s_h + 14336, packs, w + 14336);
    loop_14(s_h + 14848, w + 16384);
    /* fall through */
    case 29:
    /* ---- step 30 of 32, forward ---- */
    /* elman.lua:14 */
    matmul_14_b(w + 16384, s_h + 14848, packs, w + 14848);
    loop_14(s_h + 15360, w + 16384);
    /* fall through */
    case 30:
    /* ---- step 31 of 32, forward ---- */
    /* elman.lua:14 */
    matmul_14_b(w + 16384, s_h + 15360, packs, w + 15360);
    loop_14(s_h + 15872, w + 16384);
    /* fall through */
    case 31:
    /* ---- step 32 of 32, forward ---- */
    /* elman.lua:14 */
    matmul_14_b(w + 16384, s_h + 15872, packs, w + 15872);
    loop_14(s_h + 16384, w + 16384);
    }
}

static void forward_all_2(const tl_window *win)
{
    const int first = win->first;
    const real *const p_V = (const real *)win->params + 1024;
    const real *const p_c = (const real *)win->params + 1120;
    real *const s_h = (real *)win->states;
    real *const loss = (real *)win->losses;
    real *const w = (real *)win->work;
    const real *const target0 = (const real *)win->target[0];
    /* elman.lua:15 */
    {
        const int from = first > 24 ? first : 24;
        matmul_15(32 - from, w + from * 16 - 384, s_h + from * 512 + 512, p_V, p_c);
    }
    /* elman.lua:5 */
    {
        const int from = first > 24 ? first : 24;
        loop_5(32 - from, w + from * 16 - 256, w + from * 16 - 384, target0 + from * 16,
        loss + from * 16);
    }
}

static void backward_all(const tl_window *win)
{
    const int first = win->first;
    const real *const p_V = (const real *)win->params + 1024;
    real *const g_V = (real *)win->grads + 1024;
    real *const g_c = (real *)win->grads + 1120;
    real *const s_h = (real *)win->states;
    const real *const weight = (const real *)win->weight;
    real *const w = (real *)win->work;
    /* elman.lua:5 */
    {
        const int from = first > 24 ? first : 24;
        loop_5_b(32 - from, w + from * 16 - 256, w + from * 16 - 384, weight + from * 16);
    }
    /* elman.lua:15 */
    {
        const int from = first > 24 ? first : 24;
        sum_15(32 - from, g_c, w + from * 16 - 384);
    }
    {
        const int from = first > 24 ? first : 24;
        matmul_15_b(32 - from, w + from * 512 - 12160, w + from * 16 - 384, p_V);
    }
    {
        const int from = first > 24 ? first : 24;
        matmul_15_c(32 - from, g_V, w + from * 16 - 384, s_h + from * 512 + 512);
    }
}

static void backward_32_to_1(const tl_window *win)
{
    const real *const p_U = (const real *)win->params;
    real *const s_h = (real *)win->states;
    real *const w = (real *)win->work;
    /* ---- step 32 of 32, backward ---- */
    /* elman.lua:14 */
    loop_14_b(s_h + 16384, w + 20096, w + 3712);
    if (win->first > 30)
        return;
    /* ---- step 31 of 32, backward ---- */
    /* elman.lua:14 */
    matmul_14_c(w + 23680, w + 20096, p_U, w + 3200);
    loop_14_b(s_h + 15872, w + 19584, w + 23680);
    if (win->first > 29)
        return;
    /* ---- step 30 of 32, backward ---- */
    /* elman.lua:14 */
    matmul_14_c(w + 23168, w + 19584, p_U, w + 2688);
    loop_14_b(s_h + 15360, w + 19072, w + 23168);
    if (win->first > 28)
        return;
    /* ---- step 29 of 32, backward ---- */
    /* elman.lua:14 */
    matmul_14_c(w + 22656, w + 19072, p_U, w + 2176);
    loop_14_b(s_h + 14848, w + 18560, w + 22656);
    if (win->first > 27)
        return;
    /* ---- step 28 of 32, backward ---- */
    /* elman.lua:14 */
    matmul_14_c(w + 22144, w + 18560, p_U, w + 1664);
    loop_14_b(s_h + 14336, w + 18048, w + 22144);
    if (win->first > 26)
        return;
    /* ---- step 27 of 32, backward ---- */
    /* elman.lua:14 */
    matmul_14_c(w + 21632, w + 18048, p_U, w + 1152);
    loop_14_b(s_h + 13824, w + 17536, w + 21632);
    if (win->first > 25)
        return;
    /* ---- step 26 of 32, backward ---- */
    /* elman.lua:14 */
    matmul_14_c(w + 21120, w + 17536, p_U, w + 640);
    loop_14_b(s_h + 13312, w + 17024, w + 21120);
    if (win->first > 24)
        return;
    /* ---- step 25 of 32, backward ---- */
    /* elman.lua:14 */
    matmul_14_c(w + 35968, w + 17024, p_U, w + 128);
    loop_14_b(s_h + 12800, w + 16512, w + 35968);
    matmul_14_d(w + 20608, w + 16512, p_U);
    if (win->first > 23)
        return;
    /* ---- step 24 of 32, backward ---- */
    /* elman.lua:14 */
    loop_14_b(s_h + 12288, w + 16000, w + 20608);
    matmul_14_d(w + 35456, w + 16000, p_U);
    if (win->first > 22)
        return;
    /* ---- step 23 of 32, backward ---- */
    /* elman.lua:14 */
    loop_14_b(s_h + 11776, w + 15488, w + 35456);
    matmul_14_d(w + 34944, w + 15488, p_U);
    if (win->first > 21)
        return;
    /* ---- step 22 of 32, backward ---- */
    /* elman.lua:14 */
    loop_14_b(s_h + 11264, w + 14976, w + 34944);
    matmul_14_d(w + 34432, w + 14976, p_U);
    if (win->first > 20)
        return;
    /* ---- step 21 of 32, backward ---- */
    /* elman.lua:14 */
    loop_14_b(s_h + 10752, w + 14464, w + 34432);
    matmul_14_d(w + 33920, w + 14464, p_U);
    if (win->first > 19)
        return;
    /* ---- step 20 of 32, backward ---- */
    /* elman.lua:14 */
    loop_14_b(s_h + 10240, w + 13952, w + 33920);
    matmul_14_d(w + 33408, w + 13952, p_U);
    if (win->first > 18)
        return;
    /* ---- step 19 of 32, backward ---- */
    /* elman.lua:14 */
    loop_14_b(s_h + 9728, w + 13440, w + 33408);
    matmul_14_d(w + 32896, w + 13440, p_U);
    if (win->first > 17)
        return;
    /* ---- step 18 of 32, backward ---- */
    /* elman.lua:14 */
    loop_14_b(s_h + 9216, w + 12928, w + 32896);
    matmul_14_d(w + 32384, w + 12928, p_U);
    if (win->first > 16)
        return;
    /* ---- step 17 of 32, backward ---- */
    /* elman.lua:14 */
    loop_14_b(s_h + 8704, w + 12416, w + 32384);
    matmul_14_d(w + 31872, w + 12416, p_U);
    if (win->first > 15)
        return;
    /* ---- step 16 of 32, backward ---- */
    /* elman.lua:14 */
    loop_14_b(s_h + 8192, w + 11904, w + 31872);
    matmul_14_d(w + 31360, w + 11904, p_U);
    if (win->first > 14)
        return;
    /* ---- step 15 of 32, backward ---- */
    /* elman.lua:14 */
    loop_14_b(s_h + 7680, w + 11392, w + 31360);
    matmul_14_d(w + 30848, w + 11392, p_U);
    if (win->first > 13)
        return;
    /* ---- step 14 of 32, backward ---- */
    /* elman.lua:14 */
    loop_14_b(s_h + 7168, w + 10880, w + 30848);
    matmul_14_d(w + 30336, w + 10880, p_U);
    if (win->first > 12)
        return;
    /* ---- step 13 of 32, backward ---- */
    /* elman.lua:14 */
    loop_14_b(s_h + 6656, w + 10368, w + 30336);
    matmul_14_d(w + 29824, w + 10368, p_U);
    if (win->first > 11)
        return;
    /* ---- step 12 of 32, backward ---- */
    /* elman.lua:14 */
    loop_14_b(s_h + 6144, w + 9856, w + 29824);
    matmul_14_d(w + 29312, w + 9856, p_U);
    if (win->first > 10)
        return;
    /* ---- step 11 of 32, backward ---- */
    /* elman.lua:14 */
    loop_14_b(s_h + 5632, w + 9344, w + 29312);
    matmul_14_d(w + 28800, w + 9344, p_U);
    if (win->first > 9)
        return;
    /* ---- step 10 of 32, backward ---- */
    /* elman.lua:14 */
    loop_14_b(s_h + 5120, w + 8832, w + 28800);
    matmul_14_d(w + 28288, w + 8832, p_U);
    if (win->first > 8)
        return;
    /* ---- step 9 of 32, backward ---- */
    /* elman.lua:14 */
    loop_14_b(s_h + 4608, w + 8320, w + 28288);
    matmul_14_d(w + 27776, w + 8320, p_U);
    if (win->first > 7)
        return;
    /* ---- step 8 of 32, backward ---- */
    /* elman.lua:14 */
    loop_14_b(s_h + 4096, w + 7808, w + 27776);
    matmul_14_d(w + 27264, w + 7808, p_U);
    if (win->first > 6)
        return;
    /* ---- step 7 of 32, backward ---- */
    /* elman.lua:14 */
    loop_14_b(s_h + 3584, w + 7296, w + 27264);
    matmul_14_d(w + 26752, w + 7296, p_U);
    if (win->first > 5)
        return;
    /* ---- step 6 of 32, backward ---- */
    /* elman.lua:14 */
    loop_14_b(s_h + 3072, w + 6784, w + 26752);
    matmul_14_d(w + 26240, w + 6784, p_U);
    if (win->first > 4)
        return;
    /* ---- step 5 of 32, backward ---- */
    /* elman.lua:14 */
    loop_14_b(s_h + 2560, w + 6272, w + 26240);
    matmul_14_d(w + 25728, w + 6272, p_U);
    if (win->first > 3)
        return;
    /* ---- step 4 of 32, backward ---- */
    /* elman.lua:14 */
    loop_14_b(s_h + 2048, w + 5760, w + 25728);
    matmul_14_d(w + 25216, w + 5760, p_U);
    if (win->first > 2)
        return;
    /* ---- step 3 of 32, backward ---- */
    /* elman.lua:14 */
    loop_14_b(s_h + 1536, w + 5248, w + 25216);
    matmul_14_d(w + 24704, w + 5248, p_U);
    if (win->first > 1)
        return;
    /* ---- step 2 of 32, backward ---- */
    /* elman.lua:14 */
    loop_14_b(s_h + 1024, w + 4736, w + 24704);
    matmul_14_d(w + 24192, w + 4736, p_U);
    if (win->first > 0)
        return;
    /* ---- step 1 of 32, backward ---- */
    /* elman.lua:14 */
    loop_14_b(s_h + 512, w + 4224, w + 24192);
}

static void backward_all_2(const tl_window *win)
{
    const int first = win->first;
    real *const g_U = (real *)win->grads;
    real *const g_W = (real *)win->grads + 1056;
    real *const g_b = (real *)win->grads + 1088;
    real *const s_h = (real *)win->states;
    real *const w = (real *)win->work;
    const real *const in0 = (const real *)win->input[0];
    /* elman.lua:14 */
    sum_14(32 - first, g_b, w + first * 512 + 4224);
    matmul_14_e(32 - first, g_U, w + first * 512 + 4224, s_h + first * 512);
    matmul_14_f(32 - first, g_W, w + first * 512 + 4224, in0 + first * 16);
}

void elman_window(const tl_window *win)
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

static void step_16(const tl_step *st)
{
    const real *const p_U = (const real *)st->params;
    const real *const p_V = (const real *)st->params + 1024;
    const real *const p_W = (const real *)st->params + 1056;
    const real *const p_b = (const real *)st->params + 1088;
    const real *const p_c = (const real *)st->params + 1120;
    const real *const s_h = (const real *)st->state;
    real *const w = (real *)st->work;
    const real *const in0 = (const real *)st->input[0];
    real *const out0 = (real *)st->output[0];
    /* elman.lua:14 */
    matmul_14_g(w, in0, p_W, p_b);
    matmul_14_h(w + 512, s_h, p_U, w);
    loop_14(w, w + 512);
    /* elman.lua:15 */
    matmul_15_d(out0, w, p_V, p_c);
}

static void loss_16(const tl_step *st)
{
    real *const loss = (real *)st->losses;
    const real *const target0 = (const real *)st->target[0];
    real *const out0 = (real *)st->output[0];
    /* elman.lua:5 */
    loop_5_c(out0, target0, loss);
}

static void store_16(const tl_step *st)
{
    real *const next_h = (real *)st->next_state;
    real *const w = (real *)st->work;
    /* elman.lua:14 */
    loop_14_c(next_h, w);
}

static void evaluate_16(const tl_step *st)
{
    step_16(st);
    if (st->target)
        loss_16(st);
    store_16(st);
}

static void step_1(const tl_step *st)
{
    const real *const p_U = (const real *)st->params;
    const real *const p_V = (const real *)st->params + 1024;
    const real *const p_W = (const real *)st->params + 1056;
    const real *const p_b = (const real *)st->params + 1088;
    const real *const p_c = (const real *)st->params + 1120;
    const real *const s_h = (const real *)st->state;
    real *const w = (real *)st->work;
    const real *const in0 = (const real *)st->input[0];
    real *const out0 = (real *)st->output[0];
    /* elman.lua:14 */
    matmul_14_i(w, in0, p_W, p_b);
    matmul_14_j(w + 32, s_h, p_U, w);
    loop_14_d(w, w + 32);
    /* elman.lua:15 */
    matmul_15_e(out0, w, p_V, p_c);
}

static void loss_1(const tl_step *st)
{
    real *const loss = (real *)st->losses;
    const real *const target0 = (const real *)st->target[0];
    real *const out0 = (real *)st->output[0];
    /* elman.lua:5 */
    loop_5_d(out0, target0, loss);
}

static void store_1(const tl_step *st)
{
    real *const next_h = (real *)st->next_state;
    real *const w = (real *)st->work;
    /* elman.lua:14 */
    loop_14_e(next_h, w);
}

static void evaluate_1(const tl_step *st)
{
    step_1(st);
    if (st->target)
        loss_1(st);
    store_1(st);
}

void elman_step(const tl_step *st)
{
    if (st->lanes == 1)
        evaluate_1(st);
    else
        evaluate_16(st);
}

static const tl_tensor params[] = {
    { AT(name) "U", AT(rank) 2, AT(dim) { 32, 32 }, AT(offset) 0, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_GLOROT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
    { AT(name) "V", AT(rank) 2, AT(dim) { 1, 32 }, AT(offset) 1024, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_GLOROT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
    { AT(name) "W", AT(rank) 2, AT(dim) { 32, 1 }, AT(offset) 1056, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_GLOROT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
    { AT(name) "b", AT(rank) 1, AT(dim) { 32 }, AT(offset) 1088, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
    { AT(name) "c", AT(rank) 1, AT(dim) { 1 }, AT(offset) 1120, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
};

static const tl_tensor inputs[] = {
    { AT(name) "", AT(rank) 1, AT(dim) { 1 }, AT(offset) 0, AT(type) TL_F32,
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
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
};

static const tl_tensor outputs[] = {
    { AT(name) "", AT(rank) 1, AT(dim) { 1 }, AT(offset) 0, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE,
      AT(column) 0, AT(first_row) 0 },
};

const tl_model elman_model = {
    AT(abi) TL_ABI,
    AT(name) "elman",
    AT(spec) "elman.lua",
    AT(hash) "c6d11d4878649276",
    AT(version) "0.1.0",
    AT(options) "hidden=32 input=1 output=1",
    AT(real) TL_F32,
    AT(tbptt) { AT(k1) 8, AT(k2) 32, AT(batch) 16, AT(shards) 1, AT(counted) TL_COUNT_NEW, AT(reduce) TL_REDUCE_MEAN,
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
    AT(nparams) 5, AT(ninputs) 1, AT(ntargets) 1, AT(nstates) 1,
    AT(noutputs) 1, AT(nprobes) 0, AT(nnamed) 0, AT(npast) 0,
    AT(params) params, AT(inputs) inputs, AT(targets) targets, AT(states) states,
    AT(outputs) outputs, AT(probes) NULL, AT(named) NULL, AT(past) NULL,
    AT(nextra) 0, AT(nrows) 0, AT(jacobian) TL_JACOBIAN_NONE, AT(rows_of) TL_SGD,
    AT(param_size) 1136, AT(state_size) 16896, AT(probe_size) 0, AT(step_state_size) 32,
    AT(frame_size) 0, AT(work_size) 150016, AT(step_work_size) 4096, AT(pack_size) 4096,
    AT(window_flops) 3203072, AT(calls_blas) 0,
    AT(pack) pack_weights, AT(window) elman_window, AT(step) elman_step,
};
