/* lr_find.h - the learning rate range test (Smith, "Cyclical Learning Rates for Training Neural Networks", 2017): updates at a rate that
 * grows exponentially, and what their losses say of a good one.
 *
 * Update i = 0 .. n - 1 runs at lr 10^(6 i / (n - 1) - 3). It ends before where a loss is not finite, or where the mean of the last losses
 * (exponential) is above what it was at first and four times its lowest. Then, of the losses smoothed as a curve is (curve.h), up to their
 * lowest:
 *   steepest   the rate at which they fall fastest along log lr
 *   diverged   the rate at which it ended, and a tenth of it: a margin; where it did not, a tenth of the rate of the lowest
 * The suggestion is the smaller of the two. Means are over an epoch's updates, for its windows differ from each other more than a
 * rate makes them differ; but over n / 20 at least, and n / 8 at most. */
#ifndef TAPELESS_LR_FIND_H
#define TAPELESS_LR_FIND_H

#include <jansson.h>

#include "curve.h"
#include "linkage.h"
#include "train_options.h"

TL_C_BEGIN

enum { TL_LR_LEAST = 40, TL_LR_UPDATES = 400 }; /* updates at least, and where nobody says */

typedef struct tl_lr_find {
    double lr;       /* the spec's */
    int64_t updates; /* n */
    int64_t wide;    /* updates that a mean is of */
    int64_t done;
    tl_curve curve;  /* of losses over log10 of the rate */
    double mean, weight, first, lowest; /* of the last losses; how much of it there is; when it was whole; the lowest since */
    double end;      /* the rate at which it diverged; NAN: not yet */
    double steepest, least, suggested; /* rates, by tl_lr_find_end; NAN: there is none */
    double least_loss;
} tl_lr_find;

/* Fails where options ask for what is not done here, or there is no learning rate. */
int tl_lr_find_check(const tl_train_options *, const tl_train_spec *, tl_error *);

/* epoch: updates of one. */
tl_lr_find tl_lr_find_new(const tl_train_options *, double lr, uint64_t epoch);

/* The rate of the next update. */
double tl_lr_find_rate(const tl_lr_find *);

/* Its loss, which may not be finite. 1: it was the last. */
int tl_lr_find_note(tl_lr_find *, double loss);

/* What all of them say. */
void tl_lr_find_end(tl_lr_find *);

/* For people: one sentence. */
void tl_lr_find_sentence(const tl_lr_find *, char *text, size_t size);
void tl_lr_find_report(const tl_lr_find *, json_t *);
int tl_lr_find_draw(const tl_lr_find *, const tl_model *, const char *path, const char *unit, tl_error *);

TL_C_END

#endif
