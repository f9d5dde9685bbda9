/* ops.h - the one table of operations.
 *
 * Every consumer (shape rules, folding, adjoints, the C printer, the interpreter's forward and
 * backward) expands this table to build its own table of functions, named after the operation.
 * A row without a rule somewhere is an undefined name: forgetting one does not compile.
 *
 * X(NAME, word, nargs, kind)
 *   NAME   the enumerator is OP_NAME
 *   word   what dumps and messages call it
 *   nargs  number of operands, -1 for any number
 *   kind   how consumers treat it, see TL_KINDS
 *
 * Conventions. A value has a shape of one example (rank <= TL_MAX_RANK, row-major) and is either
 * shared by all lanes or per lane ("batched"); then its storage is [B][shape...]. All values are
 * real except tokens, which are int32. `dim` attributes count from 0.
 *
 * Attributes (attr[], num[]):
 *   const              num[0] the value, the same in every element
 *   table              attr[0] which of the model's tables of numbers holds the elements, row-major
 *   param input target state probe past   attr[0] index in the model's table; probe, past: attr[1] slot
 *   dropmask           num[0] probability of zero, attr[0] stream number; 0 or 1/(1-p)
 *   powc               num[0] exponent
 *   clamp              num[0] lower, num[1] upper bound
 *   sum                result shape is the operand's with some dims set to 1 (those are summed),
 *                      or the same rank-aligned rule as broadcasting backwards; attr[0] = 1 sums
 *                      over the lanes as well, result shared
 *   reshape            attr[0] = 1: of one lane, which is all there are; result shared
 *   expand             result shape: the operand broadcast to it (NumPy's rules), maybe to lanes
 *   matmul             attr[0] = a transposed, attr[1] = b transposed, attr[2] = 1 sums over the
 *                      lanes (result shared). Both operands have rank 2. A third is of the result's
 *                      shape, or one row that lanes share: what the sums begin with
 *   slice concat       attr[0] dim; slice: attr[1] first index
 *   softmax log_softmax  attr[0] dim
 *   patches unpatches max_pool unpool   attr[0], attr[1] height and width of a window that slides
 *                      over an image {C, H, W}; attr[2], attr[3] its steps; attr[4], attr[5] rows of
 *                      padding above and below, columns of it left and right. The window stands at
 *                      OH x OW places, see tl_patch_places.
 *   acc                attr[0] the value whose adjoint it sums;  copy: attr[0] its number
 * Streams of dropmask are unique within a model.
 */
#ifndef TAPELESS_OPS_H
#define TAPELESS_OPS_H

#include <stdint.h>

#define TL_MAX_RANK 5
#define TL_SPEC_RANK (TL_MAX_RANK - 1) /* of what a spec writes: the derivatives of that have one dim more */
#define TL_ATTRS 6

/* The operations that may stand in a step, written by the user or by nn. */
#define TL_STEP_OPS(X)                                                                            \
    X(CONST, "const", 0, LEAF)                                                                    \
    X(TABLE, "table", 0, LEAF)                                                                    \
    X(PARAM, "param", -1, LEAF) /* with "versions", in a slot: one operand, the one of today */   \
    X(INPUT, "input", 0, LEAF)                                                                    \
    X(TARGET, "target", 0, LEAF)                                                                  \
    X(STATE, "state", -1, LEAF) /* in a window: one operand, the value the step before left */    \
    X(PAST, "past", 0, LEAF)    /* what a window's head sees of one of its steps */               \
    X(DROPMASK, "dropmask", 0, LEAF)                                                              \
    X(ADD, "add", 2, POINTWISE)                                                                   \
    X(SUB, "sub", 2, POINTWISE)                                                                   \
    X(MUL, "mul", 2, POINTWISE)                                                                   \
    X(DIV, "div", 2, POINTWISE)                                                                   \
    X(MAX, "max", 2, POINTWISE)                                                                   \
    X(MIN, "min", 2, POINTWISE)                                                                   \
    X(GT, "gt", 2, POINTWISE)                                                                     \
    X(GE, "ge", 2, POINTWISE)                                                                     \
    X(LT, "lt", 2, POINTWISE)                                                                     \
    X(LE, "le", 2, POINTWISE)                                                                     \
    X(EQ, "eq", 2, POINTWISE)                                                                     \
    X(WHERE, "where", 3, POINTWISE)                                                               \
    X(NEG, "neg", 1, POINTWISE)                                                                   \
    X(POWC, "powc", 1, POINTWISE)                                                                 \
    X(CLAMP, "clamp", 1, POINTWISE)                                                               \
    X(TANH, "tanh", 1, POINTWISE)                                                                 \
    X(SIGMOID, "sigmoid", 1, POINTWISE)                                                           \
    X(RELU, "relu", 1, POINTWISE)                                                                 \
    X(SOFTPLUS, "softplus", 1, POINTWISE)                                                         \
    X(EXP, "exp", 1, POINTWISE)                                                                   \
    X(LOG, "log", 1, POINTWISE)                                                                   \
    X(SQRT, "sqrt", 1, POINTWISE)                                                                 \
    X(ABS, "abs", 1, POINTWISE)                                                                   \
    X(SQUARE, "square", 1, POINTWISE)                                                             \
    X(SIN, "sin", 1, POINTWISE)                                                                   \
    X(COS, "cos", 1, POINTWISE)                                                                   \
    X(RESHAPE, "reshape", 1, VIEW)                                                                \
    X(TRANSPOSE, "transpose", 1, VIEW) /* swaps the last two dims */                              \
    X(SLICE, "slice", 1, VIEW)                                                                    \
    X(EXPAND, "expand", 1, VIEW)                                                                  \
    X(STOP, "stop_gradient", 1, VIEW)                                                             \
    X(CONCAT, "concat", -1, COPY)                                                                 \
    X(SUM, "sum", 1, REDUCE)                                                                      \
    X(SOFTMAX, "softmax", 1, ROWWISE)                                                             \
    X(LOG_SOFTMAX, "log_softmax", 1, ROWWISE)                                                     \
    X(MATMUL, "matmul", -1, MATMUL) /* in a window maybe a third operand, that the sums begin with */ \
    X(GATHER, "gather", 2, INDEX) /* (W {V, E} shared, token) -> {E}: row W[token] */             \
    X(PICK, "pick", 2, INDEX)     /* (x {V}, token) -> {}: x[token] */                            \
    X(PATCHES, "patches", 1, PATCH)   /* {C, H, W} -> {C KH KW, OH OW}: a column for each place */\
    X(MAX_POOL, "max_pool", 1, PATCH) /* {C, H, W} -> {C, OH, OW}: the largest, padding aside */

