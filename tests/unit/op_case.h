/* op_case.h - a recurrent model around one operation, for checking its derivative in a window.
 *
 * A case is begun, given operands, the operation, and ended with the operation's value r. Around
 * it the case puts a state h {2} with a learned start:
 *     loss = sum(r * c) + sum(h)^2,   h' = tanh(u * h + v * sum(r * c))
 * with parameters u, v {2} and an input c. Each operand is a function of parameters of its own
 * and, where it is per lane, of an input and of h; so gradients arrive at the operation from the
 * loss and from later steps, and leave it towards parameters and earlier steps. */
#ifndef OP_CASE_H
#define OP_CASE_H

#include "window_run.h"

typedef struct OpCase {
    Builder b;
    int32_t h, sum_h;
    double lo[MAX_TENSORS], hi[MAX_TENSORS];             /* of each parameter */
    double input_lo[MAX_TENSORS], input_hi[MAX_TENSORS]; /* of each input */
} OpCase;

enum { CASE_K2 = 3, CASE_BATCH = 3 };

void case_begin(OpCase *);

/* p + q (shared), or p * x + sum(h) / 20 (per lane): between lo and hi, give or take 0.15. */
int32_t case_operand(OpCase *, Shape, bool batched, double lo, double hi);
int32_t case_param(OpCase *, Shape, double lo, double hi);
int32_t case_input(OpCase *, Shape, double lo, double hi);

void case_end(OpCase *, int32_t r);

/* Random data for a window of slots `first` and on; weights of some steps 0, some lanes reset. */
void case_data(const OpCase *, int32_t first, WindowData *);

/* Ends the case and checks it: in windows of 3, 2 and 1 steps, finite differences within 1e-7
 * and f32 against f64 within 2e-6. Fails the test unless the case contains `op`. */
void case_check(OpCase *, tl_op op, int32_t r);

/* Checks a case that was ended, in windows of 3 to `least` steps. */
void case_check_windows(OpCase *, tl_op op, int32_t least);

/* For one operation, every case of it; NULL for an operation without cases. */
typedef void OpCases(tl_op);
extern OpCases *const leaf_cases[TL_OP_COUNT], *const pointwise_cases[TL_OP_COUNT];
extern OpCases *const shape_cases[TL_OP_COUNT], *const product_cases[TL_OP_COUNT];
extern OpCases *const patch_cases[TL_OP_COUNT];

#endif
