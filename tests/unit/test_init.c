#include "unit.h"

#include <math.h>

#include <tapeless/init.h>

/* A model of the given parameters alone, one after the other. */
static tl_model model_of(tl_tensor *params, int32_t n, tl_type real)
{
    tl_model m = { .real = real, .nparams = n, .params = params };
    for (int32_t i = 0; i < n; i++) {
        params[i].offset = m.param_size;
        m.param_size += tl_size(&params[i]);
    }
    return m;
}

static void another_parameter_changes_nothing(void **state)
{
    (void)state;
    tl_error e;
    tl_tensor one[] = { { .name = "w", .rank = 1, .dim = { 5 }, .init = { TL_INIT_NORMAL, 1 } } };
    tl_tensor two[] = { { .name = "a", .rank = 1, .dim = { 3 }, .init = { TL_INIT_NORMAL, 1 } },
                        { .name = "w", .rank = 1, .dim = { 5 }, .init = { TL_INIT_NORMAL, 1 } } };
    double p[5], q[8];
    tl_model m = model_of(one, 1, TL_F64), n = model_of(two, 2, TL_F64);
    assert_int_equal(tl_init_params(&m, p, 7, &e), 0);
    assert_int_equal(tl_init_params(&n, q, 7, &e), 0);
    assert_memory_equal(p, q + 3, sizeof p);
    assert_int_equal(tl_init_params(&m, p, 8, &e), 0);
    assert_memory_not_equal(p, q + 3, sizeof p);
}

static void precisions_start_alike(void **state)
{
    (void)state;
    tl_error e;
    tl_tensor t[] = { { .name = "w", .rank = 2, .dim = { 4, 3 },
                        .init = { TL_INIT_ORTHOGONAL, 0 } },
                      { .name = "v", .rank = 1, .dim = { 4 }, .init = { TL_INIT_UNIFORM, 2 } },
                      { .name = "s", .rank = 2, .dim = { 3, 3 }, .init = { TL_INIT_SPECTRAL, 0.9 } } };
    float f[25];
    double d[25];
    tl_model m = model_of(t, 3, TL_F32), n = model_of(t, 3, TL_F64);
    assert_int_equal(tl_init_params(&m, f, 1, &e), 0);
    assert_int_equal(tl_init_params(&n, d, 1, &e), 0);
    for (int i = 0; i < 25; i++)
        assert_true(f[i] == (float)d[i]);
}

static void rules_have_their_bounds_and_spread(void **state)
{
    (void)state;
    enum { N = 60 * 50 };
    tl_error e;
    static double p[3 * N + 2];
    tl_tensor t[] = {
        { .name = "u", .rank = 2, .dim = { 60, 50 }, .init = { TL_INIT_UNIFORM, 0.5 } },
        { .name = "n", .rank = 2, .dim = { 60, 50 }, .init = { TL_INIT_NORMAL, 3 } },
        { .name = "g", .rank = 4, .dim = { 6, 2, 25, 10 }, .init = { TL_INIT_GLOROT, 0 } },
        { .name = "c", .rank = 1, .dim = { 2 }, .init = { TL_INIT_CONSTANT, -1.5 } },
    };
    tl_model m = model_of(t, 4, TL_F64);
    assert_int_equal(tl_init_params(&m, p, 3, &e), 0);
    double glorot = sqrt(6.0 / ((2 + 6) * 250)), most = 0, square = 0, widest = 0;
    for (int i = 0; i < N; i++) {
        most = fmax(most, fabs(p[i]));
        square += p[N + i] * p[N + i];
        widest = fmax(widest, fabs(p[2 * N + i]));
    }
    assert_true(most <= 0.5 && most > 0.49);
    assert_near(square / N, 9, 1);
    assert_true(widest <= glorot && widest > 0.98 * glorot);
    assert_true(p[3 * N] == -1.5 && p[3 * N + 1] == -1.5);
}

/* The rows, or the columns where there are fewer of them, are orthonormal. */
static void check_orthonormal(int rows, int cols)
{
    tl_error e;
    double p[64];
    tl_tensor t[] = { { .name = "q", .rank = 2, .dim = { rows, cols },
                        .init = { TL_INIT_ORTHOGONAL, 0 } } };
    tl_model m = model_of(t, 1, TL_F64);
    assert_int_equal(tl_init_params(&m, p, 11, &e), 0);
    int few = rows < cols ? rows : cols, many = rows < cols ? cols : rows;
    for (int i = 0; i < few; i++)
        for (int j = 0; j < few; j++) {
            double dot = 0;
            for (int k = 0; k < many; k++)
                dot += rows < cols ? p[i * cols + k] * p[j * cols + k]
                                   : p[k * cols + i] * p[k * cols + j];
            assert_near(dot, i == j, 1e-14);
        }
}

static void orthogonal_is_orthogonal(void **state)
{
    (void)state;
    check_orthonormal(8, 8);
    check_orthonormal(8, 3);
    check_orthonormal(3, 8);
    check_orthonormal(1, 1);
}

