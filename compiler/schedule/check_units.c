/* check_units.c - every read follows its write, in the order of the units. A window that starts late leaves out
 * whole sections, of which check.c knows that nothing that runs reads them. */
#include "graph/user_error.h"
#include "schedule/check_schedule.h"

typedef struct Checker {
    const Graph *g;
    const Units *units;
    uint32_t *by;       /* [graph->count] the unit that computes a node, plus 1; 0: none */
    uint32_t *position; /* [graph->count] its place among the unit's members */
    uint32_t *ready;    /* [graph->count] all of the value stands when so many units have run */
} Checker;

static void find_members(Checker *c)
{
    const Units *s = c->units;
    int32_t section = 0;
    for (uint32_t u = 0; u < s->count; u++) {
        const Unit *unit = &s->unit[u];
        assume(unit->section >= section, "unit %u of section %d follows section %d", u, unit->section, section);
        section = unit->section;
        for (uint32_t i = 0; i < unit->count; i++) {
            Ref r = s->members[unit->first + i];
            assume(!c->by[r], "%%%u is computed twice", r);
            assume(node_at(c->g, r)->section == section, "unit %u of section %d computes %%%u of section %d",
                   u, section, r, node_at(c->g, r)->section);
            c->by[r] = u + 1;
            c->position[r] = i;
        }
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
           n->batched == m->batched && shape_equal(&n->shape, &m->shape);
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

/* What begins a sum is stored; what joins it is added, after all that it is added to. */
static void check_sum(const Checker *c, Ref r, bool *adds)
{
    const Node *n = node_at(c->g, r);
    Ref more = arg_at(c->g, r, n->nargs - 1);
    assume(c->by[more], "the sum %%%u grows by %%%u, which is not computed", r, more);
    adds[more] = n->nargs == 2;
    assume(n->nargs == 1 || c->ready[arg_at(c->g, r, 0)] < c->by[more],
           "%%%u joins the sum %%%u before unit %u has", more, r, c->ready[arg_at(c->g, r, 0)] - 1);
}

void check_units(const Window *w, const Layouts *layouts, const Units *units)
{
    const Graph *g = w->graph;
    Arena *arena = arena_new();
    Checker c = { .g = g,
                  .units = units,
                  .by = arena_array(arena, uint32_t, g->count),
                  .position = arena_array(arena, uint32_t, g->count),
                  .ready = arena_array(arena, uint32_t, g->count) };
    bool *adds = arena_array(arena, bool, g->count);
    find_members(&c);
    find_ready(&c);
    for (Ref r = 1; r < g->count; r++) {
        check_reads(&c, r);
        if (node_at(g, r)->op == OP_ACC)
            check_sum(&c, r, adds);
    }
    for (Ref r = 1; r < g->count; r++)
        assume(!c.by[r] || layouts->at[r].add == adds[r], "%%%u is %s", r,
               adds[r] ? "stored over the sum that it joins" : "added to what is no sum");
    for (int32_t i = 0; i < w->nroots; i++)
        assume(!c.by[w->roots[i].node] || units->stored[w->roots[i].node], "root %d is not stored", i);
    arena_free(arena);
}
