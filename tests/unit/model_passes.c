#include "model_passes.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"

#include "front/spec.h"
#include "graph/text.h"
#include "passes/reach.h"
#include "schedule/memory.h"

const SmallSpec small_specs[] = {
    { "models/scalar.lua", { { NULL } } },
    { "models/elman.lua", { { "hidden", "5" } } },
    { "models/lstm.lua", { { "hidden", "6" } } },
    { "models/gru.lua", { { "hidden", "5" } } },
    { "models/sunspots.lua", { { "hidden", "3" } } },
    { "models/charlstm.lua", { { "vocab", "7" }, { "embed", "3" }, { "hidden", "4" } } },
    { "tests/ops/arithmetic.lua", { { "batch", "2" } } },
    { "tests/ops/arrange.lua", { { "batch", "3" } } },
    { "tests/ops/choose.lua", { { "batch", "1" } } },
    { "tests/ops/constants.lua", { { "batch", "2" } } },
    { "tests/ops/rules.lua", { { "batch", "2" } } },
    { "tests/ops/kinks.lua", { { "batch", "2" } } },
    { "tests/ops/losses.lua", { { "batch", "2" } } },
    { "tests/ops/product.lua", { { "batch", "3" } } },
    { "tests/ops/reduce.lua", { { "batch", "2" } } },
    { "tests/ops/state.lua", { { "batch", "3" } } },
    { "tests/ops/token.lua", { { "batch", "2" } } },
    { "tests/ops/training.lua", { { "batch", "3" } } },
    { "tests/ops/unary.lua", { { "batch", "2" } } },
    { "tests/ops/random.lua", { { "seed", "11" }, { "batch", "1" } } },
    { "tests/ops/random.lua", { { "seed", "12" }, { "batch", "2" } } },
    { "tests/ops/random.lua", { { "seed", "13" }, { "size", "80" } } },
    { "tests/ops/random.lua", { { "seed", "14" }, { "k2", "1" } } },
    { "tests/ops/random.lua", { { "seed", "15" }, { "k2", "9" } } },
    { "tests/ops/random.lua", { { "seed", "16" }, { "size", "120" }, { "k2", "2" } } },
};
const int nsmall_specs = sizeof small_specs / sizeof *small_specs;

const char *const pass_words[NPASSES] = { "unroll", "differentiate", "remove_dead", "legalise" };

Model *load_small(const SmallSpec *s)
{
    SpecDefine defines[6];
    int n = 0;
    char *error = NULL;
    Memory memory;
    for (; n < 6 && s->define[n][0]; n++)
        defines[n] = (SpecDefine){ .name = s->define[n][0], .value = s->define[n][1] };
    SpecOptions options = { .defines = defines, .ndefines = n, .version = "test" };
    Model *m = spec_load(s->path, &options, &error);
    if (!m || !assign_memory(m, TL_F32, &memory, &error))
        fail_msg("%s", error);
    find_trained(m);
    return m;
}

Model *load_path(const char *path)
{
    return load_small(&(SmallSpec){ .path = path });
}

Window *window_after(const Model *m, bool training, Pass last)
{
    char *error = NULL;
    Window *w = training ? unroll_training(m, &error) : unroll_evaluation(m, m->tbptt.batch);
    if (!w)
        fail_msg("%s", error);
    if (training && last >= PASS_DIFFERENTIATE)
        differentiate(w);
    if (last >= PASS_REMOVE_DEAD)
        remove_dead(w);
    if (last >= PASS_LEGALISE)
        legalise(w);
    return w;
}

char *graph_text(const Graph *g)
{
    char *text = NULL;
    size_t size = 0;
    FILE *f = open_memstream(&text, &size);
    text_write_graph(f, g);
    fclose(f);
    return text;
}

char *model_text(const Model *m)
{
    char *text = NULL;
    size_t size = 0;
    FILE *f = open_memstream(&text, &size);
    model_write(m, f);
    fclose(f);
    return text;
}
