#include "accumulate.h"

#include <string.h>

#include "clones.h"
#include "real.h"

/* A mean is moved towards each of its parts by the part's share of the whole so far: no sum of products grows, and equal
 * gradients stay to the bit what they are. */
#define ADD(NAME, REAL)                                                                           \
    TL_CLONES static void move_##NAME(REAL *mean, const REAL *g, size_t n, REAL share)            \
    {                                                                                             \
        for (size_t i = 0; i < n; i++)                                                            \
            mean[i] += share * (g[i] - mean[i]);                                                  \
    }                                                                                             \
    TL_CLONES static void add_##NAME(REAL *sum, const REAL *g, size_t n)                          \
    {                                                                                             \
        for (size_t i = 0; i < n; i++)                                                            \
            sum[i] += g[i];                                                                       \
    }

ADD(f32, float)
ADD(f64, double)

static void add(void *to, const void *g, size_t at, size_t n, tl_type real, tl_reduce reduce, double share)
{
    to = tl_real_at(real, to, at);
    g = tl_real_at_const(real, g, at);
    if (real == TL_F64 && reduce == TL_REDUCE_MEAN)
        move_f64(to, g, n, share);
    else if (real == TL_F64)
        add_f64(to, g, n);
    else if (reduce == TL_REDUCE_MEAN)
        move_f32(to, g, n, (float)share);
    else
        add_f32(to, g, n);
}

static void copy(const tl_spans *s, void *to, const void *from)
{
    for (int32_t i = 0; i < s->count; i++) {
        size_t at = s->span[i].at;
        memcpy(tl_real_at(s->real, to, at), tl_real_at_const(s->real, from, at), s->span[i].n * tl_real_size(s->real));
    }
}

/* Of two means the mean, of two sums the sum. */
static void join(double *to, double from, tl_reduce reduce, double share) { *to += reduce == TL_REDUCE_MEAN ? share * (from - *to) : from; }

void tl_accumulate(tl_accumulation *a, const tl_model *m, const tl_spans *s, const void *grads, double weight, double loss, const double *named)
{
    const tl_reduce reduce = m->tbptt.reduce;
    const int first = !a->windows++;
    a->weight = first ? weight : a->weight + weight;
    const double share = weight / a->weight;
    if (first) {
        copy(s, a->grads, grads);
        a->loss = 0;
        for (int32_t i = 0; a->named && i < m->nnamed; i++)
            a->named[i] = 0;
    } else
        for (int32_t i = 0; i < s->count; i++)
            add(a->grads, grads, s->span[i].at, s->span[i].n, s->real, reduce, share);
    join(&a->loss, loss, reduce, share);
    for (int32_t i = 0; a->named && named && i < m->nnamed; i++)
        join(&a->named[i], named[i], reduce, share);
}

void tl_accumulate_take(tl_accumulation *a, const tl_spans *s, void *grads)
{
    copy(s, grads, a->grads);
    a->windows = 0;
}
