/* command_trainer.c - train, eval, sample, predict, lags, bench, info, export, import: builds the model's
 * trainer (from the cache if it is there) and becomes it. With --engine interpreter the same program
 * runs here, over the interpreter. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tapeless/trainer.h>
#include "commands.h"
#include "engine.h"
#include "instrument.h"
#include "toolchain.h"
#include "user_error.h"

typedef struct Arguments {
    Common common;
    const char *engine;
    char **rest; /* for the trainer: rest[0] its path, rest[1] the command */
    int nrest;
} Arguments;

/* The value of option `name` (or -D) at argv[*i], joined or as the next word; NULL if it is another
 * option. */
static const char *value_of(const char *name, int argc, char **argv, int *i)
{
    size_t n = strlen(name);
    const char *word = argv[*i];
    if (strncmp(word, name, n))
        return NULL;
    bool is_long = name[1] == '-';
    if (is_long ? word[n] == '=' : word[n] != '\0')
        return word + n + is_long;
    return word[n] == '\0' && *i + 1 < argc ? argv[++*i] : NULL;
}

static void add_define(Arguments *a, const char *text)
{
    a->common.defines.item = reallocarray(a->common.defines.item, a->common.defines.count + 1, sizeof(char *));
    if (!a->common.defines.item)
        abort();
    a->common.defines.item[a->common.defines.count++] = text;
}

/* The compiler's own options are taken out; all others are the trainer's. */
static void split_arguments(Arguments *a, const char *command, int argc, char **argv)
{
    a->rest = calloc((size_t)argc + 3, sizeof *a->rest);
    if (!a->rest)
        abort();
    a->rest[1] = (char *)command;
    a->nrest = 2;
    for (int i = 1; i < argc; i++) {
        const char *v;
        if ((v = value_of("-D", argc, argv, &i)) || (v = value_of("--define", argc, argv, &i)))
            add_define(a, v);
        else if ((v = value_of("--precision", argc, argv, &i)))
            a->common.precision = v;
        else if ((v = value_of("--engine", argc, argv, &i)))
            a->engine = v;
        else
            a->rest[a->nrest++] = argv[i];
    }
}

static int interpret(const Arguments *a, Model *m)
{
    char *error = NULL;
    Engine *e = engine_interpreter(m, real_of(&a->common), &error);
    if (!e)
        return complain(error);
    a->rest[0] = (char *)m->name;
    int status = tl_run(&e->run, a->nrest, a->rest);
    engine_free(e);
    return status;
}

static int become_trainer(const Arguments *a, Model *m)
{
    char *error = NULL, *path = NULL;
    CompileOptions o = compile_options(&a->common);
    Program *p = compile(m, &o, &error);
    char *directory = p ? build_cached(p, &error) : NULL;
    program_free(p);
    if (!directory)
        return complain(error);
    if (asprintf(&path, "%s/%s", directory, m->name) < 0)
        abort();
    a->rest[0] = path;
    execv(path, a->rest);
    return complain(user_sentence("%s: cannot run the trainer: %s", path, strerror(errno)));
}

/* A training's windows read reset flags and masks where its data have them, whatever the spec says;
 * validation and all other commands go step by step and need nothing compiled. The spec's hash
 * stays, so that a checkpoint serves every build. */
static void fit_to_training(Model *m, tl_train_look look)
{
    m->resets |= look.resets;
    m->masks |= look.masks;
    m->lags |= look.lags;
    if (look.k2)
        m->tbptt.k2 = look.k2;
}

static int start(const Arguments *a, Model *m)
{
    return strcmp(a->engine, "interpreter") ? become_trainer(a, m) : interpret(a, m);
}

/* With --anomaly the model has a probe on every operation, under its own name. */
static int start_trainer(const Arguments *a, Model *m, const char *command)
{
    tl_train_look look = { 0 };
    if (!strcmp(command, "train"))
        look = tl_look_at_training(a->nrest - 2, a->rest + 2, m->tbptt.carry);
    if (!strcmp(command, "lags"))
        look = tl_look_at_lags(a->nrest - 2, a->rest + 2, m->tbptt.carry);
    if (look.k2 && m->head && look.k2 != m->tbptt.k2)
        return complain(user_sentence("tapeless lags: --k2 %d: the model's window looks at k2 = %d steps", look.k2,
                                      m->tbptt.k2));
    fit_to_training(m, look);
    if (!look.anomaly)
        return start(a, m);
    Model *probed = instrument(m);
    probed->name = m->name;
    int status = start(a, probed);
    instrument_free(probed);
    return status;
}

static int run(Arguments *a, const char *command)
{
    if (strcmp(a->common.precision, "f32") && strcmp(a->common.precision, "f64"))
        return complain(user_sentence("tapeless %s: --precision %s: it is f32 or f64", command, a->common.precision));
    if (strcmp(a->engine, "generated") && strcmp(a->engine, "interpreter"))
        return complain(user_sentence("tapeless %s: --engine %s: it is generated or interpreter", command, a->engine));
    Model *m = load_model(&a->common);
    if (!m)
        return EXIT_WRONG;
    int status = start_trainer(a, m, command);
    model_free(m);
    return status;
}

static bool is_help(const char *word) { return !strcmp(word, "--help") || !strcmp(word, "-h"); }

/* The options that are the compiler's; those of the trainer, which the spec decides on, follow when
 * there is one. */
static void print_own_help(const char *command, bool spec)
{
    printf("usage: tapeless %s SPEC [options]\n\n"
           "  -D, --define NAME=VALUE      override what the spec's options{} declares\n"
           "      --precision f32|f64      the type of all real numbers [f32]\n"
           "      --engine ENGINE          generated or interpreter [generated]\n\n", command);
    if (spec)
        printf("and what its trainer understands:\n\n");
    else
        printf("tapeless %s SPEC --help lists the other options\n", command);
    fflush(stdout);
}

int command_trainer(const char *command, int argc, char **argv)
{
    if (argc == 1 && is_help(argv[0])) {
        print_own_help(command, false);
        return EXIT_DONE;
    }
    if (argc < 1 || argv[0][0] == '-')
        return complain(user_sentence("tapeless %s: the spec comes first: tapeless %s SPEC [-D name=value] "
                                      "[--precision f32|f64] [--engine generated|interpreter] [the trainer's "
                                      "options; tapeless %s SPEC --help lists them]", command, command, command));
    Arguments a = { .common = { .precision = "f32", .spec = argv[0] }, .engine = "generated" };
    split_arguments(&a, command, argc, argv);
    for (int i = 2; i < a.nrest; i++)
        if (is_help(a.rest[i])) {
            print_own_help(command, true);
            break;
        }
    int status = run(&a, command);
    free(a.common.defines.item);
    free(a.rest);
    return status;
}
