/* model_passes.h - specs and windows for the tests of the compiler's passes. */
#ifndef MODEL_PASSES_H
#define MODEL_PASSES_H

#include "compile.h"

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
Model *load_text(const char *spec);

/* The passes from graph to graph, in order; then NULL. */
extern const char *const graph_pass_words[];
/* The window after one of them; `training` false: an evaluation step of all lanes. */
Window *window_after(const Model *, bool training, const char *last);

/* What leave_out() takes, NULL first: nothing. */
extern const char *const left_out_words[];
extern const int nleft_out;
/* After all passes, checked; f32, target avx2. The model's k2 and batch may have been changed. */
Program *compiled(Model *, const char *left_out);
/* The window and the evaluation steps, with each optimisation left out in turn. */
void for_every_compiled(const SmallSpec *, void (*check)(const Compiled *, const char *what));

/* The value that is computed, of which r is a view. */
Ref behind_views(const Graph *, Ref r);

/* What window_write or the like printed, malloc'ed. */
char *graph_text(const Graph *);
char *model_text(const Model *);

#endif
