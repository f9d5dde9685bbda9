/* interp_pointwise.inc.h - element by element, operands broadcast.
 *
 * The rules are the rows at the end of this file: the value, then what arrives at each operand
 * that has a derivative. Names in a row: a, b, c the operands' elements, y the value, g the adjoint
 * of y, n0 and n1 the instruction's numbers. Conventions where there is no derivative are
 * PyTorch's, and NaN passes through every comparison inside a rule as it does there. */

typedef REAL Scalar(REAL a, REAL b, REAL c, REAL y, REAL g, REAL n0, REAL n1);

/* Missing operands are read as the first, and not used by the rule. */
static void pointwise_operands(const Interp *ip, int32_t i, tl_walk *w, const REAL *x[3])
{
    tl_walk_over(w, instr(ip, i), lanes_of(ip, i));
    tl_walk_operand(w, 0, instr(ip, i));
    for (int k = 0; k < 3; k++) {
        int32_t a = operand(ip, i, k < instr(ip, i)->nargs ? k : 0);
        x[k] = value(ip, a);
        tl_walk_operand(w, k + 1, instr(ip, a));
    }
}

/* z[e] = rule(...) over the result's index space. y and g may be NULL: the rule does not use them.
 * Inlined into each operation, so that the rule stands inside the loop. */
static inline __attribute__((always_inline)) void
pointwise(const Interp *ip, int32_t i, REAL *z, const REAL *y, const REAL *g, Scalar *rule)
{
    const REAL *x[3];
    const REAL n0 = (REAL)instr(ip, i)->num[0], n1 = (REAL)instr(ip, i)->num[1];
    tl_walk w;
    pointwise_operands(ip, i, &w, x);
    const size_t *at = w.offset, n = w.extent[TL_WALK_LAST];
    const size_t sa = w.stride[1][TL_WALK_LAST], sb = w.stride[2][TL_WALK_LAST],
                 sc = w.stride[3][TL_WALK_LAST];
    do
        for (size_t e = 0; e < n; e++)
            z[at[0] + e] = rule(x[0][at[1] + e * sa], x[1][at[2] + e * sb], x[2][at[3] + e * sc],
                                y ? y[at[0] + e] : 0, g ? g[at[0] + e] : 0, n0, n1);
    while (tl_walk_next(&w));
}

static inline __attribute__((always_inline)) void
pointwise_backward(Interp *ip, int32_t i, int32_t k, Scalar *rule)
{
    int32_t a = operand(ip, i, k);
    REAL *da = adjoint(ip, a), *contribution = ip->scratch;
    pointwise(ip, i, contribution, value(ip, i), arrived(ip, i), rule);
    if (elements(ip, a) == elements(ip, i))
        add_to(da, contribution, elements(ip, a));
    else
        sum_into(da, instr(ip, a), contribution, instr(ip, i), lanes_of(ip, i));
}

#define SCALAR(NAME, EXPRESSION)                                                                  \
    static inline REAL NAME(REAL a, REAL b, REAL c, REAL y, REAL g, REAL n0, REAL n1)             \
    {                                                                                             \
        (void)a, (void)b, (void)c, (void)y, (void)g, (void)n0, (void)n1;                          \
        return EXPRESSION;                                                                        \
    }

#define FORWARD(OP, VALUE)                                                                        \
    SCALAR(value_##OP, VALUE)                                                                     \
    static void forward_##OP(Interp *ip, int32_t i)                                               \
    {                                                                                             \
        pointwise(ip, i, value(ip, i), NULL, NULL, value_##OP);                                   \
    }

#define UNARY(OP, VALUE, DA)                                                                      \
    FORWARD(OP, VALUE)                                                                            \
    SCALAR(da_##OP, DA)                                                                           \
    static void backward_##OP(Interp *ip, int32_t i) { pointwise_backward(ip, i, 0, da_##OP); }

#define BINARY(OP, VALUE, DA, DB)                                                                 \
    FORWARD(OP, VALUE)                                                                            \
    SCALAR(da_##OP, DA)                                                                           \
    SCALAR(db_##OP, DB)                                                                           \
    static void backward_##OP(Interp *ip, int32_t i)                                              \
    {                                                                                             \
        pointwise_backward(ip, i, 0, da_##OP);                                                    \
        pointwise_backward(ip, i, 1, db_##OP);                                                    \
    }

#define CHOICE(OP, VALUE, DB, DC) /* no derivative in a */                                        \
    FORWARD(OP, VALUE)                                                                            \
    SCALAR(db_##OP, DB)                                                                           \
    SCALAR(dc_##OP, DC)                                                                           \
    static void backward_##OP(Interp *ip, int32_t i)                                              \
    {                                                                                             \
        pointwise_backward(ip, i, 1, db_##OP);                                                    \
        pointwise_backward(ip, i, 2, dc_##OP);                                                    \
    }

#define FLAT(OP, VALUE) FORWARD(OP, VALUE) NO_GRADIENT(OP)

/* 1 / (1 + exp(-x)) without overflow in either tail. */
static REAL logistic(REAL x)
{
    REAL z = exp(-fabs(x));
    return x >= 0 ? 1 / (1 + z) : z / (1 + z);
}

static REAL clamped(REAL x, REAL lo, REAL hi)
{
    REAL above = x < lo ? lo : x;
    return above > hi ? hi : above;
}

BINARY(ADD, a + b, g, g)
BINARY(SUB, a - b, g, -g)
BINARY(MUL, a * b, g * b, g * a)
BINARY(DIV, a / b, g / b, -g * (y / b))
/* Where an operand is NaN both have the whole gradient, as in PyTorch. */
BINARY(MAX, a > b || a != a ? a : b, a < b ? 0 : a == b ? g / 2 : g, b < a ? 0 : a == b ? g / 2 : g)
BINARY(MIN, a < b || a != a ? a : b, a > b ? 0 : a == b ? g / 2 : g, b > a ? 0 : a == b ? g / 2 : g)

FLAT(GT, a > b)
FLAT(GE, a >= b)
FLAT(LT, a < b)
FLAT(LE, a <= b)
FLAT(EQ, a == b)

CHOICE(WHERE, a != 0 ? b : c, a != 0 ? g : 0, a != 0 ? 0 : g)

UNARY(NEG, -a, -g)
UNARY(POWC, pow(a, n0), n0 == 0 ? 0 : g * n0 * pow(a, n0 - 1))
UNARY(CLAMP, clamped(a, n0, n1), n0 <= a && a <= n1 ? g : 0)
UNARY(TANH, tanh(a), g * (1 - y * y))
UNARY(SIGMOID, logistic(a), g * y * (1 - y))
UNARY(RELU, a <= 0 ? 0 : a, a <= 0 ? 0 : g)
UNARY(SOFTPLUS, (a < 0 ? 0 : a) + log1p(exp(-fabs(a))), g * logistic(a))
UNARY(EXP, exp(a), g * y)
UNARY(LOG, log(a), g / a)
UNARY(SQRT, sqrt(a), g / (2 * y))
UNARY(ABS, fabs(a), g * ((a > 0) - (a < 0))) /* of an infinite gradient at 0: NaN */
UNARY(SQUARE, a * a, 2 * g * a)
UNARY(SIN, sin(a), g * cos(a))
UNARY(COS, cos(a), -g * sin(a))
