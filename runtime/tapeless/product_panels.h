/* product_panels.h - a product as tiles over rows and panels of columns; packing.
 *
 * A panel is V vectors of columns. Panel outer, rows inner: a panel stays in a cache while all rows pass by. Packed, a
 * matrix {depth, columns} is its panels one after the other, each [depth][V vectors], the last of as many vectors as
 * are left, filled with zeros. */
#ifndef TAPELESS_PRODUCT_PANELS_H
#define TAPELESS_PRODUCT_PANELS_H

#include <string.h>

#include "product_tile.h"

/* So many reals a packed matrix has. */
#define TL_PACKED_SIZE(columns, depth) (((columns) + TL_LANES - 1) / TL_LANES * TL_LANES * (depth))

/* What a product reads and writes, from the first panel on. If b is packed, walk.b_step is not used. */
typedef struct tl_operands {
    tl_walk walk;
    ptrdiff_t a_tile;  /* from row to row of a, where a tile begins */
    ptrdiff_t b_panel; /* from one panel of b to the next */
    int a_sliced;      /* walk.a_step is not used */
} tl_operands;

/* ---- rows of panels ---- */

TL_INLINE void tl_tile_at(const int r, const int R, const int V, const int C, const int last, const int depth,
                          const tl_operands *o)
{
    tl_walk w = o->walk;
    w.a += r * o->a_tile;
    if (o->a_sliced)
        w.a_step = R;
    if (w.start)
        w.start += r * w.start_row;
    w.y += r * w.y_row;
    tl_tile(R, V, C, last, depth, w);
}

TL_INLINE void tl_next_panel(const int V, tl_operands *o)
{
    o->walk.b += o->b_panel;
    if (o->walk.start)
        o->walk.start += V * TL_LANES;
    o->walk.y += V * TL_LANES;
}

/* `count` panels. R divides rows. */
TL_INLINE void tl_panels_even(const int rows, const int count, const int depth, const int R, const int V, const int C,
                              const int last, tl_operands o)
{
    for (int p = 0; p < count; p++) {
        for (int r = 0; r < rows; r += R)
            tl_tile_at(r, R, V, C, last, depth, &o);
        tl_next_panel(V, &o);
    }
}

/* Rows are shared evenly among as few tiles as there can be: TL_TALLER of them have one row more than TL_SHORT. */
#define TL_TILES(rows, R) (((rows) + (R) - 1) / (R))
#define TL_SHORT(rows, R) ((rows) / TL_TILES(rows, R))
#define TL_TALLER(rows, R) ((rows) % TL_TILES(rows, R))

TL_INLINE void tl_panels_uneven(const int rows, const int count, const int depth, const int R, const int taller,
                                const int V, const int C, const int last, tl_operands o)
{
    for (int p = 0; p < count; p++) {
        int r = 0;
        for (; r < taller * (R + 1); r += R + 1)
            tl_tile_at(r, R + 1, V, C, last, depth, &o);
        for (; r < rows; r += R)
            tl_tile_at(r, R, V, C, last, depth, &o);
        tl_next_panel(V, &o);
    }
}

/* The number of rows is known at run time: R at a time, and what is left one by one. */
TL_INLINE void tl_panels_any(const int rows, const int count, const int depth, const int R, const int V, const int C,
                             const int last, tl_operands o)
{
    for (int p = 0; p < count; p++) {
        int r = 0;
        for (; r <= rows - R; r += R)
            tl_tile_at(r, R, V, C, last, depth, &o);
        for (; r < rows; r++)
            tl_tile_at(r, 1, V, C, last, depth, &o);
        tl_next_panel(V, &o);
    }
}

#define TL_ROWS_SHARED(rows, count, depth, R, V, C, last, o)                                      \
    do {                                                                                          \
        if (TL_TALLER(rows, R))                                                                   \
            tl_panels_uneven(rows, count, depth, TL_SHORT(rows, R), TL_TALLER(rows, R), V, C, last, o); \
        else                                                                                      \
            tl_panels_even(rows, count, depth, TL_SHORT(rows, R), V, C, last, o);                 \
    } while (0)
#define TL_ROWS_ANY tl_panels_any

/* ---- rows in slices ---- */

