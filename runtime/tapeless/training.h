/* training.h - truncated backpropagation through time, one update at a time.
 *
 * A stream of T steps is read k1 at a time, fewer at its end. The update after step t runs over the
 * window of the last min(k2, t) steps (not reaching over a step at which all lanes start a new
 * sequence), at the right of the k2 slots. If k1 > k2, the k1 - k2 oldest of the new steps are run
 * forward only and do not count. Overlapping steps are run again with today's weights
 * from the state that entered the window as last computed. So between updates there is one thing to
 * carry, the state that enters the next window, at index k2 - n of the states block where that window
 * reaches back over n steps; all else follows from the position in the stream.
 *
 * With overlap "retain" and "versions" overlapping steps are not run again: what they computed is
 * carried too (frames, all states, losses), and with "versions" the parameters they saw.
 *
 * With `accumulate` an update is of so many windows that something counts in, run one after the other with the same
 * parameters, fewer at the end of the data: so between updates there is nothing else to carry.
 *
 * A window in which nothing counts (all of it is padding, or a head has not yet k2 steps to look at)
 * is run forward only, and makes no update.
 *
 * Optimizers of the whole record (whole_record.h) update once for all windows of the data, which they go over several
 * times; each of their updates is an epoch.
 *
 * Nothing is allocated after tl_training_new, nothing is printed, and no clock is read: an update
 * is a function of what the checkpoint holds. */
#ifndef TAPELESS_TRAINING_H
#define TAPELESS_TRAINING_H

#include "buffers.h"
#include "linkage.h"
#include "optimizer.h"
#include "pool.h"
#include "schedule.h"
#include "series.h"
#include "update.h"
#include "whole_record.h"

TL_C_BEGIN

typedef struct tl_cursor {
    uint64_t update;   /* updates made */
    uint64_t epoch;    /* epochs done */
    uint64_t position; /* steps done in this epoch */
    uint64_t tick;     /* steps done since training began */
} tl_cursor;

typedef struct tl_training {
    const tl_engine *engine;
    const tl_series *data;
    tl_train_spec spec;
    uint64_t seed;      /* of dropout */
    uint64_t data_hash; /* of the series: a resumed training must see the same */
    uint64_t run;       /* length of the run in updates for the schedule, 0 if not known */
    tl_cursor cursor;
    tl_plateau plateau; /* of that schedule; who validates tells it (tl_plateau_note) */
    tl_buffers buffers;
    tl_optimizer optimizer;
    tl_whole_record whole;
    tl_average average;  /* `rounded` is what tl_training_weights gives */
    tl_accumulation sum; /* between updates there is nothing in it */
    int64_t sound;      /* after so many updates the parameters gave, in the window that came next, a finite
                           loss and gradient: the last of which that is known; -1: none */
    int anomaly;        /* 1: look at every value of every window, see anomaly.h */
    int stale;          /* the window's older steps are not in the buffers */
    uint64_t since;     /* steps since all lanes last started, k2 of them being enough; where not stale */
    /* of the last update: */
    double loss, norm, lr; /* of a whole record: the loss behind it, and the length of its step as a multiple of its
                              direction */
    double *named;         /* [nnamed] the named losses; NAN of a whole record, whose loss is not taken window by window */
    int32_t fresh, length; /* new steps and steps of its window */
    int updated;           /* 0: the epoch ended without another, or the whole record has no better (whole.stop) */
    const void **where;    /* inputs and targets of the window where they are read in place, in the data; else NULL */
    size_t row;            /* of the data's first step, there */
    double *lag;           /* [k2 + 1] norms of the state's adjoint, see lag_norms.h; NULL unless
                              model->has_state_grads */
    int still;             /* to be set: 1: no update moves the parameters, which is looked at window by window */
    tl_pool *pool;         /* to be set: runs shards (shards.h); NULL: this thread does. The caller's */
} tl_training;

/* Buffers and optimizer for the engine's model, with the options of `spec`. Parameters are zero:
 * fill buffers.params, then call tl_training_start. Fails where memory is short. */
int tl_training_new(tl_training *, const tl_engine *, const tl_series *data,
                    const tl_train_spec *spec, tl_error *e);

/* The same in one of several processes, whose number divides the shards. All of them call the functions below together,
 * and have the same parameters, losses and errors. */
int tl_training_new_own(tl_training *, const tl_engine *, const tl_series *data, const tl_train_spec *spec,
                        const tl_exchange *, tl_error *e);
void tl_training_free(tl_training *);

/* Puts the initial state before the first window, and begins the average with the parameters that there are. */
void tl_training_start(tl_training *);

/* The parameters to validate, to keep and to use: those that are trained, or their average as it is now, in a block whose
 * place does not change. */
const void *tl_training_weights(const tl_training *);

/* One update, or none if nothing more counts in this epoch (`updated` says so); at the end of the
 * data a new epoch begins (cursor.epoch counts). Fails, with the parameters as they were, if the loss,
 * the gradient, the state that the window leaves or what the update would make of parameters and moments
 * is not finite, or if nothing counts in a whole epoch; with `anomaly` if anything is not finite. */
int tl_training_update(tl_training *, tl_error *e);

/* Runs all windows of an epoch from its beginning, with the parameters that there are, and leaves the cursor where it
 * is, and the training at the start of an epoch. Of each, `make` runs what tl_update_make does in a training, and
 * returns what it does; the sweep ends where it returns -1. */
typedef int tl_make(tl_update *, void *context, tl_error *);
int tl_training_sweep(tl_training *, tl_make *make, void *context, tl_error *e);

/* The sentence where nothing counts in a whole epoch; returns -1. */
int tl_training_nothing_counts(const tl_training *, tl_error *e);

/* Index of the states block that holds the state entering the next window. */
int32_t tl_training_entry(const tl_training *);

/* Updates of one epoch: windows in which nothing counts make none, and are none of those that are accumulated. */
uint64_t tl_training_epoch_updates(const tl_training *);

TL_C_END

#endif
