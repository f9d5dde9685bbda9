/* fixed_products.c - products in fixed point: weights by rows, each with a scale of its own; what they multiply in 16 bits, or
 * (int8) in 8, with one scale. Of 16 bits scales are powers of two: a multiplication less, for a bit of sixteen at most. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "graph/checked.h"
#include "graph/user_error.h"
#include "schedule/fixed_internal.h"

enum { MOST_K = 1 << 17 }; /* of 127 * 127, in 32 bits */

/* A matrix of the step as rows that are walked one after the other. */
typedef struct Rows {
    const double *v;
    int32_t rows, columns, row, column; /* strides */
} Rows;

static double at(const Rows *m, int32_t r, int32_t c) { return m->v[r * m->row + c * m->column]; }

static double largest_of_row(const Rows *m, int32_t r)
{
    double most = 0;
    for (int32_t c = 0; c < m->columns; c++)
        most = fmax(most, fabs(at(m, r, c)));
    return most;
}

/* v = factor / 2^shift, of 31 bits; 0 where it is too small for any sum to count. */
static void as_factor(double v, int32_t *factor, int8_t *shift)
{
    int e;
    const double part = frexp(v, &e);
    const bool counts = v > 0 && 31 - e <= 62;
    *factor = counts ? (int32_t)fmin(nearbyint(ldexp(part, 31)), 2147483647.0) : 0;
    *shift = (int8_t)(counts ? (31 - e < 1 ? 1 : 31 - e) : 1);
}

static int32_t add_weights(Quantiser *z, FixedWeights w)
{
    FixedProgram *f = z->out;
    f->weights = checked(realloc(f->weights, (size_t)(f->nweights + 1) * sizeof *f->weights));
    w.name = arena_printf(f->arena, "weights_%d", f->nweights);
    f->weights[f->nweights] = w;
    return f->nweights++;
}

static int16_t *round_row(int16_t *q, const Rows *m, int32_t r, double unit)
{
    for (int32_t c = 0; c < m->columns; c++)
        *q++ = (int16_t)(unit > 0 ? fmin(nearbyint(at(m, r, c) / unit), 32767) : 0); /* a power of two is one unit less */
    return q;
}

/* ---- 8 bits ---- */

static bool same_place(const FixedPlace *a, const FixedPlace *b) { return a->block == b->block && a->index == b->index && a->at == b->at; }

/* A slice stands where its whole begins. */
static Narrowed *find_narrowed(Quantiser *z, const FixedPlace *of, double scale, int32_t size)
{
    for (int32_t i = 0; i < z->nnarrowed; i++)
        if (same_place(&z->narrowed[i].of, of) && z->narrowed[i].scale == scale && z->narrowed[i].size >= size)
            return &z->narrowed[i];
    return NULL;
}

/* The largest that there is room for is 127. */
static Narrowed narrow(Quantiser *z, int32_t i)
{
    const double most = room_for(z, i), scale = most > 0 ? most / 127 : 1;
    Narrowed *same = find_narrowed(z, &z->place[i], scale, size_of(z, i));
    if (same)
        return *same;
    const Narrowed n = { z->place[i], new_buffer(z, size_of(z, i), true), scale, size_of(z, i) };
    FixedUnit *u = new_unit(z, FIXED_TO_NARROW, "narrow", i);
    int8_t shift;
    as_factor(ldexp(1 / scale, -z->bits[i]), &u->number[0], &shift);
    u->number[1] = shift;
    u->nnumbers = 2;
    u->extent[FIXED_DIMS - 1] = size_of(z, i);
    u->y = n.place;
    u->operand[0] = n.of;
    u->noperands = 1;
    z->narrowed = checked(realloc(z->narrowed, (size_t)(z->nnarrowed + 1) * sizeof *z->narrowed));
    return z->narrowed[z->nnarrowed++] = n;
}

static int32_t narrow_rows(Quantiser *z, const Rows *m, double scale, int32_t bits)
{
    Arena *a = z->out->arena;
    FixedWeights w = { .rows = m->rows, .columns = m->columns, .narrow = true };
    int16_t *q = arena_array(a, int16_t, m->rows * m->columns);
    int32_t *factor = arena_array(a, int32_t, m->rows);
    int8_t *shift = arena_array(a, int8_t, m->rows);
    w.q = q;
    for (int32_t r = 0; r < m->rows; r++) {
        const double unit = largest_of_row(m, r) / 127;
        q = round_row(q, m, r, unit);
        as_factor(ldexp(unit * scale, bits), &factor[r], &shift[r]);
    }
    w.factor = factor;
    w.shift = shift;
    return add_weights(z, w);
}

/* ---- 16 bits ---- */

static int32_t wide_rows(Quantiser *z, const Rows *m, int32_t from, int32_t to)
{
    Arena *a = z->out->arena;
    FixedWeights w = { .rows = m->rows, .columns = m->columns };
    int16_t *q = arena_array(a, int16_t, m->rows * m->columns);
    int8_t *shift = arena_array(a, int8_t, m->rows);
    w.q = q;
    for (int32_t r = 0; r < m->rows; r++) {
        const int32_t bits = bits_for(largest_of_row(m, r)), by = bits + from - to;
        for (int32_t c = 0; c < m->columns; c++)
            *q++ = (int16_t)fmin(nearbyint(ldexp(at(m, r, c), bits)), 32767);
        shift[r] = (int8_t)(by < -16 ? -16 : by > 62 ? 62 : by);
    }
    w.shift = shift;
    return add_weights(z, w);
}

