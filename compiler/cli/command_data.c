/* command_data.c - `data FILE [SPEC]`: what a table has, a row a column; and what each would be to a model. Writes nothing. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <tapeless/column_stats.h>
#include <tapeless/commands.h>
#include <tapeless/json_memory.h>
#include <tapeless/report.h>
#include <tapeless/utf8.h>
#include "cli/commands.h"
#include "graph/checked.h"
#include "graph/user_error.h"
#include "schedule/lower.h"

typedef struct Arguments {
    Common common;
    tl_data_options data;
} Arguments;

/* Its first cell, at least, is a time and no number. */
static bool looks_like_time(const tl_csv_column *k)
{
    double seconds, unit;
    tl_time_style style;
    return k->wrong_line && k->numbers == 0 && !tl_time_read(k->wrong_text, NULL, &seconds, &style, &unit) && style != TL_TIME_UNIX;
}

static bool is_time(const tl_csv *c, size_t i) { return c->times.is && i == c->times.column; }

static bool has_numbers(const tl_csv *c, size_t i) { return c->column[i].numbers && !c->column[i].words.count && !is_time(c, i); }

static const char *kind_of(const tl_csv *c, size_t i, const tl_column_stats *s)
{
    const tl_csv_column *k = &c->column[i];
    if (i == 0 && c->index)
        return "index";
    if (is_time(c, i) || looks_like_time(k))
        return "time";
    if (k->numbers == 0 || k->words.count)
        return k->wrong_line || k->words.count ? "words" : "empty";
    if (k->wrong_line)
        return "mixed";
    return s->distinct == 1 ? "constant" : s->whole ? "whole" : "real";
}

/* "input", "target", "input and target": what a training of the model would read; "". */
static const char *role_of(const tl_coding *coding, const char *name, Arena *arena)
{
    const char *role = "";
    for (size_t i = 0; i < coding->ncolumns; i++) {
        const char *side = coding->column[i].target ? "target" : "input";
        if (!strcmp(coding->column[i].name, name) && !coding->column[i].indicator && !strstr(role, side))
            role = *role ? arena_printf(arena, "%s, %s", role, side) : side;
    }
    return role;
}

/* "rain, snow, sun and 4 more". */
static const char *words_text(const tl_name_list *l, Arena *arena)
{
    enum { SHOWN = 40 };
    const char *text = l->item[0];
    size_t n = 1;
    while (n < l->count && strlen(text) + strlen(l->item[n]) < SHOWN)
        text = arena_printf(arena, "%s, %s", text, l->item[n++]);
    return n < l->count ? arena_printf(arena, "%s and %zu more", text, l->count - n) : text;
}

/* What else there is to say of a column, or what would read it. */
static const char *note_of(const tl_csv *c, size_t i, const tl_column_stats *s, Arena *arena)
{
    const tl_csv_column *k = &c->column[i];
    if (is_time(c, i))
        return c->times.remark;
    if (k->words.count)
        return words_text(&k->words, arena);
    if (looks_like_time(k))
        return arena_printf(arena, "%s in line %zu: --time %s reads it", k->wrong_text, k->wrong_line, c->name.item[i]);
    if (k->wrong_line)
        return arena_printf(arena, "\"%s\" in line %zu is no number", k->wrong_text ? k->wrong_text : "", k->wrong_line);
    return s->rises ? "rises" : "";
}

/* ---- for people ---- */

