/* overlap_runs.c - trains tests/overlap/cell.lua in every way: k1 and k2 up to 5, every overlap, by either
 * engine, and prints a line a training: "ENGINE K1 K2 OVERLAP LOSS REDUCE T APART", then loss and gradient
 * norm of each update. APART is false, true or "weighted": steps' losses weigh unequally, or nothing. tests/overlap/reference.lua computes the same by the definition and compares;
 * tests/cli/overlap_is_as_defined.sh runs both.
 *
 * The interpreter runs every length and way to count. Of generated code, what is built for windows in which all steps
 * may count runs with every k1: no other option is in its code (tests/cli/windows_know_k1_by_what_counts.sh). And for
 * each k2 and overlap one training has code of its own, which knows that older steps do not count. */
#include <stdio.h>
#include <stdlib.h>

#include <tapeless/buffers.h>
#include <tapeless/init.h>
#include <tapeless/real.h>
#include <tapeless/training.h>

#include "cli/engine.h"
#include "front/spec.h"

enum { MOST = 5 };

static const char *const overlaps[] = { "recompute", "retain", "versions" };
static const char *const losses[] = { "new", "last", "all" };

static int32_t count;

static void fail(const char *what)
{
    printf("FAILED: %s\n", what);
    exit(1);
}

/* An engine and a model of its own to run it with: with other ways to count, and another k1. */
typedef struct Run {
    const char *engine_name;
    tl_model model;
    tl_engine engine;
    int apart, weighted;
} Run;

/* Nothing in whole windows, and much in one step. */
static void weigh(tl_examples *x, size_t steps)
{
    static const double weights[] = { 0, 0, 1, 0.5, 4 };
    if (!(x->weight = tl_aligned(steps * sizeof(double))))
        fail("no memory");
    for (size_t i = 1; i <= steps; i++)
        ((double *)x->weight)[i - 1] = weights[i * 3 / 2 % 5];
}

static void train(Run *r, size_t steps)
{
    tl_error e;
    tl_training t;
    tl_examples x;
    tl_series s;
    const tl_tbptt *b = &r->model.tbptt;
    if (!tl_examples_new(&x, &r->model, steps, 1))
        fail("no memory");
    for (size_t i = 1; i <= steps; i++)
        tl_real_set(r->model.real, x.input[0], i - 1, ((double)(i * 7 % 5) - 2) / 4);
    if (r->weighted)
        weigh(&x, steps);
    if (tl_series_cut(&s, &r->model, &x, 0, steps, 1, "x", &e) ||
        tl_training_new(&t, &r->engine, &s, &r->model.train, &e) ||
        tl_init_params(&r->model, t.buffers.params, 1, &e))
        fail(e.text);
    tl_training_start(&t);
    printf("%s %d %d %s %s %s %zu %s", r->engine_name, (int)b->k1, (int)b->k2, overlaps[b->overlap],
           losses[b->counted], b->reduce == TL_REDUCE_MEAN ? "mean" : "sum", steps,
           r->weighted ? "weighted" : r->apart ? "true" : "false");
    while (t.cursor.epoch == 0) {
        if (tl_training_update(&t, &e))
            fail(e.text);
        if (t.updated)
            printf(" %.17g %.17g", t.loss, t.norm);
    }
    putchar('\n');
    count++;
    tl_training_free(&t);
    tl_examples_free(&x);
}

static Engine *open_engine(Model *m, int generated)
{
    char *error = NULL;
    CompileOptions o = { .schedule = schedule_options(TL_F64, target_named("native")) };
    Engine *e = generated ? engine_generated(m, &o, &error) : engine_interpreter(m, TL_F64, &error);
    if (!e)
        fail(error);
    return e;
}

/* One training, and one of weighted steps where it is long enough to have windows in which nothing counts. */
static void with(Run *r, int32_t k1, tl_counted counted, tl_reduce reduce, size_t steps)
{
    r->model.tbptt.k1 = k1;
    r->model.tbptt.counted = counted;
    r->model.tbptt.reduce = reduce;
    train(r, steps);
    r->weighted = 1;
    if (steps == 17 && !r->apart)
        train(r, steps);
    r->weighted = 0;
}

/* All k1, and with the interpreter all ways to count and all lengths; of those of generated code all occur. */
static void every_k1(Run *r, int generated)
{
    static const size_t lengths[] = { 1, 4, 17 };
    for (int32_t k1 = 1; k1 <= MOST; k1++) {
        if (generated)
            with(r, k1, (tl_counted)((k1 + r->model.tbptt.k2) % 3), TL_REDUCE_SUM, 17);
        for (int counted = 0; counted < 3 && !generated; counted++)
            for (int i = 0; i < 3; i++)
                with(r, k1, (tl_counted)counted, TL_REDUCE_MEAN, lengths[i]);
    }
}

static Model *load(int32_t k1, int32_t k2, int overlap, int apart)
{
    char *error = NULL, k1_text[12], k2_text[12];
    snprintf(k1_text, sizeof k1_text, "%d", (int)k1);
    snprintf(k2_text, sizeof k2_text, "%d", (int)k2);
    SpecDefine defines[] = { { .name = "k1", .value = k1_text }, { .name = "k2", .value = k2_text },
                             { .name = "overlap", .value = overlaps[overlap] },
                             { .name = "apart", .value = apart ? "true" : "false" } };
    SpecOptions options = { .version = "test", .defines = defines, .ndefines = 4 };
    Model *m = spec_load("tests/overlap/cell.lua", &options, &error);
    if (!m)
        fail(error);
    return m;
}

/* The steps that the spec says, or any, may count. */
static void every_way(int32_t k2, int overlap, int apart, int generated, int any)
{
    int32_t k1 = apart && k2 != 3 ? 1 : 2;
    Model *m = load(k1, k2, overlap, apart);
    m->new_steps = any ? k2 : 0;
    Engine *e = open_engine(m, generated);
    Run r = { generated ? "generated" : "interpreter", *e->run.model, e->run, apart, 0 };
    r.engine.model = &r.model;
    if (any)
        every_k1(&r, generated);
    else
        with(&r, k1, TL_COUNT_NEW, TL_REDUCE_MEAN, 17);
    engine_free(e);
    model_free(m);
}

int main(void)
{
    for (int generated = 0; generated < 2; generated++)
        for (int overlap = 0; overlap < 3; overlap++)
            for (int32_t k2 = 1; k2 <= MOST; k2++) {
                every_way(k2, overlap, 0, generated, 1);
                if (generated)
                    every_way(k2, overlap, 0, generated, 0);
                if (k2 == 2 || k2 == 3 || k2 == 5) /* the loss is apart from the next state */
                    every_way(k2, overlap, 1, generated, 0);
            }
    fprintf(stderr, "%d trainings\n", (int)count);
    return 0;
}
