#include "cli/trial.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <tapeless/blas.h>
#include <tapeless/init.h>
#include <tapeless/random.h>
#include <tapeless/real.h>
#include <tapeless/steps.h>
#include <tapeless/window.h>

int trial_new(Trial *t, const tl_engine *engine, tl_error *e)
{
    memset(t, 0, sizeof *t);
    t->engine = engine;
    if ((engine->model->calls_blas && tl_blas_load(e)) || tl_buffers_new(&t->b, engine->model, e))
        return -1;
    t->w = tl_buffers_window(&t->b, 0);
    t->w.seed = 20260;
    t->w.tick = 1000;
    t->w.lane = engine->model->tbptt.batch - tl_lanes(&engine->model->tbptt); /* dropout's, of the last shard */
    return 0;
}

void trial_free(Trial *t) { tl_buffers_free(&t->b); }

/* ---- filling ---- */

static void add_noise(const tl_model *m, void *params, tl_random *r)
{
    for (int32_t i = 0; i < m->nparams; i++)
        for (size_t j = 0; j < tl_size(&m->params[i]); j++) {
            size_t at = tl_param_at(&m->params[i], j);
            double noise = 0.1 * tl_normal(r);
            tl_real_set(m->real, params, at, (float)(tl_real_get(m->real, params, at) + noise));
        }
}

/* Numbers are rounded to float, so that f32 and f64 trials see the same ones. */
static void fill_normal(tl_type real, void *to, size_t from, size_t n, double scale, tl_random *r)
{
    for (size_t i = 0; i < n; i++)
        tl_real_set(real, to, from + i, (float)(scale * tl_normal(r)));
}

static void fill_fields(const tl_model *m, const tl_tensor *t, int32_t n, void **to, tl_random *r)
{
    size_t rows = (size_t)m->tbptt.k2 * (size_t)tl_lanes(&m->tbptt);
    for (int32_t i = 0; i < n; i++) {
        size_t count = rows * tl_size(&t[i]);
        if (!t[i].vocab)
            fill_normal(m->real, to[i], 0, count, 1, r);
        for (size_t j = 0; t[i].vocab && j < count; j++)
            ((int32_t *)to[i])[j] = (int32_t)(tl_uniform(r) * t[i].vocab);
    }
}

static void fill_state(const tl_model *m, void *states, int32_t index, tl_random *r)
{
    for (int32_t i = 0; i < m->nstates; i++) {
        size_t n = tl_size(&m->states[i]) * (size_t)tl_lanes(&m->tbptt);
        fill_normal(m->real, states, m->states[i].offset + (size_t)index * n, n, 0.5, r);
    }
}

/* What a head makes of resets and padding inside its window is of interest, too, though training does
 * not count it. */
static void weigh(Trial *t, int32_t fresh)
{
    const tl_model *m = t->engine->model;
    size_t lanes = (size_t)tl_lanes(&m->tbptt), from = ((size_t)m->tbptt.k2 - 1) * lanes;
    tl_window_weights(m, t->b.weight, t->w.first, fresh, t->b.mask, t->b.counts, NULL);
    t->counted = tl_window_counted(m, t->w.first, fresh);
    for (size_t b = 0; b < lanes && m->has_head; b++)
        tl_real_set(m->real, t->b.weight, from + b, 1.0 / (double)(b + 1));
    t->w.grads = m->has_head && t->w.first > 0 ? NULL : t->b.grads;
}

/* Of some steps the loss weighs nothing; never of the newest's in the first lane, for something must count. */
static void fill_counts(Trial *t, uint64_t seed)
{
    const tl_model *m = t->engine->model;
    size_t rows = (size_t)m->tbptt.k2 * (size_t)tl_lanes(&m->tbptt), newest = rows - (size_t)tl_lanes(&m->tbptt);
    tl_random r = { tl_random_seed_of(seed, "counts"), 0 };
    for (size_t i = 0; i < rows; i++) {
        double weight = 0.5 + tl_uniform(&r), none = tl_uniform(&r) < 0.2;
        tl_real_set(m->real, t->b.counts, i, none && i != newest ? 0 : (float)weight);
    }
}

static int fill_params(const tl_model *m, void *params, uint64_t seed, tl_random *r, tl_error *e)
{
    *r = (tl_random){ tl_random_seed_of(seed, "trial"), 0 };
    if (tl_init_params(m, params, seed, e))
        return -1;
    add_noise(m, params, r);
    return 0;
}

int trial_params(const tl_model *m, void *params, uint64_t seed, tl_error *e)
{
    tl_random r;
    return fill_params(m, params, seed, &r, e);
}

