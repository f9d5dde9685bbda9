/* prelude.h - the files of compiler/front/lua/, embedded by scripts/embed.cmake, in the order in which
 * they are to run; the last has no name. */
#ifndef PRELUDE_H
#define PRELUDE_H

#include <stddef.h>

typedef struct PreludeFile {
    const char *name; /* "ops.lua" */
    const char *text;
    size_t length;
} PreludeFile;

extern const PreludeFile prelude_files[];

#endif
