/* sums.c - sums in the order in which they cost least, and products that begin with what is added to them.
 *
 * x W + b, and the gates of a cell, W x + b + U h + c, are sums of terms that stand at different times: some no step
 * changes, some no recurrence needs, some are this step's. They are added in that order: what parameters alone
 * make is then one value for the window, and what no recurrence needs is added for all slots at once. Of terms that
 * stand at the same time, products come last, and a product that follows begins with the sum so far instead of 0
 * (its third operand): the addition costs no pass over memory. The adjoint of a state is such a sum too, of what is
 * above and what comes back from the slot behind.
 *
 * Only additions that nothing else reads are taken apart. A product that would have to wait for a term of a later
 * segment is added as it is. */
#include <stdlib.h>

#include "graph/checked.h"
#include "graph/user_error.h"
#include "schedule/layout.h"
#include "schedule/segments.h"
#include "schedule/sums.h"

enum { MOST_TERMS = 64 };

typedef struct Term {
    Ref node;        /* in the old graph */
    Ref product;     /* the matmul that it is behind its views, if only this sum reads it; else 0 */
    int32_t segment; /* in which it is computed; -1: of parameters alone */
} Term;

typedef struct Sum {
    Ref root;
    Term term[MOST_TERMS];
    int32_t count;
    int64_t serial[MOST_TERMS]; /* of the additions that made it, the root's last */
    int32_t additions;
} Sum;

typedef struct Rewriter {
    const Graph *old;
    Graph *g;
    const Segments *segments;
    uint32_t *uses;
    bool *inner;    /* an addition that is part of another's sum */
    bool *deferred; /* a product, or a view of one, that is made with its sum */
    Ref *map;
} Rewriter;

static bool is_matmul(const Rewriter *rw, Ref r) { return node_at(rw->old, r)->op == OP_MATMUL; }

/* An addition of values like its own, that is part of the sum of the only one that reads it. */
static bool is_inner(const Rewriter *rw, Ref user, Ref r)
{
    const Node *n = node_at(rw->old, r), *m = node_at(rw->old, user);
    return n->op == OP_ADD && rw->uses[r] == 1 && n->section == m->section && n->batched == m->batched &&
           shape_equal(&n->shape, &m->shape);
}

/* One that fills the sum's shape, and has no sum to begin with so far. */
static Ref product_behind(const Rewriter *rw, Ref sum, Ref r)
{
    const Node *n = node_at(rw->old, sum), *m = node_at(rw->old, r);
    if (m->batched != n->batched || !shape_equal(&m->shape, &n->shape))
        return 0;
    while (is_reshaped(rw->old, r) && rw->uses[r] == 1)
        r = arg_at(rw->old, r, 0);
    const Node *p = node_at(rw->old, r);
    return is_matmul(rw, r) && rw->uses[r] == 1 && p->nargs == 2 && !p->attr[2] ? r : 0;
}

/* Where the value is computed: views are where their operand is. */
static Ref computed_by(const Graph *g, Ref r)
{
    while (tl_op_table[node_at(g, r)->op].kind == TL_VIEW)
        r = arg_at(g, r, 0);
    return r;
}

static int32_t segment_of(const Rewriter *rw, Ref r)
{
    r = computed_by(rw->old, r);
    return node_at(rw->old, r)->section ? rw->segments->of[r] : -1;
}

static bool collect(const Rewriter *rw, Sum *s, Ref r)
{
    for (uint32_t i = 0; i < 2; i++) {
        Ref a = arg_at(rw->old, r, i);
        if (is_inner(rw, r, a)) {
            if (!collect(rw, s, a))
                return false;
            continue;
        }
        if (s->count == MOST_TERMS)
            return false;
        s->term[s->count++] = (Term){ a, product_behind(rw, s->root, a), segment_of(rw, a) };
    }
    s->serial[s->additions++] = node_at(rw->old, r)->serial;
    return true;
}

static int by_time(const void *a, const void *b)
{
    const Term *x = a, *y = b;
    if (x->segment != y->segment)
        return x->segment < y->segment ? -1 : 1;
    if (!x->product != !y->product)
        return x->product ? 1 : -1;
    return (x->node > y->node) - (x->node < y->node);
}

/* Is there anything to gain: a product that begins with a sum, or terms that slots share, to be added once? */
static bool is_worth_it(const Sum *s)
{
    bool gains = s->term[1].segment < 0 && s->count > 2;
    for (int32_t i = 1; i < s->count; i++)
        gains |= s->term[i].product != 0;
    return gains;
}

static Sum *find_sum(const Rewriter *rw, Ref r, Arena *arena)
{
    const Node *n = node_at(rw->old, r);
    if (n->op != OP_ADD || rw->inner[r] || n->section == 0 || !n->batched)
        return NULL;
    Sum *s = arena_array(arena, Sum, 1);
    s->root = r;
    if (!collect(rw, s, r))
        return NULL;
    qsort(s->term, (size_t)s->count, sizeof *s->term, by_time);
    return is_worth_it(s) ? s : NULL;
}

static void defer(Rewriter *rw, const Sum *s)
{
    for (int32_t i = 1; i < s->count; i++)
        for (Ref r = s->term[i].product ? s->term[i].node : 0; r; r = is_matmul(rw, r) ? 0 : arg_at(rw->old, r, 0))
            rw->deferred[r] = true;
}

static void mark_inner(Rewriter *rw)
{
    for (Ref r = rw->old->count - 1; r; r--) {
        const Node *n = node_at(rw->old, r);
        for (uint32_t i = 0; n->op == OP_ADD && n->section && i < 2; i++)
            if (is_inner(rw, r, arg_at(rw->old, r, i)))
                rw->inner[arg_at(rw->old, r, i)] = true;
    }
}

