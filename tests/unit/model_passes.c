#include "model_passes.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "unit.h"

#include "front/spec.h"
#include "graph/text.h"
#include "passes/reach.h"
#include "schedule/memory.h"
#include "scratch.h"

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
    { "tests/ops/join.lua", { { "batch", "2" } } },
    { "tests/ops/join.lua", { { "probes", "true" }, { "size", "4" } } },
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

const char *const graph_pass_words[] = { "unroll", "join", "project", "differentiate", "remove_dead", "sums", "legalise",
                                         NULL };

const char *const left_out_words[] = { NULL,
#define X(name, what) "no-" #name,
    OPTIMISATIONS(X)
#undef X
    "none" };
const int nleft_out = sizeof left_out_words / sizeof *left_out_words;

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
    if (!m || !assign_memory(m, TL_F32, NULL, false, &memory, &error))
        fail_msg("%s", error);
    find_trained(m);
    return m;
}

Model *load_path(const char *path)
{
    return load_small(&(SmallSpec){ .path = path });
}

Model *load_text(const char *text)
{
    char *root = getcwd(NULL, 0);
    files_enter();
    file_write("spec.lua", text);
    Model *m = load_path("spec.lua");
    files_leave();
    assert_int_equal(chdir(root), 0);
    free(root);
    return m;
}

/* The same on every machine. */
static CompileOptions options_without(const char *left_out)
{
    CompileOptions o = { .schedule = schedule_options(TL_F32, target_named("avx2")) };
    if (left_out && !leave_out(&o.schedule, left_out))
        fail_msg("there is no optimisation to leave out by %s", left_out);
    return o;
}

Window *window_after(const Model *m, bool training, const char *last)
{
    char *error = NULL;
    CompileOptions o = options_without(NULL);
    Window *w = training ? unroll_training(m, &error) : unroll_evaluation(m, m->tbptt.batch);
    if (!w)
        fail_msg("%s", error);
    run_graph_passes(w, &o, last);
    return w;
}

Program *compiled(Model *m, const char *left_out)
{
    char *error = NULL;
    CompileOptions o = options_without(left_out);
    Program *p = compile(m, &o, &error);
    if (!p)
        fail_msg("%s", error);
    return p;
}

void for_every_compiled(const SmallSpec *spec, void (*check)(const Compiled *, const char *what))
{
    char what[256];
    Model *m = load_small(spec);
    for (int i = 0; i < nleft_out; i++) {
        Program *p = compiled(m, left_out_words[i]);
        snprintf(what, sizeof what, "%s %s", spec->path, left_out_words[i] ? left_out_words[i] : "");
        check(&p->train, what);
        for (int32_t k = 0; k < p->nsteps; k++)
            check(&p->step[k], what);
        program_free(p);
    }
    model_free(m);
}

Ref behind_views(const Graph *g, Ref r)
{
    while (tl_op_table[node_at(g, r)->op].kind == TL_VIEW)
        r = arg_at(g, r, 0);
    return r;
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
