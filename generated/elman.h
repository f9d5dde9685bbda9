/* elman.h - training windows of 32 steps and 16 lanes.
 *
 * Written by tapeless 0.1.0 from elman.lua (c6d11d4878649276), float, avx2; hidden=32 input=1 output=1.
 * Do not edit: change the spec and compile it again. This code is yours.
 */
#ifndef ELMAN_TAPELESS_H
#define ELMAN_TAPELESS_H

#include <tapeless/tapeless.h>

#define ELMAN_K1 8
#define ELMAN_K2 32
#define ELMAN_BATCH 16
#define ELMAN_SHARDS 1
#define ELMAN_LANES 16 /* of a shard, which is what a window runs */
#define ELMAN_PARAM_SIZE 1136 /* elements, of params and of grads */
#define ELMAN_STATE_SIZE 16896 /* elements */
#define ELMAN_PROBE_SIZE 0 /* elements */
#define ELMAN_WORK_SIZE 150016 /* bytes */
#define ELMAN_STEP_STATE_SIZE 32 /* elements a lane */
#define ELMAN_STEP_WORK_SIZE 4096 /* bytes */

TL_C_BEGIN

typedef float elman_real;

extern const tl_model elman_model; /* names, shapes, offsets */

/* Forward and backward over a window, and one step forward: see tl_window and tl_step. */
void elman_window(const tl_window *);
void elman_step(const tl_step *);

TL_C_END

#endif
