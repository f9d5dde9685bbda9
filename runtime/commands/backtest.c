#include "backtest.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feedback.h"
#include "prediction.h"
#include "real.h"
#include "stepper.h"
#include "table.h"

typedef struct Run {
    tl_backtest *b;
    const tl_backtest_task *k;
    const tl_model *m;
    tl_feedback feedback;
    tl_stepper *s; /* [members] */
    size_t members;
    tl_series all;
    char *state;   /* [members] of the origin */
    size_t bytes;  /* of one */
    double *value; /* [ncolumns] predictions of a member, in the table's units */
    size_t begin, rows; /* of the sequence at hand, in examples */
} Run;

/* ---- where from ---- */

/* Examples of a sequence before the first that counts, whose targets are made up (padding.h). */
static size_t made_up(const tl_backtest_task *k, size_t begin, size_t rows)
{
    size_t n = 0;
    while (k->x->weight && n < rows && !(tl_real_get(k->engine->model->real, k->x->weight, begin + n) > 0))
        n++;
    return n;
}

/* The example of a sequence that is the first origin; its length: there is none. */
static int first_origin(const tl_backtest_task *k, size_t sequence, size_t begin, size_t rows, size_t *first, tl_error *e)
{
    const tl_held_out *h = &k->held_out;
    size_t before = made_up(k, begin, rows) + (k->season > 1 ? (size_t)k->season : 1); /* what baselines need */
    if (k->from) {
        char *end;
        double x = strtod(k->from, &end);
        if (end == k->from || *end || !(x >= 0) || (x >= 1 && x != floor(x)) || x > 1e15)
            return tl_fail(e, "--from %s: it takes the number of a row, from 1, or a part of the rows, such as 0.8", k->from);
        *first = x < 1 ? (size_t)(x * (double)rows) : (size_t)x - 1;
    } else {
        *first = !h->known ? 0 : !h->sequences ? h->rows + (size_t)k->coding->beyond : sequence < h->sequences ? rows : 0;
    }
    *first = *first > before ? *first : before;
    return 0;
}

/* ---- one forecast ---- */

static void read_inputs(Run *r, size_t t)
{
    for (size_t i = 0; i < r->members; i++)
        tl_series_gather(&r->all, r->begin + t, 1, 0, r->s[i].input, NULL, NULL, NULL, NULL);
}

static void make_steps(Run *r)
{
    for (size_t i = 0; i < r->members; i++)
        tl_stepper_step(&r->s[i], 0);
}

/* What a member has predicted, of all target columns. */
static void take_values(Run *r, const tl_stepper *s)
{
    const tl_coding *c = r->k->coding;
    size_t k = tl_table_first(c, 1, 0);
    for (int32_t i = 0; i < r->m->ntargets; i++) {
        const tl_tensor *t = &r->m->targets[i];
        int32_t output = tl_predictor_of(r->m, i);
        for (size_t at = 0; at < tl_size(t); at++, k++)
            if (output >= 0 && t->vocab)
                r->value[k] = (double)tl_predicted_token(s, output, 0, NULL);
            else if (output >= 0)
                r->value[k] = tl_predicted_value(s, output, 0, at) * c->sd[k] + c->mean[k];
    }
}

static double truth_of(const Run *r, const tl_fit_target *t, size_t example)
{
    size_t n = tl_size(&r->m->targets[t->field]);
    return tl_real_get(r->m->real, r->k->x->target[t->field], (r->begin + example) * n + t->at) * t->sd + t->mean;
}

/* The element of the row `ahead` rows ahead of it, where the model predicts several at once; else itself. */
static tl_fit_target ahead_of(const Run *r, const tl_fit_target *t, size_t ahead)
{
    tl_fit_target it = *t;
    it.at += r->k->coding->beyond ? ahead - 1 : 0;
    return it;
}

/* Of the step that has just been made, `ahead` steps after the origin, example t; or, where that says all rows ahead, of the origin's own. */
static void score(Run *r, size_t t, size_t ahead, int drawn)
{
    const tl_examples *x = r->k->x;
    const size_t at = t + ahead - 1, season = (size_t)r->k->season, h = (size_t)r->k->horizon, example = r->k->coding->beyond ? t : at;
    const double w = x->weight ? tl_real_get(r->m->real, x->weight, r->begin + example) : 1;
    for (size_t i = 0; i < r->b->ntargets; i++) {
        const tl_fit_target *target = &r->b->target[i], it = ahead_of(r, target, ahead);
        size_t k = i * h + ahead - 1;
        double truth = truth_of(r, &it, example);
        double said = tl_mean_value(r->s, r->members, it.output, 0, it.at) * it.sd + it.mean;
        if (drawn)
            r->b->fan[i * r->b->rows + at] = said;
        if (!(w > 0))
            continue;
        tl_measure_add(&r->b->model[k], w, truth, said);
        tl_measure_add(&r->b->persistence[k], w, truth, truth_of(r, target, t - 1));
        if (season)
            tl_measure_add(&r->b->season[k], w, truth, truth_of(r, target, at - season * ((ahead + season - 1) / season)));
    }
}

