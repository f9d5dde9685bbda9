#include "fit_plot.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv_file.h"
#include "plot.h"
#include "real.h"
#include "stepper.h"
#include "table.h"
#include "table_axis.h"

enum { MOST_TARGETS = 4 };

typedef struct Drawn {
    tl_fit_target target;
    double *x, *truth, *simulated, *residual; /* [steps]; NaN where there is none */
    char title[384], said[40];
} Drawn;

typedef struct Picture {
    const tl_fit_picture *of;
    const tl_model *m;
    tl_csv csv;
    tl_table_axis axis;
    tl_stepper *s; /* [members] */
    size_t members;
    Drawn drawn[MOST_TARGETS];
    size_t n, steps;
} Picture;

/* ---- the numbers ---- */

/* A simulation that has diverged beyond all numbers is not there. */
static void take(Drawn *d, const tl_stepper *s, size_t members, size_t t, int counts)
{
    const tl_fit_target *k = &d->target;
    tl_type real = s->engine->model->real;
    double truth = tl_real_get(real, s->target[k->field], k->at) * k->sd + k->mean;
    double simulated = tl_mean_value(s, members, k->output, 0, k->at) * k->sd + k->mean;
    d->truth[t] = counts ? truth : NAN;
    d->simulated[t] = tl_stepper_ready(s, 0) && isfinite(simulated) ? simulated : NAN;
    d->residual[t] = counts ? truth - d->simulated[t] : NAN;
}

static void leave_out(Drawn *d, size_t t)
{
    d->truth[t] = d->simulated[t] = d->residual[t] = NAN;
}

/* Of several sequences the first step of each but the first is left out: a gap between them. */
static void simulate(Picture *p)
{
    const tl_series *s = p->of->series;
    for (size_t i = 0; i < p->members; i++)
        tl_stepper_start(&p->s[i]);
    for (size_t t = 0; t < p->steps; t++) {
        for (size_t i = 0; i < p->members; i++)
            tl_stepper_follow(&p->s[i], s, t);
        for (size_t k = 0; k < p->n; k++)
            if (t > 0 && tl_series_starts(s, t))
                leave_out(&p->drawn[k], t);
            else
                take(&p->drawn[k], p->s, p->members, t, tl_series_counts(s, t, 0) > 0);
        for (size_t i = 0; i < p->members; i++)
            tl_stepper_pass_padding(&p->s[i], s);
    }
}

/* ---- what is drawn ---- */

static void choose(Picture *p)
{
    const tl_deviations *d = p->of->deviations;
    tl_fit_target t = { .field = -1 };
    while (p->n < MOST_TARGETS && tl_fit_next(&t, p->m, p->of->coding)) {
        Drawn *k = &p->drawn[p->n++];
        tl_fit f = tl_fit_of(&t, d);
        k->target = t;
        if (isfinite(f.percent))
            snprintf(k->title, sizeof k->title, "%s: RMSE %.4g, fit %.2f %%", p->m->name, f.rmse, f.percent);
        else
            snprintf(k->title, sizeof k->title, "%s: RMSE %.4g", p->m->name, f.rmse);
    }
}

/* Rows of the table from a step's to its target's. */
static int64_t rows_ahead(const tl_coding *c, const tl_fit_target *t)
{
    const size_t column = tl_table_first(c, 1, t->field) + t->at;
    return c->ahead + (column < c->ncolumns ? c->column[column].shift : 0);
}

/* Whether the model reads what a target has been. */
static int reads_targets(const tl_coding *c)
{
    for (size_t i = 0; i < c->ncolumns; i++)
        for (size_t k = 0; k < c->ncolumns; k++)
            if (!c->column[i].target && c->column[k].target && strcmp(c->column[i].name, c->column[k].name) == 0)
                return 1;
    return 0;
}

/* A simulation knows neither the targets nor rows before theirs alone. */
static const char *said_title(Drawn *d, const tl_coding *c)
{
    const long long ahead = rows_ahead(c, &d->target);
    if (ahead > 1)
        snprintf(d->said, sizeof d->said, "%lld steps ahead", ahead);
    else
        snprintf(d->said, sizeof d->said, "%s", ahead == 1 ? "one step ahead" : reads_targets(c) ? "predicted" : "simulated");
    return d->said;
}

