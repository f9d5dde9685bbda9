/* fuse.c - groups pointwise operations into loops.
 *
 * One pass over the nodes in order of execution (section, then reference). Units are executed in
 * the order they were opened, so a node may join an open unit U exactly if each of its operands is
 * computed by a unit before U, or by U itself at the same element. It joins the latest unit over
 * the same elements in its section if it may, otherwise it opens a new one. This is greedy, linear,
 * and right by construction: no search for cycles is needed.
 *
 * Joining only through an operand (no loop shared by values that merely stand side by side) was
 * tried: an LSTM's four gates then are four loops, and three of them go through memory. */
#include <stdlib.h>
#include <string.h>

#include "graph/checked.h"
#include "graph/text.h"
#include "graph/user_error.h"
#include "schedule/units.h"

enum { MOST_MEMBERS = 64 }; /* a loop body that still fits the registers' rename window, roughly */

bool is_pointwise(const Node *n)
{
    return tl_op_table[n->op].kind == TL_POINTWISE || n->op == OP_PROBE || n->op == OP_COPY;
}

typedef struct Fuser {
    const Window *window;
    const Graph *g;
    Units *units;
    Ref *order;         /* executed nodes by (section, ref) */
    uint32_t norder;
    uint32_t *next;     /* [norder] next member of the same unit, as position in order; 0: none */
    uint32_t *head, *tail, *size; /* by unit */
    uint32_t open_from; /* first unit of the current section */
    bool fusing;
} Fuser;

static void sort_by_section(Fuser *f)
{
    const Graph *g = f->g;
    int32_t sections = section_epilogue(g) + 1;
    uint32_t *start = checked(calloc((size_t)sections + 1, sizeof *start));
    for (Ref r = 1; r < g->count; r++)
        start[node_at(g, r)->section + 1] += is_computed(node_at(g, r));
    for (int32_t s = 0; s < sections; s++)
        start[s + 1] += start[s];
    f->norder = start[sections];
    for (Ref r = 1; r < g->count; r++)
        if (is_computed(node_at(g, r)))
            f->order[start[node_at(g, r)->section]++] = r;
    free(start);
}

static uint32_t later(uint32_t a, uint32_t b)
{
    return a == NO_UNIT ? b : b == NO_UNIT || a > b ? a : b;
}

/* Views are computed when their operand is, concat and acc when the last of their parts is. */
static uint32_t unit_of(Fuser *f, Ref r)
{
    const Node *n = node_at(f->g, r);
    if (f->units->of[r] != NO_UNIT || is_computed(n) || tl_op_table[n->op].kind == TL_LEAF)
        return f->units->of[r];
    uint32_t last = NO_UNIT;
    for (uint32_t i = 0; i < n->nargs; i++)
        last = later(last, unit_of(f, arg_at(f->g, r, i)));
    return last;
}

static bool may_join(Fuser *f, Ref r, uint32_t u)
{
    const Node *n = node_at(f->g, r), *lead = node_at(f->g, f->order[f->head[u]]);
    if (f->size[u] >= MOST_MEMBERS || n->batched != lead->batched || !shape_equal(&n->shape, &lead->shape))
        return false;
    for (uint32_t i = 0; i < n->nargs; i++) {
        Ref a = arg_at(f->g, r, i);
        uint32_t by = unit_of(f, a);
        bool same_element = is_computed(node_at(f->g, a)) && shape_equal(&node_at(f->g, a)->shape, &n->shape) &&
                            node_at(f->g, a)->batched == n->batched;
        if (by != NO_UNIT && by >= u && !(by == u && same_element))
            return false;
    }
    return true;
}

/* The units that fill a running sum run in the order of the sum: what is added must be stored
 * first. `after[r]` is the acc that r's result is added to. */
static bool follows_sum(Fuser *f, const Ref *after, Ref r, uint32_t u)
{
    uint32_t before = after[r] ? unit_of(f, after[r]) : NO_UNIT;
    return before == NO_UNIT || before < u;
}

static uint32_t open_unit(Fuser *f, int32_t section, bool pointwise)
{
    Units *s = f->units;
    uint32_t u = s->count++;
    s->unit[u] = (Unit){ .section = section, .pointwise = pointwise };
    return u;
}

