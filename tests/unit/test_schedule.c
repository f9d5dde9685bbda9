/* Schedules by validations and over the whole run are torch's (tests/torch/schedules.py). */
#include "unit.h"

#include <math.h>
#include <stdio.h>

#include <tapeless/safetensors.h>
#include <tapeless/schedule.h>

static tl_st *fixtures;

static const tl_st_tensor *fixture(const char *name)
{
    const tl_st_tensor *t = tl_st_find(fixtures, name);
    if (!t)
        fail_msg("schedules.safetensors has no %s", name);
    return t;
}

static void cycle_is(const char *name, double peak, double start, double final)
{
    const tl_st_tensor *rates = fixture(name);
    uint64_t n = (uint64_t)rates->dim[0];
    tl_schedule_spec s = { .kind = TL_SCHEDULE_ONE_CYCLE, .peak = peak, .start = start, .final = final };
    for (uint64_t u = 0; u < n; u++)
        assert_near(tl_schedule(&s, u, n), tl_st_double(rates, u), 1e-14);
    assert_near(tl_schedule(&s, n + 100, n), final, 0);
    s.total = (int64_t)n; /* whatever the run */
    assert_near(tl_schedule(&s, n / 2, 5), tl_st_double(rates, n / 2), 1e-14);
}

static void one_cycle_is_torchs(void **state)
{
    (void)state;
    cycle_is("cycle_20", 0.3, 1.0 / 25, 1.0 / 25 / 1e4);
    cycle_is("cycle_7", 0.5, 0.25, 0.25 / 50);
    cycle_is("cycle_1000", 0.45, 0.1, 0.1 / 1e4);
    cycle_is("cycle_late", 0.9, 1.0 / 25, 1.0 / 25 / 1e4);
}

/* What torch divides by 0 at, or does not take. */
static void one_cycle_has_its_ends(void **state)
{
    (void)state;
    tl_schedule_spec s = { .kind = TL_SCHEDULE_ONE_CYCLE, .peak = 0.1, .start = 0.5, .final = 0.25 };
    assert_near(tl_schedule(&s, 3, 0), 1, 0);      /* a run of unknown length */
    assert_near(tl_schedule(&s, 0, 10), 1, 0);     /* the peak is the first update */
    assert_near(tl_schedule(&s, 0, 1), 0.25, 0);   /* the last one */
    s.peak = 1;
    assert_near(tl_schedule(&s, 0, 10), 0.5, 0);
    assert_near(tl_schedule(&s, 9, 10), 0.25, 0);
    s.peak = 0;
    assert_true(tl_schedule(&s, 0, 10) < 1 && tl_schedule(&s, 0, 10) > 0.9);
}

static void plateau_is(const char *name, tl_schedule_spec s)
{
    const tl_st_tensor *losses = fixture("losses"), *rates = fixture(name);
    tl_plateau p = tl_plateau_new();
    int reduced = 0;
    s.kind = TL_SCHEDULE_PLATEAU;
    for (uint64_t i = 0; i < (uint64_t)rates->dim[0]; i++) {
        double before = p.factor;
        int smaller = tl_plateau_note(&p, &s, i + 1, tl_st_double(losses, i));
        assert_near(p.factor, tl_st_double(rates, i), 1e-15);
        assert_int_equal(smaller, p.factor < before);
        reduced += smaller;
    }
    assert_true(reduced > 1);
}

static void reduce_on_plateau_is_torchs(void **state)
{
    (void)state;
    plateau_is("plateau_patient", (tl_schedule_spec){ .factor = 0.5, .patience = 2 });
    plateau_is("plateau_strict", (tl_schedule_spec){ .factor = 0.1, .min_delta = 0.05, .floor = 1e-3 });
    plateau_is("plateau_floor", (tl_schedule_spec){ .factor = 0.3, .patience = 1, .min_delta = 0.01, .floor = 0.2 });
}

static void plateaus_begin_behind_the_warmup(void **state)
{
    (void)state;
    const tl_schedule_spec s = { .kind = TL_SCHEDULE_PLATEAU, .factor = 0.5, .patience = 1, .warmup = 10 };
    tl_plateau p = tl_plateau_new();
    for (uint64_t update = 1; update < 10; update++)
        assert_int_equal(tl_plateau_note(&p, &s, update, 1), 0);
    assert_int_equal(tl_plateau_note(&p, &s, 10, 1), 0);
    assert_int_equal(tl_plateau_note(&p, &s, 11, NAN), 1); /* which is no better either */
    assert_near(p.factor, 0.5, 0);
    const tl_schedule_spec other = { .kind = TL_SCHEDULE_STEP, .every = 1, .gamma = 0.5 };
    for (int i = 0; i < 9; i++)
        assert_int_equal(tl_plateau_note(&p, &other, 20, 1), 0);
    assert_near(p.factor, 0.5, 0);
}

int main(int argc, char **argv)
{
    char path[1024];
    tl_error e;
    snprintf(path, sizeof path, "%s/schedules.safetensors", argc > 1 ? argv[1] : "tests/torch");
    fixtures = tl_st_open(path, &e);
    if (!fixtures) {
        fprintf(stderr, "%s\n", e.text);
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_cycle_is_torchs),
        cmocka_unit_test(one_cycle_has_its_ends),
        cmocka_unit_test(reduce_on_plateau_is_torchs),
        cmocka_unit_test(plateaus_begin_behind_the_warmup),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    tl_st_free(fixtures);
    return failed;
}
