/* compile.c - the list of passes. */
#include "compile.h"

#include <stdlib.h>
#include <string.h>

#include "graph/checked.h"
#include "graph/user_error.h"
#include "passes/reach.h"
#include "schedule/sums.h"

const char *const pass_names = "spec, unroll, join, project, differentiate, remove_dead, sums, legalise, segments, fuse, select, plan";

bool is_pass(const char *name)
{
    size_t length = strlen(name);
    for (const char *at = pass_names; at; at = strchr(at, ','), at = at ? at + 2 : NULL)
        if (length && !strncmp(at, name, length) && (at[length] == ',' || !at[length]))
            return true;
    return false;
}

static bool wanted(const CompileOptions *o, const char *pass)
{
    return o->dump && !strcmp(o->dump, pass);
}

/* Every value must fit BLAS's and a loop's 32-bit counts. */
static char *too_large(const Window *w)
{
    const Graph *g = w->graph;
    for (Ref r = 1; r < g->count; r++) {
        const Node *n = node_at(g, r);
        if (shape_size(&n->shape) * (n->batched ? g->lanes : 1) > INT32_MAX)
            return user_sentence("%s:%d: a value of shape %s in each of %d lanes is too large; lower batch or the "
                                 "sizes", g->files[n->file], n->line, shape_text(g->arena, &n->shape), g->lanes);
    }
    return NULL;
}

/* ---- the passes, in order: spec -> (unroll_*) -> graph to graph -> schedule -> emit ---- */

static void run_unroll(Window *w, const ScheduleOptions *o)
{
    (void)w; /* it is what unroll_* made */
    (void)o;
}

static void run_join(Window *w, const ScheduleOptions *o)
{
    if (o->join)
        join(w);
}

static void run_project(Window *w, const ScheduleOptions *o)
{
    if (w->training && o->project)
        project(w);
}

static void run_differentiate(Window *w, const ScheduleOptions *o)
{
    (void)o;
    if (w->training)
        differentiate(w);
}

static void run_remove_dead(Window *w, const ScheduleOptions *o)
{
    (void)o;
    if (w->training)
        keep_alike(w);
    remove_dead(w);
}

static void run_sums(Window *w, const ScheduleOptions *o)
{
    if (!o->sums)
        return;
    if (w->training)
        merge_sums(w);
    sums(w, o->batch);
}

static void run_legalise(Window *w, const ScheduleOptions *o)
{
    (void)o;
    legalise(w);
}

static const struct {
    const char *name;
    void (*run)(Window *, const ScheduleOptions *);
} graph_passes[] = {
    { "unroll", run_unroll }, { "join", run_join }, { "project", run_project }, { "differentiate", run_differentiate },
    { "remove_dead", run_remove_dead }, { "sums", run_sums }, { "legalise", run_legalise },
};

void run_graph_passes(Window *w, const CompileOptions *o, const char *last)
{
    for (size_t i = 0; i < sizeof graph_passes / sizeof *graph_passes; i++) {
        graph_passes[i].run(w, &o->schedule);
#ifndef NDEBUG
        check_window(w, graph_passes[i].name);
#endif
        if (wanted(o, graph_passes[i].name))
            window_write(w, o->dump_to);
        if (last && !strcmp(last, graph_passes[i].name))
            return;
    }
}

static Compiled run_passes(Window *w, const CompileOptions *o, Kernels *kernels)
{
    run_graph_passes(w, o, NULL);
    Compiled c = schedule(w, &o->schedule, kernels);
    if (wanted(o, "segments"))
        segments_write(c.segments, w, o->dump_to);
    if (wanted(o, "fuse"))
        units_write(c.units, w, o->dump_to);
    if (wanted(o, "select"))
        selected_write(c.selected, c.units, o->dump_to);
    if (wanted(o, "plan"))
        plan_write(c.plan, w, o->dump_to);
    return c;
}

void program_free(Program *p)
{
    if (!p)
        return;
    compiled_free(&p->train);
    for (int32_t i = 0; i < p->nsteps; i++)
        compiled_free(&p->step[i]);
    kernels_free(p->kernels);
    free(p);
}

