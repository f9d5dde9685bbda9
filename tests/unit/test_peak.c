/* The peak that bench compares with. */
#include "unit.h"

#include <math.h>

#include <tapeless/peak.h>
#include <tapeless/progress.h>

/* One chain of scalar multiply-adds, whose latency nothing hides. */
static double one_chain(void)
{
    double best = 0;
    volatile double m = 0.5, a = 1;
    for (int i = 0; i < 20; i++) {
        double x = 1, begun = tl_seconds();
        for (int n = 0; n < 100000; n++)
            x = fma(x, m, a);
        double rate = 2e5 / (tl_seconds() - begun) + 0 * x;
        best = rate > best ? rate : best;
    }
    return best;
}

static void floats_go_twice_as_fast_as_doubles(void **state)
{
    (void)state;
    double f32 = tl_peak_flops(TL_F32, 0.05), f64 = tl_peak_flops(TL_F64, 0.05);
    assert_true(f32 > 1.3 * f64 && f32 < 3 * f64);
}

static void the_peak_is_far_above_a_chain_of_scalars(void **state)
{
    (void)state;
    assert_true(tl_peak_flops(TL_F64, 0.05) > 2 * one_chain());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(floats_go_twice_as_fast_as_doubles),
        cmocka_unit_test(the_peak_is_far_above_a_chain_of_scalars),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
