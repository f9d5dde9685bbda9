/* Time as a table: values that are the same at different times share a family; what no recurrence needs runs for
 * all slots together; what is read there stands at one stride; neighbouring slots that are computed alike are a run.
 * All of it is found here once more, from the graph and the layouts. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "model_passes.h"
#include "schedule/rolls.h"

/* ---- families ---- */

static void members_are_copies(const Window *w, const Families *f)
{
    const Graph *g = w->graph;
    uint32_t in_families = 0, members = 0;
    for (Ref r = 1; r < g->count; r++) {
        bool in_slot = w->training && slot_of_node(g, node_at(g, r)) >= 0;
        assert_int_equal(f->of[r] > 0, in_slot);
        in_families += in_slot;
    }
    for (int32_t family = 1; family <= f->count; family++) {
        Ref any = 0;
        for (int32_t slot = 0; slot < f->k; slot++) {
            Ref r = family_member(f, family, slot);
            if (!r)
                continue;
            const Node *n = node_at(g, r);
            any = any ? any : r;
            assert_true(f->of[r] == family && slot_of_node(g, n) == slot);
            assert_true(is_backward(g, n) == is_backward(g, node_at(g, any)) && n->serial == node_at(g, any)->serial);
            members++;
        }
        assert_true(any && family_member(f, family, f->oldest[family]) && family_member(f, family, family_newest(f, family)));
    }
    assert_int_equal(members, in_families);
}

/* The step is the same in every slot, so forward code has all copies of a value or none. */
static void forward_families_are_whole(const Window *w, const Families *f)
{
    const Graph *g = w->graph;
    for (int32_t family = 1; family <= f->count; family++)
        for (int32_t slot = 1; slot < f->k; slot++) {
            Ref r = family_member(f, family, slot), older = family_member(f, family, slot - 1);
            if (!r || !older || is_backward(g, node_at(g, r)))
                continue;
            const Node *n = node_at(g, r), *m = node_at(g, older);
            assert_true(n->op == m->op && n->origin == m->origin && shape_equal(&n->shape, &m->shape));
        }
}

static void time_copies_share_a_family(void **state)
{
    (void)state;
    for (int i = 0; i < nsmall_specs; i++) {
        Model *m = load_small(&small_specs[i]);
        for (int training = 0; training < 2; training++) {
            Window *w = window_after(m, training, "differentiate");
            Families *f = families_new(w);
            members_are_copies(w, f);
            forward_families_are_whole(w, f);
            families_free(f);
            window_free(w);
        }
        model_free(m);
    }
}

static int32_t terms_of(const Graph *g, Ref r)
{
    const Node *n = node_at(g, r);
    return n->op == OP_ADD ? terms_of(g, arg_at(g, r, 0)) + terms_of(g, arg_at(g, r, 1)) : 1;
}

/* The adjoint of h: in its slot's backward code what is multiplied by tanh's derivative. */
static Ref adjoint_at(const Window *w, int32_t slot)
{
    const Graph *g = w->graph;
    for (Ref r = 1; r < g->count; r++) {
        const Node *n = node_at(g, r);
        if (n->op != OP_MUL || n->section != section_backward(g, section_of_slot(slot)) ||
            node_at(w->model->step, n->origin)->op != OP_TANH)
            continue;
        return arg_at(g, r, 0);
    }
    fail_msg("slot %d has no adjoint of tanh", slot);
    return 0;
}

/* h is read thrice in its slot and by the next slot, of which the newest has none. */
static void adjoints_of_end_slots_belong_to_their_family(void **state)
{
    (void)state;
    Model *m = load_text("return model { input = real(3), target = real(3), params = { u = { 3 } }, state = { h = { 3 } },\n"
                         "  step = function(p, x, s)\n"
                         "    local h = tanh(p.u * s.h + x)\n"
                         "    return h + exp(h) * sin(h), { h = h }\n"
                         "  end, loss = mse, tbptt = { k1 = 4, k2 = 4 } }\n");
    Window *w = window_after(m, true, "differentiate");
    Families *f = families_new(w);
    int32_t family = f->of[adjoint_at(w, 0)];
    assert_true(family > 0);
    for (int32_t slot = 0; slot < 4; slot++) {
        Ref adjoint = adjoint_at(w, slot);
        assert_int_equal(terms_of(w->graph, adjoint), slot == 3 ? 3 : 4);
        assert_int_equal(f->of[adjoint], family);
    }
    families_free(f);
    window_free(w);
    model_free(m);
}

