/* progress.h - what a training shows while it runs: one line on a terminal, redrawn; plain lines
 * elsewhere, one every few seconds; and a CSV log with a row an update. */
#ifndef TAPELESS_PROGRESS_H
#define TAPELESS_PROGRESS_H

#include <stdio.h>

#include "error.h"
#include "linkage.h"
#include "training.h"
#include "watch.h"

TL_C_BEGIN

typedef struct tl_progress {
    FILE *out;          /* NULL: quiet */
    FILE *log;          /* NULL: none */
    const char *log_path;
    int log_error;      /* errno of the first time that it could not be written; no row follows */
    int terminal;       /* out is one */
    int drawn;          /* the line on the terminal is to be redrawn */
    uint64_t total;     /* updates of the run, 0 if not known */
    double begun, shown; /* seconds, monotonic */
    uint64_t first_tick, first_update;
    double mean;        /* of losses: exponential, over about the last 100 updates */
    uint64_t count;     /* updates so far, and since the line before */
    uint64_t undrawn;
    double valid;       /* last validation loss, NAN before the first */
    int valid_fresh;    /* not yet in the log */
    double *named;      /* [2][nnamed] of each named loss: the mean as above, the last validation's; NULL: there are none */
    tl_watch *watch;    /* a picture above the line, on a terminal; NULL: none */
    int pictured;       /* lines of it that stand there */
} tl_progress;

double tl_seconds(void); /* monotonic clock */
double tl_wall_time(void); /* since 1970 */

/* A log that exists is appended to if `resume`, replaced if `overwrite`, else refused. */
int tl_progress_open(tl_progress *, const tl_model *, FILE *out, const char *log, int resume,
                     int overwrite, tl_error *e);

/* What was logged is on the disk. */
void tl_progress_sync(tl_progress *);

/* Fails if the log could not be written. */
int tl_progress_close(tl_progress *, tl_error *e);

void tl_progress_begin(tl_progress *, const tl_training *, uint64_t total);

/* After an update: counts it, logs it, and draws if it is time. Allocates nothing. */
void tl_progress_update(tl_progress *, const tl_training *);

/* The last line, if there is news, and on a terminal it stays. */
void tl_progress_end(tl_progress *, const tl_training *);

/* named: [nnamed] likewise. */
void tl_progress_valid(tl_progress *, const tl_training *, double loss, const double *named);

/* A line of its own. */
__attribute__((format(printf, 2, 3))) void tl_progress_say(tl_progress *, const char *format, ...);

TL_C_END

#endif
