#include "schedule/target.h"

#include <stddef.h>
#include <string.h>

/* A multiply-add takes 4 cycles and two begin in each, on all x86-64 of these levels that were measured and on the
 * AArch64 cores with two pipes; those with four want 16 sums, which tiles of 24 have as well. */
const Target all_targets[] = {
    { "avx512", 64, 32, 8, true, { "-march=x86-64-v4" }, "x86_64-linux-gnu-" },
    { "avx2", 32, 16, 8, true, { "-march=x86-64-v3" }, "x86_64-linux-gnu-" },
    { "sse2", 16, 16, 8, false, { "-march=x86-64" }, "x86_64-linux-gnu-" },
    { "neon", 16, 32, 8, true, { "-march=armv8-a" }, "aarch64-linux-gnu-" },
    { "plain", 0, 16, 8, false, { NULL }, NULL },
    { NULL, 0, 0, 0, false, { NULL }, NULL },
};

const char *const target_names = "native, avx512, avx2, sse2, neon, plain";

const Target *target_named(const char *name)
{
    if (strcmp(name, "native") == 0)
        return target_native();
    for (const Target *t = all_targets; t->name; t++)
        if (strcmp(t->name, name) == 0)
            return t;
    return NULL;
}

#if defined __x86_64__
/* x86-64-v4 and v3 are more than AVX-512F and AVX2; what compilers take for granted is asked for. */
static bool runs_avx512(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl");
}

static bool runs_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi") &&
           __builtin_cpu_supports("bmi2");
}

const Target *target_native(void)
{
    return target_named(runs_avx2() ? runs_avx512() ? "avx512" : "avx2" : "sse2");
}
#elif defined __aarch64__
const Target *target_native(void)
{
    return target_named("neon");
}
#else
const Target *target_native(void)
{
    return target_named("plain");
}
#endif

const Target *target_common(void)
{
    const Target *native = target_native();
    return native->cross && !strcmp(native->cross, "x86_64-linux-gnu-") ? target_named("sse2") : native;
}
