/* A command line, a word a line: which word is the command, then every command's table, and what a training
 * reads of it. */
#include <stdlib.h>
#include <string.h>

#include <tapeless/commands.h>
#include <tapeless/train_options.h>
#include "cli/commands.h"
#include "fake_model.h"
#include "fuzz.h"

enum { MOST_WORDS = 24 };

typedef struct Line {
    int count;
    char *word[MOST_WORDS + 1];
} Line;

/* Words of its own, since parsing moves them. */
static int parse(const tl_option *table, void *context)
{
    const Line *line = context;
    Line copy = *line;
    tl_error e;
    int rest = 0;
    for (int i = 0; i < line->count; i++)
        (void)tl_cli_takes_next(table, line->word[i]);
    if (tl_cli_parse(table, copy.count, copy.word, 2, &rest, &e) == TL_CLI_WRONG && !memchr(e.text, 0, sizeof e.text))
        abort();
    tl_cli_free(table);
    return 0;
}

/* As `tapeless train` passes on what is its trainer's: that takes all of it. */
static int pass_on(const tl_option *theirs, void *context)
{
    Line copy = *(const Line *)context;
    tl_error e;
    tl_list defines = { 0 };
    tl_words words = { 0 };
    const char *precision = NULL;
    int rest = 0;
    const tl_option table[] = { TL_LIST("define", 'D', &defines, "NAME=VALUE", "of the compiler"),
                                TL_STRING("precision", 'p', &precision, "f32|f64", "of the compiler"),
                                TL_TABLE("of its trainer:", theirs, &words), TL_END };
    tl_cli_result first = tl_cli_parse(table, copy.count, copy.word, 2, &rest, &e);
    tl_cli_free(theirs);
    if (first == TL_CLI_OK && tl_cli_parse(theirs, (int)words.count, words.word, 0, &rest, &e) != TL_CLI_OK)
        abort();
    tl_cli_free(theirs);
    free(defines.item);
    tl_words_free(&words);
    return 0;
}

static void as_training(const Line *line)
{
    tl_train_options o;
    tl_model m = fake_linear(TL_F32);
    Line copy = *line;
    (void)tl_train_options_read(&o, &m, copy.count, copy.word);
    tl_train_options_free(&o);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Line line = { 0 };
    Bytes b = { data, data + size };
    while (b.at < b.end && line.count < MOST_WORDS)
        line.word[line.count++] = take_line(&b);
    int at = find_command(line.count, line.word);
    if (at < 0 || at > line.count)
        abort();
    for (const Command *c = commands; c->name; c++)
        if (c->show)
            (void)c->show(parse, &line);
    for (const tl_command *c = tl_commands; c->name; c++)
        (void)(c->show(parse, &line) + c->show(pass_on, &line));
    as_training(&line);
    for (int i = 0; i < line.count; i++)
        free(line.word[i]);
    return 0;
}
