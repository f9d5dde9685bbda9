#include "passes/carried.h"

#include "passes/colours.h"

static Shape flat(const tl_tensor *t) { return (Shape){ .rank = 1, .dim = { (int32_t)tl_size(t) } }; }

/* A direction an element: the adjoint times the columns of S. */
static Ref by_columns(Graph *g, int32_t directions, int32_t n, Ref sensitivity, Ref adjoint)
{
    Ref all = graph_reshape(g, sensitivity, shape_make(2, (int32_t[]){ n, directions }));
    return graph_matmul(g, graph_reshape(g, adjoint, shape_make(2, (int32_t[]){ 1, n })), all, false, false, false);
}

/* The rows of S times the adjoint. */
static Ref by_rows(Graph *g, int32_t directions, int32_t n, Ref sensitivity, Ref adjoint)
{
    Ref rows = graph_reshape(g, sensitivity, shape_make(2, (int32_t[]){ directions, n }));
    return graph_matmul(g, rows, graph_reshape(g, adjoint, shape_make(2, (int32_t[]){ n, 1 })), false, false, false);
}

/* {ranks x state elements, columns} as {rows, columns}: each row from where it moves the state, 0 where it does not. */
static Ref pick_rows(Graph *g, const Colours *c, const int32_t *moves, int32_t elements, Ref from)
{
    int32_t all = c->ranks * elements;
    bool same = all == c->rows;
    double *chosen = arena_array(g->arena, double, (int64_t)c->rows * all);
    for (int32_t r = 0; r < c->rows; r++) {
        int32_t at = moves[r] < 0 ? -1 : c->rank[r] * elements + moves[r];
        same = same && at == r;
        if (at >= 0)
            chosen[(int64_t)r * all + at] = 1;
    }
    if (same)
        return from;
    return graph_matmul(g, graph_numbers(g, chosen, shape_make(2, (int32_t[]){ c->rows, all })), from, false, false, false);
}

/* Each colour's row stands for several elements of the parameter, at the elements of the state that these move. */
static Ref by_colours(Graph *g, const Colours *c, int32_t state, int32_t n, Ref sensitivity, Ref adjoint)
{
    Ref z = graph_reshape(g, sensitivity, shape_make(2, (int32_t[]){ colours_count(c), n }));
    z = graph_op2(g, OP_MUL, z, adjoint);
    z = graph_op1(g, OP_TRANSPOSE, graph_reshape(g, z, shape_make(3, (int32_t[]){ c->ranks, c->columns, n })));
    z = graph_reshape(g, z, shape_make(2, (int32_t[]){ c->ranks * n, c->columns }));
    return pick_rows(g, c, c->moves[state], n, z);
}

Ref credit_param(Graph *g, const Model *m, const Carried *c, Ref sensitivity, Ref adjoint)
{
    const tl_tensor *theta = &m->params[c->param], *state = &m->states[c->state];
    int32_t n = (int32_t)tl_size(state), size = (int32_t)tl_size(theta);
    adjoint = graph_reshape(g, adjoint, flat(state));
    Ref sum = c->colours ? by_colours(g, c->colours, c->state, n, sensitivity, adjoint)
              : c->columns ? by_columns(g, size, n, sensitivity, adjoint)
                           : by_rows(g, size, n, sensitivity, adjoint);
    return graph_reshape(g, sum, shape_make(theta->rank, theta->dim));
}
