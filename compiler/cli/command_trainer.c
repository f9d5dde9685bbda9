/* command_trainer.c - train, eval, sample, predict, lags, bench, info, export, import: builds the model's
 * trainer (from the cache if it is there) and becomes it. With --engine interpreter the same program
 * runs here, over the interpreter. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <tapeless/commands.h>
#include <tapeless/trainer.h>
#include "cli/cache.h"
#include "cli/commands.h"
#include "cli/engine.h"
#include "cli/exported.h"
#include "cli/fmu.h"
#include "cli/given.h"
#include "cli/instrument.h"
#include "cli/quantised.h"
#include "front/identifier.h"
#include "graph/checked.h"
#include "graph/user_error.h"
#include "passes/learn.h"

typedef struct Arguments {
    Common common;
    const char *command, *engine;
    tl_words rest; /* for the trainer: its path, the command, and what of the line is the trainer's */
    int argc;
    char **argv;
    /* of the trainer's options, after they were read: */
    const char *checkpoint; /* of several the first */
    size_t checkpoints;
    tl_words first; /* of these, where the trainer takes several */
    bool resume;
    FmuArguments fmu; /* of export */
    ExportArguments export; /* likewise */
    QuantisedArguments quantised; /* of eval and predict */
} Arguments;

static void set_program(tl_words *rest, const char *path)
{
    free(rest->word[0]);
    rest->word[0] = checked(strdup(path));
}

/* --name=value, for the trainer. */
static void add_word(Arguments *a, const char *name, const char *value)
{
    tl_error e;
    char *word = NULL;
    checked_print(asprintf(&word, "--%s=%s", name, value));
    if (tl_words_add(&a->rest, word, &e))
        out_of_memory();
    free(word);
}

static int interpret(Arguments *a, Model *m)
{
    char *error = NULL;
    Engine *e = engine_interpreter(m, real_of(&a->common), &error);
    if (!e)
        return complain(error);
    set_program(&a->rest, m->name);
    char **words = checked(malloc((a->rest.count + 1) * sizeof *words)); /* parsing reorders them */
    memcpy(words, a->rest.word, a->rest.count * sizeof *words);
    int status = tl_run(&e->run, (int)a->rest.count, words);
    free(words);
    engine_free(e);
    return status;
}

static int become_trainer(Arguments *a, Model *m)
{
    char *error = NULL, *path = NULL, *shown = NULL;
    CompileOptions o = compile_options(&a->common);
    Program *p = compile(m, &o, &error);
    CacheEntry entry;
    bool built = p && build_cached(p, &entry, &error);
    program_free(p);
    if (!built)
        return complain(error);
    checked_print(asprintf(&path, "%s/%s", entry.path, m->name));
    checked_print(asprintf(&shown, "%s/%s", entry.shown, m->name));
    set_program(&a->rest, shown);
    execv(path, a->rest.word);
    return complain(user_sentence("%s: cannot run the trainer: %s", shown, strerror(errno)));
}

/* A training's windows read reset flags and masks where its data have them, whatever the spec says;
 * validation and all other commands go step by step and need nothing compiled. The spec's hash
 * stays, so that a checkpoint serves every build. */
static void fit_to_training(Model *m, tl_train_look look)
{
    m->resets |= look.resets;
    m->masks |= look.masks;
    if (look.k2)
        m->tbptt.k2 = look.k2;
}

static int start(Arguments *a, Model *m)
{
    return strcmp(a->engine, "interpreter") ? become_trainer(a, m) : interpret(a, m);
}

