/* A training that was stopped and resumed is the one that was not, bit for bit. */
#include "unit.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <tapeless/checkpoint.h>
#include <tapeless/init.h>
#include <tapeless/real.h>
#include <tapeless/trainer.h>
#include "fake_model.h"
#include "random_series.h"
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

static void begin(tl_training *t, const tl_engine *engine, const tl_series *s)
{
    tl_error e;
    assert_int_equal(tl_training_new(t, engine, s, &engine->model->train, &e), 0);
    assert_int_equal(tl_init_params(engine->model, t->buffers.params, 9, &e), 0);
    t->seed = 77;
    t->run = 40;
    tl_training_start(t);
}

static void run(tl_training *t, int updates)
{
    tl_error e;
    for (int i = 0; i < updates; i++)
        assert_int_equal(tl_training_update(t, &e), 0);
}

static tl_record record = { .best = 0.1 + 0.2, .best_update = 3, .seconds = 1.5 };

static void save(const tl_training *t)
{
    tl_error e;
    tl_coding none = { 0 };
    assert_int_equal(tl_checkpoint_save("c", t, &none, &record, &e), 0);
}

static void resume(tl_training *t, const tl_engine *engine, const tl_series *s)
{
    tl_error e;
    tl_record r;
    assert_int_equal(tl_training_new(t, engine, s, &engine->model->train, &e), 0);
    tl_st *st = tl_st_open("c", &e);
    assert_non_null(st);
    if (tl_checkpoint_resume(st, t, &r, &e))
        fail_msg("%s", e.text);
    tl_st_free(st);
    assert_true(r.best == record.best && r.best_update == 3 && r.seconds == 1.5);
}

static void same(const tl_training *a, const tl_training *b)
{
    const tl_model *m = a->engine->model;
    size_t bytes = m->param_size * tl_real_size(m->real), n = (size_t)tl_training_entry(a);
    assert_memory_equal(a->buffers.params, b->buffers.params, bytes);
    for (int32_t i = 0; i < a->optimizer.nmoments; i++)
        assert_memory_equal(a->optimizer.moment[i], b->optimizer.moment[i], bytes);
    double *x, *y;
    assert_memory_equal(a->whole.number, b->whole.number, sizeof a->whole.number);
    for (int32_t i = 0; tl_whole_record_remembered(a, i, &x) && tl_whole_record_remembered(b, i, &y); i++)
        assert_memory_equal(x, y, m->param_size * sizeof *x);
    assert_memory_equal(&a->cursor, &b->cursor, sizeof a->cursor);
    assert_int_equal(n, tl_training_entry(b));
    for (int32_t i = 0; i < m->nstates; i++) {
        size_t one = (size_t)m->tbptt.batch * tl_size(&m->states[i]);
        assert_memory_equal(tl_real_at(m->real, a->buffers.states, m->states[i].offset + n * one),
                            tl_real_at(m->real, b->buffers.states, m->states[i].offset + n * one),
                            one * tl_real_size(m->real));
    }
    assert_true(a->loss == b->loss && a->norm == b->norm && a->lr == b->lr);
}

/* Stopped after `first` updates, and after `second` more; against one run of both. */
static void check_resume(const tl_model *m, int first, int second)
{
    random_series r;
    tl_training whole, half, rest;
    tl_engine engine = tl_generated_engine(m);
    random_series_new(&r, m, 23, 2);
    begin(&whole, &engine, &r.s);
    run(&whole, first + second);
    begin(&half, &engine, &r.s);
    run(&half, first);
    save(&half);
    resume(&rest, &engine, &r.s);
    run(&rest, second);
    same(&whole, &rest);
    tl_training_free(&whole);
    tl_training_free(&half);
    tl_training_free(&rest);
    random_series_free(&r);
}

static const tl_optimizer_spec optimizers[] = {
    { .kind = TL_SGD, .lr = 0.05 },
    { .kind = TL_SGD, .lr = 0.05, .momentum = 0.9, .dampening = 0.2, .weight_decay = 0.01 },
    { .kind = TL_SGD, .lr = 0.05, .momentum = 0.9, .nesterov = 1 },
    { .kind = TL_ADAM, .lr = 0.01, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-8 },
    { .kind = TL_ADAMW, .lr = 0.01, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-8,
      .weight_decay = 0.1 },
    { .kind = TL_RMSPROP, .lr = 0.01, .alpha = 0.9, .eps = 1e-8 },
    { .kind = TL_RMSPROP, .lr = 0.01, .alpha = 0.9, .eps = 1e-8, .momentum = 0.5,
      .centered = 1 },
    { .kind = TL_LBFGS, .history = 4, .l2 = 0.01 },
};

