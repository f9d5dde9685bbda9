/* interp.c - sizes, places on the tape, memory. Precision enters as a number of bytes only. */
#include "interp_internal.h"
#include "real.h"

#include <stdlib.h>
#include <string.h>

static bool found_in_place(const tl_instr *in) /* in the caller's memory */
{
    return in->op == OP_PARAM || in->op == OP_INPUT || in->op == OP_TARGET;
}

/* Product of `n` factors; false if it overflows. */
static bool product(size_t *result, int n, const size_t *factor)
{
    *result = 1;
    for (int i = 0; i < n; i++)
        if (__builtin_mul_overflow(*result, factor[i], result))
            return false;
    return true;
}

/* Puts `bytes` at the end of a region of `*total` bytes, aligned; false if that overflows. */
static bool place(size_t *at, size_t *total, size_t bytes)
{
    *at = *total;
    return !__builtin_add_overflow(*total, bytes, total)
        && !__builtin_add_overflow(*total, (size_t)(-*total % TL_ALIGN), total);
}

static bool measure(const tl_interp *ip, int32_t i, size_t *example, size_t *all_lanes)
{
    const tl_instr *in = &ip->program->instr[i];
    size_t factor[TL_MAX_RANK + 2];
    for (int32_t d = 0; d < in->rank; d++)
        factor[d] = (size_t)in->dim[d];
    factor[in->rank] = in->batched ? (size_t)tl_lanes(&ip->model->tbptt) : 1;
    factor[in->rank + 1] = tl_real_size(ip->model->real);
    return product(all_lanes, in->rank + 2, factor) && product(example, in->rank, factor);
}

static const tl_instr *only_operand(const tl_program *p, const tl_instr *in)
{
    return &p->instr[p->args[in->args]];
}

/* True if a view's elements do not stand in what it shows in the view's order, without gaps. */
static bool is_scattered(const tl_program *p, const tl_instr *in)
{
    size_t before = 1; /* elements along the dims before a slice's */
    if (tl_op_table[in->op].kind != TL_VIEW || in->op == OP_RESHAPE)
        return false;
    if (in->op == OP_EXPAND)
        return true;
    if (in->op == OP_TRANSPOSE && in->dim[in->rank - 1] > 1 && in->dim[in->rank - 2] > 1)
        return true;
    for (int32_t d = 0; in->op == OP_SLICE && d < in->attr[0]; d++)
        before *= (size_t)in->dim[d];
    return before > 1 || is_scattered(p, only_operand(p, in));
}

/* A kept step keeps what it computed from its weights. Another view of a parameter is no
 * computation: with "retain" it shows today's weights, as the parameter itself does, and as
 * PyTorch's views do; but a reshape of what is scattered is a copy. */
static bool is_view(const tl_program *p, int32_t i)
{
    const tl_instr *in = &p->instr[i];
    return tl_op_table[in->op].kind == TL_VIEW
        && (in->op != OP_RESHAPE || !is_scattered(p, only_operand(p, in)));
}

static uint8_t is_fixed(const tl_interp *ip, int32_t i)
{
    const tl_instr *in = &ip->program->instr[i];
    if (tl_op_table[in->op].kind == TL_LEAF)
        return in->op == OP_CONST || in->op == OP_TABLE || in->op == OP_PARAM;
    if (ip->keeps && (ip->model->tbptt.overlap == TL_VERSIONS || !is_view(ip->program, i)))
        return 0;
    for (int32_t k = 0; k < in->nargs; k++)
        if (!ip->fixed[ip->program->args[in->args + k]])
            return 0;
    return 1;
}

static void want(uint8_t *wanted, const tl_program *p, int32_t i, uint8_t purpose)
{
    wanted[i] |= purpose;
    for (; i >= 0; i--)
        for (int32_t k = 0; wanted[i] & purpose && k < p->instr[i].nargs; k++)
            wanted[p->args[p->instr[i].args + k]] |= purpose;
}

static void plan_purposes(tl_interp *ip)
{
    const tl_program *p = ip->program;
    memset(ip->wanted, 0, (size_t)p->count);
    for (int32_t k = 0; k < ip->model->noutputs; k++)
        want(ip->wanted, p, p->output[k], TL_FOR_OUTPUT);
    for (int32_t k = 0; k < tl_own_states(ip->model); k++)
        want(ip->wanted, p, p->next_state[k], TL_FOR_OUTPUT);
    for (int32_t k = 0; k < ip->model->npast; k++)
        want(ip->wanted, p, p->past[k], TL_FOR_OUTPUT);
    if (p->loss >= 0)
        want(ip->wanted, p, p->loss, TL_FOR_LOSS);
    for (int32_t k = 0; k < ip->model->nnamed; k++)
        want(ip->wanted, p, p->named[k], TL_FOR_LOSS);
}

