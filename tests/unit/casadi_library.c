#include "casadi_library.h"

#include <dlfcn.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "unit.h"

#include "cli/build.h"

static const char *const prefixes[STEP_FUNCTIONS] = { "", "jac_", "fwd1_", "adj1_", "jac_adj1_" };

/* POSIX gives a function's address as an object's. */
static void find(void *handle, const char *function, const char *what, void *to)
{
    char symbol[128];
    snprintf(symbol, sizeof symbol, "%s%s%s", function, *what ? "_" : "", what);
    void *at = dlsym(handle, symbol);
    if (!at)
        fail_msg("there is no %s", symbol);
    memcpy(to, &at, sizeof at);
}

/* Rows, columns, then 1, or where each column begins. */
static Pattern read_pattern(const Whole *p)
{
    Pattern out = { p[0], p[1], p[0] * p[1] };
    if (p[2] == 1)
        return out;
    for (Whole i = 0; i <= p[1]; i++)
        assert_true(p[2 + i] == 0);
    out.elements = 0;
    return out;
}

static void ask(CasadiFunction *f, void *handle)
{
    Whole (*n_in)(void), (*n_out)(void), args = -1, results = -1, iw = -1;
    const char *(*name_in)(Whole), *(*name_out)(Whole);
    const Whole *(*in)(Whole), *(*out)(Whole);
    int (*work)(Whole *, Whole *, Whole *, Whole *);
    void (*ref)(void);
    find(handle, f->name, "", &f->call);
    find(handle, f->name, "n_in", &n_in);
    find(handle, f->name, "n_out", &n_out);
    find(handle, f->name, "name_in", &name_in);
    find(handle, f->name, "name_out", &name_out);
    find(handle, f->name, "sparsity_in", &in);
    find(handle, f->name, "sparsity_out", &out);
    find(handle, f->name, "work", &work);
    find(handle, f->name, "incref", &ref);
    ref();
    find(handle, f->name, "decref", &ref);
    ref();
    f->n_in = n_in();
    f->n_out = n_out();
    assert_true(f->n_in <= MOST_VECTORS && f->n_out <= MOST_VECTORS);
    for (Whole i = 0; i < f->n_in; i++) {
        f->name_in[i] = name_in(i);
        f->in[i] = read_pattern(in(i));
    }
    for (Whole i = 0; i < f->n_out; i++) {
        f->name_out[i] = name_out(i);
        f->out[i] = read_pattern(out(i));
    }
    assert_null(name_in(f->n_in));
    assert_null(out(f->n_out));
    assert_int_equal(work(NULL, NULL, NULL, NULL), 0);
    assert_int_equal(work(&args, &results, &iw, &f->w), 0);
    assert_true(args == f->n_in && results == f->n_out && iw == 0 && f->w > 0);
}

static void fill_params(StepProgram *p, const double *values)
{
    const Model *m = p->base.model;
    size_t at = 0;
    p->params = calloc(p->base.memory.param_size + 1, sizeof *p->params);
    for (int32_t i = 0; i < m->nparams; i++)
        for (size_t j = 0; j < tl_size(&m->params[i]); j++)
            p->params[tl_param_at(&m->params[i], j)] = values[at++];
}

void casadi_open(CasadiLibrary *l, const StepDerivatives *d, const double *params)
{
    char *error = NULL, path[128];
    CompileOptions o = { .schedule = schedule_options(TL_F64, target_named("native")) };
    StepProgram *p = compile_step(d, &o, &error);
    if (!p)
        fail_msg("%s", error);
    if (params)
        fill_params(p, params);
    if (!build_casadi(p, ".", &error))
        fail_msg("%s", error);
    step_program_free(p);
    *l = (CasadiLibrary){ .d = d };
    snprintf(path, sizeof path, "./lib%s_casadi.so", d->model->name);
    l->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!l->handle)
        fail_msg("%s", dlerror());
    for (int i = 0; i < STEP_FUNCTIONS; i++) {
        snprintf(l->function[i].name, sizeof l->function[i].name, "%s%s", prefixes[i], d->model->name);
        ask(&l->function[i], l->handle);
    }
}

void casadi_close(CasadiLibrary *l) { dlclose(l->handle); }

void casadi_call(const CasadiFunction *f, const double **arg, double **res, int shift)
{
    enum { GUARD = 8 };
    const double untouched = 12345.678;
    double *w = aligned_alloc(64, (((size_t)f->w + (size_t)shift + GUARD) * sizeof *w + 63) / 64 * 64);
    for (int i = 0; i < GUARD; i++)
        w[f->w + shift + i] = untouched;
    assert_int_equal(f->call(arg, res, NULL, w + shift, 0), 0);
    for (int i = 0; i < GUARD; i++)
        assert_true(w[f->w + shift + i] == untouched);
    free(w);
}

void casadi_results(const CasadiFunction *f, double **res)
{
    for (Whole i = 0; i < f->n_out; i++) {
        res[i] = malloc((size_t)(f->out[i].elements + 1) * sizeof **res);
        for (Whole j = 0; j <= f->out[i].elements; j++)
            res[i][j] = NAN;
    }
}

static int named(const char *const *names, Whole n, const char *name)
{
    for (int i = 0; i < n; i++)
        if (!strcmp(names[i], name))
            return i;
    fail_msg("nothing is called %s", name);
    return -1;
}

int casadi_result(const CasadiFunction *f, const char *name) { return named(f->name_out, f->n_out, name); }
int casadi_argument(const CasadiFunction *f, const char *name) { return named(f->name_in, f->n_in, name); }
