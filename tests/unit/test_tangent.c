/* Forward mode: the gradient that every operation's tangents make of a window is that of its adjoints. */
#include "unit.h"

#include <math.h>

#include "cli/engine.h"
#include "cli/trial.h"
#include "model_passes.h"
#include "passes/learn.h"

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
    "  target = real(2), params = { image = { 2, 4, 4 }, line = { 2, 7 } },\n"
    "  step = function(p)\n"
    "    local image, line = p.image - stop_gradient(p.image), p.line - stop_gradient(p.line)\n"
    "    local weights = reshape(const { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18 }, { 2, 3, 3 })\n"
    "    local a = sum(weights * max_pool(image, { 2, 2 }, { pad = 1 }))\n"
    "    local b = sum(const { { 1, 2, 3 }, { 4, 5, 6 } } * max_pool(line, 3, { stride = 2 }))\n"
    "    return stack { a, b }\n"
    "  end,\n"
    "  loss = mse, tbptt = { k1 = 3, k2 = 3 },\n"
    "}\n";

static Model *load(const SmallSpec *s, tl_learn learn)
{
    Model *m = s->path == ties ? load_text(ties) : load_small(s);
    m->tbptt.learn = learn;
    m->tbptt.k1 = m->tbptt.k2 = 3;
    m->tbptt.overlap = TL_RECOMPUTE;
    m->tbptt.batch = 2;
    m->tbptt.shards = 1;
    m->tbptt.counted = TL_COUNT_ALL;
    m->resets = m->masks = true;
    m->nprobes = 0; /* they have adjoints alone */
    char *error = prepare_learning(m, TL_SGD);
    if (error)
        fail_msg("%s: %s", s->path, error);
    return m;
}

/* One window whose entering state is a number. */
static void run(const SmallSpec *s, tl_learn learn, Model **m, Engine **engine, Trial *t)
{
    tl_error e;
    char *error = NULL;
    *m = load(s, learn);
    *engine = engine_interpreter(*m, TL_F64, &error);
    if (!*engine)
        fail_msg("%s: %s", s->path, error);
    if (trial_new(t, &(*engine)->run, &e) || trial_fill(t, 3, 3, 3, &e))
        fail_msg("%s: %s", s->path, e.text);
    const tl_model *model = (*engine)->model;
    for (int32_t i = tl_own_states(model); i < model->nstates; i++)
        memset((double *)t->b.states + model->states[i].offset, 0, 2 * tl_size(&model->states[i]) * sizeof(double));
    trial_run(t);
}

static int compare(const SmallSpec *s)
{
    Model *m[2];
    Engine *engine[2];
    Trial t[2];
    int moved = 0;
    run(s, TL_LEARN_TBPTT, &m[0], &engine[0], &t[0]);
    run(s, TL_LEARN_RTRL, &m[1], &engine[1], &t[1]);
    if (t[0].loss != t[1].loss)
        fail_msg("%s: losses of %.17g and %.17g", s->path, t[0].loss, t[1].loss);
    for (int32_t i = 0; i < m[0]->nparams; i++) {
        Compared c = { 0 };
        trial_compare_grads(&t[1], &t[0], i, &c);
        moved += c.norm > 0;
        if (!(c.difference <= 1e-24 * c.norm))
            fail_msg("%s: %s differs by %g of %g", s->path, m[0]->params[i].name, sqrt(c.difference), sqrt(c.norm));
    }
    for (int i = 0; i < 2; i++) {
        trial_free(&t[i]);
        engine_free(engine[i]);
        model_free(m[i]);
    }
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
