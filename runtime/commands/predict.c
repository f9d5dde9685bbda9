/* Reads CSV tables and writes what the model puts out: of outputs that predict a target (prediction.h) in the
 * target's units, under its columns' names.
 *
 * A row of the result is, where the table has times, that of the row that the prediction is for (the row read plus
 * `ahead`), `row`, its number (the first below the header is 1), a column a target (of a token the likeliest, and its
 * probability), and behind them a column for each element of what predicts no target, as the model gives it:
 * NAME, or NAME.1, NAME.2 and so on. With --horizon N the rows after the table's end are predicted as well:
 * N in all behind the last row. They read what was predicted, of columns that are targets too, and of others
 * what is known of these rows (table_ahead.h).
 *
 * Where targets are of several rows ahead (coding->beyond) a row is predicted from the nearest that can: those that the table has from `ahead`
 * rows above, those behind its end from the last row, which says all of them, and nothing is read again.
 *
 * Of several checkpoints it is the mean (ensemble.h), and behind it stands how far they are apart: NAME.sd, NAME.low and NAME.high, mean -+
 * TL_SPREAD deviations, of a token NAME.agree; of quantiles, which are an interval themselves, the deviation of the median. Each member
 * reads again what it has predicted itself, so that they part as they go on.
 *
 * Of several sequences each begins with the initial state, and goes on for N rows. In front of
 * `row` then stands where it belongs: `file` if there are several, and the column that tells
 * sequences apart. `row` counts in the file, as if the sequence went on. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "csv_file.h"
#include "ensemble.h"
#include "feedback.h"
#include "file.h"
#include "forecast_plot.h"
#include "keep.h"
#include "memory_stream.h"
#include "npy_text.h"
#include "output.h"
#include "plot.h"
#include "pool.h"
#include "prediction.h"
#include "real.h"
#include "result.h"
#include "stepper.h"
#include "table_ahead.h"
#include "weights.h"

typedef struct Options {
    tl_data_options data; /* of which the files and how they are written */
    const char *out, *plot, *threads;
    tl_list checkpoints, future, keep;
    int64_t horizon, last;
} Options;

typedef struct Forecast {
    tl_result r;
    const tl_feedback *feedback; /* none without --horizon */
    FILE *out;
    const Options *o;
    double *drawn;  /* for the picture: all predictions, each as value, low, high, or NULL */
    size_t *drawn_of; /* [sequences] how many of each, likewise */
    size_t count;   /* of them */
    size_t targets; /* columns */
    int said;       /* a row was written */
} Forecast;

/* ---- rows ahead ---- */

/* Rows behind the last whose inputs are read. */
static size_t rows_ahead(const Forecast *f)
{
    if (f->r.c->beyond)
        return 0;
    return f->o->horizon > 0 && f->o->horizon > f->r.c->ahead ? (size_t)(f->o->horizon - f->r.c->ahead) : 0;
}

/* Rows that the last row of a sequence predicts beyond `ahead`: by --horizon, or all. Behind a gap the next piece predicts them. */
static size_t rows_beyond(const Forecast *f, const tl_origin *from)
{
    if (from->goes_on)
        return 0;
    const int64_t asked = f->o->horizon - f->r.c->ahead;
    return (size_t)(!f->o->horizon ? f->r.c->beyond : asked < 0 ? 0 : asked < f->r.c->beyond ? asked : f->r.c->beyond);
}

/* Rows behind the end that are predicted, at most. */
static size_t room_behind(const Forecast *f) { return f->r.c->beyond ? (size_t)f->r.c->beyond : (size_t)f->o->horizon; }

/* Whether targets of several rows ahead are of as many as --horizon asks for. */
static int check_beyond(const Forecast *f, tl_error *e)
{
    char ahead[64];
    tl_coding_ahead(f->r.c, ahead, sizeof ahead);
    if (f->r.c->beyond && f->o->horizon > f->r.c->ahead + f->r.c->beyond)
        return tl_fail(e, "--horizon %lld: the model was trained with --ahead %s, and predicts no row further ahead", (long long)f->o->horizon, ahead);
    if (f->r.c->beyond && f->o->future.count)
        return tl_fail(e, "--future %s: the model was trained with --ahead %s, and predicts from what is there before: it reads nothing of rows to come",
                       f->o->future.item[0], ahead);
    return 0;
}

