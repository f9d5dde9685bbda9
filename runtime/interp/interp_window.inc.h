/* interp_window.inc.h - running the program: a window forward and backward, a step forward. */
#include <assert.h>

/* Where the data of a step are: field k of a window, at slot t. */
static const void *field_at(const Interp *ip, const void *field, const tl_tensor *tensor, size_t t)
{
    size_t bytes = tensor->type == TL_I32 ? sizeof(int32_t) : sizeof(REAL);
    return (const char *)field + t * ip->lanes * tl_size(tensor) * bytes;
}

/* Where state k of a window is, index t = the state entering slot t. */
static REAL *state_in(const Interp *ip, const tl_window *w, int32_t k, size_t t)
{
    const tl_tensor *s = &ip->model->states[k];
    return (REAL *)w->states + s->offset + t * ip->lanes * tl_size(s);
}

static REAL *probe_in(const Interp *ip, void *probes, int32_t k, size_t t)
{
    const tl_tensor *p = &ip->model->probes[k];
    return (REAL *)probes + p->offset + t * ip->lanes * tl_size(p);
}

/* Points every instruction's value to its place, of slot t. Values that are found in place are
 * read only. */
static void bind_values(Interp *ip, size_t t)
{
    for (int32_t i = 0; i < ip->program->count; i++) {
        const tl_instr *in = instr(ip, i);
        const void *found;
        if (in->op == OP_PARAM)
            found = (const REAL *)ip->params + ip->model->params[in->attr[0]].offset;
        else if (in->op == OP_INPUT)
            found = ip->input[in->attr[0]];
        else if (in->op == OP_TARGET)
            found = ip->target[in->attr[0]];
        else if (ip->fixed[i])
            found = ip->tape + ip->value_at[i];
        else
            found = ip->frames + ip->value_at[i] + t * ip->slot_bytes;
        ip->value[i] = (void *)found;
    }
}

static void bind_slot(Interp *ip, const tl_window *w, size_t t)
{
    const tl_model *m = ip->model;
    for (int32_t k = 0; k < m->ninputs; k++)
        ip->input[k] = field_at(ip, w->input[k], &m->inputs[k], t);
    for (int32_t k = 0; k < m->ntargets; k++)
        ip->target[k] = field_at(ip, w->target[k], &m->targets[k], t);
    for (int32_t k = 0; k < m->nstates; k++)
        ip->entering[k] = state_in(ip, w, k, t);
    ip->reset = m->has_reset ? (const REAL *)w->reset + t * ip->lanes : NULL;
    ip->mask = m->has_mask ? (const REAL *)w->mask + t * ip->lanes : NULL;
    ip->tick = w->tick - ((uint64_t)m->tbptt.k2 - 1 - t);
    ip->params = slot_params(ip, w, t);
    bind_values(ip, t);
}

/* Copies a value out, to every lane if it is shared. */
static void store(const Interp *ip, int32_t i, REAL *to)
{
    for (size_t b = 0; b < ip->lanes; b++)
        memcpy(to + b * ip->size[i], value(ip, i) + b * lane_stride(ip, i),
               ip->size[i] * sizeof *to);
}

/* Adds what arrives from outside of the step, [lanes][shape], to an adjoint. */
static void seed(Interp *ip, int32_t i, const REAL *from)
{
    size_t n = ip->size[i];
    REAL *a = adjoint(ip, i);
    if (instr(ip, i)->batched)
        add_to(a, from, n * ip->lanes);
    else
        for (size_t e = 0; e < n; e++) {
            double sum = 0;
            for (size_t b = 0; b < ip->lanes; b++)
                sum += from[b * n + e];
            a[e] += (REAL)sum;
        }
}

static bool is_padding(const Interp *ip, size_t lane)
{
    const REAL *mask = ip->mask;
    return mask && mask[lane] == 0;
}

/* A padded step leaves the state as it entered; a reset before it still counts. */
static void hold_states(const Interp *ip, const tl_window *w, size_t t)
{
    for (int32_t k = 0; k < ip->model->nstates; k++) {
        const tl_tensor *s = &ip->model->states[k];
        size_t n = tl_size(s);
        REAL *left = state_in(ip, w, k, t + 1);
        const REAL *entering = ip->entering[k];
        for (size_t b = 0; b < ip->lanes; b++)
            if (is_padding(ip, b) && starts_here(ip, b))
                start_state(ip, s, left + b * n, n);
            else if (is_padding(ip, b))
                memcpy(left + b * n, entering + b * n, n * sizeof *left);
    }
}

