/* time_cell.h - points in time as a table has them: read, and written in the same style.
 *
 * Read are ISO 8601's 2020, 2020-02, 2020-02-01 (also 2020/02/01) and behind the last, after a T or a blank, 13:30, 13:30:05 and
 * 13:30:05.25, with Z, +02:00, +0200 or +02 behind; and Unix times, numbers that are no years: seconds, or by their size thousandths
 * (from 1e11 on), millionths (1e14) or milliardths (1e17). Or what a format says, as strptime has it. Without an offset a time is
 * taken to be of UTC: days have 24 hours. */
#ifndef TAPELESS_TIME_CELL_H
#define TAPELESS_TIME_CELL_H

#include <stddef.h>

#include "linkage.h"

TL_C_BEGIN

typedef enum tl_time_style { TL_TIME_UNIX, TL_TIME_YEAR, TL_TIME_MONTH, TL_TIME_DAY, TL_TIME_MINUTE, TL_TIME_SECOND } tl_time_style;

enum { TL_TIME_SIZE = 48 };

/* Seconds since 1970. `text` ends with a 0; format may be NULL. *style gets how it was written, of a Unix time TL_TIME_UNIX and *unit
 * its unit in seconds. 0, or -1 where it is no time. */
int tl_time_read(const char *text, const char *format, double *seconds, tl_time_style *style, double *unit);

/* As it would be read again; seconds with as many decimals as they have, up to six. Returns text. */
char *tl_time_write(double seconds, tl_time_style, double unit, char text[TL_TIME_SIZE]);

/* From one row to the next: seconds, or, where months is not 0, as many months. */
typedef struct tl_time_step {
    double seconds;
    int months;
} tl_time_step;

/* `n` steps behind `seconds`. */
double tl_time_add(double seconds, tl_time_step, double n);

/* Steps from a to b; whole numbers where they stand in the grid. */
double tl_time_between(double a, double b, tl_time_step);

/* "1 h", "15 min", "2 months". */
char *tl_time_step_text(tl_time_step, char text[TL_TIME_SIZE]);

/* Of the proleptic Gregorian calendar. */
typedef struct tl_date {
    long year;
    int month, day; /* from 1 */
    double second;  /* of the day */
    int weekday;    /* Monday is 0 */
    int yearday, days; /* of the year, from 0; how many it has */
} tl_date;

tl_date tl_date_of(double seconds);

TL_C_END

#endif
