#include "online.h"

#include <string.h>

#include "gauss_newton.h"
#include "init.h"
#include "probe.h"
#include "real.h"
#include "stepper.h"
#include "steps.h"
#include "update.h"
#include "window.h"

/* ---- memory ---- */

/* Hands out blocks of the caller's memory, or with base NULL only counts. An empty block is NULL:
 * what a model does not have is not moved either. */
typedef struct Carver {
    char *base;
    size_t used;
    int overflow;
} Carver;

static void *carve(Carver *c, size_t a, size_t b, size_t size)
{
    size_t n, end;
    if (__builtin_mul_overflow(a, b, &n) || __builtin_mul_overflow(n, size, &n) ||
        __builtin_add_overflow(n, TL_ALIGN - 1, &n) ||
        __builtin_add_overflow(c->used, n / TL_ALIGN * TL_ALIGN, &end) || end > SIZE_MAX / 2) {
        c->overflow = 1;
        return NULL;
    }
    void *p = c->base && end > c->used ? c->base + c->used : NULL;
    c->used = end;
    return p;
}

static void **carve_arrays(Carver *c, const tl_tensor *t, int32_t n, size_t count)
{
    void **arrays = carve(c, (size_t)n, 1, sizeof *arrays);
    for (int32_t i = 0; i < n; i++) {
        void *p = carve(c, count, tl_size(&t[i]), tl_type_size(t[i].type));
        if (arrays)
            arrays[i] = p;
    }
    return arrays;
}

/* What a shard has for itself. */
static void carve_shard(Carver *c, tl_buffers *b, const tl_model *m, int packs)
{
    size_t real = tl_real_size(m->real), k2 = (size_t)m->tbptt.k2, lanes = (size_t)tl_lanes(&m->tbptt);
    b->grads = carve(c, m->param_size, 1, real);
    b->states = carve(c, m->state_size, 1, real);
    b->losses = carve(c, k2, lanes, real);
    b->named = m->nnamed ? carve(c, (size_t)m->nnamed * k2, lanes, real) : NULL;
    b->weight = carve(c, k2, lanes, real);
    b->mask = carve(c, k2, lanes, real);
    b->counts = carve(c, k2, lanes, real);
    b->reset = carve(c, m->has_reset ? k2 : 0, lanes, real);
    b->frames = carve(c, m->frame_size, k2, real);
    b->probes = carve(c, m->nprobes ? m->probe_size : 0, 1, real);
    b->state_grads = carve(c, m->has_state_grads ? m->state_size : 0, 1, real);
    b->probe_grads = carve(c, m->nprobes ? m->probe_size : 0, 1, real);
    b->work = carve(c, packs ? m->work_size : m->work_size - m->pack_size, 1, 1);
    b->input = carve_arrays(c, m->inputs, m->ninputs, k2 * lanes);
    b->target = carve_arrays(c, m->targets, m->ntargets, k2 * lanes);
    tl_slots *room = carve(c, (size_t)tl_slots_most(m), 1, sizeof *room);
    if (room)
        tl_buffers_arrange(b, m, room);
}

static void carve_window(Carver *c, tl_buffers *b, const tl_model *m)
{
    size_t real = tl_real_size(m->real), k2 = (size_t)m->tbptt.k2, others = (size_t)tl_shards(&m->tbptt) - 1;
    tl_buffers counted; /* where memory is only counted, what the others are written to */
    *b = (tl_buffers){ .ninputs = m->ninputs, .ntargets = m->ntargets };
    b->params = carve(c, m->param_size, 1, real);
    b->nversions = tl_steps_versions(m);
    b->history = b->nversions ? carve(c, m->param_size, (size_t)b->nversions, real) : NULL;
    b->version = carve(c, b->nversions ? k2 : 0, 1, sizeof *b->version);
    b->versions = carve(c, b->nversions ? k2 : 0, 1, sizeof *b->versions);
    b->other = carve(c, others, 1, sizeof *b->other);
    if (b->other)
        tl_buffers_join(b, m);
    carve_shard(c, b, m, 1);
    for (size_t i = 0; i < others; i++)
        carve_shard(c, b->other ? &b->other[i] : &counted, m, 0);
}

