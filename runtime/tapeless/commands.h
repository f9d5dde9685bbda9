/* commands.h - what a trainer does, one function a subcommand. argv holds what follows the
 * subcommand's name. They print to stdout what was asked for, and to stderr everything else, and
 * return the process's exit status: 0 done, 1 a check failed, 2 wrong usage or input. */
#ifndef TAPELESS_COMMANDS_H
#define TAPELESS_COMMANDS_H

#include "cli.h"
#include "coding.h"
#include "dataset.h"
#include "error.h"
#include "linkage.h"
#include "pool.h"
#include "stepper.h"
#include "tapeless.h"

TL_C_BEGIN

typedef struct tl_command {
    const char *name;
    int (*run)(const tl_engine *, int argc, char **argv);
    const char *about;
    tl_show_table *show; /* its options */
    int computes;        /* runs windows or steps */
} tl_command;

extern const tl_command tl_commands[]; /* the last has no name */

int tl_command_train(const tl_engine *, int argc, char **argv);
int tl_command_eval(const tl_engine *, int argc, char **argv);
int tl_command_sample(const tl_engine *, int argc, char **argv);
int tl_command_predict(const tl_engine *, int argc, char **argv);
int tl_command_online(const tl_engine *, int argc, char **argv);
int tl_command_lags(const tl_engine *, int argc, char **argv);
int tl_command_bench(const tl_engine *, int argc, char **argv);
int tl_command_info(const tl_engine *, int argc, char **argv);
int tl_command_export(const tl_engine *, int argc, char **argv);
int tl_command_import(const tl_engine *, int argc, char **argv);

int tl_train_table(tl_see_table *, void *context);
int tl_eval_table(tl_see_table *, void *context);
int tl_sample_table(tl_see_table *, void *context);
int tl_predict_table(tl_see_table *, void *context);
int tl_online_table(tl_see_table *, void *context);
int tl_lags_table(tl_see_table *, void *context);
int tl_bench_table(tl_see_table *, void *context);
int tl_info_table(tl_see_table *, void *context);
int tl_export_table(tl_see_table *, void *context);
int tl_import_table(tl_see_table *, void *context);

/* Shows a command's table by its name; see is not called, and -1 returned, where there is none. */
int tl_show_command(const char *name, tl_see_table *, void *context);

/* The index in argv of the command: the first word that is neither an option nor the value of one;
 * argc if there is none. An option that no table knows has no value. */
int tl_find_command(tl_show_table *const *tables, int argc, char **argv);

/* Parses a subcommand that takes at most `most` arguments. Returns -1 to go on (then *nargs of them
 * stand first in argv), else the exit status: help was printed, or what is wrong. */
int tl_command_parse(const tl_option *table, const tl_model *, const char *command,
                     const char *arguments, const char *about, int argc, char **argv, int most,
                     int *nargs);

/* Prints "NAME: sentence" to stderr and returns `status`. */
int tl_command_fail(const tl_model *, const tl_error *, int status);

/* Runs through a series in as many lanes as it has, and adds to the score. `threads`: what --threads says. */
int tl_evaluate(const tl_engine *, const void *params, const tl_series *, const char *threads, tl_score *, tl_error *e);

/* Threads for the shards of the model, of which one of several processes runs a part, as --threads says; on stderr, if
 * more were asked for than there are shards. */
int tl_shard_pool(const tl_engine *, int32_t processes, const char *text, tl_pool **, int32_t *threads, tl_error *e);

/* Where a command writes: an option that has two names. */
#define TL_OUTPUT(to, value, help)                                                                \
    TL_STRING("output", 'o', to, value, help), TL_ALIAS("out", "output")

/* The options that say how a data file is read, for a command's table. */
#define TL_DATA_OPTIONS(o)                                                                        \
    TL_STRING("format", 0, &(o).format, "text|csv|npy|npz|safetensors",                           \
              "what the data file is (by its name: .csv, .tsv, .csv.gz, .npy, .npz, .safetensors, else text)"), \
    TL_STRING("unit", 0, &(o).unit, "char|word|byte",                                             \
              "what of a text is a token: a character, a word or mark, a byte of any file (char, or the checkpoint's)"), \
    TL_LIST("input", 0, &(o).table.input, "COLUMNS",                                              \
            "CSV columns to read, a,b or NAME=a,b for a named input"),                            \
    TL_LIST("target", 0, &(o).table.target, "COLUMNS", "CSV columns to predict, likewise"),       \
    TL_STRING("ahead", 0, &(o).table.aheads, "N|N-M",                                             \
              "the target of row t stands in row t + N, above it if N < 0 (1 if a target is an input too, else 0); " \
              "1-12: a row of the target's for each of 12"),                                      \
    TL_LIST("known", 0, &(o).table.known_ahead, "COLUMN",                                         \
            "an input that is known of the row that is predicted, N below: read there"),          \
    TL_TEXT("weight", 0, &(o).table.weight, "COLUMN",                                             \
              "CSV column with the weights of the loss: 0 where a step does not count"),          \
    TL_FLAG("no-standardise", 0, &(o).table.plain, "take all CSV columns as they are"),           \
    TL_LIST("raw", 0, &(o).table.raw, "COLUMN", "take this CSV column as it is"),                 \
    TL_LIST("words", 0, &(o).table.words, "COLUMN",                                               \
            "read this CSV column, which has numbers too, as words: tokens"),                     \
    TL_INT("other", 0, &(o).table.other, "N", 1, TL_INT_MAX,                                      \
           "words that are less than N times in the training, and those of later files, are <other>"), \
    TL_CSV_OPTIONS(o)

/* Those among them that say how a CSV file is written, for all who read one. */
#define TL_CSV_OPTIONS(o)                                                                         \
    TL_TEXT("sequence", 0, &(o).table.csv.sequence, "COLUMN",                                     \
              "CSV rows with the same text in this column are a sequence"),                       \
    TL_TEXT("time", 0, &(o).table.csv.time, "COLUMN",                                             \
              "CSV column of times (ISO 8601 or seconds since 1970), by which rows are put in order"), \
    TL_STRING("time-format", 0, &(o).table.csv.time_format, "FORMAT",                             \
              "how times are written, as strptime has it: '%d.%m.%Y %H:%M'"),                     \
    TL_STRING("gaps", 0, &(o).table.csv.gaps, "keep|fill|split|error",                            \
              "rows missing in time: go on, put in rows without cells, begin another sequence, stop"), \
    TL_STRING("calendar", 0, &(o).table.csv.calendar, "day,week,year,hour,weekday,month",         \
              "columns to be made of times: sine and cosine of the first three, tokens"),         \
    TL_STRING("missing", 0, &(o).table.missing, "error|mask|hold|zero",                           \
              "missing CSV cells: error, mask (a target's step does not count), hold, zero (inputs)"), \
    TL_STRING("separator", 0, &(o).table.csv.separator, "CHAR",                                   \
              "what stands between CSV cells: , ; | tab (by the first row)"),                     \
    TL_STRING("decimal", 0, &(o).table.csv.decimal, "CHAR", "the decimal point, . or , (by the cells)"), \
    TL_STRING("thousands", 0, &(o).table.csv.thousands, "CHAR", "what groups digits, if anything does"), \
    TL_FLAG("no-header", 0, &(o).table.csv.no_header,                                             \
            "the first CSV row is numbers, too: columns are named 1, 2, ..."),                    \
    TL_FLAG("header", 0, &(o).table.csv.header, "the first CSV row is names although they are numbers")

TL_C_END

#endif
