/* Files as series of examples: safetensors, splitting, cutting into lanes, scoring. */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <tapeless/buffers.h>
#include <tapeless/dataset.h>
#include <tapeless/safetensors.h>
#include <tapeless/stepper.h>
#include <tapeless/tensors.h>
#include <tapeless/trainer.h>
#include "fake_model.h"
#include "scratch.h"

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

/* Numbers to write tensors from: 1, 2, 3, ... */
static float count[256];

static void add(tl_st_writer *w, const char *name, const float *data, int32_t rank, int64_t a,
                int64_t b, int64_t c)
{
    int64_t dim[] = { a, b, c };
    tl_st_add(w, name, TL_DT_F32, dim, rank, data);
}

static void finish(tl_st_writer *w, const char *path)
{
    tl_error e;
    assert_int_equal(tl_st_write(w, path, &e), 0);
    tl_st_writer_free(w);
}

/* For fake_linear: `steps` steps in three lanes. */
static void write_lanes(const char *path, int64_t steps)
{
    tl_st_writer *w = tl_st_writer_new();
    add(w, "input", count, 3, steps, 3, 2);
    add(w, "target", count, 3, steps, 3, 1);
    finish(w, path);
}

static void lanes_of_the_file_are_lanes_of_the_batch(void **state)
{
    (void)state;
    tl_error e;
    tl_dataset d;
    tl_coding none = { 0 };
    tl_model m = fake_linear(TL_F64);
    tl_data_options o = { .data = ONE_FILE("d.safetensors"), .valid = 0.25 };
    double in[2 * 3 * 2], out[2 * 3];
    void *to_in[] = { in }, *to_out[] = { out };
    write_lanes("d.safetensors", 8);
    if (tl_dataset_open(&d, &m, &o, &none, &e))
        fail_msg("%s", e.text);
    assert_true(d.train.steps == 6 && d.train.lanes == 3 && d.valid.steps == 2 &&
                d.valid.lanes == 3);
    tl_series_gather(&d.train, 4, 2, 0, to_in, to_out, NULL, NULL, NULL);
    for (int i = 0; i < 12; i++)
        assert_true(in[i] == 4 * 6 + i + 1);
    tl_series_gather(&d.valid, 1, 1, 1, to_in, to_out, NULL, NULL, NULL); /* to slot 1 */
    for (int i = 0; i < 3; i++)
        assert_true(out[i] == 4 * 3 + i + 1 && out[3 + i] == 7 * 3 + i + 1);
    tl_dataset_free(&d);
}

static void one_sequence_is_cut_into_contiguous_lanes(void **state)
{
    (void)state;
    tl_error e;
    tl_dataset d;
    tl_coding none = { 0 };
    tl_model m = fake_linear(TL_F32);
    tl_data_options o = { .data = ONE_FILE("d.safetensors"), .valid = 0.5 };
    float out[3];
    void *to[] = { out };
    tl_st_writer *w = tl_st_writer_new();
    add(w, "input", count, 2, 22, 2, 0);
    add(w, "target", count, 2, 22, 1, 0);
    finish(w, "d.safetensors");
    assert_int_equal(tl_dataset_open(&d, &m, &o, &none, &e), 0);
    assert_int_equal(d.train.steps, 3); /* 11 rows, 3 lanes, 2 left over */
    tl_series_gather(&d.train, 1, 1, 0, NULL, to, NULL, NULL, NULL);
    assert_true(out[0] == 2 && out[1] == 5 && out[2] == 8);
    tl_series_gather(&d.valid, 0, 1, 0, NULL, to, NULL, NULL, NULL);
    assert_true(out[0] == 12 && out[1] == 15 && out[2] == 18);
    tl_series one = tl_series_lanes(&d.train, 2, 1);
    tl_series_gather(&one, 2, 1, 0, NULL, to, NULL, NULL, NULL);
    assert_true(out[0] == 9);
    tl_dataset_free(&d);
}

static void a_short_validation_is_one_lane(void **state)
{
    (void)state;
    tl_error e;
    tl_dataset d;
    tl_coding none = { 0 };
    char text[256];
    tl_model m = fake_bigram();
    tl_data_options o = { .data = ONE_FILE("a"), .valid_data = ONE_FILE("b") };
    file_write("a", "abcabcabc");
    file_write("b", "cba");
    assert_int_equal(tl_dataset_open(&d, &m, &o, &none, &e), 0);
    assert_true(d.train.steps == 4 && d.valid.steps == 2 && d.valid.lanes == 1);
    tl_dataset_describe(&d, &m, text, sizeof text);
    assert_string_equal(text, "3 different characters; 4 steps in 2 lanes to train on, 2 in 1 to "
                              "validate");
    tl_dataset_free(&d);
    file_write("a", "ab");
    assert_int_equal(tl_dataset_open(&d, &m, &o, &none, &e), -1);
    assert_contains(e.text, "a: 1 steps are too few for 2 lanes");
}

