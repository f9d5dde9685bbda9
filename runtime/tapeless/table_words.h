/* table_words.h - columns of words as tokens: which they are, their vocabulary.
 *
 * A token field reads a column in which no cell is a number as words, and one that --words names. Its tokens are the different words of
 * the rows to train on, ascending by their bytes; with `other` = N those that are there less than N times, and those that are not there,
 * are one more token behind them, <other>. */
#ifndef TAPELESS_TABLE_WORDS_H
#define TAPELESS_TABLE_WORDS_H

#include "linkage.h"
#include "table_parts.h"

TL_C_BEGIN

/* Names of the columns that are to be read as words, a new list (its items are the coding's or the options'), NULL behind the last: those of
 * a coding that has them; of a new one, whose columns are chosen, by what stands in the tables. NULL without memory. */
const char **tl_table_word_columns(const tl_coding *, const tl_model *, const tl_tables *, const tl_table_options *);

/* The vocabulary of column i, by some parts. Fails where it is larger than the field's. */
int tl_table_learn_words(tl_coding *, size_t i, const tl_model *, const tl_part *, const size_t *index, size_t parts, int64_t other,
                         tl_error *e);

/* The token of what stands in that cell, which is a word of column `index`. Fails with file:line where the coding has none. */
int tl_table_token(const tl_column *, const tl_part *, size_t position, size_t index, double *token, tl_error *e);

TL_C_END

#endif
