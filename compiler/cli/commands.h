/* commands.h - what `tapeless COMMAND SPEC` does, a file a command. argv holds what follows the
 * command's name. Exit status: 0 done, 1 a check failed, 2 wrong usage or input. */
#ifndef COMPILER_COMMANDS_H
#define COMPILER_COMMANDS_H

#include <tapeless/cli.h>
#include "compile.h"
#include "front/spec.h"
#include "graph/user_error.h"

/* Options that every command understands. */
typedef struct Common {
    tl_list defines, sets; /* -D, --set */
    tl_list groups, frozen; /* --group, --freeze */
    int64_t k1, k2, batch, shards; /* 0: not given */
    double lr;             /* -1 */
    const char *optimizer, *learn; /* NULL */
    const char *precision; /* f32, f64; NULL: not given */
    const char *machine;   /* that the C is for; NULL: native */
    tl_list optimise;      /* no-NAME */
    int json;
    const char *spec;
    const char *more;      /* a second argument, where the command takes one; or NULL */
} Common;

#define SET_OPTIONS(c)                                                                            \
    TL_LIST("set", 0, &(c).sets, "FIELD=VALUE",                                                   \
            "a field of the spec's tbptt or train: tbptt.loss=last, train.schedule=cosine"),      \
    TL_INT("k1", 0, &(c).k1, "N", 1, 65536, "tbptt.k1, instead of the spec's"),                   \
    TL_INT("k2", 0, &(c).k2, "N", 1, 65536, "tbptt.k2, likewise"),                                \
    TL_INT("batch", 0, &(c).batch, "N", 1, 65536, "tbptt.batch, likewise"),                       \
    TL_INT("shards", 0, &(c).shards, "N", 1, 65536, "tbptt.shards, likewise"),                    \
    TL_DOUBLE("lr", 0, &(c).lr, "X", 0, 1e9, "train.optimizer.lr, likewise"),                     \
    TL_STRING("optimizer", 0, &(c).optimizer, "NAME", "train.optimizer, likewise"),               \
    TL_STRING("learn", 0, &(c).learn, "NAME", "tbptt.learn, likewise"),                           \
    TL_LIST("group", 0, &(c).groups, "PATTERN:lr=X,weight_decay=Y",                               \
            "factors of the parameters whose names match the shell pattern: 'rnn.*:lr=0.1'"),     \
    TL_LIST("freeze", 0, &(c).frozen, "PATTERN",                                                  \
            "these parameters are not trained: 'embed*'; none: all are that a checkpoint has frozen")

#define COMMON_OPTIONS(c)                                                                         \
    TL_LIST("define", 'D', &(c).defines, "NAME=VALUE", "override what the spec's options{} declares"), \
    SET_OPTIONS(c),                                                                               \
    TL_STRING("precision", 'p', &(c).precision, "f32|f64", "the type of all real numbers [f32]"), \
    TL_STRING("machine", 0, &(c).machine, "NAME",                                                 \
              "what the C is made for: native, avx512, avx2, sse2, neon, plain [native]"),        \
    TL_LIST("optimise", 'O', &(c).optimise, "no-NAME",                                            \
            "leave out one" OPTIMISATION_NAMES "; none: all of them")

/* What a command's Common holds before its line is read. */
#define COMMON_DEFAULTS { .lr = -1 }

#define JSON_OPTION(c) TL_FLAG("json", 0, &(c).json, "print JSON instead of a table")

/* Parses `COMMAND SPEC [options]` into the table's variables, c->spec and, where the command takes a second argument,
 * c->more, or NULL. Returns -1 to go on, else the exit status (help was printed, or what is wrong). */
int parse_command(const tl_option *table, Common *c, const char *command, const char *about, int argc, char **argv);

/* Evaluates c->spec. NULL after the sentence was printed. load_step: the step as it is, whatever the model learns by. The
 * type of numbers is the model's, where c does not say. */
Model *load_model(Common *c);
Model *load_step(const Common *c);
void common_free(Common *c);
tl_type real_of(const Common *c);
CompileOptions compile_options(const Common *c);

/* Prints the sentence to stderr, frees it, and returns EXIT_WRONG. */
int complain(char *sentence);

typedef struct Command {
    const char *name;
    const char *second; /* argument behind SPEC, or NULL */
    const char *help;
    int (*run)(int argc, char **argv); /* NULL: the trainer's */
    tl_show_table *show;               /* its own options */
} Command;

extern const Command commands[]; /* the last has no name */

/* The trainer's command whose options are options of this one, too; NULL. */
const char *trainer_command(const Command *);

int command_init(int argc, char **argv);
int command_data(int argc, char **argv);
int command_compile(int argc, char **argv);
int command_build(int argc, char **argv);
int command_grad(int argc, char **argv);
int command_jacobian(int argc, char **argv);
int command_diff(int argc, char **argv);
int command_check(int argc, char **argv);
int command_show(int argc, char **argv);
int command_sweep(int argc, char **argv);
/* train, eval, sample, predict, bench, export, import: the model's trainer, built and run. */
int command_trainer(const char *command, int argc, char **argv);

int init_table(tl_see_table *, void *context);
int data_table(tl_see_table *, void *context);
int compile_table(tl_see_table *, void *context); /* of build, too */
int grad_table(tl_see_table *, void *context);
int jacobian_table(tl_see_table *, void *context);
int diff_table(tl_see_table *, void *context);
int check_table(tl_see_table *, void *context);
int show_table(tl_see_table *, void *context);
int sweep_table(tl_see_table *, void *context);
int trainer_table(tl_see_table *, void *context); /* the compiler's part of it */
int export_table(tl_see_table *, void *context);
int scoring_table(tl_see_table *, void *context); /* of eval and predict */

/* The index in argv of the command's name, argc if there is none: options may stand before it. */
int find_command(int argc, char **argv);

#endif
