#include "series.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "buffers.h"
#include "padding.h"
#include "real.h"

int tl_examples_new(tl_examples *x, const tl_model *m, size_t rows, size_t lanes)
{
    size_t n;
    *x = (tl_examples){ .rows = rows, .lanes = lanes, .ninputs = m->ninputs,
                        .ntargets = m->ntargets };
    if (!__builtin_mul_overflow(rows, lanes, &n) &&
        tl_arrays_new(&x->input, m->inputs, m->ninputs, n) &&
        tl_arrays_new(&x->target, m->targets, m->ntargets, n))
        return 1;
    tl_examples_free(x);
    return 0;
}

void tl_examples_free(tl_examples *x)
{
    tl_arrays_free(x->input, x->ninputs);
    tl_arrays_free(x->target, x->ntargets);
    free(x->mask);
    free(x->reset);
    free(x->first);
    *x = (tl_examples){ 0 };
}

size_t tl_training_rows(size_t rows, double valid)
{
    size_t apart = (size_t)((double)rows * valid);
    return apart < rows ? rows - apart : 0;
}

static void fill_padding(const tl_series *s, const tl_examples *x)
{
    const tl_rows rows = { s->start, s->steps, s->lanes, s->step_stride, s->lane_stride };
    const tl_model *m = s->model;
    if (!x->mask)
        return;
    tl_padding_fill(&rows, m->real, x->mask, m->inputs, m->ninputs, x->input);
    tl_padding_fill(&rows, m->real, x->mask, m->targets, m->ntargets, x->target);
}

int tl_series_cut(tl_series *s, const tl_model *m, const tl_examples *x, size_t from, size_t to,
                  size_t lanes, const char *label, tl_error *e)
{
    *s = (tl_series){ .model = m, .of = x, .lanes = lanes, .start = from * x->lanes };
    size_t rows = to - from;
    if (x->lanes == lanes) {
        s->steps = rows;
        s->step_stride = lanes;
        s->lane_stride = 1;
    } else if (x->lanes == 1) {
        s->steps = rows / lanes;
        s->step_stride = 1;
        s->lane_stride = s->steps;
    } else {
        return tl_fail(e, "%s: it has %zu lanes and the model is compiled for a batch of %zu",
                       label, x->lanes, lanes);
    }
    if (s->steps == 0)
        return tl_fail(e, "%s: %zu steps are too few for %zu lanes", label, rows, lanes);
    fill_padding(s, x);
    return 0;
}

tl_series tl_series_empty(const tl_model *m, size_t steps, size_t lanes)
{
    return (tl_series){ .model = m, .steps = steps, .lanes = lanes };
}

tl_series tl_series_lane(const tl_series *s, size_t lane)
{
    tl_series one = *s;
    one.start += lane * s->lane_stride;
    one.lanes = 1;
    one.lane_stride = 0;
    return one;
}

static void gather(const tl_series *s, const void *from, size_t size, size_t step, size_t count,
                   void *to)
{
    char *out = to;
    for (size_t t = step; t < step + count; t++)
        for (size_t lane = 0; lane < s->lanes; lane++, out += size) {
            size_t at = s->start + t * s->step_stride + lane * s->lane_stride;
            memcpy(out, (const char *)from + at * size, size);
        }
}

static void gather_fields(const tl_series *s, const tl_tensor *field, int32_t n,
                          void *const *from, size_t step, size_t count, size_t slot,
                          void *const *to)
{
    for (int32_t i = 0; to && i < n; i++) {
        size_t size = tl_size(&field[i]) * tl_type_size(field[i].type);
        gather(s, from[i], size, step, count, (char *)to[i] + slot * s->lanes * size);
    }
}

static void gather_flags(const tl_series *s, const void *from, double otherwise, size_t step,
                         size_t count, size_t slot, void *to)
{
    tl_type real = s->model->real;
    if (!to)
        return;
    if (from)
        gather(s, from, tl_real_size(real), step, count, tl_real_at(real, to, slot * s->lanes));
    else
        for (size_t i = slot * s->lanes; i < (slot + count) * s->lanes; i++)
            tl_real_set(real, to, i, otherwise);
}

void tl_series_gather(const tl_series *s, size_t step, size_t count, size_t slot,
                      void *const *input, void *const *target, void *mask, void *reset)
{
    const tl_model *m = s->model;
    if (s->of) {
        gather_fields(s, m->inputs, m->ninputs, s->of->input, step, count, slot, input);
        gather_fields(s, m->targets, m->ntargets, s->of->target, step, count, slot, target);
    }
    gather_flags(s, s->of ? s->of->mask : NULL, 1, step, count, slot, mask);
    gather_flags(s, s->of ? s->of->reset : NULL, 0, step, count, slot, reset);
}

