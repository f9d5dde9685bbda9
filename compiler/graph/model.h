/* model.h - a spec, evaluated: its tables and its step graph. */
#ifndef MODEL_H
#define MODEL_H

#include <stdio.h>

#include <tapeless/tapeless.h>
#include "graph/graph.h"

typedef struct Option {
    const char *name;
    const char *value; /* as text: "128" */
} Option;

/* How a parameter has moved a state: the state number `sensitivity` says it, by a direction for each of its elements or,
 * where `colours` (colours.h) is not NULL, for several. Directions come first, or last where they are `columns`. */
typedef struct Carried {
    int32_t state, param, sensitivity;
    bool columns;
    const struct Colours *colours;
} Carried;

typedef struct Model {
    Arena *arena;
    const char *name;  /* of the C symbols: the spec's file name made an identifier */
    const char *spec;  /* path as given */
    const char *hash;  /* set by the parent, as are the files */
    const char **files; /* [nfiles] the spec and what it requires */
    int32_t nfiles;
    Option *options;
    int32_t noptions;
    /* Tables as in tapeless.h; params are sorted by name, offsets are the planner's business. Of values that
     * start from a table of numbers init.a is the table's number in step->tables, `values` what it holds. */
    tl_tensor *params, *inputs, *targets, *states, *outputs, *probes, *named, *past;
    int32_t nparams, ninputs, ntargets, nstates, noutputs, nprobes, nnamed, npast;
    tl_tbptt tbptt;
    tl_train_spec train;
    const char *loss_name;
    bool resets;       /* sequences may start inside a window: windows read reset flags */
    bool masks;        /* steps of a window may be padding: windows read the mask */
    bool lags;         /* windows store the adjoint of the state between steps */
    bool rolled;       /* alike steps of a window are a loop in the C */
    int32_t new_steps; /* so many may be new in a window; 0: k1 */
    Graph *step;       /* params, inputs, targets, states are leaves */
    Ref loss;          /* {} per lane, or 0: the model has no loss */
    Ref *named_node;   /* [nnamed] {} per lane: the losses that add up to it, where they have names */
    Ref *next_state;   /* [nstates] */
    Ref *output;       /* [noutputs] */
    Ref *probe;        /* [nprobes] the values that are marked; they are what they would be without */
    /* A head over the window: nodes of `step` too, from `head` on, over leaves "past". Loss and
     * outputs are then the head's. */
    Ref head;          /* 0: none */
    Ref *past_node;    /* [npast] what is seen of every step: an output, or a next state */
    int32_t *past_state; /* [npast] which state, or -1 */
    /* What learning without adjoints adds to the step, see sensitivity.h; 0, NULL: nothing. */
    int32_t nextra;      /* states behind the model's own, which evaluation does not carry */
    int32_t nrows;       /* of them, at the end: what a step leaves and none reads */
    tl_jacobian_mode jacobian; /* what its windows compute instead of a training's */
    tl_optimizer_kind rows_of; /* lm, ekf or ridge, which they are for */
    Ref own_end;         /* nodes of the step below this are the model's own */
    bool carries;        /* no gradient goes from a step to the one before: the state's adjoint is credited by `carried` */
    Carried *carried;
    int32_t ncarried;
    Ref *gradient;       /* [nparams] d loss of a step / d parameter; 0: does not move it */
    const bool *reached; /* [nparams] the parameter can move what is learned from; NULL: adjoints say so */
} Model;

static inline int32_t own_states(const Model *m) { return m->nstates - m->nextra; }

/* Text form: what the evaluating child sends and what `-d spec` prints. model_read checks all of
 * it and rebuilds every node through the constructors. */
void model_write(const Model *, FILE *);
Model *model_read(const char *text, size_t length, char **error); /* NULL: *error is malloc'ed */
Model *model_copy(const Model *); /* with a graph of its own */
void model_free(Model *);

#endif
