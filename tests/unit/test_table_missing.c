/* Missing cells of a table, each way to read them; numbers that are too large; what a checkpoint keeps of it. */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <tapeless/safetensors.h>
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

typedef struct Table {
    tl_model m;
    tl_examples x;
    tl_coding c;
    tl_error e;
} Table;

/* fake_linear: input {2}, target {1}, mse. */
static tl_table_options raw(const char *missing)
{
    return (tl_table_options){ .ahead = TL_AHEAD_UNSAID, .plain = 1, .missing = missing };
}

static int load(Table *t, const char *text, tl_table_options o)
{
    *t = (Table){ .m = fake_linear(TL_F64) };
    file_write("f.csv", text);
    return tl_table_load(&t->x, &t->c, &t->m, &(tl_list)ONE_FILE("f.csv"), &o, 0, &t->e);
}

static void drop(Table *t)
{
    tl_examples_free(&t->x);
    tl_coding_free(&t->c);
}

static void refuse(const char *text, tl_table_options o, const char *why)
{
    Table t;
    assert_int_equal(load(&t, text, o), -1);
    assert_contains(t.e.text, why);
    drop(&t);
}

static void check(const double *got, const double *want, size_t n, const char *what)
{
    for (size_t i = 0; i < n; i++)
        if (!(fabs(got[i] - want[i]) <= 1e-15))
            fail_msg("%s %zu is %.17g, not %.17g", what, i, got[i], want[i]);
}

static void must_load(Table *t, const char *text, tl_table_options o)
{
    if (load(t, text, o))
        fail_msg("%s", t->e.text);
}

static void a_column_with_numbers_is_never_left_out(void **state)
{
    (void)state;
    const char *na = "day,a,b,y\nmon,1,2,3\ntue,1,NA,3\n", *word = "day,a,b,y\nmon,1,2,3\ntue,x,2,3\n";
    refuse(na, raw(NULL), "f.csv:3: column 'b' has 'NA' where a number is needed; --missing hold (the last "
           "one again) or zero (the mean) says what is read instead; --input and --target choose other "
           "columns");
    refuse(na, raw("error"), "f.csv:3: column 'b' has 'NA'");
    refuse(na, raw("mask"), "f.csv:3: column 'b' has 'NA' where a number is needed; --missing mask is about "
           "targets");
    refuse(word, raw("hold"), "f.csv:3: column 'a' has 'x' where a number is needed; --input and --target "
           "choose other columns");
    refuse("a,b,y\n1,2,3\n4,5,\n", raw("error"), "f.csv:3: column 'y' is empty where a number is needed; "
           "with --missing mask a step without a target does not count");
    refuse("a,b,c,y\n1,2,3,4\n1,,3,4\n", raw(NULL), "f.csv:3: column 'b' is empty"); /* and not "3 columns" */
    refuse("a,b,c,y\n1,2,3,4\n1,2,3,4\n", raw(NULL), "f.csv: the model's input takes 2 columns and its "
           "target 1, 3 in all, and 4 columns of numbers are there: a, b, c, y;");
    refuse("a,b,c,y\n1,2,$3,4\n4,5,$6,7\n", raw(NULL), "f.csv:2: column 'c' has '$3' where a number is needed: a number stands "
           "alone in its cell"); /* a, b and y would just fit */
    refuse("a,b,y\n1,2,3\n4,inf,5\n", raw("hold"), "f.csv:3: column 'b' has 'inf' where a number is needed: "
           "it must be finite");
    refuse(na, raw("later"), "--missing later: it takes error, mask, hold or zero");
    refuse(na, raw("mask,indicator"), "--missing mask,indicator: it takes");
    refuse(na, raw("holdhold"), "--missing holdhold: it takes");
    Table t;
    tl_table_options o = raw(NULL);
    o.input = (tl_list){ (const char *[]){ "a,y" }, 1 };
    o.target = (tl_list){ (const char *[]){ "a" }, 1 };
    o.ahead = 0;
    must_load(&t, na, o); /* what is not asked for may hold anything */
    drop(&t);
    o.input = (tl_list){ (const char *[]){ "a,b" }, 1 };
    refuse(na, o, "f.csv:3: column 'b' has 'NA' where a number is needed; --missing hold (the last one "
           "again) or zero (the mean) says what is read instead");
}

