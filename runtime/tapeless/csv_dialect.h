/* csv_dialect.h - how a table is written: what stands between cells, how numbers look, where names are.
 *
 * What is plain is found out, what may mean two things gets a sentence that names the option which
 * decides. The separator is that of `, ; tab |` which the first row has outside of quotes; if there are
 * several, the one of which the second row has as many. */
#ifndef TAPELESS_CSV_DIALECT_H
#define TAPELESS_CSV_DIALECT_H

#include <stddef.h>

#include "cli.h"
#include "csv_cell.h"
#include "error.h"
#include "linkage.h"

TL_C_BEGIN

/* As on a command line; NULL and 0 where nothing was said. */
typedef struct tl_csv_options {
    const char *sequence;  /* the column whose text tells sequences apart; NULL or "": there is one */
    int maybe_sequence;    /* there is one, too, if the file has no such column */
    const char *separator; /* one character, or tab, space */
    const char *decimal;   /* . or , */
    const char *thousands; /* one character, or space */
    int no_header;         /* the first row is numbers, too: the columns are named 1, 2, ... */
    int header;            /* the first row is names although they are numbers */
    const char *time;        /* the column of times (time_cell.h); NULL or "": there is none */
    int maybe_time;          /* there is none, too, if the file has no such column */
    const char *time_format; /* as strptime has it */
    const char *gaps;        /* keep, fill, split or error; NULL: keep */
    const char *calendar;    /* "day,week,year,hour,weekday,month": columns to be made of times */
    const char *const *words; /* columns whose cells are words, NULL behind the last; NULL: none */
    const tl_list *keep;   /* names of columns whose cells are kept as they stand; NULL: none */
} tl_csv_options;

typedef struct tl_csv_dialect {
    char separator;
    tl_number_style number;
    int decimal_given; /* by an option: not to be found out */
    size_t skip;       /* bytes before the first row: a line that says sep=; */
} tl_csv_dialect;

/* Of a text as csv_text.h reads it. The caller frees it with tl_csv_dialect_free, also after a failure. */
int tl_csv_dialect_find(tl_csv_dialect *, const tl_csv_options *, const char *path, const char *text,
                        size_t size, tl_error *e);
void tl_csv_dialect_free(tl_csv_dialect *);

/* "','", "tab": a separator in a sentence. */
const char *tl_csv_separator_name(char separator);

TL_C_END

#endif
