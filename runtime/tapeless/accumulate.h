/* accumulate.h - gradients of several windows that make one update (train = { accumulate = N }).
 *
 * With reduce "mean" that of the mean over all that counts in these windows: each window's mean is weighted by its sum of w
 * (window.h). With "sum" the sum. The windows are run with the same parameters, so it is the gradient of one function of them. */
#ifndef TAPELESS_ACCUMULATE_H
#define TAPELESS_ACCUMULATE_H

#include "linkage.h"
#include "spans.h"
#include "tapeless.h"

TL_C_BEGIN

/* grads NULL: each window makes an update of its own. */
typedef struct tl_accumulation {
    void *grads;         /* real [param_size]; means something where spans are, once there are windows */
    double loss, weight; /* of the windows so far: reduced as the gradient is; the sum of their w */
    double *named;       /* [nnamed] losses that have names, likewise; NULL: they are not asked for */
    int64_t windows;
} tl_accumulation;

/* Whether updates of this spec are of several windows, and need a block for them. */
static inline int tl_accumulates(const tl_train_spec *s) { return s->accumulate > 1; }

/* A window's gradient and losses, of the sum of w `weight`, above 0. */
void tl_accumulate(tl_accumulation *, const tl_model *, const tl_spans *, const void *grads, double weight, double loss, const double *named);

/* All of them to `grads`, and nothing is left. */
void tl_accumulate_take(tl_accumulation *, const tl_spans *, void *grads);

TL_C_END

#endif
