#include "table.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "npy_text.h"
#include "sequences.h"
#include "table_ahead.h"
#include "table_parts.h"
#include "table_words.h"

size_t tl_table_first(const tl_coding *c, int32_t target, int32_t field)
{
    size_t i = 0;
    while (i < c->ncolumns && (c->column[i].target != target || c->column[i].field != field))
        i++;
    return i;
}

static size_t first_target(const tl_coding *c)
{
    size_t i = 0;
    while (i < c->ncolumns && !c->column[i].target)
        i++;
    return i;
}

size_t tl_table_targets(const tl_coding *c) { return (c->ncolumns - first_target(c)) / ((size_t)c->beyond + 1); }

size_t tl_table_target(const tl_coding *c, size_t k) { return first_target(c) + k * ((size_t)c->beyond + 1); }

int tl_table_ahead(const tl_table_options *o, int64_t *ahead, int64_t *beyond, tl_error *e)
{
    *ahead = o->ahead;
    *beyond = 0;
    if (!o->aheads || !tl_ahead_of(o->aheads, ahead, beyond))
        return 0;
    return tl_fail(e, "--ahead %s: it takes a number of rows, N, or N-M for each of several, 1-12, where 1 <= N <= M", o->aheads);
}

/* ---- the sequences ---- */

static int find_parts(tl_tables *b, tl_error *e)
{
    for (size_t i = 0; i < b->paths->count; i++)
        b->parts += tl_csv_sequences(&b->csv[i]);
    b->part = calloc(b->parts, sizeof *b->part);
    b->first = calloc(b->parts + 1, sizeof *b->first);
    if (!b->part || !b->first)
        return tl_fail(e, "%s: out of memory", b->paths->item[0]);
    tl_part *p = b->part;
    for (size_t i = 0; i < b->paths->count; i++) {
        const tl_csv *csv = &b->csv[i];
        for (size_t k = 0, n = tl_csv_sequences(csv); k < n; k++)
            *p++ = (tl_part){ csv, b->paths->item[i], tl_csv_start(csv, k), tl_csv_start(csv, k + 1), .number = k };
    }
    return 0;
}

/* What gaps have split may be too short to be of use. */
static void drop_pieces(tl_tables *b, uint64_t ahead, tl_coding *c)
{
    size_t n = 0;
    for (size_t i = 0; i < b->parts; i++)
        if (!b->part[i].csv->groups.named || b->part[i].to - b->part[i].from > ahead)
            b->part[n++] = b->part[i];
    if (n && n < b->parts) {
        tl_coding_remark(c, "%zu of %zu sequences, which gaps left with no more than %llu row%s, left out", b->parts - n, b->parts,
                         (unsigned long long)ahead, ahead == 1 ? "" : "s");
        b->parts = n;
    }
}

/* Where the target stands `by` rows ahead, so many rows at the end of each sequence have none, and are left out. Where it
 * stands behind, the first have none: they are read all the same. */
static int find_examples(tl_tables *b, int64_t by, tl_coding *c, tl_error *e)
{
    const uint64_t ahead = (uint64_t)(by < 0 ? -by : by);
    const char *where = by < 0 ? "behind" : "ahead";
    drop_pieces(b, ahead, c);
    for (size_t i = 0; i < b->parts; i++) {
        const tl_part *p = &b->part[i];
        size_t rows = p->to - p->from;
        if (ahead >= rows && rows == p->csv->rows)
            return tl_fail(e, "%s: %zu rows are too few to predict %llu %s", p->path, rows,
                           (unsigned long long)ahead, where);
        if (ahead >= rows)
            return tl_fail(e, "%s:%zu: the sequence '%s' has %zu row%s, the last in this line: too short to "
                           "predict %llu %s, which takes %llu", p->path, tl_part_line(p, p->to - 1),
                           tl_csv_label(p->csv, p->number), rows, rows == 1 ? "" : "s",
                           (unsigned long long)ahead, where, (unsigned long long)ahead + 1);
        b->first[i + 1] = b->first[i] + rows - (by > 0 ? (size_t)ahead : 0);
    }
    return 0;
}