int trial_fill(Trial *t, uint64_t seed, int32_t steps, int32_t fresh, tl_error *e)
{
    const tl_model *m = t->engine->model;
    size_t rows = (size_t)m->tbptt.k2 * (size_t)tl_lanes(&m->tbptt);
    tl_random r;
    if (fill_params(m, t->b.params, seed, &r, e))
        return -1;
    fill_fields(m, m->inputs, m->ninputs, t->b.input, &r);
    fill_fields(m, m->targets, m->ntargets, t->b.target, &r);
    for (size_t i = 0; i < rows; i++) {
        double weight = 0.5 + tl_uniform(&r), starts = tl_uniform(&r) < 0.2, padding = tl_uniform(&r) < 0.2;
        tl_real_set(m->real, t->b.mask, i, t->w.mask && padding ? 0 : (float)weight);
        if (t->w.reset)
            tl_real_set(m->real, t->b.reset, i, starts);
    }
    fill_counts(t, seed);
    t->w.first = t->w.from = m->tbptt.k2 - steps;
    fill_state(m, t->b.states, t->w.first, &r);
    weigh(t, fresh);
    return 0;
}

/* n numbers, each block of its trial's precision. */
static void copy_reals(Trial *to, void *into, const Trial *from, const void *out, size_t n)
{
    tl_type type = to->engine->model->real, other = from->engine->model->real;
    if (type == other)
        memcpy(into, out, n * tl_real_size(type));
    else
        for (size_t i = 0; i < n; i++)
            tl_real_set(type, into, i, tl_real_get(other, out, i));
}

static void copy_fields(Trial *to, void **into, const Trial *from, void *const *out, const tl_tensor *t, int32_t n)
{
    const tl_model *m = to->engine->model;
    size_t rows = (size_t)m->tbptt.k2 * (size_t)tl_lanes(&m->tbptt);
    for (int32_t i = 0; i < n; i++)
        if (t[i].vocab)
            memcpy(into[i], out[i], rows * tl_size(&t[i]) * sizeof(int32_t));
        else
            copy_reals(to, into[i], from, out[i], rows * tl_size(&t[i]));
}

/* Of one model, each in its layout. */
static void copy_params(Trial *to, const Trial *from)
{
    const tl_model *m = to->engine->model, *other = from->engine->model;
    for (int32_t i = 0; i < m->nparams; i++)
        for (size_t j = 0, n = tl_size(&m->params[i]); j < n; j++)
            tl_real_set(m->real, to->b.params, tl_param_at(&m->params[i], j),
                        tl_real_get(other->real, from->b.params, tl_param_at(&other->params[i], j)));
}

void trial_copy(Trial *to, const Trial *from)
{
    const tl_model *m = to->engine->model;
    size_t rows = (size_t)m->tbptt.k2 * (size_t)tl_lanes(&m->tbptt);
    to->counted = from->counted;
    copy_params(to, from);
    if (m->state_size)
        copy_reals(to, to->b.states, from, from->b.states, m->state_size);
    copy_reals(to, to->b.weight, from, from->b.weight, rows);
    if (to->w.reset)
        copy_reals(to, to->b.reset, from, from->b.reset, rows);
    copy_reals(to, to->b.mask, from, from->b.mask, rows);
    copy_reals(to, to->b.counts, from, from->b.counts, rows);
    copy_fields(to, to->b.input, from, from->b.input, m->inputs, m->ninputs);
    copy_fields(to, to->b.target, from, from->b.target, m->targets, m->ntargets);
    to->w.first = from->w.first;
    to->w.from = from->w.from;
    to->w.seed = from->w.seed;
    to->w.tick = from->w.tick;
}

static void move_reals(tl_type real, void *block, size_t from, size_t n, tl_random *r)
{
    for (size_t i = from; i < from + n; i++) {
        double by = (2 * tl_uniform(r) - 1) * 0x1p-12;
        tl_real_set(real, block, i, (float)(tl_real_get(real, block, i) * (1 + by)));
    }
}

void trial_move(Trial *t, uint64_t seed)
{
    const tl_model *m = t->engine->model;
    size_t lanes = (size_t)tl_lanes(&m->tbptt), rows = (size_t)m->tbptt.k2 * lanes;
    tl_random r = { tl_random_seed_of(seed, "rounding"), 0 };
    move_reals(m->real, t->b.params, 0, m->param_size, &r);
    for (int32_t i = 0; i < m->nstates; i++) {
        size_t n = lanes * tl_size(&m->states[i]);
        move_reals(m->real, t->b.states, m->states[i].offset + (size_t)t->w.first * n, n, &r);
    }
    for (int32_t i = 0; i < m->ninputs; i++)
        if (!m->inputs[i].vocab)
            move_reals(m->real, t->b.input[i], 0, rows * tl_size(&m->inputs[i]), &r);
}

/* What the older steps saw, and what the newest will. */
static void move_params(Trial *t, uint64_t seed)
{
    const tl_model *m = t->engine->model;
    tl_random r = { tl_random_seed_of(seed, "move"), 0 };
    if (t->b.history) {
        memcpy(t->b.history, t->b.params, m->param_size * tl_real_size(m->real));
        for (int32_t slot = 0; slot + 1 < m->tbptt.k2; slot++)
            t->b.versions[slot] = t->b.history;
    }
    add_noise(m, t->b.params, &r);
}

