/* bundle.c - finds bundles.
 *
 * Parameters are neighbours, or nothing is joined: copies of matrices, and of their gradients, cost a window of few
 * rows as much as the joint product saves, and a window of many rows more, for it packs its matrices from where they
 * stand (4.9 million instructions instead of 4.3 in an LSTM of 64, 16 lanes, 16 steps). So the parameters of a bundle
 * are placed side by side. What is not placed so is a parameter of two bundles.
 *
 * Left apart are parameters that are trained from those that are not, whose gradients nobody wants; what the next
 * state needs from what it does not need, which runs for all slots together (segments.h); and values that a probe
 * marks, for the constructors look through slices. A parameter of which slots have versions is none of section 0, and
 * stays apart likewise.
 *
 * One matrix applied to several vectors of a slot is not joined. The vectors stand apart, mostly in the caller's
 * blocks, and would be copied in every slot; where one comes from the state and another does not, the recurrence would
 * have to wait for both; and such products share their packed matrix as it is. */
#include "passes/bundle.h"

#include <stdlib.h>

/* A slot's product with a matrix. */
typedef struct Candidate {
    Ref product, vector;
    int32_t section;
    bool recurs, trained;
    Ref with;
    int32_t param;
    size_t order;
} Candidate;

typedef struct Finder {
    const Window *window;
    const Model *model;
    const Graph *g;
    Arena *arena;
    bool placed;
    uint32_t *uses;      /* [g->count] operands and roots that name it */
    Ref *user;           /* [g->count] the last operation that reads it */
    bool *marked;        /* [g->count] by a probe */
    bool *recurs;        /* [g->count] leads to a state that is left */
    bool *of_state;      /* [g->count] made of a state that enters */
    Bundles found;
    Bundle **last;       /* where the next is hung in */
} Finder;

/* ---- what is known of the graph ---- */

static void find_uses(Finder *s)
{
    const Graph *g = s->g;
    const Window *w = s->window;
    count_uses(w, s->uses);
    for (Ref r = 1; r < g->count; r++)
        for (uint32_t i = 0; i < node_at(g, r)->nargs; i++)
            s->user[arg_at(g, r, i)] = r;
    for (int32_t i = 0; w->marked && i < s->model->nprobes * g->k; i++)
        s->marked[w->marked[i]] = true;
}

static void find_recurring(Finder *s)
{
    const Graph *g = s->g;
    for (int32_t i = 0; i < s->window->nroots; i++)
        if (s->window->roots[i].kind == ROOT_STATE)
            s->recurs[s->window->roots[i].node] = true;
    for (Ref r = g->count - 1; r; r--)
        for (uint32_t i = 0; s->recurs[r] && i < node_at(g, r)->nargs; i++)
            s->recurs[arg_at(g, r, i)] = true;
    for (Ref r = 1; r < g->count; r++) {
        s->of_state[r] = node_at(g, r)->op == OP_STATE;
        for (uint32_t i = 0; i < node_at(g, r)->nargs; i++)
            s->of_state[r] |= s->of_state[arg_at(g, r, i)];
    }
}

/* The operation that alone reads r, to which its adjoint is then all due; 0: there is none. */
static Ref only_user(const Finder *s, Ref r) { return s->uses[r] == 1 && !s->marked[r] ? s->user[r] : 0; }

static bool is_shared_param(const Node *n) { return n->op == OP_PARAM && n->section == 0; }

static bool may_follow(const Finder *s, int32_t param, int32_t next)
{
    return tl_is_trained(&s->model->params[param]) == tl_is_trained(&s->model->params[next]) &&
           (!s->placed || params_adjoin(s->model, param, next));
}

static Bundle *add_bundle(Finder *s, Bundle b)
{
    Bundle *new = arena_array(s->arena, Bundle, 1);
    *new = b;
    *s->last = new;
    s->last = &new->next;
    for (int32_t i = 0; i < b.count; i++) {
        s->found.of[b.member[i]] = new;
        s->found.place[b.member[i]] = i;
    }
    return new;
}

/* ---- products ---- */

/* The matrix that r applies to one vector, y = W a; NULL if it does nothing of that kind. */
static const Node *applied_matrix(const Finder *s, Ref r)
{
    const Node *n = node_at(s->g, r);
    if (n->op != OP_MATMUL || !n->batched || n->attr[0] || !n->attr[1] || n->attr[2] || n->shape.dim[0] != 1)
        return NULL;
    const Node *matrix = node_at(s->g, arg_at(s->g, r, 1));
    return is_shared_param(matrix) ? matrix : NULL;
}

