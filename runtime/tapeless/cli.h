/* cli.h - command lines: one table of options parses them and makes --help.
 *
 * GNU style: --name=value, --name value, -nvalue, -n value; flags may be joined (-ab); options and
 * arguments may stand in any order; -- ends the options. --help and -h are always understood. Names
 * are written out: an abbreviation that is unambiguous today is not when an option is added. An option
 * with a value is given once. A value that is the name of an option is taken for a forgotten one;
 * --name=value says that it is meant. A name takes a value in every table or in none, and a letter
 * stands for one name in all of them (tests/unit/test_options.c). */
#ifndef TAPELESS_CLI_H
#define TAPELESS_CLI_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "error.h"
#include "linkage.h"

TL_C_BEGIN

/* What a repeatable option collects. */
typedef struct tl_list {
    const char **item;
    size_t count;
} tl_list;

/* Words of its own, for another command line. */
typedef struct tl_words {
    char **word; /* NULL behind the last; NULL if there is none */
    size_t count;
} tl_words;

typedef enum tl_option_kind {
    TL_OPTION_END, TL_OPTION_STRING, TL_OPTION_TEXT, TL_OPTION_INT, TL_OPTION_DOUBLE, TL_OPTION_FLAG,
    TL_OPTION_LIST, TL_OPTION_FILES, TL_OPTION_ALIAS, TL_OPTION_TABLE
} tl_option_kind;

typedef struct tl_option {
    tl_option_kind kind;
    const char *name;  /* without the dashes; of a table: the line above its options in --help */
    char letter;       /* of the short form, or 0 */
    const char *value; /* what --help calls it: "F", "N"; NULL for flags; of an alias: the name it
                          stands for */
    const char *help;
    union {
        const char **string;
        int64_t *integer;
        double *number;
        int *flag; /* set to 1 */
        tl_list *list;
        const struct tl_option *table;
    } to;              /* holds the default before, what was given after; strings point into argv */
    double low, high;  /* bounds, inclusive, of integers and numbers */
    tl_words *words;   /* of a table: what was given of it, as --name=value, is added here */
} tl_option;

#define TL_STRING(name, letter, to_, value, help)                                                 \
    { TL_OPTION_STRING, name, letter, value, help, { .string = (to_) }, 0, 0, NULL }
#define TL_TEXT(name, letter, to_, value, help) /* a string that may be empty */                  \
    { TL_OPTION_TEXT, name, letter, value, help, { .string = (to_) }, 0, 0, NULL }
#define TL_INT(name, letter, to_, value, low, high, help)                                         \
    { TL_OPTION_INT, name, letter, value, help, { .integer = (to_) }, low, high, NULL }
#define TL_DOUBLE(name, letter, to_, value, low, high, help)                                      \
    { TL_OPTION_DOUBLE, name, letter, value, help, { .number = (to_) }, low, high, NULL }
#define TL_FLAG(name, letter, to_, help)                                                          \
    { TL_OPTION_FLAG, name, letter, NULL, help, { .flag = (to_) }, 0, 0, NULL }
#define TL_LIST(name, letter, to_, value, help)                                                   \
    { TL_OPTION_LIST, name, letter, value, help, { .list = (to_) }, 0, 0, NULL }
#define TL_FILES(name, letter, to_, value, help) /* a list of files, each as it is or by a pattern */  \
    { TL_OPTION_FILES, name, letter, value, help, { .list = (to_) }, 0, 0, NULL }
#define TL_ALIAS(name, of) /* another name of the option `of` of this table */                    \
    { TL_OPTION_ALIAS, name, 0, of, NULL, { .flag = NULL }, 0, 0, NULL }
#define TL_TABLE(title, table_, words) /* another table, behind what stands in this one */        \
    { TL_OPTION_TABLE, title, 0, NULL, NULL, { .table = (table_) }, 0, 0, words }
#define TL_END                                                                                    \
    { TL_OPTION_END, NULL, 0, NULL, NULL, { .flag = NULL }, 0, 0, NULL }

#define TL_INT_MAX 9007199254740992.0 /* 2^53: bounds are doubles */

typedef enum tl_cli_result { TL_CLI_OK, TL_CLI_HELP, TL_CLI_WRONG } tl_cli_result;

/* Parses argv[0 .. argc - 1] (no program name among them). Arguments that are not options are
 * moved to the front of argv and *nargs is set to their number; if it is more than `most` that is
 * wrong. TL_CLI_HELP if --help was asked for, TL_CLI_WRONG with a sentence in `e`. */
tl_cli_result tl_cli_parse(const tl_option *table, int argc, char **argv, int most, int *nargs,
                           tl_error *e);

/* 1 if `word` is an option of the table whose value is the next word, 0 if it is one without, or
 * with its value in it; -1 if the table has no such option. */
int tl_cli_takes_next(const tl_option *table, const char *word);

/* "usage: USAGE", `about`, and a line an option. */
void tl_cli_help(const tl_option *table, const char *usage, const char *about, FILE *out);

/* " [4]", what the option is where it is not given; nothing where that cannot be said. */
void tl_cli_print_default(const tl_option *, FILE *out);

/* Adds the file, or where there is none of that name and it is a pattern of a shell (glob(3): * ? [...]), all that match, in the order of their bytes.
 * Fails where none does; the sentence begins with `option`. The names are the list's own. */
int tl_files_add(tl_list *, const char *text, const char *option, tl_error *e);
void tl_files_free(tl_list *);

/* Frees what the table's lists collected. */
void tl_cli_free(const tl_option *table);

/* The option of that name, or of that letter where `name` is NULL, here or in a table of the table;
 * NULL if there is none. An alias gives what it stands for. */
const tl_option *tl_cli_find(const tl_option *table, const char *name, size_t length, char letter);

/* The nearest of `names` (NULL at the end) to a mistyped one, or NULL if none is near. */
const char *tl_cli_nearest(const char *word, const char *const *names);
/* The option of the nearest name, likewise. */
const tl_option *tl_cli_nearest_option(const tl_option *table, const char *word);
/* What there is in place of what other programs have as an option, a sentence, or NULL. */
const char *tl_cli_elsewhere(const tl_option *table, const char *word);

/* Adds a copy of `word`. Fails without memory. */
int tl_words_add(tl_words *, const char *word, tl_error *e);
void tl_words_free(tl_words *);

/* What is done with a command's table while it, and the variables that it fills, are there; they hold
 * their defaults. Returns whatever it likes. */
typedef int tl_see_table(const tl_option *table, void *context);
/* Calls `see` with a command's table and returns what it returned. */
typedef int tl_show_table(tl_see_table *see, void *context);

TL_C_END

#endif
