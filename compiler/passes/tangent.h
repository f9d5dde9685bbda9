/* tangent.h - forward mode (Wengert, 1964; Griewank & Walther, ch. 3): what a step's values do when something moves.
 *
 * A sweep goes through a step graph in order and makes for each value v of shape s what all of a number of directions do
 * to it: its tangent, {directions, s}, whose row d is dv along direction d. Tangents are nodes like any other, appended
 * to the graph, so what a sweep makes can be unrolled, differentiated (second order) and scheduled as what a user wrote.
 *
 * Directions begin at leaves. `wrt` is the leaf whose elements are the directions, in its own row-major order: its tangent
 * is the identity, and what is made of it element by element moves as many times itself: a diagonal, which is never stored
 * where a product, a reshape or another such operation reads it. Other leaves have a tangent if
 * the caller puts it into `of` before the sweep: a state that the directions moved earlier. */
#ifndef TANGENT_H
#define TANGENT_H

#include "graph/graph.h"

typedef struct Tangents {
    Graph *g;
    uint32_t count;     /* the nodes that are swept: 1 .. count - 1 */
    Ref wrt;            /* 0: only given tangents begin anything */
    int32_t directions; /* rows of every tangent; the size of wrt */
    Ref *of;            /* [count] 0: none, or the identity, see tangent_at */
    bool *identity;     /* [count] element i moves with element i of wrt alone, in its order */
    Ref *scale;         /* [count] of these: so many times, of the value's shape; 0: once */
    const bool *wanted; /* [count] NULL: all; else of other nodes no tangent is made */
} Tangents;

/* Of the first `count` nodes; memory is the arena's. */
Tangents tangents_new(Graph *, uint32_t count, Ref wrt, int32_t directions, Arena *);
/* False with g->error set where a value that moves has too many dimensions. */
bool tangents_sweep(Tangents *);
/* {directions, shape...} of node x; 0: no direction moves it. */
Ref tangent_at(Tangents *, Ref x);
/* The same, zeros where nothing moves it. */
Ref tangent_or_zeros(Tangents *, Ref x);
/* {n, shape...}, for a value of n elements: the tangent of a value along each of its own elements. */
Ref tangent_identity(Graph *, Shape);
/* {vocab}: 1 at the token. */
Ref tangent_one_hot(Graph *, Ref token, int32_t vocab);
/* {directions, shape...}; its rank may be too large. */
Shape tangent_shape(int32_t directions, Shape);

#endif
