/* A batch in shards: the same training up to rounding, the same bits whoever runs them. tests/overlap/stream.lua
 * (dropout, resets, padding, a learned state, tokens, a probe) by the interpreter, and a model written by hand. */
#include "unit.h"

#include <math.h>
#include <stdlib.h>

#include <tapeless/buffers.h>
#include <tapeless/checkpoint.h>
#include <tapeless/evaluation.h>
#include <tapeless/generated.h>
#include <tapeless/init.h>
#include <tapeless/online.h>
#include <tapeless/pool.h>
#include <tapeless/probe_file.h>
#include <tapeless/real.h>
#include <tapeless/training.h>
#include <tapeless/window.h>
#include "cli/engine.h"
#include "fake_model.h"
#include "model_passes.h"
#include "online_run.h"
#include "random_series.h"
#include "scratch.h"

enum { LANES = 6, STEPS = 40, UPDATES = 12 };

static char *stream; /* from anywhere */

/* ---- a training ---- */

typedef struct Trained {
    Model *m;
    Engine *engine;
    random_series r;
    tl_training t;
} Trained;

static void start(tl_training *t, const tl_engine *engine, const tl_series *s)
{
    tl_error e;
    assert_int_equal(tl_training_new(t, engine, s, &engine->model->train, &e), 0);
    assert_int_equal(tl_init_params(engine->model, t->buffers.params, 9, &e), 0);
    t->seed = 3;
    tl_training_start(t);
}

static void run(tl_training *t, int updates)
{
    tl_error e;
    for (int i = 0; i < updates; i++)
        if (tl_training_update(t, &e))
            fail_msg("%s", e.text);
}

/* Sequences start in some lanes, others are padded; weights that no sum of which is exact. */
static void add_flags(random_series *r)
{
    tl_type real = r->s.model->real;
    r->x.reset = tl_aligned(STEPS * LANES * tl_real_size(real));
    r->x.mask = tl_aligned(STEPS * LANES * tl_real_size(real));
    for (size_t i = 0; i < STEPS * LANES; i++) {
        tl_real_set(real, r->x.reset, i, (i * 7) % 23 == 4);
        tl_real_set(real, r->x.mask, i, (i * 5) % 13 == 2 ? 0 : 0.1 + 0.3 * (double)(i % 3));
    }
}

static void train(Trained *x, int32_t shards, tl_overlap overlap, int updates)
{
    char *error = NULL;
    x->m = load_path(stream);
    online_case_apply(&(OnlineCase){ 2, 5, overlap, TL_COUNT_ALL, 1, 1, 1, shards }, x->m);
    x->m->tbptt.batch = LANES;
    x->m->lags = true;
    x->engine = engine_interpreter(x->m, TL_F64, &error);
    if (!x->engine)
        fail_msg("%s", error);
    random_series_new(&x->r, x->engine->model, STEPS, 11);
    add_flags(&x->r);
    start(&x->t, &x->engine->run, &x->r.s);
    run(&x->t, updates);
}

static void end(Trained *x)
{
    tl_training_free(&x->t);
    random_series_free(&x->r);
    engine_free(x->engine);
    model_free(x->m);
}

static double distance(const double *a, const double *b, size_t n)
{
    double d = 0, norm = 0;
    for (size_t i = 0; i < n; i++) {
        d += (a[i] - b[i]) * (a[i] - b[i]);
        norm += b[i] * b[i];
    }
    return sqrt(d / norm);
}

static void agree(const Trained *a, const Trained *b)
{
    size_t n = a->engine->model->param_size;
    assert_true(distance(a->t.buffers.params, b->t.buffers.params, n) < 1e-12);
    assert_true(distance(a->t.buffers.grads, b->t.buffers.grads, n) < 1e-12);
    assert_near(a->t.loss, b->t.loss, 1e-13);
    assert_near(a->t.norm, b->t.norm, 1e-12);
    assert_true(distance(a->t.lag + 1, b->t.lag + 1, 5) < 1e-12);
}

static void shards_change_the_rounding_alone(void **state)
{
    (void)state;
    for (int overlap = TL_RECOMPUTE; overlap <= TL_VERSIONS; overlap++) {
        Trained whole, x;
        train(&whole, 1, (tl_overlap)overlap, UPDATES);
        assert_true(whole.t.loss > 0.01);
        for (int32_t shards = 2; shards <= LANES; shards++)
            if (LANES % shards == 0) {
                train(&x, shards, (tl_overlap)overlap, UPDATES);
                agree(&x, &whole);
                end(&x);
            }
        end(&whole);
    }
}

