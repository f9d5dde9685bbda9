/* fixed_rules.c - an operation's units in fixed point: a rule for every one that may stand in a step. */
#include <math.h>
#include <string.h>

#include "graph/user_error.h"
#include "schedule/fixed_internal.h"

enum { LAST = FIXED_DIMS - 1, MOST_ALIGN = 14, MOST_SUM = 1 << 15, MOST_ROW = 1 << 16 };

static const tl_instr *instr(const Quantiser *z, int32_t i) { return &z->p->instr[i]; }

static char *refuse(const Quantiser *z, int32_t i, const char *why)
{
    return user_sentence("%s:%d: --quantise: %s", instr(z, i)->file, instr(z, i)->line, why);
}

/* ---- where operands stand ---- */

/* Row-major strides of i's value, broadcast to the unit's extents, which are those of a shape aligned to the right. */
static void broadcast(const Quantiser *z, int32_t i, bool one, int32_t *stride)
{
    const tl_instr *in = instr(z, i);
    int32_t n = 1;
    memset(stride, 0, FIXED_DIMS * sizeof *stride);
    for (int32_t d = in->rank - 1; d >= 0 && !one; d--) {
        if (in->dim[d] > 1)
            stride[FIXED_DIMS - in->rank + d] = n;
        n *= in->dim[d];
    }
}

static void set_extents(FixedUnit *u, const tl_instr *in)
{
    for (int32_t d = 0; d < in->rank; d++)
        u->extent[FIXED_DIMS - in->rank + d] = in->dim[d];
}

static void add_operand(Quantiser *z, FixedUnit *u, int32_t i)
{
    bool one;
    FixedPlace *p = &u->operand[u->noperands++];
    *p = place_of(z, i, &one);
    broadcast(z, i, one, p->stride);
}

static void add_number(FixedUnit *u, int32_t v) { u->number[u->nnumbers++] = v; }

static bool continues(const FixedPlace *p, const FixedUnit *u, int32_t outer, int32_t inner)
{
    return p->stride[outer] == p->stride[inner] * u->extent[inner];
}

/* Dims that are walked as one become one, so that the last is as long as it can be. */
static void merge_dims(FixedUnit *u)
{
    int32_t inner = LAST;
    for (int32_t d = LAST - 1; d >= 0; d--) {
        if (u->extent[d] == 1)
            continue;
        bool fits = u->extent[inner] == 1 || continues(&u->y, u, d, inner);
        for (int32_t k = 0; k < u->noperands && u->extent[inner] > 1; k++)
            fits &= continues(&u->operand[k], u, d, inner);
        FixedPlace *all[FIXED_OPERANDS + 1] = { &u->y, &u->operand[0], &u->operand[1], &u->operand[2] };
        const int32_t to = fits ? inner : inner - 1;
        for (int32_t k = 0; k <= FIXED_OPERANDS; k++) {
            const int32_t stride = fits && u->extent[inner] > 1 ? all[k]->stride[inner] : all[k]->stride[d];
            if (to != d)
                all[k]->stride[d] = 0;
            all[k]->stride[to] = stride;
        }
        const int32_t extent = u->extent[d];
        if (to != d)
            u->extent[d] = 1;
        u->extent[to] = fits ? u->extent[inner] * extent : extent;
        inner = to;
    }
}

/* A unit over the elements of i, whose result has a buffer of its own. */
static FixedUnit *each(Quantiser *z, int32_t i, const char *function)
{
    z->place[i] = new_buffer(z, size_of(z, i), false);
    FixedUnit *u = new_unit(z, FIXED_EACH, function, i);
    set_extents(u, instr(z, i));
    u->y = z->place[i];
    broadcast(z, i, false, u->y.stride);
    return u;
}

static FixedUnit *each_of(Quantiser *z, int32_t i, const char *function)
{
    FixedUnit *u = each(z, i, function);
    for (int32_t k = 0; k < instr(z, i)->nargs; k++)
        add_operand(z, u, arg_of(z, i, k));
    merge_dims(u);
    return u;
}

