/* join.c - matrices applied to one vector become one matrix, and their sums one sum.
 *
 * A cell written from its formulas has a product for each gate: W_i x, W_f x, ... and U_i h, U_f h, ... Each slot's
 * products with the same vector become one, with the concat of the matrices' rows, of which they are slices; all slots
 * share the concat. What then adds slice i of one to slice i of another, or to parameter i of as many, for all i, is
 * one addition before the slicing: W x + U h + b is a value as nn.lstm has it. Differentiation makes one product of the
 * gradients of such matrices, and one of what comes back to the vector.
 *
 * The members of a bundle are in the order in which their parameters stand in the caller's block. Where these are
 * neighbours, the concat is a part of that block and its gradient a part of the gradients' (layout.c): nothing is
 * copied. Where they are not, each window copies the matrices and their gradients, which must pay (below).
 *
 * Left apart are parameters that are trained from those that are not, whose gradients nobody wants; what the next
 * state needs from what it does not need, which runs for all slots together (segments.h); values that a probe marks,
 * for the constructors look through slices. A parameter that slots have versions of is no parameter of section 0, and
 * stays apart likewise.
 *
 * One matrix applied to several vectors of a slot is not joined: the vectors stand apart, mostly in the caller's
 * blocks, so they would be copied in every slot; where one of them comes from the state and another does not, the
 * recurrence would have to wait for both; and packed matrices are shared by such products as it is. */
#include <stdlib.h>

#include "graph/checked.h"
#include "passes/window.h"

/* A slot's product with a matrix. */
typedef struct Candidate {
    Ref product, vector; /* 0: the parameter is none that may join */
    int32_t section;
    bool recurs, trained;
    Ref with;            /* the vector that it is applied to */
    int32_t param;
    size_t offset;
} Candidate;

/* Values of one section, in the old graph, that become slices of one. */
typedef struct Bundle {
    Ref *member;         /* [count] vectors, or products with no such view of them alone */
    int32_t count;
    int32_t *param;      /* [count] the matrices, or what is added to each of `left`; NULL: those are values */
    struct Bundle *left, *right; /* of a sum; left NULL: of products */
    Ref with;            /* of products */
    bool consumed;       /* its members are parts of a sum alone, and are not made */
    Ref whole;           /* in the new graph, {elements}; 0: not made yet */
    struct Bundle *next;
} Bundle;

typedef struct Joiner {
    const Window *window;
    const Model *model;
    const Graph *old;
    Graph *g;
    Arena *arena;
    uint32_t *uses;      /* [old->count] operands, roots, and marks */
    Ref *user;           /* [old->count] the last operation that reads it */
    bool *marked, *recurs;
    Bundle **of;         /* [old->count] NULL: a node of no bundle */
    int32_t *place;      /* [old->count] in it */
    Bundle *first, **last;
    int64_t serials;     /* numbers of new nodes begin here */
    Ref *map;
} Joiner;

/* ---- what is known of the graph ---- */

static void find_uses(Joiner *s)
{
    const Graph *g = s->old;
    const Window *w = s->window;
    for (Ref r = 1; r < g->count; r++)
        for (uint32_t i = 0; i < node_at(g, r)->nargs; i++) {
            s->uses[arg_at(g, r, i)]++;
            s->user[arg_at(g, r, i)] = r;
        }
    for (int32_t i = 0; i < w->nroots; i++)
        s->uses[w->roots[i].node]++;
    for (int32_t i = 0; w->marked && i < s->model->nprobes * g->k; i++)
        s->marked[w->marked[i]] = true;
    for (int32_t i = 0; w->left && i < s->model->nstates * g->k; i++)
        s->uses[w->left[i]]++;
}

/* Leads to a state that is left. */
static void find_recurring(Joiner *s)
{
    const Graph *g = s->old;
    for (int32_t i = 0; i < s->window->nroots; i++)
        if (s->window->roots[i].kind == ROOT_STATE)
            s->recurs[s->window->roots[i].node] = true;
    for (Ref r = g->count - 1; r; r--)
        for (uint32_t i = 0; s->recurs[r] && i < node_at(g, r)->nargs; i++)
            s->recurs[arg_at(g, r, i)] = true;
}

/* Read by one operation alone, whose adjoint is then all of its own. */
static Ref only_user(const Joiner *s, Ref r) { return s->uses[r] == 1 && !s->marked[r] ? s->user[r] : 0; }

static bool is_shared_param(const Node *n) { return n->op == OP_PARAM && n->section == 0; }

/* Neighbours in the block need no copies. The others take one of each element and of its gradient's in a window; what
 * is saved is a fraction of each multiplication. */
static bool pays(const Joiner *s)
{
    enum { FEW_ROWS = 64 };
    return (int64_t)s->old->lanes * s->old->k >= FEW_ROWS;
}

static bool may_join(const Joiner *s, int32_t before, int32_t param)
{
    return tl_is_trained(&s->model->params[before]) == tl_is_trained(&s->model->params[param]) &&
           (params_adjoin(s->model, before, param) || pays(s));
}