/* With --anomaly the model has a probe on every operation, under its own name. */
static int start_trainer(Arguments *a, Model *m)
{
    tl_train_look look = { 0 };
    int argc = (int)a->rest.count - 2;
    char **argv = a->rest.word + 2;
    if (!strcmp(a->command, "train"))
        look = tl_look_at_training(m->name, argc, argv, m->tbptt.carry);
    if (!strcmp(a->command, "online")) /* a stream is one lane */
        m->tbptt.batch = m->tbptt.shards = 1;
    if (!strcmp(a->command, "lags"))
        look = tl_look_at_lags(m->name, argc, argv, m->tbptt.carry);
    if (look.k2 && m->head && look.k2 != m->tbptt.k2)
        return complain(user_sentence("tapeless lags: --k2 %d: the model's window looks at k2 = %d steps", look.k2,
                                      m->tbptt.k2));
    fit_to_training(m, look);
    char *error = look.lags ? prepare_lags(m) : NULL;
    if (error)
        return complain(error);
    if (!look.anomaly)
        return start(a, m);
    Model *probed = instrument(m);
    probed->name = m->name;
    int status = start(a, probed);
    instrument_free(probed);
    return status;
}

/* ---- a checkpoint that is used again ---- */

/* The file that the command takes its weights from, or NULL if they are new. */
static const char *used_checkpoint(const Arguments *a, Arena *arena)
{
    static const char *const users[] = { "eval", "sample", "predict", "lags", "export", NULL };
    bool uses = (!strcmp(a->command, "train") && a->resume) || (!strcmp(a->command, "online") && a->checkpoint);
    if (!strcmp(a->command, "import"))
        return a->common.more;
    for (int i = 0; users[i]; i++)
        uses |= !strcmp(a->command, users[i]);
    if (!uses || a->checkpoint)
        return uses ? a->checkpoint : NULL;
    return arena_printf(arena, "%s.safetensors", model_identifier(arena, a->common.spec));
}

static bool is_output(const char *word, const char *equals)
{
    static const char *const names[] = { "checkpoint", "best", "log", "plot", "output", "probe-out", "probe-grad-out" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == (size_t)(equals - word) - 2 && !strncmp(word + 2, names[i], strlen(names[i])))
            return true;
    return false;
}

/* No file that a command writes is its spec, which the trainer does not know. */
static bool writes_spec(const Arguments *a, const char **option)
{
    struct stat spec, s;
    if (stat(a->common.spec, &spec))
        return false;
    for (size_t i = 2; i < a->rest.count; i++) {
        const char *word = a->rest.word[i], *equals = !strncmp(word, "--", 2) ? strchr(word, '=') : NULL;
        if (equals && is_output(word, equals) && !stat(equals + 1, &s) && s.st_dev == spec.st_dev && s.st_ino == spec.st_ino) {
            *option = word;
            return true;
        }
    }
    return false;
}

/* The optimizer that a training will have: lm and ekf need more of the model than others. */
static tl_optimizer_kind kind_of(const Arguments *a, const Model *m)
{
    tl_train_spec spec = m->train;
    if (!strcmp(a->command, "train"))
        tl_look_at_optimizer(m->name, (int)a->rest.count - 2, a->rest.word + 2, &spec);
    return spec.optimizer.kind;
}

/* How much gradient arrives is asked of windows, whatever the spec learns by. */
static char *prepare(const Arguments *a, Model *m, tl_optimizer_kind kind)
{
    if (strcmp(a->command, "lags"))
        return prepare_learning(m, kind);
    m->tbptt.learn = TL_LEARN_TBPTT;
    return prepare_learning(m, TL_SGD);
}

static int start_quantised(Arguments *a, Model *m)
{
    Arena *arena = arena_new();
    set_program(&a->rest, m->name);
    int status = run_quantised(&a->quantised, &a->common, m, a->command, used_checkpoint(a, arena), &a->rest);
    arena_free(arena);
    return status;
}

