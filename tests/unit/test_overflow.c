/* An update whose result would not be finite is told from one that is, before it is made. */
#include "unit.h"

#include <math.h>

#include <tapeless/finite.h>
#include <tapeless/overflow.h>
#include <tapeless/random.h>
#include <tapeless/real.h>

enum { SIZE = 600, MOST = SIZE * (1 + TL_MAX_MOMENTS) };

/* More than two pieces, and a small one. */
static tl_model model(tl_type real)
{
    static const tl_rule rules[] = { { TL_TRAINED, 100, 30, -INFINITY, INFINITY, 0 },
                                     { TL_FROZEN, 1, 1, -INFINITY, INFINITY, 0 } };
    static const tl_tensor params[] = { { .name = "a", .rank = 2, .dim = { 250, 2 } },
                                        { .name = "b", .rank = 1, .dim = { 86 }, .offset = 500,
                                          .rule = &rules[0] },
                                        { .name = "c", .rank = 1, .dim = { 14 }, .offset = 586,
                                          .rule = &rules[1] } };
    return (tl_model){ .name = "m", .real = real, .nparams = 3, .params = params, .param_size = SIZE };
}

static const tl_optimizer_spec specs[] = {
    { .kind = TL_SGD },
    { .kind = TL_SGD, .momentum = 0.9, .nesterov = 1, .weight_decay = 0.1 },
    { .kind = TL_SGD, .momentum = 0.5, .dampening = 3 },
    { .kind = TL_ADAM, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-8, .weight_decay = 1e-3 },
    { .kind = TL_ADAMW, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e3, .weight_decay = 0.5 },
    { .kind = TL_RMSPROP, .alpha = 0.99, .eps = 1e-8 },
    { .kind = TL_RMSPROP, .alpha = 0.99, .eps = 1e-8, .momentum = 0.9 },
    { .kind = TL_RMSPROP, .alpha = 0.99, .eps = 1e-8, .momentum = 0.9, .centered = 1 },
};
enum { SPECS = sizeof specs / sizeof *specs };

typedef struct Memory {
    _Alignas(64) double params[SIZE], moments[SIZE * TL_MAX_MOMENTS], grads[SIZE];
    tl_span spans[3];
} Memory;

/* A number of random sign whose decimal exponent is even in -40 .. most. */
static double wild(tl_random *r, double most)
{
    double x = pow(10, -40 + (most + 40) * tl_uniform(r));
    return tl_uniform(r) < 0.5 ? -x : x;
}

/* Where a rule keeps squares they are not negative. */
static int is_square(const tl_optimizer *o, int32_t j)
{
    return strcmp(o->moment_name[j], "v") == 0;
}

static void fill(Memory *k, const tl_optimizer *o, tl_random *r)
{
    tl_type real = o->model->real;
    double top = real == TL_F64 ? 308 : 38;
    double most = tl_uniform(r) < 0.5 ? 5 : top, grad = tl_uniform(r) < 0.5 ? 2 : top;
    for (size_t i = 0; i < SIZE; i++) {
        tl_real_set(real, k->params, i, wild(r, most));
        tl_real_set(real, k->grads, i, wild(r, grad));
    }
    for (int32_t j = 0; j < o->nmoments; j++)
        for (size_t i = 0; i < SIZE; i++) {
            double x = wild(r, most);
            tl_real_set(real, o->moment[j], i, is_square(o, j) ? fabs(x) : x);
        }
}

static double largest_grad(const Memory *k, tl_type real)
{
    double most = 0;
    for (size_t i = 0; i < SIZE; i++)
        most = fmax(most, fabs(tl_real_get(real, k->grads, i)));
    return most * sqrt(SIZE);
}

static int all_finite(const Memory *k, const tl_optimizer *o)
{
    int fine = tl_not_finite(o->model->real, k->params, 0, SIZE) == SIZE;
    for (int32_t j = 0; j < o->nmoments; j++)
        fine = fine && tl_not_finite(o->model->real, o->moment[j], 0, SIZE) == SIZE;
    return fine;
}

