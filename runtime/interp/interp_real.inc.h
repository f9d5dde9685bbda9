/* interp_real.inc.h - the interpreter in one precision. The file that includes this defines
 *   REAL                 float or double
 *   GEMM, DROPMASK       the BLAS product and the dropout mask of that type
 *   WINDOW, STEP         names of the two functions that this defines
 *
 * A rule of an operation is a pair of functions, side by side in the files below:
 *   forward_OP(ip, i)    computes the value of instruction i from those of its operands
 *   backward_OP(ip, i)   adds to the adjoints of its operands; runs only where a gradient reached i
 * "Adjoint" is the gradient of the window's weighted loss with respect to a value (Griewank &
 * Walther, 2008). Shapes in comments leave out the lanes.
 */
#include "blas.h"
#include <string.h>
#include <tgmath.h>

#include "interp_internal.h"
#include "interp_walk.h"
#include "random.h"

typedef struct tl_interp Interp;

static const tl_instr *instr(const Interp *ip, int32_t i)
{
    return &ip->program->instr[i];
}

static int32_t operand(const Interp *ip, int32_t i, int32_t k)
{
    return ip->program->args[instr(ip, i)->args + k];
}

static REAL *value(const Interp *ip, int32_t i)
{
    return ip->value[i];
}

static size_t lanes_of(const Interp *ip, int32_t i) /* how many copies of the value there are */
{
    return instr(ip, i)->batched ? ip->lanes : 1;
}

static size_t elements(const Interp *ip, int32_t i)
{
    return ip->size[i] * lanes_of(ip, i);
}

static size_t lane_stride(const Interp *ip, int32_t i)
{
    return instr(ip, i)->batched ? ip->size[i] : 0;
}

/* The adjoint that arrived at instruction i, complete. */
static const REAL *arrived(const Interp *ip, int32_t i)
{
    return (const REAL *)(const void *)(ip->adjoints + ip->adjoint_at[i]);
}

/* The adjoint of instruction i, to add to. Asking for it is what says that a gradient reaches i;
 * an operand without a derivative is not asked for, and what lies behind it is not run. */
static REAL *adjoint(Interp *ip, int32_t i)
{
    REAL *a = (REAL *)(void *)(ip->adjoints + ip->adjoint_at[i]);
    if (!ip->reached[i])
        memset(a, 0, elements(ip, i) * sizeof(REAL));
    ip->reached[i] = 1;
    return a;
}

static void add_to(REAL *to, const REAL *from, size_t n)
{
    for (size_t e = 0; e < n; e++)
        to[e] += from[e];
}

#define NO_GRADIENT(OP)                                                                           \
    static void backward_##OP(Interp *ip, int32_t i)                                              \
    {                                                                                             \
        (void)ip;                                                                                 \
        (void)i;                                                                                  \
    }

#include "interp_reduce.inc.h"
#include "interp_leaf.inc.h"
#include "interp_pointwise.inc.h"
#include "interp_shape.inc.h"
#include "interp_softmax.inc.h"
#include "interp_matmul.inc.h"
#include "interp_index.inc.h"
#include "interp_patches.inc.h"

typedef struct Rules {
    void (*forward)(Interp *, int32_t);
    void (*backward)(Interp *, int32_t);
} Rules;

static const Rules rules[TL_OP_COUNT] = {
#define X(NAME, word, nargs, kind) [OP_##NAME] = { forward_##NAME, backward_##NAME },
    TL_STEP_OPS(X)
#undef X
};

#include "interp_window.inc.h"