static void check_refused(tl_st_writer *w, const char *why)
{
    tl_error e;
    tl_examples x;
    tl_model m = fake_linear(TL_F32);
    finish(w, "f");
    assert_int_equal(tl_tensors_load(&x, &m, "f", &e), -1);
    assert_contains(e.text, why);
}

/* input and target of 4 steps in 3 lanes, then one more tensor. */
static tl_st_writer *with(const char *name, const float *data, int32_t rank, int64_t a, int64_t b)
{
    tl_st_writer *w = tl_st_writer_new();
    add(w, "input", count, 3, 4, 3, 2);
    add(w, "target", count, 3, 4, 3, 1);
    add(w, name, data, rank, a, b, 0);
    return w;
}

static void tensors_that_do_not_fit_get_a_sentence(void **state)
{
    (void)state;
    const float minus[12] = { 0, 0, -1 }, vanishing[12] = { 1, 1e-30f };
    tl_st_writer *w = tl_st_writer_new();
    add(w, "input", count, 3, 4, 3, 2);
    check_refused(w, "f: there is no tensor 'target'");
    w = tl_st_writer_new();
    add(w, "input", count, 3, 4, 3, 3);
    add(w, "target", count, 3, 4, 3, 1);
    check_refused(w, "input is {4, 3, 3}; of one step in one lane the model takes {2}");
    w = tl_st_writer_new();
    add(w, "input", count, 3, 4, 3, 2);
    add(w, "target", count, 3, 5, 3, 1);
    check_refused(w, "input is for 4 steps in 3 lanes and target for 5 in 3");
    check_refused(with("inputs", count, 2, 4, 3), "no use for a tensor 'inputs'");
    check_refused(with("mask", count, 2, 4, 2), "mask for 4 in 2");
    check_refused(with("mask", minus, 2, 4, 3), "mask has -1 at element 2; it takes 0, or a number from 1e-15 to 1e15");
    check_refused(with("weight", minus, 2, 4, 3), "weight has -1 at element 2; it takes 0, or a number");
    check_refused(with("weight", vanishing, 2, 4, 3), "weight has 1e-30 at element 1; it takes 0, or a number");
    check_refused(with("weight", count, 2, 4, 2), "weight for 4 in 2");
    check_refused(with("reset", count, 2, 4, 3), "reset has 2 at element 1; it takes 0 or 1");
}

static void another_batch_is_refused(void **state)
{
    (void)state;
    tl_error e;
    tl_dataset d;
    tl_coding none = { 0 };
    tl_model m = fake_linear(TL_F32);
    tl_data_options o = { .data = ONE_FILE("f"), .format = "safetensors" };
    tl_st_writer *w = tl_st_writer_new();
    add(w, "input", count, 3, 4, 2, 2);
    add(w, "target", count, 3, 4, 2, 1);
    finish(w, "f");
    assert_int_equal(tl_dataset_open(&d, &m, &o, &none, &e), -1);
    assert_contains(e.text, "f: it has 2 lanes and the model is compiled for a batch of 3");
}

static void resets_need_a_model_that_reads_them(void **state)
{
    (void)state;
    tl_error e;
    tl_dataset d;
    tl_coding none = { 0 };
    const float zero[12] = { 0 }, later[12] = { [4] = 1 };
    tl_model m = fake_linear(TL_F32);
    tl_data_options o = { .data = ONE_FILE("f"), .format = "safetensors" };
    finish(with("reset", zero, 2, 4, 3), "f");
    assert_int_equal(tl_dataset_open(&d, &m, &o, &none, &e), 0);
    tl_dataset_free(&d);
    m.has_reset = 0;
    assert_int_equal(tl_dataset_open(&d, &m, &o, &none, &e), 0); /* it never says so */
    tl_dataset_free(&d);
    finish(with("reset", later, 2, 4, 3), "f");
    assert_int_equal(tl_dataset_open(&d, &m, &o, &none, &e), -1);
    assert_contains(e.text, "'reset', which linear was not compiled for");
}

/* ---- scoring ---- */