/* From example t, which has been read, all at once. */
static void forecast_direct(Run *r, size_t t, int drawn)
{
    for (size_t ahead = 1; ahead <= (size_t)r->k->horizon; ahead++)
        score(r, t, ahead, drawn);
    r->b->origins++;
}

/* The same, step by step; the state is as it was, then. */
static void forecast(Run *r, size_t t, int drawn)
{
    const int64_t since = r->s->since[0];
    for (size_t i = 0; i < r->members; i++)
        memcpy(r->state + i * r->bytes, r->s[i].state, r->bytes);
    score(r, t, 1, drawn);
    for (size_t ahead = 2; ahead <= (size_t)r->k->horizon; ahead++) {
        read_inputs(r, t + ahead - 1);
        for (size_t i = 0; i < r->members; i++) {
            take_values(r, &r->s[i]);
            tl_feedback_put(&r->feedback, r->k->coding, r->value, &r->s[i]);
        }
        make_steps(r);
        score(r, t, ahead, drawn);
    }
    for (size_t i = 0; i < r->members; i++) {
        memcpy(r->s[i].state, r->state + i * r->bytes, r->bytes);
        r->s[i].since[0] = since;
    }
    r->b->origins++;
}

/* ---- all of them ---- */

static void follow(Run *r, size_t first)
{
    const int direct = r->k->coding->beyond > 0;
    const size_t horizon = (size_t)r->k->horizon, every = (size_t)r->k->every, need = direct ? 1 : horizon; /* examples */
    size_t free_from = 0;
    for (size_t i = 0; i < r->members; i++)
        tl_stepper_start(&r->s[i]);
    for (size_t t = 0; t + need <= r->rows; t++) {
        read_inputs(r, t);
        make_steps(r);
        if (t < first || (t - first) % every || !tl_stepper_ready(r->s, 0))
            continue;
        int drawn = r->b->fan && t >= free_from;
        if (drawn) {
            free_from = t + horizon;
            r->b->begins[t] = 1;
        }
        if (!r->b->origins)
            r->b->first_origin = t + 1;
        (direct ? forecast_direct : forecast)(r, t, drawn);
    }
}

static size_t sequences_of(const tl_backtest_task *k) { return k->first ? k->sequences : 1; }

static int follow_all(Run *r, tl_error *e)
{
    const tl_backtest_task *k = r->k;
    for (size_t i = 0, first = 0; i < sequences_of(k); i++) {
        r->begin = k->first ? k->first[i] : 0;
        r->rows = (k->first ? k->first[i + 1] : k->x->rows) - r->begin;
        if (first_origin(k, i, r->begin, r->rows, &first, e))
            return -1;
        follow(r, first);
    }
    if (r->b->origins)
        return 0;
    return tl_fail(e, "--backtest %lld: no row has as many behind it%s%s", (long long)k->horizon,
                   k->season > 1 ? ", and a season before it" : "",
                   k->from ? " from the one on that --from names"
                   : k->held_out.known ? " in what is held out; --from 0.5 begins in the middle, where the model was trained" : "");
}

static int find_targets(tl_backtest *b, const tl_backtest_task *k, tl_error *e)
{
    const tl_model *m = k->engine->model;
    size_t n = 0;
    const size_t each = (size_t)k->coding->beyond + 1;
    for (tl_fit_target t = { .field = -1 }; tl_fit_next(&t, m, k->coding);)
        n++;
    if (!n)
        return tl_fail(e, "--backtest: %s has no target of real numbers that an output of its name and shape predicts", m->name);
    if (!(b->target = calloc(n, sizeof *b->target)))
        return tl_fail(e, "%s: out of memory", m->name);
    for (tl_fit_target t = { .field = -1 }; tl_fit_next(&t, m, k->coding);) {
        if (t.at % each)
            continue;
        if (each > 1)
            snprintf(t.name, sizeof t.name, "%.200s", k->coding->column[tl_table_first(k->coding, 1, t.field) + t.at].name);
        b->target[b->ntargets++] = t;
    }
    return 0;
}

