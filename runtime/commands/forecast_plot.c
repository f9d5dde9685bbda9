#include "forecast_plot.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv_file.h"
#include "plot.h"
#include "table.h"
#include "table_axis.h"

enum { MOST_PANELS = 4 };

typedef struct Picture {
    const tl_forecast *f;
    tl_csv csv;
    tl_table_axis axis;
    size_t first;            /* of the target columns in the coding */
    double *x;               /* [rows + all predictions], by row */
    double *given, *predicted, *beyond; /* the same, a block of each for every panel */
    size_t rows;             /* of x */
} Picture;

static double cell(const Picture *p, size_t row, size_t column)
{
    return p->csv.value[tl_csv_row(&p->csv, row) * p->csv.columns + column];
}

/* The blocks of panel k. The forecast begins at the last row that is given, to be joined to it. */
static void fill(const Picture *p, size_t k)
{
    const tl_forecast *f = p->f;
    double *given = p->given + k * p->rows, *predicted = p->predicted + k * p->rows;
    double *beyond = p->beyond + k * p->rows;
    const char *name = f->coding->column[p->first + k].name;
    size_t column = tl_name_list_find(&p->csv.name, name, strlen(name)), last = p->csv.rows - 1;
    for (size_t i = 0; i < p->rows; i++)
        given[i] = predicted[i] = beyond[i] = NAN;
    for (size_t i = 0; i < p->csv.rows && column < p->csv.columns; i++)
        given[i] = cell(p, i, column);
    for (size_t i = 0; i < f->count; i++) {
        size_t row = i + (size_t)f->coding->ahead;
        if (f->coding->ahead < 0 && i < (size_t)-f->coding->ahead)
            continue;
        (row <= last ? predicted : beyond)[row] = f->value[i * f->targets + k];
    }
    beyond[last] = given[last];
}

static int allocate(Picture *p, size_t panels, tl_error *e)
{
    p->rows = p->f->count + (p->f->coding->ahead > 0 ? (size_t)p->f->coding->ahead : 0);
    p->rows = p->rows > p->csv.rows ? p->rows : p->csv.rows;
    p->x = calloc(p->rows, sizeof *p->x);
    p->given = calloc(panels * p->rows, sizeof *p->given);
    p->predicted = calloc(panels * p->rows, sizeof *p->predicted);
    p->beyond = calloc(panels * p->rows, sizeof *p->beyond);
    if (!p->x || !p->given || !p->predicted || !p->beyond)
        return tl_fail(e, "no memory for a picture of %zu rows", p->rows);
    for (size_t i = 0; i < p->rows; i++)
        p->x[i] = tl_table_axis_at(&p->axis, (double)i);
    return 0;
}

static const char *known_title(const tl_coding *c)
{
    return c->ahead <= 0 ? "predicted" : c->ahead == 1 ? "one step ahead" : "predicted ahead";
}

static int draw(const Picture *p, const char *path, size_t panels, tl_error *e)
{
    tl_plot_curve curve[MOST_PANELS][3];
    tl_plot_panel panel[MOST_PANELS];
    for (size_t k = 0; k < panels; k++) {
        size_t at = k * p->rows;
        fill(p, k);
        curve[k][0] = (tl_plot_curve){ "table", "#a0a0a0", TL_PLOT_LINE, p->x, p->given + at,
                                       .n = p->rows };
        curve[k][1] = (tl_plot_curve){ known_title(p->f->coding), "#1f5fa8", TL_PLOT_THIN, p->x,
                                       p->predicted + at, .n = p->rows };
        curve[k][2] = (tl_plot_curve){ "forecast", "#d1495b", TL_PLOT_LINE, p->x, p->beyond + at,
                                       .n = p->rows };
        panel[k] = (tl_plot_panel){ k ? "" : p->f->model, p->axis.name,
                                    p->f->coding->column[p->first + k].name, curve[k],
                                    .ncurves = p->rows > p->csv.rows ? 3 : 2, .time_x = p->axis.times != NULL };
    }
    return tl_plot_write(path, panel, panels, e);
}

int tl_forecast_draw(const char *path, const tl_forecast *f, tl_error *e)
{
    Picture p = { .f = f };
    tl_csv_options whole = tl_csv_options_with(f->csv, f->coding);
    whole.sequence = NULL; /* there is only one */
    size_t panels = f->targets < MOST_PANELS ? f->targets : MOST_PANELS;
    if (tl_csv_read(&p.csv, f->data, &whole, e))
        return -1;
    while (p.first < f->coding->ncolumns && !f->coding->column[p.first].target)
        p.first++;
    p.axis = tl_table_axis_of(&p.csv, p.f->coding);
    int bad = allocate(&p, panels, e) || draw(&p, path, panels, e);
    free(p.x);
    free(p.given);
    free(p.predicted);
    free(p.beyond);
    tl_csv_free(&p.csv);
    return bad ? -1 : 0;
}
