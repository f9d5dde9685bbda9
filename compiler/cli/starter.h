/* starter.h - what `tapeless init` makes a folder of: the models that ship, each with a small sample of data that it can be
 * trained on as it stands. */
#ifndef STARTER_H
#define STARTER_H

#include <stdio.h>

#include "graph/embedded.h"

/* The files of models/, the table of sunspots, and docs/tapeless.lua. */
extern const EmbeddedFile starter_files[];
extern const size_t starter_count;

typedef struct Starter Starter;

typedef void PrintSample(const Starter *, FILE *);

struct Starter {
    const char *model, *about;
    int inputs, outputs;    /* columns of the sample */
    int rows;               /* or sentences */
    const char *suffix;     /* of the sample: "csv" or "txt" */
    PrintSample *sample;
    const char *train;      /* what `train` is given, behind the spec and the data */
    const char *use;        /* the command that uses what was learned, without the spec; DATA stands for the data */
    const char *use_about;
};

extern const Starter starters[]; /* the last has no model */

const Starter *starter_named(const char *model); /* NULL: there is none */
const EmbeddedFile *starter_file(const char *name); /* "elman.lua" */

/* The samples (starter_sample.c): each is the same, byte for byte, every time. */
PrintSample print_system, print_tanks, print_sunspots, print_sentences;

#endif
