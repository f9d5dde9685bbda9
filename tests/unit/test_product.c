/* Products of known sizes: each against a double loop, on small integers, so that every sum is exact in any order
 * and equality is asked for; then the order itself. Operands end at the end of a page that no other follows. */
#include "unit.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "product/variant.h"

/* ---- variants ---- */

#define DECLARE(name) Variant variant_##name##_f32(void), variant_##name##_f64(void);
#define ROWS(name) variant_##name##_f32(), variant_##name##_f64()
#ifdef PRODUCT_AVX2
DECLARE(avx2)
DECLARE(avx512)
#endif
DECLARE(v16)
DECLARE(plain)

/* Those that this processor can run. */
static int variants(Variant *v)
{
    int count = 0;
    const Variant anywhere[] = { ROWS(v16), ROWS(plain) };
    for (size_t i = 0; i < sizeof anywhere / sizeof *anywhere; i++)
        v[count++] = anywhere[i];
#ifdef PRODUCT_AVX2
    const Variant avx2[] = { ROWS(avx2) }, avx512[] = { ROWS(avx512) };
    for (int i = 0; i < 2 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); i++)
        v[count++] = avx2[i];
    for (int i = 0; i < 2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq"); i++)
        v[count++] = avx512[i];
#endif
    return count;
}

/* ---- operands ---- */

typedef struct Block {
    char *pages, *data;
    size_t mapped, bytes;
} Block;

enum { BEFORE = 256, MARK = 0x5b };

/* `bytes` that end where a page ends, with marks before them; what is read or written behind them is a fault. */
static Block block(size_t bytes)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE), room = (bytes + BEFORE + page - 1) / page * page;
    char *p = mmap(NULL, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(p != MAP_FAILED && mprotect(p + room, page, PROT_NONE) == 0);
    Block b = { p, p + room - bytes, room + page, bytes };
    memset(b.data - BEFORE, MARK, bytes + BEFORE);
    return b;
}

static void drop(Block b)
{
    for (int i = 1; i <= BEFORE; i++)
        assert_int_equal(b.data[-i], MARK);
    munmap(b.pages, b.mapped);
}

static double get(const Variant *v, const void *p, ptrdiff_t i)
{
    return v->real_bytes == 8 ? ((const double *)p)[i] : (double)((const float *)p)[i];
}

static void set(const Variant *v, void *p, ptrdiff_t i, double x)
{
    if (v->real_bytes == 8)
        ((double *)p)[i] = x;
    else
        ((float *)p)[i] = (float)x;
}

static double integer(uint32_t *seed) /* -4 .. 4 */
{
    *seed = *seed * 1664525 + 1013904223;
    return (int)(*seed >> 16) % 9 - 4;
}

static double real(uint32_t *seed) /* with more bits than a product can keep */
{
    *seed = *seed * 1664525 + 1013904223;
    return (double)(float)((*seed >> 8) / 8388608.0 - 1);
}

typedef double Number(uint32_t *);

static void fill(const Variant *v, Block b, Number *number, uint32_t *seed)
{
    for (ptrdiff_t i = 0; i < (ptrdiff_t)b.bytes / v->real_bytes; i++)
        set(v, b.data, i, number(seed));
}

static Block copy(Block b)
{
    Block c = block(b.bytes);
    memcpy(c.data, b.data, b.bytes);
    return c;
}

/* ---- a product and what it should be ---- */

typedef struct Matrix {
    const void *p;
    ptrdiff_t row, col;
} Matrix;

typedef struct Case {
    int product;
    Operands o;
    Block x, w, y, start, scratch;
    /* The result is {rows, columns}, a reduction over depth. */
    int rows, columns, depth;
    Matrix a, b; /* {rows, depth}, {depth, columns} */
    Block result;
    ptrdiff_t result_row;
} Case;

enum Start { NOTHING, BIAS, OTHER, ITSELF, STARTS };

static bool is_gradient(int product)
{
    return product >= GRADIENT;
}