/* ---- threads ---- */

static tl_model in_two(tl_type real)
{
    tl_model m = fake_linear(real); /* whose windows are of three lanes */
    m.tbptt.batch = LANES;
    m.tbptt.shards = 2;
    m.train.clip_norm = 0.5;
    return m;
}

static void threads_keep_the_bits(void **state)
{
    (void)state;
    tl_model m = in_two(TL_F32);
    tl_engine engine = tl_generated_engine(&m);
    tl_training one, t;
    random_series r;
    tl_error e;
    random_series_new(&r, &m, STEPS, 5);
    start(&one, &engine, &r.s);
    run(&one, 50);
    for (int32_t threads = 2; threads <= 5; threads++) {
        tl_pool *pool;
        assert_int_equal(tl_pool_new(&pool, threads, &e), 0);
        start(&t, &engine, &r.s);
        t.pool = pool;
        run(&t, 50);
        assert_memory_equal(t.buffers.params, one.buffers.params, m.param_size * sizeof(float));
        for (int32_t i = 0; i < 2; i++)
            assert_memory_equal(tl_shard(&t.buffers, i)->states, tl_shard(&one.buffers, i)->states,
                                m.state_size * sizeof(float));
        assert_true(t.loss == one.loss && t.norm == one.norm);
        tl_training_free(&t);
        tl_pool_free(pool);
    }
    tl_training_free(&one);
    random_series_free(&r);
}

/* ---- sums ---- */

/* Numbers whose sum depends on its order: taken step by step, lane by lane, it is that of one shard. */
static void weights_and_loss_do_not_know_the_shards(void **state)
{
    (void)state;
    tl_model one = in_two(TL_F64), two = in_two(TL_F64);
    tl_buffers a, b;
    tl_error e;
    one.tbptt.shards = 1;
    one.state_size *= 2;
    assert_int_equal(tl_buffers_new(&a, &one, &e), 0);
    assert_int_equal(tl_buffers_new(&b, &two, &e), 0);
    for (size_t t = 0; t < 5; t++)
        for (size_t lane = 0; lane < LANES; lane++) {
            const tl_buffers *s = tl_shard(&b, (int32_t)lane / 3);
            double x = sin((double)(t * LANES + lane)) * pow(10, (double)((t + lane) % 7) - 3);
            size_t i = t * LANES + lane, j = t * 3 + lane % 3;
            ((double *)a.mask)[i] = ((double *)s->mask)[j] = fabs(x);
            ((double *)a.counts)[i] = ((double *)s->counts)[j] = (t + lane) % 4 ? 1 / 3.0 : 0;
            ((double *)a.losses)[i] = ((double *)s->losses)[j] = cos(x);
        }
    assert_true(tl_batch_weights(&one, &a, 1, 2) == tl_batch_weights(&two, &b, 1, 2));
    assert_true(tl_batch_loss(&one, &a, 1) == tl_batch_loss(&two, &b, 1));
    assert_true(tl_batch_loss(&two, &b, 1) != 0);
    for (size_t t = 0; t < 5; t++)
        for (size_t lane = 0; lane < LANES; lane++)
            assert_true(((double *)a.weight)[t * LANES + lane] ==
                        ((double *)tl_shard(&b, (int32_t)lane / 3)->weight)[t * 3 + lane % 3]);
    tl_buffers_free(&a);
    tl_buffers_free(&b);
}

/* ---- a stream ---- */

static void a_stream_is_the_training(void **state)
{
    (void)state;
    for (int overlap = TL_RECOMPUTE; overlap <= TL_VERSIONS; overlap++)
        for (int32_t k1 = 1; k1 <= 5; k1 += 2) {
            const OnlineCase c = { k1, 3, (tl_overlap)overlap, TL_COUNT_NEW, 1, 1, 1, 3 };
            char *error = NULL, name[100];
            Model *m = load_path(stream);
            online_case_apply(&c, m);
            Engine *engine = engine_interpreter(m, TL_F64, &error);
            const char *what = online_differs(&c, &engine->run);
            if (what)
                fail_msg("%s: %s", online_case_name(&c, name), what);
            engine_free(engine);
            model_free(m);
        }
}

