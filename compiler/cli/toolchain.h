/* toolchain.h - the system's C compiler: generated C to objects, trainers and libraries. */
#ifndef TOOLCHAIN_H
#define TOOLCHAIN_H

#include <stdbool.h>

#include "cli/words.h"
#include "schedule/target.h"

typedef struct Toolchain {
    Words cc;               /* $CC, else the compiler that built this program, else cc */
    const char *executable; /* its first word, as PATH finds it */
} Toolchain;

/* False with a malloc'ed sentence, here and below. */
bool toolchain_find(Toolchain *, Arena *, char **error);

/* Another compiler, which a package of Debian's has. */
bool toolchain_named(Toolchain *, Arena *, const char *program, const char *package, char **error);

/* A command that makes `what` in `directory`. */
bool toolchain_run(const Toolchain *, const Words *, const char *what, const char *directory, char **error);

/* All that the object made of one source depends on beside the source: which compiler it is, its version, its
 * flags, what they come to on this processor. In the arena; NULL. */
const char *toolchain_identity(const Toolchain *, Arena *, char **error);

/* In `directory`: NAME.c to NAME.o, that and the runtime to libNAME.so, and with NAME_main.c to NAME. */
bool toolchain_build(const Toolchain *, Arena *, const char *directory, const char *name, char **error);

/* In `directory`: NAME.c to libNAME.so, which needs nothing but libm; for this processor, or for any of the target's. */
bool toolchain_build_alone(const Toolchain *, Arena *, const char *directory, const char *name, const Target *target,
                           char **error);

#endif
