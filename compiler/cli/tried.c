#include "cli/tried.h"

#include <stdlib.h>

#include <tapeless/tensors.h>

int tried_open(Tried *t, Model *m, tl_error *e)
{
    if (t->params && !(t->weights = tl_st_open(t->params, e)))
        return -1;
    if (!t->data)
        return 0;
    if (!(t->window.file = tl_tensors_open(t->data, e)))
        return -1;
    return window_file_fit(&t->window, m, e);
}

void tried_close(Tried *t)
{
    tl_st_free(t->weights);
    tl_st_free(t->window.file);
    t->weights = t->window.file = NULL;
}

int32_t tried_first_length(const Tried *t, const tl_model *m)
{
    return t->window.file ? (int32_t)t->window.steps : m->tbptt.k2;
}

int32_t tried_next_length(const Tried *t, const tl_model *m, int32_t length, bool every)
{
    int32_t half = (m->tbptt.k2 + 1) / 2;
    if (t->window.file)
        return 0;
    return every ? length - 1 : length > half ? half : length > 1;
}

int tried_fill(const Tried *t, Trial *trial, int32_t steps, uint64_t more, tl_error *e)
{
    int32_t k1 = trial->engine->model->tbptt.k1, fresh = steps < k1 ? steps : k1;
    uint64_t seed = (uint64_t)t->seed + more;
    if (trial_fill(trial, seed, steps, fresh, e) || (t->weights && window_file_params(trial, t->weights, e)) ||
        (t->window.file && window_file_read(trial, &t->window, steps, e)))
        return -1;
    return ranges_fill(trial, &t->states, &t->ranges, seed, e);
}
