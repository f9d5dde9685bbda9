#include "dataset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "npy_text.h"
#include "real.h"
#include "safetensors.h"
#include "sequences.h"
#include "tensors.h"
#include "text.h"

enum { ENDLESS = 1 << 30 };

/* In capitals or not. */
static int ends_with(const char *path, const char *end)
{
    size_t n = strlen(path), k = strlen(end);
    return n >= k && strcasecmp(path + n - k, end) == 0;
}

static const char *format_of(const char *path, const tl_data_options *o)
{
    if (o->format)
        return o->format;
    /* Who reads tables says of a Parquet file what else there is to do with it. */
    static const char *const tables[] = { ".csv", ".tsv", ".csv.gz", ".tsv.gz", ".parquet" };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        if (ends_with(path, tables[i]))
            return "csv";
    return ends_with(path, ".safetensors") ? "safetensors" : ends_with(path, ".npz") ? "npz" : ends_with(path, ".npy") ? "npy" : "text";
}

static int is_table(const char *format) { return !strcmp(format, "csv") || !strcmp(format, "npy"); }

static int is_tensors(const char *format) { return !strcmp(format, "safetensors") || !strcmp(format, "npz"); }

/* An option about tables, given for what is none, would have no effect. */
static int check_no_table(const char *path, const tl_table_options *o, tl_error *e)
{
    const struct {
        const char *name, *value;
    } option[] = {
        { "time", o->csv.time }, { "time-format", o->csv.time_format }, { "gaps", o->csv.gaps }, { "calendar", o->csv.calendar },
        { "words", o->words.count ? o->words.item[0] : NULL },
        { "sequence", o->csv.sequence }, { "weight", o->weight }, { "missing", o->missing },
        { "separator", o->csv.separator }, { "decimal", o->csv.decimal }, { "thousands", o->csv.thousands },
        { "input", o->input.count ? o->input.item[0] : NULL }, { "target", o->target.count ? o->target.item[0] : NULL },
        { "no-header", o->csv.no_header ? "" : NULL }, { "header", o->csv.header ? "" : NULL },
        { "ahead", o->aheads && strcmp(o->aheads, "0") ? o->aheads : NULL }, { "raw", o->raw.count ? o->raw.item[0] : NULL },
        { "known", o->known_ahead.count ? o->known_ahead.item[0] : NULL },
    };
    for (size_t i = 0; i < sizeof option / sizeof *option; i++)
        if (option[i].value)
            return tl_fail(e, "--%s%s%s: %s is not a CSV file", option[i].name, option[i].value[0] ? " " : "",
                           option[i].value, path);
    return 0;
}

/* All must be of one format, and several of one that knows sequences. */
static int check_formats(const tl_list *paths, const char *format, const tl_data_options *o,
                         tl_error *e)
{
    for (size_t i = 1; i < paths->count; i++)
        if (strcmp(format_of(paths->item[i], o), format))
            return tl_fail(e, "%s: it is %s and %s is %s; files that are read together are of one "
                           "format", paths->item[i], format_of(paths->item[i], o), paths->item[0],
                           format);
    if (paths->count > 1 && is_tensors(format))
        return tl_fail(e, "%s: only one file of tensors can be read; put the sequences behind "
                       "each other in it and mark the starts in a tensor 'reset'", paths->item[1]);
    if (o->unit && strcmp(format, "text"))
        return tl_fail(e, "--unit %s: %s is %s, and no text; --format text if it is one", o->unit, paths->item[0], format);
    if (o->table.other && is_tensors(format))
        return tl_fail(e, "--other: %s has no words", paths->item[0]);
    return is_table(format) ? 0 : check_no_table(paths->item[0], &o->table, e);
}

int tl_dataset_load(tl_examples *x, tl_coding *c, const tl_model *m, const tl_list *paths,
                    const tl_data_options *o, double valid, tl_error *e)
{
    tl_origin *origins;
    int bad = tl_dataset_load_from(x, &origins, c, m, paths, o, valid, e);
    tl_origins_free(origins, x->sequences);
    return bad;
}

