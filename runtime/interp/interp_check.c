/* interp_check.c - is this a program that the rules can run?
 *
 * The rules trust shapes and indices; a program in which they are wrong would make them read and
 * write outside of their memory. Everything that they trust is checked here, once. */
#include "interp_internal.h"

typedef struct Check {
    const tl_model *model;
    const tl_program *program;
    tl_error *e;
} Check;

static const tl_instr *operand(const Check *c, const tl_instr *in, int32_t k)
{
    return &c->program->instr[c->program->args[in->args + k]];
}

static int wrong(const Check *c, int32_t i, const char *why)
{
    const tl_instr *in = &c->program->instr[i];
    const char *word = in->op < TL_OP_COUNT ? tl_op_table[in->op].word : "?";
    return tl_fail(c->e, "interpreter: instruction %d (%s) of the step, from %s:%d: %s", (int)i,
                   word, in->file ? in->file : "?", (int)in->line, why);
}

static bool is_step_op(uint8_t op)
{
    static const uint8_t step_op[TL_OP_COUNT] = {
#define X(NAME, word, nargs, kind) [OP_##NAME] = 1,
        TL_STEP_OPS(X)
#undef X
    };
    return op < TL_OP_COUNT && step_op[op];
}

/* Elements of one example; false if there are none or more than a size_t counts. */
static bool count_elements(int32_t rank, const int32_t *dim, size_t *n)
{
    *n = 1;
    if (rank < 0 || rank > TL_MAX_RANK)
        return false;
    for (int32_t d = 0; d < rank; d++)
        if (dim[d] < 1 || __builtin_mul_overflow(*n, (size_t)dim[d], n))
            return false;
    return true;
}

static size_t size_of(const tl_instr *in) /* of a shape that was checked */
{
    size_t n;
    count_elements(in->rank, in->dim, &n);
    return n;
}

static bool same_shape(const tl_instr *a, const tl_instr *b)
{
    bool same = a->rank == b->rank;
    for (int32_t d = 0; same && d < a->rank; d++)
        same = a->dim[d] == b->dim[d];
    return same;
}

/* Shapes that agree everywhere but along one dim. */
static bool same_but(const tl_instr *a, const tl_instr *b, int32_t dim)
{
    bool same = a->rank == b->rank && dim >= 0 && dim < a->rank;
    for (int32_t d = 0; same && d < a->rank; d++)
        same = d == dim || a->dim[d] == b->dim[d];
    return same;
}

static bool broadcasts_to(const tl_instr *narrow, const tl_instr *wide)
{
    if (narrow->rank > wide->rank)
        return false;
    for (int32_t d = 0; d < narrow->rank; d++)
        if (narrow->dim[d] != 1 && narrow->dim[d] != wide->dim[wide->rank - narrow->rank + d])
            return false;
    return true;
}

/* --- operands and shapes, by kind of operation; each returns what is wrong, or NULL --- */

static const char not_alike[] = "operand and result must both be shared or both per lane";
static const char not_a_lane_sum[] = "a sum over lanes makes a shared value of one per lane";

/* Only a head has a window to look back at. */
static const char *past_fault(const Check *c, const tl_instr *in)
{
    if (!c->program->head || in < c->program->instr + c->program->head)
        return "a step does not see past steps";
    if (in->attr[0] < 0 || in->attr[0] >= c->model->npast)
        return "no such value in the model's table";
    if (in->attr[1] < 0 || in->attr[1] >= c->model->tbptt.k2)
        return "the window has no such slot";
    return in->batched && !in->token && size_of(in) == tl_size(&c->model->past[in->attr[0]])
        ? NULL : "the model's table has another shape";
}

static const char *table_fault(const Check *c, const tl_instr *in)
{
    if (in->attr[0] < 0 || in->attr[0] >= c->program->ntables)
        return "the program has no such table of numbers";
    if (in->batched || in->token)
        return "a table of numbers is shared";
    return size_of(in) == c->program->table[in->attr[0]].count ? NULL : "the table of numbers has another size";
}