static Block matrix_block(const Variant *v, int rows, int columns, ptrdiff_t row)
{
    return block((size_t)(rows ? (rows - 1) * row + columns : 0) * (size_t)v->real_bytes);
}

/* One lane is 1, {rows}, for sums of columns. */
static void describe(Case *c)
{
    Operands *o = &c->o;
    if (c->product <= BLOCKED || (c->product >= DOTS && c->product <= HALVES_BACK)) {
        c->rows = o->rows, c->columns = o->n, c->depth = o->k;
        c->a = (Matrix){ o->x, o->x_row, 1 }, c->b = (Matrix){ o->w, 1, o->w_row };
        c->result = c->y, c->result_row = o->y_row;
    } else if (!is_gradient(c->product)) {
        c->rows = o->rows, c->columns = o->k, c->depth = o->n;
        c->a = (Matrix){ o->y, o->y_row, 1 }, c->b = (Matrix){ o->w, o->w_row, 1 };
        c->result = c->x, c->result_row = o->x_row;
    } else {
        c->rows = o->n, c->columns = o->k, c->depth = o->rows;
        c->a = (Matrix){ o->y, 1, o->y_row }, c->b = (Matrix){ o->x, o->x_row, 1 };
        c->result = c->w, c->result_row = o->w_row;
    }
}

static size_t scratch_reals(const Variant *v, const Operands *o)
{
    size_t n = (size_t)(o->n + v->lanes), k = (size_t)(o->k + v->lanes), rows = (size_t)o->block_rows;
    return n * k + rows * k + (rows + 10) * n; /* as TL_GRADIENT_SCRATCH has, but for what it rounds */
}

static Case prepare(const Variant *v, int product, Operands o, enum Start start, Number *number, uint32_t seed)
{
    Case c = { .product = product, .o = o };
    c.x = matrix_block(v, o.rows, o.k, o.x_row);
    c.w = matrix_block(v, o.n, o.k, o.w_row);
    c.y = matrix_block(v, o.rows, o.n, o.y_row);
    c.scratch = block(scratch_reals(v, &o) * (size_t)v->real_bytes);
    fill(v, c.x, number, &seed);
    fill(v, c.w, number, &seed);
    fill(v, c.y, number, &seed);
    c.o.x = c.x.data, c.o.w = c.w.data, c.o.y = c.y.data, c.o.scratch = c.scratch.data;
    describe(&c);
    c.start = start == BIAS ? matrix_block(v, 1, c.columns, c.columns) : copy(c.result);
    fill(v, c.start, number, &seed);
    c.o.start = start == NOTHING ? NULL : start == ITSELF ? c.result.data : c.start.data;
    c.o.start_row = start == BIAS ? 0 : c.result_row;
    return c;
}

static void release(Case *c)
{
    drop(c->x);
    drop(c->w);
    drop(c->y);
    drop(c->start);
    drop(c->scratch);
}

static double element(const Variant *v, Matrix m, int i, int j)
{
    return get(v, m.p, i * m.row + j * m.col);
}

static double naive(const Variant *v, const Case *c, double sum, int i, int j)
{
    for (int d = 0; d < c->depth; d++)
        sum += element(v, c->a, i, d) * element(v, c->b, d, j);
    return sum;
}

/* Every element as it should be, and what is between rows as it was. */
static void compare(const Variant *v, const Case *c, Block before)
{
    const Operands *o = &c->o;
    ptrdiff_t reals = (ptrdiff_t)before.bytes / v->real_bytes;
    for (ptrdiff_t at = 0; at < reals; at++) {
        int i = c->rows == 1 ? 0 : (int)(at / c->result_row), j = c->rows == 1 ? (int)at : (int)(at % c->result_row);
        double got = get(v, c->result.data, at), was = get(v, before.data, at), want = was;
        if (j < c->columns) {
            double begin = !o->start                      ? 0
                           : o->start == c->result.data ? was
                                                          : get(v, o->start, i * o->start_row + j);
            want = naive(v, c, begin, i, j);
        }
        if (!(got == want))
            fail_msg("%s product %d rows %d n %d k %d tile %dx%dx%d blocks of %d start %d: [%d][%d] is %g, not %g",
                     v->name, c->product, o->rows, o->n, o->k, o->R, o->V, o->C, o->block_rows,
                     o->start ? o->start == c->result.data ? 2 : 1 : 0, i, j, got, want);
    }
}

