#include "engine.h"

#include <dlfcn.h>
#include <stdlib.h>

#include <tapeless/trainer.h>
#include "lower.h"
#include "toolchain.h"
#include "user_error.h"

static Engine *engine_new(void)
{
    Engine *e = calloc(1, sizeof *e);
    if (!e)
        abort();
    e->arena = arena_new();
    return e;
}

static bool load(Engine *e, const char *directory, const char *name, char **error)
{
    const char *path = arena_printf(e->arena, "%s/lib%s.so", directory, name);
    e->library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (e->library)
        e->model = dlsym(e->library, arena_printf(e->arena, "%s_model", name));
    if (!e->model) {
        *error = user_sentence("%s: cannot load the built model: %s", path, dlerror());
        return false;
    }
    if (e->model->abi != TL_ABI) {
        *error = user_sentence("%s: built for runtime ABI %u, this is %d; remove the file", path, e->model->abi, TL_ABI);
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
    char *directory = build_cached(p, error);
    program_free(p);
    if (!directory)
        return NULL;
    Engine *e = engine_new();
    bool fine = load(e, directory, m->name, error);
    free(directory);
    if (fine)
        return e;
    engine_free(e);
    return NULL;
}

Engine *engine_interpreter(Model *m, tl_type real, char **error)
{
    Memory memory;
    tl_error why;
    if (!assign_memory(m, real, &memory, error))
        return NULL;
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

void engine_free(Engine *e)
{
    if (!e)
        return;
    tl_interp_free(e->interp);
    if (e->library)
        dlclose(e->library);
    arena_free(e->arena);
    free(e);
}
