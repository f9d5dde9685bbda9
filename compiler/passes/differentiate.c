/* differentiate.c - the reverse sweep (Linnainmaa, 1970; Griewank & Walther, ch. 3), graph to graph.
 *
 * Adjoints are single assignment: the first contribution to a value is its adjoint, later ones are
 * added. There are two ways to add, because a window may end its backward sweep at any slot:
 *
 *   a value of a slot      its contributions come from the same slot, from the one after it or from
 *                          the head, which have run whenever this one runs: plain `add` nodes;
 *   a value of no slot     (section 0: parameters and what is computed from them) contributions
 *                          come from every slot, and the sweep may stop between them: `acc` nodes,
 *                          which add in place, so that what stands in the storage is the sum over
 *                          the slots that have run. It is read in the epilogue only.
 *
 * The newest slot always runs, so a chain of acc starts there, with zeros if that slot contributes
 * nothing; where there is a head all slots run, and it starts with what comes first. Values of slots
 * are swept first, in reverse order, then those of section 0, so that no contribution of a slot
 * follows one of the epilogue.
 *
 * What the sweep makes of a node in a slot is numbered by that node's own number and by the part it plays there
 * (roles, below), so that time-copies of a node have adjoints that are time-copies of each other (family.h),
 * although the newest slot gets fewer contributions than the others.
 *
 * A probe's gradient is the adjoint of the value that it marks. Of a value of no slot it is each slot's part
 * of that: these parts are kept beside the sum (shares), and swept slot by slot through what is made of the
 * marked value outside of the slots. */
#include <stdlib.h>
#include <string.h>

#include "graph/user_error.h"
#include "passes/adjoint_internal.h"
#include "passes/reach.h"

/* Leaves that are made here have numbers above those of the step's nodes. */
#define WEIGHT_SERIAL ((int64_t)1 << 40)

bool wants_adjoint(const Adjoints *s, Ref x) { return s->active[x]; }

/* The node of the step that a probe marks. */
static const Node *probed(const Adjoints *s, int32_t probe)
{
    return node_at(s->window->model->step, s->window->model->probe[probe]);
}

/* The state that a head's probe sees; -1: it sees none. */
static int32_t probed_state(const Adjoints *s, int32_t probe)
{
    const Node *n = probed(s, probe);
    return n->op == OP_PAST ? s->window->model->past_state[n->attr[0]] : -1;
}

/* By node: a state as a step leaves it, where its adjoint is asked for. */
static bool *find_left(const Adjoints *s)
{
    const Window *w = s->window;
    const Model *m = w->model;
    int32_t k = s->g->k;
    bool *left = arena_array(s->arena, bool, s->count);
    for (int32_t i = 0; i < m->nstates * k && m->lags && m->head; i++)
        left[w->left[i]] = true;
    for (int32_t i = 0; i < m->nprobes; i++)
        if (probed_state(s, i) >= 0)
            left[w->left[probed_state(s, i) * k + probed(s, i)->attr[1]]] = true;
    return left;
}

/* A constant has no adjoint: equal ones are one node, and fold. */
static void find_marked(Adjoints *s)
{
    const Model *m = s->window->model;
    int32_t k = s->g->k;
    for (int32_t i = 0; i < m->nprobes; i++)
        for (int32_t slot = 0; slot < k; slot++) {
            Ref x = s->window->marked[i * k + slot];
            tl_op op = (tl_op)node_at(s->g, x)->op;
            s->marked[x] = x && op != OP_CONST && op != OP_TABLE;
        }
}

static bool is_traced(const Adjoints *s, Ref r)
{
    const Node *n = node_at(s->g, r);
    bool traced = s->marked[r];
    for (uint32_t i = 0; i < n->nargs && !traced; i++)
        traced = s->trace[arg_at(s->g, r, i)];
    return traced && n->section == 0;
}

static void find_traced(Adjoints *s)
{
    for (Ref r = 1; r < s->count; r++)
        if (is_traced(s, r))
            s->trace[r] = ++s->ntraced;
    s->traced = arena_array(s->arena, Ref, s->ntraced + 1);
    s->share = arena_array(s->arena, Ref, (size_t)s->ntraced * (size_t)s->g->k + 1);
    for (Ref r = 1; r < s->count; r++)
        if (s->trace[r])
            s->traced[s->trace[r] - 1] = r;
}