static bool find_candidate(const Finder *s, Ref r, Candidate *c)
{
    const Node *n = node_at(s->g, r), *matrix = applied_matrix(s, r);
    if (!matrix)
        return false;
    const Node *user = node_at(s->g, only_user(s, r));
    bool viewed = is_reshaped(s->g, only_user(s, r)) && user->shape.rank == 1 && user->section == n->section;
    const tl_tensor *param = &s->model->params[matrix->attr[0]];
    *c = (Candidate){ .product = r, .vector = viewed ? s->user[r] : r, .section = n->section,
                      .with = arg_at(s->g, r, 0), .recurs = s->recurs[r], .trained = tl_is_trained(param),
                      .param = matrix->attr[0], .order = s->placed ? param->offset : r };
    return !s->marked[r] && !s->marked[c->vector];
}

static int by_group(const void *a, const void *b)
{
    const Candidate *x = a, *y = b;
    if (x->section != y->section)
        return x->section < y->section ? -1 : 1;
    if (x->with != y->with)
        return x->with < y->with ? -1 : 1;
    if (x->recurs != y->recurs)
        return x->recurs ? 1 : -1;
    if (x->trained != y->trained)
        return x->trained ? 1 : -1;
    return (x->order > y->order) - (x->order < y->order);
}

static bool is_next(const Finder *s, const Candidate *c, const Candidate *next)
{
    return c->section == next->section && c->with == next->with && c->recurs == next->recurs &&
           may_follow(s, c->param, next->param);
}

static void add_products(Finder *s, const Candidate *c, uint32_t n)
{
    Bundle b = { .count = (int32_t)n, .with = c->with, .member = arena_array(s->arena, Ref, n),
                 .param = arena_array(s->arena, int32_t, n) };
    for (uint32_t i = 0; i < n; i++) {
        b.member[i] = c[i].vector;
        b.param[i] = c[i].param;
    }
    Bundle *new = add_bundle(s, b);
    for (uint32_t i = 0; i < n; i++)
        s->found.of[c[i].product] = new;
}

static void find_products(Finder *s)
{
    Candidate *c = arena_array(s->arena, Candidate, s->g->count);
    uint32_t n = 0;
    for (Ref r = 1; r < s->g->count; r++)
        n += find_candidate(s, r, &c[n]);
    if (n)
        qsort(c, n, sizeof *c, by_group);
    for (uint32_t from = 0, to; from < n; from = to) {
        for (to = from + 1; to < n && is_next(s, &c[to - 1], &c[to]);)
            to++;
        if (to - from > 1)
            add_products(s, &c[from], to - from);
    }
}

/* ---- sums ---- */

/* The addition that alone reads member i. */
static Ref addition_of(const Finder *s, const Bundle *b, int32_t i)
{
    Ref r = b->member[i], sum = only_user(s, r);
    const Node *n = node_at(s->g, sum), *m = node_at(s->g, r);
    bool same = sum && n->op == OP_ADD && n->section == m->section && n->shape.rank == 1 &&
                n->batched == m->batched && shape_equal(&n->shape, &m->shape);
    return same && !s->marked[sum] && !s->found.of[sum] ? sum : 0;
}

static Ref added_to(const Finder *s, Ref sum, Ref r) { return arg_at(s->g, sum, arg_at(s->g, sum, 0) == r); }

/* Members of another bundle, one after the other, are added to the members of b. Nothing but the sums reads that
 * bundle; or some of it is read besides, and b comes from the state: then it is there for b to begin with (sums.c). */
static bool adds_bundle(const Finder *s, const Bundle *b, Bundle *sums)
{
    Ref first = added_to(s, sums->member[0], b->member[0]);
    Bundle *other = s->found.of[first];
    if (!other || other == b || other->whole_added)
        return false;
    int32_t from = s->found.place[first];
    bool fits = from + b->count <= other->count, whole = b->count == other->count;
    for (int32_t i = 0; i < b->count && fits; i++) {
        fits = added_to(s, sums->member[i], b->member[i]) == other->member[from + i];
        whole = fits && whole && addition_of(s, other, i) == sums->member[i];
    }
    if (!fits || (!whole && !s->of_state[b->member[0]]))
        return false;
    other->whole_added = whole;
    sums->right = other;
    sums->from = from;
    return true;
}