static const char gaps[] = "a,b,y\n,10,1\n2,NA,2\nNA,30,3\n4,nan,4\n";

static void hold_repeats_the_last_one_seen(void **state)
{
    (void)state;
    Table t;
    must_load(&t, gaps, raw("hold"));
    const double in[] = { 3, 10, 2, 10, 2, 30, 4, 30 }; /* before the first: the mean of 2 and 4 */
    check(t.x.input[0], in, 8, "input");
    assert_null(t.x.weight);
    assert_string_equal(t.c.remark, "4 missing cells of inputs held");
    drop(&t);
    tl_table_options o = raw("hold");
    o.plain = 0;
    must_load(&t, gaps, o); /* measured over what is present: a 3 +- 1, b 20 +- 10 */
    const double scaled[] = { 0, -1, -1, -1, -1, 1, 1, 1 };
    check(t.x.input[0], scaled, 8, "input");
    assert_true(t.c.mean[0] == 3 && t.c.sd[0] == 1 && t.c.mean[1] == 20 && t.c.sd[1] == 10);
    drop(&t);
}

static void hold_ends_with_the_sequence(void **state)
{
    (void)state;
    Table t;
    tl_table_options o = raw("hold");
    o.csv.sequence = "s";
    must_load(&t, "s,a,b,y\np,1,1,0\nq,,2,0\np,,3,0\nq,7,4,0\nq,,5,0\n", o);
    const double in[] = { 1, 1, 1, 3, 4, 2, 7, 4, 7, 5 };
    check(t.x.input[0], in, 10, "input");
    drop(&t);
}

static void zero_is_what_the_model_reads(void **state)
{
    (void)state;
    Table t;
    must_load(&t, gaps, raw("zero"));
    const double in[] = { 0, 10, 2, 0, 0, 30, 4, 0 };
    check(t.x.input[0], in, 8, "input");
    assert_string_equal(t.c.remark, "4 missing cells of inputs read as 0");
    drop(&t);
    tl_table_options o = raw("zero");
    o.plain = 0;
    must_load(&t, gaps, o);
    const double scaled[] = { 0, -1, -1, 0, 0, 1, 1, 0 };
    check(t.x.input[0], scaled, 8, "input");
    drop(&t);
}

static void an_indicator_says_that_a_cell_was_missing(void **state)
{
    (void)state;
    Table t;
    must_load(&t, "a,y\n1,1\n,2\n3,3\n", raw("hold,indicator")); /* one column, and its indicator */
    const double in[] = { 1, 0, 1, 1, 3, 0 };
    check(t.x.input[0], in, 6, "input");
    assert_true(t.c.ncolumns == 3 && t.c.column[1].indicator && !t.c.column[0].indicator);
    drop(&t);
    must_load(&t, "a,b,y\n1,1,1\n2,2,2\n", raw("zero,indicator")); /* nothing is missing: as many columns as before */
    drop(&t);
    refuse("a,b,y\n1,,1\n2,2,2\n", raw("hold,indicator"), "the model's input takes 2 columns and its target "
           "1, 3 in all, and 3 columns of numbers are there (with 1 indicator 4): a, b, y");
    tl_table_options o = raw("hold,indicator");
    o.input = (tl_list){ (const char *[]){ "a,b" }, 1 };
    refuse("a,b,y\n1,,1\n2,2,2\n", o, "the model's input takes 2 columns, and --input a,b names 2, and with "
           "an indicator for each of those with missing cells there are 3");
    o.input = (tl_list){ (const char *[]){ "b" }, 1 };
    o.target = (tl_list){ (const char *[]){ "y" }, 1 };
    must_load(&t, "a,b,y\n1,,1\n2,2,2\n", o);
    drop(&t);
}

