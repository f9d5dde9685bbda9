#include "table_row.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "real.h"
#include "table_words.h"

const char **tl_row_words(const tl_coding *c)
{
    const char **list = calloc(c->ncolumns + 1, sizeof *list);
    size_t n = 0;
    for (size_t i = 0; list && i < c->ncolumns; i++)
        if (c->column[i].words.count)
            list[n++] = c->column[i].name;
    return list;
}

int tl_row_new(tl_row *r, const tl_coding *c, const tl_model *m, tl_error *e)
{
    *r = (tl_row){ c, m, calloc(c->ncolumns + 1, sizeof *r->last), calloc(c->ncolumns + 1, sizeof *r->value) };
    if (!r->last || !r->value) {
        tl_row_free(r);
        return tl_fail(e, "out of memory");
    }
    for (size_t i = 0; i < c->ncolumns; i++)
        r->last[i] = NAN;
    return 0;
}

void tl_row_free(tl_row *r)
{
    free(r->last);
    free(r->value);
    *r = (tl_row){ 0 };
}

/* What is read instead of a cell of an input that is missing. */
static double instead(const tl_row *r, size_t i)
{
    const tl_coding *c = r->coding;
    if (c->missing == TL_MISSING_HOLD && !isnan(r->last[i]))
        return r->last[i];
    if (tl_column_field(r->m, &c->column[i])->vocab)
        return NAN;
    return c->missing == TL_MISSING_HOLD ? c->fill[i] : c->mean[i];
}

/* NaN: a target that is missing. */
static int read_cell(tl_row *r, size_t i, const tl_part *p, size_t index, tl_error *e)
{
    const tl_column *k = &r->coding->column[i];
    double v = tl_part_value(p, 0, index);
    const int missing = isnan(v);
    if (k->indicator)
        v = missing;
    else if (!missing && k->words.count && tl_table_token(k, p, 0, index, &v, e))
        return -1;
    else if (missing && !k->target && isnan(v = instead(r, i)))
        return tl_fail(e, "%s:%zu: column '%s' is missing, and a token has no mean to be read instead", p->path, tl_part_line(p, 0), k->name);
    r->value[i] = v;
    r->last[i] = isnan(v) ? r->last[i] : v;
    return 0;
}

static int check_value(const tl_row *r, size_t i, const tl_part *p, tl_error *e)
{
    const tl_column *k = &r->coding->column[i];
    const tl_tensor *f = tl_column_field(r->m, k);
    const double v = r->value[i], z = (v - r->coding->mean[i]) / r->coding->sd[i];
    if (isnan(v))
        return 0;
    if (f->vocab && (!(v >= 0 && v < f->vocab) || v != floor(v)))
        return tl_fail(e, "%s:%zu: column '%s' has %.9g; a token is an integer from 0 to %d", p->path, tl_part_line(p, 0), k->name, v,
                       (int)f->vocab - 1);
    if (!f->vocab && !(fabs(z) <= (r->m->real == TL_F64 ? DBL_MAX : (double)FLT_MAX)))
        return tl_fail(e, "%s:%zu: column '%s' has %g: too large", p->path, tl_part_line(p, 0), k->name, v);
    if (f->scale == TL_SCALE_PROBABILITY && !f->vocab && !(v >= 0 && v <= 1))
        return tl_fail(e, "%s:%zu: column '%s' has %g; bce compares it with a probability, which is from 0 to 1", p->path, tl_part_line(p, 0),
                       k->name, v);
    return 0;
}

static void put(const tl_row *r, size_t i, size_t at, void *to)
{
    const tl_column *k = &r->coding->column[i];
    const double v = r->value[i];
    if (tl_column_field(r->m, k)->vocab)
        *(int32_t *)to = (int32_t)v;
    else
        tl_real_set(r->m->real, to, at, (v - r->coding->mean[i]) / r->coding->sd[i]);
}

/* Elements of one side, from their columns on. */
static void put_side(const tl_row *r, int side, void *const *to)
{
    size_t at = 0;
    const tl_column *k = r->coding->column;
    for (size_t i = 0; i < r->coding->ncolumns; i++) {
        at = i && k[i].target == k[i - 1].target && k[i].field == k[i - 1].field ? at + 1 : 0;
        if (k[i].target == side)
            put(r, i, at, to[k[i].field]);
    }
}

int tl_row_read(tl_row *r, const tl_csv *csv, const char *path, void *const *input, tl_error *e)
{
    const tl_part part = { .csv = csv, .path = path, .from = 0, .to = 1 };
    for (size_t i = 0; i < r->coding->ncolumns; i++) {
        const tl_column *k = &r->coding->column[i];
        size_t index;
        if (tl_csv_column_index(csv, path, k->name, &index, e) ||
            tl_csv_usable(csv, path, r->coding, k->target ? "target" : "input", index, e) || read_cell(r, i, &part, index, e) ||
            check_value(r, i, &part, e))
            return -1;
    }
    put_side(r, 0, input);
    return 0;
}

int tl_row_targets(const tl_row *r, void *const *target)
{
    for (size_t i = 0; i < r->coding->ncolumns; i++)
        if (r->coding->column[i].target && isnan(r->value[i]))
            return 0;
    put_side(r, 1, target);
    return 1;
}