/* Parameters are added to them, or would be their sums. */
static bool adds_params(const Finder *s, const Bundle *b, Bundle *sums)
{
    sums->param = arena_array(s->arena, int32_t, b->count);
    for (int32_t i = 0; i < b->count; i++) {
        const Node *n = node_at(s->g, added_to(s, sums->member[i], b->member[i]));
        sums->param[i] = n->attr[0];
        if (!is_shared_param(n) || !shape_equal(&n->shape, &node_at(s->g, b->member[i])->shape) ||
            (i && !may_follow(s, sums->param[i - 1], sums->param[i])))
            return false;
    }
    return true;
}

static void find_sums(Finder *s, Bundle *b)
{
    Bundle sums = { .count = b->count, .member = arena_array(s->arena, Ref, b->count), .left = b };
    bool all = !b->whole_added;
    for (int32_t i = 0; i < b->count && all; i++)
        all = (sums.member[i] = addition_of(s, b, i)) != 0;
    if (!all || !(adds_bundle(s, b, &sums) || adds_params(s, b, &sums)))
        return;
    b->whole_added = true;
    for (int32_t i = 0; i < b->count; i++) {
        s->found.absorbed[b->member[i]] = true;
        if (sums.right && addition_of(s, sums.right, sums.from + i))
            s->found.absorbed[sums.right->member[sums.from + i]] = true;
    }
    add_bundle(s, sums);
}

Bundles find_bundles(const Window *w, bool placed, Arena *arena)
{
    uint32_t n = w->graph->count;
    Finder s = { .window = w, .model = w->model, .g = w->graph, .arena = arena, .placed = placed,
                 .uses = arena_array(arena, uint32_t, n), .user = arena_array(arena, Ref, n),
                 .marked = arena_array(arena, bool, n), .recurs = arena_array(arena, bool, n),
                 .of_state = arena_array(arena, bool, n),
                 .found = { .of = arena_array(arena, Bundle *, n), .place = arena_array(arena, int32_t, n) } };
    s.found.absorbed = arena_array(arena, bool, n);
    s.last = &s.found.first;
    find_uses(&s);
    find_recurring(&s);
    find_products(&s);
    for (Bundle *b = s.found.first; b; b = b->next)
        find_sums(&s, b);
    return s.found;
}

/* ---- the order of parameters ---- */

/* The step as a window of one slot, with what is read of it. */
static Window step_window(const Model *m)
{
    Window w = { .model = m, .graph = m->step };
    for (int32_t i = 0; i < m->nstates; i++)
        window_add_root(&w, ROOT_STATE, i, 0, m->next_state[i], 0);
    for (int32_t i = 0; i < m->noutputs; i++)
        window_add_root(&w, ROOT_OUTPUT, i, 0, m->output[i], 0);
    for (int32_t i = 0; i < m->npast; i++)
        window_add_root(&w, ROOT_PAST, i, 0, m->past_node[i], 0);
    if (m->loss)
        window_add_root(&w, ROOT_LOSS, 0, 0, m->loss, 0);
    for (int32_t i = 0; i < m->nnamed; i++)
        window_add_root(&w, ROOT_NAMED, i, 0, m->named_node[i], 0);
    return w;
}

/* [nparams] the first bundle that has the parameter; NULL: none has. */
static const Bundle **bundles_of_params(const Model *m, Arena *arena)
{
    const Bundle **of = arena_array(arena, const Bundle *, m->nparams + 1);
    if (m->tbptt.overlap == TL_VERSIONS)
        return of;
    Window step = step_window(m);
    Bundles found = find_bundles(&step, false, arena);
    for (const Bundle *b = found.first; b; b = b->next)
        for (int32_t i = 0; b->param && i < b->count; i++)
            if (!of[b->param[i]])
                of[b->param[i]] = b;
    free(step.roots);
    return of;
}

int32_t *order_params(const Model *m, bool *follows, Arena *arena)
{
    int32_t *order = arena_array(arena, int32_t, m->nparams + 1), n = 0;
    bool *done = arena_array(arena, bool, m->nparams + 1);
    const Bundle **of = bundles_of_params(m, arena);
    for (int32_t i = 0; i < m->nparams; i++) {
        int32_t count = of[i] ? of[i]->count : 1;
        for (int32_t j = 0; j < count; j++) {
            int32_t param = of[i] ? of[i]->param[j] : i;
            if (done[param] || of[param] != of[i])
                continue;
            done[param] = true;
            follows[n] = j > 0 && order[n - 1] == of[i]->param[j - 1];
            order[n++] = param;
        }
    }
    return order;
}
