/* anomaly.h - the first value of a window that is not finite, in the order in which it is run.
 *
 * Looked at are, before the window, the parameters and the state that enters it; step by step,
 * oldest first, the inputs, the probes in order of execution, the state that it leaves and what it
 * counts of the loss; then, newest step first, the gradients that reach the probes; and the
 * gradients of the parameters. A padded step (mask 0) may hold anything. Where the model has a
 * probe on every operation (the compiler's instrument.h, named "FILE:LINE OP %NODE") the operation is
 * found. */
#ifndef TAPELESS_ANOMALY_H
#define TAPELESS_ANOMALY_H

#include "buffers.h"
#include "linkage.h"

TL_C_BEGIN

/* After the window `w` over the buffers `b` was run for update number `update` (the first is 1).
 * Fails with a sentence that names the update, the step, the lane and the tensor. */
int tl_anomaly_check(const tl_model *, const tl_buffers *b, const tl_window *w, uint64_t update,
                     tl_error *e);

TL_C_END

#endif
