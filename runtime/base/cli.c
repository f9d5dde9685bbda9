#include "cli.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "number.h"

enum {
    MOST = 256,  /* options of a table */
    LONGEST = 64 /* letters of a name that are shown */
};

/* ---- the table ---- */

/* A row, and how it was reached. */
typedef struct Row {
    const tl_option *option; /* NULL: none */
    tl_words *words;         /* what it is passed on to, or NULL */
    size_t index;            /* among all */
} Row;

static int matches(const tl_option *o, const char *name, size_t length, char letter)
{
    if (!name)
        return o->letter && o->letter == letter;
    return strlen(o->name) == length && memcmp(o->name, name, length) == 0;
}

/* The first that matches, tables of the table where they stand; *index counts the rows. */
static Row look(const tl_option *t, tl_words *words, const char *name, size_t length, char letter,
                size_t *index)
{
    for (; t->kind != TL_OPTION_END; t++, ++*index)
        if (t->kind == TL_OPTION_TABLE) {
            Row inner = look(t->to.table, t->words, name, length, letter, index);
            if (inner.option)
                return inner;
        } else if (matches(t, name, length, letter)) {
            assert(*index < MOST);
            return (Row){ t, words, *index };
        }
    return (Row){ 0 };
}

static Row find(const tl_option *table, const char *name, size_t length, char letter)
{
    size_t index = 0;
    Row row = look(table, NULL, name, length, letter, &index);
    if (row.option && row.option->kind == TL_OPTION_ALIAS)
        return find(table, row.option->value, strlen(row.option->value), 0);
    return row;
}

const tl_option *tl_cli_find(const tl_option *table, const char *name, size_t length, char letter)
{
    return find(table, name, length, letter).option;
}

void tl_cli_free(const tl_option *table)
{
    for (const tl_option *o = table; o->kind != TL_OPTION_END; o++)
        if (o->kind == TL_OPTION_LIST) {
            free(o->to.list->item);
            *o->to.list = (tl_list){ 0 };
        } else if (o->kind == TL_OPTION_FILES) {
            tl_files_free(o->to.list);
        } else if (o->kind == TL_OPTION_TABLE) {
            tl_cli_free(o->to.table);
        }
}

/* ---- words to pass on ---- */

int tl_words_add(tl_words *w, const char *word, tl_error *e)
{
    char **more = realloc(w->word, (w->count + 2) * sizeof *more), *copy = more ? strdup(word) : NULL;
    if (more)
        w->word = more;
    if (!copy)
        return tl_fail(e, "out of memory");
    w->word[w->count++] = copy;
    w->word[w->count] = NULL;
    return 0;
}

void tl_words_free(tl_words *w)
{
    for (size_t i = 0; i < w->count; i++)
        free(w->word[i]);
    free(w->word);
    *w = (tl_words){ 0 };
}

static int pass_on(const Row *row, const char *text, tl_error *e)
{
    size_t n = strlen(row->option->name) + (text ? strlen(text) : 0) + 4;
    char *word = malloc(n);
    if (!word)
        return tl_fail(e, "out of memory");
    snprintf(word, n, "--%s%s%s", row->option->name, text ? "=" : "", text ? text : "");
    int bad = tl_words_add(row->words, word, e);
    free(word);
    return bad;
}

/* ---- values ---- */

static tl_cli_result wrong_whole(const tl_option *o, const char *text, tl_error *e)
{
    double x;
    char hint[64] = "";
    if (tl_parse_number(text, &x) && x >= o->low && x <= o->high && x == (double)(int64_t)x)
        snprintf(hint, sizeof hint, ": write %.0f", x);
    if (o->high >= TL_INT_MAX)
        tl_fail(e, "--%s %s: it takes a whole number from %.0f to 2^53%s", o->name, text, o->low, hint);
    else
        tl_fail(e, "--%s %s: it takes a whole number from %.0f to %.0f%s", o->name, text, o->low, o->high, hint);
    return TL_CLI_WRONG;
}

static tl_cli_result set_int(const tl_option *o, const char *text, tl_error *e)
{
    int64_t x;
    if (!tl_parse_whole(text, &x) || (double)x < o->low || (double)x > o->high)
        return wrong_whole(o, text, e);
    *o->to.integer = x;
    return TL_CLI_OK;
}

