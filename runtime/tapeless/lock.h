/* lock.h - one writer at a time: two trainers that save to one checkpoint would each undo what the other has done.
 *
 * The lock on PATH is a flock of PATH.tapeless-lock, which is made beside what PATH stands for (output.h), so
 * that two names of one file share it, and which outlives the renaming of the file itself. It goes with the
 * process, however that ends; a file that a killed one has left blocks nobody. Where the filesystem has no
 * locks, or the lock cannot be made, everybody goes on without. */
#ifndef TAPELESS_LOCK_H
#define TAPELESS_LOCK_H

#include "error.h"
#include "linkage.h"

TL_C_BEGIN

typedef struct tl_lock {
    int fd;     /* -1: none */
    char *name; /* of the lock's file */
    struct tl_lock *next; /* of those that the process has, to be removed where it calls exit */
} tl_lock;

/* -1 with a sentence if another process has it, or `path` cannot be written (tl_output_target). The lock
 * stays where it is in memory until it is released. */
int tl_lock_take(tl_lock *, const char *path, tl_error *e);

/* Of one that was never taken too, if it is all zeros. */
void tl_lock_release(tl_lock *);

TL_C_END

#endif
