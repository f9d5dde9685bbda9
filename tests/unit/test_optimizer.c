/* Against numbers worked out by hand, and against PyTorch (tests/torch/optimizer.py made the file).
 * argv[1]: tests/torch. */
#include "unit.h"

#include <math.h>
#include <stdio.h>

#include <tapeless/clip.h>
#include <tapeless/optimizer.h>
#include <tapeless/safetensors.h>
#include <tapeless/schedule.h>

static tl_st *fixtures;

/* Six parameters in two tensors with a gap between them, which updates must leave alone. */
enum { GAP = 5, SIZE = 8 };

static tl_model model(tl_type real)
{
    static const tl_tensor params[] = { { .name = "a", .rank = 2, .dim = { 2, 2 } },
                                        { .name = "b", .rank = 1, .dim = { 2 }, .offset = 6 } };
    return (tl_model){ .name = "m", .real = real, .nparams = 2, .params = params,
                       .param_size = SIZE };
}

static int place(int i)
{
    return i < 4 ? i : i + 2;
}

static const tl_st_tensor *fixture(const char *name)
{
    const tl_st_tensor *t = tl_st_find(fixtures, name);
    assert_non_null(t);
    return t;
}

static void put(tl_type real, void *p, int i, double x)
{
    if (real == TL_F64)
        ((double *)p)[i] = x;
    else
        ((float *)p)[i] = (float)x;
}

static double get(tl_type real, const void *p, int i)
{
    return real == TL_F64 ? ((const double *)p)[i] : ((const float *)p)[i];
}

static void follow_torch(const char *name, tl_optimizer_spec spec, tl_type real)
{
    char full[64];
    tl_error e;
    tl_optimizer o;
    double p[SIZE], g[SIZE];
    tl_model m = model(real);
    snprintf(full, sizeof full, "%s.%s", name, real == TL_F64 ? "f64" : "f32");
    const tl_st_tensor *after = fixture(full), *start = fixture("start"), *grads = fixture("grads");
    assert_int_equal(tl_optimizer_new(&o, &m, &spec, &e), 0);
    for (int i = 0; i < SIZE; i++) {
        put(real, p, i, 7);
        put(real, g, i, NAN);
    }
    for (int i = 0; i < 6; i++)
        put(real, p, place(i), tl_st_double(start, (size_t)i));
    for (size_t u = 0; u < (size_t)after->dim[0]; u++) {
        for (int i = 0; i < 6; i++)
            put(real, g, place(i), tl_st_double(grads, u * 6 + (size_t)i));
        tl_optimizer_step(&o, p, g, spec.lr, u);
        for (int i = 0; i < 6; i++)
            assert_near(get(real, p, place(i)), tl_st_double(after, u * 6 + (size_t)i),
                        real == TL_F64 ? 1e-14 : 1e-6);
    }
    assert_true(get(real, p, GAP) == 7);
    tl_optimizer_free(&o);
}

static void updates_are_torchs(void **state)
{
    (void)state;
    const struct {
        const char *name;
        tl_optimizer_spec spec;
    } cases[] = {
        { "sgd", { .kind = TL_SGD, .lr = 0.1 } },
        { "sgd_decay", { .kind = TL_SGD, .lr = 0.1, .weight_decay = 0.03 } },
        { "sgd_momentum", { .kind = TL_SGD, .lr = 0.1, .momentum = 0.9 } },
        { "sgd_dampening",
          { .kind = TL_SGD, .lr = 0.1, .momentum = 0.8, .dampening = 0.4, .weight_decay = 0.01 } },
        { "sgd_nesterov", { .kind = TL_SGD, .lr = 0.1, .momentum = 0.9, .nesterov = 1 } },
        { "adam", { .kind = TL_ADAM, .lr = 0.01, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-8 } },
        { "adam_decay", { .kind = TL_ADAM, .lr = 0.02, .beta1 = 0.8, .beta2 = 0.95, .eps = 1e-5,
                          .weight_decay = 0.1 } },
        { "adamw", { .kind = TL_ADAMW, .lr = 0.02, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-8,
                     .weight_decay = 0.2 } },
        { "rmsprop", { .kind = TL_RMSPROP, .lr = 0.01, .alpha = 0.99, .eps = 1e-8 } },
        { "rmsprop_centered",
          { .kind = TL_RMSPROP, .lr = 0.01, .alpha = 0.9, .eps = 1e-6, .centered = 1 } },
        { "rmsprop_all", { .kind = TL_RMSPROP, .lr = 0.01, .alpha = 0.95, .eps = 1e-8,
                           .momentum = 0.7, .centered = 1, .weight_decay = 0.05 } },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        follow_torch(cases[i].name, cases[i].spec, TL_F64);
        follow_torch(cases[i].name, cases[i].spec, TL_F32);
    }
}

