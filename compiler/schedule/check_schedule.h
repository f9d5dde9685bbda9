/* check_schedule.h - whether what will be executed computes what the graph says, found without the passes' own
 * words for it. */
#ifndef CHECK_SCHEDULE_H
#define CHECK_SCHEDULE_H

#include "schedule/plan.h"

/* Abort with what was assumed if an operand is not computed, or not stored, before it is read; if a running
 * sum is added to out of order. */
void check_units(const Window *, const Layouts *, const Runs *, const Units *);
/* If a call writes what its other arguments see, or outside of its value; if values that are live at once share
 * a place in the workspace. */
void check_calls(const Window *, const Layouts *, const Units *, const Selected *, const Plan *);

#endif
