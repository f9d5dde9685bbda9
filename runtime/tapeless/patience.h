/* patience.h - early stopping: a training ends when it has been validated so often in a row without getting better (Prechelt, "Early
 * Stopping - But When?", 1998). */
#ifndef TAPELESS_PATIENCE_H
#define TAPELESS_PATIENCE_H

#include "checkpoint.h"
#include "linkage.h"
#include "progress.h"
#include "train_options.h"

TL_C_BEGIN

/* Fails where there is nothing to validate on, and of optimizers that know themselves when they end. */
int tl_patience_check(const tl_train_options *, const tl_model *, const tl_train_spec *, int has_valid, tl_error *);

/* A validation's loss: better by more than --min-delta than what was, or one more that was not. */
void tl_patience_note(tl_record *, const tl_train_options *, double loss);

int tl_patience_over(const tl_record *, const tl_train_options *);

/* Why the training has ended, or the checkpoint's had; and where the best weights are. */
void tl_patience_say(tl_progress *, const tl_model *, const tl_record *, const tl_train_options *);

TL_C_END

#endif
