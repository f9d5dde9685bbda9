/* csv_cell.h - what stands in a cell of a table: a number, nothing, or something else.
 *
 * Numbers are read by one grammar, whatever the program's locale is: a sign, digits with a decimal
 * point (or comma), an exponent; no hexadecimal, no infinity. */
#ifndef TAPELESS_CSV_CELL_H
#define TAPELESS_CSV_CELL_H

#include <stddef.h>

#include "linkage.h"

TL_C_BEGIN

/* How numbers are written. */
typedef struct tl_number_style {
    char decimal;   /* '.' or ',' */
    char thousands; /* between groups of three digits, or 0: there are no groups */
    void *c;        /* the "C" locale, a locale_t, for strtod_l */
} tl_number_style;

typedef enum tl_cell {
    TL_CELL_NUMBER,
    TL_CELL_MISSING,  /* empty, or one of the words below */
    TL_CELL_WORDS,    /* a date, a remark */
    /* Numbers to whoever wrote them: */
    TL_CELL_INFINITE, /* inf, 1e999 */
    TL_CELL_HEX,      /* 0x1f */
    TL_CELL_DECIMAL,  /* of the other style: 1,5 */
    TL_CELL_GROUPED,  /* with groups of digits: 1,234.5 or 1,234,567 or 1 234.5 */
    TL_CELL_EITHER,   /* 1,234, which may be one and a bit or some thousand */
    TL_CELL_UNIT      /* with a short word or a sign: 5%, $5, 5 km, <0.1 */
} tl_cell;

/* Missing are, in capitals or not: the empty cell, ?, -, --, ., na, n/a, #n/a, <na>, nan, +nan, -nan,
 * null, none, nil, \n (a backslash and an N), 1.#qnan, 1.#ind, -1.#qnan, -1.#ind. Blanks around a
 * cell do not matter. `text` ends with a 0. *x is the number of a TL_CELL_NUMBER, else NaN. */
tl_cell tl_cell_read(const tl_number_style *, const char *text, size_t size, double *x);

/* What would be right for such a cell, as the end of a sentence, or "". */
const char *tl_cell_advice(tl_cell, const tl_number_style *, const char *text, char *advice, size_t size);

/* The cell as a sentence can show it: at most some forty bytes, without control characters and what
 * is not UTF-8. The caller frees it; NULL if memory is short. */
char *tl_cell_show(const char *text, size_t size);

TL_C_END

#endif
