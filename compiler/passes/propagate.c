/* propagate.c - sensitivities by the derivatives of the step's own values: S' = J S + E, S being {elements of the state, elements
 * of the parameter} (Williams & Zipser, 1989, eq. 4).
 *
 * J, ds'/ds, is made once a step, whatever the number of parameters: a sweep along the elements of each state that a next state
 * reads. E, what a parameter does in this step, is made of what its products do: a = W z moves s' by (ds'/da)_ij z_k for W_jk.
 * Next states are taken in the order in which the step makes them, and one that reads another is moved by way of that other:
 * a cell's h' by its c', a layer by the layer below, whose own J then is not multiplied out.
 *
 *             s_j ---------- J_ij ---------+
 *             s'_j (made before s'_i) J_ij-+--> s'_i
 *             a = W z ------- E_i ---------+
 *
 * What was tried and did not pay: all parameters' directions in one matrix. A matrix of 10 columns fills vectors badly, but E
 * has to be moved into its place. */
#include "graph/user_error.h"
#include "passes/pattern.h"
#include "passes/reach.h"
#include "passes/sensitivity_internal.h"

enum { LARGEST_PATTERN = 1 << 14 }; /* elements, of as many doubles in every value on the way */

/* How value `to` moves with value `from`. Both 0: not at all. */
typedef struct Block {
    Ref from;
    Ref dense;    /* {elements of to, elements of from} */
    Ref diagonal; /* {elements}: each moves its own alone */
} Block;

/* A next state, or what rows are asked of, in terms of the states that enter and of next states that stand before it. */
typedef struct Value {
    Ref node;
    bool *wanted;             /* [count] lies between the cuts and the node */
    Block *entering, *leaving; /* [nown] by the states that enter; by those that leave */
} Value;

struct Propagation {
    Builder *b;
    int32_t *order; /* [nown] the states by the number of their next value */
    Value *next;    /* [nown] by state */
    Value of;
    Ref **direct;   /* [nparams][nown + 1] E of the states, and of `of`; NULL: not yet */
    Ref *row;       /* [nparams] */
};

static int32_t size_of(const Graph *g, Ref r) { return (int32_t)shape_size(&node_at(g, r)->shape); }
static Shape matrix_shape(int32_t rows, int32_t columns) { return shape_make(2, (int32_t[]){ rows, columns }); }
static Ref plus(Graph *g, Ref a, Ref b) { return a && b ? graph_op2(g, OP_ADD, a, b) : a ? a : b; }

/* {n, m} as {m, n}; one row or column is one already. */
static Ref turned(Graph *g, Ref x)
{
    const Shape s = node_at(g, x)->shape;
    if (s.dim[0] == 1 || s.dim[1] == 1)
        return graph_reshape(g, x, matrix_shape(s.dim[1], s.dim[0]));
    return graph_op1(g, OP_TRANSPOSE, x);
}

/* ---- what lies between ---- */

/* Is moved by other means than its operands: a state, or a next state that stands before `value`. A parameter that is a next
 * state is none: what reads it is moved directly. */
static bool is_cut(const Builder *b, Ref r, Ref value)
{
    const uint8_t op = node_at(b->g, r)->op;
    bool cut = op == OP_STATE;
    for (int32_t i = 0; i < b->nown && r != value && op != OP_PARAM && !cut; i++)
        cut = b->m->next_state[i] == r;
    return cut;
}

/* The cuts that it reads are marked in `cuts`, not in what it returns. */
static bool *find_between(const Builder *b, Ref value, bool *cuts)
{
    const Graph *g = b->g;
    bool *between = arena_array(b->arena, bool, b->count);
    between[value] = true;
    for (Ref r = value; r; r--) {
        cuts[r] = between[r] && is_cut(b, r, value);
        between[r] = between[r] && !cuts[r];
        for (uint32_t i = 0; between[r] && i < node_at(g, r)->nargs; i++)
            between[arg_at(g, r, i)] |= carries_gradient(node_at(g, r), i);
    }
    return between;
}

/* ---- a block of J ---- */

/* All elements of `from` along one direction: of a block that is diagonal these are its numbers. */
static Ref sweep_ones(const Builder *b, const Value *v, Ref from)
{
    Tangents t = tangents_new(b->g, b->count, 0, 1, b->arena);
    t.wanted = v->wanted;
    t.of[from] = graph_const(b->g, 1, tangent_shape(1, node_at(b->g, from)->shape));
    tangents_sweep(&t);
    return graph_reshape(b->g, tangent_at(&t, v->node), matrix_shape(size_of(b->g, v->node), 1));
}

