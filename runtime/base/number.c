#include "number.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static int is_digit(char c) { return c >= '0' && c <= '9'; }

int tl_parse_whole(const char *text, int64_t *x)
{
    const char *p = text + (*text == '-' || *text == '+');
    char *end;
    if (!is_digit(*p))
        return 0;
    errno = 0;
    *x = strtoll(text, &end, 10);
    return !*end && !errno;
}

/* The length of [+-]digits[.digits][e[+-]digits] with a digit in front of or behind the point. */
static size_t decimal(const char *text)
{
    const char *p = text + (*text == '-' || *text == '+');
    size_t digits = strspn(p, "0123456789"), behind = 0;
    p += digits;
    if (*p == '.')
        p += 1 + (behind = strspn(p + 1, "0123456789"));
    if (digits + behind == 0)
        return 0;
    if (*p == 'e' || *p == 'E') {
        const char *power = p + 1 + (p[1] == '-' || p[1] == '+');
        size_t n = strspn(power, "0123456789");
        p = n ? power + n : p;
    }
    return (size_t)(p - text);
}

int tl_parse_number(const char *text, double *x)
{
    size_t n = decimal(text);
    if (!n || text[n])
        return 0;
    *x = strtod(text, NULL);
    return isfinite(*x) && (*x != 0 || strspn(text, "+-.0") == strcspn(text, "eE"));
}

int tl_parse_range(const char *text, double *low, double *high)
{
    char first[64];
    const char *dots = strstr(text, "..");
    size_t n = dots ? (size_t)(dots - text) : sizeof first;
    if (n >= sizeof first)
        return 0;
    memcpy(first, text, n);
    first[n] = 0;
    return tl_parse_number(first, low) && tl_parse_number(dots + 2, high) && *low <= *high;
}
