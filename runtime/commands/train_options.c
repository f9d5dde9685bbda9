#include "train_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checkpoint.h"
#include "commands.h"
#include "probe_file.h"
#include "trainer.h"

#define TRAIN_TABLE(o)                                                                            \
    {                                                                                             \
        TL_FILES("data", 0, &(o).data.data, "FILE",                                              \
                "what to learn from; several files, also by a pattern 'DIR/*.csv', are several sequences"),                       \
        TL_DOUBLE("valid", 0, &(o).data.valid, "F", 0, 0.99,                                      \
                  "fraction at its end kept to validate, of several sequences the last (0.1)"),         \
        TL_FILES("valid-data", 0, &(o).data.valid_data, "FILE", "what to validate on instead"),    \
        TL_DATA_OPTIONS((o).data),                                                                \
        TL_INT("cut", 0, &(o).data.cut, "N", 1, TL_INT_MAX,                                       \
               "train on pieces of at most N rows, each from the initial state"),                 \
        TL_INT("epochs", 'e', &(o).epochs, "N", 0, TL_INT_MAX, "end after so many passes (1)"),   \
        TL_INT("steps", 'n', &(o).updates, "N", 0, TL_INT_MAX,                                    \
               "end after so many updates, counted from the first"),                              \
        TL_DOUBLE("minutes", 'm', &(o).minutes, "M", 0, 1e9, "end after so long"),                \
        TL_INT("seed", 's', &(o).seed, "N", 0, TL_INT_MAX, "of parameters and dropout (1)"),          \
        TL_DOUBLE("lr", 0, &(o).lr, "X", 0, 1e9, "learning rate, instead of the spec's"),         \
        TL_FLAG("lr-find", 0, &(o).lr_find,                                                           \
                "look for a learning rate: updates (--steps, 400) at rates from lr/1000 up; --plot draws it; keeps nothing"), \
        TL_DOUBLE("clip-norm", 0, &(o).clip_norm, "X", 0, 1e300,                                  \
                  "instead of the spec's; 0: off"),                                               \
        TL_STRING("optimizer", 0, &(o).optimizer, "NAME",                                         \
                  "sgd, adam, adamw, rmsprop, lm, lbfgs, ekf or ridge, instead of the spec's"),                          \
        TL_LIST("set", 0, &(o).sets, "FIELD=VALUE",                                               \
                "a field of the spec's train: train.schedule=cosine"),                            \
        TL_INT("k1", 0, &(o).k1, "N", 1, 65536, "is compiled in: tapeless train SPEC --k1 N"),    \
        TL_INT("k2", 0, &(o).k2, "N", 1, 65536, "likewise"),                                      \
        TL_INT("batch", 0, &(o).batch, "N", 1, 65536, "likewise"),                                \
        TL_INT("shards", 0, &(o).shards, "N", 1, 65536, "likewise"),                              \
        TL_LIST("group", 0, &(o).groups, "PATTERN:lr=X,weight_decay=Y", "likewise: factors of parameters by their names"),        \
        TL_LIST("freeze", 0, &(o).frozen, "PATTERN", "likewise: parameters that are not trained"),                      \
        TL_STRING("checkpoint", 'c', &(o).checkpoint, "FILE", "(NAME.safetensors)"),              \
        TL_FLAG("resume", 'r', &(o).resume, "go on from the checkpoint, bit for bit"),            \
        TL_FLAG("overwrite", 0, &(o).overwrite, "begin anew although the checkpoint exists"),     \
        TL_STRING("start", 0, &(o).start, "FILE",                                                 \
                  "begin with the weights of this file, and read data as theirs were"),           \
        TL_FLAG("recode", 0, &(o).recode,                                                         \
                "with --start: choose columns, scales, vocabulary anew, by these data"),          \
        TL_DOUBLE("save-every", 0, &(o).save_every, "SECONDS", 0, 1e9,                            \
                  "save so often; always at the end"),                                            \
        TL_INT("save-updates", 0, &(o).save_updates, "N", 0, TL_INT_MAX, "and every N updates"),  \
        TL_INT("valid-every", 0, &(o).valid_every, "N", 0, TL_INT_MAX,                            \
               "validate every N updates (each epoch); 0: never"),                                \
        TL_INT("patience", 0, &(o).patience, "N", 1, TL_INT_MAX,                                  \
               "end when N validations in a row were not better than the best before"),           \
        TL_DOUBLE("min-delta", 0, &(o).min_delta, "X", 0, 1e300, "of --patience: better by more than X (0)"), \
        TL_FLAG("fit", 0, &(o).fit, "say at the end how well a simulation of the data to validate on fits"), \
        TL_INT("skip", 0, &(o).skip, "N", 0, TL_INT_MAX, "leave the first N steps of each sequence out of it (0)"), \
        TL_STRING("best", 0, &(o).best, "FILE", "write the weights of the best validation here"), \
        TL_STRING("log", 0, &(o).log, "FILE", "a CSV row an update"),                             \
        TL_STRING("tensorboard", 0, &(o).tensorboard, "DIR", "scalars for TensorBoard, an event an update"), \
        TL_STRING("plot", 0, &(o).plot, "FILE", "draw the curve of this run here: .svg or .png"), \
        TL_FLAG("watch", 0, &(o).watch, "draw the curve on the terminal as the training goes on"),      \
        TL_STRING("probe", 0, &(o).probe, "NAME", "a probe of the spec to write"),                \
        TL_STRING("probe-out", 0, &(o).probe_out, "FILE.npy",                                     \
                  "its values in each update's window: [updates, k2, batch, shape...]"),          \
        TL_STRING("probe-grad-out", 0, &(o).probe_grad_out, "FILE.npy",                           \
                  "the gradients that reach it, likewise"),                                       \
        TL_FLAG("anomaly", 0, &(o).anomaly,                                                       \
                "stop at the first value that is not finite and say where it arose"),             \
        TL_FLAG("lags", 0, &(o).lags,                                                             \
                "log how much gradient arrives at the state 1, 2, ... k2 steps back"),            \
        TL_THREADS_OPTION(&(o).threads),                                                          \
        TL_FLAG("quiet", 'q', &(o).quiet, "no progress"),                                         \
        TL_FLAG("json", 0, &(o).json, "the result as JSON"),                                      \
        TL_END,                                                                                   \
    }

