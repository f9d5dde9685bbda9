#include "coding.h"

#include <ctype.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdint.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void tl_coding_free(tl_coding *c)
{
    for (size_t i = 0; i < c->ncolumns; i++) {
        free(c->column[i].name);
        free(c->column[i].label);
        tl_name_list_free(&c->column[i].words);
    }
    free(c->column);
    free(c->mean);
    free(c->sd);
    free(c->vocab);
    tl_name_list_free(&c->words);
    free(c->sequence);
    free(c->weight);
    free(c->time);
    free(c->time_format);
    free(c->gaps);
    free(c->calendar);
    free(c->interval);
    free(c->fill);
    free(c->remark);
    *c = (tl_coding){ 0 };
}

int32_t tl_coding_token(const tl_coding *c, int32_t character)
{
    size_t low = 0, high = c->nvocab;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (c->vocab[mid] < character)
            low = mid + 1;
        else
            high = mid;
    }
    return low < c->nvocab && c->vocab[low] == character ? (int32_t)low : -1;
}

int32_t tl_coding_word_token(const tl_coding *c, const char *word)
{
    const size_t at = tl_name_list_find(&c->words, word, strlen(word));
    return at != SIZE_MAX ? (int32_t)at : c->other ? (int32_t)c->words.count : -1;
}

size_t tl_coding_tokens(const tl_coding *c)
{
    return c->unit == TL_UNIT_WORD ? c->words.count + (size_t)c->other : c->nvocab;
}

static const char *const units[] = { "char", "byte", "word" };

const char *tl_unit_name(tl_unit u) { return units[u]; }

int tl_unit_of(const char *name)
{
    for (int i = 0; i < (int)(sizeof units / sizeof *units); i++)
        if (strcmp(units[i], name) == 0)
            return i;
    return -1;
}

const char *tl_coding_unit(const tl_coding *c)
{
    return c->kind != TL_CODING_TEXT ? "token" : c->unit == TL_UNIT_CHARACTER ? "character" : units[c->unit];
}

int32_t tl_column_token(const tl_column *k, const char *word)
{
    const size_t at = tl_name_list_find(&k->words, word, strlen(word));
    return at != SIZE_MAX ? (int32_t)at : k->other ? (int32_t)k->words.count : -1;
}

const char *tl_column_word(const tl_column *k, int32_t token)
{
    if (!k->words.count)
        return NULL;
    return token >= 0 && (size_t)token < k->words.count ? k->words.item[token] : "<other>";
}

void tl_coding_remark(tl_coding *c, const char *format, ...)
{
    va_list arguments;
    char *item = NULL, *all = NULL;
    va_start(arguments, format);
    int size = vasprintf(&item, format, arguments);
    va_end(arguments);
    if (size < 0 || asprintf(&all, "%s%s%s", c->remark ? c->remark : "", c->remark ? "; " : "", item) < 0)
        all = NULL;
    if (size >= 0)
        free(item);
    if (all) {
        free(c->remark);
        c->remark = all;
    }
}

static int label_column(tl_column *k, int64_t ahead)
{
    free(k->label);
    if (asprintf(&k->label, "%s+%" PRId64, k->name, ahead) >= 0)
        return 0;
    k->label = NULL;
    return -1;
}

int tl_coding_spread(tl_coding *c)
{
    size_t at = 0;
    for (size_t i = 0; i < c->ncolumns; i++) {
        tl_column *k = &c->column[i];
        at = i && k->target && k[-1].target && k[-1].field == k->field ? at + 1 : 0;
        if (k->target)
            k->shift = (int64_t)at % (c->beyond + 1);
        const int ahead = k->target ? c->beyond > 0 : k->shift > 0;
        if (ahead && label_column(k, k->target ? c->ahead + k->shift : k->shift))
            return -1;
    }
    return 0;
}

int64_t tl_coding_known_ahead(const tl_coding *c)
{
    int64_t most = 0;
    for (size_t i = 0; i < c->ncolumns && !c->column[i].target; i++)
        most = c->column[i].shift > most ? c->column[i].shift : most;
    return most;
}

const char *tl_coding_ahead(const tl_coding *c, char *text, size_t size)
{
    int n = snprintf(text, size, "%" PRId64, c->ahead);
    if (c->beyond && n > 0 && (size_t)n < size)
        snprintf(text + n, size - (size_t)n, "-%" PRId64, c->ahead + c->beyond);
    return text;
}

#define MOST_AHEAD (INT64_C(1) << 53) /* more rows than there are */

