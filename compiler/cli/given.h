/* given.h - what a command line, and a checkpoint that it names, say of a spec: values of its options (-D),
 * fields of its tables (--set and the options that are short for it), the type of its numbers.
 *
 * A checkpoint was made by a model with options; who uses it again means the same model. So what it says
 * holds where the command line says nothing, and where it says something else that is shown. */
#ifndef GIVEN_H
#define GIVEN_H

#include "cli/commands.h"

typedef struct Given {
    Arena *arena; /* of all that follows */
    SpecDefine *defines;
    int ndefines;
    SpecSet *sets; /* in order of name */
    int nsets;
    bool f64;
} Given;

/* False with a sentence if -D or --set is not NAME=VALUE, or something is given twice. */
bool given_read(Given *, const Common *, char **error);
/* Adds what the checkpoint at `path` says, if there is one and it says so. Prints to stderr where the command line
 * says otherwise. */
void given_add_checkpoint(Given *, const Common *, const char *path);
void given_free(Given *);

/* spec_load with what was given. NULL after the sentence was printed. */
Model *given_load(const Given *, const char *spec);

#endif
