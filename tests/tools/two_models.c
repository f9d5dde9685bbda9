/* two_models.c - two generated models in one program: one's window, run between the other's, gives
 * what it gives alone. tests/cli/two_models_in_one_program.sh compiles and links it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "elman.h"
#include "lstm.h"

enum { MOST = 8 };

typedef void WindowFunction(const tl_window *);

typedef struct Run {
    const tl_model *model;
    WindowFunction *window;
    float *params, *states, *work, *weight, *losses, *grads, *data[2];
} Run;

static size_t rounded(size_t bytes) { return (bytes / TL_ALIGN + 1) * TL_ALIGN; }

static float *block(size_t n, unsigned seed)
{
    float *p = aligned_alloc(TL_ALIGN, rounded(n * sizeof *p));
    if (!p)
        abort();
    for (size_t i = 0; i < n; i++) {
        seed = seed * 1664525u + 1013904223u;
        p[i] = (float)(seed >> 8) / (float)(1 << 24) - 0.5f;
    }
    return p;
}

static Run run_new(const tl_model *m, WindowFunction *window)
{
    size_t rows = (size_t)m->tbptt.k2 * (size_t)m->tbptt.batch;
    return (Run){ .model = m, .window = window, .params = block(m->param_size, 1),
                  .states = block(m->state_size, 2),
                  .work = block(m->work_size / sizeof(float), 3), .weight = block(rows, 4),
                      .losses = block(rows, 5),
                  .grads = block(m->param_size, 6),
                  .data = { block(rows * tl_size(&m->inputs[0]), 7),
                            block(rows * tl_size(&m->targets[0]), 8) } };
}

static void run(Run *r)
{
    const void *input[] = { r->data[0] }, *target[] = { r->data[1] };
    const tl_window w = { .first = 0, .input = input, .target = target, .weight = r->weight,
                          .params = r->params,
                          .grads = r->grads, .states = r->states, .losses = r->losses,
                              .work = r->work };
    r->window(&w);
}

/* Padding between parameters is nobody's: only elements are compared. */
static int differs(const Run *a, const float *before)
{
    for (int32_t i = 0; i < a->model->nparams; i++)
        if (memcmp(a->grads + a->model->params[i].offset, before + a->model->params[i].offset,
                   tl_size(&a->model->params[i]) * sizeof(float)))
            return 1;
    return 0;
}

int main(void)
{
    Run a = run_new(&elman_model, elman_window), b = run_new(&lstm_model, lstm_window);
    float *alone = block(a.model->param_size, 9);
    run(&a);
    memcpy(alone, a.grads, a.model->param_size * sizeof *alone);
    for (int i = 0; i < MOST; i++) {
        run(&b);
        run(&a);
        if (differs(&a, alone)) {
            puts("elman's gradient changes when lstm has run");
            return 1;
        }
    }
    printf("%s and %s\n", a.model->name, b.model->name);
    return 0;
}
