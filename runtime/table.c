#include "table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "real.h"
#include "sequences.h"

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

/* Rows from .. to - 1 of a file: one sequence. */
typedef struct Part {
    const tl_csv *csv;
    const char *path;
    size_t from, to;
} Part;

typedef struct Tables {
    const tl_list *paths;
    tl_csv *csv; /* [paths->count] */
    Part *part;
    size_t parts;
    size_t *first; /* [parts + 1] examples at which the sequences begin */
} Tables;

/* Two passes over a column of some sequences: the mean, then the mean squared deviation from it
 * (divided by n). A constant column keeps sd 1. */
static void measure(const Part *part, const size_t *column, size_t parts, double *mean, double *sd)
{
    double sum = 0, squares = 0, rows = 0;
    for (size_t k = 0; k < parts; k++)
        for (size_t i = part[k].from; i < part[k].to; i++, rows++)
            sum += part[k].csv->value[i * part[k].csv->columns + column[k]];
    *mean = sum / rows;
    for (size_t k = 0; k < parts; k++)
        for (size_t i = part[k].from; i < part[k].to; i++) {
            double d = part[k].csv->value[i * part[k].csv->columns + column[k]] - *mean;
            squares += d * d;
        }
    *sd = sqrt(squares / rows);
    if (!(*sd > 1e-12 * fabs(*mean)))
        *sd = 1;
}

static int standardised(const tl_model *m, const tl_column *c)
{
    if (field_of(m, c)->vocab)
        return 0;
    return !c->target || strcmp(m->loss, "mse") == 0 || strcmp(m->loss, "mae") == 0 ||
           strcmp(m->loss, "huber") == 0;
}

static int allocate_scales(tl_coding *c, const char *path, tl_error *e)
{
    c->mean = calloc(c->ncolumns + 1, sizeof *c->mean);
    c->sd = calloc(c->ncolumns + 1, sizeof *c->sd);
    for (size_t i = 0; c->sd && i < c->ncolumns; i++)
        c->sd[i] = 1;
    return c->mean && c->sd ? 0 : tl_fail(e, "%s: out of memory", path);
}

/* One column of one sequence, as element `at` of its field in the examples from row `first` on. */
static int fill_part(tl_examples *x, const tl_coding *c, const tl_model *m, const Part *part,
                     size_t column, size_t at, size_t first, size_t rows, tl_error *e)
{
    const tl_column *k = &c->column[column];
    const tl_tensor *f = field_of(m, k);
    size_t index, n = tl_size(f), from = part->from + (k->target ? (size_t)c->ahead : 0);
    void *to = k->target ? x->target[k->field] : x->input[k->field];
    if (tl_csv_column(part->csv, part->path, k->name, &index, e) ||
        tl_csv_numeric(part->csv, part->path, index, e))
        return -1;
    for (size_t t = 0; t < rows; t++) {
        double v = part->csv->value[(t + from) * part->csv->columns + index];
        if (f->vocab) {
            if (!(v >= 0 && v < f->vocab) || v != floor(v))
                return tl_fail(e, "%s: column '%s' has %g in row %zu; a token is an integer from 0 "
                               "to %d", part->path, k->name, v, t + from + 1, (int)f->vocab - 1);
            ((int32_t *)to)[first + t] = (int32_t)v;
        } else {
            tl_real_set(m->real, to, (first + t) * n + at, (v - c->mean[column]) / c->sd[column]);
        }
    }
    return 0;
}

/* Sides 0 .. sides - 1: inputs, then targets. */
static int fill(tl_examples *x, const tl_coding *c, const tl_model *m, const Tables *b, int sides,
                tl_error *e)
{
    size_t at = 0;
    for (size_t i = 0; i < c->ncolumns && c->column[i].target < sides; i++) {
        int same = i && c->column[i].target == c->column[i - 1].target &&
                   c->column[i].field == c->column[i - 1].field;
        at = same ? at + 1 : 0;
        for (size_t k = 0; k < b->parts; k++)
            if (fill_part(x, c, m, &b->part[k], i, at, b->first[k], b->first[k + 1] - b->first[k],
                          e))
                return -1;
    }
    return 0;
}

/* ---- the sequences ---- */

static size_t parts_of(const tl_csv *csv) { return csv->starts ? csv->starts : 1; }

