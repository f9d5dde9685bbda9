/* quantise.c - from a step program to fixed point. Formats first (bits of every value, by what was seen of it and by what is known of
 * it), then a rule an operation, in order; then places in memory, by lifetimes. What depends on no data is a number here: views
 * and functions of parameters come as values. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "graph/checked.h"
#include "graph/user_error.h"
#include "schedule/fixed.h"
#include "schedule/fixed_internal.h"

/* ---- what is needed ---- */

bool *fixed_without_data(const tl_program *p)
{
    bool *none = checked(calloc((size_t)p->count + 1, sizeof *none));
    for (int32_t i = 0; i < p->count; i++) {
        const tl_instr *in = &p->instr[i];
        if (tl_op_table[in->op].kind == TL_LEAF) { /* a mask of dropout is 1 where nothing is trained */
            none[i] = in->op == OP_CONST || in->op == OP_TABLE || in->op == OP_PARAM || in->op == OP_DROPMASK;
            continue;
        }
        none[i] = true;
        for (int32_t k = 0; k < in->nargs; k++)
            none[i] &= none[p->args[in->args + k]];
    }
    return none;
}

static void find_wanted(Quantiser *z)
{
    const tl_program *p = z->p;
    const tl_model *m = z->m;
    for (int32_t k = 0; k < m->noutputs; k++)
        z->wanted[p->output[k]] = true;
    for (int32_t k = 0; k < tl_own_states(m); k++)
        z->wanted[p->next_state[k]] = true;
    for (int32_t k = 0; k < m->npast; k++)
        z->wanted[p->past[k]] = true;
    for (int32_t i = p->count - 1; i >= 0; i--)
        if (z->wanted[i] && z->normal[i].row >= 0)
            z->wanted[z->normal[i].row] = true;
        else
            for (int32_t k = 0; z->wanted[i] && !z->value[i] && k < p->instr[i].nargs; k++)
                z->wanted[p->args[p->instr[i].args + k]] = true;
}

/* Where a function is flat to 16 bits. A view is read as its users read it. */
static double cap_of_use(const Quantiser *z, int32_t user)
{
    switch (z->p->instr[user].op) {
    case OP_TANH: return 8;
    case OP_SIGMOID: return 16;
    case OP_RESHAPE: case OP_TRANSPOSE: case OP_SLICE: case OP_EXPAND: case OP_STOP: return z->cap[user];
    default: return INFINITY;
    }
}

static void find_caps(Quantiser *z)
{
    const tl_program *p = z->p;
    for (int32_t i = 0; i < p->count; i++)
        z->cap[i] = 0;
    for (int32_t k = 0; k < z->m->noutputs; k++)
        z->cap[p->output[k]] = INFINITY;
    for (int32_t k = 0; k < tl_own_states(z->m); k++)
        z->cap[p->next_state[k]] = INFINITY;
    for (int32_t k = 0; k < z->m->npast; k++)
        z->cap[p->past[k]] = INFINITY;
    for (int32_t i = p->count - 1; i >= 0; i--)
        for (int32_t k = 0; z->wanted[i] && k < p->instr[i].nargs; k++)
            z->cap[arg_of(z, i, k)] = fmax(z->cap[arg_of(z, i, k)], cap_of_use(z, i));
}

/* ---- formats ---- */

static double magnitude_of(const double *v, int32_t n)
{
    double most = 0;
    for (int32_t i = 0; i < n; i++)
        most = fmax(most, fabs(v[i]));
    return most;
}

/* The largest row of a matrix that multiplies, times what it multiplies; infinite where neither is a number. */
static double product_bound(const Quantiser *z, int32_t i)
{
    const tl_instr *in = &z->p->instr[i];
    const int32_t a = arg_of(z, i, 0), b = arg_of(z, i, 1), w = z->value[a] ? a : b, x = z->value[a] ? b : a;
    if (!z->value[w] || !isfinite(z->bound[x]))
        return INFINITY;
    const tl_instr *wi = &z->p->instr[w];
    const bool by_rows = (w == a) == !in->attr[w == a ? 0 : 1]; /* its rows are the result's */
    double most = 0;
    for (int32_t r = 0; r < wi->dim[by_rows ? 0 : 1]; r++) {
        double sum = 0;
        for (int32_t c = 0; c < wi->dim[by_rows ? 1 : 0]; c++)
            sum += fabs(z->value[w][by_rows ? r * wi->dim[1] + c : c * wi->dim[1] + r]);
        most = fmax(most, sum);
    }
    return most * z->bound[x];
}

