/* command_jacobian.c - J_t = d y_t / dθ for every step of a stream and every lane, the state that enters step t - k2 + 1 held
 * constant: one window of a model of one lane (jacobian_model.h) for each step and output, from the newest step back. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <tapeless/checkpoint.h>
#include <tapeless/commands.h>
#include <tapeless/init.h>
#include <tapeless/output.h>
#include <tapeless/param.h>
#include <tapeless/random.h>
#include <tapeless/real.h>
#include <tapeless/steps.h>
#include <tapeless/tensors.h>
#include "cli/commands.h"
#include "cli/engine.h"
#include "cli/stream_file.h"
#include "cli/trial.h"
#include "graph/checked.h"
#include "graph/user_error.h"
#include "passes/jacobian_model.h"

typedef struct Arguments {
    Common common;
    const char *params, *data, *out, *engine;
    int64_t seed, steps;
    int check, resets, masks;
    double tolerance;
} Arguments;

/* What is computed: of all outputs, one after the other, the number of elements. */
typedef struct Jacobian {
    Trial trial;
    const StreamFile *data;
    int64_t outputs, columns;
    void **block;   /* [nparams] reals [T][B][outputs][shape...] */
    void *y;        /* reals [T][B][outputs] */
    void **state;   /* [nstates] reals [B][shape...], what the last step leaves */
    tl_random random;
    double worst;   /* of the finite differences */
    int64_t compared;
} Jacobian;

static const tl_model *model_of(const Jacobian *j) { return j->trial.engine->model; }

/* The targets behind those of the model itself, of all outputs. */
static const tl_tensor *cotangents(const Jacobian *j) { return model_of(j)->targets + model_of(j)->ntargets - model_of(j)->noutputs; }

/* ---- memory ---- */

/* So many reals, or a sentence. */
static void *reals(const Jacobian *j, int64_t n, tl_error *e)
{
    size_t bytes;
    void *p = NULL;
    if (!__builtin_mul_overflow((size_t)n, tl_real_size(model_of(j)->real), &bytes))
        p = calloc(bytes ? bytes : 1, 1);
    if (!p)
        tl_fail(e, "%s: no memory for the Jacobian: %lld steps in %lld lanes of %lld outputs, each with %lld columns", model_of(j)->spec,
                (long long)j->data->steps, (long long)j->data->lanes, (long long)j->outputs, (long long)j->columns);
    return p;
}

static bool all_reals(Jacobian *j, tl_error *e)
{
    const tl_model *m = model_of(j);
    int64_t rows, n;
    bool fits = !__builtin_mul_overflow(j->data->steps * j->data->lanes, j->outputs, &rows);
    for (int32_t i = 0; i < m->nparams; i++) {
        fits = fits && !__builtin_mul_overflow(rows, (int64_t)tl_size(&m->params[i]), &n);
        if (!(j->block[i] = reals(j, fits ? n : INT64_MAX, e)))
            return false;
    }
    for (int32_t i = 0; i < m->nstates; i++)
        if (!(j->state[i] = reals(j, j->data->lanes * (int64_t)tl_size(&m->states[i]), e)))
            return false;
    return (j->y = reals(j, rows, e)) != NULL;
}

static void jacobian_free(Jacobian *j)
{
    const tl_model *m = model_of(j);
    for (int32_t i = 0; i < m->nparams; i++)
        free(j->block[i]);
    for (int32_t i = 0; i < m->nstates; i++)
        free(j->state[i]);
    free(j->block);
    free(j->state);
    free(j->y);
    trial_free(&j->trial);
}

static int jacobian_new(Jacobian *j, const Engine *engine, const StreamFile *d, tl_error *e)
{
    const tl_model *m = engine->model;
    *j = (Jacobian){ .data = d, .block = checked(calloc((size_t)m->nparams + 1, sizeof *j->block)),
                     .state = checked(calloc((size_t)m->nstates + 1, sizeof *j->state)) };
    if (trial_new(&j->trial, &engine->run, e)) {
        free(j->block);
        free(j->state);
        return -1;
    }
    for (int32_t i = 0; i < m->noutputs; i++)
        j->outputs += (int64_t)tl_size(&m->outputs[i]);
    for (int32_t i = 0; i < m->nparams; i++)
        j->columns += (int64_t)tl_size(&m->params[i]);
    if (all_reals(j, e))
        return 0;
    jacobian_free(j);
    return -1;
}

/* ---- a step ---- */

