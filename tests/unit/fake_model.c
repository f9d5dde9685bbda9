#include "fake_model.h"

#include <math.h>

#include <tapeless/random.h>

enum { LANES = 3, SLOTS = 5 };

#define REAL float
#define NAME(f) f##_f32
#include "fake_linear.h"
#undef REAL
#undef NAME

#define REAL double
#define NAME(f) f##_f64
#include "fake_linear.h"

static tl_model common(const char *name, tl_type real)
{
    return (tl_model){
        .abi = TL_ABI, .name = name, .spec = "fake.lua", .hash = "0123456789abcdef",
        .version = "0", .options = "", .real = real,
        .train = { .optimizer = { .kind = TL_ADAM, .lr = 0.01, .beta1 = 0.9, .beta2 = 0.999,
                                  .eps = 1e-8, .alpha = 0.99 } },
    };
}

/* u stands at 0 and w at 16 of the block, as a compiler that aligns tensors would place them. */
tl_model fake_linear(tl_type real)
{
    static const tl_tensor params[2][2] = {
        { { .name = "u", .rank = 1, .dim = { 1 }, .type = TL_F32,
            .init = { TL_INIT_CONSTANT, 0.4 } },
          { .name = "w", .rank = 1, .dim = { 2 }, .offset = 16, .type = TL_F32,
            .init = { TL_INIT_NORMAL, 1 } } },
        { { .name = "u", .rank = 1, .dim = { 1 }, .type = TL_F64,
            .init = { TL_INIT_CONSTANT, 0.4 } },
          { .name = "w", .rank = 1, .dim = { 2 }, .offset = 16, .type = TL_F64,
            .init = { TL_INIT_NORMAL, 1 } } },
    };
    static const tl_tensor input[2] = { { .name = "", .rank = 1, .dim = { 2 }, .type = TL_F32 },
                                        { .name = "", .rank = 1, .dim = { 2 }, .type = TL_F64 } };
    static const tl_tensor one[2] = { { .name = "", .rank = 1, .dim = { 1 }, .type = TL_F32 },
                                      { .name = "", .rank = 1, .dim = { 1 }, .type = TL_F64 } };
    static const tl_tensor state[2] = {
        { .name = "h", .rank = 1, .dim = { 1 }, .type = TL_F32, .init = { TL_INIT_CONSTANT, 0.5 },
          .learned = -1 },
        { .name = "h", .rank = 1, .dim = { 1 }, .type = TL_F64, .init = { TL_INIT_CONSTANT, 0.5 },
          .learned = -1 },
    };
    int i = real == TL_F64;
    tl_model m = common("linear", real);
    m.tbptt = (tl_tbptt){ .k1 = 2, .k2 = SLOTS, .batch = LANES };
    m.loss = "mse";
    m.has_reset = 1;
    m.nparams = 2;
    m.ninputs = m.ntargets = m.nstates = m.noutputs = 1;
    m.params = params[i];
    m.inputs = &input[i];
    m.targets = m.outputs = &one[i];
    m.states = &state[i];
    m.param_size = 18;
    m.state_size = (SLOTS + 1) * LANES;
    m.step_state_size = 1;
    m.window = i ? linear_window_f64 : linear_window_f32;
    m.step = i ? linear_step_f64 : linear_step_f32;
    return m;
}

enum { V = 8, BLANES = 2, BSLOTS = 4 };

/* The loss of one lane's step, and its logits' softmax in p. */
static float bigram(const float *params, float h, int x, int y, float p[V])
{
    float most = -INFINITY, sum = 0, at_y = 0;
    for (int i = 0; i < V; i++) {
        p[i] = params[x * V + i] + params[V * V + i] * h;
        if (i == y)
            at_y = p[i];
        most = fmaxf(most, p[i]);
    }
    for (int i = 0; i < V; i++)
        sum += p[i] = expf(p[i] - most);
    for (int i = 0; i < V; i++)
        p[i] /= sum;
    return logf(sum) + most - at_y;
}

