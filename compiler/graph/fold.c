#include "graph/fold.h"

#include <math.h>

#include "graph/shape.h"

bool fold_commutes(tl_op op) { return op == OP_ADD || op == OP_MUL || op == OP_EQ; }

static double sigmoid(double x) { return x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x)); }
static double softplus(double x) { return fmax(x, 0) + log1p(exp(-fabs(x))); }

double fold_number(const Node *n, const double *x)
{
    switch ((tl_op)n->op) {
    case OP_ADD: return x[0] + x[1];
    case OP_SUB: return x[0] - x[1];
    case OP_MUL: return x[0] * x[1];
    case OP_DIV: return x[0] / x[1];
    case OP_MAX: return x[0] > x[1] ? x[0] : x[1];
    case OP_MIN: return x[0] < x[1] ? x[0] : x[1];
    case OP_GT: return x[0] > x[1];
    case OP_GE: return x[0] >= x[1];
    case OP_LT: return x[0] < x[1];
    case OP_LE: return x[0] <= x[1];
    case OP_EQ: return x[0] == x[1];
    case OP_WHERE: return x[0] != 0 ? x[1] : x[2];
    case OP_NEG: return -x[0];
    case OP_POWC: return pow(x[0], n->num[0]);
    case OP_CLAMP: return x[0] < n->num[0] ? n->num[0] : x[0] > n->num[1] ? n->num[1] : x[0];
    case OP_TANH: return tanh(x[0]);
    case OP_SIGMOID: return sigmoid(x[0]);
    case OP_RELU: return x[0] <= 0 ? 0 : x[0];
    case OP_SOFTPLUS: return softplus(x[0]);
    case OP_EXP: return exp(x[0]);
    case OP_LOG: return log(x[0]);
    case OP_SQRT: return sqrt(x[0]);
    case OP_ABS: return fabs(x[0]);
    case OP_SQUARE: return x[0] * x[0];
    case OP_SIN: return sin(x[0]);
    case OP_COS: return cos(x[0]);
    default: return NAN;
    }
}

static bool is_const(const Graph *g, Ref r) { return node_at(g, r)->op == OP_CONST; }
static bool is_value(const Graph *g, Ref r, double v) { return is_const(g, r) && node_at(g, r)->num[0] == v; }

/* x itself, if it has the shape and the lanes of n. */
static Ref keep(const Graph *g, const Node *n, Ref x)
{
    const Node *m = node_at(g, x);
    return shape_equal(&m->shape, &n->shape) && m->batched == n->batched ? x : 0;
}

static Ref fold_constants(Graph *g, const Node *n, const Ref *args)
{
    double x[3];
    for (uint32_t i = 0; i < n->nargs; i++) {
        if (!is_const(g, args[i]))
            return 0;
        x[i] = node_at(g, args[i])->num[0];
    }
    return graph_const(g, fold_number(n, x), n->shape);
}

static Ref fold_pointwise(Graph *g, const Node *n, const Ref *args)
{
    Ref a = args[0], b = n->nargs > 1 ? args[1] : 0;
    switch (n->op) {
    case OP_ADD:
        return is_value(g, b, 0) ? keep(g, n, a) : is_value(g, a, 0) ? keep(g, n, b) : 0;
    case OP_SUB:
        return is_value(g, b, 0) ? keep(g, n, a) : 0;
    case OP_MUL:
        return is_value(g, b, 1) ? keep(g, n, a) : is_value(g, a, 1) ? keep(g, n, b) : 0;
    case OP_DIV:
        return is_value(g, b, 1) ? keep(g, n, a) : 0;
    case OP_NEG:
        return node_at(g, a)->op == OP_NEG ? arg_at(g, a, 0) : 0;
    case OP_POWC:
        return n->num[0] == 1 ? a : n->num[0] == 2 ? graph_op1(g, OP_SQUARE, a) : 0;
    case OP_WHERE:
        return is_const(g, a) ? keep(g, n, args[node_at(g, a)->num[0] != 0 ? 1 : 2]) : 0;
    default:
        return 0;
    }
}

static Ref fold_slice(Graph *g, const Node *n, Ref a)
{
    const Node *m = node_at(g, a);
    int32_t d = n->attr[0], from = n->attr[1], count = n->shape.dim[d];
    if (m->op == OP_SLICE && m->attr[0] == d)
        return graph_slice(g, arg_at(g, a, 0), d, m->attr[1] + from, count);
    if (m->op != OP_CONCAT || m->attr[0] != d)
        return 0;
    for (uint32_t i = 0; i < m->nargs && from >= 0; i++) {
        Ref part = arg_at(g, a, i);
        int32_t length = node_at(g, part)->shape.dim[d];
        if (from == 0 && length == count)
            return keep(g, n, part);
        from -= length;
    }
    return 0;
}

static Ref fold_view(Graph *g, const Node *n, Ref a)
{
    const Node *m = node_at(g, a);
    if (m->op == OP_CONST && n->op != OP_EXPAND)
        return graph_const(g, m->num[0], n->shape);
    if (m->op == OP_CONST && !n->batched)
        return graph_const(g, m->num[0], n->shape);
    if (m->op == OP_TABLE && n->op == OP_RESHAPE)
        return graph_table(g, m->attr[0], n->shape);
    if (m->op == OP_TABLE && n->op == OP_STOP)
        return a;
    if (n->op != OP_STOP && n->op != OP_TRANSPOSE && keep(g, n, a))
        return a;
    switch (n->op) {
    case OP_RESHAPE:
        return m->op != OP_RESHAPE ? 0 : n->attr[0] || m->attr[0] ? graph_only_lane(g, arg_at(g, a, 0), n->shape)
                                                                  : graph_reshape(g, arg_at(g, a, 0), n->shape);
    case OP_TRANSPOSE:
        return m->op == OP_TRANSPOSE ? arg_at(g, a, 0) : 0;
    case OP_EXPAND:
        return m->op == OP_EXPAND ? graph_expand(g, arg_at(g, a, 0), n->shape, n->batched) : 0;
    case OP_SLICE:
        return fold_slice(g, n, a);
    case OP_STOP:
        return m->op == OP_STOP ? a : 0;
    default:
        return 0;
    }
}

/* A sum over nothing, over one lane, or of a constant. */
static Ref fold_sum(Graph *g, const Node *n, Ref a)
{
    const Node *m = node_at(g, a);
    if (n->attr[0] && m->batched && g->lanes == 1 && shape_size(&n->shape) == shape_size(&m->shape))
        return graph_only_lane(g, a, n->shape);
    if (!n->attr[0] || !m->batched) {
        if (shape_size(&n->shape) == shape_size(&m->shape) && !n->attr[0])
            return graph_reshape(g, a, n->shape);
        if (m->op == OP_CONST && !n->attr[0])
            return graph_const(g, m->num[0] * (double)(shape_size(&m->shape) / shape_size(&n->shape)), n->shape);
    }
    return 0;
}

Ref fold(Graph *g, const Node *n, const Ref *args)
{
    switch (tl_op_table[n->op].kind) {
    case TL_POINTWISE: {
        Ref r = fold_constants(g, n, args);
        return r ? r : fold_pointwise(g, n, args);
    }
    case TL_VIEW:
        return fold_view(g, n, args[0]);
    case TL_REDUCE:
        return fold_sum(g, n, args[0]);
    case TL_COPY:
        return n->op == OP_CONCAT && n->nargs == 1 ? args[0] : 0;
    default:
        return 0;
    }
}
