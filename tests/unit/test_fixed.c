/* fixed.h against double precision: what is exact is exact, what is rounded is the nearest, functions are off by no more than
 * stated; what does not fit saturates. */
#include "unit.h"

#include <math.h>
#include <stdlib.h>

#include <tapeless/fixed.h>

static uint32_t seed = 1;

static uint32_t draw(void) /* xorshift (Marsaglia, 2003) */
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    return seed ^= seed << 5;
}

static int16_t draw16(void) { return (int16_t)((int32_t)(draw() & 0xffff) - 32768); }

/* Halves up. */
static int nearest(double v)
{
    double q = floor(v + 0.5);
    return (int)(q > 32767 ? 32767 : q < -32768 ? -32768 : q);
}

static void shifts_round_to_nearest(void **state)
{
    (void)state;
    for (int i = 0; i < 200000; i++) {
        const int32_t x = (int32_t)(draw() >> 1) - (1 << 30);
        const int r = (int)(draw() % 48) - 16;
        assert_int_equal(tl_fixed_round(x, r), nearest(ldexp(x, -r)));
        assert_int_equal(tl_fixed_round_long((int64_t)x * 4096, r), nearest(ldexp((double)x * 4096, -r)));
        assert_int_equal(tl_fixed_floor(x, r & 31), (int)floor(ldexp(x, -(r & 31))));
    }
    assert_int_equal(tl_fixed_round(1 << 30, -16), 32767);
    assert_int_equal(tl_fixed_round(-(1 << 30), -16), -32768);
    assert_int_equal(tl_fixed_round(-1, 1), 0);
    assert_int_equal(tl_fixed_round(-3, 1), -1);
    assert_int_equal(tl_fixed_round(1, 1), 1);
    assert_int_equal(tl_fixed_round_long(INT64_C(1) << 61, 62), 1);
}

static void factors_scale(void **state)
{
    (void)state;
    for (int i = 0; i < 200000; i++) {
        const int32_t x = (int32_t)(draw() >> (draw() % 20)) - (1 << 11), factor = (int32_t)(draw() >> 1);
        const int r = 1 + (int)(draw() % 62);
        const long double v = (long double)x * factor / powl(2, r), q = floorl(v + 0.5L);
        assert_int_equal(tl_fixed_scale(x, factor, r), (int)(q > 32767 ? 32767 : q < -32768 ? -32768 : q));
    }
}

/* One element, as the functions over arrays have it. */
static int16_t of_two(void (*f)(int16_t *, int32_t, const int16_t *, int32_t, const int16_t *, int32_t, int32_t, int, int, int),
                      int16_t a, int16_t b, int la, int lb, int r)
{
    int16_t y;
    f(&y, 1, &a, 1, &b, 1, 1, la, lb, r);
    return y;
}

static void pairs_are_aligned(void **state)
{
    (void)state;
    for (int i = 0; i < 100000; i++) {
        const int16_t a = draw16(), b = draw16();
        const int la = (int)(draw() % 15), lb = (int)(draw() % 15), r = (int)(draw() % 32);
        const double p = ldexp(a, la), q = ldexp(b, lb);
        assert_int_equal(of_two(tl_fixed_add, a, b, la, lb, r), nearest(ldexp(p + q, -r)));
        assert_int_equal(of_two(tl_fixed_sub, a, b, la, lb, r), nearest(ldexp(p - q, -r)));
        assert_int_equal(of_two(tl_fixed_max, a, b, la, lb, r), nearest(ldexp(fmax(p, q), -r)));
        assert_int_equal(of_two(tl_fixed_min, a, b, la, lb, r), nearest(ldexp(fmin(p, q), -r)));
        assert_int_equal(of_two(tl_fixed_gt, a, b, la, lb, 0), p > q);
        assert_int_equal(of_two(tl_fixed_ge, a, b, la, lb, 0), p >= q);
        assert_int_equal(of_two(tl_fixed_lt, a, b, la, lb, 0), p < q);
        assert_int_equal(of_two(tl_fixed_le, a, b, la, lb, 0), p <= q);
        assert_int_equal(of_two(tl_fixed_eq, a, b, la, lb, 0), p == q);
        assert_int_equal(tl_fixed_align(a, -(int)(i % 32)), (int)floor(ldexp(a, -(i % 32))));
    }
}

