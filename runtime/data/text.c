#include "text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "utf8.h"

int tl_text_fits(const tl_model *m)
{
    return m->ninputs == 1 && m->ntargets == 1 && m->inputs[0].vocab > 0 &&
           m->targets[0].vocab > 0 && tl_size(&m->inputs[0]) == 1 && tl_size(&m->targets[0]) == 1;
}

typedef struct Text {
    const char *path;
    int32_t *character; /* tokens in the end */
    size_t n;
} Text;

/* The distinct characters of some texts, ascending. */
static int make_vocab(tl_coding *c, const Text *text, size_t texts)
{
    unsigned char *seen = calloc(0x110000, 1);
    if (!seen)
        return -1;
    size_t count = 0;
    for (size_t k = 0; k < texts; k++)
        for (size_t i = 0; i < text[k].n; i++) {
            count += !seen[text[k].character[i]];
            seen[text[k].character[i]] = 1;
        }
    c->vocab = calloc(count + 1, sizeof *c->vocab);
    for (int32_t x = 0; c->vocab && x < 0x110000; x++)
        if (seen[x])
            c->vocab[c->nvocab++] = x;
    free(seen);
    c->kind = TL_CODING_TEXT;
    return c->vocab ? 0 : -1;
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

static int check_vocab(const tl_coding *c, const tl_model *m, const char *path, tl_error *e)
{
    int32_t most = m->inputs[0].vocab;
    if (m->targets[0].vocab < most)
        most = m->targets[0].vocab;
    if (c->nvocab <= (size_t)most)
        return 0;
    char hint[256];
    name_vocab_option(m, most, c->nvocab, hint, sizeof hint);
    return tl_fail(e, "%s: the text has %zu different characters and %s takes %d: %s", path, c->nvocab, m->name,
                   (int)most, hint);
}

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

static int32_t *decode(const char *label, const char *text, size_t size, size_t *count,
                       tl_error *e)
{
    int32_t *p = tl_utf8_decode(text, size, count);
    if (!p && *count == SIZE_MAX)
        tl_fail(e, "%s: no memory for its %zu characters", label, size);
    else if (!p)
        tl_fail(e, "%s: the byte at offset %zu is not UTF-8", label, *count);
    return p;
}

int32_t *tl_text_tokens(const tl_coding *c, const char *label, const char *text, size_t size,
                        size_t *count, tl_error *e)
{
    int32_t *p = decode(label, text, size, count, e);
    if (p && encode(c, p, *count, label, e)) {
        free(p);
        return NULL;
    }
    return p;
}

static int read_text(Text *t, const char *path, tl_error *e)
{
    size_t size = 0;
    char *bytes = tl_file_read(path, SIZE_MAX / 8, &size, e);
    t->path = path;
    t->character = bytes ? decode(path, bytes, size, &t->n, e) : NULL;
    free(bytes);
    if (!t->character)
        return -1;
    if (t->n < 2)
        return tl_fail(e, "%s: a text of %zu characters has nothing to predict", path, t->n);
    return 0;
}

/* Where each text's rows begin; the last element is the number of all of them. */
static size_t *find_rows(const Text *text, size_t texts)
{
    size_t *first = calloc(texts + 1, sizeof *first);
    for (size_t k = 0; first && k < texts; k++)
        first[k + 1] = first[k] + text[k].n - 1;
    return first;
}

static int take(tl_examples *x, tl_coding *c, const tl_model *m, Text *text, size_t texts,
                tl_error *e)
{
    const char *path = text[0].path;
    if (c->kind == TL_CODING_NONE && make_vocab(c, text, texts))
        return tl_fail(e, "%s: no memory for its vocabulary", path);
    if (check_vocab(c, m, path, e))
        return -1;
    size_t *first = find_rows(text, texts);
    if (!first || !tl_examples_new(x, m, first[texts], 1)) {
        free(first);
        return tl_fail(e, "%s: no memory for %zu characters", path, text[0].n);
    }
    x->first = first;
    x->sequences = texts;
    for (size_t k = 0; k < texts; k++) {
        size_t n = text[k].n - 1;
        if (encode(c, text[k].character, n + 1, text[k].path, e))
            return -1;
        memcpy((int32_t *)x->input[0] + first[k], text[k].character, n * sizeof(int32_t));
        memcpy((int32_t *)x->target[0] + first[k], text[k].character + 1, n * sizeof(int32_t));
    }
    if (texts == 1) {
        free(first);
        x->first = NULL;
        x->sequences = 0;
    }
    return 0;
}

int tl_text_load(tl_examples *x, tl_coding *c, const tl_model *m, const tl_list *paths,
                 tl_error *e)
{
    const char *path = paths->item[0];
    *x = (tl_examples){ 0 };
    if (!tl_text_fits(m))
        return tl_fail(e, "%s: a text is for models that take one token and predict one token; %s "
                       "takes a .csv or .safetensors file; --format csv if it is one", path, m->name);
    if (c->kind == TL_CODING_TABLE)
        return tl_fail(e, "%s: this model was trained on the columns of a table, not on text",
                       path);
    Text *text = calloc(paths->count, sizeof *text);
    int bad = text ? 0 : tl_fail(e, "%s: out of memory", path);
    for (size_t k = 0; k < paths->count && !bad; k++)
        bad = read_text(&text[k], paths->item[k], e);
    if (!bad && (bad = take(x, c, m, text, paths->count, e)))
        tl_examples_free(x);
    for (size_t k = 0; text && k < paths->count; k++)
        free(text[k].character);
    free(text);
    return bad;
}
