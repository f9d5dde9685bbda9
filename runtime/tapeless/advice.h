/* advice.h - what a training's own numbers say of what to try next: at most two sentences, and none that they do not bear out.
 *
 * Of the means of this run's epochs, 12 at least, or else of the losses of its updates (curve.h), 40 points at least, by quarters; an
 * epoch's windows differ from each other again and again in the same way, its mean does not. A mean's error is its standard error:
 *   explodes     the last quarter's mean is three times the lowest quarter's, and above the first's
 *   stands still  between the third quarter and the last it changed by less than a fiftieth, with twice the error of the difference;
 *                of runs of 3 whole epochs, or of 1000 updates, at least: earlier a loss stands still as a rule
 * Of validations, 6 at least:
 *   parts        the lowest was before the last quarter of them, the mean of the last sixth (two at least) is a twentieth above it, and
 *                the training's last quarter is below what it was then
 * Of the learning rate:
 *   floor        for the last quarter of the updates, 20 at least, it was at the schedule's floor (of reduce_on_plateau: a thousandth,
 *                if that is more)
 * Of norms of lags, where a lag is a distance (k1 = 1, or loss = "last"):
 *   k2           the gradient that arrives k2 steps back is on average a tenth of that which arrives one step back, or more */
#ifndef TAPELESS_ADVICE_H
#define TAPELESS_ADVICE_H

#include "curve.h"
#include "linkage.h"
#include "training.h"

TL_C_BEGIN

enum { TL_ADVICE_MOST = 2, TL_ADVICE_SIZE = 360 };

/* What is noted of each update. */
typedef struct tl_advice {
    uint64_t updates, at_floor; /* of this run; the last so many */
    uint64_t epoch, losses;     /* the one that goes on, and updates of it, from its first */
    double sum;                 /* of their losses */
    tl_curve epochs;            /* means of those that were whole */
    double near, far;           /* sums of the norms one and k2 steps back, over full windows */
} tl_advice;

void tl_advice_note(tl_advice *, const tl_training *);

/* The sentences, the weightiest first; returns their number. Of optimizers of the whole record none. */
int tl_advice_give(const tl_advice *, const tl_training *, const tl_curve *train, const tl_curve *valid,
                   char text[TL_ADVICE_MOST][TL_ADVICE_SIZE]);

TL_C_END

#endif
