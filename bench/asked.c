#include "asked.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

_Noreturn void end(const char *why)
{
    printf("failed %s\n", why);
    exit(1);
}

const tl_model *load_model(const char *path, const char *symbol)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library)
        end(dlerror());
    const tl_model *m = dlsym(library, symbol);
    if (!m || m->abi != TL_ABI)
        end("the library is no model of this version");
    return m;
}

double now(void)
{
    const char *clock_ = getenv("TAPELESS_BENCH_CLOCK");
    struct timespec t;
    clock_gettime(clock_ && strcmp(clock_, "cpu") == 0 ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}