static void find_active(Adjoints *s)
{
    const Graph *g = s->g;
    const bool *left = find_left(s);
    for (Ref r = 1; r < s->count; r++) {
        const Node *n = node_at(g, r);
        bool trained = n->op == OP_PARAM && tl_is_trained(&s->window->model->params[n->attr[0]]);
        bool active = trained || left[r] || s->marked[r] || (n->op == OP_STATE && (s->window->model->lags || is_credited(s, n->attr[0])));
        for (uint32_t i = 0; i < n->nargs && !active && !(n->op == OP_STATE && s->window->model->carries); i++)
            active = carries_gradient(n, i) && s->active[arg_at(g, r, i)];
        s->active[r] = active;
    }
}

Ref adjoint_fit(Graph *g, Ref x, Ref c)
{
    Shape want = node_at(g, x)->shape, have = node_at(g, c)->shape, both;
    bool want_lanes = node_at(g, x)->batched, have_lanes = node_at(g, c)->batched;
    if (!shape_broadcast(&want, &have, &both))
        abort();
    if (!shape_equal(&have, &want) && shape_equal(&both, &have))
        c = graph_sum(g, c, want, have_lanes && !want_lanes);
    else if (have_lanes && !want_lanes)
        c = graph_sum(g, c, have, true);
    return graph_expand(g, c, want, want_lanes || node_at(g, c)->batched);
}

/* Like x: per lane where x is. */
static Ref zeros(Graph *g, Ref x)
{
    Shape shape = node_at(g, x)->shape;
    return graph_expand(g, graph_const(g, 0, shape), shape, node_at(g, x)->batched);
}

/* Zeros in storage, put there by the newest slot. */
static Ref acc_from_zero(Graph *g, Ref x)
{
    int32_t cursor = g->cursor;
    g->cursor = section_backward(g, g->k);
    Ref head = graph_acc(g, x, 0, zeros(g, x));
    g->cursor = cursor;
    return head;
}

Ref adjoint_accumulate(Adjoints *s, Ref x, Ref so_far, Ref c, int64_t serial)
{
    Graph *g = s->g;
    int32_t always = section_backward(g, g->k), epilogue = section_epilogue(g);
    if (!so_far && !g->head && g->cursor != always && g->cursor != epilogue)
        so_far = acc_from_zero(g, x);
    g->serial = serial;
    Ref sum = graph_acc(g, x, so_far, c);
    g->serial = 0;
    return sum;
}

/* `limit` is where the next role's numbers begin; what is beyond has no number. */
static int64_t role(const Graph *g, Ref x, int32_t first, int32_t n, int32_t limit)
{
    int64_t serial = node_at(g, x)->serial;
    return serial && first + n < limit ? serial * ROLES + first + n : 0;
}

/* Numbers what was made of r's adjoint since `begin`, and says how many that were. */
static int32_t number_made(Adjoints *s, Ref r, Ref begin, int32_t first, int32_t limit)
{
    Graph *g = s->g;
    int32_t section = section_backward(g, node_at(g, r)->section), n = 0;
    for (Ref x = begin; x < g->count; x++)
        if (!g->node[x].serial && g->node[x].section == section)
            g->node[x].serial = role(g, r, first, n++, limit);
    return n;
}

/* Which operand x is of the node whose rule is at work; -1: of none that has numbers. */
static int32_t operand_at_work(const Adjoints *s, Ref x)
{
    const Node *n = node_at(s->g, s->turn);
    for (uint32_t i = 0; s->turn && i < n->nargs && i < ROLE_PARTS / OPERAND; i++)
        if (arg_at(s->g, s->turn, i) == x)
            return (int32_t)i;
    return -1;
}

/* What the rule at work made for operand x. In an end slot it may make nothing for another one. */
static void number_for(Adjoints *s, Ref x)
{
    int32_t i = operand_at_work(s, x), first = i * OPERAND;
    if (i >= 0)
        s->made[i] += number_made(s, s->turn, s->numbered, first + s->made[i], first + ROLE_ACC);
    s->numbered = s->g->count;
}

static int64_t acc_serial(const Adjoints *s, Ref x)
{
    int32_t i = operand_at_work(s, x);
    return i < 0 ? 0 : role(s->g, s->turn, i * OPERAND, ROLE_ACC, (i + 1) * OPERAND);
}