static void resuming_is_exact_for_every_optimizer(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof optimizers / sizeof *optimizers; i++)
        for (int real = 0; real < 2; real++) {
            tl_model m = fake_linear(real ? TL_F64 : TL_F32);
            m.train.optimizer = optimizers[i];
            m.train.clip_norm = 0.7;
            m.train.schedule = (tl_schedule_spec){ .kind = TL_SCHEDULE_COSINE, .warmup = 3 };
            check_resume(&m, 7, 11);
        }
}

static void resuming_is_exact_wherever_it_stopped(void **state)
{
    (void)state;
    for (int k1 = 1; k1 <= 5; k1++)
        for (int carry = 0; carry < 2; carry++)
            for (int first = 0; first < 26; first++) {
                tl_model m = fake_linear(TL_F32);
                m.tbptt.k1 = k1;
                m.tbptt.carry = carry;
                check_resume(&m, first, 6);
            }
}

/* What a checkpoint of linear says to a model that differs. */
static void check_refused(tl_model other, size_t steps, const char *why)
{
    tl_error e;
    tl_record rec;
    tl_training t;
    random_series r;
    tl_engine engine = tl_generated_engine(&other);
    random_series_new(&r, &other, steps, 2);
    assert_int_equal(tl_training_new(&t, &engine, &r.s, &other.train, &e), 0);
    tl_st *st = tl_st_open("c", &e);
    assert_int_equal(tl_checkpoint_resume(st, &t, &rec, &e), -1);
    assert_contains(e.text, why);
    tl_st_free(st);
    tl_training_free(&t);
    random_series_free(&r);
}

static void a_checkpoint_of_another_model_is_refused(void **state)
{
    (void)state;
    tl_model m = fake_linear(TL_F32);
    tl_engine engine = tl_generated_engine(&m);
    random_series r;
    tl_training t;
    random_series_new(&r, &m, 23, 2);
    begin(&t, &engine, &r.s);
    run(&t, 3);
    save(&t);
    tl_training_free(&t);
    random_series_free(&r);

    check_refused(fake_bigram(), 23, "there is no tensor 'W' of shape {8, 8}");
    check_refused(fake_linear(TL_F64), 23, "ran with real f32 and would go on with f64");
    tl_tensor two[2] = { m.params[0], m.params[1] };
    tl_model other = m;
    other.params = two;
    two[1].dim[0] = 1;
    check_refused(other, 23, "c: w is {2} but the model takes {1}");
    two[1].name = "weight";
    check_refused(other, 23, "there is no tensor 'weight'");
    other = m;
    other.nparams = 1;
    check_refused(other, 23, "it has a parameter 'w' that the model linear does not have");
    other = m;
    other.train.optimizer.kind = TL_SGD;
    check_refused(other, 23, "ran with optimizer adam and would go on with sgd");
    other = m;
    other.tbptt.k1 = 1;
    check_refused(other, 23, "ran with window k1=2 k2=5 batch=3 and would go on with k1=1");
    check_refused(m, 24, "ran on 23 steps a lane and these data have 24");
}

static void a_file_of_weights_does_not_resume_but_is_read(void **state)
{
    (void)state;
    tl_error e;
    tl_model m = fake_linear(TL_F32), wide = fake_linear(TL_F64);
    float p[18] = { 0.5f }, q[18] = { 0 };
    double d[18];
    p[16] = 1.25f;
    p[17] = -2;
    assert_int_equal(tl_weights_save("c", &m, p, NULL, &e), 0);
    check_refused(m, 23, "a file of weights, not the checkpoint of a training");
    tl_st *st = tl_st_open("c", &e);
    assert_int_equal(tl_checkpoint_params(st, &m, q, &e), 0);
    assert_memory_equal(p, q, sizeof p);
    assert_int_equal(tl_checkpoint_params(st, &wide, d, &e), 0);
    assert_true(d[0] == 0.5 && d[16] == 1.25 && d[17] == -2);
    char text[512];
    assert_null(tl_checkpoint_remark(st, &m, text, sizeof text));
    m.hash = "fedcba9876543210";
    assert_contains(tl_checkpoint_remark(st, &m, text, sizeof text), "another version");
    tl_st_free(st);
}

typedef int save_weights(const char *, const tl_model *, const void *, const tl_coding *, tl_error *);

static tl_coding load_coding(const char *path, const tl_model *m)
{
    tl_error e;
    tl_coding back = { 0 };
    tl_st *st = tl_st_open(path, &e);
    if (!st || tl_coding_load(&back, m, st, &e))
        fail_msg("%s", e.text);
    tl_st_free(st);
    return back;
}

static void check_coding_refused(const char *path, const tl_model *m, const char *why)
{
    tl_error e;
    tl_coding back;
    tl_st *st = tl_st_open(path, &e);
    assert_int_equal(tl_coding_load(&back, m, st, &e), -1);
    assert_contains(e.text, why);
    tl_st_free(st);
}

