/* csv_times.h - a table's rows in time: put in order, their interval found, gaps seen to, and columns made of the calendar.
 *
 * The interval is the one that most rows of a sequence keep from the one before, in months where it is 28 to 31 days (or 3 or 12 times
 * that); a gap is where rows are two intervals apart or more, each to within a fiftieth. What becomes of gaps:
 *   keep   nothing: the next row is the next step
 *   fill   rows without cells but for their time stand in them, of which --missing says what is read
 *   split  what stands behind is another sequence
 *   error  a sentence
 *
 * A calendar of day, week and year has two columns each, the sine and cosine of how far it has gone: day.sin, day.cos and so on; hour
 * (0 - 23), weekday (0 - 6, Monday is 0) and month (0 - 11) have one each, to be tokens. They stand behind the column of times. */
#ifndef TAPELESS_CSV_TIMES_H
#define TAPELESS_CSV_TIMES_H

#include <stddef.h>

#include "csv_dialect.h"
#include "error.h"
#include "linkage.h"
#include "time_cell.h"

TL_C_BEGIN

typedef struct tl_csv_times {
    int is;               /* there is a column of times */
    size_t column;
    tl_time_style style;  /* the finest of them */
    double unit;          /* of Unix times */
    tl_time_step step;    /* the interval; 0 s where no two rows follow each other */
    char *remark;         /* for people; NULL */
} tl_csv_times;

struct tl_csv;

/* Does all of this for a table that was read by the options. Fails with file:line where two rows of a sequence have one time, with
 * gaps, or off the grid where gaps are to be filled, and for words that --gaps and --calendar do not take. */
int tl_csv_order(struct tl_csv *, const char *path, const tl_csv_options *, tl_error *e);

/* Seconds of the row at a position of a sequence that ends before `to`; behind it as if rows went on. */
double tl_csv_time_at(const struct tl_csv *, size_t to, size_t position);

/* What a column that a calendar makes holds at that time; NaN if `name` is none of these. */
double tl_calendar_value(const char *name, double seconds);

/* Whether the calendar, "day,week" or NULL, makes a column of that name. */
int tl_calendar_has(const char *calendar, const char *name);

TL_C_END

#endif
