/* test_casadi.c - the functions that CasADi loads: against the interpreter's step, against each other, and against
 * finite differences; patterns, names, NULL. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "unit.h"

#include <tapeless/random.h>
#include "casadi_library.h"
#include "cli/engine.h"
#include "model_passes.h"
#include "scratch.h"

static const SmallSpec specs[] = {
    /* the second, the fourth, ... also with parameters as an argument */
    { "models/elman.lua", { { "hidden", "5" }, { "input", "3" }, { "output", "2" } } },
    { "models/lstm.lua", { { "hidden", "4" } } },
    { "models/gru.lua", { { "hidden", "5" } } },
    { "models/tanks.lua", { { NULL } } },
    { "models/state_space.lua", { { "hidden", "7" }, { "input", "2" }, { "output", "3" } } },
    { "tests/casadi/operations.lua", { { NULL } } },
    { "tests/casadi/images.lua", { { NULL } } },
};
enum { SPECS = sizeof specs / sizeof *specs };

/* A model, what its step is given, and the library. */
typedef struct Case {
    Model *m;
    StepDerivatives *d;
    CasadiLibrary l;
    double *params;                    /* by name */
    double *arg[MOST_VECTORS];         /* [narguments] */
    double *tangent[MOST_VECTORS];     /* [narguments] */
    double *cotangent[MOST_VECTORS];   /* [nresults] */
} Case;

static char root[4096];

static double *draw(tl_random *r, int32_t n, double low, double high)
{
    double *v = malloc(((size_t)n + 1) * sizeof *v);
    for (int32_t i = 0; i < n; i++)
        v[i] = low + (high - low) * tl_uniform(r);
    return v;
}

static int32_t count_params(const Model *m)
{
    size_t n = 0;
    for (int32_t i = 0; i < m->nparams; i++)
        n += tl_size(&m->params[i]);
    return (int32_t)n;
}

static const CasadiFunction *function(const Case *c, StepFunctionKind kind) { return &c->l.function[kind]; }

static void open_case(Case *c, const SmallSpec *spec, StepOptions options)
{
    char *error = NULL;
    tl_random r = { 3, 0 };
    *c = (Case){ .m = load_small(spec) };
    c->d = step_derivatives(c->m, &options, &error);
    if (!c->d)
        fail_msg("%s", error);
    c->params = draw(&r, count_params(c->m), 0.1, 0.6);
    files_enter();
    casadi_open(&c->l, c->d, options.params ? NULL : c->params);
    for (int32_t i = 0; i < c->d->narguments; i++) {
        c->arg[i] = draw(&r, c->d->argument[i].size, 0.3, 1.7);
        c->tangent[i] = draw(&r, c->d->argument[i].size, -1, 1);
        if (c->d->argument[i].params)
            memcpy(c->arg[i], c->params, (size_t)c->d->argument[i].size * sizeof(double));
    }
    for (int32_t i = 0; i < c->d->nresults; i++)
        c->cotangent[i] = draw(&r, c->d->result[i].size, -1, 1);
}

static void close_case(Case *c)
{
    casadi_close(&c->l);
    files_leave();
    assert_int_equal(chdir(root), 0);
    for (int32_t i = 0; i < c->d->narguments; i++) {
        free(c->arg[i]);
        free(c->tangent[i]);
    }
    for (int32_t i = 0; i < c->d->nresults; i++)
        free(c->cotangent[i]);
    free(c->params);
    step_derivatives_free(c->d);
    model_free(c->m);
}

/* What the function is given: arguments; results, of which nothing is read; tangents or cotangents. */
static void take_arguments(const Case *c, StepFunctionKind kind, const double **arg)
{
    int32_t n = c->d->narguments, r = c->d->nresults;
    memset(arg, 0, MOST_VECTORS * sizeof *arg);
    memcpy(arg, c->arg, (size_t)n * sizeof *arg);
    if (kind == STEP_FORWARD)
        memcpy(arg + n + r, c->tangent, (size_t)n * sizeof *arg);
    if (kind == STEP_REVERSE || kind == STEP_REVERSE_JACOBIAN)
        memcpy(arg + n + r, c->cotangent, (size_t)r * sizeof *arg);
}

