/* text.h - a text as tokens, each of which has the next one as its target: the characters of UTF-8, the words (text_words.h), or the
 * bytes of any file. */
#ifndef TAPELESS_TEXT_H
#define TAPELESS_TEXT_H

#include <stdio.h>

#include "cli.h"
#include "coding.h"
#include "linkage.h"
#include "series.h"

TL_C_BEGIN

typedef struct tl_text_options {
    const char *unit; /* char, byte or word; NULL: the coding's, or char */
    int64_t other;    /* by word: those that are there less often in training are <other>; 0: not said */
    double valid;     /* the part that is kept to validate on */
} tl_text_options;

/* Does the model read text: one token in, one token out? */
int tl_text_fits(const tl_model *);

/* Reads the files, each a sequence of its own (sequences.h; a single one leaves `first` NULL). If
 * coding->kind is TL_CODING_NONE the vocabulary is made of the distinct
 * characters or words of all files, also of the part that validation will take: what only
 * stands there would otherwise stop the training before it began. With `other` it is made of the part to train on. Else the text must be
 * written in the given vocabulary, and the options may not contradict it. n tokens of a file make n - 1 rows. */
int tl_text_load(tl_examples *, tl_coding *coding, const tl_model *, const tl_list *paths,
                 const tl_text_options *, tl_error *e);

/* The tokens of a text in a given vocabulary; the caller frees. `label` is for messages. */
int32_t *tl_text_tokens(const tl_coding *, const char *label, const char *text, size_t size,
                        size_t *count, tl_error *e);

/* The token of a line's end alone; 0 if the vocabulary has none. */
int32_t tl_text_newline(const tl_coding *);

/* A token as it stands in a text behind the token `before`, -1: at its beginning. */
void tl_text_print(const tl_coding *, int32_t before, int32_t token, FILE *);

/* A token on a line of a table: a word as it is, anything else in quotes, unless it cannot be seen. The result is `text`. */
char *tl_text_token_name(const tl_coding *, int32_t token, char *text, size_t size);

TL_C_END

#endif
