/* Which columns of a table are which fields of a model. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "table_parts.h"

/* What is known of a column of the first file. */
enum { NUMERIC = 1, MISSES = 2, IS_INPUT = 4, IS_TARGET = 8 };

typedef struct Choice {
    tl_coding *coding;
    const tl_model *m;
    const tl_tables *tables;
    const tl_csv *csv; /* the first */
    const char *path;
    const tl_table_options *options;
    int indicators;
    size_t each;          /* rows ahead that are predicted, each an element of a target */
    unsigned char *about; /* [columns] of the above */
    size_t *list;         /* [columns] candidates */
    size_t room;          /* of coding->column */
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

static const char *plural(size_t n) { return n == 1 ? "" : "s"; }

/* ---- cells that cannot be used ---- */

/* What can be done about a cell that is missing, or wrong. */
static const char *advice(const tl_coding *c, const char *what, int missing)
{
    if (!missing)
        return "";
    if (strcmp(what, "weight") == 0)
        return "; a weight of 0 says that the step does not count";
    if (strcmp(what, "target") == 0)
        return "; with --missing mask a step without a target does not count";
    if (c->missing == TL_MISSING_MASK)
        return "; --missing mask is about targets: --missing hold or zero says what an input is read as";
    return "; --missing hold (the last one again) or zero (the mean) says what is read instead";
}

int tl_csv_usable(const tl_csv *csv, const char *path, const tl_coding *c, const char *what, size_t index,
                  tl_error *e)
{
    int target = strcmp(what, "target") == 0, weight = strcmp(what, "weight") == 0;
    int may_miss = !weight && (target ? c->missing != TL_MISSING_ERROR
                                      : c->missing == TL_MISSING_HOLD || c->missing == TL_MISSING_ZERO);
    if (!tl_csv_numeric(csv, path, index, may_miss, e))
        return 0;
    size_t n = strlen(e->text);
    int chosen = c->sd != NULL; /* else the columns are being chosen still */
    snprintf(e->text + n, sizeof e->text - n, "%s%s", advice(c, what, !csv->column[index].wrong_line),
             chosen ? "" : "; --input and --target choose other columns");
    return -1;
}

int tl_tables_find(size_t *index, const tl_tables *b, const tl_coding *c, const char *what, const char *name,
                   tl_error *e)
{
    for (size_t k = 0; k < b->parts; k++) {
        const tl_part *p = &b->part[k];
        if (k && p->csv == p[-1].csv) {
            index[k] = index[k - 1];
            continue;
        }
        if (tl_csv_column_index(p->csv, p->path, name, &index[k], e) ||
            tl_csv_usable(p->csv, p->path, c, what, index[k], e))
            return -1;
    }
    return 0;
}

/* ---- columns of the coding ---- */

static int append(Choice *k, int side, int32_t field, size_t index, int indicator)
{
    tl_coding *c = k->coding;
    if (c->ncolumns == k->room) {
        size_t room = k->room ? 2 * k->room : 16;
        tl_column *more = reallocarray(c->column, room, sizeof *more);
        if (!more)
            return tl_fail(k->e, "%s: out of memory", k->path);
        c->column = more;
        k->room = room;
    }
    char *name = strdup(k->csv->name.item[index]);
    if (!name)
        return tl_fail(k->e, "%s: out of memory", k->path);
    c->column[c->ncolumns++] = (tl_column){ .name = name, .target = side, .field = field, .indicator = indicator };
    k->about[index] |= side ? IS_TARGET : IS_INPUT;
    return 0;
}

static int has_indicator(const Choice *k, int side, size_t index)
{
    return k->indicators && !side && (k->about[index] & MISSES);
}

/* Columns that a field takes, without indicators. */
static size_t wide(const Choice *k, int side, const tl_tensor *field) { return tl_size(field) / (side ? k->each : 1); }

/* Of these columns, with their indicators. */
static size_t elements(const Choice *k, int side, const size_t *list, size_t n)
{
    size_t count = n;
    for (size_t i = 0; i < n; i++)
        count += (size_t)has_indicator(k, side, list[i]);
    return count;
}

/* Elements of target columns: of each all rows ahead. */
static int append_ahead(Choice *k, int32_t field, const size_t *list, size_t n)
{
    for (size_t i = 0; i < n * k->each; i++)
        if (append(k, 1, field, list[i / k->each], 0))
            return -1;
    return 0;
}

/* The columns, then their indicators. */
static int append_all(Choice *k, int side, int32_t field, const size_t *list, size_t n)
{
    if (side)
        return append_ahead(k, field, list, n);
    for (int indicator = 0; indicator < 2; indicator++)
        for (size_t i = 0; i < n; i++)
            if ((!indicator || has_indicator(k, side, list[i])) && append(k, side, field, list[i], indicator))
                return -1;
    return 0;
}

/* ---- what the options say ---- */

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

/* What is given is a field's columns, and others before it were, too. */
static int is_given_again(const tl_tensor *f, int32_t n, const char *text)
{
    for (int32_t i = 0; i < n; i++)
        if (!f[i].name[0] || (!strncmp(text, f[i].name, strlen(f[i].name)) && text[strlen(f[i].name)] == '='))
            return 1;
    return 0;
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
        if (!used && is_given_again(f, n, list->item[i]))
            return tl_fail(k->e, "--%s %s: it is given twice; one --%s names all of the columns", word(side), list->item[i], word(side));
        if (!used && n)
            return tl_fail(k->e, "--%s %s: the model's %ss have names: --%s %s=COLUMNS", word(side),
                           list->item[i], word(side), word(side), f[0].name);
        if (!used)
            return tl_fail(k->e, "--%s %s: the model has none", word(side), list->item[i]);
    }
    return 0;
}

