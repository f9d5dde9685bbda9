/* adjoint_internal.h - what the files that make gradients share: differentiate.c, credit.c. */
#ifndef ADJOINT_INTERNAL_H
#define ADJOINT_INTERNAL_H

#include "passes/adjoint.h"
#include "passes/window.h"

typedef struct Part {
    struct Part *next;
    int32_t dim, from;
    Ref c;
} Part;

/* What a node is to the forward node in whose turn it was made. */
enum {
    ROLE_RULE = 0,     /* made by the rule of its operation, for its operand number n / OPERAND, in this order */
    OPERAND = 8,
    ROLE_ACC = 7,      /* of an operand: the link of its running sum */
    ROLE_PARTS = 512,  /* the join of the contributions to its slices */
    ROLE_SUM = 768,    /* the sum of its first n + 2 contributions */
    ROLE_TOTAL = 1023, /* of all of them */
    ROLES = 1024
};

struct Adjoints {
    Window *window;
    Graph *g;
    uint32_t count; /* nodes of the forward graph */
    bool *active;   /* [count] a parameter that is trained, or another value whose adjoint is asked for, is
                       upstream */
    Ref *whole;     /* [count] sum of the contributions so far; 0: none */
    int32_t *sums;  /* [count] additions so far */
    Ref turn;       /* the node whose rule is at work; 0: none */
    Ref numbered;   /* what the rule made before this has its number */
    int32_t made[ROLE_PARTS / OPERAND]; /* so many of them for each operand */
    Part **parts;   /* [count] contributions to slices, not yet in whole */
    bool *marked;   /* [count] */
    int32_t *trace; /* [count] number of a value of no slot that is marked, or made of one, from 1; 0: of others */
    Ref *traced;    /* [ntraced] by number, less 1 */
    Ref *share;     /* [k][ntraced] what a slot contributes */
    int32_t ntraced;
    bool slot_only; /* contributions go to the shares alone */
    Ref *total;     /* [nparams] of gradients that came forward, so far */
    Arena *arena;
};

/* c as an adjoint of x: summed over what x was broadcast along, or broadcast to x. */
Ref adjoint_fit(Graph *, Ref x, Ref c);
/* Adds c to the running sum of a value of no slot, which begins in the newest. */
Ref adjoint_accumulate(Adjoints *, Ref x, Ref so_far, Ref c, int64_t serial);

/* ---- credit.c ---- */

/* The state's adjoint is credited to parameters. */
bool is_credited(const Adjoints *, int32_t state);
/* Gradients that came forward, in place of a sweep. */
void add_forward_gradients(Adjoints *);

#endif
