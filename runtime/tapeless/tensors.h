/* tensors.h - examples from a safetensors file.
 *
 * Tensors `input` (or `input.NAME`) and `target` (or `target.NAME`), [T, B, shape...] or
 * [T, shape...]; tokens as integers. Optional `mask` (w >= 0, 0 for padding) and `reset` (0 or 1: a
 * new sequence starts here), [T, B] or [T]. A tensor that the model does not know is a mistake. */
#ifndef TAPELESS_TENSORS_H
#define TAPELESS_TENSORS_H

#include "linkage.h"
#include "safetensors.h"
#include "series.h"

TL_C_BEGIN

int tl_tensors_load(tl_examples *, const tl_model *, const char *path, tl_error *e);

/* The same from a file already open, in which other tensors may stand too. */
int tl_tensors_from(tl_examples *, const tl_model *, const tl_st *, tl_error *e);

TL_C_END

#endif
