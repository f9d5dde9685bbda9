/* ranks.h - what the processes of a training tell each other in an update: gradients, losses, norms of lags.
 *
 * Shards are added neighbours first, whoever runs them. A rank adds what of that tree lies within its own shards: all
 * of it if their number is a power of two, else as far as it is one's multiple, and a few sums, its nodes, are left:
 *
 *     8 shards, 2 ranks    ((0 + 1) + (2 + 3)) | ((4 + 5) + (6 + 7))    a node each
 *     6 shards, 2 ranks    0, 1, 2             | 3, 4, 5                three each
 *
 * Then each rank gets a range of the parameters of all nodes, adds these on, and shares the sums: as many bytes go
 * out of a rank, and come in, as in any other way to add, and each adds a part. The parameters are taken in chunks, so that
 * what is needed for that is small. */
#ifndef TAPELESS_RANKS_H
#define TAPELESS_RANKS_H

#include "buffers.h"
#include "linkage.h"

TL_C_BEGIN

/* Shards of each node: the largest power of two that divides the number of a rank's; without an exchange all. */
static inline int32_t tl_ranks_group(const tl_model *m, const tl_buffers *b)
{
    int32_t n = tl_shards(&m->tbptt) / tl_ranks(b->exchange);
    return b->exchange ? n & -n : n;
}

/* Of all ranks. */
static inline int32_t tl_ranks_nodes(const tl_model *m, const tl_buffers *b)
{
    return tl_shards(&m->tbptt) / tl_ranks_group(m, b);
}

/* Parameters of which a rank has all nodes at a time. */
size_t tl_ranks_piece(const tl_model *m, const tl_buffers *b);

/* Bytes of tl_buffers.told: losses, or [shards][k2 + 1][nstates] doubles (lag_norms.c); SIZE_MAX if they are too many
 * to count. */
size_t tl_ranks_told(const tl_model *m);

/* The sum of all nodes, to the first shard's gradient in each rank. */
void tl_ranks_add(const tl_model *m, const tl_buffers *b);

/* The losses of slots first .. k2 - 1 in all shards, their sum and those that have names. */
void tl_ranks_losses(const tl_model *m, const tl_buffers *b, int32_t first);

/* to[i] += from[i], n elements. */
void tl_add_reals(tl_type real, void *to, const void *from, size_t n);

TL_C_END

#endif
