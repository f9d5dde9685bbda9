/* ensemble.h - several checkpoints of one model, used as one: of different seeds for one (B. Lakshminarayanan, A. Pritzel & C. Blundell,
 * "Simple and scalable predictive uncertainty estimation using deep ensembles", 2017).
 *
 * What they say together is the mean: of numbers, of probabilities (not of what they are made of), of each quantile (S. Vincent, 1912).
 * Of a single member it is, to the bit, what that one says. */
#ifndef TAPELESS_ENSEMBLE_H
#define TAPELESS_ENSEMBLE_H

#include "cli.h"
#include "held_out.h"
#include "linkage.h"
#include "prediction.h"
#include "stepper.h"
#include "weights.h"

TL_C_BEGIN

enum { TL_MOST_MEMBERS = 256 };

typedef struct tl_ensemble {
    tl_words path;      /* a file a member */
    tl_weights *member; /* [n]; all coded as the first */
    size_t n;
    tl_coding *coding;  /* of the first */
} tl_ensemble;

/* Opens the files, a member each; where none is given "NAME.safetensors". Fails with a sentence where one is not of the model, reads data
 * otherwise than the first, or is named twice. */
int tl_ensemble_open(tl_ensemble *, const tl_model *, const tl_list *given, tl_error *e);
void tl_ensemble_free(tl_ensemble *);

/* The files as a list, which borrows them; item is to be freed. No items: there is no memory. */
tl_list tl_ensemble_list(const tl_ensemble *);

/* What some of them was trained on; it is known where it is of each. */
int tl_ensemble_held_out(tl_held_out *, const tl_ensemble *, const tl_model *, const tl_examples *, tl_error *e);

/* A stepper a member, in one lane. */
int tl_ensemble_steppers(tl_stepper **, const tl_ensemble *, const tl_engine *, tl_error *e);
void tl_ensemble_steppers_free(tl_stepper *, size_t n);

/* Means of what n steppers say in a lane, as prediction.h has it of one. `agree`: the part of them whose likeliest token it is, too. */
double tl_mean_value(const tl_stepper *, size_t n, int32_t output, size_t lane, size_t at);
double tl_mean_quantile(const tl_stepper *, size_t n, int32_t output, size_t lane, size_t at, size_t k);
size_t tl_mean_token(const tl_stepper *, size_t n, int32_t output, size_t lane, double *probability, double *agree);

/* The mean of n numbers, and their deviation, divided by n - 1: of one 0. An interval of the members is mean -+ TL_SPREAD deviations:
 * nineteen of twenty, where they are normal. */
#define TL_SPREAD 1.96
double tl_spread(const double *x, size_t n, double *deviation);

TL_C_END

#endif