void trial_advance(Trial *t, uint64_t seed)
{
    const tl_model *m = t->engine->model;
    int32_t k2 = m->tbptt.k2, steps = k2 - t->w.first, kept = steps < k2 ? steps : k2 - 1;
    tl_steps_move_data(m, &t->b, kept, 1);
    tl_steps_move_results(m, &t->b, kept, 1);
    move_params(t, seed);
    t->w.first = k2 - kept - 1;
    t->w.from = k2 - 1;
    t->w.tick++;
    weigh(t, 1);
}

/* Not a number anywhere. */
static void spoil(void *block, size_t bytes)
{
    if (block && bytes)
        memset(block, 0xff, bytes);
}

/* What the forward code stores for `slots` slots from `slot` on. */
static void spoil_slots(Trial *t, size_t slot, size_t slots)
{
    const tl_model *m = t->engine->model;
    size_t size = tl_real_size(m->real), lanes = (size_t)tl_lanes(&m->tbptt);
    spoil(tl_real_at(m->real, t->b.losses, slot * lanes), slots * lanes * size);
    for (size_t i = 0; i < (size_t)m->nnamed; i++)
        spoil(tl_real_at(m->real, t->b.named, (i * (size_t)m->tbptt.k2 + slot) * lanes), slots * lanes * size);
    for (int32_t i = 0; i < m->nprobes; i++) {
        size_t n = lanes * tl_size(&m->probes[i]);
        spoil(tl_real_at(m->real, t->b.probes, m->probes[i].offset + slot * n), slots * n * size);
    }
    for (int32_t i = 0; i < m->nstates; i++) {
        size_t n = lanes * tl_size(&m->states[i]), at = m->states[i].offset + (slot + 1) * n;
        spoil(tl_real_at(m->real, t->b.states, at), slots * n * size);
    }
}

/* All that a window must store: something forgotten is seen. The forward code runs from w.from on;
 * what lies between the parameters' gradients stays 0. */
static void spoil_results(Trial *t)
{
    const tl_model *m = t->engine->model;
    size_t size = tl_real_size(m->real);
    spoil_slots(t, (size_t)t->w.from, (size_t)(m->tbptt.k2 - t->w.from));
    for (int32_t i = 0; i < m->nparams; i++)
        spoil(tl_real_at(m->real, t->b.grads, m->params[i].offset), tl_param_extent(&m->params[i]) * size);
    spoil(t->b.probe_grads, m->probe_size * size);
    spoil(t->b.state_grads, m->state_size * size);
    spoil(t->b.work, m->work_size);
    size_t frame = m->frame_size * size;
    if (t->b.frames)
        spoil((char *)t->b.frames + (size_t)t->w.from * frame, (size_t)(m->tbptt.k2 - t->w.from) * frame);
}

void trial_run(Trial *t)
{
    spoil_results(t);
    t->engine->window(t->engine->self, &t->w);
    t->loss = tl_window_loss(t->engine->model, t->b.weight, t->b.losses, t->w.first);
}

static bool was_stored(tl_type real, const void *block, size_t i)
{
    static const unsigned char ones[8] = { 255, 255, 255, 255, 255, 255, 255, 255 };
    return memcmp(tl_real_at_const(real, block, i), ones, tl_real_size(real)) != 0;
}

/* Number i of one block with number j of the other. */
static void compare_number(tl_type a_real, const void *a, size_t i, tl_type b_real, const void *b, size_t j, Compared *c)
{
    double x = tl_real_get(a_real, a, i), y = tl_real_get(b_real, b, j);
    bool stored = was_stored(a_real, a, i) && was_stored(b_real, b, j);
    if (isfinite(x) && isfinite(y)) {
        c->difference += (x - y) * (x - y);
        c->norm += y * y;
    } else if (stored && isnan(x) && isnan(y)) {
        c->nans++;
    } else if (stored && x == y) {
        c->infinities++;
    } else {
        c->difference = INFINITY;
    }
}

void trial_compare(tl_type a_real, const void *a, tl_type b_real, const void *b, size_t at, size_t n, Compared *c)
{
    for (size_t i = at; i < at + n; i++)
        compare_number(a_real, a, i, b_real, b, i, c);
}

void trial_compare_grads(const Trial *a, const Trial *b, int32_t param, Compared *c)
{
    const tl_model *m = a->engine->model, *other = b->engine->model;
    for (size_t i = 0, n = tl_size(&m->params[param]); i < n; i++)
        compare_number(m->real, a->b.grads, tl_param_at(&m->params[param], i), other->real, b->b.grads,
                       tl_param_at(&other->params[param], i), c);
}
