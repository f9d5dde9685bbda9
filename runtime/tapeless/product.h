/* product.h - matrix products of sizes known at compile time, for generated code.
 *
 * Everything here is inlined and specialised by its arguments: sizes, distances between rows, tile (R, V, C) are
 * constants at each call, and only `rows` may be known at run time, where a window starts late. Matrices are
 * row-major: X {rows, k}, W {n, k}, Y {rows, n}; x_row is the distance between rows of X. `start` is what a sum
 * begins with: NULL for zero, y itself to add, a row vector with start_row = 0 for a bias, any {rows, n}
 * otherwise. compiler/tile.h chooses the tile; R * V * C <= TL_MOST_SUMS.
 *
 *     tl_pack_transposed, tl_product_packed     Y = start + X Wᵀ      W packed once, used in many products
 *     tl_pack_copied, tl_product_packed         dX = start + dY W     the same, with n and k exchanged
 *     tl_product_in_place                       dX = start + dY W     W as it stands
 *     tl_product_dots                           Y = start + X Wᵀ      W as it stands: one row, few columns
 *     tl_product_gradient                       dW (+)= dYᵀ X         operands as they stand: few rows
 *     tl_product_gradient_packed                dW (+)= dYᵀ X         many rows, by blocks of them
 *     tl_product_gradient_narrow                dW (+)= dYᵀ X         k smaller than a vector
 *     tl_column_sums                            db (+)= sum of dY's rows
 *
 * The order of each sum depends on the sizes and the tile alone, never on addresses: product_tile.h and
 * product_dots.h state it. Where a reduction is cut into blocks, each block begins with the sum of those before. */
#ifndef TAPELESS_PRODUCT_H
#define TAPELESS_PRODUCT_H

#include "product_dots.h"
#include "product_tile.h"

#if defined __GNUC__
#define TL_IS_CONSTANT(x) __builtin_constant_p(x)
#else
#define TL_IS_CONSTANT(x) 0
#endif

/* ---- a product in tiles ---- */

/* a_tile is the distance from row to row where a tile begins; a is sliced if a_tile reals are a whole row of the
 * reduction and R rows of a tile stand next to each other, [i][R]. */
typedef struct tl_operands {
    tl_walk walk;
    ptrdiff_t a_tile;
    int a_sliced;
    ptrdiff_t b_panel; /* from one panel of b to the next */
} tl_operands;

TL_INLINE void tl_tile_at(const int r, const int R, const int V, const int C, const int last, const int depth,
                          const tl_operands o)
{
    tl_walk w = o.walk;
    w.a += r * o.a_tile;
    if (o.a_sliced)
        w.a_step = R;
    w.start += w.start ? r * w.start_row : 0;
    w.y += r * w.y_row;
    tl_tile(R, V, C, last, depth, w);
}

/* Rows from r on, fewer than R, how many being known at run time only. */
TL_INLINE void tl_tile_rest(int r, const int rows, const int R, const int V, const int C, const int last,
                            const int depth, const tl_operands o)
{
    if (R > 8 && rows - r >= 8) {
        tl_tile_at(r, 8, V, C, last, depth, o);
        r += 8;
    }
    if (R > 4 && rows - r >= 4) {
        tl_tile_at(r, 4, V, C, last, depth, o);
        r += 4;
    }
    if (R > 2 && rows - r >= 2) {
        tl_tile_at(r, 2, V, C, last, depth, o);
        r += 2;
    }
    if (R > 1 && rows > r)
        tl_tile_at(r, 1, V, C, last, depth, o);
}

/* One panel. Rows of a number known at compile time are shared evenly among as few tiles as there can be; slices
 * always are. */
TL_INLINE void tl_panel(const int rows, const int R, const int V, const int C, const int last, const int depth,
                        const tl_operands o)
{
    int r = 0;
    if (TL_IS_CONSTANT(rows) || o.a_sliced) {
        const int tiles = (rows + R - 1) / R, few = rows / tiles, taller = rows % tiles;
        for (; r < taller * (few + 1); r += few + 1)
            tl_tile_at(r, few + 1, V, C, last, depth, o);
        for (; r < rows; r += few)
            tl_tile_at(r, few, V, C, last, depth, o);
    } else {
        for (; r < rows / R * R; r += R)
            tl_tile_at(r, R, V, C, last, depth, o);
        tl_tile_rest(r, rows, R, V, C, last, depth, o);
    }
}