/* For people: what was found out, and done, about the files. */
static void remark(tl_coding *c, const tl_tables *b, const char *sequence)
{
    const tl_csv *csv = b->csv;
    if (csv->separator != ',' || csv->decimal_found)
        tl_coding_remark(c, "cells are separated by %s%s", tl_csv_separator_name(csv->separator),
                         csv->decimal_found ? ", numbers have a decimal comma" : "");
    for (size_t i = 0; i < b->paths->count && sequence; i++)
        if (!b->csv[i].stacked && tl_name_list_find(&b->csv[i].name, sequence, strlen(sequence)) == SIZE_MAX)
            tl_coding_remark(c, "%s has no column '%s', which told the sequences apart in training: it is one", b->paths->item[i],
                             sequence);
    for (size_t i = 0; i < b->paths->count; i++)
        if (b->csv[i].times.remark)
            tl_coding_remark(c, "%s", b->csv[i].times.remark);
        else if (b->csv[i].groups.row)
            tl_coding_remark(c, "the rows of %zu interleaved sequences put together",
                             tl_csv_sequences(&b->csv[i]));
}

/* Of several readings in one run the first is told about. */
static char *set_aside(tl_coding *c)
{
    char *before = c->remark;
    c->remark = NULL;
    return before;
}

static void put_back(tl_coding *c, char *before)
{
    if (!before)
        return;
    free(c->remark);
    c->remark = before;
}

static const char *either(const char *given, const char *known) { return given ? given : known; }

tl_csv_options tl_csv_options_with(const tl_csv_options *options, const tl_coding *c)
{
    tl_csv_options o = *options;
    o.maybe_sequence |= !o.sequence;
    o.maybe_time |= !o.time && (c->time || !(o.calendar || o.gaps || o.time_format)); /* without times these would be about nothing */
    o.sequence = either(o.sequence, c->sequence);
    o.time = either(o.time, c->time);
    o.time_format = either(o.time_format, c->time_format);
    o.gaps = either(o.gaps, c->gaps);
    o.calendar = either(o.calendar, c->calendar);
    return o;
}

static int is_step(tl_time_step s) { return s.seconds > 0 || s.months > 0; }

/* Rows that go on behind a single one are as far apart as those that were trained on. */
static void take_interval(tl_csv_times *t, const char *interval)
{
    char *end = NULL;
    const double n = interval ? strtod(interval, &end) : 0;
    if (t->is && !is_step(t->step) && n > 0 && n < 1e12)
        t->step = *end ? (tl_time_step){ 0, n < 1e4 ? (int)n : 0 } : (tl_time_step){ n, 0 };
}

static int keep_interval(tl_coding *c, const tl_csv_times *t, const char *path, tl_error *e)
{
    char text[48];
    if (t->step.months)
        snprintf(text, sizeof text, "%d months", t->step.months);
    else
        snprintf(text, sizeof text, "%.17g", t->step.seconds);
    return t->is && is_step(t->step) && !(c->interval = strdup(text)) ? tl_fail(e, "%s: out of memory", path) : 0;
}

static int read_files(tl_tables *b, const tl_list *paths, const tl_csv_options *options, const char *const *words, tl_coding *c, tl_error *e)
{
    tl_csv_options o = tl_csv_options_with(options, c);
    o.words = words;
    *b = (tl_tables){ .paths = paths, .files = paths->count };
    b->csv = calloc(paths->count, sizeof *b->csv);
    if (!b->csv)
        return tl_fail(e, "%s: out of memory", paths->item[0]);
    for (size_t i = 0; i < paths->count; i++)
        if (tl_csv_read(&b->csv[i], paths->item[i], &o, e))
            return -1;
    for (size_t i = 0; i < paths->count; i++)
        take_interval(&b->csv[i].times, c->interval);
    remark(c, b, o.sequence && *o.sequence ? o.sequence : NULL);
    return find_parts(b, e);
}