static Ref add_contribution(Adjoints *s, Ref x, Ref so_far, Ref c)
{
    Graph *g = s->g;
    g->serial = role(g, x, ROLE_SUM, s->sums[x]++, ROLE_TOTAL);
    Ref sum = graph_op2(g, OP_ADD, so_far, c);
    g->serial = 0;
    return sum;
}

static Ref *share_of(const Adjoints *s, Ref x, int32_t slot)
{
    return &s->share[slot * s->ntraced + s->trace[x] - 1];
}

/* The head's part is the newest slot's; the epilogue's is of them all, and swept by slots. */
static void contribute_share(Adjoints *s, Ref x, Ref c)
{
    int32_t forward = section_backward(s->g, s->g->cursor);
    if (!s->trace[x] || !forward)
        return;
    Ref *so_far = share_of(s, x, slot_of_section(s->g, forward));
    *so_far = *so_far ? graph_op2(s->g, OP_ADD, *so_far, c) : c;
}

void contribute(Adjoints *s, Ref x, Ref c)
{
    Graph *g = s->g;
    if (s->active[x])
        c = adjoint_fit(g, x, c);
    number_for(s, x);
    if (!s->active[x])
        return;
    contribute_share(s, x, c);
    if (s->slot_only)
        return;
    Ref so_far = s->whole[x];
    if (node_at(g, x)->section == 0)
        s->whole[x] = adjoint_accumulate(s, x, so_far, c, acc_serial(s, x));
    else
        s->whole[x] = so_far ? add_contribution(s, x, so_far, c) : c;
    s->numbered = g->count; /* what adds has numbers of its own, or none */
}

static Ref filler(Graph *g, Ref x, int32_t dim, int32_t count)
{
    Shape shape = node_at(g, x)->shape;
    shape.dim[dim] = count;
    return graph_const(g, 0, shape);
}

/* Takes from x's parts a set that is disjoint along the first one's dim, and joins it with zeros
 * where nothing stands. The gates of an LSTM come out as one concat without a hole. */
static Ref join_parts(Adjoints *s, Ref x)
{
    Graph *g = s->g;
    int32_t dim = s->parts[x]->dim, at = 0, length = node_at(g, x)->shape.dim[dim];
    uint32_t n = 0, most = 1;
    for (Part *p = s->parts[x]; p; p = p->next)
        most += 2;
    Ref *pieces = arena_array(s->arena, Ref, most);
    while (at < length) {
        Part **best = NULL;
        for (Part **p = &s->parts[x]; *p; p = &(*p)->next)
            if ((*p)->dim == dim && (*p)->from >= at && (!best || (*p)->from < (*best)->from))
                best = p;
        int32_t from = best ? (*best)->from : length;
        if (from > at)
            pieces[n++] = filler(g, x, dim, from - at);
        if (best) {
            pieces[n++] = (*best)->c;
            from += node_at(g, (*best)->c)->shape.dim[dim];
            *best = (*best)->next;
        }
        at = from;
    }
    return graph_concat(g, pieces, n, dim);
}

static void collect_parts(Adjoints *s, Ref x)
{
    while (s->parts[x])
        contribute(s, x, join_parts(s, x));
}

/* Parts wait until x's turn comes, except where they must be added in place slot by slot. */
void contribute_slice(Adjoints *s, Ref x, int32_t dim, int32_t from, Ref c)
{
    if (!s->active[x])
        return;
    Part *p = arena_array(s->arena, Part, 1);
    *p = (Part){ s->parts[x], dim, from, c };
    s->parts[x] = p;
    if (node_at(s->g, x)->section == 0)
        collect_parts(s, x);
}

static void enter(Adjoints *s, Ref r)
{
    Graph *g = s->g;
    const Node *n = node_at(g, r);
    g->cursor = section_backward(g, n->section);
    g->origin = n->origin;
    g->file = n->file;
    g->line = n->line;
}

/* The last sum of the contributions to r is in every slot the same to its users. */
static void number_total(Adjoints *s, Ref r)
{
    Node *n = &s->g->node[s->whole[r]];
    if (s->sums[r] && n->serial == role(s->g, r, ROLE_SUM, s->sums[r] - 1, ROLE_TOTAL))
        n->serial = role(s->g, r, ROLE_TOTAL, 0, ROLES);
}

