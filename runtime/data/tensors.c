#include "tensors.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "buffers.h"
#include "cli.h"
#include "finite.h"
#include "npy.h"
#include "real.h"
#include "window.h"

typedef struct Size {
    size_t rows, lanes;
    int known, with_lanes;
    const char *from; /* the tensor that said so */
} Size;

static const tl_st_tensor *find(const tl_st *st, const char *side, const char *field,
                                tl_error *e)
{
    char name[512];
    snprintf(name, sizeof name, field[0] ? "%s.%s" : "%s", side, field);
    const tl_st_tensor *t = tl_st_find(st, name);
    if (!t)
        tl_fail(e, "%s: there is no tensor '%s'", tl_st_label(st), name);
    return t;
}

/* The leading dimensions must be {T, B} or {T}, the same in every tensor. */
static int take_size(Size *s, const tl_st *st, const tl_st_tensor *t, int32_t rank, tl_error *e)
{
    size_t rows = (size_t)t->dim[0], lanes = t->rank == rank + 2 ? (size_t)t->dim[1] : 1;
    int with_lanes = t->rank == rank + 2;
    if (!s->known) {
        *s = (Size){ rows, lanes, 1, with_lanes, t->name };
        return rows && lanes ? 0 : tl_fail(e, "%s: %s is empty", tl_st_label(st), t->name);
    }
    if (rows != s->rows || lanes != s->lanes || with_lanes != s->with_lanes)
        return tl_fail(e, "%s: %s is for %zu steps in %zu lanes and %s for %zu in %zu",
                       tl_st_label(st), s->from, s->rows, s->lanes, t->name, rows, lanes);
    return 0;
}

static int check_field(Size *s, const tl_st *st, const char *side, const tl_tensor *f, tl_error *e)
{
    char want[128], have[128];
    int64_t dim[TL_MAX_RANK] = { 0 };
    const tl_st_tensor *t = find(st, side, f->name, e);
    if (!t)
        return -1;
    for (int32_t i = 0; i < f->rank; i++)
        dim[i] = f->dim[i];
    int extra = t->rank - f->rank;
    if ((extra == 1 || extra == 2) &&
        memcmp(t->dim + extra, dim, (size_t)f->rank * sizeof *dim) == 0)
        return take_size(s, st, t, f->rank, e);
    return tl_fail(e, "%s: %s is %s; of one step in one lane the model takes %s, so it should be "
                   "[steps, lanes, that] or [steps, that]", tl_st_label(st), t->name,
                   tl_shape_text(have, sizeof have, t->dim, t->rank),
                   tl_shape_text(want, sizeof want, dim, f->rank));
}

static int check_flags(Size *s, const tl_st *st, const char *name, tl_error *e)
{
    const tl_st_tensor *t = tl_st_find(st, name);
    if (t && t->rank != 1 && t->rank != 2)
        return tl_fail(e, "%s: %s should be [steps, lanes] or [steps]", tl_st_label(st), name);
    return t ? take_size(s, st, t, 0, e) : 0;
}

/* Where one of the flags, tensors with a number a row, is 0: such a row is not looked at. */
static int ignored(const tl_st_tensor *const *zero, size_t row)
{
    for (; *zero; zero++)
        if (row < (*zero)->count && tl_st_double(*zero, row) == 0)
            return 1;
    return 0;
}

/* Element i of a tensor of data, in words. */
static int refuse(const tl_st *st, const tl_st_tensor *t, const tl_tensor *f, size_t i, const char *why,
                  tl_error *e)
{
    char at[160];
    size_t row = i / tl_size(f), lanes = t->rank > f->rank + 1 ? (size_t)t->dim[1] : 1;
    tl_index_text(at, sizeof at, t->dim, t->rank, i);
    if (t->rank > f->rank + 1)
        return tl_fail(e, "%s: %s%s is %g (step %zu, lane %zu); %s", tl_st_label(st), t->name, at,
                       tl_st_double(t, i), row / lanes + 1, row % lanes + 1, why);
    return tl_fail(e, "%s: %s%s is %g (step %zu); %s", tl_st_label(st), t->name, at, tl_st_double(t, i),
                   row + 1, why);
}

