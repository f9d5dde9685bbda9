/* words.h - a command in one string, as $CC holds it, taken apart as a shell would: words end at blanks, '...' and
 * "..." keep them together, \ takes the next character as it is. Nothing is expanded. */
#ifndef WORDS_H
#define WORDS_H

#include <stdbool.h>

#include "graph/arena.h"

typedef struct Words {
    Arena *arena;
    const char **word; /* NULL behind the last */
    int count, room;
} Words;

void words_push(Words *, const char *word);

/* Adds the words of `text`; false where a quote is not closed. */
bool words_split(Words *, const char *text);

#endif
