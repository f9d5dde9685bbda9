#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checksum.h"
#include "file.h"
#include "json_memory.h"
#include "param.h"
#include "real.h"
#include "safetensors.h"

typedef struct Entry {
    char *name;
    tl_dtype dtype;
    int32_t rank;
    int64_t dim[TL_ST_MAX_RANK];
    size_t bytes;
    const void *data;
    void *own; /* the data, if nobody else has them in this order */
} Entry;

struct tl_st_writer {
    Entry *entry;
    size_t count, room;
    json_t *meta;
    int lost; /* memory was short: something is missing */
};

tl_st_writer *tl_st_writer_new(void)
{
    tl_st_writer *w = calloc(1, sizeof *w);
    tl_json_watch();
    if (w)
        w->meta = json_object();
    return w;
}

void tl_st_writer_free(tl_st_writer *w)
{
    if (!w)
        return;
    for (size_t i = 0; i < w->count; i++) {
        free(w->entry[i].name);
        free(w->entry[i].own);
    }
    free(w->entry);
    json_decref(w->meta);
    free(w);
}

static Entry *new_entry(tl_st_writer *w, const char *name)
{
    if (w->count == w->room) {
        size_t room = w->room ? 2 * w->room : 16;
        Entry *more = realloc(w->entry, room * sizeof *more);
        if (!more)
            return NULL;
        w->entry = more;
        w->room = room;
    }
    char *copy = strdup(name);
    if (!copy)
        return NULL;
    w->entry[w->count] = (Entry){ .name = copy };
    return &w->entry[w->count++];
}

void tl_st_add(tl_st_writer *w, const char *name, tl_dtype dtype, const int64_t *dim, int32_t rank,
               const void *data)
{
    Entry *t = w ? new_entry(w, name) : NULL;
    if (!t) {
        if (w)
            w->lost = 1;
        return;
    }
    t->dtype = dtype;
    t->rank = rank;
    t->data = data;
    t->bytes = tl_dtype_size(dtype);
    for (int32_t i = 0; i < rank; i++) {
        t->dim[i] = dim[i];
        t->bytes *= (size_t)dim[i]; /* the data exist, so their size does not overflow */
    }
}

void tl_st_add_like(tl_st_writer *w, const char *prefix, const tl_tensor *t, int64_t lanes,
                    tl_type type, const void *data)
{
    int64_t dim[TL_MAX_RANK + 1];
    int32_t rank = 0;
    size_t n = strlen(prefix) + strlen(t->name) + 1;
    char *name = malloc(n);
    if (!name) {
        if (w)
            w->lost = 1;
        return;
    }
    snprintf(name, n, "%s%s", prefix, t->name);
    if (lanes > 0)
        dim[rank++] = lanes;
    for (int32_t i = 0; i < t->rank; i++)
        dim[rank++] = t->dim[i];
    tl_st_add(w, name, tl_dtype_of(type), dim, rank, data);
    free(name);
}

void tl_st_add_param(tl_st_writer *w, const char *prefix, const tl_tensor *t, tl_type real, const void *block)
{
    if (!w || w->lost)
        return;
    void *own = t->column ? malloc(tl_size(t) * tl_real_size(real)) : NULL;
    if (t->column && !own) {
        w->lost = 1;
        return;
    }
    size_t before = w->count;
    if (own)
        tl_param_get(t, real, block, own);
    tl_st_add_like(w, prefix, t, 0, real, own ? own : tl_real_at_const(real, block, t->offset));
    if (w->count > before)
        w->entry[before].own = own;
    else
        free(own);
}

void tl_st_add_meta(tl_st_writer *w, const char *key, const char *value)
{
    if (w && json_object_set_new(w->meta, key, json_string(value)))
        w->lost = 1;
}

static int by_size_and_name(const void *a, const void *b)
{
    const Entry *x = a, *y = b;
    size_t m = tl_dtype_size(x->dtype), n = tl_dtype_size(y->dtype);
    return m != n ? (m < n) - (m > n) : strcmp(x->name, y->name);
}

static json_t *entry_json(const Entry *t, size_t at)
{
    json_t *shape = json_array(), *offsets = json_array(), *entry = json_object();
    for (int32_t i = 0; i < t->rank; i++)
        json_array_append_new(shape, json_integer(t->dim[i]));
    json_array_append_new(offsets, json_integer((json_int_t)at));
    json_array_append_new(offsets, json_integer((json_int_t)(at + t->bytes)));
    json_object_set_new(entry, "dtype", json_string(tl_dtype_name(t->dtype)));
    json_object_set_new(entry, "shape", shape);
    json_object_set_new(entry, "data_offsets", offsets);
    return entry;
}

static char *header_json(tl_st_writer *w, const char **twice)
{
    json_t *header = json_object();
    size_t at = 0;
    if (json_object_size(w->meta))
        json_object_set(header, "__metadata__", w->meta);
    for (size_t i = 0; i < w->count; i++) {
        if (json_object_get(header, w->entry[i].name))
            *twice = w->entry[i].name;
        json_object_set_new(header, w->entry[i].name, entry_json(&w->entry[i], at));
        at += w->entry[i].bytes;
    }
    char *text = json_dumps(header, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(header);
    return text;
}

/* The header, padded with spaces so that the data after it start at a multiple of 8. NULL without memory. */
static char *header_text(tl_st_writer *w, uint64_t *size, const char **twice)
{
    char *text = header_json(w, twice);
    size_t n = text ? strlen(text) : 0, padded = (n + 7) / 8 * 8;
    char *longer = text ? realloc(text, padded + 1) : NULL;
    if (!longer) {
        free(text);
        return NULL;
    }
    memset(longer + n, ' ', padded - n);
    *size = padded;
    return longer;
}

static int write_chunks(const tl_st_writer *w, char *text, uint64_t size, const char *path, tl_error *e)
{
    tl_chunk *chunk = calloc(w->count + 2, sizeof *chunk);
    if (!chunk)
        return tl_fail(e, "%s: not enough memory to write it", path);
    chunk[0] = (tl_chunk){ &size, sizeof size };
    chunk[1] = (tl_chunk){ text, (size_t)size };
    for (size_t i = 0; i < w->count; i++)
        chunk[i + 2] = (tl_chunk){ w->entry[i].data, w->entry[i].bytes };
    int bad = tl_checksum_seal(text, (size_t)size, chunk + 2, w->count)
                  ? tl_fail(e, "%s: not enough memory to write it", path)
                  : tl_file_replace(path, chunk, w->count + 2, e);
    free(chunk);
    return bad;
}

int tl_st_write(tl_st_writer *w, const char *path, tl_error *e)
{
    uint64_t size = 0;
    const char *twice = NULL;
    if (w && w->count)
        qsort(w->entry, w->count, sizeof *w->entry, by_size_and_name);
    tl_st_add_meta(w, TL_CHECKSUM_KEY, TL_CHECKSUM_BLANK);
    char *text = w && !w->lost ? header_text(w, &size, &twice) : NULL;
    int bad;
    if (!text || tl_json_lost())
        bad = tl_fail(e, "%s: not enough memory to write it", path);
    else if (twice)
        bad = tl_fail(e, "%s: two tensors would be named '%s'", path, twice);
    else
        bad = write_chunks(w, text, size, path, e);
    free(text);
    return bad;
}
