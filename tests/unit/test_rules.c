/* What updates do to parameters by their rules: factors, what is not trained, constraints. */
#include "unit.h"

#include <math.h>

#include <tapeless/clip.h>
#include <tapeless/constrain.h>
#include <tapeless/init.h>
#include <tapeless/optimizer.h>

enum { N = 6 }; /* elements of each parameter: {2, 3} */

static const tl_rule plain = { .lr = 1, .weight_decay = 1, .min = -INFINITY, .max = INFINITY };
static const tl_rule frozen = { .trained = TL_FROZEN, .lr = 1, .weight_decay = 1, .min = 0, .max = 0.1 };
static const tl_rule unreached = { .trained = TL_UNREACHED, .lr = 1, .weight_decay = 1, .min = 0, .max = INFINITY,
                                   .max_norm = 0.01 };

static const tl_optimizer_spec optimizers[] = {
    { .kind = TL_SGD, .lr = 0.1, .weight_decay = 0.1 },
    { .kind = TL_SGD, .lr = 0.1, .weight_decay = 0.1, .momentum = 0.9 },
    { .kind = TL_SGD, .lr = 0.1, .weight_decay = 0.1, .momentum = 0.9, .nesterov = 1 },
    { .kind = TL_ADAM, .lr = 0.01, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-8, .weight_decay = 0.1 },
    { .kind = TL_ADAMW, .lr = 0.01, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-8, .weight_decay = 0.1 },
    { .kind = TL_RMSPROP, .lr = 0.01, .alpha = 0.9, .eps = 1e-8, .weight_decay = 0.1 },
    { .kind = TL_RMSPROP, .lr = 0.01, .alpha = 0.9, .eps = 1e-8, .weight_decay = 0.1, .momentum = 0.5, .centered = 1 },
};
enum { OPTIMIZERS = sizeof optimizers / sizeof *optimizers };

static tl_model model_of(tl_tensor *params, int32_t n, const tl_rule *const *rules, tl_type real)
{
    for (int32_t i = 0; i < n; i++)
        params[i] = (tl_tensor){ .name = "p", .rank = 2, .dim = { 2, 3 }, .offset = (size_t)i * N, .rule = rules[i] };
    return (tl_model){ .name = "m", .real = real, .nparams = n, .params = params, .param_size = (size_t)n * N };
}

/* The same start and gradients whatever the model. */
static double start_at(size_t i) { return 0.3 * sin(1 + (double)i); }
static double gradient_at(size_t i, uint64_t update) { return cos((double)(3 * i + 1) + (double)update); }

static void train(const tl_model *m, const tl_optimizer_spec *spec, double *p)
{
    tl_error e;
    tl_optimizer o;
    double g[4 * N];
    assert_int_equal(tl_optimizer_new(&o, m, spec, &e), 0);
    for (size_t i = 0; i < m->param_size; i++)
        p[i] = start_at(i % N);
    for (uint64_t u = 0; u < 5; u++) {
        for (size_t i = 0; i < m->param_size; i++)
            g[i] = gradient_at(i % N, u);
        tl_optimizer_step(&o, p, g, spec->lr, u);
    }
    tl_optimizer_free(&o);
}

/* A parameter with factors fares as one alone with an optimizer whose numbers are multiplied by them; so runs
 * of parameters with one rule, then another, then none, do not disturb each other. */
static void factors_are_the_optimizers_numbers(void **state)
{
    (void)state;
    const tl_rule slow = { .lr = 0.25, .weight_decay = 4, .min = -INFINITY, .max = INFINITY };
    const tl_rule bare = { .lr = 2, .weight_decay = 0, .min = -INFINITY, .max = INFINITY };
    const tl_rule *const rules[] = { &slow, NULL, &bare, &plain };
    for (int i = 0; i < OPTIMIZERS; i++) {
        tl_tensor params[4], alone;
        double together[4 * N], one[N];
        tl_model m = model_of(params, 4, rules, TL_F64);
        train(&m, &optimizers[i], together);
        for (int j = 0; j < 4; j++) {
            const tl_rule *r = rules[j] ? rules[j] : &plain;
            tl_optimizer_spec spec = optimizers[i];
            spec.lr *= r->lr;
            spec.weight_decay *= r->weight_decay;
            tl_model single = model_of(&alone, 1, &(const tl_rule *){ NULL }, TL_F64);
            train(&single, &spec, one);
            assert_memory_equal(together + j * N, one, sizeof one);
        }
    }
}

