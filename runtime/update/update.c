#include "update.h"

#include <inttypes.h>
#include <math.h>

#include "anomaly.h"
#include "clip.h"
#include "finite.h"
#include "gauss_newton.h"
#include "overflow.h"
#include "ranks.h"
#include "real.h"
#include "schedule.h"
#include "shards.h"
#include "steps.h"
#include "window.h"

/* ---- running ---- */

static int32_t first_slot(const tl_update *u)
{
    return u->engine->model->tbptt.k2 - u->fresh - u->kept;
}

/* A window's Jacobian is of the state that entered it held constant (DESIGN, "Jacobians"). */
static void forget_sensitivities(const tl_update *u, int32_t first)
{
    const tl_model *m = u->engine->model;
    const tl_own own = tl_own_shards(u->buffers, m);
    for (int32_t i = own.first; i < own.end && m->nrows && m->tbptt.learn == TL_LEARN_TBPTT; i++)
        tl_residual_forget(m, tl_shard(u->buffers, i), first);
}

static int run(const tl_update *u, int backward, tl_error *e)
{
    const tl_model *m = u->engine->model;
    tl_window *w = &u->buffers->window;
    w->first = first_slot(u);
    forget_sensitivities(u, w->first);
    w->from = m->tbptt.k2 - u->fresh;
    w->seed = u->seed;
    w->tick = u->tick;
    w->grads = backward ? u->buffers->grads : NULL;
    tl_shards_run(u->engine, u->buffers, w, u->pool);
    return u->anomaly ? tl_anomaly_check(m, u->buffers, w, u->number + 1, e) : 0;
}

int tl_update_pass(const tl_update *u, tl_error *e)
{
    tl_steps_note_versions(u->engine->model, u->buffers, u->version, first_slot(u), u->fresh);
    return run(u, 0, e);
}

/* ---- what is not finite ---- */

/* Apart, so that what is called at every update stays short. */
__attribute__((noinline)) static int name_state(const tl_update *u, const tl_buffers *b, const tl_tensor *s,
                                                const void *state, size_t k, tl_error *e)
{
    char at[160];
    size_t size = tl_size(s);
    return tl_fail(e, "update %" PRIu64 ": the state %s%s is %g in lane %zu after the window's newest step; "
                   "tapeless train SPEC --anomaly finds the operation", u->number + 1, s->name,
                   tl_place_text(at, sizeof at, s, k % size), tl_real_get(u->engine->model->real, state, k),
                   (size_t)b->lane + k / size + 1);
}

/* Of state i in a shard, what the window's newest step left: it will enter windows to come, and stand in the checkpoint. */
static int check_state(const tl_update *u, const tl_buffers *b, int32_t i, tl_error *e)
{
    const tl_model *m = u->engine->model;
    size_t bytes = b->state[i].bytes, n = m->real == TL_F64 ? bytes / sizeof(double) : bytes / sizeof(float);
    const void *state = b->state[i].at + (size_t)m->tbptt.k2 * bytes;
    size_t k = tl_not_finite(m->real, state, 0, n);
    return k < n ? name_state(u, b, &m->states[i], state, k, e) : 0;
}

static int check_states(const tl_update *u, tl_error *e)
{
    const tl_model *m = u->engine->model;
    tl_own own = tl_own_shards(u->buffers, m);
    int64_t wrong = TL_NEVER;
    for (int32_t i = 0; i < m->nstates && wrong == TL_NEVER; i++)
        for (int32_t shard = own.first; shard < own.end && wrong == TL_NEVER; shard++)
            if (check_state(u, tl_shard(u->buffers, shard), i, e))
                wrong = (int64_t)i * tl_shards(&m->tbptt) + shard;
    if (!u->buffers->exchange)
        return wrong == TL_NEVER ? 0 : -1;
    return tl_agree_on_first(u->buffers->exchange, wrong, e);
}

static int check_finite(const tl_update *u, tl_error *e)
{
    const char *helps = u->spec->optimizer.kind == TL_EKF ? "a smaller p, or a larger r," : "a smaller learning rate or clip_norm";
    if (!isfinite(u->loss))
        return tl_fail(e, "update %" PRIu64 ": the loss is %g; %s may help", u->number + 1, u->loss, helps);
    if (!isfinite(u->norm))
        return tl_fail(e, "update %" PRIu64 ": the gradient's norm is %g while the loss is %g; a "
                       "smaller learning rate or clip_norm may help", u->number + 1, u->norm, u->loss);
    return check_states(u, e);
}

/* ---- the update ---- */

/* Of the whole batch, and each that has a name. */
static void take_losses(tl_update *u)
{
    const tl_model *m = u->engine->model;
    int32_t counted = tl_window_counted(m, first_slot(u), u->fresh);
    if (u->buffers->exchange)
        tl_ranks_losses(m, u->buffers, counted);
    u->loss = tl_batch_loss(m, u->buffers, counted);
    for (int32_t i = 0; u->named && i < m->nnamed; i++)
        u->named[i] = tl_batch_named(m, u->buffers, counted, i);
}

