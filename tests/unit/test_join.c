/* Matrices that are applied to one vector become one, their gradients stand where they must, and what must stay apart
 * does. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "model_passes.h"

/* A net of 5 over an input of 3 with 4 steps in 2 lanes. */
static Model *load_step(const char *params, const char *step, const char *more)
{
    char text[2048];
    snprintf(text, sizeof text,
             "local frozen = { trainable = false }\n"
             "return model { input = real(3), target = real(5), state = { h = { 5 } }, params = { %s },\n"
             "  step = function(p, x, s) %s end,\n"
             "  loss = mse, tbptt = { k1 = 1, k2 = 4, batch = 2 %s } }\n", params, step, more);
    return load_text(text);
}

static Model *load_hand_lstm(void)
{
    return load_small(&(SmallSpec){ "bench/models/lstm_hand.lua", { { "hidden", "5" }, { "input", "3" }, { "batch", "2" } } });
}

/* Products of a slot's forward code; *joint of them with several parameters. */
static int32_t count_products(const Window *w, int32_t slot, int32_t *joint)
{
    const Graph *g = w->graph;
    int32_t n = 0;
    *joint = 0;
    for (Ref r = 1; r < g->count; r++) {
        if (node_at(g, r)->op != OP_MATMUL || node_at(g, r)->section != section_of_slot(slot))
            continue;
        n++;
        *joint += node_at(g, behind_views(g, arg_at(g, r, 1)))->op == OP_CONCAT;
    }
    return n;
}

static void assert_products(const Model *m, int32_t products, int32_t joint)
{
    Window *w = window_after(m, true, "join");
    for (int32_t slot = 0; slot < w->graph->k; slot++) {
        int32_t found_joint, found = count_products(w, slot, &found_joint);
        assert_int_equal(found, products);
        assert_int_equal(found_joint, joint);
    }
    window_free(w);
}

static int32_t count_op(const Graph *g, tl_op op)
{
    int32_t n = 0;
    for (Ref r = 1; r < g->count; r++)
        n += node_at(g, r)->op == op;
    return n;
}

/* One product for the input and one for the state, and all slots share the matrices and the bias. */
static void eight_matrices_are_two(void **state)
{
    (void)state;
    Model *m = load_hand_lstm();
    assert_products(m, 3, 2); /* and the head's */
    Window *w = window_after(m, true, "join");
    assert_int_equal(count_op(w->graph, OP_CONCAT), 3);
    for (Ref r = 1; r < w->graph->count; r++)
        assert_true(node_at(w->graph, r)->op != OP_CONCAT || node_at(w->graph, r)->section == 0);
    window_free(w);
    model_free(m);
}

static void an_evaluation_step_has_two_products_too(void **state)
{
    (void)state;
    Model *m = load_hand_lstm();
    Window *w = window_after(m, false, "join");
    int32_t joint, products = count_products(w, 0, &joint);
    assert_int_equal(products, 3);
    assert_int_equal(joint, 2);
    window_free(w);
    model_free(m);
}

/* U h begins with W x, and that with b, before they are sliced: as in nn.lstm. */
static void gates_are_slices_of_one_sum(void **state)
{
    (void)state;
    Model *m = load_hand_lstm();
    Window *w = window_after(m, true, "sums");
    const Graph *g = w->graph;
    Ref whole = 0;
    for (Ref r = 1; r < g->count; r++) {
        if (node_at(g, r)->op != OP_SLICE || node_at(g, r)->section != section_of_slot(2))
            continue;
        Ref sum = behind_views(g, r);
        assert_true(!whole || sum == whole);
        whole = sum;
    }
    assert_true(whole && node_at(g, whole)->op == OP_MATMUL && node_at(g, whole)->nargs == 3);
    Ref first = behind_views(g, arg_at(g, whole, 2));
    assert_true(node_at(g, first)->op == OP_MATMUL && node_at(g, first)->nargs == 3);
    assert_int_equal(node_at(g, behind_views(g, arg_at(g, first, 2)))->op, OP_CONCAT);
    window_free(w);
    model_free(m);
}

