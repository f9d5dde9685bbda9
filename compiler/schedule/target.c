#include "schedule/target.h"

#include <stddef.h>
#include <string.h>

static const Target targets[] = {
    { "avx512", 64, 32 }, { "avx2", 32, 16 }, { "sse2", 16, 16 }, { "neon", 16, 32 }, { "plain", 0, 16 },
};

const char *const target_names = "native, avx512, avx2, sse2, neon, plain";

static const char *native_name(void)
{
#if defined __x86_64__
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq"))
        return "avx512";
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? "avx2" : "sse2";
#elif defined __aarch64__
    return "neon";
#else
    return "plain";
#endif
}

const Target *target_named(const char *name)
{
    if (!strcmp(name, "native"))
        name = native_name();
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++)
        if (!strcmp(targets[i].name, name))
            return &targets[i];
    return NULL;
}