/* What a product may begin with: a value like its own, or a row that all share. */
static Ref as_start(Graph *g, Ref so_far, const Node *product, const Shape *sum)
{
    const Node *n = node_at(g, so_far);
    if (n->batched && shape_equal(&n->shape, sum))
        return graph_reshape(g, so_far, product->shape);
    if (n->batched || n->shape.rank != 1 || n->shape.dim[0] != product->shape.dim[1])
        return 0;
    return graph_reshape(g, so_far, shape_make(2, (int32_t[]){ 1, n->shape.dim[0] }));
}

/* The product, in the sum's own section: it may come back from another slot. */
static Ref make_product(Rewriter *rw, const Sum *s, const Term *t, Ref start)
{
    Graph *g = rw->g;
    const Node *n = node_at(rw->old, t->product), *root = node_at(rw->old, s->root);
    Ref a = rw->map[arg_at(rw->old, t->product, 0)], b = rw->map[arg_at(rw->old, t->product, 1)];
    g->cursor = root->section;
    g->origin = n->origin;
    g->file = n->file;
    g->line = n->line;
    g->serial = n->serial;
    Ref product = start ? graph_matmul_from(g, a, b, n->attr[0], n->attr[1], start)
                        : graph_matmul(g, a, b, n->attr[0], n->attr[1], false);
    g->serial = 0;
    return graph_reshape(g, product, root->shape);
}

/* The lookup that r is a view of, in a table that slots share, if nothing else reads it; else 0. */
static Ref lookup_behind(const Rewriter *rw, Ref r)
{
    while (is_reshaped(rw->old, r) && rw->uses[r] == 1)
        r = arg_at(rw->old, r, 0);
    bool lookup = node_at(rw->old, r)->op == OP_GATHER && rw->uses[r] == 1;
    return lookup && node_at(rw->old, arg_at(rw->old, r, 0))->section == 0 ? r : 0;
}

/* A row of a table, and a row that all share: the row of a table to which that was added; else 0. */
static Ref add_to_table(Rewriter *rw, const Sum *s, const Term *t, Ref so_far)
{
    Graph *g = rw->g;
    Ref lookup = lookup_behind(rw, t->node);
    const Node *row = node_at(g, so_far), *root = node_at(rw->old, s->root);
    if (!lookup || row->section || row->batched || row->shape.rank != 1)
        return 0;
    const Node *n = node_at(rw->old, lookup);
    Ref table = rw->map[arg_at(rw->old, lookup, 0)], token = rw->map[arg_at(rw->old, lookup, 1)];
    if (row->shape.dim[0] != n->shape.dim[0] || node_at(g, table)->op == OP_PARAM)
        return 0;
    g->cursor = 0;
    table = graph_op2(g, OP_ADD, table, so_far);
    g->cursor = root->section;
    g->serial = n->serial;
    Ref sum = graph_op2(g, OP_GATHER, table, token);
    g->serial = 0;
    return graph_reshape(g, sum, root->shape);
}

static Ref add_term(Rewriter *rw, const Sum *s, int32_t i, Ref so_far)
{
    Graph *g = rw->g;
    Ref in_table = add_to_table(rw, s, &s->term[i], so_far);
    if (in_table)
        return in_table;
    const Node *root = node_at(rw->old, s->root);
    const Term *t = &s->term[i];
    Ref start = t->product ? as_start(g, so_far, node_at(rw->old, t->product), &root->shape) : 0;
    Ref term = t->product ? make_product(rw, s, t, start) : rw->map[t->node];
    if (start)
        return term;
    bool shared = node_at(g, so_far)->section == 0 && node_at(g, term)->section == 0;
    g->origin = root->origin;
    g->file = root->file;
    g->line = root->line;
    g->cursor = shared ? 0 : root->section;
    g->serial = shared ? 0 : s->serial[i - 1];
    Ref sum = graph_op2(g, OP_ADD, so_far, term);
    g->serial = 0;
    return sum;
}

static Ref make_sum(Rewriter *rw, const Sum *s)
{
    Ref so_far = rw->map[s->term[0].node];
    for (int32_t i = 1; i < s->count; i++)
        so_far = add_term(rw, s, i, so_far);
    rw->g->cursor = 0;
    return so_far;
}

static void rewrite(Rewriter *rw, Window *w)
{
    const Graph *old = rw->old;
    Arena *arena = arena_new();
    Sum **sum = arena_array(arena, Sum *, old->count);
    mark_inner(rw);
    for (Ref r = 1; r < old->count; r++)
        if ((sum[r] = find_sum(rw, r, arena)))
            defer(rw, sum[r]);
    for (Ref r = 1; r < old->count; r++)
        if (!rw->deferred[r])
            rw->map[r] = sum[r] ? make_sum(rw, sum[r]) : graph_rebuild_mapped(rw->g, old, r, rw->map);
    for (int32_t i = 0; i < w->nroots; i++)
        w->roots[i].node = rw->map[w->roots[i].node];
    arena_free(arena);
}

void sums(Window *w, bool batch)
{
    Arena *arena = arena_new();
    const Graph *old = w->graph;
    Families *families = families_new(w);
    Segments *segments = segments_new(w, families, batch);
    Rewriter rw = { .old = old, .g = graph_new_like(old), .segments = segments, .uses = arena_array(arena, uint32_t, old->count),
                    .inner = arena_array(arena, bool, old->count), .deferred = arena_array(arena, bool, old->count),
                    .map = arena_array(arena, Ref, old->count) };
    count_uses(w, rw.uses);
    rewrite(&rw, w);
    segments_free(segments);
    families_free(families);
    arena_free(arena);
    graph_free(w->graph);
    w->graph = rw.g;
    remove_dead(w);
}