/* Takes the first name of a list, up to a comma; one in double quotes may have commas. Ends it with a 0,
 * without blanks around it that no column has. Returns where the next one begins, or NULL. */
static char *split(const Choice *k, char *list, char **name)
{
    char *end = list + strcspn(list, ","), *next;
    *name = list;
    if (*list == '"' && strchr(list + 1, '"')) {
        *name = list + 1;
        end = strchr(list + 1, '"');
        next = end[1] == ',' ? end + 2 : NULL;
    } else {
        next = *end ? end + 1 : NULL;
    }
    *end = 0;
    if (tl_name_list_find(&k->csv->name, *name, strlen(*name)) != SIZE_MAX)
        return next;
    *name += strspn(*name, " ");
    while (end > *name && end[-1] == ' ')
        *--end = 0;
    return next;
}

/* The columns that a text names: to a new list. */
static size_t *named(const Choice *k, const char *text, size_t *n)
{
    size_t commas = 1;
    for (const char *s = text; *s; s++)
        commas += *s == ',';
    char *copy = strdup(text), *rest = copy, *name;
    size_t *list = calloc(commas, sizeof *list);
    int bad = !copy || !list ? tl_fail(k->e, "%s: out of memory", k->path) : 0;
    for (*n = 0; !bad && rest; (*n)++) {
        rest = split(k, rest, &name);
        bad = tl_csv_column_index(k->csv, k->path, name, &list[*n], k->e);
    }
    free(copy);
    if (!bad)
        return list;
    free(list);
    return NULL;
}

static int wrong_list(const Choice *k, int side, const tl_tensor *f, const char *text, size_t names,
                      size_t have)
{
    char more[120] = "";
    if (have != names)
        snprintf(more, sizeof more, ", and with an indicator for each of those with missing cells there are "
                 "%zu", have);
    return tl_fail(k->e, "%s: the model's %s%s%s takes %zu column%s, and --%s %s names %zu%s", k->path,
                   word(side), f->name[0] ? " " : "", f->name, wide(k, side, f), plural(wide(k, side, f)), word(side),
                   text, names, more);
}

static int add_given(Choice *k, int side, int32_t field, const char *text)
{
    int32_t n;
    const tl_tensor *f = &fields(k, side, &n)[field];
    size_t count, *list = named(k, text, &count);
    if (!list)
        return -1;
    size_t have = elements(k, side, list, count);
    int bad = have == wide(k, side, f) ? append_all(k, side, field, list, count)
                                 : wrong_list(k, side, f, text, count, have);
    free(list);
    return bad;
}

/* How else a field that finds no columns of its name gets them. */
static int advise_named(Choice *k, int side, const tl_tensor *f)
{
    const size_t need = wide(k, side, f), n = strlen(k->e->text);
    const int one = side && need > 1 && k->each == 1 && tl_name_list_find(&k->csv->name, f->name, strlen(f->name)) != SIZE_MAX;
    char *text = k->e->text + n;
    const size_t size = sizeof k->e->text - n;
    if (one)
        snprintf(text, size, "; --ahead 1-%zu predicts the column '%s' that many rows ahead, --target %s=... names %zu columns", need, f->name,
                 f->name, need);
    else
        snprintf(text, size, "; --%s %s=%s names the %zu column%s of %s", word(side), f->name,
                 need == 1 ? "A" : need == 2 ? "A,B" : need == 3 ? "A,B,C" : need == 4 ? "A,B,C,D" : "A,B,...", need, plural(need), f->name);
    return -1;
}