static void products_and_quotients_are_the_nearest(void **state)
{
    (void)state;
    for (int i = 0; i < 200000; i++) {
        const int16_t a = draw16(), b = (int16_t)(draw16() >> (draw() % 12));
        int16_t y;
        const int r = (int)(draw() % 40) - 8, l = (int)(draw() % 30);
        tl_fixed_mul(&y, 1, &a, 1, &b, 1, 1, r > 31 ? 31 : r);
        assert_int_equal(y, nearest(ldexp((double)a * b, -(r > 31 ? 31 : r))));
        if (!b)
            continue;
        const long double q = ldexpl(a, l) / b;
        const double want = fmin(fmax((double)(q < 0 ? -floorl(0.5L - q) : floorl(q + 0.5L)), -32768), 32767);
        assert_int_equal(tl_fixed_ratio(a, b, l), (int)want);
    }
    assert_int_equal(tl_fixed_ratio(5, 0, 3), 32767);
    assert_int_equal(tl_fixed_ratio(-5, 0, 3), -32768);
    assert_int_equal(tl_fixed_ratio(0, 0, 3), 0);
    assert_int_equal(tl_fixed_ratio(-32768, -1, 46), 32767);
}

static void roots_are_the_nearest(void **state)
{
    (void)state;
    for (int a = -32768; a < 32768; a += 7)
        for (int l = -20; l <= 46; l += 3) {
            const double v = a > 0 ? sqrt(floor(ldexp(a, l))) : 0;
            assert_int_equal(tl_fixed_root((int16_t)a, l), (int)fmin(32767, floor(v + 0.5)));
        }
}

static void logarithms_are_off_by_a_unit(void **state)
{
    (void)state;
    for (uint64_t v = 1; v < UINT64_C(4294967296); v = v * 9 / 8 + 1)
        assert_near(tl_fixed_ln((uint32_t)v), 65536 * log((double)v), 1);
    for (uint32_t u = 0; u < (24u << 16); u += 37)
        assert_near(tl_fixed_exp(u), 1073741824 * exp(-(double)u / 65536), 12);
    for (int a = 1; a < 32768; a += 11) {
        int16_t x = (int16_t)a, y;
        tl_fixed_log(&y, 1, &x, 1, 1, 12, 4);
        assert_near(y, fmax(-32768, 4096 * log(a / 4096.0)), 1);
    }
    int16_t none = 0, least;
    tl_fixed_log(&least, 1, &none, 1, 1, 12, 4);
    assert_int_equal(least, -32768);
}

/* tanh of 12 bits, in 64 intervals of 1/4. */
static void tables_are_interpolated(void **state)
{
    int16_t table[67];
    double worst = 0;
    (void)state;
    for (int k = 0; k < 67; k++)
        table[k] = (int16_t)fmin(32767, nearbyint(32768 * tanh((k - 1 - 32) / 4.0)));
    for (int x = -32768; x < 32768; x++)
        worst = fmax(worst, fabs(tl_fixed_between((int16_t)x, table, 10) - 32768 * tanh(x / 4096.0)));
    assert_true(worst < 16);
    for (int k = 0; k < 64; k++) /* the ends are met */
        assert_int_equal(tl_fixed_between((int16_t)(k * 1024 - 32768), table, 10), table[k + 1]);
}

static void softmax_is_off_by_units(void **state)
{
    (void)state;
    for (int run = 0; run < 2000; run++) {
        int16_t a[9], y[9], z[9];
        const int n = 1 + (int)(draw() % 9), bits = 8 + (int)(draw() % 12);
        double most = -1e9, sum = 0;
        for (int i = 0; i < n; i++) {
            a[i] = draw16();
            most = fmax(most, ldexp(a[i], -bits));
        }
        for (int i = 0; i < n; i++)
            sum += exp(ldexp(a[i], -bits) - most);
        tl_fixed_softmax(y, 1, a, 1, n, bits);
        tl_fixed_log_softmax(z, 1, a, 1, n, bits, 4); /* into 12 bits */
        for (int i = 0; i < n; i++) {
            const double log = ldexp(a[i], -bits) - most - log1p(sum - 1);
            assert_near(y[i], 32768 * exp(log), 2);
            assert_near(z[i], fmax(-32768, 4096 * log), 1);
        }
    }
    static int16_t a[4000], y[4000]; /* a tail of many small ones counts */
    a[0] = 10 * 1024 + 300;
    tl_fixed_softmax(y, 1, a, 1, 4000, 10);
    assert_near(y[0], 32768 / (1 + 3999 * exp(-a[0] / 1024.0)), 2);
    tl_fixed_log_softmax(y, 1, a, 1, 4000, 10, 4);
    assert_near(y[0], -4096 * log1p(3999 * exp(-a[0] / 1024.0)), 2);
}

