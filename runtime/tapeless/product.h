/* product.h - matrix products of sizes known at compile time, for generated code.
 *
 * All is inlined and specialised by its arguments: sizes, distances between rows and the tile (R, V, C) are literals.
 * Only `rows` may be known at run time, where a window starts late: in the products that say _any or _blocked, in
 * _dots and _gradient*. What looks like a function is a macro, for what literals rule out is not even
 * compiled then (a third of the time); arguments are evaluated more than once. Matrices are row-major: X {rows, k},
 * W {n, k}, Y {rows, n}; x_row is the distance between rows of X. `start` is what a sum begins with: NULL for zero, y
 * itself to add, a row vector with start_row = 0 for a bias, or any {rows, n}. compiler/schedule/tile.h chooses which
 * product and which tile; R * V * C <= TL_MOST_SUMS.
 *
 * Who includes it says what a real is and how wide vectors are: product_vector.h. gcc in an ISO mode (-std=c99) makes no
 * multiply-add of a product and a sum but with -ffp-contract=fast.
 *
 *     tl_product_packed           Y = start + X Wᵀ      W packed by tl_pack_transposed(n, k, V, w, w_row, packed)
 *                                 dX = start + dY W     W packed by tl_pack_copied(k, n, V, w, w_row, packed)
 *     tl_product_in_place         dX = start + dY W     W as it stands
 *     tl_product_streamed         dx = start + dy W     one row, W as it stands and large
 *     tl_product_dots             Y = start + X Wᵀ      W as it stands: one row, or few columns
 *     tl_product_dots_of_row      y = start + x Wᵀ      the same of one row, in either direction
 *     tl_product_dots_by_halves   y = start + x Wᵀ      the same where sums are short
 *     tl_product_gradient         dW (+)= dYᵀ X         operands as they stand: few rows
 *     tl_product_turned           Y = start + Xᵀ B      likewise; the sums begin with something else
 *     tl_product_gradient_packed  dW (+)= dYᵀ X         many rows, by blocks of them
 *     tl_product_gradient_narrow  dW (+)= dYᵀ X         few columns
 *
 * For some of the columns, give their number and the operands from them on: of 65 columns 64 in panels, one by dots.
 * The order of each sum depends on sizes and tile alone, never on addresses: product_tile.h and product_dots.h state
 * it. A reduction that is cut into blocks begins each with the sum of those before. */
#ifndef TAPELESS_PRODUCT_H
#define TAPELESS_PRODUCT_H

#include "product_dots.h"
#include "product_panels.h"

/* ---- with W ---- */

TL_INLINE int tl_smaller(const int a, const int b)
{
    return a < b ? a : b;
}

TL_INLINE tl_operands tl_packed_operands(const int depth, const int V, const tl_real *x, const ptrdiff_t x_row,
                                         const tl_real *packed, const tl_real *start, const ptrdiff_t start_row,
                                         tl_real *y, const ptrdiff_t y_row)
{
    const tl_operands o = { { x, x_row, 1, packed, 0, 1, start, start_row, y, y_row },
                            x_row, (ptrdiff_t)TL_WIDTH(V) * depth, 0 };
    return o;
}

/* Y {rows, columns} = start + X {rows, depth} times packed panels. */
#define tl_product_packed(rows, columns, depth, x, x_row, packed, start, start_row, y, y_row, R, V, C) \
    TL_PRODUCT(TL_ROWS_SHARED, rows, columns, depth, R, V, C,                                     \
               tl_packed_operands(depth, V, x, x_row, packed, start, start_row, y, y_row))
#define tl_product_packed_any(rows, columns, depth, x, x_row, packed, start, start_row, y, y_row, R, V, C) \
    TL_PRODUCT(TL_ROWS_ANY, rows, columns, depth, R, V, C,                                        \
               tl_packed_operands(depth, V, x, x_row, packed, start, start_row, y, y_row))

