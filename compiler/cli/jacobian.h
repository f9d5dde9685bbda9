/* jacobian.h - J_t = d y_t / dθ for every step of a stream and every lane, by windows of a model of one lane
 * (jacobian_model.h): one for each step and output, from that step back. */
#ifndef JACOBIAN_H
#define JACOBIAN_H

#include <tapeless/jacobian.h>
#include <tapeless/random.h>

#include "cli/engine.h"
#include "cli/stream_file.h"

/* What is computed: of all outputs, one after the other, the number of elements. */
typedef struct Jacobian {
    tl_jacobian run;
    const StreamFile *data;
    int64_t outputs, columns;
    void **to;      /* [nparams] where the rows of a step go */
    const void **input; /* [ninputs] of a step */
    void **block;   /* [nparams] reals [T][B][outputs][shape...] */
    void *y;        /* reals [T][B][outputs] */
    void **state;   /* [nstates] reals [B][shape...], what the last step leaves */
    tl_random random;
    double worst;   /* of the finite differences */
    int64_t compared;
} Jacobian;

static inline const tl_model *jacobian_model(const Jacobian *j) { return j->run.engine->model; }

/* reverse, forward or blocks; TL_JACOBIAN_NONE: it is none of them. */
tl_jacobian_mode jacobian_mode(const char *word);
#define JACOBIAN_MODES "reverse, forward or blocks"
enum { MOST_BLOCK = 1024 }; /* steps: the C grows with it */

/* The stream must outlive it. */
int jacobian_new(Jacobian *, const Engine *, const StreamFile *, tl_error *);
void jacobian_free(Jacobian *);

/* All steps of a lane. The run's parameters are in place. `check`: compares each row with finite differences along a random
 * direction of all that is trained; in f64. */
int jacobian_run_lane(Jacobian *, int64_t lane, bool check, tl_error *);

#endif