static const char *fault_LEAF(const Check *c, const tl_instr *in)
{
    const tl_model *m = c->model;
    const tl_tensor *table = in->op == OP_PARAM ? m->params : in->op == OP_INPUT ? m->inputs
        : in->op == OP_TARGET ? m->targets : m->states;
    int32_t count = in->op == OP_PARAM ? m->nparams : in->op == OP_INPUT ? m->ninputs
        : in->op == OP_TARGET ? m->ntargets : m->nstates;
    if (in->nargs != 0)
        return "a leaf of a step has no operands";
    if (in->op == OP_CONST)
        return NULL;
    if (in->op == OP_TABLE)
        return table_fault(c, in);
    if (in->op == OP_DROPMASK)
        return in->batched ? NULL : "a dropout mask is drawn for each lane";
    if (in->op == OP_PAST)
        return past_fault(c, in);
    if (in->attr[0] < 0 || in->attr[0] >= count)
        return "no such tensor in the model's table";
    if (in->token != (table[in->attr[0]].type == TL_I32))
        return "the model's table has another type";
    if (size_of(in) != tl_size(&table[in->attr[0]]))
        return "the model's table has another shape";
    return in->batched == (in->op != OP_PARAM) ? NULL : "parameters, and only they, are shared";
}

static const char *fault_POINTWISE(const Check *c, const tl_instr *in)
{
    for (int32_t k = 0; k < in->nargs; k++)
        if (!broadcasts_to(operand(c, in, k), in))
            return "an operand does not broadcast to the result";
    return NULL;
}

static const char *fault_VIEW(const Check *c, const tl_instr *in)
{
    const tl_instr *a = operand(c, in, 0);
    if (in->op == OP_EXPAND)
        return broadcasts_to(a, in) ? NULL : "the operand does not broadcast to the result";
    if (in->batched != a->batched)
        return not_alike;
    if (in->op == OP_TRANSPOSE) {
        int32_t r = in->rank;
        bool swapped = r >= 2 && a->rank == r && in->dim[r - 1] == a->dim[r - 2]
            && in->dim[r - 2] == a->dim[r - 1];
        for (int32_t d = 0; swapped && d < r - 2; d++)
            swapped = in->dim[d] == a->dim[d];
        return swapped ? NULL : "the result's last two dims are not the operand's, swapped";
    }
    if (in->op == OP_SLICE) {
        int32_t dim = in->attr[0], from = in->attr[1];
        return same_but(in, a, dim) && from >= 0 && from <= a->dim[dim] - in->dim[dim]
            ? NULL : "the slice does not lie within the operand";
    }
    return size_of(in) == size_of(a) ? NULL : "operand and result differ in size";
}

static const char *concat_fault(const Check *c, const tl_instr *in)
{
    int64_t together = 0;
    for (int32_t k = 0; k < in->nargs; k++) {
        if (!same_but(operand(c, in, k), in, in->attr[0]))
            return "an operand differs from the result in another dim";
        together += operand(c, in, k)->dim[in->attr[0]];
    }
    return in->nargs && together == in->dim[in->attr[0]] ? NULL : "the parts do not make the whole";
}

static const char *fault_REDUCE(const Check *c, const tl_instr *in)
{
    const tl_instr *a = operand(c, in, 0);
    if (!broadcasts_to(in, a))
        return "the result does not broadcast to the operand";
    if (in->attr[0])
        return a->batched && !in->batched ? NULL : not_a_lane_sum;
    return a->batched == in->batched ? NULL : not_alike;
}

static const char *fault_MATMUL(const Check *c, const tl_instr *in)
{
    const tl_instr *a = operand(c, in, 0), *b = operand(c, in, 1);
    int ta = in->attr[0] != 0, tb = in->attr[1] != 0;
    bool lanes = a->batched || b->batched;
    if (a->rank != 2 || b->rank != 2 || in->rank != 2)
        return "operands and result have rank 2";
    if (a->dim[!ta] != b->dim[tb])
        return "the inner dims of the operands differ";
    if (in->dim[0] != a->dim[ta] || in->dim[1] != b->dim[!tb])
        return "the result's shape is not the product's";
    if (in->attr[2])
        return lanes && !in->batched ? NULL : not_a_lane_sum;
    return in->batched == lanes ? NULL : "a product is per lane if an operand is";
}

static const char *fault_INDEX(const Check *c, const tl_instr *in)
{
    const tl_instr *a = operand(c, in, 0), *token = operand(c, in, 1);
    const tl_tensor *table = token->op == OP_INPUT ? c->model->inputs : c->model->targets;
    if (!token->token || size_of(token) != 1)
        return "the second operand must be one token";
    if (a->rank < 1 || table[token->attr[0]].vocab > a->dim[0])
        return "the first operand has fewer rows than there are tokens";
    if (in->op == OP_PICK)
        return a->rank == 1 && size_of(in) == 1 ? NULL : "picks one element of a vector";
    return a->rank == 2 && !a->batched && size_of(in) == (size_t)a->dim[1]
        ? NULL : "gathers a row of a shared matrix";
}