/* The operations that only unrolling and differentiation make. */
#define TL_WINDOW_OPS(X)                                                                          \
    X(WEIGHT, "weight", 0, LEAF)     /* {} per lane: d reduced loss / d loss of this step */      \
    X(RESET, "reset", 0, LEAF)       /* {} per lane: 1 where a sequence starts at this step */    \
    X(MASK, "mask", 0, LEAF)         /* {} per lane: 0 where this step is padding */              \
    X(UNPICK, "unpick", 2, INDEX)    /* (g {}, token) -> {V}: g at token, 0 elsewhere */          \
    X(SCATTER, "scatter", 2, INDEX)  /* (g {E}, token) -> {V, E} shared: rows added by token */   \
    X(UNPATCHES, "unpatches", 1, PATCH) /* {C KH KW, OH OW} -> {C, H, W}: columns added back */    \
    X(UNPOOL, "unpool", 2, PATCH)    /* (x {C, H, W}, g {C, OH, OW}) -> {C, H, W}: g added where x\
                                        is the first in its window to be the largest */           \
    X(PROBE, "probe", 1, COPY)       /* the operand, where the caller sees it: attr[0] which probe */\
    X(ACC, "acc", -1, COPY)          /* (more) stores; (so far, more) adds, in so far's storage */\
    X(COPY, "copy", 1, COPY)         /* the operand, in storage of its own */

#define TL_OPS(X) TL_STEP_OPS(X) TL_WINDOW_OPS(X)

typedef enum tl_op {
#define X(name, word, nargs, kind) OP_##name,
    TL_OPS(X)
#undef X
    TL_OP_COUNT
} tl_op;

/* The kinds. Who treats operations by kind expands this table too, to tables of functions named after the kind: in the
 * compiler shape.c and select.c, in the interpreter interp_check.c.
 *
 * X(KIND, computed, stands, token)
 *   computed  1: the result is made, 0: it is found where other values stand
 *   stands    1: operands are read from memory, so that a constant must be put there; 0: they may be numbers in the
 *             code, or the operation has a rule of its own (matmul)
 *   token     the operand that is a token, -1: none is */
#define TL_KINDS(X)                                                                               \
    X(LEAF, 0, 0, -1)      /* a place where a value is found (dropmask fills one) */              \
    X(POINTWISE, 1, 0, -1) /* element by element, operands broadcast; these are fused */          \
    X(VIEW, 0, 0, -1)      /* another way to index the operand's storage */                       \
    X(COPY, 1, 0, -1)      /* moves values; concat and acc only where parts cannot be made in place */ \
    X(REDUCE, 1, 1, -1)                                                                           \
    X(ROWWISE, 1, 1, -1)   /* along one dim */                                                    \
    X(MATMUL, 1, 0, -1)                                                                           \
    X(INDEX, 1, 1, 1)      /* addressed by a token */                                             \
    X(PATCH, 1, 1, -1)     /* a window slides over an image */

typedef enum tl_kind {
#define X(KIND, computed, stands, token) TL_##KIND,
    TL_KINDS(X)
#undef X
    TL_KIND_COUNT
} tl_kind;

typedef struct tl_kind_info {
    int computed, stands, token;
} tl_kind_info;

extern const tl_kind_info tl_kind_table[TL_KIND_COUNT];

typedef struct tl_op_info {
    const char *word;
    int nargs;
    tl_kind kind;
} tl_op_info;

extern const tl_op_info tl_op_table[TL_OP_COUNT];

/* At how many places a window fits along one dim of an image, by steps of `step` and with `padding`
 * at both ends: (size + 2 padding - window) / step + 1, rounded down. 0 where it does not fit, where
 * a number is out of range (window, step >= 1, padding >= 0) or the padded size is above 2^28. */
int32_t tl_patch_places(int32_t size, int32_t window, int32_t step, int32_t padding);

#endif
