/* plot.h - pictures of curves, and of matrices, drawn by gnuplot.
 *
 * gnuplot runs as a process of its own that reads a script from a file without a name and writes to
 * another; the picture is then put in its place like any other file (file.h). So no shell and no
 * script ever sees the name of a file, and a picture that cannot be drawn leaves the old one. */
#ifndef TAPELESS_PLOT_H
#define TAPELESS_PLOT_H

#include <stddef.h>

#include "error.h"
#include "linkage.h"

TL_C_BEGIN

typedef enum tl_plot_style {
    TL_PLOT_THIN, TL_PLOT_LINE, TL_PLOT_POINTS, TL_PLOT_DOTS, TL_PLOT_DASHED,
    TL_PLOT_BAND,    /* what is between y and `upper` */
    TL_PLOT_BARS, TL_PLOT_IMPULSES /* from 0 */
} tl_plot_style;

typedef struct tl_plot_curve {
    const char *title;   /* "": it is not in the key */
    const char *colour;  /* "#rrggbb" */
    tl_plot_style style;
    const double *x, *y; /* [n]; nothing is drawn where one is NaN, and no line across it */
    size_t n;
    const double *upper; /* [n] of a band */
} tl_plot_curve;

/* Cells shaded by their part of the row, with their numbers where there is room. */
typedef struct tl_plot_matrix {
    size_t n;
    const double *value;     /* [n][n], rows from the top */
    const char *const *name; /* [n] of a row and of its column */
} tl_plot_matrix;

typedef struct tl_plot_panel {
    const char *title, *x_label, *y_label;
    const tl_plot_curve *curve; /* later ones are drawn over earlier ones */
    size_t ncurves;
    int log_y;
    int time_x; /* x is seconds since 1970 */
    double gap; /* between points that are farther apart no line is drawn; 0: that is nowhere */
    int log_x;
    const char *const *x_names; /* of x = 0, 1, ... [nx_names], in place of numbers; a line break may be in them; NULL */
    size_t nx_names;
    int no_y;   /* without numbers along y */
    const tl_plot_matrix *matrix; /* in place of curves, or NULL */
    double shade[2];              /* a part of the axis that stands on grey, if the second is the larger, */
    const char *shade_title;      /* and what it is */
} tl_plot_panel;

/* Can it be drawn? Fails if the name ends neither in .svg nor in .png; if gnuplot is missing. */
int tl_plot_check_name(const char *option, const char *path, tl_error *e);
int tl_plot_check_gnuplot(tl_error *e);

/* Draws the panels, one below the other. Titles and labels may hold anything. */
int tl_plot_write(const char *path, const tl_plot_panel *panel, size_t npanels, tl_error *e);

/* The same in `columns` columns, row by row: smaller ones. */
int tl_plot_write_columns(const char *path, const tl_plot_panel *panel, size_t npanels, size_t columns, tl_error *e);

TL_C_END

#endif