static int run(Arguments *a)
{
    const char *option;
    if (writes_spec(a, &option))
        return complain(user_sentence("tapeless %s: %s: this is the spec", a->command, option));
    if (strcmp(a->engine, "generated") && strcmp(a->engine, "interpreter"))
        return complain(user_sentence("tapeless %s: --engine %s: it is generated or interpreter", a->command, a->engine));
    if (a->quantised.kind && narrow_of(a->quantised.kind) < 0)
        return complain(user_sentence("tapeless %s: --quantised %s: it is int8 or int16", a->command, a->quantised.kind));
    if (a->quantised.kind && a->checkpoints > 1)
        return complain(user_sentence("tapeless %s: --quantised is of one checkpoint, and -c names %zu", a->command, a->checkpoints));
    if (a->quantised.calibrate.count && !a->quantised.kind)
        return complain(user_sentence("tapeless %s: --calibrate is of --quantised", a->command));
    Given given;
    char *error = NULL;
    if (!given_read(&given, &a->common, &error))
        return complain(error);
    const char *checkpoint = used_checkpoint(a, given.arena);
    if (checkpoint)
        given_add_checkpoint(&given, &a->common, checkpoint);
    Model *m = given_load(&given, a->common.spec);
    const tl_optimizer_kind kind = m ? kind_of(a, m) : TL_SGD;
    const bool f64 = given.f64 || (!a->common.precision && learns_in_f64(kind));
    a->common.precision = f64 ? "f64" : "f32";
    given_free(&given);
    if (!m)
        return EXIT_WRONG;
    error = a->quantised.kind ? NULL : prepare(a, m, kind);
    int status = error ? complain(error) : a->quantised.kind ? start_quantised(a, m) : start_trainer(a, m);
    model_free(m);
    return status;
}

static int export_fmu(Arguments *a)
{
    if (a->export.output || a->export.arduino || a->export.esp_idf)
        return complain(user_sentence("tapeless export: --fmu is one thing, --output, --arduino and --esp-idf are others; take one of them"));
    if (exports_c(&a->export))
        return complain(user_sentence("tapeless export: --online, --no-libm, --quantise and --calibrate are of --arduino and --esp-idf, not of --fmu"));
    return run_fmu(&a->fmu, &a->common);
}

/* ---- the command line: the compiler's options and the trainer's in one table ---- */

#define TRAINER_OPTIONS(a)                                                                                  \
    COMMON_OPTIONS((a).common),                                                                             \
    TL_STRING("engine", 0, &(a).engine, "generated|interpreter", "what computes")

int trainer_table(tl_see_table *see, void *context)
{
    Arguments a = { .common = COMMON_DEFAULTS, .engine = "generated" };
    const tl_option table[] = { TRAINER_OPTIONS(a), TL_END };
    int result = see(table, context);
    tl_cli_free(table);
    return result;
}

int scoring_table(tl_see_table *see, void *context)
{
    Arguments a = { .common = COMMON_DEFAULTS, .engine = "generated" };
    const tl_option table[] = { QUANTISED_OPTIONS(a.quantised), TRAINER_OPTIONS(a), TL_END };
    int result = see(table, context);
    tl_cli_free(table);
    return result;
}

int export_table(tl_see_table *see, void *context)
{
    Arguments a = { .common = COMMON_DEFAULTS, .engine = "generated", .fmu = FMU_DEFAULTS };
    const tl_option table[] = { FMU_OPTIONS(a.fmu), EXPORT_OPTIONS(a.export), TRAINER_OPTIONS(a), TL_END };
    int result = see(table, context);
    tl_cli_free(table);
    return result;
}

static const char *about(const char *command)
{
    for (const tl_command *c = tl_commands; c->name; c++)
        if (!strcmp(c->name, command))
            return c->about;
    return "";
}

/* What the trainer can do without compiling anything is left to it: fields of train in a training (but `decay`, which
 * is a factor of each parameter), as far back as `lags` looks. */
static void leave_to_trainer(Arguments *a)
{
    Common *c = &a->common;
    char text[40];
    if (!strcmp(a->command, "lags") && c->k2) {
        snprintf(text, sizeof text, "%lld", (long long)c->k2);
        add_word(a, "k2", text);
        c->k2 = 0;
    }
    if (strcmp(a->command, "train"))
        return;
    size_t kept = 0;
    for (size_t i = 0; i < c->sets.count; i++)
        if (strncmp(c->sets.item[i], "train.", 6) || !strncmp(c->sets.item[i], "train.optimizer.decay=", 22))
            c->sets.item[kept++] = c->sets.item[i];
        else
            add_word(a, "set", c->sets.item[i]);
    c->sets.count = kept;
    if (c->optimizer)
        add_word(a, "optimizer", c->optimizer);
    if (c->lr >= 0) {
        snprintf(text, sizeof text, "%.17g", c->lr);
        add_word(a, "lr", text);
    }
    c->optimizer = NULL;
    c->lr = -1;
}

