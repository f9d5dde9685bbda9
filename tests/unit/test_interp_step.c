/* test_interp_step.c - one step forward, as in evaluation. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gradient_check.h"

enum { K2 = 4, BATCH = 3, STATE_A = 2, STATE_B = 3 };

/* a' = tanh(a + x), b' = sin(b + w sum(a')), output b' and w b', loss sum(b' y), y the target.
 * With dropout, a' is masked. */
static void two_states(Builder *b, bool dropout)
{
    builder_start(b, K2, BATCH);
    int32_t x = add_input(b, SHAPE(STATE_A)), y = add_target(b, SHAPE(STATE_B));
    int32_t w = add_param(b, SHAPE(STATE_B)), a = add_state(b, SHAPE(STATE_A), 0);
    int32_t s = add_state(b, SHAPE(STATE_B), 0);
    int32_t next_a = add_op1(b, OP_TANH, add_op2(b, OP_ADD, a, x));
    if (dropout)
        next_a = add_op2(b, OP_MUL, next_a, add_dropmask(b, SHAPE(STATE_A), 0.5, 1));
    int32_t sum = add_sum(b, next_a, SHAPE(1), false);
    int32_t next_s = add_op1(b, OP_SIN, add_op2(b, OP_ADD, s, add_op2(b, OP_MUL, w, sum)));
    set_next(b, a, next_a);
    set_next(b, s, next_s);
    add_output(b, next_s);
    add_output(b, w);
    set_loss(b, add_sum(b, add_op2(b, OP_MUL, next_s, y), NO_DIMS, false));
}

static void random_data(const Builder *b, WindowData *d)
{
    tl_random random = { .key = 1 };
    memset(d, 0, sizeof *d);
    for (size_t e = 0; e < MAX_ELEMENTS; e++) {
        d->params[e] = random_between(&random, -1, 1);
        d->states[e] = random_between(&random, -1, 1);
        d->input[0][e] = random_between(&random, -1, 1);
        d->target[0][e] = random_between(&random, -1, 1);
    }
    assert_true(b->model.tbptt.k2 == K2);
}

typedef struct StepRun {
    tl_interp *ip;
    tl_engine engine;
    double params[STATE_B], state[BATCH * (STATE_A + STATE_B)];
    double output[BATCH * STATE_B], shared_output[BATCH * STATE_B], losses[BATCH];
} StepRun;

static void run_start(StepRun *s, Builder *b, const WindowData *d)
{
    tl_error e;
    builder_finish(b, TL_F64);
    s->ip = tl_interp_new(&b->model, &b->program, &e);
    assert_non_null(s->ip);
    s->engine = tl_interp_engine(s->ip);
    memcpy(s->params, d->params, sizeof s->params);
}

/* One step in place, from arrays of exactly the size of a step. */
static void run_step(StepRun *s, int32_t lanes, const double *x, const double *y)
{
    size_t n = (size_t)lanes;
    void *input[] = { block_new(TL_F64, n * STATE_A, x) };
    void *target[] = { y ? block_new(TL_F64, n * STATE_B, y) : NULL };
    void *output[] = { s->output, s->shared_output };
    tl_step step = {
        .lanes = lanes, .input = (const void *const *)input,
        .target = y ? (const void *const *)target : NULL, .params = s->params,
        .state = s->state, .next_state = s->state, .output = output, .losses = s->losses,
    };
    s->engine.step(s->engine.self, &step);
    free(input[0]);
    free(target[0]);
}

/* Lanes first_lane .. of state index t of a window's block, as a step's. */
static void state_of(const Builder *b, const double *block, int t, int lane, int lanes, double *to)
{
    for (int k = 0; k < 2; k++) {
        size_t n = tl_size(&b->model.states[k]);
        const double *from = block + b->model.states[k].offset + (size_t)(t * BATCH + lane) * n;
        memcpy(to, from, (size_t)lanes * n * sizeof *to);
        to += (size_t)lanes * n;
    }
}

/* Steps from the state that enters a window leave the states, outputs and losses of its slots, for
 * all lanes and for one. */
