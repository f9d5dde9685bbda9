/* optimizer.h - SGD, Adam, AdamW, RMSProp with torch.optim's update rules (PyTorch 1.13), element
 * operation by element operation, scalars computed in double.
 *
 *   SGD      Sutskever et al., "On the importance of initialization and momentum", 2013 (PyTorch's
 *            form: the learning rate multiplies the buffer, not the gradient entering it)
 *   Adam     Kingma & Ba, 2015; weight_decay is added to the gradient
 *   AdamW    Loshchilov & Hutter, 2019; weight_decay shrinks the parameter
 *   RMSProp  Tieleman & Hinton, 2012; centred after Graves, 2013
 *
 * What is updated by the whole record is not here (whole_record.h).
 *
 * Learning rate and weight decay of a parameter are the optimizer's times its rule's factors, as in
 * torch.optim's parameter groups; then its constraint is put in force. What is not trained is passed
 * over: parameters and moments keep their bits. */
#ifndef TAPELESS_OPTIMIZER_H
#define TAPELESS_OPTIMIZER_H

#include "ekf.h"
#include "error.h"
#include "linkage.h"
#include "spans.h"
#include "tapeless.h"

TL_C_BEGIN

enum { TL_MAX_MOMENTS = 3 };

/* What no parameter and no moment exceeds. */
typedef struct tl_bounds {
    int known;
    double params, moments;
} tl_bounds;

/* The largest factors of all rules, and the farthest from 0 that a constraint may set a parameter to. */
typedef struct tl_strongest {
    double lr, weight_decay, bound;
} tl_strongest;

typedef struct tl_optimizer {
    const tl_model *model;
    tl_optimizer_spec spec;
    int32_t nmoments;
    const char *moment_name[TL_MAX_MOMENTS]; /* "m", "v", ...: for checkpoints */
    void *moment[TL_MAX_MOMENTS];            /* real [param_size], laid out as the params */
    tl_ekf ekf;                              /* of that kind alone */
    tl_spans spans;                          /* what it goes over */
    tl_strongest strongest;                  /* for overflow.h, as the bounds; these are not known after others changed the
                                                parameters */
    tl_bounds bounds;
} tl_optimizer;

/* Over memory of the caller's: nparams spans, and (number of moments, which it sets) x param_size zeros; NULL: to
 * know that number. */
tl_optimizer tl_optimizer_over(const tl_model *m, const tl_optimizer_spec *spec, tl_span *spans, void *moments);

/* Moments start at zero. Fails if memory is short. */
int tl_optimizer_new(tl_optimizer *o, const tl_model *m, const tl_optimizer_spec *spec,
                     tl_error *e);
void tl_optimizer_free(tl_optimizer *o);

/* One update in place. lr: the learning rate after the schedule; update: 0 at the first. */
void tl_optimizer_step(tl_optimizer *o, void *params, const void *grads, double lr,
                       uint64_t update);

const char *tl_optimizer_name(tl_optimizer_kind); /* "sgd", "adam", ... */

TL_C_END

#endif