/* ---- bundles of products ---- */

static Bundle *add_bundle(Joiner *s, Bundle b)
{
    Bundle *new = arena_array(s->arena, Bundle, 1);
    *new = b;
    *s->last = new;
    s->last = &new->next;
    for (int32_t i = 0; i < b.count; i++) {
        s->of[b.member[i]] = new;
        s->place[b.member[i]] = i;
    }
    return new;
}

static Candidate candidate(const Joiner *s, Ref r)
{
    const Node *n = node_at(s->old, r);
    Candidate none = { 0 };
    if (n->op != OP_MATMUL || n->section == 0 || n->attr[0] || !n->attr[1] || n->attr[2] || n->shape.dim[0] != 1)
        return none;
    const Node *matrix = node_at(s->old, arg_at(s->old, r, 1));
    const Node *user = node_at(s->old, only_user(s, r));
    bool viewed = user->op == OP_RESHAPE && user->shape.rank == 1 && user->section == n->section;
    Ref vector = viewed ? s->user[r] : r;
    if (!is_shared_param(matrix) || s->marked[r] || s->marked[vector])
        return none;
    const tl_tensor *param = &s->model->params[matrix->attr[0]];
    return (Candidate){ .product = r, .vector = vector, .section = n->section, .with = arg_at(s->old, r, 0),
                        .recurs = s->recurs[r], .trained = tl_is_trained(param), .param = matrix->attr[0],
                        .offset = param->offset };
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
    return (x->offset > y->offset) - (x->offset < y->offset);
}

static bool same_group(const Candidate *a, const Candidate *b)
{
    return a->section == b->section && a->with == b->with && a->recurs == b->recurs && a->trained == b->trained;
}

static void bundle_products(Joiner *s, const Candidate *c, uint32_t n)
{
    Bundle b = { .count = (int32_t)n, .with = c->with, .member = arena_array(s->arena, Ref, n),
                 .param = arena_array(s->arena, int32_t, n) };
    if (n < 2)
        return;
    for (uint32_t i = 0; i < n; i++) {
        b.member[i] = c[i].vector;
        b.param[i] = c[i].param;
    }
    Bundle *new = add_bundle(s, b);
    for (uint32_t i = 0; i < n; i++)
        s->of[c[i].product] = new;
}

static void find_products(Joiner *s)
{
    Candidate *c = arena_array(s->arena, Candidate, s->old->count);
    uint32_t n = 0;
    for (Ref r = 1; r < s->old->count; r++)
        if ((c[n] = candidate(s, r)).product)
            n++;
    if (n)
        qsort(c, n, sizeof *c, by_group);
    for (uint32_t from = 0, to; from < n; from = to) {
        for (to = from + 1; to < n && same_group(&c[to - 1], &c[to]) && may_join(s, c[to - 1].param, c[to].param);)
            to++;
        bundle_products(s, &c[from], to - from);
    }
}

/* ---- bundles of sums ---- */

/* The addition that alone reads member i. */
static Ref addition_of(const Joiner *s, const Bundle *b, int32_t i)
{
    const Graph *g = s->old;
    Ref r = b->member[i], sum = only_user(s, r);
    const Node *n = node_at(g, sum);
    bool same = sum && n->op == OP_ADD && n->section == node_at(g, r)->section && n->shape.rank == 1 && n->batched &&
                shape_equal(&n->shape, &node_at(g, r)->shape);
    return same && !s->marked[sum] ? sum : 0;
}

static Ref added_to(const Joiner *s, Ref sum, Ref r)
{
    return arg_at(s->old, sum, arg_at(s->old, sum, 0) == r);
}

/* The bundle whose member i is added to member i of b, for all i. */
static Bundle *added_bundle(const Joiner *s, const Bundle *b, const Ref *sum)
{
    Bundle *other = s->of[added_to(s, sum[0], b->member[0])];
    bool fits = other && other != b && !other->consumed && other->count == b->count;
    for (int32_t i = 0; fits && i < b->count; i++)
        fits = added_to(s, sum[i], b->member[i]) == other->member[i] && addition_of(s, other, i) == sum[i];
    return fits ? other : NULL;
}

/* The parameters that are added to the members of b. */
static int32_t *added_params(const Joiner *s, const Bundle *b, const Ref *sum)
{
    int32_t *param = arena_array(s->arena, int32_t, b->count);
    for (int32_t i = 0; i < b->count; i++) {
        const Node *n = node_at(s->old, added_to(s, sum[i], b->member[i]));
        param[i] = n->attr[0];
        if (!is_shared_param(n) || !shape_equal(&n->shape, &node_at(s->old, sum[i])->shape) ||
            (i && !may_join(s, param[i - 1], param[i])))
            return NULL;
    }
    return param;
}

static void find_sum(Joiner *s, Bundle *b)
{
    Ref *sum = arena_array(s->arena, Ref, b->count);
    for (int32_t i = 0; i < b->count; i++)
        if (!(sum[i] = addition_of(s, b, i)))
            return;
    Bundle *right = added_bundle(s, b, sum);
    int32_t *param = right ? NULL : added_params(s, b, sum);
    if (b->consumed || (!right && !param))
        return;
    b->consumed = true;
    if (right)
        right->consumed = true;
    add_bundle(s, (Bundle){ .member = sum, .count = b->count, .param = param, .left = b, .right = right });
}

