/* online: rows of a table as they come. Each row's target is predicted before it is seen, and learned from when it is: the error so made is
 * prequential (Dawid, "The prequential approach", 1984), of data that were never trained on.
 *
 * Row t is step t; its target stands in row t + ahead. When row t comes,
 *   the step t - ahead is pushed to the learner, with the target that row t has (tl_online: its updates are those of a training);
 *   the steps that are not pushed yet, t - ahead + 1 .. t, are run from the learner's state with the weights there are now, and what the
 *   last of them puts out is the prediction for row t + ahead.
 * With ahead = 0 the prediction is made first. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buffers.h"
#include "checkpoint.h"
#include "commands.h"
#include "csv_file.h"
#include "init.h"
#include "line_reader.h"
#include "online.h"
#include "output.h"
#include "prediction.h"
#include "real.h"
#include "report.h"
#include "signals.h"
#include "stepper.h"
#include "table_row.h"
#include "weights.h"

typedef struct Options {
    tl_data_options data; /* whose files are the tables that --like names */
    const char *rows, *checkpoint, *out, *save;
    int64_t every, seed;
    int frozen, overwrite, json;
} Options;

/* A target's errors: sums of squares, of tokens how often it was wrong. */
typedef struct Errors {
    double model, persistence, count, compared;
} Errors;

typedef struct Stream {
    const tl_model *m;
    const Options *o;
    tl_coding coding;
    tl_online learner;
    void *memory;
    tl_stepper ahead;     /* runs what is not learned from yet */
    tl_row row;
    void ***input;        /* [slots] of the last steps, [ninputs] arrays each */
    double *predicted;    /* [slots][targets] by the row that it is for, in the table's units; tokens; NaN: none */
    size_t slots;         /* ahead + 1 */
    size_t first, targets; /* columns of targets in the coding */
    double *seen;         /* [slots][targets] by row: the last that was known of each target then, NaN: nothing yet */
    Errors *all, *recent; /* [targets] since the beginning, since they were last said */
    double loss, losses;  /* the sum of the losses, and of how many steps */
    void **target;
    uint64_t rows;
    FILE *out;
    char *header;         /* the first row, with its line end */
    size_t header_size;
    const char **words;   /* columns of words */
    tl_csv_options csv;
} Stream;

/* ---- setting up ---- */

/* Columns, scales and words: a checkpoint's, or those of a table that stands for the stream. */
static int learn_coding(Stream *s, const tl_engine *engine, tl_error *e)
{
    const Options *o = s->o;
    tl_examples x;
    if (o->checkpoint) {
        tl_weights w;
        if (tl_weights_open(&w, s->m, o->checkpoint, e))
            return -1;
        memcpy(s->learner.buffers.params, w.params, s->m->param_size * tl_real_size(s->m->real));
        s->coding = w.coding;
        w.coding = (tl_coding){ 0 };
        tl_weights_free(&w);
    } else if (tl_init_params(engine->model, s->learner.buffers.params, (uint64_t)o->seed, e)) {
        return -1;
    }
    if (o->data.data.count) {
        if (tl_dataset_load(&x, &s->coding, s->m, &o->data.data, &o->data, 0, e))
            return -1;
        tl_examples_free(&x);
    }
    if (s->coding.kind != TL_CODING_TABLE)
        return tl_fail(e, "nothing says which columns are read and how they are scaled: --checkpoint FILE of a training on a table, or --like "
                       "TABLE.csv, a table of the same columns");
    return s->coding.sequence && !(o->data.table.csv.sequence && !*o->data.table.csv.sequence)
               ? tl_fail(e, "the coding has sequences by '%s', and a stream is one: --sequence '' takes it so", s->coding.sequence) : 0;
}

static int make_learner(Stream *s, const tl_engine *engine, tl_error *e)
{
    const size_t bytes = tl_online_size(s->m);
    if (s->m->tbptt.batch != 1)
        return tl_fail(e, "it has a batch of %d, and a stream is one lane: tapeless online SPEC builds it for one", (int)s->m->tbptt.batch);
    s->memory = bytes ? tl_aligned(bytes) : NULL;
    if (!s->memory)
        return tl_fail(e, "no memory for a learner of %zu bytes", bytes);
    if (tl_online_begin(&s->learner, engine, s->memory, e))
        return -1;
    s->learner.seed = (uint64_t)s->o->seed;
    s->learner.frozen = s->o->frozen;
    return 0;
}

