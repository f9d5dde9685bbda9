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

TL_C_BEGIN

typedef float lstm_real;

extern const tl_model lstm_model; /* names, shapes, offsets */

/* Forward and backward over a window, and one step forward: see tl_window and tl_step. */
void lstm_window(const tl_window *);
void lstm_step(const tl_step *);

TL_C_END

#endif
