#include "csv_cell.h"

#include <ctype.h>
#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "utf8.h"

enum { LONGEST = 500, SHOWN = 40, MOST_UNIT = 5 }; /* bytes of a number, of a cell in a sentence, of a unit */

static const char *const missing_words[] = {
    "?", "-", "--", ".", "na", "n/a", "#n/a", "<na>", "nan", "+nan", "-nan", "null", "none", "nil", "\\n",
    "1.#qnan", "1.#ind", "-1.#qnan", "-1.#ind",
};

static int is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

static int is_digit(char c) { return c >= '0' && c <= '9'; }

static int is_missing(const char *text, size_t size)
{
    for (size_t i = 0; i < sizeof missing_words / sizeof *missing_words; i++)
        if (strlen(missing_words[i]) == size && strncasecmp(text, missing_words[i], size) == 0)
            return 1;
    return !size;
}

/* Digits from s on, with groups if `thousands`; at *to they are appended without the separators. What
 * is read must be one group of any length or one of 1 - 3 and then groups of exactly 3. Returns where
 * they end, or NULL; *groups counts separators. */
static const char *scan_whole(const char *s, char thousands, char **to, int *groups)
{
    size_t in_group = 0;
    *groups = 0;
    for (;; s++) {
        if (is_digit(*s)) {
            *(*to)++ = *s;
            in_group++;
        } else if (thousands && *s == thousands && is_digit(s[1])) {
            if (*groups ? in_group != 3 : in_group < 1 || in_group > 3)
                return NULL;
            (*groups)++;
            in_group = 0;
        } else {
            return *groups && in_group != 3 ? NULL : s;
        }
    }
}

/* The number as strtod takes it, if all of s is one; 0 if not. `to` has room for LONGEST + 1. */
static int scan(const char *s, char decimal, char thousands, char *to, int *groups)
{
    if (*s == '+' || *s == '-')
        *to++ = *s++;
    const char *first = to;
    if (!(s = scan_whole(s, thousands, &to, groups)))
        return 0;
    size_t digits = (size_t)(to - first);
    if (*s == decimal) {
        *to++ = '.';
        for (s++; is_digit(*s); digits++)
            *to++ = *s++;
    }
    if (!digits)
        return 0;
    if (*s == 'e' || *s == 'E') {
        *to++ = *s++;
        if (*s == '+' || *s == '-')
            *to++ = *s++;
        if (!is_digit(*s))
            return 0;
        while (is_digit(*s))
            *to++ = *s++;
    }
    *to = 0;
    return !*s;
}

static int is_number(const char *s, char decimal, char thousands)
{
    char ignored[LONGEST + 1];
    int groups;
    return scan(s, decimal, thousands, ignored, &groups);
}

static int is_grouped(const char *s, char decimal, char thousands)
{
    char ignored[LONGEST + 1];
    int groups;
    return scan(s, decimal, thousands, ignored, &groups) && groups;
}

static char other_decimal(const tl_number_style *n) { return n->decimal == '.' ? ',' : '.'; }

/* The separator of groups that makes s a number, or 0. */
static char separator_in(const tl_number_style *n, const char *s)
{
    const char may[] = { other_decimal(n), ' ', '\'', '_', 0 };
    for (const char *c = may; *c; c++)
        if (is_grouped(s, n->decimal, *c))
            return *c;
    return 0;
}

/* A number between signs of its own: no letters or digits before it, at most MOST_UNIT bytes without a digit
 * behind it, of which a blank may be the first. 2020-01-01 and 12:30 are none. */
static int has_unit(const tl_number_style *n, const char *s)
{
    char number[LONGEST + 1];
    size_t before = 0, digits, after;
    while (s[before] && before <= MOST_UNIT && !strchr("+-.,", s[before]) && !is_digit(s[before]) &&
           ((unsigned char)s[before] >= 0x80 || !isalpha((unsigned char)s[before])))
        before++;
    digits = strspn(s + before, "+-0123456789.,'_");
    after = strlen(s + before + digits);
    if (before > MOST_UNIT || after > MOST_UNIT || before + after == 0 || digits > LONGEST)
        return 0;
    for (size_t i = 0; i < after; i++)
        if (is_digit(s[before + digits + i]) || (i && is_blank(s[before + digits + i])))
            return 0;
    memcpy(number, s + before, digits);
    number[digits] = 0;
    return digits && (is_number(number, n->decimal, 0) || is_number(number, other_decimal(n), 0) ||
                      separator_in(n, number));
}

