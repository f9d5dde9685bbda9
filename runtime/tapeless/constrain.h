/* constrain.h - what a spec's `constrain` asks of a parameter, put back in force after every update.
 *
 * Projected gradient descent: the nearest point that is allowed, in the Euclidean norm.
 *   min, max   each element is clamped
 *   max_norm   a row that is longer is shortened to max_norm, in its direction (Srebro & Shraibman, 2005;
 *              as PyTorch's renorm over dim 0). A row is all that leads into one unit: of a tensor of two
 *              or more dimensions what has one first index (a row of W {out, in}, a filter of a
 *              convolution, a token's vector in an embedding); of a vector or a scalar, the whole.
 * NaN stays NaN. */
#ifndef TAPELESS_CONSTRAIN_H
#define TAPELESS_CONSTRAIN_H

#include "linkage.h"
#include "tapeless.h"

TL_C_BEGIN

/* p: the tensor's elements, of type `real`; row-major if max_norm bounds them. Does nothing where the rule has no bound. */
void tl_constrain(const tl_tensor *, tl_type real, void *p);

TL_C_END

#endif
