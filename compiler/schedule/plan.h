/* plan.h - a static place in the workspace for every value that needs one.
 *
 * A value is live from the unit that first writes it to the last that reads it. Values that are
 * never live together may share bytes. A window that starts late skips units but never reads what
 * it skipped, so lifetimes over the full order hold for it too. */
#ifndef PLAN_H
#define PLAN_H

#include "schedule/select.h"

typedef struct Plan {
    Arena *arena;
    int64_t unit;    /* elements: values begin at multiples of 16 or, of a dense one, anywhere */
    int64_t *offset; /* [graph->count] of owners, elements; -1: not in the workspace */
    int64_t size;    /* elements */
} Plan;

Plan *plan_workspace(const Window *, const Layouts *, const Selected *, bool dense);
void plan_free(Plan *);
void plan_write(const Plan *, const Window *, FILE *);

#endif
