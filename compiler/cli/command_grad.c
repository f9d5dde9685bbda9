/* command_grad.c - one window on given parameters and data: loss, every gradient, final state and
 * probes, as safetensors (DESIGN, "Commands"). The data's number of lanes is the batch. */
#include <stdlib.h>
#include <string.h>

#include <tapeless/commands.h>
#include <tapeless/output.h>
#include <tapeless/real.h>
#include <tapeless/safetensors.h>
#include <tapeless/tensors.h>
#include <tapeless/window.h>
#include "cli/commands.h"
#include "cli/engine.h"
#include "cli/trial.h"
#include "cli/window_file.h"
#include "graph/checked.h"
#include "graph/user_error.h"
#include "passes/learn.h"

typedef struct Arguments {
    Common common;
    const char *params, *data, *out, *engine;
    int64_t fresh, seed, tick;
    int lags;
} Arguments;

static int fill(Trial *t, const Arguments *a, const WindowFile *d, const tl_st *params, tl_error *e)
{
    int64_t fresh = a->fresh ? a->fresh : d->steps;
    t->w.seed = (uint64_t)a->seed;
    t->w.tick = (uint64_t)a->tick;
    if (fresh > d->steps)
        return tl_fail(e, "--new %lld: the window has only %lld steps", (long long)fresh, (long long)d->steps);
    return window_file_params(t, params, e) || window_file_read(t, d, fresh, e) ? -1 : 0;
}

/* ---- results ---- */

static void add_probes(tl_st_writer *w, const Trial *t, const WindowFile *d, const char *prefix, const void *block)
{
    const tl_model *m = t->engine->model;
    for (int32_t i = 0; i < m->nprobes; i++) {
        char name[256];
        int64_t dim[2 + TL_MAX_RANK] = { d->steps, d->lanes };
        for (int32_t k = 0; k < m->probes[i].rank; k++)
            dim[2 + k] = m->probes[i].dim[k];
        snprintf(name, sizeof name, "%s.%s", prefix, m->probes[i].name);
        size_t at = m->probes[i].offset + (size_t)t->w.first * (size_t)d->lanes * tl_size(&m->probes[i]);
        tl_st_add(w, name, tl_dtype_of(m->real), dim, 2 + m->probes[i].rank, tl_real_at_const(m->real, block, at));
    }
}

/* [T + 1, B, ...]: of the state that enters the window first, of what its last step leaves last. */
static void add_state_grads(tl_st_writer *w, const Trial *t, const WindowFile *d)
{
    const tl_model *m = t->engine->model;
    for (int32_t i = 0; i < m->nstates && m->has_state_grads; i++) {
        char name[256];
        int64_t dim[2 + TL_MAX_RANK] = { d->steps + 1, d->lanes };
        for (int32_t k = 0; k < m->states[i].rank; k++)
            dim[2 + k] = m->states[i].dim[k];
        snprintf(name, sizeof name, "state_grad.%s", m->states[i].name);
        size_t at = m->states[i].offset + (size_t)t->w.first * (size_t)d->lanes * tl_size(&m->states[i]);
        tl_st_add(w, name, tl_dtype_of(m->real), dim, 2 + m->states[i].rank,
                  tl_real_at_const(m->real, t->b.state_grads, at));
    }
}

static int write_results(const Trial *t, const WindowFile *d, const char *path, tl_error *e)
{
    const tl_model *m = t->engine->model;
    tl_st_writer *w = tl_st_writer_new();
    double loss = t->loss, *named = checked(calloc((size_t)m->nnamed + 1, sizeof *named));
    tl_st_add(w, "loss", TL_DT_F64, NULL, 0, &loss);
    for (int32_t i = 0; i < m->nnamed; i++) {
        char name[256];
        snprintf(name, sizeof name, "loss.%s", m->named[i].name);
        named[i] = tl_batch_named(m, &t->b, t->counted, i);
        tl_st_add(w, name, TL_DT_F64, NULL, 0, &named[i]);
    }
    for (int32_t i = 0; i < m->nparams; i++)
        tl_st_add_param(w, "grad.", &m->params[i], m->real, t->b.grads);
    for (int32_t i = 0; i < m->nstates; i++) {
        size_t at = m->states[i].offset + (size_t)m->tbptt.k2 * (size_t)d->lanes * tl_size(&m->states[i]);
        tl_st_add_like(w, "state.", &m->states[i], d->lanes, m->real, tl_real_at_const(m->real, t->b.states, at));
    }
    add_probes(w, t, d, "probe", t->b.probes);
    add_probes(w, t, d, "probe_grad", t->b.probe_grads);
    add_state_grads(w, t, d);
    int failed = tl_st_write(w, path, e);
    tl_st_writer_free(w);
    free(named);
    return failed;
}

