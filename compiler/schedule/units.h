/* units.h - what is executed, in order: one loop nest or one library call each.
 *
 * Pointwise operations over the same elements, in the same section, share a loop ("fused") when
 * nothing forces one to be finished before the other begins. Values that only the loop itself reads
 * never reach memory. */
#ifndef UNITS_H
#define UNITS_H

#include "schedule/layout.h"

typedef struct Unit {
    int32_t section;
    uint32_t first, count; /* in Units.members, in order of execution */
    bool pointwise;
} Unit;

typedef struct Units {
    Arena *arena;
    Unit *unit;
    uint32_t count, capacity;
    Ref *members;
    uint32_t *of;  /* [graph->count] the unit that computes a node (for concat and acc: the last of
                      the units that fill it); NO_UNIT for leaves and their views */
    bool *stored;  /* [graph->count] the value must be in storage: something outside its loop reads it */
} Units;

#define NO_UNIT UINT32_MAX

/* True for operations computed element by element, copies included. */
bool is_pointwise(const Node *);

Units *fuse(const Window *);
/* Every operation a unit of its own: to compare with. */
Units *no_fuse(const Window *);
void units_free(Units *);
void units_write(const Units *, const Window *, FILE *);

#endif
