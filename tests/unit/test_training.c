/* The loop around a window: which steps, which state enters, which count. */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <tapeless/buffers.h>
#include <tapeless/init.h>
#include <tapeless/trainer.h>
#include <tapeless/training.h>
#include "fake_model.h"
#include "random_series.h"

static void start(tl_training *t, const tl_engine *engine, const tl_series *s)
{
    tl_error e;
    assert_int_equal(tl_training_new(t, engine, s, &engine->model->train, &e), 0);
    assert_int_equal(tl_init_params(engine->model, t->buffers.params, 1, &e), 0);
    t->seed = 5;
    tl_training_start(t);
}

static void follow(double lr, const double *gradient)
{
    tl_error e;
    tl_training t;
    tl_model m = fake_scalar(lr);
    tl_engine engine = tl_generated_engine(&m);
    tl_series s = tl_series_empty(&m, 100, 1);
    start(&t, &engine, &s);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(tl_training_update(&t, &e), 0);
        assert_near(((double *)t.buffers.grads)[0], gradient[i], 5e-10);
    }
    tl_training_free(&t);
}

static void the_scalar_model_has_the_gradients_on_paper(void **state)
{
    (void)state;
    const double still[] = { 0.9, 0.36, 0.108, 0.0216, 0.00432 };
    const double moving[] = { 0.9, 0.198, 0.021967308, 0.001886114, 0.000165273 };
    follow(0, still);
    follow(0.1, moving);
}

/* ---- against a loop that keeps every state of the stream and shifts nothing ---- */

enum { STEPS = 23, LANES = 3, SLOTS = 5 };

typedef struct Plain {
    const tl_model *m;
    const random_series *r;
    double u, w[2], h[STEPS + 1][LANES]; /* h[t]: before step t */
    uint64_t tick;
} Plain;

static int starts(const Plain *p, int t)
{
    const double *reset = p->r->x.reset;
    return t == 0 || (reset && reset[t * LANES] && reset[t * LANES + 1] && reset[t * LANES + 2]);
}

static void plain_data(const Plain *p, tl_buffers *b, int from, int to)
{
    const double *reset = p->r->x.reset;
    for (int t = from; t < to; t++)
        for (int l = 0; l < LANES; l++) {
            int slot = (SLOTS - (to - t)) * LANES + l, at = t * LANES + l;
            ((double *)b->input[0])[2 * slot] = ((double *)p->r->x.input[0])[2 * at];
            ((double *)b->input[0])[2 * slot + 1] = ((double *)p->r->x.input[0])[2 * at + 1];
            ((double *)b->target[0])[slot] = ((double *)p->r->x.target[0])[at];
            ((double *)b->reset)[slot] = t == 0 || (reset && reset[at]);
        }
}

/* The weights by the definition: w / sum of w over the new steps. */
static void plain_weights(const Plain *p, tl_buffers *b, int from, int now, int to)
{
    const double *mask = p->r->x.mask;
    double total = 0;
    for (int t = now; t < to; t++)
        for (int l = 0; l < LANES; l++)
            total += mask ? mask[t * LANES + l] : 1;
    for (int t = from; t < to; t++)
        for (int l = 0; l < LANES; l++)
            ((double *)b->weight)[(SLOTS - (to - t)) * LANES + l] =
                t < now ? 0 : (mask ? mask[t * LANES + l] : 1) / total;
}

/* Step t by itself, forward only. */
static void plain_step(Plain *p, int t)
{
    tl_error e;
    tl_buffers b;
    assert_int_equal(tl_buffers_new(&b, p->m, &e), 0);
    double *params = b.params, *h = b.states;
    params[0] = p->u;
    params[16] = p->w[0];
    params[17] = p->w[1];
    memcpy(&h[(SLOTS - 1) * LANES], p->h[t], sizeof p->h[0]);
    plain_data(p, &b, t, t + 1);
    tl_window w = tl_buffers_window(&b, SLOTS - 1);
    w.grads = NULL;
    w.seed = 5;
    w.tick = ++p->tick;
    p->m->window(&w);
    memcpy(p->h[t + 1], &h[SLOTS * LANES], sizeof p->h[0]);
    tl_buffers_free(&b);
}

