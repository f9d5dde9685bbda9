/* predict.c - outputs of streams side by side, in the caller's arrays. */
#include <stdlib.h>
#include <string.h>

#include <math.h>

#include <tapeless/init.h>
#include <tapeless/real.h>

#include "native.h"

/* Lanes `lane` .. of the data that are run together: as many as a shard has, or one. */
typedef struct Run {
    const tlp_model *model;
    const tlp_data *data;
    size_t lane, lanes;
    void *state, *losses, *work;
    const void **input;
    void **output;
} Run;

static size_t bytes_of(const tl_tensor *t) { return tl_size(t) * tl_type_size(t->type); }

/* Own states stand in a tl_step's state one after the other, [lanes][shape]. */
static void copy_states(const Run *r, void *const *arrays, int to_step)
{
    const tl_model *m = r->model->m;
    char *at = r->state;
    for (int32_t i = 0; i < tl_own_states(m); i++) {
        size_t bytes = bytes_of(&m->states[i]);
        char *theirs = arrays && arrays[i] ? (char *)arrays[i] + r->lane * bytes : NULL;
        if (theirs)
            memcpy(to_step ? at : theirs, to_step ? theirs : at, r->lanes * bytes);
        at += r->lanes * bytes;
    }
}

static void point(const Run *r, size_t t)
{
    const tl_model *m = r->model->m;
    const size_t row = t * r->data->lanes + r->lane;
    for (int32_t i = 0; i < m->ninputs; i++)
        r->input[i] = (const char *)r->data->input[i] + row * bytes_of(&m->inputs[i]);
}

static void point_outputs(const Run *r, void *const *output, size_t t)
{
    const tl_model *m = r->model->m;
    const size_t row = t * r->data->lanes + r->lane;
    for (int32_t i = 0; i < m->noutputs; i++)
        r->output[i] = (char *)output[i] + row * bytes_of(&m->outputs[i]);
}

static void leave_out(const Run *r)
{
    const tl_model *m = r->model->m;
    for (int32_t i = 0; i < m->noutputs; i++)
        for (size_t j = 0; j < r->lanes * tl_size(&m->outputs[i]); j++)
            tl_real_set(m->real, r->output[i], j, NAN);
}

static void run(const Run *r, void *const *state, void *const *output, void *const *next)
{
    const tl_model *m = r->model->m;
    const tl_engine *engine = &r->model->library->engine;
    for (size_t lane = 0; lane < r->lanes; lane++)
        tl_init_step_state(m, r->model->params, r->state, (int32_t)r->lanes, (int32_t)lane);
    copy_states(r, state, 1);
    for (size_t t = 0; t < r->data->rows; t++) {
        point(r, t);
        point_outputs(r, output, t);
        const tl_step s = { .lanes = (int32_t)r->lanes, .input = r->input, .params = r->model->params, .state = r->state,
                            .next_state = r->state, .output = r->output, .losses = r->losses, .work = r->work };
        engine->step(engine->self, &s);
        if (m->has_head && t + 1 < (size_t)m->tbptt.k2)
            leave_out(r);
    }
    copy_states(r, next, 0);
}

static int allocate(Run *r, size_t lanes)
{
    const tl_model *m = r->model->m;
    const size_t real = tl_real_size(m->real);
    size_t bytes;
    if (__builtin_mul_overflow(m->step_state_size, lanes, &bytes) || __builtin_mul_overflow(bytes, real, &bytes))
        return 0;
    r->state = tl_aligned(bytes);
    r->losses = tl_aligned(lanes * real);
    r->work = tl_aligned(m->step_work_size);
    r->input = calloc((size_t)m->ninputs + 1, sizeof *r->input);
    r->output = calloc((size_t)m->noutputs + 1, sizeof *r->output);
    return r->state && r->losses && r->work && r->input && r->output;
}

int tlp_predict(const tlp_model *model, const tlp_data *data, void *const *state, void *const *output, void *const *next,
                tl_error *e)
{
    const size_t together = (size_t)tl_lanes(&model->m->tbptt);
    Run r = { .model = model, .data = data };
    int fine = allocate(&r, together);
    while (fine && r.lane < data->lanes) {
        r.lanes = data->lanes - r.lane >= together ? together : 1;
        run(&r, state, output, next);
        r.lane += r.lanes;
    }
    free(r.state);
    free(r.losses);
    free(r.work);
    free(r.input);
    free(r.output);
    return fine ? 0 : tl_fail(e, "%s: no memory for a step of %zu lanes", model->m->name, together);
}