/* ---- files ---- */

static int enter(void **state)
{
    (void)state;
    files_enter();
    return 0;
}

static int leave(void **state)
{
    (void)state;
    files_leave();
    return 0;
}

static void save(const tl_training *t)
{
    tl_error e;
    tl_coding none = { 0 };
    tl_record record = { .best = 1 };
    if (tl_checkpoint_save("c", t, &none, &record, &e))
        fail_msg("%s", e.text);
}

static int resume(tl_training *t, tl_error *e)
{
    tl_record record;
    tl_st *st = tl_st_open("c", e);
    assert_non_null(st);
    int bad = tl_checkpoint_resume(st, t, &record, e);
    tl_st_free(st);
    return bad;
}

/* Lane by lane in the file, so that any shards find theirs. */
static void a_checkpoint_knows_no_shards(void **state)
{
    (void)state;
    Trained whole, x, y;
    tl_error e;
    train(&whole, 1, TL_RECOMPUTE, UPDATES);
    train(&x, 2, TL_RECOMPUTE, UPDATES / 2);
    train(&y, 3, TL_RECOMPUTE, 1);
    save(&x.t);
    if (resume(&y.t, &e))
        fail_msg("%s", e.text);
    run(&y.t, UPDATES / 2);
    agree(&y, &whole);
    tl_st *st = tl_st_open("c", &e);
    assert_int_equal(tl_checkpoint_shards(st), 2);
    tl_st_free(st);
    end(&whole);
    end(&x);
    end(&y);
}

static void kept_steps_are_their_shards(void **state)
{
    (void)state;
    for (int overlap = TL_RETAIN; overlap <= TL_VERSIONS; overlap++) {
        Trained whole, x, y, z;
        tl_error e;
        train(&whole, 3, (tl_overlap)overlap, 9);
        train(&x, 3, (tl_overlap)overlap, 5);
        train(&y, 3, (tl_overlap)overlap, 2);
        train(&z, 2, (tl_overlap)overlap, 2);
        save(&x.t);
        assert_int_equal(resume(&y.t, &e), 0);
        run(&y.t, 4);
        assert_memory_equal(y.t.buffers.params, whole.t.buffers.params,
                            whole.engine->model->param_size * sizeof(double));
        assert_int_equal(resume(&z.t, &e), -1);
        assert_contains(e.text, "ran with shards 3 and would go on with 2");
        end(&whole);
        end(&x);
        end(&y);
        end(&z);
    }
}

/* [updates, k2, batch, shape...] whatever the shards: equal files up to rounding. */
static double *probe_values(int32_t shards, int gradients, size_t *count)
{
    Trained x;
    tl_error e;
    tl_probe_file p;
    size_t size;
    train(&x, shards, TL_RECOMPUTE, 3);
    assert_int_equal(tl_probe_file_open(&p, x.engine->model, &x.engine->model->probes[0], "p", gradients, 1, &e), 0);
    tl_probe_file_add(&p, &x.t.buffers, x.t.length);
    assert_int_equal(tl_probe_file_close(&p, &e), 0);
    char *bytes = file_bytes("p", &size);
    *count = 5 * LANES * 3;
    double *values = malloc(*count * sizeof *values);
    memcpy(values, bytes + size - *count * sizeof *values, *count * sizeof *values);
    free(bytes);
    end(&x);
    return values;
}

static void probes_are_written_lane_by_lane(void **state)
{
    (void)state;
    for (int gradients = 0; gradients < 2; gradients++) {
        size_t n;
        double *a = probe_values(1, gradients, &n), *b = probe_values(3, gradients, &n);
        assert_true(distance(a, b, n) < 1e-12);
        free(a);
        free(b);
    }
}

static void what_is_not_finite_is_named_by_its_lane(void **state)
{
    (void)state;
    Trained x;
    tl_error e;
    train(&x, 3, TL_RECOMPUTE, 2);
    size_t bad = x.t.cursor.position * LANES + 4; /* the third shard's first lane */
    ((double *)x.r.x.mask)[bad] = 1;
    ((double *)x.r.x.input[x.engine->model->inputs[0].vocab ? 1 : 0])[2 * bad] = INFINITY;
    x.t.anomaly = 1;
    assert_int_equal(tl_training_update(&x.t, &e), -1);
    assert_contains(e.text, "lane 5");
    end(&x);
}