/* Going back, the adjoint of a padded lane's state does not enter the step ... */
static void take_held(Interp *ip)
{
    for (int32_t k = 0; k < ip->model->nstates; k++) {
        size_t n = tl_size(&ip->model->states[k]);
        REAL *carry = (REAL *)ip->carry + ip->carry_at[k], *held = (REAL *)ip->held + ip->carry_at[k];
        memset(held, 0, ip->lanes * n * sizeof *held);
        for (size_t b = 0; b < ip->lanes; b++)
            if (ip->carried[k] && is_padding(ip, b)) {
                memcpy(held + b * n, carry + b * n, n * sizeof *held);
                memset(carry + b * n, 0, n * sizeof *carry);
            }
    }
}

/* ... but joins what comes out of it. */
static void pass_held(Interp *ip)
{
    for (int32_t k = 0; k < ip->model->nstates; k++)
        carry_back(ip, k, (const REAL *)ip->held + ip->carry_at[k]);
}

/* The oldest slot whose forward code runs. */
static int32_t first_run(const Interp *ip, const tl_window *w) { return ip->keeps ? w->from : w->first; }

static int32_t step_end(const tl_program *p) { return p->head ? p->head : p->count; }

static void run_forward(Interp *ip, size_t t, int32_t i)
{
    rules[instr(ip, i)->op].forward(ip, i);
    if (ip->watch)
        ip->watch(ip->watching, (int32_t)t, i, 0);
}

static void run_backward(Interp *ip, size_t t, int32_t i)
{
    if (!ip->reached[i])
        return;
    rules[instr(ip, i)->op].backward(ip, i);
    if (ip->watch)
        ip->watch(ip->watching, (int32_t)t, i, 1);
}

static void store_losses(const Interp *ip, const tl_window *w, size_t t)
{
    size_t k2 = (size_t)ip->model->tbptt.k2;
    store(ip, ip->program->loss, (REAL *)w->losses + t * ip->lanes);
    for (size_t k = 0; k < (size_t)ip->model->nnamed; k++)
        store(ip, ip->program->named[k], (REAL *)w->named + (k * k2 + t) * ip->lanes);
}

static void forward_slot(Interp *ip, const tl_window *w, size_t t)
{
    const tl_program *p = ip->program;
    bool oldest = t == (size_t)first_run(ip, w);
    bind_slot(ip, w, t);
    for (int32_t i = 0; i < step_end(p); i++)
        if (oldest || !ip->fixed[i])
            run_forward(ip, t, i);
    for (int32_t k = 0; k < ip->model->nstates; k++)
        store(ip, p->next_state[k], state_in(ip, w, k, t + 1));
    if (ip->mask)
        hold_states(ip, w, t);
    for (int32_t k = 0; k < ip->model->nprobes; k++)
        if (p->probe[k] < step_end(p))
            store(ip, p->probe[k], probe_in(ip, w->probes, k, t));
    if (p->loss >= 0 && !p->head)
        store_losses(ip, w, t);
}

/* A probe in the head has a value in the newest slot, and 0 in the others. */
static void store_head_probe(const Interp *ip, const tl_window *w, int32_t k, size_t newest)
{
    for (size_t t = 0; t < newest; t++)
        memset(probe_in(ip, w->probes, k, t), 0, ip->lanes * tl_size(&ip->model->probes[k]) * sizeof(REAL));
    store(ip, ip->program->probe[k], probe_in(ip, w->probes, k, newest));
}

/* The head runs on the newest slot's part of the tape, behind its step, with today's parameters. */
static void forward_head(Interp *ip, const tl_window *w)
{
    const tl_program *p = ip->program;
    size_t newest = (size_t)ip->model->tbptt.k2 - 1;
    bind_slot(ip, w, newest);
    for (int32_t i = p->head; i < p->count; i++)
        run_forward(ip, newest, i);
    for (int32_t k = 0; k < ip->model->nprobes; k++)
        if (p->probe[k] >= p->head)
            store_head_probe(ip, w, k, newest);
    if (p->loss >= 0)
        store_losses(ip, w, newest);
}

/* A step that does not count is not seeded at all: its loss may be infinite, and 0 times infinity
 * is not 0. */
static void seed_loss(Interp *ip, const tl_window *w, size_t t)
{
    if (ip->program->loss < 0)
        return;
    const REAL *weight = (const REAL *)w->weight + t * ip->lanes;
    bool counts = false;
    for (size_t b = 0; b < ip->lanes; b++)
        counts = counts || weight[b] != 0;
    if (counts)
        seed(ip, ip->program->loss, weight);
}

