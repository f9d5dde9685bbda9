/* untail.h - keeps the frames that say where an operation was written.
 *
 * Lua reuses the frame of a function that ends in `return f(x)`, and with the frame goes the line:
 * an error in f, or a node that f makes, could only be traced to the caller's caller. LuaJIT drops
 * the frame for functions in C as well. So `return LIST` becomes `return __return(LIST)`, where
 * __return gives back its arguments: f is then called in the ordinary way. Nothing is put on
 * another line. */
#ifndef UNTAIL_H
#define UNTAIL_H

#include <stddef.h>

#include "graph/arena.h"

/* The rewritten text, NUL-terminated, its length in *out. Text whose blocks do not match comes back
 * as it is. What comes back may not compile; then the original does not compile either, and it is
 * the original's error that counts. */
char *untail(Arena *, const char *text, size_t length, size_t *out);

#endif
