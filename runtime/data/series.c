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
    free(x->weight);
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
    tl_padding_fill(&rows, m->real, x->mask, NULL, m->inputs, m->ninputs, x->input);
    tl_padding_fill(&rows, m->real, x->mask, x->weight, m->targets, m->ntargets, x->target);
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

tl_series tl_series_lanes(const tl_series *s, size_t lane, size_t count)
{
    tl_series part = *s;
    part.start += lane * s->lane_stride;
    part.lanes = count;
    return part;
}

tl_series tl_series_steps(const tl_series *s, size_t step, size_t count)
{
    tl_series part = *s;
    part.start += step * s->step_stride;
    part.steps = count;
    return part;
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

void tl_series_gather(const tl_series *s, size_t step, size_t count, size_t slot, void *const *input,
                      void *const *target, void *mask, void *weight, void *reset)
{
    const tl_model *m = s->model;
    if (s->of) {
        gather_fields(s, m->inputs, m->ninputs, s->of->input, step, count, slot, input);
        gather_fields(s, m->targets, m->ntargets, s->of->target, step, count, slot, target);
    }
    gather_flags(s, s->of ? s->of->mask : NULL, 1, step, count, slot, mask);
    gather_flags(s, s->of ? s->of->weight : NULL, 1, step, count, slot, weight);
    gather_flags(s, s->of ? s->of->reset : NULL, 0, step, count, slot, reset);
}

int tl_series_masked(const tl_series *s)
{
    return s->of && s->of->mask;
}

int tl_series_in_order(const tl_series *s)
{
    return s->of && s->lane_stride == 1 && s->step_stride == s->lanes && s->start % s->lanes == 0;
}

int tl_series_weighted(const tl_series *s)
{
    return s->of && (s->of->mask || s->of->weight);
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

double tl_series_counts(const tl_series *s, size_t step, size_t lane)
{
    double w = s->of && s->of->weight ? flag(s, s->of->weight, step, lane) : 1;
    return tl_series_masked(s) ? w * flag(s, s->of->mask, step, lane) : w;
}

static int any_counts(const tl_series *s, size_t step)
{
    for (size_t lane = 0; lane < s->lanes; lane++)
        if (tl_series_counts(s, step, lane) != 0)
            return 1;
    return 0;
}

static uint64_t count_windows(const tl_series *s)
{
    uint64_t k1 = (uint64_t)s->model->tbptt.k1;
    return (s->steps + k1 - 1) / k1;
}

static int ends_window(const tl_series *s, size_t step)
{
    return (step + 1) % (size_t)s->model->tbptt.k1 == 0 || step + 1 == s->steps;
}

/* First step that counts in the window of the steps position .. end - 1 and those before them, which go
 * back no further than `start`, where all lanes last began. */
static size_t first_counted(const tl_tbptt *b, size_t position, size_t end, size_t start)
{
    size_t k2 = (size_t)b->k2, fresh = end - position, kept = position - start;
    if (b->counted == TL_COUNT_LAST)
        return end - 1;
    if (fresh >= k2)
        return end - k2;
    if (b->counted == TL_COUNT_NEW)
        return position;
    return position - (kept < k2 - fresh ? kept : k2 - fresh);
}

static uint64_t count_updates(const tl_series *s)
{
    uint64_t n = 0;
    size_t k1 = (size_t)s->model->tbptt.k1, start = 0, from = 0, behind = 0; /* the last step that counts */
    for (size_t t = 0; t < s->steps; t++) {
        if (tl_series_starts(s, t))
            start = t;
        if (t % k1 == 0)
            from = start;
        if (any_counts(s, t))
            behind = t + 1;
        n += ends_window(s, t) && behind > first_counted(&s->model->tbptt, t - t % k1, t + 1, from);
    }
    return n;
}

/* 1 if in some lane a head has k2 steps of one sequence to look at, none of them padding, and the newest
 * counts; `run` [lanes] is how many steps it has. */
static int follow_lanes(const tl_series *s, size_t step, uint64_t *run)
{
    int whole = 0;
    for (size_t lane = 0; lane < s->lanes; lane++) {
        if (tl_series_resets(s) && flag(s, s->of->reset, step, lane) != 0)
            run[lane] = 0;
        run[lane]++;
        if (tl_series_masked(s) && flag(s, s->of->mask, step, lane) == 0)
            run[lane] = 0;
        whole |= run[lane] >= (uint64_t)s->model->tbptt.k2 && tl_series_counts(s, step, lane) != 0;
    }
    return whole;
}

static uint64_t count_head_updates(const tl_series *s)
{
    uint64_t n = 0, *run = calloc(s->lanes, sizeof *run);
    for (size_t t = 0; run && t < s->steps; t++)
        n += follow_lanes(s, t, run) && ends_window(s, t);
    n = run ? n : count_windows(s);
    free(run);
    return n;
}

uint64_t tl_series_updates(const tl_series *s)
{
    uint64_t k1 = (uint64_t)s->model->tbptt.k1, k2 = (uint64_t)s->model->tbptt.k2;
    if (tl_series_weighted(s) || (s->model->has_head && tl_series_resets(s)))
        return s->model->has_head ? count_head_updates(s) : count_updates(s);
    if (s->model->has_head)
        return s->steps < k2 ? 0 : count_windows(s) - ((k2 + k1 - 1) / k1 - 1);
    return count_windows(s);
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
    h = x->weight ? hash_part(s, x->weight, real, h + 1) : h;
    return x->reset ? hash_part(s, x->reset, real, h) : h;
}
