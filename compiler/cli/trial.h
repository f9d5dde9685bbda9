/* trial.h - one window, of one shard, run by an engine on given or random data: what grad, diff and check share. */
#ifndef TRIAL_H
#define TRIAL_H

#include <tapeless/buffers.h>
#include <tapeless/error.h>
#include <tapeless/tapeless.h>

typedef struct Trial {
    const tl_engine *engine;
    tl_buffers b;
    tl_window w;
    int32_t counted; /* the first slot whose loss may count */
    double loss; /* reduced */
} Trial;

/* Allocates the blocks; everything is zero but the reset flags. */
int trial_new(Trial *, const tl_engine *, tl_error *);
void trial_free(Trial *);

/* Random parameters near the spec's initial ones, entering state, data, masks, weights and resets for a
 * window of `steps` steps of which `fresh` are new. The same numbers for every engine and, up to
 * rounding, both precisions. */
int trial_fill(Trial *, uint64_t seed, int32_t steps, int32_t fresh, tl_error *);

/* The parameters alone, the same ones. */
int trial_params(const tl_model *, void *params, uint64_t seed, tl_error *);

/* Copies the inputs of one trial (all but results) to another of the same model, which may be of the other precision. */
void trial_copy(Trial *to, const Trial *from);

/* Moves parameters, entering state and inputs by up to 2^-12 of themselves: all that comes is rounded otherwise. */
void trial_move(Trial *, uint64_t seed);

/* For a model that keeps steps: the window has been run; now an update moves the parameters, a new
 * step comes (with the data of the one before it), and it alone will be run forward. A window of k2 steps
 * loses its oldest, a shorter one grows. */
void trial_advance(Trial *, uint64_t seed);

/* Runs the window from w.first; sets loss. */
void trial_run(Trial *);

/* ||a - b|| and ||b|| over n numbers, as squares; infinite where one of two numbers is not finite
 * and the other is not the same. */
typedef struct Compared {
    double difference, norm;
    size_t nans, infinities; /* numbers that are the same NaN or infinity in both: left out above */
} Compared;

/* Adds to *c what numbers from `at` on of two blocks come to, each of its type. A number that was never stored (trial_run
 * fills with all ones) is the same as none. */
void trial_compare(tl_type a_real, const void *a, tl_type b_real, const void *b, size_t at, size_t n, Compared *c);

/* The same of the gradients of a parameter, each in its model's layout. */
void trial_compare_grads(const Trial *a, const Trial *b, int32_t param, Compared *c);

#endif
