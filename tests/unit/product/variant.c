/* Compiled twice for each target and real (VARIANT is their name): all sizes and tiles being arguments, so that any
 * can be tried; and, with CONSTANT, for some sizes as generated code has them. */
#ifndef CONSTANT
#define TL_UNROLL /* no loop's rounds are known, and nothing is gained by a copy for each call */
#define TL_INLINE static inline
#endif
#include "variant.h"

#include <tapeless/product.h>
#include <tapeless/rows.h>

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)

/* The operands of a product as its macro wants them. */
#define UNPACK                                                                                    \
    tl_real *const x = o.x, *const w = o.w, *const y = o.y, *const scratch = o.scratch;           \
    const tl_real *const start = o.start;                                                         \
    (void)x, (void)w, (void)y, (void)scratch, (void)start

TL_INLINE void with_FORWARD(const Operands o)
{
    UNPACK;
    tl_pack_transposed(o.n, o.k, o.V, w, o.w_row, scratch);
    tl_product_packed(o.rows, o.n, o.k, x, o.x_row, scratch, start, o.start_row, y, o.y_row, o.R, o.V, o.C);
}

TL_INLINE void with_FORWARD_ANY(const Operands o)
{
    UNPACK;
    tl_pack_transposed(o.n, o.k, o.V, w, o.w_row, scratch);
    tl_product_packed_any(o.rows, o.n, o.k, x, o.x_row, scratch, start, o.start_row, y, o.y_row, o.R, o.V, o.C);
}

TL_INLINE void with_BLOCKED(const Operands o)
{
    UNPACK;
    tl_pack_transposed(o.n, o.k, o.V, w, o.w_row, scratch);
    tl_product_packed_blocked(o.rows, o.n, o.k, x, o.x_row, scratch, start, o.start_row, y, o.y_row, o.R, o.V, o.C,
                              o.block_rows);
}

TL_INLINE void with_BACKWARD(const Operands o)
{
    UNPACK;
    tl_pack_copied(o.k, o.n, o.V, w, o.w_row, scratch);
    tl_product_packed(o.rows, o.k, o.n, y, o.y_row, scratch, start, o.start_row, x, o.x_row, o.R, o.V, o.C);
}

TL_INLINE void with_IN_PLACE(const Operands o)
{
    UNPACK;
    tl_product_in_place(o.rows, o.k, o.n, y, o.y_row, w, o.w_row, start, o.start_row, x, o.x_row, o.R, o.V, o.C);
}

/* One row. */
TL_INLINE void with_STREAMED(const Operands o)
{
    UNPACK;
    tl_product_streamed(o.k, o.n, y, w, o.w_row, start, x, o.V, o.block_rows, 0);
}

TL_INLINE void with_STREAMED_BACK(const Operands o)
{
    UNPACK;
    tl_product_streamed(o.k, o.n, y, w, o.w_row, start, x, o.V, o.block_rows, 1);
}

TL_INLINE void with_DOTS(const Operands o)
{
    UNPACK;
    tl_product_dots(o.rows, o.n, o.k, x, o.x_row, w, o.w_row, start, o.start_row, y, o.y_row, o.R, o.V);
}

/* One row. */
TL_INLINE void with_OF_ROW(const Operands o)
{
    UNPACK;
    tl_product_dots_of_row(o.n, o.k, x, w, o.w_row, start, y, o.V, 0);
}

TL_INLINE void with_OF_ROW_BACK(const Operands o)
{
    UNPACK;
    tl_product_dots_of_row(o.n, o.k, x, w, o.w_row, start, y, o.V, 1);
}

TL_INLINE void with_HALVES(const Operands o)
{
    UNPACK;
    tl_product_dots_by_halves(o.n, o.k, x, w, o.w_row, start, y, 0);
}

TL_INLINE void with_HALVES_BACK(const Operands o)
{
    UNPACK;
    tl_product_dots_by_halves(o.n, o.k, x, w, o.w_row, start, y, 1);
}

TL_INLINE void with_GRADIENT(const Operands o)
{
    UNPACK;
    tl_product_gradient(o.rows, o.n, o.k, y, o.y_row, x, o.x_row, start != NULL, w, o.w_row, o.R, o.V, o.C);
}

TL_INLINE void with_GRADIENT_PACKED(const Operands o)
{
    UNPACK;
    tl_product_gradient_packed(o.rows, o.n, o.k, y, o.y_row, x, o.x_row, start != NULL, w, o.w_row, scratch, o.R, o.V,
                               o.C, o.block_rows);
}

TL_INLINE void with_GRADIENT_NARROW(const Operands o)
{
    UNPACK;
    tl_product_gradient_narrow(o.rows, o.n, o.k, y, o.y_row, x, o.x_row, start != NULL, w, o.w_row, o.V, o.C);
}

#ifndef CONSTANT

#define ALL(X)                                                                                    \
    X(FORWARD) X(FORWARD_ANY) X(BLOCKED) X(BACKWARD) X(IN_PLACE) X(STREAMED) X(STREAMED_BACK)      \
    X(DOTS) X(OF_ROW) X(OF_ROW_BACK) X(HALVES) X(HALVES_BACK)                                    \
    X(GRADIENT) X(GRADIENT_PACKED) X(GRADIENT_NARROW)
#define FUNCTION(product)                                                                         \
    static void run_##product(const Operands *o)                                                  \
    {                                                                                             \
        with_##product(*o);                                                                       \
    }
