/* nest.h - loop nests, and the strides of what walks them. */
#ifndef NEST_H
#define NEST_H

#include "schedule/kernel.h"
#include "schedule/layout.h"

/* Slots if they run together, lanes (1: shared), the dims of an example. */
Nest nest_over(bool slots, int64_t lanes, const Shape *);
/* The strides of a value of shape s at l, in the next slot `step` further, along the nest, broadcast (stride 0) where it must be. */
void nest_strides(const Nest *, int64_t step, const Layout *l, const Shape *s, bool batched, int64_t *stride);
/* Drops dims of 1 and merges neighbouring dims that every access walks as one. */
void nest_collapse(Nest *, Access *, uint32_t n);
/* Dim `from` becomes dim `to`; those between move over by one. */
void nest_move(Nest *, Access *, uint32_t n, int32_t from, int32_t to);
/* The one form of a nest that keeps its dims of 1: nothing moves along them. */
void nest_still(const Nest *, Access *, uint32_t n);

#endif
