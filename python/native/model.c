/* model.c - a generated library, loaded, and the parameters of a model. */
#include <dlfcn.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tapeless/blas.h>
#include <tapeless/checkpoint.h>
#include <tapeless/generated.h>
#include <tapeless/init.h>
#include <tapeless/optimizer.h>
#include <tapeless/real.h>
#include <tapeless/rule.h>

#include "native.h"

/* ---- the library ---- */

static const tl_model *find_model(void *handle, const char *path, const char *name, tl_error *e)
{
    char symbol[512];
    int n = snprintf(symbol, sizeof symbol, "%s_model", name);
    const tl_model *m = n > 0 && (size_t)n < sizeof symbol ? dlsym(handle, symbol) : NULL;
    if (!m)
        tl_fail(e, "%s: it has no %s_model; it is not what `tapeless build` made of %s", path, name, name);
    else if (m->abi != TL_ABI)
        tl_fail(e, "%s: it is of the runtime's ABI %u, and this is %d; build it again", path, m->abi, TL_ABI);
    return m && m->abi == TL_ABI ? m : NULL;
}

tlp_library *tlp_library_open(const char *path, const char *name, tl_error *e)
{
    tlp_library *l = calloc(1, sizeof *l);
    if (l && !(l->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL)))
        tl_fail(e, "%s", dlerror());
    else if (!l)
        tl_fail(e, "out of memory");
    const tl_model *m = l && l->handle ? find_model(l->handle, path, name, e) : NULL;
    if (m) {
        l->engine = tl_generated_engine(m);
        if (!m->calls_blas || !tl_blas_load(e))
            return l;
    }
    tlp_library_close(l);
    return NULL;
}

void tlp_library_close(tlp_library *l)
{
    if (l && l->handle)
        dlclose(l->handle);
    free(l);
}

void tlp_free(void *p) { free(p); }

/* ---- its tables ---- */

static json_t *shape_of(const tl_tensor *t)
{
    json_t *shape = json_array();
    for (int32_t d = 0; d < t->rank; d++)
        json_array_append_new(shape, json_integer(t->dim[d]));
    return shape;
}

static json_t *tensors_of(const tl_tensor *t, int32_t n, int params)
{
    json_t *rows = json_array();
    for (int32_t i = 0; i < n; i++) {
        json_t *row = json_pack("{s:s, s:o, s:I, s:i, s:i}", "name", t[i].name, "shape", shape_of(&t[i]), "offset",
                                (json_int_t)t[i].offset, "column", (int)t[i].column, "vocab", (int)t[i].vocab);
        if (params && row)
            tl_rule_json(&t[i], row);
        json_array_append_new(rows, row);
    }
    return rows;
}

static json_t *tbptt_of(const tl_model *m)
{
    static const char *const learn[] = { TL_EACH_LEARN(TL_WORD) };
    static const char *const counted[] = { TL_EACH_COUNTED(TL_WORD) };
    static const char *const overlap[] = { TL_EACH_OVERLAP(TL_WORD) };
    const tl_tbptt *b = &m->tbptt;
    return json_pack("{s:i, s:i, s:i, s:i, s:i, s:s, s:s, s:s}", "k1", b->k1, "k2", b->k2, "batch", b->batch, "shards",
                     tl_shards(b), "lanes", tl_lanes(b), "learn", learn[b->learn], "counted", counted[b->counted],
                     "overlap", overlap[b->overlap]);
}

char *tlp_describe(const tlp_library *l)
{
    const tl_model *m = l->engine.model;
    json_t *j = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:o, s:b, s:b, s:b, s:b, s:i, s:I, s:I, s:I}", "name", m->name, "spec",
        m->spec, "hash", m->hash, "version", m->version, "options", m->options, "loss", m->loss, "optimizer",
        tl_optimizer_name(m->train.optimizer.kind), "real", (int)tl_real_size(m->real), "tbptt", tbptt_of(m), "has_reset",
        m->has_reset, "has_mask", m->has_mask, "has_head", m->has_head, "whole_record",
        tl_is_whole_record(m->train.optimizer.kind), "rows", (int)m->nrows, "param_size", (json_int_t)m->param_size,
        "state_size", (json_int_t)m->state_size, "probe_size", (json_int_t)m->probe_size);
    json_object_set_new(j, "params", tensors_of(m->params, m->nparams, 1));
    json_object_set_new(j, "inputs", tensors_of(m->inputs, m->ninputs, 0));
    json_object_set_new(j, "targets", tensors_of(m->targets, m->ntargets, 0));
    json_object_set_new(j, "outputs", tensors_of(m->outputs, m->noutputs, 0));
    json_object_set_new(j, "states", tensors_of(m->states, m->nstates, 0));
    json_object_set_new(j, "own_states", json_integer(tl_own_states(m)));
    json_object_set_new(j, "probes", tensors_of(m->probes, m->nprobes, 0));
    json_object_set_new(j, "named", tensors_of(m->named, m->nnamed, 0));
    char *text = j ? json_dumps(j, JSON_COMPACT) : NULL;
    json_decref(j);
    return text;
}

/* ---- parameters ---- */

tlp_model *tlp_model_new(tlp_library *l, tl_error *e)
{
    const tl_model *m = l->engine.model;
    tlp_model *model = calloc(1, sizeof *model);
    if (model)
        *model = (tlp_model){ l, m, tl_aligned(m->param_size * tl_real_size(m->real)) };
    if (model && model->params)
        return model;
    tl_fail(e, "%s: no memory for %zu parameters", m->name, m->param_size);
    free(model);
    return NULL;
}

void tlp_model_free(tlp_model *model)
{
    if (model)
        free(model->params);
    free(model);
}

void *tlp_params(const tlp_model *model) { return model->params; }

static void share(tl_buffers *b, void *params)
{
    b->params = params;
    b->window.params = params;
}

void tlp_share_params(tl_buffers *b, const tl_model *m, void *params)
{
    for (int32_t i = 0; i < tl_shards(&m->tbptt); i++)
        share(i ? &b->other[i - 1] : b, params);
    for (int32_t t = 0; t < m->tbptt.k2 && b->nversions; t++)
        b->versions[t] = params;
}

int tlp_init(tlp_model *model, uint64_t seed, tl_error *e) { return tl_init_params(model->m, model->params, seed, e); }

/* Aside first: what fails leaves the parameters as they were. */
int tlp_load(tlp_model *model, const char *path, tl_error *e)
{
    const size_t bytes = model->m->param_size * tl_real_size(model->m->real);
    tl_st *st = tl_st_open(path, e);
    void *read = st ? tl_aligned(bytes) : NULL;
    int bad = !st ? -1 : !read ? tl_fail(e, "%s: no memory for its parameters", path)
                               : tl_checkpoint_params(st, model->m, read, e);
    if (!bad)
        memcpy(model->params, read, bytes);
    free(read);
    tl_st_free(st);
    return bad;
}

int tlp_save(const tlp_model *model, const char *path, tl_error *e)
{
    const tl_coding none = { 0 };
    return tl_weights_save(path, model->m, model->params, &none, e);
}
