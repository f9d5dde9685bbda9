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

/* Of each field: its number in its table, elements of one example, where it begins in its block (elements; tokens are
 * int32_t below the vocabulary, and code that is called with others reads beyond its tables). */
#define ELMAN_INPUT 0
#define ELMAN_INPUT_SIZE 1
#define ELMAN_TARGET 0
#define ELMAN_TARGET_SIZE 1
#define ELMAN_OUTPUT 0
#define ELMAN_OUTPUT_SIZE 1
#define ELMAN_STATE_H 0
#define ELMAN_STATE_H_SIZE 32
#define ELMAN_STATE_H_OFFSET 0
#define ELMAN_PARAM_U 0
#define ELMAN_PARAM_U_SIZE 1024
#define ELMAN_PARAM_U_OFFSET 0
#define ELMAN_PARAM_V 1
#define ELMAN_PARAM_V_SIZE 32
#define ELMAN_PARAM_V_OFFSET 1024
#define ELMAN_PARAM_W 2
#define ELMAN_PARAM_W_SIZE 32
#define ELMAN_PARAM_W_OFFSET 1056
#define ELMAN_PARAM_B 3
#define ELMAN_PARAM_B_SIZE 32
#define ELMAN_PARAM_B_OFFSET 1088
#define ELMAN_PARAM_C 4
#define ELMAN_PARAM_C_SIZE 1
#define ELMAN_PARAM_C_OFFSET 1120

TL_C_BEGIN

typedef float elman_real;

/* One step's data, of each lane one after the other, row-major. */
typedef struct elman_input {
    elman_real x[16];
} elman_input;
typedef struct elman_target {
    elman_real y[16];
} elman_target;
typedef struct elman_output {
    elman_real y[16];
} elman_output;

extern const tl_model elman_model; /* names, shapes, offsets */

/* Forward and backward over a window, and one step forward: see tl_window and tl_step. */
void elman_window(const tl_window *);
void elman_step(const tl_step *);

TL_C_END

#endif
