#include "passes/adjoint.h"

/* Shorthand for the constructors, local to the rules: n is the node, g its adjoint. */
#define RULE(NAME) static void adjoint_##NAME(Adjoints *s, Graph *G, Ref n, Ref g)
#define A arg_at(G, n, 0)
#define B arg_at(G, n, 1)
#define NOTHING (void)s, (void)G, (void)n, (void)g

static Ref sub(Graph *G, Ref a, Ref b) { return graph_op2(G, OP_SUB, a, b); }
static Ref mul(Graph *G, Ref a, Ref b) { return graph_op2(G, OP_MUL, a, b); }
static Ref over(Graph *G, Ref a, Ref b) { return graph_op2(G, OP_DIV, a, b); }
static Ref neg(Graph *G, Ref a) { return graph_op1(G, OP_NEG, a); }
static Ref test(Graph *G, tl_op op, Ref a, Ref b) { return graph_op2(G, op, a, b); }
static Ref number(Graph *G, double v) { return graph_const(G, v, (Shape){ 0 }); }

/* ---- leaves: the end of the road ---- */

RULE(CONST) { NOTHING; }
RULE(TABLE) { NOTHING; }
RULE(INPUT) { NOTHING; }
RULE(TARGET) { NOTHING; }
RULE(PAST) { NOTHING; } /* of an evaluation step */
RULE(DROPMASK) { NOTHING; }
RULE(WEIGHT) { NOTHING; }
RULE(RESET) { NOTHING; }
RULE(MASK) { NOTHING; }

/* The state that enters a slot is the value that the slot before left. */
RULE(STATE)
{
    if (!credit_state(s, n, g) && node_at(G, n)->nargs)
        contribute(s, A, g);
}

/* What a slot's version of a parameter did is credited to the parameter. */
RULE(PARAM)
{
    if (node_at(G, n)->nargs)
        contribute(s, A, g);
}

/* ---- pointwise ---- */

RULE(ADD)
{
    contribute(s, A, g);
    contribute(s, B, g);
}

RULE(SUB)
{
    contribute(s, A, g);
    if (wants_adjoint(s, B))
        contribute(s, B, neg(G, g));
}

RULE(MUL)
{
    if (wants_adjoint(s, A))
        contribute(s, A, mul(G, g, B));
    if (wants_adjoint(s, B))
        contribute(s, B, mul(G, g, A));
}

RULE(DIV) /* d(a/b) = da/b - g ((a/b)/b) db: a gradient that is too large over b is not so over a/b */
{
    if (wants_adjoint(s, A))
        contribute(s, A, over(G, g, B));
    if (wants_adjoint(s, B))
        contribute(s, B, neg(G, mul(G, g, over(G, n, B))));
}

/* Chosen, not multiplied: 0 where the other wins, whatever g is; g/2 at a tie; g where neither loses, as both do not if
 * one is NaN. `loses` is lt for max, gt for min. */
static void choose(Adjoints *s, Graph *G, Ref n, Ref g, tl_op loses)
{
    Ref whole = graph_where(G, test(G, OP_EQ, A, B), mul(G, number(G, 0.5), g), g);
    if (wants_adjoint(s, A))
        contribute(s, A, graph_where(G, test(G, loses, A, B), number(G, 0), whole));
    if (wants_adjoint(s, B))
        contribute(s, B, graph_where(G, test(G, loses, B, A), number(G, 0), whole));
}

RULE(MAX) { choose(s, G, n, g, OP_LT); }
RULE(MIN) { choose(s, G, n, g, OP_GT); }
RULE(GT) { NOTHING; }
RULE(GE) { NOTHING; }
RULE(LT) { NOTHING; }
RULE(LE) { NOTHING; }
RULE(EQ) { NOTHING; }

RULE(WHERE)
{
    Ref zero = number(G, 0);
    if (wants_adjoint(s, B))
        contribute(s, B, graph_where(G, A, g, zero));
    Ref otherwise = arg_at(G, n, 2);
    if (wants_adjoint(s, otherwise))
        contribute(s, otherwise, graph_where(G, A, zero, g));
}

RULE(NEG) { contribute(s, A, neg(G, g)); }

RULE(POWC)
{
    double e = node_at(G, n)->num[0];
    if (e != 0)
        contribute(s, A, mul(G, g, mul(G, number(G, e), graph_powc(G, A, e - 1))));
}

RULE(CLAMP)
{
    double lo = node_at(G, n)->num[0], hi = node_at(G, n)->num[1];
    Ref inside = mul(G, test(G, OP_GE, A, number(G, lo)), test(G, OP_LE, A, number(G, hi)));
    contribute(s, A, graph_where(G, inside, g, number(G, 0)));
}

RULE(TANH) { contribute(s, A, mul(G, g, sub(G, number(G, 1), graph_op1(G, OP_SQUARE, n)))); }
RULE(SIGMOID) { contribute(s, A, mul(G, g, mul(G, n, sub(G, number(G, 1), n)))); }
RULE(RELU) { contribute(s, A, graph_where(G, test(G, OP_LE, A, number(G, 0)), number(G, 0), g)); }
RULE(SOFTPLUS) { contribute(s, A, mul(G, g, graph_op1(G, OP_SIGMOID, A))); }
RULE(EXP) { contribute(s, A, mul(G, g, n)); }
RULE(LOG) { contribute(s, A, over(G, g, A)); }
RULE(SQRT) { contribute(s, A, over(G, mul(G, g, number(G, 0.5)), n)); }

