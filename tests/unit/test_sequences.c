/* Several sequences: found in files, split, packed into lanes, scored each from the start. */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <tapeless/buffers.h>
#include <tapeless/dataset.h>
#include <tapeless/real.h>
#include <tapeless/sequences.h>
#include <tapeless/stepper.h>
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

static const tl_coding none;

static void the_last_sequences_validate(void **state)
{
    (void)state;
    const size_t first[] = { 0, 10, 20, 30, 40 };
    assert_int_equal(tl_sequences_training(first, 4, 0), 4);
    assert_int_equal(tl_sequences_training(first, 4, 0.1), 3); /* at least one */
    assert_int_equal(tl_sequences_training(first, 4, 0.25), 3);
    assert_int_equal(tl_sequences_training(first, 4, 0.26), 2);
    assert_int_equal(tl_sequences_training(first, 4, 0.99), 1); /* one is left to train on */
    assert_int_equal(tl_sequences_training(first, 1, 0.5), 1);
}

/* Targets 1, 2, 3, ... in sequences of the given lengths. */
static tl_examples flat(const tl_model *m, const size_t *length, size_t n)
{
    tl_examples x;
    size_t rows = 0, *first = calloc(n + 1, sizeof *first);
    assert_non_null(first);
    for (size_t i = 0; i < n; i++)
        first[i + 1] = rows += length[i];
    assert_true(tl_examples_new(&x, m, rows, 1));
    for (size_t i = 0; i < rows; i++)
        ((double *)x.target[0])[i] = (double)i + 1;
    x.first = first;
    x.sequences = n;
    return x;
}

static void the_longest_goes_to_the_shortest_lane(void **state)
{
    (void)state;
    tl_error e;
    tl_examples x, packed;
    tl_model m = fake_linear(TL_F64);
    const size_t length[] = { 2, 4, 1, 3, 2 }; /* rows 1-2, 3-6, 7, 8-10, 11-12 */
    x = flat(&m, length, 5);
    assert_int_equal(tl_sequences_pack(&packed, &m, &x, 0, 5, 3, "x", &e), 0);
    /* 4 | 3 | 2 2 ... then 1 to the lane of 3; laid down in the order of the data. */
    const double target[4][3] = { { 3, 7, 1 }, { 4, 8, 2 }, { 5, 9, 11 }, { 6, 10, 12 } };
    const double reset[4][3] = { { 1, 1, 1 }, { 0, 1, 0 }, { 0, 0, 1 }, { 0, 0, 0 } };
    assert_true(packed.rows == 4 && packed.lanes == 3 && !packed.mask && !packed.first);
    assert_memory_equal(packed.target[0], target, sizeof target);
    assert_memory_equal(packed.reset, reset, sizeof reset);
    tl_examples_free(&packed);

    assert_int_equal(tl_sequences_pack(&packed, &m, &x, 1, 5, 4, "x", &e), 0);
    const double mask[4][4] = { { 1, 1, 1, 1 }, { 1, 1, 1, 0 }, { 1, 1, 0, 0 }, { 1, 0, 0, 0 } };
    assert_true(packed.rows == 4);
    assert_memory_equal(packed.mask, mask, sizeof mask);
    tl_examples_free(&packed);

    assert_int_equal(tl_sequences_pack(&packed, &m, &x, 0, 5, 1, "x", &e), 0); /* as they stood */
    assert_memory_equal(packed.target[0], x.target[0], 12 * sizeof(double));
    tl_examples_free(&packed);
    tl_examples_free(&x);
}

static void weights_go_with_their_steps(void **state)
{
    (void)state;
    tl_error e;
    tl_examples packed;
    tl_model m = fake_linear(TL_F64);
    const size_t length[] = { 1, 3, 2 };
    tl_examples x = flat(&m, length, 3);
    x.weight = tl_aligned(6 * sizeof(double));
    for (int i = 0; i < 6; i++)
        ((double *)x.weight)[i] = i + 1;
    assert_int_equal(tl_sequences_pack(&packed, &m, &x, 0, 3, 2, "x", &e), 0);
    const double weight[3][2] = { { 2, 1 }, { 3, 5 }, { 4, 6 } };
    assert_memory_equal(packed.weight, weight, sizeof weight);
    tl_examples_free(&packed);
    tl_examples_free(&x);
}

