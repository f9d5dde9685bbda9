/* op_case_product.c - cases of the matrix product, of the softmaxes and of indexing by a token. */
#include "op_case.h"

static void matmul_case(int32_t m, int32_t k, int32_t n, int how)
{
    bool ta = how & 1, tb = how & 2, a_batched = how & 4, b_batched = how & 8, lanes = how & 16;
    OpCase c;
    if (lanes && !a_batched && !b_batched)
        return; /* there are no lanes to sum */
    case_begin(&c);
    int32_t a = case_operand(&c, ta ? SHAPE(k, m) : SHAPE(m, k), a_batched, -1, 1);
    int32_t b = case_operand(&c, tb ? SHAPE(n, k) : SHAPE(k, n), b_batched, -1, 1);
    int32_t r = add_matmul(&c.b, a, b, ta, tb, lanes);
    case_check(&c, OP_MATMUL, add_op1(&c.b, OP_SIN, r));
}

/* Every transpose, every way to share, sums over lanes; matrices, and vectors in each place. */
static void matmul_cases(tl_op op)
{
    (void)op;
    for (int how = 0; how < 32; how++) {
        matmul_case(2, 3, 4, how);
        matmul_case(3, 4, 1, how);
        matmul_case(1, 3, 2, how);
        matmul_case(2, 1, 3, how);
        matmul_case(1, 3, 1, how);
    }
}

static void softmax_cases(tl_op op)
{
    OpCase c;
    for (int32_t dim = 0; dim < 3; dim++)
        for (int batched = 0; batched < 2; batched++) {
            case_begin(&c);
            int32_t a = case_operand(&c, SHAPE(2, 4, 3), batched, -2, 2);
            case_check(&c, op, add_softmax(&c.b, op, a, dim));
        }
    case_begin(&c);
    int32_t a = case_operand(&c, SHAPE(5), true, -2, 2);
    case_check(&c, op, add_op1(&c.b, OP_SQUARE, add_softmax(&c.b, op, a, 0)));
}

/* Rows of a parameter and of a computed matrix; lanes and steps meet in the same row. */
static void gather_cases(tl_op op)
{
    OpCase c;
    case_begin(&c);
    int32_t table = case_param(&c, SHAPE(4, 3), -1, 1);
    int32_t row = add_gather(&c.b, table, add_token(&c.b, 4));
    case_check(&c, op, add_op1(&c.b, OP_SIN, row));
    case_begin(&c);
    int32_t computed = case_operand(&c, SHAPE(3, 2), false, -1, 1);
    row = add_gather(&c.b, computed, add_token(&c.b, 2));
    case_check(&c, op, add_op2(&c.b, OP_MUL, row, c.sum_h));
}

static void pick_cases(tl_op op)
{
    OpCase c;
    for (int batched = 0; batched < 2; batched++) {
        case_begin(&c);
        int32_t x = case_operand(&c, SHAPE(5), batched, -1, 1);
        int32_t y = add_pick(&c.b, x, add_token_target(&c.b, 5));
        case_check(&c, op, add_op1(&c.b, OP_SIN, y));
    }
}

OpCases *const product_cases[TL_OP_COUNT] = {
    [OP_MATMUL] = matmul_cases,      [OP_SOFTMAX] = softmax_cases, [OP_GATHER] = gather_cases,
    [OP_LOG_SOFTMAX] = softmax_cases, [OP_PICK] = pick_cases,
};
