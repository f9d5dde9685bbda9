#include "passes/jacobian_cost.h"

#include <math.h>
#include <stdlib.h>

#include "passes/jacobian_model.h"
#include "passes/operations.h"

static double forward_cost(const Model *m, int64_t steps)
{
    Model *copy = model_copy(m);
    char *error = make_forward_jacobian_model(copy);
    double cost = error ? INFINITY : (double)steps * step_operations(copy);
    free(error);
    model_free(copy);
    return cost;
}

static double sizes_of(const tl_tensor *t, int32_t n)
{
    double sum = 0;
    for (int32_t i = 0; i < n; i++)
        sum += (double)tl_size(&t[i]);
    return sum;
}

enum { LONGEST_BLOCK = 64 }; /* the C grows with it */

/* What changes from block to block is of all but the last. */
static double blocks_cost(const Model *m, double steps, int32_t length)
{
    double C = step_operations(m), outputs = sizes_of(m->outputs, m->noutputs), states = sizes_of(m->states, m->nstates);
    double n = sizes_of(m->params, m->nparams), L = length, moved = floor((steps - 1) / L);
    return steps * outputs * ((L + 2) * C + (moved ? 2 * states * n : 0)) + moved * ((2 * L + 3) * states * C + 2 * states * states * n);
}

int32_t cheapest_block(const Model *m)
{
    const double long_stream = 1e6;
    int32_t best = 1;
    for (int32_t length = 2; length <= LONGEST_BLOCK; length++)
        if (blocks_cost(m, long_stream, length) < blocks_cost(m, long_stream, best))
            best = length;
    return best;
}

JacobianCost jacobian_cost(const Model *m, int64_t steps)
{
    double outputs = sizes_of(m->outputs, m->noutputs), k2 = m->tbptt.k2, t = (double)steps, full = t < k2 ? t : k2;
    double windows = full * (full + 1) / 2 + (t - full) * k2; /* steps of all of them */
    JacobianCost c = { .reverse = outputs * (2 * windows + t) * step_operations(m), .forward = forward_cost(m, steps) };
    c.blocks = m->nstates && !m->head ? blocks_cost(m, t, cheapest_block(m)) : INFINITY;
    return c;
}