/* ---- two operands ---- */

/* By shifts to units that both have: the finer ones, as far as 32 bits go. */
static int32_t add_alignment(Quantiser *z, FixedUnit *u, int32_t i)
{
    const int32_t a = z->bits[arg_of(z, i, 0)], b = z->bits[arg_of(z, i, 1)];
    const int32_t fine = a > b ? a : b, coarse = a > b ? b : a, common = fine - coarse > MOST_ALIGN ? coarse + MOST_ALIGN : fine;
    add_number(u, common - a < -31 ? -31 : common - a);
    add_number(u, common - b < -31 ? -31 : common - b);
    return common;
}

static char *aligned(Quantiser *z, int32_t i, const char *function)
{
    FixedUnit *u = each_of(z, i, function);
    add_number(u, clamp_shift(add_alignment(z, u, i) - z->bits[i]));
    return NULL;
}

/* A constant is rounded as what it is compared with, so that a number that is equal stays so. */
static char *compared(Quantiser *z, int32_t i, const char *function)
{
    const int32_t constant = z->value[arg_of(z, i, 0)] ? 0 : z->value[arg_of(z, i, 1)] ? 1 : -1;
    FixedUnit *u = each(z, i, function);
    for (int32_t k = 0; k < 2; k++) {
        bool one;
        if (k != constant) {
            add_operand(z, u, arg_of(z, i, k));
            continue;
        }
        FixedPlace *p = &u->operand[u->noperands++];
        *p = constant_in(z, arg_of(z, i, k), z->bits[arg_of(z, i, 1 - k)], &one);
        broadcast(z, arg_of(z, i, k), one, p->stride);
    }
    merge_dims(u);
    if (constant >= 0) {
        add_number(u, 0);
        add_number(u, 0);
    } else
        add_alignment(z, u, i);
    add_number(u, 0);
    return NULL;
}

static bool is_ones(const Quantiser *z, int32_t i)
{
    for (int32_t e = 0; z->value[i] && e < size_of(z, i); e++)
        if (z->value[i][e] != 1)
            return false;
    return z->value[i] != NULL;
}

static char *alias(Quantiser *z, int32_t i, int32_t of)
{
    z->place[i] = z->place[of];
    z->bits[i] = z->bits[of];
    return NULL;
}

/* Times a mask of dropout, which is 1 here, is nothing. */
static char *rule_MUL(Quantiser *z, int32_t i)
{
    for (int32_t k = 0; k < 2; k++)
        if (is_ones(z, arg_of(z, i, k)) && size_of(z, arg_of(z, i, 1 - k)) == size_of(z, i) && z->bits[arg_of(z, i, 1 - k)] == z->bits[i])
            return alias(z, i, arg_of(z, i, 1 - k));
    FixedUnit *u = each_of(z, i, "mul");
    add_number(u, clamp_shift(z->bits[arg_of(z, i, 0)] + z->bits[arg_of(z, i, 1)] - z->bits[i]));
    return NULL;
}

static char *rule_SQUARE(Quantiser *z, int32_t i)
{
    FixedUnit *u = each(z, i, "mul");
    add_operand(z, u, arg_of(z, i, 0));
    add_operand(z, u, arg_of(z, i, 0));
    merge_dims(u);
    add_number(u, clamp_shift(2 * z->bits[arg_of(z, i, 0)] - z->bits[i]));
    return NULL;
}

static char *rule_DIV(Quantiser *z, int32_t i)
{
    if (z->normal[i].row >= 0)
        return fixed_normal(z, i);
    FixedUnit *u = each_of(z, i, "div");
    const int32_t up = z->bits[arg_of(z, i, 1)] - z->bits[arg_of(z, i, 0)] + z->bits[i];
    add_number(u, up < 0 ? 0 : up > 46 ? 46 : up);
    add_number(u, up < 0 ? clamp_shift(-up) : 0);
    return NULL;
}

