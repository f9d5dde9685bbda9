#include "schedule/segments.h"

#include <stdlib.h>

#include "graph/checked.h"
#include "schedule/layout.h"
#include "graph/text.h"
#include "schedule/units.h"
#include "graph/user_error.h"

/* A vertex is a family, or a node of none. */
typedef struct Vertex {
    Ref node;        /* the newest member */
    Phase phase;
    bool executed, light; /* light: element by element */
    bool recurrent;
    int32_t component;   /* operands first; members of a cycle share one */
    int32_t stage;   /* of its phase: even together, odd a recurrence */
    int32_t home;    /* the component whose segment it runs in, if that is a recurrence; else -1 */
} Vertex;

typedef struct Segmenter {
    const Window *window;
    const Graph *g;
    const Families *families;
    Segments *segments;
    Arena *arena;
    bool batch;
    int32_t *vertex_of; /* [graph->count] */
    Vertex *vertex;     /* from 1 */
    int32_t count;
    int32_t *start, *operand; /* [count + 2] where the vertices that a vertex reads begin, in operand */
    int32_t *order;     /* vertices, operands first */
} Segmenter;

const char *segments_refusal(const Window *w)
{
    if (w->training && tl_keeps_steps(&w->model->tbptt))
        return "steps are kept from window to window (overlap \"retain\" or \"versions\")";
    return NULL;
}

static Phase phase_of(const Segmenter *s, const Node *n)
{
    const Graph *g = s->g;
    if (!s->window->training)
        return (Phase)n->section;
    if (n->section == 0)
        return PHASE_PROLOGUE;
    if (n->section == section_epilogue(g))
        return PHASE_EPILOGUE;
    if (slot_of_node(g, n) >= 0)
        return is_backward(g, n) ? PHASE_BACKWARD : PHASE_FORWARD;
    return n->section == section_head(g) ? PHASE_HEAD : PHASE_HEAD_BACKWARD;
}

static void make_vertices(Segmenter *s)
{
    const Graph *g = s->g;
    s->vertex = arena_array(s->arena, Vertex, g->count + 1);
    s->count = s->families->count;
    for (Ref r = 1; r < g->count; r++) {
        const Node *n = node_at(g, r);
        bool executed = is_computed(n), light = is_pointwise(n);
        int32_t family = s->families->of[r], at = s->vertex_of[r] = family ? family : ++s->count;
        Vertex *v = &s->vertex[at];
        *v = (Vertex){ .node = v->node && slot_of_node(g, node_at(g, v->node)) > slot_of_node(g, n) ? v->node : r,
                       .phase = phase_of(s, n), .executed = v->executed || executed,
                       .light = (v->light || !v->node) && light, .component = -1, .home = -1 };
    }
}

/* ---- who reads whom ---- */

/* A running sum is no recurrence: its terms may be added in any order, but for the one that stores. */
static bool is_order(const Node *user, uint32_t operand) { return user->op == OP_ACC && user->nargs == 2 && operand == 0; }

/* The term that begins the chain of which acc is a link; by the value whose adjoint it sums. */
static Ref *first_terms(const Segmenter *s)
{
    const Graph *g = s->g;
    Ref *first = arena_array(s->arena, Ref, graph_chains_end(g));
    for (Ref r = 1; r < g->count; r++) {
        const Node *n = node_at(g, r);
        if (n->op == OP_ACC && n->nargs == 1)
            first[n->attr[0]] = arg_at(g, r, 0);
    }
    return first;
}

typedef void EdgeVisitor(Segmenter *, int32_t user, int32_t operand);

static void visit_edges(Segmenter *s, const Ref *first, EdgeVisitor *visit)
{
    const Graph *g = s->g;
    const Ref *left = left_states(s->window, s->arena);
    for (Ref r = 1; r < g->count; r++) {
        const Node *n = node_at(g, r);
        if (n->op == OP_STATE && left && slot_of_node(g, n) > 0)
            visit(s, s->vertex_of[r], s->vertex_of[left[n->attr[0] * g->k + slot_of_node(g, n) - 1]]);
        for (uint32_t i = 0; i < n->nargs; i++)
            if (!is_order(n, i))
                visit(s, s->vertex_of[r], s->vertex_of[arg_at(g, r, i)]);
        if (n->op != OP_ACC || n->nargs != 2)
            continue;
        int32_t store = s->vertex_of[first[n->attr[0]]], term = s->vertex_of[arg_at(g, r, 1)];
        if (store != term)
            visit(s, term, store);
    }
}

static void count_edge(Segmenter *s, int32_t user, int32_t operand)
{
    (void)operand;
    s->start[user + 1]++;
}

static void add_edge(Segmenter *s, int32_t user, int32_t operand)
{
    s->operand[s->start[user]++] = operand;
    s->vertex[user].recurrent |= user == operand;
}