/* Whether there is enough to read, of each sequence. */
static int check_ahead(const Forecast *f, const tl_examples *x, const tl_origin *from, tl_error *e)
{
    char names[300], which[300] = "";
    size_t need = f->o->horizon ? rows_ahead(f) + (size_t)tl_coding_known_ahead(f->r.c) : 0;
    if (f->r.c->beyond || !tl_feedback_known(f->feedback, f->r.c, from->time != NULL, names, sizeof names)[0])
        return 0;
    for (size_t k = 0; k < (x->sequences ? x->sequences : 1); k++) {
        size_t there = from[k].all - from[k].known;
        if (there >= need)
            continue;
        if (from[k].label)
            snprintf(which, sizeof which, " of the sequence '%.200s'", from[k].label);
        return tl_fail(e, "--horizon %lld: what %s will be is not predicted, so %zu row%s behind the end%s must have it, and there %s "
                       "%zu: as rows below the last whose predicted columns are empty, or in --future FILE", (long long)f->o->horizon,
                       names, need, need == 1 ? "" : "s", which, there == 1 ? "is" : "are", there);
    }
    return 0;
}

/* ---- rows ---- */

/* Which of several sequences a row belongs to. */
static void write_origin(const Forecast *f, const char *path, const char *label)
{
    if (f->o->data.data.count > 1) {
        tl_csv_write(f->out, path);
        fputc(',', f->out);
    }
    if (f->r.sequence) {
        tl_csv_write(f->out, label ? label : "");
        fputc(',', f->out);
    }
}

/* No prediction: a gap in the picture. */
static void leave_out(Forecast *f)
{
    for (size_t i = 0; i < f->targets * TL_FORECAST_NUMBERS && f->drawn; i++)
        f->drawn[f->count * f->targets * TL_FORECAST_NUMBERS + i] = NAN;
    f->count++;
}

static void draw_later(Forecast *f)
{
    for (size_t i = 0; i < f->targets && f->drawn; i++) {
        double *to = f->drawn + (f->count * f->targets + i) * TL_FORECAST_NUMBERS;
        const size_t k = tl_table_target(f->r.c, i);
        to[0] = f->r.value[k];
        to[1] = f->r.low[k];
        to[2] = f->r.high[k];
    }
    f->count++;
}

/* When the row is, where the table says so, and its number; nothing where it stands in no file. */
static void write_row(const Forecast *f, const tl_origin *from, size_t row)
{
    char text[TL_TIME_SIZE];
    const size_t number = tl_origin_row(from, row);
    if (from->time)
        fprintf(f->out, "%s,", tl_time_write(tl_origin_time(from, row), from->style, from->unit, text));
    if (number)
        fprintf(f->out, "%zu", number);
}

/* A number, or the word that a token is. */
static void write_value(const Forecast *f, const tl_result_column *w, double x)
{
    const char *word = w->what == TL_RESULT_VALUE && w->column < f->r.c->ncolumns ? tl_column_word(&f->r.c->column[w->column], (int32_t)x) : NULL;
    fputc(',', f->out);
    if (word)
        tl_csv_write(f->out, word);
    else
        fprintf(f->out, "%.9g", x);
}

/* Of what the last step says, for row `row` of the sequence, which may lie before its first. A head says nothing before it has seen k2 rows of it. */
static void write_prediction(Forecast *f, const tl_origin *from, int64_t row)
{
    if (!tl_stepper_ready(f->r.s, 0) || row < 1) {
        leave_out(f);
        return;
    }
    f->said = 1;
    write_origin(f, from->path, from->label);
    write_row(f, from, (size_t)row);
    tl_keep_row(from, (size_t)row, f->out);
    for (size_t i = 0; i < f->r.n; i++) {
        const tl_result_column *w = &f->r.column[i];
        write_value(f, w, tl_result_value(&f->r, w));
    }
    tl_keep_actual_row(f->r.keep, f->r.c, from, row, f->out);
    fputc('\n', f->out);
    draw_later(f);
}

static void step(Forecast *f, const tl_origin *from, int64_t row)
{
    for (size_t i = 0; i < f->r.members; i++)
        tl_stepper_step(&f->r.s[i], 0);
    write_prediction(f, from, row);
}

static void header(const Forecast *f)
{
    write_origin(f, "file", f->r.sequence);
    if (f->r.time) {
        tl_csv_write(f->out, f->r.time);
        fputc(',', f->out);
    }
    fputs("row", f->out);
    tl_keep_header(f->r.keep, f->out);
    for (size_t i = 0; i < f->r.n; i++) {
        fputc(',', f->out);
        tl_csv_write(f->out, f->r.column[i].name);
    }
    tl_keep_actual_header(f->r.keep, f->r.c, f->out);
    fputc('\n', f->out);
}

