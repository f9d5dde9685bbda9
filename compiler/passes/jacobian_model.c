#include "passes/jacobian_model.h"

#include <string.h>

#include "graph/user_error.h"
#include "passes/sensitivity.h"

/* Of an output, or of a state as it enters. */
static tl_tensor cotangent_of(const tl_tensor *of, const char *name)
{
    tl_tensor c = { .name = name, .rank = of->rank, .type = of->type, .learned = -1, .scale = TL_SCALE_RAW };
    memcpy(c.dim, of->dim, sizeof c.dim);
    return c;
}

/* A field without a name is alone; those of m stay, for its loss, which nothing needs any more, reads them. */
static void add_targets(Model *m, bool states)
{
    tl_tensor *targets = arena_array(m->arena, tl_tensor, m->ntargets + m->noutputs + m->nstates + 1);
    int32_t n = m->ntargets;
    for (int32_t i = 0; i < m->ntargets; i++) {
        targets[i] = m->targets[i];
        targets[i].name = *targets[i].name ? targets[i].name : "target";
    }
    for (int32_t i = 0; i < m->noutputs; i++)
        targets[n++] = cotangent_of(&m->outputs[i], *m->outputs[i].name ? arena_printf(m->arena, "cotangent.%s", m->outputs[i].name)
                                                                       : "cotangent");
    for (int32_t i = 0; i < m->nstates && states; i++)
        targets[n++] = cotangent_of(&m->states[i], arena_printf(m->arena, "cotangent.entering.%s", m->states[i].name));
    m->targets = targets;
}

/* The loss and the sum over the elements of c x, c being target number ntargets, which now is one. */
static void add_weighed(Model *m, Ref x)
{
    Graph *g = m->step;
    Ref c = graph_leaf(g, OP_TARGET, m->ntargets++, node_at(g, x)->shape, true, false, 0, 0);
    Ref term = graph_sum(g, graph_op2(g, OP_MUL, c, x), shape_make(0, NULL), false);
    m->loss = m->loss ? graph_op2(g, OP_ADD, m->loss, term) : term;
}

/* One lane, a window for each step; nothing but y is asked for. */
static void take_steps(Model *m, int32_t k2, tl_jacobian_mode mode)
{
    m->jacobian = mode;
    m->nprobes = m->nnamed = 0;
    m->lags = false;
    m->new_steps = 0;
    m->tbptt = (tl_tbptt){ .k1 = 1, .k2 = k2, .batch = 1, .shards = 1, .counted = TL_COUNT_LAST,
                           .reduce = TL_REDUCE_SUM, .overlap = TL_RETAIN }; /* no parameter moves between windows */
}

char *make_forward_jacobian_model(Model *m)
{
    m->loss = 0;
    take_steps(m, 1, TL_JACOBIAN_FORWARD);
    return add_sensitivities(m, ROWS_OUTPUT);
}

static char *take_outputs(Model *m, bool states)
{
    if (!m->noutputs)
        return user_sentence("%s: the model has no output to take the Jacobian of; let step return one", m->spec);
    add_targets(m, states);
    m->loss = 0;
    for (int32_t i = 0; i < m->noutputs; i++)
        add_weighed(m, m->output[i]);
    m->loss_name = "custom";
    return NULL;
}

char *make_jacobian_model(Model *m)
{
    char *error = take_outputs(m, false);
    if (!error)
        take_steps(m, m->tbptt.k2, TL_JACOBIAN_REVERSE);
    return error;
}

char *make_blocks_jacobian_model(Model *m, int32_t steps)
{
    if (m->head)
        return user_sentence("%s: a head over the window sees k2 steps of it; its Jacobian is by reverse mode", m->spec);
    if (!m->nstates)
        return user_sentence("%s: there is no state to carry from block to block; its Jacobian is by reverse mode", m->spec);
    char *error = take_outputs(m, true);
    if (error)
        return error;
    for (int32_t i = 0; i < m->nstates; i++)
        add_weighed(m, graph_leaf(m->step, OP_STATE, i, shape_make(m->states[i].rank, m->states[i].dim), true, false, 0, 0));
    take_steps(m, steps + 1, TL_JACOBIAN_BLOCKS);
    m->lags = true;
    return NULL;
}

char *make_jacobian_model_by(Model *m, tl_jacobian_mode mode, int32_t block)
{
    if (mode == TL_JACOBIAN_BLOCKS)
        return make_blocks_jacobian_model(m, block);
    return mode == TL_JACOBIAN_FORWARD ? make_forward_jacobian_model(m) : make_jacobian_model(m);
}