int tl_ahead_of(const char *text, int64_t *ahead, int64_t *beyond)
{
    char *end;
    const long long first = strtoll(text, &end, 10);
    long long last = first;
    if (end == text || isspace((unsigned char)*text) || first < -MOST_AHEAD || first > MOST_AHEAD)
        return -1;
    if (*end == '-' && isdigit((unsigned char)end[1])) {
        last = strtoll(end + 1, &end, 10);
        if (first < 1 || last < first || last > MOST_AHEAD)
            return -1;
    }
    *ahead = first;
    *beyond = last - first;
    return *end ? -1 : 0;
}

static const char *const missing_names[] = { "error", "mask", "hold", "zero" };

const char *tl_missing_name(tl_missing m)
{
    return missing_names[m];
}

int tl_missing_of(const char *name)
{
    for (int i = 0; i < (int)(sizeof missing_names / sizeof *missing_names); i++)
        if (strcmp(missing_names[i], name) == 0)
            return i;
    return -1;
}

/* Words that a command line says of how tables are read. */
static const struct Word {
    const char *key;
    size_t offset;
} told[] = {
    { "data.sequence", offsetof(tl_coding, sequence) }, { "data.weight", offsetof(tl_coding, weight) }, { "data.time", offsetof(tl_coding, time) },
    { "data.time_format", offsetof(tl_coding, time_format) }, { "data.gaps", offsetof(tl_coding, gaps) },
    { "data.calendar", offsetof(tl_coding, calendar) }, { "data.interval", offsetof(tl_coding, interval) },
};

static char **word_of(const struct Word *w, tl_coding *c) { return (char **)((char *)c + w->offset); }

static json_t *words_json(const tl_name_list *words)
{
    json_t *list = json_array();
    for (size_t i = 0; i < words->count; i++)
        json_array_append_new(list, json_string(words->item[i]));
    return list;
}

static json_t *column_json(const tl_column *k)
{
    json_t *j = json_pack("{s:s, s:b, s:i, s:b}", "name", k->name, "target", (int)k->target, "field",
                          (int)k->field, "standardised", (int)k->standardised);
    if (j && k->indicator)
        json_object_set_new(j, "indicator", json_true());
    if (j && !k->target && k->shift)
        json_object_set_new(j, "known_ahead", json_true());
    if (j && k->words.count)
        json_object_set_new(j, "words", words_json(&k->words));
    if (j && k->other)
        json_object_set_new(j, "other", json_true());
    return j;
}

static void add_json(tl_st_writer *w, const char *key, json_t *j)
{
    char *text = json_dumps(j, JSON_COMPACT | JSON_REAL_PRECISION(17));
    json_decref(j);
    if (text)
        tl_st_add_meta(w, key, text);
    free(text);
}

/* With `scales` also what is in tensors otherwise. */
static void save_columns(const tl_coding *c, int scales, tl_st_writer *w)
{
    char ahead[64];
    json_t *list = json_array();
    for (size_t i = 0; i < c->ncolumns; i++) {
        json_t *j = column_json(&c->column[i]);
        if (scales) {
            json_object_set_new(j, "mean", json_real(c->mean[i]));
            json_object_set_new(j, "sd", json_real(c->sd[i]));
        }
        if (scales && c->fill)
            json_object_set_new(j, "fill", json_real(c->fill[i]));
        json_array_append_new(list, j);
    }
    add_json(w, "data.columns", list);
    tl_st_add_meta(w, "data.ahead", tl_coding_ahead(c, ahead, sizeof ahead));
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        if (*word_of(&told[i], (tl_coding *)c))
            tl_st_add_meta(w, told[i].key, *word_of(&told[i], (tl_coding *)c));
    if (c->missing)
        tl_st_add_meta(w, "data.missing", tl_missing_name(c->missing));
}

/* Characters are a tensor, or in a file of weights a list; that of words is metadata in both, and bytes need none. */
static void save_vocab(const tl_coding *c, int as_text, tl_st_writer *w)
{
    const int64_t n = (int64_t)c->nvocab;
    if (c->unit != TL_UNIT_CHARACTER)
        tl_st_add_meta(w, "data.unit", tl_unit_name(c->unit));
    if (c->unit == TL_UNIT_WORD)
        add_json(w, "data.words", words_json(&c->words));
    if (c->other)
        tl_st_add_meta(w, "data.other", "1");
    if (c->unit != TL_UNIT_CHARACTER)
        return;
    if (!as_text) {
        tl_st_add(w, "data.vocab", TL_DT_I32, &n, 1, c->vocab);
        return;
    }
    json_t *vocab = json_array();
    for (size_t i = 0; i < c->nvocab; i++)
        json_array_append_new(vocab, json_integer(c->vocab[i]));
    add_json(w, "data.vocab", vocab);
}

