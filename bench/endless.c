/* endless.c - a stream that does not end: is the memory flat, are all numbers finite, does P stay positive definite? */
#include <malloc.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tapeless/ekf.h>
#include <tapeless/init.h>
#include <tapeless/memory_use.h>
#include <tapeless/progress.h>
#include <tapeless/real.h>

#include "asked.h"
#include "stream.h"

/* ---- the stream ---- */

void stream_begin(Stream *s, const tl_engine *engine)
{
    const tl_model *m = engine->model;
    tl_error e;
    *s = (Stream){ .random = { tl_random_seed_of(1, "stream"), 0 }, .size = tl_online_size(m) };
    if (m->ninputs != 1 || m->ntargets != 1 || tl_size(&m->inputs[0]) != 1 || tl_size(&m->targets[0]) != 1)
        end("a stream is of one input and one target");
    s->memory = s->size ? aligned_alloc(TL_ALIGN, s->size) : NULL;
    if (!s->memory)
        end("no memory for the stream");
    if (tl_online_begin(&s->o, engine, s->memory, &e) || tl_init_params(m, s->o.buffers.params, 1, &e))
        end(e.text);
    tl_online_start(&s->o);
}

void stream_end(Stream *s) { free(s->memory); }

/* Inputs from -1 to 1; the target remembers two steps, and has noise of 0.01. */
static double sample(Stream *s, double *x)
{
    *x = 2 * tl_uniform(&s->random) - 1;
    double y = tanh(0.8 * s->past[1]) + 0.4 * *x * s->past[0] + 0.01 * tl_normal(&s->random);
    s->past[1] = s->past[0];
    s->past[0] = *x;
    return y;
}

void stream_push(Stream *s)
{
    const tl_type real = s->o.engine->model->real;
    double x[1], y[1], out[1]; /* of either type */
    double input, target = sample(s, &input);
    tl_error e;
    tl_real_set(real, x, 0, input);
    tl_real_set(real, y, 0, target);
    const void *inputs[] = { x }, *targets[] = { y };
    void *outputs[] = { out };
    if (tl_online_push(&s->o, inputs, targets, NULL, outputs, &e) < 0)
        end(e.text);
    double error = tl_real_get(real, out, 0) - target;
    s->squares += error * error;
}

/* ---- what it is looked at for ---- */

/* Of a lower triangle, row after row, which it destroys. The least pivot over the diagonal's greatest element, or
 * less than 0: it has no Cholesky decomposition. */
static double least_pivot(double *a, size_t n)
{
    double least = INFINITY, most = 0;
    for (size_t i = 0; i < n; i++) {
        double *row = a + i * (i + 1) / 2;
        most = fmax(most, row[i]);
        for (size_t j = 0; j <= i; j++) {
            const double *other = a + j * (j + 1) / 2;
            double sum = row[j];
            for (size_t k = 0; k < j; k++)
                sum -= row[k] * other[k];
            if (j == i && !(sum > 0))
                return -1;
            row[j] = j == i ? sqrt(sum) : sum / other[j];
        }
        least = fmin(least, row[i] * row[i]);
    }
    return least / most;
}

/* Of all blocks of P; copy: as large. */
static double least_of(const tl_ekf *f, double *copy)
{
    double least = INFINITY, *p = copy;
    memcpy(copy, f->p, f->size * sizeof *copy);
    for (size_t b = 0; b < f->blocks; b++) {
        size_t n = (size_t)(f->first[b + 1] - f->first[b]);
        least = fmin(least, least_pivot(p, n));
        p += n * (n + 1) / 2;
    }
    return least;
}

static double largest(const Stream *s)
{
    const tl_model *m = s->o.engine->model;
    double most = 0;
    for (size_t i = 0; i < m->param_size; i++) {
        double x = fabs(tl_real_get(m->real, s->o.buffers.params, i));
        if (!isfinite(x))
            return NAN;
        most = x > most ? x : most;
    }
    return most;
}

/* One line; 1 if all is well. */
static int look(Stream *s, size_t steps, double *copy)
{
    const tl_model *m = s->o.engine->model;
    int filter = m->train.optimizer.kind == TL_EKF;
    double most = largest(s), pivot = filter ? least_of(&s->o.optimizer.ekf, copy) : NAN;
    double rms = sqrt(s->squares / (double)steps);
    printf("%9llu updates  %6llu KiB  error %.5f  largest parameter %.3f", (unsigned long long)s->o.updates,
           (unsigned long long)tl_peak_memory(), rms, most);
    if (filter)
        printf("  P %s, least pivot %.1e", pivot > 0 ? "positive" : "NOT POSITIVE", pivot);
    putchar('\n');
    s->squares = 0;
    return isfinite(most) && isfinite(rms) && (!filter || pivot > 0);
}

/* Bytes that this process has allocated and not freed; 0 where the C library does not say. */
static size_t allocated(void)
{
#ifdef __GLIBC__
    struct mallinfo2 m = mallinfo2();
    return m.uordblks + m.hblkhd;
#else
    return 0;
#endif
}

static int run_parts(Stream *s, size_t updates, double *copy)
{
    enum { PARTS = 10 };
    size_t before = 0;
    for (int i = 0; i < PARTS; i++) {
        for (size_t k = 0; k < updates / PARTS; k++)
            stream_push(s);
        if (!look(s, updates / PARTS, copy))
            return 0;
        before = i ? before : allocated(); /* stdout has its buffer */
    }
    if (allocated() > before)
        printf("the memory GREW by %zu bytes\n", allocated() - before);
    return allocated() <= before;
}

int stream_run(Stream *s, size_t updates)
{
    const tl_ekf *f = &s->o.optimizer.ekf;
    double begun = tl_seconds(), *copy = malloc((f->size + 1) * sizeof *copy);
    if (!copy)
        end("no memory for a copy of P");
    int good = run_parts(s, updates, copy);
    printf("%s: %zu KiB of the stream's own, %.1f s\n", good ? "fine" : "WRONG", s->size / 1024, tl_seconds() - begun);
    free(copy);
    return good;
}
