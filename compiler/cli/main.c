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
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <tapeless/standard_output.h>
#include <tapeless/version.h>
#include "cli/commands.h"
#include "graph/user_error.h"

enum { MOST = 32 }; /* commands */

static void print_help(FILE *f)
{
    fputs("usage: tapeless COMMAND SPEC [options]\n\n", f);
    for (const Command *c = commands; c->name; c++)
        fprintf(f, "  %-9s %s\n", c->name, c->help);
    fputs("\nOptions may stand anywhere. tapeless COMMAND --help, or tapeless help COMMAND, lists a command's; "
          "tapeless\n--version says which this is; docs/language.md says what a spec is.\n", f);
}

static int unknown_command(const char *word)
{
    const char *names[MOST + 1] = { NULL };
    for (int i = 0; i < MOST && commands[i].name; i++)
        names[i] = commands[i].name;
    const char *nearest = tl_cli_nearest(word, names);
    if (nearest)
        return complain(user_sentence("tapeless: there is no command '%s'; did you mean %s?", word, nearest));
    if (strchr(word, '.') || strchr(word, '/'))
        return complain(user_sentence("tapeless: '%s' stands where a command is expected, tapeless COMMAND SPEC; "
                                      "tapeless --help lists the commands", word));
    return complain(user_sentence("tapeless: there is no command '%s'; tapeless --help lists them", word));
}

/* Takes word `at` out of argv. */
static char *take(int *argc, char **argv, int at)
{
    char *word = argv[at];
    memmove(argv + at, argv + at + 1, (size_t)(*argc - at - 1) * sizeof *argv);
    --*argc;
    return word;
}

static bool has_word(int argc, char **argv, const char *word)
{
    for (int i = 1; i < argc; i++)
        if (!strcmp(argv[i], word))
            return true;
    return false;
}

/* Nothing but options. */
static int no_command(int argc, char **argv)
{
    if (has_word(argc, argv, "--help") || has_word(argc, argv, "-h")) {
        print_help(stdout);
        return EXIT_DONE;
    }
    if (has_word(argc, argv, "--version")) {
        puts("tapeless " TL_VERSION);
        return EXIT_DONE;
    }
    if (argc > 1)
        return complain(user_sentence("tapeless: no command among the options; tapeless --help lists the commands"));
    print_help(stderr);
    return EXIT_WRONG;
}

static int run(const char *word, int argc, char **argv)
{
    for (const Command *c = commands; c->name; c++)
        if (!strcmp(word, c->name))
            return c->run ? c->run(argc, argv) : command_trainer(word, argc, argv);
    return unknown_command(word);
}

static int start(int argc, char **argv)
{
    signal(SIGXFSZ, SIG_IGN); /* EFBIG, for the C compiler too */
    int at = argc > 0 ? 1 + find_command(argc - 1, argv + 1) : 1;
    if (at < argc && !strcmp(argv[at], "help")) {
        take(&argc, argv, at);
        at = 1 + find_command(argc - 1, argv + 1);
        if (at < argc)
            return run(argv[at], 1, (char *[]){ "--help", NULL });
        print_help(stdout);
        return EXIT_DONE;
    }
    if (at >= argc)
        return no_command(argc, argv);
    char *word = take(&argc, argv, at);
    return run(word, argc - 1, argv + 1);
}

int main(int argc, char **argv)
{
    tl_output_begin();
    return tl_output_end("tapeless", start(argc, argv));
}
