/* cli.h - command lines: one table of options parses them and makes --help.
 *
 * GNU style: --name=value, --name value, -nvalue, -n value; flags may be joined (-ab); options and
 * arguments may stand in any order; -- ends the options. --help and -h are always understood. */
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

typedef enum tl_option_kind {
    TL_OPTION_END, TL_OPTION_STRING, TL_OPTION_INT, TL_OPTION_DOUBLE, TL_OPTION_FLAG,
    TL_OPTION_LIST
} tl_option_kind;

typedef struct tl_option {
    tl_option_kind kind;
    const char *name;  /* without the dashes */
    char letter;       /* of the short form, or 0 */
    const char *value; /* what --help calls it: "F", "N"; NULL for flags */
    const char *help;
    union {
        const char **string;
        int64_t *integer;
        double *number;
        int *flag; /* set to 1 */
        tl_list *list;
    } to;              /* holds the default before, what was given after; strings point into argv */
    double low, high;  /* bounds, inclusive, of integers and numbers */
} tl_option;

#define TL_STRING(name, letter, to_, value, help)                                                 \
    { TL_OPTION_STRING, name, letter, value, help, { .string = (to_) }, 0, 0 }
#define TL_INT(name, letter, to_, value, low, high, help)                                         \
    { TL_OPTION_INT, name, letter, value, help, { .integer = (to_) }, low, high }
#define TL_DOUBLE(name, letter, to_, value, low, high, help)                                      \
    { TL_OPTION_DOUBLE, name, letter, value, help, { .number = (to_) }, low, high }
#define TL_FLAG(name, letter, to_, help)                                                          \
    { TL_OPTION_FLAG, name, letter, NULL, help, { .flag = (to_) }, 0, 0 }
#define TL_LIST(name, letter, to_, value, help)                                                   \
    { TL_OPTION_LIST, name, letter, value, help, { .list = (to_) }, 0, 0 }
#define TL_END                                                                                    \
    { TL_OPTION_END, NULL, 0, NULL, NULL, { .flag = NULL }, 0, 0 }

#define TL_INT_MAX 9007199254740992.0 /* 2^53: bounds are doubles */

typedef enum tl_cli_result { TL_CLI_OK, TL_CLI_HELP, TL_CLI_WRONG } tl_cli_result;

/* Parses argv[0 .. argc - 1] (no program name among them). Arguments that are not options are
 * moved to the front of argv and *nargs is set to their number; if it is more than `most` that is
 * wrong. TL_CLI_HELP if --help was asked for, TL_CLI_WRONG with a sentence in `e`. */
tl_cli_result tl_cli_parse(const tl_option *table, int argc, char **argv, int most, int *nargs,
                           tl_error *e);

/* "usage: USAGE", `about`, and a line an option. */
void tl_cli_help(const tl_option *table, const char *usage, const char *about, FILE *out);

/* Frees what the table's lists collected. */
void tl_cli_free(const tl_option *table);

/* The nearest of `names` (NULL at the end) to a mistyped one, or NULL if none is near. */
const char *tl_cli_nearest(const char *word, const char *const *names);

TL_C_END

#endif