typedef struct Zeros { bool all, off_diagonal; } Zeros;

static Zeros find_zeros(const Builder *b, Ref matrix)
{
    const Shape s = node_at(b->g, matrix)->shape;
    Zeros z = { true, s.dim[0] == s.dim[1] };
    const bool **given = arena_array(b->arena, const bool *, b->g->count);
    const bool *pattern = shape_size(&s) <= LARGEST_PATTERN ? find_pattern(b->g, matrix, given, b->arena) : NULL;
    for (int64_t k = 0; k < shape_size(&s); k++)
        if (!pattern || pattern[k]) {
            z.all = false;
            z.off_diagonal &= k / s.dim[1] == k % s.dim[1];
        }
    return z;
}

/* Of a tangent {elements of from, shape of the value}. */
static Block block_of(const Builder *b, const Value *v, Ref from, Ref tangent)
{
    Ref matrix = graph_reshape(b->g, tangent, matrix_shape(size_of(b->g, from), size_of(b->g, v->node)));
    Zeros z = find_zeros(b, matrix);
    if (z.all)
        return (Block){ 0 };
    if (z.off_diagonal)
        return (Block){ .from = from, .diagonal = sweep_ones(b, v, from) };
    return (Block){ .from = from, .dense = turned(b->g, matrix) };
}

static Block find_block(const Builder *b, const Value *v, Ref from, char **error)
{
    int32_t n = size_of(b->g, from);
    Tangents t = tangents_new(b->g, b->count, from, n, b->arena);
    t.wanted = v->wanted;
    if (!*error && !tangents_sweep(&t))
        *error = user_sentence("%s:%d: %s", b->g->files[b->g->file], b->g->line, b->g->error);
    if (*error)
        return (Block){ 0 };
    if (t.identity[v->node]) {
        Ref scale = t.scale[v->node];
        return (Block){ .from = from, .diagonal = scale ? graph_reshape(b->g, scale, matrix_shape(n, 1))
                                                        : graph_const(b->g, 1, matrix_shape(n, 1)) };
    }
    Ref tangent = tangent_at(&t, v->node);
    return tangent ? block_of(b, v, from, tangent) : (Block){ 0 };
}

/* The first state that becomes what state i does: that value is one cut, whatever it is kept as. */
static int32_t first_like(const Builder *b, int32_t i)
{
    int32_t first = 0;
    while (b->m->next_state[first] != b->m->next_state[i])
        first++;
    return first;
}

static Value find_value(const Builder *b, Ref node, char **error)
{
    bool *cuts = arena_array(b->arena, bool, b->count);
    Value v = { .node = node, .entering = arena_array(b->arena, Block, b->nown + 1),
                .leaving = arena_array(b->arena, Block, b->nown + 1) };
    v.wanted = find_between(b, node, cuts);
    for (int32_t i = 0; i < b->nown && !*error; i++) {
        Ref next = b->m->next_state[i];
        if (b->leaf[i] && b->leaf[i] <= node && cuts[b->leaf[i]])
            v.entering[i] = find_block(b, &v, b->leaf[i], error);
        if (next <= node && cuts[next] && node_at(b->g, next)->op != OP_STATE && first_like(b, i) == i)
            v.leaving[i] = find_block(b, &v, next, error);
    }
    return v;
}

/* ---- E ---- */

/* A value through which a parameter enters: row j of it is row j of the parameter times `by` {k}. */
typedef struct Entry {
    Ref value, by;
    bool columns_first; /* the parameter stands as {k, j} */
} Entry;

static Ref flat(Graph *g, Ref x) { return graph_reshape(g, x, shape_make(1, (int32_t[]){ size_of(g, x) })); }

/* False: in another way. */
static bool find_entry(const Builder *b, Ref user, Ref param, Entry *e)
{
    Graph *g = b->g;
    const Node *n = node_at(g, user);
    if (n->op == OP_GATHER && arg_at(g, user, 0) == param) {
        *e = (Entry){ user, tangent_one_hot(g, arg_at(g, user, 1), node_at(g, param)->shape.dim[0]), true };
        return true;
    }
    bool row = n->op == OP_MATMUL && n->shape.dim[0] == 1 && arg_at(g, user, 1) == param && arg_at(g, user, 0) != param;
    bool columns_first = row && !n->attr[1];
    if (row)
        *e = (Entry){ user, flat(g, arg_at(g, user, 0)), columns_first };
    return row;
}

