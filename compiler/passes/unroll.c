/* unroll.c - k2 copies of the step, by substitution through the constructors.
 *
 * What no step changes (functions of the parameters alone) is found by hash-consing: its copies
 * are one node, and its section stays 0. The state that enters a slot is a leaf of that slot, even
 * though its operand is the value that the slot before left: a window may begin at any slot, and
 * then that value was never computed. So nothing of one slot's forward code is seen by another
 * slot's except through a state leaf.
 *
 * Where steps are kept from window to window (overlap "retain" and "versions"), even what no step
 * changes belongs to the slot that computed it, for the weights move between slots; and with
 * "versions" a parameter is a leaf of the slot too. Each forward node then has a serial number, the
 * same in every slot, by which its copies find the same place in their slots' frames.
 *
 * A probe marks a value, which is otherwise what it would be without: its adjoint is that of the value's
 * copy in each slot. So these copies must be values of their own. Without a head they are, for a slot makes
 * its nodes as the step was made. A head sees what the slots computed, and what it makes of that may be
 * equal to what they made, or fold to it: where there is one, what is marked is a copy that nothing equals.
 *
 * A head over the window is copied once, behind the newest slot, in a section of its own. It sees
 * what the slots computed; of an evaluation step, which has one slot, it sees the older ones as the
 * caller kept them. */
#include <stdlib.h>
#include <string.h>

#include "graph/checked.h"
#include "passes/window.h"

typedef struct Unroller {
    const Model *model;
    Window *window;
    Graph *g;
    Ref *map;   /* [step->count] the copy of each node of the step in this slot */
    Ref *enter; /* [nstates] the values that the slot before left; 0: none */
    Ref *entered; /* [nstates] the states this slot begins with, after resets; 0: not asked for yet */
    Ref *seen;  /* [npast][k2] what the head sees of each slot */
    bool *late; /* [step->count] only the loss needs it; NULL in training */
    bool *marked; /* [step->count] a probe wants its adjoint */
    bool *marked_state; /* [nstates] as it enters a slot, likewise */
    bool apart;   /* the states that slots leave are values that nothing else of their slot reads */
    bool keeps; /* steps are kept from window to window */
    int32_t slot; /* k2: the head */
} Unroller;

static Window *window_new(const Model *m, int32_t k, int32_t lanes, bool training)
{
    Window *w = checked(calloc(1, sizeof *w));
    w->model = m;
    w->training = training;
    w->graph = graph_new(k, lanes);
    w->graph->head = training && m->head;
    w->graph->tables = m->step->tables;
    w->graph->keeps = training && tl_keeps_steps(&m->tbptt);
    if (training) {
        w->marked = checked(calloc((size_t)m->nprobes * (size_t)k + 1, sizeof *w->marked));
        w->left = checked(calloc((size_t)m->nstates * (size_t)k + 1, sizeof *w->left));
        w->gradient = m->gradient ? checked(calloc((size_t)m->nparams * (size_t)k + 1, sizeof *w->gradient)) : NULL;
    }
    for (int32_t i = 0; i < m->step->nfiles; i++)
        graph_file(w->graph, m->step->files[i]);
    return w;
}

static bool has_reset(const Model *m)
{
    for (int32_t i = 0; i < m->nstates; i++)
        if (m->states[i].learned >= 0)
            return true;
    return m->resets;
}

static Shape tensor_shape(const tl_tensor *t) { return shape_make(t->rank, t->dim); }

/* Every lane has a value of its own, even where it is the same. */
static Ref per_lane(Graph *g, Ref r)
{
    Shape s = node_at(g, r)->shape;
    return node_at(g, r)->batched ? r : graph_expand(g, r, s, true);
}

/* A parameter, with "versions" as the slot saw it; the head sees today's. */
static Ref param_leaf(Unroller *u, int32_t index)
{
    Shape s = tensor_shape(&u->model->params[index]);
    Ref now = graph_leaf(u->g, OP_PARAM, index, s, false, false, 0, 0);
    if (!u->keeps || u->model->tbptt.overlap != TL_VERSIONS || u->slot == u->g->k)
        return now;
    return graph_leaf(u->g, OP_PARAM, index, s, false, false, section_of_slot(u->slot), now);
}

