/* The workspace: values that are needed at the same time never share bytes. The lifetimes are found
 * here once more and another way, from what each unit reads and writes, and every pair is compared. */
#include "unit.h"

#include <stdlib.h>

#include "model_passes.h"

typedef struct Span {
    Ref owner;
    uint32_t first, last; /* units */
    int64_t from, to;     /* elements */
} Span;

typedef struct Spans {
    const Window *window;
    const Layouts *layouts;
    const Units *units;
    const Plan *plan;
    Span *span; /* [graph->count] by owner */
} Spans;

/* Unit u reads or writes elements of value r: are they in the owner's place? */
static void note(Spans *s, Ref r, uint32_t u)
{
    const Graph *g = s->window->graph;
    const Layout *l = &s->layouts->at[r];
    if (l->block != BLOCK_WORK)
        return;
    Ref owner = l->owner ? l->owner : r;
    const Node *n = node_at(g, r), *o = node_at(g, owner);
    int64_t size = shape_size(&o->shape) * (o->batched ? g->lanes : 1) * s->layouts->span[owner];
    int64_t last = l->offset + (n->batched ? (g->lanes - 1) * l->lane : 0);
    for (int32_t d = 0; d < n->shape.rank; d++)
        last += (n->shape.dim[d] - 1) * l->stride[d];
    if (l->offset < 0 || last >= size)
        fail_msg("%%%u reaches element %lld of %%%u, which has %lld", r, (long long)last, owner,
                 (long long)size);
    assert_true(s->plan->offset[owner] >= 0);
    Span *span = &s->span[owner];
    if (!span->owner)
        *span = (Span){ owner, u, u, s->plan->offset[owner], s->plan->offset[owner] + size };
    span->first = u < span->first ? u : span->first;
    span->last = u > span->last ? u : span->last;
}

/* Of all slots that a unit computes, not of the newest alone. */
static void find_spans(Spans *s)
{
    const Graph *g = s->window->graph;
    for (Ref r = 1; r < g->count; r++) {
        uint32_t u = s->units->of[r];
        if (!is_computed(node_at(g, r)))
            continue;
        if (s->units->stored[r])
            note(s, r, u);
        for (uint32_t a = 0; a < node_at(g, r)->nargs; a++) {
            Ref x = arg_at(g, r, a);
            bool in_registers = is_computed(node_at(g, x)) && s->units->of[x] == u && !s->units->stored[x];
            if (!in_registers)
                note(s, x, u);
        }
    }
}

static int by_place(const void *a, const void *b)
{
    const Span *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return (x->owner > y->owner) - (x->owner < y->owner);
}

static void none_overlap(Span *span, uint32_t n, int64_t size)
{
    qsort(span, n, sizeof *span, by_place);
    for (uint32_t i = 0; i < n; i++) {
        assert_true(span[i].from % 16 == 0 && span[i].to <= size);
        for (uint32_t j = i + 1; j < n && span[j].from < span[i].to; j++)
            if (span[i].first <= span[j].last && span[j].first <= span[i].last)
                fail_msg("%%%u [%lld, %lld) of units %u to %u and %%%u [%lld, %lld) of units %u to "
                         "%u share bytes",
                         span[i].owner, (long long)span[i].from, (long long)span[i].to,
                             span[i].first, span[i].last,
                         span[j].owner, (long long)span[j].from, (long long)span[j].to,
                             span[j].first, span[j].last);
    }
}

/* Bytes that are live at once: no plan can do with less. */
static int64_t peak(const Span *span, uint32_t n, uint32_t units)
{
    int64_t *change = calloc((size_t)units + 2, sizeof *change), live = 0, most = 0;
    assert_non_null(change);
    for (uint32_t i = 0; i < n; i++) {
        int64_t size = (span[i].to - span[i].from + 15) / 16 * 16;
        change[span[i].first] += size;
        change[span[i].last + 1] -= size;
    }
    for (uint32_t u = 0; u < units; u++) {
        live += change[u];
        most = live > most ? live : most;
    }
    free(change);
    return most;
}

static void check_plan(const Compiled *c, const char *what)
{
    const Window *w = c->window;
    const Plan *plan = c->plan;
    Spans s = { w, c->layouts, c->units, plan, calloc(w->graph->count, sizeof *s.span) };
    assert_non_null(s.span);
    find_spans(&s);
    uint32_t n = 0;
    for (Ref r = 1; r < w->graph->count; r++)
        if (s.span[r].owner)
            s.span[n++] = s.span[r];
    none_overlap(s.span, n, plan->size);
    int64_t least = peak(s.span, n, c->units->count);
    if (plan->size < least || plan->size > 2 * least + 1024)
        fail_msg("%s: the workspace has %lld elements where %lld are live at once", what,
                 (long long)plan->size,
                 (long long)least);
    free(s.span);
}

static void values_that_live_together_stand_apart(void **state)
{
    (void)state;
    for (int i = 0; i < nsmall_specs; i++)
        for_every_compiled(&small_specs[i], check_plan);
}

static void random_cells(void **state)
{
    (void)state;
    for (int seed = 100; seed < 140; seed++) {
        char number[16], size[16], lanes[16];
        snprintf(number, sizeof number, "%d", seed);
        snprintf(size, sizeof size, "%d", 20 + seed % 7 * 10);
        snprintf(lanes, sizeof lanes, "%d", seed % 3 + 1);
        for_every_compiled(&(SmallSpec){ "tests/ops/random.lua",
                                         { { "seed", number }, { "size", size }, { "batch", lanes } } }, check_plan);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_that_live_together_stand_apart),
        cmocka_unit_test(random_cells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
