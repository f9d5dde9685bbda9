#include "cli/jacobian.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <tapeless/param.h>
#include <tapeless/real.h>
#include <tapeless/steps.h>
#include "graph/checked.h"

/* The targets behind those of the model itself, of all outputs. */
static const tl_tensor *cotangents(const Jacobian *j)
{
    const tl_model *m = jacobian_model(j);
    return m->targets + m->ntargets - m->noutputs;
}

/* ---- memory ---- */

/* So many reals, or a sentence. */
static void *reals(const Jacobian *j, int64_t n, tl_error *e)
{
    size_t bytes;
    void *p = NULL;
    if (!__builtin_mul_overflow((size_t)n, tl_real_size(jacobian_model(j)->real), &bytes))
        p = tl_aligned(bytes);
    if (!p)
        tl_fail(e, "%s: no memory for the Jacobian: %lld steps in %lld lanes of %lld outputs, each with %lld columns",
                jacobian_model(j)->spec, (long long)j->data->steps, (long long)j->data->lanes, (long long)j->outputs,
                (long long)j->columns);
    return p;
}

static bool all_reals(Jacobian *j, tl_error *e)
{
    const tl_model *m = jacobian_model(j);
    int64_t rows, n;
    bool fits = !__builtin_mul_overflow(j->data->steps * j->data->lanes, j->outputs, &rows);
    for (int32_t i = 0; i < m->nparams; i++) {
        fits = fits && !__builtin_mul_overflow(rows, (int64_t)tl_size(&m->params[i]), &n);
        if (!(j->block[i] = reals(j, fits ? n : INT64_MAX, e)))
            return false;
    }
    for (int32_t i = 0; i < tl_own_states(m); i++)
        if (!(j->state[i] = reals(j, j->data->lanes * (int64_t)tl_size(&m->states[i]), e)))
            return false;
    return (j->y = reals(j, fits ? rows : INT64_MAX, e)) != NULL;
}

void jacobian_free(Jacobian *j)
{
    const tl_model *m = jacobian_model(j);
    for (int32_t i = 0; i < m->nparams; i++)
        free(j->block[i]);
    for (int32_t i = 0; i < tl_own_states(m); i++)
        free(j->state[i]);
    free(j->block);
    free(j->state);
    free(j->y);
    trial_free(&j->trial);
}

int jacobian_new(Jacobian *j, const Engine *engine, const StreamFile *d, tl_error *e)
{
    const tl_model *m = engine->model;
    *j = (Jacobian){ .data = d, .block = checked(calloc((size_t)m->nparams + 1, sizeof *j->block)),
                     .state = checked(calloc((size_t)m->nstates + 1, sizeof *j->state)) };
    if (trial_new(&j->trial, &engine->run, e)) {
        free(j->block);
        free(j->state);
        return -1;
    }
    for (int32_t i = 0; i < m->noutputs; i++)
        j->outputs += (int64_t)tl_size(&m->outputs[i]);
    for (int32_t i = 0; i < m->nparams; i++)
        j->columns += (int64_t)tl_size(&m->params[i]);
    if (all_reals(j, e))
        return 0;
    jacobian_free(j);
    return -1;
}

/* ---- a window ---- */

/* The weight of element o of the outputs of the newest step. */
static void set_cotangent(Jacobian *j, int64_t o, double to)
{
    const tl_model *m = jacobian_model(j);
    const tl_tensor *c = cotangents(j);
    int32_t i = 0;
    while (o >= (int64_t)tl_size(&c[i]))
        o -= (int64_t)tl_size(&c[i++]);
    size_t at = (size_t)(m->tbptt.k2 - 1) * tl_size(&c[i]) + (size_t)o;
    tl_real_set(m->real, j->trial.b.target[m->ntargets - m->noutputs + i], at, to);
}

/* Of no element; random parameters came with random targets. */
static void clear_cotangents(Jacobian *j)
{
    for (int64_t o = 0; !jacobian_model(j)->nrows && o < j->outputs; o++)
        set_cotangent(j, o, 0);
}

/* Runs the window; returns element o. */
static double run_for(Jacobian *j, int64_t o, bool backward)
{
    const tl_model *m = jacobian_model(j);
    Trial *t = &j->trial;
    set_cotangent(j, o, 1);
    t->w.grads = backward ? t->b.grads : NULL;
    t->engine->window(t->engine->self, &t->w);
    set_cotangent(j, o, 0);
    return tl_real_get(m->real, t->b.losses, (size_t)m->tbptt.k2 - 1);
}

