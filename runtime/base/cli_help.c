/* What --help shows, and which name was meant by a mistyped one. */
#include <inttypes.h>
#include <string.h>

#include "cli.h"

enum {
    LONGEST = 64, /* name that a distance is taken of */
    WIDE = 30     /* columns of --help before the explanations */
};

/* ---- near names ---- */

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

static const tl_option *nearer(const tl_option *t, const char *word, size_t *least)
{
    const tl_option *nearest = NULL, *inner;
    for (; t->kind != TL_OPTION_END; t++)
        if (t->kind == TL_OPTION_TABLE) {
            inner = nearer(t->to.table, word, least);
            nearest = inner ? inner : nearest;
        } else if (remoteness(word, t->name) < *least) {
            *least = remoteness(word, t->name);
            nearest = t;
        }
    return nearest;
}

/* What others call an option, and its name here; no letters lead from the one to the other. */
static const char *const elsewhere[][2] = {
    { "batch-size", "batch" }, { "batch_size", "batch" }, { "early-stopping", "patience" }, { "early_stopping", "patience" },
    { "early-stop", "patience" }, { "learning-rate", "lr" }, { "learning_rate", "lr" }, { "max-epochs", "epochs" }, { "num-epochs", "epochs" },
    { "max-steps", "steps" }, { "iterations", "steps" }, { "validation-split", "valid" }, { "val-split", "valid" }, { "val", "valid" },
    { "seq-len", "k2" }, { "sequence-length", "k2" }, { "window", "k2" }, { "optim", "optimizer" },
};

const char *tl_cli_elsewhere(const tl_option *table, const char *word)
{
    const int trains = tl_cli_find(table, "set", 3, 0) && tl_cli_find(table, "epochs", 6, 0);
    if (trains && !strcmp(word, "loss"))
        return "the loss is a field of the spec, loss = mse";
    if (trains && !strcmp(word, "scheduler"))
        return "write --set train.schedule=cosine";
    return trains && !strncmp(word, "hidden", 6) ? "what a spec declares in options{} is set by -D NAME=VALUE" : NULL;
}

const tl_option *tl_cli_nearest_option(const tl_option *table, const char *word)
{
    for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++) {
        const tl_option *o = strcmp(word, elsewhere[i][0]) ? NULL : tl_cli_find(table, elsewhere[i][1], strlen(elsewhere[i][1]), 0);
        if (o)
            return o;
    }
    size_t least = SIZE_MAX;
    return nearer(table, word, &least);
}

/* ---- the page ---- */

void tl_cli_print_default(const tl_option *o, FILE *out)
{
    if ((o->kind == TL_OPTION_STRING || o->kind == TL_OPTION_TEXT) && *o->to.string)
        fprintf(out, " [%s]", *o->to.string);
    else if (o->kind == TL_OPTION_INT && *o->to.integer >= o->low)
        fprintf(out, " [%" PRId64 "]", *o->to.integer);
    else if (o->kind == TL_OPTION_DOUBLE && *o->to.number >= o->low)
        fprintf(out, " [%g]", *o->to.number);
}

static void print_option(const tl_option *o, FILE *out)
{
    char left[LONGEST];
    char letter[] = { '-', o->letter, ',', ' ', 0 };
    snprintf(left, sizeof left, "  %s--%s%s%s", o->letter ? letter : "    ", o->name,
             o->value ? " " : "", o->value ? o->value : "");
    if (strlen(left) > WIDE)
        fprintf(out, "%s\n%*s %s", left, WIDE, "", o->help);
    else
        fprintf(out, "%-*s %s", WIDE, left, o->help);
    tl_cli_print_default(o, out);
    fputc('\n', out);
}

/* What an outer table has too is its own. */
static void print_table(const tl_option *whole, const tl_option *t, FILE *out)
{
    for (; t->kind != TL_OPTION_END; t++)
        if (t->kind == TL_OPTION_TABLE) {
            fprintf(out, "\n%s\n", t->name);
            print_table(whole, t->to.table, out);
        } else if (t->kind != TL_OPTION_ALIAS &&
                   tl_cli_find(whole, t->name, strlen(t->name), 0) == t) {
            print_option(t, out);
        }
}

void tl_cli_help(const tl_option *table, const char *usage, const char *about, FILE *out)
{
    fprintf(out, "usage: %s\n%s%s\n", usage, about, about[0] ? "\n" : "");
    fprintf(out, "%-*s this page\n", WIDE, "  -h, --help");
    print_table(table, table, out);
}
