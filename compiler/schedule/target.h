/* target.h - what a processor is to whoever chooses and prints kernels: data.
 *
 * A target is named on the command line, in the provenance line of what is generated and in the cache's key. Two
 * processors of one target get the same C. */
#ifndef TARGET_H
#define TARGET_H

#include <stdbool.h>

enum { MOST_TARGET_FLAGS = 3 };

typedef struct Target {
    const char *name;
    int vector_bytes; /* 0: plain C */
    int registers;    /* of vectors */
    int sums;         /* that keep its multiply-adds busy: their latency by how many start in a cycle */
    bool fused;       /* one instruction multiplies and adds */
    const char *flags[MOST_TARGET_FLAGS]; /* of gcc and clang, for a compiler whose default is the processor's family */
    const char *cross; /* what begins the names of a cross compiler's programs, from another family */
} Target;

/* All, the widest of a family first; ends with one without a name. */
extern const Target all_targets[];

/* NULL if there is none of that name; "native" is target_native(). */
const Target *target_named(const char *name);

/* The widest that this processor can run. */
const Target *target_native(void);

/* What every processor of this one's family runs. */
const Target *target_common(void);

extern const char *const target_names; /* for messages */

#endif
