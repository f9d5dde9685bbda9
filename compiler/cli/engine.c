#include "cli/engine.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include <tapeless/trainer.h>
#include "cli/cache.h"
#include "graph/checked.h"
#include "graph/user_error.h"
#include "passes/reach.h"
#include "schedule/lower.h"

static Engine *engine_new(void)
{
    Engine *e = checked(calloc(1, sizeof *e));
    e->arena = arena_new();
    return e;
}

static bool load(Engine *e, const CacheEntry *entry, const char *name, char **error)
{
    e->library = dlopen(arena_printf(e->arena, "%s/lib%s.so", entry->path, name), RTLD_NOW | RTLD_LOCAL);
    if (e->library)
        e->model = dlsym(e->library, arena_printf(e->arena, "%s_model", name));
    if (!e->model) {
        *error = user_sentence("%s/lib%s.so: cannot load the built model: %s", entry->shown, name, dlerror());
        return false;
    }
    e->run = tl_generated_engine(e->model);
    return true;
}

Engine *engine_generated(Model *m, const CompileOptions *o, char **error)
{
    Program *p = compile(m, o, error);
    if (!p)
        return NULL;
    CacheEntry entry;
    bool built = build_cached(p, &entry, error);
    program_free(p);
    if (!built)
        return NULL;
    Engine *e = engine_new();
    bool fine = load(e, &entry, m->name, error);
    cache_entry_close(&entry);
    if (fine)
        return e;
    engine_free(e);
    return NULL;
}

Engine *engine_interpreter(Model *m, tl_type real, char **error)
{
    Memory memory;
    tl_error why;
    if (!assign_memory(m, real, NULL, false, &memory, error) || (*error = tables_misfit(m->step->tables, real, m->spec)))
        return NULL;
    find_trained(m);
    Engine *e = engine_new();
    tl_model *model = lower_model(e->arena, m, &memory, real);
    e->model = model;
    e->interp = tl_interp_new(e->model, lower_step(e->arena, m), &why);
    if (!e->interp) {
        *error = user_sentence("%s: %s", m->spec, why.text);
        engine_free(e);
        return NULL;
    }
    model->frame_size = tl_interp_frame_size(e->interp);
    e->run = tl_interp_engine(e->interp);
    return e;
}

Engine *engine_open(Model *m, const char *which, const CompileOptions *o, char **error)
{
    return strcmp(which, "interpreter") ? engine_generated(m, o, error) : engine_interpreter(m, o->schedule.real, error);
}

static tl_tensor *copy_table(Arena *arena, const tl_tensor *t, int32_t n)
{
    tl_tensor *copy = arena_array(arena, tl_tensor, n + 1);
    if (n)
        memcpy(copy, t, (size_t)n * sizeof *t);
    return copy;
}

Engine *engine_beside(const Model *m, tl_type real, char **error)
{
    Arena *arena = arena_new();
    Model own = *m;
    own.params = copy_table(arena, m->params, m->nparams);
    own.inputs = copy_table(arena, m->inputs, m->ninputs);
    own.targets = copy_table(arena, m->targets, m->ntargets);
    own.states = copy_table(arena, m->states, m->nstates);
    own.outputs = copy_table(arena, m->outputs, m->noutputs);
    own.probes = copy_table(arena, m->probes, m->nprobes);
    own.named = copy_table(arena, m->named, m->nnamed);
    own.past = copy_table(arena, m->past, m->npast);
    Engine *e = engine_interpreter(&own, real, error);
    if (e)
        e->tables = arena;
    else
        arena_free(arena);
    return e;
}

void engine_free(Engine *e)
{
    if (!e)
        return;
    tl_interp_free(e->interp);
    if (e->library)
        dlclose(e->library);
    arena_free(e->arena);
    if (e->tables)
        arena_free(e->tables);
    free(e);
}