/* Regions of memory whose bytes the plan adds up. */
typedef struct Bytes {
    size_t fixed, slot, tape, adjoints, carry, scratch, grads, seen;
} Bytes;

static bool plan_values(tl_interp *ip, Bytes *b)
{
    for (int32_t i = 0; i < ip->program->count; i++) {
        const tl_instr *in = &ip->program->instr[i];
        size_t bytes;
        if (!measure(ip, i, &ip->size[i], &bytes))
            return false;
        ip->fixed[i] = is_fixed(ip, i);
        ip->value_at[i] = 0;
        if (!found_in_place(in)
            && !place(&ip->value_at[i], ip->fixed[i] ? &b->fixed : &b->slot, bytes))
            return false;
        if (!place(&ip->adjoint_at[i], &b->adjoints, bytes))
            return false;
        if (tl_op_table[in->op].kind == TL_POINTWISE && bytes > b->scratch)
            b->scratch = bytes;
    }
    ip->fixed_bytes = b->fixed;
    ip->slot_bytes = b->slot;
    size_t slots = ip->keeps ? 1 : (size_t)ip->model->tbptt.k2; /* one: for step() */
    return !__builtin_mul_overflow(b->slot, slots, &b->tape)
        && !__builtin_add_overflow(b->tape, b->fixed, &b->tape);
}

static bool plan_states(tl_interp *ip, Bytes *b)
{
    const tl_model *m = ip->model;
    size_t before = 0, carried = 0;
    for (int32_t k = 0; k < m->nstates; k++) {
        size_t size = tl_size(&m->states[k]), lanes;
        ip->state_at[k] = before;
        ip->carry_at[k] = carried;
        if (__builtin_add_overflow(before, size, &before)
            || __builtin_mul_overflow(size, (size_t)tl_lanes(&m->tbptt), &lanes)
            || __builtin_add_overflow(carried, lanes, &carried))
            return false;
    }
    return !__builtin_mul_overflow(carried, tl_real_size(m->real), &b->carry)
        && !__builtin_mul_overflow(m->param_size, sizeof *ip->grads, &b->grads);
}

static bool plan_past(tl_interp *ip, Bytes *b)
{
    const tl_model *m = ip->model;
    size_t before = 0, adjoints = 0, k2 = (size_t)m->tbptt.k2;
    for (int32_t k = 0; k < tl_own_states(m); k++)
        before += tl_size(&m->states[k]);
    for (int32_t k = 0; k < m->npast; k++) {
        size_t all, size = tl_size(&m->past[k]);
        ip->past_at[k] = before;
        ip->seen_at[k] = adjoints;
        if (!product(&all, 3, (size_t[]){ size, k2, (size_t)tl_lanes(&m->tbptt) })
            || __builtin_add_overflow(adjoints, all, &adjoints))
            return false;
        before += size * (k2 - 1);
    }
    return !__builtin_mul_overflow(adjoints, tl_real_size(m->real), &b->seen);
}

/* Never asks for 0 bytes, so that NULL always means that memory is short. */
static void *take(size_t count, size_t bytes, bool *ok)
{
    size_t all;
    void *p = NULL;
    if (!__builtin_mul_overflow(count, bytes, &all))
        p = malloc(all ? all : 1);
    *ok = *ok && p;
    return p;
}

static bool take_tables(tl_interp *ip)
{
    const tl_model *m = ip->model;
    size_t n = (size_t)ip->program->count, ns = (size_t)m->nstates;
    bool ok = true;
    ip->size = take(n, sizeof *ip->size, &ok);
    ip->value_at = take(n, sizeof *ip->value_at, &ok);
    ip->adjoint_at = take(n, sizeof *ip->adjoint_at, &ok);
    ip->carry_at = take(ns, sizeof *ip->carry_at, &ok);
    ip->state_at = take(ns, sizeof *ip->state_at, &ok);
    ip->fixed = take(n, 1, &ok);
    ip->wanted = take(n, 1, &ok);
    ip->value = take(n, sizeof *ip->value, &ok);
    ip->input = take((size_t)m->ninputs, sizeof *ip->input, &ok);
    ip->target = take((size_t)m->ntargets, sizeof *ip->target, &ok);
    ip->entering = take(ns, sizeof *ip->entering, &ok);
    ip->reached = take(n, 1, &ok);
    ip->carried = take(ns, 1, &ok);
    ip->seen_at = take((size_t)m->npast, sizeof *ip->seen_at, &ok);
    ip->past_at = take((size_t)m->npast, sizeof *ip->past_at, &ok);
    ip->looked_at = take((size_t)m->npast, (size_t)m->tbptt.k2, &ok);
    return ok;
}

