/* cache_root.h - the cache's directory: which it is, and whether it can be trusted. */
#ifndef CACHE_ROOT_H
#define CACHE_ROOT_H

#include "graph/arena.h"

/* Opens it, made if it is not there; its name to *path. -1 with a malloc'ed sentence. */
int cache_root_open(Arena *, const char **path, char **error);

#endif
