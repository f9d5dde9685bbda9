/* Which columns of a table are which fields of a model. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"

typedef struct Choice {
    tl_coding *coding;
    const tl_model *m;
    const tl_csv *csv;
    const char *path;
    const tl_table_options *options;
    tl_error *e;
} Choice;

static const tl_tensor *fields(const Choice *k, int side, int32_t *n)
{
    *n = side ? k->m->ntargets : k->m->ninputs;
    return side ? k->m->targets : k->m->inputs;
}

static const char *word(int side)
{
    return side ? "target" : "input";
}

static int add(Choice *k, int side, int32_t field, const char *name)
{
    tl_coding *c = k->coding;
    size_t index;
    if (tl_csv_column(k->csv, k->path, name, &index, k->e))
        return -1;
    tl_column *more = realloc(c->column, (c->ncolumns + 1) * sizeof *more);
    if (more)
        c->column = more;
    char *kept = strdup(name);
    if (!more || !kept) {
        free(kept);
        return tl_fail(k->e, "%s: out of memory", k->path);
    }
    c->column[c->ncolumns++] = (tl_column){ kept, side, field };
    return 0;
}

/* What --input or --target says about this field, or NULL. "a,b" is for an unnamed field. */
static const char *given(const Choice *k, int side, const tl_tensor *field)
{
    const tl_list *list = side ? &k->options->target : &k->options->input;
    size_t n = strlen(field->name);
    for (size_t i = 0; i < list->count; i++) {
        const char *s = list->item[i];
        if (!n)
            return s;
        if (strncmp(s, field->name, n) == 0 && s[n] == '=')
            return s + n + 1;
    }
    return NULL;
}

/* Every --input and --target must have been about some field. */
static int check_given(const Choice *k, int side)
{
    const tl_list *list = side ? &k->options->target : &k->options->input;
    int32_t n;
    const tl_tensor *f = fields(k, side, &n);
    for (size_t i = 0; i < list->count; i++) {
        int used = 0;
        for (int32_t j = 0; j < n; j++) {
            const char *s = given(k, side, &f[j]);
            used |= s && s >= list->item[i] && s <= list->item[i] + strlen(list->item[i]);
        }
        if (!used && n && f[0].name[0])
            return tl_fail(k->e, "--%s %s: the model's %ss have names: --%s %s=COLUMNS", word(side),
                           list->item[i], word(side), word(side), f[0].name);
        if (!used)
            return tl_fail(k->e, "--%s %s: %s", word(side), list->item[i],
                           n ? "it was given already" : "the model has none");
    }
    return 0;
}

static int wrong_number(const Choice *k, int side, const tl_tensor *f, size_t have)
{
    char names[400];
    return tl_fail(k->e, "%s: the model's %s%s%s takes %zu column%s, not %zu; choose with --%s "
                   "among %s", k->path, word(side), f->name[0] ? " " : "", f->name, tl_size(f),
                   tl_size(f) == 1 ? "" : "s", have, word(side),
                   tl_csv_names(k->csv, names, sizeof names));
}

static int add_given(Choice *k, int side, int32_t field, const char *list)
{
    int32_t n;
    const tl_tensor *f = &fields(k, side, &n)[field];
    size_t count = 0;
    char *copy = strdup(list), *rest = copy;
    if (!copy)
        return tl_fail(k->e, "%s: out of memory", k->path);
    int bad = 0;
    for (char *name; !bad && (name = strsep(&rest, ",")); count++)
        bad = add(k, side, field, name);
    free(copy);
    return bad || count == tl_size(f) ? bad : wrong_number(k, side, f, count);
}

static int add_named(Choice *k, int side, int32_t field)
{
    int32_t n;
    const tl_tensor *f = &fields(k, side, &n)[field];
    char name[512];
    if (tl_size(f) == 1)
        return add(k, side, field, f->name);
    for (size_t i = 1; i <= tl_size(f); i++) {
        snprintf(name, sizeof name, "%s.%zu", f->name, i);
        if (add(k, side, field, name))
            return -1;
    }
    return 0;
}