static char *rule_WHERE(Quantiser *z, int32_t i)
{
    FixedUnit *u = each_of(z, i, "where");
    add_number(u, clamp_shift(z->bits[arg_of(z, i, 1)] - z->bits[i]));
    add_number(u, clamp_shift(z->bits[arg_of(z, i, 2)] - z->bits[i]));
    return NULL;
}

static char *rule_ADD(Quantiser *z, int32_t i) { return aligned(z, i, "add"); }
static char *rule_SUB(Quantiser *z, int32_t i) { return aligned(z, i, "sub"); }
static char *rule_MAX(Quantiser *z, int32_t i) { return aligned(z, i, "max"); }
static char *rule_MIN(Quantiser *z, int32_t i) { return aligned(z, i, "min"); }
static char *rule_GT(Quantiser *z, int32_t i) { return compared(z, i, "gt"); }
static char *rule_GE(Quantiser *z, int32_t i) { return compared(z, i, "ge"); }
static char *rule_LT(Quantiser *z, int32_t i) { return compared(z, i, "lt"); }
static char *rule_LE(Quantiser *z, int32_t i) { return compared(z, i, "le"); }
static char *rule_EQ(Quantiser *z, int32_t i) { return compared(z, i, "eq"); }

/* ---- one operand ---- */

static char *rescaled(Quantiser *z, int32_t i, const char *function)
{
    FixedUnit *u = each_of(z, i, function);
    add_number(u, clamp_shift(z->bits[arg_of(z, i, 0)] - z->bits[i]));
    return NULL;
}

static int32_t limit(double v, int32_t bits)
{
    double q = nearbyint(ldexp(v, bits));
    return q > 32767 ? 32767 : q < -32768 ? -32768 : (int32_t)q;
}

static char *clamped(Quantiser *z, int32_t i, double least, double most)
{
    FixedUnit *u = each_of(z, i, "clamp");
    add_number(u, limit(least, z->bits[i]));
    add_number(u, limit(most, z->bits[i]));
    add_number(u, clamp_shift(z->bits[arg_of(z, i, 0)] - z->bits[i]));
    return NULL;
}

static char *rule_NEG(Quantiser *z, int32_t i) { return rescaled(z, i, "neg"); }
static char *rule_ABS(Quantiser *z, int32_t i) { return rescaled(z, i, "abs"); }
static char *rule_RELU(Quantiser *z, int32_t i) { return clamped(z, i, 0, INFINITY); }
static char *rule_CLAMP(Quantiser *z, int32_t i) { return clamped(z, i, instr(z, i)->num[0], instr(z, i)->num[1]); }

/* Over what was seen of the argument, and a quarter of it more, as far as it is told apart; 8 bits ask for a sixteenth of their unit. */
static char *tabled(Quantiser *z, int32_t i)
{
    const int32_t a = arg_of(z, i, 0);
    const FixedRange *r = &z->range[a];
    const double more = (MARGIN - 1) * fmax(fabs(r->least), fabs(r->most)), cap = z->cap[a];
    const int32_t table = fixed_table(z, i, z->bits[a], z->bits[i], fmax(r->least - more, -cap), fmin(r->most + more, cap),
                                      z->out->narrow ? 16 : 1.5);
    each_of(z, i, "table")->table = table;
    return NULL;
}

static char *rule_TANH(Quantiser *z, int32_t i) { return tabled(z, i); }
static char *rule_SIGMOID(Quantiser *z, int32_t i) { return tabled(z, i); }
static char *rule_SOFTPLUS(Quantiser *z, int32_t i) { return tabled(z, i); }
static char *rule_EXP(Quantiser *z, int32_t i) { return tabled(z, i); }
static char *rule_SIN(Quantiser *z, int32_t i) { return tabled(z, i); }
static char *rule_COS(Quantiser *z, int32_t i) { return tabled(z, i); }
static char *rule_POWC(Quantiser *z, int32_t i) { return tabled(z, i); }

