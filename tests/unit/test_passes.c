/* What each pass promises, on the models and on the specs of tests/ops: unroll, differentiate,
 * remove_dead, legalise, fuse, and the costs that are counted. */
#include "unit.h"

#include <stdlib.h>

#include "model_passes.h"
#include "schedule/cost.h"
#include "schedule/memory.h"

static void for_every_window(Pass last, void (*check)(const Window *))
{
    for (int i = 0; i < nsmall_specs; i++) {
        Model *m = load_small(&small_specs[i]);
        for (int training = 0; training < 2; training++) {
            Window *w = window_after(m, training, last);
            check(w);
            window_free(w);
        }
        model_free(m);
    }
}

/* ---- every pass ---- */

static void checker_agrees(const Window *w) { check_window(w, "the test"); }

static void invariants_hold_after_every_pass(void **state)
{
    (void)state;
    for (Pass p = 0; p < NPASSES; p++)
        for_every_window(p, checker_agrees);
}

/* ---- unroll ---- */

static int32_t count_op(const Graph *g, tl_op op, int32_t section)
{
    int32_t n = 0;
    for (Ref r = 1; r < g->count; r++)
        n += node_at(g, r)->op == op && (section < 0 || node_at(g, r)->section == section);
    return n;
}

static int32_t count_roots(const Window *w, RootKind kind)
{
    int32_t n = 0;
    for (int32_t i = 0; i < w->nroots; i++)
        n += w->roots[i].kind == kind;
    return n;
}

static void unroll_copies_the_step(void **state)
{
    (void)state;
    Model *m = load_small(&(SmallSpec){ "models/elman.lua", { { "hidden", "5" } } });
    m->tbptt.k2 = 4;
    Window *w = window_after(m, true, PASS_UNROLL);
    const Graph *g = w->graph;
    for (int32_t slot = 0; slot < 4; slot++) {
        assert_int_equal(count_op(g, OP_TANH, slot + 1), 1);
        assert_int_equal(count_op(g, OP_INPUT, slot + 1), 1);
        assert_int_equal(count_op(g, OP_STATE, slot + 1), 1);
    }
    assert_int_equal(count_op(g, OP_PARAM, 0), 5);
    assert_int_equal(count_op(g, OP_PARAM, -1), 5);
    assert_int_equal(count_roots(w, ROOT_STATE), 4);
    assert_int_equal(count_roots(w, ROOT_LOSS), 4);
    window_free(w);
    model_free(m);
}

/* Functions of the parameters alone are computed once, not once a step. */
static void work_of_no_step_is_done_once(void **state)
{
    (void)state;
    Model *m = load_path("tests/ops/unary.lua");
    Window *w = window_after(m, true, PASS_UNROLL);
    int32_t in_step = 0, alone = 0;
    for (Ref r = 1; r < m->step->count; r++)
        in_step += node_at(m->step, r)->op == OP_EXP && !node_at(m->step, r)->batched;
    alone = count_op(w->graph, OP_EXP, 0);
    assert_true(in_step > 0);
    assert_int_equal(alone, in_step);
    window_free(w);
    model_free(m);
}

static void state_is_a_leaf_of_its_slot(const Window *w)
{
    const Graph *g = w->graph;
    for (Ref r = 1; r < g->count; r++) {
        const Node *n = node_at(g, r);
        if (n->op != OP_STATE)
            continue;
        assert_true(n->section >= 1 && n->section <= g->k);
        assert_int_equal(n->nargs, w->training && n->section > 1);
        if (n->nargs)
            assert_true(node_at(g, arg_at(g, r, 0))->section == n->section - 1);
    }
}

static void states_tie_neighbouring_slots(void **state)
{
    (void)state;
    for_every_window(PASS_UNROLL, state_is_a_leaf_of_its_slot);
}

static void evaluation_draws_no_dropout(void **state)
{
    (void)state;
    Model *m = load_path("tests/ops/training.lua");
    Window *train = window_after(m, true, PASS_UNROLL), *step = window_after(m, false, PASS_UNROLL);
    assert_true(count_op(train->graph, OP_DROPMASK, -1) > 0);
    assert_int_equal(count_op(step->graph, OP_DROPMASK, -1), 0);
    assert_int_equal(count_op(step->graph, OP_PROBE, -1), 0);
    window_free(train);
    window_free(step);
    model_free(m);
}

