/* coding_alike.h - whether two checkpoints read data in the same way. */
#ifndef TAPELESS_CODING_ALIKE_H
#define TAPELESS_CODING_ALIKE_H

#include "coding.h"
#include "error.h"
#include "linkage.h"

TL_C_BEGIN

/* Fails with a sentence that begins with `name`, the file of `c`, and says what is otherwise in the coding `as` of `as_name`. */
int tl_coding_alike(const tl_coding *c, const char *name, const tl_coding *as, const char *as_name, tl_error *e);

TL_C_END

#endif
