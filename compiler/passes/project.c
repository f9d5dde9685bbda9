/* project.c - a linear map of a row of a table is a row of the mapped table.
 *
 * W e[token] for every step and lane multiplies rows of e that are few and the same again and again: with fewer words
 * than steps times lanes, the table is mapped instead, once for the window, and its rows are looked up:
 * (e Wᵀ)[token]. The mapped table is a value of no slot, so differentiation adds the rows' adjoints up in it first,
 * and multiplies as many rows as there are words.
 *
 * Not where steps are kept from window to window: the weights then move between slots. */
#include <stdlib.h>

#include "graph/checked.h"
#include "passes/window.h"

typedef struct Projector {
    const Window *window;
    const Graph *old;
    Graph *g;
    uint32_t *uses;
    bool *kept; /* by node: a probe looks at it */
    Ref *map;
} Projector;

static bool is_shared(const Graph *g, Ref r)
{
    const Node *n = node_at(g, r);
    return n->section == 0 && !n->batched;
}

/* The gather that r is a view of, if nothing else reads it; else 0. Its table is of no lane, and made of parameters:
 * it is one for all slots or a head's own, and is mapped where it is made. */
static Ref lone_gather(const Projector *p, Ref r)
{
    while (is_reshaped(p->old, r) && p->uses[r] == 1 && !p->kept[r])
        r = arg_at(p->old, r, 0);
    return node_at(p->old, r)->op == OP_GATHER && p->uses[r] == 1 && !p->kept[r] ? r : 0;
}

/* Rows of the product as it is: steps times lanes, of a head, which runs once, lanes. */
static int64_t rows_of(const Graph *g, const Node *product)
{
    return product->section == section_head(g) ? g->lanes : (int64_t)g->k * g->lanes;
}

static Ref projects(const Projector *p, Ref r)
{
    const Node *n = node_at(p->old, r);
    if (n->op != OP_MATMUL || n->attr[0] || n->attr[2] || n->shape.dim[0] != 1 || !is_shared(p->old, arg_at(p->old, r, 1)))
        return 0;
    Ref gather = lone_gather(p, arg_at(p->old, r, 0));
    return gather && node_at(p->old, arg_at(p->old, gather, 0))->shape.dim[0] < rows_of(p->old, n) ? gather : 0;
}

static Ref project_row(Projector *p, Ref r, Ref gather)
{
    Graph *g = p->g;
    const Node *n = node_at(p->old, r);
    Ref table = p->map[arg_at(p->old, gather, 0)], token = p->map[arg_at(p->old, gather, 1)];
    g->origin = n->origin;
    g->file = n->file;
    g->line = n->line;
    g->cursor = 0;
    Ref mapped = graph_matmul(g, table, p->map[arg_at(p->old, r, 1)], false, n->attr[1], false);
    g->cursor = n->section;
    g->serial = n->serial;
    Ref row = graph_op2(g, OP_GATHER, mapped, token);
    g->serial = 0;
    row = graph_reshape(g, row, n->shape);
    g->cursor = 0;
    return row;
}

static void find_kept(const Window *w, bool *kept)
{
    const Model *m = w->model;
    for (int32_t i = 0; i < m->nprobes * m->tbptt.k2; i++)
        kept[w->marked[i]] = true;
    for (int32_t i = 0; i < m->nstates * m->tbptt.k2; i++)
        kept[w->left[i]] = true;
}

void project(Window *w)
{
    const Graph *old = w->graph;
    if (tl_keeps_steps(&w->model->tbptt))
        return;
    Arena *arena = arena_new();
    Projector p = { .window = w, .old = old, .g = graph_new_like(old), .uses = arena_array(arena, uint32_t, old->count),
                    .kept = arena_array(arena, bool, old->count), .map = arena_array(arena, Ref, old->count) };
    count_uses(w, p.uses);
    find_kept(w, p.kept);
    for (Ref r = 1; r < old->count; r++) {
        Ref gather = projects(&p, r);
        p.map[r] = gather ? project_row(&p, r, gather) : graph_rebuild_mapped(p.g, old, r, p.map);
    }
    window_rename(w, p.map);
    arena_free(arena);
    graph_free(w->graph);
    w->graph = p.g;
}
