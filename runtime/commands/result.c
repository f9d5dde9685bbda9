#include "result.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "prediction.h"
#include "real.h"
#include "table.h"

/* ---- the columns ---- */

__attribute__((format(printf, 6, 7))) static int add_written(tl_result *r, int32_t output, size_t at, size_t column, tl_result_what what,
                                                             const char *format, ...)
{
    tl_result_column w = { .output = output, .at = at, .column = column, .what = what };
    tl_result_column *more = realloc(r->column, (r->n + 1) * sizeof *more);
    va_list arguments;
    va_start(arguments, format);
    int fine = more && vasprintf(&w.name, format, arguments) >= 0;
    va_end(arguments);
    r->column = more ? more : r->column;
    if (fine)
        r->column[r->n++] = w;
    return fine;
}

/* NAME.q0.1, NAME.q0.5 and so on. */
static int add_quantiles(tl_result *r, int32_t output, size_t at, size_t column)
{
    const tl_tensor *o = &r->m->outputs[output];
    const size_t n = tl_quantiles(o);
    for (size_t k = 0; k < n; k++) {
        if (!add_written(r, output, at, column, TL_RESULT_VALUE, "%s.q%g", r->c->column[column].name, o->values[k]))
            return 0;
        r->column[r->n - 1].quantile = k;
        r->column[r->n - 1].of = n;
    }
    return r->members == 1 || add_written(r, output, at, column, TL_RESULT_SD, "%s.sd", r->c->column[column].name);
}

static int add_number(tl_result *r, int32_t output, size_t at, size_t column)
{
    const char *name = r->c->column[column].name;
    if (tl_quantiles(&r->m->outputs[output]))
        return add_quantiles(r, output, at, column);
    return add_written(r, output, at, column, TL_RESULT_VALUE, "%s", name) &&
           (r->members == 1 ||
            (add_written(r, output, at, column, TL_RESULT_SD, "%s.sd", name) && add_written(r, output, at, column, TL_RESULT_LOW, "%s.low", name) &&
             add_written(r, output, at, column, TL_RESULT_HIGH, "%s.high", name)));
}

static int add_token(tl_result *r, int32_t output, size_t column)
{
    const char *name = r->c->column[column].name;
    return add_written(r, output, 0, column, TL_RESULT_VALUE, "%s", name) &&
           add_written(r, output, 0, r->c->ncolumns, TL_RESULT_PROBABILITY, "%s.probability", name) &&
           (r->members == 1 || add_written(r, output, 0, r->c->ncolumns, TL_RESULT_AGREE, "%s.agree", name));
}

static int add_target(tl_result *r, int32_t target, int32_t output)
{
    const size_t k = tl_table_first(r->c, 1, target), each = (size_t)r->c->beyond + 1;
    if (r->m->targets[target].vocab)
        return add_token(r, output, k);
    for (size_t at = 0; at < tl_size(&r->m->targets[target]); at += each)
        if (!add_number(r, output, at, k + at))
            return 0;
    return 1;
}

/* Whether a column of the result is called that, or its elements would be. */
static int is_taken(const tl_result *r, const char *name)
{
    size_t n = strlen(name);
    for (size_t i = 0; i < r->n; i++)
        if (strncmp(r->column[i].name, name, n) == 0 &&
            (!r->column[i].name[n] || r->column[i].name[n] == '.'))
            return 1;
    for (size_t i = 0; i < r->keep->column.count; i++)
        if (strcmp(r->keep->column.item[i], name) == 0)
            return 1;
    return strcmp(name, "row") == 0 || strcmp(name, "file") == 0 ||
           (r->sequence && strcmp(name, r->sequence) == 0) || (r->time && strcmp(name, r->time) == 0);
}

static int add_own(tl_result *r, int32_t output)
{
    const tl_tensor *t = &r->m->outputs[output];
    const char *name = t->name[0] ? t->name : "output";
    const char *before = t->name[0] && is_taken(r, name) ? "output." : "";
    size_t n = tl_size(t);
    for (size_t at = 0; at < n; at++)
        if (!(n == 1 ? add_written(r, output, at, r->c->ncolumns, TL_RESULT_VALUE, "%s%s", before, name)
                     : add_written(r, output, at, r->c->ncolumns, TL_RESULT_VALUE, "%s%s.%zu", before, name, at + 1)))
            return 0;
    return 1;
}

int tl_result_choose(tl_result *r, tl_error *e)
{
    int fine = 1;
    for (int32_t i = 0; i < r->m->ntargets && fine; i++) {
        int32_t output = tl_predictor_of(r->m, i);
        if (output >= 0)
            fine = add_target(r, i, output);
        else
            fprintf(stderr, "%s: no output has the name and shape of the target %s: what there is is written as the "
                    "model gives it\n", r->m->name, r->c->column[tl_table_first(r->c, 1, i)].name);
    }
    for (int32_t i = 0; i < r->m->noutputs && fine; i++)
        fine = tl_predicted_by(r->m, i) >= 0 || add_own(r, i);
    return fine ? 0 : tl_fail(e, "out of memory");
}

