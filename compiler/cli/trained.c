#include "cli/trained.h"

#include <stdlib.h>
#include <string.h>

#include <tapeless/prediction.h>
#include "cli/given.h"
#include "graph/checked.h"
#include "graph/user_error.h"
#include "schedule/lower.h"

bool trained_open(Trained *t, Model *m, const char *path, char **error)
{
    Memory memory;
    tl_error e;
    *t = (Trained){ .arena = arena_new() };
    if (!path)
        return true;
    if (!assign_memory(m, TL_F64, NULL, false, &memory, error))
        return false;
    t->model = lower_model(t->arena, m, &memory, TL_F64);
    if (!tl_weights_open(&t->weights, t->model, path, &e))
        return true;
    *error = user_sentence("%s", e.text);
    return false;
}

void trained_close(Trained *t)
{
    tl_weights_free(&t->weights);
    arena_free(t->arena);
}

/* Of the columns of a field; it has as many as elements. */
static StepUnits units_of(Trained *t, int32_t field, bool target)
{
    const tl_coding *c = &t->weights.coding;
    const tl_tensor *f = target ? &t->model->targets[field] : &t->model->inputs[field];
    double *mean = arena_array(t->arena, double, tl_size(f) + 1), *sd = arena_array(t->arena, double, tl_size(f) + 1);
    bool any = false;
    size_t n = 0;
    for (size_t i = 0; i < c->ncolumns; i++)
        if (c->column[i].field == field && (c->column[i].target != 0) == target) {
            mean[n] = c->mean[i];
            sd[n] = c->sd[i];
            any |= mean[n] != 0 || sd[n] != 1;
            n++;
        }
    return any ? (StepUnits){ mean, sd } : (StepUnits){ NULL, NULL };
}

/* Of an output that predicts it: of quantiles each element has several. */
static StepUnits spread_units(Trained *t, StepUnits of, const tl_tensor *target, const tl_tensor *output)
{
    size_t n = tl_size(output), each = n / tl_size(target);
    if (each == 1 || !of.mean)
        return of;
    double *mean = arena_array(t->arena, double, n), *sd = arena_array(t->arena, double, n);
    for (size_t i = 0; i < n; i++) {
        mean[i] = of.mean[i / each];
        sd[i] = of.sd[i / each];
    }
    return (StepUnits){ mean, sd };
}

void trained_units(Trained *t, const Model *m)
{
    if (!t->model || t->weights.coding.kind != TL_CODING_TABLE)
        return;
    t->input = arena_array(t->arena, StepUnits, m->ninputs + 1);
    t->target = arena_array(t->arena, StepUnits, m->ntargets + 1);
    t->output = arena_array(t->arena, StepUnits, m->noutputs + 1);
    for (int32_t i = 0; i < m->ninputs; i++)
        t->input[i] = units_of(t, i, false);
    for (int32_t i = 0; i < m->ntargets; i++)
        if (!m->targets[i].vocab)
            t->target[i] = units_of(t, i, true);
    for (int32_t i = 0; i < m->noutputs; i++) {
        int32_t target = tl_predicted_by(t->model, i);
        if (target >= 0 && !m->targets[target].vocab)
            t->output[i] = spread_units(t, t->target[target], &m->targets[target], &m->outputs[i]);
    }
}

double *trained_params(const Trained *t, const Model *to, size_t param_size)
{
    const double *values = t->weights.params;
    double *params = checked(calloc(param_size + 1, sizeof *params));
    for (int32_t i = 0; i < to->nparams; i++)
        for (size_t j = 0; j < tl_size(&to->params[i]); j++)
            params[tl_param_at(&to->params[i], j)] = values[tl_param_at(&t->model->params[i], j)];
    return params;
}

Model *trained_load(const Common *c, const char *path)
{
    Given given;
    char *error = NULL;
    if (!given_read(&given, c, &error)) {
        complain(error);
        return NULL;
    }
    if (path)
        given_add_checkpoint(&given, c, path);
    Model *m = given_load(&given, c->spec);
    given_free(&given);
    return m;
}

/* ---- functions called as the model is ---- */

/* A function of that name would take the place of C's. */
static const char *const taken[] = { "exp",  "expm1", "log",  "log1p", "tanh",  "sqrt", "sin",    "cos",    "fabs",
                                     "pow",  "fmax",  "fmin", "real",  "floor", "fma",  "memcpy", "memset", "choose",
                                     "malloc", "calloc", "free", "strlen", "strcmp" };

char *check_function_name(const Model *m, const char *option)
{
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        if (!strcmp(m->name, taken[i]))
            return user_sentence("%s: %s: a function %s is C's own; rename the file", m->spec, option, m->name);
    if (strstr(m->name, "__") || !strcmp(m->name, "jac") || !strcmp(m->name, "hess"))
        return user_sentence("%s: %s: CasADi takes no function %s (two underscores together, jac and hess are "
                             "its own); rename the file", m->spec, option, m->name);
    return NULL;
}
