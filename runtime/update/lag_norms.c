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

void tl_lag_norms(const tl_model *m, const void *state_grads, int32_t length, double *norm)
{
    int32_t k2 = m->tbptt.k2;
    for (int32_t lag = 0; lag <= k2; lag++) {
        double sum = 0;
        for (int32_t i = 0; i < m->nstates && lag <= length; i++) {
            size_t n = (size_t)m->tbptt.batch * tl_size(&m->states[i]);
            sum += sum_of_squares(m, state_grads, m->states[i].offset + (size_t)(k2 - lag) * n, n);
        }
        norm[lag] = lag <= length ? sqrt(sum) : NAN;
    }
}
