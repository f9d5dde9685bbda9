/* test_interp_window.c - what a window means: which gradient, which state, which masks. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "gradient_check.h"

static WindowData d;
static WindowResult r;

static void start(Builder *b, int32_t k2, int32_t batch)
{
    builder_start(b, k2, batch);
    memset(&d, 0, sizeof d);
}

static void assert_near(double x, double y, double tolerance)
{
    if (!(fabs(x - y) <= tolerance))
        fail_msg("%.17g is not %.17g", x, y);
}

/* x' = w x */
static void scalar_model(Builder *b, int32_t k2)
{
    start(b, k2, 1);
    int32_t w = add_param(b, SHAPE(1)), x = add_state(b, SHAPE(1), 0.9);
    int32_t next = add_op2(b, OP_MUL, w, x);
    set_next(b, x, next);
    set_loss(b, add_sum(b, next, NO_DIMS, false));
}

/* With x0 = 0.9, w = 0.2, k2 = 3 and the newest loss only: d x_t / d w with the state that enters
 * the window held constant, w^2 x0 3, ... */
static void scalar_gradients(tl_type real, double tolerance)
{
    const double gradient[] = { 0.9, 0.36, 0.108, 0.0216, 0.00432 };
    double x[6] = { 0.9 };
    Builder b;
    scalar_model(&b, 3);
    d.params[0] = 0.2;
    d.weight[2] = 1;
    for (int t = 1; t <= 5; t++) {
        int oldest = t < 3 ? 1 : t - 2;
        d.first = 3 - (t - oldest + 1);
        d.states[d.first] = x[oldest - 1];
        run_window(&b, real, &d, &r);
        x[t] = r.states[3];
        assert_near(r.grads[0], gradient[t - 1], tolerance * gradient[t - 1]);
        assert_near(r.losses[2], x[t], 0);
    }
    assert_near(x[5], 0.9 * pow(0.2, 5), tolerance * x[5]);
}

static void a_gradient_checked_on_paper(void **state)
{
    (void)state;
    scalar_gradients(TL_F64, 1e-15);
    scalar_gradients(TL_F32, 3e-7);
}

/* loss = (h w)^2 / 2, h' = h w; h starts from 0.5 or, learned, from a parameter. */
static void reset_model(Builder *b, bool learned)
{
    start(b, 3, 2);
    b->model.has_reset = 1;
    int32_t w = add_param(b, NO_DIMS);
    int32_t h = learned ? add_learned_state(b, NO_DIMS) : add_state(b, NO_DIMS, 0.5);
    int32_t y = add_op2(b, OP_MUL, h, w);
    set_next(b, h, y);
    set_loss(b, add_op2(b, OP_MUL, add_op1(b, OP_SQUARE, y), add_const(b, 0.5, NO_DIMS)));
    d.params[0] = 3;
    d.params[1] = 0.5;
    d.states[0] = d.states[1] = 7;
    for (int e = 0; e < 6; e++)
        d.weight[e] = e >= 4; /* the newest step, both lanes */
}

/* Lane 0 starts at the newest slot: y = 0.5 w. Lane 1 one slot earlier: y = 0.5 w^2. */
static void a_reset_starts_the_state_and_stops_the_gradient(void **state)
{
    (void)state;
    for (int learned = 0; learned < 2; learned++) {
        Builder b;
        reset_model(&b, learned);
        d.reset[2 * 2 + 0] = d.reset[1 * 2 + 1] = 1;
        run_window(&b, TL_F64, &d, &r);
        assert_near(r.states[6 + 0], 1.5, 1e-14);
        assert_near(r.states[6 + 1], 4.5, 1e-14);
        assert_near(r.states[4 + 0], 63, 1e-12); /* what the step left, before the reset */
        assert_near(r.grads[0], 1.5 * 0.5 + 4.5 * (2 * 0.5 * 3), 1e-13);
        if (learned)
            assert_near(r.grads[1], 1.5 * 3 + 4.5 * 9, 1e-13);
    }
}

