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

static Place place_of(const Layout *l)
{
    return (Place){ .block = l->block, .index = l->index, .owner = l->owner, .offset = l->offset };
}

static bool same_place(const Place *a, const Place *b)
{
    return a->block == b->block && a->index == b->index && a->owner == b->owner && a->offset == b->offset;
}

uint32_t new_argument(Selector *s, Ref r)
{
    s->place = grown(s->place, s->kernel.narguments, &s->place_capacity, sizeof *s->place);
    s->place[s->kernel.narguments] = place_of(layout_of(s, r));
    return s->kernel.narguments++;
}

uint32_t argument_at(Selector *s, Ref r, bool written)
{
    const Place place = place_of(layout_of(s, r));
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

static void select_unit(Selector *s, uint32_t u)
{
    Ref r = s->units->members[s->units->unit[u].first];
    const Node *n = node_at(s->g, r);
    switch (tl_op_table[n->op].kind) {
    case TL_LEAF: select_dropmask(s, r); break;
    case TL_POINTWISE:
    case TL_COPY: select_loop(s, u); break;
    case TL_REDUCE: select_sum(s, r); break;
    case TL_ROWWISE: select_softmax(s, r); break;
    case TL_MATMUL: select_product(s, r); break;
    case TL_INDEX: select_index(s, r); break;
    case TL_PATCH: select_slide(s, r); break;
    case TL_VIEW: assume(false, "a view is not executed: %%%u", r);
    }
}

static void add_call(Selected *all, const Selector *s, Kernels *kernels)
{
    all->call[all->count++] = (Call){ kernels_add(kernels, &s->kernel), all->nplaces };
    for (uint32_t i = 0; i < s->kernel.narguments; i++) {
        all->place = grown(all->place, all->nplaces, &all->places_capacity, sizeof *all->place);
        all->place[all->nplaces++] = s->place[i];
    }
}

Selected *select_kernels(const Window *w, const Layouts *layouts, const Units *units, tl_type real,
                         Kernels *kernels)
{
    Selected *all = checked(calloc(1, sizeof *all));
    all->kernels = kernels;
    all->call = checked(calloc((size_t)units->count + 1, sizeof *all->call));
    Selector s = { .window = w, .g = w->graph, .layouts = layouts, .units = units, .real = real };
    for (uint32_t u = 0; u < units->count; u++) {
        select_unit(&s, u);
        add_call(all, &s, kernels);
    }
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
    free(all);
}
