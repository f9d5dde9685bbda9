/* command_show.c - what a model is made of and what became of it. */
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <tapeless/json_memory.h>
#include <tapeless/report.h>
#include <tapeless/rule.h>
#include <tapeless/steps.h>
#include "cli/commands.h"
#include "graph/dot.h"
#include "graph/user_error.h"
#include "passes/jacobian_cost.h"
#include "cli/show_segments.h"
#include "cli/show_target.h"
#include "schedule/cost.h"

typedef struct Arguments {
    Common common;
    int dot, loops;
    const char *target;
    SingleArguments single;
} Arguments;

static void print_tensors(const char *what, const tl_tensor *t, int32_t n, size_t *total)
{
    size_t sum = 0;
    char rule[256];
    Arena *arena = arena_new();
    for (int32_t i = 0; i < n; i++) {
        Shape s = shape_make(t[i].rank, t[i].dim);
        printf("  %-8s %-28s %-16s", i ? "" : what, *t[i].name ? t[i].name : "-", shape_text(arena, &s));
        if (t[i].vocab)
            printf(" token of %d", t[i].vocab);
        printf(t[i].rule ? " %s\n" : "%s\n", tl_rule_text(&t[i], rule, sizeof rule));
        sum += tl_size(&t[i]);
    }
    if (total)
        *total = sum;
    arena_free(arena);
}

typedef struct Counts {
    uint32_t operations, loops, fused, products, other, copies;
} Counts;

static Counts count_calls(const Compiled *c)
{
    Counts n = { 0 };
    const Graph *g = c->window->graph;
    const Selected *s = c->selected;
    for (uint32_t u = 0; u < s->count; u++) {
        const Kernel *k = kernel_of(s, u);
        n.loops += k->kind == KERNEL_LOOP;
        n.fused += k->ninstructions;
        n.products += k->kind == KERNEL_PRODUCT;
    }
    for (Ref r = 1; r < g->count; r++)
        n.copies += node_at(g, r)->op == OP_COPY;
    n.other = s->count - n.loops - n.products;
    n.operations = n.fused + n.products + n.other;
    return n;
}

static int64_t bytes(const Program *p, int64_t elements) { return elements * (p->real == TL_F32 ? 4 : 8); }

static int64_t frame_bytes(const Program *p)
{
    return bytes(p, p->train.layouts->frame_size * p->model->tbptt.k2);
}

static int64_t version_bytes(const Program *p)
{
    tl_model m = { .tbptt = p->model->tbptt };
    return bytes(p, (int64_t)p->memory.param_size * tl_steps_versions(&m));
}

/* Of the windows of all shards. */
static uint64_t batch_flops(const Program *p)
{
    return window_flops(p->train.selected, p->train.units) * (uint64_t)tl_shards(&p->model->tbptt);
}

static const char *const counted_text[] = { "new steps", "newest step", "whole window" };
static const char *const reduce_text[] = { TL_EACH_REDUCE(TL_WORD) };
static const char *const learn_text[] = { TL_EACH_LEARN(TL_WORD) };
static const char *const overlap_text[] = { TL_EACH_OVERLAP(TL_WORD) };

/* Of as many steps as the window has, whatever the model learns by. */
static JacobianCost cost_of(const Common *c, const Model *m)
{
    Model *step = m->nextra ? load_step(c) : NULL;
    const Model *of = step ? step : m;
    JacobianCost cost = jacobian_cost(of, of->tbptt.k2);
    if (step)
        model_free(step);
    return cost;
}

static void print_cost(const JacobianCost *c)
{
    if (c->reverse == 0)
        return;
    printf("  %-8s of k2 steps: %.3g million operations in reverse mode", "Jacobian", 1e-6 * c->reverse);
    if (isfinite(c->forward))
        printf(", %.3g in forward mode", 1e-6 * c->forward);
    if (isfinite(c->blocks))
        printf(", %.3g by blocks", 1e-6 * c->blocks);
    puts("");
}