static void a_reset_at_the_oldest_slot_overrides_the_entering_state(void **state)
{
    (void)state;
    Builder b;
    reset_model(&b, true);
    d.first = 2;
    d.states[4] = d.states[5] = 7;
    d.reset[4] = 1;
    run_window(&b, TL_F64, &d, &r);
    assert_near(r.states[6], 1.5, 1e-14);
    assert_near(r.states[7], 21, 1e-14);
    assert_near(r.grads[0], 1.5 * 0.5 + 21 * 7, 1e-12);
    assert_near(r.grads[1], 1.5 * 3, 1e-13); /* lane 0 alone */
}

/* a' = b' = x, c' = w (shared), and the step's only loss is a + 2 b + c of the step before. */
static void a_value_may_be_the_next_state_of_several_states(void **state)
{
    (void)state;
    Builder b;
    start(&b, 2, 2);
    int32_t w = add_param(&b, SHAPE(2)), x = add_input(&b, SHAPE(2));
    int32_t sa = add_state(&b, SHAPE(2), 0), sb = add_state(&b, SHAPE(2), 0);
    int32_t sc = add_state(&b, SHAPE(2), 0);
    int32_t y = add_op2(&b, OP_MUL, x, w);
    int32_t twice = add_op2(&b, OP_ADD, sb, sb);
    int32_t all = add_op2(&b, OP_ADD, add_op2(&b, OP_ADD, sa, twice), sc);
    set_next(&b, sa, y);
    set_next(&b, sb, y);
    set_next(&b, sc, w);
    set_loss(&b, add_sum(&b, all, NO_DIMS, false));
    d.params[0] = 2, d.params[1] = 3;
    for (int e = 0; e < 8; e++)
        d.input[0][e] = e + 1;
    d.weight[2] = 1, d.weight[3] = 10; /* the newest step */
    run_window(&b, TL_F64, &d, &r);
    assert_near(r.grads[0], (3 * 1 + 1) + 10 * (3 * 3 + 1), 1e-13);
    assert_near(r.grads[1], (3 * 2 + 1) + 10 * (3 * 4 + 1), 1e-13);
    const double *c = r.states + b.model.states[2].offset + 4; /* w in both lanes */
    assert_true(c[0] == 2 && c[1] == 3 && c[2] == 2 && c[3] == 3);
}

static void without_a_loss_the_gradient_is_zero_and_no_loss_is_written(void **state)
{
    (void)state;
    Builder b;
    scalar_model(&b, 3);
    set_loss(&b, -1);
    d.params[0] = 0.2;
    d.states[0] = 0.9;
    run_window(&b, TL_F64, &d, &r); /* fails if it writes a loss */
    assert_true(r.grads[0] == 0);
    assert_near(r.states[3], 0.0072, 1e-16);
}

/* Gradient of op at a = b = x (binary) or at x (unary), with respect to a. */
static double slope_at(tl_op op, double x, double n0, double n1)
{
    Builder b;
    start(&b, 1, 1);
    int32_t a = add_param(&b, NO_DIMS), other = add_param(&b, NO_DIMS);
    int32_t y = tl_op_table[op].nargs == 2 ? add_op2(&b, op, a, other) : add_op1(&b, op, a);
    b.instr[y].num[0] = n0;
    b.instr[y].num[1] = n1;
    set_loss(&b, y);
    d.params[0] = d.params[1] = x;
    d.weight[0] = 1;
    run_window(&b, TL_F64, &d, &r);
    return r.grads[0];
}

