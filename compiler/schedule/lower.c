#include "schedule/lower.h"

#include <stdio.h>
#include <string.h>

#include <tapeless/version.h>

#include "passes/colours.h"
#include "passes/window.h"

static const char *join_options(Arena *arena, const Model *m)
{
    const char *text = "";
    for (int32_t i = 0; i < m->noptions; i++)
        text = arena_printf(arena, "%s%s%s=%s", text, i ? " " : "", m->options[i].name, m->options[i].value);
    return text;
}

/* The interpreter computes all products by BLAS. */
static bool has_products(const Graph *g)
{
    for (Ref r = 1; r < g->count; r++)
        if (node_at(g, r)->op == OP_MATMUL)
            return true;
    return false;
}

tl_model *lower_model(Arena *arena, const Model *m, const Memory *memory, tl_type real)
{
    tl_model *out = arena_array(arena, tl_model, 1);
    *out = (tl_model){
        .abi = TL_ABI, .name = m->name, .spec = m->spec, .hash = m->hash ? m->hash : "", .version = TL_VERSION,
        .options = join_options(arena, m), .real = real, .tbptt = m->tbptt, .train = m->train, .loss = m->loss_name,
        .has_reset = unroll_has_reset(m), .has_mask = m->masks, .has_head = m->head != 0, .has_state_grads = m->lags,
        .nparams = m->nparams, .ninputs = m->ninputs, .ntargets = m->ntargets, .nstates = m->nstates,
        .nextra = m->nextra, .nrows = m->nrows, .rows_of = m->rows_of,
        .jacobian = m->jacobian,
        .noutputs = m->noutputs, .nprobes = m->nprobes, .nnamed = m->nnamed, .npast = m->npast, .params = m->params,
        .inputs = m->inputs, .targets = m->targets, .states = m->states, .outputs = m->outputs, .probes = m->probes,
        .named = m->named, .past = m->past,
        .param_size = memory->param_size, .state_size = memory->state_size, .probe_size = memory->probe_size,
        .step_state_size = memory->step_state_size, .calls_blas = has_products(m->step),
    };
    return out;
}

static void lower_node(const Graph *g, Ref r, tl_instr *out)
{
    const Node *n = node_at(g, r);
    *out = (tl_instr){ .op = n->op, .rank = (uint8_t)n->shape.rank, .batched = n->batched, .token = n->token,
                       .args = (int32_t)n->args, .nargs = (int32_t)n->nargs,
                       .num = { n->num[0], n->num[1] }, .file = n->file < g->nfiles ? g->files[n->file] : "",
                       .line = n->line };
    memcpy(out->dim, n->shape.dim, sizeof out->dim);
    memcpy(out->attr, n->attr, sizeof out->attr);
}

/* Node r becomes instruction r - 1. */
static int32_t *lower_refs(Arena *arena, const Ref *refs, int32_t n)
{
    int32_t *out = arena_array(arena, int32_t, n + 1);
    for (int32_t i = 0; i < n; i++)
        out[i] = (int32_t)refs[i] - 1;
    return out;
}

static const int32_t *lower_colours(Arena *arena, const Model *m, const Carried *c)
{
    int32_t size = (int32_t)tl_size(&m->params[c->param]), n = (int32_t)tl_size(&m->states[c->state]);
    const Colours *k = c->colours;
    int32_t *at = k ? arena_array(arena, int32_t, size) : NULL;
    for (int32_t d = 0; d < size && k; d++) {
        int32_t row = d / k->columns, moves = k->moves[c->state][row];
        at[d] = moves < 0 ? -1 : (k->rank[row] * k->columns + d % k->columns) * n + moves;
    }
    return at;
}

static const tl_carried *lower_carried(Arena *arena, const Model *m)
{
    tl_carried *out = arena_array(arena, tl_carried, m->ncarried + 1);
    for (int32_t i = 0; i < m->ncarried; i++) {
        const Carried *c = &m->carried[i];
        out[i] = (tl_carried){ c->state, c->param, c->sensitivity, c->columns, lower_colours(arena, m, c) };
    }
    return out;
}

tl_program *lower_step(Arena *arena, const Model *m)
{
    const Graph *g = m->step;
    tl_program *out = arena_array(arena, tl_program, 1);
    tl_instr *instr = arena_array(arena, tl_instr, g->count);
    for (Ref r = 1; r < g->count; r++)
        lower_node(g, r, &instr[r - 1]);
    *out = (tl_program){
        .count = (int32_t)g->count - 1, .instr = instr, .args = lower_refs(arena, g->args, (int32_t)g->nargs),
        .loss = (int32_t)m->loss - 1, .next_state = lower_refs(arena, m->next_state, m->nstates),
        .output = lower_refs(arena, m->output, m->noutputs), .probe = lower_refs(arena, m->probe, m->nprobes),
        .named = lower_refs(arena, m->named_node, m->nnamed),
        .head = m->head ? (int32_t)m->head - 1 : 0, .past = lower_refs(arena, m->past_node, m->npast),
        .past_state = m->past_state,
        .forward = m->reached != NULL && !m->carries, .carries = m->carries, .carried = lower_carried(arena, m),
        .ncarried = m->ncarried, .gradient = m->gradient ? lower_refs(arena, m->gradient, m->nparams) : NULL,
        .table = g->tables ? g->tables->table : NULL, .ntables = g->tables ? g->tables->n : 0,
    };
    return out;
}
