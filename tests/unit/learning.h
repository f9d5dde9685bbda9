/* learning.h - a stream that a spec learns from, by the interpreter, with parameters that stand still. */
#ifndef LEARNING_H
#define LEARNING_H

#include <tapeless/training.h>
#include "cli/engine.h"
#include "random_series.h"

typedef struct Setting {
    const char *spec;        /* a path, or the text of one, which begins with "return" */
    const char *define[6][2]; /* of a path: -D name=value, up to the first NULL */
    tl_learn learn;
    int32_t k1, k2, lanes, shards;
    size_t steps;            /* of the stream; 0: STREAM, which resets and padding need */
    tl_optimizer_kind kind;
    bool resets, padding;    /* sequences start at steps 17 and 30 of the second lane, and 30 of the first; the three steps
                                before these are padding */
} Setting;

enum { STREAM = 50 }; /* steps */

typedef struct Learning {
    Model *m;
    Engine *engine;
    random_series r;
    tl_training t;
} Learning;

/* Parameters are the spec's own start and some noise, the same for every setting; loss and gradient are sums. */
void learning_begin(Learning *, const Setting *);
void learning_end(Learning *);

/* The sum of the gradients of all windows of the stream, malloc'ed: parameter after parameter, each row-major; *n of them. */
double *learning_gradient(Learning *, size_t *n);

/* The same of a setting, from beginning to end. */
double *gradient_of(const Setting *, size_t *n);

/* |a - b| <= tolerance |b|, in the 2-norm, or the test fails and says `what`. b is not 0. */
void assert_close(const double *a, const double *b, size_t n, double tolerance, const char *what);

#endif