/* ---- segments ---- */

/* "forward together, up | backward down": kinds, by phase. */
static void kinds_are(const Segments *t, const char *expected)
{
    static const char *const kinds[] = { "once", "up", "down", "together" };
    static const char *const phases[] = { "prologue", "forward", "head", "head backward", "backward", "epilogue" };
    char text[512] = "";
    for (int32_t i = 0; i < t->count; i++) {
        const Segment *s = &t->segment[i];
        bool same = i && s->phase == t->segment[i - 1].phase;
        size_t n = strlen(text);
        snprintf(text + n, sizeof text - n, "%s%s %s", same ? "," : i ? " | " : "", same ? "" : phases[s->phase],
                 kinds[s->kind]);
    }
    assert_string_equal(text, expected);
}

static void segments_are(Model *m, const char *left_out, const char *expected)
{
    Program *p = compiled(m, left_out);
    kinds_are(p->train.segments, expected);
    program_free(p);
    model_free(m);
}

static Model *load_two_layers(void)
{
    return load_text("return model { input = real(3), target = real(2),\n"
                     "  params = { rnn = nn.lstm(3, 4, { layers = 2 }), head = nn.linear(4, 2) },\n"
                     "  step = function(p, x, s)\n"
                     "    local h, rnn = p.rnn(x, s.rnn)\n"
                     "    return p.head(h), { rnn = rnn }\n"
                     "  end, loss = mse, tbptt = { k1 = 6, k2 = 6, batch = 2 } }\n");
}

static void layers_run_one_after_the_other(void **state)
{
    (void)state;
    segments_are(load_two_layers(), NULL,
                 "prologue once | forward together, up, together, up, together"
                 " | backward together, down, together, down, together | epilogue once");
    segments_are(load_two_layers(), "no-batch", "prologue once | forward up | backward down | epilogue once");
    segments_are(load_path("models/lstm.lua"), NULL,
                 "prologue once | forward together, up, together | backward together, down, together");
}

/* [graph->count] the segment's kind by node. */
static SegmentKind kind_of(const Compiled *c, Ref r) { return c->segments->segment[c->segments->of[r]].kind; }

static bool reads_param(const Compiled *c, Ref r, const char *name)
{
    const Graph *g = c->window->graph;
    Ref a = behind_views(g, arg_at(g, r, 1));
    return node_at(g, a)->op == OP_PARAM && !strcmp(c->window->model->params[node_at(g, a)->attr[0]].name, name);
}

/* Of both layers: what is carried from slot to slot is computed slot by slot, the rest for all. */
static void recurrences_alone_run_slot_by_slot(void **state)
{
    (void)state;
    Model *m = load_two_layers();
    Program *p = compiled(m, NULL);
    const Compiled *c = &p->train;
    const Graph *g = c->window->graph;
    int recurrent = 0, inputs = 0, gradients = 0;
    for (Ref r = 1; r < g->count; r++) {
        const Node *n = node_at(g, r);
        if (n->op == OP_SIGMOID || n->op == OP_TANH)
            assert_int_equal(kind_of(c, r), SEGMENT_UP);
        if (n->op != OP_MATMUL)
            continue;
        bool carries = reads_param(c, r, "rnn.weight_hh_l0") || reads_param(c, r, "rnn.weight_hh_l1");
        SegmentKind slot_by_slot = is_backward(g, n) ? SEGMENT_DOWN : SEGMENT_UP;
        assert_int_equal(kind_of(c, r), carries ? slot_by_slot : SEGMENT_TOGETHER);
        recurrent += carries;
        inputs += reads_param(c, r, "rnn.weight_ih_l0") || reads_param(c, r, "rnn.weight_ih_l1") ||
                  reads_param(c, r, "head.weight");
        gradients += !n->batched;
    }
    assert_true(recurrent == 2 * (2 * 6 - 1) && inputs == 5 * 6 && gradients == 5 * 6);
    program_free(p);
    model_free(m);
}

