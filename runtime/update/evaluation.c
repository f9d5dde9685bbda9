#include "evaluation.h"

#include <stdlib.h>

enum { MOST = 16 }; /* parts, where these are not shards */

/* ---- the parts ---- */

static int in_shards(const tl_model *m, const tl_series *s)
{
    return m->tbptt.batch > 1 && s->lanes == (size_t)m->tbptt.batch;
}

/* The first step from `step` on at which a sequence starts; the series' length if there is none. */
static size_t next_start(const tl_series *s, size_t step)
{
    while (step < s->steps && !tl_series_starts(s, step))
        step++;
    return step;
}

/* Where part i of a series in one lane begins: at a sequence, so that each has about as many steps. */
static size_t part_start(const tl_series *s, size_t i)
{
    return i < MOST && tl_series_resets(s) ? next_start(s, i * s->steps / MOST) : s->steps;
}

static int32_t cut_steps(const tl_series *s, tl_part *part)
{
    int32_t n = 0;
    for (size_t i = 0, from = 0, to; i < MOST; i++, from = to) {
        to = part_start(s, i + 1);
        if (to > from && part)
            part[n].series = tl_series_steps(s, from, to - from);
        n += to > from;
    }
    return n;
}

static int32_t cut_lanes(const tl_series *s, size_t n, tl_part *part)
{
    for (size_t i = 0; i < n && part; i++) {
        size_t from = i * s->lanes / n;
        part[i].series = tl_series_lanes(s, from, (i + 1) * s->lanes / n - from);
    }
    return (int32_t)n;
}

/* Puts them into `part`, unless that is NULL, and counts them. */
static int32_t cut(const tl_model *m, const tl_series *s, tl_part *part)
{
    if (in_shards(m, s))
        return cut_lanes(s, (size_t)tl_shards(&m->tbptt), part);
    return s->lanes == 1 ? cut_steps(s, part) : cut_lanes(s, s->lanes < MOST ? s->lanes : MOST, part);
}

int32_t tl_evaluation_parts(const tl_model *m, const tl_series *s) { return cut(m, s, NULL); }

/* ---- memory ---- */

static int make_steppers(tl_evaluation *v, const tl_engine *engine, const void *params, int32_t lanes, int32_t threads,
                         tl_error *e)
{
    int32_t n = threads < v->nparts ? threads : v->nparts;
    v->stepper = calloc((size_t)n, sizeof *v->stepper);
    if (!v->stepper)
        return tl_fail(e, "%s: no memory for %d threads", v->m->name, (int)n);
    while (v->nsteppers < n)
        if (tl_stepper_new(&v->stepper[v->nsteppers], engine, params, lanes, e))
            return -1;
        else
            v->nsteppers++;
    return 0;
}

static size_t row_of(const tl_evaluation *v) { return 2 + (size_t)v->m->nnamed; }

static int make_parts(tl_evaluation *v, const tl_series *s, int deviations, tl_error *e)
{
    int32_t n = tl_evaluation_parts(v->m, s);
    v->part = calloc((size_t)n, sizeof *v->part);
    v->sum = calloc((size_t)n * row_of(v), sizeof *v->sum);
    if (!v->part || !v->sum)
        return tl_fail(e, "%s: no memory for %d parts of the data", v->m->name, (int)n);
    v->nparts = n;
    cut(v->m, s, v->part);
    for (int32_t i = 0; i < n && deviations; i++)
        if (tl_deviations_new(&v->part[i].deviations, v->m, e))
            return -1;
    return 0;
}

int tl_evaluation_new(tl_evaluation *v, const tl_engine *engine, const void *params, const tl_series *s,
                      int32_t threads, int deviations, tl_error *e)
{
    *v = (tl_evaluation){ .m = engine->model };
    int32_t lanes = in_shards(v->m, s) ? tl_lanes(&v->m->tbptt) : 1;
    if (make_parts(v, s, deviations, e) || make_steppers(v, engine, params, lanes, engine->serial ? 1 : threads, e)) {
        tl_evaluation_free(v);
        return -1;
    }
    return 0;
}

void tl_evaluation_free(tl_evaluation *v)
{
    for (int32_t i = 0; i < v->nsteppers; i++)
        tl_stepper_free(&v->stepper[i]);
    for (int32_t i = 0; i < v->nparts; i++)
        tl_deviations_free(&v->part[i].deviations);
    free(v->stepper);
    free(v->part);
    free(v->sum);
    *v = (tl_evaluation){ 0 };
}

/* ---- running ---- */

/* sum: the part's row of them. */
static void run_part(tl_part *p, tl_stepper *s, double *sum, const tl_evaluation *v)
{
    p->score = (tl_score){ .deviations = p->deviations.m ? &p->deviations : NULL, .recorded = v->recorded, .skip = v->skip, .named = sum + 2 };
    for (int32_t i = 0; i < v->m->nnamed; i++)
        p->score.named[i] = 0;
    tl_deviations_clear(&p->deviations);
    for (size_t lane = 0; lane < p->series.lanes; lane += (size_t)s->lanes) {
        tl_series some = tl_series_lanes(&p->series, lane, (size_t)s->lanes);
        tl_stepper_score(s, &some, &p->score);
    }
}

static void run_parts(void *evaluation, int32_t stepper)
{
    tl_evaluation *v = evaluation;
    size_t n = (size_t)v->nparts, end = tl_deal(v->exchange, n, tl_rank(v->exchange) + 1);
    for (size_t i = tl_deal(v->exchange, n, tl_rank(v->exchange)) + (size_t)stepper; i < end; i += (size_t)v->nsteppers)
        run_part(&v->part[i], &v->stepper[stepper], v->sum + i * row_of(v), v);
}

static void share_parts(tl_evaluation *v)
{
    const tl_exchange *x = v->exchange;
    size_t n = (size_t)v->nparts;
    for (size_t i = tl_deal(x, n, x->rank); i < tl_deal(x, n, x->rank + 1); i++) {
        v->sum[i * row_of(v)] = v->part[i].score.loss;
        v->sum[i * row_of(v) + 1] = v->part[i].score.weight;
    }
    for (int32_t r = 0; r <= x->ranks; r++)
        x->start[r] = tl_deal(x, n, r) * row_of(v) * sizeof *v->sum;
    x->share(x->self, v->sum, x->start);
    for (size_t i = 0; i < n; i++) {
        v->part[i].score.loss = v->sum[i * row_of(v)];
        v->part[i].score.weight = v->sum[i * row_of(v) + 1];
    }
}

void tl_evaluation_run(tl_evaluation *v, tl_pool *pool, tl_score *score)
{
    v->skip = score->skip;
    v->recorded = score->recorded;
    tl_pool_run(pool, run_parts, v, v->nsteppers);
    if (v->exchange)
        share_parts(v);
    for (int32_t i = 0; i < v->nparts; i++) {
        const tl_score *part = &v->part[i].score;
        score->loss += part->loss;
        score->weight += part->weight;
        for (int32_t k = 0; score->named && k < v->m->nnamed; k++)
            score->named[k] += v->sum[(size_t)i * row_of(v) + 2 + (size_t)k];
        if (score->deviations && part->deviations)
            tl_deviations_join(score->deviations, part->deviations);
    }
}
