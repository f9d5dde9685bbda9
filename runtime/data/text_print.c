/* Tokens of a text as people read them. */
#include <string.h>

#include "text.h"
#include "text_words.h"
#include "utf8.h"

/* <other> stands where a word would. */
static const char *word_at(const tl_coding *c, int32_t token)
{
    return (size_t)token < c->words.count ? c->words.item[token] : "<other>";
}

static int is_word_at(const tl_coding *c, int32_t token)
{
    return token >= 0 && ((size_t)token >= c->words.count || tl_is_word(c->words.item[token]));
}

int32_t tl_text_newline(const tl_coding *c)
{
    const size_t at = c->unit == TL_UNIT_WORD ? tl_name_list_find(&c->words, "\n", 1) : (size_t)tl_coding_token(c, '\n');
    return at < tl_coding_tokens(c) ? (int32_t)at : 0;
}

void tl_text_print(const tl_coding *c, int32_t before, int32_t token, FILE *f)
{
    if (c->unit == TL_UNIT_BYTE) {
        putc(token, f);
    } else if (c->unit == TL_UNIT_CHARACTER) {
        char character[5];
        const size_t n = tl_utf8_put(character, c->vocab[token]);
        fwrite(character, 1, n, f); /* U+0000, too */
    } else {
        if (is_word_at(c, before) && is_word_at(c, token))
            putc(' ', f);
        fputs(word_at(c, token), f);
    }
}

/* Appends a character as it is or, where it cannot be seen, as C writes it. */
static void append(char *text, size_t size, int32_t c, int byte)
{
    char character[8];
    if (c == '\n' || c == '\t')
        snprintf(character, sizeof character, c == '\n' ? "\\n" : "\\t");
    else if (c < ' ' || c == 0x7f || (byte && c > 0x7f))
        snprintf(character, sizeof character, "\\x%02x", (unsigned)c & 0xff);
    else
        tl_utf8_put(character, c);
    if (strlen(text) + strlen(character) < size)
        strcat(text, character);
}

static void quote(char *text, size_t size, const int32_t *c, size_t n, int byte)
{
    const int seen = n != 1 || (*c >= ' ' && *c != 0x7f && !(byte && *c > 0x7f));
    *text = 0;
    if (seen)
        append(text, size, '\'', 0);
    for (size_t i = 0; i < n; i++)
        append(text, size, c[i], byte);
    if (seen)
        append(text, size, '\'', 0);
}

char *tl_text_token_name(const tl_coding *c, int32_t token, char *text, size_t size)
{
    enum { LONGEST = 3 }; /* characters of a token that is no word: itself and two blanks */
    int32_t characters[LONGEST];
    size_t n = 0;
    if (c->unit != TL_UNIT_WORD) {
        quote(text, size, &c->vocab[token], 1, c->unit == TL_UNIT_BYTE);
        return text;
    }
    const char *word = word_at(c, token);
    if (is_word_at(c, token)) {
        snprintf(text, size, "%s", word);
        return text;
    }
    for (size_t k; *word && n < LONGEST && (k = tl_utf8_get(word, strlen(word), &characters[n])) > 0; n++)
        word += k;
    quote(text, size, characters, n, 0);
    return text;
}
