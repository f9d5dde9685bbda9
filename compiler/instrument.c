#include "instrument.h"

#include <stdlib.h>
#include <string.h>

#include "layout.h"
#include "user_error.h"

static void name_probe(Model *m, int32_t index, const Graph *step, Ref r)
{
    const Node *n = node_at(step, r);
    tl_tensor *t = &m->probes[index];
    *t = (tl_tensor){ .rank = n->shape.rank, .learned = -1 };
    memcpy(t->dim, n->shape.dim, sizeof t->dim);
    t->name = arena_printf(m->arena, "%s:%d %s %%%u", n->file < step->nfiles ? step->files[n->file] : "", n->line,
                           tl_op_table[n->op].word, r);
}

static bool worth_a_probe(const Node *n) { return is_computed(n) && n->batched && n->op != OP_PROBE; }

static void copy_step(Model *m, const Graph *step, Ref *map)
{
    Ref head = m->head;
    m->step = graph_new_like(step);
    m->nprobes = 0;
    m->probes = arena_array(m->arena, tl_tensor, step->count);
    m->probe = arena_array(m->arena, Ref, step->count);
    for (Ref r = 1; r < step->count; r++) {
        const Node *n = node_at(step, r);
        if (r == head)
            m->head = m->step->count;
        if (n->op == OP_PROBE) {
            map[r] = map[arg_at(step, r, 0)];
            continue;
        }
        map[r] = graph_rebuild_mapped(m->step, step, r, map);
        if (worth_a_probe(n)) {
            name_probe(m, m->nprobes, step, r);
            m->step->file = n->file;
            m->step->line = n->line;
            map[r] = m->probe[m->nprobes] = graph_probe(m->step, map[r], m->nprobes, 0);
            m->nprobes++;
        }
    }
    if (head == step->count)
        m->head = m->step->count;
}

static Ref *map_refs(Arena *arena, const Ref *map, const Ref *refs, int32_t n)
{
    Ref *out = arena_array(arena, Ref, n + 1);
    for (int32_t i = 0; i < n; i++)
        out[i] = map[refs[i]];
    return out;
}

Model *instrument(const Model *from)
{
    Arena *arena = arena_new();
    Model *m = arena_array(arena, Model, 1);
    *m = *from;
    m->arena = arena;
    Ref *map = arena_array(arena, Ref, from->step->count);
    copy_step(m, from->step, map);
    m->name = arena_printf(arena, "%s_probed", from->name);
    m->next_state = map_refs(arena, map, from->next_state, from->nstates);
    m->output = map_refs(arena, map, from->output, from->noutputs);
    m->past_node = map_refs(arena, map, from->past_node, from->npast);
    m->loss = map[from->loss];
    return m;
}

void instrument_free(Model *m) { model_free(m); }
