/* archive.h - a zip file in memory. The same entries give the same bytes: all are of the first of January 1980. */
#ifndef ARCHIVE_H
#define ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct ArchiveEntry {
    const char *name; /* "sources/elman.c" */
    const void *data;
    size_t size;
} ArchiveEntry;

/* malloc'ed bytes. NULL with a malloc'ed sentence. */
void *archive_make(const ArchiveEntry *, size_t n, size_t *size, char **error);

#endif
