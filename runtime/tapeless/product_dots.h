/* product_dots.h - products by dots: vectors along the reduction, W as it stands.
 *
 *     y[r][j] = start[r][j] + sum over i of x[r][i] * w[j][i]
 *
 * For one row, where W is read once and packing it would be most of the work, and for few columns. Sums of R rows by
 * D columns are in registers and are reduced together, by one tree.
 *
 * Order of a sum: element i is added to lane i % TL_LANES, in order of i; then lanes as tl_sums adds them; then the
 * start. It depends neither on R and D nor on what other rows and columns there are. */
#ifndef TAPELESS_PRODUCT_DOTS_H
#define TAPELESS_PRODUCT_DOTS_H

#include "product_vector.h"

enum { TL_MOST_DOTS = 32 }; /* R * D */

/* As tl_walk; rows of w are columns of the result. */
typedef struct tl_dots_walk {
    const tl_real *x;
    ptrdiff_t x_row;
    const tl_real *w;
    ptrdiff_t w_row;
    const tl_real *start;
    ptrdiff_t start_row;
    tl_real *y;
    ptrdiff_t y_row;
} tl_dots_walk;

/* `lanes` elements from i on. */
TL_INLINE void tl_dots_step(const int R, const int D, const int lanes, const tl_dots_walk *k, const int i, tl_vec *sum)
{
    tl_vec x[TL_MOST_DOTS];
    TL_UNROLL
    for (int r = 0; r < R; r++) {
        x[r] = tl_load_first(k->x + r * k->x_row + i, lanes);
        if (D > 1)
            TL_KEEP(x[r]);
    }
    TL_UNROLL
    for (int d = 0; d < D; d++) {
        tl_vec w = tl_load_first(k->w + d * k->w_row + i, lanes);
        if (R > 1)
            TL_KEEP(w);
        TL_UNROLL
        for (int r = 0; r < R; r++) {
            sum[r * D + d] += x[r] * w;
            TL_KEEP(sum[r * D + d]);
        }
    }
}

/* One row's stand next to each other in y. */
TL_INLINE void tl_dots_store_row(const int D, const tl_dots_walk *k, tl_vec *sum)
{
    TL_UNROLL
    for (int d = 0; d < D; d += TL_LANES) {
        const int lanes = D - d < TL_LANES ? D - d : TL_LANES;
        tl_vec s = tl_sums(sum + d, lanes);
        if (k->start)
            s += tl_load_first(k->start + d, lanes);
        tl_store_first(k->y + d, s, lanes);
    }
}

TL_INLINE void tl_dots_store(const int R, const int D, const tl_dots_walk *k, tl_vec *sum)
{
    TL_UNROLL
    for (int i = 0; i < R * D; i += TL_LANES) {
        const int lanes = R * D - i < TL_LANES ? R * D - i : TL_LANES;
        const tl_vec s = tl_sums(sum + i, lanes);
        TL_UNROLL
        for (int j = 0; j < lanes; j++) {
            const int r = (i + j) / D, d = (i + j) % D;
            k->y[r * k->y_row + d] = TL_LANE(s, j) + (k->start ? k->start[r * k->start_row + d] : 0);
        }
    }
}

TL_INLINE void tl_dots(const int R, const int D, const int depth, const tl_dots_walk *k)
{
    tl_vec sum[TL_MOST_DOTS];
    const int whole = depth / TL_LANES * TL_LANES;
    TL_UNROLL
    for (int i = 0; i < R * D; i++)
        sum[i] = tl_zero();
    for (int i = 0; i < whole; i += TL_LANES)
        tl_dots_step(R, D, TL_LANES, k, i, sum);
    if (whole < depth)
        tl_dots_step(R, D, depth - whole, k, whole, sum);
    if (R == 1)
        tl_dots_store_row(D, k, sum);
    else
        tl_dots_store(R, D, k, sum);
}

/* Rows first, so that D rows of W stay in a cache; R divides their number. */
TL_INLINE void tl_dots_rows(const int rows, const int R, const int D, const int depth, tl_dots_walk k)
{
    for (int r = 0; r < rows; r += R) {
        tl_dots(R, D, depth, &k);
        k.x += R * k.x_row;
        if (k.start)
            k.start += R * k.start_row;
        k.y += R * k.y_row;
    }
}

/* Of the columns, those from j on. */
TL_INLINE tl_dots_walk tl_dots_at(const int r, const int j, tl_dots_walk k)
{
    k.x += r * k.x_row;
    k.w += j * k.w_row;
    if (k.start)
        k.start += r * k.start_row + j;
    k.y += r * k.y_row + j;
    return k;
}