static void where_there_is_no_derivative_pytorchs_is_taken(void **state)
{
    (void)state;
    assert_true(slope_at(OP_RELU, 0, 0, 0) == 0);
    assert_true(slope_at(OP_ABS, 0, 0, 0) == 0);
    assert_true(slope_at(OP_MAX, 2, 0, 0) == 0.5);
    assert_true(slope_at(OP_MIN, 2, 0, 0) == 0.5);
    assert_true(slope_at(OP_CLAMP, 1, 1, 2) == 1);
    assert_true(slope_at(OP_CLAMP, 2, 1, 2) == 1);
    assert_true(slope_at(OP_CLAMP, 2.5, 1, 2) == 0);
    assert_true(slope_at(OP_POWC, 0, 0, 0) == 0);
    assert_true(slope_at(OP_POWC, 0, 1, 0) == 1);
    assert_true(slope_at(OP_POWC, 0, 2, 0) == 0);
    assert_true(slope_at(OP_EQ, 1, 0, 0) == 0);
}

static int32_t first_of_softmax(Builder *b, tl_op op, int32_t x, int32_t y)
{
    int32_t both = add_concat(b, 0, 2, (int32_t[]) { x, y });
    return add_slice(b, add_softmax(b, op, both, 0), 0, 0, 1);
}

/* Value of op at x; of a binary operation at (0, x), of a softmax the first of (x, 0). -77: NaN. */
static double value_at(tl_type real, tl_op op, double x, double n0, double n1)
{
    Builder b;
    start(&b, 1, 1);
    int32_t a = add_param(&b, SHAPE(1)), zero = add_const(&b, 0, SHAPE(1));
    int32_t y;
    if (tl_op_table[op].kind == TL_ROWWISE)
        y = first_of_softmax(&b, op, a, zero);
    else
        y = tl_op_table[op].nargs == 2 ? add_op2(&b, op, zero, a) : add_op1(&b, op, a);
    b.instr[y].num[0] = tl_op_table[op].kind == TL_ROWWISE ? 0 : n0;
    b.instr[y].num[1] = n1;
    set_next(&b, add_state(&b, SHAPE(1), 0), add_op2(&b, OP_EQ, y, y)); /* 0 for NaN */
    set_loss(&b, add_where(&b, add_op2(&b, OP_EQ, y, y), y, add_const(&b, -77, NO_DIMS)));
    d.params[0] = x;
    run_window(&b, real, &d, &r);
    return r.losses[0];
}

static void tails_are_stable(void **state)
{
    (void)state;
    for (tl_type real = TL_F32; real <= TL_F64; real++) {
        double eps = real == TL_F32 ? 1e-7 : 1e-15, exp_80 = exp(-80);
        assert_near(value_at(real, OP_SIGMOID, -80, 0, 0), exp_80, 4 * eps * exp_80);
        assert_near(value_at(real, OP_SIGMOID, -1000, 0, 0), 0, 0);
        assert_near(value_at(real, OP_SIGMOID, 1000, 0, 0), 1, 0);
        assert_near(value_at(real, OP_SOFTPLUS, 1000, 0, 0), 1000, 0);
        assert_near(value_at(real, OP_SOFTPLUS, -80, 0, 0), exp_80, 4 * eps * exp_80);
        assert_near(value_at(real, OP_SOFTMAX, 1000, 0, 0), 1, 0);
        assert_near(value_at(real, OP_SOFTMAX, -80, 0, 0), exp_80, 4 * eps * exp_80);
        assert_near(value_at(real, OP_LOG_SOFTMAX, -1000, 0, 0), -1000, 1000 * eps);
    }
}

static void nan_is_not_hidden(void **state)
{
    (void)state;
    assert_near(value_at(TL_F64, OP_RELU, NAN, 0, 0), -77, 0);
    assert_near(value_at(TL_F64, OP_MAX, NAN, 0, 0), -77, 0);
    assert_near(value_at(TL_F64, OP_MIN, NAN, 0, 0), -77, 0);
    assert_near(value_at(TL_F64, OP_CLAMP, NAN, -1, 1), -77, 0);
    assert_near(value_at(TL_F64, OP_SOFTPLUS, NAN, 0, 0), -77, 0);
}

