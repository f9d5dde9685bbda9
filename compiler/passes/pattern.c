#include "passes/pattern.h"

#include <math.h>
#include <string.h>

#include "graph/fold.h"

/* Each element is a number that is known, or NAN: any number. */
typedef struct Known {
    const Graph *g;
    const bool *const *given;
    Arena *arena;
    double **of; /* [count] NULL: not needed */
} Known;

static int64_t size_at(const Graph *g, Ref r) { return shape_size(&node_at(g, r)->shape); }

static bool is_zero(double x) { return x == 0; }

/* ---- indices ---- */

/* Elements of a value of shape s from one index of dim d to the next. */
static int64_t stride(const Shape *s, int32_t d)
{
    int64_t n = 1;
    for (int32_t i = d + 1; i < s->rank; i++)
        n *= s->dim[i];
    return n;
}

/* Where element i of a value of shape `whole` is found in one of shape s that is broadcast to it. */
static int64_t broadcast_index(const Shape *whole, const Shape *s, int64_t i)
{
    int64_t at = 0;
    for (int32_t d = 0; d < s->rank; d++) {
        int32_t w = d + whole->rank - s->rank;
        int64_t index = i / stride(whole, w) % whole->dim[w];
        at += s->dim[d] == 1 ? 0 : index * stride(s, d);
    }
    return at;
}

/* ---- operations ---- */

/* Of operands of which not all are known. */
static double unknown(const Node *n, const double *x)
{
    switch (n->op) {
    case OP_ADD: case OP_MAX: case OP_MIN:
        return is_zero(x[0]) && is_zero(x[1]) ? 0 : NAN;
    case OP_SUB:
        return is_zero(x[0]) && is_zero(x[1]) ? 0 : NAN;
    case OP_MUL:
        return is_zero(x[0]) || is_zero(x[1]) ? 0 : NAN;
    case OP_DIV:
        return is_zero(x[0]) ? 0 : NAN;
    case OP_WHERE:
        return is_zero(x[1]) && is_zero(x[2]) ? 0 : NAN;
    default:
        return NAN;
    }
}

static double chosen(const Node *n, const double *x)
{
    bool known = true;
    for (uint32_t i = 0; i < n->nargs; i++)
        known = known && !isnan(x[i]);
    if (n->op == OP_WHERE && !isnan(x[0]))
        return x[x[0] != 0 ? 1 : 2];
    return known ? fold_number(n, x) : unknown(n, x);
}

static void pointwise(const Known *k, Ref r, double *to)
{
    const Graph *g = k->g;
    const Node *n = node_at(g, r);
    for (int64_t i = 0; i < size_at(g, r); i++) {
        double x[3] = { 0 };
        for (uint32_t a = 0; a < n->nargs; a++) {
            Ref arg = arg_at(g, r, a);
            x[a] = k->of[arg][broadcast_index(&n->shape, &node_at(g, arg)->shape, i)];
        }
        to[i] = chosen(n, x);
    }
}

static void transpose(const Known *k, Ref r, double *to)
{
    const Shape *s = &node_at(k->g, r)->shape;
    int64_t rows = s->dim[s->rank - 2], cols = s->dim[s->rank - 1], n = size_at(k->g, r);
    const double *from = k->of[arg_at(k->g, r, 0)];
    for (int64_t i = 0; i < n; i++) {
        int64_t block = i / (rows * cols) * rows * cols, row = i / cols % rows, col = i % cols;
        to[i] = from[block + col * rows + row];
    }
}

/* Elements of part, `from` on along dim d of the whole, to or from their place there. */
static void copy_part(const Shape *whole, const Shape *part, int32_t d, int64_t from, const double *source, double *to, bool out)
{
    int64_t inner = stride(whole, d), n = part->dim[d] * inner;
    for (int64_t i = 0; i < shape_size(part); i++) {
        int64_t at = i / n * whole->dim[d] * inner + from * inner + i % n;
        if (out)
            to[i] = source[at];
        else
            to[at] = source[i];
    }
}

static void concat(const Known *k, Ref r, double *to)
{
    const Node *n = node_at(k->g, r);
    int64_t from = 0;
    for (uint32_t i = 0; i < n->nargs; i++) {
        Ref part = arg_at(k->g, r, i);
        const Shape *s = &node_at(k->g, part)->shape;
        copy_part(&n->shape, s, n->attr[0], from, k->of[part], to, false);
        from += s->dim[n->attr[0]];
    }
}

