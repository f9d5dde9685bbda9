/* toolchain.h - generated C to trainers and libraries, with the system's C compiler; results are
 * kept in a cache by content. */
#ifndef TOOLCHAIN_H
#define TOOLCHAIN_H

#include "emit.h"

/* Writes NAME.c, NAME.h, NAME_main.c and NAME_ffi.lua into `directory` (made if it is not there), each replaced
 * atomically. False with a malloc'ed sentence. */
bool write_sources(const Program *, const char *directory, char **error);

/* The same, and builds directory/NAME (the trainer) and directory/libNAME.so. */
bool build_in(const Program *, const char *directory, char **error);

/* Builds in the cache, unless it is there already ($TAPELESS_CACHE, $XDG_CACHE_HOME/tapeless or
 * ~/.cache/tapeless; the key is a hash of the generated C, the C compiler's name and flags, and the
 * runtime). Returns the malloc'ed directory. */
char *build_cached(const Program *, char **error);

#endif
