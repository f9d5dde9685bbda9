/* shards.h - a window of the whole batch: that of each shard, then the sum of their gradients.
 *
 *     phase     tasks                       between them
 *     windows   a shard each                nothing is shared but parameters, which are read
 *     sum       ranges of the parameters    grads of the first = ((0 + 1) + (2 + 3)) + ..., shards by pairs
 *
 * How the lanes are split, and so each sum, is the model's; who runs a task is not. So the bits do not
 * depend on the number of threads, nor on that of processes: of several each runs its own shards, and they add as
 * ranks.h says. */
#ifndef TAPELESS_SHARDS_H
#define TAPELESS_SHARDS_H

#include "buffers.h"
#include "linkage.h"
#include "pool.h"

TL_C_BEGIN

/* `w`: the first shard's window, from tl_buffers_window; the others run with the same first, from, seed and tick, and
 * without gradients if w->grads is NULL. */
void tl_shards_run(const tl_engine *, const tl_buffers *, const tl_window *w, tl_pool *);

TL_C_END

#endif