/* Does r of some slot need, through whatever, the same value of another slot of its side? */
typedef struct Walk {
    const Graph *g;
    const Families *families;
    const Ref *left;
    bool *seen;
    Ref from;
} Walk;

static bool needs_itself(Walk *s, Ref r)
{
    const Node *n = node_at(s->g, r);
    if (s->seen[r] || is_backward(s->g, n) != is_backward(s->g, node_at(s->g, s->from)))
        return false;
    s->seen[r] = true;
    if (r != s->from && s->families->of[r] && s->families->of[r] == s->families->of[s->from])
        return true;
    if (n->op == OP_STATE && slot_of_node(s->g, n) > 0 &&
        needs_itself(s, s->left[n->attr[0] * s->g->k + slot_of_node(s->g, n) - 1]))
        return true;
    for (uint32_t i = n->op == OP_ACC && n->nargs == 2; i < n->nargs; i++)
        if (needs_itself(s, arg_at(s->g, r, i)))
            return true;
    return false;
}

static bool is_recurrent(const Compiled *c, const Ref *left, Ref r)
{
    const Graph *g = c->window->graph;
    Walk walk = { g, c->segments->families, left, calloc(g->count, sizeof(bool)), r };
    assert_non_null(walk.seen);
    bool needs = needs_itself(&walk, r);
    free(walk.seen);
    return needs;
}

/* Of all that is not element by element: slot by slot exactly if it needs itself of another slot. */
static void cycles_are_segments(const Compiled *c)
{
    const Graph *g = c->window->graph;
    Arena *arena = arena_new();
    const Ref *left = left_states(c->window, arena);
    for (int32_t family = 1; family <= c->segments->families->count; family++) {
        bool recurrent = false, heavy = false;
        Ref last = 0;
        for (int32_t slot = 0; slot < g->k; slot++) {
            Ref r = family_member(c->segments->families, family, slot);
            if (!r)
                continue;
            heavy |= is_computed(node_at(g, r)) && !is_pointwise(node_at(g, r));
            recurrent |= is_recurrent(c, left, r);
            last = r;
        }
        if (recurrent)
            assert_true(kind_of(c, last) == SEGMENT_UP || kind_of(c, last) == SEGMENT_DOWN);
        if (heavy && !recurrent)
            assert_int_equal(kind_of(c, last), SEGMENT_TOGETHER);
    }
    arena_free(arena);
}

static void what_needs_itself_runs_slot_by_slot(void **state)
{
    (void)state;
    for (int i = 0; i < nsmall_specs; i++) {
        Model *m = load_small(&small_specs[i]);
        if (m->tbptt.k2 > 6)
            m->tbptt.k2 = 6;
        Program *p = compiled(m, NULL);
        cycles_are_segments(&p->train);
        program_free(p);
        model_free(m);
    }
}

/* Steps that are kept are of earlier windows: all forward code runs slot by slot. */
static void kept_steps_have_two_segments(void **state)
{
    (void)state;
    segments_are(load_small(&(SmallSpec){ "tests/overlap/cell.lua", { { "overlap", "retain" } } }), NULL,
                 "prologue once | forward up | backward down");
}

/* ---- strides ---- */

/* Read or written by code that is not its own slot's. */
static bool *find_apart(const Compiled *c)
{
    const Graph *g = c->window->graph;
    bool *apart = calloc(g->count, sizeof *apart);
    assert_non_null(apart);
    for (Ref r = 1; r < g->count; r++) {
        if (!is_computed(node_at(g, r)))
            continue;
        apart[r] |= kind_of(c, r) == SEGMENT_TOGETHER;
        for (uint32_t i = 0; i < node_at(g, r)->nargs; i++) {
            Ref a = behind_views(g, arg_at(g, r, i));
            apart[a] |= kind_of(c, r) == SEGMENT_TOGETHER || c->segments->of[r] != c->segments->of[a] ||
                        slot_of_node(g, node_at(g, r)) != slot_of_node(g, node_at(g, a));
        }
    }
    return apart;
}

/* Members that stand in the workspace for themselves, and not in parts of something else. */
static bool stands_alone(const Compiled *c, Ref r)
{
    const Layout *l = &c->layouts->at[r];
    return r && is_computed(node_at(c->window->graph, r)) && l->block == BLOCK_WORK && !c->layouts->claimed[r];
}

