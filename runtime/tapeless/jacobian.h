/* jacobian.h - J_t = d y_t / d theta, step after step of a stream of one lane.
 *
 * `tapeless compile SPEC --jacobian M -o DIR` writes NAME_jacobian.c and .h beside the model's own: a model that the functions
 * below run. y are all outputs, one after the other, of `outputs` elements in all.
 *
 *     reverse   a row is the gradient of a window of the last k2 steps, and there are as many windows as outputs: the state
 *               that enters step max(1, t - k2 + 1) of the stream is held constant (TBPTT's truncation)
 *     forward   the state's sensitivities are carried: nothing is truncated, and a step costs the same at any t
 *     blocks    both (sensitivity.h): a row is the gradient of a window back to the beginning of its block of k2 - 1 steps, and
 *               what it leaves there times the sensitivities, which move from block to block alone. Nothing is truncated
 *
 *     tl_jacobian j;
 *     const tl_engine engine = tl_generated_engine(&lstm_jacobian_model);
 *     if (tl_jacobian_new(&j, &engine, &e)) ...              (memory; fails where it is short)
 *     fill j.buffers.params (tl_init_params, or tl_weights_open's)
 *     tl_jacobian_start(&j);
 *     for each step: tl_jacobian_push(&j, &(tl_jacobian_step){ .input = input }, y, block, &e);
 *     tl_jacobian_free(&j);
 *
 * Parameters may be changed between two pushes, if `moved` is set: a reverse window's steps are then run again with the new ones.
 * Sensitivities are a sum over steps of which each saw its own. Nothing is allocated after tl_jacobian_new.
 *
 * What a window's steps computed is kept for the windows to come (overlap "retain"): a push runs its own step forward and the
 * window backward. The frames are not moved: they stand in room for twice as many, and the window moves over them. */
#ifndef TAPELESS_JACOBIAN_H
#define TAPELESS_JACOBIAN_H

#include "buffers.h"
#include "error.h"
#include "linkage.h"
#include "sensitivity.h"
#include "tapeless.h"

TL_C_BEGIN

typedef struct tl_jacobian {
    const tl_engine *engine;
    tl_buffers buffers; /* params: of the model's layout (tl_param_at), to be filled */
    tl_window window;   /* seed: of dropout; lane: its number in a batch, likewise */
    size_t outputs;     /* elements of y */
    size_t columns;     /* elements of all parameters */
    int moved;          /* to be set: the parameters are not those of the last push */
    void *frames;       /* real [2 k2][frame_size], or NULL */
    int32_t at;         /* slot 0's place there */
    uint64_t steps;     /* pushed since tl_jacobian_start */
    int32_t block;      /* of them, in the block; of other models all */
    tl_sensitivity sensitivity; /* of a model by blocks */
    uint64_t whole;     /* of them, the last so many of one sequence and without padding: what a head needs k2 of */
} tl_jacobian;

/* Of a model that was made for it. */
int tl_jacobian_new(tl_jacobian *, const tl_engine *, tl_error *);
void tl_jacobian_free(tl_jacobian *);

/* The initial state; to begin with another, tl_jacobian_state is written next. That state is a number: what is learned of it
 * has a derivative where `reset` begins a sequence. */
void tl_jacobian_start(tl_jacobian *);

/* The state that enters the next step, real [shape] of states[i], i < tl_own_states(model). */
void *tl_jacobian_state(const tl_jacobian *, int32_t i);

typedef struct tl_jacobian_step {
    const void *const *input; /* [ninputs] [shape] */
    int reset;                /* a sequence starts with this step; for models with has_reset */
    int padded;               /* for models with has_mask: the state stays as it was; there are no rows */
} tl_jacobian_step;

/* One step. y: real [outputs]; block: [nparams] of real [outputs][shape], or NULL: states alone. What is not trained has
 * zeros. Returns 1; 0, with nothing written, where there is nothing to see: a padded step, or a head's that has not k2 steps of
 * one sequence; -1 where an output is not finite. */
int tl_jacobian_push(tl_jacobian *, const tl_jacobian_step *, void *y, void *const *block, tl_error *);

/* Element o of y of the newest step, with the parameters as they are now: the window is run again. Of reverse models; for
 * finite differences. */
double tl_jacobian_value(tl_jacobian *, size_t o);

TL_C_END

#endif
