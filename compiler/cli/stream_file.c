#include "cli/stream_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tapeless/padding.h>
#include <tapeless/random.h>
#include <tapeless/real.h>
#include <tapeless/tensors.h>
#include <tapeless/window.h>
#include "graph/checked.h"

static const char *field_name(char *text, size_t size, const char *kind, const char *name)
{
    snprintf(text, size, *name ? "%s.%s" : "%s%s", kind, name);
    return text;
}

/* ---- reading ---- */

/* [T, B]: how many there are is said by the first input, or where a model has none by the mask. */
static int find_extent(StreamFile *d, const Model *m, tl_error *e)
{
    char name[256] = "mask";
    if (m->ninputs)
        field_name(name, sizeof name, "input", m->inputs[0].name);
    const tl_st_tensor *t = tl_st_find(d->file, name);
    if (!t)
        return tl_fail(e, "%s: has no tensor '%s' to take the number of steps from", tl_st_label(d->file), name);
    if (t->rank < 2 || t->dim[0] < 1 || t->dim[1] < 1)
        return tl_fail(e, "%s: %s: its shape must begin with the numbers of steps and lanes", tl_st_label(d->file), name);
    d->steps = t->dim[0];
    d->lanes = t->dim[1];
    return 0;
}

/* NULL without a sentence: there are none. */
static double *read_flags(const StreamFile *d, const char *name, tl_error *e)
{
    const int64_t dim[] = { d->steps, d->lanes };
    const bool weights = !strcmp(name, "mask");
    const tl_st_tensor *t = tl_st_find(d->file, name) ? tl_st_need(d->file, name, dim, 2, e) : NULL;
    double *flags = t ? checked(malloc(t->count * sizeof *flags)) : NULL;
    for (size_t i = 0; t && i < t->count; i++) {
        flags[i] = tl_st_double(t, i);
        if (weights ? tl_weight_fits(flags[i]) : flags[i] == 0 || flags[i] == 1)
            continue;
        tl_fail(e, "%s: %s has %g at element %zu; it takes %s", tl_st_label(d->file), name, flags[i], i,
                weights ? TL_WEIGHT_WORDS : "0 or 1");
        free(flags);
        return NULL;
    }
    return flags;
}

static int find_flags(const StreamFile *d, const char *name, double **to, tl_error *e)
{
    return !tl_st_find(d->file, name) || (*to = read_flags(d, name, e)) ? 0 : -1;
}

static int read_input(StreamFile *d, int32_t i, const tl_tensor *field, tl_error *e)
{
    char name[256];
    int64_t dim[2 + TL_MAX_RANK] = { d->steps, d->lanes };
    const tl_st_tensor *zero[3];
    for (int32_t k = 0; k < field->rank; k++)
        dim[2 + k] = field->dim[k];
    const tl_st_tensor *t = tl_st_need(d->file, field_name(name, sizeof name, "input", field->name), dim, 2 + field->rank, e);
    if (!t)
        return -1;
    tl_tensor row = *field;
    row.type = field->vocab ? TL_I32 : d->real;
    if (!(d->input[i] = tl_aligned(t->count * tl_type_size(row.type))))
        return tl_fail(e, "%s: not enough memory to read %s", tl_st_label(d->file), name);
    tl_tensor_zeros(d->file, 0, zero);
    return tl_tensor_copy(d->file, t, &row, zero, d->real, d->input[i], e);
}

static bool has_padding(const StreamFile *d)
{
    for (int64_t i = 0; d->mask && i < d->steps * d->lanes; i++)
        if (d->mask[i] == 0)
            return true;
    return false;
}

/* What padded steps read (padding.h). */
static void fill_padding(const StreamFile *d, const Model *m)
{
    const size_t n = (size_t)(d->steps * d->lanes);
    const tl_rows rows = { 0, (size_t)d->steps, (size_t)d->lanes, (size_t)d->lanes, 1 };
    void *mask = checked(malloc(n * tl_real_size(d->real)));
    tl_tensor *fields = checked(calloc((size_t)m->ninputs + 1, sizeof *fields));
    for (int32_t i = 0; i < m->ninputs; i++) {
        fields[i] = m->inputs[i];
        fields[i].type = fields[i].vocab ? TL_I32 : d->real;
    }
    for (size_t i = 0; i < n; i++)
        tl_real_set(d->real, mask, i, d->mask[i]);
    tl_padding_fill(&rows, d->real, mask, NULL, fields, m->ninputs, d->input);
    free(fields);
    free(mask);
}

static int check_names(const StreamFile *d, const Model *m, tl_error *e)
{
    const tl_model fields = { .name = m->name, .inputs = m->inputs, .ninputs = m->ninputs, .targets = m->targets,
                              .ntargets = m->ntargets, .states = m->states, .nstates = m->nstates };
    return tl_tensors_check_names(&fields, d->file, 1, e);
}

static bool has_state(const StreamFile *d, const tl_tensor *s)
{
    char name[256];
    return d->file && tl_st_find(d->file, field_name(name, sizeof name, "state", s->name));
}

static const tl_st_tensor *find_state(const StreamFile *d, const tl_tensor *s, tl_error *e)
{
    char name[256];
    int64_t dim[1 + TL_MAX_RANK] = { d->lanes };
    for (int32_t k = 0; k < s->rank; k++)
        dim[1 + k] = s->dim[k];
    return tl_st_need(d->file, field_name(name, sizeof name, "state", s->name), dim, 1 + s->rank, e);
}

