/* reach.c - what gradient reaches, found by going back from the losses without computing anything.
 *
 * A parameter may reach the loss through the state alone, and then only if the window is long enough. So
 * the training window is unrolled, as differentiate.c will see it, and walked through; but of a model without
 * a head no more slots than there are states, and one: no shortest way through time enters a state twice.
 * differentiate.c aborts if it comes to another result. */
#include "passes/reach.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "passes/window.h"

bool carries_gradient(const Node *n, uint32_t operand)
{
    switch (n->op) {
    case OP_STOP: case OP_GT: case OP_GE: case OP_LT: case OP_LE: case OP_EQ:
        return false;
    case OP_WHERE:
        return operand != 0; /* the condition */
    case OP_POWC:
        return n->num[0] != 0;
    case OP_GATHER: case OP_PICK:
        return operand == 0; /* not the token */
    default:
        return true;
    }
}

/* By parameter. */
static bool *find_reached(const Window *w, Arena *arena)
{
    const Graph *g = w->graph;
    bool *reached = arena_array(arena, bool, g->count), *params = arena_array(arena, bool, w->model->nparams + 1);
    for (int32_t i = 0; i < w->nroots; i++)
        if (w->roots[i].kind == ROOT_LOSS)
            reached[w->roots[i].node] = true;
    for (Ref r = g->count - 1; r; r--) {
        const Node *n = node_at(g, r);
        if (reached[r] && n->op == OP_PARAM)
            params[n->attr[0]] = true;
        for (uint32_t i = 0; reached[r] && i < n->nargs; i++)
            reached[arg_at(g, r, i)] |= carries_gradient(n, i);
    }
    return params;
}

/* A window that says as much as the model's own about what is reached; NULL if not even that can be unrolled. */
static Window *short_window(const Model *m, Model *copy)
{
    char *error = NULL;
    *copy = *m;
    if (!m->head && copy->tbptt.k2 > m->nstates + 1)
        copy->tbptt.k2 = m->nstates + 1;
    Window *w = unroll_training(copy, &error);
    free(error);
    return w;
}

static const tl_rule plain = { .trained = TL_TRAINED, .lr = 1, .weight_decay = 1, .min = -INFINITY, .max = INFINITY };

static void set_trained(Model *m, tl_tensor *t, tl_trained trained)
{
    const tl_rule *old = t->rule ? t->rule : &plain;
    if (old->trained == trained)
        return;
    tl_rule *r = arena_array(m->arena, tl_rule, 1);
    *r = *old;
    r->trained = trained;
    t->rule = r;
}

/* Rows of its own: an instrumented model shares those of the model that it was made of. */
void find_trained(Model *m)
{
    Model copy;
    Arena *arena = arena_new();
    Window *w = m->reached ? NULL : short_window(m, &copy);
    const bool *reached = w ? find_reached(w, arena) : m->reached;
    tl_tensor *params = arena_array(m->arena, tl_tensor, m->nparams + 1);
    memcpy(params, m->params, (size_t)m->nparams * sizeof *params);
    m->params = params;
    for (int32_t i = 0; i < m->nparams; i++) {
        bool frozen = params[i].rule && params[i].rule->trained == TL_FROZEN;
        if (!frozen)
            set_trained(m, &params[i], !reached || reached[i] ? TL_TRAINED : TL_UNREACHED);
    }
    window_free(w);
    arena_free(arena);
}