/* The update after step `to`, whose new steps are now .. to - 1. */
static void plain_update(Plain *p, int now, int to)
{
    tl_error e;
    tl_buffers b;
    for (; to - now > SLOTS; now++)
        plain_step(p, now);
    int from = now;
    while (from > 0 && to - from < SLOTS && !starts(p, from))
        from--;
    assert_int_equal(tl_buffers_new(&b, p->m, &e), 0);
    double *params = b.params, *g = b.grads, *h = b.states;
    int first = SLOTS - (to - from);
    params[0] = p->u;
    params[16] = p->w[0];
    params[17] = p->w[1];
    memcpy(&h[first * LANES], p->h[from], sizeof p->h[0]);
    plain_data(p, &b, from, to);
    plain_weights(p, &b, from, now, to);
    tl_window w = tl_buffers_window(&b, first);
    w.seed = 5;
    w.tick = p->tick += (uint64_t)(to - now);
    p->m->window(&w);
    memcpy(p->h[from + 1], &h[(first + 1) * LANES], (size_t)(to - from) * sizeof p->h[0]);
    p->u -= 0.01 * g[0];
    p->w[0] -= 0.01 * g[16];
    p->w[1] -= 0.01 * g[17];
    tl_buffers_free(&b);
}

static tl_model sgd_linear(int k1)
{
    tl_model m = fake_linear(TL_F64);
    m.tbptt.k1 = k1;
    m.train.optimizer = (tl_optimizer_spec){ .kind = TL_SGD, .lr = 0.01 };
    return m;
}

static void compare(tl_model *m, random_series *r)
{
    tl_error e;
    tl_training t;
    tl_engine engine = tl_generated_engine(m);
    start(&t, &engine, &r->s);
    double *q = t.buffers.params;
    Plain p = { .m = m, .r = r, .u = q[0], .w = { q[16], q[17] } };
    int k1 = m->tbptt.k1;
    for (int epoch = 0; epoch < 2; epoch++) {
        for (int l = 0; l < LANES; l++)
            p.h[0][l] = epoch && m->tbptt.carry ? p.h[STEPS][l] : 0.5;
        for (int now = 0; now < STEPS; now += k1) {
            plain_update(&p, now, now + k1 < STEPS ? now + k1 : STEPS);
            if (tl_training_update(&t, &e))
                fail_msg("k1 = %d, epoch %d, step %d: %s", k1, epoch, now, e.text);
            assert_true(q[0] == p.u && q[16] == p.w[0] && q[17] == p.w[1]);
        }
        assert_int_equal(t.cursor.epoch, epoch + 1);
        assert_int_equal(t.cursor.position, 0);
    }
    assert_int_equal(t.cursor.tick, 2 * STEPS);
    assert_int_equal(t.cursor.update, 2 * tl_training_epoch_updates(&t));
    tl_training_free(&t);
}

static void every_k1_trains_the_windows_of_the_definition(void **state)
{
    (void)state;
    for (int k1 = 1; k1 <= STEPS + 1; k1++) { /* beyond SLOTS, steps are passed through */
        tl_model m = sgd_linear(k1);
        random_series r;
        random_series_new(&r, &m, STEPS, 3);
        compare(&m, &r);
        random_series_free(&r);
    }
}

static void flags_new(random_series *r)
{
    r->x.mask = tl_aligned(STEPS * LANES * sizeof(double));
    r->x.reset = tl_aligned(STEPS * LANES * sizeof(double));
    for (int i = 0; i < STEPS * LANES; i++)
        ((double *)r->x.mask)[i] = 1 + i % 3;
}

static void windows_do_not_reach_over_a_common_start(void **state)
{
    (void)state;
    for (int k1 = 1; k1 <= STEPS + 1; k1++) {
        tl_model m = sgd_linear(k1);
        random_series r;
        random_series_new(&r, &m, STEPS, 4);
        flags_new(&r);
        double *reset = r.x.reset;
        reset[4 * LANES + 1] = 1; /* one lane alone: the window goes on */
        for (int l = 0; l < LANES; l++)
            reset[12 * LANES + l] = reset[13 * LANES + l] = reset[21 * LANES + l] = 1;
        compare(&m, &r);
        random_series_free(&r);
    }
}

/* The length of windows, seen from outside: k2 but at the start and after a common start. */
static void windows_grow_from_a_start(void **state)
{
    (void)state;
    const int want[] = { 1, 2, 3, 4, 5, 5, 5, 1, 2, 3, 4, 5, 5 };
    tl_error e;
    tl_model m = sgd_linear(1);
    random_series r;
    tl_training t;
    tl_engine engine = tl_generated_engine(&m);
    random_series_new(&r, &m, STEPS, 4);
    flags_new(&r);
    for (int l = 0; l < LANES; l++)
        ((double *)r.x.reset)[7 * LANES + l] = 1;
    start(&t, &engine, &r.s);
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        assert_int_equal(tl_training_update(&t, &e), 0);
        assert_int_equal(t.length, want[i]);
        assert_int_equal(t.fresh, 1);
    }
    tl_training_free(&t);
    random_series_free(&r);
}