static void named_fields_have_indicators(void **state)
{
    (void)state;
    static const tl_tensor inputs[] = { { .name = "w", .rank = 1, .dim = { 3 }, .type = TL_F64 },
                                        { .name = "v", .rank = 1, .dim = { 2 }, .type = TL_F64 } };
    tl_error e;
    tl_examples x;
    tl_coding c = { 0 };
    tl_model m = fake_linear(TL_F64);
    m.ninputs = 2;
    m.inputs = inputs;
    tl_table_options o = raw("hold,indicator");
    o.target = (tl_list){ (const char *[]){ "y" }, 1 };
    file_write("f.csv", "w.1,w.2,v,y\n1,2,3,4\n5,,,8\n");
    if (tl_table_load(&x, &c, &m, &(tl_list)ONE_FILE("f.csv"), &o, 0, &e))
        fail_msg("%s", e.text);
    const double w[] = { 1, 2, 0, 5, 2, 1 }, v[] = { 3, 0, 3, 1 };
    check(x.input[0], w, 6, "w");
    check(x.input[1], v, 4, "v");
    tl_examples_free(&x);
    tl_coding_free(&c);
    file_write("f.csv", "w.1,w.2,v,y\n1,2,3,4\n5,6,,8\n");
    assert_int_equal(tl_table_load(&x, &c, &m, &(tl_list)ONE_FILE("f.csv"), &o, 0, &e), -1);
    assert_contains(e.text, "there is no column 'w.3'");
    tl_coding_free(&c);
    file_write("f.csv", "w.1,w.2,v,y\n1,,3,4\n,6,,8\n");
    assert_int_equal(tl_table_load(&x, &c, &m, &(tl_list)ONE_FILE("f.csv"), &o, 0, &e), -1);
    assert_contains(e.text, "the model's input w takes 3 columns; with an indicator for each that has "
                    "missing cells w.1 to w.2 are 4");
    tl_coding_free(&c);
}

/* What any of the files has in a column counts. */
static void several_files_are_looked_at(void **state)
{
    (void)state;
    tl_error e;
    tl_examples x;
    tl_coding c = { 0 };
    tl_model m = fake_linear(TL_F64);
    tl_list files = { (const char *[]){ "1.csv", "2.csv" }, 2 };
    tl_table_options o = raw("hold,indicator");
    file_write("1.csv", "a,y\n1,1\n2,2\n");
    file_write("2.csv", "y,a\n3,4\n4,\n");
    if (tl_table_load(&x, &c, &m, &files, &o, 0, &e))
        fail_msg("%s", e.text);
    const double in[] = { 1, 0, 2, 0, 4, 0, 4, 1 };
    check(x.input[0], in, 8, "input");
    tl_examples_free(&x);
    tl_coding_free(&c);
    o = raw(NULL);
    m.inputs = m.targets; /* one column */
    assert_int_equal(tl_table_load(&x, &c, &m, &files, &o, 0, &e), -1);
    assert_contains(e.text, "2.csv:3: column 'a' is empty where a number is needed");
    tl_coding_free(&c);
    file_write("1.csv", "a,b,y\n1,,1\n2,,2\n");
    file_write("2.csv", "a,b,y\n1,7,1\n");
    assert_int_equal(tl_table_load(&x, &c, &m, &files, &o, 0, &e), -1);
    assert_contains(e.text, "1.csv:2: column 'b' is empty"); /* and not left out */
    tl_coding_free(&c);
    file_write("2.csv", "a,y\n1,1\n");
    file_write("1.csv", "a,b,y\n1,,1\n2,,2\n"); /* b is nowhere a number */
    assert_int_equal(tl_table_load(&x, &c, &m, &files, &o, 0, &e), 0);
    assert_string_equal(c.remark, "b (empty) left out: no number in it");
    tl_examples_free(&x);
    tl_coding_free(&c);
}

/* A missing target is never made up, whatever is said of inputs. */
static void a_missing_target_does_not_count(void **state)
{
    (void)state;
    static const char *const how[] = { "mask", "hold", "zero" };
    Table t;
    for (int i = 0; i < 3; i++) {
        must_load(&t, "a,b,y\n1,1,\n2,2,20\n3,3,NA\n4,4,40\n", raw(how[i]));
        const double weight[] = { 0, 1, 0, 1 }, target[] = { 20, 20, 20, 40 }; /* as finite as the others */
        check(t.x.weight, weight, 4, "weight");
        check(t.x.target[0], target, 4, "target");
        assert_string_equal(t.c.remark, "2 of 4 steps without a target, which do not count");
        drop(&t);
    }
    tl_table_options o = raw("mask");
    o.plain = 0;
    must_load(&t, "a,b,y\n1,1,\n2,2,20\n3,3,NA\n4,4,40\n", o);
    assert_true(t.c.mean[2] == 30 && t.c.sd[2] == 10);
    drop(&t);
    refuse("a,b,y\n1,1,\n2,2,\n", o, "f.csv: the model's input takes 2 columns and its target 1, 3 in all, "
           "and 2 columns of numbers are there: a, b; y (empty) left out");
}

