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

/* A node to execute, by when. */
typedef struct Turn {
    int32_t segment, major, minor;
    Ref node;
} Turn;

typedef struct Fuser {
    const Window *window;
    const Graph *g;
    const Runs *runs;
    Units *units;
    Turn *turn;         /* what units compute, in order of execution */
    uint32_t nturns;
    uint32_t *next;     /* [nturns] next member of the same unit, as position in turn; 0: none */
    uint32_t *head, *tail, *size; /* by unit */
    Ref *left;          /* [nstates][k] the root that leaves a state in a slot */
    uint32_t open_from; /* first unit that may be joined */
    bool fusing;
} Fuser;

static const Segment *segment_at(const Fuser *f, Ref r)
{
    return &f->runs->segments->segment[f->runs->segments->of[r]];
}

/* Slot after slot, then by reference; where slots run together operands first, of a family the newest run. */
static Turn turn_of(const Fuser *f, Ref r)
{
    const Segments *t = f->runs->segments;
    int32_t slot = f->window->training ? slot_of_node(f->g, node_at(f->g, r)) : -1;
    Turn turn = { t->of[r], 0, 0, r };
    switch (segment_at(f, r)->kind) {
    case SEGMENT_ONCE: break;
    case SEGMENT_UP: turn.major = slot; break;
    case SEGMENT_DOWN: turn.major = -slot; break;
    case SEGMENT_TOGETHER:
        turn.major = t->rank[r];
        turn.minor = -slot;
    }
    return turn;
}

static int by_turn(const void *a, const void *b)
{
    const Turn *x = a, *y = b;
    if (x->segment != y->segment)
        return x->segment < y->segment ? -1 : 1;
    if (x->major != y->major)
        return x->major < y->major ? -1 : 1;
    if (x->minor != y->minor)
        return x->minor < y->minor ? -1 : 1;
    return (x->node > y->node) - (x->node < y->node);
}

static void take_turns(Fuser *f)
{
    for (Ref r = 1; r < f->g->count; r++)
        if (is_computed(node_at(f->g, r)) && f->runs->newest[r] == r)
            f->turn[f->nturns++] = turn_of(f, r);
    if (f->nturns)
        qsort(f->turn, f->nturns, sizeof *f->turn, by_turn);
}

static uint32_t later(uint32_t a, uint32_t b)
{
    return a == NO_UNIT ? b : b == NO_UNIT || a > b ? a : b;
}

/* Views are computed when their operand is, concat and acc when the last of their parts is. */
static uint32_t unit_of(Fuser *f, Ref r)
{
    const Node *n = node_at(f->g, r);
    bool leaf = tl_op_table[n->op].kind == TL_LEAF && n->op != OP_STATE;
    if (f->units->of[r] != NO_UNIT || is_computed(n) || leaf)
        return f->units->of[r];
    uint32_t last = NO_UNIT;
    if (n->op == OP_STATE && f->left && slot_of_node(f->g, n) > 0) /* where a copy of its operand is what it reads */
        last = unit_of(f, f->left[n->attr[0] * f->g->k + slot_of_node(f->g, n) - 1]);
    for (uint32_t i = 0; i < n->nargs; i++)
        last = later(last, unit_of(f, arg_at(f->g, r, i)));
    return last;
}

/* The value is read at the element at which it is computed. */
static bool same_element(const Fuser *f, Ref user, Ref a)
{
    const Node *n = node_at(f->g, user), *m = node_at(f->g, a);
    return is_computed(m) && shape_equal(&m->shape, &n->shape) && m->batched == n->batched &&
           (!f->window->training || slot_of_node(f->g, m) == slot_of_node(f->g, n));
}

static bool reads_before(Fuser *f, Ref r, uint32_t u)
{
    const Node *n = node_at(f->g, r);
    for (uint32_t i = 0; i < n->nargs; i++) {
        Ref a = arg_at(f->g, r, i);
        uint32_t by = unit_of(f, a);
        if (by != NO_UNIT && by >= u && !(by == u && same_element(f, r, a)))
            return false;
    }
    return true;
}