static void carry_takes_the_state_to_the_next_epoch(void **state)
{
    (void)state;
    tl_model m = sgd_linear(5);
    m.tbptt.carry = 1;
    random_series r;
    random_series_new(&r, &m, STEPS, 6);
    tl_engine engine = tl_generated_engine(&m);
    tl_training t;
    tl_error e;
    start(&t, &engine, &r.s);
    double *h = t.buffers.states, *q = t.buffers.params;
    for (int i = 0; i < 5; i++)
        assert_int_equal(tl_training_update(&t, &e), 0);
    int32_t entry = tl_training_entry(&t);
    double entering = h[entry * LANES];
    assert_true(entering == h[SLOTS * LANES] && entering != 0.5);
    /* no reset flag: what was carried enters */
    assert_int_equal(tl_training_update(&t, &e), 0);
    for (int i = 0; i < SLOTS * LANES; i++)
        assert_true(((double *)t.buffers.reset)[i] == 0);
    assert_true(isfinite(q[0]));
    tl_training_free(&t);
    random_series_free(&r);
}

static void what_is_not_finite_stops_and_changes_nothing(void **state)
{
    (void)state;
    tl_error e;
    tl_model m = sgd_linear(2);
    random_series r;
    random_series_new(&r, &m, STEPS, 6);
    ((double *)r.x.target[0])[5 * LANES] = NAN;
    tl_engine engine = tl_generated_engine(&m);
    tl_training t;
    double before[18];
    start(&t, &engine, &r.s);
    assert_int_equal(tl_training_update(&t, &e), 0);
    assert_int_equal(tl_training_update(&t, &e), 0);
    memcpy(before, t.buffers.params, sizeof before);
    assert_int_equal(tl_training_update(&t, &e), -1);
    assert_contains(e.text, "update 3: the loss is nan");
    assert_memory_equal(before, t.buffers.params, sizeof before);
    assert_int_equal(t.cursor.update, 2);
    tl_training_free(&t);
    random_series_free(&r);
}

/* One sequence, lane after lane, as a window does not have it; and the same step after step. */
static void in_order_and_not(random_series *cut, random_series *placed, const tl_model *m)
{
    tl_error e;
    tl_model one = *m;
    one.tbptt.batch = 1;
    random_series_new(cut, &one, STEPS * LANES, 8);
    random_series_new(placed, m, STEPS, 8);
    for (int t = 0; t < STEPS; t++)
        for (int l = 0; l < LANES; l++) {
            int to = t * LANES + l, from = l * STEPS + t;
            memcpy((double *)placed->x.input[0] + 2 * to, (double *)cut->x.input[0] + 2 * from, 2 * sizeof(double));
            ((double *)placed->x.target[0])[to] = ((double *)cut->x.target[0])[from];
        }
    assert_int_equal(tl_series_cut(&cut->s, m, &cut->x, 0, STEPS * LANES, LANES, "one", &e), 0);
}

static void windows_are_read_where_the_data_stand(void **state)
{
    (void)state;
    for (int k1 = 1; k1 <= 2 * SLOTS + 1; k1++) {
        tl_error e;
        tl_model m = sgd_linear(k1);
        random_series cut, placed;
        tl_engine engine = tl_generated_engine(&m);
        tl_training a, b;
        in_order_and_not(&cut, &placed, &m);
        start(&a, &engine, &cut.s);
        start(&b, &engine, &placed.s);
        for (int i = 0, whole = 0; i < 2 * STEPS; i++) { /* more than an epoch */
            assert_int_equal(tl_training_update(&a, &e) || tl_training_update(&b, &e), 0);
            assert_memory_equal(a.buffers.params, b.buffers.params, 18 * sizeof(double));
            assert_true(a.loss == b.loss && a.cursor.tick == b.cursor.tick);
            whole |= b.buffers.placed;
            assert_true(!a.buffers.placed && (i < STEPS || whole));
        }
        tl_training_free(&a);
        tl_training_free(&b);
        random_series_free(&cut);
        random_series_free(&placed);
    }
}

/* The window of the model `self`, and a state that its loss has not seen. */
static void spoiled(void *self, const tl_window *w)
{
    ((const tl_model *)self)->window(w);
    ((double *)w->states)[SLOTS * LANES + 1] = INFINITY;
}

static void a_state_that_is_not_finite_stops_too(void **state)
{
    (void)state;
    tl_error e;
    tl_model m = sgd_linear(2);
    random_series r;
    random_series_new(&r, &m, STEPS, 6);
    tl_engine engine = tl_generated_engine(&m);
    engine.self = &m;
    engine.window = spoiled;
    tl_training t;
    double before[18];
    start(&t, &engine, &r.s);
    memcpy(before, t.buffers.params, sizeof before);
    assert_int_equal(tl_training_update(&t, &e), -1);
    assert_contains(e.text, "update 1: the state h[0] is inf in lane 2 after the window's newest step");
    assert_memory_equal(before, t.buffers.params, sizeof before);
    tl_training_free(&t);
    random_series_free(&r);
}

