/* Reading. Everything a file says is checked before it is used: what comes out of tl_st_parse is
 * sound whatever went in. */
#include "safetensors.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checksum.h"
#include "file.h"
#include "finite.h"
#include "json_memory.h"
#include "param.h"
#include "real.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "safetensors files are little-endian, and this code reads them as they lie"
#endif

enum { MAX_HEADER = 100 << 20 }; /* the bound that the reference implementation has */

struct tl_st {
    char *label;
    void *bytes;
    json_t *header; /* owns the names */
    tl_st_tensor *tensor;
    size_t count;
};

static const struct {
    const char *name;
    size_t size;
} dtypes[] = { { "F32", 4 }, { "F64", 8 }, { "I32", 4 }, { "I64", 8 }, { "U8", 1 } };

size_t tl_dtype_size(tl_dtype d)
{
    return dtypes[d].size;
}

const char *tl_dtype_name(tl_dtype d)
{
    return dtypes[d].name;
}

tl_dtype tl_dtype_of(tl_type type)
{
    return type == TL_F32 ? TL_DT_F32 : type == TL_F64 ? TL_DT_F64 : TL_DT_I32;
}

const char *tl_shape_text(char *text, size_t size, const int64_t *dim, int32_t rank)
{
    size_t n = 0;
    text[0] = 0;
    for (int32_t i = 0; i < rank && n < size; i++)
        n += (size_t)snprintf(text + n, size - n, "%s%" PRId64, i ? ", " : "{", dim[i]);
    if (n < size)
        snprintf(text + n, size - n, "%s", rank ? "}" : "{}");
    return text;
}

static int read_dtype(tl_st *st, tl_st_tensor *t, const json_t *entry, tl_error *e)
{
    const char *name = json_string_value(json_object_get(entry, "dtype"));
    if (!name)
        return tl_fail(e, "%s: tensor '%s' has no dtype", st->label, t->name);
    for (size_t i = 0; i < sizeof dtypes / sizeof *dtypes; i++)
        if (strcmp(name, dtypes[i].name) == 0) {
            t->dtype = (tl_dtype)i;
            return 0;
        }
    return tl_fail(e, "%s: tensor '%s' is %.16s; F32, F64, I32, I64 and U8 can be read", st->label,
                   t->name, name);
}

static int read_shape(tl_st *st, tl_st_tensor *t, const json_t *entry, tl_error *e)
{
    const json_t *shape = json_object_get(entry, "shape");
    size_t rank = json_array_size(shape);
    if (!json_is_array(shape) || rank > TL_ST_MAX_RANK)
        return tl_fail(e, "%s: tensor '%s' has no shape of at most %d dimensions", st->label,
                       t->name, (int)TL_ST_MAX_RANK);
    t->rank = (int32_t)rank;
    t->count = 1;
    for (size_t i = 0; i < rank; i++) {
        const json_t *d = json_array_get(shape, i);
        t->dim[i] = json_integer_value(d);
        if (!json_is_integer(d) || t->dim[i] < 0 ||
            __builtin_mul_overflow(t->count, (size_t)t->dim[i], &t->count))
            return tl_fail(e, "%s: tensor '%s' has an impossible shape", st->label, t->name);
    }
    return 0;
}

/* Sets t->data for now to NULL + begin; the base is added once the layout is known to be sound. */
static int read_offsets(tl_st *st, const tl_st_tensor *t, const json_t *entry, size_t size,
                        size_t *begin, tl_error *e)
{
    const json_t *pair = json_object_get(entry, "data_offsets");
    const json_t *from = json_array_get(pair, 0), *to = json_array_get(pair, 1);
    if (json_array_size(pair) != 2 || !json_is_integer(from) || !json_is_integer(to))
        return tl_fail(e, "%s: tensor '%s' has no data_offsets [begin, end]", st->label, t->name);
    int64_t a = json_integer_value(from), b = json_integer_value(to);
    if (a < 0 || b < a || (uint64_t)b > size)
        return tl_fail(e, "%s: tensor '%s' lies at bytes %" PRId64 " to %" PRId64
                       ", outside of the %zu bytes of data: the file is damaged or cut short",
                       st->label, t->name, a, b, size);
    size_t bytes;
    if (__builtin_mul_overflow(t->count, tl_dtype_size(t->dtype), &bytes) ||
        bytes != (size_t)(b - a)) {
        char shape[128];
        return tl_fail(e, "%s: tensor '%s' has %" PRId64 " bytes, which is not the size of %s %s",
                       st->label, t->name, b - a, tl_dtype_name(t->dtype),
                       tl_shape_text(shape, sizeof shape, t->dim, t->rank));
    }
    *begin = (size_t)a;
    return 0;
}