/* p = 1, g = 0.5 twice, then by hand. */
static double two_updates(tl_optimizer_spec spec)
{
    static const tl_tensor one = { .name = "p", .rank = 1, .dim = { 1 } };
    tl_model m = { .name = "m", .real = TL_F64, .nparams = 1, .params = &one, .param_size = 1 };
    tl_error e;
    tl_optimizer o;
    double p = 1, g = 0.5;
    assert_int_equal(tl_optimizer_new(&o, &m, &spec, &e), 0);
    tl_optimizer_step(&o, &p, &g, spec.lr, 0);
    tl_optimizer_step(&o, &p, &g, spec.lr, 1);
    tl_optimizer_free(&o);
    return p;
}

static void updates_by_hand(void **state)
{
    (void)state;
    /* 1 - 0.1 * 0.5 - 0.1 * 0.5 */
    assert_near(two_updates((tl_optimizer_spec){ .kind = TL_SGD, .lr = 0.1 }), 0.9, 1e-15);
    /* buffers 0.5 and 0.9 * 0.5 + 0.5 = 0.95 */
    assert_near(two_updates((tl_optimizer_spec){ .kind = TL_SGD, .lr = 0.1, .momentum = 0.9 }),
                1 - 0.05 - 0.095, 1e-15);
    /* a constant gradient: both corrected moments are its own, so each update is lr */
    assert_near(two_updates((tl_optimizer_spec){ .kind = TL_ADAM, .lr = 0.1, .beta1 = 0.9,
                                                 .beta2 = 0.999 }), 0.8, 1e-14);
    /* AdamW shrinks by 1 - lr * decay before each of these */
    assert_near(two_updates((tl_optimizer_spec){ .kind = TL_ADAMW, .lr = 0.1, .beta1 = 0.9,
                                                 .beta2 = 0.999, .weight_decay = 0.5 }),
                (0.95 - 0.1) * 0.95 - 0.1, 1e-14);
    /* squares 0.25/4 and 0.25 * (3/16 + 1/4): steps 0.5 / 0.25 and 0.5 / sqrt(0.109375) */
    assert_near(two_updates((tl_optimizer_spec){ .kind = TL_RMSPROP, .lr = 0.1, .alpha = 0.75 }),
                1 - 0.1 * 2 - 0.1 * 0.5 / sqrt(0.109375), 1e-14);
}

static void fill_gradients(tl_type real, void *g)
{
    for (int i = 0; i < SIZE; i++)
        put(real, g, i, 1e30); /* the gap must not count */
    for (int i = 0; i < 6; i++)
        put(real, g, place(i), tl_st_double(fixture("grads"), (size_t)i));
}

static void clipping_is_torchs(void **state)
{
    (void)state;
    for (int wide = 0; wide < 2; wide++) {
        tl_type real = wide ? TL_F64 : TL_F32;
        double g[SIZE], tolerance = wide ? 1e-15 : 1e-7;
        tl_model m = model(real);
        tl_span memory[8];
        tl_spans all = tl_spans_over(&m, memory);
        fill_gradients(real, g);
        double norm = tl_grad_norm(&all, g);
        assert_near(norm, tl_st_double(fixture("norm"), 0), 10 * tolerance);
        tl_clip_norm(&all, g, norm, 0.5);
        for (int i = 0; i < 6; i++)
            assert_near(get(real, g, place(i)), tl_st_double(fixture("clipped"), (size_t)i),
                        tolerance);
        fill_gradients(real, g);
        tl_clip_value(&all, g, 0.4);
        for (int i = 0; i < 6; i++)
            assert_near(get(real, g, place(i)), tl_st_double(fixture("clamped"), (size_t)i),
                        tolerance);
    }
}

static void small_gradients_are_not_scaled_up(void **state)
{
    (void)state;
    tl_model m = model(TL_F64);
    tl_span memory[8];
    tl_spans all = tl_spans_over(&m, memory);
    double g[SIZE] = { 3, 4 }, norm = tl_grad_norm(&all, g);
    assert_true(norm == 5);
    tl_clip_norm(&all, g, norm, 5.1);
    assert_true(g[0] == 3 && g[1] == 4);
}

/* The order of the sum, in words: 1024 elements at a time, in 64 sums which are added in halves. */
static double norm_in_words(const float *g, int n)
{
    double sum = 0;
    for (int at = 0; at < n; at += 1024) {
        float s[64] = { 0 };
        for (int i = at; i < n && i < at + 1024; i++)
            s[(i - at) % 64] += g[i] * g[i];
        for (int half = 32; half; half /= 2)
            for (int j = 0; j < half; j++)
                s[j] += s[j + half];
        sum += s[0];
    }
    return sqrt(sum);
}

