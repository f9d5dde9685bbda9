#include "lag_norms.h"

#include <math.h>

#include "real.h"

static double sum_of_squares(const tl_model *m, const void *block, size_t at, size_t n)
{
    double sum = 0;
    for (size_t i = at; i < at + n; i++) {
        double g = tl_real_get(m->real, block, i);
        sum += g * g;
    }
    return sum;
}

/* Of a state in the lanes of a shard. */
static double squares_here(const tl_model *m, const tl_buffers *b, int32_t shard, int32_t lag, int32_t state)
{
    const tl_tensor *s = &m->states[state];
    size_t n = (size_t)tl_lanes(&m->tbptt) * tl_size(s);
    return sum_of_squares(m, tl_shard(b, shard)->state_grads, s->offset + (size_t)(m->tbptt.k2 - lag) * n, n);
}

/* What the shard's process has told of it. */
static double *told(const tl_model *m, const tl_buffers *b, int32_t shard, int32_t lag, int32_t state)
{
    size_t at = (size_t)shard * ((size_t)m->tbptt.k2 + 1) + (size_t)lag;
    return (double *)b->told + at * (size_t)m->nstates + (size_t)state;
}

static void tell(const tl_model *m, const tl_buffers *b, int32_t length)
{
    tl_own own = tl_own_shards(b, m);
    for (int32_t shard = own.first; shard < own.end; shard++)
        for (int32_t lag = 0; lag <= length; lag++)
            for (int32_t i = 0; i < m->nstates; i++)
                *told(m, b, shard, lag, i) = squares_here(m, b, shard, lag, i);
    size_t n = (size_t)(own.end - own.first) * ((size_t)m->tbptt.k2 + 1) * (size_t)m->nstates;
    tl_share_equal(b->exchange, b->told, n * sizeof(double));
}

/* Of all states and lanes, added in one order whoever knows them. */
static double lag_squares(const tl_model *m, const tl_buffers *b, int32_t lag)
{
    double sum = 0;
    for (int32_t i = 0; i < m->nstates; i++)
        for (int32_t shard = 0; shard < tl_shards(&m->tbptt); shard++)
            sum += b->exchange ? *told(m, b, shard, lag, i) : squares_here(m, b, shard, lag, i);
    return sum;
}

void tl_lag_norms(const tl_model *m, const tl_buffers *b, int32_t length, double *norm)
{
    if (b->exchange)
        tell(m, b, length);
    for (int32_t lag = 0; lag <= m->tbptt.k2; lag++)
        norm[lag] = lag <= length ? sqrt(lag_squares(m, b, lag)) : NAN;
}
