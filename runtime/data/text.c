#include "text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "sequences.h"
#include "text_words.h"
#include "utf8.h"

int tl_text_fits(const tl_model *m)
{
    return m->ninputs == 1 && m->ntargets == 1 && m->inputs[0].vocab > 0 &&
           m->targets[0].vocab > 0 && tl_size(&m->inputs[0]) == 1 && tl_size(&m->targets[0]) == 1;
}

typedef struct Text {
    const char *path;
    int32_t *token; /* characters, bytes or places in a list of words; tokens of the coding in the end */
    size_t n;
} Text;

typedef struct Reading {
    tl_coding *c;
    const tl_model *m;
    const tl_text_options *o;
    Text *text;
    size_t texts;
    size_t *first;     /* [texts + 1] where each text's rows begin, and the number of all of them */
    tl_name_list all;  /* by word: those of all texts */
    size_t *times;     /* [all.count] how often each is in the part to train on */
} Reading;

/* ---- the vocabulary ---- */

/* The distinct characters of the texts, ascending; or all bytes. */
static int make_vocab(Reading *r)
{
    tl_coding *c = r->c;
    unsigned char *seen = calloc(0x110000, 1);
    if (!seen)
        return -1;
    if (c->unit == TL_UNIT_BYTE)
        memset(seen, 1, 256);
    for (size_t k = 0; k < r->texts; k++)
        for (size_t i = 0; i < r->text[k].n; i++)
            seen[r->text[k].token[i]] = 1;
    size_t count = 0;
    for (int32_t x = 0; x < 0x110000; x++)
        count += seen[x];
    c->vocab = calloc(count + 1, sizeof *c->vocab);
    for (int32_t x = 0; c->vocab && x < 0x110000; x++)
        if (seen[x])
            c->vocab[c->nvocab++] = x;
    free(seen);
    c->kind = TL_CODING_TEXT;
    return c->vocab ? 0 : -1;
}

/* How many tokens of text k are in the part to train on. */
static size_t trained_on(const Reading *r, size_t k)
{
    const Text *t = &r->text[k];
    if (r->texts == 1)
        return tl_training_rows(t->n - 1, r->o->valid) + 1;
    return k < tl_sequences_training(r->first, r->texts, r->o->valid) ? t->n : 0;
}

static int make_words(Reading *r)
{
    r->times = calloc(r->all.count + 1, sizeof *r->times);
    for (size_t k = 0; k < r->texts && r->times; k++)
        for (size_t i = 0, n = trained_on(r, k); i < n; i++)
            r->times[r->text[k].token[i]]++;
    return r->times ? tl_text_words_learn(r->c, &r->all, r->times, r->o->other) : -1;
}

/* What in the spec gives the tokens their number: an option of that value, if there is one. `options` is as
 * the model holds them, "hidden=128 vocab=40"; a name with a dot is no option. */
static void name_vocab_option(const tl_model *m, int32_t now, size_t wanted, char *text, size_t size)
{
    size_t used = 0;
    *text = 0;
    for (const char *at = m->options; *at; at += strcspn(at, " "), at += *at == ' ') {
        char name[64];
        long long value;
        int taken = 0;
        if (sscanf(at, "%63[^= .]=%lld%n", name, &value, &taken) == 2 && (!at[taken] || at[taken] == ' ') &&
            value == now && used < size)
            used += (size_t)snprintf(text + used, size - used, "%s-D %s=%zu", used ? " or " : "", name, wanted);
    }
    if (!used)
        snprintf(text, size, "write token(%zu) in the spec", wanted);
}

/* The sentence where the model has too few tokens; of words with the --other that would do. */
static int refuse_size(const Reading *r, int32_t most, tl_error *e)
{
    const tl_coding *c = r->c;
    const size_t n = tl_coding_tokens(c);
    const char *path = r->text[0].path;
    char hint[256], other[128] = "";
    name_vocab_option(r->m, most, n, hint, sizeof hint);
    if (c->unit == TL_UNIT_BYTE)
        return tl_fail(e, "%s: there are 256 bytes and %s takes %d: %s", path, r->m->name, (int)most, hint);
    if (r->times && most > 1)
        snprintf(other, sizeof other, ", or --other %zu, which reads those that are there less often as one, <other>",
                 tl_text_words_least(&r->all, r->times, (size_t)most));
    return tl_fail(e, "%s: the text has %zu different %ss%s and %s takes %d: %s%s", path, n, tl_coding_unit(c),
                   c->other ? ", <other> among them," : "", r->m->name, (int)most, hint, other);
}

