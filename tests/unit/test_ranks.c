/* A training in several processes, which are threads here: the bits, files and sentences of one process of the same
 * shards. tests/overlap/stream.lua (dropout, resets, padding, a learned state, tokens, a probe) by the interpreter. */
#include "unit.h"

#include <math.h>
#include <stdlib.h>

#include <tapeless/alike.h>
#include <tapeless/checkpoint.h>
#include <tapeless/evaluation.h>
#include <tapeless/init.h>
#include <tapeless/probe_file.h>
#include <tapeless/ranks.h>
#include <tapeless/real.h>
#include <tapeless/training.h>
#include "cli/engine.h"
#include "model_passes.h"
#include "online_run.h"
#include "random_series.h"
#include "scratch.h"
#include "thread_ranks.h"

enum { LANES = 12, STEPS = 40, UPDATES = 8, MOST = 12 /* ranks */ };

static char *stream; /* from anywhere */

/* ---- sums ---- */

typedef struct Sum {
    tl_model m;
    const void *grads; /* [shards][param_size] */
    const void *sum;
    int wrong[MOST];
} Sum;

static void *grads_of(const Sum *s, int32_t shard)
{
    return (char *)(uintptr_t)s->grads + (size_t)shard * s->m.param_size * tl_real_size(s->m.real);
}

static void add_in_ranks(const tl_exchange *x, void *context)
{
    Sum *s = context;
    tl_buffers b;
    tl_error e;
    size_t bytes = s->m.param_size * tl_real_size(s->m.real);
    s->wrong[tl_rank(x)] = tl_buffers_new_own(&b, &s->m, x, &e);
    tl_own own = tl_own_shards(&b, &s->m);
    for (int32_t i = own.first; i < own.end; i++)
        memcpy(tl_shard(&b, i)->grads, grads_of(s, i), bytes);
    for (int32_t stride = 1; stride < tl_ranks_group(&s->m, &b); stride *= 2)
        for (int32_t i = own.first; i + stride < own.end; i += 2 * stride)
            tl_add_reals(s->m.real, tl_shard(&b, i)->grads, tl_shard(&b, i + stride)->grads, s->m.param_size);
    if (x)
        tl_ranks_add(&s->m, &b);
    s->wrong[tl_rank(x)] |= memcmp(b.grads, s->sum, bytes) != 0;
    tl_buffers_free(&b);
}

/* Neighbours first, by the definition. */
static void *sum_of(const Sum *s, int32_t shard, int32_t count)
{
    size_t bytes = s->m.param_size * tl_real_size(s->m.real);
    int32_t half = 1;
    if (count == 1)
        return memcpy(malloc(bytes), grads_of(s, shard), bytes);
    while (2 * half < count)
        half *= 2;
    void *left = sum_of(s, shard, half), *right = sum_of(s, shard + half, count - half);
    for (size_t i = 0; i < s->m.param_size; i++)
        tl_real_set(s->m.real, left, i, s->m.real == TL_F64
                        ? tl_real_get(TL_F64, left, i) + tl_real_get(TL_F64, right, i)
                        : (double)((float)tl_real_get(TL_F32, left, i) + (float)tl_real_get(TL_F32, right, i)));
    free(right);
    return left;
}

static void check_sum(tl_type real, int32_t shards, size_t params)
{
    Sum s = { .m = { .name = "m", .real = real, .param_size = params,
                     .tbptt = { .k1 = 1, .k2 = 1, .batch = shards, .shards = shards } } };
    void *grads = malloc((size_t)shards * params * sizeof(double)), *sum;
    for (size_t i = 0; i < (size_t)shards * params; i++)
        tl_real_set(real, grads, i, sin((double)i) * pow(10, (double)(i * 7 % 11) - 5));
    s.grads = grads;
    s.sum = sum = sum_of(&s, 0, shards);
    for (int32_t ranks = 1; ranks <= shards; ranks++)
        if (shards % ranks == 0) {
            run_ranks(ranks, add_in_ranks, &s);
            for (int32_t r = 0; r < ranks; r++)
                if (s.wrong[r])
                    fail_msg("%d shards, %d ranks, %zu parameters: another sum in rank %d", (int)shards, (int)ranks, params,
                             (int)r);
        }
    free(grads);
    free(sum);
}

