/* fold.h - what need not be computed: constants, identities, views of views. */
#ifndef FOLD_H
#define FOLD_H

#include "graph/graph.h"

/* A node equal to n that exists or is simpler, or 0. Folding keeps every value bit for bit except
 * that constants are combined in double before they are rounded. x * 0 is not folded: it is NaN
 * where x is. */
Ref fold(Graph *, const Node *n, const Ref *args);
bool fold_commutes(tl_op op);

/* The value of a pointwise operation on numbers. */
double fold_number(const Node *n, const double *args);

#endif