static bool take_regions(tl_interp *ip, const Bytes *b)
{
    bool ok = true;
    ip->tape = take(b->tape, 1, &ok);
    ip->adjoints = take(b->adjoints, 1, &ok);
    ip->carry = take(b->carry, 1, &ok);
    ip->held = ip->model->has_mask ? take(b->carry, 1, &ok) : NULL;
    ip->seen = take(b->seen, 1, &ok);
    ip->scratch = take(b->scratch, 1, &ok);
    ip->grads = take(b->grads, 1, &ok);
    return ok;
}

static int set_up(tl_interp *ip, tl_error *e)
{
    const tl_tbptt *t = &ip->model->tbptt;
    Bytes b = { 0 };
    if (!take_tables(ip))
        return tl_fail(e, "interpreter: not enough memory for the tables of %d instructions",
                       (int)ip->program->count);
    if (!plan_values(ip, &b) || !plan_states(ip, &b) || !plan_past(ip, &b))
        return tl_fail(e, "interpreter: a tape of k2 = %d steps of %d lanes is larger "
                       "than any memory; make k2, the batch or the model smaller",
                       (int)t->k2, (int)tl_lanes(t));
    plan_purposes(ip);
    if (!take_regions(ip, &b))
        return tl_fail(e, "interpreter: not enough memory for a tape of k2 = %d steps of "
                       "%d lanes (%zu bytes, and %zu for adjoints); make k2, the batch or the "
                       "model smaller", (int)t->k2, (int)tl_lanes(t), b.tape, b.adjoints);
    return 0;
}

tl_interp *tl_interp_new(const tl_model *model, const tl_program *program, tl_error *e)
{
    if (tl_interp_check(model, program, e))
        return NULL;
    tl_interp *ip = calloc(1, sizeof *ip);
    if (!ip) {
        tl_fail(e, "interpreter: not enough memory");
        return NULL;
    }
    ip->model = model;
    ip->program = program;
    ip->keeps = tl_keeps_steps(&model->tbptt);
    if (set_up(ip, e)) {
        tl_interp_free(ip);
        return NULL;
    }
    return ip;
}

void tl_interp_free(tl_interp *ip)
{
    if (!ip)
        return;
    void *owned[] = {
        ip->size, ip->value_at, ip->adjoint_at, ip->carry_at, ip->state_at, ip->fixed, ip->wanted,
        ip->value, ip->input, ip->target, ip->entering, ip->reached, ip->carried,
        ip->tape, ip->adjoints, ip->carry, ip->held, ip->scratch, ip->grads,
        ip->seen_at, ip->past_at, ip->looked_at, ip->seen,
    };
    for (size_t k = 0; k < sizeof owned / sizeof *owned; k++)
        free(owned[k]);
    free(ip);
}

size_t tl_interp_frame_size(const tl_interp *ip)
{
    return ip->keeps ? ip->slot_bytes / tl_real_size(ip->model->real) : 0;
}

tl_engine tl_interp_engine(tl_interp *ip)
{
    bool f32 = ip->model->real == TL_F32;
    return (tl_engine) {
        .model = ip->model,
        .self = ip,
        .window = f32 ? tl_interp_window_f32 : tl_interp_window_f64,
        .step = f32 ? tl_interp_step_f32 : tl_interp_step_f64,
        .serial = 1,
    };
}

void tl_interp_set_watch(tl_interp *ip, tl_interp_watch *watch, void *context)
{
    ip->watch = watch;
    ip->watching = context;
}

void *tl_interp_value(const tl_interp *ip, int32_t i) { return ip->value[i]; }

const void *tl_interp_adjoint(const tl_interp *ip, int32_t i)
{
    return ip->reached[i] ? ip->adjoints + ip->adjoint_at[i] : NULL;
}
