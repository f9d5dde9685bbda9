/* op_case_leaf.c - cases of the operations that only say where a value is found. */
#include "op_case.h"

static void const_cases(tl_op op)
{
    OpCase c;
    case_begin(&c);
    int32_t x = case_operand(&c, SHAPE(3), true, -1, 1);
    case_check(&c, op, add_op2(&c.b, OP_MUL, x, add_const(&c.b, 0.75, SHAPE(2, 1))));
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

OpCases *const leaf_cases[TL_OP_COUNT] = {
    [OP_CONST] = const_cases,   [OP_PARAM] = param_cases, [OP_INPUT] = input_cases,
    [OP_TARGET] = target_cases, [OP_STATE] = state_cases, [OP_DROPMASK] = dropmask_cases,
};
