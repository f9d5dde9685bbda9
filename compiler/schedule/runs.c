#include "schedule/runs.h"

#include <stdlib.h>
#include <string.h>

#include "graph/checked.h"
#include "graph/user_error.h"

typedef struct Aligner {
    const Graph *g;
    const Layouts *layouts;
} Aligner;

static bool same_place(const Layout *a, const Layout *b, const Shape *shape)
{
    return a->block == b->block && a->index == b->index && a->owner == b->owner && a->lane == b->lane &&
           !memcmp(a->stride, b->stride, (size_t)shape->rank * sizeof *a->stride);
}

/* The distance from older to newer; false if they do not stand alike. */
static bool distance(const Aligner *s, Ref older, Ref newer, int64_t *step)
{
    const Layout *a = &s->layouts->at[older], *b = &s->layouts->at[newer];
    const Node *n = node_at(s->g, older), *m = node_at(s->g, newer);
    *step = 0;
    if (older == newer)
        return true;
    if (!shape_equal(&n->shape, &m->shape) || n->batched != m->batched)
        return false;
    if (a->block == BLOCK_CONST)
        return b->block == BLOCK_CONST && a->value == b->value;
    *step = b->offset - a->offset;
    return same_place(a, b, &n->shape);
}

/* attr[0] of a copy is its number, attr[1] of a probe its slot. */
static bool same_attributes(const Node *a, const Node *b)
{
    if (a->op == OP_COPY || a->op == OP_PROBE)
        return a->op == OP_COPY || a->attr[0] == b->attr[0];
    return !memcmp(a->attr, b->attr, sizeof a->attr) && !memcmp(a->num, b->num, sizeof a->num);
}

/* A dropmask draws by its slot's number. */
static bool same_work(const Aligner *s, Ref older, Ref newer)
{
    const Node *a = node_at(s->g, older), *b = node_at(s->g, newer);
    return a->op == b->op && a->nargs == b->nargs && a->op != OP_DROPMASK && same_attributes(a, b);
}

/* True if the same step leads from a to b as from b to c, if there is a c. */
static bool one_step(const Aligner *s, Ref a, Ref b, Ref c)
{
    int64_t first, second;
    return distance(s, a, b, &first) && (!c || (distance(s, b, c, &second) && first == second));
}

/* Does `older` continue the run in which `newer` is the oldest so far, before it `newest` (0: none)? */
static bool continues(const Aligner *s, Ref older, Ref newer, Ref newest)
{
    if (!older || !same_work(s, older, newer) || !one_step(s, older, newer, newest))
        return false;
    for (uint32_t i = 0; i < node_at(s->g, older)->nargs; i++)
        if (!one_step(s, arg_at(s->g, older, i), arg_at(s->g, newer, i), newest ? arg_at(s->g, newest, i) : 0))
            return false;
    return true;
}

static void find_runs(Runs *runs, const Aligner *s, int32_t family)
{
    const Families *f = runs->segments->families;
    Ref before = 0, last = 0; /* the older two of the run so far */
    for (int32_t slot = family_newest(f, family); slot >= f->oldest[family]; slot--) {
        Ref r = family_member(f, family, slot);
        if (!r || !is_computed(node_at(s->g, r))) {
            before = last = 0;
            continue;
        }
        bool more = last && continues(s, r, last, before);
        before = more ? last : 0;
        runs->newest[r] = more ? runs->newest[last] : r;
        runs->low[runs->newest[r]] = slot;
        last = r;
    }
}

Runs *runs_new(const Window *w, const Segments *segments, const Layouts *layouts)
{
    const Graph *g = w->graph;
    Arena *arena = arena_new();
    Runs *runs = arena_array(arena, Runs, 1);
    *runs = (Runs){ .arena = arena, .segments = segments, .newest = arena_array(arena, Ref, g->count),
                    .low = arena_array(arena, int32_t, g->count) };
    for (Ref r = 1; r < g->count; r++) {
        runs->newest[r] = r;
        runs->low[r] = w->training ? slot_of_node(g, node_at(g, r)) : -1;
    }
    Aligner s = { g, layouts };
    const Families *f = segments->families;
    for (int32_t family = 1; family <= f->count; family++) {
        Ref any = family_member(f, family, f->oldest[family]);
        if (segments->segment[segments->of[any]].kind == SEGMENT_TOGETHER)
            find_runs(runs, &s, family);
    }
    return runs;
}

void runs_free(Runs *runs)
{
    if (runs)
        arena_free(runs->arena);
}

int32_t run_high(const Graph *g, Ref r) { return slot_of_node(g, node_at(g, r)); }

int64_t run_step(const Window *w, const Runs *runs, const Layouts *layouts, Ref r, int32_t i)
{
    const Graph *g = w->graph;
    const Families *f = runs->segments->families;
    int32_t high = run_high(g, r);
    if (high < 0 || runs->low[r] == high)
        return 0;
    Ref older = family_member(f, f->of[r], high - 1);
    Ref from = i < 0 ? older : arg_at(g, older, (uint32_t)i), to = i < 0 ? r : arg_at(g, r, (uint32_t)i);
    int64_t step;
    assume(distance(&(Aligner){ g, layouts }, from, to, &step), "the run of %%%u is none", r);
    return step;
}
