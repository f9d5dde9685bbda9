#include "npy.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char magic[] = "\x93NUMPY";

enum { MAGIC = 6, VERSION = 2 };

static const struct {
    const char *descr;
    tl_dtype dtype;
} kinds[] = {
    { "<f4", TL_DT_F32 }, { "<f8", TL_DT_F64 }, { "<i4", TL_DT_I32 }, { "<i8", TL_DT_I64 }, { "|u1", TL_DT_U8 }, { "|b1", TL_DT_U8 },
};

/* The header, as far as it was read. */
typedef struct Header {
    const char *at, *end, *label;
    tl_error *e;
    int order, shape, descr; /* seen */
} Header;

static void pass_blanks(Header *h)
{
    while (h->at < h->end && strchr(" \t\r\n", *h->at))
        h->at++;
}

/* Passes over blanks and the character, if it is the next. */
static int take(Header *h, char c)
{
    pass_blanks(h);
    return h->at < h->end && *h->at == c ? h->at++, 1 : 0;
}

static int damaged(const Header *h)
{
    return tl_fail(h->e, "%s: its header is not one that NumPy writes: the file is damaged", h->label);
}

/* 'text', without escapes, which none of the words here has. */
static int take_text(Header *h, char text[32])
{
    size_t n = 0;
    pass_blanks(h);
    const char quote = h->at < h->end ? *h->at : 0;
    if (quote != '\'' && quote != '"')
        return -1;
    for (h->at++; h->at < h->end && *h->at != quote && n < 31; h->at++)
        text[n++] = *h->at;
    text[n] = 0;
    return take(h, quote) ? 0 : -1;
}

static int take_descr(Header *h, tl_npy *a)
{
    char text[32];
    if (take(h, '['))
        return tl_fail(h->e, "%s: it is an array of records; read are arrays of numbers: x.astype('float64') of each field", h->label);
    if (take_text(h, text))
        return damaged(h);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (!strcmp(text, kinds[i].descr)) {
            a->dtype = kinds[i].dtype;
            return 0;
        }
    if (text[0] == '>')
        return tl_fail(h->e, "%s: its numbers are big-endian, %s: x.astype('<%s') turns them round", h->label, text, text + 1);
    return tl_fail(h->e, "%s: it is of dtype %s; read are float32, float64, int32, int64, uint8 and bool: x.astype('float64')", h->label, text);
}

static int take_order(Header *h, int *fortran)
{
    static const char *const words[] = { "False", "True" };
    pass_blanks(h);
    for (int i = 0; i < 2; i++) {
        const size_t n = strlen(words[i]);
        if ((size_t)(h->end - h->at) >= n && !memcmp(h->at, words[i], n)) {
            h->at += n;
            *fortran = i;
            return 0;
        }
    }
    return damaged(h);
}

static int take_number(Header *h, int64_t *x)
{
    pass_blanks(h);
    const char *from = h->at;
    for (*x = 0; h->at < h->end && *h->at >= '0' && *h->at <= '9'; h->at++)
        if (__builtin_mul_overflow(*x, 10, x) || __builtin_add_overflow(*x, *h->at - '0', x))
            return -1;
    return h->at > from ? 0 : -1;
}

static int take_shape(Header *h, tl_npy *a)
{
    if (!take(h, '('))
        return damaged(h);
    for (a->rank = 0, a->count = 1; !take(h, ')'); a->rank++) {
        int64_t dim;
        if (take_number(h, &dim))
            return damaged(h);
        if (a->rank == TL_ST_MAX_RANK)
            return tl_fail(h->e, "%s: it has more than %d dimensions", h->label, (int)TL_ST_MAX_RANK);
        if (__builtin_mul_overflow(a->count, (size_t)dim, &a->count))
            return tl_fail(h->e, "%s: its shape is impossible", h->label);
        a->dim[a->rank] = dim;
        if (!take(h, ',') && (pass_blanks(h), h->at == h->end || *h->at != ')'))
            return damaged(h);
    }
    return 0;
}

static int take_entry(Header *h, tl_npy *a, int *fortran)
{
    char key[32];
    if (take_text(h, key) || !take(h, ':'))
        return damaged(h);
    if (!strcmp(key, "descr"))
        return h->descr = 1, take_descr(h, a);
    if (!strcmp(key, "fortran_order"))
        return h->order = 1, take_order(h, fortran);
    if (!strcmp(key, "shape"))
        return h->shape = 1, take_shape(h, a);
    return damaged(h);
}

static int take_all(Header *h, tl_npy *a)
{
    int fortran = 0;
    if (!take(h, '{'))
        return damaged(h);
    while (!take(h, '}')) {
        if (take_entry(h, a, &fortran))
            return -1;
        if (!take(h, ',') && (pass_blanks(h), h->at == h->end || *h->at != '}'))
            return damaged(h);
    }
    if (!h->descr || !h->order || !h->shape)
        return damaged(h);
    if (fortran && a->rank > 1)
        return tl_fail(h->e, "%s: it stands in Fortran's order, column by column: save numpy.ascontiguousarray(x)", h->label);
    return 0;
}

/* Where the header's text begins, and its bytes; 0 if this is none. */
static size_t find_text(const unsigned char *p, size_t size, size_t *length)
{
    if (size < MAGIC + VERSION + 4 || memcmp(p, magic, MAGIC))
        return 0;
    const int wide = p[MAGIC] > 1;
    const unsigned char *n = p + MAGIC + VERSION;
    *length = (size_t)n[0] | (size_t)n[1] << 8 | (wide ? (size_t)n[2] << 16 | (size_t)n[3] << 24 : 0);
    return MAGIC + VERSION + (wide ? 4 : 2);
}

int tl_npy_header(tl_npy *a, const void *bytes, size_t size, size_t all, const char *label, tl_error *e)
{
    size_t length = 0, needed = 0, text = find_text(bytes, size, &length);
    *a = (tl_npy){ 0 };
    if (!text)
        return tl_fail(e, "%s: it does not begin as an array of NumPy's does (numpy.save)", label);
    if (length > size - text)
        return tl_fail(e, size == all ? "%s: it is cut short: its header should have %zu bytes" :
                       "%s: its header has %zu bytes, which no array of numbers needs", label, length);
    Header h = { (const char *)bytes + text, (const char *)bytes + text + length, label, e, 0, 0, 0 };
    if (take_all(&h, a))
        return -1;
    a->header = text + length;
    if (__builtin_mul_overflow(a->count, tl_dtype_size(a->dtype), &needed) || needed != all - a->header)
        return tl_fail(e, "%s: %zu bytes follow its header, and an array of %zu elements has %zu each: %s", label, all - a->header, a->count,
                       tl_dtype_size(a->dtype), needed > all - a->header ? "it is cut short" : "it is damaged");
    return 0;
}

static int begins(const char *path, const char *with)
{
    char head[MAGIC];
    FILE *f = fopen(path, "rb");
    const size_t wanted = strlen(with), n = f ? fread(head, 1, wanted, f) : 0;
    if (f)
        fclose(f);
    return n == wanted && !memcmp(head, with, wanted);
}

int tl_npy_looks_like(const char *path) { return begins(path, magic); }

int tl_npz_looks_like(const char *path) { return begins(path, "PK\x03\x04"); }
