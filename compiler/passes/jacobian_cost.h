/* jacobian_cost.h - what the Jacobian of a stream costs in each mode, by counting. */
#ifndef JACOBIAN_COST_H
#define JACOBIAN_COST_H

#include "graph/model.h"

/* Additions and multiplications, a function of an element counted as one, of all steps in one lane. With C the operations
 * of the step, n_y elements of output, C_S the operations of the step with its sensitivities:
 *     reverse   sum over t of n_y (2 min(t, k2) + 1) C   a window an output: its newest step forward, all of it backward
 *     forward   steps C_S                            whatever k2 is, for nothing is truncated
 *     blocks    a step n_y ((L + 2) C + 2 n_s n) + ((2 L + 3) n_s C + 2 n_s n_s n) / L
 *               of L steps, with n_s numbers of state and n of parameters: windows back to the block's beginning, and what
 *               they leave there times the sensitivities; in each block a window for each number of state, and a product */
typedef struct JacobianCost {
    double reverse, forward, blocks; /* forward, blocks: INFINITY where there are none; blocks: of cheapest_block */
} JacobianCost;

JacobianCost jacobian_cost(const Model *, int64_t steps);
/* L for streams that do not end. */
int32_t cheapest_block(const Model *);

#endif
