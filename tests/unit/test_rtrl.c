/* Real-time recurrent learning and what is left of it: gradients of a stream whose parameters stand still. */
#include "unit.h"

#include <math.h>
#include <stdlib.h>

#include <tapeless/param.h>
#include "learning.h"
#include "model_passes.h"
#include "passes/learn.h"

/* z decides how much of h stays, element by element; what was there before is kept, and never read. */
static const char elementwise[] =
    "return model {\n"
    "  input = real(2), target = real(1),\n"
    "  params = { a = param({ 4 }, uniform(0.8)), z = { 4, 2 }, W = { 4, 2 }, b = { 4 }, V = { 1, 4 } },\n"
    "  state = { before = { 4 }, h = learned { 4 } },\n"
    "  step = function(p, x, s)\n"
    "    local z, w = sigmoid(p.z(x)), p.W(x)\n"
    "    local h = z * tanh(p.a * s.h) + (1 - z) * (w + p.b - concat { slice(w, 2, 4), slice(w, 1, 1) })\n"
    "    return p.V(h) + sum(s.h), { h = h, before = s.h }\n"
    "  end,\n"
    "  loss = mse, tbptt = { k1 = 1, k2 = 1 },\n"
    "}\n";

/* A parameter that is a next state, read by another next state as well; a state that is handed on; two biases that do the same;
 * a matrix that is used twice, and one by columns; a cell whose states are made of each other in the step. */
static const char shared[] =
    "return model {\n"
    "  input = real(2), target = real(1),\n"
    "  params = { b = { 3 }, c = { 3 }, U = { 3, 3 }, W = { 3, 2 }, M = param({ 3, 3 }, uniform(0.5)), V = { 1, 3 } },\n"
    "  state = { a = { 3 }, before = { 3 }, h = { 3 }, k = { 3 }, again = { 3 } },\n"
    "  step = function(p, x, s)\n"
    "    local h = tanh(p.U(s.h) + p.W(x) + p.b + s.a + p.c)\n"
    "    local k = 0.5 * s.k + h * sigmoid(p.U(s.k) + reshape(matmul(reshape(s.before, { 1, 3 }), p.M), { 3 }) + p.c)\n"
    "    return p.V(k) + sum(s.again), { a = p.b, before = s.h, h = h, k = k, again = h }\n"
    "  end,\n"
    "  loss = mse, tbptt = { k1 = 1, k2 = 1 },\n"
    "}\n";

enum { H = 3, IN = 2 }; /* of the net below */
static const char elman[] =
    "return model {\n"
    "  input = real(2), target = real(1),\n"
    "  params = { U = { 3, 3 }, V = { 1, 3 }, W = { 3, 2 } },\n"
    "  state = { h = { 3 } },\n"
    "  step = function(p, x, s)\n"
    "    local a = p.W(x) + p.U(s.h)\n"
    /* is tanh(a): each element is made of its own alone, whatever stands between */
    "    local d = 1 + sum(square(x))\n"
    "    local twice = sum(transpose(stack { a, 2 * a }), 2) - a\n"
    "    local turned = tanh(concat { slice(twice, 2, 3), slice(twice, 1, 1) } / d * (d / 2))\n"
    "    local h = concat { slice(turned, 3, 3), slice(turned, 1, 2) }\n"
    "    return p.V(h), { h = h }\n"
    "  end,\n"
    "  loss = mse, tbptt = { k1 = 1, k2 = 1 },\n"
    "}\n";

static const Setting nets[] = {
    { .spec = "models/scalar.lua" },
    { .spec = "models/elman.lua", .define = { { "hidden", "5" } } },
    { .spec = "models/lstm.lua", .define = { { "hidden", "4" } } },
    { .spec = "models/gru.lua", .define = { { "hidden", "4" } } },
    { .spec = "models/mingru.lua", .define = { { "layers", "1" } } },
    { .spec = "models/mingru.lua", .define = { { "width", "3" } } },
    { .spec = "models/narx.lua", .define = { { "hidden", "3" } } },
    { .spec = "models/tanks.lua" },
    { .spec = elementwise },
    { .spec = shared },
};
enum { NETS = sizeof nets / sizeof *nets };

