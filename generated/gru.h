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

/* Of each field: its number in its table, elements of one example, where it begins in its block (elements; tokens are
 * int32_t below the vocabulary, and code that is called with others reads beyond its tables). */
#define GRU_INPUT 0
#define GRU_INPUT_SIZE 4
#define GRU_TARGET 0
#define GRU_TARGET_SIZE 1
#define GRU_OUTPUT 0
#define GRU_OUTPUT_SIZE 1
#define GRU_STATE_H 0
#define GRU_STATE_H_SIZE 32
#define GRU_STATE_H_OFFSET 0
#define GRU_PARAM_UN 0
#define GRU_PARAM_UN_SIZE 1024
#define GRU_PARAM_UN_OFFSET 0
#define GRU_PARAM_UR 1
#define GRU_PARAM_UR_SIZE 1024
#define GRU_PARAM_UR_OFFSET 1024
#define GRU_PARAM_UZ 2
#define GRU_PARAM_UZ_SIZE 1024
#define GRU_PARAM_UZ_OFFSET 2048
#define GRU_PARAM_V 3
#define GRU_PARAM_V_SIZE 32
#define GRU_PARAM_V_OFFSET 3072
#define GRU_PARAM_WN 4
#define GRU_PARAM_WN_SIZE 128
#define GRU_PARAM_WN_OFFSET 3360
#define GRU_PARAM_WR 5
#define GRU_PARAM_WR_SIZE 128
#define GRU_PARAM_WR_OFFSET 3104
#define GRU_PARAM_WZ 6
#define GRU_PARAM_WZ_SIZE 128
#define GRU_PARAM_WZ_OFFSET 3232
#define GRU_PARAM_BN 7
#define GRU_PARAM_BN_SIZE 32
#define GRU_PARAM_BN_OFFSET 3488
#define GRU_PARAM_BR 8
#define GRU_PARAM_BR_SIZE 32
#define GRU_PARAM_BR_OFFSET 3520
#define GRU_PARAM_BZ 9
#define GRU_PARAM_BZ_SIZE 32
#define GRU_PARAM_BZ_OFFSET 3552
#define GRU_PARAM_D 10
#define GRU_PARAM_D_SIZE 1
#define GRU_PARAM_D_OFFSET 3584
#define GRU_PARAM_INIT_H 11
#define GRU_PARAM_INIT_H_SIZE 32
#define GRU_PARAM_INIT_H_OFFSET 3600

TL_C_BEGIN

typedef float gru_real;

/* One step's data, of each lane one after the other, row-major. */
typedef struct gru_input {
    gru_real x[32];
} gru_input;
typedef struct gru_target {
    gru_real y[8];
} gru_target;
typedef struct gru_output {
    gru_real y[8];
} gru_output;

extern const tl_model gru_model; /* names, shapes, offsets */

/* Forward and backward over a window, and one step forward: see tl_window and tl_step. */
void gru_window(const tl_window *);
void gru_step(const tl_step *);

TL_C_END

#endif