/* Without the sign of R's diagonal LAPACK's Q of 1 x 1 would always be the same number. */
static void orthogonal_takes_both_signs(void **state)
{
    (void)state;
    tl_error e;
    int plus = 0;
    tl_tensor t[] = { { .name = "q", .rank = 2, .dim = { 1, 1 },
                        .init = { TL_INIT_ORTHOGONAL, 0 } } };
    tl_model m = model_of(t, 1, TL_F64);
    for (uint64_t seed = 0; seed < 40; seed++) {
        double p;
        assert_int_equal(tl_init_params(&m, &p, seed, &e), 0);
        plus += p > 0;
    }
    assert_in_range(plus, 8, 32);
}

static void orthogonal_refuses_a_vector(void **state)
{
    (void)state;
    tl_error e;
    double p[3];
    tl_tensor t[] = { { .name = "bias", .rank = 1, .dim = { 3 },
                        .init = { TL_INIT_ORTHOGONAL, 0 } } };
    tl_model m = model_of(t, 1, TL_F64);
    assert_int_equal(tl_init_params(&m, p, 1, &e), -1);
    assert_contains(e.text, "bias: orthogonal needs a matrix");
}

/* By Gelfand's formula, |A^m|^(1/m) with m = 2^30. a {n, n} is lost. */
static double radius_of(double *a, int n)
{
    double logarithm = 0, square[64], m = 1;
    for (int k = 0; k <= 30; k++, m *= 2) {
        double norm = 0;
        for (int i = 0; i < n * n; i++)
            norm += a[i] * a[i];
        norm = sqrt(norm);
        logarithm += log(norm) / m;
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) {
                square[i * n + j] = 0;
                for (int l = 0; l < n; l++)
                    square[i * n + j] += a[i * n + l] * a[l * n + j] / (norm * norm);
            }
        memcpy(a, square, (size_t)(n * n) * sizeof *a);
    }
    return exp(logarithm);
}

static void spectral_has_its_radius(void **state)
{
    (void)state;
    const int sizes[] = { 1, 2, 5, 8 };
    for (size_t k = 0; k < 4; k++)
        for (uint64_t seed = 1; seed < 6; seed++) { /* real and complex ones are the largest */
            tl_error e;
            double p[64];
            int n = sizes[k];
            tl_tensor t[] = { { .name = "w", .rank = 2, .dim = { n, n }, .init = { TL_INIT_SPECTRAL, 0.9 } } };
            tl_model m = model_of(t, 1, TL_F64);
            assert_int_equal(tl_init_params(&m, p, seed, &e), 0);
            assert_near(radius_of(p, n), 0.9, 1e-6);
        }
}

static void spectral_refuses_what_is_not_square(void **state)
{
    (void)state;
    tl_error e;
    double p[6];
    tl_tensor t[] = { { .name = "w", .rank = 2, .dim = { 3, 2 }, .init = { TL_INIT_SPECTRAL, 1 } } };
    tl_model m = model_of(t, 1, TL_F64);
    assert_int_equal(tl_init_params(&m, p, 1, &e), -1);
    assert_contains(e.text, "w: spectral needs a square matrix");
}

/* Two states, the second learned, in two lanes. */
static tl_model with_states(void)
{
    static tl_tensor params[] = { { .name = "init.c", .rank = 1, .dim = { 2 } } };
    static const tl_tensor states[] = {
        { .name = "h", .rank = 1, .dim = { 1 }, .init = { TL_INIT_CONSTANT, 0.25 },
          .learned = -1 },
        { .name = "c", .rank = 1, .dim = { 2 }, .offset = 6 },
    };
    tl_model m = model_of(params, 1, TL_F32);
    m.tbptt = (tl_tbptt){ .k1 = 1, .k2 = 2, .batch = 2 };
    m.nstates = 2;
    m.states = states;
    return m;
}

static void states_start_in_every_lane(void **state)
{
    (void)state;
    tl_model m = with_states();
    float params[] = { 3, 4 }, block[6 + 12] = { 0 };
    const float want[] = { 0, 0, .25f, .25f, 0, 0, 0, 0, 0, 0, 3, 4, 3, 4, 0, 0, 0, 0 };
    tl_init_states(&m, params, block, 1);
    assert_memory_equal(block, want, sizeof want);
}

static void a_step_state_starts_lane_by_lane(void **state)
{
    (void)state;
    tl_model m = with_states();
    float params[] = { 3, 4 }, block[6] = { 0 };
    const float want[] = { 0, .25f, 0, 0, 3, 4 };
    tl_init_step_state(&m, params, block, 2, 1);
    assert_memory_equal(block, want, sizeof want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(another_parameter_changes_nothing),
        cmocka_unit_test(precisions_start_alike),
        cmocka_unit_test(rules_have_their_bounds_and_spread),
        cmocka_unit_test(orthogonal_is_orthogonal),
        cmocka_unit_test(orthogonal_takes_both_signs),
        cmocka_unit_test(orthogonal_refuses_a_vector),
        cmocka_unit_test(spectral_has_its_radius),
        cmocka_unit_test(spectral_refuses_what_is_not_square),
        cmocka_unit_test(states_start_in_every_lane),
        cmocka_unit_test(a_step_state_starts_lane_by_lane),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
