/* interp_internal.h - what the files of the interpreter share.
 *
 * The rules of the operations are in interp_*.inc.h, compiled once for float (interp_f32.c) and
 * once for double (interp_f64.c). Sizes, places on the tape and checks do not depend on the
 * precision and are in interp.c and interp_check.c.
 *
 * The tape holds the values of every slot; adjoints are needed for one slot at a time:
 *
 *     tape     | values no step changes | slot 0 | slot 1 | ... | slot k2-1 |
 *     adjoint  | one slot |
 *     carry    | per state: adjoint of the state that the step before left |
 *     held     | the same, of lanes in which the step is padding |
 *     seen     | per value that a head sees, and slot: what the head's adjoint adds to it |
 *
 * Parameters, inputs and targets are read where the caller keeps them. Where steps are kept from
 * window to window (overlap "retain" and "versions") the slots are the caller's frames, and nothing
 * is fixed: a function of the parameters belongs to the step that computed it.
 */
#ifndef TAPELESS_INTERP_INTERNAL_H
#define TAPELESS_INTERP_INTERNAL_H

#include <stdbool.h>

#include "interp.h"
#include "linkage.h"

TL_C_BEGIN

enum { TL_FOR_OUTPUT = 1, TL_FOR_LOSS = 2 }; /* what of a step needs an instruction's value */

struct tl_interp {
    const tl_model *model;
    const tl_program *program;

    /* The plan, made once. Arrays without a note are [program->count]. */
    size_t *size;          /* elements of one example */
    size_t *value_at;      /* bytes: from the start of the tape if fixed, else from that of a slot */
    size_t *adjoint_at;    /* bytes from the start of the adjoints */
    size_t *carry_at;      /* [nstates] elements */
    size_t *state_at;      /* [nstates] elements of one lane before it in a tl_step's block */
    size_t *seen_at;       /* [npast] elements: slot 0 of a past value's adjoints in `seen` */
    size_t *past_at;       /* [npast] elements of one lane before it in a tl_step's block */
    uint8_t *fixed;        /* a function of parameters and constants: one value for all slots */
    uint8_t *wanted;       /* TL_FOR_OUTPUT and TL_FOR_LOSS */
    size_t fixed_bytes, slot_bytes;
    bool keeps;            /* slots are kept from window to window, in the caller's frames */
    char *tape;
    char *adjoints;
    void *carry;
    void *held;            /* as carry: adjoints that pass by a padded step; NULL without masks */
    void *seen;            /* [npast][k2][lanes][shape] */
    void *scratch;         /* real, the largest pointwise result */
    double *grads;         /* [param_size], in double: rounding does not grow with k2 */

    /* The step at hand. */
    char *frames;          /* slot 0 of the tape, or the caller's */
    size_t lanes, first_lane; /* of the shard at hand; its first one's number in the batch */
    bool training;         /* dropout acts */
    void **value;
    const void **input;    /* [ninputs] of this step, likewise the next two */
    const void **target;   /* [ntargets] */
    const void **entering; /* [nstates] the state before resets */
    const void *params;
    const void *reset;     /* real [lanes], or NULL */
    const void *mask;      /* real [lanes], 0: the step is padding; or NULL */
    uint64_t seed, tick;
    uint8_t *reached;      /* a gradient arrived: the adjoint holds something */
    uint8_t *carried;      /* [nstates] the carry holds something */
    uint8_t *looked_at;    /* [npast][k2] `seen` holds something */
    const tl_window *window; /* that is run; NULL: an evaluation step */
    const void *step_state;  /* that an evaluation step was given */

    tl_interp_watch *watch;  /* or NULL */
    void *watching;          /* its context */
};

/* Finds fault with a program that the rules could not run within their memory. */
int tl_interp_check(const tl_model *, const tl_program *, tl_error *);

/* window() and step() of the engine, in each precision; `self` is the tl_interp. */
void tl_interp_window_f32(void *self, const tl_window *);
void tl_interp_step_f32(void *self, const tl_step *);
void tl_interp_window_f64(void *self, const tl_window *);
void tl_interp_step_f64(void *self, const tl_step *);

TL_C_END

#endif
