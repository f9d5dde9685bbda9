/* fit.h - how well a simulation fits a record, as system identification says it.
 *
 * A model is run from its initial state over the inputs alone; the outputs are compared with the targets in the
 * data's units. With e = target - output, sums over the steps that count and weighed as these, of each target:
 *
 *     RMSE    sqrt(mean e^2)
 *     NRMSE   RMSE / standard deviation of the target
 *     fit     100 (1 - |e| / |target - its mean|) percent, which is 100 (1 - NRMSE)
 *
 * A target that is constant over the steps has no NRMSE and no fit: NaN. */
#ifndef TAPELESS_FIT_H
#define TAPELESS_FIT_H

#include <jansson.h>

#include "coding.h"
#include "evaluation.h"
#include "linkage.h"
#include "prediction.h"
#include "train_options.h"

TL_C_BEGIN

/* The name of a target's column; without a table of its field, or FIELD.1, FIELD.2 and so on. The result is `text`. */
const char *tl_target_name(const tl_model *, const tl_coding *, int32_t field, size_t at, char *text, size_t size);

/* An element of a target that is a real number and that some output predicts. */
typedef struct tl_fit_target {
    int32_t field, output;
    size_t at, element; /* in the field; in all targets, as tl_deviations counts */
    double mean, sd;    /* to the data's units */
    char name[256];     /* as above */
} tl_fit_target;

/* The next one, from { .field = -1 } on; 0: there are no more. */
int tl_fit_next(tl_fit_target *, const tl_model *, const tl_coding *);

/* A target that is scored: real numbers, then tokens, by how often the likeliest is right. */
typedef struct tl_scored_target {
    int token;
    tl_fit_target t;
} tl_scored_target;

/* The k-th; 0: there are no more. */
int tl_scored_target_at(tl_scored_target *, const tl_model *, const tl_coding *, size_t k);

/* Fails, with a sentence, where there is none. */
int tl_fit_check(const tl_model *, const tl_coding *, tl_error *e);

/* Whether what a training is asked for by --fit and --skip is there. */
int tl_fit_check_training(const tl_train_options *, const tl_model *, const tl_dataset *, tl_error *e);

typedef struct tl_fit {
    double rmse, nrmse, percent;
} tl_fit;

tl_fit tl_fit_of(const tl_fit_target *, const tl_deviations *);

/* A line for each target; as JSON the list `fit`. */
void tl_fit_report(json_t *, const tl_model *, const tl_coding *, const tl_deviations *, int json);

/* A record that is kept ready to be simulated. */
typedef struct tl_simulation {
    tl_series series;
    tl_evaluation evaluation;
    tl_deviations deviations;
    int64_t skip; /* steps at the start of each sequence that do not count */
    int ready;
} tl_simulation;

/* Whole sequences: one that was cut into lanes is whole again. `params` are read when it runs. */
int tl_simulation_new(tl_simulation *, const tl_engine *, const void *params, const tl_series *, int32_t threads,
                      int64_t skip, tl_error *e);
void tl_simulation_free(tl_simulation *);

/* Fills the deviations. Allocates nothing; fails where no step counts. */
int tl_simulation_run(tl_simulation *, tl_pool *, tl_error *e);

TL_C_END

#endif
