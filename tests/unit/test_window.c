#include "unit.h"

#include <math.h>

#include <tapeless/window.h>

enum { K2 = 4, B = 2 };

static tl_model model(tl_counted counted, tl_reduce reduce)
{
    return (tl_model){ .real = TL_F64, .tbptt = { .k1 = 2, .k2 = K2, .batch = B,
                                                  .counted = counted, .reduce = reduce } };
}

static void check(tl_model m, int first, int fresh, const double *mask, const double *want)
{
    double w[K2 * B];
    for (int i = 0; i < K2 * B; i++)
        w[i] = NAN;
    tl_window_weights(&m, w, first, fresh, mask, NULL, NULL);
    for (int i = 0; i < K2 * B; i++)
        assert_near(w[i], want[i], 1e-16);
}

static void new_steps_count_once(void **state)
{
    (void)state;
    const double want[] = { 0, 0, 0, 0, .25, .25, .25, .25 };
    check(model(TL_COUNT_NEW, TL_REDUCE_MEAN), 0, 2, NULL, want);
    check(model(TL_COUNT_NEW, TL_REDUCE_MEAN), 2, 2, NULL, want);
}

static void no_more_counts_than_the_window_has(void **state)
{
    (void)state;
    const double want[] = { 0, 0, 0, 0, 0, 0, .5, .5 };
    check(model(TL_COUNT_NEW, TL_REDUCE_MEAN), 3, 9, NULL, want);
}

static void the_last_step_alone(void **state)
{
    (void)state;
    const double want[] = { 0, 0, 0, 0, 0, 0, .5, .5 };
    check(model(TL_COUNT_LAST, TL_REDUCE_MEAN), 0, 2, NULL, want);
}

static void all_steps_of_a_short_window(void **state)
{
    (void)state;
    const double mean[] = { 0, 0, 1. / 6, 1. / 6, 1. / 6, 1. / 6, 1. / 6, 1. / 6 };
    const double sum[] = { 0, 0, 1, 1, 1, 1, 1, 1 };
    check(model(TL_COUNT_ALL, TL_REDUCE_MEAN), 1, 2, NULL, mean);
    check(model(TL_COUNT_ALL, TL_REDUCE_SUM), 1, 2, NULL, sum);
}

static void a_mask_weighs_what_counts(void **state)
{
    (void)state;
    const double mask[] = { 5, 5, 5, 5, 1, 0, 2, .5 };
    const double mean[] = { 0, 0, 0, 0, 1 / 3.5, 0, 2 / 3.5, .5 / 3.5 };
    const double sum[] = { 0, 0, 0, 0, 1, 0, 2, .5 };
    check(model(TL_COUNT_NEW, TL_REDUCE_MEAN), 0, 2, mask, mean);
    check(model(TL_COUNT_NEW, TL_REDUCE_SUM), 0, 2, mask, sum);
}

static void nothing_counts_under_an_empty_mask(void **state)
{
    (void)state;
    const double mask[K2 * B] = { 1, 1, 1, 1 }, want[K2 * B] = { 0 };
    check(model(TL_COUNT_NEW, TL_REDUCE_MEAN), 0, 2, mask, want);
    check(model(TL_COUNT_NEW, TL_REDUCE_SUM), 0, 2, mask, want);
}

static void weights_of(tl_model m, const double *mask, const double *counts, const double *reset, const double *want)
{
    double w[K2 * B];
    tl_window_weights(&m, w, 0, 2, mask, counts, reset);
    for (int i = 0; i < K2 * B; i++)
        assert_near(w[i], want[i], 1e-16);
}

static void a_weight_of_the_loss_multiplies_the_mask(void **state)
{
    (void)state;
    const double mask[] = { 1, 1, 1, 1, 1, 0, 2, .5 }, counts[] = { 1, 1, 1, 1, 0, 4, 3, 4 };
    const double mean[] = { 0, 0, 0, 0, 0, 0, .75, .25 }, sum[] = { 0, 0, 0, 0, 0, 0, 6, 2 };
    const double alone[] = { 0, 0, 0, 0, 0, 4. / 11, 3. / 11, 4. / 11 };
    weights_of(model(TL_COUNT_NEW, TL_REDUCE_MEAN), mask, counts, NULL, mean);
    weights_of(model(TL_COUNT_NEW, TL_REDUCE_SUM), mask, counts, NULL, sum);
    weights_of(model(TL_COUNT_NEW, TL_REDUCE_MEAN), NULL, counts, NULL, alone);
}

