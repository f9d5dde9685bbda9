#include "schedule/region.h"

#include <stdlib.h>

#include "graph/checked.h"

void region_along(Region *r, int64_t extent, int64_t stride)
{
    if (extent == 1 || !stride)
        return;
    r->extent[r->rank] = extent;
    r->stride[r->rank++] = stride;
}

Region access_region(const Kernel *k, const Access *a, int64_t offset, int64_t slots)
{
    const int64_t image[] = { k->nest.extent[0], k->nest.extent[1], k->slide.high, k->slide.wide };
    Region r = { .offset = offset };
    for (int32_t d = 0; d < (a->image ? DIM_COL + 1 : k->nest.rank); d++)
        region_along(&r, a->image ? image[d] : k->nest.extent[d] * (dim_of_slots(&k->nest, d) ? slots : 1), a->stride[d]);
    return r;
}

Region value_region(const Layout *l, const Shape *s, int64_t lanes)
{
    Region r = { .offset = l->offset };
    region_along(&r, lanes, l->lane);
    for (int32_t d = 0; d < s->rank; d++)
        region_along(&r, s->dim[d], l->stride[d]);
    return r;
}

int64_t region_end(const Region *r)
{
    int64_t last = r->offset;
    for (int32_t d = 0; d < r->rank; d++)
        last += (r->extent[d] - 1) * r->stride[d];
    return last + 1;
}

/* ---- as runs of neighbours ---- */

typedef struct Stretches {
    int64_t *from;
    int64_t count, length;
} Stretches;

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The dim along which neighbours stand next to each other, or -1. */
static int32_t dense_dim(const Region *r)
{
    for (int32_t d = 0; d < r->rank; d++)
        if (r->stride[d] == 1)
            return d;
    return -1;
}

static Stretches stretches_of(const Region *r)
{
    int32_t dense = dense_dim(r);
    Stretches runs = { .count = 1, .length = dense < 0 ? 1 : r->extent[dense] };
    for (int32_t d = 0; d < r->rank; d++)
        runs.count *= d == dense ? 1 : r->extent[d];
    runs.from = checked(malloc((size_t)runs.count * sizeof *runs.from));
    for (int64_t i = 0; i < runs.count; i++) {
        int64_t rest = i;
        runs.from[i] = r->offset;
        for (int32_t d = 0; d < r->rank; d++)
            if (d != dense) {
                runs.from[i] += rest % r->extent[d] * r->stride[d];
                rest /= r->extent[d];
            }
    }
    qsort(runs.from, (size_t)runs.count, sizeof *runs.from, by_value);
    return runs;
}

static bool runs_meet(const Stretches *a, const Stretches *b)
{
    for (int64_t i = 0, j = 0; i < a->count && j < b->count;) {
        if (a->from[i] + a->length <= b->from[j])
            i++;
        else if (b->from[j] + b->length <= a->from[i])
            j++;
        else
            return true;
    }
    return false;
}

bool regions_meet(const Region *a, const Region *b)
{
    if (region_end(a) <= b->offset || region_end(b) <= a->offset)
        return false;
    Stretches x = stretches_of(a), y = stretches_of(b);
    bool meet = runs_meet(&x, &y);
    free(x.from);
    free(y.from);
    return meet;
}
