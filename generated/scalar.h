/* scalar.h - training windows of 3 steps and 1 lane.
 *
 * Written by tapeless 0.1.0 from scalar.lua (cd50a3dc8c446d2e), float, avx2.
 * Do not edit: change the spec and compile it again. This code is yours.
 */
#ifndef SCALAR_TAPELESS_H
#define SCALAR_TAPELESS_H

#include <tapeless/tapeless.h>

#define SCALAR_K1 1
#define SCALAR_K2 3
#define SCALAR_BATCH 1
#define SCALAR_SHARDS 1
#define SCALAR_LANES 1 /* of a shard, which is what a window runs */
#define SCALAR_PARAM_SIZE 16 /* elements, of params and of grads */
#define SCALAR_STATE_SIZE 16 /* elements */
#define SCALAR_PROBE_SIZE 0 /* elements */
#define SCALAR_WORK_SIZE 128 /* bytes */
#define SCALAR_STEP_STATE_SIZE 1 /* elements a lane */
#define SCALAR_STEP_WORK_SIZE 0 /* bytes */

TL_C_BEGIN

typedef float scalar_real;

extern const tl_model scalar_model; /* names, shapes, offsets */

/* Forward and backward over a window, and one step forward: see tl_window and tl_step. */
void scalar_window(const tl_window *);
void scalar_step(const tl_step *);

TL_C_END

#endif