static void shards_are_added_in_one_order(void **state)
{
    (void)state;
    for (int32_t shards = 1; shards <= MOST; shards++)
        for (int real = TL_F32; real <= TL_F64; real++) {
            check_sum((tl_type)real, shards, 3);
            check_sum((tl_type)real, shards, 1001);
        }
    check_sum(TL_F32, 6, 300001); /* more than is added at a time */
    check_sum(TL_F64, 8, 200003);
}

/* ---- trainings ---- */

/* A model and data for each rank, made before the threads: the interpreter has memory of its own. */
typedef struct Case {
    Model *model[MOST];
    Engine *engine[MOST];
    random_series r;
    int32_t ranks;
    int from, to;         /* updates; from > 0: resumed from checkpoint "c" */
    const char *save_as, *probe_as;
    int anomaly;
    /* what came out, by rank */
    int bad[MOST];
    tl_error e[MOST];
    double loss[MOST], norm[MOST], lag[MOST][6], score[MOST];
    void *params[MOST];
} Case;

static void begin(Case *c, int32_t shards, int32_t ranks, tl_overlap overlap)
{
    *c = (Case){ .ranks = ranks, .to = UPDATES };
    for (int32_t i = 0; i < ranks; i++) {
        char *error = NULL;
        c->model[i] = load_path(stream);
        online_case_apply(&(OnlineCase){ 2, 5, overlap, TL_COUNT_ALL, 1, 1, 1, shards }, c->model[i]);
        c->model[i]->tbptt.batch = LANES;
        c->model[i]->lags = true;
        c->engine[i] = engine_interpreter(c->model[i], TL_F64, &error);
        if (!c->engine[i])
            fail_msg("%s", error);
    }
    random_series_new(&c->r, c->engine[0]->model, STEPS, 11);
    c->r.x.reset = tl_aligned(STEPS * LANES * sizeof(double));
    c->r.x.mask = tl_aligned(STEPS * LANES * sizeof(double));
    for (size_t i = 0; i < STEPS * LANES; i++) {
        ((double *)c->r.x.reset)[i] = (i * 7) % 23 == 4;
        ((double *)c->r.x.mask)[i] = (i * 5) % 13 == 2 ? 0 : 0.1 + 0.3 * (double)(i % 3);
    }
}

static void end(Case *c)
{
    for (int32_t i = 0; i < c->ranks; i++) {
        engine_free(c->engine[i]);
        model_free(c->model[i]);
        free(c->params[i]);
    }
    random_series_free(&c->r);
}

static int set_up(tl_training *t, const Case *c, const tl_exchange *x, tl_error *e)
{
    const Engine *engine = c->engine[tl_rank(x)];
    tl_record record;
    if (tl_training_new_own(t, &engine->run, &c->r.s, &engine->model->train, x, e))
        return -1;
    t->seed = 3;
    t->anomaly = c->anomaly;
    if (c->from == 0) {
        int bad = tl_init_params(engine->model, t->buffers.params, 9, e);
        tl_training_start(t);
        return bad;
    }
    tl_st *st = tl_st_open("c", e);
    int bad = !st || tl_checkpoint_resume(st, t, &record, e);
    tl_st_free(st);
    return bad;
}

static int save(const tl_training *t, const char *name, tl_error *e)
{
    const tl_coding none = { 0 };
    const tl_record record = { .best = 1 };
    return tl_checkpoint_save(name, t, &none, &record, e);
}

static void keep(Case *c, const tl_training *t, int32_t rank)
{
    size_t bytes = t->engine->model->param_size * sizeof(double);
    c->loss[rank] = t->loss;
    c->norm[rank] = t->norm;
    memcpy(c->lag[rank], t->lag, sizeof c->lag[rank]);
    c->params[rank] = memcpy(malloc(bytes), t->buffers.params, bytes);
}

static int score(Case *c, const tl_training *t, tl_error *e)
{
    tl_evaluation v;
    tl_score sum = { 0 };
    const tl_exchange *x = t->buffers.exchange;
    if (tl_evaluation_new(&v, t->engine, t->buffers.params, &c->r.s, 1, 0, e))
        return -1;
    v.exchange = x;
    tl_evaluation_run(&v, NULL, &sum);
    tl_evaluation_free(&v);
    c->score[tl_rank(x)] = sum.loss / sum.weight;
    return 0;
}

