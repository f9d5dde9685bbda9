#include "training.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "anomaly.h"
#include "clip.h"
#include "finite.h"
#include "init.h"
#include "lag_norms.h"
#include "overflow.h"
#include "ranks.h"
#include "real.h"
#include "schedule.h"
#include "shards.h"
#include "steps.h"
#include "window.h"

int tl_training_new(tl_training *t, const tl_engine *engine, const tl_series *data,
                    const tl_train_spec *spec, tl_error *e)
{
    return tl_training_new_own(t, engine, data, spec, NULL, e);
}

int tl_training_new_own(tl_training *t, const tl_engine *engine, const tl_series *data, const tl_train_spec *spec,
                        const tl_exchange *x, tl_error *e)
{
    const tl_model *m = engine->model;
    *t = (tl_training){ .engine = engine, .data = data, .spec = *spec, .stale = 1, .sound = -1,
                        .data_hash = tl_series_hash(data) };
    if (tl_buffers_new_own(&t->buffers, m, x, e))
        return -1;
    if (m->has_state_grads && !(t->lag = calloc((size_t)m->tbptt.k2 + 1, sizeof *t->lag))) {
        tl_buffers_free(&t->buffers);
        return tl_fail(e, "%s: no memory for the norms of %d lags", m->name, (int)m->tbptt.k2);
    }
    if (tl_optimizer_new(&t->optimizer, m, &spec->optimizer, e)) {
        tl_buffers_free(&t->buffers);
        free(t->lag);
        return -1;
    }
    return 0;
}

void tl_training_free(tl_training *t)
{
    tl_buffers_free(&t->buffers);
    tl_optimizer_free(&t->optimizer);
    free(t->lag);
    *t = (tl_training){ 0 };
}

static int32_t next_fresh(const tl_training *t)
{
    uint64_t left = t->data->steps - t->cursor.position;
    int32_t k1 = t->engine->model->tbptt.k1;
    return left < (uint64_t)k1 ? (int32_t)left : k1;
}

/* New steps that no window reaches back to: they are run forward only. */
static int32_t next_skipped(const tl_training *t)
{
    int32_t fresh = next_fresh(t), k2 = t->engine->model->tbptt.k2;
    return fresh > k2 ? fresh - k2 : 0;
}

/* Steps of the next window that were run before: back to where all lanes started, k2 at most. */
static int32_t next_kept(const tl_training *t)
{
    int32_t most = t->engine->model->tbptt.k2 - next_fresh(t), kept = 0; /* most < 0: none */
    uint64_t at = t->cursor.position;
    while (kept < most && at > 0 && !tl_series_starts(t->data, at)) {
        kept++;
        at--;
    }
    return kept;
}

/* Index of the states block at which the next window looks for the state that enters it. */
static int32_t next_entry(const tl_training *t)
{
    int32_t k2 = t->engine->model->tbptt.k2, skipped = next_skipped(t);
    if (skipped)
        return k2 - (skipped < k2 ? skipped : k2);
    return k2 - next_fresh(t) - next_kept(t);
}

int32_t tl_training_entry(const tl_training *t)
{
    const tl_model *m = t->engine->model;
    int32_t kept = next_kept(t);
    return tl_keeps_steps(&m->tbptt) && kept ? m->tbptt.k2 - kept : next_entry(t);
}

uint64_t tl_training_epoch_updates(const tl_training *t)
{
    return tl_series_updates(t->data);
}

void tl_training_start(tl_training *t)
{
    const tl_model *m = t->engine->model;
    tl_own own = tl_own_shards(&t->buffers, m);
    for (int32_t i = own.first; i < own.end; i++)
        tl_init_states(m, t->buffers.params, tl_shard(&t->buffers, i)->states, next_entry(t));
}

/* At the first step of a stream every lane starts, unless the state is carried over. */
static void mark_start(tl_training *t, int32_t slot)
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
    for (int32_t i = 0; i < tl_shards(&m->tbptt); i++) {
        const tl_buffers *b = tl_shard(&t->buffers, i);
        tl_series part = tl_series_lanes(t->data, (size_t)b->lane, (size_t)tl_lanes(&m->tbptt));
        tl_series_gather(&part, from, count, slot, b->input, b->target, b->mask, b->counts, b->reset);
    }
}

