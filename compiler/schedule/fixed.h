/* fixed.h - a step in fixed point: what is quantised (quantise.c) and printed (emit_fixed.c).
 *
 * A unit is one call of a function of <tapeless/fixed.h>, within loops over the first dims of its extent. Operands are places
 * in blocks. A value of the step is q / 2^bits in int16_t; weights are rows of int8_t or int16_t. */
#ifndef FIXED_H
#define FIXED_H

#include <tapeless/program.h>
#include "graph/model.h"

enum { FIXED_DIMS = TL_MAX_RANK, FIXED_OPERANDS = 3, FIXED_NUMBERS = 4 };

typedef enum FixedBlock {
    FIXED_VALUES,    /* of this step */
    FIXED_NARROW,    /* bytes within them, for products of 8 bits */
    FIXED_STATE,
    FIXED_CONSTANTS,
    FIXED_INPUT, FIXED_OUTPUT, /* `index` says which */
    FIXED_WEIGHTS    /* `index` says which */
} FixedBlock;

typedef struct FixedPlace {
    FixedBlock block;
    int32_t index, at;
    int32_t stride[FIXED_DIMS]; /* by the unit's extents */
} FixedPlace;

typedef enum FixedKind {
    FIXED_EACH,     /* name(y, a, b, c, n, numbers): the last extent is n */
    FIXED_SUM,      /* over the extents from `kept` on */
    FIXED_PRODUCT,  /* of weights and a value: rows, columns, k are number[0..2] */
    FIXED_BETWEEN,  /* of two values, likewise, and the shift */
    FIXED_TO_NARROW,
    FIXED_ROW,      /* of weights, by a token */
    FIXED_PICK,     /* so many elements of a value, from a token times these on */
    FIXED_WINDOW    /* patches, max_pool */
} FixedKind;

typedef struct FixedUnit {
    FixedKind kind;
    const char *function; /* of <tapeless/fixed.h> */
    int32_t file_line;    /* of the spec; 0: none */
    const char *file;
    int32_t extent[FIXED_DIMS];
    FixedPlace y, operand[FIXED_OPERANDS];
    int32_t noperands, nnumbers, kept;
    int32_t number[FIXED_NUMBERS];
    int32_t table;        /* -1: none */
    int32_t window[11];   /* of tl_fixed_window */
} FixedUnit;

/* Rows of one scale each. */
typedef struct FixedWeights {
    const char *name;
    int32_t rows, columns;
    bool narrow;          /* int8_t; else int16_t */
    const int16_t *q;     /* [rows][columns] */
    const int32_t *factor; /* [rows] of narrow products; NULL */
    const int8_t *shift;  /* [rows]; NULL: of an embedding */
} FixedWeights;

/* A function's values at the ends of 2^(16 - shift) intervals, see tl_fixed_between. */
typedef struct FixedTable {
    tl_op op;
    double exponent;
    int32_t from, to;     /* bits of argument and value */
    int32_t shift, count;
    const int16_t *q;
} FixedTable;

typedef struct FixedProgram {
    Arena *arena;
    const Model *model;
    const tl_model *tables; /* the same, lowered */
    bool narrow;          /* int8: weights, and what products read */
    FixedUnit *unit;
    int32_t nunits;
    FixedWeights *weights;
    int32_t nweights;
    FixedTable *table;
    int32_t ntables;
    int16_t *constant;
    int32_t nconstants;
    int32_t values, states; /* elements */
    const int32_t *input_bits, *output_bits; /* [ninputs], [noutputs]; of a token 0 */
    const int32_t *state_bits, *state_at;    /* [tl_step_tensors] as tl_step has them, and elements before each */
    const int16_t *first;   /* [states] the state before a sequence */
    int64_t products;       /* multiplications of a step */
    int64_t weight_bytes, table_bytes;
    const char *remark;     /* what is less exact than it could be; NULL */
} FixedProgram;

/* What was seen of an instruction's values. */
typedef struct FixedRange {
    double least, most;   /* least > most: none were seen */
} FixedRange;

/* By ranges [program->count] of the values, and the numbers that instructions without data have (`value`, NULL of those that
 * have data). NULL with a malloc'ed sentence. */
FixedProgram *quantise(const Model *, const tl_model *, const tl_program *, const FixedRange *, const double *const *value,
                       const double *params, bool narrow, char **error);
void fixed_free(FixedProgram *);

/* The nearest unit of so many bits, halves away from 0; the least of NaN. */
int16_t fixed_quantum(double v, int32_t bits);

/* Whether instruction i depends on no data: [program->count], to be freed. */
bool *fixed_without_data(const tl_program *);

#endif
