/* csv_file.h - a table of numbers from a CSV file (RFC 4180, read by libcsv), and to one.
 *
 * The first row names the columns. Cells that are not numbers are allowed until their column is
 * asked for: a table may well have dates or remarks beside what the model reads. */
#ifndef TAPELESS_CSV_FILE_H
#define TAPELESS_CSV_FILE_H

#include <stddef.h>
#include <stdio.h>

#include "error.h"
#include "linkage.h"

TL_C_BEGIN

typedef struct tl_csv {
    char **name;          /* [columns] */
    double *value;        /* [rows][columns], NaN where the cell is not a number */
    size_t *wrong_line;   /* [columns] line of the first cell that is not a finite number, or 0 */
    char **wrong_text;    /* [columns] and what stands there */
    size_t columns, rows, room;
    size_t *start;        /* [starts] rows at which the column of sequences changes; the first is 0 */
    char **label;         /* [starts] what stands there */
    size_t starts;
} tl_csv;

/* `sequence`: the name of a column, of any text, in which a new value says that another sequence
 * begins, or NULL: the file is one. Fails with file:line where the quoting is broken, a row has too
 * many or too few cells, two columns have one name, or there are no rows; and if there is no such
 * column. */
int tl_csv_read(tl_csv *, const char *path, const char *sequence, tl_error *e);
void tl_csv_free(tl_csv *);

/* A cell, quoted where it must be. */
void tl_csv_write(FILE *, const char *text);

/* Index of the column; fails naming those there are. */
int tl_csv_column(const tl_csv *, const char *path, const char *name, size_t *index, tl_error *e);

/* Fails, with file:line, unless the column is numbers throughout. */
int tl_csv_numeric(const tl_csv *, const char *path, size_t column, tl_error *e);

/* "a, b, c", cut short where there are many; the result is `text`. */
const char *tl_csv_names(const tl_csv *, char *text, size_t size);

TL_C_END

#endif