/* n columns, D at a time. */
TL_INLINE void tl_dots_columns(const int rows, const int n, const int R, const int D, const int depth,
                               const tl_dots_walk k)
{
    for (int j = 0; j < n; j += D)
        tl_dots_rows(rows, R, D, depth, tl_dots_at(0, j, k));
}

/* ---- one row, by vectors of half the width ---- */

/* Where a sum has few terms, what its lanes wait for is most of it: the tree of half as many lanes is shorter, two of them
 * run at once, and eight sums, in place of as many as a wide vector has lanes, keep the multiply-adds busy.
 *
 * Order of a sum: as above, with half as many lanes. */
#if TL_VECTOR_BYTES == 64
TL_INLINE void tl_half_dots_step(const int D, const int lanes, const tl_real *x, const tl_real *w, const ptrdiff_t w_row,
                                 tl_half *sum)
{
    tl_half v = tl_half_load(x, lanes);
    TL_KEEP(v);
    TL_UNROLL
    for (int d = 0; d < D; d++) {
        sum[d] += v * tl_half_load(w + d * w_row, lanes);
        TL_KEEP(sum[d]);
    }
}

/* D <= 8 columns, of which TL_HALF_LANES are a half of y. */
TL_INLINE void tl_half_dots(const int D, const int k, const tl_real *x, const tl_real *w, const ptrdiff_t w_row, tl_half *y)
{
    tl_half sum[8];
    const int whole = k / TL_HALF_LANES * TL_HALF_LANES;
    TL_UNROLL
    for (int d = 0; d < D; d++)
        sum[d] = tl_half_zero();
    for (int i = 0; i < whole; i += TL_HALF_LANES)
        tl_half_dots_step(D, TL_HALF_LANES, x + i, w + i, w_row, sum);
    if (whole < k)
        tl_half_dots_step(D, k - whole, x + whole, w + whole, w_row, sum);
    TL_UNROLL
    for (int d = 0; d < D; d += TL_HALF_LANES)
        y[d / TL_HALF_LANES] = tl_half_sums(sum + d, D - d < TL_HALF_LANES ? D - d : TL_HALF_LANES);
}

/* D <= TL_LANES columns. `whole`: they are stored at once, for who reads whole vectors: one that two stores make waits until
 * both are in the cache. Else who reads them reads halves. */
TL_INLINE void tl_half_columns(const int D, const int whole, const int k, const tl_real *x, const tl_real *w,
                               const ptrdiff_t w_row, const tl_real *start, tl_real *y)
{
    tl_half half[2] = { tl_half_zero(), tl_half_zero() };
    TL_UNROLL
    for (int d = 0; d < D; d += 8)
        tl_half_dots(D - d < 8 ? D - d : 8, k, x, w + d * w_row, w_row, half + d / TL_HALF_LANES);
    if (whole) {
        tl_vec s = TL_BEHIND_HALF(half[0], half[1]);
        tl_store_first(y, start ? s + tl_load_first(start, D) : s, D);
        return;
    }
    TL_UNROLL
    for (int d = 0; d < D; d += TL_HALF_LANES) {
        const int lanes = D - d < TL_HALF_LANES ? D - d : TL_HALF_LANES;
        const tl_half s = half[d / TL_HALF_LANES];
        tl_half_store(y + d, start ? s + tl_half_load(start + d, lanes) : s, lanes);
    }
}

/* y {n} = start + x {k} Wᵀ; `back`: the last columns first. */
TL_INLINE void tl_dots_by_halves(const int n, const int k, const tl_real *x, const tl_real *w, const ptrdiff_t w_row,
                                 const tl_real *start, tl_real *y, const int back)
{
    const int whole = n / TL_LANES * TL_LANES, rest = n - whole, vectors = n > TL_LANES;
    if (rest && back)
        tl_half_columns(rest ? rest : 1, vectors, k, x, w + whole * w_row, w_row, start ? start + whole : NULL, y + whole);
    for (int i = 0; i < whole; i += TL_LANES) {
        const int j = back ? whole - TL_LANES - i : i;
        tl_half_columns(TL_LANES, vectors, k, x, w + j * w_row, w_row, start ? start + j : NULL, y + j);
    }
    if (rest && !back)
        tl_half_columns(rest ? rest : 1, vectors, k, x, w + whole * w_row, w_row, start ? start + whole : NULL, y + whole);
}
#endif

#endif