static const double params[18] = { [0] = 0.5, [16] = 1 }; /* h' = h / 2 + x[0] */

/* One lane: x[0] as given, target 0, so that a loss is h' squared. */
static tl_score weighted_score(const double *x, const double *mask, const double *weight, const double *reset,
                               size_t n, double *last)
{
    tl_error e;
    tl_model m = fake_linear(TL_F64);
    tl_engine engine = tl_generated_engine(&m);
    tl_examples examples;
    tl_series s;
    tl_stepper stepper;
    tl_score sum = { 0 };
    assert_true(tl_examples_new(&examples, &m, n, 1));
    for (size_t i = 0; i < n; i++)
        ((double *)examples.input[0])[2 * i] = x[i];
    if (mask)
        examples.mask = memcpy(tl_aligned(n * sizeof *mask), mask, n * sizeof *mask);
    if (weight)
        examples.weight = memcpy(tl_aligned(n * sizeof *weight), weight, n * sizeof *weight);
    for (size_t i = 0; i < n && weight; i++)
        ((double *)examples.target[0])[i] = weight[i] == 0 ? NAN : 0;
    if (reset)
        examples.reset = memcpy(tl_aligned(n * sizeof *reset), reset, n * sizeof *reset);
    assert_int_equal(tl_series_cut(&s, &m, &examples, 0, n, 1, "x", &e), 0);
    assert_int_equal(tl_stepper_new(&stepper, &engine, params, 1, &e), 0);
    tl_stepper_score(&stepper, &s, &sum);
    *last = ((double *)stepper.state)[0];
    tl_stepper_free(&stepper);
    tl_examples_free(&examples);
    return sum;
}

static tl_score score(const double *x, const double *mask, const double *reset, size_t n, double *last)
{
    return weighted_score(x, mask, NULL, reset, n, last);
}

static void a_weight_is_of_the_loss_alone(void **state)
{
    (void)state;
    const double x[] = { 1, 1, 1 }, weight[] = { 0.5, 0, 3 }, mask[] = { 1, 1, 2 };
    double last;
    tl_score s = weighted_score(x, mask, weight, NULL, 3, &last); /* the state moves at the second step too */
    assert_true(last == 1.8125 && s.weight == 6.5);
    assert_near(s.loss, 0.5 * 1.25 * 1.25 + 6 * 1.8125 * 1.8125, 1e-14);
}

static void the_state_is_carried_through(void **state)
{
    (void)state;
    const double x[] = { 1, 1, 1 };
    double last;
    tl_score s = score(x, NULL, NULL, 3, &last); /* 0.5 -> 1.25, 1.625, 1.8125 */
    assert_true(last == 1.8125 && s.weight == 3);
    assert_near(s.loss, 1.25 * 1.25 + 1.625 * 1.625 + 1.8125 * 1.8125, 1e-14);
}

static void padding_leaves_the_state_as_it_was(void **state)
{
    (void)state;
    const double x[] = { 1, NAN, 1 }, mask[] = { 2, 0, 1 };
    double last;
    tl_score s = score(x, mask, NULL, 3, &last);
    assert_true(last == 1.625 && s.weight == 3);
    assert_near(s.loss, 2 * 1.25 * 1.25 + 1.625 * 1.625, 1e-14);
}

static void a_reset_begins_anew(void **state)
{
    (void)state;
    const double x[] = { 1, 1, 1 }, reset[] = { 0, 0, 1 };
    double last;
    tl_score s = score(x, NULL, reset, 3, &last);
    assert_true(last == 1.25);
    assert_near(s.loss, 2 * 1.25 * 1.25 + 1.625 * 1.625, 1e-14);
}

#define ON_DISK(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
    for (int i = 0; i < 256; i++)
        count[i] = (float)(i + 1);
    const struct CMUnitTest tests[] = {
        ON_DISK(lanes_of_the_file_are_lanes_of_the_batch),
        ON_DISK(one_sequence_is_cut_into_contiguous_lanes),
        ON_DISK(a_short_validation_is_one_lane),
        ON_DISK(tensors_that_do_not_fit_get_a_sentence),
        ON_DISK(another_batch_is_refused),
        ON_DISK(resets_need_a_model_that_reads_them),
        cmocka_unit_test(the_state_is_carried_through),
        cmocka_unit_test(a_weight_is_of_the_loss_alone),
        cmocka_unit_test(padding_leaves_the_state_as_it_was),
        cmocka_unit_test(a_reset_begins_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
