#include "online_run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tapeless/init.h>
#include <tapeless/online.h>
#include <tapeless/real.h>
#include <tapeless/training.h>
#include "random_series.h"

enum { STEPS = 31, LANES = 3 };

void online_case_apply(const OnlineCase *c, Model *m)
{
    m->tbptt.k1 = c->k1;
    m->tbptt.shards = c->shards;
    m->tbptt.k2 = c->k2;
    m->tbptt.overlap = c->overlap;
    m->tbptt.counted = c->counted;
    m->resets = c->resets;
    m->masks = c->masks;
}

const char *online_case_name(const OnlineCase *c, char *text)
{
    static const char *const overlap[] = { "recompute", "retain", "versions" };
    static const char *const counted[] = { "new", "last", "all" };
    snprintf(text, 100, "k1 = %d, k2 = %d, %s, %s%s%s%s%s", (int)c->k1, (int)c->k2,
             overlap[c->overlap], counted[c->counted], c->resets ? ", resets" : "",
             c->masks ? ", masks" : "", c->weights ? ", weights" : "",
             c->shards > 1 ? ", shards" : "");
    return text;
}

/* Some lanes start at some steps, all together at others; a lane is padding now and then, all are
 * once, and what counts counts unequally. */
static void flags_new(const OnlineCase *c, tl_type real, tl_examples *x)
{
    size_t bytes = STEPS * LANES * tl_real_size(real);
    x->reset = c->resets ? tl_aligned(bytes) : NULL;
    x->mask = tl_aligned(bytes);
    if (!x->mask || (c->resets && !x->reset))
        abort();
    for (size_t t = 0; t < STEPS; t++)
        for (size_t lane = 0; lane < LANES; lane++) {
            size_t at = t * LANES + lane;
            int padded = c->masks && ((t * 5 + lane * 3) % 7 == 2 || t == 17);
            tl_real_set(real, x->mask, at, padded ? 0 : 0.5 + (double)(at % 4));
            if (c->resets)
                tl_real_set(real, x->reset, at, t % 13 == 6 || t == 20 || (t * 7 + lane) % 11 == 0);
        }
}

/* Nothing counts in whole windows, and here and there in a lane, but at the first step: there is something to
 * be read for what does not count. */
static void weights_new(tl_type real, tl_examples *x)
{
    x->weight = tl_aligned(STEPS * LANES * tl_real_size(real));
    if (!x->weight)
        abort();
    for (size_t t = 0; t < STEPS; t++)
        for (size_t lane = 0; lane < LANES; lane++) {
            size_t at = t * LANES + lane;
            int counts = t == 0 || ((t * 3 + lane) % 4 && t / 6 != 2);
            tl_real_set(real, x->weight, at, counts ? 0.25 + (double)(at % 5) : 0);
            if (!counts)
                tl_real_set(real, x->target[0], at * 2 + t % 2, NAN);
        }
}

typedef struct Pair {
    const tl_model *m;
    tl_online o;
    tl_training t;
    void *memory;
    tl_error e;
} Pair;

/* Tensors of a block, slots from .. to - 1. */
static int same_slots(const Pair *p, const tl_tensor *t, int32_t n, const void *a, const void *b,
                      int32_t from, int32_t to)
{
    for (int32_t i = 0; i < n; i++) {
        size_t slot = (size_t)tl_lanes(&p->m->tbptt) * tl_size(&t[i]), at = t[i].offset + (size_t)from * slot;
        if (memcmp(tl_real_at_const(p->m->real, a, at), tl_real_at_const(p->m->real, b, at),
                   (size_t)(to - from) * slot * tl_real_size(p->m->real)))
            return 0;
    }
    return 1;
}

static const char *shard_differs(const Pair *p, const tl_buffers *a, const tl_buffers *b)
{
    const tl_model *m = p->m;
    const tl_tensor lane = { .rank = 0 };
    int32_t k2 = m->tbptt.k2, first = k2 - p->t.length;
    if (!same_slots(p, &lane, 1, a->losses, b->losses, first, k2))
        return "a step's loss";
    /* The training has moved what enters its next window already, perhaps over other states. */
    if (!same_slots(p, m->states, m->nstates, a->states, b->states, k2, k2 + 1))
        return "the state";
    if (!same_slots(p, m->probes, m->nprobes, a->probes, b->probes, first, k2))
        return "a probe";
    return same_slots(p, m->probes, m->nprobes, a->probe_grads, b->probe_grads, first, k2) ? NULL : "a probe's gradient";
}

