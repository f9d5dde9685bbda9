/* online_agrees.c - learning from a stream by generated code, beside the training of the same
 * series: every k1 and k2 up to 5 and every overlap, a build each. Ways to count, resets, padding
 * and weights are dealt out over them so that each comes with each overlap.
 * tests/cli/online_is_the_training.sh runs it. */
#include <stdio.h>
#include <stdlib.h>

#include "engine.h"
#include "online_run.h"
#include "spec.h"

enum { MOST = 5 };

/* 1 if it agrees. */
static int agrees(const OnlineCase *c, int head, tl_type real)
{
    char *error = NULL, name[100], k2[20];
    snprintf(k2, sizeof k2, "%d", (int)c->k2);
    SpecDefine defines[] = { { "k2", k2 }, { "head", head ? "true" : "false" } };
    SpecOptions options = { .version = "test", .defines = defines, .ndefines = 2 };
    CompileOptions o = { .real = real, .fuse = true };
    Model *m = spec_load("tests/overlap/stream.lua", &options, &error);
    if (m)
        online_case_apply(c, m);
    Engine *engine = m ? engine_generated(m, &o, &error) : NULL;
    const char *what = engine ? online_differs(c, &engine->run) : error;
    if (what)
        printf("%s%s: %s\n", online_case_name(c, name), head ? ", a head" : "", what);
    engine_free(engine);
    model_free(m);
    free(error);
    return !what;
}

int main(void)
{
    int cases = 0, fine = 0;
    for (int32_t k1 = 1; k1 <= MOST; k1++)
        for (int32_t k2 = 1; k2 <= MOST; k2++)
            for (int32_t overlap = TL_RECOMPUTE; overlap <= TL_VERSIONS; overlap++, cases++) {
                OnlineCase c = { .k1 = k1, .k2 = k2, .overlap = (tl_overlap)overlap };
                c.counted = (tl_counted)((k1 + k2 + overlap) % 3);
                c.resets = (k1 + 2 * k2 + overlap) % 4 != 0;
                c.masks = (2 * k1 + k2 + overlap) % 4 > 1;
                c.weights = (k1 + k2 / 2 + overlap) % 2;
                fine += agrees(&c, 0, cases % 2 ? TL_F64 : TL_F32);
            }
    for (int32_t k2 = 2; k2 <= MOST; k2++)
        for (int32_t overlap = TL_RECOMPUTE; overlap <= TL_VERSIONS; overlap++, cases++) {
            OnlineCase c = { .k1 = 1 + (k2 + overlap) % 4, .k2 = k2, .overlap = (tl_overlap)overlap,
                             .counted = TL_COUNT_LAST, .resets = k2 == 3, .masks = k2 == 2,
                             .weights = k2 != 5 };
            fine += agrees(&c, 1, cases % 2 ? TL_F64 : TL_F32);
        }
    printf("%d of %d agree\n", fine, cases);
    return fine < cases;
}
