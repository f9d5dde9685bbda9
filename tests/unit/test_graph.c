/* Constructors: what is shared, what is folded, what must not be, and what is refused. */
#include "unit.h"

#include <math.h>

#include "graph/graph.h"
#include "passes/window.h"

static Graph *g;

static int enter(void **state)
{
    (void)state;
    g = graph_new(3, 2);
    return 0;
}

static int leave(void **state)
{
    (void)state;
    graph_free(g);
    return 0;
}

static Shape shape(int32_t rank, int32_t a, int32_t b, int32_t c)
{
    int32_t dim[] = { a, b, c };
    return shape_make(rank, dim);
}

static Shape vector(int32_t n) { return shape(1, n, 0, 0); }
static Shape matrix(int32_t m, int32_t n) { return shape(2, m, n, 0); }
static Ref param(int32_t i, Shape s) { return graph_leaf(g, OP_PARAM, i, s, false, false, 0, 0); }
static Ref number(double v) { return graph_const(g, v, (Shape){ 0 }); }

static Ref input(int32_t i, Shape s, int32_t section)
{
    return graph_leaf(g, OP_INPUT, i, s, true, false, section, 0);
}

static Ref token(int32_t section)
{
    return graph_leaf(g, OP_INPUT, 9, (Shape){ 0 }, true, true, section, 0);
}

static Ref op1(tl_op op, Ref a) { return graph_op1(g, op, a); }
static Ref op2(tl_op op, Ref a, Ref b) { return graph_op2(g, op, a, b); }

static double value(Ref r)
{
    assert_int_equal(node_at(g, r)->op, OP_CONST);
    return node_at(g, r)->num[0];
}

static void is_shape(Ref r, Shape s)
{
    assert_true(r);
    assert_true(shape_equal(&node_at(g, r)->shape, &s));
}

/* ---- tables of numbers ---- */

/* However many numbers, one node; equal tables are one, in whatever shape. */
static void a_table_is_one_node(void **state)
{
    (void)state;
    enum { SIDE = 100 };
    static double v[SIDE * SIDE];
    for (int i = 0; i < SIDE * SIDE; i++)
        v[i] = i % 97;
    uint32_t before = g->count;
    Ref a = graph_numbers(g, v, matrix(SIDE, SIDE));
    assert_int_equal(g->count, before + 1);
    assert_int_equal(graph_numbers(g, v, matrix(SIDE, SIDE)), a);
    Ref flat = graph_reshape(g, a, vector(SIDE * SIDE));
    assert_int_equal(node_at(g, flat)->op, OP_TABLE);
    assert_int_equal(graph_numbers(g, v, vector(SIDE * SIDE)), flat);
    assert_int_equal(op1(OP_STOP, a), a);
    assert_int_equal(g->tables->n, 1);
    v[SIDE] = 0.5;
    assert_int_not_equal(graph_numbers(g, v, matrix(SIDE, SIDE)), a);
    assert_int_equal(g->tables->n, 2);
    v[0] = v[1] = v[2] = -0.25;
    assert_true(value(graph_numbers(g, v, vector(3))) == -0.25);
    assert_int_equal(g->tables->n, 2);
}

static void there_is_an_end_to_numbers(void **state)
{
    (void)state;
    static double v[MOST_NUMBERS];
    for (int i = 0; i < MOST_NUMBERS; i++)
        v[i] = i;
    assert_true(graph_numbers(g, v, vector(MOST_NUMBERS - 1)));
    assert_int_equal(graph_numbers(g, v, vector(3)), 0);
    assert_contains(g->error, "at most 4096 tables of numbers, with 1048576 numbers in all");
    assert_true(graph_numbers(g, v, vector(1))); /* a const */
}

/* ---- sharing ---- */

