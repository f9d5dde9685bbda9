#include "cli/words.h"

#include <string.h>

void words_push(Words *w, const char *word)
{
    if (w->count + 1 >= w->room) {
        int room = w->room ? 2 * w->room : 32;
        const char **more = arena_array(w->arena, const char *, room);
        if (w->count)
            memcpy(more, w->word, (size_t)w->count * sizeof *more);
        w->word = more;
        w->room = room;
    }
    w->word[w->count++] = word;
    w->word[w->count] = NULL;
}

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n'; }

/* One word from *text on, without its quotes, to `to`, which has room; *text moves behind it. */
static bool take_word(const char **text, char *to)
{
    const char *c = *text;
    char quote = 0;
    for (; *c && (quote || !is_blank(*c)); c++) {
        if (quote ? *c == quote : *c == '\'' || *c == '"')
            quote = quote ? 0 : *c;
        else if (*c == '\\' && c[1] && quote != '\'')
            *to++ = *++c;
        else
            *to++ = *c;
    }
    *to = '\0';
    *text = c;
    return !quote;
}

bool words_split(Words *w, const char *text)
{
    for (;;) {
        while (is_blank(*text))
            text++;
        if (!*text)
            return true;
        char *word = arena_array(w->arena, char, strlen(text) + 1);
        if (!take_word(&text, word))
            return false;
        words_push(w, word);
    }
}
