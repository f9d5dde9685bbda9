/* Units become kernels: equal ones are one, lanes are merged, loops are collapsed, arguments are shared. And
 * the checker of what is executed sees a schedule that is wrong. */
#include "unit.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "model_passes.h"
#include "schedule/check_schedule.h"
#include "schedule/nest.h"
#include "schedule/region.h"

/* ---- kernels are values ---- */

static uint32_t add_scaled(Kernels *all, double factor, int64_t stride)
{
    Access access[] = { { .argument = 0, .stride = { stride } },
                        { .argument = 1, .stride = { 1 }, .written = true } };
    Instruction mul = { .op = OP_MUL, .noperands = 2, .store = 1,
                        .operand = { { .from = FROM_ACCESS }, { .from = FROM_NUMBER, .number = factor } } };
    return kernels_add(all, &(Kernel){ .kind = KERNEL_LOOP, .op = OP_MUL, .nest = { .rank = 1, .extent = { 8 } }, .narguments = 2,
                                       .naccesses = 2, .ninstructions = 1, .access = access, .body = &mul });
}

static void equal_kernels_are_one(void **state)
{
    (void)state;
    Kernels *all = kernels_new();
    assert_int_equal(add_scaled(all, 2, 1), 0);
    assert_int_equal(add_scaled(all, 2, 4), 1); /* walked otherwise */
    assert_int_equal(add_scaled(all, 3, 1), 2);
    assert_int_equal(add_scaled(all, 0, 1), 3);
    assert_int_equal(add_scaled(all, -0.0, 1), 4);
    assert_int_equal(add_scaled(all, 2, 1), 0);
    for (int i = 0; i < 1000; i++) /* the table grows */
        assert_int_equal(add_scaled(all, 10 + i, 1), 5 + i);
    assert_int_equal(add_scaled(all, 10 + 500, 1), 505);
    assert_true(all->count == 1005 && all->kernel[2].body->operand[1].number == 3);
    kernels_free(all);
}

static uint32_t kernels_with_k2(int32_t k2)
{
    Model *m = load_path("models/lstm.lua");
    m->tbptt.k2 = k2;
    Program *p = compiled(m, NULL);
    uint32_t count = p->kernels->count;
    assert_true(p->train.selected->count > (uint32_t)k2 && count < 40);
    program_free(p);
    model_free(m);
    return count;
}

static void more_steps_are_more_calls_of_the_same_kernels(void **state)
{
    (void)state;
    assert_int_equal(kernels_with_k2(4), kernels_with_k2(9));
}

/* ---- nests ---- */

static void neighbouring_dims_become_one(void **state)
{
    (void)state;
    Nest nest = { .rank = 4, .extent = { 3, 1, 4, 5 } };
    Access a[] = { { .stride = { 20, 7, 5, 1 } }, { .stride = { 0, 7, 5, 1 } } };
    nest_collapse(&nest, a, 2);
    assert_true(nest.rank == 2 && nest.extent[0] == 3 && nest.extent[1] == 20);
    assert_true(a[0].stride[0] == 20 && a[0].stride[1] == 1 && a[1].stride[0] == 0 && a[1].stride[1] == 1);
    nest_collapse(&nest, a, 1); /* without the one that is broadcast along the lanes */
    assert_true(nest.rank == 1 && nest.extent[0] == 60 && a[0].stride[0] == 1);
}

static void dims_are_moved(void **state)
{
    (void)state;
    Nest nest = { .rank = 4, .extent = { 2, 3, 4, 5 } };
    Access a = { .stride = { 60, 20, 5, 1 } };
    nest_move(&nest, &a, 1, 1, 3);
    assert_true(nest.extent[1] == 4 && nest.extent[2] == 5 && nest.extent[3] == 3 && a.stride[3] == 20);
    nest_move(&nest, &a, 1, 3, 0);
    assert_true(nest.extent[0] == 3 && nest.extent[1] == 2 && nest.extent[3] == 5 && a.stride[0] == 20 &&
                a.stride[3] == 1);
}

/* ---- products, of an Elman net of 5 with 3 inputs, 2 outputs, in 4 lanes ---- */

static bool has_product(const Program *p, const int64_t *extent)
{
    for (uint32_t i = 0; i < p->kernels->count; i++) {
        const Kernel *k = &p->kernels->kernel[i];
        if (k->kind == KERNEL_PRODUCT && !memcmp(k->nest.extent, extent, 4 * sizeof *extent))
            return true;
    }
    return false;
}

