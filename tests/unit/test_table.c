/* Tables as examples: columns for fields, scales, missing cells, sequences. */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <tapeless/table.h>
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

/* fake_linear: input {2}, target {1}, mse. */
static int load(tl_examples *x, tl_coding *c, const char *text, tl_table_options o, tl_error *e)
{
    tl_model m = fake_linear(TL_F64);
    *c = (tl_coding){ 0 };
    file_write("f.csv", text);
    int bad = tl_table_load(x, c, &m, &(tl_list)ONE_FILE("f.csv"), &o, 0, e);
    if (bad)
        tl_coding_free(c);
    return bad;
}

static tl_table_options plain(void)
{
    return (tl_table_options){ .ahead = TL_AHEAD_UNSAID, .plain = 1 };
}

static void drop(tl_examples *x, tl_coding *c)
{
    tl_examples_free(x);
    tl_coding_free(c);
}

static void columns_share_themselves_out(void **state)
{
    (void)state;
    tl_error e;
    tl_examples x;
    tl_coding c;
    /* the day is no number, so three columns are left: two to read and one to predict */
    assert_int_equal(load(&x, &c, "day,p,q,r\nmon,1,2,3\ntue,4,5,6\n", plain(), &e), 0);
    const double in[] = { 1, 2, 4, 5 }, out[] = { 3, 6 };
    assert_true(x.rows == 2 && c.ahead == 0);
    assert_memory_equal(x.input[0], in, sizeof in);
    assert_memory_equal(x.target[0], out, sizeof out);
    drop(&x, &c);
}

static void an_index_is_no_column(void **state)
{
    (void)state;
    tl_error e;
    tl_examples x;
    tl_coding c;
    static const char *const text[] = { ",p,q,r\n0,1,2,3\n1,4,5,6\n", "Unnamed: 0,p,q,r\n0,1,2,3\n1,4,5,6\n" };
    const double in[] = { 1, 2, 4, 5 };
    for (int i = 0; i < 2; i++) {
        if (load(&x, &c, text[i], plain(), &e))
            fail_msg("%s", e.text);
        assert_memory_equal(x.input[0], in, sizeof in);
        assert_string_equal(c.remark, "the first column, an index, is left out");
        drop(&x, &c);
    }
}

static void columns_are_chosen_and_the_target_looks_ahead(void **state)
{
    (void)state;
    tl_error e;
    tl_examples x;
    tl_coding c;
    const char *in_names = "r,p", *out_name = "p";
    tl_table_options o = plain();
    o.input = (tl_list){ &in_names, 1 };
    o.target = (tl_list){ &out_name, 1 };
    assert_int_equal(load(&x, &c, "p,q,r\n1,2,3\n4,5,6\n7,8,9\n", o, &e), 0);
    const double in[] = { 3, 1, 6, 4 }, out[] = { 4, 7 };
    assert_true(x.rows == 2 && c.ahead == 1); /* p predicts itself */
    assert_memory_equal(x.input[0], in, sizeof in);
    assert_memory_equal(x.target[0], out, sizeof out);
    drop(&x, &c);
    o.ahead = 2;
    assert_int_equal(load(&x, &c, "p,q,r\n1,2,3\n4,5,6\n7,8,9\n", o, &e), 0);
    assert_true(x.rows == 1 && ((double *)x.target[0])[0] == 7);
    drop(&x, &c);
    o.ahead = 3;
    assert_int_equal(load(&x, &c, "p,q,r\n1,2,3\n4,5,6\n7,8,9\n", o, &e), -1);
    assert_contains(e.text, "3 rows are too few to predict 3 ahead");
}

static void a_target_takes_what_the_inputs_leave(void **state)
{
    (void)state;
    tl_error e;
    tl_examples x;
    tl_coding c;
    const char *out_name = "q";
    tl_table_options o = plain();
    o.target = (tl_list){ &out_name, 1 };
    assert_int_equal(load(&x, &c, "p,q,r\n1,2,3\n", o, &e), 0);
    const double in[] = { 1, 3 };
    assert_memory_equal(x.input[0], in, sizeof in);
    assert_string_equal(c.column[2].name, "q");
    drop(&x, &c);
}

