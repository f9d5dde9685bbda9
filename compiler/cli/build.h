/* build.h - a compiled model to files in a directory of the user's. False with a malloc'ed sentence. */
#ifndef BUILD_H
#define BUILD_H

#include "emit/emit.h"

/* The paths of what write_sources, or with `build` build_in, write of a model called `name`; NULL behind the last. */
const char *const *output_paths(Arena *, const char *name, const char *directory, bool build);

/* Writes NAME.c, NAME.h, NAME_main.c and NAME_ffi.lua into `directory` (made if it is not there), each replaced
 * atomically. What stands there under such a name and is not a file that tapeless wrote is refused. */
bool write_sources(const Program *, const char *directory, char **error);

/* NAME.c and NAME.h of a program that stands alone, likewise; and NAME_weights.h, if it has parameters. */
bool write_single(const Program *, const char *directory, char **error);
/* The same with parameters as a library of Arduino's, or as a component of ESP-IDF's, and programs that show its use. */
bool write_arduino(const Program *, const char *directory, char **error);
bool write_esp_idf(const Program *, const char *directory, char **error);
/* The parameters alone, for such a program. */
bool write_weights(const Program *, const char *path, char **error);

/* As write_sources, and builds directory/NAME (the trainer) and directory/libNAME.so. */
bool build_in(const Program *, const char *directory, char **error);

/* NAME_casadi.c, likewise; and directory/libNAME_casadi.so, which stands alone. */
bool write_casadi(const StepProgram *, const char *directory, char **error);
bool build_casadi(const StepProgram *, const char *directory, char **error);

/* All of it into a directory that is ours alone (workdir.h), by which path it is reached. */
bool build_aside(Arena *, const Program *, const char *directory, char **error);

#endif
