/* text_words.h - a text by word.
 *
 * A token is a word, which is letters and digits, with apostrophes between them, or any other character together with a
 * blank on either side. One blank between two words is in no token, and neither is one behind the last word. So the tokens
 * one behind the other, with a blank between two words, are the text again, byte for byte but for such a last blank.
 * Every character beyond ASCII is a letter but for punctuation, symbols, and scripts that put no blanks between words
 * (Chinese, Japanese), of which each character is a token. */
#ifndef TAPELESS_TEXT_WORDS_H
#define TAPELESS_TEXT_WORDS_H

#include <stddef.h>
#include <stdint.h>

#include "coding.h"
#include "linkage.h"

TL_C_BEGIN

/* Does the token begin as words do? */
int tl_is_word(const char *token);

/* The tokens of text[0 .. size - 1], which is UTF-8 without zero bytes, as indices into `all`, to which those are added that
 * it has not. The caller frees; NULL if memory is short. */
int32_t *tl_text_words(tl_name_list *all, const char *text, size_t size, size_t *count);

/* Makes c->words of those of `all`; with least > 0 of those alone that are there so often, and then all others are one token. `times`
 * has as many items as `all`. Fails without memory. */
int tl_text_words_learn(tl_coding *c, const tl_name_list *all, const size_t *times, int64_t least);

/* The least number of times with which no more than `most` tokens are left, <other> among them. */
size_t tl_text_words_least(const tl_name_list *all, const size_t *times, size_t most);

TL_C_END

#endif
