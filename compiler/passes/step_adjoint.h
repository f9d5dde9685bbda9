/* step_adjoint.h - reverse mode of a step, as nodes of the step graph.
 *
 * The sweep is that of training (differentiate.c), over a window of one step in which everything whose adjoint is
 * asked for is a state, and the loss is the sum of the results weighed by their cotangents; what it made is then read
 * back. */
#ifndef STEP_ADJOINT_H
#define STEP_ADJOINT_H

#include "graph/model.h"

/* m has no states: of its inputs the first `n` are asked about; result[i] is weighed by input cotangent[i], a leaf of
 * its shape behind these. adjoint [n], of the input's shape; 0: no result is made of it. */
void add_step_adjoints(Model *m, int32_t n, const Ref *result, const int32_t *cotangent, int32_t nresults,
                       Ref *adjoint);

#endif
