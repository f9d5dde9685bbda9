/* window.c - a window of the whole batch over the model's own parameters. */
#include <stdlib.h>

#include <tapeless/init.h>
#include <tapeless/padding.h>
#include <tapeless/shards.h>
#include <tapeless/window.h>

#include "native.h"

tlp_window *tlp_window_new(const tlp_model *model, tl_error *e)
{
    tlp_window *w = calloc(1, sizeof *w);
    if (!w)
        tl_fail(e, "out of memory");
    if (!w || tl_buffers_new(&w->b, model->m, e)) {
        free(w);
        return NULL;
    }
    w->engine = model->library->engine;
    tl_buffers_even(&w->b, model->m);
    w->b.even = 0; /* they may be written at any time */
    w->own = w->b.params;
    tlp_share_params(&w->b, model->m, model->params);
    return w;
}

void tlp_window_free(tlp_window *w)
{
    if (!w)
        return;
    w->b.params = w->own;
    tl_buffers_free(&w->b);
    free(w);
}

void *tlp_window_block(const tlp_window *w, int32_t shard, int32_t block, int32_t i)
{
    const tl_buffers *b = tl_shard(&w->b, shard);
    switch ((tlp_block)block) {
    case TLP_INPUT: return b->input[i];
    case TLP_TARGET: return b->target[i];
    case TLP_STATES: return b->states;
    case TLP_GRADS: return b->grads;
    case TLP_WEIGHT: return b->weight;
    case TLP_LOSSES: return b->losses;
    case TLP_MASK: return b->mask;
    case TLP_COUNTS: return b->counts;
    case TLP_RESET: return b->reset;
    case TLP_PROBES: return b->probes;
    case TLP_PROBE_GRADS: return b->probe_grads;
    case TLP_STATE_GRADS: return b->state_grads;
    }
    return NULL;
}

void tlp_window_start(tlp_window *w, int32_t index)
{
    const tl_model *m = w->engine.model;
    for (int32_t i = 0; i < tl_shards(&m->tbptt); i++)
        tl_init_states(m, w->b.params, tl_shard(&w->b, i)->states, index);
}

double tlp_window_weigh(tlp_window *w, int32_t first, int32_t fresh)
{
    const tl_model *m = w->engine.model;
    const size_t lanes = (size_t)tl_lanes(&m->tbptt);
    const tl_rows rows = { (size_t)first * lanes, (size_t)(m->tbptt.k2 - first), lanes, lanes, 1 };
    for (int32_t i = 0; i < tl_shards(&m->tbptt); i++) {
        const tl_buffers *b = tl_shard(&w->b, i);
        tl_padding_fill(&rows, m->real, b->mask, NULL, m->inputs, m->ninputs, b->input);
        tl_padding_fill(&rows, m->real, b->mask, b->counts, m->targets, m->ntargets, b->target);
    }
    return tl_batch_weights(m, &w->b, first, fresh);
}

double tlp_window_run(tlp_window *w, int32_t first, uint64_t seed, uint64_t tick, int32_t backward)
{
    tl_window window = tl_buffers_window(&w->b, first);
    window.from = first;
    window.seed = seed;
    window.tick = tick;
    if (!backward)
        window.grads = NULL;
    tl_shards_run(&w->engine, &w->b, &window, NULL);
    return tl_batch_loss(w->engine.model, &w->b, first);
}
