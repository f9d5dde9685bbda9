/* table.h - a CSV table as examples: which columns are which fields, standardised.
 *
 * A field of n numbers takes n columns, a token one column of integers. Columns are chosen by
 * `--input a,b` and `--target y` for a model's unnamed field, `--input NAME=a,b` for a named one (a name
 * with a comma in it stands in double quotes). Otherwise:
 *   a named field takes the column of its name, or NAME.1 .. NAME.n;
 *   an unnamed input and target take the first and the last columns, if there are just as many as
 *   the two need; or both all columns, if there are as many as each needs (a series that predicts
 *   itself); with one of the two given the other takes the columns that are left.
 * Such choices leave out what holds no number at all (dates, remarks), an index, and the columns of
 * --sequence and --weight. A column that does hold numbers is never left out for a bad cell: that is an
 * error.
 *
 * The target of row t stands in row t + ahead, with its weight (of several rows ahead with that of the first); where ahead is negative the first rows of a sequence are read, and
 * have no target. If not said, ahead is 1 where a target
 * column is among the inputs and 0 where none is.
 *
 * Every column that is read as a real, input or target, is standardised by the mean and standard deviation
 * of what is present in the training rows, whatever the loss, but for fields that the spec keeps raw (tl_scale
 * in tapeless.h: what bce compares is among them) and columns that options keep raw.
 *
 * Missing cells (csv_cell.h) are an error, or what --missing says: see tl_missing in coding.h. With
 * indicators a field of n numbers takes fewer columns: behind its columns stands, for each of them that
 * has missing cells, a 1 where the cell is missing and else a 0. */
#ifndef TAPELESS_TABLE_H
#define TAPELESS_TABLE_H

#include "cli.h"
#include "coding.h"
#include "csv_file.h"
#include "linkage.h"
#include "series.h"

TL_C_BEGIN

#define TL_AHEAD_UNSAID INT64_MIN

typedef struct tl_table_options {
    tl_list input, target;
    int64_t ahead; /* TL_AHEAD_UNSAID: as above */
    const char *aheads; /* what a command line says, "4" or "1-12", in place of it; NULL: nothing */
    tl_list known_ahead; /* inputs that are read in the row that is predicted */
    int plain;     /* do not standardise */
    tl_list raw;   /* columns not to be standardised */
    tl_list words; /* columns of numbers and words that are words */
    int64_t other; /* words that are there less often in training are <other>; 0: there is no such token */
    int known;     /* 1: no means, scales or vocabulary are learned where there is no coding */
    const char *weight;  /* the column of the loss's weights, or NULL */
    const char *missing; /* error, mask, hold or zero, the last two maybe with ",indicator"; NULL: error */
    tl_csv_options csv;
} tl_table_options;

/* Reads the files. Each is a sequence of its own or, by options->csv.sequence, several: rows with the
 * same text in that column, wherever in the file they stand; in another file it is another sequence.
 * Targets are taken from the same sequence. What several sequences are for is in sequences.h, a single
 * one leaves `first` NULL. If coding->kind is TL_CODING_NONE the columns are chosen, and standardised by
 * what stands before the last `valid` of the rows (of several sequences: by those that are for
 * training); otherwise the coding is applied, and of the options `missing` and `csv` are looked at; a
 * sequence that they do not name is the coding's. coding->remark says what was left out or made up. */
int tl_table_load(tl_examples *, tl_coding *coding, const tl_model *, const tl_list *paths,
                  const tl_table_options *, double valid, tl_error *e);

/* Where a sequence was read. */
typedef struct tl_origin {
    const char *path; /* of the list's */
    char *label;      /* what the column of sequences holds, or NULL */
    int goes_on;      /* it is a piece of a sequence that a gap has split, and not the last */
    size_t rows;      /* of the sequence */
    size_t before;    /* rows of the file that stand before the first of it */
    size_t *row;      /* [rows] of the file, from 1, where they do not stand together, 0: it fills a gap; else NULL */
    double *time;     /* [rows] seconds since 1970, or NULL: the table has no column of times */
    tl_time_step step;
    tl_time_style style;
    double unit;
    size_t known, all;    /* rows that are not ahead, and with those that are; of tl_table_inputs_ahead alone, as the next */
    char **kept;          /* [all][nkept] cells as they stand */
    size_t nkept;
    double *actual;       /* [all][ntargets], NaN where the table has none; of words the coding's tokens */
    char **actual_word;   /* [all][ntargets] words, NULL where there is none and where cells are numbers */
    size_t ntargets;
} tl_origin;

/* The row of the file, from 1, that is the sequence's `n`th, n from 1; 0 where it is in no file. Behind its end it is as if the sequence
 * went on below its last row or, where there are times, 0. */
size_t tl_origin_row(const tl_origin *, size_t n);

/* The same; *origins gets where each sequence, a single one too, was read: 1 or x->sequences of them, to be freed by
 * tl_origins_free. */
int tl_table_load_from(tl_examples *, tl_origin **origins, tl_coding *coding, const tl_model *, const tl_list *paths,
                       const tl_table_options *, double valid, tl_error *e);

/* The inputs alone, all rows: for prediction, where targets are not known. Files and options as
 * for tl_table_load; *origins gets where each sequence, a single one too, was read: 1 or
 * x->sequences of them, to be freed by tl_origins_free. */
int tl_table_inputs(tl_examples *, tl_origin **origins, tl_coding *coding, const tl_model *,
                    const tl_list *paths, const tl_table_options *, tl_error *e);
/* Seconds of its `n`th row, likewise. */
double tl_origin_time(const tl_origin *, size_t n);
void tl_origins_free(tl_origin *, size_t sequences);

/* "standardised a, b; raw c", "all standardised", "none standardised"; "" if there are no reals. */
void tl_table_describe_scales(const tl_coding *, const tl_model *, char *text, size_t size);

/* The options with what a coding says of how files are read, where they say nothing of it. */
tl_csv_options tl_csv_options_with(const tl_csv_options *, const tl_coding *);

/* First column of a field in coding->column. */
size_t tl_table_first(const tl_coding *, int32_t target, int32_t field);

/* Columns of the table that are targets, each counted once whatever rows of it are predicted; and the first of the coding's that is of number k. */
size_t tl_table_targets(const tl_coding *);
size_t tl_table_target(const tl_coding *, size_t k);

/* What the options say of `ahead`, and of rows beyond it. */
int tl_table_ahead(const tl_table_options *, int64_t *ahead, int64_t *beyond, tl_error *e);

TL_C_END

#endif