static int allocate(Stream *s, tl_error *e)
{
    char ahead[64];
    if (s->coding.ahead < 0)
        return tl_fail(e, "the targets stand %lld rows behind what is read: that is a label that later rows decide, and `online` predicts rows to come",
                       (long long)-s->coding.ahead);
    if (s->coding.beyond)
        return tl_fail(e, "the targets are of rows %s ahead of what is read, and `online` learns from one row as it comes: --ahead N in training",
                       tl_coding_ahead(&s->coding, ahead, sizeof ahead));
    if (tl_coding_known_ahead(&s->coding))
        return tl_fail(e, "the model was trained with --known, inputs of the row that is predicted, and `online` reads a row when it is there");
    s->slots = (size_t)s->coding.ahead + 1;
    s->first = tl_table_first(&s->coding, 1, 0);
    s->targets = s->coding.ncolumns - s->first;
    s->input = calloc(s->slots, sizeof *s->input);
    s->predicted = calloc(s->slots * (s->targets + 1), sizeof *s->predicted);
    s->seen = calloc(s->slots * (s->targets + 1), sizeof *s->seen);
    s->all = calloc(s->targets + 1, sizeof *s->all);
    s->recent = calloc(s->targets + 1, sizeof *s->recent);
    int fine = s->input && s->predicted && s->seen && s->all && s->recent && tl_arrays_new(&s->target, s->m->targets, s->m->ntargets, 1);
    for (size_t i = 0; fine && i < s->slots; i++)
        fine = tl_arrays_new(&s->input[i], s->m->inputs, s->m->ninputs, 1);
    for (size_t i = 0; fine && i < s->slots * s->targets; i++)
        s->predicted[i] = s->seen[i] = NAN;
    return fine ? 0 : tl_fail(e, "out of memory");
}

static int set_up(Stream *s, const tl_engine *engine, tl_error *e)
{
    if (make_learner(s, engine, e) || learn_coding(s, engine, e) || allocate(s, e))
        return -1;
    tl_online_start(&s->learner);
    s->csv = tl_csv_options_with(&s->o->data.table.csv, &s->coding);
    s->csv.sequence = NULL;
    s->csv.gaps = NULL; /* a row is a step */
    s->words = tl_row_words(&s->coding);
    s->csv.words = s->words;
    if (!s->words)
        return tl_fail(e, "out of memory");
    return tl_row_new(&s->row, &s->coding, s->m, e) || tl_stepper_new(&s->ahead, engine, s->learner.buffers.params, 1, e);
}

static void release(Stream *s)
{
    for (size_t i = 0; s->input && i < s->slots; i++)
        tl_arrays_free(s->input[i], s->m->ninputs);
    tl_arrays_free(s->target, s->m->ntargets);
    tl_stepper_free(&s->ahead);
    tl_row_free(&s->row);
    tl_coding_free(&s->coding);
    free(s->input);
    free(s->predicted);
    free(s->seen);
    free(s->all);
    free(s->recent);
    free(s->memory);
    free(s->header);
    free(s->words);
}

/* ---- predictions ---- */

static const tl_column *target_column(const Stream *s, size_t i) { return &s->coding.column[s->first + i]; }

static double *predicted_for(const Stream *s, uint64_t row) { return s->predicted + (size_t)(row % s->slots) * s->targets; }

/* Of each target column, in the table's units, what the step that was just run puts out. */
static void read_prediction(const Stream *s, double *to)
{
    double ignored;
    for (size_t i = 0, at = 0; i < s->targets; i++) {
        const tl_column *k = target_column(s, i);
        const size_t column = s->first + i;
        const int32_t output = tl_predictor_of(s->m, k->field);
        at = i && k[-1].field == k->field ? at + 1 : 0;
        if (output < 0 || !tl_stepper_ready(&s->ahead, 0))
            to[i] = NAN;
        else if (s->m->targets[k->field].vocab)
            to[i] = (double)tl_predicted_token(&s->ahead, output, 0, &ignored);
        else
            to[i] = tl_predicted_value(&s->ahead, output, 0, at) * s->coding.sd[column] + s->coding.mean[column];
    }
}

/* From the learner's state through the steps `from` .. `to`, which stand in their slots. */
static void predict(Stream *s, uint64_t from, uint64_t to)
{
    const tl_model *m = s->m;
    memcpy(s->ahead.state, s->learner.state, m->step_state_size * tl_real_size(m->real));
    s->ahead.since[0] = (int64_t)(from - 1);
    for (uint64_t t = from; t <= to; t++) {
        for (int32_t i = 0; i < m->ninputs; i++)
            memcpy(s->ahead.input[i], s->input[t % s->slots][i], tl_size(&m->inputs[i]) * tl_type_size(m->inputs[i].type));
        tl_stepper_step(&s->ahead, 0);
    }
    read_prediction(s, predicted_for(s, to + (uint64_t)s->coding.ahead));
}

