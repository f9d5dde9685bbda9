#include "schedule/nest.h"

#include "graph/user_error.h"

Nest nest_over(bool slots, int64_t lanes, const Shape *s)
{
    Nest nest = { .slots = slots };
    if (slots)
        nest.extent[nest.rank++] = 1;
    nest.extent[nest.rank++] = lanes;
    for (int32_t d = 0; d < s->rank; d++)
        nest.extent[nest.rank++] = s->dim[d];
    return nest;
}

void nest_strides(const Nest *nest, int64_t step, const Layout *l, const Shape *s, bool batched, int64_t *stride)
{
    int32_t at = 0;
    if (nest->slots)
        stride[at++] = step;
    stride[at++] = batched ? l->lane : 0;
    int32_t shift = nest->rank - at - s->rank;
    for (int32_t d = 0; d < nest->rank - at; d++)
        stride[at + d] = d < shift || s->dim[d - shift] == 1 ? 0 : l->stride[d - shift];
}

static bool walks_as_one(const Nest *nest, int32_t d, const Access *a, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (a[i].stride[d] != a[i].stride[d + 1] * nest->extent[d + 1])
            return false;
    return true;
}

/* Dim d goes; what it walked, dim d + 1 (which then has `extent` elements) walks. */
static void drop_dim(Nest *nest, int32_t d, Access *a, uint32_t n)
{
    for (int32_t i = d; i + 1 < nest->rank; i++)
        nest->extent[i] = nest->extent[i + 1];
    for (uint32_t k = 0; k < n; k++)
        for (int32_t i = d; i + 1 < nest->rank; i++)
            a[k].stride[i] = a[k].stride[i + 1];
    nest->slots -= nest->slots > d + 1;
    nest->rank--;
}

void nest_collapse(Nest *nest, Access *a, uint32_t n)
{
    assume(nest->slots <= 1, "slots, whose number nobody knows, are not outermost"); /* so never what another dim becomes part of */
    for (int32_t d = nest->rank - 1; d >= 0; d--)
        if (nest->extent[d] == 1 && !dim_of_slots(nest, d))
            drop_dim(nest, d, a, n);
    for (int32_t d = nest->rank - 2; d >= 0; d--)
        if (walks_as_one(nest, d, a, n)) {
            nest->extent[d + 1] *= nest->extent[d];
            if (dim_of_slots(nest, d))
                nest->slots++;
            drop_dim(nest, d, a, n);
        }
}

static void move(int64_t *list, int32_t from, int32_t to)
{
    int64_t moved = list[from];
    for (; from < to; from++)
        list[from] = list[from + 1];
    for (; from > to; from--)
        list[from] = list[from - 1];
    list[to] = moved;
}

void nest_move(Nest *nest, Access *a, uint32_t n, int32_t from, int32_t to)
{
    int32_t slots = nest->slots - 1;
    move(nest->extent, from, to);
    if (slots == from)
        slots = to;
    else if (slots > from && slots <= to)
        slots--;
    else if (slots >= to && slots < from)
        slots++;
    nest->slots = slots + 1;
    for (uint32_t i = 0; i < n; i++)
        move(a[i].stride, from, to);
}

void nest_still(const Nest *nest, Access *a, uint32_t n)
{
    for (int32_t d = 0; d < nest->rank; d++)
        for (uint32_t i = 0; nest->extent[d] == 1 && !dim_of_slots(nest, d) && i < n; i++)
            a[i].stride[d] = 0;
}
