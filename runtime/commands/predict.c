/* Reads CSV tables and writes what the model puts out: of outputs that predict a target (prediction.h) in the
 * target's units, under its columns' names.
 *
 * A row of the result is, where the table has times, that of the row that the prediction is for (the row read plus
 * `ahead`), `row`, its number (the first below the header is 1), a column a target (of a token the likeliest, and its
 * probability), and behind them a column for each element of what predicts no target, as the model gives it:
 * NAME, or NAME.1, NAME.2 and so on. With --horizon N the rows after the table's end are predicted as well,
 * each from the one before: N in all behind the last row.
 *
 * Of several sequences each begins with the initial state, and goes on for N rows. In front of
 * `row` then stands where it belongs: `file` if there are several, and the column that tells
 * sequences apart. `row` counts in the file, as if the sequence went on. */
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "csv_file.h"
#include "file.h"
#include "forecast_plot.h"
#include "memory_stream.h"
#include "output.h"
#include "plot.h"
#include "pool.h"
#include "prediction.h"
#include "real.h"
#include "stepper.h"
#include "weights.h"

typedef struct Options {
    tl_data_options data; /* of which the files and how they are written */
    const char *checkpoint, *out, *plot, *threads;
    int64_t horizon;
} Options;

/* A column of the result. */
typedef struct Written {
    char *name;
    int32_t output;
    size_t at, column; /* element of the output; column of the coding, or ncolumns: it has none */
    int probability;   /* of the likeliest token */
} Written;

typedef struct Forecast {
    const tl_model *m;
    const tl_coding *c;
    tl_stepper s;
    size_t *source; /* by input column: the target column that it repeats */
    double *value;  /* by coding column: last prediction, in the table's units; NaN: there is none */
    Written *written;
    size_t nwritten;
    FILE *out;
    const Options *o;
    const char *sequence;  /* the column that told sequences apart, or NULL */
    const char *time;      /* the column of times, or NULL */
    double *drawn;  /* for the picture: all predictions, or NULL */
    size_t count;   /* of them */
    size_t targets; /* columns */
    int said;       /* a row was written */
} Forecast;

/* ---- what is written ---- */

__attribute__((format(printf, 6, 7))) static int add_written(Forecast *f, int32_t output, size_t at,
                                                             size_t column,
                                                             int probability, const char *format, ...)
{
    Written w = { .output = output, .at = at, .column = column, .probability = probability };
    Written *more = realloc(f->written, (f->nwritten + 1) * sizeof *more);
    va_list arguments;
    va_start(arguments, format);
    int fine = more && vasprintf(&w.name, format, arguments) >= 0;
    va_end(arguments);
    f->written = more ? more : f->written;
    if (fine)
        f->written[f->nwritten++] = w;
    return fine;
}

static int add_target(Forecast *f, int32_t target, int32_t output)
{
    size_t k = tl_table_first(f->c, 1, target);
    const char *name = f->c->column[k].name;
    if (f->m->targets[target].vocab)
        return add_written(f, output, 0, k, 0, "%s", name) &&
               add_written(f, output, 0, f->c->ncolumns, 1, "%s.probability", name);
    for (size_t at = 0; at < tl_size(&f->m->targets[target]); at++)
        if (!add_written(f, output, at, k + at, 0, "%s", f->c->column[k + at].name))
            return 0;
    return 1;
}

/* Whether a column of the result is called that, or its elements would be. */
static int is_taken(const Forecast *f, const char *name)
{
    size_t n = strlen(name);
    for (size_t i = 0; i < f->nwritten; i++)
        if (strncmp(f->written[i].name, name, n) == 0 &&
            (!f->written[i].name[n] || f->written[i].name[n] == '.'))
            return 1;
    return strcmp(name, "row") == 0 || strcmp(name, "file") == 0 ||
           (f->sequence && strcmp(name, f->sequence) == 0);
}

static int add_own(Forecast *f, int32_t output)
{
    const tl_tensor *t = &f->m->outputs[output];
    const char *name = t->name[0] ? t->name : "output";
    const char *before = t->name[0] && is_taken(f, name) ? "output." : "";
    size_t n = tl_size(t);
    for (size_t at = 0; at < n; at++)
        if (!(n == 1 ? add_written(f, output, at, f->c->ncolumns, 0, "%s%s", before, name)
                     : add_written(f, output, at, f->c->ncolumns, 0, "%s%s.%zu", before, name, at + 1)))
            return 0;
    return 1;
}

