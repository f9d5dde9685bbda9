/* Learning from a live stream: the same bits as the training of a file, without allocation. */
#include "unit.h"

#include <math.h>
#include <stdlib.h>

#include <tapeless/init.h>
#include <tapeless/online.h>
#include <tapeless/real.h>
#include <tapeless/trainer.h>
#include <tapeless/training.h>
#include "fake_model.h"
#include "random_series.h"

enum { LANES = 3, STEPS = 60 };

static tl_model model_of(tl_type real, int k1, tl_counted counted)
{
    tl_model m = fake_linear(real); /* k2 = 5, dropout */
    m.tbptt.k1 = k1;
    m.tbptt.counted = counted;
    m.train.clip_norm = 0.5;
    m.train.schedule = (tl_schedule_spec){ .kind = TL_SCHEDULE_STEP, .warmup = 3, .every = 4,
                                           .gamma = 0.5 };
    return m;
}

static void begin(tl_online *o, const tl_engine *engine)
{
    tl_error e;
    void *memory = aligned_alloc(TL_ALIGN, tl_online_size(engine->model));
    assert_non_null(memory);
    if (tl_online_begin(o, engine, memory, &e))
        fail_msg("%s", e.text);
    assert_int_equal(tl_init_params(engine->model, o->buffers.params, 1, &e), 0);
    o->seed = 5;
    tl_online_start(o);
}

static void end(tl_online *o)
{
    free(o->buffers.params); /* the first block: where the memory begins */
}

/* A step of every lane of a series. */
static int push(tl_online *o, const tl_series *s, size_t t, int scored, void *const *output)
{
    tl_error e;
    double x[2 * LANES], y[LANES], reset[LANES];
    void *in[] = { x }, *out[] = { y };
    tl_series_gather(s, t, 1, 0, in, out, NULL, NULL, reset);
    int status = tl_online_push(o, (const void *const *)in,
                                scored ? (const void *const *)out : NULL, reset, output, &e);
    if (status < 0)
        fail_msg("step %zu: %s", t, e.text);
    return status;
}

static void *flags(tl_type real)
{
    void *p = tl_aligned(STEPS * LANES * tl_real_size(real));
    assert_non_null(p);
    return p;
}

static void compare(const tl_model *m, const random_series *r)
{
    tl_error e;
    tl_online o;
    tl_training t;
    tl_engine engine = tl_generated_engine(m);
    size_t real = tl_real_size(m->real);
    begin(&o, &engine);
    assert_int_equal(tl_training_new(&t, &engine, &r->s, &m->train, &e), 0);
    assert_int_equal(tl_init_params(m, t.buffers.params, 1, &e), 0);
    t.seed = 5;
    tl_training_start(&t);
    const void *weight = r->x.weight;
    double average[64];
    assert_true(m->param_size <= sizeof average / sizeof *average);
    uint64_t made = 0; /* a window without targets makes no update */
    for (size_t step = 0; step + 1 < STEPS; step++) {
        int scored = !weight || tl_real_get(m->real, weight, step * LANES) != 0;
        if (!push(&o, &r->s, step, scored, NULL))
            continue;
        made++;
        assert_int_equal(tl_training_update(&t, &e), 0);
        assert_int_equal(t.cursor.tick, step + 1);
        assert_memory_equal(o.buffers.params, t.buffers.params, m->param_size * real);
        assert_memory_equal(o.buffers.grads, t.buffers.grads, m->param_size * real);
        assert_true(o.loss == t.loss && o.norm == t.norm && o.lr == t.lr);
        tl_online_average(&o, average);
        assert_memory_equal(average, tl_training_weights(&t), m->param_size * real);
        assert_int_equal(m->train.average > 0, !!memcmp(average, t.buffers.params, m->param_size * real));
    }
    assert_int_equal(o.updates, t.cursor.update);
    assert_int_equal(o.updates, made);
    if (!weight)
        assert_int_equal(made, (STEPS - 1) / (m->tbptt.k1 * (m->train.accumulate ? m->train.accumulate : 1)));
    tl_training_free(&t);
    end(&o);
}

/* Which steps have no target. FEW: so far apart that in between all that windows reach have one. */
enum { NONE, MANY, FEW };

static int has_target(int gaps, size_t t)
{
    return gaps == MANY ? t % 3 != 1 && t / 8 != 3 : gaps != FEW || t % 17 != 9;
}