static Ref initial_state(Unroller *u, const tl_tensor *state)
{
    Shape s = tensor_shape(state);
    if (state->learned >= 0)
        return param_leaf(u, state->learned);
    return state->init.kind == TL_INIT_VALUES ? graph_numbers(u->g, state->values, s)
                                              : graph_const(u->g, state->init.a, s);
}

/* What the slot before left, or the initial state where a lane's sequence starts here. */
static Ref find_entering(Unroller *u, int32_t index)
{
    const tl_tensor *state = &u->model->states[index];
    int32_t section = section_of_slot(u->slot);
    Ref carried = graph_leaf(u->g, OP_STATE, index, tensor_shape(state), true, false, section, u->enter[index]);
    if (!u->window->training || !has_reset(u->model))
        return carried;
    Ref reset = graph_leaf(u->g, OP_RESET, 0, (Shape){ 0 }, true, false, section, 0);
    return graph_where(u->g, reset, initial_state(u, state), carried);
}

/* The earliest section for what is built outside of any node's own. */
static int32_t resting_cursor(const Unroller *u)
{
    bool head = u->slot == u->g->k; /* nothing of it belongs to the slots that it sees */
    return u->keeps || head ? section_of_slot(u->slot) : 0;
}

/* In the slot at hand, or in the head. */
static Ref copy_here(Unroller *u, Ref value)
{
    u->g->cursor = section_of_slot(u->slot);
    value = graph_copy(u->g, value);
    u->g->cursor = resting_cursor(u);
    return value;
}

/* A copy of its own of what is marked. What lanes share is made of parameters alone, and equal to nothing that
 * a head makes of what it sees. */
static Ref set_apart(Unroller *u, Ref value)
{
    if (!u->g->head || !node_at(u->g, value)->batched)
        return value;
    return copy_here(u, value);
}

/* The state a slot begins with. */
static Ref enter_state(Unroller *u, int32_t index)
{
    if (!u->entered[index]) {
        Ref entering = find_entering(u, index);
        u->entered[index] = u->marked_state[index] ? set_apart(u, entering) : entering;
    }
    return u->entered[index];
}

/* A padded step leaves the state as it entered (after a reset: as the initial state). */
static Ref hold_padded(Unroller *u, int32_t index, Ref value)
{
    if (!u->window->training || !u->model->masks)
        return value;
    Ref mask = graph_leaf(u->g, OP_MASK, 0, (Shape){ 0 }, true, false, section_of_slot(u->slot), 0);
    return graph_where(u->g, mask, value, enter_state(u, index));
}

static Ref *seen_at(const Unroller *u, int32_t index, int32_t slot)
{
    return &u->seen[index * u->model->tbptt.k2 + slot];
}

/* What the head sees of a slot; in evaluation the slots before the newest are leaves. */
static Ref past_leaf(Unroller *u, int32_t index, int32_t slot)
{
    Ref *seen = seen_at(u, index, slot);
    if (!*seen)
        *seen = graph_past(u->g, index, slot, tensor_shape(&u->model->past[index]), 1);
    return *seen;
}

/* Where steps are kept, a state that an older step left is what stands among the states, as the next
 * step reads it: the step may have left a parameter, which has moved since. */
static Ref see(Unroller *u, int32_t index, int32_t slot)
{
    int32_t state = u->model->past_state[index];
    Ref seen = past_leaf(u, index, slot);
    if (!u->keeps || state < 0 || slot + 1 == u->g->k)
        return seen;
    Shape s = tensor_shape(&u->model->states[state]);
    return graph_leaf(u->g, OP_STATE, state, s, true, false, section_of_slot(slot + 1), seen);
}

