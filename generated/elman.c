/* elman.c
 *
 * Written by tapeless 0.1.0 from elman.lua (c6d11d4878649276), float; hidden=32 input=1 output=1.
 * Do not edit: change the spec and compile it again. This code is yours.
 *
 * First the kernels, one function for each distinct loop nest or product; then the window's
 * steps, one call an operation; then the tables. */
#include "elman.h"

#ifdef __cplusplus /* OpenBLAS's header has C99's complex numbers otherwise */
#define FORCE_OPENBLAS_COMPLEX_STRUCT
#endif
#include <cblas.h>
#include <math.h>

#if TL_ABI != 3
#error "written for runtime ABI 3; compile the spec again"
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

/* matmul {16, 32} = {16, 1} {1, 32} */
KERNEL void matmul1(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, 16, 32, 1,
                1, x1, 1, x2, 32, 0, y0, 32);
}

/* matmul {16, 32} = {16, 32} {32, 32} */
KERNEL void matmul2(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, 16, 32, 32,
                1, x1, 32, x2, 32, 0, y0, 32);
}

/* add add tanh */
KERNEL void loop3(const real *restrict x0, const real *restrict x1, const real *restrict x2,
        real *restrict y3)
{
    for (int i = 0; i < 16; i++)
        for (int j = 0; j < 32; j++) {
            const real v0 = x0[i * 32 + j];
            const real v1 = x1[i * 32 + j];
            const real t0 = v0 + v1;
            const real v2 = x2[j];
            const real t1 = v2 + t0;
            y3[i * 32 + j] = tanhf(t1);
        }
}

/* matmul {16, 1} = {16, 32} {32, 1} */
KERNEL void matmul4(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, 16, 1, 32,
                1, x1, 32, x2, 1, 0, y0, 1);
}

/* add sub square */
KERNEL void loop5(const real *restrict x0, const real *restrict x1, real *restrict y2,
        const real *restrict x3, real *restrict y4)
{
    for (int i = 0; i < 16; i++) {
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
KERNEL void loop6(const real *restrict x0, real *restrict y1, const real *restrict x2)
{
    for (int i = 0; i < 16; i++) {
        const real v0 = x0[i];
        const real t0 = v0 * 2.0f;
        const real v2 = x2[i];
        y1[i] = v2 * t0;
    }
}

/* sum */
KERNEL void sum7(real *restrict y0, const real *restrict x1)
{
    real sum = 0;
    for (int i = 0; i < 16; i++) {
        sum += x1[i];
    }
    y0[0] = sum;
}

/* matmul {1, 32} = {1, 16} {16, 32} */
KERNEL void matmul8(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, 1, 32, 16,
                1, x1, 16, x2, 32, 0, y0, 32);
}

/* square sub mul */
KERNEL void loop9(const real *restrict x0, real *restrict y1, const real *restrict x2)
{
    for (int i = 0; i < 512; i++) {
        const real v0 = x0[i];
        const real t0 = v0 * v0;
        const real t1 = 1.0f - t0;
        const real v2 = x2[i];
        y1[i] = v2 * t1;
    }
}

/* sum */
KERNEL void sum10(real *restrict y0, const real *restrict x1)
{
    for (int j = 0; j < 32; j++) {
        y0[j] = x1[j];
    }
    for (int i = 1; i < 16; i++)
        for (int j = 0; j < 32; j++) {
            y0[j] += x1[i * 32 + j];
        }
}

/* matmul {16, 32} = {16, 32} {32, 32} */
KERNEL void matmul11(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, 16, 32, 32,
                1, x1, 32, x2, 32, 0, y0, 32);
}

/* matmul {32, 32} = {32, 16} {16, 32} */
KERNEL void matmul12(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, 32, 32, 16,
                1, x1, 32, x2, 32, 0, y0, 32);
}

/* matmul {32, 1} = {32, 16} {16, 1} */
KERNEL void matmul13(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, 32, 1, 16,
                1, x1, 32, x2, 1, 0, y0, 1);
}

/* sum */
KERNEL void sum14(real *restrict y0, const real *restrict x1)
{
    real sum = 0;
    for (int i = 0; i < 16; i++) {
        sum += x1[i];
    }
    y0[0] += sum;
}

/* matmul {1, 32} = {1, 16} {16, 32} */
KERNEL void matmul15(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, 1, 32, 16,
                1, x1, 16, x2, 32, 1, y0, 32);
}

/* add square sub mul */
KERNEL void loop16(const real *restrict x0, const real *restrict x1, const real *restrict x2,
        real *restrict y3)
{
    for (int i = 0; i < 512; i++) {
        const real v0 = x0[i];
        const real v1 = x1[i];
        const real t0 = v0 + v1;
        const real v2 = x2[i];
        const real t1 = v2 * v2;
        const real t2 = 1.0f - t1;
        y3[i] = t0 * t2;
    }
}

/* sum */
KERNEL void sum17(real *restrict y0, const real *restrict x1)
{
    for (int j = 0; j < 32; j++) {
        y0[j] += x1[j];
    }
    for (int i = 1; i < 16; i++)
        for (int j = 0; j < 32; j++) {
            y0[j] += x1[i * 32 + j];
        }
}

/* matmul {32, 32} = {32, 16} {16, 32} */
KERNEL void matmul18(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, 32, 32, 16,
                1, x1, 32, x2, 32, 1, y0, 32);
}

/* matmul {32, 1} = {32, 16} {16, 1} */
KERNEL void matmul19(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, 32, 1, 16,
                1, x1, 32, x2, 1, 1, y0, 1);
}

/* add */
KERNEL void loop20(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    for (int i = 0; i < 16; i++) {
        const real v1 = x1[0];
        const real v2 = x2[i];
        y0[i] = v1 + v2;
    }
}

/* sub square */
KERNEL void loop21(const real *restrict x0, const real *restrict x1, real *restrict y2)
{
    for (int i = 0; i < 16; i++) {
        const real v0 = x0[i];
        const real v1 = x1[i];
        const real t0 = v0 - v1;
        y2[i] = t0 * t0;
    }
}

/* copy */
KERNEL void loop22(real *restrict y0, const real *restrict x1)
{
    for (int i = 0; i < 512; i++) {
        const real v1 = x1[i];
        y0[i] = v1;
    }
}

