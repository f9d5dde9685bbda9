/* lstm.h - training windows of 32 steps and 8 lanes.
 *
 * Written by tapeless 0.1.0 from lstm.lua (efd5f481a81dedab), float, avx2; hidden=32 input=4 output=1.
 * Do not edit: change the spec and compile it again. This code is yours.
 */
#ifndef LSTM_TAPELESS_H
#define LSTM_TAPELESS_H

#include <tapeless/tapeless.h>

#define LSTM_K1 16
#define LSTM_K2 32
#define LSTM_BATCH 8
#define LSTM_SHARDS 1
#define LSTM_LANES 8 /* of a shard, which is what a window runs */
#define LSTM_PARAM_SIZE 4784 /* elements, of params and of grads */
#define LSTM_STATE_SIZE 16896 /* elements */
#define LSTM_PROBE_SIZE 0 /* elements */
#define LSTM_WORK_SIZE 448512 /* bytes */
#define LSTM_STEP_STATE_SIZE 64 /* elements a lane */
#define LSTM_STEP_WORK_SIZE 8192 /* bytes */

/* Of each field: its number in its table, elements of one example, where it begins in its block (elements; tokens are
 * int32_t below the vocabulary, and code that is called with others reads beyond its tables). */
#define LSTM_INPUT 0
#define LSTM_INPUT_SIZE 4
#define LSTM_TARGET 0
#define LSTM_TARGET_SIZE 1
#define LSTM_OUTPUT 0
#define LSTM_OUTPUT_SIZE 1
#define LSTM_STATE_C 0
#define LSTM_STATE_C_SIZE 32
#define LSTM_STATE_C_OFFSET 0
#define LSTM_STATE_H 1
#define LSTM_STATE_H_SIZE 32
#define LSTM_STATE_H_OFFSET 8448
#define LSTM_PARAM_U 0
#define LSTM_PARAM_U_SIZE 4096
#define LSTM_PARAM_U_OFFSET 0
#define LSTM_PARAM_V 1
#define LSTM_PARAM_V_SIZE 32
#define LSTM_PARAM_V_OFFSET 4096
#define LSTM_PARAM_W 2
#define LSTM_PARAM_W_SIZE 512
#define LSTM_PARAM_W_OFFSET 4128
#define LSTM_PARAM_BF 3
#define LSTM_PARAM_BF_SIZE 32
#define LSTM_PARAM_BF_OFFSET 4640
#define LSTM_PARAM_BG 4
#define LSTM_PARAM_BG_SIZE 32
#define LSTM_PARAM_BG_OFFSET 4672
#define LSTM_PARAM_BI 5
#define LSTM_PARAM_BI_SIZE 32
#define LSTM_PARAM_BI_OFFSET 4704
#define LSTM_PARAM_BO 6
#define LSTM_PARAM_BO_SIZE 32
#define LSTM_PARAM_BO_OFFSET 4736
#define LSTM_PARAM_D 7
#define LSTM_PARAM_D_SIZE 1
#define LSTM_PARAM_D_OFFSET 4768

TL_C_BEGIN

typedef float lstm_real;

/* One step's data, of each lane one after the other, row-major. */
typedef struct lstm_input {
    lstm_real x[32];
} lstm_input;
typedef struct lstm_target {
    lstm_real y[8];
} lstm_target;
typedef struct lstm_output {
    lstm_real y[8];
} lstm_output;

extern const tl_model lstm_model; /* names, shapes, offsets */

/* Forward and backward over a window, and one step forward: see tl_window and tl_step. */
void lstm_window(const tl_window *);
void lstm_step(const tl_step *);

TL_C_END

#endif
