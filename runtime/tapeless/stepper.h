/* stepper.h - a model one step at a time, forward only: evaluation, sampling, prediction. */
#ifndef TAPELESS_STEPPER_H
#define TAPELESS_STEPPER_H

#include "error.h"
#include "linkage.h"
#include "series.h"
#include "tapeless.h"

TL_C_BEGIN

typedef struct tl_stepper {
    const tl_engine *engine;
    const void *params;
    int32_t lanes;
    void **input, **target, **output; /* [lanes][shape...] */
    void *state, *next, *losses, *named, *mask, *counts, *reset, *work; /* counts: weights of the loss */
    int64_t *since;                   /* [lanes] steps since the lane last started, padding aside */
} tl_stepper;

/* Memory for `lanes` lanes, 1 or those of a shard; the state is the initial one. */
int tl_stepper_new(tl_stepper *, const tl_engine *, const void *params, int32_t lanes,
                   tl_error *e);
void tl_stepper_free(tl_stepper *);

void tl_stepper_start(tl_stepper *); /* every lane to the initial state */

/* True if the lane's last output means something: a head has seen k2 steps of one sequence. */
int tl_stepper_ready(const tl_stepper *, int32_t lane);

/* One step on what stands in input, and in target if `scored`: writes output, and losses if there
 * is a loss to write; the state moves on. */
void tl_stepper_step(tl_stepper *, int scored);

/* Where mask (real [lanes]) is 0 the step was padding: the lane of `state`, which the step wrote,
 * becomes again what entered it. Both as in tl_step. */
void tl_step_hold(const tl_model *, const void *mask, const void *entered, void *state,
                  int32_t lanes);

/* Step t of a series, scored: the data are read, a lane that is reset starts anew. When all is read that the step
 * wrote, tl_stepper_pass_padding puts back what a padded step (mask 0) did to its lane. */
void tl_stepper_follow(tl_stepper *, const tl_series *, size_t t);
void tl_stepper_pass_padding(tl_stepper *, const tl_series *);

typedef struct tl_score {
    double loss;   /* sum of w * loss */
    double weight; /* sum of w; the mean loss is the quotient */
    double *named; /* [nnamed] sums of w * named loss are added to; NULL: not */
    struct tl_deviations *deviations; /* are added to as well (prediction.h); NULL: not */
    struct tl_recorded *recorded;     /* takes each step (recorded.h); NULL: not */
    int64_t skip;  /* to be set: so many steps at the start of each sequence do not count */
} tl_score;

/* The mean loss, and each named one in place of its sum; fails, with a sentence, where nothing counted. */
int tl_score_mean(const tl_model *, const tl_score *, double *loss, tl_error *e);

/* Runs through all steps of a series in the stepper's lanes, from the initial state, and adds to
 * the score; w is mask times weight. Resets start a lane anew; a padded step (mask 0) leaves the state
 * as it was. Steps at which a head is not ready do not count, nor those that score->skip names. Allocates nothing. */
void tl_stepper_score(tl_stepper *, const tl_series *, tl_score *);

TL_C_END

#endif
