/* show_segments.c - what runs for all steps at once and what step by step, and why. */
#include "cli/show_segments.h"

#include <inttypes.h>
#include <string.h>

#include "schedule/cost.h"

typedef struct Work {
    uint32_t products, loops, others; /* calls; one for all steps, or one a step */
    uint64_t flops;
    int32_t first_line, last_line;    /* in the spec's own file; 0: none */
} Work;

static void note_line(Work *w, const Node *n)
{
    if (n->file || !n->line)
        return;
    w->first_line = !w->first_line || n->line < w->first_line ? n->line : w->first_line;
    w->last_line = n->line > w->last_line ? n->line : w->last_line;
}

/* Of a segment that runs slot by slot, the newest slot's work; flops of all. */
static Work find_work(const Compiled *c, int32_t segment)
{
    const Segment *s = &c->segments->segment[segment];
    bool by_slot = s->kind == SEGMENT_UP || s->kind == SEGMENT_DOWN;
    Work w = { 0 };
    for (uint32_t u = 0; u < c->units->count; u++) {
        const Unit *unit = &c->units->unit[u];
        if (unit->segment != segment)
            continue;
        const Kernel *k = kernel_of(c->selected, u);
        w.flops += call_flops(c->selected, c->units, u);
        if (by_slot && unit->high != c->window->graph->k / 2)
            continue;
        w.products += k->kind == KERNEL_PRODUCT;
        w.loops += k->kind == KERNEL_LOOP;
        w.others += k->kind != KERNEL_PRODUCT && k->kind != KERNEL_LOOP;
        for (uint32_t i = 0; i < unit->count; i++)
            note_line(&w, node_at(c->window->graph, c->units->members[unit->first + i]));
    }
    return w;
}

/* The states through which a recurrence goes. */
static void print_states(const Compiled *c, int32_t segment)
{
    const Graph *g = c->window->graph;
    const char *before = " through ";
    for (Ref r = 1; r < g->count; r++) {
        const Node *n = node_at(g, r);
        if (n->op != OP_STATE || c->segments->of[r] != segment || slot_of_node(g, n) != g->k - 1)
            continue;
        printf("%s%s", before, c->window->model->states[n->attr[0]].name);
        before = ", ";
    }
}

static void print_when(const Compiled *c, int32_t segment)
{
    const Segment *s = &c->segments->segment[segment];
    switch (s->kind) {
    case SEGMENT_ONCE: printf("once"); break;
    case SEGMENT_TOGETHER: printf("all steps at once"); break;
    case SEGMENT_UP:
        printf("step by step, the recurrence");
        print_states(c, segment);
        break;
    case SEGMENT_DOWN: printf("step by step, newest first"); break;
    }
}

void show_segments(const Compiled *c)
{
    static const char *const phases[] = { "prologue", "forward", "head", "head back", "backward", "epilogue" };
    const char *title = "order", *refusal = segments_refusal(c->window);
    for (int32_t i = 0; i < c->segments->count; i++) {
        Work w = find_work(c, i);
        if (!w.products && !w.loops && !w.others)
            continue;
        printf("  %-8s %-10s ", title, phases[c->segments->segment[i].phase]);
        print_when(c, i);
        printf(": %u products (%.3f MFLOP), %u loops, %u others", w.products, 1e-6 * (double)w.flops, w.loops, w.others);
        if (w.first_line)
            printf(w.first_line == w.last_line ? "; line %d" : "; lines %d to %d", w.first_line, w.last_line);
        fputc('\n', stdout);
        title = "";
    }
    if (refusal)
        printf("  %-8s nothing runs for all steps at once: %s\n", "", refusal);
}
