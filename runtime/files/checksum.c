#include "checksum.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum { DIGITS = 16 };

static const char before[] = "\"" TL_CHECKSUM_KEY "\":\"";

/* Where the digits stand, or NULL. A string of the user's cannot be taken for the entry: in it the
 * quotes would be escaped. */
static const char *find_digits(const char *header, size_t n)
{
    const char *at = memmem(header, n, before, sizeof before - 1);
    if (!at)
        return NULL;
    at += sizeof before - 1;
    return (size_t)(header + n - at) > DIGITS && at[DIGITS] == '"' ? at : NULL;
}

/* Fails without memory. */
static int compute(char digits[DIGITS + 1], const char *header, size_t n, const char *at, const tl_chunk *data,
                    size_t count)
{
    XXH3_state_t *state = XXH3_createState();
    if (!state)
        return -1;
    XXH3_64bits_reset(state);
    XXH3_64bits_update(state, header, (size_t)(at - header));
    XXH3_64bits_update(state, TL_CHECKSUM_BLANK, DIGITS);
    XXH3_64bits_update(state, at + DIGITS, (size_t)(header + n - at) - DIGITS);
    for (size_t i = 0; i < count; i++)
        XXH3_64bits_update(state, data[i].data, data[i].size);
    snprintf(digits, DIGITS + 1, "%016llx", (unsigned long long)XXH3_64bits_digest(state));
    XXH3_freeState(state);
    return 0;
}

int tl_checksum_seal(char *header, size_t header_size, const tl_chunk *data, size_t count)
{
    char digits[DIGITS + 1];
    const char *at = find_digits(header, header_size);
    if (!at)
        return 0;
    if (compute(digits, header, header_size, at, data, count))
        return -1;
    memcpy(header + (at - header), digits, DIGITS);
    return 0;
}

int tl_checksum_holds(const char *header, size_t header_size, const void *data, size_t data_size)
{
    char digits[DIGITS + 1];
    const char *at = find_digits(header, header_size);
    tl_chunk chunk = { data, data_size };
    if (!at)
        return -1;
    if (compute(digits, header, header_size, at, &chunk, 1))
        return -2;
    return !memcmp(at, digits, DIGITS);
}
