#include "stepper.h"

#include <stdlib.h>
#include <string.h>

#include "buffers.h"
#include "init.h"
#include "prediction.h"
#include "real.h"
#include "recorded.h"

static int allocate(tl_stepper *s, const tl_model *m)
{
    size_t lanes = (size_t)s->lanes, real = tl_real_size(m->real), n;
    if (__builtin_mul_overflow(lanes, m->step_state_size, &n) ||
        __builtin_mul_overflow(n, real, &n))
        return 0;
    s->state = tl_aligned(n);
    s->next = tl_aligned(n);
    s->losses = tl_aligned(lanes * real);
    s->mask = tl_aligned(lanes * real);
    s->counts = tl_aligned(lanes * real);
    s->reset = tl_aligned(lanes * real);
    s->named = tl_aligned(m->nnamed ? (size_t)m->nnamed * lanes * real : 1);
    s->work = tl_aligned(m->step_work_size);
    s->since = calloc(lanes, sizeof *s->since);
    return s->since && s->state && s->next && s->losses && s->named && s->mask && s->counts && s->reset && s->work &&
           tl_arrays_new(&s->input, m->inputs, m->ninputs, lanes) &&
           tl_arrays_new(&s->target, m->targets, m->ntargets, lanes) &&
           tl_arrays_new(&s->output, m->outputs, m->noutputs, lanes);
}

int tl_stepper_new(tl_stepper *s, const tl_engine *engine, const void *params, int32_t lanes,
                   tl_error *e)
{
    *s = (tl_stepper){ .engine = engine, .params = params, .lanes = lanes };
    if (!allocate(s, engine->model)) {
        tl_stepper_free(s);
        return tl_fail(e, "%s: no memory for a step in %d lanes", engine->model->name, (int)lanes);
    }
    tl_stepper_start(s);
    return 0;
}

void tl_stepper_free(tl_stepper *s)
{
    const tl_model *m = s->engine ? s->engine->model : NULL;
    void *blocks[] = { s->state, s->next, s->losses, s->named, s->mask, s->counts, s->reset, s->work, s->since };
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        free(blocks[i]);
    if (m) {
        tl_arrays_free(s->input, m->ninputs);
        tl_arrays_free(s->target, m->ntargets);
        tl_arrays_free(s->output, m->noutputs);
    }
    *s = (tl_stepper){ 0 };
}

static void start_lane(tl_stepper *s, int32_t lane)
{
    tl_init_step_state(s->engine->model, s->params, s->state, s->lanes, lane);
    s->since[lane] = 0;
}

void tl_stepper_start(tl_stepper *s)
{
    for (int32_t lane = 0; lane < s->lanes; lane++)
        start_lane(s, lane);
}

int tl_stepper_ready(const tl_stepper *s, int32_t lane)
{
    const tl_model *m = s->engine->model;
    return !m->has_head || s->since[lane] >= m->tbptt.k2;
}

void tl_stepper_step(tl_stepper *s, int scored)
{
    const void *none[] = { NULL }; /* a model without targets may still have a loss */
    tl_step step = {
        .lanes = s->lanes,
        .input = (const void *const *)s->input,
        .target = !scored ? NULL : s->target ? (const void *const *)s->target : none,
        .params = s->params,
        .state = s->state,
        .next_state = s->next,
        .output = s->output,
        .losses = s->losses,
        .named = s->named,
        .work = s->work,
    };
    s->engine->step(s->engine->self, &step);
    for (int32_t lane = 0; lane < s->lanes; lane++)
        s->since[lane]++;
    void *t = s->state;
    s->state = s->next;
    s->next = t;
}

void tl_step_hold(const tl_model *m, const void *mask, const void *entered, void *state,
                  int32_t lanes)
{
    size_t before = 0;
    for (int32_t i = 0; i < tl_step_tensors(m); i++) {
        size_t n = tl_size(tl_step_tensor(m, i));
        for (size_t lane = 0; lane < (size_t)lanes; lane++)
            if (tl_real_get(m->real, mask, lane) == 0) {
                size_t at = before * (size_t)lanes + lane * n;
                memcpy(tl_real_at(m->real, state, at), tl_real_at_const(m->real, entered, at),
                       n * tl_real_size(m->real));
            }
        before += n;
    }
}

/* Of step t. */
static void add_losses(const tl_stepper *s, const tl_series *series, size_t t, tl_score *score)
{
    tl_type real = s->engine->model->real;
    for (size_t lane = 0; lane < (size_t)s->lanes; lane++) {
        double w = tl_real_get(real, s->mask, lane) * tl_real_get(real, s->counts, lane);
        if (w == 0 || !tl_stepper_ready(s, (int32_t)lane) || s->since[lane] <= score->skip)
            continue;
        score->loss += w * tl_real_get(real, s->losses, lane);
        score->weight += w;
        for (size_t i = 0; score->named && i < (size_t)s->engine->model->nnamed; i++)
            score->named[i] += w * tl_real_get(real, s->named, i * (size_t)s->lanes + lane);
        if (score->deviations)
            tl_deviations_add(score->deviations, s, lane, w);
        if (score->recorded && series->of)
            tl_recorded_add(score->recorded, s, lane, series->start + t * series->step_stride + lane * series->lane_stride, w);
    }
}

void tl_stepper_follow(tl_stepper *s, const tl_series *series, size_t t)
{
    tl_series_gather(series, t, 1, 0, s->input, s->target, s->mask, s->counts, s->reset);
    for (int32_t lane = 0; tl_series_resets(series) && lane < s->lanes; lane++)
        if (tl_real_get(s->engine->model->real, s->reset, (size_t)lane) != 0)
            start_lane(s, lane);
    tl_stepper_step(s, 1);
}

void tl_stepper_pass_padding(tl_stepper *s, const tl_series *series)
{
    const tl_model *m = s->engine->model;
    if (!tl_series_masked(series))
        return;
    for (size_t lane = 0; lane < (size_t)s->lanes; lane++)
        s->since[lane] -= tl_real_get(m->real, s->mask, lane) == 0;
    tl_step_hold(m, s->mask, s->next, s->state, s->lanes);
}

void tl_stepper_score(tl_stepper *s, const tl_series *series, tl_score *score)
{
    tl_stepper_start(s);
    for (size_t t = 0; t < series->steps; t++) {
        tl_stepper_follow(s, series, t);
        add_losses(s, series, t, score);
        tl_stepper_pass_padding(s, series);
    }
}

int tl_score_mean(const tl_model *m, const tl_score *score, double *loss, tl_error *e)
{
    *loss = score->loss / score->weight;
    for (int32_t i = 0; score->named && i < m->nnamed; i++)
        score->named[i] /= score->weight;
    if (score->weight > 0)
        return 0;
    if (score->skip > 0)
        return tl_fail(e, "nothing is left to score: no sequence has a step that counts behind its first %lld",
                       (long long)score->skip);
    return m->has_head ? tl_fail(e, "there are no k2 = %d steps of one sequence to score, and the model's window "
                                 "needs as many", (int)m->tbptt.k2)
                       : tl_fail(e, "nothing counts in the data to score: the mask times the weight is 0 throughout");
}
