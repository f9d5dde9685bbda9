/* Parameters by columns: where elements stand, copies to and from row-major arrays, first values, updates, what is said of
 * an element. Matrix a {2, 3} and b {4, 3} share columns of 6 rows, b's first, behind a vector v {5}; a gap before them. */
#include "unit.h"

#include <math.h>
#include <string.h>

#include <tapeless/init.h>
#include <tapeless/optimizer.h>
#include <tapeless/overflow.h>
#include <tapeless/param.h>
#include <tapeless/spans.h>

enum { AT = 8, SIZE = AT + 18 + 2 }; /* two that are nobody's at the end */

static tl_tensor table[3] = {
    { .name = "a", .rank = 2, .dim = { 2, 3 }, .offset = AT + 4, .column = 6, .first_row = 4, .init = { TL_INIT_NORMAL, 1 } },
    { .name = "b", .rank = 2, .dim = { 4, 3 }, .offset = AT, .column = 6, .first_row = 0, .init = { TL_INIT_ORTHOGONAL, 0 } },
    { .name = "v", .rank = 1, .dim = { 5 }, .offset = 0, .init = { TL_INIT_UNIFORM, 1 } },
};

static tl_model model(tl_type real) { return (tl_model){ .real = real, .nparams = 3, .params = table, .param_size = SIZE }; }

static void elements_stand_in_columns(void **state)
{
    (void)state;
    const size_t a[] = { 12, 18, 24, 13, 19, 25 };
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(tl_param_at(&table[0], i), a[i]);
    assert_int_equal(tl_param_at(&table[1], 0), AT);
    assert_int_equal(tl_param_at(&table[1], 11), AT + 3 + 2 * 6);
    assert_int_equal(tl_param_at(&table[2], 3), 3);
    assert_int_equal(tl_param_extent(&table[0]), 0);
    assert_int_equal(tl_param_extent(&table[1]), 18);
    assert_int_equal(tl_param_extent(&table[2]), 5);
}

static void every_place_is_of_one_element(void **state)
{
    (void)state;
    const tl_model m = model(TL_F64);
    int seen[SIZE] = { 0 };
    for (int32_t k = 0; k < 3; k++)
        for (size_t i = 0, at, back; i < tl_size(&table[k]); i++) {
            at = tl_param_at(&table[k], i);
            assert_in_range(at, 0, SIZE - 1);
            seen[at]++;
            assert_ptr_equal(tl_param_there(&m, at, &back), &table[k]);
            assert_int_equal(back, i);
        }
    for (size_t at = 0; at < SIZE; at++) {
        size_t i;
        int somebodys = at < 5 || (at >= AT && at < AT + 18);
        assert_int_equal(seen[at], somebodys);
        assert_int_equal(tl_param_there(&m, at, &i) != NULL, somebodys);
    }
}

static void copies_are_row_major(void **state)
{
    (void)state;
    float block[SIZE] = { 0 }, rows[12], back[12];
    for (int k = 0; k < 3; k++) {
        size_t n = tl_size(&table[k]);
        for (size_t i = 0; i < n; i++)
            rows[i] = (float)(10 * (k + 1)) + (float)i;
        tl_param_put(&table[k], TL_F32, block, rows);
        tl_param_get(&table[k], TL_F32, block, back);
        assert_memory_equal(rows, back, n * sizeof *rows);
    }
    const float middle[] = { 21, 24, 27, 30, 11, 14 }; /* column 1: of b, then of a */
    assert_memory_equal(block + AT + 6, middle, sizeof middle);
    assert_true(block[5] == 0 && block[AT + 18] == 0);
}

static void what_is_not_finite_is_found(void **state)
{
    (void)state;
    double block[SIZE] = { 0 };
    for (int32_t k = 0; k < 3; k++)
        assert_int_equal(tl_param_not_finite(&table[k], TL_F64, block), tl_size(&table[k]));
    block[19] = NAN; /* a[1][1] */
    block[AT + 2 + 12] = INFINITY; /* b[2][2] */
    assert_int_equal(tl_param_not_finite(&table[0], TL_F64, block), 4);
    assert_int_equal(tl_param_not_finite(&table[1], TL_F64, block), 8);
    assert_int_equal(tl_param_not_finite(&table[2], TL_F64, block), 5);
}

/* As if they stood by rows. */
static void first_values_are_the_same(void **state)
{
    (void)state;
    tl_error e;
    tl_tensor by_rows[3];
    size_t at = 0;
    for (int k = 0; k < 3; k++) {
        by_rows[k] = table[k];
        by_rows[k].column = by_rows[k].first_row = 0;
        by_rows[k].offset = at;
        at += tl_size(&table[k]);
    }
    const tl_model m = model(TL_F64), other = { .real = TL_F64, .nparams = 3, .params = by_rows, .param_size = at };
    double p[SIZE], q[23], rows[12];
    assert_int_equal(tl_init_params(&m, p, 3, &e), 0);
    assert_int_equal(tl_init_params(&other, q, 3, &e), 0);
    for (int k = 0; k < 3; k++) {
        tl_param_get(&table[k], TL_F64, p, rows);
        assert_memory_equal(rows, q + by_rows[k].offset, tl_size(&table[k]) * sizeof *rows);
    }
}

/* v and what shares columns are two pieces; nothing between or behind them moves. */
static void updates_go_over_each_once(void **state)
{
    (void)state;
    tl_error e;
    tl_span memory[3];
    const tl_model m = model(TL_F64);
    const tl_spans s = tl_spans_over(&m, memory);
    assert_int_equal(s.count, 2);
    tl_optimizer o;
    const tl_optimizer_spec sgd = { .kind = TL_SGD, .lr = 1 };
    double p[SIZE] = { 0 }, g[SIZE];
    for (int i = 0; i < SIZE; i++)
        g[i] = 1;
    assert_int_equal(tl_optimizer_new(&o, &m, &sgd, &e), 0);
    tl_optimizer_step(&o, p, g, 0.5, 0);
    tl_optimizer_free(&o);
    for (size_t at = 0; at < SIZE; at++) {
        size_t i;
        assert_true(p[at] == (tl_param_there(&m, at, &i) ? -0.5 : 0));
    }
}

static void an_overflow_is_named_by_its_row_and_column(void **state)
{
    (void)state;
    tl_error e;
    tl_optimizer o;
    const tl_model m = model(TL_F32);
    const tl_optimizer_spec sgd = { .kind = TL_SGD, .lr = 1 };
    float p[SIZE] = { 0 }, g[SIZE] = { 0 };
    p[19] = -3e38f; /* a[1][1] */
    g[19] = 3e38f;
    assert_int_equal(tl_optimizer_new(&o, &m, &sgd, &e), 0);
    assert_int_equal(tl_overflow_check(&o, p, g, 3e38, 1, 6, &e), -1);
    tl_optimizer_free(&o);
    assert_non_null(strstr(e.text, "update 7: the parameter a[1, 1] would become -inf (a[1, 1] is -3e+38, its gradient 3e+38)"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_stand_in_columns),
        cmocka_unit_test(every_place_is_of_one_element),
        cmocka_unit_test(copies_are_row_major),
        cmocka_unit_test(what_is_not_finite_is_found),
        cmocka_unit_test(first_values_are_the_same),
        cmocka_unit_test(updates_go_over_each_once),
        cmocka_unit_test(an_overflow_is_named_by_its_row_and_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