static int check_vocab(const Reading *r, tl_error *e)
{
    int32_t most = r->m->inputs[0].vocab;
    if (r->m->targets[0].vocab < most)
        most = r->m->targets[0].vocab;
    if (r->c->unit == TL_UNIT_WORD && !r->c->words.count)
        return tl_fail(e, "%s: no word of the text is there %lld times", r->text[0].path, (long long)r->o->other);
    return tl_coding_tokens(r->c) <= (size_t)most ? 0 : refuse_size(r, most, e);
}

/* ---- tokens ---- */

/* In place: characters become tokens. */
static int encode(const tl_coding *c, int32_t *text, size_t n, const char *label, tl_error *e)
{
    for (size_t i = 0; i < n; i++) {
        int32_t token = tl_coding_token(c, text[i]);
        char character[5];
        if (token < 0) {
            tl_utf8_put(character, text[i]);
            return tl_fail(e, "%s: character %zu is '%s' (U+%04X), which the text that the model "
                           "was trained on does not have", label, i + 1, character,
                           (unsigned)text[i]);
        }
        text[i] = token;
    }
    return 0;
}

/* Places in `all` become tokens. */
static int encode_words(const tl_coding *c, const tl_name_list *all, int32_t *text, size_t n, const char *label, tl_error *e)
{
    int32_t *of = calloc(all->count + 1, sizeof *of);
    int bad = of ? 0 : tl_fail(e, "%s: out of memory", label);
    for (size_t i = 0; i < all->count && of; i++)
        of[i] = tl_coding_word_token(c, all->item[i]);
    for (size_t i = 0; i < n && !bad; i++) {
        if (of[text[i]] < 0)
            bad = tl_fail(e, "%s: token %zu is '%.60s', which the text that the model was trained on does not have; a training with --other 1 "
                          "reads such words as <other>", label, i + 1, all->item[text[i]]);
        text[i] = of[text[i]];
    }
    free(of);
    return bad;
}

/* Text must be UTF-8; `advice` says what else would read it. */
static int32_t *decode(const char *label, const char *text, size_t size, size_t *count, const char *advice,
                       tl_error *e)
{
    int32_t *p = tl_utf8_decode(text, size, count);
    if (!p && *count == SIZE_MAX)
        tl_fail(e, "%s: no memory for its %zu characters", label, size);
    else if (!p)
        tl_fail(e, "%s: the byte at offset %zu is not UTF-8%s", label, *count, advice);
    return p;
}

static int32_t *split(tl_name_list *all, const char *label, const char *text, size_t size, size_t *count, const char *advice,
                      tl_error *e)
{
    const char *zero = memchr(text, 0, size);
    int32_t *characters = decode(label, text, size, count, advice, e), *token = NULL;
    if (characters && zero)
        tl_fail(e, "%s: the byte at offset %zu is 0, which no word has%s", label, (size_t)(zero - text), advice);
    else if (characters && !(token = tl_text_words(all, text, size, count)))
        tl_fail(e, "%s: no memory for its words", label);
    free(characters);
    return token;
}

static int32_t *bytes_of(const char *label, const char *text, size_t size, size_t *count, tl_error *e)
{
    int32_t *byte = calloc(size + 1, sizeof *byte);
    for (size_t i = 0; i < size && byte; i++)
        byte[i] = (unsigned char)text[i];
    if (!byte)
        tl_fail(e, "%s: no memory for its %zu bytes", label, size);
    *count = size;
    return byte;
}

/* In the unit of the coding; not encoded yet. */
static int32_t *units_of(tl_unit unit, tl_name_list *all, const char *label, const char *text, size_t size, size_t *count,
                         const char *advice, tl_error *e)
{
    switch (unit) {
    case TL_UNIT_BYTE: return bytes_of(label, text, size, count, e);
    case TL_UNIT_WORD: return split(all, label, text, size, count, advice, e);
    default: return decode(label, text, size, count, advice, e);
    }
}

int32_t *tl_text_tokens(const tl_coding *c, const char *label, const char *text, size_t size,
                        size_t *count, tl_error *e)
{
    tl_name_list all = { 0 };
    int32_t *p = units_of(c->unit, &all, label, text, size, count, "", e);
    if (p && (c->unit == TL_UNIT_WORD ? encode_words(c, &all, p, *count, label, e) : encode(c, p, *count, label, e))) {
        free(p);
        p = NULL;
    }
    tl_name_list_free(&all);
    return p;
}

/* ---- files ---- */

static int read_text(Reading *r, Text *t, const char *path, tl_error *e)
{
    size_t size = 0;
    char *bytes = tl_file_read(path, SIZE_MAX / 8, &size, e);
    t->path = path;
    t->token = bytes ? units_of(r->c->unit, &r->all, path, bytes, size, &t->n, "; --unit byte reads any file", e) : NULL;
    free(bytes);
    if (!t->token)
        return -1;
    if (t->n < 2)
        return tl_fail(e, "%s: a text of %zu %ss has nothing to predict", path, t->n,
                       r->c->unit == TL_UNIT_CHARACTER ? "character" : tl_unit_name(r->c->unit));
    return 0;
}