static void lanes_of_products_are_merged(void **state)
{
    (void)state;
    Model *m = load_small(
        &(SmallSpec){ "models/elman.lua", { { "input", "3" }, { "hidden", "5" }, { "output", "2" } } });
    m->tbptt.batch = 4;
    Program *p = compiled(m, NULL);
    assert_true(has_product(p, (const int64_t[]){ 1, 4, 5, 3 })); /* lanes are rows */
    assert_true(has_product(p, (const int64_t[]){ 1, 5, 3, 4 })); /* lanes are summed: dW */
    for (uint32_t i = 0; i < p->kernels->count; i++) {
        const Kernel *k = &p->kernels->kernel[i];
        assert_true(k->kind != KERNEL_PRODUCT || k->nest.extent[DIM_LANES] == 1);
    }
    program_free(p);
    model_free(m);
}

static void what_stands_at_one_place_is_one_argument(void **state)
{
    (void)state;
    Model *m = load_small(&(SmallSpec){ "tests/ops/product.lua", { { "batch", "3" } } });
    Program *p = compiled(m, NULL);
    bool lanes = false, shared = false;
    for (uint32_t i = 0; i < p->kernels->count; i++) {
        const Kernel *k = &p->kernels->kernel[i];
        if (k->kind != KERNEL_PRODUCT)
            continue;
        lanes |= k->nest.extent[DIM_LANES] == 3; /* matrices of the lanes' own */
        shared |= k->access[1].argument == k->access[2].argument && k->narguments == 2;
    }
    assert_true(lanes && shared);
    program_free(p);
    model_free(m);
}

static void sums_of_rows_run_outside(void **state)
{
    (void)state;
    Model *m = load_small(&(SmallSpec){ "tests/ops/reduce.lua", { { "batch", "2" } } });
    Program *p = compiled(m, NULL);
    int inside = 0, outside = 0;
    for (uint32_t i = 0; i < p->kernels->count; i++) {
        const Kernel *k = &p->kernels->kernel[i];
        inside += k->kind == KERNEL_SUM_INSIDE;
        outside += k->kind == KERNEL_SUM_OUTSIDE;
        for (int32_t d = 0; k->kind == KERNEL_SUM_INSIDE && d < k->nest.rank; d++)
            assert_true((d < k->kept) == (k->access[0].stride[d] != 0));
        assert_true(k->kind != KERNEL_SUM_OUTSIDE || !k->access[0].stride[k->kept]);
    }
    assert_true(inside && outside);
    program_free(p);
    model_free(m);
}

/* ---- products in forms of their sizes, and the weights that they read packed ---- */

static const Pack *pack_at(const Selected *s, int64_t offset)
{
    for (uint32_t i = 0; i < s->npacks; i++)
        if (s->pack[i].at == offset)
            return &s->pack[i];
    fail_msg("no weights are packed at %lld", (long long)offset);
    return NULL;
}

/* What a product reads from panels is what it is made for. Returns how many products do. */
static int packs_fit(const Compiled *c)
{
    int packed = 0;
    for (uint32_t u = 0; u < c->selected->count; u++) {
        const Kernel *k = kernel_of(c->selected, u);
        if (k->kind != KERNEL_PRODUCT || k->form.kind != FORM_PACKED)
            continue;
        const Place *place = &places_of(c->selected, u)[k->access[2].argument];
        assert_int_equal(place->block, BLOCK_PACKED);
        const Pack *pack = pack_at(c->selected, place->offset);
        assert_true(pack->columns == k->nest.extent[DIM_N] && pack->depth == k->nest.extent[DIM_K]);
        assert_int_equal(pack->vectors, k->form.vectors);
        assert_true(pack->size >= pack->columns * pack->depth);
        packed++;
    }
    return packed;
}

static void packs_stand_apart(const Selected *s)
{
    for (uint32_t i = 0; i < s->npacks; i++) {
        assert_true(s->pack[i].from.block == BLOCK_PARAMS && s->pack[i].at % 16 == 0);
        assert_true(s->pack[i].at + s->pack[i].size <= s->packed);
        for (uint32_t j = 0; j < i; j++)
            assert_true(s->pack[j].at + s->pack[j].size <= s->pack[i].at);
    }
}