static int read_tables(tl_tables *b, const tl_list *paths, const tl_table_options *o, const tl_model *m, tl_coding *c, tl_error *e)
{
    const char **words = tl_table_word_columns(c, m, NULL, o);
    int bad = words ? read_files(b, paths, &o->csv, words, c, e) : tl_fail(e, "%s: out of memory", paths->item[0]);
    free(words);
    return bad;
}

static void free_tables(tl_tables *b)
{
    for (size_t i = 0; b->csv && i < b->files; i++)
        tl_csv_free(&b->csv[i]);
    free(b->csv);
    free(b->part);
    free(b->first);
    *b = (tl_tables){ 0 };
}

/* Once the columns are chosen, those of words are read as such. */
static int read_words(tl_tables *b, const tl_model *m, const tl_table_options *o, tl_coding *c, tl_error *e)
{
    const tl_list *paths = b->paths;
    const char **words = tl_table_word_columns(c, m, b, o);
    int bad = words ? 0 : tl_fail(e, "%s: out of memory", paths->item[0]);
    if (!bad && words[0]) {
        char *before = set_aside(c); /* it is said already */
        free_tables(b);
        bad = read_files(b, paths, &o->csv, words, c, e);
        put_back(c, before);
    }
    free(words);
    return bad;
}

/* ---- what is learned from them ---- */

static int allocate_scales(tl_coding *c, const char *path, tl_error *e)
{
    c->mean = calloc(c->ncolumns + 1, sizeof *c->mean);
    c->sd = calloc(c->ncolumns + 1, sizeof *c->sd);
    c->fill = c->missing == TL_MISSING_HOLD ? calloc(c->ncolumns + 1, sizeof *c->fill) : NULL;
    for (size_t i = 0; c->sd && i < c->ncolumns; i++)
        c->sd[i] = 1;
    if (c->mean && c->sd && (c->fill || c->missing != TL_MISSING_HOLD))
        return 0;
    return tl_fail(e, "%s: out of memory", path);
}

/* One column, in the parts that are for training. */
static int learn_scale(tl_coding *c, size_t i, const tl_model *m, const tl_part *part, const size_t *index,
                       size_t parts, const tl_table_options *o, tl_error *e)
{
    const tl_column *k = &c->column[i];
    double mean, sd;
    if (part->csv->column[*index].words.count && tl_column_field(m, k)->vocab)
        return tl_table_learn_words(c, i, m, part, index, parts, o->other ? o->other : -1, e);
    int scale = k->standardised, fill = c->fill && !k->target && !tl_column_field(m, k)->vocab;
    if (k->indicator || (!scale && !fill))
        return 0;
    if (tl_table_measure(part, index, parts, k->name, &mean, &sd, e))
        return -1;
    if (fill)
        c->fill[i] = mean;
    if (!scale)
        return 0;
    c->mean[i] = mean;
    c->sd[i] = sd;
    if (sd < 1e-12 * fabs(mean))
        tl_coding_remark(c, "%.80s varies by %.1g of its size, which may be rounding alone", k->name,
                         sd / fabs(mean));
    return 0;
}

/* Numbers and words in one column of tokens. */
static void advise_words(const tl_tables *b, const tl_model *m, const tl_column *k, tl_error *e)
{
    const size_t n = strlen(e->text), at = tl_name_list_find(&b->csv->name, k->name, strlen(k->name));
    if (tl_column_field(m, k)->vocab && at != SIZE_MAX && b->csv->column[at].wrong_line && b->csv->column[at].wrong == TL_CELL_WORDS)
        snprintf(e->text + n, sizeof e->text - n, "; --words %s reads its cells as words", k->name);
}

static int standardise(tl_coding *c, const tl_model *m, const tl_tables *b, const tl_table_options *o, double valid, tl_error *e)
{
    size_t *index = calloc(b->parts, sizeof *index);
    size_t parts = tl_sequences_training(b->first, b->parts, valid);
    tl_part whole = b->part[0], *part = b->part;
    int bad = !index ? tl_fail(e, "%s: out of memory", whole.path) : 0;
    if (b->parts == 1) {
        whole.to = whole.from + tl_training_rows(whole.to - whole.from, valid);
        part = &whole;
    }
    for (size_t i = 0; i < c->ncolumns && !bad; i++) {
        bad = tl_tables_find(index, b, c, c->column[i].target ? "target" : "input", c->column[i].name, e);
        if (bad)
            advise_words(b, m, &c->column[i], e);
        if (!bad && part->to > part->from)
            bad = learn_scale(c, i, m, part, index, parts, o, e);
    }
    free(index);
    return bad;
}

