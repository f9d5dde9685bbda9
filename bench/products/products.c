/* products.c - how fast the products of <tapeless/product.h> are in the tiles that the rule chooses, as a fraction of
 * the core's multiply-adds, and beside OpenBLAS on one thread. products [SECONDS [WORD]]: what has WORD in its name.
 *
 * All shapes take turns, and each keeps its best time, so that a neighbour on the machine disturbs none of them more
 * than the others; the clock is the thread's own. W is packed before; what that adds to a product is a column. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cblas.h>
#include <tapeless/peak.h>

#include "shapes.h"

#include PRODUCTS_PRINTED /* real, Kernel, kernels */

#if TL_REAL_BYTES == 8
#define GEMM cblas_dgemm
#define GEMV cblas_dgemv
#define REAL TL_F64
#else
#define GEMM cblas_sgemm
#define GEMV cblas_sgemv
#define REAL TL_F32
#endif

static real *x, *w, *packed, *y;

typedef struct Times {
    double kernel, pack, blas; /* seconds, the best so far */
} Times;

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- what is timed ---- */

static void run_kernel(int i)
{
    kernels[i].run(shapes[i].size.rows, x, w, packed, y);
}

static void run_pack(int i)
{
    kernels[i].pack(w, packed);
}

static void run_blas(int i)
{
    const ProductSize s = shapes[i].size;
    const int m = s.rows, n = s.n, k = s.k;
    if (s.kind == PRODUCT_GRADIENT)
        GEMM(CblasRowMajor, CblasTrans, CblasNoTrans, n, k, m, 1, y, n, x, k, 0, w, k);
    else if (m == 1 && s.kind == PRODUCT_FORWARD)
        GEMV(CblasRowMajor, CblasNoTrans, n, k, 1, w, k, x, 1, 0, y, 1);
    else if (m == 1)
        GEMV(CblasRowMajor, CblasTrans, n, k, 1, w, k, y, 1, 0, x, 1);
    else if (s.kind == PRODUCT_FORWARD)
        GEMM(CblasRowMajor, CblasNoTrans, CblasTrans, m, n, k, 1, x, k, w, k, 0, y, n);
    else
        GEMM(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, k, n, 1, y, n, w, k, 0, x, k);
}

/* As many runs as take 100 microseconds, after one that warms the caches. Inlined, so that nothing is between the runs
 * of a kernel of 20 nanoseconds. */
static inline __attribute__((always_inline)) void time_it(void run(int), int i, double *best)
{
    double begun = seconds(), spent;
    run(i);
    spent = seconds() - begun;
    int count = spent < 100e-6 ? (int)(100e-6 / (spent + 1e-8)) + 1 : 1;
    begun = seconds();
    for (int n = 0; n < count; n++)
        run(i);
    spent = (seconds() - begun) / count;
    if (*best == 0 || spent < *best)
        *best = spent;
}

static void time_shape(int i, Times *t)
{
    time_it(run_pack, i, &t->pack);
    time_it(run_kernel, i, &t->kernel);
    time_it(run_blas, i, &t->blas);
}

/* ---- */

static double flops(ProductSize s)
{
    return 2.0 * s.rows * s.n * s.k;
}

static int is_meant(int i, const char *word)
{
    return !word || strstr(shapes[i].workload, word) || strstr(shapes[i].product, word);
}

static real *operand(size_t count)
{
    real *p = aligned_alloc(4096, (count * sizeof *p + 4095) / 4096 * 4096);
    for (size_t i = 0; p && i < count; i++)
        p[i] = (real)((int)(i % 7) - 3) / 64;
    if (!p)
        exit(1);
    return p;
}

static void prepare(void)
{
    size_t most_x = 0, most_w = 0, most_y = 0;
    for (int i = 0; i < SHAPES; i++) {
        size_t rows = (size_t)shapes[i].size.rows, n = (size_t)shapes[i].size.n, k = (size_t)shapes[i].size.k;
        most_x = rows * k > most_x ? rows * k : most_x;
        most_w = n * k > most_w ? n * k : most_w;
        most_y = rows * n > most_y ? rows * n : most_y;
    }
    x = operand(most_x);
    w = operand(most_w);
    y = operand(most_y);
    packed = operand(2 * most_w + 64 * 4096 + 600 * 5200);
}

static void report(const Times *t, double peak, const char *word)
{
    printf("%-12s %-15s %-17s %-18s %11s %8s %7s %6s %14s\n", "", "", "rows x n x k", "", "us", "GFLOP/s", "of peak",
           "pack", "OpenBLAS");
    for (int i = 0; i < SHAPES; i++) {
        const ProductSize s = shapes[i].size;
        char size[32];
        if (!is_meant(i, word))
            continue;
        snprintf(size, sizeof size, "%dx%dx%d", s.rows, s.n, s.k);
        printf("%-12s %-15s %-17s %-18s %11.3f %8.1f %7.2f %5.1f%% %7.1f %6.2f\n", shapes[i].workload,
               shapes[i].product, size, kernels[i].tile, 1e6 * t[i].kernel, 1e-9 * flops(s) / t[i].kernel, flops(s) / t[i].kernel / peak,
               100 * t[i].pack / s.uses / t[i].kernel, 1e-9 * flops(s) / t[i].blas, flops(s) / t[i].blas / peak);
    }
}

int main(int argc, char **argv)
{
    static Times times[SHAPES];
    double limit = argc > 1 ? strtod(argv[1], NULL) : 5, peak = 0, begun = seconds();
    const char *word = argc > 2 ? argv[2] : NULL;
    openblas_set_num_threads(1);
    prepare();
    for (int round = 0; round < 2 || seconds() - begun < limit; round++) {
        double now = tl_peak_flops(REAL, 0.01);
        peak = now > peak ? now : peak;
        for (int i = 0; i < SHAPES; i++)
            if (is_meant(i, word) && (round % 4 < 2 || times[i].kernel < 20e-3)) /* the slow ones half as often */
                time_shape(i, &times[i]);
    }
    printf("peak %.1f GFLOP/s (%s); OpenBLAS for %s\n", 1e-9 * peak, tl_peak_instructions(), openblas_get_corename());
    report(times, peak, word);
    return 0;
}