/* U h forward, backward perhaps; what one step evaluates packs nothing, nor what has no target. */
static void weights_are_packed_once_a_window(void **state)
{
    (void)state;
    Model *m = load_path("models/lstm.lua");
    Program *p = compiled(m, NULL), *blas = compiled(m, "no-tiles");
    const Selected *s = p->train.selected;
    assert_true(packs_fit(&p->train) > m->tbptt.k2);
    packs_stand_apart(s);
    int as_they_are = 0, transposed = 0;
    for (uint32_t i = 0; i < s->npacks; i++)
        *(s->pack[i].transposed ? &transposed : &as_they_are) += s->pack[i].columns * s->pack[i].depth == 4 * 32 * 32;
    assert_true(as_they_are <= 1 && transposed == 1); /* whatever the number of steps */
    assert_int_equal(p->step[0].selected->npacks, 0);
    assert_true(!blas->train.selected->npacks && !blas->train.selected->packed && !blas->train.selected->scratch);
    for (uint32_t i = 0; i < blas->kernels->count; i++)
        assert_int_equal(blas->kernels->kernel[i].form.kind, FORM_BLAS);
    program_free(p);
    program_free(blas);
    model_free(m);
}

/* A matrix that two products of a step read, both as it stands. */
static void products_of_the_same_weights_share_a_pack(void **state)
{
    (void)state;
    Model *m = load_text("return model { input = real(32), target = real(32), params = { W = { 32, 32 } },\n"
                         "  step = function(p, x) return p.W(tanh(p.W(x))), {} end,\n"
                         "  loss = mse, tbptt = { k1 = 8, k2 = 8, batch = 16 } }\n");
    Program *p = compiled(m, NULL);
    int transposed = 0;
    for (uint32_t i = 0; i < p->train.selected->npacks; i++)
        transposed += p->train.selected->pack[i].transposed;
    assert_true(packs_fit(&p->train) >= 2);
    assert_int_equal(transposed, 1);
    program_free(p);
    model_free(m);
}

/* A version of the parameters is an older update's: its weights are not those of the window. */
static void versions_are_not_packed(void **state)
{
    (void)state;
    Model *m = load_path("models/lstm.lua");
    m->tbptt.overlap = TL_VERSIONS;
    Program *p = compiled(m, NULL);
    for (uint32_t i = 0; i < p->train.selected->npacks; i++)
        assert_int_equal(p->train.selected->pack[i].from.block, BLOCK_PARAMS);
    for (uint32_t u = 0; u < p->train.selected->count; u++)
        for (uint32_t i = 0; i < kernel_of(p->train.selected, u)->narguments; i++)
            assert_true(places_of(p->train.selected, u)[i].block != BLOCK_PACKED ||
                        p->train.segments->segment[p->train.units->unit[u].segment].phase < PHASE_BACKWARD);
    program_free(p);
    model_free(m);
}

/* A run is one call, told how many slots; or one for each slot. */
static void runs_are_one_call(void **state)
{
    (void)state;
    Model *m = load_path("models/lstm.lua");
    Program *p = compiled(m, NULL);
    int all = 0, alone = 0;
    for (uint32_t u = 0; u < p->train.selected->count; u++) {
        const Unit *unit = &p->train.units->unit[u];
        const Call *call = &p->train.selected->call[u];
        const Kernel *k = kernel_of(p->train.selected, u);
        assert_int_equal(call->how != CALL_ALONE, unit->low < unit->high);
        assert_int_equal(call->how == CALL_ALL, k->nest.slots != 0);
        all += call->how == CALL_ALL;
        alone += call->how == CALL_ALONE;
        assert_true(call->how != CALL_EACH); /* an LSTM needs none */
    }
    assert_true(all >= 8 && alone > 2 * m->tbptt.k2);
    program_free(p);
    model_free(m);
}

/* ---- regions ---- */

static void mark(const Region *r, int32_t dim, int64_t at, unsigned char *seen, unsigned char bit)
{
    if (dim == r->rank) {
        seen[at] |= bit;
        return;
    }
    for (int64_t i = 0; i < r->extent[dim]; i++)
        mark(r, dim + 1, at + i * r->stride[dim], seen, bit);
}

