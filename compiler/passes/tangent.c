#include "passes/tangent.h"

#include <string.h>

#include "graph/checked.h"
#include "graph/user_error.h"

/* Shorthand for the constructors, local to the rules: n is the node, of which an operand moves. A rule returns n's
 * tangent, which may lack dims that broadcasting would add, or 0. */
#define RULE(NAME) static Ref tangent_##NAME(Tangents *t, Graph *G, Ref n)
#define A arg_at(G, n, 0)
#define B arg_at(G, n, 1)
#define NOTHING return (void)t, (void)G, (void)n, 0

static Ref sub(Graph *G, Ref a, Ref b) { return graph_op2(G, OP_SUB, a, b); }
static Ref mul(Graph *G, Ref a, Ref b) { return graph_op2(G, OP_MUL, a, b); }
static Ref over(Graph *G, Ref a, Ref b) { return graph_op2(G, OP_DIV, a, b); }
static Ref neg(Graph *G, Ref a) { return graph_op1(G, OP_NEG, a); }
static Ref test(Graph *G, tl_op op, Ref a, Ref b) { return graph_op2(G, op, a, b); }
static Ref number(Graph *G, double v) { return graph_const(G, v, (Shape){ 0 }); }
static Shape shape_at(const Graph *G, Ref r) { return node_at(G, r)->shape; }

/* ---- shapes ---- */

Shape tangent_shape(int32_t directions, Shape s)
{
    Shape out = { .rank = s.rank + 1, .dim = { directions } };
    for (int32_t i = 0; i < s.rank && i + 1 < TL_MAX_RANK; i++)
        out.dim[i + 1] = s.dim[i];
    return out;
}

static Ref shaped(Graph *G, Ref x, int32_t rank, int32_t a, int32_t b, int32_t c, int32_t d)
{
    return graph_reshape(G, x, shape_make(rank, (int32_t[]){ a, b, c, d }));
}

/* Ones put behind the directions, so that what broadcast against a value of that rank still does. */
static Ref align(Tangents *t, Ref tangent, int32_t rank)
{
    Shape have = shape_at(t->g, tangent), want = { .rank = rank + 1, .dim = { have.dim[0] } };
    int32_t ones = want.rank - have.rank;
    for (int32_t i = 1; i < want.rank; i++)
        want.dim[i] = i <= ones ? 1 : have.dim[i - ones];
    return ones > 0 ? graph_reshape(t->g, tangent, want) : tangent;
}

/* ---- the identity ---- */

/* {n, 1}: 0, 1, 2, ... */
static Ref ordinals(Graph *G, int32_t n)
{
    double *v = arena_array(G->arena, double, n);
    for (int32_t i = 0; i < n; i++)
        v[i] = i;
    return graph_numbers(G, v, shape_make(2, (int32_t[]){ n, 1 }));
}

/* {n, n}, compared, not stored: a table of it would be n times as large. */
static Ref eye(Graph *G, int32_t n)
{
    Ref i = ordinals(G, n);
    return test(G, OP_EQ, i, shaped(G, i, 2, 1, n, 0, 0));
}

Ref tangent_identity(Graph *G, Shape s)
{
    int32_t n = (int32_t)shape_size(&s);
    return graph_reshape(G, eye(G, n), tangent_shape(n, s));
}

/* ---- tangents of operands ---- */

Tangents tangents_new(Graph *g, uint32_t count, Ref wrt, int32_t directions, Arena *arena)
{
    Tangents t = { .g = g, .count = count, .wrt = wrt, .directions = directions, .of = arena_array(arena, Ref, count),
                   .identity = arena_array(arena, bool, count), .scale = arena_array(arena, Ref, count) };
    t.identity[wrt] = wrt != 0;
    return t;
}

static bool moves(const Tangents *t, Ref x) { return t->of[x] || t->identity[x]; }

static bool fits(Tangents *t, Ref x)
{
    Shape s = shape_at(t->g, x);
    if (s.rank < TL_MAX_RANK)
        return true;
    t->g->error = arena_printf(t->g->arena, "forward mode: a value of shape %s that parameters move; its derivatives would "
                               "have %d dimensions, and there are at most %d: use reverse mode", shape_text(t->g->arena, &s),
                               s.rank + 1, TL_MAX_RANK);
    return false;
}