static void equal_nodes_are_one(void **state)
{
    (void)state;
    Ref a = param(0, vector(3)), b = param(1, vector(3));
    assert_int_equal(a, param(0, vector(3)));
    assert_int_not_equal(a, b);
    assert_int_equal(op2(OP_ADD, a, b), op2(OP_ADD, a, b));
    assert_int_equal(op1(OP_TANH, a), op1(OP_TANH, a));
    assert_int_not_equal(op1(OP_TANH, a), op1(OP_SIN, a));
    assert_int_equal(graph_slice(g, a, 0, 1, 2), graph_slice(g, a, 0, 1, 2));
    assert_int_not_equal(graph_slice(g, a, 0, 1, 2), graph_slice(g, a, 0, 0, 2));
    assert_int_not_equal(graph_powc(g, a, 3), graph_powc(g, a, 4));
    assert_int_not_equal(graph_clamp(g, a, 0, 1), graph_clamp(g, a, 0, 2));
}

static void only_what_commutes_is_swapped(void **state)
{
    (void)state;
    Ref a = param(0, vector(3)), b = param(1, vector(3));
    static const tl_op commute[] = { OP_ADD, OP_MUL, OP_EQ };
    static const tl_op keep[] = { OP_SUB, OP_DIV, OP_GT, OP_GE, OP_LT, OP_LE };
    for (size_t i = 0; i < sizeof commute / sizeof *commute; i++)
        assert_int_equal(op2(commute[i], a, b), op2(commute[i], b, a));
    for (size_t i = 0; i < sizeof keep / sizeof *keep; i++) {
        Ref r = op2(keep[i], b, a);
        assert_int_not_equal(op2(keep[i], a, b), r);
        assert_int_equal(arg_at(g, r, 0), b);
    }
}

/* Sections of a window of k slots that starts at slot `first`, in order of execution. */
static bool window_runs(int32_t k, int32_t first, int32_t section)
{
    int32_t slot = section <= k ? section - 1 : 2 * k - section;
    return section == 0 || section == 2 * k + 1 || slot >= first;
}

static bool always_runs_before(int32_t k, int32_t section, int32_t user)
{
    bool always = section <= user;
    for (int32_t first = 0; first < k; first++)
        always &= !window_runs(k, first, user) || window_runs(k, first, section);
    return always;
}

/* A value may stand in for an equal one that is wanted later, if every window that comes there has
 * computed it. */
static void a_value_is_used_again_where_it_has_been_computed(void **state)
{
    (void)state;
    for (int32_t k = 1; k <= 4; k++) {
        Graph *w = graph_new(k, 2);
        int32_t n = 0;
        for (int32_t section = 0; section <= 2 * k + 1; section++)
            for (int32_t user = 0; user <= 2 * k + 1; user++) {
                Ref a = graph_leaf(w, OP_PARAM, n++, vector(3), false, false, 0, 0);
                w->cursor = section;
                Ref made = graph_op1(w, OP_TANH, a);
                w->cursor = user;
                Ref wanted = graph_op1(w, OP_TANH, a);
                w->cursor = 0;
                assert_int_equal(node_at(w, made)->section, section);
                assert_true(node_at(w, wanted)->section <= user);
                if ((made == wanted) != always_runs_before(k, section, user))
                    fail_msg("k = %d: a value of section %d is %sused in section %d", k, section,
                             made == wanted ? "" : "not ", user);
            }
        graph_free(w);
    }
}

static void leaves_of_two_steps_are_two(void **state)
{
    (void)state;
    Ref x = input(0, vector(3), 1), y = input(0, vector(3), 2);
    assert_int_not_equal(x, y);
    assert_int_not_equal(op1(OP_TANH, x), op1(OP_TANH, y));
    assert_int_equal(node_at(g, op2(OP_ADD, x, y))->section, 2);
    assert_int_not_equal(graph_dropmask(g, 0.5, 0, vector(3), 1),
                         graph_dropmask(g, 0.5, 1, vector(3), 1));
    assert_int_not_equal(graph_dropmask(g, 0.5, 0, vector(3), 1),
                         graph_dropmask(g, 0.5, 0, vector(3), 2));
}

