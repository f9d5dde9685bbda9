/* table_row.h - one row of a table at a time, as the inputs and targets of a step, by a coding that is known: for tables that are still
 * growing. What is read is what tl_table_load reads of the whole table. */
#ifndef TAPELESS_TABLE_ROW_H
#define TAPELESS_TABLE_ROW_H

#include "coding.h"
#include "csv_file.h"
#include "linkage.h"

TL_C_BEGIN

typedef struct tl_row {
    const tl_coding *coding;
    const tl_model *m;
    double *last;  /* [ncolumns] what was read last, NaN: nothing yet */
    double *value; /* [ncolumns] of this row: numbers of the table, tokens, indicators; NaN: a target that is missing */
} tl_row;

/* Columns that are to be read as words (tl_csv_options), NULL behind the last; a new list of the coding's names. NULL without memory. */
const char **tl_row_words(const tl_coding *);

int tl_row_new(tl_row *, const tl_coding *, const tl_model *, tl_error *e);
void tl_row_free(tl_row *);

/* Row 0 of a table that has one, read with the coding's options (tl_csv_options_with, and its columns of words). input: [ninputs]
 * arrays [shape...] to be written; value gets the row's targets. Fails with file:line where a cell is not what its column takes, or is missing
 * and the coding has no use for that. */
int tl_row_read(tl_row *, const tl_csv *, const char *path, void *const *input, tl_error *e);

/* What was read as targets, to [ntargets] arrays [shape...]. 0 where one is missing: then the step does not count. */
int tl_row_targets(const tl_row *, void *const *target);

TL_C_END

#endif
