/* online_agrees.c - learning from a stream by generated code, beside the training of the same
 * series: every k1 and k2 up to 5 and every overlap. Ways to count, resets and padding are dealt out over
 * them so that each comes with each overlap. A build in whose windows all steps may count serves all k1 and ways to
 * count (tests/cli/windows_know_k1_by_what_counts.sh), with flags that its windows read or without.
 * tests/cli/online_is_the_training.sh runs it. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/engine.h"
#include "front/spec.h"
#include "online_run.h"

enum { MOST = 5 };

static int cases, fine;

/* Runs the case with generated code that was built for another k1. */
static void run(const OnlineCase *c, int head, const Engine *built)
{
    char name[100];
    tl_model m = *built->run.model;
    tl_engine engine = built->run;
    m.tbptt.k1 = c->k1;
    m.tbptt.counted = c->counted;
    engine.model = &m;
    const char *what = online_differs(c, &engine);
    if (what)
        printf("%s%s: %s\n", online_case_name(c, name), head ? ", a head" : "", what);
    cases++;
    fine += !what;
}

/* Windows as the case says; free with close_build. */
typedef struct Build {
    Model *m;
    Engine *engine;
} Build;

static Build build(const OnlineCase *c, int head, tl_type real)
{
    char *error = NULL, k2[20];
    snprintf(k2, sizeof k2, "%d", (int)c->k2);
    SpecDefine defines[] = { { .name = "k2", .value = k2 }, { .name = "head", .value = head ? "true" : "false" } };
    SpecOptions options = { .version = "test", .defines = defines, .ndefines = 2 };
    CompileOptions o = { .schedule = schedule_options(real, target_named("native")) };
    Build b = { .m = spec_load("tests/overlap/stream.lua", &options, &error) };
    if (b.m) {
        online_case_apply(c, b.m);
        b.m->new_steps = c->k2;
    }
    b.engine = b.m ? engine_generated(b.m, &o, &error) : NULL;
    if (!b.engine) {
        printf("%s\n", error);
        exit(1);
    }
    return b;
}

static void close_build(Build *b)
{
    engine_free(b->engine);
    model_free(b->m);
}

/* Half of the k1 by windows that read flags, with data that have some or all of them. */
static void every_k1(int32_t k2, tl_overlap overlap, int flags)
{
    OnlineCase c = { .k1 = 1, .k2 = k2, .overlap = overlap, .resets = flags, .masks = flags };
    Build b = build(&c, 0, (k2 + (int32_t)overlap + flags) % 2 ? TL_F64 : TL_F32);
    for (int32_t k1 = 1; k1 <= MOST; k1++) {
        if ((k1 + k2 + (int32_t)overlap) % 2 != flags)
            continue;
        c.k1 = k1;
        c.counted = (tl_counted)((k1 + 2 * k2 + (int32_t)overlap) % 3);
        c.resets = flags && k1 % 3 != 0;
        c.masks = flags && k1 % 3 != 1;
        c.weights = (k1 + k2 / 2 + (int32_t)overlap) % 2;
        run(&c, 0, b.engine);
    }
    close_build(&b);
}

static void with_a_head(int32_t k2, tl_overlap overlap)
{
    OnlineCase c = { .k1 = 1 + (k2 + (int32_t)overlap) % 4, .k2 = k2, .overlap = overlap,
                     .counted = TL_COUNT_LAST, .resets = k2 == 3, .masks = k2 == 2, .weights = k2 != 5 };
    Build b = build(&c, 1, (k2 + (int32_t)overlap) % 2 ? TL_F64 : TL_F32);
    run(&c, 1, b.engine);
    close_build(&b);
}

int main(void)
{
    for (int32_t k2 = 1; k2 <= MOST; k2++)
        for (int overlap = TL_RECOMPUTE; overlap <= TL_VERSIONS; overlap++) {
            for (int flags = 0; flags < 2; flags++)
                every_k1(k2, (tl_overlap)overlap, flags);
            if (k2 > 1)
                with_a_head(k2, (tl_overlap)overlap);
        }
    printf("%d of %d agree\n", fine, cases);
    return fine < cases || cases != 87;
}
