/* rolls.h - steps of a recurrence that are alike: the same calls in the same order, each argument as far from where it
 * stands in the step before as there from the one before that. With tbptt.unroll = false they are printed as a loop.
 *
 * Families make almost all steps alike: what outlives its slot stands at one stride. The first and last steps, whose
 * neighbours are missing, remain apart. */
#ifndef ROLLS_H
#define ROLLS_H

#include "schedule/schedule.h"

typedef struct UnitRange {
    uint32_t first, end;
} UnitRange;

/* A segment's units; those of a slot, or all if that is negative. */
UnitRange units_of_segment(const Units *, int32_t segment, int32_t slot);

/* Where an argument stands in its block. */
int64_t place_offset(const Compiled *, const Place *);

/* The farthest slot such that it, `slot` and all between are alike, if these are three or more, else `slot`; slots are passed by steps of `way`, 1 or -1. */
int32_t roll_end(const Compiled *, int32_t segment, int32_t slot, int32_t way);

#endif