/* matmul {1, 32} = {1, 1} {1, 32} */
KERNEL void matmul23(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, 1, 32, 1,
                1, x1, 1, x2, 32, 0, y0, 32);
}

/* matmul {1, 32} = {1, 32} {32, 32} */
KERNEL void matmul24(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, 1, 32, 32,
                1, x1, 32, x2, 32, 0, y0, 32);
}

/* add add tanh */
KERNEL void loop25(const real *restrict x0, const real *restrict x1, const real *restrict x2,
        real *restrict y3)
{
    for (int i = 0; i < 32; i++) {
        const real v0 = x0[i];
        const real v1 = x1[i];
        const real t0 = v0 + v1;
        const real v2 = x2[i];
        const real t1 = v2 + t0;
        y3[i] = tanhf(t1);
    }
}

/* matmul {1, 1} = {1, 32} {32, 1} */
KERNEL void matmul26(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, 1, 1, 32,
                1, x1, 32, x2, 1, 0, y0, 1);
}

/* add */
KERNEL void loop27(real *restrict y0, const real *restrict x1, const real *restrict x2)
{
    const real v1 = x1[0];
    const real v2 = x2[0];
    y0[0] = v1 + v2;
}

/* sub square */
KERNEL void loop28(const real *restrict x0, const real *restrict x1, real *restrict y2)
{
    const real v0 = x0[0];
    const real v1 = x1[0];
    const real t0 = v0 - v1;
    y2[0] = t0 * t0;
}

