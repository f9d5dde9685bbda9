#include "commands.h"

#include <stdio.h>

#include "stepper.h"

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

int tl_evaluate(const tl_engine *engine, const void *params, const tl_series *series, double *loss,
                double *weight, tl_error *e)
{
    size_t batch = (size_t)engine->model->tbptt.batch;
    int whole = series->lanes == 1 || series->lanes == batch;
    tl_stepper s;
    tl_score score = { 0 };
    if (tl_stepper_new(&s, engine, params, whole ? (int32_t)series->lanes : 1, e))
        return -1;
    if (whole)
        tl_stepper_score(&s, series, &score);
    for (size_t lane = 0; !whole && lane < series->lanes; lane++) {
        tl_series one = tl_series_lane(series, lane);
        tl_stepper_score(&s, &one, &score);
    }
    tl_stepper_free(&s);
    *weight = score.weight;
    return tl_score_mean(engine->model, &score, loss, e);
}
