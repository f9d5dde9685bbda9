/* How long a window takes, and an update; how much of what the core can do that is. */
#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "init.h"
#include "peak.h"
#include "progress.h"
#include "random.h"
#include "real.h"
#include "report.h"
#include "shards.h"
#include "training.h"

enum {
    MOST = 4096, /* measurements kept */
    WINDOWS = 64 /* of full length, in the data */
};

typedef struct Bench {
    tl_training t;
    tl_examples x;
    tl_series series;
    tl_pool *pool; /* NULL: one thread */
    int32_t threads;
} Bench;

/* Seconds of one run, medians: by one thread and by all. */
typedef struct Times {
    double one, all;
} Times;

static void fill(const tl_tensor *field, int32_t n, void **to, size_t rows, tl_random *r)
{
    for (int32_t i = 0; i < n; i++)
        for (size_t j = 0; j < rows * tl_size(&field[i]); j++)
            if (field[i].vocab)
                ((int32_t *)to[i])[j] = (int32_t)(tl_uniform(r) * field[i].vocab);
            else
                tl_real_set(field[i].type, to[i], j, 2 * tl_uniform(r) - 1);
}

/* Random data, long enough that windows of full length come in a row. */
static int set_up(Bench *b, const tl_engine *engine, uint64_t seed, tl_error *e)
{
    const tl_model *m = engine->model;
    size_t batch = (size_t)m->tbptt.batch, rows = (size_t)m->tbptt.k2 + WINDOWS * (size_t)m->tbptt.k1;
    tl_random r = { tl_random_seed_of(seed, "bench"), 0 };
    if (!tl_examples_new(&b->x, m, rows, batch))
        return tl_fail(e, "%s: no memory for %zu steps", m->name, rows);
    fill(m->inputs, m->ninputs, b->x.input, rows * batch, &r);
    fill(m->targets, m->ntargets, b->x.target, rows * batch, &r);
    if (tl_series_cut(&b->series, m, &b->x, 0, rows, batch, "random data", e) ||
        tl_training_new(&b->t, engine, &b->series, &m->train, e) ||
        tl_init_params(m, b->t.buffers.params, seed, e))
        return -1;
    b->t.still = tl_is_whole_record(m->train.optimizer.kind); /* windows are timed, not iterations */
    b->t.spec.optimizer.lr = 0; /* the same work, and parameters that stay sound however many updates are timed */
    tl_training_start(&b->t);
    return 0;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The window alone, all of its k2 steps, on the data of the last update. */
static void run_window(Bench *b)
{
    tl_window w = tl_buffers_window(&b->t.buffers, 0);
    w.seed = 1;
    w.tick = b->t.cursor.tick;
    tl_shards_run(b->t.engine, &b->t.buffers, &w, b->t.pool);
}

/* Updates that are not timed, until the next n are all of windows of full length: those at the beginning of the data
 * are shorter. */
static int come_to_full(Bench *b, size_t n, tl_error *e)
{
    const tl_tbptt *m = &b->t.engine->model->tbptt;
    size_t k1 = (size_t)m->k1, k2 = (size_t)m->k2;
    while (b->t.cursor.position + k1 < k2 || b->t.cursor.position + n * k1 > b->series.steps)
        if (tl_training_update(&b->t, e))
            return -1;
    return 0;
}

static void nothing(void *context, int32_t task)
{
    (void)context;
    (void)task;
}

/* Seconds of one run, the mean of `repeats` of them. Threads are awake, as they are from one update to the next. */
static int time_runs(Bench *b, int update, size_t repeats, double *seconds, tl_error *e)
{
    if (update && come_to_full(b, repeats, e))
        return -1;
    tl_pool_run(b->t.pool, nothing, NULL, b->threads);
    double start = tl_seconds();
    for (size_t i = 0; i < repeats; i++)
        if (!update)
            run_window(b);
        else if (tl_training_update(&b->t, e))
            return -1;
    *seconds = (tl_seconds() - start) / (double)repeats;
    return 0;
}

static double median(double *taken, size_t n)
{
    qsort(taken, n, sizeof *taken, ascending);
    return taken[n / 2];
}

/* One thread and all in turns, so that both see the same machine. Each measurement repeats until 50 us have gone, so
 * that the clock's own grain does not count. */
static int measure(Bench *b, int update, double seconds, Times *times, tl_error *e)
{
    static double one[MOST], all[MOST];
    size_t n = 0, repeats = 1;
    for (double begun = tl_seconds(); n < MOST && (n < 5 || tl_seconds() - begun < seconds);) {
        b->t.pool = b->pool;
        if (time_runs(b, update, repeats, &all[n], e))
            return -1;
        b->t.pool = NULL;
        one[n] = all[n];
        if (b->pool && time_runs(b, update, repeats, &one[n], e))
            return -1;
        if (all[n] * (double)repeats < 50e-6 && (!update || 2 * repeats <= WINDOWS))
            repeats *= 2;
        else
            n++;
    }
    *times = (Times){ median(one, n), median(all, n) };
    return 0;
}

/* Updates until the window is k2 long, so that the buffers hold one. */
static int warm_up(Bench *b, tl_error *e)
{
    do
        if (tl_training_update(&b->t, e))
            return -1;
    while (b->t.length < b->t.engine->model->tbptt.k2);
    return 0;
}

/* Of the products of the window alone: what else it does takes time but adds nothing here. The peak is one
 * core's; each thread is taken to have one. */
static void report_rate(json_t *j, const Bench *b, double window, double peak)
{
    const tl_model *m = b->t.engine->model;
    uint64_t flop = m->window_flops * (uint64_t)tl_shards(&m->tbptt);
    double rate = (double)flop / window;
    tl_report_count(j, "window_flop", flop);
    tl_report_number(j, "gflops", 1e-9 * rate);
    tl_report_number(j, "peak_gflops", 1e-9 * peak);
    tl_report_text(j, "peak_instructions", tl_peak_instructions());
    tl_report_number(j, "fraction_of_peak", rate / (peak * b->threads));
}

static void report_threads(json_t *j, const Bench *b, Times window, Times update)
{
    tl_report_count(j, "shards", (uint64_t)tl_shards(&b->t.engine->model->tbptt));
    tl_report_count(j, "threads", (uint64_t)b->threads);
    if (!b->pool)
        return;
    tl_report_number(j, "one_thread_window_microseconds", 1e6 * window.one);
    tl_report_number(j, "one_thread_update_microseconds", 1e6 * update.one);
    tl_report_number(j, "window_speedup", window.one / window.all);
    tl_report_number(j, "update_speedup", update.one / update.all);
}

static void report(const Bench *b, Times window, Times update, double peak, int json)
{
    const tl_model *m = b->t.engine->model;
    json_t *j = tl_report_new(m);
    tl_report_text(j, "real", m->real == TL_F64 ? "f64" : "f32");
    tl_report_count(j, "k1", (uint64_t)m->tbptt.k1);
    tl_report_count(j, "k2", (uint64_t)m->tbptt.k2);
    tl_report_count(j, "batch", (uint64_t)m->tbptt.batch);
    report_threads(j, b, window, update);
    tl_report_number(j, "window_microseconds", 1e6 * window.all);
    tl_report_number(j, "update_microseconds", 1e6 * update.all);
    tl_report_number(j, "steps_per_second", m->tbptt.k1 * (double)m->tbptt.batch / update.all);
    tl_report_number(j, "window_steps_per_second",
                     m->tbptt.k2 * (double)m->tbptt.batch / window.all);
    if (m->window_flops)
        report_rate(j, b, window.all, peak);
    tl_report_print(j, json);
}

typedef struct Options {
    double seconds;
    int64_t seed;
    const char *threads;
    int json;
} Options;

static int bench(const tl_engine *engine, const Options *o, tl_error *e)
{
    Bench b = { 0 };
    Times window, update;
    int status = TL_EXIT_DONE;
    if (tl_shard_pool(engine, 1, o->threads, &b.pool, &b.threads, e) || set_up(&b, engine, (uint64_t)o->seed, e))
        status = TL_EXIT_WRONG;
    else if (warm_up(&b, e) || measure(&b, 0, 0.4 * o->seconds, &window, e) ||
             measure(&b, 1, 0.4 * o->seconds, &update, e))
        status = TL_EXIT_FAILED;
    else
        report(&b, window, update, tl_peak_flops(engine->model->real, 0.2 * o->seconds), o->json);
    tl_training_free(&b.t);
    tl_examples_free(&b.x);
    tl_pool_free(b.pool);
    return status;
}

static const Options defaults = { .seconds = 2, .seed = 1, .threads = "1" };

#define BENCH_TABLE(o)                                                                            \
    {                                                                                             \
        TL_DOUBLE("seconds", 0, &(o).seconds, "S", 0, 1e6, "how long to measure"),                \
        TL_INT("seed", 's', &(o).seed, "N", 0, TL_INT_MAX, "of parameters and data"),             \
        TL_THREADS_OPTION(&(o).threads),                                                          \
        TL_FLAG("json", 0, &(o).json, "the result as JSON"),                                      \
        TL_END,                                                                                   \
    }

int tl_bench_table(tl_see_table *see, void *context)
{
    Options o = defaults;
    const tl_option table[] = BENCH_TABLE(o);
    return see(table, context);
}

int tl_command_bench(const tl_engine *engine, int argc, char **argv)
{
    Options o = defaults;
    const tl_option table[] = BENCH_TABLE(o);
    int nargs, status = tl_command_parse(table, engine->model, "bench", "",
                                         "Times a window (forward and backward) and an update\n"
                                         "(data, window, clipping, optimizer); compares the rate "
                                         "of the window's\nproducts with the peak of this core, "
                                         "measured in the same run. With\n--threads also against one thread, "
                                         "in turns.", argc, argv, 0, &nargs);
    if (status < 0) {
        tl_error e;
        status = bench(engine, &o, &e);
        if (status != TL_EXIT_DONE)
            tl_command_fail(engine->model, &e, status);
    }
    return status;
}
