#include "blas.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* OpenBLAS's buffer for one thread is 128 MiB on the processors that it knows well and at most that
 * elsewhere; the library itself and those that it needs are 50. */
static const size_t room = (size_t)192 << 20;

enum { SMALL = 100 }; /* OpenBLAS has kernels for products of up to 100 * 100 * 100 multiplications */

static const char *const file = "libopenblas.so.0";
static const char *const no_room = "not enough memory for OpenBLAS: with the buffer for its products it takes up to "
                                   "%zu MiB of address space; raise the limit (ulimit -v)";

static struct {
    __typeof__(tl_sgemm) *sgemm;
    __typeof__(tl_dgemm) *dgemm;
    __typeof__(tl_dsyrk) *dsyrk;
    __typeof__(tl_dpotrf) *dpotrf;
    __typeof__(tl_dpotrs) *dpotrs;
    __typeof__(tl_dgeqrf) *dgeqrf;
    __typeof__(tl_dorgqr) *dorgqr;
    __typeof__(tl_dgeev) *dgeev;
} blas;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int loaded;
static tl_error wrong; /* if not */

static int has_room(void)
{
    void *p = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return p != MAP_FAILED && munmap(p, room) == 0;
}

/* The constructor reads the number of threads from the environment; what the process starts later is
 * to find that as it was. */
static void *open_with_one_thread(void)
{
    static const char name[] = "OPENBLAS_NUM_THREADS";
    static char one[] = "OPENBLAS_NUM_THREADS=1";
    char *value = getenv(name), *before = value ? value - sizeof name : NULL; /* "NAME=value" */
    if (putenv(one))
        return NULL;
    void *library = dlopen(file, RTLD_LAZY | RTLD_LOCAL);
    if (before)
        putenv(before);
    else
        unsetenv(name);
    return library;
}

/* ISO C converts no object pointer to a function's, so the bytes are copied. */
static int find(void *library, const char *name, void *function, size_t size)
{
    void *p = dlsym(library, name);
    memcpy(function, &p, size);
    return p ? 0 : tl_fail(&wrong, "%s has no %s; OpenBLAS is meant, with LAPACK", file, name);
}

static int find_all(void *library)
{
    return find(library, "cblas_sgemm", &blas.sgemm, sizeof blas.sgemm) ||
                   find(library, "cblas_dgemm", &blas.dgemm, sizeof blas.dgemm) ||
                   find(library, "cblas_dsyrk", &blas.dsyrk, sizeof blas.dsyrk) ||
                   find(library, "dpotrf_", &blas.dpotrf, sizeof blas.dpotrf) ||
                   find(library, "dpotrs_", &blas.dpotrs, sizeof blas.dpotrs) ||
                   find(library, "dgeqrf_", &blas.dgeqrf, sizeof blas.dgeqrf) ||
                   find(library, "dorgqr_", &blas.dorgqr, sizeof blas.dorgqr) ||
                   find(library, "dgeev_", &blas.dgeev, sizeof blas.dgeev)
               ? -1
               : 0;
}

/* A product that is too large for the kernels of small ones, which need no buffer: after it
 * OpenBLAS has the buffer, and uses it for every product to come. */
static int take_buffer(void)
{
    enum { N = SMALL + 28 };
    float *zeros = calloc(3 * N * N, sizeof *zeros);
    if (!zeros)
        return tl_fail(&wrong, no_room, room >> 20);
    blas.sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, N, N, N, 1, zeros, N, zeros + N * N, N, 0,
               zeros + 2 * N * N, N);
    free(zeros);
    return 0;
}

static int load(void)
{
    void *library = dlopen(file, RTLD_LAZY | RTLD_LOCAL | RTLD_NOLOAD);
    if (library)
        return find_all(library);
    if (!has_room())
        return tl_fail(&wrong, no_room, room >> 20);
    library = open_with_one_thread();
    if (!library) {
        const char *why = dlerror();
        return tl_fail(&wrong, "cannot load OpenBLAS: %s", why ? why : "not enough memory");
    }
    return find_all(library) || take_buffer() ? -1 : 0;
}