static tl_train_options defaults(void)
{
    return (tl_train_options){ .data = { .valid = -1, .table = { .ahead = TL_AHEAD_UNSAID } },
                               .epochs = -1, .updates = -1, .seed = -1, .save_updates = -1,
                               .valid_every = -1, .skip = -1, .patience = -1, .min_delta = -1, .minutes = -1, .save_every = 60, .lr = -1,
                               .clip_norm = -1, .threads = "1" };
}

int tl_train_options_read(tl_train_options *o, const tl_model *m, int argc, char **argv)
{
    *o = defaults();
    int nargs;
    const tl_option table[] = TRAIN_TABLE(*o);
    return tl_command_parse(table, m, "train", "[--data FILE]", "Trains the model; mpirun -n R runs R processes of "
                            "it, which share its shards (docs/processes.md).", argc, argv, 0,
                            &nargs);
}

/* ---- what it asks for ---- */

int tl_train_check_lags(const tl_train_options *o, const tl_model *m, tl_error *e)
{
    if (!o->lags || m->has_state_grads)
        return 0;
    return tl_fail(e, "--lags: this trainer was not built to see the state's adjoint: set tbptt = { lags = true } in "
                   "the spec, or run `tapeless train SPEC --lags`");
}

/* Else it would never be written, and an older file of that name taken for the best of this run. */
int tl_train_check_best(const tl_train_options *o, int has_valid, tl_error *e)
{
    if (!o->best || (has_valid && o->valid_every))
        return 0;
    if (has_valid)
        return tl_fail(e, "--best %s: with --valid-every 0 nothing is validated, so there is no best",
                       o->best);
    return tl_fail(e, "--best %s: there is nothing to validate on, so there is no best; --valid 0.1 keeps a tenth of "
                   "the data for it, --valid-data FILE names other data", o->best);
}