static int check_kind(const tl_coding *c, const char *path, tl_error *e)
{
    if (c->kind == TL_CODING_TEXT)
        return tl_fail(e, "%s: this model was trained on text, not on the columns of a table",
                       path);
    return 0;
}

/* A checkpoint's way is given up for another. Its means are those of the training rows. */
static int change_missing(tl_coding *c, const char *text, int indicators, tl_error *e)
{
    int has = 0;
    for (size_t i = 0; i < c->ncolumns; i++)
        has |= c->column[i].indicator;
    if (indicators && !has)
        return tl_fail(e, "--missing %s: the model was trained without indicators, and has no inputs for "
                       "them", text);
    if (c->missing != TL_MISSING_HOLD || c->fill)
        return 0;
    if (!(c->fill = calloc(c->ncolumns + 1, sizeof *c->fill)))
        return tl_fail(e, "out of memory");
    memcpy(c->fill, c->mean, c->ncolumns * sizeof *c->fill);
    return 0;
}

/* "hold,indicator" */
static int take_missing(tl_coding *c, const char *text, int *indicators, tl_error *e)
{
    char word[16];
    *indicators = 0;
    if (!text)
        return 0;
    size_t n = strcspn(text, ",");
    snprintf(word, sizeof word, "%.*s", n < sizeof word ? (int)n : 0, text);
    int missing = tl_missing_of(word);
    *indicators = missing >= TL_MISSING_HOLD && strcmp(text + n, ",indicator") == 0;
    if (missing < 0 || (text[n] && !*indicators))
        return tl_fail(e, "--missing %s: it takes error, mask, hold or zero; hold,indicator and "
                       "zero,indicator add an input for each that has missing cells", text);
    c->missing = (tl_missing)missing;
    return c->kind == TL_CODING_TABLE ? change_missing(c, text, *indicators, e) : 0;
}

static int take_word(char **to, const char *word, const char *path, tl_error *e)
{
    return !word || !word[0] || (*to = strdup(word)) ? 0 : tl_fail(e, "%s: out of memory", path);
}

/* Every --words must be about a column that is read as tokens. */
static int check_words(const tl_coding *c, const tl_model *m, const tl_table_options *o, tl_error *e)
{
    for (size_t i = 0; i < o->words.count; i++) {
        size_t k = 0;
        while (k < c->ncolumns && (strcmp(c->column[k].name, o->words.item[i]) || !tl_column_field(m, &c->column[k])->vocab))
            k++;
        if (k == c->ncolumns)
            return tl_fail(e, "--words %s: no token(N) of the model reads a column of that name", o->words.item[i]);
    }
    return 0;
}

/* The coding of tables seen for the first time. */
static int learn(tl_coding *c, const tl_model *m, tl_tables *b, const tl_table_options *o, int indicators,
                 tl_error *e)
{
    const char *path = b->paths->item[0];
    const tl_csv_options *csv = &o->csv;
    c->kind = TL_CODING_TABLE;
    return take_word(&c->sequence, b->csv->stacked ? TL_NPY_SEQUENCE : csv->sequence, path, e) || take_word(&c->weight, o->weight, path, e) || take_word(&c->time, csv->time, path, e) ||
           take_word(&c->time_format, csv->time_format, path, e) || take_word(&c->gaps, csv->gaps, path, e) ||
           take_word(&c->calendar, csv->calendar, path, e) || keep_interval(c, &b->csv->times, path, e) || tl_table_choose(c, m, b, o, indicators, e) || tl_table_choose_scales(c, m, o, e) ||
           (o->known && tl_table_check_known(c, m, path, e)) || check_words(c, m, o, e) || read_words(b, m, o, c, e) || allocate_scales(c, path, e);
}

