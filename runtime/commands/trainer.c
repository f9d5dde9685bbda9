#include "trainer.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "blas.h"
#include "commands.h"
#include "processes.h"
#include "standard_output.h"

enum { MOST = 16 }; /* commands */

static void help(const tl_model *m, FILE *out)
{
    fprintf(out, "usage: %s COMMAND [options]\n\n", m->name);
    for (const tl_command *c = tl_commands; c->name; c++)
        fprintf(out, "  %-10s %s\n", c->name, c->about);
    fprintf(out, "\n%s COMMAND --help says more. The model is %s [%s], compiled by tapeless %s.\n",
            m->name, m->spec, m->options, m->version);
}

static int unknown(const tl_model *m, const char *word)
{
    const char *names[MOST + 1] = { NULL };
    for (size_t i = 0; i < MOST && tl_commands[i].name; i++)
        names[i] = tl_commands[i].name;
    const char *nearest = tl_cli_nearest(word, names);
    fprintf(stderr, "%s: there is no command '%s'; %s%s%s\n", m->name, word,
            nearest ? "did you mean '" : "--help lists them", nearest ? nearest : "",
            nearest ? "'?" : "");
    return TL_EXIT_WRONG;
}

/* Takes the command out of argv, where it may stand behind options; NULL if there is none. */
static char *take_command(int *argc, char **argv)
{
    tl_show_table *tables[MOST + 1] = { NULL };
    for (size_t i = 0; i < MOST && tl_commands[i].name; i++)
        tables[i] = tl_commands[i].show;
    int at = 1 + tl_find_command(tables, *argc - 1, argv + 1);
    if (at >= *argc)
        return NULL;
    char *word = argv[at];
    memmove(argv + at, argv + at + 1, (size_t)(*argc - at - 1) * sizeof *argv);
    --*argc;
    return word;
}

/* Nothing but options: --help, or a mistake. */
static int no_command(const tl_model *m, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            help(m, stdout);
            return TL_EXIT_DONE;
        }
    if (argc > 1)
        fprintf(stderr, "%s: no command among the options; --help lists the commands\n", m->name);
    else
        help(m, stderr);
    return TL_EXIT_WRONG;
}

static int run(const tl_engine *engine, const tl_command *c, int argc, char **argv)
{
    tl_error e;
    if (c->run != tl_command_train && tl_processes_started() > 1) {
        if (tl_processes_speak())
            fprintf(stderr, "%s: %s runs in one process, and was started in several: train alone shares its work among "
                    "them\n", engine->model->name, c->name);
        return TL_EXIT_WRONG;
    }
    if (!c->computes || !engine->model->calls_blas || !tl_blas_load(&e))
        return c->run(engine, argc, argv);
    fprintf(stderr, "%s: %s\n", engine->model->name, e.text);
    return TL_EXIT_WRONG;
}

int tl_run(const tl_engine *engine, int argc, char **argv)
{
    const tl_model *m = engine->model;
    if (m->abi != TL_ABI) {
        fprintf(stderr, "%s: compiled for ABI %u of the runtime, this is %d: compile it again\n",
                m->name, (unsigned)m->abi, TL_ABI);
        return TL_EXIT_WRONG;
    }
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error with a sentence, not the end */
    if (argc > 1 && strcmp(argv[1], "--info") == 0)
        argv[1] = (char *)(uintptr_t)"info";
    char *word = take_command(&argc, argv);
    if (word && strcmp(word, "help") == 0 && (word = take_command(&argc, argv)) != NULL) {
        argv[argc++] = (char *)(uintptr_t)"--help"; /* where `help` stood */
        argv[argc] = NULL;
    }
    if (!word)
        return no_command(m, argc, argv);
    for (const tl_command *c = tl_commands; c->name; c++)
        if (strcmp(c->name, word) == 0)
            return run(engine, c, argc - 1, argv + 1);
    return unknown(m, word);
}

int tl_trainer_main(const tl_model *model, int argc, char **argv)
{
    tl_engine engine = tl_generated_engine(model);
    tl_output_begin();
    return tl_output_end(model->name, tl_run(&engine, argc, argv));
}
