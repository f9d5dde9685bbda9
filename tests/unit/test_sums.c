/* Sums are put in the order of time: what parameters alone make, what no recurrence needs, what this step makes. And
 * products begin with what is added to them. Running sums of the same terms are one. */
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

/* ---- running sums ---- */

static Ref gradient(const Window *w, const char *name)
{
    for (int32_t i = 0; i < w->nroots; i++)
        if (w->roots[i].kind == ROOT_GRAD && !strcmp(w->model->params[w->roots[i].index].name, name))
            return w->roots[i].node;
    fail_msg("there is no parameter %s", name);
    return 0;
}

static int32_t count_terms(const Graph *g, Ref acc)
{
    int32_t n = 1;
    for (; node_at(g, acc)->nargs == 2; acc = arg_at(g, acc, 0))
        n++;
    return n;
}

/* One is a copy of the other, which stands among the gradients; it is all that the epilogue does. */
static void equal_gradients_are_summed_once(void **state)
{
    (void)state;
    Model *m = load_sum("p.U(s.h) + p.W(x) + p.b + p.c");
    Window *w = window_after(m, true, "legalise");
    const Graph *g = w->graph;
    Ref b = gradient(w, "b"), c = gradient(w, "c");
    assert_true(node_at(g, b)->op == OP_ACC && count_terms(g, b) == g->k);
    assert_true(node_at(g, c)->op == OP_COPY && arg_at(g, c, 0) == b && node_at(g, c)->section == section_epilogue(g));
    for (Ref r = 1; r < g->count; r++)
        assert_true(r == c || node_at(g, r)->section != section_epilogue(g));
    window_free(w);
    model_free(m);
}

static void are_apart(Model *m, int32_t terms_of_b, int32_t terms_of_c)
{
    Window *w = window_after(m, true, "legalise");
    const Graph *g = w->graph;
    Ref b = gradient(w, "b"), c = gradient(w, "c");
    assert_true(b != c && node_at(g, b)->op == OP_ACC && node_at(g, c)->op == OP_ACC);
    assert_int_equal(count_terms(g, b), terms_of_b);
    assert_int_equal(count_terms(g, c), terms_of_c);
    window_free(w);
    model_free(m);
}

/* The second gets more, in each slot or when all have run, whichever gets it first. */
static void gradients_that_begin_alike_are_two(void **state)
{
    (void)state;
    are_apart(load_sum("p.U(s.h) + p.b + p.c + p.c"), 4, 8);
    are_apart(load_sum("p.U(s.h) + p.c + p.c + p.b"), 4, 8);
    are_apart(load_sum("p.U(s.h) + p.b + p.c + square(p.c) * p.W(x)"), 4, 5);
    are_apart(load_sum("p.U(s.h) + square(p.c) * p.W(x) + p.c + p.b"), 4, 5);
}

/* After something else; and as often, but in fewer slots. */
static void gradients_that_end_alike_are_two(void **state)
{
    (void)state;
    static const char *const spec = "return model { input = real(5), target = real(5), params = { b = { 5 }, c = { 5 } },\n"
                                    "  state = { h = { 5 } }, step = function(p, x, s)\n"
                                    "    local h = %s\n"
                                    "    return %s, { h = h }\n"
                                    "  end, loss = mse, tbptt = { k1 = %d, k2 = %d, batch = 2, loss = 'last' } }\n";
    char text[1024];
    snprintf(text, sizeof text, spec, "tanh(x + p.b + p.c)", "h * p.c", 1, 1);
    are_apart(load_text(text), 1, 2);
    snprintf(text, sizeof text, spec, "s.h + p.b", "h + p.c + p.c", 2, 2);
    are_apart(load_text(text), 2, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_are_in_the_order_of_time),
        cmocka_unit_test(recurrent_segments_add_nothing_that_is_known_before),
        cmocka_unit_test(without_sums_all_is_as_written),
        cmocka_unit_test(what_is_read_twice_stays_whole),
        cmocka_unit_test(adjoints_of_states_are_such_sums),
        cmocka_unit_test(equal_gradients_are_summed_once),
        cmocka_unit_test(gradients_that_begin_alike_are_two),
        cmocka_unit_test(gradients_that_end_alike_are_two),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
