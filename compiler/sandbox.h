/* sandbox.h - runs a function in a child process that cannot outlive its limits.
 *
 * The child is forked, has no descriptor but the pipe to its parent and stderr, can write no file,
 * and is killed when it has used its processor time (by the kernel, RLIMIT_CPU) or when the wall
 * clock runs out (by the parent). What it writes to the pipe is bounded too. */
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
    SANDBOX_WALL,   /* out of time */
    SANDBOX_OUTPUT, /* sent too much */
    SANDBOX_ABORT,  /* aborted: no memory, or an assertion that failed */
    SANDBOX_DIED,   /* another signal, or a status other than 0: *detail */
    SANDBOX_SYSTEM  /* no pipe, no process or no memory: errno in *detail */
} SandboxEnd;

/* Runs body(context, out) in the child. What it wrote to `out` is in *text (malloc'd, followed by a
 * NUL that *length does not count); set whatever the end. */
SandboxEnd sandbox_run(int (*body)(void *context, FILE *out), void *context, const SandboxLimits *,
                       char **text, size_t *length, int *detail);

#endif
