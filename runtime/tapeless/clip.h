/* clip.h - bounding gradients (Pascanu, Mikolov & Bengio, 2013). Blocks are laid out as the
 * model's params; what lies between tensors, and what is not trained, is not looked at. */
#ifndef TAPELESS_CLIP_H
#define TAPELESS_CLIP_H

#include "linkage.h"
#include "tapeless.h"

TL_C_BEGIN

/* The Euclidean norm over all parameters, accumulated in double. */
double tl_grad_norm(const tl_model *m, const void *grads);

/* As torch's clip_grad_norm_: scales by max_norm / (norm + 1e-6) where that is below 1. `norm` is
 * what tl_grad_norm returned. */
void tl_clip_norm(const tl_model *m, void *grads, double norm, double max_norm);

/* As torch's clip_grad_value_: each element into [-bound, bound]. */
void tl_clip_value(const tl_model *m, void *grads, double bound);

TL_C_END

#endif
