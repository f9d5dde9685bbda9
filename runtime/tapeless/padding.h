/* padding.h - what is read where a step is padding, or its loss does not count.
 *
 * A padded step's value is dropped and no gradient comes from it, but code for all lanes at once runs
 * it all the same, and going back 0 times NaN is NaN. So it must hold something that the model can
 * take. What the file has there may be anything, and zeros may be what a model divides by: padding is
 * read as the lane's last real step before it, or where there is none as the first real step of all. So is
 * the target, and that alone, of a step whose loss weighs 0. */
#ifndef TAPELESS_PADDING_H
#define TAPELESS_PADDING_H

#include "linkage.h"
#include "tapeless.h"

TL_C_BEGIN

/* Rows of data: step t of lane l is row start + t * step_stride + l * lane_stride. */
typedef struct tl_rows {
    size_t start, steps, lanes, step_stride, lane_stride;
} tl_rows;

/* Overwrites the rows of fields' `arrays` [n] at which mask or weight (real, by row; or NULL) is 0. */
void tl_padding_fill(const tl_rows *, tl_type real, const void *mask, const void *weight,
                     const tl_tensor *fields, int32_t n, void *const *arrays);

TL_C_END

#endif