static void weights_are_a_column(void **state)
{
    (void)state;
    Table t;
    tl_table_options o = raw("mask");
    o.weight = "w";
    must_load(&t, "w,a,b,y\n2,1,1,10\n0.5,2,2,\n0,3,3,30\n", o); /* w is no input, though it is the first */
    const double weight[] = { 2, 0, 0 };
    check(t.x.weight, weight, 3, "weight");
    assert_string_equal(t.c.remark, "1 of 3 steps without a target, which does not count");
    assert_string_equal(t.c.weight, "w");
    drop(&t);
    o.ahead = 1; /* the weight stands with the target */
    must_load(&t, "w,a,b,y\n2,1,1,10\n0.5,2,2,20\n0,3,3,30\n", o);
    const double later[] = { 0.5, 0 };
    check(t.x.weight, later, 2, "weight");
    drop(&t);
    refuse("w,a,b,y\n2,1,1,10\n-1,2,2,20\n", o, "f.csv:3: the weight 'w' is -1; it takes 0, or a number from 1e-15 to 1e15");
    refuse("w,a,b,y\n2,1,1,10\n,2,2,20\n", o, "f.csv:3: column 'w' is empty where a number is needed; a "
           "weight of 0 says");
    refuse("v,a,b,y\n2,1,1,10\n0,2,2,20\n", o, "f.csv: there is no column 'w'; there are v, a, b, y");
}

static void several_targets_count_together(void **state)
{
    (void)state;
    static const tl_tensor targets[] = { { .name = "p", .rank = 1, .dim = { 1 }, .type = TL_F64 },
                                         { .name = "q", .type = TL_I32, .vocab = 3 } };
    tl_error e;
    tl_examples x;
    tl_coding c = { 0 };
    tl_model m = fake_linear(TL_F64);
    m.ntargets = 2;
    m.targets = targets;
    tl_table_options o = raw("mask");
    o.input = (tl_list){ (const char *[]){ "a,b" }, 1 };
    file_write("f.csv", "a,b,p,q\n1,1,1,\n2,2,2,2\n3,3,,1\n4,4,,\n5,5,5,0\n");
    if (tl_table_load(&x, &c, &m, &(tl_list)ONE_FILE("f.csv"), &o, 0, &e))
        fail_msg("%s", e.text);
    const double weight[] = { 0, 1, 0, 0, 1 }, p[] = { 1, 2, 2, 2, 5 };
    const int32_t q[] = { 2, 2, 1, 1, 0 };
    check(x.weight, weight, 5, "weight");
    check(x.target[0], p, 5, "p");
    assert_memory_equal(x.target[1], q, sizeof q);
    assert_string_equal(c.remark, "3 of 5 steps without a target, which do not count");
    tl_examples_free(&x);
    tl_coding_free(&c);
}

/* The first target of a table is behind its first row: what stands there is looked for in the rows, and a message names the one where it was. */
static void targets_before_the_first_row_are_found(void **state)
{
    (void)state;
    static const tl_tensor class[] = { { .name = "class", .type = TL_I32, .vocab = 7 } };
    tl_error e;
    tl_examples x;
    tl_coding c = { 0 };
    tl_model m = fake_linear(TL_F64);
    m.targets = class;
    tl_table_options o = raw("mask");
    o.ahead = -2;
    file_write("f.csv", "a,b,class\n1,2,\n3,4,9\n5,6,3\n7,8,2\n");
    assert_int_equal(tl_table_load(&x, &c, &m, &(tl_list)ONE_FILE("f.csv"), &o, 0, &e), -1);
    assert_contains(e.text, "f.csv:3: column 'class' has 9; a token is an integer from 0 to 6");
    tl_examples_free(&x);
    tl_coding_free(&c);
}