/* loss = 1 / h + w, h' = x. The older step's loss is infinite and does not count; and a value
 * without a use, 1 / (w - w), sends nothing back. */
static void what_does_not_count_adds_nothing(void **state)
{
    (void)state;
    Builder b;
    start(&b, 2, 1);
    int32_t w = add_param(&b, NO_DIMS), h = add_state(&b, NO_DIMS, 0), x = add_input(&b, NO_DIMS);
    int32_t one = add_const(&b, 1, NO_DIMS);
    add_probe(&b, add_op2(&b, OP_DIV, one, add_op2(&b, OP_SUB, h, w)));
    int32_t y = add_op2(&b, OP_ADD, add_op2(&b, OP_DIV, w, h), w);
    set_next(&b, h, x);
    set_loss(&b, y);
    d.params[0] = 4;
    d.input[0][0] = d.input[0][1] = 2;
    d.weight[1] = 1;
    run_window(&b, TL_F64, &d, &r);
    assert_true(isinf(r.losses[0]));
    assert_near(r.grads[0], 1.5, 0);
    assert_true(r.probe_grads[0] == 0 && r.probe_grads[1] == 0);
}

/* A probe of a shared value: value and adjoint, summed over lanes, stand in every lane. */
static void a_shared_probe_stands_in_every_lane(void **state)
{
    (void)state;
    Builder b;
    start(&b, 2, 2);
    int32_t p = add_probe(&b, add_op1(&b, OP_SQUARE, add_param(&b, NO_DIMS)));
    set_loss(&b, add_op2(&b, OP_MUL, p, add_input(&b, NO_DIMS)));
    d.params[0] = 3;
    const double x[] = { 1, 2, 3, 4 };
    memcpy(d.input[0], x, sizeof x);
    memcpy(d.weight, (double[]) { 0, 0, 1, 1 }, 4 * sizeof(double));
    run_window(&b, TL_F64, &d, &r);
    assert_true(r.probes[0] == 9 && r.probes[1] == 9 && r.probes[2] == 9 && r.probes[3] == 9);
    assert_true(r.probe_grads[0] == 0 && r.probe_grads[1] == 0);
    assert_true(r.probe_grads[2] == 7 && r.probe_grads[3] == 7);
    assert_true(r.grads[0] == 42);
}

/* Slot t of a window draws as step tick - (k2 - 1 - t), so overlapping windows agree. */
static void dropout_follows_the_count_of_steps(void **state)
{
    (void)state;
    Builder b;
    start(&b, 3, 2);
    add_probe(&b, add_dropmask(&b, SHAPE(8), 0.5, 6));
    d.seed = 9;
    d.tick = 20;
    run_window(&b, TL_F64, &d, &r);
    for (uint64_t t = 0; t < 3; t++) {
        double mask[16];
        tl_dropmask_f64(mask, 0, 2, 8, 0.5, 9, 18 + t, 6);
        assert_memory_equal(mask, r.probes + 16 * t, sizeof mask);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_gradient_checked_on_paper),
        cmocka_unit_test(a_reset_starts_the_state_and_stops_the_gradient),
        cmocka_unit_test(a_reset_at_the_oldest_slot_overrides_the_entering_state),
        cmocka_unit_test(a_value_may_be_the_next_state_of_several_states),
        cmocka_unit_test(without_a_loss_the_gradient_is_zero_and_no_loss_is_written),
        cmocka_unit_test(where_there_is_no_derivative_pytorchs_is_taken),
        cmocka_unit_test(tails_are_stable),
        cmocka_unit_test(nan_is_not_hidden),
        cmocka_unit_test(what_does_not_count_adds_nothing),
        cmocka_unit_test(a_shared_probe_stands_in_every_lane),
        cmocka_unit_test(dropout_follows_the_count_of_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
