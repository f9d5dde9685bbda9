/* forecast_plot.h - a table's columns and what a model predicts of them, as a picture. */
#ifndef TAPELESS_FORECAST_PLOT_H
#define TAPELESS_FORECAST_PLOT_H

#include "coding.h"
#include "csv_dialect.h"
#include "error.h"
#include "linkage.h"

TL_C_BEGIN

typedef struct tl_forecast {
    const char *model, *data;  /* name; path of the table */
    const tl_csv_options *csv; /* how it is written */
    const tl_coding *coding;
    const double *value;       /* [count][targets], in the table's units */
    size_t count, targets;     /* value i is for row i + 1 + coding->ahead (the first row is 1) */
} tl_forecast;

/* A panel a target column, of the first four: the column as it is in the table, the predictions for
 * its rows, and the forecast behind its end; along an axis as in table_axis.h. */
int tl_forecast_draw(const char *path, const tl_forecast *, tl_error *e);

TL_C_END

#endif
