/* emit_names.c - names in the C: tensors by those of the spec, kernels by what they do and the line that asked for it
 * first, so that a change elsewhere in a spec moves few of them. */
#include <ctype.h>
#include <string.h>

#include "emit/emit_internal.h"
#include "schedule/memory.h"

/* "rnn.weight_hh_l0" -> "rnn_weight_hh_l0". */
static const char *plain_name(Arena *arena, const char *prefix, const char *name)
{
    char *text = arena_printf(arena, "%s%s", prefix, *name ? name : "all");
    for (char *c = text; *c; c++)
        if (!isalnum((unsigned char)*c) || (unsigned char)*c > 127)
            *c = '_';
    return text;
}

/* Names that look alike then are numbered. */
static const char *unlike(Arena *arena, const NamedTensor *before, int32_t n, const char *name)
{
    int32_t same = 1;
    for (int32_t i = 0; i < n; i++)
        same += !strcmp(before[i].name, name);
    return same == 1 ? name : arena_printf(arena, "%s_%d_%d", name, n, same);
}

static NamedTensors name_all(Emitter *e, const char *prefix, const tl_tensor *t, int32_t n)
{
    NamedTensors all = { arena_array(e->arena, NamedTensor, n + 1), n };
    for (int32_t i = 0; i < n; i++)
        all.tensor[i].name = unlike(e->arena, all.tensor, i, plain_name(e->arena, prefix, t[i].name));
    return all;
}

static void name_states(Emitter *e, Block block, const char *prefix)
{
    const Model *m = e->program->model;
    NamedTensors *all = &e->named[block];
    *all = name_all(e, prefix, m->states, m->nstates);
    for (int32_t i = 0; i < m->nstates; i++)
        all->tensor[i].offset = e->c->window->training ? (int64_t)m->states[i].offset
                                                       : graph_of(e)->lanes * step_state_offset(m, i);
    if (!m->nstates && m->npast) /* past values stand behind the states, of which there are none */
        all->tensor[all->count++] = (NamedTensor){ .name = arena_printf(e->arena, "%spast", prefix) };
}

void name_tensors(Emitter *e)
{
    const Model *m = e->program->model;
    e->named[BLOCK_PARAMS] = name_all(e, "p_", m->params, m->nparams);
    e->named[BLOCK_GRADS] = name_all(e, "g_", m->params, m->nparams);
    for (int32_t i = 0; i < m->nparams; i++)
        e->named[BLOCK_PARAMS].tensor[i].offset = e->named[BLOCK_GRADS].tensor[i].offset = (int64_t)m->params[i].offset;
    name_states(e, BLOCK_STATES, "s_");
    name_states(e, BLOCK_NEXT_STATE, "next_");
}

NamedTensor *named_tensor(Emitter *e, Block block, int64_t offset)
{
    NamedTensors *all = &e->named[block];
    NamedTensor *found = NULL; /* they are in order of their offsets, but for those of nothing */
    for (int32_t i = 0; i < all->count; i++)
        if (all->tensor[i].offset <= offset && (!found || all->tensor[i].offset >= found->offset))
            found = &all->tensor[i];
    return found;
}

/* ---- kernels ---- */

static int32_t line_of(const Compiled *c, uint32_t u)
{
    const Unit *unit = &c->units->unit[u];
    for (uint32_t i = 0; i < unit->count; i++) {
        const Node *n = node_at(c->window->graph, c->units->members[unit->first + i]);
        if (n->line)
            return n->line;
    }
    return 0;
}

static void name_kernel(Emitter *e, const Compiled *c, uint32_t u, uint32_t kernel)
{
    const Kernel *k = &e->program->kernels->kernel[kernel];
    if (e->name[kernel])
        return;
    const char *name = arena_printf(e->arena, "%s_%d", kernel_word(k), line_of(c, u));
    int32_t same = 1;
    for (uint32_t i = 0; i < e->program->kernels->count; i++)
        same += e->base_name[i] && !strcmp(e->base_name[i], name);
    e->base_name[kernel] = name;
    e->name[kernel] = same == 1 ? name : arena_printf(e->arena, "%s_%c", name, 'a' + (same - 1) % 26);
    if (same > 26)
        e->name[kernel] = arena_printf(e->arena, "%s_%d", name, same);
}

void name_calls(Emitter *e, const Compiled *c)
{
    for (uint32_t u = 0; u < c->selected->count; u++) {
        name_kernel(e, c, u, c->selected->call[u].kernel);
        name_kernel(e, c, u, c->selected->call[u].rest);
    }
}

void name_kernels(Emitter *e)
{
    const Program *p = e->program;
    name_calls(e, &p->train);
    for (int32_t i = 0; i < p->nsteps; i++)
        name_calls(e, &p->step[i]);
}