static tl_data_options options(tl_list data)
{
    return (tl_data_options){ .data = data, .valid = 0.2, .format = "csv",
                              .table = { .ahead = 1, .plain = 1 } };
}

static void open(tl_dataset *d, const tl_model *m, const tl_data_options *o)
{
    tl_error e;
    tl_coding c = none;
    if (tl_dataset_open(d, m, o, &c, &e))
        fail_msg("%s", e.text);
}

/* fake_linear reads a and b, predicts a. */
static tl_data_options table(tl_list data, tl_list *input, tl_list *target)
{
    tl_data_options o = options(data);
    o.table.input = *input;
    o.table.target = *target;
    return o;
}

static const char *const ab[] = { "a,b" }, *const a_only[] = { "a" };
static tl_list ab_list = { (const char **)ab, 1 }, a_list = { (const char **)a_only, 1 };

static void a_column_tells_sequences_apart(void **state)
{
    (void)state;
    tl_dataset d;
    char text[400];
    tl_model m = fake_linear(TL_F64);
    m.tbptt.batch = 2;
    tl_data_options o = table((tl_list)ONE_FILE("s"), &ab_list, &a_list);
    o.table.csv.sequence = "run";
    file_write("s", "a,run,b\n1,x,0\n4,\"y,z\",0\n2,x,0\n3,x,0\n5,\"y,z\",0\n6,X,0\n7,X,0\n"
                    "9,w,0\n8,X,0\n10,w,0\n11,w,0\n");
    open(&d, &m, &o);
    /* x 1 2 3 | y,z 4 5 | X 6 7 8, and the last to validate: targets a step ahead, never across;
     * padding holds what the lane had last. */
    const double target[] = { 2, 7, 3, 8, 5, 8 }, reset[] = { 1, 1, 0, 0, 1, 0 };
    const double mask[] = { 1, 1, 1, 1, 1, 0 };
    assert_true(d.sequences == 3 && d.valid_sequences == 1);
    assert_true(d.train.steps == 3 && d.train.lanes == 2 && d.valid.steps == 2 &&
                d.valid.lanes == 1);
    assert_memory_equal(d.examples.target[0], target, sizeof target);
    assert_memory_equal(d.examples.reset, reset, sizeof reset);
    assert_memory_equal(d.examples.mask, mask, sizeof mask);
    assert_true(((double *)d.valid_examples.target[0])[0] == 10);
    tl_dataset_describe(&d, &m, text, sizeof text);
    assert_string_equal(text, "inputs a, b; targets a, 1 row ahead; none standardised; the rows of 4 interleaved sequences put "
                              "together; 3 sequences in 2 lanes of 3 steps "
                              "(17% padding) to train on, 1 sequence in 1 lane of 2 to validate");
    tl_dataset_free(&d);
}

static void several_tables_are_several_sequences(void **state)
{
    (void)state;
    tl_dataset d;
    tl_model m = fake_linear(TL_F64);
    m.tbptt.batch = 1;
    tl_data_options o = table((tl_list){ (const char *[]){ "1", "2", "3" }, 3 }, &ab_list, &a_list);
    o.table.plain = 0;
    file_write("1", "a,b\n1,0\n3,0\n");
    file_write("2", "b,remark,a\n0,-,5\n0,-,7\n"); /* columns are found by name */
    file_write("3", "a,b\n900,0\n901,0\n");
    open(&d, &m, &o);
    double root5 = sqrt(5); /* mean 4, sd by the training's sequences alone */
    assert_true(d.coding.mean[0] == 4 && d.coding.sd[0] == root5);
    assert_true(d.train.steps == 2 && !d.examples.mask);
    assert_true(((double *)d.examples.target[0])[1] == 3 / root5);
    assert_true(((double *)d.examples.reset)[1] == 1);
    tl_dataset_free(&d);
}