/* What the check has bounded is not larger. */
static void check_bounds(const Memory *k, const tl_optimizer *o)
{
    tl_type real = o->model->real;
    for (size_t i = 0; i < SIZE && o->bounds.known; i++) {
        assert_true(fabs(tl_real_get(real, k->params, i)) <= o->bounds.params);
        for (int32_t j = 0; j < o->nmoments; j++)
            assert_true(fabs(tl_real_get(real, o->moment[j], i)) <= o->bounds.moments);
    }
}

/* Updates until one fails: the check says so before each, and changes nothing. */
static void follow(const tl_optimizer_spec *spec, tl_type real, uint64_t seed, int *seen)
{
    static Memory k, before;
    tl_error e;
    tl_random r = { .key = seed };
    memset(&k, 0, sizeof k);
    tl_model m = model(real);
    tl_optimizer o = tl_optimizer_over(&m, spec, k.spans, k.moments);
    fill(&k, &o, &r);
    for (uint64_t u = 0; u < 12; u++) {
        double lr = fabs(wild(&r, tl_uniform(&r) < 0.8 ? 0 : 30));
        memcpy(&before, &k, sizeof k);
        int refused = tl_overflow_check(&o, k.params, k.grads, largest_grad(&k, real), lr, u, &e);
        assert_memory_equal(&before, &k, sizeof k);
        tl_optimizer_step(&o, k.params, k.grads, lr, u);
        if (all_finite(&k, &o) == refused)
            fail_msg("optimizer %d, seed %d, update %d: %s", (int)(spec - specs), (int)seed, (int)u,
                     refused ? e.text : "an overflow was not seen");
        check_bounds(&k, &o);
        seen[refused ? 1 : o.bounds.known ? 0 : 2]++;
        if (refused)
            return;
    }
}

static void what_an_update_makes_is_known_before(void **state)
{
    (void)state;
    int seen[3] = { 0 }; /* without a trial; refused; tried and fine */
    for (int real = TL_F32; real <= TL_F64; real++)
        for (int i = 0; i < SPECS; i++)
            for (uint64_t seed = 1; seed <= 40; seed++)
                follow(&specs[i], (tl_type)real, seed, seen);
    print_message("%d by the bound, %d refused, %d tried\n", seen[0], seen[1], seen[2]);
    assert_true(seen[0] > 500 && seen[1] > 50 && seen[2] > 50);
}

static void the_sentence_names_the_element(void **state)
{
    (void)state;
    static Memory k;
    tl_error e;
    tl_model m = model(TL_F32);
    tl_optimizer o = tl_optimizer_over(&m, &specs[0], k.spans, NULL);
    tl_real_set(TL_F32, k.params, 491, 2);
    tl_real_set(TL_F32, k.grads, 491, 1e30);
    assert_int_equal(tl_overflow_check(&o, k.params, k.grads, 1e30, 1e9, 6, &e), -1);
    assert_contains(e.text, "update 7: the parameter a[245, 1] would become -inf (a[245, 1] is 2, its gradient 1e+30)");
    tl_optimizer adam = tl_optimizer_over(&m, &specs[3], k.spans, k.moments);
    assert_int_equal(tl_overflow_check(&adam, k.params, k.grads, 1e30, 1e-3, 0, &e), -1);
    assert_contains(e.text, "a moment of a[245, 1] would become inf");
}

/* In ordinary training not even a pass over the numbers is made but seldom: then the bound falls again. */
static void ordinary_updates_carry_a_bound(void **state)
{
    (void)state;
    static Memory k;
    tl_error e;
    for (int i = 0; i < SPECS - 1; i++) {
        memset(&k, 0, sizeof k);
        tl_model m = model(TL_F32);
        m.nparams = 1; /* no factors */
        tl_optimizer o = tl_optimizer_over(&m, &specs[i], k.spans, k.moments);
        int carried = 0;
        for (uint64_t u = 0; u < 1000; u++) {
            tl_bounds before = o.bounds;
            assert_int_equal(tl_overflow_check(&o, k.params, k.grads, 3, 1e-3, u, &e), 0);
            assert_true(o.bounds.known);
            carried += o.bounds.params > before.params;
        }
        assert_true(carried >= (specs[i].kind == TL_ADAM ? 600 : 990));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_an_update_makes_is_known_before),
        cmocka_unit_test(the_sentence_names_the_element),
        cmocka_unit_test(ordinary_updates_carry_a_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
