/* text.h - a UTF-8 text as tokens: each character's target is the next character. */
#ifndef TAPELESS_TEXT_H
#define TAPELESS_TEXT_H

#include "cli.h"
#include "coding.h"
#include "linkage.h"
#include "series.h"

TL_C_BEGIN

/* Does the model read text: one token in, one token out? */
int tl_text_fits(const tl_model *);

/* Reads the files, each a sequence of its own (sequences.h; a single one leaves `first` NULL). If
 * coding->kind is TL_CODING_NONE the vocabulary is made of the distinct
 * characters of all files, also of the part that validation will take: a character that only
 * stands there would otherwise stop the training before it began. Else the text must be written
 * in the given vocabulary. n characters of a file make n - 1 rows. */
int tl_text_load(tl_examples *, tl_coding *coding, const tl_model *, const tl_list *paths,
                 tl_error *e);

/* The tokens of a text in a given vocabulary; the caller frees. `label` is for messages. */
int32_t *tl_text_tokens(const tl_coding *, const char *label, const char *text, size_t size,
                        size_t *count, tl_error *e);

TL_C_END

#endif