#define ROW(product) [product] = run_##product,
ALL(FUNCTION)

static double row_largest(int n, const void *x) { return tl_row_largest(n, x); }
static double row_sum(int n, const void *x) { return tl_row_sum(n, x); }

extern const Constant JOIN(constants_, VARIANT)[];
extern const int JOIN(constant_count_, VARIANT);
static void (*const functions[PRODUCTS])(const Operands *) = { ALL(ROW) };

#define TEXT_(name) #name
#define TEXT(name) TEXT_(name)
#if defined __FP_FAST_FMA || defined __FP_FAST_FMAF || defined __FMA__ || defined __aarch64__
#define FUSED 1
#else
#define FUSED 0
#endif
Variant JOIN(variant_, VARIANT)(void);
Variant JOIN(variant_, VARIANT)(void)
{
    return (Variant){ TEXT(VARIANT), TL_REAL_BYTES, TL_LANES, FUSED, functions, JOIN(constants_, VARIANT),
                      JOIN(constant_count_, VARIANT), row_largest, row_sum };
}

#else

/* As models have them: rows, n, k, what is between rows, tile, blocks. One row, few rows, as many as a tile does not
 * divide; remainders of a vector in n and k. */
#define ROWS_GIVEN(X)                                                                             \
    X(FORWARD, 50, 128, 32, 0, 6, 4, 1, 0)                                                        \
    X(FORWARD, 7, 65, 30, 3, 5, 2, 1, 0)                                                          \
    X(BACKWARD, 16, 65, 30, 5, 4, 2, 1, 0)                                                        \
    X(IN_PLACE, 1, 64, 16, 0, 1, 1, 8, 0)                                                         \
    X(IN_PLACE, 11, 20, 30, 1, 4, 4, 1, 0)                                                        \
    X(STREAMED, 1, 21, 70, 0, 1, 2, 1, 8)                                                         \
    X(DOTS, 1, 33, 65, 1, 1, 8, 1, 0)                                                             \
    X(DOTS, 8, 2, 30, 1, 4, 2, 1, 0)                                                              \
    X(HALVES, 1, 16, 64, 0, 1, 8, 1, 0)                                                           \
    X(HALVES, 1, 13, 30, 1, 1, 8, 1, 0)                                                           \
    X(HALVES_BACK, 1, 13, 30, 1, 1, 8, 1, 0)                                                      \
    X(OF_ROW, 1, 21, 65, 1, 1, 8, 1, 0)                                                           \
    X(OF_ROW_BACK, 1, 21, 65, 1, 1, 8, 1, 0)                                                      \
    X(STREAMED_BACK, 1, 21, 70, 0, 1, 2, 1, 8)                                                    \
    X(GRADIENT, 9, 33, 16, 0, 8, 1, 1, 0)

/* These are called with fewer rows too. */
#define ROWS_ANY(X)                                                                               \
    X(FORWARD_ANY, 9, 64, 30, 0, 4, 2, 1, 0)                                                      \
    X(BLOCKED, 31, 96, 70, 0, 6, 2, 1, 13)                                                        \
    X(DOTS, 9, 1, 30, 0, 8, 1, 1, 0)                                                              \
    X(GRADIENT, 11, 20, 35, 2, 6, 2, 1, 0)                                                        \
    X(GRADIENT_PACKED, 70, 65, 33, 2, 6, 2, 1, 32)                                                \
    X(GRADIENT_NARROW, 9, 37, 4, 1, 4, 4, 1, 0)

#define NAME(product, r, n, k) run_##product##_##r##_##n##_##k
#define SIZES(r, n, k, gap, R, V, C, block_rows)                                     \
    r, n, k, R, V, C, block_rows, k + gap, k + gap, n + gap,
#define FUNCTION(product, r, n, k, gap, ...)                                                      \
    static void NAME(product, r, n, k)(const Operands *p)                                         \
    {                                                                                             \
        const Operands o = { SIZES(r, n, k, gap, __VA_ARGS__) p->start_row,                       \
                             p->x, p->w, p->y, p->scratch, p->start };                            \
        with_##product(o);                                                                        \
    }
#define FUNCTION_ANY(product, r, n, k, gap, ...)                                                  \
    static void NAME(product, r, n, k)(const Operands *p)                                         \
    {                                                                                             \
        Operands o = { SIZES(r, n, k, gap, __VA_ARGS__) p->start_row,                             \
                       p->x, p->w, p->y, p->scratch, p->start };                                  \
        o.rows = p->rows;                                                                         \
        with_##product(o);                                                                        \
    }
#define ROW(any, product, r, n, k, gap, ...)                                                      \
    { product, any, { SIZES(r, n, k, gap, __VA_ARGS__) 0, 0, 0, 0, 0, 0 }, NAME(product, r, n, k) },
#define ROW_GIVEN(...) ROW(0, __VA_ARGS__)
#define ROW_ANY(...) ROW(1, __VA_ARGS__)
ROWS_GIVEN(FUNCTION)
ROWS_ANY(FUNCTION_ANY)

extern const Constant JOIN(constants_, VARIANT)[];
extern const int JOIN(constant_count_, VARIANT);
const Constant JOIN(constants_, VARIANT)[] = { ROWS_GIVEN(ROW_GIVEN) ROWS_ANY(ROW_ANY) };
const int JOIN(constant_count_, VARIANT) = sizeof JOIN(constants_, VARIANT) / sizeof *JOIN(constants_, VARIANT);

#endif
