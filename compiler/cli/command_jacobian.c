/* command_jacobian.c - the Jacobian of every step of a stream, as safetensors (DESIGN, "Commands"). */
#include <stdlib.h>
#include <string.h>

#include <tapeless/checkpoint.h>
#include <tapeless/commands.h>
#include <tapeless/output.h>
#include <tapeless/real.h>
#include "cli/commands.h"
#include "cli/jacobian.h"
#include "cli/jacobian_diff.h"
#include "cli/trial.h"
#include "graph/user_error.h"
#include "passes/jacobian_cost.h"
#include "passes/jacobian_model.h"

typedef struct Arguments {
    Common common;
    const char *params, *data, *out, *engine, *mode;
    int64_t seed, steps, block;
    int check, diff, resets, masks;
    double tolerance; /* -1: not given */
} Arguments;

static int write_results(const Jacobian *j, const char *path, tl_error *e)
{
    const tl_model *m = jacobian_model(j);
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
    for (int32_t i = 0; i < tl_own_states(m); i++)
        tl_st_add_like(w, "state.", &m->states[i], j->data->lanes, m->real, j->state[i]);
    int failed = tl_st_write(w, path, e);
    tl_st_writer_free(w);
    return failed;
}

static void describe_mode(const tl_model *m, char *to, size_t size)
{
    if (m->jacobian == TL_JACOBIAN_FORWARD)
        snprintf(to, size, "forward mode");
    else if (m->jacobian == TL_JACOBIAN_REVERSE)
        snprintf(to, size, "k2 = %d, reverse mode", m->tbptt.k2);
    else
        snprintf(to, size, "by blocks of %d step%s", m->tbptt.k2 - 1, m->tbptt.k2 == 2 ? "" : "s");
}

/* EXIT_WRONG with *e, or the status. */
static int compute(const Arguments *a, Jacobian *j, const tl_st *params, tl_error *e)
{
    if (params ? tl_checkpoint_params(params, jacobian_model(j), j->run.buffers.params, e)
               : trial_params(jacobian_model(j), j->run.buffers.params, (uint64_t)a->seed, e))
        return EXIT_WRONG;
    j->run.window.seed = (uint64_t)a->seed;
    j->random = (tl_random){ tl_random_seed_of((uint64_t)a->seed, "directions"), 0 };
    for (int64_t lane = 0; lane < j->data->lanes; lane++)
        if (jacobian_run_lane(j, lane, a->check, e))
            return EXIT_WRONG;
    if (a->out && write_results(j, a->out, e))
        return EXIT_WRONG;
    char how[64];
    describe_mode(jacobian_model(j), how, sizeof how);
    printf("Jacobian of %lld output%s in %lld parameter%s, %lld step%s, %lld lane%s, %s\n", (long long)j->outputs,
           j->outputs == 1 ? "" : "s", (long long)j->columns, j->columns == 1 ? "" : "s", (long long)j->data->steps,
           j->data->steps == 1 ? "" : "s", (long long)j->data->lanes, j->data->lanes == 1 ? "" : "s", how);
    if (!a->check)
        return EXIT_DONE;
    if (!j->compared) {
        puts("no finite differences: nothing is trained, or no step is seen by a whole window");
        return EXIT_DONE;
    }
    const double allowed = a->tolerance >= 0 ? a->tolerance : 1e-7;
    bool agree = j->worst <= allowed;
    printf("finite differences along %lld directions %s: worst %.2e, allowed %.0e\n", (long long)j->compared,
           agree ? "agree" : "DIFFER", j->worst, allowed);
    return agree ? EXIT_DONE : EXIT_FAILED;
}