/* NAME, or NAME.1, NAME.2, ... until with their indicators they are as many as the field takes. */
static int add_named(Choice *k, int side, int32_t field)
{
    int32_t n;
    const tl_tensor *f = &fields(k, side, &n)[field];
    char name[512];
    size_t count = 0, have = 0, room = wide(k, side, f), *list = calloc(room + 1, sizeof *list);
    int bad = list ? 0 : tl_fail(k->e, "%s: out of memory", k->path);
    for (; !bad && have < room; count++) {
        size_t plain = count ? SIZE_MAX : tl_name_list_find(&k->csv->name, f->name, strlen(f->name));
        snprintf(name, sizeof name, "%s.%zu", f->name, count + 1);
        if (plain != SIZE_MAX && (room == 1 || has_indicator(k, side, plain)))
            list[count] = plain;
        else
            bad = tl_csv_column_index(k->csv, k->path, room == 1 ? f->name : name, &list[count], k->e) ? advise_named(k, side, f) : 0;
        have += bad ? 0 : 1 + (size_t)has_indicator(k, side, list[count]);
    }
    if (!bad && have > room)
        bad = tl_fail(k->e, "%s: the model's %s %s takes %zu columns; with an indicator for each that has "
                      "missing cells %s.1 to %s.%zu are %zu", k->path, word(side), f->name, room, f->name,
                      f->name, count, have);
    bad = bad || append_all(k, side, field, list, count);
    free(list);
    return bad ? -1 : 0;
}

/* ---- what follows from the table ---- */

static int is(const char *option, const char *name)
{
    return option && option[0] && strcmp(option, name) == 0;
}

static int stands_apart(const Choice *k, size_t i)
{
    const char *name = k->csv->name.item[i];
    return (i == 0 && k->csv->index) || !name[0] || is(k->coding->sequence, name) ||
           is(k->options->weight, name) || (k->csv->times.is && i == k->csv->times.column);
}

/* To k->list: the columns that hold a number, without those with a flag of `but`. */
static size_t candidates(Choice *k, int but)
{
    size_t n = 0;
    for (size_t i = 0; i < k->csv->columns; i++)
        if ((k->about[i] & NUMERIC) && !stands_apart(k, i) && !(k->about[i] & but))
            k->list[n++] = i;
    return n;
}

static const char *list_names(const Choice *k, const size_t *list, size_t n, char *text, size_t size)
{
    size_t at = 0;
    text[0] = 0;
    for (size_t i = 0; i < n; i++) {
        const char *name = k->csv->name.item[list[i]];
        if (at + strlen(name) + 8 > size) {
            snprintf(text + at, size - at, "%s...", i ? ", " : "");
            break;
        }
        at += (size_t)snprintf(text + at, size - at, "%s%s", i ? ", " : "", name);
    }
    return text;
}

/* "date ('2020-01-01'), day ('mon') left out: no number in them", or "". */
static const char *left_out(const Choice *k, char *text, size_t size)
{
    size_t count = 0, told = 0, at = 0;
    text[0] = 0;
    for (size_t i = 0; i < k->csv->columns; i++) {
        const tl_csv_column *c = &k->csv->column[i];
        const char *name = k->csv->name.item[i], *cell = c->wrong_line ? c->wrong_text : "";
        if ((k->about[i] & NUMERIC) || stands_apart(k, i))
            continue;
        count++;
        if (told + 1 < count || at + strlen(name) + strlen(cell) + 80 > size)
            continue;
        told++;
        at += (size_t)snprintf(text + at, size - at, c->wrong_line ? "%s%s ('%s')" : "%s%s (empty)",
                               at ? ", " : "", name, cell);
    }
    if (told < count)
        at += (size_t)snprintf(text + at, size - at, "%s%zu %s", at ? " and " : "", count - told,
                               at ? "more" : "columns");
    if (count)
        snprintf(text + at, size - at, " left out: no number in %s", count == 1 ? "it" : "them");
    return text;
}