static void standardised_by_the_training_rows(void **state)
{
    (void)state;
    tl_error e;
    tl_examples x;
    tl_coding c = { 0 };
    tl_model m = fake_linear(TL_F64);
    tl_table_options o = { .ahead = TL_AHEAD_UNSAID };
    file_write("f.csv", "a,b,y\n1,5,10\n3,5,30\n100,5,20\n100,5,20\n");
    assert_int_equal(tl_table_load(&x, &c, &m, &(tl_list)ONE_FILE("f.csv"), &o, 0.5, &e), 0);
    assert_true(c.mean[0] == 2 && c.sd[0] == 1); /* of 1 and 3 alone */
    assert_true(c.mean[1] == 5 && c.sd[1] == 1); /* constant: left at 1 */
    assert_true(c.mean[2] == 20 && c.sd[2] == 10);
    const double in[] = { -1, 0, 1, 0, 98, 0, 98, 0 }, out[] = { -1, 1, 0, 0 };
    assert_memory_equal(x.input[0], in, sizeof in);
    assert_memory_equal(x.target[0], out, sizeof out);
    drop(&x, &c);
}

/* Two rows ahead of one column, and an input that is read a row below the other. */
static void elements_are_of_the_rows_ahead_that_are_asked_for(void **state)
{
    (void)state;
    tl_error e;
    tl_examples x;
    tl_coding c = { 0 };
    tl_model m = fake_linear(TL_F64);
    tl_tensor two = m.targets[0];
    const char *known[] = { "b" };
    char text[32];
    two.dim[0] = 2;
    m.targets = &two;
    tl_table_options o = { .ahead = TL_AHEAD_UNSAID, .aheads = "1-2", .plain = 1 };
    file_write("f.csv", "a,b,y\n1,5,10\n2,6,20\n3,7,30\n4,8,40\n5,9,50\n");
    assert_int_equal(tl_table_load(&x, &c, &m, &(tl_list)ONE_FILE("f.csv"), &o, 0, &e), 0);
    assert_memory_equal(x.target[0], ((const double[]){ 20, 30, 30, 40, 40, 50 }), 6 * sizeof(double));
    assert_true(x.rows == 3 && tl_table_targets(&c) == 1 && tl_table_target(&c, 0) == 2);
    assert_string_equal(tl_column_label(&c.column[2]), "y+1");
    assert_string_equal(tl_column_label(&c.column[3]), "y+2");
    assert_string_equal(tl_coding_ahead(&c, text, sizeof text), "1-2");
    drop(&x, &c);
    m.targets = fake_linear(TL_F64).targets;
    o = (tl_table_options){ .ahead = TL_AHEAD_UNSAID, .aheads = "2", .plain = 1, .known_ahead = { known, 1 } };
    assert_int_equal(tl_table_load(&x, &c, &m, &(tl_list)ONE_FILE("f.csv"), &o, 0, &e), 0);
    assert_memory_equal(x.input[0], ((const double[]){ 1, 7, 2, 8, 3, 9 }), 6 * sizeof(double));
    assert_memory_equal(x.target[0], ((const double[]){ 30, 40, 50 }), 3 * sizeof(double));
    assert_string_equal(tl_column_label(&c.column[1]), "b+2");
    drop(&x, &c);
}

static void rows_ahead_are_a_number_or_a_range(void **state)
{
    (void)state;
    static const char *const wrong[] = { "", "-", "1-", "0-3", "3-1", "-2-3", "1--2", " 1", "1 ", "1x", "1-2x", "1- 2", "9007199254740993",
                                         "1-9007199254740993", "99999999999999999999" };
    int64_t ahead = 7, beyond = 7;
    assert_true(!tl_ahead_of("-4", &ahead, &beyond) && ahead == -4 && beyond == 0);
    assert_true(!tl_ahead_of("3-3", &ahead, &beyond) && ahead == 3 && beyond == 0);
    assert_true(!tl_ahead_of("1-12", &ahead, &beyond) && ahead == 1 && beyond == 11);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(tl_ahead_of(wrong[i], &ahead, &beyond), -1);
}