/* Targets that an output predicts, in the order of their columns; then what else there is. */
static int choose_written(Forecast *f, tl_error *e)
{
    int fine = 1;
    for (int32_t i = 0; i < f->m->ntargets && fine; i++) {
        int32_t output = tl_predictor_of(f->m, i);
        if (output >= 0)
            fine = add_target(f, i, output);
        else
            fprintf(stderr, "%s: no output has the name and shape of the target %s: what there is is written as the "
                    "model gives it\n", f->m->name, f->c->column[tl_table_first(f->c, 1, i)].name);
    }
    for (int32_t i = 0; i < f->m->noutputs && fine; i++)
        fine = tl_predicted_by(f->m, i) >= 0 || add_own(f, i);
    return fine ? 0 : tl_fail(e, "out of memory");
}

static double value_of(const Forecast *f, const Written *w)
{
    double probability;
    int32_t target = tl_predicted_by(f->m, w->output);
    if (target < 0)
        return tl_real_get(f->m->real, f->s.output[w->output], w->at);
    if (!f->m->targets[target].vocab)
        return tl_predicted_value(&f->s, w->output, 0, w->at) * f->c->sd[w->column] + f->c->mean[w->column];
    size_t token = tl_predicted_token(&f->s, w->output, 0, &probability);
    return w->probability ? probability : (double)token;
}

/* ---- what is fed back ---- */

