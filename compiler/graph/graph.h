/* graph.h - the one graph type, of a step and of an unrolled window alike.
 *
 * Append-only; a node is named by a 32-bit reference, and operands have smaller references than
 * their users: order of reference is a topological order by construction. Nodes are made only by
 * the constructors below, which check shapes, fold, and return an existing equal node where there
 * is one (hash-consing), so two nodes never compute the same thing in the same section.
 *
 * Sections. The nodes of a window are executed in the order of their section:
 *     0            prologue: what no step changes (functions of the parameters alone)
 *     1 .. K       forward of slot t = section - 1
 *     K+1 .. 2K    backward of slot t = 2K - section (slot K-1 first)
 *     2K+1         epilogue
 * A window that starts at slot `first` executes prologue, forward first.., backward ..first and
 * epilogue. An operand's section is never later than its user's. In a step graph every section
 * is 0.
 *
 * A head over the window stands between forward and backward code, as if it were one more slot:
 * section K+1 is its forward, K+2 its backward, and all that follows is two sections later. A
 * window with a head has backward code for all K steps or, started late, none at all.
 */
#ifndef GRAPH_H
#define GRAPH_H

#include <stdbool.h>
#include <stdint.h>

#include <tapeless/ops.h>
#include "graph/arena.h"
#include "graph/tables.h"

typedef uint32_t Ref; /* 0: no node */

typedef struct Shape {
    int32_t rank;
    int32_t dim[TL_MAX_RANK]; /* dims past rank are 0 */
} Shape;

typedef struct Node {
    uint8_t op;
    bool batched; /* a value for each lane */
    bool token;   /* int32 */
    Shape shape;
    uint32_t args, nargs; /* in Graph.args */
    int32_t attr[TL_ATTRS]; /* ops.h says what they mean */
    double num[2];
    int32_t section;
    Ref origin;           /* the node of the step graph this is a time-copy or an adjoint of */
    int64_t serial;       /* nodes of a slot: a number that its time-copies share (family.h); 0: it has none */
    uint16_t file;        /* in Graph.files */
    int32_t line;
} Node;

typedef struct Graph {
    Arena *arena;
    Node *node;       /* node[0] is not used */
    uint32_t count;   /* node[1 .. count - 1] */
    uint32_t capacity;
    Ref *args;
    uint32_t nargs, args_capacity;
    uint32_t *hash;   /* open addressing, 0 free */
    uint32_t hash_size;
    const char **files;
    int32_t nfiles;
    Tables *tables;   /* of numbers; the model's, or NULL: none so far */
    int32_t k;        /* slots; 0 in a step graph */
    int32_t head;     /* 1: sections for a head */
    bool derived;     /* values may have TL_MAX_RANK dims, not TL_SPEC_RANK */
    bool keeps;       /* what older slots computed may be an earlier window's */
    int32_t lanes;
    int32_t copies;   /* made so far: each has a number of its own */
    /* Where the next node comes from; constructors copy these. */
    int32_t cursor;   /* earliest section */
    Ref origin;
    int64_t serial;
    uint16_t file;
    int32_t line;
    /* A constructor that finds the operands wrong leaves the sentence here and returns 0. */
    char *error;
    uint32_t limit;   /* most nodes, then an error */
} Graph;

Graph *graph_new(int32_t k, int32_t lanes);
void graph_free(Graph *);
int32_t graph_file(Graph *, const char *name); /* index of a file name, added where new */

static inline int32_t section_backward(const Graph *g, int32_t forward) { return 2 * (g->k + g->head) + 1 - forward; }
static inline int32_t section_epilogue(const Graph *g) { return section_backward(g, 0); }
static inline int32_t section_of_slot(int32_t slot) { return slot + 1; }
static inline int32_t section_head(const Graph *g) { return g->k + 1; }

/* The slot of a forward section; the head's is the newest. */
static inline int32_t slot_of_section(const Graph *g, int32_t section)
{
    return (section > g->k ? g->k : section) - 1;
}

/* True if whenever a window runs section `user` it has run `operand` before. A window may begin at
 * any slot: then neither forward nor backward code of the slots before it runs. */
bool section_runs_before(const Graph *, int32_t operand, int32_t user);

static inline const Node *node_at(const Graph *g, Ref r) { return &g->node[r]; }
static inline Ref arg_at(const Graph *g, Ref r, uint32_t i) { return g->args[g->node[r].args + i]; }
/* The same elements, in the same lanes. */
static inline bool is_reshaped(const Graph *g, Ref r) { return node_at(g, r)->op == OP_RESHAPE && !node_at(g, r)->attr[0]; }

