#include "table_axis.h"

#include <math.h>
#include <string.h>

static double cell(const tl_csv *t, size_t row, size_t column)
{
    return t->value[row * t->columns + column];
}

static int is_used(const tl_coding *c, const char *name)
{
    for (size_t i = 0; i < c->ncolumns; i++)
        if (strcmp(c->column[i].name, name) == 0)
            return 1;
    return 0;
}

/* Rises in equal steps, up to what rounding to a few digits may do. */
static int is_axis(const tl_csv *t, size_t column, const tl_coding *c)
{
    if (t->rows < 2 || t->column[column].numbers < t->rows || is_used(c, t->name.item[column]))
        return 0;
    double start = cell(t, 0, column);
    double step = (cell(t, t->rows - 1, column) - start) / (double)(t->rows - 1);
    for (size_t i = 0; i < t->rows; i++)
        if (!(fabs(cell(t, i, column) - start - (double)i * step) < 0.01 * step))
            return 0;
    return step > 0;
}

tl_table_axis tl_table_axis_of(const tl_csv *t, const tl_coding *c)
{
    if (t->times.is)
        return (tl_table_axis){ .name = t->name.item[t->times.column], .times = t };
    for (size_t i = 0; i < t->columns; i++)
        if (is_axis(t, i, c)) {
            double start = cell(t, 0, i);
            return (tl_table_axis){ .name = t->name.item[i], .start = start,
                                    .step = (cell(t, t->rows - 1, i) - start) / (double)(t->rows - 1) };
        }
    return (tl_table_axis){ .name = "row", .start = 1, .step = 1 };
}

double tl_table_axis_at(const tl_table_axis *a, double row)
{
    if (!a->times)
        return a->start + a->step * row;
    return row < 0 ? tl_time_add(tl_csv_time_at(a->times, a->times->rows, 0), a->times->times.step, row)
                   : tl_csv_time_at(a->times, a->times->rows, (size_t)row);
}

double tl_table_axis_gap(tl_time_step s) { return 3.5 * (s.months ? s.months * 31 * 86400. : s.seconds); }

double tl_table_axis_gap_of(const tl_table_axis *a) { return a->times ? tl_table_axis_gap(a->times->times.step) : 0; }