int tl_dataset_load_from(tl_examples *x, tl_origin **origins, tl_coding *c, const tl_model *m, const tl_list *paths,
                         const tl_data_options *o, double valid, tl_error *e)
{
    const char *format = format_of(paths->item[0], o);
    *x = (tl_examples){ 0 };
    *origins = NULL;
    if (check_formats(paths, format, o, e))
        return -1;
    if (is_table(format))
        return tl_table_load_from(x, origins, c, m, paths, &o->table, valid, e);
    if (is_tensors(format) && c->kind != TL_CODING_NONE)
        return tl_fail(e, "%s: the model's data are read from %s; tensors are taken as they stand, and would not be what it "
                       "was trained on", paths->item[0], c->kind == TL_CODING_TEXT ? "text, by its vocabulary" :
                       "tables, by their columns and scales");
    if (is_tensors(format))
        return tl_tensors_load(x, m, paths->item[0], e);
    if (strcmp(format, "text") == 0 && o->table.known && c->kind == TL_CODING_NONE && tl_text_fits(m))
        return tl_fail(e, "%s: the weights do not say which character is which token: `import FILE --like CHECKPOINT` "
                       "gives them a checkpoint's vocabulary", paths->item[0]);
    if (strcmp(format, "text") == 0)
        return tl_text_load(x, c, m, paths, &(tl_text_options){ o->unit, o->table.other, valid < 0 ? 0 : valid }, e);
    return tl_fail(e, "--format %s: it takes text, csv, npy, npz or safetensors", format);
}

static void look_into(const char *path, int carry, tl_needs *needs)
{
    tl_error ignored;
    tl_st *st = tl_tensors_open(path, &ignored);
    const tl_st_tensor *reset = st ? tl_st_find(st, "reset") : NULL;
    const tl_st_tensor *mask = st ? tl_st_find(st, "mask") : NULL;
    size_t row = reset && reset->rank > 1 ? (size_t)reset->dim[1] : 1;
    for (size_t i = carry ? 0 : row; reset && i < reset->count && !needs->resets; i++)
        needs->resets = tl_st_double(reset, i) != 0;
    for (size_t i = 0; mask && i < mask->count && !needs->masks; i++)
        needs->masks = tl_st_double(mask, i) == 0;
    tl_st_free(st);
}

tl_needs tl_dataset_needs(const tl_data_options *o, int carry)
{
    const tl_csv_options *csv = &o->table.csv;
    tl_needs needs = { .resets = o->data.count > 1 || o->cut || (csv->sequence && csv->sequence[0]) || (csv->gaps && !strcmp(csv->gaps, "split")) };
    for (size_t i = 0; i < o->data.count; i++)
        if (is_tensors(format_of(o->data.item[i], o)))
            look_into(o->data.item[i], carry, &needs);
        else if (!csv->sequence && is_table(format_of(o->data.item[i], o)))
            needs.resets |= tl_npy_stacked(o->data.item[i]);
    return needs;
}

int tl_dataset_goes_on(const tl_data_options *o, const char *model, const char *path)
{
    tl_error ignored;
    char own[512];
    snprintf(own, sizeof own, "%s.safetensors", model);
    tl_st *st = tl_st_open(path ? path : own, &ignored);
    const char *gaps = st ? tl_st_meta(st, "data.gaps") : NULL;
    int named = st && !o->table.csv.sequence && (tl_st_meta(st, "data.sequence") || (gaps && !strcmp(gaps, "split")));
    named |= st && tl_st_meta(st, "data.cut");
    tl_st_free(st);
    return named;
}

size_t tl_dataset_lanes(const tl_model *m, size_t sequences)
{
    return sequences < (size_t)m->tbptt.batch ? 1 : (size_t)m->tbptt.batch;
}

/* Validation takes what it can in the model's batch of lanes, and is one lane if it is short. */
static int cut_valid(tl_dataset *d, const tl_model *m, const tl_examples *x, size_t from,
                     const char *label, tl_error *e)
{
    size_t batch = (size_t)m->tbptt.batch, rows = x->rows - from;
    size_t lanes = x->lanes == 1 && rows < batch * 2 ? 1 : batch;
    d->has_valid = 1;
    return tl_series_cut(&d->valid, m, x, from, x->rows, lanes, label, e);
}

