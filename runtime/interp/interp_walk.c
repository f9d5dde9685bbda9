#include "interp_walk.h"

#include <string.h>

int tl_walk_axis(const tl_instr *shape, int32_t dim)
{
    return TL_WALK_AXES - shape->rank + dim;
}

void tl_walk_over(tl_walk *w, const tl_instr *space, size_t lanes)
{
    memset(w, 0, sizeof *w);
    w->extent[0] = lanes;
    for (int axis = 1; axis < TL_WALK_AXES; axis++)
        w->extent[axis] = 1;
    for (int32_t d = 0; d < space->rank; d++)
        w->extent[tl_walk_axis(space, d)] = (size_t)space->dim[d];
}

void tl_walk_operand(tl_walk *w, int k, const tl_instr *shape)
{
    size_t stride = 1;
    for (int axis = 0; axis < TL_WALK_AXES; axis++)
        w->stride[k][axis] = 0;
    for (int32_t d = shape->rank - 1; d >= 0; d--) {
        if (shape->dim[d] > 1)
            w->stride[k][tl_walk_axis(shape, d)] = stride;
        stride *= (size_t)shape->dim[d];
    }
    if (shape->batched)
        w->stride[k][0] = stride;
}

tl_walk tl_walk_split(tl_walk *w, int k)
{
    tl_walk others = *w;
    for (int axis = 0; axis < TL_WALK_AXES; axis++)
        if (w->stride[k][axis])
            others.extent[axis] = 1;
        else
            w->extent[axis] = 1;
    return others;
}

bool tl_walk_next(tl_walk *w)
{
    for (int axis = TL_WALK_LAST - 1; axis >= 0; axis--) {
        if (++w->at[axis] < w->extent[axis]) {
            for (int k = 0; k < TL_WALK_OPERANDS; k++)
                w->offset[k] += w->stride[k][axis];
            return true;
        }
        w->at[axis] = 0;
        for (int k = 0; k < TL_WALK_OPERANDS; k++)
            w->offset[k] -= w->stride[k][axis] * (w->extent[axis] - 1);
    }
    return false;
}