static void save_cut(const tl_coding *c, tl_st_writer *w)
{
    char text[64];
    snprintf(text, sizeof text, "%" PRId64 " %" PRId64, c->cut, c->cut_rows);
    if (c->cut)
        tl_st_add_meta(w, "data.cut", text);
}

int tl_coding_load_cut(const tl_st *st, int64_t *most, int64_t *rows)
{
    const char *text = tl_st_meta(st, "data.cut");
    const int known = text && sscanf(text, "%" SCNd64 " %" SCNd64, most, rows) == 2 && *most > 0 && *rows > 0;
    if (!known)
        *most = *rows = 0;
    return known;
}

void tl_coding_save(const tl_coding *c, tl_st_writer *w)
{
    save_cut(c, w);
    if (c->kind == TL_CODING_TEXT) {
        save_vocab(c, 0, w);
    } else if (c->kind == TL_CODING_TABLE) {
        int64_t n = (int64_t)c->ncolumns;
        tl_st_add(w, "data.mean", TL_DT_F64, &n, 1, c->mean);
        tl_st_add(w, "data.sd", TL_DT_F64, &n, 1, c->sd);
        if (c->fill)
            tl_st_add(w, "data.fill", TL_DT_F64, &n, 1, c->fill);
        save_columns(c, 0, w);
    }
}

void tl_coding_save_text(const tl_coding *c, tl_st_writer *w)
{
    if (c->kind == TL_CODING_TEXT)
        save_vocab(c, 1, w);
    if (c->kind == TL_CODING_TABLE)
        save_columns(c, 1, w);
}

static int check_vocab(const tl_coding *c, const tl_model *m, const tl_st *st, tl_error *e)
{
    for (size_t i = 1; i < c->nvocab; i++)
        if (c->vocab[i - 1] >= c->vocab[i])
            return tl_fail(e, "%s: data.vocab is not ascending", tl_st_label(st));
    if (m->ninputs != 1 || (size_t)m->inputs[0].vocab < tl_coding_tokens(c))
        return tl_fail(e, "%s: it has a vocabulary of %zu %ss, and the model takes %d",
                       tl_st_label(st), tl_coding_tokens(c), tl_coding_unit(c),
                       m->ninputs == 1 ? (int)m->inputs[0].vocab : 0);
    return 0;
}

static int new_vocab(tl_coding *c, size_t n, const tl_st *st, tl_error *e)
{
    c->kind = TL_CODING_TEXT;
    c->nvocab = n;
    c->vocab = calloc(n + 1, sizeof *c->vocab);
    return c->vocab ? 0 : tl_fail(e, "%s: out of memory", tl_st_label(st));
}

static int load_vocab(tl_coding *c, const tl_model *m, const tl_st *st, const tl_st_tensor *t,
                      tl_error *e)
{
    if (new_vocab(c, t->count, st, e) || tl_st_copy_tokens(st, t, 0x110000, c->vocab, e))
        return -1;
    return check_vocab(c, m, st, e);
}

static int read_vocab(tl_coding *c, const tl_model *m, const tl_st *st, const json_t *list, tl_error *e)
{
    if (new_vocab(c, json_array_size(list), st, e))
        return -1;
    for (size_t i = 0; i < c->nvocab; i++) {
        json_int_t x = json_integer_value(json_array_get(list, i));
        if (!json_is_integer(json_array_get(list, i)) || x < 0 || x >= 0x110000)
            return tl_fail(e, "%s: data.vocab has no character at %zu", tl_st_label(st), i);
        c->vocab[i] = (int32_t)x;
    }
    return check_vocab(c, m, st, e);
}

/* Those of a list, which must be ascending. */
static int take_words(tl_name_list *words, const json_t *list)
{
    size_t index;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *word = json_string_value(json_array_get(list, i));
        if (!word || !*word || (i && strcmp(words->item[i - 1], word) >= 0) || tl_name_list_add(words, word, strlen(word), &index) < 0)
            return -1;
    }
    return 0;
}

