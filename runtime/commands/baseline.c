#include "baseline.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "blas.h"
#include "buffers.h"
#include "grid.h"
#include "real.h"
#include "report.h"

enum { MOST = 128 }; /* numbers that a linear forecast is made of */

/* A walk over a series that knows the last targets of each lane. */
typedef struct Walk {
    const tl_model *m;
    const tl_series *s;
    size_t lanes, targets, inputs, depth, past; /* numbers of one lane's step; steps that are remembered; of the linear forecast */
    int64_t lag, season, skip; /* season: its length, or 0 */
    size_t each; /* targets that follow each other are of so many rows ahead of one column, of which a step knows the first */
    void **input, **target, *mask, *counts, *reset;
    double *history;  /* [lanes][depth][targets], a ring */
    int64_t *since;   /* [lanes] steps of the sequence so far */
    int64_t *known;   /* [lanes] of these, since the first that counts: what stands as the targets before is made up (padding.h) */
    /* Of the lane and step at hand: */
    size_t example;
    double weight;
    double *now;      /* [targets] */
    double *made;     /* [targets] */
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

static int has_past(const Walk *w, size_t lane, size_t steps) { return w->known[lane] >= w->lag + (int64_t)steps - 1; }

static void make_features(Walk *w, size_t lane)
{
    double *to = w->feature;
    read_fields(w, w->input, w->m->inputs, w->m->ninputs, lane, to);
    to += w->inputs;
    for (size_t k = 0; k < w->past; k++)
        for (size_t i = 0; i < w->targets; i += w->each)
            *to++ = remembered(w, lane, w->lag + (int64_t)k)[i];
    *to = 1;
}

static void walk_lane(Walk *w, size_t t, size_t lane, void (*look)(Walk *, size_t lane, void *), void *context)
{
    const tl_type real = w->m->real;
    if (tl_real_get(real, w->reset, lane) != 0)
        w->since[lane] = w->known[lane] = 0;
    if (tl_real_get(real, w->mask, lane) == 0)
        return;
    read_fields(w, w->target, w->m->targets, w->m->ntargets, lane, w->now);
    w->weight = w->since[lane] < w->skip ? 0 : tl_real_get(real, w->mask, lane) * tl_real_get(real, w->counts, lane);
    if (w->weight > 0) {
        w->example = w->s->start + t * w->s->step_stride + lane * w->s->lane_stride;
        if (w->feature && has_past(w, lane, w->past))
            make_features(w, lane);
        look(w, lane, context);
    }
    memcpy(remembered(w, lane, 0), w->now, w->targets * sizeof *w->now);
    w->since[lane]++;
    w->known[lane] += w->known[lane] || tl_real_get(real, w->counts, lane) > 0;
}

static void walk(Walk *w, void (*look)(Walk *, size_t lane, void *), void *context)
{
    memset(w->since, 0, w->lanes * sizeof *w->since);
    memset(w->known, 0, w->lanes * sizeof *w->known);
    for (size_t t = 0; t < w->s->steps; t++) {
        tl_series_gather(w->s, t, 1, 0, w->input, w->target, w->mask, w->counts, w->reset);
        for (size_t lane = 0; lane < w->lanes; lane++)
            walk_lane(w, t, lane, look, context);
    }
}

static int walk_new(Walk *w, tl_error *e)
{
    const tl_model *m = w->m;
    size_t room;
    const size_t real = tl_real_size(m->real);
    w->lanes = w->s->lanes;
    w->inputs = reals_of(m->inputs, m->ninputs);
    w->targets = reals_of(m->targets, m->ntargets);
    w->past = TL_BASELINE_LAGS;
    w->depth = (size_t)w->lag + (w->past > (size_t)w->season ? w->past : (size_t)w->season);
    w->features = w->inputs + w->past * (w->targets / w->each) + 1;
    if (__builtin_mul_overflow(w->lanes * w->depth, w->targets + 1, &room)) /* lag and season are at most 2^31 */
        return tl_fail(e, "%s: no memory for the baselines of %zu lanes", m->name, w->lanes);
    w->mask = tl_aligned(w->lanes * real);
    w->counts = tl_aligned(w->lanes * real);
    w->reset = tl_aligned(w->lanes * real);
    w->since = calloc(w->lanes, sizeof *w->since);
    w->known = calloc(w->lanes, sizeof *w->known);
    w->now = calloc(w->targets + 1, sizeof *w->now);
    w->made = calloc(w->targets + 1, sizeof *w->made);
    w->history = calloc(room, sizeof *w->history);
    w->feature = w->features <= MOST ? calloc(w->features, sizeof *w->feature) : NULL;
    if (w->mask && w->counts && w->reset && w->since && w->known && w->now && w->made && w->history && (w->feature || w->features > MOST) &&
        tl_arrays_new(&w->input, m->inputs, m->ninputs, w->lanes) && tl_arrays_new(&w->target, m->targets, m->ntargets, w->lanes))
        return 0;
    return tl_fail(e, "%s: no memory for the baselines of %zu lanes", m->name, w->lanes);
}

static void walk_free(Walk *w)
{
    void *owned[] = { w->mask, w->counts, w->reset, w->since, w->known, w->now, w->made, w->history, w->feature };
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++)
        free(owned[i]);
    tl_arrays_free(w->input, w->m->ninputs);
    tl_arrays_free(w->target, w->m->ntargets);
}

