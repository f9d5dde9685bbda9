#include "csv_dialect.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

static const char separators[] = { ',', ';', '\t', '|' };
enum { SEPARATORS = sizeof separators };

const char *tl_csv_separator_name(char c)
{
    static const char *const name[] = { "','", "';'", "tab", "'|'" };
    for (int i = 0; i < SEPARATORS; i++)
        if (separators[i] == c)
            return name[i];
    return c == ' ' ? "a blank" : "another character";
}

/* Counts the separators of one row, outside of quotes; returns where the next row begins. Rows end where
 * libcsv ends them, at a line end that is not quoted; blank lines are no rows. */
static size_t count_row(const char *text, size_t size, size_t at, size_t *count)
{
    int quoted = 0;
    memset(count, 0, SEPARATORS * sizeof *count);
    while (at < size && (text[at] == '\n' || text[at] == '\r'))
        at++;
    for (; at < size && (quoted || (text[at] != '\n' && text[at] != '\r')); at++) {
        quoted ^= text[at] == '"';
        for (int i = 0; i < SEPARATORS && !quoted; i++)
            count[i] += text[at] == separators[i];
    }
    return at;
}

static int find_separator(tl_csv_dialect *d, const char *path, const char *text, size_t size, tl_error *e)
{
    size_t first[SEPARATORS], second[SEPARATORS];
    int there = 0, fit = 0, last = 0, fits = 0;
    count_row(text, size, count_row(text, size, d->skip, first), second);
    first[3] = first[3] == second[3] ? first[3] : 0; /* a '|' may well stand in a name */
    for (int i = 0; i < SEPARATORS; i++) {
        if (first[i])
            there++, last = i;
        if (first[i] && first[i] == second[i])
            fit++, fits = i;
    }
    if (there > 1 && fit != 1)
        return tl_fail(e, "%s:1: the first row has more than one of ',', ';', tab and '|' in it: --separator "
                       "says which stands between cells", path);
    d->separator = separators[there > 1 ? fits : last];
    return 0;
}

/* One character, or a word for it. 0 if it is neither. */
static char character(const char *text)
{
    if (strcmp(text, "tab") == 0 || strcmp(text, "\\t") == 0)
        return '\t';
    if (strcmp(text, "space") == 0)
        return ' ';
    return text[0] > 0 && !text[1] ? text[0] : 0;
}

static int may_separate(char c)
{
    return c && (strchr(" \t,;:|!#$%&*/<=>?@\\^_`~'()[]{}", c) != NULL);
}

static int take_options(tl_csv_dialect *d, const tl_csv_options *o, tl_error *e)
{
    if (o->separator && (!(d->separator = character(o->separator)) || !may_separate(d->separator)))
        return tl_fail(e, "--separator %s: it takes one character, such as ; or |, or the word tab or space",
                       o->separator);
    if (o->decimal && strcmp(o->decimal, ".") && strcmp(o->decimal, ","))
        return tl_fail(e, "--decimal %s: it takes . or ,", o->decimal);
    if (o->decimal)
        d->number.decimal = o->decimal[0];
    if (o->thousands && (!(d->number.thousands = character(o->thousands)) ||
                         (d->number.thousands != '.' && !may_separate(d->number.thousands))))
        return tl_fail(e, "--thousands %s: it takes one character, such as , or ', or the word space",
                       o->thousands);
    if (o->thousands && !o->decimal && d->number.thousands == '.')
        d->number.decimal = ',';
    if (d->number.thousands == d->number.decimal)
        return tl_fail(e, "--thousands %s: that is the decimal point", o->thousands);
    if (o->header && o->no_header)
        return tl_fail(e, "--header says that the first row is names, --no-header that it is not: choose one");
    d->decimal_given = o->decimal || o->thousands;
    return 0;
}

/* Excel writes, and reads, a first line that says what separates. */
static void take_first_line(tl_csv_dialect *d, const char *text, size_t size)
{
    if (size < 6 || memcmp(text, "sep=", 4) || (text[5] != '\n' && text[5] != '\r') || !may_separate(text[4]))
        return;
    d->skip = text[5] == '\r' && text[6] == '\n' ? 7 : 6;
    if (!d->separator)
        d->separator = text[4];
}

int tl_csv_dialect_find(tl_csv_dialect *d, const tl_csv_options *o, const char *path, const char *text,
                        size_t size, tl_error *e)
{
    *d = (tl_csv_dialect){ .number = { .decimal = '.' } };
    if (take_options(d, o, e))
        return -1;
    if (!(d->number.c = newlocale(LC_ALL_MASK, "C", (locale_t)0)))
        return tl_fail(e, "%s: out of memory", path);
    take_first_line(d, text, size);
    return d->separator ? 0 : find_separator(d, path, text, size, e);
}

void tl_csv_dialect_free(tl_csv_dialect *d)
{
    if (d->number.c)
        freelocale((locale_t)d->number.c);
    *d = (tl_csv_dialect){ 0 };
}