static Region some_region(uint32_t *seed)
{
    Region r = { 0 };
    for (int i = 0; i < 8; i++)
        *seed = *seed * 1664525 + 1013904223;
    uint32_t x = *seed >> 8;
    r.offset = x % 40;
    r.rank = (int32_t)(x / 40 % 3);
    for (int32_t d = 0; d < r.rank; d++) {
        *seed = *seed * 1664525 + 1013904223;
        r.extent[d] = 2 + (*seed >> 10) % 5;
        r.stride[d] = 1 + (*seed >> 20) % 12 * (*seed >> 30 & 1);
    }
    return r;
}

static void regions_meet_exactly(void **state)
{
    (void)state;
    uint32_t seed = 1, meetings = 0;
    for (int i = 0; i < 4000; i++) {
        Region a = some_region(&seed), b = some_region(&seed);
        unsigned char seen[400] = { 0 };
        mark(&a, 0, a.offset, seen, 1);
        mark(&b, 0, b.offset, seen, 2);
        int64_t last = 0;
        bool both = false;
        for (int64_t at = 0; at < 400; at++) {
            both |= seen[at] == 3;
            last = seen[at] & 1 ? at : last;
        }
        assert_int_equal(region_end(&a), last + 1);
        assert_int_equal(regions_meet(&a, &b), both);
        meetings += both;
    }
    assert_true(meetings > 400 && meetings < 3600);
}

/* ---- the checker sees what is wrong ---- */

static void check(const Compiled *c)
{
    check_units(c->window, c->layouts, c->runs, c->units);
    check_calls(c->window, c->layouts, c->units, c->selected, c->plan);
}