/* Chains of the last panel, where it has fewer vectors: twice, four or eight times as many, if so many vectors would
 * still be fewer than V. */
TL_INLINE int tl_chains_of_rest(const int V, const int C, const int V_rest)
{
    return V >= 8 * V_rest ? 8 * C : V >= 4 * V_rest ? 4 * C : V >= 2 * V_rest ? 2 * C : C;
}

/* {rows, columns}: elements from .. from + depth of the reduction. Panel outer, rows inner: a panel stays in a cache
 * while all rows pass by. */
TL_INLINE void tl_product(const int rows, const int columns, const int from, const int depth, const int R, const int V,
                          const int C, const tl_operands o)
{
    const int width = V * TL_LANES, rest = columns % width, V_rest = (rest + TL_LANES - 1) / TL_LANES;
    tl_operands at = o;
    at.walk.a += from * o.walk.a_step;
    if (!o.walk.b_step)
        at.walk.b_step = width;
    at.walk.b += from * at.walk.b_step;
    for (int j = 0; j < columns / width; j++) {
        tl_panel(rows, R, V, C, TL_LANES, depth, at);
        at.walk.b += o.b_panel;
        at.walk.start += o.walk.start ? width : 0;
        at.walk.y += width;
    }
    if (!rest)
        return;
    if (!o.walk.b_step) {
        at.walk.b_step = V_rest * TL_LANES;
        at.walk.b -= from * (width - V_rest * TL_LANES);
    }
    tl_panel(rows, R, V_rest, tl_chains_of_rest(V, C, V_rest), rest - (V_rest - 1) * TL_LANES, depth, at);
}

/* ---- packing ---- */

/* Panels of a matrix {depth, columns} stand one after the other, each [depth][V vectors], the last one of as many
 * vectors as are left, its last vector filled with zeros. So many reals: */
#define TL_PACKED_SIZE(columns, depth) (((columns) + TL_LANES - 1) / TL_LANES * TL_LANES * (depth))

/* One panel, of `width` columns, of which there are `there`. */
TL_INLINE void tl_pack_panel(const int width, const int there, const int depth, const tl_real *b, const ptrdiff_t b_row,
                             tl_real *packed)
{
    const int last = there % TL_LANES ? there % TL_LANES : TL_LANES;
    for (int i = 0; i < depth; i++)
        for (int j = 0; j < width; j += TL_LANES)
            tl_store(packed + i * width + j, tl_load_first(b + i * b_row + j, j + TL_LANES < width ? TL_LANES : last));
}

/* Panels of a matrix {depth, columns} as it stands, along its rows. */
TL_INLINE void tl_pack_copied(const int columns, const int depth, const int V, const tl_real *b, const ptrdiff_t b_row,
                              tl_real *packed)
{
    const int width = V * TL_LANES, rest = columns % width;
    int j = 0;
    for (; j < columns / width * width; j += width)
        tl_pack_panel(width, width, depth, b + j, b_row, packed + (ptrdiff_t)j * depth);
    if (rest)
        tl_pack_panel((rest + TL_LANES - 1) / TL_LANES * TL_LANES, rest, depth, b + j, b_row,
                      packed + (ptrdiff_t)j * depth);
}

/* A vector's columns, which are rows of w {columns, depth}: squares of TL_LANES by TL_LANES, transposed in
 * registers. There are `rows` of w, zeros after them. */
TL_INLINE void tl_pack_squares(const int rows, const int depth, const int width, const tl_real *w,
                               const ptrdiff_t w_row, tl_real *packed)
{
    tl_vec x[TL_LANES];
    const int rest = depth % TL_LANES;
    int i = 0;
    for (; i < depth - rest; i += TL_LANES) {
        TL_UNROLL
        for (int r = 0; r < TL_LANES; r++)
            x[r] = r < rows ? tl_load(w + r * w_row + i) : tl_zero();
        tl_transpose(x);
        TL_UNROLL
        for (int r = 0; r < TL_LANES; r++)
            tl_store(packed + (ptrdiff_t)(i + r) * width, x[r]);
    }
    if (!rest)
        return;
    TL_UNROLL
    for (int r = 0; r < TL_LANES; r++)
        x[r] = r < rows ? tl_load_first(w + r * w_row + i, rest) : tl_zero();
    tl_transpose(x);
    TL_UNROLL
    for (int r = 0; r < TL_LANES; r++)
        if (r < rest)
            tl_store(packed + (ptrdiff_t)(i + r) * width, x[r]);
}