/* A head looks at steps whose losses count nothing, but not at padding. */
static void a_head_sees_what_has_no_loss(void **state)
{
    (void)state;
    tl_model m = model(TL_COUNT_LAST, TL_REDUCE_MEAN);
    m.has_head = 1;
    const double counts[] = { 0, 0, 0, 0, 0, 0, 3, 1 }, mask[] = { 1, 1, 1, 0, 1, 1, 1, 1 };
    const double both[] = { 0, 0, 0, 0, 0, 0, .75, .25 }, left[] = { 0, 0, 0, 0, 0, 0, 1, 0 };
    weights_of(m, NULL, counts, NULL, both);
    weights_of(m, mask, counts, NULL, left);
}

/* Whatever the sum of the weights is, it neither overflows nor vanishes. */
static void extreme_weights_are_weighed(void **state)
{
    (void)state;
    tl_model m = model(TL_COUNT_NEW, TL_REDUCE_MEAN);
    m.real = TL_F32;
    float mask[K2 * B], counts[K2 * B], w[K2 * B];
    for (int kind = 0; kind < 2; kind++) {
        for (int i = 0; i < K2 * B; i++)
            mask[i] = counts[i] = (float)(kind ? TL_WEIGHT_LEAST : TL_WEIGHT_MOST);
        m.tbptt.reduce = TL_REDUCE_MEAN;
        tl_window_weights(&m, w, 0, 2, mask, counts, NULL);
        assert_near(w[7], .25, 1e-7);
        m.tbptt.reduce = TL_REDUCE_SUM;
        tl_window_weights(&m, w, 0, 2, mask, counts, NULL);
        assert_true(isfinite(w[7]) && w[7] > 0);
    }
    assert_true(tl_weight_fits(0) && tl_weight_fits(TL_WEIGHT_LEAST) && tl_weight_fits(TL_WEIGHT_MOST));
    assert_false(tl_weight_fits(1e16) || tl_weight_fits(1e-16) || tl_weight_fits(-1) || tl_weight_fits(NAN));
}

static void the_loss_skips_padding(void **state)
{
    (void)state;
    tl_model m = model(TL_COUNT_NEW, TL_REDUCE_MEAN);
    double w[] = { 9, 9, 0, .5, 0, .25, 0, .25 };
    double loss[] = { 7, 7, NAN, 2, INFINITY, 4, 1, 8 };
    assert_near(tl_window_loss(&m, w, loss, 1), 1 + 1 + 2, 1e-15);
}

static void floats_are_added_in_double(void **state)
{
    (void)state;
    tl_model m = model(TL_COUNT_ALL, TL_REDUCE_SUM);
    m.real = TL_F32;
    float w[] = { 1, 1, 1, 1, 1, 1, 1, 1 }, loss[] = { 1e8f, 1, 1, 1, 1, 1, 1, 1 };
    assert_true(tl_window_loss(&m, w, loss, 0) == 100000007);
    tl_window_weights(&m, w, 0, 1, NULL, NULL, NULL);
    assert_true(w[0] == 1 && w[7] == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(new_steps_count_once),
        cmocka_unit_test(no_more_counts_than_the_window_has),
        cmocka_unit_test(the_last_step_alone),
        cmocka_unit_test(all_steps_of_a_short_window),
        cmocka_unit_test(a_weight_of_the_loss_multiplies_the_mask),
        cmocka_unit_test(a_head_sees_what_has_no_loss),
        cmocka_unit_test(extreme_weights_are_weighed),
        cmocka_unit_test(a_mask_weighs_what_counts),
        cmocka_unit_test(nothing_counts_under_an_empty_mask),
        cmocka_unit_test(the_loss_skips_padding),
        cmocka_unit_test(floats_are_added_in_double),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