/* What the calendar says of the row, where that stands in no file. */
static void put_calendar(const Forecast *f, tl_stepper *s, const tl_origin *from, size_t row)
{
    const tl_coding *c = f->r.c;
    for (size_t i = 0, at = 0; i < c->ncolumns && !c->column[i].target; i++) {
        const tl_column *k = &c->column[i];
        at = i && k[-1].field == k->field ? at + 1 : 0;
        if (!from->time || !tl_calendar_has(c->calendar, k->name))
            continue;
        const double v = tl_calendar_value(k->name, tl_origin_time(from, row));
        if (f->r.m->inputs[k->field].vocab)
            *(int32_t *)s->input[k->field] = (int32_t)v;
        else
            tl_real_set(f->r.m->real, s->input[k->field], at, (v - c->mean[i]) / c->sd[i]);
    }
}

/* Rows that are read of the sequence: where inputs are known ahead the last of them are not. */
static size_t examples_of(const Forecast *f, const tl_origin *from) { return from->all - (size_t)tl_coding_known_ahead(f->r.c); }

/* What the table, or the calendar, says of row t of the sequence whose examples begin at `first`, from 0. */
static void read_row(const Forecast *f, const tl_series *s, const tl_origin *from, size_t first, size_t t)
{
    for (size_t i = 0; i < f->r.members; i++)
        if (t < examples_of(f, from))
            tl_series_gather(s, first + t, 1, 0, f->r.s[i].input, NULL, NULL, NULL, NULL);
        else
            put_calendar(f, &f->r.s[i], from, t + 1);
}

/* Sequence number k, in examples from `first` on. */
static void follow(Forecast *f, const tl_series *s, const tl_origin *from, size_t k, size_t first)
{
    const size_t start = first + k * room_behind(f);
    f->count = start;
    for (size_t i = 0; i < f->r.members; i++)
        tl_stepper_start(&f->r.s[i]);
    for (size_t t = 0; t < from->known && t < examples_of(f, from); t++) {
        read_row(f, s, from, first, t);
        step(f, from, (int64_t)t + 1 + f->r.c->ahead);
    }
    for (size_t t = from->known; t < from->known + rows_ahead(f) && tl_stepper_ready(f->r.s, 0); t++) {
        read_row(f, s, from, first, t);
        for (size_t i = 0; i < f->r.members; i++)
            tl_feedback_put(f->feedback, f->r.c, f->r.own + i * f->r.c->ncolumns, &f->r.s[i]);
        step(f, from, (int64_t)t + 1 + f->r.c->ahead);
    }
    for (f->r.shift = 1; f->r.shift <= rows_beyond(f, from); f->r.shift++)
        write_prediction(f, from, (int64_t)from->known + f->r.c->ahead + (int64_t)f->r.shift);
    f->r.shift = 0;
    if (f->drawn)
        f->drawn_of[k] = f->count - start;
}

/* Room for all that will be predicted. */
static int begin_plot(Forecast *f, const Options *o, const tl_examples *x, tl_error *e)
{
    size_t sequences = x->sequences ? x->sequences : 1, n = x->rows + sequences * room_behind(f);
    f->targets = tl_table_targets(f->r.c);
    if (!o->plot)
        return 0;
    if (!f->targets)
        return tl_fail(e, "--plot: a picture shows targets, and %s has none", f->r.m->name);
    f->drawn = calloc(n, f->targets * TL_FORECAST_NUMBERS * sizeof *f->drawn);
    f->drawn_of = calloc(sequences, sizeof *f->drawn_of);
    return f->drawn && f->drawn_of ? 0 : tl_fail(e, "no memory for a picture of %zu rows", n);
}

/* What is read and written, and who computes it. */
typedef struct Task {
    const tl_engine *engine;
    const Options *o;
    const tl_ensemble *w;
    tl_keep keep;
    tl_feedback feedback;
    tl_examples x;
    tl_origin *from;
} Task;