static void sweep(Adjoints *s, bool slots)
{
    for (Ref r = s->count - 1; r; r--) {
        if ((node_at(s->g, r)->section != 0) != slots)
            continue;
        enter(s, r);
        Ref begin = s->g->count;
        collect_parts(s, r);
        number_made(s, r, begin, ROLE_PARTS, ROLE_SUM);
        if (!s->whole[r])
            continue;
        number_total(s, r);
        s->turn = r;
        s->numbered = s->g->count;
        memset(s->made, 0, sizeof s->made);
        adjoint_rule(s, s->g, r, s->whole[r]);
        s->turn = 0;
    }
}

static void sweep_shares(Adjoints *s)
{
    s->slot_only = true;
    for (int32_t slot = s->g->k - 1; slot >= 0; slot--)
        for (int32_t i = s->ntraced - 1; i >= 0; i--) {
            Ref r = s->traced[i], share = *share_of(s, r, slot);
            enter(s, r);
            s->g->cursor = section_backward(s->g, section_of_slot(slot));
            if (share)
                adjoint_rule(s, s->g, r, share);
        }
    s->slot_only = false;
}

/* d(reduced loss)/d(loss of a slot) is given, lane by lane. */
static void seed(Adjoints *s, const Root *loss)
{
    enter(s, loss->node);
    s->g->cursor = section_backward(s->g, loss->section);
    s->g->serial = WEIGHT_SERIAL;
    Ref weight = graph_leaf(s->g, OP_WEIGHT, 0, (Shape){ 0 }, true, false,
                            section_of_slot(loss->slot), 0);
    s->g->serial = 0;
    contribute(s, loss->node, weight);
}

/* 0: none. */
static Ref slot_adjoint(const Adjoints *s, Ref x, int32_t slot)
{
    if (node_at(s->g, x)->section)
        return s->whole[x];
    return s->trace[x] ? *share_of(s, x, slot) : 0;
}

/* Of what a head sees of a slot. A state that it left is the value that the step made of it, but where the
 * lane is padded, or where lanes share that. */
static Ref seen_adjoint(Adjoints *s, int32_t probe, Ref x)
{
    Graph *g = s->g;
    const Model *m = s->window->model;
    int32_t slot = probed(s, probe)->attr[1], state = probed_state(s, probe);
    Ref made = slot_adjoint(s, x, slot);
    if (state < 0 || (!m->masks && node_at(g, x)->batched))
        return made;
    Ref value = s->window->left[state * g->k + slot], left = s->whole[value];
    if (!node_at(g, x)->batched)
        return left;
    Ref mask = graph_leaf(g, OP_MASK, 0, (Shape){ 0 }, true, false, section_of_slot(slot), 0);
    return graph_where(g, mask, made ? made : zeros(g, value), left ? left : zeros(g, value));
}

/* Per lane; of what lanes share it is their sum, in each. */
static Ref probe_adjoint(Adjoints *s, const Root *root)
{
    Graph *g = s->g;
    Ref x = s->window->marked[root->index * g->k + root->slot], adjoint = 0;
    if (x)
        adjoint = probed(s, root->index)->op == OP_PAST ? seen_adjoint(s, root->index, x)
                                                        : slot_adjoint(s, x, root->slot);
    return adjoint ? graph_expand(g, adjoint, node_at(g, root->node)->shape, true) : zeros(g, root->node);
}

/* Where it is complete: with what a head sees of an older slot, when that has gone back. */
static void add_probe_roots(Adjoints *s, int32_t nroots)
{
    for (int32_t i = 0; i < nroots; i++) {
        Root root = s->window->roots[i];
        if (root.kind != ROOT_PROBE)
            continue;
        int32_t own = s->g->cursor = section_backward(s->g, root.section);
        Ref adjoint = probe_adjoint(s, &root);
        int32_t section = node_at(s->g, adjoint)->section;
        window_add_root(s->window, ROOT_PROBE_GRAD, root.index, root.slot, adjoint, section > own ? section : own);
    }
}

/* [nstates][k] the state as it enters each slot; 0: the slot does not read it. */
static Ref *find_leaves(const Adjoints *s)
{
    const Graph *g = s->g;
    Ref *leaf = arena_array(s->arena, Ref, (size_t)s->window->model->nstates * (size_t)g->k + 1);
    for (Ref r = 1; r < s->count; r++) {
        const Node *n = node_at(g, r);
        if (n->op == OP_STATE)
            leaf[n->attr[0] * g->k + slot_of_section(g, n->section)] = r;
    }
    return leaf;
}