static void carve_step(Carver *c, tl_online *o, const tl_model *m)
{
    size_t real = tl_real_size(m->real), batch = (size_t)m->tbptt.batch;
    size_t shards = (size_t)tl_shards(&m->tbptt), shown = shards > 1 && m->nprobes ? 2 * shards : 0;
    o->state = carve(c, m->step_state_size, batch, real);
    o->next = carve(c, m->step_state_size, batch, real);
    o->losses = carve(c, batch, 1, real);
    o->named = m->nnamed ? carve(c, (size_t)m->nnamed, batch, real) : NULL;
    o->shard_named = m->nnamed && shards > 1 ? carve(c, (size_t)m->nnamed, (size_t)tl_lanes(&m->tbptt), real) : o->named;
    o->work = carve(c, m->step_work_size, 1, 1);
    o->shown = carve(c, m->probe_size, shown, real);
    o->output = carve_arrays(c, m->outputs, m->noutputs, batch);
    o->last_input = carve_arrays(c, m->inputs, m->ninputs, batch);
    o->last_target = carve_arrays(c, m->targets, m->ntargets, batch);
    o->part = carve(c, (size_t)m->ninputs + (size_t)m->ntargets + (size_t)m->noutputs, 1, sizeof *o->part);
}

/* Its covariance begins as the spec's. */
static void carve_filter(Carver *c, tl_online *o, const tl_model *m)
{
    if (m->train.optimizer.kind != TL_EKF)
        return;
    size_t n = tl_ekf_size(m, &m->train.optimizer);
    double *block = carve(c, n, 1, sizeof *block);
    c->overflow |= !n;
    if (block)
        o->optimizer.ekf = tl_ekf_over(m, &m->train.optimizer, block);
}

static void carve_all(Carver *c, tl_online *o, const tl_model *m)
{
    carve_window(c, &o->buffers, m);
    carve_step(c, o, m);
    size_t moments = (size_t)tl_optimizer_over(m, &m->train.optimizer, NULL, NULL).nmoments;
    tl_span *spans = carve(c, (size_t)m->nparams, 1, sizeof *spans);
    o->optimizer = tl_optimizer_over(m, &m->train.optimizer, spans,
                                     carve(c, m->param_size, moments, tl_real_size(m->real)));
    o->average.mean = carve(c, tl_averages(&m->train) ? m->param_size : 0, 1, sizeof *o->average.mean);
    o->sum.grads = carve(c, tl_accumulates(&m->train) ? m->param_size : 0, 1, tl_real_size(m->real));
    carve_filter(c, o, m);
}

size_t tl_online_size(const tl_model *m)
{
    tl_online o;
    Carver c = { 0 };
    carve_all(&c, &o, m);
    return c.overflow ? 0 : c.used;
}

int tl_online_begin(tl_online *o, const tl_engine *engine, void *memory, tl_error *e)
{
    const tl_model *m = engine->model;
    if ((uintptr_t)memory % TL_ALIGN)
        return tl_fail(e, "%s: its memory must be aligned to %d bytes", m->name, TL_ALIGN);
    if (m->train.optimizer.kind == TL_EKF && (m->rows_of != TL_EKF || tl_ekf_check(m, e)))
        return m->rows_of == TL_EKF ? -1 : tl_fail(e, "%s: it was not built for ekf, whose rows it has not", m->name);
    if (tl_is_whole_record(m->train.optimizer.kind))
        return tl_fail(e, "%s: %s needs all the data at once, and a stream has no end: sgd, adam, adamw and rmsprop learn "
                       "from one", m->name, tl_optimizer_name(m->train.optimizer.kind));
    Carver c = { .base = memory };
    *o = (tl_online){ .engine = engine, .spec = m->train, .plateau = tl_plateau_new() };
    memset(memory, 0, tl_online_size(m));
    carve_all(&c, o, m);
    for (int32_t t = 0; t < m->tbptt.k2 && o->buffers.nversions; t++)
        o->buffers.versions[t] = o->buffers.params;
    tl_buffers_even(&o->buffers, m);
    return 0;
}

/* A shard's part of what a step takes and leaves: in a tl_step's order, shard after shard. */
static void *step_state(const tl_online *o, void *state, int32_t shard)
{
    const tl_model *m = o->engine->model;
    return tl_real_at(m->real, state, (size_t)shard * (size_t)tl_lanes(&m->tbptt) * m->step_state_size);
}

