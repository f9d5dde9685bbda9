/* memory_stream.h - streams into memory, and whether all that was written is there. open_memstream does not say so: where
 * glibc 2.36 finds no room for more, what was to be written is lost and the stream's error stays clear. */
#ifndef TAPELESS_MEMORY_STREAM_H
#define TAPELESS_MEMORY_STREAM_H

#include <stdio.h>

#include "linkage.h"

TL_C_BEGIN

/* A stream into *text (malloc'ed, followed by a 0 byte that *size does not count), which are there when it is closed.
 * NULL without memory. */
FILE *tl_memory_open(char **text, size_t *size);

/* fclose. -1 where memory was short and a write was lost. The caller frees *text in any case. */
int tl_memory_close(FILE *);

TL_C_END

#endif
