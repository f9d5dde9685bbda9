/* residuals.h - what a model leaves unexplained, and whether it is noise.
 *
 * Residuals e = target - output at the n steps that are scored, in the data's units, with m their mean:
 *
 *     autocorrelation  r_k = sum (e_t - m) (e_(t+k) - m) / sum (e_t - m)^2, pairs of one sequence
 *     band             1.96 / sqrt(n): of noise, one r_k in twenty is outside
 *     Ljung-Box        Q = n (n + 2) sum over k <= h of r_k^2 / (n - k), of noise chi-squared with h degrees of freedom (G. Ljung &
 *                      G. Box, 1978); h is 10, or the even number at or below n / 5 (R. Hyndman, 2014), and p the chance of a
 *                      larger Q: exp(-Q/2) sum over i < h/2 of (Q/2)^i / i! */
#ifndef TAPELESS_RESIDUALS_H
#define TAPELESS_RESIDUALS_H

#include <jansson.h>

#include "coding.h"
#include "csv_dialect.h"
#include "error.h"
#include "fit.h"
#include "linkage.h"
#include "recorded.h"

TL_C_BEGIN

enum { TL_RESIDUAL_LAGS = 40 };

typedef struct tl_residual {
    tl_fit_target target;
    double *e;        /* [steps], NaN where the step is not scored */
    size_t n, lags, outside, box_lags;
    double mean, sd, r[TL_RESIDUAL_LAGS + 1], band, q, p; /* r[k], k from 1 to lags */
} tl_residual;

typedef struct tl_residuals {
    const tl_coding *coding;
    const char *table;         /* of which they are, for the axis; NULL: several, or none */
    const tl_csv_options *csv; /* how it is written */
    size_t targets, steps, sequences;
    const size_t *begin;       /* [sequences + 1], the caller's, or NULL: it is one */
    tl_residual *target;       /* [targets] of real numbers */
} tl_residuals;

/* Of examples in one lane; `begin` [sequences + 1] says where sequences begin. Fails where fewer than ten steps are scored. */
int tl_residuals_new(tl_residuals *, const tl_recorded *, const tl_coding *, const size_t *begin, size_t sequences, tl_error *);
void tl_residuals_free(tl_residuals *);

/* A line for each target; for programs the list `residuals`. */
void tl_residuals_report(json_t *, const tl_residuals *, int json);

/* Over time, as a histogram beside the normal distribution of their mean and deviation, and their autocorrelation. */
int tl_residuals_draw(const char *path, const tl_residuals *, const char *title, tl_error *);

TL_C_END

#endif