static int strides_of(const Compiled *c, const bool *apart, int32_t family)
{
    const Graph *g = c->window->graph;
    const Families *f = c->segments->families;
    bool any = false;
    for (int32_t slot = 0; slot < f->k; slot++) {
        Ref r = family_member(f, family, slot);
        any |= r && apart[r];
    }
    int steps = 0;
    for (int32_t slot = 1; any && slot < f->k; slot++) {
        Ref older = family_member(f, family, slot - 1), r = family_member(f, family, slot);
        if (!stands_alone(c, older) || !stands_alone(c, r))
            continue;
        const Layout *a = &c->layouts->at[older], *b = &c->layouts->at[r];
        int64_t size = shape_size(&node_at(g, r)->shape) * (node_at(g, r)->batched ? g->lanes : 1);
        assert_true(a->owner == b->owner && b->offset - a->offset == size);
        assert_true(b->offset + size <= c->layouts->span[b->owner] * size);
        steps++;
    }
    return steps;
}

static void what_is_read_elsewhere_stands_at_one_stride(void **state)
{
    (void)state;
    int steps = 0;
    for (int i = 0; i < nsmall_specs; i++) {
        Model *m = load_small(&small_specs[i]);
        Program *p = compiled(m, NULL);
        bool *apart = find_apart(&p->train);
        for (int32_t family = 1; family <= p->train.segments->families->count; family++)
            steps += strides_of(&p->train, apart, family);
        free(apart);
        program_free(p);
        model_free(m);
    }
    assert_true(steps > 1000);
}

/* ---- runs ---- */

static int64_t place_after(const Compiled *c, Ref a, Ref b)
{
    const Layout *x = &c->layouts->at[a], *y = &c->layouts->at[b];
    assert_true(x->block == y->block && x->index == y->index && x->owner == y->owner && x->lane == y->lane);
    for (int32_t d = 0; d < node_at(c->window->graph, a)->shape.rank; d++)
        assert_true(x->stride[d] == y->stride[d]);
    return y->offset - x->offset;
}

static void same_step(const Compiled *c, Ref older, Ref newer, int64_t step)
{
    const Node *n = node_at(c->window->graph, older), *m = node_at(c->window->graph, newer);
    assert_true(shape_equal(&n->shape, &m->shape) && n->batched == m->batched);
    if (c->layouts->at[older].block == BLOCK_CONST)
        assert_true(c->layouts->at[newer].block == BLOCK_CONST && c->layouts->at[older].value == c->layouts->at[newer].value);
    else if (older != newer)
        assert_true(place_after(c, older, newer) == step);
    else
        assert_true(step == 0);
}

/* From slot to slot the same operation, each operand and the result the call's step further. */
static int check_run(const Compiled *c, Ref newest)
{
    const Graph *g = c->window->graph;
    const Families *f = c->segments->families;
    int32_t high = slot_of_node(g, node_at(g, newest)), slots = 0;
    for (int32_t slot = c->runs->low[newest]; slot >= 0 && slot < high; slot++, slots++) {
        Ref older = family_member(f, f->of[newest], slot), newer = family_member(f, f->of[newest], slot + 1);
        const Node *n = node_at(g, older);
        assert_true(older && newer && c->runs->newest[older] == newest && n->op == node_at(g, newer)->op &&
                    n->nargs == node_at(g, newer)->nargs && n->num[0] == node_at(g, newer)->num[0]);
        same_step(c, older, newer, run_step(c->window, c->runs, c->layouts, newest, -1));
        for (uint32_t i = 0; i < n->nargs; i++)
            same_step(c, arg_at(g, older, i), arg_at(g, newer, i),
                      run_step(c->window, c->runs, c->layouts, newest, (int32_t)i));
    }
    return slots;
}

static void members_of_runs_are_regular(void **state)
{
    (void)state;
    int slots = 0;
    for (int i = 0; i < nsmall_specs; i++) {
        Model *m = load_small(&small_specs[i]);
        Program *p = compiled(m, NULL);
        for (Ref r = 1; r < p->train.window->graph->count; r++)
            if (is_computed(node_at(p->train.window->graph, r)) && p->train.runs->newest[r] == r)
                slots += check_run(&p->train, r);
        program_free(p);
        model_free(m);
    }
    assert_true(slots > 1000);
}