/* What tl_online shows of a probe is all lanes of the shards. */
static const char *shown_differs(const Pair *p)
{
    const tl_model *m = p->m;
    for (int32_t i = 0; i < m->nprobes; i++)
        for (int32_t back = 0; back < p->t.length; back++) {
            const char *value = tl_online_probe(&p->o, m->probes[i].name, back);
            const char *gradient = tl_online_probe_grad(&p->o, m->probes[i].name, back);
            size_t part = (size_t)tl_lanes(&m->tbptt) * tl_size(&m->probes[i]), bytes = part * tl_real_size(m->real);
            size_t at = m->probes[i].offset + (size_t)(m->tbptt.k2 - 1 - back) * part;
            for (int32_t k = 0; k < tl_shards(&m->tbptt); k++) {
                const tl_buffers *b = tl_shard(&p->t.buffers, k);
                if (memcmp(value + (size_t)k * bytes, tl_real_at_const(m->real, b->probes, at), bytes) ||
                    memcmp(gradient + (size_t)k * bytes, tl_real_at_const(m->real, b->probe_grads, at), bytes))
                    return "a probe that is shown";
            }
        }
    return NULL;
}

static const char *differs(const Pair *p)
{
    const tl_model *m = p->m;
    const tl_buffers *a = &p->o.buffers, *b = &p->t.buffers;
    size_t params = m->param_size * tl_real_size(m->real);
    const char *what = NULL;
    if (p->o.length != p->t.length)
        return "the window's length";
    if (!(p->o.loss == p->t.loss && p->o.norm == p->t.norm && p->o.lr == p->t.lr))
        return "the loss, the norm or the rate";
    for (int32_t i = 0; i < tl_shards(&m->tbptt) && !what; i++)
        what = shard_differs(p, tl_shard(a, i), tl_shard(b, i));
    if (what || (what = shown_differs(p)))
        return what;
    if (memcmp(a->grads, b->grads, params))
        return "the gradient";
    return memcmp(a->params, b->params, params) ? "the parameters" : NULL;
}

/* Both from the same parameters. 0 with a sentence in e. */
static int pair_new(Pair *p, const tl_engine *engine, const random_series *r)
{
    *p = (Pair){ .m = engine->model, .memory = tl_aligned(tl_online_size(engine->model)) };
    if (!p->memory || tl_online_begin(&p->o, engine, p->memory, &p->e) ||
        tl_training_new(&p->t, engine, &r->s, &engine->model->train, &p->e) ||
        tl_init_params(p->m, p->t.buffers.params, 1, &p->e))
        return 0;
    memcpy(p->o.buffers.params, p->t.buffers.params, p->m->param_size * tl_real_size(p->m->real));
    p->o.seed = p->t.seed = 5;
    tl_online_start(&p->o);
    tl_training_start(&p->t);
    return 1;
}

static int push(Pair *p, const random_series *r, size_t step)
{
    double x[2 * LANES], y[2 * LANES], mask[LANES], weight[LANES], reset[LANES];
    int32_t event[LANES];
    const tl_model *m = p->m;
    void *in[2], *target[] = { y };
    for (int32_t i = 0; i < 2; i++)
        in[i] = m->inputs[i].type == TL_I32 ? (void *)event : x;
    tl_series_gather(&r->s, step, 1, 0, in, target, mask, weight, reset);
    for (size_t i = 0; i < LANES && r->x.weight; i++) /* which the series has overwritten */
        if (tl_real_get(m->real, weight, i) == 0)
            tl_real_set(m->real, y, 2 * i, NAN);
    const tl_sample sample = { .input = (const void *const *)in, .target = (const void *const *)target,
                               .reset = reset, .mask = mask, .weight = r->x.weight ? weight : NULL };
    return tl_online_push_sample(&p->o, &sample, &p->e);
}

static const char *follow(Pair *p, const OnlineCase *c, const random_series *r)
{
    for (size_t step = 0; step + 1 < STEPS; step++) {
        int status = push(p, r, step);
        if (status < 0 || (status && tl_training_update(&p->t, &p->e)))
            return p->e.text;
        if ((status && p->t.cursor.tick != step + 1) ||
            (!c->masks && !c->weights && !p->m->has_head && status != ((step + 1) % (size_t)c->k1 == 0)))
            return "when an update is made"; /* with padding, weights or a head, only where something counts */
        const char *what = status ? differs(p) : NULL;
        if (what) {
            tl_fail(&p->e, "after step %zu: %s", step + 1, what);
            return p->e.text;
        }
    }
    return NULL;
}

const char *online_differs(const OnlineCase *c, const tl_engine *engine)
{
    static Pair p;
    random_series r;
    random_series_new(&r, engine->model, STEPS, 7);
    tl_error e;
    flags_new(c, engine->model->real, &r.x);
    if (c->weights)
        weights_new(engine->model->real, &r.x);
    if (tl_series_cut(&r.s, engine->model, &r.x, 0, STEPS, LANES, "random", &e)) /* fills the padding */
        abort();
    const char *what = pair_new(&p, engine, &r) ? follow(&p, c, &r) : p.e.text;
    tl_training_free(&p.t);
    free(p.memory);
    random_series_free(&r);
    return what;
}