static void copies_and_sums_in_place_are_never_shared(void **state)
{
    (void)state;
    Ref a = param(0, vector(3)), b = param(1, vector(3));
    assert_int_not_equal(graph_copy(g, a), graph_copy(g, a));
    assert_int_not_equal(graph_acc(g, a, 0, a), graph_acc(g, b, 0, a));
    assert_int_not_equal(graph_probe(g, a, 0, 0), graph_probe(g, a, 1, 0));
    assert_int_not_equal(graph_probe(g, a, 0, 0), graph_probe(g, a, 0, 1));
}

static void many_nodes_are_found_again(void **state)
{
    (void)state;
    static Ref made[20000];
    for (int i = 0; i < 20000; i++)
        made[i] = number(i + 0.5);
    for (int i = 0; i < 20000; i++)
        assert_int_equal(number(i + 0.5), made[i]);
    assert_int_equal(g->count, 20001);
}

/* ---- folding ---- */

static void operations_on_numbers_are_done(void **state)
{
    (void)state;
    Ref a = number(0.75), b = number(-2);
    assert_near(value(op2(OP_ADD, a, b)), -1.25, 0);
    assert_near(value(op2(OP_SUB, a, b)), 2.75, 0);
    assert_near(value(op2(OP_MUL, a, b)), -1.5, 0);
    assert_near(value(op2(OP_DIV, a, b)), -0.375, 0);
    assert_near(value(op2(OP_MAX, a, b)), 0.75, 0);
    assert_near(value(op2(OP_MIN, a, b)), -2, 0);
    assert_near(value(op2(OP_GT, a, b)), 1, 0);
    assert_near(value(op2(OP_GE, a, a)), 1, 0);
    assert_near(value(op2(OP_LT, a, b)), 0, 0);
    assert_near(value(op2(OP_LE, a, a)), 1, 0);
    assert_near(value(op2(OP_EQ, a, b)), 0, 0);
    assert_near(value(graph_where(g, b, a, b)), 0.75, 0);
    assert_near(value(graph_where(g, number(0), a, b)), -2, 0);
    assert_near(value(op1(OP_NEG, a)), -0.75, 0);
    assert_near(value(graph_powc(g, a, 3)), 0.421875, 0);
    assert_near(value(graph_clamp(g, b, -1, 1)), -1, 0);
    assert_near(value(graph_clamp(g, number(3), -1, 1)), 1, 0);
    assert_near(value(graph_clamp(g, a, -1, 1)), 0.75, 0);
}

static void functions_of_numbers_are_done(void **state)
{
    (void)state;
    Ref a = number(0.75), far = number(-800);
    assert_near(value(op1(OP_TANH, a)), tanh(0.75), 0);
    assert_near(value(op1(OP_SIGMOID, a)), 1 / (1 + exp(-0.75)), 1e-16);
    assert_near(value(op1(OP_SIGMOID, far)), 0, 1e-300);
    assert_near(value(op1(OP_SOFTPLUS, a)), log(1 + exp(0.75)), 1e-15);
    assert_near(value(op1(OP_SOFTPLUS, number(800))), 800, 0);
    assert_near(value(op1(OP_RELU, far)), 0, 0);
    assert_near(value(op1(OP_RELU, a)), 0.75, 0);
    assert_near(value(op1(OP_EXP, a)), exp(0.75), 0);
    assert_near(value(op1(OP_LOG, a)), log(0.75), 0);
    assert_near(value(op1(OP_SQRT, a)), sqrt(0.75), 0);
    assert_near(value(op1(OP_ABS, far)), 800, 0);
    assert_near(value(op1(OP_SQUARE, a)), 0.5625, 0);
    assert_near(value(op1(OP_SIN, a)), sin(0.75), 0);
    assert_near(value(op1(OP_COS, a)), cos(0.75), 0);
    assert_true(isnan(value(op1(OP_RELU, number(NAN)))));
    assert_true(isnan(value(graph_clamp(g, number(NAN), 0, 1))));
}

