/* spans.h - what updates go over: the trained parameters, as few pieces of their block.
 *
 * Parameters that stand side by side, without a gap, and have no rule of their own are one span; each that has a rule
 * is one. Those that share columns (tl_param_extent) are one piece, and have no rules. What lies between tensors, and what is not trained, is in none. */
#ifndef TAPELESS_SPANS_H
#define TAPELESS_SPANS_H

#include "linkage.h"
#include "tapeless.h"

TL_C_BEGIN

typedef struct tl_span {
    const tl_tensor *of; /* the first of them */
    size_t at, n;        /* elements of the block */
} tl_span;

typedef struct tl_spans {
    tl_type real;
    int32_t count;
    const tl_span *span;
} tl_spans;

/* In memory of the caller's: room for m->nparams. */
tl_spans tl_spans_over(const tl_model *m, tl_span *memory);

TL_C_END

#endif
