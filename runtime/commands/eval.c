/* Scores a checkpoint on data: the state is carried through the whole sequence, nothing else. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backtest.h"
#include "baseline.h"
#include "by_sequence.h"
#include "classes.h"
#include "classes_plot.h"
#include "commands.h"
#include "ensemble.h"
#include "eval_report.h"
#include "fit.h"
#include "fit_plot.h"
#include "held_out.h"
#include "members.h"
#include "output.h"
#include "plot.h"
#include "prediction.h"
#include "recorded.h"
#include "report.h"
#include "sequences.h"
#include "weights.h"

typedef struct Options {
    tl_data_options data;
    const char *threads, *plot, *per, *scores;
    tl_list checkpoints, train_data; /* that the linear baseline is fitted on: the latter */
    const char *from, *residuals;
    int64_t lanes, steps, skip, season, backtest, every;
    int fit, json, baselines, confusion, held_out;
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

static int read_data(tl_examples *x, tl_origin **origins, const tl_model *m, tl_coding *c, const Options *o, tl_error *e)
{
    if (o->data.data.count && o->steps > 0)
        return tl_fail(e, "--steps is for a model without data; of data all steps are scored");
    if (o->data.data.count)
        return tl_dataset_load_from(x, origins, c, m, &o->data.data, &o->data, 0, e);
    if (m->ninputs || m->ntargets)
        return tl_fail(e, "say what to score: --data FILE");
    return o->steps > 0 ? 0 : tl_fail(e, "%s has no data: say how long with --steps", m->name);
}

/* What eval makes, and frees. */
typedef struct Work {
    tl_ensemble w;
    tl_members members; /* of several */
    tl_examples x, train;
    tl_origin *origins;
    size_t *first, sequences; /* where sequences begin in a lane; NULL: it is one */
    tl_series all, s, fit;    /* the data; of them what is scored; what a baseline is fitted on */
    int64_t skip;             /* steps at the start of each sequence of s */
    tl_deviations d;
    tl_recorded recorded;
    tl_class_list classes;
    tl_baselines b;
    tl_by_sequence by;
    tl_residuals residuals;
    tl_scored_beside beside;
    double *named;            /* [nnamed] losses that have names */
} Work;

static void work_free(Work *k)
{
    tl_residuals_free(&k->residuals);
    tl_by_sequence_free(&k->by);
    tl_baselines_free(&k->b);
    tl_class_list_free(&k->classes);
    tl_recorded_free(&k->recorded);
    tl_deviations_free(&k->d);
    tl_deviations_free(&k->beside.d);
    tl_origins_free(k->origins, k->sequences);
    tl_examples_free(&k->x);
    tl_examples_free(&k->train);
    tl_members_free(&k->members);
    tl_ensemble_free(&k->w);
    free(k->first);
    free(k->named);
}

/* ---- what is scored ---- */

static int keep_first(Work *k, const char *label, tl_error *e)
{
    size_t n = k->x.sequences;
    k->sequences = n;
    if (!n)
        return 0;
    if (!(k->first = calloc(n + 1, sizeof *k->first)))
        return tl_fail(e, "%s: out of memory", label);
    memcpy(k->first, k->x.first, (n + 1) * sizeof *k->first);
    return 0;
}

/* The part that no update has seen. */
static int hold_out(Work *k, tl_eval_result *r, tl_error *e)
{
    const tl_held_out *h = &r->held_out;
    size_t from = h->sequences ? k->first[h->sequences] : h->rows;
    if (!h->known)
        return tl_fail(e, "--held-out: the checkpoint was not trained on the beginning of these data, read as now; name what "
                       "it has not seen as --data");
    const size_t behind = h->sequences ? from : from + (size_t)k->w.coding->beyond; /* whose targets no update has seen, either */
    if (behind >= k->s.steps)
        return tl_fail(e, "--held-out: the checkpoint was trained on all of these data");
    r->held_out_alone = 1;
    k->fit = tl_series_steps(&k->all, 0, from);
    if (h->sequences)
        k->s = tl_series_steps(&k->all, from, k->all.steps - from);
    else
        k->skip = k->skip > (int64_t)behind ? k->skip : (int64_t)behind;
    return 0;
}

