/* scratch.h - a directory of a test's own, and files in it. */
#ifndef SCRATCH_H
#define SCRATCH_H

#include <stddef.h>

/* Makes a new directory under $TMPDIR or /tmp and goes there. */
void files_enter(void);
/* Removes it and all that is in it. */
void files_leave(void);

/* A tl_list of one name. */
#define ONE_FILE(name) { (const char *[]){ name }, 1 }

void file_write(const char *name, const char *text);
/* The bytes, with a 0 behind; the caller frees. NULL if there is no such file. */
char *file_bytes(const char *name, size_t *size);
/* Number of files in the directory. */
size_t files_count(void);

#endif
