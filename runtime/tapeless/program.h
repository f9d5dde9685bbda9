/* program.h - the flat step program that the interpreter runs.
 *
 * One step of the model, and a head over the window if it has one, its instructions in an order in
 * which operands come first. The compiler
 * lowers a step graph to this; the interpreter (interp.h) executes it and knows, by rules of its
 * own, how to go backward through it.
 */
#ifndef TAPELESS_PROGRAM_H
#define TAPELESS_PROGRAM_H

#include "linkage.h"
#include "tapeless.h"

TL_C_BEGIN

typedef struct tl_instr {
    uint8_t op;      /* tl_op, one of TL_STEP_OPS */
    uint8_t rank;
    uint8_t batched; /* one value per lane */
    uint8_t token;   /* value is int32 */
    int32_t dim[TL_MAX_RANK];
    int32_t args;    /* index of the first operand in tl_program.args */
    int32_t nargs;
    int32_t attr[TL_ATTRS]; /* see ops.h */
    double num[2];
    const char *file; /* where in the spec */
    int32_t line;
} tl_instr;

/* Numbers that stand in the spec. */
typedef struct tl_table {
    const double *value;
    size_t count;
} tl_table;

/* How a parameter has moved a state, by a state that says it: element d of the parameter has moved, by S[at[d]], the state's
 * element at[d] % n; at[d] -1: none. at NULL: all n elements, element k by S[d * n + k] or, by columns, by
 * S[k * (elements of the parameter) + d]. */
typedef struct tl_carried {
    int32_t state, param, sensitivity;
    int32_t columns;
    const int32_t *at; /* [elements of the parameter] */
} tl_carried;

typedef struct tl_program {
    int32_t count;
    const tl_instr *instr;
    const int32_t *args;       /* operands, as indices into instr */
    int32_t loss;              /* the instruction that is the step's loss, {} per lane; -1: none */
    const int32_t *next_state; /* [model->nstates] the value each state takes after the step; may be
                                  shared (not per lane): then every lane takes it */
    const int32_t *output;     /* [model->noutputs], likewise */
    const int32_t *named;      /* [model->nnamed] losses, {} */
    const int32_t *probe;      /* [model->nprobes] the values that probes mark, whatever else they are */
    /* The head over the window: instructions from `head` on, which see values of the steps through
     * OP_PAST (attr[0] index in model->past, attr[1] slot). Loss and outputs are then among them. */
    int32_t head;              /* 0: there is none */
    const int32_t *past;       /* [model->npast] the instruction that is seen */
    const int32_t *past_state; /* [model->npast] -1, or: the state of this index after the step */
    int32_t forward;           /* 1: nothing goes back; the window's gradient is made of `gradient` */
    int32_t carries;           /* 1: adjoints end at the state that enters a step, and are credited by `carried` */
    const tl_carried *carried;
    int32_t ncarried;
    const int32_t *gradient;   /* [model->nparams] d loss / d parameter of a step, of its shape, -1: 0; NULL: all are */
    const tl_table *table;     /* [ntables] of OP_TABLE */
    int32_t ntables;
} tl_program;

TL_C_END

#endif
