/* weights.h - a checkpoint opened to use the model: parameters and coding. */
#ifndef TAPELESS_WEIGHTS_H
#define TAPELESS_WEIGHTS_H

#include "coding.h"
#include "error.h"
#include "linkage.h"
#include "tapeless.h"

TL_C_BEGIN

typedef struct tl_weights {
    void *params;
    tl_coding coding;
} tl_weights;

/* Prints a remark to stderr if the file is of another version of the model. */
int tl_weights_open(tl_weights *, const tl_model *, const char *path, tl_error *e);
void tl_weights_free(tl_weights *);

/* "NAME.safetensors" in the current directory, if `path` is NULL; else `path`. */
const char *tl_checkpoint_path(const tl_model *, const char *path, char *text, size_t size);

TL_C_END

#endif
