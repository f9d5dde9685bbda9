/* backtest.h - forecasts of many steps from many rows of data that are known, scored by how far ahead they are.
 *
 * From an origin, a row that is the last one known, the model forecasts H rows: it reads what it has predicted where a
 * column is an input and a target, and the data's own of other inputs, which are known ahead (feedback.h). Beside each stand
 *
 *     persistence  what the target is at the origin or, if that row does not count, at the last before that does
 *     the season   what it was last, at the origin or before, at the same place of the season
 *
 * All horizons are of the same origins: those with H rows behind them, and what the baselines need before. L. Tashman, 2000,
 * calls it rolling-origin evaluation; the model is not trained anew on the way. */
#ifndef TAPELESS_BACKTEST_H
#define TAPELESS_BACKTEST_H

#include <jansson.h>

#include "coding.h"
#include "csv_dialect.h"
#include "ensemble.h"
#include "error.h"
#include "fit.h"
#include "held_out.h"
#include "linkage.h"
#include "measure.h"
#include "series.h"
#include "tapeless.h"

TL_C_BEGIN

typedef struct tl_backtest_task {
    const tl_engine *engine;
    const tl_ensemble *of; /* each reads again what it has predicted itself; the mean is scored */
    const tl_coding *coding;
    const tl_examples *x; /* in one lane */
    const size_t *first;  /* [sequences + 1] where they begin; NULL: it is one */
    size_t sequences;
    tl_held_out held_out;
    int64_t horizon, every, season; /* season 0: there is none */
    const char *from;     /* "0.8", of a sequence, or the number of a row: the first origin. NULL: what is held out, if that is known */
    const char *table;    /* for a picture's axis, the file, where it is one table and one sequence; NULL: rows are numbered */
    const tl_csv_options *csv; /* how it is written */
} tl_backtest_task;

typedef struct tl_backtest {
    size_t ntargets, origins;
    tl_fit_target *target;                   /* [ntargets] */
    tl_measure *model, *persistence, *season; /* [ntargets][horizon], in the data's units */
    size_t rows, first_origin;               /* of a single sequence: its rows, and the number of the first origin, from 1 */
    double *truth, *fan;                     /* likewise [ntargets][rows]: forecasts that do not overlap; NaN where there is none */
    char *begins;                            /* likewise [rows]: whether one of them does, here */
} tl_backtest;

int tl_backtest_run(tl_backtest *, const tl_backtest_task *, tl_error *e);
void tl_backtest_free(tl_backtest *);

/* What is said of it: a sentence, for people a table of each target, the list `targets` of an object `backtest`, a CSV file. */
void tl_backtest_describe(const tl_backtest *, const tl_backtest_task *, char *text, size_t size);
void tl_backtest_print(const tl_backtest *, const tl_backtest_task *);
void tl_backtest_json(json_t *, const tl_backtest *, const tl_backtest_task *);
int tl_backtest_write(const tl_backtest *, const tl_backtest_task *, const char *path, tl_error *e);

/* The error by steps ahead, and of a single sequence some of the forecasts; `title` stands above. */
int tl_backtest_draw(const tl_backtest *, const tl_backtest_task *, const char *title, const char *path, tl_error *e);

TL_C_END

#endif
