/* Scores a checkpoint on data: the state is carried through the whole sequence, nothing else. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "baseline.h"
#include "classes.h"
#include "classes_plot.h"
#include "commands.h"
#include "eval.h"
#include "fit.h"
#include "fit_plot.h"
#include "output.h"
#include "plot.h"
#include "prediction.h"
#include "recorded.h"
#include "report.h"
#include "sequences.h"
#include "weights.h"

typedef struct Options {
    tl_data_options data;
    const char *checkpoint, *threads, *plot;
    int64_t lanes, steps, skip;
    int fit, json, baselines, confusion;
} Options;

/* Each of several sequences begins with the initial state. */
static int pack(tl_examples *x, const tl_model *m, const Options *o, tl_error *e)
{
    tl_examples flat = *x;
    size_t lanes = (size_t)o->lanes;
    int bad = tl_sequences_pack(x, m, &flat, 0, flat.sequences, lanes, o->data.data.item[0], e);
    tl_examples_free(&flat);
    return bad;
}

static int cut(tl_series *s, const tl_model *m, tl_examples *x, const Options *o, size_t *sequences,
               tl_error *e)
{
    size_t batch = (size_t)m->tbptt.batch, lanes = (size_t)o->lanes;
    if (!x->rows) {
        *s = tl_series_empty(m, (size_t)o->steps, 1);
        return 0;
    }
    if (lanes != 1 && lanes != batch)
        return tl_fail(e, "--lanes %zu: %s runs in 1 lane or in its batch of %zu", lanes, m->name,
                       batch);
    *sequences = x->sequences;
    if (x->sequences && pack(x, m, o, e))
        return -1;
    return tl_series_cut(s, m, x, 0, x->rows, x->lanes == 1 ? lanes : x->lanes,
                         o->data.data.item[0], e);
}

static int read_data(tl_examples *x, const tl_model *m, tl_weights *w, const Options *o,
                     tl_error *e)
{
    *x = (tl_examples){ 0 };
    if (o->data.data.count && o->steps > 0)
        return tl_fail(e, "--steps is for a model without data; of data all steps are scored");
    if (o->data.data.count)
        return tl_dataset_load(x, &w->coding, m, &o->data.data, &o->data, 0, e);
    if (m->ninputs || m->ntargets)
        return tl_fail(e, "say what to score: --data FILE");
    return o->steps > 0 ? 0 : tl_fail(e, "%s has no data: say how long with --steps", m->name);
}

/* ---- what is said ---- */

/* How another engine does on the same data. */
typedef struct Beside {
    const tl_beside *of;
    tl_deviations d;
    double loss;
} Beside;

typedef struct Result {
    const tl_model *m;
    const tl_coding *c;
    const tl_series *s;
    const tl_deviations *d;
    size_t sequences;
    double loss, weight;
    int fit, json;
    const Beside *beside; /* or NULL */
    const tl_baselines *baselines; /* or NULL */
    const tl_class_list *classes;  /* or NULL: of another engine there are none */
    int confusion;
} Result;

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
static void report_classes(const Result *r, json_t *j, json_t *list, int32_t field, size_t element, const char *name)
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

/* The column's; of tensors the field's, or FIELD.1, FIELD.2 and so on. */
static const char *element_name(const Result *r, int32_t field, size_t element, char *text, size_t size)
{
    const tl_tensor *t = &r->m->targets[field];
    if (r->c->kind == TL_CODING_TABLE)
        snprintf(text, size, "%.200s", r->c->column[tl_table_first(r->c, 1, field) + element].name);
    else if (t->vocab || tl_size(t) == 1)
        snprintf(text, size, "%.200s", field_name(t, "target"));
    else
        snprintf(text, size, "%.200s.%zu", field_name(t, "target"), element + 1);
    return text;
}

/* Of tensors, which have no columns and no scale: the mean over a field's elements. */
static void report_field(const Result *r, json_t *j, json_t *list, int32_t field, size_t first, const char *by)
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
        element_name(r, field, k, name, sizeof name);
        if (list && tl_size(t) > 1 && r->classes && tl_class_list_find(r->classes, field, k))
            json_array_append_new(list, json_pack("{s:s}", "name", name));
        report_classes(r, j, list, field, k, name);
    }
}