/* ---- evaluation ---- */

static tl_score score(const tl_engine *engine, const tl_series *s, const void *params, int32_t threads, double *squares)
{
    tl_error e;
    tl_pool *pool;
    tl_evaluation v;
    tl_deviations d;
    assert_int_equal(tl_deviations_new(&d, engine->model, &e), 0);
    tl_score sum = { .deviations = &d };
    assert_int_equal(tl_pool_new(&pool, threads, &e), 0);
    assert_int_equal(tl_evaluation_new(&v, engine, params, s, threads, 1, &e), 0);
    assert_true(v.nsteppers <= threads);
    tl_evaluation_run(&v, pool, &sum);
    tl_score again = { 0 };
    tl_evaluation_run(&v, pool, &again);
    assert_true(again.loss == sum.loss);
    *squares = d.squares[0];
    tl_evaluation_free(&v);
    tl_pool_free(pool);
    tl_deviations_free(&d);
    return sum;
}

static void check_scores(const tl_model *m, const tl_series *s, int32_t parts)
{
    static const float params[18] = { [0] = 0.7F, [16] = 0.3F, [17] = -0.2F };
    tl_engine engine = tl_generated_engine(m);
    double squares, other, plain = 0, weight = 0;
    assert_int_equal(tl_evaluation_parts(m, s), parts);
    tl_score one = score(&engine, s, params, 1, &squares);
    for (int32_t threads = 2; threads <= 7; threads++) {
        tl_score x = score(&engine, s, params, threads, &other);
        assert_true(x.loss == one.loss && x.weight == one.weight && other == squares);
    }
    for (size_t lane = 0; lane < s->lanes; lane++) { /* a lane at a time, by one stepper */
        tl_error e;
        tl_stepper alone;
        tl_score sum = { 0 };
        tl_series some = tl_series_lanes(s, lane, 1);
        assert_int_equal(tl_stepper_new(&alone, &engine, params, 1, &e), 0);
        tl_stepper_score(&alone, &some, &sum);
        plain += sum.loss;
        weight += sum.weight;
        tl_stepper_free(&alone);
    }
    assert_near(one.loss, plain, 1e-9 * plain);
    assert_near(one.weight, weight, 1e-9 * weight);
    assert_near(squares, plain, 1e-5 * plain);
}

static void a_score_is_of_parts(void **state)
{
    (void)state;
    tl_model m = in_two(TL_F32), five = in_two(TL_F32);
    random_series r;
    random_series_new(&r, &m, STEPS, 21);
    check_scores(&m, &r.s, 2); /* its shards */
    random_series_free(&r);
    five.tbptt.batch = 5; /* neither one lane nor the model's */
    random_series_new(&r, &five, STEPS, 22);
    check_scores(&m, &r.s, 5);
    random_series_free(&r);
    five.tbptt.batch = 1;
    random_series_new(&r, &five, STEPS * 5, 23); /* one lane, one sequence; then several */
    check_scores(&m, &r.s, 1);
    r.x.reset = tl_aligned(STEPS * 5 * sizeof(float));
    for (size_t t = 0; t < STEPS * 5; t += t < 100 ? 50 : 9)
        ((float *)r.x.reset)[t] = 1;
    check_scores(&m, &r.s, 10);
    random_series_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shards_change_the_rounding_alone),
        cmocka_unit_test(threads_keep_the_bits),
        cmocka_unit_test(weights_and_loss_do_not_know_the_shards),
        cmocka_unit_test(a_stream_is_the_training),
        cmocka_unit_test_setup_teardown(a_checkpoint_knows_no_shards, enter, leave),
        cmocka_unit_test_setup_teardown(kept_steps_are_their_shards, enter, leave),
        cmocka_unit_test_setup_teardown(probes_are_written_lane_by_lane, enter, leave),
        cmocka_unit_test(what_is_not_finite_is_named_by_its_lane),
        cmocka_unit_test(a_score_is_of_parts),
    };
    stream = realpath("tests/overlap/stream.lua", NULL);
    int failed = stream ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
    free(stream);
    return failed;
}