int tl_series_masked(const tl_series *s)
{
    return s->of && s->of->mask;
}

int tl_series_resets(const tl_series *s)
{
    return s->of && s->of->reset;
}

static double flag(const tl_series *s, const void *flags, size_t step, size_t lane)
{
    return tl_real_get(s->model->real, flags,
                       s->start + step * s->step_stride + lane * s->lane_stride);
}

int tl_series_restarts(const tl_series *s, int carry)
{
    if (!tl_series_resets(s))
        return 0;
    for (size_t t = carry ? 0 : 1; t < s->steps; t++)
        for (size_t lane = 0; lane < s->lanes; lane++)
            if (flag(s, s->of->reset, t, lane) != 0)
                return 1;
    return 0;
}

int tl_series_starts(const tl_series *s, size_t step)
{
    if (!tl_series_resets(s))
        return step == 0;
    for (size_t lane = 0; lane < s->lanes; lane++)
        if (flag(s, s->of->reset, step, lane) == 0)
            return step == 0;
    return 1;
}

/* 1 if some lane's last `length` steps are of one sequence and none is padding; `run` counts them. */
static int follow_lanes(const tl_series *s, size_t step, uint64_t length, uint64_t *run)
{
    int whole = 0;
    for (size_t lane = 0; lane < s->lanes; lane++) {
        if (tl_series_resets(s) && flag(s, s->of->reset, step, lane) != 0)
            run[lane] = 0;
        run[lane]++;
        if (tl_series_masked(s) && flag(s, s->of->mask, step, lane) == 0)
            run[lane] = 0;
        whole |= run[lane] >= length;
    }
    return whole;
}

uint64_t tl_series_whole_windows(const tl_series *s, uint64_t every, uint64_t length)
{
    uint64_t n = 0, *run = NULL, windows = (s->steps + every - 1) / every;
    if (!tl_series_resets(s) && !tl_series_masked(s))
        return s->steps < length ? 0 : windows - ((length + every - 1) / every - 1);
    if (!(run = calloc(s->lanes, sizeof *run)))
        return windows;
    for (size_t t = 0; t < s->steps; t++) {
        int whole = follow_lanes(s, t, length, run);
        n += whole && ((t + 1) % every == 0 || t + 1 == s->steps);
    }
    free(run);
    return n;
}

int tl_series_check_padding(const tl_series *s, const char *label, tl_error *e)
{
    if (!tl_series_masked(s))
        return 0;
    for (size_t lane = 0; lane < s->lanes; lane++)
        for (size_t t = 1; t < s->steps; t++) {
            int fresh = tl_series_resets(s) && flag(s, s->of->reset, t, lane) != 0;
            if (!fresh && flag(s, s->of->mask, t, lane) != 0 &&
                flag(s, s->of->mask, t - 1, lane) == 0)
                return tl_fail(e, "%s: lane %zu goes on at step %zu after padding; training takes "
                               "padding only at the end of a sequence: mark the step in 'reset', or set "
                               "tbptt = { masks = true } in the spec",
                               label, lane, t + 1);
        }
    return 0;
}

/* The rows of a series stand one after the other however they are cut into lanes. */
static uint64_t hash_part(const tl_series *s, const void *array, size_t bytes, uint64_t so_far)
{
    const char *at = (const char *)array + s->start * bytes;
    return XXH3_64bits_withSeed(at, s->steps * s->lanes * bytes, so_far);
}

static uint64_t hash_fields(const tl_series *s, const tl_tensor *t, int32_t n, void *const *array, uint64_t so_far)
{
    for (int32_t i = 0; i < n; i++)
        so_far = hash_part(s, array[i], tl_size(&t[i]) * tl_type_size(t[i].type), so_far);
    return so_far;
}

uint64_t tl_series_hash(const tl_series *s)
{
    const tl_examples *x = s->of;
    if (!x)
        return 0;
    size_t real = tl_real_size(s->model->real);
    uint64_t h = hash_fields(s, s->model->inputs, x->ninputs, x->input, 0);
    h = hash_fields(s, s->model->targets, x->ntargets, x->target, h);
    h = x->mask ? hash_part(s, x->mask, real, h) : h;
    return x->reset ? hash_part(s, x->reset, real, h) : h;
}
