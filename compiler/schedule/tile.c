/* tile.c - costs are counted in vector multiply-adds. The constants are fits to a Zen 4 core, f32 and f64, gcc 12 and
 * clang 14, with the instructions of AVX-512 and of AVX2: a step of a tile costs its multiply-adds, or its loads if
 * they are more, and a wait for sums where there are few; of a dot, what reduces its lanes costs 1.5, of halves 1.3.
 *
 * Did not pay: blocks of the reduction in forward products (0.77 to 0.97 of the speed: a panel from the second-level
 * cache is as fast as one from the first); tiles that leave no register free (clang spills, a third to a half of the
 * speed); more than eight sums for one row; unrolling the reduction of a tile; of a long gradient, packing only X or
 * only dY, packing slices just before their use, and fetching the next tile's sums ahead. */
#include "schedule/tile.h"

#include <math.h>

enum {
    MOST_ROWS = 12,
    MOST_VECTORS = 8,
    MOST_CHAINS = 8,
    MOST_SUMS = 32, /* TL_MOST_SUMS */
    CACHE = 1 << 18 /* bytes of operands that stay in a cache of the second level */
};

/* What is multiplied: {rows, depth} by {depth, columns}. */
typedef struct Extent {
    int rows, columns, depth;
    bool rows_vary;
} Extent;

static int round_up(int a, int b)
{
    return (a + b - 1) / b;
}

static int smaller(int a, int b)
{
    return a < b ? a : b;
}

static int lanes_of(const Target *t, int bytes)
{
    return t->vector_bytes ? t->vector_bytes / bytes : 1;
}

/* ---- panels ---- */

/* Sums, a panel's vectors unless each is used once, one broadcast, and without a fused instruction the product. */
static bool fits(const Target *t, int R, int V)
{
    return R * V + (R > 1 ? V : 0) + 1 + !t->fused <= t->registers && R * V <= MOST_SUMS && (R == 1 || V <= 6);
}

static double step_cost(int R, int V)
{
    int loads = R + V, sums = R * V;
    double waiting = 50.0 / (sums * sums); /* 8: 0.8, 10: 0.5, 12: 0.3, 24: 0.1, as measured */
    double again = 0.03 * R + 0.05 * V; /* rows are read again for each panel, panels for each tile, from far caches */
    return (sums > loads ? sums : loads) + (waiting < 2 ? waiting : 2) + again;
}

/* All rows of a panel of V vectors. */
static double rows_cost(const Extent *e, int R, int V)
{
    double ends = 1 + 2.0 / e->depth; /* sums are begun and stored */
    if (e->rows_vary)
        return (e->rows / R * step_cost(R, V) + e->rows % R * step_cost(1, V)) * ends * e->depth;
    int tiles = round_up(e->rows, R), few = e->rows / tiles, taller = e->rows % tiles;
    return (taller * step_cost(few + 1, V) + (tiles - taller) * step_cost(few, V)) * ends * e->depth;
}

/* Another tile for what R and V do not divide is more code, and another loop to enter. */
static double panels_cost(const Extent *e, int lanes, int R, int V)
{
    int vectors = round_up(e->columns, lanes), rest = vectors % V;
    double cost = vectors / V * rows_cost(e, R, V) + (rest ? rows_cost(e, R, rest) : 0);
    return cost * (1 + ((e->rows % R > 0) + (rest > 0)) * (0.005 + 0.5 / e->depth));
}

/* Enough sums at a time; a chain has something to add. */
static int chains_of(const Target *t, const Extent *e, int R, int V)
{
    int C = 1;
    while (C < MOST_CHAINS && R * V * C < t->sums && 2 * C <= e->depth)
        C *= 2;
    return C;
}

/* The cheapest tile; of equals the one with fewer rows, whose panels are wider. */
static Tile best_panels(const Target *t, int lanes, Extent e, double *cost)
{
    Tile best = { TILE_PACKED, e.columns, 1, 1, 1, 0 };
    *cost = e.columns ? INFINITY : 0;
    for (int R = 1; R <= smaller(MOST_ROWS, e.rows); R++)
        for (int V = 1; V <= smaller(MOST_VECTORS, round_up(e.columns, lanes)); V++) {
            double c = fits(t, R, V) ? panels_cost(&e, lanes, R, V) : INFINITY;
            if (c < *cost) {
                *cost = c;
                best.rows = R;
                best.vectors = V;
            }
        }
    best.chains = chains_of(t, &e, best.rows, best.vectors);
    return best;
}

/* ---- dots ---- */

/* One row, and sums of few terms, where vectors have halves. Longer sums are as fast by whole vectors, or faster, where
 * a multiply-add of these begins as often as one of halves. */
static bool by_halves(const Target *t, int bytes, const ProductSize *s, int n)
{
    return t->vector_bytes == 64 && s->rows == 1 && !s->rows_vary && n >= 4 && s->k <= 8 * lanes_of(t, bytes);
}

/* n of the columns. */
static double dots_cost(const Target *t, int bytes, const ProductSize *s, int n)
{
    const int lanes = lanes_of(t, bytes);
    double reduced = lanes == 1 ? 0 : by_halves(t, bytes, s, n) ? 1.3 : 1.5;
    return 1.1 * s->rows * n * (round_up(s->k, lanes) + reduced);
}