/* ---- differentiate ---- */

static void origin_is_in_the_step(const Window *w)
{
    for (Ref r = 1; r < w->graph->count; r++)
        assert_true(node_at(w->graph, r)->origin < w->model->step->count);
}

static void every_node_comes_from_the_step(void **state)
{
    (void)state;
    for_every_window(PASS_LEGALISE, origin_is_in_the_step);
}

static void each_parameter_has_a_gradient(const Window *w)
{
    int32_t grads = count_roots(w, ROOT_GRAD), probes = count_roots(w, ROOT_PROBE_GRAD);
    assert_int_equal(grads, w->training ? w->model->nparams : 0);
    assert_int_equal(probes, w->training ? w->model->nprobes * w->graph->k : 0);
    for (int32_t i = 0; i < w->nroots; i++)
        if (w->roots[i].kind == ROOT_GRAD)
            assert_int_equal(w->roots[i].section, section_epilogue(w->graph));
}

static void there_is_a_gradient_for_each_parameter(void **state)
{
    (void)state;
    for_every_window(PASS_DIFFERENTIATE, each_parameter_has_a_gradient);
}

/* A sum in place is begun by the slot that always runs, whatever the first slot that adds to it:
 * a window that ends its backward sweep early has stored it all the same. */
static void sums_begin_where_every_window_goes(const Window *w)
{
    const Graph *g = w->graph;
    for (Ref r = 1; r < g->count; r++) {
        const Node *n = node_at(g, r);
        if (n->op == OP_ACC && n->nargs == 1)
            assert_true(n->section == section_backward(g, g->k) ||
                        n->section == section_epilogue(g));
        if (n->op == OP_ACC && n->nargs == 2) {
            assert_int_equal(node_at(g, arg_at(g, r, 0))->op, OP_ACC);
            assert_int_equal(node_at(g, arg_at(g, r, 0))->attr[0], n->attr[0]);
        }
    }
}

static void running_sums_are_begun_in_the_newest_slot(void **state)
{
    (void)state;
    for_every_window(PASS_DIFFERENTIATE, sums_begin_where_every_window_goes);
    for_every_window(PASS_LEGALISE, sums_begin_where_every_window_goes);
}

/* ---- remove_dead ---- */

static void nothing_is_idle(const Window *w)
{
    const Graph *g = w->graph;
    bool *live = calloc(g->count, sizeof *live);
    assert_non_null(live);
    for (int32_t i = 0; i < w->nroots; i++)
        live[w->roots[i].node] = true;
    for (Ref r = g->count - 1; r; r--) {
        if (!live[r])
            fail_msg("%%%u is not needed", r);
        for (uint32_t i = 0; i < node_at(g, r)->nargs; i++)
            live[arg_at(g, r, i)] = true;
    }
    free(live);
}

static void what_no_result_needs_is_gone(void **state)
{
    (void)state;
    for_every_window(PASS_REMOVE_DEAD, nothing_is_idle);
}

static void removing_twice_removes_no_more(void **state)
{
    (void)state;
    for (int i = 0; i < nsmall_specs; i++) {
        Model *m = load_small(&small_specs[i]);
        Window *w = window_after(m, true, PASS_REMOVE_DEAD);
        char *once = graph_text(w->graph);
        remove_dead(w);
        char *twice = graph_text(w->graph);
        assert_string_equal(once, twice);
        free(once);
        free(twice);
        window_free(w);
        model_free(m);
    }
}

/* ---- legalise ---- */

static void everything_fits(const Window *w)
{
    Layouts *s = layouts_new(w);
    assert_int_equal(s->nmisfits, 0);
    for (int32_t i = 0; i < w->nroots; i++) { /* and results are where the caller looks for them */
        Layout want = root_layout(w, &w->roots[i]), have = s->at[w->roots[i].node];
        assert_int_equal(have.block, want.block);
        assert_true(have.index == want.index && have.offset == want.offset &&
                    have.lane == want.lane);
    }
    layouts_free(s);
}