static int allocate(Run *r, tl_error *e)
{
    tl_backtest *b = r->b;
    size_t n;
    if (__builtin_mul_overflow(b->ntargets, (size_t)r->k->horizon, &n))
        return tl_fail(e, "--backtest %lld: no memory for so many steps", (long long)r->k->horizon);
    b->model = calloc(n, sizeof *b->model);
    b->persistence = calloc(n, sizeof *b->persistence);
    b->season = calloc(n, sizeof *b->season);
    r->bytes = r->m->step_state_size * tl_real_size(r->m->real);
    r->state = calloc(r->members, r->bytes + 1);
    r->value = calloc(r->k->coding->ncolumns + 1, sizeof *r->value);
    if (!b->model || !b->persistence || !b->season || !r->state || !r->value)
        return tl_fail(e, "--backtest %lld: no memory for so many steps", (long long)r->k->horizon);
    return tl_ensemble_steppers(&r->s, r->k->of, r->k->engine, e);
}

/* What a picture of one sequence shows. */
static int keep_rows(Run *r, tl_error *e)
{
    tl_backtest *b = r->b;
    size_t all;
    if (r->k->first)
        return 0;
    const size_t examples = r->k->x->rows, last = examples - 1;
    if (__builtin_add_overflow(examples, (size_t)r->k->coding->beyond, &b->rows))
        return tl_fail(e, "%s: no memory for so many rows", r->m->name);
    if (__builtin_mul_overflow(b->rows, b->ntargets, &all))
        return tl_fail(e, "%s: no memory for %zu rows", r->m->name, b->rows);
    b->truth = calloc(all + 1, sizeof *b->truth);
    b->fan = calloc(all + 1, sizeof *b->fan);
    b->begins = calloc(b->rows + 1, sizeof *b->begins);
    if (!b->truth || !b->fan || !b->begins)
        return tl_fail(e, "%s: no memory for %zu rows", r->m->name, b->rows);
    for (size_t i = 0; i < b->ntargets; i++)
        for (size_t t = 0; t < b->rows; t++) {
            const tl_fit_target it = ahead_of(r, &b->target[i], t > last ? t - last + 1 : 1);
            b->truth[i * b->rows + t] = truth_of(r, &it, t > last ? last : t);
            b->fan[i * b->rows + t] = NAN;
        }
    return 0;
}

static int check(const Run *r, tl_error *e)
{
    if (r->k->coding->kind != TL_CODING_TABLE)
        return tl_fail(e, "--backtest: it is for tables, whose columns say which inputs are targets too");
    char ahead[64];
    const tl_coding *c = r->k->coding;
    if (c->beyond && (c->ahead != 1 || r->k->horizon > 1 + c->beyond))
        return tl_fail(e, "--backtest %lld: the model was trained with --ahead %s, and forecasts from the first row ahead on to no other",
                       (long long)r->k->horizon, tl_coding_ahead(c, ahead, sizeof ahead));
    if (!c->beyond && !r->feedback.columns && r->k->horizon > 1)
        return tl_fail(e, "--backtest %lld: no input is a target, so nothing that is predicted is read again; --backtest 1, and eval without it, "
                       "score the forecasts that there are", (long long)r->k->horizon);
    return 0;
}

int tl_backtest_run(tl_backtest *b, const tl_backtest_task *k, tl_error *e)
{
    Run r = { .b = b, .k = k, .m = k->engine->model, .members = k->of->n };
    *b = (tl_backtest){ 0 };
    r.all = (tl_series){ .model = r.m, .of = k->x, .steps = k->x->rows, .lanes = 1, .step_stride = 1 };
    int bad = tl_feedback_new(&r.feedback, r.m, k->coding, "--backtest", e) || check(&r, e) || find_targets(b, k, e) ||
              allocate(&r, e) || keep_rows(&r, e) || follow_all(&r, e);
    tl_feedback_free(&r.feedback);
    tl_ensemble_steppers_free(r.s, r.members);
    free(r.state);
    free(r.value);
    if (bad)
        tl_backtest_free(b);
    return bad ? -1 : 0;
}

void tl_backtest_free(tl_backtest *b)
{
    void *owned[] = { b->target, b->model, b->persistence, b->season, b->truth, b->fan, b->begins };
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++)
        free(owned[i]);
    *b = (tl_backtest){ 0 };
}
