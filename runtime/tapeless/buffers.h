/* buffers.h - the memory that a model's windows need, allocated once.
 *
 * The batch's lanes stand in their shards, each of which has every block for itself:
 *
 *     lanes      0 1 2 3 4 | 5 6 7 8 9 | ...
 *     buffers    the first | other[0]  | ...
 *
 * Parameters and what is kept of older ones are the first's, and the others point to them. The first's
 * gradient is that of the batch once all are added (shards.h).
 *
 * Of several processes (exchange.h) each runs an equal number of shards. Of those of others it has what all
 * need to know of the batch: flags, weights and losses; the rest is NULL. The first's gradient is everywhere. */
#ifndef TAPELESS_BUFFERS_H
#define TAPELESS_BUFFERS_H

#include "error.h"
#include "exchange.h"
#include "linkage.h"
#include "tapeless.h"

TL_C_BEGIN

/* `size` bytes of zeros, aligned to TL_ALIGN; free() returns them. NULL if memory is short. */
void *tl_aligned(size_t size);

/* An array that has a row for each slot. */
typedef struct tl_slots {
    char *at;     /* slot 0's */
    size_t bytes; /* of a slot */
} tl_slots;

/* Every block of tl_window, as tapeless.h lays it out. What a model does not have is NULL. */
typedef struct tl_buffers {
    void *params, *grads, *states, *losses, *named, *probes, *probe_grads, *state_grads;
    void *work;                     /* of shards that are not the first to run here without the last pack_size bytes: their
                                       windows need packs (tl_shards_run gives them) */
    void *frames;                   /* real [k2][frame_size], where steps are kept */
    void *history;                  /* overlap "versions": [nversions][param_size] */
    int32_t nversions;              /* enough that no kept step's parameters are overwritten */
    int32_t *version;               /* [k2] of each slot, in history */
    const void **versions;          /* [k2] the same as pointers; params until set */
    void *weight, *reset, *mask;    /* real [k2][lanes] */
    void *counts;                   /* likewise: the data's weight of each step's loss; `weight` is the window's */
    int32_t even;                   /* mask and counts are 1 throughout, of all shards: they need not be moved */
    int32_t weighed;                /* so many steps count in the even windows whose `weight` this is; 0: of another */
    void **input, **target;         /* [ninputs], [ntargets]: [k2][lanes][shape...] */
    int32_t ninputs, ntargets;
    tl_slots *data;                 /* inputs, targets, resets if there are any, mask, counts: what moves with its step */
    tl_slots *state;                /* [nstates], behind them in memory; of states there is one more than slots */
    int32_t ndata, placed;          /* so many, the first, the window reads elsewhere: they are not moved */
    tl_window window;               /* over these buffers alone, from slot 0 on */
    int32_t lane;                   /* number of the shard's first lane */
    struct tl_buffers *other;       /* [shards - 1], or NULL */
    int32_t nothers;
    const tl_exchange *exchange;    /* the first's, and what follows; NULL: all shards are run here */
    void *sums;                     /* real [nodes][piece] (tl_nodes): pieces of shards' gradients that are added here */
    size_t piece;
    void *told;                     /* what all processes have told, see ranks.h */
} tl_buffers;

static inline const tl_buffers *tl_shard(const tl_buffers *b, int32_t shard)
{
    return shard ? &b->other[shard - 1] : b;
}

/* The shards that are run here: first .. end - 1. */
typedef struct tl_own {
    int32_t first, end;
} tl_own;

static inline tl_own tl_own_shards(const tl_buffers *b, const tl_model *m)
{
    int32_t n = tl_shards(&m->tbptt), first = 0;
    if (b->exchange) {
        n /= tl_ranks(b->exchange);
        first = n * tl_rank(b->exchange);
    }
    tl_own own = { first, first + n };
    return own;
}

static inline int32_t tl_owner(const tl_buffers *b, const tl_model *m, int32_t shard)
{
    return shard / (tl_shards(&m->tbptt) / tl_ranks(b->exchange));
}

/* Fails, and leaves nothing allocated, if a size overflows or memory is short. With an exchange, whose ranks divide
 * the shards, only what this process needs. */
int tl_buffers_new(tl_buffers *b, const tl_model *m, tl_error *e);
int tl_buffers_new_own(tl_buffers *b, const tl_model *m, const tl_exchange *, tl_error *e);
void tl_buffers_free(tl_buffers *b);

/* Of a shard: named loss number `named`, or the sum of them all where that is -1, real [k2][lanes]. */
void *tl_buffers_losses(const tl_buffers *b, const tl_model *m, int32_t named);

/* Every mask and weight of the data becomes 1, and `even` is set: for who writes no others, or unsets it then. */
void tl_buffers_even(tl_buffers *b, const tl_model *m);

/* Sets up `other`, whose memory is there: each has what the first has for all. Its own blocks are to be filled in. */
void tl_buffers_join(tl_buffers *b, const tl_model *m);

/* Sets up a shard's data, state and window from its other blocks; there is room for tl_slots_most. */
int32_t tl_slots_most(const tl_model *m);
void tl_buffers_arrange(tl_buffers *b, const tl_model *m, tl_slots *room);

/* A window over these buffers alone. */
tl_window tl_buffers_window(const tl_buffers *b, int32_t first);

/* n zeroed arrays of [count][shape of t[i]] elements each, and NULL if n is 0; false if memory is
 * short. The caller frees with tl_arrays_free. */
int tl_arrays_new(void ***arrays, const tl_tensor *t, int32_t n, size_t count);
void tl_arrays_free(void **arrays, int32_t n);

TL_C_END

#endif
