/* compile.c - the list of passes. */
#include "compile.h"

#include <stdlib.h>
#include <string.h>

#include "graph/checked.h"
#include "graph/user_error.h"
#include "passes/reach.h"
#include "schedule/sums.h"

const char *const pass_names = "spec, unroll, join, differentiate, remove_dead, sums, legalise, segments, fuse, select, plan";

bool is_pass(const char *name)
{
    static const char *const names[] = { "spec", "unroll", "join", "differentiate", "remove_dead", "sums", "legalise", "segments", "fuse", "select", "plan" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(names[i], name))
            return true;
    return false;
}

static bool wanted(const CompileOptions *o, const char *pass)
{
    return o->dump && !strcmp(o->dump, pass);
}

static void after(const CompileOptions *o, const Window *w, const char *pass)
{
#ifndef NDEBUG
    check_window(w, pass);
#endif
    if (wanted(o, pass))
        window_write(w, o->dump_to);
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

/* The passes, in order. spec -> (unroll_*) -> here -> emit. */
static Compiled run_passes(Window *w, const CompileOptions *o, Kernels *kernels)
{
    after(o, w, "unroll");
    if (o->schedule.join)
        join(w);
    after(o, w, "join");
    if (w->training) {
        differentiate(w);
        after(o, w, "differentiate");
        keep_alike(w);
    }
    remove_dead(w);
    after(o, w, "remove_dead");
    if (o->schedule.sums)
        sums(w, o->schedule.batch);
    after(o, w, "sums");
    legalise(w);
    after(o, w, "legalise");
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
    if (!assign_memory(m, o->schedule.real, &p->memory, error) || (*error = tables_misfit(m->step->tables, o->schedule.real, m->spec))) {
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
    p->step[p->nsteps++] = run_passes(unroll_evaluation(m, m->tbptt.batch), &quiet, p->kernels);
    if (m->tbptt.batch > 1)
        p->step[p->nsteps++] = run_passes(unroll_evaluation(m, 1), &quiet, p->kernels);
    return p;
}