static int width_of(const char *text)
{
    int n = 0;
    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

static void print_text(const char *text, int width) { printf("%s%*s", text, width > width_of(text) ? width - width_of(text) : 1, ""); }

static void print_number(double x)
{
    if (isnan(x))
        printf(" %12s", "-");
    else
        printf(" %12.6g", x);
}

static int name_width(const tl_csv *c)
{
    int most = 8;
    for (size_t i = 0; i < c->columns; i++)
        most = width_of(c->name.item[i]) > most ? width_of(c->name.item[i]) : most;
    return most < 40 ? most + 2 : 42;
}

static void print_header(const tl_csv *c, const char *path, int width)
{
    printf("%s: %zu rows of %zu columns, cells separated by %s", path, c->rows, c->columns, tl_csv_separator_name(c->separator));
    if (tl_csv_sequences(c) > 1)
        printf("; %zu sequences", tl_csv_sequences(c));
    puts("");
    print_text("  column", width + 2);
    printf("%-10s%9s%9s %12s %12s %12s %12s  %-*s  %s\n", "kind", "missing", "distinct", "least", "mean", "deviation", "most", TL_SPARKS, "from first to last row",
           "role");
}

static void print_column(const tl_csv *c, size_t i, const tl_column_stats *s, int width, const char *role, const char *note)
{
    char sparks[3 * TL_SPARKS + 1];
    printf("  ");
    print_text(*c->name.item[i] ? c->name.item[i] : "-", width);
    const bool numbers = has_numbers(c, i);
    printf("%-10s%9zu", kind_of(c, i, s), c->column[i].missing);
    if (c->column[i].numbers)
        printf("%9zu", s->distinct);
    else
        printf("%9s", "-");
    print_number(numbers ? s->least : NAN);
    print_number(numbers ? s->mean : NAN);
    print_number(numbers ? s->sd : NAN);
    print_number(numbers ? s->most : NAN);
    printf("  ");
    print_text(numbers ? tl_column_sparkline(c, i, s, sparks) : "", TL_SPARKS + 2);
    printf("%s%s%s\n", role, *role && *note ? "; " : "", note);
}

/* ---- for programs ---- */

static json_t *words_json(const tl_name_list *l)
{
    json_t *list = json_array();
    for (size_t i = 0; i < l->count; i++)
        json_array_append_new(list, json_string(l->item[i]));
    return list;
}

static json_t *column_json(const tl_csv *c, size_t i, const tl_column_stats *s, const char *role)
{
    const tl_csv_column *k = &c->column[i];
    json_t *one = json_pack("{s:s, s:s, s:I, s:I, s:I, s:b, s:s}", "name", c->name.item[i], "kind", kind_of(c, i, s), "numbers",
                            (json_int_t)k->numbers, "missing", (json_int_t)k->missing, "distinct", (json_int_t)s->distinct, "rises", s->rises,
                            "role", role);
    const bool numbers = has_numbers(c, i);
    tl_report_number(one, "least", numbers ? s->least : NAN);
    tl_report_number(one, "mean", numbers ? s->mean : NAN);
    tl_report_number(one, "standard_deviation", numbers ? s->sd : NAN);
    tl_report_number(one, "most", numbers ? s->most : NAN);
    if (k->words.count)
        json_object_set_new(one, "words", words_json(&k->words));
    if (is_time(c, i))
        json_object_set_new(one, "time", json_string(c->times.remark));
    if (k->wrong_line)
        json_object_set_new(one, "first_that_is_no_number", json_pack("{s:s, s:I}", "text", k->wrong_text ? k->wrong_text : "", "line",
                                                                      (json_int_t)k->wrong_line));
    return one;
}

/* ---- the whole ---- */

static int print_columns(const Arguments *a, const tl_csv *c, const char *path, const tl_coding *coding, tl_error *e)
{
    Arena *arena = arena_new();
    json_t *list = a->common.json ? json_array() : NULL;
    const int width = name_width(c);
    int bad = 0;
    if (!list)
        print_header(c, path, width);
    for (size_t i = 0; i < c->columns && !bad; i++) {
        tl_column_stats s;
        bad = tl_column_stats_of(&s, c, i, e);
        const char *role = role_of(coding, c->name.item[i], arena);
        if (!bad && list)
            json_array_append_new(list, column_json(c, i, &s, role));
        else if (!bad)
            print_column(c, i, &s, width, role, note_of(c, i, &s, arena));
    }
    if (list) {
        json_t *all = json_pack("{s:s, s:I, s:I, s:o}", "file", path, "rows", (json_int_t)c->rows, "sequences", (json_int_t)tl_csv_sequences(c),
                                "columns", list);
        tl_report_json(all, JSON_REAL_PRECISION(17));
        json_decref(all);
    }
    arena_free(arena);
    return bad;
}

/* How a training would read the table: columns chosen, and standardised. False with a sentence. */
static bool choose(const Arguments *a, Model *m, const char *path, tl_coding *coding, char **error)
{
    Arena *arena = arena_new();
    Memory memory;
    tl_error e;
    tl_examples x = { 0 };
    const tl_list paths = { .item = &path, .count = 1 };
    bool fine = assign_memory(m, TL_F64, NULL, false, &memory, error);
    if (fine && tl_dataset_load(&x, coding, lower_model(arena, m, &memory, TL_F64), &paths, &a->data, 0, &e)) {
        *error = user_sentence("%s", e.text);
        fine = false;
    }
    tl_examples_free(&x);
    arena_free(arena);
    return fine;
}

static bool is_tensors(const char *path)
{
    const size_t n = strlen(path);
    return (n > 12 && !strcmp(path + n - 12, ".safetensors")) || (n > 4 && !strcmp(path + n - 4, ".npz"));
}

/* What says that the file is a text, or NULL. */
static const char *says_text(const tl_data_options *o, const Model *m, const char *path)
{
    const size_t n = strlen(path);
    if (o->unit || (o->format && !strcmp(o->format, "text")))
        return o->unit ? "--unit is of texts" : "--format text says it is a text";
    const bool reads_text = m && m->ninputs == 1 && m->inputs[0].vocab;
    return reads_text && !o->format && n > 4 && !strcmp(path + n - 4, ".txt") ? "the model would read this as a text" : NULL;
}

/* Columns that are neither numbers nor times are counted as words: the file is read again for it. */
static int read_table(tl_csv *c, const char *path, const tl_csv_options *options, tl_error *e)
{
    tl_csv_options o = *options;
    tl_csv first;
    if (tl_csv_read(&first, path, &o, e))
        return -1;
    const char **words = checked(calloc(first.columns + 1, sizeof *words));
    size_t n = 0;
    for (size_t i = 0; i < first.columns; i++) {
        const tl_csv_column *k = &first.column[i];
        if (!k->numbers && k->wrong_line && k->wrong == TL_CELL_WORDS && !looks_like_time(k))
            words[n++] = first.name.item[i];
    }
    o.words = words;
    int bad = n ? tl_csv_read(c, path, &o, e) : 0;
    if (!n)
        *c = first;
    else
        tl_csv_free(&first);
    free(words);
    return bad;
}

static int show(const Arguments *a, Model *m, const char *path)
{
    tl_csv c = { 0 };
    tl_error e;
    tl_coding coding = { 0 };
    char *error = NULL;
    if (is_tensors(path))
        error = user_sentence("%s: these are tensors; `data` shows tables (CSV, .npy)", path);
    else if (says_text(&a->data, m, path))
        error = user_sentence("%s: `data` shows tables, and %s; `tapeless train SPEC --data %s --steps 0` says how many characters, words or bytes "
                              "it has and how many of them are different", path, says_text(&a->data, m, path), path);
    else if (read_table(&c, path, &a->data.table.csv, &e))
        error = user_sentence("%s", e.text);
    else {
        char *why = NULL;
        if (m && !choose(a, m, path, &coding, &why)) /* the columns are shown all the same */
            fprintf(stderr, "%s\n", why);
        if (print_columns(a, &c, path, &coding, &e))
            error = user_sentence("%s: %s", path, e.text);
        else if (why)
            error = user_sentence("%s: %s cannot read it so", path, m->name);
        else if (coding.remark && !a->common.json)
            printf("%s reads it so: %s\n", m->name, coding.remark);
        free(why);
    }
    tl_csv_free(&c);
    tl_coding_free(&coding);
    return error ? complain(error) : EXIT_DONE;
}

/* Of several files one after the other. */
static int run(Arguments *a, const char *files)
{
    tl_error e;
    tl_list paths = { 0 };
    int status = EXIT_DONE;
    Model *m = a->common.spec ? load_step(&a->common) : NULL;
    if (a->common.spec && !m)
        return EXIT_WRONG;
    tl_json_watch();
    if (tl_files_add(&paths, files, "", &e))
        status = complain(user_sentence("%s", e.text));
    for (size_t i = 0; i < paths.count && status == EXIT_DONE; i++) {
        if (i && !a->common.json)
            puts("");
        status = show(a, m, paths.item[i]);
    }
    tl_files_free(&paths);
    model_free(m);
    return status;
}

#define DATA_TABLE(a)                                                                                       \
    {                                                                                                       \
        TL_DATA_OPTIONS((a).data),                                                                          \
        TL_LIST("define", 'D', &(a).common.defines, "NAME=VALUE", "override what the spec's options{} declares"), \
        JSON_OPTION((a).common),                                                                            \
        TL_END,                                                                                             \
    }

static const Arguments defaults = { .common = COMMON_DEFAULTS, .data = { .table = { .ahead = TL_AHEAD_UNSAID } } };

int data_table(tl_see_table *see, void *context)
{
    Arguments a = defaults;
    const tl_option table[] = DATA_TABLE(a);
    int result = see(table, context);
    tl_cli_free(table);
    return result;
}

int command_data(int argc, char **argv)
{
    Arguments a = defaults;
    tl_error e;
    int nargs = 0, status;
    const tl_option table[] = DATA_TABLE(a);
    switch (tl_cli_parse(table, argc, argv, 2, &nargs, &e)) {
    case TL_CLI_HELP:
        tl_cli_help(table, "tapeless data FILE [SPEC] [options]",
                    "What a CSV table has, a row a column; with a SPEC, what a training of the model would read of it. Writes nothing.", stdout);
        status = EXIT_DONE;
        break;
    case TL_CLI_WRONG:
        status = complain(user_sentence("tapeless data: %s", e.text));
        break;
    default:
        a.common.spec = nargs > 1 ? argv[1] : NULL;
        status = nargs ? run(&a, argv[0]) : complain(user_sentence("tapeless data: which file? usage: tapeless data FILE [SPEC]"));
    }
    tl_cli_free(table);
    return status;
}
