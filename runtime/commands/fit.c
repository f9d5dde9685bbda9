#include "fit.h"

#include <math.h>
#include <stdio.h>

#include "report.h"
#include "table.h"

/* ---- which targets ---- */

const char *tl_target_name(const tl_model *m, const tl_coding *c, int32_t field, size_t at, char *text, size_t size)
{
    const tl_tensor *t = &m->targets[field];
    const char *name = t->name[0] ? t->name : "target";
    if (c->kind == TL_CODING_TABLE)
        snprintf(text, size, "%.200s", tl_column_label(&c->column[tl_table_first(c, 1, field) + at]));
    else if (t->vocab || tl_size(t) == 1)
        snprintf(text, size, "%.200s", name);
    else
        snprintf(text, size, "%.200s.%zu", name, at + 1);
    return text;
}

static void name_target(tl_fit_target *t, const tl_model *m, const tl_coding *c)
{
    size_t k = tl_table_first(c, 1, t->field) + t->at;
    t->mean = c->kind == TL_CODING_TABLE ? c->mean[k] : 0;
    t->sd = c->kind == TL_CODING_TABLE ? c->sd[k] : 1;
    tl_target_name(m, c, t->field, t->at, t->name, sizeof t->name);
}

int tl_fit_next(tl_fit_target *t, const tl_model *m, const tl_coding *c)
{
    if (t->field >= 0) {
        t->at++;
        t->element++;
    }
    while (t->field < 0 || t->at >= tl_size(&m->targets[t->field]) || m->targets[t->field].vocab || t->output < 0) {
        if (t->field >= 0)
            t->element += tl_size(&m->targets[t->field]) - t->at;
        if (++t->field >= m->ntargets)
            return 0;
        t->at = 0;
        t->output = tl_predictor_of(m, t->field);
    }
    name_target(t, m, c);
    return 1;
}

int tl_scored_target_at(tl_scored_target *to, const tl_model *m, const tl_coding *c, size_t k)
{
    *to = (tl_scored_target){ 0, { .field = -1 } };
    while (tl_fit_next(&to->t, m, c))
        if (k-- == 0)
            return 1;
    *to = (tl_scored_target){ 1, { .field = -1 } };
    for (int32_t i = 0; i < m->ntargets; i++)
        if (m->targets[i].vocab && tl_predictor_of(m, i) >= 0 && k-- == 0) {
            to->t.field = i;
            tl_target_name(m, c, i, 0, to->t.name, sizeof to->t.name);
            return 1;
        }
    return 0;
}

int tl_fit_check(const tl_model *m, const tl_coding *c, tl_error *e)
{
    tl_fit_target t = { .field = -1 };
    if (tl_fit_next(&t, m, c))
        return 0;
    return tl_fail(e, "--fit: %s has no target of real numbers that an output of its name and shape predicts", m->name);
}

int tl_fit_check_training(const tl_train_options *o, const tl_model *m, const tl_dataset *d, tl_error *e)
{
    if (o->skip >= 0 && !o->fit)
        return tl_fail(e, "--skip: it is for --fit; what is trained and validated on has all its steps");
    if (o->fit && !d->has_valid)
        return tl_fail(e, "--fit: there is nothing to validate on; --valid 0.1 keeps a tenth of the data for it, "
                       "--valid-data FILE names other data, and eval --fit takes any");
    return o->fit ? tl_fit_check(m, &d->coding, e) : 0;
}

/* ---- the figures ---- */

tl_fit tl_fit_of(const tl_fit_target *t, const tl_deviations *d)
{
    double squares = d->squares[t->element], spread = d->spread[t->element];
    double nrmse = spread > 0 ? sqrt(squares / spread) : NAN;
    return (tl_fit){ t->sd * sqrt(squares / d->weight), nrmse, 100 * (1 - nrmse) };
}

static void report_line(json_t *j, const tl_fit_target *t, tl_fit f)
{
    char key[sizeof t->name + 16], text[128];
    snprintf(key, sizeof key, "fit of %s", t->name);
    if (isnan(f.nrmse))
        snprintf(text, sizeof text, "RMSE %.6g, no NRMSE: the target does not vary", f.rmse);
    else
        snprintf(text, sizeof text, "RMSE %.6g, NRMSE %.6g, fit %.6g %%", f.rmse, f.nrmse, f.percent);
    tl_report_text(j, key, text);
}

static json_t *fit_json(const tl_fit_target *t, tl_fit f)
{
    json_t *one = json_pack("{s:s}", "name", t->name);
    tl_report_number(one, "rmse", f.rmse);
    tl_report_number(one, "nrmse", f.nrmse);
    tl_report_number(one, "fit_percent", f.percent);
    return one;
}

void tl_fit_report(json_t *j, const tl_model *m, const tl_coding *c, const tl_deviations *d, int json)
{
    json_t *list = json ? json_array() : NULL;
    for (tl_fit_target t = { .field = -1 }; tl_fit_next(&t, m, c);)
        if (list)
            json_array_append_new(list, fit_json(&t, tl_fit_of(&t, d)));
        else
            report_line(j, &t, tl_fit_of(&t, d));
    if (list)
        json_object_set_new(j, "fit", list);
}

/* ---- a simulation ---- */

/* All that a single sequence has behind the series' first step, in one lane: also what was left over in the cut. */
static int whole(tl_series *whole, const tl_series *s, tl_error *e)
{
    *whole = *s;
    if (!s->of || s->of->lanes != 1 || s->lanes == 1)
        return 0;
    return tl_series_cut(whole, s->model, s->of, s->start, s->of->rows, 1, "the data to validate on", e);
}

int tl_simulation_new(tl_simulation *s, const tl_engine *engine, const void *params, const tl_series *of,
                      int32_t threads, int64_t skip, tl_error *e)
{
    *s = (tl_simulation){ .skip = skip };
    if (whole(&s->series, of, e) || tl_deviations_new(&s->deviations, engine->model, e))
        return -1;
    if (tl_evaluation_new(&s->evaluation, engine, params, &s->series, threads, 1, e)) {
        tl_deviations_free(&s->deviations);
        return -1;
    }
    s->ready = 1;
    return 0;
}

void tl_simulation_free(tl_simulation *s)
{
    if (s->ready) {
        tl_evaluation_free(&s->evaluation);
        tl_deviations_free(&s->deviations);
    }
    *s = (tl_simulation){ 0 };
}

int tl_simulation_run(tl_simulation *s, tl_pool *pool, tl_error *e)
{
    double loss;
    tl_score score = { .deviations = &s->deviations, .skip = s->skip };
    tl_deviations_clear(&s->deviations);
    tl_evaluation_run(&s->evaluation, pool, &score);
    return tl_score_mean(s->series.model, &score, &loss, e);
}