static void print_people(const Program *p, const JacobianCost *cost)
{
    const Model *m = p->model;
    size_t nparams, nstates;
    printf("%s (%s)\n", m->name, m->hash);
    for (int32_t i = 0; i < m->noptions; i++)
        printf("  %-8s %s = %s\n", i ? "" : "options", m->options[i].name, m->options[i].value);
    print_tensors("input", m->inputs, m->ninputs, NULL);
    print_tensors("target", m->targets, m->ntargets, NULL);
    print_tensors("output", m->outputs, m->noutputs, NULL);
    print_tensors("state", m->states, m->nstates, &nstates);
    print_tensors("params", m->params, m->nparams, &nparams);
    print_tensors("probes", m->probes, m->nprobes, NULL);
    print_tensors("losses", m->named, m->nnamed, NULL);
    Counts c = count_calls(&p->train);
    int32_t n = tl_shards(&m->tbptt);
    char shards[64] = "";
    if (n > 1)
        snprintf(shards, sizeof shards, " in %d shards of %d lanes", n, tl_lanes(&m->tbptt));
    tl_json_watch();
    printf("  %-8s %zu parameters, %zu numbers of state a lane\n", "sizes", nparams, nstates);
    printf("  %-8s k1 = %d, k2 = %d, batch = %d%s; %s of %s over the %s; overlap %s\n", "window", m->tbptt.k1, m->tbptt.k2,
           m->tbptt.batch, shards, reduce_text[m->tbptt.reduce], m->loss_name, counted_text[m->tbptt.counted],
           overlap_text[m->tbptt.overlap]);
    if (m->tbptt.learn != TL_LEARN_TBPTT)
        printf("  %-8s by %s\n", "learns", learn_text[m->tbptt.learn]);
    printf("  %-8s %u operations a step; %u in the window, forward and backward\n", "graph", m->step->count - 1,
           c.operations);
    printf("  %-8s %u products, %u loops that hold %u pointwise operations, %u others; %u copies\n", "code", c.products,
           c.loops, c.fused, c.other, c.copies);
    printf("  %-8s params %" PRId64 ", states %" PRId64 ", workspace %" PRId64 " bytes%s\n", "memory",
           bytes(p, (int64_t)p->memory.param_size), bytes(p, (int64_t)p->memory.state_size), bytes(p, workspace_size(&p->train)),
           n > 1 ? "; states, gradients and, but for packed weights, workspace once in each shard" : "");
    if (tl_keeps_steps(&m->tbptt))
        printf("  %-8s steps kept for later windows %" PRId64 " bytes, parameters as they saw them %" PRId64 " bytes\n", "",
               frame_bytes(p), version_bytes(p));
    if (m->head)
        printf("  %-8s the last k2 = %d steps, of which it sees %d value%s each\n", "head", m->tbptt.k2, m->npast,
               m->npast == 1 ? "" : "s");
    show_segments(&p->train);
    printf("  %-8s %.3f MFLOP of products a window\n", "work", 1e-6 * (double)batch_flops(p));
    print_cost(cost);
}

static json_t *tensors_json(const tl_tensor *t, int32_t n)
{
    json_t *rows = json_array();
    for (int32_t i = 0; i < n; i++) {
        json_t *shape = json_array();
        for (int32_t d = 0; d < t[i].rank; d++)
            json_array_append_new(shape, json_integer(t[i].dim[d]));
        json_array_append_new(rows, json_pack("{s:s, s:o, s:i}", "name", t[i].name, "shape", shape, "vocab", t[i].vocab));
    }
    return rows;
}

static json_t *params_json(const Model *m)
{
    json_t *rows = tensors_json(m->params, m->nparams);
    for (int32_t i = 0; i < m->nparams; i++)
        tl_rule_json(&m->params[i], json_array_get(rows, (size_t)i));
    return rows;
}