Ref tangent_at(Tangents *t, Ref x)
{
    if (!t->of[x] && t->identity[x] && fits(t, x)) {
        Ref eye = tangent_identity(t->g, shape_at(t->g, x));
        t->of[x] = t->scale[x] ? mul(t->g, eye, t->scale[x]) : eye;
    }
    return t->of[x];
}

Ref tangent_or_zeros(Tangents *t, Ref x)
{
    Ref moved = tangent_at(t, x);
    return moved ? moved : graph_const(t->g, 0, tangent_shape(t->directions, shape_at(t->g, x)));
}

/* Of operand x, aligned to the rank of the value n that is made of it. */
static Ref moved(Tangents *t, Ref x, Ref n)
{
    Ref dx = moves(t, x) ? tangent_at(t, x) : 0;
    return dx ? align(t, dx, shape_at(t->g, n).rank) : 0;
}

static Ref added(Graph *G, Ref a, Ref b) { return a && b ? graph_op2(G, OP_ADD, a, b) : a ? a : b; }
static Ref times(Graph *G, Ref tangent, Ref by) { return tangent ? mul(G, tangent, by) : 0; }

/* Of a function of one operand, whose derivative is `by`. */
static Ref chain(Tangents *t, Graph *G, Ref n, Ref by) { return times(G, moved(t, A, n), by); }

/* ---- leaves ---- */

RULE(CONST) { NOTHING; }
RULE(TABLE) { NOTHING; }
RULE(PARAM) { NOTHING; }
RULE(INPUT) { NOTHING; }
RULE(TARGET) { NOTHING; }
RULE(STATE) { NOTHING; }
RULE(PAST) { NOTHING; } /* of what a head sees; who sweeps a step has none */
RULE(DROPMASK) { NOTHING; }

/* ---- pointwise ---- */

RULE(ADD) { return added(G, moved(t, A, n), moved(t, B, n)); }

RULE(SUB)
{
    Ref da = moved(t, A, n), db = moved(t, B, n);
    return da && db ? sub(G, da, db) : db ? neg(G, db) : da;
}

RULE(MUL) { return added(G, times(G, moved(t, A, n), B), times(G, moved(t, B, n), A)); }

RULE(DIV) /* (da - (a/b) db) / b */
{
    Ref da = moved(t, A, n), db = times(G, moved(t, B, n), n);
    Ref top = da && db ? sub(G, da, db) : db ? neg(G, db) : da;
    return top ? over(G, top, B) : 0;
}

/* Of the one that wins, half of both at a tie; where neither wins, as if one is NaN, of both. */
static Ref of_winner(Tangents *t, Graph *G, Ref n, tl_op loses)
{
    Ref tie = test(G, OP_EQ, A, B), zero = number(G, 0), sum = 0;
    Ref operand[2] = { A, B };
    for (int i = 0; i < 2; i++) {
        Ref d = moved(t, operand[i], n);
        if (d)
            d = graph_where(G, test(G, loses, operand[i], operand[1 - i]), zero,
                            graph_where(G, tie, mul(G, number(G, 0.5), d), d));
        sum = added(G, sum, d);
    }
    return sum;
}

RULE(MAX) { return of_winner(t, G, n, OP_LT); }
RULE(MIN) { return of_winner(t, G, n, OP_GT); }
RULE(GT) { NOTHING; }
RULE(GE) { NOTHING; }
RULE(LT) { NOTHING; }
RULE(LE) { NOTHING; }
RULE(EQ) { NOTHING; }

RULE(WHERE)
{
    Ref da = moved(t, B, n), db = moved(t, arg_at(G, n, 2), n);
    if (!da && !db)
        return 0;
    return graph_where(G, A, da ? da : number(G, 0), db ? db : number(G, 0));
}

RULE(NEG) { return neg(G, moved(t, A, n)); }

RULE(POWC)
{
    double e = node_at(G, n)->num[0];
    return e == 0 ? 0 : chain(t, G, n, mul(G, number(G, e), graph_powc(G, A, e - 1)));
}

RULE(CLAMP)
{
    double lo = node_at(G, n)->num[0], hi = node_at(G, n)->num[1];
    Ref inside = mul(G, test(G, OP_GE, A, number(G, lo)), test(G, OP_LE, A, number(G, hi)));
    return graph_where(G, inside, moved(t, A, n), number(G, 0));
}

