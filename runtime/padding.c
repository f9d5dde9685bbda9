#include "padding.h"

#include <string.h>

#include "real.h"

static size_t row(const tl_rows *r, size_t step, size_t lane)
{
    return r->start + step * r->step_stride + lane * r->lane_stride;
}

/* The first real row, step by step; 0 if there is none. */
static int find_real(const tl_rows *r, tl_type real, const void *mask, size_t *found)
{
    for (size_t t = 0; t < r->steps; t++)
        for (size_t lane = 0; lane < r->lanes; lane++)
            if (tl_real_get(real, mask, row(r, t, lane)) != 0) {
                *found = row(r, t, lane);
                return 1;
            }
    return 0;
}

static void copy_row(const tl_tensor *fields, int32_t n, void *const *arrays, size_t from, size_t to)
{
    for (int32_t i = 0; i < n; i++) {
        size_t size = tl_size(&fields[i]) * tl_type_size(fields[i].type);
        memcpy((char *)arrays[i] + to * size, (char *)arrays[i] + from * size, size);
    }
}

void tl_padding_fill(const tl_rows *r, tl_type real, const void *mask, const tl_tensor *fields, int32_t n,
                     void *const *arrays)
{
    size_t first;
    if (!find_real(r, real, mask, &first))
        return;
    for (size_t lane = 0; lane < r->lanes; lane++)
        for (size_t t = 0, last = first; t < r->steps; t++)
            if (tl_real_get(real, mask, row(r, t, lane)) != 0)
                last = row(r, t, lane);
            else
                copy_row(fields, n, arrays, last, row(r, t, lane));
}
