/* remove_dead.c - keeps what a root needs, in the same order. */
#include <stdlib.h>

#include "passes/window.h"

bool *live_nodes(const Window *w, Arena *arena)
{
    const Graph *g = w->graph;
    bool *live = arena_array(arena, bool, g->count);
    for (int32_t i = 0; i < w->nroots; i++)
        live[w->roots[i].node] = true;
    for (Ref r = g->count - 1; r; r--)
        for (uint32_t i = 0; live[r] && i < node_at(g, r)->nargs; i++)
            live[arg_at(g, r, i)] = true;
    return live;
}

void remove_dead(Window *w)
{
    const Graph *old = w->graph;
    Arena *arena = arena_new();
    bool *live = live_nodes(w, arena);
    Ref *map = arena_array(arena, Ref, old->count);
    Graph *g = graph_new_like(old);
    for (Ref r = 1; r < old->count; r++)
        if (live[r])
            map[r] = graph_rebuild_mapped(g, old, r, map);
    for (int32_t i = 0; i < w->nroots; i++)
        w->roots[i].node = map[w->roots[i].node];
    arena_free(arena);
    graph_free(w->graph);
    w->graph = g;
}