static int find_parts(Tables *b, tl_error *e)
{
    for (size_t i = 0; i < b->paths->count; i++)
        b->parts += parts_of(&b->csv[i]);
    b->part = calloc(b->parts, sizeof *b->part);
    b->first = calloc(b->parts + 1, sizeof *b->first);
    if (!b->part || !b->first)
        return tl_fail(e, "%s: out of memory", b->paths->item[0]);
    Part *p = b->part;
    for (size_t i = 0; i < b->paths->count; i++) {
        const tl_csv *csv = &b->csv[i];
        for (size_t k = 0, n = parts_of(csv); k < n; k++)
            *p++ = (Part){ csv, b->paths->item[i], csv->starts ? csv->start[k] : 0,
                           k + 1 < n ? csv->start[k + 1] : csv->rows };
    }
    return 0;
}

/* `ahead` rows at the end of each sequence have no target. */
static int find_examples(Tables *b, uint64_t ahead, tl_error *e)
{
    for (size_t i = 0; i < b->parts; i++) {
        const Part *p = &b->part[i];
        size_t rows = p->to - p->from;
        if (ahead >= rows && rows == p->csv->rows)
            return tl_fail(e, "%s: %zu rows are too few to predict %llu ahead", p->path, rows,
                           (unsigned long long)ahead);
        if (ahead >= rows)
            return tl_fail(e, "%s: the sequence from row %zu to row %zu is too short to predict "
                           "%llu ahead: it takes %llu rows", p->path, p->from + 1, p->to,
                           (unsigned long long)ahead, (unsigned long long)ahead + 1);
        b->first[i + 1] = b->first[i] + rows - (size_t)ahead;
    }
    return 0;
}

static void free_tables(Tables *b)
{
    for (size_t i = 0; b->csv && i < b->paths->count; i++)
        tl_csv_free(&b->csv[i]);
    free(b->csv);
    free(b->part);
    free(b->first);
}

/* A score of sequences that run into each other would look like any other. */
static int check_sequence(const tl_csv *csv, const char *path, const tl_coding *c, tl_error *e)
{
    tl_csv again;
    size_t i = 0;
    while (c->sequence && i < csv->columns && strcmp(csv->name[i], c->sequence))
        i++;
    if (!c->sequence || i == csv->columns)
        return 0;
    if (tl_csv_read(&again, path, c->sequence, e))
        return -1;
    size_t sequences = again.starts;
    tl_csv_free(&again);
    return sequences < 2 ? 0 : tl_fail(e, "%s: the model was trained with --sequence %s, and that column has %zu "
                                       "sequences here: say --sequence %s, too", path, c->sequence, sequences,
                                       c->sequence);
}

static int read_tables(Tables *b, const tl_list *paths, const char *sequence, const tl_coding *c,
                       tl_error *e)
{
    *b = (Tables){ .paths = paths };
    b->csv = calloc(paths->count, sizeof *b->csv);
    if (!b->csv)
        return tl_fail(e, "%s: out of memory", paths->item[0]);
    for (size_t i = 0; i < paths->count; i++)
        if (tl_csv_read(&b->csv[i], paths->item[i], sequence, e) ||
            (!sequence && check_sequence(&b->csv[i], paths->item[i], c, e)))
            return -1;
    return find_parts(b, e);
}

/* ---- what is learned from them ---- */

/* Where a column stands in each of the parts. */
static int find_column(size_t *index, const Tables *b, const char *name, tl_error *e)
{
    for (size_t k = 0; k < b->parts; k++)
        if (tl_csv_column(b->part[k].csv, b->part[k].path, name, &index[k], e) ||
            tl_csv_numeric(b->part[k].csv, b->part[k].path, index[k], e))
            return -1;
    return 0;
}

static int standardise(tl_coding *c, const tl_model *m, const Tables *b, int plain, double valid,
                       tl_error *e)
{
    size_t *index = calloc(b->parts, sizeof *index);
    size_t parts = tl_sequences_training(b->first, b->parts, valid);
    Part whole = b->part[0], *part = b->part;
    int bad = !index ? tl_fail(e, "%s: out of memory", whole.path) : 0;
    if (b->parts == 1) {
        whole.to = whole.from + tl_training_rows(whole.to - whole.from, valid);
        part = &whole;
    }
    for (size_t i = 0; i < c->ncolumns && !bad; i++) {
        bad = find_column(index, b, c->column[i].name, e);
        if (!bad && !plain && standardised(m, &c->column[i]) && part->to > part->from)
            measure(part, index, parts, &c->mean[i], &c->sd[i]);
    }
    free(index);
    return bad;
}