/* Whether the tables have the targets that a training would ask for, so that it can be seen what the checkpoint was trained on. */
static int has_targets(const Forecast *f, const tl_examples *x, const tl_origin *from)
{
    if (f->r.c->missing != TL_MISSING_ERROR)
        return 1;
    for (size_t k = 0; k < (x->sequences ? x->sequences : 1); k++)
        for (size_t i = f->r.c->ahead > 0 ? (size_t)f->r.c->ahead * f->targets : 0; i < from[k].rows * f->targets; i++)
            if (isnan(from[k].actual[i]))
                return 0;
    return 1;
}

static int find_held_out(tl_held_out *h, const Task *k, tl_error *e)
{
    tl_examples x;
    tl_table_options t = k->o->data.table;
    t.ahead = TL_AHEAD_UNSAID;
    t.weight = ""; /* which the tables need not have here */
    if (tl_table_load(&x, k->w->coding, k->engine->model, &k->o->data.data, &t, 0, e)) {
        *h = (tl_held_out){ 0 }; /* what no training can read was not trained on */
        return 0;
    }
    int bad = tl_ensemble_held_out(h, k->w, k->engine->model, &x, e);
    tl_examples_free(&x);
    return bad;
}

enum { HORIZONS = 10, FEWEST = 100 };

/* Rows before a forecast of many that a picture shows: as many that the forecast is not a speck at its end. */
static size_t last_rows(const Options *o, const tl_coding *c)
{
    const size_t ahead = (size_t)o->horizon + (size_t)c->beyond, rows = HORIZONS * ahead;
    return o->last ? (size_t)o->last : !ahead ? 0 : rows > FEWEST ? rows : FEWEST;
}

static int draw(const Forecast *f, const Task *task, tl_error *e)
{
    const Options *o = task->o;
    const tl_examples *x = &task->x;
    size_t n = x->sequences ? x->sequences : 1;
    tl_forecast_line *line = calloc(n, sizeof *line);
    tl_forecast p = { f->r.m, o->data.data.item[0], &o->data.table.csv, f->r.c, line, n, f->targets, .time = f->r.time, .last = last_rows(o, f->r.c),
                      .members = f->r.members };
    for (size_t k = 0; line && k < n; k++)
        line[k] = (tl_forecast_line){ &task->from[k], f->drawn + ((x->first ? x->first[k] : 0) + k * room_behind(f)) * f->targets * TL_FORECAST_NUMBERS,
                                      f->drawn_of[k] };
    int bad = !line ? tl_fail(e, "--plot: out of memory")
              : (has_targets(f, x, task->from) && find_held_out(&p.held_out, task, e)) || tl_forecast_draw(o->plot, &p, e);
    if (!bad && tl_forecast_left_out(&p))
        fprintf(stderr, "%s: the picture leaves out %zu of its panels, which are too many to look at\n", f->r.m->name,
                tl_forecast_left_out(&p));
    free(line);
    return bad;
}

/* The column that told sequences apart: the option's, or the checkpoint's if a file has it. */
static const char *sequence_of(const Options *o, const tl_coding *c, const tl_examples *x, const tl_origin *from)
{
    const char *given = o->data.table.csv.sequence;
    if (given)
        return given[0] ? given : NULL;
    for (size_t i = 0; i < (x->sequences ? x->sequences : 1); i++)
        if (from[i].label)
            return c->sequence ? c->sequence : TL_NPY_SEQUENCE;
    return NULL;
}

/* Likewise the one of times. */
static const char *time_of(const Options *o, const tl_coding *c, const tl_origin *from)
{
    return !from->time ? NULL : o->data.table.csv.time ? o->data.table.csv.time : c->time;
}

/* ---- sequences side by side ---- */

/* Sequences first .. end - 1, by a stepper of their own; of data that are one sequence the whole. */
typedef struct Share {
    Forecast f;
    const tl_examples *x;
    const tl_origin *from;
    size_t first, end;
    char *text;
    size_t size;
} Share;

static void follow_share(void *shares, int32_t i)
{
    Share *s = (Share *)shares + i;
    const tl_examples *x = s->x;
    tl_series all = { .model = s->f.r.m, .of = x, .steps = x->rows, .lanes = 1, .step_stride = 1 };
    if (!x->sequences)
        follow(&s->f, &all, s->from, 0, 0);
    for (size_t k = s->first; k < s->end; k++)
        follow(&s->f, &all, &s->from[k], k, x->first[k]);
}

static int open_share(Share *s, const tl_engine *engine, const tl_ensemble *of, tl_error *e)
{
    s->f.out = tl_memory_open(&s->text, &s->size);
    return !s->f.out ? tl_fail(e, "out of memory") : tl_result_open(&s->f.r, engine, of, e);
}

