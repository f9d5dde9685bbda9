/* learn.h - what becomes of a model's step by how it learns (tbptt.learn) and what makes its updates. */
#ifndef LEARN_H
#define LEARN_H

#include "graph/model.h"

/* With "tbptt" nothing, unless the optimizer, `kind`, is lm, ekf or ridge, which learn from the residuals' Jacobian: its rows are
 * added, and for ridge they must be made of nothing that is trained. "rtrl", "snap1" and "diagonal" carry sensitivities; "immediate" stops the gradient between steps. A malloc'ed
 * sentence where the model does not fit. */
char *prepare_learning(Model *m, tl_optimizer_kind kind);

/* Behind it: the adjoint of the state between steps is stored, as `lags` in tbptt asks. A malloc'ed sentence where there is
 * none. */
char *prepare_lags(Model *m);

/* lm, ekf and ridge invert matrices whose condition is the square of the Jacobian's: in double precision, unless asked otherwise. */
bool learns_in_f64(tl_optimizer_kind);

#endif
