/* learning.c - times what learns by derivatives of outputs, for bench/run --learning.
 *
 *     bench_learning jacobian LIBRARY NAME STEPS FILE   NAME_jacobian_model: a stream of so many steps. FILE gets parameters,
 *                                                       `input`, and what was computed: `output`, `jacobian.NAME`
 *     bench_learning stream LIBRARY NAME                NAME_model, that learns from every step of a stream (stream.h)
 *     bench_learning endless LIBRARY NAME UPDATES       not asked: a stream of so many updates, which is looked at
 *     bench_learning start LIBRARY NAME FILE SEED       not asked: FILE gets what a training of NAME_model begins with
 *
 * `go SECONDS` gets a line `times` with microseconds of a whole stream's Jacobian, J_t written for every step, or of one
 * push. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tapeless/generated.h>
#include <tapeless/init.h>
#include <tapeless/jacobian.h>
#include <tapeless/progress.h>
#include <tapeless/real.h>
#include <tapeless/safetensors.h>

#include "asked.h"
#include "stream.h"

/* ---- Jacobians ---- */

typedef struct Rows {
    tl_jacobian j;
    const tl_model *m;
    size_t steps, row; /* row: elements of J_t */
    char *input, *output, *rows;
    void **block;      /* where J_t of each parameter goes: [steps][outputs][shape] of each */
} Rows;

static void *bytes(size_t n)
{
    void *p = calloc(n ? n : 1, 1);
    if (!p)
        end("no memory for the Jacobian");
    return p;
}

static void rows_begin(Rows *r, const tl_engine *engine, size_t steps)
{
    const tl_model *m = engine->model;
    tl_random random = { tl_random_seed_of(1, "bench"), 0 };
    tl_error e;
    *r = (Rows){ .m = m, .steps = steps };
    if (m->ninputs != 1 || m->inputs[0].vocab || tl_jacobian_new(&r->j, engine, &e) ||
        tl_init_params(m, r->j.buffers.params, 1, &e))
        end(m->ninputs == 1 && !m->inputs[0].vocab ? e.text : "it is timed with one input of numbers");
    size_t real = tl_real_size(m->real), width = tl_size(&m->inputs[0]);
    r->row = r->j.outputs * r->j.columns;
    r->input = bytes(steps * width * real);
    r->output = bytes(steps * r->j.outputs * real);
    r->rows = bytes(steps * r->row * real);
    r->block = bytes((size_t)m->nparams * sizeof *r->block);
    for (size_t i = 0; i < steps * width; i++)
        tl_real_set(m->real, r->input, i, 2 * tl_uniform(&random) - 1);
}

static void rows_run(Rows *r)
{
    const tl_model *m = r->m;
    size_t real = tl_real_size(m->real), width = tl_size(&m->inputs[0]) * real;
    tl_error e;
    tl_jacobian_start(&r->j);
    for (size_t t = 0; t < r->steps; t++) {
        const void *input[] = { r->input + t * width };
        char *at = r->rows;
        for (int32_t i = 0; i < m->nparams; i++) {
            size_t n = r->j.outputs * tl_size(&m->params[i]) * real;
            r->block[i] = at + t * n;
            at += r->steps * n;
        }
        if (tl_jacobian_push(&r->j, &(tl_jacobian_step){ .input = input }, r->output + t * r->j.outputs * real, r->block, &e) < 0)
            end(e.text);
    }
}

static void rows_save(const Rows *r, const char *path)
{
    const tl_model *m = r->m;
    const tl_dtype type = tl_dtype_of(m->real);
    int64_t steps = (int64_t)r->steps, outputs = (int64_t)r->j.outputs, width = (int64_t)tl_size(&m->inputs[0]);
    tl_st_writer *w = tl_st_writer_new();
    tl_error e;
    if (!w)
        end("no memory for the file of parameters and data");
    tl_st_add(w, "input", type, (int64_t[]){ steps, width }, 2, r->input);
    tl_st_add(w, "output", type, (int64_t[]){ steps, outputs }, 2, r->output);
    const char *at = r->rows;
    for (int32_t i = 0; i < m->nparams; i++) {
        char name[256];
        int64_t n = (int64_t)tl_size(&m->params[i]);
        tl_st_add_param(w, "", &m->params[i], m->real, r->j.buffers.params);
        snprintf(name, sizeof name, "jacobian.%s", m->params[i].name);
        tl_st_add(w, name, type, (int64_t[]){ steps, outputs, n }, 3, at);
        at += (size_t)(steps * outputs * n) * tl_real_size(m->real);
    }
    if (tl_st_write(w, path, &e))
        end(e.text);
    tl_st_writer_free(w);
}