static Setting with(const Setting *of, tl_learn learn, int32_t k1, int32_t k2)
{
    Setting s = *of;
    s.learn = learn;
    s.k1 = k1;
    s.k2 = k2;
    return s;
}

static void compare(const Setting *of, tl_learn learn, int32_t k1)
{
    size_t n, other;
    const Setting whole = with(of, TL_LEARN_TBPTT, STREAM, STREAM), s = with(of, learn, k1, k1);
    double *want = gradient_of(&whole, &n), *got = gradient_of(&s, &other);
    assert_int_equal(n, other);
    assert_close(got, want, n, 1e-12, of->spec);
    free(want);
    free(got);
}

static void its_gradients_add_up_to_that_of_one_window(void **state)
{
    (void)state;
    for (int i = 0; i < NETS; i++)
        for (int how = 0; how < 4; how++) {
            Setting s = nets[i];
            s.resets = how > 0;
            s.padding = how > 1;
            s.lanes = how > 0 ? 2 : 1;
            s.shards = how > 2 ? 2 : 1;
            compare(&s, TL_LEARN_RTRL, 1);
            compare(&s, TL_LEARN_RTRL, 7);
        }
}

static void elements_that_move_themselves_alone_lose_nothing(void **state)
{
    (void)state;
    const Setting of[] = { { .spec = elementwise, .resets = true, .padding = true, .lanes = 2 }, nets[4], nets[0] };
    for (int i = 0; i < 3; i++) {
        compare(&of[i], TL_LEARN_SNAP1, 1);
        compare(&of[i], TL_LEARN_SNAP1, 7);
        compare(&of[i], TL_LEARN_DIAGONAL, 1);
        compare(&of[i], TL_LEARN_DIAGONAL, 7);
    }
}

/* The tail of a stream is what is left of it: each step is run once, with the parameters of its day. */
static void no_step_is_run_again(void **state)
{
    (void)state;
    static const tl_learn learns[] = { TL_LEARN_RTRL, TL_LEARN_SNAP1, TL_LEARN_IMMEDIATE };
    for (int i = 0; i < 3; i++) {
        Learning l;
        tl_error e;
        const Setting s = with(&nets[1], learns[i], 7, 7);
        learning_begin(&l, &s);
        for (int steps = STREAM; steps > 0; steps -= l.t.fresh) {
            if (tl_training_update(&l.t, &e))
                fail_msg("%s", e.text);
            assert_int_equal(l.t.fresh, steps < 7 ? steps : 7);
            assert_int_equal(l.t.length, l.t.fresh);
        }
        learning_end(&l);
    }
}

/* ---- the definitions, written out for the Elman net: parameters U {3, 3}, V {1, 3}, W {3, 2} ---- */

enum { N_U = H * H, N_V = H, N_W = H * IN, N = N_U + N_V + N_W };
typedef double Sensitivity[N_U + N_W][H]; /* of U, then of W */

/* h' of h; J_ij = dh'_i / dh_j. */
static void step(const double *theta, const double *x, double *h, double J[H][H], double slope[H])
{
    const double *U = theta, *W = theta + N_U + N_V;
    double next[H];
    for (int i = 0; i < H; i++) {
        double a = 0;
        for (int j = 0; j < H; j++)
            a += U[i * H + j] * h[j];
        for (int j = 0; j < IN; j++)
            a += W[i * IN + j] * x[j];
        next[i] = tanh(a);
        slope[i] = 1 - next[i] * next[i];
        for (int j = 0; j < H; j++)
            J[i][j] = slope[i] * U[i * H + j];
    }
    memcpy(h, next, sizeof next);
}

/* S' = mask (J S + what this step does), where carries says whether J S is there. */
static void move(Sensitivity S, const double *before, const double *x, double J[H][H], const double *slope, bool carries)
{
    for (int p = 0; p < N_U + N_W; p++) {
        int row = p < N_U ? p / H : (p - N_U) / IN;
        double direct = slope[row] * (p < N_U ? before[p % H] : x[(p - N_U) % IN]), through = 0;
        for (int j = 0; j < H; j++)
            through += J[row][j] * S[p][j];
        memset(S[p], 0, sizeof S[p]); /* one step moves its own row alone */
        S[p][row] = direct + (carries ? through : 0);
    }
}

