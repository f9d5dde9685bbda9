/* fixed_internal.h - what the files of quantisation share. */
#ifndef FIXED_INTERNAL_H
#define FIXED_INTERNAL_H

#include "schedule/fixed.h"

/* Values may exceed what was seen of them by a quarter, and saturate beyond. */
#define MARGIN 1.25

typedef struct FixedBuffer {
    int32_t size, first, last, at; /* elements of int16_t; the units from which to which it holds something */
} FixedBuffer;

/* A value's copy of 8 bits. */
typedef struct Narrowed {
    FixedPlace of, place;
    double scale; /* of one unit */
    int32_t size;
} Narrowed;

/* c / sqrt(mean c^2 + eps), as layer_norm has it: c. */
typedef struct FixedNormal {
    int32_t row;
    double eps;
} FixedNormal;

typedef struct Quantiser {
    const tl_program *p;
    const tl_model *m;
    FixedProgram *out;
    const FixedRange *range;
    const double *const *value;
    const double *params;
    Arena *arena;
    bool *wanted, *placed;
    double *bound, *state_bound;
    double *cap;        /* beyond which a value's users do not tell it from its cap; INFINITY */
    FixedNormal *normal; /* of a division that normalises a row; of others row is -1 */
    int32_t *bits;
    FixedPlace *place;
    FixedBuffer *buffer;
    int32_t nbuffers;
    Narrowed *narrowed;
    int32_t nnarrowed;
} Quantiser;

static inline int32_t arg_of(const Quantiser *z, int32_t i, int32_t k) { return z->p->args[z->p->instr[i].args + k]; }

static inline int32_t size_of(const Quantiser *z, int32_t i)
{
    int32_t n = 1;
    for (int32_t d = 0; d < z->p->instr[i].rank; d++)
        n *= z->p->instr[i].dim[d];
    return n;
}

static inline int32_t clamp_shift(int32_t r) { return r < -16 ? -16 : r > 31 ? 31 : r; }

/* Of the format that holds this magnitude: at most one unit is lost of a power of two. */
int32_t bits_for(double most);
/* A quarter more than was seen of a value, if there can be more and its users can tell. */
double room_for(const Quantiser *, int32_t i);
/* The same in other bits: a constant that is compared. */
FixedPlace constant_in(Quantiser *, int32_t i, int32_t bits, bool *one);
double first_value(const Quantiser *, int32_t state, int32_t element);
FixedPlace place_of(Quantiser *, int32_t i, bool *one);
FixedPlace new_buffer(Quantiser *, int32_t size, bool narrow);
/* i: the instruction that it is for; -1. Valid until the next one. */
FixedUnit *new_unit(Quantiser *, FixedKind, const char *function, int32_t i);

/* fixed_rules.c: the units of an instruction with data. A sentence where there is no rule. */
char *fixed_rule(Quantiser *, int32_t i);
/* fixed_normal.c: finds the divisions that normalise a row; a unit of one. */
void find_normals(Quantiser *);
char *fixed_normal(Quantiser *, int32_t i);
/* fixed_products.c */
char *fixed_product(Quantiser *, int32_t i);
char *fixed_row(Quantiser *, int32_t i);
/* fixed_tables.c: the number of the table that has the function of instruction i, from argument's to value's format, exact to
 * `units` of the value over the arguments from `least` to `most`; where 2^10 intervals are not enough, there is a remark. */
int32_t fixed_table(Quantiser *, int32_t i, int32_t from, int32_t to, double least, double most, double units);

#endif
