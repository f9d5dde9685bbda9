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
    const void *mask, *counts, *reset; /* real [k2][batch], or NULL */
    size_t batch;
} Flags;

static double flag(const Flags *f, const void *flags, size_t i, double otherwise)
{
    return flags ? tl_real_get(f->m->real, flags, i) : otherwise;
}

/* All k2 steps of the lane are of one sequence, and none is padding. */
static int is_whole(const Flags *f, size_t lane)
{
    for (size_t t = 0; t < (size_t)f->m->tbptt.k2; t++)
        if (flag(f, f->mask, t * f->batch + lane, 1) == 0 ||
            (t > 0 && flag(f, f->reset, t * f->batch + lane, 0) != 0))
            return 0;
    return 1;
}

/* w of element i; `from` is the first that counts. */
static double w_at(const Flags *f, size_t i, size_t from, int32_t first)
{
    int counts = i >= from && (!f->m->has_head || (first == 0 && is_whole(f, i - from)));
    return counts ? flag(f, f->mask, i, 1) * flag(f, f->counts, i, 1) : 0;
}

double tl_window_weights(const tl_model *m, void *weight, int32_t first, int32_t fresh,
                         const void *mask, const void *counts, const void *reset)
{
    const Flags f = { m, mask, counts, reset, (size_t)m->tbptt.batch };
    size_t end = (size_t)m->tbptt.k2 * f.batch;
    size_t from = (size_t)tl_window_counted(m, first, fresh) * f.batch;
    double total = 0;
    for (size_t i = from; i < end; i++)
        total += w_at(&f, i, from, first);
    double scale = m->tbptt.reduce == TL_REDUCE_MEAN && total != 0 ? total : 1;
    for (size_t i = 0; i < end; i++)
        tl_real_set(m->real, weight, i, w_at(&f, i, from, first) / scale);
    return total;
}

int tl_weight_fits(double w)
{
    return w == 0 || (w >= TL_WEIGHT_LEAST && w <= TL_WEIGHT_MOST);
}

double tl_window_loss(const tl_model *m, const void *weight, const void *losses, int32_t first)
{
    size_t batch = (size_t)m->tbptt.batch, end = (size_t)m->tbptt.k2 * batch;
    double sum = 0;
    for (size_t i = (size_t)first * batch; i < end; i++) {
        double w = tl_real_get(m->real, weight, i);
        if (w != 0)
            sum += w * tl_real_get(m->real, losses, i);
    }
    return sum;
}
