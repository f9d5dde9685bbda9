#include "shards.h"

#include "ranks.h"
#include "real.h"

enum { PIECE = 16384 }; /* parameters that a task of the sum adds */

typedef struct Run {
    const tl_engine *engine;
    const tl_buffers *b;
    const tl_window *first; /* shard's */
    tl_own own;
    void *packs;            /* of all of them */
} Run;

static void run_window(void *context, int32_t task)
{
    const Run *r = context;
    tl_window w = tl_buffers_window(tl_shard(r->b, r->own.first + task), r->first->first);
    w.from = r->first->from;
    w.seed = r->first->seed;
    w.tick = r->first->tick;
    w.packs = r->packs;
    if (!r->first->grads)
        w.grads = NULL;
    r->engine->window(r->engine->self, &w);
}

/* Neighbours first, then sums of two, of four: the tree is the same for every element and number of threads. */
static void add_piece(void *context, int32_t piece)
{
    const Run *r = context;
    const tl_model *m = r->engine->model;
    size_t at = (size_t)piece * PIECE, n = m->param_size - at < PIECE ? m->param_size - at : PIECE;
    int32_t group = tl_ranks_group(m, r->b);
    for (int32_t stride = 1; stride < group; stride *= 2)
        for (int32_t i = r->own.first; i + stride < r->own.end; i += 2 * stride)
            tl_add_reals(m->real, tl_real_at(m->real, tl_shard(r->b, i)->grads, at),
                         tl_real_at_const(m->real, tl_shard(r->b, i + stride)->grads, at), n);
}

/* Once for all shards that are run here, at the end of the first one's workspace. */
static void *pack(const tl_model *m, const tl_buffers *b, tl_own own)
{
    tl_window w = tl_buffers_window(tl_shard(b, own.first), 0);
    if (!m->pack)
        return NULL;
    w.packs = (char *)w.work + (m->work_size - m->pack_size);
    m->pack(&w);
    return w.packs;
}

void tl_shards_run(const tl_engine *engine, const tl_buffers *b, const tl_window *w, tl_pool *pool)
{
    const tl_model *m = engine->model;
    Run r = { engine, b, w, tl_own_shards(b, m), NULL };
    if (tl_shards(&m->tbptt) == 1) {
        engine->window(engine->self, w);
        return;
    }
    r.packs = pack(m, b, r.own);
    tl_pool_run(engine->serial ? NULL : pool, run_window, &r, r.own.end - r.own.first);
    if (w->grads && tl_ranks_group(m, b) > 1)
        tl_pool_run(pool, add_piece, &r, (int32_t)((m->param_size + PIECE - 1) / PIECE));
    if (w->grads && b->exchange)
        tl_ranks_add(m, b);
}
