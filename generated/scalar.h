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

/* Of each field: its number in its table, elements of one example, where it begins in its block (elements; tokens are
 * int32_t below the vocabulary, and code that is called with others reads beyond its tables). */
#define SCALAR_OUTPUT 0
#define SCALAR_OUTPUT_SIZE 1
#define SCALAR_STATE_X 0
#define SCALAR_STATE_X_SIZE 1
#define SCALAR_STATE_X_OFFSET 0
#define SCALAR_PARAM_W 0
#define SCALAR_PARAM_W_SIZE 1
#define SCALAR_PARAM_W_OFFSET 0

TL_C_BEGIN

typedef float scalar_real;

/* One step's data, of each lane one after the other, row-major. */
typedef struct scalar_output {
    scalar_real y[1];
} scalar_output;

extern const tl_model scalar_model; /* names, shapes, offsets */

/* Forward and backward over a window, and one step forward: see tl_window and tl_step. */
void scalar_window(const tl_window *);
void scalar_step(const tl_step *);

TL_C_END

#endif
