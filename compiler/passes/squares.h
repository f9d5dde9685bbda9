/* squares.h - a loss that is a sum of squares, and what is squared. */
#ifndef SQUARES_H
#define SQUARES_H

#include "graph/model.h"

/* The residuals of m's loss, one after the other: {n}, so that the loss is the sum of their squares. They are found in the
 * graph: sums, means and constant weights of 0 or more of squares, whatever was written. `weighted` false: without their
 * weights. 0 with a malloc'ed sentence, which names the line, where the loss is nothing of the kind. */
Ref find_residuals(Model *m, bool weighted, char **error);

#endif
