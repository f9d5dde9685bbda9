/* command_check.c - central finite differences of the generated gradient, in f64.
 *
 * For each parameter a random direction v, normal in every element: the gradient g says that the
 * loss changes by h g.v along h v. The measure is |(L(p + h v) - L(p - h v)) / 2h - g.v| / (|g.v| +
 * ||g||), g the parameter's: ||g|| is the size that g.v has in a random direction, so that one
 * that happens to be orthogonal to g neither proves nor costs anything. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../runtime/random.h"
#include "commands.h"
#include "engine.h"
#include "trial.h"
#include "user_error.h"

typedef struct Arguments {
    Common common;
    double tolerance, step;
    int64_t seed;
} Arguments;

static void random_direction(double *v, size_t n, tl_random *r)
{
    for (size_t i = 0; i < n; i++)
        v[i] = tl_normal(r);
}

static double loss_along(Trial *t, double *at, const double *kept, const double *v, size_t n, double h)
{
    for (size_t i = 0; i < n; i++)
        at[i] = kept[i] + h * v[i];
    trial_run(t);
    return t->loss;
}

/* The measure for parameter i. `grads` is of the trial's own parameters. */
static double check_parameter(Trial *t, const tl_tensor *p, const double *grads, double h, tl_random *r)
{
    size_t n = tl_size(p);
    double *at = (double *)t->b.params + p->offset, *v = malloc(n * sizeof *v), *kept = malloc(n * sizeof *kept);
    double along = 0, norm = 0;
    if (!v || !kept)
        abort();
    memcpy(kept, at, n * sizeof *kept);
    random_direction(v, n, r);
    for (size_t i = 0; i < n; i++) {
        along += grads[p->offset + i] * v[i];
        norm += grads[p->offset + i] * grads[p->offset + i];
    }
    double slope = (loss_along(t, at, kept, v, n, h) - loss_along(t, at, kept, v, n, -h)) / (2 * h);
    memcpy(at, kept, n * sizeof *kept);
    free(v);
    free(kept);
    return slope == along ? 0 : fabs(slope - along) / (fabs(along) + sqrt(norm));
}

static int check_length(const Arguments *a, const Engine *e, int32_t steps, double *worst, tl_error *why)
{
    Trial t;
    const tl_model *m = e->model;
    if (trial_new(&t, &e->run, why))
        return -1;
    int32_t fresh = steps < m->tbptt.k1 ? steps : m->tbptt.k1;
    if (trial_fill(&t, (uint64_t)a->seed, steps, fresh, why)) {
        trial_free(&t);
        return -1;
    }
    trial_run(&t);
    double *grads = malloc((m->param_size + 1) * sizeof *grads);
    if (!grads)
        abort();
    memcpy(grads, t.b.grads, m->param_size * sizeof *grads);
    tl_random r = { tl_random_seed_of((uint64_t)a->seed, "directions"), 0 };
    for (int32_t i = 0; i < m->nparams; i++) {
        double measure = check_parameter(&t, &m->params[i], grads, a->step, &r);
        *worst = measure > *worst || isnan(measure) ? measure : *worst;
        if (!a->common.json)
            printf("%-36s (%d steps) %9.2e%s\n", m->params[i].name, steps, measure,
                   measure <= a->tolerance ? "" : "  <-- over");
    }
    free(grads);
    trial_free(&t);
    return 0;
}

static int check_all(const Arguments *a, const Engine *e, const char *spec)
{
    int32_t k2 = e->model->tbptt.k2, lengths[] = { k2, (k2 + 1) / 2, 1 };
    double worst = 0;
    tl_error why;
    for (int i = 0; i < 3; i++)
        if ((!i || lengths[i] != lengths[i - 1]) && check_length(a, e, lengths[i], &worst, &why))
            return complain(user_sentence("%s: %s", spec, why.text));
    bool passed = worst <= a->tolerance;
    if (a->common.json)
        printf("{\"worst\": %.17g, \"tolerance\": %.17g, \"passed\": %s}\n", isnan(worst) ? -1 : worst, a->tolerance,
               passed ? "true" : "false");
    else
        printf("%s: f64, finite differences %s: worst %.2e, allowed %.0e\n", spec, passed ? "agree" : "DIFFER", worst,
               a->tolerance);
    return passed ? EXIT_DONE : EXIT_FAILED;
}

static int run(const Arguments *a)
{
    char *error = NULL;
    Model *m = load_model(&a->common);
    if (!m)
        return EXIT_WRONG;
    CompileOptions o = compile_options(&a->common);
    o.real = TL_F64;
    Engine *e = engine_generated(m, &o, &error);
    int status = e ? check_all(a, e, m->spec) : complain(error);
    engine_free(e);
    model_free(m);
    return status;
}

int command_check(int argc, char **argv)
{
    Arguments a = { .common = { .precision = "f64" }, .seed = 1, .tolerance = 1e-7, .step = 1e-6 };
    const tl_option table[] = {
        TL_LIST("define", 'D', &a.common.defines, "NAME=VALUE", "override what the spec's options{} declares"),
        TL_FLAG("no-fuse", 0, &a.common.no_fuse, "a loop for every pointwise operation, to compare with"),
        TL_DOUBLE("tolerance", 't', &a.tolerance, "X", 0, 1, "allowed measure (1e-7)"),
        TL_DOUBLE("step", 0, &a.step, "H", 1e-12, 1, "of the differences (1e-6)"),
        TL_INT("seed", 's', &a.seed, "N", 0, TL_INT_MAX, "of the random parameters, data and directions (1)"),
        JSON_OPTION(a.common),
        TL_END,
    };
    int status = parse_command(table, &a.common, "check",
                               "Checks the generated gradient by central finite differences in f64, one random\n"
                               "direction a parameter. Exit status 1 if one is over the tolerance.", argc, argv);
    if (status < 0)
        status = run(&a);
    tl_cli_free(table);
    return status;
}