static void sum(const Known *k, Ref r, double *to)
{
    Ref a = arg_at(k->g, r, 0);
    const Shape *whole = &node_at(k->g, a)->shape, *s = &node_at(k->g, r)->shape;
    for (int64_t i = 0; i < size_at(k->g, r); i++)
        to[i] = 0;
    for (int64_t i = 0; i < size_at(k->g, a); i++)
        to[broadcast_index(whole, s, i)] += k->of[a][i];
}

static double inner(const Known *k, Ref r, int64_t i, int64_t j)
{
    const Graph *g = k->g;
    const Node *n = node_at(g, r);
    Ref a = arg_at(g, r, 0), b = arg_at(g, r, 1);
    const Shape *sa = &node_at(g, a)->shape, *sb = &node_at(g, b)->shape;
    double total = 0;
    for (int64_t l = 0; l < sa->dim[!n->attr[0]]; l++) {
        double x = k->of[a][n->attr[0] ? l * sa->dim[1] + i : i * sa->dim[1] + l];
        double y = k->of[b][n->attr[1] ? j * sb->dim[1] + l : l * sb->dim[1] + j];
        total += is_zero(x) || is_zero(y) ? 0 : x * y;
    }
    return total;
}

static void matmul(const Known *k, Ref r, double *to)
{
    int64_t cols = node_at(k->g, r)->shape.dim[1];
    for (int64_t i = 0; i < size_at(k->g, r); i++)
        to[i] = inner(k, r, i / cols, i % cols);
}

static void leaf(const Known *k, Ref r, double *to)
{
    const Node *n = node_at(k->g, r);
    const bool *given = k->given[r];
    for (int64_t i = 0; i < size_at(k->g, r); i++)
        to[i] = n->op == OP_CONST ? n->num[0] : n->op == OP_TABLE ? k->g->tables->table[n->attr[0]].value[i]
              : given && !given[i] ? 0 : NAN;
}

static void anything(const Known *k, Ref r, double *to)
{
    for (int64_t i = 0; i < size_at(k->g, r); i++)
        to[i] = NAN;
}

static void view(const Known *k, Ref r, double *to)
{
    const Graph *g = k->g;
    const Node *n = node_at(g, r);
    Ref a = arg_at(g, r, 0);
    const Shape *s = &node_at(g, a)->shape;
    if (n->op == OP_TRANSPOSE)
        transpose(k, r, to);
    else if (n->op == OP_SLICE)
        copy_part(s, &n->shape, n->attr[0], n->attr[1], k->of[a], to, true);
    else if (n->op == OP_EXPAND)
        for (int64_t i = 0; i < size_at(g, r); i++)
            to[i] = k->of[a][broadcast_index(&n->shape, s, i)];
    else
        memcpy(to, k->of[a], (size_t)size_at(g, r) * sizeof *to);
}

static void follow(const Known *k, Ref r, double *to)
{
    const Node *n = node_at(k->g, r);
    switch (tl_op_table[n->op].kind) {
    case TL_LEAF: leaf(k, r, to); break;
    case TL_POINTWISE: pointwise(k, r, to); break;
    case TL_VIEW: view(k, r, to); break;
    case TL_COPY: concat(k, r, to); break;
    case TL_REDUCE: sum(k, r, to); break;
    case TL_MATMUL: matmul(k, r, to); break;
    default: anything(k, r, to); break;
    }
}

bool *find_pattern(const Graph *g, Ref r, const bool *const *given, Arena *arena)
{
    Known k = { .g = g, .given = given, .arena = arena, .of = arena_array(arena, double *, r + 1) };
    bool *needed = arena_array(arena, bool, r + 1), *pattern = arena_array(arena, bool, size_at(g, r));
    needed[r] = true;
    for (Ref x = r; x; x--)
        for (uint32_t i = 0; needed[x] && i < node_at(g, x)->nargs; i++)
            needed[arg_at(g, x, i)] = true;
    for (Ref x = 1; x <= r; x++) {
        if (!needed[x])
            continue;
        k.of[x] = arena_array(arena, double, size_at(g, x));
        follow(&k, x, k.of[x]);
    }
    for (int64_t i = 0; i < size_at(g, r); i++)
        pattern[i] = !is_zero(k.of[r][i]);
    return pattern;
}
