#include "unit.h"

#include <math.h>
#include <string.h>

#include <tapeless/dropmask.h>
#include <tapeless/random.h>

/* Random123's kat_vectors: philox4x32 with 10 rounds, counter 0 and key 0, is
 * 6627e8d5 e169c58d bc57ac4c 9b00dbd8. */
static void is_philox_4x32_10(void **state)
{
    (void)state;
    tl_random r = { 0, 0 };
    assert_true(tl_random_u64(&r) == UINT64_C(0xe169c58d6627e8d5));
    assert_true(tl_random_u64(&r) == UINT64_C(0x9b00dbd8bc57ac4c));
    assert_int_equal(r.counter, 2);
}

static void state_is_key_and_counter(void **state)
{
    (void)state;
    tl_random a = { 42, 0 };
    for (int i = 0; i < 7; i++)
        tl_random_u64(&a);
    tl_random b = { 42, 7 };
    for (int i = 0; i < 9; i++)
        assert_true(tl_random_u64(&a) == tl_random_u64(&b));
}

static void uniform_and_normal_have_their_moments(void **state)
{
    (void)state;
    enum { N = 200000 };
    tl_random r = { 1, 0 };
    double u = 0, uu = 0, n = 0, nn = 0, nnnn = 0;
    for (int i = 0; i < N; i++) {
        double x = tl_uniform(&r), y = tl_normal(&r);
        assert_true(x >= 0 && x < 1);
        u += x;
        uu += x * x;
        n += y;
        nn += y * y;
        nnnn += y * y * y * y;
    }
    assert_near(u / N, 0.5, 0.003); /* four standard errors or more */
    assert_near(uu / N, 1.0 / 3, 0.003);
    assert_near(n / N, 0, 0.01);
    assert_near(nn / N, 1, 0.015);
    assert_near(nnnn / N, 3, 0.1);
}

static void seeds_of_names_differ(void **state)
{
    (void)state;
    assert_true(tl_random_seed_of(1, "a") != tl_random_seed_of(1, "b"));
    assert_true(tl_random_seed_of(1, "a") != tl_random_seed_of(2, "a"));
    assert_true(tl_random_seed_of(1, "a") == tl_random_seed_of(1, "a"));
}

static void masks_are_zero_with_probability_p(void **state)
{
    (void)state;
    static float m[100 * 1000];
    double zeros = 0;
    tl_dropmask_f32(m, 0, 100, 1000, 0.3, 5, 17, 2);
    for (int i = 0; i < 100 * 1000; i++) {
        if (m[i] == 0)
            zeros++;
        else
            assert_true(m[i] == (float)(1 / 0.7));
    }
    assert_near(zeros / 1e5, 0.3, 0.006);
}

static void masks_do_not_depend_on_lanes_or_precision(void **state)
{
    (void)state;
    float a[3 * 5], b[15];
    double c[15];
    tl_dropmask_f32(a, 0, 3, 5, 0.5, 9, 1, 0);
    tl_dropmask_f32(b, 0, 1, 15, 0.5, 9, 1, 0);
    tl_dropmask_f64(c, 0, 15, 1, 0.5, 9, 1, 0);
    for (int i = 0; i < 15; i++) {
        assert_true(a[i] == b[i]);
        assert_true((double)a[i] == c[i]);
    }
}

static int same_mask(uint64_t seed, uint64_t tick, uint32_t stream)
{
    float a[64], b[64];
    tl_dropmask_f32(a, 0, 1, 64, 0.5, 1, 1, 1);
    tl_dropmask_f32(b, 0, 1, 64, 0.5, seed, tick, stream);
    return memcmp(a, b, sizeof a) == 0;
}

static void masks_depend_on_seed_tick_and_stream(void **state)
{
    (void)state;
    assert_true(same_mask(1, 1, 1));
    assert_false(same_mask(2, 1, 1));
    assert_false(same_mask(1, 2, 1));
    assert_false(same_mask(1, 1 + (UINT64_C(1) << 32), 1));
    assert_false(same_mask(1, 1, 2));
}

static void masks_at_the_ends_of_p(void **state)
{
    (void)state;
    double m[9];
    tl_dropmask_f64(m, 0, 3, 3, 0, 1, 1, 1);
    for (int i = 0; i < 9; i++)
        assert_true(m[i] == 1);
    tl_dropmask_f64(m, 0, 3, 3, 1, 1, 1, 1);
    for (int i = 0; i < 9; i++)
        assert_true(m[i] == 0);
}

/* Lanes of a shard draw what they would in the whole batch, wherever blocks of four begin. */
static void a_mask_is_of_lanes_by_number(void **state)
{
    (void)state;
    enum { ALL = 7, N = 5 };
    float whole[ALL * N], part[ALL * N + 1];
    tl_dropmask_f32(whole, 0, ALL, N, 0.5, 3, 8, 1);
    for (size_t first = 0; first <= ALL; first++)
        for (size_t lanes = 0; first + lanes <= ALL; lanes++) {
            part[lanes * N] = 77;
            tl_dropmask_f32(part, first, lanes, N, 0.5, 3, 8, 1);
            assert_memory_equal(part, whole + first * N, lanes * N * sizeof *part);
            assert_true(part[lanes * N] == 77);
        }
}

/* The rest of those vectors, of the masks' own philox. */
static void masks_are_of_the_same_philox(void **state)
{
    (void)state;
    static const struct {
        uint32_t counter[4];
        uint64_t key;
        uint32_t drawn[4];
    } known[] = {
        { { 0, 0, 0, 0 }, 0, { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 } },
        { { 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff }, UINT64_MAX, { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd } },
        { { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344 }, UINT64_C(0x299f31d0a4093822),
          { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 } },
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        uint32_t x[4];
        memcpy(x, known[i].counter, sizeof x);
        tl_philox(x, known[i].key);
        assert_memory_equal(x, known[i].drawn, sizeof x);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_philox_4x32_10),
        cmocka_unit_test(masks_are_of_the_same_philox),
        cmocka_unit_test(state_is_key_and_counter),
        cmocka_unit_test(uniform_and_normal_have_their_moments),
        cmocka_unit_test(seeds_of_names_differ),
        cmocka_unit_test(masks_are_zero_with_probability_p),
        cmocka_unit_test(masks_do_not_depend_on_lanes_or_precision),
        cmocka_unit_test(masks_depend_on_seed_tick_and_stream),
        cmocka_unit_test(masks_at_the_ends_of_p),
        cmocka_unit_test(a_mask_is_of_lanes_by_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
