/* select.h - each unit becomes a call of a kernel: the last pass that decides anything about code.
 *
 * Loop nests are collapsed, sums choose whether to run inside or outside, the lanes of products are merged,
 * arguments are shared, here. The planner, the costs, the checker and the printer read what was decided. */
#ifndef SELECT_H
#define SELECT_H

#include "schedule/kernel.h"
#include "schedule/target.h"
#include "schedule/units.h"

/* Where an argument stands. */
typedef struct Place {
    Block block;
    int32_t index; /* of an input, a table ... */
    Ref owner;     /* in the workspace */
    int64_t offset; /* elements; in the workspace from where the owner stands; of a run, of its newest slot */
    int64_t step;   /* of a run: elements from a slot to the next; 0: slots share it */
} Place;

/* How often a kernel is called for a run of slots. */
typedef enum CallFor {
    CALL_ALONE, /* no run: one slot, or none */
    CALL_ALL,   /* once, with the number of slots */
    CALL_EACH   /* for every slot, newest first */
} CallFor;

typedef struct Call {
    uint32_t kernel; /* in Kernels */
    uint32_t rest;   /* for each slot: the kernel of all but the newest, which store what the others add to */
    uint32_t places; /* first in Selected.place; as many as the kernel has arguments */
    CallFor how;
} Call;

/* Weights in the panels in which products read them, made when a window begins. */
typedef struct Pack {
    Place from;          /* a matrix of the parameters */
    bool transposed;     /* that stands as {columns, depth} */
    int64_t columns, depth, row;
    int32_t vectors;     /* of a panel */
    int64_t at, size;    /* in BLOCK_PACKED */
} Pack;

typedef struct Selected {
    const Kernels *kernels; /* shared by all windows of a program */
    Call *call;             /* one a unit, in order of execution */
    uint32_t count;
    Place *place;
    uint32_t nplaces, places_capacity;
    Pack *pack;
    uint32_t npacks, packs_capacity;
    int64_t packed, scratch; /* elements */
} Selected;

/* Adds what is new to `kernels`, which must outlive the result. */
Selected *select_kernels(const Window *, const Layouts *, const Runs *, const Units *, tl_type real,
                         const Target *, bool alone, Kernels *);
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