static Ref copy_leaf(Unroller *u, const Node *n)
{
    int32_t section = section_of_slot(u->slot);
    switch (n->op) {
    case OP_STATE:
        return enter_state(u, n->attr[0]);
    case OP_PARAM:
        return param_leaf(u, n->attr[0]);
    case OP_PAST:
        return see(u, n->attr[0], n->attr[1]);
    case OP_CONST:
        return graph_const(u->g, n->num[0], n->shape);
    case OP_TABLE:
        return graph_table(u->g, n->attr[0], n->shape);
    case OP_DROPMASK:
        return u->window->training ? graph_dropmask(u->g, n->num[0], n->attr[0], n->shape, section)
                                   : graph_const(u->g, 1, n->shape);
    default:
        return graph_leaf(u->g, (tl_op)n->op, n->attr[0], n->shape, n->batched, n->token, section, 0);
    }
}

/* What a probe in the head sees of this slot. */
static void mark_seen(Unroller *u)
{
    const Model *m = u->model;
    for (int32_t i = 0; u->window->training && i < m->nprobes; i++) {
        const Node *n = node_at(m->step, m->probe[i]);
        if (n->op == OP_PAST && n->attr[1] == u->slot)
            u->window->marked[(i + 1) * u->g->k - 1] = u->map[m->past_node[n->attr[0]]];
    }
}

/* Probes of the nodes from .. end - 1: where the caller sees the values. */
static void add_probes(Unroller *u, Ref from, Ref end)
{
    const Model *m = u->model;
    int32_t section = section_of_slot(u->slot), slot = slot_of_section(u->g, section);
    u->g->cursor = section;
    for (int32_t i = 0; u->window->training && i < m->nprobes; i++) {
        Ref r = m->probe[i];
        if (r < from || r >= end)
            continue;
        if (node_at(m->step, r)->op != OP_PAST)
            u->window->marked[i * u->g->k + slot] = u->map[r];
        u->g->origin = r;
        u->g->file = node_at(m->step, r)->file;
        u->g->line = node_at(m->step, r)->line;
        window_add_root(u->window, ROOT_PROBE, i, slot, graph_probe(u->g, u->map[r], i, slot), section);
    }
    u->g->cursor = resting_cursor(u);
}

static Ref copy_node(Unroller *u, Ref r)
{
    const Graph *step = u->model->step;
    const Node *n = node_at(step, r);
    Ref few[4] = { 0 }, *args = n->nargs <= 4 ? few : arena_array(u->g->arena, Ref, n->nargs);
    for (uint32_t i = 0; i < n->nargs; i++)
        args[i] = u->map[arg_at(step, r, i)];
    u->g->origin = r;
    u->g->file = n->file;
    u->g->line = n->line;
    if (tl_op_table[n->op].kind == TL_LEAF)
        return copy_leaf(u, n);
    u->g->cursor = u->late && u->late[r] ? 2 : resting_cursor(u);
    Ref copy = graph_rebuild(u->g, step, r, args);
    u->g->cursor = resting_cursor(u);
    return copy && u->marked[r] ? set_apart(u, copy) : copy;
}

/* The state a slot leaves is a value of that slot, even where no step changes it: else gradient of
 * the state that enters a window would find its way to what it was made of. Where the adjoints of
 * states are asked for, all or one that a head sees, it is a value that nothing else of its slot reads. */
static Ref leave_state(Unroller *u, Ref value)
{
    value = per_lane(u->g, value);
    if (!u->window->training || (node_at(u->g, value)->section && !u->apart))
        return value;
    return copy_here(u, value);
}

static bool copy_nodes(Unroller *u, Ref from, Ref end)
{
    u->g->cursor = resting_cursor(u);
    for (Ref r = from; r < end; r++)
        if (!(u->map[r] = copy_node(u, r)))
            return false;
    return true;
}

/* Of slots that are too old to count there is none, nor what it alone needs: with k1 = 1 a head is computed once. */
static void add_loss(Unroller *u)
{
    const Model *m = u->model;
    int32_t section = u->window->training ? section_of_slot(u->slot) : 2, newest = u->g->k - 1;
    int32_t slot = u->slot > newest ? newest : u->slot;
    if (!m->loss || (u->window->training && u->slot < first_counted_slot(m)))
        return;
    window_add_root(u->window, ROOT_LOSS, 0, slot, per_lane(u->g, u->map[m->loss]), section);
    for (int32_t i = 0; i < m->nnamed; i++)
        window_add_root(u->window, ROOT_NAMED, i, slot, per_lane(u->g, u->map[m->named_node[i]]), section);
}

