/* result.h - what a row of predictions says: its columns, and their values after a step. */
#ifndef TAPELESS_RESULT_H
#define TAPELESS_RESULT_H

#include "coding.h"
#include "ensemble.h"
#include "keep.h"
#include "linkage.h"

TL_C_BEGIN

/* What a column of the result says: what is predicted; of the likeliest token the probability, and the part of the members that say
 * it; of members their deviation, and the ends of their interval. */
typedef enum tl_result_what {
    TL_RESULT_VALUE, TL_RESULT_PROBABILITY, TL_RESULT_AGREE, TL_RESULT_SD, TL_RESULT_LOW, TL_RESULT_HIGH
} tl_result_what;

typedef struct tl_result_column {
    char *name;
    int32_t output;
    size_t at, column; /* element of the output; column of the coding, or ncolumns: it has none */
    tl_result_what what;
    size_t quantile;   /* number of it, of which there are `of`, or 0 */
    size_t of;
} tl_result_column;

typedef struct tl_result {
    const tl_model *m;
    const tl_coding *c;
    const tl_keep *keep;  /* columns beside it, whose names are taken */
    const char *sequence; /* likewise the column that told sequences apart, or NULL */
    const char *time;     /* and the column of times, or NULL */
    size_t members;
    tl_result_column *column; /* [n] */
    size_t n;
    /* Of who steps: */
    tl_stepper *s;        /* [members] */
    size_t shift;         /* rows beyond coding->ahead of what is said */
    double *own;          /* [members][columns of the coding]: its last prediction, in the table's units; NaN: there is none */
    double *value;        /* by coding column: what was said last of it, likewise: of quantiles the median */
    double *low, *high;   /* likewise, the lowest and the highest quantile, or the ends of the members' interval */
    double *sd;           /* likewise, of the members */
} tl_result;

/* The columns: targets that an output predicts, in the order of their columns; then what else there is. */
int tl_result_choose(tl_result *, tl_error *e);
void tl_result_free_columns(tl_result *);

/* Steppers and numbers for one who steps, of whose columns there may be others; free what was opened, also if that failed. */
int tl_result_open(tl_result *, const tl_engine *, const tl_ensemble *, tl_error *e);
void tl_result_close(tl_result *);

/* Of the steppers' last step. To be asked of each column, in their order. */
double tl_result_value(tl_result *, const tl_result_column *);

TL_C_END

#endif
