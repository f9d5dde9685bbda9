#include "schedule/memory.h"

#include <stdlib.h>

#include "graph/user_error.h"
#include "passes/bundle.h"
#include "schedule/columns.h"

enum { UNIT = 16 }; /* elements: 64 bytes of float */

static int64_t aligned(int64_t at, bool dense) { return dense ? at : (at + UNIT - 1) / UNIT * UNIT; }

/* A row behind what stands before `at`. False if the sum leaves 2^40 elements. */
static bool place_row(tl_tensor *row, int64_t copies, tl_type real, int64_t *at)
{
    int64_t size;
    if (__builtin_mul_overflow((int64_t)tl_size(row), copies, &size) || size > ((int64_t)1 << 40) - *at)
        return false;
    row->offset = (size_t)*at;
    row->type = row->vocab ? TL_I32 : real;
    *at += size;
    return true;
}

/* Rows one after the other, each `copies` times its size. */
static bool place(tl_tensor *rows, int32_t n, int64_t copies, tl_type real, bool dense, size_t *total)
{
    int64_t at = 0;
    for (int32_t i = 0; i < n; i++) {
        if (!place_row(&rows[i], copies, real, &at))
            return false;
        at = aligned(at, dense);
    }
    *total = (size_t)at;
    return true;
}

/* The columns of n parameters are parts of one matrix's. */
static bool place_columns(tl_tensor *const *rows, int32_t n, tl_type real, bool dense, int64_t *at)
{
    int32_t first_row = 0;
    int64_t from = *at;
    for (int32_t i = 0; i < n; i++) {
        if (!place_row(rows[i], 1, real, at))
            return false;
        rows[i]->offset = (size_t)(from + first_row);
        rows[i]->first_row = first_row;
        first_row += rows[i]->dim[0];
    }
    for (int32_t i = 0; i < n; i++)
        rows[i]->column = first_row;
    *at = aligned(*at, dense);
    return true;
}

/* Those that join.c joins stand side by side. */
static bool place_params(Model *m, tl_type real, const Target *columns, bool dense, size_t *total)
{
    Arena *arena = arena_new();
    bool *follows = arena_array(arena, bool, m->nparams + 1), fits = true;
    const int32_t *order = order_params(m, follows, arena);
    const bool *applied = columns ? applied_to_rows(m, arena) : NULL;
    tl_tensor **row = arena_array(arena, tl_tensor *, m->nparams + 1);
    int64_t at = 0;
    for (int32_t i = 0; i < m->nparams; i++)
        row[i] = &m->params[order[i]];
    for (int32_t i = 0, n; i < m->nparams && fits; i += n) {
        for (n = 1; i + n < m->nparams && follows[i + n];)
            n++;
        n = columns ? stand_by_columns(m, row + i, n, applied, columns, real) : 0;
        at = follows[i] && !n ? at : aligned(at, dense);
        row[i]->column = row[i]->first_row = 0;
        fits = n ? place_columns(row + i, n, real, dense, &at) : place_row(row[i], 1, real, &at);
        n = n ? n : 1;
    }
    *total = (size_t)aligned(at, dense);
    arena_free(arena);
    return fits;
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
    int64_t at = step_state_offset(m, own_states(m));
    for (int32_t i = 0; i < index; i++)
        at += (int64_t)tl_size(&m->past[i]) * (m->tbptt.k2 - 1);
    return at;
}

bool assign_memory(Model *m, tl_type real, const Target *columns, bool dense, Memory *memory, char **error)
{
    int64_t k = m->tbptt.k2, b = tl_lanes(&m->tbptt);
    size_t unused, past;
    if (place_params(m, real, columns, dense, &memory->param_size) &&
        place(m->states, m->nstates, (k + 1) * b, real, dense, &memory->state_size) &&
        place(m->probes, m->nprobes, k * b, real, dense, &memory->probe_size) && m->nnamed * k * b <= INT32_MAX &&
        place(m->inputs, m->ninputs, 0, real, dense, &unused) && place(m->targets, m->ntargets, 0, real, dense, &unused) &&
        place(m->outputs, m->noutputs, 0, real, dense, &unused) && place(m->past, m->npast, k * b, real, dense, &past)) {
        memory->step_state_size = (size_t)step_past_offset(m, m->npast);
        return true;
    }
    *error = user_sentence("%s: the model does not fit into memory: k2 = %d steps of %d lanes; lower k2, batch or "
                           "the sizes", m->spec, m->tbptt.k2, tl_lanes(&m->tbptt));
    return false;
}