static char *rule_SQRT(Quantiser *z, int32_t i)
{
    FixedUnit *u = each_of(z, i, "sqrt");
    const int32_t up = 2 * z->bits[i] - z->bits[arg_of(z, i, 0)];
    add_number(u, up < -46 ? -46 : up > 46 ? 46 : up);
    return NULL;
}

static char *rule_LOG(Quantiser *z, int32_t i)
{
    FixedUnit *u = each_of(z, i, "log");
    add_number(u, z->bits[arg_of(z, i, 0)]);
    add_number(u, clamp_shift(16 - z->bits[i]));
    return NULL;
}

/* ---- along a dim ---- */

/* The dim goes last, the others are loops; it has a stride of its own. */
static char *rowwise(Quantiser *z, int32_t i, const char *function)
{
    const tl_instr *in = instr(z, i);
    const int32_t along = FIXED_DIMS - in->rank + in->attr[0];
    if (in->dim[in->attr[0]] > MOST_ROW)
        return refuse(z, i, "softmax is of at most 65536 values");
    FixedUnit *u = each(z, i, function);
    add_operand(z, u, arg_of(z, i, 0));
    FixedPlace *both[] = { &u->y, &u->operand[0] };
    for (int32_t d = along; d < LAST; d++) { /* to the right */
        const int32_t extent = u->extent[d];
        u->extent[d] = u->extent[d + 1];
        u->extent[d + 1] = extent;
        for (int32_t k = 0; k < 2; k++) {
            const int32_t stride = both[k]->stride[d];
            both[k]->stride[d] = both[k]->stride[d + 1];
            both[k]->stride[d + 1] = stride;
        }
    }
    add_number(u, z->bits[arg_of(z, i, 0)]);
    if (in->op == OP_LOG_SOFTMAX)
        add_number(u, clamp_shift(16 - z->bits[i]));
    return NULL;
}

static char *rule_SOFTMAX(Quantiser *z, int32_t i) { return rowwise(z, i, "softmax"); }
static char *rule_LOG_SOFTMAX(Quantiser *z, int32_t i) { return rowwise(z, i, "log_softmax"); }

/* Kept dims first, then those that are summed. */
static char *rule_SUM(Quantiser *z, int32_t i)
{
    const int32_t a = arg_of(z, i, 0);
    int32_t from[FIXED_DIMS], to[FIXED_DIMS], kept = 0;
    FixedUnit shape = { .extent = { 1, 1, 1, 1, 1 } };
    if (size_of(z, a) / size_of(z, i) > MOST_SUM)
        return refuse(z, i, "a sum is of at most 32768 values");
    z->place[i] = new_buffer(z, size_of(z, i), false);
    FixedUnit *u = new_unit(z, FIXED_SUM, "sum", i);
    u->y = z->place[i];
    add_operand(z, u, a);
    set_extents(&shape, instr(z, a));
    memcpy(from, u->operand[0].stride, sizeof from);
    broadcast(z, i, false, to);
    memset(u->operand[0].stride, 0, sizeof from);
    for (int32_t pass = 0, at = 0; pass < 2; pass++)
        for (int32_t d = 0; d < FIXED_DIMS; d++) {
            const bool summed = to[d] == 0;
            if (summed != (pass == 1) || (shape.extent[d] == 1 && pass == 0))
                continue;
            u->extent[at] = shape.extent[d];
            u->operand[0].stride[at] = from[d];
            u->y.stride[at] = summed ? 0 : to[d];
            kept += !summed;
            at++;
        }
    u->kept = kept;
    add_number(u, clamp_shift(z->bits[a] - z->bits[i]));
    return NULL;
}

/* ---- views and moves ---- */

