/* cache.h - what was built is kept, and found again by what it was built from.
 *
 * What stands in the cache is run, so it must be what we have put there. The cache is a directory of ours with
 * mode 0700, made so; one that belongs to somebody else or that others can write is refused. It is opened
 * once and everything goes by the open directory, so that renaming what leads there changes nothing.
 *
 *   CACHE/NAME-HASH/    an entry, 0700; the hash is over the generated C, the C compiler, its version and flags,
 *                       what they come to on this processor, the runtime's library, and the ABI
 *       NAME.c NAME.h NAME_main.c NAME_ffi.lua NAME libNAME.so
 *       manifest        written last: size, XXH3 (128 bits) and name of each, a line each
 *
 * An entry is built aside, flushed to the disk and renamed, so it is whole or not there; of two that are built at
 * once the first stays. Before anything of an entry is used all its files are compared with the manifest: one that
 * is damaged is removed, with a line that says so, and built again. */
#ifndef CACHE_H
#define CACHE_H

#include "emit/emit.h"

typedef struct CacheEntry {
    int root;    /* the open cache: `path` leads through it */
    char *path;  /* to load or to run what is in it */
    char *shown; /* to people */
} CacheEntry;

/* Builds in the cache, unless it is there already: $TAPELESS_CACHE, $XDG_CACHE_HOME/tapeless or ~/.cache/tapeless.
 * False with a malloc'ed sentence. */
bool build_cached(const Program *, CacheEntry *, char **error);
void cache_entry_close(CacheEntry *);

#endif
