#include "passes/jacobian_model.h"

#include <string.h>

#include "graph/user_error.h"
#include "passes/sensitivity.h"

static tl_tensor cotangent_of(Model *m, const tl_tensor *output)
{
    tl_tensor c = { .name = *output->name ? arena_printf(m->arena, "cotangent.%s", output->name) : "cotangent",
                    .rank = output->rank, .type = output->type, .learned = -1, .scale = TL_SCALE_RAW };
    memcpy(c.dim, output->dim, sizeof c.dim);
    return c;
}

/* A field without a name is alone; those of m stay, for its loss, which nothing needs any more, reads them. */
static void add_targets(Model *m)
{
    tl_tensor *targets = arena_array(m->arena, tl_tensor, m->ntargets + m->noutputs + 1);
    for (int32_t i = 0; i < m->ntargets; i++) {
        targets[i] = m->targets[i];
        targets[i].name = *targets[i].name ? targets[i].name : "target";
    }
    for (int32_t i = 0; i < m->noutputs; i++)
        targets[m->ntargets + i] = cotangent_of(m, &m->outputs[i]);
    m->targets = targets;
}

/* Sum over the elements of c y. */
static Ref weighed(Model *m, int32_t output)
{
    Graph *g = m->step;
    const Shape shape = node_at(g, m->output[output])->shape;
    Ref c = graph_leaf(g, OP_TARGET, m->ntargets + output, shape, true, false, 0, 0);
    return graph_sum(g, graph_op2(g, OP_MUL, c, m->output[output]), shape_make(0, NULL), false);
}

/* One lane, a window for each step; nothing but y is asked for. */
static void take_steps(Model *m, int32_t k2, tl_jacobian_mode mode)
{
    m->jacobian = mode;
    m->nprobes = 0;
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

char *make_jacobian_model(Model *m)
{
    if (!m->noutputs)
        return user_sentence("%s: the model has no output to take the Jacobian of; let step return one", m->spec);
    add_targets(m);
    m->loss = 0;
    for (int32_t i = 0; i < m->noutputs; i++) {
        Ref term = weighed(m, i);
        m->loss = m->loss ? graph_op2(m->step, OP_ADD, m->loss, term) : term;
    }
    m->ntargets += m->noutputs;
    m->loss_name = "custom";
    take_steps(m, m->tbptt.k2, TL_JACOBIAN_REVERSE);
    return NULL;
}