void tl_result_free_columns(tl_result *r)
{
    for (size_t i = 0; i < r->n; i++)
        free(r->column[i].name);
    free(r->column);
    r->column = NULL;
    r->n = 0;
}

/* ---- who steps ---- */

int tl_result_open(tl_result *r, const tl_engine *engine, const tl_ensemble *of, tl_error *e)
{
    const size_t n = r->c->ncolumns;
    r->own = calloc(of->n * n + 1, sizeof *r->own); /* the checkpoints have more */
    r->value = calloc(n + 1, sizeof *r->value);
    r->low = calloc(n + 1, sizeof *r->low);
    r->high = calloc(n + 1, sizeof *r->high);
    r->sd = calloc(n + 1, sizeof *r->sd);
    if (!r->own || !r->value || !r->low || !r->high || !r->sd)
        return tl_fail(e, "out of memory");
    for (size_t k = 0; k < n; k++)
        r->value[k] = r->low[k] = r->high[k] = r->sd[k] = NAN;
    for (size_t k = 0; k < of->n * n; k++)
        r->own[k] = NAN;
    return tl_ensemble_steppers(&r->s, of, engine, e);
}

void tl_result_close(tl_result *r)
{
    double *owned[] = { r->own, r->value, r->low, r->high, r->sd };
    tl_ensemble_steppers_free(r->s, r->members);
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++)
        free(owned[i]);
}

/* ---- what is said ---- */

/* What a member says. */
static double said_by(const tl_result *r, const tl_result_column *w, const tl_stepper *s)
{
    const int32_t target = tl_predicted_by(r->m, w->output);
    if (target < 0)
        return tl_real_get(r->m->real, s->output[w->output], w->at);
    if (r->m->targets[target].vocab)
        return (double)tl_predicted_token(s, w->output, 0, NULL);
    const size_t at = w->at + r->shift;
    const double z = w->of ? tl_predicted_quantile(s, w->output, 0, at, w->quantile) : tl_predicted_value(s, w->output, 0, at);
    return z * r->c->sd[w->column] + r->c->mean[w->column];
}

static int is_token(const tl_result *r, const tl_result_column *w)
{
    const int32_t target = tl_predicted_by(r->m, w->output);
    return target >= 0 && r->m->targets[target].vocab;
}

/* Is read again, and drawn: of quantiles the median. */
static int is_middle(const tl_result *r, const tl_result_column *w)
{
    return w->column < r->c->ncolumns && (!w->of || w->quantile == tl_median_of(&r->m->outputs[w->output]));
}

/* A probability's interval ends at 0 and 1. */
static double within(const tl_result *r, const tl_result_column *w, double x)
{
    return r->m->outputs[w->output].scale != TL_SCALE_LOGIT ? x : fmin(fmax(x, 0), 1);
}

/* What is predicted: of all members the mean. Each keeps its own, to read it again. */
static double predict_value(tl_result *r, const tl_result_column *w)
{
    double x[TL_MOST_MEMBERS], sd;
    for (size_t i = 0; i < r->members; i++) {
        x[i] = said_by(r, w, &r->s[i]);
        if (is_middle(r, w))
            r->own[i * r->c->ncolumns + w->column] = x[i];
    }
    const double mean = is_token(r, w) ? (double)tl_mean_token(r->s, r->members, w->output, 0, NULL, NULL) : tl_spread(x, r->members, &sd);
    if (r->members == 1 || is_token(r, w) || !is_middle(r, w))
        return mean;
    r->sd[w->column] = sd;
    if (!w->of) {
        r->low[w->column] = within(r, w, mean - TL_SPREAD * sd);
        r->high[w->column] = within(r, w, mean + TL_SPREAD * sd);
    }
    return mean;
}

/* What was said last of a column of the table. */
static void note(tl_result *r, const tl_result_column *w, double x)
{
    if (w->column >= r->c->ncolumns)
        return;
    if (is_middle(r, w))
        r->value[w->column] = x;
    if (w->of > 1 && w->quantile == 0)
        r->low[w->column] = x;
    if (w->of > 1 && w->quantile == w->of - 1)
        r->high[w->column] = x;
}

double tl_result_value(tl_result *r, const tl_result_column *w)
{
    double probability, agree, x;
    switch (w->what) {
    case TL_RESULT_SD: return r->sd[w->column];
    case TL_RESULT_LOW: return r->low[w->column];
    case TL_RESULT_HIGH: return r->high[w->column];
    case TL_RESULT_VALUE:
        note(r, w, x = predict_value(r, w));
        return x;
    default: tl_mean_token(r->s, r->members, w->output, 0, &probability, &agree); return w->what == TL_RESULT_AGREE ? agree : probability;
    }
}
