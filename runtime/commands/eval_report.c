#include "eval_report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "by_ahead.h"
#include "quantiles.h"
#include "report.h"
#include "table.h"

static int any_standardised(const tl_coding *c, int target)
{
    for (size_t i = 0; i < c->ncolumns; i++)
        if (c->column[i].target == target && c->column[i].standardised)
            return 1;
    return 0;
}

/* A line for people; an object for programs, in `list`. */
static void report_error(json_t *j, json_t *list, const char *name, double rms, double mae, const char *by)
{
    char key[256], text[128];
    if (list) {
        json_t *one = json_pack("{s:s}", "name", name);
        tl_report_number(one, "root_mean_square_error", rms);
        tl_report_number(one, "mean_absolute_error", mae);
        json_array_append_new(list, one);
        return;
    }
    snprintf(key, sizeof key, "error of %.200s%s", name, by);
    snprintf(text, sizeof text, "RMS %.6g, mean absolute %.6g", rms, mae);
    tl_report_text(j, key, text);
}

static void report_accuracy(json_t *j, json_t *list, const char *name, double accuracy, const char *by)
{
    char key[256], text[64];
    snprintf(key, sizeof key, "accuracy of %.200s%s", name, by);
    snprintf(text, sizeof text, "%.6g", accuracy);
    if (list)
        json_array_append_new(list, json_pack("{s:s, s:f}", "name", name, "accuracy", accuracy));
    else
        tl_report_text(j, key, text);
}

/* Of the target whose line, or object, is the last that was said. */
static void report_classes(const tl_eval_result *r, json_t *j, json_t *list, int32_t field, size_t element, const char *name)
{
    char key[256], text[256];
    const tl_classes *c = r->classes ? tl_class_list_find(r->classes, field, element) : NULL;
    if (c && list)
        tl_classes_json(json_array_get(list, json_array_size(list) - 1), c, r->c);
    if (!c || list)
        return;
    snprintf(key, sizeof key, "classes of %.200s", name);
    tl_classes_describe(c, text, sizeof text);
    tl_report_text(j, key, text);
}

static const char *field_name(const tl_tensor *t, const char *otherwise)
{
    return t->name[0] ? t->name : otherwise;
}

/* Of tensors, which have no columns and no scale: the mean over a field's elements. */
static void report_field(const tl_eval_result *r, json_t *j, json_t *list, int32_t field, size_t first, const char *by)
{
    const tl_tensor *t = &r->m->targets[field];
    char name[256];
    double squares = 0, magnitudes = 0, n = (double)tl_size(t) * r->d->weight;
    for (size_t k = first; k < first + tl_size(t); k++) {
        squares += r->d->squares[k];
        magnitudes += r->d->magnitudes[k];
    }
    report_error(j, list, field_name(t, "target"), sqrt(squares / n), magnitudes / n, by);
    for (size_t k = 0; k < tl_size(t); k++) {
        tl_target_name(r->m, r->c, field, k, name, sizeof name);
        if (list && tl_size(t) > 1 && r->classes && tl_class_list_find(r->classes, field, k))
            json_array_append_new(list, json_pack("{s:s}", "name", name));
        report_classes(r, j, list, field, k, name);
    }
}

/* In the table's units. */
static void report_columns(const tl_eval_result *r, json_t *j, json_t *list, int32_t field, size_t first, const char *by)
{
    size_t column = tl_table_first(r->c, 1, field);
    for (size_t i = 0; i < tl_size(&r->m->targets[field]); i++) {
        const tl_column *k = &r->c->column[column + i];
        double sd = r->c->sd[column + i], w = r->d->weight;
        report_error(j, list, tl_column_label(k), sd * sqrt(r->d->squares[first + i] / w),
                     sd * r->d->magnitudes[first + i] / w, by);
        report_classes(r, j, list, field, i, tl_column_label(k));
    }
}

/* For people, of targets of several rows ahead, a line a column; what it is by rows ahead stands in a table below. */
static void report_ahead(const tl_eval_result *r, json_t *j, int32_t field, size_t first, const char *by)
{
    const size_t each = (size_t)r->c->beyond + 1, n = tl_size(&r->m->targets[field]), column = tl_table_first(r->c, 1, field);
    for (size_t i = 0; i < n; i += each) {
        double squares = 0, magnitudes = 0, w = r->d->weight * (double)each, sd = r->c->sd[column + i];
        for (size_t k = first + i; k < first + i + each; k++) {
            squares += r->d->squares[k];
            magnitudes += r->d->magnitudes[k];
        }
        report_error(j, NULL, r->c->column[column + i].name, sd * sqrt(squares / w), sd * magnitudes / w, by);
    }
}

/* by: ", f32", behind names; nothing. */
static void report_targets(const tl_eval_result *r, json_t *j, const char *by)
{
    char name[256];
    json_t *list = r->json ? json_array() : NULL;
    size_t k = 0;
    for (int32_t i = 0; i < r->m->ntargets; k += tl_size(&r->m->targets[i++])) {
        if (r->d->output[i] < 0)
            continue;
        if (r->m->targets[i].vocab) {
            tl_target_name(r->m, r->c, i, 0, name, sizeof name);
            report_accuracy(j, list, name, r->d->squares[k] / r->d->weight, by);
            report_classes(r, j, list, i, 0, name);
        } else if (r->c->beyond && !list) {
            report_ahead(r, j, i, k, by);
        } else if (r->c->kind == TL_CODING_TABLE) {
            report_columns(r, j, list, i, k, by);
        } else {
            report_field(r, j, list, i, k, by);
        }
    }
    if (list)
        json_object_set_new(j, "targets", list);
}