/* The names of columns on one side, as a sentence has them. */
static const char *side_names(const tl_coding *c, int side, char *text, size_t size)
{
    size_t n = 0;
    text[0] = 0;
    for (size_t i = 0; i < c->ncolumns && n + 1 < size; i++)
        if (c->column[i].target == side && !c->column[i].indicator && !c->column[i].shift)
            n += (size_t)snprintf(text + n, size - n, "%s%s", n ? ", " : "", c->column[i].name);
    return n ? text : "none";
}

static int same_columns(const tl_coding *a, const tl_coding *b)
{
    for (size_t i = 0; i < a->ncolumns && a->ncolumns == b->ncolumns; i++)
        if (a->column[i].target != b->column[i].target || a->column[i].field != b->column[i].field ||
            a->column[i].indicator != b->column[i].indicator || strcmp(a->column[i].name, b->column[i].name))
            return 0;
    return a->ncolumns == b->ncolumns;
}

static int check_ahead(const tl_coding *c, const tl_table_options *o, tl_error *e)
{
    tl_coding given = { 0 };
    char said[64], was[64];
    if (tl_table_ahead(o, &given.ahead, &given.beyond, e))
        return -1;
    if (given.ahead == TL_AHEAD_UNSAID || (given.ahead == c->ahead && given.beyond == c->beyond))
        return 0;
    return tl_fail(e, "--ahead %s: the model was trained with --ahead %s, which its checkpoint keeps", tl_coding_ahead(&given, said, sizeof said),
                   tl_coding_ahead(c, was, sizeof was));
}

static int check_known(const tl_coding *c, const tl_table_options *o, tl_error *e)
{
    for (size_t i = 0; i < o->known_ahead.count; i++) {
        size_t k = 0;
        while (k < c->ncolumns && (c->column[k].target || !c->column[k].shift || strcmp(c->column[k].name, o->known_ahead.item[i])))
            k++;
        if (k == c->ncolumns)
            return tl_fail(e, "--known %s: the model was trained without, which its checkpoint keeps", o->known_ahead.item[i]);
    }
    return 0;
}

/* A checkpoint's columns stand. Options that choose others would have no effect. */
static int check_same(const tl_coding *c, const tl_model *m, const tl_tables *b, const tl_table_options *o,
                      tl_error *e)
{
    const char *path = b->paths->item[0];
    char in[200], out[200];
    int indicators = 0;
    if (check_ahead(c, o, e) || check_known(c, o, e))
        return -1;
    if (tl_table_check_scales(c, m, o, e))
        return -1;
    if (!o->input.count && !o->target.count)
        return 0;
    for (size_t i = 0; i < c->ncolumns; i++)
        indicators |= c->column[i].indicator;
    tl_coding other = { .missing = c->missing };
    tl_table_options chosen = *o;
    char ahead[64];
    chosen.aheads = tl_coding_ahead(c, ahead, sizeof ahead);
    chosen.known_ahead = (tl_list){ 0 }; /* what the checkpoint says of that stands */
    int bad = take_word(&other.sequence, c->sequence, path, e) ||
              tl_table_choose(&other, m, b, &chosen, indicators, e);
    if (!bad && !same_columns(c, &other))
        bad = tl_fail(e, "%s: the model was trained on the inputs %s and the targets %s, which its "
                      "checkpoint keeps: leave --input and --target out", path,
                      side_names(c, 0, in, sizeof in), side_names(c, 1, out, sizeof out));
    tl_coding_free(&other);
    return bad ? -1 : 0;
}

/* The weights of the loss may be others, or none, each time. */
static int change_weight(tl_coding *c, const char *weight, const char *path, tl_error *e)
{
    if (!weight)
        return 0;
    free(c->weight);
    c->weight = NULL;
    return take_word(&c->weight, weight, path, e);
}

/* The examples say where several sequences begin. */
static void hand_over(tl_examples *x, tl_tables *b)
{
    if (b->parts < 2)
        return;
    x->first = b->first;
    x->sequences = b->parts;
    b->first = NULL;
}