static void print_json(const Program *p, const JacobianCost *cost)
{
    const Model *m = p->model;
    Counts c = count_calls(&p->train);
    json_t *all = json_pack(
        "{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:i, s:i, s:i, s:i, s:I, s:I, s:I, s:I, s:i, s:i, s:i, s:i, s:I, s:I, s:i}", "name", m->name,
        "hash", m->hash, "inputs", tensors_json(m->inputs, m->ninputs), "targets", tensors_json(m->targets, m->ntargets),
        "outputs", tensors_json(m->outputs, m->noutputs), "states", tensors_json(m->states, m->nstates), "params",
        params_json(m), "k1", m->tbptt.k1, "k2", m->tbptt.k2, "batch", m->tbptt.batch,
        "shards", tl_shards(&m->tbptt), "param_bytes", (json_int_t)bytes(p, (int64_t)p->memory.param_size), "state_bytes",
        (json_int_t)bytes(p, (int64_t)p->memory.state_size), "workspace_bytes", (json_int_t)bytes(p, workspace_size(&p->train)),
        "window_flops", (json_int_t)batch_flops(p), "operations", (int)c.operations, "products",
        (int)c.products, "loops", (int)c.loops, "copies", (int)c.copies, "frame_bytes", (json_int_t)frame_bytes(p),
        "version_bytes", (json_int_t)version_bytes(p), "past_values", (int)m->npast);
    json_object_set_new(all, "jacobian_reverse_operations", json_real(cost->reverse));
    json_object_set_new(all, "jacobian_forward_operations", isfinite(cost->forward) ? json_real(cost->forward) : json_null());
    json_object_set_new(all, "jacobian_blocks_operations", isfinite(cost->blocks) ? json_real(cost->blocks) : json_null());
    tl_report_json(all, 0);
    json_decref(all);
}

static int run(Arguments *a)
{
    char *error = NULL;
    Model *m = load_model(&a->common);
    if (!m)
        return EXIT_WRONG;
    if (a->dot) {
        dot_write(m, stdout);
        model_free(m);
        return EXIT_DONE;
    }
    const JacobianCost cost = cost_of(&a->common, m);
    CompileOptions o = compile_options(&a->common);
    Program *p = compile(m, &o, &error);
    if (p && a->loops)
        units_write(p->train.units, p->train.window, stdout);
    else if (p && a->common.json)
        print_json(p, &cost);
    else if (p)
        print_people(p, &cost);
    int status = p ? EXIT_DONE : complain(error);
    program_free(p);
    model_free(m);
    return status;
}

#define SHOW_TABLE(a)                                                                                       \
    {                                                                                                       \
        TL_FLAG("dot", 0, &(a).dot, "print the step graph for Graphviz"),                                   \
        TL_FLAG("loops", 0, &(a).loops, "list every loop and product of the window, and what is stored"),   \
        TL_STRING("target", 0, &(a).target, "NAME",                                                         \
                  "what one file of C (compile --single-file) takes there: cortex-m0plus, cortex-m4, cortex-m7, riscv64, host"), \
        TL_FLAG("online", 0, &(a).single.online, "of --target: with the optimizer"),                       \
        TL_FLAG("no-libm", 0, &(a).single.no_libm, "of --target: without <math.h>"),                        \
        COMMON_OPTIONS((a).common),                                                                         \
        JSON_OPTION((a).common),                                                                            \
        TL_END,                                                                                             \
    }

static const Arguments defaults = { .common = COMMON_DEFAULTS };

int show_table(tl_see_table *see, void *context)
{
    Arguments a = defaults;
    const tl_option table[] = SHOW_TABLE(a);
    int result = see(table, context);
    tl_cli_free(table);
    return result;
}

int command_show(int argc, char **argv)
{
    Arguments a = defaults;
    const tl_option table[] = SHOW_TABLE(a);
    int status = parse_command(table, &a.common, "show", "What a model is made of and what became of it.", argc, argv);
    if (status < 0 && a.target && (a.dot || a.loops))
        status = complain(user_sentence("tapeless show: --target and --%s are two things; take one of them", a.dot ? "dot" : "loops"));
    if (status < 0)
        status = a.target || a.single.online || a.single.no_libm ? show_target(a.target, &a.single, &a.common) : run(&a);
    tl_cli_free(table);
    return status;
}
