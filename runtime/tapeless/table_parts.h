/* table_parts.h - tables as they are turned into examples: what the files table*.c share. */
#ifndef TAPELESS_TABLE_PARTS_H
#define TAPELESS_TABLE_PARTS_H

#include <string.h>

#include "linkage.h"
#include "table.h"

TL_C_BEGIN

/* Positions from .. to - 1 of a file: one sequence. */
typedef struct tl_part {
    const tl_csv *csv;
    const char *path;
    size_t from, to;
    size_t number; /* of the sequence in its file */
    int ahead; /* what of it is fed is not known: table_ahead.h */
} tl_part;

typedef struct tl_tables {
    const tl_list *paths;
    tl_csv *csv; /* [paths->count] */
    tl_part *part;
    size_t parts;
    size_t *first; /* [parts + 1] examples at which the sequences begin */
    size_t files;  /* of csv */
    const unsigned char *fed; /* [columns of the coding] or NULL: none is */
} tl_tables;

/* The cell of column `index` at position `at` of the file, NaN where it is missing; and its line. */
static inline double tl_part_value(const tl_part *p, size_t at, size_t index)
{
    return p->csv->value[tl_csv_row(p->csv, at) * p->csv->columns + index];
}

static inline size_t tl_part_line(const tl_part *p, size_t at)
{
    return p->csv->line[tl_csv_row(p->csv, at)];
}

/* Whether a gap has split the sequence behind it: the next part is the same one's. */
static inline int tl_part_goes_on(const tl_tables *b, const tl_part *p)
{
    return p + 1 < b->part + b->parts && p[1].csv == p->csv && strcmp(tl_csv_label(p->csv, p[1].number), tl_csv_label(p->csv, p->number)) == 0;
}

static inline const tl_tensor *tl_column_field(const tl_model *m, const tl_column *c)
{
    return c->target ? &m->targets[c->field] : &m->inputs[c->field];
}

/* Where the column `name` stands in each of the parts' files: to index[parts]. Fails unless it is there
 * and numbers throughout, or missing cells that the coding has a use for. `what` is "input", "target" or
 * "weight". In table_columns.c. */
int tl_tables_find(size_t *index, const tl_tables *, const tl_coding *, const char *what, const char *name,
                   tl_error *e);

/* The same of one file. */
int tl_csv_usable(const tl_csv *, const char *path, const tl_coding *, const char *what, size_t index,
                  tl_error *e);

/* Fills coding->column and coding->ahead of a coding that is empty. In table_columns.c. */
int tl_table_choose(tl_coding *, const tl_model *, const tl_tables *, const tl_table_options *, int indicators,
                    tl_error *e);

/* Says of each column of a new coding whether it is standardised: reals are, unless the field is raw, or the
 * options say so. Fails where --raw names none of the columns. In table_standardise.c, like the next two. */
int tl_table_choose_scales(tl_coding *, const tl_model *, const tl_table_options *, tl_error *e);

/* Fails where the options contradict a coding that is there. */
int tl_table_check_scales(const tl_coding *, const tl_model *, const tl_table_options *, tl_error *e);

/* Fails if a column would have to be standardised by the data themselves. */
int tl_table_check_known(const tl_coding *, const tl_model *, const char *path, tl_error *e);

/* What a column of some parts holds: mean and standard deviation (divided by n) of the cells that are
 * present, a constant column's sd being 1. Fails where there are none, or where they are so large that
 * the variance is not finite. In table_scale.c. */
int tl_table_measure(const tl_part *, const size_t *index, size_t parts, const char *name, double *mean,
                     double *sd, tl_error *e);

/* The examples of sides 0 .. sides - 1, inputs and targets, and with the targets their weights: x is new,
 * tables->first says where in it each sequence begins. In table_fill.c. */
int tl_table_fill(tl_examples *, tl_coding *, const tl_model *, const tl_tables *, int sides, tl_error *e);

TL_C_END

#endif