/* The columns of k->list are too few or too many. `beside`: they are what the other side left. */
static int wrong_number(const Choice *k, int side, size_t n, int beside)
{
    char names[400], out[300], takes[120], with[60] = "";
    int32_t nf, nother;
    const tl_tensor *f = fields(k, side, &nf), *other = fields(k, !side, &nother);
    size_t need = wide(k, side, f), more = beside || !nother ? 0 : wide(k, !side, other);
    size_t have = elements(k, side, k->list, n);
    snprintf(takes, sizeof takes, "%s takes %zu column%s", word(side), need, plural(need));
    if (more) {
        size_t in = side ? more : need, out_size = side ? need : more;
        snprintf(takes, sizeof takes, "input takes %zu column%s and its target %zu, %zu in all", in,
                 plural(in), out_size, need + more);
    }
    if (!side && have != n)
        snprintf(with, sizeof with, " (with %zu indicator%s %zu)", have - n, plural(have - n), have);
    left_out(k, out, sizeof out);
    char several[100] = "";
    if (side && need > n && k->each == 1 && n)
        snprintf(several, sizeof several, "; --ahead 1-%zu predicts one column that many rows ahead", need);
    const char *then = k->csv->columns > 1 ? "choose with --input and --target"
                                           : "the first row is one cell: --separator says what separates";
    return tl_fail(k->e, "%s: the model's %s, and %zu column%s of numbers %s%s%s: %s%s%s; %s%s", k->path, takes,
                   n, plural(n), n == 1 ? "is" : "are",
                   beside ? side ? " left beside the input's" : " left beside the target's" : " there", with,
                   n ? list_names(k, k->list, n, names, sizeof names) : "none", out[0] ? "; " : "", out,
                   then, several);
}

/* A cell that is no number would else show only if the count fits. */
static int check_cells(const Choice *k, int side, size_t n)
{
    for (size_t f = 0; f < k->tables->paths->count; f++) {
        const tl_csv *csv = &k->tables->csv[f];
        for (size_t i = 0; i < n; i++) {
            const char *name = k->csv->name.item[k->list[i]];
            size_t index = tl_name_list_find(&csv->name, name, strlen(name));
            if (index != SIZE_MAX &&
                tl_csv_usable(csv, k->tables->paths->item[f], k->coding, side ? "target" : "input", index, k->e))
                return -1;
        }
    }
    return 0;
}

/* `side` has one unnamed field, and the other side has its columns, or the model has none there. */
static int add_rest(Choice *k, int side)
{
    int32_t n;
    size_t need = wide(k, side, fields(k, side, &n)), left;
    for (int all = 0; all < 2; all++) {
        left = candidates(k, all ? 0 : side ? IS_INPUT : IS_TARGET);
        if (elements(k, side, k->list, left) == need)
            return check_cells(k, side, left) ? -1 : append_all(k, side, 0, k->list, left);
    }
    left = candidates(k, side ? IS_INPUT : IS_TARGET);
    return check_cells(k, side, left) ? -1 : wrong_number(k, side, left, k->coding->ncolumns > 0);
}