static int train(Case *c, tl_training *t, tl_probe_file *p, const tl_exchange *x, tl_error *e)
{
    const tl_model *m = t->engine->model;
    if (c->probe_as && tl_rank(x) > 0)
        tl_probe_file_follow(p, m, &m->probes[0], 1);
    else if (c->probe_as && tl_probe_file_open(p, m, &m->probes[0], c->probe_as, 1, 1, e))
        return -1;
    for (int i = c->from; i < c->to; i++) {
        if (tl_training_update(t, e))
            return -1;
        tl_probe_file_add(p, &t->buffers, t->length);
    }
    keep(c, t, tl_rank(x));
    return tl_alike_params(t, e) || score(c, t, e) || (c->save_as && save(t, c->save_as, e));
}

static void train_rank(const tl_exchange *x, void *context)
{
    Case *c = context;
    tl_training t;
    tl_probe_file p = { 0 };
    tl_error *e = &c->e[tl_rank(x)];
    c->bad[tl_rank(x)] = set_up(&t, c, x, e) || train(c, &t, &p, x, e);
    tl_probe_file_close(&p, e);
    tl_training_free(&t);
}

static void run(Case *c)
{
    run_ranks(c->ranks, train_rank, c);
}

/* All ranks of b have what the one process a has. */
static void same(const Case *a, const Case *b)
{
    for (int32_t r = 0; r < b->ranks; r++) {
        if (a->bad[0] || b->bad[r])
            fail_msg("%s, %s", a->e[0].text, b->e[r].text);
        assert_memory_equal(a->params[0], b->params[r], a->engine[0]->model->param_size * sizeof(double));
        assert_true(a->loss[0] == b->loss[r] && a->norm[0] == b->norm[r] && a->score[0] == b->score[r]);
        assert_true(memcmp(a->lag[0] + 1, b->lag[r] + 1, 5 * sizeof(double)) == 0);
    }
}

static void same_file(const char *a, const char *b)
{
    size_t n, m;
    char *x = file_bytes(a, &n), *y = file_bytes(b, &m);
    assert_non_null(x);
    assert_non_null(y);
    assert_int_equal(n, m);
    assert_memory_equal(x, y, n);
    free(x);
    free(y);
}

static void ranks_keep_the_bits(void **state)
{
    static const int32_t pairs[][2] = { { 2, 2 }, { 4, 2 }, { 4, 4 }, { 6, 2 }, { 6, 3 }, { 12, 4 }, { 12, 12 } };
    (void)state;
    for (int overlap = TL_RECOMPUTE; overlap <= TL_VERSIONS; overlap++)
        for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
            Case one, many;
            begin(&one, pairs[i][0], 1, (tl_overlap)overlap);
            begin(&many, pairs[i][0], pairs[i][1], (tl_overlap)overlap);
            one.save_as = "one";
            one.probe_as = "one.npy";
            many.save_as = "many";
            many.probe_as = "many.npy";
            run(&one);
            run(&many);
            same(&one, &many);
            same_file("one", "many");
            same_file("one.npy", "many.npy");
            end(&one);
            end(&many);
        }
}

/* In the middle of it another number of ranks, and back. */
static void another_number_of_ranks_goes_on(void **state)
{
    static const int32_t ranks[] = { 1, 4, 2, 1 };
    (void)state;
    for (int overlap = TL_RECOMPUTE; overlap <= TL_VERSIONS; overlap++) {
        Case whole;
        begin(&whole, 4, 1, (tl_overlap)overlap);
        whole.save_as = "whole";
        run(&whole);
        for (int i = 0; i < 4; i++) {
            Case part;
            begin(&part, 4, ranks[i], (tl_overlap)overlap);
            part.from = 2 * i;
            part.to = 2 * i + 2;
            part.save_as = "c";
            run(&part);
            assert_int_equal(part.bad[0], 0);
            if (i == 3)
                same(&whole, &part);
            end(&part);
        }
        same_file("whole", "c");
        end(&whole);
    }
}

/* ---- what goes wrong ---- */

static double *input_of(const Case *c, size_t step, size_t lane)
{
    int32_t x = c->engine[0]->model->inputs[0].vocab ? 1 : 0; /* the other is a token */
    return (double *)c->r.x.input[x] + (step * LANES + lane) * 2;
}

/* The same sentence as in one process, in all ranks: what is wrong stands in two lanes of two ranks, of which the later
 * rank's comes first. */