static void bigram_window(const tl_window *w)
{
    const int32_t *x = w->input[0], *y = w->target[0];
    const float *weight = w->weight;
    float *h = w->states, *g = w->grads, p[V];
    for (int i = 0; i < V * V + V; i++)
        g[i] = 0;
    for (int t = w->first; t < BSLOTS; t++)
        for (int b = 0; b < BLANES; b++) {
            int k = t * BLANES + b;
            h[k + BLANES] = h[k] / 2 + (float)x[k] / 8;
            ((float *)w->losses)[k] = bigram(w->params, h[k], x[k], y[k], p);
            for (int i = 0; i < V; i++) {
                float d = weight[k] * (p[i] - (float)(i == y[k]));
                g[x[k] * V + i] += d;
                g[V * V + i] += d * h[k];
            }
        }
}

static void bigram_step(const tl_step *s)
{
    const int32_t *x = s->input[0];
    const float *h = s->state, *params = s->params;
    float p[V], *out = s->output[0];
    for (int b = 0; b < s->lanes; b++) {
        float hb = h[b];
        for (int i = 0; i < V; i++)
            out[b * V + i] = params[x[b] * V + i] + params[V * V + i] * hb;
        if (s->target)
            ((float *)s->losses)[b] =
                bigram(params, hb, x[b], ((const int32_t *)s->target[0])[b], p);
        ((float *)s->next_state)[b] = hb / 2 + (float)x[b] / 8;
    }
}

tl_model fake_bigram(void)
{
    static const tl_tensor params[] = {
        { .name = "W", .rank = 2, .dim = { V, V }, .init = { TL_INIT_UNIFORM, 0.1 } },
        { .name = "c", .rank = 1, .dim = { V }, .offset = V * V, .init = { TL_INIT_CONSTANT, 0 } },
    };
    static const tl_tensor token = { .name = "", .type = TL_I32, .vocab = V };
    static const tl_tensor logits = { .name = "", .rank = 1, .dim = { V } };
    static const tl_tensor state = { .name = "h", .rank = 1, .dim = { 1 }, .learned = -1 };
    tl_model m = common("bigram", TL_F32);
    m.tbptt = (tl_tbptt){ .k1 = BSLOTS, .k2 = BSLOTS, .batch = BLANES };
    m.train.optimizer = (tl_optimizer_spec){ .kind = TL_SGD, .lr = 0.5, .momentum = 0.9 };
    m.loss = "cross_entropy";
    m.nparams = 2;
    m.ninputs = m.ntargets = m.nstates = m.noutputs = 1;
    m.params = params;
    m.inputs = m.targets = &token;
    m.outputs = &logits;
    m.states = &state;
    m.param_size = V * V + V;
    m.state_size = (BSLOTS + 1) * BLANES;
    m.step_state_size = 1;
    m.window = bigram_window;
    m.step = bigram_step;
    return m;
}

static void scalar_window(const tl_window *w)
{
    const double *p = w->params, *weight = w->weight;
    double *x = w->states, *g = w->grads, *loss = w->losses, dx = 0;
    for (int t = w->first; t < 3; t++)
        loss[t] = x[t + 1] = p[0] * x[t];
    g[0] = 0;
    for (int t = 3; t-- > w->first;) {
        dx += weight[t];
        g[0] += dx * x[t];
        dx *= p[0];
    }
}

static void scalar_step(const tl_step *s)
{
    double next = *(const double *)s->params * *(const double *)s->state;
    *(double *)s->next_state = *(double *)s->output[0] = next;
    if (s->target)
        *(double *)s->losses = next;
}

tl_model fake_scalar(double lr)
{
    static const tl_tensor param = { .name = "w", .rank = 1, .dim = { 1 }, .type = TL_F64,
                                     .init = { TL_INIT_CONSTANT, 0.2 } };
    static const tl_tensor state = { .name = "x", .rank = 1, .dim = { 1 }, .type = TL_F64,
                                     .init = { TL_INIT_CONSTANT, 0.9 }, .learned = -1 };
    static const tl_tensor output = { .name = "", .rank = 1, .dim = { 1 }, .type = TL_F64 };
    tl_model m = common("scalar", TL_F64);
    m.tbptt = (tl_tbptt){ .k1 = 1, .k2 = 3, .batch = 1, .counted = TL_COUNT_LAST };
    m.train.optimizer = (tl_optimizer_spec){ .kind = TL_SGD, .lr = lr };
    m.loss = "custom";
    m.nparams = m.nstates = m.noutputs = 1;
    m.params = &param;
    m.states = &state;
    m.outputs = &output;
    m.param_size = 1;
    m.state_size = 4;
    m.step_state_size = 1;
    m.window = scalar_window;
    m.step = scalar_step;
    return m;
}