static void try_product(const Variant *v, int product, Operands o, enum Start start, void (*run)(const Operands *))
{
    Case c = prepare(v, product, o, start, integer, 7);
    Block before = copy(c.result);
    run(&c.o);
    compare(v, &c, before);
    drop(before);
    release(&c);
}

/* ---- sizes ---- */

static Operands sized(int rows, int n, int k, int gap, int R, int V, int C)
{
    return (Operands){ .rows = rows, .n = n, .k = k, .R = R, .V = V, .C = C, .x_row = k + gap, .w_row = k + gap,
                       .y_row = n + gap };
}

static bool takes(int product, enum Start start)
{
    return !is_gradient(product) || start == NOTHING || start == ITSELF;
}

static void with_every_start(const Variant *v, int product, Operands o, void (*run)(const Operands *))
{
    for (int start = 0; start < STARTS; start++)
        if (takes(product, (enum Start)start))
            try_product(v, product, o, (enum Start)start, run);
}

/* The sizes of a product that its tile cuts: one at a time takes every remainder. */
static void every_remainder(const Variant *v, int product, int R, int V, int C)
{
    const int width = V * v->lanes;
    for (int rows = 1; rows <= 2 * R + 1; rows++)
        with_every_start(v, product, sized(rows, 5, 9, rows % 3, R, V, C), v->run[product]);
    for (int n = 1; n <= width + v->lanes + 1; n++)
        try_product(v, product, sized(R, n, 5, n % 2, R, V, C), (enum Start)(n % 2 ? ITSELF : NOTHING),
                    v->run[product]);
    for (int k = 1; k <= width + v->lanes + 1; k++)
        try_product(v, product, sized(R + 1, 6, k, k % 2, R, V, C), (enum Start)(k % 2 ? NOTHING : ITSELF),
                    v->run[product]);
}

static void every_remainder_of_one_row(const Variant *v, int product)
{
    for (int n = 1; n <= 2 * v->lanes + 9; n++)
        with_every_start(v, product, sized(1, n, 5, n % 2, 1, 8, 1), v->run[product]);
    for (int k = 1; k <= 3 * v->lanes + 1; k++)
        with_every_start(v, product, sized(1, 6, k, k % 2, 1, 8, 1), v->run[product]);
}

static void every_remainder_is_right(void **state)
{
    static const int tiles[][3] = { { 1, 8, 1 }, { 1, 4, 2 }, { 1, 1, 8 }, { 2, 4, 1 }, { 3, 2, 2 },
                                    { 5, 2, 1 }, { 6, 4, 1 }, { 8, 3, 1 }, { 12, 2, 1 } };
    static const int products[] = { FORWARD, FORWARD_ANY, BACKWARD, IN_PLACE, GRADIENT };
    Variant v[8];
    (void)state;
    for (int i = variants(v) - 1; i >= 0; i--)
        for (size_t t = 0; t < sizeof tiles / sizeof *tiles; t++)
            for (size_t p = 0; p < sizeof products / sizeof *products; p++)
                every_remainder(&v[i], products[p], tiles[t][0], tiles[t][1], tiles[t][2]);
}

static void dots_are_right(void **state)
{
    static const int tiles[][2] = { { 1, 8 }, { 1, 16 }, { 8, 1 }, { 4, 4 }, { 4, 2 }, { 3, 5 } };
    Variant v[8];
    (void)state;
    for (int i = variants(v) - 1; i >= 0; i--)
        for (size_t t = 0; t < sizeof tiles / sizeof *tiles; t++)
            every_remainder(&v[i], DOTS, tiles[t][0], tiles[t][1], 1);
    for (int i = variants(v) - 1; i >= 0; i--)
        for (int product = OF_ROW; product <= HALVES_BACK; product++)
            every_remainder_of_one_row(&v[i], product);
}

