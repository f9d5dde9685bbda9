/* Which parameters gradient reaches: by the state alone, by a head, through what passes none on; and that
 * the compiler comes to the same (it aborts if it does not). */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/engine.h"
#include "front/spec.h"
#include "model_passes.h"
#include "passes/reach.h"
#include "scratch.h"

static int enter(void **state)
{
    (void)state;
    files_enter();
    return 0;
}

static int leave(void **state)
{
    (void)state;
    files_leave();
    return 0;
}

static Model *load(const char *text)
{
    char *error = NULL;
    file_write("spec.lua", text);
    Model *m = spec_load("spec.lua", &(SpecOptions){ .version = "1" }, &error);
    if (!m)
        fail_msg("%s", error);
    return m;
}

/* "a! b c?" for a frozen, b trained, c not reached, in the order of the table. */
static void marks_are(const Model *m, const char *expected)
{
    char text[256] = "";
    for (int32_t i = 0; i < m->nparams; i++) {
        const tl_rule *r = m->params[i].rule;
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s%s", i ? " " : "", m->params[i].name,
                 !r || r->trained == TL_TRAINED ? "" : r->trained == TL_FROZEN ? "!" : "?");
    }
    assert_string_equal(text, expected);
}

/* By both engines, with the model's k2 as it is. */
static void trained_are(Model *m, const char *expected)
{
    char *error = NULL;
    Engine *interpreter = engine_interpreter(m, TL_F64, &error);
    assert_non_null(interpreter);
    marks_are(m, expected);
    engine_free(interpreter);
    Program *p = compiled(m, NULL);
    marks_are(m, expected);
    program_free(p);
}

#define MODEL(params, state, step, more)                                                          \
    "return model { input = real(2), target = real(2), params = " params ", state = " state ",\n" \
    "  step = function(p, x, s) " step " end, loss = mse, tbptt = { k1 = 1, k2 = 3 }" more " }\n"

static void some_pass_nothing_on(void **state)
{
    (void)state;
    Model *m = load(MODEL("{ a = {2}, b = {2}, c = {2}, d = {2}, e = {2}, f = {2}, g = {2}, h = param({2}, 1) }", "{}",
                          "return stop_gradient(p.a) * x + gt(p.b, x) + where(p.c, p.d, 1) + p.e ^ 0 + p.f ^ 3 "
                          "+ eq(p.h, 1), {}", ""));
    trained_are(m, "a? b? c? d e? f g? h?");
    model_free(m);
}

/* u is in h', which the loss sees a step later; w in c', two steps later; v in a state nothing reads. */
static void the_state_carries_gradient_as_far_as_the_window(void **state)
{
    (void)state;
    Model *m = load(MODEL("{ u = {2}, v = {2}, w = {2}, y = {2} }", "{ c = {2}, d = {2}, h = {2} }",
                          "return p.y * x + s.h, { h = p.u * s.c, c = p.w * x, d = p.v * s.d }", ""));
    trained_are(m, "u v? w y");
    m->tbptt.k2 = 2;
    trained_are(m, "u v? w? y");
    m->tbptt.k2 = 1;
    trained_are(m, "u? v? w? y");
    m->tbptt.k2 = 40;
    trained_are(m, "u v? w y");
    m->masks = m->resets = true;
    trained_are(m, "u v? w y");
    model_free(m);
}

static void learned_starts_are_reached_where_the_state_is(void **state)
{
    (void)state;
    Model *m = load(MODEL("{ w = {2} }", "{ a = learned({2}), b = learned({2}), c = learned({2}, 0, { trainable = false }) }",
                          "return p.w * x + s.a + s.c, { a = s.a, b = s.b, c = s.c }", ""));
    trained_are(m, "init.a init.b? init.c! w");
    m->tbptt.k2 = 1;
    trained_are(m, "init.a init.b? init.c! w");
    model_free(m);
}

/* The head cuts out of what the step joined: gradient reaches p.a alone, and of the older steps p.h in the
 * state; the output of the step is not looked at whole. */
static void a_head_reaches_what_it_looks_at(void **state)
{
    (void)state;
    Model *m = load(MODEL("{ a = {2}, b = {2}, h = {2}, o = {2}, top = {2} }", "{ h = {2} }",
                          "return concat { p.a * x, p.b * x }, { h = p.h * tanh(s.h + x) }",
                          ", window = function(p, ys, ss) return p.top * slice(ys[1], 1, 2) + ss[3].h + "
                          "stop_gradient(p.o) end"));
    trained_are(m, "a b? h o? top");
    model_free(m);
    m = load(MODEL("{ h = {2}, late = {2}, top = {2} }", "{ c = {2}, h = {2} }",
                   "return x, { h = p.h + s.c, c = p.late * x }",
                   ", window = function(p, ys, ss) return p.top * ss[1].h end"));
    trained_are(m, "h late? top"); /* of the oldest step nothing is known before it */
    model_free(m);
}

static void frozen_stays_frozen(void **state)
{
    (void)state;
    Model *m = load(MODEL("{ a = param({2}, 1, { trainable = false }), b = param({ c = param({2}, 1, { trainable = true }), "
                          "d = {2} }, { trainable = false }), e = {2} }", "{}",
                          "return p.a * x + p.b.c + p.e, {}", ""));
    marks_are(m, "a! b.c! b.d! e");
    trained_are(m, "a! b.c! b.d! e");
    model_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(some_pass_nothing_on, enter, leave),
        cmocka_unit_test_setup_teardown(the_state_carries_gradient_as_far_as_the_window, enter, leave),
        cmocka_unit_test_setup_teardown(learned_starts_are_reached_where_the_state_is, enter, leave),
        cmocka_unit_test_setup_teardown(a_head_reaches_what_it_looks_at, enter, leave),
        cmocka_unit_test_setup_teardown(frozen_stays_frozen, enter, leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
