/* past.h - what a head over the window sees of the steps. */
#ifndef PAST_H
#define PAST_H

#include "graph/model.h"

/* A head is offered every output and state of every step. Drops the leaves that it does not use, and
 * from the table `past` the values that it uses of no step: an evaluation keeps k2 - 1 of each. */
void drop_unseen(Model *);

#endif
