/* overflow.h - an update whose result would not be finite is not made.
 *
 * A loss and a gradient may be finite and the step after them not: a large learning rate, Adam's squares,
 * a centred RMSProp's root. Where no later loss sees it, such weights would be saved as a success. */
#ifndef TAPELESS_OVERFLOW_H
#define TAPELESS_OVERFLOW_H

#include "linkage.h"
#include "optimizer.h"

TL_C_BEGIN

/* Fails, with nothing changed, if tl_optimizer_step with these arguments would leave a parameter or a moment
 * that is not finite; the sentence names the first. `norm`: of all gradients, or a bound of it. The answer is
 * exact, but for constraints, which are not looked at. It costs a few operations while a bound of all numbers,
 * carried from update to update in o->bounds, says that nothing can happen; else a pass over them; and, where
 * they are so large that it might, a trial of the update. Allocates nothing. */
int tl_overflow_check(tl_optimizer *o, const void *params, const void *grads, double norm, double lr,
                      uint64_t update, tl_error *e);

TL_C_END

#endif
