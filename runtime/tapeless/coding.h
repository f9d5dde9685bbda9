/* coding.h - how a data file's contents became numbers: a text's vocabulary, a table's columns and
 * their standardisation. It is learned from the training part, kept in checkpoints, and applied
 * again to whatever the model sees later. */
#ifndef TAPELESS_CODING_H
#define TAPELESS_CODING_H

#include "error.h"
#include "linkage.h"
#include "name_list.h"
#include "safetensors.h"
#include "tapeless.h"

TL_C_BEGIN

typedef enum tl_coding_kind { TL_CODING_NONE, TL_CODING_TEXT, TL_CODING_TABLE } tl_coding_kind;

/* What of a text is a token (text.h). */
typedef enum tl_unit { TL_UNIT_CHARACTER, TL_UNIT_BYTE, TL_UNIT_WORD } tl_unit;

/* What becomes of a cell of a table that is missing. A target is never made up: unless it is an error,
 * the step does not count (weight 0), whichever of the others is said. */
typedef enum tl_missing {
    TL_MISSING_ERROR,
    TL_MISSING_MASK, /* of targets alone; of an input it is an error */
    TL_MISSING_HOLD, /* an input is the last one seen in the sequence, before the first `fill` */
    TL_MISSING_ZERO  /* the model reads 0: the mean, where the column is standardised */
} tl_missing;

/* A column of a table that an element of a field is read from: x = (cell - mean) / sd. */
typedef struct tl_column {
    char *name;
    int32_t target; /* 1: field is a target, else an input */
    int32_t field;
    int32_t indicator; /* 1: x is 1 where the cell is missing, else 0 */
    int32_t standardised; /* 0: mean 0 and sd 1, because it was to be read as it stands */
    tl_name_list words;   /* token i is the word i, ascending by their bytes; behind them, if `other`, all others; empty: cells are numbers */
    int32_t other;
    int64_t shift;        /* of a target: rows behind t + coding->ahead that its cell stands; of an input that is known ahead: behind t */
    char *label;          /* "NAME+3" of a row so far ahead, where a target is of several, and of an input; NULL: the name */
} tl_column;

typedef struct tl_coding {
    tl_coding_kind kind;
    tl_unit unit;
    int32_t *vocab;    /* text, but by word: token i is the character, or byte, vocab[i]; ascending */
    size_t nvocab;
    tl_name_list words; /* text by word: token i is the word i, ascending by their bytes; behind them, if `other`, all others */
    int32_t other;
    tl_column *column; /* table: by side (inputs first), field, element; where `beyond` all rows ahead of a target's first column, then those of
                          its next */
    double *mean, *sd; /* [ncolumns] */
    size_t ncolumns;
    int64_t ahead;     /* the target of row t stands in row t + ahead; may be negative */
    int64_t beyond;    /* or in rows t + ahead .. t + ahead + beyond, each an element; then ahead >= 1 */
    char *sequence;    /* the column that told sequences apart, or NULL */
    char *weight;      /* the column of the loss's weights, or NULL */
    char *time, *time_format, *gaps, *calendar; /* the column of times and what is made of it (csv_times.h), or NULL */
    char *interval;    /* of the rows that were trained on, for tables of one row: "3600" seconds or "1 months", or NULL */
    tl_missing missing;
    int64_t cut, cut_rows; /* into pieces of so many rows at most the training cut its sequences, which had so many in all; 0: it did not */
    double *fill;      /* [ncolumns] means of the training rows, in the table's units; NULL unless held */
    char *remark;      /* for people, of the data last read; not kept in checkpoints. NULL: nothing */
} tl_coding;

void tl_coding_free(tl_coding *);

/* The token of a character or byte, or -1; that of a text's word likewise. */
int32_t tl_coding_token(const tl_coding *, int32_t character);
int32_t tl_coding_word_token(const tl_coding *, const char *word);

/* Tokens that a text has, <other> among them; 0 if data are no text. */
size_t tl_coding_tokens(const tl_coding *);

/* "char", "byte", "word", as options and checkpoints say it, and back, -1 if it is none of them; and what
 * people call a token of these data: "character", "byte", "word", "token". */
const char *tl_unit_name(tl_unit);
int tl_unit_of(const char *name);
const char *tl_coding_unit(const tl_coding *);

/* The token of a word of the column's, -1 where there is none; and the word of a token, NULL where cells are numbers. */
int32_t tl_column_token(const tl_column *, const char *word);
const char *tl_column_word(const tl_column *, int32_t token);

/* What people call a column. */
static inline const char *tl_column_label(const tl_column *k) { return k->label ? k->label : k->name; }

/* Columns of a target that follow each other are of one column of the table, `beyond` + 1 of them: gives them shifts, and labels to them and to
 * inputs that have a shift. Fails without memory. */
int tl_coding_spread(tl_coding *);

/* Rows behind the one that is read in which inputs stand that are known ahead; 0: there are none. */
int64_t tl_coding_known_ahead(const tl_coding *);

/* "1", "-4", or "1-12" where there are rows beyond the first. The result is `text`. */
const char *tl_coding_ahead(const tl_coding *, char *text, size_t size);

/* Reads that: 0, or -1 where it is none. */
int tl_ahead_of(const char *text, int64_t *ahead, int64_t *beyond);

/* Adds to the remark; items are separated by semicolons. Where memory is short it is not made. */
__attribute__((format(printf, 2, 3))) void tl_coding_remark(tl_coding *, const char *format, ...);

/* "mask", "hold", ... and back; -1 if it is none of them. */
const char *tl_missing_name(tl_missing);
int tl_missing_of(const char *name);

/* Into a checkpoint, which borrows the arrays, and out of one. Loading checks that the coding fits
 * the model. A checkpoint without a coding gives TL_CODING_NONE. */
void tl_coding_save(const tl_coding *, tl_st_writer *);
/* The same as metadata alone, for files of weights: who reads their tensors finds no others. */
void tl_coding_save_text(const tl_coding *, tl_st_writer *);
/* How a training cut its sequences, and the rows that they had; 0 and 0 and 0 if it did not. */
int tl_coding_load_cut(const tl_st *, int64_t *most, int64_t *rows);
int tl_coding_load(tl_coding *, const tl_model *, const tl_st *, tl_error *e);

TL_C_END

#endif
