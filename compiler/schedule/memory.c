#include "schedule/memory.h"

#include <stdlib.h>

#include "graph/user_error.h"

enum { UNIT = 16 }; /* elements: 64 bytes of float */

/* Rows one after the other, each `copies` times its size. False if the sum leaves 2^40 elements. */
static bool place(tl_tensor *rows, int32_t n, int64_t copies, tl_type real, size_t *total)
{
    int64_t at = 0;
    for (int32_t i = 0; i < n; i++) {
        int64_t size;
        if (__builtin_mul_overflow((int64_t)tl_size(&rows[i]), copies, &size) || size > ((int64_t)1 << 40) - at)
            return false;
        rows[i].offset = (size_t)at;
        rows[i].type = rows[i].vocab ? TL_I32 : real;
        at += (size + UNIT - 1) / UNIT * UNIT;
    }
    *total = (size_t)at;
    return true;
}

int64_t step_state_offset(const Model *m, int32_t index)
{
    int64_t at = 0;
    for (int32_t i = 0; i < index; i++)
        at += (int64_t)tl_size(&m->states[i]);
    return at;
}

int64_t step_past_offset(const Model *m, int32_t index)
{
    int64_t at = step_state_offset(m, m->nstates);
    for (int32_t i = 0; i < index; i++)
        at += (int64_t)tl_size(&m->past[i]) * (m->tbptt.k2 - 1);
    return at;
}

bool assign_memory(Model *m, tl_type real, Memory *memory, char **error)
{
    int64_t k = m->tbptt.k2, b = m->tbptt.batch;
    size_t unused, past;
    if (place(m->params, m->nparams, 1, real, &memory->param_size) &&
        place(m->states, m->nstates, (k + 1) * b, real, &memory->state_size) &&
        place(m->probes, m->nprobes, k * b, real, &memory->probe_size) &&
        place(m->inputs, m->ninputs, 0, real, &unused) && place(m->targets, m->ntargets, 0, real, &unused) &&
        place(m->outputs, m->noutputs, 0, real, &unused) && place(m->past, m->npast, k * b, real, &past)) {
        memory->step_state_size = (size_t)step_past_offset(m, m->npast);
        return true;
    }
    *error = user_sentence("%s: the model does not fit into memory: k2 = %d steps of %d lanes; lower k2, batch or "
                           "the sizes", m->spec, m->tbptt.k2, m->tbptt.batch);
    return false;
}
