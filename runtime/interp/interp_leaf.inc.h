/* interp_leaf.inc.h - where values come from, and where gradients that reach them go. */

#define FOUND_IN_PLACE(OP)                                                                        \
    static void forward_##OP(Interp *ip, int32_t i)                                               \
    {                                                                                             \
        (void)ip;                                                                                 \
        (void)i;                                                                                  \
    }

static void forward_CONST(Interp *ip, int32_t i)
{
    REAL *y = value(ip, i);
    for (size_t e = 0; e < elements(ip, i); e++)
        y[e] = (REAL)instr(ip, i)->num[0];
}
NO_GRADIENT(CONST)

static void forward_TABLE(Interp *ip, int32_t i)
{
    const tl_table *t = &ip->program->table[instr(ip, i)->attr[0]];
    REAL *y = value(ip, i);
    for (size_t e = 0; e < t->count; e++)
        y[e] = (REAL)t->value[e];
}
NO_GRADIENT(TABLE)

FOUND_IN_PLACE(INPUT)
NO_GRADIENT(INPUT)

FOUND_IN_PLACE(TARGET)
NO_GRADIENT(TARGET)

FOUND_IN_PLACE(PARAM)

/* The gradient of a parameter that is not trained stays 0. */
static void add_gradient(Interp *ip, int32_t param, const REAL *g, size_t n)
{
    double *grad = ip->grads + ip->model->params[param].offset;
    if (!tl_is_trained(&ip->model->params[param]))
        return;
    for (size_t e = 0; e < n; e++)
        grad[e] += g[e];
}

static void backward_PARAM(Interp *ip, int32_t i)
{
    add_gradient(ip, instr(ip, i)->attr[0], arrived(ip, i), ip->size[i]);
}

/* In evaluation the mask is 1: values are scaled while training ("inverted" dropout). */
static void forward_DROPMASK(Interp *ip, int32_t i)
{
    const tl_instr *in = instr(ip, i);
    REAL *m = value(ip, i);
    if (ip->training)
        DROPMASK(m, ip->first_lane, ip->lanes, ip->size[i], in->num[0], ip->seed, ip->tick,
                 (uint32_t)in->attr[0]);
    else
        for (size_t e = 0; e < elements(ip, i); e++)
            m[e] = 1;
}
NO_GRADIENT(DROPMASK)

static bool starts_here(const Interp *ip, size_t lane) /* a new sequence */
{
    const REAL *reset = ip->reset;
    return reset && reset[lane] != 0;
}

static void start_state(const Interp *ip, const tl_tensor *state, REAL *y, size_t n)
{
    if (state->learned >= 0) {
        const REAL *first = (const REAL *)ip->params + ip->model->params[state->learned].offset;
        memcpy(y, first, n * sizeof *y);
    } else
        for (size_t e = 0; e < n; e++)
            y[e] = (REAL)tl_first_value(state, e);
}

static void forward_STATE(Interp *ip, int32_t i)
{
    int32_t k = instr(ip, i)->attr[0];
    size_t n = ip->size[i];
    const REAL *entering = ip->entering[k];
    for (size_t b = 0; b < ip->lanes; b++)
        if (starts_here(ip, b))
            start_state(ip, &ip->model->states[k], value(ip, i) + b * n, n);
        else
            memcpy(value(ip, i) + b * n, entering + b * n, n * sizeof(REAL));
}

/* To the step before; in lanes where a sequence starts, to the parameter it starts from. g is the
 * adjoint of state k as it enters this step, [lanes][shape]. */
static void carry_back(Interp *ip, int32_t k, const REAL *g)
{
    int32_t learned = ip->model->states[k].learned;
    size_t n = tl_size(&ip->model->states[k]);
    REAL *carry = (REAL *)ip->carry + ip->carry_at[k];
    if (!ip->carried[k])
        memset(carry, 0, ip->lanes * n * sizeof *carry);
    ip->carried[k] = 1;
    for (size_t b = 0; b < ip->lanes; b++)
        if (!starts_here(ip, b))
            add_to(carry + b * n, g + b * n, n);
        else if (learned >= 0)
            add_gradient(ip, learned, g + b * n, n);
}

/* The parameters that slot t is run with: today's, unless steps are kept with their own. */
static const void *slot_params(const Interp *ip, const tl_window *w, size_t t)
{
    return ip->keeps && ip->model->tbptt.overlap == TL_VERSIONS ? w->versions[t] : w->params;
}

/* What a head sees of slot t: the state that step t left, or another value of it. Where steps are
 * kept, both stand where they were put when the step was run. */
static const REAL *seen_in_window(const Interp *ip, int32_t k, size_t t)
{
    const tl_window *w = ip->window;
    int32_t state = ip->program->past_state[k], i = ip->program->past[k];
    if (state >= 0) {
        const tl_tensor *s = &ip->model->states[state];
        return (const REAL *)w->states + s->offset + (t + 1) * ip->lanes * tl_size(s);
    }
    if (instr(ip, i)->op == OP_PARAM)
        return (const REAL *)slot_params(ip, w, t) + ip->model->params[instr(ip, i)->attr[0]].offset;
    if (ip->fixed[i])
        return value(ip, i);
    if (instr(ip, i)->op == OP_INPUT)
        return (const REAL *)w->input[instr(ip, i)->attr[0]] + t * ip->lanes * ip->size[i];
    return (const REAL *)(const void *)(ip->frames + ip->value_at[i] + t * ip->slot_bytes);
}

/* Likewise of an evaluation step, whose newest slot is the step at hand. */
static const REAL *seen_in_step(const Interp *ip, int32_t k, size_t t)
{
    size_t size = tl_size(&ip->model->past[k]);
    if (t + 1 == (size_t)ip->model->tbptt.k2)
        return value(ip, ip->program->past[k]);
    return (const REAL *)ip->step_state + ip->lanes * (ip->past_at[k] + t * size);
}

static void forward_PAST(Interp *ip, int32_t i)
{
    int32_t k = instr(ip, i)->attr[0];
    size_t t = (size_t)instr(ip, i)->attr[1], n = ip->size[i];
    bool newest = t + 1 == (size_t)ip->model->tbptt.k2;
    bool own = ip->window ? ip->program->past_state[k] < 0 : newest; /* not the caller's, per lane */
    size_t stride = own ? lane_stride(ip, ip->program->past[k]) : n;
    const REAL *from = ip->window ? seen_in_window(ip, k, t) : seen_in_step(ip, k, t);
    for (size_t b = 0; b < ip->lanes; b++)
        memcpy(value(ip, i) + b * n, from + b * stride, n * sizeof(REAL));
}

/* Waits until slot t goes back. */
static void backward_PAST(Interp *ip, int32_t i)
{
    int32_t k = instr(ip, i)->attr[0];
    size_t k2 = (size_t)ip->model->tbptt.k2, t = (size_t)instr(ip, i)->attr[1], n = elements(ip, i);
    memcpy((REAL *)ip->seen + ip->seen_at[k] + t * n, arrived(ip, i), n * sizeof(REAL));
    ip->looked_at[(size_t)k * k2 + t] = 1;
}

static void backward_STATE(Interp *ip, int32_t i) { carry_back(ip, instr(ip, i)->attr[0], arrived(ip, i)); }
