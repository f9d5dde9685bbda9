/* worker.c - times a generated model for bench/run, which talks to it over stdin and stdout.
 *
 *     bench_worker LIBRARY NAME [FILE]    libNAME.so of `tapeless build`; parameters and data go to FILE. With
 *                                         TAPELESS_BENCH_THREADS in the environment on so many threads
 *     bench_worker peak                   what the core and its caches can do
 *
 * What is timed is tl_training_update, as the trainer calls it: the data brought into the window, forward,
 * backward, gradient norm, the checks that all is finite, the optimizer. Windows shorter than k2, at the
 * start of the stream, are run and not timed.
 *
 * A line of a question gets a line of an answer:
 *     losses N     the losses of the next N updates
 *     go SECONDS   times, in microseconds, each the mean of as many updates as take about 200; with
 *                  TAPELESS_BENCH_CLOCK=cpu in the environment by the processor's clock for this process
 *     fma SECONDS  GFLOP/s in f32 and f64
 *     peak SECONDS the same, then GB/s read from 16 KiB, 256 KiB, 64 MiB */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tapeless/generated.h>
#include <tapeless/init.h>
#include <tapeless/peak.h>
#include <tapeless/pool.h>
#include <tapeless/progress.h>
#include <tapeless/random.h>
#include <tapeless/real.h>
#include <tapeless/safetensors.h>
#include <tapeless/training.h>

#include "asked.h"

typedef struct Bench {
    const tl_model *m;
    tl_training t;
    tl_examples x;
    tl_series series;
    size_t rows, repeats;
} Bench;

/* ---- the model ---- */

static size_t elements(const tl_tensor *field, int32_t n)
{
    size_t sum = 0;
    for (int32_t i = 0; i < n; i++)
        sum += tl_size(&field[i]);
    return sum;
}

/* Steps of data: as many windows as leave them in a second-level cache, but not fewer than 8. */
static size_t rows_of(const tl_model *m)
{
    size_t k1 = (size_t)m->tbptt.k1, k2 = (size_t)m->tbptt.k2;
    size_t step = (size_t)m->tbptt.batch * (elements(m->inputs, m->ninputs) + elements(m->targets, m->ntargets));
    size_t windows = 32768 / (k1 * step);
    windows = windows < 8 ? 8 : windows > 4096 ? 4096 : windows;
    return k2 + windows * k1;
}

static void fill(const tl_tensor *field, int32_t n, void **to, size_t rows, tl_random *r)
{
    for (int32_t i = 0; i < n; i++)
        for (size_t j = 0; j < rows * tl_size(&field[i]); j++)
            if (field[i].vocab)
                ((int32_t *)to[i])[j] = (int32_t)(tl_uniform(r) * field[i].vocab);
            else
                tl_real_set(field[i].type, to[i], j, 2 * tl_uniform(r) - 1);
}

static void set_up(Bench *b, const tl_engine *engine)
{
    const tl_model *m = b->m = engine->model;
    size_t batch = (size_t)m->tbptt.batch;
    tl_random r = { tl_random_seed_of(1, "bench"), 0 };
    tl_error e;
    b->repeats = 1;
    b->rows = rows_of(m);
    if (!tl_examples_new(&b->x, m, b->rows, batch))
        end("no memory for the data");
    fill(m->inputs, m->ninputs, b->x.input, b->rows * batch, &r);
    fill(m->targets, m->ntargets, b->x.target, b->rows * batch, &r);
    if (tl_series_cut(&b->series, m, &b->x, 0, b->rows, batch, "random data", &e) ||
        tl_training_new(&b->t, engine, &b->series, &m->train, &e) ||
        tl_init_params(m, b->t.buffers.params, 1, &e))
        end(e.text);
    tl_training_start(&b->t);
}

/* No more than there are shards. */
static void make_pool(Bench *b)
{
    const char *text = getenv("TAPELESS_BENCH_THREADS");
    int32_t threads = text ? (int32_t)strtol(text, NULL, 10) : 1, shards = tl_shards(&b->m->tbptt);
    tl_error e;
    if (threads > 1 && tl_pool_new(&b->t.pool, threads < shards ? threads : shards, &e))
        end(e.text);
}

/* ---- the same parameters and data for others ---- */

static void add_data(tl_st_writer *w, const char *name, const tl_tensor *field, size_t rows, size_t batch, void *data)
{
    int64_t dim[TL_MAX_RANK + 2] = { (int64_t)rows, (int64_t)batch };
    for (int32_t i = 0; i < field->rank; i++)
        dim[2 + i] = field->dim[i];
    tl_st_add(w, name, tl_dtype_of(field->type), dim, 2 + field->rank, data);
}

static void save(const Bench *b, const char *path)
{
    const tl_model *m = b->m;
    size_t batch = (size_t)m->tbptt.batch;
    tl_st_writer *w = tl_st_writer_new();
    tl_error e;
    if (!w)
        end("no memory for the file of parameters and data");
    for (int32_t i = 0; i < m->nparams; i++)
        tl_st_add_param(w, "", &m->params[i], m->real, b->t.buffers.params);
    add_data(w, "input", &m->inputs[0], b->rows, batch, b->x.input[0]);
    add_data(w, "target", &m->targets[0], b->rows, batch, b->x.target[0]);
    if (tl_st_write(w, path, &e))
        end(e.text);
    tl_st_writer_free(w);
}

/* ---- what is asked ---- */

static void update(Bench *b)
{
    tl_error e;
    if (tl_training_update(&b->t, &e))
        end(e.text);
}

static void losses(Bench *b, int n)
{
    printf("losses");
    for (int i = 0; i < n; i++) {
        update(b);
        printf(" %.17g", b->t.loss);
    }
    putchar('\n');
}

