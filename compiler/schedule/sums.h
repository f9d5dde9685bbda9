/* sums.h - sums in the order in which they cost least. */
#ifndef SUMS_H
#define SUMS_H

#include "passes/window.h"

/* `batch` as in ScheduleOptions: it says what stands earlier. */
void sums(Window *, bool batch);

#endif
