/* param.h - parameters, or what has their layout, between their block and row-major arrays. */
#ifndef TAPELESS_PARAM_H
#define TAPELESS_PARAM_H

#include "linkage.h"
#include "tapeless.h"

TL_C_BEGIN

/* `rows`: tl_size(t) reals, row-major. */
void tl_param_get(const tl_tensor *t, tl_type real, const void *block, void *rows);
void tl_param_put(const tl_tensor *t, tl_type real, void *block, const void *rows);

/* Whole blocks of param_size elements, from and to the layout that the model would have if all of its parameters were
 * row-major. What is nobody's is 0 in `rows`, and not touched in a block. */
void tl_params_get(const tl_model *, const void *block, void *rows);
void tl_params_put(const tl_model *, void *block, const void *rows);

/* The first element, counted row-major, that is not finite; tl_size(t) if all are. */
size_t tl_param_not_finite(const tl_tensor *t, tl_type real, const void *block);

/* Whose element stands at `at` of the block, and in *i which, counted row-major. NULL: nobody's. */
const tl_tensor *tl_param_there(const tl_model *, size_t at, size_t *i);

TL_C_END

#endif