static void numbers_keep_the_shape_they_stand_in_for(void **state)
{
    (void)state;
    Ref wide = op2(OP_ADD, graph_const(g, 1, matrix(3, 1)), graph_const(g, 2, vector(4)));
    is_shape(wide, matrix(3, 4));
    assert_near(value(wide), 3, 0);
    is_shape(graph_reshape(g, wide, vector(12)), vector(12));
    is_shape(op1(OP_TRANSPOSE, wide), matrix(4, 3));
    is_shape(graph_slice(g, wide, 0, 1, 2), matrix(2, 4));
    assert_near(value(graph_expand(g, number(5), vector(4), false)), 5, 0);
    assert_int_equal(node_at(g, graph_expand(g, number(5), vector(4), true))->op,
                     OP_EXPAND); /* one a lane */
    Ref sum = graph_sum(g, wide, vector(4), false);
    is_shape(sum, vector(4));
    assert_near(value(sum), 9, 0);
}

static void what_changes_nothing_is_left_out(void **state)
{
    (void)state;
    Ref zero = number(0), wide = graph_const(g, 0, matrix(3, 4)); /* before x: first operands */
    Ref x = input(0, matrix(3, 4), 1), y = param(0, matrix(3, 4)), one = number(1);
    assert_int_equal(op2(OP_ADD, wide, y), y);
    assert_int_equal(op2(OP_ADD, x, zero), x);
    assert_int_equal(op2(OP_ADD, zero, x), x);
    assert_int_equal(op2(OP_SUB, x, zero), x);
    assert_int_equal(op2(OP_MUL, x, one), x);
    assert_int_equal(op2(OP_MUL, one, x), x);
    assert_int_equal(op2(OP_DIV, x, one), x);
    assert_int_equal(op1(OP_NEG, op1(OP_NEG, x)), x);
    assert_int_equal(graph_powc(g, x, 1), x);
    assert_int_equal(node_at(g, graph_powc(g, x, 2))->op, OP_SQUARE);
    assert_int_equal(op1(OP_TRANSPOSE, op1(OP_TRANSPOSE, x)), x);
    assert_int_equal(graph_reshape(g, graph_reshape(g, x, vector(12)), matrix(3, 4)), x);
    assert_int_equal(graph_slice(g, x, 1, 0, 4), x);
    assert_int_equal(graph_expand(g, x, matrix(3, 4), true), x);
    assert_int_equal(graph_concat(g, &x, 1, 0), x);
    assert_int_equal(graph_sum(g, x, matrix(3, 4), false), x);
    assert_int_equal(graph_where(g, one, x, zero), x);
    Ref stopped = op1(OP_STOP, x);
    assert_int_equal(op1(OP_STOP, stopped), stopped);
    assert_int_not_equal(stopped, x);
}

/* Wrong for NaN, for infinity, for the sign of zero in a quotient, or for the shape. */
static void what_may_change_something_is_kept(void **state)
{
    (void)state;
    Ref x = input(0, vector(4), 1), y = param(0, vector(4)), zero = number(0), one = number(1);
    assert_int_equal(node_at(g, op2(OP_MUL, x, zero))->op, OP_MUL);
    assert_int_equal(node_at(g, op2(OP_SUB, x, x))->op, OP_SUB);
    assert_int_equal(node_at(g, op2(OP_DIV, x, x))->op, OP_DIV);
    assert_int_equal(node_at(g, op2(OP_DIV, zero, x))->op, OP_DIV);
    assert_int_equal(node_at(g, op2(OP_SUB, zero, x))->op, OP_SUB);
    assert_int_equal(node_at(g, op2(OP_DIV, one, x))->op, OP_DIV);
    assert_int_equal(node_at(g, op2(OP_EQ, x, x))->op, OP_EQ);
    assert_int_equal(node_at(g, graph_powc(g, x, 0.5))->op, OP_POWC);
    assert_int_equal(node_at(g, graph_where(g, x, y, y))->op, OP_WHERE);
    /* x + 0 where the 0 is wider than x; a parameter where a value a lane is wanted */
    is_shape(op2(OP_ADD, x, graph_const(g, 0, matrix(3, 1))), matrix(3, 4));
    is_shape(op2(OP_MUL, graph_const(g, 1, matrix(3, 4)), x), matrix(3, 4));
    is_shape(graph_where(g, graph_const(g, 1, matrix(3, 1)), x, zero), matrix(3, 4));
    Ref square = param(1, matrix(3, 3));
    assert_int_not_equal(op1(OP_TRANSPOSE, square), square);
    Ref each = graph_where(g, one, y, x);
    assert_true(node_at(g, each)->batched);
    assert_int_equal(node_at(g, graph_expand(g, y, vector(4), true))->op, OP_EXPAND);
}