static void write_value(const Stream *s, size_t i, double x)
{
    const char *word = isnan(x) ? NULL : tl_column_word(target_column(s, i), (int32_t)x);
    fputc(',', s->out);
    if (word)
        tl_csv_write(s->out, word);
    else if (!isnan(x))
        fprintf(s->out, "%.9g", x);
}

static int write_prediction(const Stream *s, uint64_t row, tl_error *e)
{
    const double *x = predicted_for(s, row);
    fprintf(s->out, "%llu", (unsigned long long)row);
    for (size_t i = 0; i < s->targets; i++)
        write_value(s, i, x[i]);
    fputc('\n', s->out);
    return fflush(s->out) ? tl_fail(e, "the predictions cannot be written") : 0;
}

static void write_header(const Stream *s)
{
    fputs("row", s->out);
    for (size_t i = 0; i < s->targets; i++) {
        fputc(',', s->out);
        tl_csv_write(s->out, target_column(s, i)->name);
    }
    fputc('\n', s->out);
    fflush(s->out);
}

/* ---- errors ---- */

static double distance(const Stream *s, size_t i, double predicted, double seen)
{
    const double d = predicted - seen;
    return s->m->targets[target_column(s, i)->field].vocab ? d != 0 : d * d;
}

static void add_error(Errors *a, double model, double persistence)
{
    a->model += model;
    a->count++;
    if (!isnan(persistence)) {
        a->persistence += persistence;
        a->compared++;
    }
}

/* What was known of targets at a row that is among the last; of the row before where there is one slot. */
static double *seen_at(const Stream *s, uint64_t row) { return s->seen + (size_t)(row % s->slots) * s->targets; }

/* This row against what was predicted for it, and against what was last seen when that was done. */
static void score(Stream *s, uint64_t row)
{
    const double *x = predicted_for(s, row), *before = seen_at(s, row - (uint64_t)s->coding.ahead);
    for (size_t i = 0; i < s->targets; i++) {
        const double seen = s->row.value[s->first + i];
        if (isnan(seen) || isnan(x[i]))
            continue;
        const double d = distance(s, i, x[i], seen), p = isnan(before[i]) ? NAN : distance(s, i, before[i], seen);
        add_error(&s->all[i], d, p);
        add_error(&s->recent[i], d, p);
    }
}

static void remember(Stream *s, uint64_t row)
{
    const double *last = seen_at(s, row - 1);
    double *to = seen_at(s, row);
    for (size_t i = 0; i < s->targets; i++) {
        const double seen = s->row.value[s->first + i];
        to[i] = isnan(seen) ? last[i] : seen;
    }
}

static double figure(const Stream *s, size_t i, double sum, double n)
{
    return n ? s->m->targets[target_column(s, i)->field].vocab ? 1 - sum / n : sqrt(sum / n) : NAN;
}

static const char *word_of(const Stream *s, size_t i) { return s->m->targets[target_column(s, i)->field].vocab ? "accuracy" : "RMS"; }

static void say(Stream *s)
{
    for (size_t i = 0; i < s->targets; i++) {
        const Errors *r = &s->recent[i];
        fprintf(stderr, "%s: row %llu: %s, %s of the last %.0f: %.6g, of persistence %.6g\n", s->m->name, (unsigned long long)s->rows,
                target_column(s, i)->name, word_of(s, i), r->count, figure(s, i, r->model, r->count), figure(s, i, r->persistence, r->compared));
        s->recent[i] = (Errors){ 0 };
    }
}

/* ---- rows ---- */

static const char *label_of(const Stream *s) { return strcmp(s->o->rows, "-") ? s->o->rows : "standard input"; }

static int read_row(Stream *s, const tl_line_reader *lines, const char *line, size_t size, tl_error *e)
{
    tl_csv csv;
    char *text = malloc(s->header_size + size + 2);
    if (!text)
        return tl_fail(e, "out of memory");
    memcpy(text, s->header, s->header_size);
    memcpy(text + s->header_size, line, size);
    memcpy(text + s->header_size + size, "\n", 2);
    int bad = tl_csv_parse(&csv, label_of(s), text, s->header_size + size + 1, lines->lines - 2, &s->csv, e);
    free(text);
    if (bad)
        return -1;
    bad = tl_row_read(&s->row, &csv, label_of(s), s->input[(s->rows + 1) % s->slots], e);
    tl_csv_free(&csv);
    return bad;
}

