/* average.h - an exponential moving average of the parameters, beside those that are trained (train = { average = D }).
 *
 * a_0 = theta_0, and after update n = 1, 2, ...
 *     a_n = a_(n-1) + (1 - d_n) (theta_n - a_(n-1)),    d_n = min(D, (1 + n) / (10 + n))
 * (Polyak & Juditsky, "Acceleration of Stochastic Approximation by Averaging", 1992, forgetting; the warm-up d_n is that of
 * tf.train.ExponentialMovingAverage with num_updates: the start weighs little, and no other correction is needed). In
 * double precision whatever the model's. What holds for all parameters of a convex set holds for the average: bounds and
 * norms; what no update changes has its own bits. */
#ifndef TAPELESS_AVERAGE_H
#define TAPELESS_AVERAGE_H

#include "linkage.h"
#include "tapeless.h"

TL_C_BEGIN

typedef struct tl_average {
    double *mean;  /* [param_size], laid out as the parameters; NULL: there is none */
    void *rounded; /* real [param_size], of tl_average_round; NULL unless its owner has given it */
} tl_average;

static inline int tl_averages(const tl_train_spec *s) { return s->average > 0; }

/* a_0. */
void tl_average_begin(tl_average *, const tl_model *, const void *params);

/* After update `n`, counted from 1. */
void tl_average_note(tl_average *, const tl_model *, const void *params, double decay, uint64_t n);

/* The average as parameters of the model's, to `params`, real [param_size]. */
void tl_average_round(const tl_average *, const tl_model *, void *params);

TL_C_END

#endif
