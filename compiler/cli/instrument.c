#include "cli/instrument.h"

#include <stdlib.h>
#include <string.h>

#include "graph/user_error.h"
#include "schedule/layout.h"

static void name_probe(Model *m, int32_t index, const Graph *step, Ref r)
{
    const Node *n = node_at(step, r);
    tl_tensor *t = &m->probes[index];
    *t = (tl_tensor){ .rank = n->shape.rank, .learned = -1 };
    memcpy(t->dim, n->shape.dim, sizeof t->dim);
    t->name = arena_printf(m->arena, "%s:%d %s %%%u", n->file < step->nfiles ? step->files[n->file] : "", n->line,
                           tl_op_table[n->op].word, r);
}

static bool worth_a_probe(const Node *n) { return is_computed(n) && n->batched; }

Model *instrument(const Model *from)
{
    Arena *arena = arena_new();
    Model *m = arena_array(arena, Model, 1);
    const Graph *step = from->step;
    *m = *from;
    m->arena = arena;
    m->name = arena_printf(arena, "%s_probed", from->name);
    m->nprobes = 0;
    m->probes = arena_array(arena, tl_tensor, step->count);
    m->probe = arena_array(arena, Ref, step->count);
    for (Ref r = 1; r < step->count; r++)
        if (worth_a_probe(node_at(step, r))) {
            name_probe(m, m->nprobes, step, r);
            m->probe[m->nprobes++] = r;
        }
    return m;
}

/* The graph is the first model's. */
void instrument_free(Model *m) { arena_free(m->arena); }