/* In a child process, which must be ended by abort() with this sentence. */
static void aborts_with(const Compiled *c, const char *sentence)
{
    int end[2], status;
    char said[1024] = "";
    assert_int_equal(pipe(end), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (!pid) {
        signal(SIGABRT, SIG_DFL);
        dup2(end[1], STDERR_FILENO);
        check(c);
        _exit(0);
    }
    close(end[1]);
    for (ssize_t n, at = 0; (n = read(end[0], said + at, sizeof said - 1 - (size_t)at)) > 0; at += n)
        ;
    close(end[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_contains(said, sentence);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

/* A call of a window, and two arguments of it. */
typedef struct Found {
    uint32_t call, result, operand;
    Ref written, read;
} Found;

static uint32_t argument_in(const Compiled *c, uint32_t u, bool written)
{
    const Kernel *k = kernel_of(c->selected, u);
    for (uint32_t i = 0; i < k->naccesses; i++)
        if (k->access[i].written == written && !k->access[i].addressed &&
            places_of(c->selected, u)[k->access[i].argument].block == BLOCK_WORK)
            return k->access[i].argument;
    return UINT32_MAX;
}

static Place *place_at(const Compiled *c, uint32_t call, uint32_t argument)
{
    return &c->selected->place[c->selected->call[call].places + argument];
}

static bool touched_until(const Compiled *c, uint32_t call, Ref owner)
{
    for (uint32_t u = 0; u <= call; u++)
        for (uint32_t i = 0; i < kernel_of(c->selected, u)->narguments; i++)
            if (places_of(c->selected, u)[i].owner == owner)
                return true;
    return false;
}

/* A value that takes as much as `like`, of which no call up to `call` knows; 0: there is none. */
static Ref not_written_yet(const Compiled *c, uint32_t call, Ref like)
{
    const Graph *g = c->window->graph;
    for (Ref r = 1; r < g->count; r++)
        if (c->plan->offset[r] >= 0 && shape_equal(&node_at(g, r)->shape, &node_at(g, like)->shape) &&
            node_at(g, r)->batched == node_at(g, like)->batched && c->layouts->span[r] == c->layouts->span[like] &&
            !touched_until(c, call, r))
            return r;
    return 0;
}

/* The first call that both reads and writes the workspace, and could read what is written later alone. */
static Found find_call(const Compiled *c)
{
    for (uint32_t u = 0; u < c->selected->count; u++) {
        Found f = { u, argument_in(c, u, true), argument_in(c, u, false), 0, 0 };
        if (f.result == UINT32_MAX || f.operand == UINT32_MAX)
            continue;
        f.written = places_of(c->selected, u)[f.result].owner;
        f.read = places_of(c->selected, u)[f.operand].owner;
        if (not_written_yet(c, u, f.read))
            return f;
    }
    fail_msg("no call reads and writes the workspace");
    return (Found){ 0 };
}

static void bad_plans_are_seen(const Compiled *c, Found f)
{
    int64_t *place = c->plan->offset, was = place[f.written];
    place[f.written] = place[f.read];
    aborts_with(c, "writes");
    aborts_with(c, "which call");
    place[f.written] = c->plan->size;
    aborts_with(c, "in a workspace of");
    place[f.written] = was + 1;
    aborts_with(c, "stands at");
    place[f.written] = was;
}

static void bad_calls_are_seen(const Compiled *c, Found f)
{
    Place *y = place_at(c, f.call, f.result), *x = place_at(c, f.call, f.operand), was = *y;
    *y = *x;
    aborts_with(c, "sees by access");
    *y = was;
    y->offset = shape_size(&node_at(c->window->graph, y->owner)->shape) * c->window->graph->lanes *
                c->layouts->span[y->owner] + 1;
    aborts_with(c, "reaches elements");
    *y = was;
    was = *x;
    x->owner = not_written_yet(c, f.call, x->owner);
    aborts_with(c, "nothing has written");
    *x = was;
}

static void swap_units(Units *s, uint32_t a, uint32_t b)
{
    Unit was = s->unit[a];
    s->unit[a] = s->unit[b];
    s->unit[b] = was;
}

/* The unit that reads what unit u writes, in the same segment. */
static uint32_t reader_of(const Compiled *c, uint32_t u)
{
    for (uint32_t v = u + 1; v < c->units->count; v++) {
        Ref r = c->units->members[c->units->unit[v].first];
        for (uint32_t i = 0; i < node_at(c->window->graph, r)->nargs; i++)
            if (c->units->of[arg_at(c->window->graph, r, i)] == u &&
                c->units->unit[v].segment == c->units->unit[u].segment)
                return v;
    }
    return 0;
}

static void bad_units_are_seen(const Compiled *c)
{
    Units *s = c->units;
    uint32_t u = 0, v;
    while (!(v = reader_of(c, u)))
        assert_true(++u < s->count);
    swap_units(s, u, v);
    aborts_with(c, "which stands after unit");
    swap_units(s, u, v);
    Ref stored = 0;
    s->unit[u].segment++;
    aborts_with(c, "computes");
    s->unit[u].segment--;
    for (Ref r = 1; r < c->window->graph->count; r++)
        if (s->of[r] == u && is_computed(node_at(c->window->graph, r)) && s->stored[r])
            stored = r;
    s->stored[stored] = false;
    aborts_with(c, "not stored");
    s->stored[stored] = true;
}

static void bad_sums_are_seen(const Compiled *c)
{
    bool stored = false, added = false;
    for (Ref r = c->window->graph->count - 1; r; r--) {
        Layout *l = &c->layouts->at[r];
        if (!is_computed(node_at(c->window->graph, r)) || (l->add ? added : stored))
            continue;
        const char *sentence = l->add ? "stored over the sum" : "added to what is no sum";
        *(l->add ? &added : &stored) = true;
        l->add = !l->add;
        aborts_with(c, sentence);
        l->add = !l->add;
    }
    assert_true(stored && added);
}

static void schedules_that_are_wrong_are_seen(void **state)
{
    (void)state;
    Model *m = load_small(&(SmallSpec){ "models/lstm.lua", { { "hidden", "6" } } });
    Program *p = compiled(m, NULL);
    const Compiled *c = &p->train;
    Found f = find_call(c);
    bad_plans_are_seen(c, f);
    bad_calls_are_seen(c, f);
    bad_units_are_seen(c);
    bad_sums_are_seen(c);
    check(c); /* all is as it was */
    program_free(p);
    model_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_kernels_are_one),
        cmocka_unit_test(more_steps_are_more_calls_of_the_same_kernels),
        cmocka_unit_test(neighbouring_dims_become_one),
        cmocka_unit_test(dims_are_moved),
        cmocka_unit_test(lanes_of_products_are_merged),
        cmocka_unit_test(what_stands_at_one_place_is_one_argument),
        cmocka_unit_test(sums_of_rows_run_outside),
        cmocka_unit_test(weights_are_packed_once_a_window),
        cmocka_unit_test(products_of_the_same_weights_share_a_pack),
        cmocka_unit_test(versions_are_not_packed),
        cmocka_unit_test(runs_are_one_call),
        cmocka_unit_test(regions_meet_exactly),
        cmocka_unit_test(schedules_that_are_wrong_are_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
