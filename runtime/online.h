/* online.h - learning from a live stream, one step at a time.
 *
 * What tl_training does with a file, for data that arrive: push a step of every lane, get the
 * outputs; after every k1-th step the window of the last k2 is trained on. The updates are, bit for
 * bit, those of tl_training_update on the same stream (training.h says which window, which steps
 * count, what enters it).
 *
 * All memory is the caller's, tl_online_size() bytes of it. No function here allocates, prints,
 * reads a clock or a file. A push costs one step forward; every k1-th one a window on top, and
 * moves what the next window keeps to its place. Models with an overlap other than "recompute" are
 * refused by tl_online_begin. */
#ifndef TAPELESS_ONLINE_H
#define TAPELESS_ONLINE_H

#include "buffers.h"
#include "optimizer.h"

typedef struct tl_online {
    const tl_engine *engine;
    tl_train_spec spec;      /* optimizer, schedule, clipping: the model's until changed */
    uint64_t seed;           /* of dropout */
    uint64_t run;            /* length of the run in updates for a cosine schedule, 0: not known */
    int frozen;              /* 1: pushes give outputs and move the state, nothing is learned */
    /* To read; buffers.params (param_size elements) also to write: */
    tl_buffers buffers;
    tl_optimizer optimizer;
    void *state;             /* real, as in tl_step: the state that enters the next step */
    void *losses;            /* real [batch]: each lane's loss at the last push that had targets */
    uint64_t steps, updates; /* learned from, done */
    double loss, norm, lr;   /* of the last update */
    /* Its own: */
    int32_t fresh;           /* steps since the last update */
    int32_t slot, chunk;     /* where the next step goes; new steps of the window's next run */
    int32_t before;          /* older steps that this update's window reaches back to */
    uint64_t since;          /* steps since all lanes last started */
    int restart;             /* the window begins anew, at `state` */
    int started;             /* the next step is the first of a sequence in all lanes */
    void *counted;           /* real [k2][batch]: 1 where a step has targets */
    void *next, *work;       /* of a step */
    void **output;           /* for a caller that does not want it */
} tl_online;

/* Bytes of memory that a model takes, aligned to TL_ALIGN; 0 if that is more than there can be. */
size_t tl_online_size(const tl_model *);

/* `memory`: tl_online_size() bytes, aligned to TL_ALIGN, which must stay. Parameters are zero: fill
 * o->buffers.params (tl_init_params, which may allocate, or a copy of a checkpoint's), then call
 * tl_online_start. Fails, with a sentence, if the memory is not aligned or the model asks for what
 * is not done here. */
int tl_online_begin(tl_online *, const tl_engine *, void *memory, tl_error *e);

/* Every lane to the initial state; the next step is the first of a sequence. */
void tl_online_start(tl_online *);

/* One step of all lanes. input, target: [ninputs] and [ntargets] arrays [batch][shape...]; target
 * NULL: this step does not count. reset: real [batch], not 0 where a sequence starts with this
 * step, or NULL: nowhere. output: [noutputs] arrays [batch][shape...] to be written, or NULL. The
 * outputs are made before anything is learned from the step. Returns 1 if there was an update, 0 if
 * not, -1 with a sentence if the loss or the gradient is not finite (the parameters are as they
 * were; tl_online_start goes on), or if some lanes are reset and the model's windows do not read
 * that: tbptt = { resets = true }. All lanes at once, where an update was due, always can. */
int tl_online_push(tl_online *, const void *const *input, const void *const *target,
                   const void *reset, void *const *output, tl_error *e);

#endif
