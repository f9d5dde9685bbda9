#include "forecast_plot.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv_file.h"
#include "plot.h"

enum { MOST_PANELS = 4 };

typedef struct Picture {
    const tl_forecast *f;
    tl_csv csv;
    const char *axis;        /* name of the column along the axis, or NULL: row numbers */
    double start, step;      /* along the axis: row r (from 1) stands at start + (r - 1) * step */
    size_t first;            /* of the target columns in the coding */
    double *x;               /* [rows + all predictions], by row */
    double *given, *predicted, *beyond; /* the same, a block of each for every panel */
    size_t rows;             /* of x */
} Picture;

static double cell(const Picture *p, size_t row, size_t column)
{
    return p->csv.value[row * p->csv.columns + column];
}

static int is_used(const Picture *p, const char *name)
{
    for (size_t i = 0; i < p->f->coding->ncolumns; i++)
        if (strcmp(p->f->coding->column[i].name, name) == 0)
            return 1;
    return 0;
}

/* Rises in equal steps, up to what rounding to a few digits may do. */
static int is_axis(const Picture *p, size_t column)
{
    if (p->csv.rows < 2 || p->csv.column[column].numbers < p->csv.rows || is_used(p, p->csv.name.item[column]))
        return 0;
    double start = cell(p, 0, column);
    double step = (cell(p, p->csv.rows - 1, column) - start) / (double)(p->csv.rows - 1);
    for (size_t i = 0; i < p->csv.rows; i++)
        if (!(fabs(cell(p, i, column) - start - (double)i * step) < 0.01 * step))
            return 0;
    return step > 0;
}

static void choose_axis(Picture *p)
{
    p->start = p->step = 1;
    for (size_t i = 0; i < p->csv.columns && !p->axis; i++)
        if (is_axis(p, i)) {
            p->axis = p->csv.name.item[i];
            p->start = cell(p, 0, i);
            p->step = (cell(p, p->csv.rows - 1, i) - p->start) / (double)(p->csv.rows - 1);
        }
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
        (row <= last ? predicted : beyond)[row] = f->value[i * f->targets + k];
    }
    beyond[last] = given[last];
}

static int allocate(Picture *p, size_t panels, tl_error *e)
{
    p->rows = p->f->count + (size_t)p->f->coding->ahead;
    p->rows = p->rows > p->csv.rows ? p->rows : p->csv.rows;
    p->x = calloc(p->rows, sizeof *p->x);
    p->given = calloc(panels * p->rows, sizeof *p->given);
    p->predicted = calloc(panels * p->rows, sizeof *p->predicted);
    p->beyond = calloc(panels * p->rows, sizeof *p->beyond);
    if (!p->x || !p->given || !p->predicted || !p->beyond)
        return tl_fail(e, "no memory for a picture of %zu rows", p->rows);
    for (size_t i = 0; i < p->rows; i++)
        p->x[i] = p->start + p->step * (double)i;
    return 0;
}

static const char *known_title(const tl_coding *c)
{
    return c->ahead == 0 ? "predicted" : c->ahead == 1 ? "one step ahead" : "predicted ahead";
}

static int draw(const Picture *p, const char *path, size_t panels, tl_error *e)
{
    tl_plot_curve curve[MOST_PANELS][3];
    tl_plot_panel panel[MOST_PANELS];
    for (size_t k = 0; k < panels; k++) {
        size_t at = k * p->rows;
        fill(p, k);
        curve[k][0] = (tl_plot_curve){ "table", "#a0a0a0", TL_PLOT_LINE, p->x, p->given + at,
                                       p->rows };
        curve[k][1] = (tl_plot_curve){ known_title(p->f->coding), "#1f5fa8", TL_PLOT_THIN, p->x,
                                       p->predicted + at, p->rows };
        curve[k][2] = (tl_plot_curve){ "forecast", "#d1495b", TL_PLOT_LINE, p->x, p->beyond + at,
                                       p->rows };
        panel[k] = (tl_plot_panel){ k ? "" : p->f->model, p->axis ? p->axis : "row",
                                    p->f->coding->column[p->first + k].name, curve[k],
                                    p->rows > p->csv.rows ? 3 : 2, 0 };
    }
    return tl_plot_write(path, panel, panels, e);
}

int tl_forecast_draw(const char *path, const tl_forecast *f, tl_error *e)
{
    Picture p = { .f = f };
    tl_csv_options whole = *f->csv;
    whole.sequence = NULL; /* there is only one */
    size_t panels = f->targets < MOST_PANELS ? f->targets : MOST_PANELS;
    if (tl_csv_read(&p.csv, f->data, &whole, e))
        return -1;
    while (p.first < f->coding->ncolumns && !f->coding->column[p.first].target)
        p.first++;
    choose_axis(&p);
    int bad = allocate(&p, panels, e) || draw(&p, path, panels, e);
    free(p.x);
    free(p.given);
    free(p.predicted);
    free(p.beyond);
    tl_csv_free(&p.csv);
    return bad ? -1 : 0;
}