static tl_cli_result set_double(const tl_option *o, const char *text, tl_error *e)
{
    double x;
    if (!tl_parse_number(text, &x) || x < o->low || x > o->high) {
        tl_fail(e, "--%s %s: it takes a number from %g to %g", o->name, text, o->low, o->high);
        return TL_CLI_WRONG;
    }
    *o->to.number = x;
    return TL_CLI_OK;
}

static tl_cli_result append(tl_list *list, const char *text, tl_error *e)
{
    const char **more = realloc(list->item, (list->count + 1) * sizeof *more);
    if (!more) {
        tl_fail(e, "out of memory");
        return TL_CLI_WRONG;
    }
    list->item = more;
    list->item[list->count++] = text;
    return TL_CLI_OK;
}

static tl_cli_result append_files(const tl_option *o, const char *text, tl_error *e)
{
    char option[LONGEST];
    snprintf(option, sizeof option, "--%s ", o->name);
    return tl_files_add(o->to.list, text, option, e) ? TL_CLI_WRONG : TL_CLI_OK;
}

static tl_cli_result store(const tl_option *o, const char *text, tl_error *e)
{
    switch (o->kind) {
    case TL_OPTION_STRING:
    case TL_OPTION_TEXT: *o->to.string = text; return TL_CLI_OK;
    case TL_OPTION_INT: return set_int(o, text, e);
    case TL_OPTION_DOUBLE: return set_double(o, text, e);
    case TL_OPTION_LIST: return append(o->to.list, text, e);
    case TL_OPTION_FILES: return append_files(o, text, e);
    default: *o->to.flag = 1; return TL_CLI_OK;
    }
}

/* ---- parsing ---- */

typedef struct Parser {
    const tl_option *table;
    int argc, i; /* the word that is being read */
    char **argv;
    unsigned char given[MOST];
    tl_error *e;
} Parser;

static tl_cli_result set(Parser *p, const Row *row, const char *text)
{
    const tl_option *o = row->option;
    if (text && !*text && o->kind != TL_OPTION_TEXT) {
        tl_fail(p->e, "--%s: its value is empty; write --%s %s", o->name, o->name, o->value);
        return TL_CLI_WRONG;
    }
    if (p->given[row->index] && o->kind != TL_OPTION_FLAG && o->kind != TL_OPTION_LIST && o->kind != TL_OPTION_FILES) {
        tl_fail(p->e, "--%s is given twice, the second time as %s; give it once", o->name, text);
        return TL_CLI_WRONG;
    }
    p->given[row->index] = 1;
    tl_cli_result r = store(o, text, p->e);
    return r == TL_CLI_OK && row->words && pass_on(row, text, p->e) ? TL_CLI_WRONG : r;
}

/* "--name", "--name=..." or "-n" of an option there is. */
static int is_option(const tl_option *table, const char *word)
{
    if (word[0] != '-' || !word[1])
        return 0;
    if (word[1] == '-')
        return word[2] && (find(table, word + 2, strcspn(word + 2, "="), 0).option ||
                           strcmp(word, "--help") == 0);
    return !word[2] && (find(table, NULL, 0, word[1]).option || word[1] == 'h');
}

/* The next word, as the value of what `shown` says was given. */
static tl_cli_result take_next(Parser *p, const Row *row, const char *shown)
{
    const char *value = row->option->value;
    if (p->i + 1 == p->argc) {
        tl_fail(p->e, "%s needs a value: %s %s", shown, shown, value);
        return TL_CLI_WRONG;
    }
    const char *next = p->argv[++p->i];
    if (is_option(p->table, next)) {
        tl_fail(p->e, "%s needs a value, %s %s, and %s is an option; if it is meant, write --%s=%s", shown, shown,
                value, next, row->option->name, next);
        return TL_CLI_WRONG;
    }
    return set(p, row, next);
}

static tl_cli_result unknown(const Parser *p, const char *name, size_t length)
{
    char word[LONGEST + 1];
    snprintf(word, sizeof word, "%.*s", (int)(length < LONGEST ? length : LONGEST), name);
    const tl_option *nearest = tl_cli_nearest_option(p->table, word);
    const char *elsewhere = tl_cli_elsewhere(p->table, word);
    if (elsewhere)
        tl_fail(p->e, "there is no option --%s; %s", word, elsewhere);
    else if (nearest)
        tl_fail(p->e, "there is no option --%s; did you mean --%s?", word, nearest->name);
    else
        tl_fail(p->e, "there is no option --%s; --help lists them", word);
    return TL_CLI_WRONG;
}