/* The weight of element o of the outputs of the newest step. */
static void set_cotangent(Jacobian *j, int64_t o, double to)
{
    const tl_model *m = model_of(j);
    const tl_tensor *c = cotangents(j);
    int32_t i = 0;
    while (o >= (int64_t)tl_size(&c[i]))
        o -= (int64_t)tl_size(&c[i++]);
    size_t at = (size_t)(m->tbptt.k2 - 1) * tl_size(&c[i]) + (size_t)o;
    tl_real_set(m->real, j->trial.b.target[m->ntargets - m->noutputs + i], at, to);
}

/* Runs the window; returns element o. */
static double run_for(Jacobian *j, int64_t o, bool backward)
{
    const tl_model *m = model_of(j);
    Trial *t = &j->trial;
    set_cotangent(j, o, 1);
    t->w.grads = backward ? t->b.grads : NULL;
    t->engine->window(t->engine->self, &t->w);
    set_cotangent(j, o, 0);
    return tl_real_get(m->real, t->b.losses, (size_t)m->tbptt.k2 - 1);
}

/* A row of zeros is left where there is nothing to see: at a padded step, and before a head has its k2 steps. */
static bool is_seen(const Jacobian *j, int64_t at, int64_t lane)
{
    const bool whole = !model_of(j)->has_head || j->trial.w.first == 0;
    return whole && !stream_file_padded(j->data, at, lane);
}

/* Brings step `at` of a lane into the last slot, and the window's other steps and the state that enters it to their places. */
static void bring(Jacobian *j, int64_t at, int64_t lane)
{
    const tl_model *m = model_of(j);
    Trial *t = &j->trial;
    const int32_t newest = m->tbptt.k2 - 1, kept = at < newest ? (int32_t)at : newest;
    tl_steps_shift(m, &t->b, kept, 1);
    stream_file_step(j->data, m, at, lane, &t->b);
    tl_real_set(m->real, t->b.weight, (size_t)newest, 1);
    t->w.first = t->w.from = newest - kept;
    t->w.tick = (uint64_t)at;
}

static void take_row(Jacobian *j, int64_t at, int64_t lane, int64_t o, double y)
{
    const tl_model *m = model_of(j);
    const size_t row = (size_t)((at * j->data->lanes + lane) * j->outputs + o);
    tl_real_set(m->real, j->y, row, y);
    for (int32_t i = 0; i < m->nparams; i++)
        tl_param_get(&m->params[i], m->real, j->trial.b.grads, tl_real_at(m->real, j->block[i], row * tl_size(&m->params[i])));
}

/* ---- finite differences ---- */

static void move_params(Jacobian *j, const double *kept, const double *v, double h)
{
    double *p = j->trial.b.params;
    for (size_t i = 0; i < model_of(j)->param_size; i++)
        p[i] = kept[i] + h * v[i];
}

/* d y_o / dh along v, by four points. */
static double slope(Jacobian *j, int64_t o, const double *kept, const double *v, double h)
{
    double y[4];
    for (int i = 0; i < 4; i++) {
        move_params(j, kept, v, h * (i < 2 ? i - 2 : i - 1));
        y[i] = run_for(j, o, false);
    }
    move_params(j, kept, v, 0);
    return (8 * (y[2] - y[1]) - (y[3] - y[0])) / (12 * h);
}

/* The window's gradient is in place. Along one direction of all that is trained. */
static void compare_row(Jacobian *j, int64_t o)
{
    const tl_model *m = model_of(j);
    const double *g = j->trial.b.grads;
    double *kept = checked(malloc(m->param_size * sizeof *kept)), *v = checked(calloc(m->param_size, sizeof *v));
    double along = 0, norm = 0, length = 0;
    memcpy(kept, j->trial.b.params, m->param_size * sizeof *kept);
    for (int32_t i = 0; i < m->nparams; i++)
        for (size_t k = 0; tl_is_trained(&m->params[i]) && k < tl_size(&m->params[i]); k++) {
            size_t at = tl_param_at(&m->params[i], k);
            v[at] = tl_normal(&j->random);
            along += g[at] * v[at];
            norm += g[at] * g[at];
            length += v[at] * v[at];
        }
    if (length > 0) {
        double difference = fabs(slope(j, o, kept, v, 1e-3 / sqrt(length)) - along);
        double ratio = difference == 0 ? 0 : difference / (fabs(along) + sqrt(norm));
        j->worst = ratio > j->worst || isnan(ratio) ? ratio : j->worst;
        j->compared++;
    }
    free(kept);
    free(v);
}

/* ---- all of it ---- */

