#include "cli/terms.h"

#include <math.h>

#include "passes/reach.h"

static const int64_t MOST = (int64_t)1 << 48; /* that are counted */

static int64_t elements(const Graph *g, Ref r)
{
    const Node *n = node_at(g, r);
    int64_t size = n->batched ? g->lanes : 1;
    for (int32_t d = 0; d < n->shape.rank; d++)
        size *= n->shape.dim[d];
    return size;
}

static int64_t max_of(int64_t a, int64_t b) { return a > b ? a : b; }

/* Of the sums that the node itself computes, one an element. */
static int64_t own_terms(const Graph *g, Ref r)
{
    const Node *n = node_at(g, r);
    switch ((tl_op)n->op) {
    case OP_SUM: return max_of(1, elements(g, arg_at(g, r, 0)) / max_of(1, elements(g, r)));
    case OP_MATMUL: {
        const Node *a = node_at(g, arg_at(g, r, 0));
        return (int64_t)a->shape.dim[n->attr[0] ? 0 : 1] * (n->attr[2] ? g->lanes : 1);
    }
    case OP_SCATTER: return g->lanes;
    case OP_UNPATCHES:
    case OP_UNPOOL: return (int64_t)n->attr[0] * n->attr[1];
    case OP_SOFTMAX:
    case OP_LOG_SOFTMAX: return n->shape.dim[n->attr[0]];
    default: return 1;
    }
}

/* [graph->count] the longest sum in a node or on the way to it. */
static int64_t *longest(const Graph *g, Arena *arena)
{
    int64_t *most = arena_array(arena, int64_t, g->count);
    for (Ref r = 1; r < g->count; r++) {
        most[r] = own_terms(g, r);
        for (uint32_t k = 0; k < node_at(g, r)->nargs; k++)
            most[r] = max_of(most[r], most[arg_at(g, r, k)]);
    }
    return most;
}

/* What is added up without anything but views in between is one sum: [graph->count] its terms. */
static int64_t *chained(const Graph *g, Arena *arena)
{
    int64_t *terms = arena_array(arena, int64_t, g->count);
    for (Ref r = 1; r < g->count; r++) {
        const Node *n = node_at(g, r);
        bool passes = n->op == OP_ACC || n->op == OP_ADD || n->op == OP_COPY || tl_op_table[n->op].kind == TL_VIEW;
        for (uint32_t k = 0; passes && k < n->nargs; k++)
            terms[r] += terms[arg_at(g, r, k)];
        terms[r] = !passes ? own_terms(g, r) : terms[r] < MOST ? terms[r] : MOST;
    }
    return terms;
}

static void count_roots(Terms *t, const Window *w, Arena *arena)
{
    const int64_t *most = longest(w->graph, arena), *terms = chained(w->graph, arena);
    for (int32_t i = 0; i < w->nroots; i++) {
        const Root *root = &w->roots[i];
        if (root->kind == ROOT_GRAD) {
            t->grad[root->index] = terms[root->node];
            t->within[root->index] = most[root->node];
        } else if (root->kind == ROOT_PROBE_GRAD || root->kind == ROOT_STATE_GRAD) {
            t->backward = max_of(t->backward, most[root->node]);
        } else {
            t->forward = max_of(t->forward, most[root->node]);
        }
    }
}

/* One step is enough where no head looks at all of them. */
bool count_terms(Terms *t, Arena *arena, const Model *m, char **error)
{
    Model one = *m;
    if (!m->head)
        one.tbptt.k1 = one.tbptt.k2 = 1;
    one.tbptt.overlap = TL_RECOMPUTE;
    find_trained(&one); /* a short window may not reach what the model's does */
    Window *w = unroll_training(&one, error);
    if (!w)
        return false;
    differentiate(w);
    *t = (Terms){ arena_array(arena, int64_t, m->nparams + 1), arena_array(arena, int64_t, m->nparams + 1), 1, 1 };
    count_roots(t, w, arena);
    if (m->head) /* the graph has all steps */
        for (int32_t i = 0; i < m->nparams; i++)
            t->grad[i] = (t->grad[i] + m->tbptt.k2 - 1) / m->tbptt.k2;
    window_free(w);
    return true;
}

double terms_tolerance(int64_t n, tl_type real, double least)
{
    double unit = real == TL_F64 ? 0x1p-53 : 0x1p-24;
    return fmax(least, unit * sqrt((double)n));
}
