/* colours.h - directions that never meet: a compressed Jacobian (Curtis, Powell & Reid, "On the estimation of sparse Jacobian
 * matrices", 1974).
 *
 * Of a parameter each element of which moves one element at most of every state, elements of different state elements can
 * share a direction: dS/dtheta of all of them stands in one row, each at the element that it moves. A colour is a direction
 * that is shared. Element (r, k) of a parameter seen as {rows, columns} has colour rank[r] * columns + k, so that rows of equal
 * rank share: of a matrix {hidden, in} there are `in` colours, of a bias one, of the gates of a cell in one matrix as many
 * times more as there are gates. */
#ifndef COLOURS_H
#define COLOURS_H

#include "graph/graph.h"

typedef struct Colours {
    int32_t rows, columns;
    int32_t ranks;
    const int32_t *rank;        /* [rows] */
    const int32_t *const *moves; /* [nstates][rows] the element of a state that a row moves, -1: none; NULL: nothing of it */
} Colours;

static inline int32_t colours_count(const Colours *c) { return c->ranks * c->columns; }

/* `pattern`, by state, is [rows * columns][elements]: which element a direction moves, at any time; NULL: none. False if some
 * direction moves two. */
bool find_colours(Colours *, const Shape *param, bool *const *pattern, const int64_t *elements, int32_t nstates, Arena *);

#endif