static void rows_end(Rows *r)
{
    tl_jacobian_free(&r->j);
    free(r->input);
    free(r->output);
    free(r->rows);
    free(r->block);
}

/* ---- what a training begins with ---- */

static int save_start(const tl_model *m, const char *path, const char *seed)
{
    void *params = bytes(m->param_size * tl_real_size(m->real));
    tl_st_writer *w = tl_st_writer_new();
    tl_error e;
    if (!w || tl_init_params(m, params, strtoul(seed, NULL, 10), &e))
        end("no memory for the parameters");
    for (int32_t i = 0; i < m->nparams; i++)
        tl_st_add_param(w, "", &m->params[i], m->real, params);
    if (tl_st_write(w, path, &e))
        end(e.text);
    tl_st_writer_free(w);
    free(params);
    return 0;
}

/* ---- what is asked ---- */

typedef void Once(void *of);

static void once_rows(void *of) { rows_run(of); }
static void once_push(void *of) { stream_push(of); }

static void go(Once *once, void *of, double seconds, size_t *repeats)
{
    double begun = tl_seconds();
    printf("times");
    do {
        double start = now();
        for (size_t i = 0; i < *repeats; i++)
            once(of);
        double spent = now() - start;
        if (spent < 150e-6)
            *repeats *= 2;
        else
            printf(" %.6g", 1e6 * spent / (double)*repeats);
    } while (tl_seconds() - begun < seconds);
    putchar('\n');
}

static void answer(Once *once, void *of)
{
    char line[256];
    size_t repeats = 1;
    while (fflush(stdout), fgets(line, sizeof line, stdin)) {
        double seconds;
        if (sscanf(line, "go %lf", &seconds) != 1)
            end("a question that is none");
        go(once, of, seconds, &repeats);
    }
}

static void introduce(const tl_model *m, size_t columns)
{
    printf("ready {\"columns\": %zu, \"work_bytes\": %zu, \"version\": \"%s\"}\n", columns, m->work_size, m->version);
}

/* ---- */

static void time_jacobian(const tl_engine *engine, const char *steps, const char *file)
{
    Rows r;
    rows_begin(&r, engine, (size_t)strtoul(steps, NULL, 10));
    rows_run(&r);
    rows_save(&r, file);
    introduce(engine->model, r.j.columns);
    answer(once_rows, &r);
    rows_end(&r);
}

static int run_stream(const tl_engine *engine, const char *updates)
{
    Stream s;
    int good = 1;
    stream_begin(&s, engine);
    if (updates) {
        good = stream_run(&s, (size_t)strtoul(updates, NULL, 10));
    } else {
        introduce(engine->model, engine->model->param_size);
        answer(once_push, &s);
    }
    stream_end(&s);
    return good ? 0 : 1;
}

int main(int argc, char **argv)
{
    const char *what = argc > 3 ? argv[1] : "";
    char symbol[256];
    int jacobian = !strcmp(what, "jacobian") && argc == 6, stream = !strcmp(what, "stream") && argc == 4;
    int endless = !strcmp(what, "endless") && argc == 5, start = !strcmp(what, "start") && argc == 6;
    if (!jacobian && !stream && !endless && !start)
        end("bench_learning jacobian LIBRARY NAME STEPS FILE, stream LIBRARY NAME, endless LIBRARY NAME UPDATES, or start "
            "LIBRARY NAME FILE SEED");
    snprintf(symbol, sizeof symbol, "%s%s_model", argv[3], jacobian ? "_jacobian" : "");
    const tl_engine engine = tl_generated_engine(load_model(argv[2], symbol));
    if (start)
        return save_start(engine.model, argv[4], argv[5]);
    if (jacobian)
        time_jacobian(&engine, argv[4], argv[5]);
    return jacobian ? 0 : run_stream(&engine, endless ? argv[4] : NULL);
}
