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
    Ref *member;    /* of all families, oldest slot first; 0: none of a slot between its oldest and its newest */
    size_t *first;  /* [count + 2] a family's oldest member in these: many have a member in one slot alone */
    int32_t *oldest; /* [count + 1] its slot */
} Families;

Families *families_new(const Window *);
void families_free(Families *);

/* The last slot with a member; families have one. */
static inline int32_t family_newest(const Families *f, int32_t family)
{
    return f->oldest[family] + (int32_t)(f->first[family + 1] - f->first[family]) - 1;
}

/* 0: the slot has none. */
static inline Ref family_member(const Families *f, int32_t family, int32_t slot)
{
    bool within = slot >= f->oldest[family] && slot <= family_newest(f, family);
    return within ? f->member[f->first[family] + (size_t)(slot - f->oldest[family])] : 0;
}

/* The slot in which a node's section runs; -1: in none. */
int32_t slot_of_node(const Graph *, const Node *);
/* Runs after the forward code of all slots, the head's included. */
bool is_backward(const Graph *, const Node *);

/* [nstates][k] the node that leaves a state in a slot, where the next slot's code reads it; NULL in evaluation. */
Ref *left_states(const Window *, Arena *);

#endif
