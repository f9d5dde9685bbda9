/* test_interp.c - the derivative of every operation of a step, as the interpreter computes it.
 *
 * One test an operation: finite differences in f64 through recurrent windows, and f32 against f64.
 * An operation without cases fails. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "op_case.h"

static void derivative_is_right(void **state)
{
    const tl_op *op = *state;
    OpCases *cases[] = {
        leaf_cases[*op], pointwise_cases[*op], shape_cases[*op], product_cases[*op],
        patch_cases[*op],
    };
    int n = 0;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++)
        if (cases[k]) {
            cases[k](*op);
            n++;
        }
    if (n == 0)
        fail_msg("no cases for the operation %s", tl_op_table[*op].word);
}

static tl_op step_op[] = {
#define X(NAME, word, nargs, kind) OP_##NAME,
    TL_STEP_OPS(X)
#undef X
};

int main(void)
{
    const struct CMUnitTest tests[] = {
#define X(NAME, word, nargs, kind) { word, derivative_is_right, NULL, NULL, &step_op[OP_##NAME] },
        TL_STEP_OPS(X)
#undef X
    };
    return cmocka_run_group_tests_name("derivative of each operation", tests, NULL, NULL);
}