/* In every slot of its run: the operands of older slots may be of another run than the newest slot's. */
static bool may_join(Fuser *f, Ref r, uint32_t u)
{
    const Families *families = f->runs->segments->families;
    bool may = f->size[u] < MOST_MEMBERS && reads_before(f, r, u);
    for (int32_t slot = f->runs->low[r]; may && slot >= 0 && slot < run_high(f->g, r); slot++)
        may = reads_before(f, family_member(families, families->of[r], slot), u);
    return may;
}

/* Adds to a running sum, or begins it: the value of every slot ends in one place. */
static bool is_term(const Fuser *f, Ref r) { return f->units->sum[r] != 0; }

/* The same elements, of the same slots. Terms of sums keep to themselves: those of a run
 * are one sum each. */
static bool alike(const Fuser *f, Ref r, uint32_t u)
{
    Ref lead = f->turn[f->head[u]].node;
    const Node *n = node_at(f->g, r), *m = node_at(f->g, lead);
    return f->units->unit[u].pointwise && n->batched == m->batched && shape_equal(&n->shape, &m->shape) &&
           f->runs->low[r] == f->runs->low[lead] && (!f->window->training || run_high(f->g, r) == run_high(f->g, lead)) &&
           is_term(f, r) == is_term(f, lead) && !(is_term(f, r) && f->runs->low[r] < run_high(f->g, r));
}

/* The units that fill a running sum run one after the other: what is added to must be stored first, and no loop has
 * one storage under two names. `after[r]` is the acc that r's result is added to. */
static bool follows_sum(Fuser *f, const Ref *after, Ref r, uint32_t u)
{
    uint32_t before = after[r] ? unit_of(f, after[r]) : NO_UNIT;
    for (uint32_t at = f->head[u], i = 0; i < f->size[u]; i++, at = f->next[at])
        if (is_term(f, r) && f->units->sum[f->turn[at].node] == f->units->sum[r])
            return false;
    return before == NO_UNIT || before < u;
}

static uint32_t open_unit(Fuser *f, Ref r, bool pointwise)
{
    Units *s = f->units;
    uint32_t u = s->count++;
    int32_t high = f->window->training ? run_high(f->g, r) : -1;
    s->unit[u] = (Unit){ .segment = f->runs->segments->of[r], .low = f->runs->low[r], .high = high,
                         .pointwise = pointwise };
    return u;
}

static uint32_t choose_unit(Fuser *f, const Ref *after, Ref r)
{
    bool pointwise = is_pointwise(node_at(f->g, r));
    for (uint32_t u = f->units->count; f->fusing && pointwise && u > f->open_from; u--) {
        if (!alike(f, r, u - 1))
            continue;
        if (may_join(f, r, u - 1) && follows_sum(f, after, r, u - 1))
            return u - 1;
        break;
    }
    return open_unit(f, r, pointwise);
}

/* The unit computes the node, or the run for which it stands. */
static void note_unit(Fuser *f, Ref r, uint32_t u)
{
    const Families *families = f->runs->segments->families;
    f->units->of[r] = u;
    for (int32_t slot = f->runs->low[r]; slot >= 0 && slot < run_high(f->g, r); slot++)
        f->units->of[family_member(families, families->of[r], slot)] = u;
}

static void add_member(Fuser *f, uint32_t u, uint32_t at)
{
    if (f->size[u]++)
        f->next[f->tail[u]] = at;
    else
        f->head[u] = at;
    f->tail[u] = at;
    note_unit(f, f->turn[at].node, u);
}

/* Slots that run one after the other share no unit. */
static bool begins(const Fuser *f, uint32_t i)
{
    const Turn *a = &f->turn[i], *b = &f->turn[i - (i > 0)];
    bool together = segment_at(f, a->node)->kind == SEGMENT_TOGETHER;
    return !i || a->segment != b->segment || (!together && a->major != b->major);
}