static void norms_are_added_in_one_order(void **state)
{
    (void)state;
    static float g[2200];
    for (int i = 0; i < 2200; i++)
        g[i] = (float)(sin(i) * pow(10, i % 5 - 2));
    for (int n = 1; n <= 2200; n += n < 300 ? 1 : 37) {
        const tl_tensor one = { .name = "a", .rank = 1, .dim = { n } };
        tl_model m = { .name = "m", .real = TL_F32, .nparams = 1, .params = &one, .param_size = (size_t)n };
        tl_span memory[1];
        tl_spans all = tl_spans_over(&m, memory);
        assert_true(tl_grad_norm(&all, g) == norm_in_words(g, n));
    }
}

/* A rate and nothing else is a loop of its own. */
static void plain_descent_has_the_bits_of_its_rule(void **state)
{
    (void)state;
    enum { N = 77 };
    const float values[] = { 0, -0.0F, 1, -1, 1e-40F, 3e38F, -2.5F, 1e-3F, -7e-12F };
    const tl_tensor one = { .name = "a", .rank = 1, .dim = { N } };
    const tl_optimizer_spec spec = { .kind = TL_SGD, .lr = 0.1 };
    tl_model m = { .name = "m", .real = TL_F32, .nparams = 1, .params = &one, .param_size = N };
    tl_error e;
    tl_optimizer o;
    float p[N], g[N], after[N];
    assert_int_equal(tl_optimizer_new(&o, &m, &spec, &e), 0);
    for (int i = 0; i < N; i++) {
        volatile float decay = 0, d;
        p[i] = values[i / 9 % 9];
        g[i] = values[i % 9];
        d = g[i] + decay * p[i];
        after[i] = p[i] - 0.1F * d;
    }
    tl_optimizer_step(&o, p, g, spec.lr, 0);
    assert_memory_equal(p, after, sizeof p);
    tl_optimizer_free(&o);
}

static void schedules_by_hand(void **state)
{
    (void)state;
    tl_schedule_spec s = { .kind = TL_SCHEDULE_CONSTANT, .warmup = 4 };
    assert_true(tl_schedule(&s, 0, 0) == 0.25 && tl_schedule(&s, 3, 0) == 1);
    assert_true(tl_schedule(&s, 1000, 0) == 1);
    s = (tl_schedule_spec){ .kind = TL_SCHEDULE_STEP, .every = 10, .gamma = 0.5 };
    assert_true(tl_schedule(&s, 9, 0) == 1 && tl_schedule(&s, 10, 0) == 0.5);
    assert_true(tl_schedule(&s, 39, 0) == 0.125);
    s = (tl_schedule_spec){ .kind = TL_SCHEDULE_COSINE, .warmup = 10, .total = 30, .floor = 0.2 };
    assert_near(tl_schedule(&s, 10, 0), 1, 1e-15);
    assert_near(tl_schedule(&s, 20, 0), 0.6, 1e-15);
    assert_near(tl_schedule(&s, 30, 0), 0.2, 1e-15);
    assert_near(tl_schedule(&s, 90, 0), 0.2, 1e-15);
}

static void cosine_is_torchs_and_takes_the_runs_length(void **state)
{
    (void)state;
    tl_schedule_spec s = { .kind = TL_SCHEDULE_COSINE, .floor = 0.1 };
    for (uint64_t u = 0; u < 10; u++)
        assert_near(tl_schedule(&s, u, 10), tl_st_double(fixture("cosine"), u), 1e-14);
    assert_true(tl_schedule(&s, 5, 0) == 1);
}

int main(int argc, char **argv)
{
    char path[1024];
    tl_error e;
    snprintf(path, sizeof path, "%s/optimizer.safetensors", argc > 1 ? argv[1] : "tests/torch");
    fixtures = tl_st_open(path, &e);
    if (!fixtures) {
        fprintf(stderr, "%s\n", e.text);
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(updates_are_torchs),
        cmocka_unit_test(updates_by_hand),
        cmocka_unit_test(clipping_is_torchs),
        cmocka_unit_test(small_gradients_are_not_scaled_up),
        cmocka_unit_test(norms_are_added_in_one_order),
        cmocka_unit_test(plain_descent_has_the_bits_of_its_rule),
        cmocka_unit_test(schedules_by_hand),
        cmocka_unit_test(cosine_is_torchs_and_takes_the_runs_length),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    tl_st_free(fixtures);
    return failed;
}