typedef struct Extent {
    size_t begin, end;
    const char *name;
} Extent;

static int by_begin(const void *a, const void *b)
{
    const Extent *x = a, *y = b;
    if (x->begin != y->begin)
        return x->begin < y->begin ? -1 : 1;
    return (x->end > y->end) - (x->end < y->end); /* empty tensors first */
}

/* In order of offset the tensors must follow one another exactly and end with the file. */
static int check_layout(const tl_st *st, Extent *x, size_t size, tl_error *e)
{
    size_t at = 0;
    if (st->count)
        qsort(x, st->count, sizeof *x, by_begin);
    for (size_t i = 0; i < st->count; i++) {
        if (x[i].begin != at)
            return tl_fail(e, "%s: tensor '%s' begins at byte %zu of the data where %zu was due: "
                           "tensors may not overlap or leave holes", st->label, x[i].name,
                           x[i].begin, at);
        at = x[i].end;
    }
    if (at != size)
        return tl_fail(e, "%s: %zu bytes of data follow the last tensor", st->label, size - at);
    return 0;
}

static int read_entry(tl_st *st, const char *name, const json_t *entry, const char *data,
                      size_t size, Extent *x, tl_error *e)
{
    tl_st_tensor *t = &st->tensor[st->count];
    size_t begin = 0;
    *t = (tl_st_tensor){ .name = name };
    if (!json_is_object(entry))
        return tl_fail(e, "%s: the header's entry '%s' is not an object", st->label, name);
    if (read_dtype(st, t, entry, e) || read_shape(st, t, entry, e) ||
        read_offsets(st, t, entry, size, &begin, e))
        return -1;
    t->data = data + begin;
    x[st->count++] = (Extent){ begin, begin + t->count * tl_dtype_size(t->dtype), name };
    return 0;
}

static int check_metadata(const tl_st *st, const json_t *meta, tl_error *e)
{
    const char *key;
    json_t *value;
    if (!json_is_object(meta))
        return tl_fail(e, "%s: __metadata__ is not an object", st->label);
    json_object_foreach((json_t *)meta, key, value)
        if (!json_is_string(value))
            return tl_fail(e, "%s: __metadata__ '%s' is not a string", st->label, key);
    return 0;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const tl_st_tensor *)a)->name, ((const tl_st_tensor *)b)->name);
}

static int read_tensors(tl_st *st, const char *data, size_t size, tl_error *e)
{
    const char *name;
    json_t *entry;
    size_t most = json_object_size(st->header);
    st->tensor = calloc(most + 1, sizeof *st->tensor);
    Extent *x = calloc(most + 1, sizeof *x);
    int bad = !st->tensor || !x ? tl_fail(e, "%s: out of memory", st->label) : 0;
    if (!bad)
        json_object_foreach(st->header, name, entry) {
            bad = strcmp(name, "__metadata__") == 0
                      ? check_metadata(st, entry, e)
                      : read_entry(st, name, entry, data, size, x, e);
            if (bad)
                break;
        }
    bad = bad || check_layout(st, x, size, e);
    free(x);
    if (!bad && st->count)
        qsort(st->tensor, st->count, sizeof *st->tensor, by_name);
    return bad;
}

