/* sensitivity_internal.h - what the files that make sensitivities share. */
#ifndef SENSITIVITY_INTERNAL_H
#define SENSITIVITY_INTERNAL_H

#include "passes/sensitivity.h"
#include "passes/tangent.h"

typedef struct Builder {
    Model *m;
    Graph *g;
    Arena *arena;   /* of the pass */
    uint32_t count; /* nodes of the step as it was */
    int32_t nown;   /* states as they were */
    Ref of;         /* what rows are asked of: {n}, or {} */
    Ref *leaf;      /* [nown] the state as it enters; 0: no one reads it */
    bool *wanted;   /* [count] a next state, or `of`, is made of it */
    bool reaches;   /* the parameter that was last looked at can have moved `of` */
    bool *acts;     /* [nown][nparams] the parameter can have moved the state */
    int32_t *at;    /* [nown][nparams] the sensitivity's number among the states; 0: none */
    tl_tensor *states;
    Ref *next;
    int32_t nstates, capacity;
    int32_t rows;   /* the first state that is a row */
    struct Propagation *by; /* NULL: by sweeps through the step */
} Builder;

bool is_frozen(const Model *, int32_t p);
/* The model's own, and where it is of. */
Builder sensitivity_builder(Model *, Ref of, Arena *);
/* Sets acts of a parameter, and reaches. */
void find_acts(Builder *, int32_t p);
/* A state of that shape, which starts at 0, or as the identity where the state starts as the parameter and the directions are
 * its elements. A sentence where it has too many dims. */
char *add_sensitivity(Builder *, int32_t state, int32_t p, Shape);
Ref sensitivity_leaf(const Builder *, int32_t state, int32_t p);
/* The node of the parameter in the step; 0: no one reads it. */
Ref param_node(const Builder *, int32_t p);
/* States as they enter have moved by their sensitivities to p. */
void seed_states(Builder *, Tangents *, int32_t p);
/* Adds the sensitivities to p, a direction an element, and what they become; *row: of `of`, 0 where that does not move. */
char *sweep_param(Builder *, int32_t p, Ref *row);
/* Adjoints of states are credited to p by its sensitivities, whose directions are columns, or rows. */
void carry_param(Builder *, int32_t p, bool columns, const struct Colours *);
/* What a sensitivity becomes; NULL: there is none. */
Ref *next_of(Builder *, int32_t state, int32_t p);

/* ---- propagate.c ---- */

typedef struct Propagation Propagation;

/* The derivatives of the step's own values, which all parameters share. A sentence where a value has too many dims. */
char *propagation_new(Builder *, Propagation **);
/* As sweep_param, the sensitivities being {elements of the state, elements of p}. */
char *propagate_param(Propagation *, int32_t p, Ref *row);

/* ---- snap.c ---- */

/* What learn = "snap1" leaves of the sensitivities to p, and of the row of the loss. */
char *keep_pattern(Builder *, int32_t p, Ref *row);
/* By state, {elements of p, elements}: what p can ever have moved; NULL: nothing of it. A sentence where learn = "diagonal" is
 * not for the model. */
char *find_diagonal(Builder *, int32_t p, bool ***pattern);

/* ---- diagonal.c ---- */

/* learn = "diagonal": the sensitivities to p, in colours where they can be. `dense` is of a copy of the model, whose sweeps say
 * what p can move. */
char *sweep_coloured(Builder *, Builder *dense, int32_t p);

#endif