/* Brings the window's steps into the buffers, the new ones from `position` on: those kept from the
 * last window are there already, `fresh` slots further right, unless the buffers are stale. */
static void fill_window(tl_training *t, uint64_t position, int32_t first, int32_t kept,
                        int32_t fresh)
{
    tl_buffers *b = &t->buffers;
    int32_t k2 = t->engine->model->tbptt.k2, have = t->stale ? 0 : kept;
    uint64_t from = position - (uint64_t)(kept - have);
    tl_steps_move_data(t->engine->model, b, have, fresh);
    gather(t, (size_t)from, (size_t)(fresh + kept - have), (size_t)(first + have));
    if (position - (uint64_t)kept == 0 && have == 0)
        mark_start(t, k2 - fresh - kept);
    t->stale = 0;
}

/* Runs the next update's steps that are only passed through, a window of up to k2 at a time, and
 * leaves the state where the update's window begins. */
static int run_skipped(tl_training *t, tl_error *e)
{
    const tl_model *m = t->engine->model;
    int32_t skipped = next_skipped(t), k2 = m->tbptt.k2;
    for (int32_t done = 0, n, next; done < skipped; done += n) {
        n = skipped - done < k2 ? skipped - done : k2;
        next = skipped - done - n;
        fill_window(t, t->cursor.position + (uint64_t)done, k2 - n, 0, n);
        tl_steps_note_versions(m, &t->buffers, t->cursor.update, k2 - n, n);
        tl_window w = tl_buffers_window(&t->buffers, m, k2 - n);
        w.grads = NULL;
        w.seed = t->seed;
        w.tick = t->cursor.tick + (uint64_t)(done + n);
        tl_shards_run(t->engine, &t->buffers, &w, t->pool);
        if (t->anomaly && tl_anomaly_check(m, &t->buffers, &w, t->cursor.update + 1, e))
            return -1;
        tl_steps_copy_state(m, &t->buffers, k2, next == 0 || next >= k2 ? 0 : k2 - next);
        t->stale = 1;
    }
    return 0;
}

/* The stream has moved on: what enters the next window goes where that window will look for it,
 * unless steps are kept: then all states are there and move with them. */
static void advance(tl_training *t, int32_t fresh)
{
    tl_cursor *c = &t->cursor;
    const tl_model *m = t->engine->model;
    c->position += (uint64_t)fresh;
    c->tick += (uint64_t)fresh;
    if (c->position < t->data->steps) {
        int32_t entry = next_entry(t);
        if (!tl_keeps_steps(&m->tbptt) || !next_kept(t))
            tl_steps_copy_state(m, &t->buffers, m->tbptt.k2 - next_kept(t), entry);
        return;
    }
    c->epoch++;
    c->position = 0;
    t->stale = 1;
    if (m->tbptt.carry)
        tl_steps_copy_state(m, &t->buffers, m->tbptt.k2, next_entry(t));
    else
        tl_training_start(t);
}

static int check_state(const tl_training *t, const tl_buffers *b, const tl_tensor *s, tl_error *e)
{
    const tl_model *m = t->engine->model;
    char at[160];
    size_t size = tl_size(s), n = size * (size_t)tl_lanes(&m->tbptt);
    size_t from = s->offset + (size_t)m->tbptt.k2 * n;
    size_t k = tl_not_finite(m->real, b->states, from, n);
    if (k == n)
        return 0;
    return tl_fail(e, "update %" PRIu64 ": the state %s%s is %g in lane %zu after the window's newest step; "
                   "tapeless train SPEC --anomaly finds the operation", t->cursor.update + 1, s->name,
                   tl_place_text(at, sizeof at, s, k % size), tl_real_get(m->real, b->states, from + k),
                   (size_t)b->lane + k / size + 1);
}

/* What the window's newest step left: it will enter windows to come, and stand in the checkpoint. */
static int check_states(const tl_training *t, tl_error *e)
{
    const tl_model *m = t->engine->model;
    tl_own own = tl_own_shards(&t->buffers, m);
    int64_t wrong = TL_NEVER;
    for (int32_t i = 0; i < m->nstates && wrong == TL_NEVER; i++)
        for (int32_t shard = own.first; shard < own.end && wrong == TL_NEVER; shard++)
            if (check_state(t, tl_shard(&t->buffers, shard), &m->states[i], e))
                wrong = (int64_t)i * tl_shards(&m->tbptt) + shard;
    return tl_agree_on_first(t->buffers.exchange, wrong, e);
}