static double largest_bound(const Quantiser *z, int32_t i, int32_t from)
{
    double most = 0;
    for (int32_t k = from; k < z->p->instr[i].nargs; k++)
        most = fmax(most, z->bound[arg_of(z, i, k)]);
    return most;
}

/* What no data exceed, by the operands' bounds. */
static double bound_of(const Quantiser *z, int32_t i)
{
    const tl_instr *in = &z->p->instr[i];
    if (z->value[i])
        return magnitude_of(z->value[i], size_of(z, i));
    if (z->normal[i].row >= 0)
        return sqrt(in->dim[in->rank - 1]);
    const double a = in->nargs ? z->bound[arg_of(z, i, 0)] : 0, b = in->nargs > 1 ? z->bound[arg_of(z, i, 1)] : 0;
    switch (in->op) {
    case OP_TANH: case OP_SIGMOID: case OP_SOFTMAX: case OP_SIN: case OP_COS:
    case OP_GT: case OP_GE: case OP_LT: case OP_LE: case OP_EQ: return 1;
    case OP_ADD: case OP_SUB: return a + b;
    case OP_MUL: return a * b == a * b ? a * b : INFINITY;
    case OP_MAX: case OP_MIN: case OP_CONCAT: return largest_bound(z, i, 0);
    case OP_WHERE: return largest_bound(z, i, 1);
    case OP_NEG: case OP_ABS: case OP_RELU: case OP_RESHAPE: case OP_TRANSPOSE: case OP_SLICE: case OP_EXPAND: case OP_STOP:
    case OP_PATCHES: case OP_MAX_POOL: case OP_GATHER: case OP_PICK: return a;
    case OP_CLAMP: return fmax(fabs(in->num[0]), fabs(in->num[1]));
    case OP_SQUARE: return a * a;
    case OP_SUM: return a * (size_of(z, arg_of(z, i, 0)) / size_of(z, i));
    case OP_MATMUL: return product_bound(z, i);
    case OP_STATE: return z->state_bound[in->attr[0]];
    default: return INFINITY;
    }
}

static void find_bounds(Quantiser *z)
{
    for (int32_t i = 0; i < z->p->count; i++)
        z->bound[i] = z->wanted[i] ? bound_of(z, i) : INFINITY;
}

static double first_magnitude(const Quantiser *z, int32_t state)
{
    double most = 0;
    for (int32_t e = 0; e < (int32_t)tl_size(&z->m->states[state]); e++)
        most = fmax(most, fabs(first_value(z, state, e)));
    return most;
}

/* A state is what the step before left, or the first one: where the step's values have bounds whatever the states are,
 * states have them too. */
static void find_state_bounds(Quantiser *z)
{
    for (int32_t k = 0; k < tl_own_states(z->m); k++)
        z->state_bound[k] = INFINITY;
    find_bounds(z);
    for (int32_t k = 0; k < tl_own_states(z->m); k++)
        z->state_bound[k] = fmax(first_magnitude(z, k), z->bound[z->p->next_state[k]]);
    find_bounds(z);
}

static double seen_magnitude(const Quantiser *z, int32_t i)
{
    const FixedRange *r = &z->range[i];
    return r->least <= r->most ? fmax(fabs(r->least), fabs(r->most)) : 0;
}

static double room_beyond(const Quantiser *z, int32_t i, double seen)
{
    return fmin(fmin(MARGIN * seen, z->bound[i]), z->cap[i] > 0 ? z->cap[i] : INFINITY);
}

double room_for(const Quantiser *z, int32_t i) { return room_beyond(z, i, seen_magnitude(z, i)); }

