#include "cli/single.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <tapeless/safetensors.h>
#include "cli/build.h"
#include "cli/trained.h"
#include "graph/user_error.h"
#include "passes/learn.h"

/* Who runs one file runs one sequence, whatever a training's batch was, and does not have to say so. */
static bool says_lanes(const Common *c)
{
    bool says = c->batch || c->shards;
    for (size_t i = 0; i < c->sets.count; i++)
        says |= !strncmp(c->sets.item[i], "tbptt.batch=", 12) || !strncmp(c->sets.item[i], "tbptt.shards=", 13);
    return says;
}

static char *check_quantise(const SingleArguments *a, const Common *c, const char *params, const char *command)
{
    if (a->calibrate.count && !a->quantise)
        return user_sentence("tapeless %s: --calibrate is of --quantise", command);
    if (!a->quantise)
        return NULL;
    if (narrow_of(a->quantise) < 0)
        return user_sentence("tapeless %s: --quantise %s: it is int8 or int16", command, a->quantise);
    if (!a->single || !params)
        return user_sentence("tapeless %s: --quantise: of --single-file, and of weights: --params CHECKPOINT", command);
    if (says_lanes(c))
        return user_sentence("tapeless %s: --quantise is of one lane: leave batch and shards out", command);
    if (a->online)
        return user_sentence("tapeless %s: --quantise and --online: in fixed point there are predictions alone; take one of them", command);
    return NULL;
}

int check_single(const SingleArguments *a, const Common *c, const char *params, const char *command)
{
    if (!a->single && (a->no_blas || a->no_libm || a->online))
        return complain(user_sentence("tapeless %s: %s is of --single-file", command,
                                      a->online ? "--online" : a->no_blas ? "--no-blas" : "--no-libm"));
    if (a->single && !strcmp(command, "build"))
        return complain(user_sentence("tapeless build: --single-file is compiled by whatever compiles your program: take tapeless "
                                      "compile"));
    char *error = check_quantise(a, c, params, command);
    return error ? complain(error) : -1;
}

/* ---- what cannot stand alone ---- */

static char *refuse_training(const Model *m)
{
    const tl_train_spec *s = &m->train;
    if (m->tbptt.overlap == TL_VERSIONS && m->tbptt.k1 < m->tbptt.k2)
        return user_sentence("%s: --online: overlap = 'versions' keeps parameters of many days; 'recompute' and 'retain' do not", m->spec);
    if (!tl_has_lr(s->optimizer.kind))
        return user_sentence("%s: --online: it learns by sgd, adam, adamw or rmsprop; the others are the runtime's", m->spec);
    if (s->schedule.kind != TL_SCHEDULE_CONSTANT || s->schedule.warmup)
        return user_sentence("%s: --online: the learning rate is the program's to set (lr in the learner): let schedule be constant",
                             m->spec);
    if (m->train.average > 0)
        return user_sentence("%s: --online: average = %g needs another block of parameters, which the runtime has: "
                             "--set train.average=0", m->spec, m->train.average);
    if (m->train.accumulate > 1)
        return user_sentence("%s: --online: accumulate = %lld needs another block of gradients, which the runtime has: "
                             "--set train.accumulate=1", m->spec, (long long)m->train.accumulate);
    for (int32_t i = 0; i < m->nparams; i++)
        if (m->params[i].rule && m->params[i].rule->max_norm > 0)
            return user_sentence("%s: --online: %s has max_norm, which is the runtime's; min and max are not", m->spec, m->params[i].name);
    return NULL;
}

char *refuse_single(const Model *m, const SingleArguments *a)
{
    char *error = a->online ? refuse_training(m) : NULL;
    if (!error && tl_shards(&m->tbptt) > 1)
        error = user_sentence("%s: --single-file is of one shard: --shards 1", m->spec);
    return error;
}

/* ---- */

/* Of any processor, unless one is named. */
static CompileOptions options_of(const SingleArguments *a, const Common *c)
{
    CompileOptions o = compile_options(c);
    if (!c->machine)
        o.schedule.target = target_named("plain");
    o.schedule.alone = a->no_blas;
    o.schedule.dense = o.schedule.target->vector_bytes == 0;
    if (a->no_libm)
        o.schedule.elementary = true;
    return o;
}

static char *print(Program *p, const SingleArguments *a, const Trained *t, const char *directory)
{
    char *error = NULL;
    const Single single = { .no_libm = a->no_libm, .online = a->online, .coding = t->model ? &t->weights.coding : NULL,
                            .params = t->model ? trained_params(t, p->model, p->memory.param_size) : NULL,
                            .input = t->input, .target = t->target, .output = t->output };
    p->single = &single;
    (a->write ? a->write : write_single)(p, directory, &error);
    free(single.params);
    return error;
}

Program *compile_single(Model *m, const SingleArguments *a, const Common *c, char **error)
{
    const CompileOptions o = options_of(a, c);
    m->nnamed = 0; /* nobody would read them */
    *error = refuse_single(m, a);
    if (!*error)
        *error = prepare_learning(m, m->train.optimizer.kind);
    return *error ? NULL : compile(m, &o, error);
}

static char *make(Model *m, const SingleArguments *a, Common *c, Trained *t, const char *directory)
{
    char *error = NULL;
    Program *p = compile_single(m, a, c, &error);
    if (p)
        error = print(p, a, t, directory);
    program_free(p);
    return error;
}

static bool is_f64(const char *checkpoint)
{
    tl_error ignored;
    tl_st *st = tl_st_open(checkpoint, &ignored);
    const char *real = st ? tl_st_meta(st, "real") : NULL;
    const bool is = real && !strcmp(real, "f64");
    tl_st_free(st);
    return is;
}

Model *load_single(const SingleArguments *a, const Common *c, const char *params)
{
    Model *m = trained_load(c, params);
    if (m && params && !c->precision && !a->quantise && is_f64(params))
        fprintf(stderr, "%s: %s is of double precision, and what is written of float: -p f64 keeps its digits\n", m->name, params);
    if (m && (a->quantise || !says_lanes(c)))
        one_lane(m);
    return m;
}

int run_single(const SingleArguments *a, Common *c, const char *params, const char *directory)
{
    Model *m = load_single(a, c, params);
    Trained t;
    char *error = NULL;
    if (!m)
        return EXIT_WRONG;
    if (trained_open(&t, m, params, &error)) {
        trained_units(&t, m);
        error = a->quantise ? write_quantised(m, &t, &a->calibrate, narrow_of(a->quantise) == 1, a->write ? a->write : write_single, directory) : make(m, a, c, &t, directory);
    }
    trained_close(&t);
    model_free(m);
    return error ? complain(error) : EXIT_DONE;
}