static void views_of_views_are_one_view(void **state)
{
    (void)state;
    Ref x = input(0, shape(3, 2, 6, 4), 1);
    Ref inner = graph_slice(g, x, 1, 1, 4), outer = graph_slice(g, inner, 1, 2, 2);
    assert_int_equal(outer, graph_slice(g, x, 1, 3, 2));
    assert_int_equal(arg_at(g, graph_slice(g, inner, 2, 0, 2), 0), inner); /* another dimension */
    assert_int_equal(arg_at(g, graph_reshape(g, graph_reshape(g, x, vector(48)), matrix(6, 8)), 0),
                     x);
    Ref y = input(1, vector(4), 1), rows = graph_expand(g, y, matrix(3, 4), true);
    Ref wide = graph_expand(g, rows, shape(3, 2, 3, 4), true);
    assert_int_equal(arg_at(g, wide, 0), y);
}

static void parts_of_a_concat_are_found(void **state)
{
    (void)state;
    Ref part[] = { input(0, matrix(3, 2), 1), input(1, matrix(3, 4), 1), param(0, matrix(3, 1)) };
    Ref all = graph_concat(g, part, 3, 1);
    is_shape(all, matrix(3, 7));
    assert_int_equal(graph_slice(g, all, 1, 0, 2), part[0]);
    assert_int_equal(graph_slice(g, all, 1, 2, 4), part[1]);
    assert_int_equal(node_at(g, graph_slice(g, all, 1, 2, 3))->op, OP_SLICE); /* less than a part */
    assert_int_equal(node_at(g, graph_slice(g, all, 1, 1, 2))->op, OP_SLICE); /* of two parts */
    assert_int_equal(node_at(g, graph_slice(g, all, 0, 0, 1))->op, OP_SLICE); /* the other way */
    Ref shared = graph_slice(g, all, 1, 6, 1); /* a parameter is not a value a lane */
    assert_true(node_at(g, shared)->batched);
    assert_int_equal(node_at(g, shared)->op, OP_SLICE);
}

/* ---- shapes and sentences ---- */

static void refused(Ref r, const char *sentence)
{
    assert_int_equal(r, 0);
    assert_non_null(g->error);
    assert_string_equal(g->error, sentence);
}