/* {m, k} as {m, m k}, row i at column i k, else zeros: m lines, longer by k than those of the result, one after the other. */
static Ref on_diagonal(Graph *g, Ref x)
{
    const Shape s = node_at(g, x)->shape;
    int32_t m = s.dim[0], k = s.dim[1];
    Ref lines = graph_concat(g, (Ref[]){ x, graph_const(g, 0, matrix_shape(m, m * k)) }, 2, 1);
    return graph_reshape(g, graph_slice(g, flat(g, lines), 0, 0, m * m * k), matrix_shape(m, m * k));
}

/* {elements of the value, elements of the parameter}. */
static Ref through_entry(const Builder *b, const Value *v, const Entry *e, char **error)
{
    Graph *g = b->g;
    Block block = find_block(b, v, e->value, error);
    int32_t rows = size_of(g, e->value), m = size_of(g, v->node), k = size_of(g, e->by);
    Ref row = graph_reshape(g, e->by, matrix_shape(1, k));
    if (!block.from)
        return 0;
    if (block.diagonal && !e->columns_first)
        return on_diagonal(g, graph_op2(g, OP_MUL, block.diagonal, row));
    Ref dense = block.dense ? block.dense : on_diagonal(g, block.diagonal);
    Ref moved = graph_reshape(g, dense, shape_make(3, (int32_t[]){ m, e->columns_first ? 1 : rows, e->columns_first ? rows : 1 }));
    Ref z = e->columns_first ? graph_reshape(g, e->by, matrix_shape(k, 1)) : row;
    return graph_reshape(g, graph_op2(g, OP_MUL, moved, z), matrix_shape(m, rows * k));
}

static Ref by_elements(const Builder *b, const Value *v, Ref param, char **error)
{
    Block block = find_block(b, v, param, error);
    return block.diagonal ? on_diagonal(b->g, block.diagonal) : block.dense;
}

static bool reads(const Graph *g, Ref r, Ref operand)
{
    for (uint32_t i = 0; i < node_at(g, r)->nargs; i++)
        if (arg_at(g, r, i) == operand && carries_gradient(node_at(g, r), i))
            return true;
    return false;
}

/* What the parameter does in this step, past the cuts; 0: nothing. */
static Ref find_direct(const Builder *b, const Value *v, Ref param, char **error)
{
    Ref sum = 0;
    Entry e;
    if (param == v->node)
        return by_elements(b, v, param, error);
    for (Ref r = param + 1; param && r <= v->node; r++)
        if (v->wanted[r] && reads(b->g, r, param) && !find_entry(b, r, param, &e))
            return by_elements(b, v, param, error);
    for (Ref r = param + 1; param && r <= v->node && !*error; r++)
        if (v->wanted[r] && reads(b->g, r, param)) {
            find_entry(b, r, param, &e);
            sum = plus(b->g, sum, through_entry(b, v, &e, error));
        }
    return sum;
}

/* ---- S' ---- */

static Ref times_block(Graph *g, const Block *block, Ref sensitivity)
{
    if (block->diagonal)
        return graph_op2(g, OP_MUL, sensitivity, block->diagonal);
    return block->dense ? graph_matmul(g, block->dense, sensitivity, false, false, false) : 0;
}

/* Products last: they begin with the rest. */
static Ref propagate_value(const Builder *b, const Value *v, int32_t p, Ref direct)
{
    Graph *g = b->g;
    Ref sum = direct;
    for (int dense = 0; dense < 2; dense++)
        for (int32_t i = 0; i < b->nown; i++) {
            const int32_t at = b->at[i * b->m->nparams + p];
            if (at && v->entering[i].from && (v->entering[i].dense != 0) == dense)
                sum = plus(g, sum, times_block(g, &v->entering[i], sensitivity_leaf(b, i, p)));
            if (at && v->leaving[i].from && (v->leaving[i].dense != 0) == dense)
                sum = plus(g, sum, times_block(g, &v->leaving[i], b->next[at]));
        }
    return sum;
}

/* A state that is handed on, or that is another's next value too. */
static Ref same_as(const Builder *b, int32_t state, int32_t p)
{
    const Node *n = node_at(b->g, b->m->next_state[state]);
    if (n->op == OP_STATE)
        return b->at[n->attr[0] * b->m->nparams + p] ? sensitivity_leaf(b, n->attr[0], p) : 0;
    int32_t at = b->at[first_like(b, state) * b->m->nparams + p];
    return at && first_like(b, state) < state ? b->next[at] : 0;
}

