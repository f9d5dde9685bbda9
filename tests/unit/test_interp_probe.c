/* test_interp_probe.c - the adjoint that a probe keeps is the derivative of the window's loss with respect to
 * the value that it marks, through every use of the value. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "gradient_check.h"
#include "op_case.h"

static WindowData d;
static WindowResult r;

/* a + z, marked: z adds nothing but a place to disturb. The adjoint that the probe keeps is held against
 * differences along z, in windows of three steps and fewer. */
typedef struct Marked {
    OpCase c;
    int32_t x, z;
} Marked;

static void begin(Marked *m, bool marked)
{
    case_begin(&m->c);
    int32_t a = case_operand(&m->c, SHAPE(2), true, -1, 1);
    m->z = case_input(&m->c, SHAPE(2), 0, 0);
    m->x = add_op2(&m->c.b, OP_ADD, a, m->z);
    if (marked)
        add_probe(&m->c.b, m->x);
}

static void check(Marked *m, int32_t result)
{
    case_end(&m->c, result);
    for (int32_t first = 0; first < CASE_K2; first++) {
        case_data(&m->c, first, &d);
        double error = probe_difference_error(&m->c.b, &d, 0, m->c.b.instr[m->z].attr[0], 2);
        if (!(error <= 1e-7))
            fail_msg("in a window from slot %d: %g", (int)first, error);
    }
}

static void through_one_use(void **state)
{
    (void)state;
    Marked m;
    begin(&m, true);
    check(&m, add_op1(&m.c.b, OP_SIN, m.x));
}

static void through_three_uses(void **state)
{
    (void)state;
    Marked m;
    begin(&m, true);
    Builder *b = &m.c.b;
    int32_t y = add_op2(b, OP_MUL, m.x, add_op1(b, OP_TANH, m.x));
    check(&m, add_op2(b, OP_ADD, y, add_op1(b, OP_SIN, m.x)));
}

/* The value is also the next state: what later steps of the window make of it counts. */
static void through_the_steps_to_come(void **state)
{
    (void)state;
    Marked m;
    begin(&m, true);
    Builder *b = &m.c.b;
    int32_t s = add_state(b, SHAPE(2), 0.3);
    set_next(b, s, m.x);
    check(&m, add_op2(b, OP_MUL, m.x, add_op1(b, OP_SIN, s)));
}

static void not_through_a_stop(void **state)
{
    (void)state;
    Marked m;
    begin(&m, true);
    case_end(&m.c, add_op1(&m.c.b, OP_STOP, m.x));
    case_data(&m.c, 0, &d);
    run_window(&m.c.b, TL_F64, &d, &r);
    assert_true(norm(m.c.b.model.probe_size, r.probe_grads) == 0);
}

/* Neither loss nor gradient knows of the probe. */
static void without_a_trace(void **state)
{
    (void)state;
    static WindowResult marked;
    for (int unmarked = 0; unmarked < 2; unmarked++) {
        Marked m;
        begin(&m, !unmarked);
        case_end(&m.c, add_op1(&m.c.b, OP_SIN, m.x));
        case_data(&m.c, 0, &d);
        run_window(&m.c.b, TL_F64, &d, unmarked ? &r : &marked);
    }
    assert_memory_equal(r.grads, marked.grads, sizeof r.grads);
    assert_memory_equal(r.losses, marked.losses, sizeof r.losses);
}

/* x' = x w with the loss x' of the newest step, in two lanes. */
static void the_state_that_enters(void **state)
{
    (void)state;
    Builder b;
    builder_start(&b, 3, 2);
    memset(&d, 0, sizeof d);
    int32_t x = add_state(&b, NO_DIMS, 1), next = add_op2(&b, OP_MUL, x, add_param(&b, NO_DIMS));
    add_probe(&b, x);
    set_next(&b, x, next);
    set_loss(&b, next);
    d.params[0] = 2;
    d.states[0] = d.states[1] = 1;
    const double newest[] = { 0, 0, 0, 0, 1, 0.5 };
    memcpy(d.weight, newest, sizeof newest);
    run_window(&b, TL_F64, &d, &r);
    const double want[] = { 8, 4, 4, 2, 2, 1 };
    assert_memory_equal(r.probe_grads, want, sizeof want);
}

static void a_constant_has_none(void **state)
{
    (void)state;
    Builder b;
    builder_start(&b, 2, 2);
    memset(&d, 0, sizeof d);
    int32_t c = add_probe(&b, add_const(&b, 3, NO_DIMS));
    set_loss(&b, add_op2(&b, OP_MUL, c, add_op2(&b, OP_MUL, add_param(&b, NO_DIMS), add_input(&b, NO_DIMS))));
    d.params[0] = 1;
    for (int i = 0; i < 4; i++)
        d.input[0][i] = d.weight[i] = 1;
    run_window(&b, TL_F64, &d, &r);
    assert_true(r.probes[3] == 3 && norm(4, r.probe_grads) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(through_one_use),
        cmocka_unit_test(through_three_uses),
        cmocka_unit_test(through_the_steps_to_come),
        cmocka_unit_test(not_through_a_stop),
        cmocka_unit_test(without_a_trace),
        cmocka_unit_test(the_state_that_enters),
        cmocka_unit_test(a_constant_has_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
