/* identifier.h - what a model is called in C, and so what its files are called. */
#ifndef IDENTIFIER_H
#define IDENTIFIER_H

#include "graph/arena.h"

/* "models/my-lstm.lua" is called my_lstm. A name that C, the runtime or the system's headers have for
 * something of theirs gets "_model" behind it, so that NAME.h hides no other header from who compiles
 * with -I on its directory, and the files of two models in one directory never meet. */
const char *model_identifier(Arena *, const char *path);

#endif
