/* fixed.h - arithmetic in fixed point, for steps that are quantised (compile --quantise): what generated code calls.
 *
 * A value is an int16_t q that stands for q / 2^bits; `bits` is known where code is generated, so that what functions get are
 * shifts. Matrices are int8_t or int16_t with a scale for each of their rows. Sums are exact, shifts round to nearest (halves
 * up), results saturate: every processor computes the same bits. An int may have 16 bits; no integer overflows, and none that
 * is negative is shifted to the left. In C++, too.
 *
 * y[i * sy] is made of a[i * sa], b[i * sb]: sa = 0 is one number for all. */
#ifndef TAPELESS_FIXED_H
#define TAPELESS_FIXED_H

#include <stdint.h>

/* ---- shifts ---- */

/* x / 2^r rounded down, 0 <= r <= 31. C leaves it to the compiler what x >> r is of negative numbers. */
static inline int32_t tl_fixed_floor(int32_t x, int r) { return x >= 0 ? x >> r : ~(~x >> r); }

static inline int16_t tl_fixed_saturate(int32_t x)
{
    return (int16_t)(x > 32767 ? 32767 : x < -32768 ? -32768 : x);
}

/* x / 2^r, -16 <= r <= 31; |x| <= 2^30. */
static inline int16_t tl_fixed_round(int32_t x, int r)
{
    if (r > 0)
        return tl_fixed_saturate(tl_fixed_floor(tl_fixed_floor(x, r - 1) + 1, 1));
    x = tl_fixed_saturate(x);
    return tl_fixed_saturate(x * ((int32_t)1 << -(r < -15 ? -15 : r)));
}

/* x * factor / 2^r, 1 <= r <= 62; |x| < 2^31, 0 <= factor < 2^31. */
static inline int16_t tl_fixed_scale(int32_t x, int32_t factor, int r)
{
    int64_t v = (int64_t)x * factor + ((int64_t)1 << (r - 1));
    v = v >= 0 ? v >> r : ~(~v >> r);
    return (int16_t)(v > 32767 ? 32767 : v < -32768 ? -32768 : v);
}

/* x / 2^r, -16 <= r <= 62; |x| < 2^62. */
static inline int16_t tl_fixed_round_long(int64_t x, int r)
{
    if (r > 0) {
        x += (int64_t)1 << (r - 1);
        x = x >= 0 ? x >> r : ~(~x >> r);
        return (int16_t)(x > 32767 ? 32767 : x < -32768 ? -32768 : x);
    }
    return tl_fixed_round(x > 32767 ? 32767 : x < -32768 ? -32768 : (int32_t)x, r);
}

/* a * 2^l, -31 <= l <= 14: to units that two values have in common. */
static inline int32_t tl_fixed_align(int16_t a, int l)
{
    return l >= 0 ? a * ((int32_t)1 << l) : tl_fixed_floor(a, -l);
}

/* ---- element by element ---- */

/* Also from one format to another. */
static inline void tl_fixed_move(int16_t *y, int32_t sy, const int16_t *a, int32_t sa, int32_t n, int r)
{
    for (int32_t i = 0; i < n; i++)
        y[i * sy] = tl_fixed_round(a[i * sa], r);
}

/* Of two that are aligned by la and lb; the result in 2^r of these units. */
#define TL_FIXED_ALIGNED(name, expression)                                                                              \
    void name(int16_t *y, int32_t sy, const int16_t *a, int32_t sa, const int16_t *b, int32_t sb, int32_t n, int la, int lb, int r)  \
    {                                                                                                                   \
        for (int32_t i = 0; i < n; i++) {                                                                               \
            const int32_t p = tl_fixed_align(a[i * sa], la), q = tl_fixed_align(b[i * sb], lb);                         \
            y[i * sy] = tl_fixed_round((expression), r);                                                                \
        }                                                                                                               \
    }

