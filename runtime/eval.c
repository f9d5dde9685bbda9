/* Scores a checkpoint on data: the state is carried through the whole sequence, nothing else. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "report.h"
#include "sequences.h"
#include "weights.h"

typedef struct Options {
    tl_data_options data;
    const char *checkpoint;
    int64_t lanes, steps;
    int json;
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
    if (o->data.data.count)
        return tl_dataset_load(x, &w->coding, m, &o->data.data, &o->data, 0, e);
    if (m->ninputs || m->ntargets)
        return tl_fail(e, "say what to score: --data FILE");
    return o->steps > 0 ? 0 : tl_fail(e, "%s has no data: say how long with --steps", m->name);
}

static void report(const tl_model *m, const tl_weights *w, const tl_series *s, size_t sequences,
                   double loss, double weight, int json)
{
    json_t *j = tl_report_new(m);
    tl_report_loss(j, m, "loss", loss,
                   w->coding.kind == TL_CODING_TEXT ? "character" : "token");
    if (strcmp(m->loss, "mse") == 0)
        tl_report_number(j, "root_mean_square", sqrt(loss));
    if (w->coding.kind == TL_CODING_TABLE)
        tl_report_text(j, "units", "of the standardised columns");
    tl_report_number(j, "weight", weight);
    if (sequences)
        tl_report_count(j, "sequences", sequences);
    tl_report_count(j, "steps", s->steps);
    tl_report_count(j, "lanes", s->lanes);
    tl_report_print(j, json);
}

static int eval(const tl_engine *engine, const Options *o, tl_error *e)
{
    const tl_model *m = engine->model;
    char text[512];
    tl_weights w;
    tl_examples x = { 0 };
    tl_series s;
    double loss, weight;
    size_t sequences = 0;
    if (tl_weights_open(&w, m, tl_checkpoint_path(m, o->checkpoint, text, sizeof text), e))
        return -1;
    int bad = read_data(&x, m, &w, o, e) || cut(&s, m, &x, o, &sequences, e) ||
              tl_evaluate(engine, w.params, &s, &loss, &weight, e);
    if (!bad && w.coding.remark)
        fprintf(stderr, "%s: %s\n", m->name, w.coding.remark);
    if (!bad)
        report(m, &w, &s, sequences, loss, weight, o->json);
    tl_examples_free(&x);
    tl_weights_free(&w);
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
        TL_FLAG("json", 0, &(o).json, "the result as JSON"),                                      \
        TL_END,                                                                                   \
    }

static Options defaults(void)
{
    return (Options){ .data = { .table = { .ahead = -1 } }, .lanes = 1 };
}

int tl_eval_table(tl_see_table *see, void *context)
{
    Options o = defaults();
    const tl_option table[] = EVAL_TABLE(o);
    int result = see(table, context);
    tl_cli_free(table);
    return result;
}

int tl_command_eval(const tl_engine *engine, int argc, char **argv)
{
    Options o = defaults();
    const tl_option table[] = EVAL_TABLE(o);
    int nargs, status = tl_command_parse(table, engine->model, "eval", "--data FILE",
                                         "Scores a checkpoint.", argc, argv, 0, &nargs);
    if (status < 0) {
        tl_error e;
        status = eval(engine, &o, &e) ? tl_command_fail(engine->model, &e, TL_EXIT_WRONG)
                                      : TL_EXIT_DONE;
    }
    tl_cli_free(table);
    return status;
}