static void take_step(Jacobian *j, int64_t at, int64_t lane, bool check)
{
    bring(j, at, lane);
    const bool seen = is_seen(j, at, lane);
    for (int64_t o = 0; seen && o < j->outputs; o++) {
        double y = run_for(j, o, true);
        take_row(j, at, lane, o, y);
        if (check)
            compare_row(j, o);
    }
    if (!seen || check) /* the states, for the windows to come */
        run_for(j, 0, false);
}

static int run_lane(Jacobian *j, int64_t lane, bool check, tl_error *e)
{
    const tl_model *m = model_of(j);
    if (stream_file_states(j->data, m, lane, &j->trial.b, e))
        return -1;
    for (int64_t at = 0; at < j->data->steps; at++)
        take_step(j, at, lane, check);
    for (int32_t i = 0; i < m->nstates; i++) {
        size_t n = tl_size(&m->states[i]);
        memcpy(tl_real_at(m->real, j->state[i], (size_t)lane * n),
               tl_real_at(m->real, j->trial.b.states, m->states[i].offset + (size_t)m->tbptt.k2 * n), n * tl_real_size(m->real));
    }
    return 0;
}

static int write_results(const Jacobian *j, const char *path, tl_error *e)
{
    const tl_model *m = model_of(j);
    char name[256];
    int64_t dim[3 + TL_MAX_RANK] = { j->data->steps, j->data->lanes, j->outputs };
    tl_st_writer *w = tl_st_writer_new();
    tl_st_add(w, "output", tl_dtype_of(m->real), dim, 3, j->y);
    for (int32_t i = 0; i < m->nparams; i++) {
        for (int32_t k = 0; k < m->params[i].rank; k++)
            dim[3 + k] = m->params[i].dim[k];
        snprintf(name, sizeof name, "jacobian.%s", m->params[i].name);
        tl_st_add(w, name, tl_dtype_of(m->real), dim, 3 + m->params[i].rank, j->block[i]);
    }
    for (int32_t i = 0; i < m->nstates; i++)
        tl_st_add_like(w, "state.", &m->states[i], j->data->lanes, m->real, j->state[i]);
    int failed = tl_st_write(w, path, e);
    tl_st_writer_free(w);
    return failed;
}

/* EXIT_WRONG with *e, or the status. */
static int compute(const Arguments *a, Jacobian *j, const tl_st *params, tl_error *e)
{
    if (params ? tl_checkpoint_params(params, model_of(j), j->trial.b.params, e)
               : trial_fill(&j->trial, (uint64_t)a->seed, 1, 1, e))
        return EXIT_WRONG;
    j->random = (tl_random){ tl_random_seed_of((uint64_t)a->seed, "directions"), 0 };
    for (int64_t lane = 0; lane < j->data->lanes; lane++)
        if (run_lane(j, lane, a->check, e))
            return EXIT_WRONG;
    if (a->out && write_results(j, a->out, e))
        return EXIT_WRONG;
    printf("Jacobian of %lld output%s in %lld parameter%s, %lld step%s, %lld lane%s, k2 = %d\n", (long long)j->outputs,
           j->outputs == 1 ? "" : "s", (long long)j->columns, j->columns == 1 ? "" : "s", (long long)j->data->steps,
           j->data->steps == 1 ? "" : "s", (long long)j->data->lanes,
           j->data->lanes == 1 ? "" : "s", model_of(j)->tbptt.k2);
    if (!a->check)
        return EXIT_DONE;
    bool agree = j->worst <= a->tolerance;
    printf("finite differences along %lld directions %s: worst %.2e, allowed %.0e\n", (long long)j->compared,
           agree ? "agree" : "DIFFER", j->worst, a->tolerance);
    return agree ? EXIT_DONE : EXIT_FAILED;
}

static int run_engine(const Arguments *a, Model *m, const StreamFile *d, const tl_st *params)
{
    tl_error e;
    Jacobian j;
    char *error = NULL;
    CompileOptions o = compile_options(&a->common);
    Engine *engine = strcmp(a->engine, "interpreter") ? engine_generated(m, &o, &error)
                                                      : engine_interpreter(m, o.schedule.real, &error);
    if (!engine)
        return complain(error);
    int status = EXIT_WRONG;
    if (!jacobian_new(&j, engine, d, &e)) {
        status = compute(a, &j, params, &e);
        jacobian_free(&j);
    }
    engine_free(engine);
    return status == EXIT_WRONG ? complain(user_sentence("%s", e.text)) : status;
}

