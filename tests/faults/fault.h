/* fault.h - what the loop (loop.c) and the library that it preloads (inject.c) share: one page of a file
 * that both map, so that the count goes on through fork and exec. */
#ifndef FAULT_H
#define FAULT_H

#include <stdatomic.h>
#include <stdint.h>

#define FAULT_STATE "FAULT_STATE" /* environment: the file */
#define FAULT_TRACE "FAULT_TRACE" /* environment: if set, the fault prints its stack on stderr */

typedef enum FaultKind {
    FAULT_MEMORY,    /* malloc and its family, mmap: no memory */
    FAULT_FILES,     /* open, write, fsync, rename, ...: disk full, input/output error, no descriptor */
    FAULT_INTERRUPT, /* what may return EINTR does; a program must not notice */
    FAULT_SHORT,     /* read and write do a part of what they are asked; the same */
} FaultKind;

typedef struct FaultState {
    int32_t kind;
    int32_t lasting;         /* this fault and all after it: from here on the disk is full, or there is no memory */
    int64_t at;              /* the number of the call that fails; -1: none */
    atomic_llong calls;      /* so far, of this kind, in all processes */
    char program[64];        /* base names that count, separated by spaces; compilers and plotters do not */
    char what[64];           /* the function that failed last */
    char versions[64];       /* "": nothing. Else a directory: what is renamed to NAME is linked there as NAME.1, ... */
    atomic_int renames;      /* so far */
    int32_t real_clock;      /* else every look at the clock finds it a microsecond later */
} FaultState;

#endif
