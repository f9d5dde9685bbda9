/* select.h - each unit becomes a call of a kernel: the last pass that decides anything about code.
 *
 * Loop nests are collapsed, sums choose whether to run inside or outside, the lanes of products are merged,
 * arguments are shared, here. The planner, the costs, the checker and the printer read what was decided. */
#ifndef SELECT_H
#define SELECT_H

#include "schedule/kernel.h"
#include "schedule/units.h"

/* Where an argument stands. */
typedef struct Place {
    Block block;
    int32_t index; /* of an input, a table ... */
    Ref owner;     /* in the workspace */
    int64_t offset; /* elements; in the workspace from where the owner stands */
} Place;

typedef struct Call {
    uint32_t kernel; /* in Kernels */
    uint32_t places; /* first in Selected.place; as many as the kernel has arguments */
} Call;

typedef struct Selected {
    const Kernels *kernels; /* shared by all windows of a program */
    Call *call;             /* one a unit, in order of execution */
    uint32_t count;
    Place *place;
    uint32_t nplaces, places_capacity;
} Selected;

/* Adds what is new to `kernels`, which must outlive the result. */
Selected *select_kernels(const Window *, const Layouts *, const Units *, tl_type real, Kernels *);
void selected_free(Selected *);
/* The kernels so far, then the calls. */
void selected_write(const Selected *, const Units *, FILE *);

static inline const Kernel *kernel_of(const Selected *s, uint32_t unit)
{
    return &s->kernels->kernel[s->call[unit].kernel];
}
static inline const Place *places_of(const Selected *s, uint32_t unit)
{
    return &s->place[s->call[unit].places];
}

#endif
