/* select_loop.c - pointwise operations, fused: one nest, what only the loop reads in registers. */
#include <stdlib.h>
#include <string.h>

#include "graph/checked.h"
#include "schedule/select_internal.h"
#include "graph/user_error.h"

static const Unit *unit_at(const Selector *s, uint32_t u) { return &s->units->unit[u]; }
static Ref member_at(const Selector *s, uint32_t u, uint32_t i)
{
    return s->units->members[unit_at(s, u)->first + i];
}

static bool is_local(const Selector *s, uint32_t u, Ref r)
{
    const Node *n = node_at(s->g, r);
    return s->units->of[r] == u && is_computed(n) && is_pointwise(n);
}

static uint32_t instruction_of(const Selector *s, uint32_t u, Ref r)
{
    for (uint32_t i = 0; i < s->kernel.ninstructions; i++)
        if (member_at(s, u, i) == r)
            return i;
    assume(false, "%%%u is read in its loop before it is computed", r);
    return 0;
}

static bool same_walk(const Selector *s, const Access *a, const Access *b)
{
    const Place *p = &s->place[a->argument], *q = &s->place[b->argument];
    return p->block == q->block && p->index == q->index && p->owner == q->owner && p->offset == q->offset &&
           p->step == q->step &&           a->written == b->written && !memcmp(a->stride, b->stride, sizeof a->stride);
}

/* An argument for each way in which something is walked: a broadcast row and the same row as it is are two. */
static uint32_t access_in_loop(Selector *s, Ref r, bool written)
{
    const Node *n = node_at(s->g, r);
    Kernel *k = &s->kernel;
    uint32_t last = k->naccesses;
    Access *a = add_access(s, r, new_argument(s, r), written);
    nest_strides(&k->nest, step_of(s, r), layout_of(s, r), &n->shape, n->batched, a->stride);
    for (uint32_t i = 0; i < last; i++)
        if (same_walk(s, &k->access[i], a)) {
            k->naccesses--;
            k->narguments--;
            return i;
        }
    return last;
}

static Operand operand(Selector *s, uint32_t u, Ref r)
{
    if (layout_of(s, r)->block == BLOCK_CONST)
        return (Operand){ .from = FROM_NUMBER, .number = in_precision(s, layout_of(s, r)->value) };
    if (!is_local(s, u, r))
        return (Operand){ .from = FROM_ACCESS, .index = access_in_loop(s, r, false) };
    uint32_t i = instruction_of(s, u, r);
    s->kernel.body[i].used = true;
    return (Operand){ .from = FROM_RESULT, .index = i };
}

static Instruction instruction(Selector *s, uint32_t u, Ref r)
{
    const Node *n = node_at(s->g, r);
    Instruction in = { .op = (tl_op)n->op, .noperands = n->nargs, .store = NOT_STORED,
                       .number = { in_precision(s, n->num[0]), in_precision(s, n->num[1]) } };
    if (s->units->stored[r])
        in.store = (int32_t)access_in_loop(s, r, true);
    for (uint32_t i = 0; i < n->nargs; i++)
        in.operand[i] = operand(s, u, arg_at(s->g, r, i));
    return in;
}

/* A term of a running sum is in the same place in every slot. A lone copy is the sum over the slots of what it copies;
 * a loop cannot be. */
static bool select_terms(Selector *s, uint32_t u)
{
    Ref r = member_at(s, u, 0);
    if (unit_at(s, u)->count > 1 || node_at(s->g, r)->op != OP_COPY)
        return false;
    return select_sum(s, r);
}

static bool by_halves(const Selector *s)
{
    const Nest *n = &s->kernel.nest;
    int64_t bytes = s->real == TL_F64 ? 8 : 4;
    for (int32_t d = 0; d < n->rank; d++)
        bytes *= n->extent[d];
    return s->target && s->target->vector_bytes == 64 && !n->slots && bytes > 32 && bytes <= 64;
}

bool select_loop(Selector *s, uint32_t u)
{
    if (s->all && s->units->sum[member_at(s, u, 0)])
        return select_terms(s, u);

    const Node *lead = node_at(s->g, member_at(s, u, 0));
    Kernel *k = &s->kernel;
    begin_kernel(s, KERNEL_LOOP, (tl_op)lead->op);
    k->nest = nest_over(s->all, lanes_of(s, lead->batched), &lead->shape);
    for (uint32_t i = 0; i < unit_at(s, u)->count; i++) {
        Instruction in = instruction(s, u, member_at(s, u, i));
        k->body = grown(k->body, k->ninstructions, &s->body_capacity, sizeof *k->body);
        k->body[k->ninstructions++] = in;
    }
    nest_collapse(&k->nest, k->access, k->naccesses);
    k->by_halves = by_halves(s);
    return true;
}