/* Step t, whose target was just read. */
static int learn(Stream *s, uint64_t t, tl_error *e)
{
    const int known = tl_row_targets(&s->row, s->target);
    const void *const *input = (const void *const *)s->input[t % s->slots];
    if (tl_online_push(&s->learner, input, known ? (const void *const *)s->target : NULL, NULL, NULL, e) < 0)
        return -1;
    if (known) {
        s->loss += tl_real_get(s->m->real, s->learner.losses, 0);
        s->losses++;
    }
    return 0;
}

/* A row has been read: its number is s->rows + 1. */
static int take_row(Stream *s, tl_error *e)
{
    const uint64_t row = ++s->rows, ahead = (uint64_t)s->coding.ahead;
    if (!ahead)
        predict(s, row, row);
    if (row > ahead) {
        score(s, row);
        if (learn(s, row - ahead, e))
            return -1;
    }
    remember(s, row);
    if (ahead)
        predict(s, row > ahead ? row - ahead + 1 : 1, row);
    if (write_prediction(s, row + ahead, e))
        return -1;
    if (s->o->every && row % (uint64_t)s->o->every == 0)
        say(s);
    return 0;
}

static int keep_header(Stream *s, const char *line, size_t size, tl_error *e)
{
    if (size >= 3 && !memcmp(line, "\xef\xbb\xbf", 3)) {
        line += 3;
        size -= 3;
    }
    s->header = malloc(size + 2);
    if (!s->header)
        return tl_fail(e, "out of memory");
    memcpy(s->header, line, size);
    memcpy(s->header + size, "\n", 2);
    s->header_size = size + 1;
    return 0;
}

static int is_blank(const char *line, size_t size) { return strspn(line, " \t") == size; }

/* To the end, or a signal. */
static int follow(Stream *s, tl_error *e)
{
    tl_line_reader lines;
    char *line;
    size_t size;
    if (tl_line_reader_open(&lines, s->o->rows, e))
        return -1;
    int more = tl_line_reader_next(&lines, &line, &size, tl_signals_seen, e), bad = more < 0;
    if (more > 0)
        bad = keep_header(s, line, size, e);
    else if (!bad)
        bad = tl_fail(e, "%s: there is no row of column names", label_of(s));
    if (!bad)
        write_header(s);
    while (!bad && !tl_signals_seen() && (more = tl_line_reader_next(&lines, &line, &size, tl_signals_seen, e)) > 0)
        bad = !is_blank(line, size) && (read_row(s, &lines, line, size, e) || take_row(s, e));
    tl_line_reader_close(&lines);
    return bad || more < 0 ? -1 : 0;
}

/* ---- the end ---- */

static void report_target(const Stream *s, json_t *j, json_t *list, size_t i)
{
    char key[256], text[128];
    const Errors *a = &s->all[i];
    const double x = figure(s, i, a->model, a->count), p = figure(s, i, a->persistence, a->compared);
    if (list) {
        json_t *one = json_pack("{s:s, s:I}", "name", target_column(s, i)->name, "rows", (json_int_t)a->count);
        tl_report_number(one, word_of(s, i)[0] == 'a' ? "accuracy" : "root_mean_square_error", x);
        tl_report_number(one, "persistence", p);
        json_array_append_new(list, one);
        return;
    }
    snprintf(key, sizeof key, "%s of %.200s", word_of(s, i), target_column(s, i)->name);
    snprintf(text, sizeof text, "%.6g over %.0f rows, of persistence %.6g", x, a->count, p);
    tl_report_text(j, key, text);
}

/* Where predictions go to standard output, people get it beside them. */
static void report(const Stream *s)
{
    if (!s->o->out) {
        for (size_t i = 0; i < s->targets; i++)
            fprintf(stderr, "%s: %llu rows, %llu updates: %s of %s %.6g, of persistence %.6g\n", s->m->name, (unsigned long long)s->rows,
                    (unsigned long long)s->learner.updates, word_of(s, i), target_column(s, i)->name,
                    figure(s, i, s->all[i].model, s->all[i].count), figure(s, i, s->all[i].persistence, s->all[i].compared));
        return;
    }
    json_t *j = tl_report_new(s->m), *list = s->o->json ? json_array() : NULL;
    tl_report_count(j, "rows", s->rows);
    tl_report_count(j, "updates", s->learner.updates);
    tl_report_number(j, "loss", s->losses ? s->loss / s->losses : NAN);
    for (size_t i = 0; i < s->targets; i++)
        report_target(s, j, list, i);
    if (list)
        json_object_set_new(j, "targets", list);
    tl_report_print(j, s->o->json);
}