/* The unit of a text, and the vocabulary if it is not one of characters. */
static int load_unit(tl_coding *c, const tl_model *m, const tl_st *st, const char *unit, tl_error *e)
{
    const int is = tl_unit_of(unit);
    const char *words = tl_st_meta(st, "data.words"), *other = tl_st_meta(st, "data.other");
    if (is != TL_UNIT_BYTE && is != TL_UNIT_WORD)
        return tl_fail(e, "%s: its data.unit is '%.60s', which this version does not know", tl_st_label(st), unit);
    c->unit = (tl_unit)is;
    if (new_vocab(c, is == TL_UNIT_BYTE ? 256 : 0, st, e))
        return -1;
    for (int32_t i = 0; i < (int32_t)c->nvocab; i++)
        c->vocab[i] = i;
    c->other = is == TL_UNIT_WORD && other && !strcmp(other, "1");
    json_t *list = is == TL_UNIT_WORD && words ? json_loads(words, JSON_REJECT_DUPLICATES, NULL) : NULL;
    int bad = is == TL_UNIT_WORD && (!json_array_size(list) || take_words(&c->words, list));
    json_decref(list);
    return bad ? tl_fail(e, "%s: data.words is not a list of words in order", tl_st_label(st)) : check_vocab(c, m, st, e);
}

/* No more than the field has tokens. */
static int load_column_words(tl_column *k, const tl_model *m, const json_t *j)
{
    const int32_t vocab = (k->target ? m->targets : m->inputs)[k->field].vocab;
    k->other = json_is_true(json_object_get(j, "other"));
    if (take_words(&k->words, json_object_get(j, "words")))
        return -1;
    return k->words.count + (size_t)k->other <= (size_t)vocab ? 0 : -1;
}

static int load_column(tl_coding *c, const tl_model *m, const json_t *j)
{
    tl_column *column = &c->column[c->ncolumns];
    const char *name = json_string_value(json_object_get(j, "name"));
    json_int_t field = json_integer_value(json_object_get(j, "field"));
    column->target = json_is_true(json_object_get(j, "target"));
    column->indicator = json_is_true(json_object_get(j, "indicator"));
    column->standardised = json_is_true(json_object_get(j, "standardised"));
    const int known = json_is_true(json_object_get(j, "known_ahead"));
    column->shift = known ? c->ahead : 0;
    if (!name || (known && (column->target || c->ahead < 1)) || field < 0 || field >= (column->target ? m->ntargets : m->ninputs))
        return -1;
    column->field = (int32_t)field;
    column->name = strdup(name);
    c->ncolumns += column->name != NULL;
    return column->name ? load_column_words(column, m, j) : -1;
}

/* Of targets of several rows ahead as many elements stand together as there are rows, of one column each. */
static int groups_fit(const tl_coding *c)
{
    const size_t each = (size_t)c->beyond + 1;
    size_t i = 0;
    while (i < c->ncolumns && !c->column[i].target)
        i++;
    for (size_t k = 0; i + k < c->ncolumns; k++) {
        const tl_column *first = &c->column[i + k - k % each], *it = &c->column[i + k];
        if (it->field != first->field || strcmp(it->name, first->name))
            return 0;
    }
    return (c->ncolumns - i) % each == 0;
}

/* The columns must be what the model's fields take, in order. */
static int columns_fit(const tl_coding *c, const tl_model *m)
{
    size_t at = 0;
    for (int side = 0; side < 2; side++)
        for (int32_t f = 0; f < (side ? m->ntargets : m->ninputs); f++)
            for (size_t n = tl_size(side ? &m->targets[f] : &m->inputs[f]); n > 0; n--, at++)
                if (at >= c->ncolumns || c->column[at].target != side || c->column[at].field != f)
                    return 0;
    return at == c->ncolumns && groups_fit(c);
}

static int load_words(tl_coding *c, const tl_st *st, tl_error *e)
{
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        const char *word = tl_st_meta(st, told[i].key);
        if (word && !(*word_of(&told[i], c) = strdup(word)))
            return tl_fail(e, "%s: out of memory", tl_st_label(st));
    }
    return 0;
}

