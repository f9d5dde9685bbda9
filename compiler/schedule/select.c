#include "schedule/select_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "graph/checked.h"
#include "graph/user_error.h"

/* ---- the kernel being built ---- */

/* Room for one more element of *array. */
void *grown(void *array, uint32_t count, uint32_t *capacity, size_t size)
{
    if (count < *capacity)
        return array;
    *capacity = *capacity ? 2 * *capacity : 32;
    return checked(reallocarray(array, *capacity, size));
}

void begin_kernel(Selector *s, KernelKind kind, tl_op op)
{
    s->kernel = (Kernel){ .kind = kind, .op = op, .access = s->kernel.access, .body = s->kernel.body };
}

static Place place_of(const Selector *s, Ref r)
{
    const Layout *l = layout_of(s, r);
    return (Place){ .block = l->block, .index = l->index, .owner = l->owner, .offset = l->offset, .step = step_of(s, r) };
}

static bool same_place(const Place *a, const Place *b)
{
    return a->block == b->block && a->index == b->index && a->owner == b->owner && a->offset == b->offset &&
           a->step == b->step;
}

uint32_t new_argument(Selector *s, Ref r)
{
    s->place = grown(s->place, s->kernel.narguments, &s->place_capacity, sizeof *s->place);
    s->place[s->kernel.narguments] = place_of(s, r);
    return s->kernel.narguments++;
}

uint32_t argument_at(Selector *s, Ref r, bool written)
{
    const Place place = place_of(s, r);
    for (uint32_t i = 0; i < s->kernel.naccesses; i++) {
        const Access *a = &s->kernel.access[i];
        if (a->written == written && same_place(&s->place[a->argument], &place))
            return a->argument;
    }
    return new_argument(s, r);
}

Access *add_access(Selector *s, Ref r, uint32_t argument, bool written)
{
    Kernel *k = &s->kernel;
    k->access = grown(k->access, k->naccesses, &s->access_capacity, sizeof *k->access);
    Access *a = &k->access[k->naccesses++];
    *a = (Access){ .argument = argument, .written = written, .add = written && layout_of(s, r)->add,
                   .token = node_at(s->g, r)->token };
    return a;
}

Access *access_value(Selector *s, Ref r, bool written)
{
    return add_access(s, r, argument_at(s, r, written), written);
}

double in_precision(const Selector *s, double v)
{
    if (isnan(v))
        return NAN; /* whatever its bits */
    return s->real == TL_F32 ? (float)v : v;
}

/* ---- a unit, then all ---- */

typedef bool Select(Selector *, uint32_t unit, Ref first);

static bool select_LEAF(Selector *s, uint32_t u, Ref r) { return (void)u, select_dropmask(s, r), !s->all; }
static bool select_POINTWISE(Selector *s, uint32_t u, Ref r) { return (void)r, select_loop(s, u); }
static bool select_COPY(Selector *s, uint32_t u, Ref r) { return (void)r, select_loop(s, u); }
static bool select_REDUCE(Selector *s, uint32_t u, Ref r) { return (void)u, select_sum(s, r); }
static bool select_ROWWISE(Selector *s, uint32_t u, Ref r) { return (void)u, select_softmax(s, r), true; }
static bool select_MATMUL(Selector *s, uint32_t u, Ref r) { return (void)u, select_product(s, r); }
static bool select_INDEX(Selector *s, uint32_t u, Ref r) { return (void)u, select_index(s, r); }
static bool select_PATCH(Selector *s, uint32_t u, Ref r) { return (void)u, select_slide(s, r), !s->all; }

static bool select_VIEW(Selector *s, uint32_t u, Ref r)
{
    (void)s, (void)u;
    assume(false, "a view is not executed: %%%u", r);
    return false;
}

static Select *const select_of[TL_KIND_COUNT] = {
#define X(KIND, computed, stands, token) select_##KIND,
    TL_KINDS(X)
#undef X
};

/* One call, of a slot or where s->all is set of the run; false: that cannot be. */
static bool select_unit(Selector *s, uint32_t u)
{
    Ref r = s->units->members[s->units->unit[u].first];
    const Node *n = node_at(s->g, r);
    return select_of[tl_op_table[n->op].kind](s, u, r);
}

/* Notes the steps of a run; true if the unit is one. */
static bool find_steps(Selector *s, uint32_t u)
{
    const Unit *unit = &s->units->unit[u];
    bool run = unit->low >= 0 && unit->low < unit->high;
    for (uint32_t i = 0; i < unit->count; i++) {
        Ref r = s->units->members[unit->first + i];
        s->step[r] = run ? run_step(s->window, s->runs, s->layouts, r, -1) : 0;
        for (uint32_t a = 0; a < node_at(s->g, r)->nargs; a++)
            s->step[arg_at(s->g, r, a)] = run ? run_step(s->window, s->runs, s->layouts, r, (int32_t)a) : 0;
    }
    return run;
}

static void add_call(Selected *all, const Selector *s, CallFor how, Kernels *kernels)
{
    uint32_t kernel = kernels_add(kernels, &s->kernel);
    all->call[all->count++] = (Call){ kernel, kernel, all->nplaces, how };
    for (uint32_t i = 0; i < s->kernel.narguments; i++) {
        all->place = grown(all->place, all->nplaces, &all->places_capacity, sizeof *all->place);
        all->place[all->nplaces++] = s->place[i];
    }
}

/* The kernel of the slots before the newest: what stays in place, they add to. */
static void add_rest(Selected *all, Selector *s, Kernels *kernels)
{
    bool differs = false;
    for (uint32_t i = 0; i < s->kernel.naccesses; i++) {
        Access *a = &s->kernel.access[i];
        bool adds = a->written && !s->place[a->argument].step;
        differs |= adds && !a->add;
        a->add |= adds;
    }
    if (!differs)
        return;
    s->kernel.clear = (Nest){ 0 };
    all->call[all->count - 1].rest = kernels_add(kernels, &s->kernel);
}

static void select_call(Selected *all, Selector *s, uint32_t u, Kernels *kernels)
{
    bool run = find_steps(s, u);
    s->all = run;
    if (select_unit(s, u)) {
        add_call(all, s, run ? CALL_ALL : CALL_ALONE, kernels);
        return;
    }
    s->all = false;
    select_unit(s, u);
    add_call(all, s, CALL_EACH, kernels);
    add_rest(all, s, kernels);
}

Selected *select_kernels(const Window *w, const Layouts *layouts, const Runs *runs, const Units *units, tl_type real,
                         const Target *target, bool alone, Kernels *kernels)
{
    Selected *all = checked(calloc(1, sizeof *all));
    all->kernels = kernels;
    all->call = checked(calloc((size_t)units->count + 1, sizeof *all->call));
    Selector s = { .window = w, .g = w->graph, .layouts = layouts, .runs = runs, .units = units, .real = real,
                   .target = target, .alone = alone, .selected = all,
                   .step = checked(calloc(w->graph->count, sizeof *s.step)) };
    for (uint32_t u = 0; u < units->count; u++)
        select_call(all, &s, u, kernels);
    free(s.step);
    free(s.kernel.access);
    free(s.kernel.body);
    free(s.place);
    return all;
}

void selected_free(Selected *all)
{
    if (!all)
        return;
    free(all->call);
    free(all->place);
    free(all->pack);
    free(all);
}
