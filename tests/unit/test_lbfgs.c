/* L-BFGS on costs written by hand: Rosenbrock's valley, and a bowl with a wall. */
#include "unit.h"

#include <math.h>
#include <string.h>

#include <tapeless/generated.h>
#include <tapeless/optimizer.h>
#include <tapeless/training.h>
#include "random_series.h"

enum { N = 6 }; /* parameters: x and y of three valleys */

static int beyond; /* how often bowl_window was on the other side of its wall */
static int hidden; /* 1: there the gradient is NaN, and not the cost */

/* The loss of each of two lanes is the sum over valleys of (1 - x)^2 + 100 (y - x^2)^2, the second's a third of it. */
static void valley_window(const tl_window *w)
{
    const double *p = w->params, *weight = w->weight;
    double *g = w->grads, *loss = w->losses, sum = 0, share = weight[0] + weight[1] / 3;
    for (int i = 0; i < N; i += 2) {
        double x = p[i], y = p[i + 1], off = y - x * x;
        sum += (1 - x) * (1 - x) + 100 * off * off;
        g[i] = share * (-2 * (1 - x) - 400 * x * off);
        g[i + 1] = share * 200 * off;
    }
    loss[0] = sum;
    loss[1] = sum / 3;
}

/* sum of sqrt(1 + (x - 3)^2), nearly straight far away, so that steps become long; not finite where an x is above 8. */
static void bowl_window(const tl_window *w)
{
    const double *p = w->params, *weight = w->weight;
    double *g = w->grads, *loss = w->losses, sum = 0;
    for (int i = 0; i < N; i++) {
        double root = sqrt(1 + (p[i] - 3) * (p[i] - 3));
        int there = p[i] > 8;
        beyond += there;
        sum += there && !hidden ? NAN : root;
        g[i] = there && hidden ? NAN : (weight[0] + weight[1]) * (p[i] - 3) / root;
    }
    loss[0] = loss[1] = sum;
}

/* sum of |x - 3|, of x that are alike: no step satisfies the second condition. */
static void kink_window(const tl_window *w)
{
    const double *p = w->params, *weight = w->weight;
    double *g = w->grads, *loss = w->losses, sum = 0;
    for (int i = 0; i < N; i++) {
        sum += fabs(p[i] - 3);
        g[i] = (weight[0] + weight[1]) * (p[i] < 3 ? -1 : 1);
    }
    loss[0] = loss[1] = sum;
}

static const tl_tensor three[] = {
    { .name = "a", .rank = 1, .dim = { 2 }, .type = TL_F64 },
    { .name = "b", .rank = 1, .dim = { 2 }, .offset = 2, .type = TL_F64 },
    { .name = "c", .rank = 1, .dim = { 2 }, .offset = 4, .type = TL_F64 },
};

static const tl_optimizer_spec plain = { .kind = TL_LBFGS, .history = 10, .tol_gradient = 1e-10 };

typedef struct Valley {
    tl_model m;
    tl_tensor params[3];
    tl_engine engine;
    random_series r;
    tl_training t;
} Valley;

static void begin(Valley *v, const tl_optimizer_spec *s, const tl_rule *rule_of_c)
{
    tl_error e;
    static const double start[N] = { -1.2, 1, 0.5, -0.5, 2, 0.3 };
    *v = (Valley){ .m = { .abi = TL_ABI, .name = "valley", .loss = "custom", .real = TL_F64, .nparams = 3,
                          .param_size = N, .tbptt = { .k1 = 1, .k2 = 1, .batch = 2 }, .window = valley_window } };
    memcpy(v->params, three, sizeof three);
    v->params[2].rule = rule_of_c;
    v->m.params = v->params;
    v->m.train.optimizer = *s;
    v->engine = tl_generated_engine(&v->m);
    random_series_new(&v->r, &v->m, 3, 1);
    if (tl_training_new(&v->t, &v->engine, &v->r.s, &v->m.train, &e))
        fail_msg("%s", e.text);
    memcpy(v->t.buffers.params, start, sizeof start);
    tl_training_start(&v->t);
}

