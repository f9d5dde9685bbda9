/* schedule.h - a window ready to print: when everything runs, where it stands, by which kernel. */
#ifndef SCHEDULE_H
#define SCHEDULE_H

#include "schedule/plan.h"

/* X(name, what it does): each can be left out, to compare with. */
#define OPTIMISATIONS(X)                                                                          \
    X(join, "matrices applied to one vector become one")                                          \
    X(project, "a table is multiplied, in place of the rows looked up in it")                     \
    X(fuse, "operations element by element share loops")                                          \
    X(batch, "what no recurrence needs runs for all steps at once")                               \
    X(sums, "sums are put in the order of time, products begin with them, equal gradients are one")                    \
    X(tiles, "products have kernels of their own sizes, in place of BLAS")                        \
    X(columns, "matrices that are applied to one row at a time stand by columns")                \
    X(elementary, "exp, tanh and their like are computed in line, in place of libm")

/* ", join, project, ..." */
#define OPTIMISATION_NAME(name, what) ", " #name
#define OPTIMISATION_NAMES OPTIMISATIONS(OPTIMISATION_NAME)

typedef struct ScheduleOptions {
    tl_type real;
    const Target *target;
#define X(name, what) bool name;
    OPTIMISATIONS(X)
#undef X
    bool dense; /* nothing in memory is aligned: of a target without vectors */
    bool alone; /* code that is linked to nothing: no product is BLAS's; of one lane and no run */
} ScheduleOptions;

typedef struct Compiled {
    Window *window;
    Families *families;
    Segments *segments;
    Layouts *layouts;
    Runs *runs;
    Units *units;
    Selected *selected;
    Plan *plan;
} Compiled;

/* All of them. */
ScheduleOptions schedule_options(tl_type, const Target *);
/* "no-NAME" leaves one out, "none" all; false: there is none of that name. */
bool leave_out(ScheduleOptions *, const char *word);
/* Takes the window, which must be legalised; adds the kernels that are new to `kernels`, which must outlive it. */
Compiled schedule(Window *, const ScheduleOptions *, Kernels *);
void compiled_free(Compiled *);
/* Elements: what the planner placed, then the kernels' scratch, then packed weights, which all shards can share. */
int64_t workspace_size(const Compiled *);
int64_t packs_offset(const Compiled *);

#endif
