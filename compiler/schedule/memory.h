/* memory.h - the caller's blocks: offsets of parameters, states and probes (tapeless.h). */
#ifndef MEMORY_H
#define MEMORY_H

#include "graph/model.h"
#include "schedule/target.h"

typedef struct Memory {
    size_t param_size, state_size, probe_size, step_state_size; /* elements */
} Memory;

/* Fills in the tables' offsets for the model's k2 and a shard's lanes, and their types for `real`. Offsets are multiples
 * of 64 bytes, but of parameters that follow others of their bundle. `columns`: parameters stand by columns where that
 * is better on this target (columns.h); NULL: all by rows. `dense`: none begins at a multiple of anything, which is for processors
 * without vectors. Returns the sizes, or a sentence in *error when a
 * block would not fit. */
bool assign_memory(Model *, tl_type real, const Target *columns, bool dense, Memory *, char **error);

/* Elements before state `index` in a step's state of one lane. */
int64_t step_state_offset(const Model *, int32_t index);
/* Likewise before past value `index`, which stands there for k2 - 1 slots. */
int64_t step_past_offset(const Model *, int32_t index);

#endif