/* One rule: all reals are standardised, whatever the loss, but raw fields and columns. */
static void check_scales(const char *loss, tl_scale input, tl_scale target, const tl_table_options *o,
                         const char *expected)
{
    tl_error e;
    tl_examples x;
    tl_coding c = { 0 };
    tl_model m = fake_linear(TL_F64);
    tl_tensor in = m.inputs[0], out = m.targets[0];
    char have[4] = "", text[200];
    in.scale = input;
    out.scale = target;
    m.inputs = &in;
    m.targets = &out;
    m.loss = loss;
    file_write("f.csv", "a,b,y\n1,5,0\n4,9,3\n");
    assert_int_equal(tl_table_load(&x, &c, &m, &(tl_list)ONE_FILE("f.csv"), o, 0, &e), 0);
    for (size_t i = 0; i < 3; i++) {
        have[i] = c.column[i].standardised ? 's' : 'r';
        assert_true((c.mean[i] != 0) == c.column[i].standardised &&
                    (c.sd[i] != 1) == c.column[i].standardised);
    }
    assert_string_equal(have, expected);
    tl_table_describe_scales(&c, &m, text, sizeof text);
    assert_string_equal(text, strcmp(expected, "sss") == 0   ? "all standardised"
                              : strcmp(expected, "rrr") == 0 ? "none standardised"
                              : strcmp(expected, "ssr") == 0 ? "standardised a, b; raw y"
                              : strcmp(expected, "rrs") == 0 ? "standardised y; raw a, b"
                                                             : "standardised a, y; raw b");
    drop(&x, &c);
}

static void what_is_standardised_follows_one_rule(void **state)
{
    (void)state;
    static const char *const losses[] = { "mse", "huber", "custom", "bce" };
    const char *b[] = { "b" };
    for (size_t i = 0; i < 4; i++) {
        tl_table_options o = { .ahead = TL_AHEAD_UNSAID };
        check_scales(losses[i], TL_SCALE_FREE, TL_SCALE_FREE, &o, "sss");
        check_scales(losses[i], TL_SCALE_FREE, TL_SCALE_RAW, &o, "ssr");
        check_scales(losses[i], TL_SCALE_RAW, TL_SCALE_FREE, &o, "rrs");
        o.raw = (tl_list){ b, 1 };
        check_scales(losses[i], TL_SCALE_FREE, TL_SCALE_FREE, &o, "srs");
        o.plain = 1;
        check_scales(losses[i], TL_SCALE_FREE, TL_SCALE_FREE, &o, "rrr");
    }
}

static void scales_that_are_contradicted_or_not_known_are_refused(void **state)
{
    (void)state;
    tl_error e;
    tl_examples x;
    tl_coding c = { 0 };
    tl_model m = fake_linear(TL_F64);
    const char *names[] = { "y" }, *none[] = { "z" };
    tl_table_options o = { .ahead = TL_AHEAD_UNSAID }, raw = { .ahead = TL_AHEAD_UNSAID, .raw = { names, 1 } },
                     wrong = { .ahead = TL_AHEAD_UNSAID, .raw = { none, 1 } }, plain = { .ahead = TL_AHEAD_UNSAID, .plain = 1 },
                     known = { .ahead = TL_AHEAD_UNSAID, .known = 1 };
    const tl_list file = ONE_FILE("f.csv");
    file_write("f.csv", "a,b,y\n1,5,0\n3,7,1\n");
    assert_int_equal(tl_table_load(&x, &c, &m, &file, &wrong, 0, &e), -1);
    assert_contains(e.text, "--raw z: the model reads no column of that name");
    tl_coding_free(&c);
    assert_int_equal(tl_table_load(&x, &c, &m, &file, &known, 0, &e), -1);
    assert_contains(e.text, "the weights do not say with what mean and scale a, b, y were read");
    tl_coding_free(&c);
    known.plain = 1;
    assert_int_equal(tl_table_load(&x, &c, &m, &file, &known, 0, &e), 0);
    drop(&x, &c);
    c = (tl_coding){ 0 };
    assert_int_equal(tl_table_load(&x, &c, &m, &file, &o, 0, &e), 0);
    tl_examples_free(&x);
    assert_int_equal(tl_table_load(&x, &c, &m, &file, &raw, 0, &e), -1);
    assert_contains(e.text, "--raw y: the model was trained with it standardised");
    assert_int_equal(tl_table_load(&x, &c, &m, &file, &plain, 0, &e), -1);
    assert_contains(e.text, "--no-standardise: the model was trained with a, b, y standardised");
    tl_coding_free(&c);
}

