#include "front/past.h"

#include <stdlib.h>
#include <string.h>

static bool *find_used(const Model *m)
{
    const Graph *g = m->step;
    bool *used = arena_array(m->arena, bool, g->count);
    for (Ref r = 1; r < g->count; r++)
        for (uint32_t i = 0; i < node_at(g, r)->nargs; i++)
            used[arg_at(g, r, i)] = true;
    for (int32_t i = 0; i < m->noutputs; i++)
        used[m->output[i]] = true;
    for (int32_t i = 0; i < m->nprobes; i++)
        used[m->probe[i]] = true;
    for (int32_t i = 0; i < m->nnamed; i++)
        used[m->named_node[i]] = true;
    used[m->loss] = true;
    return used;
}

/* The new index of each row of `past`; -1: dropped. */
static int32_t *renumber(Model *m, const bool *used)
{
    const Graph *g = m->step;
    int32_t n = 0, *index = arena_array(m->arena, int32_t, m->npast + 1);
    for (Ref r = m->head; r < g->count; r++)
        if (node_at(g, r)->op == OP_PAST && used[r])
            index[node_at(g, r)->attr[0]] = 1;
    for (int32_t i = 0; i < m->npast; i++) {
        index[i] = index[i] ? n : -1;
        if (index[i] < 0)
            continue;
        m->past[n] = m->past[i];
        m->past_node[n] = m->past_node[i];
        m->past_state[n++] = m->past_state[i];
    }
    m->npast = n;
    return index;
}

static void map_refs(Ref *refs, int32_t n, const Ref *map)
{
    for (int32_t i = 0; i < n; i++)
        refs[i] = map[refs[i]];
}

static Ref copy_node(Graph *g, const Graph *old, Ref r, const Ref *map, const int32_t *index)
{
    const Node *n = node_at(old, r);
    if (n->op != OP_PAST)
        return graph_rebuild_mapped(g, old, r, map);
    g->file = n->file;
    g->line = n->line;
    return graph_past(g, index[n->attr[0]], n->attr[1], n->shape, 0);
}

void drop_unseen(Model *m)
{
    if (!m->head)
        return;
    Graph *old = m->step, *g = graph_new_like(old);
    const bool *used = find_used(m);
    const int32_t *index = renumber(m, used);
    Ref *map = arena_array(m->arena, Ref, old->count), head = 0;
    for (Ref r = 1; r < old->count; r++) {
        if (r == m->head)
            head = g->count;
        if (node_at(old, r)->op != OP_PAST || used[r])
            map[r] = copy_node(g, old, r, map, index);
    }
    m->head = head ? head : g->count; /* it may have no node of its own */
    map_refs(m->next_state, m->nstates, map);
    map_refs(m->output, m->noutputs, map);
    map_refs(m->probe, m->nprobes, map);
    map_refs(m->named_node, m->nnamed, map);
    map_refs(m->past_node, m->npast, map);
    m->loss = map[m->loss];
    m->step = g;
    graph_free(old);
}
