/* select_index.c - what a token addresses: rows of an embedding, an element of a vector; and dropout's masks,
 * addressed by step. */
#include "schedule/select_internal.h"
#include "graph/user_error.h"

/* Rows of one matrix, elements 0 .. E - 1 of each, or one element of each lane's vector. */
static bool moves_rows(tl_op op) { return op == OP_GATHER || op == OP_SCATTER; }
static bool addresses_result(tl_op op) { return op == OP_UNPICK || op == OP_SCATTER; }

static int64_t last_stride(const Selector *s, Ref r)
{
    const Shape *shape = &node_at(s->g, r)->shape;
    return shape->rank ? layout_of(s, r)->stride[shape->rank - 1] : 0;
}

static Access *by_lane(Selector *s, Ref r, bool written)
{
    Access *a = access_value(s, r, written);
    a->stride[DIM_LANES] = layout_of(s, r)->lane;
    return a;
}

/* The rows, or the vector, of which the token says where. */
static void address(Selector *s, Access *a, Ref r)
{
    a->addressed = true;
    a->token_stride = moves_rows(s->kernel.op) ? layout_of(s, r)->stride[0] : last_stride(s, r);
    if (moves_rows(s->kernel.op))
        a->stride[DIM_LANES] = 0;
}

/* Adjoints that are not added to what is there begin as 0. */
static void clear(Selector *s, Ref r)
{
    const Node *n = node_at(s->g, r);
    const Layout *y = layout_of(s, r);
    const Shape *shape = &n->shape;
    bool rows = shape->rank == 2;
    Kernel *k = &s->kernel;
    k->clear = (Nest){ 3, { lanes_of(s, n->batched), rows ? shape->dim[0] : 1, shape->dim[shape->rank - 1] }, 0 };
    k->clear_stride[0] = y->lane;
    k->clear_stride[1] = rows ? y->stride[0] : 0;
    k->clear_stride[2] = last_stride(s, r);
}

/* The slots of a run are further lanes, of everything but what all share: a family stands in a row, lane after lane. */
static void check_lanes_go_on(const Selector *s)
{
    const Kernel *k = &s->kernel;
    for (uint32_t i = 0; i < k->naccesses; i++)
        assume(s->place[k->access[i].argument].step == k->access[i].stride[DIM_LANES] * k->nest.extent[DIM_LANES],
               "slots of access %u are not further lanes", i);
}

/* What is cleared moves with the slots. */
static bool clears_all(const Selector *s, Ref r)
{
    const Kernel *k = &s->kernel;
    return !k->clear.rank || !step_of(s, r) || step_of(s, r) == k->clear_stride[0] * k->clear.extent[0];
}

bool select_index(Selector *s, Ref r)
{
    const Node *n = node_at(s->g, r);
    Ref x = arg_at(s->g, r, 0), token = arg_at(s->g, r, 1);
    bool batched = n->batched || node_at(s->g, x)->batched || node_at(s->g, token)->batched;
    Kernel *k = &s->kernel;
    begin_kernel(s, KERNEL_INDEX, (tl_op)n->op);
    k->nest = (Nest){ moves_rows(k->op) ? 2 : 1, { lanes_of(s, batched) }, 0 };
    if (moves_rows(k->op))
        k->nest.extent[1] = n->shape.dim[n->shape.rank - 1];
    by_lane(s, r, true)->stride[1] = last_stride(s, r);
    by_lane(s, x, false)->stride[1] = last_stride(s, x);
    by_lane(s, token, false);
    if (addresses_result(k->op))
        address(s, &k->access[0], r);
    else
        address(s, &k->access[1], x);
    if (addresses_result(k->op) && !layout_of(s, r)->add)
        clear(s, r);
    if (!s->all)
        return true;
    k->nest.slots = DIM_LANES + 1;
    k->clear.slots = k->clear.rank && step_of(s, r) ? 1 : 0;
    check_lanes_go_on(s);
    return clears_all(s, r);
}

void select_dropmask(Selector *s, Ref r)
{
    const Node *n = node_at(s->g, r);
    assume(n->op == OP_DROPMASK, "%%%u is not computed", r);
    Kernel *k = &s->kernel;
    begin_kernel(s, KERNEL_DROPMASK, OP_DROPMASK);
    k->nest = (Nest){ 2, { s->g->lanes, shape_size(&n->shape) }, 0 };
    k->probability = n->num[0];
    k->stream = n->attr[0];
    Access *y = access_value(s, r, true);
    y->stride[0] = k->nest.extent[1];
    y->stride[1] = 1;
}