/* A value as a head sees it. One that no step changes is the slot's own where there are probes: what the head
 * does with it is credited to the step that showed it. */
static Ref show(Unroller *u, Ref value)
{
    value = per_lane(u->g, value);
    if (!u->window->training || !u->model->nprobes || node_at(u->g, value)->section)
        return value;
    return copy_here(u, value);
}

/* The newest slot of evaluation is k2 - 1, too. */
static void note_seen(Unroller *u)
{
    const Model *m = u->model;
    int32_t slot = u->window->training ? u->slot : m->tbptt.k2 - 1;
    for (int32_t i = 0; i < m->npast; i++)
        *seen_at(u, i, slot) = m->past_state[i] >= 0 ? u->enter[m->past_state[i]]
                                                     : show(u, u->map[m->past_node[i]]);
}

/* A step of evaluation is the model's own. */
static Ref step_end(const Unroller *u)
{
    const Model *m = u->model;
    return m->head ? m->head : m->own_end && !u->window->training ? m->own_end : m->step->count;
}

static bool copy_step(Unroller *u)
{
    const Model *m = u->model;
    memset(u->entered, 0, (size_t)m->nstates * sizeof *u->entered);
    if (!copy_nodes(u, 1, step_end(u)))
        return false;
    for (int32_t i = 0; i < (u->window->training ? m->nstates : own_states(m)); i++) {
        int32_t section = u->window->training ? section_of_slot(u->slot) : section_epilogue(u->g);
        u->enter[i] = leave_state(u, hold_padded(u, i, u->map[m->next_state[i]]));
        window_add_root(u->window, ROOT_STATE, i, u->slot, u->enter[i], section);
        if (u->window->training)
            u->window->left[i * u->g->k + u->slot] = u->enter[i];
    }
    for (int32_t i = 0; u->window->gradient && i < m->nparams; i++)
        u->window->gradient[i * u->g->k + u->slot] = u->map[m->gradient[i]];
    add_probes(u, 1, step_end(u));
    mark_seen(u);
    note_seen(u);
    if (!m->head)
        add_loss(u);
    return true;
}

/* A probe in the head has no value in the older slots. */
static void clear_probes(Unroller *u)
{
    const Model *m = u->model;
    for (int32_t i = 0; i < m->nprobes; i++) {
        Shape s = tensor_shape(&m->probes[i]);
        for (int32_t slot = 0; m->probe[i] >= m->head && slot < u->g->k - 1; slot++)
            window_add_root(u->window, ROOT_PROBE, i, slot, graph_expand(u->g, graph_const(u->g, 0, s), s, true),
                            section_head(u->g));
    }
}

static bool copy_head(Unroller *u)
{
    const Model *m = u->model;
    u->slot = u->window->training ? u->g->k : 0;
    if (!copy_nodes(u, m->head, m->step->count))
        return false;
    add_loss(u);
    add_probes(u, m->head, m->step->count);
    if (u->window->training)
        clear_probes(u);
    return true;
}

/* Numbers the slot's own nodes, made since `begin`, in the order in which every slot makes them. */
static void number_nodes(Unroller *u, Ref begin)
{
    int64_t serial = 0;
    for (Ref r = begin; r < u->g->count; r++)
        if (u->g->node[r].section == section_of_slot(u->slot))
            u->g->node[r].serial = ++serial;
}

static void mark(Unroller *u, Ref r)
{
    const Node *n = node_at(u->model->step, r);
    u->marked[r] = true;
    if (n->op == OP_STATE)
        u->marked_state[n->attr[0]] = true;
}