static int parse(tl_st *st, size_t size, tl_error *e)
{
    uint64_t n;
    if (size < sizeof n)
        return tl_fail(e, "%s: %zu bytes are too few for a safetensors file", st->label, size);
    memcpy(&n, st->bytes, sizeof n);
    if (n > MAX_HEADER || n > size - sizeof n)
        return tl_fail(e, "%s: not a safetensors file, or cut short: its header should have %"
                       PRIu64 " bytes, the file has %zu", st->label, n, size);
    const char *text = (const char *)st->bytes + sizeof n;
    json_error_t why;
    tl_json_watch();
    st->header = json_loadb(text, (size_t)n, JSON_REJECT_DUPLICATES, &why);
    if (!st->header && tl_json_lost())
        return tl_fail(e, "%s: not enough memory to read it", st->label);
    if (!st->header)
        return tl_fail(e, "%s: the header is not JSON: %s at byte %d", st->label, why.text,
                       why.position + (int)sizeof n);
    if (!json_is_object(st->header))
        return tl_fail(e, "%s: the header is not a JSON object", st->label);
    size_t rest = size - sizeof n - (size_t)n;
    if (read_tensors(st, text + n, rest, e))
        return -1;
    int holds = tl_checksum_holds(text, (size_t)n, text + n, rest);
    if (holds == -2)
        return tl_fail(e, "%s: not enough memory to check it", st->label);
    if (!holds)
        return tl_fail(e, "%s: damaged: its contents do not have the checksum they were written "
                       "with", st->label);
    return 0;
}

tl_st *tl_st_parse(void *bytes, size_t size, const char *label, tl_error *e)
{
    tl_st *st = calloc(1, sizeof *st);
    if (!st || !(st->label = strdup(label))) {
        tl_fail(e, "%s: out of memory", label);
        free(bytes);
        free(st);
        return NULL;
    }
    st->bytes = bytes;
    if (parse(st, size, e)) {
        tl_st_free(st);
        return NULL;
    }
    return st;
}

int tl_st_looks_like(const char *path)
{
    unsigned char head[9];
    FILE *f = fopen(path, "rb");
    size_t n = f ? fread(head, 1, sizeof head, f) : 0;
    if (f)
        fclose(f);
    return n == sizeof head && head[8] == '{' && !head[5] && !head[6] && !head[7]; /* a header below 1 TiB */
}

tl_st *tl_st_open(const char *path, tl_error *e)
{
    size_t size = 0;
    void *bytes = tl_file_read(path, SIZE_MAX / 4, &size, e);
    return bytes ? tl_st_parse(bytes, size, path, e) : NULL;
}

void tl_st_free(tl_st *st)
{
    if (!st)
        return;
    json_decref(st->header);
    free(st->tensor);
    free(st->bytes);
    free(st->label);
    free(st);
}

const char *tl_st_label(const tl_st *st)
{
    return st->label;
}

size_t tl_st_count(const tl_st *st)
{
    return st->count;
}

const tl_st_tensor *tl_st_at(const tl_st *st, size_t i)
{
    return &st->tensor[i];
}

const tl_st_tensor *tl_st_find(const tl_st *st, const char *name)
{
    tl_st_tensor key = { .name = name };
    return st->count ? bsearch(&key, st->tensor, st->count, sizeof key, by_name) : NULL;
}

const char *tl_st_meta(const tl_st *st, const char *key)
{
    return json_string_value(json_object_get(json_object_get(st->header, "__metadata__"), key));
}

#define ELEMENT(T)                                                                                \
    T x;                                                                                          \
    memcpy(&x, (const char *)t->data + i * sizeof x, sizeof x);                                   \
    return (double)x

static double get_f32(const tl_st_tensor *t, size_t i) { ELEMENT(float); }
static double get_f64(const tl_st_tensor *t, size_t i) { ELEMENT(double); }
static double get_i32(const tl_st_tensor *t, size_t i) { ELEMENT(int32_t); }
static double get_i64(const tl_st_tensor *t, size_t i) { ELEMENT(int64_t); }
static double get_u8(const tl_st_tensor *t, size_t i) { ELEMENT(uint8_t); }