/* ---- the linear forecast ---- */

typedef struct Sums {
    double *mean;      /* [targets] */
    double weight;
    double *matrix;    /* [features][features] sum of w f f', row-major; then its Cholesky factor */
    double *right;     /* [targets][features] sum of w f y; then the coefficients */
    int solved;
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
                 .right = calloc(n * k + 1, sizeof(double)) };
    if (s->mean && s->matrix && s->right)
        return 0;
    return tl_fail(e, "%s: no memory for baselines of %zu numbers", w->m->name, n);
}

static void sums_free(Sums *s)
{
    free(s->mean);
    free(s->matrix);
    free(s->right);
}

static int fit(Sums *s, const tl_model *m, const tl_baseline_task *task, tl_error *e)
{
    Walk w = { .m = m, .s = task->fit, .lag = task->lag, .each = task->each, .skip = task->fit_skip };
    int bad = walk_new(&w, e) || sums_new(s, &w, e);
    if (!bad) {
        walk(&w, add_sums, s);
        s->solved = w.feature && solve(&w, s);
    }
    if (!bad && !(s->weight > 0))
        bad = tl_fail(e, "--baselines: nothing counts in %s, which they are fitted on", task->fitted_on);
    walk_free(&w);
    return bad;
}

/* ---- the forecasts ---- */

typedef struct Forecasts {
    tl_baselines *b;
    const Sums *s;
} Forecasts;