static void make_edges(Segmenter *s)
{
    const Ref *first = first_terms(s);
    s->start = arena_array(s->arena, int32_t, (size_t)s->count + 3);
    visit_edges(s, first, count_edge);
    for (int32_t v = 1; v <= s->count + 1; v++)
        s->start[v] += s->start[v - 1];
    s->operand = arena_array(s->arena, int32_t, (size_t)s->start[s->count + 1] + 1);
    visit_edges(s, first, add_edge);
    for (int32_t v = s->count + 1; v > 0; v--)
        s->start[v] = s->start[v - 1];
    s->start[0] = 0;
}

/* ---- cycles (Tarjan, 1972, without recursion; along operands, so that components come operands first) ---- */

typedef struct Search {
    int32_t *index, *low; /* [count + 1] */
    int32_t *stack, *path, *next; /* path: the vertices being visited; next: their next operand */
    int32_t depth, height, found, components, placed;
} Search;

static void open_vertex(Segmenter *s, Search *t, int32_t v)
{
    t->index[v] = t->low[v] = ++t->found;
    t->next[v] = s->start[v];
    t->stack[t->height++] = v;
    t->path[t->depth++] = v;
}

static void close_component(Segmenter *s, Search *t, int32_t root)
{
    int32_t from = t->height, v;
    do {
        v = t->stack[--t->height];
        s->vertex[v].component = t->components;
    } while (v != root);
    bool cycle = from - t->height > 1;
    while (t->height < from--) {
        s->vertex[t->stack[from]].recurrent |= cycle;
        s->order[t->placed++] = t->stack[from];
    }
    t->components++;
}

static void search_from(Segmenter *s, Search *t, int32_t root)
{
    open_vertex(s, t, root);
    while (t->depth) {
        int32_t v = t->path[t->depth - 1];
        if (t->next[v] < s->start[v + 1]) {
            int32_t operand = s->operand[t->next[v]++];
            if (!t->index[operand])
                open_vertex(s, t, operand);
            else if (s->vertex[operand].component < 0 && t->index[operand] < t->low[v])
                t->low[v] = t->index[operand];
            continue;
        }
        t->depth--;
        if (t->depth && t->low[v] < t->low[t->path[t->depth - 1]])
            t->low[t->path[t->depth - 1]] = t->low[v];
        if (t->low[v] == t->index[v])
            close_component(s, t, v);
    }
}

static void find_cycles(Segmenter *s)
{
    size_t n = (size_t)s->count + 1;
    Search t = { .index = arena_array(s->arena, int32_t, n), .low = arena_array(s->arena, int32_t, n),
                 .stack = arena_array(s->arena, int32_t, n), .path = arena_array(s->arena, int32_t, n),
                 .next = arena_array(s->arena, int32_t, n) };
    s->order = arena_array(s->arena, int32_t, n);
    for (Ref r = 1; r < s->g->count; r++)
        if (!t.index[s->vertex_of[r]])
            search_from(s, &t, s->vertex_of[r]);
}

/* ---- stages ---- */

/* The earliest stage for v behind an operand of the same phase. */
static int32_t stage_behind(const Vertex *v, const Vertex *operand)
{
    if (operand->recurrent)
        return operand->stage + (v->recurrent ? 2 : 1);
    return operand->stage + v->recurrent;
}

/* Vertices of a component stand together in the order; they share the latest stage that one of them needs. */
static void find_stages(Segmenter *s)
{
    for (int32_t i = 0, end; i < s->count; i = end) {
        int32_t component = s->vertex[s->order[i]].component, stage = s->vertex[s->order[i]].recurrent;
        for (end = i; end < s->count && s->vertex[s->order[end]].component == component; end++) {
            int32_t at = s->order[end];
            for (int32_t e = s->start[at]; e < s->start[at + 1]; e++) {
                const Vertex *v = &s->vertex[at], *operand = &s->vertex[s->operand[e]];
                if (operand->component != component && operand->phase == v->phase && stage_behind(v, operand) > stage)
                    stage = stage_behind(v, operand);
            }
        }
        for (int32_t k = i; k < end; k++) {
            Vertex *v = &s->vertex[s->order[k]];
            v->stage = stage;
            v->home = v->recurrent ? component : -1;
        }
    }
}

enum { NOBODY = -2, SEVERAL = -1 }; /* instead of the component of the one recurrence that reads a vertex */

static int32_t joint(int32_t a, int32_t b) { return a == NOBODY || a == b ? b : b == NOBODY ? a : SEVERAL; }

/* Element-by-element vertices that one recurrence of their phase alone reads move into it, latest first. What is
 * not executed (views) passes on who reads it. */
