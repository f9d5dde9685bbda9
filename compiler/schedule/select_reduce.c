/* select_reduce.c - sums and softmax: one operand, one result, a nest over the operand's elements. */
#include "schedule/select_internal.h"

static void begin(Selector *s, KernelKind kind, Ref r)
{
    const Node *n = node_at(s->g, r);
    Ref x = arg_at(s->g, r, 0);
    const Node *m = node_at(s->g, x);
    Kernel *k = &s->kernel;
    begin_kernel(s, kind, OP_SUM == n->op || kind == KERNEL_SOFTMAX ? (tl_op)n->op : OP_SUM);
    k->nest = nest_over(s->all, lanes_of(s, m->batched), &m->shape);
    nest_strides(&k->nest, step_of(s, r), layout_of(s, r), &n->shape, n->batched, access_value(s, r, true)->stride);
    nest_strides(&k->nest, step_of(s, x), layout_of(s, x), &m->shape, m->batched, access_value(s, x, false)->stride);
}

/* The one summed dim, if dims that the result keeps follow it; else -1. */
static int32_t row_dim(const Nest *nest, const Access *y)
{
    int32_t summed = -1;
    for (int32_t d = 0; d < nest->rank; d++)
        if (!y->stride[d]) {
            if (summed >= 0)
                return -1;
            summed = d;
        }
    return summed + 1 < nest->rank ? summed : -1;
}

/* Moves the dims that the result keeps to the front, in order. */
static int32_t kept_dims_first(Kernel *k)
{
    int32_t kept = 0;
    for (int32_t d = 0; d < k->nest.rank; d++)
        if (k->access[0].stride[d])
            nest_move(&k->nest, k->access, k->naccesses, d, kept++);
    return kept;
}

/* Rows that are summed run outside, so that neighbours in memory are added to neighbours. */
bool select_sum(Selector *s, Ref r)
{
    Kernel *k = &s->kernel;
    begin(s, KERNEL_SUM_INSIDE, r);
    nest_collapse(&k->nest, k->access, k->naccesses);
    int32_t rows = row_dim(&k->nest, &k->access[0]);
    if (rows >= 0)
        k->kind = KERNEL_SUM_OUTSIDE;
    k->kept = rows >= 0 ? rows : kept_dims_first(k);
    return true;
}

void select_softmax(Selector *s, Ref r)
{
    Kernel *k = &s->kernel;
    begin(s, KERNEL_SOFTMAX, r);
    nest_move(&k->nest, k->access, k->naccesses, 1 + s->all + node_at(s->g, r)->attr[0], k->nest.rank - 1);
    nest_still(&k->nest, k->access, k->naccesses);
}
