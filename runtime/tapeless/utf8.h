/* utf8.h - UTF-8 to code points and back (RFC 3629: no overlong forms, no surrogates). */
#ifndef TAPELESS_UTF8_H
#define TAPELESS_UTF8_H

#include <stddef.h>
#include <stdint.h>

#include "linkage.h"

TL_C_BEGIN

/* Reads one character from text[0 .. n - 1], n > 0. Returns its length in bytes, 1 .. 4, or 0 if
 * it is not valid UTF-8. */
size_t tl_utf8_get(const char *text, size_t n, int32_t *character);

/* Writes one character, 1 .. 4 bytes, and a 0. Returns its length. */
size_t tl_utf8_put(char text[5], int32_t character);

/* The text's characters, which the caller frees, and their number. NULL if memory is short, or if
 * the text is invalid: then *count is the offset of the first wrong byte, else SIZE_MAX. */
int32_t *tl_utf8_decode(const char *text, size_t n, size_t *count);

TL_C_END

#endif
