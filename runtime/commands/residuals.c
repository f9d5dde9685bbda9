#include "residuals.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "report.h"

enum { FEWEST = 10, MOST_BOX_LAGS = 10 };

/* ---- the figures ---- */

static void find_moments(tl_residual *r, size_t steps)
{
    double squares = 0;
    for (size_t t = 0; t < steps; t++)
        if (!isnan(r->e[t])) {
            double apart = r->e[t] - r->mean;
            r->n++;
            r->mean += apart / (double)r->n;
            squares += apart * (r->e[t] - r->mean);
        }
    r->sd = sqrt(squares / (double)r->n);
}

/* The sum of products of residuals k apart, in sequences. */
static double products(const tl_residual *r, const size_t *begin, size_t sequences, size_t k)
{
    double sum = 0;
    for (size_t i = 0; i < sequences; i++)
        for (size_t t = begin[i]; t + k < begin[i + 1]; t++) {
            double both = (r->e[t] - r->mean) * (r->e[t + k] - r->mean);
            sum += isnan(both) ? 0 : both;
        }
    return sum;
}

/* exp(-x) sum over i < n of x^i / i! */
static double poisson_below(double x, size_t n)
{
    double term = exp(-x), sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += term;
        term *= x / (double)(i + 1);
    }
    return sum;
}

static void find_correlations(tl_residual *r, const size_t *begin, size_t sequences)
{
    const double n = (double)r->n, all = products(r, begin, sequences, 0);
    r->lags = r->n / 4 < TL_RESIDUAL_LAGS ? r->n / 4 : TL_RESIDUAL_LAGS;
    r->box_lags = r->n / 5 < MOST_BOX_LAGS ? r->n / 5 / 2 * 2 : MOST_BOX_LAGS;
    r->band = 1.96 / sqrt(n);
    for (size_t k = 1; k <= r->lags; k++) {
        r->r[k] = all > 0 ? products(r, begin, sequences, k) / all : 0;
        r->outside += fabs(r->r[k]) > r->band;
        r->q += k <= r->box_lags ? n * (n + 2) * r->r[k] * r->r[k] / (n - (double)k) : 0;
    }
    r->p = poisson_below(r->q / 2, r->box_lags / 2);
}

static int make(tl_residual *r, const tl_recorded *record, const size_t *begin, size_t sequences, tl_error *e)
{
    const tl_fit_target *t = &r->target;
    if (!(r->e = calloc(record->examples + 1, sizeof *r->e)))
        return tl_fail(e, "%s: no memory for %zu residuals", record->m->name, record->examples);
    for (size_t i = 0; i < record->examples; i++)
        r->e[i] = record->weight[i] > 0 ? t->sd * (tl_recorded_truth(record, i, t->field, t->at) -
                                                   tl_recorded_said(record, i, t->field)[t->at]) : (double)NAN;
    find_moments(r, record->examples);
    if (r->n < FEWEST)
        return tl_fail(e, "--residuals: %zu steps are scored, and too few to say whether what is left is noise; it takes %d", r->n,
                       FEWEST);
    find_correlations(r, begin, sequences);
    return 0;
}

int tl_residuals_new(tl_residuals *r, const tl_recorded *record, const tl_coding *c, const size_t *begin, size_t sequences,
                     tl_error *e)
{
    const size_t whole[] = { 0, record->examples };
    size_t n = 0;
    *r = (tl_residuals){ .coding = c, .steps = record->examples, .sequences = begin ? sequences : 0, .begin = begin };
    for (tl_fit_target t = { .field = -1 }; tl_fit_next(&t, record->m, c);)
        n++;
    if (!n)
        return tl_fail(e, "--residuals: %s has no target of real numbers that an output of its name and shape predicts",
                       record->m->name);
    if (!(r->target = calloc(n, sizeof *r->target)))
        return tl_fail(e, "%s: out of memory", record->m->name);
    for (tl_fit_target t = { .field = -1 }; tl_fit_next(&t, record->m, c);) {
        r->target[r->targets].target = t;
        if (make(&r->target[r->targets++], record, begin ? begin : whole, begin ? sequences : 1, e))
            return -1;
    }
    return 0;
}

void tl_residuals_free(tl_residuals *r)
{
    for (size_t i = 0; i < r->targets; i++)
        free(r->target[i].e);
    free(r->target);
    *r = (tl_residuals){ 0 };
}

/* ---- what is said ---- */

static size_t largest(const tl_residual *r)
{
    size_t most = 1;
    for (size_t k = 2; k <= r->lags; k++)
        most = fabs(r->r[k]) > fabs(r->r[most]) ? k : most;
    return most;
}

static void report_line(json_t *j, const tl_residual *r)
{
    char key[300], text[300];
    size_t most = largest(r);
    snprintf(key, sizeof key, "residuals of %.200s", r->target.name);
    snprintf(text, sizeof text, "mean %.6g, deviation %.6g; %zu of %zu autocorrelations beyond %.3g, the largest %.3g at lag %zu; "
             "Ljung-Box over %zu lags Q %.6g, p %.3g: %s", r->mean, r->sd, r->outside, r->lags, r->band, r->r[most], most, r->box_lags,
             r->q, r->p, r->p < 0.05 ? "what is left is not noise" : "nothing speaks against noise");
    tl_report_text(j, key, text);
}

static json_t *residual_json(const tl_residual *r)
{
    json_t *j = json_pack("{s:s}", "name", r->target.name), *list = json_array(), *box = json_object();
    tl_report_count(j, "steps", r->n);
    tl_report_number(j, "mean", r->mean);
    tl_report_number(j, "standard_deviation", r->sd);
    for (size_t k = 1; k <= r->lags; k++)
        json_array_append_new(list, json_real(r->r[k]));
    json_object_set_new(j, "autocorrelation", list);
    tl_report_number(j, "band", r->band);
    tl_report_count(j, "outside", r->outside);
    tl_report_count(box, "lags", r->box_lags);
    tl_report_number(box, "q", r->q);
    tl_report_number(box, "p", r->p);
    json_object_set_new(j, "ljung_box", box);
    return j;
}

void tl_residuals_report(json_t *j, const tl_residuals *r, int json)
{
    json_t *list = json ? json_array() : NULL;
    for (size_t i = 0; i < r->targets; i++)
        if (json)
            json_array_append_new(list, residual_json(&r->target[i]));
        else
            report_line(j, &r->target[i]);
    if (json)
        json_object_set_new(j, "residuals", list);
}
