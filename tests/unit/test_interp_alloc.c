/* test_interp_alloc.c - where the interpreter allocates, and what happens when it cannot.
 *
 * Links with -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc: the calls of the objects linked into
 * this test pass through here, those within shared libraries do not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <tapeless/blas.h>
#include "op_case.h"

void *__real_malloc(size_t);
void *__real_calloc(size_t, size_t);
void *__real_realloc(void *, size_t);
void *__wrap_malloc(size_t);
void *__wrap_calloc(size_t, size_t);
void *__wrap_realloc(void *, size_t);

static int allocations;    /* so far */
static int failing = -1;   /* number of the allocation that fails, -1: none */

static int refuse(void)
{
    return allocations++ == failing;
}

void *__wrap_malloc(size_t n)
{
    return refuse() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return refuse() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t n)
{
    return refuse() ? NULL : __real_realloc(p, n);
}

static void small_model(OpCase *c)
{
    case_begin(c);
    int32_t x = case_operand(c, SHAPE(2, 3), true, -1, 1);
    int32_t w = case_operand(c, SHAPE(3, 4), false, -1, 1);
    case_end(c, add_matmul(&c->b, x, w, false, false, false));
}

static void every_failing_allocation_is_a_sentence(void **state)
{
    (void)state;
    OpCase c;
    tl_error e;
    tl_interp *ip = NULL;
    small_model(&c);
    for (int k = 0; !ip; k++) {
        allocations = 0;
        failing = k;
        e.text[0] = '\0';
        ip = tl_interp_new(&c.b.model, &c.b.program, &e);
        failing = -1;
        if (ip)
            assert_true(k == allocations && k > 10);
        else
            assert_non_null(strstr(e.text, "not enough memory"));
    }
    tl_interp_free(ip);
}

/* How often a window and a step allocate. */
static int window_allocations(tl_interp *ip, Builder *b, const WindowData *d)
{
    const tl_model *m = &b->model;
    void *input[MAX_TENSORS], *weight, *reset;
    for (int32_t k = 0; k < m->ninputs; k++)
        input[k] = block_new(TL_F64, slot_elements(b, &m->inputs[k]) * CASE_K2, d->input[k]);
    weight = block_new(TL_F64, CASE_K2 * CASE_BATCH, d->weight);
    reset = block_new(TL_F64, CASE_K2 * CASE_BATCH, d->reset);
    double *grads = block_new(TL_F64, m->param_size, NULL), losses[CASE_K2 * CASE_BATCH];
    double *states = block_new(TL_F64, m->state_size, d->states);
    double *params = block_new(TL_F64, m->param_size, d->params);
    tl_window w = {
        .input = (const void *const *)input, .weight = weight, .reset = reset, .params = params,
        .grads = grads, .states = states, .losses = losses,
    };
    tl_step s = {
        .lanes = 1, .input = (const void *const *)input, .params = params, .state = states,
        .next_state = states,
    };
    tl_engine engine = tl_interp_engine(ip);
    allocations = 0;
    engine.window(engine.self, &w);
    engine.step(engine.self, &s);
    int n = allocations;
    for (int32_t k = 0; k < m->ninputs; k++)
        free(input[k]);
    void *owned[] = { weight, reset, grads, states, params };
    for (size_t k = 0; k < sizeof owned / sizeof *owned; k++)
        free(owned[k]);
    return n;
}

static void a_window_and_a_step_allocate_nothing(void **state)
{
    (void)state;
    static WindowData d;
    OpCase c;
    tl_error e;
    small_model(&c);
    case_data(&c, 0, &d);
    tl_interp *ip = tl_interp_new(&c.b.model, &c.b.program, &e);
    assert_non_null(ip);
    assert_int_equal(tl_blas_load(&e), 0);
    window_allocations(ip, &c.b, &d); /* the first products of a size reserve what OpenBLAS's kernels take (blas.c) */
    assert_int_equal(window_allocations(ip, &c.b, &d), 0);
    tl_interp_free(ip);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_failing_allocation_is_a_sentence),
        cmocka_unit_test(a_window_and_a_step_allocate_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