static void tokens_have_no_mean(void **state)
{
    (void)state;
    static const tl_tensor day[] = { { .name = "day", .type = TL_I32, .vocab = 7 } };
    static const struct {
        const char *missing, *text, *why;
    } table[] = {
        { "hold", "day,y\n3,1\n,2\n", NULL },
        { "hold", "day,y\n,1\n3,2\n", "f.csv:2: column 'day' is missing before any was seen in the sequence, and a token has no mean" },
        { "zero", "day,y\n3,1\n,2\n", "f.csv:3: column 'day' is missing; --missing hold repeats the last one, and a token has no mean" },
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        tl_error e;
        tl_examples x;
        tl_coding c = { 0 };
        tl_model m = fake_linear(TL_F64);
        m.ninputs = 1;
        m.inputs = day;
        tl_table_options o = raw(table[i].missing);
        file_write("f.csv", table[i].text);
        int bad = tl_table_load(&x, &c, &m, &(tl_list)ONE_FILE("f.csv"), &o, 0, &e);
        assert_int_equal(bad, table[i].why ? -1 : 0);
        if (bad)
            assert_contains(e.text, table[i].why);
        else
            assert_int_equal(((int32_t *)x.input[0])[1], 3);
        tl_examples_free(&x);
        tl_coding_free(&c);
    }
}

/* ---- sizes ---- */

static tl_table_options scaled(void)
{
    return (tl_table_options){ .ahead = TL_AHEAD_UNSAID };
}

static void what_is_too_large_is_named(void **state)
{
    (void)state;
    refuse("a,b,y\n1,1,1\n1e308,1,2\n-1e308,1,3\n", scaled(), "f.csv:3: column 'a' has 1e+308, and -1e+308 "
           "in f.csv:4: too far apart to be standardised");
    refuse("a,b,y\n1,1,1\n1e200,1,2\n", scaled(), "f.csv:3: column 'a' has 1e+200, and 1 in f.csv:2: too far "
           "apart");
    Table t = { .m = fake_linear(TL_F32) };
    tl_table_options o = raw(NULL);
    file_write("f.csv", "a,b,y\n1,1,1\n1,1e39,2\n");
    assert_int_equal(tl_table_load(&t.x, &t.c, &t.m, &(tl_list)ONE_FILE("f.csv"), &o, 0, &t.e), -1);
    assert_contains(t.e.text, "f.csv:3: column 'b' has 1e+39, for the model 1e+39: too large for f32, which "
                    "--precision f64 widens");
    drop(&t);
    file_write("f.csv", "a,b,y\n1,1,1\n1,1.000001,2\n1,1e36,2\n1,1,2\n"); /* not among the rows to train on */
    o.plain = 0;
    assert_int_equal(tl_table_load(&t.x, &t.c, &t.m, &(tl_list)ONE_FILE("f.csv"), &o, 0.5, &t.e), -1);
    assert_contains(t.e.text, "f.csv:4: column 'b' has 1e+36, for the model 2e+42: too large for f32");
    drop(&t);
}

static void what_f32_loses_is_said(void **state)
{
    (void)state;
    Table t = { .m = fake_linear(TL_F32) };
    tl_table_options o = raw(NULL);
    file_write("f.csv", "a,b,y\n1600000001,1,1\n1600000002,2,1\n1600000003,2.00000001,1\n1600000999,3,1\n");
    assert_int_equal(tl_table_load(&t.x, &t.c, &t.m, &(tl_list)ONE_FILE("f.csv"), &o, 0, &t.e), 0);
    assert_string_equal(t.c.remark, "most changes of a are lost in f32, which --precision f64 keeps");
    drop(&t);
    o.plain = 0; /* standardised in double */
    assert_int_equal(tl_table_load(&t.x, &t.c, &t.m, &(tl_list)ONE_FILE("f.csv"), &o, 0, &t.e), 0);
    assert_null(t.c.remark);
    drop(&t);
}