int tl_train_check_plateau(const tl_train_options *o, const tl_schedule_spec *s, int has_valid, tl_error *e)
{
    if (s->kind != TL_SCHEDULE_PLATEAU || (has_valid && o->valid_every))
        return 0;
    if (has_valid)
        return tl_fail(e, "reduce_on_plateau follows the loss of held-out data, and with --valid-every 0 nothing is validated: "
                       "leave that out");
    return tl_fail(e, "reduce_on_plateau follows the loss of held-out data, and there are none; --valid 0.1 keeps a tenth of the "
                   "data for it, --valid-data FILE names other data");
}

int tl_train_check_end(const tl_train_options *o, const tl_model *m, tl_error *e)
{
    if (!m->ninputs && !m->ntargets && !o->data.data.count && o->updates < 0 &&
        o->minutes < 0)
        return tl_fail(e, "%s has no data and so no end: say how long with --steps or --minutes",
                       m->name);
    return 0;
}

int tl_train_check_probes(const tl_train_options *o, const tl_model *m, const tl_tensor **probe, tl_error *e)
{
    const char *out = o->probe_out ? "--probe-out" : "--probe-grad-out";
    *probe = NULL;
    if (!o->probe && (o->probe_out || o->probe_grad_out))
        return tl_fail(e, "%s: say which probe: --probe NAME", out);
    if (!o->probe)
        return 0;
    if (!o->probe_out && !o->probe_grad_out)
        return tl_fail(e, "--probe %s: say where to write it: --probe-out FILE.npy or "
                       "--probe-grad-out FILE.npy", o->probe);
    if (o->anomaly)
        return tl_fail(e, "--anomaly has probes of its own: --probe %s needs a run without it",
                       o->probe);
    *probe = tl_probe_find(m, o->probe, e);
    return *probe ? 0 : -1;
}

/* ---- what is set of the spec's train ---- */

static int is_compiled(const char *field, int64_t given, int32_t now, tl_error *e)
{
    if (!given || given == now)
        return 0;
    return tl_fail(e, "--%s %lld: it is compiled in, and this trainer has %s = %d; tapeless train SPEC --%s %lld builds "
                   "another", field, (long long)given, field, (int)now, field, (long long)given);
}

/* Where parameters stand, and which gradients there are, follows from who is trained apart from whom. */
static int is_compiled_list(const char *option, const tl_list *list, tl_error *e)
{
    if (!list->count)
        return 0;
    return tl_fail(e, "--%s %s: it is compiled in; tapeless train SPEC --%s '%s' builds another trainer", option, list->item[0],
                   option, list->item[0]);
}

static int add_set(tl_settings *s, const char *assignment, tl_error *e)
{
    if (strncmp(assignment, "tbptt.", 6) && strncmp(assignment, "train.optimizer.decay=", 22))
        return tl_settings_add(s, assignment, e);
    return tl_fail(e, "--set %s: that is compiled in; tapeless train SPEC --set %s builds another trainer", assignment,
                   assignment);
}

static int add_number(tl_settings *s, const char *field, double x, tl_error *e)
{
    char text[96];
    snprintf(text, sizeof text, "train.%s=%.17g", field, x);
    return x < 0 ? 0 : tl_settings_add(s, text, e);
}

static int add_optimizer(tl_settings *s, const char *name, tl_error *e)
{
    char text[96];
    snprintf(text, sizeof text, "train.optimizer=%.60s", name ? name : "");
    return name ? tl_settings_add(s, text, e) : 0;
}