/* Sequences from .. of `flat`, if there are any, to validate on. */
static int pack_valid(tl_dataset *d, const tl_model *m, const tl_examples *flat, size_t from,
                      const char *label, tl_error *e)
{
    tl_examples *x = &d->valid_examples;
    size_t n = d->valid_sequences = flat->sequences - from;
    if (!n)
        return 0;
    d->has_valid = 1;
    return tl_sequences_pack(x, m, flat, from, flat->sequences, tl_dataset_lanes(m, n), label, e) ||
           tl_series_cut(&d->valid, m, x, 0, x->rows, x->lanes, label, e);
}

/* The first n sequences, of which `first` says where they begin, in lanes, whole or in pieces. */
static int pack_training(tl_dataset *d, const tl_model *m, const tl_examples *flat, size_t *first, size_t n, const char *label, tl_error *e)
{
    tl_coding *c = &d->coding;
    tl_examples pieces = *flat;
    size_t *cut = NULL;
    pieces.first = first;
    d->sequences = n;
    if (c->cut && !(cut = pieces.first = tl_sequences_cut(first, n, (size_t)c->cut, &d->sequences)))
        return tl_fail(e, "%s: out of memory", label);
    d->whole = c->cut ? n : 0;
    c->cut_rows = c->cut ? (int64_t)first[n] : 0;
    int bad = tl_sequences_pack(&d->examples, m, &pieces, 0, d->sequences, (size_t)m->tbptt.batch, label, e) ||
              tl_series_cut(&d->train, m, &d->examples, 0, d->examples.rows, d->examples.lanes, label, e);
    free(cut);
    return bad;
}

/* `flat` as lanes: what was one after the other is packed. */
static int pack(tl_dataset *d, const tl_model *m, const tl_examples *flat, double apart,
                const char *label, tl_error *e)
{
    const size_t n = tl_sequences_training(flat->first, flat->sequences, apart);
    return pack_training(d, m, flat, flat->first, n, label, e) || pack_valid(d, m, flat, n, label, e);
}

/* Where of `all` steps, of which the first `rows` are trained on, those to validate on begin. Where targets are of several rows ahead, those of the
 * steps behind the training part are targets of its last ones still: these steps are in neither part. */
static int find_valid(size_t *from, const tl_dataset *d, const tl_data_options *o, size_t all, size_t rows, tl_error *e)
{
    const size_t between = (size_t)d->coding.beyond;
    *from = all - rows > between ? rows + between : all;
    if (rows == all || *from < all || o->valid <= 0)
        return 0;
    return tl_fail(e, "--valid %g: it keeps %zu step%s to validate on, and targets of the first %zu behind the training are trained on, since they are "
                   "of %zu rows ahead: keep more, or --valid 0", o->valid, all - rows, all - rows == 1 ? "" : "s", between, between + 1);
}

/* A single sequence, cut: what validates is a view of it, which stays. */
static int pack_single(tl_dataset *d, const tl_model *m, const tl_examples *flat, const tl_data_options *o, double apart, tl_error *e)
{
    const char *label = o->data.item[0];
    size_t first[] = { 0, tl_training_rows(flat->rows, apart) }, from;
    d->valid_examples = *flat;
    if (find_valid(&from, d, o, flat->rows, first[1], e) || pack_training(d, m, flat, first, 1, label, e))
        return -1;
    if (from < flat->rows)
        return cut_valid(d, m, &d->valid_examples, from, label, e);
    tl_examples_free(&d->valid_examples);
    return 0;
}

/* What --cut says, or the checkpoint. */
static int take_cut(tl_dataset *d, const tl_data_options *o, tl_error *e)
{
    d->coding.cut = o->cut ? o->cut : d->coding.cut;
    if (!o->cut || d->coding.kind != TL_CODING_NONE)
        return 0;
    return tl_fail(e, "--cut %lld: %s is tensors, which stand in lanes as they are; a tensor 'reset' says where a sequence begins",
                   (long long)o->cut, o->data.item[0]);
}

static const double usual_part = 0.1; /* is kept to validate on */

static int cut_one(tl_dataset *d, const tl_model *m, const tl_data_options *o, double apart, tl_error *e)
{
    const char *label = o->data.item[0];
    const size_t all = d->examples.rows, rows = tl_training_rows(all, apart);
    size_t from;
    return find_valid(&from, d, o, all, rows, e) || tl_series_cut(&d->train, m, &d->examples, 0, rows, (size_t)m->tbptt.batch, label, e) ||
           (from < all && cut_valid(d, m, &d->examples, from, label, e));
}