/* copy */
KERNEL void loop29(real *restrict y0, const real *restrict x1)
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
    real *const loss = (real *)win->losses;
    real *const w = (real *)win->work;
    const real *const in0 = (const real *)win->input[0];
    const real *const target0 = (const real *)win->target[0];
    switch (win->first) {
    case 0:
    /* ---- step 1 of 32, forward ---- */
    /* elman.lua:14 */
    matmul1(w, in0, p + 1056);
    matmul2(w + 512, s, p);
    loop3(w, w + 512, p + 1088, s + 512);
    /* elman.lua:15 */
    matmul4(w, s + 512, p + 1024);
    /* elman.lua:5-15 */
    loop5(p + 1120, w, w + 16, target0, loss);
    /* fall through */
    case 1:
    /* ---- step 2 of 32, forward ---- */
    /* elman.lua:14 */
    matmul1(w + 32, in0 + 16, p + 1056);
    matmul2(w + 544, s + 512, p);
    loop3(w + 32, w + 544, p + 1088, s + 1024);
    /* elman.lua:15 */
    matmul4(w, s + 1024, p + 1024);
    /* elman.lua:5-15 */
    loop5(p + 1120, w, w + 32, target0 + 16, loss + 16);
    /* fall through */
    case 2:
    /* ---- step 3 of 32, forward ---- */
    /* elman.lua:14 */
    matmul1(w + 48, in0 + 32, p + 1056);
    matmul2(w + 560, s + 1024, p);
    loop3(w + 48, w + 560, p + 1088, s + 1536);
    /* elman.lua:15 */
    matmul4(w, s + 1536, p + 1024);
    /* elman.lua:5-15 */
    loop5(p + 1120, w, w + 48, target0 + 32, loss + 32);
    /* fall through */
    case 3:
    /* ---- step 4 of 32, forward ---- */
    /* elman.lua:14 */
    matmul1(w + 64, in0 + 48, p + 1056);
    matmul2(w + 576, s + 1536, p);
    loop3(w + 64, w + 576, p + 1088, s + 2048);
    /* elman.lua:15 */
    matmul4(w, s + 2048, p + 1024);
    /* elman.lua:5-15 */
    loop5(p + 1120, w, w + 64, target0 + 48, loss + 48);
    /* fall through */
    case 4:
    /* ---- step 5 of 32, forward ---- */
    /* elman.lua:14 */
    matmul1(w + 80, in0 + 64, p + 1056);
    matmul2(w + 592, s + 2048, p);
    loop3(w + 80, w + 592, p + 1088, s + 2560);
    /* elman.lua:15 */
    matmul4(w, s + 2560, p + 1024);
    /* elman.lua:5-15 */
    loop5(p + 1120, w, w + 80, target0 + 64, loss + 64);
    /* fall through */
    case 5:
    /* ---- step 6 of 32, forward ---- */
    /* elman.lua:14 */
    matmul1(w + 96, in0 + 80, p + 1056);
    matmul2(w + 608, s + 2560, p);
    loop3(w + 96, w + 608, p + 1088, s + 3072);
    /* elman.lua:15 */
    matmul4(w, s + 3072, p + 1024);
    /* elman.lua:5-15 */
    loop5(p + 1120, w, w + 96, target0 + 80, loss + 80);
    /* fall through */
    case 6:
    /* ---- step 7 of 32, forward ---- */
    /* elman.lua:14 */
    matmul1(w + 112, in0 + 96, p + 1056);
    matmul2(w + 624, s + 3072, p);
    loop3(w + 112, w + 624, p + 1088, s + 3584);
    /* elman.lua:15 */
    matmul4(w, s + 3584, p + 1024);
    /* elman.lua:5-15 */
    loop5(p + 1120, w, w + 112, target0 + 96, loss + 96);
    /* fall through */
    case 7:
    /* ---- step 8 of 32, forward ---- */
    /* elman.lua:14 */
    matmul1(w + 128, in0 + 112, p + 1056);
    matmul2(w + 640, s + 3584, p);
    loop3(w + 128, w + 640, p + 1088, s + 4096);
    /* elman.lua:15 */
    matmul4(w, s + 4096, p + 1024);
    /* elman.lua:5-15 */
    loop5(p + 1120, w, w + 128, target0 + 112, loss + 112);
    /* fall through */
    case 8:
    /* ---- step 9 of 32, forward ---- */
    /* elman.lua:14 */
    matmul1(w + 144, in0 + 128, p + 1056);
    matmul2(w + 656, s + 4096, p);
    loop3(w + 144, w + 656, p + 1088, s + 4608);
    /* elman.lua:15 */
    matmul4(w, s + 4608, p + 1024);
    /* elman.lua:5-15 */
    loop5(p + 1120, w, w + 144, target0 + 128, loss + 128);
    /* fall through */
    case 9:
    /* ---- step 10 of 32, forward ---- */
    /* elman.lua:14 */
    matmul1(w + 160, in0 + 144, p + 1056);
    matmul2(w + 672, s + 4608, p);
    loop3(w + 160, w + 672, p + 1088, s + 5120);
    /* elman.lua:15 */
    matmul4(w, s + 5120, p + 1024);
    /* elman.lua:5-15 */
    loop5(p + 1120, w, w + 160, target0 + 144, loss + 144);
    /* fall through */
    case 10:
    /* ---- step 11 of 32, forward ---- */
    /* elman.lua:14 */
    matmul1(w + 176, in0 + 160, p + 1056);
    matmul2(w + 688, s + 5120, p);
    loop3(w + 176, w + 688, p + 1088, s + 5632);
    /* elman.lua:15 */
    matmul4(w, s + 5632, p + 1024);
    /* elman.lua:5-15 */
    loop5(p + 1120, w, w + 176, target0 + 160, loss + 160);
    /* fall through */
    case 11:
    /* ---- step 12 of 32, forward ---- */
    /* elman.lua:14 */
    matmul1(w + 192, in0 + 176, p + 1056);
    matmul2(w + 704, s + 5632, p);
    loop3(w + 192, w + 704, p + 1088, s + 6144);
    /* elman.lua:15 */
    matmul4(w, s + 6144, p + 1024);
    /* elman.lua:5-15 */
    loop5(p + 1120, w, w + 192, target0 + 176, loss + 176);
    /* fall through */
    case 12:
    /* ---- step 13 of 32, forward ---- */
    /* elman.lua:14 */
    matmul1(w + 208, in0 + 192, p + 1056);
    matmul2(w + 720, s + 6144, p);
    loop3(w + 208, w + 720, p + 1088, s + 6656);
    /* elman.lua:15 */
    matmul4(w, s + 6656, p + 1024);
    /* elman.lua:5-15 */
    loop5(p + 1120, w, w + 208, target0 + 192, loss + 192);
    /* fall through */
    case 13:
    /* ---- step 14 of 32, forward ---- */
    /* elman.lua:14 */
    matmul1(w + 224, in0 + 208, p + 1056);
    matmul2(w + 736, s + 6656, p);
    loop3(w + 224, w + 736, p + 1088, s + 7168);
    /* elman.lua:15 */
    matmul4(w, s + 7168, p + 1024);
    /* elman.lua:5-15 */
    loop5(p + 1120, w, w + 224, target0 + 208, loss + 208);
    /* fall through */
    case 14:
    /* ---- step 15 of 32, forward ---- */
    /* elman.lua:14 */
    matmul1(w + 240, in0 + 224, p + 1056);
    matmul2(w + 752, s + 7168, p);
    loop3(w + 240, w + 752, p + 1088, s + 7680);
    /* elman.lua:15 */
    matmul4(w, s + 7680, p + 1024);
    /* elman.lua:5-15 */
    loop5(p + 1120, w, w + 240, target0 + 224, loss + 224);
    /* fall through */
    case 15:
    /* ---- step 16 of 32, forward ---- */
    /* elman.lua:14 */
    matmul1(w + 256, in0 + 240, p + 1056);
    matmul2(w + 768, s + 7680, p);
    loop3(w + 256, w + 768, p + 1088, s + 8192);
    /* elman.lua:15 */
    matmul4(w, s + 8192, p + 1024);
    /* elman.lua:5-15 */
    loop5(p + 1120, w, w + 256, target0 + 240, loss + 240);
    /* fall through */
    case 16:
    /* ---- step 17 of 32, forward ---- */
    /* elman.lua:14 */
    matmul1(w + 272, in0 + 256, p + 1056);
    matmul2(w + 784, s + 8192, p);
    loop3(w + 272, w + 784, p + 1088, s + 8704);
    /* elman.lua:15 */
    matmul4(w, s + 8704, p + 1024);
    /* elman.lua:5-15 */
    loop5(p + 1120, w, w + 272, target0 + 256, loss + 256);
    /* fall through */
    case 17:
    /* ---- step 18 of 32, forward ---- */
    /* elman.lua:14 */
    matmul1(w + 288, in0 + 272, p + 1056);
    matmul2(w + 800, s + 8704, p);
    loop3(w + 288, w + 800, p + 1088, s + 9216);
    /* elman.lua:15 */
    matmul4(w, s + 9216, p + 1024);
    /* elman.lua:5-15 */
    loop5(p + 1120, w, w + 288, target0 + 272, loss + 272);
    /* fall through */
    case 18:
    /* ---- step 19 of 32, forward ---- */
    /* elman.lua:14 */
    matmul1(w + 304, in0 + 288, p + 1056);
    matmul2(w + 816, s + 9216, p);
    loop3(w + 304, w + 816, p + 1088, s + 9728);
    /* elman.lua:15 */
    matmul4(w, s + 9728, p + 1024);
    /* elman.lua:5-15 */
    loop5(p + 1120, w, w + 304, target0 + 288, loss + 288);
    /* fall through */
    case 19:
    /* ---- step 20 of 32, forward ---- */
    /* elman.lua:14 */
    matmul1(w + 320, in0 + 304, p + 1056);
    matmul2(w + 832, s + 9728, p);
    loop3(w + 320, w + 832, p + 1088, s + 10240);
    /* elman.lua:15 */
    matmul4(w, s + 10240, p + 1024);
    /* elman.lua:5-15 */
    loop5(p + 1120, w, w + 320, target0 + 304, loss + 304);
    /* fall through */
    case 20:
    /* ---- step 21 of 32, forward ---- */
    /* elman.lua:14 */
    matmul1(w + 336, in0 + 320, p + 1056);
    matmul2(w + 848, s + 10240, p);
    loop3(w + 336, w + 848, p + 1088, s + 10752);
    /* elman.lua:15 */
    matmul4(w, s + 10752, p + 1024);
    /* elman.lua:5-15 */
    loop5(p + 1120, w, w + 336, target0 + 320, loss + 320);
    /* fall through */
    case 21:
    /* ---- step 22 of 32, forward ---- */
    /* elman.lua:14 */
    matmul1(w + 352, in0 + 336, p + 1056);
    matmul2(w + 864, s + 10752, p);
    loop3(w + 352, w + 864, p + 1088, s + 11264);
    /* elman.lua:15 */
    matmul4(w, s + 11264, p + 1024);
    /* elman.lua:5-15 */
    loop5(p + 1120, w, w + 352, target0 + 336, loss + 336);
    /* fall through */
    case 22:
    /* ---- step 23 of 32, forward ---- */
    /* elman.lua:14 */
    matmul1(w + 368, in0 + 352, p + 1056);
    matmul2(w + 880, s + 11264, p);
    loop3(w + 368, w + 880, p + 1088, s + 11776);
    /* elman.lua:15 */
    matmul4(w, s + 11776, p + 1024);
    /* elman.lua:5-15 */
    loop5(p + 1120, w, w + 368, target0 + 352, loss + 352);
    /* fall through */
    case 23:
    /* ---- step 24 of 32, forward ---- */
    /* elman.lua:14 */
    matmul1(w + 384, in0 + 368, p + 1056);
    matmul2(w + 896, s + 11776, p);
    loop3(w + 384, w + 896, p + 1088, s + 12288);
    /* elman.lua:15 */
    matmul4(w, s + 12288, p + 1024);
    /* elman.lua:5-15 */
    loop5(p + 1120, w, w + 384, target0 + 368, loss + 368);
    /* fall through */
    case 24:
    /* ---- step 25 of 32, forward ---- */
    /* elman.lua:14 */
    matmul1(w + 400, in0 + 384, p + 1056);
    matmul2(w + 912, s + 12288, p);
    loop3(w + 400, w + 912, p + 1088, s + 12800);
    /* elman.lua:15 */
    matmul4(w, s + 12800, p + 1024);
    /* elman.lua:5-15 */
    loop5(p + 1120, w, w + 400, target0 + 384, loss + 384);
    /* fall through */
    case 25:
    /* ---- step 26 of 32, forward ---- */
    /* elman.lua:14 */
    matmul1(w + 416, in0 + 400, p + 1056);
    matmul2(w + 928, s + 12800, p);
    loop3(w + 416, w + 928, p + 1088, s + 13312);
    /* elman.lua:15 */
    matmul4(w, s + 13312, p + 1024);
    /* elman.lua:5-15 */
    loop5(p + 1120, w, w + 416, target0 + 400, loss + 400);
    /* fall through */
    case 26:
    /* ---- step 27 of 32, forward ---- */
    /* elman.lua:14 */
    matmul1(w + 432, in0 + 416, p + 1056);
    matmul2(w + 944, s + 13312, p);
    loop3(w + 432, w + 944, p + 1088, s + 13824);
    /* elman.lua:15 */
    matmul4(w, s + 13824, p + 1024);
    /* elman.lua:5-15 */
    loop5(p + 1120, w, w + 432, target0 + 416, loss + 416);
    /* fall through */
    case 27:
    /* ---- step 28 of 32, forward ---- */
    /* elman.lua:14 */
    matmul1(w + 448, in0 + 432, p + 1056);
    matmul2(w + 960, s + 13824, p);
    loop3(w + 448, w + 960, p + 1088, s + 14336);
    /* elman.lua:15 */
    matmul4(w, s + 14336, p + 1024);
    /* elman.lua:5-15 */
    loop5(p + 1120, w, w + 448, target0 + 432, loss + 432);
    /* fall through */
    case 28:
    /* ---- step 29 of 32, forward ---- */
    /* elman.lua:14 */
    matmul1(w + 464, in0 + 448, p + 1056);
    matmul2(w + 976, s + 14336, p);
    loop3(w + 464, w + 976, p + 1088, s + 14848);
    /* elman.lua:15 */
    matmul4(w, s + 14848, p + 1024);
    /* elman.lua:5-15 */
    loop5(p + 1120, w, w + 464, target0 + 448, loss + 448);
    /* fall through */
    case 29:
    /* ---- step 30 of 32, forward ---- */
    /* elman.lua:14 */
    matmul1(w + 480, in0 + 464, p + 1056);
    matmul2(w + 992, s + 14848, p);
    loop3(w + 480, w + 992, p + 1088, s + 15360);
    /* elman.lua:15 */
    matmul4(w, s + 15360, p + 1024);
    /* elman.lua:5-15 */
    loop5(p + 1120, w, w + 480, target0 + 464, loss + 464);
    /* fall through */
    case 30:
    /* ---- step 31 of 32, forward ---- */
    /* elman.lua:14 */
    matmul1(w + 496, in0 + 480, p + 1056);
    matmul2(w + 1008, s + 15360, p);
    loop3(w + 496, w + 1008, p + 1088, s + 15872);
    /* elman.lua:15 */
    matmul4(w, s + 15872, p + 1024);
    /* elman.lua:5-15 */
    loop5(p + 1120, w, w + 496, target0 + 480, loss + 480);
    /* fall through */
    case 31:
    /* ---- step 32 of 32, forward ---- */
    /* elman.lua:14 */
    matmul1(w + 512, in0 + 496, p + 1056);
    matmul2(w + 1024, s + 15872, p);
    loop3(w + 512, w + 1024, p + 1088, s + 16384);
    /* elman.lua:15 */
    matmul4(w, s + 16384, p + 1024);
    /* elman.lua:5-15 */
    loop5(p + 1120, w, w + 512, target0 + 496, loss + 496);
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
    /* elman.lua:5 */
    loop6(w + 512, w, weight + 496);
    /* elman.lua:15 */
    sum7(g + 1120, w);
    matmul1(w + 512, w, p + 1024);
    matmul8(g + 1024, w, s + 16384);
    /* elman.lua:14 */
    loop9(s + 16384, w + 1024, w + 512);
    sum10(g + 1088, w + 1024);
    matmul11(w + 512, w + 1024, p);
    matmul12(g, w + 1024, s + 15872);
    matmul13(g + 1056, w + 1024, in0 + 496);
    if (win->first > 30)
        return;
    /* ---- step 31 of 32, backward ---- */
    /* elman.lua:5 */
    loop6(w + 496, w, weight + 480);
    /* elman.lua:15 */
    sum14(g + 1120, w);
    matmul1(w + 1024, w, p + 1024);
    matmul15(g + 1024, w, s + 15872);
    /* elman.lua:14-15 */
    loop16(w + 512, w + 1024, s + 15872, w + 1536);
    /* elman.lua:14 */
    sum17(g + 1088, w + 1536);
    matmul11(w + 496, w + 1536, p);
    matmul18(g, w + 1536, s + 15360);
    matmul19(g + 1056, w + 1536, in0 + 480);
    if (win->first > 29)
        return;
    /* ---- step 30 of 32, backward ---- */
    /* elman.lua:5 */
    loop6(w + 480, w, weight + 464);
    /* elman.lua:15 */
    sum14(g + 1120, w);
    matmul1(w + 1008, w, p + 1024);
    matmul15(g + 1024, w, s + 15360);
    /* elman.lua:14-15 */
    loop16(w + 496, w + 1008, s + 15360, w + 1520);
    /* elman.lua:14 */
    sum17(g + 1088, w + 1520);
    matmul11(w + 480, w + 1520, p);
    matmul18(g, w + 1520, s + 14848);
    matmul19(g + 1056, w + 1520, in0 + 464);
    if (win->first > 28)
        return;
    /* ---- step 29 of 32, backward ---- */
    /* elman.lua:5 */
    loop6(w + 464, w, weight + 448);
    /* elman.lua:15 */
    sum14(g + 1120, w);
    matmul1(w + 992, w, p + 1024);
    matmul15(g + 1024, w, s + 14848);
    /* elman.lua:14-15 */
    loop16(w + 480, w + 992, s + 14848, w + 1504);
    /* elman.lua:14 */
    sum17(g + 1088, w + 1504);
    matmul11(w + 464, w + 1504, p);
    matmul18(g, w + 1504, s + 14336);
    matmul19(g + 1056, w + 1504, in0 + 448);
    if (win->first > 27)
        return;
    /* ---- step 28 of 32, backward ---- */
    /* elman.lua:5 */
    loop6(w + 448, w, weight + 432);
    /* elman.lua:15 */
    sum14(g + 1120, w);
    matmul1(w + 976, w, p + 1024);
    matmul15(g + 1024, w, s + 14336);
    /* elman.lua:14-15 */
    loop16(w + 464, w + 976, s + 14336, w + 1488);
    /* elman.lua:14 */
    sum17(g + 1088, w + 1488);
    matmul11(w + 448, w + 1488, p);
    matmul18(g, w + 1488, s + 13824);
    matmul19(g + 1056, w + 1488, in0 + 432);
    if (win->first > 26)
        return;
    /* ---- step 27 of 32, backward ---- */
    /* elman.lua:5 */
    loop6(w + 432, w, weight + 416);
    /* elman.lua:15 */
    sum14(g + 1120, w);
    matmul1(w + 960, w, p + 1024);
    matmul15(g + 1024, w, s + 13824);
    /* elman.lua:14-15 */
    loop16(w + 448, w + 960, s + 13824, w + 1472);
    /* elman.lua:14 */
    sum17(g + 1088, w + 1472);
    matmul11(w + 432, w + 1472, p);
    matmul18(g, w + 1472, s + 13312);
    matmul19(g + 1056, w + 1472, in0 + 416);
    if (win->first > 25)
        return;
    /* ---- step 26 of 32, backward ---- */
    /* elman.lua:5 */
    loop6(w + 416, w, weight + 400);
    /* elman.lua:15 */
    sum14(g + 1120, w);
    matmul1(w + 944, w, p + 1024);
    matmul15(g + 1024, w, s + 13312);
    /* elman.lua:14-15 */
    loop16(w + 432, w + 944, s + 13312, w + 1456);
    /* elman.lua:14 */
    sum17(g + 1088, w + 1456);
    matmul11(w + 416, w + 1456, p);
    matmul18(g, w + 1456, s + 12800);
    matmul19(g + 1056, w + 1456, in0 + 400);
    if (win->first > 24)
        return;
    /* ---- step 25 of 32, backward ---- */
    /* elman.lua:5 */
    loop6(w + 400, w, weight + 384);
    /* elman.lua:15 */
    sum14(g + 1120, w);
    matmul1(w + 928, w, p + 1024);
    matmul15(g + 1024, w, s + 12800);
    /* elman.lua:14-15 */
    loop16(w + 416, w + 928, s + 12800, w + 1440);
    /* elman.lua:14 */
    sum17(g + 1088, w + 1440);
    matmul11(w + 400, w + 1440, p);
    matmul18(g, w + 1440, s + 12288);
    matmul19(g + 1056, w + 1440, in0 + 384);
    if (win->first > 23)
        return;
    /* ---- step 24 of 32, backward ---- */
    /* elman.lua:5 */
    loop6(w + 384, w, weight + 368);
    /* elman.lua:15 */
    sum14(g + 1120, w);
    matmul1(w + 912, w, p + 1024);
    matmul15(g + 1024, w, s + 12288);
    /* elman.lua:14-15 */
    loop16(w + 400, w + 912, s + 12288, w + 1424);
    /* elman.lua:14 */
    sum17(g + 1088, w + 1424);
    matmul11(w + 384, w + 1424, p);
    matmul18(g, w + 1424, s + 11776);
    matmul19(g + 1056, w + 1424, in0 + 368);
    if (win->first > 22)
        return;
    /* ---- step 23 of 32, backward ---- */
    /* elman.lua:5 */
    loop6(w + 368, w, weight + 352);
    /* elman.lua:15 */
    sum14(g + 1120, w);
    matmul1(w + 896, w, p + 1024);
    matmul15(g + 1024, w, s + 11776);
    /* elman.lua:14-15 */
    loop16(w + 384, w + 896, s + 11776, w + 1408);
    /* elman.lua:14 */
    sum17(g + 1088, w + 1408);
    matmul11(w + 368, w + 1408, p);
    matmul18(g, w + 1408, s + 11264);
    matmul19(g + 1056, w + 1408, in0 + 352);
    if (win->first > 21)
        return;
    /* ---- step 22 of 32, backward ---- */
    /* elman.lua:5 */
    loop6(w + 352, w, weight + 336);
    /* elman.lua:15 */
    sum14(g + 1120, w);
    matmul1(w + 880, w, p + 1024);
    matmul15(g + 1024, w, s + 11264);
    /* elman.lua:14-15 */
    loop16(w + 368, w + 880, s + 11264, w + 1392);
    /* elman.lua:14 */
    sum17(g + 1088, w + 1392);
    matmul11(w + 352, w + 1392, p);
    matmul18(g, w + 1392, s + 10752);
    matmul19(g + 1056, w + 1392, in0 + 336);
    if (win->first > 20)
        return;
    /* ---- step 21 of 32, backward ---- */
    /* elman.lua:5 */
    loop6(w + 336, w, weight + 320);
    /* elman.lua:15 */
    sum14(g + 1120, w);
    matmul1(w + 864, w, p + 1024);
    matmul15(g + 1024, w, s + 10752);
    /* elman.lua:14-15 */
    loop16(w + 352, w + 864, s + 10752, w + 1376);
    /* elman.lua:14 */
    sum17(g + 1088, w + 1376);
    matmul11(w + 336, w + 1376, p);
    matmul18(g, w + 1376, s + 10240);
    matmul19(g + 1056, w + 1376, in0 + 320);
    if (win->first > 19)
        return;
    /* ---- step 20 of 32, backward ---- */
    /* elman.lua:5 */
    loop6(w + 320, w, weight + 304);
    /* elman.lua:15 */
    sum14(g + 1120, w);
    matmul1(w + 848, w, p + 1024);
    matmul15(g + 1024, w, s + 10240);
    /* elman.lua:14-15 */
    loop16(w + 336, w + 848, s + 10240, w + 1360);
    /* elman.lua:14 */
    sum17(g + 1088, w + 1360);
    matmul11(w + 320, w + 1360, p);
    matmul18(g, w + 1360, s + 9728);
    matmul19(g + 1056, w + 1360, in0 + 304);
    if (win->first > 18)
        return;
    /* ---- step 19 of 32, backward ---- */
    /* elman.lua:5 */
    loop6(w + 304, w, weight + 288);
    /* elman.lua:15 */
    sum14(g + 1120, w);
    matmul1(w + 832, w, p + 1024);
    matmul15(g + 1024, w, s + 9728);
    /* elman.lua:14-15 */
    loop16(w + 320, w + 832, s + 9728, w + 1344);
    /* elman.lua:14 */
    sum17(g + 1088, w + 1344);
    matmul11(w + 304, w + 1344, p);
    matmul18(g, w + 1344, s + 9216);
    matmul19(g + 1056, w + 1344, in0 + 288);
    if (win->first > 17)
        return;
    /* ---- step 18 of 32, backward ---- */
    /* elman.lua:5 */
    loop6(w + 288, w, weight + 272);
    /* elman.lua:15 */
    sum14(g + 1120, w);
    matmul1(w + 816, w, p + 1024);
    matmul15(g + 1024, w, s + 9216);
    /* elman.lua:14-15 */
    loop16(w + 304, w + 816, s + 9216, w + 1328);
    /* elman.lua:14 */
    sum17(g + 1088, w + 1328);
    matmul11(w + 288, w + 1328, p);
    matmul18(g, w + 1328, s + 8704);
    matmul19(g + 1056, w + 1328, in0 + 272);
    if (win->first > 16)
        return;
    /* ---- step 17 of 32, backward ---- */
    /* elman.lua:5 */
    loop6(w + 272, w, weight + 256);
    /* elman.lua:15 */
    sum14(g + 1120, w);
    matmul1(w + 800, w, p + 1024);
    matmul15(g + 1024, w, s + 8704);
    /* elman.lua:14-15 */
    loop16(w + 288, w + 800, s + 8704, w + 1312);
    /* elman.lua:14 */
    sum17(g + 1088, w + 1312);
    matmul11(w + 272, w + 1312, p);
    matmul18(g, w + 1312, s + 8192);
    matmul19(g + 1056, w + 1312, in0 + 256);
    if (win->first > 15)
        return;
    /* ---- step 16 of 32, backward ---- */
    /* elman.lua:5 */
    loop6(w + 256, w, weight + 240);
    /* elman.lua:15 */
    sum14(g + 1120, w);
    matmul1(w + 784, w, p + 1024);
    matmul15(g + 1024, w, s + 8192);
    /* elman.lua:14-15 */
    loop16(w + 272, w + 784, s + 8192, w + 1296);
    /* elman.lua:14 */
    sum17(g + 1088, w + 1296);
    matmul11(w + 256, w + 1296, p);
    matmul18(g, w + 1296, s + 7680);
    matmul19(g + 1056, w + 1296, in0 + 240);
    if (win->first > 14)
        return;
    /* ---- step 15 of 32, backward ---- */
    /* elman.lua:5 */
    loop6(w + 240, w, weight + 224);
    /* elman.lua:15 */
    sum14(g + 1120, w);
    matmul1(w + 768, w, p + 1024);
    matmul15(g + 1024, w, s + 7680);
    /* elman.lua:14-15 */
    loop16(w + 256, w + 768, s + 7680, w + 1280);
    /* elman.lua:14 */
    sum17(g + 1088, w + 1280);
    matmul11(w + 240, w + 1280, p);
    matmul18(g, w + 1280, s + 7168);
    matmul19(g + 1056, w + 1280, in0 + 224);
    if (win->first > 13)
        return;
    /* ---- step 14 of 32, backward ---- */
    /* elman.lua:5 */
    loop6(w + 224, w, weight + 208);
    /* elman.lua:15 */
    sum14(g + 1120, w);
    matmul1(w + 752, w, p + 1024);
    matmul15(g + 1024, w, s + 7168);
    /* elman.lua:14-15 */
    loop16(w + 240, w + 752, s + 7168, w + 1264);
    /* elman.lua:14 */
    sum17(g + 1088, w + 1264);
    matmul11(w + 224, w + 1264, p);
    matmul18(g, w + 1264, s + 6656);
    matmul19(g + 1056, w + 1264, in0 + 208);
    if (win->first > 12)
        return;
    /* ---- step 13 of 32, backward ---- */
    /* elman.lua:5 */
    loop6(w + 208, w, weight + 192);
    /* elman.lua:15 */
    sum14(g + 1120, w);
    matmul1(w + 736, w, p + 1024);
    matmul15(g + 1024, w, s + 6656);
    /* elman.lua:14-15 */
    loop16(w + 224, w + 736, s + 6656, w + 1248);
    /* elman.lua:14 */
    sum17(g + 1088, w + 1248);
    matmul11(w + 208, w + 1248, p);
    matmul18(g, w + 1248, s + 6144);
    matmul19(g + 1056, w + 1248, in0 + 192);
    if (win->first > 11)
        return;
    /* ---- step 12 of 32, backward ---- */
    /* elman.lua:5 */
    loop6(w + 192, w, weight + 176);
    /* elman.lua:15 */
    sum14(g + 1120, w);
    matmul1(w + 720, w, p + 1024);
    matmul15(g + 1024, w, s + 6144);
    /* elman.lua:14-15 */
    loop16(w + 208, w + 720, s + 6144, w + 1232);
    /* elman.lua:14 */
    sum17(g + 1088, w + 1232);
    matmul11(w + 192, w + 1232, p);
    matmul18(g, w + 1232, s + 5632);
    matmul19(g + 1056, w + 1232, in0 + 176);
    if (win->first > 10)
        return;
    /* ---- step 11 of 32, backward ---- */
    /* elman.lua:5 */
    loop6(w + 176, w, weight + 160);
    /* elman.lua:15 */
    sum14(g + 1120, w);
    matmul1(w + 704, w, p + 1024);
    matmul15(g + 1024, w, s + 5632);
    /* elman.lua:14-15 */
    loop16(w + 192, w + 704, s + 5632, w + 1216);
    /* elman.lua:14 */
    sum17(g + 1088, w + 1216);
    matmul11(w + 176, w + 1216, p);
    matmul18(g, w + 1216, s + 5120);
    matmul19(g + 1056, w + 1216, in0 + 160);
    if (win->first > 9)
        return;
    /* ---- step 10 of 32, backward ---- */
    /* elman.lua:5 */
    loop6(w + 160, w, weight + 144);
    /* elman.lua:15 */
    sum14(g + 1120, w);
    matmul1(w + 688, w, p + 1024);
    matmul15(g + 1024, w, s + 5120);
    /* elman.lua:14-15 */
    loop16(w + 176, w + 688, s + 5120, w + 1200);
    /* elman.lua:14 */
    sum17(g + 1088, w + 1200);
    matmul11(w + 160, w + 1200, p);
    matmul18(g, w + 1200, s + 4608);
    matmul19(g + 1056, w + 1200, in0 + 144);
    if (win->first > 8)
        return;
    /* ---- step 9 of 32, backward ---- */
    /* elman.lua:5 */
    loop6(w + 144, w, weight + 128);
    /* elman.lua:15 */
    sum14(g + 1120, w);
    matmul1(w + 672, w, p + 1024);
    matmul15(g + 1024, w, s + 4608);
    /* elman.lua:14-15 */
    loop16(w + 160, w + 672, s + 4608, w + 1184);
    /* elman.lua:14 */
    sum17(g + 1088, w + 1184);
    matmul11(w + 144, w + 1184, p);
    matmul18(g, w + 1184, s + 4096);
    matmul19(g + 1056, w + 1184, in0 + 128);
    if (win->first > 7)
        return;
    /* ---- step 8 of 32, backward ---- */
    /* elman.lua:5 */
    loop6(w + 128, w, weight + 112);
    /* elman.lua:15 */
    sum14(g + 1120, w);
    matmul1(w + 656, w, p + 1024);
    matmul15(g + 1024, w, s + 4096);
    /* elman.lua:14-15 */
    loop16(w + 144, w + 656, s + 4096, w + 1168);
    /* elman.lua:14 */
    sum17(g + 1088, w + 1168);
    matmul11(w + 128, w + 1168, p);
    matmul18(g, w + 1168, s + 3584);
    matmul19(g + 1056, w + 1168, in0 + 112);
    if (win->first > 6)
        return;
    /* ---- step 7 of 32, backward ---- */
    /* elman.lua:5 */
    loop6(w + 112, w, weight + 96);
    /* elman.lua:15 */
    sum14(g + 1120, w);
    matmul1(w + 640, w, p + 1024);
    matmul15(g + 1024, w, s + 3584);
    /* elman.lua:14-15 */
    loop16(w + 128, w + 640, s + 3584, w + 1152);
    /* elman.lua:14 */
    sum17(g + 1088, w + 1152);
    matmul11(w + 112, w + 1152, p);
    matmul18(g, w + 1152, s + 3072);
    matmul19(g + 1056, w + 1152, in0 + 96);
    if (win->first > 5)
        return;
    /* ---- step 6 of 32, backward ---- */
    /* elman.lua:5 */
    loop6(w + 96, w, weight + 80);
    /* elman.lua:15 */
    sum14(g + 1120, w);
    matmul1(w + 624, w, p + 1024);
    matmul15(g + 1024, w, s + 3072);
    /* elman.lua:14-15 */
    loop16(w + 112, w + 624, s + 3072, w + 1136);
    /* elman.lua:14 */
    sum17(g + 1088, w + 1136);
    matmul11(w + 96, w + 1136, p);
    matmul18(g, w + 1136, s + 2560);
    matmul19(g + 1056, w + 1136, in0 + 80);
    if (win->first > 4)
        return;
    /* ---- step 5 of 32, backward ---- */
    /* elman.lua:5 */
    loop6(w + 80, w, weight + 64);
    /* elman.lua:15 */
    sum14(g + 1120, w);
    matmul1(w + 608, w, p + 1024);
    matmul15(g + 1024, w, s + 2560);
    /* elman.lua:14-15 */
    loop16(w + 96, w + 608, s + 2560, w + 1120);
    /* elman.lua:14 */
    sum17(g + 1088, w + 1120);
    matmul11(w + 80, w + 1120, p);
    matmul18(g, w + 1120, s + 2048);
    matmul19(g + 1056, w + 1120, in0 + 64);
    if (win->first > 3)
        return;
    /* ---- step 4 of 32, backward ---- */
    /* elman.lua:5 */
    loop6(w + 64, w, weight + 48);
    /* elman.lua:15 */
    sum14(g + 1120, w);
    matmul1(w + 592, w, p + 1024);
    matmul15(g + 1024, w, s + 2048);
    /* elman.lua:14-15 */
    loop16(w + 80, w + 592, s + 2048, w + 1104);
    /* elman.lua:14 */
    sum17(g + 1088, w + 1104);
    matmul11(w + 64, w + 1104, p);
    matmul18(g, w + 1104, s + 1536);
    matmul19(g + 1056, w + 1104, in0 + 48);
    if (win->first > 2)
        return;
    /* ---- step 3 of 32, backward ---- */
    /* elman.lua:5 */
    loop6(w + 48, w, weight + 32);
    /* elman.lua:15 */
    sum14(g + 1120, w);
    matmul1(w + 576, w, p + 1024);
    matmul15(g + 1024, w, s + 1536);
    /* elman.lua:14-15 */
    loop16(w + 64, w + 576, s + 1536, w + 1088);
    /* elman.lua:14 */
    sum17(g + 1088, w + 1088);
    matmul11(w + 48, w + 1088, p);
    matmul18(g, w + 1088, s + 1024);
    matmul19(g + 1056, w + 1088, in0 + 32);
    if (win->first > 1)
        return;
    /* ---- step 2 of 32, backward ---- */
    /* elman.lua:5 */
    loop6(w + 32, w, weight + 16);
    /* elman.lua:15 */
    sum14(g + 1120, w);
    matmul1(w + 560, w, p + 1024);
    matmul15(g + 1024, w, s + 1024);
    /* elman.lua:14-15 */
    loop16(w + 48, w + 560, s + 1024, w + 1072);
    /* elman.lua:14 */
    sum17(g + 1088, w + 1072);
    matmul11(w + 32, w + 1072, p);
    matmul18(g, w + 1072, s + 512);
    matmul19(g + 1056, w + 1072, in0 + 16);
    if (win->first > 0)
        return;
    /* ---- step 1 of 32, backward ---- */
    /* elman.lua:5 */
    loop6(w + 16, w, weight);
    /* elman.lua:15 */
    sum14(g + 1120, w);
    matmul1(w + 544, w, p + 1024);
    matmul15(g + 1024, w, s + 512);
    /* elman.lua:14-15 */
    loop16(w + 32, w + 544, s + 512, w + 1056);
    /* elman.lua:14 */
    sum17(g + 1088, w + 1056);
    matmul18(g, w + 1056, s);
    matmul19(g + 1056, w + 1056, in0);
}