/* W's rows are so many streams; of a matrix that no cache holds four are read faster than eight. */
static Tile dots(const Target *t, int bytes, const ProductSize *s)
{
    int D = smaller(s->n, (double)s->n * s->k * bytes > 32 * CACHE ? 4 : 8);
    TileWay way = by_halves(t, bytes, s, s->n) ? TILE_DOTS_BY_HALVES : TILE_DOTS;
    return (Tile){ way, s->n, smaller(8 / D, s->rows), D, 1, 0 };
}

/* ---- the products ---- */

/* A vector is transposed into its panel for about four multiply-adds. What no vector is full of goes by dots, where
 * that is cheaper than a vector more. */
static Tile forward(const Target *t, int bytes, ProductSize s)
{
    const int lanes = lanes_of(t, bytes), rest = s.n % lanes;
    double cost, whole_cost, packing = 4.0 * round_up(s.n, lanes) * s.k / s.uses;
    Tile tile = best_panels(t, lanes, (Extent){ s.rows, s.n, s.k, s.rows_vary }, &cost);
    Tile whole = best_panels(t, lanes, (Extent){ s.rows, s.n - rest, s.k, s.rows_vary }, &whole_cost);
    whole_cost += dots_cost(t, bytes, &s, rest);
    if (s.n > rest && whole_cost < cost) {
        tile = whole;
        cost = whole_cost;
    }
    if (dots_cost(t, bytes, &s, s.n) < cost + packing)
        return dots(t, bytes, &s);
    if ((double)s.rows * s.k * bytes > 16 * CACHE)
        tile.block_rows = 192 / tile.rows * tile.rows;
    return tile;
}

static Tile backward(const Target *t, int bytes, ProductSize s)
{
    double cost, size = (double)s.n * s.k * bytes;
    const int lanes = lanes_of(t, bytes);
    Tile tile = best_panels(t, lanes, (Extent){ s.rows, s.k, s.n, s.rows_vary }, &cost);
    if (s.rows == 1 && size > (s.uses > 1 ? TILE_NEAR : CACHE) && s.k >= MOST_VECTORS * lanes)
        return (Tile){ TILE_STREAMED, s.k, size > CACHE ? 8 : 16, MOST_VECTORS, 1, 0 };
    if (s.rows == 1 || (s.rows * s.uses < 32 && !s.rows_vary) || size <= CACHE / 4)
        tile.way = TILE_IN_PLACE;
    else if ((double)s.rows * s.n * bytes > 16 * CACHE)
        tile.block_rows = 192 / tile.rows * tile.rows;
    return tile;
}

/* Elements of the strip are moved one by one. */
static Tile narrow(const Target *t, int lanes, int k, ProductSize s, double *cost)
{
    Tile tile = { TILE_NARROW, k, k, 1, 1, 0 };
    Extent e = { k, s.n, s.rows, false };
    *cost = INFINITY;
    for (int V = 1; V <= smaller(4, round_up(s.n, lanes)); V++) {
        double c = k <= MOST_ROWS && fits(t, k, V) ? panels_cost(&e, lanes, k, V) + 0.5 * s.n * k : INFINITY;
        if (c < *cost) {
            *cost = c;
            tile.vectors = V;
        }
    }
    tile.chains = chains_of(t, &e, k, tile.vectors);
    return tile;
}

static Tile gradient(const Target *t, int bytes, ProductSize s)
{
    const int lanes = lanes_of(t, bytes), rest = s.k % lanes;
    double with_rest, without, narrowly;
    Tile tile = best_panels(t, lanes, (Extent){ s.n, s.k, s.rows, false }, &with_rest);
    if (rest) {
        Tile strip = narrow(t, lanes, rest, s, &narrowly);
        Tile whole = best_panels(t, lanes, (Extent){ s.n, s.k - rest, s.rows, false }, &without);
        if (without + narrowly < with_rest && s.k == rest)
            return strip;
        if (without + narrowly < with_rest)
            tile = whole;
    }
    /* In place, a panel of four cache lines a row is read well, one of a single line badly where rows are apart by a
     * power of two. */
    double cached = tile.vectors * t->vector_bytes >= 128 ? 3 * CACHE : 2 * CACHE;
    tile.way = TILE_IN_PLACE;
    if (s.rows >= 32 && (double)s.rows * (s.n + s.k) * bytes > cached) {
        tile.way = TILE_PACKED;
        tile.block_rows = smaller(1024, CACHE / (tile.vectors * lanes * bytes));
    }
    return tile;
}

/* As it stands. */
static Tile turned(const Target *t, int bytes, ProductSize s)
{
    double cost;
    Tile tile = best_panels(t, lanes_of(t, bytes), (Extent){ s.n, s.k, s.rows, false }, &cost);
    tile.way = TILE_IN_PLACE;
    return tile;
}

Tile choose_dots(const Target *target, tl_type real, ProductSize s)
{
    return dots(target, real == TL_F64 ? 8 : 4, &s);
}

Tile choose_tile(const Target *target, tl_type real, ProductSize size)
{
    const int bytes = real == TL_F64 ? 8 : 4;
    switch (size.kind) {
    case PRODUCT_FORWARD:
        return forward(target, bytes, size);
    case PRODUCT_BACKWARD:
        return backward(target, bytes, size);
    case PRODUCT_TURNED:
        return turned(target, bytes, size);
    default:
        return gradient(target, bytes, size);
    }
}
