#include "window.h"

#include "real.h"

int32_t tl_window_counted(const tl_model *m, int32_t first, int32_t fresh)
{
    int32_t k2 = m->tbptt.k2, from = first;
    if (m->tbptt.counted == TL_COUNT_LAST)
        from = k2 - 1;
    else if (m->tbptt.counted == TL_COUNT_NEW)
        from = k2 - fresh;
    return from < first ? first : from;
}

double tl_window_weights(const tl_model *m, void *weight, int32_t first, int32_t fresh,
                         const void *mask)
{
    size_t batch = (size_t)m->tbptt.batch, end = (size_t)m->tbptt.k2 * batch;
    size_t from = (size_t)tl_window_counted(m, first, fresh) * batch;
    double total = 0;
    for (size_t i = from; i < end; i++)
        total += mask ? tl_real_get(m->real, mask, i) : 1;
    double scale = m->tbptt.reduce == TL_REDUCE_SUM || total == 0 ? 1 : 1 / total;
    for (size_t i = 0; i < end; i++) {
        double w = i < from ? 0 : mask ? tl_real_get(m->real, mask, i) : 1;
        tl_real_set(m->real, weight, i, w * scale);
    }
    return total;
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