static int32_t clamp_bits(int32_t bits) { return bits < -16 ? -16 : bits > 30 ? 30 : bits; }

int32_t bits_for(double most)
{
    int e;
    double part = frexp(most, &e);
    if (!(most > 0))
        return 15;
    return clamp_bits(15 - (part == 0.5 ? e - 1 : e));
}

/* As the operand's: a view of it, or a choice among its elements. */
static bool keeps_format(const tl_instr *in)
{
    switch (in->op) {
    case OP_RESHAPE: case OP_TRANSPOSE: case OP_SLICE: case OP_EXPAND: case OP_STOP: case OP_PATCHES: case OP_MAX_POOL: return true;
    default: return false;
    }
}

static int32_t format_of(const Quantiser *z, int32_t i)
{
    const tl_instr *in = &z->p->instr[i];
    if (z->value[i]) /* 1 is 1, not a unit less */
        return bits_for(nextafter(z->bound[i], INFINITY));
    if (keeps_format(in))
        return z->bits[arg_of(z, i, 0)];
    switch (in->op) {
    case OP_GT: case OP_GE: case OP_LT: case OP_LE: case OP_EQ: return 0; /* 1 is 1 */
    case OP_SOFTMAX: return 15;
    case OP_GATHER: case OP_PICK: return z->bits[arg_of(z, i, 0)];
    case OP_PAST: return z->bits[z->p->past[in->attr[0]]];
    case OP_STATE: {
        double seen = fmax(seen_magnitude(z, i), fmax(seen_magnitude(z, z->p->next_state[in->attr[0]]), first_magnitude(z, in->attr[0])));
        return bits_for(room_beyond(z, i, seen));
    }
    default: return bits_for(room_for(z, i));
    }
}

/* ---- constants ---- */

int16_t fixed_quantum(double v, int32_t bits)
{
    double q = ldexp(v, bits);
    return (int16_t)(!(q > -32768) ? -32768 : q >= 32767 ? 32767 : q < 0 ? -floor(0.5 - q) : floor(q + 0.5));
}

static int32_t add_constants(FixedProgram *f, const double *v, int32_t n, int32_t bits)
{
    for (int32_t at = 0; n == 1 && at < f->nconstants; at++)
        if (f->constant[at] == fixed_quantum(*v, bits))
            return at;
    f->constant = checked(realloc(f->constant, (size_t)(f->nconstants + n) * sizeof *f->constant));
    for (int32_t i = 0; i < n; i++)
        f->constant[f->nconstants + i] = fixed_quantum(v[i], bits);
    f->nconstants += n;
    return f->nconstants - n;
}

static bool all_equal(const double *v, int32_t n)
{
    for (int32_t i = 1; i < n; i++)
        if (v[i] != v[0])
            return false;
    return true;
}

/* Where the value of i stands, row-major; *one: it is one number for all elements. */
FixedPlace place_of(Quantiser *z, int32_t i, bool *one)
{
    *one = z->value[i] && all_equal(z->value[i], size_of(z, i));
    if (!z->value[i])
        return z->place[i];
    if (!z->placed[i]) {
        z->place[i] = (FixedPlace){ .block = FIXED_CONSTANTS,
                                    .at = add_constants(z->out, z->value[i], *one ? 1 : size_of(z, i), z->bits[i]) };
        z->placed[i] = true;
    }
    return z->place[i];
}

FixedPlace constant_in(Quantiser *z, int32_t i, int32_t bits, bool *one)
{
    *one = all_equal(z->value[i], size_of(z, i));
    return (FixedPlace){ .block = FIXED_CONSTANTS, .at = add_constants(z->out, z->value[i], *one ? 1 : size_of(z, i), bits) };
}

/* ---- buffers and units ---- */

FixedPlace new_buffer(Quantiser *z, int32_t size, bool narrow)
{
    z->buffer = checked(realloc(z->buffer, (size_t)(z->nbuffers + 1) * sizeof *z->buffer));
    z->buffer[z->nbuffers] = (FixedBuffer){ .size = narrow ? (size + 1) / 2 : size, .first = z->out->nunits, .last = z->out->nunits };
    return (FixedPlace){ .block = narrow ? FIXED_NARROW : FIXED_VALUES, .index = z->nbuffers++ };
}