static void legalise_leaves_no_misfit(void **state)
{
    (void)state;
    for_every_window(PASS_LEGALISE, everything_fits);
}

/* ---- fuse ---- */

static void order_is_right(const Window *w, const Units *s)
{
    const Graph *g = w->graph;
    int32_t section = 0;
    uint32_t members = 0;
    for (uint32_t u = 0; u < s->count; u++) {
        assert_true(s->unit[u].section >= section && s->unit[u].count > 0);
        section = s->unit[u].section;
        members += s->unit[u].count;
        const Node *lead = node_at(g, s->members[s->unit[u].first]);
        for (uint32_t i = 0; i < s->unit[u].count; i++) {
            Ref r = s->members[s->unit[u].first + i];
            const Node *n = node_at(g, r);
            assert_int_equal(s->of[r], u);
            assert_int_equal(n->section, section);
            assert_true(s->unit[u].count == 1 || is_pointwise(n));
            assert_true(shape_equal(&n->shape, &lead->shape) && n->batched == lead->batched);
            for (uint32_t a = 0; a < n->nargs; a++) {
                Ref x = arg_at(g, r, a);
                uint32_t by = s->of[x];
                assert_true(by == NO_UNIT || by < u || (by == u && is_computed(node_at(g, x))));
            }
        }
    }
    uint32_t computed = 0;
    for (Ref r = 1; r < g->count; r++)
        computed += is_computed(node_at(g, r));
    assert_int_equal(members, computed);
}

/* Members of a loop see each other at the same element only, and in order. */
static void members_are_in_order(const Units *s)
{
    for (uint32_t u = 0; u < s->count; u++)
        for (uint32_t i = 1; i < s->unit[u].count; i++)
            assert_true(s->members[s->unit[u].first + i - 1] < s->members[s->unit[u].first + i]);
}

/* What is read outside of its loop, or through a view, is in memory. */
static void what_is_read_is_stored(const Window *w, const Units *s)
{
    const Graph *g = w->graph;
    for (Ref r = 1; r < g->count; r++)
        for (uint32_t i = 0; i < node_at(g, r)->nargs; i++) {
            Ref a = arg_at(g, r, i);
            if (is_computed(node_at(g, a)) && s->of[a] != s->of[r])
                assert_true(s->stored[a]);
        }
    for (int32_t i = 0; i < w->nroots; i++)
        assert_true(s->stored[w->roots[i].node]);
}

static void units_are_right(const Window *w)
{
    Units *fused = fuse(w), *single = no_fuse(w);
    order_is_right(w, fused);
    order_is_right(w, single);
    members_are_in_order(fused);
    what_is_read_is_stored(w, fused);
    assert_true(fused->count <= single->count);
    for (uint32_t u = 0; u < single->count; u++)
        assert_int_equal(single->unit[u].count, 1);
    units_free(fused);
    units_free(single);
}

static void operands_are_computed_before_their_users(void **state)
{
    (void)state;
    for_every_window(PASS_LEGALISE, units_are_right);
}

/* Units of one slot's forward code, by what they contain. */
static int32_t loops_with(const Units *s, const Graph *g, int32_t section, tl_op op)
{
    int32_t n = 0;
    for (uint32_t u = 0; u < s->count; u++) {
        bool has = false;
        for (uint32_t i = 0; i < s->unit[u].count; i++)
            has |= node_at(g, s->members[s->unit[u].first + i])->op == op;
        n += has && s->unit[u].section == section;
    }
    return n;
}

static void gates_of_an_lstm_are_one_loop(void **state)
{
    (void)state;
    Model *m = load_path("models/lstm.lua");
    Window *w = window_after(m, true, PASS_LEGALISE);
    Units *s = fuse(w);
    for (int32_t section = 1; section <= w->graph->k; section++) {
        assert_int_equal(loops_with(s, w->graph, section, OP_SIGMOID), 1);
        assert_int_equal(loops_with(s, w->graph, section, OP_TANH), 1);
    }
    units_free(s);
    window_free(w);
    model_free(m);
}