/* What is made has numbers of its own, alike in all slots. */
static void joined_values_have_time_copies(void **state)
{
    (void)state;
    Model *m = load_hand_lstm();
    Window *w = window_after(m, true, "join");
    Families *f = families_new(w);
    for (int32_t family = 1; family <= f->count; family++)
        for (int32_t slot = 0; slot < f->k; slot++)
            assert_true(family_member(f, family, slot));
    families_free(f);
    window_free(w);
    model_free(m);
}

static const Layout *layout_of_root(const Layouts *s, const Window *w, RootKind kind, int32_t index)
{
    for (int32_t i = 0; i < w->nroots; i++)
        if (w->roots[i].kind == kind && w->roots[i].index == index)
            return &s->at[w->roots[i].node];
    fail_msg("there is no such root");
    return NULL;
}

/* Matrices of 15 and 25 elements, biases of 5: nothing is copied, neither they nor their gradients. */
static void parameters_and_gradients_stand_in_their_blocks(void **state)
{
    (void)state;
    Model *m = load_hand_lstm();
    Window *w = window_after(m, true, "legalise");
    Layouts *s = layouts_new(w, NULL);
    assert_int_equal(s->nmisfits, 0);
    assert_int_equal(count_op(w->graph, OP_COPY), 0);
    for (int32_t i = 0; i < m->nparams; i++) {
        const Layout *l = layout_of_root(s, w, ROOT_GRAD, i);
        assert_int_equal(l->block, BLOCK_GRADS);
        assert_int_equal(l->offset, m->params[i].offset);
    }
    for (Ref r = 1; r < w->graph->count; r++)
        if (node_at(w->graph, r)->op == OP_CONCAT && node_at(w->graph, r)->section == 0)
            assert_int_equal(s->at[r].block, BLOCK_PARAMS);
    layouts_free(s);
    window_free(w);
    model_free(m);
}

static int by_offset(const void *a, const void *b)
{
    const tl_tensor *x = a, *y = b;
    return (x->offset > y->offset) - (x->offset < y->offset);
}

/* The order is the spec's, whatever the names; no two parameters overlap. */
static void parameters_of_one_vector_are_neighbours(void **state)
{
    (void)state;
    Model *m = load_step("a = { W = { 5, 3 }, U = { 5, 5 } }, b = { W = { 5, 3 }, U = { 5, 5 } }, c = { 5, 5 }",
                         "local h = tanh(p.b.W(x) + p.b.U(s.h)) * tanh(p.a.W(x) + p.a.U(s.h))\n"
                         "return p.c(h), { h = h }", "");
    qsort(m->params, (size_t)m->nparams, sizeof *m->params, by_offset);
    static const char *const names[] = { "b.U", "a.U", "b.W", "a.W", "c" };
    static const size_t offsets[] = { 0, 25, 64, 79, 96 };
    for (int32_t i = 0; i < m->nparams; i++) {
        assert_string_equal(m->params[i].name, names[i]);
        assert_int_equal(m->params[i].offset, offsets[i]);
    }
    model_free(m);
}

/* Of a GRU whose last gate is of r h: two of three of the input's products are added to the state's. */
static void a_product_begins_with_a_part_of_another(void **state)
{
    (void)state;
    Model *m = load_step("Wr = { 5, 3 }, Wz = { 5, 3 }, Wn = { 5, 3 }, Ur = { 5, 5 }, Uz = { 5, 5 }, Un = { 5, 5 }",
                         "local r, z = sigmoid(p.Wr(x) + p.Ur(s.h)), sigmoid(p.Wz(x) + p.Uz(s.h))\n"
                         "local n = tanh(p.Wn(x) + p.Un(r * s.h))\n"
                         "local h = z * s.h + (1 - z) * n\n"
                         "return h, { h = h }", "");
    assert_products(m, 3, 2);
    Window *w = window_after(m, true, "sums");
    const Graph *g = w->graph;
    for (Ref r = 1; r < g->count; r++) {
        const Node *n = node_at(g, r);
        bool of_state = n->op == OP_MATMUL && n->section == section_of_slot(1) && n->shape.dim[1] != 15;
        assert_true(!of_state || n->nargs == 3);
    }
    window_free(w);
    model_free(m);
}

