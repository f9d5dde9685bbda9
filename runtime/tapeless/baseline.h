/* baseline.h - how simple forecasts do on the steps that a model is scored on, so that its error can be told from theirs.
 *
 *     persistence  what the target was last, when the forecast is made: `lag` steps before
 *     linear       of the step's inputs, the `lags` last known values of all targets and 1, by least squares on these same steps,
 *                  which is better than any such forecast that has not seen them
 *
 * A step of a sequence that has not so much past is forecast as the mean. Targets of tokens have neither. */
#ifndef TAPELESS_BASELINE_H
#define TAPELESS_BASELINE_H

#include <jansson.h>

#include "coding.h"
#include "linkage.h"
#include "prediction.h"
#include "series.h"

TL_C_BEGIN

enum { TL_BASELINE_LAGS = 8 };

typedef struct tl_baselines {
    size_t count;         /* elements of all targets, as tl_deviations counts */
    double *persistence, *linear; /* [count] sums of w e^2, in the model's scale */
    double weight;
    int lags;             /* of `linear`; 0: there would be too many numbers */
} tl_baselines;

/* lag: 1 or more. Steps that score->skip leaves out of the model's are left out here. */
int tl_baselines_new(tl_baselines *, const tl_model *, const tl_series *, int64_t lag, int64_t skip, tl_error *);
void tl_baselines_free(tl_baselines *);

/* A line for each target, or the list `baselines`. */
void tl_baselines_report(json_t *, const tl_baselines *, const tl_model *, const tl_coding *, const tl_deviations *, int json);

TL_C_END

#endif
