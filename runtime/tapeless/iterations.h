/* iterations.h - what people are told of a training whose updates are iterations on the whole record
 * (whole_record.h). All of these do nothing for other optimizers. */
#ifndef TAPELESS_ITERATIONS_H
#define TAPELESS_ITERATIONS_H

#include "linkage.h"
#include "progress.h"
#include "report.h"
#include "train_options.h"
#include "training.h"

TL_C_BEGIN

/* Fails where options ask for what there is only in a window's update, or patience for what is not held out. */
int tl_iterations_check(const tl_training *, const tl_train_options *, int has_valid, tl_error *);

/* After an update: says that the gradient is not that of the cost, if so; 1: it was said. */
int tl_iterations_truncated(tl_progress *, const tl_training *);

/* After the first update of a run, of lm: says what the residuals do not determine. */
void tl_iterations_equations(tl_progress *, tl_training *);

/* After a validation that was not the best; `best`: the update that was. Ends the training where that is long ago. */
void tl_iterations_lose_patience(tl_progress *, tl_training *, uint64_t best);

void tl_iterations_over(tl_progress *, const tl_training *); /* of a checkpoint that has ended */
void tl_iterations_end(tl_progress *, const tl_training *);  /* of one that ends now */

/* "cost", with what l2 adds; "evaluations" of it, in this run. */
void tl_iterations_report(json_t *, const tl_training *);

TL_C_END

#endif