/* The same, for the sake of caches, with so many rows at a time. */
#define tl_product_packed_blocked(rows, columns, depth, x, x_row, packed, start, start_row, y, y_row, R, V, C, \
                                  block_rows)                                                     \
    do {                                                                                          \
        const tl_real *start_ = start;                                                            \
        for (int r_ = 0; r_ < (rows); r_ += (block_rows)) {                                       \
            const int rows_ = tl_smaller((rows) - r_, block_rows);                                \
            tl_product_packed_any(rows_, columns, depth, (x) + r_ * (ptrdiff_t)(x_row), x_row, packed, \
                                  start_ ? start_ + r_ * (ptrdiff_t)(start_row) : NULL, start_row, \
                                  (y) + r_ * (ptrdiff_t)(y_row), y_row, R, V, C);                 \
        }                                                                                         \
    } while (0)

TL_INLINE tl_operands tl_placed_operands(const int V, const tl_real *a, const ptrdiff_t a_row, const ptrdiff_t a_step,
                                         const tl_real *b, const ptrdiff_t b_row, const tl_real *start,
                                         const ptrdiff_t start_row, tl_real *y, const ptrdiff_t y_row)
{
    const tl_operands o = { { a, a_row, a_step, b, b_row, 0, start, start_row, y, y_row }, a_row, TL_WIDTH(V), 0 };
    return o;
}

/* Y {rows, columns} = start + X {rows, depth} B {depth, columns}. */
#define tl_product_in_place(rows, columns, depth, x, x_row, b, b_row, start, start_row, y, y_row, R, V, C) \
    TL_PRODUCT(TL_ROWS_SHARED, rows, columns, depth, R, V, C,                                     \
               tl_placed_operands(V, x, x_row, 1, b, b_row, start, start_row, y, y_row))

#define tl_product_in_place_any(rows, columns, depth, x, x_row, b, b_row, start, start_row, y, y_row, R, V, C) \
    TL_PRODUCT(TL_ROWS_ANY, rows, columns, depth, R, V, C,                                        \
               tl_placed_operands(V, x, x_row, 1, b, b_row, start, start_row, y, y_row))

/* One row, y {columns} = start + x {depth} B {depth, columns}, where B is larger than a cache: D rows of B at a time,
 * each read from end to end, so that pages are visited once. What y has so far is in a cache. `back`: the last rows
 * first. Who reads B again and again turns round each time: then what was read last is read first, and is still in the
 * cache. */
#define tl_product_streamed(columns, depth, x, b, b_row, start, y, V, D, back)                    \
    do {                                                                                          \
        const int whole_ = (depth) / (D), back_ = back;                                           \
        const tl_real *start_ = tl_start_or_zeros(columns, start, y);                             \
        if ((depth) % (D) && back_) {                                                             \
            TL_STREAMED_REST(columns, depth, x, b, b_row, start_, y, V, D);                       \
            start_ = y;                                                                           \
        }                                                                                         \
        for (int q_ = 0; q_ < whole_; q_++) {                                                     \
            const int i_ = (back_ ? whole_ - 1 - q_ : q_) * (D);                                  \
            TL_PRODUCT(TL_ROWS_SHARED, 1, columns, D, 1, V, 1,                                    \
                       tl_placed_operands(V, (x) + i_, 0, 1, (b) + i_ * (ptrdiff_t)(b_row), b_row, start_, 0, y, 0)); \
            start_ = y;                                                                           \
        }                                                                                         \
        if ((depth) % (D) && !back_)                                                              \
            TL_STREAMED_REST(columns, depth, x, b, b_row, start_, y, V, D);                       \
    } while (0)
#define TL_STREAMED_REST(columns, depth, x, b, b_row, start, y, V, D)                             \
    TL_PRODUCT(TL_ROWS_SHARED, 1, columns, (depth) % (D), 1, V, 1,                                \
               tl_placed_operands(V, (x) + (depth) / (D) * (D), 0, 1,                             \
                                  (b) + (depth) / (D) * (D) * (ptrdiff_t)(b_row), b_row, start, 0, y, 0))