static void blocks_are_right(void **state)
{
    static const int blocks[] = { 1, 5, 8, 14, 100 };
    Variant v[8];
    (void)state;
    for (int i = variants(v) - 1; i >= 0; i--)
        for (size_t b = 0; b < sizeof blocks / sizeof *blocks; b++)
            for (int more = 0; more < 3; more++) {
                Operands o = sized(14 + more, v[i].lanes * 5 + more, 21 + more, more, 6, 2, 1);
                o.block_rows = blocks[b];
                with_every_start(&v[i], BLOCKED, o, v[i].run[BLOCKED]);
                with_every_start(&v[i], GRADIENT_PACKED, o, v[i].run[GRADIENT_PACKED]);
                o = sized(1, 14 + more, v[i].lanes * 5 + more, more, 1, 4, 1);
                o.block_rows = blocks[b];
                with_every_start(&v[i], STREAMED, o, v[i].run[STREAMED]);
                with_every_start(&v[i], STREAMED_BACK, o, v[i].run[STREAMED_BACK]);
            }
}

static void packed_gradients_are_right(void **state)
{
    Variant v[8];
    (void)state;
    for (int i = variants(v) - 1; i >= 0; i--)
        for (int n = 1; n < 20; n++)
            for (int k = 1; k < 2 * v[i].lanes + 3; k += 3) {
                Operands o = sized(n * 3 % 17 + 1, n, k, n % 2, 6, 2, 1);
                o.block_rows = 1 + k % 6;
                with_every_start(&v[i], GRADIENT_PACKED, o, v[i].run[GRADIENT_PACKED]);
            }
}

/* Of so many rows, which no cache of the second level holds, the slices take turns. */
static void long_gradients_are_right(void **state)
{
    Variant v[8];
    (void)state;
    for (int i = variants(v) - 1; i >= 0; i--) {
        Operands o = sized(390, 400, 5, 1, 6, 2, 1);
        o.block_rows = 384;
        with_every_start(&v[i], GRADIENT_PACKED, o, v[i].run[GRADIENT_PACKED]);
    }
}

static void narrow_gradients_are_right(void **state)
{
    Variant v[8];
    (void)state;
    for (int i = variants(v) - 1; i >= 0; i--)
        for (int k = 1; k <= 8; k++)
            for (int n = 1; n < 3 * v[i].lanes + 2; n += n < 3 ? 1 : 3)
                with_every_start(&v[i], GRADIENT_NARROW,
                                 sized(n % 11 + 1, n, k, n % 2, k, k > 4 ? 2 : 4, k < 4 ? 2 : 1),
                                 v[i].run[GRADIENT_NARROW]);
}

/* The largest stands in each place in turn, and is one of several; nothing behind the row is read. */
static void rows_are_right(void **state)
{
    Variant v[8];
    (void)state;
    for (int i = variants(v) - 1; i >= 0; i--)
        for (int n = 1; n < 5 * v[i].lanes + 2; n++) {
            uint32_t seed = (uint32_t)n;
            Block x = block((size_t)n * (size_t)v[i].real_bytes);
            double sum = 0;
            fill(&v[i], x, integer, &seed);
            for (int j = 0; j < n; j++)
                sum += get(&v[i], x.data, j);
            assert_true(v[i].row_sum(n, x.data) == sum);
            for (int j = 0; j < n; j++) {
                double was = get(&v[i], x.data, j);
                set(&v[i], x.data, j, 5 + j);
                assert_true(v[i].row_largest(n, x.data) == 5 + j);
                set(&v[i], x.data, j, was);
            }
            assert_true(n < 40 || v[i].row_largest(n, x.data) == 4);
            drop(x);
        }
}