static void end(Valley *v)
{
    tl_training_free(&v->t);
    random_series_free(&v->r);
}

/* Iterations until it stops, of which none may raise the cost. */
static int iterate(Valley *v, int most)
{
    tl_error e;
    int n = 0;
    double before = INFINITY;
    while (n < most && !v->t.whole.stop) {
        if (tl_training_update(&v->t, &e))
            fail_msg("%s", e.text);
        n += v->t.updated;
        assert_true(v->t.whole.at.cost < before || !v->t.updated);
        before = v->t.whole.at.cost;
    }
    assert_int_equal(v->t.cursor.update, n);
    assert_int_equal(v->t.cursor.epoch, n);
    assert_int_equal(v->t.cursor.tick, 3 * n);
    return n;
}

static void it_ends_at_the_bottom_of_the_valley(void **state)
{
    (void)state;
    Valley v;
    begin(&v, &plain, NULL);
    int n = iterate(&v, 1000);
    print_message("%d iterations, %d evaluations\n", n, (int)v.t.whole.evaluations);
    assert_int_equal(v.t.whole.stop, TL_STOP_GRADIENT);
    assert_true(n < 150);
    for (int i = 0; i < N; i++)
        assert_near(((double *)v.t.buffers.params)[i], 1, 1e-9);
    v.t.whole.stop = TL_STOP_NOT;
    tl_error e;
    assert_int_equal(tl_training_update(&v.t, &e), 0); /* there is nothing left to do */
    assert_false(v.t.updated);
    assert_int_equal(v.t.whole.stop, TL_STOP_GRADIENT);
    end(&v);
}

/* The mean over steps and lanes of what each counts, the same as the cost of one window; and l2 is added to it. */
static void the_cost_is_the_mean_of_all_steps(void **state)
{
    (void)state;
    tl_error e;
    Valley v;
    tl_rule half = { .trained = TL_TRAINED, .lr = 1, .weight_decay = 0.5, .min = -INFINITY, .max = INFINITY };
    tl_optimizer_spec l2 = plain;
    l2.l2 = 0.2;
    begin(&v, &l2, &half);
    assert_int_equal(tl_objective_at(&v.t, &v.t.whole.at, &e), 0);
    const tl_objective *o = &v.t.whole.at;
    double f = 24.2 + (0.25 + 100 * 0.5625) + (1 + 100 * 3.7 * 3.7);
    double squares = 1.44 + 1 + 0.25 + 0.25 + 0.5 * (4 + 0.09);
    assert_near(o->loss, 2. / 3 * f, 1e-12 * f);
    assert_near(o->cost, 2. / 3 * f + 0.1 * squares, 1e-12 * f);
    assert_near(o->grad[0], 2. / 3 * -215.6 + 0.2 * -1.2, 1e-10);
    assert_near(o->grad[5], 2. / 3 * 200 * -3.7 + 0.1 * 0.3, 1e-10);
    assert_false(o->truncated);
    end(&v);
}

static void what_is_not_finite_shortens_the_step(void **state)
{
    (void)state;
    for (hidden = 0; hidden < 2; hidden++) {
        Valley v;
        begin(&v, &plain, NULL);
        v.m.window = bowl_window;
        for (int i = 0; i < N; i++)
            ((double *)v.t.buffers.params)[i] = -50;
        beyond = 0;
        iterate(&v, 1000);
        assert_true(beyond > 0);
        for (int i = 0; i < N; i++)
            assert_near(((double *)v.t.buffers.params)[i], 3, 1e-7);
        end(&v);
    }
    hidden = 0;
}

