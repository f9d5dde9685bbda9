#include "ranks.h"

#include <string.h>

#include "real.h"

/* ---- gradients ---- */

enum { MOST_PIECE = 1 << 16, MOST_SUMS = 1 << 23 }; /* parameters of a node, of all nodes that are added at a time */

size_t tl_ranks_piece(const tl_model *m, const tl_buffers *b)
{
    size_t nodes = (size_t)tl_ranks_nodes(m, b), ranks = (size_t)tl_ranks(b->exchange);
    size_t piece = MOST_SUMS / nodes < MOST_PIECE ? MOST_SUMS / nodes : MOST_PIECE, whole = m->param_size / ranks + 1;
    return piece < whole ? piece : whole;
}

#define ADD(SUFFIX, REAL)                                                                         \
    static void add_##SUFFIX(REAL *restrict to, const REAL *restrict from, size_t n)              \
    {                                                                                             \
        for (size_t i = 0; i < n; i++)                                                            \
            to[i] += from[i];                                                                     \
    }

ADD(f32, float)
ADD(f64, double)

void tl_add_reals(tl_type real, void *to, const void *from, size_t n)
{
    if (real == TL_F64)
        add_f64(to, from, n);
    else
        add_f32(to, from, n);
}

/* The nodes of all ranks stand in order in `sums`, n parameters of each: goes on where the ranks stopped. */
static void add_nodes(const tl_model *m, const tl_buffers *b, size_t n)
{
    int32_t nodes = tl_ranks_nodes(m, b);
    for (int32_t stride = 1; stride < nodes; stride *= 2)
        for (int32_t i = 0; i + stride < nodes; i += 2 * stride)
            tl_add_reals(m->real, tl_real_at(m->real, b->sums, (size_t)i * n),
                         tl_real_at_const(m->real, b->sums, (size_t)(i + stride) * n), n);
}

/* n parameters from `at` on, which are dealt out to the ranks. */
static void add_chunk(const tl_model *m, const tl_buffers *b, size_t at, size_t n)
{
    const tl_exchange *x = b->exchange;
    size_t real = tl_real_size(m->real), mine = tl_deal(x, n, x->rank + 1) - tl_deal(x, n, x->rank);
    int32_t group = tl_ranks_group(m, b), own = tl_ranks_nodes(m, b) / x->ranks; /* nodes of a rank */
    for (int32_t r = 0; r <= x->ranks; r++)
        x->start[r] = tl_deal(x, n, r) * real;
    for (int32_t i = 0; i < own; i++) {
        const tl_buffers *node = tl_shard(b, tl_own_shards(b, m).first + i * group);
        x->swap(x->self, tl_real_at(m->real, node->grads, at), x->start,
                tl_real_at(m->real, b->sums, (size_t)i * mine), (size_t)own * mine * real, mine * real);
    }
    add_nodes(m, b, mine);
    memcpy((char *)tl_real_at(m->real, b->grads, at) + x->start[x->rank], b->sums, mine * real);
    x->share(x->self, tl_real_at(m->real, b->grads, at), x->start);
}

void tl_ranks_add(const tl_model *m, const tl_buffers *b)
{
    size_t chunk = b->piece * (size_t)b->exchange->ranks;
    for (size_t at = 0, n; at < m->param_size; at += n) {
        n = m->param_size - at < chunk ? m->param_size - at : chunk;
        add_chunk(m, b, at, n);
    }
}

/* ---- losses ---- */

size_t tl_ranks_told(const tl_model *m)
{
    const tl_tbptt *k = &m->tbptt;
    size_t losses, squares, lags = ((size_t)k->k2 + 1) * (size_t)tl_shards(k);
    if (__builtin_mul_overflow((size_t)k->k2, (size_t)k->batch * tl_real_size(m->real), &losses) ||
        __builtin_mul_overflow(lags, (size_t)m->nstates * sizeof(double), &squares))
        return SIZE_MAX;
    return m->has_state_grads && squares > losses ? squares : losses;
}

static void share_losses(const tl_model *m, const tl_buffers *b, int32_t first, int32_t named)
{
    size_t slot = (size_t)tl_lanes(&m->tbptt) * tl_real_size(m->real), part = (size_t)(m->tbptt.k2 - first) * slot;
    tl_own own = tl_own_shards(b, m);
    char *told = b->told;
    for (int32_t i = own.first; i < own.end; i++)
        memcpy(told + (size_t)i * part, (char *)tl_buffers_losses(tl_shard(b, i), m, named) + (size_t)first * slot, part);
    tl_share_equal(b->exchange, b->told, (size_t)(own.end - own.first) * part);
    for (int32_t i = 0; i < tl_shards(&m->tbptt); i++)
        if (i < own.first || i >= own.end)
            memcpy((char *)tl_buffers_losses(tl_shard(b, i), m, named) + (size_t)first * slot, told + (size_t)i * part, part);
}

void tl_ranks_losses(const tl_model *m, const tl_buffers *b, int32_t first)
{
    for (int32_t named = -1; b->exchange && named < m->nnamed; named++)
        share_losses(m, b, first, named);
}
