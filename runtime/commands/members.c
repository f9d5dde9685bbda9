#include "members.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "baseline.h"
#include "commands.h"
#include "grid.h"
#include "report.h"
#include "standard_output.h"
#include "table.h"

enum { MOST_FOR_PEOPLE = 30 };

/* ---- one member ---- */

static tl_member_score score_token(const tl_recorded *r, int32_t field)
{
    tl_member_score s = { .accuracy = 0 };
    for (size_t i = 0; i < r->examples; i++) {
        const double *said = tl_recorded_said(r, i, field), w = r->weight[i];
        if (!(w > 0))
            continue;
        s.m.weight += w;
        s.accuracy += said[TL_SAID_TOKEN] == tl_recorded_truth(r, i, field, 0) ? w : 0;
        s.log_loss -= w * said[TL_SAID_LOG];
    }
    s.accuracy /= s.m.weight;
    s.log_loss /= s.m.weight;
    return s;
}

static void score_targets(const tl_members *k, const tl_recorded *r, tl_member_score *to)
{
    tl_scored_target t;
    for (size_t i = 0; i < k->targets && tl_scored_target_at(&t, r->m, k->c, i); i++)
        to[i] = t.token ? score_token(r, t.t.field) : (tl_member_score){ tl_measure_of(r, &t.t, NULL, 0, 0, r->examples), NAN, NAN };
}

static int run_member(tl_members *k, const tl_members_task *t, size_t i, tl_recorded *mean, tl_score *score, tl_error *e)
{
    const tl_model *m = t->engine->model;
    tl_recorded own;
    tl_score one = { .recorded = &own, .skip = t->skip, .named = score->named };
    if (tl_recorded_new(&own, m, t->s, INT32_MAX, e))
        return -1;
    int bad = tl_evaluate(t->engine, t->of->member[i].params, t->s, t->threads, &one, e);
    if (!bad) {
        k->loss[i] = one.loss / one.weight;
        score->loss += one.loss / (double)t->of->n;
        score->weight = one.weight;
        score_targets(k, &own, k->score + i * k->targets);
        tl_recorded_join(mean, k->apart, &own, i);
    }
    tl_recorded_free(&own);
    return bad;
}

/* ---- all of them ---- */

static int allocate(tl_members *k, const tl_members_task *t, const tl_recorded *mean, tl_error *e)
{
    tl_scored_target target;
    size_t all, n = t->of->n;
    while (tl_scored_target_at(&target, t->engine->model, k->c, k->targets))
        k->targets++;
    const int much = __builtin_mul_overflow(mean->examples, mean->width, &all);
    k->loss = calloc(n, sizeof *k->loss);
    k->score = calloc((n + 1) * k->targets + 1, sizeof *k->score); /* a target is a column */
    k->apart = much ? NULL : calloc(all + 1, sizeof *k->apart);
    if (k->loss && k->score && k->apart)
        return 0;
    return tl_fail(e, "%s: no memory for what %zu members say at %zu steps", t->engine->model->name, n, mean->examples);
}

int tl_members_run(tl_members *k, const tl_members_task *t, tl_recorded *mean, tl_deviations *d, tl_score *score, tl_error *e)
{
    const tl_model *m = t->engine->model;
    const size_t n = t->of->n;
    *k = (tl_members){ .of = t->of, .mean = mean, .c = t->of->coding };
    if (tl_recorded_new(mean, m, t->s, INT32_MAX, e) || allocate(k, t, mean, e) || tl_deviations_new(d, m, e))
        return -1;
    for (size_t i = 0; i < n; i++)
        if (run_member(k, t, i, mean, score, e))
            return -1;
    for (int32_t i = 0; score->named && i < m->nnamed; i++)
        score->named[i] /= (double)n;
    tl_recorded_settle(mean, t->classes);
    tl_recorded_deviations(mean, d);
    score_targets(k, mean, k->score + n * k->targets);
    return 0;
}

