#include "passes/step_adjoint.h"

#include <string.h>

#include "graph/user_error.h"
#include "passes/window.h"

static Shape tensor_shape(const tl_tensor *t) { return shape_make(t->rank, t->dim); }

static Ref input_leaf(Graph *g, const Model *m, int32_t index, int32_t leaf)
{
    return graph_leaf(g, OP_INPUT, leaf, tensor_shape(&m->inputs[index]), true, false, 0, 0);
}

/* ---- the model that is differentiated ---- */

static Ref copy_node(const Model *m, Model *to, int32_t n, Ref r, const Ref *map)
{
    const Node *node = node_at(m->step, r);
    if (node->op == OP_INPUT && node->attr[0] < n)
        return graph_leaf(to->step, OP_STATE, node->attr[0], node->shape, true, false, 0, 0);
    return graph_rebuild_mapped(to->step, m->step, r, map);
}

/* Inputs become states of the same numbers, and stay as they entered; the other inputs keep theirs. */
static void copy_step(const Model *m, Model *to, int32_t n, Ref *map)
{
    to->step = graph_new_like(m->step);
    to->step->derived = true;
    to->states = arena_array(m->arena, tl_tensor, n + 1);
    to->next_state = arena_array(m->arena, Ref, n + 1);
    to->nstates = n;
    for (int32_t i = 0; i < n; i++) {
        to->states[i] = m->inputs[i];
        to->states[i].learned = -1;
        to->next_state[i] = graph_leaf(to->step, OP_STATE, i, tensor_shape(&m->inputs[i]), true, false, 0, 0);
    }
    for (Ref r = 1; r < m->step->count; r++)
        map[r] = copy_node(m, to, n, r, map);
}

/* The window's sweep asks no one whether a parameter is to be trained but its rule. */
static const tl_tensor *freeze(const Model *m)
{
    static const tl_rule frozen = { .trained = TL_FROZEN };
    tl_tensor *params = arena_array(m->arena, tl_tensor, m->nparams + 1);
    for (int32_t i = 0; i < m->nparams; i++) {
        params[i] = m->params[i];
        params[i].rule = &frozen;
    }
    return params;
}

static Ref weighed(Model *m, Ref result, int32_t cotangent)
{
    Graph *g = m->step;
    Ref c = input_leaf(g, m, cotangent, cotangent);
    return graph_sum(g, graph_op2(g, OP_MUL, c, result), shape_make(0, NULL), false);
}

static Model weighed_model(const Model *m, int32_t n, const Ref *result, const int32_t *cotangent, int32_t nresults)
{
    Model w = *m;
    Ref *map = arena_array(m->arena, Ref, m->step->count);
    copy_step(m, &w, n, map);
    w.params = (tl_tensor *)freeze(m);
    w.lags = true;
    for (int32_t i = 0; i < nresults; i++) {
        Ref term = weighed(&w, map[result[i]], cotangent[i]);
        w.loss = w.loss ? graph_op2(w.step, OP_ADD, w.loss, term) : term;
    }
    return w;
}

/* ---- what the sweep made, read back ---- */

static Ref read_acc(Graph *g, const Graph *from, Ref r, const Ref *map)
{
    Ref more = map[arg_at(from, r, node_at(from, r)->nargs - 1)];
    return node_at(from, r)->nargs == 1 ? more : graph_op2(g, OP_ADD, map[arg_at(from, r, 0)], more);
}

static Ref read_node(Graph *g, const Model *m, const Graph *from, Ref r, const Ref *map)
{
    const Node *n = node_at(from, r);
    g->file = n->file;
    g->line = n->line;
    switch (n->op) {
    case OP_STATE:
    case OP_INPUT: return input_leaf(g, m, n->attr[0], n->attr[0]);
    case OP_PARAM: return graph_leaf(g, OP_PARAM, n->attr[0], n->shape, false, false, 0, 0);
    case OP_CONST: return graph_const(g, n->num[0], n->shape);
    case OP_TABLE: return graph_table(g, n->attr[0], n->shape);
    case OP_WEIGHT: return graph_const(g, 1, n->shape); /* of the only loss */
    case OP_COPY: return map[arg_at(from, r, 0)];
    case OP_ACC: return read_acc(g, from, r, map);
    default: break;
    }
    Ref few[8] = { 0 }, *args = n->nargs <= 8 ? few : arena_array(g->arena, Ref, n->nargs);
    for (uint32_t i = 0; i < n->nargs; i++)
        args[i] = map[arg_at(from, r, i)];
    return graph_rebuild(g, from, r, args);
}

static bool is_entering_adjoint(const Root *r) { return r->kind == ROOT_STATE_GRAD && r->slot == 0; }

static void read_back(Model *m, const Window *w, Ref *adjoint)
{
    const Graph *from = w->graph;
    Ref *map = arena_array(m->arena, Ref, from->count);
    bool *needed = arena_array(m->arena, bool, from->count);
    for (int32_t i = 0; i < w->nroots; i++)
        needed[w->roots[i].node] |= is_entering_adjoint(&w->roots[i]);
    for (Ref r = from->count - 1; r; r--)
        for (uint32_t i = 0; needed[r] && i < node_at(from, r)->nargs && node_at(from, r)->op != OP_STATE; i++)
            needed[arg_at(from, r, i)] = true;
    for (Ref r = 1; r < from->count; r++)
        if (needed[r]) {
            map[r] = read_node(m->step, m, from, r, map);
            assume(map[r], "an adjoint of a step: %s", m->step->error ? m->step->error : "");
        }
    for (int32_t i = 0; i < w->nroots; i++)
        if (is_entering_adjoint(&w->roots[i]))
            adjoint[w->roots[i].index] = map[w->roots[i].node];
}

static bool is_zero(const Graph *g, Ref r)
{
    while (node_at(g, r)->op == OP_EXPAND || node_at(g, r)->op == OP_RESHAPE)
        r = arg_at(g, r, 0);
    return node_at(g, r)->op == OP_CONST && node_at(g, r)->num[0] == 0;
}

void add_step_adjoints(Model *m, int32_t n, const Ref *result, const int32_t *cotangent, int32_t nresults,
                       Ref *adjoint)
{
    char *error = NULL;
    Model weighed = weighed_model(m, n, result, cotangent, nresults);
    Window *w = unroll_training(&weighed, &error);
    assume(w, "a window of one step: %s", error ? error : "");
    differentiate(w);
    read_back(m, w, adjoint);
    for (int32_t i = 0; i < n; i++)
        if (is_zero(m->step, adjoint[i]))
            adjoint[i] = 0;
    window_free(w);
    graph_free(weighed.step);
}
