/* layout.h - where every value stands.
 *
 * A value is addressed by element (lane b, indices i...) as
 *     block + offset + b * lane + sum of i[d] * stride[d]
 * Views are other ways to index their operand's storage. A value that is computed gets contiguous
 * storage of its own in the workspace, unless somebody has a place for it: the part of a concat,
 * the running sum of an acc, the caller's block of states, gradients, losses. Then it is computed
 * right there ("claimed") and nothing is copied. */
#ifndef LAYOUT_H
#define LAYOUT_H

#include "schedule/segments.h"

typedef enum Block {
    BLOCK_NONE,
    BLOCK_CONST,   /* no storage: the same number everywhere */
    BLOCK_TABLE,   /* the model's table of numbers `index` */
    BLOCK_WORK,    /* `owner` says whose; the planner gives it an offset */
    BLOCK_PARAMS, BLOCK_GRADS,
    BLOCK_VERSION, /* the parameters as slot `index` saw them */
    BLOCK_FRAMES,  /* what slots keep for backward code in later windows */
    BLOCK_STATES,  /* training: [slots + 1][lanes][...]; evaluation: the entering state */
    BLOCK_NEXT_STATE,
    BLOCK_INPUT, BLOCK_TARGET, BLOCK_OUTPUT, /* one array each, `index` */
    BLOCK_WEIGHT, BLOCK_RESET, BLOCK_MASK, BLOCK_LOSSES,
    BLOCK_PROBES, BLOCK_PROBE_GRADS, BLOCK_STATE_GRADS,
    BLOCK_PACKED, BLOCK_SCRATCH, /* of kernels, behind what the planner places in the workspace */
    NBLOCKS
} Block;

/* What dumps and generated code call them; of those with an index, its first part. */
extern const char *const block_words[NBLOCKS];

typedef struct Layout {
    Block block;
    int32_t index;
    Ref owner;
    int64_t offset; /* elements */
    int64_t stride[TL_MAX_RANK];
    int64_t lane;   /* 0: shared, or the same in every lane */
    bool add;       /* computed by adding to what stands there */
    double value;   /* of BLOCK_CONST */
} Layout;

/* An operand of a node, or a root, that needs a copy before everything can stand where it must. */
typedef struct Misfit {
    Ref user; /* 0: a root */
    uint32_t index;
} Misfit;

typedef struct Layouts {
    Arena *arena;
    int64_t frame_size; /* elements a slot; 0 unless steps are kept */
    Layout *at;      /* [graph->count] */
    bool *claimed;   /* [graph->count] */
    int32_t *span;   /* [graph->count] by owner: how many slots' values stand there, one after the other */
    uint32_t *uses;  /* [graph->count] operands and roots that name the node */
    Misfit *misfits;
    uint32_t nmisfits, capacity;
} Layouts;

/* NULL: before there are segments, to find misfits. */
Layouts *layouts_new(const Window *, const Segments *);
void layouts_free(Layouts *);

/* True if the operation's value is computed into storage (not a leaf, view, concat or acc). */
bool is_computed(const Node *);
/* Contiguous row-major strides over shape; returns the number of elements. */
int64_t row_major(const Shape *, int64_t *stride);
/* True if the elements of one example stand in row-major order without gaps. */
bool is_contiguous(const Layout *, const Shape *);
/* The layout of a tensor of one of the caller's blocks: state `slot` etc. */
Layout root_layout(const Window *, const Root *);

/* Adds the copies without which a value could not stand where it is wanted. */
void legalise(Window *);
/* Aborts with what was assumed if the graph is not as graph.h says. */
void check_window(const Window *, const char *after);

#endif