void tl_members_free(tl_members *k)
{
    free(k->loss);
    free(k->score);
    free(k->apart);
    *k = (tl_members){ 0 };
}

/* ---- how far they are apart ---- */

typedef struct Apart {
    double deviation, inside; /* means over the steps: of the members, in the data's units; of where the truth is in their interval */
} Apart;

static Apart apart_of(const tl_members *k, const tl_fit_target *t)
{
    const tl_recorded *r = k->mean;
    double weight = 0;
    Apart a = { 0, 0 };
    for (size_t i = 0; i < r->examples; i++) {
        const double w = r->weight[i], *far = k->apart + i * r->width + r->at[t->field];
        if (!(w > 0))
            continue;
        const double sd = sqrt(far[t->at] / (double)(k->of->n - 1));
        weight += w;
        a.deviation += w * sd * t->sd;
        a.inside += fabs(tl_recorded_truth(r, i, t->field, t->at) - tl_recorded_said(r, i, t->field)[t->at]) <= TL_SPREAD * sd ? w : 0;
    }
    return (Apart){ a.deviation / weight, a.inside / weight };
}

/* Of targets of several rows ahead the mean of a column's. */
void tl_members_report(json_t *j, const tl_members *k)
{
    char key[300], text[160];
    const size_t each = (size_t)k->c->beyond + 1;
    Apart sum = { 0, 0 };
    for (tl_fit_target t = { .field = -1 }; tl_fit_next(&t, k->mean->m, k->c);) {
        const Apart a = apart_of(k, &t);
        sum.deviation += a.deviation / (double)each;
        sum.inside += a.inside / (double)each;
        if (t.at % each != each - 1)
            continue;
        snprintf(key, sizeof key, "members of %.200s", each > 1 ? k->c->column[tl_table_first(k->c, 1, t.field) + t.at].name : t.name);
        snprintf(text, sizeof text, "deviation %.6g from their mean; %.6g of the steps within %g of it", sum.deviation, sum.inside, TL_SPREAD);
        tl_report_text(j, key, text);
        sum = (Apart){ 0, 0 };
    }
}

/* ---- for people ---- */

/* Of as many targets as are of its column. */
static tl_member_score score_at(const tl_members *k, size_t member, size_t target, size_t each)
{
    tl_member_score s = k->score[member * k->targets + target];
    tl_measure *part = each > 1 ? calloc(each, sizeof *part) : NULL;
    for (size_t i = 0; i < each && part; i++)
        part[i] = k->score[member * k->targets + target + i].m;
    if (part)
        s.m = tl_measure_sum(part, each);
    else if (each > 1)
        tl_output_unmade();
    free(part);
    return s;
}

static void add_head(tl_grid *g, const tl_scored_target *t)
{
    const char *const number[] = { "RMS", "mean absolute", "R2" }, *const token[] = { "accuracy", "log loss", "perplexity" };
    tl_grid_add(g, "%s", t->t.name);
    for (size_t i = 0; i < 3; i++)
        tl_grid_add(g, "%s", t->token ? token[i] : number[i]);
}

static void add_row(tl_grid *g, const char *name, const tl_scored_target *t, const tl_member_score *s)
{
    tl_grid_add(g, "%s", name);
    tl_grid_number(g, t->token ? s->accuracy : tl_measure_rms(&s->m));
    tl_grid_number(g, t->token ? s->log_loss : tl_measure_mae(&s->m));
    tl_grid_number(g, t->token ? exp(s->log_loss) : tl_measure_r2(&s->m));
}

/* Of RMS and the like, not of squares: what a member reaches as a rule. */
static void add_means(tl_grid *g, const tl_members *k, const tl_scored_target *t, size_t target, size_t each)
{
    double sum[3] = { 0 };
    for (size_t i = 0; i < k->of->n; i++) {
        const tl_member_score s = score_at(k, i, target, each);
        sum[0] += t->token ? s.accuracy : tl_measure_rms(&s.m);
        sum[1] += t->token ? s.log_loss : tl_measure_mae(&s.m);
        sum[2] += t->token ? exp(s.log_loss) : tl_measure_r2(&s.m);
    }
    tl_grid_add(g, "mean of the %zu", k->of->n);
    for (size_t i = 0; i < 3; i++)
        tl_grid_number(g, sum[i] / (double)k->of->n);
}