void elman_window(const tl_window *win)
{
    forward_1_to_32(win);
    if (!win->grads)
        return;
    backward_32_to_1(win);
}

static void step_16(const tl_step *st)
{
    const real *const p = (const real *)st->params;
    const real *const s = (const real *)st->state;
    real *const w = (real *)st->work;
    const real *const in0 = (const real *)st->input[0];
    real *const out0 = (real *)st->output[0];
    /* elman.lua:14 */
    matmul1(w, in0, p + 1056);
    matmul2(w + 512, s, p);
    loop3(w, w + 512, p + 1088, w + 1024);
    /* elman.lua:15 */
    matmul4(w, w + 1024, p + 1024);
    loop20(out0, p + 1120, w);
}

static void loss_16(const tl_step *st)
{
    real *const loss = (real *)st->losses;
    const real *const target0 = (const real *)st->target[0];
    real *const out0 = (real *)st->output[0];
    /* elman.lua:5 */
    loop21(out0, target0, loss);
}

static void store_16(const tl_step *st)
{
    real *const next = (real *)st->next_state;
    real *const w = (real *)st->work;
    /* elman.lua:14 */
    loop22(next, w + 1024);
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
    const real *const p = (const real *)st->params;
    const real *const s = (const real *)st->state;
    real *const w = (real *)st->work;
    const real *const in0 = (const real *)st->input[0];
    real *const out0 = (real *)st->output[0];
    /* elman.lua:14 */
    matmul23(w, in0, p + 1056);
    matmul24(w + 32, s, p);
    loop25(w, w + 32, p + 1088, w + 64);
    /* elman.lua:15 */
    matmul26(w, w + 64, p + 1024);
    loop27(out0, p + 1120, w);
}