/* Constructors. All return 0 with g->error set if the operands do not fit. */
Ref graph_const(Graph *, double value, Shape);
/* Numbers that differ, row-major; where they are equal it is a const. They must be finite. */
Ref graph_numbers(Graph *, const double *values, Shape);
/* The graph's table of that number, as a value of that shape. */
Ref graph_table(Graph *, int32_t index, Shape);
/* param, input, target, state, output, reset, weight, probe...: shape and lanes as declared. `arg` only for a
 * state of a window. */
Ref graph_leaf(Graph *, tl_op, int32_t index, Shape, bool batched, bool token, int32_t section, Ref arg);
/* Value `index` of the model's table `past` as it was in `slot`, oldest first. */
Ref graph_past(Graph *, int32_t index, int32_t slot, Shape, int32_t section);
Ref graph_dropmask(Graph *, double p, int32_t stream, Shape, int32_t section);
Ref graph_op1(Graph *, tl_op, Ref);          /* pointwise unary, stop_gradient, transpose */
Ref graph_op2(Graph *, tl_op, Ref, Ref);     /* pointwise binary, gather, pick */
Ref graph_where(Graph *, Ref c, Ref a, Ref b);
Ref graph_powc(Graph *, Ref, double exponent);
Ref graph_clamp(Graph *, Ref, double lo, double hi);
Ref graph_reshape(Graph *, Ref, Shape);
/* What a value is in the only lane of a graph that has one, as if lanes shared it. */
Ref graph_only_lane(Graph *, Ref, Shape);
Ref graph_expand(Graph *, Ref, Shape, bool batched);
Ref graph_slice(Graph *, Ref, int32_t dim, int32_t from, int32_t count); /* from 0 */
Ref graph_concat(Graph *, const Ref *, uint32_t n, int32_t dim);
Ref graph_sum(Graph *, Ref, Shape result, bool lanes);
Ref graph_softmax(Graph *, tl_op, Ref, int32_t dim);
Ref graph_matmul(Graph *, Ref a, Ref b, bool ta, bool tb, bool lanes);
/* start + a b, of a window. */
Ref graph_matmul_from(Graph *, Ref a, Ref b, bool ta, bool tb, Ref start);
/* Per lane, and one of its own for each slot (0 in a step). */
Ref graph_probe(Graph *, Ref, int32_t index, int32_t slot);
/* A window slides over an image {C, H, W}; `window` are its TL_ATTRS attributes, see ops.h. */
Ref graph_patches(Graph *, Ref image, const int32_t *window);
Ref graph_unpatches(Graph *, Ref columns, Shape image, const int32_t *window);
Ref graph_max_pool(Graph *, Ref image, const int32_t *window);
Ref graph_unpool(Graph *, Ref image, Ref g, const int32_t *window);
Ref graph_unpick(Graph *, Ref g, Ref token, int32_t vocab);
Ref graph_scatter(Graph *, Ref g, Ref token, int32_t vocab);
/* The next link of the chain that sums into `of`'s adjoint in place; so_far 0 begins it. Chains of
 * different values are different nodes even where they add the same things. */
Ref graph_acc(Graph *, Ref of, Ref so_far, Ref more);
/* The numbers of `of` in a graph's chains are below this; after passes that drop nodes, not below its count. */
uint32_t graph_chains_end(const Graph *);
/* A copy of its own: no two are the same node. */
Ref graph_copy(Graph *, Ref);

/* Copies node r of `from`, its operands given in `args`, through the constructor of its op. */
Ref graph_rebuild(Graph *, const Graph *from, Ref r, const Ref *args);
/* For a pass that rewrites a graph into a new one: an empty graph with the same slots, lanes and
 * files; and r's copy in the same section, from the same place in the spec, with operands map[]. */
Graph *graph_new_like(const Graph *);
Ref graph_rebuild_mapped(Graph *, const Graph *from, Ref r, const Ref *map);

/* Shapes. */
Shape shape_make(int32_t rank, const int32_t *dim);
bool shape_equal(const Shape *, const Shape *);
int64_t shape_size(const Shape *); /* elements, < 2^31 (the constructors see to it) */
bool shape_broadcast(const Shape *, const Shape *, Shape *result);
const char *shape_text(Arena *, const Shape *); /* "{32, 8}" */

#endif
