/* templates.h - headers of the runtime that code which stands alone has in it, embedded. */
#ifndef TEMPLATES_H
#define TEMPLATES_H

#include "graph/embedded.h"

extern const EmbeddedFile templates_files[];
extern const size_t templates_count;

#endif
