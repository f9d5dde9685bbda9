/* schedule.h - the learning rate as the training goes on.
 *
 * Update u = 0, 1, ... runs at lr * tl_schedule(spec, u, run):
 *   u < warmup   (u + 1) / warmup
 *   step         gamma ^ floor(u / every)
 *   cosine       floor + (1 - floor) (1 + cos(pi v)) / 2, v = (u - warmup) / (total - warmup),
 *                1 at most (Loshchilov & Hutter, "SGDR", 2017, without restarts; with warmup 0 it
 *                is torch's CosineAnnealingLR) */
#ifndef TAPELESS_SCHEDULE_H
#define TAPELESS_SCHEDULE_H

#include "linkage.h"
#include "tapeless.h"

TL_C_BEGIN

/* `run`: length of the run in updates, what cosine takes where spec->total is 0; 0 if it is not
 * known, and then cosine stays at 1. */
double tl_schedule(const tl_schedule_spec *spec, uint64_t update, uint64_t run);

TL_C_END

#endif
