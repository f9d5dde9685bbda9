/* emit_number.c - numbers as C reads them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "emit/emit_internal.h"

/* INFINITY and NAN are floats, and would be promoted. */
const char *infinity_word(tl_type real) { return real == TL_F32 ? "HUGE_VALF" : "HUGE_VAL"; }

/* True if so many digits read back as v, which is a float where the type is. More then do as well. */
static bool reads_back(char *text, size_t size, tl_type real, double v, int digits)
{
    snprintf(text, size, "%.*g", digits, v);
    return real == TL_F32 ? strtof(text, NULL) == (float)v : strtod(text, NULL) == v;
}

int print_number(FILE *f, tl_type real, double v)
{
    char text[40];
    if (real == TL_F32)
        v = (float)v;
    if (isnan(v))
        return fprintf(f, real == TL_F32 ? "NAN" : "(double)NAN");
    if (isinf(v))
        return fprintf(f, v < 0 ? "(-%s)" : "%s", infinity_word(real));
    int most = real == TL_F32 ? 9 : 17; /* enough for any; most numbers need nearly as many, or very few */
    int digits = reads_back(text, sizeof text, real, v, most - 3) ? 1 : most - 2;
    while (digits < most && !reads_back(text, sizeof text, real, v, digits))
        digits++;
    reads_back(text, sizeof text, real, v, digits);
    const char *point = strpbrk(text, ".en") ? "" : ".0";
    return fprintf(f, v < 0 || (v == 0 && signbit(v)) ? "(%s%s%s)" : "%s%s%s", text, point, real == TL_F32 ? "f" : "");
}