/* As in training, a head sees k2 steps of one sequence, of which none is padding. */
static bool head_sees(const Jacobian *j, int64_t at, int64_t lane)
{
    const int64_t from = at - jacobian_model(j)->tbptt.k2 + 1;
    for (int64_t i = from; i >= 0 && i <= at; i++)
        if (stream_file_padded(j->data, i, lane) || (i > from && stream_file_starts(j->data, i, lane)))
            return false;
    return from >= 0;
}

/* ---- forward mode ---- */

/* The first of the states that are rows: y; behind it is a Jacobian {elements, outputs} of each trained parameter. */
static int32_t rows_begin(const tl_model *m) { return m->nstates - m->nrows; }

static void *newest_state(const Jacobian *j, int32_t index)
{
    const tl_model *m = jacobian_model(j);
    const tl_tensor *s = &m->states[index];
    return tl_real_at(m->real, j->trial.b.states, s->offset + (size_t)m->tbptt.k2 * tl_size(s));
}

/* {elements, outputs} as rows of `to` {outputs, elements}. */
static void transpose_block(tl_type real, const void *from, size_t elements, size_t outputs, void *to)
{
    for (size_t i = 0; i < elements; i++)
        for (size_t o = 0; o < outputs; o++)
            tl_real_set(real, to, o * elements + i, tl_real_get(real, from, i * outputs + o));
}

/* Whether all is finite; what is not has no derivatives. */
static bool take_rows(Jacobian *j, int64_t at, int64_t lane)
{
    const tl_model *m = jacobian_model(j);
    const size_t n = (size_t)j->outputs, row = (size_t)(at * j->data->lanes + lane) * n;
    int32_t next = rows_begin(m) + 1;
    const void *y = newest_state(j, rows_begin(m));
    memcpy(tl_real_at(m->real, j->y, row), y, n * tl_real_size(m->real));
    for (int32_t i = 0; i < m->nparams; i++)
        if (tl_is_trained(&m->params[i])) {
            size_t size = tl_size(&m->params[i]);
            transpose_block(m->real, newest_state(j, next++), size, n, tl_real_at(m->real, j->block[i], row * size));
        }
    bool finite = true;
    for (size_t o = 0; o < n; o++)
        finite = finite && isfinite(tl_real_get(m->real, y, o));
    return finite;
}

static void step_forward(Jacobian *j)
{
    Trial *t = &j->trial;
    t->w.grads = NULL;
    t->engine->window(t->engine->self, &t->w);
}

/* The state that enters the stream is a number, whatever it was made of. */
static void forget(Jacobian *j)
{
    const tl_model *m = jacobian_model(j);
    for (int32_t i = tl_own_states(m); i < m->nstates; i++)
        memset(newest_state(j, i), 0, tl_size(&m->states[i]) * tl_real_size(m->real));
}

/* ---- a step ---- */

/* A row of zeros is left where there is nothing to see: at a padded step, and where a head has not its k2 steps. */
static bool is_seen(const Jacobian *j, int64_t at, int64_t lane)
{
    return jacobian_model(j)->has_head ? head_sees(j, at, lane) : !stream_file_padded(j->data, at, lane);
}

/* Brings step `at` of a lane into the last slot, and the window's other steps and the state that enters it to their places. */
static void bring(Jacobian *j, int64_t at, int64_t lane)
{
    const tl_model *m = jacobian_model(j);
    Trial *t = &j->trial;
    const int32_t newest = m->tbptt.k2 - 1, kept = at < newest ? (int32_t)at : newest;
    tl_steps_shift(m, &t->b, kept, 1);
    stream_file_step(j->data, m, at, lane, &t->b);
    tl_real_set(m->real, t->b.weight, (size_t)newest, 1);
    t->w.first = t->w.from = newest - kept;
    t->w.tick = (uint64_t)at;
}

static void take_row(Jacobian *j, int64_t at, int64_t lane, int64_t o, double y)
{
    const tl_model *m = jacobian_model(j);
    const size_t row = (size_t)((at * j->data->lanes + lane) * j->outputs + o);
    tl_real_set(m->real, j->y, row, y);
    for (int32_t i = 0; i < m->nparams; i++)
        tl_param_get(&m->params[i], m->real, j->trial.b.grads,
                     tl_real_at(m->real, j->block[i], row * tl_size(&m->params[i])));
}

