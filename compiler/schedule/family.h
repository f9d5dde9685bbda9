/* family.h - which values are the same value at different times.
 *
 * A family is a value's time-copies: in each slot at most one node, with the same number (Node.serial) on the same
 * side of the window. Copies need not be computed alike: the newest slot's adjoint of a state is a sum of fewer
 * terms. What belongs to no slot (functions of the parameters alone, a head, the epilogue) has no family. */
#ifndef FAMILY_H
#define FAMILY_H

#include "passes/window.h"

typedef struct Families {
    Arena *arena;
    int32_t k;      /* slots */
    int32_t count;  /* families are 1 .. count */
    int32_t *of;    /* [graph->count] 0: belongs to no slot */
    Ref *member;    /* [count + 1][k] oldest slot first; 0: that slot has none */
} Families;

Families *families_new(const Window *);
void families_free(Families *);

static inline Ref family_member(const Families *f, int32_t family, int32_t slot)
{
    return f->member[(int64_t)family * f->k + slot];
}

/* The slot in which a node's section runs; -1: in none. */
int32_t slot_of_node(const Graph *, const Node *);
/* Runs after the forward code of all slots, the head's included. */
bool is_backward(const Graph *, const Node *);

/* [nstates][k] the node that leaves a state in a slot, where the next slot's code reads it; NULL in evaluation. */
Ref *left_states(const Window *, Arena *);

#endif
