/* variant.h - product.h compiled for one target and one real. */
#ifndef PRODUCT_VARIANT_H
#define PRODUCT_VARIANT_H

#include <stddef.h>

enum {
    FORWARD, FORWARD_ANY, BLOCKED, BACKWARD, IN_PLACE, STREAMED, STREAMED_BACK, DOTS, OF_ROW, OF_ROW_BACK, HALVES, HALVES_BACK,
    GRADIENT, GRADIENT_PACKED, GRADIENT_NARROW, PRODUCTS
};

/* X {rows, k}, W {n, k}, Y {rows, n}: which of them is the result, the product says. */
typedef struct Operands {
    int rows, n, k, R, V, C, block_rows;
    ptrdiff_t x_row, w_row, y_row, start_row;
    void *x, *w, *y, *scratch;
    const void *start; /* a gradient's is NULL or the result */
} Operands;

typedef struct Constant {
    int product, any_rows; /* also fewer than its own */
    Operands o;            /* its sizes, tile and distances */
    void (*run)(const Operands *);
} Constant;

typedef struct Variant {
    const char *name;
    int real_bytes, lanes;
    int fused; /* a product and its sum are rounded once */
    void (*const *run)(const Operands *); /* by product: sizes and tiles are known at run time */
    const Constant *constant;             /* specialised by them */
    int constants;
    double (*row_largest)(int n, const void *x), (*row_sum)(int n, const void *x); /* rows.h */
} Variant;

#endif
