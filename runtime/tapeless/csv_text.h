/* csv_text.h - the text of a table's file: read, unpacked, in UTF-8. */
#ifndef TAPELESS_CSV_TEXT_H
#define TAPELESS_CSV_TEXT_H

#include <stddef.h>

#include "error.h"
#include "linkage.h"

TL_C_BEGIN

/* Without a byte order mark, followed by a 0 byte that *size does not count; the caller frees it. What
 * gzip packed is unpacked, whatever the file is called. NULL with a sentence, with the line where there is
 * one, if it cannot be read, is UTF-16, is packed by something else, or has zero bytes in it. */
char *tl_csv_text(const char *path, size_t *size, tl_error *e);

TL_C_END

#endif