/* ---- finite differences ---- */

static void move_params(Jacobian *j, const double *kept, const double *v, double h)
{
    double *p = j->trial.b.params;
    for (size_t i = 0; i < jacobian_model(j)->param_size; i++)
        p[i] = kept[i] + h * v[i];
}

/* d y_o / dh along v, by four points. */
static double slope(Jacobian *j, int64_t o, const double *kept, const double *v, double h)
{
    double y[4];
    for (int i = 0; i < 4; i++) {
        move_params(j, kept, v, h * (i < 2 ? i - 2 : i - 1));
        y[i] = run_for(j, o, false);
    }
    move_params(j, kept, v, 0);
    return (8 * (y[2] - y[1]) - (y[3] - y[0])) / (12 * h);
}

/* The window's gradient is in place. Along one direction of all that is trained. */
static void compare_row(Jacobian *j, int64_t o)
{
    const tl_model *m = jacobian_model(j);
    const double *g = j->trial.b.grads;
    double *kept = checked(malloc(m->param_size * sizeof *kept)), *v = checked(calloc(m->param_size, sizeof *v));
    double along = 0, norm = 0, length = 0;
    memcpy(kept, j->trial.b.params, m->param_size * sizeof *kept);
    for (int32_t i = 0; i < m->nparams; i++)
        for (size_t k = 0; tl_is_trained(&m->params[i]) && k < tl_size(&m->params[i]); k++) {
            size_t at = tl_param_at(&m->params[i], k);
            v[at] = tl_normal(&j->random);
            along += g[at] * v[at];
            norm += g[at] * g[at];
            length += v[at] * v[at];
        }
    if (length > 0) {
        double difference = fabs(slope(j, o, kept, v, 1e-3 / sqrt(length)) - along);
        double ratio = difference == 0 ? 0 : difference / (fabs(along) + sqrt(norm));
        j->worst = ratio > j->worst || isnan(ratio) ? ratio : j->worst;
        j->compared++;
    }
    free(kept);
    free(v);
}

/* ---- all of it ---- */

/* Of several outputs one that is not finite makes the sum of c_i y_i NaN, whatever its c. */
static int not_finite(const Jacobian *j, int64_t at, int64_t lane, tl_error *e)
{
    return tl_fail(e, "%s: an output of step %lld, lane %lld, is not finite, and has no derivatives; tapeless check "
                   "finds the operation", jacobian_model(j)->spec, (long long)at + 1, (long long)lane + 1);
}

static int take_forward(Jacobian *j, int64_t at, int64_t lane, tl_error *e)
{
    bring(j, at, lane);
    step_forward(j);
    return !is_seen(j, at, lane) || take_rows(j, at, lane) ? 0 : not_finite(j, at, lane, e);
}

static int take_step(Jacobian *j, int64_t at, int64_t lane, bool check, tl_error *e)
{
    if (jacobian_model(j)->nrows)
        return take_forward(j, at, lane, e);
    bring(j, at, lane);
    const bool seen = is_seen(j, at, lane);
    for (int64_t o = 0; seen && o < j->outputs; o++) {
        double y = run_for(j, o, true);
        if (!isfinite(y))
            return not_finite(j, at, lane, e);
        take_row(j, at, lane, o, y);
        if (check)
            compare_row(j, o);
    }
    if (!seen || check) /* the states, for the windows to come */
        run_for(j, 0, false);
    return 0;
}

int jacobian_run_lane(Jacobian *j, int64_t lane, bool check, tl_error *e)
{
    const tl_model *m = jacobian_model(j);
    j->trial.w.lane = (int32_t)lane; /* dropout's */
    if (stream_file_states(j->data, m, lane, &j->trial.b, e))
        return -1;
    forget(j);
    clear_cotangents(j);
    for (int64_t at = 0; at < j->data->steps; at++)
        if (take_step(j, at, lane, check, e))
            return -1;
    for (int32_t i = 0; i < tl_own_states(m); i++) {
        size_t n = tl_size(&m->states[i]);
        memcpy(tl_real_at(m->real, j->state[i], (size_t)lane * n),
               tl_real_at(m->real, j->trial.b.states, m->states[i].offset + (size_t)m->tbptt.k2 * n), n * tl_real_size(m->real));
    }
    return 0;
}