static uint32_t choose_unit(Fuser *f, const Ref *after, Ref r)
{
    const Node *n = node_at(f->g, r);
    bool pointwise = is_pointwise(n);
    for (uint32_t u = f->units->count; f->fusing && pointwise && u > f->open_from; u--) {
        const Node *lead = node_at(f->g, f->order[f->head[u - 1]]);
        if (!f->units->unit[u - 1].pointwise || n->batched != lead->batched ||
            !shape_equal(&n->shape, &lead->shape))
            continue;
        if (may_join(f, r, u - 1) && follows_sum(f, after, r, u - 1))
            return u - 1;
        break;
    }
    return open_unit(f, n->section, pointwise);
}

static void add_member(Fuser *f, uint32_t u, uint32_t at)
{
    if (f->size[u]++)
        f->next[f->tail[u]] = at;
    else
        f->head[u] = at;
    f->tail[u] = at;
    f->units->of[f->order[at]] = u;
}

static void assign_units(Fuser *f, const Ref *after)
{
    int32_t section = -1;
    for (uint32_t i = 0; i < f->norder; i++) {
        Ref r = f->order[i];
        if (node_at(f->g, r)->section != section) {
            section = node_at(f->g, r)->section;
            f->open_from = f->units->count;
        }
        add_member(f, choose_unit(f, after, r), i);
    }
}

static void list_members(Fuser *f)
{
    Units *s = f->units;
    uint32_t at = 0;
    for (uint32_t u = 0; u < s->count; u++) {
        s->unit[u].first = at;
        s->unit[u].count = f->size[u];
        for (uint32_t i = f->head[u], k = 0; k < f->size[u]; k++, i = f->next[i])
            s->members[at++] = f->order[i];
    }
}

/* Read from outside: by another unit, through a view, or by the caller. */
static void find_stored(Fuser *f)
{
    Units *s = f->units;
    const Graph *g = f->g;
    for (Ref r = 1; r < g->count; r++)
        for (uint32_t i = 0; i < node_at(g, r)->nargs; i++) {
            Ref a = arg_at(g, r, i);
            bool inside = is_computed(node_at(g, r)) && is_pointwise(node_at(g, r)) && s->of[a] == s->of[r] &&
                          is_pointwise(node_at(g, a));
            if (!inside)
                s->stored[a] = true;
        }
    for (int32_t i = 0; i < f->window->nroots; i++)
        s->stored[f->window->roots[i].node] = true;
}

static Units *units_new(const Graph *g)
{
    Arena *arena = arena_new();
    Units *s = arena_array(arena, Units, 1);
    s->arena = arena;
    s->unit = arena_array(arena, Unit, g->count);
    s->members = arena_array(arena, Ref, g->count);
    s->of = arena_array(arena, uint32_t, g->count);
    s->stored = arena_array(arena, bool, g->count);
    for (Ref r = 0; r < g->count; r++)
        s->of[r] = NO_UNIT;
    return s;
}

static Units *group(const Window *w, bool fusing)
{
    const Graph *g = w->graph;
    Arena *arena = arena_new();
    Fuser f = { .window = w, .g = g, .units = units_new(g), .fusing = fusing,
                .order = arena_array(arena, Ref, g->count), .next = arena_array(arena, uint32_t, g->count),
                .head = arena_array(arena, uint32_t, g->count), .tail = arena_array(arena, uint32_t, g->count),
                .size = arena_array(arena, uint32_t, g->count) };
    Ref *after = arena_array(arena, Ref, g->count);
    for (Ref r = 1; r < g->count; r++)
        if (node_at(g, r)->op == OP_ACC && node_at(g, r)->nargs == 2)
            after[arg_at(g, r, 1)] = arg_at(g, r, 0);
    sort_by_section(&f);
    assign_units(&f, after);
    list_members(&f);
    for (Ref r = 1; r < g->count; r++)
        if (!is_computed(node_at(g, r)))
            f.units->of[r] = unit_of(&f, r);
    find_stored(&f);
    arena_free(arena);
    return f.units;
}

Units *fuse(const Window *w) { return group(w, true); }
Units *no_fuse(const Window *w) { return group(w, false); }

void units_free(Units *s)
{
    if (s)
        arena_free(s->arena);
}

void units_write(const Units *s, const Window *w, FILE *out)
{
    for (uint32_t u = 0; u < s->count; u++) {
        fprintf(out, "unit %u s%d%s\n", u, s->unit[u].section, s->unit[u].pointwise ? " loop" : "");
        for (uint32_t i = 0; i < s->unit[u].count; i++) {
            Ref r = s->members[s->unit[u].first + i];
            fprintf(out, s->stored[r] ? "  store " : "        ");
            text_write_node(out, w->graph, r);
        }
    }
}
