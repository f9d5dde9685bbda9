/* op_case_shape.c - cases of the operations that move elements, and of `sum`, their transpose. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "gradient_check.h"
#include "op_case.h"

static void reshape_cases(tl_op op)
{
    OpCase c;
    for (int batched = 0; batched < 2; batched++) {
        case_begin(&c);
        int32_t a = case_operand(&c, SHAPE(3, 4), batched, -1, 1);
        case_check(&c, op, add_reshape(&c.b, a, SHAPE(2, 3, 2)));
        case_begin(&c);
        int32_t scalar = case_operand(&c, SHAPE(1, 1), batched, -1, 1);
        case_check(&c, op, add_reshape(&c.b, scalar, NO_DIMS));
    }
}

static void transpose_cases(tl_op op)
{
    const Shape shape[] = { SHAPE(3, 4), SHAPE(2, 3, 2), SHAPE(2, 2, 1, 3), SHAPE(4, 1) };
    OpCase c;
    for (int k = 0; k < 8; k++) {
        case_begin(&c);
        int32_t a = case_operand(&c, shape[k / 2], k % 2, -1, 1);
        case_check(&c, op, add_transpose(&c.b, a));
    }
}

static void slice_cases(tl_op op)
{
    const struct { Shape shape; int32_t dim, from, count; } s[] = {
        { SHAPE(5), 0, 1, 3 },       { SHAPE(3, 4), 0, 2, 1 }, { SHAPE(3, 4), 1, 1, 2 },
        { SHAPE(2, 3, 2), 1, 0, 2 }, { SHAPE(1, 4), 0, 0, 1 },
    };
    OpCase c;
    for (size_t k = 0; k < 2 * sizeof s / sizeof *s; k++) {
        case_begin(&c);
        int32_t a = case_operand(&c, s[k / 2].shape, k % 2, -1, 1);
        case_check(&c, op, add_slice(&c.b, a, s[k / 2].dim, s[k / 2].from, s[k / 2].count));
    }
}

static void expand_cases(tl_op op)
{
    const struct { Shape from, to; bool batched_from, batched; } e[] = {
        { SHAPE(3, 1), SHAPE(2, 3, 4), false, true }, { SHAPE(3, 1), SHAPE(3, 4), false, false },
        { SHAPE(4), SHAPE(3, 4), true, true },        { NO_DIMS, SHAPE(2, 2), true, true },
        { SHAPE(2, 1, 2), SHAPE(2, 3, 2), true, true }, { SHAPE(3), SHAPE(3), false, true },
    };
    OpCase c;
    for (size_t k = 0; k < sizeof e / sizeof *e; k++) {
        case_begin(&c);
        int32_t a = case_operand(&c, e[k].from, e[k].batched_from, -1, 1);
        case_check(&c, op, add_expand(&c.b, a, e[k].to, e[k].batched));
    }
}

/* r = a * stop(y), or a * z with the input z: the same program but for what is stopped. */
static void build_stopped(OpCase *c, bool stopped)
{
    case_begin(c);
    int32_t a = case_operand(c, SHAPE(3), true, -1, 1), y = case_operand(c, SHAPE(3), true, -1, 1);
    int32_t z = case_input(c, SHAPE(3), -1, 1);
    y = add_probe(&c->b, add_op1(&c->b, OP_TANH, y));
    case_end(c, add_op2(&c->b, OP_MUL, a, stopped ? add_op1(&c->b, OP_STOP, y) : z));
}

/* Finite differences see through a stop, so the gradient is held against that of the program in
 * which the stopped values are data. */
static void stop_cases(tl_op op)
{
    static WindowData d;
    static WindowResult stopped, data;
    OpCase c;
    for (int32_t first = 0; first < CASE_K2; first++) {
        build_stopped(&c, true);
        assert_true(builder_contains(&c.b, op));
        case_data(&c, first, &d);
        run_window(&c.b, TL_F64, &d, &stopped);
        build_stopped(&c, false);
        int32_t z = 2; /* after the inputs of a and y */
        memcpy(d.input[z], stopped.probes, sizeof d.input[z]);
        assert_true(difference_error(&c.b, &d, 1) <= 1e-7);
        run_window(&c.b, TL_F64, &d, &data);
        size_t n = c.b.model.param_size;
        double error = norm_of_difference(n, stopped.grads, data.grads);
        assert_true(error <= 1e-14 * norm(n, data.grads));
        assert_true(norm(c.b.model.probe_size, stopped.probe_grads) == 0);
    }
}

static void concat_cases(tl_op op)
{
    const struct { Shape part[3]; int32_t dim; } s[] = {
        { { SHAPE(2), SHAPE(1), SHAPE(3) }, 0 },
        { { SHAPE(2, 3), SHAPE(1, 3), SHAPE(2, 3) }, 0 },
        { { SHAPE(2, 1), SHAPE(2, 3), SHAPE(2, 2) }, 1 },
        { { SHAPE(2, 1, 2), SHAPE(2, 2, 2), SHAPE(2, 1, 2) }, 1 },
    };
    OpCase c;
    for (size_t k = 0; k < sizeof s / sizeof *s; k++)
        for (int lanes = 0; lanes < 8; lanes++) { /* bit j: part j is per lane */
            int32_t part[4];
            case_begin(&c);
            for (int j = 0; j < 3; j++)
                part[j] = case_operand(&c, s[k].part[j], lanes >> j & 1, -1, 1);
            part[3] = part[0]; /* a part may stand twice */
            case_check(&c, op, add_concat(&c.b, s[k].dim, 4, part));
        }
    case_begin(&c);
    int32_t alone = case_operand(&c, SHAPE(1, 3), true, -1, 1);
    case_check(&c, op, add_concat(&c.b, 0, 1, &alone));
}

static void sum_cases(tl_op op)
{
    const struct { Shape from, to; } s[] = {
        { SHAPE(3, 4), NO_DIMS },     { SHAPE(3, 4), SHAPE(1, 4) },
        { SHAPE(3, 4), SHAPE(3, 1) }, { SHAPE(3, 4), SHAPE(4) },
        { SHAPE(2, 3), SHAPE(2, 3) }, { SHAPE(2, 3, 2), SHAPE(2, 1, 2) },
        { SHAPE(2, 1, 3), SHAPE(1) },
    };
    OpCase c;
    for (size_t k = 0; k < sizeof s / sizeof *s; k++)
        for (int how = 0; how < 3; how++) { /* shared, per lane, per lane and summed over lanes */
            case_begin(&c);
            int32_t a = case_operand(&c, s[k].from, how > 0, -1, 1);
            int32_t r = add_sum(&c.b, a, s[k].to, how == 2);
            case_check(&c, op, add_op1(&c.b, OP_SIN, r));
        }
}

OpCases *const shape_cases[TL_OP_COUNT] = {
    [OP_RESHAPE] = reshape_cases, [OP_TRANSPOSE] = transpose_cases, [OP_SLICE] = slice_cases,
    [OP_EXPAND] = expand_cases,   [OP_STOP] = stop_cases,           [OP_CONCAT] = concat_cases,
    [OP_SUM] = sum_cases,
};