static int run_engine(const Arguments *a, Model *m, const StreamFile *d, const tl_st *params)
{
    tl_error e;
    Jacobian j;
    char *error = NULL;
    const CompileOptions o = compile_options(&a->common);
    Engine *engine = engine_open(m, a->engine, &o, &error);
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

static tl_jacobian_mode cheapest_mode(const Model *m, int64_t steps)
{
    JacobianCost cost = jacobian_cost(m, steps);
    if (cost.blocks < cost.reverse && cost.blocks < cost.forward)
        return TL_JACOBIAN_BLOCKS;
    return cost.forward < cost.reverse ? TL_JACOBIAN_FORWARD : TL_JACOBIAN_REVERSE;
}

/* Reverse mode alone truncates, the others are for streams that no window cuts. */
static char *choose_mode(const Arguments *a, Model *m, int64_t steps, tl_jacobian_mode *mode)
{
    const bool cut = steps > m->tbptt.k2;
    *mode = jacobian_mode(a->mode);
    if (*mode && *mode != TL_JACOBIAN_REVERSE && cut)
        return user_sentence("tapeless jacobian: --mode %s: it truncates nothing, but the stream has %lld steps and "
                             "k2 = %d; --k2 %lld is as long", a->mode, (long long)steps, m->tbptt.k2, (long long)steps);
    if (!*mode)
        *mode = a->check || cut ? TL_JACOBIAN_REVERSE : cheapest_mode(m, steps);
    return NULL;
}

static int32_t block_of(const Arguments *a, const Model *m) { return a->block ? (int32_t)a->block : cheapest_block(m); }

static char *make_model(const Arguments *a, Model *m, int64_t steps)
{
    tl_jacobian_mode mode;
    char *error = choose_mode(a, m, steps, &mode);
    return error ? error : make_jacobian_model_by(m, mode, block_of(a, m));
}

static int run_diff(const Arguments *a, const Model *m, const StreamFile *d, const tl_st *params)
{
    const CompileOptions o = compile_options(&a->common);
    return jacobian_diff(&(JacobianDiff){ d, params, (uint64_t)a->seed, a->tolerance, (int32_t)a->block }, m, &o);
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
    else if (a->diff)
        status = run_diff(a, m, &d, params);
    else if ((error = make_model(a, m, d.steps)))
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
    Model *m = load_step(&a->common);
    if (!m)
        return EXIT_WRONG;
    int status = run_model(a, m);
    model_free(m);
    return status;
}

static int check_arguments(const Arguments *a)
{
    if (!a->out && !a->check && !a->diff)
        return complain(user_sentence("tapeless jacobian: give --out F, --check or --diff"));
    if (a->diff && (a->out || a->check))
        return complain(user_sentence("tapeless jacobian: --diff compares all ways to the Jacobian, and writes none: leave out %s",
                                      a->out ? "--out" : "--check"));
    if (a->data && (a->steps || a->resets || a->masks))
        return complain(user_sentence("tapeless jacobian: --data F says how many steps there are, what starts and what is padding; "
                                      "--steps, --resets and --masks are for random numbers"));
    if (strcmp(a->engine, "generated") && strcmp(a->engine, "interpreter"))
        return complain(user_sentence("tapeless jacobian: --engine %s: it is generated or interpreter", a->engine));
    if (strcmp(a->mode, "auto") && !jacobian_mode(a->mode))
        return complain(user_sentence("tapeless jacobian: --mode %s: it is auto, " JACOBIAN_MODES, a->mode));
    if (a->block && !a->diff && jacobian_mode(a->mode) != TL_JACOBIAN_BLOCKS)
        return complain(user_sentence("tapeless jacobian: --block is of --mode blocks, and of --diff"));
    if (a->check && jacobian_mode(a->mode) > TL_JACOBIAN_REVERSE)
        return complain(user_sentence("tapeless jacobian: --check moves the parameters of a whole window, which --mode %s has not: "
                                      "leave it out, or take --mode reverse", a->mode));
    if (a->check && real_of(&a->common) != TL_F64)
        return complain(user_sentence("tapeless jacobian: --check takes differences in double precision; add --precision f64"));
    return -1;
}

#define JACOBIAN_TABLE(a)                                                                                   \
    {                                                                                                       \
        TL_STRING("params", 0, &(a).params, "F", "safetensors with the parameters by name [random]"),       \
        TL_STRING("data", 0, &(a).data, "F", "safetensors: input[.NAME] [T, B, ...]; maybe mask, reset, state.NAME [random, 2 lanes]"), \
        TL_OUTPUT(&(a).out, "F", "safetensors to write: jacobian.* [T, B, outputs, shape...], output, state.*"), \
        TL_STRING("mode", 0, &(a).mode, "M", JACOBIAN_MODES ", or auto: whichever costs least"),        \
        TL_INT("block", 0, &(a).block, "N", 1, MOST_BLOCK, "steps of a block [whichever cost least; --diff: 3]"), \
        TL_STRING("engine", 0, &(a).engine, "generated|interpreter", "what computes"),                               \
        TL_FLAG("check", 0, &(a).check, "compare each row with finite differences along a random direction"), \
        TL_FLAG("diff", 0, &(a).diff, "compare reverse mode, the interpreter and, of up to k2 steps, forward mode and blocks"), \
        TL_DOUBLE("tolerance", 0, &(a).tolerance, "X", 0, 1,                                                \
                  "of these, relative [1e-7; --diff: 1e-12 in f64, 2e-6 in f32]"),                          \
        TL_INT("seed", 's', &(a).seed, "N", 0, TL_INT_MAX, "of random numbers and dropout"),                \
        TL_INT("steps", 'n', &(a).steps, "N", 1, 1000000, "of random data [k2 + 3]"),                         \
        TL_FLAG("resets", 0, &(a).resets, "sequences start in random data"),                                \
        TL_FLAG("masks", 0, &(a).masks, "random data have padding"),                                        \
        COMMON_OPTIONS((a).common),                                                                         \
        TL_END,                                                                                             \
    }

static const Arguments defaults = { .common = COMMON_DEFAULTS, .engine = "generated", .mode = "auto", .tolerance = -1 };

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
