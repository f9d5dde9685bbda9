/* window.h - which steps of a window count, and how much.
 *
 * The reduced loss of a window is sum over slots t and lanes b of weight[t][b] * loss[t][b].
 * Counted are the last `fresh` steps (TL_COUNT_NEW), the newest (TL_COUNT_LAST) or all steps of the
 * window (TL_COUNT_ALL); never more than the window has. The data may say what each of them counts: w is
 * the mask (0: padding, which holds the state too) times the weight of the loss alone, 1 where there is
 * neither. weight is w / (the sum of w over what is counted) for TL_REDUCE_MEAN and w for TL_REDUCE_SUM.
 * Where nothing counts (w is 0 throughout) all weights are 0, and so are loss and gradient.
 *
 * With a head over the window only the newest step counts, and only in lanes in which all k2 steps are
 * of one sequence and none is padding: the head has nothing to look at before. What the steps' losses
 * count has no say in that, but for the newest step's. */
#ifndef TAPELESS_WINDOW_H
#define TAPELESS_WINDOW_H

#include "buffers.h"
#include "linkage.h"
#include "tapeless.h"

TL_C_BEGIN

/* Fills all of `weight`, real [k2][lanes], for a shard that is alone. first: slot of the oldest step; fresh: number of new
 * steps, 1 .. ; mask: real [k2][lanes], or NULL; counts: the data's weight of the loss, likewise, or
 * NULL; reset: where sequences start, likewise, or NULL (it matters to a head alone). Returns the sum
 * of w over what is counted. */
double tl_window_weights(const tl_model *m, void *weight, int32_t first, int32_t fresh,
                         const void *mask, const void *counts, const void *reset);

/* The same for all shards of the batch, by what stands in their buffers: which is all of `weight` if they are even and
 * the same number of steps counted before. */
double tl_batch_weights(const tl_model *m, tl_buffers *b, int32_t first, int32_t fresh);

/* What a mask or a weight of data may be: 0, or a number of these bounds, within which products of two
 * and the sums of all that a window holds neither overflow nor vanish in either precision. */
#define TL_WEIGHT_LEAST 1e-15
#define TL_WEIGHT_MOST 1e15
#define TL_WEIGHT_WORDS "0, or a number from 1e-15 to 1e15"
int tl_weight_fits(double w);

/* The reduced loss, accumulated in double. Losses of weight 0 are not looked at: they may be NaN
 * where the data are padding. */
double tl_window_loss(const tl_model *m, const void *weight, const void *losses, int32_t first);
double tl_batch_loss(const tl_model *m, const tl_buffers *b, int32_t first); /* of all shards */
double tl_batch_named(const tl_model *m, const tl_buffers *b, int32_t first, int32_t named); /* of one loss by its number */

/* First slot that counts. */
int32_t tl_window_counted(const tl_model *m, int32_t first, int32_t fresh);

TL_C_END

#endif
