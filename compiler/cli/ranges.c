#include "cli/ranges.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <tapeless/number.h>
#include <tapeless/random.h>
#include <tapeless/real.h>

/* The numbers that a range is for. */
typedef struct Place {
    void *block;
    size_t at, count;
    const tl_tensor *tensor;
    bool param; /* at the places that tl_param_at gives */
} Place;

static bool is_called(const char *name, size_t length, const char *kind, const tl_tensor *t)
{
    char full[512];
    snprintf(full, sizeof full, "%s%s%s", kind, *kind && *t->name ? "." : "", t->name);
    return strlen(full) == length && !memcmp(full, name, length);
}

static bool find_field(Place *p, const tl_model *m, const tl_tensor *t, int32_t n, void **block, const char *kind,
                       const char *name, size_t length)
{
    for (int32_t i = 0; i < n; i++)
        if (is_called(name, length, kind, &t[i])) {
            size_t rows = (size_t)m->tbptt.k2 * (size_t)tl_lanes(&m->tbptt);
            *p = (Place){ block[i], 0, rows * tl_size(&t[i]), &t[i], false };
            return true;
        }
    return false;
}

/* Of the state that enters the window. */
static bool find_state(Place *p, const Trial *t, const char *name, size_t length)
{
    const tl_model *m = t->engine->model;
    for (int32_t i = 0; i < m->nstates; i++)
        if (is_called(name, length, "state", &m->states[i])) {
            size_t n = (size_t)tl_lanes(&m->tbptt) * tl_size(&m->states[i]);
            *p = (Place){ t->b.states, m->states[i].offset + (size_t)t->w.first * n, n, &m->states[i], false };
            return true;
        }
    return false;
}

static bool find_param(Place *p, const Trial *t, const char *name, size_t length)
{
    const tl_model *m = t->engine->model;
    for (int32_t i = 0; i < m->nparams; i++)
        if (is_called(name, length, "", &m->params[i])) {
            *p = (Place){ t->b.params, 0, tl_size(&m->params[i]), &m->params[i], true };
            return true;
        }
    return false;
}

static bool find(Place *p, const Trial *t, const char *name, size_t length)
{
    const tl_model *m = t->engine->model;
    return find_field(p, m, m->inputs, m->ninputs, t->b.input, "input", name, length) ||
           find_field(p, m, m->targets, m->ntargets, t->b.target, "target", name, length) ||
           find_state(p, t, name, length) || find_param(p, t, name, length);
}

/* `option`: with its dashes. `prefix`: what a name is short for. */
static int fill(Trial *t, const char *option, const char *prefix, const char *text, uint64_t seed, tl_error *e)
{
    char name[256];
    double low, high;
    Place p;
    const char *equals = strchr(text, '=');
    if (!equals || !tl_parse_range(equals + 1, &low, &high))
        return tl_fail(e, "%s %s: write NAME=LOW..HIGH with two numbers, such as v=0.1..2", option, text);
    snprintf(name, sizeof name, "%s%.*s", prefix, (int)(equals - text), text);
    if (!find(&p, t, name, strlen(name)))
        return tl_fail(e, "%s %s: the model has no %s%.*s; tapeless show SPEC lists what it has", option, text,
                       *prefix ? "state " : "tensor ", (int)(equals - text), text);
    if (p.tensor->vocab)
        return tl_fail(e, "%s %s: it is a token, and has no range", option, text);
    tl_random r = { tl_random_seed_of(seed, name), 0 };
    for (size_t i = 0; i < p.count; i++)
        tl_real_set(t->engine->model->real, p.block, p.param ? tl_param_at(p.tensor, i) : p.at + i, (float)(low + (high - low) * tl_uniform(&r)));
    return 0;
}

int ranges_fill(Trial *t, const tl_list *states, const tl_list *ranges, uint64_t seed, tl_error *e)
{
    for (size_t i = 0; i < states->count; i++)
        if (fill(t, "--state", "state.", states->item[i], seed, e))
            return -1;
    for (size_t i = 0; i < ranges->count; i++)
        if (fill(t, "--range", "", ranges->item[i], seed, e))
            return -1;
    return 0;
}
