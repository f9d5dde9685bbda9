/* stream_file.h - streams of any length from a safetensors file, or of random numbers: what jacobian reads. */
#ifndef STREAM_FILE_H
#define STREAM_FILE_H

#include <stdbool.h>

#include <tapeless/buffers.h>
#include <tapeless/safetensors.h>

#include "graph/model.h"

typedef struct StreamFile {
    tl_st *file; /* NULL: random numbers */
    int64_t steps, lanes;
    tl_type real;
    int32_t ninputs;
    void **input;         /* [ninputs] of all steps and lanes [T][B][shape...] */
    double *mask, *reset; /* [T][B]; NULL: there is none */
} StreamFile;

/* Reads input[.NAME] [T, B, shape...], mask and reset; the model's windows will read masks and reset flags if the file has
 * some. A target may be there, and is not looked at. */
int stream_file_open(StreamFile *, const char *path, Model *, tl_type real, tl_error *e);
/* Likewise of random numbers, the same in both precisions; where the model resets or masks, so does the stream. */
int stream_file_random(StreamFile *, const Model *, tl_type real, int64_t steps, int64_t lanes, uint64_t seed, tl_error *e);
void stream_file_free(StreamFile *);

/* Where the inputs of a step of a lane stand. */
void stream_file_input(const StreamFile *, const tl_model *, int64_t step, int64_t lane, const void **input);
bool stream_file_padded(const StreamFile *, int64_t step, int64_t lane);
bool stream_file_starts(const StreamFile *, int64_t step, int64_t lane); /* by its reset flag */
/* Of the states that enter the first step of a lane those that the file has, state.NAME [B, shape...], behind the last slot, from
 * where a window's first step takes them (tl_steps_shift). */
int stream_file_states(const StreamFile *, const tl_model *, int64_t lane, const tl_buffers *, tl_error *e);

#endif