/* a, where many panels read it, is packed into slices, one a tile: [depth][R rows]. This is how far they are apart, a
 * row; not to begin all in the same few lines of a cache: of 512 elements or 256, packing took a third of the product's
 * time. */
#define TL_SLICE_DEPTH(depth) (((depth) + 7) / 8 * 8 + 3)

/* Slices of a matrix {depth, rows}, all of each of its rows at once: read in pieces it took twice as long. */
TL_INLINE void tl_pack_slices(const int rows, const int depth, const int R, const tl_real *a, const ptrdiff_t a_row,
                              tl_real *slices)
{
    const int few = TL_SHORT(rows, R), taller = TL_TALLER(rows, R) * (few + 1);
    const ptrdiff_t distance = TL_SLICE_DEPTH(depth);
    for (int i = 0; i < depth; i++) {
        int r = 0;
        for (; r < taller; r += few + 1)
            memcpy(slices + r * distance + i * (few + 1), a + i * a_row + r, (size_t)(few + 1) * sizeof *a);
        for (; r < rows; r += few)
            memcpy(slices + r * distance + i * few, a + i * a_row + r, (size_t)few * sizeof *a);
    }
}

/* Rows from .. to, which R divides: so many at a time that their slices, 256 KB, stay in a cache of the second level
 * while all panels pass by. */
TL_INLINE void tl_panels_grouped(const int from, const int to, const int count, const int depth, const int R,
                                 const int V, const int C, const int last, const tl_operands o)
{
    const int group = (1 << 18) / TL_REAL_BYTES / (depth + 1) / R * R + R;
    for (int g = from; g < to; g += group) {
        const int end = to - g < group ? to : g + group;
        tl_operands at = o;
        for (int p = 0; p < count; p++) {
            for (int r = g; r < end; r += R)
                tl_tile_at(r, R, V, C, last, depth, &at);
            tl_next_panel(V, &at);
        }
    }
}

/* As TL_ROWS_SHARED. */
#define TL_ROWS_SLICED(rows, count, depth, R, V, C, last, o)                                      \
    do {                                                                                          \
        const int taller_ = TL_TALLER(rows, R) * (TL_SHORT(rows, R) + 1);                         \
        if (TL_TALLER(rows, R))                                                                   \
            tl_panels_grouped(0, taller_, count, depth, TL_SHORT(rows, R) + 1, V, C, last, o);    \
        tl_panels_grouped(taller_, rows, count, depth, TL_SHORT(rows, R), V, C, last, o);         \
    } while (0)

/* ---- columns in panels ---- */

#define TL_WIDTH(V) ((V) * TL_LANES)
#define TL_REST_V(columns, V) (((columns) % TL_WIDTH(V) + TL_LANES - 1) / TL_LANES)
#define TL_LAST_LANES(columns) (((columns) - 1) % TL_LANES + 1)

/* The last panel has fewer vectors, so its tiles have more chains: twice as many, and again, up to 8 sums. */
TL_INLINE int tl_rest_chains(const int R, const int V_rest, const int C)
{
    return C >= 8 || R * V_rest * C >= 8 ? C : C >= 4 || R * V_rest * C >= 4 ? 2 * C : R * V_rest * C >= 2 ? 4 * C : 8;
}

TL_INLINE tl_operands tl_whole_panels(const int V, tl_operands o)
{
    if (o.walk.b_padded)
        o.walk.b_step = TL_WIDTH(V);
    return o;
}

TL_INLINE tl_operands tl_last_panel(const int columns, const int V, tl_operands o)
{
    const int before = columns / TL_WIDTH(V);
    o.walk.b += before * o.b_panel;
    if (o.walk.start)
        o.walk.start += before * TL_WIDTH(V);
    o.walk.y += before * TL_WIDTH(V);
    return tl_whole_panels(TL_REST_V(columns, V), o);
}