static void several_texts_are_several_sequences(void **state)
{
    (void)state;
    tl_dataset d;
    tl_model m = fake_bigram();
    m.tbptt.batch = 1;
    m.has_reset = 1;
    tl_data_options o = { .data = { (const char *[]){ "1", "2" }, 2 } };
    file_write("1", "abc");
    file_write("2", "cad");
    open(&d, &m, &o);
    const int32_t in[] = { 0, 1, 2, 0 }, target[] = { 1, 2, 0, 3 };
    assert_true(d.coding.nvocab == 4 && d.train.steps == 4 && !d.has_valid);
    assert_memory_equal(d.examples.input[0], in, sizeof in);
    assert_memory_equal(d.examples.target[0], target, sizeof target);
    assert_true(((float *)d.examples.reset)[0] == 1 && ((float *)d.examples.reset)[2] == 1 &&
                ((float *)d.examples.reset)[1] == 0);
    tl_dataset_free(&d);
}

static void refuse(const tl_model *m, const tl_data_options *o, const char *why)
{
    tl_error e;
    tl_dataset d;
    tl_coding c = none;
    assert_int_equal(tl_dataset_open(&d, m, o, &c, &e), -1);
    assert_contains(e.text, why);
}

static void mistakes_get_a_sentence(void **state)
{
    (void)state;
    tl_model m = fake_linear(TL_F64);
    tl_data_options o = table((tl_list)ONE_FILE("s"), &ab_list, &a_list);
    file_write("s", "a,b,run\n1,0,1\n2,0,1\n3,0,2\n");
    o.table.csv.sequence = "rum";
    refuse(&m, &o, "s: there is no column 'rum'; there are a, b, run");
    o.table.csv.sequence = "run";
    refuse(&m, &o, "s:4: the sequence '2' has 1 row, the last in this line: too short to predict 1 ahead, which takes 2");
    o.table.ahead = 0;
    m.has_reset = 0;
    m.tbptt.batch = 1;
    o.valid = 0;
    refuse(&m, &o, "s: there are 2 sequences, which linear was not compiled for; set tbptt = { resets");
    o.format = "text";
    refuse(&m, &o, "--sequence run: s is not a CSV file");
    o = (tl_data_options){ .data = { (const char *[]){ "a.csv", "b" }, 2 } };
    refuse(&m, &o, "b: it is text and a.csv is csv");
    o = (tl_data_options){ .data = { (const char *[]){ "a.safetensors", "b.safetensors" }, 2 } };
    refuse(&m, &o, "b.safetensors: only one file of tensors can be read");
    tl_model text = fake_bigram();
    file_write("1", "abc");
    file_write("2", "d");
    o = (tl_data_options){ .data = { (const char *[]){ "1", "2" }, 2 } };
    refuse(&text, &o, "2: a text of 1 characters has nothing to predict");
}