/* ---- memory and cost ---- */

static void offsets_are_aligned_and_apart(const tl_tensor *t, int32_t n, size_t copies,
                                          size_t total)
{
    size_t at = 0;
    for (int32_t i = 0; i < n; i++) {
        assert_int_equal(t[i].offset % (TL_ALIGN / sizeof(float)), 0);
        assert_true(t[i].offset >= at);
        at = t[i].offset + copies * tl_size(&t[i]);
    }
    assert_true(at <= total);
}

static void blocks_are_aligned(void **state)
{
    (void)state;
    for (int i = 0; i < nsmall_specs; i++) {
        Model *m = load_small(&small_specs[i]);
        Memory memory;
        char *error = NULL;
        assert_true(assign_memory(m, TL_F64, &memory, &error));
        size_t k = (size_t)m->tbptt.k2, b = (size_t)m->tbptt.batch, one = 0;
        offsets_are_aligned_and_apart(m->params, m->nparams, 1, memory.param_size);
        offsets_are_aligned_and_apart(m->states, m->nstates, (k + 1) * b, memory.state_size);
        offsets_are_aligned_and_apart(m->probes, m->nprobes, k * b, memory.probe_size);
        for (int32_t s = 0; s < m->nstates; s++) {
            assert_int_equal(step_state_offset(m, s), one);
            one += tl_size(&m->states[s]);
        }
        assert_int_equal(memory.step_state_size, one);
        assert_int_equal(m->params[0].type, TL_F64);
        model_free(m);
    }
}

static void blocks_that_overflow_are_refused(void **state)
{
    (void)state;
    Model *m = load_path("models/elman.lua");
    Memory memory;
    char *error = NULL;
    m->tbptt.k2 = INT32_MAX;
    m->tbptt.batch = INT32_MAX;
    assert_false(assign_memory(m, TL_F32, &memory, &error));
    assert_string_equal(error, "models/elman.lua: the model does not fit into memory: "
                               "k2 = 2147483647 steps of "
                               "2147483647 lanes; lower k2, batch or the sizes");
    free(error);
    model_free(m);
}

/* k2 steps of batch lanes of an Elman net with inputs i, hidden h, outputs o. Forward 2 (h i + h h
 * + o h); backward the same for the matrices' gradients, and o h + h h for what goes on; the input
 * has no gradient and what enters the oldest step is a constant. */
static void products_are_counted(void **state)
{
    (void)state;
    Model *m = load_small(&(SmallSpec){ "models/elman.lua",
                                        { { "input", "3" }, { "hidden", "5" },
                                          { "output", "2" } } });
    Window *w = window_after(m, true, PASS_LEGALISE);
    uint64_t k = (uint64_t)m->tbptt.k2, b = (uint64_t)m->tbptt.batch;
    uint64_t matrices = 5 * 3 + 5 * 5 + 2 * 5, carried = 2 * 5 * k + 5 * 5 * (k - 1);
    assert_true(window_flops(w) == 2 * b * (2 * k * matrices + carried));
    window_free(w);
    model_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(invariants_hold_after_every_pass),
        cmocka_unit_test(unroll_copies_the_step),
        cmocka_unit_test(work_of_no_step_is_done_once),
        cmocka_unit_test(states_tie_neighbouring_slots),
        cmocka_unit_test(evaluation_draws_no_dropout),
        cmocka_unit_test(every_node_comes_from_the_step),
        cmocka_unit_test(there_is_a_gradient_for_each_parameter),
        cmocka_unit_test(running_sums_are_begun_in_the_newest_slot),
        cmocka_unit_test(what_no_result_needs_is_gone),
        cmocka_unit_test(removing_twice_removes_no_more),
        cmocka_unit_test(legalise_leaves_no_misfit),
        cmocka_unit_test(operands_are_computed_before_their_users),
        cmocka_unit_test(gates_of_an_lstm_are_one_loop),
        cmocka_unit_test(blocks_are_aligned),
        cmocka_unit_test(blocks_that_overflow_are_refused),
        cmocka_unit_test(products_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