static void sink_light(Segmenter *s)
{
    int32_t *reader = arena_array(s->arena, int32_t, (size_t)s->count + 1);
    int32_t *phase = arena_array(s->arena, int32_t, (size_t)s->count + 1), *stage = arena_array(s->arena, int32_t, (size_t)s->count + 1);
    for (int32_t v = 0; v <= s->count; v++)
        reader[v] = NOBODY;
    for (int32_t i = s->count - 1; i >= 0; i--) {
        int32_t at = s->order[i];
        Vertex *v = &s->vertex[at];
        if (v->executed && v->light && !v->recurrent && reader[at] >= 0 && phase[at] == (int32_t)v->phase) {
            v->home = reader[at];
            v->stage = stage[at];
        }
        bool passes = !v->executed && !v->recurrent;
        int32_t by = passes ? reader[at] : v->home >= 0 ? v->home : SEVERAL;
        for (int32_t e = s->start[at]; e < s->start[at + 1]; e++) {
            int32_t a = s->operand[e];
            reader[a] = joint(reader[a], by);
            phase[a] = passes ? phase[at] : (int32_t)v->phase;
            stage[a] = passes ? stage[at] : v->stage;
        }
    }
}

/* ---- the table ---- */

typedef struct Place {
    Phase phase;
    int32_t stage, home, vertex;
} Place;

static int by_place(const void *a, const void *b)
{
    const Place *x = a, *y = b;
    if (x->phase != y->phase)
        return x->phase < y->phase ? -1 : 1;
    if (x->stage != y->stage)
        return x->stage < y->stage ? -1 : 1;
    if (x->home != y->home)
        return x->home < y->home ? -1 : 1;
    return (x->vertex > y->vertex) - (x->vertex < y->vertex);
}

static bool in_slots(Phase p) { return p == PHASE_FORWARD || p == PHASE_BACKWARD; }

static Place place_of(const Segmenter *s, int32_t vertex)
{
    const Vertex *v = &s->vertex[vertex];
    bool slots = in_slots(v->phase) && s->window->training;
    if (!slots)
        return (Place){ v->phase, 0, 0, vertex };
    return s->batch ? (Place){ v->phase, v->stage, v->home, vertex } : (Place){ v->phase, 1, 0, vertex };
}

static SegmentKind kind_at(const Segmenter *s, const Place *p)
{
    if (!in_slots(p->phase) || !s->window->training)
        return SEGMENT_ONCE;
    if (p->stage % 2 == 0)
        return SEGMENT_TOGETHER;
    return p->phase == PHASE_FORWARD ? SEGMENT_UP : SEGMENT_DOWN;
}

static void make_table(Segmenter *s)
{
    Segments *t = s->segments;
    size_t n = (size_t)s->count + 1;
    Place *place = arena_array(s->arena, Place, n);
    int32_t *segment = arena_array(s->arena, int32_t, n), *rank = arena_array(s->arena, int32_t, n);
    for (int32_t v = 1; v <= s->count; v++)
        place[v - 1] = place_of(s, v);
    qsort(place, (size_t)s->count, sizeof *place, by_place);
    t->segment = arena_array(t->arena, Segment, n);
    for (int32_t i = 0; i < s->count; i++) {
        const Place *p = &place[i], *before = i ? &place[i - 1] : NULL;
        if (!before || before->phase != p->phase || before->stage != p->stage || before->home != p->home)
            t->segment[t->count++] = (Segment){ kind_at(s, p), p->phase };
        segment[p->vertex] = t->count - 1;
    }
    for (int32_t i = 0; i < s->count; i++)
        rank[s->order[i]] = i;
    for (Ref r = 1; r < s->g->count; r++) {
        t->of[r] = segment[s->vertex_of[r]];
        t->rank[r] = rank[s->vertex_of[r]];
    }
}

Segments *segments_new(const Window *w, const Families *families, bool batch)
{
    Arena *arena = arena_new(), *own = arena_new();
    Segments *t = arena_array(own, Segments, 1);
    *t = (Segments){ .arena = own, .families = families, .of = arena_array(own, int32_t, w->graph->count),
                     .rank = arena_array(own, int32_t, w->graph->count) };
    Segmenter s = { .window = w, .g = w->graph, .families = families, .segments = t, .arena = arena,
                    .batch = batch && !segments_refusal(w),
                    .vertex_of = arena_array(arena, int32_t, w->graph->count) };
    make_vertices(&s);
    make_edges(&s);
    find_cycles(&s);
    find_stages(&s);
    sink_light(&s);
    make_table(&s);
    arena_free(arena);
    return t;
}

void segments_free(Segments *t)
{
    if (t)
        arena_free(t->arena);
}

void segments_write(const Segments *t, const Window *w, FILE *out)
{
    static const char *const kinds[] = { "once", "up", "down", "together" };
    static const char *const phases[] = { "prologue", "forward", "head", "head backward", "backward", "epilogue" };
    const Graph *g = w->graph;
    for (int32_t i = 0; i < t->count; i++) {
        fprintf(out, "segment %d %s, %s\n", i, phases[t->segment[i].phase], kinds[t->segment[i].kind]);
        for (Ref r = 1; r < g->count; r++) {
            int32_t slot = slot_of_node(g, node_at(g, r));
            if (t->of[r] != i || !is_computed(node_at(g, r)) || (slot >= 0 && slot != g->k - 1))
                continue;
            fputs("    ", out);
            text_write_node(out, g, r);
        }
    }
}
