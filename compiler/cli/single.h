/* single.h - options of code that stands alone: compile --single-file. */
#ifndef SINGLE_H
#define SINGLE_H

#include "cli/commands.h"
#include "cli/quantised.h"

typedef struct SingleArguments {
    int single, no_blas, no_libm, online;
    const char *quantise; /* int8, int16; NULL */
    tl_list calibrate;
    WriteSingle *write; /* what is made of it; NULL: NAME.c and NAME.h */
} SingleArguments;

#define SINGLE_OPTIONS(a)                                                                                           \
    TL_FLAG("single-file", 0, &(a).single, "NAME.c and NAME.h that stand alone: nothing of tapeless on the path"),     \
        TL_FLAG("online", 0, &(a).online, "of --single-file: with the optimizer, to learn from a stream"),             \
        TL_FLAG("no-blas", 0, &(a).no_blas, "of --single-file: products are loops where they would be BLAS's"),        \
        TL_FLAG("no-libm", 0, &(a).no_libm, "of --single-file: no <math.h>, and the same bits on every processor"), \
        TL_STRING("quantise", 0, &(a).quantise, QUANTISED_KINDS,                                                       \
                  "of --single-file and --params: the step in fixed point, with weights of so many bits"),            \
        TL_FILES("calibrate", 0, &(a).calibrate, "FILE", "of --quantise: data to find the ranges of values by")

/* Of the options alone: -1, or the status of a complaint. */
int check_single(const SingleArguments *, const Common *, const char *params, const char *command);
/* Of the model: a sentence, or NULL. */
char *refuse_single(const Model *, const SingleArguments *);
/* The spec, with a checkpoint's options, in as many lanes as one file has: NULL after the sentence was printed. */
Model *load_single(const SingleArguments *, const Common *, const char *params);
/* Without what stands in Program.single. NULL with a malloc'ed sentence. */
Program *compile_single(Model *, const SingleArguments *, const Common *, char **error);
/* params: a checkpoint, whose weights then stand in NAME_weights.h; NULL. */
int run_single(const SingleArguments *, Common *, const char *params, const char *directory);

#endif
