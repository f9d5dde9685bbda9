/* schedule.h - a window ready to print: when everything runs, where it stands, by which kernel. */
#ifndef SCHEDULE_H
#define SCHEDULE_H

#include "schedule/plan.h"

typedef struct ScheduleOptions {
    tl_type real;
    bool fuse;  /* pointwise loops; off to compare */
    bool batch; /* all slots together what no recurrence needs step by step; off to compare */
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

/* Takes the window, which must be legalised; adds the kernels that are new to `kernels`, which must outlive it. */
Compiled schedule(Window *, const ScheduleOptions *, Kernels *);
void compiled_free(Compiled *);

#endif