static Ref zeros_or(const Builder *b, int32_t state, int32_t p, Ref made)
{
    Shape s = matrix_shape((int32_t)tl_size(&b->m->states[state]), (int32_t)tl_size(&b->m->params[p]));
    return made ? graph_expand(b->g, made, s, node_at(b->g, made)->batched) : graph_const(b->g, 0, s);
}

static char *find_directs(Propagation *a, int32_t p)
{
    const Builder *b = a->b;
    char *error = NULL;
    a->direct[p] = arena_array(b->arena, Ref, b->nown + 1);
    for (int32_t i = 0; i < b->nown && !error; i++)
        if (b->acts[i * b->m->nparams + p])
            a->direct[p][i] = find_direct(b, &a->next[i], param_node(b, p), &error);
    if (a->of.node && !error)
        a->direct[p][b->nown] = find_direct(b, &a->of, param_node(b, p), &error);
    return error;
}

static bool starts_a_state(const Model *m, int32_t p)
{
    for (int32_t i = 0; i < m->nstates; i++)
        if (m->states[i].learned == p)
            return true;
    return false;
}

/* Another parameter that does what p does at every step, as the second of two biases that are added; -1: none. */
static int32_t twin_of(const Propagation *a, int32_t p)
{
    const Builder *b = a->b;
    const Model *m = b->m;
    for (int32_t q = 0; q < p; q++) {
        bool same = a->direct[q] && tl_size(&m->params[q]) == tl_size(&m->params[p]) && !starts_a_state(m, p) &&
                    !starts_a_state(m, q) && a->direct[q][b->nown] == a->direct[p][b->nown];
        for (int32_t i = 0; i < b->nown && same; i++)
            same = a->direct[q][i] == a->direct[p][i] && b->acts[i * m->nparams + q] == b->acts[i * m->nparams + p];
        if (same)
            return q;
    }
    return -1;
}

static void share_twin(Propagation *a, int32_t p, int32_t q)
{
    const Builder *b = a->b;
    for (int32_t i = 0; i < b->nown; i++)
        b->at[i * b->m->nparams + p] = b->at[i * b->m->nparams + q];
    a->row[p] = a->row[q];
}

static char *add_states(Propagation *a, int32_t p)
{
    Builder *b = a->b;
    const Model *m = b->m;
    char *error = NULL;
    for (int32_t i = 0; i < b->nown && !error; i++)
        if (b->acts[i * m->nparams + p])
            error = add_sensitivity(b, i, p, matrix_shape((int32_t)tl_size(&m->states[i]), (int32_t)tl_size(&m->params[p])));
    return error;
}

static void propagate_states(Propagation *a, int32_t p)
{
    Builder *b = a->b;
    for (int32_t k = 0; k < b->nown; k++) {
        int32_t i = a->order[k];
        if (!next_of(b, i, p))
            continue;
        Ref made = same_as(b, i, p);
        made = made ? made : propagate_value(b, &a->next[i], p, a->direct[p][i]);
        *next_of(b, i, p) = zeros_or(b, i, p, made);
    }
    Ref made = a->of.node ? propagate_value(b, &a->of, p, a->direct[p][b->nown]) : 0;
    a->row[p] = made ? turned(b->g, made) : 0;
}

char *propagate_param(Propagation *a, int32_t p, Ref *row)
{
    char *error = find_directs(a, p);
    int32_t twin = error ? -1 : twin_of(a, p);
    if (twin >= 0)
        share_twin(a, p, twin);
    else if (!error && !(error = add_states(a, p)))
        propagate_states(a, p);
    *row = a->row[p];
    return error;
}

/* ---- all of it ---- */

static void find_order(Propagation *a)
{
    const Builder *b = a->b;
    for (int32_t i = 0; i < b->nown; i++) {
        int32_t k = i;
        for (; k && b->m->next_state[a->order[k - 1]] > b->m->next_state[i]; k--)
            a->order[k] = a->order[k - 1];
        a->order[k] = i;
    }
}

char *propagation_new(Builder *b, Propagation **out)
{
    Propagation *a = arena_array(b->arena, Propagation, 1);
    char *error = NULL;
    *a = (Propagation){ b, arena_array(b->arena, int32_t, b->nown + 1), arena_array(b->arena, Value, b->nown + 1), { 0 },
                        arena_array(b->arena, Ref *, b->m->nparams + 1), arena_array(b->arena, Ref, b->m->nparams + 1) };
    find_order(a);
    for (int32_t k = 0; k < b->nown && !error; k++)
        a->next[a->order[k]] = find_value(b, b->m->next_state[a->order[k]], &error);
    if (!b->m->carries && !error)
        a->of = find_value(b, b->of, &error);
    *out = a;
    return error;
}
