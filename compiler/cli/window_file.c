#include "cli/window_file.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <tapeless/checkpoint.h>
#include <tapeless/init.h>
#include <tapeless/padding.h>
#include <tapeless/real.h>
#include <tapeless/tensors.h>
#include <tapeless/window.h>

static const char *field_name(char *text, size_t size, const char *kind, const tl_tensor *t)
{
    snprintf(text, size, *t->name ? "%s.%s" : "%s%s", kind, t->name);
    return text;
}

/* The first tensor that the model's data must have says how many steps and lanes there are. */
static int find_extent(WindowFile *d, const Model *m, tl_error *e)
{
    char name[256];
    const tl_st_tensor *t = NULL;
    if (m->ninputs)
        t = tl_st_find(d->file, field_name(name, sizeof name, "input", &m->inputs[0]));
    if (!t && m->ntargets)
        t = tl_st_find(d->file, field_name(name, sizeof name, "target", &m->targets[0]));
    if (!t && !m->ninputs && !m->ntargets)
        t = tl_st_find(d->file, "mask");
    if (!t)
        return tl_fail(e, "%s: has no tensor '%s' to take the number of steps from", tl_st_label(d->file),
                       m->ninputs || m->ntargets ? name : "mask");
    if (t->rank < 2 || t->dim[0] < 1 || t->dim[1] < 1)
        return tl_fail(e, "%s: %s: its shape must begin with the numbers of steps and lanes", tl_st_label(d->file), t->name);
    d->steps = t->dim[0];
    d->lanes = t->dim[1];
    if (d->steps > m->tbptt.k2)
        return tl_fail(e, "%s: %s has %lld steps, but the window has k2 = %d; give at most that many",
                       tl_st_label(d->file), t->name, (long long)d->steps, m->tbptt.k2);
    if (m->head && d->steps < m->tbptt.k2)
        return tl_fail(e, "%s: %s has %lld steps, but the model's window looks at k2 = %d; give as many",
                       tl_st_label(d->file), t->name, (long long)d->steps, m->tbptt.k2);
    if (d->lanes > 65536)
        return tl_fail(e, "%s: %s has %lld lanes; at most 65536 are possible", tl_st_label(d->file), t->name,
                       (long long)d->lanes);
    return 0;
}

/* ---- filling the window ---- */

static int read_fields(Trial *t, const WindowFile *d, const char *kind, const tl_tensor *rows, int32_t n, void **to,
                       tl_error *e)
{
    const tl_model *m = t->engine->model;
    for (int32_t i = 0; i < n; i++) {
        char name[256];
        int64_t dim[2 + TL_MAX_RANK] = { d->steps, d->lanes };
        for (int32_t k = 0; k < rows[i].rank; k++)
            dim[2 + k] = rows[i].dim[k];
        const tl_st_tensor *s = tl_st_need(d->file, field_name(name, sizeof name, kind, &rows[i]), dim,
                                           2 + rows[i].rank, e);
        if (!s)
            return -1;
        const tl_st_tensor *zero[3];
        tl_tensor_zeros(d->file, strcmp(kind, "target") == 0, zero);
        size_t from = (size_t)t->w.first * (size_t)tl_lanes(&m->tbptt) * tl_size(&rows[i]);
        void *at = (char *)to[i] + from * tl_type_size(rows[i].type);
        if (tl_tensor_copy(d->file, s, &rows[i], zero, m->real, at, e))
            return -1;
    }
    return 0;
}

int window_file_params(Trial *t, const tl_st *file, tl_error *e)
{
    return tl_checkpoint_params(file, t->engine->model, t->b.params, e);
}