/* The window's state at `index` and the step's differ in how tensors follow each other; sensitivities are the window's
 * alone. */
static void copy_shard(tl_online *o, int32_t shard, int32_t index, int to_step)
{
    const tl_slots *s = tl_shard(&o->buffers, shard)->state, *end = s + tl_own_states(o->engine->model);
    for (char *step = step_state(o, o->state, shard); s < end; step += s++->bytes) {
        char *slot = s->at + (size_t)index * s->bytes;
        memcpy(to_step ? step : slot, to_step ? slot : step, s->bytes);
    }
}

static void copy_state(tl_online *o, int32_t index, int to_step)
{
    for (int32_t i = 0; i < tl_shards(&o->engine->model->tbptt); i++)
        copy_shard(o, i, index, to_step);
}

/* What begins anew has been moved by nothing. */
static void forget_sensitivities(tl_online *o, int32_t index)
{
    const tl_model *m = o->engine->model;
    for (int32_t i = 0; i < tl_shards(&m->tbptt); i++)
        tl_residual_forget(m, tl_shard(&o->buffers, i), index);
}

/* One lane to the initial state. */
static void start_lane(tl_online *o, int32_t lane)
{
    const tl_model *m = o->engine->model;
    int32_t lanes = tl_lanes(&m->tbptt);
    tl_init_step_state(m, o->buffers.params, step_state(o, o->state, lane / lanes), lanes, lane % lanes);
}

/* ---- where a step goes ---- */

/* The first step of a run: how many there will be, how far back its window reaches, and what enters it. Not before a
 * push, so that the last window can be looked at until then. */
static void begin_run(tl_online *o)
{
    const tl_model *m = o->engine->model;
    o->chunk = tl_steps_run(&m->tbptt, m->tbptt.k1 - o->fresh);
    if (!o->since) {
        copy_state(o, m->tbptt.k2, 0);
        forget_sensitivities(o, m->tbptt.k2);
    }
    if (!o->buffers.even && o->plain > (uint64_t)m->tbptt.k2)
        tl_buffers_even(&o->buffers, m);
    o->before = tl_steps_kept(&m->tbptt, o->since, m->tbptt.k1);
    tl_steps_shift(m, &o->buffers, o->before, o->chunk);
    o->slot = m->tbptt.k2 - o->chunk;
}

static double weight_of(const tl_online *o, const void *weights, size_t lane)
{
    return weights ? tl_real_get(o->engine->model->real, weights, lane) : 1;
}

/* What the lane's loss counts, its mask aside. */
static double counts_of(const tl_online *o, const tl_sample *x, size_t lane)
{
    return x->target || !o->engine->model->ntargets ? weight_of(o, x->weight, lane) : 0;
}

static void copy_lanes(const tl_tensor *t, int32_t n, const void *const *from, void *const *to, size_t lane,
                       size_t lanes)
{
    for (int32_t i = 0; i < n; i++) {
        size_t size = tl_size(&t[i]) * tl_type_size(t[i].type);
        memcpy((char *)to[i] + lane * size, (const char *)from[i] + lane * size, lanes * size);
    }
}

/* What is read of this step: a lane that is padding, and a target that does not count, are read as they
 * last were (padding.h). */
static void take(tl_online *o, const tl_sample *x)
{
    const tl_model *m = o->engine->model;
    size_t batch = (size_t)m->tbptt.batch, alike = x->mask || x->weight ? 1 : batch; /* so many at a time */
    for (size_t lane = 0; lane < batch; lane += alike) {
        if (weight_of(o, x->mask, lane) == 0)
            continue;
        copy_lanes(m->inputs, m->ninputs, x->input, o->last_input, lane, alike);
        if (x->target && counts_of(o, x, lane) != 0)
            copy_lanes(m->targets, m->ntargets, x->target, o->last_target, lane, alike);
    }
}

/* A shard's lanes of what is [batch][shape...], to a slot. */
static void put(const tl_slots *to, void *const *from, int32_t n, size_t shard, size_t slot)
{
    for (int32_t i = 0; i < n; i++)
        memcpy(to[i].at + slot * to[i].bytes, (const char *)from[i] + shard * to[i].bytes, to[i].bytes);
}

