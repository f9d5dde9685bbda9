/* kernel.h - what a unit does, as a value: a loop nest, how each operand is walked along it, and a body.
 *
 * A kernel knows no place, no name and no node: calls (select.h) say where its arguments stand. Two units
 * that do the same at different places have equal kernels, and equal kernels are one. For that a kernel has
 * one form: numbers are rounded to the model's precision, and a stride along a dim of one element is 0
 * (index kernels keep theirs).
 *
 * Aliases. What one access writes, no other access of the same call touches (check_calls.c), so every
 * argument is `restrict`. Accesses that only read may overlap; those of one kernel that begin at the same place
 * may share an argument. */
#ifndef KERNEL_H
#define KERNEL_H

#include <stdbool.h>
#include <stdint.h>

#include <tapeless/ops.h>
#include "graph/arena.h"

enum {
    MOST_DIMS = TL_MAX_RANK + 2, /* of a nest: slots, lanes and the dims of an example; or a sliding window's loops */
    MOST_OPERANDS = 3,
    NOT_STORED = -1
};

/* Dim 0 is outermost. A kernel that computes a run of slots at once is told their number when it is called. */
typedef struct Nest {
    int32_t rank;
    int64_t extent[MOST_DIMS];
    int32_t slots; /* 1 + the dim whose extent is that for each slot; 0: none */
} Nest;

static inline bool dim_of_slots(const Nest *n, int32_t d) { return n->slots == d + 1; }

typedef enum KernelKind {
    KERNEL_LOOP,        /* `body` at each element of the nest */
    KERNEL_SUM_INSIDE,  /* y = sum of x over the dims from `kept` on: one accumulator a result */
    KERNEL_SUM_OUTSIDE, /* the same over dim `kept` alone: row after row is added to y, neighbours to neighbours */
    KERNEL_SOFTMAX,     /* of x along the last dim */
    KERNEL_PRODUCT,     /* nest {lanes, m, n, k}: y {m, n} = a {m, k} b {k, n}, transpositions in the strides;
                           where y does not move along the lanes they add to it */
    KERNEL_INDEX,       /* nest {lanes, elements} or {lanes}: y, x, token, which addresses y or x */
    KERNEL_SLIDE,       /* nest {lanes, channels, places i, j, elements u, v}: y, x, and g of unpool */
    KERNEL_DROPMASK     /* nest {lanes, elements}: the runtime's function fills y */
} KernelKind;

enum { DIM_LANES, DIM_M, DIM_N, DIM_K };                            /* of a product */
enum { DIM_CHANNELS = 1, DIM_ROW, DIM_COL };                        /* of an image that a window slides over */
enum { DIM_PLACE_I = 2, DIM_PLACE_J, DIM_ELEMENT_U, DIM_ELEMENT_V }; /* of the window */

typedef struct Access {
    uint32_t argument;
    int64_t stride[MOST_DIMS]; /* along the nest's dims, elements; 0: not moved */
    int64_t token_stride;      /* if addressed: what a token is worth */
    bool written;
    bool add;       /* to what stands there */
    bool token;     /* int32 */
    bool addressed; /* by the token of the same lane */
    bool image;     /* the strides are those of lanes, channels, rows, columns */
} Access;

typedef enum OperandFrom { FROM_NUMBER, FROM_ACCESS, FROM_RESULT } OperandFrom;

typedef struct Operand {
    OperandFrom from;
    uint32_t index; /* of the access, or of an earlier instruction */
    double number;
} Operand;

/* A pointwise operation at one element. */
typedef struct Instruction {
    tl_op op;
    uint32_t noperands;
    double number[2]; /* of powc and clamp */
    Operand operand[MOST_OPERANDS];
    int32_t store; /* the access that it goes to, or NOT_STORED */
    bool used;     /* by a later instruction */
} Instruction;

/* The templates of <tapeless/product.h>, and BLAS. */
typedef enum FormKind {
    FORM_BLAS,             /* a call, or one a lane */
    FORM_LOOPS,            /* no template: a loop nest, of a reduction of one or two, or where there is no BLAS */
    FORM_PACKED,           /* b stands packed in panels */
    FORM_IN_PLACE,         /* b {k, n} as it stands */
    FORM_STREAMED,         /* the same for one row: so many rows of b at a time, larger than a cache */
    FORM_DOTS,             /* b transposed, as it stands */
    FORM_DOTS_BY_HALVES,   /* the same for one row, by vectors of half the width */
    FORM_GRADIENT,         /* a transposed, b as it stands: the reduction is along the rows of both */
    FORM_GRADIENT_PACKED,  /* the same by blocks of rows, packed into a scratch: the fourth access */
    FORM_GRADIENT_NARROW   /* the same, n smaller than a vector */
} FormKind;

typedef struct Form {
    FormKind kind;
    int32_t rows, vectors, chains; /* of a tile; of dots, `vectors` columns; of what is streamed, `rows` of b */
    int32_t block_rows;            /* at a time; 0: all */
    bool turns;                    /* through b from its end in every other slot: what was read last is still in a cache.
                                      Its function is told by its last parameter */
} Form;

static inline bool form_has_scratch(const Form *f) { return f->kind == FORM_GRADIENT_PACKED; }

/* A window of size[0] x size[1] slides over an image of high x wide. */
typedef struct Slide {
    int32_t high, wide, size[2], step[2], padding[2];
} Slide;

typedef struct Kernel {
    KernelKind kind;
    tl_op op; /* of the one operation; in a loop, its first */
    Nest nest;
    uint32_t narguments, naccesses, ninstructions;
    Access *access;     /* of one operation: the result, then the operands in order */
    Instruction *body;  /* of a loop */
    bool by_halves;     /* of a loop over no more than a vector of 64 bytes: by two of half the width. Such a step of one
                           row is a chain from product to loop to product, and dots by halves read and write halves */
    int32_t kept;       /* of a sum inside */
    Nest clear;         /* of an index kernel: what is set to 0 first, y along clear_stride; rank 0: nothing */
    int64_t clear_stride[MOST_DIMS];
    Slide slide;
    Form form;          /* of a product */
    double probability; /* of a dropmask */
    int32_t stream;
} Kernel;

/* An operand of a product: element (i, j) of lane b stands at i * row + j * col + b * lane. */
typedef struct Matrix {
    int64_t rows, cols, row, col, lane;
} Matrix;

Matrix product_matrix(const Kernel *, uint32_t access);
/* Neighbours in a row stand next to each other, and rows do not overlap. */
bool matrix_by_rows(const Matrix *);
/* One for each of several lanes. */
static inline bool product_has_lanes(const Kernel *k)
{
    return k->nest.extent[DIM_LANES] > 1 || dim_of_slots(&k->nest, DIM_LANES);
}
static inline bool product_adds_lanes(const Kernel *k)
{
    return product_has_lanes(k) && !k->access[0].stride[DIM_LANES];
}

/* Kernels, each once, in the order in which they were first wanted. */
typedef struct Kernels {
    Arena *arena;
    Kernel *kernel;
    uint32_t count, capacity;
    struct KernelKey *key; /* [count] */
    uint32_t *slot;        /* open addressing: number + 1, 0 free */
    uint32_t nslots;
} Kernels;

Kernels *kernels_new(void);
void kernels_free(Kernels *);
/* The number of the kernel that is equal; a copy is added if there is none. */
uint32_t kernels_add(Kernels *, const Kernel *);

#endif