/* A product of {rows, columns}. ROWS is one of the above; `operands` is evaluated twice. */
#define TL_PRODUCT(ROWS, rows, columns, depth, R, V, C, operands)                                 \
    do {                                                                                          \
        if ((columns) / TL_WIDTH(V))                                                              \
            ROWS(rows, (columns) / TL_WIDTH(V), depth, R, V, C, TL_LANES, tl_whole_panels(V, operands)); \
        if (TL_REST_V(columns, V))                                                                \
            ROWS(rows, 1, depth, R, TL_REST_V(columns, V), tl_rest_chains(R, TL_REST_V(columns, V), C), \
                 TL_LAST_LANES(columns), tl_last_panel(columns, V, operands));                    \
    } while (0)

/* ---- packing ---- */

/* A panel of `there` columns. */
TL_INLINE void tl_copy_panel(const int there, const int depth, const tl_real *b, const ptrdiff_t b_row, tl_real *packed)
{
    const int vectors = (there + TL_LANES - 1) / TL_LANES;
    for (int i = 0; i < depth; i++)
        for (int v = 0; v < vectors; v++) {
            const int left = there - v * TL_LANES;
            tl_store(packed, tl_load_first(b + i * b_row + v * TL_LANES, left < TL_LANES ? left : TL_LANES));
            packed += TL_LANES;
        }
}

/* A matrix {depth, columns} as it stands. */
TL_FUNCTION void tl_pack_copied(const int columns, const int depth, const int V, const tl_real *b,
                                const ptrdiff_t b_row, tl_real *packed)
{
    const int width = TL_WIDTH(V);
    for (int j = 0; j < columns; j += width)
        tl_copy_panel(columns - j < width ? columns - j : width, depth, b + j, b_row, packed + (ptrdiff_t)j * depth);
}

/* One square: `lanes` columns of TL_LANES rows of w, of which there are `rows`, become `lanes` vectors. */
TL_INLINE void tl_transpose_square(const int rows, const int lanes, const tl_real *w, const ptrdiff_t w_row,
                                   tl_real *packed, const ptrdiff_t width)
{
    tl_vec x[TL_LANES];
    TL_UNROLL
    for (int r = 0; r < TL_LANES; r++)
        x[r] = r < rows ? tl_load_first(w + r * w_row, lanes) : tl_zero();
    tl_transpose(x);
    TL_UNROLL
    for (int r = 0; r < TL_LANES; r++)
        if (r < lanes)
            tl_store(packed + r * width, x[r]);
}

/* What has TL_LANES rows, by columns of which a load takes several; how many columns that were. */
TL_INLINE int tl_transpose_band(const int depth, const tl_real *w, const ptrdiff_t w_row, tl_real *packed,
                                const ptrdiff_t width)
{
    int i = 0;
#ifdef TL_QUARTER
    for (; i + TL_QUARTER <= depth; i += TL_QUARTER) {
        tl_vec x[TL_QUARTER];
        tl_load_transposed(w + i, w_row, x);
        TL_UNROLL
        for (int c = 0; c < TL_QUARTER; c++)
            tl_store(packed + (i + c) * width, x[c]);
    }
#else
    (void)w, (void)w_row, (void)packed, (void)width, (void)depth;
#endif
    return i;
}

/* The transposed of w {columns, depth}. */
TL_FUNCTION void tl_pack_transposed(const int columns, const int depth, const int V, const tl_real *w,
                                    const ptrdiff_t w_row, tl_real *packed)
{
    for (int j = 0; j < columns; j += TL_LANES) {
        const int panel = j / TL_WIDTH(V) * TL_WIDTH(V), left = columns - panel;
        const int width = left < TL_WIDTH(V) ? (left + TL_LANES - 1) / TL_LANES * TL_LANES : TL_WIDTH(V);
        const int whole = columns - j >= TL_LANES;
        tl_real *to = packed + (ptrdiff_t)panel * depth + (j - panel);
        for (int i = whole ? tl_transpose_band(depth, w + j * w_row, w_row, to, width) : 0; i < depth; i += TL_LANES) {
            const tl_real *from = w + j * w_row + i;
            if (whole && depth - i >= TL_LANES)
                tl_transpose_square(TL_LANES, TL_LANES, from, w_row, to + (ptrdiff_t)i * width, width);
            else
                tl_transpose_square(columns - j, depth - i < TL_LANES ? depth - i : TL_LANES, from, w_row,
                                    to + (ptrdiff_t)i * width, width);
        }
    }
}

#endif
