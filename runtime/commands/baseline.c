#include "baseline.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "blas.h"
#include "buffers.h"
#include "fit.h"
#include "real.h"
#include "report.h"

enum { MOST = 128 }; /* numbers that a linear forecast is made of */

/* A walk over a series that knows the last targets of each lane. */
typedef struct Walk {
    const tl_model *m;
    const tl_series *s;
    size_t lanes, targets, inputs, depth, past; /* numbers of one lane's step; steps that are remembered; of the linear forecast */
    int64_t lag, skip;
    void **input, **target, *mask, *counts, *reset;
    double *history;  /* [lanes][depth][targets], a ring */
    int64_t *since;   /* [lanes] steps of the sequence so far */
    /* Of the lane and step at hand: */
    double weight;
    double *now;      /* [targets] */
    double *feature;  /* [inputs + past * targets + 1]; NULL: no linear forecast */
    size_t features;
} Walk;

static size_t reals_of(const tl_tensor *t, int32_t n)
{
    size_t all = 0;
    for (int32_t i = 0; i < n; i++)
        all += t[i].vocab ? 0 : tl_size(&t[i]);
    return all;
}

/* The real numbers of a lane's fields, one after the other. */
static void read_fields(const Walk *w, void *const *from, const tl_tensor *t, int32_t n, size_t lane, double *to)
{
    for (int32_t i = 0; i < n; i++)
        for (size_t e = 0, size = tl_size(&t[i]); !t[i].vocab && e < size; e++)
            *to++ = tl_real_get(w->m->real, from[i], lane * size + e);
}

/* The targets of `back` steps ago. */
static double *remembered(const Walk *w, size_t lane, int64_t back)
{
    return w->history + (lane * w->depth + (size_t)((w->since[lane] - back) % (int64_t)w->depth)) * w->targets;
}

static int has_past(const Walk *w, size_t lane, size_t steps) { return w->since[lane] >= w->lag + (int64_t)steps - 1; }

static void make_features(Walk *w, size_t lane)
{
    double *to = w->feature;
    read_fields(w, w->input, w->m->inputs, w->m->ninputs, lane, to);
    to += w->inputs;
    for (size_t k = 0; k < w->past; k++, to += w->targets)
        memcpy(to, remembered(w, lane, w->lag + (int64_t)k), w->targets * sizeof *to);
    *to = 1;
}

static void walk_lane(Walk *w, size_t lane, void (*look)(Walk *, size_t lane, void *), void *context)
{
    const tl_type real = w->m->real;
    if (tl_real_get(real, w->reset, lane) != 0)
        w->since[lane] = 0;
    if (tl_real_get(real, w->mask, lane) == 0)
        return;
    read_fields(w, w->target, w->m->targets, w->m->ntargets, lane, w->now);
    w->weight = w->since[lane] < w->skip ? 0 : tl_real_get(real, w->mask, lane) * tl_real_get(real, w->counts, lane);
    if (w->weight > 0) {
        if (w->feature && has_past(w, lane, w->past))
            make_features(w, lane);
        look(w, lane, context);
    }
    memcpy(remembered(w, lane, 0), w->now, w->targets * sizeof *w->now);
    w->since[lane]++;
}

static void walk(Walk *w, void (*look)(Walk *, size_t lane, void *), void *context)
{
    memset(w->since, 0, w->lanes * sizeof *w->since);
    for (size_t t = 0; t < w->s->steps; t++) {
        tl_series_gather(w->s, t, 1, 0, w->input, w->target, w->mask, w->counts, w->reset);
        for (size_t lane = 0; lane < w->lanes; lane++)
            walk_lane(w, lane, look, context);
    }
}

