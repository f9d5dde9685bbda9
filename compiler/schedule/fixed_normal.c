/* fixed_normal.c - c / sqrt(mean c^2 + eps) as one unit: what layer_norm is made of. Taken apart, the squares of a quiet row round to
 * nothing beside a loud one's, eps with them, and the division is by 0. */
#include <math.h>
#include <stdlib.h>

#include "graph/checked.h"
#include "schedule/fixed_internal.h"

enum { MORE = 8, MOST_ROW = 1 << 15 }; /* bits of the root beyond those of the row */

static const tl_instr *instr(const Quantiser *z, int32_t i) { return &z->p->instr[i]; }

static bool is_number(const Quantiser *z, int32_t i) { return z->value[i] && size_of(z, i) == 1; }

/* That operand of i, if i is of this operation; what else reads it, or i, still has it computed. */
static int32_t inside(const Quantiser *z, int32_t i, tl_op op, int32_t operand)
{
    return i >= 0 && instr(z, i)->op == op ? arg_of(z, i, operand) : -1;
}

/* Of a sum with a number: which operand the number is. */
static int32_t number_of(const Quantiser *z, int32_t i)
{
    return instr(z, i)->op != OP_ADD ? -1 : is_number(z, arg_of(z, i, 1)) ? 1 : is_number(z, arg_of(z, i, 0)) ? 0 : -1;
}

/* The root's argument is mean c^2 + eps, of rows along the last dim. */
static FixedNormal match(const Quantiser *z, int32_t i)
{
    const FixedNormal none = { .row = -1 };
    const tl_instr *in = instr(z, i);
    if (in->op != OP_DIV || z->value[i])
        return none;
    const int32_t c = arg_of(z, i, 0), add = inside(z, arg_of(z, i, 1), OP_SQRT, 0), at = add < 0 ? -1 : number_of(z, add);
    const int32_t mean = at < 0 ? -1 : inside(z, add, OP_ADD, 1 - at), sum = inside(z, mean, OP_DIV, 0);
    const int32_t square = inside(z, sum, OP_SUM, 0), of = inside(z, square, OP_SQUARE, 0);
    const int32_t n = in->rank ? in->dim[in->rank - 1] : 1;
    if (of != c || z->value[c] || size_of(z, c) != size_of(z, i) || instr(z, sum)->rank != in->rank || size_of(z, sum) != size_of(z, c) / n)
        return none;
    if (n > MOST_ROW || instr(z, sum)->dim[in->rank - 1] != 1 || !is_number(z, arg_of(z, mean, 1)) || z->value[arg_of(z, mean, 1)][0] != n)
        return none;
    const double eps = z->value[arg_of(z, add, at)][0];
    return eps > 0 ? (FixedNormal){ c, eps } : none;
}

void find_normals(Quantiser *z)
{
    for (int32_t i = 0; i < z->p->count; i++)
        z->normal[i] = match(z, i);
}

/* As many bits more as let eps be 31 bits. */
static int32_t bits_more(double eps, int32_t bits)
{
    int32_t more = MORE;
    while (more > 0 && ldexp(eps, 2 * (bits + more)) >= 2147483647.0)
        more--;
    return more;
}

char *fixed_normal(Quantiser *z, int32_t i)
{
    const tl_instr *in = instr(z, i);
    const int32_t row = z->normal[i].row, n = in->rank ? in->dim[in->rank - 1] : 1, rows = size_of(z, i) / n;
    const int32_t more = bits_more(z->normal[i].eps, z->bits[row]);
    const int32_t up = more + z->bits[i];
    z->place[i] = new_buffer(z, size_of(z, i), false);
    FixedUnit *u = new_unit(z, FIXED_EACH, "normalise", i);
    u->extent[FIXED_DIMS - 2] = rows;
    u->extent[FIXED_DIMS - 1] = n;
    u->y = z->place[i];
    u->operand[0] = z->place[row];
    u->noperands = 1;
    u->y.stride[FIXED_DIMS - 2] = u->operand[0].stride[FIXED_DIMS - 2] = n;
    u->y.stride[FIXED_DIMS - 1] = u->operand[0].stride[FIXED_DIMS - 1] = 1;
    u->number[0] = (int32_t)fmin(nearbyint(ldexp(z->normal[i].eps, 2 * (z->bits[row] + more))), 2147483647.0);
    u->number[1] = more;
    u->number[2] = up < 0 ? 0 : up > 46 ? 46 : up;
    u->nnumbers = 3;
    return NULL;
}