static int close_share(Share *s, tl_error *e)
{
    tl_result_close(&s->f.r);
    return s->f.out && tl_memory_close(s->f.out) ? tl_fail(e, "out of memory") : 0;
}

/* What each wrote, in the sequences' order, and the last of them. */
static int join_shares(Forecast *f, Share *s, int32_t n, int bad, tl_error *e)
{
    for (int32_t i = 0; i < n; i++) {
        bad = close_share(&s[i], e) || bad;
        if (!bad)
            fwrite(s[i].text, 1, s[i].size, f->out);
        f->said |= s[i].f.said;
        free(s[i].text);
    }
    free(s);
    return bad;
}

/* As `f` is, but for what each has for itself. */
static int forecast(Forecast *f, const tl_engine *engine, const tl_ensemble *of, const tl_examples *x, const tl_origin *from, tl_error *e)
{
    tl_pool *pool;
    int32_t n, opened = 0;
    size_t sequences = x->sequences ? x->sequences : 1;
    if (tl_threads_read(f->o->threads, sequences < INT32_MAX ? (int32_t)sequences : INT32_MAX, &n, e) ||
        tl_pool_new(&pool, engine->serial ? 1 : n, e))
        return -1;
    n = engine->serial ? 1 : n;
    Share *s = calloc((size_t)n, sizeof *s);
    int bad = s ? 0 : tl_fail(e, "out of memory");
    while (!bad && opened < n) {
        size_t i = (size_t)opened, all = x->sequences;
        s[i] = (Share){ *f, x, from, i * all / (size_t)n, (i + 1) * all / (size_t)n, NULL, 0 };
        bad = open_share(&s[opened++], engine, of, e);
    }
    header(f);
    if (!bad)
        tl_pool_run(pool, follow_share, s, n);
    tl_pool_free(pool);
    return join_shares(f, s, opened, bad, e);
}

static int run(Forecast *f, Task *k, tl_error *e)
{
    f->r.sequence = sequence_of(k->o, f->r.c, &k->x, k->from);
    f->r.time = time_of(k->o, f->r.c, k->from);
    if (check_beyond(f, e) || check_ahead(f, &k->x, k->from, e) || tl_result_choose(&f->r, e) || begin_plot(f, k->o, &k->x, e) ||
        forecast(f, k->engine, k->w, &k->x, k->from, e))
        return -1;
    if (!f->said && f->r.m->has_head)
        return tl_fail(e, "the model's window looks at k2 = %d rows, and no sequence of the data has as many",
                      (int)f->r.m->tbptt.k2);
    return 0;
}

static void forecast_free(Forecast *f)
{
    tl_result_free_columns(&f->r);
    free(f->drawn);
    free(f->drawn_of);
}

/* The table is in memory first, so that a file appears whole or not at all, and what is drawn comes before what is printed, whose
 * reader may leave; it is printed, too, where the picture cannot be drawn. */
static int write_out(Forecast *f, Task *k, tl_error *e)
{
    char *text = NULL;
    size_t size = 0;
    if (!(f->out = tl_memory_open(&text, &size)))
        return tl_fail(e, "out of memory");
    int bad = run(f, k, e);
    if (tl_memory_close(f->out) && !bad)
        bad = tl_fail(e, "out of memory");
    tl_chunk chunk = { text, size };
    if (!bad && k->o->out)
        bad = tl_file_replace(k->o->out, &chunk, 1, e);
    const int ready = !bad;
    bad = bad || (k->o->plot && draw(f, k, e));
    if (ready && !k->o->out && (fwrite(text, 1, size, stdout) != size || fflush(stdout)))
        bad = tl_fail(e, "standard output: %s", strerror(errno));
    free(text);
    return bad;
}

static int read_and_write(Task *k, tl_coding *coding, tl_error *e)
{
    const tl_model *m = k->engine->model;
    const Options *o = k->o;
    Forecast f = { .r = { .m = m, .c = coding, .members = k->w->n, .keep = &k->keep }, .o = o, .feedback = &k->feedback };
    if ((o->horizon || coding->beyond ? tl_feedback_new(&k->feedback, m, coding, "--horizon", e) : tl_feedback_none(&k->feedback, coding, e)) ||
        tl_keep_read(&k->keep, &o->keep, coding, e))
        return -1;
    tl_ahead ahead = { .fed = k->feedback.fed, .future = &o->future, .keep = &k->keep.column };
    int bad = tl_table_inputs_ahead(&k->x, &k->from, &ahead, coding, m, &o->data.data, &o->data.table, e);
    if (!bad && coding->remark)
        fprintf(stderr, "%s: %s\n", m->name, coding->remark);
    bad = bad || write_out(&f, k, e);
    free(ahead.known);
    forecast_free(&f);
    return bad;
}