static void check_refused(tl_model m, const char *why)
{
    tl_error e;
    tl_training t;
    tl_engine engine = tl_generated_engine(&m);
    tl_series s = tl_series_empty(&m, 100, 3);
    assert_int_equal(tl_training_new(&t, &engine, &s, &m.train, &e), -1);
    assert_contains(e.text, why);
}

static void what_does_not_fit_memory_is_refused(void **state)
{
    (void)state;
    tl_model m = sgd_linear(2);
    m.state_size = SIZE_MAX / 4;
    check_refused(m, "no memory");
}

/* Sparse weights, a lane of padding, a start of one lane and of all. */
static void sparse_new(random_series *r, const tl_model *m, int seed)
{
    random_series_new(r, m, STEPS, 4);
    flags_new(r);
    r->x.weight = tl_aligned(STEPS * LANES * sizeof(double));
    for (int i = 0; i < STEPS * LANES; i++)
        ((double *)r->x.weight)[i] = (i * 5 + seed) % 19 == 0 ? 0.5 : 0;
    for (int t = 9; t < 12; t++)
        ((double *)r->x.mask)[t * LANES + 1] = 0;
    ((double *)r->x.reset)[12 * LANES + 1] = 1;
    for (int l = 0; l < LANES; l++)
        ((double *)r->x.reset)[14 * LANES + l] = 1;
}

static void updates_are(const tl_model *m, int seed)
{
    tl_error e;
    tl_training t;
    random_series r;
    tl_engine engine = tl_generated_engine(m);
    sparse_new(&r, m, seed);
    start(&t, &engine, &r.s);
    t.still = 1;
    uint64_t expected = tl_training_epoch_updates(&t), made = 0;
    int status = 0;
    while (t.cursor.epoch == 0 && !(status = tl_training_update(&t, &e)))
        made += (uint64_t)t.updated;
    if (made != expected)
        fail_msg("k1 = %d, way %d, seed %d, head %d: %d updates, not %d", (int)m->tbptt.k1, (int)m->tbptt.counted, seed,
                 (int)m->has_head, (int)made, (int)expected);
    if (expected == 0) {
        assert_int_equal(status, -1);
        assert_contains(e.text, m->has_head ? "of which the newest counts" : "the mask times the weight is 0");
    }
    tl_training_free(&t);
    random_series_free(&r);
}

static void an_epoch_has_the_updates_that_were_foretold(void **state)
{
    (void)state;
    for (int k1 = 1; k1 <= STEPS + 1; k1++)
        for (int counted = TL_COUNT_NEW; counted <= TL_COUNT_ALL; counted++)
            for (int seed = 0; seed < 19; seed++) {
                tl_model m = sgd_linear(k1);
                m.tbptt.counted = (tl_counted)counted;
                updates_are(&m, seed);
                m.has_head = 1;
                updates_are(&m, seed);
            }
}

static void padding_in_the_middle_is_refused(void **state)
{
    (void)state;
    tl_error e;
    tl_model m = sgd_linear(2);
    random_series r;
    random_series_new(&r, &m, STEPS, 6);
    flags_new(&r);
    assert_int_equal(tl_series_check_padding(&r.s, "data", &e), 0);
    ((double *)r.x.mask)[7 * LANES + 1] = 0;
    assert_int_equal(tl_series_check_padding(&r.s, "data", &e), -1);
    assert_contains(e.text, "data: lane 1 goes on at step 9 after padding");
    ((double *)r.x.reset)[8 * LANES + 1] = 1;
    assert_int_equal(tl_series_check_padding(&r.s, "data", &e), 0);
    random_series_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_scalar_model_has_the_gradients_on_paper),
        cmocka_unit_test(every_k1_trains_the_windows_of_the_definition),
        cmocka_unit_test(windows_do_not_reach_over_a_common_start),
        cmocka_unit_test(windows_grow_from_a_start),
        cmocka_unit_test(carry_takes_the_state_to_the_next_epoch),
        cmocka_unit_test(what_is_not_finite_stops_and_changes_nothing),
        cmocka_unit_test(a_state_that_is_not_finite_stops_too),
        cmocka_unit_test(windows_are_read_where_the_data_stand),
        cmocka_unit_test(what_does_not_fit_memory_is_refused),
        cmocka_unit_test(padding_in_the_middle_is_refused),
        cmocka_unit_test(an_epoch_has_the_updates_that_were_foretold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