/* In the table's units. */
static void report_columns(const Result *r, json_t *j, json_t *list, int32_t field, size_t first, const char *by)
{
    size_t column = tl_table_first(r->c, 1, field);
    for (size_t i = 0; i < tl_size(&r->m->targets[field]); i++) {
        const tl_column *k = &r->c->column[column + i];
        double sd = r->c->sd[column + i], w = r->d->weight;
        report_error(j, list, k->name, sd * sqrt(r->d->squares[first + i] / w),
                     sd * r->d->magnitudes[first + i] / w, by);
        report_classes(r, j, list, field, i, k->name);
    }
}

/* by: ", f32", behind names; nothing. */
static void report_targets(const Result *r, json_t *j, const char *by)
{
    char name[256];
    json_t *list = r->json ? json_array() : NULL;
    size_t k = 0;
    for (int32_t i = 0; i < r->m->ntargets; k += tl_size(&r->m->targets[i++])) {
        if (r->d->output[i] < 0)
            continue;
        if (r->m->targets[i].vocab) {
            element_name(r, i, 0, name, sizeof name);
            report_accuracy(j, list, name, r->d->squares[k] / r->d->weight, by);
            report_classes(r, j, list, i, 0, name);
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
static void print_classes(const Result *r)
{
    char name[256];
    for (size_t i = 0; !r->json && i < r->classes->n; i++) {
        const tl_classes *c = &r->classes->item[i];
        element_name(r, c->target, c->element, name, sizeof name);
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
        json_array_append_new(list, json_pack("{s:s, s:s, s:b, s:f, s:f}", "name", c->column[i].name,
                                              "side", c->column[i].target ? "target" : "input",
                                              "standardised", (int)c->column[i].standardised,
                                              "mean", c->mean[i], "sd", c->sd[i]));
    return list;
}

/* The same figures of the other engine; for programs in an object of its name. */
static void report_beside(const Result *r, json_t *j)
{
    char text[96], by[64];
    Result other = *r;
    const Beside *b = r->beside;
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

static void report(const Result *r)
{
    char scales[480];
    json_t *j = tl_report_new(r->m);
    tl_report_loss(j, r->m, "loss", r->loss, r->c->kind == TL_CODING_TEXT ? "character" : "token");
    if (r->c->kind == TL_CODING_TABLE && r->m->ntargets)
        tl_report_text(j, "units", !any_standardised(r->c, 1) ? "the data's" :
                       "the loss is of standardised targets, errors are in the data's units");
    report_targets(r, j, "");
    if (r->baselines)
        tl_baselines_report(j, r->baselines, r->m, r->c, r->d, r->json);
    report_beside(r, j);
    if (r->fit)
        tl_fit_report(j, r->m, r->c, r->d, r->json);
    tl_table_describe_scales(r->c, r->m, scales, sizeof scales);
    if (r->json && r->c->kind == TL_CODING_TABLE)
        json_object_set_new(j, "columns", columns_json(r->c));
    else if (scales[0])
        tl_report_text(j, "columns", scales);
    tl_report_number(j, "weight", r->weight);
    if (r->sequences)
        tl_report_count(j, "sequences", r->sequences);
    tl_report_count(j, "steps", r->s->steps);
    tl_report_count(j, "lanes", r->s->lanes);
    tl_report_print(j, r->json);
    print_classes(r);
}

/* ---- the command ---- */

/* What can be known before the data are scored. */
static int check(const tl_model *m, const Options *o, const char *checkpoint, tl_error *e)
{
    const tl_output outputs[] = { { "--plot", o->plot } };
    const tl_list weights = { .item = &checkpoint, .count = 1 }, *const inputs[] = { &o->data.data, &weights };
    if (!o->fit && !o->plot)
        return 0;
    if (o->plot && (tl_plot_check_name("--plot", o->plot, e) || tl_outputs_check(outputs, 1, inputs, 2, e)))
        return -1;
    return m->ntargets ? 0 : tl_fail(e, "%s: %s has no targets", o->fit ? "--fit" : "--plot", m->name);
}

/* A picture of a simulation, else of the classes. */
static int draws_fit(const Result *r)
{
    tl_fit_target t = { .field = -1 };
    return tl_fit_next(&t, r->m, r->c);
}

static int draws_classes(const Result *r, const Options *o) { return o->plot && !draws_fit(r); }

/* A simulation is of whole sequences, and the picture is of one lane. */
static int check_series(const Result *r, const Options *o, tl_error *e)
{
    if (!o->fit && (!o->plot || draws_classes(r, o)))
        return 0;
    if (r->s->lanes > 1 && (o->plot || (!r->sequences && o->lanes > 1)))
        return tl_fail(e, "%s: the data are in %zu lanes, and a simulation is of a whole sequence: leave out --lanes",
                       o->plot ? "--plot" : "--fit", r->s->lanes);
    return tl_fit_check(r->m, r->c, e);
}

static int draw_classes(const Result *r, const Options *o, tl_error *e)
{
    char (*name)[256] = calloc(r->classes->n + 1, sizeof *name);
    const char **title = calloc(r->classes->n + 1, sizeof *title);
    int bad = name && title ? 0 : tl_fail(e, "%s: out of memory", o->plot);
    for (size_t i = 0; i < r->classes->n && !bad; i++) {
        const tl_classes *c = &r->classes->item[i];
        title[i] = element_name(r, c->target, c->element, name[i], sizeof *name);
    }
    bad = bad || tl_classes_draw(o->plot, r->classes, r->c, title, e);
    free(name);
    free(title);
    return bad;
}

static int draw(const tl_engine *engine, const Result *r, const Options *o, const tl_weights *w, tl_error *e)
{
    int one_table = r->c->kind == TL_CODING_TABLE && !r->sequences;
    const tl_fit_picture p = { engine, w->params, r->s, r->c, r->d, one_table ? o->data.data.item[0] : NULL,
                               &o->data.table.csv };
    if (draws_classes(r, o))
        return draw_classes(r, o, e);
    return o->plot ? tl_fit_draw(o->plot, &p, e) : 0;
}

static int score_beside(Beside *b, const tl_weights *w, const tl_series *s, const Options *o, tl_error *e)
{
    tl_score score = { .deviations = &b->d, .skip = o->skip };
    return tl_deviations_new(&b->d, b->of->engine->model, e) || tl_evaluate(b->of->engine, w->params, s, o->threads, &score, e) ||
           tl_score_mean(b->of->engine->model, &score, &b->loss, e);
}

/* What eval makes, and frees. */
typedef struct Work {
    tl_weights w;
    tl_examples x;
    tl_series s;
    tl_deviations d;
    tl_recorded recorded;
    tl_class_list classes;
    tl_baselines b;
    Beside beside;
} Work;

static int score(const tl_engine *engine, Work *k, Result *r, const Options *o, tl_error *e)
{
    const tl_model *m = engine->model;
    const int32_t classes = k->w.coding.kind == TL_CODING_TEXT ? 0 : TL_CLASSES_AUC;
    tl_score score = { .deviations = &k->d, .recorded = &k->recorded, .skip = o->skip };
    if ((r->beside && score_beside(&k->beside, &k->w, &k->s, o, e)) || tl_deviations_new(&k->d, m, e) ||
        tl_recorded_new(&k->recorded, m, &k->s, classes, e) || tl_evaluate(engine, k->w.params, &k->s, o->threads, &score, e) ||
        tl_score_mean(m, &score, &r->loss, e) || tl_class_list_new(&k->classes, &k->recorded, o->confusion || draws_classes(r, o), e))
        return -1;
    r->weight = score.weight;
    return o->baselines ? tl_baselines_new(&k->b, m, &k->s, k->w.coding.ahead > 1 ? k->w.coding.ahead : 1, o->skip, e) : 0;
}

static void work_free(Work *k)
{
    tl_baselines_free(&k->b);
    tl_class_list_free(&k->classes);
    tl_recorded_free(&k->recorded);
    tl_deviations_free(&k->d);
    tl_deviations_free(&k->beside.d);
    tl_examples_free(&k->x);
    tl_weights_free(&k->w);
}

static int eval(const tl_engine *engine, const tl_beside *of, const Options *o, tl_error *e)
{
    const tl_model *m = engine->model;
    char text[512];
    Work k = { .beside = { .of = of } };
    Result r = { m, &k.w.coding, &k.s, &k.d, .fit = o->fit, .json = o->json, .beside = of ? &k.beside : NULL,
                 .baselines = o->baselines ? &k.b : NULL, .classes = &k.classes, .confusion = o->confusion };
    const char *checkpoint = tl_checkpoint_path(m, o->checkpoint, text, sizeof text);
    if (check(m, o, checkpoint, e) || tl_weights_open(&k.w, m, checkpoint, e))
        return -1;
    int bad = read_data(&k.x, m, &k.w, o, e) || cut(&k.s, m, &k.x, o, &r.sequences, e) || check_series(&r, o, e) ||
              score(engine, &k, &r, o, e);
    if (!bad && k.w.coding.remark)
        fprintf(stderr, "%s: %s\n", m->name, k.w.coding.remark);
    if (!bad) {
        report(&r);
        bad = draw(engine, &r, o, &k.w, e);
    }
    work_free(&k);
    return bad;
}

#define EVAL_TABLE(o)                                                                             \
    {                                                                                             \
        TL_STRING("checkpoint", 'c', &(o).checkpoint, "FILE", "(NAME.safetensors)"),              \
        TL_LIST("data", 0, &(o).data.data, "FILE", "what to score; several files are several sequences"),\
        TL_DATA_OPTIONS((o).data),                                                                \
        TL_INT("lanes", 0, &(o).lanes, "N", 1, INT32_MAX,                                         \
               "cut a sequence into N = batch parts: faster, each begins anew; or pack several"), \
        TL_INT("steps", 'n', &(o).steps, "N", 1, INT32_MAX, "length, for a model without data"),  \
        TL_FLAG("baselines", 0, &(o).baselines,                                                   \
                "R2, and how persistence and a linear forecast do on the same steps"),            \
        TL_FLAG("confusion", 0, &(o).confusion, "which class is taken for which"),                \
        TL_FLAG("fit", 0, &(o).fit, "how well a simulation fits: RMSE, NRMSE and fit % of each target"), \
        TL_INT("skip", 0, &(o).skip, "N", 0, TL_INT_MAX,                                          \
               "leave the first N steps of each sequence out of all figures (0)"),                \
        TL_STRING("plot", 0, &(o).plot, "FILE", "draw the data, the simulation and the residual, or which class is taken for which, here: .svg or .png"), \
        TL_THREADS_OPTION(&(o).threads),                                                          \
        TL_FLAG("json", 0, &(o).json, "the result as JSON"),                                      \
        TL_END,                                                                                   \
    }

static Options defaults(void)
{
    return (Options){ .data = { .table = { .ahead = -1, .known = 1 } }, .lanes = 1,
                      .threads = "1" };
}

int tl_eval_table(tl_see_table *see, void *context)
{
    Options o = defaults();
    const tl_option table[] = EVAL_TABLE(o);
    int result = see(table, context);
    tl_cli_free(table);
    return result;
}

int tl_eval_beside(const tl_engine *engine, const tl_beside *of, int argc, char **argv)
{
    Options o = defaults();
    const tl_option table[] = EVAL_TABLE(o);
    int nargs, status = tl_command_parse(table, engine->model, "eval", "--data FILE",
                                         "Scores a checkpoint.", argc, argv, 0, &nargs);
    if (status < 0) {
        tl_error e;
        status = eval(engine, of, &o, &e) ? tl_command_fail(engine->model, &e, TL_EXIT_WRONG)
                                      : TL_EXIT_DONE;
    }
    tl_cli_free(table);
    return status;
}

int tl_command_eval(const tl_engine *engine, int argc, char **argv) { return tl_eval_beside(engine, NULL, argc, argv); }
