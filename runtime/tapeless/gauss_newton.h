/* gauss_newton.h - the normal equations of a sum of squares, from the rows that windows leave.
 *
 * A model with rows (tapeless.h, nrows) leaves in each slot and lane its residuals r {n_r} and J = dr/dtheta. With w the
 * step's weight this adds up, over all that counts,
 *
 *     matrix += w J'J          gradient += w J'r          squares += w r'r
 *
 * in double, by symmetric rank-k updates of some hundred rows (BLAS: dsyrk); J as a whole is never there. Columns are the
 * elements of trained parameters, packed: parameter after parameter, each row-major, n in all. */
#ifndef TAPELESS_GAUSS_NEWTON_H
#define TAPELESS_GAUSS_NEWTON_H

#include "buffers.h"
#include "linkage.h"
#include "tapeless.h"

TL_C_BEGIN

typedef struct tl_gauss_newton {
    size_t n;         /* columns */
    size_t block;     /* rows that are added at once */
    size_t filled;    /* of them, so far */
    double *rows;     /* [block][n] sqrt(w) J */
    double *residual; /* [block] sqrt(w) r */
    double *matrix;   /* [n][n]; of a row the elements up to the diagonal, the others are not touched */
    double *gradient; /* [n] */
    double squares;
    uint64_t count;   /* rows of weight other than 0 */
} tl_gauss_newton;

/* n of a model. */
size_t tl_gauss_newton_columns(const tl_model *);

/* Doubles that rows and residuals of n columns need; SIZE_MAX: more than there can be. */
size_t tl_gauss_newton_size(size_t n);

/* Over that memory; matrix and gradient are to be set. */
tl_gauss_newton tl_gauss_newton_over(size_t n, double *block);

void tl_gauss_newton_clear(tl_gauss_newton *);

/* What one shard's window left in slots first .. k2 - 1, of weights `weight` (real [k2][lanes]) times `by`. */
void tl_gauss_newton_add(tl_gauss_newton *, const tl_model *, const tl_buffers *, int32_t first, double by);

/* Adds what is still in rows. */
void tl_gauss_newton_finish(tl_gauss_newton *);

/* Packed elements to or from a block that is laid out as the parameters. */
void tl_gauss_newton_pack(const tl_model *, const double *block, double *packed);
void tl_gauss_newton_unpack(const tl_model *, const double *packed, double *block);

/* ---- one row at a time, for who does not add them up ---- */

/* Number of residuals of a step. */
size_t tl_residual_count(const tl_model *);

/* Residual i of slot t, lane b, and times `by` its row [n]. */
double tl_residual_at(const tl_model *, const tl_buffers *, size_t t, size_t lane, size_t i);
void tl_residual_row(const tl_model *, const tl_buffers *, size_t t, size_t lane, size_t i, double by, double *row);

/* The state that enters slot `first` is a number: its sensitivities become 0, in this shard. */
void tl_residual_forget(const tl_model *, const tl_buffers *, int32_t first);

TL_C_END

#endif
