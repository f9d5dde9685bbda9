/* spec.h - from a Lua file to a Model. */
#ifndef SPEC_H
#define SPEC_H

#include "graph/model.h"

typedef struct SpecDefine { /* -D name=value */
    const char *name, *value;
    const char *from; /* the checkpoint that says so, and may say it of an option that is gone; or NULL */
} SpecDefine;

/* A field of `tbptt` or `train` that the command line sets, whatever the spec says. */
typedef struct SpecSet {
    const char *name, *value; /* "tbptt.k2", "60" */
    const char *given;        /* "--k2 60": what messages call it */
} SpecSet;

typedef struct SpecOptions {
    const SpecDefine *defines;
    int ndefines;
    const SpecSet *sets;      /* in order of name, none twice: they stand among model->options like that */
    int nsets;
    const char *version; /* of the compiler: part of the model's hash; may be NULL */
} SpecOptions;

/* Evaluates the spec in a child process that is bounded in time, memory and output, and that can
 * touch nothing (sandbox.h). NULL if the spec is wrong, and a sentence without a newline in *error
 * (malloc'd): "models/bad.lua:14: W(x): ...". Paths in it are as `path` was given.
 * model->hash is a hash over the text of the spec and the files it requires, its options' values,
 * what is set, and the version, none of which depends on where the files lie. */
Model *spec_load(const char *path, const SpecOptions *, char **error);

#endif
