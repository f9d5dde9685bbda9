/* output.h - names that something is to be written under: what stands there, and whether it may go.
 *
 * Only regular files are replaced. Where a name is a symbolic link, what it leads to is replaced and the
 * link stays; that need not exist yet. A device, a FIFO, a socket or a directory is refused, whoever asks:
 * renaming a file over /dev/null would take it from everybody. */
#ifndef TAPELESS_OUTPUT_H
#define TAPELESS_OUTPUT_H

#include <stddef.h>
#include <stdio.h>

#include "cli.h"
#include "error.h"
#include "linkage.h"

TL_C_BEGIN

/* The name of what is replaced when `path` is written, malloc'ed; NULL with a sentence. */
char *tl_output_target(const char *path, tl_error *e);

/* Opens to write in place: from its end if `append`, else as an empty file; `fresh`: nothing may be
 * there. NULL with a sentence. */
FILE *tl_output_open(const char *path, int append, int fresh, tl_error *e);

typedef struct tl_output {
    const char *option, *path; /* "--best"; NULL: not asked for */
} tl_output;

/* Before anything begins: each can be written, no two are one file, and none is one of the `inputs`. */
int tl_outputs_check(const tl_output *outputs, size_t n, const tl_list *const *inputs, size_t ninputs, tl_error *e);

/* For a file of weights: 0 if nothing is lost by it, since nothing stands there, or an empty file, or weights. */
int tl_output_check_weights(const char *path, tl_error *e);

TL_C_END

#endif