/* Their shapes, and that they are finite; each lane takes its own when it begins. */
static int check_states(const StreamFile *d, const Model *m, tl_error *e)
{
    for (int32_t i = 0; i < m->nstates; i++) {
        if (!has_state(d, &m->states[i]))
            continue;
        const tl_st_tensor *t = find_state(d, &m->states[i], e);
        if (!t)
            return -1;
        void *values = checked(malloc(t->count * tl_real_size(d->real)));
        int bad = tl_st_copy_finite(d->file, t, d->real, values, e);
        free(values);
        if (bad)
            return -1;
    }
    return 0;
}

int stream_file_open(StreamFile *d, const char *path, Model *m, tl_type real, tl_error *e)
{
    *d = (StreamFile){ .file = tl_tensors_open(path, e), .real = real, .ninputs = m->ninputs };
    if (!d->file || find_extent(d, m, e) || check_names(d, m, e) || check_states(d, m, e) ||
        find_flags(d, "mask", &d->mask, e) || find_flags(d, "reset", &d->reset, e))
        return -1;
    d->input = checked(calloc((size_t)m->ninputs + 1, sizeof *d->input));
    for (int32_t i = 0; i < m->ninputs; i++)
        if (read_input(d, i, &m->inputs[i], e))
            return -1;
    if (has_padding(d))
        fill_padding(d, m);
    m->resets |= d->reset != NULL;
    m->masks |= has_padding(d);
    return 0;
}

/* ---- random numbers ---- */

static int random_input(StreamFile *d, int32_t i, const tl_tensor *field, tl_random *r, tl_error *e)
{
    const tl_type type = field->vocab ? TL_I32 : d->real;
    size_t n;
    if (__builtin_mul_overflow((size_t)(d->steps * d->lanes), tl_size(field), &n) || n > SIZE_MAX / 8 ||
        !(d->input[i] = tl_aligned(n * tl_type_size(type))))
        return tl_fail(e, "not enough memory for %lld steps", (long long)d->steps);
    for (size_t k = 0; k < n; k++)
        if (field->vocab)
            ((int32_t *)d->input[i])[k] = (int32_t)(tl_uniform(r) * field->vocab);
        else
            tl_real_set(d->real, d->input[i], k, (float)tl_normal(r));
    return 0;
}

/* 1 for a fifth of them, else 0; or the other way round. */
static double *random_flags(const StreamFile *d, double rare, tl_random *r)
{
    const size_t n = (size_t)(d->steps * d->lanes);
    double *flags = checked(malloc(n * sizeof *flags));
    for (size_t i = 0; i < n; i++)
        flags[i] = tl_uniform(r) < 0.2 ? rare : 1 - rare;
    return flags;
}

int stream_file_random(StreamFile *d, const Model *m, tl_type real, int64_t steps, int64_t lanes, uint64_t seed, tl_error *e)
{
    tl_random r = { tl_random_seed_of(seed, "stream"), 0 };
    *d = (StreamFile){ .steps = steps, .lanes = lanes, .real = real, .ninputs = m->ninputs,
                       .input = checked(calloc((size_t)m->ninputs + 1, sizeof *d->input)) };
    for (int32_t i = 0; i < m->ninputs; i++)
        if (random_input(d, i, &m->inputs[i], &r, e))
            return -1;
    d->mask = m->masks ? random_flags(d, 0, &r) : NULL;
    d->reset = m->resets ? random_flags(d, 1, &r) : NULL;
    return 0;
}

void stream_file_free(StreamFile *d)
{
    for (int32_t i = 0; d->input && i < d->ninputs; i++)
        free(d->input[i]);
    free(d->input);
    free(d->mask);
    free(d->reset);
    tl_st_free(d->file);
}

/* ---- steps ---- */

static double flag(const StreamFile *d, const double *flags, int64_t step, int64_t lane, double otherwise)
{
    return flags ? flags[step * d->lanes + lane] : otherwise;
}

bool stream_file_padded(const StreamFile *d, int64_t step, int64_t lane) { return flag(d, d->mask, step, lane, 1) == 0; }

bool stream_file_starts(const StreamFile *d, int64_t step, int64_t lane) { return flag(d, d->reset, step, lane, 0) != 0; }

void stream_file_input(const StreamFile *d, const tl_model *m, int64_t step, int64_t lane, const void **input)
{
    const size_t row = (size_t)(step * d->lanes + lane);
    for (int32_t i = 0; i < m->ninputs; i++)
        input[i] = (const char *)d->input[i] + row * tl_size(&m->inputs[i]) * tl_type_size(m->inputs[i].type);
}

static int take_state(const StreamFile *d, const tl_model *m, int32_t i, int64_t lane, const tl_buffers *b, tl_error *e)
{
    const tl_tensor *s = &m->states[i];
    const tl_st_tensor *t = find_state(d, s, e);
    size_t n = tl_size(s), at = s->offset + (size_t)m->tbptt.k2 * n;
    for (size_t k = 0; t && k < n; k++)
        tl_real_set(m->real, b->states, at + k, tl_st_double(t, (size_t)lane * n + k));
    return t ? 0 : -1;
}

int stream_file_states(const StreamFile *d, const tl_model *m, int64_t lane, const tl_buffers *b, tl_error *e)
{
    for (int32_t i = 0; i < tl_own_states(m); i++)
        if (has_state(d, &m->states[i]) && take_state(d, m, i, lane, b, e))
            return -1;
    return 0;
}
