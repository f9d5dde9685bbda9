/* members.h - an ensemble scored: each member on the same steps, what they say together, and how far they are apart. */
#ifndef TAPELESS_MEMBERS_H
#define TAPELESS_MEMBERS_H

#include <jansson.h>

#include "ensemble.h"
#include "fit.h"
#include "linkage.h"
#include "measure.h"
#include "recorded.h"

TL_C_BEGIN

/* Of one target, what a member, or all together, reach: of a real number all of `m`, in the data's units; of a token how often the likeliest
 * is right, and the mean of -log p. */
typedef struct tl_member_score {
    tl_measure m;
    double accuracy, log_loss;
} tl_member_score;

typedef struct tl_members {
    const tl_ensemble *of;
    const tl_recorded *mean;
    const tl_coding *c;
    size_t targets;          /* that are scored */
    double *loss;            /* [n] */
    tl_member_score *score;  /* [n + 1][targets]: of the members, then of the mean */
    double *apart;           /* [examples][width of the mean] sums of squared distances from it */
} tl_members;

typedef struct tl_members_task {
    const tl_engine *engine;
    const tl_ensemble *of;
    const tl_series *s;
    const char *threads;
    int64_t skip;
    int32_t classes; /* of so many tokens probabilities are looked at one by one */
} tl_members_task;

/* Runs them one after the other. `mean` is new and gets what they say together, d the deviations of that, `score` the mean of the members'
 * losses (named ones too), as sums over the same weight. */
int tl_members_run(tl_members *, const tl_members_task *, tl_recorded *mean, tl_deviations *d, tl_score *score, tl_error *e);
void tl_members_free(tl_members *);

/* A line for each target: how far they are apart, and how often the truth is in their interval. */
void tl_members_report(json_t *, const tl_members *);

/* For people a table of each target; for programs the object `ensemble`. */
void tl_members_print(const tl_members *);
void tl_members_json(json_t *, const tl_members *);

TL_C_END

#endif