/* Panels of the transposed of w {columns, depth}. */
TL_INLINE void tl_pack_transposed(const int columns, const int depth, const int V, const tl_real *w,
                                  const ptrdiff_t w_row, tl_real *packed)
{
    const int whole = columns / (V * TL_LANES) * (V * TL_LANES), vectors = columns / TL_LANES;
    const int rest_width = (columns - whole + TL_LANES - 1) / TL_LANES * TL_LANES;
    for (int v = 0; v < vectors; v++) {
        const int j = v * TL_LANES, panel = j / (V * TL_LANES) * (V * TL_LANES);
        tl_pack_squares(TL_LANES, depth, j < whole ? V * TL_LANES : rest_width, w + j * w_row, w_row,
                        packed + (ptrdiff_t)panel * depth + (j - panel));
    }
    if (columns % TL_LANES)
        tl_pack_squares(columns % TL_LANES, depth, rest_width, w + (ptrdiff_t)vectors * TL_LANES * w_row, w_row,
                        packed + (ptrdiff_t)whole * depth + (vectors * TL_LANES - whole));
}

/* Slices of a matrix {depth, rows} as tl_panel shares rows among tiles: each [depth][rows of the tile]. */
TL_INLINE void tl_pack_slices(const int rows, const int depth, const int R, const tl_real *a, const ptrdiff_t a_row,
                              tl_real *slices)
{
    const int tiles = (rows + R - 1) / R, few = rows / tiles, taller = rows % tiles * (few + 1);
    for (int i = 0; i < depth; i++) {
        const tl_real *p = a + i * a_row;
        int r = 0;
        for (; r < taller; r += few + 1)
            TL_UNROLL
            for (int m = 0; m < few + 1; m++)
                slices[(ptrdiff_t)r * depth + i * (few + 1) + m] = p[r + m];
        for (; r < rows; r += few)
            TL_UNROLL
            for (int m = 0; m < few; m++)
                slices[(ptrdiff_t)r * depth + i * few + m] = p[r + m];
    }
}

/* ---- products with W ---- */

/* Y {rows, columns} = start + X {rows, depth} times packed panels. Blocks: of so many rows, and elements of the
 * reduction, at a time, so that they stay in a cache; 0 means all. */
TL_INLINE void tl_product_packed(const int rows, const int columns, const int depth, const tl_real *x,
                                 const ptrdiff_t x_row, const tl_real *packed, const tl_real *start,
                                 const ptrdiff_t start_row, tl_real *y, const ptrdiff_t y_row, const int R, const int V,
                                 const int C, const int block_rows, const int block_depth)
{
    const int most_rows = block_rows ? block_rows : rows, most_depth = block_depth ? block_depth : depth;
    for (int r = 0; r < rows; r += most_rows)
        for (int i = 0; i < depth; i += most_depth) {
            const tl_real *from = i ? y : start;
            const ptrdiff_t from_row = i ? y_row : start_row;
            const tl_operands o = { { x + r * x_row, x_row, 1, packed, 0, 1, from ? from + r * from_row : from, from_row,
                                      y + r * y_row, y_row },
                                    x_row, 0, (ptrdiff_t)V * TL_LANES * depth };
            tl_product(rows - r < most_rows ? rows - r : most_rows, columns, i,
                       depth - i < most_depth ? depth - i : most_depth, R, V, C, o);
        }
}

/* Y {rows, columns} = start + X {rows, depth} B {depth, columns}. */
TL_INLINE void tl_product_in_place(const int rows, const int columns, const int depth, const tl_real *x,
                                   const ptrdiff_t x_row, const tl_real *b, const ptrdiff_t b_row,
                                   const tl_real *start, const ptrdiff_t start_row, tl_real *y, const ptrdiff_t y_row,
                                   const int R, const int V, const int C)
{
    const tl_operands o = { { x, x_row, 1, b, b_row, 0, start, start_row, y, y_row }, x_row, 0,
                            (ptrdiff_t)V * TL_LANES };
    tl_product(rows, columns, 0, depth, R, V, C, o);
}

/* ---- gradients of W ---- */

