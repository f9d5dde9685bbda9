/* gunzip.h - what a .gz file holds, in memory. */
#ifndef TAPELESS_GUNZIP_H
#define TAPELESS_GUNZIP_H

#include <stddef.h>

#include "error.h"
#include "linkage.h"

TL_C_BEGIN

/* Do the bytes begin as gzip's do? */
int tl_is_gzip(const void *bytes, size_t size);

/* The contents of one or several gzip members, one behind the other, followed by a 0 byte that *size
 * does not count; the caller frees them. NULL with a sentence, which calls the file `label`, where they
 * are damaged or cut short, hold more than `limit` bytes, or memory is short. */
void *tl_gunzip(const void *bytes, size_t count, size_t limit, const char *label, size_t *size, tl_error *e);

TL_C_END

#endif