/* The adjoint of `value`, zeros where there is none, in the section in which its parts are joined. */
static void add_state_grad(Adjoints *s, int32_t state, int32_t slot, Ref value)
{
    Graph *g = s->g;
    const tl_tensor *t = &s->window->model->states[state];
    int32_t newest = g->k - 1, own = section_of_slot(slot < newest ? slot : newest);
    Shape shape = shape_make(t->rank, t->dim);
    g->cursor = section_backward(g, value ? node_at(g, value)->section : own);
    Ref adjoint = value ? s->whole[value] : 0;
    if (!adjoint)
        adjoint = graph_expand(g, graph_const(g, 0, shape), shape, true);
    window_add_root(s->window, ROOT_STATE_GRAD, state, slot, adjoint, g->cursor);
}

/* What enters a slot is its leaf's adjoint. Where there is a head it sees what a slot left, too, which
 * is a value of its own then (unroll.c) and has the leaf's adjoint and the head's; and all slots run.
 * Without one a window may begin with any slot, and nothing comes back to the newest state. */
static void add_state_roots(Adjoints *s, int32_t nroots)
{
    int32_t k = s->g->k;
    if (!s->window->model->lags)
        return;
    const Ref *leaves = find_leaves(s);
    for (int32_t i = 0; i < nroots; i++) {
        Root root = s->window->roots[i];
        int32_t next = root.slot + 1;
        if (root.kind != ROOT_STATE)
            continue;
        const Ref *leaf = &leaves[root.index * k];
        if (root.slot == 0)
            add_state_grad(s, root.index, 0, leaf[0]);
        add_state_grad(s, root.index, next, s->g->head ? root.node : next < k ? leaf[next] : 0);
    }
}

/* All that a parameter gets may be a slice of what a concat of parameters gets: it is read there. */
static Ref read_in_place(const Graph *g, Ref adjoint)
{
    const Node *n = node_at(g, adjoint);
    Ref only = n->op == OP_ACC && n->nargs == 1 ? arg_at(g, adjoint, 0) : 0;
    bool slice = node_at(g, only)->op == OP_SLICE && node_at(g, arg_at(g, only, 0))->op == OP_ACC;
    return slice ? only : adjoint;
}

static void add_gradient_roots(Adjoints *s)
{
    const Model *m = s->window->model;
    Graph *g = s->g;
    g->cursor = section_epilogue(g);
    for (int32_t i = 0; i < m->nparams; i++) {
        Shape shape = shape_make(m->params[i].rank, m->params[i].dim);
        Ref leaf = graph_leaf(g, OP_PARAM, i, shape, false, false, 0, 0);
        bool trained = tl_is_trained(&m->params[i]), marked = leaf < s->count && s->marked[leaf];
        Ref adjoint = leaf < s->count && (trained || !marked) ? s->whole[leaf] : 0;
        assume(!adjoint == !trained, "parameter %s: gradient %s it, against find_trained", m->params[i].name,
               adjoint ? "reaches" : "does not reach");
        window_add_root(s->window, ROOT_GRAD, i, 0, adjoint ? read_in_place(g, adjoint) : zeros(g, leaf), g->cursor);
    }
}

/* ---- the pass ---- */

static void sweep_all(Adjoints *s, int32_t nroots)
{
    find_marked(s);
    find_traced(s);
    find_active(s);
    for (int32_t i = nroots - 1; i >= 0; i--)
        if (s->window->roots[i].kind == ROOT_LOSS)
            seed(s, &s->window->roots[i]);
    sweep(s, true);
    sweep(s, false);
    sweep_shares(s);
    add_probe_roots(s, nroots);
    add_state_roots(s, nroots);
    add_gradient_roots(s);
}

void differentiate(Window *w)
{
    Graph *g = w->graph;
    Arena *arena = arena_new();
    Adjoints s = { .window = w, .g = g, .count = g->count, .arena = arena,
                   .active = arena_array(arena, bool, g->count),
                   .whole = arena_array(arena, Ref, g->count), .sums = arena_array(arena, int32_t, g->count),
                   .parts = arena_array(arena, Part *, g->count), .marked = arena_array(arena, bool, g->count),
                   .trace = arena_array(arena, int32_t, g->count) };
    if (w->model->reached && !w->model->carries)
        add_forward_gradients(&s);
    else
        sweep_all(&s, w->nroots);
    g->cursor = 0;
    arena_free(arena);
}
