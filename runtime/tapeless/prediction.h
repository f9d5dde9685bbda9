/* prediction.h - what a model's outputs are, in the data's words and units.
 *
 * An output predicts the target of its name; where one of the two has no name and there is one of each, it
 * predicts that. It must have the target's size, or a score for each of a token's values, or be quantiles of it. What
 * predicts no target is a number of the model's own. */
#ifndef TAPELESS_PREDICTION_H
#define TAPELESS_PREDICTION_H

#include "linkage.h"
#include "stepper.h"
#include "tapeless.h"

TL_C_BEGIN

/* The output that predicts a target, and the target that an output predicts; -1: none. */
int32_t tl_predictor_of(const tl_model *, int32_t target);
int32_t tl_predicted_by(const tl_model *, int32_t output);

/* How many quantiles an output is of each element of its target; 0: it is none. Their levels are its first values. */
size_t tl_quantiles(const tl_tensor *output);

/* Element `at` of a target, of the lane, as an output predicts it but for the scale: of a logit the probability, of quantiles
 * the one that is nearest to the median, and the one of number k. */
double tl_predicted_quantile(const tl_stepper *, int32_t output, size_t lane, size_t at, size_t k);
size_t tl_median_of(const tl_tensor *output); /* the number of the former */
double tl_predicted_value(const tl_stepper *, int32_t output, size_t lane, size_t at);

/* Of an output that scores a token: the likeliest, and its probability (softmax). */
size_t tl_predicted_token(const tl_stepper *, int32_t output, size_t lane, double *probability);

/* How far outputs are from their targets, and these from their own mean: sums over scored steps, by element of the
 * targets that some output predicts (of a token one: how often the likeliest is right). In the model's scale. */
typedef struct tl_deviations {
    const tl_model *m;
    int32_t *output; /* [ntargets] that predicts it, or -1 */
    size_t count;    /* elements of all targets */
    double *squares, *magnitudes; /* [count] sum of w d^2, of w |d|; of tokens the sum of w
                                     where it is right, and 0 */
    double *mean, *spread; /* [count] of the targets: the mean, and the sum of w (target - mean)^2; of tokens 0 */
    double weight;   /* sum of w */
} tl_deviations;

int tl_deviations_new(tl_deviations *, const tl_model *, tl_error *e);
void tl_deviations_free(tl_deviations *);

/* All sums to 0; those of another of the model added. */
void tl_deviations_clear(tl_deviations *);
void tl_deviations_join(tl_deviations *, const tl_deviations *);

/* The stepper's last step, in one lane, with weight w. */
void tl_deviations_add(tl_deviations *, const tl_stepper *, size_t lane, double w);
/* Element k of a step, a real number; d->weight gets w when all of the step's are there. */
void tl_deviations_note(tl_deviations *, size_t k, double w, double is, double said);

TL_C_END

#endif