static int open_train(tl_dataset *d, const tl_model *m, const tl_data_options *o, tl_error *e)
{
    double apart = o->valid_data.count ? 0 : o->valid < 0 ? usual_part : o->valid;
    const char *label = o->data.item[0];
    if (o->valid_data.count && o->valid > 0)
        return tl_fail(e, "--valid keeps a part of the data to validate on, --valid-data is data of its own: choose one");
    if (tl_dataset_load(&d->examples, &d->coding, m, &o->data, o, apart, e) || take_cut(d, o, e))
        return -1;
    tl_examples flat = d->examples;
    if (flat.sequences || d->coding.cut)
        d->examples = (tl_examples){ 0 };
    if (!flat.sequences && d->coding.cut)
        return pack_single(d, m, &flat, o, apart, e);
    if (flat.sequences) {
        int bad = pack(d, m, &flat, apart, label, e);
        tl_examples_free(&flat);
        return bad;
    }
    return cut_one(d, m, o, apart, e);
}

static int open_valid(tl_dataset *d, const tl_model *m, const tl_data_options *o, tl_error *e)
{
    const char *label = o->valid_data.item[0];
    tl_examples flat;
    const char *format = format_of(label, o), *trained = format_of(o->data.item[0], o);
    if (strcmp(format, trained))
        return tl_fail(e, "%s: it is %s and %s is %s; what is validated on is read as what is trained on", label, format,
                       o->data.item[0], trained);
    if (tl_dataset_load(&flat, &d->coding, m, &o->valid_data, o, 0, e))
        return -1;
    if (!flat.sequences) {
        d->valid_examples = flat;
        return cut_valid(d, m, &d->valid_examples, 0, label, e);
    }
    int bad = pack_valid(d, m, &flat, 0, label, e);
    tl_examples_free(&flat);
    return bad;
}

/* Windows must be compiled for what the data ask of them. */
static int check_compiled(const tl_dataset *d, const tl_model *m, const char *label, tl_error *e)
{
    if (!m->has_mask && tl_series_check_padding(&d->train, label, e))
        return -1;
    if (m->has_reset || !tl_series_restarts(&d->train, m->tbptt.carry))
        return 0;
    if (d->sequences)
        return tl_fail(e, "%s: there are %zu sequences, which %s was not compiled for; set tbptt = "
                       "{ resets = true } in the spec", label, d->sequences, m->name);
    return tl_fail(e, "%s: it has a tensor 'reset', which %s was not compiled for; set "
                   "tbptt = { resets = true } in the spec", label, m->name);
}

static int open_data(tl_dataset *d, const tl_model *m, const tl_data_options *o, tl_error *e)
{
    return open_train(d, m, o, e) || check_compiled(d, m, o->data.item[0], e) ||
           (o->valid_data.count && open_valid(d, m, o, e));
}

int tl_dataset_open(tl_dataset *d, const tl_model *m, const tl_data_options *o, tl_coding *coding,
                    tl_error *e)
{
    *d = (tl_dataset){ .coding = *coding };
    *coding = (tl_coding){ 0 };
    if (!o->data.count && !m->ninputs && !m->ntargets) {
        if (o->cut)
            return tl_fail(e, "--cut %lld: %s reads no data that could be cut", (long long)o->cut, m->name);
        d->train = tl_series_empty(m, ENDLESS, (size_t)m->tbptt.batch);
        return 0;
    }
    int bad = o->data.count ? open_data(d, m, o, e)
                      : tl_fail(e, "%s needs data: --data FILE (text, .csv, .npy, .npz or .safetensors)",
                                m->name);
    if (bad)
        tl_dataset_free(d);
    return bad ? -1 : 0;
}

void tl_dataset_free(tl_dataset *d)
{
    tl_examples_free(&d->examples);
    tl_examples_free(&d->valid_examples);
    tl_coding_free(&d->coding);
    *d = (tl_dataset){ 0 };
}