static double dot(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

/* From the real targets, one after the other, to where all elements are counted. */
static void put(const Walk *w, tl_baselines *b, tl_baseline kind, const double *from)
{
    double *to = b->forecast[kind] + w->example * b->count;
    for (int32_t i = 0; i < w->m->ntargets; i++)
        for (size_t e = 0; e < tl_size(&w->m->targets[i]); e++, to++)
            if (!w->m->targets[i].vocab)
                *to = *from++;
}

/* Steps back to the one whose first row of the column is at the same place of the season as target i, and known. */
static int64_t season_back(const Walk *w, size_t i)
{
    const int64_t shift = (int64_t)(i % w->each);
    return (w->lag + shift + w->season - 1) / w->season * w->season - shift;
}

static void forecast(Walk *w, size_t lane, void *context)
{
    const Forecasts *f = context;
    const double *mean = f->s->mean;
    for (size_t i = 0; i < w->targets; i++)
        w->made[i] = has_past(w, lane, 1) ? remembered(w, lane, w->lag)[i - i % w->each] : mean[i];
    put(w, f->b, TL_PERSISTENCE, w->made);
    for (size_t i = 0; i < w->targets && w->season; i++) {
        const int64_t back = season_back(w, i);
        w->made[i] = w->known[lane] >= back ? remembered(w, lane, back)[i - i % w->each] : mean[i];
    }
    if (w->season)
        put(w, f->b, TL_SEASONAL, w->made);
    if (!f->s->solved)
        return;
    for (size_t i = 0; i < w->targets && w->feature; i++)
        w->made[i] = has_past(w, lane, w->past) ? dot(w->feature, f->s->right + i * w->features, w->features) : mean[i];
    put(w, f->b, TL_LINEAR, w->made);
}

static int follow(tl_baselines *b, const tl_model *m, const tl_baseline_task *task, const Sums *s, tl_error *e)
{
    Walk w = { .m = m, .s = task->scored, .lag = task->lag, .season = task->season, .each = task->each, .skip = task->skip };
    Forecasts f = { b, s };
    int bad = walk_new(&w, e);
    if (!bad)
        walk(&w, forecast, &f);
    walk_free(&w);
    return bad;
}

static int allocate(tl_baselines *b, const tl_model *m, const tl_series *s, int linear, tl_error *e)
{
    size_t examples = s->of ? s->of->rows * s->of->lanes : 0, all;
    for (int32_t i = 0; i < m->ntargets; i++)
        b->count += tl_size(&m->targets[i]);
    if (__builtin_mul_overflow(examples, b->count, &all))
        return tl_fail(e, "%s: no memory for the baselines of %zu steps", m->name, examples);
    for (int kind = 0; kind < TL_BASELINES; kind++) {
        if ((kind == TL_SEASONAL && !b->season) || (kind == TL_LINEAR && !linear))
            continue;
        if (!(b->forecast[kind] = calloc(all + 1, sizeof(double))))
            return tl_fail(e, "%s: no memory for the baselines of %zu steps", m->name, examples);
        for (size_t i = 0; i < all; i++)
            b->forecast[kind][i] = NAN;
    }
    return 0;
}

int tl_baselines_new(tl_baselines *b, const tl_model *m, const tl_baseline_task *task, tl_error *e)
{
    Sums s = { 0 };
    int64_t seasons = task->season ? (task->lag + task->season - 1) / task->season : 0;
    *b = (tl_baselines){ .lag = task->lag, .season = seasons * task->season, .fitted_on = task->fitted_on };
    int bad = tl_blas_load(e) || fit(&s, m, task, e) || allocate(b, m, task->scored, s.solved, e) || follow(b, m, task, &s, e);
    sums_free(&s);
    if (bad)
        tl_baselines_free(b);
    return bad;
}

void tl_baselines_free(tl_baselines *b)
{
    for (int kind = 0; kind < TL_BASELINES; kind++)
        free(b->forecast[kind]);
    *b = (tl_baselines){ 0 };
}

/* ---- what is said ---- */

tl_measure tl_measure_of(const tl_recorded *r, const tl_fit_target *t, const double *forecast, size_t count, size_t from,
                         size_t to)
{
    tl_measure all = { 0 };
    for (size_t i = from; i < to; i++) {
        if (!(r->weight[i] > 0))
            continue;
        double said = forecast ? forecast[i * count + t->element] : tl_recorded_said(r, i, t->field)[t->at];
        double truth = tl_recorded_truth(r, i, t->field, t->at);
        tl_measure_add(&all, r->weight[i], truth * t->sd + t->mean, said * t->sd + t->mean);
    }
    return all;
}

static const char *describe(const tl_baselines *b, tl_baseline kind, char *text, size_t size)
{
    long long back = (long long)(kind == TL_SEASONAL ? b->season : b->lag);
    if (kind == TL_LINEAR)
        snprintf(text, size, "linear, fitted on %.200s", b->fitted_on);
    else
        snprintf(text, size, "%s: %lld step%s before", kind == TL_SEASONAL ? "the season" : "persistence", back, back == 1 ? "" : "s");
    return text;
}

static void add_row(tl_grid *g, const char *name, const tl_measure *m, const tl_measure *model)
{
    tl_grid_add(g, "%s", name);
    tl_grid_number(g, tl_measure_rms(m));
    tl_grid_number(g, tl_measure_mae(m));
    tl_grid_number(g, tl_measure_r2(m));
    tl_grid_number(g, tl_measure_mae(model) / tl_measure_mae(m));
}

static void print_target(const tl_baselines *b, const tl_recorded *r, const tl_fit_target *t)
{
    char text[256];
    const char *const head[] = { t->name, "RMS", "mean absolute", "R2", "the model over it" };
    tl_grid g = { .columns = 5 };
    const tl_measure model = tl_measure_of(r, t, NULL, 0, 0, r->examples);
    for (size_t i = 0; i < 5; i++)
        tl_grid_add(&g, "%s", head[i]);
    add_row(&g, "the model", &model, &model);
    for (int kind = 0; kind < TL_BASELINES; kind++) {
        if (!b->forecast[kind])
            continue;
        tl_measure m = tl_measure_of(r, t, b->forecast[kind], b->count, 0, r->examples);
        add_row(&g, describe(b, (tl_baseline)kind, text, sizeof text), &m, &model);
    }
    putchar('\n');
    tl_grid_print(&g);
}

void tl_baselines_print(const tl_baselines *b, const tl_recorded *r, const tl_coding *c)
{
    for (tl_fit_target t = { .field = -1 }; tl_fit_next(&t, r->m, c);)
        print_target(b, r, &t);
}

static json_t *target_json(const tl_baselines *b, const tl_recorded *r, const tl_fit_target *t)
{
    static const char *const name[] = { "persistence", "seasonal", "linear" };
    char key[64];
    json_t *j = json_pack("{s:s}", "name", t->name);
    const tl_measure model = tl_measure_of(r, t, NULL, 0, 0, r->examples);
    tl_report_number(j, "r2", tl_measure_r2(&model));
    for (int kind = 0; kind < TL_BASELINES; kind++) {
        if (!b->forecast[kind] && kind == TL_SEASONAL)
            continue;
        tl_measure m = { 0 };
        if (b->forecast[kind])
            m = tl_measure_of(r, t, b->forecast[kind], b->count, 0, r->examples);
        tl_report_number(j, name[kind], tl_measure_rms(&m));
        snprintf(key, sizeof key, "%s_mean_absolute_error", name[kind]);
        tl_report_number(j, key, tl_measure_mae(&m));
        snprintf(key, sizeof key, "mean_absolute_error_by_%s", name[kind]);
        tl_report_number(j, key, tl_measure_mae(&model) / tl_measure_mae(&m));
    }
    tl_report_text(j, "linear_fitted_on", b->fitted_on);
    return j;
}

void tl_baselines_json(json_t *j, const tl_baselines *b, const tl_recorded *r, const tl_coding *c)
{
    json_t *list = json_array();
    for (tl_fit_target t = { .field = -1 }; tl_fit_next(&t, r->m, c);)
        json_array_append_new(list, target_json(b, r, &t));
    json_object_set_new(j, "baselines", list);
}