/* A pooled window that lay in padding alone would have no largest element. */
static const char *fault_PATCH(const Check *c, const tl_instr *in)
{
    const tl_instr *a = operand(c, in, 0);
    const int32_t *w = in->attr;
    if (in->batched != a->batched)
        return not_alike;
    if (a->rank != 3)
        return "the operand is no image of rank 3";
    size_t high = (size_t)tl_patch_places(a->dim[1], w[0], w[2], w[4]);
    size_t wide = (size_t)tl_patch_places(a->dim[2], w[1], w[3], w[5]);
    if (!high || !wide)
        return "the window does not fit into the operand";
    if (in->op == OP_MAX_POOL)
        return w[4] <= w[0] / 2 && w[5] <= w[1] / 2 && in->rank == 3 && in->dim[0] == a->dim[0]
            && (size_t)in->dim[1] == high && (size_t)in->dim[2] == wide
            ? NULL : "the result is not an element for each place, or a place is all padding";
    size_t window = (size_t)w[0] * (size_t)w[1], rows;
    return in->rank == 2 && !__builtin_mul_overflow(window, (size_t)a->dim[0], &rows)
        && (size_t)in->dim[0] == rows && (size_t)in->dim[1] == high * wide
        ? NULL : "the result is not a column for each place";
}

static const char *fault_ROWWISE(const Check *c, const tl_instr *in)
{
    const tl_instr *a = operand(c, in, 0);
    return same_shape(in, a) && in->batched == a->batched && in->attr[0] >= 0
        && in->attr[0] < in->rank ? NULL : "works along a dim of a value of its own shape";
}

static const char *fault_COPY(const Check *c, const tl_instr *in)
{
    return in->op == OP_CONCAT ? concat_fault(c, in) : fault_VIEW(c, in);
}

static const char *(*const faults[TL_KIND_COUNT])(const Check *, const tl_instr *) = {
#define X(KIND, computed, stands, token) fault_##KIND,
    TL_KINDS(X)
#undef X
};

/* Operands come first, tokens only address, and what depends on a lane is per lane. */
static const char *operand_fault(const Check *c, int32_t i)
{
    const tl_instr *in = &c->program->instr[i];
    const tl_op_info *info = &tl_op_table[in->op];
    bool lanes_summed = (in->op == OP_SUM && in->attr[0]) || (in->op == OP_MATMUL && in->attr[2]);
    if (in->nargs < 0 || (info->nargs >= 0 && in->nargs != info->nargs))
        return "wrong number of operands";
    for (int32_t k = 0; k < in->nargs; k++) {
        int32_t a = c->program->args[in->args + k];
        if (a < 0 || a >= i)
            return "an operand does not come before its user";
        if (c->program->instr[a].token != (k == tl_kind_table[info->kind].token))
            return "a token stands where a number belongs, or the other way round";
        if (c->program->instr[a].batched && !in->batched && !lanes_summed)
            return "the result of an operand per lane must be per lane";
    }
    return in->token && in->op != OP_INPUT && in->op != OP_TARGET
        ? "only inputs and targets are tokens" : NULL;
}

static int check_instr(const Check *c, int32_t i)
{
    const tl_instr *in = &c->program->instr[i];
    size_t n;
    if (!is_step_op(in->op))
        return wrong(c, i, "not an operation of a step");
    if (!count_elements(in->rank, in->dim, &n))
        return wrong(c, i, "its shape has a dim below 1, too many dims, or more elements than any "
                     "memory");
    const char *why = operand_fault(c, i);
    if (!why)
        why = faults[tl_op_table[in->op].kind](c, in);
    return why ? wrong(c, i, why) : 0;
}

/* --- what the program leaves: loss, next states, outputs, probes --- */

static int check_result(const Check *c, int32_t i, size_t size, const char *what, int32_t k)
{
    if (i < 0 || i >= c->program->count)
        return tl_fail(c->e, "interpreter: %s %d of the step is no instruction", what, (int)k);
    if (c->program->instr[i].token || size_of(&c->program->instr[i]) != size)
        return tl_fail(c->e, "interpreter: %s %d of the step has another shape or type than the "
                       "model's table says", what, (int)k);
    return 0;
}