/* Moved by strides of the operand that are not those of its shape. */
static FixedUnit *moved(Quantiser *z, int32_t i, FixedPlace from)
{
    FixedUnit *u = each(z, i, "move");
    u->operand[u->noperands++] = from;
    merge_dims(u);
    add_number(u, clamp_shift(z->bits[arg_of(z, i, 0)] - z->bits[i]));
    return u;
}

static FixedPlace strided(Quantiser *z, int32_t of)
{
    bool one;
    FixedPlace from = place_of(z, of, &one);
    broadcast(z, of, one, from.stride);
    return from;
}

static char *rule_RESHAPE(Quantiser *z, int32_t i) { return alias(z, i, arg_of(z, i, 0)); }
static char *rule_STOP(Quantiser *z, int32_t i) { return alias(z, i, arg_of(z, i, 0)); }

static char *rule_TRANSPOSE(Quantiser *z, int32_t i)
{
    const tl_instr *in = instr(z, i);
    if (in->dim[in->rank - 1] == 1 || in->dim[in->rank - 2] == 1)
        return alias(z, i, arg_of(z, i, 0));
    FixedPlace from = strided(z, arg_of(z, i, 0));
    const int32_t last = from.stride[LAST];
    from.stride[LAST] = from.stride[LAST - 1];
    from.stride[LAST - 1] = last;
    moved(z, i, from);
    return NULL;
}

static char *rule_SLICE(Quantiser *z, int32_t i)
{
    const tl_instr *in = instr(z, i), *whole = instr(z, arg_of(z, i, 0));
    int32_t before = 1, stride = 1;
    for (int32_t d = 0; d < in->rank; d++)
        if (d < in->attr[0])
            before *= in->dim[d];
        else if (d > in->attr[0])
            stride *= whole->dim[d];
    if (before == 1) {
        alias(z, i, arg_of(z, i, 0));
        z->place[i].at += in->attr[1] * stride;
        return NULL;
    }
    FixedPlace from = strided(z, arg_of(z, i, 0));
    from.at += in->attr[1] * stride;
    moved(z, i, from);
    return NULL;
}

static char *rule_EXPAND(Quantiser *z, int32_t i)
{
    if (size_of(z, i) == size_of(z, arg_of(z, i, 0)))
        return alias(z, i, arg_of(z, i, 0));
    moved(z, i, strided(z, arg_of(z, i, 0)));
    return NULL;
}

static char *rule_CONCAT(Quantiser *z, int32_t i)
{
    const tl_instr *in = instr(z, i);
    const FixedPlace whole = new_buffer(z, size_of(z, i), false);
    int32_t stride[FIXED_DIMS];
    broadcast(z, i, false, stride);
    for (int32_t k = 0, at = 0; k < in->nargs; at += instr(z, arg_of(z, i, k))->dim[in->attr[0]], k++) {
        const int32_t part = arg_of(z, i, k);
        FixedUnit *u = new_unit(z, FIXED_EACH, "move", i);
        set_extents(u, instr(z, part));
        u->y = whole;
        memcpy(u->y.stride, stride, sizeof stride);
        u->y.at += at * stride[FIXED_DIMS - in->rank + in->attr[0]];
        add_operand(z, u, part);
        merge_dims(u);
        add_number(u, clamp_shift(z->bits[part] - z->bits[i]));
    }
    z->place[i] = whole;
    return NULL;
}

/* ---- windows ---- */

static char *windowed(Quantiser *z, int32_t i, const char *function)
{
    const tl_instr *in = instr(z, i), *image = instr(z, arg_of(z, i, 0));
    const int32_t down = tl_patch_places(image->dim[1], in->attr[0], in->attr[2], in->attr[4]);
    const int32_t across = tl_patch_places(image->dim[2], in->attr[1], in->attr[3], in->attr[5]);
    const int32_t window[] = { image->dim[0], image->dim[1], image->dim[2], in->attr[0], in->attr[1], in->attr[2], in->attr[3],
                               in->attr[4], in->attr[5], down, across };
    z->place[i] = new_buffer(z, size_of(z, i), false);
    FixedUnit *u = new_unit(z, FIXED_WINDOW, function, i);
    u->y = z->place[i];
    add_operand(z, u, arg_of(z, i, 0));
    memcpy(u->window, window, sizeof window);
    return NULL;
}

