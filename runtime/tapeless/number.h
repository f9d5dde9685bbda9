/* number.h - what people type, as numbers: decimal and all of it, or nothing.
 *
 * Not taken, although strtod takes it: white space, hexadecimal, nan, inf, what is too large for a
 * double or so small that it would be 0, and anything behind the number. */
#ifndef TAPELESS_NUMBER_H
#define TAPELESS_NUMBER_H

#include <stdint.h>

#include "linkage.h"

TL_C_BEGIN

/* 1 and the number in *x, or 0. */
int tl_parse_whole(const char *text, int64_t *x);  /* [+-]digits */
int tl_parse_number(const char *text, double *x);  /* also 0.5, .5, 5., 1e-3 */

/* "LOW..HIGH", two numbers of which the first is not larger. */
int tl_parse_range(const char *text, double *low, double *high);

TL_C_END

#endif