FixedUnit *new_unit(Quantiser *z, FixedKind kind, const char *function, int32_t i)
{
    FixedProgram *f = z->out;
    f->unit = checked(realloc(f->unit, (size_t)(f->nunits + 1) * sizeof *f->unit));
    FixedUnit *u = &f->unit[f->nunits++];
    *u = (FixedUnit){ .kind = kind, .function = function, .table = -1 };
    for (int32_t d = 0; d < FIXED_DIMS; d++)
        u->extent[d] = 1;
    if (i >= 0) {
        u->file = z->p->instr[i].file;
        u->file_line = z->p->instr[i].line;
    }
    return u;
}

static void touch(Quantiser *z, const FixedPlace *p, int32_t unit)
{
    if ((p->block == FIXED_VALUES || p->block == FIXED_NARROW) && z->buffer[p->index].last < unit)
        z->buffer[p->index].last = unit;
}

/* First fit: a buffer lies below none that lives at the same time. Returns what all take. */
static int32_t place_buffers(Quantiser *z)
{
    int32_t all = 0;
    for (int32_t i = 0; i < z->nbuffers; i++) {
        FixedBuffer *b = &z->buffer[i];
        for (int32_t k = 0; k < i; k++) {
            const FixedBuffer *o = &z->buffer[k];
            const bool meet = o->first <= b->last && b->first <= o->last && o->at < b->at + b->size && b->at < o->at + o->size;
            if (meet) {
                b->at = o->at + o->size;
                k = -1;
            }
        }
        all = b->at + b->size > all ? b->at + b->size : all;
    }
    return all;
}

static void settle(const Quantiser *z, FixedPlace *p)
{
    if (p->block != FIXED_VALUES && p->block != FIXED_NARROW)
        return;
    p->at += z->buffer[p->index].at * (p->block == FIXED_NARROW ? 2 : 1);
    p->index = 0;
}

static void plan_memory(Quantiser *z)
{
    FixedProgram *f = z->out;
    for (int32_t u = 0; u < f->nunits; u++) {
        touch(z, &f->unit[u].y, u);
        for (int32_t k = 0; k < f->unit[u].noperands; k++)
            touch(z, &f->unit[u].operand[k], u);
    }
    f->values = place_buffers(z);
    for (int32_t u = 0; u < f->nunits; u++) {
        settle(z, &f->unit[u].y);
        for (int32_t k = 0; k < f->unit[u].noperands; k++)
            settle(z, &f->unit[u].operand[k]);
    }
}

/* ---- the state ---- */

double first_value(const Quantiser *z, int32_t state, int32_t e)
{
    const tl_tensor *s = &z->m->states[state];
    if (s->learned >= 0)
        return z->params[tl_param_at(&z->m->params[s->learned], (size_t)e)];
    return s->init.kind == TL_INIT_VALUES || s->init.kind == TL_INIT_CONSTANT ? tl_first_value(s, (size_t)e) : 0;
}

static int32_t leaf_of_state(const Quantiser *z, int32_t state)
{
    int32_t i = 0;
    while (i < z->p->count && !(z->wanted[i] && z->p->instr[i].op == OP_STATE && z->p->instr[i].attr[0] == state))
        i++;
    return i < z->p->count ? i : -1;
}

static void place_states(Quantiser *z)
{
    FixedProgram *f = z->out;
    const tl_model *m = z->m;
    const int32_t n = tl_step_tensors(m), slots = m->tbptt.k2 - 1;
    int32_t *bits = arena_array(f->arena, int32_t, n + 1), *at = arena_array(f->arena, int32_t, n + 1);
    for (int32_t k = 0; k < n; k++) {
        const int32_t leaf = k < tl_own_states(m) ? leaf_of_state(z, k) : -1;
        at[k] = f->states;
        bits[k] = k >= tl_own_states(m) ? z->bits[z->p->past[(k - tl_own_states(m)) / slots]]
                  : leaf >= 0 ? z->bits[leaf] : z->bits[z->p->next_state[k]];
        f->states += (int32_t)tl_size(tl_step_tensor(m, k));
    }
    int16_t *first = arena_array(f->arena, int16_t, f->states + 1);
    for (int32_t k = 0; k < tl_own_states(m); k++)
        for (int32_t e = 0; e < (int32_t)tl_size(&m->states[k]); e++)
            first[at[k] + e] = fixed_quantum(first_value(z, k, e), bits[k]);
    f->state_bits = bits;
    f->state_at = at;
    f->first = first;
}

