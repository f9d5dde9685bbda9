/* lm.h - Levenberg-Marquardt: Levenberg, 1944; Marquardt, "An algorithm for least-squares estimation of nonlinear
 * parameters", 1963. With cost F, its gradient g and the Gauss-Newton matrix H, of residuals r and J = dr/dtheta
 *
 *     F = sum w r'r / W + l2/2 sum of f theta^2      g = 2 sum w J'r / W + l2 f theta      H = 2 sum w J'J / W + l2 f
 *
 * (W = sum w with reduce "mean", else 1; f: each parameter's factor of weight decay), an iteration solves by Cholesky
 *
 *     (H + lambda D) delta = -g,      D = diag(H)
 *
 * and takes the step if it lowers the cost. lambda moves by the gain ratio, what the cost fell over what H promised (Nielsen, "Damping parameter in Marquardt's method", 1999): down by up to three times where they agree, up by 2, 4, 8 ...
 * at every step that is taken back.
 *
 * keep_scale: D is the largest diag(H) so far (Moré, "The Levenberg-Marquardt algorithm: implementation and theory", 1978). Where
 * a tanh saturates an element of diag(H) falls to almost nothing, and a step may take the parameter so far that it never comes
 * back: of four starts of models/state_space.lua two ended at a hundred times the cost without it.
 *
 * geodesic: half the acceleration along the step, a = -(H + lambda D)^-1 2 J' w r'' / W, is added where 2 |a| <= 0.75 |delta|
 * (Transtrum & Sethna, "Improvements to the Levenberg-Marquardt algorithm", 2012); r'' = d2 r / dh2 along delta by a
 * difference of h = 0.1, which takes two sweeps more.
 *
 * Bounds: an element that stands at one, with a gradient that leads beyond it, is left out of the step; the rest of the
 * step is projected, and what was promised is computed of what was left.
 *
 * Ridge regression is the first step of this with lambda = 0, where r is linear in theta: then it ends where g = 0.
 *
 * A step that is taken back costs little: the model is first run through the data as in evaluation, and where that shows
 * that the cost is not lower, without derivatives. It is looked at but where evaluation gives the loss of a sweep (not with
 * dropout, nor where some steps count several times or not at all), which is found out at the first two points. */
#ifndef TAPELESS_LM_H
#define TAPELESS_LM_H

#include "error.h"
#include "evaluation.h"
#include "linkage.h"
#include "gauss_newton.h"
#include "tapeless.h"
#include "update.h"

TL_C_BEGIN

struct tl_training;

typedef struct tl_lm {
    tl_gauss_newton normal;  /* of whole.at */
    double scale;      /* H = scale * matrix + l2 f; 2 / W */
    double *held;      /* [n][n] the matrix where the iteration begins */
    double *factor;    /* [n][n] */
    double *diagonal;  /* [param_size] D; remembered */
    double least;      /* that it is taken for */
    double *delta, *acceleration, *moved; /* [n] */
    double *start, *begun, *step;         /* [param_size] parameters and gradient where the iteration begins; delta */
    double *further;   /* geodesic: [rows] residuals at theta + h delta, sqrt(w) times; NULL */
    size_t rows, row;  /* of them; which is next */
    const double *along; /* geodesic: [n] of which r'' is asked in this sweep; NULL */
    int record;        /* geodesic: this sweep's residuals are kept */
    tl_evaluation look; /* of the data: what a step makes of the loss, without the derivatives of a sweep */
    int looked;         /* its loss was that of a sweep at so many points, at 2 it is trusted: a step that it sees to be worse
                           needs no sweep; -1: it was another */
} tl_lm;

/* What stands in tl_whole_record.number. */
enum { TL_LM_LAMBDA, TL_LM_UP };

/* The row of whole_record.c. */
size_t tl_lm_size(const struct tl_training *);
void tl_lm_begin(struct tl_training *, double *block);
int tl_lm_look_new(struct tl_training *, tl_error *);
void tl_lm_free(tl_lm *);
int tl_lm_iterate(struct tl_training *, tl_error *);
int tl_lm_remembered(const struct tl_training *, int32_t i, double **vector);
int tl_lm_fits(struct tl_training *);

/* Ridge's. An iteration fails where the equations are singular. */
int tl_ridge_iterate(struct tl_training *, tl_error *);
int tl_ridge_remembered(const struct tl_training *, int32_t i, double **vector);

/* Fails where its matrices, 3 n^2 doubles, are more than three quarters of the memory that the machine has. */
int tl_lm_check(const struct tl_training *, tl_error *);

/* Whether H, where the training is, has full rank, as far as rounding lets one see. Else *of is a parameter with an
 * element that IDLE: no residual depends on; DEPENDENT: moves the residuals as others do. */
typedef enum tl_lm_rank { TL_LM_FULL, TL_LM_IDLE, TL_LM_DEPENDENT } tl_lm_rank;
tl_lm_rank tl_lm_find_rank(struct tl_training *, const tl_tensor **of);

/* Of a sweep (objective.h): before it; after each window, whose weights times `by` are the data's; behind it, with W: the
 * gradient of the loss, [param_size]. */
void tl_lm_clear(struct tl_training *);
void tl_lm_take(struct tl_training *, const tl_update *, double by);
void tl_lm_finish(struct tl_training *, double weight, double *grad);

TL_C_END

#endif
