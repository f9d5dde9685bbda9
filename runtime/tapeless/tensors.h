/* tensors.h - examples from a safetensors file, or from the arrays of an .npz.
 *
 * Tensors `input` (or `input.NAME`) and `target` (or `target.NAME`), [T, B, shape...] or
 * [T, shape...]; tokens as integers. Optional `mask` (w >= 0, 0 for padding), `weight` (of the step's loss
 * alone) and `reset` (0 or 1: a new sequence starts here), [T, B] or [T]. A tensor that the model does not
 * know is a mistake, and so is a number that is not finite, or a token that there is not, but where the
 * mask is 0, or of a target the weight: there anything may stand (PyTorch's ignore_index, -100, say). */
#ifndef TAPELESS_TENSORS_H
#define TAPELESS_TENSORS_H

#include "linkage.h"
#include "safetensors.h"
#include "series.h"

TL_C_BEGIN

/* Of either, by its name. */
tl_st *tl_tensors_open(const char *path, tl_error *e);

int tl_tensors_load(tl_examples *, const tl_model *, const char *path, tl_error *e);

/* The same from a file already open, in which other tensors may stand too. */
int tl_tensors_from(tl_examples *, const tl_model *, const tl_st *, tl_error *e);

/* A tensor of data whose shape has been checked, [T, B, shape...] or [T, shape...], as the field's type.
 * `zero`: tensors with a number a step and lane, NULL behind the last; where one of them is 0 what cannot
 * be is read as 0. Anywhere else it is a sentence that names the element. */
int tl_tensor_copy(const tl_st *, const tl_st_tensor *, const tl_tensor *field, const tl_st_tensor *const *zero,
                   tl_type real, void *to, tl_error *e);

/* That list for inputs, or targets. */
void tl_tensor_zeros(const tl_st *, int of_targets, const tl_st_tensor *zero[3]);

/* Fails, and names the nearest that is known, where a tensor is neither data nor a flag nor, with `states`,
 * state.NAME. */
int tl_tensors_check_names(const tl_model *, const tl_st *, int states, tl_error *e);

TL_C_END

#endif
