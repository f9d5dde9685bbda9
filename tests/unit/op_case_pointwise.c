/* op_case_pointwise.c - cases of the pointwise operations: operands shared and per lane, of equal
 * shapes and broadcast. */
#include "op_case.h"

typedef struct Pair {
    Shape a, b;
    bool a_batched, b_batched;
} Pair;

static const Pair pairs[] = {
    { { 2, { 3, 4 } }, { 2, { 3, 4 } }, true, true },
    { { 2, { 3, 4 } }, { 1, { 4 } }, true, false },
    { { 2, { 3, 1 } }, { 1, { 4 } }, false, true },
    { { 2, { 3, 4 } }, { 0, { 0 } }, false, false },
    { { 0, { 0 } }, { 3, { 2, 1, 4 } }, true, false },
    { { 4, { 2, 1, 3, 1 } }, { 3, { 2, 1, 2 } }, true, true },
    { { 1, { 1 } }, { 1, { 5 } }, true, true },
};

enum { PAIRS = sizeof pairs / sizeof *pairs };

typedef struct Range {
    double lo, hi;
} Range;

/* Where an operation is defined and, give or take what case_operand adds, smooth. */
static Range range_of(tl_op op)
{
    if (op == OP_LOG || op == OP_SQRT || op == OP_POWC || op == OP_DIV)
        return (Range) { 0.5, 1.5 };
    return (Range) { -1.5, 1.5 };
}

static void unary_cases(tl_op op)
{
    Range range = range_of(op);
    OpCase c;
    for (int k = 0; k < PAIRS; k++) {
        case_begin(&c);
        int32_t a = case_operand(&c, pairs[k].a, pairs[k].a_batched, range.lo, range.hi);
        case_check(&c, op, add_op1(&c.b, op, a));
    }
}

static void binary_cases(tl_op op)
{
    Range range = range_of(op);
    OpCase c;
    for (int k = 0; k < PAIRS; k++) {
        case_begin(&c);
        int32_t a = case_operand(&c, pairs[k].a, pairs[k].a_batched, range.lo, range.hi);
        int32_t b = case_operand(&c, pairs[k].b, pairs[k].b_batched, range.lo, range.hi);
        case_check(&c, op, add_op2(&c.b, op, a, b));
    }
    case_begin(&c); /* both operands the same value */
    int32_t a = case_operand(&c, SHAPE(3), true, range.lo, range.hi);
    case_check(&c, op, add_op2(&c.b, op, a, a));
}

/* The comparison of two operands, times a third: the comparison itself adds no gradient. */
static void comparison_cases(tl_op op)
{
    OpCase c;
    for (int k = 0; k < PAIRS; k++) {
        case_begin(&c);
        int32_t a = case_operand(&c, pairs[k].a, pairs[k].a_batched, -1, 1);
        int32_t b = case_operand(&c, pairs[k].b, pairs[k].b_batched, -1, 1);
        int32_t zero = add_const(&c.b, 0, NO_DIMS);
        int32_t x = op == OP_EQ ? add_op2(&c.b, OP_GT, a, zero) : a;
        int32_t y = op == OP_EQ ? add_op2(&c.b, OP_LT, b, zero) : b;
        int32_t r = add_op2(&c.b, op, x, y);
        case_check(&c, op, add_op2(&c.b, OP_ADD, add_op2(&c.b, OP_MUL, r, a), b));
    }
}

static void where_cases(tl_op op)
{
    OpCase c;
    for (int k = 0; k < PAIRS; k++)
        for (int batched = 0; batched < 2; batched++) {
            case_begin(&c);
            int32_t a = case_operand(&c, pairs[k].a, pairs[k].a_batched, -1, 1);
            int32_t b = case_operand(&c, pairs[k].b, pairs[k].b_batched, -1, 1);
            int32_t condition = case_operand(&c, SHAPE(2, 1, 1), batched, -1, 1);
            if (batched)
                condition = add_op2(&c.b, OP_GT, condition, a);
            case_check(&c, op, add_where(&c.b, condition, a, b));
        }
}

static void powc_cases(tl_op op)
{
    const double exponent[] = { 2, 3, -1, 0.5, 2.5, 1, 0 };
    OpCase c;
    for (int k = 0; k < PAIRS; k++) {
        case_begin(&c);
        int32_t a = case_operand(&c, pairs[k].a, pairs[k].a_batched, 0.5, 1.5);
        case_check(&c, op, add_powc(&c.b, a, exponent[k]));
    }
    case_begin(&c);
    int32_t negative = case_operand(&c, SHAPE(3), true, -1.5, -0.5);
    case_check(&c, op, add_powc(&c.b, negative, 3));
}

static void clamp_cases(tl_op op)
{
    OpCase c;
    for (int k = 0; k < PAIRS; k++) {
        case_begin(&c);
        int32_t a = case_operand(&c, pairs[k].a, pairs[k].a_batched, -1.5, 1.5);
        case_check(&c, op, add_op2(&c.b, OP_ADD, add_clamp(&c.b, a, -0.5, 0.75), a));
    }
}

OpCases *const pointwise_cases[TL_OP_COUNT] = {
    [OP_ADD] = binary_cases,    [OP_SUB] = binary_cases,     [OP_MUL] = binary_cases,
    [OP_DIV] = binary_cases,    [OP_MAX] = binary_cases,     [OP_MIN] = binary_cases,
    [OP_GT] = comparison_cases, [OP_GE] = comparison_cases,  [OP_LT] = comparison_cases,
    [OP_LE] = comparison_cases, [OP_EQ] = comparison_cases,  [OP_WHERE] = where_cases,
    [OP_NEG] = unary_cases,     [OP_POWC] = powc_cases,      [OP_CLAMP] = clamp_cases,
    [OP_TANH] = unary_cases,    [OP_SIGMOID] = unary_cases,  [OP_RELU] = unary_cases,
    [OP_SOFTPLUS] = unary_cases, [OP_EXP] = unary_cases,     [OP_LOG] = unary_cases,
    [OP_SQRT] = unary_cases,    [OP_ABS] = unary_cases,      [OP_SQUARE] = unary_cases,
    [OP_SIN] = unary_cases,     [OP_COS] = unary_cases,
};
