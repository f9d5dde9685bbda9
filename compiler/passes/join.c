/* join.c - matrices applied to one vector become one matrix, and what is added to their products one sum.
 *
 * A cell written from its formulas has a product for each gate: W_i x, W_f x, ... and U_i h, U_f h, ... Each slot's
 * products with the same vector become one, with the concat of the matrices' rows, and they slices of it; all slots
 * share the concat. What adds the slices of one to those of another, or to biases, does so before the slicing:
 * W x + U h + b is then a value as in nn.lstm, and the second product begins with the first (sums.c). Differentiation
 * makes of it one product for the matrices' gradients, and one for what comes back to the vector.
 *
 * The matrices stand side by side among the parameters (bundle.c), so the concat is a part of that block, and its
 * gradient a part of the gradients' (layout.c): nothing is copied. */
#include <stdlib.h>

#include "passes/bundle.h"

typedef struct Joiner {
    const Model *model;
    const Graph *old;
    Graph *g;
    Arena *arena;
    Bundles bundles;
    int64_t serials;     /* the numbers of new nodes are above those of old ones */
    Ref *map;            /* [old->count] */
} Joiner;

/* What is made of an old node is numbered by it: time-copies have numbers alike. */
enum { MADE_PRODUCT, MADE_VECTOR, MADE_OPERAND, MADE_SLICE, MADE_MATRIX, MADE };

static void enter(Joiner *s, Ref r, int32_t made)
{
    const Node *n = node_at(s->old, r);
    Graph *g = s->g;
    g->cursor = n->section;
    g->origin = n->origin;
    g->file = n->file;
    g->line = n->line;
    g->serial = n->serial ? s->serials + n->serial * MADE + made : 0;
}

static void leave(Joiner *s)
{
    s->g->cursor = 0;
    s->g->serial = 0;
}

/* The length of a vector, or of a matrix of one row. */
static int32_t length(const Graph *g, Ref r)
{
    const Shape *shape = &node_at(g, r)->shape;
    return shape->dim[shape->rank - 1];
}

/* Elements of the bundle before member i. */
static int32_t elements_before(const Joiner *s, const Bundle *b, int32_t i)
{
    int32_t n = 0;
    while (i-- > 0)
        n += length(s->old, b->member[i]);
    return n;
}

static Ref concat_params(Joiner *s, const Bundle *b)
{
    Ref *part = arena_array(s->arena, Ref, b->count);
    enter(s, b->member[0], MADE_OPERAND);
    leave(s); /* it is of no slot */
    for (int32_t i = 0; i < b->count; i++) {
        const tl_tensor *t = &s->model->params[b->param[i]];
        part[i] = graph_leaf(s->g, OP_PARAM, b->param[i], shape_make(t->rank, t->dim), false, false, 0, 0);
    }
    return graph_concat(s->g, part, (uint32_t)b->count, 0);
}

static Ref join_products(Joiner *s, const Bundle *b)
{
    Ref matrix = concat_params(s, b);
    enter(s, b->member[0], MADE_PRODUCT);
    Ref product = graph_matmul(s->g, s->map[b->with], matrix, false, true, false);
    enter(s, b->member[0], MADE_VECTOR);
    return graph_reshape(s->g, product, shape_make(1, &node_at(s->g, matrix)->shape.dim[0]));
}

static Ref join_sums(Joiner *s, const Bundle *b)
{
    Ref operand;
    if (b->right) {
        enter(s, b->member[0], MADE_OPERAND);
        operand = graph_slice(s->g, b->right->whole, 0, elements_before(s, b->right, b->from),
                              elements_before(s, b, b->count));
    } else {
        operand = concat_params(s, b);
    }
    enter(s, b->member[0], MADE_VECTOR);
    return graph_op2(s->g, OP_ADD, b->left->whole, operand);
}

static Ref slice_of(Joiner *s, const Bundle *b, Ref r)
{
    enter(s, r, MADE_SLICE);
    Ref slice = graph_slice(s->g, b->whole, 0, elements_before(s, b, s->bundles.place[r]), length(s->old, r));
    enter(s, r, MADE_MATRIX);
    return graph_reshape(s->g, slice, node_at(s->old, r)->shape);
}

static void rebuild(Joiner *s, Ref r)
{
    Bundle *b = s->bundles.of[r];
    if (!b) {
        s->map[r] = graph_rebuild_mapped(s->g, s->old, r, s->map);
        return;
    }
    if (!b->whole)
        b->whole = b->left ? join_sums(s, b) : join_products(s, b);
    if (!s->bundles.absorbed[r] && b->member[s->bundles.place[r]] == r)
        s->map[r] = slice_of(s, b, r);
    leave(s);
}

void join(Window *w)
{
    Arena *arena = arena_new();
    const Graph *old = w->graph;
    Joiner s = { .model = w->model, .old = old, .g = graph_new_like(old), .arena = arena,
                 .bundles = find_bundles(w, true, arena), .map = arena_array(arena, Ref, old->count) };
    for (Ref r = 1; r < old->count; r++)
        if (node_at(old, r)->serial > s.serials)
            s.serials = node_at(old, r)->serial;
    for (Ref r = 1; r < old->count; r++)
        rebuild(&s, r);
    window_rename(w, s.map);
    arena_free(arena);
    graph_free(w->graph);
    w->graph = s.g;
}
