#include "op_case.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "gradient_check.h"

int32_t case_param(OpCase *c, Shape shape, double lo, double hi)
{
    int32_t i = add_param(&c->b, shape);
    c->lo[c->b.instr[i].attr[0]] = lo;
    c->hi[c->b.instr[i].attr[0]] = hi;
    return i;
}

int32_t case_input(OpCase *c, Shape shape, double lo, double hi)
{
    int32_t i = add_input(&c->b, shape);
    c->input_lo[c->b.instr[i].attr[0]] = lo;
    c->input_hi[c->b.instr[i].attr[0]] = hi;
    return i;
}

void case_begin(OpCase *c)
{
    memset(c, 0, sizeof *c);
    builder_start(&c->b, CASE_K2, CASE_BATCH);
    c->b.model.has_reset = 1;
    c->h = add_learned_state(&c->b, SHAPE(2));
    c->lo[0] = -0.5, c->hi[0] = 0.5; /* the start of h */
    c->sum_h = add_sum(&c->b, c->h, NO_DIMS, false);
}

int32_t case_operand(OpCase *c, Shape shape, bool batched, double lo, double hi)
{
    Builder *b = &c->b;
    int32_t p = case_param(c, shape, lo, hi);
    if (!batched)
        return add_op2(b, OP_ADD, p, case_param(c, NO_DIMS, -0.1, 0.1));
    int32_t x = case_input(c, shape, 0.9, 1.1);
    int32_t part = add_op2(b, OP_MUL, c->sum_h, add_const(b, 0.05, NO_DIMS));
    return add_op2(b, OP_ADD, add_op2(b, OP_MUL, p, x), part);
}

void case_end(OpCase *c, int32_t r)
{
    Builder *b = &c->b;
    int32_t weighted = add_op2(b, OP_MUL, r, case_input(c, shape_of(b, r), -1, 1));
    int32_t s = add_sum(b, weighted, NO_DIMS, false);
    int32_t u = case_param(c, SHAPE(2), -1, 1), v = case_param(c, SHAPE(2), -0.3, 0.3);
    int32_t next = add_op1(b, OP_TANH, add_op2(b, OP_ADD, add_op2(b, OP_MUL, u, c->h),
                                               add_op2(b, OP_MUL, v, s)));
    set_next(b, c->h, next);
    set_loss(b, add_op2(b, OP_ADD, s, add_op1(b, OP_SQUARE, c->sum_h)));
    builder_finish(b, TL_F64);
}

static void fill(tl_random *random, double *x, size_t n, const tl_tensor *t, double lo, double hi)
{
    for (size_t e = 0; e < n; e++)
        x[e] = t->vocab ? (double)(tl_random_u64(random) % (uint64_t)t->vocab)
                        : random_between(random, lo, hi);
}

void case_data(const OpCase *c, int32_t first, WindowData *d)
{
    const tl_model *m = &c->b.model;
    tl_random random = { .key = 7 };
    memset(d, 0, sizeof *d);
    d->first = first;
    d->seed = 11;
    d->tick = 5;
    for (int32_t k = 0; k < m->nparams; k++)
        fill(&random, d->params + m->params[k].offset, tl_size(&m->params[k]), &m->params[k],
             c->lo[k], c->hi[k]);
    for (int32_t k = 0; k < m->ninputs; k++)
        fill(&random, d->input[k], CASE_K2 * slot_elements(&c->b, &m->inputs[k]), &m->inputs[k],
             c->input_lo[k], c->input_hi[k]);
    for (int32_t k = 0; k < m->ntargets; k++)
        fill(&random, d->target[k], CASE_K2 * slot_elements(&c->b, &m->targets[k]),
             &m->targets[k], -1, 1);
    for (size_t e = 0; e < m->state_size; e++)
        d->states[e] = random_between(&random, -0.5, 0.5);
    const double weight[CASE_K2][CASE_BATCH] = { { 0.5, 0, 1 }, { 0, 0, 0 }, { 1, 0.25, 2 } };
    const double reset[CASE_K2][CASE_BATCH] = { { 0, 1, 0 }, { 1, 0, 0 }, { 0, 1, 0 } };
    memcpy(d->weight, weight, sizeof weight);
    memcpy(d->reset, reset, sizeof reset);
}

void case_check(OpCase *c, tl_op op, int32_t r)
{
    case_end(c, r);
    case_check_windows(c, op, 1);
}

void case_check_windows(OpCase *c, tl_op op, int32_t least)
{
    static WindowData d;
    assert_true(builder_contains(&c->b, op));
    for (int32_t first = 0; first <= CASE_K2 - least; first++) {
        case_data(c, first, &d);
        double difference = difference_error(&c->b, &d, 3 + (uint64_t)first);
        if (!(difference <= 1e-7))
            fail_msg("%s, first = %d: finite differences differ by %.3g", tl_op_table[op].word,
                     (int)first, difference);
        double precision = precision_error(&c->b, &d);
        if (!(precision <= 2e-6))
            fail_msg("%s, first = %d: f32 and f64 differ by %.3g", tl_op_table[op].word, (int)first,
                     precision);
    }
}