RULE(TANH) { return chain(t, G, n, sub(G, number(G, 1), graph_op1(G, OP_SQUARE, n))); }
RULE(SIGMOID) { return chain(t, G, n, mul(G, n, sub(G, number(G, 1), n))); }

RULE(RELU)
{
    Ref off = test(G, OP_LE, A, number(G, 0));
    return graph_where(G, off, number(G, 0), moved(t, A, n));
}

RULE(SOFTPLUS) { return chain(t, G, n, graph_op1(G, OP_SIGMOID, A)); }
RULE(EXP) { return chain(t, G, n, n); }
RULE(LOG) { return over(G, moved(t, A, n), A); }
RULE(SQRT) { return over(G, mul(G, moved(t, A, n), number(G, 0.5)), n); }

RULE(ABS)
{
    Ref zero = number(G, 0);
    return chain(t, G, n, sub(G, test(G, OP_GT, A, zero), test(G, OP_LT, A, zero)));
}

RULE(SQUARE) { return chain(t, G, n, mul(G, number(G, 2), A)); }
RULE(SIN) { return chain(t, G, n, graph_op1(G, OP_COS, A)); }
RULE(COS) { return chain(t, G, n, neg(G, graph_op1(G, OP_SIN, A))); }

/* ---- views and copies: of all directions at once ---- */

RULE(RESHAPE)
{
    t->identity[n] = t->identity[A];
    t->scale[n] = t->scale[A] ? graph_reshape(G, t->scale[A], shape_at(G, n)) : 0;
    return t->identity[A] ? 0 : graph_reshape(G, tangent_at(t, A), tangent_shape(t->directions, shape_at(G, n)));
}

RULE(TRANSPOSE) { return graph_op1(G, OP_TRANSPOSE, tangent_at(t, A)); }

RULE(SLICE)
{
    int32_t dim = node_at(G, n)->attr[0], count = shape_at(G, n).dim[dim];
    return graph_slice(G, tangent_at(t, A), dim + 1, node_at(G, n)->attr[1], count);
}

RULE(EXPAND) { return moved(t, A, n); }
RULE(STOP) { NOTHING; }

RULE(CONCAT)
{
    uint32_t nargs = node_at(G, n)->nargs;
    Ref *part = arena_array(G->arena, Ref, nargs);
    for (uint32_t i = 0; i < nargs; i++)
        part[i] = tangent_or_zeros(t, arg_at(G, n, i));
    return graph_concat(G, part, nargs, node_at(G, n)->attr[0] + 1);
}

/* ---- reductions ---- */

/* The same dims of every row are summed. */
RULE(SUM)
{
    Shape of = shape_at(G, A), result = shape_at(G, n), kept = { .rank = of.rank };
    for (int32_t i = 0; i < of.rank; i++)
        kept.dim[i] = i < of.rank - result.rank ? 1 : result.dim[i - (of.rank - result.rank)];
    Ref sum = graph_sum(G, tangent_at(t, A), tangent_shape(t->directions, kept), false);
    return graph_reshape(G, sum, tangent_shape(t->directions, result));
}

/* The sum along the softmax's dim, kept as a dim of 1. */
static Ref sum_dim(Graph *G, Ref n, Ref x)
{
    Shape shape = shape_at(G, x);
    shape.dim[node_at(G, n)->attr[0] + 1] = 1;
    return graph_sum(G, x, shape, false);
}

RULE(SOFTMAX) /* y (dx - sum(y dx)) */
{
    Ref dx = tangent_at(t, A);
    return mul(G, n, sub(G, dx, sum_dim(G, n, mul(G, n, dx))));
}

RULE(LOG_SOFTMAX) /* dx - sum(softmax(x) dx) */
{
    Ref dx = tangent_at(t, A);
    return sub(G, dx, sum_dim(G, n, mul(G, graph_op1(G, OP_EXP, n), dx)));
}

/* ---- products: C = A' B', where ' is the transposition that ta, tb ask for; C is {m, n}, summed over k ---- */

/* dA' B': the rows of all directions are rows of one matrix. */
static Ref product_of_left(Tangents *t, Graph *G, Ref n, bool ta, bool tb)
{
    Shape c = shape_at(G, n);
    Ref da = tangent_at(t, A);
    if (ta)
        da = graph_op1(G, OP_TRANSPOSE, da);
    int32_t d = t->directions, m = c.dim[0], k = shape_at(G, da).dim[2];
    return shaped(G, graph_matmul(G, shaped(G, da, 2, d * m, k, 0, 0), B, false, tb, false), 3, d, m, c.dim[1], 0);
}