/* What the head saw of a state joins what the next step sends back; what it saw of another value is
 * seeded there. */
static void seed_seen(Interp *ip, size_t t)
{
    const tl_model *m = ip->model;
    for (int32_t k = 0; k < m->npast; k++) {
        size_t n = ip->lanes * tl_size(&m->past[k]);
        int32_t state = ip->program->past_state[k];
        const REAL *g = (const REAL *)ip->seen + ip->seen_at[k] + t * n;
        if (!ip->looked_at[(size_t)k * (size_t)m->tbptt.k2 + t])
            continue;
        if (state < 0) {
            seed(ip, ip->program->past[k], g);
            continue;
        }
        REAL *carry = (REAL *)ip->carry + ip->carry_at[state];
        if (!ip->carried[state])
            memset(carry, 0, n * sizeof *carry);
        ip->carried[state] = 1;
        add_to(carry, g, n);
    }
}

static void seed_states(Interp *ip)
{
    for (int32_t k = 0; k < ip->model->nstates; k++) {
        if (ip->carried[k])
            seed(ip, ip->program->next_state[k], (const REAL *)ip->carry + ip->carry_at[k]);
        ip->carried[k] = 0;
    }
}

/* ---- probes ----
 *
 * The adjoint of a value is complete when the step is behind it: all its uses have added to it. Two
 * kinds of value have uses outside of the program's instructions. The state that enters a padded step
 * is also what that step leaves. What a head sees is a value of the step that it looks at: its adjoint
 * is found when that step goes back. */

/* One lane of instruction i's adjoint. That of a shared value is one for all lanes, their sum; a number
 * has none. */
static void store_arrived(const Interp *ip, int32_t i, size_t lane, REAL *to)
{
    size_t n = ip->size[i];
    bool number = instr(ip, i)->op == OP_CONST || instr(ip, i)->op == OP_TABLE;
    if (ip->reached[i] && !number)
        memcpy(to + lane * n, arrived(ip, i) + lane * lane_stride(ip, i), n * sizeof *to);
    else
        memset(to + lane * n, 0, n * sizeof *to);
}

static void add_held(const Interp *ip, int32_t state, size_t lane, REAL *to)
{
    size_t n = tl_size(&ip->model->states[state]);
    add_to(to + lane * n, (const REAL *)ip->held + ip->carry_at[state] + lane * n, n);
}

/* A probe of the step or, with a value of its own in the newest slot alone, of the head. */
static void store_probe_grad(const Interp *ip, const tl_window *w, int32_t k, size_t t)
{
    int32_t i = ip->program->probe[k];
    REAL *to = probe_in(ip, w->probe_grads, k, t);
    for (size_t b = 0; b < ip->lanes; b++) {
        store_arrived(ip, i, b, to);
        if (instr(ip, i)->op == OP_STATE && is_padding(ip, b))
            add_held(ip, instr(ip, i)->attr[0], b, to);
    }
}

/* Of a probe on what the head sees: the index in `past`; -1 of any other. */
static int32_t seen_by(const Interp *ip, int32_t k)
{
    const tl_instr *in = instr(ip, ip->program->probe[k]);
    return in->op == OP_PAST ? in->attr[0] : -1;
}

/* The adjoint of the state that slot t left, before the step takes it: it is complete only of lanes in which
 * the state is no value of the step. */
static void store_left(const Interp *ip, const tl_window *w, size_t t)
{
    size_t newest = (size_t)ip->model->tbptt.k2 - 1;
    for (int32_t k = 0; k < ip->model->nprobes; k++) {
        int32_t past = seen_by(ip, k), state = past < 0 ? -1 : ip->program->past_state[past];
        if (state < 0 || t != (size_t)instr(ip, ip->program->probe[k])->attr[1])
            continue;
        size_t n = ip->lanes * tl_size(&ip->model->states[state]);
        REAL *to = probe_in(ip, w->probe_grads, k, newest);
        if (ip->carried[state])
            memcpy(to, (const REAL *)ip->carry + ip->carry_at[state], n * sizeof *to);
        else
            memset(to, 0, n * sizeof *to);
    }
}

