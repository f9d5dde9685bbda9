/* pool.h - threads that are made once and then run tasks that do not depend on each other.
 *
 * Which thread runs which task, and when, is not fixed. So results depend on the tasks alone, and not on
 * the number of threads, as long as no task reads what another of the same run writes. */
#ifndef TAPELESS_POOL_H
#define TAPELESS_POOL_H

#include <stdint.h>

#include "error.h"
#include "linkage.h"

TL_C_BEGIN

typedef struct tl_pool tl_pool;
typedef void tl_task(void *context, int32_t task);

/* `threads` of them, with the one that calls. *pool is NULL for one: the functions below take that. Signals are
 * left to the thread that calls. Fails, with a sentence, where the system has no more threads. */
int tl_pool_new(tl_pool **, int32_t threads, tl_error *e);
void tl_pool_free(tl_pool *);

/* Runs tasks 0 .. tasks - 1, and returns when all are done. One call at a time, from the thread that made the
 * pool; it allocates nothing. */
void tl_pool_run(tl_pool *, tl_task *, void *context, int32_t tasks);

/* Processors that this process may run on. */
int32_t tl_processors(void);

/* What --threads says: a number, or 0 or "auto" for as many as there are processors; never more than `most`, the
 * tasks that there are. */
int tl_threads_read(const char *text, int32_t most, int32_t *threads, tl_error *e);

/* The option, for a command's table. */
#define TL_THREADS_OPTION(to)                                                                     \
    TL_STRING("threads", 0, to, "N", "run on N threads; auto: on all processors. The same bits whatever N is")

TL_C_END

#endif