/* A' dB' = (dB A)', likewise. */
static Ref product_of_right(Tangents *t, Graph *G, Ref n, bool ta, bool tb)
{
    Shape c = shape_at(G, n);
    Ref db = tangent_at(t, B);
    if (!tb)
        db = graph_op1(G, OP_TRANSPOSE, db);
    int32_t d = t->directions, k = shape_at(G, db).dim[2];
    Ref rows = shaped(G, db, 2, d * c.dim[1], k, 0, 0);
    return graph_op1(G, OP_TRANSPOSE, shaped(G, graph_matmul(G, rows, A, false, !ta, false), 3, d, c.dim[1], c.dim[0], 0));
}

/* {directions, m, n}, each times how often its element of the operand x moves. */
static Ref scaled(Tangents *t, Ref x, Ref all)
{
    Ref scale = t->scale[x];
    return scale ? mul(t->g, all, shaped(t->g, scale, 3, t->directions, 1, 1, 0)) : all;
}

/* dC_ij / dA_i'k = [i = i'] B'_kj: a direction an element of A as it stands, {m, k} or, where ta, {k, m}. */
static Ref left_of_identity(Graph *G, Ref n, bool ta, bool tb)
{
    Ref b = tb ? graph_op1(G, OP_TRANSPOSE, B) : B;
    int32_t m = shape_at(G, n).dim[0], k = shape_at(G, b).dim[0], columns = shape_at(G, b).dim[1];
    if (m == 1)
        return shaped(G, b, 3, k, 1, columns, 0);
    Ref rows = ta ? shaped(G, eye(G, m), 4, 1, m, m, 1) : shaped(G, eye(G, m), 4, m, 1, m, 1);
    Ref all = mul(G, rows, ta ? shaped(G, b, 4, k, 1, 1, columns) : shaped(G, b, 4, 1, k, 1, columns));
    return shaped(G, all, 3, m * k, m, columns, 0);
}

/* dC_ij / dB_kj' = [j = j'] A'_ik; B stands as {k, n} or, where tb, {n, k}. */
static Ref right_of_identity(Graph *G, Ref n, bool ta, bool tb)
{
    Ref a = ta ? A : graph_op1(G, OP_TRANSPOSE, A); /* {k, m} */
    int32_t k = shape_at(G, a).dim[0], m = shape_at(G, a).dim[1], columns = shape_at(G, n).dim[1];
    Ref same = tb ? shaped(G, eye(G, columns), 4, columns, 1, 1, columns) : shaped(G, eye(G, columns), 4, 1, columns, 1, columns);
    Ref all = mul(G, tb ? shaped(G, a, 4, 1, k, m, 1) : shaped(G, a, 4, k, 1, m, 1), same);
    return shaped(G, all, 3, k * columns, m, columns, 0);
}

RULE(MATMUL)
{
    bool ta = node_at(G, n)->attr[0], tb = node_at(G, n)->attr[1];
    Ref left = 0, right = 0;
    if (moves(t, A))
        left = t->identity[A] ? scaled(t, A, left_of_identity(G, n, ta, tb)) : product_of_left(t, G, n, ta, tb);
    if (moves(t, B))
        right = t->identity[B] ? scaled(t, B, right_of_identity(G, n, ta, tb)) : product_of_right(t, G, n, ta, tb);
    return added(G, left, right);
}

/* ---- tokens ---- */

Ref tangent_one_hot(Graph *G, Ref token, int32_t vocab) { return graph_op2(G, OP_GATHER, eye(G, vocab), token); }

/* Row W[token]: of the matrix as the identity, 1 where direction (v, e) is (token, e); else the row of each direction's
 * matrix, the directions standing side by side. */
RULE(GATHER)
{
    int32_t vocab = shape_at(G, A).dim[0], e = shape_at(G, A).dim[1], d = t->directions;
    if (t->identity[A] && !t->scale[A]) {
        Ref hot = shaped(G, tangent_one_hot(G, B, vocab), 3, vocab, 1, 1, 0);
        return shaped(G, mul(G, hot, shaped(G, eye(G, e), 3, 1, e, e, 0)), 2, d, e, 0, 0);
    }
    Ref rows = shaped(G, graph_op1(G, OP_TRANSPOSE, tangent_at(t, A)), 2, d * e, vocab, 0, 0);
    return shaped(G, graph_op2(G, OP_GATHER, graph_op1(G, OP_TRANSPOSE, rows), B), 2, d, e, 0, 0);
}