static void evaluate(const Case *c, StepFunctionKind kind, double **res)
{
    const double *arg[MOST_VECTORS];
    take_arguments(c, kind, arg);
    casadi_call(function(c, kind), arg, res, 0);
}

static void evaluate_new(const Case *c, StepFunctionKind kind, double **res)
{
    casadi_results(function(c, kind), res);
    evaluate(c, kind, res);
}

static void free_results(const CasadiFunction *f, double **res)
{
    for (Whole i = 0; i < f->n_out; i++)
        free(res[i]);
}

/* ---- values ---- */

static Engine *interpreter(Case *c)
{
    char *error = NULL;
    Engine *e = engine_interpreter(c->m, TL_F64, &error);
    if (!e)
        fail_msg("%s", error);
    return e;
}

/* The interpreter's step of the same numbers, as arrays of results. */
static void interpret(Case *c, double **res)
{
    const void *input[MOST_VECTORS];
    void *output[MOST_VECTORS];
    double *state = calloc(4096, sizeof *state), *next = calloc(4096, sizeof *next);
    Engine *e = interpreter(c);
    const tl_model *m = e->model;
    double *params = calloc(m->param_size + 1, sizeof *params);
    size_t at = 0;
    for (int32_t i = 0; i < m->nparams; i++)
        for (size_t j = 0; j < tl_size(&m->params[i]); j++)
            params[tl_param_at(&m->params[i], j)] = c->params[at++];
    for (int32_t i = 0; i < m->ninputs; i++)
        input[i] = c->arg[i];
    at = 0;
    for (int32_t i = 0; i < m->nstates; at += tl_size(&m->states[i++]))
        memcpy(state + at, c->arg[m->ninputs + i], tl_size(&m->states[i]) * sizeof *state);
    for (int32_t i = 0; i < m->noutputs; i++)
        output[i] = res[i];
    e->run.step(e->run.self, &(tl_step){ .lanes = 1, .input = input, .params = params, .state = state,
                                         .next_state = next, .output = output });
    at = 0;
    for (int32_t i = 0; i < m->nstates; at += tl_size(&m->states[i++]))
        memcpy(res[m->noutputs + i], next + at, tl_size(&m->states[i]) * sizeof *next);
    free(state);
    free(next);
    free(params);
    engine_free(e);
}

static void compare(const char *what, const double *a, const double *b, Whole n, double tolerance)
{
    double off = 0, size = 0;
    for (Whole i = 0; i < n; i++) {
        off += (a[i] - b[i]) * (a[i] - b[i]);
        size += b[i] * b[i];
    }
    if (!(sqrt(off) <= tolerance * fmax(1, sqrt(size))))
        fail_msg("%s: off by %.2e of %.2e", what, sqrt(off), sqrt(size));
}

static void check_values(Case *c)
{
    double *got[MOST_VECTORS], *want[MOST_VECTORS];
    const CasadiFunction *f = function(c, STEP_VALUES);
    evaluate_new(c, STEP_VALUES, got);
    casadi_results(f, want);
    interpret(c, want);
    for (Whole i = 0; i < f->n_out; i++)
        compare(f->name_out[i], got[i], want[i], f->out[i].elements, 1e-12);
    free_results(f, got);
    free_results(f, want);
}

/* ---- derivatives ---- */

/* Central differences of function `kind` along argument a's element j: [n_out] arrays. */
static void differences(Case *c, StepFunctionKind kind, int32_t a, int32_t j, double **plus, double **minus)
{
    const double h = 1e-5, x = c->arg[a][j];
    const CasadiFunction *f = function(c, kind);
    c->arg[a][j] = x + h;
    evaluate(c, kind, plus);
    c->arg[a][j] = x - h;
    evaluate(c, kind, minus);
    c->arg[a][j] = x;
    for (Whole i = 0; i < f->n_out; i++)
        for (Whole k = 0; k < f->out[i].elements; k++)
            plus[i][k] = (plus[i][k] - minus[i][k]) / (2 * h);
}