Program *compile(Model *m, const CompileOptions *o, char **error)
{
    Program *p = checked(calloc(1, sizeof *p));
    *p = (Program){ .model = m, .real = o->schedule.real, .target = o->schedule.target,
                    .elementary = o->schedule.elementary };
    if (wanted(o, "spec"))
        model_write(m, o->dump_to);
    find_trained(m);
    const Target *columns = o->schedule.tiles && o->schedule.columns ? o->schedule.target : NULL;
    if (!assign_memory(m, o->schedule.real, columns, o->schedule.dense, &p->memory, error) ||
        (*error = tables_misfit(m->step->tables, o->schedule.real, m->spec))) {
        free(p);
        return NULL;
    }
    Window *w = unroll_training(m, error);
    if (!w || (*error = too_large(w))) {
        window_free(w);
        free(p);
        return NULL;
    }
    CompileOptions quiet = *o;
    quiet.dump = NULL;
    p->kernels = kernels_new();
    p->train = run_passes(w, o, p->kernels);
    p->step[p->nsteps++] = run_passes(unroll_evaluation(m, tl_lanes(&m->tbptt)), &quiet, p->kernels);
    if (tl_lanes(&m->tbptt) > 1)
        p->step[p->nsteps++] = run_passes(unroll_evaluation(m, 1), &quiet, p->kernels);
    return p;
}

/* ---- the functions of a step ---- */

/* A view with the function's blocks as outputs: all of them, or those that have nothing to do with parameters. */
static void choose_blocks(StepCode *code, const StepDerivatives *d, StepFunctionKind kind, bool all)
{
    const StepFunction *f = &d->function[kind];
    Model *m = &code->view;
    *m = *d->model;
    m->outputs = arena_array(m->arena, tl_tensor, f->nblocks + 1);
    m->output = arena_array(m->arena, Ref, f->nblocks + 1);
    code->block = arena_array(m->arena, int32_t, f->nblocks + 1);
    for (int32_t i = 0; i < f->nblocks; i++) {
        Ref node = f->block[i].node;
        if (!node || (f->block[i].params && !all))
            continue;
        const Shape *s = &node_at(m->step, node)->shape;
        tl_tensor *t = &m->outputs[m->noutputs];
        *t = (tl_tensor){ .name = "", .rank = s->rank, .type = TL_F64, .learned = -1, .scale = TL_SCALE_RAW };
        memcpy(t->dim, s->dim, sizeof s->dim);
        m->output[m->noutputs] = node;
        code->block[m->noutputs++] = i;
    }
}

static char *compile_code(StepCode *code, StepProgram *p, const CompileOptions *o)
{
    Window *w = unroll_evaluation(&code->view, 1);
    char *error = too_large(w);
    if (error)
        window_free(w);
    else
        code->compiled = run_passes(w, o, p->base.kernels);
    return error;
}

static char *compile_function(StepProgram *p, StepFunctionKind kind, const CompileOptions *o)
{
    if (!p->d->function[kind].nblocks)
        return NULL;
    choose_blocks(&p->code[kind], p->d, kind, false);
    choose_blocks(&p->whole[kind], p->d, kind, true);
    if (p->code[kind].view.noutputs == p->whole[kind].view.noutputs)
        p->whole[kind].view.noutputs = 0;
    char *error = compile_code(&p->code[kind], p, o);
    return error || !p->whole[kind].view.noutputs ? error : compile_code(&p->whole[kind], p, o);
}

void step_program_free(StepProgram *p)
{
    if (!p)
        return;
    for (int i = 0; i < STEP_FUNCTIONS; i++) {
        if (p->code[i].compiled.window)
            compiled_free(&p->code[i].compiled);
        if (p->whole[i].compiled.window)
            compiled_free(&p->whole[i].compiled);
    }
    kernels_free(p->base.kernels);
    free(p->params);
    free(p);
}

StepProgram *compile_step(const StepDerivatives *d, const CompileOptions *o, char **error)
{
    CompileOptions quiet = *o;
    quiet.dump = NULL;
    quiet.schedule.real = TL_F64;
    quiet.schedule.alone = true;
    StepProgram *p = checked(calloc(1, sizeof *p));
    p->d = d;
    p->base = (Program){ .model = d->model, .real = TL_F64, .target = o->schedule.target,
                         .elementary = o->schedule.elementary, .kernels = kernels_new() };
    *error = NULL;
    bool fine = assign_memory(d->model, TL_F64, NULL, false, &p->base.memory, error);
    for (int i = 0; i < STEP_FUNCTIONS && fine; i++)
        fine = !(*error = compile_function(p, (StepFunctionKind)i, &quiet));
    if (fine)
        return p;
    step_program_free(p);
    return NULL;
}
