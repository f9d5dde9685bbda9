/* adjoint.h - the reverse rule of every operation, as graph to graph.
 *
 * A rule is given a node and its adjoint g (the gradient of the reduced loss with respect to the
 * node's value, same shape and lanes) and contributes to the adjoint of each operand. Rules build
 * ordinary nodes; conventions at kinks are PyTorch's. */
#ifndef ADJOINT_H
#define ADJOINT_H

#include "graph/graph.h"

typedef struct Adjoints Adjoints; /* differentiate.c */

/* Adds to the adjoint of x. c may be larger than x (it is then summed over what x was broadcast
 * along, lanes included) or smaller (it is then broadcast). */
void contribute(Adjoints *, Ref x, Ref c);
/* The same for the part of x that slice(x, dim, from, ...) is; c has the part's shape. */
void contribute_slice(Adjoints *, Ref x, int32_t dim, int32_t from, Ref c);
/* Takes the adjoint of a state as it enters a slot, where parameters have it by the state's sensitivities. False: it goes to the
 * slot before. */
bool credit_state(Adjoints *, Ref state, Ref g);
/* False where no parameter or probe can be reached: a contribution would be dropped. */
bool wants_adjoint(const Adjoints *, Ref x);

void adjoint_rule(Adjoints *, Graph *, Ref node, Ref g);

#endif