/* Whether the next n windows are all of full length. */
static int full(const Bench *b, size_t n)
{
    size_t k1 = (size_t)b->m->tbptt.k1, position = (size_t)b->t.cursor.position;
    return position + k1 >= (size_t)b->m->tbptt.k2 && position + n * k1 <= b->rows;
}

static void go(Bench *b, double seconds)
{
    double begun = tl_seconds();
    size_t most = (b->rows - (size_t)b->m->tbptt.k2) / (size_t)b->m->tbptt.k1;
    printf("times");
    do {
        while (!full(b, b->repeats))
            update(b);
        double start = now();
        for (size_t i = 0; i < b->repeats; i++)
            update(b);
        double spent = now() - start;
        if (spent < 150e-6 && 2 * b->repeats <= most)
            b->repeats *= 2;
        else
            printf(" %.6g", 1e6 * spent / (double)b->repeats);
    } while (tl_seconds() - begun < seconds);
    putchar('\n');
}

/* ---- the machine ---- */

/* Sums `bytes` of floats in vectors, `rounds` times; eight sums hide the latency of adding. */
#define READER(name, attribute, width)                                                            \
    attribute static float name(const void *from, size_t bytes, size_t rounds)                    \
    {                                                                                             \
        typedef float Vector __attribute__((vector_size(width)));                                 \
        const Vector *x = from;                                                                   \
        Vector a = x[0], b = a, c = a, d = a, e = a, f = a, g = a, h = a;                         \
        for (size_t n = 0; n < rounds; n++)                                                       \
            for (size_t i = 0; i < bytes / sizeof *x; i += 8) {                                   \
                a += x[i], b += x[i + 1], c += x[i + 2], d += x[i + 3];                           \
                e += x[i + 4], f += x[i + 5], g += x[i + 6], h += x[i + 7];                       \
            }                                                                                     \
        a = a + b + c + d + e + f + g + h;                                                        \
        return a[0];                                                                              \
    }

READER(read_baseline, , 16)
#ifdef __x86_64__
READER(read_avx2, __attribute__((target("avx2"))), 32)
READER(read_avx512, __attribute__((target("avx512f"))), 64)
#endif

typedef float Reader(const void *from, size_t bytes, size_t rounds);

static Reader *widest_reader(void)
{
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx512f"))
        return read_avx512;
    if (__builtin_cpu_supports("avx2"))
        return read_avx2;
#endif
    return read_baseline;
}

/* GB/s of reading `bytes` over and over, the best of `seconds`. */
static double read_rate(size_t bytes, double seconds)
{
    void *x = aligned_alloc(64, bytes);
    Reader *read = widest_reader();
    volatile float result = 0; /* so that the sums are not dropped */
    size_t rounds = 1 + (1 << 20) / bytes;
    double begun = tl_seconds(), best = 0;
    if (!x)
        end("no memory to read from");
    memset(x, 0, bytes);
    do {
        double start = tl_seconds();
        result = result + read(x, bytes, rounds);
        double rate = 1e-9 * (double)(rounds * bytes) / (tl_seconds() - start);
        best = rate > best ? rate : best;
    } while (tl_seconds() - begun < seconds);
    free(x);
    return best;
}

static void fma_rates(double seconds)
{
    printf(" %.6g %.6g", 1e-9 * tl_peak_flops(TL_F32, 0.5 * seconds), 1e-9 * tl_peak_flops(TL_F64, 0.5 * seconds));
}

static void peak(double seconds)
{
    printf("peak");
    fma_rates(0.5 * seconds);
    printf(" %.6g %.6g", read_rate(16 << 10, 0.1 * seconds), read_rate(256 << 10, 0.1 * seconds));
    printf(" %.6g\n", read_rate(64 << 20, 0.3 * seconds));
}

/* ---- */

static void introduce(const Bench *b)
{
    const tl_model *m = b->m;
    size_t real = tl_real_size(m->real);
    printf("ready {\"products\": %llu, \"params\": %zu, \"param_bytes\": %zu, \"state_bytes\": %zu, "
           "\"work_bytes\": %zu, \"hash\": \"%s\", \"version\": \"%s\"}\n",
           (unsigned long long)m->window_flops * (unsigned long long)m->tbptt.shards, m->param_size,
           m->param_size * real, m->state_size * real, m->work_size, m->hash, m->version);
}

static void answer(Bench *b)
{
    char line[256];
    while (fflush(stdout), fgets(line, sizeof line, stdin)) {
        double x = 0;
        if (sscanf(line, "peak %lf", &x) == 1) {
            peak(x);
        } else if (sscanf(line, "fma %lf", &x) == 1) {
            printf("fma");
            fma_rates(x);
            putchar('\n');
        } else if (b && sscanf(line, "losses %lf", &x) == 1) {
            losses(b, (int)x);
        } else if (b && sscanf(line, "go %lf", &x) == 1) {
            go(b, x);
        } else {
            end("a question that is none");
        }
    }
}

int main(int argc, char **argv)
{
    Bench b = { 0 };
    if (argc == 2 && strcmp(argv[1], "peak") == 0) {
        printf("ready {\"instructions\": \"%s\"}\n", tl_peak_instructions());
        answer(NULL);
        return 0;
    }
    if (argc < 3)
        end("bench_worker LIBRARY NAME [FILE], or bench_worker peak");
    char symbol[256];
    snprintf(symbol, sizeof symbol, "%s_model", argv[2]);
    tl_engine engine = tl_generated_engine(load_model(argv[1], symbol));
    set_up(&b, &engine);
    make_pool(&b);
    if (argc > 3)
        save(&b, argv[3]);
    introduce(&b);
    answer(&b);
    tl_pool_free(b.t.pool);
    tl_training_free(&b.t);
    tl_examples_free(&b.x);
    return 0;
}
