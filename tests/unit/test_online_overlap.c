/* Learning from a live stream, whatever becomes of overlapping steps: the same bits as the training
 * of a file, for every k1 and k2 up to 5, every way to count, with resets, padding and weights. By the
 * interpreter; tests/cli/online_is_the_training.sh does the same with generated code. */
#include "unit.h"

#include <stdlib.h>

#include "cli/engine.h"
#include "model_passes.h"
#include "online_run.h"

enum { MOST = 5 };

static void agree(const OnlineCase *c, tl_type real)
{
    char *error = NULL, name[100];
    Model *m = load_path("tests/overlap/stream.lua");
    online_case_apply(c, m);
    Engine *engine = engine_interpreter(m, real, &error);
    if (!engine)
        fail_msg("%s", error);
    const char *what = online_differs(c, &engine->run);
    if (what)
        fail_msg("%s: %s", online_case_name(c, name), what);
    engine_free(engine);
    model_free(m);
}

static void every_case(tl_overlap overlap)
{
    for (int32_t k1 = 1; k1 <= MOST; k1++)
        for (int32_t k2 = 1; k2 <= MOST; k2++)
            for (int kind = 0; kind < 12; kind++)
                agree(&(OnlineCase){ k1, k2, overlap, (tl_counted)(kind / 4), kind & 1, kind & 2,
                                     (k1 + k2 + kind / 2) & 1, (k1 + kind) % 3 ? 1 : 3 },
                      (k1 + k2) % 2 ? TL_F64 : TL_F32);
}

static void recomputed_windows_are_those_of_the_training(void **state)
{
    (void)state;
    every_case(TL_RECOMPUTE);
}

static void retained_steps_are_those_of_the_training(void **state)
{
    (void)state;
    every_case(TL_RETAIN);
}

static void versions_are_those_of_the_training(void **state)
{
    (void)state;
    every_case(TL_VERSIONS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recomputed_windows_are_those_of_the_training),
        cmocka_unit_test(retained_steps_are_those_of_the_training),
        cmocka_unit_test(versions_are_those_of_the_training),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
