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

TL_C_BEGIN

typedef float lstm_cnn_real;

extern const tl_model lstm_cnn_model; /* names, shapes, offsets */

/* Forward and backward over a window, and one step forward: see tl_window and tl_step. */
void lstm_cnn_window(const tl_window *);
void lstm_cnn_step(const tl_step *);

TL_C_END

#endif
