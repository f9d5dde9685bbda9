/* terms.h - how many numbers the longest sum has that a result of a window is made of.
 *
 * A sum of n rounded numbers is known to within sqrt(n) roundings: each partial sum is rounded by u = 2^-24 of it
 * at most (2^-53 in f64), by chance up or down, so that the errors of n of them add up to about
 * sqrt(n) u / 3 of a sum of numbers of one sign, and to no more of one of both, whose partial sums are as large as what
 * is left (Higham, Accuracy and Stability of Numerical Algorithms, ch. 4). Two engines that
 * add in different orders differ by as much. Counted are the longest single sum on the way to a result, over elements,
 * lanes, and for a parameter's gradient the window's steps; not how many sums follow each other. */
#ifndef TERMS_H
#define TERMS_H

#include "passes/window.h"

typedef struct Terms {
    int64_t *grad;   /* [nparams] of one step; times the steps of a window */
    int64_t *within; /* [nparams] of the values that those are the sums of */
    int64_t forward; /* losses, states and probes */
    int64_t backward; /* adjoints of probes and states */
} Terms;

/* In the arena. False with a sentence where the window is too large to unroll. */
bool count_terms(Terms *, Arena *, const Model *, char **error);

/* What two engines may differ by in a result that is sums of n numbers: at least `least`. */
double terms_tolerance(int64_t n, tl_type real, double least);

#endif
