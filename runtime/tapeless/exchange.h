/* exchange.h - several processes that run one training together, and what they tell each other.
 *
 * Each, a rank, runs shards of its own and holds all parameters; rank 0 is the one that writes and speaks. All call
 * the same functions in the same order, and each returns when its part is done:
 *
 *     swap    each sends every rank a piece of its own block, and gets a piece from every rank
 *     share   a block of which each has filled in its part is whole in all of them
 *     give    a block of one rank's, to rank 0
 *
 * A NULL exchange is the one process that all is done in. What is moved are bytes, and nothing is computed on
 * the way: so the bits depend on who adds what, which is shards.c's, and not on what moves them.
 *
 * A process that cannot go on says so where all agree (tl_agree), and all of them end alike. One that ends anywhere
 * else takes the others along: they wait for it until their launcher ends them. */
#ifndef TAPELESS_EXCHANGE_H
#define TAPELESS_EXCHANGE_H

#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "linkage.h"

TL_C_BEGIN

/* Sizes and places are in bytes; start[r] .. start[r + 1] is rank r's part. */
typedef struct tl_exchange {
    int32_t ranks, rank;
    size_t *start; /* [ranks + 1] for who calls to fill in, so that nothing is allocated */
    int64_t *word; /* [ranks], likewise */
    void *self;
    /* To rank r the bytes start[r] .. start[r + 1] of `from`; from rank r `size` bytes to `to` + r * stride. */
    void (*swap)(void *self, const void *from, const size_t *start, void *to, size_t stride, size_t size);
    void (*share)(void *self, void *block, const size_t *start);
    /* Others than `from` and rank 0 need not call. */
    void (*give)(void *self, void *block, size_t size, int32_t from);
    void (*end)(void *self);                 /* when all have come here */
    void (*abandon)(void *self, int status); /* ends all processes, now */
} tl_exchange;

static inline int32_t tl_ranks(const tl_exchange *x) { return x ? x->ranks : 1; }
static inline int32_t tl_rank(const tl_exchange *x) { return x ? x->rank : 0; }

/* Rank r's part of n things that are dealt out in order is tl_deal(x, n, r) .. tl_deal(x, n, r + 1) - 1. */
static inline size_t tl_deal(const tl_exchange *x, size_t n, int32_t rank)
{
    return n * (size_t)rank / (size_t)tl_ranks(x);
}

/* Blocks of which each rank has an equal part, `size` bytes in order of ranks. */
void tl_share_equal(const tl_exchange *, void *block, size_t size);

/* The numbers of all ranks, in order; of one process `number` itself. They stay until something else is shared. */
const int64_t *tl_share_numbers(const tl_exchange *, const int64_t *number);

/* Where all find out whether one of them failed: then all return -1 with the sentence of the lowest that did, which
 * says in which process it was if that is not rank 0. */
int tl_agree(const tl_exchange *, int bad, tl_error *e);

/* The same where one process would have looked at what they look at in one order: `when` is the place in it of what
 * is wrong, or TL_NEVER. The sentence of the earliest stands, as it is. */
#define TL_NEVER INT64_MAX
int tl_agree_on_first(const tl_exchange *, int64_t when, tl_error *e);

TL_C_END

#endif