double tl_st_double(const tl_st_tensor *t, size_t i)
{
    static double (*const get[])(const tl_st_tensor *, size_t) = { get_f32, get_f64, get_i32,
                                                                   get_i64, get_u8 };
    return get[t->dtype](t, i);
}

void tl_st_copy_real(const tl_st_tensor *t, tl_type real, void *to)
{
    if (t->count && t->dtype == tl_dtype_of(real))
        memcpy(to, t->data, t->count * tl_real_size(real));
    else
        for (size_t i = 0; i < t->count; i++)
            tl_real_set(real, to, i, tl_st_double(t, i));
}

int tl_st_copy_finite(const tl_st *st, const tl_st_tensor *t, tl_type real, void *to, tl_error *e)
{
    char at[160];
    tl_st_copy_real(t, real, to);
    size_t i = tl_not_finite(real, to, 0, t->count);
    if (i == t->count)
        return 0;
    return tl_fail(e, "%s: %s%s is %g, which is not finite%s", st->label, t->name,
                   tl_index_text(at, sizeof at, t->dim, t->rank, i), tl_st_double(t, i),
                   isfinite(tl_st_double(t, i)) ? " in f32; --precision f64 reads it" : "");
}

int tl_st_copy_param(const tl_st *st, const tl_st_tensor *x, const tl_tensor *t, tl_type real, void *block, tl_error *e)
{
    if (!t->column)
        return tl_st_copy_finite(st, x, real, tl_real_at(real, block, t->offset), e);
    void *rows = malloc(tl_size(t) * tl_real_size(real));
    if (!rows)
        return tl_fail(e, "%s: not enough memory to read it", st->label);
    int bad = tl_st_copy_finite(st, x, real, rows, e);
    if (!bad)
        tl_param_put(t, real, block, rows);
    free(rows);
    return bad;
}

int tl_st_copy_tokens(const tl_st *st, const tl_st_tensor *t, int32_t vocab, int32_t *to,
                      tl_error *e)
{
    for (size_t i = 0; i < t->count; i++) {
        double x = tl_st_double(t, i);
        double lo = vocab ? 0 : INT32_MIN, hi = vocab ? vocab - 1 : INT32_MAX;
        if (!(x >= lo && x <= hi) || x != floor(x))
            return tl_fail(e, "%s: %s has %g at element %zu; tokens are integers from %.0f to %.0f",
                           st->label, t->name, x, i, lo, hi);
        to[i] = (int32_t)x;
    }
    return 0;
}

const tl_st_tensor *tl_st_need(const tl_st *st, const char *name, const int64_t *dim, int32_t rank,
                               tl_error *e)
{
    const tl_st_tensor *t = tl_st_find(st, name);
    char want[128], have[128];
    tl_shape_text(want, sizeof want, dim, rank);
    if (!t) {
        tl_fail(e, "%s: there is no tensor '%s' of shape %s", st->label, name, want);
        return NULL;
    }
    if (t->rank == rank && memcmp(t->dim, dim, (size_t)rank * sizeof *dim) == 0)
        return t;
    tl_fail(e, "%s: %s is %s but the model takes %s", st->label, name,
            tl_shape_text(have, sizeof have, t->dim, t->rank), want);
    return NULL;
}

const tl_st_tensor *tl_st_need_like(const tl_st *st, const char *prefix, const tl_tensor *t,
                                    tl_error *e)
{
    char name[512];
    int64_t dim[TL_MAX_RANK] = { 0 };
    for (int32_t i = 0; i < t->rank; i++)
        dim[i] = t->dim[i];
    if ((size_t)snprintf(name, sizeof name, "%s%s", prefix, t->name) >= sizeof name) {
        tl_fail(e, "%s: the name %s%.100s... is too long", st->label, prefix, t->name);
        return NULL;
    }
    return tl_st_need(st, name, dim, t->rank, e);
}
