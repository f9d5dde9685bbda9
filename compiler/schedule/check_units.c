/* check_units.c - every read follows its write, in the order of the units. A window that starts late leaves out
 * whole slots, of which check.c knows that nothing that runs reads them. */
#include "graph/user_error.h"
#include "schedule/check_schedule.h"

typedef struct Checker {
    const Graph *g;
    const Runs *runs;
    const Units *units;
    uint32_t *by;       /* [graph->count] the unit that computes a node, plus 1; 0: none */
    uint32_t *position; /* [graph->count] its place among the unit's members */
    uint32_t *ready;    /* [graph->count] all of the value stands when so many units have run */
} Checker;

static void find_member(Checker *c, uint32_t u, Ref r, uint32_t position)
{
    const Segments *t = c->runs->segments;
    assume(!c->by[r], "%%%u is computed twice", r);
    assume(t->of[r] == c->units->unit[u].segment, "unit %u of segment %d computes %%%u of segment %d", u,
           c->units->unit[u].segment, r, t->of[r]);
    c->by[r] = u + 1;
    c->position[r] = position;
}

static void find_members(Checker *c)
{
    const Units *s = c->units;
    for (uint32_t u = 0; u < s->count; u++) {
        const Unit *unit = &s->unit[u];
        assume(!u || unit->segment >= unit[-1].segment, "unit %u of segment %d follows segment %d", u, unit->segment,
               unit[-1].segment);
        for (uint32_t i = 0; i < unit->count; i++)
            find_member(c, u, s->members[unit->first + i], i);
    }
    for (Ref r = 1; r < c->g->count; r++) {
        Ref newest = c->runs->newest[r];
        assume(newest == r || c->by[newest], "%%%u stands for %%%u, and is not computed", newest, r);
        if (newest == r)
            continue;
        c->by[r] = c->by[newest];
        c->position[r] = c->position[newest];
    }
}

/* Of a state leaf: what stands in its place if the window began before. */
static void find_ready(Checker *c)
{
    for (Ref r = 1; r < c->g->count; r++) {
        const Node *n = node_at(c->g, r);
        assume(!is_computed(n) == !c->by[r], "%%%u is in no unit, or should be in none", r);
        c->ready[r] = c->by[r];
        for (uint32_t i = 0; !is_computed(n) && i < n->nargs; i++)
            if (c->ready[arg_at(c->g, r, i)] > c->ready[r])
                c->ready[r] = c->ready[arg_at(c->g, r, i)];
    }
}

/* True if r finds operand a in a register of its loop. */
static bool same_element(const Checker *c, Ref r, Ref a)
{
    const Node *n = node_at(c->g, r), *m = node_at(c->g, a);
    return c->by[a] == c->by[r] && c->position[a] < c->position[r] && is_pointwise(n) && is_pointwise(m) &&
           n->batched == m->batched && shape_equal(&n->shape, &m->shape) &&
           slot_of_node(c->g, n) == slot_of_node(c->g, m);
}

static void check_reads(const Checker *c, Ref r)
{
    for (uint32_t i = 0; i < node_at(c->g, r)->nargs; i++) {
        Ref a = arg_at(c->g, r, i);
        if (c->by[r] && c->by[a] && same_element(c, r, a))
            continue;
        assume(!c->by[r] || c->ready[a] < c->by[r], "unit %u reads %%%u for %%%u, which stands after unit %u",
               c->by[r] - 1, a, r, c->ready[a] - 1);
        assume(!c->by[a] || c->units->stored[a], "%%%u reads %%%u, which is not stored", r, a);
    }
}

/* What begins a sum is stored; what joins it is added, after that, or by the call that stores it. */
static void check_sum(const Checker *c, Ref r, const Ref *begins, bool *adds)
{
    const Node *n = node_at(c->g, r);
    Ref more = arg_at(c->g, r, n->nargs - 1);
    assume(c->by[more], "the sum %%%u grows by %%%u, which is not computed", r, more);
    adds[more] = n->nargs == 2;
    Ref first = begins[n->attr[0]];
    assume(c->by[first] < c->by[more] || c->runs->newest[first] == c->runs->newest[more],
           "%%%u joins the sum %%%u before unit %u has begun it", more, r, c->by[first] - 1);
}

void check_units(const Window *w, const Layouts *layouts, const Runs *runs, const Units *units)
{
    const Graph *g = w->graph;
    Arena *arena = arena_new();
    Checker c = { .g = g,
                  .runs = runs,
                  .units = units,
                  .by = arena_array(arena, uint32_t, g->count),
                  .position = arena_array(arena, uint32_t, g->count),
                  .ready = arena_array(arena, uint32_t, g->count) };
    bool *adds = arena_array(arena, bool, g->count);
    Ref *begins = arena_array(arena, Ref, graph_chains_end(g));
    for (Ref r = 1; r < g->count; r++)
        if (node_at(g, r)->op == OP_ACC && node_at(g, r)->nargs == 1)
            begins[node_at(g, r)->attr[0]] = arg_at(g, r, 0);
    find_members(&c);
    find_ready(&c);
    for (Ref r = 1; r < g->count; r++) {
        check_reads(&c, r);
        if (node_at(g, r)->op == OP_ACC)
            check_sum(&c, r, begins, adds);
    }
    for (Ref r = 1; r < g->count; r++)
        assume(!c.by[r] || layouts->at[r].add == adds[r], "%%%u is %s", r,
               adds[r] ? "stored over the sum that it joins" : "added to what is no sum");
    for (int32_t i = 0; i < w->nroots; i++)
        assume(!c.by[w->roots[i].node] || units->stored[w->roots[i].node], "root %d is not stored", i);
    arena_free(arena);
}
