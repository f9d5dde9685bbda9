/* real.h - arrays of float or double, which one being known at run time only.
 *
 * For code that is not hot; hot code is written once and compiled for each type. */
#ifndef TAPELESS_REAL_H
#define TAPELESS_REAL_H

#include "linkage.h"
#include "tapeless.h"

TL_C_BEGIN

static inline size_t tl_real_size(tl_type real) /* bytes */
{
    return real == TL_F64 ? sizeof(double) : sizeof(float);
}

static inline size_t tl_type_size(tl_type type) /* bytes */
{
    return type == TL_I32 ? sizeof(int32_t) : tl_real_size(type);
}

static inline void *tl_real_at(tl_type real, void *p, size_t i)
{
    return (char *)p + i * tl_real_size(real);
}

static inline const void *tl_real_at_const(tl_type real, const void *p, size_t i)
{
    return (const char *)p + i * tl_real_size(real);
}

static inline double tl_real_get(tl_type real, const void *p, size_t i)
{
    return real == TL_F64 ? ((const double *)p)[i] : (double)((const float *)p)[i];
}

static inline void tl_real_set(tl_type real, void *p, size_t i, double x)
{
    if (real == TL_F64)
        ((double *)p)[i] = x;
    else
        ((float *)p)[i] = (float)x;
}

TL_C_END

#endif
