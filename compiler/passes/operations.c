#include "passes/operations.h"

#include <stdlib.h>

#include "graph/checked.h"

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

double step_operations(const Model *m)
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
