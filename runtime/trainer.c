#include "trainer.h"

#include <cblas.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"

typedef struct Command {
    const char *name;
    int (*run)(const tl_engine *, int argc, char **argv);
    const char *about;
} Command;

static const Command commands[] = {
    { "train", tl_command_train, "learn from data, with checkpoints" },
    { "eval", tl_command_eval, "score a checkpoint on data" },
    { "sample", tl_command_sample, "generate text" },
    { "predict", tl_command_predict, "predict the targets of a CSV table" },
    { "lags", tl_command_lags, "show how much gradient arrives k steps back" },
    { "bench", tl_command_bench, "time a window and an update" },
    { "info", tl_command_info, "print the model's tables" },
    { "export", tl_command_export, "write the weights alone, under PyTorch's names" },
    { "import", tl_command_import, "make a checkpoint of such weights" },
};

enum { COUNT = sizeof commands / sizeof *commands };

static void help(const tl_model *m, FILE *out)
{
    fprintf(out, "usage: %s COMMAND [options]\n\n", m->name);
    for (size_t i = 0; i < COUNT; i++)
        fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].about);
    fprintf(out, "\n%s COMMAND --help says more. The model is %s [%s], compiled by tapeless %s.\n",
            m->name, m->spec, m->options, m->version);
}

static int unknown(const tl_model *m, const char *word)
{
    const char *names[COUNT + 1] = { NULL };
    for (size_t i = 0; i < COUNT; i++)
        names[i] = commands[i].name;
    const char *nearest = tl_cli_nearest(word, names);
    fprintf(stderr, "%s: there is no command '%s'; %s%s%s\n", m->name, word,
            nearest ? "did you mean '" : "--help lists them", nearest ? nearest : "",
            nearest ? "'?" : "");
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
    openblas_set_num_threads(1); /* sums must not depend on how many processors are free */
    const char *word = argc > 1 ? argv[1] : "";
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0) {
        help(m, stdout);
        return TL_EXIT_DONE;
    }
    if (argc < 2) {
        help(m, stderr);
        return TL_EXIT_WRONG;
    }
    if (strcmp(word, "--info") == 0)
        word = "info";
    for (size_t i = 0; i < COUNT; i++)
        if (strcmp(commands[i].name, word) == 0)
            return commands[i].run(engine, argc - 2, argv + 2);
    return unknown(m, word);
}

int tl_trainer_main(const tl_model *model, int argc, char **argv)
{
    tl_engine engine = tl_generated_engine(model);
    return tl_run(&engine, argc, argv);
}