/* The first step is of length 1, after which the gradient is nearly what it was: so it goes on. */
static void a_step_is_long_enough(void **state)
{
    (void)state;
    Valley v;
    begin(&v, &plain, NULL);
    v.m.window = bowl_window;
    for (int i = 0; i < N; i++)
        ((double *)v.t.buffers.params)[i] = -50;
    iterate(&v, 1);
    assert_true(v.t.lr > 1);
    assert_true(fabs(v.t.whole.at.grad[0]) <= 0.9 * 53 / sqrt(1 + 53 * 53));
    end(&v);
}

/* The last point that was tried is not always it. */
static void a_line_with_a_kink_ends_at_its_lowest_point(void **state)
{
    (void)state;
    tl_error e;
    for (int from = 1; from <= 20; from++) {
        Valley v;
        begin(&v, &plain, NULL);
        v.m.window = kink_window;
        for (int i = 0; i < N; i++)
            ((double *)v.t.buffers.params)[i] = -0.123 * from;
        iterate(&v, 1);
        double cost = v.t.whole.at.cost;
        assert_int_equal(tl_objective_at(&v.t, &v.t.whole.at, &e), 0);
        assert_true(v.t.whole.at.cost == cost); /* it is that of the parameters, */
        for (int i = 0; i < N; i++)             /* and these are where lr says */
            assert_true(((double *)v.t.buffers.params)[i] ==
                        v.t.whole.lbfgs.start[i] + v.t.lr * v.t.whole.lbfgs.direction[i]);
        end(&v);
    }
}

static void parameters_that_are_too_large_are_seen(void **state)
{
    (void)state;
    Valley v;
    const double huge[N] = { [3] = 1.5e308 };
    begin(&v, &plain, NULL);
    assert_true(tl_whole_record_move(&v.t, huge, huge, 0));
    assert_false(tl_whole_record_move(&v.t, huge, huge, 1));
    end(&v);
}

/* What it remembers makes of the gradient a direction that leads up: it forgets, and goes along the gradient. */
static void a_direction_that_leads_up_is_not_followed(void **state)
{
    (void)state;
    tl_error e;
    Valley v;
    begin(&v, &plain, NULL);
    iterate(&v, 3);
    for (int i = 0; i < 3 * 2 * N; i++)
        v.t.whole.lbfgs.pair[i] *= i / N % 2 ? -1 : 1; /* all y */
    double before = v.t.whole.at.cost;
    assert_int_equal(tl_training_update(&v.t, &e), 0);
    assert_true(v.t.updated && v.t.whole.at.cost < before);
    assert_true(v.t.whole.number[TL_LBFGS_PAIRS] == 1);
    end(&v);
}

static void a_start_without_a_finite_cost_is_an_error(void **state)
{
    (void)state;
    tl_error e;
    Valley v;
    begin(&v, &plain, NULL);
    v.m.window = bowl_window;
    ((double *)v.t.buffers.params)[3] = 9;
    assert_int_equal(tl_training_update(&v.t, &e), -1);
    assert_contains(e.text, "update 1: the cost of the data is nan");
    end(&v);
}

static void what_is_frozen_keeps_its_bits(void **state)
{
    (void)state;
    Valley v;
    tl_rule frozen = { .trained = TL_FROZEN, .lr = 1, .weight_decay = 1, .min = -INFINITY, .max = INFINITY };
    begin(&v, &plain, &frozen);
    iterate(&v, 1000);
    const double *p = v.t.buffers.params;
    assert_true(p[4] == 2 && p[5] == 0.3);
    assert_near(p[0], 1, 1e-5); /* beside the cost of the frozen valley, some 1000, no more can be seen */
    assert_int_equal(v.t.whole.stop, TL_STOP_NO_DECREASE);
    end(&v);
}

