#include "schedule/columns.h"

#include "graph/user_error.h"
#include "passes/window.h"

/* y = W a, a of one row: operand i of r. */
static bool applies(const Graph *g, Ref r, uint32_t i)
{
    const Node *n = node_at(g, r);
    return n->op == OP_MATMUL && i == 1 && n->attr[1] && !n->attr[0] && n->shape.dim[0] == 1 &&
           node_at(g, arg_at(g, r, 0))->batched;
}

static void refuse(bool *applied, const Graph *g, Ref r)
{
    const Node *n = node_at(g, r);
    if (n->op == OP_PARAM)
        applied[n->attr[0]] = false;
}

static void refuse_roots(bool *applied, const Model *m)
{
    for (int32_t i = 0; i < m->nstates; i++)
        refuse(applied, m->step, m->next_state[i]);
    for (int32_t i = 0; i < m->noutputs; i++)
        refuse(applied, m->step, m->output[i]);
    for (int32_t i = 0; i < m->nprobes; i++)
        refuse(applied, m->step, m->probe[i]);
    for (int32_t i = 0; i < m->npast; i++)
        refuse(applied, m->step, m->past_node[i]);
    for (int32_t i = 0; i < m->nstates; i++)
        if (m->states[i].learned >= 0)
            applied[m->states[i].learned] = false;
}

bool *applied_to_rows(const Model *m, Arena *arena)
{
    const Graph *g = m->step;
    bool *applied = arena_array(arena, bool, m->nparams + 1);
    for (int32_t i = 0; i < m->nparams; i++)
        applied[i] = m->params[i].rank == 2;
    for (Ref r = 1; r < g->count; r++)
        for (uint32_t i = 0; i < node_at(g, r)->nargs; i++)
            if (!applies(g, r, i))
                refuse(applied, g, arg_at(g, r, i));
    refuse_roots(applied, m);
    return applied;
}

/* What walks rows wants them whole. */
static bool may_stand(const Model *m, const tl_tensor *t, const bool *applied)
{
    return applied[t - m->params] && t->dim[1] > 1 && !(t->rule && t->rule->max_norm > 0);
}

/* Updates treat those alike that have no rules. Of one bundle, they are applied to one vector. */
static bool may_share(const tl_tensor *t, const tl_tensor *next)
{
    assume(t->dim[1] == next->dim[1], "%s and %s have other columns", t->name, next->name);
    return !t->rule && !next->rule;
}

/* Columns shorter than two vectors leave the last half empty. Where steps are kept, and their gradients so added one by one,
 * that costs more than the dots of rows (Zen 4, f64, 9 to 15 units: 1.03 to 1.36 of the time); else it does not (0.89 to 0.96). */
static bool fills_vectors(const Model *m, int64_t height, int lanes)
{
    bool partly = height < 2 * lanes && height % lanes;
    return height >= lanes && !(partly && tl_keeps_steps(&m->tbptt));
}

int32_t stand_by_columns(const Model *m, tl_tensor *const *rows, int32_t n, const bool *applied, const Target *target, tl_type real)
{
    const int bytes = real == TL_F64 ? 8 : 4, lanes = target->vector_bytes / bytes;
    int64_t height = 0;
    int32_t count = 0;
    while (count < n && may_stand(m, rows[count], applied) && (!count || may_share(rows[count - 1], rows[count])))
        height += rows[count++]->dim[0];
    return tl_lanes(&m->tbptt) == 1 && lanes > 1 && fills_vectors(m, height, lanes) && height <= INT32_MAX ? count : 0;
}
