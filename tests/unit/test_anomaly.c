/* The first value that is not finite is found, in the order in which a window is run. */
#include "unit.h"

#include <math.h>

#include <tapeless/anomaly.h>
#include <tapeless/init.h>
#include <tapeless/trainer.h>
#include <tapeless/training.h>
#include "fake_model.h"
#include "random_series.h"

enum { LANES = 3, SLOTS = 5, PROBE = 16 }; /* PROBE: where the second begins */

static const tl_tensor declared[] = {
    { .name = "gate", .type = TL_F64 },
    { .name = "hidden", .offset = PROBE, .type = TL_F64 },
};
static const tl_tensor operations[] = {
    { .name = "my models/a.lua:7 exp %5", .type = TL_F64 },
    { .name = "my models/a.lua:9 log %6", .offset = PROBE, .type = TL_F64 },
};

typedef struct Case {
    tl_model m;
    tl_buffers b;
    tl_window w;
    tl_error e;
} Case;

/* A window of four steps, all of it finite. */
static void begin(Case *c, const tl_tensor *probes)
{
    c->m = fake_linear(TL_F64);
    c->m.nprobes = 2;
    c->m.probes = probes;
    c->m.probe_size = PROBE + SLOTS * LANES;
    assert_int_equal(tl_buffers_new(&c->b, &c->m, &c->e), 0);
    for (int i = 0; i < SLOTS * LANES; i++)
        ((double *)c->b.mask)[i] = ((double *)c->b.weight)[i] = 1;
    c->w = tl_buffers_window(&c->b, 1);
    c->w.tick = 100;
    assert_int_equal(tl_anomaly_check(&c->m, &c->b, &c->w, 8, &c->e), 0);
}

/* With block[at] = x the sentence has `text`. What is set stays: the next must come before it. */
static void expect(Case *c, void *block, int at, double x, const char *text)
{
    ((double *)block)[at] = x;
    assert_int_equal(tl_anomaly_check(&c->m, &c->b, &c->w, 8, &c->e), -1);
    assert_contains(c->e.text, text);
}

static void the_first_in_order_of_execution_is_named(void **state)
{
    (void)state;
    Case c;
    begin(&c, declared);
    tl_buffers *b = &c.b;
    expect(&c, b->grads, 17, NAN, "update 8: the gradient of w is NaN at element 1; it is the first");
    expect(&c, b->probe_grads, 1 * LANES, INFINITY, "the gradient that reaches probe 'gate' is inf in step 1");
    expect(&c, b->probe_grads, PROBE + 3 * LANES, NAN, "reaches probe 'hidden' is NaN in step 3");
    expect(&c, b->losses, 4 * LANES + 2, NAN, "the loss is NaN in step 4 of its window of 4 (step 100 of the "
                                              "training), lane 3");
    expect(&c, b->states, 4 * LANES + 1, -INFINITY, "the state h after it is -inf in step 3 of its window of 4 "
                                                    "(step 99 of the training), lane 2");
    expect(&c, b->probes, PROBE + 3 * LANES, NAN, "the value of probe 'hidden' is NaN in step 3");
    expect(&c, b->probes, 3 * LANES, NAN, "the value of probe 'gate' is NaN in step 3");
    assert_contains(c.e.text, "finite; tapeless train SPEC --anomaly finds the operation");
    expect(&c, b->input[0], 3 * LANES * 2, NAN, "the input is NaN in step 3");
    expect(&c, b->states, 1 * LANES, NAN, "the state h that enters it is NaN in step 1");
    expect(&c, b->params, 16, INFINITY, "update 8: the parameter w is inf at element 0");
    tl_buffers_free(b);
}

static void operations_are_told_by_their_line(void **state)
{
    (void)state;
    Case c;
    begin(&c, operations);
    expect(&c, c.b.probe_grads, 2 * LANES, NAN, "the gradient that reaches exp at my models/a.lua:7 is NaN in step 2");
    expect(&c, c.b.probes, PROBE + 2 * LANES, INFINITY, "the value of log at my models/a.lua:9 is inf in step 2");
    assert_null(strstr(c.e.text, "tapeless"));
    tl_buffers_free(&c.b);
}

static void padding_and_what_does_not_count_may_be_anything(void **state)
{
    (void)state;
    Case c;
    begin(&c, declared);
    ((double *)c.b.mask)[2 * LANES + 1] = ((double *)c.b.weight)[3 * LANES] = 0;
    ((double *)c.b.probes)[2 * LANES + 1] = ((double *)c.b.losses)[3 * LANES] = NAN;
    ((double *)c.b.probes)[0] = NAN; /* before the window */
    assert_int_equal(tl_anomaly_check(&c.m, &c.b, &c.w, 8, &c.e), 0);
    ((double *)c.b.grads)[0] = NAN;
    c.w.grads = NULL; /* forward only */
    assert_int_equal(tl_anomaly_check(&c.m, &c.b, &c.w, 8, &c.e), 0);
    tl_buffers_free(&c.b);
}

/* Until input 7 all is well; the parameters are those of the update before. */
static void stop(int k1, uint64_t updates, const char *text)
{
    tl_error e;
    tl_training t;
    random_series r;
    double before[18];
    tl_model m = fake_linear(TL_F64);
    m.tbptt.k1 = k1;
    tl_engine engine = tl_generated_engine(&m);
    random_series_new(&r, &m, 40, 1);
    ((double *)r.x.input[0])[7 * LANES * 2] = INFINITY;
    assert_int_equal(tl_training_new(&t, &engine, &r.s, &m.train, &e), 0);
    assert_int_equal(tl_init_params(&m, t.buffers.params, 1, &e), 0);
    t.anomaly = 1;
    tl_training_start(&t);
    for (uint64_t i = 0; i < updates; i++)
        assert_int_equal(tl_training_update(&t, &e), 0);
    memcpy(before, t.buffers.params, sizeof before);
    assert_int_equal(tl_training_update(&t, &e), -1);
    assert_contains(e.text, text);
    assert_memory_equal(before, t.buffers.params, sizeof before);
    tl_training_free(&t);
    random_series_free(&r);
}

static void training_stops_there(void **state)
{
    (void)state;
    stop(2, 3, "update 4: the input is inf in step 5 of its window of 5 (step 8 of the training), lane 1");
    stop(20, 0, "update 1: the input is inf in step 3 of its window of 5 (step 8 of the training), lane 1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_in_order_of_execution_is_named),
        cmocka_unit_test(operations_are_told_by_their_line),
        cmocka_unit_test(padding_and_what_does_not_count_may_be_anything),
        cmocka_unit_test(training_stops_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
