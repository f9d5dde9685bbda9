/* check_calls.c - what calls write: within their value, apart from all that they read, and over nothing that is
 * live. Read from the kernels' accesses, with no word of the planner's. */
#include <inttypes.h>

#include "graph/user_error.h"
#include "schedule/check_schedule.h"
#include "schedule/region.h"

typedef struct Checker {
    const Graph *g;
    const Layouts *layouts;
    const Units *units;
    const Selected *selected;
    const Plan *plan;
    uint32_t *last; /* [graph->count] by owner: the last call that touches it */
    bool *live;     /* [graph->count] */
    Ref *holder;    /* [plan->size / plan->unit] whose the cell is, 0: nobody's */
} Checker;

static int64_t lanes_of(const Checker *c, Ref r) { return node_at(c->g, r)->batched ? c->g->lanes : 1; }
static int64_t size_of(const Checker *c, Ref r)
{
    return shape_size(&node_at(c->g, r)->shape) * lanes_of(c, r) * c->layouts->span[r];
}

static int64_t slots_of(const Checker *c, uint32_t u)
{
    const Unit *unit = &c->units->unit[u];
    return unit->low < 0 ? 1 : unit->high - unit->low + 1;
}

/* A token may say any row, or element. Of one of the calls for each slot, newest first, `back` slots before that. */
static Region region_of(const Checker *c, uint32_t u, uint32_t access, int64_t back)
{
    const Kernel *k = kernel_of(c->selected, u);
    const Access *a = &k->access[access];
    const Place *p = &places_of(c->selected, u)[a->argument];
    int64_t slots = c->selected->call[u].how == CALL_ALL ? slots_of(c, u) : 1;
    int64_t before = (slots - 1 + back) * p->step;
    if (!a->addressed)
        return access_region(k, a, p->offset - before, slots);
    Ref r = c->units->members[c->units->unit[u].first];
    if (access)
        r = arg_at(c->g, r, access - 1);
    Region region = value_region(&c->layouts->at[r], &node_at(c->g, r)->shape, lanes_of(c, r));
    region.offset -= before;
    region_along(&region, slots, p->step);
    return region;
}

static bool same_storage(const Place *a, const Place *b)
{
    return a->block == b->block && a->index == b->index && a->owner == b->owner;
}

static void check_inside(const Checker *c, uint32_t u, uint32_t access, int64_t back)
{
    const Place *p = &places_of(c->selected, u)[kernel_of(c->selected, u)->access[access].argument];
    Region r = region_of(c, u, access, back);
    if (p->block == BLOCK_WORK)
        assume(r.offset >= 0 && region_end(&r) <= size_of(c, p->owner),
               "call %u reaches elements %" PRId64 " to %" PRId64 " of %%%u, which has %" PRId64, u, r.offset,
               region_end(&r) - 1, p->owner, size_of(c, p->owner));
}

/* Every argument is `restrict`. */
static void check_aliases(const Checker *c, uint32_t u, uint32_t written, int64_t back)
{
    const Kernel *k = kernel_of(c->selected, u);
    const Place *place = places_of(c->selected, u);
    for (uint32_t i = 0; i < k->naccesses; i++) {
        bool seen = i == written || (i < written && k->access[i].written);
        if (seen || !same_storage(&place[k->access[written].argument], &place[k->access[i].argument]))
            continue;
        Region y = region_of(c, u, written, back), x = region_of(c, u, i, back);
        assume(!regions_meet(&y, &x), "call %u writes by access %u what it sees by access %u", u, written, i);
    }
}

static void check_accesses(const Checker *c, uint32_t u)
{
    const Kernel *k = kernel_of(c->selected, u);
    int64_t calls = c->selected->call[u].how == CALL_EACH ? slots_of(c, u) : 1;
    for (int64_t back = 0; back < calls; back++)
        for (uint32_t i = 0; i < k->naccesses; i++) {
            check_inside(c, u, i, back);
            if (k->access[i].written)
                check_aliases(c, u, i, back);
        }
}

/* ---- a map of the workspace ---- */

static void begin_life(Checker *c, uint32_t u, Ref owner)
{
    const int64_t cell = c->plan->unit, at = c->plan->offset[owner], end = at + size_of(c, owner);
    assume(at >= 0 && at % cell == 0 && end <= c->plan->size,
           "%%%u stands at %" PRId64 " in a workspace of %" PRId64, owner, at, c->plan->size);
    for (int64_t i = at / cell; i < (end + cell - 1) / cell; i++) {
        assume(!c->holder[i], "call %u writes %%%u over %%%u, which call %u still reads", u, owner,
               c->holder[i], c->last[c->holder[i]]);
        c->holder[i] = owner;
    }
    c->live[owner] = true;
}

static void end_life(Checker *c, Ref owner)
{
    const int64_t cell = c->plan->unit, at = c->plan->offset[owner], end = at + size_of(c, owner);
    for (int64_t i = at / cell; i < (end + cell - 1) / cell; i++)
        c->holder[i] = 0;
    c->live[owner] = false;
}

static void find_last(Checker *c)
{
    for (uint32_t u = 0; u < c->selected->count; u++)
        for (uint32_t i = 0; i < kernel_of(c->selected, u)->narguments; i++)
            c->last[places_of(c->selected, u)[i].owner] = u;
}

/* The accesses in order: results come first where they begin a life, operands are live already. */
static void follow_lives(Checker *c, uint32_t u)
{
    const Kernel *k = kernel_of(c->selected, u);
    const Place *place = places_of(c->selected, u);
    for (uint32_t i = 0; i < k->naccesses; i++) {
        const Access *a = &k->access[i];
        Ref owner = place[a->argument].owner;
        if (place[a->argument].block != BLOCK_WORK || c->live[owner] || !a->written || a->add)
            continue;
        begin_life(c, u, owner);
    }
    for (uint32_t i = 0; i < k->narguments; i++)
        assume(place[i].block != BLOCK_WORK || c->live[place[i].owner],
               "call %u reads %%%u, which nothing has written", u, place[i].owner);
    for (uint32_t i = 0; i < k->narguments; i++)
        if (place[i].block == BLOCK_WORK && c->live[place[i].owner] && c->last[place[i].owner] == u)
            end_life(c, place[i].owner);
}

void check_calls(const Window *w, const Layouts *layouts, const Units *units, const Selected *selected,
                 const Plan *plan)
{
    Arena *arena = arena_new();
    Checker c = { .g = w->graph,
                  .layouts = layouts,
                  .units = units,
                  .selected = selected,
                  .plan = plan,
                  .last = arena_array(arena, uint32_t, w->graph->count),
                  .live = arena_array(arena, bool, w->graph->count),
                  .holder = arena_array(arena, Ref, plan->size / plan->unit + 1) };
    assume(selected->count == units->count, "%u units, %u calls", units->count, selected->count);
    find_last(&c);
    for (uint32_t u = 0; u < selected->count; u++) {
        check_accesses(&c, u);
        follow_lives(&c, u);
    }
    arena_free(arena);
}
