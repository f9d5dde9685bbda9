/* jacobian_diff.h - the Jacobian of a stream by every way there is, which have to agree: generated code in reverse mode, the
 * interpreter in reverse mode and, where the stream is no longer than k2, generated code in forward mode and by blocks. */
#ifndef JACOBIAN_DIFF_H
#define JACOBIAN_DIFF_H

#include "cli/jacobian.h"

typedef struct JacobianDiff {
    const StreamFile *data;
    const tl_st *params; /* NULL: random ones of `seed` */
    uint64_t seed;
    double tolerance;    /* -1: 2e-6 in f32, 1e-12 in f64 */
    int32_t block;       /* steps of one; 0: 3 */
} JacobianDiff;

/* Prints a row a parameter: || difference || / || Jacobian ||, of all steps and lanes; a parameter whose part is a thousandth of
 * the whole is measured against that. The status: 0 agree, 1 not, 2 after a sentence. */
int jacobian_diff(const JacobianDiff *, const Model *, const CompileOptions *);

#endif
