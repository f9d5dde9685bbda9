/* product_tile.h - the register tile that products are made of.
 *
 * A tile is R rows of V vectors. Its R * V * C sums stay in registers while the reduction runs; C chains of sums take
 * turns, which hides the latency of a multiply-add where there are few rows. R, V, C, and how much of the operands
 * there is, are constants at every call.
 *
 *     y[r][j] = start[r][j] + sum over i of a[r * a_row + i * a_step] * b[i * b_step + j]
 *
 * Order of a sum: element i of the reduction is added to chain i % C, in order of i; chain 0 begins with the start,
 * the others with zero. Then chain 1 is added to chain 0, 3 to 2, and 2 to 0. */
#ifndef TAPELESS_PRODUCT_TILE_H
#define TAPELESS_PRODUCT_TILE_H

#include "product_vector.h"

enum { TL_MOST_SUMS = 32 }; /* R * V * C */

/* Where a tile's operands begin and how they are walked. A start of NULL is zero; start_row is 0 if all rows begin
 * with the same. A row of b that is padded may be read up to the end of its last vector. */
typedef struct tl_walk {
    const tl_real *a;
    ptrdiff_t a_row, a_step;
    const tl_real *b;
    ptrdiff_t b_step;
    int b_padded;
    const tl_real *start;
    ptrdiff_t start_row;
    tl_real *y;
    ptrdiff_t y_row;
} tl_walk;

/* Lanes of vector v of V, of which the last has `last`. */
#define TL_LANES_OF(v, V, last) ((v) == (V) - 1 ? (last) : TL_LANES)

/* Element i of the reduction. */
TL_INLINE void tl_tile_step(const int R, const int V, const int last, const tl_walk w, const ptrdiff_t i, tl_vec *sum)
{
    tl_vec b[TL_MOST_SUMS];
    const tl_real *p = w.b + i * w.b_step;
    TL_UNROLL
    for (int v = 0; v < V; v++) {
        b[v] = tl_load_first(p + v * TL_LANES, w.b_padded ? TL_LANES : TL_LANES_OF(v, V, last));
        if (R > 1)
            TL_KEEP(b[v]);
    }
    TL_UNROLL
    for (int r = 0; r < R; r++) {
        tl_vec a = tl_spread(w.a[r * w.a_row + i * w.a_step]);
        if (V > 1)
            TL_KEEP(a);
        TL_UNROLL
        for (int v = 0; v < V; v++) {
            sum[r * V + v] += a * b[v];
            TL_KEEP(sum[r * V + v]);
        }
    }
}

TL_INLINE void tl_tile_begin(const int R, const int V, const int C, const int last, const tl_walk w, tl_vec *sum)
{
    TL_UNROLL
    for (int i = 0; i < R * V * C; i++)
        sum[i] = tl_zero();
    if (!w.start)
        return;
    TL_UNROLL
    for (int r = 0; r < R; r++)
        TL_UNROLL
        for (int v = 0; v < V; v++)
            sum[r * V + v] = tl_load_first(w.start + r * w.start_row + v * TL_LANES, TL_LANES_OF(v, V, last));
}

TL_INLINE void tl_tile_end(const int R, const int V, const int C, const int last, const tl_walk w, tl_vec *sum)
{
    TL_UNROLL
    for (int half = 1; half < C; half *= 2)
        TL_UNROLL
        for (int c = 0; c + half < C; c += 2 * half)
            TL_UNROLL
            for (int i = 0; i < R * V; i++)
                sum[c * R * V + i] += sum[(c + half) * R * V + i];
    TL_UNROLL
    for (int r = 0; r < R; r++)
        TL_UNROLL
        for (int v = 0; v < V; v++)
            tl_store_first(w.y + r * w.y_row + v * TL_LANES, sum[r * V + v], TL_LANES_OF(v, V, last));
}

/* last: lanes of a row's last vector, 1 .. TL_LANES. */
TL_INLINE void tl_tile(const int R, const int V, const int C, const int last, const int depth, const tl_walk w)
{
    tl_vec sum[TL_MOST_SUMS];
    const int whole = depth / C * C;
    tl_tile_begin(R, V, C, last, w, sum);
    for (int i = 0; i < whole; i += C)
        TL_UNROLL
        for (int c = 0; c < C; c++)
            tl_tile_step(R, V, last, w, i + c, sum + c * R * V);
    TL_UNROLL
    for (int c = 0; c < C - 1; c++)
        if (whole + c < depth)
            tl_tile_step(R, V, last, w, whole + c, sum + c * R * V);
    tl_tile_end(R, V, C, last, w, sum);
}

#endif