static void scales_neither_overflow_nor_vanish(void **state)
{
    (void)state;
    Table t;
    must_load(&t, "a,b,y\n1e-200,1e150,1\n3e-200,3e150,3\n", scaled());
    assert_near(t.c.sd[0] / 1e-200, 1, 1e-15);
    assert_near(t.c.sd[1] / 1e150, 1, 1e-15);
    const double in[] = { -1, -1, 1, 1 };
    check(t.x.input[0], in, 4, "input");
    drop(&t);
    /* Far from 0: what tells the rows apart is kept, and where that may be rounding it is said. */
    must_load(&t, "a,b,y\n1000000000000000,1e6,1\n1000000000000004,1000004,3\n", scaled());
    check(t.x.input[0], in, 4, "input");
    assert_string_equal(t.c.remark, "a varies by 2e-15 of its size, which may be rounding alone");
    drop(&t);
    must_load(&t, "a,b,y\n0.1,-7,1\n0.1,-7,1\n0.1,-7,1\n", scaled()); /* constant: 0, whatever its mean rounds to */
    const double none[] = { 0, 0, 0, 0, 0, 0 };
    assert_memory_equal(t.x.input[0], none, sizeof none);
    assert_true(t.c.sd[0] == 1 && t.c.mean[0] == 0.1 && !t.c.remark);
    drop(&t);
}

/* ---- what a checkpoint keeps ---- */

static void save_and_load(Table *t)
{
    tl_coding again;
    tl_st_writer *w = tl_st_writer_new();
    tl_coding_save(&t->c, w);
    assert_int_equal(tl_st_write(w, "c.safetensors", &t->e), 0);
    tl_st_writer_free(w);
    tl_st *st = tl_st_open("c.safetensors", &t->e);
    assert_non_null(st);
    if (tl_coding_load(&again, &t->m, st, &t->e))
        fail_msg("%s", t->e.text);
    tl_st_free(st);
    tl_coding_free(&t->c);
    tl_examples_free(&t->x);
    t->c = again;
}

static int load_again(Table *t, const char *text, tl_table_options o)
{
    tl_examples_free(&t->x);
    file_write("f.csv", text);
    return tl_table_load(&t->x, &t->c, &t->m, &(tl_list)ONE_FILE("f.csv"), &o, 0, &t->e);
}

static void a_checkpoint_reads_the_same(void **state)
{
    (void)state;
    Table t;
    tl_table_options o = raw("hold,indicator"), nothing = { .ahead = TL_AHEAD_UNSAID };
    o.weight = "w";
    o.csv.sequence = "s";
    must_load(&t, "s,w,a,y\np,1,1,1\nq,2,,2\np,1,3,\n", o);
    assert_string_equal(t.c.remark, "the rows of 2 interleaved sequences put together; 1 missing cell of "
                        "inputs held; 1 of 3 steps without a target, which does not count");
    save_and_load(&t);
    assert_int_equal(load_again(&t, "a,w,s,y\n,3,p,1\n7,0,q,2\n,3,q,3\n", nothing), 0);
    const double in[] = { 2, 1, 7, 0, 7, 1 }, weight[] = { 3, 0, 3 }; /* 2: the mean of what it was trained on */
    check(t.x.input[0], in, 6, "input");
    check(t.x.weight, weight, 3, "weight");
    assert_int_equal(t.x.sequences, 2);
    assert_int_equal(load_again(&t, "a,w,y\n,3,1\n7,0,2\n,3,3\n", nothing), 0); /* without the column: one */
    assert_int_equal(t.x.sequences, 0);
    nothing.csv.sequence = "";
    assert_int_equal(load_again(&t, "a,w,s,y\n,3,p,1\n7,0,q,2\n,3,q,3\n", nothing), 0);
    assert_int_equal(t.x.sequences, 0);
    nothing.weight = "";
    assert_int_equal(load_again(&t, "a,s,y\n,p,1\n7,q,2\n,q,3\n", nothing), 0);
    assert_null(t.x.weight);
    nothing.missing = "error";
    assert_int_equal(load_again(&t, "a,s,y\n,p,1\n", nothing), -1);
    assert_contains(t.e.text, "f.csv:2: column 'a' is empty");
    drop(&t);
}