RULE(ABS)
{
    Ref zero = number(G, 0);
    Ref sign = sub(G, test(G, OP_GT, A, zero), test(G, OP_LT, A, zero));
    contribute(s, A, mul(G, g, sign));
}

RULE(SQUARE) { contribute(s, A, mul(G, g, mul(G, number(G, 2), A))); }
RULE(SIN) { contribute(s, A, mul(G, g, graph_op1(G, OP_COS, A))); }
RULE(COS) { contribute(s, A, neg(G, mul(G, g, graph_op1(G, OP_SIN, A)))); }

/* ---- views and copies ---- */

RULE(RESHAPE)
{
    Shape shape = node_at(G, A)->shape;
    contribute(s, A, graph_reshape(G, g, shape));
}

RULE(TRANSPOSE) { contribute(s, A, graph_op1(G, OP_TRANSPOSE, g)); }

RULE(SLICE)
{
    int32_t dim = node_at(G, n)->attr[0], from = node_at(G, n)->attr[1];
    contribute_slice(s, A, dim, from, g);
}

RULE(EXPAND) { contribute(s, A, g); }
RULE(STOP) { NOTHING; }
RULE(PROBE) { NOTHING; } /* nothing reads it but the caller */
RULE(COPY) { contribute(s, A, g); }
RULE(ACC) { NOTHING; }

RULE(CONCAT)
{
    int32_t dim = node_at(G, n)->attr[0], from = 0;
    uint32_t nargs = node_at(G, n)->nargs;
    for (uint32_t i = 0; i < nargs; i++) {
        Ref part = arg_at(G, n, i);
        int32_t count = node_at(G, part)->shape.dim[dim];
        if (wants_adjoint(s, part))
            contribute(s, part, graph_slice(G, g, dim, from, count));
        from += count;
    }
}

/* ---- reductions ---- */

RULE(SUM)
{
    Shape shape = node_at(G, A)->shape;
    contribute(s, A, graph_expand(G, g, shape, node_at(G, A)->batched));
}

/* The sum along the softmax's dim, kept as a dim of 1. */
static Ref sum_dim(Graph *G, Ref n, Ref x)
{
    Shape shape = node_at(G, n)->shape;
    shape.dim[node_at(G, n)->attr[0]] = 1;
    return graph_sum(G, x, shape, false);
}

RULE(SOFTMAX) /* y (g - sum(g y)) */
{
    contribute(s, A, mul(G, n, sub(G, g, sum_dim(G, n, mul(G, g, n)))));
}

RULE(LOG_SOFTMAX) /* g - softmax(x) sum(g) */
{
    contribute(s, A, sub(G, g, mul(G, graph_op1(G, OP_EXP, n), sum_dim(G, n, g))));
}

/* ---- products: C = A' B', where ' is the transposition that ta, tb ask for ---- */

/* The lanes are summed in the same product where the operand is shared. */
static bool sum_lanes(const Graph *G, Ref operand, Ref g)
{
    return !node_at(G, operand)->batched && node_at(G, g)->batched;
}

RULE(MATMUL)
{
    bool ta = node_at(G, n)->attr[0], tb = node_at(G, n)->attr[1];
    if (wants_adjoint(s, A)) {
        bool lanes = sum_lanes(G, A, g) && node_at(G, B)->batched;
        contribute(s, A, ta ? graph_matmul(G, B, g, tb, true, lanes) : graph_matmul(G, g, B, false, !tb, lanes));
    }
    if (wants_adjoint(s, B)) {
        bool lanes = sum_lanes(G, B, g) && node_at(G, A)->batched;
        contribute(s, B, tb ? graph_matmul(G, g, A, true, ta, lanes) : graph_matmul(G, A, g, !ta, false, lanes));
    }
}

/* ---- tokens ---- */

RULE(GATHER)
{
    int32_t vocab = node_at(G, A)->shape.dim[0];
    contribute(s, A, graph_scatter(G, g, B, vocab));
}

RULE(PICK)
{
    int32_t vocab = node_at(G, A)->shape.dim[0];
    contribute(s, A, graph_unpick(G, g, B, vocab));
}

RULE(UNPICK) { NOTHING; }
RULE(SCATTER) { NOTHING; }

/* ---- windows over images ---- */

RULE(PATCHES)
{
    Shape image = node_at(G, A)->shape;
    contribute(s, A, graph_unpatches(G, g, image, node_at(G, n)->attr));
}

RULE(MAX_POOL) { contribute(s, A, graph_unpool(G, A, g, node_at(G, n)->attr)); }
RULE(UNPATCHES) { NOTHING; }
RULE(UNPOOL) { NOTHING; }

typedef void AdjointRule(Adjoints *, Graph *, Ref, Ref);

static AdjointRule *const rules[TL_OP_COUNT] = {
#define X(NAME, word, nargs, kind) [OP_##NAME] = adjoint_##NAME,
    TL_OPS(X)
#undef X
};

void adjoint_rule(Adjoints *s, Graph *G, Ref node, Ref g) { rules[node_at(G, node)->op](s, G, node, g); }
