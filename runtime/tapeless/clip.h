/* clip.h - bounding gradients (Pascanu, Mikolov & Bengio, 2013). Of blocks that are laid out as the
 * model's params nothing but the spans is looked at: what is trained. */
#ifndef TAPELESS_CLIP_H
#define TAPELESS_CLIP_H

#include "linkage.h"
#include "spans.h"

TL_C_BEGIN

/* The Euclidean norm over all parameters, accumulated in double. */
double tl_grad_norm(const tl_spans *, const void *grads);

/* As torch's clip_grad_norm_: scales by max_norm / (norm + 1e-6) where that is below 1. `norm` is
 * what tl_grad_norm returned. */
void tl_clip_norm(const tl_spans *, void *grads, double norm, double max_norm);

/* As torch's clip_grad_value_: each element into [-bound, bound]. */
void tl_clip_value(const tl_spans *, void *grads, double bound);

TL_C_END

#endif