static void training_is_compiled_for_what_the_files_hold(void **state)
{
    (void)state;
    const float zero[4] = { 0 }, at_first[4] = { 1, 1 }, later[4] = { 0, 0, 0, 1 };
    const float *const reset[] = { NULL, zero, at_first, later }, ones[4] = { 1, 2, 1, 1 };
    const int64_t dim[] = { 2, 2 };
    tl_error e;
    for (int i = 0; i < 4; i++)
        for (int padded = 0; padded < 2; padded++) {
            tl_st_writer *w = tl_st_writer_new();
            if (reset[i])
                tl_st_add(w, "reset", TL_DT_F32, dim, 2, reset[i]);
            tl_st_add(w, "mask", TL_DT_F32, dim, 2, padded ? later : ones);
            assert_int_equal(tl_st_write(w, "d.safetensors", &e), 0);
            tl_st_writer_free(w);
            char *words[] = { "--quiet", "--data", "d.safetensors" };
            tl_train_look look = tl_look_at_training("m", 3, words, 0);
            assert_true(look.resets == (i == 3) && look.masks == padded && !look.anomaly);
            assert_int_equal(tl_look_at_training("m", 3, words, 1).resets, i >= 2); /* state carried */
        }
    char *two[] = { "--data=a", "--anomaly", "--data", "b" }, *column[] = { "--sequence=x", "--data=a.csv" };
    char *one[] = { "--best", "--anomaly", "--data=a" }, *wrong[] = { "--data=a", "--data=b", "--nonsense" };
    tl_train_look look = tl_look_at_training("m", 4, two, 0);
    assert_true(look.resets && !look.masks && look.anomaly);
    assert_string_equal(two[1], "--anomaly"); /* the words stay as they were */
    assert_true(tl_look_at_training("m", 2, column, 0).resets);
    look = tl_look_at_training("m", 3, one, 0);
    assert_true(!look.resets && !look.anomaly);
    assert_false(tl_look_at_training("m", 3, wrong, 0).resets);
}

/* In lanes or one after the other: every sequence from the initial state, the same score. */
static void lanes_do_not_matter_to_a_score(void **state)
{
    (void)state;
    tl_error e;
    tl_model m = fake_linear(TL_F64);
    tl_engine engine = tl_generated_engine(&m);
    const double params[18] = { [0] = 0.5, [16] = 1, [17] = 2 };
    const size_t length[] = { 5, 2, 7, 1, 1, 3 };
    double loss[2];
    tl_examples x = flat(&m, length, 6), packed;
    for (int i = 0; i < 2; i++) {
        tl_series s;
        tl_stepper stepper;
        tl_score score = { 0 };
        size_t lanes = i ? 3 : 1;
        assert_int_equal(tl_sequences_pack(&packed, &m, &x, 0, 6, lanes, "x", &e), 0);
        assert_int_equal(tl_series_cut(&s, &m, &packed, 0, packed.rows, lanes, "x", &e), 0);
        assert_int_equal(tl_stepper_new(&stepper, &engine, params, (int32_t)lanes, &e), 0);
        tl_stepper_score(&stepper, &s, &score);
        assert_true(score.weight == 19);
        loss[i] = score.loss;
        tl_stepper_free(&stepper);
        tl_examples_free(&packed);
    }
    assert_near(loss[0], loss[1], 1e-11 * loss[0]);
    tl_examples_free(&x);
}

/* Every length in pieces of at most every size: all rows are there once, no piece is too long, none is more than one row shorter than another
 * of its sequence, and one less would not do. */
static void pieces_are_as_equal_as_can_be(void **state)
{
    (void)state;
    for (size_t rows = 1; rows < 40; rows++)
        for (size_t most = 1; most < 45; most++) {
            const size_t first[] = { 0, 3, 3 + rows }, before = (3 - 1) / most + 1;
            size_t n;
            size_t *cut = tl_sequences_cut(first, 2, most, &n);
            assert_non_null(cut);
            assert_int_equal(cut[before], 3);
            assert_true(cut[0] == 0 && cut[n] == 3 + rows && (n - before - 1) * most < rows);
            for (size_t i = before; i < n; i++) {
                const size_t length = cut[i + 1] - cut[i], shortest = cut[n] - cut[n - 1];
                assert_true(length <= most && length >= shortest && length <= shortest + 1);
            }
            free(cut);
        }
}

#define ON_DISK(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_sequences_validate),
        cmocka_unit_test(the_longest_goes_to_the_shortest_lane),
        cmocka_unit_test(weights_go_with_their_steps),
        ON_DISK(a_column_tells_sequences_apart),
        ON_DISK(several_tables_are_several_sequences),
        ON_DISK(several_texts_are_several_sequences),
        ON_DISK(mistakes_get_a_sentence),
        ON_DISK(training_is_compiled_for_what_the_files_hold),
        cmocka_unit_test(lanes_do_not_matter_to_a_score),
        cmocka_unit_test(pieces_are_as_equal_as_can_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
