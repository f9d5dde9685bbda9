/* tried.h - what diff and check try a model on: random numbers, and what the command line gives instead. */
#ifndef TRIED_H
#define TRIED_H

#include "cli/ranges.h"
#include "cli/window_file.h"

typedef struct Tried {
    const char *params, *data; /* files, or NULL */
    tl_list states, ranges;
    int64_t seed;
    tl_st *weights; /* of --params, open */
    WindowFile window; /* of --data, open; file NULL: random numbers */
} Tried;

#define TRIED_OPTIONS(o)                                                                                    \
    TL_STRING("params", 0, &(o).params, "F", "safetensors: parameters by name, not random ones"),           \
    TL_STRING("data", 0, &(o).data, "F", "safetensors as `grad` reads it: the window, not random numbers"), \
    RANGE_OPTIONS(o),                                                                                       \
    TL_INT("seed", 's', &(o).seed, "N", 0, TL_INT_MAX, "of what is random")

/* Opens the files, and makes the model one that can run the window in them. */
int tried_open(Tried *, Model *, tl_error *e);
void tried_close(Tried *);

/* The lengths of windows, longest first: of a model with k2, by `every` all from k2 to 1, else k2, its half and 1. With
 * --data that of its window alone. 0 behind the last. */
int32_t tried_first_length(const Tried *, const tl_model *);
int32_t tried_next_length(const Tried *, const tl_model *, int32_t length, bool every);

/* A window of `steps` steps; `more` is added to the seed. */
int tried_fill(const Tried *, Trial *, int32_t steps, uint64_t more, tl_error *e);

#endif
