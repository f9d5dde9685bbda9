/* layout_frames.c - where steps are kept from window to window: what backward code reads of forward code stands in its
 * slot's frame, at the same place in each, for the next window to find it. */
#include <inttypes.h>
#include <stdlib.h>

#include "graph/user_error.h"
#include "schedule/layout_time.h"

static bool is_forward(const Graph *g, Ref r)
{
    int32_t section = node_at(g, r)->section;
    return section >= 1 && section <= g->k;
}

static void keep(const Layouts *s, const Graph *g, bool *kept, Ref r)
{
    const Layout *l = &s->at[r];
    if (l->block == BLOCK_WORK && is_forward(g, l->owner))
        kept[l->owner] = true;
}

/* By owner: its storage is read after the slots' forward sections. */
static bool *find_kept(const Layouts *s, const Window *w)
{
    const Graph *g = w->graph;
    bool *kept = arena_array(s->arena, bool, g->count);
    for (int32_t i = 0; i < w->nroots; i++)
        if (w->roots[i].kind == ROOT_KEEP)
            keep(s, g, kept, w->roots[i].node);
    for (Ref r = 1; r < g->count; r++)
        for (uint32_t i = 0; !is_forward(g, r) && i < node_at(g, r)->nargs; i++)
            keep(s, g, kept, arg_at(g, r, i));
    return kept;
}

typedef struct Kept {
    int64_t serial;
    int64_t elements, offset; /* in a frame */
} Kept;

static int by_serial(const void *a, const void *b)
{
    const Kept *x = a, *y = b;
    return (x->serial > y->serial) - (x->serial < y->serial);
}

/* A place in the frame for every serial number that some slot keeps. Returns how many. */
static uint32_t place_in_frame(Layouts *s, const Graph *g, const bool *kept, Kept *list)
{
    uint32_t n = 0, places = 0;
    for (Ref r = 1; r < g->count; r++) {
        const Node *node = node_at(g, r);
        assume(!kept[r] || node->serial, "%%%u is kept and has no number", r);
        if (kept[r])
            list[n++] = (Kept){ node->serial, shape_size(&node->shape) * (node->batched ? g->lanes : 1), 0 };
    }
    if (n)
        qsort(list, n, sizeof *list, by_serial);
    for (uint32_t i = 0; i < n; i++) {
        Kept *last = places ? &list[places - 1] : NULL;
        if (last && last->serial == list[i].serial) {
            assume(last->elements == list[i].elements, "number %" PRId64 " has two sizes", last->serial);
            continue;
        }
        list[places] = list[i];
        list[places++].offset = s->frame_size;
        s->frame_size += (list[i].elements + 15) / 16 * 16;
    }
    return places;
}

/* What a frame holds, every slot has put there (keep_alike.c). */
static void check_alike(const Graph *g, const bool *kept, uint32_t places)
{
    int64_t n = 0;
    for (Ref r = 1; r < g->count; r++)
        n += kept[r];
    assume(n == (int64_t)places * g->k, "%u values kept of each of %d slots, but %" PRId64 " in all", places, g->k, n);
}

void use_frames(Layouts *s, const Window *w)
{
    const Graph *g = w->graph;
    bool *kept = find_kept(s, w);
    Kept *list = arena_array(s->arena, Kept, g->count);
    uint32_t places = place_in_frame(s, g, kept, list);
    check_alike(g, kept, places);
    for (Ref r = 1; r < g->count; r++) {
        Layout *l = &s->at[r];
        if (l->block != BLOCK_WORK || !kept[l->owner])
            continue;
        const Node *owner = node_at(g, l->owner);
        const Kept *place = bsearch(&(Kept){ .serial = owner->serial }, list, places, sizeof *list, by_serial);
        l->offset += (owner->section - 1) * s->frame_size + place->offset;
        l->block = BLOCK_FRAMES;
        l->owner = 0;
    }
}
