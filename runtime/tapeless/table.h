/* table.h - a CSV table as examples: which columns are which fields, standardised.
 *
 * A field of n numbers takes n columns, a token one column of integers. Columns are chosen by
 * `--input a,b` and `--target y` for a model's unnamed field, `--input NAME=a,b` for a named one.
 * Otherwise:
 *   a named field takes the column of its name, or NAME.1 .. NAME.n;
 *   an unnamed input and target take the first and the last columns, if there are just as many as
 *   the two need; or both all columns, if there are as many as each needs (a series that predicts
 *   itself); with one of the two given the other takes the columns that are left.
 * Columns that are not numbers (dates, remarks) are left out of such choices.
 *
 * The target of row t stands in row t + ahead. If not said, ahead is 1 where a target column is
 * among the inputs and 0 where none is. Real inputs, and the targets of mse and huber, are
 * standardised by the mean and standard deviation of the training rows. */
#ifndef TAPELESS_TABLE_H
#define TAPELESS_TABLE_H

#include "cli.h"
#include "coding.h"
#include "csv_file.h"
#include "linkage.h"
#include "series.h"

TL_C_BEGIN

typedef struct tl_table_options {
    tl_list input, target;
    int64_t ahead; /* -1: as above */
    int plain;     /* do not standardise */
    const char *sequence; /* column in which a new value begins another sequence, or NULL */
} tl_table_options;

/* Reads the files, each a sequence of its own or, by options->sequence, several; targets are taken
 * from the same sequence. What several sequences are for is in sequences.h, a single one leaves
 * `first` NULL. If coding->kind is TL_CODING_NONE the columns are chosen, and standardised by
 * what stands before the last `valid` of the rows (of several sequences: by those that are for
 * training); otherwise the coding is applied, and of the options `sequence` alone is looked at. */
int tl_table_load(tl_examples *, tl_coding *coding, const tl_model *, const tl_list *paths,
                  const tl_table_options *, double valid, tl_error *e);

/* Where a sequence was read. */
typedef struct tl_origin {
    const char *path; /* of the list's */
    char *label;      /* what the column of sequences holds, or NULL */
    size_t before;    /* rows of the file that stand before it */
} tl_origin;

/* The inputs alone, all rows: for prediction, where targets are not known. Files and `sequence` as
 * for tl_table_load; *origins gets where each sequence, a single one too, was read: 1 or
 * x->sequences of them, to be freed by tl_origins_free. */
int tl_table_inputs(tl_examples *, tl_origin **origins, const tl_coding *coding, const tl_model *,
                    const tl_list *paths, const char *sequence, tl_error *e);
void tl_origins_free(tl_origin *, size_t sequences);

/* First column of a field in coding->column. */
size_t tl_table_first(const tl_coding *, int32_t target, int32_t field);

/* Fills coding->column and coding->ahead of a coding that is empty. In table_columns.c. */
int tl_table_choose(tl_coding *, const tl_model *, const tl_csv *, const char *path,
                    const tl_table_options *, tl_error *e);

TL_C_END

#endif
