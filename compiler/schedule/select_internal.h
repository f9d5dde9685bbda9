/* select_internal.h - what the parts of select share: the kernel being built. */
#ifndef SELECT_INTERNAL_H
#define SELECT_INTERNAL_H

#include "schedule/nest.h"
#include "schedule/select.h"

typedef struct Selector {
    const Window *window;
    const Graph *g;
    const Layouts *layouts;
    const Runs *runs;
    const Units *units;
    tl_type real;
    const Target *target;
    bool alone;    /* products that no template walks are loops, not BLAS's */
    Selected *selected;
    int64_t *step; /* [graph->count] of what the unit at hand reads and writes, if it is a run; else 0 */
    bool all;      /* it is a run, and one call shall compute all of it */
    Kernel kernel; /* its arrays are the selector's, and are used again for the next */
    Place *place;  /* [kernel.narguments] */
    uint32_t access_capacity, place_capacity, body_capacity;
} Selector;

static inline const Layout *layout_of(const Selector *s, Ref r) { return &s->layouts->at[r]; }
static inline int64_t step_of(const Selector *s, Ref r) { return s->step[r]; }
static inline int64_t lanes_of(const Selector *s, bool batched) { return batched ? s->g->lanes : 1; }

/* One operation: no accesses so far. */
void begin_kernel(Selector *, KernelKind, tl_op);
/* The argument that stands where r does, for reading or writing; a new one if there is none. */
uint32_t argument_at(Selector *, Ref, bool written);
uint32_t new_argument(Selector *, Ref);
/* How value r is walked through `argument`, not moved along any dim yet; for the result `written`. */
Access *add_access(Selector *, Ref, uint32_t argument, bool written);
/* The access of the result (written) or of an operand, its argument shared with equal ones. */
Access *access_value(Selector *, Ref, bool written);
/* Room for one more element of an array; NULL: none so far. */
void *grown(void *array, uint32_t count, uint32_t *capacity, size_t size);
/* As the generated code will hold it. */
double in_precision(const Selector *, double);

/* By kind of operation. */
/* Where s->all is set, false: this cannot be one call. */
bool select_loop(Selector *, uint32_t unit);
bool select_sum(Selector *, Ref);
void select_softmax(Selector *, Ref);
bool select_product(Selector *, Ref);
bool select_index(Selector *, Ref);
void select_slide(Selector *, Ref);
void select_dropmask(Selector *, Ref);

#endif