/* With x <= 0.5 the lowest point is (0.5, 0.25): the gradient of x leads beyond the bound. */
static void bounds_hold_at_the_end(void **state)
{
    (void)state;
    Valley v;
    tl_rule bound = { .trained = TL_TRAINED, .lr = 1, .weight_decay = 1, .min = -INFINITY, .max = 0.5 };
    begin(&v, &plain, &bound);
    iterate(&v, 2000);
    const double *p = v.t.buffers.params;
    assert_true(p[4] == 0.5);
    assert_near(p[5], 0.25, 1e-7);
    assert_near(p[0], 1, 1e-6);
    end(&v);
}

/* Each test of the end, where the others cannot be met. */
static void it_says_why_it_ends(void **state)
{
    (void)state;
    Valley v;
    tl_optimizer_spec cost = { .kind = TL_LBFGS, .history = 10, .tol_cost = 0.999 };
    tl_optimizer_spec step = { .kind = TL_LBFGS, .history = 10, .tol_step = 10 };
    begin(&v, &cost, NULL);
    iterate(&v, 1000);
    assert_int_equal(v.t.whole.stop, TL_STOP_COST);
    end(&v);
    begin(&v, &step, NULL);
    assert_int_equal(iterate(&v, 1000), 1);
    assert_int_equal(v.t.whole.stop, TL_STOP_STEP);
    end(&v);
}

static void the_best_parameters_come_back(void **state)
{
    (void)state;
    Valley v;
    tl_optimizer_spec patient = plain;
    double best[N];
    patient.patience = 3;
    begin(&v, &patient, NULL);
    iterate(&v, 5);
    tl_whole_record_keep(&v.t);
    memcpy(best, v.t.buffers.params, sizeof best);
    tl_error e;
    assert_int_equal(tl_training_update(&v.t, &e), 0);
    assert_memory_not_equal(best, v.t.buffers.params, sizeof best);
    tl_whole_record_best(&v.t);
    assert_memory_equal(best, v.t.buffers.params, sizeof best);
    double *vector;
    assert_false(tl_whole_record_remembered(&v.t, 0, &vector)); /* it begins anew from there */
    end(&v);
}

static void a_learning_rate_of_a_parameter_is_refused(void **state)
{
    (void)state;
    tl_error e;
    Valley v;
    tl_rule slow = { .trained = TL_TRAINED, .lr = 0.1, .weight_decay = 1, .min = -INFINITY, .max = INFINITY };
    tl_training t;
    begin(&v, &plain, NULL);
    v.params[2].rule = &slow;
    assert_int_equal(tl_training_new(&t, &v.engine, &v.r.s, &v.m.train, &e), -1);
    assert_string_equal(e.text, "the parameter c has lr = 0.1, a factor of the optimizer's learning rate, and lbfgs "
                        "has none: leave it out, or freeze the parameter with trainable = false");
    v.params[2].rule = NULL;
    v.m.tbptt.carry = 1;
    assert_int_equal(tl_training_new(&t, &v.engine, &v.r.s, &v.m.train, &e), -1);
    assert_string_equal(e.text, "every iteration of lbfgs begins at the initial state: leave out tbptt.carry");
    end(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_ends_at_the_bottom_of_the_valley),
        cmocka_unit_test(the_cost_is_the_mean_of_all_steps),
        cmocka_unit_test(what_is_not_finite_shortens_the_step),
        cmocka_unit_test(a_step_is_long_enough),
        cmocka_unit_test(a_line_with_a_kink_ends_at_its_lowest_point),
        cmocka_unit_test(parameters_that_are_too_large_are_seen),
        cmocka_unit_test(a_direction_that_leads_up_is_not_followed),
        cmocka_unit_test(a_start_without_a_finite_cost_is_an_error),
        cmocka_unit_test(what_is_frozen_keeps_its_bits),
        cmocka_unit_test(bounds_hold_at_the_end),
        cmocka_unit_test(it_says_why_it_ends),
        cmocka_unit_test(the_best_parameters_come_back),
        cmocka_unit_test(a_learning_rate_of_a_parameter_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