TL_INLINE const tl_real *tl_start_or_zeros(const int columns, const tl_real *start, tl_real *y)
{
    if (start)
        return start;
    for (int j = 0; j < columns; j++)
        y[j] = 0;
    return y;
}

/* Y {rows, n} = start + X {rows, k} Wᵀ, R rows by D columns at a time. */
#define tl_product_dots(rows, n, k, x, x_row, w, w_row, start, start_row, y, y_row, R, D)         \
    do {                                                                                          \
        const tl_dots_walk w_ = { x, x_row, w, w_row, start, start_row, y, y_row };               \
        const int r_ = (rows) / (R) * (R);                                                        \
        if ((n) / (D))                                                                            \
            tl_dots_columns(r_, (n) / (D) * (D), R, D, k, w_);                                    \
        if ((n) % (D))                                                                            \
            tl_dots_columns(r_, (n) % (D), R, (n) % (D) ? (n) % (D) : 1, k, tl_dots_at(0, (n) / (D) * (D), w_)); \
        if ((rows) % (R)) {                                                                       \
            if ((n) / (D))                                                                        \
                tl_dots_columns((rows) - r_, (n) / (D) * (D), 1, D, k, tl_dots_at(r_, 0, w_));    \
            if ((n) % (D))                                                                        \
                tl_dots_columns((rows) - r_, (n) % (D), 1, (n) % (D) ? (n) % (D) : 1, k,          \
                                tl_dots_at(r_, (n) / (D) * (D), w_));                             \
        }                                                                                         \
    } while (0)

/* One row, y {n} = start + x {k} Wᵀ: D columns at a time, or eight. `back`: the last first, as in tl_product_streamed. */
#define tl_product_dots_of_row(n, k, x, w, w_row, start, y, D, back)                              \
    do {                                                                                          \
        const tl_dots_walk w_ = { x, 0, w, w_row, start, 0, y, 0 };                               \
        const int whole_ = (n) / (D), back_ = back;                                               \
        if ((n) % (D) && back_)                                                                   \
            tl_dots_columns(1, (n) % (D), 1, (n) % (D) ? (n) % (D) : 1, k, tl_dots_at(0, whole_ * (D), w_)); \
        for (int q_ = 0; q_ < whole_; q_++)                                                       \
            tl_dots_columns(1, D, 1, D, k, tl_dots_at(0, (back_ ? whole_ - 1 - q_ : q_) * (D), w_)); \
        if ((n) % (D) && !back_)                                                                  \
            tl_dots_columns(1, (n) % (D), 1, (n) % (D) ? (n) % (D) : 1, k, tl_dots_at(0, whole_ * (D), w_)); \
    } while (0)
#if TL_VECTOR_BYTES == 64
#define tl_product_dots_by_halves(n, k, x, w, w_row, start, y, back) tl_dots_by_halves(n, k, x, w, w_row, start, y, back)
#else
#define tl_product_dots_by_halves(n, k, x, w, w_row, start, y, back)                              \
    tl_product_dots_of_row(n, k, x, w, w_row, start, y, 8, back)
#endif

/* ---- gradients of W ---- */

/* dW {n, k} (+)= dYᵀ {n, rows} X {rows, k}. */
#define tl_product_gradient(rows, n, k, dy, dy_row, x, x_row, add, dw, dw_row, R, V, C)           \
    tl_product_turned(rows, n, k, dy, dy_row, x, x_row, (add) ? (dw) : NULL, dw_row, dw, dw_row, R, V, C)

/* Y {n, columns} = start + Xᵀ {n, rows} B {rows, columns}. */
#define tl_product_turned(rows, n, columns, x, x_row, b, b_row, start, start_row, y, y_row, R, V, C) \
    TL_PRODUCT(TL_ROWS_SHARED, n, columns, rows, R, V, C,                                         \
               tl_placed_operands(V, x, 1, x_row, b, b_row, start, start_row, y, y_row))

