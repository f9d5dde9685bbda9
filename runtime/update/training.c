#include "training.h"

#include <math.h>
#include <stdlib.h>

#include "init.h"
#include "lag_norms.h"
#include "real.h"
#include "steps.h"

/* What is not always needed. */
static int allocate(tl_training *t, const tl_model *m)
{
    size_t fields = (size_t)m->ninputs + (size_t)m->ntargets;
    size_t bytes = m->param_size * tl_real_size(m->real);
    t->named = calloc((size_t)m->nnamed + 1, sizeof *t->named);
    for (int32_t i = 0; t->named && i < m->nnamed; i++)
        t->named[i] = NAN;
    if (!t->named)
        return 0;
    if (tl_averages(&t->spec) && (!(t->average.mean = tl_aligned(m->param_size * sizeof(double))) ||
                                  !(t->average.rounded = tl_aligned(bytes))))
        return 0;
    if (tl_accumulates(&t->spec) && (!(t->sum.grads = tl_aligned(bytes)) ||
                                     !(t->sum.named = calloc((size_t)m->nnamed + 1, sizeof *t->sum.named))))
        return 0;
    if (m->has_state_grads && !(t->lag = calloc((size_t)m->tbptt.k2 + 1, sizeof *t->lag)))
        return 0;
    if (fields && tl_shards(&m->tbptt) == 1 && tl_series_in_order(t->data))
        t->where = calloc(fields, sizeof *t->where);
    else
        return 1;
    t->row = t->data->start / t->data->lanes;
    return t->where != NULL;
}

/* Optimizers that take rows need a model that leaves them, and others one that has a gradient. */
static int check_rows(const tl_model *m, tl_optimizer_kind kind, tl_error *e)
{
    int takes = tl_takes_rows(kind);
    if (m->jacobian)
        return tl_fail(e, "%s computes a Jacobian (jacobian.h), and is not trained", m->name);
    if (takes ? m->nrows && m->rows_of == kind : !m->nrows)
        return 0;
    if (takes)
        return tl_fail(e, "%s learns from a Jacobian, which this trainer was not built with: tapeless train SPEC --optimizer %s "
                       "builds one", tl_optimizer_name(kind), tl_optimizer_name(kind));
    return tl_fail(e, "this trainer was built for %s, and has no gradient for %s: tapeless train SPEC --optimizer %s builds "
                   "one", tl_optimizer_name(m->rows_of), tl_optimizer_name(kind), tl_optimizer_name(kind));
}

/* A filter takes the rows of all shards one after the other, and a process has its own alone. */
static int check_processes(const tl_training *t, tl_error *e)
{
    if (t->spec.optimizer.kind != TL_EKF || !t->buffers.exchange)
        return 0;
    return tl_fail(e, "ekf runs in one process, whose threads share the shards (--threads): adam and the like can run in "
                   "several");
}

int tl_training_new(tl_training *t, const tl_engine *engine, const tl_series *data,
                    const tl_train_spec *spec, tl_error *e)
{
    return tl_training_new_own(t, engine, data, spec, NULL, e);
}

int tl_training_new_own(tl_training *t, const tl_engine *engine, const tl_series *data, const tl_train_spec *spec,
                        const tl_exchange *x, tl_error *e)
{
    const tl_model *m = engine->model;
    *t = (tl_training){ .engine = engine, .data = data, .spec = *spec, .stale = 1, .sound = -1, .plateau = tl_plateau_new(),
                        .data_hash = tl_series_hash(data) };
    if (check_rows(m, spec->optimizer.kind, e) || tl_buffers_new_own(&t->buffers, m, x, e))
        return -1;
    int bad = check_processes(t, e) ? -1 : allocate(t, m) ? 0 : tl_fail(e, "%s: no memory for a training's own", m->name);
    if (bad || tl_optimizer_new(&t->optimizer, m, &spec->optimizer, e) || tl_whole_record_new(t, e)) {
        tl_training_free(t);
        return -1;
    }
    if (!tl_series_weighted(data))
        tl_buffers_even(&t->buffers, m);
    return 0;
}

void tl_training_free(tl_training *t)
{
    tl_buffers_free(&t->buffers);
    tl_optimizer_free(&t->optimizer);
    tl_whole_record_free(&t->whole);
    free((void *)t->where);
    free(t->lag);
    free(t->named);
    free(t->sum.grads);
    free(t->sum.named);
    free(t->average.mean);
    free(t->average.rounded);
    *t = (tl_training){ 0 };
}

static int32_t next_fresh(const tl_training *t)
{
    uint64_t left = t->data->steps - t->cursor.position;
    int32_t k1 = t->engine->model->tbptt.k1;
    return left < (uint64_t)k1 ? (int32_t)left : k1;
}

/* Steps before the cursor, back to where all lanes last started or as far as a window may reach. */
static uint64_t steps_since_start(const tl_training *t)
{
    uint64_t most = (uint64_t)t->engine->model->tbptt.k2, since = 0, at = t->cursor.position;
    while (since < most && at > 0 && !tl_series_starts(t->data, at)) {
        since++;
        at--;
    }
    return since;
}