/* For --horizon every input must be a target one step ahead. */
static int find_sources(Forecast *f, tl_error *e)
{
    const tl_coding *c = f->c;
    if (c->ahead != 1)
        return tl_fail(e, "--horizon: the model predicts %lld rows ahead; feeding predictions back "
                       "needs --ahead 1 in training", (long long)c->ahead);
    for (size_t i = 0; i < c->ncolumns && !c->column[i].target; i++) {
        if (c->column[i].indicator)
            continue; /* what is predicted is not missing */
        size_t j = tl_table_first(c, 1, 0);
        while (j < c->ncolumns && strcmp(c->column[j].name, c->column[i].name))
            j++;
        if (j >= c->ncolumns)
            return tl_fail(e, "--horizon: the input '%s' is not among the targets, so its future "
                           "is not known", c->column[i].name);
        if (tl_predictor_of(f->m, c->column[j].field) < 0)
            return tl_fail(e, "--horizon: no output has the name and shape of the target '%s', so it is not predicted",
                           c->column[i].name);
        f->source[i] = j;
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
    if (f->sequence) {
        tl_csv_write(f->out, label ? label : "");
        fputc(',', f->out);
    }
}

/* No prediction: a gap in the picture. */
static void leave_out(Forecast *f)
{
    for (size_t i = 0; i < f->targets && f->drawn; i++)
        f->drawn[f->count * f->targets + i] = NAN;
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
static void write_value(const Forecast *f, const Written *w, double x)
{
    const char *word = w->column < f->c->ncolumns ? tl_column_word(&f->c->column[w->column], (int32_t)x) : NULL;
    fputc(',', f->out);
    if (word)
        tl_csv_write(f->out, word);
    else
        fprintf(f->out, "%.9g", x);
}

/* For row `row` of the sequence, which may lie before its first. A head says nothing before it has seen k2 rows of it. */
static void step(Forecast *f, const tl_origin *from, int64_t row)
{
    tl_stepper_step(&f->s, 0);
    if (!tl_stepper_ready(&f->s, 0) || row < 1) {
        leave_out(f);
        return;
    }
    f->said = 1;
    write_origin(f, from->path, from->label);
    write_row(f, from, (size_t)row);
    for (size_t i = 0; i < f->nwritten; i++) {
        const Written *w = &f->written[i];
        double x = value_of(f, w);
        if (w->column < f->c->ncolumns)
            f->value[w->column] = x;
        write_value(f, w, x);
    }
    fputc('\n', f->out);
    size_t first = f->c->ncolumns - f->targets;
    if (f->drawn)
        memcpy(f->drawn + f->count * f->targets, f->value + first, f->targets * sizeof *f->drawn);
    f->count++;
}

/* What was predicted becomes what is read. */
static void feed_back(Forecast *f)
{
    size_t k = 0;
    for (int32_t i = 0; i < f->m->ninputs; i++)
        for (size_t at = 0, n = tl_size(&f->m->inputs[i]); at < n; at++, k++) {
            double x = f->c->column[k].indicator ? 0 : f->value[f->source[k]];
            if (f->m->inputs[i].vocab)
                ((int32_t *)f->s.input[i])[0] = (int32_t)x;
            else
                tl_real_set(f->m->real, f->s.input[i], at, (x - f->c->mean[k]) / f->c->sd[k]);
        }
}

static void header(const Forecast *f)
{
    write_origin(f, "file", f->sequence);
    if (f->time) {
        tl_csv_write(f->out, f->time);
        fputc(',', f->out);
    }
    fputs("row", f->out);
    for (size_t i = 0; i < f->nwritten; i++) {
        fputc(',', f->out);
        tl_csv_write(f->out, f->written[i].name);
    }
    fputc('\n', f->out);
}

/* One sequence, in `rows` examples from `first` on. */
static void follow(Forecast *f, const tl_series *s, const tl_origin *from, size_t first,
                   size_t rows)
{
    tl_stepper_start(&f->s);
    for (size_t t = 0; t < rows; t++) {
        tl_series_gather(s, first + t, 1, 0, f->s.input, NULL, NULL, NULL, NULL);
        step(f, from, (int64_t)t + 1 + f->c->ahead);
    }
    for (int64_t i = 1; i < f->o->horizon && tl_stepper_ready(&f->s, 0); i++) {
        feed_back(f);
        step(f, from, (int64_t)rows + 1 + i);
    }
}

/* Room for all that will be predicted. */
static int begin_plot(Forecast *f, const Options *o, const tl_examples *x, tl_error *e)
{
    size_t n = x->rows + (size_t)o->horizon;
    f->targets = f->c->ncolumns - tl_table_first(f->c, 1, 0);
    if (!o->plot)
        return 0;
    if (!f->targets)
        return tl_fail(e, "--plot: a picture shows targets, and %s has none", f->m->name);
    if (x->sequences)
        return tl_fail(e, "--plot: a picture shows one sequence, and these data have %zu",
                       x->sequences);
    f->drawn = calloc(n, f->targets * sizeof *f->drawn);
    return f->drawn ? 0 : tl_fail(e, "no memory for a picture of %zu rows", n);
}

/* The predictions are there already: a picture that fails is a sentence. */
static void draw(const Forecast *f, const Options *o)
{
    tl_error e;
    tl_forecast p = { f->m->name, o->data.data.item[0], &o->data.table.csv, f->c, f->drawn, f->count,
                      f->targets };
    if (f->drawn && tl_forecast_draw(o->plot, &p, &e))
        fprintf(stderr, "%s: %s\n", f->m->name, e.text);
}

/* The column that told sequences apart: the option's, or the checkpoint's if a file has it. */
static const char *sequence_of(const Options *o, const tl_weights *w, const tl_examples *x, const tl_origin *from)
{
    const char *given = o->data.table.csv.sequence;
    if (given)
        return given[0] ? given : NULL;
    for (size_t i = 0; i < (x->sequences ? x->sequences : 1); i++)
        if (from[i].label)
            return w->coding.sequence;
    return NULL;
}

/* Likewise the one of times. */
static const char *time_of(const Options *o, const tl_weights *w, const tl_origin *from)
{
    return !from->time ? NULL : o->data.table.csv.time ? o->data.table.csv.time : w->coding.time;
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
    tl_series all = { .model = s->f.m, .of = x, .steps = x->rows, .lanes = 1, .step_stride = 1 };
    if (!x->sequences)
        follow(&s->f, &all, s->from, 0, x->rows);
    for (size_t k = s->first; k < s->end; k++)
        follow(&s->f, &all, &s->from[k], x->first[k], x->first[k + 1] - x->first[k]);
}

static int open_share(Share *s, const tl_engine *engine, const void *params, tl_error *e)
{
    Forecast *f = &s->f;
    f->value = calloc(f->c->ncolumns + 1, sizeof *f->value);
    f->out = tl_memory_open(&s->text, &s->size);
    for (size_t k = 0; k < f->c->ncolumns && f->value; k++)
        f->value[k] = NAN;
    return !f->value || !f->out ? tl_fail(e, "out of memory") : tl_stepper_new(&f->s, engine, params, 1, e);
}

static int close_share(Share *s, tl_error *e)
{
    tl_stepper_free(&s->f.s);
    free(s->f.value);
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
        f->count += s[i].f.count;
        free(s[i].text);
    }
    free(s);
    return bad;
}

/* As `f` is, but for what each has for itself. */
static int forecast(Forecast *f, const tl_engine *engine, const void *params, const tl_examples *x,
                    const tl_origin *from, tl_error *e)
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
        bad = open_share(&s[opened++], engine, params, e);
    }
    header(f);
    if (!bad)
        tl_pool_run(pool, follow_share, s, n);
    tl_pool_free(pool);
    return join_shares(f, s, opened, bad, e);
}