/* In tensors, and as metadata. */
static void codings_survive_by(save_weights *write)
{
    tl_error e;
    tl_model bigram = fake_bigram(), linear = fake_linear(TL_F32);
    float p[72] = { 0 };
    tl_coding back, text = { .kind = TL_CODING_TEXT, .nvocab = 2,
                             .vocab = (int32_t[]){ 0, 0x1f600 } };
    tl_column columns[] = { { .name = "a" }, { .name = "b \"x\"", .standardised = 1 },
                            { .name = "y", .target = 1 } };
    tl_coding table = { .kind = TL_CODING_TABLE, .ncolumns = 3, .column = columns, .ahead = 4,
                        .missing = TL_MISSING_HOLD,
                        .sequence = "id", .fill = (double[]){ 1, 2, 1e-300 }, .mean = (double[]){ 0.1, 2, 3 },
                        .sd = (double[]){ 1, 1.0 / 3, 5 } };
    assert_int_equal(write("t", &bigram, p, &text, &e), 0);
    assert_int_equal(write("c", &linear, p, &table, &e), 0);
    back = load_coding("t", &bigram);
    assert_true(back.nvocab == 2 && back.vocab[0] == 0 && back.vocab[1] == 0x1f600);
    tl_coding_free(&back);
    text = (tl_coding){ .kind = TL_CODING_TEXT, .unit = TL_UNIT_WORD, .words = { (char *[]){ "\n", ", ", "na\xc3\xafve" }, 3, 3, NULL, 0 }, .other = 1 };
    assert_int_equal(write("w", &bigram, p, &text, &e), 0);
    back = load_coding("w", &bigram);
    assert_true(back.unit == TL_UNIT_WORD && back.words.count == 3 && back.other && tl_coding_tokens(&back) == 4);
    assert_string_equal(back.words.item[2], "na\xc3\xafve");
    assert_int_equal(tl_coding_word_token(&back, ", "), 1);
    assert_int_equal(tl_coding_word_token(&back, "else"), 3);
    tl_coding_free(&back);
    text = (tl_coding){ .kind = TL_CODING_TEXT, .unit = TL_UNIT_BYTE };
    assert_int_equal(write("b", &bigram, p, &text, &e), 0);
    check_coding_refused("b", &bigram, "vocabulary of 256 bytes, and the model takes 8");
    bigram.ninputs = 0;
    check_coding_refused("t", &bigram, "vocabulary of 2 characters");
    check_coding_refused("w", &bigram, "vocabulary of 4 words");
    back = load_coding("c", &linear);
    assert_true(back.ahead == 4 && back.mean[0] == 0.1 && back.sd[1] == 1.0 / 3 && back.fill[2] == 1e-300);
    assert_true(!back.column[0].standardised && back.column[1].standardised && !back.column[2].standardised);
    assert_true(back.missing == TL_MISSING_HOLD && strcmp(back.sequence, "id") == 0);
    assert_string_equal(back.column[1].name, "b \"x\"");
    tl_coding_free(&back);
    linear.ntargets = 0;
    check_coding_refused("c", &linear, "data.columns is damaged at column 3");
}

/* Of several rows ahead, and what is known of them. */
static void codings_of_rows_ahead_survive_by(save_weights *write)
{
    tl_error e;
    tl_model linear = fake_linear(TL_F32);
    tl_tensor two = linear.targets[0];
    float p[72] = { 0 };
    tl_column columns[] = { { .name = "a" }, { .name = "b" }, { .name = "y", .target = 1 }, { .name = "y", .target = 1 } };
    tl_coding back, table = { .kind = TL_CODING_TABLE, .ncolumns = 4, .column = columns, .ahead = 3, .beyond = 1,
                              .mean = (double[]){ 0, 0, 0, 0 }, .sd = (double[]){ 1, 1, 1, 1 } };
    two.dim[0] = 2;
    linear.targets = &two;
    assert_int_equal(write("c", &linear, p, &table, &e), 0);
    back = load_coding("c", &linear);
    assert_true(back.ahead == 3 && back.beyond == 1 && back.column[2].shift == 0 && back.column[3].shift == 1);
    assert_string_equal(tl_column_label(&back.column[3]), "y+4");
    tl_coding_free(&back);
    columns[3].name = (char *)(uintptr_t)"z"; /* another column where there must be the same */
    assert_int_equal(write("c", &linear, p, &table, &e), 0);
    check_coding_refused("c", &linear, "data.columns are not what the model takes");
    linear = fake_linear(TL_F32);
    table.ncolumns = 3;
    table.beyond = 0;
    columns[1].shift = 3;
    assert_int_equal(write("c", &linear, p, &table, &e), 0);
    back = load_coding("c", &linear);
    assert_true(back.column[0].shift == 0 && back.column[1].shift == 3 && tl_coding_known_ahead(&back) == 3);
    tl_coding_free(&back);
    table.ahead = 0; /* nothing is ahead */
    assert_int_equal(write("c", &linear, p, &table, &e), 0);
    check_coding_refused("c", &linear, "data.columns is damaged at column 2");
}