static int walk_new(Walk *w, tl_error *e)
{
    const tl_model *m = w->m;
    const size_t real = tl_real_size(m->real);
    w->lanes = w->s->lanes;
    w->inputs = reals_of(m->inputs, m->ninputs);
    w->targets = reals_of(m->targets, m->ntargets);
    w->past = TL_BASELINE_LAGS;
    w->depth = (size_t)w->lag + w->past;
    w->features = w->inputs + w->past * w->targets + 1;
    w->mask = tl_aligned(w->lanes * real);
    w->counts = tl_aligned(w->lanes * real);
    w->reset = tl_aligned(w->lanes * real);
    w->since = calloc(w->lanes, sizeof *w->since);
    w->now = calloc(w->targets + 1, sizeof *w->now);
    w->history = calloc(w->lanes * w->depth * w->targets + 1, sizeof *w->history);
    w->feature = w->features <= MOST ? calloc(w->features, sizeof *w->feature) : NULL;
    if (w->mask && w->counts && w->reset && w->since && w->now && w->history && (w->feature || w->features > MOST) &&
        tl_arrays_new(&w->input, m->inputs, m->ninputs, w->lanes) && tl_arrays_new(&w->target, m->targets, m->ntargets, w->lanes))
        return 0;
    return tl_fail(e, "%s: no memory for the baselines of %zu lanes", m->name, w->lanes);
}

static void walk_free(Walk *w)
{
    void *owned[] = { w->mask, w->counts, w->reset, w->since, w->now, w->history, w->feature };
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++)
        free(owned[i]);
    tl_arrays_free(w->input, w->m->ninputs);
    tl_arrays_free(w->target, w->m->ntargets);
}

/* ---- sums ---- */

typedef struct Sums {
    double *mean;      /* [targets] */
    double weight;
    double *matrix;    /* [features][features] sum of w f f', row-major; then its Cholesky factor */
    double *right;     /* [targets][features] sum of w f y; then the coefficients */
    double *persistence, *linear; /* [targets] sums of w e^2 */
} Sums;

static void add_sums(Walk *w, size_t lane, void *context)
{
    Sums *s = context;
    s->weight += w->weight;
    for (size_t i = 0; i < w->targets; i++)
        s->mean[i] += (w->now[i] - s->mean[i]) * (w->weight / s->weight);
    if (!w->feature || !has_past(w, lane, w->past))
        return;
    for (size_t i = 0; i < w->features; i++)
        for (size_t k = 0; k <= i; k++)
            s->matrix[i * w->features + k] += w->weight * w->feature[i] * w->feature[k];
    for (size_t i = 0; i < w->targets; i++)
        for (size_t k = 0; k < w->features; k++)
            s->right[i * w->features + k] += w->weight * w->now[i] * w->feature[k];
}

static double dot(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

static void add_errors(Walk *w, size_t lane, void *context)
{
    Sums *s = context;
    const double *last = has_past(w, lane, 1) ? remembered(w, lane, w->lag) : s->mean;
    for (size_t i = 0; i < w->targets; i++) {
        const double off = w->now[i] - last[i];
        s->persistence[i] += w->weight * off * off;
        if (!w->feature)
            continue;
        const double made = has_past(w, lane, w->past) ? dot(w->feature, s->right + i * w->features, w->features) : s->mean[i];
        s->linear[i] += w->weight * (w->now[i] - made) * (w->now[i] - made);
    }
}

/* Least squares; what is as good as dependent is settled by a ridge of 1e-9 of the mean of the diagonal. */
static int solve(const Walk *w, Sums *s)
{
    const int n = (int)w->features, columns = (int)w->targets;
    double trace = 0;
    int info = 0;
    for (int i = 0; i < n; i++)
        trace += s->matrix[i * n + i];
    for (int i = 0; i < n; i++)
        s->matrix[i * n + i] += 1e-9 * trace / n;
    if (!(trace > 0))
        return 0;
    tl_dpotrf("U", &n, s->matrix, &n, &info); /* the lower triangle by rows is the upper one by columns */
    if (!info)
        tl_dpotrs("U", &n, &columns, s->matrix, &n, s->right, &n, &info);
    return info == 0;
}

static int sums_new(Sums *s, const Walk *w, tl_error *e)
{
    const size_t n = w->feature ? w->features : 0, k = w->targets + 1;
    *s = (Sums){ .mean = calloc(k, sizeof(double)), .matrix = calloc(n * n + 1, sizeof(double)),
                 .right = calloc(n * k + 1, sizeof(double)), .persistence = calloc(k, sizeof(double)), .linear = calloc(k, sizeof(double)) };
    if (s->mean && s->matrix && s->right && s->persistence && s->linear)
        return 0;
    return tl_fail(e, "%s: no memory for baselines of %zu numbers", w->m->name, n);
}

static void sums_free(Sums *s)
{
    double *owned[] = { s->mean, s->matrix, s->right, s->persistence, s->linear };
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++)
        free(owned[i]);
}

