/* workdir.h - a directory to build in, that nobody else looks into and that goes when the work is done.
 *
 * It is locked (flock) while it is in use, so that what a killed process has left can be told from what
 * somebody is at work in, and is removed by the next. Everything goes by the open directory, not by its
 * name: whoever can rename what leads there changes nothing. */
#ifndef WORKDIR_H
#define WORKDIR_H

#include <stdbool.h>

#include "graph/arena.h"

typedef struct WorkDir {
    int parent, fd;
    char name[32];    /* in the parent */
    const char *path; /* for who needs one, the C compiler too: it inherits fd */
} WorkDir;

/* The name of a file in the open directory `fd`: "/proc/self/fd/7/NAME", or where /proc is not there
 * `directory`/NAME. */
char *path_in(Arena *, int fd, const char *directory, const char *name);

/* Makes the directory and every one above it, those that are not there, with `mode`. */
bool make_directories(Arena *, const char *path, unsigned mode, char **error);

/* Makes .tapeless-building-XXXXXX, 0700, in the open directory `parent`, called `shown` in sentences. */
bool workdir_make(WorkDir *, Arena *, int parent, const char *shown, char **error);

/* With all that is in it, if it is still there. */
void workdir_remove(WorkDir *);

/* Removes `name` and all that is in it, as far as it can be. */
void remove_tree(int parent, const char *name);

#endif