/* What a head's probe sees of a step is marked in the step. */
static void find_marked(Unroller *u)
{
    const Model *m = u->model;
    u->apart = m->lags && m->head;
    for (int32_t i = 0; i < m->nprobes && u->window->training; i++) {
        const Node *n = node_at(m->step, m->probe[i]);
        mark(u, m->probe[i]);
        if (n->op != OP_PAST)
            continue;
        mark(u, m->past_node[n->attr[0]]);
        u->apart |= m->past_state[n->attr[0]] >= 0;
    }
}

static Unroller start(const Model *m, Window *w)
{
    Unroller u = { .model = m, .window = w, .g = w->graph,
                   .marked = arena_array(w->graph->arena, bool, m->step->count),
                   .marked_state = arena_array(w->graph->arena, bool, m->nstates + 1),
                   .map = arena_array(w->graph->arena, Ref, m->step->count),
                   .enter = arena_array(w->graph->arena, Ref, m->nstates + 1),
                   .entered = arena_array(w->graph->arena, Ref, m->nstates + 1),
                   .seen = arena_array(w->graph->arena, Ref, (size_t)m->npast * (size_t)m->tbptt.k2 + 1) };
    find_marked(&u);
    return u;
}

/* A model with a learned initial state carries gradient to it where a sequence starts. */
bool unroll_has_reset(const Model *m) { return has_reset(m); }

static Window *too_long(const Unroller *u, char **error)
{
    checked_print(asprintf(error, "k2 = %d is too long to unroll: %u operations a step; up to k2 = %d can be compiled",
                 u->model->tbptt.k2, u->model->step->count, u->slot));
    window_free(u->window);
    return NULL;
}

Window *unroll_training(const Model *m, char **error)
{
    Window *w = window_new(m, m->tbptt.k2, tl_lanes(&m->tbptt), true);
    Unroller u = start(m, w);
    u.keeps = tl_keeps_steps(&m->tbptt);
    for (u.slot = 0; u.slot < m->tbptt.k2; u.slot++) {
        Ref begin = w->graph->count;
        /* The backward sweep makes about twice as many nodes again. */
        if ((int64_t)w->graph->count * 4 > w->graph->limit || !copy_step(&u))
            return too_long(&u, error);
        number_nodes(&u, begin);
    }
    if (m->head && !copy_head(&u))
        return too_long(&u, error);
    w->graph->cursor = 0;
    return w;
}

/* What an output or a next state depends on must run even when no target is given. */
static bool *find_late(const Model *m, Arena *arena)
{
    const Graph *step = m->step;
    bool *late = arena_array(arena, bool, step->count);
    memset(late, true, step->count);
    for (int32_t i = 0; i < own_states(m); i++)
        late[m->next_state[i]] = false;
    for (int32_t i = 0; i < m->noutputs; i++)
        late[m->output[i]] = false;
    for (int32_t i = 0; i < m->npast; i++)
        late[m->past_node[i]] = false;
    for (Ref r = step->count - 1; r; r--)
        for (uint32_t i = 0; !late[r] && i < node_at(step, r)->nargs; i++)
            late[arg_at(step, r, i)] = false;
    return late;
}

/* What the next step's head will see of the steps before it. */
static void leave_past(Unroller *u)
{
    const Model *m = u->model;
    for (int32_t i = 0; i < m->npast; i++)
        for (int32_t slot = 0; slot + 1 < m->tbptt.k2; slot++)
            window_add_root(u->window, ROOT_PAST, i, slot, past_leaf(u, i, slot + 1), section_epilogue(u->g));
}

Window *unroll_evaluation(const Model *m, int32_t lanes)
{
    Window *w = window_new(m, 1, lanes, false);
    Unroller u = start(m, w);
    u.late = find_late(m, w->graph->arena);
    if (!copy_step(&u) || (m->head && !copy_head(&u)))
        abort(); /* the step was built by the same constructors with the same shapes */
    for (int32_t i = 0; i < m->noutputs; i++)
        window_add_root(w, ROOT_OUTPUT, i, 0, per_lane(w->graph, u.map[m->output[i]]), 1);
    leave_past(&u);
    return w;
}
