#include "table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "real.h"

size_t tl_table_first(const tl_coding *c, int32_t target, int32_t field)
{
    size_t i = 0;
    while (i < c->ncolumns && (c->column[i].target != target || c->column[i].field != field))
        i++;
    return i;
}

static const tl_tensor *field_of(const tl_model *m, const tl_column *c)
{
    return c->target ? &m->targets[c->field] : &m->inputs[c->field];
}

/* Two passes: the mean, then the mean squared deviation from it (divided by n). A constant column
 * keeps sd 1. */
static void measure(const tl_csv *csv, size_t column, size_t rows, double *mean, double *sd)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < rows; i++)
        sum += csv->value[i * csv->columns + column];
    *mean = sum / (double)rows;
    for (size_t i = 0; i < rows; i++) {
        double d = csv->value[i * csv->columns + column] - *mean;
        squares += d * d;
    }
    *sd = sqrt(squares / (double)rows);
    if (!(*sd > 1e-12 * fabs(*mean)))
        *sd = 1;
}

static int standardised(const tl_model *m, const tl_column *c)
{
    if (field_of(m, c)->vocab)
        return 0;
    return !c->target || strcmp(m->loss, "mse") == 0 || strcmp(m->loss, "huber") == 0;
}

static int allocate_scales(tl_coding *c, const char *path, tl_error *e)
{
    c->mean = calloc(c->ncolumns + 1, sizeof *c->mean);
    c->sd = calloc(c->ncolumns + 1, sizeof *c->sd);
    for (size_t i = 0; c->sd && i < c->ncolumns; i++)
        c->sd[i] = 1;
    return c->mean && c->sd ? 0 : tl_fail(e, "%s: out of memory", path);
}

/* `at`: the element of a field that the column is. */
static int fill_column(tl_examples *x, const tl_coding *c, const tl_model *m, const tl_csv *csv,
                       const char *path, size_t column, size_t index, size_t at, tl_error *e)
{
    const tl_column *k = &c->column[column];
    const tl_tensor *f = field_of(m, k);
    size_t n = tl_size(f), from = k->target ? (size_t)c->ahead : 0;
    void *to = k->target ? x->target[k->field] : x->input[k->field];
    for (size_t t = 0; t < x->rows; t++) {
        double v = csv->value[(t + from) * csv->columns + index];
        if (f->vocab) {
            if (!(v >= 0 && v < f->vocab) || v != floor(v))
                return tl_fail(e, "%s: column '%s' has %g in row %zu; a token is an integer from 0 "
                               "to %d", path, k->name, v, t + from + 1, (int)f->vocab - 1);
            ((int32_t *)to)[t] = (int32_t)v;
        } else {
            tl_real_set(m->real, to, t * n + at, (v - c->mean[column]) / c->sd[column]);
        }
    }
    return 0;
}

/* Sides 0 .. sides - 1: inputs, then targets. */
static int fill(tl_examples *x, const tl_coding *c, const tl_model *m, const tl_csv *csv,
                const char *path, int sides, tl_error *e)
{
    size_t at = 0;
    for (size_t i = 0; i < c->ncolumns && c->column[i].target < sides; i++) {
        size_t index;
        int same = i && c->column[i].target == c->column[i - 1].target &&
                   c->column[i].field == c->column[i - 1].field;
        at = same ? at + 1 : 0;
        if (tl_csv_column(csv, path, c->column[i].name, &index, e) ||
            tl_csv_numeric(csv, path, index, e) ||
            fill_column(x, c, m, csv, path, i, index, at, e))
            return -1;
    }
    return 0;
}

/* The coding of a table seen for the first time. */
static int learn(tl_coding *c, const tl_model *m, const tl_csv *csv, const char *path,
                 const tl_table_options *o, double valid, tl_error *e)
{
    c->kind = TL_CODING_TABLE;
    if (tl_table_choose(c, m, csv, path, o, e) || allocate_scales(c, path, e))
        return -1;
    for (size_t i = 0; i < c->ncolumns; i++) {
        size_t index, rows = tl_training_rows(csv->rows, valid);
        if (tl_csv_column(csv, path, c->column[i].name, &index, e) ||
            tl_csv_numeric(csv, path, index, e))
            return -1;
        if (!o->plain && standardised(m, &c->column[i]) && rows)
            measure(csv, index, rows, &c->mean[i], &c->sd[i]);
    }
    return 0;
}

static int check_kind(const tl_coding *c, const char *path, tl_error *e)
{
    if (c->kind == TL_CODING_TEXT)
        return tl_fail(e, "%s: this model was trained on text, not on the columns of a table",
                       path);
    return 0;
}

static int load(tl_examples *x, tl_coding *c, const tl_model *m, const tl_csv *csv,
                const char *path, const tl_table_options *o, double valid, tl_error *e)
{
    if (c->kind == TL_CODING_NONE && learn(c, m, csv, path, o, valid, e))
        return -1;
    if ((uint64_t)c->ahead >= csv->rows)
        return tl_fail(e, "%s: %zu rows are too few to predict %lld ahead", path, csv->rows,
                       (long long)c->ahead);
    if (!tl_examples_new(x, m, csv->rows - (size_t)c->ahead, 1))
        return tl_fail(e, "%s: no memory for %zu rows", path, csv->rows);
    return fill(x, c, m, csv, path, 2, e);
}

int tl_table_load(tl_examples *x, tl_coding *c, const tl_model *m, const char *path,
                  const tl_table_options *o, double valid, tl_error *e)
{
    tl_csv csv;
    *x = (tl_examples){ 0 };
    if (check_kind(c, path, e) || tl_csv_read(&csv, path, e))
        return -1;
    int bad = load(x, c, m, &csv, path, o, valid, e);
    tl_csv_free(&csv);
    if (bad)
        tl_examples_free(x);
    return bad;
}

int tl_table_inputs(tl_examples *x, const tl_coding *c, const tl_model *m, const char *path,
                    tl_error *e)
{
    tl_csv csv;
    *x = (tl_examples){ 0 };
    if (c->kind != TL_CODING_TABLE)
        return tl_fail(e, "%s: the checkpoint does not say which columns the model reads; train it "
                       "on a .csv file first", path);
    if (tl_csv_read(&csv, path, e))
        return -1;
    int bad = tl_examples_new(x, m, csv.rows, 1)
                  ? fill(x, c, m, &csv, path, 1, e)
                  : tl_fail(e, "%s: no memory for %zu rows", path, csv.rows);
    tl_csv_free(&csv);
    if (bad)
        tl_examples_free(x);
    return bad;
}