static int copy_tokens(const tl_st *st, const tl_st_tensor *t, const tl_tensor *f,
                       const tl_st_tensor *const *zero, int32_t *to, tl_error *e)
{
    char why[128];
    snprintf(why, sizeof why, "tokens are integers from 0 to %d", (int)f->vocab - 1);
    for (size_t i = 0; i < t->count; i++) {
        double x = tl_st_double(t, i);
        int fits = x >= 0 && x < f->vocab && x == floor(x);
        if (!fits && !ignored(zero, i / tl_size(f)))
            return refuse(st, t, f, i, why, e);
        to[i] = fits ? (int32_t)x : 0;
    }
    return 0;
}

static int copy_real(const tl_st *st, const tl_st_tensor *t, const tl_tensor *f,
                     const tl_st_tensor *const *zero, tl_type real, void *to, tl_error *e)
{
    tl_st_copy_real(t, real, to);
    for (size_t i = 0; i < t->count; i++) {
        i += tl_not_finite(real, to, i, t->count - i);
        if (i < t->count && !ignored(zero, i / tl_size(f)))
            return refuse(st, t, f, i, isfinite(tl_st_double(t, i)) ?
                          "that is beyond the largest number of f32; --precision f64 reads it" :
                          "data are finite numbers, but where the mask, or of a target the weight, is 0", e);
        if (i < t->count)
            tl_real_set(real, to, i, 0);
    }
    for (size_t i = 0; i < t->count && f->scale == TL_SCALE_PROBABILITY; i++)
        if (!(tl_st_double(t, i) >= 0 && tl_st_double(t, i) <= 1) && !ignored(zero, i / tl_size(f)))
            return refuse(st, t, f, i, "bce compares it with a probability, which is from 0 to 1", e);
    return 0;
}

int tl_tensor_copy(const tl_st *st, const tl_st_tensor *t, const tl_tensor *f,
                   const tl_st_tensor *const *zero, tl_type real, void *to, tl_error *e)
{
    return f->vocab ? copy_tokens(st, t, f, zero, to, e) : copy_real(st, t, f, zero, real, to, e);
}

void tl_tensor_zeros(const tl_st *st, int of_targets, const tl_st_tensor *zero[3])
{
    const tl_st_tensor *mask = tl_st_find(st, "mask"), *weight = of_targets ? tl_st_find(st, "weight") : NULL;
    zero[0] = mask ? mask : weight;
    zero[1] = mask ? weight : NULL;
    zero[2] = NULL;
}

static int copy_field(const tl_st *st, const tl_model *m, const char *side, const tl_tensor *f,
                      void *to, tl_error *e)
{
    const tl_st_tensor *zero[3];
    tl_tensor_zeros(st, strcmp(side, "target") == 0, zero);
    return tl_tensor_copy(st, find(st, side, f->name, e), f, zero, m->real, to, e);
}

/* Flags are 0 or 1. */
static int copy_flags(void **to, const tl_st *st, const tl_model *m, const char *name, int weights,
                      tl_error *e)
{
    const tl_st_tensor *t = tl_st_find(st, name);
    if (!t)
        return 0;
    *to = tl_aligned(t->count * tl_real_size(m->real)); /* no more than the file, times 8 */
    if (!*to)
        return tl_fail(e, "%s: out of memory", tl_st_label(st));
    for (size_t i = 0; i < t->count; i++) {
        double x = tl_st_double(t, i);
        if (weights ? !tl_weight_fits(x) : x != 0 && x != 1)
            return tl_fail(e, "%s: %s has %g at element %zu; it takes %s", tl_st_label(st), name, x,
                           i, weights ? TL_WEIGHT_WORDS : "0 or 1");
    }
    tl_st_copy_real(t, m->real, *to);
    return 0;
}

static int check(Size *s, const tl_model *m, const tl_st *st, tl_error *e)
{
    for (int32_t i = 0; i < m->ninputs; i++)
        if (check_field(s, st, "input", &m->inputs[i], e))
            return -1;
    for (int32_t i = 0; i < m->ntargets; i++)
        if (check_field(s, st, "target", &m->targets[i], e))
            return -1;
    if (check_flags(s, st, "mask", e) || check_flags(s, st, "weight", e) || check_flags(s, st, "reset", e))
        return -1;
    return s->known ? 0 : tl_fail(e, "%s: no tensors", tl_st_label(st));
}