static int make_examples(tl_examples *x, tl_coding *c, const tl_model *m, tl_tables *b, int sides, tl_error *e)
{
    if (!tl_examples_new(x, m, b->first[b->parts], 1))
        return tl_fail(e, "%s: no memory for %zu rows", b->paths->item[0], b->first[b->parts]);
    if (tl_table_fill(x, c, m, b, sides, e))
        return -1;
    hand_over(x, b);
    return 0;
}

static int load(tl_examples *x, tl_coding *c, const tl_model *m, tl_tables *b,
                const tl_table_options *o, double valid, tl_error *e)
{
    int new = c->kind == TL_CODING_NONE, indicators;
    if (take_missing(c, o->missing, &indicators, e) ||
        (new ? learn(c, m, b, o, indicators, e)
             : check_same(c, m, b, o, e) || change_weight(c, o->weight, b->paths->item[0], e)) ||
        find_examples(b, c->ahead + c->beyond, c, e) || (new && standardise(c, m, b, o, valid, e)))
        return -1;
    return make_examples(x, c, m, b, 2, e);
}

/* ---- where they were read ---- */

static int find_rows(tl_origin *o, const tl_part *p)
{
    if (!p->csv->groups.row)
        return 1;
    if (!(o->row = calloc(o->rows, sizeof *o->row)))
        return 0;
    for (size_t i = 0; i < o->rows; i++) {
        const size_t row = tl_csv_row(p->csv, p->from + i);
        o->row[i] = row < p->csv->given ? row + 1 : 0;
    }
    return 1;
}

static int find_times(tl_origin *o, const tl_part *p)
{
    const tl_csv_times *t = &p->csv->times;
    if (!t->is)
        return 1;
    o->step = t->step;
    o->style = t->style;
    o->unit = t->unit;
    if (!(o->time = calloc(o->rows, sizeof *o->time)))
        return 0;
    for (size_t i = 0; i < o->rows; i++)
        o->time[i] = tl_csv_time_at(p->csv, p->to, p->from + i);
    return 1;
}

static int find_origin(tl_origin *o, const tl_part *p)
{
    const char *label = tl_csv_label(p->csv, p->number);
    *o = (tl_origin){ .path = p->path, .rows = p->to - p->from, .before = tl_csv_row(p->csv, p->from) };
    if (*label && !(o->label = strdup(label)))
        return 0;
    return find_rows(o, p) && find_times(o, p);
}

static int find_origins(tl_origin **to, const tl_tables *b, tl_error *e)
{
    tl_origin *o = calloc(b->parts, sizeof *o);
    int fine = o != NULL;
    for (size_t i = 0; fine && i < b->parts; i++) {
        fine = find_origin(&o[i], &b->part[i]);
        o[i].goes_on = tl_part_goes_on(b, &b->part[i]);
    }
    *to = o;
    if (fine)
        return 0;
    tl_origins_free(o, b->parts);
    *to = NULL;
    return tl_fail(e, "%s: out of memory", b->paths->item[0]);
}

size_t tl_origin_row(const tl_origin *o, size_t n)
{
    if (n > o->rows && o->time)
        return 0;
    if (!o->row)
        return o->before + n;
    return n <= o->rows ? o->row[n - 1] : o->row[o->rows - 1] + (n - o->rows);
}

double tl_origin_time(const tl_origin *o, size_t n)
{
    return n <= o->rows ? o->time[n - 1] : tl_time_add(o->time[o->rows - 1], o->step, (double)(n - o->rows));
}

void tl_origins_free(tl_origin *o, size_t sequences)
{
    for (size_t i = 0; o && i < (sequences ? sequences : 1); i++) {
        free(o[i].label);
        free(o[i].row);
        free(o[i].time);
        free(o[i].actual);
        for (size_t k = 0; o[i].actual_word && k < o[i].all * o[i].ntargets; k++)
            free(o[i].actual_word[k]);
        free(o[i].actual_word);
        for (size_t k = 0; o[i].kept && k < o[i].all * o[i].nkept; k++)
            free(o[i].kept[k]);
        free(o[i].kept);
    }
    free(o);
}

/* ---- the whole ---- */