static void known_sizes_are_right(void **state)
{
    Variant v[8];
    (void)state;
    for (int i = variants(v) - 1; i >= 0; i--)
        for (int c = 0; c < v[i].constants; c++) {
            const Constant *k = &v[i].constant[c];
            Operands o = k->o;
            with_every_start(&v[i], k->product, o, k->run);
            for (o.rows = 1; k->any_rows && o.rows < k->o.rows; o.rows++)
                with_every_start(&v[i], k->product, o, k->run);
        }
}

/* ---- the order of sums ---- */

static double rounded(const Variant *v, double x)
{
    return v->real_bytes == 8 ? x : (double)(float)x;
}

/* s + a * b as the target's instructions round it. A product of floats is exact in double. */
static double multiply_add(const Variant *v, double a, double b, double s)
{
    volatile double product = rounded(v, a * b);
    if (!v->fused)
        return rounded(v, product + s);
    return v->real_bytes == 8 ? fma(a, b, s) : (double)fmaf((float)a, (float)b, (float)s);
}

/* Where one of the tile's two vectors is left for the last columns, a tile has twice the chains, and again, up to
 * eight sums. */
static int chains_of(const Variant *v, const Case *c, int j)
{
    const int last = c->columns / (2 * v->lanes) * 2 * v->lanes;
    int C = c->o.C;
    while (j >= last && c->columns - last <= v->lanes && C < 8 && c->o.R * C < 8)
        C *= 2;
    return C;
}

/* Chains of elements from .. to, the first of which begins with the start, and has what is left of a round. */
static double in_chains(const Variant *v, const Case *c, double start, int from, int to, int i, int j)
{
    double chain[8] = { start };
    const int C = chains_of(v, c, j), whole = (to - from) / C * C;
    for (int d = from; d < to; d++) {
        double *sum = &chain[d - from < whole ? (d - from) % C : 0];
        *sum = multiply_add(v, element(v, c->a, i, d), element(v, c->b, d, j), *sum);
    }
    for (int half = C / 2; half > 0; half /= 2)
        for (int k = 0; k < half; k++)
            chain[k] = rounded(v, chain[k] + chain[half + k]);
    return chain[0];
}

static double in_blocks(const Variant *v, const Case *c, double start, int i, int j)
{
    int most = c->depth;
    if (c->product == STREAMED)
        most = c->o.block_rows;
    if (c->product == GRADIENT_PACKED) { /* these are all of one size, but for the last */
        int blocks = (c->depth + c->o.block_rows - 1) / c->o.block_rows;
        most = (c->depth + blocks - 1) / blocks;
    }
    for (int d = 0; d < c->depth; d += most)
        start = in_chains(v, c, start, d, d + most < c->depth ? d + most : c->depth, i, j);
    return start;
}

/* The last block first, which may be shorter. */
static double in_blocks_back(const Variant *v, const Case *c, double start, int i, int j)
{
    const int most = c->o.block_rows;
    for (int d = (c->depth - 1) / most * most; d >= 0; d -= most)
        start = in_chains(v, c, start, d, d + most < c->depth ? d + most : c->depth, i, j);
    return start;
}

/* In each 16 bytes the last half to the first, then neighbours; then neighbouring 16 bytes. */
static double sum_of_lanes(const Variant *v, double *lane, int lanes)
{
    const int in_16 = 16 / v->real_bytes < lanes ? 16 / v->real_bytes : lanes;
    for (int k = 0; k < lanes; k += in_16)
        for (int half = in_16 / 2; half; half /= 2)
            for (int l = k; l < k + half; l++)
                lane[l] = rounded(v, lane[l] + lane[l + half]);
    for (int half = in_16; half < lanes; half *= 2)
        for (int k = 0; k < lanes; k += 2 * half)
            lane[k] = rounded(v, lane[k] + lane[k + half]);
    return lane[0];
}

