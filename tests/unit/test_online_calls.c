/* What a push costs at most, what may be looked at between two, padding, and parameters that are
 * written after an update that failed. */
#include "unit.h"

#include <math.h>
#include <stdlib.h>

#include <tapeless/generated.h>
#include <tapeless/init.h>
#include <tapeless/online.h>
#include <tapeless/real.h>
#include <tapeless/series.h>
#include "cli/engine.h"
#include "fake_model.h"
#include "model_passes.h"
#include "online_run.h"

enum { LANES = 3 };

/* ---- cost ---- */

typedef struct Work {
    const tl_model *m;
    int steps, windows, forward, backward; /* of the last push */
} Work;

static void count_window(void *work, const tl_window *w)
{
    Work *k = work;
    k->windows++;
    k->forward += k->m->tbptt.k2 - (tl_keeps_steps(&k->m->tbptt) ? w->from : w->first);
    k->backward += w->grads ? k->m->tbptt.k2 - w->first : 0;
    k->m->window(w);
}

static void count_step(void *work, const tl_step *s)
{
    Work *k = work;
    k->steps++;
    k->m->step(s);
}

static int least(int a, int b) { return a < b ? a : b; }

static void start(tl_online *o, const tl_engine *engine)
{
    tl_error e;
    void *memory = tl_aligned(tl_online_size(engine->model));
    assert_non_null(memory);
    if (tl_online_begin(o, engine, memory, &e) ||
        tl_init_params(engine->model, o->buffers.params, 1, &e))
        fail_msg("%s", e.text);
    tl_online_start(o);
}

static void stop(tl_online *o)
{
    free(o->buffers.params); /* the first block: where the memory begins */
}

static void bounded(int k1, int k2, tl_overlap overlap)
{
    tl_error e;
    tl_online o;
    tl_model m = fake_linear(TL_F64); /* its window goes by its own five slots */
    m.tbptt = (tl_tbptt){ .k1 = k1, .k2 = k2, .batch = LANES, .overlap = overlap };
    m.state_size = (size_t)(k2 + 1) * LANES;
    Work k = { .m = &m };
    tl_engine engine = { .model = &m, .self = &k, .window = count_window, .step = count_step };
    double x[2 * LANES] = { 1, 0, -1 }, y[LANES] = { 1 };
    double some[LANES] = { 0, 1 }, all[] = { 1, 1, 1 };
    const void *in[] = { x }, *target[] = { y };
    start(&o, &engine);
    int fresh = 0;
    for (int t = 0; t < 40; t++) {
        k.steps = k.windows = k.forward = k.backward = 0;
        const void *reset = t % 9 == 5 ? all : t % 7 == 3 ? some : NULL;
        int status = tl_online_push(&o, in, target, reset, NULL, &e);
        fresh++;
        assert_int_equal(status, fresh == k1);
        assert_int_equal(k.steps, 1);
        int passed = k1 > k2 ? k1 - k2 : 0;
        int full = fresh == k1 || (fresh <= passed && (fresh % k2 == 0 || fresh == passed));
        assert_int_equal(k.windows, full);
        int most = full ? least(k1, k2) : 0;
        assert_true(k.forward <= (status && !tl_keeps_steps(&m.tbptt) ? k2 : most));
        assert_true(k.backward <= (status ? k2 : 0));
        fresh = status ? 0 : fresh;
    }
    stop(&o);
}

static void a_push_does_no_more_than_the_header_says(void **state)
{
    (void)state;
    for (int k1 = 1; k1 <= 12; k1++)
        for (int overlap = TL_RECOMPUTE; overlap <= TL_VERSIONS; overlap++)
            bounded(k1, 5, (tl_overlap)overlap);
}

/* ---- a model with a probe, by the interpreter ---- */

static Engine *open_engine(const OnlineCase *c, Model **m)
{
    char *error = NULL;
    *m = load_path("tests/overlap/stream.lua");
    online_case_apply(c, *m);
    Engine *engine = engine_interpreter(*m, TL_F64, &error);
    if (!engine)
        fail_msg("%s", error);
    return engine;
}