/* origins may be NULL. */
static int load_all(tl_examples *x, tl_origin **origins, tl_coding *c, const tl_model *m, const tl_list *paths,
                    const tl_table_options *o, double valid, tl_error *e)
{
    tl_tables b = { 0 };
    *x = (tl_examples){ 0 };
    if (check_kind(c, paths->item[0], e))
        return -1;
    char *before = set_aside(c);
    int bad = read_tables(&b, paths, o, m, c, e) || load(x, c, m, &b, o, valid, e) ||
              (origins && find_origins(origins, &b, e)) ? -1 : 0;
    put_back(c, before);
    free_tables(&b);
    if (bad)
        tl_examples_free(x);
    return bad;
}

int tl_table_load(tl_examples *x, tl_coding *c, const tl_model *m, const tl_list *paths,
                  const tl_table_options *o, double valid, tl_error *e)
{
    return load_all(x, NULL, c, m, paths, o, valid, e);
}

int tl_table_load_from(tl_examples *x, tl_origin **origins, tl_coding *c, const tl_model *m, const tl_list *paths,
                       const tl_table_options *o, double valid, tl_error *e)
{
    *origins = NULL;
    return load_all(x, origins, c, m, paths, o, valid, e);
}

/* `a` may be NULL: then no row is ahead. */
static int load_inputs(tl_examples *x, tl_origin **origins, size_t *sequences, tl_ahead *a, tl_coding *c, const tl_model *m, tl_tables *b,
                       const tl_csv_options *csv, tl_error *e)
{
    if (read_files(b, b->paths, csv, csv->words, c, e) || find_origins(origins, b, e))
        return -1;
    *sequences = b->parts;
    return (a ? tl_ahead_split(b, c, a, csv, e) || tl_ahead_keep(*origins, b, c, a, e) : find_examples(b, tl_coding_known_ahead(c), c, e)) ||
           make_examples(x, c, m, b, 1, e);
}

/* With the coding's way to read, and its columns of words. */
static int load_by_coding(tl_examples *x, tl_origin **origins, size_t *sequences, tl_ahead *a, tl_coding *c, const tl_model *m, tl_tables *b,
                          const tl_table_options *o, tl_error *e)
{
    int ignored;
    if (take_missing(c, o->missing, &ignored, e))
        return -1;
    tl_csv_options csv = tl_csv_options_with(&o->csv, c);
    const char **words = tl_table_word_columns(c, m, NULL, o);
    csv.keep = a ? a->keep : NULL;
    csv.words = words;
    int bad = words ? load_inputs(x, origins, sequences, a, c, m, b, &csv, e) : tl_fail(e, "%s: out of memory", b->paths->item[0]);
    free(words);
    return bad;
}

int tl_table_inputs_ahead(tl_examples *x, tl_origin **origins, tl_ahead *a, tl_coding *c, const tl_model *m,
                          const tl_list *paths, const tl_table_options *o, tl_error *e)
{
    tl_tables b = { .paths = paths };
    *x = (tl_examples){ 0 };
    *origins = NULL;
    if (c->kind == TL_CODING_TEXT)
        return tl_fail(e, "%s: the model was trained on a text, and this is about tables; `sample` writes on from a text, `eval` scores one",
                       paths->item[0]);
    if (c->kind != TL_CODING_TABLE)
        return tl_fail(e, "%s: the checkpoint does not say which columns the model reads; it does "
                       "after a training on a .csv file, or `import FILE --like CHECKPOINT`", paths->item[0]);
    size_t sequences = 0;
    int bad = load_by_coding(x, origins, &sequences, a, c, m, &b, o, e);
    if (!bad && a)
        bad = tl_ahead_join(x, &b, a, e);
    free_tables(&b);
    if (!bad)
        return 0;
    tl_origins_free(*origins, sequences);
    *origins = NULL;
    tl_examples_free(x);
    return -1;
}

int tl_table_inputs(tl_examples *x, tl_origin **origins, tl_coding *c, const tl_model *m, const tl_list *paths,
                    const tl_table_options *o, tl_error *e)
{
    return tl_table_inputs_ahead(x, origins, NULL, c, m, paths, o, e);
}
