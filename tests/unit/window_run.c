#include "window_run.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include <tapeless/real.h>

void *block_new(tl_type type, size_t n, const double *from)
{
    void *block = malloc(n ? n * tl_type_size(type) : 1);
    assert_non_null(block);
    for (size_t e = 0; e < n; e++)
        if (type == TL_I32)
            ((int32_t *)block)[e] = from ? (int32_t)from[e] : -1;
        else
            tl_real_set(type, block, e, from ? from[e] : (double)NAN);
    return block;
}

void block_read(tl_type type, size_t n, const void *block, double *to)
{
    for (size_t e = 0; e < n; e++)
        to[e] = tl_real_get(type, block, e);
}

size_t slot_elements(const Builder *b, const tl_tensor *t)
{
    return tl_size(t) * (size_t)b->model.tbptt.batch;
}

/* A field of the data, its slots before `first` spoilt. */
static void *field_new(const Builder *b, const tl_tensor *t, const WindowData *d,
                       const double *from)
{
    size_t slot = slot_elements(b, t), n = slot * (size_t)b->model.tbptt.k2;
    double spoilt[MAX_ELEMENTS];
    assert_true(n <= MAX_ELEMENTS);
    for (size_t e = 0; e < n; e++)
        spoilt[e] = e >= slot * (size_t)d->first ? from[e] : t->type == TL_I32 ? -1 : (double)NAN;
    return block_new(t->type, n, spoilt);
}

static void *states_new(const Builder *b, const WindowData *d)
{
    const tl_model *m = &b->model;
    void *block = block_new(m->real, m->state_size, NULL);
    for (int32_t k = 0; k < m->nstates; k++) {
        size_t slot = slot_elements(b, &m->states[k]);
        size_t at = m->states[k].offset + slot * (size_t)d->first;
        for (size_t e = at; e < at + slot; e++)
            tl_real_set(m->real, block, e, d->states[e]);
    }
    return block;
}

/* Of a tensor's [slots][batch][shape] at `block`: unwritten before `first`, numbers from there. */
static void check_written(const double *block, size_t slot, int32_t first, int32_t slots)
{
    for (size_t e = 0; e < slot * (size_t)slots; e++)
        assert_true(!isnan(block[e]) == (e >= slot * (size_t)first));
}

static void check_result(const Builder *b, const WindowData *d, const WindowResult *r)
{
    const tl_model *m = &b->model;
    int32_t k2 = m->tbptt.k2;
    check_written(r->grads, m->param_size, 0, 1);
    for (int32_t k = 0; k < m->nstates; k++)
        check_written(r->states + m->states[k].offset, slot_elements(b, &m->states[k]), d->first,
                      k2 + 1);
    for (int32_t k = 0; k < m->nprobes; k++) {
        size_t at = m->probes[k].offset, slot = slot_elements(b, &m->probes[k]);
        check_written(r->probes + at, slot, d->first, k2);
        check_written(r->probe_grads + at, slot, d->first, k2);
    }
    int32_t counted = b->program.loss < 0 ? k2 : m->has_head ? k2 - 1 : d->first;
    check_written(r->losses, (size_t)m->tbptt.batch, counted, k2);
}

/* The memory of a window, every block malloc'ed. */
typedef struct Blocks {
    void *input[MAX_TENSORS], *target[MAX_TENSORS];
    void *params, *weight, *reset, *grads, *states, *losses, *probes, *probe_grads;
} Blocks;

static size_t loss_count(const tl_model *m)
{
    return (size_t)m->tbptt.k2 * (size_t)m->tbptt.batch;
}

static Blocks blocks_new(const Builder *b, const WindowData *d)
{
    const tl_model *m = &b->model;
    tl_tensor lane = { .type = m->real };
    Blocks x = {
        .params = block_new(m->real, m->param_size, d->params),
        .weight = field_new(b, &lane, d, d->weight),
        .reset = field_new(b, &lane, d, d->reset),
        .grads = block_new(m->real, m->param_size, NULL),
        .states = states_new(b, d),
        .losses = block_new(m->real, loss_count(m), NULL),
        .probes = block_new(m->real, m->probe_size, NULL),
        .probe_grads = block_new(m->real, m->probe_size, NULL),
    };
    for (int32_t k = 0; k < m->ninputs; k++)
        x.input[k] = field_new(b, &m->inputs[k], d, d->input[k]);
    for (int32_t k = 0; k < m->ntargets; k++)
        x.target[k] = field_new(b, &m->targets[k], d, d->target[k]);
    return x;
}

static void blocks_read(const tl_model *m, const Blocks *x, WindowResult *r)
{
    block_read(m->real, m->param_size, x->grads, r->grads);
    block_read(m->real, m->state_size, x->states, r->states);
    block_read(m->real, loss_count(m), x->losses, r->losses);
    block_read(m->real, m->probe_size, x->probes, r->probes);
    block_read(m->real, m->probe_size, x->probe_grads, r->probe_grads);
}

static void blocks_free(const tl_model *m, Blocks *x)
{
    void *owned[] = {
        x->params, x->weight, x->reset, x->grads, x->states, x->losses, x->probes, x->probe_grads,
    };
    for (size_t k = 0; k < sizeof owned / sizeof *owned; k++)
        free(owned[k]);
    for (int32_t k = 0; k < m->ninputs; k++)
        free(x->input[k]);
    for (int32_t k = 0; k < m->ntargets; k++)
        free(x->target[k]);
}

static void interpret(const Builder *b, const tl_window *w)
{
    tl_error e;
    tl_interp *ip = tl_interp_new(&b->model, &b->program, &e);
    if (!ip)
        fail_msg("%s", e.text);
    tl_engine engine = tl_interp_engine(ip);
    engine.window(engine.self, w);
    tl_interp_free(ip);
}

void run_window(Builder *b, tl_type real, const WindowData *d, WindowResult *r)
{
    const tl_model *m = &b->model;
    builder_finish(b, real);
    Blocks x = blocks_new(b, d);
    tl_window w = {
        .first = d->first, .input = (const void *const *)x.input,
        .target = (const void *const *)x.target, .weight = x.weight,
        .reset = m->has_reset ? x.reset : NULL, .params = x.params, .grads = x.grads,
        .states = x.states, .losses = x.losses, .probes = x.probes, .probe_grads = x.probe_grads,
        .seed = d->seed, .tick = d->tick,
    };
    interpret(b, &w);
    blocks_read(m, &x, r);
    blocks_free(m, &x);
    check_result(b, d, r);
}

double weighted_loss(const Builder *b, const WindowData *d, const WindowResult *r)
{
    int32_t lanes = b->model.tbptt.batch;
    double sum = 0;
    for (int32_t e = (b->model.has_head ? b->model.tbptt.k2 - 1 : d->first) * lanes; e < b->model.tbptt.k2 * lanes; e++)
        sum += d->weight[e] * r->losses[e];
    return sum;
}