/* Random numbers where no file is given. */
static int open_stream(const Arguments *a, StreamFile *d, Model *m, tl_error *e)
{
    enum { LANES = 2 };
    const int64_t k2 = m->tbptt.k2;
    if (a->data)
        return stream_file_open(d, a->data, m, real_of(&a->common), e);
    m->resets |= a->resets;
    m->masks |= a->masks;
    return stream_file_random(d, m, real_of(&a->common), a->steps ? a->steps : k2 + 3, LANES, (uint64_t)a->seed, e);
}

static int run_model(const Arguments *a, Model *m)
{
    tl_error e;
    StreamFile d = { 0 };
    char *error = NULL;
    tl_st *params = a->params ? tl_st_open(a->params, &e) : NULL;
    int status = EXIT_WRONG;
    if ((a->params && !params) || open_stream(a, &d, m, &e))
        complain(user_sentence("%s", e.text));
    else if ((error = make_jacobian_model(m)))
        complain(error);
    else
        status = run_engine(a, m, &d, params);
    tl_st_free(params);
    stream_file_free(&d);
    return status;
}

static int run(const Arguments *a)
{
    tl_error e;
    const char *read[] = { a->common.spec, a->params, a->data };
    size_t n = 1;
    for (size_t i = 1; i < 3; i++)
        if (read[i])
            read[n++] = read[i];
    const tl_list files = { read, n }, *const inputs[] = { &files };
    if (a->out && tl_outputs_check(&(tl_output){ "--output", a->out }, 1, inputs, 1, &e))
        return complain(user_sentence("%s", e.text));
    Model *m = load_model(&a->common);
    if (!m)
        return EXIT_WRONG;
    int status = run_model(a, m);
    model_free(m);
    return status;
}

static int check_arguments(const Arguments *a)
{
    if (!a->out && !a->check)
        return complain(user_sentence("tapeless jacobian: give --out F, or --check"));
    if (a->data && (a->steps || a->resets || a->masks))
        return complain(user_sentence("tapeless jacobian: --data F says how many steps there are, what starts and what is padding; "
                                      "--steps, --resets and --masks are for random numbers"));
    if (strcmp(a->engine, "generated") && strcmp(a->engine, "interpreter"))
        return complain(user_sentence("tapeless jacobian: --engine %s: it is generated or interpreter", a->engine));
    if (a->check && real_of(&a->common) != TL_F64)
        return complain(user_sentence("tapeless jacobian: --check takes differences in double precision; add --precision f64"));
    return -1;
}

#define JACOBIAN_TABLE(a)                                                                                   \
    {                                                                                                       \
        TL_STRING("params", 0, &(a).params, "F", "safetensors with the parameters by name [random]"),       \
        TL_STRING("data", 0, &(a).data, "F", "safetensors: input[.NAME] [T, B, ...]; maybe mask, reset, state.NAME [random, 2 lanes]"), \
        TL_OUTPUT(&(a).out, "F", "safetensors to write: jacobian.* [T, B, outputs, shape...], output, state.*"), \
        TL_STRING("engine", 0, &(a).engine, "E", "generated or interpreter"),                               \
        TL_FLAG("check", 0, &(a).check, "compare each row with finite differences along a random direction"), \
        TL_DOUBLE("tolerance", 0, &(a).tolerance, "X", 0, 1, "of that, relative [1e-7]"),                   \
        TL_INT("seed", 's', &(a).seed, "N", 0, TL_INT_MAX, "of random numbers"),                            \
        TL_INT("steps", 'n', &(a).steps, "N", 1, 1000000, "of random data [k2 + 3]"),                         \
        TL_FLAG("resets", 0, &(a).resets, "sequences start in random data"),                                \
        TL_FLAG("masks", 0, &(a).masks, "random data have padding"),                                        \
        COMMON_OPTIONS((a).common),                                                                         \
        TL_END,                                                                                             \
    }

static const Arguments defaults = { .common = COMMON_DEFAULTS, .engine = "generated", .tolerance = 1e-7 };

int jacobian_table(tl_see_table *see, void *context)
{
    Arguments a = defaults;
    const tl_option table[] = JACOBIAN_TABLE(a);
    int result = see(table, context);
    tl_cli_free(table);
    return result;
}

int command_jacobian(int argc, char **argv)
{
    Arguments a = defaults;
    const tl_option table[] = JACOBIAN_TABLE(a);
    int status = parse_command(table, &a.common, "jacobian", "The Jacobian of every step's output, truncated to k2 steps.", argc, argv);
    if (status < 0)
        status = check_arguments(&a);
    if (status < 0)
        status = run(&a);
    tl_cli_free(table);
    return status;
}
