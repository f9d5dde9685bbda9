/* lag_norms.h - how much gradient still arrives k steps back.
 *
 * Backpropagation through time multiplies the adjoint of the state by a Jacobian a step, so that it
 * shrinks or grows geometrically (Bengio, Simard & Frasconi, 1994; Pascanu, Mikolov & Bengio, 2013).
 * Where it has all but vanished a longer window would change nothing; what still arrives at lag k2 is
 * what truncation cuts off. */
#ifndef TAPELESS_LAG_NORMS_H
#define TAPELESS_LAG_NORMS_H

#include "buffers.h"
#include "linkage.h"
#include "tapeless.h"

TL_C_BEGIN

/* norm[j], j = 0 .. k2: the Euclidean norm, over all lanes and states, of d(reduced loss)/ds, s the
 * state j steps before that which the newest step of the window left; NaN where j > length, the
 * window's steps. By the state_grads of the buffers. At lag 0 only a head sends anything back. */
void tl_lag_norms(const tl_model *, const tl_buffers *, int32_t length, double *norm);

TL_C_END

#endif