/* Once no step with a mask, a weight or without a target is within reach, all count alike again. */
static void note_flags(tl_online *o, const tl_sample *x)
{
    int plain = !x->mask && !x->weight && (x->target || !o->engine->model->ntargets);
    o->plain = plain ? o->plain + 1 : 0;
    if (!plain)
        o->buffers.even = 0;
}

static void store_shard(tl_online *o, int32_t shard, const tl_sample *x)
{
    const tl_model *m = o->engine->model;
    const tl_buffers *b = tl_shard(&o->buffers, shard);
    size_t lanes = (size_t)tl_lanes(&m->tbptt), slot = (size_t)o->slot;
    put(b->data, o->last_input, m->ninputs, (size_t)shard, slot);
    put(b->data + m->ninputs, o->last_target, m->ntargets, (size_t)shard, slot);
    if (o->buffers.even && !m->has_reset)
        return;
    for (size_t i = 0; i < lanes; i++) {
        size_t at = slot * lanes + i, lane = (size_t)b->lane + i;
        int first = o->started || (x->reset && tl_real_get(m->real, x->reset, lane) != 0);
        if (!o->buffers.even) {
            tl_real_set(m->real, b->mask, at, weight_of(o, x->mask, lane));
            tl_real_set(m->real, b->counts, at, counts_of(o, x, lane));
        }
        if (m->has_reset)
            tl_real_set(m->real, b->reset, at, first);
    }
}

static void store(tl_online *o, const tl_sample *x)
{
    int32_t shards = tl_shards(&o->engine->model->tbptt);
    for (int32_t i = 0; i < shards; i++)
        store_shard(o, i, x);
}

/* ---- a push ---- */

/* Where a shard's lanes begin in arrays of [batch][shape...]; the pointers are kept in `part`. */
static void **parts(const tl_tensor *t, int32_t n, const void *const *arrays, size_t lane, void **part)
{
    for (int32_t i = 0; i < n; i++)
        part[i] = (char *)(uintptr_t)arrays[i] + lane * tl_size(&t[i]) * tl_type_size(t[i].type);
    return part;
}

/* The named losses of a shard's lanes among those of all. */
static void join_named(tl_online *o, size_t lane)
{
    const tl_model *m = o->engine->model;
    const size_t real = tl_real_size(m->real), lanes = (size_t)tl_lanes(&m->tbptt), batch = (size_t)m->tbptt.batch;
    for (size_t i = 0; o->shard_named != o->named && i < (size_t)m->nnamed; i++)
        memcpy((char *)o->named + (i * batch + lane) * real, (char *)o->shard_named + i * lanes * real, lanes * real);
}

static void step_shard(tl_online *o, const tl_sample *x, int32_t shard)
{
    static const void *const none[] = { NULL }; /* a model without targets may still have a loss */
    const tl_model *m = o->engine->model;
    size_t lane = (size_t)tl_shard(&o->buffers, shard)->lane;
    void **input = o->part, **target = input + m->ninputs, **output = target + m->ntargets;
    void *const *to = x->output ? x->output : o->output;
    parts(m->targets, m->ntargets, (const void *const *)o->last_target, lane, target);
    tl_step s = {
        .lanes = tl_lanes(&m->tbptt),
        .input = (const void *const *)parts(m->inputs, m->ninputs, (const void *const *)o->last_input, lane, input),
        .target = !m->ntargets ? none : x->target ? (const void *const *)target : NULL,
        .params = o->buffers.params,
        .state = step_state(o, o->state, shard),
        .next_state = step_state(o, o->next, shard),
        .output = parts(m->outputs, m->noutputs, (const void *const *)to, lane, output),
        .losses = tl_real_at(m->real, o->losses, lane),
        .named = o->shard_named,
        .work = o->work,
    };
    o->engine->step(o->engine->self, &s);
    if (s.target)
        join_named(o, lane);
    if (x->mask)
        tl_step_hold(m, tl_real_at_const(m->real, x->mask, lane), s.state, s.next_state, s.lanes);
}

static void run_step(tl_online *o, const tl_sample *x)
{
    int32_t shards = tl_shards(&o->engine->model->tbptt);
    for (int32_t i = 0; i < shards; i++)
        step_shard(o, x, i);
    void *t = o->state;
    o->state = o->next;
    o->next = t;
}

