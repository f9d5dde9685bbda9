/* reach.h - which parameters are trained: those that gradient can reach in some window. */
#ifndef REACH_H
#define REACH_H

#include "graph/model.h"

/* True if an adjoint of the node gives its operand one (adjoint.c). */
bool carries_gradient(const Node *, uint32_t operand);

/* Says in the rules of the model's parameters which are trained, as tapeless.h defines it: for the k2, the
 * head and the options of the model as it now is, so both engines call it before they look at a rule. */
void find_trained(Model *);

#endif
