/* gru.h - training windows of 32 steps and 8 lanes.
 *
 * Written by tapeless 0.1.0 from gru.lua (71aadf02c469f4e1), float, avx2; hidden=32 input=4 output=1.
 * Do not edit: change the spec and compile it again. This code is yours.
 */
#ifndef GRU_TAPELESS_H
#define GRU_TAPELESS_H

#include <tapeless/tapeless.h>

#define GRU_K1 16
#define GRU_K2 32
#define GRU_BATCH 8
#define GRU_SHARDS 1
#define GRU_LANES 8 /* of a shard, which is what a window runs */
#define GRU_PARAM_SIZE 3632 /* elements, of params and of grads */
#define GRU_STATE_SIZE 8448 /* elements */
#define GRU_PROBE_SIZE 0 /* elements */
#define GRU_WORK_SIZE 411136 /* bytes */
#define GRU_STEP_STATE_SIZE 32 /* elements a lane */
#define GRU_STEP_WORK_SIZE 8192 /* bytes */

TL_C_BEGIN

typedef float gru_real;

extern const tl_model gru_model; /* names, shapes, offsets */

/* Forward and backward over a window, and one step forward: see tl_window and tl_step. */
void gru_window(const tl_window *);
void gru_step(const tl_step *);

TL_C_END

#endif