/* dW {n, k} = start + dYᵀ {n, rows} X {rows, k}. */
TL_INLINE void tl_product_gradient(const int rows, const int n, const int k, const tl_real *dy, const ptrdiff_t dy_row,
                                   const tl_real *x, const ptrdiff_t x_row, const int add, tl_real *dw,
                                   const ptrdiff_t dw_row, const int R, const int V, const int C)
{
    const tl_operands o = { { dy, 1, dy_row, x, x_row, 0, add ? dw : NULL, dw_row, dw, dw_row }, 1, 0,
                            (ptrdiff_t)V * TL_LANES };
    tl_product(n, k, 0, rows, R, V, C, o);
}

/* The same by blocks of rows, operands packed block by block into `scratch`, of so many reals: */
#define TL_GRADIENT_SCRATCH(block_rows, n, k) (TL_PACKED_SIZE(k, block_rows) + (n) * (block_rows))

TL_INLINE void tl_product_gradient_packed(const int rows, const int n, const int k, const tl_real *dy,
                                          const ptrdiff_t dy_row, const tl_real *x, const ptrdiff_t x_row, const int add,
                                          tl_real *dw, const ptrdiff_t dw_row, tl_real *scratch, const int R,
                                          const int V, const int C, const int block_rows)
{
    tl_real *panels = scratch, *slices = scratch + TL_PACKED_SIZE(k, block_rows);
    const int blocks = (rows + block_rows - 1) / block_rows, some = blocks ? (rows + blocks - 1) / blocks : 0;
    if (!add)
        for (int j = 0; j < n; j++)
            for (int i = 0; i < k; i++)
                dw[j * dw_row + i] = 0;
    for (int r = 0; r < rows; r += some) {
        const int depth = rows - r < some ? rows - r : some;
        const tl_operands o = { { slices, 1, 0, panels, 0, 1, dw, dw_row, dw, dw_row }, depth, 1,
                                (ptrdiff_t)V * TL_LANES * depth };
        tl_pack_copied(k, depth, V, x + r * x_row, x_row, panels);
        tl_pack_slices(n, depth, R, dy + r * dy_row, dy_row, slices);
        tl_product(n, k, 0, depth, R, V, C, o);
    }
}

/* Columns of dY, and rows of dW, at j: `columns` of them. */
TL_INLINE void tl_gradient_strip(const int rows, const int columns, const int k, tl_operands o, const int j,
                                 const int add, tl_real *dw, const ptrdiff_t dw_row, const int V, const int C)
{
    tl_real strip[TL_MOST_SUMS * TL_LANES];
    const int width = V * TL_LANES;
    o.walk.b += j;
    o.walk.y = strip;
    o.walk.y_row = width;
    tl_product(k, columns, 0, rows, k, V, C, o);
    for (int c = 0; c < columns; c++)
        TL_UNROLL
        for (int i = 0; i < k; i++)
            dw[(j + c) * dw_row + i] = strip[i * width + c] + (add ? dw[(j + c) * dw_row + i] : 0);
}

/* The same where k is smaller than a vector, k * V * C <= TL_MOST_SUMS: vectors are along n, and what is computed is
 * the transposed of dW, to which dW is added last. */
TL_INLINE void tl_product_gradient_narrow(const int rows, const int n, const int k, const tl_real *dy,
                                          const ptrdiff_t dy_row, const tl_real *x, const ptrdiff_t x_row,
                                          const int add, tl_real *dw, const ptrdiff_t dw_row, const int V, const int C)
{
    const int width = V * TL_LANES, whole = n / width * width;
    const tl_operands o = { { x, 1, x_row, dy, dy_row, 0, NULL, 0, NULL, 0 }, 1, 0, width };
    for (int j = 0; j < whole; j += width)
        tl_gradient_strip(rows, width, k, o, j, add, dw, dw_row, V, C);
    if (n > whole)
        tl_gradient_strip(rows, n - whole, k, o, whole, add, dw, dw_row, V, C);
}

/* db {n} = start + the sum of dY's rows. */
TL_INLINE void tl_column_sums(const int rows, const int n, const tl_real *dy, const ptrdiff_t dy_row,
                              const tl_real *start, tl_real *db, const int V, const int C)
{
    const tl_real one = 1;
    const tl_operands o = { { &one, 0, 0, dy, dy_row, 0, start, 0, db, 0 }, 0, 0, (ptrdiff_t)V * TL_LANES };
    tl_product(1, n, 0, rows, 1, V, C, o);
}

#endif
