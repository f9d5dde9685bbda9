/* ekf.h - the extended Kalman filter as an optimizer: Singhal & Wu, "Training multilayer perceptrons with the extended
 * Kalman algorithm", 1989; decoupled by node: Puskorius & Feldkamp, "Neurocontrol of nonlinear dynamical systems with Kalman
 * filter trained recurrent networks", 1994; as a way to identify systems: Bemporad, "Recurrent neural network training with
 * convex loss and regularization functions by extended Kalman filtering", 2023.
 *
 * The parameters are a state that does not move but by noise, the residuals r of a step are measurements of 0, and H = dr/dtheta
 * is what the model's rows say (tapeless.h). An update, with the window's new steps:
 *
 *     P <- P / forgetting + q I
 *     for each residual of weight w > 0, one after the other, each seen from where those before it have led:
 *         a = P h     s = h' a + r / w     k = a / s     theta <- theta - k (residual + h' moved)
 *         P <- (I - k h') P (I - k h')' + (r / w) k k' = P - k a' - a k' + s k k'          (Joseph's form)
 *
 * P begins as p I. It is double whatever the model's type, symmetric by construction, since a half of it is stored, and
 * Joseph's form keeps it positive where k is rounded. What is left is rounding of P itself, some 1e-16 of its largest
 * element an update, which q outweighs; h' a < 0 is taken as the end (raise q).
 *
 * decoupled: P is a block for each node and 0 between them. A node is an index of the first dimension of the parameters that
 * stand side by side in the model (the same name up to the last dot) and have it equally long: the row of each matrix that
 * leads to a unit, and its bias.
 *
 * n trained elements cost 8 FLOP for each of the n (n + 1) / 2 elements of P a residual. No allocation. */
#ifndef TAPELESS_EKF_H
#define TAPELESS_EKF_H

#include "buffers.h"
#include "error.h"
#include "linkage.h"
#include "tapeless.h"

TL_C_BEGIN

typedef struct tl_ekf {
    size_t n;          /* trained elements */
    size_t blocks;     /* of P: 1, or nodes */
    size_t size;       /* elements of P that are stored */
    double *p;         /* [size] block after block, of each row i its elements 0 .. i */
    double *first;     /* [blocks + 1] where blocks begin among the n */
    double *order;     /* [n] which of the packed elements (gauss_newton.h) stands where; NULL: each its own */
    double *row, *h, *a, *k, *moved; /* [n] */
} tl_ekf;

/* Doubles that it needs; 0: more than there can be. */
size_t tl_ekf_size(const tl_model *, const tl_optimizer_spec *);

/* Over that memory, of zeros. */
tl_ekf tl_ekf_over(const tl_model *, const tl_optimizer_spec *, double *block);

/* Fails where the model asks for what a filter has not: a learning rate of a parameter's own. */
int tl_ekf_check(const tl_model *, tl_error *);

/* Every variance is above 0. */
int tl_ekf_positive(const tl_ekf *);

/* An update by what the window left in slots first .. k2 - 1 of all shards, whose weights times `by` are the data's. Moves
 * the parameters, unless something is not finite: then they are as they were, and -1. *step: the length of the move. */
int tl_ekf_update(tl_ekf *, const tl_model *, const tl_optimizer_spec *, tl_buffers *, int32_t first, double by, double *step,
                  tl_error *);

TL_C_END

#endif
