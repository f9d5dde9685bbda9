/* interp.h - the reference: a tape and hand-written backward rules over a step program. */
#ifndef TAPELESS_INTERP_H
#define TAPELESS_INTERP_H

#include "error.h"
#include "linkage.h"
#include "program.h"

TL_C_BEGIN

typedef struct tl_interp tl_interp;

/* Takes `model` (its function pointers and work sizes are not used) and `program`, both of which
 * must outlive the result. Allocates the tape of tbptt.k2 steps and a shard's lanes once; its
 * windows and steps allocate nothing, but for the first product and the first of each larger size (blas.h).
 * NULL with a sentence in `e` if the program is not one that can be run within the memory that its shapes
 * say, if sizes overflow or if memory is short. */
tl_interp *tl_interp_new(const tl_model *model, const tl_program *program, tl_error *e);
void tl_interp_free(tl_interp *);

/* Elements of a slot in tl_window.frames, which hold the tape where steps are kept from window to
 * window: what the model's frame_size must be before its buffers are made. */
size_t tl_interp_frame_size(const tl_interp *);

/* An engine whose window() and step() run the program; `model->real` chooses the precision. One
 * call at a time: calls share the tape. `work` is not used. Beyond what tapeless.h says of both:
 *   gradients   are accumulated over the steps in double, in both precisions. All param_size
 *               elements are stored.
 *   no gradient flows through what does not lead to a counted loss: an unused or uncounted infinity
 *               does not become a NaN elsewhere. A step whose weights are 0 in all lanes is not
 *               counted.
 *   derivatives where there is none are PyTorch's: relu'(0) = abs'(0) = 0, max and min share
 *               ties equally, clamp passes its bounds, comparisons have none.
 *   a shared probe writes its value, and its adjoint summed over the lanes, to every lane.
 *   tokens      must be 0 .. vocab - 1. */
tl_engine tl_interp_engine(tl_interp *);

/* Looks on while a window or a step (as slot 0) runs: called after the forward rule of every instruction (of one that no step
 * changes, in the oldest slot alone) and after the backward rule of each that a gradient reached, newest slot
 * first; a head's instructions have the newest slot. While it is called the values below are those of that
 * slot, and may be changed: what follows is made of what is there then. One that looks on at nothing is NULL. */
typedef void tl_interp_watch(void *context, int32_t slot, int32_t instr, int backward);
void tl_interp_set_watch(tl_interp *, tl_interp_watch *, void *context);

/* The value of an instruction, real or int32_t: [lanes][shape] if it is one a lane, else [shape]. */
void *tl_interp_value(const tl_interp *, int32_t instr);
/* The gradient that has reached it so far, likewise; NULL if none has. */
const void *tl_interp_adjoint(const tl_interp *, int32_t instr);

TL_C_END

#endif
