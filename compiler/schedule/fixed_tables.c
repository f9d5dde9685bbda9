/* fixed_tables.c - functions of one number as tables that are interpolated (tl_fixed_between): as few intervals as are exact
 * enough, of which 2^10 are the most. */
#include <math.h>
#include <stdlib.h>

#include <tapeless/fixed.h>
#include "graph/checked.h"
#include "schedule/fixed_internal.h"

enum { MOST_SHIFT = 12, LEAST_SHIFT = 6, BORDERS = 3 };

static double function(tl_op op, double exponent, double x)
{
    switch (op) {
    case OP_TANH: return tanh(x);
    case OP_SIGMOID: return 1 / (1 + exp(-x));
    case OP_SOFTPLUS: return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
    case OP_EXP: return exp(x);
    case OP_SIN: return sin(x);
    case OP_COS: return cos(x);
    default: return pow(x, exponent);
    }
}

/* In units of the value, as far as int16_t goes; of what is no number 0. */
static double in_units(const FixedTable *t, double q)
{
    double v = ldexp(function(t->op, t->exponent, ldexp(q, -t->from)), t->to);
    return v > 32767 ? 32767 : v < -32768 ? -32768 : isnan(v) ? 0 : v;
}

static int16_t *fill(Arena *arena, FixedTable *t)
{
    t->count = (1 << (16 - t->shift)) + BORDERS;
    int16_t *q = arena_array(arena, int16_t, t->count);
    for (int32_t k = 0; k < t->count; k++)
        q[k] = (int16_t)nearbyint(in_units(t, (double)(k - 1) * (1 << t->shift) - 32768));
    return q;
}

static double worst(const FixedTable *t, int32_t from, int32_t to)
{
    double most = 0;
    for (int32_t x = from; x <= to; x++)
        most = fmax(most, fabs(tl_fixed_between((int16_t)x, t->q, t->shift) - in_units(t, x)));
    return most;
}

static int32_t clamp(double q) { return q < -32768 ? -32768 : q > 32767 ? 32767 : (int32_t)q; }

/* A hundredth of what there is room for is too much, and is said. */
static void remark(Quantiser *z, int32_t i, double off)
{
    const tl_instr *in = &z->p->instr[i];
    if (off > 328 && !z->out->remark)
        z->out->remark = arena_printf(z->out->arena, "%s:%d: %s over so wide a range is off by up to %.2g %% of its own, as a table of 1024 "
                                      "intervals has it", in->file, in->line, tl_op_table[in->op].word, 100 * off / 32768);
}

int32_t fixed_table(Quantiser *z, int32_t i, int32_t from, int32_t to, double least, double most, double units)
{
    FixedProgram *f = z->out;
    FixedTable t = { .op = (tl_op)z->p->instr[i].op, .exponent = z->p->instr[i].num[0], .from = from, .to = to };
    const int32_t low = clamp(ldexp(least, from)), high = clamp(ldexp(most, from));
    for (int32_t k = 0; k < f->ntables; k++)
        if (f->table[k].op == t.op && f->table[k].exponent == t.exponent && f->table[k].from == from && f->table[k].to == to &&
            worst(&f->table[k], low, high) <= units)
            return k;
    double off = 0;
    for (t.shift = MOST_SHIFT; t.shift >= LEAST_SHIFT; t.shift--) {
        t.q = fill(f->arena, &t);
        off = worst(&t, low, high);
        if (t.shift == LEAST_SHIFT || off <= units)
            break;
    }
    remark(z, i, off);
    f->table = checked(realloc(f->table, (size_t)(f->ntables + 1) * sizeof *f->table));
    f->table[f->ntables] = t;
    return f->ntables++;
}
