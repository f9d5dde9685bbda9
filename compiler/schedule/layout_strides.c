/* layout_strides.c - values of a family that are read outside of their own slot stand one after the other, one step
 * apart, so that one kernel can go through the slots. What is read in its slot alone keeps a place of its own, which
 * the planner gives to others afterwards. */
#include "schedule/layout_time.h"

/* Where a value's storage is written and read. */
typedef struct Touched {
    bool any, apart; /* apart: by code of another slot or segment than the first, or by that of all slots */
    int32_t segment, slot;
} Touched;

static void touch(Layouts *s, const Graph *g, const Segments *t, Touched *touched, Ref user, Ref value)
{
    const Layout *l = &s->at[value];
    if (l->block != BLOCK_WORK)
        return;
    Touched *at = &touched[l->owner ? l->owner : value];
    int32_t segment = t->of[user], slot = slot_of_node(g, node_at(g, user));
    if (!at->any)
        *at = (Touched){ true, t->segment[segment].kind == SEGMENT_TOGETHER, segment, slot };
    at->apart |= at->segment != segment || at->slot != slot;
}

static Touched *find_touched(Layouts *s, const Graph *g, const Segments *t)
{
    Touched *touched = arena_array(s->arena, Touched, g->count);
    for (Ref r = 1; r < g->count; r++) {
        const Node *n = node_at(g, r);
        if (!is_computed(n))
            continue;
        touch(s, g, t, touched, r, r);
        for (uint32_t i = 0; i < n->nargs; i++)
            touch(s, g, t, touched, r, arg_at(g, r, i));
    }
    return touched;
}

static bool owns(const Layouts *s, Ref r) { return r && s->at[r].block == BLOCK_WORK && s->at[r].owner == r; }

/* The members of a family that own storage, if slots may share it: the oldest and the newest. */
typedef struct Span {
    Ref oldest, newest;
} Span;

static Span find_span(const Layouts *s, const Graph *g, const Families *f, int32_t family, const Touched *touched)
{
    Span span = { 0, 0 };
    bool apart = false;
    for (int32_t slot = f->oldest[family]; slot <= family_newest(f, family); slot++) {
        Ref r = family_member(f, family, slot);
        if (!owns(s, r))
            continue;
        const Node *n = node_at(g, r), *first = node_at(g, span.oldest ? span.oldest : r);
        if (n->batched != first->batched || shape_size(&n->shape) != shape_size(&first->shape))
            return (Span){ 0, 0 };
        apart |= touched[r].apart;
        span = (Span){ span.oldest ? span.oldest : r, r };
    }
    return apart ? span : (Span){ 0, 0 };
}

void use_strides(Layouts *s, const Window *w, const Segments *t)
{
    const Graph *g = w->graph;
    const Families *f = t->families;
    const Touched *touched = find_touched(s, g, t);
    Span *span = arena_array(s->arena, Span, (size_t)f->count + 1);
    for (int32_t family = 1; family <= f->count; family++)
        span[family] = find_span(s, g, f, family, touched);
    for (Ref r = 1; r < g->count; r++) {
        Layout *l = &s->at[r];
        const Span *of = l->block == BLOCK_WORK && l->owner ? &span[f->of[l->owner]] : NULL;
        if (!of || !of->newest)
            continue;
        const Node *owner = node_at(g, l->owner), *oldest = node_at(g, of->oldest);
        int32_t slot = slot_of_node(g, owner), from = slot_of_node(g, oldest);
        l->offset += (slot - from) * shape_size(&owner->shape) * (owner->batched ? g->lanes : 1);
        l->owner = of->newest;
        s->span[of->newest] = slot_of_node(g, node_at(g, of->newest)) - from + 1;
    }
}
