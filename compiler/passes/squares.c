#include "passes/squares.h"

#include "graph/user_error.h"

typedef struct Residuals {
    Model *m;
    Graph *g;
    bool weighted;
    Ref *part; /* each {n} */
    uint32_t count, most; /* parts of a value that is used often are there as often */
    Ref wrong; /* a node that is no sum of squares, or the square after the last part; 0: none yet */
} Residuals;

/* A constant, or numbers, of which none is negative. */
static bool is_weight(const Graph *g, Ref r)
{
    const Node *n = node_at(g, r);
    if (n->op == OP_RESHAPE || n->op == OP_EXPAND)
        return is_weight(g, arg_at(g, r, 0));
    if (n->op == OP_CONST)
        return n->num[0] >= 0;
    if (n->op != OP_TABLE)
        return false;
    const tl_table *t = &g->tables->table[n->attr[0]];
    size_t i = 0;
    while (i < t->count && t->value[i] >= 0)
        i++;
    return i == t->count;
}

static Ref scaled(Residuals *s, Ref weight, Ref by) { return graph_op2(s->g, OP_MUL, weight, by); }

/* `z` squared, each element `weight` times. */
static void take(Residuals *s, Ref z, Ref weight)
{
    Graph *g = s->g;
    if (s->count == s->most) {
        s->wrong = z;
        return;
    }
    if (s->weighted)
        z = graph_op2(g, OP_MUL, z, graph_op1(g, OP_SQRT, weight));
    Shape flat = { .rank = 1, .dim = { (int32_t)shape_size(&node_at(g, z)->shape) } };
    s->part[s->count++] = graph_reshape(g, z, flat);
}

/* Of r, which is broadcast to value `to` there, and stands in the sum of its elements as often; each has a weight of its
 * own, or all have one. */
static Ref repeated(Residuals *s, Ref r, Ref weight, Ref to)
{
    const Shape shape = node_at(s->g, to)->shape;
    const double times = (double)shape_size(&shape) / (double)shape_size(&node_at(s->g, r)->shape);
    Ref by = graph_const(s->g, times, (Shape){ 0 });
    if (times == 1)
        return weight;
    if (shape_size(&node_at(s->g, weight)->shape) > 1)
        by = graph_expand(s->g, graph_const(s->g, 1, (Shape){ 0 }), shape, false);
    return scaled(s, weight, by);
}

static void collect(Residuals *s, Ref r, Ref weight);

static void collect_both(Residuals *s, Ref r, Ref weight)
{
    Ref a = arg_at(s->g, r, 0), b = arg_at(s->g, r, 1);
    if (a == b) {
        collect(s, a, scaled(s, weight, graph_const(s->g, 2, (Shape){ 0 })));
        return;
    }
    collect(s, a, repeated(s, a, weight, r));
    collect(s, b, repeated(s, b, weight, r));
}

static void collect_product(Residuals *s, Ref r, Ref weight)
{
    Ref a = arg_at(s->g, r, 0), b = arg_at(s->g, r, 1);
    bool widens = shape_size(&node_at(s->g, r)->shape) > shape_size(&node_at(s->g, a)->shape) &&
                  shape_size(&node_at(s->g, r)->shape) > shape_size(&node_at(s->g, b)->shape);
    if (a == b)
        take(s, a, weight);
    else if (is_weight(s->g, a) && !widens)
        collect(s, b, scaled(s, weight, a));
    else if (is_weight(s->g, b) && !widens)
        collect(s, a, scaled(s, weight, b));
    else
        s->wrong = r;
}

/* r is part of a sum over all elements, each of which counts `weight` times. */
static void collect(Residuals *s, Ref r, Ref weight)
{
    const Graph *g = s->g;
    const Node *n = node_at(g, r);
    if (s->wrong)
        return;
    switch (n->op) {
    case OP_SQUARE: take(s, arg_at(g, r, 0), weight); break;
    case OP_ADD: collect_both(s, r, weight); break;
    case OP_MUL: collect_product(s, r, weight); break;
    case OP_SUM: case OP_RESHAPE: {
        bool plain = shape_size(&node_at(g, weight)->shape) == 1;
        if (plain)
            collect(s, arg_at(g, r, 0), weight);
        else
            s->wrong = r;
        break;
    }
    case OP_DIV:
        if (is_weight(g, arg_at(g, r, 1)))
            collect(s, arg_at(g, r, 0), graph_op2(s->g, OP_DIV, weight, arg_at(g, r, 1)));
        else
            s->wrong = r;
        break;
    default: s->wrong = r;
    }
}

static char *no_squares(const Residuals *s)
{
    const Graph *g = s->g;
    const Node *n = node_at(g, s->wrong);
    const char *file = n->file < g->nfiles ? g->files[n->file] : s->m->spec;
    if (s->count == s->most)
        return user_sentence("%s:%d: the loss adds up more than %u squares, one of them more than once: write it with a "
                             "factor", file, n->line, s->most);
    return user_sentence("%s:%d: the loss is no sum of squares: it adds up a %s; lm and ekf need residuals, as mse or "
                         "sum(square(y - target)) have them", file, n->line, tl_op_table[n->op].word);
}

Ref find_residuals(Model *m, bool weighted, char **error)
{
    Residuals s = { .m = m, .g = m->step, .weighted = weighted, .most = m->step->count,
                    .part = arena_array(m->arena, Ref, m->step->count) };
    if (!m->loss) {
        *error = user_sentence("%s: the model has no loss, so there are no residuals", m->spec);
        return 0;
    }
    collect(&s, m->loss, graph_const(s.g, 1, (Shape){ 0 }));
    if (s.wrong || !s.count) {
        s.wrong = s.wrong ? s.wrong : m->loss;
        *error = no_squares(&s);
        return 0;
    }
    return graph_concat(s.g, s.part, s.count, 0);
}