/* From the real targets, one after the other, to where all elements are counted. */
static void spread_out(const tl_model *m, const double *from, double *to)
{
    size_t at = 0;
    for (int32_t i = 0; i < m->ntargets; i++)
        for (size_t e = 0; e < tl_size(&m->targets[i]); e++, at++)
            to[at] = m->targets[i].vocab ? NAN : *from++;
}

static int fill(tl_baselines *b, Walk *w, tl_error *e)
{
    Sums s;
    if (sums_new(&s, w, e)) {
        sums_free(&s);
        return -1;
    }
    walk(w, add_sums, &s);
    if (w->feature && !solve(w, &s)) {
        free(w->feature);
        w->feature = NULL;
    }
    walk(w, add_errors, &s);
    spread_out(w->m, s.persistence, b->persistence);
    spread_out(w->m, s.linear, b->linear);
    b->weight = s.weight;
    b->lags = w->feature ? (int)w->past : 0;
    sums_free(&s);
    return 0;
}

int tl_baselines_new(tl_baselines *b, const tl_model *m, const tl_series *s, int64_t lag, int64_t skip, tl_error *e)
{
    Walk w = { .m = m, .s = s, .lag = lag, .skip = skip };
    *b = (tl_baselines){ 0 };
    for (int32_t i = 0; i < m->ntargets; i++)
        b->count += tl_size(&m->targets[i]);
    b->persistence = calloc(b->count + 1, sizeof *b->persistence);
    b->linear = calloc(b->count + 1, sizeof *b->linear);
    int bad = !b->persistence || !b->linear ? tl_fail(e, "%s: no memory for baselines", m->name)
              : tl_blas_load(e) || walk_new(&w, e) || fill(b, &w, e);
    walk_free(&w);
    if (bad)
        tl_baselines_free(b);
    return bad;
}

void tl_baselines_free(tl_baselines *b)
{
    free(b->persistence);
    free(b->linear);
    *b = (tl_baselines){ 0 };
}

/* ---- what is said ---- */

static void report_line(json_t *j, const tl_fit_target *t, double persistence, double linear, double r2, int lags)
{
    char key[sizeof t->name + 32], text[160];
    snprintf(key, sizeof key, "baselines of %s", t->name);
    int n = snprintf(text, sizeof text, "R2 %.4g; RMS of persistence %.6g", r2, persistence);
    if (lags)
        snprintf(text + n, sizeof text - (size_t)n, ", of a linear forecast %.6g", linear);
    tl_report_text(j, key, text);
}

void tl_baselines_report(json_t *j, const tl_baselines *b, const tl_model *m, const tl_coding *c, const tl_deviations *d, int json)
{
    tl_fit_target t = { .field = -1 };
    json_t *list = json ? json_array() : NULL;
    while (tl_fit_next(&t, m, c)) {
        const double persistence = t.sd * sqrt(b->persistence[t.element] / b->weight), linear = t.sd * sqrt(b->linear[t.element] / b->weight);
        const double r2 = 1 - d->squares[t.element] / d->spread[t.element];
        if (!json) {
            report_line(j, &t, persistence, linear, r2, b->lags);
            continue;
        }
        json_t *one = json_pack("{s:s}", "name", t.name);
        tl_report_number(one, "r2", r2);
        tl_report_number(one, "persistence", persistence);
        tl_report_number(one, "linear", b->lags ? linear : NAN);
        json_array_append_new(list, one);
    }
    if (json)
        json_object_set_new(j, "baselines", list);
}
