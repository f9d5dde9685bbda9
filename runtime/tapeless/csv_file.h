/* csv_file.h - a table of numbers from a CSV file (RFC 4180, read by libcsv), and to one; or from an array of NumPy's.
 *
 * The first row names the columns. Cells that are not numbers are allowed until their column is
 * asked for: a table may well have dates or remarks beside what the model reads. A first column
 * without a name, or named "Unnamed: 0", is an index; a later one without a name must be empty.
 *
 * Lines count from 1 and end with LF, CR LF or CR. A blank line is no row, but in a table of one
 * column, where between rows it is an empty cell. */
#ifndef TAPELESS_CSV_FILE_H
#define TAPELESS_CSV_FILE_H

#include <stddef.h>
#include <stdio.h>

#include "csv_cell.h"
#include "csv_dialect.h"
#include "csv_groups.h"
#include "csv_times.h"
#include "error.h"
#include "linkage.h"
#include "name_list.h"

TL_C_BEGIN

/* What stands in a column. */
typedef struct tl_csv_column {
    size_t numbers, missing;        /* cells */
    size_t missing_line, wrong_line; /* of the first that is missing, or neither missing nor a number; 0: none */
    char *missing_text, *wrong_text; /* and what stands there */
    int looks_numeric;              /* there is a number, or what is one in another style */
    tl_cell wrong;                  /* what the first wrong cell is */
    tl_name_list words;             /* of a column of options->words: the different ones, in the order in which they come */
    char **text;                    /* [texts] of a column that options->keep names: each cell */
    size_t texts;
    int kept;
} tl_csv_column;

typedef struct tl_csv {
    tl_name_list name;     /* [columns] */
    tl_csv_column *column; /* [columns] */
    size_t columns, rows, room;
    double *value;         /* [rows][columns], NaN where the cell is not a number; of words their index, of times seconds */
    size_t *line;          /* [rows] where each ends in the file */
    size_t given;          /* rows that stand in the file: those from here on fill gaps of time */
    tl_csv_times times;    /* with options->time */
    tl_csv_groups groups;  /* with options->sequence; else there are none */
    tl_number_style style; /* without its locale */
    char separator;
    int index;             /* the first column is an index */
    int stacked;           /* an array of several sequences, which its column TL_NPY_SEQUENCE tells apart (npy_text.h) */
    int decimal_found;     /* the style was found out: numbers have a decimal comma */
} tl_csv;

/* Fails with file:line where the quoting is broken, a row has too many or too few cells, two columns
 * have one name, a cell of the column of sequences is empty, the first row is numbers and nothing says
 * that it is names, or there are no rows; and if there is no such column. */
int tl_csv_read(tl_csv *, const char *path, const tl_csv_options *, tl_error *e);
/* The same of a text: its first row, and rows that stand `lines` lines further down in what `label` is. */
int tl_csv_parse(tl_csv *, const char *label, const char *text, size_t size, size_t lines, const tl_csv_options *, tl_error *e);
void tl_csv_free(tl_csv *);

/* A cell, quoted where it must be. */
void tl_csv_write(FILE *, const char *text);

/* Sequences: one if there is no column that tells them apart; sequence k is the positions
 * tl_csv_start(k) .. tl_csv_start(k + 1) - 1, at which stand the rows tl_csv_row(position). */
size_t tl_csv_sequences(const tl_csv *);
size_t tl_csv_start(const tl_csv *, size_t sequence);
static inline size_t tl_csv_row(const tl_csv *c, size_t position)
{
    return c->groups.row ? c->groups.row[position] : position;
}

/* What the rows of a sequence have in common, "" where nothing told them apart. */
const char *tl_csv_label(const tl_csv *, size_t sequence);

/* Index of the column; fails naming those there are. */
int tl_csv_column_index(const tl_csv *, const char *path, const char *name, size_t *index, tl_error *e);

/* Fails, with file:line, the cell and what would be right, unless the column is numbers throughout, or,
 * if `may_miss`, numbers and missing cells. */
int tl_csv_numeric(const tl_csv *, const char *path, size_t column, int may_miss, tl_error *e);

/* "a, b, c" without the index, cut short where there are many; the result is `text`. */
const char *tl_csv_names(const tl_csv *, char *text, size_t size);

TL_C_END

#endif