static void check_choice(tl_table_options o, const char *text, const char *why)
{
    tl_error e;
    tl_examples x;
    tl_coding c;
    assert_int_equal(load(&x, &c, text, o, &e), -1);
    assert_contains(e.text, why);
}

static void wrong_choices_get_a_sentence(void **state)
{
    (void)state;
    const char *three = "p,q,r", *none = "p,zz", *remark = "p,day", *named = "x=p,q";
    const char *text = "day,p,q,r\nmon,1,2,3\ntue,4,5,6\n";
    tl_table_options o = plain();
    check_choice(o, "p,q\n1,2\n", "f.csv: the model's input takes 2 columns and its target 1, 3 in all, and "
                 "2 columns of numbers are there: p, q; choose with --input and --target");
    check_choice(o, "day,p,note\nmon,1,\ntue,2,\n", "and 1 column of numbers is there: p; day ('mon'), note "
                 "(empty) left out: no number in them; choose");
    o.target = (tl_list){ (const char *[]){ "r" }, 1 };
    check_choice(o, "p,q,r,s\n1,2,3,4\n", "the model's input takes 2 columns, and 3 columns of numbers are "
                 "left beside the target's: p, q, s; choose");
    o.target = (tl_list){ 0 };
    o.input = (tl_list){ &three, 1 };
    check_choice(o, text, "f.csv: the model's input takes 2 columns, and --input p,q,r names 3");
    o.input = (tl_list){ &none, 1 };
    check_choice(o, text, "there is no column 'zz'; there are day, p, q, r");
    o.input = (tl_list){ &remark, 1 };
    o.target = (tl_list){ (const char *[]){ "r" }, 1 };
    check_choice(o, text, "f.csv:2: column 'day' has 'mon' where a number is needed");
    o.input = (tl_list){ &named, 1 };
    check_choice(o, text, "there is no column 'x=p'");
}

static tl_model named_model(void)
{
    static const tl_tensor inputs[] = {
        { .name = "temperature", .rank = 1, .dim = { 1 }, .type = TL_F32 },
        { .name = "wind", .rank = 1, .dim = { 2 }, .type = TL_F32 },
        { .name = "day", .type = TL_I32, .vocab = 7 },
    };
    static const tl_tensor targets[] = { { .name = "out", .rank = 1, .dim = { 1 },
                                           .type = TL_F32 } };
    return (tl_model){ .name = "named", .real = TL_F32, .loss = "mse", .ninputs = 3,
                       .ntargets = 1, .inputs = inputs, .targets = targets };
}

static void named_fields_find_their_columns(void **state)
{
    (void)state;
    tl_error e;
    tl_examples x;
    tl_coding c = { 0 };
    tl_model m = named_model();
    const char *target = "out=load";
    tl_table_options o = plain();
    o.target = (tl_list){ &target, 1 };
    file_write("f.csv", "wind.1,day,temperature,load,wind.2\n1,6,3,4,5\n");
    assert_int_equal(tl_table_load(&x, &c, &m, &(tl_list)ONE_FILE("f.csv"), &o, 0, &e), 0);
    assert_true(((float *)x.input[0])[0] == 3);
    assert_true(((float *)x.input[1])[0] == 1 && ((float *)x.input[1])[1] == 5);
    assert_int_equal(((int32_t *)x.input[2])[0], 6);
    assert_true(((float *)x.target[0])[0] == 4);
    drop(&x, &c);
    file_write("f.csv", "wind.1,day,temperature,load,wind.2\n1,7,3,4,5\n");
    assert_int_equal(tl_table_load(&x, &c, &m, &(tl_list)ONE_FILE("f.csv"), &o, 0, &e), -1);
    assert_contains(e.text, "f.csv:2: column 'day' has 7; a token is an integer from 0 to 6");
    tl_coding_free(&c);
    target = "load";
    assert_int_equal(tl_table_load(&x, &c, &m, &(tl_list)ONE_FILE("f.csv"), &o, 0, &e), -1);
    assert_contains(e.text, "--target load: the model's targets have names: --target out=COLUMNS");
    tl_coding_free(&c);
}