/* The same, where it was before the `fresh` steps behind the cursor. */
static uint64_t since_after(const tl_training *t, int32_t fresh)
{
    uint64_t since = t->since;
    if (!tl_series_resets(t->data))
        return since + (uint64_t)fresh;
    for (uint64_t at = t->cursor.position + 1; at <= t->cursor.position + (uint64_t)fresh; at++)
        since = at < t->data->steps && tl_series_starts(t->data, at) ? 0 : since + 1;
    return since;
}

int32_t tl_training_entry(const tl_training *t)
{
    const tl_tbptt *k = &t->engine->model->tbptt;
    return k->k2 - tl_steps_kept(k, steps_since_start(t), next_fresh(t));
}

uint64_t tl_training_epoch_updates(const tl_training *t)
{
    if (tl_is_whole_record(t->spec.optimizer.kind))
        return 1;
    uint64_t windows = tl_series_updates(t->data), each = tl_accumulates(&t->spec) ? (uint64_t)t->spec.accumulate : 1;
    return windows / each + (windows % each != 0);
}

static void start_states(tl_training *t)
{
    const tl_model *m = t->engine->model;
    tl_own own = tl_own_shards(&t->buffers, m);
    for (int32_t i = own.first; i < own.end; i++)
        tl_init_states(m, t->buffers.params, tl_shard(&t->buffers, i)->states, m->tbptt.k2);
}

void tl_training_start(tl_training *t)
{
    if (t->average.mean)
        tl_average_begin(&t->average, t->engine->model, t->buffers.params);
    start_states(t);
}

const void *tl_training_weights(const tl_training *t)
{
    if (!t->average.mean)
        return t->buffers.params;
    tl_average_round(&t->average, t->engine->model, t->average.rounded);
    return t->average.rounded;
}

/* ---- data ---- */

/* At the first step of a stream every lane starts, unless the state is carried over. */
static void mark_start(const tl_training *t, int32_t slot)
{
    const tl_model *m = t->engine->model;
    size_t lanes = (size_t)tl_lanes(&m->tbptt);
    if (!m->has_reset || (m->tbptt.carry && t->cursor.epoch > 0))
        return;
    for (int32_t i = 0; i < tl_shards(&m->tbptt); i++)
        for (size_t lane = 0; lane < lanes; lane++)
            tl_real_set(m->real, tl_shard(&t->buffers, i)->reset, (size_t)slot * lanes + lane, 1);
}

/* Steps of the data to all shards, from slot `slot` on; flags alone to those that other processes run. */
static void gather(const tl_training *t, size_t from, size_t count, size_t slot)
{
    const tl_model *m = t->engine->model;
    int even = t->buffers.even, placed = t->buffers.placed > 0;
    for (int32_t i = 0; i < tl_shards(&m->tbptt); i++) {
        const tl_buffers *b = tl_shard(&t->buffers, i);
        tl_series part = tl_series_lanes(t->data, (size_t)b->lane, (size_t)tl_lanes(&m->tbptt));
        tl_series_gather(&part, from, count, slot, placed ? NULL : b->input, placed ? NULL : b->target,
                         even ? NULL : b->mask, even ? NULL : b->counts, b->reset);
    }
}

/* The window's new steps, from `position` on, into its last slots; also the older ones, where they are not there. */
static void fill_window(tl_training *t, uint64_t position, int32_t kept, int32_t fresh)
{
    int32_t count = t->stale ? kept + fresh : fresh, slot = t->engine->model->tbptt.k2 - count;
    uint64_t from = position + (uint64_t)fresh - (uint64_t)count;
    if (!t->buffers.placed || !t->buffers.even || t->engine->model->has_reset)
        gather(t, (size_t)from, (size_t)count, (size_t)slot);
    if (from == 0)
        mark_start(t, slot);
    t->stale = 0;
}

/* The window whose newest step is before `end` reads inputs and targets where they stand in the data, if they stand
 * there as in a window; nothing is copied then. Not before k2 steps, for slot 0 is there where it is not read either. */
static void place_window(tl_training *t, uint64_t end)
{
    const tl_model *m = t->engine->model;
    tl_buffers *b = &t->buffers;
    uint64_t k2 = (uint64_t)m->tbptt.k2;
    int placed = t->where && end >= k2;
    b->placed = placed ? m->ninputs + m->ntargets : 0;
    b->window.input = placed ? t->where : (const void *const *)b->input;
    b->window.target = placed ? t->where + m->ninputs : (const void *const *)b->target;
    for (int32_t i = 0; i < b->placed; i++) {
        const tl_examples *x = t->data->of;
        const char *field = i < m->ninputs ? x->input[i] : x->target[i - m->ninputs];
        t->where[i] = field + (t->row + (size_t)(end - k2)) * b->data[i].bytes;
    }
}