/* Of what is no number in this style. */
static tl_cell classify(const tl_number_style *n, const char *s)
{
    const char *bare = s + (*s == '+' || *s == '-');
    if (strncasecmp(bare, "inf", 3) == 0 && (!bare[3] || strcasecmp(bare, "infinity") == 0))
        return TL_CELL_INFINITE;
    if (bare[0] == '0' && (bare[1] == 'x' || bare[1] == 'X') && bare[2] &&
        strspn(bare + 2, "0123456789abcdefABCDEF.pP+-") == strlen(bare + 2))
        return TL_CELL_HEX;
    int decimal = is_number(s, other_decimal(n), 0), grouped = separator_in(n, s) != 0;
    if (decimal && grouped && *bare != '0')
        return TL_CELL_EITHER;
    if (decimal || is_grouped(s, other_decimal(n), n->decimal))
        return TL_CELL_DECIMAL;
    if (grouped)
        return TL_CELL_GROUPED;
    return has_unit(n, s) ? TL_CELL_UNIT : TL_CELL_WORDS;
}

tl_cell tl_cell_read(const tl_number_style *n, const char *text, size_t size, double *x)
{
    char bare[LONGEST + 1], number[LONGEST + 1];
    int groups;
    *x = NAN;
    while (size && is_blank(text[0]))
        text++, size--;
    while (size && is_blank(text[size - 1]))
        size--;
    if (size > LONGEST || memchr(text, 0, size))
        return TL_CELL_WORDS;
    if (text[size]) {
        memcpy(bare, text, size);
        bare[size] = 0;
        text = bare;
    }
    if (!scan(text, n->decimal, n->thousands, number, &groups))
        return is_missing(text, size) ? TL_CELL_MISSING : classify(n, text);
    *x = strtod_l(number, NULL, (locale_t)n->c);
    if (isfinite(*x))
        return TL_CELL_NUMBER;
    *x = NAN;
    return TL_CELL_INFINITE;
}

const char *tl_cell_advice(tl_cell kind, const tl_number_style *n, const char *text, char *advice, size_t size)
{
    char other = other_decimal(n), between = kind == TL_CELL_GROUPED ? separator_in(n, text) : 0;
    advice[0] = 0;
    if (kind == TL_CELL_INFINITE)
        snprintf(advice, size, ": it must be finite");
    else if (kind == TL_CELL_UNIT)
        snprintf(advice, size, ": a number stands alone in its cell, without unit or sign of its own");
    else if (kind == TL_CELL_HEX)
        snprintf(advice, size, ": numbers are decimal");
    else if (kind == TL_CELL_DECIMAL)
        snprintf(advice, size, ": --decimal %c reads such numbers", other);
    else if (between)
        snprintf(advice, size, between == ' ' ? ": --thousands space reads such numbers"
                                              : ": --thousands %c reads such numbers", between);
    else if (kind == TL_CELL_EITHER)
        snprintf(advice, size, ": say what '%c' is, --decimal %c or --thousands %c", other, other, other);
    return advice;
}

char *tl_cell_show(const char *text, size_t size)
{
    char *shown = malloc(SHOWN + 8), *to = shown;
    int32_t c;
    for (size_t at = 0, n; shown && at < size; at += n) {
        if (at >= SHOWN) {
            memcpy(to, "...", 3);
            to += 3;
            break;
        }
        n = tl_utf8_get(text + at, size - at, &c);
        if (n && c >= 0x20 && !(c >= 0x7f && c < 0xa0))
            memcpy(to, text + at, n), to += n;
        else
            *to++ = '?';
        n = n ? n : 1;
    }
    if (shown)
        *to = 0;
    return shown;
}