static void wrong_operands_are_refused_in_words(void **state)
{
    (void)state;
    Ref v3 = input(0, vector(3), 1), v4 = input(1, vector(4), 1), m = param(0, matrix(3, 4)),
        t = token(1);
    Ref cube = input(2, shape(3, 2, 3, 4), 1), scalar = input(3, (Shape){ 0 }, 1);
    refused(op2(OP_ADD, v3, v4), "add: shapes {3} and {4} do not broadcast");
    refused(op1(OP_TRANSPOSE, v3), "transpose: takes a matrix, not {3}");
    refused(graph_reshape(g, m, vector(11)), "reshape: {3, 4} has 12 elements but {11} has 11");
    refused(graph_slice(g, v4, 0, 2, 3), "slice: elements 3 to 5 of dimension 1 of {4}");
    refused(graph_slice(g, v4, 1, 0, 1), "slice: no such part of {4}");
    refused(graph_slice(g, v4, 0, 0, 0), "slice: no such part of {4}");
    refused(graph_slice(g, v4, 0, -1, 2), "slice: elements 0 to 1 of dimension 1 of {4}");
    refused(graph_slice(g, v4, 0, INT32_MAX, 2),
            "slice: elements 2147483648 to 2147483649 of dimension 1 of {4}");
    refused(graph_expand(g, m, vector(4), false), "expand: {3, 4} does not broadcast to {4}");
    refused(graph_expand(g, v4, vector(4), false),
            "expand: {4} does not broadcast to {4}"); /* lanes are not given up */
    refused(graph_concat(g, (Ref[]){ v3, v4, m }, 3, 0),
            "concat: {3, 4} does not join {3} along dimension 1");
    refused(graph_concat(g, (Ref[]){ v3, v4 }, 2, 1),
            "concat: dimension 2 of a value of shape {3}");
    refused(graph_concat(g, NULL, 0, 0), "concat: 0 operands");
    refused(graph_sum(g, m, vector(3), false), "sum: {3, 4} does not reduce to {3}");
    refused(graph_softmax(g, OP_SOFTMAX, m, 2), "softmax: dimension 3 of a value of shape {3, 4}");
    refused(graph_softmax(g, OP_LOG_SOFTMAX, scalar, 0),
            "log_softmax: dimension 1 of a value of shape {}");
    refused(graph_matmul(g, m, m, false, false, false),
            "matmul: inner dimensions of {3, 4} and {3, 4} differ");
    refused(graph_matmul(g, m, m, true, true, false),
            "matmul: inner dimensions of {3, 4} transposed and {3, 4} transposed differ");
    refused(graph_matmul(g, m, cube, false, false, false),
            "matmul: takes matrices, not {3, 4} and {2, 3, 4}");
    refused(op2(OP_GATHER, m, v3), "gather: its index must be a token");
    refused(op2(OP_GATHER, cube, t), "embedding: takes a matrix parameter, not {2, 3, 4}");
    refused(op2(OP_GATHER, input(4, matrix(3, 4), 1), t),
            "embedding: takes a matrix parameter, not {3, 4}");
    refused(op2(OP_PICK, m, t), "pick: takes a vector, not {3, 4}");
    refused(op2(OP_PICK, v3, v3), "pick: its index must be a token");
    refused(op2(OP_ADD, v3, t),
            "add: operand 2 is a token; it takes real values (embedding turns a token into "
            "a vector)");
    refused(graph_unpick(g, v3, t, 4), "unpick: takes a scalar");
    refused(graph_scatter(g, m, t, 4), "scatter: takes a vector");
    refused(graph_acc(g, m, graph_acc(g, m, 0, v3), v4), "acc: both operands have one shape");
}

static void sizes_that_overflow_are_refused(void **state)
{
    (void)state;
    Ref wide = graph_const(g, 0, matrix(1 << 16, 1)), tall = graph_const(g, 0, vector(1 << 16));
    assert_true(wide && tall);
    assert_int_equal(op2(OP_ADD, param(0, matrix(1 << 16, 1)), param(1, vector(1 << 16))), 0);
    assert_contains(g->error, "is too large");
    assert_int_equal(graph_const(g, 0, matrix(INT32_MAX, INT32_MAX)), 0);
    assert_contains(g->error, "is too large");
    assert_int_equal(graph_const(g, 0, matrix(0, 3)), 0);
    assert_string_equal(g->error, "{0, 3}: every dimension must be at least 1");
    assert_int_equal(graph_const(g, 0, vector(-1)), 0);
    Ref half = param(2, vector(1 << 26));
    Ref parts[40];
    for (int i = 0; i < 40; i++)
        parts[i] = half;
    assert_int_equal(graph_concat(g, parts, 40, 0), 0);
}

