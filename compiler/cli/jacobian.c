#include "cli/jacobian.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <tapeless/param.h>
#include <tapeless/real.h>
#include <tapeless/steps.h>
#include "graph/checked.h"

/* ---- memory ---- */

/* So many reals, or a sentence. */
static const char *const modes[] = { TL_EACH_JACOBIAN(TL_WORD) };

tl_jacobian_mode jacobian_mode(const char *word)
{
    for (size_t i = 1; i < sizeof modes / sizeof *modes; i++)
        if (!strcmp(word, modes[i]))
            return (tl_jacobian_mode)i;
    return TL_JACOBIAN_NONE;
}

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
    free((void *)j->input);
    free(j->to);
    tl_jacobian_free(&j->run);
}

int jacobian_new(Jacobian *j, const Engine *engine, const StreamFile *d, tl_error *e)
{
    const tl_model *m = engine->model;
    *j = (Jacobian){ .data = d, .block = checked(calloc((size_t)m->nparams + 1, sizeof *j->block)),
                     .to = checked(calloc((size_t)m->nparams + 1, sizeof *j->to)),
                     .input = checked(calloc((size_t)m->ninputs + 1, sizeof *j->input)),
                     .state = checked(calloc((size_t)m->nstates + 1, sizeof *j->state)) };
    int bad = tl_jacobian_new(&j->run, &engine->run, e);
    j->outputs = (int64_t)j->run.outputs;
    j->columns = (int64_t)j->run.columns;
    if (!bad && all_reals(j, e))
        return 0;
    jacobian_free(j);
    return -1;
}

/* ---- finite differences ---- */

static void move_params(Jacobian *j, const double *kept, const double *v, double h)
{
    double *p = j->run.buffers.params;
    for (size_t i = 0; i < jacobian_model(j)->param_size; i++)
        p[i] = kept[i] + h * v[i];
}

/* d y_o / dh along v, by four points. */
static double slope(Jacobian *j, size_t o, const double *kept, const double *v, double h)
{
    double y[4];
    for (int i = 0; i < 4; i++) {
        move_params(j, kept, v, h * (i < 2 ? i - 2 : i - 1));
        y[i] = tl_jacobian_value(&j->run, o);
    }
    move_params(j, kept, v, 0);
    return (8 * (y[2] - y[1]) - (y[3] - y[0])) / (12 * h);
}

/* Row o of the newest step. Along one direction of all that is trained. */
static void compare_row(Jacobian *j, size_t o)
{
    const tl_model *m = jacobian_model(j);
    double *kept = checked(malloc(m->param_size * sizeof *kept)), *v = checked(calloc(m->param_size, sizeof *v));
    double along = 0, norm = 0, length = 0;
    memcpy(kept, j->run.buffers.params, m->param_size * sizeof *kept);
    for (int32_t i = 0; i < m->nparams; i++)
        for (size_t k = 0; tl_is_trained(&m->params[i]) && k < tl_size(&m->params[i]); k++) {
            size_t at = tl_param_at(&m->params[i], k);
            double g = ((const double *)j->to[i])[o * tl_size(&m->params[i]) + k];
            v[at] = tl_normal(&j->random);
            along += g * v[at];
            norm += g * g;
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

/* Where rows of step `at` in a lane stand. */
static void place_rows(const Jacobian *j, int64_t at, int64_t lane, void **block, void **y)
{
    const tl_model *m = jacobian_model(j);
    const size_t row = (size_t)((at * j->data->lanes + lane) * j->outputs);
    *y = tl_real_at(m->real, j->y, row);
    for (int32_t i = 0; i < m->nparams; i++)
        block[i] = tl_real_at(m->real, j->block[i], row * tl_size(&m->params[i]));
}

/* A row of zeros is left where there is nothing to see. */
static int take_step(Jacobian *j, int64_t at, int64_t lane, bool check, tl_error *e)
{
    tl_jacobian_step x = { .input = j->input, .reset = stream_file_starts(j->data, at, lane),
                           .padded = stream_file_padded(j->data, at, lane) };
    void *y;
    tl_error why;
    stream_file_input(j->data, jacobian_model(j), at, lane, j->input);
    place_rows(j, at, lane, j->to, &y);
    int seen = tl_jacobian_push(&j->run, &x, y, j->to, &why);
    if (seen < 0)
        return tl_fail(e, "%s (lane %lld)", why.text, (long long)lane + 1);
    for (size_t o = 0; seen && check && o < (size_t)j->outputs; o++)
        compare_row(j, o);
    if (seen && check)
        tl_jacobian_value(&j->run, 0); /* the states, with the parameters as they were */
    return 0;
}

int jacobian_run_lane(Jacobian *j, int64_t lane, bool check, tl_error *e)
{
    const tl_model *m = jacobian_model(j);
    j->run.window.lane = (int32_t)lane; /* dropout's */
    tl_jacobian_start(&j->run);
    if (stream_file_states(j->data, m, lane, &j->run.buffers, e))
        return -1;
    for (int64_t at = 0; at < j->data->steps; at++)
        if (take_step(j, at, lane, check, e))
            return -1;
    for (int32_t i = 0; i < tl_own_states(m); i++) {
        size_t n = tl_size(&m->states[i]);
        memcpy(tl_real_at(m->real, j->state[i], (size_t)lane * n), tl_jacobian_state(&j->run, i), n * tl_real_size(m->real));
    }
    return 0;
}