/* The window's slots are full: it is run. Steps that no window reaches back to are passed through. */
static int end_run(tl_online *o, tl_error *e)
{
    const tl_model *m = o->engine->model;
    tl_update u = {
        .engine = o->engine,
        .spec = &o->spec,
        .buffers = &o->buffers,
        .optimizer = &o->optimizer,
        .seed = o->seed,
        .run = o->run,
        .reduced = o->plateau.factor,
        .number = o->updates,
        .version = o->windows,
        .tick = o->steps,
        .average = o->average.mean ? &o->average : NULL,
        .sum = o->sum.grads ? &o->sum : NULL,
        .kept = o->before,
        .fresh = o->chunk,
        .loss = o->loss,
        .norm = o->norm,
        .lr = o->lr,
    };
    int last = o->fresh == m->tbptt.k1;
    o->optimizer.spec = o->spec.optimizer;
    if (o->average.mean && !o->updates)
        tl_average_begin(&o->average, m, o->buffers.params);
    int made = last ? tl_update_make(&u, e) : tl_update_pass(&u, e);
    copy_state(o, m->tbptt.k2, 1);
    if (!last)
        return made;
    o->fresh = 0;
    o->length = u.kept + u.fresh;
    o->windows++;
    o->updates += made > 0;
    o->loss = u.loss;
    o->norm = u.norm;
    o->lr = u.lr;
    return made;
}

/* ---- sequences ---- */

void tl_online_start(tl_online *o)
{
    const tl_model *m = o->engine->model;
    for (int32_t lane = 0; lane < m->tbptt.batch; lane++)
        start_lane(o, lane);
    o->restart = o->started = 1;
}

static int begins(const tl_online *o, const void *reset, int32_t lane)
{
    return reset && tl_real_get(o->engine->model->real, reset, (size_t)lane) != 0;
}

static int32_t count_resets(const tl_online *o, const void *reset)
{
    int32_t n = 0;
    for (int32_t lane = 0; lane < o->engine->model->tbptt.batch; lane++)
        n += begins(o, reset, lane);
    return n;
}

static int check_resets(const tl_online *o, int32_t n, tl_error *e)
{
    const tl_model *m = o->engine->model;
    int at_window = o->restart || !o->fresh;
    if (!n || m->has_reset || o->frozen || (n == m->tbptt.batch && at_window))
        return 0;
    return tl_fail(e, "%s: %d of %d lanes start a sequence inside of a window, which it was not "
                   "compiled for; set tbptt = { resets = true } in the spec", m->name, (int)n,
                   (int)m->tbptt.batch);
}

static int check_weights(const tl_online *o, const void *weights, const char *what, tl_error *e)
{
    const tl_model *m = o->engine->model;
    for (int32_t lane = 0; weights && lane < m->tbptt.batch; lane++) {
        double w = weight_of(o, weights, (size_t)lane);
        if (!tl_weight_fits(w))
            return tl_fail(e, "%s: the %s is %g in lane %d; it takes " TL_WEIGHT_WORDS, m->name, what, w,
                           (int)lane + 1);
    }
    return 0;
}

static int check_padding(const tl_online *o, const void *mask, tl_error *e)
{
    const tl_model *m = o->engine->model;
    for (int32_t lane = 0; mask && lane < m->tbptt.batch; lane++)
        if (weight_of(o, mask, (size_t)lane) == 0 && !m->has_mask && !o->frozen)
            return tl_fail(e, "%s: lane %d is padded inside of a window, which it was not "
                           "compiled for; set tbptt = { masks = true } in the spec", m->name,
                           (int)lane + 1);
    return 0;
}

/* Of the lanes that are read: code that is called with another token reads beyond its tables. */
static int check_tokens(const tl_online *o, const tl_sample *x, const tl_tensor *t, int32_t n, const void *const *data,
                        const char *kind, tl_error *e)
{
    const size_t batch = (size_t)o->engine->model->tbptt.batch;
    for (int32_t i = 0; i < n && data; i++) {
        const int32_t *token = data[i];
        size_t each = tl_size(&t[i]);
        for (size_t k = 0; t[i].vocab && k < batch * each; k++) {
            int read = weight_of(o, x->mask, k / each) != 0 && (data == x->input || counts_of(o, x, k / each) != 0);
            if (read && (token[k] < 0 || token[k] >= t[i].vocab))
                return tl_fail(e, "%s: the %s%s%s is token %d in lane %zu; it takes 0 to %d", o->engine->model->name, kind,
                               *t[i].name ? " " : "", t[i].name, (int)token[k], k / each + 1, (int)t[i].vocab - 1);
        }
    }
    return 0;
}

