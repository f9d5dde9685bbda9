#include "jacobian.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gauss_newton.h"
#include "init.h"
#include "param.h"
#include "real.h"
#include "steps.h"

static const tl_model *model_of(const tl_jacobian *j) { return j->engine->model; }
static int is_forward(const tl_model *m) { return m->jacobian == TL_JACOBIAN_FORWARD; }
static int has_blocks(const tl_model *m) { return m->jacobian == TL_JACOBIAN_BLOCKS; }
static size_t newest(const tl_model *m) { return (size_t)m->tbptt.k2 - 1; }

/* ---- memory ---- */

static size_t elements(const tl_tensor *t, int32_t n)
{
    size_t sum = 0;
    for (int32_t i = 0; i < n; i++)
        sum += tl_size(&t[i]);
    return sum;
}

static size_t frame_bytes(const tl_jacobian *j) { return model_of(j)->frame_size * tl_real_size(model_of(j)->real); }

/* In place of the buffers' own, which would be moved. */
static int new_frames(tl_jacobian *j, tl_error *e)
{
    size_t bytes;
    free(j->buffers.frames);
    j->buffers.frames = j->window.frames = NULL;
    if (!frame_bytes(j))
        return 0;
    if (!__builtin_mul_overflow(frame_bytes(j), 2 * (size_t)model_of(j)->tbptt.k2, &bytes))
        j->frames = tl_aligned(bytes);
    if (j->frames)
        return 0;
    tl_jacobian_free(j);
    return tl_fail(e, "%s: no memory for what %d steps keep", model_of(j)->name, (int)model_of(j)->tbptt.k2);
}

/* The window moves over by a step; where its room ends it goes back to the beginning, with what it keeps. */
static void move_frames(tl_jacobian *j, int32_t kept)
{
    const int32_t k2 = model_of(j)->tbptt.k2;
    if (!j->frames)
        return;
    if (++j->at > k2) {
        char *from = (char *)j->frames + (size_t)(j->at + k2 - 1 - kept) * frame_bytes(j);
        j->at = 0;
        memmove((char *)j->frames + (size_t)(k2 - 1 - kept) * frame_bytes(j), from, (size_t)kept * frame_bytes(j));
    }
    j->window.frames = (char *)j->frames + (size_t)j->at * frame_bytes(j);
}

int tl_jacobian_new(tl_jacobian *j, const tl_engine *engine, tl_error *e)
{
    const tl_model *m = engine->model;
    *j = (tl_jacobian){ .engine = engine, .outputs = elements(m->outputs, m->noutputs),
                        .columns = elements(m->params, m->nparams) };
    if (!m->jacobian)
        return tl_fail(e, "%s: it is a model to train; tapeless compile SPEC --jacobian forward writes one for its Jacobian",
                       m->name);
    if (tl_buffers_new(&j->buffers, m, e))
        return -1;
    tl_buffers_even(&j->buffers, m);
    j->buffers.even = !m->has_mask; /* else masks move with their steps */
    j->window = tl_buffers_window(&j->buffers, 0);
    if (new_frames(j, e))
        return -1;
    if (!has_blocks(m) || !tl_sensitivity_new(&j->sensitivity, m, e))
        return 0;
    tl_jacobian_free(j);
    return -1;
}

void tl_jacobian_free(tl_jacobian *j)
{
    tl_buffers_free(&j->buffers);
    tl_sensitivity_free(&j->sensitivity);
    free(j->frames);
}

void *tl_jacobian_state(const tl_jacobian *j, int32_t i)
{
    const tl_model *m = model_of(j);
    const tl_tensor *s = &m->states[i];
    return tl_real_at(m->real, j->buffers.states, s->offset + (size_t)m->tbptt.k2 * tl_size(s));
}

/* ---- cotangents: the targets behind those of the model itself, of all outputs; of blocks, then of all states ---- */

static void set_cotangent(tl_jacobian *j, size_t o, double to)
{
    const tl_model *m = model_of(j);
    int32_t i = m->ntargets - m->noutputs - (has_blocks(m) ? m->nstates : 0);
    while (o >= tl_size(&m->targets[i]))
        o -= tl_size(&m->targets[i++]);
    tl_real_set(m->real, j->buffers.target[i], newest(m) * tl_size(&m->targets[i]) + o, to);
}

static double run_for(tl_jacobian *j, size_t o, int backward)
{
    const tl_model *m = model_of(j);
    set_cotangent(j, o, 1);
    j->window.grads = backward ? j->buffers.grads : NULL;
    j->engine->window(j->engine->self, &j->window);
    set_cotangent(j, o, 0);
    return tl_real_get(m->real, j->buffers.losses, newest(m));
}

/* All steps of the window, whoever ran them before. */
double tl_jacobian_value(tl_jacobian *j, size_t o)
{
    int32_t from = j->window.from;
    j->window.from = j->window.first;
    double y = run_for(j, o, 0);
    j->window.from = from;
    return y;
}

void tl_jacobian_start(tl_jacobian *j)
{
    const tl_model *m = model_of(j);
    tl_init_states(m, j->buffers.params, j->buffers.states, m->tbptt.k2);
    tl_residual_forget(m, &j->buffers, m->tbptt.k2);
    for (size_t o = 0; !is_forward(m) && o < j->outputs + j->sensitivity.states; o++)
        set_cotangent(j, o, 0);
    j->steps = j->whole = 0;
    j->block = 0;
    j->sensitivity.moved = 0;
}

