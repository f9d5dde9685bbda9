#include "finite.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "real.h"

/* The exponent of what is not finite is all ones: one more carries into the sign, which was cleared. */
#define ANY_NOT_FINITE(NAME, REAL, BITS, UNIT)                                                    \
    static int NAME(const REAL *p, size_t n)                                                      \
    {                                                                                             \
        const BITS unit = UNIT, sign = (BITS)1 << (8 * sizeof(BITS) - 1);                         \
        BITS any = 0;                                                                             \
        for (size_t i = 0; i < n; i++) {                                                          \
            BITS x;                                                                               \
            memcpy(&x, &p[i], sizeof x);                                                          \
            any |= (x & ~sign) + unit;                                                            \
        }                                                                                         \
        return (any & sign) != 0;                                                                 \
    }

ANY_NOT_FINITE(any_f32, float, uint32_t, (uint32_t)1 << 23)
ANY_NOT_FINITE(any_f64, double, uint64_t, (uint64_t)1 << 52)

size_t tl_not_finite(tl_type real, const void *block, size_t from, size_t n)
{
    size_t i = 0;
    int any = real == TL_F64 ? any_f64((const double *)block + from, n)
                             : any_f32((const float *)block + from, n);
    if (!any)
        return n;
    while (isfinite(tl_real_get(real, block, from + i)))
        i++;
    return i;
}

const char *tl_index_text(char *text, size_t size, const int64_t *dim, int32_t rank, size_t i)
{
    size_t used = 0, of = 1;
    text[0] = 0;
    for (int32_t d = 0; d < rank; d++)
        of *= (size_t)dim[d];
    for (int32_t d = 0; d < rank && used < size; d++) {
        of /= (size_t)dim[d];
        used += (size_t)snprintf(text + used, size - used, "%s%zu%s", d ? ", " : "[", i / of % (size_t)dim[d],
                                 d + 1 < rank ? "" : "]");
    }
    return text;
}

const char *tl_place_text(char *text, size_t size, const tl_tensor *t, size_t i)
{
    int64_t dim[TL_MAX_RANK];
    for (int32_t d = 0; d < t->rank; d++)
        dim[d] = t->dim[d];
    return tl_index_text(text, size, dim, t->rank, i);
}