static int read_scored(Work *k, tl_eval_result *r, const Options *o, tl_error *e)
{
    const tl_model *m = r->m;
    k->skip = o->skip;
    if (read_data(&k->x, &k->origins, m, k->w.coding, o, e) || keep_first(k, k->w.path.word[0], e) ||
        (k->x.rows && k->x.lanes == 1 && o->lanes == 1 && tl_ensemble_held_out(&r->held_out, &k->w, m, &k->x, e)) ||
        cut(&k->all, m, &k->x, o, &r->sequences, e))
        return -1;
    k->s = k->all;
    return o->held_out ? hold_out(k, r, e) : 0;
}

/* ---- the baselines ---- */

/* Files of their own to fit on; several sequences are one behind the other. */
static int read_train(Work *k, const tl_model *m, const Options *o, tl_error *e)
{
    const char *label = o->train_data.item[0];
    tl_examples flat;
    if (tl_dataset_load(&flat, k->w.coding, m, &o->train_data, &o->data, 0, e))
        return -1;
    int bad = 0;
    if (flat.sequences) {
        bad = tl_sequences_pack(&k->train, m, &flat, 0, flat.sequences, 1, label, e);
        tl_examples_free(&flat);
    } else {
        k->train = flat;
    }
    return bad || tl_series_cut(&k->fit, m, &k->train, 0, k->train.rows, k->train.lanes, label, e);
}

static int forecast_simply(Work *k, const tl_model *m, const Options *o, const tl_eval_result *r, tl_error *e)
{
    tl_baseline_task t = { .fit = &k->s, .scored = &k->s, .fit_skip = k->skip, .skip = k->skip, .season = o->season,
                           .lag = k->w.coding->ahead > 1 ? k->w.coding->ahead : 1, .each = (size_t)k->w.coding->beyond + 1, .fitted_on = "these steps" };
    if (o->train_data.count && read_train(k, m, o, e))
        return -1;
    if (o->train_data.count || r->held_out_alone) {
        t.fit = &k->fit;
        t.fit_skip = o->skip;
        t.fitted_on = o->train_data.count ? o->train_data.item[0] : "the training part";
    }
    return tl_baselines_new(&k->b, m, &t, e);
}

static int wants_baselines(const Options *o) { return o->baselines || o->season > 0 || o->train_data.count; }

/* ---- the sequences ---- */

static int wants_sequences(const Options *o) { return o->per || o->scores || o->residuals; }

static int check_sequences(const tl_eval_result *r, const Options *o, tl_error *e)
{
    const char *option = o->per ? "--per" : o->scores ? "--scores" : "--residuals";
    if (!wants_sequences(o))
        return 0;
    if (!r->m->ntargets)
        return tl_fail(e, "%s: %s has no targets", option, r->m->name);
    if (r->s->lanes > 1)
        return tl_fail(e, "%s: the data are in %zu lanes, where sequences have no order: leave out --lanes", option, r->s->lanes);
    return 0;
}

static int part_sequences(Work *k, const tl_eval_result *r, const Options *o, tl_error *e)
{
    if (!wants_sequences(o))
        return 0;
    if (tl_by_sequence_new(&k->by, &k->recorded, k->first, k->sequences, e))
        return -1;
    k->by.c = k->w.coding;
    k->by.origin = k->origins;
    k->by.files = o->data.data.count > 1;
    k->by.baselines = r->baselines;
    if (o->residuals && tl_residuals_new(&k->residuals, &k->recorded, k->w.coding, k->by.begin, k->by.n, e))
        return -1;
    k->residuals.csv = &o->data.table.csv;
    k->residuals.table = k->w.coding->kind == TL_CODING_TABLE && !k->sequences ? o->data.data.item[0] : NULL;
    return o->scores ? tl_by_sequence_write(&k->by, o->scores, e) : 0;
}

/* ---- the command ---- */

/* What a backtest does not do. */
static int check_backtest(const Options *o, tl_error *e)
{
    const struct {
        const char *name;
        int given;
    } other[] = {
        { "--fit", o->fit }, { "--residuals", o->residuals != NULL }, { "--confusion", o->confusion }, { "--per", o->per != NULL }, { "--baselines", o->baselines },
        { "--train-data", o->train_data.count > 0 }, { "--skip", o->skip > 0 }, { "--lanes", o->lanes > 1 }, { "--steps", o->steps > 0 },
    };
    for (size_t i = 0; i < sizeof other / sizeof *other; i++)
        if (other[i].given)
            return tl_fail(e, "%s: --backtest is a score of its own, beside persistence and --season: leave it out", other[i].name);
    return 0;
}