static void prediction_needs_no_targets(void **state)
{
    (void)state;
    tl_error e;
    tl_examples x;
    tl_coding c;
    tl_origin *from;
    tl_model m = fake_linear(TL_F64);
    assert_int_equal(load(&x, &c, "a,b,y\n1,2,3\n", plain(), &e), 0);
    tl_examples_free(&x);
    file_write("g.csv", "b,a\n20,10\n40,30\n");
    assert_int_equal(tl_table_inputs(&x, &from, &c, &m, &(tl_list)ONE_FILE("g.csv"), &(tl_table_options){ 0 }, &e), 0);
    const double in[] = { 10, 20, 30, 40 };
    assert_memory_equal(x.input[0], in, sizeof in);
    assert_true(!x.sequences && !from->label && !from->before);
    tl_origins_free(from, x.sequences);
    drop(&x, &c);
}

static void sequences_say_where_they_were_read(void **state)
{
    (void)state;
    tl_error e;
    tl_examples x;
    tl_coding c;
    tl_origin *from;
    tl_model m = fake_linear(TL_F64);
    tl_list files = { (const char *[]){ "g.csv", "h.csv" }, 2 };
    tl_table_options o = { .csv = { .sequence = "run" } };
    assert_int_equal(load(&x, &c, "a,b,y\n1,2,3\n", plain(), &e), 0);
    tl_examples_free(&x);
    file_write("g.csv", "b,run,a\n20,x,10\n40,\"y,z\",30\n60,\"y,z\",50\n80,x,70\n");
    file_write("h.csv", "run,a,b\nx,1,2\n");
    assert_int_equal(tl_table_inputs(&x, &from, &c, &m, &files, &o, &e), 0);
    const double in[] = { 10, 20, 70, 80, 30, 40, 50, 60, 1, 2 }; /* x, then y,z; and x of the other file */
    const size_t first[] = { 0, 2, 4, 5 };
    assert_memory_equal(x.input[0], in, sizeof in);
    assert_int_equal(x.sequences, 3);
    assert_memory_equal(x.first, first, sizeof first);
    assert_string_equal(from[0].label, "x");
    assert_string_equal(from[1].label, "y,z");
    assert_string_equal(from[2].label, "x");
    assert_string_equal(from[2].path, "h.csv");
    const size_t row[3][3] = { { 1, 4, 5 }, { 2, 3, 4 }, { 1, 2, 3 } }; /* the last is behind the end */
    for (int i = 0; i < 3; i++)
        for (size_t n = 1; n <= 3; n++)
            assert_int_equal(tl_origin_row(&from[i], n), row[i][n - 1]);
    tl_origins_free(from, x.sequences);
    drop(&x, &c);
}

#define ON_DISK(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DISK(elements_are_of_the_rows_ahead_that_are_asked_for),
        ON_DISK(rows_ahead_are_a_number_or_a_range),
        ON_DISK(columns_share_themselves_out),
        ON_DISK(an_index_is_no_column),
        ON_DISK(columns_are_chosen_and_the_target_looks_ahead),
        ON_DISK(a_target_takes_what_the_inputs_leave),
        ON_DISK(standardised_by_the_training_rows),
        ON_DISK(what_is_standardised_follows_one_rule),
        ON_DISK(scales_that_are_contradicted_or_not_known_are_refused),
        ON_DISK(wrong_choices_get_a_sentence),
        ON_DISK(named_fields_find_their_columns),
        ON_DISK(prediction_needs_no_targets),
        ON_DISK(sequences_say_where_they_were_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
