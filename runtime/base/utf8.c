#include "utf8.h"

#include <stdlib.h>

/* Length by first byte, and the smallest character that needs it. */
static size_t length_of(unsigned char c, int32_t *least)
{
    if (c < 0x80)
        return *least = 0, 1;
    if (c >= 0xc2 && c < 0xe0)
        return *least = 0x80, 2;
    if (c >= 0xe0 && c < 0xf0)
        return *least = 0x800, 3;
    if (c >= 0xf0 && c < 0xf5)
        return *least = 0x10000, 4;
    return 0;
}

size_t tl_utf8_get(const char *text, size_t n, int32_t *character)
{
    const unsigned char *p = (const unsigned char *)text;
    int32_t least = 0, x;
    size_t length = length_of(p[0], &least);
    if (!length || length > n)
        return 0;
    x = length == 1 ? p[0] : p[0] & (0x7f >> length);
    for (size_t i = 1; i < length; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        x = x << 6 | (p[i] & 0x3f);
    }
    if (x < least || x > 0x10ffff || (x >= 0xd800 && x < 0xe000))
        return 0;
    *character = x;
    return length;
}

size_t tl_utf8_put(char text[5], int32_t c)
{
    size_t length = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const int32_t head[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
    for (size_t i = length; i-- > 1; c >>= 6)
        text[i] = (char)(0x80 | (c & 0x3f));
    text[0] = (char)(head[length] | c);
    text[length] = 0;
    return length;
}

int32_t *tl_utf8_decode(const char *text, size_t n, size_t *count)
{
    int32_t *out = calloc(n + 1, sizeof *out);
    size_t k = 0;
    *count = SIZE_MAX;
    for (size_t at = 0, length; out && at < n; at += length)
        if (!(length = tl_utf8_get(text + at, n - at, &out[k++]))) {
            *count = at;
            free(out);
            return NULL;
        }
    if (out)
        *count = k;
    return out;
}
