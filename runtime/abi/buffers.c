#include "buffers.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "ranks.h"
#include "real.h"
#include "steps.h"

enum { HUGE_PAGE = 2 << 20 };

/* A large block in large pages, where the system gives them to those who ask: 1.01 to 1.09 times as fast a window. */
void *tl_aligned(size_t size)
{
    if (size > SIZE_MAX / 2)
        return NULL;
    size_t to = size >= 2 * HUGE_PAGE ? HUGE_PAGE : TL_ALIGN;
    size = (size / to + 1) * to; /* never 0: an empty block still has an address */
    void *p = aligned_alloc(to, size);
    if (p && to == HUGE_PAGE)
        madvise(p, size, MADV_HUGEPAGE); /* no matter if it cannot */
    return p ? memset(p, 0, size) : NULL;
}

/* A block of a * b elements of the given size, or NULL: also where the product overflows. */
static void *block(size_t a, size_t b, size_t size)
{
    size_t n;
    if (__builtin_mul_overflow(a, b, &n) || __builtin_mul_overflow(n, size, &n))
        return NULL;
    return tl_aligned(n);
}

int tl_arrays_new(void ***arrays, const tl_tensor *t, int32_t n, size_t count)
{
    *arrays = NULL;
    if (n <= 0)
        return 1;
    *arrays = calloc((size_t)n, sizeof **arrays);
    if (!*arrays)
        return 0;
    for (int32_t i = 0; i < n; i++)
        if (!((*arrays)[i] = block(count, tl_size(&t[i]), tl_type_size(t[i].type)))) {
            tl_arrays_free(*arrays, n);
            *arrays = NULL;
            return 0;
        }
    return 1;
}

void tl_arrays_free(void **arrays, int32_t n)
{
    for (int32_t i = 0; arrays && i < n; i++)
        free(arrays[i]);
    free(arrays);
}

/* What the shards have in common. */
static int allocate_versions(tl_buffers *b, const tl_model *m)
{
    int32_t k2 = m->tbptt.k2;
    b->nversions = tl_steps_versions(m);
    if (!b->nversions)
        return 1;
    b->history = block(m->param_size, (size_t)b->nversions, tl_real_size(m->real));
    b->version = calloc((size_t)k2, sizeof *b->version);
    b->versions = calloc((size_t)k2, sizeof *b->versions);
    if (!b->history || !b->version || !b->versions)
        return 0;
    for (int32_t t = 0; t < k2; t++)
        b->versions[t] = b->params;
    return 1;
}

static int allocate_common(tl_buffers *b, const tl_model *m)
{
    b->params = block(m->param_size, 1, tl_real_size(m->real));
    return b->params && allocate_versions(b, m);
}

static int steps_of(const tl_model *m, size_t *steps)
{
    return !__builtin_mul_overflow((size_t)m->tbptt.k2, (size_t)tl_lanes(&m->tbptt), steps);
}

/* What is known of every shard. */
static int allocate_flags(tl_buffers *b, const tl_model *m)
{
    size_t real = tl_real_size(m->real), steps;
    if (!steps_of(m, &steps))
        return 0;
    b->losses = block(steps, 1, real);
    b->weight = block(steps, 1, real);
    b->mask = block(steps, 1, real);
    b->counts = block(steps, 1, real);
    if (m->has_reset && !(b->reset = block(steps, 1, real)))
        return 0;
    if (m->nnamed && !(b->named = block(steps, (size_t)m->nnamed, real)))
        return 0;
    return b->losses && b->weight && b->mask && b->counts;
}

/* What runs one takes. Packed weights stand in the first one's workspace. */
static int allocate_window(tl_buffers *b, const tl_model *m, int packs)
{
    size_t real = tl_real_size(m->real), steps;
    if (!steps_of(m, &steps))
        return 0;
    b->states = block(m->state_size, 1, real);
    b->work = block(packs ? m->work_size : m->work_size - m->pack_size, 1, 1);
    if (m->frame_size && !(b->frames = block(m->frame_size, (size_t)m->tbptt.k2, real)))
        return 0;
    if (m->has_state_grads && !(b->state_grads = block(m->state_size, 1, real)))
        return 0;
    if (m->nprobes && (!(b->probes = block(m->probe_size, 1, real)) ||
                       !(b->probe_grads = block(m->probe_size, 1, real))))
        return 0;
    return b->states && b->work &&
           tl_arrays_new(&b->input, m->inputs, m->ninputs, steps) &&
           tl_arrays_new(&b->target, m->targets, m->ntargets, steps);
}

void tl_buffers_join(tl_buffers *b, const tl_model *m)
{
    for (int32_t i = 1; i < tl_shards(&m->tbptt); i++) {
        tl_buffers *other = &b->other[i - 1];
        *other = (tl_buffers){ .params = b->params, .history = b->history, .nversions = b->nversions,
                               .version = b->version, .versions = b->versions, .ninputs = m->ninputs,
                               .ntargets = m->ntargets, .lane = i * tl_lanes(&m->tbptt) };
    }
}

void tl_buffers_even(tl_buffers *b, const tl_model *m)
{
    size_t n = (size_t)m->tbptt.k2 * (size_t)tl_lanes(&m->tbptt);
    for (int32_t i = 0; i < tl_shards(&m->tbptt); i++)
        for (size_t j = 0; j < n; j++) {
            tl_real_set(m->real, tl_shard(b, i)->mask, j, 1);
            tl_real_set(m->real, tl_shard(b, i)->counts, j, 1);
        }
    b->even = 1;
}

