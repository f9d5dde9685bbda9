/* thread_ranks.h - an exchange whose ranks are threads: what processes do together, in a test of one. */
#ifndef THREAD_RANKS_H
#define THREAD_RANKS_H

#include <tapeless/exchange.h>

/* Runs `main` in `ranks` threads, each with an exchange of its own; NULL with one. Returns when all have. Nothing may
 * be asserted in there: what is wrong is left in the context. */
void run_ranks(int32_t ranks, void (*main)(const tl_exchange *, void *context), void *context);

#endif