static int copy(tl_examples *x, const tl_model *m, const tl_st *st, tl_error *e)
{
    for (int32_t i = 0; i < m->ninputs; i++)
        if (copy_field(st, m, "input", &m->inputs[i], x->input[i], e))
            return -1;
    for (int32_t i = 0; i < m->ntargets; i++)
        if (copy_field(st, m, "target", &m->targets[i], x->target[i], e))
            return -1;
    return copy_flags(&x->mask, st, m, "mask", 1, e) || copy_flags(&x->weight, st, m, "weight", 1, e) ||
           copy_flags(&x->reset, st, m, "reset", 0, e);
}

int tl_tensors_from(tl_examples *x, const tl_model *m, const tl_st *st, tl_error *e)
{
    Size s = { 0 };
    *x = (tl_examples){ 0 };
    if (check(&s, m, st, e))
        return -1;
    if (!tl_examples_new(x, m, s.rows, s.lanes))
        return tl_fail(e, "%s: no memory for %zu steps", tl_st_label(st), s.rows);
    if (copy(x, m, st, e)) {
        tl_examples_free(x);
        return -1;
    }
    return 0;
}

/* ---- names ---- */

/* All tensors that data may have, each name to be freed; NULL if memory is short. */
static char **known_names(const tl_model *m, int states)
{
    static const char *const flags[] = { "mask", "weight", "reset" };
    const struct { const char *side; const tl_tensor *t; int32_t n; } group[] = {
        { "input", m->inputs, m->ninputs }, { "target", m->targets, m->ntargets },
        { "state", m->states, states ? m->nstates : 0 },
    };
    size_t most = 3 + (size_t)m->ninputs + (size_t)m->ntargets + (size_t)m->nstates, n = 0;
    char **name = calloc(most + 1, sizeof *name);
    int fine = name != NULL;
    for (size_t i = 0; i < 3 && fine; i++)
        fine = (name[n++] = strdup(flags[i])) != NULL;
    for (size_t g = 0; g < 3; g++)
        for (int32_t i = 0; i < group[g].n && fine; i++)
            fine = asprintf(&name[n++], "%s%s%s", group[g].side, group[g].t[i].name[0] ? "." : "",
                            group[g].t[i].name) >= 0;
    if (fine)
        return name;
    for (size_t i = 0; name && i + 1 < n; i++)
        free(name[i]);
    free(name);
    return NULL;
}

static int is_among(char *const *names, const char *name)
{
    while (*names && strcmp(*names, name))
        names++;
    return *names != NULL;
}

int tl_tensors_check_names(const tl_model *m, const tl_st *st, int states, tl_error *e)
{
    int bad = 0;
    char **names = known_names(m, states);
    if (!names)
        return tl_fail(e, "%s: out of memory", tl_st_label(st));
    for (size_t i = 0; i < tl_st_count(st) && !bad; i++) {
        const char *name = tl_st_at(st, i)->name, *nearest = NULL;
        if (is_among(names, name))
            continue;
        nearest = tl_cli_nearest(name, (const char *const *)names);
        bad = tl_fail(e, "%s: the model %s has no use for a tensor '%s'%s%s%s", tl_st_label(st), m->name,
                      name, nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
    }
    for (size_t i = 0; names[i]; i++)
        free(names[i]);
    free(names);
    return bad;
}

tl_st *tl_tensors_open(const char *path, tl_error *e)
{
    const size_t n = strlen(path);
    const int named = n > 4 && !strcasecmp(path + n - 4, ".npz");
    return named || tl_npz_looks_like(path) ? tl_npz_open(path, e) : tl_st_open(path, e);
}

int tl_tensors_load(tl_examples *x, const tl_model *m, const char *path, tl_error *e)
{
    tl_st *st = tl_tensors_open(path, e);
    *x = (tl_examples){ 0 };
    if (!st)
        return -1;
    int bad = tl_tensors_check_names(m, st, 0, e) || tl_tensors_from(x, m, st, e) ? -1 : 0;
    tl_st_free(st);
    return bad;
}
