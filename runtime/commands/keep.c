#include "keep.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "csv_file.h"

/* The first name of a list, to be freed, and where the next one begins; *next is NULL behind the last. */
static char *first_name(const char *list, const char **next)
{
    const char *end = *list == '"' ? strchr(list + 1, '"') : NULL;
    size_t from = end != NULL, n = end ? (size_t)(end - list) - 1 : strcspn(list, ",");
    const char *behind = list + n + 2 * from;
    *next = *behind == ',' ? behind + 1 : NULL;
    return strndup(list + from, n);
}

static int is_target(const tl_coding *c, const char *name)
{
    for (size_t i = 0; i < c->ncolumns; i++)
        if (c->column[i].target && strcmp(c->column[i].name, name) == 0)
            return 1;
    return 0;
}

/* Takes the name over. */
static int add(tl_keep *k, char *name, const tl_coding *c, tl_error *e)
{
    const char **more = name ? reallocarray(k->column.item, k->column.count + 1, sizeof *more) : NULL;
    if (!more) {
        free(name);
        return tl_fail(e, "--keep: out of memory");
    }
    k->column.item = more;
    k->column.item[k->column.count++] = name;
    if (!name[0])
        return tl_fail(e, "--keep: it takes names of columns, with commas between them");
    if (is_target(c, name))
        return tl_fail(e, "--keep %s: that is what is predicted; --keep actual writes what it was, as %s.actual", name, name);
    for (size_t i = 0; i + 1 < k->column.count; i++)
        if (strcmp(k->column.item[i], name) == 0)
            return tl_fail(e, "--keep %s: it is named twice", name);
    return 0;
}

int tl_keep_read(tl_keep *k, const tl_list *options, const tl_coding *c, tl_error *e)
{
    *k = (tl_keep){ 0 };
    for (size_t i = 0; i < options->count; i++)
        for (const char *list = options->item[i], *next; list; list = next) {
            char *name = first_name(list, &next);
            int actual = name && strcmp(name, "actual") == 0;
            k->actual |= actual;
            if (actual)
                free(name);
            else if (add(k, name, c, e))
                return -1;
        }
    return 0;
}

void tl_keep_free(tl_keep *k)
{
    for (size_t i = 0; i < k->column.count; i++)
        free((char *)(uintptr_t)k->column.item[i]);
    free(k->column.item);
    *k = (tl_keep){ 0 };
}

void tl_keep_header(const tl_keep *k, FILE *out)
{
    for (size_t i = 0; i < k->column.count; i++) {
        fputc(',', out);
        tl_csv_write(out, k->column.item[i]);
    }
}

void tl_keep_row(const tl_origin *o, size_t row, FILE *out)
{
    for (size_t i = 0; i < o->nkept; i++) {
        fputc(',', out);
        if (row <= o->all)
            tl_csv_write(out, o->kept[(row - 1) * o->nkept + i]);
    }
}

void tl_keep_actual_header(const tl_keep *k, const tl_coding *c, FILE *out)
{
    char text[512];
    for (size_t i = 0, n = tl_table_targets(c); k->actual && i < n; i++) {
        snprintf(text, sizeof text, "%.480s.actual", c->column[tl_table_target(c, i)].name);
        fputc(',', out);
        tl_csv_write(out, text);
    }
}

static void write_actual(const tl_origin *o, size_t at, FILE *out)
{
    if (o->actual_word[at])
        tl_csv_write(out, o->actual_word[at]);
    else if (!isnan(o->actual[at]))
        fprintf(out, "%.15g", o->actual[at]);
}

void tl_keep_actual_row(const tl_keep *k, const tl_coding *c, const tl_origin *o, size_t row, FILE *out)
{
    const size_t n = tl_table_targets(c);
    for (size_t i = 0; k->actual && i < n; i++) {
        fputc(',', out);
        if (row <= o->all)
            write_actual(o, (row - 1) * n + i, out);
    }
}
