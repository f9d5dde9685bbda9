/* train_begin.h - a training from the command line: what train_begin.c sets up, and train.c runs. */
#ifndef TAPELESS_TRAIN_BEGIN_H
#define TAPELESS_TRAIN_BEGIN_H

#include "advice.h"
#include "checkpoint.h"
#include "curve.h"
#include "evaluation.h"
#include "event_file.h"
#include "fit.h"
#include "linkage.h"
#include "lock.h"
#include "lr_find.h"
#include "probe_file.h"
#include "progress.h"
#include "ranks.h"
#include "train_options.h"
#include "training.h"

TL_C_BEGIN

typedef struct tl_train_run {
    const tl_engine *engine;
    const tl_model *m;
    const tl_train_options *o;
    tl_exchange *x;   /* with the other processes; NULL: there are none. Rank 0 writes and speaks */
    const char *path; /* of the checkpoint */
    char path_text[512];
    tl_lock lock[7]; /* of what it writes */
    tl_dataset data;
    tl_training t;
    tl_record record;
    tl_progress progress;
    char *events_path;  /* in the directory of --tensorboard, or NULL */
    tl_event_file events;
    tl_pool *pool;      /* NULL: one thread */
    int32_t threads;
    tl_evaluation validation; /* allocated before the loop */
    double *valid_named; /* [nnamed] of the last validation */
    tl_simulation simulation; /* likewise, of the same data; ready if --fit asks for it */
    int has_valid;
    int unscored; /* nothing counts in the data to validate on */
    int said;      /* that the gradient is truncated */
    int equations; /* of lm: what they do not determine was looked for */
    int changed;   /* settings are not the checkpoint's */
    int one_epoch; /* nothing says how long it is to be */
    const tl_tensor *probe; /* to be written, or NULL */
    tl_probe_file probe_values, probe_grads;
    tl_curve curve, valid_curve;
    tl_watch watch; /* of them */
    tl_advice advice;
    tl_lr_find found; /* by --lr-find */
    const char *plot; /* where to draw them, or NULL */
    tl_error undrawn; /* why not, where it could not be done; else "" */
    double begun, saved, before; /* seconds; `before`: spent by the runs that this one resumes */
    double drawn;          /* the picture, when */
    uint64_t drawn_update; /* and after which update */
    uint64_t saved_update, valid_update;
    /* What all processes know between two updates: */
    int stopped;  /* the number of the signal that one of them got, or 0 */
    int over;     /* the training is at its end */
    int save_due;
} tl_train_run;

static inline int tl_train_speaks(const tl_train_run *r) { return tl_rank(r->x) == 0; }

/* -1: any number. Optimizers of the whole record know themselves when they are at their end. */
int64_t tl_train_epochs(const tl_train_run *);

/* The length of a run in updates by --steps and --epochs; 0 if only the clock ends it. */
uint64_t tl_train_planned(const tl_train_run *);

/* What can be said before data are read; takes what will be written. Fails with what is wrong; release it in any case. */
int tl_train_check(tl_train_run *, tl_error *e);
void tl_train_release_files(tl_train_run *);

/* Data, parameters, memory; then the files that are begun. */
int tl_train_set_up(tl_train_run *, tl_error *e);

TL_C_END

#endif
