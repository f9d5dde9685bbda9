#include "padding.h"

#include <string.h>

#include "real.h"

static size_t row(const tl_rows *r, size_t step, size_t lane)
{
    return r->start + step * r->step_stride + lane * r->lane_stride;
}

typedef struct Flags {
    tl_type real;
    const void *mask, *weight; /* by row, or NULL */
} Flags;

static int is_read(const Flags *f, size_t row)
{
    return !(f->mask && tl_real_get(f->real, f->mask, row) == 0) &&
           !(f->weight && tl_real_get(f->real, f->weight, row) == 0);
}

/* The first row that is read, step by step; 0 if there is none. */
static int find_read(const tl_rows *r, const Flags *f, size_t *found)
{
    for (size_t t = 0; t < r->steps; t++)
        for (size_t lane = 0; lane < r->lanes; lane++)
            if (is_read(f, row(r, t, lane))) {
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

void tl_padding_fill(const tl_rows *r, tl_type real, const void *mask, const void *weight,
                     const tl_tensor *fields, int32_t n, void *const *arrays)
{
    const Flags f = { real, mask, weight };
    size_t first;
    if ((!mask && !weight) || !find_read(r, &f, &first))
        return;
    for (size_t lane = 0; lane < r->lanes; lane++)
        for (size_t t = 0, last = first; t < r->steps; t++)
            if (is_read(&f, row(r, t, lane)))
                last = row(r, t, lane);
            else
                copy_row(fields, n, arrays, last, row(r, t, lane));
}