/* ---- the new graph ---- */

enum { PART_PRODUCT, PART_VECTOR, PART_SLICE, PART_MATRIX, PARTS };

/* What is made of an old node, numbered by it: time-copies have numbers alike. */
static void make_of(Joiner *s, Ref r, int32_t part)
{
    const Node *n = node_at(s->old, r);
    Graph *g = s->g;
    g->cursor = n->section;
    g->origin = n->origin;
    g->file = n->file;
    g->line = n->line;
    g->serial = n->serial ? s->serials + n->serial * PARTS + part : 0;
}

static void made(Joiner *s)
{
    s->g->cursor = 0;
    s->g->serial = 0;
}

static Ref concat_params(Joiner *s, const Bundle *b)
{
    Ref *part = arena_array(s->arena, Ref, b->count);
    for (int32_t i = 0; i < b->count; i++) {
        const tl_tensor *t = &s->model->params[b->param[i]];
        part[i] = graph_leaf(s->g, OP_PARAM, b->param[i], shape_make(t->rank, t->dim), false, false, 0, 0);
    }
    return graph_concat(s->g, part, (uint32_t)b->count, 0);
}

static Ref product_of(Joiner *s, const Bundle *b, Ref matrix)
{
    make_of(s, b->member[0], PART_PRODUCT);
    Ref product = graph_matmul(s->g, s->map[b->with], matrix, false, true, false);
    make_of(s, b->member[0], PART_VECTOR);
    return graph_reshape(s->g, product, shape_make(1, &node_at(s->g, matrix)->shape.dim[0]));
}

static void make_whole(Joiner *s, Bundle *b)
{
    if (b->whole)
        return;
    make_of(s, b->member[0], PART_VECTOR);
    made(s);
    Ref params = b->param ? concat_params(s, b) : 0;
    if (!b->left) {
        b->whole = product_of(s, b, params);
    } else {
        make_of(s, b->member[0], PART_VECTOR);
        b->whole = graph_op2(s->g, OP_ADD, b->left->whole, params ? params : b->right->whole);
    }
    made(s);
}

static Ref slice_of(Joiner *s, const Bundle *b, Ref r)
{
    const Node *n = node_at(s->old, r);
    int32_t from = 0, size = n->shape.dim[n->shape.rank - 1];
    for (int32_t i = 0; i < s->place[r]; i++) {
        const Shape *before = &node_at(s->old, b->member[i])->shape;
        from += before->dim[before->rank - 1];
    }
    make_of(s, r, PART_SLICE);
    Ref slice = graph_slice(s->g, b->whole, 0, from, size);
    make_of(s, r, PART_MATRIX);
    slice = graph_reshape(s->g, slice, n->shape);
    made(s);
    return slice;
}

static void rebuild(Joiner *s, Ref r)
{
    Bundle *b = s->of[r];
    if (!b) {
        s->map[r] = graph_rebuild_mapped(s->g, s->old, r, s->map);
        return;
    }
    make_whole(s, b);
    if (!b->consumed && b->member[s->place[r]] == r)
        s->map[r] = slice_of(s, b, r);
}

static void find_serials(Joiner *s)
{
    for (Ref r = 1; r < s->old->count; r++)
        if (node_at(s->old, r)->serial > s->serials)
            s->serials = node_at(s->old, r)->serial;
}

static void rename_all(const Joiner *s, Window *w)
{
    for (int32_t i = 0; i < w->nroots; i++)
        w->roots[i].node = s->map[w->roots[i].node];
    for (int32_t i = 0; w->marked && i < s->model->nprobes * s->old->k; i++)
        w->marked[i] = s->map[w->marked[i]];
    for (int32_t i = 0; w->left && i < s->model->nstates * s->old->k; i++)
        w->left[i] = s->map[w->left[i]];
}

void join(Window *w)
{
    Arena *arena = arena_new();
    const Graph *old = w->graph;
    Joiner s = { .window = w, .model = w->model, .old = old, .g = graph_new_like(old), .arena = arena,
                 .uses = arena_array(arena, uint32_t, old->count), .user = arena_array(arena, Ref, old->count),
                 .marked = arena_array(arena, bool, old->count), .recurs = arena_array(arena, bool, old->count),
                 .of = arena_array(arena, Bundle *, old->count), .place = arena_array(arena, int32_t, old->count),
                 .map = arena_array(arena, Ref, old->count) };
    s.last = &s.first;
    find_uses(&s);
    find_recurring(&s);
    find_products(&s);
    for (Bundle *b = s.first; b; b = b->next)
        find_sum(&s, b);
    find_serials(&s);
    for (Ref r = 1; r < old->count; r++)
        rebuild(&s, r);
    rename_all(&s, w);
    arena_free(arena);
    graph_free(w->graph);
    w->graph = s.g;
}