static inline TL_FIXED_ALIGNED(tl_fixed_add, p + q)
static inline TL_FIXED_ALIGNED(tl_fixed_sub, p - q)
static inline TL_FIXED_ALIGNED(tl_fixed_max, p > q ? p : q)
static inline TL_FIXED_ALIGNED(tl_fixed_min, p < q ? p : q)
static inline TL_FIXED_ALIGNED(tl_fixed_gt, p > q)
static inline TL_FIXED_ALIGNED(tl_fixed_ge, p >= q)
static inline TL_FIXED_ALIGNED(tl_fixed_lt, p < q)
static inline TL_FIXED_ALIGNED(tl_fixed_le, p <= q)
static inline TL_FIXED_ALIGNED(tl_fixed_eq, p == q)

static inline void tl_fixed_mul(int16_t *y, int32_t sy, const int16_t *a, int32_t sa, const int16_t *b, int32_t sb, int32_t n, int r)
{
    for (int32_t i = 0; i < n; i++)
        y[i * sy] = tl_fixed_round((int32_t)a[i * sa] * b[i * sb], r);
}

/* a * 2^l / b, 0 <= l <= 46; halves away from 0. By 0: the largest number of that sign. */
static inline int16_t tl_fixed_ratio(int16_t a, int16_t b, int l)
{
    const int64_t p = (int64_t)(a < 0 ? -(int32_t)a : a) * ((int64_t)1 << l), q = b < 0 ? -(int32_t)b : b;
    const int64_t v = q ? (p + q / 2) / q : a ? 32768 : 0;
    const int32_t most = v > 32768 ? 32768 : (int32_t)v;
    return tl_fixed_saturate((a < 0) != (b < 0) ? -most : most);
}

static inline void tl_fixed_div(int16_t *y, int32_t sy, const int16_t *a, int32_t sa, const int16_t *b, int32_t sb, int32_t n, int l,
                                int r)
{
    for (int32_t i = 0; i < n; i++)
        y[i * sy] = tl_fixed_round(tl_fixed_ratio(a[i * sa], b[i * sb], l), r);
}

/* a where c is not 0, else b. */
static inline void tl_fixed_where(int16_t *y, int32_t sy, const int16_t *c, int32_t sc, const int16_t *a, int32_t sa, const int16_t *b,
                                  int32_t sb, int32_t n, int ra, int rb)
{
    for (int32_t i = 0; i < n; i++)
        y[i * sy] = c[i * sc] ? tl_fixed_round(a[i * sa], ra) : tl_fixed_round(b[i * sb], rb);
}

static inline void tl_fixed_abs(int16_t *y, int32_t sy, const int16_t *a, int32_t sa, int32_t n, int r)
{
    for (int32_t i = 0; i < n; i++)
        y[i * sy] = tl_fixed_round(a[i * sa] < 0 ? -(int32_t)a[i * sa] : a[i * sa], r);
}

static inline void tl_fixed_neg(int16_t *y, int32_t sy, const int16_t *a, int32_t sa, int32_t n, int r)
{
    for (int32_t i = 0; i < n; i++)
        y[i * sy] = tl_fixed_round(-(int32_t)a[i * sa], r);
}

/* Between two numbers in the units of y. */
static inline void tl_fixed_clamp(int16_t *y, int32_t sy, const int16_t *a, int32_t sa, int32_t n, int32_t least, int32_t most, int r)
{
    for (int32_t i = 0; i < n; i++) {
        const int32_t v = tl_fixed_round(a[i * sa], r);
        y[i * sy] = (int16_t)(v < least ? least : v > most ? most : v);
    }
}

/* A function of which the 2^16 arguments are 2^(16 - s) intervals: table[1 + k] is its value where interval k begins, and there
 * is one more before the first and behind the last two. Between them Bessel's interpolation with the mean of the second
 * differences, f = f0 + t d + t (t - 1) / 4 (d2 + d2'): its error is a hundredth of h^3 f'''. 6 <= s <= 12. */
static inline int16_t tl_fixed_between(int16_t a, const int16_t *table, int s)
{
    const int32_t x = (int32_t)a + 32768, u = x & (((int32_t)1 << s) - 1), w = (u * (((int32_t)1 << s) - u)) >> s;
    const int16_t *f = table + (x >> s);
    const int32_t d = (int32_t)f[2] - f[1], bend = (int32_t)f[3] - f[2] - f[1] + f[0];
    return tl_fixed_saturate(f[1] + tl_fixed_floor(u * d * 4 - w * bend + ((int32_t)2 << s), s + 2));
}

