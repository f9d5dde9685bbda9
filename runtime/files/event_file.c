#include "event_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
#include "output.h"

enum { FRAME = 16, MOST = 1024 }; /* bytes around a record's data; of an event */

/* ---- bytes ---- */

uint32_t tl_crc32c(const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    uint32_t crc = ~(uint32_t)0;
    for (size_t i = 0; i < n; i++) {
        crc ^= p[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78u : 0);
    }
    return ~crc;
}

/* So that the CRC of what holds CRCs is no trivial one. */
static uint32_t masked_crc(const void *bytes, size_t n)
{
    uint32_t crc = tl_crc32c(bytes, n);
    return (crc >> 15 | crc << 17) + 0xa282ead8u;
}

static void put_little(unsigned char *to, uint64_t x, int n)
{
    for (int i = 0; i < n; i++)
        to[i] = (unsigned char)(x >> 8 * i);
}

static uint64_t get_little(const unsigned char *from, int n)
{
    uint64_t x = 0;
    for (int i = n - 1; i >= 0; i--)
        x = x << 8 | from[i];
    return x;
}

/* ---- protocol buffers ---- */

enum { VARINT = 0, EIGHT = 1, BYTES = 2, FOUR = 5 };                      /* what follows a field's key */
enum { WALL_TIME = 1, STEP = 2, FILE_VERSION = 3, SUMMARY = 5 };          /* fields of Event */
enum { VALUE = 1, TAG = 1, SIMPLE_VALUE = 2 };                            /* of Summary, of its values */

typedef struct Message {
    unsigned char byte[MOST];
    size_t size;
} Message;

static void put_varint(Message *m, uint64_t x)
{
    for (; x >= 128; x >>= 7)
        m->byte[m->size++] = (unsigned char)(x & 127) | 128;
    m->byte[m->size++] = (unsigned char)x;
}

static void put_key(Message *m, int field, int kind) { put_varint(m, (uint64_t)(field << 3 | kind)); }

static void put_fixed(Message *m, int field, uint64_t bits, int n)
{
    put_key(m, field, n == 8 ? EIGHT : FOUR);
    put_little(m->byte + m->size, bits, n);
    m->size += (size_t)n;
}

static void put_bytes(Message *m, int field, const void *bytes, size_t n)
{
    put_key(m, field, BYTES);
    put_varint(m, n);
    memcpy(m->byte + m->size, bytes, n);
    m->size += n;
}

static void put_double(Message *m, int field, double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    put_fixed(m, field, bits, 8);
}

static void put_float(Message *m, int field, float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    put_fixed(m, field, bits, 4);
}

static size_t shorter(size_t n, size_t most) { return n < most ? n : most; }

static void put_scalar(Message *summary, const tl_event_scalar *s)
{
    Message value = { .size = 0 };
    put_bytes(&value, TAG, s->tag, shorter(strlen(s->tag), 60));
    put_float(&value, SIMPLE_VALUE, (float)s->value);
    put_bytes(summary, VALUE, value.byte, value.size);
}

/* Returns where it ended, or NULL. */
static const unsigned char *get_varint(const unsigned char *p, const unsigned char *end, uint64_t *x)
{
    *x = 0;
    for (int shift = 0; p < end && shift < 64; shift += 7) {
        *x |= (uint64_t)(*p & 127) << shift;
        if (*p++ < 128)
            return p;
    }
    return NULL;
}

/* Behind a field of that kind, or NULL. */
static const unsigned char *skip(const unsigned char *p, const unsigned char *end, int kind)
{
    uint64_t n = kind == EIGHT ? 8 : 4;
    if (kind == VARINT)
        return get_varint(p, end, &n);
    if (kind == BYTES)
        p = get_varint(p, end, &n);
    return p && (kind == BYTES || kind == EIGHT || kind == FOUR) && n <= (uint64_t)(end - p) ? p + n : NULL;
}

/* 0 of what has none. */
static uint64_t step_of(const unsigned char *p, size_t size)
{
    const unsigned char *end = p + size;
    uint64_t key, step;
    while (p && p < end) {
        p = get_varint(p, end, &key);
        if (p && key == (STEP << 3 | VARINT))
            return get_varint(p, end, &step) ? step : 0;
        p = p ? skip(p, end, (int)(key & 7)) : NULL;
    }
    return 0;
}

/* ---- records ---- */

/* The size of the whole record at `p`, of which n bytes are there; 0: it is not whole, or none. */
static size_t record_size(const unsigned char *p, size_t n)
{
    if (n < FRAME || get_little(p + 8, 4) != masked_crc(p, 8))
        return 0;
    uint64_t size = get_little(p, 8);
    if (size > n - FRAME || get_little(p + 12 + size, 4) != masked_crc(p + 12, (size_t)size))
        return 0;
    return (size_t)size + FRAME;
}

