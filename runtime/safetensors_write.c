#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checksum.h"
#include "file.h"
#include "safetensors.h"

typedef struct Entry {
    char *name;
    tl_dtype dtype;
    int32_t rank;
    int64_t dim[TL_ST_MAX_RANK];
    size_t bytes;
    const void *data;
} Entry;

struct tl_st_writer {
    Entry *entry;
    size_t count, room;
    json_t *meta;
};

static void *must(void *p)
{
    if (p)
        return p;
    fprintf(stderr, "out of memory while writing tensors\n");
    abort();
}

tl_st_writer *tl_st_writer_new(void)
{
    tl_st_writer *w = must(calloc(1, sizeof *w));
    w->meta = must(json_object());
    return w;
}

void tl_st_writer_free(tl_st_writer *w)
{
    if (!w)
        return;
    for (size_t i = 0; i < w->count; i++)
        free(w->entry[i].name);
    free(w->entry);
    json_decref(w->meta);
    free(w);
}

void tl_st_add(tl_st_writer *w, const char *name, tl_dtype dtype, const int64_t *dim, int32_t rank,
               const void *data)
{
    if (w->count == w->room) {
        w->room = w->room ? 2 * w->room : 16;
        w->entry = must(realloc(w->entry, w->room * sizeof *w->entry));
    }
    Entry *t = &w->entry[w->count++];
    *t = (Entry){ .name = must(strdup(name)), .dtype = dtype, .rank = rank, .data = data };
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
    char *name = must(malloc(n));
    snprintf(name, n, "%s%s", prefix, t->name);
    if (lanes > 0)
        dim[rank++] = lanes;
    for (int32_t i = 0; i < t->rank; i++)
        dim[rank++] = t->dim[i];
    tl_st_add(w, name, tl_dtype_of(type), dim, rank, data);
    free(name);
}

void tl_st_add_meta(tl_st_writer *w, const char *key, const char *value)
{
    if (json_object_set_new(w->meta, key, must(json_string(value))))
        must(NULL);
}

static int by_size_and_name(const void *a, const void *b)
{
    const Entry *x = a, *y = b;
    size_t m = tl_dtype_size(x->dtype), n = tl_dtype_size(y->dtype);
    return m != n ? (m < n) - (m > n) : strcmp(x->name, y->name);
}

static json_t *entry_json(const Entry *t, size_t at)
{
    json_t *shape = must(json_array());
    for (int32_t i = 0; i < t->rank; i++)
        json_array_append_new(shape, json_integer(t->dim[i]));
    return must(json_pack("{s:s, s:o, s:[I, I]}", "dtype", tl_dtype_name(t->dtype), "shape", shape,
                          "data_offsets", (json_int_t)at, (json_int_t)(at + t->bytes)));
}

/* The header, padded with spaces so that the data after it start at a multiple of 8. */
static char *header_text(tl_st_writer *w, uint64_t *size, const char *path, tl_error *e)
{
    json_t *header = must(json_object());
    size_t at = 0;
    const char *twice = NULL;
    if (json_object_size(w->meta))
        json_object_set(header, "__metadata__", w->meta);
    for (size_t i = 0; i < w->count; i++) {
        if (json_object_get(header, w->entry[i].name))
            twice = w->entry[i].name;
        json_object_set_new(header, w->entry[i].name, entry_json(&w->entry[i], at));
        at += w->entry[i].bytes;
    }
    char *text = must(json_dumps(header, JSON_COMPACT | JSON_SORT_KEYS));
    json_decref(header);
    if (twice) {
        tl_fail(e, "%s: two tensors would be named '%s'", path, twice);
        free(text);
        return NULL;
    }
    size_t n = strlen(text), padded = (n + 7) / 8 * 8;
    text = must(realloc(text, padded + 1));
    memset(text + n, ' ', padded - n);
    *size = padded;
    return text;
}

int tl_st_write(tl_st_writer *w, const char *path, tl_error *e)
{
    if (w->count)
        qsort(w->entry, w->count, sizeof *w->entry, by_size_and_name);
    uint64_t size;
    tl_st_add_meta(w, TL_CHECKSUM_KEY, TL_CHECKSUM_BLANK);
    char *text = header_text(w, &size, path, e);
    if (!text)
        return -1;
    tl_chunk *chunk = must(calloc(w->count + 2, sizeof *chunk));
    chunk[0] = (tl_chunk){ &size, sizeof size };
    chunk[1] = (tl_chunk){ text, (size_t)size };
    for (size_t i = 0; i < w->count; i++)
        chunk[i + 2] = (tl_chunk){ w->entry[i].data, w->entry[i].bytes };
    tl_checksum_seal(text, (size_t)size, chunk + 2, w->count);
    int bad = tl_file_replace(path, chunk, w->count + 2, e);
    free(chunk);
    free(text);
    return bad;
}
