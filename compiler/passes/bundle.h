/* bundle.h - values of one slot that can be parts of one vector: what join.c joins, and by what memory.c orders the
 * parameters.
 *
 * The first are a slot's products of one vector with several matrices: together they are its product with the matrices'
 * rows. Where member i of a bundle is added to member i of another, or to parameter i of as many, for all i, the sums
 * are a bundle too. */
#ifndef BUNDLE_H
#define BUNDLE_H

#include "passes/window.h"

typedef struct Bundle {
    Ref *member;         /* [count] vectors; of products that are read otherwise, the products */
    int32_t count;
    int32_t *param;      /* [count] the matrices, or what is added to each of `left`; NULL: those are values */
    Ref with;            /* of products: the vector */
    struct Bundle *left; /* of sums, else NULL */
    struct Bundle *right; /* its members from `from` on are added; NULL: parameters are */
    int32_t from;
    bool whole_added;    /* its members are parts of the sums of one bundle alone */
    Ref whole;           /* join.c: in the new graph */
    struct Bundle *next; /* in the order in which they can be made */
} Bundle;

typedef struct Bundles {
    Bundle *first;
    Bundle **of;         /* [graph->count] also of products whose vectors are the members; NULL: of none */
    int32_t *place;      /* [graph->count] of a member */
    bool *absorbed;      /* [graph->count] a member that sums of a bundle alone read */
} Bundles;

/* `placed`: parameters have offsets, and only neighbours are bundled, in this order; else all that may become so, in
 * the order of the spec. */
Bundles find_bundles(const Window *, bool placed, Arena *);
/* [nparams] the parameters in the order in which they should stand. `follows`, [nparams] in this order: it
 * begins where the one before ends. */
int32_t *order_params(const Model *, bool *follows, Arena *);

#endif