/* Column j of a matrix by columns that has no elements, or all. */
static void check_column(const char *what, const Pattern *p, const double *matrix, int32_t j, const double *want,
                         Whole elements)
{
    double *zeros = calloc((size_t)p->rows + 1, sizeof *zeros);
    compare(what, p->elements ? matrix + j * p->rows : zeros, elements ? want : zeros, p->rows, 1e-7);
    free(zeros);
}

/* Result i of `derivative` by argument a is number i * every + a. */
static void check_differences(Case *c, StepFunctionKind kind, StepFunctionKind derivative, Whole every)
{
    double *plus[MOST_VECTORS], *minus[MOST_VECTORS], *jacobian[MOST_VECTORS];
    const CasadiFunction *f = function(c, kind), *d = function(c, derivative);
    evaluate_new(c, derivative, jacobian);
    casadi_results(f, plus);
    casadi_results(f, minus);
    assert_true(d->n_out == f->n_out * every);
    for (int32_t a = 0; a < c->d->narguments; a++)
        for (int32_t j = 0; j < c->d->argument[a].size; j++) {
            differences(c, kind, a, j, plus, minus);
            for (Whole i = 0; i < f->n_out; i++) {
                const Pattern *p = &d->out[i * every + a];
                assert_true(p->rows == f->out[i].rows && p->columns == c->d->argument[a].size);
                check_column(d->name_out[i * every + a], p, jacobian[i * every + a], j, plus[i], f->out[i].elements);
            }
        }
    free_results(f, plus);
    free_results(f, minus);
    free_results(d, jacobian);
}

/* y += matrix v, or its transpose's. */
static void multiply(const Pattern *p, const double *matrix, const double *v, bool transposed, double *y)
{
    for (Whole j = 0; p->elements && j < p->columns; j++)
        for (Whole i = 0; i < p->rows; i++)
            if (transposed)
                y[j] += matrix[j * p->rows + i] * v[i];
            else
                y[i] += matrix[j * p->rows + i] * v[j];
}

static void check_product(Case *c, bool reverse, double **jacobian)
{
    const int32_t n = c->d->narguments, r = c->d->nresults;
    const CasadiFunction *f = function(c, reverse ? STEP_REVERSE : STEP_FORWARD), *d = function(c, STEP_JACOBIAN);
    double *got[MOST_VECTORS];
    evaluate_new(c, reverse ? STEP_REVERSE : STEP_FORWARD, got);
    for (int32_t i = 0; i < (reverse ? n : r); i++) {
        double *want = calloc((size_t)f->out[i].rows + 1, sizeof *want);
        for (int32_t k = 0; k < (reverse ? r : n); k++) {
            int32_t block = reverse ? k * n + i : i * n + k;
            multiply(&d->out[block], jacobian[block], reverse ? c->cotangent[k] : c->tangent[k], reverse, want);
        }
        if (!f->out[i].elements)
            memset(got[i] = realloc(got[i], (size_t)f->out[i].rows * 8 + 8), 0, (size_t)f->out[i].rows * 8);
        compare(f->name_out[i], got[i], want, f->out[i].rows, 1e-12);
        free(want);
    }
    free_results(f, got);
}

/* d adjoint / d cotangent is the Jacobian, turned. */
static void check_turned(Case *c, double **jacobian)
{
    const int32_t n = c->d->narguments, r = c->d->nresults, every = n + 2 * r;
    const CasadiFunction *f = function(c, STEP_REVERSE_JACOBIAN), *d = function(c, STEP_JACOBIAN);
    double *got[MOST_VECTORS];
    evaluate_new(c, STEP_REVERSE_JACOBIAN, got);
    for (int32_t a = 0; a < n; a++)
        for (int32_t i = 0; i < r; i++) {
            const Pattern *p = &f->out[a * every + n + r + i], *q = &d->out[i * n + a];
            const double *block = got[a * every + n + r + i];
            assert_true(p->rows == q->columns && p->columns == q->rows && p->elements == q->elements);
            for (Whole x = 0; x < p->elements; x++)
                assert_near(block[x], jacobian[i * n + a][x % p->rows * q->rows + x / p->rows], 1e-12);
        }
    free_results(f, got);
}

