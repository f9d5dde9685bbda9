/* Forward mode: what every operation's tangents carry from step to step makes the gradient that adjoints make of one window. */
#include "unit.h"

#include <math.h>
#include <stdlib.h>

#include "learning.h"
#include "model_passes.h"

enum { STEPS = 3 }; /* what the first moves the state is carried over two more */

static const SmallSpec others[] = {
    { "models/tanks.lua", { { NULL } } },
    { "models/narx.lua", { { "hidden", "3" } } },
    { "models/lru.lua", { { NULL } } },
    { "models/mingru.lua", { { "width", "3" } } },
    { "models/state_space.lua", { { NULL } } },
    { "tests/ops/convolution.lua", { { "batch", "2" } } },
    { "tests/ops/swap.lua", { { "batch", "2" } } },
    { "tests/ops/delay.lua", { { "batch", "2" } } },
    { "tests/ops/gram.lua", { { "batch", "2" } } },
    { "tests/ops/equal.lua", { { "batch", "2" } } },
};
enum { OTHERS = sizeof others / sizeof *others };

/* Elements that are equal, 0 as padding is, each moved by a parameter of its own: the first of a window is its maximum. */
static const char ties[] =
    "return model {\n"
    "  target = real(2), params = { image = { 2, 4, 4 }, line = { 2, 7 } }, state = { h = { 2 } },\n"
    "  step = function(p, _, s)\n"
    "    local image, line = p.image - stop_gradient(p.image), p.line - stop_gradient(p.line)\n"
    "    local weights = reshape(const { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18 }, { 2, 3, 3 })\n"
    "    local a = sum(weights * max_pool(image, { 2, 2 }, { pad = 1 }))\n"
    "    local b = sum(const { { 1, 2, 3 }, { 4, 5, 6 } } * max_pool(line, 3, { stride = 2 }))\n"
    "    local h = 0.5 * s.h + stack { a, b }\n"
    "    return s.h, { h = h }\n"
    "  end,\n"
    "  loss = mse, tbptt = { k1 = 3, k2 = 3 },\n"
    "}\n";

static Setting setting(const SmallSpec *of, tl_learn learn, int32_t k)
{
    Setting s = { .spec = of->path, .learn = learn, .k1 = k, .k2 = k, .lanes = 2, .steps = STEPS };
    memcpy(s.define, of->define, sizeof s.define);
    return s;
}

/* How many parameters have a gradient. */
static int compare(const SmallSpec *of)
{
    Learning l;
    size_t n, at = 0;
    int moved = 0;
    const Setting one = setting(of, TL_LEARN_TBPTT, STEPS), each = setting(of, TL_LEARN_RTRL, 1);
    double *want = gradient_of(&one, &n);
    learning_begin(&l, &each);
    double *got = learning_gradient(&l, &n);
    for (int32_t i = 0; i < l.m->nparams; i++) {
        double difference = 0, norm = 0;
        for (size_t end = at + tl_size(&l.m->params[i]); at < end; at++) {
            difference += (got[at] - want[at]) * (got[at] - want[at]);
            norm += want[at] * want[at];
        }
        moved += norm > 0;
        if (!(difference <= 1e-24 * norm))
            fail_msg("%s: %s differs by %g of %g", of->path, l.m->params[i].name, sqrt(difference), sqrt(norm));
    }
    free(want);
    free(got);
    learning_end(&l);
    return moved;
}

static void tangents_make_the_gradient_of_adjoints(void **state)
{
    (void)state;
    for (int i = 0; i < nsmall_specs; i++)
        assert_true(compare(&small_specs[i]) > 0);
    for (int i = 0; i < OTHERS; i++)
        assert_true(compare(&others[i]) > 0);
    assert_int_equal(compare(&(SmallSpec){ .path = ties }), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(tangents_make_the_gradient_of_adjoints) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