/* How many units compute how many slots: "0-2 3" */
static void runs_of(const Compiled *c, int32_t family, const char *expected)
{
    char text[128] = "";
    for (int32_t slot = 0; slot < c->window->graph->k; slot++) {
        Ref r = family_member(c->segments->families, family, slot);
        if (!r || c->runs->newest[r] != r)
            continue;
        size_t n = strlen(text);
        snprintf(text + n, sizeof text - n, c->runs->low[r] < slot ? "%s%d-%d" : "%s%d", n ? " " : "",
                 c->runs->low[r] < slot ? c->runs->low[r] : slot, slot);
    }
    assert_string_equal(text, expected);
}

/* z is read in its slot and the next, and nothing is recurrent: the newest slot's adjoint of z has one term. */
static void end_slots_are_runs_of_their_own(void **state)
{
    (void)state;
    Model *m = load_text("return model { input = real(3), target = real(3), params = { W = { 5, 3 }, V = { 3, 5 }, U = { 3, 5 } },\n"
                         "  state = { z = { 5 } },\n"
                         "  step = function(p, x, s)\n"
                         "    local z = tanh(p.W(x))\n"
                         "    return p.V(z) + p.U(s.z), { z = z }\n"
                         "  end, loss = mse, tbptt = { k1 = 4, k2 = 4, batch = 2 } }\n");
    Program *p = compiled(m, NULL);
    const Compiled *c = &p->train;
    kinds_are(c->segments, "prologue once | forward together | backward together");
    runs_of(c, c->segments->families->of[behind_views(c->window->graph, adjoint_at(c->window, 0))], "0-2 3");
    for (Ref r = 1; r < c->window->graph->count; r++)
        if (node_at(c->window->graph, r)->op == OP_TANH)
            runs_of(c, c->segments->families->of[r], "0-3");
    program_free(p);
    model_free(m);
}

/* ---- units ---- */

static void units_of_a_segment_are_all_of_it(const Compiled *c, int32_t segment, int32_t slot, uint32_t *found)
{
    UnitRange range = units_of_segment(c->units, segment, slot);
    for (uint32_t u = 0; u < c->units->count; u++) {
        const Unit *unit = &c->units->unit[u];
        bool of_it = unit->segment == segment && (slot < 0 || unit->high == slot);
        assert_int_equal(u >= range.first && u < range.end, of_it);
        *found += of_it;
    }
}

static void units_are_found_by_segment_and_slot(void **state)
{
    (void)state;
    for (int i = 0; i < nsmall_specs; i++) {
        Model *m = load_small(&small_specs[i]);
        Program *p = compiled(m, NULL);
        const Compiled *c = &p->train;
        uint32_t all = 0, by_slot = 0, recurrent = 0;
        for (int32_t s = 0; s < c->segments->count; s++) {
            bool slots = c->segments->segment[s].kind == SEGMENT_UP || c->segments->segment[s].kind == SEGMENT_DOWN;
            uint32_t before = all;
            units_of_a_segment_are_all_of_it(c, s, -1, &all);
            recurrent += slots ? all - before : 0;
            for (int32_t slot = 0; slots && slot < c->window->graph->k; slot++)
                units_of_a_segment_are_all_of_it(c, s, slot, &by_slot);
        }
        assert_true(all == c->units->count && by_slot == recurrent);
        program_free(p);
        model_free(m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_copies_share_a_family),
        cmocka_unit_test(adjoints_of_end_slots_belong_to_their_family),
        cmocka_unit_test(layers_run_one_after_the_other),
        cmocka_unit_test(recurrences_alone_run_slot_by_slot),
        cmocka_unit_test(what_needs_itself_runs_slot_by_slot),
        cmocka_unit_test(kept_steps_have_two_segments),
        cmocka_unit_test(what_is_read_elsewhere_stands_at_one_stride),
        cmocka_unit_test(members_of_runs_are_regular),
        cmocka_unit_test(end_slots_are_runs_of_their_own),
        cmocka_unit_test(units_are_found_by_segment_and_slot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