static void move_to(Quantiser *z, FixedPlace y, int32_t bits, int32_t i)
{
    bool one;
    FixedPlace from = place_of(z, i, &one);
    FixedUnit *u = new_unit(z, FIXED_EACH, "move", i);
    u->extent[FIXED_DIMS - 1] = size_of(z, i);
    u->y = y;
    u->y.stride[FIXED_DIMS - 1] = 1;
    u->operand[0] = from;
    u->operand[0].stride[FIXED_DIMS - 1] = !one;
    u->noperands = u->nnumbers = 1;
    u->number[0] = clamp_shift(z->bits[i] - bits);
}

/* What a step leaves of states it was given: they are moved aside, for their places are written in turn. */
static void save_states(Quantiser *z, int32_t i)
{
    if (z->value[i] || z->place[i].block != FIXED_STATE)
        return;
    const FixedPlace aside = new_buffer(z, size_of(z, i), false);
    move_to(z, aside, z->bits[i], i);
    z->place[i] = aside;
}

static void leave(Quantiser *z)
{
    const tl_model *m = z->m;
    const FixedProgram *f = z->out;
    const int32_t slots = m->tbptt.k2 - 1, own = tl_own_states(m);
    for (int32_t k = 0; k < m->noutputs; k++)
        move_to(z, (FixedPlace){ .block = FIXED_OUTPUT, .index = k }, f->output_bits[k], z->p->output[k]);
    for (int32_t k = 0; k < own; k++)
        save_states(z, z->p->next_state[k]);
    for (int32_t k = 0; k < m->npast; k++)
        save_states(z, z->p->past[k]);
    for (int32_t k = 0; k < own; k++)
        move_to(z, (FixedPlace){ .block = FIXED_STATE, .at = f->state_at[k] }, f->state_bits[k], z->p->next_state[k]);
    for (int32_t k = 0; k < m->npast && slots; k++) { /* the past moves on by a step, its oldest first */
        const int32_t n = (int32_t)tl_size(&m->past[k]), at = f->state_at[own + k * slots];
        if (slots > 1) {
            FixedUnit *u = new_unit(z, FIXED_EACH, "move", -1);
            u->extent[FIXED_DIMS - 1] = (slots - 1) * n;
            u->y = (FixedPlace){ .block = FIXED_STATE, .at = at };
            u->operand[0] = (FixedPlace){ .block = FIXED_STATE, .at = at + n };
            u->y.stride[FIXED_DIMS - 1] = u->operand[0].stride[FIXED_DIMS - 1] = u->noperands = u->nnumbers = 1;
        }
        move_to(z, (FixedPlace){ .block = FIXED_STATE, .at = at + (slots - 1) * n }, z->bits[z->p->past[k]], z->p->past[k]);
    }
}

/* ---- all of it ---- */

static char *not_finite(const Quantiser *z, int32_t i)
{
    const tl_instr *in = &z->p->instr[i];
    return user_sentence("%s:%d: on the data to find ranges by, %s is not finite: nothing can be quantised by it", in->file, in->line,
                         tl_op_table[in->op].word);
}

/* Between 2^-20 and 2^31 there are bits enough. */
static char *out_of_range(const Quantiser *z, int32_t i)
{
    const tl_instr *in = &z->p->instr[i];
    return user_sentence("%s:%d: --quantise: %s is as large as %.3g, and 16 bits with a shift end at 2^31: let data be standardised", in->file,
                         in->line, tl_op_table[in->op].word, room_for(z, i));
}

