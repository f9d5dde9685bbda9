/* coding.h - how a data file's contents became numbers: a text's vocabulary, a table's columns and
 * their standardisation. It is learned from the training part, kept in checkpoints, and applied
 * again to whatever the model sees later. */
#ifndef TAPELESS_CODING_H
#define TAPELESS_CODING_H

#include "error.h"
#include "linkage.h"
#include "safetensors.h"
#include "tapeless.h"

TL_C_BEGIN

typedef enum tl_coding_kind { TL_CODING_NONE, TL_CODING_TEXT, TL_CODING_TABLE } tl_coding_kind;

/* A column of a table that an element of a field is read from: x = (cell - mean) / sd. */
typedef struct tl_column {
    char *name;
    int32_t target; /* 1: field is a target, else an input */
    int32_t field;
} tl_column;

typedef struct tl_coding {
    tl_coding_kind kind;
    int32_t *vocab;    /* text: token i is the character vocab[i]; ascending */
    size_t nvocab;
    tl_column *column; /* table: by side (inputs first), field, element */
    double *mean, *sd; /* [ncolumns]; 0 and 1 where not standardised */
    size_t ncolumns;
    int64_t ahead;     /* the target of row t stands in row t + ahead */
    char *sequence;    /* the column that told sequences apart, or NULL */
} tl_coding;

void tl_coding_free(tl_coding *);

/* The token of a character, or -1. */
int32_t tl_coding_token(const tl_coding *, int32_t character);

/* Into a checkpoint, which borrows the arrays, and out of one. Loading checks that the coding fits
 * the model. A checkpoint without a coding gives TL_CODING_NONE. */
void tl_coding_save(const tl_coding *, tl_st_writer *);
int tl_coding_load(tl_coding *, const tl_model *, const tl_st *, tl_error *e);

TL_C_END

#endif
