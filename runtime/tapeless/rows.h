/* rows.h - the largest element and the sum of a row of reals next to each other, for softmax in generated code.
 *
 * n >= 1 is a literal. Element i belongs to lane i % TL_LANES of one vector; a sum adds lanes as tl_sums does, so its
 * order depends on n and the vector's width alone. Of a row with NaN the largest may be NaN or not. */
#ifndef TAPELESS_ROWS_H
#define TAPELESS_ROWS_H

#include "product_vector.h"

#if TL_VECTOR_BYTES
#if TL_REAL_BYTES == 8
typedef long long tl_flags __attribute__((vector_size(TL_VECTOR_BYTES)));
#else
typedef int tl_flags __attribute__((vector_size(TL_VECTOR_BYTES)));
#endif

TL_INLINE tl_vec tl_larger(const tl_vec a, const tl_vec b)
{
    const tl_flags larger = (tl_flags)(a > b);
    return (tl_vec)((larger & (tl_flags)a) | (~larger & (tl_flags)b));
}
#else
TL_INLINE tl_vec tl_larger(const tl_vec a, const tl_vec b) { return a > b ? a : b; }
#endif

/* Of a whole vector's lanes. */
TL_INLINE tl_real tl_largest_lane(tl_vec x)
{
#if TL_LANES >= 2
    x = tl_larger(x, TL_PICK_OTHER(x, 1));
#endif
#if TL_LANES >= 4
    x = tl_larger(x, TL_PICK_OTHER(x, 2));
#endif
#if TL_LANES >= 8
    x = tl_larger(x, TL_PICK_OTHER(x, 4));
#endif
#if TL_LANES >= 16
    x = tl_larger(x, TL_PICK_OTHER(x, 8));
#endif
    return TL_LANE(x, 0);
}

/* The last vector ends with the row; what it has in common with the one before is looked at twice. */
TL_INLINE tl_real tl_row_largest(const int n, const tl_real *x)
{
    tl_real most = x[0];
    if (n < TL_LANES) {
        for (int i = 1; i < n; i++)
            most = most > x[i] ? most : x[i];
        return most;
    }
    tl_vec largest = tl_load(x);
    for (int i = TL_LANES; i + TL_LANES <= n; i += TL_LANES)
        largest = tl_larger(largest, tl_load(x + i));
    return tl_largest_lane(tl_larger(largest, tl_load(x + (n < TL_LANES ? 0 : n - TL_LANES))));
}

TL_INLINE tl_real tl_row_sum(const int n, const tl_real *x)
{
    const int whole = n / TL_LANES * TL_LANES;
    tl_vec sum[1] = { tl_zero() };
    for (int i = 0; i < whole; i += TL_LANES)
        sum[0] += tl_load(x + i);
    if (whole < n)
        sum[0] += tl_load_first(x + whole, n - whole ? n - whole : 1);
    return TL_LANE(tl_sums(sum, 1), 0);
}

#endif