/* Chosen, not multiplied: what stands beside the token may be infinite. */
RULE(PICK)
{
    Ref chosen = graph_where(G, tangent_one_hot(G, B, shape_at(G, A).dim[0]), tangent_at(t, A), number(G, 0));
    Ref sum = graph_sum(G, chosen, shape_make(2, (int32_t[]){ t->directions, 1 }), false);
    return shaped(G, sum, 1, t->directions, 0, 0, 0);
}

/* ---- windows over images: directions are further channels ---- */

static Ref tangent_patches(Tangents *t, Ref image, const int32_t *window)
{
    Graph *G = t->g;
    Shape s = shape_at(G, image);
    return graph_patches(G, shaped(G, tangent_at(t, image), 3, t->directions * s.dim[0], s.dim[1], s.dim[2], 0), window);
}

RULE(PATCHES)
{
    int32_t window[TL_ATTRS];
    memcpy(window, node_at(G, n)->attr, sizeof window);
    return graph_reshape(G, tangent_patches(t, A, window), tangent_shape(t->directions, shape_at(G, n)));
}

/* {1, k, k}: row i has ones before i. */
static Ref before(Graph *G, int32_t k)
{
    Ref i = ordinals(G, k);
    return test(G, OP_LT, shaped(G, i, 2, 1, k, 0, 0), i);
}

/* {channels k, places}: 1 where a window's element is the first to be the largest, and not padding. */
static Ref first_largest(Graph *G, Ref n, const int32_t *window, int32_t k)
{
    Shape image = shape_at(G, A), out = shape_at(G, n);
    int32_t channels = image.dim[0], places = out.dim[1] * out.dim[2];
    Ref there = graph_patches(G, graph_expand(G, graph_const(G, 1, (Shape){ 0 }), image, false), window);
    Ref largest = shaped(G, n, 3, channels, 1, places, 0), x = shaped(G, graph_patches(G, A, window), 3, channels, k, places, 0);
    Ref is = mul(G, test(G, OP_EQ, x, largest), shaped(G, there, 3, channels, k, places, 0));
    Ref columns = shaped(G, graph_op1(G, OP_TRANSPOSE, is), 2, channels * places, k, 0, 0);
    Ref earlier = shaped(G, graph_matmul(G, columns, before(G, k), false, true, false), 3, channels, places, k, 0);
    Ref none = test(G, OP_EQ, graph_op1(G, OP_TRANSPOSE, earlier), number(G, 0));
    return shaped(G, mul(G, is, none), 2, channels * k, places, 0, 0);
}

RULE(MAX_POOL)
{
    int32_t window[TL_ATTRS], d = t->directions;
    memcpy(window, node_at(G, n)->attr, sizeof window);
    Shape out = shape_at(G, n);
    int32_t k = window[0] * window[1], channels = out.dim[0], places = out.dim[1] * out.dim[2];
    Ref chosen = shaped(G, first_largest(G, n, window, k), 3, 1, channels * k, places, 0);
    Ref columns = shaped(G, tangent_patches(t, A, window), 3, d, channels * k, places, 0);
    Ref kept = shaped(G, graph_where(G, chosen, columns, number(G, 0)), 3, d * channels, k, places, 0);
    Ref sum = graph_sum(G, kept, shape_make(3, (int32_t[]){ d * channels, 1, places }), false);
    return graph_reshape(G, sum, tangent_shape(d, out));
}

/* ---- what reverse mode makes, for forward mode over it: both are linear in what they spread ---- */

RULE(UNPATCHES)
{
    int32_t window[TL_ATTRS], d = t->directions;
    memcpy(window, node_at(G, n)->attr, sizeof window);
    Shape image = shape_at(G, n), columns = shape_at(G, A);
    Ref all = shaped(G, tangent_at(t, A), 2, d * columns.dim[0], columns.dim[1], 0, 0);
    Ref sum = graph_unpatches(G, all, shape_make(3, (int32_t[]){ d * image.dim[0], image.dim[1], image.dim[2] }), window);
    return graph_reshape(G, sum, tangent_shape(d, image));
}

