/* window_file.h - a window from safetensors files: what grad reads, and what diff and check may be given. */
#ifndef WINDOW_FILE_H
#define WINDOW_FILE_H

#include <tapeless/safetensors.h>

#include "cli/trial.h"
#include "graph/model.h"

typedef struct WindowFile {
    tl_st *file;
    int64_t steps, lanes;
} WindowFile;

/* Finds how many steps and lanes there are, and makes the model one of as many lanes whose windows read reset
 * flags and masks if the file has some. */
int window_file_fit(WindowFile *, Model *, tl_error *e);

/* The parameters by their names. */
int window_file_params(Trial *, const tl_st *, tl_error *e);

/* Data, flags and the state that enters (state.NAME, or the initial one), for a window of which `fresh` steps are new.
 * The parameters are in place. */
int window_file_read(Trial *, const WindowFile *, int64_t fresh, tl_error *e);

#endif
