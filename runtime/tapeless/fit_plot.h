/* fit_plot.h - a record and what a model makes of its inputs, as a picture. */
#ifndef TAPELESS_FIT_PLOT_H
#define TAPELESS_FIT_PLOT_H

#include "csv_dialect.h"
#include "ensemble.h"
#include "fit.h"
#include "linkage.h"

TL_C_BEGIN

typedef struct tl_fit_picture {
    const tl_engine *engine;
    const tl_ensemble *of;     /* what they say together is drawn */
    const tl_series *series;   /* in one lane; sequences one behind the other */
    const tl_coding *coding;
    const tl_deviations *deviations; /* for the figures in the titles */
    size_t held_out;           /* the first step that no update has seen, which stands on grey to the end; the series' steps: that is not known */
    const char *table;         /* the file, where it is one table and one sequence; NULL: steps are numbered */
    const tl_csv_options *csv; /* how it is written */
} tl_fit_picture;

/* Two panels for each target, of the first four: the record and the simulation, or what is said a step ahead; what is left between them, at the
 * steps that count. In the data's units, along an axis as in table_axis.h. */
int tl_fit_draw(const char *path, const tl_fit_picture *, tl_error *e);

TL_C_END

#endif
