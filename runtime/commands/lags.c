/* Runs windows over data, weights standing still, and says how much gradient of the newest step's
 * loss arrives k steps back: is k2 long enough?
 *
 * Only the newest step's loss is sent back, whatever the model is trained on, so that a lag is a
 * distance. Shown is the root of the mean square of the norms of all windows that reach so far. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "dataset.h"
#include "lag_norms.h"
#include "output.h"
#include "plot.h"
#include "report.h"
#include "trainer.h"
#include "training.h"
#include "weights.h"

typedef struct Options {
    tl_data_options data;
    const char *checkpoint, *plot;
    int64_t windows, k2;
    int json;
} Options;

typedef struct Lags {
    const tl_model *m;
    double *sum;    /* [k2 + 1] of squares, then the roots of their means */
    double *count;  /* [k2 + 1] windows that reach so far */
    uint64_t windows;
} Lags;

static int begin(Lags *l, const tl_model *m, tl_error *e)
{
    size_t n = (size_t)m->tbptt.k2 + 1;
    *l = (Lags){ .m = m, .sum = calloc(n, sizeof *l->sum), .count = calloc(n, sizeof *l->count) };
    return l->sum && l->count ? 0 : tl_fail(e, "out of memory");
}

static void end(Lags *l)
{
    free(l->sum);
    free(l->count);
}

static void add(Lags *l, const tl_training *t)
{
    for (int32_t j = 0; j <= t->length; j++) {
        l->sum[j] += t->lag[j] * t->lag[j];
        l->count[j]++;
    }
    l->windows++;
}

static void finish(Lags *l)
{
    for (int32_t j = 0; j <= l->m->tbptt.k2; j++)
        l->sum[j] = l->count[j] ? sqrt(l->sum[j] / l->count[j]) : NAN;
}

/* One epoch at most. */
static int run_windows(Lags *l, tl_training *t, int64_t most, tl_error *e)
{
    while (t->cursor.epoch == 0 && l->windows < (uint64_t)most) {
        if (tl_training_update(t, e))
            return -1;
        if (t->updated)
            add(l, t);
    }
    finish(l);
    return 0;
}

/* ---- what is said ---- */

static int32_t first_lag(const tl_model *m) { return m->has_head ? 0 : 1; }

static double largest(const Lags *l, int32_t *at)
{
    double most = 0;
    *at = first_lag(l->m);
    for (int32_t j = *at; j <= l->m->tbptt.k2; j++)
        if (l->sum[j] > most) {
            most = l->sum[j];
            *at = j;
        }
    return most;
}

/* The farthest lag that a window reached; k2 unless the data, or the windows asked for, are too few. */
static int32_t reach(const Lags *l)
{
    int32_t lag = l->m->tbptt.k2;
    while (lag > 0 && l->count[lag] == 0)
        lag--;
    return lag;
}

/* At most some forty lines, the last lag among them. */
static void print_table(const Lags *l)
{
    int32_t k2 = l->m->tbptt.k2, far = reach(l), each = (far + 39) / 40, at;
    double most = largest(l, &at);
    printf("  lag  norm of dL/ds  of the largest\n");
    for (int32_t j = first_lag(l->m); j <= far; j++) {
        double part = most > 0 ? l->sum[j] / most : 0;
        if ((j > 1 && j < far && j % each) || (j == 0 && part == 0)) /* a head need not see states */
            continue;
        printf("%5d  %13.4g  %8.3g %%  ", (int)j, l->sum[j], 100 * part);
        for (int i = 0; i < (int)(part * 40 + 0.5); i++)
            putchar('#');
        putchar('\n');
    }
    printf("%llu windows; s is the state `lag` steps before that which the newest step left, L that step's loss.\n",
           (unsigned long long)l->windows);
    if (far < k2)
        printf("No window reaches further back than %d steps: k2 = %d takes longer sequences, or more --windows.\n",
               (int)far, (int)k2);
    else if (most > 0)
        printf("At lag %d the window is cut: %.3g %% of the norm at lag %d still arrives there.\n", (int)k2,
               100 * l->sum[k2] / most, (int)at);
}

static void print_json(const Lags *l)
{
    json_t *j = tl_report_new(l->m), *norms = json_array();
    tl_report_count(j, "windows", l->windows);
    tl_report_count(j, "first_lag", (uint64_t)first_lag(l->m));
    for (int32_t lag = first_lag(l->m); lag <= l->m->tbptt.k2; lag++)
        json_array_append_new(norms, isfinite(l->sum[lag]) ? json_real(l->sum[lag]) : json_null());
    json_object_set_new(j, "norms", norms);
    tl_report_print(j, 1);
}

static int draw(const Lags *l, const char *path, tl_error *e)
{
    int32_t first = first_lag(l->m);
    size_t n = (size_t)(reach(l) + 1 - first);
    double *x = calloc(n, sizeof *x);
    if (!x)
        return tl_fail(e, "out of memory");
    for (size_t i = 0; i < n; i++)
        x[i] = (double)first + (double)i;
    const tl_plot_curve curve[] = {
        { "", "#3465a4", TL_PLOT_LINE, x, l->sum + first, .n = n },
        { "", "#3465a4", TL_PLOT_POINTS, x, l->sum + first, .n = n },
    };
    const tl_plot_panel panel = { .title = "gradient that arrives k steps back", .x_label = "lag k, steps",
                                  .y_label = "norm of dL/ds", .curve = curve, .ncurves = n > 60 ? 1 : 2,
                                  .log_y = 1 };
    int bad = tl_plot_write(path, &panel, 1, e);
    free(x);
    return bad;
}

/* ---- the command ---- */

