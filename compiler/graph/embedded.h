/* embedded.h - files that stand in the program, written into it by scripts/embed.cmake. */
#ifndef EMBEDDED_H
#define EMBEDDED_H

#include <stddef.h>

typedef struct EmbeddedFile {
    const char *name; /* "ops.lua" */
    const char *text; /* followed by a NUL */
    size_t length;
} EmbeddedFile;

#endif