/* The state's products, of which one is the output's alone, would have to be finished before x's are added. */
static void what_is_not_whole_begins_nothing(void **state)
{
    (void)state;
    Model *m = load_step("A = { 5, 3 }, B = { 5, 3 }, C = { 5, 5 }, D = { 5, 5 }, E = { 5, 5 }",
                         "local h = tanh(p.A(x) + p.C(s.h)) * tanh(p.B(x) + p.D(s.h)) + p.E(s.h)\n"
                         "return h, { h = h }", "");
    assert_products(m, 2, 2);
    Window *w = window_after(m, true, "join");
    for (Ref r = 1; r < w->graph->count; r++)
        assert_true(node_at(w->graph, r)->op != OP_ADD || node_at(w->graph, r)->shape.dim[0] == 5);
    window_free(w);
    model_free(m);
}

static const char three[] = "A = { 5, 5 }, B = { 5, 5 }, C = { 5, 5 }";

static void assert_apart(const char *params, const char *step, const char *more, int32_t products, int32_t joint)
{
    Model *m = load_step(params, step, more);
    assert_products(m, products, joint);
    model_free(m);
}

static void what_differs_stays_apart(void **state)
{
    (void)state;
    static const char all[] = "local h = tanh(p.A(s.h) * p.B(s.h) * p.C(s.h) + sum(x)) return h, { h = h }";
    assert_apart(three, all, "", 1, 1);
    assert_apart("A = param({ 5, 5 }, uniform(1), frozen), B = { 5, 5 }, C = { 5, 5 }", all, "", 2, 1);
    assert_apart("A = param({ 5, 5 }, uniform(1), frozen), B = { 5, 5 }, C = param({ 5, 5 }, 1, frozen)", all, "",
                 2, 1);
    /* Only the output needs C. */
    assert_apart(three, "local h = tanh(p.A(s.h) * p.B(s.h) + sum(x)) return p.C(s.h) * h, { h = h }", "", 2, 1);
    /* A slice of a slice is one, of which a probe would see nothing. */
    assert_apart(three, "local h = tanh(probe('a', p.A(s.h)) * p.B(s.h) * p.C(s.h) + sum(x)) return h, { h = h }", "",
                 2, 1);
    /* Each slot has parameters of its own; or older values of the same, but today's matrix. */
    assert_apart(three, all, ", overlap = 'versions'", 3, 0);
    assert_apart(three, all, ", overlap = 'retain'", 1, 1);
}

/* C cannot stand behind A, as B does. */
static void parameters_that_are_no_neighbours_stay_apart(void **state)
{
    (void)state;
    assert_apart(three, "local a = tanh(p.A(s.h) * p.B(s.h) + sum(x)) local h = tanh(p.A(a) * p.C(a))\n"
                 "return h, { h = h }", "", 3, 1);
}

/* Its gradient comes from two products, so what one of them gives is no longer all: it is copied. */
static void a_matrix_of_two_vectors_is_summed(void **state)
{
    (void)state;
    Model *m = load_step(three, "local a = tanh(p.A(s.h) * p.B(s.h) + sum(x))\n"
                         "local h = tanh(p.A(a) * p.B(a) * p.C(a))\n"
                         "return h, { h = h }", "");
    assert_products(m, 2, 2);
    Window *w = window_after(m, true, "legalise");
    Layouts *s = layouts_new(w, NULL);
    assert_true(count_op(w->graph, OP_COPY) > 0);
    for (int32_t i = 0; i < m->nparams; i++)
        assert_int_equal(layout_of_root(s, w, ROOT_GRAD, i)->offset, m->params[i].offset);
    layouts_free(s);
    window_free(w);
    model_free(m);
}