static void compare_with_window(int lane, int lanes)
{
    static WindowData d;
    static WindowResult r;
    Builder b;
    StepRun s;
    two_states(&b, false);
    random_data(&b, &d);
    run_window(&b, TL_F64, &d, &r);
    run_start(&s, &b, &d);
    state_of(&b, r.states, 0, lane, lanes, s.state);
    for (int t = 0; t < K2; t++) {
        double expected[BATCH * (STATE_A + STATE_B)];
        size_t at = (size_t)(t * BATCH + lane), n = (size_t)lanes;
        run_step(&s, lanes, d.input[0] + at * STATE_A, d.target[0] + at * STATE_B);
        state_of(&b, r.states, t + 1, lane, lanes, expected);
        assert_memory_equal(s.state, expected, n * (STATE_A + STATE_B) * sizeof(double));
        assert_memory_equal(s.losses, r.losses + at, n * sizeof(double));
        assert_memory_equal(s.output, expected + n * STATE_A, n * STATE_B * sizeof(double));
        for (size_t lane_of = 0; lane_of < n; lane_of++)
            assert_memory_equal(s.shared_output + lane_of * STATE_B, s.params, sizeof s.params);
    }
    tl_interp_free(s.ip);
}

static void steps_of_all_lanes_are_the_windows(void **state)
{
    (void)state;
    compare_with_window(0, BATCH);
}

static void steps_of_one_lane_are_the_windows(void **state)
{
    (void)state;
    for (int lane = 0; lane < BATCH; lane++)
        compare_with_window(lane, 1);
}

static void without_a_target_no_loss_is_written(void **state)
{
    (void)state;
    static WindowData d;
    Builder b;
    StepRun s[2];
    two_states(&b, false);
    random_data(&b, &d);
    for (int k = 0; k < 2; k++) {
        run_start(&s[k], &b, &d);
        memcpy(s[k].state, d.states, sizeof s[k].state);
        s[k].losses[0] = -5;
        run_step(&s[k], BATCH, d.input[0], k ? d.target[0] : NULL);
        tl_interp_free(s[k].ip);
    }
    assert_true(s[0].losses[0] == -5 && s[1].losses[0] != -5);
    assert_memory_equal(s[0].state, s[1].state, sizeof s[0].state);
    assert_memory_equal(s[0].output, s[1].output, sizeof s[0].output);
}

/* Dropout is a matter of training: with it and without it the step is the same. */
static void evaluation_drops_nothing(void **state)
{
    (void)state;
    static WindowData d;
    Builder b;
    StepRun s[2];
    for (int dropout = 0; dropout < 2; dropout++) {
        two_states(&b, dropout);
        random_data(&b, &d);
        run_start(&s[dropout], &b, &d);
        memcpy(s[dropout].state, d.states, sizeof s[dropout].state);
        run_step(&s[dropout], BATCH, d.input[0], d.target[0]);
        tl_interp_free(s[dropout].ip);
    }
    assert_memory_equal(s[0].state, s[1].state, sizeof s[0].state);
}

/* a' = b, b' = a, in place. */
static void states_may_change_places(void **state)
{
    (void)state;
    Builder b;
    tl_error e;
    builder_start(&b, 1, 2);
    int32_t x = add_state(&b, SHAPE(2), 0), y = add_state(&b, SHAPE(2), 0);
    set_next(&b, x, y);
    set_next(&b, y, x);
    builder_finish(&b, TL_F32);
    tl_interp *ip = tl_interp_new(&b.model, &b.program, &e);
    assert_non_null(ip);
    float s[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
    tl_step step = { .lanes = 2, .state = s, .next_state = s };
    tl_engine engine = tl_interp_engine(ip);
    engine.step(engine.self, &step);
    assert_memory_equal(s, ((float[]) { 5, 6, 7, 8, 1, 2, 3, 4 }), sizeof s);
    tl_interp_free(ip);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_of_all_lanes_are_the_windows),
        cmocka_unit_test(steps_of_one_lane_are_the_windows),
        cmocka_unit_test(without_a_target_no_loss_is_written),
        cmocka_unit_test(evaluation_drops_nothing),
        cmocka_unit_test(states_may_change_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