/* How many words of the texts are <other>, for people. */
static void remark_others(const Reading *r)
{
    size_t n = 0, all = 0;
    for (size_t k = 0; k < r->texts; k++)
        for (size_t i = 0; i < r->text[k].n; i++, all++)
            n += r->text[k].token[i] == (int32_t)r->c->words.count;
    if (r->c->other)
        tl_coding_remark(r->c, "%.2g%% of the words are <other>", 100 * (double)n / (double)all);
}

static int learn(Reading *r, tl_error *e)
{
    if (r->c->kind == TL_CODING_NONE && (r->c->unit == TL_UNIT_WORD ? make_words(r) : make_vocab(r)))
        return tl_fail(e, "%s: no memory for its vocabulary", r->text[0].path);
    if (check_vocab(r, e))
        return -1;
    for (size_t k = 0; k < r->texts; k++) {
        const Text *t = &r->text[k];
        if (r->c->unit == TL_UNIT_WORD ? encode_words(r->c, &r->all, t->token, t->n, t->path, e) : encode(r->c, t->token, t->n, t->path, e))
            return -1;
    }
    remark_others(r);
    return 0;
}

/* Takes r->first over, where there are several. */
static int fill(tl_examples *x, Reading *r, tl_error *e)
{
    if (!tl_examples_new(x, r->m, r->first[r->texts], 1))
        return tl_fail(e, "%s: no memory for %zu %ss", r->text[0].path, r->text[0].n, tl_coding_unit(r->c));
    for (size_t k = 0; k < r->texts; k++) {
        size_t n = r->text[k].n - 1;
        memcpy((int32_t *)x->input[0] + r->first[k], r->text[k].token, n * sizeof(int32_t));
        memcpy((int32_t *)x->target[0] + r->first[k], r->text[k].token + 1, n * sizeof(int32_t));
    }
    if (r->texts > 1) {
        x->first = r->first;
        x->sequences = r->texts;
        r->first = NULL;
    }
    return 0;
}

static int read_all(tl_examples *x, Reading *r, const tl_list *paths, tl_error *e)
{
    r->text = calloc(paths->count, sizeof *r->text);
    r->first = calloc(paths->count + 1, sizeof *r->first);
    if (!r->text || !r->first)
        return tl_fail(e, "%s: out of memory", paths->item[0]);
    for (size_t k = 0; k < paths->count; k++, r->texts++) {
        if (read_text(r, &r->text[k], paths->item[k], e))
            return -1;
        r->first[k + 1] = r->first[k] + r->text[k].n - 1;
    }
    return learn(r, e) || fill(x, r, e) ? -1 : 0;
}

/* What the options say must be what the coding knows. */
static int check_options(tl_coding *c, const tl_text_options *o, tl_error *e)
{
    const int unit = o->unit ? tl_unit_of(o->unit) : (int)c->unit;
    if (unit < 0)
        return tl_fail(e, "--unit %s: a text is read by char, word or byte", o->unit);
    if (c->kind == TL_CODING_TEXT && unit != (int)c->unit)
        return tl_fail(e, "--unit %s: the model was trained by %s", o->unit, tl_unit_name(c->unit));
    c->unit = (tl_unit)unit;
    if (o->other && unit != TL_UNIT_WORD)
        return tl_fail(e, "--other: a text has rare words with --unit word");
    if (o->other && c->kind == TL_CODING_TEXT && !c->other)
        return tl_fail(e, "--other: the model was trained without <other>");
    return 0;
}

int tl_text_load(tl_examples *x, tl_coding *c, const tl_model *m, const tl_list *paths,
                 const tl_text_options *o, tl_error *e)
{
    const char *path = paths->item[0];
    Reading r = { .c = c, .m = m, .o = o };
    *x = (tl_examples){ 0 };
    if (!tl_text_fits(m))
        return tl_fail(e, "%s: a text is for models that take one token and predict one token; %s "
                       "takes a .csv or .safetensors file; --format csv if it is one", path, m->name);
    if (c->kind == TL_CODING_TABLE)
        return tl_fail(e, "%s: this model was trained on the columns of a table, not on text",
                       path);
    if (check_options(c, o, e))
        return -1;
    int bad = read_all(x, &r, paths, e);
    if (bad)
        tl_examples_free(x);
    for (size_t k = 0; r.text && k < paths->count; k++)
        free(r.text[k].token);
    free(r.text);
    free(r.first);
    free(r.times);
    tl_name_list_free(&r.all);
    return bad;
}
