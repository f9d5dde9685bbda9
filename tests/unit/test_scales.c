/* Which fields of a spec are standardised does not depend on how its loss is written: all reals are, but what
 * bce compares and what the spec keeps raw. */
#include "unit.h"

#include <stdlib.h>

#include "front/spec.h"
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

static const char *letters(char *to, const tl_tensor *t, int32_t n)
{
    for (int32_t i = 0; i < n; i++)
        to[i] = "frlp"[t[i].scale];
    to[n] = 0;
    return to;
}

/* f free, r raw, l logit, p probability: a letter each input, target, output. */
static void scales_are(const char *fields, const char *step, const char *loss, const char *expected)
{
    char text[2048], have[64], in[16], target[16], out[16], *error = NULL;
    const SpecOptions none = { .version = "1" };
    snprintf(text, sizeof text, "return model { %s, params = { W = { 2, 2 } }, step = function(p, x) %s end,\n"
             "loss = %s, tbptt = { k1 = 1, k2 = 2 } }\n", fields, step, loss);
    file_write("spec.lua", text);
    Model *m = spec_load("spec.lua", &none, &error);
    if (!m)
        fail_msg("%s: %s", text, error);
    snprintf(have, sizeof have, "%s %s %s", letters(in, m->inputs, m->ninputs),
             letters(target, m->targets, m->ntargets), letters(out, m->outputs, m->noutputs));
    if (strcmp(have, expected))
        fail_msg("%s: %s, expected %s", text, have, expected);
    model_free(m);
}

static const char pair[] = "input = real(2), target = real(2)", linear[] = "return p.W(x)";
static const char named[] = "input = { x = real(2) }, target = { a = real(1), b = real(1) }",
                  split_two[] = "local a, b = split(p.W(x.x), 2) return { a = a, b = b }";

static void a_loss_and_a_function_of_it_scale_alike(void **state)
{
    (void)state;
    static const char *const scaled[] = { "mse", "mae", "huber" };
    char wrapped[128];
    for (int i = 0; i < 3; i++) {
        snprintf(wrapped, sizeof wrapped, "function(y, t) return 2 * %s(y, t) end", scaled[i]);
        scales_are(pair, linear, scaled[i], "f f f");
        scales_are(pair, linear, wrapped, "f f f");
    }
    scales_are(pair, linear, "bce", "f p l");
    scales_are(pair, linear, "function(y, t) return bce(y, t) end", "f p l");
    scales_are(pair, linear, "function(y, t) return mean(square(y - t)) end", "f f f");
}

static void what_bce_compares_is_raw(void **state)
{
    (void)state;
    scales_are(named, split_two, "bce", "f pp ll");
    scales_are(named, split_two, "function(y, t) return bce(y.a, t.a) + mse(y.b, t.b) end", "f pf lf");
    scales_are(named, split_two, "function(y, t) return bce(y.a, 0.9 * t.a + 0.05) end", "f rf lf"); /* smoothed */
    scales_are(pair, linear, "function(y, t) return bce(slice(y, 1, 1), slice(t, 1, 1)) + mse(slice(y, 2, 2), slice(t, 2, 2)) end",
               "f r f"); /* a part of it: then all is, and the output is no logit */
    scales_are("input = real(2), target = real { 1, 2 }", linear,
               "function(y, t) return bce(reshape(y, { 1, 2 }), t) end",
               "f p l");
    scales_are(pair, linear, "function(y, t) return bce(2 * y, t) end", "f p f");
}

static void an_input_that_is_compared_is_raw(void **state)
{
    (void)state;
    scales_are("input = real(2)", "return { y = p.W(x), seen = x }",
               "function(y) return bce(y.y, y.seen) end", "r  fl");
    scales_are("input = real(2)", "return { y = p.W(x), soft = sigmoid(x) }",
               "function(y) return bce(y.y, stop_gradient(y.soft)) end", "f  fl"); /* made of it: not the number itself */
}

static void a_spec_keeps_fields_raw(void **state)
{
    (void)state;
    scales_are("input = { a = real(2, { raw = true }), b = real(2) }, target = real(2, { raw = true })",
               "return p.W(x.a) + x.b", "mse", "rf r f");
    scales_are("input = real(2, { raw = false }), target = token(2)", linear, "cross_entropy", "f f f");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_loss_and_a_function_of_it_scale_alike, enter, leave),
        cmocka_unit_test_setup_teardown(what_bce_compares_is_raw, enter, leave),
        cmocka_unit_test_setup_teardown(an_input_that_is_compared_is_raw, enter, leave),
        cmocka_unit_test_setup_teardown(a_spec_keeps_fields_raw, enter, leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
