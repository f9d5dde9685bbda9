/* sensitivity.h - how a state has moved with the parameters, by blocks of steps: the Jacobian of a stream in the time of a
 * window (Schmidhuber, "A fixed size storage O(n^3) time complexity learning algorithm for fully recurrent continually running
 * networks", 1992).
 *
 * S {n, columns} are the derivatives of the n numbers of state that entered the block, by each parameter. Within the block
 * gradients go back, to its first step; what they leave there, an adjoint of the entering state, is credited by S. Behind the
 * last step each number of the state is one more output, and the gradients of all are the rows of the next S. */
#ifndef TAPELESS_SENSITIVITY_H
#define TAPELESS_SENSITIVITY_H

#include <stddef.h>

#include "error.h"
#include "linkage.h"
#include "tapeless.h"

TL_C_BEGIN

typedef struct tl_sensitivity {
    tl_type real;
    size_t states, columns; /* numbers of state; reals of a block like params */
    void *now, *next;       /* real [states][columns]: S, and the next one while it is made */
    void *adjoint;          /* real [states + 1][states]: room for one, then of each row */
    int moved;              /* 0: S is 0 */
} tl_sensitivity;

int tl_sensitivity_new(tl_sensitivity *, const tl_model *, tl_error *);
void tl_sensitivity_free(tl_sensitivity *);

/* A block of which the model's window has just gone back: what its first step, in slot `first`, got is credited to `grads`. */
void tl_sensitivity_credit(tl_sensitivity *, const tl_model *, const tl_window *, void *grads);
/* The same of the state's number `row` as it enters the next block; then all rows at once are the S of that. */
void tl_sensitivity_row(tl_sensitivity *, const tl_model *, const tl_window *, const void *grads, size_t row);
void tl_sensitivity_move(tl_sensitivity *);

TL_C_END

#endif