static void check_derivatives(Case *c)
{
    double *jacobian[MOST_VECTORS];
    check_differences(c, STEP_VALUES, STEP_JACOBIAN, c->d->narguments);
    check_differences(c, STEP_REVERSE, STEP_REVERSE_JACOBIAN, c->d->narguments + 2 * c->d->nresults);
    evaluate_new(c, STEP_JACOBIAN, jacobian);
    check_product(c, false, jacobian);
    check_product(c, true, jacobian);
    check_turned(c, jacobian);
    free_results(function(c, STEP_JACOBIAN), jacobian);
}

/* ---- what is not given, not wanted, or stands anywhere ---- */

static void same_bits(const CasadiFunction *f, Whole i, const double *a, const double *b)
{
    if (memcmp(a, b, (size_t)f->out[i].elements * sizeof *a))
        fail_msg("%s: other bits", f->name_out[i]);
}

static bool has_params(const Case *c) { return c->d->argument[c->d->narguments - 1].params; }

/* Each result alone, into memory that has no boundary but a double's. */
static void check_single_results(Case *c, StepFunctionKind kind)
{
    const double *arg[MOST_VECTORS];
    double *all[MOST_VECTORS], *one[MOST_VECTORS];
    const CasadiFunction *f = function(c, kind);
    evaluate_new(c, kind, all);
    take_arguments(c, kind, arg);
    for (Whole i = 0; i < f->n_out; i++) {
        double *room = malloc(((size_t)f->out[i].elements + 8) * sizeof *room);
        memset(one, 0, sizeof one);
        one[i] = room + 1 + i % 7;
        casadi_call(f, arg, one, (int)(i % 8));
        if (has_params(c)) /* what has nothing to do with them is code of its own, which may round apart */
            compare(f->name_out[i], one[i], all[i], f->out[i].elements, 1e-13);
        else
            same_bits(f, i, one[i], all[i]);
        free(room);
    }
    free_results(f, all);
}

/* No argument is as arguments of zeros. */
static void check_no_arguments(Case *c, StepFunctionKind kind)
{
    const double *none[MOST_VECTORS] = { NULL }, *zeros[MOST_VECTORS];
    double *a[MOST_VECTORS], *b[MOST_VECTORS];
    const CasadiFunction *f = function(c, kind);
    double *zero = calloc(65536, sizeof *zero);
    for (int i = 0; i < MOST_VECTORS; i++)
        zeros[i] = zero;
    casadi_results(f, a);
    casadi_results(f, b);
    casadi_call(f, none, a, 0);
    casadi_call(f, zeros, b, 3);
    for (Whole i = 0; i < f->n_out; i++)
        same_bits(f, i, a[i], b[i]);
    free_results(f, a);
    free_results(f, b);
    free(zero);
}

/* ---- tests ---- */

static void steps_are_the_interpreters(void **state)
{
    (void)state;
    for (int i = 0; i < SPECS; i++)
        for (int free_params = 0; free_params < (i % 2 ? 2 : 1); free_params++) {
            Case c;
            open_case(&c, &specs[i], (StepOptions){ .params = free_params });
            check_values(&c);
            check_derivatives(&c);
            for (int kind = 0; kind < STEP_FUNCTIONS; kind++)
                check_single_results(&c, (StepFunctionKind)kind);
            check_no_arguments(&c, STEP_VALUES);
            close_case(&c);
        }
}