/* What takes a table of its own, below. */
static void print_classes(const tl_eval_result *r)
{
    char name[256];
    for (size_t i = 0; i < r->classes->n; i++) {
        const tl_classes *c = &r->classes->item[i];
        tl_target_name(r->m, r->c, c->target, c->element, name, sizeof name);
        tl_classes_print(c, r->c, name, r->confusion);
        if (r->confusion)
            tl_confusion_print(c, r->c, name);
    }
}

/* Every column and how it was read. */
static json_t *columns_json(const tl_coding *c)
{
    json_t *list = json_array();
    for (size_t i = 0; i < c->ncolumns; i++)
        json_array_append_new(list, json_pack("{s:s, s:s, s:b, s:f, s:f}", "name", tl_column_label(&c->column[i]),
                                              "side", c->column[i].target ? "target" : "input",
                                              "standardised", (int)c->column[i].standardised,
                                              "mean", c->mean[i], "sd", c->sd[i]));
    return list;
}

/* The same figures of the other engine; for programs in an object of its name. */
static void report_beside(const tl_eval_result *r, json_t *j)
{
    char text[96], by[64];
    tl_eval_result other = *r;
    const tl_scored_beside *b = r->beside;
    if (!b)
        return;
    json_t *object = r->json ? json_object() : NULL, *to = object ? object : j;
    other.d = &b->d;
    other.classes = NULL;
    snprintf(by, sizeof by, ", %s", b->of->name);
    snprintf(text, sizeof text, "loss%s", by);
    tl_report_number(to, object ? "loss" : text, b->loss);
    report_targets(&other, to, by);
    if (object)
        json_object_set_new(j, b->of->name, object);
    b->of->report(b->of->context, j, r->json);
}

/* Whether the score is of what the model was trained on. */
void tl_eval_report_trained(const tl_eval_result *r, int alone, const char *advice, json_t *j)
{
    char text[160];
    const tl_held_out *h = &r->held_out;
    if (!h->known)
        return;
    const size_t trained = h->sequences ? h->sequences : h->rows, all = h->sequences ? r->sequences : r->s->of->rows;
    const char *what = h->sequences ? "sequences" : "steps";
    if (r->json)
        json_object_set_new(j, "trained_on", json_integer((json_int_t)trained));
    if (alone)
        snprintf(text, sizeof text, "none of these; the first %zu %s of the data are left out",
                 h->sequences ? trained : trained + (size_t)r->c->beyond, what);
    else if (trained < all)
        snprintf(text, sizeof text, "the first %zu of these %zu %s; %s", trained, all, what, advice);
    else
        snprintf(text, sizeof text, "all of these %s, which says little of others", what);
    if (!r->json)
        tl_report_text(j, "trained on", text);
}

void tl_eval_report(const tl_eval_result *r)
{
    char scales[480];
    json_t *j = tl_report_new(r->m);
    const char *loss = r->members ? "members_loss" : "loss"; /* what the mean of their outputs loses the model cannot say */
    tl_report_loss(j, r->m, loss, r->loss, tl_coding_unit(r->c));
    tl_report_named(j, r->m, loss, r->named);
    if (r->c->kind == TL_CODING_TABLE && r->m->ntargets)
        tl_report_text(j, "units", !any_standardised(r->c, 1) ? "the data's" :
                       "the loss is of standardised targets, errors are in the data's units");
    report_targets(r, j, "");
    if (r->members && r->json)
        tl_members_json(j, r->members);
    else if (r->members)
        tl_members_report(j, r->members);
    tl_quantiles_report(j, r->recorded, r->c, r->json);
    if (r->baselines && r->json)
        tl_baselines_json(j, r->baselines, r->recorded, r->c);
    if (r->json)
        tl_by_ahead_json(j, r->recorded, r->c, r->baselines);
    report_beside(r, j);
    if (r->residuals)
        tl_residuals_report(j, r->residuals, r->json);
    if (r->fit)
        tl_fit_report(j, r->m, r->c, r->d, r->json);
    tl_table_describe_scales(r->c, r->m, scales, sizeof scales);
    if (r->json && r->c->kind == TL_CODING_TABLE)
        json_object_set_new(j, "columns", columns_json(r->c));
    else if (scales[0])
        tl_report_text(j, "columns", scales);
    tl_eval_report_trained(r, r->held_out_alone, "--held-out scores the others alone", j);
    tl_report_number(j, "weight", r->weight);
    if (r->sequences)
        tl_report_count(j, "sequences", r->sequences);
    tl_report_count(j, "steps", r->s->steps);
    tl_report_count(j, "lanes", r->s->lanes);
    if (r->by_sequence && r->json)
        tl_by_sequence_json(j, r->by_sequence);
    tl_report_print(j, r->json);
    if (r->json)
        return;
    if (r->members)
        tl_members_print(r->members);
    print_classes(r);
    if (!r->c->beyond)
        tl_quantiles_print(r->recorded, r->c);
    tl_by_ahead_print(r->recorded, r->c, r->baselines);
    if (r->baselines && !r->c->beyond)
        tl_baselines_print(r->baselines, r->recorded, r->c);
    if (r->by_sequence)
        tl_by_sequence_print(r->by_sequence);
}
