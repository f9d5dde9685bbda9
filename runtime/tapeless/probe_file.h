/* probe_file.h - what a probe saw, update by update, as a NumPy array.
 *
 * A .npy file (format 1.0, numpy.lib.format), float32 or float64 as the model, of shape [updates,
 * k2, batch, shape...]: for each update the probe in the window that was trained on, the newest
 * step last, NaN in the slots before a window shorter than k2. Rows are appended as training goes; the
 * header has room for any number of them and is brought up to date by sync and close. */
#ifndef TAPELESS_PROBE_FILE_H
#define TAPELESS_PROBE_FILE_H

#include <stdio.h>

#include "buffers.h"
#include "linkage.h"

TL_C_BEGIN

typedef struct tl_probe_file {
    FILE *file; /* NULL: not open, or another process's */
    const char *path;
    const tl_model *model;
    const tl_tensor *probe;
    int gradients; /* of the loss with respect to the probe, else its values */
    uint64_t rows;
    char *row;     /* [k2][batch][shape...] of the model's real */
} tl_probe_file;

/* The probe of that name; NULL with a sentence that lists those there are. */
const tl_tensor *tl_probe_find(const tl_model *, const char *name, tl_error *e);

/* Begins a file. One that exists is refused unless `overwrite`. */
int tl_probe_file_open(tl_probe_file *, const tl_model *, const tl_tensor *probe, const char *path,
                       int gradients, int overwrite, tl_error *e);

/* In another process than rank 0, whose file it is: what it is to be given of this one's lanes. */
void tl_probe_file_follow(tl_probe_file *, const tl_model *, const tl_tensor *probe, int gradients);

/* The last `length` slots are the window's. Allocates nothing; what fails shows at the close. */
void tl_probe_file_add(tl_probe_file *, const tl_buffers *, int32_t length);

/* What was added is in the file, and the header says so. */
int tl_probe_file_sync(tl_probe_file *, tl_error *e);
int tl_probe_file_close(tl_probe_file *, tl_error *e);

TL_C_END

#endif
