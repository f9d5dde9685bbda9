/* compile.h - a model through all passes. */
#ifndef COMPILE_H
#define COMPILE_H

#include "emit/emit.h"

typedef struct CompileOptions {
    tl_type real;
    bool fuse;         /* pointwise loops; off to compare */
    const char *dump;  /* print the window after this pass ("" or NULL: none) */
    FILE *dump_to;
} CompileOptions;

/* Takes the model as evaluated; fills in its offsets. NULL with a malloc'ed sentence. */
Program *compile(Model *, const CompileOptions *, char **error);
void program_free(Program *); /* not the model */
/* True if `name` is a pass that -d can print. */
bool is_pass(const char *name);
extern const char *const pass_names; /* for messages */

#endif