/* Both sides have one unnamed field: they share the columns out. */
static int add_both(Choice *k)
{
    int32_t n;
    size_t in = tl_size(fields(k, 0, &n)), out = wide(k, 1, fields(k, 1, &n)), all = candidates(k, 0);
    /* A target's missing cells are less often a mistake: what the inputs take is looked at as such. */
    size_t first = all >= out ? all - out : 0;
    if (check_cells(k, 0, first ? first : all) || check_cells(k, 1, all))
        return -1;
    if (first && elements(k, 0, k->list, first) == in)
        return append_all(k, 0, 0, k->list, first) || append_all(k, 1, 0, k->list + first, out) ? -1 : 0;
    if (elements(k, 0, k->list, all) == in && all == out)
        return append_all(k, 0, 0, k->list, all) || append_all(k, 1, 0, k->list, all) ? -1 : 0;
    return wrong_number(k, 0, all, 0);
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

/* Whether each target can be of as many rows. */
static int check_each(const Choice *k)
{
    int32_t n;
    const tl_tensor *f = fields(k, 1, &n);
    for (int32_t i = 0; i < n && k->each > 1; i++) {
        const char *name = f[i].name[0] ? f[i].name : "target";
        if (f[i].vocab)
            return tl_fail(k->e, "--ahead %s: the model's %s is a token, which is of one row: --ahead N", k->options->aheads, name);
        if (tl_size(&f[i]) % k->each)
            return tl_fail(k->e, "--ahead %s: the model's %s takes %zu number%s, and --ahead %s makes %zu of each column: %s = real(%zu) is of "
                           "one column", k->options->aheads, name, tl_size(&f[i]), plural(tl_size(&f[i])), k->options->aheads, k->each, name, k->each);
    }
    return 0;
}

static int choose(Choice *k)
{
    int left[2];
    char text[300];
    size_t ignored;
    const char *weight = k->options->weight;
    if (weight && weight[0] && tl_csv_column_index(k->csv, k->path, weight, &ignored, k->e))
        return -1;
    if (check_each(k) || check_given(k, 0) || check_given(k, 1) || add_explicit(k, 0, &left[0]) ||
        add_explicit(k, 1, &left[1]))
        return -1;
    if (!left[0] && !left[1])
        return 0;
    int bad = left[0] && left[1] ? add_both(k) : add_rest(k, left[1]);
    if (!bad && k->csv->index)
        tl_coding_remark(k->coding, "the first column, an index, is left out");
    if (!bad && left_out(k, text, sizeof text)[0])
        tl_coding_remark(k->coding, "%s", text);
    return bad;
}

/* ---- the whole ---- */

/* Columns of any of the files count: a column may be complete in one and not in the next. */
static void look(Choice *k)
{
    for (size_t f = 0; f < k->tables->paths->count; f++) {
        const tl_csv *csv = &k->tables->csv[f];
        for (size_t i = 0; i < csv->columns; i++) {
            const char *name = csv->name.item[i];
            size_t at = f ? tl_name_list_find(&k->csv->name, name, strlen(name)) : i;
            if (at != SIZE_MAX)
                k->about[at] |= (csv->column[i].looks_numeric ? NUMERIC : 0) |
                                (csv->column[i].missing ? MISSES : 0);
        }
    }
}

/* Stable: the order within a side stays. */
static int inputs_first(tl_coding *c)
{
    tl_column *sorted = calloc(c->ncolumns + 1, sizeof *sorted);
    size_t n = 0;
    if (!sorted)
        return -1;
    for (int side = 0; side < 2; side++)
        for (size_t i = 0; i < c->ncolumns; i++)
            if (c->column[i].target == side)
                sorted[n++] = c->column[i];
    free(c->column);
    c->column = sorted;
    return 0;
}

static int64_t default_ahead(const Choice *k)
{
    for (size_t i = 0; i < k->csv->columns; i++)
        if ((k->about[i] & IS_INPUT) && (k->about[i] & IS_TARGET))
            return 1;
    return 0;
}

/* ---- inputs that are known ahead ---- */

static int mark_known(Choice *k, const char *name)
{
    tl_coding *c = k->coding;
    size_t found = 0, predicted = 0;
    for (size_t i = 0; i < c->ncolumns; i++) {
        const int same = strcmp(c->column[i].name, name) == 0;
        found += same && !c->column[i].target;
        predicted += same && c->column[i].target;
        if (same && !c->column[i].target)
            c->column[i].shift = c->ahead;
    }
    if (!found)
        return tl_fail(k->e, "--known %s: it is no column that the model reads", name);
    if (predicted)
        return tl_fail(k->e, "--known %s: it is what is predicted", name);
    if (tl_calendar_has(k->options->csv.calendar, name))
        return tl_fail(k->e, "--known %s: the calendar is known of every row, and a row's says what the next one's is: leave it out", name);
    return 0;
}

static int mark_all_known(Choice *k)
{
    const tl_list *known = &k->options->known_ahead;
    char ahead[64];
    if (known->count && (k->coding->ahead < 1 || k->coding->beyond))
        return tl_fail(k->e, "--known %s: it is read in the one row that is predicted, with --ahead N, and here it is --ahead %s", known->item[0],
                       tl_coding_ahead(k->coding, ahead, sizeof ahead));
    for (size_t i = 0; i < known->count; i++)
        if (mark_known(k, known->item[i]))
            return -1;
    return 0;
}

static int choose_all(Choice *k, tl_error *e)
{
    tl_coding *c = k->coding;
    look(k);
    if (choose(k))
        return -1;
    if (c->ahead == TL_AHEAD_UNSAID)
        c->ahead = default_ahead(k);
    if (mark_all_known(k))
        return -1;
    return inputs_first(c) || tl_coding_spread(c) ? tl_fail(e, "%s: out of memory", k->path) : 0;
}

int tl_table_choose(tl_coding *c, const tl_model *m, const tl_tables *b, const tl_table_options *options,
                    int indicators, tl_error *e)
{
    Choice k = { .coding = c, .m = m, .tables = b, .csv = b->csv, .path = b->paths->item[0], .options = options,
                 .indicators = indicators, .e = e };
    if (tl_table_ahead(options, &c->ahead, &c->beyond, e))
        return -1;
    k.each = (size_t)c->beyond + 1;
    k.about = calloc(k.csv->columns + 1, sizeof *k.about);
    k.list = calloc(k.csv->columns + 1, sizeof *k.list);
    int bad = k.about && k.list ? choose_all(&k, e) : tl_fail(e, "%s: out of memory", k.path);
    free(k.about);
    free(k.list);
    return bad ? -1 : 0;
}
