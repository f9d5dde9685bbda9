/* What diff finds: engines that are broken on purpose differ, however they are broken; what both find alike that is not
 * finite is told apart from that. */
#include "unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <tapeless/real.h>

#include "cli/comparison.h"
#include "front/spec.h"
#include "model_passes.h"

/* An interpreter whose results are spoiled after each window. */
typedef struct Broken {
    Engine engine;
    const Engine *right;
    void (*spoil)(const tl_model *, const tl_window *);
} Broken;

static void broken_window(void *self, const tl_window *w)
{
    const Broken *b = self;
    b->right->run.window(b->right->run.self, w);
    if (b->spoil)
        b->spoil(b->right->model, w);
}

static Broken broken(const Engine *right, void (*spoil)(const tl_model *, const tl_window *))
{
    Broken b = { .engine = *right, .right = right, .spoil = spoil };
    b.engine.run.window = broken_window;
    return b;
}

static Model *model;
static Engine *right;

static void load(tl_type real)
{
    char *error = NULL;
    const SpecDefine hidden = { .name = "hidden", .value = "5" };
    const SpecOptions options = { .defines = &hidden, .ndefines = 1, .version = "test" };
    model = spec_load("models/elman.lua", &options, &error);
    right = model ? engine_interpreter(model, real, &error) : NULL;
    if (!right)
        fail_msg("%s", error);
}

static void unload(void)
{
    engine_free(right);
    model_free(model);
}

static Verdict verdict_of(void (*one)(const tl_model *, const tl_window *), void (*other)(const tl_model *, const tl_window *),
                          double tolerance)
{
    Broken a = broken(right, one), b = broken(right, other);
    a.engine.run.self = &a;
    b.engine.run.self = &b;
    Arena *arena = arena_new();
    Comparison t;
    Tried tried = { .seed = 1 };
    char *error = comparison_run(&t, arena, model, &a.engine, &b.engine, &tried, tolerance);
    if (error)
        fail_msg("%s", error);
    Verdict v = comparison_judge(&t);
    comparison_free(&t);
    arena_free(arena);
    return v;
}

static void put(const tl_model *m, void *block, size_t at, double x) { tl_real_set(m->real, block, at, x); }

static size_t grad(const tl_model *m, int32_t i) { return m->params[i].offset; }

static void nan_in_first(const tl_model *m, const tl_window *w) { put(m, w->grads, grad(m, 0), NAN); }
static void nan_in_second(const tl_model *m, const tl_window *w) { put(m, w->grads, grad(m, 0) + 1, NAN); }
static void inf_in_first(const tl_model *m, const tl_window *w) { put(m, w->grads, grad(m, 0), INFINITY); }
static void minus_inf_in_first(const tl_model *m, const tl_window *w) { put(m, w->grads, grad(m, 0), -INFINITY); }
static void nan_in_losses(const tl_model *m, const tl_window *w)
{
    put(m, w->losses, ((size_t)m->tbptt.k2 - 1) * (size_t)m->tbptt.batch, NAN);
}

static void nan_in_states(const tl_model *m, const tl_window *w)
{
    put(m, w->states, m->states[0].offset + (size_t)m->tbptt.k2 * (size_t)m->tbptt.batch * tl_size(&m->states[0]), NAN);
}

static void forgets_a_gradient(const tl_model *m, const tl_window *w)
{
    memset(tl_real_at(m->real, w->grads, grad(m, 0)), 255, tl_real_size(m->real));
}

/* All but the first: what can be told from rounding. */
static void a_little_more(const tl_model *m, const tl_window *w)
{
    size_t last = grad(m, 0) + tl_size(&m->params[0]) - 1;
    put(m, w->grads, last, tl_real_get(m->real, w->grads, last) * (m->real == TL_F64 ? 1 + 1e-9 : 1 + 1e-4));
}

static void both_spoils(const tl_model *m, const tl_window *w)
{
    nan_in_first(m, w);
    a_little_more(m, w);
}

