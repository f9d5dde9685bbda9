#include "program_builder.h"

#include <assert.h>
#include <string.h>

void builder_start(Builder *b, int32_t k2, int32_t batch)
{
    memset(b, 0, sizeof *b);
    b->program.loss = -1;
    b->model.tbptt = (tl_tbptt) { .k1 = 1, .k2 = k2, .batch = batch };
}

Shape shape_of(const Builder *b, int32_t i)
{
    Shape s = { .rank = b->instr[i].rank };
    memcpy(s.dim, b->instr[i].dim, sizeof s.dim);
    return s;
}

static int32_t add(Builder *b, tl_op op, Shape shape, bool batched, int32_t n, const int32_t *args)
{
    assert(b->count < MAX_INSTR && b->nargs + n <= MAX_ARGS);
    tl_instr *in = &b->instr[b->count];
    *in = (tl_instr) {
        .op = (uint8_t)op, .rank = (uint8_t)shape.rank, .batched = batched, .args = b->nargs,
        .nargs = n, .file = "by_hand.lua", .line = b->count + 1,
    };
    memcpy(in->dim, shape.dim, sizeof in->dim);
    for (int32_t k = 0; k < n; k++)
        b->args[b->nargs++] = args[k];
    return b->count++;
}

static int32_t add_to_table(tl_tensor *table, int32_t *count, Shape shape)
{
    assert(*count < MAX_TENSORS);
    table[*count] = (tl_tensor) { .name = "t", .rank = shape.rank, .learned = -1 };
    memcpy(table[*count].dim, shape.dim, sizeof shape.dim);
    return (*count)++;
}

static int32_t add_leaf(Builder *b, tl_op op, tl_tensor *table, int32_t *count, Shape shape)
{
    int32_t i = add(b, op, shape, op != OP_PARAM, 0, NULL);
    b->instr[i].attr[0] = add_to_table(table, count, shape);
    return i;
}

int32_t add_const(Builder *b, double x, Shape shape)
{
    int32_t i = add(b, OP_CONST, shape, false, 0, NULL);
    b->instr[i].num[0] = x;
    return i;
}

int32_t add_table(Builder *b, const double *values, Shape shape)
{
    int32_t i = add(b, OP_TABLE, shape, false, 0, NULL);
    size_t count = 1;
    for (int32_t d = 0; d < shape.rank; d++)
        count *= (size_t)shape.dim[d];
    assert(b->ntables < MAX_TENSORS);
    b->instr[i].attr[0] = b->ntables;
    b->table[b->ntables++] = (tl_table) { values, count };
    return i;
}

int32_t add_param(Builder *b, Shape shape)
{
    return add_leaf(b, OP_PARAM, b->params, &b->model.nparams, shape);
}

int32_t add_input(Builder *b, Shape shape)
{
    return add_leaf(b, OP_INPUT, b->inputs, &b->model.ninputs, shape);
}

int32_t add_target(Builder *b, Shape shape)
{
    return add_leaf(b, OP_TARGET, b->targets, &b->model.ntargets, shape);
}

int32_t add_token(Builder *b, int32_t vocab)
{
    int32_t i = add_leaf(b, OP_INPUT, b->inputs, &b->model.ninputs, NO_DIMS);
    b->instr[i].token = 1;
    b->inputs[b->instr[i].attr[0]].vocab = vocab;
    return i;
}

int32_t add_token_target(Builder *b, int32_t vocab)
{
    int32_t i = add_leaf(b, OP_TARGET, b->targets, &b->model.ntargets, NO_DIMS);
    b->instr[i].token = 1;
    b->targets[b->instr[i].attr[0]].vocab = vocab;
    return i;
}

int32_t add_state(Builder *b, Shape shape, double start)
{
    int32_t i = add_leaf(b, OP_STATE, b->states, &b->model.nstates, shape);
    b->states[b->instr[i].attr[0]].init.a = start;
    return i;
}

int32_t add_learned_state(Builder *b, Shape shape)
{
    int32_t i = add_state(b, shape, 0);
    int32_t param = add_to_table(b->params, &b->model.nparams, shape);
    b->states[b->instr[i].attr[0]].learned = param;
    return i;
}

int32_t add_dropmask(Builder *b, Shape shape, double p, int32_t stream)
{
    int32_t i = add(b, OP_DROPMASK, shape, true, 0, NULL);
    b->instr[i].num[0] = p;
    b->instr[i].attr[0] = stream;
    return i;
}

static Shape broadcast(Shape a, Shape b)
{
    Shape wide = a.rank >= b.rank ? a : b, other = a.rank >= b.rank ? b : a;
    for (int32_t d = 0; d < other.rank; d++) {
        int32_t *x = &wide.dim[wide.rank - other.rank + d], y = other.dim[d];
        assert(*x == y || *x == 1 || y == 1);
        *x = *x == 1 ? y : *x;
    }
    return wide;
}

