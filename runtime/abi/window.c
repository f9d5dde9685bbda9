#include "window.h"

#include "real.h"

int32_t tl_window_counted(const tl_model *m, int32_t first, int32_t fresh)
{
    int32_t k2 = m->tbptt.k2, from = first;
    if (m->has_head || m->tbptt.counted == TL_COUNT_LAST)
        from = k2 - 1;
    else if (m->tbptt.counted == TL_COUNT_NEW)
        from = k2 - fresh;
    return from < first ? first : from;
}

typedef struct Flags {
    const tl_model *m;
    const void *mask, *counts, *reset; /* real [k2][lanes], or NULL */
    size_t lanes;
    size_t from;   /* slot of the first step that counts */
    int32_t first; /* of the window */
} Flags;

static double flag(const Flags *f, const void *flags, size_t i, double otherwise)
{
    return flags ? tl_real_get(f->m->real, flags, i) : otherwise;
}

/* All k2 steps of the lane are of one sequence, and none is padding. */
static int is_whole(const Flags *f, size_t lane)
{
    for (size_t t = 0; t < (size_t)f->m->tbptt.k2; t++)
        if (flag(f, f->mask, t * f->lanes + lane, 1) == 0 ||
            (t > 0 && flag(f, f->reset, t * f->lanes + lane, 0) != 0))
            return 0;
    return 1;
}

/* w of a step from f->from on, in a lane. */
static double w_at(const Flags *f, size_t t, size_t lane)
{
    size_t i = t * f->lanes + lane;
    if (f->m->has_head && (f->first > 0 || !is_whole(f, lane)))
        return 0;
    return flag(f, f->mask, i, 1) * flag(f, f->counts, i, 1);
}

static Flags flags_of(const tl_model *m, const tl_buffers *b, int32_t first, size_t from)
{
    return (Flags){ m, b->mask, b->counts, b->reset, (size_t)tl_lanes(&m->tbptt), from, first };
}

/* Step by step, the lanes in order: the sum does not depend on how they are split. */
static double total(const tl_model *m, const tl_buffers *b, int32_t shards, int32_t first, size_t from)
{
    double sum = 0;
    for (size_t t = from; t < (size_t)m->tbptt.k2; t++)
        for (int32_t i = 0; i < shards; i++) {
            const Flags f = flags_of(m, tl_shard(b, i), first, from);
            for (size_t lane = 0; lane < f.lanes; lane++)
                sum += w_at(&f, t, lane);
        }
    return sum;
}

static void spread(const Flags *f, void *weight, double scale)
{
    for (size_t i = 0; i < f->from * f->lanes; i++)
        tl_real_set(f->m->real, weight, i, 0);
    for (size_t t = f->from; t < (size_t)f->m->tbptt.k2; t++)
        for (size_t lane = 0; lane < f->lanes; lane++)
            tl_real_set(f->m->real, weight, t * f->lanes + lane, w_at(f, t, lane) / scale);
}

static double weigh(const tl_model *m, const tl_buffers *b, int32_t shards, int32_t first, size_t from)
{
    double sum = total(m, b, shards, first, from);
    double scale = m->tbptt.reduce == TL_REDUCE_MEAN && sum != 0 ? sum : 1;
    for (int32_t i = 0; i < shards; i++) {
        const Flags f = flags_of(m, tl_shard(b, i), first, from);
        spread(&f, tl_shard(b, i)->weight, scale);
    }
    return sum;
}

double tl_window_weights(const tl_model *m, void *weight, int32_t first, int32_t fresh,
                         const void *mask, const void *counts, const void *reset)
{
    const tl_buffers b = { .weight = weight, .mask = (void *)(uintptr_t)mask, .counts = (void *)(uintptr_t)counts,
                           .reset = (void *)(uintptr_t)reset };
    return weigh(m, &b, 1, first, (size_t)tl_window_counted(m, first, fresh));
}

double tl_batch_weights(const tl_model *m, tl_buffers *b, int32_t first, int32_t fresh)
{
    int32_t from = tl_window_counted(m, first, fresh), n = m->tbptt.k2 - from;
    int even = b->even && !m->has_head;
    if (even && b->weighed == n)
        return (double)n * m->tbptt.batch;
    b->weighed = even ? n : 0;
    return weigh(m, b, tl_shards(&m->tbptt), first, (size_t)from);
}

int tl_weight_fits(double w)
{
    return w == 0 || (w >= TL_WEIGHT_LEAST && w <= TL_WEIGHT_MOST);
}

/* Elements from .. to - 1 of a shard's are added. */
static double add_losses(double sum, tl_type real, const void *weight, const void *losses, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        double w = tl_real_get(real, weight, i);
        if (w != 0)
            sum += w * tl_real_get(real, losses, i);
    }
    return sum;
}

static double loss_of(const tl_model *m, const tl_buffers *b, int32_t shards, int32_t first, int32_t named)
{
    size_t lanes = (size_t)tl_lanes(&m->tbptt), k2 = (size_t)m->tbptt.k2;
    double sum = 0;
    if (shards == 1)
        return add_losses(sum, m->real, b->weight, tl_buffers_losses(b, m, named), (size_t)first * lanes, k2 * lanes);
    for (size_t t = (size_t)first; t < k2; t++)
        for (int32_t i = 0; i < shards; i++) {
            const tl_buffers *s = tl_shard(b, i);
            sum = add_losses(sum, m->real, s->weight, tl_buffers_losses(s, m, named), t * lanes, (t + 1) * lanes);
        }
    return sum;
}

double tl_window_loss(const tl_model *m, const void *weight, const void *losses, int32_t first)
{
    const tl_buffers b = { .weight = (void *)(uintptr_t)weight, .losses = (void *)(uintptr_t)losses };
    return loss_of(m, &b, 1, first, -1);
}

double tl_batch_loss(const tl_model *m, const tl_buffers *b, int32_t first)
{
    return loss_of(m, b, tl_shards(&m->tbptt), first, -1);
}

double tl_batch_named(const tl_model *m, const tl_buffers *b, int32_t first, int32_t named)
{
    return loss_of(m, b, tl_shards(&m->tbptt), first, named);
}