/* What the head saw of slot t, which has gone back. */
static void store_seen(const Interp *ip, const tl_window *w, int32_t k, size_t t)
{
    int32_t past = seen_by(ip, k), i = ip->program->past[past];
    bool state = ip->program->past_state[past] >= 0;
    size_t newest = (size_t)ip->model->tbptt.k2 - 1;
    if (t != newest)
        memset(probe_in(ip, w->probe_grads, k, t), 0, ip->lanes * tl_size(&ip->model->probes[k]) * sizeof(REAL));
    if (t != (size_t)instr(ip, ip->program->probe[k])->attr[1] || (state && !instr(ip, i)->batched))
        return;
    for (size_t b = 0; b < ip->lanes; b++)
        if (!state || !is_padding(ip, b))
            store_arrived(ip, i, b, probe_in(ip, w->probe_grads, k, newest));
}

/* The adjoint of what passes from slot t - 1 to slot t. */
static void store_state_grads(const Interp *ip, const tl_window *w, size_t t)
{
    for (int32_t k = 0; w->state_grads && k < ip->model->nstates; k++) {
        const tl_tensor *s = &ip->model->states[k];
        size_t n = ip->lanes * tl_size(s);
        REAL *to = (REAL *)w->state_grads + s->offset + t * n;
        if (ip->carried[k])
            memcpy(to, (const REAL *)ip->carry + ip->carry_at[k], n * sizeof *to);
        else
            memset(to, 0, n * sizeof *to);
    }
}

/* One lane: the adjoint of the state that enters, [n], and what has moved it, [directions][n] or [n][directions]. */
static void credit_lane(Interp *ip, const tl_carried *c, const REAL *adjoint, const REAL *moved)
{
    const tl_tensor *param = &ip->model->params[c->param];
    size_t n = tl_size(&ip->model->states[c->state]), size = tl_size(param);
    double *grad = ip->grads + param->offset;
    for (size_t d = 0; d < size && tl_is_trained(param); d++)
        if (c->at && c->at[d] >= 0)
            grad[d] += (double)adjoint[(size_t)c->at[d] % n] * moved[c->at[d]];
        else
            for (size_t k = 0; k < n && !c->at; k++)
                grad[d] += (double)adjoint[k] * moved[c->columns ? k * size + d : d * n + k];
}

/* Nothing goes back to the slot before. */
static void credit_states(Interp *ip)
{
    const tl_program *p = ip->program;
    for (int32_t i = 0; i < p->ncarried; i++) {
        const tl_carried *c = &p->carried[i];
        size_t n = tl_size(&ip->model->states[c->state]), all = tl_size(&ip->model->states[c->sensitivity]);
        const REAL *adjoint = (const REAL *)ip->carry + ip->carry_at[c->state], *moved = ip->entering[c->sensitivity];
        for (size_t b = 0; b < ip->lanes && ip->carried[c->state]; b++)
            credit_lane(ip, c, adjoint + b * n, moved + b * all);
    }
    if (p->carries)
        memset(ip->carried, 0, (size_t)ip->model->nstates);
}

static void backward_slot(Interp *ip, const tl_window *w, size_t t)
{
    const tl_program *p = ip->program;
    bind_slot(ip, w, t);
    memset(ip->reached, 0, (size_t)p->count);
    if (!p->head || t + 1 == (size_t)ip->model->tbptt.k2)
        seed_loss(ip, w, t);
    for (int32_t i = p->count - 1; i >= step_end(p); i--)
        run_backward(ip, t, i);
    seed_seen(ip, t);
    store_state_grads(ip, w, t + 1);
    store_left(ip, w, t);
    if (ip->mask)
        take_held(ip);
    seed_states(ip);
    for (int32_t i = step_end(p) - 1; i >= 0; i--)
        run_backward(ip, t, i);
    if (ip->mask)
        pass_held(ip);
    credit_states(ip);
    for (int32_t k = 0; k < ip->model->nprobes; k++)
        if (seen_by(ip, k) < 0)
            store_probe_grad(ip, w, k, t);
        else
            store_seen(ip, w, k, t);
}

/* A slot's forward gradients, weighed; they stand on the tape until the next slot's. */
static void add_forward_gradients(Interp *ip, const tl_window *w, size_t t)
{
    const tl_model *m = ip->model;
    for (int32_t k = 0; w->grads && ip->program->gradient && k < m->nparams; k++) {
        int32_t i = ip->program->gradient[k];
        for (size_t b = 0; i >= 0 && tl_is_trained(&m->params[k]) && b < ip->lanes; b++) {
            double weight = ((const REAL *)w->weight)[t * ip->lanes + b];
            for (size_t e = 0; weight != 0 && e < ip->size[i]; e++)
                ip->grads[m->params[k].offset + e] += weight * value(ip, i)[b * lane_stride(ip, i) + e];
        }
    }
}

