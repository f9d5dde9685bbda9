/* series.h - sequences of examples, and how a model is led through them.
 *
 * tl_examples owns what a reader made of a file: for every input and target field an array
 * [rows][lanes][shape...]. tl_series is a view of some rows as `lanes` sequences of `steps` steps.
 * A single sequence is cut into equal contiguous parts, one a lane, and each lane's state is
 * carried from window to window: the ordinary way to train on one long text (what is left over at
 * the end, fewer than `lanes` rows, is not used). */
#ifndef TAPELESS_SERIES_H
#define TAPELESS_SERIES_H

#include "error.h"
#include "linkage.h"
#include "tapeless.h"

TL_C_BEGIN

typedef struct tl_examples {
    size_t rows, lanes;
    void **input, **target; /* [ninputs], [ntargets] of the model's types */
    void *mask, *reset;     /* real [rows][lanes], or NULL */
    void *weight;           /* of the loss alone, likewise */
    size_t *first;          /* [sequences + 1] rows at which each begins, or NULL: sequences.h */
    size_t sequences;       /* 0 where first is NULL */
    int32_t ninputs, ntargets;
} tl_examples;

/* Zeroed arrays for the model's fields; 0 if memory is short or a size overflows. */
int tl_examples_new(tl_examples *, const tl_model *, size_t rows, size_t lanes);
void tl_examples_free(tl_examples *);

/* How many of `rows` rows are for training when the last `valid` of them are kept apart. */
size_t tl_training_rows(size_t rows, double valid);

typedef struct tl_series {
    const tl_model *model;
    const tl_examples *of; /* NULL: a model without data, every step is alike */
    size_t steps, lanes;
    size_t start;          /* example of lane 0, step 0 */
    size_t step_stride, lane_stride; /* in examples */
} tl_series;

/* Rows from .. to - 1 in `lanes` lanes. Fails if the examples come in another number of lanes, or
 * if there is not one step for every lane. `label` is what messages call the data. */
int tl_series_cut(tl_series *, const tl_model *, const tl_examples *, size_t from, size_t to,
                  size_t lanes, const char *label, tl_error *e);

/* A model without inputs and targets, for so many steps. */
tl_series tl_series_empty(const tl_model *, size_t steps, size_t lanes);

/* A hash of everything that the series shows; 0 of a series without data. */
uint64_t tl_series_hash(const tl_series *);

/* Some lanes of it, and some steps. */
tl_series tl_series_lanes(const tl_series *, size_t lane, size_t count);
tl_series tl_series_steps(const tl_series *, size_t step, size_t count);

/* Steps step .. step + count - 1 of all lanes to [count][lanes][shape...], from slot `slot` of the
 * arrays on. input and target may be NULL, likewise mask, weight and reset (1, 1 and 0 if the data have
 * none). */
void tl_series_gather(const tl_series *, size_t step, size_t count, size_t slot, void *const *input,
                      void *const *target, void *mask, void *weight, void *reset);

/* Its steps follow each other in the arrays of the examples, from step start / lanes on. */
int tl_series_in_order(const tl_series *);

int tl_series_masked(const tl_series *);
int tl_series_weighted(const tl_series *); /* by a mask or weights of the loss */
int tl_series_resets(const tl_series *);

/* What the step's loss counts in a lane: mask times weight. */
double tl_series_counts(const tl_series *, size_t step, size_t lane);

/* A sequence starts in some lane later than at the first step; with `carry`, which keeps the state
 * from one epoch to the next, or at it. Only then must windows read reset flags. */
int tl_series_restarts(const tl_series *, int carry);

/* The updates of an epoch: of the windows that end after every k1-th step, and at the end, those in which
 * something counts (window.h says which steps do). */
uint64_t tl_series_updates(const tl_series *);

/* A sequence starts in every lane at this step. */
int tl_series_starts(const tl_series *, size_t step);

/* Training's windows hold the state at a padded step only by its weight of 0, so padding must stand
 * at the end of a sequence: this fails, with a sentence, where a padded step is followed by another
 * without a reset. */
int tl_series_check_padding(const tl_series *, const char *label, tl_error *e);

TL_C_END

#endif
