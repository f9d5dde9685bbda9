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

/* Of all states and lanes. */
static double lag_squares(const tl_model *m, const tl_buffers *b, int32_t lag)
{
    double sum = 0;
    for (int32_t i = 0; i < m->nstates; i++) {
        size_t n = (size_t)tl_lanes(&m->tbptt) * tl_size(&m->states[i]);
        size_t at = m->states[i].offset + (size_t)(m->tbptt.k2 - lag) * n;
        for (int32_t shard = 0; shard < tl_shards(&m->tbptt); shard++)
            sum += sum_of_squares(m, tl_shard(b, shard)->state_grads, at, n);
    }
    return sum;
}

void tl_lag_norms(const tl_model *m, const tl_buffers *b, int32_t length, double *norm)
{
    for (int32_t lag = 0; lag <= m->tbptt.k2; lag++)
        norm[lag] = lag <= length ? sqrt(lag_squares(m, b, lag)) : NAN;
}
