/* Sums are put in the order of time: what parameters alone make, what no recurrence needs, what this step makes. And
 * products begin with what is added to them. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "model_passes.h"

/* An Elman net of 5 whose new state is this sum, of W x, U h, b and c. */
static Model *load_sum(const char *sum)
{
    char text[1024];
    snprintf(text, sizeof text,
             "return model { input = real(3), target = real(5), state = { h = { 5 } },\n"
             "  params = { W = { 5, 3 }, U = { 5, 5 }, b = { 5 }, c = { 5 } },\n"
             "  step = function(p, x, s)\n"
             "    local h = tanh(%s)\n"
             "    return h, { h = h }\n"
             "  end, loss = mse, tbptt = { k1 = 4, k2 = 4, batch = 2 } }\n", sum);
    return load_text(text);
}

/* The sum that stands in slot `slot`, behind views. */
static Ref sum_in(const Window *w, int32_t slot)
{
    const Graph *g = w->graph;
    for (Ref r = 1; r < g->count; r++)
        if (node_at(g, r)->op == OP_TANH && node_at(g, r)->section == section_of_slot(slot))
            return behind_views(g, arg_at(g, r, 0));
    fail_msg("there is no tanh in slot %d", slot);
    return 0;
}

static int32_t count_adds(const Graph *g, int32_t section)
{
    int32_t n = 0;
    for (Ref r = 1; r < g->count; r++)
        n += node_at(g, r)->op == OP_ADD && node_at(g, r)->section == section;
    return n;
}

static bool reads(const Window *w, Ref product, const char *name)
{
    const Graph *g = w->graph;
    Ref a = behind_views(g, arg_at(g, product, 1));
    return node_at(g, a)->op == OP_PARAM && !strcmp(w->model->params[node_at(g, a)->attr[0]].name, name);
}

/* U h, that begins with W x, that begins with b + c, which is one value for all slots. */
static void begins_as_it_should(const Window *w)
{
    const Graph *g = w->graph;
    for (int32_t slot = 0; slot < g->k; slot++) {
        Ref u = sum_in(w, slot);
        assert_true(node_at(g, u)->op == OP_MATMUL && node_at(g, u)->nargs == 3 && reads(w, u, "U"));
        Ref x = behind_views(g, arg_at(g, u, 2));
        assert_true(node_at(g, x)->op == OP_MATMUL && node_at(g, x)->nargs == 3 && reads(w, x, "W"));
        Ref shared = behind_views(g, arg_at(g, x, 2));
        assert_true(node_at(g, shared)->op == OP_ADD && node_at(g, shared)->section == 0);
        assert_int_equal(count_adds(g, section_of_slot(slot)), 0);
    }
    assert_int_equal(count_adds(g, 0), 1);
}

/* However the spec says it. */
static void sums_are_in_the_order_of_time(void **state)
{
    (void)state;
    static const char *const sums[] = {
        "p.b + p.W(x) + p.U(s.h) + p.c", "p.U(s.h) + p.W(x) + p.b + p.c", "(p.U(s.h) + p.b) + (p.W(x) + p.c)",
        "p.W(x) + p.b + (p.U(s.h) + p.c)",
    };
    for (size_t i = 0; i < sizeof sums / sizeof *sums; i++) {
        Model *m = load_sum(sums[i]);
        Window *w = window_after(m, true, "sums");
        begins_as_it_should(w);
        window_free(w);
        model_free(m);
    }
}

/* The recurrent segment has one product, and neither the bias nor what is made of the input. */
static void recurrent_segments_add_nothing_that_is_known_before(void **state)
{
    (void)state;
    Model *m = load_sum("p.U(s.h) + p.W(x) + p.b + p.c");
    Program *p = compiled(m, NULL);
    const Compiled *c = &p->train;
    const Graph *g = c->window->graph;
    for (Ref r = 1; r < g->count; r++) {
        SegmentKind kind = c->segments->segment[c->segments->of[r]].kind;
        if (node_at(g, r)->op == OP_MATMUL && !is_backward(g, node_at(g, r)))
            assert_int_equal(kind, reads(c->window, r, "U") ? SEGMENT_UP : SEGMENT_TOGETHER);
        assert_true(kind != SEGMENT_UP || node_at(g, r)->op != OP_ADD);
    }
    program_free(p);
    model_free(m);
}

/* Left out: products begin with nothing, and sums are as they were written. */
static void without_sums_all_is_as_written(void **state)
{
    (void)state;
    Model *m = load_sum("p.U(s.h) + p.W(x) + p.b + p.c");
    Program *p = compiled(m, "no-sums");
    const Graph *g = p->train.window->graph;
    for (Ref r = 1; r < g->count; r++)
        assert_true(node_at(g, r)->op != OP_MATMUL || node_at(g, r)->nargs == 2);
    for (int32_t slot = 0; slot < g->k; slot++)
        assert_int_equal(count_adds(g, section_of_slot(slot)), 3);
    program_free(p);
    model_free(m);
}

/* W x + b is read twice: it is computed once, as a sum of its own. */
static void what_is_read_twice_stays_whole(void **state)
{
    (void)state;
    Model *m = load_text("return model { input = real(3), target = real(5), state = { h = { 5 } },\n"
                         "  params = { W = { 5, 3 }, U = { 5, 5 }, b = { 5 } },\n"
                         "  step = function(p, x, s)\n"
                         "    local z = p.W(x) + p.b\n"
                         "    local h = tanh(p.U(s.h) + z)\n"
                         "    return h * z, { h = h }\n"
                         "  end, loss = mse, tbptt = { k1 = 4, k2 = 4, batch = 2 } }\n");
    Window *w = window_after(m, true, "sums");
    const Graph *g = w->graph;
    int32_t products = 0;
    for (Ref r = 1; r < g->count; r++)
        products += node_at(g, r)->op == OP_MATMUL && node_at(g, r)->section == section_of_slot(2);
    assert_int_equal(products, 2);
    Ref u = sum_in(w, 2);
    assert_true(node_at(g, u)->nargs == 3 && reads(w, u, "U"));
    window_free(w);
    model_free(m);
}

/* What comes back from the next slot begins with what comes from above. */
static void adjoints_of_states_are_such_sums(void **state)
{
    (void)state;
    Model *m = load_sum("p.U(s.h) + p.W(x) + p.b + p.c");
    Window *w = window_after(m, true, "sums");
    const Graph *g = w->graph;
    int32_t carried = 0, begun = 0;
    for (Ref r = 1; r < g->count; r++) {
        const Node *n = node_at(g, r);
        if (n->op != OP_MATMUL || !is_backward(g, n) || !reads(w, r, "U"))
            continue;
        carried++;
        begun += n->nargs == 3 && slot_of_node(g, node_at(g, behind_views(g, arg_at(g, r, 2)))) == slot_of_node(g, n);
    }
    assert_true(carried == 3 && begun == 3);
    window_free(w);
    model_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_are_in_the_order_of_time),
        cmocka_unit_test(recurrent_segments_add_nothing_that_is_known_before),
        cmocka_unit_test(without_sums_all_is_as_written),
        cmocka_unit_test(what_is_read_twice_stays_whole),
        cmocka_unit_test(adjoints_of_states_are_such_sums),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
