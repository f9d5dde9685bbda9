/* update.h - an update: of a window whose new steps stand in the buffers, to new parameters.
 *
 * What a training of a file (training.h) and learning from a stream (online.h) have in common. Theirs is where steps
 * come from, and when one is due:
 *
 *     tl_steps_run, tl_steps_kept     how many steps are run next, and how many older ones with them (steps.h)
 *     tl_steps_shift                  what the last window leaves goes to its place
 *                                     the new steps' data are written to the last `fresh` slots
 *     tl_update_pass, tl_update_make  they are run
 *
 * What updates once for many windows (objective.h) runs tl_update_measure in place of tl_update_make.
 *
 * Nothing is allocated or printed, and no clock is read. */
#ifndef TAPELESS_UPDATE_H
#define TAPELESS_UPDATE_H

#include "accumulate.h"
#include "average.h"
#include "buffers.h"
#include "linkage.h"
#include "optimizer.h"
#include "pool.h"

TL_C_BEGIN

typedef struct tl_update {
    const tl_engine *engine;
    const tl_train_spec *spec;
    tl_buffers *buffers;
    tl_optimizer *optimizer;
    tl_pool *pool;           /* runs shards (shards.h); NULL: this thread does */
    uint64_t seed;           /* of dropout */
    uint64_t run;            /* length of the run in updates for the schedule, 0 if not known */
    double reduced;          /* by reduce_on_plateau: factor of the rate */
    uint64_t number;         /* updates made before */
    uint64_t version;        /* of the parameters (tl_steps_note_versions) */
    uint64_t tick;           /* number of the newest step, counted since training began */
    int32_t kept, fresh;     /* older steps of the window, and new ones */
    int anomaly;             /* 1: look at every value, see anomaly.h */
    int still;               /* 1: the parameters are not moved */
    tl_accumulation *sum;    /* of the windows before this one; NULL: it makes an update of its own */
    tl_average *average;     /* of the parameters, to be told of an update; NULL: there is none */
    int last;                /* with `sum`: 1: an update is due whatever their number */
    /* Of tl_update_make: */
    int sound;               /* loss, gradient and state are finite */
    double loss, norm, lr;   /* set as far as it came */
    double *named;           /* [nnamed] the named losses, set where loss is; NULL: not */
} tl_update;

/* Runs the last `fresh` slots forward only; `kept` is 0. Fails where `anomaly` finds something. */
int tl_update_pass(const tl_update *, tl_error *);

/* Runs the window, forward, and backward where something in it counts: then it makes an update of its gradient. 1:
 * made; 0: nothing counts, or with `sum` more windows are to come; -1, with the parameters as they were: the loss, the gradient, the state that the window
 * leaves or what the update would make of parameters and moments is not finite. */
int tl_update_make(tl_update *, tl_error *);

/* Runs the window likewise, and leaves the gradient of its loss in the buffers, in place of an update: neither
 * clipped nor looked at, but that `sound` says whether all is finite. *weight: the sum of w over what counts
 * (window.h); 0: nothing, and there is no gradient. Fails where `anomaly` finds something. */
int tl_update_measure(tl_update *, double *weight, tl_error *);

TL_C_END

#endif