static void check(tl_type real)
{
    load(real);
    Verdict v = verdict_of(NULL, NULL, -1);
    assert_true(v.agree && v.finite && v.worst == 0);
    static const struct {
        void (*one)(const tl_model *, const tl_window *), (*other)(const tl_model *, const tl_window *);
        int agree, finite;
        const char *what;
    } cases[] = {
        { a_little_more, NULL, 0, 1, "one element that is a little larger" },
        { nan_in_first, NULL, 0, 1, "a NaN in one engine" },
        { NULL, nan_in_first, 0, 1, "a NaN in the other" },
        { nan_in_first, nan_in_second, 0, 1, "NaNs in different elements" },
        { nan_in_first, inf_in_first, 0, 1, "a NaN and an infinity" },
        { inf_in_first, NULL, 0, 1, "an infinity in one engine" },
        { inf_in_first, minus_inf_in_first, 0, 1, "infinities of two signs" },
        { nan_in_losses, NULL, 0, 1, "a loss that is NaN in one engine" },
        { nan_in_states, NULL, 0, 1, "a state that is NaN in one engine" },
        { forgets_a_gradient, NULL, 0, 1, "a gradient that is not stored" },
        { forgets_a_gradient, forgets_a_gradient, 0, 1, "one that neither stores" },
        { both_spoils, nan_in_first, 0, 0, "a NaN in both, and another element that differs" },
        { nan_in_first, nan_in_first, 1, 0, "a NaN in both" },
        { inf_in_first, inf_in_first, 1, 0, "an infinity in both" },
        { nan_in_losses, nan_in_losses, 1, 0, "a loss that is NaN in both" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        v = verdict_of(cases[i].one, cases[i].other, -1);
        if (v.agree != cases[i].agree || v.finite != cases[i].finite)
            fail_msg("%s: agree %d, finite %d", cases[i].what, v.agree, v.finite);
    }
    assert_true(verdict_of(a_little_more, NULL, 1e-3).agree); /* what is allowed was said */
    unload();
}

static void what_one_engine_alone_finds_is_a_difference_in_f64(void **state)
{
    (void)state;
    check(TL_F64);
}

static void what_one_engine_alone_finds_is_a_difference_in_f32(void **state)
{
    (void)state;
    check(TL_F32);
}

/* All gradients, by so much of themselves. */
static double factor;

static void gradients_times(const tl_model *m, const tl_window *w)
{
    for (int32_t i = 0; i < m->nparams; i++)
        for (size_t j = 0; j < tl_size(&m->params[i]); j++)
            put(m, w->grads, grad(m, i) + j, tl_real_get(m->real, w->grads, grad(m, i) + j) * factor);
}

static bool agrees_within(double wrong)
{
    factor = 1 + wrong;
    return verdict_of(gradients_times, NULL, -1).agree;
}

/* y is what is left of 16 + w x when 16 is taken away: rounding moves it by some millionths. */
static void what_rounding_moves_is_allowed_to_differ_by_some_more(void **state)
{
    (void)state;
    char *error = NULL;
    model = load_text("return model { input = real(4), target = real(4), params = { w = { 4 } },\n"
                      "  step = function(p, x) return (16 + p.w * x) - 16, {} end,\n"
                      "  loss = function(y, target) return sum(exp(3 * y)) end, tbptt = { k1 = 2, k2 = 2 } }\n");
    right = engine_interpreter(model, TL_F32, &error);
    assert_non_null(right);
    assert_true(agrees_within(0));
    assert_true(agrees_within(3e-6));
    assert_false(agrees_within(1e-4));
    unload();
}

static void what_rounding_does_not_move_is_held_to_what_it_was(void **state)
{
    (void)state;
    load(TL_F32);
    assert_true(agrees_within(1e-6));
    assert_false(agrees_within(1e-5));
    unload();
    load(TL_F64);
    assert_true(agrees_within(1e-13));
    assert_false(agrees_within(1e-11));
    unload();
}

/* sin of numbers near 1.6e7: in single precision not a digit is right. In double precision a mistake of 1e-7 is
 * seen whatever the model. */
static void double_precision_allows_little_whatever_the_model(void **state)
{
    (void)state;
    char *error = NULL;
    model = load_text("return model { input = real(4), target = real(4), params = { w = { 4 } },\n"
                      "  step = function(p, x) return sin(1e6 * (16 + p.w * x)), {} end,\n"
                      "  loss = function(y, target) return sum(exp(y)) end, tbptt = { k1 = 2, k2 = 2 } }\n");
    right = engine_interpreter(model, TL_F64, &error);
    assert_non_null(right);
    assert_true(agrees_within(0));
    assert_true(agrees_within(1e-10));
    assert_false(agrees_within(1e-7));
    unload();
}

/* Of a row that rounding moves it is said by how much; of the others it is not asked. */
static void rows_say_how_far_rounding_moves_them(void **state)
{
    (void)state;
    load(TL_F32);
    factor = 1 + 1e-5;
    Broken a = broken(right, gradients_times);
    a.engine.run.self = &a;
    Arena *arena = arena_new();
    Comparison t;
    Tried tried = { .seed = 1 };
    assert_null(comparison_run(&t, arena, model, &a.engine, right, &tried, -1));
    for (int32_t i = 0; i < t.n; i++) {
        assert_true(t.row[i].rounding > 0 && t.row[i].rounding < 1e-6);
        assert_true(t.row[i].allowed >= 2e-6 && t.row[i].allowed < 1e-5);
    }
    comparison_free(&t);
    assert_null(comparison_run(&t, arena, model, right, right, &tried, -1));
    for (int32_t i = 0; i < t.n; i++)
        assert_true(t.row[i].rounding == 0 && t.row[i].allowed == 2e-6);
    comparison_free(&t);
    arena_free(arena);
    unload();
}

static void sums_that_are_not_long_are_held_to_what_they_were(void **state)
{
    (void)state;
    for (int64_t n = 1; n <= 1024; n++)
        assert_true(terms_tolerance(n, TL_F32, 2e-6) == 2e-6);
    for (int64_t n = 1; n <= 1 << 26; n *= 2)
        assert_true(terms_tolerance(n, TL_F64, 1e-12) == 1e-12);
    assert_near(terms_tolerance(1 << 18, TL_F32, 2e-6), 512 * 0x1p-24, 1e-20);
}

static Terms terms_of(Arena *arena, const char *path, const char *name, const char *value)
{
    char *error = NULL;
    const SpecDefine define = { .name = name, .value = value };
    const SpecOptions options = { .defines = &define, .ndefines = name != NULL, .version = "test" };
    Model *m = spec_load(path, &options, &error);
    Terms t = { 0 };
    if (!m || !count_terms(&t, arena, m, &error))
        fail_msg("%s", error);
    model_free(m);
    return t;
}

/* In order of name: U {32, 32}, V, W {32, 1}, b, c of models/elman.lua, 16 lanes, k2 = 32. */
static void terms_are_those_of_one_step(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    Terms t = terms_of(arena, "models/elman.lua", NULL, NULL);
    for (int i = 0; i < 5; i++)
        assert_int_equal(t.grad[i], 16);
    assert_int_equal(t.forward, 32); /* U h */
    t = terms_of(arena, "models/elman.lua", "hidden", "100");
    assert_int_equal(t.grad[0], 16);
    assert_int_equal(t.within[0], 100);
    t = terms_of(arena, "tests/faults/bigbatch.lua", NULL, NULL);
    assert_int_equal(t.grad[0], 65536);
    assert_int_equal(t.forward, 1);
    t = terms_of(arena, "models/scalar.lua", NULL, NULL);
    assert_int_equal(t.grad[0], 1);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_one_engine_alone_finds_is_a_difference_in_f64),
        cmocka_unit_test(what_one_engine_alone_finds_is_a_difference_in_f32),
        cmocka_unit_test(what_rounding_moves_is_allowed_to_differ_by_some_more),
        cmocka_unit_test(what_rounding_does_not_move_is_held_to_what_it_was),
        cmocka_unit_test(double_precision_allows_little_whatever_the_model),
        cmocka_unit_test(rows_say_how_far_rounding_moves_them),
        cmocka_unit_test(sums_that_are_not_long_are_held_to_what_they_were),
        cmocka_unit_test(terms_are_those_of_one_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