static void options_that_contradict_a_checkpoint_are_refused(void **state)
{
    (void)state;
    Table t;
    tl_table_options o = raw(NULL);
    const char *text = "a,b,y\n1,2,3\n4,5,6\n";
    must_load(&t, text, o);
    save_and_load(&t);
    o.input = (tl_list){ (const char *[]){ "a,b" }, 1 };
    assert_int_equal(load_again(&t, text, o), 0); /* the same again */
    o.input = (tl_list){ (const char *[]){ "b,a" }, 1 };
    assert_int_equal(load_again(&t, text, o), -1);
    assert_contains(t.e.text, "f.csv: the model was trained on the inputs a, b and the targets y, which its "
                    "checkpoint keeps");
    o.input.count = 0;
    o.ahead = 1;
    assert_int_equal(load_again(&t, text, o), -1);
    assert_contains(t.e.text, "--ahead 1: the model was trained with --ahead 0");
    o.ahead = TL_AHEAD_UNSAID;
    o.missing = "zero,indicator";
    assert_int_equal(load_again(&t, text, o), -1);
    assert_contains(t.e.text, "the model was trained without indicators");
    o.missing = "hold"; /* what it was trained without */
    assert_int_equal(load_again(&t, "a,b,y\n,2,3\n4,5,6\n", o), 0);
    save_and_load(&t);
    assert_int_equal(t.c.missing, TL_MISSING_HOLD);
    drop(&t);
}

static void damaged_codings_are_refused(void **state)
{
    (void)state;
    Table t;
    tl_coding again;
    must_load(&t, gaps, raw("hold"));
    for (int i = 0; i < 2; i++) {
        double *fill = t.c.fill;
        if (i)
            t.c.fill = NULL;
        else
            fill[1] = NAN;
        tl_st_writer *w = tl_st_writer_new();
        tl_coding_save(&t.c, w);
        assert_int_equal(tl_st_write(w, "c", &t.e), 0);
        tl_st_writer_free(w);
        t.c.fill = fill;
        tl_st *st = tl_st_open("c", &t.e);
        assert_int_equal(tl_coding_load(&again, &t.m, st, &t.e), -1);
        assert_contains(t.e.text, i ? "c: there is no data.fill" : "c: data.fill is damaged at column 2");
        tl_st_free(st);
    }
    drop(&t);
}

/* ---- many columns ---- */

static void many_columns_are_chosen_in_linear_time(void **state)
{
    (void)state;
    enum { MANY = 200000 };
    tl_error e;
    tl_examples x;
    tl_coding c = { 0 };
    tl_model m = fake_linear(TL_F64);
    tl_tensor input = { .name = "", .rank = 1, .dim = { MANY - 2 }, .type = TL_F64 };
    tl_tensor target = { .name = "", .rank = 1, .dim = { 2 }, .type = TL_F64 };
    m.inputs = &input;
    m.targets = &target;
    char *text = malloc(3 * 16 * (size_t)MANY);
    size_t size = 0;
    for (int row = 0; row < 3; row++)
        for (int i = 0; i < MANY; i++)
            size += (size_t)sprintf(text + size, "%s%d%c", row ? "" : "c", i + row, i + 1 < MANY ? ',' : '\n');
    tl_table_options o = raw(NULL);
    file_write("f.csv", text);
    free(text);
    o.target = (tl_list){ (const char *[]){ "c1,c0" }, 1 };
    if (tl_table_load(&x, &c, &m, &(tl_list)ONE_FILE("f.csv"), &o, 0, &e))
        fail_msg("%s", e.text);
    assert_true(
                c.ncolumns == MANY && ((double *)x.input[0])[MANY - 3] == MANY && ((double *)x.target[0])[1] == 1);
    tl_examples_free(&x);
    tl_coding_free(&c);
}

#define ON_DISK(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DISK(a_column_with_numbers_is_never_left_out),
        ON_DISK(hold_repeats_the_last_one_seen),
        ON_DISK(hold_ends_with_the_sequence),
        ON_DISK(zero_is_what_the_model_reads),
        ON_DISK(an_indicator_says_that_a_cell_was_missing),
        ON_DISK(named_fields_have_indicators),
        ON_DISK(several_files_are_looked_at),
        ON_DISK(a_missing_target_does_not_count),
        ON_DISK(weights_are_a_column),
        ON_DISK(several_targets_count_together),
        ON_DISK(tokens_have_no_mean),
        ON_DISK(targets_before_the_first_row_are_found),
        ON_DISK(what_is_too_large_is_named),
        ON_DISK(what_f32_loses_is_said),
        ON_DISK(scales_neither_overflow_nor_vanish),
        ON_DISK(a_checkpoint_reads_the_same),
        ON_DISK(options_that_contradict_a_checkpoint_are_refused),
        ON_DISK(damaged_codings_are_refused),
        ON_DISK(many_columns_are_chosen_in_linear_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
