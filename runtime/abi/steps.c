#include "steps.h"

#include <string.h>

#include "real.h"

void tl_steps_move(void *array, size_t size, int32_t from, int32_t count, int32_t to)
{
    if (array && count > 0)
        memmove((char *)array + (size_t)to * size, (char *)array + (size_t)from * size,
                (size_t)count * size);
}

static void move_fields(const tl_model *m, const tl_tensor *field, int32_t n, void **array,
                        int32_t kept, int32_t fresh)
{
    int32_t from = m->tbptt.k2 - kept;
    for (int32_t i = 0; array && i < n; i++) /* NULL: of a shard that another process runs */
        tl_steps_move(array[i],
                      (size_t)tl_lanes(&m->tbptt) * tl_size(&field[i]) * tl_type_size(field[i].type),
                      from, kept, from - fresh);
}

static void move_data(const tl_model *m, const tl_buffers *b, int32_t kept, int32_t fresh)
{
    size_t flags = (size_t)tl_lanes(&m->tbptt) * tl_real_size(m->real);
    int32_t from = m->tbptt.k2 - kept;
    move_fields(m, m->inputs, m->ninputs, b->input, kept, fresh);
    move_fields(m, m->targets, m->ntargets, b->target, kept, fresh);
    tl_steps_move(b->mask, flags, from, kept, from - fresh);
    tl_steps_move(b->counts, flags, from, kept, from - fresh);
    tl_steps_move(b->reset, flags, from, kept, from - fresh);
}

void tl_steps_move_data(const tl_model *m, const tl_buffers *b, int32_t kept, int32_t fresh)
{
    for (int32_t i = 0; i < tl_shards(&m->tbptt); i++)
        move_data(m, tl_shard(b, i), kept, fresh);
}

/* Tensors of a states or probes block, `count` slots of each. */
static void move_tensors(const tl_model *m, const tl_tensor *t, int32_t n, void *block,
                         int32_t from, int32_t count, int32_t to)
{
    for (int32_t i = 0; i < n; i++)
        tl_steps_move(tl_real_at(m->real, block, t[i].offset),
                      (size_t)tl_lanes(&m->tbptt) * tl_size(&t[i]) * tl_real_size(m->real), from, count,
                      to);
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
        tl_steps_move(s->losses, (size_t)tl_lanes(&m->tbptt) * real, from, kept, to);
        move_tensors(m, m->states, m->nstates, s->states, from, kept + 1, to);
        move_tensors(m, m->probes, m->nprobes, s->probes, from, kept, to);
    }
}

void tl_steps_copy_state(const tl_model *m, const tl_buffers *b, int32_t from, int32_t to)
{
    tl_own own = tl_own_shards(b, m);
    for (int32_t i = own.first; i < own.end && from != to; i++)
        move_tensors(m, m->states, m->nstates, tl_shard(b, i)->states, from, 1, to);
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
