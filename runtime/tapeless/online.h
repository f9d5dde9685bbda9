/* online.h - learning from a live stream, one step at a time.
 *
 * What tl_training does with a file, for data that arrive: push a step of every lane, get the
 * outputs; after every k1-th step the window of the last k2 is trained on (with `accumulate` = N every N-th such window that something
 * counts in makes the update; a stream has no end that would make one of fewer). The updates are, bit for
 * bit, those of tl_training_update on the same stream (training.h says which window, which steps
 * count, what enters it), with every overlap.
 *
 * Shards run one after the other, in the thread that calls.
 *
 * All memory is the caller's, tl_online_size() bytes of it. No function here allocates, prints,
 * reads a clock or a file.
 *
 * What a push costs at most, whatever the data are (n is the smaller of k1 and k2):
 *   Every push runs the step forward once, for the outputs, and copies its data.
 *   The first of an update moves what windows share to its place (steps.h): of k2 - n steps the
 *       data, with "retain" and "versions" their frames, states, losses and probes too, else one
 *       state.
 *   The k1-th runs the window: k2 steps forward with "recompute", n with "retain" and "versions",
 *       and k2 steps backward; then the norm, clipping and the optimizer go over param_size
 *       elements. "versions" copies the parameters.
 *   With k1 > k2 a push that fills the slots with steps which no window reaches back to runs these
 *       forward, at most k2. "versions" copies the parameters.
 * With k1 = 1 every push is the first and the k1-th of its update: all cost the same once k2 steps
 * have been seen (windows are shorter before, and after all lanes were reset). */
#ifndef TAPELESS_ONLINE_H
#define TAPELESS_ONLINE_H

#include "accumulate.h"
#include "average.h"
#include "buffers.h"
#include "linkage.h"
#include "optimizer.h"
#include "schedule.h"

TL_C_BEGIN

typedef struct tl_online {
    const tl_engine *engine;
    tl_train_spec spec;      /* optimizer, schedule, clipping: the model's until changed; `accumulate` stays, and whether there is an
                                average */
    uint64_t seed;           /* of dropout */
    uint64_t run;            /* length of the run in updates for a schedule over all of it, 0: not known */
    tl_plateau plateau;      /* of reduce_on_plateau: tl_plateau_note tells it of a validation */
    int frozen;              /* 1: pushes give outputs and move the state, nothing is learned */
    /* To read; buffers.params (param_size elements) also to write: */
    tl_buffers buffers;
    tl_optimizer optimizer;
    tl_average average;      /* of the parameters, where the model's train has one; tl_online_average rounds it */
    tl_accumulation sum;     /* of the windows since the last update */
    void *state;             /* real, as in tl_step, shard after shard: the state that enters the next step */
    void *losses;            /* real [batch]: each lane's loss at the last push that had targets; of a
                                lane that did not count then it means nothing */
    void *named;             /* real [model->nnamed][batch], likewise: the losses with names that it is the sum of; NULL: none have */
    uint64_t steps, updates; /* learned from, done */
    double loss, norm, lr;   /* of the last update */
    int32_t length;          /* steps of its window, 0 before the first */
    /* Its own: */
    int32_t fresh;           /* steps since the last update */
    int32_t slot, chunk;     /* where the next step goes; new steps of the window's next run */
    int32_t before;          /* older steps that this update's window reaches back to */
    uint64_t since;          /* steps since all lanes last started */
    uint64_t plain;          /* steps since the last that had a mask, a weight or no target */
    uint64_t windows;        /* run for an update, made or not */
    int restart;             /* the window begins anew, at `state` */
    int started;             /* the next step is the first of a sequence in all lanes */
    void *next, *work; /* of a step */
    void *shard_named; /* real [nnamed][lanes], of a step of one shard; named, where there is one shard */
    void *shown;             /* probes of all lanes side by side, where there are several shards */
    void **part;             /* pointers to a shard's lanes */
    void **output;           /* for a caller that does not want it */
    void **last_input, **last_target; /* [batch][shape...], of each lane: the last that was read */
} tl_online;

/* Bytes of memory that a model takes, aligned to TL_ALIGN; 0 if that is more than there can be. */
size_t tl_online_size(const tl_model *);

/* `memory`: tl_online_size() bytes, aligned to TL_ALIGN, which must stay. Parameters are zero: fill
 * o->buffers.params (tl_init_params, which may allocate, or a copy of a checkpoint's), then call
 * tl_online_start. Fails, with a sentence, if the memory is not aligned. */
int tl_online_begin(tl_online *, const tl_engine *, void *memory, tl_error *e);

/* Every lane to the initial state; the next step is the first of a sequence. */
void tl_online_start(tl_online *);

/* One step of all lanes. input, target: [ninputs] and [ntargets] arrays [batch][shape...]; target
 * NULL: this step does not count. reset: real [batch], not 0 where a sequence starts with this
 * step, or NULL: nowhere. output: [noutputs] arrays [batch][shape...] to be written, or NULL. The
 * outputs are made before anything is learned from the step; those of a head over the window mean
 * something once the lane's sequence has had k2 steps. Returns 1 if there was an update, 0 if not (it
 * was not due, or nothing in its window counts), -1 with a sentence if the loss, the gradient, the state that the window
 * leaves or what the update would make of the parameters is not finite (they are as they were; tl_online_start goes on), or, with
 * nothing done, if a token is none of the vocabulary, or if some lanes are reset and the model's windows do not read that: tbptt = { resets = true }. All lanes at once, where an update was due,
 * always can. */
int tl_online_push(tl_online *, const void *const *input, const void *const *target,
                   const void *reset, void *const *output, tl_error *e);

/* One step of all lanes with all that may be said of it; what is NULL is left out. */
typedef struct tl_sample {
    const void *const *input, *const *target; /* as above */
    void *const *output;
    const void *reset;
    const void *mask;   /* real [batch], w >= 0: 0 is padding, which leaves the lane's state as it was and
                           needs tbptt = { masks = true } */
    const void *weight; /* real [batch], w >= 0: of the loss alone. The state moves on whatever it is */
} tl_sample;

/* A push of it: what a lane's loss counts is its mask times its weight, 1 where they are left out. An input
 * where the mask is 0, and a target where either is, are not read. Fails, with nothing done, on a mask or
 * weight that is neither 0 nor TL_WEIGHT_LEAST .. TL_WEIGHT_MOST (window.h), and on a token that is read and is none of the
 * vocabulary, too. */
int tl_online_push_sample(tl_online *, const tl_sample *, tl_error *e);

/* The average of the parameters (average.h), which begins with those of the first update, to `params`, real [param_size]: outputs are
 * of the parameters themselves. Where there is none, or no update yet, these. */
void tl_online_average(const tl_online *, void *params);

/* A probe in the window that was last run for an update, `back` steps before its newest (0: the
 * newest): its value, and the gradient of the update's loss with respect to it, [batch][shape...]
 * of the model's real. Both stand until the next push. With "retain" and "versions" the value is
 * what was computed when the step was run. NULL if the model has no probe of that name, or the
 * window was not so long: `back` is 0 .. length - 1. */
const void *tl_online_probe(const tl_online *, const char *name, int32_t back);
const void *tl_online_probe_grad(const tl_online *, const char *name, int32_t back);

TL_C_END

#endif
