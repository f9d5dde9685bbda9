#include "passes/jacobian_cost.h"

#include <math.h>
#include <stdlib.h>

#include "graph/checked.h"
#include "passes/jacobian_model.h"

static double node_operations(const Graph *g, const Node *n, Ref r)
{
    double size = (double)shape_size(&n->shape);
    switch (tl_op_table[n->op].kind) {
    case TL_POINTWISE: return size;
    case TL_REDUCE: return (double)shape_size(&node_at(g, arg_at(g, r, 0))->shape);
    case TL_ROWWISE: return 4 * size;
    case TL_MATMUL: return 2 * size * node_at(g, arg_at(g, r, 0))->shape.dim[!n->attr[0]];
    default: return 0;
    }
}

/* Of what outputs and next states need. */
static double step_operations(const Model *m)
{
    const Graph *g = m->step;
    bool *live = checked(calloc(g->count, sizeof *live));
    double sum = 0;
    for (int32_t i = 0; i < m->noutputs; i++)
        live[m->output[i]] = true;
    for (int32_t i = 0; i < m->nstates; i++)
        live[m->next_state[i]] = true;
    for (Ref r = g->count - 1; r; r--) {
        for (uint32_t i = 0; live[r] && i < node_at(g, r)->nargs; i++)
            live[arg_at(g, r, i)] = true;
        sum += live[r] ? node_operations(g, node_at(g, r), r) : 0;
    }
    free(live);
    return sum;
}

static double forward_cost(const Model *m, int64_t steps)
{
    Model *copy = model_copy(m);
    char *error = make_forward_jacobian_model(copy);
    double cost = error ? INFINITY : (double)steps * step_operations(copy);
    free(error);
    model_free(copy);
    return cost;
}

JacobianCost jacobian_cost(const Model *m, int64_t steps)
{
    double outputs = 0, k2 = m->tbptt.k2, t = (double)steps, full = t < k2 ? t : k2;
    for (int32_t i = 0; i < m->noutputs; i++)
        outputs += (double)tl_size(&m->outputs[i]);
    double windows = full * (full + 1) / 2 + (t - full) * k2; /* steps of all of them */
    return (JacobianCost){ outputs * (2 * windows + t) * step_operations(m), forward_cost(m, steps) };
}