/* state.NAME where given, else the initial state. */
static int read_states(Trial *t, const WindowFile *d, tl_error *e)
{
    const tl_model *m = t->engine->model;
    tl_init_states(m, t->b.params, t->b.states, t->w.first);
    for (int32_t i = 0; i < m->nstates; i++) {
        char name[256];
        int64_t dim[1 + TL_MAX_RANK] = { d->lanes };
        snprintf(name, sizeof name, "state.%s", m->states[i].name);
        for (int32_t k = 0; k < m->states[i].rank; k++)
            dim[1 + k] = m->states[i].dim[k];
        if (!tl_st_find(d->file, name))
            continue;
        const tl_st_tensor *s = tl_st_need(d->file, name, dim, 1 + m->states[i].rank, e);
        if (!s)
            return -1;
        size_t at = m->states[i].offset + (size_t)t->w.first * (size_t)d->lanes * tl_size(&m->states[i]);
        if (tl_st_copy_finite(d->file, s, m->real, tl_real_at(m->real, t->b.states, at), e))
            return -1;
    }
    return 0;
}

/* Weights, or flags that are 0 or 1. */
static int read_flags(Trial *t, const WindowFile *d, const char *name, int weights, void *to, double otherwise, tl_error *e)
{
    const tl_model *m = t->engine->model;
    size_t from = (size_t)t->w.first * (size_t)d->lanes, n = (size_t)(d->steps * d->lanes);
    const tl_st_tensor *s = NULL;
    if (tl_st_find(d->file, name) && !(s = tl_st_need(d->file, name, (int64_t[]){ d->steps, d->lanes }, 2, e)))
        return -1;
    for (size_t i = 0; i < n; i++) {
        double v = s ? tl_st_double(s, i) : otherwise;
        if (weights ? !tl_weight_fits(v) : v != 0 && v != 1)
            return tl_fail(e, "%s: %s has %g at element %zu; it takes %s", tl_st_label(d->file), name, v, i,
                           weights ? TL_WEIGHT_WORDS : "0 or 1");
        tl_real_set(m->real, to, from + i, v);
    }
    return 0;
}

/* Code for padding is generated where the data have some. */
static bool has_padding(const tl_st *file)
{
    const tl_st_tensor *mask = tl_st_find(file, "mask");
    for (size_t i = 0; mask && i < mask->count; i++)
        if (tl_st_double(mask, i) == 0)
            return true;
    return false;
}

int window_file_fit(WindowFile *d, Model *m, tl_error *e)
{
    if (find_extent(d, m, e))
        return -1;
    m->tbptt.batch = (int32_t)d->lanes;
    m->tbptt.shards = 1;
    m->new_steps = (int32_t)d->steps;
    m->resets |= tl_st_find(d->file, "reset") != NULL;
    m->masks |= has_padding(d->file);
    return 0;
}

int window_file_read(Trial *t, const WindowFile *d, int64_t fresh, tl_error *e)
{
    const tl_model *m = t->engine->model;
    t->w.first = t->w.from = m->tbptt.k2 - (int32_t)d->steps;
    if (tl_tensors_check_names(m, d->file, 1, e) ||
        read_fields(t, d, "input", m->inputs, m->ninputs, t->b.input, e) ||
        read_fields(t, d, "target", m->targets, m->ntargets, t->b.target, e) || read_states(t, d, e) ||
        read_flags(t, d, "mask", 1, t->b.mask, 1, e) || read_flags(t, d, "weight", 1, t->b.counts, 1, e))
        return -1;
    t->counted = tl_window_counted(m, t->w.first, (int32_t)fresh);
    size_t batch = (size_t)tl_lanes(&m->tbptt);
    const tl_rows rows = { (size_t)t->w.first * batch, (size_t)d->steps, batch, batch, 1 };
    tl_padding_fill(&rows, m->real, t->b.mask, NULL, m->inputs, m->ninputs, t->b.input);
    tl_padding_fill(&rows, m->real, t->b.mask, t->b.counts, m->targets, m->ntargets, t->b.target);
    if (t->w.reset ? read_flags(t, d, "reset", 0, t->b.reset, 0, e) : 0)
        return -1;
    if (tl_window_weights(m, t->b.weight, t->w.first, (int32_t)fresh, t->b.mask, t->b.counts, t->w.reset) == 0 &&
        m->has_head)
        return tl_fail(e, "%s: no lane has k2 = %d steps of one sequence of which the newest counts, and the model's "
                       "window needs as many", tl_st_label(d->file), m->tbptt.k2);
    return 0;
}