static int run(const tl_engine *engine, const Options *o, const tl_weights *w,
               const tl_examples *x, const tl_origin *from, FILE *out, tl_error *e)
{
    Forecast f = { .m = engine->model, .c = &w->coding, .out = out, .o = o, .sequence = sequence_of(o, w, x, from),
                   .time = time_of(o, w, from) };
    f.source = calloc(w->coding.ncolumns + 1, sizeof *f.source);
    int bad = !f.source ? tl_fail(e, "out of memory") : 0;
    bad = bad || choose_written(&f, e) || (o->horizon > 0 && find_sources(&f, e)) || begin_plot(&f, o, x, e) ||
          forecast(&f, engine, w->params, x, from, e);
    if (!bad && !f.said && f.m->has_head)
        bad = tl_fail(e, "the model's window looks at k2 = %d rows, and no sequence of the data has as many",
                      (int)f.m->tbptt.k2);
    else if (!bad)
        draw(&f, o);
    for (size_t i = 0; i < f.nwritten; i++)
        free(f.written[i].name);
    free(f.written);
    free(f.drawn);
    free(f.source);
    return bad;
}

/* To memory first, so that a file appears whole or not at all. */
static int write_out(const tl_engine *engine, const Options *o, const tl_weights *w,
                     const tl_examples *x, const tl_origin *from, tl_error *e)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = tl_memory_open(&text, &size);
    if (!out)
        return tl_fail(e, "out of memory");
    int bad = run(engine, o, w, x, from, out, e);
    if (tl_memory_close(out) && !bad)
        bad = tl_fail(e, "out of memory");
    tl_chunk chunk = { text, size };
    if (!bad && o->out)
        bad = tl_file_replace(o->out, &chunk, 1, e);
    else if (!bad && (fwrite(text, 1, size, stdout) != size || fflush(stdout)))
        bad = tl_fail(e, "standard output: %s", strerror(errno));
    free(text);
    return bad;
}

static int predict(const tl_engine *engine, const Options *o, tl_error *e)
{
    const tl_model *m = engine->model;
    char text[512];
    tl_weights w;
    tl_examples x = { 0 };
    tl_origin *from = NULL;
    if (!o->data.data.count)
        return tl_fail(e, "say what to predict from: --data FILE.csv");
    if (o->plot && tl_plot_check_name("--plot", o->plot, e))
        return -1;
    const tl_output outputs[] = { { "--output", o->out }, { "--plot", o->plot } };
    const char *checkpoint = tl_checkpoint_path(m, o->checkpoint, text, sizeof text);
    const tl_list weights = { .item = &checkpoint, .count = 1 }, *const inputs[] = { &o->data.data, &weights };
    if (tl_outputs_check(outputs, 2, inputs, 2, e) || tl_weights_open(&w, m, checkpoint, e))
        return -1;
    int bad = tl_table_inputs(&x, &from, &w.coding, m, &o->data.data, &o->data.table, e);
    if (!bad && w.coding.remark)
        fprintf(stderr, "%s: %s\n", m->name, w.coding.remark);
    bad = bad || write_out(engine, o, &w, &x, from, e);
    tl_origins_free(from, x.sequences);
    tl_examples_free(&x);
    tl_weights_free(&w);
    return bad;
}

#define PREDICT_TABLE(o)                                                                          \
    {                                                                                             \
        TL_STRING("checkpoint", 'c', &(o).checkpoint, "FILE", "(NAME.safetensors)"),              \
        TL_LIST("data", 0, &(o).data.data, "FILE",                                                \
                "a CSV table with the model's input columns; several files are several sequences"),\
        TL_CSV_OPTIONS((o).data),                                                                 \
        TL_OUTPUT(&(o).out, "FILE", "where to write (standard output)"),                          \
        TL_INT("horizon", 0, &(o).horizon, "N", 0, INT32_MAX,                                     \
               "go on for N rows behind the end of each sequence, feeding predictions back"),     \
        TL_THREADS_OPTION(&(o).threads),                                                          \
        TL_STRING("plot", 0, &(o).plot, "FILE", "draw table and predictions here: .svg or .png"), \
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