/* The same by blocks of rows, whose operands are packed into `scratch`, of so many reals: */
#define TL_GRADIENT_SCRATCH(block_rows, n, k) (TL_PACKED_SIZE(k, block_rows) + TL_SLICE_DEPTH(block_rows) * (n))

#define tl_product_gradient_packed(rows, n, k, dy, dy_row, x, x_row, add, dw, dw_row, scratch, R, V, C, block_rows) \
    do {                                                                                          \
        const int some_ = tl_even_blocks(rows, block_rows);                                       \
        for (int r_ = 0; r_ < (rows); r_ += some_) {                                              \
            const int depth_ = tl_smaller((rows) - r_, some_);                                    \
            tl_real *const slices_ = (scratch) + TL_PACKED_SIZE(k, block_rows);                   \
            const tl_operands o_ = { { slices_, 1, 0, scratch, 0, 1, (add) || r_ ? (dw) : NULL, dw_row, dw, dw_row }, \
                                     TL_SLICE_DEPTH(depth_), (ptrdiff_t)TL_WIDTH(V) * depth_, 1 }; \
            tl_pack_copied(k, depth_, V, (x) + r_ * (ptrdiff_t)(x_row), x_row, scratch);          \
            tl_pack_slices(n, depth_, R, (dy) + r_ * (ptrdiff_t)(dy_row), dy_row, slices_);       \
            TL_PRODUCT(TL_ROWS_SLICED, n, k, depth_, R, V, C, o_);                                \
        }                                                                                         \
    } while (0)

/* Rows of a block, if all shall be of about one size. */
TL_INLINE int tl_even_blocks(const int rows, const int block_rows)
{
    const int blocks = (rows + block_rows - 1) / block_rows;
    return blocks ? (rows + blocks - 1) / blocks : 1;
}

/* The same where k is small: vectors are along n, and what is computed is the transposed of dW, one panel of n at a
 * time; dW is added to it last. k * V * C <= TL_MOST_SUMS. */
#define tl_product_gradient_narrow(rows, n, k, dy, dy_row, x, x_row, add, dw, dw_row, V, C)       \
    do {                                                                                          \
        tl_real panel_[TL_MOST_SUMS * TL_LANES];                                                  \
        for (int j_ = 0; j_ + TL_WIDTH(V) <= (n); j_ += TL_WIDTH(V)) {                            \
            TL_PRODUCT(TL_ROWS_SHARED, k, TL_WIDTH(V), rows, k, V, C,                           \
                       tl_placed_operands(V, x, 1, x_row, (dy) + j_, dy_row, NULL, 0, panel_, TL_WIDTH(V))); \
            tl_store_transposed(TL_WIDTH(V), k, V, panel_, add, (dw) + j_ * (ptrdiff_t)(dw_row), dw_row);    \
        }                                                                                         \
        if ((n) % TL_WIDTH(V)) {                                                                  \
            const int j_ = (n) - (n) % TL_WIDTH(V);                                               \
            TL_PRODUCT(TL_ROWS_SHARED, k, (n) % TL_WIDTH(V), rows, k, V, C,                     \
                       tl_placed_operands(V, x, 1, x_row, (dy) + j_, dy_row, NULL, 0, panel_, TL_WIDTH(V))); \
            tl_store_transposed((n) % TL_WIDTH(V), k, V, panel_, add, (dw) + j_ * (ptrdiff_t)(dw_row), dw_row); \
        }                                                                                         \
    } while (0)

TL_INLINE void tl_store_transposed(const int columns, const int k, const int V, const tl_real *panel, const int add,
                                   tl_real *dw, const ptrdiff_t dw_row)
{
    for (int j = 0; j < columns; j++)
        TL_UNROLL
        for (int i = 0; i < k; i++)
            dw[j * dw_row + i] = panel[i * TL_WIDTH(V) + j] + (add ? dw[j * dw_row + i] : 0);
}

#endif