static inline void tl_fixed_table(int16_t *y, int32_t sy, const int16_t *a, int32_t sa, int32_t n, const int16_t *table, int s)
{
    for (int32_t i = 0; i < n; i++)
        y[i * sy] = tl_fixed_between(a[i * sa], table, s);
}

/* The nearest whole number to the root. */
static inline uint32_t tl_fixed_whole_root(uint64_t v)
{
    uint64_t root = 0;
    for (uint64_t bit = (uint64_t)1 << 31; bit; bit >>= 1)
        if ((root + bit) * (root + bit) <= v)
            root += bit;
    return (uint32_t)(root + (v - root * root > root));
}

/* Root of a * 2^l, -46 <= l <= 46; of what is negative 0. */
static inline int16_t tl_fixed_root(int16_t a, int l)
{
    const uint64_t v = a > 0 ? (uint64_t)a : 0;
    const uint32_t root = tl_fixed_whole_root(l >= 0 ? v << l : v >> -l);
    return (int16_t)(root > 32767 ? 32767 : root);
}

static inline void tl_fixed_sqrt(int16_t *y, int32_t sy, const int16_t *a, int32_t sa, int32_t n, int l)
{
    for (int32_t i = 0; i < n; i++)
        y[i * sy] = tl_fixed_root(a[i * sa], l);
}

/* a / sqrt(mean a^2 + eps) of n <= 2^15 values. The root has `more` bits more than a; eps is in its square's units, and a * 2^l
 * divided by it in y's: nothing of a row that is quiet beside others is lost but what a itself has lost. */
static inline void tl_fixed_normalise(int16_t *y, int32_t sy, const int16_t *a, int32_t sa, int32_t n, int32_t eps, int more, int l)
{
    uint64_t sum = 0;
    for (int32_t i = 0; i < n; i++)
        sum += (uint64_t)((int32_t)a[i * sa] * a[i * sa]);
    const int64_t root = (int64_t)tl_fixed_whole_root((sum << (2 * more)) / (uint64_t)n + (uint64_t)eps);
    for (int32_t i = 0; i < n; i++) {
        const int64_t v = (a[i * sa] < 0 ? -(int64_t)a[i * sa] : a[i * sa]) * ((int64_t)1 << l);
        const int64_t q = root ? (v + root / 2) / root : 0;
        const int32_t most = q > 32767 ? 32767 : (int32_t)q;
        y[i * sy] = (int16_t)(a[i * sa] < 0 ? -most : most);
    }
}

/* ---- logarithm and exponential, in 2^-16 ---- */

/* ln v, v > 0: the binary logarithm a bit at a time, by squaring (Knuth, The Art of Computer Programming 1.2.2). */
static inline int32_t tl_fixed_ln(uint32_t v)
{
    int32_t whole = 31, part = 0;
    for (; !(v & UINT32_C(0x80000000)); whole--)
        v <<= 1;
    for (int i = 0; i < 18; i++) { /* v is a number from 1 to 2, in 2^-31 */
        const uint64_t square = (uint64_t)v * v;
        part = 2 * part + (int32_t)(square >> 63);
        v = (uint32_t)(square >> (square >> 63 ? 32 : 31));
    }
    const int64_t p = ((int64_t)whole * ((int32_t)1 << 18) + part) * INT32_C(1488522236); /* ln 2 in 2^-31 */
    return (int32_t)((p + ((int64_t)1 << 32)) >> 33);
}

/* 2^30 e^(-u / 2^16), u >= 0: by 2^-n, and a polynomial of the fraction's -x ln 2, from 0 to -ln 2 (Taylor, in 2^-30). */
static inline int32_t tl_fixed_exp(uint32_t u)
{
    if (u >= (uint32_t)21 << 16)
        return 0;
    const uint64_t binary = (uint64_t)u * UINT32_C(3098164009); /* u / ln 2, in 2^-47 */
    const int64_t x = ((int64_t)(binary >> 17 & UINT32_C(0x3fffffff)) * INT32_C(1488522236)) >> 31; /* the part's ln 2, in 2^-30 */
    const int64_t one = (int64_t)1 << 30;
    int64_t e = one - x / 9;
    for (int k = 8; k > 0; k--)
        e = one - ((x * e) >> 30) / k;
    return (int32_t)(e >> (binary >> 47));
}

