/* sandbox.h - runs a function in a child process that cannot outlive its limits.
 *
 * The child is forked, has no descriptor but the pipe to its parent and stderr, can write no file,
 * and is killed when it has used its processor time (by the kernel, RLIMIT_CPU). That is the bound; what
 * waits uses none, so there is a wall clock too (the parent's), which must be long enough for any machine,
 * however busy. What it writes to the pipe is bounded as well. */
#ifndef SANDBOX_H
#define SANDBOX_H

#include <stddef.h>
#include <stdio.h>

typedef struct SandboxLimits {
    int cpu_seconds, wall_seconds;
    size_t memory; /* bytes of address space on top of what the parent has; not under ASan */
    size_t output; /* bytes the child may send */
} SandboxLimits;

typedef enum SandboxEnd {
    SANDBOX_DONE,   /* the child returned 0 */
    SANDBOX_CPU,    /* out of processor time */
    SANDBOX_WALL,   /* out of time: it waited for something */
    SANDBOX_OUTPUT, /* sent too much */
    SANDBOX_MEMORY, /* found no memory (checked.h) */
    SANDBOX_DIED,   /* another signal, or a status other than 0: *detail */
    SANDBOX_SYSTEM  /* no pipe, no process or no memory: errno in *detail */
} SandboxEnd;

/* Runs body(context, out) in the child. What it wrote to `out` is in *text (malloc'd, followed by a
 * NUL that *length does not count); set whatever the end. */
SandboxEnd sandbox_run(int (*body)(void *context, FILE *out), void *context, const SandboxLimits *,
                       char **text, size_t *length, int *detail);

#endif
