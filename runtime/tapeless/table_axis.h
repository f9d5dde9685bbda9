/* table_axis.h - what stands along the axis of a picture of a table.
 *
 * The numbers of a column that the model does not read and that rises in equal steps (years, seconds), if there is
 * one, else the number of the row, from 1. */
#ifndef TAPELESS_TABLE_AXIS_H
#define TAPELESS_TABLE_AXIS_H

#include "coding.h"
#include "csv_file.h"
#include "linkage.h"

TL_C_BEGIN

typedef struct tl_table_axis {
    const char *name;   /* the column's, which belongs to the table, or "row" */
    double start, step; /* row r, from 1, stands at start + (r - 1) * step */
} tl_table_axis;

tl_table_axis tl_table_axis_of(const tl_csv *, const tl_coding *);

TL_C_END

#endif