static void a_failure_passes_through(void **state)
{
    (void)state;
    Ref bad = op2(OP_ADD, input(0, vector(3), 1), input(1, vector(4), 1));
    const char *sentence = g->error;
    assert_int_equal(op1(OP_TANH, bad), 0);
    assert_int_equal(graph_slice(g, bad, 0, 0, 1), 0);
    assert_int_equal(graph_probe(g, bad, 0, 0), 0);
    assert_int_equal(graph_scatter(g, bad, token(1), 3), 0);
    assert_int_equal(graph_concat(g, (Ref[]){ param(0, vector(3)), bad }, 2, 0), 0);
    assert_string_equal(g->error, sentence);
}

static void a_graph_that_grows_too_large_says_so(void **state)
{
    (void)state;
    g->limit = 4;
    assert_true(number(1) && number(2) && number(3));
    refused(number(4), "the graph has more than 4 operations");
}

static void broadcasting_is_numpys(void **state)
{
    (void)state;
    static const struct { Shape a, b, result; bool fits; } rows[] = {
        { { 0, { 0 } }, { 0, { 0 } }, { 0, { 0 } }, true },
        { { 0, { 0 } }, { 2, { 3, 4 } }, { 2, { 3, 4 } }, true },
        { { 1, { 4 } }, { 2, { 3, 4 } }, { 2, { 3, 4 } }, true },
        { { 1, { 3 } }, { 2, { 3, 4 } }, { 0, { 0 } }, false },
        { { 2, { 3, 1 } }, { 1, { 4 } }, { 2, { 3, 4 } }, true },
        { { 4, { 2, 1, 3, 1 } }, { 3, { 5, 1, 4 } }, { 4, { 2, 5, 3, 4 } }, true },
        { { 3, { 2, 3, 4 } }, { 3, { 2, 2, 4 } }, { 0, { 0 } }, false },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int swap = 0; swap < 2; swap++) {
            Shape r, a = swap ? rows[i].b : rows[i].a, b = swap ? rows[i].a : rows[i].b;
            assert_int_equal(shape_broadcast(&a, &b, &r), rows[i].fits);
            assert_true(!rows[i].fits || shape_equal(&r, &rows[i].result));
        }
}

static void lanes_follow_the_operands(void **state)
{
    (void)state;
    Ref p = param(0, matrix(3, 3)), x = input(0, matrix(3, 3), 1), t = token(1);
    assert_false(node_at(g, op2(OP_MUL, p, p))->batched);
    assert_true(node_at(g, op2(OP_MUL, p, x))->batched);
    assert_true(node_at(g, graph_matmul(g, p, x, false, false, false))->batched);
    assert_false(node_at(g, graph_matmul(g, x, x, true, false, true))->batched);
    assert_false(node_at(g, graph_sum(g, x, vector(3), true))->batched);
    assert_true(node_at(g, op2(OP_GATHER, p, t))->batched);
    assert_true(node_at(g, graph_probe(g, p, 0, 0))->batched);
    assert_true(node_at(g, graph_unpick(g, number(1), t, 4))->batched);
    assert_false(node_at(g, graph_scatter(g, input(1, vector(3), 1), t, 4))->batched);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_table_is_one_node),
        TEST(there_is_an_end_to_numbers),
        TEST(equal_nodes_are_one),
        TEST(only_what_commutes_is_swapped),
        TEST(a_value_is_used_again_where_it_has_been_computed),
        TEST(leaves_of_two_steps_are_two),
        TEST(copies_and_sums_in_place_are_never_shared),
        TEST(many_nodes_are_found_again),
        TEST(operations_on_numbers_are_done),
        TEST(functions_of_numbers_are_done),
        TEST(numbers_keep_the_shape_they_stand_in_for),
        TEST(what_changes_nothing_is_left_out),
        TEST(what_may_change_something_is_kept),
        TEST(views_of_views_are_one_view),
        TEST(parts_of_a_concat_are_found),
        TEST(wrong_operands_are_refused_in_words),
        TEST(sizes_that_overflow_are_refused),
        TEST(a_failure_passes_through),
        TEST(a_graph_that_grows_too_large_says_so),
        TEST(broadcasting_is_numpys),
        TEST(lanes_follow_the_operands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