static void close_engine(Engine *engine, Model *m)
{
    engine_free(engine);
    model_free(m);
}

typedef struct Step {
    double x[2 * LANES], y[2 * LANES], mask[LANES];
    int32_t event[LANES];
    int scored;
} Step;

static Step step_at(int t)
{
    Step s = { .scored = 1 };
    for (int i = 0; i < 2 * LANES; i++) {
        s.x[i] = sin(t * 1.3 + i);
        s.y[i] = cos(t * 0.7 - i);
    }
    for (int lane = 0; lane < LANES; lane++) {
        s.event[lane] = (t + lane) % 3;
        s.mask[lane] = 1;
    }
    return s;
}

static int push(tl_online *o, const Step *s, double *output, tl_error *e)
{
    const tl_model *m = o->engine->model;
    const void *in[2], *target[] = { s->y };
    void *out[] = { output };
    for (int32_t i = 0; i < 2; i++)
        in[i] = m->inputs[i].type == TL_I32 ? (const void *)s->event : s->x;
    const tl_sample x = { .input = in, .target = s->scored ? target : NULL, .mask = s->mask,
                          .output = output ? out : NULL };
    return tl_online_push_sample(o, &x, e);
}

static const double *param(const tl_online *o, const char *name)
{
    const tl_model *m = o->engine->model;
    int32_t i = 0;
    while (strcmp(m->params[i].name, name))
        i++;
    return (const double *)o->buffers.params + m->params[i].offset;
}

/* y = V seen, and only the newest step counts: d loss / d seen = V' (y - target) / lanes. */
static void check_newest(const tl_online *o, const Step *s, const double *V)
{
    const double *seen = tl_online_probe(o, "seen", 0), *grad = tl_online_probe_grad(o, "seen", 0);
    assert_non_null(seen);
    assert_non_null(grad);
    for (int lane = 0; lane < LANES; lane++)
        for (int j = 0; j < 3; j++) {
            double want = 0;
            for (int i = 0; i < 2; i++) {
                double y = 0;
                for (int k = 0; k < 3; k++)
                    y += V[i * 3 + k] * seen[lane * 3 + k];
                want += V[i * 3 + j] * (y - s->y[lane * 2 + i]) / LANES;
            }
            assert_near(grad[lane * 3 + j], want, 1e-15);
        }
}

static void probe_with(tl_overlap overlap)
{
    Model *m;
    tl_error e;
    tl_online o;
    Engine *engine = open_engine(&(OnlineCase){ 2, 5, overlap, TL_COUNT_LAST, 1, 1, 0, 1 }, &m);
    start(&o, &engine->run);
    double V[6], before[9];
    assert_null(tl_online_probe(&o, "seen", 0));
    for (int t = 0; t < 10; t++) {
        Step s = step_at(t);
        memcpy(V, param(&o, "V"), sizeof V);
        if (push(&o, &s, NULL, &e) != 1)
            continue;
        check_newest(&o, &s, V);
        assert_int_equal(o.length, t + 1 < 5 ? t + 1 : 5);
        const double *older = tl_online_probe(&o, "seen", 2);
        if (t >= 3) /* the newest of the window before: run again with today's weights, or kept */
            assert_int_equal(memcmp(older, before, sizeof before) == 0, overlap != TL_RECOMPUTE);
        memcpy(before, tl_online_probe(&o, "seen", 0), sizeof before);
        assert_non_null(tl_online_probe_grad(&o, "seen", o.length - 1));
        assert_null(tl_online_probe(&o, "seen", o.length));
        assert_null(tl_online_probe(&o, "seen", -1));
        assert_null(tl_online_probe_grad(&o, "unseen", 0));
    }
    stop(&o);
    close_engine(engine, m);
}

static void probes_can_be_read_after_an_update(void **state)
{
    (void)state;
    probe_with(TL_RECOMPUTE);
    probe_with(TL_RETAIN);
    probe_with(TL_VERSIONS);
}