/* Rows of a table are mapped by all the matrices at once (project.c). */
static void joined_matrices_map_a_table(void **state)
{
    (void)state;
    Model *m = load_text("return model { input = token(4), target = real(5), state = { h = { 5 } },\n"
                         "  params = { E = { 4, 3 }, W = { 5, 3 }, V = { 5, 3 } },\n"
                         "  step = function(p, x, s)\n"
                         "    local e = embedding(p.E, x)\n"
                         "    local h = tanh(p.W(e) * p.V(e) + s.h)\n"
                         "    return h, { h = h }\n"
                         "  end, loss = mse, tbptt = { k1 = 1, k2 = 4, batch = 2 } }\n");
    Window *w = window_after(m, true, "remove_dead");
    for (Ref r = 1; r < w->graph->count; r++)
        assert_true(node_at(w->graph, r)->op != OP_GATHER || node_at(w->graph, r)->shape.dim[0] == 10);
    assert_int_equal(count_op(w->graph, OP_GATHER), 4);
    window_free(w);
    model_free(m);
}

/* What a head makes of parameters is its own, and a loss looks up its rows: a row a lane, once. */
static void a_heads_own_table_is_mapped_for_its_rows(void **state)
{
    (void)state;
    for (int32_t batch = 3; batch <= 5; batch += 2) {
        Model *m = load_text("return model { input = real(3), target = token(4), params = { E = { 4, 3 } }, state = { h = { 3 } },\n"
                             "  step = function(p, x, s) return x, { h = x + s.h } end,\n"
                             "  window = function(p, ys, ss) return tanh(p.E) end,\n"
                             "  loss = function(y, t)\n"
                             "    local e = reshape(embedding(y, t), { 1, 3 })\n"
                             "    return sum(square(matmul(e, const { { 1, 2 }, { 3, 4 }, { 5, 6 } })))\n"
                             "  end, tbptt = { k1 = 4, k2 = 4, batch = 2, loss = 'last' } }\n");
        m->tbptt.batch = batch;
        Window *w = window_after(m, true, "project");
        int32_t width = 0;
        for (Ref r = 1; r < w->graph->count; r++)
            if (node_at(w->graph, r)->op == OP_GATHER && node_at(w->graph, r)->section == section_head(w->graph))
                width = node_at(w->graph, r)->shape.dim[0]; /* a dead one stands before what takes its place */
        assert_int_equal(width, batch < 4 ? 3 : 2);
        window_free(w);
        model_free(m);
    }
}

static void without_join_all_is_as_written(void **state)
{
    (void)state;
    Model *m = load_hand_lstm();
    Program *p = compiled(m, "no-join");
    int32_t joint, products = count_products(p->train.window, 1, &joint);
    assert_int_equal(products, 9);
    assert_int_equal(joint, 0);
    program_free(p);
    model_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(eight_matrices_are_two),
        cmocka_unit_test(an_evaluation_step_has_two_products_too),
        cmocka_unit_test(gates_are_slices_of_one_sum),
        cmocka_unit_test(joined_values_have_time_copies),
        cmocka_unit_test(parameters_and_gradients_stand_in_their_blocks),
        cmocka_unit_test(parameters_of_one_vector_are_neighbours),
        cmocka_unit_test(a_product_begins_with_a_part_of_another),
        cmocka_unit_test(what_is_not_whole_begins_nothing),
        cmocka_unit_test(what_differs_stays_apart),
        cmocka_unit_test(parameters_that_are_no_neighbours_stay_apart),
        cmocka_unit_test(a_matrix_of_two_vectors_is_summed),
        cmocka_unit_test(joined_matrices_map_a_table),
        cmocka_unit_test(a_heads_own_table_is_mapped_for_its_rows),
        cmocka_unit_test(without_join_all_is_as_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