static void defined(const Learning *l, bool carries, double *g)
{
    const double *input = l->r.x.input[0], *target = l->r.x.target[0];
    double h[H] = { 0 }, theta[N], *to = theta;
    for (int i = 0; i < 3; i++) {
        const tl_tensor *p = &l->engine->model->params[i];
        for (size_t k = 0; k < tl_size(p); k++)
            *to++ = ((const double *)l->t.buffers.params)[tl_param_at(p, k)];
    }
    Sensitivity S = { { 0 } };
    memset(g, 0, N * sizeof *g);
    for (int t = 0; t < STREAM; t++) {
        double before[H], J[H][H], slope[H], error = -target[t];
        memcpy(before, h, sizeof h);
        step(theta, input + t * IN, h, J, slope);
        move(S, before, input + t * IN, J, slope, carries);
        for (int i = 0; i < H; i++)
            error += theta[N_U + i] * h[i];
        for (int i = 0; i < H; i++)
            g[N_U + i] += 2 * error * h[i];
        for (int p = 0; p < N_U + N_W; p++)
            for (int i = 0; i < H; i++)
                g[p < N_U ? p : p + N_V] += 2 * error * theta[N_U + i] * S[p][i];
    }
}

static void compare_defined(tl_learn learn, int32_t k1, bool carries)
{
    Learning l;
    const Setting s = { .spec = elman, .learn = learn, .k1 = k1, .k2 = k1 };
    double want[N];
    size_t n;
    learning_begin(&l, &s);
    assert_string_equal(l.engine->model->params[1].name, "V");
    defined(&l, carries, want);
    double *got = learning_gradient(&l, &n);
    assert_int_equal(n, N);
    assert_close(got, want, N, 1e-12, carries ? "snap1" : "immediate");
    free(got);
    learning_end(&l);
}

static void snap1_keeps_what_one_step_moves(void **state)
{
    (void)state;
    compare_defined(TL_LEARN_SNAP1, 1, true);
    compare_defined(TL_LEARN_SNAP1, 7, true);
}

static void immediate_keeps_nothing(void **state)
{
    (void)state;
    compare_defined(TL_LEARN_IMMEDIATE, 1, false);
    compare_defined(TL_LEARN_IMMEDIATE, 7, false);
}

/* ---- refusals ---- */

static void refused(Model *m, tl_learn learn, const char *sentence)
{
    m->tbptt.learn = learn;
    char *error = prepare_learning(m, TL_SGD);
    assert_non_null(error);
    assert_contains(error, sentence);
    free(error);
    model_free(m);
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    refused(load_small(&(SmallSpec){ "models/elman.lua", { { "hidden", "5" } } }), TL_LEARN_DIAGONAL,
            "models/elman.lua: learn = 'diagonal' is for recurrences in which no element of a state moves another of it: here "
            "what U does to an element of h is carried to others; 'snap1' leaves that out, 'rtrl' carries all");
    refused(load_text("return model { input = real(1), params = { w = { 1, 1 } }, step = function(p, x) return p.w(x) end,\n"
                      "  window = function(p, y) return y[1] + y[2] end, loss = function(y) return sum(y) end,\n"
                      "  tbptt = { k1 = 1, k2 = 2 } }\n"),
            TL_LEARN_RTRL, "a model with a head over its window learns by tbptt alone");
    refused(load_path("tests/ops/probes.lua"), TL_LEARN_RTRL, "learn = 'rtrl' has no adjoints, so there is no gradient of probes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_gradients_add_up_to_that_of_one_window),
        cmocka_unit_test(no_step_is_run_again),
        cmocka_unit_test(elements_that_move_themselves_alone_lose_nothing),
        cmocka_unit_test(snap1_keeps_what_one_step_moves),
        cmocka_unit_test(immediate_keeps_nothing),
        cmocka_unit_test(what_does_not_fit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