static void clear_gradients(Interp *ip)
{
    memset(ip->carried, 0, (size_t)ip->model->nstates);
    memset(ip->looked_at, 0, (size_t)ip->model->npast * (size_t)ip->model->tbptt.k2);
    memset(ip->grads, 0, ip->model->param_size * sizeof *ip->grads);
}

static void store_gradients(const Interp *ip, REAL *grads)
{
    for (size_t e = 0; e < ip->model->param_size; e++)
        grads[e] = (REAL)ip->grads[e];
}

void WINDOW(void *self, const tl_window *w)
{
    Interp *ip = self;
    int32_t k2 = ip->model->tbptt.k2;
    assert(w->first >= 0 && w->first < k2);
    ip->lanes = (size_t)tl_lanes(&ip->model->tbptt);
    ip->first_lane = (size_t)w->lane;
    ip->training = true;
    ip->window = w;
    ip->seed = w->seed;
    ip->frames = ip->keeps ? (char *)w->frames : ip->tape + ip->fixed_bytes;
    if (w->grads)
        clear_gradients(ip);
    for (int32_t t = first_run(ip, w); t < k2; t++) {
        forward_slot(ip, w, (size_t)t);
        add_forward_gradients(ip, w, (size_t)t);
    }
    if (ip->program->head && w->first == 0)
        forward_head(ip, w);
    if (!w->grads)
        return;
    for (int32_t t = k2 - 1; t >= w->first && !ip->program->forward; t--)
        backward_slot(ip, w, (size_t)t);
    if (!ip->program->forward)
        store_state_grads(ip, w, (size_t)w->first);
    store_gradients(ip, w->grads);
}

static void bind_step(Interp *ip, const tl_step *s)
{
    const tl_model *m = ip->model;
    ip->lanes = (size_t)s->lanes;
    ip->training = false;
    ip->window = NULL;
    ip->step_state = s->state;
    ip->params = s->params;
    ip->frames = ip->tape + ip->fixed_bytes;
    ip->reset = NULL;
    ip->mask = NULL;
    for (int32_t k = 0; k < m->ninputs; k++)
        ip->input[k] = s->input[k];
    for (int32_t k = 0; k < m->ntargets; k++)
        ip->target[k] = s->target ? s->target[k] : NULL;
    for (int32_t k = 0; k < m->nstates; k++)
        ip->entering[k] = k < tl_own_states(m) ? (const REAL *)s->state + ip->lanes * ip->state_at[k] : NULL;
    bind_values(ip, 0);
}

/* The past moves on by a step, from its oldest on: next_state may be the same memory as state. */
static void store_past(const Interp *ip, const tl_step *s)
{
    const tl_model *m = ip->model;
    size_t slots = (size_t)m->tbptt.k2 - 1;
    for (int32_t k = 0; slots && k < m->npast; k++) {
        size_t n = ip->lanes * tl_size(&m->past[k]), at = ip->lanes * ip->past_at[k];
        REAL *to = (REAL *)s->next_state + at;
        memmove(to, (const REAL *)s->state + at + n, (slots - 1) * n * sizeof *to);
        store(ip, ip->program->past[k], to + (slots - 1) * n);
    }
}

/* A state is copied to the tape before it is used, so next_state may overwrite it at the end. */
void STEP(void *self, const tl_step *s)
{
    Interp *ip = self;
    const tl_program *p = ip->program;
    uint8_t purpose = s->target ? TL_FOR_OUTPUT | TL_FOR_LOSS : TL_FOR_OUTPUT;
    assert(s->lanes == 1 || s->lanes == tl_lanes(&ip->model->tbptt));
    bind_step(ip, s);
    for (int32_t i = 0; i < p->count; i++)
        if (ip->wanted[i] & purpose)
            run_forward(ip, 0, i);
    for (int32_t k = 0; k < ip->model->noutputs; k++)
        store(ip, p->output[k], s->output[k]);
    if (s->target && p->loss >= 0)
        store(ip, p->loss, s->losses);
    for (int32_t k = 0; s->target && k < ip->model->nnamed; k++)
        store(ip, p->named[k], (REAL *)s->named + (size_t)k * ip->lanes);
    for (int32_t k = 0; k < tl_own_states(ip->model); k++)
        store(ip, p->next_state[k], (REAL *)s->next_state + ip->lanes * ip->state_at[k]);
    store_past(ip, s);
}