/* With `resets` some lanes start at some steps, and all lanes together at others. */
static void stream(tl_model m, int resets, int gaps)
{
    random_series r;
    const tl_type real = m.real;
    random_series_new(&r, &m, STEPS, 7);
    if (resets)
        r.x.reset = flags(real);
    if (gaps)
        r.x.weight = flags(real);
    for (size_t t = 0; t < STEPS; t++)
        for (size_t lane = 0; lane < LANES; lane++) {
            size_t at = t * LANES + lane;
            if (resets)
                tl_real_set(real, r.x.reset, at, t % 13 == 6 || t == 30 || (t * 7 + lane) % 11 == 0);
            if (gaps)
                tl_real_set(real, r.x.weight, at, has_target(gaps, t));
        }
    compare(&m, &r);
    random_series_free(&r);
}

static void updates_are_those_of_the_training_loop(void **state)
{
    (void)state;
    for (int k1 = 1; k1 <= 17; k1++) /* k2 = 5: less, equal, more, several windows more */
        for (int kind = 0; kind < 6; kind++) {
            stream(model_of(TL_F64, k1, TL_COUNT_NEW), kind & 1, kind / 2);
            stream(model_of(TL_F64, k1, TL_COUNT_ALL), kind & 1, kind / 2);
        }
}

static void so_are_those_of_several_windows_and_their_average(void **state)
{
    (void)state;
    for (int k1 = 1; k1 <= 7; k1 += 2)
        for (int kind = 0; kind < 6; kind++) {
            tl_model m = model_of(kind & 1 ? TL_F32 : TL_F64, k1, TL_COUNT_NEW);
            m.tbptt.reduce = kind / 3 ? TL_REDUCE_SUM : TL_REDUCE_MEAN;
            m.train.accumulate = 2 + k1 % 3;
            m.train.average = 0.9;
            stream(m, kind & 1, kind / 2);
        }
}

static void outputs_come_before_the_learning(void **state)
{
    (void)state;
    random_series r;
    tl_online o, still;
    tl_model m = model_of(TL_F64, 1, TL_COUNT_NEW);
    tl_engine engine = tl_generated_engine(&m);
    random_series_new(&r, &m, STEPS, 7);
    begin(&o, &engine);
    begin(&still, &engine);
    still.frozen = 1;
    double a[LANES], b[LANES];
    void *to_a[] = { a }, *to_b[] = { b };
    assert_int_equal(push(&o, &r.s, 0, 1, to_a), 1);
    assert_int_equal(push(&still, &r.s, 0, 1, to_b), 0);
    assert_memory_equal(a, b, sizeof a);
    assert_memory_not_equal(o.buffers.params, still.buffers.params, sizeof(double));
    const double *y = r.x.target[0];
    for (int lane = 0; lane < LANES; lane++)
        assert_true(((double *)o.losses)[lane] == (a[lane] - y[lane]) * (a[lane] - y[lane]));
    end(&o);
    end(&still);
    random_series_free(&r);
}

/* Frozen steps move the state as evaluation does; the next window begins with it. */
static void learning_goes_on_after_a_pause(void **state)
{
    (void)state;
    random_series r;
    tl_online o;
    tl_model m = model_of(TL_F64, 2, TL_COUNT_NEW);
    tl_engine engine = tl_generated_engine(&m);
    random_series_new(&r, &m, STEPS, 7);
    begin(&o, &engine);
    for (size_t t = 0; t < 9; t++)
        push(&o, &r.s, t, 1, NULL);
    double kept[18], before = ((double *)o.state)[0], after[LANES];
    void *to[] = { after };
    memcpy(kept, o.buffers.params, sizeof kept);
    o.frozen = 1;
    push(&o, &r.s, 9, 1, to);
    const double *p = o.buffers.params, *x = (double *)r.x.input[0] + 9 * 2 * LANES;
    assert_near(after[0], p[0] * before + p[16] * x[0] + p[17] * x[1], 1e-15);
    assert_memory_equal(kept, o.buffers.params, sizeof kept);
    o.frozen = 0;
    assert_int_equal(push(&o, &r.s, 10, 1, NULL), 0);
    assert_int_equal(push(&o, &r.s, 11, 1, NULL), 1);
    const double *h = o.buffers.states;
    assert_memory_not_equal(kept, o.buffers.params, sizeof kept);
    assert_true(h[3 * LANES] == after[0]); /* it entered slot 3, the first of the window's two */
    end(&o);
    random_series_free(&r);
}

static void a_reset_without_compiled_resets_is_refused(void **state)
{
    (void)state;
    tl_error e;
    tl_online o;
    tl_model m = model_of(TL_F64, 2, TL_COUNT_NEW);
    m.has_reset = 0;
    tl_engine engine = tl_generated_engine(&m);
    double x[2 * LANES] = { 0 }, y[LANES] = { 0 }, one[LANES] = { 0, 1, 0 }, all[LANES] = { 1, 1, 1 };
    const void *in[] = { x }, *target[] = { y };
    begin(&o, &engine);
    assert_int_equal(tl_online_push(&o, in, target, all, NULL, &e), 0);
    assert_int_equal(tl_online_push(&o, in, target, one, NULL, &e), -1);
    assert_contains(e.text, "1 of 3 lanes start a sequence inside of a window");
    assert_int_equal(tl_online_push(&o, in, target, all, NULL, &e), -1);
    assert_int_equal(tl_online_push(&o, in, target, NULL, NULL, &e), 1);
    assert_int_equal(tl_online_push(&o, in, target, all, NULL, &e), 0);
    end(&o);
}

