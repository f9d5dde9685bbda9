/* online_run.h - learning from a stream beside the training of the same series, bit by bit. */
#ifndef ONLINE_RUN_H
#define ONLINE_RUN_H

#include "graph/model.h"

typedef struct OnlineCase {
    int32_t k1, k2;
    tl_overlap overlap;
    tl_counted counted;
    int resets, masks; /* the data have them, and windows read them */
    int weights;       /* the data have them: some steps' losses do not count, and their targets are NaN */
    int32_t shards;    /* of the three lanes: 0 or 1, or 3 */
} OnlineCase;

/* Sets what the case says in a model of tests/overlap/stream.lua. */
void online_case_apply(const OnlineCase *, Model *);

/* "k1 = 2, k2 = 5, retain, new, resets"; text has room for 100 characters. */
const char *online_case_name(const OnlineCase *, char *text);

/* Pushes 31 steps of random data, then as many updates of tl_training on the same: after each,
 * parameters, gradients, states, losses, probes and their gradients, loss, norm and rate must have
 * the same bits. NULL, or what differs. */
const char *online_differs(const OnlineCase *, const tl_engine *);

#endif
