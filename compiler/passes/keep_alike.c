/* keep_alike.c - where steps are kept (overlap "retain" and "versions"), all slots keep the same.
 *
 * What a step computed moves one update later to an older slot, so what code outside of one slot's
 * forward section reads there, every slot must store. They do not read alike: no adjoint reaches the
 * state that the newest slot leaves, and a head may look at some slots only. Values of a slot are known
 * in the others by their serial number (unroll.c). */
#include <stdlib.h>

#include "passes/window.h"

/* A value that a slot's forward code makes; other leaves stand in the caller's memory. */
static bool in_slot(const Graph *g, Ref r)
{
    const Node *n = node_at(g, r);
    bool made = tl_op_table[n->op].kind != TL_LEAF || n->op == OP_DROPMASK;
    return made && n->section >= 1 && n->section <= g->k && n->serial;
}

/* By serial number: read by live code that belongs to no slot's forward section. */
static bool *find_read(const Graph *g, const bool *live, Arena *arena)
{
    int32_t most = 0;
    for (Ref r = 1; r < g->count; r++)
        most = node_at(g, r)->serial > most ? node_at(g, r)->serial : most;
    bool *read = arena_array(arena, bool, most + 1);
    for (Ref r = 1; r < g->count; r++)
        for (uint32_t i = 0; live[r] && node_at(g, r)->section > g->k && i < node_at(g, r)->nargs; i++)
            if (in_slot(g, arg_at(g, r, i)))
                read[node_at(g, arg_at(g, r, i))->serial] = true;
    return read;
}

void keep_alike(Window *w)
{
    const Graph *g = w->graph;
    if (!tl_keeps_steps(&w->model->tbptt))
        return;
    Arena *arena = arena_new();
    const bool *read = find_read(g, live_nodes(w, arena), arena);
    for (Ref r = 1; r < g->count; r++)
        if (in_slot(g, r) && read[node_at(g, r)->serial])
            window_add_root(w, ROOT_KEEP, 0, slot_of_section(g, node_at(g, r)->section), r, node_at(g, r)->section);
    arena_free(arena);
}
