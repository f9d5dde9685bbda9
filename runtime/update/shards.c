#include "shards.h"

#include "real.h"

enum { PIECE = 16384 }; /* parameters that a task of the sum adds */

typedef struct Run {
    const tl_engine *engine;
    const tl_buffers *b;
    const tl_window *first; /* shard's */
} Run;

static void run_window(void *context, int32_t shard)
{
    const Run *r = context;
    tl_window w = tl_buffers_window(tl_shard(r->b, shard), r->first->first);
    w.from = r->first->from;
    w.seed = r->first->seed;
    w.tick = r->first->tick;
    if (!r->first->grads)
        w.grads = NULL;
    r->engine->window(r->engine->self, &w);
}

#define ADD(SUFFIX, REAL)                                                                         \
    static void add_##SUFFIX(REAL *restrict to, const REAL *restrict from, size_t n)              \
    {                                                                                             \
        for (size_t i = 0; i < n; i++)                                                            \
            to[i] += from[i];                                                                     \
    }

ADD(f32, float)
ADD(f64, double)

/* Neighbours first, then sums of two, of four: the tree is the same for every element and number of threads. */
static void add_piece(void *context, int32_t piece)
{
    const Run *r = context;
    const tl_model *m = r->engine->model;
    size_t at = (size_t)piece * PIECE, n = m->param_size - at < PIECE ? m->param_size - at : PIECE;
    int32_t shards = tl_shards(&m->tbptt);
    for (int32_t stride = 1; stride < shards; stride *= 2)
        for (int32_t i = 0; i + stride < shards; i += 2 * stride) {
            void *to = tl_real_at(m->real, tl_shard(r->b, i)->grads, at);
            const void *from = tl_real_at(m->real, tl_shard(r->b, i + stride)->grads, at);
            if (m->real == TL_F64)
                add_f64(to, from, n);
            else
                add_f32(to, from, n);
        }
}

void tl_shards_run(const tl_engine *engine, const tl_buffers *b, const tl_window *w, tl_pool *pool)
{
    Run r = { engine, b, w };
    const tl_model *m = engine->model;
    int32_t shards = tl_shards(&m->tbptt);
    if (shards == 1) {
        engine->window(engine->self, w);
        return;
    }
    tl_pool_run(engine->serial ? NULL : pool, run_window, &r, shards);
    if (w->grads)
        tl_pool_run(pool, add_piece, &r, (int32_t)((m->param_size + PIECE - 1) / PIECE));
}
