/* Residuals are found in the graph of a loss: their squares add up to it, and without their weights they are what was
 * squared. */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <tapeless/gauss_newton.h>
#include "cli/engine.h"
#include "cli/trial.h"
#include "model_passes.h"
#include "passes/learn.h"

/* y.a {2}, y.b {1}, t.a {2}, t.b {1}: numbers that one parameter moves. */
static Model *model_with(const char *loss)
{
    char text[1024];
    snprintf(text, sizeof text,
             "return model {\n"
             "  input = real(3), target = { a = real(2), b = real(1) }, params = { w = { 3 } },\n"
             "  step = function(p, x) local z = p.w * x return { a = slice(z, 1, 2), b = slice(z, 3, 3) } end,\n"
             "  loss = function(y, t) return %s end, tbptt = { k1 = 1, k2 = 1 },\n"
             "}\n", loss);
    return load_text(text);
}

typedef struct Residuals {
    double r[16], loss;
    size_t n;
} Residuals;

static Residuals residuals_of(const char *loss, tl_optimizer_kind kind)
{
    tl_error e;
    Trial t;
    Residuals found = { .n = 0 };
    Model *m = model_with(loss);
    char *error = prepare_learning(m, kind);
    Engine *engine = error ? NULL : engine_interpreter(m, TL_F64, &error);
    if (!engine)
        fail_msg("%s: %s", loss, error);
    if (trial_new(&t, &engine->run, &e) || trial_fill(&t, 4, 1, 1, &e))
        fail_msg("%s", e.text);
    trial_run(&t);
    found.loss = *(double *)t.b.losses;
    found.n = tl_residual_count(engine->model);
    assert_true(found.n <= 16);
    for (size_t i = 0; i < found.n; i++)
        found.r[i] = tl_residual_at(engine->model, &t.b, 0, 0, i);
    trial_free(&t);
    engine_free(engine);
    model_free(m);
    return found;
}

static const struct {
    const char *loss;
    size_t n;
    double weight[4]; /* of each square */
} losses[] = {
    { "mse(y.a, t.a)", 2, { 0.5, 0.5 } },
    { "mse(y.b, t.b)", 1, { 1 } },
    { "sum(square(y.a - t.a))", 2, { 1, 1 } },
    { "sum(square(y.a - t.a)) / 4", 2, { 0.25, 0.25 } },
    { "2 * mse(y.a, t.a) + 3 * mse(y.b, t.b)", 3, { 1, 1, 3 } },
    { "sum(const { 1, 4 } * square(y.a - t.a))", 2, { 1, 4 } },
    { "sum(square(y.a - t.a) / const { 2, 4 })", 2, { 0.5, 0.25 } },
    { "sum(square(y.a - t.a) * const { 0, 4 })", 2, { 0, 4 } },
    { "sum((y.a - t.a) * (y.a - t.a))", 2, { 1, 1 } },
    { "sum(square(y.a - t.a) + square(y.b))", 3, { 1, 1, 2 } }, /* y.b stands beside both */
    { "mean(square(y.a - t.a) + 3 * square(y.b))", 3, { 0.5, 0.5, 3 } },
    { "(function() local s = square(y.b); for i = 1, 40 do s = s + s end return sum(s) end)()", 1, { 0x1p40 } },
};
enum { LOSSES = sizeof losses / sizeof *losses };

static void their_squares_add_up_to_the_loss(void **state)
{
    (void)state;
    for (int i = 0; i < LOSSES; i++) {
        Residuals whole = residuals_of(losses[i].loss, TL_LM), plain = residuals_of(losses[i].loss, TL_EKF);
        double sum = 0;
        assert_int_equal(whole.n, losses[i].n);
        assert_int_equal(plain.n, losses[i].n);
        for (size_t k = 0; k < whole.n; k++) {
            sum += whole.r[k] * whole.r[k];
            assert_near(whole.r[k], sqrt(losses[i].weight[k]) * plain.r[k], 1e-14 * fmax(1, sqrt(losses[i].weight[k])));
        }
        assert_true(whole.loss > 0);
        assert_near(sum, whole.loss, 1e-14 * whole.loss);
    }
}

/* Weights of a row, of which a part is broadcast: each square weighs what its elements do. */
static void broadcast_squares_weigh_what_their_elements_do(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "sum(const { 1, 4 } * (square(y.a) + square(y.b)))",
        "sum(const { { 1, 2 }, { 3, 4 }, { 5, 6 } } * (square(y.a) + square(y.b)))",
        "sum(const { { 1, 2 }, { 3, 4 } } * (const { 1, 2 } * (square(y.a) + square(y.b)) + square(y.b)) / 2)",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Residuals whole = residuals_of(cases[i], TL_LM);
        double sum = 0;
        for (size_t k = 0; k < whole.n; k++)
            sum += whole.r[k] * whole.r[k];
        assert_near(sum, whole.loss, 1e-14 * whole.loss);
    }
}

static void what_is_no_sum_of_squares_is_refused(void **state)
{
    (void)state;
    static const struct { const char *loss, *sentence; } cases[] = {
        { "mae(y.a, t.a)", "spec.lua:4: the loss is no sum of squares: it adds up a abs; lm and ekf need residuals" },
        { "huber(y.a, t.a)", "the loss is no sum of squares" },
        { "bce(y.b, t.b)", "the loss is no sum of squares" },
        { "mse(y.a, t.a) - mse(y.b, t.b)", "it adds up a sub" },
        { "-1 * mse(y.a, t.a)", "the loss is no sum of squares" },
        { "mse(y.a, t.a) / -2", "the loss is no sum of squares" },
        { "sum(const { 1, -4 } * square(y.a - t.a))", "it adds up a mul" },
        { "sum(square(y.a) * square(t.a))", "it adds up a mul" },
        { "sum(const { 1, 4 } * sum(square(y.a)))", "the loss is no sum of squares" },
        { "(function() local s, z = square(y.b), square(y.b - t.b); for i = 1, 40 do s, z = s + z, s end return sum(s) end)()",
          "one of them more than once: write it with a factor" },
        { "mse(y.a, t.a) + sum(y.b)", "the loss is no sum of squares" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Model *m = model_with(cases[i].loss);
        char *error = prepare_learning(m, TL_LM);
        if (!error)
            fail_msg("%s is not refused", cases[i].loss);
        assert_contains(error, cases[i].sentence);
        free(error);
        model_free(m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(their_squares_add_up_to_the_loss),
        cmocka_unit_test(broadcast_squares_weigh_what_their_elements_do),
        cmocka_unit_test(what_is_no_sum_of_squares_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