/* ---- rules ---- */

/* op(X) {rows, columns} of instruction i. */
static Rows matrix(const Quantiser *z, int32_t i, bool transposed)
{
    const int32_t down = z->p->instr[i].dim[0], across = z->p->instr[i].dim[1];
    return transposed ? (Rows){ z->value[i], across, down, 1, across } : (Rows){ z->value[i], down, across, across, 1 };
}

static Rows turned(Rows m) { return (Rows){ m.v, m.columns, m.rows, m.column, m.row }; }

static void set_numbers(FixedUnit *u, int32_t rows, int32_t columns, int32_t k)
{
    u->number[0] = rows;
    u->number[1] = columns;
    u->number[2] = k;
    u->nnumbers = 3;
}

static void of_two_values(Quantiser *z, int32_t i, const Rows *a, const Rows *b)
{
    const int32_t x = arg_of(z, i, 0), y = arg_of(z, i, 1);
    z->place[i] = new_buffer(z, size_of(z, i), false);
    FixedUnit *u = new_unit(z, FIXED_BETWEEN, "product", i);
    u->y = z->place[i];
    u->operand[0] = z->place[x];
    u->operand[1] = z->place[y];
    u->noperands = 2;
    u->operand[0].stride[0] = a->row;
    u->operand[0].stride[1] = a->column;
    u->operand[1].stride[0] = b->row;
    u->operand[1].stride[1] = b->column;
    set_numbers(u, a->rows, b->columns, a->columns);
    const int32_t by = z->bits[x] + z->bits[y] - z->bits[i];
    u->number[u->nnumbers++] = by < -16 ? -16 : by > 62 ? 62 : by;
}

/* W, whose rows are those of the result or (`across`) its columns, times x {k, columns of the result} or its transpose. */
static void of_weights(Quantiser *z, int32_t i, const Rows *w, int32_t value, const Rows *x, bool across)
{
    const bool narrowed = z->out->narrow;
    const Narrowed n = narrowed ? narrow(z, value) : (Narrowed){ .place = z->place[value] };
    z->place[i] = new_buffer(z, size_of(z, i), false);
    const int32_t weights = narrowed ? narrow_rows(z, w, n.scale, z->bits[i]) : wide_rows(z, w, z->bits[value], z->bits[i]);
    FixedUnit *u = new_unit(z, FIXED_PRODUCT, narrowed ? "product_8" : "product_16", i);
    u->y = z->place[i];
    u->y.stride[0] = across ? 1 : x->columns;
    u->y.stride[1] = across ? w->rows : 1;
    u->operand[0] = (FixedPlace){ .block = FIXED_WEIGHTS, .index = weights };
    u->operand[1] = n.place;
    u->operand[1].stride[0] = x->row;
    u->operand[1].stride[1] = x->column;
    u->noperands = 2;
    set_numbers(u, w->rows, x->columns, w->columns);
    z->out->products += (int64_t)w->rows * w->columns * x->columns;
}

char *fixed_product(Quantiser *z, int32_t i)
{
    const tl_instr *in = &z->p->instr[i];
    const int32_t a = arg_of(z, i, 0), b = arg_of(z, i, 1);
    const Rows left = matrix(z, a, in->attr[0]), right = matrix(z, b, in->attr[1]), down = turned(right), up = turned(left);
    if (in->nargs > 2 || in->attr[2])
        return user_sentence("%s:%d: --quantise: a product that begins with something", in->file, in->line);
    if (left.columns > MOST_K)
        return user_sentence("%s:%d: --quantise: a product's sums are of at most %d terms, not %d", in->file, in->line, MOST_K, left.columns);
    if (z->value[a])
        of_weights(z, i, &left, b, &right, false);
    else if (z->value[b])
        of_weights(z, i, &down, a, &up, true);
    else {
        z->out->products += (int64_t)left.rows * left.columns * right.columns;
        of_two_values(z, i, &left, &right);
    }
    return NULL;
}

/* A row of an embedding: all have one scale, so that no row needs a number of its own. */
char *fixed_row(Quantiser *z, int32_t i)
{
    const int32_t table = arg_of(z, i, 0), token = z->p->instr[arg_of(z, i, 1)].attr[0];
    const Rows m = matrix(z, table, false);
    const double unit = z->out->narrow ? z->bound[table] / 127 : ldexp(1, -z->bits[i]);
    int16_t *q = arena_array(z->out->arena, int16_t, m.rows * m.columns), *to = q;
    int8_t shift = 0;
    for (int32_t r = 0; r < m.rows; r++)
        to = round_row(to, &m, r, unit);
    const int32_t weights = add_weights(z, (FixedWeights){ .rows = m.rows, .columns = m.columns, .narrow = z->out->narrow, .q = q });
    z->place[i] = new_buffer(z, size_of(z, i), false);
    FixedUnit *u = new_unit(z, FIXED_ROW, z->out->narrow ? "row" : "move", i);
    u->y = z->place[i];
    u->operand[0] = (FixedPlace){ .block = FIXED_WEIGHTS, .index = weights };
    u->operand[1] = (FixedPlace){ .block = FIXED_INPUT, .index = token };
    u->noperands = u->nnumbers = 2;
    as_factor(ldexp(unit, z->bits[i]), &u->number[0], &shift);
    u->number[1] = shift;
    u->extent[FIXED_DIMS - 1] = m.columns;
    return NULL;
}