/* "a, b and 3 indicators", cut short where there are many. */
static void describe_columns(const tl_coding *c, int target, char *text, size_t size)
{
    size_t n = 0, count = 0, indicators = 0;
    text[0] = 0;
    for (size_t i = 0; i < c->ncolumns; i++) {
        const char *name = target ? c->column[i].name : tl_column_label(&c->column[i]);
        if (c->column[i].target != target || (target && c->column[i].shift))
            continue;
        indicators += (size_t)c->column[i].indicator;
        if (c->column[i].indicator || n + strlen(name) + 60 > size) {
            count += !c->column[i].indicator;
            continue;
        }
        n += (size_t)snprintf(text + n, size - n, "%s%s", n ? ", " : "", name);
    }
    if (count)
        n += (size_t)snprintf(text + n, size - n, "%s%zu more", n ? ", " : "", count);
    if (indicators)
        snprintf(text + n, size - n, " and %zu indicator%s", indicators, indicators == 1 ? "" : "s");
}

static const char *describe_ahead(const tl_coding *c, char *text, size_t size)
{
    if (c->beyond)
        snprintf(text, size, "each %lld to %lld rows ahead", (long long)c->ahead, (long long)(c->ahead + c->beyond));
    else
        snprintf(text, size, "%lld row%s %s", llabs(c->ahead), llabs(c->ahead) == 1 ? "" : "s", c->ahead < 0 ? "behind" : "ahead");
    return text;
}

static const char *plural(size_t n) { return n == 1 ? "" : "s"; }

static size_t padded(const tl_series *s)
{
    size_t n = 0;
    for (size_t i = 0; tl_series_masked(s) && i < s->steps * s->lanes; i++)
        n += tl_real_get(s->model->real, s->of->mask, i) == 0;
    return n;
}

static void describe_sequences(const tl_dataset *d, const char *what, char *text, size_t size)
{
    size_t n = d->valid_sequences, lanes = d->train.lanes;
    char cut[96] = "";
    if (d->whole)
        snprintf(cut, sizeof cut, "%zu sequence%s cut into ", d->whole, plural(d->whole));
    int used = snprintf(text, size, "%s%s%zu sequence%s in %zu lane%s of %zu steps (%.0f%% padding) "
                        "to train on, ", what, cut, d->sequences, plural(d->sequences), lanes,
                        plural(lanes), d->train.steps,
                        100 * (double)padded(&d->train) / (double)(lanes * d->train.steps));
    if (used < 0 || (size_t)used >= size)
        return;
    text += used;
    size -= (size_t)used;
    if (n)
        snprintf(text, size, "%zu sequence%s in %zu lane%s of %zu to validate", n, plural(n),
                 d->valid.lanes, plural(d->valid.lanes), d->valid.steps);
    else
        snprintf(text, size, "%zu in %zu to validate", d->valid.steps, d->valid.lanes);
}

void tl_dataset_describe(const tl_dataset *d, const tl_model *m, char *text, size_t size)
{
    char in[200], out[200], ahead[96], scales[480], what[2048] = "";
    const tl_coding *c = &d->coding;
    if (c->kind == TL_CODING_TEXT && c->unit == TL_UNIT_BYTE)
        snprintf(what, sizeof what, "by byte; ");
    else if (c->kind == TL_CODING_TEXT)
        snprintf(what, sizeof what, "%zu different %ss%s%s; ", tl_coding_tokens(c) - (size_t)c->other, tl_coding_unit(c), c->remark ? ", " : "",
                 c->remark ? c->remark : "");
    if (c->kind == TL_CODING_TABLE) {
        describe_columns(c, 0, in, sizeof in);
        describe_columns(c, 1, out, sizeof out);
        tl_table_describe_scales(c, m, scales, sizeof scales);
        snprintf(what, sizeof what, "inputs %s; targets %s, %s; %s%s%s%s",
                 in[0] ? in : "none", out[0] ? out : "none", describe_ahead(c, ahead, sizeof ahead), scales, scales[0] ? "; " : "", c->remark ? c->remark : "",
                 c->remark ? "; " : "");
    }
    if (!d->examples.rows)
        snprintf(text, size, "no data: every step is alike");
    else if (d->sequences)
        describe_sequences(d, what, text, size);
    else
        snprintf(text, size, "%s%zu steps in %d lane%s to train on, %zu in %zu to validate", what,
                 d->train.steps, (int)m->tbptt.batch, m->tbptt.batch == 1 ? "" : "s",
                 d->valid.steps, d->valid.lanes);
}