RULE(UNPOOL) /* which element is the largest changes nowhere but at ties */
{
    int32_t window[TL_ATTRS], d = t->directions;
    memcpy(window, node_at(G, n)->attr, sizeof window);
    Shape image = shape_at(G, n), places = shape_at(G, B);
    if (!moves(t, B))
        return 0;
    Ref x = graph_expand(G, A, tangent_shape(d, image), node_at(G, A)->batched);
    x = shaped(G, x, 3, d * image.dim[0], image.dim[1], image.dim[2], 0);
    Ref all = shaped(G, tangent_at(t, B), 3, d * places.dim[0], places.dim[1], places.dim[2], 0);
    return graph_reshape(G, graph_unpool(G, x, all, window), tangent_shape(d, image));
}

/* ---- the sweep ---- */

typedef Ref TangentRule(Tangents *, Graph *, Ref);

static TangentRule *const rules[TL_OP_COUNT] = {
#define X(NAME, word, nargs, kind) [OP_##NAME] = tangent_##NAME,
    TL_STEP_OPS(X)
#undef X
    [OP_UNPATCHES] = tangent_UNPATCHES, [OP_UNPOOL] = tangent_UNPOOL,
};

static bool has_moving_operand(const Tangents *t, Ref n)
{
    for (uint32_t i = 0; i < node_at(t->g, n)->nargs; i++)
        if (moves(t, arg_at(t->g, n, i)))
            return true;
    return false;
}

/* Elements of wrt in another shape are still the identity, which is not stored. */
static bool stays_identity(const Tangents *t, Ref n)
{
    return node_at(t->g, n)->op == OP_RESHAPE && t->identity[arg_at(t->g, n, 0)];
}

/* Element by element of what moves so itself. */
static bool stays_diagonal(const Tangents *t, Ref n)
{
    const Node *node = node_at(t->g, n);
    bool stays = tl_op_table[node->op].kind == TL_POINTWISE && node->shape.rank < TL_MAX_RANK;
    for (uint32_t i = 0; i < node->nargs && stays; i++) {
        Ref x = arg_at(t->g, n, i);
        stays = !moves(t, x) || (t->identity[x] && shape_equal(&node_at(t->g, x)->shape, &node->shape));
    }
    return stays;
}

/* By the rule of one direction, in which all elements move at once: none sees another's. */
static bool sweep_diagonal(Tangents *t, Ref n)
{
    Graph *g = t->g;
    const int32_t directions = t->directions;
    const Shape one = tangent_shape(1, shape_at(g, n));
    Ref was[3] = { 0 };
    for (uint32_t i = 0; i < node_at(g, n)->nargs; i++) {
        Ref x = arg_at(g, n, i);
        was[i] = t->of[x];
        if (t->identity[x])
            t->of[x] = t->scale[x] ? graph_reshape(g, t->scale[x], one) : graph_const(g, 1, one);
    }
    t->directions = 1;
    Ref made = rules[node_at(g, n)->op](t, g, n);
    t->directions = directions;
    for (uint32_t i = node_at(g, n)->nargs; i-- > 0;)
        t->of[arg_at(g, n, i)] = was[i];
    if (!made || g->error)
        return !g->error;
    made = graph_expand(g, align(t, made, one.rank - 1), one, node_at(g, made)->batched);
    t->identity[n] = true;
    t->scale[n] = graph_reshape(g, made, shape_at(g, n));
    return !g->error;
}

static bool sweep_node(Tangents *t, Ref n)
{
    Graph *g = t->g;
    const Node *node = node_at(g, n);
    bool diagonal = stays_diagonal(t, n);
    if (!diagonal && !stays_identity(t, n) && !fits(t, n))
        return false;
    g->file = node->file;
    g->line = node->line;
    if (diagonal)
        return sweep_diagonal(t, n);
    assume(rules[node->op], "no tangent of %s", tl_op_table[node->op].word);
    Ref made = rules[node->op](t, g, n);
    if (!made || g->error)
        return !g->error;
    Shape full = tangent_shape(t->directions, shape_at(g, n));
    t->of[n] = graph_expand(g, align(t, made, full.rank - 1), full, node_at(g, made)->batched);
    return !g->error;
}

bool tangents_sweep(Tangents *t)
{
    for (Ref n = 1; n < t->count; n++)
        if ((!t->wanted || t->wanted[n]) && !moves(t, n) && has_moving_operand(t, n) && !sweep_node(t, n))
            return false;
    return true;
}