/* ---- a step ---- */

/* The other steps of the window move to their places, and this one into the last slot. */
static void bring(tl_jacobian *j, const tl_jacobian_step *x)
{
    const tl_model *m = model_of(j);
    tl_buffers *b = &j->buffers;
    int32_t last = (int32_t)newest(m), kept = j->block < last ? j->block : last;
    tl_steps_shift(m, b, kept, 1);
    move_frames(j, kept);
    for (int32_t i = 0; i < m->ninputs; i++) {
        size_t bytes = tl_size(&m->inputs[i]) * tl_type_size(m->inputs[i].type);
        memcpy((char *)b->input[i] + newest(m) * bytes, x->input[i], bytes);
    }
    tl_real_set(m->real, b->mask, newest(m), !x->padded);
    if (m->has_reset)
        tl_real_set(m->real, b->reset, newest(m), x->reset != 0);
    tl_real_set(m->real, b->weight, newest(m), 1);
    j->window.first = last - kept;
    j->window.from = j->moved ? last - kept : last;
    j->moved = 0;
    j->block = kept + 1;
    j->window.tick = j->steps++;
    j->whole = x->padded ? 0 : x->reset ? 1 : j->whole + 1;
}

static int is_seen(const tl_jacobian *j, const tl_jacobian_step *x)
{
    const tl_model *m = model_of(j);
    return m->has_head ? j->whole >= (uint64_t)m->tbptt.k2 : !x->padded;
}

static int not_finite(const tl_jacobian *j, tl_error *e)
{
    return tl_fail(e, "%s: an output of step %llu is not finite, and has no derivatives; tapeless check finds the operation",
                   model_of(j)->spec, (unsigned long long)j->steps);
}

/* Of several outputs one that is not finite makes the sum of c_i y_i NaN, whatever its c. */
static int take_reverse(tl_jacobian *j, void *y, void *const *block, tl_error *e)
{
    const tl_model *m = model_of(j);
    for (size_t o = 0; o < j->outputs; o++) {
        double value = run_for(j, o, 1);
        if (!isfinite(value))
            return not_finite(j, e);
        if (has_blocks(m))
            tl_sensitivity_credit(&j->sensitivity, m, &j->window, j->buffers.grads);
        tl_real_set(m->real, y, o, value);
        for (int32_t i = 0; i < m->nparams; i++)
            tl_param_get(&m->params[i], m->real, j->buffers.grads, tl_real_at(m->real, block[i], o * tl_size(&m->params[i])));
    }
    return 1;
}

/* {elements, outputs} as rows of `to` {outputs, elements}. */
static void transpose(tl_type real, const void *from, size_t elements_, size_t outputs, void *to)
{
    if (outputs == 1)
        memcpy(to, from, elements_ * tl_real_size(real));
    else
        for (size_t i = 0; i < elements_; i++)
            for (size_t o = 0; o < outputs; o++)
                tl_real_set(real, to, o * elements_ + i, tl_real_get(real, from, i * outputs + o));
}

static int take_forward(tl_jacobian *j, void *y, void *const *block, tl_error *e)
{
    const tl_model *m = model_of(j);
    int32_t next = m->nstates - m->nrows;
    memcpy(y, tl_jacobian_state(j, next++), j->outputs * tl_real_size(m->real));
    for (size_t o = 0; o < j->outputs; o++)
        if (!isfinite(tl_real_get(m->real, y, o)))
            return not_finite(j, e);
    for (int32_t i = 0; i < m->nparams; i++)
        if (tl_is_trained(&m->params[i]))
            transpose(m->real, tl_jacobian_state(j, next++), tl_size(&m->params[i]), j->outputs, block[i]);
        else
            memset(block[i], 0, j->outputs * tl_size(&m->params[i]) * tl_real_size(m->real));
    return 1;
}

/* Once a block is full: the state as it enters this step, its number n of the window's loss by the cotangents behind those of the
 * outputs. What has reset it, or left it as it was, stands between. This step is the first of the next block. */
static void next_block(tl_jacobian *j)
{
    const tl_model *m = model_of(j);
    for (size_t n = 0; n < j->sensitivity.states; n++) {
        run_for(j, j->outputs + n, 1);
        tl_sensitivity_row(&j->sensitivity, m, &j->window, j->buffers.grads, n);
    }
    tl_sensitivity_move(&j->sensitivity);
    j->window.first = (int32_t)newest(m);
    j->window.from = j->window.first;
    j->block = 1;
}

/* The states alone. */
static void run_step(tl_jacobian *j)
{
    j->window.grads = NULL;
    j->engine->window(j->engine->self, &j->window);
}

int tl_jacobian_push(tl_jacobian *j, const tl_jacobian_step *x, void *y, void *const *block, tl_error *e)
{
    const int forward = is_forward(model_of(j));
    bring(j, x);
    if (has_blocks(model_of(j)) && j->window.first == 0)
        next_block(j);
    int seen = block && is_seen(j, x);
    if (!seen || forward)
        run_step(j);
    return !seen ? 0 : forward ? take_forward(j, y, block, e) : take_reverse(j, y, block, e);
}
