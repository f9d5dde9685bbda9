/* tile.h - which product of <tapeless/product.h>, in which tiles: a rule from target and sizes alone, so that a spec
 * gives the same C everywhere. */
#ifndef TILE_H
#define TILE_H

#include <stdbool.h>

#include <tapeless/tapeless.h>

#include "schedule/target.h"

/* Bytes of a matrix that stays in a cache of the first level, whatever else a step reads. */
enum { TILE_NEAR = 24 << 10 };

/* X {rows, k}, W {n, k}, Y {rows, n}. */
typedef enum ProductKind {
    PRODUCT_FORWARD,  /* Y (+)= X Wᵀ */
    PRODUCT_BACKWARD, /* dX (+)= dY W */
    PRODUCT_GRADIENT, /* dW (+)= dYᵀ X */
    PRODUCT_TURNED    /* dW = start + dYᵀ X */
} ProductKind;

typedef struct ProductSize {
    ProductKind kind;
    int rows, n, k;
    bool rows_vary; /* where a window starts late there are fewer */
    int uses;       /* products with the same W, which is packed once for all: in the recurrence, the steps */
} ProductSize;

typedef enum TileWay {
    TILE_PACKED,   /* tl_product_packed, _any if rows vary, _blocked with block_rows; tl_product_gradient_packed */
    TILE_IN_PLACE, /* tl_product_in_place, tl_product_gradient, tl_product_turned */
    TILE_STREAMED, /* tl_product_streamed, D = rows */
    TILE_DOTS,     /* tl_product_dots, R = rows, D = vectors */
    TILE_DOTS_BY_HALVES, /* tl_product_dots_by_halves */
    TILE_NARROW    /* tl_product_gradient_narrow */
} TileWay;

typedef struct Tile {
    TileWay way;
    int columns; /* of the result that are done this way; for those that are left, choose again */
    int rows, vectors, chains; /* R, V, C */
    int block_rows;            /* 0: none */
} Tile;

Tile choose_tile(const Target *, tl_type real, ProductSize);
/* Of Y (+)= X Wᵀ where W cannot be packed. */
Tile choose_dots(const Target *, tl_type real, ProductSize);

#endif
