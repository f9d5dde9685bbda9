/* finite.h - numbers that are none: where they stand, as a user would index them. */
#ifndef TAPELESS_FINITE_H
#define TAPELESS_FINITE_H

#include "linkage.h"
#include "tapeless.h"

TL_C_BEGIN

/* Of elements from .. from + n - 1 of a block of reals the first that is not finite, counted from
 * `from`; n if all are. A pass over all of them without a branch: a few per cent of what an optimizer
 * does with them. */
size_t tl_not_finite(tl_type real, const void *block, size_t from, size_t n);

/* "[2, 1, 0]": where element i of a row-major array stands; "" of a scalar. Returns `text`. */
const char *tl_index_text(char *text, size_t size, const int64_t *dim, int32_t rank, size_t i);

/* The same of a tensor of a model. */
const char *tl_place_text(char *text, size_t size, const tl_tensor *t, size_t i);

TL_C_END

#endif