/* From the gradient of `loss` to new parameters. */
static int move_params(tl_update *u, tl_error *e)
{
    const tl_buffers *b = u->buffers;
    if (u->spec->clip_value > 0 && isfinite(u->loss))
        tl_clip_value(&u->optimizer->spans, b->grads, u->spec->clip_value);
    u->norm = tl_grad_norm(&u->optimizer->spans, b->grads);
    if (check_finite(u, e))
        return -1;
    u->sound = 1;
    if (u->spec->clip_norm > 0)
        tl_clip_norm(&u->optimizer->spans, b->grads, u->norm, u->spec->clip_norm);
    u->lr = u->spec->optimizer.lr * tl_schedule(&u->spec->schedule, u->number, u->run);
    if (u->spec->schedule.kind == TL_SCHEDULE_PLATEAU)
        u->lr *= u->reduced;
    if (u->still)
        return 0;
    if (tl_overflow_check(u->optimizer, b->params, b->grads, u->norm, u->lr, u->number, e))
        return -1;
    tl_optimizer_step(u->optimizer, b->params, b->grads, u->lr, u->number);
    return 0;
}

/* From the window's rows, whose weights times `by` are the data's. */
static int filter(tl_update *u, double by, tl_error *e)
{
    const tl_model *m = u->engine->model;
    tl_buffers *b = u->buffers;
    int32_t counted = tl_window_counted(m, first_slot(u), u->fresh);
    take_losses(u);
    u->norm = u->lr = 0;
    if (check_finite(u, e))
        return -1;
    u->sound = 1;
    if (u->still)
        return 0;
    if (tl_ekf_update(&u->optimizer->ekf, m, &u->spec->optimizer, b, counted, by, &u->norm, e))
        return -1;
    u->lr = 1;
    return 0;
}

static int learn(tl_update *u, double weight, tl_error *e)
{
    const tl_model *m = u->engine->model;
    if (u->spec->optimizer.kind == TL_EKF)
        return filter(u, m->tbptt.reduce == TL_REDUCE_MEAN ? weight : 1, e);
    take_losses(u);
    return move_params(u, e);
}

/* The window's gradient, if something in it counts, joins those before it; of all of them an update is made where it is due:
 * 1. What is not finite among them is so in what they come to. */
static int join(tl_update *u, double weight, tl_error *e)
{
    tl_accumulation *a = u->sum;
    const tl_spans *s = &u->optimizer->spans;
    if (weight != 0) {
        take_losses(u);
        tl_accumulate(a, u->engine->model, s, u->buffers->grads, weight, u->loss, u->named);
    }
    if (check_states(u, e))
        return -1;
    if (!a->windows || (a->windows < u->spec->accumulate && !u->last))
        return 0;
    u->loss = a->loss;
    for (int32_t i = 0; u->named && i < u->engine->model->nnamed; i++)
        u->named[i] = a->named[i];
    tl_accumulate_take(a, s, u->buffers->grads);
    return move_params(u, e) ? -1 : 1;
}

static int run_and_join(tl_update *u, double weight, tl_error *e)
{
    int made = run(u, weight != 0, e) ? -1 : join(u, weight, e);
    if (made < 0)
        u->sum->windows = 0;
    return made;
}

static int make(tl_update *u, tl_error *e)
{
    const tl_model *m = u->engine->model;
    int32_t first = first_slot(u);
    u->sound = 0;
    if (u->buffers->history)
        tl_steps_note_versions(m, u->buffers, u->version, first, u->fresh);
    double weight = tl_batch_weights(m, u->buffers, first, u->fresh);
    int counts = weight != 0;
    if (u->sum)
        return run_and_join(u, weight, e);
    if (run(u, counts, e) || (counts ? learn(u, weight, e) : check_states(u, e)))
        return -1;
    return counts;
}

int tl_update_make(tl_update *u, tl_error *e)
{
    int made = make(u, e);
    if (made > 0 && u->average && !u->still)
        tl_average_note(u->average, u->engine->model, u->buffers->params, u->spec->average, u->number + 1);
    return made;
}

int tl_update_measure(tl_update *u, double *weight, tl_error *e)
{
    const tl_model *m = u->engine->model;
    tl_error ignored;
    int32_t first = first_slot(u);
    u->sound = 0;
    u->loss = u->norm = 0;
    tl_steps_note_versions(m, u->buffers, u->version, first, u->fresh);
    *weight = tl_batch_weights(m, u->buffers, first, u->fresh);
    if (run(u, *weight != 0, e))
        return -1;
    if (*weight != 0) {
        u->loss = tl_batch_loss(m, u->buffers, tl_window_counted(m, first, u->fresh));
        u->norm = tl_grad_norm(&u->optimizer->spans, u->buffers->grads);
    }
    u->sound = isfinite(u->loss) && isfinite(u->norm) && !check_states(u, &ignored);
    return 0;
}
