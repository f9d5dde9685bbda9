/* Which columns of a table are standardised: one rule for inputs and targets, whatever the loss. */
#include <stdio.h>
#include <string.h>

#include "table_parts.h"

static int is_real(const tl_model *m, const tl_column *k)
{
    return !k->indicator && !tl_column_field(m, k)->vocab;
}

static int is_among(const tl_list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->item[i], name) == 0)
            return 1;
    return 0;
}

/* A column that is input and target is named once. */
static int named_before(const tl_coding *c, size_t column)
{
    const tl_column *k = &c->column[column];
    for (size_t i = 0; i < column; i++)
        if (c->column[i].standardised == k->standardised && strcmp(c->column[i].name, k->name) == 0)
            return 1;
    return 0;
}

/* "a, b", cut short where there are many. */
static const char *names_of(const tl_coding *c, const tl_model *m, int standardised, char *text, size_t size)
{
    size_t n = 0;
    int more = 0;
    text[0] = 0;
    for (size_t i = 0; i < c->ncolumns; i++) {
        const tl_column *k = &c->column[i];
        if (!is_real(m, k) || k->standardised != standardised)
            continue;
        if (n + strlen(k->name) + 40 > size)
            more = 1;
        else if (!named_before(c, i))
            n += (size_t)snprintf(text + n, size - n, "%s%s", n ? ", " : "", k->name);
    }
    if (more)
        snprintf(text + n, size - n, " and others");
    return text;
}

/* Every --raw must be about some column of numbers. */
static int check_raw(const tl_coding *c, const tl_model *m, const tl_list *raw, tl_error *e)
{
    for (size_t i = 0; i < raw->count; i++) {
        size_t k = 0;
        while (k < c->ncolumns && strcmp(c->column[k].name, raw->item[i]))
            k++;
        if (k == c->ncolumns)
            return tl_fail(e, "--raw %s: the model reads no column of that name", raw->item[i]);
        if (!is_real(m, &c->column[k]))
            return tl_fail(e, "--raw %s: the column is read as tokens, which are not standardised",
                           raw->item[i]);
    }
    return 0;
}

int tl_table_choose_scales(tl_coding *c, const tl_model *m, const tl_table_options *o, tl_error *e)
{
    for (size_t i = 0; i < c->ncolumns; i++) {
        tl_column *k = &c->column[i];
        k->standardised = is_real(m, k) && tl_column_field(m, k)->scale == TL_SCALE_FREE && !o->plain &&
                          !is_among(&o->raw, k->name);
    }
    return check_raw(c, m, &o->raw, e);
}

int tl_table_check_scales(const tl_coding *c, const tl_model *m, const tl_table_options *o, tl_error *e)
{
    char names[200];
    if (o->plain && names_of(c, m, 1, names, sizeof names)[0])
        return tl_fail(e, "--no-standardise: the model was trained with %s standardised, which its checkpoint keeps", names);
    for (size_t i = 0; i < c->ncolumns; i++)
        if (c->column[i].standardised && is_among(&o->raw, c->column[i].name))
            return tl_fail(e, "--raw %s: the model was trained with it standardised, which its checkpoint keeps",
                           c->column[i].name);
    return check_raw(c, m, &o->raw, e);
}

int tl_table_check_known(const tl_coding *c, const tl_model *m, const char *path, tl_error *e)
{
    char names[200];
    if (!names_of(c, m, 1, names, sizeof names)[0])
        return 0;
    return tl_fail(e, "%s: the weights do not say with what mean and scale %s %s read: `import FILE --like CHECKPOINT` "
                   "gives them those of a checkpoint, --no-standardise takes columns as they are", path,
                   names, strchr(names, ',') ? "were" : "was");
}

void tl_table_describe_scales(const tl_coding *c, const tl_model *m, char *text, size_t size)
{
    char scaled[200], raw[200];
    names_of(c, m, 1, scaled, sizeof scaled);
    names_of(c, m, 0, raw, sizeof raw);
    if (!scaled[0] && !raw[0])
        snprintf(text, size, "%s", "");
    else if (!raw[0])
        snprintf(text, size, "all standardised");
    else if (!scaled[0])
        snprintf(text, size, "none standardised");
    else
        snprintf(text, size, "standardised %s; raw %s", scaled, raw);
}
