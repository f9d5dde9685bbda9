#include "prediction.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "real.h"

/* ---- which output is for which target ---- */

size_t tl_quantiles(const tl_tensor *o)
{
    size_t n = 1;
    if (o->scale != TL_SCALE_QUANTILE)
        return 0;
    while (n < tl_size(o) && o->values[n] > o->values[n - 1])
        n++;
    return n;
}

static int fits(const tl_tensor *output, const tl_tensor *target)
{
    if (tl_quantiles(output))
        return !target->vocab && tl_size(output) == tl_quantiles(output) * tl_size(target);
    return tl_size(output) == (target->vocab ? (size_t)target->vocab : tl_size(target));
}

static int are_named_alike(const tl_model *m, const tl_tensor *output, const tl_tensor *target)
{
    int alone = m->noutputs == 1 && m->ntargets == 1 && (!output->name[0] || !target->name[0]);
    return alone || strcmp(output->name, target->name) == 0;
}

static int predicts(const tl_model *m, int32_t output, int32_t target)
{
    const tl_tensor *o = &m->outputs[output], *t = &m->targets[target];
    return are_named_alike(m, o, t) && fits(o, t);
}

int32_t tl_predictor_of(const tl_model *m, int32_t target)
{
    int32_t i = m->noutputs - 1;
    while (i >= 0 && !predicts(m, i, target))
        i--;
    return i;
}

int32_t tl_predicted_by(const tl_model *m, int32_t output)
{
    int32_t i = m->ntargets - 1;
    while (i >= 0 && !predicts(m, output, i))
        i--;
    return i;
}

/* ---- what it says ---- */

static double raw(const tl_stepper *s, int32_t output, size_t lane, size_t at)
{
    const tl_model *m = s->engine->model;
    return tl_real_get(m->real, s->output[output], lane * tl_size(&m->outputs[output]) + at);
}

double tl_predicted_quantile(const tl_stepper *s, int32_t output, size_t lane, size_t at, size_t k)
{
    return raw(s, output, lane, at * tl_quantiles(&s->engine->model->outputs[output]) + k);
}

size_t tl_median_of(const tl_tensor *output)
{
    size_t best = 0;
    for (size_t k = 1; k < tl_quantiles(output); k++)
        if (fabs(output->values[k] - 0.5) < fabs(output->values[best] - 0.5))
            best = k;
    return best;
}

double tl_predicted_value(const tl_stepper *s, int32_t output, size_t lane, size_t at)
{
    const tl_tensor *t = &s->engine->model->outputs[output];
    if (t->scale == TL_SCALE_QUANTILE)
        return tl_predicted_quantile(s, output, lane, at, tl_median_of(t));
    double y = raw(s, output, lane, at);
    return t->scale == TL_SCALE_LOGIT ? 1 / (1 + exp(-y)) : y;
}

size_t tl_predicted_token(const tl_stepper *s, int32_t output, size_t lane, double *probability)
{
    size_t best = 0, n = tl_size(&s->engine->model->outputs[output]);
    double sum = 0;
    for (size_t i = 1; i < n; i++)
        if (raw(s, output, lane, i) > raw(s, output, lane, best))
            best = i;
    for (size_t i = 0; i < n && probability; i++)
        sum += exp(raw(s, output, lane, i) - raw(s, output, lane, best));
    if (probability)
        *probability = 1 / sum;
    return best;
}

/* ---- how far it is off ---- */

int tl_deviations_new(tl_deviations *d, const tl_model *m, tl_error *e)
{
    *d = (tl_deviations){ .m = m, .output = calloc((size_t)m->ntargets + 1, sizeof *d->output) };
    for (int32_t i = 0; i < m->ntargets; i++) {
        d->count += tl_size(&m->targets[i]);
        if (d->output)
            d->output[i] = tl_predictor_of(m, i);
    }
    d->squares = calloc(d->count + 1, sizeof *d->squares);
    d->magnitudes = calloc(d->count + 1, sizeof *d->magnitudes);
    d->mean = calloc(d->count + 1, sizeof *d->mean);
    d->spread = calloc(d->count + 1, sizeof *d->spread);
    if (d->output && d->squares && d->magnitudes && d->mean && d->spread)
        return 0;
    tl_deviations_free(d);
    return tl_fail(e, "%s: no memory for the errors of %zu targets", m->name, d->count);
}

void tl_deviations_free(tl_deviations *d)
{
    free(d->output);
    free(d->squares);
    free(d->magnitudes);
    free(d->mean);
    free(d->spread);
    *d = (tl_deviations){ 0 };
}

void tl_deviations_clear(tl_deviations *d)
{
    for (size_t k = 0; k < d->count; k++)
        d->squares[k] = d->magnitudes[k] = d->mean[k] = d->spread[k] = 0;
    d->weight = 0;
}

/* Into the moments of element k those of others of weight w > 0, by the differences of the means: a sum of squares
 * of targets far from 0 would have no digits left (T. Chan, G. Golub & R. LeVeque, 1979). d->weight is still
 * without w. */
static void join_moments(tl_deviations *d, size_t k, double w, double mean, double spread)
{
    double all = d->weight + w, apart = mean - d->mean[k];
    if (!(w > 0))
        return;
    d->mean[k] += apart * (w / all);
    d->spread[k] += spread + apart * apart * (d->weight * w / all);
}

void tl_deviations_join(tl_deviations *d, const tl_deviations *more)
{
    for (size_t k = 0; k < d->count; k++) {
        d->squares[k] += more->squares[k];
        d->magnitudes[k] += more->magnitudes[k];
        join_moments(d, k, more->weight, more->mean[k], more->spread[k]);
    }
    d->weight += more->weight;
}

static size_t token_at(const tl_stepper *s, int32_t target, size_t lane)
{
    return (size_t)((const int32_t *)s->target[target])[lane];
}

void tl_deviations_note(tl_deviations *d, size_t k, double w, double is, double said)
{
    double off = said - is;
    d->squares[k] += w * off * off;
    d->magnitudes[k] += w * fabs(off);
    join_moments(d, k, w, is, 0);
}

void tl_deviations_add(tl_deviations *d, const tl_stepper *s, size_t lane, double w)
{
    const tl_model *m = d->m;
    size_t k = 0;
    for (int32_t i = 0; i < m->ntargets; i++) {
        const tl_tensor *t = &m->targets[i];
        size_t n = tl_size(t);
        int32_t output = d->output[i];
        if (output >= 0 && t->vocab)
            d->squares[k] += tl_predicted_token(s, output, lane, NULL) == token_at(s, i, lane) ? w : 0;
        for (size_t at = 0; at < n && output >= 0 && !t->vocab; at++)
            tl_deviations_note(d, k + at, w, tl_real_get(m->real, s->target[i], lane * n + at),
                               tl_predicted_value(s, output, lane, at));
        k += n;
    }
    d->weight += w;
}