/* ---- padding ---- */

/* In `state`, each tensor in turn is [batch][3]. */
static int same_lane(const double *a, const double *b, int lane)
{
    return memcmp(a + lane * 3, b + lane * 3, 3 * sizeof *a) == 0 &&
           memcmp(a + (LANES + lane) * 3, b + (LANES + lane) * 3, 3 * sizeof *a) == 0;
}

static void a_padded_step_leaves_the_state(void **state)
{
    (void)state;
    Model *m;
    tl_error e;
    tl_online o;
    double before[6 * LANES];
    Engine *engine = open_engine(&(OnlineCase){ 3, 3, TL_RECOMPUTE, TL_COUNT_NEW, 1, 1, 0, 1 }, &m);
    start(&o, &engine->run);
    for (int t = 0; t < 9; t++) {
        Step s = step_at(t);
        o.frozen = t > 6; /* and no less where nothing is learned */
        s.mask[1] = t % 2;
        memcpy(before, o.state, sizeof before);
        assert_true(push(&o, &s, NULL, &e) >= 0);
        for (int lane = 0; lane < LANES; lane++)
            if (t % 3 != 2) /* after an update it is the window's, in which dropout is on */
                assert_int_equal(same_lane(before, o.state, lane), lane == 1 && t % 2 == 0);
    }
    stop(&o);
    close_engine(engine, m);
}

static void a_mask_that_cannot_be_is_refused(void **state)
{
    (void)state;
    tl_error e;
    tl_online o;
    tl_model m = fake_linear(TL_F64);
    tl_engine engine = tl_generated_engine(&m);
    double x[2 * LANES] = { 0 }, y[LANES] = { 0 }, mask[LANES] = { 1, 1, 0 };
    const void *in[] = { x }, *target[] = { y };
    tl_sample s = { .input = in, .target = target, .mask = mask };
    start(&o, &engine);
    assert_int_equal(tl_online_push_sample(&o, &s, &e), -1);
    assert_contains(e.text, "lane 3 is padded inside of a window, which it was not compiled for; "
                            "set tbptt = { masks = true }");
    const double wrong[] = { -1, NAN, INFINITY, 1e-300, 1e300 };
    for (int i = 0; i < 10; i++) {
        s.mask = i % 2 ? NULL : mask;
        s.weight = i % 2 ? mask : NULL;
        mask[2] = wrong[i / 2];
        assert_int_equal(tl_online_push_sample(&o, &s, &e), -1);
        assert_contains(e.text, i % 2 ? "the weight is" : "the mask is");
        assert_contains(e.text, "in lane 3; it takes 0, or a number from 1e-15 to 1e15");
    }
    assert_int_equal(o.steps, 0); /* nothing was done */
    s.mask = mask;
    mask[2] = 0.5;
    assert_int_equal(tl_online_push_sample(&o, &s, &e), 0);
    stop(&o);
}

static void a_token_of_no_vocabulary_is_refused(void **state)
{
    (void)state;
    tl_error e;
    tl_online o;
    tl_model m = fake_linear(TL_F64);
    tl_tensor words = m.inputs[0];
    words.vocab = 5;
    words.type = TL_I32;
    m.inputs = &words;
    tl_engine engine = tl_generated_engine(&m);
    const size_t each = tl_size(&words);
    int32_t x[2 * LANES] = { 0 };
    double y[LANES] = { 0 };
    const void *in[] = { x }, *target[] = { y };
    start(&o, &engine);
    for (int i = 0; i < 2; i++) {
        x[each] = i ? -1 : 5;
        assert_int_equal(tl_online_push(&o, in, target, NULL, NULL, &e), -1);
        assert_contains(e.text, i ? "is token -1 in lane 2; it takes 0 to 4" : "is token 5 in lane 2; it takes 0 to 4");
    }
    assert_int_equal(o.steps, 0);
    stop(&o);
}