static int check_options(const Options *o, tl_error *e)
{
    const tl_output outputs[] = { { "--output", o->out }, { "--save", o->save } };
    const tl_list weights = { .item = (const char **)&o->checkpoint, .count = o->checkpoint && (!o->save || strcmp(o->save, o->checkpoint)) };
    const tl_list rows = { .item = (const char **)&o->rows, .count = o->rows && strcmp(o->rows, "-") };
    const tl_list *const inputs[] = { &o->data.data, &weights, &rows };
    if (!o->rows)
        return tl_fail(e, "say which rows: --data FILE.csv, or --data - for standard input");
    if (o->json && !o->out)
        return tl_fail(e, "--json: predictions go to standard output: --output FILE writes them elsewhere");
    return tl_outputs_check(outputs, 2, inputs, 3, e) || (o->save && tl_output_check_weights(o->save, e)) ? -1 : 0;
}

static int run(const tl_engine *engine, const Options *o, tl_error *e)
{
    Stream s = { .m = engine->model, .o = o, .out = stdout };
    int bad = check_options(o, e) || set_up(&s, engine, e) ? -1 : 0;
    if (!bad && o->out)
        bad = (s.out = tl_output_open(o->out, 0, !o->overwrite, e)) ? 0 : -1;
    if (!bad) {
        tl_signals_catch();
        bad = follow(&s, e);
        const int signal = tl_signals_seen();
        tl_signals_release();
        tl_error late;
        if (o->save && (s.rows || !bad) && tl_weights_save(o->save, s.m, s.learner.buffers.params, &s.coding, bad ? &late : e))
            bad = -1;
        if (!bad)
            report(&s);
        bad = bad ? bad : signal;
    }
    if (s.out && s.out != stdout && fclose(s.out) && !bad)
        bad = tl_fail(e, "%s: it was not written to its end", o->out);
    release(&s);
    return bad;
}

#define ONLINE_TABLE(o)                                                                           \
    {                                                                                             \
        TL_STRING("data", 0, &(o).rows, "FILE", "rows of a CSV table as they come; - is standard input"), \
        TL_STRING("checkpoint", 'c', &(o).checkpoint, "FILE", "weights to begin with, and how columns are read"), \
        TL_FILES("like", 0, &(o).data.data, "FILE", "or a table to learn that from: which columns, scales, words"), \
        TL_DATA_OPTIONS((o).data),                                                                \
        TL_FLAG("frozen", 0, &(o).frozen, "predict, and learn nothing"),                          \
        TL_INT("seed", 's', &(o).seed, "N", 0, TL_INT_MAX, "of parameters and dropout"),          \
        TL_INT("every", 0, &(o).every, "N", 1, TL_INT_MAX, "say the error of the last N rows"),   \
        TL_OUTPUT(&(o).out, "FILE", "where predictions go (standard output)"),                    \
        TL_FLAG("overwrite", 0, &(o).overwrite, "although that file exists"),                     \
        TL_STRING("save", 0, &(o).save, "FILE", "write the weights here at the end"),             \
        TL_FLAG("json", 0, &(o).json, "the result as JSON"),                                      \
        TL_END,                                                                                   \
    }

static Options defaults(void) { return (Options){ .data = { .table = { .ahead = TL_AHEAD_UNSAID } }, .seed = 1 }; }

int tl_online_table(tl_see_table *see, void *context)
{
    Options o = defaults();
    const tl_option table[] = ONLINE_TABLE(o);
    int result = see(table, context);
    tl_cli_free(table);
    return result;
}

int tl_command_online(const tl_engine *engine, int argc, char **argv)
{
    Options o = defaults();
    const tl_option table[] = ONLINE_TABLE(o);
    int nargs, status = tl_command_parse(table, engine->model, "online", "--data -",
                                         "Predicts each row of a stream before it is there, then learns from it.", argc, argv, 0, &nargs);
    if (status < 0) {
        tl_error e;
        const int bad = run(engine, &o, &e);
        status = bad > 0 ? 128 + bad : bad ? tl_command_fail(engine->model, &e, TL_EXIT_WRONG) : TL_EXIT_DONE;
    }
    tl_cli_free(table);
    return status;
}