int tl_train_settings(const tl_train_options *o, const tl_model *m, tl_settings *s, tl_error *e)
{
    const tl_tbptt *k = &m->tbptt;
    *s = (tl_settings){ 0 };
    if (is_compiled("k1", o->k1, k->k1, e) || is_compiled("k2", o->k2, k->k2, e) ||
        is_compiled("batch", o->batch, k->batch, e) || is_compiled("shards", o->shards, tl_shards(k), e) ||
        is_compiled_list("group", &o->groups, e) || is_compiled_list("freeze", &o->frozen, e))
        return -1;
    for (size_t i = 0; i < o->sets.count; i++)
        if (add_set(s, o->sets.item[i], e))
            return -1;
    return add_optimizer(s, o->optimizer, e) || add_number(s, "optimizer.lr", o->lr, e) ||
           add_number(s, "clip_norm", o->clip_norm, e) ? -1 : 0;
}

void tl_train_options_free(tl_train_options *o)
{
    const tl_option table[] = TRAIN_TABLE(*o);
    tl_cli_free(table);
}

int tl_train_options_see(const tl_train_options *given, tl_see_table *see, void *context)
{
    tl_train_options o = *given;
    const tl_option table[] = TRAIN_TABLE(o);
    return see(table, context);
}

int tl_train_table(tl_see_table *see, void *context)
{
    tl_train_options o = defaults();
    const tl_option table[] = TRAIN_TABLE(o);
    int result = see(table, context);
    tl_cli_free(table);
    return result;
}

/* What cannot be is left out: the trainer will say so. */
static void apply_line(const tl_train_options *o, tl_train_spec *spec)
{
    tl_error ignored;
    tl_settings given = { 0 };
    for (size_t i = 0; i < o->sets.count; i++)
        tl_settings_add(&given, o->sets.item[i], &ignored);
    add_optimizer(&given, o->optimizer, &ignored);
    tl_settings_apply(&given, spec, &ignored);
}

static void apply_checkpoint(const char *model, const tl_train_options *o, tl_train_spec *spec)
{
    tl_error ignored;
    tl_settings settings;
    char own[512];
    snprintf(own, sizeof own, "%s.safetensors", model);
    tl_st *st = o->resume ? tl_st_open(o->checkpoint ? o->checkpoint : own, &ignored) : NULL;
    if (st)
        tl_checkpoint_spec(st, &settings, spec, &ignored);
    tl_st_free(st);
}

void tl_look_at_optimizer(const char *model, int argc, char **argv, tl_train_spec *spec)
{
    tl_error ignored;
    tl_train_options o = defaults();
    const tl_option table[] = TRAIN_TABLE(o);
    char **words = calloc((size_t)argc + 1, sizeof *words); /* parsing reorders them */
    int nargs;
    for (int i = 0; i < argc && words; i++)
        words[i] = argv[i];
    if (words && tl_cli_parse(table, argc, words, 0, &nargs, &ignored) == TL_CLI_OK) {
        apply_checkpoint(model, &o, spec);
        apply_line(&o, spec);
    }
    tl_cli_free(table);
    free(words);
}

tl_train_look tl_look_at_training(const char *model, int argc, char **argv, int carry)
{
    tl_error ignored;
    tl_train_look look = { 0 };
    tl_train_options o = defaults();
    const tl_option table[] = TRAIN_TABLE(o);
    char **words = calloc((size_t)argc + 1, sizeof *words); /* parsing reorders them */
    int nargs;
    if (!words)
        return look;
    for (int i = 0; i < argc; i++)
        words[i] = argv[i];
    if (tl_cli_parse(table, argc, words, 0, &nargs, &ignored) == TL_CLI_OK) {
        tl_needs needs = tl_dataset_needs(&o.data, carry);
        needs.resets |= o.resume && tl_dataset_goes_on(&o.data, model, o.checkpoint);
        needs.resets |= o.start && !o.recode && tl_dataset_goes_on(&o.data, model, o.start);
        look = (tl_train_look){ .resets = needs.resets, .masks = needs.masks, .anomaly = o.anomaly,
                                  .lags = o.lags };
    }
    tl_cli_free(table);
    free(words);
    return look;
}
