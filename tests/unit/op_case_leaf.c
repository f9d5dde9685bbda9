/* op_case_leaf.c - cases of the operations that only say where a value is found. */
#include "op_case.h"

static void const_cases(tl_op op)
{
    OpCase c;
    case_begin(&c);
    int32_t x = case_operand(&c, SHAPE(3), true, -1, 1);
    case_check(&c, op, add_op2(&c.b, OP_MUL, x, add_const(&c.b, 0.75, SHAPE(2, 1))));
}

/* A matrix that is applied, and one that scales what is shared. */
static void table_cases(tl_op op)
{
    static const double m[] = { 0.5, -1, 2, 0.25, 1.5, -0.75 };
    OpCase c;
    case_begin(&c);
    int32_t table = add_table(&c.b, m, SHAPE(2, 3)), x = case_operand(&c, SHAPE(3, 1), true, -1, 1);
    case_check(&c, op, add_matmul(&c.b, table, x, false, false, false));
    case_begin(&c);
    table = add_table(&c.b, m, SHAPE(2, 3));
    case_check(&c, op, add_op2(&c.b, OP_MUL, case_param(&c, SHAPE(3), -1, 1), table));
}

static void param_cases(tl_op op)
{
    OpCase c;
    case_begin(&c); /* straight from the table, and twice */
    int32_t p = case_param(&c, SHAPE(2, 3), -1, 1);
    case_check(&c, op, add_op2(&c.b, OP_MUL, p, p));
}

static void input_cases(tl_op op)
{
    OpCase c;
    case_begin(&c);
    int32_t x = case_input(&c, SHAPE(2, 3), -1, 1);
    case_check(&c, op, add_op2(&c.b, OP_MUL, x, case_operand(&c, SHAPE(3), false, -1, 1)));
}

static void target_cases(tl_op op)
{
    OpCase c;
    case_begin(&c);
    int32_t y = add_target(&c.b, SHAPE(4));
    int32_t e = add_op2(&c.b, OP_SUB, case_operand(&c, SHAPE(4), true, -1, 1), y);
    case_check(&c, op, add_op1(&c.b, OP_SQUARE, e));
}

/* A second state, of another shape, not learned and read by two instructions. */
static void state_cases(tl_op op)
{
    OpCase c;
    case_begin(&c);
    int32_t s = add_state(&c.b, SHAPE(2, 2), 0.3), again = c.b.count;
    c.b.instr[again] = c.b.instr[s];
    c.b.count++;
    int32_t x = case_operand(&c, SHAPE(2, 2), true, -1, 1);
    int32_t y = add_op1(&c.b, OP_SIN, add_op2(&c.b, OP_ADD, add_op2(&c.b, OP_MUL, s, x), again));
    set_next(&c.b, s, y);
    case_check(&c, op, add_op2(&c.b, OP_MUL, y, again));
}

static void dropmask_cases(tl_op op)
{
    OpCase c;
    case_begin(&c);
    int32_t x = case_operand(&c, SHAPE(2, 4), true, -1, 1);
    int32_t y = add_op2(&c.b, OP_MUL, x, add_dropmask(&c.b, SHAPE(2, 4), 0.5, 1));
    case_check(&c, op, add_op2(&c.b, OP_MUL, y, add_dropmask(&c.b, SHAPE(4), 0.25, 2)));
}

/* A head that sees a state of two slots, one of them twice, an output of another, and of the newest
 * slot both; its probe has a value there alone. */
static void past_cases(tl_op op)
{
    OpCase c;
    Builder *b = &c.b;
    case_begin(&c);
    int32_t y = add_op1(b, OP_TANH, case_operand(&c, SHAPE(2), true, -1, 1));
    case_end(&c, y);
    begin_head(b);
    int32_t h0 = add_past(b, c.h, 0), h1 = add_past(b, c.h, 1), h2 = add_past(b, c.h, 2);
    int32_t old = add_probe(b, add_op2(b, OP_MUL, add_op2(b, OP_MUL, h0, h1), add_past(b, y, 1)));
    int32_t new = add_op2(b, OP_MUL, add_op2(b, OP_ADD, h2, h0), add_past(b, y, 2));
    int32_t p = case_param(&c, SHAPE(2), -1, 1);
    set_loss(b, add_sum(b, add_op2(b, OP_MUL, p, add_op2(b, OP_ADD, old, new)), NO_DIMS, false));
    builder_finish(b, TL_F64);
    case_check_windows(&c, op, CASE_K2);
}

OpCases *const leaf_cases[TL_OP_COUNT] = {
    [OP_CONST] = const_cases, [OP_TABLE] = table_cases,   [OP_PARAM] = param_cases, [OP_INPUT] = input_cases,
    [OP_TARGET] = target_cases, [OP_STATE] = state_cases, [OP_DROPMASK] = dropmask_cases,
    [OP_PAST] = past_cases,
};
