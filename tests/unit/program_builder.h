/* program_builder.h - step programs by hand, for tests of what runs them.
 *
 * Functions that add an instruction return its index. Shapes of results are inferred where the
 * operation decides them. Everything lives in the Builder; builder_finish makes its model and
 * program ready. */
#ifndef PROGRAM_BUILDER_H
#define PROGRAM_BUILDER_H

#include <stdbool.h>

#include <tapeless/program.h>

enum { MAX_INSTR = 96, MAX_ARGS = 256, MAX_TENSORS = 12 };

typedef struct Shape {
    int32_t rank;
    int32_t dim[TL_MAX_RANK];
} Shape;

#define SHAPE(...)                                                                                \
    ((Shape) { sizeof (int32_t[]) { __VA_ARGS__ } / sizeof (int32_t), { __VA_ARGS__ } })
#define NO_DIMS ((Shape) { 0, { 0 } })

typedef struct Builder {
    tl_instr instr[MAX_INSTR];
    int32_t args[MAX_ARGS];
    int32_t count, nargs;
    tl_tensor params[MAX_TENSORS], inputs[MAX_TENSORS], targets[MAX_TENSORS];
    tl_tensor states[MAX_TENSORS], outputs[MAX_TENSORS], probes[MAX_TENSORS], past[MAX_TENSORS];
    int32_t next_state[MAX_TENSORS], output[MAX_TENSORS], probe[MAX_TENSORS];
    int32_t past_node[MAX_TENSORS], past_state[MAX_TENSORS];
    tl_table table[MAX_TENSORS];
    int32_t ntables;
    tl_model model;
    tl_program program;
} Builder;

void builder_start(Builder *, int32_t k2, int32_t batch);
void builder_finish(Builder *, tl_type real); /* may be called again, with another type */
bool builder_contains(const Builder *, tl_op);

/* Leaves. */
int32_t add_const(Builder *, double value, Shape);
int32_t add_table(Builder *, const double *values, Shape); /* values stay the caller's */
int32_t add_param(Builder *, Shape);
int32_t add_input(Builder *, Shape);
int32_t add_token(Builder *, int32_t vocab); /* an input */
int32_t add_target(Builder *, Shape);
int32_t add_token_target(Builder *, int32_t vocab);
int32_t add_state(Builder *, Shape, double start);
int32_t add_learned_state(Builder *, Shape); /* and the parameter that it starts from */
int32_t add_dropmask(Builder *, Shape, double p, int32_t stream);

/* Operations. */
int32_t add_op1(Builder *, tl_op, int32_t a); /* shape and lanes as the operand's */
int32_t add_op2(Builder *, tl_op, int32_t a, int32_t b); /* pointwise, broadcast */
int32_t add_where(Builder *, int32_t c, int32_t a, int32_t b);
int32_t add_powc(Builder *, int32_t a, double exponent);
int32_t add_clamp(Builder *, int32_t a, double lo, double hi);
int32_t add_reshape(Builder *, int32_t a, Shape);
int32_t add_transpose(Builder *, int32_t a);
int32_t add_slice(Builder *, int32_t a, int32_t dim, int32_t from, int32_t count);
int32_t add_expand(Builder *, int32_t a, Shape, bool batched);
int32_t add_concat(Builder *, int32_t dim, int32_t n, const int32_t *parts);
int32_t add_sum(Builder *, int32_t a, Shape result, bool lanes);
int32_t add_softmax(Builder *, tl_op, int32_t a, int32_t dim);
int32_t add_matmul(Builder *, int32_t a, int32_t b, bool ta, bool tb, bool lanes);
int32_t add_gather(Builder *, int32_t a, int32_t token);
int32_t add_pick(Builder *, int32_t a, int32_t token);
int32_t add_patches(Builder *, int32_t a, const int32_t *window);
int32_t add_max_pool(Builder *, int32_t a, const int32_t *window);
int32_t add_probe(Builder *, int32_t a); /* marks a, which it returns */

/* Instructions added from here on are of a head over the window. What it sees of a slot: the value of
 * an instruction of the step, or for a state, as add_state returned it, what the step left of it. */
void begin_head(Builder *);
int32_t add_past(Builder *, int32_t seen, int32_t slot);

/* Results. */
void set_loss(Builder *, int32_t i);
void set_next(Builder *, int32_t state, int32_t i); /* `state` as add_state returned it */
void add_output(Builder *, int32_t i);

Shape shape_of(const Builder *, int32_t i);

#endif