static void loss_1(const tl_step *st)
{
    real *const loss = (real *)st->losses;
    const real *const target0 = (const real *)st->target[0];
    real *const out0 = (real *)st->output[0];
    /* elman.lua:5 */
    loop28(out0, target0, loss);
}

static void store_1(const tl_step *st)
{
    real *const next = (real *)st->next_state;
    real *const w = (real *)st->work;
    /* elman.lua:14 */
    loop29(next, w + 64);
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
      AT(vocab) 0, AT(init) { TL_INIT_GLOROT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
    { AT(name) "V", AT(rank) 2, AT(dim) { 1, 32 }, AT(offset) 1024, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_GLOROT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
    { AT(name) "W", AT(rank) 2, AT(dim) { 32, 1 }, AT(offset) 1056, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_GLOROT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
    { AT(name) "b", AT(rank) 1, AT(dim) { 32 }, AT(offset) 1088, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
    { AT(name) "c", AT(rank) 1, AT(dim) { 1 }, AT(offset) 1120, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
};

static const tl_tensor inputs[] = {
    { AT(name) "", AT(rank) 1, AT(dim) { 1 }, AT(offset) 0, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
};

static const tl_tensor targets[] = {
    { AT(name) "", AT(rank) 1, AT(dim) { 1 }, AT(offset) 0, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
};

static const tl_tensor states[] = {
    { AT(name) "h", AT(rank) 1, AT(dim) { 32 }, AT(offset) 0, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
};

static const tl_tensor outputs[] = {
    { AT(name) "", AT(rank) 1, AT(dim) { 1 }, AT(offset) 0, AT(type) TL_F32,
      AT(vocab) 0, AT(init) { TL_INIT_CONSTANT, 0.0 }, AT(values) NULL, AT(rule) NULL, AT(learned) -1, AT(scale) TL_SCALE_FREE },
};

const tl_model elman_model = {
    AT(abi) TL_ABI,
    AT(name) "elman",
    AT(spec) "elman.lua",
    AT(hash) "c6d11d4878649276",
    AT(version) "0.1.0",
    AT(options) "hidden=32 input=1 output=1",
    AT(real) TL_F32,
    AT(tbptt) { AT(k1) 8, AT(k2) 32, AT(batch) 16, AT(counted) TL_COUNT_NEW, AT(reduce) TL_REDUCE_MEAN,
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
    AT(nparams) 5, AT(ninputs) 1, AT(ntargets) 1, AT(nstates) 1,
    AT(noutputs) 1, AT(nprobes) 0, AT(npast) 0,
    AT(params) params, AT(inputs) inputs, AT(targets) targets, AT(states) states,
    AT(outputs) outputs, AT(probes) NULL, AT(past) NULL,
    AT(param_size) 1136, AT(state_size) 16896, AT(probe_size) 0, AT(step_state_size) 32,
    AT(frame_size) 0, AT(work_size) 8192, AT(step_work_size) 6144,
    AT(window_flops) 3276800,
    AT(window) elman_window, AT(step) elman_step,
};
