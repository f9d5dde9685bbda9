#include "gunzip.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { GZIP_HEADER_ONLY = 15 + 16, BLOCK = 1 << 30 }; /* zlib counts what is in and out in 32 bits */

typedef struct Output {
    char *text;
    size_t size, room, limit;
} Output;

int tl_is_gzip(const void *bytes, size_t size)
{
    return size >= 2 && memcmp(bytes, "\x1f\x8b", 2) == 0;
}

/* Room for more, and for the 0 behind it; what is left of it to the stream. The limit is never passed
 * by more than a byte, which tells a file that is too large from one that fits. */
static int make_room(z_stream *z, Output *o, const char *label, tl_error *e)
{
    if (o->size > o->limit)
        return tl_fail(e, "%s: it holds more than %zu bytes when it is unpacked; unpack it and take a part",
                       label, o->limit);
    if (o->size == o->room) {
        size_t room = o->room ? 2 * o->room : 1 << 16;
        room = room > o->limit ? o->limit + 1 : room;
        char *more = realloc(o->text, room + 1);
        if (!more)
            return tl_fail(e, "%s: no memory for what it holds, more than %zu bytes", label, o->size);
        o->text = more;
        o->room = room;
    }
    size_t left = o->room - o->size;
    z->next_out = (Bytef *)o->text + o->size;
    z->avail_out = (uInt)(left < BLOCK ? left : BLOCK);
    return 0;
}

static int inflate_all(z_stream *z, Output *o, const char *bytes, size_t count, const char *label, tl_error *e)
{
    size_t at = 0;
    int status = Z_OK;
    do {
        size_t block = count - at < BLOCK ? count - at : BLOCK;
        if (make_room(z, o, label, e))
            return -1;
        z->next_in = (z_const Bytef *)(bytes + at);
        z->avail_in = (uInt)block;
        uInt room = z->avail_out;
        status = inflate(z, Z_NO_FLUSH);
        at += block - z->avail_in;
        o->size += room - z->avail_out;
        if (status == Z_STREAM_END && at < count &&
            tl_is_gzip(bytes + at, count - at) && inflateReset(z) == Z_OK)
            status = Z_OK;
        if (status == Z_BUF_ERROR && at == count)
            return tl_fail(e, "%s: it is cut short: it ends in the middle of what was packed", label);
        if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
            return tl_fail(e, "%s: it is damaged: %s", label, z->msg ? z->msg : "not what gzip writes");
    } while (status != Z_STREAM_END);
    if (at < count)
        return tl_fail(e, "%s: it is damaged: %zu bytes stand behind what was packed", label, count - at);
    return o->size > o->limit ? make_room(z, o, label, e) : 0;
}

void *tl_gunzip(const void *bytes, size_t count, size_t limit, const char *label, size_t *size, tl_error *e)
{
    z_stream z = { 0 };
    Output o = { .limit = limit };
    if (inflateInit2(&z, GZIP_HEADER_ONLY) != Z_OK) {
        tl_fail(e, "%s: out of memory", label);
        return NULL;
    }
    int bad = inflate_all(&z, &o, bytes, count, label, e);
    inflateEnd(&z);
    if (bad) {
        free(o.text);
        return NULL;
    }
    o.text[o.size] = 0;
    *size = o.size;
    return o.text;
}