static int check_states(const Check *c)
{
    const tl_model *m = c->model;
    for (int32_t k = 0; k < m->nstates; k++) {
        const tl_tensor *s = &m->states[k];
        size_t n;
        if (!count_elements(s->rank, s->dim, &n) || s->learned >= m->nparams
            || (s->learned >= 0 && tl_size(&m->params[s->learned]) != n))
            return tl_fail(c->e, "interpreter: state %d does not start from a parameter of its "
                           "shape", (int)k);
        if (check_result(c, c->program->next_state[k], n, "next state", k))
            return -1;
    }
    return 0;
}

/* What the head sees is of the step; the step sees nothing of the head. */
static int check_head(const Check *c)
{
    const tl_program *p = c->program;
    if (p->head < 0 || p->head > p->count || (c->model->npast && !p->head))
        return tl_fail(c->e, "interpreter: the head begins at instruction %d of %d", (int)p->head,
                       (int)p->count);
    for (int32_t k = 0; k < c->model->npast; k++) {
        int32_t state = p->past_state[k];
        if (check_result(c, p->past[k], tl_size(&c->model->past[k]), "past value", k))
            return -1;
        if (p->past[k] >= p->head || state >= c->model->nstates
            || (state >= 0 && p->next_state[state] != p->past[k]))
            return tl_fail(c->e, "interpreter: past value %d is of no step", (int)k);
    }
    for (int32_t k = 0; p->head && k < c->model->nstates; k++)
        if (p->next_state[k] >= p->head)
            return tl_fail(c->e, "interpreter: state %d is of the head", (int)k);
    return 0;
}

static int check_carried(const Check *c)
{
    const tl_model *m = c->model;
    for (int32_t i = 0; i < c->program->ncarried; i++) {
        const tl_carried *k = &c->program->carried[i];
        size_t all = k->sensitivity >= 0 && k->sensitivity < m->nstates ? tl_size(&m->states[k->sensitivity]) : 0;
        int fits = k->state >= 0 && k->state < m->nstates && k->param >= 0 && k->param < m->nparams && all &&
                   (k->at || all == tl_size(&m->params[k->param]) * tl_size(&m->states[k->state]));
        for (size_t d = 0; fits && k->at && d < tl_size(&m->params[k->param]); d++)
            fits = k->at[d] >= -1 && k->at[d] < (int64_t)all;
        if (!fits)
            return tl_fail(c->e, "interpreter: sensitivity %d is none of a state to a parameter", (int)i);
    }
    return 0;
}

static int check_results(const Check *c)
{
    const tl_model *m = c->model;
    const tl_program *p = c->program;
    if (p->loss != -1 && check_result(c, p->loss, 1, "loss", 0))
        return -1;
    for (int32_t k = 0; k < m->nnamed; k++)
        if (check_result(c, p->named[k], 1, "named loss", k))
            return -1;
    for (int32_t k = 0; k < m->noutputs; k++)
        if (check_result(c, p->output[k], tl_size(&m->outputs[k]), "output", k))
            return -1;
    for (int32_t k = 0; k < m->nprobes; k++)
        if (check_result(c, p->probe[k], tl_size(&m->probes[k]), "probe", k))
            return -1;
    for (int32_t k = 0; p->gradient && k < m->nparams; k++)
        if (p->gradient[k] != -1 && check_result(c, p->gradient[k], tl_size(&m->params[k]), "gradient", k))
            return -1;
    return check_states(c) || check_head(c) || check_carried(c) ? -1 : 0;
}

/* Gradients are written at the parameters' offsets. */
static int check_params(const tl_model *m, tl_error *e)
{
    for (int32_t k = 0; k < m->nparams; k++) {
        const tl_tensor *p = &m->params[k];
        size_t n;
        if (!count_elements(p->rank, p->dim, &n) || n > m->param_size
            || p->offset > m->param_size - n)
            return tl_fail(e, "interpreter: parameter %s does not lie within the model's %zu "
                           "elements of parameters", p->name, m->param_size);
    }
    return 0;
}

int tl_interp_check(const tl_model *model, const tl_program *program, tl_error *e)
{
    const Check c = { model, program, e };
    if (model->tbptt.k2 < 1 || model->tbptt.batch < 1 || program->count < 0)
        return tl_fail(e, "interpreter: k2 = %d and batch = %d must be at least 1",
                       (int)model->tbptt.k2, (int)model->tbptt.batch);
    if (model->tbptt.batch % tl_shards(&model->tbptt))
        return tl_fail(e, "interpreter: %d shards do not divide a batch of %d", (int)model->tbptt.shards,
                       (int)model->tbptt.batch);
    if (check_params(model, e))
        return -1;
    for (int32_t i = 0; i < program->count; i++)
        if (check_instr(&c, i))
            return -1;
    return check_results(&c);
}