/* A number a column: a tensor, or under `key` of the columns. `to` [columns] may be NULL: out of memory. */
static int load_numbers(double *to, const tl_st *st, const char *tensor, const json_t *list,
                        const char *key, tl_error *e)
{
    int64_t n = (int64_t)json_array_size(list);
    const tl_st_tensor *t = NULL;
    if (!to)
        return tl_fail(e, "%s: out of memory", tl_st_label(st));
    if (tl_st_find(st, tensor) && !(t = tl_st_need(st, tensor, &n, 1, e)))
        return -1;
    if (t)
        tl_st_copy_real(t, TL_F64, to);
    for (size_t i = 0; i < (size_t)n && !t; i++) {
        const json_t *x = json_object_get(json_array_get(list, i), key);
        if (!json_is_number(x))
            return tl_fail(e, "%s: there is no %s, and no '%s' of column %zu in data.columns",
                           tl_st_label(st), tensor, key, i + 1);
        to[i] = json_number_value(x);
    }
    return 0;
}

/* How missing cells are read. */
static int load_missing(tl_coding *c, const tl_st *st, const json_t *list, tl_error *e)
{
    const char *word = tl_st_meta(st, "data.missing");
    int missing = word ? tl_missing_of(word) : TL_MISSING_ERROR;
    if (missing < 0)
        return tl_fail(e, "%s: its data.missing is '%s', which this version does not know", tl_st_label(st),
                       word);
    c->missing = (tl_missing)missing;
    if (missing != TL_MISSING_HOLD && !tl_st_find(st, "data.fill"))
        return 0;
    c->fill = calloc(c->ncolumns + 1, sizeof *c->fill);
    if (load_numbers(c->fill, st, "data.fill", list, "fill", e))
        return -1;
    for (size_t i = 0; i < c->ncolumns; i++)
        if (!isfinite(c->fill[i]))
            return tl_fail(e, "%s: data.fill is damaged at column %zu", tl_st_label(st), i + 1);
    return 0;
}

static int load_columns(tl_coding *c, const tl_model *m, const tl_st *st, const json_t *list,
                        tl_error *e)
{
    int64_t n = (int64_t)json_array_size(list);
    const char *ahead = tl_st_meta(st, "data.ahead");
    c->kind = TL_CODING_TABLE;
    if (ahead && tl_ahead_of(ahead, &c->ahead, &c->beyond))
        return tl_fail(e, "%s: its data.ahead is '%.40s', which this version does not know", tl_st_label(st), ahead);
    c->column = calloc((size_t)n + 1, sizeof *c->column);
    c->mean = calloc((size_t)n + 1, sizeof *c->mean);
    c->sd = calloc((size_t)n + 1, sizeof *c->sd);
    if (!c->column)
        return tl_fail(e, "%s: out of memory", tl_st_label(st));
    if (load_numbers(c->mean, st, "data.mean", list, "mean", e) ||
        load_numbers(c->sd, st, "data.sd", list, "sd", e) ||
        load_words(c, st, e))
        return -1;
    for (size_t i = 0; i < (size_t)n; i++) {
        if (load_column(c, m, json_array_get(list, i)) || !isfinite(c->mean[i]) ||
            !(c->sd[i] > 0))
            return tl_fail(e, "%s: data.columns is damaged at column %zu", tl_st_label(st), i + 1);
        if (!json_object_get(json_array_get(list, i), "standardised")) /* of before there was the word */
            c->column[i].standardised = c->mean[i] != 0 || c->sd[i] != 1;
    }
    if (!columns_fit(c, m) || (tl_coding_known_ahead(c) && c->beyond))
        return tl_fail(e, "%s: its data.columns are not what the model takes", tl_st_label(st));
    if (tl_coding_spread(c))
        return tl_fail(e, "%s: out of memory", tl_st_label(st));
    return load_missing(c, st, list, e);
}

int tl_coding_load(tl_coding *c, const tl_model *m, const tl_st *st, tl_error *e)
{
    *c = (tl_coding){ 0 };
    const tl_st_tensor *vocab = tl_st_find(st, "data.vocab");
    const char *unit = tl_st_meta(st, "data.unit");
    const char *key = tl_st_meta(st, "data.vocab") ? "data.vocab" : "data.columns";
    const char *text = tl_st_meta(st, key);
    int bad = 0;
    tl_coding_load_cut(st, &c->cut, &c->cut_rows);
    if (unit) {
        bad = load_unit(c, m, st, unit, e);
    } else if (vocab) {
        bad = load_vocab(c, m, st, vocab, e);
    } else if (text) {
        json_t *list = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
        if (!json_is_array(list))
            bad = tl_fail(e, "%s: %s is not a JSON array", tl_st_label(st), key);
        else
            bad = strcmp(key, "data.vocab") ? load_columns(c, m, st, list, e) : read_vocab(c, m, st, list, e);
        json_decref(list);
    }
    if (bad)
        tl_coding_free(c);
    return bad;
}