static void fill(tl_type real, void *p, size_t n, double v)
{
    for (size_t i = 0; i < n; i++)
        if (real == TL_F64)
            ((double *)p)[i] = v;
        else
            ((float *)p)[i] = (float)v;
}

/* Whatever stands where its gradient is; moments and constraints keep away from it too. */
static void what_is_not_trained_keeps_its_bits(void **state)
{
    (void)state;
    const tl_rule *const rules[] = { &frozen, NULL, &unreached };
    for (int i = 0; i < 2 * OPTIMIZERS; i++) {
        tl_type real = i % 2 ? TL_F64 : TL_F32;
        size_t size = real == TL_F64 ? sizeof(double) : sizeof(float);
        tl_tensor params[3];
        tl_model m = model_of(params, 3, rules, real);
        tl_optimizer o;
        tl_error e;
        double p[3 * N], before[3 * N], g[3 * N];
        const double zeros[3 * N] = { 0 };
        assert_int_equal(tl_optimizer_new(&o, &m, &optimizers[i / 2], &e), 0);
        fill(real, p, 3 * N, -0.7);
        memcpy(before, p, sizeof p);
        for (uint64_t u = 0; u < 20; u++) {
            fill(real, g, 3 * N, NAN);
            fill(real, (char *)g + N * size, N, 0.5);
            double norm = tl_grad_norm(&o.spans, g);
            assert_near(norm, sqrt(N * 0.25), 1e-6);
            tl_clip_norm(&o.spans, g, norm, 0.1);
            tl_clip_value(&o.spans, g, 0.01);
            tl_optimizer_step(&o, p, g, 0.1, u);
        }
        assert_memory_equal(p, before, N * size);
        assert_memory_equal((char *)p + 2 * N * size, (char *)before + 2 * N * size, N * size);
        assert_memory_not_equal((char *)p + N * size, (char *)before + N * size, N * size);
        for (int32_t j = 0; j < o.nmoments; j++) {
            assert_memory_equal(o.moment[j], zeros, N * size);
            assert_memory_equal((char *)o.moment[j] + 2 * N * size, zeros, N * size);
        }
        tl_optimizer_free(&o);
    }
}

static void elements_are_clamped(void **state)
{
    (void)state;
    const tl_rule both = { .lr = 1, .min = -0.5, .max = 1, .weight_decay = 1 };
    const tl_rule below = { .lr = 1, .min = 0, .max = INFINITY, .weight_decay = 1 };
    tl_tensor t = { .rank = 1, .dim = { 5 }, .rule = &both };
    double p[] = { -2, -0.5, 0.25, 3, NAN };
    float f[] = { -2, -0.5f, 0.25f, 3, NAN };
    tl_constrain(&t, TL_F64, p);
    tl_constrain(&t, TL_F32, f);
    assert_true(p[0] == -0.5 && p[1] == -0.5 && p[2] == 0.25 && p[3] == 1 && isnan(p[4]));
    assert_true(f[0] == -0.5f && f[1] == -0.5f && f[2] == 0.25f && f[3] == 1 && isnan(f[4]));
    t.rule = &below;
    tl_constrain(&t, TL_F64, p);
    assert_true(p[0] == 0 && p[3] == 1);
}

/* Of a matrix each row, of a filter all that leads into one channel, of a vector the whole. */
static void rows_are_shortened(void **state)
{
    (void)state;
    const tl_rule rule = { .lr = 1, .weight_decay = 1, .min = -INFINITY, .max = INFINITY, .max_norm = 2.5 };
    tl_tensor matrix = { .rank = 2, .dim = { 2, 2 }, .rule = &rule };
    double p[] = { 3, -4, 1, 2 };
    tl_constrain(&matrix, TL_F64, p);
    assert_near(p[0], 1.5, 1e-15);
    assert_near(p[1], -2, 1e-15);
    assert_true(p[2] == 1 && p[3] == 2);
    tl_tensor vector = { .rank = 1, .dim = { 4 }, .rule = &rule };
    float v[] = { 3, 0, 0, -4 };
    tl_constrain(&vector, TL_F32, v);
    assert_true(v[0] == 1.5f && v[1] == 0 && v[3] == -2);
    tl_tensor filters = { .rank = 4, .dim = { 2, 2, 1, 2 }, .rule = &rule };
    double f[] = { 3, 0, 0, 4, 0.1, 0.1, 0.1, 0.1 };
    tl_constrain(&filters, TL_F64, f);
    assert_true(f[0] == 1.5 && f[3] == 2 && f[4] == 0.1);
    double zero[4] = { 0 };
    tl_constrain(&matrix, TL_F64, zero);
    assert_true(zero[0] == 0);
}

