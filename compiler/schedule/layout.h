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

/* Where values stand, a row a block.
 *
 * X(NAME, word, pointers, window, in window, step, in step)
 *   word      what dumps and generated code call it; of those with an index, the first part
 *   pointers  how a generated function gets at it, see Pointers
 *   window    the field of tl_window, and before it "const " if it is read only; NULL: there is none
 *   step      likewise of tl_step */
#define BLOCKS(X)                                                                                 \
    X(NONE, "none", NO_POINTER, "", NULL, "", NULL)                                               \
    X(CONST, "const", NO_POINTER, "", NULL, "", NULL) /* the same number everywhere */            \
    X(TABLE, "constant", NO_POINTER, "", NULL, "", NULL) /* the model's table of numbers `index` */ \
    X(PARAMS, "p", POINTER_EACH, "const ", "params", "const ", "params")                          \
    X(GRADS, "g", POINTER_EACH, "", "grads", "", NULL)                                            \
    X(STATES, "s", POINTER_EACH, "", "states", "const ", "state") /* of a window [slots + 1][lanes][...] */ \
    X(NEXT_STATE, "next", POINTER_EACH, "", NULL, "", "next_state")                               \
    X(FRAMES, "f", POINTER_ONE, "", "frames", "", NULL) /* kept for backward code in later windows */ \
    X(WEIGHT, "weight", POINTER_ONE, "const ", "weight", "", NULL)                                \
    X(RESET, "reset", POINTER_ONE, "const ", "reset", "", NULL)                                   \
    X(MASK, "mask", POINTER_ONE, "const ", "mask", "", NULL)                                      \
    X(LOSSES, "loss", POINTER_ONE, "", "losses", "", "losses")                                    \
    X(NAMED, "named", POINTER_ONE, "", "named", "", "named")                                      \
    X(PROBES, "probe", POINTER_ONE, "", "probes", "", NULL)                                       \
    X(PROBE_GRADS, "probe_grad", POINTER_ONE, "", "probe_grads", "", NULL)                        \
    X(STATE_GRADS, "state_grad", POINTER_ONE, "", "state_grads", "", NULL)                        \
    X(WORK, "w", POINTER_ONE, "", "work", "", "work") /* `owner` says whose; planned */           \
    X(VERSION, "p", POINTER_SLOT, "const ", "versions", "", NULL) /* parameters as slot `index` saw them */ \
    X(INPUT, "in", POINTER_ARRAY, "const ", "input", "const ", "input") /* one array each, `index` */ \
    X(TARGET, "target", POINTER_ARRAY, "const ", "target", "const ", "target")                    \
    X(OUTPUT, "out", POINTER_ARRAY, "", NULL, "", "output")                                       \
    X(PACKED, "packs", POINTER_PACKS, "", "packs", "", NULL) /* weights as products read them */ \
    X(SCRATCH, "w", NO_POINTER, "", NULL, "", NULL) /* of kernels, behind what is planned in the workspace */

typedef enum Block {
#define X(NAME, word, pointers, window_const, window, step_const, step) BLOCK_##NAME,
    BLOCKS(X)
#undef X
    NBLOCKS
} Block;

typedef enum Pointers {
    NO_POINTER,
    POINTER_ONE,   /* to the block */
    POINTER_EACH,  /* to each tensor in it, by its name */
    POINTER_ARRAY, /* to each array that the field lists */
    POINTER_SLOT,  /* to that of each slot */
    POINTER_PACKS  /* to the caller's, or where it has none to the workspace's end */
} Pointers;

typedef struct BlockField {
    const char *constant, *name; /* name NULL: there is none */
} BlockField;

typedef struct BlockInfo {
    const char *word;
    Pointers pointers;
    BlockField window, step;
} BlockInfo;

extern const BlockInfo block_table[NBLOCKS];

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