/* ---- an update ---- */

/* The next `fresh` steps, `done` of the update's being behind them. */
static tl_update begin_run(tl_training *t, int32_t done, int32_t kept, int32_t fresh)
{
    uint64_t position = t->cursor.position + (uint64_t)done;
    place_window(t, position + (uint64_t)fresh);
    tl_steps_shift(t->engine->model, &t->buffers, kept, fresh);
    fill_window(t, position, kept, fresh);
    return (tl_update){
        .engine = t->engine,
        .spec = &t->spec,
        .buffers = &t->buffers,
        .optimizer = &t->optimizer,
        .pool = t->pool,
        .seed = t->seed,
        .run = t->run,
        .reduced = t->plateau.factor,
        .number = t->cursor.update,
        .version = t->cursor.update,
        .tick = t->cursor.tick + (uint64_t)done + (uint64_t)fresh,
        .kept = kept,
        .fresh = fresh,
        .anomaly = t->anomaly,
        .still = t->still,
        .average = t->average.mean ? &t->average : NULL,
        .sum = t->sum.grads && !t->still ? &t->sum : NULL,
        .last = position + (uint64_t)fresh == t->data->steps,
        .loss = t->loss,
        .norm = t->norm,
        .lr = t->lr,
        .named = t->named,
    };
}

/* The stream has moved on. */
static void advance(tl_training *t)
{
    tl_cursor *c = &t->cursor;
    t->since = since_after(t, t->fresh);
    c->position += (uint64_t)t->fresh;
    c->tick += (uint64_t)t->fresh;
    if (c->position < t->data->steps)
        return;
    c->epoch++;
    c->position = t->since = 0;
    if (!t->engine->model->tbptt.carry)
        start_states(t);
}

/* What a window is run for in a training. */
static int make_update(tl_update *u, void *training, tl_error *e)
{
    tl_training *t = training;
    int made = tl_update_make(u, e);
    if (t->lag && made > 0)
        tl_lag_norms(t->engine->model, &t->buffers, t->length, t->lag);
    t->loss = u->loss;
    t->norm = u->norm;
    t->lr = u->lr;
    if (u->sound)
        t->sound = (int64_t)u->number;
    t->cursor.update += made > 0;
    return made;
}

/* Runs the next k1 steps of the stream: what `make` returns, 1 if they made an update, 0 if nothing in their window
 * counts. */
static int run_steps(tl_training *t, tl_make *make, void *context, tl_error *e)
{
    const tl_tbptt *k = &t->engine->model->tbptt;
    int32_t done = 0, left = next_fresh(t), n;
    t->since = t->stale ? steps_since_start(t) : t->since;
    int32_t kept = tl_steps_kept(k, t->since, left);
    for (; (n = tl_steps_run(k, left)) < left; done += n, left -= n) {
        const tl_update u = begin_run(t, done, kept, n);
        if (tl_update_pass(&u, e))
            return -1;
    }
    tl_update u = begin_run(t, done, kept, n);
    t->fresh = done + n;
    t->length = n + kept;
    return make(&u, context, e);
}

int tl_training_nothing_counts(const tl_training *t, tl_error *e)
{
    const tl_tbptt *b = &t->engine->model->tbptt;
    if (t->engine->model->has_head)
        return tl_fail(e, "nowhere in the data are there k2 = %d steps of one sequence of which the newest counts, "
                       "and the model's window needs as many: there is nothing to train on", (int)b->k2);
    return tl_fail(e, "no step of the data counts: the mask times the weight is 0 in all that an update looks at");
}

static int update_by_window(tl_training *t, tl_error *e)
{
    uint64_t begun = t->cursor.position;
    do {
        t->updated = run_steps(t, make_update, t, e);
        if (t->updated < 0)
            return -1;
        advance(t);
    } while (!t->updated && t->cursor.position > 0);
    return t->updated || begun > 0 ? 0 : tl_training_nothing_counts(t, e);
}

int tl_training_update(tl_training *t, tl_error *e)
{
    if (!tl_is_whole_record(t->spec.optimizer.kind) || t->still)
        return update_by_window(t, e);
    if (tl_whole_record_update(t, e))
        return -1;
    t->cursor.update += t->updated > 0;
    t->cursor.epoch += t->updated > 0;
    t->cursor.tick += t->updated > 0 ? t->data->steps : 0;
    t->sound = (int64_t)t->cursor.update;
    return 0;
}

static void rewind_epoch(tl_training *t)
{
    t->cursor.position = t->cursor.tick = t->since = 0;
    t->stale = 1;
    start_states(t);
}

int tl_training_sweep(tl_training *t, tl_make *make, void *context, tl_error *e)
{
    const tl_cursor before = t->cursor;
    int bad;
    rewind_epoch(t);
    do {
        bad = run_steps(t, make, context, e) < 0;
        advance(t);
    } while (!bad && t->cursor.position > 0);
    rewind_epoch(t);
    t->cursor = before;
    return bad ? -1 : 0;
}