static void remark_small(Quantiser *z, int32_t i)
{
    const tl_instr *in = &z->p->instr[i];
    const double most = room_for(z, i);
    if (!z->out->remark && most > 0 && most < ldexp(1, -20) && !in->token)
        z->out->remark = arena_printf(z->out->arena, "%s:%d: %s is never above %.3g, which keeps few digits in fixed point", in->file, in->line,
                                      tl_op_table[in->op].word, most);
}

static char *look_at(Quantiser *z)
{
    for (int32_t i = 0; i < z->p->count; i++)
        if (z->wanted[i] && (!isfinite(seen_magnitude(z, i)) || (z->value[i] && !isfinite(z->bound[i]))))
            return not_finite(z, i);
    for (int32_t i = 0; i < z->p->count; i++) {
        if (z->wanted[i] && !z->p->instr[i].token && room_for(z, i) > ldexp(1, 31))
            return out_of_range(z, i);
        if (z->wanted[i])
            remark_small(z, i);
    }
    return NULL;
}

static void set_formats(Quantiser *z)
{
    FixedProgram *f = z->out;
    int32_t *input = arena_array(f->arena, int32_t, z->m->ninputs + 1), *output = arena_array(f->arena, int32_t, z->m->noutputs + 1);
    for (int32_t i = 0; i < z->p->count; i++)
        if (z->wanted[i])
            z->bits[i] = format_of(z, i);
    for (int32_t i = 0; i < z->p->count; i++)
        if (z->wanted[i] && z->p->instr[i].op == OP_INPUT)
            input[z->p->instr[i].attr[0]] = z->bits[i];
    for (int32_t k = 0; k < z->m->noutputs; k++)
        output[k] = z->bits[z->p->output[k]];
    f->input_bits = input;
    f->output_bits = output;
}

static char *translate(Quantiser *z)
{
    find_caps(z);
    find_state_bounds(z);
    char *error = look_at(z);
    if (error)
        return error;
    set_formats(z);
    place_states(z);
    for (int32_t i = 0; i < z->p->count && !error; i++)
        if (z->wanted[i] && !z->value[i])
            error = fixed_rule(z, i);
    if (error)
        return error;
    leave(z);
    plan_memory(z);
    for (int32_t i = 0; i < z->out->nweights; i++) {
        const FixedWeights *w = &z->out->weights[i];
        z->out->weight_bytes += (int64_t)w->rows * w->columns * (w->narrow ? 1 : 2) + w->rows * ((w->factor ? 4 : 0) + (w->shift ? 1 : 0));
    }
    z->out->weight_bytes += 2 * (int64_t)(z->out->nconstants + z->out->states);
    for (int32_t i = 0; i < z->out->ntables; i++)
        z->out->table_bytes += 2 * (int64_t)z->out->table[i].count;
    return NULL;
}

void fixed_free(FixedProgram *f)
{
    if (!f)
        return;
    free(f->unit);
    free(f->weights);
    free(f->table);
    free(f->constant);
    arena_free(f->arena);
    free(f);
}

FixedProgram *quantise(const Model *model, const tl_model *m, const tl_program *p, const FixedRange *range, const double *const *value,
                       const double *params, bool narrow, char **error)
{
    FixedProgram *f = checked(calloc(1, sizeof *f));
    const size_t n = (size_t)p->count + 1;
    *f = (FixedProgram){ .arena = arena_new(), .model = model, .tables = m, .narrow = narrow };
    Arena *a = arena_new();
    Quantiser z = { .p = p, .m = m, .out = f, .range = range, .value = value, .params = params, .arena = a,
                    .wanted = arena_array(a, bool, n), .placed = arena_array(a, bool, n), .bound = arena_array(a, double, n),
                    .bits = arena_array(a, int32_t, n), .place = arena_array(a, FixedPlace, n),
                    .state_bound = arena_array(a, double, m->nstates + 1), .cap = arena_array(a, double, n),
                    .normal = arena_array(a, FixedNormal, n) };
    find_normals(&z);
    find_wanted(&z);
    *error = translate(&z);
    free(z.buffer);
    free(z.narrowed);
    arena_free(a);
    if (!*error)
        return f;
    fixed_free(f);
    return NULL;
}