static void constraints_hold_after_every_update(void **state)
{
    (void)state;
    const tl_rule bounds = { .lr = 1, .weight_decay = 1, .min = 0, .max = 0.2 };
    const tl_rule norm = { .lr = 1, .weight_decay = 1, .min = -INFINITY, .max = INFINITY, .max_norm = 0.3 };
    const tl_rule *const rules[] = { &bounds, &norm, NULL };
    for (int i = 0; i < OPTIMIZERS; i++) {
        tl_tensor params[3];
        double p[3 * N], sum = 0, most = 0;
        tl_model m = model_of(params, 3, rules, TL_F64);
        train(&m, &optimizers[i], p);
        for (int j = 0; j < N; j++) {
            assert_true(p[j] >= 0 && p[j] <= 0.2);
            sum += j < 3 ? p[N + j] * p[N + j] : 0;
            most = fmax(most, fabs(p[2 * N + j]));
        }
        assert_true(sqrt(sum) <= 0.3 * (1 + 1e-15));
        assert_true(most > 0.2); /* without a constraint it would not be so */
    }
}

static void what_is_drawn_is_put_inside(void **state)
{
    (void)state;
    const tl_rule bounds = { .lr = 1, .weight_decay = 1, .min = 0, .max = 0.25 };
    const double values[] = { 1, 2, 3, 4, 5, 6.5 };
    tl_tensor params[] = {
        { .name = "a", .rank = 2, .dim = { 2, 3 }, .init = { TL_INIT_NORMAL, 1 }, .rule = &bounds },
        { .name = "b", .rank = 2, .dim = { 2, 3 }, .offset = N, .init = { TL_INIT_VALUES, 0 }, .values = values },
        { .name = "c", .rank = 2, .dim = { 2, 3 }, .offset = 2 * N, .init = { TL_INIT_ORTHOGONAL, 0 }, .rule = &bounds },
    };
    tl_model m = { .name = "m", .real = TL_F64, .nparams = 3, .params = params, .param_size = 3 * N };
    double p[3 * N];
    tl_error e;
    assert_int_equal(tl_init_params(&m, p, 3, &e), 0);
    for (int i = 0; i < N; i++) {
        assert_true(p[i] >= 0 && p[i] <= 0.25 && p[2 * N + i] >= 0 && p[2 * N + i] <= 0.25);
        assert_true(p[N + i] == values[i]);
    }
}

static void states_start_at_their_numbers(void **state)
{
    (void)state;
    const double values[] = { 0.5, -1, 2 };
    const tl_tensor h = { .name = "h", .rank = 1, .dim = { 3 }, .init = { TL_INIT_VALUES, 0 }, .values = values,
                          .learned = -1 };
    tl_model m = { .name = "m", .real = TL_F32, .nstates = 1, .states = &h, .tbptt = { .k2 = 1, .batch = 2 } };
    float window[2 * 2 * 3] = { 0 }, step[2 * 3] = { 0 };
    tl_init_states(&m, NULL, window, 1);
    tl_init_step_state(&m, NULL, step, 2, 1);
    for (int i = 0; i < 3; i++) {
        assert_true(window[i] == 0 && window[6 + i] == (float)values[i] && window[9 + i] == (float)values[i]);
        assert_true(step[i] == 0 && step[3 + i] == (float)values[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(factors_are_the_optimizers_numbers),
        cmocka_unit_test(what_is_not_trained_keeps_its_bits),
        cmocka_unit_test(elements_are_clamped),
        cmocka_unit_test(rows_are_shortened),
        cmocka_unit_test(constraints_hold_after_every_update),
        cmocka_unit_test(what_is_drawn_is_put_inside),
        cmocka_unit_test(states_start_at_their_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