static void vectors_are_named(void **state)
{
    (void)state;
    Case c;
    open_case(&c, &specs[1], (StepOptions){ .params = true });
    const CasadiFunction *f = function(&c, STEP_VALUES), *j = function(&c, STEP_JACOBIAN);
    const CasadiFunction *h = function(&c, STEP_REVERSE_JACOBIAN);
    assert_int_equal(casadi_argument(f, "x"), 0);
    assert_int_equal(casadi_argument(f, "s_c"), 1);
    assert_int_equal(casadi_argument(f, "p"), 3);
    assert_int_equal(casadi_result(f, "next_h"), 2);
    assert_int_equal(casadi_argument(j, "out_y"), 4);
    assert_int_equal(casadi_result(j, "jac_next_c_s_h"), 6);
    assert_int_equal(casadi_argument(h, "adj_next_h"), 9);
    assert_int_equal(casadi_argument(h, "out_adj_p"), 13);
    assert_int_equal(casadi_result(h, "jac_adj_x_adj_y"), 7);
    assert_true(j->in[4].elements == 0 && j->in[4].rows == 1);
    close_case(&c);
}

/* What a step does not read has no elements. */
static void zeros_are_left_out(void **state)
{
    (void)state;
    Case c;
    open_case(&c, &specs[3], (StepOptions){ 0 });
    const CasadiFunction *j = function(&c, STEP_JACOBIAN);
    assert_true(j->out[casadi_result(j, "jac_y_u")].elements == 0);
    assert_true(j->out[casadi_result(j, "jac_y_s_x2")].elements == 1);
    assert_true(j->out[casadi_result(j, "jac_next_x1_s_x2")].elements == 0);
    close_case(&c);
}

/* (x - mean) / sd goes in, y sd + mean comes out; every derivative follows. */
static void units_are_the_datas(void **state)
{
    (void)state;
    const double mean[] = { 2, -3 }, sd[] = { 4, 0.5 }, y_mean[] = { 7, 8, 9 }, y_sd[] = { 2, 3, 5 };
    const StepUnits in = { mean, sd }, out = { y_mean, y_sd };
    double *a[MOST_VECTORS], *b[MOST_VECTORS];
    Case c;
    open_case(&c, &specs[4], (StepOptions){ 0 });
    evaluate_new(&c, STEP_VALUES, a);
    close_case(&c);
    open_case(&c, &specs[4], (StepOptions){ .input = &in, .output = &out });
    for (int i = 0; i < 2; i++)
        c.arg[0][i] = c.arg[0][i] * sd[i] + mean[i];
    evaluate_new(&c, STEP_VALUES, b);
    for (int i = 0; i < 3; i++)
        assert_near(b[0][i], a[0][i] * y_sd[i] + y_mean[i], 1e-12);
    for (int i = 0; i < 4; i++)
        assert_near(b[1][i], a[1][i], 1e-12);
    check_derivatives(&c);
    for (int i = 0; i < 2; i++) {
        free(a[i]);
        free(b[i]);
    }
    close_case(&c);
}

static void some_models_are_refused(void **state)
{
    (void)state;
    static const struct { const char *path, *part; } wrong[] = {
        { "models/charlstm.lua", "takes real numbers alone" }, { "models/lstm_cnn.lua", "looks at a whole window" }
    };
    for (int i = 0; i < 2; i++) {
        char *error = NULL;
        Model *m = load_path(wrong[i].path);
        assert_null(step_derivatives(m, &(StepOptions){ 0 }, &error));
        assert_contains(error, wrong[i].part);
        free(error);
        model_free(m);
    }
}

/* A test that failed left off in a directory of its own. */
static int at_root(void **state)
{
    (void)state;
    return chdir(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(steps_are_the_interpreters, at_root), cmocka_unit_test_setup(vectors_are_named, at_root),
        cmocka_unit_test_setup(zeros_are_left_out, at_root), cmocka_unit_test_setup(units_are_the_datas, at_root),
        cmocka_unit_test_setup(some_models_are_refused, at_root),
    };
    if (!getcwd(root, sizeof root))
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