/* ln of a 2^-bits, `bits` from -16 to 30, into units of 2^-16 times 2^r; of what is not positive the least number. */
static inline void tl_fixed_log(int16_t *y, int32_t sy, const int16_t *a, int32_t sa, int32_t n, int bits, int r)
{
    for (int32_t i = 0; i < n; i++)
        y[i * sy] = a[i * sa] > 0 ? tl_fixed_round(tl_fixed_ln((uint32_t)a[i * sa]) - bits * INT32_C(45426), r) : (int16_t)-32768;
}

/* Of values with so many bits, into 2^-15. */
static inline uint32_t tl_fixed_below(int32_t apart, int bits) /* what is below the largest, in 2^-16 */
{
    const int64_t v = bits <= 16 ? (int64_t)apart * ((int64_t)1 << (16 - bits)) : (int64_t)apart >> (bits - 16);
    return v > INT32_MAX ? (uint32_t)INT32_MAX : (uint32_t)v;
}

static inline int16_t tl_fixed_largest(const int16_t *a, int32_t sa, int32_t n)
{
    int16_t most = a[0];
    for (int32_t i = 1; i < n; i++)
        most = a[i * sa] > most ? a[i * sa] : most;
    return most;
}

/* Of at most 2^16 values: the sum of e^(a - most), in 2^-30. */
static inline uint64_t tl_fixed_sum_exp(const int16_t *a, int32_t sa, int32_t n, int16_t most, int bits)
{
    uint64_t sum = 0;
    for (int32_t i = 0; i < n; i++)
        sum += (uint64_t)tl_fixed_exp(tl_fixed_below((int32_t)most - a[i * sa], bits));
    return sum;
}

static inline void tl_fixed_softmax(int16_t *y, int32_t sy, const int16_t *a, int32_t sa, int32_t n, int bits)
{
    const int16_t most = tl_fixed_largest(a, sa, n);
    const uint64_t sum = tl_fixed_sum_exp(a, sa, n, most, bits);
    for (int32_t i = 0; i < n; i++) {
        const uint64_t e = (uint64_t)tl_fixed_exp(tl_fixed_below((int32_t)most - a[i * sa], bits));
        y[i * sy] = tl_fixed_saturate((int32_t)(((e << 15) + sum / 2) / sum));
    }
}

/* Into units of 2^-16 times 2^r. */
static inline void tl_fixed_log_softmax(int16_t *y, int32_t sy, const int16_t *a, int32_t sa, int32_t n, int bits, int r)
{
    const int16_t most = tl_fixed_largest(a, sa, n);
    const uint64_t sum = tl_fixed_sum_exp(a, sa, n, most, bits);
    int s = 0;
    while (sum >> s > UINT32_MAX)
        s++;
    const int32_t log = tl_fixed_ln((uint32_t)(sum >> s)) - (int32_t)((30 - s) * INT64_C(2977044472) >> 16); /* ln 2 in 2^-32 */
    for (int32_t i = 0; i < n; i++)
        y[i * sy] = tl_fixed_round_long(-(int64_t)tl_fixed_below((int32_t)most - a[i * sa], bits) - log, r);
}

/* ---- sums and products ---- */

/* Of at most 2^15 values. */
static inline int32_t tl_fixed_sum(const int16_t *a, int32_t sa, int32_t n)
{
    int32_t sum = 0;
    for (int32_t i = 0; i < n; i++)
        sum += a[i * sa];
    return sum;
}

/* To 8 bits: what a product of 8 bits reads. */
static inline void tl_fixed_narrow(int8_t *y, const int16_t *a, int32_t n, int32_t factor, int r)
{
    for (int32_t i = 0; i < n; i++) {
        const int16_t v = tl_fixed_scale(a[i], factor, r);
        y[i] = (int8_t)(v > 127 ? 127 : v < -127 ? -127 : v);
    }
}

