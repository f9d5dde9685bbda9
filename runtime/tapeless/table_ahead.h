/* table_ahead.h - rows behind the end of a sequence, of which some inputs are known: the calendar, a price, a plan.
 *
 * What is not known is what the model predicts and reads again: its columns are `fed` from predictions. Such rows stand at
 * the end of a sequence, below the last in which one of these columns has a cell, or in a file of their own: in the sequence
 * of the same text, or, where nothing tells sequences apart, in the file of the same place in the list. */
#ifndef TAPELESS_TABLE_AHEAD_H
#define TAPELESS_TABLE_AHEAD_H

#include "linkage.h"
#include "table_parts.h"

TL_C_BEGIN

typedef struct tl_ahead {
    const unsigned char *fed; /* [columns of the coding] */
    const tl_list *future;    /* files; none: the rows stand in the tables themselves */
    const tl_list *keep;      /* columns whose cells the origins get; the files of `future` need not have them */
    size_t *known;            /* to be freed: [sequences, or 1] examples of each that are not ahead */
} tl_ahead;

/* As tl_table_inputs (table.h); x->first, or x->rows, counts the rows ahead, too, in which elements of fed columns are 0.
 * The origins get `kept` and `actual`. */
int tl_table_inputs_ahead(tl_examples *, tl_origin **origins, tl_ahead *, tl_coding *coding, const tl_model *,
                          const tl_list *paths, const tl_table_options *, tl_error *e);

/* ---- for table.c, between reading the tables and filling examples ---- */

/* Each part becomes two: what is known, and what is ahead of it. */
int tl_ahead_split(tl_tables *, const tl_coding *, const tl_ahead *, const tl_csv_options *, tl_error *e);

/* Cells of the columns to keep, and of targets, to the origins of the sequences. */
int tl_ahead_keep(tl_origin *, const tl_tables *, const tl_coding *, const tl_ahead *, tl_error *e);

/* The examples of two parts are those of one sequence. */
int tl_ahead_join(tl_examples *, const tl_tables *, tl_ahead *, tl_error *e);

TL_C_END

#endif
