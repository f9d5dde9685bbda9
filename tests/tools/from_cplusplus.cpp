// from_cplusplus.cpp - a generated model learns from C++: the tables, a window by hand, the online loop of
// the runtime. tests/cli/cplusplus_uses_a_model.sh links it with uv.c, compiled as C and as C++.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <tapeless/checkpoint.h>
#include <tapeless/generated.h>
#include <tapeless/init.h>
#include <tapeless/online.h>

#include "uv.h"

static int wrong(const char *what)
{
    std::printf("%s\n", what);
    return 1;
}

int main()
{
    const tl_model *m = &uv_model;
    tl_engine engine = tl_generated_engine(m);
    tl_error e;
    tl_online o;
    std::size_t size = tl_online_size(m);
    void *memory = std::aligned_alloc(TL_ALIGN, (size + TL_ALIGN - 1) / TL_ALIGN * TL_ALIGN);
    if (m->abi != TL_ABI || m->nparams != 5 || std::strcmp(m->params[0].name, "U") || m->params[0].dim[1] != 8 ||
        std::strcmp(m->loss, "mse") || m->window != uv_window || m->step != uv_step || m->tbptt.k2 != UV_K2)
        return wrong("the tables");
    if (!memory || tl_online_begin(&o, &engine, memory, &e) || tl_init_params(m, o.buffers.params, 1, &e))
        return wrong("memory");
    tl_online_start(&o);
    double first = 0, last = 0;
    for (int t = 0; t < 400; t++) {
        float x[UV_BATCH], y[UV_BATCH];
        for (int lane = 0; lane < UV_BATCH; lane++) {
            x[lane] = std::sin(0.3f * static_cast<float>(t + 5 * lane));
            y[lane] = 0.5f * x[lane];
        }
        const void *input[] = { x }, *target[] = { y };
        if (tl_online_push(&o, input, target, nullptr, nullptr, &e) < 0)
            return wrong(e.text);
        (t < 40 ? first : last) = o.loss;
    }
    if (!(last < 0.05 * first))
        return wrong("it does not learn");
    std::printf("%d parameters, loss %.5f\n", m->nparams, last);
    std::free(memory);
    return 0;
}
