/* window.h - a graph together with what must be kept of it: the thing that passes work on.
 *
 * A window is either k2 training steps (forward, then backward) or one evaluation step
 * (k = 1, nothing backward; section 2 holds what only the loss needs, section 3 the stores that
 * must come after every read of the entering state). */
#ifndef WINDOW_H
#define WINDOW_H

#include <stdio.h>

#include "graph/model.h"

typedef enum RootKind {
    ROOT_STATE,      /* value of state `index` after slot `slot`: [B][shape] */
    ROOT_PAST,       /* what an evaluation step leaves of past value `index` for `slot` */
    ROOT_LOSS,       /* unweighted loss of slot: [B] */
    ROOT_NAMED,      /* of it, named loss `index` */
    ROOT_OUTPUT,     /* output `index` of an evaluation step */
    ROOT_PROBE,      /* value and adjoint of probe `index` at slot */
    ROOT_PROBE_GRAD,
    ROOT_STATE_GRAD, /* adjoint of state `index` as it enters slot `slot`, 0 .. k */
    ROOT_GRAD,       /* adjoint of parameter `index`: shared */
    ROOT_KEEP        /* stands where it is computed, for a later window */
} RootKind;

typedef struct Root {
    RootKind kind;
    int32_t index, slot;
    Ref node;
    int32_t section; /* in which it must be in place */
} Root;

typedef struct Window {
    const Model *model;
    Graph *graph;
    Root *roots; /* malloc'ed */
    int32_t nroots, roots_capacity;
    bool training;
    /* Of the graph as it was unrolled, malloc'ed; NULL in evaluation: */
    Ref *marked; /* [nprobes][k] the value that a probe marks in a slot, 0: none. Of a probe on what a head sees:
                    in the newest slot, the value of the step that it sees */
    Ref *left;   /* [nstates][k] the state that a slot leaves */
    Ref *gradient; /* [nparams][k] of the model's `gradient`, 0: none; NULL where the model has none */
} Window;

/* The oldest slot of a window of all steps whose loss may count. */
int32_t first_counted_slot(const Model *);
void window_add_root(Window *, RootKind, int32_t index, int32_t slot, Ref, int32_t section);
void window_free(Window *);
/* For a pass before differentiate that rewrites the graph: `map`, by old node, says which it is now. */
void window_rename(Window *, const Ref *map);
/* [graph->count] operands and roots that name a node; zeroes at first. */
void count_uses(const Window *, uint32_t *uses);
bool unroll_has_reset(const Model *); /* window code reads reset flags */
/* In the caller's block parameter `next` begins where `index` ends. */
bool params_adjoin(const Model *, int32_t index, int32_t next);
/* A concat that stands in that block as it is: its parts are parameters, one behind the other. */
bool is_part_of_params(const Window *, Ref);
void window_write(const Window *, FILE *); /* the graph's text, then a line a root */

/* ---- the passes, in the order of the pass list in compile.c ---- */

/* k2 copies of the step by substitution through the same constructors, for training; NULL with a
 * sentence if the window is too large to unroll. */
Window *unroll_training(const Model *, char **error);
/* One step of `lanes` lanes, dropout off. */
Window *unroll_evaluation(const Model *, int32_t lanes);
/* Products of one vector with several matrices become one product, and what is added to them alike one sum. */
void join(Window *);
/* Maps tables in place of the rows that are looked up in them, where they have fewer (of training). */
void project(Window *);
/* Adds the backward sections: for each slot d(sum of weight x loss)/d(parameters, probes). */
void differentiate(Window *);
/* Where steps are kept: keeps alike of all slots what code outside of any of them reads. */
void keep_alike(Window *);
/* [graph->count] what a root needs. */
bool *live_nodes(const Window *, Arena *);
/* Drops all else. */
void remove_dead(Window *);
/* Running sums of the same terms become one. */
void merge_sums(Window *);

#endif
