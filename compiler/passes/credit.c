/* credit.c - gradients that do not go back through time: what a state's adjoint is worth to the parameters that have moved it,
 * and sums of what forward mode made of each slot's loss. */
#include "passes/adjoint_internal.h"
#include "passes/carried.h"

/* ---- adjoints of states, by their sensitivities ---- */

bool is_credited(const Adjoints *s, int32_t state)
{
    const Model *m = s->window->model;
    for (int32_t i = 0; i < m->ncarried; i++)
        if (m->carried[i].state == state)
            return true;
    return false;
}

/* The state number `index` as it enters a slot. */
static Ref entering(const Adjoints *s, int32_t index, int32_t slot)
{
    const tl_tensor *t = &s->window->model->states[index];
    Ref left = slot ? s->window->left[index * s->g->k + slot - 1] : 0;
    return graph_leaf(s->g, OP_STATE, index, shape_make(t->rank, t->dim), true, false, section_of_slot(slot), left);
}

bool credit_state(Adjoints *s, Ref state, Ref adjoint)
{
    const Model *m = s->window->model;
    Graph *g = s->g;
    const int32_t index = node_at(g, state)->attr[0], slot = slot_of_section(g, node_at(g, state)->section);
    for (int32_t i = 0; i < m->ncarried; i++) {
        const Carried *c = &m->carried[i];
        if (c->state != index)
            continue;
        Ref leaf = graph_leaf(g, OP_PARAM, c->param, shape_make(m->params[c->param].rank, m->params[c->param].dim), false, false,
                              0, 0);
        if (leaf < s->count && s->active[leaf])
            contribute(s, leaf, credit_param(g, m, c, entering(s, c->sensitivity, slot), adjoint));
    }
    return m->carries;
}

/* ---- a gradient that forward mode made ---- */

#define GRADIENT_SERIAL ((int64_t)1 << 41)

/* Of a slot's loss, weighed, added to those of the slots that have run. */
static void add_slot_gradients(Adjoints *s, int32_t slot)
{
    Graph *g = s->g;
    const Model *m = s->window->model;
    g->cursor = section_backward(g, section_of_slot(slot));
    Ref begin = g->count, weight = graph_leaf(g, OP_WEIGHT, 0, (Shape){ 0 }, true, false, section_of_slot(slot), 0);
    for (int32_t i = 0; i < m->nparams; i++) {
        Ref of_slot = s->window->gradient[i * g->k + slot];
        Shape shape = shape_make(m->params[i].rank, m->params[i].dim);
        Ref leaf = graph_leaf(g, OP_PARAM, i, shape, false, false, 0, 0);
        if (of_slot && tl_is_trained(&m->params[i]))
            s->total[i] = adjoint_accumulate(s, leaf, s->total[i], adjoint_fit(g, leaf, graph_op2(g, OP_MUL, weight, of_slot)), 0);
    }
    int64_t serial = GRADIENT_SERIAL;
    for (Ref r = begin; r < g->count; r++)
        g->node[r].serial = ++serial;
}

/* Nothing goes back: the sensitivities came forward. Of what is learned from rows there is no gradient here. */
void add_forward_gradients(Adjoints *s)
{
    Graph *g = s->g;
    const Model *m = s->window->model;
    s->total = arena_array(s->arena, Ref, m->nparams + 1);
    for (int32_t slot = g->k - 1; slot >= first_counted_slot(m) && m->gradient; slot--)
        add_slot_gradients(s, slot);
    g->cursor = section_epilogue(g);
    for (int32_t i = 0; i < m->nparams; i++) {
        Shape shape = shape_make(m->params[i].rank, m->params[i].dim);
        Ref sum = s->total[i] ? s->total[i] : graph_const(g, 0, shape);
        window_add_root(s->window, ROOT_GRAD, i, 0, sum, g->cursor);
    }
}