static int allocate_shard(tl_buffers *b, const tl_model *m, int32_t shard, tl_own own)
{
    int runs = shard >= own.first && shard < own.end;
    if ((runs || shard == 0) && !(b->grads = block(m->param_size, 1, tl_real_size(m->real))))
        return 0;
    tl_slots *room = b->data = calloc((size_t)tl_slots_most(m), sizeof *room);
    if (!room || !allocate_flags(b, m) || (runs && !allocate_window(b, m, shard == own.first)))
        return 0;
    tl_buffers_arrange(b, m, room);
    return 1;
}

/* What several processes need to add, and to know of each other. */
static int allocate_exchange(tl_buffers *b, const tl_model *m)
{
    if (!b->exchange)
        return 1;
    b->piece = tl_ranks_piece(m, b);
    b->sums = block(b->piece, (size_t)tl_ranks_nodes(m, b), tl_real_size(m->real));
    b->told = block(tl_ranks_told(m), 1, 1);
    return b->sums && b->told;
}

static int allocate(tl_buffers *b, const tl_model *m)
{
    int32_t shards = tl_shards(&m->tbptt);
    tl_own own = tl_own_shards(b, m);
    if (!allocate_common(b, m) || !allocate_exchange(b, m) || !allocate_shard(b, m, 0, own))
        return 0;
    if (shards > 1 && !(b->other = calloc((size_t)shards - 1, sizeof *b->other)))
        return 0;
    tl_buffers_join(b, m);
    b->nothers = shards - 1;
    for (int32_t i = 0; i < b->nothers; i++)
        if (!allocate_shard(&b->other[i], m, i + 1, own))
            return 0;
    return 1;
}

int tl_buffers_new(tl_buffers *b, const tl_model *m, tl_error *e) { return tl_buffers_new_own(b, m, NULL, e); }

int tl_buffers_new_own(tl_buffers *b, const tl_model *m, const tl_exchange *x, tl_error *e)
{
    *b = (tl_buffers){ .ninputs = m->ninputs, .ntargets = m->ntargets, .exchange = x };
    if (allocate(b, m))
        return 0;
    tl_buffers_free(b);
    return tl_fail(e, "%s: no memory for its window of %d steps in %d lanes (%zu parameters, %zu "
                   "bytes of workspace%s)", m->name, (int)m->tbptt.k2, (int)m->tbptt.batch,
                   m->param_size, m->work_size, tl_shards(&m->tbptt) > 1 ? " in each shard" : "");
}

static void free_shard(tl_buffers *b)
{
    void *blocks[] = { b->grads,  b->states,      b->losses, b->weight, b->mask,        b->counts,
                       b->probes, b->probe_grads, b->work,   b->reset,  b->state_grads, b->frames, b->data,
                       b->named };
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        free(blocks[i]);
    tl_arrays_free(b->input, b->ninputs);
    tl_arrays_free(b->target, b->ntargets);
}

void tl_buffers_free(tl_buffers *b)
{
    for (int32_t i = 0; i < b->nothers; i++)
        free_shard(&b->other[i]);
    free_shard(b);
    free(b->other);
    free(b->sums);
    free(b->told);
    free(b->params);
    free(b->history);
    free(b->version);
    free((void *)b->versions);
    *b = (tl_buffers){ 0 };
}

void *tl_buffers_losses(const tl_buffers *b, const tl_model *m, int32_t named)
{
    size_t steps = (size_t)m->tbptt.k2 * (size_t)tl_lanes(&m->tbptt);
    return named < 0 ? b->losses : tl_real_at(m->real, b->named, (size_t)named * steps);
}

int32_t tl_slots_most(const tl_model *m) { return m->ninputs + m->ntargets + 3 + m->nstates; }

static tl_slots *list_fields(tl_slots *to, const tl_model *m, const tl_tensor *t, int32_t n, void *const *array)
{
    for (int32_t i = 0; array && i < n; i++) /* NULL: of a shard that another process runs */
        *to++ = (tl_slots){ array[i], (size_t)tl_lanes(&m->tbptt) * tl_size(&t[i]) * tl_type_size(t[i].type) };
    return to;
}

static void list_slots(tl_buffers *b, const tl_model *m, tl_slots *room)
{
    size_t real = tl_real_size(m->real), flags = (size_t)tl_lanes(&m->tbptt) * real;
    tl_slots *to = list_fields(b->data = room, m, m->inputs, m->ninputs, b->input);
    to = list_fields(to, m, m->targets, m->ntargets, b->target);
    if (b->reset)
        *to++ = (tl_slots){ b->reset, flags };
    *to++ = (tl_slots){ b->mask, flags };
    *to++ = (tl_slots){ b->counts, flags };
    b->ndata = (int32_t)(to - room);
    b->state = to;
    for (int32_t i = 0; b->states && i < m->nstates; i++)
        *to++ = (tl_slots){ tl_real_at(m->real, b->states, m->states[i].offset), flags * tl_size(&m->states[i]) };
}

void tl_buffers_arrange(tl_buffers *b, const tl_model *m, tl_slots *room)
{
    list_slots(b, m, room);
    b->window = (tl_window){
        .lane = b->lane,
        .versions = b->versions,
        .frames = b->frames,
        .input = (const void *const *)b->input,
        .target = (const void *const *)b->target,
        .weight = b->weight,
        .reset = m->has_reset ? b->reset : NULL,
        .mask = m->has_mask ? b->mask : NULL,
        .params = b->params,
        .grads = b->grads,
        .states = b->states,
        .state_grads = b->state_grads,
        .losses = b->losses,
        .named = b->named,
        .probes = b->probes,
        .probe_grads = b->probe_grads,
        .work = b->work,
    };
}

tl_window tl_buffers_window(const tl_buffers *b, int32_t first)
{
    tl_window w = b->window;
    w.first = w.from = first;
    return w;
}