static int choose_axis(Picture *p, tl_error *e)
{
    tl_csv_options whole = tl_csv_options_with(p->of->csv, p->of->coding);
    whole.sequence = NULL; /* there is only one */
    p->axis = (tl_table_axis){ .name = "step", .start = 1, .step = 1 };
    if (!p->of->table)
        return 0;
    if (tl_csv_read(&p->csv, p->of->table, &whole, e))
        return -1;
    p->axis = tl_table_axis_of(&p->csv, p->of->coding);
    return 0;
}

static int allocate(Picture *p, tl_error *e)
{
    const tl_coding *c = p->of->coding;
    int fine = 1;
    for (size_t k = 0; k < p->n; k++) {
        Drawn *d = &p->drawn[k];
        const int64_t ahead = rows_ahead(c, &d->target);
        d->x = calloc(p->steps, sizeof *d->x);
        d->truth = calloc(p->steps, sizeof *d->truth);
        d->simulated = calloc(p->steps, sizeof *d->simulated);
        d->residual = calloc(p->steps, sizeof *d->residual);
        fine = fine && d->x && d->truth && d->simulated && d->residual;
        for (size_t t = 0; fine && t < p->steps; t++)
            d->x[t] = tl_table_axis_at(&p->axis, (double)t + (double)ahead);
    }
    return fine ? 0 : tl_fail(e, "no memory for a picture of %zu steps", p->steps);
}

static void shade(const Picture *p, const Drawn *d, tl_plot_panel *panel)
{
    if (p->of->held_out + 1 >= p->steps)
        return;
    panel->shade[0] = d->x[p->of->held_out];
    panel->shade[1] = d->x[p->steps - 1];
    panel->shade_title = "held out";
}

static int draw(Picture *p, const char *path, tl_error *e)
{
    tl_plot_curve curve[MOST_TARGETS][3];
    tl_plot_panel panel[2 * MOST_TARGETS];
    for (size_t k = 0; k < p->n; k++) {
        Drawn *d = &p->drawn[k];
        curve[k][0] = (tl_plot_curve){ "measured", "#a0a0a0", TL_PLOT_LINE, d->x, d->truth, .n = p->steps };
        curve[k][1] = (tl_plot_curve){ said_title(d, p->of->coding), "#1f5fa8", TL_PLOT_THIN, d->x, d->simulated, .n = p->steps };
        curve[k][2] = (tl_plot_curve){ "residual", "#d1495b", TL_PLOT_THIN, d->x, d->residual, .n = p->steps };
        panel[2 * k] = (tl_plot_panel){ d->title, p->axis.name, d->target.name, curve[k], .ncurves = 2, .time_x = p->axis.times != NULL,
                                           .gap = tl_table_axis_gap_of(&p->axis) };
        shade(p, d, &panel[2 * k]);
        panel[2 * k + 1] = (tl_plot_panel){ "", p->axis.name, "residual", &curve[k][2], .ncurves = 1, .time_x = p->axis.times != NULL,
                                           .gap = tl_table_axis_gap_of(&p->axis) };
        shade(p, d, &panel[2 * k + 1]);
    }
    return tl_plot_write(path, panel, 2 * p->n, e);
}

static void release(Picture *p)
{
    for (size_t k = 0; k < p->n; k++) {
        free(p->drawn[k].x);
        free(p->drawn[k].truth);
        free(p->drawn[k].simulated);
        free(p->drawn[k].residual);
    }
    tl_ensemble_steppers_free(p->s, p->members);
    tl_csv_free(&p->csv);
}

int tl_fit_draw(const char *path, const tl_fit_picture *of, tl_error *e)
{
    Picture p = { .of = of, .m = of->engine->model, .members = of->of->n, .steps = of->series->steps };
    choose(&p);
    int bad = choose_axis(&p, e) || allocate(&p, e) || tl_ensemble_steppers(&p.s, of->of, of->engine, e);
    if (!bad) {
        simulate(&p);
        bad = draw(&p, path, e);
    }
    release(&p);
    return bad ? -1 : 0;
}
