/* lstm_cnn.h - training windows of 9 steps and 1 lane.
 *
 * Written by tapeless 0.1.0 from lstm_cnn.lua (b7327d6f5999aecc), float, avx2; channels=8 hidden=16 input=16 output=4.
 * Do not edit: change the spec and compile it again. This code is yours.
 */
#ifndef LSTM_CNN_TAPELESS_H
#define LSTM_CNN_TAPELESS_H

#include <tapeless/tapeless.h>

#define LSTM_CNN_K1 1
#define LSTM_CNN_K2 9
#define LSTM_CNN_BATCH 1
#define LSTM_CNN_SHARDS 1
#define LSTM_CNN_LANES 1 /* of a shard, which is what a window runs */
#define LSTM_CNN_PARAM_SIZE 5488 /* elements, of params and of grads */
#define LSTM_CNN_STATE_SIZE 320 /* elements */
#define LSTM_CNN_PROBE_SIZE 144 /* elements */
#define LSTM_CNN_WORK_SIZE 21952 /* bytes */
#define LSTM_CNN_STEP_STATE_SIZE 288 /* elements a lane */
#define LSTM_CNN_STEP_WORK_SIZE 12544 /* bytes */

/* Of each field: its number in its table, elements of one example, where it begins in its block (elements; tokens are
 * int32_t below the vocabulary, and code that is called with others reads beyond its tables). */
#define LSTM_CNN_INPUT 0
#define LSTM_CNN_INPUT_SIZE 16
#define LSTM_CNN_TARGET 0
#define LSTM_CNN_TARGET_SIZE 4
#define LSTM_CNN_OUTPUT 0
#define LSTM_CNN_OUTPUT_SIZE 4
#define LSTM_CNN_STATE_RNN_C 0
#define LSTM_CNN_STATE_RNN_C_SIZE 16
#define LSTM_CNN_STATE_RNN_C_OFFSET 0
#define LSTM_CNN_STATE_RNN_H 1
#define LSTM_CNN_STATE_RNN_H_SIZE 16
#define LSTM_CNN_STATE_RNN_H_OFFSET 160
#define LSTM_CNN_PARAM_CONV_BIAS 0
#define LSTM_CNN_PARAM_CONV_BIAS_SIZE 8
#define LSTM_CNN_PARAM_CONV_BIAS_OFFSET 0
#define LSTM_CNN_PARAM_CONV_WEIGHT 1
#define LSTM_CNN_PARAM_CONV_WEIGHT_SIZE 144
#define LSTM_CNN_PARAM_CONV_WEIGHT_OFFSET 16
#define LSTM_CNN_PARAM_HEAD_BIAS 2
#define LSTM_CNN_PARAM_HEAD_BIAS_SIZE 4
#define LSTM_CNN_PARAM_HEAD_BIAS_OFFSET 160
#define LSTM_CNN_PARAM_HEAD_WEIGHT 3
#define LSTM_CNN_PARAM_HEAD_WEIGHT_SIZE 3136
#define LSTM_CNN_PARAM_HEAD_WEIGHT_OFFSET 176
#define LSTM_CNN_PARAM_RNN_BIAS_HH_L0 4
#define LSTM_CNN_PARAM_RNN_BIAS_HH_L0_SIZE 64
#define LSTM_CNN_PARAM_RNN_BIAS_HH_L0_OFFSET 3312
#define LSTM_CNN_PARAM_RNN_BIAS_IH_L0 5
#define LSTM_CNN_PARAM_RNN_BIAS_IH_L0_SIZE 64
#define LSTM_CNN_PARAM_RNN_BIAS_IH_L0_OFFSET 3376
#define LSTM_CNN_PARAM_RNN_WEIGHT_HH_L0 6
#define LSTM_CNN_PARAM_RNN_WEIGHT_HH_L0_SIZE 1024
#define LSTM_CNN_PARAM_RNN_WEIGHT_HH_L0_OFFSET 3440
#define LSTM_CNN_PARAM_RNN_WEIGHT_IH_L0 7
#define LSTM_CNN_PARAM_RNN_WEIGHT_IH_L0_SIZE 1024
#define LSTM_CNN_PARAM_RNN_WEIGHT_IH_L0_OFFSET 4464
#define LSTM_CNN_PROBE_H 0
#define LSTM_CNN_PROBE_H_SIZE 16
#define LSTM_CNN_PROBE_H_OFFSET 0

TL_C_BEGIN

typedef float lstm_cnn_real;

/* One step's data, of each lane one after the other, row-major. */
typedef struct lstm_cnn_input {
    lstm_cnn_real x[16];
} lstm_cnn_input;
typedef struct lstm_cnn_target {
    lstm_cnn_real y[4];
} lstm_cnn_target;
typedef struct lstm_cnn_output {
    lstm_cnn_real y[4];
} lstm_cnn_output;

extern const tl_model lstm_cnn_model; /* names, shapes, offsets */

/* Forward and backward over a window, and one step forward: see tl_window and tl_step. */
void lstm_cnn_window(const tl_window *);
void lstm_cnn_step(const tl_step *);

TL_C_END

#endif