static void load_once(void) { loaded = !load(); }

int tl_blas_load(tl_error *e)
{
    pthread_once(&once, load_once);
    return loaded ? 0 : tl_fail(e, "%s", wrong.text);
}

static _Noreturn void stop(const char *why)
{
    fprintf(stderr, "%s\n", why);
    exit(TL_EXIT_WRONG);
}

static void need(void)
{
    pthread_once(&once, load_once);
    if (!loaded)
        stop(wrong.text);
}

/* The kernels of small products (SkylakeX, Cooperlake) copy an operand to memory that they malloc, and do
 * not look whether they got it. So the largest of these blocks is had, and freed, before: the heap keeps
 * it, since nothing else is allocated while a model computes. Twice, because the first of a size that is
 * mapped goes back to the system, and the next comes from the heap. */
static void reserve(blasint m, blasint n, blasint k, size_t size)
{
    static atomic_size_t had;
    size_t bytes = (size_t)(m > n ? m : n) * (size_t)k * size;
    if (bytes <= atomic_load_explicit(&had, memory_order_relaxed) || (double)m * n * k > SMALL * SMALL * SMALL)
        return;
    for (int twice = 0; twice < 2; twice++) {
        void *volatile p = malloc(bytes);
        if (!p)
            stop("not enough memory for the products of matrices");
        free(p);
    }
    atomic_store_explicit(&had, bytes, memory_order_relaxed);
}

void tl_sgemm(enum CBLAS_ORDER order, enum CBLAS_TRANSPOSE ta, enum CBLAS_TRANSPOSE tb, blasint m, blasint n,
              blasint k, float alpha, const float *a, blasint lda, const float *b, blasint ldb, float beta,
              float *c, blasint ldc)
{
    need();
    reserve(m, n, k, sizeof *a);
    blas.sgemm(order, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

void tl_dgemm(enum CBLAS_ORDER order, enum CBLAS_TRANSPOSE ta, enum CBLAS_TRANSPOSE tb, blasint m, blasint n,
              blasint k, double alpha, const double *a, blasint lda, const double *b, blasint ldb, double beta,
              double *c, blasint ldc)
{
    need();
    reserve(m, n, k, sizeof *a);
    blas.dgemm(order, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

void tl_dsyrk(enum CBLAS_ORDER order, enum CBLAS_UPLO uplo, enum CBLAS_TRANSPOSE t, blasint n, blasint k, double alpha,
              const double *a, blasint lda, double beta, double *c, blasint ldc)
{
    need();
    blas.dsyrk(order, uplo, t, n, k, alpha, a, lda, beta, c, ldc);
}

void tl_dpotrf(const char *uplo, const int *n, double *a, const int *lda, int *info)
{
    need();
    blas.dpotrf(uplo, n, a, lda, info);
}

void tl_dpotrs(const char *uplo, const int *n, const int *columns, const double *a, const int *lda, double *b, const int *ldb,
               int *info)
{
    need();
    blas.dpotrs(uplo, n, columns, a, lda, b, ldb, info);
}

void tl_dgeqrf(const int *m, const int *n, double *a, const int *lda, double *tau, double *work,
               const int *lwork, int *info)
{
    need();
    blas.dgeqrf(m, n, a, lda, tau, work, lwork, info);
}

void tl_dorgqr(const int *m, const int *n, const int *k, double *a, const int *lda, const double *tau,
               double *work, const int *lwork, int *info)
{
    need();
    blas.dorgqr(m, n, k, a, lda, tau, work, lwork, info);
}

void tl_dgeev(const char *left, const char *right, const int *n, double *a, const int *lda, double *re, double *im, double *vl,
              const int *ldvl, double *vr, const int *ldvr, double *work, const int *lwork, int *info)
{
    need();
    blas.dgeev(left, right, n, a, lda, re, im, vl, ldvl, vr, ldvr, work, lwork, info);
}
