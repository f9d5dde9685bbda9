/* legalise.c - inserts the copies that layout.h finds missing: a value wanted in two places, a
 * reshape of what is not contiguous, an operand that BLAS cannot walk. After this pass every value
 * is computed where it must stand, and neither the planner nor the printer moves anything. */
#include <stdlib.h>

#include "graph/checked.h"
#include "graph/user_error.h"
#include "schedule/layout.h"

typedef struct Rewriter {
    Window *window;
    const Graph *old;
    Graph *g;
    Ref *map;
    const Layouts *layouts;
    bool *misfit; /* [old->nargs] by position in old->args */
} Rewriter;

/* Copies of a slot's operands are numbered by their user, so that they too are alike in every slot. */
enum { COPIES = 1024 };

static Ref copy_operand(Rewriter *rw, Ref user, uint32_t index)
{
    Ref operand = arg_at(rw->old, user, index);
    const Node *n = node_at(rw->old, user);
    Graph *g = rw->g;
    g->origin = n->origin;
    g->file = n->file;
    g->line = n->line;
    Ref copy = rw->map[operand];
    if (n->op == OP_CONCAT) { /* the view belongs to the operand's section: slots may share it */
        Shape shape = node_at(g, copy)->shape;
        copy = graph_expand(g, copy, shape, n->batched);
    }
    g->cursor = n->section;
    uint32_t place = n->op == OP_ACC ? 0 : index; /* the newest slot's begins the sum, and has one operand */
    g->serial = n->serial ? n->serial * COPIES + place % (COPIES - 1) + 1 : 0;
    copy = graph_copy(g, copy);
    g->cursor = 0;
    g->serial = 0;
    return copy;
}

/* The operand's copy takes its place in the map for this one user only. */
static Ref rewrite(Rewriter *rw, Ref r)
{
    const Node *n = node_at(rw->old, r);
    bool any = false;
    for (uint32_t i = 0; i < n->nargs; i++)
        any |= rw->misfit[n->args + i];
    if (!any)
        return graph_rebuild_mapped(rw->g, rw->old, r, rw->map);
    Ref *args = checked(malloc(n->nargs * sizeof *args));
    for (uint32_t i = 0; i < n->nargs; i++) {
        Ref a = arg_at(rw->old, r, i);
        args[i] = rw->misfit[n->args + i] ? copy_operand(rw, r, i) : rw->map[a];
    }
    rw->g->cursor = n->section;
    rw->g->serial = n->serial;
    Ref copy = graph_rebuild(rw->g, rw->old, r, args);
    rw->g->cursor = 0;
    rw->g->serial = 0;
    free(args);
    return copy;
}

/* An evaluation step may be given one block for the entering and the next state: every entering
 * state is read before the first next state is written. */
static Ref copy_root(Rewriter *rw, const Root *root)
{
    Graph *g = rw->g;
    Ref r = rw->map[root->node];
    const Node *n = node_at(g, r);
    g->origin = n->origin;
    g->file = n->file;
    g->line = n->line;
    if (rw->layouts->at[root->node].block == BLOCK_STATES && !rw->window->training) {
        g->cursor = 1;
        r = graph_copy(g, r);
    }
    g->cursor = root->section;
    r = graph_copy(g, r);
    g->cursor = 0;
    return r;
}

static void rewrite_all(Rewriter *rw)
{
    for (Ref r = 1; r < rw->old->count; r++)
        rw->map[r] = rewrite(rw, r);
    Window *w = rw->window;
    bool *moved = checked(calloc((size_t)w->nroots + 1, sizeof *moved));
    for (uint32_t i = 0; i < rw->layouts->nmisfits; i++)
        if (!rw->layouts->misfits[i].user)
            moved[rw->layouts->misfits[i].index] = true;
    for (int32_t i = 0; i < w->nroots; i++)
        w->roots[i].node = moved[i] ? copy_root(rw, &w->roots[i]) : rw->map[w->roots[i].node];
    free(moved);
}

static void insert_copies(Window *w, const Layouts *layouts)
{
    Arena *arena = arena_new();
    Rewriter rw = { .window = w, .old = w->graph, .g = graph_new_like(w->graph), .layouts = layouts,
                    .map = arena_array(arena, Ref, w->graph->count),
                    .misfit = arena_array(arena, bool, w->graph->nargs + 1) };
    for (uint32_t i = 0; i < layouts->nmisfits; i++)
        if (layouts->misfits[i].user)
            rw.misfit[node_at(w->graph, layouts->misfits[i].user)->args + layouts->misfits[i].index] = true;
    rewrite_all(&rw);
    arena_free(arena);
    graph_free(w->graph);
    w->graph = rw.g;
}

void legalise(Window *w)
{
    /* A copy can take a place from another value, so look again; each round settles what it copied. */
    for (int round = 0;; round++) {
        Layouts *layouts = layouts_new(w, NULL);
        if (!layouts->nmisfits) {
            layouts_free(layouts);
            return;
        }
        assume(round < 8, "%u values still misplaced after %d rounds", layouts->nmisfits, round);
        insert_copies(w, layouts);
        layouts_free(layouts);
    }
}