static int check(const Options *o, const tl_ensemble *of, tl_error *e)
{
    const tl_output outputs[] = { { "--output", o->out }, { "--plot", o->plot } };
    const tl_list weights = tl_ensemble_list(of);
    const tl_list *const inputs[] = { &o->data.data, &o->future, &weights };
    int bad = weights.count ? tl_outputs_check(outputs, 2, inputs, 3, e) : tl_fail(e, "out of memory");
    free(weights.item);
    return bad;
}

static int check_options(const Options *o, tl_error *e)
{
    if (!o->data.data.count)
        return tl_fail(e, "say what to predict from: --data FILE.csv");
    if (o->future.count && !o->horizon)
        return tl_fail(e, "--future %s: it has what is known of the rows that --horizon N predicts", o->future.item[0]);
    if (o->last && !o->plot)
        return tl_fail(e, "--last: it is for --plot F.svg");
    return o->plot ? tl_plot_check_name("--plot", o->plot, e) : 0;
}

static int predict(const tl_engine *engine, const Options *o, tl_error *e)
{
    tl_ensemble w;
    Task k = { .engine = engine, .o = o, .w = &w };
    if (check_options(o, e) || tl_ensemble_open(&w, engine->model, &o->checkpoints, e))
        return -1;
    int bad = check(o, &w, e) || read_and_write(&k, w.coding, e) ? -1 : 0;
    tl_keep_free(&k.keep);
    tl_feedback_free(&k.feedback);
    tl_origins_free(k.from, k.x.sequences);
    tl_examples_free(&k.x);
    tl_ensemble_free(&w);
    return bad;
}

#define PREDICT_TABLE(o)                                                                          \
    {                                                                                             \
        TL_FILES("checkpoint", 'c', &(o).checkpoints, "FILE",                                      \
                "(NAME.safetensors); of several, or of a quoted pattern, the mean and how far they are apart"), \
        TL_FILES("data", 0, &(o).data.data, "FILE",                                                \
                "a CSV table with the model's input columns; several files, also by a pattern 'DIR/*.csv', are several sequences"),\
        TL_CSV_OPTIONS((o).data),                                                                 \
        TL_OUTPUT(&(o).out, "FILE", "where to write (standard output)"),                          \
        TL_INT("horizon", 0, &(o).horizon, "N", 0, INT32_MAX,                                     \
               "go on for N rows behind the end of each sequence, feeding predictions back"),     \
        TL_FILES("future", 0, &(o).future, "FILE",                                                 \
                "a table of what is known of these rows: inputs that are not predicted"),         \
        TL_LIST("keep", 0, &(o).keep, "COLUMNS",                                                  \
                "columns of the table to write beside the predictions; actual: the true targets"), \
        TL_THREADS_OPTION(&(o).threads),                                                          \
        TL_STRING("plot", 0, &(o).plot, "FILE", "draw table and predictions here: .svg or .png"), \
        TL_INT("last", 0, &(o).last, "N", 1, INT32_MAX,                                           \
               "of --plot: no more than the last N rows of the table [with --horizon 10 horizons, 100 at least; else all]"), \
        TL_END,                                                                                   \
    }

int tl_predict_table(tl_see_table *see, void *context)
{
    Options o = { .threads = "1" };
    const tl_option table[] = PREDICT_TABLE(o);
    int result = see(table, context);
    tl_cli_free(table);
    return result;
}

int tl_command_predict(const tl_engine *engine, int argc, char **argv)
{
    Options o = { .threads = "1" };
    const tl_option table[] = PREDICT_TABLE(o);
    int nargs, status = tl_command_parse(table, engine->model, "predict", "--data FILE.csv",
                                         "Predicts the targets of a table, in its own units; writes all outputs.", argc,
                                         argv, 0, &nargs);
    if (status < 0) {
        tl_error e;
        status = predict(engine, &o, &e) ? tl_command_fail(engine->model, &e, TL_EXIT_WRONG)
                                         : TL_EXIT_DONE;
    }
    tl_cli_free(table);
    return status;
}
