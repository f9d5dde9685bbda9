/* blas.h - what the interpreter, first values, and all that `tapeless build` makes take from OpenBLAS.
 *
 * OpenBLAS is not linked but loaded before its first use, for two reasons. Its constructor starts a
 * thread for every processor, each with 128 MiB of address space; who only compiles or shows a model needs
 * none of that, and sums must not depend on how many processors there are. And where those 128 MiB cannot
 * be had, under `ulimit -v`, it asks for them again for ever (blas_memory_alloc, in every version up to
 * now); so there must be a moment to look before.
 *
 * Generated code calls cblas_sgemm and cblas_dgemm, as anybody's program may link them. toolchain.c
 * compiles it with TL_BLAS_RENAMED, which makes these calls, and <cblas.h>'s prototypes, those below. */
#ifndef TAPELESS_BLAS_H
#define TAPELESS_BLAS_H

#include "error.h"
#include "linkage.h"

#ifndef __cplusplus /* OpenBLAS's header has complex numbers that are none of C++ */
#include <cblas.h>
#endif

TL_C_BEGIN

#define TL_BLAS_RENAMED "-Dcblas_sgemm=tl_sgemm", "-Dcblas_dgemm=tl_dgemm"

/* Loads OpenBLAS with one thread, and has it take its memory. Fails where the library is missing or the
 * memory cannot be had; what comes after it does not fail. Where another part of the process has loaded
 * OpenBLAS before, it is taken as it is. Any thread, any number of times. */
int tl_blas_load(tl_error *);

#ifndef __cplusplus
/* BLAS's, and LAPACK's (column-major), functions of those names. Where tl_blas_load was not called they
 * call it, and end the process with its sentence and status 2 if it fails: a product has no other way to
 * say so. */
void tl_sgemm(enum CBLAS_ORDER, enum CBLAS_TRANSPOSE, enum CBLAS_TRANSPOSE, blasint m, blasint n, blasint k,
              float alpha, const float *a, blasint lda, const float *b, blasint ldb, float beta, float *c,
              blasint ldc);
void tl_dgemm(enum CBLAS_ORDER, enum CBLAS_TRANSPOSE, enum CBLAS_TRANSPOSE, blasint m, blasint n, blasint k,
              double alpha, const double *a, blasint lda, const double *b, blasint ldb, double beta,
              double *c, blasint ldc);
void tl_dsyrk(enum CBLAS_ORDER, enum CBLAS_UPLO, enum CBLAS_TRANSPOSE, blasint n, blasint k, double alpha, const double *a,
              blasint lda, double beta, double *c, blasint ldc);
void tl_dpotrf(const char *uplo, const int *n, double *a, const int *lda, int *info);
void tl_dpotrs(const char *uplo, const int *n, const int *columns, const double *a, const int *lda, double *b, const int *ldb,
               int *info);
void tl_dgeqrf(const int *m, const int *n, double *a, const int *lda, double *tau, double *work,
               const int *lwork, int *info);
void tl_dorgqr(const int *m, const int *n, const int *k, double *a, const int *lda, const double *tau,
               double *work, const int *lwork, int *info);
void tl_dgeev(const char *left, const char *right, const int *n, double *a, const int *lda, double *re, double *im, double *vl,
              const int *ldvl, double *vr, const int *ldvr, double *work, const int *lwork, int *info);
#endif

TL_C_END

#endif
