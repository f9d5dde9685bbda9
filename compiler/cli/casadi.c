#include "cli/casadi.h"

#include <stdlib.h>
#include <string.h>

#include <tapeless/prediction.h>
#include <tapeless/weights.h>
#include "cli/build.h"
#include "cli/given.h"
#include "graph/checked.h"
#include "passes/step_derivatives.h"
#include "schedule/lower.h"

/* A function of that name would take the place of C's. */
static const char *const taken[] = { "exp",  "expm1", "log",  "log1p", "tanh",  "sqrt", "sin",    "cos",    "fabs",
                                     "pow",  "fmax",  "fmin", "real",  "floor", "fma",  "memcpy", "memset", "choose" };

int check_casadi(const CasadiArguments *a, const Common *c, const char *command)
{
    if (!a->casadi && (a->params || a->free_params || a->model_units))
        return complain(user_sentence("tapeless %s: %s is of --casadi", command,
                                      a->params ? "--params" : a->free_params ? "--free-params" : "--model-units"));
    if (!a->casadi)
        return -1;
    if (!a->params && !a->free_params)
        return complain(user_sentence("tapeless %s: --casadi: which parameters? give --params F, a checkpoint; or "
                                      "--free-params, for an argument p", command));
    if (c->precision && strcmp(c->precision, "f64"))
        return complain(user_sentence("tapeless %s: --casadi: CasADi computes in double precision; leave "
                                      "--precision %s out (parameters may be of any)", command, c->precision));
    return -1;
}

/* What a checkpoint says of a model: parameters row-major one behind the other, units. */
typedef struct Trained {
    Arena *arena;
    tl_model *model;
    tl_weights weights;
    StepUnits *input, *output; /* NULL: there are none */
} Trained;

static bool open_trained(Trained *t, Model *m, const char *path, char **error)
{
    Memory memory;
    tl_error e;
    t->arena = arena_new();
    if (!path)
        return true;
    if (!assign_memory(m, TL_F64, NULL, &memory, error))
        return false;
    t->model = lower_model(t->arena, m, &memory, TL_F64);
    if (!tl_weights_open(&t->weights, t->model, path, &e))
        return true;
    *error = user_sentence("%s", e.text);
    return false;
}

static void close_trained(Trained *t)
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

static void find_units(Trained *t, const Model *m)
{
    if (!t->model || t->weights.coding.kind != TL_CODING_TABLE)
        return;
    t->input = arena_array(t->arena, StepUnits, m->ninputs + 1);
    t->output = arena_array(t->arena, StepUnits, m->noutputs + 1);
    for (int32_t i = 0; i < m->ninputs; i++)
        t->input[i] = units_of(t, i, false);
    for (int32_t i = 0; i < m->noutputs; i++) {
        int32_t target = tl_predicted_by(t->model, i);
        if (target >= 0 && !m->targets[target].vocab)
            t->output[i] = units_of(t, target, true);
    }
}

/* From the checkpoint's places into those of the step's program. */
static void take_params(StepProgram *p, const Trained *t)
{
    const Model *to = p->base.model;
    const double *values = t->weights.params;
    p->params = checked(calloc(p->base.memory.param_size + 1, sizeof *p->params));
    for (int32_t i = 0; i < to->nparams; i++)
        for (size_t j = 0; j < tl_size(&to->params[i]); j++)
            p->params[tl_param_at(&to->params[i], j)] = values[tl_param_at(&t->model->params[i], j)];
}

static bool write(const CasadiArguments *a, const CompileOptions *o, const StepDerivatives *d, const Trained *t,
                  const char *directory, bool build, char **error)
{
    StepProgram *p = compile_step(d, o, error);
    if (p && !a->free_params)
        take_params(p, t);
    bool fine = p && (build ? build_casadi(p, directory, error) : write_casadi(p, directory, error));
    step_program_free(p);
    return fine;
}

static char *check_name(const Model *m)
{
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        if (!strcmp(m->name, taken[i]))
            return user_sentence("%s: --casadi: a function %s is C's own; rename the file", m->spec, m->name);
    if (strstr(m->name, "__") || !strcmp(m->name, "jac") || !strcmp(m->name, "hess"))
        return user_sentence("%s: --casadi: CasADi takes no function %s (two underscores together, jac and hess are "
                             "its own); rename the file", m->spec, m->name);
    return NULL;
}

static bool derive(const CasadiArguments *a, const Common *c, Model *m, const char *directory, bool build, char **error)
{
    Trained t = { 0 };
    if ((*error = check_name(m)))
        return false;
    bool fine = open_trained(&t, m, a->params, error);
    if (fine && !a->model_units)
        find_units(&t, m);
    StepOptions options = { .params = a->free_params, .input = t.input, .output = t.output };
    StepDerivatives *d = fine ? step_derivatives(m, &options, error) : NULL;
    const CompileOptions o = compile_options(c);
    fine = d && write(a, &o, d, &t, directory, build, error);
    step_derivatives_free(d);
    close_trained(&t);
    return fine;
}

/* The spec with the options that the checkpoint was trained with. */
static Model *load(const CasadiArguments *a, const Common *c)
{
    Given given;
    char *error = NULL;
    if (!given_read(&given, c, &error)) {
        complain(error);
        return NULL;
    }
    if (a->params)
        given_add_checkpoint(&given, c, a->params);
    Model *m = given_load(&given, c->spec);
    given_free(&given);
    return m;
}

int run_casadi(const CasadiArguments *a, const Common *c, const char *directory, bool build)
{
    char *error = NULL;
    Model *m = load(a, c);
    if (!m)
        return EXIT_WRONG;
    bool fine = derive(a, c, m, directory, build, &error);
    model_free(m);
    return fine ? EXIT_DONE : complain(error);
}