/* A sum a lane, then all lanes, then the start. */
static double in_some_lanes(const Variant *v, const Case *c, double start, int i, int j, int lanes)
{
    double lane[16] = { 0 };
    for (int d = 0; d < c->depth; d++)
        lane[d % lanes] = multiply_add(v, element(v, c->a, i, d), element(v, c->b, d, j), lane[d % lanes]);
    return rounded(v, sum_of_lanes(v, lane, lanes) + start);
}

static double in_lanes(const Variant *v, const Case *c, double start, int i, int j)
{
    return in_some_lanes(v, c, start, i, j, v->lanes);
}

/* Of 64 bytes. */
static double in_half_lanes(const Variant *v, const Case *c, double start, int i, int j)
{
    return in_some_lanes(v, c, start, i, j, v->lanes * v->real_bytes == 64 ? v->lanes / 2 : v->lanes);
}

static void try_order(const Variant *v, int product, Operands o,
                      double order(const Variant *, const Case *, double, int, int))
{
    Case c = prepare(v, product, o, is_gradient(product) ? ITSELF : OTHER, real, 11);
    Block before = copy(c.result);
    const void *start = is_gradient(product) ? before.data : c.o.start;
    v->run[product](&c.o);
    for (int i = 0; i < c.rows; i++)
        for (int j = 0; j < c.columns; j++) {
            double got = get(v, c.result.data, i * c.result_row + j);
            double want = order(v, &c, get(v, start, i * c.result_row + j), i, j);
            if (!(got == want))
                fail_msg("%s product %d C %d: [%d][%d] is %.17g, not %.17g", v->name, product, o.C, i, j, got, want);
        }
    drop(before);
    release(&c);
}

static void sums_have_the_order_that_is_documented(void **state)
{
    Variant v[8];
    (void)state;
#if defined __clang__ && defined TAPELESS_SANITIZED
    skip(); /* what clang's sanitizers put between products and sums keeps them from being fused */
#endif
    for (int i = variants(v) - 1; i >= 0; i--) {
        const int width = 2 * v[i].lanes;
        for (int C = 1; C <= 4; C *= 2) {
            try_order(&v[i], FORWARD, sized(5, width, 39, 0, 3, 2, C), in_blocks);
            try_order(&v[i], IN_PLACE, sized(5, 39, width, 0, 3, 2, C), in_blocks);
            try_order(&v[i], GRADIENT, sized(39, 7, width, 0, 3, 2, C), in_blocks);
        }
        Operands o = sized(5, width + 1, 39, 0, 3, 2, 1);
        o.block_rows = 2;
        try_order(&v[i], BLOCKED, o, in_blocks);
        o = sized(1, 39, width + 1, 0, 1, 2, 1);
        o.block_rows = 8;
        try_order(&v[i], STREAMED, o, in_blocks);
        try_order(&v[i], STREAMED_BACK, o, in_blocks_back);
        o = sized(39, 7, width + 3, 0, 3, 2, 1);
        o.block_rows = 8;
        try_order(&v[i], GRADIENT_PACKED, o, in_blocks);
        try_order(&v[i], DOTS, sized(1, 13, 39, 0, 1, 8, 1), in_lanes);
        try_order(&v[i], DOTS, sized(5, 6, 39, 0, 4, 2, 1), in_lanes);
        for (int back = 0; back < 2; back++) {
            try_order(&v[i], back ? OF_ROW_BACK : OF_ROW, sized(1, 13, 39, 0, 1, 8, 1), in_lanes);
            try_order(&v[i], back ? HALVES_BACK : HALVES, sized(1, 13, 39, 0, 1, 8, 1), in_half_lanes);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_remainder_is_right),   cmocka_unit_test(dots_are_right),
        cmocka_unit_test(blocks_are_right),           cmocka_unit_test(packed_gradients_are_right),
        cmocka_unit_test(long_gradients_are_right),   cmocka_unit_test(narrow_gradients_are_right),
        cmocka_unit_test(rows_are_right),
        cmocka_unit_test(known_sizes_are_right),
        cmocka_unit_test(sums_have_the_order_that_is_documented),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
