#include "dataset.h"

#include <stdio.h>
#include <string.h>

#include "tensors.h"
#include "text.h"

enum { ENDLESS = 1 << 30 };

static int ends_with(const char *path, const char *end)
{
    size_t n = strlen(path), k = strlen(end);
    return n >= k && strcmp(path + n - k, end) == 0;
}

static const char *format_of(const char *path, const tl_data_options *o)
{
    if (o->format)
        return o->format;
    if (ends_with(path, ".csv"))
        return "csv";
    return ends_with(path, ".safetensors") ? "safetensors" : "text";
}

int tl_dataset_load(tl_examples *x, tl_coding *c, const tl_model *m, const char *path,
                    const tl_data_options *o, double valid, tl_error *e)
{
    const char *format = format_of(path, o);
    if (strcmp(format, "csv") == 0)
        return tl_table_load(x, c, m, path, &o->table, valid, e);
    if (strcmp(format, "safetensors") == 0)
        return tl_tensors_load(x, m, path, e);
    if (strcmp(format, "text") == 0)
        return tl_text_load(x, c, m, path, e);
    return tl_fail(e, "--format %s: it takes text, csv or safetensors", format);
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

static int open_data(tl_dataset *d, const tl_model *m, const tl_data_options *o, tl_error *e)
{
    double apart = o->valid_data ? 0 : o->valid;
    if (tl_dataset_load(&d->examples, &d->coding, m, o->data, o, apart, e))
        return -1;
    size_t rows = tl_training_rows(d->examples.rows, apart);
    if (tl_series_cut(&d->train, m, &d->examples, 0, rows, (size_t)m->tbptt.batch, o->data, e) ||
        (!m->has_mask && tl_series_check_padding(&d->train, o->data, e)))
        return -1;
    if (tl_series_resets(&d->train) && !m->has_reset)
        return tl_fail(e, "%s: it has a tensor 'reset', which %s was not compiled for; set "
                       "tbptt = { resets = true } in the spec", o->data, m->name);
    if (o->valid_data)
        return tl_dataset_load(&d->valid_examples, &d->coding, m, o->valid_data, o, 0, e) ||
               cut_valid(d, m, &d->valid_examples, 0, o->valid_data, e);
    return rows < d->examples.rows ? cut_valid(d, m, &d->examples, rows, o->data, e) : 0;
}

int tl_dataset_open(tl_dataset *d, const tl_model *m, const tl_data_options *o, tl_coding *coding,
                    tl_error *e)
{
    *d = (tl_dataset){ .coding = *coding };
    *coding = (tl_coding){ 0 };
    if (!o->data && !m->ninputs && !m->ntargets) {
        d->train = tl_series_empty(m, ENDLESS, (size_t)m->tbptt.batch);
        return 0;
    }
    int bad = o->data ? open_data(d, m, o, e)
                      : tl_fail(e, "%s needs data: --data FILE (text, .csv or .safetensors)",
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

static size_t describe_columns(const tl_coding *c, int target, char *text, size_t size)
{
    size_t n = 0, count = 0;
    text[0] = 0;
    for (size_t i = 0; i < c->ncolumns && n + 1 < size; i++)
        if (c->column[i].target == target)
            n += (size_t)snprintf(text + n, size - n, "%s%s", count++ ? ", " : "",
                                  c->column[i].name);
    return n;
}

void tl_dataset_describe(const tl_dataset *d, const tl_model *m, char *text, size_t size)
{
    char in[200], out[200], what[512] = "";
    const tl_coding *c = &d->coding;
    if (c->kind == TL_CODING_TEXT)
        snprintf(what, sizeof what, "%zu different characters; ", c->nvocab);
    if (c->kind == TL_CODING_TABLE) {
        describe_columns(c, 0, in, sizeof in);
        describe_columns(c, 1, out, sizeof out);
        snprintf(what, sizeof what, "inputs %s; targets %s, %lld row%s ahead; ",
                 in[0] ? in : "none", out[0] ? out : "none", (long long)c->ahead,
                 c->ahead == 1 ? "" : "s");
    }
    if (!d->examples.rows)
        snprintf(text, size, "no data: every step is alike");
    else
        snprintf(text, size, "%s%zu steps in %d lane%s to train on, %zu in %zu to validate", what,
                 d->train.steps, (int)m->tbptt.batch, m->tbptt.batch == 1 ? "" : "s",
                 d->valid.steps, d->valid.lanes);
}