static int check_no_backtest(const Options *o, tl_error *e)
{
    return o->every || o->from ? tl_fail(e, "%s: it is for --backtest H", o->every ? "--every" : "--from") : 0;
}

static int check_files(const Options *o, const tl_list *weights, tl_error *e)
{
    const tl_output outputs[] = { { "--plot", o->plot }, { "--scores", o->scores }, { "--residuals", o->residuals } };
    const tl_list *const inputs[] = { &o->data.data, &o->train_data, weights };
    return tl_outputs_check(outputs, 3, inputs, 3, e);
}

/* What can be known before the data are scored. */
static int check(const tl_model *m, const Options *o, tl_error *e)
{
    if (o->per && strcmp(o->per, "sequence"))
        return tl_fail(e, "--per %s: it takes sequence", o->per);
    if (o->held_out && o->lanes > 1)
        return tl_fail(e, "--held-out: what is held out follows what was trained on: leave out --lanes");
    if (o->backtest ? check_backtest(o, e) : check_no_backtest(o, e))
        return -1;
    if ((o->plot && tl_plot_check_name("--plot", o->plot, e)) ||
        (o->residuals && tl_plot_check_name("--residuals", o->residuals, e)))
        return -1;
    if ((!o->fit && !o->plot) || m->ntargets)
        return 0;
    return tl_fail(e, "%s: %s has no targets", o->fit ? "--fit" : "--plot", m->name);
}

/* A picture of a simulation, else of the classes. */
static int draws_fit(const tl_eval_result *r)
{
    tl_fit_target t = { .field = -1 };
    return tl_fit_next(&t, r->m, r->c);
}

static int draws_classes(const tl_eval_result *r, const Options *o) { return o->plot && !draws_fit(r); }

/* A simulation is of whole sequences, and the picture is of one lane. */
static int check_series(const tl_eval_result *r, const Options *o, tl_error *e)
{
    if (!o->fit && (!o->plot || draws_classes(r, o)))
        return 0;
    if (r->s->lanes > 1 && (o->plot || (!r->sequences && o->lanes > 1)))
        return tl_fail(e, "%s: the data are in %zu lanes, and a simulation is of a whole sequence: leave out --lanes",
                       o->plot ? "--plot" : "--fit", r->s->lanes);
    return tl_fit_check(r->m, r->c, e);
}

static int draw_classes(const tl_eval_result *r, const Options *o, tl_error *e)
{
    char (*name)[256] = calloc(r->classes->n + 1, sizeof *name);
    const char **title = calloc(r->classes->n + 1, sizeof *title);
    int bad = name && title ? 0 : tl_fail(e, "%s: out of memory", o->plot);
    for (size_t i = 0; i < r->classes->n && !bad; i++) {
        const tl_classes *c = &r->classes->item[i];
        title[i] = tl_target_name(r->m, r->c, c->target, c->element, name[i], sizeof *name);
    }
    bad = bad || tl_classes_draw(o->plot, r->classes, r->c, title, e);
    free(name);
    free(title);
    return bad;
}

/* The first step of the picture that no update has seen; where all are held out there is nothing to tell apart. */
static size_t first_held_out(const Work *k, const tl_held_out *h)
{
    if (!h->known || (h->sequences && k->s.start != k->all.start))
        return k->s.steps;
    return h->sequences ? k->first[h->sequences] : h->rows + (size_t)k->w.coding->beyond;
}

/* Of one sequence, whose rows or times can stand along the axis; or NULL. */
static const char *one_table(const tl_eval_result *r, const Options *o)
{
    return r->c->kind == TL_CODING_TABLE && !r->sequences ? o->data.data.item[0] : NULL;
}

