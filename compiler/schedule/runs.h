/* runs.h - which time-copies one call computes.
 *
 * In a segment that runs for all slots together, neighbouring members of a family are a run if they are computed
 * alike: the same operation, and each operand and the result one constant distance further in every slot (0 for what
 * slots share). The newest member stands for the run: it alone is a member of a unit. The ends of a window differ (a
 * newest slot that nothing comes back to), so a family may be several runs. */
#ifndef RUNS_H
#define RUNS_H

#include "schedule/layout.h"
#include "schedule/segments.h"

typedef struct Runs {
    Arena *arena;
    const Segments *segments;
    Ref *newest;  /* [graph->count] the node that stands for it; itself where it stands alone */
    int32_t *low; /* [graph->count] by newest: the oldest slot of the run; -1: of no slot */
} Runs;

Runs *runs_new(const Window *, const Segments *, const Layouts *);
void runs_free(Runs *);

/* The newest slot of the run for which r stands; -1: of no slot. */
int32_t run_high(const Graph *, Ref r);
/* Elements from what is read (operand i; -1: the result) in one slot of r's run to the same in the next. */
int64_t run_step(const Window *, const Runs *, const Layouts *, Ref r, int32_t i);

#endif
