#include "cli.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    LONGEST = 64, /* name that a distance is taken of */
    WIDE = 30     /* columns of --help before the explanations */
};

/* Levenshtein's distance, one row at a time. */
static size_t distance(const char *a, const char *b)
{
    size_t row[LONGEST + 1], n = strlen(b), i = 0;
    if (strlen(a) > LONGEST || n > LONGEST)
        return SIZE_MAX;
    for (size_t j = 0; j <= n; j++)
        row[j] = j;
    for (; a[i]; i++) {
        size_t corner = row[0];
        row[0] = i + 1;
        for (size_t j = 1; j <= n; j++) {
            size_t best = corner + (a[i] != b[j - 1]);
            corner = row[j];
            if (best > row[j] + 1)
                best = row[j] + 1;
            if (best > row[j - 1] + 1)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[n];
}

/* Near enough to be what was meant: a third of the letters wrong at most, or the beginning. */
static size_t remoteness(const char *word, const char *name)
{
    size_t n = strlen(word), d = distance(word, name);
    if (n >= 2 && strncmp(word, name, n) == 0)
        return 1;
    return d <= (n + 2) / 3 ? d : SIZE_MAX;
}

const char *tl_cli_nearest(const char *word, const char *const *names)
{
    const char *nearest = NULL;
    size_t least = SIZE_MAX;
    for (; *names; names++)
        if (remoteness(word, *names) < least) {
            least = remoteness(word, *names);
            nearest = *names;
        }
    return nearest;
}

static const tl_option *by_name(const tl_option *t, const char *name, size_t length)
{
    for (; t->kind != TL_OPTION_END; t++)
        if (strlen(t->name) == length && memcmp(t->name, name, length) == 0)
            return t;
    return NULL;
}

static const tl_option *by_letter(const tl_option *t, char letter)
{
    for (; t->kind != TL_OPTION_END; t++)
        if (t->letter && t->letter == letter)
            return t;
    return NULL;
}

static tl_cli_result unknown(const tl_option *table, const char *name, size_t length, tl_error *e)
{
    char word[LONGEST + 1];
    const tl_option *nearest = NULL;
    size_t least = SIZE_MAX;
    snprintf(word, sizeof word, "%.*s", (int)(length < LONGEST ? length : LONGEST), name);
    for (const tl_option *t = table; t->kind != TL_OPTION_END; t++)
        if (remoteness(word, t->name) < least) {
            least = remoteness(word, t->name);
            nearest = t;
        }
    if (nearest)
        tl_fail(e, "there is no option --%s; did you mean --%s?", word, nearest->name);
    else
        tl_fail(e, "there is no option --%s; --help lists them", word);
    return TL_CLI_WRONG;
}

static tl_cli_result set_int(const tl_option *o, const char *text, tl_error *e)
{
    char *end;
    errno = 0;
    long long x = strtoll(text, &end, 10);
    if (end == text || *end || errno || (double)x < o->low || (double)x > o->high) {
        if (o->high >= TL_INT_MAX)
            tl_fail(e, "--%s %s: it takes a whole number from %.0f", o->name, text, o->low);
        else
            tl_fail(e, "--%s %s: it takes a whole number from %.0f to %.0f", o->name, text, o->low,
                    o->high);
        return TL_CLI_WRONG;
    }
    *o->to.integer = x;
    return TL_CLI_OK;
}

static tl_cli_result set_double(const tl_option *o, const char *text, tl_error *e)
{
    char *end;
    double x = strtod(text, &end);
    if (end == text || *end || !(x >= o->low && x <= o->high)) {
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

static tl_cli_result set(const tl_option *o, const char *text, tl_error *e)
{
    switch (o->kind) {
    case TL_OPTION_STRING: *o->to.string = text; return TL_CLI_OK;
    case TL_OPTION_INT: return set_int(o, text, e);
    case TL_OPTION_DOUBLE: return set_double(o, text, e);
    case TL_OPTION_LIST: return append(o->to.list, text, e);
    default: *o->to.flag = 1; return TL_CLI_OK;
    }
}

/* argv[*i] is "--name" or "--name=value"; takes the next word if the value is there. */
static tl_cli_result long_option(const tl_option *table, int argc, char **argv, int *i,
                                 tl_error *e)
{
    const char *name = argv[*i] + 2, *equals = strchr(name, '=');
    size_t length = equals ? (size_t)(equals - name) : strlen(name);
    const tl_option *o = by_name(table, name, length);
    if (!o && length == 4 && memcmp(name, "help", 4) == 0)
        return TL_CLI_HELP;
    if (!o)
        return unknown(table, name, length, e);
    if (o->kind == TL_OPTION_FLAG) {
        if (equals) {
            tl_fail(e, "--%s takes no value", o->name);
            return TL_CLI_WRONG;
        }
        return set(o, NULL, e);
    }
    if (equals)
        return set(o, equals + 1, e);
    if (*i + 1 == argc) {
        tl_fail(e, "--%s needs a value: --%s %s", o->name, o->name, o->value);
        return TL_CLI_WRONG;
    }
    return set(o, argv[++*i], e);
}

/* argv[*i] is "-abc": flags, the last of which may be an option with its value behind it. */
static tl_cli_result short_options(const tl_option *table, int argc, char **argv, int *i,
                                   tl_error *e)
{
    for (const char *p = argv[*i] + 1; *p; p++) {
        const tl_option *o = by_letter(table, *p);
        if (!o && *p == 'h')
            return TL_CLI_HELP;
        if (!o) {
            tl_fail(e, "there is no option -%c; --help lists them", *p);
            return TL_CLI_WRONG;
        }
        if (o->kind == TL_OPTION_FLAG) {
            set(o, NULL, e);
            continue;
        }
        if (p[1])
            return set(o, p + 1 + (p[1] == '='), e);
        if (*i + 1 == argc) {
            tl_fail(e, "-%c needs a value: -%c %s", *p, *p, o->value);
            return TL_CLI_WRONG;
        }
        return set(o, argv[++*i], e);
    }
    return TL_CLI_OK;
}

tl_cli_result tl_cli_parse(const tl_option *table, int argc, char **argv, int most, int *nargs,
                           tl_error *e)
{
    int open = 1; /* options are still understood */
    *nargs = 0;
    for (int i = 0; i < argc; i++) {
        char *word = argv[i];
        tl_cli_result r = TL_CLI_OK;
        if (open && strcmp(word, "--") == 0)
            open = 0;
        else if (open && word[0] == '-' && word[1] == '-')
            r = long_option(table, argc, argv, &i, e);
        else if (open && word[0] == '-' && word[1])
            r = short_options(table, argc, argv, &i, e);
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

static void print_default(const tl_option *o, FILE *out)
{
    if (o->kind == TL_OPTION_STRING && *o->to.string)
        fprintf(out, " [%s]", *o->to.string);
    else if (o->kind == TL_OPTION_INT && *o->to.integer >= o->low)
        fprintf(out, " [%" PRId64 "]", *o->to.integer);
    else if (o->kind == TL_OPTION_DOUBLE && *o->to.number >= o->low)
        fprintf(out, " [%g]", *o->to.number);
}

void tl_cli_help(const tl_option *table, const char *usage, const char *about, FILE *out)
{
    fprintf(out, "usage: %s\n%s%s\n", usage, about, about[0] ? "\n" : "");
    for (const tl_option *o = table; o->kind != TL_OPTION_END; o++) {
        char left[LONGEST];
        char letter[] = { '-', o->letter, ',', ' ', 0 };
        snprintf(left, sizeof left, "  %s--%s%s%s", o->letter ? letter : "    ", o->name,
                 o->value ? " " : "", o->value ? o->value : "");
        if (strlen(left) > WIDE)
            fprintf(out, "%s\n%*s %s", left, WIDE, "", o->help);
        else
            fprintf(out, "%-*s %s", WIDE, left, o->help);
        print_default(o, out);
        fputc('\n', out);
    }
    fprintf(out, "%-*s this page\n", WIDE, "  -h, --help");
}

void tl_cli_free(const tl_option *table)
{
    for (const tl_option *o = table; o->kind != TL_OPTION_END; o++)
        if (o->kind == TL_OPTION_LIST) {
            free(o->to.list->item);
            *o->to.list = (tl_list){ 0 };
        }
}
