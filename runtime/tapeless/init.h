/* init.h - how parameters and states start.
 *
 * A parameter's first values are a function of (seed, its name, its shape, its rule) alone: adding
 * a parameter to a model leaves the others' as they were. Numbers are drawn in double and rounded,
 * so f32 and f64 models start alike. Fans are PyTorch's: of {out, in, ...} fan_in = in * ..., and
 * fan_out = out * ...; a vector of n has fan_in n, fan_out 1. What is drawn outside of a parameter's
 * constraint is put inside. */
#ifndef TAPELESS_INIT_H
#define TAPELESS_INIT_H

#include "error.h"
#include "linkage.h"
#include "tapeless.h"

TL_C_BEGIN

/* Fills `params` [param_size]. Fails, with a sentence, on `orthogonal` for a vector, on `spectral` for what is
 * no square matrix. */
int tl_init_params(const tl_model *m, void *params, uint64_t seed, tl_error *e);

/* The state before the first step, in every lane of a shard, at `index` (0 .. k2) of a window's states block:
 * the numbers of the spec or the parameter it is learned as. */
void tl_init_states(const tl_model *m, const void *params, void *states, int32_t index);

/* The same for one lane of a tl_step's `state` of `lanes` lanes; what a head sees of past steps is 0. */
void tl_init_step_state(const tl_model *m, const void *params, void *state, int32_t lanes,
                        int32_t lane);

TL_C_END

#endif
