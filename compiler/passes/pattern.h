/* pattern.h - which elements of a value are 0 whatever the numbers: the sparsity of a Jacobian, from its graph. */
#ifndef PATTERN_H
#define PATTERN_H

#include "graph/graph.h"

/* [shape of r, row-major] true: it may be other than 0. `given`, by node: what is known of leaves that a step reads, in the
 * same form; NULL of those of which nothing is. Constants are followed as numbers, so that masks and identities that the
 * graph compares or multiplies are seen; what else is computed may be anything but where a factor is 0. */
bool *find_pattern(const Graph *, Ref r, const bool *const *given, Arena *);

#endif
