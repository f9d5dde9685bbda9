/* forecast_plot.h - a table's columns and what a model predicts of them, as a picture. */
#ifndef TAPELESS_FORECAST_PLOT_H
#define TAPELESS_FORECAST_PLOT_H

#include "coding.h"
#include "csv_dialect.h"
#include "error.h"
#include "held_out.h"
#include "linkage.h"
#include "table.h"

TL_C_BEGIN

enum { TL_FORECAST_NUMBERS = 3 };

/* What was predicted of a sequence: value i is for its row i + 1 + coding->ahead (the first row is 1). */
typedef struct tl_forecast_line {
    const tl_origin *origin; /* with what the table has of the targets, and its name */
    const double *value;     /* [count][targets][TL_FORECAST_NUMBERS], in the table's units: what is predicted, and the lowest
                                and the highest quantile of it, or the ends of its interval, or NaN */
    size_t count;
} tl_forecast_line;

typedef struct tl_forecast {
    const tl_model *model;
    const char *data;          /* path of the first table */
    const tl_csv_options *csv; /* how it is written */
    const tl_coding *coding;
    const tl_forecast_line *line;
    size_t lines, targets;     /* lines: sequences */
    const char *time;          /* the column of times, or NULL */
    tl_held_out held_out;
    size_t last;               /* rows that are known of which the picture shows no more; 0: it shows all */
    size_t members;            /* of an ensemble, of which the interval is, where there are no quantiles */
} tl_forecast;

/* Of one sequence a panel a target column, of the first four: the column as it is in the table, the predictions for its
 * rows, and the forecast behind its end; along an axis as in table_axis.h. Of several a small panel for each and each
 * target, of as many as one can look at, along their rows. What was not trained on stands on grey. */
int tl_forecast_draw(const char *path, const tl_forecast *, tl_error *e);

/* Panels that are not drawn since there are too many. */
size_t tl_forecast_left_out(const tl_forecast *);

TL_C_END

#endif
