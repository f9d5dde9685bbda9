/* column_stats.h - a column of a table at a glance. */
#ifndef TAPELESS_COLUMN_STATS_H
#define TAPELESS_COLUMN_STATS_H

#include "csv_file.h"
#include "linkage.h"

TL_C_BEGIN

typedef struct tl_column_stats {
    size_t distinct;               /* different numbers */
    double least, most, mean, sd;  /* of the numbers; NaN where there are none. sd: of these, not of what they are drawn from */
    int whole;                     /* all are whole numbers */
    int rises;                     /* each is larger than the one before it, and there are two or more */
} tl_column_stats;

/* Fails where memory is short. */
int tl_column_stats_of(tl_column_stats *, const tl_csv *, size_t column, tl_error *);

enum { TL_SPARKS = 24 };

/* The column from its first row to its last as TL_SPARKS blocks, the higher the mean of their rows; a dot where all are missing.
 * UTF-8; the result is `text`. */
const char *tl_column_sparkline(const tl_csv *, size_t column, const tl_column_stats *, char text[3 * TL_SPARKS + 1]);

TL_C_END

#endif