/* Moves the records that stay to the front; returns their bytes. */
static size_t keep_records(unsigned char *bytes, size_t size, uint64_t step)
{
    size_t kept = 0, n;
    for (size_t at = 0; (n = record_size(bytes + at, size - at)); at += n) {
        if (step_of(bytes + at + 12, n - FRAME) > step)
            continue;
        memmove(bytes + kept, bytes + at, n);
        kept += n;
    }
    return kept;
}

static int cut(const char *path, uint64_t step, tl_error *e)
{
    size_t size;
    unsigned char *bytes = tl_file_read(path, SIZE_MAX / 8, &size, e);
    if (!bytes)
        return -1;
    int bad = size && !record_size(bytes, size) ? tl_fail(e, "%s: it is no file of events, as TensorBoard reads them", path) : 0;
    size_t kept = bad ? size : keep_records(bytes, size, step);
    bad = bad || (kept != size && tl_file_replace(path, &(tl_chunk){ bytes, kept }, 1, e));
    free(bytes);
    return bad ? -1 : 0;
}

static void write_record(tl_event_file *w, const Message *m)
{
    unsigned char frame[FRAME];
    if (!w->f || w->error)
        return;
    put_little(frame, m->size, 8);
    put_little(frame + 8, masked_crc(frame, 8), 4);
    put_little(frame + 12, masked_crc(m->byte, m->size), 4);
    errno = 0;
    if (fwrite(frame, 12, 1, w->f) != 1 || fwrite(m->byte, m->size, 1, w->f) != 1 || fwrite(frame + 12, 4, 1, w->f) != 1)
        w->error = errno ? errno : EIO;
}

static void write_version(tl_event_file *w, double wall_time)
{
    static const char version[] = "brain.Event:2";
    Message m = { .size = 0 };
    put_double(&m, WALL_TIME, wall_time);
    put_bytes(&m, FILE_VERSION, version, sizeof version - 1);
    write_record(w, &m);
}

/* ---- the file ---- */

int tl_event_directory(const char *path, tl_error *e)
{
    char *text = strdup(path);
    if (!text)
        return tl_fail(e, "out of memory");
    int bad = 0;
    for (char *at = text; *at && !bad; at++) {
        if (at[1] && (at[1] != '/' || *at == '/'))
            continue;
        char next = at[1];
        struct stat s;
        at[1] = 0;
        if (mkdir(text, 0777) && (stat(text, &s) || !S_ISDIR(s.st_mode)))
            bad = tl_fail(e, "%s: %s", text, errno == EEXIST || errno == ENOTDIR ? "it is no directory" : strerror(errno));
        at[1] = next;
    }
    free(text);
    return bad;
}

static int is_empty(const char *path)
{
    struct stat s;
    return stat(path, &s) || s.st_size == 0;
}

int tl_event_file_open(tl_event_file *w, const char *path, int resume, uint64_t step, int overwrite, double wall_time, tl_error *e)
{
    *w = (tl_event_file){ .path = path };
    int there = tl_file_exists(path);
    if (there && !resume && !overwrite)
        return tl_fail(e, "%s: it exists; --overwrite replaces it, --resume adds to it", path);
    if (there && resume && cut(path, step, e))
        return -1;
    w->f = tl_output_open(path, resume, 0, e);
    if (!w->f)
        return -1;
    if (is_empty(path))
        write_version(w, wall_time);
    return 0;
}

void tl_event_file_add(tl_event_file *w, double wall_time, uint64_t step, const tl_event_scalar *scalar, size_t n)
{
    Message event = { .size = 0 }, summary = { .size = 0 };
    if (!w->f || w->error)
        return;
    for (size_t i = 0; i < n && i < TL_EVENT_SCALARS; i++)
        put_scalar(&summary, &scalar[i]);
    put_double(&event, WALL_TIME, wall_time);
    put_key(&event, STEP, VARINT);
    put_varint(&event, step);
    put_bytes(&event, SUMMARY, summary.byte, summary.size);
    write_record(w, &event);
}

void tl_event_file_sync(tl_event_file *w)
{
    if (!w->f || w->error)
        return;
    errno = 0;
    if (fflush(w->f) || (fsync(fileno(w->f)) && errno != EINVAL && errno != ENOTSUP && errno != EROFS))
        w->error = errno ? errno : EIO;
}

int tl_event_file_close(tl_event_file *w, tl_error *e)
{
    if (w->f) {
        errno = 0;
        if (fclose(w->f) && !w->error)
            w->error = errno ? errno : EIO;
    }
    w->f = NULL;
    return w->error ? tl_fail(e, "%s: it could not be written: %s", w->path, strerror(w->error)) : 0;
}
