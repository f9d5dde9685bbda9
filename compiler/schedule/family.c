#include "schedule/family.h"

#include <stdlib.h>

#include "graph/checked.h"
#include "graph/user_error.h"

bool is_backward(const Graph *g, const Node *n) { return n->section > g->k + g->head; }

int32_t slot_of_node(const Graph *g, const Node *n)
{
    int32_t forward = is_backward(g, n) ? section_backward(g, n->section) : n->section;
    return forward >= 1 && forward <= g->k ? forward - 1 : -1;
}

/* Nodes of slots by side, number and slot; copies of one value then stand together. */
typedef struct Key {
    bool backward;
    int64_t serial;
    int32_t slot;
    Ref node;
} Key;

static int by_key(const void *a, const void *b)
{
    const Key *x = a, *y = b;
    if (x->backward != y->backward)
        return x->backward ? 1 : -1;
    if (x->serial != y->serial)
        return x->serial < y->serial ? -1 : 1;
    if (x->slot != y->slot)
        return x->slot < y->slot ? -1 : 1;
    return (x->node > y->node) - (x->node < y->node);
}

static uint32_t collect(const Graph *g, Key *key)
{
    uint32_t n = 0;
    for (Ref r = 1; r < g->count; r++) {
        const Node *node = node_at(g, r);
        int32_t slot = slot_of_node(g, node);
        if (slot >= 0)
            key[n++] = (Key){ is_backward(g, node), node->serial, slot, r };
    }
    if (n)
        qsort(key, n, sizeof *key, by_key);
    return n;
}

/* What has no number, or the number of another node of its slot, is a family of its own. */
static bool continues(const Key *before, const Key *key)
{
    return key->serial && before->backward == key->backward && before->serial == key->serial &&
           before->slot != key->slot;
}

/* The keys stand by family and slot. */
static void list_members(Families *f, const Key *key, uint32_t n)
{
    f->first = arena_array(f->arena, size_t, (size_t)f->count + 2);
    f->oldest = arena_array(f->arena, int32_t, (size_t)f->count + 1);
    for (uint32_t i = 0; i < n; i++) {
        int32_t family = f->of[key[i].node];
        if (!i || family != f->of[key[i - 1].node])
            f->oldest[family] = key[i].slot;
        f->first[family + 1] = f->first[family] + (size_t)(key[i].slot - f->oldest[family]) + 1;
    }
    f->member = arena_array(f->arena, Ref, f->first[f->count + 1] + 1);
    for (uint32_t i = 0; i < n; i++) {
        int32_t family = f->of[key[i].node];
        f->member[f->first[family] + (size_t)(key[i].slot - f->oldest[family])] = key[i].node;
    }
}

Families *families_new(const Window *w)
{
    const Graph *g = w->graph;
    Arena *arena = arena_new();
    Families *f = arena_array(arena, Families, 1);
    *f = (Families){ .arena = arena, .k = g->k, .of = arena_array(arena, int32_t, g->count) };
    Key *key = arena_array(arena, Key, g->count);
    uint32_t n = w->training ? collect(g, key) : 0;
    for (uint32_t i = 0; i < n; i++) {
        f->count += !i || !continues(&key[i - 1], &key[i]);
        f->of[key[i].node] = f->count;
    }
    list_members(f, key, n);
    return f;
}

void families_free(Families *f)
{
    if (f)
        arena_free(f->arena);
}

Ref *left_states(const Window *w, Arena *arena)
{
    if (!w->training)
        return NULL;
    int32_t k = w->graph->k;
    Ref *left = arena_array(arena, Ref, (size_t)w->model->nstates * (size_t)k + 1);
    for (int32_t i = 0; i < w->nroots; i++)
        if (w->roots[i].kind == ROOT_STATE)
            left[w->roots[i].index * k + w->roots[i].slot] = w->roots[i].node;
    return left;
}
