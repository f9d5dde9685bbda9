#include "commands.h"

#include <stdio.h>
#include <string.h>

#include "stepper.h"

const tl_command tl_commands[] = {
    { "train", tl_command_train, "learn from data, with checkpoints", tl_train_table, 1 },
    { "eval", tl_command_eval, "score a checkpoint on data", tl_eval_table, 1 },
    { "sample", tl_command_sample, "generate text", tl_sample_table, 1 },
    { "predict", tl_command_predict, "predict the targets of a CSV table", tl_predict_table, 1 },
    { "lags", tl_command_lags, "show how much gradient arrives k steps back", tl_lags_table, 1 },
    { "bench", tl_command_bench, "time a window and an update", tl_bench_table, 1 },
    { "info", tl_command_info, "print the model's tables", tl_info_table, 0 },
    { "export", tl_command_export, "write the weights, under PyTorch's names", tl_export_table, 0 },
    { "import", tl_command_import, "make a checkpoint of such weights", tl_import_table, 0 },
    { NULL, NULL, NULL, NULL, 0 },
};

int tl_show_command(const char *name, tl_see_table *see, void *context)
{
    for (const tl_command *c = tl_commands; c->name; c++)
        if (strcmp(c->name, name) == 0)
            return c->show(see, context);
    return -1;
}

static int takes_next(const tl_option *table, void *word)
{
    return tl_cli_takes_next(table, word);
}

int tl_find_command(tl_show_table *const *tables, int argc, char **argv)
{
    int i = 0;
    for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
        int next = -1;
        if (strcmp(argv[i], "--") == 0)
            return i + 1;
        for (tl_show_table *const *show = tables; *show && next < 0; show++)
            next = (*show)(takes_next, argv[i]);
        i += next > 0;
    }
    return i < argc ? i : argc;
}

int tl_command_fail(const tl_model *m, const tl_error *e, int status)
{
    fprintf(stderr, "%s: %s\n", m->name, e->text);
    return status;
}

int tl_command_parse(const tl_option *table, const tl_model *m, const char *command,
                     const char *arguments, const char *about, int argc, char **argv, int most,
                     int *nargs)
{
    char usage[512];
    tl_error e;
    switch (tl_cli_parse(table, argc, argv, most, nargs, &e)) {
    case TL_CLI_OK: return -1;
    case TL_CLI_HELP:
        snprintf(usage, sizeof usage, "%s %s%s%s [options]", m->name, command,
                 *arguments ? " " : "", arguments);
        tl_cli_help(table, usage, about, stdout);
        return TL_EXIT_DONE;
    default:
        fprintf(stderr, "%s %s: %s\n", m->name, command, e.text);
        return TL_EXIT_WRONG;
    }
}

int tl_evaluate(const tl_engine *engine, const void *params, const tl_series *series, tl_score *score,
                tl_error *e)
{
    size_t batch = (size_t)engine->model->tbptt.batch;
    int whole = series->lanes == 1 || series->lanes == batch;
    tl_stepper s;
    if (tl_stepper_new(&s, engine, params, whole ? (int32_t)series->lanes : 1, e))
        return -1;
    if (whole)
        tl_stepper_score(&s, series, score);
    for (size_t lane = 0; !whole && lane < series->lanes; lane++) {
        tl_series one = tl_series_lane(series, lane);
        tl_stepper_score(&s, &one, score);
    }
    tl_stepper_free(&s);
    return 0;
}