/* y {rows, columns} = W {rows, k} x {k, columns}; W row by row, scaled by factor[row] / 2^shift[row] to y's units. k <= 2^17. */
static inline void tl_fixed_product_8(int16_t *y, int32_t row, int32_t column, const int8_t *w, const int8_t *x, int32_t down, int32_t across,
                                      int32_t rows, int32_t columns, int32_t k, const int32_t *factor, const int8_t *shift)
{
    for (int32_t i = 0; i < rows; i++, w += k)
        for (int32_t j = 0; j < columns; j++) {
            int32_t sum = 0;
            for (int32_t l = 0; l < k; l++)
                sum += (int32_t)w[l] * x[l * down + j * across];
            y[i * row + j * column] = tl_fixed_scale(sum, factor[i], shift[i]);
        }
}

/* The same of 16 bits, by 2^-shift[row]. */
static inline void tl_fixed_product_16(int16_t *y, int32_t row, int32_t column, const int16_t *w, const int16_t *x, int32_t down, int32_t across,
                                       int32_t rows, int32_t columns, int32_t k, const int8_t *shift)
{
    for (int32_t i = 0; i < rows; i++, w += k)
        for (int32_t j = 0; j < columns; j++) {
            int64_t sum = 0;
            for (int32_t l = 0; l < k; l++)
                sum += (int32_t)w[l] * x[l * down + j * across];
            y[i * row + j * column] = tl_fixed_round_long(sum, shift[i]);
        }
}

/* y {rows, columns} = a {rows, k} b {k, columns}, neither of which is a weight. */
static inline void tl_fixed_product(int16_t *y, const int16_t *a, int32_t a_row, int32_t a_column, const int16_t *b, int32_t b_row,
                                    int32_t b_column, int32_t rows, int32_t columns, int32_t k, int r)
{
    for (int32_t i = 0; i < rows; i++)
        for (int32_t j = 0; j < columns; j++) {
            int64_t sum = 0;
            for (int32_t l = 0; l < k; l++)
                sum += (int32_t)a[i * a_row + l * a_column] * b[l * b_row + j * b_column];
            y[i * columns + j] = tl_fixed_round_long(sum, r);
        }
}

/* Row `token` of a matrix of 8 bits. */
static inline void tl_fixed_row(int16_t *y, const int8_t *table, int32_t token, int32_t n, int32_t factor, int r)
{
    for (int32_t i = 0; i < n; i++)
        y[i] = tl_fixed_scale(table[token * n + i], factor, r);
}

/* ---- a window that slides over an image {channels, high, wide} ---- */

typedef struct tl_fixed_window {
    int32_t channels, high, wide, rows, columns, down, across, above, left, places_down, places_across;
} tl_fixed_window;

/* The pixel at (row, column) of the window at a place; -1 where that is padding. */
static inline int32_t tl_fixed_pixel(const tl_fixed_window *w, int32_t channel, int32_t i, int32_t j, int32_t row, int32_t column)
{
    const int32_t r = i * w->down + row - w->above, c = j * w->across + column - w->left;
    return r >= 0 && r < w->high && c >= 0 && c < w->wide ? (channel * w->high + r) * w->wide + c : -1;
}

/* {channels rows columns, places}: a column for each place. */
static inline void tl_fixed_patches(int16_t *y, const int16_t *a, const tl_fixed_window *w)
{
    for (int32_t c = 0; c < w->channels; c++)
        for (int32_t row = 0; row < w->rows; row++)
            for (int32_t column = 0; column < w->columns; column++)
                for (int32_t i = 0; i < w->places_down; i++)
                    for (int32_t j = 0; j < w->places_across; j++) {
                        const int32_t at = tl_fixed_pixel(w, c, i, j, row, column);
                        *y++ = (int16_t)(at < 0 ? 0 : a[at]);
                    }
}

/* {channels, places_down, places_across}: the largest, padding aside. */
static inline void tl_fixed_max_pool(int16_t *y, const int16_t *a, const tl_fixed_window *w)
{
    for (int32_t c = 0; c < w->channels; c++)
        for (int32_t i = 0; i < w->places_down; i++)
            for (int32_t j = 0; j < w->places_across; j++) {
                int16_t most = -32768;
                for (int32_t k = 0; k < w->rows * w->columns; k++) {
                    const int32_t at = tl_fixed_pixel(w, c, i, j, k / w->columns, k % w->columns);
                    most = at >= 0 && a[at] > most ? a[at] : most;
                }
                *y++ = most;
            }
}

#endif