/* The first option without a letter whose name begins with it may be what was meant. */
static const tl_option *beginning_with(const tl_option *t, char letter)
{
    for (; t->kind != TL_OPTION_END; t++) {
        const tl_option *inner = t->kind == TL_OPTION_TABLE ? beginning_with(t->to.table, letter) : NULL;
        if (inner || (t->kind != TL_OPTION_TABLE && !t->letter && t->name[0] == letter))
            return inner ? inner : t;
    }
    return NULL;
}

static tl_cli_result unknown_letter(const Parser *p, char letter)
{
    const tl_option *o = beginning_with(p->table, letter);
    if (o)
        tl_fail(p->e, "there is no option -%c; did you mean --%s?", letter, o->name);
    else
        tl_fail(p->e, "there is no option -%c; --help lists them", letter);
    return TL_CLI_WRONG;
}

/* The word is "--name" or "--name=value"; takes the next word if the value is there. */
static tl_cli_result long_option(Parser *p)
{
    const char *name = p->argv[p->i] + 2, *equals = strchr(name, '=');
    size_t length = equals ? (size_t)(equals - name) : strlen(name);
    Row row = find(p->table, name, length, 0);
    if (!row.option && length == 4 && memcmp(name, "help", 4) == 0)
        return TL_CLI_HELP;
    if (!row.option)
        return unknown(p, name, length);
    if (row.option->kind == TL_OPTION_FLAG && equals) {
        tl_fail(p->e, "--%s takes no value", row.option->name);
        return TL_CLI_WRONG;
    }
    if (row.option->kind == TL_OPTION_FLAG || equals)
        return set(p, &row, equals ? equals + 1 : NULL);
    return take_next(p, &row, p->argv[p->i]);
}

/* The word is "-abc": flags, the last of which may be an option with its value behind it. */
static tl_cli_result short_options(Parser *p)
{
    for (const char *at = p->argv[p->i] + 1; *at; at++) {
        Row row = find(p->table, NULL, 0, *at);
        tl_cli_result r = TL_CLI_OK;
        if (!row.option)
            return *at == 'h' ? TL_CLI_HELP : unknown_letter(p, *at);
        if (row.option->kind == TL_OPTION_FLAG)
            r = set(p, &row, NULL);
        else if (at[1])
            return set(p, &row, at + 1 + (at[1] == '='));
        else
            return take_next(p, &row, (char[]){ '-', *at, 0 });
        if (r != TL_CLI_OK)
            return r;
    }
    return TL_CLI_OK;
}

tl_cli_result tl_cli_parse(const tl_option *table, int argc, char **argv, int most, int *nargs,
                           tl_error *e)
{
    Parser p = { .table = table, .argc = argc, .argv = argv, .e = e };
    int open = 1; /* options are still understood */
    *nargs = 0;
    for (; p.i < argc; p.i++) {
        char *word = argv[p.i];
        tl_cli_result r = TL_CLI_OK;
        if (open && strcmp(word, "--") == 0)
            open = 0;
        else if (open && word[0] == '-' && word[1] == '-')
            r = long_option(&p);
        else if (open && word[0] == '-' && word[1])
            r = short_options(&p);
        else if (*nargs < most)
            argv[(*nargs)++] = word;
        else {
            tl_fail(e, "'%.200s' is one argument too many", word);
            r = TL_CLI_WRONG;
        }
        if (r != TL_CLI_OK)
            return r;
    }
    return TL_CLI_OK;
}

int tl_cli_takes_next(const tl_option *table, const char *word)
{
    if (word[0] != '-')
        return -1;
    if (word[1] == '-') {
        const tl_option *o = find(table, word + 2, strcspn(word + 2, "="), 0).option;
        return !o ? -1 : o->kind != TL_OPTION_FLAG && !strchr(word, '=');
    }
    for (const char *at = word + 1; *at; at++) {
        const tl_option *o = find(table, NULL, 0, *at).option;
        if (!o || o->kind != TL_OPTION_FLAG)
            return !o ? -1 : !at[1];
    }
    return 0;
}