static int draw(const tl_engine *engine, const tl_eval_result *r, const Options *o, const Work *k, tl_error *e)
{
    const tl_fit_picture p = { engine, &k->w, r->s, r->c, r->d, first_held_out(k, &r->held_out), one_table(r, o), &o->data.table.csv };
    if (draws_classes(r, o))
        return draw_classes(r, o, e);
    return o->plot ? tl_fit_draw(o->plot, &p, e) : 0;
}

static int score_beside(tl_scored_beside *b, const Work *k, const Options *o, tl_error *e)
{
    tl_score score = { .deviations = &b->d, .skip = k->skip };
    return tl_deviations_new(&b->d, b->of->engine->model, e) ||
           tl_evaluate(b->of->engine, k->w.member[0].params, &k->s, o->threads, &score, e) ||
           tl_score_mean(b->of->engine->model, &score, &b->loss, e);
}

/* Of a single checkpoint. */
static int score_one(const tl_engine *engine, Work *k, tl_score *score, const Options *o, int32_t classes, tl_error *e)
{
    const tl_model *m = engine->model;
    score->deviations = &k->d;
    score->recorded = &k->recorded;
    return tl_deviations_new(&k->d, m, e) || tl_recorded_new(&k->recorded, m, &k->s, classes, e) ||
           tl_evaluate(engine, k->w.member[0].params, &k->s, o->threads, score, e);
}

static int score_members(const tl_engine *engine, Work *k, tl_score *score, const Options *o, int32_t classes, tl_error *e)
{
    const tl_members_task t = { engine, &k->w, &k->s, o->threads, k->skip, classes };
    return tl_members_run(&k->members, &t, &k->recorded, &k->d, score, e);
}

static int score(const tl_engine *engine, Work *k, tl_eval_result *r, const Options *o, tl_error *e)
{
    const tl_model *m = engine->model;
    const int32_t classes = k->w.coding->kind == TL_CODING_TEXT ? 0 : TL_CLASSES_AUC;
    tl_score score = { .skip = k->skip };
    if (!(score.named = r->named = k->named = calloc((size_t)m->nnamed + 1, sizeof *k->named)))
        return tl_fail(e, "%s: no memory for its losses", m->name);
    if ((r->beside && score_beside(&k->beside, k, o, e)) ||
        (r->members ? score_members(engine, k, &score, o, classes, e) : score_one(engine, k, &score, o, classes, e)) ||
        tl_score_mean(m, &score, &r->loss, e))
        return -1;
    r->weight = score.weight;
    return tl_class_list_new(&k->classes, &k->recorded, o->confusion || draws_classes(r, o), e) ||
           (r->baselines && forecast_simply(k, m, o, r, e)) || part_sequences(k, r, o, e);
}

static int write_backtest(const tl_backtest *b, const tl_backtest_task *t, const tl_eval_result *r, const Options *o, tl_error *e)
{
    return (o->scores && tl_backtest_write(b, t, o->scores, e)) || (o->plot && tl_backtest_draw(b, t, r->m->name, o->plot, e));
}

/* Forecasts of many steps in place of scores of one. Files come before the text, whose reader may leave. */
static int backtest(const tl_engine *engine, Work *k, const tl_eval_result *r, const Options *o, tl_error *e)
{
    char text[256];
    tl_backtest b;
    const tl_backtest_task t = { engine, &k->w, k->w.coding, &k->x, k->first, k->sequences, r->held_out, o->backtest,
                                 o->every ? o->every : 1, o->season, o->from, one_table(r, o), &o->data.table.csv };
    if (!r->m->ntargets || !k->x.rows)
        return tl_fail(e, "--backtest: %s has no targets, or no data", r->m->name);
    if (tl_backtest_run(&b, &t, e))
        return -1;
    int bad = write_backtest(&b, &t, r, o, e);
    json_t *j = tl_report_new(r->m);
    tl_backtest_describe(&b, &t, text, sizeof text);
    if (o->json)
        tl_backtest_json(j, &b, &t);
    else
        tl_report_text(j, "backtest", text);
    tl_eval_report_trained(r, !o->from, "without --from the others alone are forecast", j);
    tl_report_print(j, o->json);
    if (!o->json)
        tl_backtest_print(&b, &t);
    tl_backtest_free(&b);
    return bad;
}