static char *rule_PATCHES(Quantiser *z, int32_t i) { return windowed(z, i, "patches"); }
static char *rule_MAX_POOL(Quantiser *z, int32_t i) { return windowed(z, i, "max_pool"); }

/* ---- products ---- */

static char *rule_MATMUL(Quantiser *z, int32_t i) { return fixed_product(z, i); }

/* One element of a vector, or one row of a matrix that is made of data. */
static char *rule_PICK(Quantiser *z, int32_t i)
{
    bool one;
    const FixedPlace from = place_of(z, arg_of(z, i, 0), &one);
    const int32_t n = size_of(z, i);
    z->place[i] = new_buffer(z, n, false);
    FixedUnit *u = new_unit(z, FIXED_PICK, "move", i);
    u->y = z->place[i];
    u->y.stride[LAST] = 1;
    u->operand[0] = from;
    u->operand[0].stride[LAST] = !one;
    u->operand[1] = (FixedPlace){ .block = FIXED_INPUT, .index = instr(z, arg_of(z, i, 1))->attr[0] };
    u->noperands = 2;
    u->extent[LAST] = n;
    add_number(u, clamp_shift(z->bits[arg_of(z, i, 0)] - z->bits[i]));
    return NULL;
}

static char *rule_GATHER(Quantiser *z, int32_t i)
{
    return z->value[arg_of(z, i, 0)] ? fixed_row(z, i) : rule_PICK(z, i);
}

/* ---- leaves ---- */

static char *rule_INPUT(Quantiser *z, int32_t i)
{
    z->place[i] = (FixedPlace){ .block = FIXED_INPUT, .index = instr(z, i)->attr[0] };
    return NULL;
}

static char *rule_STATE(Quantiser *z, int32_t i)
{
    z->place[i] = (FixedPlace){ .block = FIXED_STATE, .at = z->out->state_at[instr(z, i)->attr[0]] };
    return NULL;
}

/* The newest is the step's own value, which a head's instructions stand behind. */
static char *rule_PAST(Quantiser *z, int32_t i)
{
    const int32_t k = instr(z, i)->attr[0], slot = instr(z, i)->attr[1], slots = z->m->tbptt.k2 - 1;
    if (slot < slots) {
        const int32_t at = z->out->state_at[tl_own_states(z->m) + k * slots] + slot * size_of(z, i);
        z->place[i] = (FixedPlace){ .block = FIXED_STATE, .at = at };
        return NULL;
    }
    bool one;
    const FixedPlace newest = place_of(z, z->p->past[k], &one);
    if (!one) {
        z->place[i] = newest;
        return NULL;
    }
    FixedPlace from = newest;
    memset(from.stride, 0, sizeof from.stride);
    FixedUnit *u = each(z, i, "move");
    u->operand[u->noperands++] = from;
    merge_dims(u);
    add_number(u, 0);
    return NULL;
}

static char *rule_TARGET(Quantiser *z, int32_t i) { return refuse(z, i, "what is predicted is made of the target"); }

/* These depend on no data. */
static char *no_data(Quantiser *z, int32_t i)
{
    assume(z->value[i], "instruction %d has neither data nor a value", i);
    return NULL;
}
#define rule_CONST no_data
#define rule_TABLE no_data
#define rule_PARAM no_data
#define rule_DROPMASK no_data

char *fixed_rule(Quantiser *z, int32_t i)
{
    static char *(*const rules[])(Quantiser *, int32_t) = {
#define X(name, word, nargs, kind) [OP_##name] = rule_##name,
        TL_STEP_OPS(X)
#undef X
    };
    return rules[instr(z, i)->op](z, i);
}