static void rows_are_normalised(void **state)
{
    (void)state;
    for (int run = 0; run < 5000; run++) {
        int16_t a[9], y[9];
        const int n = 1 + (int)(draw() % 9), bits = 9, more = 8, quiet = (int)(draw() % 12);
        const double eps = 1e-5;
        double sum = 0;
        for (int i = 0; i < n; i++) {
            a[i] = (int16_t)(draw16() >> quiet);
            sum += ldexp((double)a[i] * a[i], -2 * bits);
        }
        tl_fixed_normalise(y, 1, a, 1, n, (int32_t)nearbyint(ldexp(eps, 2 * (bits + more))), more, more + 13);
        for (int i = 0; i < n; i++)
            assert_near(y[i], 8192 * ldexp(a[i], -bits) / sqrt(sum / n + eps), 1 + 8192 * 3 * ldexp(1, -more));
    }
    int16_t none[3] = { 0 }, y[3] = { 1, 1, 1 };
    tl_fixed_normalise(y, 1, none, 1, 3, 0, 8, 20);
    assert_int_equal(y[0] | y[1] | y[2], 0);
}

static void matrices_multiply(void **state)
{
    (void)state;
    enum { ROWS = 3, K = 7, COLUMNS = 2 };
    int8_t w8[ROWS * K], x8[K * COLUMNS], shift[ROWS] = { 20, 24, 22 };
    int16_t w16[ROWS * K], x16[K * COLUMNS], y[ROWS * COLUMNS], z[ROWS * COLUMNS];
    const int32_t factor[ROWS] = { 1 << 15, 1 << 19, 777777 };
    for (int i = 0; i < ROWS * K; i++)
        w8[i] = (int8_t)((w16[i] = draw16()) >> 8);
    for (int i = 0; i < K * COLUMNS; i++)
        x8[i] = (int8_t)((x16[i] = draw16()) >> 8);
    for (int transposed = 0; transposed < 2; transposed++) { /* x {k, columns}, or x {columns, k} and y {columns, rows} */
        const int down = transposed ? 1 : COLUMNS, across = transposed ? K : 1;
        const int row = transposed ? 1 : COLUMNS, column = transposed ? ROWS : 1;
        tl_fixed_product_8(y, row, column, w8, x8, down, across, ROWS, COLUMNS, K, factor, shift);
        tl_fixed_product_16(z, row, column, w16, x16, down, across, ROWS, COLUMNS, K, shift);
        for (int i = 0; i < ROWS; i++)
            for (int j = 0; j < COLUMNS; j++) {
                double narrow = 0, wide = 0;
                for (int k = 0; k < K; k++) {
                    narrow += (double)w8[i * K + k] * x8[k * down + j * across];
                    wide += (double)w16[i * K + k] * x16[k * down + j * across];
                }
                assert_int_equal(y[i * row + j * column], nearest(ldexp(narrow * factor[i], -shift[i])));
                assert_int_equal(z[i * row + j * column], nearest(ldexp(wide, -shift[i])));
            }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shifts_round_to_nearest), cmocka_unit_test(factors_scale), cmocka_unit_test(pairs_are_aligned),
        cmocka_unit_test(products_and_quotients_are_the_nearest), cmocka_unit_test(roots_are_the_nearest),
        cmocka_unit_test(logarithms_are_off_by_a_unit), cmocka_unit_test(tables_are_interpolated),
        cmocka_unit_test(softmax_is_off_by_units), cmocka_unit_test(matrices_multiply), cmocka_unit_test(rows_are_normalised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