static void codings_survive(void **state)
{
    (void)state;
    codings_survive_by(tl_weights_save);
    codings_survive_by(tl_weights_export);
    codings_of_rows_ahead_survive_by(tl_weights_save);
    codings_of_rows_ahead_survive_by(tl_weights_export);
}

/* PyTorch loads all tensors of a file, and takes no other than its own. */
static void exported_weights_are_the_only_tensors(void **state)
{
    (void)state;
    tl_error e;
    tl_model m = fake_bigram();
    float p[72] = { 0 };
    tl_coding text = { .kind = TL_CODING_TEXT, .nvocab = 1, .vocab = (int32_t[]){ 'a' } };
    assert_int_equal(tl_weights_export("t", &m, p, &text, &e), 0);
    tl_st *st = tl_st_open("t", &e);
    assert_int_equal(tl_st_count(st), 2);
    tl_st_free(st);
}

/* Before the word was written what was not 0 and 1 was standardised. */
static void older_codings_are_understood(void **state)
{
    (void)state;
    tl_error e;
    tl_model m = fake_linear(TL_F32);
    float p[18] = { 0 };
    int64_t n = 3;
    tl_st_writer *w = tl_st_writer_new();
    for (int32_t i = 0; i < m.nparams; i++)
        tl_st_add_like(w, "", &m.params[i], 0, TL_F32, p);
    tl_st_add(w, "data.mean", TL_DT_F64, &n, 1, (double[]){ 0, 2, 0 });
    tl_st_add(w, "data.sd", TL_DT_F64, &n, 1, (double[]){ 1, 1, 4 });
    tl_st_add_meta(w, "data.columns", "[{\"name\":\"a\",\"target\":false,\"field\":0},{\"name\":\"b\",\"target\":false,"
                   "\"field\":0},{\"name\":\"y\",\"target\":true,\"field\":0}]");
    assert_int_equal(tl_st_write(w, "old", &e), 0);
    tl_st_writer_free(w);
    tl_coding c = load_coding("old", &m);
    assert_true(!c.column[0].standardised && c.column[1].standardised && c.column[2].standardised);
    tl_coding_free(&c);
}

static void what_is_not_finite_is_not_saved(void **state)
{
    (void)state;
    tl_error e;
    tl_model m = fake_linear(TL_F32);
    tl_engine engine = tl_generated_engine(&m);
    random_series r;
    tl_training t;
    size_t before, after;
    random_series_new(&r, &m, 23, 2);
    begin(&t, &engine, &r.s);
    run(&t, 3);
    save(&t);
    char *good = file_bytes("c", &before);
    float *places[] = { (float *)t.buffers.params + 17, (float *)t.optimizer.moment[1] + 16,
                        (float *)t.buffers.states + tl_training_entry(&t) * 3 + 2 };
    const char *const says[] = { "c: not written, for the parameter w[1] is nan",
                                 "the optimizer's v of w[0] is inf",
                                 "the state h[0] is -inf in one of the lanes" };
    const float bad[] = { NAN, INFINITY, -INFINITY };
    tl_record rec = { 0 };
    tl_coding none = { 0 };
    for (int i = 0; i < 3; i++) {
        float kept = *places[i];
        *places[i] = bad[i];
        assert_int_equal(tl_checkpoint_save("c", &t, &none, &rec, &e), -1);
        assert_contains(e.text, says[i]);
        *places[i] = kept;
    }
    char *now = file_bytes("c", &after);
    assert_true(before == after && memcmp(good, now, before) == 0);
    ((float *)t.buffers.params)[0] = NAN;
    assert_int_equal(tl_weights_save("w", &m, t.buffers.params, NULL, &e), -1);
    assert_contains(e.text, "w: not written, for the parameter u[0] is nan");
    free(good);
    free(now);
    tl_training_free(&t);
    random_series_free(&r);
}

#define ON_DISK(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DISK(resuming_is_exact_for_every_optimizer),
        ON_DISK(resuming_is_exact_wherever_it_stopped),
        ON_DISK(a_checkpoint_of_another_model_is_refused),
        ON_DISK(a_file_of_weights_does_not_resume_but_is_read),
        ON_DISK(codings_survive),
        ON_DISK(exported_weights_are_the_only_tensors),
        ON_DISK(older_codings_are_understood),
        ON_DISK(what_is_not_finite_is_not_saved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
