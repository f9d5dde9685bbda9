/* baseline.h - how simple forecasts do on the steps that a model is scored on, so that its error can be told from theirs.
 *
 *     persistence  what the target was last, when the forecast is made: `lag` steps before or, if that step does not count, at the
 *                  last before that does
 *     seasonal     what it was at the same place of the season, when that was last known: the least multiple of `season` that is
 *                  no less than `lag`
 *     linear       of the step's inputs, the last eight known values of all targets and 1, by least squares on the steps of `fit`;
 *                  where these are the steps that are scored it is better than any such forecast that has not seen them
 *
 * Of targets of several rows ahead (coding->beyond) these are the same for all of them but the season's, which is what it was at the place of
 * each, and the linear one's, which is fitted for each.
 *
 * A step of a sequence that has not so much past is forecast as the mean of `fit`. Targets of tokens have none. */
#ifndef TAPELESS_BASELINE_H
#define TAPELESS_BASELINE_H

#include <jansson.h>

#include "coding.h"
#include "fit.h"
#include "linkage.h"
#include "measure.h"
#include "recorded.h"
#include "series.h"

TL_C_BEGIN

enum { TL_BASELINE_LAGS = 8 };

typedef enum tl_baseline { TL_PERSISTENCE, TL_SEASONAL, TL_LINEAR, TL_BASELINES } tl_baseline;

typedef struct tl_baseline_task {
    const tl_series *fit, *scored;
    int64_t fit_skip, skip; /* of each: steps at the start of a sequence that do not count */
    int64_t lag, season;    /* 1 or more; season 0: there is none */
    size_t each;            /* targets that follow each other and are of a column, lag, lag + 1 and so on rows ahead; else 1 */
    const char *fitted_on;  /* what reports call `fit` */
} tl_baseline_task;

typedef struct tl_baselines {
    size_t count;                   /* elements of all targets, as tl_deviations counts */
    double *forecast[TL_BASELINES]; /* [examples of `scored`][count] in the model's scale, NaN where none is scored;
                                       NULL: there is no such forecast */
    int64_t lag, season;
    const char *fitted_on;
} tl_baselines;

int tl_baselines_new(tl_baselines *, const tl_model *, const tl_baseline_task *, tl_error *);
void tl_baselines_free(tl_baselines *);

/* In the data's units, of the examples from .. to - 1 that are scored: a target (fit.h), by the model itself where
 * `forecast` is NULL. */
tl_measure tl_measure_of(const tl_recorded *, const tl_fit_target *, const double *forecast, size_t count, size_t from,
                         size_t to);

/* The list `baselines`, for programs; for people a row each, below the report. */
void tl_baselines_json(json_t *, const tl_baselines *, const tl_recorded *, const tl_coding *);
void tl_baselines_print(const tl_baselines *, const tl_recorded *, const tl_coding *);

TL_C_END

#endif
