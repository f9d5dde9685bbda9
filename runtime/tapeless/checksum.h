/* checksum.h - a checksum inside a safetensors file, so that a flipped bit is noticed.
 *
 * The metadata entry "checksum" holds 16 hex digits: XXH3 (64 bits) of the header's text, with these
 * digits as zeros, followed by the data. Other readers see one more string of metadata. */
#ifndef TAPELESS_CHECKSUM_H
#define TAPELESS_CHECKSUM_H

#include <stddef.h>

#include "file.h"
#include "linkage.h"

TL_C_BEGIN

#define TL_CHECKSUM_KEY "checksum"
#define TL_CHECKSUM_BLANK "0000000000000000"

/* Puts the digits where the header's text has the blank. Fails without memory. */
int tl_checksum_seal(char *header, size_t header_size, const tl_chunk *data, size_t count);

/* 1 if the digits are right, 0 if not, -1 if the header has none, -2 without memory. */
int tl_checksum_holds(const char *header, size_t header_size, const void *data, size_t data_size);

TL_C_END

#endif
