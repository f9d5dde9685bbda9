/* carried.h - the gradient of a step from where its state came from: dL/dtheta = (dL/dtheta past the state) + sum dL/ds S. */
#ifndef CARRIED_H
#define CARRIED_H

#include "graph/model.h"

/* dL/ds S, of the parameter's shape: `adjoint` is that of the state as it enters a slot, `sensitivity` the state S, {directions,
 * shape of the state}, as it enters it. */
Ref credit_param(Graph *, const Model *, const Carried *, Ref sensitivity, Ref adjoint);

#endif
