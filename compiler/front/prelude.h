/* prelude.h - the files of compiler/front/lua/, embedded, in the order in which they are to run. */
#ifndef PRELUDE_H
#define PRELUDE_H

#include "graph/embedded.h"

extern const EmbeddedFile prelude_files[];
extern const size_t prelude_count;

#endif