static void a_loss_that_is_not_finite_leaves_the_parameters(void **state)
{
    (void)state;
    tl_error e;
    tl_online o;
    tl_model m = model_of(TL_F64, 1, TL_COUNT_NEW);
    tl_engine engine = tl_generated_engine(&m);
    double x[2 * LANES] = { NAN }, y[LANES] = { 0 }, before[18];
    const void *in[] = { x }, *target[] = { y };
    begin(&o, &engine);
    memcpy(before, o.buffers.params, sizeof before);
    assert_int_equal(tl_online_push(&o, in, target, NULL, NULL, &e), -1);
    assert_contains(e.text, "update 1: the loss is nan");
    assert_memory_equal(before, o.buffers.params, sizeof before);
    x[0] = 1;
    tl_online_start(&o);
    assert_int_equal(tl_online_push(&o, in, target, NULL, NULL, &e), 1);
    end(&o);
}

/* Also where no loss has seen it. */
static void a_state_that_is_not_finite_is_told(void **state)
{
    (void)state;
    tl_error e;
    tl_online o;
    tl_model m = model_of(TL_F64, 1, TL_COUNT_NEW);
    tl_engine engine = tl_generated_engine(&m);
    double x[2 * LANES] = { [2] = INFINITY };
    const void *in[] = { x };
    begin(&o, &engine);
    assert_int_equal(tl_online_push(&o, in, NULL, NULL, NULL, &e), -1);
    assert_contains(e.text, "update 1: the state h[0] is");
    assert_contains(e.text, "in lane 2 after the window's newest step");
    end(&o);
}

static void memory_that_does_not_fit_is_refused(void **state)
{
    (void)state;
    tl_error e;
    tl_online o;
    tl_model m = model_of(TL_F64, 1, TL_COUNT_NEW);
    tl_engine engine = tl_generated_engine(&m);
    assert_int_equal(tl_online_begin(&o, &engine, (void *)(uintptr_t)8, &e), -1);
    assert_contains(e.text, "aligned to 64 bytes");
    m.param_size = SIZE_MAX / 4;
    assert_int_equal(tl_online_size(&m), 0);
}

static void halves_step(void *self, const tl_step *s)
{
    const tl_engine *plain = self;
    plain->step(plain->self, s);
    for (int i = 0; s->target && i < s->lanes; i++) {
        ((double *)s->named)[i] = 0.25 * ((double *)s->losses)[i];
        ((double *)s->named)[s->lanes + i] = 0.75 * ((double *)s->losses)[i];
    }
}

/* Of each lane, in its place also where lanes are shards. */
static void losses_with_names_can_be_read(void **state)
{
    (void)state;
    static const tl_tensor named[] = { { .name = "quarter" }, { .name = "rest" } };
    for (int shards = 1; shards <= LANES; shards += LANES - 1) {
        random_series r;
        tl_online o;
        tl_model m = model_of(TL_F64, 1, TL_COUNT_NEW);
        m.tbptt.shards = shards;
        m.named = named;
        m.nnamed = 2;
        tl_engine plain = tl_generated_engine(&m), engine = plain;
        engine.self = &plain;
        engine.step = halves_step;
        random_series_new(&r, &m, STEPS, 7);
        begin(&o, &engine);
        o.frozen = 1;
        push(&o, &r.s, 0, 1, NULL);
        const double *a = o.named, *all = o.losses;
        for (int lane = 0; lane < LANES; lane++) {
            assert_true(all[lane] > 0 && a[lane] == 0.25 * all[lane]);
            assert_true(a[LANES + lane] == 0.75 * all[lane]);
        }
        end(&o);
        random_series_free(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(updates_are_those_of_the_training_loop),
        cmocka_unit_test(so_are_those_of_several_windows_and_their_average),
        cmocka_unit_test(outputs_come_before_the_learning),
        cmocka_unit_test(losses_with_names_can_be_read),
        cmocka_unit_test(learning_goes_on_after_a_pause),
        cmocka_unit_test(a_reset_without_compiled_resets_is_refused),
        cmocka_unit_test(a_loss_that_is_not_finite_leaves_the_parameters),
        cmocka_unit_test(a_state_that_is_not_finite_is_told),
        cmocka_unit_test(memory_that_does_not_fit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
