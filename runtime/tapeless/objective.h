/* objective.h - the cost of a whole series at given parameters, and its gradient.
 *
 * The windows are those of an epoch of training (training.h), from the initial state on, but the parameters do not move
 * between them. With reduce "mean"
 *
 *     loss = sum over all that counts of w * l / sum of w        cost = loss + l2/2 * sum of f * theta^2
 *
 * (w the mask times the weight, f each parameter's factor of weight decay); with "sum" nothing is divided. So the
 * gradient is exact where every window reaches back to the start of the sequences whose steps count in it. Else it is a
 * sum of gradients that are truncated to k2 steps, or of what tbptt.learn leaves of them: not that of the cost, and
 * `truncated` is set. Sums over windows are taken in double, in order. Dropout draws the same masks each time: the
 * cost is a function of the parameters. */
#ifndef TAPELESS_OBJECTIVE_H
#define TAPELESS_OBJECTIVE_H

#include "error.h"
#include "linkage.h"
#include "tapeless.h"

TL_C_BEGIN

struct tl_training;

typedef struct tl_objective {
    double cost, loss;
    int finite;    /* cost and gradient, and the states that windows left */
    int truncated;
    double *grad;  /* [param_size], laid out as the parameters; 0 where nothing is trained. The caller's */
} tl_objective;

/* At the training's parameters; its cursor stays where it is. -1: nothing counts in all the data, or the training's
 * `anomaly` found something. What is not finite is no error. */
int tl_objective_at(struct tl_training *, tl_objective *, tl_error *);

TL_C_END

#endif
