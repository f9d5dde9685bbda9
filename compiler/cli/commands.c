/* commands.c - what the commands share. */
#include "cli/commands.h"

#include <stdlib.h>
#include <string.h>

#include <tapeless/commands.h>
#include "cli/given.h"
#include "graph/user_error.h"
#include "passes/learn.h"

int complain(char *sentence)
{
    fprintf(stderr, "%s\n", sentence);
    free(sentence);
    return EXIT_WRONG;
}

/* NULL: none of those to be left out is. */
static const char *misnamed_optimisation(const Common *c)
{
    ScheduleOptions o = { 0 };
    for (size_t i = 0; i < c->optimise.count; i++)
        if (!leave_out(&o, c->optimise.item[i]))
            return c->optimise.item[i];
    return NULL;
}

static bool known_precision(const char *s) { return !strcmp(s, "f32") || !strcmp(s, "f64"); }

const Command commands[] = {
    { "init", NULL, "make a folder to begin in: a model, data, the next commands", command_init, init_table },
    { "data", NULL, "what a table has, and what a model would read of it", command_data, data_table },
    { "compile", NULL, "write the C of a model: NAME.c, NAME.h", command_compile, compile_table },
    { "build", NULL, "the same, and build its trainer and library", command_build, compile_table },
    { "train", NULL, "build and train: progress, validation, checkpoints", NULL, trainer_table },
    { "sweep", NULL, "train with many values of options, and rank what comes of it", command_sweep, sweep_table },
    { "eval", NULL, "score data with a checkpoint", NULL, scoring_table },
    { "sample", NULL, "generate text", NULL, trainer_table },
    { "predict", NULL, "forecast, or predict row by row", NULL, scoring_table },
    { "online", NULL, "predict rows as they come, then learn from them", NULL, trainer_table },
    { "lags", NULL, "how much gradient still arrives k steps back: is k2 long enough?", NULL, trainer_table },
    { "grad", NULL, "loss and every gradient of one window, as safetensors", command_grad, grad_table },
    { "jacobian", NULL, "d output / d parameters of every step, as safetensors", command_jacobian, jacobian_table },
    { "diff", NULL, "generated code against the interpreter", command_diff, diff_table },
    { "check", NULL, "finite differences of the generated gradient, f64", command_check, check_table },
    { "show", NULL, "parameters, state, graph, memory, what was fused", command_show, show_table },
    { "bench", NULL, "time of a window, and what fraction of the FMA peak it is", NULL, trainer_table },
    { "export", NULL, "weights to safetensors with PyTorch's names, or C; an FMU (FMI 2.0); libraries for boards", NULL, export_table },
    { "import", "FILE", "weights from such a file to a checkpoint", NULL, trainer_table },
    { "info", NULL, "the model's tables and options", NULL, trainer_table },
    { NULL, NULL, NULL, NULL, NULL },
};

const char *trainer_command(const Command *c) { return !c->run ? c->name : c->run == command_sweep ? "train" : NULL; }

int find_command(int argc, char **argv)
{
    tl_show_table *tables[64] = { NULL };
    size_t n = 0;
    for (const Command *c = commands; c->name && n < 62; c++)
        tables[n++] = c->show;
    for (const tl_command *c = tl_commands; c->name && n < 62; c++)
        tables[n++] = c->show;
    return tl_find_command(tables, argc, argv);
}

static const char *second_argument(const char *command)
{
    const Command *c = commands;
    while (strcmp(c->name, command))
        c++;
    return c->second;
}

int parse_command(const tl_option *table, Common *c, const char *command, const char *about, int argc, char **argv)
{
    tl_error e;
    int nargs = 0;
    const char *second = second_argument(command);
    char usage[128];
    snprintf(usage, sizeof usage, "tapeless %s SPEC%s%s [options]", command, second ? " " : "", second ? second : "");
    switch (tl_cli_parse(table, argc, argv, second ? 2 : 1, &nargs, &e)) {
    case TL_CLI_HELP:
        tl_cli_help(table, usage, about, stdout);
        return EXIT_DONE;
    case TL_CLI_WRONG:
        return complain(user_sentence("tapeless %s: %s", command, e.text));
    case TL_CLI_OK:
        break;
    }
    if (!nargs)
        return complain(user_sentence("tapeless %s: which spec? usage: %s", command, usage));
    if (c->machine && !target_named(c->machine))
        return complain(user_sentence("tapeless %s: --machine %s: it is one of %s", command, c->machine, target_names));
    if (misnamed_optimisation(c))
        return complain(user_sentence("tapeless %s: -O %s: it is no-NAME, of %s, or none", command,
                                      misnamed_optimisation(c), &OPTIMISATION_NAMES[2]));
    if (c->precision && !known_precision(c->precision))
        return complain(user_sentence("tapeless %s: --precision %s: it is f32 or f64", command, c->precision));
    c->spec = argv[0];
    c->more = nargs > 1 ? argv[1] : NULL;
    return -1;
}

tl_type real_of(const Common *c)
{
    return c->precision && !strcmp(c->precision, "f64") ? TL_F64 : TL_F32;
}

CompileOptions compile_options(const Common *c)
{
    CompileOptions o = { .schedule = schedule_options(real_of(c), target_named(c->machine ? c->machine : "native")) };
    for (size_t i = 0; i < c->optimise.count; i++)
        leave_out(&o.schedule, c->optimise.item[i]);
    return o;
}

void common_free(Common *c)
{
    free(c->defines.item);
    free(c->sets.item);
    free(c->groups.item);
    free(c->frozen.item);
    free(c->optimise.item);
    c->defines = c->sets = c->groups = c->frozen = c->optimise = (tl_list){ 0 };
}

Model *load_model(Common *c)
{
    Model *m = load_step(c);
    const tl_optimizer_kind kind = m ? m->train.optimizer.kind : TL_SGD;
    char *error = m ? prepare_learning(m, kind) : NULL;
    if (!c->precision && learns_in_f64(kind))
        c->precision = "f64";
    if (!error)
        return m;
    model_free(m);
    complain(error);
    return NULL;
}

Model *load_step(const Common *c)
{
    Given given;
    char *error = NULL;
    if (!given_read(&given, c, &error)) {
        complain(error);
        return NULL;
    }
    Model *m = given_load(&given, c->spec);
    given_free(&given);
    return m;
}
