#include "text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "utf8.h"

int tl_text_fits(const tl_model *m)
{
    return m->ninputs == 1 && m->ntargets == 1 && m->inputs[0].vocab > 0 &&
           m->targets[0].vocab > 0 && tl_size(&m->inputs[0]) == 1 && tl_size(&m->targets[0]) == 1;
}

/* The distinct ones of n characters, ascending. */
static int make_vocab(tl_coding *c, const int32_t *text, size_t n)
{
    unsigned char *seen = calloc(0x110000, 1);
    if (!seen)
        return -1;
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        count += !seen[text[i]];
        seen[text[i]] = 1;
    }
    c->vocab = calloc(count + 1, sizeof *c->vocab);
    for (int32_t x = 0; c->vocab && x < 0x110000; x++)
        if (seen[x])
            c->vocab[c->nvocab++] = x;
    free(seen);
    c->kind = TL_CODING_TEXT;
    return c->vocab ? 0 : -1;
}

static int check_vocab(const tl_coding *c, const tl_model *m, const char *path, tl_error *e)
{
    int32_t most = m->inputs[0].vocab;
    if (m->targets[0].vocab < most)
        most = m->targets[0].vocab;
    if (c->nvocab <= (size_t)most)
        return 0;
    return tl_fail(e, "%s: the text has %zu different characters and %s takes %d: compile it with "
                   "-D vocab=%zu", path, c->nvocab, m->name, (int)most, c->nvocab);
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

static int take(tl_examples *x, tl_coding *c, const tl_model *m, const char *path, int32_t *text,
                size_t n, tl_error *e)
{
    if (n < 2)
        return tl_fail(e, "%s: a text of %zu characters has nothing to predict", path, n);
    if (c->kind == TL_CODING_NONE && make_vocab(c, text, n))
        return tl_fail(e, "%s: no memory for its vocabulary", path);
    if (check_vocab(c, m, path, e) || encode(c, text, n, path, e))
        return -1;
    if (!tl_examples_new(x, m, n - 1, 1))
        return tl_fail(e, "%s: no memory for %zu characters", path, n);
    memcpy(x->input[0], text, (n - 1) * sizeof *text);
    memcpy(x->target[0], text + 1, (n - 1) * sizeof *text);
    return 0;
}

int tl_text_load(tl_examples *x, tl_coding *c, const tl_model *m, const char *path,
                 tl_error *e)
{
    *x = (tl_examples){ 0 };
    if (!tl_text_fits(m))
        return tl_fail(e, "%s: a text is for models that take one token and predict one token; %s "
                       "takes a .csv or .safetensors file", path, m->name);
    if (c->kind == TL_CODING_TABLE)
        return tl_fail(e, "%s: this model was trained on the columns of a table, not on text",
                       path);
    size_t size = 0, n = 0;
    char *bytes = tl_file_read(path, SIZE_MAX / 8, &size, e);
    if (!bytes)
        return -1;
    int32_t *text = decode(path, bytes, size, &n, e);
    free(bytes);
    int bad = text ? take(x, c, m, path, text, n, e) : -1;
    free(text);
    return bad;
}
