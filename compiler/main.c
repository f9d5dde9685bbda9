/* main.c - tapeless: a spec in Lua to a trainer in C.
 *
 *     spec.c           Lua, in a sandbox, to a step graph       (graph.c shape.c fold.c: as nodes are made)
 *     unroll.c         k2 copies of the step
 *     differentiate.c  backward, as more graph                  (adjoint.c: the rules)
 *     keep_alike.c     where steps are kept: every slot keeps the same
 *     remove_dead.c    what no result needs
 *     legalise.c       copies where a value must stand in two places   (layout.c: where values stand)
 *     fuse.c           pointwise operations into loops
 *     plan.c           offsets in the workspace
 *     emit_*.c         C
 *
 * compile.c runs them in this order. Beside them, lower.c makes the interpreter's program. */
#include <cblas.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "user_error.h"
#include "version.h"

typedef struct Command {
    const char *name, *help;
    int (*run)(int argc, char **argv); /* NULL: the trainer's */
} Command;

static const Command commands[] = {
    { "compile", "write the C of a model: NAME.c, NAME.h", command_compile },
    { "build", "the same, and build its trainer and library", command_build },
    { "train", "build and train: progress, validation, checkpoints", NULL },
    { "eval", "score data with a checkpoint", NULL },
    { "sample", "generate text", NULL },
    { "predict", "forecast, or predict row by row", NULL },
    { "lags", "how much gradient still arrives k steps back: is k2 long enough?", NULL },
    { "grad", "loss and every gradient of one window, as safetensors", command_grad },
    { "diff", "generated code against the interpreter", command_diff },
    { "check", "finite differences of the generated gradient, f64", command_check },
    { "show", "parameters, state, graph, memory, what was fused", command_show },
    { "bench", "time of a window, and what fraction of the FMA peak it is", NULL },
    { "export", "weights to safetensors with PyTorch's names", NULL },
    { "import", "weights from such a file to a checkpoint", NULL },
    { "info", "the model's tables and options", NULL },
};
enum { NCOMMANDS = sizeof commands / sizeof *commands };

static void print_help(FILE *f)
{
    fputs("usage: tapeless COMMAND SPEC [options]\n\n", f);
    for (int i = 0; i < NCOMMANDS; i++)
        fprintf(f, "  %-9s %s\n", commands[i].name, commands[i].help);
    fputs("\ntapeless COMMAND --help lists a command's options; docs/language.md says what a spec is.\n", f);
}

static int unknown_command(const char *word)
{
    const char *names[NCOMMANDS + 1] = { NULL };
    for (int i = 0; i < NCOMMANDS; i++)
        names[i] = commands[i].name;
    const char *nearest = tl_cli_nearest(word, names);
    if (nearest)
        return complain(user_sentence("tapeless: there is no command '%s'; did you mean %s?", word, nearest));
    return complain(user_sentence("tapeless: there is no command '%s'; tapeless --help lists them", word));
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        print_help(stderr);
        return EXIT_WRONG;
    }
    if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
        print_help(stdout);
        return EXIT_DONE;
    }
    if (!strcmp(argv[1], "--version")) {
        puts("tapeless " TAPELESS_VERSION);
        return EXIT_DONE;
    }
    openblas_set_num_threads(1); /* sums must not depend on how many processors are free */
    for (int i = 0; i < NCOMMANDS; i++)
        if (!strcmp(argv[1], commands[i].name))
            return commands[i].run ? commands[i].run(argc - 2, argv + 2)
                                   : command_trainer(argv[1], argc - 2, argv + 2);
    return unknown_command(argv[1]);
}