static int check(const tl_model *m, const Options *o, tl_error *e)
{
    if (!m->has_state_grads)
        return tl_fail(e, "this trainer was not built to see the state's adjoint: set tbptt = { lags = true } in "
                       "the spec, or run `tapeless lags SPEC`");
    if (!m->nstates)
        return tl_fail(e, "the model has no state, so nothing goes back from step to step");
    if (o->k2 && o->k2 != m->tbptt.k2)
        return tl_fail(e, "--k2 %lld: this trainer was built for k2 = %d; `tapeless lags SPEC --k2 %lld` builds another",
                       (long long)o->k2, (int)m->tbptt.k2, (long long)o->k2);
    const tl_output plot = { "--plot", o->plot };
    char text[512];
    const char *checkpoint = tl_checkpoint_path(m, o->checkpoint, text, sizeof text);
    const tl_list weights = { .item = &checkpoint, .count = 1 }, *const inputs[] = { &o->data.data, &weights };
    if (o->plot && tl_plot_check_name("--plot", o->plot, e))
        return -1;
    return tl_outputs_check(&plot, 1, inputs, 2, e);
}

static int look(Lags *l, const tl_engine *engine, const Options *o, const tl_weights *w, const tl_series *data,
                tl_error *e)
{
    tl_training t;
    const tl_model *m = engine->model;
    const tl_train_spec spec = { .optimizer.kind = TL_SGD }; /* weights stand still */
    if (tl_training_new(&t, engine, data, &spec, e))
        return -1;
    memcpy(t.buffers.params, w->params, m->param_size * (m->real == TL_F64 ? sizeof(double) : sizeof(float)));
    t.still = 1;
    tl_training_start(&t);
    int bad = run_windows(l, &t, o->windows, e);
    tl_training_free(&t);
    return bad;
}

static int report(const Lags *l, const Options *o, tl_error *e)
{
    int bad = o->plot ? draw(l, o->plot, e) : 0; /* before what is printed, whose reader may leave */
    if (o->json)
        print_json(l);
    else
        print_table(l);
    return bad;
}

static int lags(const tl_engine *engine, const Options *o, tl_error *e)
{
    char text[512];
    tl_weights w;
    tl_dataset d = { 0 };
    Lags l = { 0 };
    /* The same code: which losses count is in the weights that a window is given. */
    tl_model newest = *engine->model;
    newest.tbptt.counted = TL_COUNT_LAST;
    tl_engine e2 = *engine;
    e2.model = &newest;
    if (check(engine->model, o, e) ||
        tl_weights_open(&w, engine->model, tl_checkpoint_path(engine->model, o->checkpoint, text, sizeof text), e))
        return -1;
    int bad = tl_dataset_open(&d, &newest, &o->data, &w.coding, e) || begin(&l, &newest, e) ||
              look(&l, &e2, o, &w, &d.train, e) || report(&l, o, e);
    end(&l);
    tl_dataset_free(&d);
    tl_weights_free(&w);
    return bad ? -1 : 0;
}

#define LAGS_TABLE(o)                                                                             \
    {                                                                                             \
        TL_STRING("checkpoint", 'c', &(o).checkpoint, "FILE", "(NAME.safetensors)"),              \
        TL_FILES("data", 0, &(o).data.data, "FILE",                                              \
                "what to run over; several files, also by a pattern 'DIR/*.csv', are several sequences"),                         \
        TL_DATA_OPTIONS((o).data),                                                                \
        TL_INT("windows", 0, &(o).windows, "N", 1, TL_INT_MAX, "at most so many"),              \
        TL_INT("k2", 0, &(o).k2, "N", 1, 65536, "look so far back, not as far as the spec says"), \
        TL_STRING("plot", 0, &(o).plot, "FILE", "draw the norms here: .svg or .png"),             \
        TL_FLAG("json", 0, &(o).json, "the result as JSON"),                                      \
        TL_END,                                                                                   \
    }

static Options defaults(void)
{
    return (Options){ .data = { .table = { .ahead = TL_AHEAD_UNSAID, .known = 1 } }, .windows = 1000 };
}

int tl_lags_table(tl_see_table *see, void *context)
{
    Options o = defaults();
    const tl_option table[] = LAGS_TABLE(o);
    int result = see(table, context);
    tl_cli_free(table);
    return result;
}

tl_train_look tl_look_at_lags(const char *model, int argc, char **argv, int carry)
{
    tl_error ignored;
    tl_train_look found = { .lags = 1 };
    Options o = defaults();
    const tl_option table[] = LAGS_TABLE(o);
    char **words = calloc((size_t)argc + 1, sizeof *words); /* parsing reorders them */
    int nargs;
    if (!words)
        return found;
    memcpy(words, argv, (size_t)argc * sizeof *words);
    if (tl_cli_parse(table, argc, words, 0, &nargs, &ignored) == TL_CLI_OK) {
        tl_needs needs = tl_dataset_needs(&o.data, carry);
        needs.resets |= tl_dataset_goes_on(&o.data, model, o.checkpoint);
        found = (tl_train_look){ .resets = needs.resets, .masks = needs.masks, .lags = 1, .k2 = (int32_t)o.k2 };
    }
    tl_cli_free(table);
    free(words);
    return found;
}

int tl_command_lags(const tl_engine *engine, int argc, char **argv)
{
    Options o = defaults();
    const tl_option table[] = LAGS_TABLE(o);
    int nargs, status = tl_command_parse(table, engine->model, "lags", "--data FILE",
                                         "Shows how much gradient still arrives k steps back.", argc, argv, 0, &nargs);
    if (status < 0) {
        tl_error e;
        status = lags(engine, &o, &e) ? tl_command_fail(engine->model, &e, TL_EXIT_WRONG) : TL_EXIT_DONE;
    }
    tl_cli_free(table);
    return status;
}
