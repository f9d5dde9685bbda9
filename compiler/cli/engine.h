/* engine.h - a model made to run: as generated code, built and loaded, or by the interpreter. */
#ifndef ENGINE_H
#define ENGINE_H

#include <tapeless/interp.h>
#include "compile.h"

typedef struct Engine {
    tl_engine run;
    const tl_model *model;
    Arena *arena, *tables; /* tables: of engine_beside, what it has of its own */
    tl_interp *interp;
    void *library; /* dlopen's */
} Engine;

/* Both take a model whose memory is or will be assigned for `real`. NULL with a sentence. */
Engine *engine_generated(Model *, const CompileOptions *, char **error);
Engine *engine_interpreter(Model *, tl_type real, char **error);
/* Either, as --engine says. */
Engine *engine_open(Model *, const char *which, const CompileOptions *, char **error);
/* The interpreter beside another engine of the model, whose tables stay as they are. */
Engine *engine_beside(const Model *, tl_type real, char **error);
void engine_free(Engine *);

#endif