/* ---- after a failure ---- */

/* The gradient of the update after step 3, of whose window step 2 was not to be learned from: its
 * update failed, or it did not count; then the parameters were written. */
static void after_step_two(const tl_engine *engine, int fails, double *grads)
{
    tl_error e;
    tl_online o;
    start(&o, engine);
    o.spec = (tl_train_spec){ .optimizer = { .kind = TL_SGD, .lr = 0.1 } };
    for (int t = 1; t <= 3; t++) {
        Step s = step_at(t);
        if (t == 2 && fails)
            s.y[0] = NAN;
        s.scored = t != 2 || fails;
        assert_int_equal(push(&o, &s, NULL, &e), t != 2 ? 1 : fails ? -1 : 0);
        double *p = o.buffers.params;
        for (size_t i = 0; i < engine->model->param_size && t == 2; i++)
            p[i] *= 0.5;
    }
    memcpy(grads, o.buffers.grads, engine->model->param_size * sizeof *grads);
    stop(&o);
}

static void versions_outlive_an_update_that_failed(void **state)
{
    (void)state;
    Model *m;
    Engine *engine = open_engine(&(OnlineCase){ 1, 4, TL_VERSIONS, TL_COUNT_NEW, 0, 0, 0, 1 }, &m);
    size_t n = engine->model->param_size;
    double *a = calloc(n, sizeof *a), *b = calloc(n, sizeof *b);
    assert_true(a && b);
    after_step_two(&engine->run, 0, a);
    after_step_two(&engine->run, 1, b);
    assert_memory_equal(a, b, n * sizeof *a);
    free(a);
    free(b);
    close_engine(engine, m);
}

/* The loss and its gradient are finite, what the update would leave is not. */
static void an_update_that_overflows_is_not_made(void **state)
{
    (void)state;
    tl_error e;
    tl_online o;
    tl_model m = fake_scalar(0.1);
    tl_engine engine = tl_generated_engine(&m);
    start(&o, &engine);
    double *w = o.buffers.params;
    assert_int_equal(tl_online_push(&o, NULL, NULL, NULL, NULL, &e), 1);
    double before = *w;
    o.spec.optimizer.lr = 1e308;
    *w = -10; /* the gradient of x2 = w w x0 in the window is some 18 x0 */
    assert_int_equal(tl_online_push(&o, NULL, NULL, NULL, NULL, &e), -1);
    assert_contains(e.text, "update 2: the parameter w[0] would become inf (w[0] is -10, its gradient -");
    assert_true(*w == -10 && o.updates == 1);
    *w = before;
    o.spec.optimizer.lr = 0.1;
    tl_online_start(&o);
    assert_int_equal(tl_online_push(&o, NULL, NULL, NULL, NULL, &e), 1);
    stop(&o);
}

static void what_needs_all_the_data_is_refused(void **state)
{
    (void)state;
    tl_error e;
    tl_online o;
    tl_model m = fake_scalar(0.1);
    m.train.optimizer = (tl_optimizer_spec){ .kind = TL_LBFGS, .history = 10 };
    tl_engine engine = tl_generated_engine(&m);
    void *memory = tl_aligned(tl_online_size(&m));
    assert_int_equal(tl_online_begin(&o, &engine, memory, &e), -1);
    assert_string_equal(e.text, "scalar: lbfgs needs all the data at once, and a stream has no end: sgd, adam, adamw and rmsprop "
                        "learn from one");
    free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_push_does_no_more_than_the_header_says),
        cmocka_unit_test(probes_can_be_read_after_an_update),
        cmocka_unit_test(a_padded_step_leaves_the_state),
        cmocka_unit_test(a_mask_that_cannot_be_is_refused),
        cmocka_unit_test(a_token_of_no_vocabulary_is_refused),
        cmocka_unit_test(versions_outlive_an_update_that_failed),
        cmocka_unit_test(an_update_that_overflows_is_not_made),
        cmocka_unit_test(what_needs_all_the_data_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
