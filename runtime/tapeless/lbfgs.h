/* lbfgs.h - L-BFGS: Nocedal, "Updating quasi-Newton matrices with limited storage", 1980; Nocedal & Wright, "Numerical
 * Optimization", 2006, algorithms 7.4 (two loops), 7.5 (the iteration), 3.5 and 3.6 (a line search for the strong Wolfe
 * conditions, c1 = 1e-4, c2 = 0.9).
 *
 * Of our own, and not Debian's liblbfgs: lbfgs() runs as a whole and cannot hand out what it remembers, so a training
 * could neither be saved between two iterations nor resumed to the bit. The tests hold it to SciPy's results.
 *
 * A pair is s = theta' - theta and y = gradient' - gradient; the last `history` pairs with s.y > 0 are a ring. Bounds
 * (min, max) are treated as in projected quasi-Newton methods (Bertsekas, "Projected Newton methods", 1982): an element
 * that stands at one, with a gradient that leads beyond it, is left out of the direction; every trial is projected, and
 * accepted where it lowers the cost enough for the step that was really made. max_norm is projected likewise. */
#ifndef TAPELESS_LBFGS_H
#define TAPELESS_LBFGS_H

#include "error.h"
#include "linkage.h"
#include "tapeless.h"

TL_C_BEGIN

struct tl_training;

/* All vectors are [param_size], 0 where nothing is trained. */
typedef struct tl_lbfgs {
    double *pair;        /* [history][2]: s, y */
    double *start;       /* the parameters where the iteration begins, */
    double *begun;       /* the gradient there, */
    double *direction;
    double *rho, *alpha; /* [history]: 1 / s.y, and what the first loop leaves for the second */
    int bounded;         /* some parameter is constrained */
} tl_lbfgs;

/* What stands in tl_whole_record.number: how many pairs there are, where in the ring the next will stand, and how
 * long it is. */
enum { TL_LBFGS_PAIRS, TL_LBFGS_NEXT, TL_LBFGS_HISTORY };

/* The row of whole_record.c. */
size_t tl_lbfgs_size(const struct tl_training *);
void tl_lbfgs_begin(struct tl_training *, double *block);
int tl_lbfgs_iterate(struct tl_training *, tl_error *);
int tl_lbfgs_remembered(const struct tl_training *, int32_t i, double **vector);
int tl_lbfgs_fits(struct tl_training *);

TL_C_END

#endif