/* No window reaches back over a step at which all lanes start or learning begins again. */
static void begin_step(tl_online *o, int all)
{
    if (o->restart)
        o->fresh = 0;
    if (o->restart || all)
        o->since = 0;
    if (!o->fresh || o->slot == o->engine->model->tbptt.k2)
        begin_run(o);
    o->restart = 0;
}

static int end_step(tl_online *o, tl_error *e)
{
    o->fresh++;
    o->since++;
    o->steps++;
    return ++o->slot < o->engine->model->tbptt.k2 ? 0 : end_run(o, e);
}

int tl_online_push_sample(tl_online *o, const tl_sample *x, tl_error *e)
{
    const tl_model *m = o->engine->model;
    int32_t starting = count_resets(o, x->reset);
    if (check_resets(o, starting, e) || check_weights(o, x->mask, "mask", e) ||
        check_weights(o, x->weight, "weight", e) || check_padding(o, x->mask, e) ||
        check_tokens(o, x, m->inputs, m->ninputs, x->input, "input", e) ||
        check_tokens(o, x, m->targets, m->ntargets, x->target, "target", e))
        return -1;
    for (int32_t lane = 0; lane < m->tbptt.batch && starting; lane++)
        if (begins(o, x->reset, lane))
            start_lane(o, lane);
    take(o, x);
    if (o->frozen) {
        o->restart = 1;
        run_step(o, x);
        return 0;
    }
    note_flags(o, x);
    begin_step(o, o->started || starting == m->tbptt.batch);
    store(o, x);
    o->started = 0;
    run_step(o, x);
    return end_step(o, e);
}

int tl_online_push(tl_online *o, const void *const *input, const void *const *target,
                   const void *reset, void *const *output, tl_error *e)
{
    const tl_sample x = { .input = input, .target = target, .reset = reset, .output = output };
    return tl_online_push_sample(o, &x, e);
}

void tl_online_average(const tl_online *o, void *params)
{
    const tl_model *m = o->engine->model;
    if (o->average.mean && o->updates)
        tl_average_round(&o->average, m, params);
    else
        memcpy(params, o->buffers.params, m->param_size * tl_real_size(m->real));
}

/* ---- probes ---- */

/* The lanes of all shards in order. One shard's stand in its block; others are copied, each slot of each probe, of
 * values and of gradients, to a place of its own. */
static const void *all_lanes(const tl_online *o, const tl_tensor *probe, int32_t slot, int gradient)
{
    const tl_model *m = o->engine->model;
    int32_t shards = tl_shards(&m->tbptt);
    size_t part = (size_t)tl_lanes(&m->tbptt) * tl_size(probe), n = part * (size_t)shards;
    size_t at = (probe->offset + (gradient ? m->probe_size : 0)) * (size_t)shards + (size_t)slot * n;
    for (int32_t i = 0; i < shards; i++) {
        const tl_buffers *b = tl_shard(&o->buffers, i);
        const void *from = tl_probe_at(m, probe, gradient ? b->probe_grads : b->probes, slot);
        if (shards == 1)
            return from;
        memcpy(tl_real_at(m->real, o->shown, at + (size_t)i * part), from, part * tl_real_size(m->real));
    }
    return tl_real_at(m->real, o->shown, at);
}

static const void *probe_at(const tl_online *o, const char *name, int32_t back, int gradient)
{
    const tl_model *m = o->engine->model;
    const tl_tensor *probe = tl_probe_named(m, name);
    return probe && back >= 0 && back < o->length ? all_lanes(o, probe, m->tbptt.k2 - 1 - back, gradient) : NULL;
}

const void *tl_online_probe(const tl_online *o, const char *name, int32_t back)
{
    return probe_at(o, name, back, 0);
}

const void *tl_online_probe_grad(const tl_online *o, const char *name, int32_t back)
{
    return probe_at(o, name, back, 1);
}
