#include "weights.h"

#include <stdio.h>
#include <stdlib.h>

#include "buffers.h"
#include "checkpoint.h"
#include "real.h"

static int load(tl_weights *w, const tl_model *m, const tl_st *st, tl_error *e)
{
    char text[512];
    size_t bytes;
    if (__builtin_mul_overflow(m->param_size, tl_real_size(m->real), &bytes) ||
        !(w->params = tl_aligned(bytes)))
        return tl_fail(e, "%s: no memory for %zu parameters", m->name, m->param_size);
    if (tl_checkpoint_params(st, m, w->params, e) || tl_coding_load(&w->coding, m, st, e))
        return -1;
    if (tl_checkpoint_remark(st, m, text, sizeof text))
        fprintf(stderr, "%s: %s\n", m->name, text);
    return 0;
}

int tl_weights_open(tl_weights *w, const tl_model *m, const char *path, tl_error *e)
{
    *w = (tl_weights){ 0 };
    tl_st *st = tl_st_open(path, e);
    int bad = st ? load(w, m, st, e) : -1;
    tl_st_free(st);
    if (bad)
        tl_weights_free(w);
    return bad;
}

void tl_weights_free(tl_weights *w)
{
    free(w->params);
    tl_coding_free(&w->coding);
    *w = (tl_weights){ 0 };
}

const char *tl_checkpoint_path(const tl_model *m, const char *path, char *text, size_t size)
{
    if (path)
        return path;
    snprintf(text, size, "%s.safetensors", m->name);
    return text;
}
