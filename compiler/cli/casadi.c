#include "cli/casadi.h"

#include <stdlib.h>
#include <string.h>

#include "cli/build.h"
#include "cli/trained.h"
#include "graph/user_error.h"

int check_casadi(const CasadiArguments *a, const Common *c, const char *command, bool single)
{
    if (!a->casadi && a->params && !single)
        return complain(user_sentence("tapeless %s: --params is of --casadi and --single-file", command));
    if (!a->casadi && (a->free_params || a->model_units))
        return complain(user_sentence("tapeless %s: %s is of --casadi", command, a->free_params ? "--free-params" : "--model-units"));
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

static bool write(const CasadiArguments *a, const CompileOptions *o, const StepDerivatives *d, const Trained *t,
                  const char *directory, bool build, char **error)
{
    StepProgram *p = compile_step(d, o, error);
    if (p && !a->free_params)
        p->params = trained_params(t, p->base.model, p->base.memory.param_size);
    bool fine = p && (build ? build_casadi(p, directory, error) : write_casadi(p, directory, error));
    step_program_free(p);
    return fine;
}

static bool derive(const CasadiArguments *a, const Common *c, Model *m, const char *directory, bool build, char **error)
{
    Trained t;
    if ((*error = check_function_name(m, "--casadi")))
        return false;
    bool fine = trained_open(&t, m, a->params, error);
    if (fine && !a->model_units)
        trained_units(&t, m);
    StepOptions options = { .params = a->free_params, .input = t.input, .output = t.output };
    StepDerivatives *d = fine ? step_derivatives(m, &options, error) : NULL;
    const CompileOptions o = compile_options(c);
    fine = d && write(a, &o, d, &t, directory, build, error);
    step_derivatives_free(d);
    trained_close(&t);
    return fine;
}

int run_casadi(const CasadiArguments *a, const Common *c, const char *directory, bool build)
{
    char *error = NULL;
    Model *m = trained_load(c, a->params);
    if (!m)
        return EXIT_WRONG;
    bool fine = derive(a, c, m, directory, build, &error);
    model_free(m);
    return fine ? EXIT_DONE : complain(error);
}
