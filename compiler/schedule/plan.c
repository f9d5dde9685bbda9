/* plan.c - best fit in order of execution, neighbours merged when they are freed (linear scan over
 * lifetimes; Poletto & Sarkar, 1999). A window's lifetimes nest (forward values wait for backward),
 * so the free list stays short and the fit close to the peak of live bytes. */
#include "schedule/plan.h"

#include <stdlib.h>
#include <string.h>

#include "graph/checked.h"
#include "graph/user_error.h"

enum { UNIT = 16 }; /* elements at a multiple of which values begin, unless they are dense */

typedef struct Life {
    Ref owner;
    uint32_t first, last; /* units */
    int64_t size;
} Life;

typedef struct Gap {
    int64_t offset, size;
} Gap;

typedef struct Planner {
    const Graph *g;
    const Layouts *layouts;
    const Selected *selected;
    Plan *plan;
    Life *life;      /* [graph->count] by owner; size 0: not used */
    Gap *gap;        /* by offset */
    int64_t ngaps, capacity;
} Planner;

static void touch(Planner *p, Ref owner, uint32_t unit)
{
    Life *life = &p->life[owner];
    if (!life->size) {
        const Node *n = node_at(p->g, owner);
        int64_t size = shape_size(&n->shape) * (n->batched ? p->g->lanes : 1);
        size *= p->layouts->span[owner];
        *life = (Life){ owner, unit, unit, (size + p->plan->unit - 1) / p->plan->unit * p->plan->unit };
    }
    life->last = unit;
}

static void find_lives(Planner *p)
{
    for (uint32_t u = 0; u < p->selected->count; u++)
        for (uint32_t i = 0; i < kernel_of(p->selected, u)->narguments; i++) {
            const Place *place = &places_of(p->selected, u)[i];
            if (place->block == BLOCK_WORK)
                touch(p, place->owner, u);
        }
}

static void remove_gap(Planner *p, int64_t i)
{
    memmove(&p->gap[i], &p->gap[i + 1], (size_t)(p->ngaps - i - 1) * sizeof *p->gap);
    p->ngaps--;
}

static int64_t allocate(Planner *p, int64_t size)
{
    int64_t best = -1;
    for (int64_t i = 0; i < p->ngaps; i++)
        if (p->gap[i].size >= size && (best < 0 || p->gap[i].size < p->gap[best].size))
            best = i;
    if (best >= 0) {
        int64_t offset = p->gap[best].offset;
        p->gap[best].offset += size;
        p->gap[best].size -= size;
        if (!p->gap[best].size)
            remove_gap(p, best);
        return offset;
    }
    int64_t top = p->plan->size;
    if (p->ngaps && p->gap[p->ngaps - 1].offset + p->gap[p->ngaps - 1].size == top)
        top = p->gap[--p->ngaps].offset; /* the last gap grows */
    p->plan->size = top + size;
    return top;
}

static void release(Planner *p, int64_t offset, int64_t size)
{
    int64_t i = p->ngaps;
    while (i && p->gap[i - 1].offset > offset)
        i--;
    if (i && p->gap[i - 1].offset + p->gap[i - 1].size == offset) {
        p->gap[--i].size += size;
    } else {
        if (p->ngaps == p->capacity) {
            p->capacity = p->capacity ? 2 * p->capacity : 64;
            p->gap = checked(reallocarray(p->gap, (size_t)p->capacity, sizeof *p->gap));
        }
        memmove(&p->gap[i + 1], &p->gap[i], (size_t)(p->ngaps++ - i) * sizeof *p->gap);
        p->gap[i] = (Gap){ offset, size };
    }
    if (i + 1 < p->ngaps && p->gap[i].offset + p->gap[i].size == p->gap[i + 1].offset) {
        p->gap[i].size += p->gap[i + 1].size;
        remove_gap(p, i + 1);
    }
}

static int by_first(const void *a, const void *b)
{
    const Life *x = a, *y = b;
    return x->first != y->first ? (x->first < y->first ? -1 : 1) : x->owner < y->owner ? -1 : x->owner > y->owner;
}

static int by_last(const void *a, const void *b)
{
    const Life *x = *(Life *const *)a, *y = *(Life *const *)b;
    return x->last != y->last ? (x->last < y->last ? -1 : 1) : x->owner < y->owner ? -1 : x->owner > y->owner;
}

/* A unit's operands and results never share bytes: what ends at unit u is free from u + 1 on. */
static void place_lives(Planner *p, Life *lives, uint32_t n)
{
    Life **ending = arena_array(p->plan->arena, Life *, n + 1);
    qsort(lives, n, sizeof *lives, by_first);
    for (uint32_t i = 0; i < n; i++)
        ending[i] = &lives[i];
    qsort(ending, n, sizeof *ending, by_last);
    for (uint32_t i = 0, e = 0; i < n; i++) {
        for (; ending[e]->last < lives[i].first; e++)
            release(p, p->plan->offset[ending[e]->owner], ending[e]->size);
        p->plan->offset[lives[i].owner] = allocate(p, lives[i].size);
    }
}

Plan *plan_workspace(const Window *w, const Layouts *layouts, const Selected *selected, bool dense)
{
    const Graph *g = w->graph;
    Arena *arena = arena_new();
    Plan *plan = arena_array(arena, Plan, 1);
    plan->arena = arena;
    plan->unit = dense ? 1 : UNIT;
    plan->offset = arena_array(arena, int64_t, g->count);
    Planner p = { .g = g, .layouts = layouts, .selected = selected, .plan = plan,
                  .life = arena_array(arena, Life, g->count) };
    find_lives(&p);
    uint32_t n = 0;
    Life *lives = arena_array(arena, Life, g->count);
    for (Ref r = 1; r < g->count; r++) {
        plan->offset[r] = -1;
        if (p.life[r].size)
            lives[n++] = p.life[r];
    }
    place_lives(&p, lives, n);
    free(p.gap);
    return plan;
}

void plan_free(Plan *plan)
{
    if (plan)
        arena_free(plan->arena);
}

void plan_write(const Plan *plan, const Window *w, FILE *out)
{
    fprintf(out, "workspace %lld\n", (long long)plan->size);
    for (Ref r = 1; r < w->graph->count; r++)
        if (plan->offset[r] >= 0)
            fprintf(out, "%%%u at %lld\n", r, (long long)plan->offset[r]);
}