static int open_members(Work *k, tl_eval_result *r, const tl_beside *of, const Options *o, tl_error *e)
{
    if (check(r->m, o, e) || tl_ensemble_open(&k->w, r->m, &o->checkpoints, e))
        return -1;
    r->c = k->w.coding;
    r->members = k->w.n > 1 ? &k->members : NULL;
    if (of && r->members)
        return tl_fail(e, "-c: %zu checkpoints, and one is compared with what it is in fixed point", k->w.n);
    tl_list weights = tl_ensemble_list(&k->w);
    int bad = weights.count ? check_files(o, &weights, e) : tl_fail(e, "%s: out of memory", r->m->name);
    free(weights.item);
    return bad;
}

static int eval(const tl_engine *engine, const tl_beside *of, const Options *o, tl_error *e)
{
    const tl_model *m = engine->model;
    Work k = { .beside = { .of = of } };
    tl_eval_result r = { .m = m, .s = &k.s, .d = &k.d, .recorded = &k.recorded, .fit = o->fit, .json = o->json, .confusion = o->confusion,
                         .beside = of ? &k.beside : NULL, .baselines = wants_baselines(o) ? &k.b : NULL,
                         .classes = &k.classes, .by_sequence = o->per ? &k.by : NULL, .residuals = o->residuals ? &k.residuals : NULL };
    int bad = open_members(&k, &r, of, o, e) || read_scored(&k, &r, o, e) ||
              (o->backtest ? backtest(engine, &k, &r, o, e)
                           : check_series(&r, o, e) || check_sequences(&r, o, e) || score(engine, &k, &r, o, e));
    if (!bad && k.w.coding->remark)
        fprintf(stderr, "%s: %s\n", m->name, k.w.coding->remark);
    if (!bad && !o->backtest) {
        bad = draw(engine, &r, o, &k, e) || (o->residuals && tl_residuals_draw(o->residuals, &k.residuals, m->name, e));
        tl_eval_report(&r); /* behind the files, since its reader may leave; and without them, if they cannot be written */
    }
    work_free(&k);
    return bad;
}

#define EVAL_TABLE(o)                                                                             \
    {                                                                                             \
        TL_FILES("checkpoint", 'c', &(o).checkpoints, "FILE",                                      \
                "(NAME.safetensors); of several, or of a quoted pattern, what they say together, beside each"), \
        TL_FILES("data", 0, &(o).data.data, "FILE", "what to score; several files, also by a pattern 'DIR/*.csv', are several sequences"),\
        TL_DATA_OPTIONS((o).data),                                                                \
        TL_INT("lanes", 0, &(o).lanes, "N", 1, INT32_MAX,                                         \
               "cut a sequence into N = batch parts: faster, each begins anew; or pack several"), \
        TL_INT("steps", 'n', &(o).steps, "N", 1, INT32_MAX, "length, for a model without data"),  \
        TL_FLAG("baselines", 0, &(o).baselines,                                                   \
                "R2, and how persistence and a linear forecast do on the same steps"),            \
        TL_INT("season", 0, &(o).season, "N", 1, INT32_MAX,                                       \
               "and what the target was N steps before"),                                         \
        TL_FILES("train-data", 0, &(o).train_data, "FILE", "fit the linear forecast on this, not on what is scored"), \
        TL_FLAG("held-out", 0, &(o).held_out, "score what of the data the checkpoint was not trained on"), \
        TL_INT("backtest", 0, &(o).backtest, "H", 1, INT32_MAX,                                   \
               "score forecasts of H rows from each row that is held out, by how far ahead they are"), \
        TL_INT("every", 0, &(o).every, "N", 1, INT32_MAX, "of --backtest: from every Nth row [1]"), \
        TL_STRING("from", 0, &(o).from, "ROW|PART", "of --backtest: from this row on, or behind this part of the rows, 0.8"), \
        TL_STRING("residuals", 0, &(o).residuals, "FILE",                                         \
                  "draw what is left over time, its histogram and autocorrelation here: .svg or .png"), \
        TL_STRING("per", 0, &(o).per, "sequence", "the score of each sequence, too, the worst first"), \
        TL_STRING("scores", 0, &(o).scores, "FILE", "write the scores of each sequence here, as CSV"), \
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
    return (Options){ .data = { .table = { .ahead = TL_AHEAD_UNSAID, .known = 1 } }, .lanes = 1,
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
