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

FOUND_IN_PLACE(INPUT)
NO_GRADIENT(INPUT)

FOUND_IN_PLACE(TARGET)
NO_GRADIENT(TARGET)

FOUND_IN_PLACE(PARAM)

static void backward_PARAM(Interp *ip, int32_t i)
{
    double *grad = ip->grads + ip->model->params[instr(ip, i)->attr[0]].offset;
    const REAL *g = arrived(ip, i);
    for (size_t e = 0; e < ip->size[i]; e++)
        grad[e] += g[e];
}

/* In evaluation the mask is 1: values are scaled while training ("inverted" dropout). */
static void forward_DROPMASK(Interp *ip, int32_t i)
{
    const tl_instr *in = instr(ip, i);
    REAL *m = value(ip, i);
    if (ip->training)
        DROPMASK(m, ip->lanes, ip->size[i], in->num[0], ip->seed, ip->tick, (uint32_t)in->attr[0]);
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
            y[e] = (REAL)state->init.a;
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
            for (size_t e = 0; e < n; e++)
                ip->grads[ip->model->params[learned].offset + e] += g[b * n + e];
}

static void backward_STATE(Interp *ip, int32_t i) { carry_back(ip, instr(ip, i)->attr[0], arrived(ip, i)); }