static int32_t add_pointwise(Builder *b, tl_op op, int32_t n, const int32_t *args)
{
    Shape shape = shape_of(b, args[0]);
    bool batched = false;
    for (int32_t k = 0; k < n; k++) {
        shape = broadcast(shape, shape_of(b, args[k]));
        batched = batched || b->instr[args[k]].batched;
    }
    return add(b, op, shape, batched, n, args);
}

int32_t add_op1(Builder *b, tl_op op, int32_t a)
{
    return add_pointwise(b, op, 1, &a);
}

int32_t add_op2(Builder *b, tl_op op, int32_t x, int32_t y)
{
    return add_pointwise(b, op, 2, (int32_t[]) { x, y });
}

int32_t add_where(Builder *b, int32_t c, int32_t x, int32_t y)
{
    return add_pointwise(b, OP_WHERE, 3, (int32_t[]) { c, x, y });
}

int32_t add_powc(Builder *b, int32_t a, double exponent)
{
    int32_t i = add_op1(b, OP_POWC, a);
    b->instr[i].num[0] = exponent;
    return i;
}

int32_t add_clamp(Builder *b, int32_t a, double lo, double hi)
{
    int32_t i = add_op1(b, OP_CLAMP, a);
    b->instr[i].num[0] = lo;
    b->instr[i].num[1] = hi;
    return i;
}

int32_t add_reshape(Builder *b, int32_t a, Shape shape)
{
    return add(b, OP_RESHAPE, shape, b->instr[a].batched, 1, &a);
}

int32_t add_transpose(Builder *b, int32_t a)
{
    Shape s = shape_of(b, a);
    int32_t last = s.dim[s.rank - 1];
    s.dim[s.rank - 1] = s.dim[s.rank - 2];
    s.dim[s.rank - 2] = last;
    return add(b, OP_TRANSPOSE, s, b->instr[a].batched, 1, &a);
}

int32_t add_slice(Builder *b, int32_t a, int32_t dim, int32_t from, int32_t count)
{
    Shape s = shape_of(b, a);
    s.dim[dim] = count;
    int32_t i = add(b, OP_SLICE, s, b->instr[a].batched, 1, &a);
    b->instr[i].attr[0] = dim;
    b->instr[i].attr[1] = from;
    return i;
}

int32_t add_expand(Builder *b, int32_t a, Shape shape, bool batched)
{
    return add(b, OP_EXPAND, shape, batched, 1, &a);
}

int32_t add_concat(Builder *b, int32_t dim, int32_t n, const int32_t *parts)
{
    Shape s = shape_of(b, parts[0]);
    bool batched = false;
    s.dim[dim] = 0;
    for (int32_t k = 0; k < n; k++) {
        s.dim[dim] += b->instr[parts[k]].dim[dim];
        batched = batched || b->instr[parts[k]].batched;
    }
    int32_t i = add(b, OP_CONCAT, s, batched, n, parts);
    b->instr[i].attr[0] = dim;
    return i;
}

int32_t add_sum(Builder *b, int32_t a, Shape result, bool lanes)
{
    int32_t i = add(b, OP_SUM, result, b->instr[a].batched && !lanes, 1, &a);
    b->instr[i].attr[0] = lanes;
    return i;
}

int32_t add_softmax(Builder *b, tl_op op, int32_t a, int32_t dim)
{
    int32_t i = add_op1(b, op, a);
    b->instr[i].attr[0] = dim;
    return i;
}

int32_t add_matmul(Builder *b, int32_t x, int32_t y, bool tx, bool ty, bool lanes)
{
    Shape s = SHAPE(b->instr[x].dim[tx], b->instr[y].dim[!ty]);
    bool batched = (b->instr[x].batched || b->instr[y].batched) && !lanes;
    int32_t i = add(b, OP_MATMUL, s, batched, 2, (int32_t[]) { x, y });
    b->instr[i].attr[0] = tx;
    b->instr[i].attr[1] = ty;
    b->instr[i].attr[2] = lanes;
    return i;
}

int32_t add_gather(Builder *b, int32_t a, int32_t token)
{
    return add(b, OP_GATHER, SHAPE(b->instr[a].dim[1]), true, 2, (int32_t[]) { a, token });
}

int32_t add_pick(Builder *b, int32_t a, int32_t token)
{
    return add(b, OP_PICK, NO_DIMS, true, 2, (int32_t[]) { a, token });
}

/* OH and OW, counted: the places of the window's first row or column at which its last one is still
 * inside of the padded image. */