static int check_kind(const tl_coding *c, const char *path, tl_error *e)
{
    if (c->kind == TL_CODING_TEXT)
        return tl_fail(e, "%s: this model was trained on text, not on the columns of a table",
                       path);
    return 0;
}

/* The coding of tables seen for the first time. */
static int learn(tl_coding *c, const tl_model *m, const Tables *b, const tl_table_options *o,
                 tl_error *e)
{
    const char *path = b->paths->item[0];
    c->kind = TL_CODING_TABLE;
    if (o->sequence && !(c->sequence = strdup(o->sequence)))
        return tl_fail(e, "%s: out of memory", path);
    return tl_table_choose(c, m, b->csv, path, o, e) || allocate_scales(c, path, e);
}

/* The examples say where several sequences begin. */
static void hand_over(tl_examples *x, Tables *b)
{
    if (b->parts < 2)
        return;
    x->first = b->first;
    x->sequences = b->parts;
    b->first = NULL;
}

static int load(tl_examples *x, tl_coding *c, const tl_model *m, Tables *b,
                const tl_table_options *o, double valid, tl_error *e)
{
    const char *path = b->paths->item[0];
    int new = c->kind == TL_CODING_NONE;
    if ((new && learn(c, m, b, o, e)) || find_examples(b, (uint64_t)c->ahead, e) ||
        (new && standardise(c, m, b, o->plain, valid, e)))
        return -1;
    if (!tl_examples_new(x, m, b->first[b->parts], 1))
        return tl_fail(e, "%s: no memory for %zu rows", path, b->first[b->parts]);
    if (fill(x, c, m, b, 2, e))
        return -1;
    hand_over(x, b);
    return 0;
}

int tl_table_load(tl_examples *x, tl_coding *c, const tl_model *m, const tl_list *paths,
                  const tl_table_options *o, double valid, tl_error *e)
{
    Tables b = { 0 };
    *x = (tl_examples){ 0 };
    if (check_kind(c, paths->item[0], e))
        return -1;
    int bad = read_tables(&b, paths, o->sequence, c, e) || load(x, c, m, &b, o, valid, e) ? -1 : 0;
    free_tables(&b);
    if (bad)
        tl_examples_free(x);
    return bad;
}

/* ---- for prediction ---- */

static int find_origins(tl_origin **to, const Tables *b, tl_error *e)
{
    tl_origin *o = calloc(b->parts, sizeof *o);
    int fine = o != NULL;
    for (size_t i = 0; fine && i < b->parts; i++) {
        const Part *p = &b->part[i];
        size_t k = 0;
        while (p->csv->starts && p->csv->start[k] != p->from)
            k++;
        o[i] = (tl_origin){ .path = p->path, .before = p->from };
        fine = !p->csv->starts || (o[i].label = strdup(p->csv->label[k]));
    }
    *to = o;
    if (fine)
        return 0;
    tl_origins_free(o, b->parts);
    *to = NULL;
    return tl_fail(e, "%s: out of memory", b->paths->item[0]);
}

void tl_origins_free(tl_origin *o, size_t sequences)
{
    for (size_t i = 0; o && i < (sequences ? sequences : 1); i++)
        free(o[i].label);
    free(o);
}

static int load_inputs(tl_examples *x, const tl_coding *c, const tl_model *m, Tables *b,
                       tl_error *e)
{
    if (find_examples(b, 0, e))
        return -1;
    if (!tl_examples_new(x, m, b->first[b->parts], 1))
        return tl_fail(e, "%s: no memory for %zu rows", b->paths->item[0], b->first[b->parts]);
    if (fill(x, c, m, b, 1, e))
        return -1;
    hand_over(x, b);
    return 0;
}

int tl_table_inputs(tl_examples *x, tl_origin **origins, const tl_coding *c, const tl_model *m,
                    const tl_list *paths, const char *sequence, tl_error *e)
{
    Tables b = { 0 };
    *x = (tl_examples){ 0 };
    *origins = NULL;
    if (c->kind != TL_CODING_TABLE)
        return tl_fail(e, "%s: the checkpoint does not say which columns the model reads; train it "
                       "on a .csv file first", paths->item[0]);
    int bad = read_tables(&b, paths, sequence, c, e) || load_inputs(x, c, m, &b, e) ||
              find_origins(origins, &b, e);
    free_tables(&b);
    if (bad)
        tl_examples_free(x);
    return bad ? -1 : 0;
}
