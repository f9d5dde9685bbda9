/* file.h - whole files: read with a bound, replaced atomically.
 *
 * Replacing writes a temporary file in the same directory, flushes it to the disk, renames it over
 * the old one and flushes the directory: whoever looks, even after a crash in between, finds the
 * old file or the new one, whole.
 *
 * The temporary of PATH is named PATH.tapeless-XXXXXX, and locked (flock) from its creation until
 * it has been renamed. A process that is killed loses the lock and leaves the file, so who can lock
 * it knows that nobody is at work on it. */
#ifndef TAPELESS_FILE_H
#define TAPELESS_FILE_H

#include <stddef.h>

#include "error.h"
#include "linkage.h"

TL_C_BEGIN

typedef struct tl_chunk {
    const void *data;
    size_t size; /* bytes */
} tl_chunk;

/* The bytes of the file `path`, followed by a 0 byte that *size does not count; the caller frees
 * them. NULL with a sentence if it cannot be read, is a directory or is larger than `limit`. */
void *tl_file_read(const char *path, size_t limit, size_t *size, tl_error *e);

/* The file `path` becomes the chunks, one after the other. A failure leaves what was there. What may
 * stand there, output.h says; the temporary stands beside what is replaced. */
int tl_file_replace(const char *path, const tl_chunk *chunks, size_t count, tl_error *e);

/* The same, and it may be run. */
int tl_file_replace_program(const char *path, const tl_chunk *chunks, size_t count, tl_error *e);

/* Whether `path` can be replaced: makes a temporary, and removes it. */
int tl_file_check(const char *path, tl_error *e);

/* Removes the temporaries of `path` that killed processes have left. What is locked, is named
 * otherwise, is no regular file or cannot be locked here stays. Returns how many were removed. */
size_t tl_file_sweep(const char *path);

int tl_file_exists(const char *path);

TL_C_END

#endif
