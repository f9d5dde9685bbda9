/* model_passes.h - specs and windows for the tests of the compiler's passes. */
#ifndef MODEL_PASSES_H
#define MODEL_PASSES_H

#include "schedule/layout.h"

/* Small specs, with the options that keep their windows small, that between them have every
 * operation: models/ and tests/ops/. Paths are from the root of the repository. */
typedef struct SmallSpec {
    const char *path;
    const char *define[6][2]; /* -D name=value, up to the first NULL */
} SmallSpec;

extern const SmallSpec small_specs[];
extern const int nsmall_specs;

/* Fails the test with the compiler's sentence if the spec is refused. Offsets are filled in. */
Model *load_small(const SmallSpec *);
Model *load_path(const char *path);

/* The window after each pass, in order; `training` false: an evaluation step of all lanes. */
typedef enum Pass { PASS_UNROLL, PASS_DIFFERENTIATE, PASS_REMOVE_DEAD, PASS_LEGALISE,
                    NPASSES } Pass;
extern const char *const pass_words[NPASSES];
Window *window_after(const Model *, bool training, Pass last);

/* What window_write or the like printed, malloc'ed. */
char *graph_text(const Graph *);
char *model_text(const Model *);

#endif
