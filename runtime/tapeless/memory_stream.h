/* memory_stream.h - streams of open_memstream, and whether all that was written is there. */
#ifndef TAPELESS_MEMORY_STREAM_H
#define TAPELESS_MEMORY_STREAM_H

#include <stdio.h>

#include "linkage.h"

TL_C_BEGIN

/* fclose of a stream into *text. -1 where memory was short: a write was lost, or glibc could not shrink
 * the text to its size, and then its fclose returns 0 and leaves NULL. The caller frees *text. */
int tl_memory_close(FILE *, char *const *text);

TL_C_END

#endif
