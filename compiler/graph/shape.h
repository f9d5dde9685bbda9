/* shape.h - shapes of one example, and the shape rule of every operation. */
#ifndef SHAPE_H
#define SHAPE_H

#include "graph/graph.h"

enum { SHAPE_MAX_ELEMENTS = 1 << 28 }; /* of one example: offsets stay well inside int32 and bytes inside size_t */

/* Checks n's operands (in args) against its operation and fills in what follows from them: shape,
 * batched, token. Shapes that cannot be inferred (leaves, const, reshape, expand, sum, slice's
 * length) are given in n and checked. Returns NULL, or a sentence. */
const char *shape_rule(Graph *, Node *n, const Ref *args, uint32_t nargs);

#endif
