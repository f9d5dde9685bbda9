/* evaluation.h - a series scored in parts that do not depend on each other.
 *
 *     lanes of the series     parts
 *     the model's batch       its shards
 *     one                     runs of whole sequences, where there are several
 *     others                  runs of lanes, one lane after the other
 *
 * The parts follow from the series and the model alone, and their sums are added in order: so the score is the same
 * to the bit however many threads there are. */
#ifndef TAPELESS_EVALUATION_H
#define TAPELESS_EVALUATION_H

#include "exchange.h"
#include "linkage.h"
#include "pool.h"
#include "prediction.h"
#include "series.h"
#include "stepper.h"

TL_C_BEGIN

typedef struct tl_part {
    tl_series series;
    tl_score score;
    tl_deviations deviations;
} tl_part;

typedef struct tl_evaluation {
    const tl_model *m;
    int32_t nparts, nsteppers;
    tl_part *part;
    tl_stepper *stepper; /* number i runs parts i, i + nsteppers, ... of those that are run here */
    int64_t skip;        /* the score's, and so is this: */
    struct tl_recorded *recorded;
    const tl_exchange *exchange; /* to be set: several processes share the parts; then without deviations */
    double *sum;         /* [nparts][2 + nnamed] loss, weight and named losses, of all processes */
} tl_evaluation;

/* The parts that there would be: more threads are of no use. */
int32_t tl_evaluation_parts(const tl_model *, const tl_series *);

/* Memory, with a stepper for each of at most `threads` threads; `params` are read when it is run. With `deviations`
 * these are summed, too. */
int tl_evaluation_new(tl_evaluation *, const tl_engine *, const void *params, const tl_series *, int32_t threads,
                      int deviations, tl_error *e);
void tl_evaluation_free(tl_evaluation *);

/* Runs through all of it, from the initial state, and adds to the score. Allocates nothing. */
void tl_evaluation_run(tl_evaluation *, tl_pool *, tl_score *);

TL_C_END

#endif
