#include "recorded.h"

#include <math.h>
#include <stdlib.h>

#include "prediction.h"
#include "real.h"

/* quantiles: of each element, or 0. */
static size_t numbers_of(const tl_tensor *t, size_t quantiles, int classes)
{
    return !t->vocab ? tl_size(t) * (1 + quantiles) : classes ? TL_SAID_CLASSES + (size_t)t->vocab : TL_SAID_CLASSES;
}

static void lay_out(tl_recorded *r, int32_t most)
{
    for (int32_t i = 0; i < r->m->ntargets; i++) {
        const tl_tensor *t = &r->m->targets[i];
        r->output[i] = tl_predictor_of(r->m, i);
        r->at[i] = r->width;
        r->classes[i] = t->vocab && t->vocab <= most;
        r->width += r->output[i] < 0 ? 0 : numbers_of(t, tl_quantiles(&r->m->outputs[r->output[i]]), r->classes[i]);
    }
}

static int allocate(tl_recorded *r, int32_t most)
{
    size_t n = (size_t)r->m->ntargets + 1, all;
    r->output = calloc(n, sizeof *r->output);
    r->at = calloc(n, sizeof *r->at);
    r->classes = calloc(n, sizeof *r->classes);
    if (!r->output || !r->at || !r->classes)
        return 0;
    lay_out(r, most);
    if (__builtin_mul_overflow(r->examples, r->width, &all))
        return 0;
    r->weight = calloc(r->examples + 1, sizeof *r->weight);
    r->said = calloc(all + 1, sizeof *r->said);
    return r->weight && r->said;
}

int tl_recorded_new(tl_recorded *r, const tl_model *m, const tl_series *s, int32_t classes, tl_error *e)
{
    *r = (tl_recorded){ .m = m, .of = s->of, .examples = s->of ? s->of->rows * s->of->lanes : 0 };
    if (allocate(r, classes))
        return 0;
    size_t examples = r->examples;
    tl_recorded_free(r);
    return tl_fail(e, "%s: no memory for what is said at %zu steps", m->name, examples);
}

void tl_recorded_free(tl_recorded *r)
{
    free(r->output);
    free(r->at);
    free(r->classes);
    free(r->weight);
    free(r->said);
    *r = (tl_recorded){ 0 };
}

static double score_of(const tl_recorded *r, const tl_stepper *s, int32_t output, size_t lane, size_t k)
{
    return tl_real_get(r->m->real, s->output[output], lane * tl_size(&r->m->outputs[output]) + k);
}

static void add_token(const tl_recorded *r, const tl_stepper *s, int32_t target, size_t lane, size_t truth, double *to)
{
    const int32_t output = r->output[target];
    const size_t n = (size_t)r->m->targets[target].vocab;
    double chance, before = 0;
    size_t best = tl_predicted_token(s, output, lane, &chance);
    double mine = score_of(r, s, output, lane, truth), most = score_of(r, s, output, lane, best);
    for (size_t k = 0; k < n; k++) {
        double y = score_of(r, s, output, lane, k);
        before += y > mine || (y == mine && k < truth);
        if (r->classes[target])
            to[TL_SAID_CLASSES + k] = exp(y - most) * chance;
    }
    to[TL_SAID_TOKEN] = (double)best;
    to[TL_SAID_RANK] = before;
    to[TL_SAID_LOG] = mine - most + log(chance);
}

static void add_numbers(const tl_recorded *r, const tl_stepper *s, int32_t target, size_t lane, double *to)
{
    const int32_t output = r->output[target];
    const size_t n = tl_size(&r->m->targets[target]), quantiles = tl_quantiles(&r->m->outputs[output]);
    for (size_t at = 0; at < n; at++) {
        to[at] = tl_predicted_value(s, output, lane, at);
        for (size_t k = 0; k < quantiles; k++)
            to[n + at * quantiles + k] = tl_predicted_quantile(s, output, lane, at, k);
    }
}

void tl_recorded_add(tl_recorded *r, const tl_stepper *s, size_t lane, size_t example, double w)
{
    r->weight[example] = w;
    for (int32_t i = 0; i < r->m->ntargets; i++) {
        double *to = r->said + example * r->width + r->at[i];
        if (r->output[i] < 0)
            continue;
        if (r->m->targets[i].vocab)
            add_token(r, s, i, lane, (size_t)((const int32_t *)s->target[i])[lane], to);
        else
            add_numbers(r, s, i, lane, to);
    }
}

double tl_recorded_truth(const tl_recorded *r, size_t example, int32_t target, size_t element)
{
    const tl_tensor *t = &r->m->targets[target];
    return t->vocab ? ((const int32_t *)r->of->target[target])[example]
                    : tl_real_get(r->m->real, r->of->target[target], example * tl_size(t) + element);
}

/* ---- several members ---- */

void tl_recorded_join(tl_recorded *mean, double *apart, const tl_recorded *member, size_t k)
{
    for (size_t i = 0; i < mean->examples; i++) {
        double *to = mean->said + i * mean->width, *far = apart + i * mean->width;
        mean->weight[i] = member->weight[i];
        for (size_t n = 0; n < mean->width && mean->weight[i] != 0; n++) {
            double x = member->said[i * mean->width + n], d = x - to[n];
            to[n] += d / (double)(k + 1);
            far[n] += d * (x - to[n]);
        }
    }
}

/* By the probabilities, as add_token by the scores. */
static void settle_token(double *said, size_t n, size_t truth)
{
    const double *chance = said + TL_SAID_CLASSES;
    double before = 0;
    size_t best = 0;
    for (size_t k = 0; k < n; k++) {
        best = chance[k] > chance[best] ? k : best;
        before += chance[k] > chance[truth] || (chance[k] == chance[truth] && k < truth);
    }
    said[TL_SAID_TOKEN] = (double)best;
    said[TL_SAID_RANK] = before;
    said[TL_SAID_LOG] = log(chance[truth] > 1e-300 ? chance[truth] : 1e-300);
}

void tl_recorded_settle(tl_recorded *r, int32_t classes)
{
    for (int32_t i = 0; i < r->m->ntargets; i++) {
        const int32_t vocab = r->m->targets[i].vocab;
        for (size_t k = 0; k < r->examples && vocab && r->output[i] >= 0; k++)
            if (r->weight[k] != 0)
                settle_token(r->said + k * r->width + r->at[i], (size_t)vocab, (size_t)tl_recorded_truth(r, k, i, 0));
        r->classes[i] = vocab && vocab <= classes;
    }
}

static void note_step(const tl_recorded *r, tl_deviations *d, size_t example)
{
    const double w = r->weight[example];
    size_t k = 0;
    for (int32_t i = 0; i < r->m->ntargets; k += tl_size(&r->m->targets[i++])) {
        const double *said = tl_recorded_said(r, example, i);
        if (r->output[i] < 0)
            continue;
        if (r->m->targets[i].vocab)
            d->squares[k] += said[TL_SAID_TOKEN] == tl_recorded_truth(r, example, i, 0) ? w : 0;
        for (size_t at = 0; at < tl_size(&r->m->targets[i]) && !r->m->targets[i].vocab; at++)
            tl_deviations_note(d, k + at, w, tl_recorded_truth(r, example, i, at), said[at]);
    }
    d->weight += w;
}

void tl_recorded_deviations(const tl_recorded *r, tl_deviations *d)
{
    for (size_t i = 0; i < r->examples; i++)
        if (r->weight[i] > 0)
            note_step(r, d, i);
}
