/* sensitivity.h - a step that carries how its parameters have moved its state: real-time recurrent learning.
 *
 * Beside each state s stands, for every parameter θ that can have moved it, S = ds/dθ, {θ's elements, shape of s}, a state
 * like any other: S' = (∂s'/∂s) S + ∂s'/∂θ (Williams & Zipser, 1989), made by forward mode (tangent.h) of the step. What
 * the graph rules out has no S: a layer's parameters and the state of the layers below, a parameter that only an output
 * reads. Resets, padding, lanes, shards and checkpoints treat S as they treat states. */
#ifndef SENSITIVITY_H
#define SENSITIVITY_H

#include "graph/model.h"

typedef enum Rows {
    ROWS_LOSS,     /* none: the window's gradient is made by m->carried (carried.h), or with "snap1" of m->gradient, that of each
                      step's loss, of the parameter's shape */
    ROWS_RESIDUAL, /* further states behind the sensitivities, which a step leaves and none reads: `residual` {n} as in
                      squares.h, and jacobian.NAME {θ's elements, n} of each parameter that moves it */
    ROWS_PLAIN_RESIDUAL, /* without the weights of the squares */
    ROWS_OUTPUT    /* likewise of all outputs, one after the other: `residual` is y */
} Rows;

/* Changes m. Returns a malloc'ed sentence, or NULL. */
char *add_sensitivities(Model *m, Rows rows);

#endif