static void pass_argument(Arguments *a)
{
    tl_error e;
    if (a->common.more && (tl_words_add(&a->rest, "--", &e) || tl_words_add(&a->rest, a->common.more, &e)))
        out_of_memory();
}

/* Of several the first, whose name the table frees. What cannot be found the trainer will say. */
static void note_checkpoint(Arguments *a, const tl_option *o)
{
    const tl_list *several = o && o->kind == TL_OPTION_FILES ? o->to.list : NULL;
    tl_error e;
    if (several && several->count && tl_words_add(&a->first, several->item[0], &e))
        out_of_memory();
    a->checkpoint = a->first.count ? a->first.word[0] : o && !several ? *o->to.string : NULL;
    a->checkpoints = several ? several->count : 0;
}

/* What is needed here of what the trainer's table holds. */
static void note(Arguments *a, const tl_option *theirs)
{
    const tl_option *checkpoint = tl_cli_find(theirs, "checkpoint", 10, 0), *resume = tl_cli_find(theirs, "resume", 6, 0);
    note_checkpoint(a, checkpoint);
    a->resume = resume && *resume->to.flag;
    const tl_option *output = tl_cli_find(theirs, "output", 6, 0), *overwrite = tl_cli_find(theirs, "overwrite", 9, 0);
    a->export.output = output ? *output->to.string : NULL;
    a->export.checkpoint = a->checkpoint;
    a->export.overwrite = overwrite && *overwrite->to.flag;
    a->fmu.checkpoint = a->checkpoint;
    a->fmu.overwrite = overwrite && *overwrite->to.flag;
}

/* While the trainer's table is there. */
static int parse(const tl_option *theirs, void *context)
{
    Arguments *a = context;
    char text[256];
    const tl_option of_all[] = { TRAINER_OPTIONS(*a), TL_TABLE("of its trainer:", theirs, &a->rest), TL_END };
    const tl_option of_export[] = { FMU_OPTIONS(a->fmu), EXPORT_OPTIONS(a->export), TRAINER_OPTIONS(*a),
                                    TL_TABLE("of its trainer:", theirs, &a->rest), TL_END };
    const tl_option of_scoring[] = { QUANTISED_OPTIONS(a->quantised), TRAINER_OPTIONS(*a),
                                     TL_TABLE("of its trainer:", theirs, &a->rest), TL_END };
    const tl_option *table = !strcmp(a->command, "export") ? of_export
                             : !strcmp(a->command, "eval") || !strcmp(a->command, "predict") ? of_scoring : of_all;
    snprintf(text, sizeof text, "Builds the model's trainer, unless that was done before, and runs it: %s.",
             about(a->command));
    int status = parse_command(table, &a->common, a->command, text, a->argc, a->argv);
    if (status >= 0)
        return status;
    note(a, theirs);
    leave_to_trainer(a);
    pass_argument(a);
    return -1;
}

int command_trainer(const char *command, int argc, char **argv)
{
    tl_error e;
    Arguments a = { .common = COMMON_DEFAULTS, .command = command, .engine = "generated", .argc = argc,
                    .argv = argv, .fmu = FMU_DEFAULTS };
    if (tl_words_add(&a.rest, "tapeless", &e) || tl_words_add(&a.rest, command, &e))
        out_of_memory();
    int status = tl_show_command(command, parse, &a);
    if (status < 0)
        status = a.fmu.step_size != 1 && !a.fmu.file ? complain(user_sentence("tapeless export: --step-size is of --fmu")) : a.fmu.file ? export_fmu(&a) : exports_c(&a.export) ? run_export(&a.export, &a.common) : run(&a);
    common_free(&a.common);
    free(a.quantised.calibrate.item);
    free(a.export.single.calibrate.item);
    tl_words_free(&a.rest);
    tl_words_free(&a.first);
    return status;
}
