/* What each pass promises, on the models and on the specs of tests/ops: unroll, differentiate,
 * remove_dead, legalise, fuse, and the costs that are counted. test_segments.c and test_sums.c have those in between. */
#include "unit.h"

#include <stdlib.h>

#include "model_passes.h"
#include "schedule/cost.h"
#include "schedule/memory.h"

static void for_every_window(const char *last, void (*check)(const Window *))
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
    for (const char *const *word = graph_pass_words; *word; word++)
        for_every_window(*word, checker_agrees);
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
    Window *w = window_after(m, true, "unroll");
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
    Window *w = window_after(m, true, "unroll");
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
    for_every_window("unroll", state_is_a_leaf_of_its_slot);
}

static void evaluation_draws_no_dropout(void **state)
{
    (void)state;
    Model *m = load_path("tests/ops/training.lua");
    Window *train = window_after(m, true, "unroll"), *step = window_after(m, false, "unroll");
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
    for_every_window("legalise", origin_is_in_the_step);
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
    for_every_window("differentiate", each_parameter_has_a_gradient);
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
    for_every_window("differentiate", sums_begin_where_every_window_goes);
    for_every_window("legalise", sums_begin_where_every_window_goes);
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
    for_every_window("remove_dead", nothing_is_idle);
}

static void removing_twice_removes_no_more(void **state)
{
    (void)state;
    for (int i = 0; i < nsmall_specs; i++) {
        Model *m = load_small(&small_specs[i]);
        Window *w = window_after(m, true, "remove_dead");
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
    Layouts *s = layouts_new(w, NULL);
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
    for_every_window("legalise", everything_fits);
}

/* ---- fuse ---- */

/* Segment after segment; slot by slot up or down where that is the segment's kind. */
static void follows(const Compiled *c, uint32_t u)
{
    const Unit *unit = &c->units->unit[u], *before = unit - 1;
    if (!u)
        return;
    assert_true(unit->segment >= before->segment);
    SegmentKind kind = c->segments->segment[unit->segment].kind;
    if (unit->segment != before->segment || (kind != SEGMENT_UP && kind != SEGMENT_DOWN))
        return;
    assert_true(kind == SEGMENT_UP ? unit->high >= before->high : unit->high <= before->high);
}

static void members_are_alike(const Compiled *c, uint32_t u)
{
    const Graph *g = c->window->graph;
    const Unit *unit = &c->units->unit[u];
    const Node *lead = node_at(g, c->units->members[unit->first]);
    assert_true(unit->count == 1 || unit->pointwise);
    for (uint32_t i = 0; i < unit->count; i++) {
        Ref r = c->units->members[unit->first + i];
        const Node *n = node_at(g, r);
        assert_true(!unit->pointwise || is_pointwise(n));
        assert_true(c->units->of[r] == u && c->runs->newest[r] == r && c->segments->of[r] == unit->segment);
        assert_true(shape_equal(&n->shape, &lead->shape) && n->batched == lead->batched);
        assert_int_equal(unit->high, c->window->training ? slot_of_node(g, n) : -1);
        assert_int_equal(unit->low, c->runs->low[r]);
    }
}

/* Where slots run one after the other, a unit computes one of them. */
static void slots_are_their_segments(const Compiled *c, uint32_t u)
{
    const Unit *unit = &c->units->unit[u];
    SegmentKind kind = c->segments->segment[unit->segment].kind;
    assert_true(unit->low <= unit->high);
    if (kind == SEGMENT_ONCE)
        assert_int_equal(unit->high, -1);
    else
        assert_true(unit->low >= 0 && (kind == SEGMENT_TOGETHER || unit->low == unit->high));
}

/* [graph->count] where a node stands among the members of its unit. */
static uint32_t *positions(const Compiled *c)
{
    const Graph *g = c->window->graph;
    uint32_t *position = calloc(g->count, sizeof *position);
    assert_non_null(position);
    for (uint32_t u = 0; u < c->units->count; u++)
        for (uint32_t i = 0; i < c->units->unit[u].count; i++)
            position[c->units->members[c->units->unit[u].first + i]] = i;
    for (Ref r = 1; r < g->count; r++)
        position[r] = position[c->runs->newest[r]];
    return position;
}

/* Of every slot: an operand is computed by an earlier unit, or in the same loop before, in the same slot. */
static void operands_come_first(const Compiled *c, Ref r, const uint32_t *position)
{
    const Graph *g = c->window->graph;
    uint32_t u = c->units->of[r];
    for (uint32_t a = 0; a < node_at(g, r)->nargs; a++) {
        Ref x = arg_at(g, r, a);
        uint32_t by = c->units->of[x];
        bool together = by == u && is_computed(node_at(g, x)) && position[x] < position[r] &&
                        slot_of_node(g, node_at(g, x)) == slot_of_node(g, node_at(g, r));
        assert_true(by == NO_UNIT || by < u || together);
        if (is_computed(node_at(g, x)) && by != u)
            assert_true(c->units->stored[x]); /* what is read outside of its loop is in memory */
    }
}

/* Each node of each slot by one unit. */
static void everything_is_computed_once(const Compiled *c)
{
    const Graph *g = c->window->graph;
    const Units *s = c->units;
    uint32_t computed = 0, by_units = 0;
    for (Ref r = 1; r < g->count; r++)
        computed += is_computed(node_at(g, r));
    for (uint32_t u = 0; u < s->count; u++)
        by_units += s->unit[u].count * (uint32_t)(s->unit[u].high - s->unit[u].low + 1);
    assert_int_equal(by_units, computed);
}

static void units_are_right(const Compiled *c, const char *what)
{
    (void)what;
    const Graph *g = c->window->graph;
    uint32_t *position = positions(c);
    for (uint32_t u = 0; u < c->units->count; u++) {
        follows(c, u);
        members_are_alike(c, u);
        if (c->window->training)
            slots_are_their_segments(c, u);
    }
    everything_is_computed_once(c);
    for (Ref r = 1; r < g->count; r++)
        if (is_computed(node_at(g, r)))
            operands_come_first(c, r, position);
    for (int32_t i = 0; i < c->window->nroots; i++)
        assert_true(c->units->stored[c->window->roots[i].node]);
    free(position);
}

static void operands_are_computed_before_their_users(void **state)
{
    (void)state;
    for (int i = 0; i < nsmall_specs; i++)
        for_every_compiled(&small_specs[i], units_are_right);
}

static void fewer_units_than_without_fusion(void **state)
{
    (void)state;
    for (int i = 1; i < nsmall_specs; i++) { /* scalar.lua has one operation a step */
        Model *m = load_small(&small_specs[i]);
        Program *fused = compiled(m, NULL), *single = compiled(m, "no-fuse");
        assert_true(fused->train.units->count < single->train.units->count);
        for (uint32_t u = 0; u < single->train.units->count; u++)
            assert_int_equal(single->train.units->unit[u].count, 1);
        program_free(fused);
        program_free(single);
        model_free(m);
    }
}

/* Units of one slot's forward code, by what they contain. */
static int32_t loops_with(const Compiled *c, int32_t slot, tl_op op)
{
    const Units *s = c->units;
    int32_t n = 0;
    for (uint32_t u = 0; u < s->count; u++) {
        bool has = false;
        for (uint32_t i = 0; i < s->unit[u].count; i++)
            has |= node_at(c->window->graph, s->members[s->unit[u].first + i])->op == op;
        n += has && s->unit[u].low <= slot && slot <= s->unit[u].high &&
             c->segments->segment[s->unit[u].segment].phase == PHASE_FORWARD;
    }
    return n;
}

static void gates_of_an_lstm_are_one_loop(void **state)
{
    (void)state;
    Model *m = load_path("models/lstm.lua");
    Program *p = compiled(m, NULL);
    for (int32_t slot = 0; slot < m->tbptt.k2; slot++) {
        assert_int_equal(loops_with(&p->train, slot, OP_SIGMOID), 1);
        assert_int_equal(loops_with(&p->train, slot, OP_TANH), 1);
    }
    program_free(p);
    model_free(m);
}

/* ---- memory and cost ---- */

static int by_offset(const void *a, const void *b)
{
    const tl_tensor *x = a, *y = b;
    return (x->offset > y->offset) - (x->offset < y->offset);
}

/* One that is not aligned begins where another ends. */
static void offsets_are_aligned_and_apart(const tl_tensor *rows, int32_t n, size_t copies, size_t total)
{
    tl_tensor *t = calloc((size_t)n + 1, sizeof *t);
    size_t at = 0;
    if (n)
        memcpy(t, rows, (size_t)n * sizeof *t);
    qsort(t, (size_t)n, sizeof *t, by_offset);
    for (int32_t i = 0; i < n; i++) {
        assert_true(t[i].offset % (TL_ALIGN / sizeof(float)) == 0 || (copies == 1 && t[i].offset == at));
        assert_true(t[i].offset >= at);
        at = t[i].offset + copies * tl_size(&t[i]);
    }
    assert_true(at <= total);
    free(t);
}

static void blocks_are_aligned(void **state)
{
    (void)state;
    for (int i = 0; i < nsmall_specs; i++) {
        Model *m = load_small(&small_specs[i]);
        Memory memory;
        char *error = NULL;
        assert_true(assign_memory(m, TL_F64, NULL, false, &memory, &error));
        size_t k = (size_t)m->tbptt.k2, b = (size_t)tl_lanes(&m->tbptt), one = 0;
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
    assert_false(assign_memory(m, TL_F32, NULL, false, &memory, &error));
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
    m->tbptt.k1 = m->tbptt.k2; /* all steps count */
    Program *p = compiled(m, NULL);
    uint64_t k = (uint64_t)m->tbptt.k2, b = (uint64_t)m->tbptt.batch;
    uint64_t matrices = 5 * 3 + 5 * 5 + 2 * 5, carried = 2 * 5 * k + 5 * 5 * (k - 1);
    assert_true(window_flops(p->train.selected, p->train.units) == 2 * b * (2 * k * matrices + carried));
    program_free(p);
    model_free(m);
}

static int32_t losses_of(const Window *w)
{
    int32_t n = 0;
    for (int32_t i = 0; i < w->nroots; i++)
        n += w->roots[i].kind == ROOT_LOSS;
    return n;
}

/* Of 4 steps those that may count have a loss and an output matrix's product; all carry the state on. */
static void what_cannot_count_is_not_computed(void **state)
{
    static const struct {
        tl_counted counted;
        int32_t k1, new_steps, losses;
    } cases[] = { { TL_COUNT_NEW, 1, 0, 1 }, { TL_COUNT_NEW, 3, 0, 3 }, { TL_COUNT_NEW, 9, 0, 4 }, { TL_COUNT_NEW, 1, 2, 2 },
                  { TL_COUNT_LAST, 3, 0, 1 }, { TL_COUNT_ALL, 1, 0, 4 } };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Model *m = load_small(&(SmallSpec){ "models/elman.lua", { { "hidden", "5" } } });
        m->tbptt.k2 = 4;
        m->tbptt.k1 = cases[i].k1;
        m->tbptt.counted = cases[i].counted;
        m->new_steps = cases[i].new_steps;
        Window *w = window_after(m, true, "differentiate");
        assert_int_equal(losses_of(w), cases[i].losses);
        window_free(w);
        w = window_after(m, true, "remove_dead");
        int32_t products = 0;
        for (Ref r = 1; r < w->graph->count; r++)
            products += node_at(w->graph, r)->op == OP_MATMUL && node_at(w->graph, r)->section <= section_of_slot(3);
        assert_int_equal(products, 2 * 4 + cases[i].losses);
        window_free(w);
        model_free(m);
    }
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
        cmocka_unit_test(fewer_units_than_without_fusion),
        cmocka_unit_test(what_cannot_count_is_not_computed),
        cmocka_unit_test(gates_of_an_lstm_are_one_loop),
        cmocka_unit_test(blocks_are_aligned),
        cmocka_unit_test(blocks_that_overflow_are_refused),
        cmocka_unit_test(products_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
