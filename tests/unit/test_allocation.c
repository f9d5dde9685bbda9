/* After it is set up, training allocates nothing: the allocator is wrapped and counts. Link with
 * -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=aligned_alloc. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include <tapeless/init.h>
#include <tapeless/online.h>
#include <tapeless/progress.h>
#include <tapeless/stepper.h>
#include <tapeless/trainer.h>
#include "fake_model.h"
#include "random_series.h"
#include "scratch.h"

static size_t allocations;
static size_t fail_after = SIZE_MAX; /* allocations from this one on fail */

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);

static int fails(void)
{
    return allocations++ >= fail_after;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t size)
{
    return fails() ? NULL : __real_realloc(p, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    return fails() ? NULL : __real_aligned_alloc(alignment, size);
}

static void train(const tl_optimizer_spec *optimizer)
{
    tl_error e;
    tl_training t;
    tl_stepper stepper;
    tl_progress progress;
    random_series r;
    tl_model m = fake_linear(TL_F32);
    m.train.optimizer = optimizer ? *optimizer : m.train.optimizer;
    tl_engine engine = tl_generated_engine(&m);
    files_enter();
    random_series_new(&r, &m, 23, 1);
    assert_int_equal(tl_training_new(&t, &engine, &r.s, &m.train, &e), 0);
    assert_int_equal(tl_init_params(&m, t.buffers.params, 1, &e), 0);
    tl_training_start(&t);
    assert_int_equal(tl_stepper_new(&stepper, &engine, t.buffers.params, 3, &e), 0);
    assert_int_equal(tl_progress_open(&progress, &m, NULL, "log", 0, 0, &e), 0);
    tl_progress_begin(&progress, &t, 100);
    tl_score score = { 0 };
    size_t before = allocations;
    for (int i = 0; i < 100; i++) {
        assert_int_equal(tl_training_update(&t, &e), 0);
        tl_progress_update(&progress, &t);
    }
    tl_stepper_score(&stepper, &r.s, &score);
    assert_int_equal(allocations, before);
    assert_int_equal(tl_progress_close(&progress, &e), 0);
    tl_stepper_free(&stepper);
    tl_training_free(&t);
    random_series_free(&r);
    files_leave();
}

static const tl_optimizer_spec lbfgs = { .kind = TL_LBFGS, .history = 5, .patience = 3 };

static void training_allocates_nothing(void **state)
{
    (void)state;
    train(NULL);
    train(&lbfgs);
}

static void learn_from_a_stream(tl_overlap overlap)
{
    tl_error e;
    tl_online o;
    tl_model m = fake_linear(TL_F32);
    tl_engine engine = tl_generated_engine(&m);
    float x[6] = { 1, -1, 0.5f, 0, 2, 1 }, y[3] = { 1, 0, -1 }, reset[3] = { 0, 1, 0 }, out[3];
    const void *in[] = { x }, *target[] = { y };
    m.tbptt.overlap = overlap;
    void *output[] = { out }, *memory = tl_aligned(tl_online_size(&m));
    assert_non_null(memory);
    size_t before = allocations;
    assert_int_equal(tl_online_begin(&o, &engine, memory, &e), 0);
    assert_int_equal(tl_init_params(&m, o.buffers.params, 1, &e), 0); /* not orthogonal ones */
    tl_online_start(&o);
    for (int i = 0; i < 100; i++)
        assert_int_equal(tl_online_push(&o, in, target, i % 7 ? NULL : reset, output, &e), i % 2);
    assert_int_equal(allocations, before);
    free(memory);
}

static void learning_from_a_stream_allocates_nothing(void **state)
{
    (void)state;
    learn_from_a_stream(TL_RECOMPUTE);
    learn_from_a_stream(TL_RETAIN);
    learn_from_a_stream(TL_VERSIONS);
}

/* Every allocation of the set-up in turn fails: a sentence, and (under a sanitiser) no leak. */
static void run_short(const tl_optimizer_spec *optimizer)
{
    tl_error e;
    tl_training t;
    random_series r;
    size_t failures = 0;
    tl_model m = fake_linear(TL_F32);
    m.train.optimizer = optimizer ? *optimizer : m.train.optimizer;
    tl_engine engine = tl_generated_engine(&m);
    random_series_new(&r, &m, 23, 1);
    for (int bad = -1; bad; failures += bad != 0) {
        e.text[0] = 0;
        fail_after = allocations + failures;
        bad = tl_training_new(&t, &engine, &r.s, &m.train, &e);
        fail_after = SIZE_MAX;
        if (bad)
            assert_contains(e.text, "no memory");
    }
    assert_true(failures > 8);
    tl_training_free(&t);
    random_series_free(&r);
}

static void memory_that_runs_short_is_reported(void **state)
{
    (void)state;
    run_short(NULL);
    run_short(&lbfgs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(training_allocates_nothing),
        cmocka_unit_test(learning_from_a_stream_allocates_nothing),
        cmocka_unit_test(memory_that_runs_short_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