static void assign_units(Fuser *f, const Ref *after)
{
    for (uint32_t i = 0; i < f->nturns; i++) {
        if (begins(f, i))
            f->open_from = f->units->count;
        add_member(f, choose_unit(f, after, f->turn[i].node), i);
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
            s->members[at++] = f->turn[i].node;
    }
}

/* Read from outside: by another unit, at another element, through a view, or by the caller. */
static void find_stored(Fuser *f)
{
    Units *s = f->units;
    const Graph *g = f->g;
    for (Ref r = 1; r < g->count; r++)
        for (uint32_t i = 0; i < node_at(g, r)->nargs; i++) {
            Ref a = arg_at(g, r, i);
            bool inside = is_computed(node_at(g, r)) && is_pointwise(node_at(g, r)) && s->of[a] == s->of[r] &&
                          is_pointwise(node_at(g, a)) && same_element(f, r, a);
            if (!inside)
                s->stored[a] = true;
        }
    for (int32_t i = 0; i < f->window->nroots; i++)
        s->stored[f->window->roots[i].node] = true;
    for (Ref r = 1; r < g->count; r++) /* a run stores all or none */
        s->stored[f->runs->newest[r]] |= s->stored[r];
    for (Ref r = 1; r < g->count; r++)
        s->stored[r] = s->stored[f->runs->newest[r]];
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
    s->sum = arena_array(arena, Ref, g->count);
    for (Ref r = 0; r < g->count; r++)
        s->of[r] = NO_UNIT;
    return s;
}

/* By term of a running sum: the value whose adjoint it is. */
static void find_terms(Fuser *f, Ref *after)
{
    const Graph *g = f->g;
    for (Ref r = 1; r < g->count; r++) {
        const Node *n = node_at(g, r);
        if (n->op != OP_ACC)
            continue;
        f->units->sum[arg_at(g, r, n->nargs - 1)] = (Ref)n->attr[0];
        if (n->nargs == 2)
            after[arg_at(g, r, 1)] = arg_at(g, r, 0);
    }
}

Units *fuse(const Window *w, const Runs *runs, bool fusing)
{
    const Graph *g = w->graph;
    Arena *arena = arena_new();
    Fuser f = { .window = w, .g = g, .runs = runs, .units = units_new(g), .fusing = fusing,
                .turn = arena_array(arena, Turn, g->count), .next = arena_array(arena, uint32_t, g->count),
                .head = arena_array(arena, uint32_t, g->count), .tail = arena_array(arena, uint32_t, g->count),
                .size = arena_array(arena, uint32_t, g->count), .left = left_states(w, arena) };
    Ref *after = arena_array(arena, Ref, g->count);
    find_terms(&f, after);
    take_turns(&f);
    assign_units(&f, after);
    list_members(&f);
    for (Ref r = 1; r < g->count; r++)
        if (!is_computed(node_at(g, r)))
            f.units->of[r] = unit_of(&f, r);
    find_stored(&f);
    arena_free(arena);
    return f.units;
}

void units_free(Units *s)
{
    if (s)
        arena_free(s->arena);
}

void units_write(const Units *s, const Window *w, FILE *out)
{
    for (uint32_t u = 0; u < s->count; u++) {
        const Unit *unit = &s->unit[u];
        fprintf(out, "unit %u segment %d", u, unit->segment);
        if (unit->low >= 0 && unit->low < unit->high)
            fprintf(out, " slots %d to %d", unit->low, unit->high);
        fputs(unit->pointwise ? " loop\n" : "\n", out);
        for (uint32_t i = 0; i < s->unit[u].count; i++) {
            Ref r = s->members[s->unit[u].first + i];
            fprintf(out, s->stored[r] ? "  store " : "        ");
            text_write_node(out, w->graph, r);
        }
    }
}
