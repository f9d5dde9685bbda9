/* fake_linear.h - included by fake_model.c once for float and once for double. No include guard. */

static REAL NAME(entering)(const tl_window *w, const REAL *h, int t, int b)
{
    const REAL *reset = w->reset;
    return reset && reset[t * LANES + b] != 0 ? (REAL)0.5 : h[t * LANES + b];
}

static void NAME(drop)(const tl_window *w, int t, REAL *mask)
{
    NAME(tl_dropmask)(mask, (size_t)w->lane, LANES, 2, 0.25, w->seed, w->tick - (uint64_t)(SLOTS - 1 - t), 0);
}

static void NAME(linear_forward)(const tl_window *w)
{
    const REAL *p = w->params, *x = w->input[0], *y = w->target[0];
    REAL *h = w->states, *loss = w->losses, mask[2 * LANES];
    for (int t = w->first; t < SLOTS; t++) {
        NAME(drop)(w, t, mask);
        for (int b = 0; b < LANES; b++) {
            const REAL *xi = &x[(t * LANES + b) * 2];
            REAL next = p[0] * NAME(entering)(w, h, t, b) + p[16] * mask[2 * b] * xi[0] +
                        p[17] * mask[2 * b + 1] * xi[1];
            REAL d = next - y[t * LANES + b];
            h[(t + 1) * LANES + b] = next;
            loss[t * LANES + b] = d * d;
        }
    }
}

static void NAME(linear_window)(const tl_window *w)
{
    const REAL *p = w->params, *x = w->input[0], *y = w->target[0], *weight = w->weight;
    REAL *g = w->grads, *h = w->states, mask[2 * LANES], dh[LANES] = { 0 };
    NAME(linear_forward)(w);
    if (!g)
        return;
    g[0] = g[16] = g[17] = 0;
    for (int t = SLOTS; t-- > w->first;) {
        NAME(drop)(w, t, mask);
        for (int b = 0; b < LANES; b++) {
            const REAL *xi = &x[(t * LANES + b) * 2], *reset = w->reset;
            dh[b] += weight[t * LANES + b] * 2 * (h[(t + 1) * LANES + b] - y[t * LANES + b]);
            g[0] += dh[b] * NAME(entering)(w, h, t, b);
            g[16] += dh[b] * mask[2 * b] * xi[0];
            g[17] += dh[b] * mask[2 * b + 1] * xi[1];
            dh[b] *= reset && reset[t * LANES + b] != 0 ? 0 : p[0];
        }
    }
}

static void NAME(linear_step)(const tl_step *s)
{
    const REAL *p = s->params, *x = s->input[0], *h = s->state;
    REAL *next = s->next_state, *out = s->output[0], *loss = s->losses;
    for (int b = 0; b < s->lanes; b++) {
        out[b] = next[b] = p[0] * h[b] + p[16] * x[2 * b] + p[17] * x[2 * b + 1];
        if (s->target) {
            REAL d = out[b] - ((const REAL *)s->target[0])[b];
            loss[b] = d * d;
        }
    }
}