static int check_finite(const tl_training *t, tl_error *e)
{
    uint64_t update = t->cursor.update + 1;
    if (!isfinite(t->loss))
        return tl_fail(e, "update %" PRIu64 ": the loss is %g; a smaller learning rate or "
                       "clip_norm may help", update, t->loss);
    if (!isfinite(t->norm))
        return tl_fail(e, "update %" PRIu64 ": the gradient's norm is %g while the loss is %g; a "
                       "smaller learning rate or clip_norm may help", update, t->norm, t->loss);
    return check_states(t, e);
}

/* Runs the next window, backward too where something in it counts: then `counts` is set. */
static int run_window(tl_training *t, int *counts, tl_error *e)
{
    const tl_model *m = t->engine->model;
    tl_buffers *b = &t->buffers;
    int32_t skipped = next_skipped(t), fresh = next_fresh(t) - skipped, kept = next_kept(t);
    int32_t first = m->tbptt.k2 - fresh - kept;
    if (run_skipped(t, e))
        return -1;
    if (tl_keeps_steps(&m->tbptt))
        tl_steps_move_results(m, b, kept, fresh);
    tl_steps_note_versions(m, b, t->cursor.update, first, fresh);
    fill_window(t, t->cursor.position + (uint64_t)skipped, first, kept, fresh);
    *counts = tl_batch_weights(m, b, first, fresh) != 0;
    tl_window w = tl_buffers_window(b, m, first);
    w.from = first + kept;
    w.seed = t->seed;
    w.tick = t->cursor.tick + (uint64_t)(skipped + fresh);
    if (!*counts)
        w.grads = NULL;
    tl_shards_run(t->engine, b, &w, t->pool);
    if (t->anomaly && tl_anomaly_check(m, b, &w, t->cursor.update + 1, e))
        return -1;
    t->fresh = fresh + skipped;
    t->length = fresh + kept;
    return 0;
}

/* From the window's gradient to new parameters. */
static int update(tl_training *t, tl_error *e)
{
    const tl_model *m = t->engine->model;
    tl_buffers *b = &t->buffers;
    tl_ranks_losses(m, b, m->tbptt.k2 - t->length);
    t->loss = tl_batch_loss(m, b, m->tbptt.k2 - t->length);
    if (t->lag)
        tl_lag_norms(m, b, t->length, t->lag);
    if (t->spec.clip_value > 0 && isfinite(t->loss))
        tl_clip_value(m, b->grads, t->spec.clip_value);
    t->norm = tl_grad_norm(m, b->grads);
    if (check_finite(t, e))
        return -1;
    t->sound = (int64_t)t->cursor.update;
    if (t->spec.clip_norm > 0)
        tl_clip_norm(m, b->grads, t->norm, t->spec.clip_norm);
    t->lr = t->spec.optimizer.lr * tl_schedule(&t->spec.schedule, t->cursor.update, t->run);
    if (!t->still && tl_overflow_check(&t->optimizer, b->params, b->grads, t->norm, t->lr,
                                       t->cursor.update, e))
        return -1;
    if (!t->still)
        tl_optimizer_step(&t->optimizer, b->params, b->grads, t->lr, t->cursor.update);
    t->cursor.update++;
    return 0;
}

static int nothing_counts(const tl_training *t, tl_error *e)
{
    const tl_tbptt *b = &t->engine->model->tbptt;
    if (t->engine->model->has_head)
        return tl_fail(e, "nowhere in the data are there k2 = %d steps of one sequence of which the newest counts, "
                       "and the model's window needs as many: there is nothing to train on", (int)b->k2);
    return tl_fail(e, "no step of the data counts: the mask times the weight is 0 in all that an update looks at");
}

int tl_training_update(tl_training *t, tl_error *e)
{
    uint64_t begun = t->cursor.position;
    int counts = 0;
    do {
        if (run_window(t, &counts, e) || (counts ? update(t, e) : check_states(t, e)))
            return -1;
        advance(t, t->fresh);
    } while (!counts && t->cursor.position > 0);
    t->updated = counts;
    return counts || begun > 0 ? 0 : nothing_counts(t, e);
}
