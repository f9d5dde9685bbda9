/* region.h - the elements of a block that an access touches. */
#ifndef REGION_H
#define REGION_H

#include "schedule/kernel.h"
#include "schedule/layout.h"

/* offset + sum of i[d] * stride[d]; every dim has more than one element, and moves. */
typedef struct Region {
    int64_t offset;
    int32_t rank;
    int64_t extent[MOST_DIMS], stride[MOST_DIMS];
} Region;

/* Of an access whose argument stands at `offset`. Not of one that is addressed by a token. */
/* `slots` is what the kernel is told, if it is. */
Region access_region(const Kernel *, const Access *, int64_t offset, int64_t slots);
/* Of a whole value. */
Region value_region(const Layout *, const Shape *, int64_t lanes);
int64_t region_end(const Region *); /* behind the last element */
/* True if they have an element in common, exactly. */
bool regions_meet(const Region *, const Region *);

/* The same again `extent` times, `stride` apart. */
void region_along(Region *, int64_t extent, int64_t stride);

#endif
