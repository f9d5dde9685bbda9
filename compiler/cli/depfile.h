/* depfile.h - what was written of which files, as a rule that make and ninja read: --depfile. */
#ifndef DEPFILE_H
#define DEPFILE_H

#include "graph/model.h"

/* `outputs`: paths, NULL behind the last. False with a malloc'ed sentence; a file of the spec is not written over. */
bool write_depfile(const Model *, const char *const *outputs, const char *path, char **error);

#endif
