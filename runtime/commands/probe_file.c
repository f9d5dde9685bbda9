#include "probe_file.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "output.h"
#include "probe.h"
#include "real.h"

enum { HEADER = 256 }; /* bytes: the longest shape fits; a multiple of 64, as the format asks for */

const tl_tensor *tl_probe_find(const tl_model *m, const char *name, tl_error *e)
{
    const tl_tensor *probe = tl_probe_named(m, name);
    char names[512] = "";
    size_t n = 0;
    if (probe)
        return probe;
    for (int32_t i = 0; i < m->nprobes && n < sizeof names; i++)
        n += (size_t)snprintf(names + n, sizeof names - n, "%s%s", i ? ", " : "",
                              m->probes[i].name);
    if (m->nprobes)
        tl_fail(e, "--probe %s: the spec has no probe of that name; it has %s", name, names);
    else
        tl_fail(e, "--probe %s: the spec has no probes; write probe(\"%s\", x) for a value x of "
                "its step", name, name);
    return NULL;
}

static size_t step_bytes(const tl_probe_file *p)
{
    return (size_t)p->model->tbptt.batch * tl_size(p->probe) * tl_real_size(p->model->real);
}

static void write_header(tl_probe_file *p)
{
    char text[HEADER];
    const tl_tbptt *k = &p->model->tbptt;
    memset(text, ' ', sizeof text);
    memcpy(text, "\x93NUMPY\x01\x00", 8);
    text[8] = (char)((HEADER - 10) & 0xff); /* length of what follows, little-endian */
    text[9] = (char)((HEADER - 10) >> 8);
    size_t n = 10;
    n += (size_t)snprintf(text + n, sizeof text - n, "{'descr': '<f%d', 'fortran_order': False, "
                          "'shape': (%" PRIu64 ", %d, %d", p->model->real == TL_F64 ? 8 : 4,
                          p->rows, (int)k->k2, (int)k->batch);
    for (int32_t i = 0; i < p->probe->rank; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, ", %d", (int)p->probe->dim[i]);
    n += (size_t)snprintf(text + n, sizeof text - n, "), }");
    text[n] = ' '; /* snprintf's 0 */
    text[HEADER - 1] = '\n';
    fwrite(text, 1, sizeof text, p->file);
}

int tl_probe_file_open(tl_probe_file *p, const tl_model *m, const tl_tensor *probe,
                       const char *path, int gradients, int overwrite, tl_error *e)
{
    *p = (tl_probe_file){ .path = path, .model = m, .probe = probe, .gradients = gradients };
    p->row = malloc((size_t)m->tbptt.k2 * step_bytes(p));
    if (!p->row)
        return tl_fail(e, "%s: out of memory", path);
    if (!overwrite && tl_file_exists(path))
        tl_fail(e, "%s: it exists; --overwrite replaces it, a training that is resumed takes a file of another name",
                path);
    else
        p->file = tl_output_open(path, 0, !overwrite, e);
    if (!p->file) {
        free(p->row);
        p->row = NULL;
        return -1;
    }
    write_header(p);
    return 0;
}

void tl_probe_file_follow(tl_probe_file *p, const tl_model *m, const tl_tensor *probe, int gradients)
{
    *p = (tl_probe_file){ .model = m, .probe = probe, .gradients = gradients };
}

static void *probe_in(const tl_probe_file *p, const tl_buffers *shard, size_t slot)
{
    return (void *)(uintptr_t)tl_probe_at(p->model, p->probe, p->gradients ? shard->probe_grads : shard->probes,
                                          (int32_t)slot);
}

/* The lanes of a step in order: those of a shard after those of the one before it. */
static void put_step(const tl_probe_file *p, const tl_buffers *b, size_t slot, char *to)
{
    int32_t shards = tl_shards(&p->model->tbptt);
    size_t part = step_bytes(p) / (size_t)shards;
    for (int32_t i = 0; i < shards; i++)
        if (tl_owner(b, p->model, i) == 0)
            memcpy(to + (size_t)i * part, probe_in(p, tl_shard(b, i), slot), part);
        else
            b->exchange->give(b->exchange->self, to + (size_t)i * part, part, tl_owner(b, p->model, i));
}

static void give_step(const tl_probe_file *p, const tl_buffers *b, size_t slot)
{
    size_t part = step_bytes(p) / (size_t)tl_shards(&p->model->tbptt);
    tl_own own = tl_own_shards(b, p->model);
    for (int32_t i = own.first; i < own.end; i++)
        b->exchange->give(b->exchange->self, probe_in(p, tl_shard(b, i), slot), part, tl_rank(b->exchange));
}

void tl_probe_file_add(tl_probe_file *p, const tl_buffers *b, int32_t length)
{
    if (!p->probe)
        return;
    tl_type real = p->model->real;
    size_t k2 = (size_t)p->model->tbptt.k2, before = k2 - (size_t)length, bytes = step_bytes(p);
    for (size_t slot = before; slot < k2 && tl_rank(b->exchange) > 0; slot++)
        give_step(p, b, slot);
    if (!p->file)
        return;
    size_t skipped = before * bytes / tl_real_size(real);
    for (size_t i = 0; i < skipped; i++)
        tl_real_set(real, p->row, i, NAN);
    for (size_t slot = before; slot < k2; slot++)
        put_step(p, b, slot, p->row + slot * bytes);
    fwrite(p->row, 1, k2 * bytes, p->file);
    p->rows++;
}

int tl_probe_file_sync(tl_probe_file *p, tl_error *e)
{
    if (!p->file)
        return 0;
    int bad = fseek(p->file, 0, SEEK_SET) != 0;
    if (!bad)
        write_header(p);
    bad = fseek(p->file, 0, SEEK_END) || bad;
    bad = fflush(p->file) || ferror(p->file) || bad;
    return bad ? tl_fail(e, "%s: it could not be written: %s", p->path, strerror(errno)) : 0;
}

int tl_probe_file_close(tl_probe_file *p, tl_error *e)
{
    int bad = tl_probe_file_sync(p, e);
    if (p->file && fclose(p->file) && !bad)
        bad = tl_fail(e, "%s: it could not be written: %s", p->path, strerror(errno));
    free(p->row);
    *p = (tl_probe_file){ 0 };
    return bad;
}