static int chosen(const Choice *k, int side, const char *name)
{
    for (size_t i = 0; i < k->coding->ncolumns; i++)
        if (k->coding->column[i].target == side && strcmp(k->coding->column[i].name, name) == 0)
            return 1;
    return 0;
}

static int is_sequence(const Choice *k, const char *name)
{
    return k->options->sequence && strcmp(k->options->sequence, name) == 0;
}

/* The columns of numbers, without those of `but` (0 inputs, 1 targets, -1 none are left out) and
 * without the one that tells sequences apart. */
static size_t candidates(const Choice *k, int but, const char **name)
{
    size_t n = 0;
    for (size_t i = 0; i < k->csv->columns; i++)
        if (!k->csv->wrong_line[i] && !is_sequence(k, k->csv->name[i]) &&
            (but < 0 || !chosen(k, but, k->csv->name[i])))
            name[n++] = k->csv->name[i];
    return n;
}

static int add_all(Choice *k, int side, const char *const *name, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (add(k, side, 0, name[i]))
            return -1;
    return 0;
}

/* `side` has one unnamed field. `done`: the other side has its columns, or the model has none
 * there; else both are open, and the two calls share the columns out. */
static int add_default(Choice *k, int side, int done, const char **name)
{
    int32_t n, nother;
    const tl_tensor *f = &fields(k, side, &n)[0], *other = fields(k, !side, &nother);
    size_t need = tl_size(f), all = candidates(k, -1, name);
    if (done && nother) {
        size_t left = candidates(k, !side, name);
        if (left == need)
            return add_all(k, side, name, left);
        all = candidates(k, -1, name);
        if (all == need)
            return add_all(k, side, name, all);
        return wrong_number(k, side, f, left);
    }
    size_t needed_by_other = nother ? tl_size(&other[0]) : 0;
    if (all == need + needed_by_other)
        return add_all(k, side, side ? name + needed_by_other : name, need);
    if (all == need && need == needed_by_other)
        return add_all(k, side, name, all);
    return wrong_number(k, side, f, all);
}

/* Fields whose columns follow from a name or an option; `left` counts the unnamed rest: 0 or 1. */
static int add_explicit(Choice *k, int side, int *left)
{
    int32_t n;
    const tl_tensor *f = fields(k, side, &n);
    *left = 0;
    for (int32_t i = 0; i < n; i++) {
        const char *list = given(k, side, &f[i]);
        int bad = 0;
        if (list)
            bad = add_given(k, side, i, list);
        else if (f[i].name[0])
            bad = add_named(k, side, i);
        else
            *left = 1;
        if (bad)
            return -1;
    }
    return 0;
}

static int choose(Choice *k, const char **name)
{
    int left[2];
    if (check_given(k, 0) || check_given(k, 1) || add_explicit(k, 0, &left[0]) ||
        add_explicit(k, 1, &left[1]))
        return -1;
    int both = left[0] && left[1];
    for (int side = 0; side < 2; side++)
        if (left[side] && add_default(k, side, !both, name))
            return -1;
    return 0;
}

/* Insertion sort: few columns, and the order within a side must stay. */
static void inputs_first(tl_coding *c)
{
    for (size_t i = 1; i < c->ncolumns; i++)
        for (size_t j = i; j && c->column[j - 1].target > c->column[j].target; j--) {
            tl_column t = c->column[j];
            c->column[j] = c->column[j - 1];
            c->column[j - 1] = t;
        }
}

static int64_t default_ahead(const Choice *k)
{
    for (size_t i = 0; i < k->coding->ncolumns; i++)
        if (k->coding->column[i].target && chosen(k, 0, k->coding->column[i].name))
            return 1;
    return 0;
}

int tl_table_choose(tl_coding *c, const tl_model *m, const tl_csv *csv, const char *path,
                    const tl_table_options *options, tl_error *e)
{
    Choice k = { c, m, csv, path, options, e };
    const char **name = calloc(csv->columns + 1, sizeof *name);
    if (!name)
        return tl_fail(e, "%s: out of memory", path);
    int bad = choose(&k, name);
    free(name);
    if (bad)
        return -1;
    inputs_first(c);
    c->ahead = options->ahead >= 0 ? options->ahead : default_ahead(&k);
    return 0;
}