static void wrong_in_two(int anomaly, const char *says)
{
    for (int32_t ranks = 1; ranks <= 4; ranks *= 2) {
        Case c;
        begin(&c, 4, ranks, TL_RECOMPUTE);
        for (size_t i = 0; i < STEPS * LANES; i++)
            ((double *)c.r.x.mask)[i] = 1;
        *input_of(&c, 5, 1) = NAN;
        *input_of(&c, 4, 10) = NAN;
        c.anomaly = anomaly;
        run(&c);
        for (int32_t r = 0; r < ranks; r++) {
            assert_int_equal(c.bad[r], 1);
            assert_contains(c.e[r].text, says);
            assert_string_equal(c.e[r].text, c.e[0].text);
        }
        end(&c);
    }
}

static void all_ranks_fail_alike(void **state)
{
    (void)state;
    wrong_in_two(0, "the loss is nan");
    wrong_in_two(1, "the input x is NaN in step 4 of its window of 5 (step 5 of the training), lane 11");
}

/* Where nothing counts there is no loss to be told of before. */
static void a_state_is_named_by_its_lane(void **state)
{
    (void)state;
    for (int32_t ranks = 1; ranks <= 4; ranks *= 2) {
        Case c;
        begin(&c, 4, ranks, TL_RECOMPUTE);
        free(c.r.x.weight);
        c.r.x.weight = tl_aligned(STEPS * LANES * sizeof(double)); /* zeros */
        ((double *)c.r.x.weight)[STEPS * LANES - 1] = 1;
        for (size_t i = 0; i < STEPS * LANES; i++)
            ((double *)c.r.x.mask)[i] = 1;
        *input_of(&c, 3, 10) = *input_of(&c, 3, 7) = NAN;
        run(&c);
        for (int32_t r = 0; r < ranks; r++) {
            assert_int_equal(c.bad[r], 1);
            assert_contains(c.e[r].text, "update 1: the state h");
            assert_contains(c.e[r].text, "is nan in lane 8 after");
        }
        end(&c);
    }
}

static void agree_in_ranks(const tl_exchange *x, void *context)
{
    Case *c = context;
    int32_t r = tl_rank(x);
    c->bad[r] = tl_agree(x, r == 2 || r == 3 ? tl_fail(&c->e[r], "no file %d", (int)r) : 0, &c->e[r]) ||
                !tl_agree(x, 0, &c->e[r]);
    c->bad[r] = c->bad[r] && !strcmp(c->e[r].text, "in process 3 of 4: no file 2");
}

static void the_first_sentence_is_everybodys(void **state)
{
    (void)state;
    Case c = { .ranks = 4 };
    run_ranks(4, agree_in_ranks, &c);
    for (int i = 0; i < 4; i++)
        assert_int_equal(c.bad[i], 1);
}

static void other_parameters(const tl_exchange *x, void *context)
{
    Case *c = context;
    tl_training t;
    int32_t r = tl_rank(x);
    c->bad[r] = set_up(&t, c, x, &c->e[r]) || tl_alike_begin(&t, &(tl_train_options){ 0 }, &c->e[r]);
    ((double *)t.buffers.params)[2] += r == 1 ? 1e-16 : 0;
    c->bad[r] = c->bad[r] ? 2 : tl_alike_params(&t, &c->e[r]) != 0;
    tl_training_free(&t);
}

static void parameters_that_part_are_noticed(void **state)
{
    (void)state;
    Case c;
    begin(&c, 4, 2, TL_RECOMPUTE);
    run_ranks(2, other_parameters, &c);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(c.bad[i], 1);
        assert_contains(c.e[i].text, "in process 2 of 2: the parameters are no longer those of process 1");
    }
    end(&c);
}

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shards_are_added_in_one_order),
        cmocka_unit_test_setup_teardown(ranks_keep_the_bits, enter, leave),
        cmocka_unit_test_setup_teardown(another_number_of_ranks_goes_on, enter, leave),
        cmocka_unit_test(all_ranks_fail_alike),
        cmocka_unit_test(a_state_is_named_by_its_lane),
        cmocka_unit_test(the_first_sentence_is_everybodys),
        cmocka_unit_test(parameters_that_part_are_noticed),
    };
    stream = realpath("tests/overlap/stream.lua", NULL);
    if (!stream)
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    free(stream);
    return failed;
}
