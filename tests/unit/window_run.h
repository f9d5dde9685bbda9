/* window_run.h - one window of a hand-built program through the interpreter, data in double.
 *
 * Every block is allocated at its exact size, and what a window must not read (the slots before
 * its first) is NaN, or a token out of range; a run fails the test if such a slot was written. */
#ifndef WINDOW_RUN_H
#define WINDOW_RUN_H

#include <tapeless/interp.h>
#include "program_builder.h"

enum { MAX_ELEMENTS = 1024, MAX_LOSSES = 64 };

typedef struct WindowData {
    int32_t first;
    double params[MAX_ELEMENTS];
    double states[MAX_ELEMENTS];              /* the whole block; only index `first` is used */
    double input[MAX_TENSORS][MAX_ELEMENTS];  /* [k2][batch][shape], tokens as whole numbers */
    double target[MAX_TENSORS][MAX_ELEMENTS];
    double weight[MAX_LOSSES], reset[MAX_LOSSES]; /* [k2][batch] */
    uint64_t seed, tick;
} WindowData;

typedef struct WindowResult { /* laid out as the blocks of tapeless.h; NaN where not written */
    double grads[MAX_ELEMENTS], states[MAX_ELEMENTS], losses[MAX_LOSSES];
    double probes[MAX_ELEMENTS], probe_grads[MAX_ELEMENTS];
} WindowResult;

void run_window(Builder *, tl_type real, const WindowData *, WindowResult *);

/* sum of weight * loss over the window's slots */
double weighted_loss(const Builder *, const WindowData *, const WindowResult *);

size_t slot_elements(const Builder *, const tl_tensor *); /* [batch][shape] */

/* An array of reals or tokens, converted from double, or n NaN if `from` is NULL. */
void *block_new(tl_type type, size_t n, const double *from);
void block_read(tl_type type, size_t n, const void *block, double *to);

#endif
