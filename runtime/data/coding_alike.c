#include "coding_alike.h"

#include <string.h>

static const char *word(const char *text) { return text ? text : ""; }

static int same_words(const tl_name_list *a, int other_a, const tl_name_list *b, int other_b)
{
    if (a->count != b->count || other_a != other_b)
        return 0;
    for (size_t i = 0; i < a->count; i++)
        if (strcmp(a->item[i], b->item[i]))
            return 0;
    return 1;
}

static int same_text(const tl_coding *a, const tl_coding *b)
{
    return a->unit == b->unit && same_words(&a->words, a->other, &b->words, b->other) && a->nvocab == b->nvocab &&
           !(a->nvocab && memcmp(a->vocab, b->vocab, a->nvocab * sizeof *a->vocab));
}

static int same_column(const tl_column *a, const tl_column *b)
{
    return a->target == b->target && a->field == b->field && a->indicator == b->indicator && a->shift == b->shift && strcmp(a->name, b->name) == 0;
}

static int check_columns(const tl_coding *c, const char *name, const tl_coding *as, const char *as_name, tl_error *e)
{
    for (size_t i = 0; i < c->ncolumns || i < as->ncolumns; i++)
        if (i >= c->ncolumns || i >= as->ncolumns || !same_column(&c->column[i], &as->column[i]))
            return tl_fail(e, "%s: it reads other columns than %s, the first of them '%s' in place of '%s'", name, as_name,
                           i < c->ncolumns ? tl_column_label(&c->column[i]) : "", i < as->ncolumns ? tl_column_label(&as->column[i]) : "");
    return 0;
}

/* Of the same columns. */
static int check_scales(const tl_coding *c, const char *name, const tl_coding *as, const char *as_name, tl_error *e)
{
    for (size_t i = 0; i < c->ncolumns; i++) {
        const char *column = c->column[i].name;
        if (!same_words(&c->column[i].words, c->column[i].other, &as->column[i].words, as->column[i].other))
            return tl_fail(e, "%s: it has other words of the column '%s' than %s", name, column, as_name);
        if (c->mean[i] != as->mean[i] || c->sd[i] != as->sd[i])
            return tl_fail(e, "%s: it takes '%s' by the mean %.9g and the deviation %.9g, and %s by %.9g and %.9g: they were trained on other "
                           "rows", name, column, c->mean[i], c->sd[i], as_name, as->mean[i], as->sd[i]);
    }
    return 0;
}

static int check_ways(const tl_coding *c, const char *name, const tl_coding *as, const char *as_name, tl_error *e)
{
    const struct {
        const char *option, *a, *b;
    } way[] = {
        { "--sequence", c->sequence, as->sequence }, { "--weight", c->weight, as->weight }, { "--time", c->time, as->time },
        { "--time-format", c->time_format, as->time_format }, { "--gaps", c->gaps, as->gaps }, { "--calendar", c->calendar, as->calendar },
        { "--missing", tl_missing_name(c->missing), tl_missing_name(as->missing) },
    };
    char ahead[64], other[64];
    if (c->ahead != as->ahead || c->beyond != as->beyond)
        return tl_fail(e, "%s: it was trained with --ahead %s, and %s with --ahead %s", name, tl_coding_ahead(c, ahead, sizeof ahead), as_name,
                       tl_coding_ahead(as, other, sizeof other));
    for (size_t i = 0; i < sizeof way / sizeof *way; i++)
        if (strcmp(word(way[i].a), word(way[i].b)))
            return tl_fail(e, "%s: it was trained with %s '%s', and %s with '%s'", name, way[i].option, word(way[i].a), as_name, word(way[i].b));
    return 0;
}

int tl_coding_alike(const tl_coding *c, const char *name, const tl_coding *as, const char *as_name, tl_error *e)
{
    static const char *const kind[] = { "no data file", "text", "tables" };
    if (c->kind != as->kind)
        return tl_fail(e, "%s: it was trained on %s, and %s on %s", name, kind[c->kind], as_name, kind[as->kind]);
    if (!same_text(c, as))
        return tl_fail(e, "%s: it was trained on other %ss than %s", name, tl_coding_unit(c), as_name);
    return check_columns(c, name, as, as_name, e) || check_ways(c, name, as, as_name, e) || check_scales(c, name, as, as_name, e) ? -1 : 0;
}
