/* schedule.c - the list of the passes behind the graph. */
#include "schedule/schedule.h"

#include <string.h>

#include "schedule/check_schedule.h"

ScheduleOptions schedule_options(tl_type real, const Target *target)
{
    return (ScheduleOptions){ .real = real, .target = target,
#define X(name, what) .name = true,
        OPTIMISATIONS(X)
#undef X
    };
}

bool leave_out(ScheduleOptions *o, const char *word)
{
    bool found = false, all = !strcmp(word, "none");
#define X(name, what)                                                                             \
    if (all || !strcmp(word, "no-" #name)) {                                                      \
        o->name = false;                                                                          \
        found = true;                                                                             \
    }
    OPTIMISATIONS(X)
#undef X
    return found;
}

Compiled schedule(Window *w, const ScheduleOptions *o, Kernels *kernels)
{
    Compiled c = { .window = w };
    c.families = families_new(w);
    c.segments = segments_new(w, c.families, o->batch);
    c.layouts = layouts_new(w, c.segments);
    c.runs = runs_new(w, c.segments, c.layouts);
    c.units = fuse(w, c.runs, o->fuse);
    c.selected = select_kernels(w, c.layouts, c.runs, c.units, o->real, o->tiles ? o->target : NULL, o->alone,
                                kernels);
    c.plan = plan_workspace(w, c.layouts, c.selected, o->dense);
#ifndef NDEBUG
    check_units(w, c.layouts, c.runs, c.units);
    check_calls(w, c.layouts, c.units, c.selected, c.plan);
#endif
    return c;
}

void compiled_free(Compiled *c)
{
    window_free(c->window);
    families_free(c->families);
    segments_free(c->segments);
    layouts_free(c->layouts);
    runs_free(c->runs);
    units_free(c->units);
    selected_free(c->selected);
    plan_free(c->plan);
}

int64_t packs_offset(const Compiled *c) { return (c->plan->size + c->selected->scratch + 15) / 16 * 16; }
int64_t workspace_size(const Compiled *c) { return packs_offset(c) + c->selected->packed; }
