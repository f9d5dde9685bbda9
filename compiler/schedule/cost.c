#include "schedule/cost.h"

static uint64_t matmul_flops(const Graph *g, Ref r)
{
    const Node *n = node_at(g, r), *a = node_at(g, arg_at(g, r, 0)), *b = node_at(g, arg_at(g, r, 1));
    uint64_t inner = (uint64_t)a->shape.dim[n->attr[0] ? 0 : 1];
    uint64_t lanes = a->batched || b->batched ? (uint64_t)g->lanes : 1;
    return 2 * lanes * inner * (uint64_t)n->shape.dim[0] * (uint64_t)n->shape.dim[1];
}

uint64_t window_flops(const Window *w)
{
    uint64_t sum = 0;
    for (Ref r = 1; r < w->graph->count; r++)
        if (node_at(w->graph, r)->op == OP_MATMUL)
            sum += matmul_flops(w->graph, r);
    return sum;
}
