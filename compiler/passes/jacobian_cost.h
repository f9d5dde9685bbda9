/* jacobian_cost.h - what the Jacobian of a stream costs in reverse and in forward mode, by counting. */
#ifndef JACOBIAN_COST_H
#define JACOBIAN_COST_H

#include "graph/model.h"

/* Additions and multiplications, a function of an element counted as one, of all steps in one lane. With C the operations
 * of the step, n_y elements of output, C_S the operations of the step with its sensitivities:
 *     reverse   sum over t of n_y (2 min(t, k2) + 1) C   a window an output: its newest step forward, all of it backward
 *     forward   steps C_S                            whatever k2 is, for nothing is truncated */
typedef struct JacobianCost {
    double reverse, forward; /* forward: INFINITY where there is none */
} JacobianCost;

JacobianCost jacobian_cost(const Model *, int64_t steps);

#endif
