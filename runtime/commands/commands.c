#include "commands.h"

#include <stdio.h>
#include <string.h>

#include "evaluation.h"

const tl_command tl_commands[] = {
    { "train", tl_command_train, "learn from data, with checkpoints", tl_train_table, 1 },
    { "eval", tl_command_eval, "score a checkpoint on data", tl_eval_table, 1 },
    { "sample", tl_command_sample, "generate text", tl_sample_table, 1 },
    { "predict", tl_command_predict, "predict the targets of a CSV table", tl_predict_table, 1 },
    { "online", tl_command_online, "predict rows as they come, and learn from each", tl_online_table, 1 },
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

int tl_evaluate(const tl_engine *engine, const void *params, const tl_series *series, const char *threads,
                tl_score *score, tl_error *e)
{
    tl_evaluation v;
    tl_pool *pool;
    int32_t n;
    if (tl_threads_read(threads, tl_evaluation_parts(engine->model, series), &n, e) || tl_pool_new(&pool, n, e))
        return -1;
    int bad = tl_evaluation_new(&v, engine, params, series, n, score->deviations != NULL, e);
    if (!bad) {
        tl_evaluation_run(&v, pool, score);
        tl_evaluation_free(&v);
    }
    tl_pool_free(pool);
    return bad;
}

int tl_shard_pool(const tl_engine *engine, int32_t processes, const char *text, tl_pool **pool, int32_t *threads,
                  tl_error *e)
{
    const tl_model *m = engine->model;
    int32_t shards = tl_shards(&m->tbptt) / processes, asked;
    if (tl_threads_read(text, INT32_MAX, &asked, e) || tl_threads_read(text, engine->serial ? 1 : shards, threads, e))
        return -1;
    if (asked > *threads && strcmp(text, "auto") && strcmp(text, "0"))
        fprintf(stderr, "%s: %d thread%s, not %d: %s%d shard%s of its batch of %d; tapeless COMMAND SPEC --shards N makes "
                "others\n", m->name, (int)*threads, *threads == 1 ? " runs" : "s run", (int)asked,
                engine->serial ? "the interpreter runs one after the other the " : "there are ", (int)shards,
                shards == 1 ? "" : "s", (int)m->tbptt.batch);
    return tl_pool_new(pool, *threads, e);
}