static int run_window(const Arguments *a, const Engine *engine, const WindowFile *d, const tl_st *params, tl_error *e)
{
    Trial t;
    if (trial_new(&t, &engine->run, e))
        return -1;
    int failed = fill(&t, a, d, params, e);
    if (!failed) {
        trial_run(&t);
        failed = write_results(&t, d, a->out, e);
    }
    if (!failed)
        printf("loss %.9g\n", t.loss);
    trial_free(&t);
    return failed;
}

static int grad(const Arguments *a, Model *m, WindowFile *d, const tl_st *params)
{
    tl_error e;
    char *error = NULL;
    if (window_file_fit(d, m, &e))
        return complain(user_sentence("%s", e.text));
    if (a->lags && (error = prepare_lags(m)))
        return complain(error);
    const CompileOptions o = compile_options(&a->common);
    Engine *engine = engine_open(m, a->engine, &o, &error);
    if (!engine)
        return complain(error);
    int failed = run_window(a, engine, d, params, &e);
    engine_free(engine);
    return failed ? complain(user_sentence("%s", e.text)) : EXIT_DONE;
}

static int run(Arguments *a)
{
    tl_error e;
    const char *read[] = { a->params, a->data, a->common.spec };
    const tl_list files = { read, 3 }, *const inputs[] = { &files };
    if (tl_outputs_check(&(tl_output){ "--output", a->out }, 1, inputs, 1, &e))
        return complain(user_sentence("%s", e.text));
    Model *m = load_model(&a->common);
    if (!m)
        return EXIT_WRONG;
    tl_st *params = tl_st_open(a->params, &e);
    WindowFile d = { .file = params ? tl_tensors_open(a->data, &e) : NULL };
    int status = d.file ? grad(a, m, &d, params) : complain(user_sentence("%s", e.text));
    tl_st_free(params);
    tl_st_free(d.file);
    model_free(m);
    return status;
}

static int check_arguments(const Arguments *a)
{
    if (!a->params || !a->data || !a->out)
        return complain(user_sentence("tapeless grad: give --params F, --data F and --out F"));
    if (strcmp(a->engine, "generated") && strcmp(a->engine, "interpreter"))
        return complain(user_sentence("tapeless grad: --engine %s: it is generated or interpreter", a->engine));
    return -1;
}

#define GRAD_TABLE(a)                                                                                       \
    {                                                                                                       \
        TL_STRING("params", 0, &(a).params, "F", "safetensors with the parameters by name"),                \
        TL_STRING("data", 0, &(a).data, "F", "safetensors: input[.NAME], target[.NAME] [T, B, ...]; maybe mask, weight, reset, state.NAME"), \
        TL_OUTPUT(&(a).out, "F", "safetensors to write: loss, grad.*, state.*, probe.*, probe_grad.*"),     \
        TL_STRING("engine", 0, &(a).engine, "generated|interpreter", "what computes"),                               \
        TL_INT("new", 0, &(a).fresh, "N", 1, 65536, "how many of the steps are new (all)"),                 \
        TL_INT("seed", 's', &(a).seed, "N", 0, TL_INT_MAX, "of dropout"),                                   \
        TL_INT("tick", 0, &(a).tick, "N", 0, TL_INT_MAX, "number of the newest step, for dropout"),         \
        TL_FLAG("lags", 0, &(a).lags, "write state_grad.* too: d loss / d state between the steps, [T + 1, B, ...]"), \
        COMMON_OPTIONS((a).common),                                                                         \
        TL_END,                                                                                             \
    }

static const Arguments defaults = { .common = COMMON_DEFAULTS, .engine = "generated" };

int grad_table(tl_see_table *see, void *context)
{
    Arguments a = defaults;
    const tl_option table[] = GRAD_TABLE(a);
    int result = see(table, context);
    tl_cli_free(table);
    return result;
}

int command_grad(int argc, char **argv)
{
    Arguments a = defaults;
    const tl_option table[] = GRAD_TABLE(a);
    int status = parse_command(table, &a.common, "grad", "Loss and every gradient of one window.", argc, argv);
    if (status < 0)
        status = check_arguments(&a);
    if (status < 0)
        status = run(&a);
    tl_cli_free(table);
    return status;
}