static int32_t count_places(const Builder *b, int32_t a, const int32_t *window, int d)
{
    int32_t count = 0, size = b->instr[a].dim[1 + d], padding = window[4 + d];
    for (int32_t at = -padding; at + window[d] <= size + padding; at += window[2 + d])
        count++;
    return count;
}

int32_t add_patches(Builder *b, int32_t a, const int32_t *window)
{
    int32_t places = count_places(b, a, window, 0) * count_places(b, a, window, 1);
    Shape s = SHAPE(b->instr[a].dim[0] * window[0] * window[1], places);
    int32_t i = add(b, OP_PATCHES, s, b->instr[a].batched, 1, &a);
    memcpy(b->instr[i].attr, window, sizeof b->instr[i].attr);
    return i;
}

int32_t add_max_pool(Builder *b, int32_t a, const int32_t *window)
{
    int32_t high = count_places(b, a, window, 0), wide = count_places(b, a, window, 1);
    Shape s = SHAPE(b->instr[a].dim[0], high, wide);
    int32_t i = add(b, OP_MAX_POOL, s, b->instr[a].batched, 1, &a);
    memcpy(b->instr[i].attr, window, sizeof b->instr[i].attr);
    return i;
}

int32_t add_probe(Builder *b, int32_t a)
{
    int32_t k = add_to_table(b->probes, &b->model.nprobes, shape_of(b, a));
    b->probe[k] = a;
    return a;
}

void begin_head(Builder *b)
{
    b->program.head = b->count;
    b->model.has_head = 1;
}

static int32_t past_index(Builder *b, int32_t seen)
{
    bool state = b->instr[seen].op == OP_STATE;
    int32_t node = state ? b->next_state[b->instr[seen].attr[0]] : seen;
    for (int32_t k = 0; k < b->model.npast; k++)
        if (b->past_node[k] == node && (b->past_state[k] >= 0) == state)
            return k;
    int32_t k = add_to_table(b->past, &b->model.npast, shape_of(b, seen));
    b->past_node[k] = node;
    b->past_state[k] = state ? b->instr[seen].attr[0] : -1;
    return k;
}

int32_t add_past(Builder *b, int32_t seen, int32_t slot)
{
    int32_t k = past_index(b, seen), i = add(b, OP_PAST, shape_of(b, seen), true, 0, NULL);
    b->instr[i].attr[0] = k;
    b->instr[i].attr[1] = slot;
    return i;
}

void set_loss(Builder *b, int32_t i)
{
    b->program.loss = i;
}

void set_next(Builder *b, int32_t state, int32_t i)
{
    b->next_state[b->instr[state].attr[0]] = i;
}

void add_output(Builder *b, int32_t i)
{
    b->output[add_to_table(b->outputs, &b->model.noutputs, shape_of(b, i))] = i;
}

bool builder_contains(const Builder *b, tl_op op)
{
    for (int32_t i = 0; i < b->count; i++)
        if (b->instr[i].op == op)
            return true;
    return false;
}

/* Types, and offsets with `copies` of each tensor in its block. */
static size_t lay_out(tl_tensor *table, int32_t count, size_t copies, tl_type real)
{
    size_t at = 0;
    for (int32_t k = 0; k < count; k++) {
        table[k].type = table[k].vocab ? TL_I32 : real;
        table[k].offset = at;
        at += copies * tl_size(&table[k]);
    }
    return at;
}

void builder_finish(Builder *b, tl_type real)
{
    tl_model *m = &b->model;
    size_t k2 = (size_t)m->tbptt.k2, batch = (size_t)m->tbptt.batch;
    m->abi = TL_ABI;
    m->name = "by_hand";
    m->real = real;
    m->params = b->params, m->inputs = b->inputs, m->targets = b->targets;
    m->states = b->states, m->outputs = b->outputs, m->probes = b->probes;
    m->past = b->past;
    m->param_size = lay_out(b->params, m->nparams, 1, real);
    m->state_size = lay_out(b->states, m->nstates, (k2 + 1) * batch, real);
    m->probe_size = lay_out(b->probes, m->nprobes, k2 * batch, real);
    m->step_state_size = m->state_size / ((k2 + 1) * batch) + (k2 - 1) * lay_out(b->past, m->npast, 1, real);
    lay_out(b->inputs, m->ninputs, 0, real);
    lay_out(b->targets, m->ntargets, 0, real);
    lay_out(b->outputs, m->noutputs, 0, real);
    b->program.count = b->count;
    b->program.instr = b->instr;
    b->program.args = b->args;
    b->program.next_state = b->next_state;
    b->program.output = b->output;
    b->program.probe = b->probe;
    b->program.past = b->past_node;
    b->program.past_state = b->past_state;
    b->program.table = b->table;
    b->program.ntables = b->ntables;
}