static void print_target(const tl_members *k, size_t target, size_t each)
{
    const size_t n = k->of->n, shown = n < MOST_FOR_PEOPLE ? n : MOST_FOR_PEOPLE;
    tl_grid g = { .columns = 4 };
    tl_scored_target t;
    tl_member_score s = score_at(k, n, target, each);
    tl_scored_target_at(&t, k->mean->m, k->c, target);
    if (each > 1)
        snprintf(t.t.name, sizeof t.t.name, "%.200s", k->c->column[tl_table_first(k->c, 1, t.t.field) + t.t.at].name);
    add_head(&g, &t);
    add_row(&g, "the ensemble", &t, &s);
    for (size_t i = 0; i < shown; i++) {
        s = score_at(k, i, target, each);
        add_row(&g, k->of->path.word[i], &t, &s);
    }
    add_means(&g, k, &t, target, each);
    putchar('\n');
    tl_grid_print(&g);
    if (shown < n)
        printf("  and %zu members more, which --json has\n", n - shown);
}

void tl_members_print(const tl_members *k)
{
    const size_t each = (size_t)k->c->beyond + 1; /* no target is a token if there are several */
    for (size_t i = 0; i < k->targets; i += each)
        print_target(k, i, each);
}

/* ---- for programs ---- */

static json_t *score_json(const tl_scored_target *t, const tl_member_score *s)
{
    json_t *j = json_pack("{s:s}", "name", t->t.name);
    if (t->token) {
        tl_report_number(j, "accuracy", s->accuracy);
        tl_report_number(j, "log_loss", s->log_loss);
        return j;
    }
    tl_report_number(j, "root_mean_square_error", tl_measure_rms(&s->m));
    tl_report_number(j, "mean_absolute_error", tl_measure_mae(&s->m));
    tl_report_number(j, "r2", tl_measure_r2(&s->m));
    return j;
}

static json_t *member_json(const tl_members *k, size_t i)
{
    tl_scored_target t;
    json_t *j = json_pack("{s:s}", "checkpoint", k->of->path.word[i]), *list = json_array();
    tl_report_number(j, "loss", k->loss[i]);
    for (size_t n = 0; n < k->targets && tl_scored_target_at(&t, k->mean->m, k->c, n); n++)
        json_array_append_new(list, score_json(&t, &k->score[i * k->targets + n]));
    json_object_set_new(j, "targets", list);
    return j;
}

static json_t *apart_json(const tl_fit_target *t, Apart a)
{
    json_t *j = json_pack("{s:s}", "name", t->name);
    tl_report_number(j, "deviation", a.deviation);
    tl_report_number(j, "inside", a.inside);
    return j;
}

void tl_members_json(json_t *to, const tl_members *k)
{
    tl_scored_target t;
    json_t *j = json_object(), *each = json_array(), *all = json_array(), *apart = json_array();
    for (size_t i = 0; i < k->of->n; i++)
        json_array_append_new(each, member_json(k, i));
    for (size_t n = 0; n < k->targets && tl_scored_target_at(&t, k->mean->m, k->c, n); n++)
        json_array_append_new(all, score_json(&t, &k->score[k->of->n * k->targets + n]));
    for (tl_fit_target f = { .field = -1 }; tl_fit_next(&f, k->mean->m, k->c);)
        json_array_append_new(apart, apart_json(&f, apart_of(k, &f)));
    json_object_set_new(j, "members", each);
    json_object_set_new(j, "targets", all);
    json_object_set_new(j, "apart", apart);
    json_object_set_new(to, "ensemble", j);
}
