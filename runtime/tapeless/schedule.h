/* schedule.h - the learning rate as the training goes on.
 *
 * Update u = 0, 1, ... runs at lr * tl_schedule(spec, u, run):
 *   u < warmup   (u + 1) / warmup
 *   step         gamma ^ floor(u / every)
 *   cosine       floor + (1 - floor) (1 + cos(pi v)) / 2, v = (u - warmup) / (total - warmup),
 *                1 at most (Loshchilov & Hutter, "SGDR", 2017, without restarts; with warmup 0 it
 *                is torch's CosineAnnealingLR)
 *   one_cycle    half a cosine from start to 1, which it reaches at u = peak * total - 1, and another down to final, at
 *                u = total - 1 and behind it (Smith & Topin, "Super-convergence", 2018; torch's OneCycleLR with start =
 *                1 / div_factor, final = start / final_div_factor, without its momentum)
 *   reduce_on_plateau   1, and times what validations have come to, a tl_plateau's factor (torch's ReduceLROnPlateau with
 *                threshold_mode = "abs" and without its eps) */
#ifndef TAPELESS_SCHEDULE_H
#define TAPELESS_SCHEDULE_H

#include "linkage.h"
#include "tapeless.h"

TL_C_BEGIN

/* `run`: length of the run in updates, what cosine and one_cycle take where spec->total is 0; 0 if it is not
 * known, and then they stay at 1. */
double tl_schedule(const tl_schedule_spec *spec, uint64_t update, uint64_t run);

/* A schedule that is laid out over the whole run, and does not say how long that is. */
static inline int tl_schedule_needs_run(const tl_schedule_spec *s)
{
    return (s->kind == TL_SCHEDULE_COSINE || s->kind == TL_SCHEDULE_ONE_CYCLE) && !s->total;
}

const char *tl_schedule_name(tl_schedule_kind); /* "constant", "step", ... */

/* What reduce_on_plateau knows of the validations so far. */
typedef struct tl_plateau {
    double factor;   /* of the rate */
    double best;     /* the loss that is to be bettered; INFINITY: none yet */
    uint64_t waited; /* validations in a row that did not, since the rate was last reduced; none of the warm-up */
} tl_plateau;

tl_plateau tl_plateau_new(void);

/* A validation's loss, after so many updates; of other schedules it is nothing. 1: the rate has become smaller. */
int tl_plateau_note(tl_plateau *, const tl_schedule_spec *, uint64_t updates, double loss);

TL_C_END

#endif
