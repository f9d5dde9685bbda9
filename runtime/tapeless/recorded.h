/* recorded.h - what a model said at each step that was scored, kept to be looked at in other ways than by sums.
 *
 * A step's record stands where its example does (series.h), whatever runs it and in which order: so threads never meet,
 * and what is made of records does not depend on how many there were. */
#ifndef TAPELESS_RECORDED_H
#define TAPELESS_RECORDED_H

#include "linkage.h"
#include "series.h"
#include "stepper.h"

TL_C_BEGIN

/* Of a target of real numbers: its elements, in the model's scale (of a logit the probability, of quantiles the median); then,
 * of quantiles, all of the first element, all of the next. Of a token: the likeliest,
 * how many score higher than the true one (or as high, and stand before it), the logarithm of its probability; then, where
 * the model tells no more than `classes` apart, the probability of each. */
enum { TL_SAID_TOKEN, TL_SAID_RANK, TL_SAID_LOG, TL_SAID_CLASSES };

typedef struct tl_recorded {
    const tl_model *m;
    const tl_examples *of;
    size_t examples, width; /* numbers of an example */
    int32_t *output;        /* [ntargets] that predicts it, or -1: it has no numbers */
    size_t *at;             /* [ntargets] where its numbers begin */
    int *classes;           /* [ntargets] 1: probabilities are there */
    double *weight;         /* [examples] of the step; 0: it is not scored */
    double *said;           /* [examples][width] */
} tl_recorded;

/* For all examples of a series; of a series without data there are none. */
int tl_recorded_new(tl_recorded *, const tl_model *, const tl_series *, int32_t classes, tl_error *);
void tl_recorded_free(tl_recorded *);

/* The stepper's last step, in one lane, which was `example`. */
void tl_recorded_add(tl_recorded *, const tl_stepper *, size_t lane, size_t example, double w);

static inline const double *tl_recorded_said(const tl_recorded *r, size_t example, int32_t target)
{
    return r->said + example * r->width + r->at[target];
}

/* Into `mean`, which has taken k records before, that of one more member of an ensemble on the same steps; both have the probabilities of
 * all tokens. apart [examples][width]: sums of squared distances from the mean (B. Welford, 1962). When all are there
 * tl_recorded_settle says which token is the likeliest by the mean probabilities, and which of these are looked at one by one
 * (`classes` as above). */
void tl_recorded_join(tl_recorded *mean, double *apart, const tl_recorded *member, size_t k);
void tl_recorded_settle(tl_recorded *mean, int32_t classes);

/* The deviations of what is recorded: d is new. */
void tl_recorded_deviations(const tl_recorded *, struct tl_deviations *d);

/* What was to be said: of a token its number. */
double tl_recorded_truth(const tl_recorded *, size_t example, int32_t target, size_t element);

TL_C_END

#endif
