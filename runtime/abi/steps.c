#include "steps.h"

#include <string.h>

#include "real.h"

void tl_steps_move(void *array, size_t size, int32_t from, int32_t count, int32_t to)
{
    if (array && count > 0)
        memmove((char *)array + (size_t)to * size, (char *)array + (size_t)from * size,
                (size_t)count * size);
}

static void move_slots(const tl_slots *s, int32_t n, int32_t from, int32_t count, int32_t to)
{
    for (const tl_slots *end = s + n; s < end; s++)
        memmove(s->at + (size_t)to * s->bytes, s->at + (size_t)from * s->bytes, (size_t)count * s->bytes);
}

/* Those of a shard of `b`. */
static void move_data(const tl_buffers *b, const tl_buffers *shard, int32_t from, int32_t count, int32_t to)
{
    int32_t n = shard->ndata - b->placed - (b->even ? 2 : 0);
    move_slots(shard->data + b->placed, n, from, count, to);
}

void tl_steps_move_data(const tl_model *m, const tl_buffers *b, int32_t kept, int32_t fresh)
{
    int32_t from = m->tbptt.k2 - kept, shards = tl_shards(&m->tbptt);
    for (int32_t i = 0; i < shards && kept; i++)
        move_data(b, tl_shard(b, i), from, kept, from - fresh);
}

static void move_probes(const tl_model *m, void *block, int32_t from, int32_t count, int32_t to)
{
    for (int32_t i = 0; i < m->nprobes; i++)
        tl_steps_move(tl_real_at(m->real, block, m->probes[i].offset),
                      (size_t)tl_lanes(&m->tbptt) * tl_size(&m->probes[i]) * tl_real_size(m->real), from, count, to);
}

void tl_steps_move_results(const tl_model *m, const tl_buffers *b, int32_t kept, int32_t fresh)
{
    size_t real = tl_real_size(m->real);
    int32_t from = m->tbptt.k2 - kept, to = from - fresh;
    if (!kept)
        return;
    tl_steps_move(b->version, sizeof *b->version, from, kept, to);
    tl_own own = tl_own_shards(b, m);
    for (int32_t i = own.first; i < own.end; i++) {
        const tl_buffers *s = tl_shard(b, i);
        tl_steps_move(s->frames, m->frame_size * real, from, kept, to);
        for (int32_t named = -1; tl_keeps_losses(&m->tbptt) && named < m->nnamed; named++)
            tl_steps_move(tl_buffers_losses(s, m, named), (size_t)tl_lanes(&m->tbptt) * real, from, kept, to);
        move_slots(s->state, m->nstates, from, kept + 1, to);
        move_probes(m, s->probes, from, kept, to);
    }
}

void tl_steps_shift(const tl_model *m, const tl_buffers *b, int32_t kept, int32_t fresh)
{
    int32_t entry = m->tbptt.k2 - kept, shards = tl_shards(&m->tbptt);
    int results = kept && tl_keeps_steps(&m->tbptt);
    tl_own own = tl_own_shards(b, m);
    for (int32_t i = 0; i < shards && kept; i++)
        move_data(b, tl_shard(b, i), entry, kept, entry - fresh);
    for (int32_t i = own.first; i < own.end && !results; i++) /* no step reads the rows that one before it left */
        move_slots(tl_shard(b, i)->state, m->nstates - m->nrows, entry, 1, entry - fresh);
    if (results)
        tl_steps_move_results(m, b, kept, fresh);
}

int32_t tl_steps_versions(const tl_model *m)
{
    const tl_tbptt *k = &m->tbptt;
    if (!tl_keeps_steps(k) || k->overlap != TL_VERSIONS)
        return 0;
    return (k->k2 - 1) / k->k1 + 2;
}

void tl_steps_note_versions(const tl_model *m, const tl_buffers *b, uint64_t window, int32_t first,
                            int32_t fresh)
{
    size_t size = m->param_size * tl_real_size(m->real);
    int32_t k2 = m->tbptt.k2;
    if (!b->history)
        return;
    int32_t now = (int32_t)(window % (uint64_t)b->nversions);
    memcpy((char *)b->history + (size_t)now * size, b->params, size);
    for (int32_t slot = k2 - fresh; slot < k2; slot++)
        b->version[slot] = now;
    for (int32_t slot = first; slot < k2; slot++)
        b->versions[slot] = (char *)b->history + (size_t)b->version[slot] * size;
}
