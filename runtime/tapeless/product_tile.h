/* product_tile.h - the register tile that products are made of.
 *
 * A tile is R rows of V vectors. Its R * V * C sums stay in registers while the reduction runs; C chains of sums, 1, 2,
 * 4 or 8, take turns, which hides the latency of a multiply-add where there are few rows. R, V, C, and how much of the
 * operands there is, are constants at every call.
 *
 *     y[r][j] = start[r][j] + sum over i of a[r * a_row + i * a_step] * b[i * b_step + j]
 *
 * Order of a sum: element i of the reduction is added to chain i % C, in order of i, the last depth % C of them to
 * chain 0; chain 0 begins with the start, the others with zero. Then the upper half of the chains is added to the
 * lower half, until one is left. */
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

/* Elements i .. i + C of the reduction, one a chain. Loops are no more than two deep, for gcc keeps the sums in
 * registers only then. */
TL_INLINE void tl_tile_step(const int R, const int V, const int C, const int last, const tl_walk w, const ptrdiff_t i,
                            tl_vec *sum)
{
    tl_vec b[TL_MOST_SUMS];
    TL_UNROLL
    for (int m = 0; m < C * V; m++) {
        const int c = m / V, v = m % V;
        b[m] = tl_load_first(w.b + (i + c) * w.b_step + v * TL_LANES,
                             w.b_padded ? TL_LANES : TL_LANES_OF(v, V, last));
        if (R > 1)
            TL_KEEP(b[m]);
    }
    TL_UNROLL
    for (int m = 0; m < C * R; m++) {
        const int c = m / R, r = m % R;
        tl_vec a = tl_spread(w.a[r * w.a_row + (i + c) * w.a_step]);
        if (V > 1)
            TL_KEEP_SPREAD(a);
        TL_UNROLL
        for (int v = 0; v < V; v++) {
            sum[m * V + v] += a * b[c * V + v];
            TL_KEEP(sum[m * V + v]);
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

/* Chains half .. 2 half are added to the first `half`, each of `sums`. */
TL_INLINE void tl_fold_chains(const int half, const int sums, tl_vec *sum)
{
    TL_UNROLL
    for (int i = 0; i < half * sums; i++)
        sum[i] += sum[half * sums + i];
}

TL_INLINE void tl_tile_end(const int R, const int V, const int C, const int last, const tl_walk w, tl_vec *sum)
{
    if (C >= 8)
        tl_fold_chains(4, R * V, sum);
    if (C >= 4)
        tl_fold_chains(2, R * V, sum);
    if (C >= 2)
        tl_fold_chains(1, R * V, sum);
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
        tl_tile_step(R, V, C, last, w, i, sum);
    for (int i = whole; i < depth; i++)
        tl_tile_step(R, V, 1, last, w, i, sum);
    tl_tile_end(R, V, C, last, w, sum);
}

#endif
