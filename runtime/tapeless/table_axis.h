/* table_axis.h - what stands along the axis of a picture of a table.
 *
 * Times, where a table has a column of them. Else the numbers of a column that the model does not read and that rises in equal steps (years, seconds), if there is
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
    const tl_csv *times; /* or where this table's is in time, seconds since 1970; NULL */
} tl_table_axis;

tl_table_axis tl_table_axis_of(const tl_csv *, const tl_coding *);

/* Rows in time that are farther apart than this have a hole between them, a gap that is kept (csv_times.h); a weekend among days is none.
 * 0: they have no interval. */
double tl_table_axis_gap(tl_time_step);
double tl_table_axis_gap_of(const tl_table_axis *);

/* Where the row stands, counted from 0 in the order of one sequence; behind the last, and before the first, as if rows went on. */
double tl_table_axis_at(const tl_table_axis *, double row);

TL_C_END

#endif
