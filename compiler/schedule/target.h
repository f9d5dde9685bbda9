/* target.h - what the generated code is made for, as data. */
#ifndef TARGET_H
#define TARGET_H

#include <stdbool.h>
#include <stdint.h>

typedef struct Target {
    const char *name;
    int32_t vector_bytes; /* 0: no vectors, plain C */
    int32_t registers;    /* that hold one */
} Target;

/* NULL: there is none of that name. "native" is the machine's that compiles. */
const Target *target_named(const char *name);
extern const char *const target_names; /* for messages */

#endif
