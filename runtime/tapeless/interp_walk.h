/* interp_walk.h - walking several arrays at once, row by row, where some are broadcast.
 *
 * A walk covers the index space [lanes][d0]..[d3] of one instruction's shape, aligned right. Each
 * operand has a stride for every axis, 0 where it is broadcast: a dim of 1, a missing dim, or the
 * lanes of a shared value. The last axis is left to the caller's inner loop:
 *
 *     do
 *         for (size_t e = 0; e < w.extent[TL_WALK_LAST]; e++)
 *             ... x[w.offset[k] + e * w.stride[k][TL_WALK_LAST]] ...
 *     while (tl_walk_next(&w));
 */
#ifndef TAPELESS_INTERP_WALK_H
#define TAPELESS_INTERP_WALK_H

#include <stdbool.h>

#include "linkage.h"
#include "program.h"

TL_C_BEGIN

enum {
    TL_WALK_AXES = TL_MAX_RANK + 1, /* lanes first */
    TL_WALK_LAST = TL_WALK_AXES - 1,
    TL_WALK_OPERANDS = 4
};

typedef struct tl_walk {
    size_t extent[TL_WALK_AXES];
    size_t stride[TL_WALK_OPERANDS][TL_WALK_AXES]; /* elements */
    size_t at[TL_WALK_AXES];
    size_t offset[TL_WALK_OPERANDS]; /* elements, of the row's first element */
} tl_walk;

/* Covers the shape of `space` for so many lanes; operands start with every stride 0. */
void tl_walk_over(tl_walk *, const tl_instr *space, size_t lanes);

/* Operand k has the shape of `shape`, stored row-major, and is broadcast to the space. */
void tl_walk_operand(tl_walk *, int k, const tl_instr *shape);

/* The axis of a walk that dim `dim` of `shape` lies on. */
int tl_walk_axis(const tl_instr *shape, int32_t dim);

/* Leaves in `w` the axes that operand k does not broadcast and gives back a walk over the others:
 * for each element of operand k, the elements that are summed into it. */
tl_walk tl_walk_split(tl_walk *w, int k);

/* To the next row; false after the last, and then the walk stands at its start again. */
bool tl_walk_next(tl_walk *);

TL_C_END

#endif
